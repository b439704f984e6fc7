// Package table reads tables that somebody else made: CSV and XLSX, row by row, in memory that does
// not grow with the file. It knows nothing of what the tables are about.
//
// What a file is, is told by its content and never by its name: registrars rename files, and systems
// call web pages sheets. Whatever cannot be read is a Flaw of a kind of its own, for whoever knows
// the language of the reader to say.
//
// Nothing is worked out. A number is the text that stands in the file, without the digits that only
// binary fractions make; a day is in ISO; a formula is what it showed last. Spaces around a text, and
// signs that cannot be seen and mean nothing, are left out; lines end with "\n".
//
// Everything is bounded by Limits: a file of some KB can ask a reader for gigabytes by repeating
// itself, by naming a far cell or by nesting. What takes memory is the row at hand, the merged ranges
// if they are asked for, and in XLSX the texts that cells share: Limits.TextBytes and four bytes for
// each of Limits.Texts. They are never written to a disk, for they are names of people: a file with
// more of them is refused.
package table

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
)

// Limits are how much of a file is read. What is left 0 is as in Usual.
type Limits struct {
	File      int64 // bytes
	Rows      int   // with the empty ones
	Columns   int   // cells further to the right are left out, see Row.Cut
	Cell      int   // bytes of its text; the rest is left out, see Cell.Cut
	Parts     int   // of an XLSX: files in it
	Part      int64 // bytes of one, unpacked
	Ratio     int64 // of unpacked to packed bytes, once a part is larger than a megabyte
	Piece     int   // bytes of XML without a new element
	Elements  int64 // of one part
	Deep      int   // element within elements
	Texts     int   // that cells share
	TextBytes int   // all of them
	Merged    int   // ranges of merged cells
	Total     int64 // bytes of the texts of all cells: one that is shared can be asked for again and again
}

// Usual is enough for 600,000 rows of marks, each with a text of its own, and keeps the heap below
// 64 MB, garbage included.
var Usual = Limits{
	File: 128 << 20, Rows: 1 << 20, Columns: 256, Cell: 32 << 10,
	Parts: 2000, Part: 1 << 30, Ratio: 400, Piece: 512 << 10, Elements: 100_000_000, Deep: 32,
	Texts: 1_500_000, TextBytes: 24 << 20, Merged: 200_000, Total: 512 << 20,
}

func (l Limits) orUsual() Limits {
	or(&l.File, Usual.File)
	or(&l.Rows, Usual.Rows)
	or(&l.Columns, Usual.Columns)
	or(&l.Cell, Usual.Cell)
	or(&l.Parts, Usual.Parts)
	or(&l.Part, Usual.Part)
	or(&l.Ratio, Usual.Ratio)
	or(&l.Piece, Usual.Piece)
	or(&l.Elements, Usual.Elements)
	or(&l.Deep, Usual.Deep)
	or(&l.Texts, Usual.Texts)
	or(&l.TextBytes, Usual.TextBytes)
	or(&l.Merged, Usual.Merged)
	or(&l.Total, Usual.Total)
	l.Columns = min(l.Columns, farColumn)
	return l
}

func or[T int | int64](limit *T, usual T) {
	if *limit <= 0 {
		*limit = usual
	}
}

// Trouble is what kind of thing is wrong with a file.
type Trouble string

// The kinds of trouble.
const (
	Nothing      Trouble = "nothing"      // the file is empty
	NotTable     Trouble = "not a table"  // a picture, a PDF, a document, any other archive
	WebPage      Trouble = "web page"     // a page or a kind of XML that only is called a sheet
	Locked       Trouble = "locked"       // with a password
	Old          Trouble = "old"          // XLS, from before 2007
	Binary       Trouble = "binary"       // XLSB
	OpenDocument Trouble = "opendocument" // ODS
	Damaged      Trouble = "damaged"      // the value says what, for the log
	CutOff       Trouble = "cut off"      // the end of the file is missing
	TooLarge     Trouble = "too large"    // the value says which limit: file, parts, part, ratio, piece, elements, rows, texts, merged, total
	NoSheet      Trouble = "no sheet"     // none that is not hidden
	OpenQuote    Trouble = "open quote"   // in the row a quote begins and does not end
)

