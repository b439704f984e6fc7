package locales_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
)

func TestDates(t *testing.T) {
	book := newBook(t)
	show := func(l dauys.Lang, v any) string {
		return book.Say(l, ask.Line{Key: "ask.named", Args: ask.Args{"Name": v}})
	}
	tests := []struct {
		at               time.Time
		kk, ru, en, hour string
	}{
		{time.Date(2026, 11, 23, 5, 0, 0, 0, time.UTC), "2026 ж. 23 қараша", "23 ноября 2026 г.", "23 November 2026", "10:00"},
		{time.Date(2026, 12, 31, 18, 59, 59, 0, time.UTC), "2026 ж. 31 желтоқсан", "31 декабря 2026 г.", "31 December 2026", "23:59"},
		{time.Date(2026, 12, 31, 19, 0, 0, 0, time.UTC), "2027 ж. 1 қаңтар", "1 января 2027 г.", "1 January 2027", "00:00"},
		{time.Date(2028, 2, 29, 1, 5, 0, 0, time.FixedZone("", 3*60*60)), "2028 ж. 29 ақпан", "29 февраля 2028 г.", "29 February 2028", "03:05"},
		{time.Date(2026, 3, 1, 9, 0, 0, 0, almaty), "2026 ж. 1 наурыз", "1 марта 2026 г.", "1 March 2026", "09:00"},
		{time.Date(2026, 4, 1, 9, 0, 0, 0, almaty), "2026 ж. 1 сәуір", "1 апреля 2026 г.", "1 April 2026", "09:00"},
		{time.Date(2026, 5, 1, 9, 0, 0, 0, almaty), "2026 ж. 1 мамыр", "1 мая 2026 г.", "1 May 2026", "09:00"},
		{time.Date(2026, 6, 1, 9, 0, 0, 0, almaty), "2026 ж. 1 маусым", "1 июня 2026 г.", "1 June 2026", "09:00"},
		{time.Date(2026, 7, 1, 9, 0, 0, 0, almaty), "2026 ж. 1 шілде", "1 июля 2026 г.", "1 July 2026", "09:00"},
		{time.Date(2026, 8, 1, 9, 0, 0, 0, almaty), "2026 ж. 1 тамыз", "1 августа 2026 г.", "1 August 2026", "09:00"},
		{time.Date(2026, 9, 1, 9, 0, 0, 0, almaty), "2026 ж. 1 қыркүйек", "1 сентября 2026 г.", "1 September 2026", "09:00"},
		{time.Date(2026, 10, 1, 9, 0, 0, 0, almaty), "2026 ж. 1 қазан", "1 октября 2026 г.", "1 October 2026", "09:00"},
	}
	for _, tt := range tests {
		for l, want := range map[dauys.Lang]string{dauys.Kazakh: tt.kk, dauys.Russian: tt.ru, dauys.English: tt.en} {
			if got := show(l, ask.Day(tt.at)); got != want {
				t.Errorf("the day in %s: got %q, want %q", l, got, want)
			}
			if got := show(l, tt.at); got != want+", "+tt.hour {
				t.Errorf("the time in %s: got %q, want %q", l, got, want+", "+tt.hour)
			}
		}
	}
}

func TestNumbers(t *testing.T) {
	book := newBook(t)
	tests := []struct {
		n      int
		kk, en string // Russian is as Kazakh
	}{
		{0, "0", "0"}, {7, "7", "7"}, {-7, "-7", "-7"}, {999, "999", "999"}, {3000, "3000", "3000"}, {9999, "9999", "9999"},
		{10000, "10\u202f000", "10,000"}, {-10000, "-10\u202f000", "-10,000"}, {123456, "123\u202f456", "123,456"}, {-123456, "-123\u202f456", "-123,456"}, {1234567, "1\u202f234\u202f567", "1,234,567"},
	}
	for _, tt := range tests {
		for l, want := range map[dauys.Lang]string{dauys.Kazakh: tt.kk, dauys.Russian: tt.kk, dauys.English: tt.en} {
			if got := book.Plain(l, ask.Line{Key: "ask.named", Args: ask.Args{"Name": tt.n}}); got != want {
				t.Errorf("%d in %s: got %q, want %q", tt.n, l, got, want)
			}
		}
	}
}

