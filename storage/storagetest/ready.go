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
		_, err := w.CardAt(ctx, chatA, "")
		if !errors.Is(err, dauys.ErrNotFound) {
			t.Fatalf("a card that is not shown yet: %v", err)
		}
		must(t, w.Bind(ctx, first, chatA, stranger, Now))
		must(t, w.CardShown(ctx, c.Number, first, chatA, "17", c.Version))
		number, err := w.CardAt(ctx, chatA, "17")
		must(t, err)
		want(t, "the card", number, c.Number)
		for _, at := range [][2]string{{string(chatA), "18"}, {string(chatB), "17"}, {string(chatA), ""}} {
			if _, err := w.CardAt(ctx, dauys.Address(at[0]), at[1]); !errors.Is(err, dauys.ErrNotFound) {
				t.Errorf("%q: %v", at, err)
			}
		}
	}},
}
