package storagetest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"alt.edu.kz/dauys"
)

// numbersOf are the last digits of some cases.
func numbersOf(cases []*dauys.Case) string {
	var all []string
	for _, c := range cases {
		all = append(all, strings.TrimLeft(c.Number[len(c.Number)-6:], "0"))
	}
	return strings.Join(all, " ")
}

// listing is what is promised of the lists in which staff find a case.
var listing = []promise{
	{"an office lists the cases that it has, with all of their events, and nobody else's", func(t *testing.T, w *world) {
		ctx := t.Context()
		w.staff(t)
		for i := range 5 {
			_, _, err := w.File(ctx, CaseOf(t, dauys.Draft{ID: fmt.Sprint(i)}, Now.Add(time.Duration(i)*time.Minute)))
			must(t, err)
		}
		_, _, err := w.File(ctx, CaseOf(t, dauys.Draft{ID: "other", Institute: "iedt"}, Now))
		must(t, err)
		_, err = w.do(t, "ALT-2026-000002", deputy, "up", dauys.Escalate)
		must(t, err)
		_, err = w.do(t, "ALT-2026-000003", deputy, "take", dauys.Take)
		must(t, err)
		mine, err := w.OfficeCases(ctx, first, time.Time{}, 100)
		must(t, err)
		want(t, "the first office has", numbersOf(mine), "5 4 3 1")
		want(t, "events", len(mine[2].Events), 2)
		want(t, "who has one", mine[2].HolderName, "Ерлан Абаев")
		above, err := w.OfficeCases(ctx, second, time.Time{}, 100)
		must(t, err)
		want(t, "the second has", numbersOf(above), "2")
		few, err := w.OfficeCases(ctx, first, time.Time{}, 2)
		must(t, err)
		want(t, "no more than asked for", numbersOf(few), "5 4")
	}},
	{"settled cases are listed as long as something has happened in them since a time", func(t *testing.T, w *world) {
		ctx := t.Context()
		w.staff(t)
		for i := range 3 {
			_, _, err := w.File(ctx, CaseOf(t, dauys.Draft{ID: fmt.Sprint(i)}, Now.Add(time.Duration(i-10)*time.Hour)))
			must(t, err)
		}
		_, err := w.Act(ctx, "ALT-2026-000002", aigerim, "back", Now, func(c *dauys.Case, _ dauys.Staff) error {
			return c.Do(dauys.Move{Act: dauys.Withdraw, By: dauys.TheApplicant, Cause: "back", At: Now}, &dauys.Builtin().Calendar)
		})
		must(t, err)
		for _, tt := range []struct {
			since time.Time
			want  string
		}{{time.Time{}, "3 1"}, {Now.Add(-time.Minute), "3 2 1"}, {Now, "3 2 1"}, {Now.Add(time.Minute), "3 1"}} {
			all, err := w.OfficeCases(ctx, first, tt.since, 100)
			must(t, err)
			want(t, fmt.Sprint("since ", tt.since), numbersOf(all), tt.want)
		}
	}},
	{"a long list is read in pages, and none is twice in it or missing", func(t *testing.T, w *world) {
		ctx := t.Context()
		const cases = 1010
		for i := range cases { // many of one moment
			_, _, err := w.File(ctx, CaseOf(t, dauys.Draft{ID: fmt.Sprint(i)}, Now.Add(time.Duration(i/100)*time.Minute)))
			must(t, err)
		}
		for _, since := range []time.Time{{}, Now} {
			all, err := w.OfficeCases(ctx, first, since, 2000)
			must(t, err)
			seen := map[string]bool{}
			for _, c := range all {
				seen[c.Number] = true
			}
			want(t, "cases", len(all), cases)
			want(t, "different ones", len(seen), cases)
		}
	}},
	{"a case is found by its last digits where it is or has been, and nowhere else", func(t *testing.T, w *world) {
		ctx := t.Context()
		w.staff(t)
		for i := range 12 {
			w.file(t, fmt.Sprint(i))
		}
		_, err := w.do(t, "ALT-2026-000002", deputy, "up", dauys.Escalate)
		must(t, err)
		for _, tt := range []struct {
			office dauys.OfficeID
			digits string
			want   string
		}{
			{first, "12", "[ALT-2026-000012]"},
			{first, "2", "[ALT-2026-000012 ALT-2026-000002]"}, // the one that it has comes first
			{first, "000002", "[ALT-2026-000002]"},
			{second, "2", "[ALT-2026-000002]"},
			{second, "12", "[]"},
			{first, "%", "[]"},
			{first, "_2", "[]"},
			{"deputy@iedt", "2", "[]"},
		} {
			got, err := w.CasesEnding(ctx, tt.office, tt.digits, 10)
			must(t, err)
			want(t, fmt.Sprintf("%s of %s", tt.digits, tt.office), fmt.Sprint(got), tt.want)
		}
	}},
	{"a card is shown anew once for the same cause, and the old message goes", func(t *testing.T, w *world) {
		ctx := t.Context()
		must(t, w.Bind(ctx, first, chatA, "", Now))
		c := w.file(t, "1")
		must(t, w.CardShown(ctx, c.Number, first, chatA, "m1", c.Version))
		gone := func(key string) dauys.Notification {
			return dauys.Notification{Key: key, What: dauys.Ready, To: chatA, Body: "m1"}
		}
		must(t, w.ShowCard(ctx, c.Number, first, gone("gone/1")))
		card, err := w.Card(ctx, c.Number, first)
		must(t, err)
		want(t, "where it is", card.Message, "")
		due, err := w.DueCards(ctx, Now, 10)
		must(t, err)
		want(t, "cards that are due", len(due), 1)
		must(t, w.CardShown(ctx, c.Number, first, chatA, "m2", c.Version))
		must(t, w.ShowCard(ctx, c.Number, first, gone("gone/1"))) // the same update again
		card, err = w.Card(ctx, c.Number, first)
		must(t, err)
		want(t, "where it is after the same cause", card.Message, "m2")
		want(t, "messages that go", w.count(t, "SELECT COUNT(*) FROM notifications WHERE key LIKE 'gone/%'"), 1)
	}},
}
