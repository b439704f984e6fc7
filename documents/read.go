package documents

import (
	"bytes"
	"errors"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"alt.edu.kz/dauys/registrar/table"
)

// What a sheet may have. A file is made by anybody, and nothing is kept of it but the columns that
// are asked for.
const (
	largestFile  = 2 << 20
	largestPart  = 8 << 20   // of the file, unpacked
	largestPiece = 256 << 10 // of a part without a new element
	mostElements = 500_000
	mostParts    = 500
	mostRows     = 2000
	mostRowsSeen = 200_000 // with the empty ones
	mostTexts    = 100_000
	furthest     = 64 // column
	deepest      = 24 // element within elements
	headWithin   = 20 // rows
	longestCell  = 4000
)

var limits = table.Limits{
	File: largestFile, Rows: mostRowsSeen, Columns: furthest, Cell: 2 * utf8.UTFMax * longestCell,
	Parts: mostParts, Part: largestPart, Piece: largestPiece, Elements: mostElements, Deep: deepest, Texts: mostTexts, TextBytes: largestPart, Total: 8 * largestPart,
}

// Trouble is what kind of thing is wrong with a sheet.
type Trouble string

// The kinds of trouble: with the file, with its head, and with a row.
const (
	TooLarge Trouble = "too large"   // the file; the value says which limit
	NotXLSX  Trouble = "not xlsx"    // another kind of file, or a damaged one
	Locked   Trouble = "locked"      // with a password, or of the kind from before 2007
	NoHead   Trouble = "no head"     // no row has the words of the columns
	NoColumn Trouble = "no column"   // the column is missing
	Twice    Trouble = "twice"       // a column, or in a row the number of a case
	TooMany  Trouble = "too many"    // rows
	NoRows   Trouble = "no rows"     // below the head
	NoNumber Trouble = "no number"   // the row says something and not about which case
	NoChoice Trouble = "no decision" // the row has reasons and no decision
	Unknown  Trouble = "unknown"     // decision; the value is what is written
	Broken   Trouble = "broken"      // the cell shows an error such as #REF!
	TooLong  Trouble = "too long"    // the cell; the value is how many letters are allowed
)

// Flaw is something wrong with a sheet, for whoever knows the language of the reader to say.
type Flaw struct {
	Row    int // of the sheet, from 1; 0 when it is about the whole
	Column Column
	Kind   Trouble
	Value  string
}

// Read takes back a sheet that was filled in: its first one. Columns are found by their words and
// decisions are understood in each of the languages that are handed in, whatever letters are capital;
// columns may be moved, added and, but for the number and the decision, taken away. Empty rows are
// passed over. Formulas are not worked out: what they showed last is what is read.
//
// All flaws are told, by row, and a row with a flaw is not among the rows. There are no rows at all
// when the flaw is one of the file or of its head.
func Read(file []byte, words ...Words) ([]Row, []Flaw) {
	r := &sheetReader{words: words}
	err := r.read(file)
	if err == nil {
		return r.finish()
	}
	if head := (wholeSheet{}); errors.As(err, &head) {
		return nil, head.flaws
	}
	flaw := Flaw{Kind: NotXLSX}
	if of := (table.Flaw{}); errors.As(err, &of) {
		switch of.Kind {
		case table.TooLarge:
			flaw = Flaw{Kind: TooLarge, Value: of.Value}
		case table.Locked, table.Old:
			flaw.Kind = Locked
		}
	}
	errors.As(err, &flaw)
	return nil, []Flaw{flaw}
}

func (r *sheetReader) read(file []byte) error {
	t, err := table.Open(bytes.NewReader(file), int64(len(file)), "", limits)
	if err != nil {
		return err
	}
	if t.Format() != table.XLSX {
		return Flaw{Kind: NotXLSX}
	}
	for cells := map[int]table.Cell{}; ; clear(cells) {
		row, err := t.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		for i, c := range row.Cells {
			if c.Text = clean(c.Text); c.Text != "" {
				cells[i] = c
			}
		}
		if len(cells) == 0 {
			continue
		}
		if err := r.take(row.Number, cells); err != nil {
			return err
		}
	}
}

func (f Flaw) Error() string { return strings.TrimSpace(string(f.Kind) + " " + f.Value) }

