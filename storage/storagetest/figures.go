package storagetest

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/storage"
)

// counted is what figures say of the cases of a database.
func counted(t *testing.T, outlines func(after string) ([]*dauys.Case, error), limit int) (s dauys.Summary, n int) {
	t.Helper()
	survey := dauys.NewSurvey(&dauys.Builtin().Calendar, Now.AddDate(0, 0, -7), Now.AddDate(0, 0, 7), Now.Add(time.Hour))
	for after := ""; ; {
		page, err := outlines(after)
		must(t, err)
		for _, c := range page {
			survey.Add(c)
			n++
		}
		if len(page) < limit {
			return survey.Sum(), n
		}
		after = page[len(page)-1].Number
	}
}

var counting = []promise{
	{"outlines say in figures what the whole cases say, page by page, and hold nobody's words", func(t *testing.T, w *world) {
		w.staff(t)
		ctx := t.Context()
		for i := range 7 {
			w.file(t, fmt.Sprint("d", i))
		}
		old := CaseOf(t, dauys.Draft{ID: "old"}, Now.AddDate(-1, 0, 0)) // long closed
		gone, _, err := w.File(ctx, old)
		must(t, err)
		_, err = w.Act(ctx, gone.Number, "", "w", Now.AddDate(-1, 0, 0), func(c *dauys.Case, _ dauys.Staff) error {
			return c.Do(dauys.Move{Act: dauys.Withdraw, By: dauys.TheApplicant, Cause: "w", At: Now.AddDate(-1, 0, 0)}, &dauys.Builtin().Calendar)
		})
		must(t, err)
		live, _, err := w.File(ctx, CaseOf(t, dauys.Draft{ID: "live"}, Now.AddDate(-1, 0, 1))) // as old, and open
		must(t, err)
		for i, act := range []dauys.Act{dauys.Take, dauys.Answer} {
			_, err := w.do(t, "ALT-2026-000001", deputy, fmt.Sprint("u", i), act)
			must(t, err)
		}
		for i, m := range []dauys.Move{{Act: dauys.Delivered, By: dauys.TheMessenger}, {Act: dauys.Rate, By: dauys.TheApplicant, Mark: 4}} {
			m.At, m.Cause = Now, fmt.Sprint("a", i)
			_, err := w.Act(ctx, "ALT-2026-000001", "", m.Cause, Now, func(c *dauys.Case, _ dauys.Staff) error { return c.Do(m, &dauys.Builtin().Calendar) })
			must(t, err)
		}
		since := Now.AddDate(0, 0, -7)
		got, n := counted(t, func(after string) ([]*dauys.Case, error) { return w.Outlines(ctx, since, after, 3) }, 3)
		want(t, "outlines", n, 8)
		whole, err := w.Cases(ctx, storage.Filter{})
		must(t, err)
		full, _ := counted(t, func(string) ([]*dauys.Case, error) { return whole, nil }, 100)
		if !reflect.DeepEqual(got, full) {
			t.Errorf("figures of outlines: %+v\nof whole cases: %+v", got, full)
		}
		want(t, "registered, settled, open", []int{got.Registered, got.Settled, got.Open}, []int{7, 1, 7})
		want(t, "ratings", got.Ratings, dauys.Ratings{N: 1, Sum: 4})
		page, err := w.Outlines(ctx, since, "", 1)
		must(t, err)
		want(t, "the oldest that is open", page[0].Number, live.Number)
		c := page[0]
		want(t, "words", c.Text+c.Applicant.Name+c.Group+c.HolderName+c.Events[0].Note+c.Events[0].Name, "")
	}},
	{"what a run of a job tells is stored with the run, by one of sixteen", func(t *testing.T, w *world) {
		ctx := t.Context()
		slot, claimed, err := w.LastSlot(ctx, "digest", Now.Add(48*time.Hour))
		must(t, err)
		want(t, "before the first run", slot.IsZero() && claimed.IsZero(), true)
		want(t, "runs", at16(t, func(i int) (bool, error) {
			return w.ClaimSlot(ctx, "digest", Now, Now.Add(time.Minute), nil, dauys.Notification{Key: fmt.Sprint("digest/", i), To: chatA, What: dauys.Ready, Body: "{}"})
		}), 1)
		want(t, "notices", w.count(t, "SELECT COUNT(*) FROM notifications"), 1)
		_, err = w.ClaimSlot(ctx, "digest", Now.Add(-time.Hour), Now.Add(2*time.Minute), nil) // an older one that was late
		must(t, err)
		_, err = w.ClaimSlot(ctx, "weekly", Now.Add(time.Hour), Now.Add(time.Hour), nil)
		must(t, err)
		slot, claimed, err = w.again(t).LastSlot(ctx, "digest", Now.Add(48*time.Hour))
		must(t, err)
		want(t, "the last run", []time.Time{slot, claimed}, []time.Time{Now, Now.Add(time.Minute)})
		slot, _, err = w.LastSlot(ctx, "digest", Now.Add(-time.Minute)) // the clock was put back
		must(t, err)
		want(t, "the last run by a time", slot, Now.Add(-time.Hour))
		_, err = w.ClaimSlot(ctx, "digest", Now.Add(24*time.Hour), Now, nil, dauys.Notification{Key: "x", Blobs: []dauys.Blob{{ID: "empty"}}}) // which no store takes
		if err == nil {
			t.Error("an empty picture was stored")
		}
		slot, _, err = w.LastSlot(ctx, "digest", Now.Add(48*time.Hour))
		must(t, err)
		want(t, "the last run after one that failed", slot, Now)
	}},
}
