// Package asktest replays conversations that are written down like a chat. A transcript
// says what the person does; what the bot answers is written by the test itself, indented
// below, so that it can be read aloud and every change of it is seen.
//
//	# A comment.
//	flow: complaint
//	lang: kk
//	known consent: agree           an answer that is there at the start
//	given name: Айгерім Сәрсенова  an option or a suggestion handed in
//	today: 2026-11-23              which day it is
//
//	> [Шағым]                      a button, by its words in the language shown
//	> (old) [Шағым]                one of an earlier message
//	> Кестеде қате бар.            typed words; \n breaks the line
//	> {photo page.jpg}             a file; {document plan.pdf 25MB and words under it}
//	> {photo 1.jpg} {photo 2.jpg}  several, one after the other; the last answer is shown
//	> {photo 1.jpg album a}        one of several that were sent as one
//	> {sticker}  {spaces}          something strange; a message of spaces
//	> {contact +77011234567}       one's own; {contact} alone is somebody else's
//	> (edit) other words           the last message that was typed is changed
//	> /cancel
//	> (language ru)                another language, in the middle of it
//	> (comes back)                 the same question again
//
// Typed words that mean a button, in any language, and the number of a choice count as the
// button; where it is only likely, the bot asks. Between any two lines the conversation is stored and loaded.
package asktest

import (
	"encoding/json"
	"fmt"
	"html"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
)

// Player replays transcripts.
type Player struct {
	Book    *locales.Book
	Flows   []ask.Flow
	Given   map[string][]string // handed in to every conversation, unless it says otherwise
	Notices func(name string, l dauys.Lang, s ask.Session) []ask.Line
	Carries func(s ask.Session) (ask.Flow, bool) // which conversation goes on after a turn; nil: always the same
}

// Files replays every transcript that the pattern names. With update it writes what the
// bot says into them, otherwise it tells what is different.
func (p Player) Files(t *testing.T, pattern string, update bool) {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("no transcripts: %s (%v)", pattern, err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got, err := p.Play(string(want))
			if err != nil {
				t.Fatalf("%s:%v\n%s", file, err, got)
			}
			if again, err := p.Play(got); err != nil || again != got {
				t.Errorf("%s: replayed twice it is another transcript (%v):\n%s", file, err, difference(got, again))
			}
			if update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if trimmed := strings.Join(trim(string(want)), "\n") + "\n"; trimmed != got {
				t.Errorf("%s goes otherwise now; run go test ./flows -update and read the difference:\n%s", file, difference(trimmed, got))
			}
		})
	}
}

// Play replays a transcript and returns it with the bot's lines as they are now. An error
// begins with the number of the line that cannot be played.
func (p Player) Play(transcript string) (string, error) {
	lines := trim(transcript)
	c := &chat{Player: p, given: map[string][]string{}, known: map[string]ask.Answer{}}
	var out strings.Builder
	for i, line := range lines {
		switch {
		case strings.HasPrefix(line, " ") || line == "" && belongs(lines[i:]):
			continue // the bot's
		case strings.HasPrefix(line, ">"):
			if err := c.begin(&out); err != nil {
				return out.String(), fmt.Errorf("%d: %w", i+1, err)
			}
			out.WriteString(line + "\n")
			if err := c.act(strings.TrimSpace(line[1:])); err != nil {
				return out.String(), fmt.Errorf("%d: %s: %w", i+1, line, err)
			}
			out.WriteString(c.shown)
			continue
		case line == "", strings.HasPrefix(line, "#"):
		default:
			if err := c.header(line); err != nil {
				return out.String(), fmt.Errorf("%d: %w", i+1, err)
			}
		}
		out.WriteString(line + "\n")
	}
	return strings.TrimRight(out.String(), "\n") + "\n", c.begin(&out)
}

// trim are the lines of a text without spaces at their ends: editors take them away.
func trim(text string) []string {
	lines := strings.Split(strings.TrimRight(text, " \t\n"), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " \t\r")
	}
	return lines
}

// belongs tells whether the empty lines at the beginning are part of what the bot says.
func belongs(lines []string) bool {
	i := slices.IndexFunc(lines, func(l string) bool { return l != "" })
	return i >= 0 && strings.HasPrefix(lines[i], " ")
}

// chat is one conversation on its way.
type chat struct {
	Player
	flow  ask.Flow
	lang  dauys.Lang
	given map[string][]string
	known map[string]ask.Answer
	begun bool
	today string

	session ask.Session
	message int         // counts what the person sends
	typed   string      // the last of it that was words
	replies []ask.Reply // all that was shown
	shown   string      // the last one
}

