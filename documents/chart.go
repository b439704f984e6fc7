package documents

import (
	"bytes"
	"errors"
	"fmt"
	"image/color"
	"math"
	"strconv"
	"strings"
	"sync"

	"github.com/go-fonts/dejavu/dejavusans"
	"github.com/go-fonts/dejavu/dejavusansbold"
	xfont "golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgimg"
)

// Chart is one picture of figures for a phone: it stands upright, and its letters can be read without
// making it larger. What is empty is left out.
type Chart struct {
	Title string
	Under []string // lines below the title
	Tiles []Tile
	Trend Trend
	Bars  Bars
	Curve Curve
	Marks Marks
	Foot  string
}

// Tile is a number by itself, with what it is.
type Tile struct {
	Value string
	Word  string
	Alarm bool // it should be nothing
}

// Trend is how two numbers went from step to step.
type Trend struct {
	Title  string
	Steps  []string // what stands below them, where there is room
	Names  [2]string
	Values [2][]int
}

// Bars compares some lines, each by two numbers of which the second is not the smaller one.
type Bars struct {
	Title string
	Names [2]string
	Lines []Bar
}

// Bar is one of them. Without a number it has only its words.
type Bar struct {
	Name    string
	Numbers [2]float64
	Words   string // behind the bar
}

// Curve is how one number went from step to step, on a scale that begins with nothing and is not as
// long as the numbers make it: so two pictures can be compared.
type Curve struct {
	Title string
	Most  float64 // the end of the scale
	Least float64 // a line across, below which there is trouble; 0: there is none
	Under string  // what that line is
	Steps []Step
}

// Step is one of them.
type Step struct {
	Name  string // below it, one line of the picture or two
	Value float64
	Words string // above it: the number as it is written
}

// Marks are numbers of one kind below each other, all on the same scale.
type Marks struct {
	Title string
	Most  float64 // the end of the scale
	Lines []Rated
}

// Rated is one of them.
type Rated struct {
	Name   string
	Value  float64
	Words  string // behind the bar: the number as it is written
	Absent bool   // there is no number: only words
	Whole  bool   // it is made of others
	Alarm  bool   // it is too low
}

// Where things stand in a picture, in pixels, and the sizes of its letters.
const (
	chartWide    = 1080.0
	chartMargin  = 56.0
	chartInner   = chartWide - 2*chartMargin
	chartGap     = 44.0
	tileHigh     = 160.0
	tileGap      = 20.0
	plotHigh     = 290.0
	fewLevels    = 4
	plotLeft     = 70.0 // for the numbers of its lines
	barHigh      = 34.0
	chartTitle   = 54.0
	headSize     = 38.0
	wordSize     = 32.0
	smallSize    = 28.0
	valueSize    = 82.0
	chartLeading = 1.32
)

var (
	inkColour   = color.NRGBA{0x1b, 0x1b, 0x1b, 0xff}
	quietColour = color.NRGBA{0x55, 0x5b, 0x63, 0xff}
	alarmColour = color.NRGBA{0xb3, 0x26, 0x1e, 0xff}
	paleColour  = color.NRGBA{0xf0, 0xf3, 0xf7, 0xff}
	gridColour  = color.NRGBA{0xd5, 0xda, 0xe0, 0xff}
	firstColour = color.NRGBA{0x1f, 0x5f, 0xa8, 0xff}
	otherColour = color.NRGBA{0xd9, 0x7a, 0x0b, 0xff}
	beyond      = color.NRGBA{0xa9, 0xc8, 0xea, 0xff}
)

// chartFonts are the letters of the other documents, which have those of Kazakh.
var chartFonts = sync.OnceValues(func() (*font.Cache, error) {
	plain, err := opentype.Parse(dejavusans.TTF)
	if err != nil {
		return nil, err
	}
	bold, err := opentype.Parse(dejavusansbold.TTF)
	if err != nil {
		return nil, err
	}
	return font.NewCache(font.Collection{
		{Font: font.Font{Typeface: "text"}, Face: plain},
		{Font: font.Font{Typeface: "text", Weight: xfont.WeightBold}, Face: bold},
	}), nil
})

