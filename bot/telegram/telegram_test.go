package telegram

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/bot"
	"alt.edu.kz/dauys/bot/simulator"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/handlers"
	"alt.edu.kz/dauys/locales"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// The people and chats of all tests.
const (
	aigerim  = 101
	dima     = 102
	stranger = 103 // never pressed Start
	group    = -1001000000001
	forum    = -1001000000002
	small    = -42
)

const token = "1:SECRET-of-the-bot"

// stage is the adapter with a Telegram of its own; a test fails on a call that a correct
// bot would not make, unless it allows for it.
type stage struct {
	*Telegram
	t      *testing.T
	sim    *simulator.Server
	server *httptest.Server
	clock  simulator.Clock
	log    *syncBuffer
}

// syncBuffer holds what is logged.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

func newTelegram(t *testing.T, server string) (*Telegram, *syncBuffer) {
	t.Helper()
	log := &syncBuffer{}
	tg, err := New(server, token, slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		tg.Close()
		if strings.Contains(log.String(), "SECRET") {
			t.Errorf("the token is in the log:\n%s", log.String())
		}
	})
	return tg, log
}

// handClock stands still until it is moved.
type handClock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *handClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *handClock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func newStage(t *testing.T, allowed ...string) *stage {
	t.Helper()
	clock := &handClock{now: time.Date(2026, time.November, 23, 5, 0, 0, 0, time.UTC)}
	sim, err := simulator.New(simulator.Options{Token: token, Username: "dauys_bot", Clock: clock, ReadsAll: true})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(sim.Handler())
	t.Cleanup(func() {
		for _, m := range sim.Misuse() {
			if !slices.ContainsFunc(allowed, func(a string) bool { return strings.Contains(m, a) }) {
				t.Errorf("Telegram was misused: %s", m)
			}
		}
		if err := sim.Close(); err != nil {
			t.Error(err)
		}
		server.Close()
	})
	tg, log := newTelegram(t, server.URL)
	for id, name := range map[int64]string{aigerim: "Айгерім", dima: "Дмитрий", stranger: "Зарина"} {
		sim.AddPerson(simulator.Person{ID: id, FirstName: name})
	}
	sim.Started(aigerim)
	sim.Started(dima)
	sim.AddGroup(group, "Office", dima)
	sim.AddGroup(forum, "Forum", dima)
	sim.SetForum(forum, true)
	sim.AddGroup(small, "Small", dima)
	s := &stage{Telegram: tg, t: t, sim: sim, server: server, clock: clock, log: log}
	if name, err := s.Me(t.Context()); err != nil || name != "dauys_bot" {
		t.Fatalf("who am I: %q, %v", name, err)
	}
	return s
}

// send sends a reply part by part, as the bot does, and returns what the chat shows last.
func (s *stage) send(to int64, r ask.Reply) simulator.Message {
	s.t.Helper()
	for _, part := range s.Parts(r) {
		if _, err := s.Send(s.t.Context(), address(to), part); err != nil {
			s.t.Fatalf("send %+v: %v", part, err)
		}
	}
	return s.last(to)
}

func (s *stage) last(chat int64) simulator.Message {
	s.t.Helper()
	m, ok := s.sim.Last(chat)
	if !ok {
		s.t.Fatal("the bot has said nothing")
	}
	return m
}

// there are the messages of a chat that are not deleted.
func (s *stage) there(chat int64) (there []simulator.Message) {
	for _, m := range s.sim.Messages(chat) {
		if !m.Deleted && m.Service == "" {
			there = append(there, m)
		}
	}
	return there
}

func buttons(rows ...[]ask.Button) [][]ask.Button { return rows }

