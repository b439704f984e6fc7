// Package locales holds every text that a person sees, in Kazakh, Russian and English,
// and turns the [ask.Line]s of the other packages into them.
//
// The texts are in kk.toml, ru.toml and en.toml, one message a key, with plural forms as
// Unicode CLDR has them. Messages of the conversations are found by keys that follow from
// the flows; everything else that is said is a function in messages.go, so the compiler
// knows who says what. Texts are a small HTML; what people wrote is escaped here, once.
//
// The package knows no messenger and stores nothing.
package locales

import (
	"embed"
	"fmt"
	"html"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"text/template"
	"text/template/parse"
	"time"

	"github.com/BurntSushi/toml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
)

//go:embed kk.toml ru.toml en.toml
var files embed.FS

// Names looks up the name of something of the university; empty Names when there is none.
type Names func(list, id string) dauys.Names

// Book is all texts in all languages.
type Book struct {
	zone       *time.Location
	names      Names
	localizers map[dauys.Lang]*i18n.Localizer
	texts      map[dauys.Lang]map[string]text // of the messages that have one form only
	known      sync.Map                       // labels and synonyms as they are compared with what is typed
	fillers    map[string]bool                // folded words that mean nothing there
	danger     signs
}

// text is a message with its gaps found: each piece is words and the name of the gap behind them.
type text []piece

type piece struct{ words, gap string }

// New is a book whose dates are written in the zone.
func New(zone *time.Location, names Names) (*Book, error) {
	r, err := reading()
	if err != nil {
		return nil, err
	}
	return &Book{zone: zone, names: names, localizers: r.localizers, texts: r.texts, fillers: r.fillers, danger: r.danger}, nil
}

// reading reads the texts, which are the same in every book and never change: a start needs two
// books, and a test run a thousand.
var reading = sync.OnceValues(func() (*Book, error) {
	bundle := i18n.NewBundle(language.Russian)
	bundle.RegisterUnmarshalFunc("toml", toml.Unmarshal)
	b := &Book{localizers: map[dauys.Lang]*i18n.Localizer{}, texts: map[dauys.Lang]map[string]text{}, fillers: map[string]bool{}}
	for _, l := range dauys.Langs {
		if _, err := bundle.LoadMessageFileFS(files, string(l)+".toml"); err != nil {
			return nil, fmt.Errorf("locales: read %s.toml: %w", l, err)
		}
	}
	for _, l := range dauys.Langs {
		b.localizers[l] = i18n.NewLocalizer(bundle, string(l))
		if err := b.prepare(l); err != nil {
			return nil, fmt.Errorf("locales: read %s.toml: %w", l, err)
		}
	}
	for _, words := range b.meaning("filler") {
		for w := range strings.FieldsSeq(Fold(words)) {
			b.fillers[w] = true
		}
	}
	var err error
	if b.danger, err = readSigns(dangerFile); err != nil {
		return nil, fmt.Errorf("locales: read danger.toml: %w", err)
	}
	return b, nil
})

// prepare finds the gaps of the texts once, and not whenever one is said. What has plural
// forms, or is missing, is left to the library.
func (b *Book) prepare(l dauys.Lang) error {
	data, err := files.ReadFile(string(l) + ".toml")
	if err != nil {
		return err
	}
	all, err := read(data)
	if err != nil {
		return err
	}
	b.texts[l] = map[string]text{}
	for key, message := range all {
		if single, ok := message[""]; ok {
			if t, ok := pieces(single); ok {
				b.texts[l][key] = t
			}
		}
	}
	return nil
}

// pieces finds the gaps of a text; it is not ok when there is more in it than gaps.
func pieces(src string) (t text, ok bool) {
	for {
		words, rest, found := strings.Cut(src, "{{")
		if !found {
			return append(t, piece{words: words}), true
		}
		inner, after, closed := strings.Cut(rest, "}}")
		m := gap.FindStringSubmatch("{{" + inner + "}}")
		if !closed || m == nil {
			return nil, false
		}
		t, src = append(t, piece{words, m[1]}), after
	}
}

// fill is the text with its gaps filled, if there is something for each of them.
func (t text) fill(data map[string]any) (string, bool) {
	if len(t) == 1 && t[0].gap == "" {
		return t[0].words, true
	}
	var out strings.Builder
	for _, p := range t {
		out.WriteString(p.words)
		if p.gap == "" {
			continue
		}
		v, ok := data[p.gap].(string)
		if !ok {
			return "", false
		}
		out.WriteString(v)
	}
	return out.String(), true
}

// Say is a line as HTML in a language.
func (b *Book) Say(l dauys.Lang, line ask.Line) string { return b.say(l, line, html.EscapeString) }