func TestArguments(t *testing.T) {
	book := newBook(t)
	tests := []struct {
		name       string
		v          any
		say, plain string
	}{
		{"what a person wrote", `<b>&"`, "&lt;b&gt;&amp;&#34;", `<b>&"`},
		{"markup that is ours", ask.Markup("<b>a</b> &amp;"), "<b>a</b> &amp;", "<b>a</b> &amp;"},
		{"another message", ask.Line{Key: "menu.help"}, "Help", "Help"},
		{"what a person wrote in another message", ask.Line{Key: "ask.named", Args: ask.Args{"Name": "<"}}, "&lt;", "<"},
		{"a name", ask.Name{List: "office", ID: "a&b"}, "office a&amp;b in English", "office a&b in English"},
		{"anything else", 1.5, "1.5", "1.5"},
	}
	for _, tt := range tests {
		line := ask.Line{Key: "ask.named", Args: ask.Args{"Name": tt.v}}
		if got := book.Say(dauys.English, line); got != tt.say {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.say)
		}
		if got := book.Plain(dauys.English, line); got != tt.plain {
			t.Errorf("%s, plain: got %q, want %q", tt.name, got, tt.plain)
		}
	}
}

func TestFold(t *testing.T) {
	for typed, want := range map[string]string{
		"Өткізіп жіберу":        "откизип жиберу",
		"ОТКИЗИП  ЖИБЕРУ":       "откизип жиберу",
		"өткiзiп жiберу":        "откизип жиберу", // Latin i
		"Әкімші, һәм Ғылым! Ңұ": "акимши хам гылым ну",
		"əкімші":                "акимши", // a Latin schwa
		"← Артқа":               "артка",
		"✅ Да, удалить.":        "да удалить",
		"Ещё":                   "еще",
		"Ещё\u0301":             "еще", // a mark too many
		"и\u0306":               "й",   // a letter in two parts
		"Эдвайзер-куратор":      "эдвайзер куратор",
		"Advisor–curator":       "advиsor curator", // i goes the same way in all languages
		"3)":                    "3",
		"😀 !?":                  "",
		"":                      "",
	} {
		if got := locales.Fold(typed); got != want {
			t.Errorf("%q: got %q, want %q", typed, got, want)
		}
	}
}

func TestShorten(t *testing.T) {
	tests := []struct {
		name, text string
		n          int
		want       string
	}{
		{"fits", "Қысқа мәтін", 11, "Қысқа мәтін"},
		{"at a word", "Кесте бір апта бұрын", 12, "Кесте бір…"},
		{"no space before the ellipsis", "Кесте бір апта", 11, "Кесте бір…"},
		{"within a long word", "Қанағаттандырылмағандықтан", 10, "Қанағатта…"},
		{"a space too early to cut there", "а Қанағаттандырылмағандықтан", 10, "а Қанағат…"},
		{"one character", "абв", 1, "…"},
		{"none", "абв", 0, "…"},
		{"a letter with its mark", "аб" + "в\u0301" + "где", 4, "аб…"},
		{"an emoji of several parts", "аб👨‍👩‍👧‍👦где", 6, "аб…"},
		{"an emoji with its tone", "абв👍🏽где", 5, "абв…"},
		{"a flag", "аб🇰🇿🇷🇺где", 4, "аб…"},
		{"between two flags", "аб🇰🇿🇷🇺где", 5, "аб🇰🇿…"},
		{"a flag of many parts", "аб🏴\U000E0067\U000E0062\U000E007Fгдежз", 5, "аб…"},
		{"marks without end", "а" + strings.Repeat("\u0301", 50), 10, "…"},
	}
	for _, tt := range tests {
		if got := locales.Shorten(tt.text, tt.n); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
	// Whatever it is: not too long, whole characters, the beginning of the text.
	r := rand.New(rand.NewPCG(1, 2))
	pieces := []string{"а", "ә", " ", "\n", "и\u0306", "😀", "👨‍👩‍👧", "🇰🇿", "👍🏽", "\uFDFD", "ﷺ", "é", "ש"}
	for range 2000 {
		var b strings.Builder
		for range r.IntN(40) {
			b.WriteString(pieces[r.IntN(len(pieces))])
		}
		text, n := b.String(), 1+r.IntN(30)
		got := locales.Shorten(text, n)
		cut, was := strings.CutSuffix(got, "…")
		switch {
		case utf8.RuneCountInString(got) > n:
			t.Fatalf("%q to %d: %q is too long", text, n, got)
		case !was && got != text:
			t.Fatalf("%q to %d: %q has no ellipsis", text, n, got)
		case !strings.HasPrefix(text, cut) || !utf8.ValidString(got):
			t.Fatalf("%q to %d: %q is not its beginning", text, n, got)
		}
	}
}
