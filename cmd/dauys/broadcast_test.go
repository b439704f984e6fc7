package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/bot/simulator"
	"alt.edu.kz/dauys/notices"
	"alt.edu.kz/dauys/registrar"
	"alt.edu.kz/dauys/storage"
)

var (
	broadcast = flag.Int("notices", 300, "how many people are told something at once; 10000 is what docs/reliability.md shows")
	manyNews  = flag.Int("news", 2000, "how many news the larger of two imports is made into; 100000 is what docs/performance.md shows")
)

// swifter is by how much time goes faster for the limits of sending, in the simulator and in the bot: 30
// messages a second become 300, and the 25 that the bot sends 250.
const swifter = 10

// firstReader is the id of the first of those who are told something.
const firstReader = 1_000_000

// post is a Telegram that counts what it takes, and refuses now and then.
type post struct {
	*simulator.Server
	api http.Handler

	mu       sync.Mutex
	took     map[int64][]taken // of readers
	times    []time.Time       // of that
	others   []time.Time       // of what other people got
	statuses map[int]int       // of answers to sendMessage
	blocked  map[int64]bool
	calls    int
	errors   int // every so many calls are answered with 500; 0: none
	slows    int // and with 429
	waits    map[int64]chan time.Time
}

type taken struct {
	at   time.Time
	text string
}

func (p *post) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !strings.HasSuffix(r.URL.Path, "/sendMessage") {
		p.api.ServeHTTP(w, r)
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	var m struct {
		Chat json.Number `json:"chat_id"`
		Text string      `json:"text"`
	}
	_ = json.Unmarshal(body, &m)
	chat, _ := m.Chat.Int64()
	answer := p.fault(chat)
	if answer == 0 {
		noted := &noting{ResponseWriter: w, status: http.StatusOK}
		p.api.ServeHTTP(noted, r)
		p.note(chat, m.Text, noted.status)
		return
	}
	p.note(chat, m.Text, answer)
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(answer)
	switch answer {
	case http.StatusForbidden:
		_, _ = io.WriteString(w, `{"ok":false,"error_code":403,"description":"Forbidden: bot was blocked by the user"}`)
	case http.StatusTooManyRequests:
		_, _ = io.WriteString(w, `{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 1","parameters":{"retry_after":1}}`)
	default:
		_, _ = io.WriteString(w, `{"ok":false,"error_code":500,"description":"Internal Server Error"}`)
	}
}

// fault is with what a call is refused; 0: it is not.
func (p *post) fault(chat int64) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.blocked[chat] {
		return http.StatusForbidden
	}
	if chat < firstReader {
		return 0
	}
	p.calls++
	switch {
	case p.slows > 0 && p.calls%p.slows == 0:
		return http.StatusTooManyRequests
	case p.errors > 0 && p.calls%p.errors == 0:
		return http.StatusInternalServerError
	}
	return 0
}

func (p *post) note(chat int64, text string, status int) {
	now := time.Now()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.statuses[status]++
	if status != http.StatusOK || chat < 0 {
		return
	}
	if w := p.waits[chat]; w != nil {
		p.others = append(p.others, now)
		select {
		case w <- now:
		default:
		}
		return
	}
	if chat >= firstReader {
		p.took[chat] = append(p.took[chat], taken{now, text})
		p.times = append(p.times, now)
	}
}

// readers is how many have got something.
func (p *post) readers() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.took)
}

// noting remembers a status.
type noting struct {
	http.ResponseWriter
	status int
}

func (n *noting) WriteHeader(status int) {
	n.status = status
	n.ResponseWriter.WriteHeader(status)
}

// crier is a bot, or two, with very many readers.
type crier struct {
	*post
	t     *testing.T
	ctx   context.Context
	env   []string
	db    *storage.DB
	n     int
	bots  []*child
	chats map[dauys.OfficeID]int64
}

