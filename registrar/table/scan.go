package table

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"
)

type token uint8

const (
	start token = iota
	text
	end
)

// scanner reads XML: each start of an element, each piece of text, each end. It knows what sheets
// need and refuses the rest, and unlike the reader of the standard library it says how large a piece
// may be and makes no garbage: a sheet has tens of millions of them. What it hands out is good until
// the next call.
type scanner struct {
	in       io.Reader
	limits   Limits
	buf      []byte
	pos, to  int // what is not used yet
	kind     token
	name     []byte // without its prefix
	attrs    []byte // as written
	content  []byte // of a text, as meant
	unquoted []byte
	pending  bool // the end of an element that has no content
	open     []byte
	depths   []int // where in open a name begins
	elements int64
	rooted   bool
}

func newScanner(in io.Reader, limits Limits) *scanner {
	return &scanner{in: in, limits: limits, buf: make([]byte, 64<<10)}
}

var errXML = errors.New("not XML")

// fill reads more behind what is not used yet.
func (s *scanner) fill() error {
	if s.pos > 0 {
		copy(s.buf, s.buf[s.pos:s.to])
		s.to -= s.pos
		s.pos = 0
	}
	if s.to >= s.limits.Piece {
		return Flaw{Kind: TooLarge, Value: "piece"}
	}
	if s.to == len(s.buf) {
		s.buf = append(s.buf, make([]byte, len(s.buf))...)
	}
	for range 100 {
		n, err := s.in.Read(s.buf[s.to:])
		s.to += n
		if n > 0 {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return io.ErrNoProgress
}

// until finds a sign behind from, both counted from pos.
func (s *scanner) until(from int, sign string) (at int, err error) {
	for {
		if i := bytes.Index(s.buf[s.pos+from:s.to], []byte(sign)); i >= 0 {
			return from + i, nil
		}
		from = max(from, s.to-s.pos-len(sign)+1)
		if err := s.fill(); err != nil {
			return 0, err
		}
	}
}

// next is io.EOF after the end of the outermost element.
func (s *scanner) next() (token, error) {
	if s.pending {
		s.pending = false
		s.kind = end
		return end, s.leave(s.name)
	}
	for {
		t, ok, err := s.one()
		if errors.Is(err, io.EOF) {
			if len(s.depths) > 0 || !s.rooted {
				return 0, Flaw{Kind: CutOff, Value: "XML"}
			}
			return 0, io.EOF
		}
		if err != nil || ok {
			s.kind = t
			return t, err
		}
	}
}

func (s *scanner) one() (t token, ok bool, err error) {
	if s.pos == s.to {
		if err := s.fill(); err != nil {
			return 0, false, err
		}
	}
	if s.buf[s.pos] != '<' {
		n, err := s.until(0, "<")
		if errors.Is(err, io.EOF) && len(s.depths) == 0 {
			n, err = s.to-s.pos, nil
		}
		if err != nil {
			return 0, false, err
		}
		raw := s.buf[s.pos : s.pos+n]
		s.pos += n
		if len(s.depths) == 0 {
			if len(bytes.TrimSpace(bytes.TrimPrefix(raw, []byte("\ufeff")))) > 0 {
				return 0, false, errXML
			}
			return 0, false, nil
		}
		s.content, err = s.meant(raw)
		return text, true, err
	}
	for s.to-s.pos < 9 {
		if err := s.fill(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return 0, false, err
		}
	}
	switch here := s.buf[s.pos:s.to]; {
	case bytes.HasPrefix(here, []byte("<?")):
		n, err := s.until(2, "?>")
		if err != nil {
			return 0, false, err
		}
		said := bytes.ToLower(s.buf[s.pos : s.pos+n])
		s.pos += n + 2
		if bytes.HasPrefix(said, []byte("<?xml ")) && bytes.Contains(said, []byte("encoding")) && !bytes.Contains(said, []byte("utf-8")) {
			return 0, false, errors.New("XML that is not in UTF-8")
		}
		return 0, false, nil
	case bytes.HasPrefix(here, []byte("<!--")):
		n, err := s.until(4, "-->")
		s.pos += n + 3
		return 0, false, err
	case bytes.HasPrefix(here, []byte("<![CDATA[")):
		n, err := s.until(9, "]]>")
		if err != nil {
			return 0, false, err
		}
		s.content = s.buf[s.pos+9 : s.pos+n]
		s.pos += n + 3
		if len(s.depths) == 0 || !utf8.Valid(s.content) {
			return 0, false, errXML
		}
		return text, true, nil
	case bytes.HasPrefix(here, []byte("<!")):
		return 0, false, errors.New("a definition of XML") // of entities, which can grow without end
	case bytes.HasPrefix(here, []byte("</")):
		n, err := s.until(2, ">")
		if err != nil {
			return 0, false, err
		}
		s.name = local(bytes.TrimRight(s.buf[s.pos+2:s.pos+n], " \t\r\n"))
		s.pos += n + 1
		return end, true, s.leave(s.name)
	}
	return s.element()
}

func (s *scanner) element() (token, bool, error) {
	n, quote := 1, byte(0)
	for ; ; n++ {
		if s.pos+n == s.to {
			if err := s.fill(); err != nil {
				return 0, false, err
			}
		}
		c := s.buf[s.pos+n]
		if quote != 0 {
			if c == quote {
				quote = 0
			}
			continue
		}
		if c == '>' {
			break
		}
		if c == '"' || c == '\'' {
			quote = c
		} else if c == '<' {
			return 0, false, errXML
		}
	}
	inside := s.buf[s.pos+1 : s.pos+n]
	s.pos += n + 1
	if len(inside) > 0 && inside[len(inside)-1] == '/' {
		s.pending = true
		inside = inside[:len(inside)-1]
	}
	i := bytes.IndexAny(inside, " \t\r\n")
	if i < 0 {
		i = len(inside)
	}
	s.name, s.attrs = local(inside[:i]), inside[i:]
	if len(s.name) == 0 || len(s.depths) == 0 && s.rooted {
		return 0, false, errXML
	}
	s.rooted = true
	if s.elements++; s.elements > s.limits.Elements {
		return 0, false, Flaw{Kind: TooLarge, Value: "elements"}
	}
	if len(s.depths) >= s.limits.Deep {
		return 0, false, errors.New("elements within elements")
	}
	s.depths = append(s.depths, len(s.open))
	s.open = append(s.open, s.name...)
	return start, true, nil
}

func (s *scanner) leave(name []byte) error {
	if len(s.depths) == 0 {
		return errXML
	}
	last := s.depths[len(s.depths)-1]
	if !bytes.Equal(s.open[last:], name) {
		return errXML
	}
	s.open, s.depths = s.open[:last], s.depths[:len(s.depths)-1]
	return nil
}

// parent is what the element that has just begun is in.
func (s *scanner) parent() string {
	if n := len(s.depths); n > 1 {
		return string(s.open[s.depths[n-2]:s.depths[n-1]])
	}
	return ""
}

func local(name []byte) []byte {
	if i := bytes.IndexByte(name, ':'); i > 0 && i < len(name)-1 {
		return name[i+1:]
	}
	return name
}

// attr is an attribute of the element that has just begun. A few are looked for and most elements
// have two or three, so they are read anew each time.
func (s *scanner) attr(name string) []byte { return s.find(name, false) }

// prefixed is one of another kind of XML: r:id.
func (s *scanner) prefixed(name string) []byte { return s.find(name, true) }

func (s *scanner) find(name string, prefix bool) []byte {
	for rest := s.attrs; ; {
		eq := bytes.IndexByte(rest, '=')
		if eq < 0 {
			return nil
		}
		full := bytes.TrimSpace(rest[:eq])
		rest = bytes.TrimLeft(rest[eq+1:], " \t\r\n")
		if len(rest) == 0 || rest[0] != '"' && rest[0] != '\'' {
			return nil
		}
		n := bytes.IndexByte(rest[1:], rest[0])
		if n < 0 {
			return nil
		}
		value := rest[1 : n+1]
		rest = rest[n+2:]
		if its := local(full); (len(its) < len(full)) == prefix && string(its) == name {
			if value, err := s.meant(value); err == nil {
				return value
			}
			return nil
		}
	}
}

func (s *scanner) attrInt(name string) (int, bool) {
	n, err := strconv.Atoi(string(s.attr(name)))
	return n, err == nil
}

func (s *scanner) attrTrue(name string) bool {
	v := string(s.attr(name))
	return v == "1" || v == "true"
}

// meant is a text without the marks of XML.
func (s *scanner) meant(raw []byte) ([]byte, error) {
	if !utf8.Valid(raw) {
		return nil, errXML
	}
	if bytes.IndexByte(raw, '&') < 0 {
		return raw, nil
	}
	out := s.unquoted[:0]
	for {
		i := bytes.IndexByte(raw, '&')
		if i < 0 {
			s.unquoted = append(out, raw...)
			return s.unquoted, nil
		}
		out = append(out, raw[:i]...)
		raw = raw[i+1:]
		n := bytes.IndexByte(raw[:min(len(raw), 16)], ';')
		if n < 0 {
			return nil, errXML
		}
		r, err := entity(string(raw[:n]))
		if err != nil {
			return nil, err
		}
		out = utf8.AppendRune(out, r)
		raw = raw[n+1:]
	}
}

func entity(name string) (rune, error) {
	switch name {
	case "lt":
		return '<', nil
	case "gt":
		return '>', nil
	case "amp":
		return '&', nil
	case "quot":
		return '"', nil
	case "apos":
		return '\'', nil
	}
	if len(name) > 1 && name[0] == '#' {
		digits, base := name[1:], 10
		if digits[0] == 'x' {
			digits, base = digits[1:], 16
		}
		if n, err := strconv.ParseUint(digits, base, 32); err == nil && n <= utf8.MaxRune {
			return rune(n), nil
		}
	}
	return 0, fmt.Errorf("the entity %s", name)
}
