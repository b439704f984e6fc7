package dauys

import (
	"slices"
	"testing"
)

func TestUnfillable(t *testing.T) {
	for text, want := range map[string][]string{
		"":                                  nil,
		"Dear {name}, {number} of {date}":   nil,
		"{office} until { Due }, {NAME}":    nil,
		"Dear {Name}, about {group}":        {"{group}"},
		"{аты}, {аты}, {} and {name}":       {"{аты}", "{}"},
		"a brace { alone, and } another":    {"{ alone, and }"},
		"a brace {\nalone} on two lines":    nil,
		"{{name}} in two pairs is one":      nil,
		"{name of the applicant} is no one": {"{name of the applicant}"},
	} {
		if got := Unfillable(text); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestFill(t *testing.T) {
	with := func(p string) string {
		return map[string]string{"name": "{number} <b>", "number": "ALT-2026-000001", "date": "23 ноября 2026 г.", "office": "the office", "due": "soon"}[p]
	}
	for text, want := range map[string]string{
		"":                                    "",
		"{name}":                              "{number} <b>", // what is put in is not read again
		"{ Name }, {number}: {office}, {due}": "{number} <b>, ALT-2026-000001: the office, soon",
		"от {date}. Всё":                      "от 23 ноября 2026 г. Всё",
		"от {date}, всё":                      "от 23 ноября 2026 г., всё",
		"{other} stays":                       "{other} stays",
	} {
		if got := Fill(text, with); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestReadyAnswerFor(t *testing.T) {
	a := ReadyAnswer{Texts: Names{Kazakh: "қ", English: "e"}}
	for _, x := range []struct{ reader, office, want Lang }{
		{Kazakh, Russian, Kazakh}, {English, Kazakh, English}, {Russian, English, English}, {Russian, Russian, Kazakh},
	} {
		if text, l := a.For(x.reader, x.office); l != x.want || text != a.Texts[x.want] {
			t.Errorf("for %s in an office of %s: %q in %s", x.reader, x.office, text, l)
		}
	}
	if text, l := (ReadyAnswer{}).For(Kazakh, Kazakh); text != "" || l != "" {
		t.Errorf("nothing is %q in %q", text, l)
	}
	if !Asks("a { NAME }", "name") || Asks("{number} name", "name") {
		t.Error("whether a placeholder is in a text")
	}
}