// header is a line above the conversation.
func (c *chat) header(line string) error {
	name, value, ok := strings.Cut(line, ": ")
	switch {
	case c.begun:
		return fmt.Errorf("%q is no line of a transcript; what the person does begins with >", line)
	case !ok:
		return fmt.Errorf("%q is no header; write for example lang: kk", line)
	case name == "lang":
		if c.lang, ok = dauys.LangOf(value); !ok {
			return fmt.Errorf("nobody speaks %q", value)
		}
	case name == "today":
		c.today = value
	case name == "flow":
		i := slices.IndexFunc(c.Flows, func(f ask.Flow) bool { return f.Name == value })
		if i < 0 {
			return fmt.Errorf("there is no flow %q", value)
		}
		c.flow = c.Flows[i]
	case strings.HasPrefix(name, "known "):
		c.known[name[len("known "):]] = ask.Answer{Values: []string{value}}
	case strings.HasPrefix(name, "given "):
		key := name[len("given "):]
		c.given[key] = append(c.given[key], value)
	default:
		return fmt.Errorf("there is no header %q", name)
	}
	return nil
}

// begin starts the conversation, once, and writes what is asked first.
func (c *chat) begin(out *strings.Builder) error {
	if c.begun {
		return nil
	}
	if c.flow.Name == "" || c.lang == "" {
		return fmt.Errorf("say above what is played: flow: complaint, lang: kk")
	}
	for key, values := range c.Given {
		if c.given[key] == nil {
			c.given[key] = values
		}
	}
	c.begun = true
	c.session = c.flow.Start("ABCDEFGHIJKLMNOPQRSTUVWXYZ", c.given, c.known)
	c.session.Today = c.today
	c.show(c.flow.Show(c.session))
	text := strings.TrimRight(out.String(), "\n")
	out.Reset()
	out.WriteString(text + "\n\n" + c.shown)
	return nil
}

var (
	button   = regexp.MustCompile(`^(\(old\) )?\[(.+)\]$`)
	language = regexp.MustCompile(`^\(language (\w+)\)$`)
	things   = regexp.MustCompile(`\{(\w+)(?: ([^{}]*))?\}`)
	onlyThem = regexp.MustCompile(`^(\{[^{}]*\} ?)+$`)
	fileForm = regexp.MustCompile(`^(\S+)(?: (\d+)MB)?(?: album (\S+))?(?: (.*))?$`)
)

// act does what a line of the person says.
func (c *chat) act(line string) error {
	if c.session.Over() || c.session.Phase == ask.Sending {
		return fmt.Errorf("the conversation is over")
	}
	switch m := button.FindStringSubmatch(line); {
	case m != nil:
		return c.press(m[2], m[1] != "")
	case language.MatchString(line):
		l, ok := dauys.LangOf(language.FindStringSubmatch(line)[1])
		if !ok {
			return fmt.Errorf("nobody speaks that")
		}
		c.lang = l
		return c.next(ask.Input{}, locales.LanguageSet())
	case line == "(comes back)":
		return c.next(ask.Input{})
	case strings.HasPrefix(line, "(edit) "):
		text := strings.TrimPrefix(line, "(edit) ")
		if v, ok := c.flow.Amending(c.session, c.typed); ok {
			text = c.Book.Read(text, v)
		}
		s, v, ok := c.flow.Amend(c.session, ask.Input{Text: text, Message: c.typed})
		if !ok {
			return fmt.Errorf("there is nothing to edit")
		}
		return c.store(s, v)
	case line == "/cancel":
		return c.next(ask.Input{Do: ask.Cancel})
	case onlyThem.MatchString(line):
		for _, m := range things.FindAllStringSubmatch(line, -1) {
			if err := c.send(m[1], m[2]); err != nil {
				return err
			}
		}
		return nil
	case line == "":
		return fmt.Errorf("nothing is done here; a message of spaces is {spaces}")
	}
	return c.say(strings.ReplaceAll(line, `\n`, "\n"))
}

// say is a typed text, or a button said in words.
func (c *chat) say(text string) error {
	if in, how := c.Book.Heard(text, c.flow.Show(c.session)); how != locales.Unheard {
		if in.Text == "" {
			return c.next(in)
		}
		text = in.Text
	}
	c.message++
	c.typed = strconv.Itoa(c.message)
	return c.next(ask.Input{Text: text, Message: c.typed})
}

// press is a button of the last message, or the newest of an earlier one.
func (c *chat) press(words string, old bool) error {
	for i, r := range slices.Backward(c.replies) {
		if last := i == len(c.replies)-1; last == old {
			continue
		}
		for _, b := range slices.Concat(r.Buttons...) {
			if b.Text != words {
				continue
			}
			id, in, ok := ask.Pressed(b.Data)
			if !ok || !c.session.IsOf(id) {
				return fmt.Errorf("the button carries %q, which cannot be read", b.Data)
			}
			return c.next(in)
		}
	}
	return fmt.Errorf("there is no such button")
}

