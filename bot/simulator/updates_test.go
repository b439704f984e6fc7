package simulator

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// poll is a getUpdates call in the background.
func (w *world) poll(pairs ...any) <-chan reply {
	out := make(chan reply, 1)
	body, _ := json.Marshal(args(pairs...))
	go func() {
		r, err := w.try(w.t.Context(), "getUpdates", "application/json", body)
		if err != nil {
			r.Description = err.Error()
		}
		out <- r
	}()
	return out
}

// waiting waits until a poll waits that is not this one, and returns it.
func (w *world) waiting(not *poller) *poller {
	w.t.Helper()
	var now *poller
	if err := w.Await(w.t.Context(), func(*View) bool { now = w.poller; return now != nil && now != not }); err != nil {
		w.t.Fatal(err)
	}
	return now
}

func ids(r reply) string {
	var updates []struct {
		ID int64 `json:"update_id"`
	}
	_ = json.Unmarshal(r.Result, &updates)
	var out []string
	for _, u := range updates {
		out = append(out, fmt.Sprint(u.ID))
	}
	return strings.Join(out, " ")
}

func (w *world) say(n int) {
	for i := range n {
		must(w.Say(aigerim, aigerim, fmt.Sprint("message ", i)))
	}
}

// forget makes the next poll the first of its kind, so that it is not slowed.
func (w *world) forget() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lastPoll = lastPoll{}
}

func TestPolling(t *testing.T) {
	w := newWorld(t)
	w.say(3)
	equal(t, "offset 0 confirms nothing", ids(w.call("getUpdates", "offset", 0)), "1000 1001 1002")
	w.forget()
	equal(t, "nor does none", ids(w.call("getUpdates")), "1000 1001 1002")
	equal(t, "an offset forgets what is before", ids(w.call("getUpdates", "offset", 1001)), "1001 1002")
	equal(t, "for good", ids(w.call("getUpdates", "offset", 1)), "1001 1002")
	equal(t, "a limit", ids(w.call("getUpdates", "offset", 2, "limit", 1)), "1001")
	equal(t, "a limit of nonsense is 1", ids(w.call("getUpdates", "offset", 3, "limit", "many")), "1001")
	equal(t, "an offset beyond the queue is its head", ids(w.call("getUpdates", "offset", 5000)), "1001 1002")
	equal(t, "a negative offset keeps the last", ids(w.call("getUpdates", "offset", -1)), "1002")
	equal(t, "the next after the last empties", ids(w.call("getUpdates", "offset", 1003, "timeout", 0)), "")
	equal(t, "pending", see(w.Server, func(v *View) int { return v.PendingUpdates() }), 0)

	w.run("a poll waits for something to happen", func(t *testing.T) {
		first := w.poll("offset", 1004, "timeout", 50)
		w.waiting(nil)
		w.say(1)
		equal(t, "woken", ids(<-first), "1003")
	})
	w.run("a second poll that waits ends the first", func(t *testing.T) {
		first := w.poll("offset", 1004, "timeout", 50)
		earlier := w.waiting(nil)
		second := w.poll("offset", 1004, "timeout", 49)
		r := <-first
		equal(t, "code", r.Code, 409)
		equal(t, "words", r.Description, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running")
		w.waiting(earlier)
		w.say(1)
		equal(t, "the second goes on", ids(<-second), "1004")
	})
	w.run("a second poll that need not wait disturbs nobody", func(t *testing.T) {
		first := w.poll("offset", 1005, "timeout", 50)
		w.waiting(nil)
		equal(t, "empty at once", ids(w.call("getUpdates", "offset", 900, "timeout", 0)), "")
		w.say(1)
		equal(t, "the first goes on", ids(<-first), "1005")
	})
	w.run("asking the same within half a second gives one", func(t *testing.T) {
		w.say(2)
		w.call("getUpdates", "offset", 1005)
		equal(t, "one", ids(w.call("getUpdates", "offset", 1005)), "1005")
	})
	w.run("closing ends a poll", func(t *testing.T) {
		last := w.poll("offset", 2000, "timeout", 50)
		<-last
		last = w.poll("offset", 1008, "timeout", 50)
		w.waiting(nil)
		if err := w.Close(); err != nil {
			t.Error(err)
		}
		equal(t, "words", (<-last).Description, "Internal Server Error: restart")
	})
}

func TestWhichUpdatesCome(t *testing.T) {
	w := newWorld(t)
	w.Promote(office, w.BotID())
	equal(t, "one's own rights", w.kinds(), []string{"my_chat_member"})
	w.Join(office, aigerim)
	equal(t, "chat_member only when asked for", w.kinds(), []string{"message"})
	w.done("getUpdates", "offset", -1, "allowed_updates", []string{"message", "chat_member"}, "timeout", 1)
	w.Leave(office, aigerim)
	equal(t, "then it comes", w.kinds(), []string{"message", "chat_member"})
	w.Block(bolat)
	equal(t, "what is not listed does not", w.kinds(), nil)
	w.mu.Lock()
	w.allow(&request{params: map[string]string{"allowed_updates": "nonsense"}})
	equal(t, "nonsense changes nothing", w.w.Allowed, []string{"message", "chat_member"})
	w.allow(&request{params: map[string]string{"allowed_updates": `["nothing"]`}})
	w.mu.Unlock()
	equal(t, "only unknown names mean the default", w.done("getWebhookInfo").decode(t)["allowed_updates"], nil)
	w.Unblock(bolat)
	equal(t, "the default", w.kinds(), []string{"my_chat_member"})
}

func TestUpdatesAreKeptForATime(t *testing.T) {
	w := newWorld(t)
	w.say(1)
	w.clock.Advance(24*time.Hour - time.Second)
	equal(t, "still there", see(w.Server, func(v *View) int { return v.PendingUpdates() }), 1)
	w.clock.Advance(time.Second)
	equal(t, "gone", see(w.Server, func(v *View) int { return v.PendingUpdates() }), 0)
	w.run("after a week of silence ids jump", func(t *testing.T) {
		w.clock.Advance(7 * 24 * time.Hour)
		w.say(1)
		u := w.take()[0]
		holds(t, fmt.Sprint(u["update_id"]), u["update_id"].(float64) != 1001)
	})
	w.run("an update of more than 64 KB is dropped", func(t *testing.T) {
		w.Inject(args("message", args("text", strings.Repeat("x", 64<<10))))
		equal(t, "pending", see(w.Server, func(v *View) int { return v.PendingUpdates() }), 0)
	})
	w.run("raw updates come as they are", func(t *testing.T) {
		w.Inject(args("brand_new_kind", 1))
		w.InjectRaw(json.RawMessage(`{"update_id":2000000000,"message":{"text":5}}`))
		u := w.take()
		equal(t, "unknown", u[0]["brand_new_kind"], 1)
		equal(t, "poison", at(u[1], "message.text"), 5)
	})
}

func TestRedelivery(t *testing.T) {
	w := newWorld(t)
	w.Duplicate(2)
	w.say(1)
	equal(t, "first", ids(w.call("getUpdates", "offset", 0)), "1000")
	equal(t, "again, though confirmed", ids(w.call("getUpdates", "offset", 1001)), "1000")
	equal(t, "never more", ids(w.call("getUpdates", "offset", 1001, "timeout", 0)), "")
	w.Duplicate(1)
	w.Shuffle(true)
	w.say(20)
	got := ids(w.call("getUpdates", "offset", 1))
	equal(t, "all come", len(strings.Fields(got)), 20)
	holds(t, "in another order", !strings.HasPrefix(got, "1001 1002 1003 1004"))
}

// TestHowLongAPollWaits: real time, in a bubble where it can pass.
func TestHowLongAPollWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, err := New(Options{Token: "1:TEST", Clock: &handClock{now: time.Date(2026, 9, 1, 9, 0, 0, 0, time.UTC)}})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		s.AddPerson(Person{ID: aigerim, FirstName: "Aigerim"})
		ask := func(pairs ...string) (time.Duration, int) {
			params := map[string]string{}
			for i := 0; i < len(pairs); i += 2 {
				params[pairs[i]] = pairs[i+1]
			}
			began := time.Now()
			got, err := s.getUpdates(t.Context(), &request{method: "getUpdates", params: params})
			if err != nil {
				t.Fatal(err)
			}
			var list []any
			_ = json.Unmarshal(got.(json.RawMessage), &list)
			return time.Since(began), len(list)
		}
		for _, c := range []struct {
			name, offset, timeout string
			pause, want           time.Duration
		}{
			{"no time asked for", "1", "0", 0, 0},
			{"ten seconds", "2", "10", 0, 10 * time.Second},
			{"50 seconds at most", "3", "600", 0, 50 * time.Second},
			{"nonsense is none", "4", "soon", 0, 0},
			{"the same again within 3 seconds waits 3", "4", "0", time.Second, 3 * time.Second},
			{"the same later does not", "4", "0", 5 * time.Second, 0},
		} {
			time.Sleep(c.pause)
			took, _ := ask("offset", c.offset, "timeout", c.timeout)
			equal(t, c.name, took.String(), c.want.String())
		}
		for i := range 3 {
			must(s.Say(aigerim, aigerim, fmt.Sprint(i)))
		}
		ask("offset", "7")
		_, n := ask("offset", "7")
		equal(t, "the same again within half a second gives one", n, 1)
	})
}