func TestSend(t *testing.T) {
	s := newStage(t)
	m := s.send(aigerim, ask.Reply{
		Text:    `<b>Hello</b>, <a href="telegram:102">Dmitry</a> &amp; all: https://alt.edu.kz`,
		Buttons: buttons([]ask.Button{{Text: "Yes", Data: "y"}, {Text: "No", Data: "n"}}, nil, []ask.Button{{Text: "Site", URL: "https://alt.edu.kz"}}),
	})
	if want := `<b>Hello</b>, <a href="tg://user?id=102">Dmitry</a> &amp; all: https://alt.edu.kz`; m.HTML != want {
		t.Errorf("it shows %s", m.HTML)
	}
	if !m.NoPreview || !slices.Equal(m.Labels(), []string{"Yes", "No", "Site"}) || len(m.Keyboard) != 2 {
		t.Errorf("preview %v, buttons %v", m.NoPreview, m.Keyboard)
	}
	answer := s.send(aigerim, ask.Reply{Text: "This", To: fmt.Sprint(m.ID), Force: strings.Repeat("ә", 100)})
	if answer.ReplyTo != m.ID || answer.Markup != "force_reply" || answer.Placeholder != strings.Repeat("ә", 64) {
		t.Errorf("the answer: %+v", answer)
	}
	if err := s.sim.Delete(aigerim, aigerim, m.ID); err != nil {
		t.Fatal(err)
	}
	if got := s.send(aigerim, ask.Reply{Text: "To nothing", To: fmt.Sprint(m.ID)}); got.ReplyTo != 0 || got.Text != "To nothing" {
		t.Errorf("an answer to what is gone: %+v", got)
	}
}

func TestSendIntoATopic(t *testing.T) {
	s := newStage(t)
	topic, err := s.sim.CreateTopic(dima, forum, "Cases")
	if err != nil {
		t.Fatal(err)
	}
	to := dauys.AddressOf(Name, fmt.Sprintf("%d/%d", int64(forum), topic))
	if _, err := s.Send(t.Context(), to, ask.Reply{Text: "here"}); err != nil {
		t.Fatal(err)
	}
	if m := s.last(forum); m.ThreadID != topic || !s.Group(to) || s.Group(address(aigerim)) {
		t.Errorf("it went to %+v", m)
	}
	failure := func() bot.Failure {
		_, err := s.Send(t.Context(), to, ask.Reply{Text: "here"})
		e, _ := errors.AsType[*bot.SendError](err)
		if e == nil {
			return ""
		}
		return e.Failure
	}
	if err := s.sim.CloseTopic(dima, forum, topic); err != nil {
		t.Fatal(err)
	}
	if got := failure(); got != bot.TopicShut {
		t.Errorf("a closed topic: %q", got)
	}
	if err := s.sim.DeleteTopic(dima, forum, topic); err != nil {
		t.Fatal(err)
	}
	if got := failure(); got != bot.TopicGone {
		t.Errorf("a deleted topic: %q", got)
	}
}

func TestEdit(t *testing.T) {
	s := newStage(t)
	first := s.send(aigerim, ask.Reply{Text: "one", Buttons: buttons([]ask.Button{{Text: "A", Data: "a"}})})
	id := fmt.Sprint(first.ID)
	edited := ask.Reply{Text: "two", Edit: id}
	for range 2 { // the second time nothing changes
		got, err := s.Send(t.Context(), address(aigerim), edited)
		if err != nil || got != id {
			t.Fatalf("edit: %q, %v", got, err)
		}
	}
	if m := s.last(aigerim); m.ID != first.ID || m.Text != "two" || len(m.Keyboard) != 0 || m.Edited != 1 {
		t.Errorf("after the edit: %+v", m)
	}
	if err := s.sim.Delete(aigerim, aigerim, first.ID); err != nil {
		t.Fatal(err)
	}
	mended := edited
	mended.Mends = true
	before := len(s.sim.Messages(aigerim))
	for _, part := range s.Parts(mended) {
		if got, err := s.Send(t.Context(), address(aigerim), part); err != nil || got != id || len(s.sim.Messages(aigerim)) != before {
			t.Errorf("what only mends a message came without it: %q, %v", got, err)
		}
	}
	got, err := s.Send(t.Context(), address(aigerim), edited)
	if err != nil || got == id || s.last(aigerim).Text != "two" {
		t.Errorf("an edit of what is gone: %q, %v", got, err)
	}
}

