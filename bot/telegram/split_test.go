package telegram

import (
	"fmt"
	"html"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"alt.edu.kz/dauys/flows/ask"
)

func TestSplit(t *testing.T) {
	for name, test := range map[string]struct {
		text  string
		limit int
		want  []string
	}{
		"short":                {"<b>a</b>", 10, []string{"<b>a</b>"}},
		"empty":                {"", 10, []string{""}},
		"after a line":         {"one two\nthree four", 10, []string{"one two", "three four"}},
		"after a word":         {"one two three four", 10, []string{"one two", "three four"}},
		"in a word":            {"abcdefghijklmno", 10, []string{"abcdefghij", "klmno"}},
		"not far back":         {"a bcdefghijklmno", 10, []string{"a bcdefghi", "jklmno"}},
		"open tags":            {"<b>one two <i>three</i> four</b>", 10, []string{"<b>one two</b>", "<b><i>three</i> four</b>"}},
		"a link":               {`<a href="telegram:7">one two three</a>`, 10, []string{`<a href="telegram:7">one two</a>`, `<a href="telegram:7">three</a>`}},
		"a tag that closed":    {"<b>one two</b>threefourfive", 10, []string{"<b>one two</b>thr", "eefourfive"}},
		"entities are one":     {strings.Repeat("&lt;", 12), 10, []string{strings.Repeat("&lt;", 10), "&lt;&lt;"}},
		"a lone ampersand":     {"a & b;cdefghijkl", 10, []string{"a & b;cdef", "ghijkl"}},
		"surrogates":           {"aaaaaaaaa😀b", 10, []string{"aaaaaaaaa", "😀b"}},
		"numeric entities":     {"aaaaaaaaa&#128512;b", 10, []string{"aaaaaaaaa", "&#128512;b"}},
		"white space alone":    {"a" + strings.Repeat(" ", 30) + "b", 10, []string{"a", " b"}},
		"nothing to see":       {strings.Repeat("\u200b", 25) + "a", 10, []string{strings.Repeat("\u200b", 5) + "a"}},
		"nothing at all":       {strings.Repeat(" ", 30), 10, []string{strings.Repeat(" ", 30)}},
		"an empty tag at last": {"abcdefghij<b> </b>", 10, []string{"abcdefghij<b></b>"}},
		"lines in a quote":     {"<blockquote>one two\nthree four</blockquote>", 10, []string{"<blockquote>one two</blockquote>", "<blockquote>three four</blockquote>"}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := split(test.text, test.limit); !slices.Equal(got, test.want) {
				t.Errorf("got %q\nwant %q", got, test.want)
			}
		})
	}
}

// A text of the greatest length that people may write, escaped, is read by Telegram in all
// its parts.
func TestSplitIsReadByTelegram(t *testing.T) {
	s := newStage(t)
	hostile := html.EscapeString(strings.Repeat("<b>&\"Ә\u202eғ😀é</b> `*_[x](y) {{.}} &lt; ", 200))
	text := "<b>Text</b>\n<blockquote>" + hostile + "</blockquote>\n<i>" + hostile + "</i>"
	for _, part := range split(text, maxText) {
		if _, err := s.Send(t.Context(), address(aigerim), ask.Reply{Text: part}); err != nil {
			t.Fatal(err)
		}
	}
	var got strings.Builder
	for _, m := range s.there(aigerim) {
		got.WriteString(m.Text)
	}
	if want := strings.ReplaceAll(plain(text), "\u202e", ""); visible(got.String()) != visible(want) {
		t.Error("something is missing")
	}
}

// visible is a text without what may be lost at a cut.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || blank(string(r)) {
			return -1
		}
		return r
	}, s)
}

var ourTags = []string{"b", "i", "code", "blockquote"}

// marked makes a text of our small HTML out of anything: letters as they are, and some
// bytes for tags.
func marked(seed string) string {
	var b strings.Builder
	var open []string
	for _, r := range seed {
		switch {
		case r < 4 && len(open) < 5:
			open = append(open, ourTags[r])
			fmt.Fprintf(&b, "<%s>", ourTags[r])
		case r < 8 && len(open) > 0:
			fmt.Fprintf(&b, "</%s>", open[len(open)-1])
			open = open[:len(open)-1]
		case r == 8 && len(open) < 5:
			open = append(open, "a")
			b.WriteString(`<a href="telegram:7">`)
		default:
			b.WriteString(html.EscapeString(string(r)))
		}
	}
	for _, tag := range slices.Backward(open) {
		fmt.Fprintf(&b, "</%s>", tag)
	}
	return b.String()
}

var anyTag = regexp.MustCompile(`<(/?)(\w+)[^>]*>`)

// wellFormed tells what is wrong with the tags of a text.
func wellFormed(text string) error {
	var open []string
	for _, m := range anyTag.FindAllStringSubmatch(text, -1) {
		switch {
		case m[1] == "":
			open = append(open, m[2])
		case len(open) == 0 || open[len(open)-1] != m[2]:
			return fmt.Errorf("</%s> closes %v", m[2], open)
		default:
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 {
		return fmt.Errorf("%v stay open", open)
	}
	return nil
}

func FuzzSplit(f *testing.F) {
	f.Add("one two\nthree \x00four\x05 five", uint8(10))
	f.Add("\x00\x01\x02\x03\x08aaaa\x05\x05 <&>😀\x05 \u200b\u200b", uint8(7))
	f.Add(strings.Repeat(" ", 50)+"x", uint8(9))
	f.Fuzz(func(t *testing.T, seed string, size uint8) {
		if !utf8.ValidString(seed) {
			t.Skip("updates are JSON, which brings no broken UTF-8")
		}
		limit := 8 + int(size)
		text := marked(seed)
		parts := split(text, limit)
		var all strings.Builder
		for n, part := range parts {
			if length(plain(part)) > limit && len(parts) > 1 {
				t.Errorf("part %d of %q has %d units, more than %d", n, text, length(plain(part)), limit)
			}
			if blank(plain(part)) && !blank(plain(text)) {
				t.Errorf("part %d of %q is empty", n, text)
			}
			if err := wellFormed(part); err != nil {
				t.Errorf("part %q of %q: %v", part, text, err)
			}
			if again := split(part, limit); len(again) != 1 {
				t.Errorf("the parts of part %q are %q", part, again)
			}
			all.WriteString(plain(part))
		}
		if got, want := visible(all.String()), visible(plain(text)); got != want {
			t.Errorf("%q\nbecame %q\n%q\nwant %q", text, parts, got, want)
		}
	})
}
