package handlers

import (
	"context"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/documents"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
	"alt.edu.kz/dauys/registrar"
)

// What an import does, in words: the same in the chat of the registrar's office and on the command line.

// Imports are the files of the registrar on their way into the record.
type Imports interface {
	Import(ctx context.Context, id string) (registrar.Import, error)
	Imports(ctx context.Context, k registrar.Kind, limit int) ([]registrar.Import, error)
	Flaws(ctx context.Context, id string) ([]registrar.Flaw, error)
	Changes(ctx context.Context, im registrar.Import, after string, limit int) ([]registrar.Change, string, error)
}

const (
	flawsTold   = 20 // in a message
	changesTold = 5
)

// ImportReport is what a file would do, or why it cannot.
func ImportReport(ctx context.Context, s Imports, im registrar.Import) (lines []ask.Line, err error) {
	c := im.Counts
	lines = append(lines, locales.ImportHead(string(im.Kind), im.File))
	lines = append(lines, locales.ImportCounts(c.Rows, c.New, c.Changed, c.Gone, c.Same, c.Flaws)...)
	for _, n := range im.Notes {
		lines = append(lines, locales.ImportNote(n.Code, n.Value, n.N))
	}
	if c.Flaws > 0 {
		flaws, err := s.Flaws(ctx, im.ID)
		if err != nil {
			return nil, err
		}
		lines = append(lines, locales.ImportRefused())
		for _, f := range flaws[:min(len(flaws), flawsTold)] {
			lines = append(lines, locales.ImportFlaw(f.Row, f.Column, f.Code, f.Value))
		}
		if more := len(flaws) - flawsTold; more > 0 {
			lines = append(lines, locales.ImportMore(more))
		}
		return lines, nil
	}
	if c.Changes() == 0 {
		return append(lines, locales.ImportNothing()), nil
	}
	if im.Baseline {
		lines = append(lines, locales.ImportBaseline())
	} else if c.ManyGone() {
		lines = append(lines, locales.ImportManyGone())
	}
	changes, _, err := s.Changes(ctx, im, "", 10*changesTold)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(changes, func(a, b registrar.Change) int { return strings.Compare(keyOf(a), keyOf(b)) })
	lines = append(lines, locales.ImportExamples())
	for _, change := range changes[:min(len(changes), changesTold)] {
		key, was, now := changeInWords(change)
		lines = append(lines, locales.ImportChange(key, was, now))
	}
	return lines, nil
}

// personalColumns are not shown in a report: it is read in a group.
var personalColumns = []string{"iin", "phone", "email", "born", "name", "name_latin"}

func keyOf(c registrar.Change) string {
	if c.Now == nil {
		return c.Was.Key
	}
	return c.Now.Key
}

// changeInWords is an entry and what becomes of it. Of one that is changed only what is another.
func changeInWords(c registrar.Change) (key, was, now string) {
	e := c.Now
	if e == nil {
		e = c.Was
	}
	key = strings.Join(slices.DeleteFunc(strings.Split(e.Key, "|"), func(s string) bool { return s == "" }), " · ")
	l, _ := registrar.LayoutOf(e.Kind)
	value := func(e *registrar.Entry, name string) string {
		switch {
		case e == nil:
			return ""
		case e.Fields[name] == "":
			return "—"
		case slices.Contains(personalColumns, name):
			return "…"
		}
		return locales.Shorten(e.Fields[name], 40)
	}
	var before, after []string
	for _, column := range l.Columns {
		if column.Key || column.Spread != "" {
			continue
		}
		a, b := value(c.Was, column.Name), value(c.Now, column.Name)
		switch {
		case c.Was != nil && c.Now != nil && c.Was.Fields[column.Name] == c.Now.Fields[column.Name]:
			continue
		case a == "—" && b == "", a == "" && b == "—", a == "…" && b == "", a == "" && b == "…":
			continue
		}
		before, after = append(before, a), append(after, b)
	}
	put := func(e *registrar.Entry, all []string) string {
		if e == nil {
			return ""
		}
		if s := strings.Join(all, ", "); s != "" {
			return locales.Shorten(s, 150)
		}
		return "…"
	}
	return key, put(c.Was, before), put(c.Now, after)
}

// ImportSheet is all that is wrong with an import and all that it changes, as a table; at most so many
// changes, 0 for all of them.
func ImportSheet(ctx context.Context, s Imports, b *locales.Book, l dauys.Lang, im registrar.Import, most int) documents.Journal {
	word := func(line ask.Line) string { return b.Plain(l, line) }
	j := documents.Journal{Made: im.At, Zone: time.UTC, Name: word(locales.ImportSheet())}
	for _, c := range []struct {
		name  string
		width float64
	}{{"what", 14}, {"row", 9}, {"where", 44}, {"was", 40}, {"now", 60}} {
		j.Headings = append(j.Headings, documents.Heading{Word: word(locales.ImportColumn(c.name)), Form: documents.InWords, Width: c.width})
	}
	j.Rows = importRows(ctx, s, word, im, most)
	return j
}

func importRows(ctx context.Context, s Imports, word func(ask.Line) string, im registrar.Import, most int) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		flaws, err := s.Flaws(ctx, im.ID)
		if err != nil {
			yield(nil, err)
			return
		}
		for _, f := range flaws {
			row := ""
			if f.Row > 0 {
				row = strconv.Itoa(f.Row)
			}
			if !yield([]any{word(locales.ImportWhat("flaw")), row, f.Column, f.Value, word(locales.ImportWrong(f.Code))}, nil) {
				return
			}
		}
		if im.Counts.Flaws > 0 {
			return
		}
		for after, n := "", 0; ; {
			changes, next, err := s.Changes(ctx, im, after, 500)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, c := range changes {
				key, was, now := changeInWords(c)
				if n++; most > 0 && n > most || !yield([]any{word(locales.ImportWhat(string(c.What))), "", key, was, now}, nil) {
					return
				}
			}
			if after = next; next == "" {
				return
			}
		}
	}
}

// ImportList are the last imports, as lines.
func ImportList(all []registrar.Import) []ask.Line {
	if len(all) == 0 {
		return []ask.Line{locales.ImportNone()}
	}
	lines := []ask.Line{locales.ImportList()}
	for _, im := range all {
		lines = append(lines, locales.ImportItem(im.At, string(im.Kind), im.File, string(im.State), im.Counts.New, im.Counts.Changed, im.Counts.Gone))
	}
	return lines
}