// What cannot be put into the old message takes its place at the end of the chat.
func TestReplaceByANewMessage(t *testing.T) {
	for name, r := range map[string]ask.Reply{
		"an open answer field": {Text: "Write:", Force: "here"},
		"a long text":          {Text: strings.Repeat("word ", 1500), Buttons: buttons([]ask.Button{{Text: "B", Data: "b"}})},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t)
			old := s.send(aigerim, ask.Reply{Text: "old", Buttons: buttons([]ask.Button{{Text: "A", Data: "a"}})})
			r.Edit = fmt.Sprint(old.ID)
			s.send(aigerim, r)
			if m, _ := s.sim.Message(aigerim, old.ID); !m.Deleted {
				t.Error("the old one stays")
			}
			n := len(s.there(aigerim))
			s.send(aigerim, r) // again: it is gone already
			if len(s.there(aigerim)) != 2*n {
				t.Errorf("%d messages, then %d", n, len(s.there(aigerim)))
			}
			old = s.send(aigerim, ask.Reply{Text: "old", Buttons: buttons([]ask.Button{{Text: "A", Data: "a"}})})
			r.Edit = fmt.Sprint(old.ID)
			s.clock.Advance(49 * time.Hour)
			s.send(aigerim, r)
			if m, _ := s.sim.Message(aigerim, old.ID); m.Deleted || len(m.Keyboard) != 0 {
				t.Errorf("an old message that cannot be deleted: %+v", m)
			}
			s.sim.Fail(simulator.Fault{Method: "deleteMessage", RetryAfter: 7})
			_, err := s.Send(t.Context(), address(aigerim), s.Parts(r)[0])
			if e, ok := errors.AsType[*bot.SendError](err); !ok || e.Failure != bot.TooFast || e.After != 7*time.Second {
				t.Errorf("told to wait: %v", err)
			}
		})
	}
}

func TestParts(t *testing.T) {
	s := newStage(t)
	long := "<b>" + strings.Repeat("Сөйлем осы. ", 700) + "</b>" // 8400 characters
	r := ask.Reply{Text: long, To: "7", Buttons: buttons([]ask.Button{{Text: "A", Data: "a"}})}
	parts := s.Parts(r)
	if len(parts) != 3 {
		t.Fatalf("%d parts", len(parts))
	}
	for i, p := range parts {
		if (p.To == "7") != (i == 0) || (len(p.Buttons) == 1) != (i == len(parts)-1) {
			t.Errorf("part %d answers %q and has %d buttons", i, p.To, len(p.Buttons))
		}
		if again := s.Parts(p); len(again) != 1 || again[0].Text != p.Text {
			t.Errorf("the parts of part %d are %d", i, len(again))
		}
	}
	s.send(aigerim, r)
	var text string
	for _, m := range s.there(aigerim) {
		text += m.Text + " "
		if m.Entities[0].Type != "bold" {
			t.Errorf("a part is not bold: %s", m.HTML)
		}
	}
	if strings.TrimSpace(text) != strings.TrimSpace(plain(long)) {
		t.Error("something is missing")
	}
	// Whoever does not ask for the parts gets the first of them.
	if _, err := s.Send(t.Context(), address(dima), r); err != nil || len(s.there(dima)) != 1 {
		t.Errorf("sent whole: %v", err)
	}
}

func TestNothingToSend(t *testing.T) {
	s := newStage(t)
	for _, test := range []struct {
		to dauys.Address
		r  ask.Reply
	}{
		{address(aigerim), ask.Reply{}},
		{address(aigerim), ask.Reply{Text: " \n<b>\u200b</b>\u2800"}},
		{"viber:7", ask.Reply{Text: "a"}},
		{"telegram:x", ask.Reply{Text: "a"}},
		{"telegram:-1/x", ask.Reply{Text: "a"}},
	} {
		if parts := s.Parts(test.r); len(parts) != 1 {
			t.Errorf("%d parts", len(parts))
		}
		_, err := s.Send(t.Context(), test.to, test.r)
		if e, ok := errors.AsType[*bot.SendError](err); !ok || e.Failure != bot.Refused {
			t.Errorf("%s %+v: %v", test.to, test.r, err)
		}
	}
	if n := len(s.sim.CallsOf("sendMessage")); n != 0 {
		t.Errorf("Telegram was asked %d times", n)
	}
}

