// Package terminal is the messenger of whoever changes a conversation: one person at a
// terminal is everybody, each applicant in their own chat and all of the staff in the chats
// of the offices. Typed lines become [bot.Update]s, replies become text.
//
// It remembers what was said as a phone would, numbered in each chat, so that buttons can
// be pressed and messages replaced. What happens side by side comes in any order, so nothing
// is shown as it comes: [Terminal.News] tells what is different since it was asked last, and
// says the same every time.
//
// It knows no case, no storage, no clock, and no language but the texts handed to it.
package terminal

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strconv"
	"sync"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/bot"
	"alt.edu.kz/dauys/flows/ask"
)

// Name is the messenger's part of an address.
const Name = "terminal"

// Person is somebody that one can be.
type Person struct {
	ID   string // what they are called here, and in their address
	Name string // as the bot is told it
	Lang string // of their phone
	Role string // what they are to the university, for [Terminal.Who]
}

// Chat is a chat of several people and the bot.
type Chat struct {
	ID      string
	Title   string
	Members []string
}

// Options say who is there. The first of the people is who one is at first, unless Begin
// names another.
type Options struct {
	People []Person
	Chats  []Chat
	Begin  string
	File   string // keeps what was said for the next time; empty: nothing does
	Folder string // for the documents of the bot; empty: a temporary one, when the first comes
	Bold   bool   // the screen knows ANSI's bold
}

// Terminal is everybody's phone.
type Terminal struct {
	people []Person
	chats  []Chat
	file   string
	folder string
	bold   bool

	mu      sync.Mutex
	who     string // one is
	where   string // one is: a chat, or the person for their own
	phone   phone
	toasts  []toast
	pressed map[string]string // presses that the bot has not answered → by whom
}

// phone is what is remembered. The nth message of a chat has the number n, from 1.
type phone struct {
	Updates int                   `json:"updates"`
	Chats   map[string][]*message `json:"chats"`
}

// message is what the bot or a person has said.
type message struct {
	From string    `json:"from,omitempty"` // empty: the bot
	Said ask.Reply `json:"said"`
	Path string    `json:"path,omitempty"` // of the file that a person has sent
	Gone bool      `json:"gone,omitempty"`

	look  string // as it was shown last
	shown bool
}

type toast struct{ who, text string }

// ids are what can be called by name: in a line, and in an address.
var ids = regexp.MustCompile(`^[a-z][a-z0-9@-]*$`)

// New readies a terminal, with what is in the file if there is one.
func New(o Options) (*Terminal, error) {
	t := &Terminal{people: o.People, chats: o.Chats, file: o.File, folder: o.Folder, bold: o.Bold, phone: phone{Chats: map[string][]*message{}}, pressed: map[string]string{}}
	var names []string
	for _, p := range o.People {
		names = append(names, p.ID)
	}
	for _, c := range o.Chats {
		names = append(names, c.ID)
	}
	for i, n := range names {
		if !ids.MatchString(n) || slices.Contains(names[:i], n) {
			return nil, fmt.Errorf("terminal: %q is no name, or the second one", n)
		}
	}
	if len(o.People) == 0 {
		return nil, errors.New("terminal: nobody is there")
	}
	t.who = o.People[0].ID
	if o.Begin != "" {
		t.who = o.Begin
	}
	if _, ok := t.person(t.who); !ok {
		return nil, fmt.Errorf("terminal: nobody is called %s", t.who)
	}
	t.where = t.who
	if o.File == "" {
		return t, nil
	}
	data, err := os.ReadFile(o.File)
	if errors.Is(err, fs.ErrNotExist) {
		return t, nil
	}
	if err == nil {
		err = json.Unmarshal(data, &t.phone)
	}
	if err != nil {
		return nil, fmt.Errorf("terminal: read what was said: %w", err)
	}
	t.news() // of the last time
	return t, nil
}

// Address is that of a person or a chat.
func Address(id string) dauys.Address { return dauys.AddressOf(Name, id) }

func (t *Terminal) person(id string) (Person, bool) {
	i := slices.IndexFunc(t.people, func(p Person) bool { return p.ID == id })
	if i < 0 {
		return Person{}, false
	}
	return t.people[i], true
}