// newCrier prepares stores with students who are linked with accounts, and a Telegram that they use.
func newCrier(t *testing.T, n, bots int, more ...string) *crier {
	t.Helper()
	c := &crier{t: t, n: n, bots: make([]*child, bots), post: &post{took: map[int64][]taken{}, statuses: map[int]int{}, blocked: map[int64]bool{}, waits: map[int64]chan time.Time{}}}
	limits := simulator.DefaultLimits()
	limits.Speed = swifter
	c.Server, _, c.chats = newSimulatorWith(t, simulator.Options{Token: "1:TEST", Limits: limits})
	c.api = c.Handler()
	server := httptest.NewServer(c.post)
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	ctx, cancel := context.WithTimeout(t.Context(), time.Duration(60+*broadcast/20)*time.Second)
	t.Cleanup(cancel)
	c.ctx = ctx
	c.env = append(settingsFor(t, server.URL)[:4], fasterVariable+"="+strconv.Itoa(swifter), "UNIVERSITY="+loudFile(t))
	c.env = append(c.env, more...)
	c.db = bindAll(ctx, t, c.env, c.chats)
	for i := range n {
		c.AddPerson(simulator.Person{ID: firstReader + int64(i), FirstName: "Студент", LanguageCode: "ru"})
		c.Started(firstReader + int64(i))
	}
	enrol(ctx, t, c.db, n)
	return c
}