func TestFiles(t *testing.T) {
	s := newStage(t)
	file := func(kind, name string) ask.File {
		id, err := s.sim.SendFile(aigerim, aigerim, simulator.File{Kind: kind, Name: name, Data: []byte("some bytes")})
		if err != nil {
			t.Fatal(err)
		}
		m, _ := s.sim.Message(aigerim, id)
		return ask.File{Ref: m.File.ID, Kind: kind, Caption: "<b>" + name + "</b>"}
	}
	one := map[string]ask.File{}
	for _, kind := range []string{"photo", "video", "document", "voice", "audio"} {
		one[kind] = file(kind, kind+".bin")
		m := s.send(dima, ask.Reply{Files: []ask.File{one[kind]}})
		if m.File == nil || m.File.Kind != kind || m.File.Caption != kind+".bin" || m.Entities[0].Type != "bold" {
			t.Errorf("%s: %+v", kind, m)
		}
	}
	to := s.last(dima)
	for _, group := range [][]ask.File{{one["photo"], one["video"], one["photo"]}, {one["document"], one["document"]}} {
		before := len(s.there(dima))
		m := s.send(dima, ask.Reply{Files: group, To: fmt.Sprint(to.ID)})
		if len(s.there(dima)) != before+len(group) || m.Album == "" || m.ReplyTo != to.ID {
			t.Errorf("an album of %d: %+v", len(group), m)
		}
	}
	long := one["document"]
	long.Caption = strings.Repeat("word ", 300)
	before := len(s.there(dima))
	s.send(dima, ask.Reply{Files: []ask.File{one["document"], long}, To: fmt.Sprint(to.ID)})
	got := s.there(dima)[before:]
	if len(got) != 3 || strings.Join(strings.Fields(got[1].Text+" "+got[2].Text), " ")+" " != long.Caption || got[2].ReplyTo != to.ID {
		t.Errorf("more words than a caption holds: %d messages, %q", len(got), got[len(got)-1].Text)
	}
	_, err := s.Send(t.Context(), address(dima), ask.Reply{Files: []ask.File{{Ref: "nonsense", Kind: "document"}}})
	if e, ok := errors.AsType[*bot.SendError](err); !ok || e.Failure != bot.Gone {
		t.Errorf("a file that nobody knows: %v", err)
	}
}

// Markup that Telegram does not read costs the looks, never the words.
func TestBrokenMarkup(t *testing.T) {
	s := newStage(t, "can't parse entities")
	m := s.send(aigerim, ask.Reply{Text: "<b>one <i>two</b> &lt;3"})
	if m.Text != "one two <3" {
		t.Errorf("it shows %q", m.Text)
	}
	m = s.send(aigerim, ask.Reply{Text: "<q>three</q>", Edit: fmt.Sprint(m.ID)})
	if m.Text != "three" || m.Edited != 1 {
		t.Errorf("it shows %q", m.Text)
	}
	id, err := s.sim.SendFile(aigerim, aigerim, simulator.File{Kind: "document", Name: "a.pdf", Data: []byte("some bytes")})
	if err != nil {
		t.Fatal(err)
	}
	sent, _ := s.sim.Message(aigerim, id)
	f := ask.File{Ref: sent.File.ID, Kind: "document", Caption: "<q>four"}
	if m = s.send(dima, ask.Reply{Files: []ask.File{f}}); m.Text != "four" {
		t.Errorf("it shows %q", m.Text)
	}
	if m = s.send(dima, ask.Reply{Files: []ask.File{f, f}}); m.Text != "four" || m.Album == "" {
		t.Errorf("it shows %q", m.Text)
	}
}

