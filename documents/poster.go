package documents

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"github.com/skip2/go-qrcode"

	"alt.edu.kz/dauys"
)

// codeSide is how many points a side of a code has: enough to print it large.
const codeSide = 1024

// QR is a link as a PNG that a camera reads, also when a quarter of it is dirty or torn.
func QR(link string) ([]byte, error) {
	code, err := qrcode.Encode(link, qrcode.High, codeSide)
	if err != nil {
		return nil, fmt.Errorf("make a QR code: %w", err)
	}
	return code, nil
}

// Poster is one page that hangs at a door: a code, the link in it for whoever cannot scan, and the
// same words in every language.
type Poster struct {
	Made   time.Time // the moment that the file bears
	Code   []byte    // PNG
	Link   string
	Parts  []PosterPart
	Author string
}

// PosterPart are the words of a poster in one language.
type PosterPart struct {
	Lang              dauys.Lang
	Title, Hours, How string
}

// words are what stands in a language, from the largest letters to the smallest.
func (p PosterPart) words() []string { return []string{p.Title, p.Hours, p.How} }

// Where things stand on a poster, in millimetres, and its letters, in points. It is read from two
// steps away.
const (
	leastGap  = 6.0
	codeWide  = 86.0
	linkSize  = 12.0
	doorTitle = 21.0
	doorText  = 13.0
)

// PosterPDF lays a poster out on one A4 page. The same poster gives the same bytes.
func PosterPDF(d Poster) ([]byte, error) {
	if d.Made.IsZero() || len(d.Parts) == 0 {
		return nil, errors.New("a poster needs words, and the moment at which it was made")
	}
	p := newPages(d.Made, d.Parts[0].Lang, d.Parts[0].Title, d.Author)
	p.SetLineWidth(0.3)
	p.turn()
	p.RegisterImageOptionsReader("code", fpdf.ImageOptions{ImageType: "PNG"}, bytes.NewReader(d.Code))
	p.ImageOptions("code", (pageWidth-codeWide)/2, p.y, codeWide, codeWide, false, fpdf.ImageOptions{ImageType: "PNG"}, 0, "")
	p.y += codeWide + 2
	p.font("", linkSize)
	p.centred(d.Link)
	fonts := []struct {
		style string
		size  float64
	}{{"B", doorTitle}, {"B", doorText}, {"", doorText}}
	high := 0.0
	for _, part := range d.Parts {
		for i, words := range part.words() {
			p.font(fonts[i].style, fonts[i].size)
			high += float64(len(p.wrapped(words, wide))) * p.line()
		}
	}
	gap := (pageHeight - bottom - p.y - high) / (float64(len(d.Parts)) + 0.5) // and half of one below the last
	if gap < leastGap {
		return nil, errors.New("the words of a poster do not fit on its page")
	}
	for _, part := range d.Parts { // what is left of the page stands between the languages
		p.y += gap / 2
		p.Line(margin, p.y, pageWidth-margin, p.y)
		p.y += gap / 2
		for i, words := range part.words() {
			p.font(fonts[i].style, fonts[i].size)
			p.centred(words)
		}
	}
	var out bytes.Buffer
	if err := p.Output(&out); err != nil {
		return nil, fmt.Errorf("lay out a poster: %w", err)
	}
	return out.Bytes(), nil
}
