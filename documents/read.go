package documents

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What a sheet may have. A file is made by anybody, and one of 27 KB can ask a reader for gigabytes
// by naming a far cell or by repeating itself: so it is read here, part by part, and nothing is
// kept but the columns that are asked for.
const (
	largestFile  = 2 << 20
	largestPart  = 8 << 20   // of the file, unpacked
	largestPiece = 256 << 10 // of a part without a new element: what the reader of XML keeps at once
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
	b, err := open(file)
	if err == nil {
		r := &sheetReader{words: words}
		if err = b.rows(r.take); err == nil {
			return r.finish()
		}
	}
	if head := (wholeSheet{}); errors.As(err, &head) {
		return nil, head.flaws
	}
	flaw := Flaw{Kind: NotXLSX}
	errors.As(err, &flaw)
	return nil, []Flaw{flaw}
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
func (r *sheetReader) take(line int, cells map[int]string) error {
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
		s := cells[i]
		switch {
		case slices.Contains(errorsShown, s):
			flaw(c, Broken, s)
		case utf8.RuneCountInString(s) > longestCell:
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

// errorsShown are what a cell shows when its formula fails.
var errorsShown = []string{"#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"}

// head is the first row that names the case and the decision. One that names some column and not
// these is the head as well, with a column missing.
func (r *sheetReader) head(line int, cells map[int]string) error {
	columns, first := map[int]Column{}, map[Column]int{}
	var flaws []Flaw
	for _, i := range slices.Sorted(maps.Keys(cells)) {
		c, ok := r.column(cells[i])
		if !ok {
			continue
		}
		if _, twice := first[c]; twice {
			flaws = append(flaws, Flaw{line, c, Twice, cells[i]})
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

// book is an XLSX file: parts by path.
type book map[string]*zip.File

func open(file []byte) (book, error) {
	switch {
	case len(file) > largestFile:
		return nil, Flaw{Kind: TooLarge, Value: "file"}
	case bytes.HasPrefix(file, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return nil, Flaw{Kind: Locked}
	}
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return nil, err
	}
	if len(z.File) > mostParts {
		return nil, Flaw{Kind: TooLarge, Value: "parts"}
	}
	b := book{}
	for _, part := range z.File {
		b[strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(part.Name, `\`, "/"), "/"))] = part
	}
	return b, nil
}

// walk reads a part: each start of an element, each piece of text, each end.
func (b book) walk(name string, start func(xml.StartElement) error, text func(string) error, end func(string) error) error {
	part := b[strings.ToLower(name)]
	if part == nil {
		return fmt.Errorf("there is no %s", name)
	}
	content, err := part.Open()
	if err != nil {
		return err
	}
	defer func() { _ = content.Close() }() // it was only read
	d := xml.NewDecoder(&limited{r: content, left: largestPart})
	d.CharsetReader = func(string, io.Reader) (io.Reader, error) { return nil, errors.New("not UTF-8") }
	for depth, elements := 0, 0; ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch token := token.(type) {
		case xml.StartElement:
			if depth++; depth > deepest {
				return errors.New("elements within elements")
			}
			if elements++; elements > mostElements {
				return Flaw{Kind: TooLarge, Value: "elements"}
			}
			err = start(token)
		case xml.CharData:
			if text != nil {
				err = text(string(token))
			}
		case xml.EndElement:
			depth--
			if end != nil {
				err = end(token.Name.Local)
			}
		}
		if err != nil {
			return err
		}
	}
}

// limited says that a part is too large instead of ending it.
type limited struct {
	r     io.Reader
	left  int
	piece int // read since an element began
}

func (l *limited) Read(p []byte) (int, error) {
	if l.left <= 0 {
		return 0, Flaw{Kind: TooLarge, Value: "sheet"}
	}
	n, err := l.r.Read(p[:min(len(p), l.left)])
	l.left -= n
	if last := bytes.LastIndexByte(p[:n], '<'); last >= 0 {
		l.piece = n - last
	} else if l.piece += n; l.piece > largestPiece {
		return 0, Flaw{Kind: TooLarge, Value: "piece"}
	}
	return n, err
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// parts finds the first sheet that is not hidden, and the texts that it shares.
func (b book) parts() (sheet, texts string, err error) {
	first := ""
	err = b.walk("xl/workbook.xml", func(e xml.StartElement) error {
		if e.Name.Local == "sheet" && first == "" && !strings.Contains(strings.ToLower(attribute(e, "state")), "hidden") {
			for _, a := range e.Attr {
				if a.Name.Local == "id" && a.Name.Space != "" {
					first = a.Value
				}
			}
		}
		return nil
	}, nil, nil)
	if err != nil {
		return "", "", err
	}
	err = b.walk("xl/_rels/workbook.xml.rels", func(e xml.StartElement) error {
		if e.Name.Local != "Relationship" {
			return nil
		}
		target := attribute(e, "Target")
		if rooted, ok := strings.CutPrefix(target, "/"); ok {
			target = path.Clean(rooted)
		} else {
			target = path.Join("xl", target)
		}
		switch {
		case attribute(e, "Id") == first && first != "":
			sheet = target
		case strings.HasSuffix(attribute(e, "Type"), "/sharedStrings"):
			texts = target
		}
		return nil
	}, nil, nil)
	if err == nil && sheet == "" {
		err = errors.New("there is no sheet")
	}
	return sheet, texts, err
}

func (b book) texts(name string) (texts []string, err error) {
	var one strings.Builder
	in, spelled := false, 0 // spelled is how the text sounds, which is told beside it
	err = b.walk(name, func(e xml.StartElement) error {
		switch e.Name.Local {
		case "t":
			in = true
		case "rPh":
			spelled++
		}
		return nil
	}, func(s string) error {
		if in && spelled == 0 {
			one.WriteString(s)
		}
		return nil
	}, func(name string) error {
		switch name {
		case "t":
			in = false
		case "rPh":
			spelled--
		case "si":
			if len(texts) >= mostTexts {
				return Flaw{Kind: TooLarge, Value: "texts"}
			}
			texts = append(texts, one.String())
			one.Reset()
		}
		return nil
	})
	return texts, err
}

// rows hands each row of the first sheet that is not empty to take.
func (b book) rows(take func(line int, cells map[int]string) error) error {
	name, shared, err := b.parts()
	if err != nil {
		return err
	}
	var texts []string
	if shared != "" {
		if texts, err = b.texts(shared); err != nil {
			return err
		}
	}
	var (
		line, column, seen int
		kind               string
		value              strings.Builder
		within             string // v or t, when the text is of the cell
		spelled            int
		cells              = map[int]string{}
	)
	return b.walk(name, func(e xml.StartElement) error {
		switch e.Name.Local {
		case "row":
			if seen++; seen > mostRowsSeen {
				return Flaw{Kind: TooLarge, Value: "rows"}
			}
			line++
			if n, err := strconv.Atoi(attribute(e, "r")); err == nil && n > 0 && n <= 1<<20 {
				line = n
			}
			column = 0
			clear(cells)
		case "c":
			column++
			if n := columnOf(attribute(e, "r")); n > 0 {
				column = n
			}
			kind = attribute(e, "t")
			value.Reset()
		case "v", "t":
			within = e.Name.Local
		case "rPh":
			spelled++
		}
		return nil
	}, func(s string) error {
		if within != "" && spelled == 0 && column <= furthest {
			value.WriteString(s)
		}
		return nil
	}, func(name string) error {
		switch name {
		case "v", "t":
			within = ""
		case "rPh":
			spelled--
		case "c":
			if s := shownAs(kind, value.String(), texts); s != "" && column <= furthest {
				cells[column] = s
			}
		case "row":
			if len(cells) > 0 {
				return take(line, cells)
			}
		}
		return nil
	})
}

// shownAs is what a cell says.
func shownAs(kind, value string, texts []string) string {
	if value == "" {
		return ""
	}
	switch kind {
	case "s":
		i, err := strconv.Atoi(strings.TrimSpace(value))
		if err != nil || i < 0 || i >= len(texts) {
			return ""
		}
		value = texts[i]
	case "", "n": // 85 can be written 8.5E1
		if f, err := strconv.ParseFloat(strings.TrimSpace(value), 64); err == nil && f < 1e15 && f > -1e15 {
			return strconv.FormatFloat(f, 'f', -1, 64)
		}
	}
	return clean(escaped.ReplaceAllStringFunc(value, func(s string) string {
		n, err := strconv.ParseUint(s[2:6], 16, 16)
		if err != nil {
			return s
		}
		return string(rune(n))
	}))
}

// escaped are signs as sheets write those that XML has no place for.
var escaped = regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`)

// columnOf is 28 for AB7, and 0 for what names no column.
func columnOf(cell string) (n int) {
	for _, r := range cell {
		if r < 'A' || r > 'Z' {
			return n
		}
		if n = n*26 + int(r-'A') + 1; n > 1<<14 {
			return 1 << 14
		}
	}
	return n
}
