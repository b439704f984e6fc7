package simulator

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	aigerim = int64(101)
	bolat   = int64(102)
	dean    = int64(103)
	office  = int64(-1001000000001)
)

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

// world is a server with three people, an office and a bot's hand.
type world struct {
	*Server
	t     *testing.T
	clock *handClock
	http  *httptest.Server
	next  int64
	meant int // how many sentences of misuse the test has asked for
}

func newWorld(t *testing.T, change ...func(*Options)) *world {
	t.Helper()
	clock := &handClock{now: time.Date(2026, 9, 1, 9, 0, 0, 0, time.UTC)}
	o := Options{Token: "1:TEST", Clock: clock, Logf: t.Logf}
	for _, f := range change {
		f(&o)
	}
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{Server: s, t: t, clock: clock, http: httptest.NewServer(s.Handler())}
	t.Cleanup(func() {
		for _, m := range s.Misuse()[w.meant:] {
			t.Errorf("Telegram was misused: %s", m)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		w.http.Close()
	})
	s.AddPerson(Person{ID: aigerim, FirstName: "Айгерим", LastName: "Сатпаева", Username: "aigerim", LanguageCode: "kk"})
	s.AddPerson(Person{ID: bolat, FirstName: "Bolat", LanguageCode: "ru"})
	s.AddPerson(Person{ID: dean, FirstName: "Dean", Username: "the_dean"})
	s.AddGroup(office, "Dean's office", dean, bolat)
	return w
}

// run is a part of a test that goes on in the same world.
func (w *world) run(name string, f func(t *testing.T)) {
	outer := w.t
	defer func() { w.t = outer }()
	outer.Run(name, func(t *testing.T) {
		w.t = t
		f(t)
	})
}

// reply is what a call came back with.
type reply struct {
	OK          bool            `json:"ok"`
	Result      json.RawMessage `json:"result"`
	Code        int             `json:"error_code"`
	Description string          `json:"description"`
	Parameters  struct {
		RetryAfter int   `json:"retry_after"`
		MigrateTo  int64 `json:"migrate_to_chat_id"`
	} `json:"parameters"`
	header http.Header
	status int
}

func (r reply) decode(t *testing.T) map[string]any {
	t.Helper()
	var out map[string]any
	if err := json.Unmarshal(r.Result, &out); err != nil {
		t.Fatalf("result %s (%s): %v", r.Result, r.Description, err)
	}
	return out
}

func (r reply) id(t *testing.T) int64 {
	t.Helper()
	if !r.OK {
		t.Fatalf("refused: %s", r.Description)
	}
	return int64(r.decode(t)["message_id"].(float64))
}

// args are parameters in pairs: name, value. What is not a string is JSON.
func args(pairs ...any) map[string]any {
	m := map[string]any{}
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i].(string)] = pairs[i+1]
	}
	return m
}

// call makes a call with a JSON body.
func (w *world) call(method string, pairs ...any) reply {
	w.t.Helper()
	body, err := json.Marshal(args(pairs...))
	if err != nil {
		w.t.Fatal(err)
	}
	return w.do(w.t.Context(), method, "application/json", body)
}

func (w *world) do(ctx context.Context, method, kind string, body []byte) reply {
	w.t.Helper()
	r, err := w.try(ctx, method, kind, body)
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

func (w *world) try(ctx context.Context, method, kind string, body []byte) (reply, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, w.http.URL+"/bot1:TEST/"+method, bytes.NewReader(body))
	if err != nil {
		return reply{}, err
	}
	req.Header.Set("Content-Type", kind)
	resp, err := w.http.Client().Do(req)
	if err != nil {
		return reply{}, err
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		return reply{}, err
	}
	out := reply{header: resp.Header, status: resp.StatusCode}
	if err := json.Unmarshal(raw, &out); err != nil {
		return out, fmt.Errorf("%s: %s", resp.Status, raw)
	}
	return out, nil
}

// form makes a call with files; a value with the prefix @ is a file's content.
func (w *world) form(method string, pairs ...string) reply {
	w.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for i := 0; i < len(pairs); i += 2 {
		if content, ok := strings.CutPrefix(pairs[i+1], "@"); ok {
			part, _ := m.CreateFormFile(pairs[i], pairs[i]+".pdf")
			_, _ = part.Write([]byte(content))
			continue
		}
		_ = m.WriteField(pairs[i], pairs[i+1])
	}
	_ = m.Close()
	return w.do(w.t.Context(), method, m.FormDataContentType(), b.Bytes())
}

// onPurpose lets the test do what a correct bot does not; all other misuse
// fails it.
func (w *world) onPurpose(f func()) {
	w.t.Helper()
	w.proper()
	f()
	w.meant = len(w.Misuse())
}

