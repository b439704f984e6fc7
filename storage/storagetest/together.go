package storagetest

import (
	"errors"
	"strings"
	"testing"

	"alt.edu.kz/dauys"
)

// merge joins the second case with the first.
func (w *world) merge(t *testing.T, c, double string, who dauys.Address, cause string) ([]*dauys.Case, error) {
	return w.ActTogether(t.Context(), []string{c, double}, who, cause, Now, func(both []*dauys.Case, s dauys.Staff) error {
		return both[0].Merge(both[1], s, cause, Now, &dauys.Builtin().Calendar)
	})
}

// split makes a case of a part of another.
func (w *world) split(t *testing.T, number, draft string, who dauys.Address, cause string) (c, part *dauys.Case, err error) {
	return w.Branch(t.Context(), number, Case(t, draft), who, cause, Now, func(c, part *dauys.Case, s dauys.Staff) error {
		return c.SplitOff(part, s, cause, Now, &dauys.Builtin().Calendar)
	})
}

var joining = []promise{
	{"a duplicate and its case change together, once, and are read back the same", func(t *testing.T, w *world) {
		w.staff(t)
		double, c := w.file(t, "d1"), w.file(t, "d2")
		merged := at16(t, func(i int) (bool, error) {
			both, err := w.merge(t, c.Number, double.Number, deputy, "u1")
			return err == nil && both[0].Caused("u1"), err
		})
		want(t, "times that it succeeded", merged, 16)
		for number, wants := range map[string]struct {
			act    dauys.Act
			status dauys.Status
			other  string
		}{c.Number: {dauys.Absorb, dauys.Registered, double.Number}, double.Number: {dauys.Join, dauys.Closed, c.Number}} {
			got, err := w.Case(t.Context(), number)
			must(t, err)
			want(t, "events", len(got.Events), 2)
			e := got.Events[1]
			want(t, "the act", e.Act, wants.act)
			want(t, "the other", e.Other, wants.other)
			want(t, "the status", got.Status, wants.status)
			want(t, "links", got.Links(), []string{wants.other})
		}
		got, err := w.Case(t.Context(), double.Number)
		must(t, err)
		want(t, "the outcome", got.Outcome, dauys.Joined)
		want(t, "the words", func() string { c, _ := w.Case(t.Context(), c.Number); return c.Events[1].Note }(), double.Text)
		want(t, "notices to the applicant", w.count(t, "SELECT COUNT(*) FROM notifications WHERE reader = $1 AND what = $2", string(aigerim), string(dauys.Told)), 1)
		if w.count(t, "SELECT COUNT(*) FROM cards WHERE want > shown AND number IN ($1, $2)", c.Number, double.Number) < 2 {
			t.Error("their cards are not due")
		}
		again, err := w.merge(t, c.Number, double.Number, deputy, "u2")
		must(t, err)
		want(t, "events after it is asked for again", len(again[0].Events)+len(again[1].Events), 4)
	}},
	{"a duplicate is never joined by half", func(t *testing.T, w *world) {
		w.staff(t)
		double, c := w.file(t, "d1"), w.file(t, "d2")
		interrupted(t, "together-before-commit", func() { _, _ = w.merge(t, c.Number, double.Number, deputy, "u1") })
		for _, number := range []string{c.Number, double.Number} {
			got, err := w.Case(t.Context(), number)
			must(t, err)
			want(t, "events", len(got.Events), 1)
		}
		interrupted(t, "together-after-commit", func() { _, _ = w.merge(t, c.Number, double.Number, deputy, "u1") })
		both, err := w.merge(t, c.Number, double.Number, deputy, "u1")
		must(t, err)
		want(t, "events", len(both[0].Events)+len(both[1].Events), 4)
	}},
	{"who has no right for the office puts nothing together", func(t *testing.T, w *world) {
		w.staff(t)
		double, c := w.file(t, "d1"), w.file(t, "d2")
		for _, who := range []dauys.Address{director, stranger, aigerim, ""} {
			_, err := w.merge(t, c.Number, double.Number, who, "u1")
			wantErr(t, "merge by "+string(who), err, dauys.ErrNotStaff)
			_, _, err = w.split(t, c.Number, "d3", who, "u2")
			wantErr(t, "split by "+string(who), err, dauys.ErrNotStaff)
		}
		want(t, "events", w.count(t, "SELECT COUNT(*) FROM events"), 2)
		want(t, "the next number", w.file(t, "d4").Number, "ALT-2026-000003")
	}},
	{"a part becomes one case, with the next number and no gap", func(t *testing.T, w *world) {
		w.staff(t)
		c := w.file(t, "d1")
		interrupted(t, "branch-before-commit", func() { _, _, _ = w.split(t, c.Number, "d2", deputy, "u1") })
		_, err := w.CaseByDraft(t.Context(), "d2")
		wantErr(t, "the part that was interrupted", err, dauys.ErrNotFound)
		interrupted(t, "branch-after-commit", func() { _, _, _ = w.split(t, c.Number, "d2", deputy, "u1") })
		at16(t, func(int) (bool, error) {
			_, part, err := w.split(t, c.Number, "d2", deputy, "u1")
			if err == nil && part.Number != "ALT-2026-000002" {
				err = errors.New("another number: " + part.Number)
			}
			return true, err
		})
		now, err := w.Case(t.Context(), c.Number)
		must(t, err)
		part, err := w.CaseByDraft(t.Context(), "d2")
		must(t, err)
		want(t, "links", now.Links(), []string{part.Number})
		want(t, "links back", part.Links(), []string{c.Number})
		want(t, "events", []int{len(now.Events), len(part.Events)}, []int{2, 2})
		want(t, "receipts", w.count(t, "SELECT COUNT(*) FROM notifications WHERE what = $1", string(dauys.Receipt)), 2)
		want(t, "the next number", w.file(t, "d3").Number, "ALT-2026-000003")
	}},
	{"the card of a linked case is due when the other has another status", func(t *testing.T, w *world) {
		w.staff(t)
		a, b := w.file(t, "d1"), w.file(t, "d2")
		_, err := w.ActTogether(t.Context(), []string{a.Number, b.Number}, deputy, "u1", Now, func(both []*dauys.Case, s dauys.Staff) error {
			return both[0].LinkWith(both[1], dauys.Link, s, nil, "u1", Now, &dauys.Builtin().Calendar)
		})
		must(t, err)
		must(t, w.Bind(t.Context(), first, chatA, stranger, Now))
		due := func() (numbers string) {
			all, err := w.DueCards(t.Context(), Now, 10)
			must(t, err)
			for _, card := range all {
				numbers += card.Case + " "
				c, err := w.Case(t.Context(), card.Case)
				must(t, err)
				must(t, w.CardShown(t.Context(), card.Case, card.Office, chatA, "m"+card.Case, c.Version))
			}
			return strings.TrimSpace(numbers)
		}
		due()
		_, err = w.do(t, b.Number, deputy, "u2", dauys.Take)
		must(t, err)
		want(t, "due cards", due(), a.Number+" "+b.Number)
		want(t, "due cards after that", due(), "")
	}},
	{"which cases belong together is not to be read in the file", func(t *testing.T, w *world) {
		w.staff(t)
		double, c := w.file(t, "d1"), w.file(t, "d2")
		_, err := w.merge(t, c.Number, double.Number, deputy, "u1")
		must(t, err)
		if text := w.dump(t); strings.Contains(text, "lecture of 7 September") {
			t.Error("the words of a duplicate are readable")
		}
	}},
}
