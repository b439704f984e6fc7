package documents

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"time"
	"unicode"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/unicode/norm"
)

// Form is how the cells of a column are shown.
type Form string

// The forms.
const (
	InWords Form = "words"
	ADay    Form = "day"    // a date
	AMoment Form = "moment" // a date with the hour
	ACount  Form = "count"  // a whole number
	ANumber Form = "number" // one with two places
)

// Heading is a column of a [Journal].
type Heading struct {
	Word  string
	Form  Form
	Width float64 // in letters
}

// Journal is a long table, of which the rows come one after the other.
type Journal struct {
	Made     time.Time // the moment that the file bears
	Name     string    // on the tab
	Zone     *time.Location
	Headings []Heading
	// Rows are the values under the headings: a string, an int, a float64 or a time.Time. An empty string and a
	// zero time leave the cell empty, whatever its form.
	Rows iter.Seq2[[]any, error]
}

// longestWords is how much of a text one cell of a journal holds; a sheet has room for 32,767.
const longestWords = 2000

// formulas are the beginnings that a spreadsheet takes for a formula when the table was saved as CSV
// and is opened again. In the journal itself every text is text, whatever it begins with.
const formulas = "=+-@"

// Write writes a journal as XLSX, row by row, so that its length is no matter of memory. The same
// rows give the same bytes.
func (j Journal) Write(to io.Writer) error { return Book{j}.Write(to) }

// Book are journals on a sheet each. The first says when the file was made.
type Book []Journal

// Write writes them as one file, as [Journal.Write] does; in which order the sheets stand inside it is not
// always the same.
func (b Book) Write(to io.Writer) (err error) {
	if len(b) == 0 || b[0].Made.IsZero() {
		return errors.New("a journal needs the moment at which it was made, and a time zone")
	}
	w := begin(b[0].Name, b[0].Made)
	defer func() { err = errors.Join(err, w.Close()) }()
	for i, j := range b {
		if j.Zone == nil {
			return errors.New("a journal needs the moment at which it was made, and a time zone")
		}
		if i > 0 {
			w.sheet = tab(j.Name)
			_, err := w.NewSheet(w.sheet)
			w.do(err)
		}
		if err := j.on(w); err != nil {
			return err
		}
	}
	if w.err == nil {
		w.do(w.File.Write(to))
	}
	if w.err != nil {
		return fmt.Errorf("write a journal: %w", w.err)
	}
	return nil
}

// Bytes are they as a file in memory.
func (b Book) Bytes() ([]byte, error) {
	var out bytes.Buffer
	if err := b.Write(&out); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// on writes a journal on the sheet of a file that was begun last.
func (j Journal) on(w *writer) error {
	f := w.File
	day, moment, number := "dd.mm.yyyy", "dd.mm.yyyy hh:mm", "0.00"
	styles := map[Form]int{
		InWords: w.style(&excelize.Style{NumFmt: asText}),
		ADay:    w.style(&excelize.Style{CustomNumFmt: &day}),
		AMoment: w.style(&excelize.Style{CustomNumFmt: &moment}),
		ACount:  w.style(&excelize.Style{NumFmt: 1}),
		ANumber: w.style(&excelize.Style{CustomNumFmt: &number}),
	}
	head := w.head(nil)
	if w.err != nil {
		return fmt.Errorf("write a journal: %w", w.err)
	}
	stream, err := f.NewStreamWriter(w.sheet)
	if err != nil {
		return fmt.Errorf("write a journal: %w", err)
	}
	row := make([]any, len(j.Headings))
	for i, h := range j.Headings {
		w.do(stream.SetColWidth(i+1, i+1, h.Width))
		row[i] = excelize.Cell{StyleID: head, Value: h.Word}
	}
	w.do(stream.SetPanes(belowHead()))
	w.do(stream.SetRow("A1", row, excelize.RowOpts{Height: 30}))
	line := 1
	for values, err := range j.Rows {
		if err != nil {
			return err
		}
		if len(values) != len(j.Headings) {
			return fmt.Errorf("write a journal: %d values under %d headings", len(values), len(j.Headings))
		}
		for i, v := range values {
			row[i] = excelize.Cell{StyleID: styles[j.Headings[i].Form], Value: j.cell(v)}
		}
		line++
		w.do(stream.SetRow(fmt.Sprint("A", line), row))
		if w.err != nil {
			break
		}
	}
	last, err := excelize.CoordinatesToCellName(max(1, len(j.Headings)), line)
	w.do(err)
	w.do(f.AutoFilter(w.sheet, "A1:"+last, nil))
	w.do(stream.Flush())
	if w.err != nil {
		return fmt.Errorf("write a journal: %w", w.err)
	}
	return nil
}

// Bytes is the journal as a file in memory.
func (j Journal) Bytes() ([]byte, error) {
	var out bytes.Buffer
	if err := j.Write(&out); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// cell is a value as a sheet keeps it.
func (j Journal) cell(v any) any {
	switch v := v.(type) {
	case time.Time:
		if v.IsZero() {
			return nil
		}
		local := v.In(j.Zone) // a sheet knows no zones: the clock on the wall is what is written
		return time.Date(local.Year(), local.Month(), local.Day(), local.Hour(), local.Minute(), 0, 0, time.UTC)
	case string:
		if s := inCell(v); s != "" {
			return s
		}
		return nil
	}
	return v
}

// inCell is a text on one line, without what is not seen. One that would become a formula in a CSV
// file gets an apostrophe before it, which a reader sees and no program calculates.
func inCell(s string) string {
	s = strings.Join(strings.FieldsFunc(strings.Map(readable, norm.NFC.String(s)), unicode.IsSpace), " ")
	if runes := []rune(s); len(runes) > longestWords {
		s = string(runes[:longestWords-1]) + "…"
	}
	if s != "" && strings.ContainsRune(formulas, firstRune(s)) {
		s = "'" + s
	}
	return s
}

// firstRune is what a spreadsheet sees first: wide forms of the signs count as the signs.
func firstRune(s string) rune {
	for _, r := range norm.NFKC.String(s[:min(len(s), 16)]) {
		return r
	}
	return 0
}

// readable keeps what can be seen, and the sign that joins emoji; signs that turn the direction of
// writing would let a name look like another.
func readable(r rune) rune {
	const joiner = '\u200d'
	switch {
	case unicode.IsSpace(r):
		return ' '
	case r == unicode.ReplacementChar, r != joiner && !unicode.IsGraphic(r):
		return -1
	}
	return r
}
