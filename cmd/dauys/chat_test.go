package main

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"alt.edu.kz/dauys/bot/terminal"
)

// talk types lines at a terminal that keeps what was said in a folder, and tells what stands
// on the screen in the end.
func talk(t *testing.T, data string, clock *handClock, begin string, lines ...string) string {
	t.Helper()
	c, err := readConfig(chatEnviron(nil, data))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	k := &chat{
		clock: clock, log: slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn})), out: &out, echo: true,
		options: terminal.Options{Begin: begin, File: filepath.Join(data, "terminal.json")},
	}
	if err := k.run(t.Context(), c, strings.NewReader(strings.Join(lines, "\n")+"\n")); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// promptForm is a line that somebody types, as it stands in testdata/chat.txt.
var promptForm = regexp.MustCompile(`(?m)^[a-z]+(?: in [a-z@-]+)?> (.*)$`)

// TestChat types the lines of testdata/chat.txt; the rest of it is what the bot says, written
// by -update: a complaint in Russian, and its answer.
func TestChat(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	var lines []string
	for _, m := range promptForm.FindAllStringSubmatch(read(t, "testdata/chat.txt"), -1) {
		lines = append(lines, m[1])
	}
	golden(t, "chat.txt", talk(t, t.TempDir(), &handClock{now: monday}, "dima", lines...))
}

// What was said is there the next time, and what is said then is new.
func TestChatGoesOn(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	data, clock := t.TempDir(), &handClock{now: monday}
	talk(t, data, clock, "amina", "/start", ":1")
	got := talk(t, data, clock, "amina", ":1", ":as aigerim", "/start")
	for _, want := range []string{"amina> :1\n── amina 4 ──\nALT University uses your name", "aigerim> /start\n── aigerim 2 ──\nТілді таңдаңыз."} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in:\n%s", want, got)
		}
	}
}

// The administrator is one, the clock goes forward, and help is there.
func TestChatAdministrator(t *testing.T) {
	got := talk(t, t.TempDir(), &handClock{now: monday}, "amina", ":as darkhan", "/start", "Русский", "/bind rector", ":as zarina", ":clock yesterday", ":clock 90m", ":help", "")
	for _, want := range []string{"\n/bind ", `nobody is called "zarina"`, "only forward", "Monday, 23 November 2026, 11:30 Asia/Almaty", ":reply N TEXT"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in:\n%s", want, got)
		}
	}
}

// The command as it is typed: lines from a pipe, a temporary folder that is taken away, and
// nothing of the settings of a bot that runs beside it.
func TestChatCommand(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	chat := func(env []string, in string, args ...string) (string, error) {
		var out bytes.Buffer
		root := rootCommand(env, &out)
		root.SetIn(strings.NewReader(in))
		root.SetArgs(append([]string{"chat"}, args...))
		err := root.ExecuteContext(t.Context())
		return out.String(), err
	}
	env := []string{"LANG=ru_RU.UTF-8", "TELEGRAM_TOKEN=1:ABC", "TELEGRAM_MODE=webhook", "DATABASE_URL=postgres://nobody@127.0.0.1:1/none", "REDIS_URL=redis://127.0.0.1:1"}
	got, err := chat(env, "/start")
	if err != nil || !strings.Contains(got, "dima> /start\n── dima 2 ──\nВыберите язык.\n") {
		t.Errorf("%v\n%s", err, got)
	}
	if got, err := chat(nil, ":1\n:quit\nno more", "--lang", "kk", "--data", filepath.Join(temp, "kept", "here")); err != nil || !strings.HasSuffix(got, "aigerim> :quit\n") {
		t.Errorf("%v\n%s", err, got)
	}
	left, err := os.ReadDir(temp)
	if err != nil || len(left) != 1 || left[0].Name() != "kept" {
		t.Errorf("left behind: %v (%v)", left, err)
	}
	for _, args := range [][]string{{"--lang", "de"}, {"--structure", filepath.Join(temp, "none.yaml")}} {
		if got, err := chat(nil, "", args...); err == nil {
			t.Errorf("%q: no error:\n%s", args, got)
		}
	}
}

// Ctrl-C ends it while nothing is typed.
func TestChatStops(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	ctx, cancel := context.WithCancel(t.Context())
	in, keyboard := io.Pipe()
	c, err := readConfig(chatEnviron(nil, t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	k := &chat{clock: &handClock{now: monday}, log: slog.New(slog.DiscardHandler), out: io.Discard, options: terminal.Options{Begin: "dima"}}
	done := make(chan error, 1)
	go func() {
		err := k.run(ctx, c, in)
		_ = in.Close() // nobody types for a chat that did not begin
		done <- err
	}()
	if _, err := io.WriteString(keyboard, "/start\n/new"); err != nil {
		t.Fatal(err)
	}
	cancel()
	select {
	case err := <-done:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(patience):
		t.Fatal("it goes on")
	}
	_ = keyboard.Close() // the line that was being typed
}

// Everybody of the demonstration can be called.
func TestCallNames(t *testing.T) {
	k := &chat{}
	u, err := university(config{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := k.seat(&app{university: u}); err != nil {
		t.Fatal(err)
	}
	if n := len(k.options.People); n != len(callNames) {
		t.Errorf("%d people and %d names", n, len(callNames))
	}
	for _, c := range k.options.Chats {
		if len(c.Members) < 2 || !slices.Contains(c.Members, "darkhan") {
			t.Errorf("in %s are %q", c.ID, c.Members)
		}
	}
}