// sheetReader makes sense of the cells of one row after the other.
type sheetReader struct {
	words   []Words
	seen    int // rows that are not empty
	columns map[int]Column
	rows    []Row
	flaws   []Flaw
	numbers map[string]bool // that were read
}

// take is handed the cells that are not empty, by column.
func (r *sheetReader) take(line int, cells map[int]table.Cell) error {
	if r.columns == nil {
		if r.seen++; r.seen > headWithin {
			return Flaw{Kind: NoHead}
		}
		return r.head(line, cells)
	}
	row := Row{Line: line}
	filled, bad := false, false
	flaw := func(c Column, kind Trouble, value string) {
		r.flaws = append(r.flaws, Flaw{line, c, kind, value})
		bad = true
	}
	for _, i := range slices.Sorted(maps.Keys(cells)) {
		c, known := r.columns[i]
		if !known {
			continue
		}
		filled = true
		s := cells[i].Text
		switch {
		case cells[i].Kind == table.Error:
			flaw(c, Broken, s)
		case cells[i].Cut || utf8.RuneCountInString(s) > longestCell:
			flaw(c, TooLong, strconv.Itoa(longestCell))
		case c == Decision:
			if row.Decision = r.decision(s); row.Decision == "" {
				flaw(c, Unknown, s)
			}
		default:
			*row.cell(c) = s
		}
	}
	if !filled {
		return nil
	}
	if len(r.rows)+len(r.flaws) >= mostRows {
		return Flaw{Kind: TooMany, Value: strconv.Itoa(mostRows)}
	}
	switch {
	case bad:
	case row.Number == "":
		flaw(Number, NoNumber, "")
	case r.numbers[row.Number]:
		flaw(Number, Twice, row.Number)
	case row.Decision == "" && row.Reason+row.Next+row.Mark != "":
		flaw(Decision, NoChoice, "")
	}
	r.numbers[row.Number] = true
	if !bad {
		r.rows = append(r.rows, row)
	}
	return nil
}

// head is the first row that names the case and the decision. One that names some column and not
// these is the head as well, with a column missing.
func (r *sheetReader) head(line int, cells map[int]table.Cell) error {
	columns, first := map[int]Column{}, map[Column]int{}
	var flaws []Flaw
	for _, i := range slices.Sorted(maps.Keys(cells)) {
		c, ok := r.column(cells[i].Text)
		if !ok {
			continue
		}
		if _, twice := first[c]; twice {
			flaws = append(flaws, Flaw{line, c, Twice, cells[i].Text})
			continue
		}
		first[c] = i
		columns[i] = c
	}
	if len(columns) < 2 {
		return nil // a title above the head
	}
	for _, c := range []Column{Number, Decision} {
		if _, ok := first[c]; !ok {
			flaws = append(flaws, Flaw{line, c, NoColumn, ""})
		}
	}
	if flaws != nil {
		return wholeSheet{flaws}
	}
	r.columns, r.numbers = columns, map[string]bool{}
	return nil
}

// wholeSheet are flaws of the head: no row can be read.
type wholeSheet struct{ flaws []Flaw }

func (w wholeSheet) Error() string { return w.flaws[0].Error() }

func (r *sheetReader) column(s string) (Column, bool) {
	s = fold(s)
	for _, words := range r.words {
		for _, c := range Columns {
			if w := words.Columns[c]; w != "" && fold(w) == s {
				return c, true
			}
		}
	}
	return "", false
}

func (r *sheetReader) decision(s string) string {
	s = fold(s)
	for _, words := range r.words {
		for _, c := range words.Decisions {
			if fold(c.Word) == s {
				return c.Decision
			}
		}
	}
	return ""
}

func (r *sheetReader) finish() ([]Row, []Flaw) {
	switch {
	case r.columns == nil:
		return nil, []Flaw{{Kind: NoHead}}
	case len(r.rows)+len(r.flaws) == 0:
		return nil, []Flaw{{Kind: NoRows}}
	}
	return r.rows, r.flaws
}

// fold is how words are compared: small letters, one space between them, no signs around.
func fold(s string) string {
	s = strings.ReplaceAll(strings.ToLower(clean(s)), "ё", "е")
	trimmed := strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(".,;:!?*\"«»", r) })
	return strings.Join(strings.Fields(trimmed), " ")
}
