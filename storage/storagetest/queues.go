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

// queueOf opens a queue of the first office with so many people in it, two windows at most for each of
// sixteen officers.
func (w *world) queueOf(t *testing.T, people int) *dauys.Queue {
	t.Helper()
	q, err := w.OpenQueue(t.Context(), &dauys.Queue{ID: "q.20260908", Office: first, Day: "2026-09-08", Ends: Now.Add(time.Hour), Most: 16, State: dauys.QueueOpen})
	must(t, err)
	for i := range people {
		_, err := w.line(t.Context(), q.ID, "", fmt.Sprint("join", i), func(q *dauys.Queue, _ dauys.Staff) error {
			_, err := q.Join(dauys.Place{Who: dauys.Address(fmt.Sprint("telegram:", 1000+i)), Name: "Тамара Тайная"}, Now)
			return err
		})
		must(t, err)
	}
	q, err = w.Queue(t.Context(), q.ID)
	must(t, err)
	return q
}

// line changes a queue and tells whoever it calls.
func (w *world) line(ctx context.Context, id string, who dauys.Address, cause string, do func(*dauys.Queue, dauys.Staff) error) (*dauys.Queue, error) {
	return w.ChangeQueue(ctx, id, who, cause, Now, func(q *dauys.Queue, s dauys.Staff) (notes []dauys.Notification, err error) {
		if err := do(q, s); err != nil {
			return nil, err
		}
		for _, n := range q.News() {
			notes = append(notes, dauys.Notification{Key: fmt.Sprint(q.ID, n), What: dauys.Ready, To: q.Places[n.N-1].Who, Body: "{}"})
		}
		return notes, nil
	})
}

