package main

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"alt.edu.kz/dauys/bot/simulator"
	"alt.edu.kz/dauys/fault"
	"alt.edu.kz/dauys/storage"
)

// ill is one way in which something on which the bot leans goes wrong, for a while.
type ill struct {
	name   string
	stores bool // one of the servers: needs them
	breaks func(w *weather)
	copies int // messages of which Telegram took more than it told
}

var ills = []ill{
	{"Redis is away", true, func(w *weather) { w.redis.refuse() }, 0},
	{"Redis takes 2 s", true, func(w *weather) { w.redis.delay(0, 2*time.Second) }, 0},
	{"Redis takes all and says nothing", true, func(w *weather) { w.redis.swallow() }, 0},
	{"PostgreSQL is away", true, func(w *weather) { w.database.refuse() }, 0},
	{"PostgreSQL takes 1 s", true, func(w *weather) { w.database.delay(0, time.Second) }, 0},
	{"the answers to six COMMITs are lost", true, func(w *weather) { w.database.loseAnswers(commit, 6) }, 0},
	{"Telegram says 500 and 502", false, func(w *weather) {
		w.sim.Fail(simulator.Fault{Method: "sendMessage", Times: 5, Status: 500})
		w.sim.Fail(simulator.Fault{Method: "editMessageText", Times: 5, HTML: true})
	}, 0},
	{"Telegram cuts before it does something", false, func(w *weather) { w.sim.Fail(simulator.Fault{Method: "sendMessage", Times: 5, CutBefore: true}) }, 0},
	{"Telegram cuts after it has done it", false, func(w *weather) { w.sim.Fail(simulator.Fault{Method: "sendMessage", Times: 5, CutAfter: true}) }, 5},
	{"Telegram brings all three times, in any order", false, func(w *weather) {
		w.sim.Duplicate(3)
		w.sim.Shuffle(true)
	}, 0},
}

// weather is a world of which everything but the bot goes wrong now and then.
type weather struct {
	*world
	database, redis *proxy // nil with the embedded stores
}

// TestOutages lets students and staff work while one thing after the other goes wrong and gets
// well again. The oracle finds nothing lost, nothing doubled, and copies only where Telegram did
// what it did not answer. With -kills from 10 on each ill has a world of its own, and goes on
// longer; the table of docs/reliability.md is printed.
func TestOutages(t *testing.T) {
	var mu sync.Mutex
	rows := []string{"| what goes wrong | stores | times | cases | extra copies | lost | doubled |", "| --- | --- | --: | --: | --: | --: | --: |"}
	long := *kills >= 10
	t.Run("pairs", func(t *testing.T) {
		for p, pair := range pairs(t) {
			t.Run(pair.name, func(t *testing.T) {
				t.Parallel()
				run := func(name string, plan []ill, n int) {
					t.Run(name, func(t *testing.T) {
						random := rand.New(rand.NewPCG(*seed, uint64(1000+100*p+n)))
						random.Shuffle(len(plan), func(i, j int) { plan[i], plan[j] = plan[j], plan[i] })
						v := newWeather(t, random, pair.env(t)).through(plan, long)
						mu.Lock()
						defer mu.Unlock()
						rows = append(rows, fmt.Sprintf("| %s | %s | %d | %d | %d | %d | %d |", name, pair.name, len(plan), v.cases, v.extra, v.lost, v.doubled))
					})
				}
				var all []ill
				for n, one := range ills {
					switch {
					case one.stores && pair.name == "embedded":
					case long:
						run(one.name, []ill{one, one, one}, n)
					default:
						all = append(all, one)
					}
				}
				if !long {
					run("all", all, 0)
				}
			})
		}
	})
	t.Logf("seed %d\n%s", *seed, strings.Join(rows, "\n"))
}

func newWeather(t *testing.T, random *rand.Rand, stores []string) *weather {
	t.Helper()
	w := &weather{world: newWorld(t, random, stores...)}
	c, err := readConfig(w.env, "TELEGRAM_TOKEN")
	if err != nil {
		t.Fatal(err)
	}
	if c["REDIS_URL"] != "" { // the world itself looks past the proxies
		var database, redis string
		w.database, database = proxied(t, c["DATABASE_URL"])
		w.redis, redis = proxied(t, c["REDIS_URL"])
		w.bot = []string{"DATABASE_URL=" + database, "REDIS_URL=" + redis}
	}
	return w
}

