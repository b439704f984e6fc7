package documents

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	"codeberg.org/go-pdf/fpdf"
	"github.com/go-fonts/dejavu/dejavusans"
	"github.com/go-fonts/dejavu/dejavusansbold"

	"alt.edu.kz/dauys"
)

// Document is what stands on the pages, from top to bottom. What is empty takes no room.
type Document struct {
	Lang dauys.Lang
	Made time.Time // the date of making that the file bears

	Above               []string // over the title: whose document it is
	Title, Number       string
	Date, Place         string // one line, left and right
	Head                []Pair
	Parts               []Part
	Signatures          []Pair // who signs as what; a line to sign is between them
	Seal                string
	Foot                string                       // at the foot of every page
	Pages               func(page, pages int) string // beside it
	Author, Application string                       // in the file's properties
}

// Pair is a line with a name.
type Pair struct{ Name, Value string }

// Part is what stands under a heading.
type Part struct {
	Heading    string
	Pairs      []Pair
	Paragraphs []string
	Table      Table
}

// Table takes the width of the page; its columns share it by what is in them.
type Table struct {
	Head []string // repeated on each page
	Rows [][]string
}

// The page, in millimetres, and sizes of letters, in points. A page is often read on a telephone,
// where 12 points are small already.
const (
	pageWidth, pageHeight = 210.0, 297.0
	margin                = 18.0
	bottom                = 22.0 // with the foot
	wide                  = pageWidth - 2*margin

	titleSize = 16.0
	partSize  = 13.0
	textSize  = 12.0
	cellSize  = 11.0
	footSize  = 9.0

	leading = 1.35 * 25.4 / 72 // of a line, in millimetres a point
	padding = 1.6              // within a cell
)

// newPages are A4 pages without anything on them. The same of it give the same bytes.
func newPages(made time.Time, lang dauys.Lang, title, author string) *pages {
	f := fpdf.New("P", "mm", "A4", "")
	f.SetCatalogSort(true)
	f.SetCreationDate(made.UTC())
	f.SetModificationDate(made.UTC())
	f.SetTitle(oneLine(title), true)
	f.SetAuthor(oneLine(author), true)
	f.SetLang(string(lang))
	f.SetAutoPageBreak(false, 0)
	f.SetMargins(margin, margin, margin)
	f.SetDrawColor(120, 120, 120)
	f.AddUTF8FontFromBytes("text", "", dejavusans.TTF)
	f.AddUTF8FontFromBytes("text", "B", dejavusansbold.TTF)
	return &pages{Fpdf: f}
}

// PDF lays a document out on A4 pages. The same document gives the same bytes.
func PDF(d Document) (file []byte, err error) {
	if d.Made.IsZero() || d.Made.Year() > 9999 {
		return nil, errors.New("a document needs the moment at which it was made")
	}
	p := newPages(d.Made, d.Lang, d.Title+" "+d.Number, d.Author)
	p.SetSubject(oneLine(strings.Join(append(d.Above[:len(d.Above):len(d.Above)], d.Date), ", ")), true)
	p.SetCreator(oneLine(d.Application), true)
	p.SetProducer(oneLine(d.Application), true)
	p.SetLineWidth(0.2)
	p.turn()
	p.document(d)
	p.foot(d)
	var out bytes.Buffer
	if err := p.Output(&out); err != nil {
		return nil, fmt.Errorf("lay out a document: %w", err)
	}
	return out.Bytes(), nil
}

// pages is the document so far. y is the top of what comes next.
type pages struct {
	*fpdf.Fpdf
	y    float64
	size float64
}

func (p *pages) turn() {
	p.AddPage()
	p.y = margin
}

// room turns the page unless there is so much of it left.
func (p *pages) room(height float64) {
	if p.y+height > pageHeight-bottom && p.y > margin {
		p.turn()
	}
}

func (p *pages) font(style string, size float64) {
	p.SetFont("text", style, size)
	p.size = size
}

// width of a piece of text in the font that is set.
func (p *pages) width(s string) float64 {
	return float64(p.GetStringSymbolWidth(s)) * p.size / 1000 * 25.4 / 72
}

