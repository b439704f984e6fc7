package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/fault"
	"alt.edu.kz/dauys/storage"
)

// TestMain lets the test binary be the bot: the tests that kill it start it as a process of
// its own.
func TestMain(m *testing.M) {
	if os.Getenv(childVariable) == "" {
		os.Exit(m.Run())
	}
	if n, err := strconv.Atoi(os.Getenv(fasterVariable)); err == nil {
		second /= time.Duration(n)
	}
	go obey()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	if err := run(ctx, []string{"run"}, os.Environ(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

const (
	childVariable  = "TEST_CHILD"
	fasterVariable = "TEST_FASTER" // by how much time goes faster for the limits of sending
)

// obey plants faults in the bot that this process is, as its test says: name:n, a line each. When one is
// planted, the test is told: what it does next must not be faster.
func obey() {
	planted := os.NewFile(3, "planted")
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		name, count, _ := strings.Cut(lines.Text(), ":")
		n, _ := strconv.Atoi(count)
		fault.On(name, n, func() {
			if p, err := os.FindProcess(os.Getpid()); err == nil {
				_ = p.Kill()
			}
			select {}
		})
		_, _ = planted.Write([]byte{'\n'})
	}
}

// child is a bot in a process of its own.
type child struct {
	cmd  *exec.Cmd
	in   io.Writer
	told io.Reader // a byte for each fault that is planted
	done chan struct{}
	err  error
	log  *strings.Builder

	before int64 // how often updates had been confirmed before this one
}

// spawn starts the bot.
func spawn(t *testing.T, env []string) *child {
	t.Helper()
	c := &child{cmd: exec.Command(os.Args[0]), done: make(chan struct{}), log: &strings.Builder{}}
	c.cmd.Env = append([]string{childVariable + "=1", "LOG_LEVEL=warn", "PATH=" + os.Getenv("PATH")}, env...)
	c.cmd.Stdout, c.cmd.Stderr = c.log, c.log
	in, err := c.cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	told, tells, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	c.cmd.ExtraFiles = []*os.File{tells}
	err = c.cmd.Start()
	_ = tells.Close() // the child has its own
	if err != nil {
		t.Fatal(err)
	}
	c.in, c.told = in, told
	t.Cleanup(func() { _ = told.Close() })
	go func() {
		defer close(c.done)
		c.err = c.cmd.Wait()
	}()
	t.Cleanup(func() { c.kill() })
	return c
}

// dieAt makes the process kill itself when it comes to a point for the nth time from now.
func (c *child) dieAt(point string, n int) {
	fmt.Fprintf(c.in, "%s:%d\n", point, n) // an error: it is dead already
	_, _ = c.told.Read(make([]byte, 1))
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

// rest waits until nothing is left in the outbox.
func rest(ctx context.Context, t *testing.T, db *storage.DB) {
	t.Helper()
	if err := soon(ctx, "the outbox gets empty", func() (bool, error) {
		notes, err := db.Due(ctx, time.Now(), 0, 1)
		if err != nil || len(notes) > 0 {
			return false, err
		}
		cards, err := db.DueCards(ctx, time.Now(), 1)
		if err != nil || len(cards) > 0 {
			return false, err
		}
		topics, err := db.DueTopics(ctx, 1)
		return len(topics) == 0, err
	}); err != nil {
		t.Fatal(err)
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