func (t *Terminal) chat(id string) (Chat, bool) {
	i := slices.IndexFunc(t.chats, func(c Chat) bool { return c.ID == id })
	if i < 0 {
		return Chat{}, false
	}
	return t.chats[i], true
}

// keep writes down what was said.
func (t *Terminal) keep() error {
	if t.file == "" {
		return nil
	}
	data, err := json.Marshal(t.phone)
	if err == nil {
		err = os.WriteFile(t.file+".new", data, 0o600)
	}
	if err == nil {
		err = os.Rename(t.file+".new", t.file)
	}
	if err != nil {
		return fmt.Errorf("terminal: keep what was said: %w", err)
	}
	return nil
}

// find looks for a message that is still there.
func (t *Terminal) find(chat, number string) *message {
	n, err := strconv.Atoi(number)
	if all := t.phone.Chats[chat]; err == nil && n >= 1 && n <= len(all) && !all[n-1].Gone {
		return all[n-1]
	}
	return nil
}

// add puts a message into a chat and tells its number.
func (t *Terminal) add(chat string, m *message) string {
	t.phone.Chats[chat] = append(t.phone.Chats[chat], m)
	return strconv.Itoa(len(t.phone.Chats[chat]))
}

// Group tells whether an address is that of a chat of several people.
func (t *Terminal) Group(a dauys.Address) bool {
	_, ok := t.chat(a.ID())
	return ok && a.Messenger() == Name
}

// Member tells whether a person is in a chat.
func (t *Terminal) Member(_ context.Context, in, who dauys.Address) (bool, error) {
	c, _ := t.chat(in.ID())
	return t.Group(in) && who.Messenger() == Name && slices.Contains(c.Members, who.ID()), nil
}

// Link is what one types to come by a link.
func (t *Terminal) Link(payload string) string { return "/start " + payload }

// Leave does nothing: who opens a terminal says in which chats the bot is.
func (t *Terminal) Leave(context.Context, dauys.Address) error { return nil }

// Parts are the messages that a reply takes: always one, a screen has room.
func (t *Terminal) Parts(r ask.Reply) []ask.Reply { return []ask.Reply{r} }

// Send puts a reply into a chat.
func (t *Terminal) Send(_ context.Context, to dauys.Address, r ask.Reply) (string, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	at := to.ID()
	if _, ok := t.person(at); to.Messenger() != Name || !ok && !t.Group(to) {
		return "", &bot.SendError{Failure: bot.Unreachable, Err: fmt.Errorf("terminal: nobody is at %s", to)}
	}
	old, number := t.find(at, r.Edit), r.Edit
	if old != nil && old.From != "" {
		return "", &bot.SendError{Failure: bot.Refused, Err: fmt.Errorf("terminal: message %s of %s is not the bot's", number, at)}
	}
	switch nothing := r.Text == "" && len(r.Files) == 0; {
	case forgotten(r.Files):
		return "", &bot.SendError{Failure: bot.Gone, Err: fmt.Errorf("terminal: %s: %w", r.Files[0].Name, dauys.ErrGone)}
	case nothing && r.Edit == "":
		return "", &bot.SendError{Failure: bot.Refused, Err: errors.New("terminal: there is nothing to send")}
	case nothing && old != nil:
		old.Gone, number = true, ""
	case nothing:
		return "", nil
	case old != nil:
		old.Said.Text, old.Said.Buttons, old.Said.Force = r.Text, r.Buttons, r.Force
	default:
		r.Edit = ""
		number = t.add(at, &message{Said: r})
	}
	if err := t.keep(); err != nil {
		return "", &bot.SendError{Failure: bot.Trouble, Err: err}
	}
	return number, nil
}

// Toast answers the press of a button.
func (t *Terminal) Toast(_ context.Context, press, text string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if who, waits := t.pressed[press]; waits && text != "" {
		t.toasts = append(t.toasts, toast{who, text})
	}
	delete(t.pressed, press)
	return nil
}

// Waiting tells whether somebody has pressed a button and was not answered yet.
func (t *Terminal) Waiting() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.pressed) > 0
}
