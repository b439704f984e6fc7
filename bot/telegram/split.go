package telegram

import (
	"html"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Limits of the Bot API after the markup is taken out. They are in characters; counting
// UTF-16 units instead is never too many.
const (
	maxText    = 4096
	maxCaption = 1024
)

// split cuts a text of our small HTML into parts that Telegram takes, each well formed by
// itself: tags open at a cut are closed before it and opened again after it. It cuts after
// a line where it can, else after a word, else between two characters. White space at a
// cut is left out, and so is a part in which nobody would see anything.
func split(text string, limit int) []string {
	if len(text) <= limit { // bytes are never fewer
		return []string{text}
	}
	var parts []string
	var out strings.Builder
	var open []string // the opening tags in force
	n := 0            // units in out
	breakAt, breakN, breakOpen := -1, 0, 0
	flush := func(upTo, units, depth int) {
		whole := out.String()
		if head := strings.TrimRight(whole[:upTo], " \n"); !blank(plain(head)) {
			for i := depth - 1; i >= 0; i-- {
				head += closing(open[i])
			}
			parts = append(parts, head)
		}
		tail := strings.TrimLeft(whole[upTo:], " \n")
		n -= units + len(whole[upTo:]) - len(tail)
		out.Reset()
		out.WriteString(strings.Join(open[:depth], ""))
		out.WriteString(tail)
		breakAt = -1
	}
	for rest := text; rest != ""; {
		token, units := next(rest)
		rest = rest[len(token):]
		if units == 0 { // a tag
			if strings.HasPrefix(token, "</") {
				if len(open) > 0 {
					if breakAt >= 0 && breakOpen >= len(open) { // cutting there would need the tag that ends here
						breakAt = -1
					}
					open = open[:len(open)-1]
				}
			} else {
				open = append(open, token)
			}
			out.WriteString(token)
			continue
		}
		if n+units > limit {
			if breakAt > 0 && breakN > limit/2 {
				flush(breakAt, breakN, breakOpen)
			} else {
				flush(out.Len(), n, len(open))
			}
		}
		out.WriteString(token)
		n += units
		if token == "\n" || token == " " && (breakAt < 0 || n-breakN > limit/4) {
			breakAt, breakN, breakOpen = out.Len(), n, len(open)
		}
	}
	if last := strings.TrimRight(out.String(), " \n"); !blank(plain(last)) {
		parts = append(parts, last)
	}
	if len(parts) == 0 {
		return []string{text}
	}
	return parts
}

var (
	entity = regexp.MustCompile(`^&(?:lt|gt|amp|quot|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});`)
	tag    = regexp.MustCompile(`<[^<>]*>`)
	tagNow = regexp.MustCompile(`^<[^<>]*>`)
)

// next is the next tag, entity or character, and how many units it counts.
func next(s string) (token string, units int) {
	switch s[0] {
	case '<':
		if tag := tagNow.FindString(s[:min(len(s), longestTag)]); tag != "" {
			return tag, 0
		}
	case '&':
		if e := entity.FindString(s[:min(len(s), 12)]); e != "" {
			return e, length(html.UnescapeString(e))
		}
	}
	r, size := utf8.DecodeRuneInString(s)
	return s[:size], max(1, utf16.RuneLen(r))
}

// longestTag is how far the end of a tag is looked for; ours are links at most.
const longestTag = 4096

// length counts UTF-16 units.
func length(s string) (n int) {
	for _, r := range s {
		n += max(1, utf16.RuneLen(r))
	}
	return n
}

// closing is the tag that ends an opening one.
func closing(tag string) string {
	name := strings.Trim(tag, "<>")
	name, _, _ = strings.Cut(name, " ")
	return "</" + name + ">"
}

// plain takes the markup out of a text.
func plain(text string) string { return html.UnescapeString(tag.ReplaceAllString(text, "")) }

// blank tells whether a reader would see nothing: Telegram refuses such a text.
func blank(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool {
		return !unicode.IsSpace(r) && !unicode.IsControl(r) && !unicode.Is(unicode.Cf, r) && !strings.ContainsRune("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0", r)
	})
}

// empty is blank of a text with markup. The words before the first markup mostly say it.
func empty(text string) bool {
	head := text
	if i := strings.IndexAny(text, "<&"); i >= 0 {
		head = text[:i]
	}
	return blank(head) && blank(plain(text))
}
