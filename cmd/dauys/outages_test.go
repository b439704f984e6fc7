package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/bot/simulator"
	"alt.edu.kz/dauys/fault"
	"alt.edu.kz/dauys/locales"
	"alt.edu.kz/dauys/storage/storagetest"
	"github.com/redis/go-redis/v9"
)

// What happens when one of the servers on which the bot leans is away, slow, or has forgotten
// all: nothing that people did is lost, and nothing is done twice. See docs/reliability.md.

// leaning is a stage whose stores can be taken away.
type leaning struct {
	*stage
	database, redis *proxy
	behind          string // the address of the Redis server itself
}

func newLeaning(t *testing.T, more ...string) *leaning {
	t.Helper()
	database, dialogues, ok := storagetest.Servers(t)
	if !ok {
		t.Skip("needs PostgreSQL and a Redis server: make test")
	}
	l := &leaning{behind: dialogues}
	l.database, database = proxied(t, database)
	l.redis, dialogues = proxied(t, dialogues)
	l.stage = repeating(t, append(more, "DATABASE_URL="+database, "REDIS_URL="+dialogues)...)
	return l
}

// file fills the form, sends it, and waits for the receipt.
func (s student) file(ctx context.Context) error {
	if err := s.fill(ctx); err != nil {
		return err
	}
	return s.send(ctx)
}

// send presses Send and waits for the receipt.
func (s student) send(ctx context.Context) error {
	if err := s.sim.PressLast(s.id, s.id, "Отправить"); err != nil {
		return err
	}
	return s.registered(ctx)
}

// registered waits for the receipt.
func (s student) registered(ctx context.Context) error {
	if err := s.sim.Await(ctx, func(v *simulator.View) bool { return len(receiptsAmong(v.Messages(s.id))) > 0 }); err != nil {
		return fmt.Errorf("student %d has no receipt: %w\n%s", s.id, err, s.sim.Transcript(s.id))
	}
	return nil
}

// delayed is how often a student was told that the answer comes later.
func (s *stage) delayed(messages []simulator.Message) (n int) {
	words := s.app.book.Plain(dauys.Russian, locales.Delayed())
	for _, m := range messages {
		if m.FromBot && m.Text == words {
			n++
		}
	}
	return n
}

// await waits for something in the world.
func (s *stage) await(ctx context.Context, what string, is func(v *simulator.View) bool) {
	s.t.Helper()
	if err := s.sim.Await(ctx, is); err != nil {
		s.t.Fatalf("%s: %v\n%s", what, err, s.sim.Transcript(10000))
	}
}

// answered waits until every student has been told of the delay and then answered.
func (s *stage) answered(ctx context.Context, students []student) {
	s.t.Helper()
	words := s.app.book.Plain(dauys.Russian, locales.Delayed())
	s.await(ctx, "answers after the outage", func(v *simulator.View) bool {
		return !slices.ContainsFunc(students, func(st student) bool {
			last, _ := v.Last(st.id)
			return s.delayed(v.Messages(st.id)) == 0 || last.Text == words
		})
	})
	s.settle()
}

// kept waits until some updates are kept.
func (s *stage) kept(ctx context.Context, n int) {
	s.t.Helper()
	if err := soon(ctx, "updates are kept", func() (bool, error) {
		kept, err := s.app.db.KeptUpdates(ctx, n)
		return len(kept) >= n, err
	}); err != nil {
		s.t.Fatal(err)
	}
}

// apiece checks that there are so many cases, and that each student has one receipt and one number.
func (s *stage) apiece(students []student, cases int) {
	s.t.Helper()
	s.numbers(cases)
	seen := map[string]bool{}
	for _, st := range students {
		got := st.receipts()
		if len(got) != 1 || seen[got[0]] {
			s.t.Errorf("student %d has the receipts %q", st.id, got)
			continue
		}
		seen[got[0]] = true
	}
}

// meanwhile lets students do something while something else happens, and waits for both.
func meanwhile(t *testing.T, students []student, do func(student) error, happens func()) {
	t.Helper()
	var wg sync.WaitGroup
	errs := make([]error, len(students))
	for i, st := range students {
		wg.Go(func() { errs[i] = do(st) })
	}
	happens()
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

// timely is the context of a test, with an end before that of the whole.
func timely(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 4*patience)
	t.Cleanup(cancel)
	return ctx
}

