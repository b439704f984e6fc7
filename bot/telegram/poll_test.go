package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/bot"
	"alt.edu.kz/dauys/bot/simulator"
)

// taker is an intake that writes down what it takes, and fails as it is told.
type taker struct {
	mu       sync.Mutex
	took     []string // "person text"
	recorded int
	aside    []string
	led      int
	refuse   func(u bot.Update) error // asked first, unlocked
	changed  chan struct{}
}

func newTaker() *taker { return &taker{changed: make(chan struct{}, 1000)} }

func (k *taker) LeadAlone(ctx context.Context) func() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.led++
	return func() { <-ctx.Done() }
}

func (k *taker) Handle(_ context.Context, u bot.Update) error {
	if k.refuse != nil {
		if err := k.refuse(u); err != nil {
			return err
		}
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.took = append(k.took, strings.TrimPrefix(string(u.From), Name+":")+" "+u.Text)
	k.changed <- struct{}{}
	return nil
}

func (k *taker) HandleRecorded(ctx context.Context, u bot.Update) error {
	k.mu.Lock()
	k.recorded++
	k.mu.Unlock()
	return k.Handle(ctx, u)
}

func (k *taker) Unreadable(_ context.Context, id string, raw []byte, cause error) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.aside = append(k.aside, id)
	k.changed <- struct{}{}
	return nil
}

// all is what was taken, when it is n.
func (k *taker) all(t *testing.T, n int) []string {
	t.Helper()
	for {
		k.mu.Lock()
		took := slices.Clone(k.took)
		k.mu.Unlock()
		if len(took) >= n {
			return took
		}
		select {
		case <-k.changed:
		case <-time.After(20 * time.Second):
			t.Fatalf("took %q, waiting for %d", took, n)
		}
	}
}

// of is what was taken of one person, in order.
func of(took []string, who int64) (texts []string) {
	for _, line := range took {
		if text, ok := strings.CutPrefix(line, strconv.FormatInt(who, 10)+" "); ok {
			texts = append(texts, text)
		}
	}
	return texts
}

// poll polls until the test ends, or it is stopped.
func (s *stage) poll(k *taker) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.Poll(ctx, k)
	}()
	stop = func() { cancel(); <-done }
	s.t.Cleanup(stop)
	return stop
}

func (s *stage) say(who int64, text string) {
	s.t.Helper()
	if _, err := s.sim.Say(who, who, text); err != nil {
		s.t.Fatal(err)
	}
}

// quiet waits until every update is confirmed.
func (s *stage) quiet() {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), 20*time.Second)
	defer cancel()
	if err := s.sim.Quiet(ctx); err != nil {
		s.t.Fatal(err)
	}
}

func (s *stage) pending() int {
	n := 0
	_ = s.sim.Await(s.t.Context(), func(v *simulator.View) bool { n = v.PendingUpdates(); return true })
	return n
}

func TestPoll(t *testing.T) {
	s := newStage(t)
	for n := range 150 { // more than a batch
		s.say(aigerim, fmt.Sprint(n))
		s.say(dima, fmt.Sprint(n))
	}
	k := newTaker()
	stop := s.poll(k)
	took := k.all(t, 300)
	s.quiet()
	for _, who := range []int64{aigerim, dima} {
		for n, text := range of(took, who) {
			if text != fmt.Sprint(n) {
				t.Fatalf("%d's number %d is %s", who, n, text)
			}
		}
	}
	if k.recorded != 100 {
		t.Errorf("%d were recorded, want the first batch", k.recorded)
	}
	stop()
	if k.led != 1 {
		t.Errorf("led %d times", k.led)
	}
}

// A person whose update takes long holds up nobody else of the batch.
func TestPollServesPeopleSideBySide(t *testing.T) {
	s := newStage(t)
	free := make(chan struct{})
	k := newTaker()
	k.refuse = func(u bot.Update) error {
		if u.Text == "slow" {
			<-free
		}
		return nil
	}
	s.say(aigerim, "slow")
	s.say(aigerim, "after")
	s.say(dima, "quick")
	s.poll(k)
	if took := k.all(t, 1); !slices.Equal(took, []string{"102 quick"}) {
		t.Errorf("took %q", took)
	}
	if n := s.pending(); n != 3 {
		t.Errorf("%d are unconfirmed while one is not done with, want all of the batch", n)
	}
	close(free)
	if got := of(k.all(t, 3), aigerim); !slices.Equal(got, []string{"slow", "after"}) {
		t.Errorf("took %q", got)
	}
	s.quiet()
}

