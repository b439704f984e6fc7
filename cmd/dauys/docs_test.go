package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"alt.edu.kz/dauys/registrar"
)

// root is the folder of the repository, seen from here.
const root = "../.."

// TestSettingsOfTheReadme: the table in the README is made from the list in settings.go; -update writes it.
func TestSettingsOfTheReadme(t *testing.T) {
	name := filepath.Join(root, "README.md")
	text := read(t, name)
	const begin, end = "<!-- settings -->\n", "<!-- /settings -->"
	before, rest, ok := strings.Cut(text, begin)
	table, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatalf("%s has no place for the settings: %s… %s", name, begin, end)
	}
	if table == markdown() {
		return
	}
	if !*update {
		t.Fatalf("the settings in %s are others; run go test ./cmd/dauys -run Readme -update\n%s", name, difference(table, markdown()))
	}
	if err := os.WriteFile(name, []byte(before+begin+markdown()+end+after), 0o644); err != nil {
		t.Fatal(err)
	}
}

// A table of Markdown has as many cells in every line, whatever stands in them.
func TestMarkdownTable(t *testing.T) {
	for line := range strings.SplitSeq(strings.TrimSpace(markdown()), "\n") {
		if strings.Count(line, "|") != 5 || !strings.HasPrefix(line, "| ") || !strings.HasSuffix(line, " |") {
			t.Errorf("not a row of four: %s", line)
		}
	}
	if got, want := strings.Count(markdown(), "\n"), len(settings)+2; got != want {
		t.Errorf("%d lines, not %d", got, want)
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(data), "\r\n", "\n")
}

// commands are all that Dauys can be told to do.
func commands() (all [][]string) {
	root := rootCommand(nil, nil)
	all = append(all, nil)
	for _, c := range root.Commands() {
		if c.Hidden || c.Name() == "help" {
			continue
		}
		all = append(all, []string{c.Name()})
		for _, sub := range c.Commands() {
			all = append(all, []string{c.Name(), sub.Name()})
		}
	}
	return all
}

// TestHelp: what each command says of itself, to be read as a whole in testdata/help.txt.
func TestHelp(t *testing.T) {
	var got strings.Builder
	for _, c := range commands() {
		args := append(slices.Clone(c), "--help")
		text, err := told(t, nil, args...)
		if err != nil {
			t.Errorf("%q: %v", args, err)
		}
		if short, err := told(t, nil, append([]string{"help"}, c...)...); err != nil || short != text {
			t.Errorf("help %q says something else: %v", c, err)
		}
		got.WriteString("$ dauys " + strings.Join(args, " ") + "\n\n" + strings.TrimRight(text, "\n") + "\n\n\n")
		for line := range strings.SplitSeq(text, "\n") {
			if n := utf8.RuneCountInString(line); n > 100 && !strings.HasPrefix(line, "      --") { // those are cobra's
				t.Errorf("%q: a line of %d characters: %s", args, n, line)
			}
		}
	}
	golden(t, "help.txt", got.String())

	for _, c := range rootCommand(nil, nil).Commands() {
		if c.Name() != "help" && (c.Long == "" || c.Short == "" || !strings.Contains(c.Long, c.Name())) {
			t.Errorf("%s does not say what it does", c.Name())
		}
	}
	run, err := told(t, nil, "run", "--help")
	if err != nil {
		t.Error(err)
	}
	for _, s := range settings {
		if !strings.Contains(run, "\n  "+s.name+" ") {
			t.Errorf("run --help does not know %s", s.name)
		}
	}
}

// golden compares with a file in testdata, or writes it.
func golden(t *testing.T, name, got string) {
	t.Helper()
	name = filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if want := read(t, name); got != want {
		t.Errorf("%s is different; run go test ./cmd/dauys -run %s -update and read the difference:\n%s", name, t.Name(), difference(want, got))
	}
}

// A word that is no command, a flag that there is not, a word too many: never silence.
func TestNoSuchCommand(t *testing.T) {
	tests := []struct {
		args []string
		want string
	}{
		{[]string{"rnu"}, "Did you mean this?\n\trun"},
		{[]string{"migrate", "down"}, `unknown command "down"`},
		{[]string{"migrate", "up", "now"}, `unknown command "now"`},
		{[]string{"run", "fast"}, `unknown command "fast"`},
		{[]string{"run", "--token", "1:abc"}, "unknown flag: --token"},
		{[]string{"check", "a.yaml", "b.yaml"}, "accepts at most 1 arg"},
		{[]string{"version", "--long"}, "unknown flag: --long"},
		{[]string{"simulator", "--listen"}, "flag needs an argument"},
		{[]string{"demo", "--listen", "nowhere"}, "nowhere"},
		{[]string{"simulator", "--listen", "256.0.0.1:1"}, "256.0.0.1"},
	}
	for _, tt := range tests {
		text, err := told(t, nil, tt.args...)
		if err == nil || !strings.Contains(text, tt.want) {
			t.Errorf("%q: %v, %q does not have %q", tt.args, err, text, tt.want)
		}
	}
}