var queueing = []promise{
	{"the queue of a day is there once, and is read back as it was", func(t *testing.T, w *world) {
		ctx := t.Context()
		q := w.queueOf(t, 2)
		again, err := w.OpenQueue(ctx, &dauys.Queue{ID: q.ID, Office: first, Day: q.Day, Ends: Now, Most: 1, State: dauys.QueueOpen})
		must(t, err)
		want(t, "version", again.Version, q.Version)
		_, err = w.line(ctx, q.ID, "", "said", func(q *dauys.Queue, _ dauys.Staff) error {
			p := &q.Places[0]
			p.Seen, p.SeenBy, p.Case, p.Said = "passport", "Ерлан", "REC-2026-000001", []dauys.Said{{Text: "тайное слово", At: Now}}
			return q.Leave(2)
		})
		must(t, err)
		got, err := w.again(t).Queue(ctx, q.ID)
		must(t, err)
		p := got.Places[0]
		if !slices.Equal(got.Line, []int{1}) || p.Name != "Тамара Тайная" || !p.At.Equal(Now) || p.Seen != "passport" || p.Case == "" || p.Said[0].Text != "тайное слово" || !p.ToldNext ||
			got.Places[1].State != dauys.Gone || got.Most != 16 || !got.Ends.Equal(q.Ends) {
			t.Errorf("stored is %+v", got)
		}
		if _, err := w.Queue(ctx, "q.20260909"); !errors.Is(err, dauys.ErrNotFound) {
			t.Errorf("a queue that there is not: %v", err)
		}
	}},
	{"of sixteen officers who press Next at once, each gets the next visitor, in order", func(t *testing.T, w *world) {
		q := w.queueOf(t, 16)
		who := func(i int) dauys.Address { return dauys.Address(fmt.Sprint("telegram:", 900+i)) }
		for i := range 16 {
			_, err := w.Grant(t.Context(), dauys.Staff{Address: who(i), Office: first, From: Now})
			must(t, err)
			_, err = w.line(t.Context(), q.ID, who(i), fmt.Sprint("open", i), func(q *dauys.Queue, s dauys.Staff) error { _, err := q.OpenWindow(s); return err })
			must(t, err)
		}
		var mu sync.Mutex
		var order []int // as they were stored
		at16(t, func(i int) (bool, error) {
			called := 0
			q, err := w.line(t.Context(), q.ID, who(i), fmt.Sprint("next", i), func(q *dauys.Queue, s dauys.Staff) error {
				p, err := q.Next(i+1, s)
				called = p.N
				return err
			})
			if err == nil && q.Windows[i].Place != called {
				err = fmt.Errorf("window %d has %d, not %d", i+1, q.Windows[i].Place, called)
			}
			mu.Lock()
			defer mu.Unlock()
			order = append(order, called)
			return err == nil, err
		})
		slices.Sort(order)
		want(t, "called", fmt.Sprint(order), "[1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16]")
		q, err := w.Queue(t.Context(), q.ID)
		must(t, err)
		want(t, "the line", len(q.Line), 0)
		want(t, "calls", w.count(t, "SELECT COUNT(*) FROM notifications WHERE key LIKE '%call%'"), 16)
	}},
	{"a cause changes a queue once, and what is refused leaves nothing behind", func(t *testing.T, w *world) {
		ctx := t.Context()
		w.staff(t)
		q := w.queueOf(t, 3)
		_, err := w.line(ctx, q.ID, deputy, "open", func(q *dauys.Queue, s dauys.Staff) error { _, err := q.OpenWindow(s); return err })
		must(t, err)
		next := func(q *dauys.Queue, s dauys.Staff) error { _, err := q.Next(1, s); return err }
		for range 3 {
			q, err := w.line(ctx, q.ID, deputy, "u1", next)
			must(t, err)
			want(t, "who is there", q.Windows[0].Place, 1)
		}
		no := errors.New("no")
		if _, err := w.line(ctx, q.ID, deputy, "u2", func(q *dauys.Queue, s dauys.Staff) error { _ = next(q, s); return no }); !errors.Is(err, no) {
			t.Errorf("refused: %v", err)
		}
		q, err = w.line(ctx, q.ID, deputy, "u2", next)
		must(t, err)
		want(t, "who is there", q.Windows[0].Place, 2)
		want(t, "calls", w.count(t, "SELECT COUNT(*) FROM notifications WHERE key LIKE '%call%'"), 2)
	}},
	{"a right that is gone calls nobody", func(t *testing.T, w *world) {
		ctx := t.Context()
		w.staff(t)
		q := w.queueOf(t, 1)
		seen := func(who dauys.Address) (s dauys.Staff) {
			_, err := w.line(ctx, q.ID, who, "", func(_ *dauys.Queue, staff dauys.Staff) error { s = staff; return nil })
			must(t, err)
			return s
		}
		if seen(deputy).ID == 0 || seen(director).ID != 0 || seen("").ID != 0 {
			t.Error("the rights are not those of the office")
		}
		must(t, w.Revoke(ctx, deputy, first, false, Now))
		want(t, "the right", seen(deputy).ID, int64(0))
	}},
	{"a change makes due the cards that it changes, and no other", func(t *testing.T, w *world) {
		ctx := t.Context()
		w.staff(t)
		must(t, w.Bind(ctx, first, "telegram:-1", "", Now))
		q := w.queueOf(t, 1)
		due := func() (numbers []string) {
			now, err := w.Queue(ctx, q.ID)
			must(t, err)
			cards, err := w.DueCards(ctx, Now, 10)
			must(t, err)
			for _, c := range cards {
				numbers = append(numbers, c.Case)
				must(t, w.CardShown(ctx, c.Case, c.Office, c.Chat, "m-"+c.Case, now.Version))
			}
			return numbers
		}
		want(t, "cards", fmt.Sprint(due()), "[q.20260908/0]")
		_, err := w.line(ctx, q.ID, "", "", func(q *dauys.Queue, _ dauys.Staff) error { return q.Named(1, q.Places[0].Name) })
		must(t, err)
		want(t, "cards after nothing that is seen", fmt.Sprint(due()), "[]")
		_, err = w.line(ctx, q.ID, deputy, "", func(q *dauys.Queue, s dauys.Staff) error { _, err := q.OpenWindow(s); return err })
		must(t, err)
		want(t, "cards after a window", fmt.Sprint(due()), "[q.20260908/0 q.20260908/1]")
		_, err = w.line(ctx, q.ID, "", "", func(q *dauys.Queue, _ dauys.Staff) error { _, err := q.Join(dauys.Place{}, Now); return err })
		must(t, err)
		want(t, "cards after a visitor", fmt.Sprint(due()), "[q.20260908/0]")
		must(t, w.ShowCard(ctx, "q.20260908/0", first, dauys.Notification{Key: "gone/u1/q.20260908/0", What: dauys.Ready, To: chatA, Body: "{}"}))
		c, err := w.Card(ctx, "q.20260908/0", first)
		must(t, err)
		want(t, "where it is", c.Message, "")
		must(t, w.Bind(ctx, first, "telegram:-2", "", Now))
		want(t, "cards in another chat", fmt.Sprint(due()), "[q.20260908/0 q.20260908/1]")
	}},
	{"a queue wakes the clock until it is closed, whatever day it is of", func(t *testing.T, w *world) {
		ctx := t.Context()
		q := w.queueOf(t, 2)
		waking := func(at time.Time) int {
			all, err := w.WakingQueues(ctx, at)
			must(t, err)
			return len(all)
		}
		want(t, "before the end", waking(q.Ends.Add(-time.Second)), 0)
		want(t, "days later", waking(q.Ends.AddDate(0, 0, 3)), 1)
		q, err := w.line(ctx, q.ID, "", "over", func(q *dauys.Queue, _ dauys.Staff) error { q.Tick(q.Ends); return nil })
		must(t, err)
		want(t, "state", q.State, dauys.QueueClosed)
		want(t, "afterwards", waking(q.Ends.AddDate(0, 0, 3)), 0)
	}},
	{"who stands in a queue and what they said is sealed", func(t *testing.T, w *world) {
		w.queueOf(t, 2)
		var body []byte
		must(t, w.raw(t).QueryRowContext(t.Context(), "SELECT body FROM queues").Scan(&body))
		for _, words := range []string{"Тайная", "telegram:1000"} {
			if len(body) == 0 || bytes.Contains(body, []byte(words)) {
				t.Errorf("%q can be read in the database", words)
			}
		}
	}},
}