// Flaw is why a file, or the rest of it, cannot be read.
type Flaw struct {
	Kind   Trouble
	Row    int // from 1; 0 when it is about the whole
	Column int // the same
	Value  string
}

func (f Flaw) Error() string {
	s := "the table: " + string(f.Kind)
	if f.Value != "" {
		s += " (" + f.Value + ")"
	}
	if f.Row > 0 {
		s += ", row " + strconv.Itoa(f.Row)
	}
	return s
}

// Format is how a table is written.
type Format string

// The formats.
const (
	CSV  Format = "csv"
	XLSX Format = "xlsx"
)

// Kind is what a cell holds. In CSV there are only texts and errors.
type Kind uint8

// The kinds of cells.
const (
	Empty  Kind = iota
	Text        // as it stands
	Number      // with a point, without an exponent when that can be
	Date        // 2026-11-23, 2026-11-23T09:30:00 or 09:30:00
	Bool        // true or false
	Error       // what is shown, such as #REF!; "" where a value should be and is not
)

func (k Kind) String() string {
	return [...]string{"empty", "text", "number", "date", "bool", "error"}[k]
}

// Cell is what stands in a row and a column.
type Cell struct {
	Text    string
	Kind    Kind
	Formula bool // the text is what a formula showed when the file was saved
	Merged  bool // the text is that of the first cell of a merged range, see Reader.Spread
	Cut     bool // the text goes on
	Lost    bool // letters were lost before the file came here: Са?ын
}

// Row is a row that is not empty. The texts of a row are one piece of memory: whoever keeps a few of
// them for long should copy them.
type Row struct {
	Number int    // of the sheet, from 1
	Cells  []Cell // by column; good until the next row is read
	Hidden bool   // it is not seen in the sheet, by a filter for example
	Cut    bool   // there is something to the right of the last column that is read
}

// Cell is the cell of a column from 1, empty when there is none.
func (r Row) Cell(column int) Cell {
	if column < 1 || column > len(r.Cells) {
		return Cell{}
	}
	return r.Cells[column-1]
}

// Sheet is one of the sheets of a file.
type Sheet struct {
	Name   string
	Hidden bool
}

// Reader hands out the rows of a table one after the other. It is for one goroutine.
type Reader struct {
	limits Limits
	source *source
	format Format
	csv    *csvReader
	xlsx   *workbook
	cells  builder
	spread *spread
	total  int64 // bytes of text
	err    error // that ended it
}

// Open tells what the file is and makes ready to read it. Its name is only for the log. The file is
// not closed, and has to stay open while rows are read.
func Open(r io.ReaderAt, size int64, name string, limits Limits) (*Reader, error) {
	t := &Reader{limits: limits.orUsual(), source: &source{r: r}}
	t.cells.limits = t.limits
	if err := t.open(size); err != nil {
		return nil, t.because(err, name)
	}
	return t, nil
}

func (t *Reader) open(size int64) error {
	switch {
	case size <= 0:
		return Flaw{Kind: Nothing}
	case size > t.limits.File:
		return Flaw{Kind: TooLarge, Value: "file"}
	}
	start := make([]byte, min(size, 1<<10))
	if _, err := t.source.ReadAt(start, 0); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	switch {
	case bytes.HasPrefix(start, []byte("PK\x03\x04")), bytes.HasPrefix(start, []byte("PK\x05\x06")):
		t.format = XLSX
		var err error
		t.xlsx, err = openXLSX(t.source, size, t.limits, &t.cells)
		return err
	case bytes.HasPrefix(start, []byte(oleMagic)):
		return Flaw{Kind: oleKind(t.source, start)}
	}
	for _, magic := range otherFiles {
		if bytes.HasPrefix(start, []byte(magic)) {
			return Flaw{Kind: NotTable}
		}
	}
	t.format = CSV
	var err error
	t.csv, err = openCSV(t.source, size, &t.cells)
	return err
}