// An update is confirmed only when it was taken; those that were are not handed over again.
func TestPollConfirmsOnlyWhatWasTaken(t *testing.T) {
	s := newStage(t)
	var mu sync.Mutex
	tries := map[string]int{}
	away := true
	failed := make(chan struct{}, 100)
	k := newTaker()
	k.refuse = func(u bot.Update) error {
		mu.Lock()
		defer mu.Unlock()
		tries[u.Text]++
		if u.Text == "b" && away {
			failed <- struct{}{}
			return dauys.ErrUnavailable
		}
		return nil
	}
	s.say(aigerim, "a")
	s.say(aigerim, "b")
	s.say(aigerim, "c")
	s.say(dima, "d")
	s.poll(k)
	<-failed
	<-failed
	if n := s.pending(); n != 4 {
		t.Errorf("%d are unconfirmed, want 4", n)
	}
	mu.Lock()
	away = false
	mu.Unlock()
	if got := of(k.all(t, 4), aigerim); !slices.Equal(got, []string{"a", "b", "c"}) {
		t.Errorf("took %q", got)
	}
	s.quiet()
	if tries["a"] != 1 || tries["d"] != 1 || tries["c"] != 1 || tries["b"] < 3 {
		t.Errorf("tries: %v", tries)
	}
}

// A stop while something cannot be stored leaves it unconfirmed, and it comes again.
func TestAStopLeavesWhatWasNotTaken(t *testing.T) {
	s := newStage(t)
	failed := make(chan struct{}, 100)
	k := newTaker()
	k.refuse = func(bot.Update) error { failed <- struct{}{}; return dauys.ErrUnavailable }
	s.say(aigerim, "a")
	stop := s.poll(k)
	<-failed
	stop()
	if n := s.pending(); n != 1 {
		t.Errorf("%d are unconfirmed", n)
	}
	next := newTaker()
	s.poll(next)
	if took := next.all(t, 1); !slices.Equal(took, []string{"101 a"}) {
		t.Errorf("took %q", took)
	}
	s.quiet()
}

// What cannot be read is put aside, what nobody reads is passed over, and the rest comes.
func TestPollWithPoisonInTheBatch(t *testing.T) {
	s := newStage(t)
	s.say(aigerim, "before")
	s.sim.InjectRaw(json.RawMessage(`{"update_id":5000,"message":{"text":["no"]}}`))
	s.sim.InjectRaw(json.RawMessage(`{"update_id":5001,"message":5}`))
	s.sim.InjectRaw(json.RawMessage(`{"update_id":5002,"telepathy":{"from":1}}`))
	s.sim.InjectRaw(json.RawMessage(`{"update_id":5003,"poll":{"id":"1"}}`))
	s.sim.InjectRaw(json.RawMessage(`{"update_id":5004,"channel_post":{"message_id":1,"chat":{"id":-100,"type":"channel"},"text":"x"}}`))
	s.sim.InjectRaw(json.RawMessage(`{"update_id":5005,"message":{"message_id":1,"from":{"id":101},"chat":{"id":101,"type":"private"},"forward_origin":{"type":"telepathy"},"text":"new kind"}}`))
	s.say(aigerim, "after")
	k := newTaker()
	s.poll(k)
	if took := k.all(t, 3); !slices.Equal(took, []string{"101 before", "101 new kind", "101 after"}) {
		t.Errorf("took %q", took)
	}
	s.quiet()
	if want := []string{"telegram:5000", "telegram:5001"}; !slices.Equal(k.aside, want) {
		t.Errorf("aside: %q", k.aside)
	}
	if strings.Contains(s.log.String(), "before") {
		t.Errorf("what somebody wrote is in the log: %s", s.log)
	}
}