// proper fails the test for misuse that it did not mean.
func (w *world) proper() {
	w.t.Helper()
	all := w.Misuse()
	for _, m := range all[w.meant:] {
		w.t.Errorf("Telegram was misused: %s", m)
	}
	w.meant = len(all)
}

// refused checks that a call is refused in these words.
func (w *world) refused(want, method string, pairs ...any) reply {
	w.t.Helper()
	var r reply
	w.onPurpose(func() { r = w.call(method, pairs...) })
	if r.OK || r.Description != want {
		w.t.Errorf("%s %v: got %q %s, want %q", method, pairs, r.Description, r.Result, want)
	}
	return r
}

// done checks that a call is not refused.
func (w *world) done(method string, pairs ...any) reply {
	w.t.Helper()
	r := w.call(method, pairs...)
	if !r.OK {
		w.t.Fatalf("%s %v: %s", method, pairs, r.Description)
	}
	return r
}

// send writes to a chat and returns the message's id.
func (w *world) send(chat int64, text string, pairs ...any) int64 {
	w.t.Helper()
	return w.done("sendMessage", append([]any{"chat_id", chat, "text", text, "parse_mode", "HTML"}, pairs...)...).id(w.t)
}

// take gets the waiting updates and confirms them.
func (w *world) take() []map[string]any {
	w.t.Helper()
	w.mu.Lock()
	waiting := len(w.w.Queue)
	w.mu.Unlock()
	if waiting == 0 {
		return nil
	}
	var out []map[string]any
	r := w.done("getUpdates", "offset", w.next, "timeout", 0)
	if err := json.Unmarshal(r.Result, &out); err != nil {
		w.t.Fatal(err)
	}
	for _, u := range out {
		w.next = max(w.next, int64(u["update_id"].(float64))+1)
	}
	w.mu.Lock()
	w.confirm(w.next)
	w.mu.Unlock()
	return out
}

// kinds are the names of the updates that wait.
func (w *world) kinds() []string {
	var out []string
	for _, u := range w.take() {
		for name := range u {
			if name != "update_id" {
				out = append(out, name)
			}
		}
	}
	return out
}

// must fails the test if somebody could not do something.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// at finds a value in decoded JSON by names and numbers joined with dots.
func at(v any, path string) any {
	for name := range strings.SplitSeq(path, ".") {
		switch in := v.(type) {
		case map[string]any:
			v = in[name]
		case []any:
			var i int
			if _, err := fmt.Sscan(name, &i); err != nil || i >= len(in) {
				return nil
			}
			v = in[i]
		default:
			return nil
		}
	}
	return v
}

func equal(t *testing.T, what string, got, want any) {
	t.Helper()
	g, _ := json.Marshal(got)
	w, _ := json.Marshal(want)
	if !bytes.Equal(g, w) {
		t.Errorf("%s: got %s, want %s", what, g, w)
	}
}

func holds(t *testing.T, what string, ok bool) {
	t.Helper()
	if !ok {
		t.Errorf("not so: %s", what)
	}
}

func button(text, data string) map[string]string {
	return map[string]string{"text": text, "callback_data": data}
}

func rows(rows ...[]map[string]string) map[string]any {
	return map[string]any{"inline_keyboard": rows}
}

func row(buttons ...map[string]string) []map[string]string { return buttons }