// TestStartWithoutRedis: the bot starts although Redis is away. Staff work and notices go out; what
// students write is kept, each is told so once, and all is answered in order when Redis is there.
func TestStartWithoutRedis(t *testing.T) {
	t.Parallel()
	s := newLeaning(t)
	ctx := timely(t)
	early, number := fileAs(t, s.stage, 100)
	c, err := s.app.db.Case(ctx, number)
	if err != nil {
		t.Fatal(err)
	}
	office := s.chats[c.Office()]
	s.stop()
	s.redis.refuse()
	s.start()

	students := s.crowd(15)
	words := []string{"/start", "Русский", "/new", "1", "Студент"}
	for _, st := range students {
		for _, w := range words {
			if _, err := s.sim.Say(st.id, st.id, w); err != nil {
				t.Fatal(err)
			}
		}
	}
	s.await(ctx, "each is told of the delay", func(v *simulator.View) bool {
		return v.PendingUpdates() == 0 && !slices.ContainsFunc(students, func(st student) bool { return s.delayed(v.Messages(st.id)) == 0 })
	})

	before := len(s.sim.Messages(early.id))
	if err := s.sim.Press(saltanat, office, cardOf(t, s.stage, office, number), "Принять в работу"); err != nil {
		t.Fatal(err)
	}
	s.await(ctx, "the notice that somebody works on it", func(v *simulator.View) bool {
		return len(v.Messages(early.id)) > before
	})
	if c, err = s.app.db.Case(ctx, number); err != nil || c.Status != dauys.InReview {
		t.Errorf("without Redis the case is %s (%v)", c.Status, err)
	}
	if got, _ := s.sim.Last(early.id); !strings.Contains(got.Text, number) {
		t.Errorf("the applicant was told %q", got.Text)
	}

	s.redis.heal()
	each(t, students, func(st student) error { return st.await(ctx, "Расписание") }) // what follows the last of the words
	s.settle()
	each(t, students, func(st student) error {
		if err := s.calmly(ctx, st, wholeForm[5:]...); err != nil {
			return err
		}
		return st.send(ctx)
	})
	s.settle()
	s.apiece(students, len(students)+1)
	for _, st := range students {
		messages := s.sim.Messages(st.id)
		if n := s.delayed(messages); n != 1 {
			t.Errorf("student %d was told of the delay %d times", st.id, n)
		}
		s.inOrder(st, messages, "Выберите язык", "Здравствуйте", "Вы согласны", "Кто пишет обращение")
	}
}

// inOrder checks that the bot said some words one after the other, each once.
func (s *stage) inOrder(st student, messages []simulator.Message, words ...string) {
	s.t.Helper()
	at := 0
	for _, m := range messages {
		if !m.FromBot {
			continue
		}
		for i, w := range words {
			if !strings.Contains(m.Text, w) {
				continue
			}
			if i != at {
				s.t.Errorf("student %d: %q is not in its place:\n%s", st.id, w, s.sim.Transcript(st.id))
				return
			}
			at++
		}
	}
	if at != len(words) {
		s.t.Errorf("student %d was told %d of %q:\n%s", st.id, at, words, s.sim.Transcript(st.id))
	}
}

