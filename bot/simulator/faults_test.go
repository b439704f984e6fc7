package simulator

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestFaults(t *testing.T) {
	w := newWorld(t)
	must(w.Start(aigerim, ""))
	sent := func() int {
		n := 0
		for _, m := range w.Messages(aigerim) {
			if m.FromBot {
				n++
			}
		}
		return n
	}
	body := []byte(`{"chat_id":101,"text":"x"}`)
	send := func() (reply, error) { return w.try(t.Context(), "sendMessage", "application/json", body) }

	w.run("a status instead of doing it, as often as asked", func(t *testing.T) {
		w.Fail(Fault{Method: "sendMessage", Times: 2, Status: 500, Description: "Internal Server Error"})
		for range 2 {
			r, err := send()
			equal(t, "code", []any{r.Code, r.Description, err}, []any{500, "Internal Server Error", nil})
		}
		equal(t, "nothing was sent", sent(), 0)
		r, _ := send()
		equal(t, "then it works", r.OK, true)
	})
	w.run("a limit", func(t *testing.T) {
		w.Fail(Fault{RetryAfter: 7})
		r, _ := send()
		equal(t, "answer", []any{r.Code, r.Description, r.Parameters.RetryAfter, r.header.Get("Retry-After")},
			[]any{429, "Too Many Requests: retry after 7", 7, "7"})
	})
	w.run("a page of the web server in front", func(t *testing.T) {
		w.Fail(Fault{HTML: true})
		r, err := send()
		holds(t, fmt.Sprint(err), err != nil && strings.Contains(err.Error(), "502 Bad Gateway: <html>"))
		equal(t, "type", r.header.Get("Content-Type"), "text/html")
	})
	w.run("the same page with 500", func(t *testing.T) {
		w.Fail(Fault{HTML: true, Status: 500})
		_, err := send()
		holds(t, fmt.Sprint(err), err != nil && strings.Contains(err.Error(), "500 Internal Server Error: <html>"))
	})
	w.run("a flood of one chat, as often as asked", func(t *testing.T) {
		w.Fail(Fault{Chat: office, Times: 3, RetryAfter: 30})
		for range 3 {
			w.refused("Too Many Requests: retry after 30", "sendMessage", "chat_id", office, "text", "x")
		}
		w.send(aigerim, "others go on")
		w.send(office, "then it is over")
	})
	w.run("a connection cut before", func(t *testing.T) {
		before := sent()
		w.Fail(Fault{CutBefore: true})
		_, err := send()
		holds(t, "an error", err != nil)
		equal(t, "nothing was sent", sent(), before)
	})
	w.run("a connection cut after", func(t *testing.T) {
		before := sent()
		w.Fail(Fault{CutAfter: true})
		_, err := send()
		holds(t, "an error", err != nil)
		equal(t, "and yet it was sent", sent(), before+1)
	})
	w.run("one chat only, until healed", func(t *testing.T) {
		w.Fail(Fault{Chat: aigerim, Times: -1, Status: 403, Description: "Forbidden: bot was blocked by the user"})
		w.refused("Forbidden: bot was blocked by the user", "sendMessage", "chat_id", aigerim, "text", "x")
		w.refused("Forbidden: bot was blocked by the user", "sendMessage", "chat_id", aigerim, "text", "x")
		w.send(office, "others are served")
		w.Heal()
		w.send(aigerim, "x")
	})
	w.run("a delay", func(t *testing.T) {
		w.Fail(Fault{Delay: 30 * time.Millisecond})
		began := time.Now()
		w.send(aigerim, "x")
		holds(t, "passed", time.Since(began) >= 30*time.Millisecond)
	})
	w.run("a poll that already waits", func(t *testing.T) {
		w.take()
		poll := w.poll("offset", 5000, "timeout", 50)
		w.waiting(nil)
		w.Fail(Fault{Method: "getUpdates", Status: 502})
		equal(t, "code", (<-poll).Code, 502)
	})
	w.run("a download", func(t *testing.T) {
		must(w.SendFile(aigerim, aigerim, File{Name: "a.bin", Data: []byte("0123456789")}))
		path := at(w.done("getFile", "file_id", at(w.take()[0], "message.document.file_id")).decode(t), "file_path").(string)
		w.Fail(Fault{Method: "file", CutAfter: true})
		resp, err := http.Get(w.http.URL + "/file/bot1:TEST/" + path)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		got, err := io.ReadAll(resp.Body)
		holds(t, fmt.Sprintf("half came: %s %v", got, err), errors.Is(err, io.ErrUnexpectedEOF) && string(got) == "01234")
	})
	equal(t, "what was made to fail is not misuse", w.Misuse(), nil)
	holds(t, "it is marked in the log", slices.ContainsFunc(w.Calls(), func(c Call) bool { return c.Fault && c.Status == 429 }))
}