// PNG draws the picture. The same chart gives the same bytes.
func (c Chart) PNG() ([]byte, error) {
	if c.Title == "" {
		return nil, errors.New("a chart needs a title")
	}
	if len(c.Trend.Values[0]) != len(c.Trend.Steps) || len(c.Trend.Values[1]) != len(c.Trend.Steps) {
		return nil, errors.New("a trend needs as many values as steps")
	}
	fonts, err := chartFonts()
	if err != nil {
		return nil, fmt.Errorf("draw a chart: %w", err)
	}
	measured := &painter{fonts: fonts} // draws nothing, and finds how high it is
	measured.chart(c)
	high := math.Ceil(measured.y + chartMargin)
	p := &painter{fonts: fonts, high: high, to: vgimg.NewWith(
		vgimg.UseWH(vg.Length(chartWide), vg.Length(high)), vgimg.UseDPI(int(vg.Inch.Points())), vgimg.UseBackgroundColor(color.White))}
	p.chart(c)
	var out bytes.Buffer
	if _, err := (vgimg.PngCanvas{Canvas: p.to}).WriteTo(&out); err != nil {
		return nil, fmt.Errorf("draw a chart: %w", err)
	}
	return out.Bytes(), nil
}

// painter draws from the top to the bottom; y is how far it has come.
type painter struct {
	fonts *font.Cache
	to    *vgimg.Canvas // nil: it only measures
	high  float64
	y     float64
}

func (p *painter) face(size float64, bold bool) font.Face {
	f := font.Font{Typeface: "text"}
	if bold {
		f.Weight = xfont.WeightBold
	}
	return p.fonts.Lookup(f, vg.Length(size))
}

func (p *painter) width(s string, size float64, bold bool) float64 {
	f := p.face(size, bold)
	return float64(f.Width(s))
}

// words writes a line with its left end at x, or its right end when that is asked, and its foot at y.
func (p *painter) words(s string, x, y, size float64, bold bool, c color.Color, right bool) {
	if p.to == nil || s == "" {
		return
	}
	if right {
		x -= p.width(s, size, bold)
	}
	p.to.SetColor(c)
	p.to.FillString(p.face(size, bold), vg.Point{X: vg.Length(x), Y: vg.Length(p.high - y)}, s)
}

func (p *painter) box(x, y, wide, high float64, c color.Color) {
	if p.to == nil || wide <= 0 {
		return
	}
	var path vg.Path
	for i, corner := range [][2]float64{{x, y}, {x + wide, y}, {x + wide, y + high}, {x, y + high}} {
		at := vg.Point{X: vg.Length(corner[0]), Y: vg.Length(p.high - corner[1])}
		if i == 0 {
			path.Move(at)
		} else {
			path.Line(at)
		}
	}
	path.Close()
	p.to.SetColor(c)
	p.to.Fill(path)
}

func (p *painter) disc(x, y, radius float64, c color.Color) {
	if p.to == nil {
		return
	}
	var path vg.Path
	centre := vg.Point{X: vg.Length(x), Y: vg.Length(p.high - y)}
	path.Move(vg.Point{X: centre.X + vg.Length(radius), Y: centre.Y})
	path.Arc(centre, vg.Length(radius), 0, 2*math.Pi)
	path.Close()
	p.to.SetColor(c)
	p.to.Fill(path)
}

func (p *painter) line(points [][2]float64, thick float64, c color.Color) {
	if p.to == nil || len(points) < 2 {
		return
	}
	var path vg.Path
	for i, at := range points {
		to := vg.Point{X: vg.Length(at[0]), Y: vg.Length(p.high - at[1])}
		if i == 0 {
			path.Move(to)
		} else {
			path.Line(to)
		}
	}
	p.to.SetColor(c)
	p.to.SetLineWidth(vg.Length(thick))
	p.to.Stroke(path)
}

