package telegram

import (
	"strings"
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
// a line where it can, else after a word, else between two characters.
func split(text string, limit int) []string {
	var parts []string
	var out strings.Builder
	var open []string // the opening tags in force
	n := 0            // units in out
	breakAt, breakN, breakOpen := -1, 0, 0
	var rest string
	flush := func(upTo, units, depth int) {
		whole := out.String()
		head := strings.TrimRight(whole[:upTo], " \n")
		for i := depth - 1; i >= 0; i-- {
			head += closing(open[i])
		}
		parts = append(parts, head)
		tail := strings.TrimLeft(whole[upTo:], " \n")
		trimmed := len(whole[upTo:]) - len(tail)
		out.Reset()
		out.WriteString(strings.Join(open[:depth], ""))
		out.WriteString(tail)
		n -= units + trimmed
		breakAt = -1
	}
	for rest = text; rest != ""; {
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
	if strings.TrimSpace(plain(out.String())) != "" || len(parts) == 0 {
		parts = append(parts, strings.TrimRight(out.String(), " \n"))
	}
	return parts
}

// next is the next tag, entity or character, and how many units it counts.
func next(s string) (token string, units int) {
	switch s[0] {
	case '<':
		if i := strings.IndexByte(s, '>'); i > 0 {
			return s[:i+1], 0
		}
	case '&':
		if i := strings.IndexByte(s, ';'); i > 0 && i < 10 {
			return s[:i+1], 1
		}
	}
	r, size := utf8.DecodeRuneInString(s)
	return s[:size], max(1, utf16.RuneLen(r))
}

// closing is the tag that ends an opening one.
func closing(tag string) string {
	name := strings.Trim(tag, "<>")
	name, _, _ = strings.Cut(name, " ")
	return "</" + name + ">"
}