// TestRedisGoes: Redis goes in the middle of a load in every way in which a server can go, and
// comes back.
func TestRedisGoes(t *testing.T) {
	for _, way := range []struct {
		name string
		goes func(p *proxy)
	}{
		{"refuses", (*proxy).refuse},
		{"answers after 2 s", func(p *proxy) { p.delay(0, 2*time.Second) }},
		{"is asked after 2 s", func(p *proxy) { p.delay(2*time.Second, 0) }},
		{"swallows", (*proxy).swallow},
	} {
		t.Run(way.name, func(t *testing.T) {
			t.Parallel()
			s := newLeaning(t)
			ctx := timely(t)
			students := s.crowd(15)
			each(t, students, func(st student) error { return s.calmly(ctx, st, wholeForm[:6]...) })
			way.goes(s.redis)
			for _, st := range students {
				if _, err := s.sim.Say(st.id, st.id, wholeForm[6]); err != nil {
					t.Fatal(err)
				}
			}
			s.kept(ctx, len(students))
			s.redis.heal()
			s.answered(ctx, students)
			each(t, students, func(st student) error { return s.calmly(ctx, st, wholeForm[7:]...) })
			meanwhile(t, students, func(st student) error { return st.send(ctx) }, func() { // some come through, some do not
				way.goes(s.redis)
				s.kept(ctx, 1)
				s.redis.heal()
			})
			s.settle()
			s.once(students)
			for _, st := range students {
				if n := s.delayed(s.sim.Messages(st.id)); n > 2 {
					t.Errorf("in two outages student %d was told of the delay %d times", st.id, n)
				}
			}
		})
	}
}

// TestRedisForgets: Redis has lost all in the middle of forms. Registered cases stay, and the bot
// says where people are; no press of a lost form's button does anything of that form.
func TestRedisForgets(t *testing.T) {
	t.Parallel()
	s := newLeaning(t)
	ctx := timely(t)
	students := s.crowd(15)
	registered, writing := students[:3], students[3:]
	each(t, students, func(st student) error {
		if st.id < writing[0].id {
			return st.file(ctx)
		}
		if st.id%2 == 0 {
			return st.fill(ctx)
		}
		return s.calmly(ctx, st, wholeForm[:3+int(st.id)%8]...)
	})
	s.settle()
	s.numbers(len(registered))
	s.forget(ctx)

	each(t, writing, func(st student) error {
		last, _ := s.sim.Last(st.id)
		labels := last.Labels()
		press := "[" + labels[0] + "]"
		if _, ok := last.Button("Отправить"); ok {
			press = "[Отправить]"
		}
		return s.calmly(ctx, st, press)
	})
	s.settle()
	s.numbers(len(registered)) // no Send of a lost form
	for _, st := range writing {
		if last, _ := s.sim.Last(st.id); !strings.Contains(last.Text, "я не помню, на чём мы остановились") && !strings.Contains(last.Text, "Выберите язык") {
			t.Errorf("with the lost form's button student %d came to %q", st.id, last.Text)
		}
	}
}

// forget takes away what Redis holds: of this test alone, there are others on the same server.
func (l *leaning) forget(ctx context.Context) {
	o, err := redis.ParseURL(l.behind)
	if err != nil {
		l.t.Error("the address of Redis cannot be read")
		return
	}
	client := redis.NewClient(o)
	defer func() { _ = client.Close() }()
	if err := client.FlushDB(ctx).Err(); err != nil {
		l.t.Error(err)
	}
}

// TestForgottenWhileSending: Redis loses all between the moment in which an answer is frozen and
// the registration. There is one case and one receipt.
func TestForgottenWhileSending(t *testing.T) { // not in parallel: a fault point is everybody's
	s := newLeaning(t)
	ctx := timely(t)
	students := s.crowd(3)
	each(t, students, func(st student) error { return st.fill(ctx) })
	s.settle()
	for i, point := range []string{"sending-frozen", "file-before-commit", "file-after-commit"} {
		heal := fault.On(point, 1, func() { s.forget(ctx) })
		st := students[i]
		if err := s.sim.PressLast(st.id, st.id, "Отправить"); err != nil {
			t.Fatal(err)
		}
		if err := st.registered(ctx); err != nil {
			t.Fatal(err)
		}
		heal()
		s.settle()
		s.apiece(students[:i+1], i+1)
		for _, later := range students[i+1:] { // theirs was lost, too
			s.do(s.sim.PressLast(later.id, later.id, "Отправить"))
			if last, _ := s.sim.Last(later.id); !strings.Contains(last.Text, "я не помню, на чём мы остановились") {
				t.Errorf("student %d was told %q", later.id, last.Text)
			}
			if err := s.calmly(ctx, later, append([]string{"[Новое обращение]"}, wholeForm[3:]...)...); err != nil {
				t.Fatal(err)
			}
		}
	}
	s.once(students)
}

