package dauys

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The clauses of the built-in file are numbered without a gap, and everything that can rest on
// one does.
func TestBuiltinProcedure(t *testing.T) {
	p := Builtin().Procedure
	if p.Version == "" || len(p.Clauses) < 27 {
		t.Fatalf("version %q, %d clauses", p.Version, len(p.Clauses))
	}
	for i, c := range p.Clauses {
		if c.ID != strconv.Itoa(i+1) {
			t.Errorf("clause %q stands at place %d", c.ID, i+1)
		}
		for _, l := range Langs {
			if n := len([]rune(c.Texts.In(l))); n < 20 || n > 320 {
				t.Errorf("clause %s in %s has %d letters", c.ID, l, n)
			}
			if c.Source.In(l) == "" {
				t.Errorf("clause %s in %s has no source", c.ID, l)
			}
		}
	}
	for _, what := range citable {
		if _, ok := p.Clause(p.Cites[what]); !ok {
			t.Errorf("%s rests on no clause", what)
		}
	}
	if _, ok := p.Clause("0"); ok {
		t.Error("there is a clause 0")
	}
}

const procedure = `procedure:
  version: "2026-11"
  clauses:
    - id: "1"
      kk: Шағым тіркеледі.
      ru: Жалобу регистрируют.
      en: A complaint is registered.
      source: {kk: Кодекс, ru: Кодекс, en: Code}
    - id: 2a
      kk: Жауап беріледі.
      ru: Дают ответ.
      en: There is an answer.
      source: ALT
  cites:
    register: "1"
    answer: 2a
`

func TestReadProcedure(t *testing.T) {
	u, problems := ReadUniversity("u.yaml", []byte(strings.Replace(small+rest, "id: rest\n", "id: rest\n    cites: {register: 2a, term: '1'}\n", 1)+procedure))
	if u == nil || len(problems) > 0 {
		t.Fatal(problems)
	}
	p := u.Procedure
	if c, ok := p.Clause("1"); !ok || c.Texts.In(Russian) != "Жалобу регистрируют." || c.Source.In(English) != "Code" {
		t.Errorf("clause 1: %+v", c)
	}
	if c, ok := p.Clause("2a"); !ok || c.Source.In(Kazakh) != "ALT" || c.Source.In(English) != "ALT" {
		t.Errorf("clause 2a: %+v", c)
	}
	if got, want := u.Cites(u.Schemes[0]), map[string]string{"register": "1", "answer": "2a"}; !maps.Equal(got, want) {
		t.Errorf("cites %v, want %v", got, want)
	}
	if got, want := u.Cites(u.Schemes[1]), map[string]string{"register": "2a", "answer": "2a", "term": "1"}; !maps.Equal(got, want) {
		t.Errorf("cites of the scheme %v, want %v", got, want)
	}
	if p.Cites["register"] != "1" {
		t.Error("a scheme has changed the cites of all")
	}

	other := p
	other.Cites = nil
	if !p.SameWords(other) {
		t.Error("other cites are other words")
	}
	other.Clauses = slices.Clone(p.Clauses)
	other.Clauses[1].Source = Names{Kazakh: "KazATC"}
	if p.SameWords(other) || p.SameWords(Procedure{}) {
		t.Error("other words are the same")
	}
	if none, _ := ReadUniversity("u.yaml", []byte(small+rest)); none.Procedure.Version != "" || len(none.Cites(none.Schemes[0])) > 0 {
		t.Errorf("a file without a procedure has %+v", none.Procedure)
	}
}

func TestProblemsOfProcedure(t *testing.T) {
	tests := []struct {
		name     string
		old, new string
		at       string // stands on the line of the problem; empty: new
		want     string
	}{
		{"clause twice", "  cites:\n", "    - {id: '1', kk: Б, ru: Б, en: B, source: S}\n  cites:\n", "    - {id: '1'", `there is a clause "1" already; give it another number`},
		{"clause without a language", "      ru: Дают ответ.\n", "", "- id: 2a", `the field "ru" is missing (procedure.clauses.2a); add ru:`},
		{"clause with an empty language", "en: There is an answer.", `en: ""`, "", "the text is empty; write it or take the field out"},
		{"clause without a source", "      source: ALT\n", "", "- id: 2a", `the field "source" is missing (procedure.clauses.2a); add source:`},
		{"source without a language", "{kk: Кодекс, ru: Кодекс, en: Code}", "{kk: Кодекс, ru: Кодекс}", "",
			"the name in English is missing (procedure.clauses.1.source); add en:"},
		{"number that is none", "  cites:\n", "    - {id: one, kk: Б, ru: Б, en: B, source: S}\n  cites:\n", "id: one",
			`"one" cannot be the number of a clause; write a number, with a small letter behind it if need be: "7", "12a"`},
		{"version that fits into no button", `"2026-11"`, "November 2026", "", `"November 2026" cannot be a version; write at most 16 letters, digits and "-", as in "2026-11"`},
		{"no version", "  version: \"2026-11\"\n", "", "  clauses:", `the field "version" is missing (procedure); add version:`},
		{"unknown clause", "    answer: 2a", "    answer: \"2\"", "", `there is no clause "2"; add it, or write one from "1" to "2a"`},
		{"unknown act", "    answer: 2a", "    awnser: 2a", "", `"awnser" is neither an act nor a term that could rest on a clause; did you mean "answer"?`},
		{"act twice", "    answer: 2a", "    answer: 2a\n    answer: \"1\"", "answer: \"1\"", `"answer" is here twice, first on line %d; keep one of them`},
		{"act without a clause", "    answer: 2a", "    answer:", "", "the text is empty; write it or take the field out"},
		{"unknown clause of a scheme", "id: rest\n", "id: rest\n    cites: {term: '17'}\n", "term", `there is no clause "17"; add it, or write one from "1" to "2a"`},
		{"unknown field", "  cites:\n", "  sites: {}\n  cites:\n", "sites", `there is no field "sites" here; did you mean "cites"?`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			file := small + rest + procedure
			if strings.Count(file, tt.old) != 1 {
				t.Fatalf("%q is %d times in the file", tt.old, strings.Count(file, tt.old))
			}
			file = strings.Replace(file, tt.old, tt.new, 1)
			at := tt.at
			if at == "" {
				at = tt.new
			}
			line := 1 + strings.Count(file[:strings.LastIndex(file, at)], "\n")
			if strings.Contains(tt.want, "%d") {
				tt.want = fmt.Sprintf(tt.want, line-1)
			}
			u, problems := ReadUniversity("u.yaml", []byte(file))
			if want := fmt.Sprintf("u.yaml:%d: %s", line, tt.want); u != nil || len(problems) != 1 || problems[0].String() != want {
				t.Errorf("\n got %v\nwant [%s]", problems, want)
			}
		})
	}
}

// A scheme can cite only what some procedure says.
func TestCitesWithoutProcedure(t *testing.T) {
	_, problems := ReadUniversity("u.yaml", []byte(strings.Replace(small+rest, "id: rest\n", "id: rest\n    cites: {term: '17'}\n", 1)))
	if len(problems) != 1 || problems[0].What != `there is no clause "17"` || problems[0].Fix != "add it under procedure:, or take this out" {
		t.Errorf("problems: %v", problems)
	}
}
