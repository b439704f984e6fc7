package documents

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"alt.edu.kz/dauys"
)

// Transcript is what somebody has studied, with which marks, in finished words of one language. What
// is empty takes no room.
type Transcript struct {
	Lang dauys.Lang
	Made time.Time // the moment that the file bears

	Above         []string // over the title: whose document it is
	Title, Number string
	Date, Place   string
	Standing      string // what the paper is good for, in a frame below the title
	Behind        string // grey across every page: that it is not official
	Head          []Pair

	Columns []string // the first is the discipline; the others are as wide as their words
	Terms   []Studied
	Sum     []Pair
	Notes   []string // in small letters: what the columns mean

	Signatures []Pair
	Stamp      string // where the stamp goes
	Link       string // what the code leads to; empty: there is no code
	Scan       string // beside the code: what it is for

	Foot                string
	Pages               func(page, pages int) string
	Author, Application string
}

// Studied is what was studied in a semester.
type Studied struct {
	Name string
	Rows [][]string
	Sum  string // below the rows
}

// Sizes on a transcript: it has more columns than the papers of meetings.
const (
	termSize   = 9.5
	noteSize   = 8.5
	behindSize = 64.0
	scanWide   = 34.0 // of the code, in millimetres
	tight      = 1.1  // within a cell
)

// TranscriptPDF lays a transcript out on A4 pages. The same transcript gives the same bytes.
func TranscriptPDF(t Transcript) ([]byte, error) {
	if t.Made.IsZero() || t.Made.Year() > 9999 {
		return nil, errors.New("a transcript needs the moment at which it was made")
	}
	if len(t.Columns) == 0 {
		return nil, errors.New("a transcript needs columns")
	}
	for _, term := range t.Terms {
		for _, row := range term.Rows {
			if len(row) != len(t.Columns) {
				return nil, fmt.Errorf("a row of a transcript has %d cells for %d columns", len(row), len(t.Columns))
			}
		}
	}
	p := newPages(t.Made, t.Lang, t.Title+" "+t.Number, t.Author)
	p.SetCreator(oneLine(t.Application), true)
	p.SetProducer(oneLine(t.Application), true)
	p.SetLineWidth(0.2)
	p.SetHeaderFunc(func() { p.behind(t.Behind) })
	p.turn()
	p.font("", textSize)
	for _, s := range t.Above {
		p.centred(s)
	}
	p.gap(t.Above != nil, 3)
	p.font("B", titleSize)
	p.centred(t.Title)
	p.font("B", partSize)
	p.centred(t.Number)
	p.gap(true, 2)
	p.framed(t.Standing)
	p.font("", cellSize)
	p.ends(t.Date, t.Place)
	p.gap(true, 2)
	p.pairs(t.Head)
	p.gap(true, 2)
	p.studied(t)
	p.gap(t.Sum != nil, 2)
	p.pairs(t.Sum)
	p.font("", noteSize)
	for _, s := range t.Notes {
		lines := p.wrapped(s, wide)
		p.room(float64(len(lines)) * p.line())
		p.lines(margin, lines)
	}
	if err := p.end(t); err != nil {
		return nil, err
	}
	p.foot(Document{Foot: t.Foot, Pages: t.Pages})
	var out bytes.Buffer
	if err := p.Output(&out); err != nil {
		return nil, fmt.Errorf("lay out a transcript: %w", err)
	}
	return out.Bytes(), nil
}

// behind writes a word across the page, so that a part of it cannot be taken for something else.
func (p *pages) behind(word string) {
	if word = oneLine(word); word == "" {
		return
	}
	size := p.size
	p.font("B", behindSize)
	long := p.width(word)
	if most := wide * 1.1; long > most {
		p.font("B", behindSize*most/long)
		long = most
	}
	p.SetTextColor(228, 228, 228)
	p.TransformBegin()
	p.TransformRotate(50, pageWidth/2, pageHeight/2)
	p.Text((pageWidth-long)/2, pageHeight/2, word)
	p.TransformEnd()
	p.SetTextColor(0, 0, 0)
	p.font("", max(size, footSize))
}

// framed is a sentence that must not be overlooked.
func (p *pages) framed(s string) {
	p.font("B", cellSize)
	lines := p.wrapped(s, wide-4*padding)
	if lines == nil {
		return
	}
	height := float64(len(lines))*p.line() + 2*padding
	p.Rect(margin, p.y, wide, height, "D")
	p.y += padding
	for _, line := range lines {
		p.put(margin+(wide-p.width(line))/2, p.y, line)
		p.y += p.line()
	}
	p.y += padding + 2
}

