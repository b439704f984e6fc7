package simulator

import (
	"cmp"
	"fmt"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Entity is a piece of a text that is more than letters. Offset and Length
// count UTF-16 units, as everywhere in the Bot API.
type Entity struct {
	Type          string    `json:"type"`
	Offset        int       `json:"offset"`
	Length        int       `json:"length"`
	URL           string    `json:"url,omitempty"`
	User          *wireUser `json:"user,omitempty"`
	Language      string    `json:"language,omitempty"`
	CustomEmojiID string    `json:"custom_emoji_id,omitempty"`
	UnixTime      int64     `json:"unix_time,omitempty"`
	Format        string    `json:"date_time_format,omitempty"`
}

// htmlTags says which entity a tag makes.
var htmlTags = map[string]string{
	"b": "bold", "strong": "bold",
	"i": "italic", "em": "italic",
	"u": "underline", "ins": "underline",
	"s": "strikethrough", "strike": "strikethrough", "del": "strikethrough",
	"span": "spoiler", "tg-spoiler": "spoiler",
	"a": "text_link", "code": "code", "pre": "pre", "blockquote": "blockquote",
	"tg-emoji": "custom_emoji", "tg-time": "date_time",
}

// openTag is a start tag that waits for its end.
type openTag struct {
	name   string
	attrs  map[string]string
	offset int // where it begins, in UTF-16 units of the text so far
	begin  int // the same in bytes
}

// htmlParser follows TDLib's, error texts and byte offsets included.
type htmlParser struct {
	in       string
	at       int
	out      strings.Builder
	units    int // UTF-16 length of out
	open     []openTag
	entities []Entity
}

// telegramError is in Telegram's own words, capital letter and all.
type telegramError string

func (e telegramError) Error() string { return string(e) }

func inTelegramsWords(format string, args ...any) error {
	return telegramError(fmt.Sprintf(format, args...))
}

// parseHTML splits markup into text and entities.
func parseHTML(in string) (string, []Entity, error) {
	p := &htmlParser{in: in}
	for p.at < len(p.in) {
		switch c := p.in[p.at]; {
		case c == '<' && p.peek(1) == '/':
			if err := p.endTag(); err != nil {
				return "", nil, err
			}
		case c == '<':
			if err := p.startTag(); err != nil {
				return "", nil, err
			}
		case c == '&':
			if r, next := decodeEntity(p.in, p.at); r != 0 {
				p.write(r)
				p.at = next
				continue
			}
			p.write('&')
			p.at++
		default:
			r, size := utf8.DecodeRuneInString(p.in[p.at:])
			p.write(r)
			p.at += size
		}
	}
	if n := len(p.open); n > 0 {
		return "", nil, inTelegramsWords("Can't find end tag corresponding to start tag \"%s\"", p.open[n-1].name)
	}
	return p.out.String(), p.entities, nil
}

func (p *htmlParser) write(r rune) {
	p.out.WriteRune(r)
	p.units += units(r)
}

// peek is the byte n places ahead; 0 at the end, as in a C string.
func (p *htmlParser) peek(n int) byte {
	if p.at+n < len(p.in) {
		return p.in[p.at+n]
	}
	return 0
}

func isSpace(c byte) bool {
	return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == 0 || c == '\v'
}

func (p *htmlParser) skipSpace() {
	for p.at < len(p.in) && isSpace(p.in[p.at]) {
		p.at++
	}
}

func (p *htmlParser) startTag() error {
	begin := p.at
	p.at++
	for !isSpace(p.peek(0)) && p.peek(0) != '>' {
		p.at++
	}
	if p.peek(0) == 0 {
		return inTelegramsWords("Unclosed start tag at byte offset %d", begin)
	}
	name := strings.ToLower(p.in[begin+1 : p.at])
	if htmlTags[name] == "" {
		return inTelegramsWords("Unsupported start tag \"%s\" at byte offset %d", name, begin)
	}
	tag := openTag{name: name, attrs: map[string]string{}, offset: p.units, begin: p.out.Len()}
	for p.peek(0) != '>' {
		p.skipSpace()
		if p.peek(0) == '>' {
			break
		}
		if p.peek(0) == 0 {
			return inTelegramsWords("Unclosed start tag \"%s\" at byte offset %d", name, begin)
		}
		if err := p.attribute(&tag, begin); err != nil {
			return err
		}
	}
	p.at++
	if name == "span" && tag.attrs["class"] != "tg-spoiler" {
		return inTelegramsWords("Tag \"span\" must have class \"tg-spoiler\" at byte offset %d", begin)
	}
	p.open = append(p.open, tag)
	return nil
}

func (p *htmlParser) attribute(tag *openTag, begin int) error {
	unclosed := inTelegramsWords("Unclosed start tag \"%s\" at byte offset %d", tag.name, begin)
	from := p.at
	for !isSpace(p.peek(0)) && p.peek(0) != '=' && p.peek(0) != '>' {
		p.at++
	}
	name := p.in[from:p.at]
	if name == "" {
		return inTelegramsWords("Empty attribute name in the tag \"%s\" at byte offset %d", tag.name, begin)
	}
	p.skipSpace()
	if p.peek(0) == 0 {
		return unclosed
	}
	if p.peek(0) != '=' {
		tag.attrs[name] = "" // <blockquote expandable>
		return nil
	}
	p.at++
	p.skipSpace()
	var value strings.Builder
	switch quote := p.peek(0); quote {
	case 0:
		return unclosed
	case '"', '\'':
		p.at++
		for p.at < len(p.in) && p.in[p.at] != quote {
			if p.in[p.at] == '&' {
				if r, next := decodeEntity(p.in, p.at); r != 0 {
					value.WriteRune(r)
					p.at = next
					continue
				}
			}
			value.WriteByte(p.in[p.at])
			p.at++
		}
		p.at++
	default:
		from := p.at
		for isNameByte(p.peek(0)) {
			p.at++
		}
		value.WriteString(strings.ToLower(p.in[from:p.at]))
		if !isSpace(p.peek(0)) && p.peek(0) != '>' {
			return inTelegramsWords("Unexpected end of name token at byte offset %d", from)
		}
	}
	if p.peek(0) == 0 {
		return unclosed
	}
	tag.attrs[name] = value.String()
	return nil
}

func isNameByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '.' || c == '-'
}

