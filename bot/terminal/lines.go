package terminal

import (
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"alt.edu.kz/dauys/bot"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/handlers"
)

// Line is a kind of line that can be typed besides words: how, and what it does.
type Line struct {
	Form, What string

	name string // before the first space; empty: a number
	do   func(t *Terminal, rest string) (*handlers.Input, string, error)
}

// Lines are all of them.
var Lines = []Line{
	{Form: ":1", What: "press button 1 of the last message with buttons here; :1 @12 of message 12", do: (*Terminal).press},
	{Form: ":as NAME", What: "be somebody else, in their own chat with the bot", name: ":as", do: (*Terminal).as},
	{Form: ":in CHAT", What: "go to the chat of an office, or by one's own name back to one's own", name: ":in", do: (*Terminal).in},
	{Form: ":who", What: "list people and chats", name: ":who", do: (*Terminal).list},
	{Form: ":reply N TEXT", What: "answer message N", name: ":reply", do: (*Terminal).reply},
	{Form: ":edit TEXT", What: "change the last thing one has said here", name: ":edit", do: (*Terminal).edit},
	{Form: ":file PATH", What: "send a document; what is in it is read where the bot asks for it", name: ":file", do: (*Terminal).attach},
}

var (
	special = regexp.MustCompile(`^:[a-z0-9]+$`)
	numeric = regexp.MustCompile(`^:\d+$`)
	// The same letters as in Telegram, so that a command means the same here. The bot has no
	// name in a terminal, so that one with a name is for another.
	command = regexp.MustCompile(`(?s)^/([A-Za-z0-9_]{1,32})(@\w+)?(?:\s+(.*))?$`)
)

// Read takes a typed line. It is something that one does to the bot, or there is no update
// and perhaps something to tell whoever has typed it. Two letters, \n, are the end of a line
// within a text.
func (t *Terminal) Read(line string) (u *bot.Update, told string, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	line = strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(line, "\x00", ""), ""))
	if line == "" {
		return nil, "", nil
	}
	word, rest, _ := strings.Cut(line, " ")
	do := (*Terminal).words
	switch i := slices.IndexFunc(Lines, func(l Line) bool { return l.name == word }); {
	case numeric.MatchString(word):
		do, rest = (*Terminal).press, strings.TrimPrefix(line, ":")
	case i >= 0:
		do = Lines[i].do
	case special.MatchString(word):
		return nil, "", fmt.Errorf("there is no %s", word)
	default:
		rest = line
	}
	in, told, err := do(t, strings.TrimSpace(rest))
	if in == nil || err != nil {
		return nil, told, err
	}
	t.phone.Updates++
	in.Update = fmt.Sprintf("%s:%d", Name, t.phone.Updates)
	u = &bot.Update{Input: *in}
	if in.Press != "" {
		u.PressID = in.Update
		t.pressed[u.PressID] = t.who
	}
	if u.Raw, err = json.Marshal(u); err != nil {
		return nil, "", fmt.Errorf("terminal: %w", err)
	}
	return u, told, t.keep()
}

// Decode reads an update as it was kept.
func (t *Terminal) Decode(raw []byte) (u bot.Update, err error) {
	if err := json.Unmarshal(raw, &u); err != nil {
		return bot.Update{}, fmt.Errorf("terminal: read update: %w", err)
	}
	u.Raw = raw
	return u, nil
}

// At is who one is, and where.
func (t *Terminal) At() (who, chat string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.who, t.where
}

// here is something that one does, before it is known what.
func (t *Terminal) here() *handlers.Input {
	p, _ := t.person(t.who)
	c, group := t.chat(t.where)
	return &handlers.Input{From: Address(p.ID), Name: p.Name, Lang: p.Lang, Chat: Address(t.where), Title: c.Title, Private: !group}
}

// said is a message of one's own, as an answer to another one or to none.
func (t *Terminal) said(text, to string) *handlers.Input {
	in := t.here()
	in.Text, in.ReplyTo = strings.ReplaceAll(text, `\n`, "\n"), to
	switch m := command.FindStringSubmatch(in.Text); {
	case m == nil:
	case m[2] != "":
		in.Foreign = true
	default:
		in.Command, in.Arg = strings.ToLower(m[1]), strings.TrimSpace(m[3])
	}
	in.Message = t.add(t.where, &message{From: t.who, Said: ask.Reply{Text: in.Text, To: to}})
	return in
}

func (t *Terminal) words(text string) (*handlers.Input, string, error) {
	to := ""
	if !strings.HasPrefix(text, "/") {
		to = t.field()
	}
	return t.said(text, to), "", nil
}

var mention = regexp.MustCompile(`href="` + Name + `:([^"]+)"`)

