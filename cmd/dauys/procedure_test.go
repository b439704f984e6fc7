package main

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows"
	"alt.edu.kz/dauys/locales"
)

var (
	namesForm  = regexp.MustCompile("(\\w+) ((?:`[^`]+`(?:, | and )?)+)") // play `a`, `b`
	testForm   = regexp.MustCompile(`(?m)^func (Test\w+)\(`)
	bracesForm = regexp.MustCompile(`^(.*)\{(.*)\}(.*)$`)
)

// TestProcedureTable: every sentence of the procedure has a row in docs/procedure.md, and what the
// row names is there.
func TestProcedureTable(t *testing.T) {
	exists := map[string]func(string) bool{
		"scheme": inBuiltin(func(u *dauys.University) (ids []string) {
			return idsOf(u.Schemes, func(s dauys.Scheme) string { return s.ID })
		}),
		"office":     inBuiltin(func(u *dauys.University) (ids []string) { return idsOf(u.Offices, officeKind) }),
		"person":     func(name string) bool { _, ok := dauys.Builtin().Persons[name]; return ok },
		"body":       func(name string) bool { _, ok := dauys.Builtin().Body(name); return ok },
		"cites":      func(name string) bool { _, ok := dauys.Builtin().Procedure.Cites[name]; return ok },
		"flow":       func(name string) bool { return slices.Contains(flowNames(), name) },
		"file":       isFile("%s"),
		"play":       isFile("cmd/dauys/testdata/plays/%s.txt"),
		"transcript": isFile("flows/testdata/%s.txt"),
	}
	tests := testFunctions(t)
	exists["test"] = func(name string) bool { return slices.Contains(tests, name) }

	rows := map[string]bool{}
	for line := range strings.SplitSeq(read(t, filepath.Join(root, "docs/procedure.md")), "\n") {
		if !strings.HasPrefix(line, "| P") {
			continue
		}
		cells := strings.Split(strings.Trim(line, "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		number := cells[0]
		if len(cells) != 6 || cells[1] == "" {
			t.Errorf("%s has %d cells", number, len(cells))
			continue
		}
		if rows[number] {
			t.Errorf("%s is there twice", number)
		}
		rows[number] = true
		clause, marked := strings.CutPrefix(cells[2], "§ ")
		if _, ok := dauys.Builtin().Procedure.Clause(clause); !marked || !ok {
			t.Errorf("%s: there is no clause %q", number, cells[2])
		}
		if "P"+clause != number {
			t.Errorf("%s has the clause %s: the sentences are the clauses of the same numbers", number, clause)
		}
		shown := false
		for _, m := range namesForm.FindAllStringSubmatch(line, -1) {
			is, ok := exists[m[1]]
			if !ok {
				t.Errorf("%s: %q is no kind of name; write one of scheme, office, person, body, cites, flow, file, test, play, transcript before it", number, m[1])
				continue
			}
			shown = shown || m[1] == "test" || m[1] == "play" || m[1] == "transcript"
			for _, span := range spanForm.FindAllStringSubmatch(m[2], -1) {
				for _, name := range spelledOut(span[1]) {
					if !is(name) {
						t.Errorf("%s: there is no %s %q", number, m[1], name)
					}
				}
			}
		}
		if rest := namesForm.ReplaceAllString(line, ""); strings.Contains(rest, "`") {
			t.Errorf("%s: nothing says what this is the name of: %s", number, rest)
		}
		if !shown && !strings.Contains(line, "to come") {
			t.Errorf("%s is shown by nothing, and does not say that this is to come", number)
		}
	}
	for n := 1; n <= 15; n++ {
		if number := fmt.Sprint("P", n); !rows[number] {
			t.Errorf("%s has no row", number)
		}
	}
	if len(rows) > 15 {
		t.Errorf("%d rows for 15 sentences", len(rows))
	}
}

func inBuiltin(of func(*dauys.University) []string) func(string) bool {
	return func(name string) bool { return slices.Contains(of(dauys.Builtin()), name) }
}

func idsOf[T any](list []T, id func(T) string) (ids []string) {
	for _, x := range list {
		ids = append(ids, id(x))
	}
	return ids
}

// officeKind is an office without its institute.
func officeKind(o dauys.Office) string {
	kind, _, _ := strings.Cut(string(o.ID), "@")
	return kind
}

// flowNames are the conversations, and what can be asked in them: a kind of request may share its
// conversation with others.
func flowNames() (names []string) {
	for _, f := range flows.All {
		names = append(names, f.Name)
	}
	for _, k := range flows.Kinds() {
		names = append(names, string(k))
	}
	return names
}

func isFile(pattern string) func(string) bool {
	return func(name string) bool {
		_, err := os.Stat(filepath.Join(root, fmt.Sprintf(pattern, name)))
		return err == nil
	}
}

// spelledOut is play-{kk,ru} as play-kk and play-ru.
func spelledOut(name string) (all []string) {
	m := bracesForm.FindStringSubmatch(name)
	if m == nil {
		return []string{name}
	}
	for part := range strings.SplitSeq(m[2], ",") {
		all = append(all, m[1]+part+m[3])
	}
	return all
}

// testFunctions are all tests of the project, by name.
func testFunctions(t *testing.T) (all []string) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		for _, m := range testForm.FindAllStringSubmatch(read(t, path), -1) {
			all = append(all, m[1])
		}
		return nil
	})
	if err != nil || len(all) < 50 {
		t.Fatalf("%d tests found: %v", len(all), err)
	}
	return all
}

