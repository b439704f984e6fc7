package handlers

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"alt.edu.kz/dauys"
)

// aQueue is a storage that has nothing but one queue.
type aQueue struct {
	Storage
	q      *dauys.Queue
	causes map[string]bool
}

func (s *aQueue) ChangeQueue(_ context.Context, id string, _ dauys.Address, cause string, _ time.Time,
	change func(*dauys.Queue, dauys.Staff) ([]dauys.Notification, error)) (*dauys.Queue, error) {
	if id != s.q.ID {
		return nil, dauys.ErrNotFound
	}
	if s.causes[cause] {
		return s.q, nil
	}
	s.causes[cause] = true
	_, err := change(s.q, dauys.Staff{})
	return s.q, err
}

// The case that a talk has become is noted at the place, once for a cause, also when the talk is over.
func TestTalkRegistered(t *testing.T) {
	u := dauys.Builtin()
	now := time.Date(2026, time.November, 23, 5, 0, 0, 0, time.UTC)
	o, _ := u.Office("reception")
	q := dauys.NewQueue(o, u.Calendar, now)
	who := dauys.Staff{ID: 1, Address: "telegram:210", Name: "Айнұр"}
	n, err := q.Join(dauys.Place{}, now)
	if err != nil {
		t.Fatal(err)
	}
	w, err := q.OpenWindow(who)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := q.Next(w, who); err != nil {
		t.Fatal(err)
	}
	h := &Handlers{University: u, Storage: &aQueue{q: q, causes: map[string]bool{}}, Now: func() time.Time { return now }, Log: slog.New(slog.DiscardHandler)}
	for _, number := range []string{"REC-2026-000001", "REC-2026-000002"} { // the second time it does nothing
		if err := h.talkRegistered(t.Context(), "u1", q.ID, n, number); err != nil {
			t.Fatal(err)
		}
	}
	if p, _ := q.Place(n); p.Case != "REC-2026-000001" {
		t.Errorf("noted is %q", p.Case)
	}
	if err := q.CloseWindow(w, who); err != nil {
		t.Fatal(err)
	}
	if err := h.talkRegistered(t.Context(), "u2", q.ID, n, "REC-2026-000003"); err != nil || q.Places[n-1].Case != "REC-2026-000003" {
		t.Errorf("after the talk: %v, %q", err, q.Places[n-1].Case)
	}
	if err := h.talkRegistered(t.Context(), "u3", q.ID, 9, "REC-2026-000004"); err == nil {
		t.Error("a place that there is not")
	}
}
