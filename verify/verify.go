// Package verify is the public page of a paper that the registrar has given out: whoever holds the paper
// sees there whether it is real. It says no more than stands on the paper, and not all of that: the name is
// masked, and there are no marks.
//
// The page has no script, is the same for a phone and a computer, and is kept by nobody. Of a token that
// leads nowhere it says so as slowly as of one that leads somewhere, and whoever asks too often waits.
package verify

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"html/template"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"golang.org/x/text/language"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/documents"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
	"alt.edu.kz/dauys/registrar"
)

// Papers finds a paper by its token. The error is [dauys.ErrNotFound] when there is none.
type Papers interface {
	PaperByToken(ctx context.Context, token string) (registrar.Paper, error)
}

// Page answers GET /verify/{token}.
type Page struct {
	Papers Papers
	Book   *locales.Book
	Name   func(dauys.Lang) string // of the university
	Now    func() time.Time
	Log    *slog.Logger

	mu    sync.Mutex
	since time.Time
	all   int
	by    map[string]int
}

const (
	// Pace is how long every answer takes: looking something up takes a part of it.
	Pace = 150 * time.Millisecond
	// MostEach and MostAll are how many answers one visitor, and all together, get in a minute.
	MostEach = 30
	MostAll  = 600
	span     = time.Minute
	// longest is how long a token is looked at; those that are given out have 26 letters.
	longest = 64
)

// ServeHTTP is the page.
func (p *Page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	l := langOf(r)
	if !p.may(visitor(r)) {
		w.Header().Set("Retry-After", "60")
		p.write(w, http.StatusTooManyRequests, view{Lang: l, Mood: "no", Says: p.say(l, locales.VerifyBusy())})
		return
	}
	begun := time.Now()
	v, status := p.look(r.Context(), l, r.PathValue("token"))
	select {
	case <-time.After(Pace - time.Since(begun)):
	case <-r.Context().Done():
		return
	}
	p.write(w, status, v)
}

// look finds what the page says.
func (p *Page) look(ctx context.Context, l dauys.Lang, token string) (v view, status int) {
	if len(token) > longest {
		token = ""
	}
	paper, err := p.Papers.PaperByToken(ctx, strings.ToUpper(token))
	if err != nil && !errors.Is(err, dauys.ErrNotFound) {
		p.Log.Error("a paper was not looked up", "error", err)
		return view{Lang: l, Mood: "no", Says: p.say(l, locales.VerifyFailed())}, http.StatusServiceUnavailable
	}
	row := func(what, value string) {
		if value != "" {
			v.Rows = append(v.Rows, [2]string{p.say(l, locales.VerifyRow(what)), value})
		}
	}
	v.Lang = l
	revoked := paper.State == registrar.PaperRevoked && paper.Number != ""
	if err != nil || !paper.Valid() && !revoked {
		v.Mood, v.Says, v.Then = "no", p.say(l, locales.VerifyUnknown()), p.say(l, locales.VerifyWrong())
		return v, http.StatusNotFound
	}
	row("kind", p.say(l, locales.OnPaper("title")))
	row("number", paper.Number)
	row("date", p.say(l, locales.VerifyDay(paper.Issued)))
	if revoked {
		v.Mood, v.Says, v.Then = "void", p.say(l, locales.VerifyRevoked()), p.say(l, locales.VerifyVoid())
		row("void", p.say(l, locales.VerifyDay(paper.Done)))
		return v, http.StatusOK
	}
	v.Mood, v.Says, v.Then = "yes", p.say(l, locales.VerifyValid()), p.say(l, locales.VerifyCompare())
	row("whom", registrar.Masked(paper.Name))
	row("programme", paper.Shown)
	row("file", documents.Short(paper.Hash))
	return v, http.StatusOK
}

func (p *Page) say(l dauys.Lang, line ask.Line) string { return p.Book.Plain(l, line) }

// view is what stands on the page.
type view struct {
	Lang                   dauys.Lang
	University, Title      string
	Mood, Sign, Says, Then string
	Rows                   [][2]string
	Langs                  []other
	Style                  template.CSS
}

// other is a link to the same page in another language.
type other struct{ Code, Name string }

var signs = map[string]string{"yes": "✓", "void": "✕", "no": "?"}

