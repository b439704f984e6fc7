package simulator

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// receiver is a bot behind a webhook.
type receiver struct {
	mu      sync.Mutex
	got     []string // what came, in order, as "text" or "press data"
	secrets []string
	answer  func(what string) (status int, header http.Header, body string)
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	raw, _ := io.ReadAll(req.Body)
	var u map[string]any
	_ = json.Unmarshal(raw, &u)
	what, _ := at(u, "message.text").(string)
	if data, ok := at(u, "callback_query.data").(string); ok {
		what = "press " + data
	}
	r.mu.Lock()
	r.got = append(r.got, what)
	r.secrets = append(r.secrets, req.Header.Get("X-Telegram-Bot-Api-Secret-Token"))
	answer := r.answer
	r.mu.Unlock()
	if answer == nil {
		return
	}
	status, header, body := answer(what)
	for name, values := range header {
		w.Header()[name] = values
	}
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}

func (r *receiver) all() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.got)
}

// RoundTrip makes the receiver reachable without a network, so that a test can
// let hours of real time pass.
func (r *receiver) RoundTrip(req *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	r.ServeHTTP(w, req)
	if err := req.Context().Err(); err != nil {
		return nil, err
	}
	return w.Result(), nil
}

func TestSettingAWebhook(t *testing.T) {
	bot := httptest.NewServer(&receiver{})
	defer bot.Close()
	w := newWorld(t)
	for _, c := range []struct{ name, url, want string }{
		{"only HTTPS", "http://altuni.kz/hook", "Bad Request: bad webhook: An HTTPS URL must be provided for webhook"},
		{"only some ports", "https://altuni.kz:8080/hook", "Bad Request: bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"},
		{"an address", "hook", "Bad Request: bad webhook: invalid webhook URL specified"},
	} {
		w.run(c.name, func(*testing.T) { w.refused(c.want, "setWebhook", "url", c.url) })
	}
	w.refused("Bad Request: secret token contains unallowed characters", "setWebhook", "url", bot.URL, "secret_token", "a b")
	w.refused("Bad Request: secret token is too long", "setWebhook", "url", bot.URL, "secret_token", strings.Repeat("x", 257))
	poll := w.poll("offset", 1, "timeout", 50)
	w.waiting(nil)
	equal(t, "set", w.done("setWebhook", "url", bot.URL, "max_connections", 1000, "allowed_updates", []string{"message"}).Description, "Webhook was set")
	equal(t, "a waiting poll ends", (<-poll).Description, "Conflict: terminated by setWebhook request")
	equal(t, "set again", w.done("setWebhook", "url", bot.URL, "max_connections", 100).Description, "Webhook is already set")
	r := w.refused("Too Many Requests: retry after 1", "setWebhook", "url", bot.URL+"/other")
	equal(t, "as the header says", r.header.Get("Retry-After"), "1")
	w.refused("Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first", "getUpdates")
	equal(t, "info", w.done("getWebhookInfo").decode(t), args("url", bot.URL, "has_custom_certificate", false,
		"pending_update_count", 0, "max_connections", 100, "allowed_updates", []string{"message"}))
	equal(t, "deleted", w.done("deleteWebhook").Description, "Webhook was deleted")
	equal(t, "deleted again", w.done("deleteWebhook").Description, "Webhook is already deleted")
}

func TestWebhookDelivery(t *testing.T) {
	r := &receiver{answer: func(what string) (int, http.Header, string) {
		if what == "/start" {
			return 200, nil, `{"method":"sendMessage","chat_id":101,"text":"from the reply"}`
		}
		return 204, nil, `{"method":"getMe"}`
	}}
	bot := httptest.NewServer(r)
	defer bot.Close()
	w := newWorld(t)
	w.done("setWebhook", "url", bot.URL+"/hook", "secret_token", "s3cret")
	must(w.Start(aigerim, ""))
	must(w.Say(aigerim, aigerim, "two"))
	must(w.Say(aigerim, aigerim, "three"))
	if err := w.Quiet(t.Context()); err != nil {
		t.Fatal(err)
	}
	equal(t, "in order", r.all(), []string{"/start", "two", "three"})
	equal(t, "with the secret", r.secrets, []string{"s3cret", "s3cret", "s3cret"})
	m, _ := w.Last(aigerim)
	equal(t, "a method in the reply is done", m.Text, "from the reply")
	calls := w.CallsOf("sendMessage")
	holds(t, "and marked", len(calls) == 1 && calls[0].Webhook)
	equal(t, "but not one that asks", len(w.CallsOf("getMe")), 0)
}

