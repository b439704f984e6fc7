package storagetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"alt.edu.kz/dauys"
)

// plan stores a meeting of the first office with two members and one case on its agenda.
func (w *world) plan(t *testing.T, id string) *dauys.Meeting {
	t.Helper()
	m, err := dauys.Plan(id, first, Now.Add(48*time.Hour), "Hall 201", []dauys.Staff{{Address: deputy, Name: "Сәуле Тайная"}, {Address: director}}, Now)
	must(t, err)
	must(t, m.Put("ALT-2026-000001"))
	m, err = w.Convene(t.Context(), m, dauys.Notification{Key: "convened/" + id, What: dauys.Ready, To: deputy, Body: "{}"})
	must(t, err)
	return m
}

// hold changes a meeting without a right, in the way of the clock.
func (w *world) hold(ctx context.Context, id, cause, series string, do func(*dauys.Meeting) error) (*dauys.Meeting, error) {
	return w.ChangeMeeting(ctx, id, "", cause, series, Now, func(m *dauys.Meeting, _ dauys.Staff) ([]dauys.Notification, error) { return nil, do(m) })
}

// sat opens, decides and closes a meeting.
func sat(m *dauys.Meeting) error {
	if err := m.Sits([]dauys.Address{deputy, director}); err != nil {
		return err
	}
	for _, i := range slices.Clone(m.Items) {
		if err := m.Rule(dauys.Item{Case: i.Case, Ruling: dauys.RuledGranted, Reason: "Тайная причина"}); err != nil {
			return err
		}
	}
	return m.Close()
}

func waiting(ctx context.Context, t *testing.T, w *world) int {
	t.Helper()
	notes, err := w.Due(ctx, Now, 0, 100)
	must(t, err)
	return len(notes)
}

var meetings = []promise{
	{"a meeting is convened once, with what is told of it", func(t *testing.T, w *world) {
		ctx := t.Context()
		m := w.plan(t, "m1")
		again := w.plan(t, "m1")
		want(t, "version", again.Version, m.Version)
		want(t, "notices", waiting(ctx, t, w), 1)
		all, err := w.again(t).Meetings(ctx, first)
		must(t, err)
		if len(all) != 1 || all[0].Place != "Hall 201" || !all[0].At.Equal(m.At) || len(all[0].Seats) != 2 || all[0].Items[0].Case != "ALT-2026-000001" {
			t.Errorf("stored are %+v", all)
		}
		if _, err := w.Meeting(ctx, "m2"); !errors.Is(err, dauys.ErrNotFound) {
			t.Errorf("a meeting that there is not: %v", err)
		}
	}},
	{"a cause changes a meeting once, and what is refused leaves nothing behind", func(t *testing.T, w *world) {
		ctx := t.Context()
		w.plan(t, "m1")
		calls := 0
		change := func(m *dauys.Meeting, _ dauys.Staff) ([]dauys.Notification, error) {
			calls++
			m.Secretary = fmt.Sprint("the ", calls)
			return []dauys.Notification{{Key: fmt.Sprint("changed/", calls), What: dauys.Ready, To: deputy, Body: "{}"}}, nil
		}
		for range 3 {
			m, err := w.ChangeMeeting(ctx, "m1", deputy, "u1", "", Now, change)
			must(t, err)
			want(t, "secretary", m.Secretary, "the 1")
		}
		want(t, "calls", calls, 1)
		no := errors.New("no")
		if _, err := w.hold(ctx, "m1", "u2", "M", func(m *dauys.Meeting) error { m.Secretary = "nobody"; return no }); !errors.Is(err, no) {
			t.Errorf("refused: %v", err)
		}
		m, err := w.Meeting(ctx, "m1")
		must(t, err)
		want(t, "secretary", m.Secretary, "the 1")
		want(t, "number", m.Number, "")
		want(t, "notices", waiting(ctx, t, w), 2)
		if _, err = w.hold(ctx, "m1", "u2", "M", func(*dauys.Meeting) error { return nil }); err != nil {
			t.Errorf("the cause of what was refused: %v", err)
		}
	}},
	{"members who change a meeting at once all find their change in it", func(t *testing.T, w *world) {
		ctx := t.Context()
		w.plan(t, "m1")
		var all sync.WaitGroup
		for i := range 12 {
			all.Go(func() {
				for range 100 {
					_, err := w.hold(ctx, "m1", fmt.Sprint("u", i), "", func(m *dauys.Meeting) error { return m.Put(fmt.Sprint("C-", i)) })
					if !errors.Is(err, dauys.ErrConflict) {
						if err != nil {
							t.Errorf("the %dth: %v", i, err)
						}
						return
					}
				}
				t.Errorf("the %dth never gets through", i)
			})
		}
		all.Wait()
		m, err := w.Meeting(ctx, "m1")
		must(t, err)
		want(t, "items", len(m.Items), 13)
	}},
	{"minutes have numbers without gaps, and a meeting keeps its own", func(t *testing.T, w *world) {
		ctx := t.Context()
		for i := range 4 {
			id := fmt.Sprint("m", i)
			w.plan(t, id)
			if i == 1 { // refused: its number is free again
				if _, err := w.hold(ctx, id, "", "SOCM", func(m *dauys.Meeting) error { return m.Close() }); err == nil {
					t.Error("a meeting that never sat is closed")
				}
			}
			m, err := w.hold(ctx, id, "close", "SOCM", sat)
			must(t, err)
			want(t, "number", m.Number, fmt.Sprintf("SOCM-2026-%06d", i+1))
			m, err = w.hold(ctx, id, "more", "SOCM", func(m *dauys.Meeting) error { m.Seal, m.Minutes = "seal", "blob"; return nil })
			must(t, err)
			want(t, "number", m.Number, fmt.Sprintf("SOCM-2026-%06d", i+1))
		}
		m, err := w.again(t).Meeting(ctx, "m0")
		must(t, err)
		want(t, "seal", m.Seal+" "+m.Minutes, "seal blob")
	}},
	{"a closed meeting waits until its decisions are out", func(t *testing.T, w *world) {
		ctx := t.Context()
		w.plan(t, "m1")
		closing := func() (ids []string) {
			all, err := w.Closing(ctx)
			must(t, err)
			for _, m := range all {
				ids = append(ids, m.ID)
			}
			return ids
		}
		want(t, "closing", len(closing()), 0)
		_, err := w.hold(ctx, "m1", "close", "M", sat)
		must(t, err)
		want(t, "closing", len(closing()), 1)
		_, err = w.hold(ctx, "m1", "settled", "", (*dauys.Meeting).Settle)
		must(t, err)
		want(t, "closing", len(closing()), 0)
		all, err := w.Meetings(ctx, first)
		must(t, err)
		want(t, "planned", len(all), 0)
	}},
	{"who is on a meeting and what it decides is sealed", func(t *testing.T, w *world) {
		w.plan(t, "m1")
		_, err := w.hold(t.Context(), "m1", "close", "M", sat)
		must(t, err)
		var body []byte
		must(t, w.raw(t).QueryRowContext(t.Context(), "SELECT body FROM meetings").Scan(&body))
		for _, words := range []string{"Тайная", "Hall 201", "ALT-2026-000001"} {
			if len(body) == 0 || bytes.Contains(body, []byte(words)) {
				t.Errorf("%q can be read in the database", words)
			}
		}
	}},
}
