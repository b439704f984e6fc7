package table

import (
	"bytes"
	"math"
	"slices"
	"strconv"
	"time"
	"unicode"
	"unicode/utf8"
)

// farColumn is XFD, the last one that a sheet can have.
const farColumn = 1 << 14

// builder collects the cells of one row. Their texts are one string, so that a row costs one
// allocation however many cells it has.
type builder struct {
	limits Limits
	text   []byte
	spans  []span
	cells  []Cell
	beyond bool
	at     int // where the text of the cell at hand begins
	full   bool
}

type span struct {
	column, from, to int
	cell             Cell
}

func (b *builder) reset() {
	b.text, b.spans, b.beyond = b.text[:0], b.spans[:0], false
	b.begin()
}

func (b *builder) begin() { b.at, b.full = len(b.text), false }

// add is more of the text of the cell.
func (b *builder) add(p ...byte) {
	if room := b.at + b.limits.Cell - len(b.text); len(p) > room {
		p, b.full = p[:max(room, 0)], true
	}
	b.text = append(b.text, p...)
}

// end is that the cell is complete. Nothing is kept of an empty one, and of one too far away.
func (b *builder) end(column int, kind Kind, lossy bool) {
	if b.full { // no half of a letter
		for i := len(b.text) - 1; i >= max(b.at, len(b.text)-utf8.UTFMax); i-- {
			if utf8.RuneStart(b.text[i]) {
				if !utf8.FullRune(b.text[i:]) {
					b.text = b.text[:i]
				}
				break
			}
		}
	}
	if kind == Text {
		b.tidy()
		kind = b.shows()
	}
	c := Cell{Kind: kind, Cut: b.full}
	if len(b.text) == b.at && kind != Error {
		b.begin()
		return
	}
	c.Lost = kind == Text && lost(b.text[b.at:], lossy)
	b.put(column, c)
}

func (b *builder) put(column int, c Cell) {
	if column > b.limits.Columns {
		b.beyond = true
		b.text = b.text[:b.at]
	} else {
		b.spans = append(b.spans, span{column, b.at, len(b.text), c})
	}
	b.begin()
}

// formula is that the cell that was put last shows the value of one.
func (b *builder) formula(before int) {
	if len(b.spans) > before {
		b.spans[len(b.spans)-1].cell.Formula = true
	}
}

func (b *builder) finish() (cells []Cell, beyond bool) {
	n := 0
	for _, s := range b.spans {
		n = max(n, s.column)
	}
	b.cells = slices.Grow(b.cells[:0], n)[:n]
	clear(b.cells)
	all := string(b.text)
	for _, s := range b.spans {
		s.cell.Text = all[s.from:s.to]
		b.cells[s.column-1] = s.cell
	}
	return b.cells, b.beyond
}

// tidy leaves out spaces around the text, and signs that cannot be seen: databases refuse some.
func (b *builder) tidy() {
	s := b.text[b.at:]
	if bytes.ContainsFunc(s, unwanted) {
		kept := s[:0]
		for i, n := 0, 0; i < len(s); i += n {
			var r rune
			r, n = utf8.DecodeRune(s[i:])
			switch {
			case r == '\r' && i+1 < len(s) && s[i+1] == '\n':
			case r == '\r':
				kept = append(kept, '\n')
			case !unwanted(r):
				kept = append(kept, s[i:i+n]...)
			}
		}
		s = kept
	}
	s = bytes.TrimRightFunc(s, unicode.IsSpace)
	b.text = b.text[:b.at+len(s)]
	if left := bytes.TrimLeftFunc(s, unicode.IsSpace); len(left) < len(s) {
		b.text = append(b.text[:b.at], left...)
	}
}

func unwanted(r rune) bool {
	return r < ' ' && r != '\n' && r != '\t' || r == 0x7f || r == '\ufeff' || r == '\ufffe' || r == '\uffff'
}

// shows is Error when the text is what a cell shows when its formula failed.
func (b *builder) shows() Kind {
	if s := b.text[b.at:]; len(s) > 3 && s[0] == '#' {
		for _, e := range errorsShown {
			if string(s) == e {
				return Error
			}
		}
	}
	return Text
}

// errorsShown are in English and, in tables that were saved as text, in Russian.
var errorsShown = []string{"#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#GETTING_DATA",
	"#ССЫЛКА!", "#Н/Д", "#ЗНАЧ!", "#ИМЯ?", "#ДЕЛ/0!", "#ЧИСЛО!", "#ПУСТО!"}

// lost is whether letters became others: the sign for it, or where letters have one byte, a question
// mark in a word. At the end of a word it may well be a question.
func lost(s []byte, lossy bool) bool {
	if bytes.ContainsRune(s, utf8.RuneError) {
		return true
	}
	for lossy {
		i := bytes.IndexByte(s, '?')
		if i < 0 {
			return false
		}
		s = s[i+1:]
		if r, _ := utf8.DecodeRune(s); unicode.Is(unicode.Cyrillic, r) {
			return true
		}
	}
	return false
}

