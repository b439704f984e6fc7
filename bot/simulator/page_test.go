package simulator

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"mime/multipart"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// visit asks the page's server for something, with headers in pairs.
func (w *world) visit(method, path string, body io.Reader, headers ...string) (int, http.Header, string) {
	w.t.Helper()
	req, err := http.NewRequestWithContext(w.t.Context(), method, w.http.URL+path, body)
	if err != nil {
		w.t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		if req.Header.Set(headers[i], headers[i+1]); headers[i] == "Host" {
			req.Host = headers[i+1]
		}
	}
	resp, err := w.http.Client().Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, resp.Header, string(raw)
}

// act does what a button of the page does.
func (w *world) act(name string, pairs ...any) (int, string) {
	w.t.Helper()
	body, _ := json.Marshal(args(pairs...))
	status, _, text := w.visit("POST", "/sim/"+name, bytes.NewReader(body), "Content-Type", "application/json")
	return status, text
}

func TestThePageIsServed(t *testing.T) {
	w := newWorld(t)
	for path, want := range map[string]string{"/": "text/html", "/page.css": "text/css", "/page.js": "text/javascript", "/icon.svg": "image/svg+xml"} {
		status, header, _ := w.visit("GET", path, nil)
		equal(t, path, status, 200)
		holds(t, path+" is "+header.Get("Content-Type"), strings.HasPrefix(header.Get("Content-Type"), want))
		holds(t, "nothing from elsewhere", strings.HasPrefix(header.Get("Content-Security-Policy"), "default-src 'none'; script-src 'self'"))
	}
	status, _, _ := w.visit("GET", "/nothing", nil)
	equal(t, "nothing else", status, 404)
}

