package storagetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/storage"
)

// RedisServer goes on with the options of a Redis server, if TEST_REDIS_URL names one.
func RedisServer(t testing.TB, then func(o storage.SessionsOptions)) {
	t.Helper()
	if o, ok := redisOptions(t); ok {
		then(o)
	}
}

// OpenSessions opens a dialogue store with [Key], which is closed with the test.
func OpenSessions(t testing.TB, o storage.SessionsOptions) *storage.Sessions {
	t.Helper()
	return openSessions(t, o)
}

// Dialogue is a state as it may be in the middle of a complaint.
func Dialogue(words string) ask.State {
	return ask.State{
		Lang:    "ru",
		Focus:   &ask.Session{ID: "d1", Flow: "complaint", Version: 1, Turn: 3, Phase: ask.Asking, Asked: "text", Answers: map[string]ask.Answer{"text": {Values: []string{words}}}},
		Handled: []string{"1001", "1002"},
		Replies: []ask.Reply{{Text: words, Buttons: [][]ask.Button{{{Text: "Назад", Data: "b3"}}}}},
		Agreed:  Now, Consent: "1", Wake: Now.Add(24 * time.Hour),
	}
}

// RunSessions checks every promise on new dialogue stores. What open is asked for besides, it
// leaves as it is.
func RunSessions(t *testing.T, open func(t *testing.T, o storage.SessionsOptions) *storage.Sessions) {
	for _, p := range sessionPromises {
		t.Run(p.says, func(t *testing.T) { p.keep(t, open) })
	}
}

type opener = func(t *testing.T, o storage.SessionsOptions) *storage.Sessions

