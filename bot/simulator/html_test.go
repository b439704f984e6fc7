package simulator

import (
	"strings"
	"testing"
)

func TestMarkupIsRefused(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"a <b>b", `Can't find end tag corresponding to start tag "b"`},
		{"a <", "Unclosed start tag at byte offset 2"},
		{"мы <b", "Unclosed start tag at byte offset 5"},
		{"2 < 3", `Unsupported start tag "" at byte offset 2`},
		{"a<br>b", `Unsupported start tag "br" at byte offset 1`},
		{"a<br/>b", `Unsupported start tag "br/" at byte offset 1`},
		{"<Dean>", `Unsupported start tag "dean" at byte offset 0`},
		{`<a href="x`, `Unclosed start tag "a" at byte offset 0`},
		{`<a href=`, `Unclosed start tag "a" at byte offset 0`},
		{`<a href`, `Unclosed start tag "a" at byte offset 0`},
		{`<a ="x">y</a>`, `Empty attribute name in the tag "a" at byte offset 0`},
		{`<a href=x/y>z</a>`, "Unexpected end of name token at byte offset 8"},
		{"</b>", "Unexpected end tag at byte offset 0"},
		{"<b>x</b", "Unclosed end tag at byte offset 4"},
		{"<b>x</b i>", "Unclosed end tag at byte offset 4"},
		{"<b>x</i>", `Unmatched end tag at byte offset 4, expected "</b>", found "</i>"`},
		{"<b><i>x</b></i>", `Unmatched end tag at byte offset 7, expected "</i>", found "</b>"`},
		{"<span>x</span>", `Tag "span" must have class "tg-spoiler" at byte offset 0`},
	} {
		_, _, err := parseHTML(c.in)
		if err == nil || err.Error() != c.want {
			t.Errorf("%q: got %v, want %s", c.in, err, c.want)
		}
	}
}

// TestMarkupIsRead shows the text, and the markup as it is written back.
func TestMarkupIsRead(t *testing.T) {
	for name, c := range map[string]struct{ in, text, out string }{
		"plain words":                 {"hello", "hello", "hello"},
		"all names of a style":        {"<b>a</b><strong>b</strong> <i>c</i> <em>d</em>", "ab c d", "<b>ab</b> <i>c</i> <i>d</i>"},
		"underline and strike":        {"<u>a</u> <ins>b</ins> <s>c</s> <strike>d</strike> <del>e</del>", "a b c d e", "<u>a</u> <u>b</u> <s>c</s> <s>d</s> <s>e</s>"},
		"spoilers":                    {`<tg-spoiler>a</tg-spoiler> <span class="tg-spoiler">b</span>`, "a b", "<tg-spoiler>a</tg-spoiler> <tg-spoiler>b</tg-spoiler>"},
		"nesting":                     {"<b>a <i>b</i></b>", "a b", "<b>a <i>b</i></b>"},
		"upper case tags":             {"<B>a</B>", "a", "<b>a</b>"},
		"an empty end tag":            {"<b>a</>", "a", "<b>a</b>"},
		"an empty entity vanishes":    {"<b></b>a", "a", "a"},
		"the four named entities":     {"&lt;b&gt; &amp; &quot;", `<b> & "`, "&lt;b&gt; &amp; \""},
		"other names stay":            {"a&nbsp;b &copy;", "a&nbsp;b &copy;", "a&amp;nbsp;b &amp;copy;"},
		"numbers, also without end":   {"&#1203;&#x4B3;&#65 &#0;", "ҳҳA &#0;", "ҳҳA &amp;#0;"},
		"a lone ampersand":            {"R&D & more", "R&D & more", "R&amp;D &amp; more"},
		"a link":                      {`<a href="https://altuni.kz/a?b=1&amp;c=2">site</a>`, "site", `<a href="https://altuni.kz/a?b=1&amp;c=2">site</a>`},
		"a link in single quotes":     {`<a href='https://altuni.kz/'>site</a>`, "site", `<a href="https://altuni.kz/">site</a>`},
		"a bad link is dropped":       {`<a href="javascript:alert(1)">site</a>`, "site", "site"},
		"a person":                    {`<a href="tg://user?id=42">her</a>`, "her", `<a href="tg://user?id=42">her</a>`},
		"code with a language":        {`<pre><code class="language-go">x</code></pre>`, "x", `<pre><code class="language-go">x</code></pre>`},
		"plain pre":                   {"<pre>x\ny</pre>", "x\ny", "<pre>x\ny</pre>"},
		"nothing nests in code":       {"<code>a <b>b</b></code>", "a b", "<code>a b</code>"},
		"styles stop before code":     {"<b>a <code>b</code> c</b>", "a b c", "<b>a </b><code>b</code><b> c</b>"},
		"a link keeps code out":       {`<a href="https://a.kz/">a <code>b</code></a>`, "a b", `<a href="https://a.kz/">a b</a>`},
		"neighbours of one style":     {"<b>a</b><b>b</b>", "ab", "<b>ab</b>"},
		"quotations":                  {"<blockquote>a</blockquote>\n<blockquote expandable>b</blockquote>", "a\nb", "<blockquote>a</blockquote>\n<blockquote expandable>b</blockquote>"},
		"space around is trimmed":     {"  <b> a </b>\n ", "a", "<b>a</b>"},
		"control characters":          {"a\r\nb\tc\x01d", "a\nb c d", "a\nb c d"},
		"direction overrides go":      {"a\u202eb\u2028c", "abc", "abc"},
		"letters beyond the plane":    {"😀<b>😀</b>", "😀😀", "😀<b>😀</b>"},
		"custom emoji and time":       {`<tg-emoji emoji-id="5">👍</tg-emoji> <tg-time unix="1700000000" format="D">then</tg-time>`, "👍 then", `<tg-emoji emoji-id="5">👍</tg-emoji> <tg-time unix="1700000000" format="D">then</tg-time>`},
		"a case number is not a link": {"<b>ALT-2026-000123</b>", "ALT-2026-000123", "<b>ALT-2026-000123</b>"},
	} {
		t.Run(name, func(t *testing.T) {
			text, entities, err := parseHTML(c.in)
			if err != nil {
				t.Fatal(err)
			}
			text, entities = clean(text, entities)
			equal(t, "text", text, c.text)
			if got := htmlOf(text, entities); got != c.out {
				t.Errorf("html: got %s, want %s", got, c.out)
			}
		})
	}
}