func (p *htmlParser) endTag() error {
	begin := p.at
	if len(p.open) == 0 {
		return inTelegramsWords("Unexpected end tag at byte offset %d", begin)
	}
	p.at += 2
	for !isSpace(p.peek(0)) && p.peek(0) != '>' {
		p.at++
	}
	name := strings.ToLower(p.in[begin+2 : p.at])
	p.skipSpace()
	if p.peek(0) != '>' {
		return inTelegramsWords("Unclosed end tag at byte offset %d", begin)
	}
	p.at++
	tag := p.open[len(p.open)-1]
	if name != "" && name != tag.name {
		return inTelegramsWords("Unmatched end tag at byte offset %d, expected \"</%s>\", found \"</%s>\"", begin, tag.name, name)
	}
	p.open = p.open[:len(p.open)-1]
	p.finish(tag)
	return nil
}

// finish turns a closed tag into an entity, unless nothing stands in it.
func (p *htmlParser) finish(tag openTag) {
	e := Entity{Type: htmlTags[tag.name], Offset: tag.offset, Length: p.units - tag.offset}
	if e.Length == 0 {
		return
	}
	switch tag.name {
	case "a":
		href := tag.attrs["href"]
		if href == "" {
			href = p.out.String()[tag.begin:]
		}
		if id, ok := strings.CutPrefix(href, "tg://user?id="); ok {
			n, _ := strconv.ParseInt(id, 10, 64)
			if n == 0 {
				return
			}
			e.Type, e.User = "text_mention", &wireUser{ID: n}
			break
		}
		if e.URL = checkedLink(href); e.URL == "" {
			return
		}
	case "code":
		e.Language, _ = strings.CutPrefix(tag.attrs["class"], "language-")
		if e.Language == tag.attrs["class"] {
			e.Language = ""
		}
		if p.merge(&e, "pre") {
			return
		}
	case "pre":
		if p.merge(&e, "code") {
			return
		}
	case "blockquote":
		if _, ok := tag.attrs["expandable"]; ok {
			e.Type = "expandable_blockquote"
		}
	case "tg-emoji":
		e.CustomEmojiID = tag.attrs["emoji-id"]
	case "tg-time":
		e.UnixTime, _ = strconv.ParseInt(tag.attrs["unix"], 10, 64)
		e.Format = tag.attrs["format"]
	}
	p.entities = append(p.entities, e)
}