var sessionPromises = []struct {
	says string
	keep func(t *testing.T, open opener)
}{
	{"somebody new has an empty dialogue", func(t *testing.T, open opener) {
		s := open(t, storage.SessionsOptions{})
		must(t, s.Ping(t.Context()))
		st, unsent, err := s.Load(t.Context(), aigerim)
		must(t, err)
		want(t, "state", st, ask.State{})
		want(t, "unsent", unsent, false)
	}},
	{"what is saved is loaded the same, one revision on", func(t *testing.T, open opener) {
		s := open(t, storage.SessionsOptions{})
		st := Dialogue("Лекцию отменили, <b>а нам</b> не сказали 🙁")
		for range 3 {
			must(t, s.Save(t.Context(), aigerim, st, false))
			got, unsent, err := s.Load(t.Context(), aigerim)
			must(t, err)
			st.Rev++
			st.Version = ask.StateVersion
			want(t, "state", got, st)
			want(t, "unsent", unsent, false)
		}
		other, _, err := s.Load(t.Context(), stranger)
		must(t, err)
		want(t, "somebody else's", other, ask.State{})
	}},
	{"of sixteen who go on from the same turn, one wins", func(t *testing.T, open opener) {
		s := open(t, storage.SessionsOptions{})
		for range 5 {
			st, _, err := s.Load(t.Context(), aigerim)
			must(t, err)
			won := at16(t, func(i int) (bool, error) {
				mine := st
				mine.Lang = fmt.Sprint(i)
				err := s.Save(t.Context(), aigerim, mine, i%2 == 0)
				if errors.Is(err, dauys.ErrConflict) {
					return false, nil
				}
				return err == nil, err
			})
			want(t, "who won", won, 1)
			after, _, err := s.Load(t.Context(), aigerim)
			must(t, err)
			want(t, "revision", after.Rev, st.Rev+1)
		}
	}},
	{"a late write does not bring back a dialogue that is gone", func(t *testing.T, open opener) {
		s := open(t, storage.SessionsOptions{})
		st := Dialogue("x")
		st.Rev = 7
		wantErr(t, "a write from revision 7 of nothing", s.Save(t.Context(), aigerim, st, true), dauys.ErrConflict)
		unsent, err := s.Unsent(t.Context(), 10)
		must(t, err)
		want(t, "unsent", len(unsent), 0)
	}},
	{"who has unsent replies is found until they are sent, a later turn's included", func(t *testing.T, open opener) {
		s, ctx := open(t, storage.SessionsOptions{}), t.Context()
		unsent := func() map[dauys.Address]int64 {
			t.Helper()
			all, err := s.Unsent(ctx, 10)
			must(t, err)
			return all
		}
		loaded := func() bool {
			t.Helper()
			_, is, err := s.Load(ctx, aigerim)
			must(t, err)
			return is
		}
		want(t, "unsent at first", unsent(), map[dauys.Address]int64{})
		must(t, s.Save(ctx, aigerim, ask.State{}, true))
		must(t, s.Save(ctx, stranger, ask.State{}, true))
		want(t, "unsent", unsent(), map[dauys.Address]int64{aigerim: 1, stranger: 1})
		want(t, "unsent by Load", loaded(), true)
		must(t, s.Save(ctx, aigerim, ask.State{Rev: 1}, true))
		must(t, s.Sent(ctx, map[dauys.Address]int64{aigerim: 1, stranger: 1, deputy: 5}))
		want(t, "unsent after the earlier turn was sent", unsent(), map[dauys.Address]int64{aigerim: 2})
		want(t, "unsent by Load", loaded(), true)
		must(t, s.Save(ctx, aigerim, ask.State{Rev: 2}, false))
		want(t, "unsent after a turn without replies", unsent(), map[dauys.Address]int64{aigerim: 2})
		must(t, s.Sent(ctx, map[dauys.Address]int64{aigerim: 3}))
		want(t, "unsent in the end", unsent(), map[dauys.Address]int64{})
		want(t, "unsent by Load", loaded(), false)
		must(t, s.Sent(ctx, nil))
	}},
	{"who is to be told something is found when the time has come, in the order of the times, until that changes", func(t *testing.T, open opener) {
		s, ctx := open(t, storage.SessionsOptions{}), t.Context()
		woken := func(now time.Time, want ...dauys.Address) {
			t.Helper()
			got, err := s.Woken(ctx, now, 10)
			must(t, err)
			if !slices.Equal(got, want) {
				t.Errorf("at %s: %v, want %v", now.Format(time.TimeOnly), got, want)
			}
		}
		must(t, s.Save(ctx, aigerim, ask.State{Wake: Now.Add(time.Minute)}, false))
		must(t, s.Save(ctx, stranger, ask.State{Wake: Now}, true))
		must(t, s.Save(ctx, deputy, ask.State{}, true))
		woken(Now.Add(-time.Second))
		woken(Now, stranger)
		woken(Now.Add(time.Hour), stranger, aigerim)
		must(t, s.Save(ctx, stranger, ask.State{Rev: 1, Wake: Now.Add(2 * time.Hour)}, true))
		woken(Now.Add(time.Hour), aigerim)
		must(t, s.Save(ctx, aigerim, ask.State{Rev: 1}, false))
		woken(Now.Add(time.Hour))
		some, err := s.Woken(ctx, Now.Add(time.Hour*24), 1)
		must(t, err)
		want(t, "limited", some, []dauys.Address{stranger})
	}},
	{"hundreds are marked as sent at once", func(t *testing.T, open opener) {
		s, ctx := open(t, storage.SessionsOptions{}), t.Context()
		all := map[dauys.Address]int64{}
		for i := range 250 {
			who := dauys.Address(fmt.Sprint("telegram:", i))
			must(t, s.Save(ctx, who, ask.State{}, true))
			all[who] = 1
		}
		some, err := s.Unsent(ctx, 40)
		must(t, err)
		want(t, "limited", len(some), 40)
		must(t, s.Sent(ctx, all))
		left, err := s.Unsent(ctx, 1000)
		must(t, err)
		want(t, "left", len(left), 0)
	}},
	{"what nobody has touched for long is swept out", func(t *testing.T, open opener) {
		s, ctx := open(t, storage.SessionsOptions{TTL: 300 * time.Millisecond}), t.Context()
		must(t, s.Save(ctx, aigerim, Dialogue("x"), true))
		for range 200 {
			st, _, err := s.Load(ctx, aigerim)
			must(t, err)
			if st.Rev == 0 {
				must(t, s.Save(ctx, aigerim, Dialogue("y"), true))
				return
			}
			time.Sleep(25 * time.Millisecond)
		}
		t.Error("it is still there after five seconds")
	}},
	{"whose caller went away is not told that Redis is", func(t *testing.T, open opener) {
		s := open(t, storage.SessionsOptions{})
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		_, _, err := s.Load(gone, aigerim)
		if !errors.Is(err, context.Canceled) || errors.Is(err, storage.ErrUnavailable) {
			t.Errorf("error %v", err)
		}
	}},
}