// studied is the table: its head stands on every page again, and so does the name of a semester that goes on.
func (p *pages) studied(t Transcript) {
	widths := p.shares(t)
	head := p.celled(t.Columns, widths, "B", true)
	topOfPage := func() { p.marks(head, widths, "B", 236) }
	begun := false
	for _, term := range t.Terms {
		band := func() { p.band(term.Name) }
		p.font("B", termSize)
		high := p.line() + 2*tight
		for i, cells := range term.Rows {
			row := p.celled(cells, widths, "", false)
			need := row.height
			if i == 0 {
				need += high
			}
			if i == len(term.Rows)-1 && term.Sum != "" { // the sum does not stand alone
				need += high
			}
			if !begun && p.y+head.height+need > pageHeight-bottom {
				p.turn()
			}
			if begun && p.y+need > pageHeight-bottom {
				p.turn()
				topOfPage()
				if i > 0 {
					band()
				}
			} else if !begun {
				topOfPage()
			}
			begun = true
			if i == 0 {
				band()
			}
			p.marks(row, widths, "", 0)
		}
		if term.Sum != "" && len(term.Rows) > 0 {
			p.font("B", termSize)
			p.Rect(margin, p.y, wide, high, "D")
			p.put(pageWidth-margin-tight-p.width(oneLine(term.Sum)), p.y+tight, oneLine(term.Sum))
			p.y += high
		}
	}
}

// band is the name of a semester, across the table.
func (p *pages) band(name string) {
	p.font("B", termSize)
	high := p.line() + 2*tight
	p.SetFillColor(246, 246, 246)
	p.Rect(margin, p.y, wide, high, "FD")
	p.put(margin+tight, p.y+tight, oneLine(name))
	p.y += high
}

// shares gives every column but the first what its cells need in one line, and the first the rest.
func (p *pages) shares(t Transcript) []float64 {
	widths := make([]float64, len(t.Columns))
	need := func(i int, style, words string) {
		p.font(style, termSize)
		widths[i] = max(widths[i], p.width(words)+2*tight+0.2)
	}
	left := wide
	for i := range t.Columns {
		if i == 0 {
			continue
		}
		for word := range strings.FieldsSeq(clean(t.Columns[i])) {
			need(i, "B", word)
		}
		for _, term := range t.Terms {
			for _, row := range term.Rows {
				need(i, "", oneLine(row[i]))
			}
		}
		left -= widths[i]
	}
	if least := wide / 4; left < least { // words in the narrow columns are broken rather
		for i := range widths {
			widths[i] *= (wide - least) / (wide - left)
		}
		left = least
	}
	widths[0] = left
	return widths
}

func (p *pages) celled(texts []string, widths []float64, style string, head bool) laid {
	p.font(style, termSize)
	lines := make([][]string, len(widths))
	most := 1
	for i, w := range widths {
		text := texts[i]
		if head && i > 0 {
			text = oneLine(text)
		}
		lines[i] = p.wrapped(text, w-2*tight)
		most = max(most, len(lines[i]))
	}
	return laid{lines, float64(most)*p.line() + 2*tight}
}

// marks is a row: the first cell from the left, the others in the middle.
func (p *pages) marks(row laid, widths []float64, style string, grey int) {
	p.font(style, termSize)
	x := margin
	for i, w := range widths {
		how := "D"
		if grey > 0 {
			p.SetFillColor(grey, grey, grey)
			how = "FD"
		}
		p.Rect(x, p.y, w, row.height, how)
		for j, line := range row.lines[i] {
			at := x + tight
			if i > 0 {
				at = x + (w-p.width(line))/2
			}
			p.put(at, p.y+tight+float64(j)*p.line(), line)
		}
		x += w
	}
	p.y += row.height
}

// end is what stands below all marks on one page: who signs, the stamp, and the code with its address.
func (p *pages) end(t Transcript) error {
	p.font("", cellSize)
	high := float64(len(t.Signatures)) * (12 + 2*textSize*leading)
	if t.Link != "" {
		high += scanWide + 6
	} else if t.Stamp != "" {
		high += 14
	}
	p.room(min(high, (pageHeight-bottom-margin)/2))
	p.signatures(t.Signatures)
	if t.Stamp != "" {
		p.gap(true, 5)
		p.font("", cellSize)
		p.room(p.line())
		p.put(margin, p.y, oneLine(t.Stamp))
		p.y += p.line()
	}
	if t.Link == "" {
		return nil
	}
	p.gap(true, 4)
	p.room(scanWide)
	code, err := QR(t.Link)
	if err != nil {
		return err
	}
	p.RegisterImageOptionsReader("code", fpdf.ImageOptions{ImageType: "PNG"}, bytes.NewReader(code))
	p.ImageOptions("code", margin, p.y, scanWide, scanWide, false, fpdf.ImageOptions{ImageType: "PNG"}, 0, "")
	top := p.y
	p.y += 4
	p.font("", cellSize)
	x := margin + scanWide + 4
	p.lines(x, p.wrapped(t.Scan, pageWidth-margin-x))
	p.gap(true, 1)
	p.font("", termSize)
	p.lines(x, p.wrapped(t.Link, pageWidth-margin-x))
	p.y = max(p.y, top+scanWide)
	return nil
}