// merge makes one block with a language of <pre><code class="language-x">.
func (p *htmlParser) merge(e *Entity, with string) bool {
	if len(p.entities) == 0 {
		return false
	}
	last := &p.entities[len(p.entities)-1]
	if last.Type != with || last.Offset != e.Offset || last.Length != e.Length {
		return false
	}
	if last.Language == "" {
		last.Language = e.Language
	}
	last.Type = "pre"
	return last.Language != "" || with == "code"
}

// decodeEntity reads &lt; and the like at a place, with or without the
// semicolon, and tells where it ends. 0 means that it is just an ampersand.
func decodeEntity(s string, at int) (rune, int) {
	end := at + 1
	byteAt := func(i int) byte {
		if i < len(s) {
			return s[i]
		}
		return 0
	}
	var r rune
	if byteAt(end) == '#' {
		end++
		base, digits := 10, "0123456789"
		if byteAt(end) == 'x' {
			end++
			base, digits = 16, "0123456789abcdefABCDEF"
		}
		from := end
		for end < len(s) && strings.IndexByte(digits, s[end]) >= 0 {
			end++
		}
		n, err := strconv.ParseInt(s[from:end], base, 32)
		if err != nil || n == 0 || n >= 0x10ffff || end-at >= 10 {
			return 0, 0
		}
		r = rune(n)
	} else {
		for unicode.IsLetter(rune(byteAt(end))) && byteAt(end) < 0x80 {
			end++
		}
		known := map[string]rune{"lt": '<', "gt": '>', "amp": '&', "quot": '"'}
		if r = known[s[at+1:end]]; r == 0 {
			return 0, 0
		}
	}
	if byteAt(end) == ';' {
		end++
	}
	return r, end
}

// checkedLink is the address as Telegram keeps it, or nothing if it drops it.
func checkedLink(link string) string {
	link = strings.TrimSpace(link)
	if strings.HasPrefix(link, "tg://") || strings.HasPrefix(link, "ton://") || strings.HasPrefix(link, "tonsite://") {
		return link
	}
	if !strings.Contains(link, "://") {
		link = "http://" + link
	}
	u, err := url.Parse(link)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || strings.ContainsAny(link, " \n\t") {
		return ""
	}
	host := u.Hostname()
	if !strings.Contains(host, ".") && host != "localhost" && !strings.Contains(host, ":") {
		return ""
	}
	if u.Path == "" {
		u.Path = "/"
	}
	return u.String()
}

// units is how many UTF-16 units a character takes.
func units(r rune) int {
	if r > 0xffff {
		return 2
	}
	return 1
}

func utf16Len(s string) int {
	n := 0
	for _, r := range s {
		n += units(r)
	}
	return n
}

// cut is the part of a text between two UTF-16 offsets.
func cut(s string, offset, length int) string {
	from, to, n := -1, len(s), 0
	for i, r := range s {
		if n >= offset && from < 0 {
			from = i
		}
		if n >= offset+length {
			to = i
			break
		}
		n += units(r)
	}
	if from < 0 {
		return ""
	}
	return s[from:to]
}

// clean does what TDLib does to every text before it measures it: carriage
// returns and direction overrides go, control characters become spaces, space
// around the text is trimmed. Entities move along, and vanish when nothing is
// left of them.
func clean(text string, entities []Entity) (string, []Entity) {
	var b strings.Builder
	at := make([]int, 0, utf16Len(text)+1) // new offset for every old one
	n := 0
	for _, r := range text {
		for range units(r) {
			at = append(at, n)
		}
		switch {
		case r == '\r', 0x2028 <= r && r <= 0x202e, r == 0x333, r == 0x33f, r == 0x30a:
			continue
		case r < ' ' && r != '\n':
			r = ' '
		}
		b.WriteRune(r)
		n += units(r)
	}
	at = append(at, n)
	whole := b.String()
	left := len(whole) - len(strings.TrimLeft(whole, " \n"))
	trimmed := strings.TrimRight(whole[left:], " \n")
	length := utf16Len(trimmed)
	kept := make([]Entity, 0, len(entities))
	for _, e := range entities {
		last := len(at) - 1
		from := max(at[min(max(e.Offset, 0), last)]-left, 0)
		to := min(at[min(max(e.Offset+e.Length, 0), last)]-left, length)
		if to > from {
			e.Offset, e.Length = from, to-from
			kept = append(kept, e)
		}
	}
	return trimmed, settle(kept)
}

