package verify

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/locales"
	"alt.edu.kz/dauys/registrar"
	"alt.edu.kz/dauys/storage"
	"alt.edu.kz/dauys/storage/storagetest"
)

const token = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

var now = time.Date(2026, time.November, 23, 5, 0, 0, 0, time.UTC)

// served is the page over a database with one paper on it, which went through some states.
func served(t *testing.T, states ...registrar.PaperState) (*httptest.Server, *Page) {
	t.Helper()
	db := storagetest.OpenURL(t, storagetest.SQLite.Migrated(t))
	ctx := t.Context()
	_, err := db.AskPaper(ctx, registrar.Paper{ID: "p1", Kind: registrar.Transcript, Student: "20230001", Name: "Қыдырғалиқызы Әсем Ғабитқызы", Who: "telegram:1",
		Lang: dauys.Kazakh, Official: true, State: registrar.PaperAsked, Asked: now, Token: token, Shown: "6B07112 – <b>Көлік</b> құрылысы"})
	if err != nil {
		t.Fatal(err)
	}
	for _, to := range states {
		if _, err := db.ChangePaper(ctx, "p1", "", "registrar", string(to), now, func(p *registrar.Paper, _ dauys.Staff) ([]dauys.Notification, error) {
			p.Hash = strings.Repeat("ab12", 16)
			return nil, p.Move(to, "Somebody Secret", "a secret reason", now)
		}); err != nil {
			t.Fatal(err)
		}
	}
	book, err := locales.New(time.UTC, func(string, string) dauys.Names { return dauys.Names{} })
	if err != nil {
		t.Fatal(err)
	}
	p := &Page{Papers: db, Book: book, Name: func(l dauys.Lang) string { return "ALT " + string(l) }, Now: func() time.Time { return now }, Log: slog.New(slog.DiscardHandler)}
	mux := http.NewServeMux()
	mux.Handle("GET /verify/{token}", p)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server, p
}

