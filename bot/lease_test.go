package bot

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// rows is the table of leases.
type rows struct {
	mu    sync.Mutex
	beats map[string]Kept // holder in ID, count in Tries
	fail  func(holder string) error
}

func (r *rows) Beat(_ context.Context, name string) (string, int64, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.beats[name].ID, int64(r.beats[name].Tries), nil
}

func (r *rows) TakeBeat(ctx context.Context, name, holder, seenHolder string, seenN int64) (bool, error) {
	r.mu.Lock()
	fail := r.fail
	r.mu.Unlock()
	if fail != nil {
		if err := fail(holder); err != nil {
			<-ctx.Done() // a database that hangs
			return false, err
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if b := r.beats[name]; b.ID != seenHolder || int64(b.Tries) != seenN {
		return false, nil
	}
	if r.beats == nil {
		r.beats = map[string]Kept{}
	}
	r.beats[name] = Kept{ID: holder, Tries: int(seenN) + 1}
	return true, nil
}

// leading runs processes that want a lease and tells who has it, checking that there is
// never more than one.
type leading struct {
	t     *testing.T
	mu    sync.Mutex
	now   []string
	terms []string
}

func (l *leading) work(who string, stop time.Duration) func(context.Context) {
	return func(ctx context.Context) {
		l.mu.Lock()
		if l.now = append(l.now, who); len(l.now) > 1 {
			l.t.Errorf("at once: %q", l.now)
		}
		l.terms = append(l.terms, who)
		l.mu.Unlock()
		<-ctx.Done()
		time.Sleep(stop)
		l.mu.Lock()
		l.now = slices.DeleteFunc(l.now, func(w string) bool { return w == who })
		l.mu.Unlock()
	}
}

func (l *leading) has(who ...string) {
	l.t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	if !slices.Equal(l.now, who) {
		l.t.Errorf("at work: %q, want %q", l.now, who)
	}
}

const term = 15 * time.Second

func lead(t *testing.T, s *stage, r Leases, l *leading, who string, alone bool) (stop func()) {
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		Lead(ctx, r, s.clock, "sender", who, term, alone, nil, l.work(who, 100*time.Millisecond))
	}()
	stop = func() { cancel(); <-done }
	t.Cleanup(stop)
	return stop
}

func TestOneLeadsAndHandsOver(t *testing.T) {
	bubble(t, func(t *testing.T, s *stage) {
		r, l := &rows{}, &leading{t: t}
		stop := lead(t, s, r, l, "a", false)
		s.until(time.Second)
		lead(t, s, r, l, "b", false)
		s.until(10 * time.Minute)
		l.has("a")
		stop()
		s.until(10*time.Minute + 2*time.Second) // given back, so nobody waits for a term
		l.has("b")
	})
}

// A holder that cannot renew stops while its lease is still good, even if the database
// hangs, and another takes it after a term.
func TestAHolderWithoutADatabaseStopsInTime(t *testing.T) {
	bubble(t, func(t *testing.T, s *stage) {
		r, l := &rows{}, &leading{t: t}
		lead(t, s, r, l, "a", false)
		s.until(time.Second)
		lead(t, s, r, l, "b", false)
		s.until(time.Minute)
		r.mu.Lock()
		r.fail = func(holder string) error {
			if holder != "b" {
				return errTrouble
			}
			return nil
		}
		r.mu.Unlock()
		s.until(time.Minute + term*3/4 + 200*time.Millisecond)
		l.mu.Lock()
		if slices.Contains(l.now, "a") {
			t.Error("it works on while its lease runs out")
		}
		l.mu.Unlock()
		s.until(time.Minute + 2*term)
		l.has("b")
		r.mu.Lock()
		r.fail = nil
		r.mu.Unlock()
		s.until(time.Hour)
		l.has("b")
	})
}

// A holder that was stopped for a minute finds on waking that the lease is another's.
func TestAPausedHolderStops(t *testing.T) {
	bubble(t, func(t *testing.T, s *stage) {
		r, l := &rows{}, &leading{t: t}
		lead(t, s, r, l, "a", false)
		s.until(time.Minute)
		r.mu.Lock()
		r.beats["sender"] = Kept{ID: "b", Tries: 1000} // another counted a term, and took it
		r.mu.Unlock()
		s.until(time.Minute + term/4 + time.Second)
		l.has()
		s.until(time.Minute + 2*term) // b does nothing
		l.has("a")
	})
}

func TestWhoIsAloneWaitsForNobody(t *testing.T) {
	bubble(t, func(t *testing.T, s *stage) {
		r, l := &rows{beats: map[string]Kept{"sender": {ID: "dead", Tries: 7}}}, &leading{t: t}
		lead(t, s, r, l, "a", true)
		synctest.Wait()
		l.has("a")
	})
}

func TestWorkThatEndsByItselfIsNotBegunInALoop(t *testing.T) {
	bubble(t, func(t *testing.T, s *stage) {
		r := &rows{}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		n := 0
		Lead(ctx, r, s.clock, "sender", "a", term, false, nil, func(context.Context) { n++ })
		if n < 2 || n > 11 {
			t.Errorf("begun %d times in ten seconds", n)
		}
	})
}