// styles are entities that may be cut in pieces and overlap freely.
var styles = []string{"bold", "italic", "underline", "strikethrough", "spoiler"}

// settle puts entities in order as TDLib does: of two that cannot overlap the
// first stays, styles do not reach into code, and neighbours of one style are
// one.
func settle(entities []Entity) []Entity {
	entities = slices.Clone(entities)
	byPlace := func(a, b Entity) int { return cmp.Or(a.Offset-b.Offset, b.Length-a.Length) }
	slices.SortStableFunc(entities, byPlace)
	var out, code []Entity
	end := 0 // of the last that cannot overlap
	for _, e := range entities {
		switch {
		case slices.Contains(styles, e.Type):
		case strings.HasSuffix(e.Type, "blockquote"):
			out = append(out, e)
		case e.Offset >= end:
			out = append(out, e)
			end = e.Offset + e.Length
			if e.Type == "code" || e.Type == "pre" {
				code = append(code, e)
			}
		}
	}
	for _, style := range styles {
		var pieces []Entity
		for _, e := range entities {
			if e.Type != style {
				continue
			}
			if n := len(pieces); n > 0 && pieces[n-1].Offset+pieces[n-1].Length >= e.Offset {
				last := &pieces[n-1]
				last.Length = max(last.Length, e.Offset+e.Length-last.Offset)
				continue
			}
			pieces = append(pieces, e)
		}
		for _, e := range pieces {
			out = append(out, around(e, code)...)
		}
	}
	slices.SortStableFunc(out, byPlace)
	return out
}

// around is what is left of a style outside of code.
func around(e Entity, code []Entity) []Entity {
	var out []Entity
	end := e.Offset + e.Length
	from := e.Offset
	for _, c := range code {
		if c.Offset+c.Length <= from || c.Offset >= end {
			continue
		}
		if c.Offset > from {
			out = append(out, Entity{Type: e.Type, Offset: from, Length: c.Offset - from})
		}
		from = c.Offset + c.Length
	}
	if from < end {
		out = append(out, Entity{Type: e.Type, Offset: from, Length: end - from})
	}
	return out
}

// found are the entities that Telegram itself finds in a text.
var found = []struct {
	kind    string
	pattern *regexp.Regexp
}{
	{"url", regexp.MustCompile(`(?i)\bhttps?://[^\s<>"']*[^\s<>"'.,;:!?)\]]|\b(?:[a-z0-9-]+\.)+(?:kz|ru|com|org|net|edu|io|me)(?:/[^\s<>"']*[^\s<>"'.,;:!?)\]])?\b`)},
	{"email", regexp.MustCompile(`[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}`)},
	{"bot_command", regexp.MustCompile(`/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?`)},
	{"mention", regexp.MustCompile(`@[A-Za-z0-9_]{4,32}`)},
	{"hashtag", regexp.MustCompile(`#[\p{L}\p{N}_]*[\p{L}_][\p{L}\p{N}_]*`)},
}