// TestDatabaseGoes: PostgreSQL is away for three seconds while students press Send. Nobody has a
// receipt without a case, and everybody has one afterwards.
func TestDatabaseGoes(t *testing.T) {
	t.Parallel()
	s := newLeaning(t)
	ctx := timely(t)
	students := s.crowd(15)
	each(t, students, func(st student) error { return st.fill(ctx) })
	s.settle()
	meanwhile(t, students, func(st student) error { return st.send(ctx) }, func() {
		s.database.refuse()
		time.Sleep(3 * time.Second) // that is the outage
		s.database.heal()
	})
	s.settle()
	s.once(students)
}

// TestCommitAnswerLost: the database commits a registration, and the connection breaks before it
// says so. Twenty students, twenty times: a case each, none twice, no number left out.
func TestCommitAnswerLost(t *testing.T) {
	t.Parallel()
	s := newLeaning(t)
	ctx := timely(t)
	students := s.crowd(20)
	each(t, students, func(st student) error { return st.fill(ctx) })
	s.settle()
	s.database.loseAnswers(commit, len(students))
	each(t, students, func(st student) error { return st.send(ctx) })
	s.settle()
	if n := s.database.answersLost(); n != len(students) {
		t.Errorf("%d answers were lost, not %d", n, len(students))
	}
	s.once(students)
}

// TestTelegramFails: Telegram fails in every way in the middle of a load. Every receipt arrives,
// and there are copies only where a message was sent and the answer lost.
func TestTelegramFails(t *testing.T) {
	for _, pair := range pairs(t) {
		t.Run(pair.name, func(t *testing.T) {
			t.Parallel()
			s := repeating(t, pair.env(t)...)
			ctx := timely(t)
			model := newStudent(s.sim, 50)
			if err := model.file(ctx); err != nil {
				t.Fatal(err)
			}
			s.settle()
			students, cut := s.crowd(8), 0
			for _, method := range []string{"sendMessage", "editMessageText", "getUpdates"} {
				for _, f := range []simulator.Fault{
					{HTML: true}, {CutAfter: true, Times: 2}, {Status: 500}, {CutBefore: true}, {Delay: 300 * time.Millisecond}, {RetryAfter: 1}, {HTML: true, Status: 500},
				} {
					if method == "getUpdates" && (f.HTML || f.Status > 0) { // its pauses grow
						continue
					}
					if f.CutAfter && method != "getUpdates" {
						cut += f.Times
					}
					f.Method = method
					s.sim.Fail(f)
				}
			}
			each(t, students, func(st student) error { return st.file(ctx) })
			s.sim.Heal()
			s.settle()
			s.numbers(len(students) + 1)
			count := func(st student) (n int) {
				for _, m := range s.sim.Messages(st.id) {
					if m.FromBot {
						n++
					}
				}
				return n
			}
			extra := 0
			for _, st := range students {
				numbers := slices.Compact(st.receipts())
				if len(numbers) != 1 {
					t.Errorf("student %d has receipts for %q", st.id, numbers)
				}
				if n := count(st) - count(model); n < 0 {
					t.Errorf("student %d lacks a message:\n%s", st.id, s.sim.Transcript(st.id))
				} else {
					extra += n
				}
			}
			for number, n := range cards(s.sim, s.chatNames()) {
				extra += n - 1
				if n < 1 {
					t.Errorf("%s has no card", number)
				}
			}
			if extra > cut {
				t.Errorf("%d messages too many, and %d answers of Telegram were lost", extra, cut)
			}
			t.Logf("%d copies, %d answers of Telegram were lost", extra, cut)
		})
	}
}

// TestTwiceInAnOutage: Telegram brings everything three times and in any order, and Redis goes in
// the middle of it.
func TestTwiceInAnOutage(t *testing.T) {
	t.Parallel()
	s := newLeaning(t)
	s.sim.Duplicate(3)
	s.sim.Shuffle(true)
	ctx := timely(t)
	students := s.crowd(6)
	each(t, students, func(st student) error { return s.calmly(ctx, st, wholeForm[:6]...) })
	s.settle() // no copies are on their way
	s.redis.refuse()
	for _, st := range students {
		if _, err := s.sim.Say(st.id, st.id, wholeForm[6]); err != nil {
			t.Fatal(err)
		}
	}
	s.kept(ctx, len(students))
	s.redis.heal()
	s.answered(ctx, students)
	each(t, students, func(st student) error {
		if err := s.calmly(ctx, st, wholeForm[7:]...); err != nil {
			return err
		}
		return st.send(ctx)
	})
	s.settle()
	s.once(students)
}