// Plain is a line without markup and without escapes, for buttons and for toasts.
func (b *Book) Plain(l dauys.Lang, line ask.Line) string {
	return b.say(l, line, func(s string) string { return s })
}

// Has tells whether there is such a message in a language.
func (b *Book) Has(l dauys.Lang, key string) bool {
	_, tag, err := b.localizers[l].LocalizeWithTag(&i18n.LocalizeConfig{MessageID: key, TemplateData: map[string]any{}, PluralCount: 1})
	if err != nil && tag == language.Und {
		return false
	}
	base, _ := tag.Base()
	return base.String() == string(l)
}

func (b *Book) say(l dauys.Lang, line ask.Line, escape func(string) string) string {
	if !known(l) {
		l = dauys.Russian
	}
	var data map[string]any
	var count any
	if len(line.Args) > 0 {
		data = make(map[string]any, len(line.Args))
		for k, v := range line.Args {
			data[k] = b.word(l, v, escape)
			if n, ok := v.(int); ok && k == "Count" {
				count = n
			}
		}
	}
	if t, ok := b.texts[l][line.Key]; ok {
		if said, ok := t.fill(data); ok {
			return said
		}
	}
	return b.localized(l, line.Key, data, count)
}

// localized is a message by way of the library, which knows plurals and other languages.
func (b *Book) localized(l dauys.Lang, key string, data map[string]any, count any) string {
	if data == nil {
		data = map[string]any{}
	}
	text, err := b.localizers[l].Localize(&i18n.LocalizeConfig{MessageID: key, TemplateData: data, PluralCount: count})
	if err != nil { // the catalogue's test makes sure that this does not happen
		return key
	}
	return text
}

// word is one argument in words.
func (b *Book) word(l dauys.Lang, v any, escape func(string) string) string {
	switch v := v.(type) {
	case string:
		return escape(v)
	case int:
		return number(l, v)
	case ask.Markup:
		return string(v)
	case ask.Line:
		return b.say(l, v, escape)
	case dauys.Names:
		return escape(v.In(l))
	case ask.Name:
		if at, ok := Moment(v.ID); ok && v.List == moments {
			return b.word(l, at, escape)
		}
		return escape(b.names(v.List, v.ID).In(l))
	case ask.Decimal:
		return decimal(l, string(v))
	case ask.Day:
		return day(l, time.Time(v).In(b.zone))
	case time.Time:
		return day(l, v.In(b.zone)) + ", " + v.In(b.zone).Format("15:04")
	}
	return escape(fmt.Sprint(v))
}

// moments is the list of names that are times, by the seconds since 1970.
const moments = "moment"

// Moment is the time that such a name stands for.
func Moment(id string) (time.Time, bool) {
	seconds, err := strconv.ParseInt(id, 10, 64)
	return time.Unix(seconds, 0), err == nil
}

// Reply puts a view into words and buttons. Notices stand above the question.
func (b *Book) Reply(l dauys.Lang, v ask.View, notices ...ask.Line) ask.Reply {
	lines := slices.Concat(v.Lines[:v.Problems], notices, v.Lines[v.Problems:])
	r := ask.Reply{Text: b.Lines(l, lines...)}
	for _, row := range v.Buttons {
		var out []ask.Button
		for _, o := range row {
			out = append(out, ask.Button{Text: Shorten(b.Plain(l, o.Label), 60), Data: ask.Data(v, o)})
		}
		r.Buttons = append(r.Buttons, out)
	}
	return r
}

// Lines says several lines, an empty line between them; items of a list stand close.
func (b *Book) Lines(l dauys.Lang, lines ...ask.Line) string {
	var out strings.Builder
	for i, line := range lines {
		text := b.Say(l, line)
		if text == "" {
			continue
		}
		if out.Len() > 0 {
			out.WriteString("\n")
			if !(strings.HasSuffix(line.Key, ".item") && strings.HasSuffix(lines[i-1].Key, ".item")) {
				out.WriteString("\n")
			}
		}
		out.WriteString(text)
	}
	return out.String()
}

func known(l dauys.Lang) bool { return l == dauys.Kazakh || l == dauys.Russian || l == dauys.English }

// gap is a placeholder, and all that a text may have of the template language.
var gap = regexp.MustCompile(`^\{\{\.(\w+)\}\}$`)

// gaps lists the placeholders of a message's template.
func gaps(text string) (map[string]bool, error) {
	t, err := template.New("").Parse(text)
	if err != nil {
		return nil, err
	}
	found := map[string]bool{}
	for _, n := range t.Root.Nodes {
		if n.Type() == parse.NodeText {
			continue
		}
		m := gap.FindStringSubmatch(n.String())
		if m == nil {
			return nil, fmt.Errorf("%s is more than a placeholder", n)
		}
		found[m[1]] = true
	}
	return found, nil
}
