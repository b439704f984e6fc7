package table

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
)

const (
	sniffed   = 64 << 10 // bytes by which the separator is found
	sniffRows = 20
	mostLines = 253 // in one cell; a spreadsheet keeps no more either
)

// separators by how likely they are: a comma stands in numbers and in names as well.
var separators = []byte{'\t', ';', '|', ','}

// csvReader reads records. Quotes are taken as they were meant: within a text that does not begin
// with one they are signs as any other, and so is one after which the cell cannot have ended.
type csvReader struct {
	in       *bufio.Reader
	sep      byte
	cells    *builder
	number   int
	columns  int // of the record that was read last
	encoding string
	lossy    bool // letters of one byte
	cut      bool // the last letter is not complete
}

func openCSV(s *source, size int64, cells *builder) (*csvReader, error) {
	found, err := survey(s, size)
	if err != nil {
		return nil, err
	}
	c := &csvReader{in: bufio.NewReaderSize(found.text(s, size), sniffed), cells: cells,
		encoding: found.encoding, lossy: found.lossy(), cut: found.cut}
	sample, err := c.in.Peek(sniffed)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if page(sample) {
		return nil, Flaw{Kind: WebPage}
	}
	if sep, n := said(sample); n > 0 {
		c.sep = sep
		_, err = c.in.Discard(n)
		return c, err
	}
	c.sep = guess(sample, len(sample) < sniffed)
	return c, nil
}

// page is what systems hand out as a sheet so that a spreadsheet opens it.
func page(sample []byte) bool {
	start := strings.ToLower(string(bytes.TrimSpace(sample[:min(len(sample), 2<<10)])))
	for _, tag := range []string{"<!doctype", "<html", "<table", "<?xml", "<meta", "<head", "<body", "<style", "<div", "mime-version:"} {
		if strings.HasPrefix(start, tag) {
			return true
		}
	}
	return false
}

// said is the separator of a first line such as "sep=;", and the length of that line.
func said(sample []byte) (sep byte, n int) {
	line, rest := sample, []byte(nil)
	if n = bytes.IndexAny(sample, "\r\n"); n >= 0 {
		line, rest = sample[:n], sample[n:]
	}
	line = bytes.TrimSuffix(bytes.TrimPrefix(line, []byte(`"`)), []byte(`"`))
	if len(line) != 5 || !strings.EqualFold(string(line[:4]), "sep=") || line[4] == '"' || line[4] >= 0x80 {
		return 0, 0
	}
	switch {
	case n < 0:
		n = len(sample)
	case bytes.HasPrefix(rest, []byte("\r\n")):
		n += 2
	default:
		n++
	}
	return line[4], n
}

// guess is the separator that gives most of the first records one and the same number of cells, and
// few of them another. A title, which has one cell, speaks for none.
func guess(sample []byte, whole bool) byte {
	best, most := separators[0], -sniffRows-1
	for _, sep := range separators {
		c := &csvReader{in: bufio.NewReader(bytes.NewReader(sample)), sep: sep, cells: &builder{limits: Limits{Cell: 1, Columns: 1}}}
		counts, alike, others := map[int]int{}, 0, 0
		for range sniffRows {
			c.cells.reset()
			_, err := c.next()
			if _, left := c.in.Peek(1); err != nil || left != nil && !whole {
				break // the last one goes on
			}
			if c.columns > 1 {
				counts[c.columns]++
				alike = max(alike, counts[c.columns])
				others++
			}
		}
		if agreed := 2*alike - others; others > 0 && agreed > most {
			best, most = sep, agreed
		}
	}
	return best
}

// read is the next byte; however a line ends, it is "\n".
func (c *csvReader) read() (byte, error) {
	b, err := c.in.ReadByte()
	if b == '\r' && err == nil {
		if next, _ := c.in.Peek(1); len(next) > 0 && next[0] == '\n' {
			_, err = c.in.Discard(1)
		}
		return '\n', err
	}
	return b, err
}

// ends is whether after a quote the cell is over, and the spaces that are to be passed over.
func (c *csvReader) ends() (spaces int, over bool) {
	next, _ := c.in.Peek(1)
	if len(next) > 0 && next[0] == ' ' && c.sep != ' ' {
		next, _ = c.in.Peek(16)
	}
	for spaces < len(next) && next[spaces] == ' ' && c.sep != ' ' {
		spaces++
	}
	return spaces, spaces == len(next) && spaces < 16 || spaces < len(next) && (next[spaces] == c.sep || next[spaces] == '\n' || next[spaces] == '\r')
}

func (c *csvReader) next() (Row, error) {
	b, err := c.read()
	if errors.Is(err, io.EOF) && c.cut {
		return Row{}, Flaw{Kind: CutOff, Row: c.number}
	}
	if err != nil {
		return Row{}, err
	}
	c.number++
	for c.columns = 1; ; c.columns++ {
		if b == '"' {
			if err = c.quoted(); err == nil {
				b, err = c.read()
			}
		}
		for err == nil && b != c.sep && b != '\n' {
			c.cells.add(b)
			b, err = c.read()
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return Row{}, err
		}
		c.unwrap()
		c.cells.end(c.columns, Text, c.lossy)
		if err != nil || b == '\n' {
			return Row{Number: c.number}, nil
		}
		if b, err = c.read(); errors.Is(err, io.EOF) { // after a separator there is a cell
			c.columns++
			return Row{Number: c.number}, nil
		}
	}
}

// quoted reads up to the quote that ends the cell.
func (c *csvReader) quoted() error {
	within := 0 // quotes that should have been doubled
	for lines := 0; ; {
		b, err := c.read()
		if err == nil && b == '\n' {
			lines++
		}
		if errors.Is(err, io.EOF) || lines > mostLines {
			return Flaw{Kind: OpenQuote, Row: c.number, Column: c.columns}
		}
		if err != nil {
			return err
		}
		if b != '"' {
			c.cells.add(b)
			continue
		}
		if next, _ := c.in.Peek(1); len(next) > 0 && next[0] == '"' {
			if _, err := c.in.Discard(1); err != nil {
				return err
			}
			c.cells.add('"')
			if spaces, over := c.ends(); over && within%2 == 1 { // "ТОО "Ромашка""
				_, err := c.in.Discard(spaces)
				return err
			}
			continue
		}
		if spaces, over := c.ends(); over {
			_, err := c.in.Discard(spaces)
			return err
		}
		within++
		c.cells.add('"')
	}
}

// unwrap takes ="007" for the text that it is: so programs keep zeros from a spreadsheet.
func (c *csvReader) unwrap() {
	s := c.cells.text[c.cells.at:]
	if len(s) > 2 && s[0] == '=' && s[1] == '"' && bytes.IndexByte(s[2:], '"') == len(s)-3 {
		copy(s, s[2:len(s)-1])
		c.cells.text = c.cells.text[:len(c.cells.text)-3]
	}
}