func (p *Page) write(w http.ResponseWriter, status int, v view) {
	v.University, v.Title, v.Sign, v.Style = p.Name(v.Lang), p.say(v.Lang, locales.VerifyTitle()), signs[v.Mood], template.CSS(style)
	for _, l := range dauys.Langs {
		if l != v.Lang {
			v.Langs = append(v.Langs, other{string(l), p.say(l, locales.LanguageName())})
		}
	}
	var page bytes.Buffer
	if err := body.Execute(&page, v); err != nil {
		p.Log.Error("the page of a paper was not written", "error", err)
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", string(v.Lang))
	h.Set("Cache-Control", "no-store")
	h.Set("Vary", "Accept-Language")
	h.Set("X-Robots-Tag", "noindex, nofollow")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Content-Security-Policy", policy)
	w.WriteHeader(status)
	_, _ = w.Write(page.Bytes())
}

const style = `body{margin:0;font:18px/1.45 system-ui,sans-serif;color:#1b1b1b;background:#f0f3f7}
main{max-width:34rem;margin:0 auto;padding:1.25rem}
h1{font-size:1rem;font-weight:600;margin:.25rem 0 1rem;color:#555b63}
.yes,.void,.no{border-radius:.75rem;padding:1rem 1.25rem;color:#fff;font-size:1.4rem;font-weight:700;line-height:1.25}
.yes{background:#1b6e3c}.void{background:#b3261e}.no{background:#555b63}
p{margin:1rem 0}
dl{background:#fff;border-radius:.75rem;margin:1rem 0;padding:.25rem 1.25rem}
dt{color:#555b63;font-size:.85rem;padding-top:.75rem}
dd{margin:0;padding-bottom:.75rem;border-bottom:1px solid #e3e7ec;overflow-wrap:anywhere}
dd:last-child{border:0}
nav a{display:inline-block;padding:.75rem 1rem .75rem 0;color:#1f5fa8}`

// policy lets the page have its own style, and nothing else.
var policy = func() string {
	sum := sha256.Sum256([]byte(style))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}()

var body = template.Must(template.New("").Parse(`<!DOCTYPE html>
<html lang="{{.Lang}}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<title>{{.Title}}</title>
<style>{{.Style}}</style>
</head>
<body>
<main>
<h1>{{.University}}<br>{{.Title}}</h1>
<div class="{{.Mood}}">{{.Sign}} {{.Says}}</div>
{{with .Then}}<p>{{.}}</p>
{{end}}{{with .Rows}}<dl>
{{range .}}<dt>{{index . 0}}</dt><dd>{{index . 1}}</dd>
{{end}}</dl>
{{end}}<nav>{{range .Langs}}<a href="?lang={{.Code}}" lang="{{.Code}}" hreflang="{{.Code}}">{{.Name}}</a> {{end}}</nav>
</main>
</body>
</html>
`))

// langOf is what the visitor has chosen, or what the browser says of them; Kazakh where it says nothing of use.
func langOf(r *http.Request) dauys.Lang {
	if l, ok := dauys.LangOf(r.URL.Query().Get("lang")); ok {
		return l
	}
	tags, _, err := language.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	if err != nil {
		return dauys.Kazakh
	}
	for _, tag := range tags {
		base, _ := tag.Base()
		if l, ok := dauys.LangOf(base.String()); ok {
			return l
		}
	}
	return dauys.Kazakh
}

// visitor is who asks: behind a proxy on this machine or in its network, whom the proxy names last.
func visitor(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	if from, err := netip.ParseAddr(host); err != nil || !from.IsLoopback() && !from.IsPrivate() {
		return host
	}
	named := r.Header.Values("X-Forwarded-For")
	if len(named) == 0 {
		return host
	}
	all := strings.Split(named[len(named)-1], ",")
	if last, err := netip.ParseAddr(strings.TrimSpace(all[len(all)-1])); err == nil {
		return last.String()
	}
	return host
}

// may counts who asks, a minute at a time.
func (p *Page) may(who string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if now := p.Now(); p.by == nil || now.Sub(p.since) >= span || now.Before(p.since) {
		p.since, p.all, p.by = now, 0, map[string]int{}
	}
	if p.all >= MostAll || p.by[who] >= MostEach {
		return false
	}
	p.all++
	p.by[who]++
	return true
}
