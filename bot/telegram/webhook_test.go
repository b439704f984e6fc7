package telegram

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"alt.edu.kz/dauys/bot"
	"alt.edu.kz/dauys/bot/simulator"
)

// notebook is an intake that writes down what it gets, and refuses the first so many.
type notebook struct {
	mu     sync.Mutex
	refuse int
	got    []string
}

func (n *notebook) Handle(_ context.Context, u bot.Update) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.refuse > 0 {
		n.refuse--
		return errors.New("nothing can be stored now")
	}
	n.got = append(n.got, u.Text)
	return nil
}

func (n *notebook) HandleRecorded(ctx context.Context, u bot.Update) error  { return n.Handle(ctx, u) }
func (n *notebook) LeadAlone(context.Context) (wait func())                 { return func() {} }
func (n *notebook) Unreadable(context.Context, string, []byte, error) error { return nil }

func (n *notebook) texts() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return strings.Join(n.got, ", ")
}

// TestWebhook has Telegram bring updates: each is confirmed when it is handled, comes again
// when it could not be, and without the secret nothing is read.
func TestWebhook(t *testing.T) {
	t.Parallel() // Telegram waits for five seconds
	const secret = "a-secret_of-the-webhook"
	sim, err := simulator.New(simulator.Options{Token: "1:TEST"})
	if err != nil {
		t.Fatal(err)
	}
	api := httptest.NewServer(sim.Handler())
	defer api.Close()
	defer func() {
		if m := sim.Misuse(); len(m) > 0 {
			t.Errorf("the bot misused Telegram: %q", m)
		}
		if err := sim.Close(); err != nil {
			t.Error(err)
		}
	}()
	const dima = 102
	sim.AddPerson(simulator.Person{ID: dima, FirstName: "Dima", LanguageCode: "ru"})

	me, err := New(api.URL, "1:TEST", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer me.Close()
	intake := &notebook{refuse: 1}
	ours := httptest.NewServer(me.Webhook(intake, secret))
	defer ours.Close()
	if err := me.Hook(t.Context(), ours.URL+"/", secret); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for _, text := range []string{"/start", "one", "two"} {
		if _, err := sim.Say(dima, dima, text); err != nil {
			t.Fatal(err)
		}
	}
	if err := sim.Quiet(ctx); err != nil {
		t.Fatal(err)
	}
	if got, want := intake.texts(), "/start, one, two"; got != want {
		t.Errorf("got %q, want %q: each once, in order, the refused one again", got, want)
	}

	post := func(method, secret, body string) int {
		r, err := http.NewRequestWithContext(ctx, method, ours.URL, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		if secret != "" {
			r.Header.Set("X-Telegram-Bot-Api-Secret-Token", secret)
		}
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		return resp.StatusCode
	}
	forged := `{"update_id":7,"message":{"message_id":1,"date":1,"chat":{"id":102,"type":"private"},"from":{"id":102,"first_name":"D"},"text":"forged"}}`
	for _, c := range []struct {
		name, method, secret, body string
		want                       int
	}{
		{"no secret", http.MethodPost, "", forged, http.StatusUnauthorized},
		{"another secret", http.MethodPost, "another", forged, http.StatusUnauthorized},
		{"the beginning of the secret", http.MethodPost, secret[:5], forged, http.StatusUnauthorized},
		{"another method", http.MethodGet, secret, "", http.StatusMethodNotAllowed},
		{"a body that is too large", http.MethodPost, secret, strings.Repeat(" ", maxUpdate+1), http.StatusRequestEntityTooLarge},
		{"what is no update is passed over, or it would come for ever", http.MethodPost, secret, `[]`, http.StatusOK},
		{"nor is nothing", http.MethodPost, secret, ``, http.StatusOK},
	} {
		if got := post(c.method, c.secret, c.body); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
	if strings.Contains(intake.texts(), "forged") {
		t.Error("a forged update was handled")
	}
	twice := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader([]byte(forged)))
	twice.Header["X-Telegram-Bot-Api-Secret-Token"] = []string{secret, "x"}
	w := httptest.NewRecorder()
	if me.Webhook(intake, secret).ServeHTTP(w, twice); w.Code != http.StatusUnauthorized {
		t.Errorf("two secrets: %d", w.Code)
	}
	w = httptest.NewRecorder()
	if me.Webhook(intake, "").ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/", nil)); w.Code != http.StatusUnauthorized {
		t.Errorf("a webhook without a secret reads from everybody: %d", w.Code)
	}
}