// through goes through a plan of ills, and tells what the oracle says in the end.
func (w *weather) through(plan []ill, long bool) verdict {
	w.t.Helper()
	stop := w.run()
	w.begin(3, 4)
	for _, one := range plan {
		w.registers()
		one.breaks(w)
		w.kills += one.copies
		lasts := 300 * time.Millisecond
		if long {
			lasts = 3 * time.Second
			if strings.HasSuffix(one.name, "is away") {
				lasts = 10 * time.Second
			}
		}
		time.Sleep(lasts) // that is the outage
		w.heal()
	}
	w.registers()
	w.end()
	w.rest()
	stop()
	w.oracle.kills = w.kills
	w.oracle.notice(w.kills)
	v := w.oracle.judge(w.ctx, w.t)
	w.dialogues()
	return v
}

func (w *weather) heal() {
	w.sim.Heal()
	w.sim.Duplicate(1)
	w.sim.Shuffle(false)
	if w.redis != nil {
		w.redis.heal()
		w.database.heal()
	}
}

// registers waits until the bot has registered something more.
func (w *weather) registers() {
	w.t.Helper()
	before := -1
	if err := soon(w.ctx, "something is registered", func() (bool, error) {
		all, err := w.db.Cases(w.ctx, storage.Filter{Limit: 100_000})
		if before < 0 {
			before = len(all)
		}
		return len(all) > before, err
	}); err != nil {
		w.t.Fatal(context.Cause(w.ctx), err)
	}
}

// run starts the bot within this process.
func (w *world) run() (stop func()) {
	w.t.Helper()
	c, err := readConfig(slices.Concat(w.env, w.bot), "TELEGRAM_TOKEN")
	if err != nil {
		w.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	a, err := build(ctx, c, time.Now, slog.New(slog.DiscardHandler))
	if err != nil {
		cancel()
		w.t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- a.run(ctx, nil) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			w.t.Error(err)
		}
		if err := a.close(); err != nil {
			w.t.Error(err)
		}
	})
	w.t.Cleanup(stop)
	return stop
}

// TestAnswerBeforeTheQuestionIsNoted: the question for an answer stands in the chat of the office,
// and the database is slow to note in which message. Who writes the answer meanwhile is not taken
// for somebody who talks to a colleague.
func TestAnswerBeforeTheQuestionIsNoted(t *testing.T) {
	s := newStage(t)
	_, number := fileAs(t, s, 2)
	c, err := s.app.db.Case(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	chat := s.chats[c.Office()]
	for _, button := range []string{"Принять в работу", "Ответить"} {
		s.do(s.sim.PressLast(saltanat, chat, button))
	}
	release := make(chan struct{})
	// The first that leaves takes the question with the buttons away.
	defer fault.On("notification-sent", 2, func() { <-release })()
	noted := sync.OnceFunc(func() { close(release) })
	defer noted()
	if err := s.sim.PressLast(saltanat, chat, "Отказано"); err != nil {
		t.Fatal(err)
	}
	see := func(words, button string) (m simulator.Message) {
		t.Helper()
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		if err := s.sim.Await(ctx, func(v *simulator.View) bool {
			m, _ = v.Last(chat)
			return has(number, words, button)(m)
		}); err != nil {
			t.Fatalf("no %q: %v\n%s", words, err, s.sim.Transcript(chat))
		}
		return m
	}
	question := see("Напишите ответ с обоснованием", "")
	if _, err := s.sim.Reply(saltanat, chat, question.ID, "Проверено, занятие проведено в другое время по приказу."); err != nil {
		t.Fatal(err)
	}
	if err := s.sim.Await(t.Context(), func(v *simulator.View) bool { return v.PendingUpdates() == 0 }); err != nil {
		t.Fatal(err)
	}
	noted()
	files := see("Есть файлы для заявителя", "Пропустить")
	s.do(s.sim.Press(saltanat, chat, files.ID, "Пропустить"))
	review := see("Отправить этот ответ", "Отправить")
	s.do(s.sim.Press(saltanat, chat, review.ID, "Отправить"))
	see("ответ отправляется", "")
}

// has tells whether a message is about a case, with some words and a button.
func has(number, words, button string) func(simulator.Message) bool {
	return func(m simulator.Message) bool {
		_, ok := m.Button(button)
		return (ok || button == "") && strings.Contains(m.Text, number) && strings.Contains(m.Text, words)
	}
}