// autoEntities adds what Telegram finds by itself to what was marked.
func autoEntities(text string, marked []Entity) []Entity {
	if !strings.ContainsAny(text, "/@#.:") {
		return marked
	}
	taken := slices.Clone(marked)
	overlaps := func(offset, length int) bool {
		return slices.ContainsFunc(taken, func(e Entity) bool {
			fixed := e.Type == "code" || e.Type == "pre" || e.Type == "text_link" || e.Type == "text_mention" ||
				slices.ContainsFunc(found, func(f struct {
					kind    string
					pattern *regexp.Regexp
				}) bool {
					return f.kind == e.Type
				})
			return fixed && e.Offset < offset+length && offset < e.Offset+e.Length
		})
	}
	for _, f := range found {
		for _, at := range f.pattern.FindAllStringIndex(text, -1) {
			before, _ := utf8.DecodeLastRuneInString(text[:at[0]])
			if at[0] > 0 && (unicode.IsLetter(before) || unicode.IsDigit(before) || strings.ContainsRune("_/@#&<>", before)) && f.kind != "email" {
				continue
			}
			after, _ := utf8.DecodeRuneInString(text[at[1]:])
			if at[1] < len(text) && f.kind != "url" && (unicode.IsLetter(after) || unicode.IsDigit(after) || strings.ContainsRune("/<>", after) && f.kind == "bot_command") {
				continue
			}
			offset, length := utf16Len(text[:at[0]]), utf16Len(text[at[0]:at[1]])
			if !overlaps(offset, length) {
				taken = append(taken, Entity{Type: f.kind, Offset: offset, Length: length})
			}
		}
	}
	return settle(taken)
}

// htmlOf writes a text with its entities as markup that parses back to both.
func htmlOf(text string, entities []Entity) string {
	if len(entities) == 0 {
		return escaper.Replace(text)
	}
	var b strings.Builder
	var open []Entity
	end := func(e Entity) int { return e.Offset + e.Length }
	// closeAt ends what ends here. What was opened later and goes on is ended
	// too and opened again.
	closeAt := func(at int) {
		first := slices.IndexFunc(open, func(e Entity) bool { return end(e) <= at })
		if first < 0 {
			return
		}
		for _, e := range slices.Backward(open[first:]) {
			b.WriteString(endOf(e))
		}
		again := slices.DeleteFunc(slices.Clone(open[first:]), func(e Entity) bool { return end(e) <= at })
		open = append(open[:first], again...)
		for _, e := range again {
			b.WriteString(startOf(e))
		}
	}
	next, n := 0, 0
	for _, r := range text {
		closeAt(n)
		for ; next < len(entities) && entities[next].Offset <= n; next++ {
			if start := startOf(entities[next]); start != "" {
				b.WriteString(start)
				open = append(open, entities[next])
			}
		}
		b.WriteString(escaper.Replace(string(r)))
		n += units(r)
	}
	for _, e := range slices.Backward(open) {
		b.WriteString(endOf(e))
	}
	return b.String()
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// plainTags are entities that are a tag and nothing else.
var plainTags = map[string]string{
	"bold": "b", "italic": "i", "underline": "u", "strikethrough": "s",
	"spoiler": "tg-spoiler", "code": "code", "blockquote": "blockquote",
}

func startOf(e Entity) string {
	if tag := plainTags[e.Type]; tag != "" {
		return "<" + tag + ">"
	}
	switch e.Type {
	case "text_link":
		return `<a href="` + html.EscapeString(e.URL) + `">`
	case "text_mention":
		return fmt.Sprintf(`<a href="tg://user?id=%d">`, e.User.ID)
	case "pre":
		if e.Language != "" {
			return `<pre><code class="language-` + html.EscapeString(e.Language) + `">`
		}
		return "<pre>"
	case "expandable_blockquote":
		return "<blockquote expandable>"
	case "custom_emoji":
		return `<tg-emoji emoji-id="` + html.EscapeString(e.CustomEmojiID) + `">`
	case "date_time":
		return fmt.Sprintf(`<tg-time unix="%d" format="%s">`, e.UnixTime, html.EscapeString(e.Format))
	}
	return ""
}

func endOf(e Entity) string {
	if tag := plainTags[e.Type]; tag != "" {
		return "</" + tag + ">"
	}
	switch e.Type {
	case "text_link", "text_mention":
		return "</a>"
	case "pre":
		if e.Language != "" {
			return "</code></pre>"
		}
		return "</pre>"
	case "expandable_blockquote":
		return "</blockquote>"
	case "custom_emoji":
		return "</tg-emoji>"
	case "date_time":
		return "</tg-time>"
	}
	return ""
}

// isBlank tells whether a reader would see nothing.
func isBlank(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool {
		return !unicode.IsSpace(r) && !unicode.In(r, unicode.Cf) &&
			r != 0x115f && r != 0x1160 && r != 0x17b4 && r != 0x17b5 && r != 0x2800 && r != 0x3164 && r != 0xffa0
	})
}