// TestThePageAsksNobodyElse looks for addresses in the page's own files.
func TestThePageAsksNobodyElse(t *testing.T) {
	address := regexp.MustCompile(`https?://[a-z0-9.]+`)
	err := fs.WalkDir(pageFiles, "page", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := pageFiles.ReadFile(path)
		for _, found := range address.FindAllString(string(raw), -1) {
			if found != "http://www.w3.org" {
				t.Errorf("%s names %s", path, found)
			}
		}
		if strings.Contains(string(raw), "innerHTML") {
			t.Errorf("%s reads text as markup", path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestThePageSpeaksThreeLanguages: every word has all three, and every word
// that is used is there.
func TestThePageSpeaksThreeLanguages(t *testing.T) {
	words, err := pageFiles.ReadFile("page/words.js")
	if err != nil {
		t.Fatal(err)
	}
	line := regexp.MustCompile(`(?m)^  "?(\w+)"?: \[(.*)\],$`)
	text := regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)
	known := map[string]bool{}
	for _, m := range line.FindAllStringSubmatch(string(words), -1) {
		known[m[1]] = true
		if n := len(text.FindAllString(m[2], -1)); n != 3 {
			t.Errorf("%s has %d languages", m[1], n)
		}
	}
	used := regexp.MustCompile(`\bsay\("(\w+)"|data-say(?:-label)?="(\w+)"`)
	for _, name := range []string{"page/index.html", "page/page.js", "page/text.js"} {
		raw, err := pageFiles.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range used.FindAllStringSubmatch(string(raw), -1) {
			if key := m[1] + m[2]; !known[key] {
				t.Errorf("%s says %q, which is not in words.js", name, key)
			}
		}
	}
}

func TestOtherSitesAreRefused(t *testing.T) {
	w := newWorld(t, func(o *Options) { o.Hosts = []string{"demo.internal"} })
	host := strings.TrimPrefix(w.http.URL, "http://")
	for _, c := range []struct {
		name, method, path string
		headers            []string
		want               int
	}{
		{"the page itself", "POST", "/sim/block", []string{"Origin", w.http.URL, "Sec-Fetch-Site", "same-origin"}, 200},
		{"another origin", "POST", "/sim/block", []string{"Origin", "https://evil.example"}, 403},
		{"no origin, as in a sandbox", "POST", "/sim/block", []string{"Origin", "null"}, 403},
		{"another site by the browser's word", "POST", "/sim/block", []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"a neighbour on another port", "POST", "/sim/block", []string{"Sec-Fetch-Site", "same-site"}, 403},
		{"a name that was given this address", "GET", "/sim/events", []string{"Host", "evil.example"}, 403},
		{"and the page under it", "GET", "/", []string{"Host", "evil.example:8099"}, 403},
		{"another site that reads the stream", "GET", "/sim/events", []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"a link from elsewhere to the page", "GET", "/", []string{"Sec-Fetch-Site", "cross-site"}, 200},
		{"a form of another site", "POST", "/sim/block", []string{"Content-Type", "text/plain"}, 415},
		{"localhost", "GET", "/", []string{"Host", "localhost:8099"}, 200},
		{"a host that was allowed", "GET", "/", []string{"Host", "demo.internal"}, 200},
		{"an IPv6 loopback", "GET", "/", []string{"Host", "[::1]:8099"}, 200},
	} {
		w.run(c.name, func(t *testing.T) {
			headers := append([]string{"Content-Type", "application/json"}, c.headers...)
			status, _, body := w.visit(c.method, c.path, strings.NewReader(fmt.Sprintf(`{"person":%d}`, aigerim)), headers...)
			equal(t, "status ("+host+" "+body+")", status, c.want)
		})
	}
}

func TestWhatThePageDoes(t *testing.T) {
	w := newWorld(t)
	status, _ := w.act("start", "person", aigerim, "data", "grade")
	equal(t, "start", []any{status, at(w.take()[0], "message.text")}, []any{200, "/start grade"})
	w.act("say", "person", aigerim, "chat", aigerim, "text", "hello")
	equal(t, "say", at(w.take()[0], "message.text"), "hello")
	id := w.send(aigerim, "x", "reply_markup", rows(row(button("Yes", "y"))))
	w.act("press", "person", aigerim, "chat", aigerim, "message", id, "data", "y")
	equal(t, "press", at(w.take()[0], "callback_query.data"), "y")
	w.act("contact", "person", aigerim, "chat", aigerim)
	equal(t, "contact", at(w.take()[0], "message.contact.user_id"), aigerim)
	before := w.clock.Now()
	w.act("clock", "seconds", 86400)
	equal(t, "clock", w.clock.Now().Sub(before), 24*time.Hour)
	status, _ = w.act("clock", "seconds", -1)
	equal(t, "the clock goes forward only", status, 400)
	status, body := w.act("person", "first_name", "Saule", "language", "kk")
	equal(t, "a person", []any{status, body}, []any{200, `{"id":1001}`})
	status, body = w.act("group", "text", "New", "members", []int64{1001, dean})
	equal(t, "a group", []any{status, body}, []any{200, `{"id":-1001000000002}`})
	equal(t, "into which the bot was brought", w.kinds(), []string{"my_chat_member", "message"})
	const made = -1001000000002
	w.run("blocks and unblocks", func(t *testing.T) {
		w.act("block", "person", aigerim)
		w.act("unblock", "person", aigerim)
		equal(t, "told", w.kinds(), []string{"my_chat_member", "my_chat_member"})
	})
	w.run("edits", func(t *testing.T) {
		id := must(w.Say(aigerim, aigerim, "helo"))
		w.take()
		w.act("edit", "person", aigerim, "chat", aigerim, "message", id, "text", "hello")
		equal(t, "text", at(w.take()[0], "edited_message.text"), "hello")
	})
	w.run("brings the bot into a group by a link", func(t *testing.T) {
		w.act("kickbot", "person", dean, "chat", made)
		w.take()
		w.act("startgroup", "person", dean, "chat", made, "data", "office-1")
		u := w.take()
		equal(t, "payload", at(u[2], "message.text"), "/start@dauys_demo_bot office-1")
	})
	w.run("opens, closes and deletes topics", func(t *testing.T) {
		w.Promote(made, w.BotID())
		w.act("forum", "person", dean, "chat", made)
		_, body := w.act("topic", "person", dean, "chat", made, "text", "Grades")
		var topic struct{ ID int64 }
		if err := json.Unmarshal([]byte(body), &topic); err != nil {
			t.Fatal(err)
		}
		w.take()
		w.act("say", "person", dean, "chat", made, "thread", topic.ID, "text", "x")
		w.act("contact", "person", dean, "chat", made, "thread", topic.ID)
		w.act("location", "person", dean, "chat", made, "thread", topic.ID, "lat", 43.2, "lon", 76.9)
		for _, u := range w.take() {
			equal(t, "said in it", at(u, "message.message_thread_id"), topic.ID)
		}
		w.act("closetopic", "person", dean, "chat", made, "thread", topic.ID)
		w.act("reopentopic", "person", dean, "chat", made, "thread", topic.ID)
		u := w.take()
		holds(t, "told", at(u[0], "message.forum_topic_closed") != nil && at(u[1], "message.forum_topic_reopened") != nil)
		w.act("deletetopic", "person", dean, "chat", made, "thread", topic.ID)
		status, _ := w.act("say", "person", dean, "chat", made, "thread", topic.ID, "text", "x")
		equal(t, "gone", status, 400)
		w.act("plain", "person", dean, "chat", made)
		equal(t, "no forum any more", w.done("getChat", "chat_id", made).decode(t)["is_forum"], nil)
	})

	for name, c := range map[string][]any{
		"nobody": {"say", "person", 999, "chat", 999, "text", "x"}, "no group": {"join", "person", dean, "chat", dean},
		"nothing said": {"say", "person", dean, "chat", dean, "text", " "}, "a group of nobody": {"group", "text", "x"},
		"a group of strangers": {"group", "text", "x", "members", []int64{999}}, "no name": {"person", "first_name", " "},
	} {
		status, _ := w.act(c[0].(string), c[1:]...)
		equal(t, name, status, 400)
	}
	status, _ = w.act("dance", "person", dean)
	equal(t, "an unknown act", status, 404)
}

func TestThePageSendsFiles(t *testing.T) {
	w := newWorld(t)
	send := func(names []string, pairs ...string) {
		t.Helper()
		var b bytes.Buffer
		m := multipart.NewWriter(&b)
		for i := 0; i < len(pairs); i += 2 {
			_ = m.WriteField(pairs[i], pairs[i+1])
		}
		for _, name := range names {
			part, _ := m.CreateFormFile("file", name)
			_, _ = part.Write([]byte("<script>alert(1)</script>"))
		}
		_ = m.Close()
		status, _, body := w.visit("POST", "/sim/file", &b, "Content-Type", m.FormDataContentType())
		equal(t, "status "+body, status, 200)
	}
	send([]string{"one.html", "two.svg"}, "person", "101", "chat", "101", "kind", "document", "caption", "papers")
	u := w.take()
	equal(t, "an album with one caption", []any{len(u), at(u[0], "message.caption"), at(u[1], "message.caption")}, []any{2, "papers", nil})
	_, header, _ := w.visit("GET", "/sim/file/"+at(u[0], "message.document.file_id").(string), nil)
	equal(t, "never shown as a page", []any{header.Get("Content-Type"), header.Get("Content-Disposition"), header.Get("X-Content-Type-Options")},
		[]any{"application/octet-stream", "attachment; filename=one.html", "nosniff"})

	w.run("a document of the bot can be opened", func(t *testing.T) {
		r := w.form("sendDocument", "chat_id", "101", "document", "@%PDF of a session")
		_, header, body := w.visit("GET", "/sim/file/"+at(r.decode(t), "document.file_id").(string), nil)
		equal(t, "as it was sent", []any{body, header.Get("Content-Disposition")}, []any{"%PDF of a session", "attachment; filename=document.pdf"})
	})

	w.run("more than ten as two albums", func(t *testing.T) {
		send(strings.Fields(strings.Repeat("p.jpg ", 12)), "person", "101", "chat", "101", "kind", "photo")
		albums := map[any]int{}
		for _, u := range w.take() {
			albums[at(u, "message.media_group_id")]++
		}
		var sizes []int
		for _, n := range albums {
			sizes = append(sizes, n)
		}
		slices.Sort(sizes)
		equal(t, "of", sizes, []int{2, 10})
	})
	w.run("into a topic, as a reply", func(t *testing.T) {
		w.SetForum(office, true)
		w.Promote(office, w.BotID())
		topic := must(w.CreateTopic(dean, office, "Grades"))
		id := must(w.SayInTopic(dean, office, topic, "where is it?"))
		w.take()
		send([]string{"a.pdf"}, "person", "102", "chat", fmt.Sprint(office), "kind", "document", "thread", fmt.Sprint(topic), "reply", fmt.Sprint(id))
		u := w.take()[0]
		equal(t, "there", []any{at(u, "message.message_thread_id"), at(u, "message.reply_to_message.message_id")}, []any{topic, id})
	})
}

func TestThePageIsToldAtOnce(t *testing.T) {
	w := newWorld(t)
	must(w.Start(aigerim, ""))
	req, _ := http.NewRequestWithContext(t.Context(), "GET", w.http.URL+"/sim/events", nil)
	resp, err := w.http.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	lines := bufio.NewScanner(resp.Body)
	lines.Buffer(nil, 1<<20)
	// next is the next event of a kind.
	next := func(kind string) any {
		t.Helper()
		for lines.Scan() {
			if lines.Text() != "event: "+kind {
				continue
			}
			lines.Scan()
			var body any
			if err := json.Unmarshal([]byte(strings.TrimPrefix(lines.Text(), "data: ")), &body); err != nil {
				t.Fatal(err)
			}
			return body
		}
		t.Fatalf("the stream ended before %s", kind)
		return nil
	}
	all := next("all")
	equal(t, "at first all", at(all, "messages.0.text"), "/start")
	equal(t, "Almaty time", at(all, "clock.offset"), 300)
	w.done("sendChatAction", "chat_id", aigerim, "action", "typing")
	equal(t, "what the bot does", at(next("action"), "action"), "typing")
	id := w.send(aigerim, "<b>hi</b>", "reply_markup", rows(row(button("Yes", "y"))))
	equal(t, "then what is new", at(next("messages"), "0.entities.0.type"), "bold")
	w.take()
	if err := w.Press(aigerim, aigerim, id, "Yes"); err != nil {
		t.Fatal(err)
	}
	w.done("answerCallbackQuery", "callback_query_id", at(w.take()[0], "callback_query.id"), "text", "ok", "show_alert", true)
	equal(t, "an answer", next("answer"), args("person", aigerim, "text", "ok", "alert", true, "url", ""))
	w.Block(aigerim)
	next("world")
	w.act("clock", "seconds", 3600)
	next("clock")
	w.done("deleteMessage", "chat_id", office, "message_id", w.send(office, "x"))
	for m := next("messages"); at(m, "0.deleted") != true; m = next("messages") {
		continue
	}
}

func TestCommandsAsThePageAsks(t *testing.T) {
	w := newWorld(t)
	_, _, body := w.visit("GET", fmt.Sprintf("/sim/commands?person=%d&chat=%d", aigerim, aigerim), nil)
	equal(t, "none", body, "[]")
	w.done("setMyCommands", "commands", []Command{{"start", "x"}})
	_, _, body = w.visit("GET", fmt.Sprintf("/sim/commands?person=%d&chat=%d", aigerim, aigerim), nil)
	equal(t, "some", body, `[{"command":"start","description":"x"}]`)
}
