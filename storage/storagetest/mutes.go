package storagetest

import (
	"errors"
	"slices"
	"testing"
	"time"

	"alt.edu.kz/dauys"
)

// muting is about who is held back.
var muting = []promise{
	{"who is held back is held back until its end, and told once", func(t *testing.T, w *world) {
		ctx := t.Context()
		c, _, err := w.File(ctx, Case(t, "muted"))
		must(t, err)
		who := c.Applicant.Address
		_, err = w.Grant(ctx, dauys.Staff{Address: deputy, Office: first, From: Now.Add(-time.Hour)})
		must(t, err)
		serves := func(rights []dauys.Staff) bool {
			return slices.ContainsFunc(rights, func(s dauys.Staff) bool { return s.Office == first && s.Active(Now) })
		}
		m := dauys.Mute{Who: who, Case: c.Number, Office: first, By: "Омарова", Reason: "Оскорбления", Until: Now.Add(48 * time.Hour)}
		note := dauys.Notification{Key: "mute/u1", What: dauys.Ready, To: who, Body: "{}", Direct: true}
		if err := w.SetMute(ctx, m, stranger, Now, serves, note); !errors.Is(err, dauys.ErrNotStaff) {
			t.Errorf("somebody without a right: %v", err)
		}
		if _, err := w.Muted(ctx, who, Now); !errors.Is(err, dauys.ErrNotFound) {
			t.Errorf("held back by nobody: %v", err)
		}
		for range 2 { // the update comes again
			must(t, w.SetMute(ctx, m, deputy, Now, serves, note))
		}
		got, err := w.Muted(ctx, who, Now)
		must(t, err)
		if got.Reason != m.Reason || got.Case != m.Case || !got.Until.Equal(m.Until) || got.By != m.By {
			t.Errorf("read back as %+v", got)
		}
		if _, err := w.Muted(ctx, who, m.Until); !errors.Is(err, dauys.ErrNotFound) {
			t.Errorf("at the end: %v", err)
		}
		if _, err := w.Muted(ctx, stranger, Now); !errors.Is(err, dauys.ErrNotFound) {
			t.Errorf("somebody else: %v", err)
		}
		due, err := w.Due(ctx, Now, 0, 100)
		must(t, err)
		if n := len(slices.DeleteFunc(due, func(n dauys.Notification) bool { return n.Key != note.Key })); n != 1 {
			t.Errorf("told %d times", n)
		}
		m.Until = Now
		must(t, w.SetMute(ctx, m, deputy, Now, serves))
		if _, err := w.Muted(ctx, who, Now); !errors.Is(err, dauys.ErrNotFound) {
			t.Errorf("ended before its time: %v", err)
		}
	}},
	{"what somebody has filed since a time is counted, but the draft at hand", func(t *testing.T, w *world) {
		ctx := t.Context()
		one, _, err := w.File(ctx, Case(t, "one"))
		must(t, err)
		_, _, err = w.File(ctx, Case(t, "two"))
		must(t, err)
		for _, want := range []struct {
			since time.Time
			but   string
			n     int
		}{{one.Filed.Add(-time.Hour), "", 2}, {one.Filed.Add(-time.Hour), one.ID, 1}, {one.Filed.Add(time.Hour), "", 0}} {
			if n, err := w.FiledBy(ctx, one.Applicant.Address, want.since, want.but); err != nil || n != want.n {
				t.Errorf("since %s but %q: %d, %v; want %d", want.since, want.but, n, err, want.n)
			}
		}
	}},
}
