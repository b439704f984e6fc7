package locales_test

import (
	"fmt"
	"testing"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/locales"
)

// TestCheckSees holds what Check says of broken texts: where, what, and what to paste.
func TestCheckSees(t *testing.T) {
	const whole = "[case]\ntaken = \"{{.Number}} a\"\n"
	three := func(kk, ru, en string) map[dauys.Lang][]byte {
		return map[dauys.Lang][]byte{dauys.Kazakh: []byte(kk), dauys.Russian: []byte(ru), dauys.English: []byte(en)}
	}
	tests := []struct {
		name   string
		texts  map[dauys.Lang][]byte
		needed []string
		want   []string
	}{
		{"all well", three(whole, whole, whole), []string{"case.taken"}, nil},
		{"missing in one language", three(whole, "[misc]\nx = \"y\"\n[case]\n", whole), nil, []string{
			"locales/ru.toml:3: case.taken is missing; paste under [case] and translate:\ntaken = \"{{.Number}} a\"",
			"locales/kk.toml:1: misc.x is missing; paste under [misc] and translate:\nx = \"y\"",
			"locales/en.toml:1: misc.x is missing; paste under [misc] and translate:\nx = \"y\"",
		}},
		{"missing everywhere", three("", "", ""), []string{"hello"}, []string{
			"locales/kk.toml:1: hello is missing; paste at the top and translate:\nhello = \"\"",
			"locales/ru.toml:1: hello is missing; paste at the top and translate:\nhello = \"\"",
			"locales/en.toml:1: hello is missing; paste at the top and translate:\nhello = \"\"",
		}},
		{"a plural is missing", three("[n]\none = \"{{.Count}} күн\"\nother = \"{{.Count}} күн\"\n", "", "[n]\none = \"{{.Count}} day\"\nother = \"{{.Count}} days\"\n"), nil, []string{
			"locales/ru.toml:1: n is missing; paste at the top and translate:\n[n]\nfew = \"{{.Count}} күн\"\nmany = \"{{.Count}} күн\"\none = \"{{.Count}} күн\"\nother = \"{{.Count}} күн\"",
		}},
		{"other gaps", three(whole, "[case]\ntaken = \"{{.Nummer}} a\"\n", "[case]\n\ntaken = \"a\"\n"), nil, []string{
			"locales/ru.toml:2: case.taken has the gaps Nummer, but Number in kk.toml; use the same",
			"locales/en.toml:3: case.taken has the gaps none, but Number in kk.toml; use the same",
		}},
		{"other forms", three(whole, "[case.taken]\none = \"{{.Number}}\"\nother = \"{{.Number}}\"\n", whole), nil, []string{
			"locales/ru.toml:1: case.taken has the forms one, other; this language needs few, many, one, other",
		}},
		{"empty", three(whole, whole, "[case]\ntaken = \" \"\n"), nil, []string{"locales/en.toml:2: case.taken is empty; write the text"}},
		{"more than a gap", three(whole, whole, "[case]\ntaken = \"{{.Number | html}}\"\n"), nil, []string{
			"locales/en.toml:2: case.taken: {{.Number | html}} is more than a placeholder; only {{.Name}} is understood",
		}},
		{"a word of the reader's", three("[topic]\none = \"a\"\n", "[topic]\none = \"a\"\n", "[topic]\none = \"a\"\n"), nil, []string{
			"locales/kk.toml:2: topic.one ends in a word that stands for a part of a message; call it otherwise, or add the form other",
			"locales/ru.toml:2: topic.one ends in a word that stands for a part of a message; call it otherwise, or add the form other",
			"locales/en.toml:2: topic.one ends in a word that stands for a part of a message; call it otherwise, or add the form other",
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			problems, err := locales.CheckTexts(tt.texts, tt.needed)
			if err != nil {
				t.Fatal(err)
			}
			if got, want := fmt.Sprintf("%v", problems), fmt.Sprintf("%v", tt.want); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}
