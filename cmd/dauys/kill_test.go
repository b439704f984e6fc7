package main

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/bot/simulator"
	"alt.edu.kz/dauys/storage"
)

// TestMain lets the test binary be the bot: the tests that kill it start it as a process of
// its own.
func TestMain(m *testing.M) {
	if os.Getenv(childVariable) == "" {
		os.Exit(m.Run())
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	if err := run(ctx, []string{"run"}, os.Environ(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

const childVariable = "TEST_CHILD"

// child is a bot in a process of its own.
type child struct {
	cmd  *exec.Cmd
	done chan struct{}
	err  error
	log  *strings.Builder

	before int // how often a bot had asked who it is before this one
}

// spawn starts the bot; crash names a fault point at which it kills itself.
func spawn(t *testing.T, sim *simulator.Server, env []string, crash string) *child {
	t.Helper()
	c := &child{cmd: exec.Command(os.Args[0]), done: make(chan struct{}), log: &strings.Builder{}, before: len(sim.CallsOf("getMe"))}
	c.cmd.Env = append([]string{childVariable + "=1", "LOG_LEVEL=warn", "PATH=" + os.Getenv("PATH")}, env...)
	if crash != "" {
		c.cmd.Env = append(c.cmd.Env, "DAUYS_CRASH="+crash+":1")
	}
	c.cmd.Stdout, c.cmd.Stderr = c.log, c.log
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(c.done)
		c.err = c.cmd.Wait()
	}()
	t.Cleanup(func() { c.kill() })
	return c
}

// kill ends the process as a power cut would.
func (c *child) kill() {
	_ = c.cmd.Process.Kill()
	<-c.done
}

// terminate asks the process to stop, and waits until it has.
func (c *child) terminate(t *testing.T) {
	t.Helper()
	_ = c.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-c.done:
	case <-time.After(patience):
		t.Fatal("the bot does not stop")
	}
	if c.err != nil {
		t.Fatalf("the bot stopped with %v:\n%s", c.err, c.log)
	}
}

// killsAtRandom is how many kills at a random moment each pair of stores has to stand.
const killsAtRandom = 20

// between are the fault points on the way from the press of Send to the receipt.
var between = []string{
	"sending-frozen", "file-before-commit", "file-after-commit", "session-before-write", "session-written", "session-saved",
	"card-sent-before-mark", "notification-sent-before-mark", "notification-marked", "replies-sent-before-mark",
}

// TestKilledBetweenSendAndReceipt kills the bot, at random moments and at every fault point,
// between the press of Send and the receipt, and starts it again: there is one case, one
// card, and the person has the receipt. A kill between a message and its mark may bring a
// second copy of that message, as Telegram has no key by which to tell; never a second case.
func TestKilledBetweenSendAndReceipt(t *testing.T) {
	for _, pair := range pairs(t) {
		t.Run(pair.name, func(t *testing.T) {
			sim, server, chats := newSimulator(t, nil, "a callback query was answered twice") // it comes again after a kill
			offices := map[string]int64{}
			env := append(settingsFor(t, server, pair.env(t)...), "LEASE=1s") // who was killed is missed soon
			for office, chat := range chats {
				offices[string(office)] = chat
			}
			ctx, cancel := context.WithTimeout(t.Context(), 20*patience) // each of sixty starts may be slow on a busy machine
			defer cancel()
			db := bindAll(ctx, t, env, chats)

			var students []student
			for i := range killsAtRandom + len(between) {
				students = append(students, newStudent(sim, i))
			}
			bot := spawn(t, sim, env, "")
			t.Cleanup(func() {
				if t.Failed() {
					_ = bot.cmd.Process.Signal(syscall.SIGQUIT) // it says where it stands
					<-bot.done
					t.Logf("the bot says:\n%s", bot.log)
				}
			})
			each(t, students, func(s student) error { return s.fill(ctx) })
			bot.terminate(t)

			random := rand.New(rand.NewPCG(7, 11))
			for i, s := range students {
				crash, moment := "", time.Duration(random.Int64N(int64(60*time.Millisecond)))
				if i >= killsAtRandom {
					crash = between[i-killsAtRandom]
				}
				bot := spawn(t, sim, env, crash)
				up(ctx, t, sim, bot)
				if err := s.sim.PressLast(s.id, s.id, "Отправить"); err != nil {
					t.Fatal(err)
				}
				if crash == "" {
					time.Sleep(moment) // the point of it: any moment
					bot.kill()
				} else {
					select {
					case <-bot.done:
					case <-time.After(patience):
						t.Fatalf("the bot never came to %s", crash)
					}
				}
				bot = spawn(t, sim, env, "")
				up(ctx, t, sim, bot)
				err := sim.Await(ctx, func(v *simulator.View) bool {
					return len(receiptsAmong(v.Messages(s.id))) > 0 && v.PendingUpdates() == 0
				})
				if err != nil {
					t.Fatalf("after a kill at %v %s: no receipt: %v\n%s\n%s", moment, crash, err, sim.Transcript(s.id), bot.log)
				}
				rest(ctx, t, db)
				bot.terminate(t)
			}

			all, err := db.Cases(ctx, storage.Filter{Limit: 1000})
			if err != nil {
				t.Fatal(err)
			}
			if len(all) != len(students) {
				t.Errorf("%d cases of %d students", len(all), len(students))
			}
			extra := 0
			shown := cards(sim, offices)
			for _, c := range all {
				if shown[c.Number] == 0 {
					t.Errorf("%s has no card", c.Number)
				}
				extra += max(0, shown[c.Number]-1)
			}
			for _, s := range students {
				got := s.receipts()
				for _, number := range got {
					if number != got[0] {
						t.Errorf("student %d has receipts for %q", s.id, got)
					}
				}
				extra += max(0, len(got)-1)
			}
			if extra > len(students) {
				t.Errorf("%d copies too many in %d kills", extra, len(students))
			}
			t.Logf("%d kills: %d cases, %d second copies of a card or a receipt", len(students), len(all), extra)
		})
	}
}

// rest waits until nothing is left in the outbox.
func rest(ctx context.Context, t *testing.T, db *storage.DB) {
	t.Helper()
	if err := soon(ctx, "the outbox gets empty", func() (bool, error) {
		notes, err := db.Due(ctx, time.Now(), 0, 1)
		if err != nil || len(notes) > 0 {
			return false, err
		}
		cards, err := db.DueCards(ctx, time.Now(), 1)
		return len(cards) == 0, err
	}); err != nil {
		t.Fatal(err)
	}
}

// up waits until a bot that was just started asks for updates.
func up(ctx context.Context, t *testing.T, sim *simulator.Server, bot *child) {
	t.Helper()
	err := soon(ctx, "the bot asks for updates", func() (bool, error) {
		select {
		case <-bot.done:
			return false, fmt.Errorf("the bot has ended: %w", bot.err)
		default:
			return len(sim.CallsOf("getMe")) > bot.before && sim.Polling(), nil
		}
	})
	if err != nil {
		t.Fatalf("%v\n%s", err, bot.log)
	}
}

// bindAll prepares the database of a bot: the schema, and a chat for every office.
func bindAll(ctx context.Context, t *testing.T, env []string, chats map[dauys.OfficeID]int64) *storage.DB {
	t.Helper()
	c, err := readConfig(env, "TELEGRAM_TOKEN")
	if err != nil {
		t.Fatal(err)
	}
	a := &app{config: c}
	if _, err := openDatabase(ctx, c, slog.New(slog.DiscardHandler), false, a); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.close(); err != nil {
			t.Error(err)
		}
	})
	if err := a.db.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	for office, chat := range chats {
		if err := a.db.Bind(ctx, office, telegramAddress(chat), "", monday); err != nil {
			t.Fatal(err)
		}
	}
	return a.db
}

// soon waits until something is so that nobody tells of.
func soon(ctx context.Context, what string, is func() (bool, error)) error {
	for {
		ok, err := is()
		if ok || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s: %w", what, ctx.Err())
		case <-time.After(5 * time.Millisecond):
		}
	}
}
