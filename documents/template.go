package documents

import (
	"bytes"
	"cmp"
	"embed"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"alt.edu.kz/dauys"
)

//go:embed templates/*.yaml
var builtin embed.FS

// Kind is what a document is for.
type Kind string

// The kinds of documents.
const (
	Agenda  Kind = "agenda"
	Minutes Kind = "minutes"
	Extract Kind = "extract" // of the minutes, for one applicant: see [Meeting.Only]
)

// Kinds lists every kind of document.
var Kinds = []Kind{Agenda, Minutes, Extract}

// Templates are the forms of all documents, by kind, or by kind and body: "minutes" is for all
// bodies but those that have one of their own, such as "minutes.council".
type Templates struct{ forms map[string]*form }

// Load reads the templates that come with Dauys and those of a folder, which take their places; ""
// is no folder. A file is named by the kind, or the kind and the body: minutes.yaml,
// minutes.council.yaml. All problems are told; the templates are nil if there is one.
func Load(dir string) (*Templates, []dauys.Problem) {
	t := &Templates{forms: map[string]*form{}}
	var problems []dauys.Problem
	for _, kind := range Kinds {
		name := string(kind) + ".yaml"
		data, err := builtin.ReadFile("templates/" + name)
		if err != nil {
			panic(err) // it is not built in
		}
		problems = append(problems, t.add(name, data)...)
	}
	if dir != "" {
		entries, err := os.ReadDir(dir)
		if err != nil {
			problems = append(problems, dauys.Problem{File: dir, What: "the folder of templates cannot be read: " + err.Error()})
		}
		for _, entry := range entries {
			name := entry.Name()
			if entry.IsDir() || strings.HasPrefix(name, ".") {
				continue
			}
			file := filepath.Join(dir, name)
			if !wellNamed.MatchString(name) {
				problems = append(problems, dauys.Problem{File: file, What: "this is no name of a template",
					Fix: "call it agenda.yaml, minutes.yaml or extract.yaml, or for one body minutes.council.yaml"})
				continue
			}
			data, err := os.ReadFile(file)
			if err != nil {
				problems = append(problems, dauys.Problem{File: file, What: "the template cannot be read: " + err.Error()})
				continue
			}
			problems = append(problems, t.add(file, data)...)
		}
	}
	if len(problems) > 0 {
		return nil, problems
	}
	return t, nil
}

var wellNamed = regexp.MustCompile(`^(agenda|minutes|extract)(\.[a-z0-9-]+)?\.yaml$`)

// Of fills the template of a kind of document for a body with a meeting.
func (t *Templates) Of(kind Kind, body string, m Meeting) (Document, error) {
	f := t.forms[string(kind)+"."+body]
	if f == nil {
		f = t.forms[string(kind)]
	}
	if f == nil {
		return Document{}, fmt.Errorf("there is no template of %q", kind)
	}
	return f.fill(m), nil
}

func (t *Templates) add(file string, data []byte) []dauys.Problem {
	f, problems := readForm(data)
	for i := range problems {
		problems[i].File = file
	}
	t.forms[strings.TrimSuffix(filepath.Base(file), ".yaml")] = f
	return problems
}

// form is a template as it is written.
type form struct {
	Above      []words
	Title      words
	Number     words
	Date       words
	Place      words
	Head       []named
	Parts      []section
	Signatures []named
	Seal       words
	Foot       words
	Pages      words
}

type named struct{ Name, Value words }

type section struct {
	Each       string // "item": the part is there once for each
	Heading    words
	Pairs      []named
	Paragraphs []words
	Columns    []column // of a table with a row for each item
}

type column struct{ Head, Cell words }

// words are a text in every language with gaps such as {{.Number}}.
type words struct {
	line int
	in   map[dauys.Lang]string
	gaps []string // of all languages
}

// UnmarshalYAML reads {kk: …, ru: …, en: …}, or one text that is the same in all languages.
func (w *words) UnmarshalYAML(n *yaml.Node) error {
	w.line, w.in = n.Line, map[dauys.Lang]string{}
	var bad []string
	problem := func(line int, fix, what string, args ...any) {
		bad = append(bad, fmt.Sprintf("line %d: %s%s%s", line, fmt.Sprintf(what, args...), fixes, fix))
	}
	text := func(l dauys.Lang, n *yaml.Node) {
		if n.Kind != yaml.ScalarNode {
			problem(n.Line, "write it on one line, in quotes", "this should be a text")
			return
		}
		w.in[l] = n.Value
		for _, m := range gap.FindAllStringSubmatch(n.Value, -1) {
			w.gaps = append(w.gaps, m[1])
		}
		if rest := gap.ReplaceAllString(n.Value, ""); strings.Contains(rest, "{{") || strings.Contains(rest, "}}") {
			problem(n.Line, "a gap is nothing but a name: {{.Number}}", "%q has a gap that is not one", n.Value)
		}
	}
	switch n.Kind {
	case yaml.ScalarNode:
		for _, l := range dauys.Langs {
			text(l, n)
		}
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			key := n.Content[i]
			if !slices.Contains(dauys.Langs, dauys.Lang(key.Value)) {
				problem(key.Line, "the languages are kk, ru and en", "there is no language %q", key.Value)
				continue
			}
			text(dauys.Lang(key.Value), n.Content[i+1])
		}
		for _, l := range dauys.Langs {
			if w.in[l] == "" {
				problem(n.Line, fmt.Sprintf("add %s:", l), "the text is missing in %q", l)
			}
		}
	default:
		problem(n.Line, "write {kk: …, ru: …, en: …}, or one text for all languages", "this should be a text")
	}
	if bad != nil {
		return &yaml.TypeError{Errors: bad}
	}
	return nil
}