func TestFailures(t *testing.T) {
	for _, test := range []struct {
		name  string
		to    int64
		do    func(*stage)
		want  bot.Failure
		after time.Duration
		moved bool
	}{
		{name: "429", do: fails(simulator.Fault{RetryAfter: 35}), want: bot.TooFast, after: 35 * time.Second},
		{name: "429 without a time", do: fails(simulator.Fault{Status: 429}), want: bot.TooFast, after: time.Second},
		{name: "429 of a server in front", do: fails(simulator.Fault{Status: 429, HTML: true}), want: bot.TooFast, after: time.Second},
		{name: "502 of a server in front", do: fails(simulator.Fault{HTML: true}), want: bot.Trouble},
		{name: "403 of a server in front", do: fails(simulator.Fault{Status: 403, HTML: true}), want: bot.Trouble},
		{name: "500", do: fails(simulator.Fault{Status: 500}), want: bot.Trouble},
		{name: "401", do: fails(simulator.Fault{Status: 401, Description: "Unauthorized"}), want: bot.Trouble},
		{name: "404", do: fails(simulator.Fault{Status: 404, Description: "Not Found"}), want: bot.Trouble},
		{name: "400", do: fails(simulator.Fault{Status: 400, Description: "Bad Request: BUTTON_DATA_INVALID"}), want: bot.Refused},
		{name: "400 peer", do: fails(simulator.Fault{Status: 400, Description: "Bad Request: PEER_ID_INVALID"}), want: bot.Unreachable},
		{name: "403", do: fails(simulator.Fault{Status: 403, Description: "Forbidden: user is deactivated"}), want: bot.Unreachable},
		{name: "cut before", do: fails(simulator.Fault{CutBefore: true}), want: bot.Trouble},
		{name: "cut after", do: fails(simulator.Fault{CutAfter: true}), want: bot.Trouble},
		{name: "blocked", do: func(s *stage) { s.sim.Block(aigerim) }, want: bot.Unreachable},
		{name: "deactivated", do: func(s *stage) { s.sim.Deactivate(aigerim) }, want: bot.Unreachable},
		{name: "never started", to: stranger, want: bot.Unreachable},
		{name: "unknown", to: 999, want: bot.Unreachable},
		{name: "kicked", to: group, do: func(s *stage) { s.sim.KickBot(group, dima) }, want: bot.Unreachable},
		{name: "muted", to: group, do: func(s *stage) { s.sim.Mute(group, s.sim.BotID()) }, want: bot.Closed, after: closedTime},
		{name: "migrated", to: small, do: func(s *stage) { s.sim.Migrate(small) }, want: bot.Moved, moved: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newStage(t)
			s.Close() // so that the call is the first on its connection, and is not repeated by itself
			if test.do != nil {
				test.do(s)
			}
			to := test.to
			if to == 0 {
				to = aigerim
			}
			_, err := s.Send(t.Context(), address(to), ask.Reply{Text: "private words"})
			e, ok := errors.AsType[*bot.SendError](err)
			if !ok || e.Failure != test.want || e.After != test.after || test.moved != (e.To != "") {
				t.Fatalf("got %#v: %v", e, err)
			}
			if test.moved && e.To != address(s.sim.Migrate(small)) {
				t.Errorf("it moved to %s", e.To)
			}
			for _, secret := range []string{"SECRET", "private", "html"} {
				if strings.Contains(strings.ToLower(err.Error()), strings.ToLower(secret)) {
					t.Errorf("%q is in the error %v", secret, err)
				}
			}
		})
	}
}

func fails(f simulator.Fault) func(*stage) { return func(s *stage) { s.sim.Fail(f) } }

// That files cannot be sent to a chat does not mean that nothing can.
func TestAChatWithoutFilesIsNotClosed(t *testing.T) {
	s := newStage(t)
	s.sim.Fail(simulator.Fault{Method: "sendDocument", Status: 400, Description: "Bad Request: not enough rights to send documents to the chat"})
	_, err := s.Send(t.Context(), address(group), ask.Reply{Files: []ask.File{{Ref: "x", Kind: "document"}}})
	if e, ok := errors.AsType[*bot.SendError](err); !ok || e.Failure != bot.Refused {
		t.Errorf("got %v", err)
	}
}

// A context that ends is no failure of Telegram's, and ends the call at once.
func TestACancelledCall(t *testing.T) {
	s := newStage(t)
	s.sim.Fail(simulator.Fault{Method: "sendMessage", Delay: time.Minute})
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		_ = s.sim.Await(t.Context(), func(*simulator.View) bool { return true })
		cancel()
	}()
	_, err := s.Send(ctx, address(aigerim), ask.Reply{Text: "a"})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// The server closes its idle connections whenever it likes.