func TestHowMuchWaits(t *testing.T) {
	w := newWorld(t)
	w.run("an answer is of 4 MiB at most", func(t *testing.T) {
		for range 80 {
			w.Inject(args("message", args("text", strings.Repeat("x", 60_000))))
		}
		r := w.call("getUpdates", "offset", 5)
		holds(t, fmt.Sprint(len(r.Result)), len(r.Result) > 3<<20 && len(r.Result) <= 4<<20)
	})
	w.run("of 100,000 updates the next is dropped", func(t *testing.T) {
		w.mu.Lock()
		for len(w.w.Queue) < mostUpdates {
			w.w.Queue = append(w.w.Queue, &update{ID: w.nextUpdateID(), Raw: json.RawMessage("{}"), Expires: w.clock.Now().Add(messageLife)})
		}
		w.mu.Unlock()
		w.say(1)
		equal(t, "pending", see(w.Server, func(v *View) int { return v.PendingUpdates() }), 100_000)
	})
}

// TestInjectedUpdatesComeInOrder: the id and the place in the queue are chosen
// in one step.
func TestInjectedUpdatesComeInOrder(t *testing.T) {
	w := newWorld(t)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 50 {
				w.Inject(args("message", args("text", "x")))
				must(w.Say(aigerim, aigerim, "y"))
			}
		})
	}
	all.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	equal(t, "updates", len(w.w.Queue), 800)
	holds(t, "in the order of their ids", slices.IsSortedFunc(w.w.Queue, func(a, b *update) int { return cmp.Compare(a.ID, b.ID) }))
}
