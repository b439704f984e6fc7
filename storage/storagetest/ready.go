package storagetest

import (
	"errors"
	"fmt"
	"reflect"
	"testing"

	"alt.edu.kz/dauys"
)

// keeping something ready is for staff alone: everybody else gets no further than the error.
var readying = []promise{
	{"a ready answer is kept, changed and deleted by staff of its office, and by nobody else", func(t *testing.T, w *world) {
		w.staff(t)
		ctx := t.Context()
		a := dauys.ReadyAnswer{ID: "r1", Office: first, Name: "Schedule", Texts: dauys.Names{dauys.Kazakh: "Кесте {date}", dauys.English: "The schedule"}, Cause: "prompt/r1"}
		for _, who := range []dauys.Address{stranger, director, ""} {
			if err := w.KeepReady(ctx, a, who, Now); !errors.Is(err, dauys.ErrNotStaff) {
				t.Fatalf("%q keeps one: %v", who, err)
			}
		}
		must(t, w.KeepReady(ctx, a, deputy, Now))
		must(t, w.KeepReady(ctx, a, deputy, Now)) // the same update again
		want := a
		want.Version = 1
		all, err := w.ReadyAnswers(ctx, first)
		must(t, err)
		if !reflect.DeepEqual(all, []dauys.ReadyAnswer{want}) {
			t.Fatalf("kept %+v", all)
		}
		if others, err := w.ReadyAnswers(ctx, second); err != nil || len(others) > 0 {
			t.Fatalf("another office has %+v, %v", others, err)
		}
		stolen := want
		stolen.Office, stolen.Cause = second, "prompt/stolen"
		if err := w.KeepReady(ctx, stolen, director, Now); !errors.Is(err, dauys.ErrConflict) {
			t.Fatalf("another office changes it: %v", err)
		}
		must(t, w.DropReady(ctx, "r1", second, director, Now))
		if err := w.DropReady(ctx, "r1", first, director, Now); !errors.Is(err, dauys.ErrNotStaff) {
			t.Fatalf("another office deletes it: %v", err)
		}
		if got, err := w.ReadyAnswer(ctx, "r1"); err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("now it is %+v, %v", got, err)
		}
		must(t, w.DropReady(ctx, "r1", first, deputy, Now))
		must(t, w.DropReady(ctx, "r1", first, deputy, Now))
		if _, err := w.ReadyAnswer(ctx, "r1"); !errors.Is(err, dauys.ErrNotFound) {
			t.Fatalf("deleted: %v", err)
		}
		if err := w.KeepReady(ctx, want, deputy, Now); !errors.Is(err, dauys.ErrNotFound) {
			t.Fatalf("changed after it was deleted: %v", err)
		}
	}},
	{"of sixteen who change a ready answer at once one does", func(t *testing.T, w *world) {
		w.staff(t)
		ctx := t.Context()
		a := dauys.ReadyAnswer{ID: "r1", Office: first, Name: "x", Texts: dauys.Names{dauys.Russian: "Да"}, Cause: "prompt/r1"}
		must(t, w.KeepReady(ctx, a, deputy, Now))
		want(t, "changed", at16(t, func(i int) (bool, error) {
			mine := a
			mine.Version, mine.Name, mine.Cause = 1, fmt.Sprint("name ", i), fmt.Sprint("prompt/", i)
			err := w.KeepReady(ctx, mine, deputy, Now)
			if errors.Is(err, dauys.ErrConflict) {
				return false, nil
			}
			return err == nil, err
		}), 1)
	}},
	{"who is not staff any more keeps nothing", func(t *testing.T, w *world) {
		w.staff(t)
		ctx := t.Context()
		must(t, w.Revoke(ctx, deputy, first, false, Now))
		a := dauys.ReadyAnswer{ID: "r1", Office: first, Name: "x", Texts: dauys.Names{dauys.Russian: "Да"}, Cause: "prompt/r1"}
		if err := w.KeepReady(ctx, a, deputy, Now); !errors.Is(err, dauys.ErrNotStaff) {
			t.Fatalf("kept: %v", err)
		}
	}},
	{"the message of a card leads to its case, and no other does", func(t *testing.T, w *world) {
		c := w.file(t, "d1")
		ctx := t.Context()
		_, err := w.CaseOfCard(ctx, chatA, "")
		if !errors.Is(err, dauys.ErrNotFound) {
			t.Fatalf("a card that is not shown yet: %v", err)
		}
		must(t, w.Bind(ctx, first, chatA, stranger, Now))
		must(t, w.CardShown(ctx, c.Number, first, chatA, "17", c.Version))
		number, err := w.CaseOfCard(ctx, chatA, "17")
		must(t, err)
		want(t, "the card", number, c.Number)
		for _, at := range [][2]string{{string(chatA), "18"}, {string(chatB), "17"}, {string(chatA), ""}} {
			if _, err := w.CaseOfCard(ctx, dauys.Address(at[0]), at[1]); !errors.Is(err, dauys.ErrNotFound) {
				t.Errorf("%q: %v", at, err)
			}
		}
	}},
	{"of sixteen colleagues who approve an answer at once one does, and it leaves once", func(t *testing.T, w *world) {
		w.staff(t)
		ctx := t.Context()
		c := Case(t, "d1")
		c.Ladder[0].Second = true
		c, _, err := w.File(ctx, c)
		must(t, err)
		for _, act := range []dauys.Act{dauys.Take, dauys.Submit} {
			_, err = w.do(t, c.Number, deputy, string(act), act)
			must(t, err)
		}
		approve := func(who dauys.Address, cause string) error {
			_, err := w.Act(ctx, c.Number, who, cause, Now, func(c *dauys.Case, s dauys.Staff) error {
				if s.ID == 0 {
					return dauys.ErrNotStaff
				}
				return c.Approve(dauys.Move{By: dauys.TheOffice, Staff: s, Cause: cause, At: Now}, &dauys.Builtin().Calendar)
			})
			return err
		}
		if err := approve(deputy, "own"); err == nil {
			t.Fatal("who has written it approves it")
		}
		if err := approve(director, "other"); !errors.Is(err, dauys.ErrNotStaff) {
			t.Fatalf("another office approves it: %v", err)
		}
		for i := range 16 {
			_, err := w.Grant(ctx, dauys.Staff{Address: dauys.Address(fmt.Sprint("telegram:70", i)), Name: "A", Office: first, From: Now})
			must(t, err)
		}
		want(t, "approved", at16(t, func(i int) (bool, error) {
			err := approve(dauys.Address(fmt.Sprint("telegram:70", i)), fmt.Sprint("yes/", i))
			if _, no := errors.AsType[*dauys.NotAllowedError](err); no {
				return false, nil
			}
			return err == nil, err
		}), 1)
		c, err = w.Case(ctx, c.Number)
		must(t, err)
		acts := map[dauys.Act]int{}
		for _, e := range c.Events {
			acts[e.Act]++
		}
		want(t, "status", c.Status, dauys.Decided)
		want(t, "yes and answer", []int{acts[dauys.Approve], acts[dauys.Answer]}, []int{1, 1})
		must(t, approve(deputy, c.Events[len(c.Events)-1].Cause)) // the same update again, whoever it is by now
	}},
}