// Whatever Telegram says instead of updates, asking goes on, and nothing is lost.
func TestPollGoesOn(t *testing.T) {
	for name, fault := range map[string]simulator.Fault{
		"409": {Status: 409, Description: "Conflict: terminated by other getUpdates request"},
		"429": {RetryAfter: 1},
		"500": {Status: 500},
		"502": {HTML: true},
		"cut": {CutAfter: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			fault.Method = "getUpdates"
			s.sim.Fail(fault)
			s.say(aigerim, "a")
			k := newTaker()
			s.poll(k)
			if took := k.all(t, 1); !slices.Equal(took, []string{"101 a"}) {
				t.Errorf("took %q", took)
			}
			s.quiet()
			if !strings.Contains(s.log.String(), "ask for updates") || strings.Contains(s.log.String(), "<html>") {
				t.Errorf("logged: %s", s.log)
			}
		})
	}
}

// script is a Telegram whose answers to getUpdates are written down beforehand; it needs no
// network, so that time can be a test's.
type script struct {
	mu      sync.Mutex
	answers []string // the last one for ever
	asked   []int64  // offsets
	at      []time.Time
}

func (p *script) RoundTrip(r *http.Request) (*http.Response, error) {
	var ask struct {
		Offset int64 `json:"offset"`
	}
	if err := json.NewDecoder(r.Body).Decode(&ask); err != nil {
		return nil, err
	}
	p.mu.Lock()
	p.asked, p.at = append(p.asked, ask.Offset), append(p.at, time.Now())
	answer := p.answers[0]
	if len(p.answers) > 1 {
		p.answers = p.answers[1:]
	}
	p.mu.Unlock()
	switch answer {
	case "wait":
		<-r.Context().Done()
		return nil, r.Context().Err()
	case "dead":
		return nil, errors.New("connection refused")
	}
	status, body, _ := strings.Cut(answer, " ")
	code, _ := strconv.Atoi(status)
	return &http.Response{StatusCode: code, Status: status, Header: http.Header{}, Body: io.NopCloser(bytes.NewBufferString(body))}, nil
}

// played polls a script for a while, in a time of its own.
func played(t *testing.T, while time.Duration, answers ...string) (p *script, k *taker) {
	t.Helper()
	p, k = &script{answers: answers}, nil
	synctest.Test(t, func(t *testing.T) {
		tg, err := New("http://telegram.invalid", token, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		tg.client.poll.Transport = p
		k = newTaker()
		ctx, cancel := context.WithTimeout(t.Context(), while)
		defer cancel()
		tg.Poll(ctx, k)
	})
	return p, k
}

func text(id int64, words string) string {
	return fmt.Sprintf(`{"update_id":%d,"message":{"message_id":1,"from":{"id":101},"chat":{"id":101,"type":"private"},"text":%q}}`, id, words)
}

func ok(updates ...string) string {
	return `200 {"ok":true,"result":[` + strings.Join(updates, ",") + `]}`
}

// After a quiet week Telegram counts from somewhere else, perhaps lower.
func TestIdsThatBeginAnewAreConfirmed(t *testing.T) {
	p, k := played(t, time.Minute, ok(text(900, "a"), text(901, "b")), ok(text(77, "c")), ok(text(78, "d")), "wait")
	if want := []int64{0, 902, 78, 79}; !slices.Equal(p.asked, want) {
		t.Errorf("asked for %v, want %v", p.asked, want)
	}
	if want := []string{"101 a", "101 b", "101 c", "101 d"}; !slices.Equal(k.took, want) {
		t.Errorf("took %q", k.took)
	}
}

// However the answers fail, Telegram is asked seldom.
func TestPollIsNoBusyLoop(t *testing.T) {
	for name, test := range map[string]struct {
		answer string
		most   int
	}{
		"refused":         {"dead", 15},
		"unauthorized":    {`401 {"ok":false,"error_code":401,"description":"Unauthorized"}`, 15},
		"no JSON":         {"502 <html>", 15},
		"wait":            {`429 {"ok":false,"parameters":{"retry_after":40}}`, 4},
		"not an update":   {ok(`7`), 110},
		"without an id":   {ok(`{}`), 110},
		"an endless wait": {"wait", 3},
	} {
		t.Run(name, func(t *testing.T) {
			p, _ := played(t, 100*time.Second, test.answer)
			if n := len(p.asked); n > test.most || n == 0 {
				t.Errorf("asked %d times in 100 seconds, want at most %d", n, test.most)
			}
		})
	}
}