// inBubble is a server and a receiver in a test whose time can be let pass.
func inBubble(t *testing.T, r *receiver, connections int, f func(s *Server, clock *handClock)) {
	synctest.Test(t, func(t *testing.T) {
		clock := &handClock{now: time.Date(2026, 9, 1, 9, 0, 0, 0, time.UTC)}
		s, err := New(Options{Token: "1:TEST", Clock: clock, WebhookClient: &http.Client{Transport: r}})
		if err != nil {
			t.Fatal(err)
		}
		s.AddPerson(Person{ID: aigerim, FirstName: "Aigerim"})
		s.AddPerson(Person{ID: bolat, FirstName: "Bolat"})
		s.mu.Lock()
		_, err = s.setWebhook(&request{params: map[string]string{"url": "https://altuni.kz/hook", "max_connections": fmt.Sprint(connections)}})
		s.mu.Unlock()
		if err != nil {
			t.Fatal(err)
		}
		f(s, clock)
		equal(t, "misuse", s.Misuse(), nil)
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
}

func TestWebhookRetries(t *testing.T) {
	var times []time.Duration
	var began time.Time
	down := true
	r := &receiver{}
	r.answer = func(what string) (int, http.Header, string) {
		if what != "one" {
			return 200, nil, ""
		}
		times = append(times, time.Since(began).Round(time.Second))
		if down {
			return 500, nil, ""
		}
		return 200, nil, ""
	}
	inBubble(t, r, 1, func(s *Server, _ *handClock) {
		began = time.Now()
		must(s.Say(aigerim, aigerim, "one"))
		must(s.Say(aigerim, aigerim, "two"))
		must(s.Say(bolat, bolat, "other"))
		time.Sleep(20 * time.Second)
		synctest.Wait()
		equal(t, "at once, then after 2, 4 and 8 seconds", fmt.Sprint(times), "[0s 0s 2s 6s 14s]")
		holds(t, "another chat is not held up", slices.Contains(r.all(), "other"))
		holds(t, "the same chat is", !slices.Contains(r.all(), "two"))
		s.mu.Lock()
		equal(t, "the error is told", s.w.Hook.LastError, "Wrong response from the webhook: 500 Internal Server Error")
		s.mu.Unlock()
		r.mu.Lock()
		down = false
		r.mu.Unlock()
		time.Sleep(20 * time.Second)
		if err := s.Quiet(t.Context()); err != nil {
			t.Error(err)
		}
		equal(t, "order is kept", r.all()[len(r.all())-2:], []string{"one", "two"})
	})
}

func TestWebhookObeysRetryAfter(t *testing.T) {
	var times []time.Duration
	var began time.Time
	r := &receiver{answer: func(string) (int, http.Header, string) {
		times = append(times, time.Since(began).Round(time.Second))
		if len(times) == 1 {
			return 503, http.Header{"Retry-After": {"100"}}, ""
		}
		return 200, nil, ""
	}}
	inBubble(t, r, 1, func(s *Server, _ *handClock) {
		began = time.Now()
		must(s.Say(aigerim, aigerim, "one"))
		time.Sleep(200 * time.Second)
		synctest.Wait()
		equal(t, "times", fmt.Sprint(times), "[0s 1m40s]")
	})
}

func TestWebhookGivesUp(t *testing.T) {
	r := &receiver{answer: func(what string) (int, http.Header, string) { return 500, nil, "" }}
	inBubble(t, r, 1, func(s *Server, clock *handClock) {
		id := must(s.Say(aigerim, aigerim, "one"))
		if err := s.PressData(aigerim, aigerim, id, "x"); err != nil {
			t.Fatal(err)
		}
		clock.Advance(callbackLife)
		time.Sleep(3 * time.Minute)
		equal(t, "the press is dropped after 150 s", see(s, func(v *View) int { return v.PendingUpdates() }), 1)
		clock.Advance(messageLife)
		equal(t, "the message after a day", see(s, func(v *View) int { return v.PendingUpdates() }), 0)
	})
	r.answer = func(string) (int, http.Header, string) { return 410, nil, "" }
	inBubble(t, r, 1, func(s *Server, clock *handClock) {
		must(s.Say(aigerim, aigerim, "one"))
		time.Sleep(time.Minute)
		clock.Advance(goneAfter + time.Second)
		time.Sleep(3 * time.Minute)
		synctest.Wait()
		s.mu.Lock()
		holds(t, "410 for 23 hours removes the webhook", s.w.Hook == nil)
		s.mu.Unlock()
	})
}

// TestFailingChatsStopEverybody: a server keeps no more than two chats for
// each connection, also while they wait for their retry.
func TestFailingChatsStopEverybody(t *testing.T) {
	r := &receiver{answer: func(what string) (int, http.Header, string) {
		if strings.HasPrefix(what, "bad") {
			return 500, http.Header{"Retry-After": {"3600"}}, ""
		}
		return 200, nil, ""
	}}
	inBubble(t, r, 1, func(s *Server, _ *handClock) {
		for i := range int64(3) {
			s.AddPerson(Person{ID: 200 + i, FirstName: "P"})
		}
		must(s.Say(200, 200, "bad 1"))
		must(s.Say(201, 201, "bad 2"))
		time.Sleep(time.Second)
		synctest.Wait()
		must(s.Say(202, 202, "good"))
		time.Sleep(time.Minute)
		synctest.Wait()
		holds(t, "the third waits", !slices.Contains(r.all(), "good"))
	})
}

// TestWhatFliesAtOnce: what one person writes waits for what they wrote
// before, and for nothing else.
func TestWhatFliesAtOnce(t *testing.T) {
	for _, c := range []struct {
		name        string
		connections int
		want        string // the rest comes when the first have landed
	}{
		{"a chat's messages one after another, presses and other chats beside them", 40, "one 0s, press x 0s, press y 10s, three 0s, two 10s"},
		{"never more than the connections", 2, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var mu sync.Mutex
			var began time.Time
			var started []string
			flying, most := 0, 0
			r := &receiver{answer: func(what string) (int, http.Header, string) {
				mu.Lock()
				started = append(started, fmt.Sprintf("%s %v", what, time.Since(began).Round(time.Second)))
				flying++
				most = max(most, flying)
				mu.Unlock()
				time.Sleep(10 * time.Second)
				mu.Lock()
				defer mu.Unlock()
				flying--
				return 200, nil, ""
			}}
			inBubble(t, r, c.connections, func(s *Server, _ *handClock) {
				began = time.Now()
				id := must(s.Say(aigerim, aigerim, "one"))
				for _, data := range []string{"x", "y"} {
					if err := s.PressData(aigerim, aigerim, id, data); err != nil {
						t.Fatal(err)
					}
				}
				must(s.Say(aigerim, aigerim, "two"))
				must(s.Say(bolat, bolat, "three"))
				time.Sleep(time.Minute)
				synctest.Wait()
				slices.Sort(started)
				equal(t, "all came", len(started), 5)
				if c.want != "" {
					equal(t, "when", strings.Join(started, ", "), c.want)
				}
				holds(t, fmt.Sprintf("%d at once", most), most <= c.connections)
			})
		})
	}
}

func TestMembershipHasAQueueOfItsOwn(t *testing.T) {
	r := &receiver{answer: func(what string) (int, http.Header, string) {
		if what == "one" {
			return 500, nil, ""
		}
		return 200, nil, ""
	}}
	inBubble(t, r, 4, func(s *Server, _ *handClock) {
		must(s.Say(aigerim, aigerim, "one"))
		s.Block(aigerim)
		time.Sleep(time.Second)
		synctest.Wait()
		holds(t, "that one is blocked comes past what fails", slices.Contains(r.all(), ""))
	})
}

func TestAWebhookHas60Seconds(t *testing.T) {
	calls := 0
	r := &receiver{answer: func(string) (int, http.Header, string) {
		if calls++; calls == 1 {
			time.Sleep(61 * time.Second)
		}
		return 200, nil, ""
	}}
	inBubble(t, r, 1, func(s *Server, _ *handClock) {
		must(s.Say(aigerim, aigerim, "one"))
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		equal(t, "came again", r.all(), []string{"one", "one"})
		s.mu.Lock()
		holds(t, s.w.Hook.LastError, s.w.Hook.LastError != "")
		s.mu.Unlock()
	})
}

func TestWebhookRedelivery(t *testing.T) {
	r := &receiver{}
	inBubble(t, r, 1, func(s *Server, _ *handClock) {
		s.Duplicate(3)
		must(s.Say(aigerim, aigerim, "one"))
		time.Sleep(time.Second)
		synctest.Wait()
		equal(t, "as often as asked", r.all(), []string{"one", "one", "one"})
	})
}
