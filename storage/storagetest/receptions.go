package storagetest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"alt.edu.kz/dauys"
)

// asks files a request to be received, with an office that may, and takes it.
func (w *world) asks(t *testing.T, draft string) *dauys.Case {
	t.Helper()
	c := Case(t, draft)
	c.Kind, c.Ladder[0].Powers = dauys.Audience, []dauys.Act{dauys.Invite}
	c, _, err := w.File(t.Context(), c)
	must(t, err)
	c, err = w.do(t, c.Number, deputy, "take/"+draft, dauys.Take)
	must(t, err)
	return c
}

// invites tells the applicant of a case to come at a time.
func (w *world) invites(ctx context.Context, number, cause string, at time.Time) error {
	_, err := w.Act(ctx, number, deputy, cause, Now, func(c *dauys.Case, s dauys.Staff) error {
		return c.Do(dauys.Move{Act: dauys.Invite, By: dauys.TheOffice, Staff: s, Note: "101", Term: at, Cause: cause, At: Now}, &dauys.Builtin().Calendar)
	})
	return err
}

// received are the cases whose applicants the first office receives in a week, in their order.
func (w *world) received(ctx context.Context, t *testing.T) (out string) {
	t.Helper()
	all, err := w.Received(ctx, first, Now, Now.AddDate(0, 0, 7))
	must(t, err)
	for _, v := range all {
		out += fmt.Sprintf("%s %s;", v.At.Sub(Now), v.Case)
	}
	return out
}

var receiving = []promise{
	{"a time of reception is one person's, of sixteen who are invited at once", func(t *testing.T, w *world) {
		w.staff(t)
		at := Now.Add(48 * time.Hour)
		var numbers []string
		for i := range 16 {
			numbers = append(numbers, w.asks(t, fmt.Sprint("d", i)).Number)
		}
		ctx := t.Context()
		want(t, "invited", at16(t, func(i int) (bool, error) {
			err := w.invites(ctx, numbers[i], fmt.Sprint("invite/", i), at)
			if errors.Is(err, dauys.ErrSlotTaken) {
				return false, nil
			}
			return err == nil, err
		}), 1)
		all, err := w.Received(ctx, first, at, at.Add(time.Minute))
		must(t, err)
		want(t, "received", len(all), 1)
		for _, number := range numbers {
			c, err := w.Case(ctx, number)
			must(t, err)
			if _, expected := c.Reception(); expected != (number == all[0].Case) {
				t.Errorf("%s is expected: %v, and received is %s", number, expected, all[0].Case)
			}
		}
	}},
	{"who is refused a time keeps what they had, and is told nothing", func(t *testing.T, w *world) {
		w.staff(t)
		ctx, hour := t.Context(), Now.Add(time.Hour)
		a, b := w.asks(t, "a"), w.asks(t, "b")
		must(t, w.invites(ctx, a.Number, "i1", hour))
		must(t, w.invites(ctx, b.Number, "i2", hour.Add(time.Hour)))
		before := w.count(t, "SELECT COUNT(*) FROM notifications")
		if err := w.invites(ctx, b.Number, "i3", hour); !errors.Is(err, dauys.ErrSlotTaken) {
			t.Errorf("invited to a time that is taken: %v", err)
		}
		want(t, "received", w.received(ctx, t), fmt.Sprintf("1h0m0s %s;2h0m0s %s;", a.Number, b.Number))
		want(t, "notices", w.count(t, "SELECT COUNT(*) FROM notifications"), before)
	}},
	{"a time is free again when somebody excuses themselves, comes at another, or has their answer", func(t *testing.T, w *world) {
		w.staff(t)
		ctx, hour := t.Context(), Now.Add(time.Hour)
		a, b := w.asks(t, "a"), w.asks(t, "b")
		must(t, w.invites(ctx, a.Number, "i1", hour))
		_, err := w.Act(ctx, a.Number, aigerim, "x1", Now, func(c *dauys.Case, _ dauys.Staff) error {
			return c.Do(dauys.Move{Act: dauys.Excuse, By: dauys.TheApplicant, Cause: "x1", At: Now}, &dauys.Builtin().Calendar)
		})
		must(t, err)
		must(t, w.invites(ctx, b.Number, "i2", hour))
		must(t, w.invites(ctx, b.Number, "i3", hour.Add(2*time.Hour)))
		must(t, w.invites(ctx, a.Number, "i4", hour))
		want(t, "received", w.received(ctx, t), fmt.Sprintf("1h0m0s %s;3h0m0s %s;", a.Number, b.Number))
		_, err = w.do(t, a.Number, deputy, "d1", dauys.Decide)
		must(t, err)
		want(t, "received", w.received(ctx, t), fmt.Sprintf("3h0m0s %s;", b.Number))
	}},
}
