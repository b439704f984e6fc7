package table

import (
	"bytes"
	"errors"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// letters is how a text is written, which only the whole of it tells.
type letters struct {
	encoding string
	skip     int64                 // the mark of the byte order
	decode   transform.Transformer // nil when it is UTF-8
	seen     [256]int              // bytes
	valid    int                   // letters of more than one byte in UTF-8
	bad      int                   // bytes that are no part of any
	cut      bool                  // the end is in the middle of a letter
}

// The ways in which letters are written.
const (
	utf8Letters    = "utf-8"
	utf16Letters   = "utf-16"
	russianLetters = "windows-1251"
	kazakhLetters  = "kz-1048"
)

func (l *letters) lossy() bool { return l.encoding == russianLetters || l.encoding == kazakhLetters }

// survey reads the text once from end to end.
func survey(r io.ReaderAt, size int64) (*letters, error) {
	l := &letters{encoding: utf8Letters}
	var mark [3]byte
	n, err := r.ReadAt(mark[:], 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	for _, order := range []struct {
		mark string
		of   unicode.Endianness
	}{{"\xff\xfe", unicode.LittleEndian}, {"\xfe\xff", unicode.BigEndian}} {
		if bytes.HasPrefix(mark[:n], []byte(order.mark)) {
			l.encoding, l.skip, l.cut = utf16Letters, 2, size%2 == 1
			l.decode = &noNUL{unicode.UTF16(order.of, unicode.IgnoreBOM).NewDecoder()}
			return l, nil
		}
	}
	if bytes.HasPrefix(mark[:n], []byte("\xef\xbb\xbf")) {
		l.skip = 3
	}
	if err := l.count(io.NewSectionReader(r, l.skip, size-l.skip)); err != nil {
		return nil, err
	}
	switch {
	case l.seen[0] > 0:
		return nil, Flaw{Kind: NotTable, Value: "NUL"}
	case l.bad == 0, l.skip > 0, l.bad*20 <= l.valid: // a few letters are damaged
	default:
		l.encoding, l.cut = russianLetters, false
		if l.kazakh() {
			l.encoding = kazakhLetters
		}
		l.decode = oneByte(l.encoding == kazakhLetters)
	}
	return l, nil
}

func (l *letters) count(r io.Reader) error {
	var chunk [32 << 10]byte
	kept := 0
	for {
		n, err := io.ReadFull(r, chunk[kept:])
		n += kept
		last := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		if err != nil && !last {
			return err
		}
		i := 0
		for i < n {
			b := chunk[i]
			if b < utf8.RuneSelf {
				l.seen[b]++
				i++
				continue
			}
			if !utf8.FullRune(chunk[i:n]) {
				l.cut = last
				if !last {
					break
				}
			}
			c, size := utf8.DecodeRune(chunk[i:n])
			switch {
			case l.cut:
				size = n - i
				if l.valid == 0 { // nothing says that it is UTF-8
					l.bad++
				}
			case c == utf8.RuneError && size == 1:
				l.bad++
			default:
				l.valid++
			}
			for _, b := range chunk[i : i+size] {
				l.seen[b]++
			}
			i += size
		}
		if last {
			return nil
		}
		kept = copy(chunk[:], chunk[i:n])
	}
}

// kazakh is whether the letters of one byte are those of KZ-1048. It has Қ, Ң and Ә, which no
// Kazakh text of some words does without, where windows-1251 has letters of Serbia and Macedonia.
// The others stand where Ukraine and Belarus have theirs and so tell nothing.
func (l *letters) kazakh() bool {
	return l.seen[0x8d]+l.seen[0x9d]+l.seen[0xbd]+l.seen[0xbe]+l.seen[0xa3]+l.seen[0xbc] > 0
}

// text is all of it in UTF-8.
func (l *letters) text(r io.ReaderAt, size int64) io.Reader {
	text := io.Reader(io.NewSectionReader(r, l.skip, size-l.skip))
	switch {
	case l.decode != nil:
		return transform.NewReader(text, l.decode)
	case l.bad > 0 || l.cut:
		return transform.NewReader(text, unicode.UTF8.NewDecoder())
	}
	return text
}

// oneByte is windows-1251 or, as the standard of Kazakhstan has it, KZ-1048.
func oneByte(kazakh bool) transform.Transformer {
	t := &table256{}
	for i := range t.of {
		t.of[i] = charmap.Windows1251.DecodeByte(byte(i))
	}
	if kazakh {
		for b, r := range map[byte]rune{0x8d: 'Қ', 0x8e: 'Һ', 0x9d: 'қ', 0x9e: 'һ', 0xa1: 'Ұ', 0xa2: 'ұ', 0xa3: 'Ә', 0xa5: 'Ө',
			0xaa: 'Ғ', 0xaf: 'Ү', 0xb4: 'ө', 0xba: 'ғ', 0xbc: 'ә', 0xbd: 'Ң', 0xbe: 'ң', 0xbf: 'ү'} {
			t.of[b] = r
		}
	}
	return t
}

type table256 struct {
	transform.NopResetter
	of [256]rune
}

func (t *table256) Transform(dst, src []byte, _ bool) (to, from int, err error) {
	for _, b := range src {
		r := t.of[b]
		if to+utf8.RuneLen(r) > len(dst) {
			return to, from, transform.ErrShortDst
		}
		to += utf8.EncodeRune(dst[to:], r)
		from++
	}
	return to, from, nil
}

// noNUL refuses what no text has.
type noNUL struct{ transform.Transformer }

func (t *noNUL) Transform(dst, src []byte, last bool) (to, from int, err error) {
	to, from, err = t.Transformer.Transform(dst, src, last)
	if bytes.IndexByte(dst[:to], 0) >= 0 {
		return 0, 0, Flaw{Kind: NotTable, Value: "NUL"}
	}
	return to, from, err
}