func (p *pages) line() float64 { return p.size * leading }

// put writes a line whose top is at y.
func (p *pages) put(x, y float64, s string) {
	if s != "" {
		p.Text(x, y+p.line()*0.74, s)
	}
}

// wrap breaks text into lines of a width. A word that is longer is broken, after a sign if there is
// one: addresses of pages are such words.
func (p *pages) wrap(text string, width float64) (lines []string) {
	space := p.width(" ")
	for paragraph := range strings.SplitSeq(clean(text), "\n") {
		var line strings.Builder
		long := 0.0
		flush := func() {
			lines = append(lines, line.String())
			line.Reset()
			long = 0
		}
		for word := range strings.SplitSeq(paragraph, " ") {
			if word == "" {
				continue
			}
			its := p.width(word)
			if line.Len() > 0 {
				if long+space+its <= width {
					line.WriteString(" " + word)
					long += space + its
					continue
				}
				flush()
			}
			for its > width {
				first := p.fits(word, width)
				line.WriteString(word[:first])
				flush()
				word = word[first:]
				its = p.width(word)
			}
			line.WriteString(word)
			long = its
		}
		flush()
	}
	return lines
}

// fits is how many bytes of a word go into a width: at least one letter.
func (p *pages) fits(word string, width float64) (n int) {
	long, after := 0.0, 0
	for i, r := range word {
		long += p.width(string(r))
		if long > width && i > 0 {
			if after > i/2 {
				return after
			}
			return i
		}
		if strings.ContainsRune("-/_.,;:@?&=+", r) {
			after = i + len(string(r))
		}
	}
	return len(word)
}

func (p *pages) document(d Document) {
	p.font("", textSize)
	for _, s := range d.Above {
		p.centred(s)
	}
	p.gap(d.Above != nil, 4)
	p.font("B", titleSize)
	p.centred(d.Title)
	p.font("B", partSize)
	p.centred(d.Number)
	p.gap(true, 4)
	p.font("", textSize)
	p.ends(d.Date, d.Place)
	p.gap(true, 2)
	p.pairs(d.Head)
	for _, part := range d.Parts {
		p.part(part)
	}
	p.signatures(d.Signatures)
	if d.Seal != "" {
		p.gap(true, 6)
		p.font("", cellSize)
		lines := p.wrap(d.Seal, wide-2*padding)
		height := float64(len(lines))*p.line() + 2*padding
		p.room(height)
		if height < pageHeight-bottom-margin {
			p.Rect(margin, p.y, wide, height, "D")
		}
		p.y += padding
		p.lines(margin+padding, lines)
	}
}

func (p *pages) gap(is bool, height float64) {
	if is && p.y > margin {
		p.y += height
	}
}

func (p *pages) centred(s string) {
	for _, line := range p.wrapped(s, wide) {
		p.room(p.line())
		p.put(margin+(wide-p.width(line))/2, p.y, line)
		p.y += p.line()
	}
}

// wrapped is nothing for nothing.
func (p *pages) wrapped(s string, width float64) []string {
	if clean(s) == "" {
		return nil
	}
	return p.wrap(s, width)
}

func (p *pages) lines(x float64, lines []string) {
	for _, line := range lines {
		p.room(p.line())
		p.put(x, p.y, line)
		p.y += p.line()
	}
}

// ends writes one text at the left and one at the right, below each other if they are too long.
func (p *pages) ends(left, right string) {
	left, right = oneLine(left), oneLine(right)
	if p.width(left)+p.width(right)+5 > wide {
		p.lines(margin, append(p.wrapped(left, wide), p.wrapped(right, wide)...))
		return
	}
	p.put(margin, p.y, left)
	p.put(pageWidth-margin-p.width(right), p.y, right)
	if left+right != "" {
		p.y += p.line()
	}
}

// pairs writes the names in a column of their own, as wide as the longest of them and no wider than
// a third of the page.
func (p *pages) pairs(pairs []Pair) {
	column := p.names(pairs)
	for _, pair := range pairs {
		names, values := p.pair(pair, column)
		p.room(min(3, float64(max(len(names), len(values)))) * p.line())
		for i := range max(len(names), len(values)) {
			p.room(p.line())
			if i < len(names) {
				p.font("B", textSize)
				p.put(margin, p.y, names[i])
				p.font("", textSize)
			}
			if i < len(values) {
				p.put(margin+column, p.y, values[i])
			}
			p.y += p.line()
		}
		p.gap(true, 1.2)
	}
}