// send is something other than words.
func (c *chat) send(kind, rest string) error {
	switch kind {
	case "spaces":
		return c.say("   ")
	case "sticker":
		return c.next(ask.Input{Strange: true})
	case "contact":
		return c.next(ask.Input{Phone: rest, Strange: rest == ""})
	case "photo", "document", "video", "voice", "audio", "video_note", "location":
		m := fileForm.FindStringSubmatch(rest)
		if m == nil {
			return fmt.Errorf("a %s needs a name", kind)
		}
		size, _ := strconv.ParseInt(m[2], 10, 64)
		file := ask.File{Ref: kind + "/" + m[1], Kind: kind, Name: m[1], Size: size << 20, Album: m[3], Caption: m[4]}
		if kind == "photo" { // messengers give them no names
			file.Name = ""
		}
		return c.next(ask.Input{File: &file})
	}
	return fmt.Errorf("nobody knows how to send a %s", kind)
}

// next is one turn, with sentences above the answer.
func (c *chat) next(in ask.Input, above ...ask.Line) error {
	s, v := c.flow.Next(c.session, in)
	if c.Carries != nil {
		if f, ok := c.Carries(s); ok && f.Name != c.flow.Name {
			said := v.Lines[:v.Problems]
			c.flow, s = f, f.Carry(s)
			v = f.Show(s)
			v.Lines, v.Problems = append(said, v.Lines...), len(said)
		}
	}
	return c.store(s, v, above...)
}

// store keeps the conversation as a store would, and shows it.
func (c *chat) store(s ask.Session, v ask.View, above ...ask.Line) error {
	body, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	c.session = ask.Session{}
	if err := json.Unmarshal(body, &c.session); err != nil {
		return fmt.Errorf("load: %w", err)
	}
	if again := c.flow.Show(c.session); !reflect.DeepEqual(again.Buttons, v.Buttons) {
		return fmt.Errorf("stored and loaded, it shows other buttons: %v, not %v", again.Buttons, v.Buttons)
	}
	c.show(v, above...)
	return nil
}

// show writes down what the person sees.
func (c *chat) show(v ask.View, above ...ask.Line) {
	var notices []ask.Line
	for _, n := range v.Notices {
		if c.Notices != nil {
			notices = append(notices, c.Notices(n, c.lang, c.session)...)
		}
	}
	r := c.Book.Reply(c.lang, v, notices...)
	if len(above) > 0 {
		r.Text = c.Book.Lines(c.lang, above...) + "\n\n" + r.Text
	}
	c.replies = append(c.replies, r)
	var out strings.Builder
	for line := range strings.SplitSeq(plain(r.Text), "\n") {
		out.WriteString(strings.TrimRight("  "+line, " \t") + "\n")
	}
	for _, row := range r.Buttons {
		out.WriteString(" ")
		for _, b := range row {
			out.WriteString(" [" + b.Text + "]")
		}
		out.WriteString("\n")
	}
	if v.Phase == ask.Sending {
		out.WriteString(c.sent())
	}
	c.shown = out.String()
}

// sent is what comes out of a conversation.
func (c *chat) sent() string {
	var out strings.Builder
	out.WriteString("\n  sent:\n")
	for _, st := range c.flow.Steps {
		a, ok := c.session.Answers[st.Key]
		if !ok {
			continue
		}
		words := strings.ReplaceAll(a.Text(), "\n", `\n`)
		if a.Skipped {
			words = "(skipped)"
		}
		for _, f := range a.Files {
			if f.Item != "" {
				words += f.Item + ": "
			}
			words += fmt.Sprintf("{%s} ", strings.TrimSpace(f.Ref+" "+f.Caption))
		}
		if len(a.Later) > 0 {
			words += "(later: " + strings.Join(a.Later, ", ") + ")"
		}
		fmt.Fprintf(&out, "  %s = %s\n", st.Key, strings.TrimSpace(words))
	}
	return out.String()
}

var tags = regexp.MustCompile(`</?(b|i|code|blockquote|a)( [^>]*)?>`)

// plain is a small HTML as it looks.
func plain(text string) string { return html.UnescapeString(tags.ReplaceAllString(text, "")) }

// difference shows the first lines in which two texts differ.
func difference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range max(len(w), len(g)) {
		if i >= len(w) || i >= len(g) || w[i] != g[i] {
			from := func(lines []string) string {
				return strings.Join(lines[min(max(0, i-4), len(lines)):min(i+10, len(lines))], "\n")
			}
			return fmt.Sprintf("from line %d\nwant:\n%s\ngot:\n%s", i+1, from(w), from(g))
		}
	}
	return ""
}