func TestLimits(t *testing.T) {
	w := newWorld(t, func(o *Options) { o.Limits = Limits{Second: 3, Private: 1, Burst: 2, Group: 4, Edits: 2} })
	now := time.Now()
	w.mu.Lock()
	w.pace.now = func() time.Time { return now }
	w.mu.Unlock()
	pass := func(d time.Duration) {
		w.mu.Lock()
		defer w.mu.Unlock()
		now = now.Add(d)
	}
	limited := func(seconds int, method string, pairs ...any) {
		t.Helper()
		r := w.refused(fmt.Sprintf("Too Many Requests: retry after %d", seconds), method, pairs...)
		equal(t, "code", []any{r.Code, r.Parameters.RetryAfter, r.header.Get("Retry-After")}, []any{429, seconds, fmt.Sprint(seconds)})
	}
	w.Started(aigerim)
	w.Started(bolat)
	w.send(aigerim, "1")
	w.send(aigerim, "2")
	limited(1, "sendMessage", "chat_id", aigerim, "text", "3")
	pass(time.Second)
	w.send(aigerim, "3")

	pass(time.Minute)
	for i := range 3 {
		w.send(office, fmt.Sprint(i))
	}
	limited(1, "sendMessage", "chat_id", bolat, "text", "too many chats at once")
	must(w.Say(bolat, bolat, "hello"))
	w.send(bolat, "an answer is not a broadcast")
	pass(time.Second)
	id := w.send(office, "4")
	limited(14, "sendMessage", "chat_id", office, "text", "5")
	w.done("editMessageText", "chat_id", office, "message_id", id, "text", "a")
	w.done("editMessageText", "chat_id", office, "message_id", id, "text", "b")
	limited(30, "editMessageText", "chat_id", office, "message_id", id, "text", "c")
	pass(time.Minute)
	w.send(office, "6")
	equal(t, "limits are not misuse", w.Misuse(), nil)
	holds(t, "and none by default", newPace(Limits{}).limits == Limits{})
	equal(t, "Telegram's", DefaultLimits(), Limits{30, 1, 5, 20, 20, 0})
}

// TestLimitsOfTopics: what changes a topic counts as a message to its group.
func TestLimitsOfTopics(t *testing.T) {
	w := newWorld(t, func(o *Options) { o.Limits = Limits{Group: 4, Speed: 2} })
	w.SetForum(office, true)
	w.Promote(office, w.BotID())
	topic := int64(at(w.done("createForumTopic", "chat_id", office, "name", "A").decode(t), "message_thread_id").(float64))
	w.done("editForumTopic", "chat_id", office, "message_thread_id", topic, "name", "B")
	w.done("closeForumTopic", "chat_id", office, "message_thread_id", topic)
	w.send(office, "the last")
	for _, method := range []string{"createForumTopic", "editForumTopic", "reopenForumTopic"} {
		r := w.refused("Too Many Requests: retry after 8", method, "chat_id", office, "message_thread_id", topic, "name", "C") // of 15 seconds twice as fast
		equal(t, "code", r.Code, 429)
	}
}