// wrap breaks a text into lines of a width; a word that is too long for one stands out.
func (p *painter) wrap(s string, wide, size float64, bold bool) (lines []string) {
	line := ""
	for word := range strings.FieldsSeq(clean(s)) {
		if next := strings.TrimSpace(line + " " + word); line == "" || p.width(next, size, bold) <= wide {
			line = next
			continue
		}
		lines, line = append(lines, line), word
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// fit cuts a text to a width.
func (p *painter) fit(s string, wide, size float64, bold bool) string {
	s = oneLine(s)
	for runes := []rune(s); p.width(s, size, bold) > wide && len(runes) > 1; {
		runes = runes[:len(runes)-1]
		s = strings.TrimRight(string(runes), " ,.·–") + "…"
	}
	return s
}

// text writes a text in as many lines as it needs.
func (p *painter) text(s string, size float64, bold bool, c color.Color) {
	for _, line := range p.wrap(s, chartInner, size, bold) {
		p.words(line, chartMargin, p.y+size, size, bold, c, false)
		p.y += size * chartLeading
	}
}

func (p *painter) chart(c Chart) {
	p.y = chartMargin
	p.text(c.Title, chartTitle, true, inkColour)
	for _, line := range c.Under {
		p.text(line, wordSize, false, quietColour)
	}
	p.tiles(c.Tiles)
	p.trend(c.Trend)
	p.bars(c.Bars)
	p.curve(c.Curve)
	p.marks(c.Marks)
	if c.Foot != "" {
		p.y += chartGap / 2
		p.text(c.Foot, smallSize, false, quietColour)
	}
}

// tilesInRow is how many stand beside each other.
const tilesInRow = 2

func (p *painter) tiles(all []Tile) {
	wide := (chartInner - tileGap*(tilesInRow-1)) / tilesInRow
	for i, t := range all {
		if i%tilesInRow == 0 {
			p.y += tileGap
			if i == 0 {
				p.y += tileGap / 2
			}
		}
		x := chartMargin + float64(i%tilesInRow)*(wide+tileGap)
		p.box(x, p.y, wide, tileHigh, paleColour)
		c := inkColour
		if t.Alarm {
			c = alarmColour
		}
		p.words(t.Value, x+28, p.y+24+valueSize*0.76, valueSize, true, c, false)
		p.words(p.fit(t.Word, wide-56, wordSize, false), x+28, p.y+tileHigh-26, wordSize, false, quietColour, false)
		if i%tilesInRow == tilesInRow-1 || i == len(all)-1 {
			p.y += tileHigh
		}
	}
}

// legend names two colours in one line, or in two.
func (p *painter) legend(names [2]string, colours [2]color.Color) {
	const square, space = 28.0, 14.0
	x := chartMargin
	for i, name := range names {
		if i > 0 && x+square+space+p.width(name, wordSize, false) > chartMargin+chartInner {
			x = chartMargin
			p.y += wordSize * chartLeading
		}
		p.box(x, p.y+wordSize-square+4, square, square, colours[i])
		p.words(name, x+square+space, p.y+wordSize, wordSize, false, inkColour, false)
		x += square + space + p.width(name, wordSize, false) + 3*space
	}
	p.y += wordSize * chartLeading
}

func (p *painter) head(title string) {
	p.y += chartGap
	p.text(title, headSize, true, inkColour)
	p.y += 6
}

func (p *painter) trend(t Trend) {
	if len(t.Steps) < 2 {
		return
	}
	p.head(t.Title)
	colours := [2]color.Color{firstColour, otherColour}
	p.legend(t.Names, colours)
	p.y += 24
	most := fewLevels // one case more is no mountain
	for _, values := range t.Values {
		for _, v := range values {
			most = max(most, v)
		}
	}
	step := stepFor(most)
	top := (most + step - 1) / step * step
	left, wide := chartMargin+plotLeft, chartInner-plotLeft-16
	level := func(v int) float64 { return p.y + plotHigh*(1-float64(v)/float64(top)) }
	for v := 0; v <= top; v += step {
		p.line([][2]float64{{left - 8, level(v)}, {left + wide + 16, level(v)}}, 2, gridColour)
		p.words(strconv.Itoa(v), left-20, level(v)+smallSize*0.36, smallSize, false, quietColour, true)
	}
	across := func(i int) float64 { return left + wide*float64(i)/float64(len(t.Steps)-1) }
	for k := range t.Values {
		var points [][2]float64
		for i, v := range t.Values[k] {
			points = append(points, [2]float64{across(i), level(v)})
		}
		p.line(points, 6, colours[k])
		for _, at := range points {
			if len(points) > 30 { // they would run together
				break
			}
			if k == 0 {
				p.disc(at[0], at[1], 9, colours[k])
			} else {
				p.box(at[0]-8, at[1]-8, 16, 16, colours[k]) // the lines differ by more than a colour
			}
		}
	}
	widest := 0.0
	for _, s := range t.Steps {
		widest = max(widest, p.width(s, smallSize, false))
	}
	every := max(1, int(math.Ceil((widest+24)*float64(len(t.Steps)-1)/wide)))
	for i := len(t.Steps) - 1; i >= 0; i -= every {
		x := min(across(i)-p.width(t.Steps[i], smallSize, false)/2, chartMargin+chartInner-p.width(t.Steps[i], smallSize, false))
		p.words(t.Steps[i], x, p.y+plotHigh+smallSize*1.5, smallSize, false, quietColour, false)
	}
	p.y += plotHigh + smallSize*2
}

// stepFor is the distance of the lines behind a trend: a round number, of which five at most lie below
// the highest value.
func stepFor(most int) int {
	for step := 1; ; step *= 10 {
		for _, s := range []int{step, 2 * step, 5 * step} {
			if s*5 >= most {
				return s
			}
		}
	}
}

func (p *painter) bars(b Bars) {
	if len(b.Lines) == 0 {
		return
	}
	p.head(b.Title)
	p.legend(b.Names, [2]color.Color{firstColour, beyond})
	p.y += 10
	most, words := 1.0, 0.0
	for _, l := range b.Lines {
		most = max(most, l.Numbers[1])
		words = max(words, p.width(l.Words, wordSize, true))
	}
	room := chartInner - words - 20
	for _, l := range b.Lines {
		p.text(l.Name, wordSize, false, inkColour)
		p.box(chartMargin, p.y, max(room*l.Numbers[1]/most, 0), barHigh, beyond)
		p.box(chartMargin, p.y, max(room*l.Numbers[0]/most, 3), barHigh, firstColour)
		p.words(l.Words, chartMargin+max(room*l.Numbers[1]/most, 3)+20, p.y+barHigh*0.82, wordSize, true, inkColour, false)
		p.y += barHigh + 24
	}
}

// curveHigh is the height of a curve, and mostSteps how many steps have room for their numbers.
const (
	curveHigh = 420.0
	mostSteps = 12
)

// curve draws the last steps, each with its number above.
func (p *painter) curve(c Curve) {
	if len(c.Steps) == 0 || c.Most <= 0 {
		return
	}
	if len(c.Steps) > mostSteps {
		c.Steps = c.Steps[len(c.Steps)-mostSteps:]
	}
	p.head(c.Title)
	p.y += 40 // for the number of a step at the top
	left, wide := chartMargin+plotLeft+42, chartInner-plotLeft-102
	level := func(v float64) float64 { return p.y + curveHigh*(1-min(v, c.Most)/c.Most) }
	for v := range int(c.Most) + 1 {
		p.line([][2]float64{{left - 60, level(float64(v))}, {left + wide + 40, level(float64(v))}}, 2, gridColour)
		p.words(strconv.Itoa(v), left-72, level(float64(v))+smallSize*0.36, smallSize, false, quietColour, true)
	}
	if c.Least > 0 {
		p.line([][2]float64{{left - 60, level(c.Least)}, {left + wide + 40, level(c.Least)}}, 4, alarmColour)
	}
	across := func(i int) float64 {
		if len(c.Steps) == 1 {
			return left + wide/2
		}
		return left + wide*float64(i)/float64(len(c.Steps)-1)
	}
	var points [][2]float64
	for i, s := range c.Steps {
		points = append(points, [2]float64{across(i), level(s.Value)})
	}
	p.line(points, 6, firstColour)
	lines := 1
	for i, s := range c.Steps {
		p.disc(points[i][0], points[i][1], 12, firstColour)
		size := wordSize
		if len(c.Steps) > 8 {
			size = smallSize - 2
		}
		p.words(s.Words, points[i][0]-p.width(s.Words, size, true)/2, points[i][1]-24, size, true, inkColour, false)
		for n, line := range strings.Split(s.Name, "\n") {
			p.words(line, points[i][0]-p.width(line, smallSize-4, false)/2, p.y+curveHigh+smallSize*(1.5+float64(n)*1.2), smallSize-4, false, quietColour, false)
			lines = max(lines, n+1)
		}
	}
	p.y += curveHigh + smallSize*(0.8+1.2*float64(lines))
	if c.Least > 0 && c.Under != "" {
		p.y += 12
		p.line([][2]float64{{chartMargin, p.y + smallSize*0.66}, {chartMargin + 44, p.y + smallSize*0.66}}, 4, alarmColour)
		p.words(c.Under, chartMargin+58, p.y+smallSize, smallSize, false, quietColour, false)
		p.y += smallSize * chartLeading
	}
}

// marks draws each with its name above, so that names have room.
func (p *painter) marks(m Marks) {
	if len(m.Lines) == 0 || m.Most <= 0 {
		return
	}
	p.head(m.Title)
	words := 0.0
	for _, l := range m.Lines {
		if !l.Absent {
			words = max(words, p.width(l.Words, headSize, true))
		}
	}
	room := chartInner - words - 28
	for _, l := range m.Lines {
		p.text(l.Name, wordSize, false, inkColour)
		if l.Absent {
			p.box(chartMargin, p.y, room, barHigh+8, paleColour)
			p.words(l.Words, chartMargin+16, p.y+barHigh*0.86, smallSize, false, quietColour, false)
			p.y += barHigh + 32
			continue
		}
		c := color.Color(firstColour)
		if l.Whole {
			c = otherColour
		}
		if l.Alarm {
			c = alarmColour
		}
		p.box(chartMargin, p.y, room, barHigh+8, paleColour)
		p.box(chartMargin, p.y, max(room*min(l.Value, m.Most)/m.Most, 3), barHigh+8, c)
		p.words(l.Words, chartMargin+chartInner, p.y+barHigh, headSize, true, inkColour, true)
		p.y += barHigh + 32
	}
}