// number is what is written, without an exponent and without the digits that come of binary
// fractions: nobody typed 45.000000000000004. A sheet itself shows fifteen digits at most.
func number(to, s []byte) (out []byte, ok bool) {
	digits, point, exponent := 0, false, false
	for i, c := range s {
		switch {
		case c >= '0' && c <= '9':
			if !exponent && (digits > 0 || c != '0') {
				digits++
			}
		case c == '.' && !point && !exponent:
			point = true
		case (c == 'e' || c == 'E') && !exponent && i > 0:
			exponent = true
		case (c == '-' || c == '+') && (i == 0 || exponent && (s[i-1] == 'e' || s[i-1] == 'E')):
		default:
			return to, false
		}
	}
	if len(s) > 0 && s[0] != '+' && s[0] != '.' && !exponent && (!point || digits <= 15 && s[len(s)-1] != '.') && string(s) != "-0" && string(s) != "-" {
		return append(to, s...), true
	}
	f, err := strconv.ParseFloat(string(s), 64)
	switch {
	case err != nil:
		return to, false
	case f == 0:
		return append(to, '0'), true
	case math.Abs(f) >= 1e21 || math.Abs(f) < 1e-12:
		return append(to, s...), true
	}
	if digits > 15 { // as the fifteen digits say
		f, err = strconv.ParseFloat(strconv.FormatFloat(f, 'e', 14, 64), 64)
		if err != nil {
			return to, false
		}
	}
	return strconv.AppendFloat(to, f, 'f', -1, 64), true
}

// shape is what the number format of a cell makes of its number.
type shape uint8

const (
	plain shape = iota
	day
	moment // a day with its hour, or an hour alone
)

var zero = time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)

// date is the day, and with it the hour, that a number stands for; false when no day has it.
func date(to, s []byte, shape shape, since1904 bool) (out []byte, ok bool) {
	f, err := strconv.ParseFloat(string(s), 64)
	if err != nil || !(f >= 0 && f < 2958466) {
		return to, false
	}
	days, seconds := int(f), int(math.Round((f-math.Floor(f))*86400))
	if seconds == 86400 {
		days, seconds = days+1, 0
	}
	alone := f < 1 && !since1904
	switch {
	case since1904:
		days += 1462
	case days == 60: // 29 February 1900, which never was
		return to, false
	case days < 60:
		days++
	}
	if days > 2958465 {
		return to, false
	}
	t := zero.AddDate(0, 0, days).Add(time.Duration(seconds) * time.Second)
	switch {
	case shape == moment && alone:
		return t.AppendFormat(to, time.TimeOnly), true
	case alone: // 0 shown as a day
		return to, false
	case shape == moment && seconds > 0:
		return t.AppendFormat(to, "2006-01-02T15:04:05"), true
	}
	return t.AppendFormat(to, time.DateOnly), true
}

// written makes a day that is written as text in ISO, as some programs do.
func written(to, s []byte) (out []byte, ok bool) {
	for _, layout := range []string{time.DateOnly, "2006-01-02T15:04", "2006-01-02T15:04:05", "2006-01-02T15:04:05Z07:00", time.TimeOnly, "15:04"} {
		t, err := time.Parse(layout, string(s))
		switch {
		case err != nil:
		case t.Year() == 0:
			return t.AppendFormat(to, time.TimeOnly), true
		case t.Hour() == 0 && t.Minute() == 0 && t.Second() == 0:
			return t.AppendFormat(to, time.DateOnly), true
		default:
			return t.AppendFormat(to, "2006-01-02T15:04:05"), true
		}
	}
	return to, false
}

// shapeOf is what a number format shows, by its letters: texts in quotes, colours and languages in
// brackets aside. A length of time, [h]:mm, stays the number that it is.
func shapeOf(format string) shape {
	found := plain
	for i := 0; i < len(format); i++ {
		switch c := format[i]; c {
		case '"':
			for i++; i < len(format) && format[i] != '"'; i++ {
			}
		case '\\', '_', '*':
			i++
		case '[':
			inside := i + 1
			for i++; i < len(format) && format[i] != ']'; i++ {
			}
			switch format[inside:min(i, len(format))] {
			case "h", "hh", "H", "HH", "m", "mm", "M", "MM", "s", "ss", "S", "SS":
				return plain
			}
		case ';': // the first is that of numbers above 0
			return found
		case 'G', 'g': // General, and the eras of the East
			if len(format) >= i+7 && (format[i:i+7] == "General" || format[i:i+7] == "GENERAL" || format[i:i+7] == "general") {
				return plain
			}
		case 'h', 'H', 's', 'S':
			found = moment
		case 'y', 'Y', 'd', 'D', 'm', 'M':
			found = max(found, day)
		}
	}
	return found
}

// shapeOfID is the same of the formats that files do not spell out.
func shapeOfID(id int) shape {
	switch {
	case id >= 14 && id <= 17, id >= 27 && id <= 31, id == 36, id >= 50 && id <= 54, id == 57, id == 58:
		return day
	case id >= 18 && id <= 22, id >= 32 && id <= 35, id == 45, id == 47, id == 55, id == 56:
		return moment
	}
	return plain
}