// documents are the texts for people.
func manuals(t *testing.T) (names []string) {
	t.Helper()
	for _, pattern := range []string{"*.md", "docs/*.md", "*/*/README.md", "*/README.md"} {
		found, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, found...)
	}
	if len(names) < 5 {
		t.Fatalf("only %q", names)
	}
	return names
}

var (
	linkForm = regexp.MustCompile(`!?\[[^\]]*\]\(([^)\s]+)\)`)
	spanForm = regexp.MustCompile("`([^`\n]+)`")
	headForm = regexp.MustCompile(`(?m)^#+ +(.+)$`)
	notWords = regexp.MustCompile(`[^\p{L}\p{N} _-]`)
)

// TestLinks: what a document points to is there.
func TestLinks(t *testing.T) {
	for _, name := range manuals(t) {
		for _, m := range linkForm.FindAllStringSubmatch(withoutCode(read(t, name)), -1) {
			target, part, _ := strings.Cut(m[1], "#")
			if strings.Contains(target, "://") || strings.HasPrefix(target, "mailto:") {
				continue
			}
			file := name
			if target != "" {
				file = filepath.Join(filepath.Dir(name), target)
			}
			if _, err := os.Stat(file); err != nil {
				t.Errorf("%s points to %s: %v", name, m[1], err)
				continue
			}
			if part != "" && !slices.Contains(anchors(read(t, file)), part) {
				t.Errorf("%s points to %s, and there is no such heading", name, m[1])
			}
		}
	}
}

// withoutCode is a document without its blocks of code.
func withoutCode(text string) string {
	parts := strings.Split(text, "```")
	var out strings.Builder
	for i, p := range parts {
		if i%2 == 0 {
			out.WriteString(p)
		}
	}
	return out.String()
}

// anchors are the headings of a document as links name them.
func anchors(text string) (all []string) {
	for _, m := range headForm.FindAllStringSubmatch(withoutCode(text), -1) {
		all = append(all, strings.ReplaceAll(notWords.ReplaceAllString(strings.ToLower(m[1]), ""), " ", "-"))
	}
	return all
}

// TestPlacesOfDocuments: files and folders that documents name in code are there.
func TestPlacesOfDocuments(t *testing.T) {
	for _, name := range []string{"README.md", "CONTRIBUTING.md"} {
		for _, m := range spanForm.FindAllStringSubmatch(withoutCode(read(t, filepath.Join(root, name))), -1) {
			place := strings.TrimPrefix(m[1], "./")
			if !regexp.MustCompile(`^[a-z][\w/.-]*(/|\.(go|md|yaml|txt|toml|sh))$|^(cmd|bot|flows|storage|locales|handlers|docs)/[\w/.-]+$`).MatchString(place) {
				continue
			}
			found := false
			for _, from := range []string{"", "locales", "storage"} { // beside what was named before
				if _, err := os.Stat(filepath.Join(root, from, place)); err == nil {
					found = true
				}
			}
			if !found {
				t.Errorf("%s names %s, and there is no such file", name, m[1])
			}
		}
	}
}

// TestCommandsOfDocuments: what a document tells people to type can be typed.
func TestCommandsOfDocuments(t *testing.T) {
	targets := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^([a-z]+):`).FindAllStringSubmatch(read(t, filepath.Join(root, "Makefile")), -1) {
		targets[m[1]] = true
	}
	known := map[string]bool{}
	for _, c := range commands() {
		known[strings.Join(c, " ")] = true
	}
	flag := func(name string) bool {
		return slices.ContainsFunc(rootCommand(nil, nil).Commands(), func(c *cobra.Command) bool { return c.Flags().Lookup(name) != nil })
	}
	seen := 0
	for _, name := range append(manuals(t), filepath.Join(root, "Makefile"), filepath.Join(root, ".ci/run"), filepath.Join(root, "alt.yaml")) {
		text := read(t, name)
		for _, m := range regexp.MustCompile("(?m)(?:^|`|&& |exec )make ([a-z]+)").FindAllStringSubmatch(text, -1) {
			seen++
			if !targets[m[1]] {
				t.Errorf("%s: make %s: the Makefile does not have it", name, m[1])
			}
		}
		for _, m := range regexp.MustCompile("(?:go run \\./cmd/dauys|\\$\\(GO\\) run \\./cmd/dauys|`dauys|(?m:^)dauys)((?: [a-z][a-z-]*)*)((?: [^`\n]*)?)").FindAllStringSubmatch(text, -1) {
			seen++
			words := strings.Fields(m[1])
			for len(words) > 0 && !known[strings.Join(words, " ")] {
				words = words[:len(words)-1]
			}
			if len(words) == 0 && strings.TrimSpace(m[1]) != "" {
				t.Errorf("%s: dauys%s: there is no such command", name, m[1])
			}
			for _, f := range regexp.MustCompile(`--([a-z-]+)`).FindAllStringSubmatch(m[2], -1) {
				if !flag(f[1]) && f[1] != "help" {
					t.Errorf("%s: %s: there is no flag --%s", name, m[0], f[1])
				}
			}
		}
		for _, m := range regexp.MustCompile(`(?:^|[\s`+"`"+`])(\./)?(scripts/[a-z.-]+)`).FindAllStringSubmatch(text, -1) {
			if at, err := os.Stat(filepath.Join(root, m[2])); err != nil || at.Mode()&0o111 == 0 {
				t.Errorf("%s: %s cannot be run: %v", name, m[2], err)
			}
		}
		for _, m := range regexp.MustCompile(`go (?:test|doc|vet)((?: (?:\./|\.)[\w./]*| alt\.edu\.kz/dauys)+)`).FindAllStringSubmatch(text, -1) {
			for _, p := range strings.Fields(m[1]) {
				p = strings.TrimSuffix(strings.TrimSuffix(p, "..."), "/")
				if at, err := os.Stat(filepath.Join(root, p)); p != "alt.edu.kz/dauys" && (err != nil || !at.IsDir()) {
					t.Errorf("%s: there is no package %s", name, p)
				}
			}
		}
	}
	if seen < 10 {
		t.Errorf("only %d commands found; are they written otherwise now?", seen)
	}
}