// TestAConversation is the whole way round once: a person starts, the bot
// answers with buttons, one is pressed, the message is edited.
func TestAConversation(t *testing.T) {
	w := newWorld(t)
	must(w.Say(aigerim, aigerim, "/start"))
	updates := w.take()
	equal(t, "updates", len(updates), 1)
	u := updates[0]
	equal(t, "text", at(u, "message.text"), "/start")
	equal(t, "command", at(u, "message.entities.0.type"), "bot_command")
	equal(t, "language", at(u, "message.from.language_code"), "kk")
	equal(t, "chat", at(u, "message.chat"), map[string]any{
		"id": aigerim, "type": "private", "first_name": "Айгерим", "last_name": "Сатпаева", "username": "aigerim",
	})

	id := w.send(aigerim, "<b>Сәлем</b>, what is it about?", "reply_markup", rows(row(button("Grade", "g"), button("Payment", "p"))))
	m, ok := w.Last(aigerim)
	holds(t, "the bot wrote", ok && m.ID == id && m.FromBot)
	equal(t, "text", m.Text, "Сәлем, what is it about?")
	equal(t, "html", m.HTML, "<b>Сәлем</b>, what is it about?")
	equal(t, "labels", m.Labels(), []string{"Grade", "Payment"})

	err := w.Press(aigerim, aigerim, id, "Marks")
	holds(t, "an unknown label lists the known ones", err != nil && strings.Contains(err.Error(), `["Grade" "Payment"]`))
	if err := w.PressLast(aigerim, aigerim, "Payment"); err != nil {
		t.Fatal(err)
	}
	press := w.take()[0]
	equal(t, "data", at(press, "callback_query.data"), "p")
	equal(t, "its message", at(press, "callback_query.message.message_id"), id)
	equal(t, "its keyboard", at(press, "callback_query.message.reply_markup.inline_keyboard.0.0.text"), "Grade")
	see(w.Server, func(v *View) int { equal(t, "unanswered", v.UnansweredCallbacks(), 1); return 0 })

	w.done("answerCallbackQuery", "callback_query_id", at(press, "callback_query.id"), "text", "Noted")
	w.done("editMessageText", "chat_id", aigerim, "message_id", id, "text", "Payment it is")
	m, _ = w.Last(aigerim)
	equal(t, "edited", m.Edited, 1)
	equal(t, "the keyboard is gone", len(m.Keyboard), 0)
	equal(t, "toasts", w.Toasts(aigerim), []string{"Noted"})
	if err := w.Quiet(t.Context()); err != nil {
		t.Error(err)
	}
	equal(t, "misuse", w.Misuse(), nil)
	holds(t, "the transcript reads as a play", strings.Contains(w.Transcript(aigerim), "Айгерим Сатпаева: /start\nDauys: Payment it is\n"))
}

// TestParameters: wherever they stand and however they are written.
func TestParameters(t *testing.T) {
	w := newWorld(t)
	must(w.Start(aigerim, ""))
	url := w.http.URL + "/bot1:TEST/"
	get := func(t *testing.T, address string) reply {
		t.Helper()
		resp, err := http.Get(address)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		r := reply{status: resp.StatusCode}
		if err := json.NewDecoder(resp.Body).Decode(&r); err != nil {
			t.Fatal(err)
		}
		return r
	}
	for name, r := range map[string]reply{
		"in the address":                    get(t, url+"sendMessage?chat_id=101&text=hello"),
		"in a form":                         w.do(t.Context(), "sendMessage", "application/x-www-form-urlencoded", []byte("chat_id=101&text=hello")),
		"in JSON":                           w.call("sendMessage", "chat_id", 101, "text", "hello"),
		"in JSON, numbers as text":          w.call("sendMessage", "chat_id", "101", "text", "hello"),
		"in a form with parts":              w.form("sendMessage", "chat_id", "101", "text", "hello"),
		"in both":                           w.do(t.Context(), "sendMessage?chat_id=101", "application/x-www-form-urlencoded", []byte("text=hello")),
		"with the method in any letters":    w.call("SENDmessage", "chat_id", 101, "text", "hello"),
		"with an empty form and an address": w.do(t.Context(), "sendMessage?chat_id=101&text=hello", "multipart/form-data; boundary=x", nil),
		"compressed":                        w.odd("POST", "sendMessage", zipped(`{"chat_id":101,"text":"hello"}`), "Content-Type", "application/json", "Content-Encoding", "gzip"),
		"in pieces of no known length":      w.odd("POST", "sendMessage", io.MultiReader(strings.NewReader(`{"chat_id":101,`), strings.NewReader(`"text":"hello"}`)), "Content-Type", "application/json"),
	} {
		t.Run(name, func(t *testing.T) {
			holds(t, "sent: "+r.Description, r.OK)
			equal(t, "text", at(r.decode(t), "text"), "hello")
		})
	}
	call := w.CallsOf("sendMessage")[0]
	equal(t, "logged chat", call.Params["chat_id"], 101)
	equal(t, "logged status", call.Status, 200)

	w.onPurpose(func() {
		for _, c := range []struct {
			name string
			r    reply
			code int
			text string
		}{
			{"an unknown method is not found", w.call("sendMesage"), 404, "Not Found: method not found"},
			{"a method without a name is not found", get(t, w.http.URL+"/bot1:TEST"), 404, "Not Found"},
			{"another token is unauthorized", get(t, w.http.URL+"/bot2:TEST/getMe"), 401, "Unauthorized"},
			{"a malformed token is invalid", get(t, w.http.URL+"/botTEST/getMe"), 401, "Unauthorized: invalid token specified"},
			{"parameters of more than 1 MiB are too large", w.call("sendMessage", "text", strings.Repeat("x", 1<<20)), 413, "Request Entity Too Large"},
			{"headers of more than 256 KiB are too large", w.odd("GET", "getMe", nil, "X-Long", strings.Repeat("x", 256<<10)), 431, "Request Header Fields Too Large"},
			{"bytes that are not UTF-8 are refused", get(t, url+"sendMessage?chat_id=101&text=%ff"), 400, "Bad Request: strings must be encoded in UTF-8"},
			{"other verbs are not implemented", w.odd("PUT", "getMe", nil), 501, "Not Implemented"},
		} {
			t.Run(c.name, func(t *testing.T) {
				equal(t, "code", c.r.Code, c.code)
				equal(t, "status", c.r.status, c.code)
				equal(t, "description", c.r.Description, c.text)
			})
		}
	})
	equal(t, "none of which a correct bot does", w.Misuse(), []string{
		"sendMesage: Not Found: method not found", "a call without a method: Not Found", "a call used a wrong token",
		"sendMessage: Request Entity Too Large",
		"getMe: Request Header Fields Too Large", "sendMessage: strings must be encoded in UTF-8", "getMe: Not Implemented",
	})
}