func get(t *testing.T, url string, heads ...string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(heads); i += 2 {
		r.Header.Set(heads[i], heads[i+1])
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	page, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer, string(page)
}

// What is known of a paper, in the language of who looks, and no more than that.
func TestPage(t *testing.T) {
	issued := []registrar.PaperState{registrar.PaperApproved, registrar.PaperIssued}
	for name, tt := range map[string]struct {
		states []registrar.PaperState
		path   string
		accept string
		status int
		lang   string
		has    []string
	}{
		"valid in Kazakh":    {issued, token, "kk", 200, "kk", []string{"Құжат жарамды", "TRN-2026-000001", "2026 ж. 23 қараша", "Қы••• Ә. Ғ.", "6B07112 – &lt;b&gt;Көлік&lt;/b&gt; құрылысы", "ab12 ab12 ab12 ab12"}},
		"valid in Russian":   {issued, token, "ru-RU,ru;q=0.9,en;q=0.8", 200, "ru", []string{"Документ действителен", "23 ноября 2026 г."}},
		"valid in English":   {issued, token, "de,en;q=0.5", 200, "en", []string{"The document is valid", "23 November 2026"}},
		"chosen":             {issued, token + "?lang=en", "ru", 200, "en", []string{"The document is valid", `href="?lang=kk"`, `href="?lang=ru"`}},
		"typed in small":     {issued, strings.ToLower(token), "en", 200, "en", []string{"The document is valid"}},
		"no language":        {issued, token, "", 200, "kk", []string{"Құжат жарамды"}},
		"odd language":       {issued, token, ";;;", 200, "kk", []string{"Құжат жарамды"}},
		"lies ready":         {append(issued, registrar.PaperReady), token, "en", 200, "en", []string{"The document is valid"}},
		"revoked":            {append(issued, registrar.PaperRevoked), token, "en", 200, "en", []string{"The document has been revoked", "TRN-2026-000001", "must not be accepted"}},
		"revoked in Russian": {append(issued, registrar.PaperRevoked), token, "ru", 200, "ru", []string{"Документ аннулирован"}},
		"not sent yet":       {issued[:1], token, "en", 404, "en", []string{"There is no such document"}},
		"only asked for":     {nil, token, "en", 404, "en", []string{"There is no such document"}},
		"refused":            {[]registrar.PaperState{registrar.PaperRefused}, token, "en", 404, "en", []string{"There is no such document"}},
		"another":            {issued, "BBCDEFGHIJKLMNOPQRSTUVWXYZ", "kk", 404, "kk", []string{"Мұндай құжат жоқ"}},
		"a number":           {issued, "TRN-2026-000001", "ru", 404, "ru", []string{"Такого документа нет"}},
		"endless":            {issued, strings.Repeat("A", 5000), "en", 404, "en", []string{"There is no such document"}},
		"markup":             {issued, "%3Cscript%3Ealert(1)%3C%2Fscript%3E", "en", 404, "en", []string{"There is no such document"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, _ := served(t, tt.states...)
			answer, page := get(t, server.URL+"/verify/"+tt.path, "Accept-Language", tt.accept)
			if answer.StatusCode != tt.status {
				t.Errorf("status %d, want %d", answer.StatusCode, tt.status)
			}
			for _, words := range append(tt.has, `<html lang="`+tt.lang+`">`, `name="robots" content="noindex`, `name="viewport"`, "ALT "+tt.lang) {
				if !strings.Contains(page, words) {
					t.Errorf("the page has no %q:\n%s", words, page)
				}
			}
			for _, words := range []string{"20230001", "Қыдырғали", "Әсем", "secret", "Secret", "telegram", "<script", "GPA"} {
				if strings.Contains(page, words) {
					t.Errorf("the page has %q:\n%s", words, page)
				}
			}
			if h := answer.Header; !strings.Contains(h.Get("X-Robots-Tag"), "noindex") || h.Get("Cache-Control") != "no-store" || !strings.Contains(h.Get("Content-Security-Policy"), "default-src 'none'") {
				t.Errorf("heads: %v", h)
			}
		})
	}
}

// A token that leads nowhere is answered no sooner than one that leads somewhere.
func TestPace(t *testing.T) {
	t.Parallel()
	server, _ := served(t, registrar.PaperApproved, registrar.PaperIssued)
	for _, path := range []string{token, "nothing", strings.Repeat("A", 5000)} {
		begun := time.Now()
		get(t, server.URL+"/verify/"+path)
		if took := time.Since(begun); took < Pace {
			t.Errorf("%s was answered after %v", path[:min(9, len(path))], took)
		}
	}
}

// Whoever asks too often waits for a minute; others do not.
func TestTooOften(t *testing.T) {
	t.Parallel()
	at := now
	p := &Page{Now: func() time.Time { return at }}
	for i := range MostEach {
		if !p.may("a") {
			t.Fatalf("refused after %d", i)
		}
	}
	if p.may("a") || !p.may("b") {
		t.Error("who asked too often goes on, or somebody else does not")
	}
	at = at.Add(span)
	if !p.may("a") {
		t.Error("a minute later they still wait")
	}
	for i := range MostAll {
		p.may(strings.Repeat("x", i+1))
	}
	if p.may("somebody new") {
		t.Error("there is no end for all together")
	}
	server, p := served(t)
	for range MostEach {
		p.may("203.0.113.7")
	}
	answer, page := get(t, server.URL+"/verify/x", "X-Forwarded-For", "198.51.100.1, 203.0.113.7", "Accept-Language", "ru")
	if answer.StatusCode != http.StatusTooManyRequests || answer.Header.Get("Retry-After") == "" || !strings.Contains(page, "Слишком много запросов") {
		t.Errorf("status %d:\n%s", answer.StatusCode, page)
	}
}

// Only a proxy beside us is believed when it says who asks.
func TestVisitor(t *testing.T) {
	for _, tt := range []struct{ remote, forwarded, want string }{
		{"203.0.113.9:5000", "198.51.100.1", "203.0.113.9"},
		{"127.0.0.1:5000", "198.51.100.1, 203.0.113.7", "203.0.113.7"},
		{"10.0.0.2:5000", "203.0.113.7", "203.0.113.7"},
		{"10.0.0.2:5000", "", "10.0.0.2"},
		{"127.0.0.1:5000", "what", "127.0.0.1"},
		{"[::1]:5000", "2001:db8::1", "2001:db8::1"},
	} {
		r := httptest.NewRequest(http.MethodGet, "/verify/x", nil)
		r.RemoteAddr = tt.remote
		if tt.forwarded != "" {
			r.Header.Set("X-Forwarded-For", tt.forwarded)
		}
		if got := visitor(r); got != tt.want {
			t.Errorf("%+v: %s", tt, got)
		}
	}
}

// While the database is away, the page does not call a paper forged.
func TestAway(t *testing.T) {
	t.Parallel()
	server, p := served(t)
	db, ok := p.Papers.(*storage.DB)
	if !ok {
		t.Fatal("another database")
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	answer, page := get(t, server.URL+"/verify/"+token, "Accept-Language", "en")
	if answer.StatusCode != http.StatusServiceUnavailable || strings.Contains(page, "no such document") || !strings.Contains(page, "cannot be checked") {
		t.Errorf("status %d:\n%s", answer.StatusCode, page)
	}
}