func TestEntitiesCountUTF16(t *testing.T) {
	text, entities, err := parseHTML("😀 <b>Сәлем</b>")
	if err != nil {
		t.Fatal(err)
	}
	_, entities = clean(text, entities)
	equal(t, "entities", entities, []Entity{{Type: "bold", Offset: 3, Length: 5}})
}

func TestTelegramFindsEntities(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"/start abc", "bot_command /start"},
		{"/help@dauys_demo_bot now", "bot_command /help@dauys_demo_bot"},
		{"say /help to @aigerim", "bot_command /help|mention @aigerim"},
		{"and/or 1/2 <b>x</b>", ""},
		{"/жоқ", ""},
		{"see https://altuni.kz/rules, please", "url https://altuni.kz/rules"},
		{"see altuni.kz.", "url altuni.kz"},
		{"write to dean@altuni.kz #grades", "email dean@altuni.kz|hashtag #grades"},
		{"ALT-2026-000123 at 17:30", ""},
	} {
		var got []string
		for _, e := range autoEntities(c.text, nil) {
			got = append(got, e.Type+" "+cut(c.text, e.Offset, e.Length))
		}
		if strings.Join(got, "|") != c.want {
			t.Errorf("%q: got %q, want %q", c.text, got, c.want)
		}
	}
}

// FuzzHTML checks that what was read can be written and read again, and that
// no entity stands outside its text.
func FuzzHTML(f *testing.F) {
	for _, seed := range []string{"<b>a</b>", "&lt;<i>ә😀</i>", `<a href="https://a.kz">x</a>`, "<pre><code class=\"language-x\"> y </code></pre>"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in string) {
		text, entities, err := parseHTML(in)
		if err != nil {
			return
		}
		text, entities = clean(text, entities)
		length := utf16Len(text)
		for _, e := range entities {
			if e.Offset < 0 || e.Length <= 0 || e.Offset+e.Length > length {
				t.Fatalf("%q: %+v outside of %d", in, e, length)
			}
		}
		again, _, err := parseHTML(htmlOf(text, entities))
		if err != nil {
			t.Fatalf("%q became %q: %v", in, htmlOf(text, entities), err)
		}
		if again != text {
			t.Fatalf("%q became %q", text, again)
		}
	})
}