// odd makes a call in an unusual way, with headers in pairs.
func (w *world) odd(verb, method string, body io.Reader, headers ...string) reply {
	w.t.Helper()
	req, err := http.NewRequestWithContext(w.t.Context(), verb, w.http.URL+"/bot1:TEST/"+method, body)
	if err != nil {
		w.t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := w.http.Client().Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	out := reply{status: resp.StatusCode}
	if err := json.NewDecoder(resp.Body).Decode(&out); err != nil {
		w.t.Fatal(err)
	}
	return out
}

func zipped(text string) io.Reader {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write([]byte(text))
	_ = z.Close()
	return &b
}

// TestMisuse: what the real server lets pass, or refuses, but a correct bot
// never does.
func TestMisuse(t *testing.T) {
	w := newWorld(t)
	must(w.Start(aigerim, ""))
	both := map[string]string{"text": "x", "callback_data": "y", "url": "https://altuni.kz"}
	for name, c := range map[string]struct {
		do   func()
		want string
	}{
		"a parameter that the method does not know": {func() {
			m := w.done("sendMessage", "chat_id", aigerim, "text", "x", "reply_makrup", rows(row(button("Yes", "y")))).decode(t)
			holds(t, "is ignored", at(m, "reply_markup") == nil)
		}, "sendMessage does not know the parameter reply_makrup"},
		"a keyboard under an album": {func() {
			media := `[{"type":"photo","media":"attach://a"},{"type":"photo","media":"attach://b"}]`
			r := w.form("sendMediaGroup", "chat_id", "101", "media", media, "a", "@"+pixel, "b", "@"+pixel, "reply_markup", `{"inline_keyboard":[[{"text":"x","callback_data":"y"}]]}`)
			holds(t, "is ignored", r.OK && !strings.Contains(string(r.Result), "reply_markup"))
		}, "sendMediaGroup does not know the parameter reply_markup"},
		"a file that nothing names": {func() {
			w.form("sendMessage", "chat_id", "101", "text", "x", "photo", "@"+pixel)
		}, "sendMessage does not know the parameter photo"},
		"a call without what it needs": {func() { w.call("getFile") }, "getFile was called without file_id"},
		"a button that is to do two things": {func() {
			w.send(aigerim, "x", "reply_markup", rows(row(both)))
		}, `sendMessage: the button "x" is to do more than one thing`},
		"a button in a colour that is none": {func() {
			w.send(aigerim, "x", "reply_markup", rows(row(map[string]string{"text": "x", "callback_data": "y", "style": "pink"})))
		}, `sendMessage: the button "x" has the style "pink"`},
		"an album of one": {func() {
			w.form("sendMediaGroup", "chat_id", "101", "media", `[{"type":"photo","media":"attach://a"}]`, "a", "@"+pixel)
		}, "sendMediaGroup was called with one file"},
		"bad markup":    {func() { w.call("sendMessage", "chat_id", aigerim, "text", "<p>", "parse_mode", "HTML") }, `sendMessage: can't parse entities: Unsupported start tag "p" at byte offset 0`},
		"a broken body": {func() { w.do(t.Context(), "getMe", "application/json", []byte("{")) }, "getMe: can't parse JSON object: unexpected end of JSON input"},
	} {
		w.run(name, func(t *testing.T) {
			before := len(w.Misuse())
			w.onPurpose(c.do)
			equal(t, "told in a sentence", w.Misuse()[before:], []string{c.want})
		})
	}
	w.run("is not what happens to correct bots too", func(t *testing.T) {
		w.Block(aigerim)
		w.call("sendMessage", "chat_id", aigerim, "text", "x")
		w.call("deleteMessage", "chat_id", office, "message_id", 999)
		w.call("answerCallbackQuery", "callback_query_id", "1")
		w.call("sendMessage", "chat_id", 999, "text", "x")
		w.proper()
	})
}