// TestSettingsOfDocuments: a setting that a document names exists.
func TestSettingsOfDocuments(t *testing.T) {
	for _, name := range manuals(t) {
		for _, m := range regexp.MustCompile("(?m)(?:^|[\\s`])([A-Z]+(?:_[A-Z]+)+)\\b").FindAllStringSubmatch(read(t, name), -1) {
			known := slices.ContainsFunc(settings, func(s setting) bool { return s.name == m[1] })
			if !known && !strings.HasPrefix(m[1], "TEST_") {
				t.Errorf("%s names %s, which is no setting", name, m[1])
			}
		}
	}
}

// TestLogLinesOfDocuments: an administrator who looks for a line of the log finds it.
func TestLogLinesOfDocuments(t *testing.T) {
	_, section, ok := strings.Cut(read(t, filepath.Join(root, "docs/operating.md")), "## What the log tells")
	if !ok {
		t.Fatal("docs/operating.md does not tell what is in the log")
	}
	section, _, _ = strings.Cut(section, "\n## ")
	var code strings.Builder
	for _, pattern := range []string{"bot/*.go", "bot/telegram/*.go", "handlers/*.go", "cmd/dauys/*.go", "storage/*.go", "verify/*.go"} {
		files, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if !strings.HasSuffix(f, "_test.go") {
				code.WriteString(read(t, f))
			}
		}
	}
	n := 0
	for _, m := range regexp.MustCompile("(?m)^\\| `([^`]+)`").FindAllStringSubmatch(section, -1) {
		if n++; !regexp.MustCompile(`(?i)log\.(Debug|Info|Warn|Error)\("` + regexp.QuoteMeta(m[1])).MatchString(code.String()) {
			t.Errorf("docs/operating.md explains the line %q, and nothing logs it", m[1])
		}
	}
	if n == 0 {
		t.Error("no lines found; are they written otherwise now?")
	}
}

// kindsOfImport is the table of docs/imports.md: what the registrar's files are made of.
func kindsOfImport() string {
	var b strings.Builder
	for i := range registrar.Layouts {
		l := &registrar.Layouts[i]
		part := "all there is"
		switch {
		case l.Anew:
			part = "nothing is gone"
		case l.Scope != nil: // named by what stands in the values that it is made of
			f := registrar.Fields{}
			for _, c := range l.Columns {
				f[c.Name] = c.Name
			}
			part = strings.ReplaceAll(strings.TrimPrefix(l.Scope(f), "student/"), "|", ", ")
		}
		fmt.Fprintf(&b, "\n### %s\n\nA file has all of: %s.\n\n| column | what stands there | other names |\n|---|---|---|\n", l.Kind, part)
		for j := range l.Columns {
			c := &l.Columns[j]
			name, what := c.Name, string(c.Type)
			if l.Must(c) {
				name = "**" + name + "**"
			}
			if c.Spread != "" {
				what = "score, of " + c.Spread
			}
			if len(c.Choices) > 0 {
				var words []string
				for _, o := range c.Choices {
					words = append(words, o.Word+" ("+strings.Join(o.Also, ", ")+")")
				}
				what = strings.Join(words, "; ")
			}
			fmt.Fprintf(&b, "| %s | %s | %s |\n", name, what, strings.Join(c.Also, ", "))
		}
	}
	return b.String() + "\n"
}

// TestKindsOfImports: the table in docs/imports.md is made from registrar.Layouts; -update writes it.
func TestKindsOfImports(t *testing.T) {
	name := filepath.Join(root, "docs/imports.md")
	text := read(t, name)
	const begin, end = "<!-- kinds -->\n", "<!-- /kinds -->"
	before, rest, ok := strings.Cut(text, begin)
	table, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatalf("%s has no place for the kinds: %s… %s", name, begin, end)
	}
	if table == kindsOfImport() {
		return
	}
	if !*update {
		t.Fatalf("the kinds in %s are others; run go test ./cmd/dauys -run KindsOfImports -update\n%s", name, difference(table, kindsOfImport()))
	}
	if err := os.WriteFile(name, []byte(before+begin+kindsOfImport()+end+after), 0o644); err != nil {
		t.Fatal(err)
	}
}
