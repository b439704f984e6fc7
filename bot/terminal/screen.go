package terminal

import (
	"fmt"
	"html"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"alt.edu.kz/dauys/flows/ask"
)

// News is what the bot has said, changed and taken away since the last time: what was shown
// at buttons, then chat by chat, that where one is first. Of a message that was changed more
// than once only the last form is shown.
func (t *Terminal) News() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.news()
}

func (t *Terminal) news() string {
	var b strings.Builder
	for _, at := range t.toasts {
		fmt.Fprintf(&b, "── %s, at the button ──\n%s\n", at.who, visible(at.text))
	}
	t.toasts = nil
	places := []string{t.where}
	for _, p := range t.people {
		places = append(places, p.ID)
	}
	for _, c := range t.chats {
		places = append(places, c.ID)
	}
	for _, at := range places { // the first one comes again, with nothing new
		var fresh strings.Builder
		for i, m := range t.phone.Chats[at] {
			look := t.look(m)
			if m.From != "" || m.shown && m.look == look {
				continue
			}
			switch {
			case m.Gone && m.shown:
				fmt.Fprintf(&b, "── %s %d, taken away ──\n", at, i+1)
			case m.Gone: // nobody has seen it
			case m.shown:
				fmt.Fprintf(&b, "── %s %d, edited ──\n%s", at, i+1, look)
			default:
				fmt.Fprintf(&fresh, "── %s %d%s ──\n%s", at, i+1, t.answers(at, m), look)
			}
			m.shown, m.look = true, look
		}
		b.WriteString(fresh.String())
	}
	return b.String()
}

// answers says what a message answers.
func (t *Terminal) answers(chat string, m *message) string {
	to := t.find(chat, m.Said.To)
	switch {
	case to == nil:
		return ""
	case to.From != "":
		return ", answers " + to.From
	}
	return ", answers " + m.Said.To
}

// look is a message without its head.
func (t *Terminal) look(m *message) string {
	if m.Gone {
		return ""
	}
	var b strings.Builder
	if text := plain(m.Said.Text, t.bold); text != "" {
		b.WriteString(text + "\n")
	}
	for _, f := range m.Said.Files {
		b.WriteString("📎 " + fileLine(f) + "\n")
		if words := plain(f.Caption, t.bold); words != "" {
			b.WriteString(words + "\n")
		}
	}
	n := 0
	for _, row := range m.Said.Buttons {
		var labels []string
		for _, button := range row {
			n++
			label := fmt.Sprintf("[%d] %s", n, visible(button.Text))
			if button.URL != "" {
				label += " → " + visible(button.URL)
			}
			labels = append(labels, label)
		}
		b.WriteString(strings.Join(labels, "  ") + "\n")
	}
	if m.Said.Force != "" {
		fmt.Fprintf(&b, "✎ %s (what is typed next answers this)\n", visible(m.Said.Force))
	}
	return b.String()
}

// fileLine is a file in words, and where it is when the bot has made it.
func fileLine(f ask.File) string {
	line := visible(f.Name)
	if line == "" {
		line = f.Kind
	}
	switch {
	case f.Size >= 1<<20:
		line += ", " + strconv.FormatInt(f.Size>>20, 10) + " MB"
	case f.Size >= 1<<10:
		line += ", " + strconv.FormatInt(f.Size>>10, 10) + " KB"
	default:
		line += ", " + strconv.FormatInt(f.Size, 10) + " B"
	}
	if f.Made != "" {
		line += " → " + visible(f.Ref)
	}
	return line
}

var tag = regexp.MustCompile(`<(/?)([a-z]+)(?: href="([^"]*)")?>`)

// plain is a text of our small HTML for a screen: quotations have a bar before each line, a
// link that leads out has its address behind it.
func plain(text string, bold bool) string {
	var b strings.Builder
	quoted, link := false, ""
	write := func(s string) {
		s = visible(html.UnescapeString(s))
		if quoted {
			s = strings.ReplaceAll(strings.ReplaceAll(s, "\n", "\n│ "), "│ \n", "│\n")
		}
		b.WriteString(s)
	}
	at := 0
	for _, m := range tag.FindAllStringSubmatchIndex(text, -1) {
		write(text[at:m[0]])
		at = m[1]
		open := m[2] == m[3]
		switch name := text[m[4]:m[5]]; {
		case name == "b" && bold && open:
			b.WriteString("\x1b[1m")
		case name == "b" && bold:
			b.WriteString("\x1b[22m")
		case name == "blockquote":
			if quoted = open; open {
				b.WriteString("│ ")
			}
		case name == "a" && open && m[6] >= 0:
			link = text[m[6]:m[7]]
		case name == "a" && strings.HasPrefix(link, "http"):
			write(" (" + link + ")")
		}
	}
	write(text[at:])
	return b.String()
}

// visible takes out what would move the cursor or change the screen.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' {
			return -1
		}
		return r
	}, s)
}
