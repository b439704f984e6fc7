package storagetest

import (
	"errors"
	"sync"
	"testing"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/notices"
)

// seeing is about orders that have to be confirmed as read.
var seeing = []promise{
	{"an order is asked for once, and again when it says something else", func(t *testing.T, w *world) {
		ctx := t.Context()
		a := notices.Asked{Key: "20230001|leave|77|2026-11-18", Person: "student/20230001", What: "one", At: Now}
		b := notices.Asked{Key: "20230002|leave|77|2026-11-18", Person: "student/20230002", What: "one", At: Now.Add(time.Minute)}
		must(t, w.AskSeen(ctx))
		for i := range 2 { // the plan is made again
			later := a
			later.At = Now.Add(time.Duration(i) * time.Hour)
			must(t, w.AskSeen(ctx, later, b))
		}
		all, err := w.Unseen(ctx, time.Time{}, 10)
		must(t, err)
		if len(all) != 2 || all[0] != a || all[1] != b {
			t.Errorf("asked for: %+v", all)
		}
		if _, err := w.SawOrder(ctx, "20230003|leave|77|2026-11-18", stranger, Now); !errors.Is(err, dauys.ErrNotFound) {
			t.Errorf("one that nobody has asked for: %v", err)
		}
		if _, err := w.AskedOf(ctx, "20230003|leave|77|2026-11-18"); !errors.Is(err, dauys.ErrNotFound) {
			t.Errorf("one that nobody has asked for: %v", err)
		}
		seen, err := w.SawOrder(ctx, a.Key, deputy, Now.Add(time.Hour))
		must(t, err)
		again, err := w.SawOrder(ctx, a.Key, stranger, Now.Add(2*time.Hour))
		must(t, err)
		if !seen.Seen.Equal(Now.Add(time.Hour)) || seen.Who != deputy || again != seen {
			t.Errorf("seen %+v, then %+v", seen, again)
		}
		must(t, w.AskSeen(ctx, a)) // it says the same
		if all, err = w.Unseen(ctx, time.Time{}, 10); err != nil || len(all) != 1 || all[0].Key != b.Key {
			t.Errorf("left: %+v, %v", all, err)
		}
		a.What, a.At = "two", Now.Add(3*time.Hour)
		must(t, w.AskSeen(ctx, a))
		got, err := w.AskedOf(ctx, a.Key)
		must(t, err)
		if got != a {
			t.Errorf("after the change: %+v", got)
		}
	}},
	{"two accounts that confirm an order at once agree who was first", func(t *testing.T, w *world) {
		ctx := t.Context()
		a := notices.Asked{Key: "20230001|expulsion|1|2026-11-18", Person: "student/20230001", What: "one", At: Now}
		must(t, w.AskSeen(ctx, a))
		var got [2]notices.Asked
		var errs [2]error
		var both sync.WaitGroup
		for i, who := range []dauys.Address{deputy, stranger} {
			both.Go(func() { got[i], errs[i] = w.SawOrder(ctx, a.Key, who, Now.Add(time.Duration(i)*time.Minute)) })
		}
		both.Wait()
		if must(t, errors.Join(errs[:]...)); got[0] != got[1] || got[0].Who == "" {
			t.Errorf("%+v and %+v", got[0], got[1])
		}
	}},
}