// hooked are the settings by which Telegram brings the updates.
func hooked(t *testing.T) (env []string, address string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }() // the bot listens there in a moment
	address = l.Addr().String()
	return []string{"TELEGRAM_MODE=webhook", "LISTEN_ADDR=" + address, "WEBHOOK_URL=http://" + address, "WEBHOOK_SECRET=only-for-this-test"}, address
}

// TestWebhookOutages: without Redis an update is taken and kept; without the database, too, Telegram
// is asked to bring it again, and does.
func TestWebhookOutages(t *testing.T) {
	t.Parallel()
	env, address := hooked(t)
	s := newLeaning(t, env...)
	ctx := timely(t)
	students := s.crowd(6)
	each(t, students, func(st student) error { return s.calmly(ctx, st, wholeForm[:6]...) })

	s.redis.refuse()
	say := func(words string) {
		t.Helper()
		for _, st := range students {
			if _, err := s.sim.Say(st.id, st.id, words); err != nil {
				t.Fatal(err)
			}
		}
	}
	say(wholeForm[6])
	s.kept(ctx, len(students))
	s.await(ctx, "what is kept is confirmed", func(v *simulator.View) bool { return v.PendingUpdates() == 0 })
	s.redis.heal()
	s.answered(ctx, students)

	s.redis.refuse()
	s.database.refuse()
	update := fmt.Sprintf(`{"update_id":99000,"message":{"message_id":99000,"date":1,"chat":{"id":%d,"type":"private"},"from":{"id":%[1]d,"first_name":"С"},"text":"2"}}`, students[0].id)
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+address+"/telegram", strings.NewReader(update))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-Telegram-Bot-Api-Secret-Token", "only-for-this-test")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if again := answer.Header.Get("Retry-After"); answer.StatusCode != http.StatusServiceUnavailable || again == "" {
		t.Errorf("without any store an update is answered %s, Retry-After %q", answer.Status, again)
	}
	say(wholeForm[7])
	if err := s.sim.Await(ctx, func(v *simulator.View) bool { return v.PendingUpdates() == len(students) }); err != nil {
		t.Errorf("what cannot be stored does not wait at Telegram: %v", err)
	}
	s.database.heal()
	s.redis.heal()
	each(t, students, func(st student) error { return st.await(ctx, "Пропустить") })
	s.settle()
	each(t, students, func(st student) error {
		if err := s.calmly(ctx, st, wholeForm[8:]...); err != nil {
			return err
		}
		return st.send(ctx)
	})
	s.settle()
	s.once(students)
}

// TestSwitchUnderLoad: the bot is stopped and started in the middle of a load, first to ask for
// updates, then to be brought them, then to ask again.
func TestSwitchUnderLoad(t *testing.T) {
	for _, pair := range pairs(t) {
		t.Run(pair.name, func(t *testing.T) {
			t.Parallel()
			s := repeating(t, pair.env(t)...)
			ctx := timely(t)
			students, polling := s.crowd(8), s.env
			webhook, _ := hooked(t)
			meanwhile(t, students, func(st student) error { // calmly: a message may overtake the press before it
				if err := s.calmly(ctx, st, wholeForm...); err != nil {
					return err
				}
				return st.send(ctx)
			}, func() {
				for i, env := range [][]string{append(slices.Clone(polling), webhook...), polling} {
					s.await(ctx, "a part of the messages", func(v *simulator.View) bool {
						n := 0
						for _, st := range students {
							n += len(v.Messages(st.id))
						}
						return n >= 40*(i+1) // of some 8 × 20
					})
					s.stop()
					s.env = env
					s.start()
				}
			})
			s.settle()
			s.once(students)
		})
	}
}