// names is the width of the column of names.
func (p *pages) names(pairs []Pair) float64 {
	p.font("B", textSize)
	column := 0.0
	for _, pair := range pairs {
		column = max(column, p.width(oneLine(pair.Name)))
	}
	return min(column+3, wide/3)
}

func (p *pages) pair(pair Pair, column float64) (names, values []string) {
	p.font("B", textSize)
	names = p.wrapped(pair.Name, column-2.9) // a sum of words is a little more than the whole
	p.font("", textSize)
	return names, p.wrapped(pair.Value, wide-column)
}

func (p *pages) part(part Part) {
	p.gap(part.Heading != "" || part.Paragraphs != nil, 5)
	p.room(p.together(part))
	if part.Heading != "" {
		p.font("B", partSize)
		p.lines(margin, p.wrapped(part.Heading, wide))
		p.gap(true, 1.5)
	}
	p.pairs(part.Pairs)
	p.font("", textSize)
	for _, s := range part.Paragraphs {
		lines := p.wrapped(s, wide)
		p.room(float64(min(2, len(lines))) * p.line())
		p.lines(margin, lines)
		p.gap(true, 1.5)
	}
	p.table(part.Table)
}

// together is how much of a part stays on one page: its heading never stands alone at the foot of
// one, and a short decision is read without turning the page.
func (p *pages) together(part Part) float64 {
	const short = (pageHeight - bottom - margin) / 3
	p.font("B", partSize)
	head := 0.0
	if part.Heading != "" {
		head = float64(len(p.wrapped(part.Heading, wide))) * p.line()
	}
	all := head
	column := p.names(part.Pairs)
	for _, pair := range part.Pairs {
		names, values := p.pair(pair, column)
		all += float64(max(len(names), len(values)))*p.line() + 1.2
	}
	if head > 0 && (all > short || len(part.Pairs) == 0) {
		return head + 4*textSize*leading
	}
	return min(all, short)
}

func (p *pages) table(t Table) {
	if len(t.Rows) == 0 {
		return
	}
	widths := p.columns(t)
	head := p.cells(t.Head, widths, "B")
	topOfPage := func() {
		if len(t.Head) > 0 {
			p.row(head, widths, "B", head.height)
		}
	}
	full := pageHeight - bottom - margin - head.height
	for i, cells := range t.Rows {
		row := p.cells(cells, widths, "")
		left := pageHeight - bottom - p.y
		if i == 0 {
			if left < head.height+min(row.height, full) {
				p.turn()
			}
			topOfPage()
		} else if left < row.height && (row.height <= full || left < full/4) {
			p.turn()
			topOfPage()
		}
		for { // a row higher than a page goes on on the next
			left = pageHeight - bottom - p.y
			if row.height <= left {
				break
			}
			n := max(1, int((left-2*padding)/(cellSize*leading)))
			var above laid
			above, row = row.cut(n)
			p.row(above, widths, "", above.height)
			p.turn()
			topOfPage()
		}
		p.row(row, widths, "", row.height)
	}
	p.gap(true, 2)
}

// laid is a row, each cell broken into lines.
type laid struct {
	lines  [][]string
	height float64
}

func (p *pages) cells(texts []string, widths []float64, style string) laid {
	p.font(style, cellSize)
	lines := make([][]string, len(widths))
	for i := range widths {
		if i < len(texts) {
			lines[i] = p.wrapped(texts[i], widths[i]-2*padding)
		}
	}
	return asCells(lines)
}

func asCells(lines [][]string) laid {
	most := 1
	for _, l := range lines {
		most = max(most, len(l))
	}
	return laid{lines, float64(most)*cellSize*leading + 2*padding}
}

func (c laid) cut(n int) (above, below laid) {
	var first, rest [][]string
	for _, l := range c.lines {
		n := min(n, len(l))
		first, rest = append(first, l[:n]), append(rest, l[n:])
	}
	return asCells(first), asCells(rest)
}