func TestClosedConnectionsCostNoMessage(t *testing.T) {
	s := newStage(t)
	for n := range 50 {
		if _, err := s.Send(t.Context(), address(aigerim), ask.Reply{Text: fmt.Sprint(n)}); err != nil {
			t.Fatalf("message %d: %v", n, err)
		}
		s.server.CloseClientConnections()
	}
	if n := len(s.there(aigerim)); n != 50 {
		t.Errorf("%d messages", n)
	}
	// One that was closed without an answer is tried again on another connection.
	s.send(aigerim, ask.Reply{Text: "warm"})
	s.sim.Fail(simulator.Fault{Method: "sendMessage", CutBefore: true})
	s.send(aigerim, ask.Reply{Text: "again"})
	if n := len(s.there(aigerim)); n != 52 {
		t.Errorf("%d messages", n)
	}
}

// answers is a server that always says the same.
func answers(t *testing.T, status int, kind, body string) *httptest.Server {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", kind)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(server.Close)
	return server
}

func TestNeitherTokenNorBodyIsToldOn(t *testing.T) {
	dead := answers(t, 200, "", "")
	dead.Close()
	for name, server := range map[string]string{
		"dead port":      dead.URL,
		"no such server": "http://nobody.invalid",
		"no scheme":      "ftp://127.0.0.1",
		"a page":         answers(t, 502, "text/html", "<html>"+token+" Иванов").URL,
		"a fine page":    answers(t, 200, "text/html", "<html>"+token+" Иванов").URL,
		"half an answer": answers(t, 200, "application/json", `{"ok":true,"result":{"text":"Иванов`).URL,
		"another answer": answers(t, 200, "application/json", `"Иванов"`).URL,
		"no answer":      answers(t, 200, "application/json", `{"Иванов":1}`).URL,
		"its own words":  answers(t, 400, "application/json", `{"ok":false,"error_code":400,"description":"`+token+`"}`).URL,
	} {
		t.Run(name, func(t *testing.T) {
			s, log := newTelegram(t, server)
			_, err1 := s.Me(t.Context())
			_, err2 := s.Send(t.Context(), address(aigerim), ask.Reply{Text: "a"})
			_, err3 := s.updates(t.Context(), 0)
			_, err4 := s.Member(t.Context(), address(group), address(aigerim))
			if err4 == nil && name != "its own words" {
				t.Error("nobody can tell whether somebody is a member")
			}
			err5 := s.Forget(t.Context())
			err6 := s.Toast(t.Context(), "press", "text")
			book, err := locales.New(time.UTC, handlers.Names(dauys.Builtin()))
			if err != nil {
				t.Fatal(err)
			}
			s.Describe(t.Context(), book, nil)
			for i, err := range []error{err1, err2, err3, err5, err6} {
				if err == nil {
					t.Fatalf("%d: no error", i)
				}
				for e := err; e != nil; e = errors.Unwrap(e) {
					if text := fmt.Sprintf("%v %+v", e, e); strings.Contains(text, "SECRET") || strings.Contains(text, "Иванов") {
						t.Errorf("%d: %s", i, text)
					}
				}
			}
			if strings.Contains(log.String(), "Иванов") {
				t.Errorf("logged: %s", log)
			}
		})
	}
}

// A message that was sent was sent, even if its echo holds what this version does not know:
// as a failure it would be sent again and again.
func TestAnEchoThatIsNotUnderstoodIsNoFailure(t *testing.T) {
	server := answers(t, 200, "application/json", `{"ok":true,"result":{"message_id":77,"date":1,"chat":{"id":101,"type":"private"},
		"reply_to_message":{"message_id":1,"date":1,"chat":{"id":101,"type":"private"},"forward_origin":{"type":"telepathy"}}}}`)
	s, _ := newTelegram(t, server.URL)
	id, err := s.Send(t.Context(), address(aigerim), ask.Reply{Text: "a"})
	if err != nil || id != "77" {
		t.Errorf("sent as %q: %v", id, err)
	}
	if id, err = s.Send(t.Context(), address(aigerim), ask.Reply{Text: "a", Edit: "77"}); err != nil || id != "77" {
		t.Errorf("edited as %q: %v", id, err)
	}
}