// fixes is between what is wrong and what to do in an error of the YAML reader.
const fixes = "\x00"

var (
	gap     = regexp.MustCompile(`\{\{\s*\.(\w+)\s*\}\}`)
	ofLine  = regexp.MustCompile(`^(?:yaml: )?line (\d+): `)
	unknown = regexp.MustCompile(`^field (\S+) not found in type .*$`)
	twice   = regexp.MustCompile(`^mapping key "(.*)" already defined at line (\d+)$`)
	another = regexp.MustCompile(`^cannot unmarshal .*$`)
)

func readForm(data []byte) (*form, []dauys.Problem) {
	f := &form{}
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	decoder.KnownFields(true)
	var problems []dauys.Problem
	bad := func(line int, fix, what string, args ...any) {
		problems = append(problems, dauys.Problem{Line: line, What: fmt.Sprintf(what, args...), Fix: fix})
	}
	err := decoder.Decode(f)
	if parts := (*yaml.TypeError)(nil); errors.As(err, &parts) {
		for _, s := range parts.Errors {
			line, s := lineOf(s)
			what, fix, _ := strings.Cut(s, fixes)
			if m := unknown.FindStringSubmatch(what); m != nil {
				what, fix = fmt.Sprintf("there is no field %q here", m[1]), "look at the template that comes with Dauys"
			} else if m := twice.FindStringSubmatch(what); m != nil {
				what, fix = fmt.Sprintf("%q is here twice, first on line %s", m[1], m[2]), "keep one of them"
			} else if another.MatchString(what) {
				what, fix = "something else should stand here", "look at the template that comes with Dauys"
			}
			bad(line, fix, "%s", what)
		}
	} else if errors.Is(err, io.EOF) {
		bad(1, "start from the template that comes with Dauys", "the file is empty")
	} else if err != nil {
		line, s := lineOf(err.Error())
		bad(line, "look at the indentation and the colons of this line and the one before", "this is not YAML: %s", s)
	}
	if err != nil {
		return f, problems
	}
	if f.Title.in == nil {
		bad(1, "add title:", "the template has no title")
	}
	if len(f.Parts) == 0 {
		bad(1, "add parts:", "the template has no parts")
	}
	gaps := func(may []string, all ...words) {
		for _, w := range all {
			named := map[string]bool{}
			for _, g := range w.gaps {
				if !slices.Contains(may, g) && !named[g] {
					named[g] = true
					bad(w.line, "the gaps here are "+strings.Join(may, ", "), "there is no gap {{.%s}} here", g)
				}
			}
		}
	}
	lines := func(may []string, all []named) {
		for _, n := range all {
			gaps(may, n.Name, n.Value)
		}
	}
	meeting := gapsOf(Meeting{}.values())
	item := append(gapsOf(Item{}.values()), meeting...)
	gaps(meeting, f.Above...)
	gaps(meeting, f.Title, f.Number, f.Date, f.Place, f.Seal, f.Foot)
	gaps([]string{"Page", "Pages"}, f.Pages)
	lines(meeting, f.Head)
	lines(meeting, f.Signatures)
	for _, s := range f.Parts {
		its := meeting
		switch s.Each {
		case "":
		case "item":
			its = item
			if len(s.Columns) > 0 {
				bad(s.Columns[0].Head.line, "take each: or columns: away", "a table has a row for each item: it cannot be there for each of them")
			}
		default:
			bad(s.Heading.line, "write each: item", "a part cannot be there for each %q", s.Each)
		}
		gaps(its, s.Heading)
		lines(its, s.Pairs)
		gaps(its, s.Paragraphs...)
		for _, c := range s.Columns {
			gaps(meeting, c.Head)
			gaps(item, c.Cell)
		}
	}
	slices.SortStableFunc(problems, func(a, b dauys.Problem) int { return cmp.Compare(a.Line, b.Line) })
	return f, problems
}

func lineOf(s string) (line int, rest string) {
	m := ofLine.FindStringSubmatch(s)
	if m == nil {
		return 1, strings.TrimPrefix(s, "yaml: ")
	}
	line, _ = strconv.Atoi(m[1])
	return line, s[len(m[0]):]
}