// loudFile is the built-in structure file without quiet hours: a test may run at night.
func loudFile(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "alt.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for line := range strings.Lines(string(data)) {
		if !strings.HasPrefix(line, "  quiet: {from:") {
			lines = append(lines, line)
		}
	}
	name := filepath.Join(t.TempDir(), "loud.yaml")
	if err := os.WriteFile(name, []byte(strings.Join(lines, "")), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func numberOf(i int) string                           { return fmt.Sprintf("%08d", 30_000_000+i) }
func readerOf(i int) dauys.Address                    { return telegramAddress(firstReader + int64(i)) }
func groupOf(i int) string                            { return fmt.Sprintf("ИС-%d", i/25) }
func ofStudents([]dauys.Staff, []registrar.Link) bool { return true }

// enrol makes so many students, each with an account.
func enrol(ctx context.Context, t *testing.T, db *storage.DB, n int) {
	t.Helper()
	roster := make([]registrar.Entry, n)
	for i := range roster {
		roster[i] = registrar.EntryOf(registrar.Roster, registrar.Fields{"student": numberOf(i), "name": fmt.Sprint("Студент ", i), "group": groupOf(i), "course": "2", "status": "studying"})
	}
	laid(ctx, t, db, "roster", roster)
	laid(ctx, t, db, "marks/0", []registrar.Entry{markOf(0, "OLD", "rc1", 70)})
	now := time.Now()
	nothing := func(registrar.Tried) []dauys.Notification { return nil }
	for first := 0; first < n; first += 500 {
		var codes []registrar.Code
		for i := first; i < min(first+500, n); i++ {
			codes = append(codes, registrar.Code{Code: registrar.NewCode(), Person: registrar.OfStudent(numberOf(i)), Expires: now.Add(time.Hour)})
		}
		if err := db.IssueCodes(ctx, fmt.Sprint("codes/", first), codes, "", registrar.TheRegistrar, now, ofStudents); err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		for w := range 4 {
			wg.Go(func() {
				for at := w; at < len(codes); at += 4 {
					i := first + at
					tried, err := db.TryCode(ctx, registrar.Try{Cause: "try/" + numberOf(i), Who: readerOf(i), Number: numberOf(i), Code: codes[at].Code, At: now}, nothing)
					if err != nil || tried.Result != registrar.Linked {
						t.Errorf("link %d: %q, %v", i, tried.Result, err)
						return
					}
				}
			})
		}
		wg.Wait()
	}
	if t.Failed() {
		t.FailNow()
	}
}

func markOf(i int, discipline, control string, score int) registrar.Entry {
	return registrar.EntryOf(registrar.Marks, registrar.Fields{"student": numberOf(i), "group": groupOf(i), "year": "2026-2027", "semester": "1",
		"discipline": discipline, "title": discipline, "control": control, "score": strconv.Itoa(score)})
}

// laid publishes an import, and tells how long it took.
func laid(ctx context.Context, t *testing.T, db *storage.DB, id string, entries []registrar.Entry) time.Duration {
	t.Helper()
	begun := time.Now()
	im, err := db.BeginImport(ctx, registrar.Import{ID: id, Kind: entries[0].Kind, File: "x.csv", By: byCommand, At: begun})
	if err == nil {
		_, err = db.Stage(ctx, &im, entries)
	}
	if err == nil {
		err = db.FinishImport(ctx, &im)
	}
	if err == nil {
		_, err = db.Settle(ctx, id, registrar.Published, byCommand, time.Now(), nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return time.Since(begun)
}

// marks publishes a mark for each reader.
func (c *crier) marks(id, control string) {
	c.t.Helper()
	var all []registrar.Entry
	for i := range c.n {
		all = append(all, markOf(i, "IN-"+control, control, 50+i%50)) // two say different things
	}
	laid(c.ctx, c.t, c.db, id, all)
}

func (c *crier) spawn(n int) { c.bots[n] = spawn(c.t, c.env) }

// until waits until something is so, and fails with what the bots say.
func (c *crier) until(what string, is func() (bool, error)) {
	c.t.Helper()
	if err := soon(c.ctx, what, is); err != nil {
		c.fail(err)
	}
}

func (c *crier) fail(err error) {
	c.t.Helper()
	for n, b := range c.bots {
		if b != nil {
			b.kill()
			c.t.Logf("bot %d says: %s", n, tail(b.log.String()))
		}
	}
	c.t.Fatalf("%v; %d of %d readers have got something, answers %v", err, c.readers(), c.n, c.statuses)
}

// told waits until nothing waits any more but for those who have blocked the bot.
func (c *crier) told(plans ...string) {
	c.t.Helper()
	last := time.Time{}
	c.until("everybody is told", func() (bool, error) {
		if time.Since(last) < 200*time.Millisecond {
			return false, nil
		}
		last = time.Now()
		for _, id := range plans {
			p, err := c.db.Plan(c.ctx, id)
			if err != nil || p.State != notices.Made {
				return false, err
			}
			counts, err := c.db.CountsOf(c.ctx, id)
			if err != nil || counts.By[notices.Waiting] > counts.Unreachable || counts.Unreachable < len(c.blocked) {
				return false, err
			}
		}
		return true, nil
	})
}

// state is what became of the news of a plan, by reader.
func (c *crier) state(plan string) map[dauys.Address]notices.News {
	c.t.Helper()
	all := map[dauys.Address]notices.News{}
	above := int64(0)
	for {
		some, err := c.db.NewsOf(c.ctx, plan, above, 1000)
		if err != nil {
			c.t.Fatal(err)
		}
		for _, n := range some {
			all[n.Reader], above = n, n.ID
		}
		if len(some) < 1000 {
			return all
		}
	}
}

// TestBroadcast tells something to very many people at once, with Telegram's limits, for which time goes
// faster: the rate is kept, nothing is answered with 429, and who talks to the bot meanwhile is answered as ever.
func TestBroadcast(t *testing.T) {
	for _, pair := range pairs(t) {
		t.Run(pair.name, func(t *testing.T) {
			bots := 1
			if pair.name == "servers" {
				bots = 2
			}
			c := newCrier(t, *broadcast, bots, pair.env(t)...)
			people := 5
			for i := range people {
				c.waits[int64(firstStudent+i)] = make(chan time.Time, 10)
				newStudent(c.Server, i)
			}
			for n := range c.bots {
				c.spawn(n)
			}
			talk, cancel := context.WithCancel(c.ctx)
			defer cancel()
			var mu sync.Mutex
			var before, during []time.Duration
			var begun atomic.Bool
			var wg sync.WaitGroup
			for i := range people {
				wg.Go(func() {
					id := int64(firstStudent + i)
					for first := true; talk.Err() == nil; first = false {
						at, broadcasting := time.Now(), begun.Load()
						if _, err := c.Say(id, id, "/help"); err != nil {
							t.Error(err)
							return
						}
						select {
						case got := <-c.waits[id]:
							mu.Lock()
							if broadcasting {
								during = append(during, got.Sub(at))
							} else if !first {
								before = append(before, got.Sub(at))
							}
							mu.Unlock()
						case <-talk.Done():
							return
						}
						_ = soonAfter(talk, 150*time.Millisecond)
					}
				})
			}
			c.until("the bot answers", func() (bool, error) { mu.Lock(); defer mu.Unlock(); return len(before) >= 20, nil })
			published := time.Now()
			begun.Store(true)
			c.marks("m1", "rc1")
			c.told(notices.ImportPlan("m1"))
			cancel()
			wg.Wait()
			for _, b := range c.bots {
				b.terminate(t)
			}
			c.mu.Lock()
			defer c.mu.Unlock()
			took := c.times[len(c.times)-1].Sub(c.times[0])
			rate, limit := float64(len(c.times)-1)/took.Seconds(), 25.0*swifter
			others := 0.0
			for _, at := range c.others {
				if at.After(c.times[0]) && at.Before(c.times[len(c.times)-1]) {
					others += 1 / took.Seconds()
				}
			}
			t.Logf("%d readers told in %.1f s, %.1f s after the import was begun: %.1f a second, and %.1f answers, of %.0f allowed (%.1f %%); answers: p50 %s p99 %s before, p50 %s p99 %s meanwhile (%d); statuses %v; load %s",
				c.n, took.Seconds(), time.Since(published).Seconds(), rate, others, limit, 100*(rate+others)/limit, ms(quantile(before, 0.5)), ms(quantile(before, 0.99)), ms(quantile(during, 0.5)), ms(quantile(during, 0.99)), len(during), c.statuses, loadNow())
			if len(c.took) != c.n || len(c.times) != c.n {
				t.Errorf("%d readers of %d got %d messages", len(c.took), c.n, len(c.times))
			}
			if c.statuses[http.StatusTooManyRequests] > 0 {
				t.Errorf("%d calls were answered with 429", c.statuses[http.StatusTooManyRequests])
			}
			if c.n >= 5000 && (rate+others < 0.95*limit || quantile(during, 0.99) > 300*time.Millisecond) {
				t.Errorf("the rate is %.1f of %.0f, the answers take %s", rate+others, limit, quantile(during, 0.99))
			}
		})
	}
}

func soonAfter(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
	return ctx.Err()
}

func loadNow() string {
	load, _ := os.ReadFile("/proc/loadavg")
	return strings.Join(strings.Fields(string(load))[:min(2, len(strings.Fields(string(load))))], ", ")
}

// points are where bots are killed while they tell something to many; "" is anywhere.
var tellingPoints = []string{"", "notification-before-send", "notification-sent", "notification-sent-before-mark", "notification-marked"}

// TestBroadcastKilled kills the bots while they tell something to very many people, of whom some have blocked
// them, and while Telegram refuses some calls. Nobody misses anything, and nobody is told twice but what was
// on its way in the moment of a kill; each chat gets what it gets in order.
func TestBroadcastKilled(t *testing.T) {
	for at, pair := range pairs(t) {
		t.Run(pair.name, func(t *testing.T) {
			random := rand.New(rand.NewPCG(*seed, uint64(at)))
			bots := 1
			if pair.name == "servers" {
				bots = 2
			}
			c := newCrier(t, *broadcast, bots, append(pair.env(t), "LEASE=2s")...)
			c.errors, c.slows = 100, 1000
			for i := 7; i < c.n; i += 50 { // 2 %
				c.blocked[firstReader+int64(i)] = true
			}
			for n := range c.bots {
				c.spawn(n)
			}
			begun := time.Now()
			c.marks("m1", "rc1")
			plan1, plan2 := notices.ImportPlan("m1"), notices.ImportPlan("m2")
			deaths, kills, flying := 3, 0, 0
			if c.n >= 5000 {
				deaths = 10
			}
			for k := range deaths {
				need := (k + 1) * c.n * 9 / 10 / (deaths + 1)
				c.until("the broadcast goes on", func() (bool, error) { return c.readers() >= need, nil })
				if k == deaths/2 {
					c.marks("m2", "rc2") // more for all while they are being told
				}
				point := tellingPoints[k%len(tellingPoints)]
				if point == "" {
					time.Sleep(time.Duration(random.Int64N(int64(50 * time.Millisecond))))
				} else {
					dead := make(chan struct{}, len(c.bots))
					for _, b := range c.bots {
						b.dieAt(point, 1+random.IntN(20))
						go func() { <-b.done; dead <- struct{}{} }()
					}
					select {
					case <-dead:
					case <-c.ctx.Done():
						c.fail(fmt.Errorf("nobody came to %s", point))
					}
				}
				for _, b := range c.bots {
					b.kill()
				}
				kills++
				time.Sleep(300 * time.Millisecond) // what the servers were doing just then is done
				inFlight := c.unmarked(plan1, 0) + c.unmarked(plan2, 1)
				if inFlight > 2*16 { // of 16 messages, each of which may tell of both
					t.Errorf("%d news were on their way at a kill", inFlight)
				}
				flying += inFlight
				for n := range c.bots {
					c.spawn(n)
				}
			}
			c.told(plan1, plan2)
			took := time.Since(begun)

			first, second := c.state(plan1), c.state(plan2)
			lost, copies := 0, 0
			c.mu.Lock()
			for i := range c.n {
				id := firstReader + int64(i)
				a, b, got := first[readerOf(i)], second[readerOf(i)], c.took[id]
				if c.blocked[id] {
					if len(got) > 0 || a.State != notices.Waiting || b.State != notices.Waiting {
						t.Errorf("%d has blocked the bot: %s, %s, %d messages", id, a.State, b.State, len(got))
					}
					continue
				}
				distinct := map[string]bool{}
				for _, m := range got {
					distinct[m.text] = true
				}
				copies += len(got) - len(distinct)
				x, _ := strconv.Atoi(a.Message)
				y, _ := strconv.Atoi(b.Message)
				switch {
				case a.State != notices.Sent || b.State != notices.Sent || len(got) == 0:
					lost++
				case x > y:
					t.Errorf("%d was told of the later first: %d, %d", id, x, y)
				case x == y && len(distinct) != 1 && flying == 0, x != y && len(distinct) != 2:
					t.Errorf("%d got %d messages, of which %d are different: %s, %s", id, len(got), len(distinct), a.Message, b.Message)
				}
			}
			statuses := maps.Clone(c.statuses)
			c.mu.Unlock()
			t.Logf("%s: %d readers, 2 messages each, %d blocked, %d kills of %d bots, %.1f s: %d lost, %d copies, %d on their way at kills; answers %v; load %s", pair.name,
				c.n, len(c.blocked), kills, bots, took.Seconds(), lost, copies, flying, statuses, loadNow())
			if lost > 0 || copies > flying {
				t.Errorf("%d lost, %d copies of %d that were on their way", lost, copies, flying)
			}

			// One of those who had blocked the bot comes back, and is told.
			back := int64(firstReader + 7)
			c.mu.Lock()
			delete(c.blocked, back)
			c.mu.Unlock()
			c.Block(back)
			c.Unblock(back) // of which Telegram tells
			c.until("who is back is told", func() (bool, error) {
				counts, err := c.db.CountsOf(c.ctx, plan2)
				return counts.By[notices.Waiting] == len(c.blocked), err
			})
			for _, b := range c.bots {
				b.terminate(t)
			}
		})
	}
}

// unmarked are the news of a plan that a chat has got, and the database does not know of. Before it others
// may have come.
func (c *crier) unmarked(plan string, before int) (n int) {
	c.t.Helper()
	all := c.state(plan)
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := range c.n {
		got := map[string]bool{}
		for _, m := range c.took[firstReader+int64(i)] {
			got[m.text] = true
		}
		if a, ok := all[readerOf(i)]; ok && a.State == notices.Waiting && len(got) > before {
			n++
		}
	}
	return n
}

// TestTakeover kills the process that sends, with the lease of a real one: another goes on within twenty seconds.
func TestTakeover(t *testing.T) {
	all := pairs(t)
	if len(all) < 2 {
		t.Log("left out: there is one process with the embedded stores")
		return
	}
	lease, most := "LEASE=1s", 4*time.Second
	if *broadcast >= 5000 {
		lease, most = "LEASE=15s", 20*time.Second
	}
	c := newCrier(t, *broadcast, 2, append(all[1].env(t), lease)...)
	for n := range c.bots {
		c.spawn(n)
	}
	c.marks("m1", "rc1")
	for k := range 2 { // one of the two is the one that sends
		need := (k + 1) * c.n / 3
		c.until("the broadcast goes on", func() (bool, error) { return c.readers() >= need, nil })
		c.bots[k].kill()
		c.spawn(k)
		c.until("it still goes on", func() (bool, error) { return c.readers() >= min(need+c.n/6, c.n), nil })
	}
	c.told(notices.ImportPlan("m1"))
	for _, b := range c.bots {
		b.terminate(t)
	}
	var gap time.Duration
	for i := 1; i < len(c.times); i++ {
		gap = max(gap, c.times[i].Sub(c.times[i-1]))
	}
	t.Logf("nothing was sent for %.1f s after the sender was killed, with %s; load %s", gap.Seconds(), lease, loadNow())
	if gap > most || len(c.took) != c.n {
		t.Errorf("nothing for %s; %d of %d readers got something", gap, len(c.took), c.n)
	}
}

// TestPlanning makes two imports into news, one ten times the other, and compares what a piece of news
// costs. Five marks are for the same student.
func TestPlanning(t *testing.T) {
	for _, pair := range pairs(t) {
		t.Run(pair.name, func(t *testing.T) {
			var each []time.Duration
			for _, n := range []int{*manyNews / 10, *manyNews} {
				ctx := t.Context()
				env := append(settingsFor(t, "http://127.0.0.1:1"), pair.env(t)...)
				c, err := readConfig(env, "TELEGRAM_TOKEN")
				if err != nil {
					t.Fatal(err)
				}
				a, err := build(ctx, c, time.Now, slog.New(slog.DiscardHandler))
				if err != nil {
					t.Fatal(err)
				}
				enrol(ctx, t, a.db, n/5)
				var all []registrar.Entry
				for i := range n {
					all = append(all, markOf(i/5, fmt.Sprint("D", i%5), "rc1", 50+i%50))
				}
				published := laid(ctx, t, a.db, "m1", all)
				all = nil
				runtime.GC()
				var stats runtime.MemStats
				runtime.ReadMemStats(&stats)
				base, peak := stats.HeapAlloc, uint64(0)
				watched, stop := make(chan struct{}), make(chan struct{})
				go func() {
					defer close(watched)
					for {
						var now runtime.MemStats
						runtime.ReadMemStats(&now)
						peak = max(peak, now.HeapAlloc)
						select {
						case <-stop:
							return
						case <-time.After(50 * time.Millisecond):
						}
					}
				}()
				begun := time.Now()
				for {
					done, err := a.handlers.MakeNews(ctx)
					if err != nil {
						t.Fatal(err)
					}
					if !done {
						break
					}
				}
				took := time.Since(begun)
				close(stop)
				<-watched
				counts, err := a.db.CountsOf(ctx, notices.ImportPlan("m1"))
				if err != nil {
					t.Fatal(err)
				}
				total := 0
				for _, n := range counts.By {
					total += n
				}
				each = append(each, took/time.Duration(n))
				t.Logf("%s: %d news for %d readers planned in %.2f s, %s each; heap %.0f MB above %.0f MB at most; the import took %.1f s; load %s", pair.name, total, n/5,
					took.Seconds(), took/time.Duration(n), float64(peak-min(peak, base))/1e6, float64(base)/1e6, published.Seconds(), loadNow())
				if total != n {
					t.Errorf("%d news of %d marks", total, n)
				}
				if err := a.close(); err != nil {
					t.Error(err)
				}
			}
			if *manyNews >= 50_000 && each[1] > 2*each[0] {
				t.Errorf("a piece of news takes %s of %d, and %s of a tenth of them", each[1], *manyNews, each[0])
			}
		})
	}
}