func TestAServerThatIsNone(t *testing.T) {
	for _, server := range []string{"", "http://%zz", "127.0.0.1:80", "api.telegram.org"} {
		if _, err := New(server, token, slog.New(slog.DiscardHandler)); err == nil {
			t.Errorf("%q was taken", server)
		}
	}
}

func TestToast(t *testing.T) {
	s := newStage(t)
	m := s.send(aigerim, ask.Reply{Text: "press", Buttons: buttons([]ask.Button{{Text: "A", Data: "a"}})})
	if err := s.sim.Press(aigerim, aigerim, m.ID, "A"); err != nil {
		t.Fatal(err)
	}
	raw, err := s.updates(t.Context(), 0)
	if err != nil || len(raw) != 1 {
		t.Fatalf("%d updates, %v", len(raw), err)
	}
	u, err := s.Decode(raw[0])
	if err != nil || u.PressID == "" || u.Press != "a" || u.Message != fmt.Sprint(m.ID) {
		t.Fatalf("%+v, %v", u, err)
	}
	if err := s.Toast(t.Context(), u.PressID, strings.Repeat("ұ", 300)); err != nil {
		t.Fatal(err)
	}
	if got := s.sim.Toasts(aigerim); len(got) != 1 || got[0] != strings.Repeat("ұ", 200) {
		t.Errorf("shown: %q", got)
	}
	if err := s.Toast(t.Context(), "4000000000000000099", ""); err == nil {
		t.Error("an old press was answered")
	}
}

func TestMember(t *testing.T) {
	s := newStage(t)
	in := func(chat, who int64) bool {
		t.Helper()
		is, err := s.Member(t.Context(), address(chat), address(who))
		if err != nil {
			t.Error(err)
		}
		return is
	}
	if !in(group, dima) || in(group, aigerim) || in(group, 999) || in(-999, dima) {
		t.Error("membership is told wrong")
	}
	s.sim.Mute(group, dima)
	if !in(group, dima) {
		t.Error("who may not write is a member all the same")
	}
	s.sim.Kick(group, dima, dima)
	if in(group, dima) {
		t.Error("who was kicked is no member")
	}
	s.sim.KickBot(forum, dima)
	if in(forum, dima) {
		t.Error("nothing is known of a chat without the bot")
	}
	s.sim.Fail(simulator.Fault{Method: "getChatMember", RetryAfter: 3})
	_, err := s.Member(t.Context(), address(group), address(dima))
	if e, ok := errors.AsType[*bot.SendError](err); !ok || e.Failure != bot.TooFast {
		t.Errorf("got %v", err)
	}
	for _, a := range []dauys.Address{"viber:1", address(group)} {
		if _, err := s.Member(t.Context(), a, "viber:1"); err == nil {
			t.Error("an address of another messenger")
		}
	}
}

func TestDescribe(t *testing.T) {
	s := newStage(t)
	book, err := locales.New(time.UTC, handlers.Names(dauys.Builtin()))
	if err != nil {
		t.Fatal(err)
	}
	s.Describe(t.Context(), book, []dauys.Address{address(dima), "viber:1"})
	if calls := s.sim.CallsOf("setMyCommands"); len(calls) != 4*3 {
		t.Errorf("%d calls", len(calls))
	}
	if strings.Contains(s.log.String(), "WARN") {
		t.Errorf("logged: %s", s.log)
	}
	if err := s.Forget(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestRedact(t *testing.T) {
	c := &client{token: token}
	cause := fmt.Errorf("get http://x/bot1%%3ASECRET-of-the-bot/getMe: %w", context.DeadlineExceeded)
	err := c.redact(cause)
	if strings.Contains(fmt.Sprintf("%v %+v", err, err), "SECRET") || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	if clean := errors.New("clean"); c.redact(clean) != clean || c.redact(nil) != nil {
		t.Error("what holds no token was changed")
	}
	var to *bot.SendError
	if !errors.As(c.redact(fmt.Errorf("%s: %w", token, &bot.SendError{Failure: bot.Moved})), &to) || to.Failure != bot.Moved {
		t.Error("what it means is lost")
	}
}