// field is the message whose answer field is open for oneself: one that asks whoever is
// named in it, or everybody, and that one has not answered.
func (t *Terminal) field() string {
	all, answered := t.phone.Chats[t.where], map[string]bool{}
	for i, m := range slices.Backward(all) {
		number := strconv.Itoa(i + 1)
		if m.From == t.who {
			answered[m.Said.To] = true
		}
		if m.From != "" || m.Gone || m.Said.Force == "" || answered[number] {
			continue
		}
		asked := mention.FindAllStringSubmatch(m.Said.Text, -1)
		if len(asked) == 0 || slices.ContainsFunc(asked, func(a []string) bool { return a[1] == t.who }) {
			return number
		}
	}
	return ""
}

func (t *Terminal) press(rest string) (*handlers.Input, string, error) {
	which, at, chosen := strings.Cut(rest, " ")
	n, _ := strconv.Atoi(which)
	var m *message
	if at = strings.TrimPrefix(strings.TrimSpace(at), "@"); chosen {
		m = t.find(t.where, at)
	} else {
		all := t.phone.Chats[t.where]
		for i := len(all) - 1; i >= 0 && m == nil; i-- {
			if at = strconv.Itoa(i + 1); len(all[i].Said.Buttons) > 0 {
				m = t.find(t.where, at)
			}
		}
	}
	if m == nil {
		return nil, "", errors.New("there is no message with buttons")
	}
	buttons := slices.Concat(m.Said.Buttons...)
	if n < 1 || n > len(buttons) {
		return nil, "", fmt.Errorf("message %s has %d buttons", at, len(buttons))
	}
	if b := buttons[n-1]; b.URL != "" {
		return nil, "it opens " + b.URL, nil
	}
	in := t.here()
	in.Press, in.Message = buttons[n-1].Data, at
	return in, "", nil
}

func (t *Terminal) as(name string) (*handlers.Input, string, error) {
	if _, ok := t.person(name); !ok {
		return nil, "", fmt.Errorf("nobody is called %q", name)
	}
	t.who, t.where = name, name
	return nil, "", nil
}

func (t *Terminal) in(name string) (*handlers.Input, string, error) {
	c, ok := t.chat(name)
	switch {
	case !ok && name != t.who:
		return nil, "", fmt.Errorf("there is no chat %q for %s", name, t.who)
	case ok && !slices.Contains(c.Members, t.who):
		return nil, "", fmt.Errorf("%s is not in %s; its members are %s", t.who, name, strings.Join(c.Members, ", "))
	}
	t.where = name
	return nil, "", nil
}

func (t *Terminal) list(string) (*handlers.Input, string, error) {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 8, 2, ' ', 0)
	mark := map[bool]string{true: "*"}
	for _, p := range t.people {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", mark[p.ID == t.who], p.ID, p.Lang, p.Role, p.Name)
	}
	for _, c := range t.chats {
		fmt.Fprintf(w, "%s\t%s\t\t%s\t%s\n", mark[c.ID == t.where], c.ID, strings.Join(c.Members, ", "), c.Title)
	}
	_ = w.Flush() // into memory
	return nil, strings.TrimRight(b.String(), "\n"), nil
}

func (t *Terminal) reply(rest string) (*handlers.Input, string, error) {
	number, text, _ := strings.Cut(rest, " ")
	if t.find(t.where, number) == nil || strings.TrimSpace(text) == "" {
		return nil, "", errors.New("write :reply, the number of a message that is here, and words")
	}
	return t.said(strings.TrimSpace(text), number), "", nil
}

func (t *Terminal) edit(text string) (*handlers.Input, string, error) {
	all := t.phone.Chats[t.where]
	for i, m := range slices.Backward(all) {
		if m.From != t.who || len(m.Said.Files) > 0 {
			continue
		}
		if text == "" {
			return nil, "", errors.New("write :edit and what it should say")
		}
		to := m.Said.To
		in := t.said(text, to)
		t.phone.Chats[t.where] = all // no message of its own
		m.Said.Text, in.Message, in.Edited = in.Text, strconv.Itoa(i+1), true
		return in, "", nil
	}
	return nil, "", fmt.Errorf("%s has said nothing here", t.who)
}

func (t *Terminal) attach(path string) (*handlers.Input, string, error) {
	at, err := os.Stat(path)
	if err != nil {
		return nil, "", err
	}
	if !at.Mode().IsRegular() {
		return nil, "", fmt.Errorf("%s is not a file", path)
	}
	if path, err = filepath.Abs(path); err != nil {
		return nil, "", err
	}
	in := t.here()
	in.ReplyTo = t.field()
	f := ask.File{Kind: "document", Name: filepath.Base(path), Size: at.Size(), MIME: mime.TypeByExtension(filepath.Ext(path))}
	in.Message = t.add(t.where, &message{From: t.who, Said: ask.Reply{To: in.ReplyTo, Files: []ask.File{f}}, Path: path})
	f.Ref = t.where + "/" + in.Message
	in.File = &f
	return in, "", nil
}

var _ bot.Messenger = (*Terminal)(nil)