// otherFiles are how files begin that people send by mistake and that could pass for a text.
var otherFiles = []string{"%PDF", "{\\rtf", "\x89PNG", "\xff\xd8\xff", "GIF8", "Rar!", "7z\xbc\xaf", "\x1f\x8b"}

// Format is how the table is written.
func (t *Reader) Format() Format { return t.format }

// Sheets are all sheets with cells, in their order; none in CSV.
func (t *Reader) Sheets() []Sheet {
	if t.xlsx == nil {
		return nil
	}
	return t.xlsx.sheets
}

// Use begins to read another sheet, which may not be hidden.
func (t *Reader) Use(sheet string) error {
	i := slices.Index(t.Sheets(), Sheet{Name: sheet})
	if i < 0 {
		return Flaw{Kind: NoSheet, Value: sheet}
	}
	t.spread, t.err = nil, nil
	if err := t.xlsx.use(i); err != nil {
		t.err = t.because(err, "")
	}
	return t.err
}

// Sheet is the name of the one that is read: the first that is not hidden, unless Use said another.
func (t *Reader) Sheet() string {
	if t.xlsx == nil {
		return ""
	}
	return t.xlsx.sheet
}

// Encoding is how the letters of a CSV are written: utf-8, utf-16, windows-1251 or kz-1048.
func (t *Reader) Encoding() string {
	if t.csv == nil {
		return "utf-8"
	}
	return t.csv.encoding
}

// Separator is what stands between the cells of a CSV, and 0 in XLSX.
func (t *Reader) Separator() byte {
	if t.csv == nil {
		return 0
	}
	return t.csv.sep
}

// Next reads the next row that is not empty. The error is io.EOF after the last one, and a Flaw when
// the rest cannot be read; it stays the same from then on.
func (t *Reader) Next() (Row, error) {
	for t.err == nil {
		var row Row
		var err error
		t.cells.reset()
		if t.csv != nil {
			row, err = t.csv.next()
		} else {
			row, err = t.xlsx.next()
		}
		if err == nil && t.csv != nil && row.Number > t.limits.Rows {
			err = Flaw{Kind: TooLarge, Row: row.Number, Value: "rows"}
		}
		if t.total += int64(len(t.cells.text)); err == nil && t.total > t.limits.Total {
			err = Flaw{Kind: TooLarge, Row: row.Number, Value: "total"}
		}
		if err != nil {
			t.err = t.because(err, "")
			break
		}
		row.Cells, row.Cut = t.cells.finish()
		if len(row.Cells) == 0 && !row.Cut {
			continue
		}
		if t.spread != nil {
			if err := t.spread.fill(&row); err != nil {
				t.err = err
				break
			}
			t.cells.cells = row.Cells
		}
		return row, nil
	}
	return Row{}, t.err
}

// because tells a file that cannot be understood from one that cannot be read.
func (t *Reader) because(err error, name string) error {
	if t.source.err != nil {
		return fmt.Errorf("reading the table %s: %w", name, t.source.err)
	}
	if flaw := (Flaw{}); errors.As(err, &flaw) {
		return flaw
	}
	if errors.Is(err, io.EOF) && name == "" {
		return io.EOF
	}
	return Flaw{Kind: Damaged, Value: err.Error()}
}

// source remembers that the file itself could not be read, and how much may be.
type source struct {
	r    io.ReaderAt
	err  error
	left int64 // when above 0: until it is too much
	much bool
}

func (s *source) ReadAt(p []byte, at int64) (int, error) {
	if s.left > 0 {
		if s.left -= int64(len(p)); s.left <= 0 {
			s.left, s.much = 1, true
			return 0, Flaw{Kind: TooLarge, Value: "parts"}
		}
	}
	if at < 0 { // says the file, which is no fault of whoever keeps it
		return 0, errors.New("a place before the beginning")
	}
	n, err := s.r.ReadAt(p, at)
	if err != nil && !errors.Is(err, io.EOF) && s.err == nil {
		s.err = err
	}
	return n, err
}
