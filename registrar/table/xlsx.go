package table

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

const (
	mostOfContents = 2 << 20 // bytes of the list of parts
	mostStyles     = 100_000
	mostSheets     = 10_000
	mostRows       = 1 << 20 // that a sheet can have
)

// workbook is an XLSX file of which one sheet is read.
type workbook struct {
	limits    Limits
	parts     map[string]*zip.File
	sheets    []Sheet
	of        []string // the part of each of them, "" when there is none
	sheet     string   // its name
	part      string
	since1904 bool
	shared    texts
	shapes    []shape // of numbers, by style
	cells     *builder

	xml   *scanner
	row   int
	seen  int
	value []byte
}

func openXLSX(s *source, size int64, limits Limits, cells *builder) (*workbook, error) {
	s.left = mostOfContents
	z, err := zip.NewReader(s, size)
	much := s.much
	s.left = 0
	if much || err == nil && len(z.File) > limits.Parts {
		return nil, Flaw{Kind: TooLarge, Value: "parts"}
	}
	if errors.Is(err, zip.ErrFormat) { // the list of parts is at the end
		return nil, Flaw{Kind: CutOff, Value: err.Error()}
	}
	if err != nil {
		return nil, err
	}
	w := &workbook{limits: limits, cells: cells, parts: map[string]*zip.File{}}
	for _, part := range z.File {
		name := strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(part.Name, `\`, "/"), "/"))
		if w.parts[name] != nil {
			return nil, Flaw{Kind: Damaged, Value: "a part twice"}
		}
		w.parts[name] = part
	}
	if err := w.open(); err != nil {
		return nil, err
	}
	return w, nil
}

// open finds the sheet and what its cells refer to.
func (w *workbook) open() error {
	book, err := w.book()
	if err != nil {
		return err
	}
	list, err := w.list(book)
	if err != nil {
		return err
	}
	dir, base := path.Split(book)
	texts, styles := "", ""
	found := map[string]string{}
	err = w.relations(path.Join(dir, "_rels", base+".rels"), dir, func(id, kind, target string) {
		switch kind {
		case "chartsheet", "dialogsheet", "macrosheet", "xlMacrosheet", "xlIntlMacrosheet":
			found[id] = ""
		case "sharedStrings":
			texts = target
		case "styles":
			styles = target
		default:
			found[id] = target
		}
	})
	if err != nil {
		return err
	}
	for _, s := range list {
		part, known := found[s.id]
		if known && part == "" {
			continue
		}
		w.sheets, w.of = append(w.sheets, s.Sheet), append(w.of, part)
	}
	first := slices.IndexFunc(w.sheets, func(s Sheet) bool { return !s.Hidden })
	if first < 0 {
		return Flaw{Kind: NoSheet}
	}
	if err := w.use(first); err != nil {
		return err
	}
	if styles != "" && w.has(styles) {
		if err := w.styles(styles); err != nil {
			return err
		}
	}
	if texts != "" {
		return w.texts(texts)
	}
	return nil
}

// use begins to read a sheet.
func (w *workbook) use(i int) (err error) {
	w.sheet, w.part, w.row, w.seen = w.sheets[i].Name, w.of[i], 0, 0
	if w.part == "" {
		return Flaw{Kind: Damaged, Value: "a sheet without a part"}
	}
	w.xml, _, err = w.scan(w.part)
	return err
}

func (w *workbook) has(part string) bool { return w.parts[strings.ToLower(part)] != nil }

// book is the part that lists the sheets; without it the file is something else.
func (w *workbook) book() (string, error) {
	book := "xl/workbook.xml"
	if w.has("_rels/.rels") {
		err := w.relations("_rels/.rels", "", func(_, kind, target string) {
			if kind == "officeDocument" {
				book = target
			}
		})
		if err != nil {
			return "", err
		}
	}
	switch {
	case strings.HasSuffix(book, ".bin"), w.has("xl/workbook.bin"):
		return "", Flaw{Kind: Binary}
	case w.has(book) && strings.HasPrefix(path.Base(book), "workbook"):
		return book, nil
	case w.has("content.xml") && w.has("mimetype"):
		if kind, err := w.start("mimetype"); err != nil {
			return "", err
		} else if strings.HasPrefix(kind, "application/vnd.oasis.opendocument.spreadsheet") {
			return "", Flaw{Kind: OpenDocument}
		}
	}
	return "", Flaw{Kind: NotTable}
}

func (w *workbook) start(part string) (string, error) {
	content, err := w.unpack(part)
	if err != nil {
		return "", err
	}
	defer func() { _ = content.Close() }() // it was only read
	b, err := io.ReadAll(io.LimitReader(content, 100))
	return string(b), err
}

// unpack reads a part within the limits.
func (w *workbook) unpack(name string) (io.ReadCloser, error) {
	part := w.parts[strings.ToLower(name)]
	if part == nil {
		return nil, fmt.Errorf("there is no %s", name)
	}
	if part.Flags&1 != 0 {
		return nil, Flaw{Kind: Locked}
	}
	content, err := part.Open()
	if err != nil {
		return nil, err
	}
	return &unpacked{ReadCloser: content, left: w.limits.Part, ratio: w.limits.Ratio, packed: int64(part.CompressedSize64)}, nil
}

type unpacked struct {
	io.ReadCloser
	left, read, ratio, packed int64
}

// Read says that a part is too large instead of ending it.
func (u *unpacked) Read(p []byte) (int, error) {
	if u.left <= 0 {
		return 0, Flaw{Kind: TooLarge, Value: "part"}
	}
	n, err := u.ReadCloser.Read(p[:min(int64(len(p)), u.left)])
	u.left -= int64(n)
	if u.read += int64(n); u.read > 1<<20 && u.read/u.ratio > u.packed {
		return 0, Flaw{Kind: TooLarge, Value: "ratio"}
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = Flaw{Kind: CutOff, Value: "part"}
	}
	return n, err
}

func (w *workbook) scan(part string) (*scanner, io.Closer, error) {
	content, err := w.unpack(part)
	if err != nil {
		return nil, nil, err
	}
	return newScanner(content, w.limits), content, nil
}

// walk hands each piece of a part to take.
func (w *workbook) walk(part string, take func(s *scanner, t token) error) error {
	s, content, err := w.scan(part)
	if err != nil {
		return err
	}
	defer func() { _ = content.Close() }() // it was only read
	for {
		t, err := s.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = take(s, t)
		}
		if err != nil {
			return err
		}
	}
}

// relations tells what a part refers to.
func (w *workbook) relations(part, dir string, take func(id, kind, target string)) error {
	return w.walk(part, func(s *scanner, t token) error {
		if t != start || string(s.name) != "Relationship" {
			return nil
		}
		id, kind, target := string(s.attr("Id")), string(s.attr("Type")), string(s.attr("Target"))
		if rooted, ok := strings.CutPrefix(target, "/"); ok {
			target = path.Clean(rooted)
		} else {
			target = path.Join(dir, target)
		}
		take(id, kind[strings.LastIndexByte(kind, '/')+1:], target)
		return nil
	})
}

type listed struct {
	Sheet
	id string
}

func (w *workbook) list(book string) (all []listed, err error) {
	err = w.walk(book, func(s *scanner, t token) error {
		switch {
		case t != start:
		case string(s.name) == "workbookPr":
			w.since1904 = s.attrTrue("date1904")
		case string(s.name) == "sheet":
			if len(all) >= mostSheets {
				return Flaw{Kind: TooLarge, Value: "sheets"}
			}
			hidden := strings.Contains(strings.ToLower(string(s.attr("state"))), "hidden")
			all = append(all, listed{Sheet{string(s.attr("name")), hidden}, string(s.prefixed("id"))})
		}
		return nil
	})
	return all, err
}

// styles finds out which cells show their number as a day.
func (w *workbook) styles(part string) error {
	own := map[int]shape{}
	in := false // the styles of cells, not those that they are made of
	return w.walk(part, func(s *scanner, t token) error {
		switch string(s.name) {
		case "numFmt":
			if id, ok := s.attrInt("numFmtId"); t == start && ok {
				if len(own) >= mostStyles {
					return Flaw{Kind: TooLarge, Value: "styles"}
				}
				own[id] = shapeOf(string(s.attr("formatCode")))
			}
		case "cellXfs":
			in = t == start || t == text && in
		case "xf":
			if t != start || !in {
				break
			}
			if len(w.shapes) >= mostStyles {
				return Flaw{Kind: TooLarge, Value: "styles"}
			}
			id, _ := s.attrInt("numFmtId")
			shape, ok := own[id]
			if !ok {
				shape = shapeOfID(id)
			}
			w.shapes = append(w.shapes, shape)
		}
		return nil
	})
}

// texts are those that cells share, one behind the other in pieces of memory that never move.
type texts struct {
	chunks [][]byte
	at     []uint32 // where one ends in its chunk
	in     []uint32 // the number of the first text of each chunk
	bytes  int
}

const chunk = 1 << 20

func (t *texts) add(s []byte) {
	if last := len(t.chunks) - 1; last < 0 || len(t.chunks[last])+len(s) > cap(t.chunks[last]) {
		t.chunks = append(t.chunks, make([]byte, 0, max(chunk, len(s))))
		t.in = append(t.in, uint32(len(t.at)))
	}
	last := len(t.chunks) - 1
	t.chunks[last] = append(t.chunks[last], s...)
	t.at = append(t.at, uint32(len(t.chunks[last])))
	t.bytes += len(s)
}

func (t *texts) get(i int) ([]byte, bool) {
	if i < 0 || i >= len(t.at) {
		return nil, false
	}
	lo, hi := 0, len(t.in)
	for hi-lo > 1 {
		if mid := (lo + hi) / 2; int(t.in[mid]) <= i {
			lo = mid
		} else {
			hi = mid
		}
	}
	from := uint32(0)
	if i > int(t.in[lo]) {
		from = t.at[i-1]
	}
	return t.chunks[lo][from:t.at[i]], true
}

func (w *workbook) texts(part string) error {
	var one []byte
	in, spelled := false, 0 // spelled is how the text sounds, which is told beside it
	return w.walk(part, func(s *scanner, t token) error {
		if t == text {
			if in && spelled == 0 && len(one) <= w.limits.Cell {
				one = append(one, s.content...)
			}
			return nil
		}
		switch string(s.name) {
		case "t":
			in = t == start
		case "rPh":
			if spelled++; t == end {
				spelled -= 2
			}
		case "si":
			if t == start {
				break
			}
			one = unescape(one)
			if len(w.shared.at) >= w.limits.Texts || w.shared.bytes+len(one) > w.limits.TextBytes {
				return Flaw{Kind: TooLarge, Value: "texts"}
			}
			w.shared.add(one)
			one = one[:0]
		}
		return nil
	})
}

// unescape gives a text the signs for which XML has no place: _x000D_.
func unescape(s []byte) []byte {
	if !bytes.Contains(s, []byte("_x")) {
		return s
	}
	kept := s[:0]
	for i := 0; i < len(s); i++ {
		if r, ok := escaped(s[i:]); ok {
			i += 6
			if second, ok := escaped(s[i+1:]); ok && utf16.IsSurrogate(r) {
				if both := utf16.DecodeRune(r, second); both != utf8.RuneError {
					r = both
					i += 7
				}
			}
			kept = utf8.AppendRune(kept, r) // never longer than what is replaced
			continue
		}
		kept = append(kept, s[i])
	}
	return kept
}

func escaped(s []byte) (rune, bool) {
	if len(s) < 7 || s[0] != '_' || s[1] != 'x' || s[6] != '_' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(s[2:6]), 16, 16)
	return rune(n), err == nil
}

// next reads a row, and at the end of the sheet the rest of the part: its sum tells whether it is whole.
func (w *workbook) next() (Row, error) {
	for {
		t, err := w.xml.next()
		if err != nil {
			return Row{}, w.at(err)
		}
		if t != start || string(w.xml.name) != "row" || w.xml.parent() != "sheetData" {
			continue
		}
		if w.seen++; w.seen > w.limits.Rows {
			return Row{}, Flaw{Kind: TooLarge, Row: w.row, Value: "rows"}
		}
		w.row++
		if n, ok := w.xml.attrInt("r"); ok && n > w.row && n <= mostRows {
			w.row = n
		}
		row := Row{Number: w.row, Hidden: w.xml.attrTrue("hidden")}
		return row, w.at(w.rest())
	}
}

// at adds where it was.
func (w *workbook) at(err error) error {
	if flaw := (Flaw{}); errors.As(err, &flaw) && flaw.Row == 0 {
		flaw.Row = w.row
		return flaw
	} else if err != nil && flaw.Kind == "" && !errors.Is(err, io.EOF) {
		return Flaw{Kind: Damaged, Row: w.row, Value: err.Error()}
	}
	return err
}

// rest reads the row that has begun.
func (w *workbook) rest() error {
	s := w.xml
	for depth, column := len(s.depths), 0; ; {
		t, err := s.next()
		if err != nil {
			return err
		}
		switch {
		case t == end && len(s.depths) < depth:
			return nil
		case t == start && string(s.name) == "c" && len(s.depths) == depth+1:
			column++
			if n := columnOf(s.attr("r")); n > 0 {
				column = n
			}
			if err := w.cell(column); err != nil {
				return err
			}
		}
	}
}

// cell reads the cell that has begun.
func (w *workbook) cell(column int) error {
	s := w.xml
	kind := kindOf(s.attr("t"))
	shape := plain
	if kind == 'n' && len(w.shapes) > 0 {
		if n, ok := s.attrInt("s"); ok && n >= 0 && n < len(w.shapes) {
			shape = w.shapes[n]
		}
	}
	value, formula, within, spelled := false, false, false, 0
	w.value = w.value[:0]
	for depth := len(s.depths); ; {
		t, err := s.next()
		if err != nil {
			return err
		}
		if t == text {
			if within && spelled == 0 && len(w.value) <= w.limits.Cell {
				w.value = append(w.value, s.content...)
			}
			continue
		}
		if t == end && len(s.depths) < depth {
			break
		}
		switch string(s.name) {
		case "v", "t":
			within = t == start
			value = true
		case "f":
			formula = formula || t == start
		case "rPh":
			if spelled++; t == end {
				spelled -= 2
			}
		}
	}
	before := len(w.cells.spans)
	if formula && (!value || len(w.value) == 0 && kind != 'i') { // programs that work nothing out leave it to others
		w.cells.end(column, Error, false)
	} else if value {
		w.show(column, kind, shape)
	}
	if formula {
		w.cells.formula(before)
	}
	return nil
}

// kindOf is the first letter of what a cell says to hold, and i for a text that is in it.
func kindOf(t []byte) byte {
	switch string(t) {
	case "s", "b", "e", "d":
		return t[0]
	case "str", "inlineStr":
		return 'i'
	}
	return 'n'
}

// show puts what a cell holds.
func (w *workbook) show(column int, kind byte, shape shape) {
	b, v := w.cells, bytes.TrimSpace(w.value)
	if len(v) == 0 {
		return
	}
	switch kind {
	case 's':
		i, err := strconv.Atoi(string(v))
		one, ok := w.shared.get(i)
		if err != nil || !ok {
			b.end(column, Error, false)
			return
		}
		b.add(one...)
		b.end(column, Text, false)
		return
	case 'b':
		if v[0] == '1' || v[0] == 't' {
			b.add([]byte("true")...)
		} else {
			b.add([]byte("false")...)
		}
		b.end(column, Bool, false)
		return
	case 'e':
		b.add(v...)
		b.end(column, Error, false)
		return
	case 'd':
		if out, ok := written(b.text, v); ok {
			b.text = out
			b.end(column, Date, false)
			return
		}
	case 'n':
		if shape != plain {
			if out, ok := date(b.text, v, shape, w.since1904); ok {
				b.text = out
				b.end(column, Date, false)
				return
			}
		}
		if out, ok := number(b.text, v); ok {
			b.text = out
			b.end(column, Number, false)
			return
		}
	}
	w.value = unescape(w.value)
	b.add(w.value...)
	b.end(column, Text, false)
}

// columnOf is 28 for AB7, and 0 for what names no column.
func columnOf(cell []byte) (n int) {
	for _, r := range cell {
		if r < 'A' || r > 'Z' {
			return n
		}
		if n = n*26 + int(r-'A') + 1; n > farColumn {
			return farColumn
		}
	}
	return n
}