// value is what a gap is filled with.
type value struct{ name, text string }

func gapsOf(values []value) (names []string) {
	for _, v := range values {
		names = append(names, v.name)
	}
	return names
}

func (m Meeting) values() []value {
	return []value{
		{"University", m.University}, {"Body", m.Body},
		{"Number", m.Number}, {"Date", m.Date}, {"Time", m.Time}, {"Place", m.Place},
		{"Chair", m.Chair}, {"Secretary", m.Secretary},
		{"Present", strings.Join(m.Present, "\n")}, {"Absent", strings.Join(m.Absent, "\n")},
		{"Quorum", m.Quorum}, {"Closing", m.Closing}, {"Seal", m.Seal},
	}
}

func (i Item) values() []value {
	return []value{
		{"No", strconv.Itoa(i.No)}, {"Case", i.Case}, {"Asked", i.Asked}, {"Applicant", i.Applicant},
		{"Decision", i.Decision}, {"Reason", i.Reason}, {"Next", i.Next}, {"Mark", i.Mark},
	}
}

// filler puts values into gaps, in one language.
type filler struct {
	lang   dauys.Lang
	values map[string]string
}

func (f filler) with(values []value) filler {
	all := map[string]string{}
	for name, text := range f.values {
		all[name] = text
	}
	for _, v := range values {
		all[v.name] = clean(v.text)
	}
	return filler{f.lang, all}
}

// text is nothing when it has gaps and there is nothing for any of them.
func (f filler) text(w words) string {
	s, gaps, filled := w.in[f.lang], 0, 0
	s = gap.ReplaceAllStringFunc(s, func(g string) string {
		v := f.values[gap.FindStringSubmatch(g)[1]]
		gaps++
		if v != "" {
			filled++
		}
		return v
	})
	if gaps > 0 && filled == 0 {
		return ""
	}
	return s
}

// pairs leaves out the lines that have no value.
func (f filler) pairs(all []named) (pairs []Pair) {
	for _, n := range all {
		if v := f.text(n.Value); v != "" {
			pairs = append(pairs, Pair{f.text(n.Name), v})
		}
	}
	return pairs
}

func (f filler) texts(all []words) (texts []string) {
	for _, w := range all {
		if s := f.text(w); s != "" {
			texts = append(texts, s)
		}
	}
	return texts
}

func (f *form) fill(m Meeting) Document {
	m.Seal = Short(cmp.Or(m.Seal, m.Hash()))
	items := m.numbered()
	in := filler{lang: m.Lang}.with(m.values())
	d := Document{
		Lang: m.Lang, Made: m.Made, Author: m.Body, Application: "Dauys",
		Above: in.texts(f.Above), Title: in.text(f.Title), Number: in.text(f.Number),
		Date: in.text(f.Date), Place: in.text(f.Place), Head: in.pairs(f.Head),
		Seal: in.text(f.Seal), Foot: in.text(f.Foot),
	}
	for _, s := range f.Parts {
		if s.Each != "" {
			for _, item := range items {
				d.Parts = in.with(item.values()).part(d.Parts, s, nil)
			}
			continue
		}
		d.Parts = in.part(d.Parts, s, items)
	}
	for _, s := range f.Signatures {
		// Who signs is known by the office where the name is not.
		d.Signatures = append(d.Signatures, Pair{in.text(s.Name), in.text(s.Value)})
	}
	if f.Pages.in != nil {
		d.Pages = func(page, pages int) string {
			return filler{lang: m.Lang}.with([]value{{"Page", strconv.Itoa(page)}, {"Pages", strconv.Itoa(pages)}}).text(f.Pages)
		}
	}
	return d
}

// part adds a part, unless all that should stand under its heading is empty.
func (f filler) part(parts []Part, s section, items []Item) []Part {
	p := Part{Heading: f.text(s.Heading), Pairs: f.pairs(s.Pairs), Paragraphs: f.texts(s.Paragraphs), Table: f.table(s.Columns, items)}
	promised := len(s.Pairs)+len(s.Paragraphs)+len(s.Columns) > 0
	if promised && len(p.Pairs)+len(p.Paragraphs)+len(p.Table.Rows) == 0 {
		return parts
	}
	return append(parts, p)
}

// table leaves out the columns that are empty in each row.
func (f filler) table(columns []column, items []Item) (t Table) {
	columns = slices.DeleteFunc(slices.Clone(columns), func(c column) bool {
		return !slices.ContainsFunc(items, func(i Item) bool { return f.with(i.values()).text(c.Cell) != "" })
	})
	if len(columns) == 0 {
		return t
	}
	for _, c := range columns {
		t.Head = append(t.Head, f.text(c.Head))
	}
	for _, item := range items {
		in := f.with(item.values())
		var row []string
		for _, c := range columns {
			row = append(row, in.text(c.Cell))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}