func (p *pages) row(c laid, widths []float64, style string, height float64) {
	p.font(style, cellSize)
	x := margin
	for i, width := range widths {
		how := "D"
		if style == "B" {
			p.SetFillColor(236, 236, 236)
			how = "FD"
		}
		p.Rect(x, p.y, width, height, how)
		for j, line := range c.lines[i] {
			p.put(x+padding, p.y+padding+float64(j)*p.line(), line)
		}
		x += width
	}
	p.y += height
}

// columns shares the width of the page. Each column gets what its longest word needs, so that words
// stay whole where they can; the rest goes where there is most to read.
func (p *pages) columns(t Table) []float64 {
	n := len(t.Head)
	for _, row := range t.Rows {
		n = max(n, len(row))
	}
	least, most := make([]float64, n), make([]float64, n)
	measure := func(cells []string) {
		for i, cell := range cells {
			for line := range strings.SplitSeq(clean(cell), "\n") {
				most[i] = max(most[i], min(p.width(line)+2*padding+0.1, wide))
				for word := range strings.SplitSeq(line, " ") {
					least[i] = max(least[i], min(p.width(word)+2*padding+0.1, wide/3.5))
				}
			}
		}
	}
	p.font("B", cellSize)
	measure(t.Head)
	p.font("", cellSize)
	for _, row := range t.Rows {
		measure(row)
	}
	sum, more := 0.0, 0.0
	for i := range n {
		sum += least[i]
		more += most[i] - least[i]
	}
	widths := make([]float64, n)
	for i := range n {
		switch {
		case sum >= wide || more == 0:
			widths[i] = least[i] * wide / sum
		default:
			widths[i] = least[i] + (most[i]-least[i])*(wide-sum)/more
		}
	}
	return widths
}

func (p *pages) signatures(signatures []Pair) {
	const room, stroke = 12.0, 45.0
	for _, s := range signatures {
		p.font("", textSize)
		names := p.wrapped(s.Name, (wide-stroke)/2-3)
		values := p.wrapped(s.Value, (wide-stroke)/2-3)
		most := float64(max(1, len(names), len(values))) * p.line()
		p.room(room + most)
		p.y += room - p.line()
		for i, line := range names {
			p.put(margin, p.y+float64(i)*p.line(), line)
		}
		x := margin + (wide-stroke)/2
		p.Line(x, p.y+p.line()*0.85, x+stroke, p.y+p.line()*0.85)
		for i, line := range values {
			p.put(x+stroke+3, p.y+float64(i)*p.line(), line)
		}
		p.y += most
	}
}

// foot goes over the pages once more, now that it is known how many they are.
func (p *pages) foot(d Document) {
	n := p.PageCount()
	for page := 1; page <= n; page++ {
		p.SetPage(page)
		p.font("", footSize)
		y := pageHeight - bottom + 6
		p.Line(margin, y-1.5, pageWidth-margin, y-1.5)
		right := ""
		if d.Pages != nil {
			right = oneLine(d.Pages(page, n))
		}
		at := pageWidth - margin - p.width(right)
		p.put(at, y, right)
		if left := p.wrapped(d.Foot, at-margin-5); left != nil {
			p.put(margin, y, left[0])
			if len(left) > 1 {
				p.put(margin, y+p.line(), left[1])
			}
		}
	}
}

func oneLine(s string) string { return strings.Join(strings.FieldsFunc(clean(s), blank), " ") }

// blank is a space at which a line may be broken: those that keep words together stay.
func blank(r rune) bool { return unicode.IsSpace(r) && r != '\u00a0' && r != '\u202f' }

// visible keeps what the font has a place for: it knows no signs above U+FFFF, and signs that turn
// the direction of writing would let a name look like another.
func visible(r rune) rune {
	switch {
	case r == '\n' || r == '\u00a0' || r == '\u202f':
		return r
	case unicode.IsSpace(r):
		return ' '
	case r > 0xFFFE:
		return '□'
	case unicode.IsPrint(r):
		return r
	}
	return -1
}