// The procedure of the university cites what its clauses say, in words that fit under a message.
func TestProcedurePagesFit(t *testing.T) {
	s := newStage(t)
	for who, language := range map[int64]string{aigerim: "Қазақша", dima: "Русский", amina: "English"} {
		s.enter(who, language)
		s.say(who, who, "/procedure")
		p := s.app.university.Procedure
		for page := 0; page*8 < len(p.Clauses); page++ {
			s.forge(who, who, s.last(who).ID, fmt.Sprintf("q:p:%d:%s", page, p.Version))
		}
	}
	for _, c := range append(s.sim.CallsOf("sendMessage"), s.sim.CallsOf("editMessageText")...) {
		if text, _ := c.Params["text"].(string); len([]rune(text)) > 3800 {
			t.Errorf("%d letters: %s", len([]rune(text)), text)
		}
	}
}

// A button under a notice of last year shows the words of last year.
func TestProcedureOfBefore(t *testing.T) {
	s := newStage(t)
	s.enter(amina, "English")
	old := dauys.Procedure{Version: "2025-09", Clauses: []dauys.Clause{{ID: "4",
		Texts:  dauys.Names{dauys.Kazakh: "Бұрынғы сөз.", dauys.Russian: "Прежние слова.", dauys.English: "The words of before."},
		Source: dauys.Names{dauys.Kazakh: "ALT", dauys.Russian: "ALT", dauys.English: "ALT"}}}}
	if err := s.app.db.KeepProcedure(t.Context(), old); err != nil {
		t.Fatal(err)
	}
	now := s.app.university.Procedure
	clause, _ := now.Clause("4")
	line, button := s.app.handlers.Cite(dauys.English, "4", old.Version)
	if got := s.app.book.Plain(dauys.English, line); got != "Basis: § 4 of the procedure" || button.Text != "§ 4" {
		t.Errorf("cited as %q, button %q", got, button.Text)
	}
	_, today := s.app.handlers.Cite(dauys.English, "4", now.Version)
	tests := []struct{ data, want string }{
		{button.Data, "The words of before."},
		{today.Data, clause.Texts.In(dauys.English)},
		{"q:p:0:" + old.Version, "§ 4 The words of before."},
		{"q:p:99:" + now.Version, "§ 27"},
		{"q:p:-1:" + now.Version, "§ 1 "},
		{"q:c:40:" + now.Version, s.app.book.Plain(dauys.English, locales.OldButton())},
		{"q:c:4:2024-01", s.app.book.Plain(dauys.English, locales.OldButton())},
		{"q:p:one:" + now.Version, s.app.book.Plain(dauys.English, locales.OldButton())},
		{"q:c:4", s.app.book.Plain(dauys.English, locales.OldButton())},
		{"q:c:4:", s.app.book.Plain(dauys.English, locales.OldButton())},
	}
	for _, tt := range tests {
		s.forge(amina, amina, s.last(amina).ID, tt.data)
		if got := s.last(amina).Text; !strings.Contains(got, tt.want) {
			t.Errorf("%s shows %q, not %q", tt.data, got, tt.want)
		}
		if len(tt.data) > 64 {
			t.Errorf("%s does not fit into a button", tt.data)
		}
	}
}

// Other words under the same version are refused at the start, before anybody is told them. With
// a version of their own they hold, and those of before are kept.
func TestProcedureWithOtherWords(t *testing.T) {
	s := newStage(t)
	before := s.app.university.Procedure
	s.stop()
	source := strings.Replace(string(dauys.BuiltinSource()), "A complaint does not go to the person it is about.", "A complaint goes to anybody.", 1)
	file := filepath.Join(t.TempDir(), "university.yaml")
	start := func(source string) (*app, error) {
		if err := os.WriteFile(file, []byte(source), 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := readConfig(append(slices.Clone(s.env), "UNIVERSITY="+file), "TELEGRAM_TOKEN")
		if err != nil {
			t.Fatal(err)
		}
		return build(t.Context(), c, s.clock.Now, slog.New(slog.DiscardHandler))
	}
	version := `version: "` + before.Version + `"`
	line := 1 + strings.Count(source[:strings.Index(source, version)], "\n")
	_, err := start(source)
	if want := fmt.Sprintf("%s:%d: the procedure %q has other words than before", file, line, before.Version); err == nil || !strings.HasPrefix(err.Error(), want) || !strings.Contains(err.Error(), "raise version:") {
		t.Fatalf("the start ends with %v, not %s", err, want)
	}
	a, err := start(strings.Replace(source, version, `version: "2027-01"`, 1))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []dauys.Procedure{before, a.university.Procedure} {
		if got, err := a.db.Procedure(t.Context(), want.Version); err != nil || !got.SameWords(want) {
			t.Errorf("the procedure %s is not kept: %v", want.Version, err)
		}
	}
	if err := a.close(); err != nil {
		t.Error(err)
	}
}
