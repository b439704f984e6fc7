// Package handlers is what happens when somebody does something: a person writes to the
// bot, a member of staff presses a button under a card, an administrator asks for a code,
// a notice is put into words. One file an audience.
//
// A handler loads, asks the domain, and says. What it says to a person goes into the state
// of their dialogue, which is stored before anything is sent; what it says to an office is
// a notification, stored with its cause. So a handler sends nothing itself, and an update
// that comes twice finds what it did the first time.
//
// The package knows no messenger and no database: it declares the few methods that it
// needs of the storage, and speaks of people and chats by their [dauys.Address].
package handlers

import (
	"context"
	"crypto/rand"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/documents"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
	"alt.edu.kz/dauys/notices"
)

// Input is one thing that somebody did, in no messenger's terms.
type Input struct {
	Update  string        // the messenger's id of it: the same update, the same id
	From    dauys.Address // who
	Name    string        // as the messenger shows them
	Lang    string        // the language of their phone, a guess
	Chat    dauys.Address // where
	Title   string        // of the chat
	Private bool          // the chat of one person with the bot

	Message string // the message that was sent, or under which a button was pressed
	ReplyTo string // the message that it answers
	Text    string
	Origin  string    // who had written it, when it was passed on
	Written time.Time // and when
	Phone   string    // of a contact, when it is the person's own
	Contact string    // any contact, as words: the name and the number
	Command string    // "start" for /start
	Arg     string    // what stood behind it
	Press   string    // what a pressed button carried
	File    *ask.File
	Strange bool // something that nobody asked for: a sticker, a poll
	Edited  bool // a message that had been sent before was changed
	Foreign bool // a command for another bot
	Hidden  bool // the messenger does not tell who it was: From is the mask they wear

	Forum  HasTopics     // of a group, as far as the messenger tells with this
	Case   string        // in whose topic it was; Chat is that of the office then
	Change Change        // something about the chat itself
	Member dauys.Address // whom it concerns
	Moved  dauys.Address // where the chat is now
}

// Change is something that happened to a chat.
type Change string

// The changes.
const (
	Blocked   Change = "blocked"   // a person does not want to hear from the bot, or a chat has taken it out
	Unblocked Change = "unblocked" // and now does
	Added     Change = "added"     // the bot was taken into a chat
	Due       Change = "due"       // nobody did anything: it is time to tell the person something
	Joined    Change = "joined"    // somebody has become a member
	Left      Change = "left"      // a member left, or was taken out
	Moved     Change = "moved"     // the chat has another address now
	Shut      Change = "shut"      // somebody has closed the topic
	Opened    Change = "opened"    // somebody has opened it again
)

// HasTopics is whether a group has topics.
type HasTopics string

// What can be known of it; nothing is not known.
const (
	NoForum    HasTopics = "none"
	Forum      HasTopics = "some"
	OurForum   HasTopics = "ours"   // and the bot may make some
	TheirForum HasTopics = "theirs" // and the bot may make none
)

// Storage is what the handlers need to remember and look up.
type Storage interface {
	Cases
	Clocked
	People
	Offices
	Prompts
	Proposals
	Steps
	Procedures
	Days
	Figures
	Topics
	Outlines
	Jobs
	Meetings
	Queues
	Mutes
	Journals
	Worklists
	Receptions
	Appointments
	Staffing
	Absences
	Blobs
	Signatures
	Readies
	Papers
	Entries
	Links
	Uploads
	Imported
	Wholes
	Looks
	Seats
	Newsstand
	Mailings
}

// Cases are the registered cases.
type Cases interface {
	File(ctx context.Context, c *dauys.Case) (stored *dauys.Case, fresh bool, err error)
	Enter(ctx context.Context, c *dauys.Case, who dauys.Address, office dauys.OfficeID, now time.Time) (stored *dauys.Case, fresh bool, err error)
	Case(ctx context.Context, number string) (*dauys.Case, error)
	CasesOf(ctx context.Context, applicant dauys.Address, limit int) ([]*dauys.Case, error)
	OpenCases(ctx context.Context, office dauys.OfficeID) ([]*dauys.Case, error)
	Act(ctx context.Context, number string, who dauys.Address, cause string, now time.Time, change func(*dauys.Case, dauys.Staff) error) (*dauys.Case, error)
	// ActFor is Act for what somebody does in favour of a colleague: whom is the active right of that one.
	ActFor(ctx context.Context, number string, who, whom dauys.Address, cause string, now time.Time, change func(c *dauys.Case, s, whom dauys.Staff) error) (*dauys.Case, error)
	// ActTogether is Act for several cases at once: all of them change, or none. The right is that for the
	// office that has the first.
	ActTogether(ctx context.Context, numbers []string, who dauys.Address, cause string, now time.Time, change func([]*dauys.Case, dauys.Staff) error) ([]*dauys.Case, error)
	// Branch is Act for a case of which a part becomes a case of its own, which gets its number then.
	Branch(ctx context.Context, number string, fresh *dauys.Case, who dauys.Address, cause string, now time.Time, change func(c, fresh *dauys.Case, s dauys.Staff) error) (c, stored *dauys.Case, err error)
	Notify(ctx context.Context, n ...dauys.Notification) error
}

// People are who the bot has met, and who may act for an office.
type People interface {
	SetLang(ctx context.Context, who dauys.Address, name string, lang dauys.Lang) error
	LangOf(ctx context.Context, who dauys.Address) (dauys.Lang, error) // empty when nobody knows
	Unreachable(ctx context.Context, who dauys.Address) (bool, error)
	SetUnreachable(ctx context.Context, who dauys.Address, unreachable bool, now time.Time) error
	StaffOf(ctx context.Context, who dauys.Address, now time.Time) ([]dauys.Staff, error)
	StaffFor(ctx context.Context, office dauys.OfficeID, now time.Time) ([]dauys.Staff, error)
	Grant(ctx context.Context, s dauys.Staff) (dauys.Staff, error)
	RevokeVia(ctx context.Context, who, chat dauys.Address, now time.Time) error
}

// Offices are the chats in which offices work.
type Offices interface {
	BoundTo(ctx context.Context, chat dauys.Address) ([]dauys.OfficeID, error)
	OfficesIn(ctx context.Context, chat dauys.Address) ([]dauys.OfficeID, error) // bound to the chat or to a topic in it
	Bindings(ctx context.Context) (map[dauys.OfficeID]dauys.Address, error)
	OpenCounts(ctx context.Context) (map[dauys.OfficeID]int, error)           // cases, by the office that has them
	ChatOf(ctx context.Context, office dauys.OfficeID) (dauys.Address, error) // empty: it has none
	MakeCode(ctx context.Context, office dauys.OfficeID, code string, by dauys.Address, expires time.Time) error
	UseCode(ctx context.Context, code string, chat, by dauys.Address, now time.Time) (dauys.OfficeID, error)
	Rebind(ctx context.Context, from, to dauys.Address) error
	Unbind(ctx context.Context, office dauys.OfficeID, chat dauys.Address) error
	ShowAgain(ctx context.Context, number string, office dauys.OfficeID) error
	CardMessage(ctx context.Context, number string, office dauys.OfficeID) (chat dauys.Address, message string, err error)
	CaseOfCard(ctx context.Context, chat dauys.Address, message string) (number string, err error)
}

// Prompt is an act of staff that needs words, on its way: it starts with a button under a
// card, is written as replies to the bot, and ends with Send or Cancel.
type Prompt struct {
	ID      string
	Chat    dauys.Address
	Actor   dauys.Address
	Case    string
	Act     dauys.Act
	Session ask.Session
	Version int64
}

// Prompts are kept in the database, because the dialogue store is never on the path of
// what staff do.
type Prompts interface {
	// SavePrompt stores a prompt and the notices it causes together. The same cause
	// changes it once; a lost race is dauys.ErrConflict.
	SavePrompt(ctx context.Context, p Prompt, cause string, notes ...dauys.Notification) (Prompt, error)
	Prompt(ctx context.Context, id string) (Prompt, error)
	PromptAt(ctx context.Context, chat dauys.Address, message string) (Prompt, error)
	// PromptOnItsWay finds the prompt of somebody in a chat of which a question is being
	// sent: it may stand there already, in a message that is not noted yet.
	PromptOnItsWay(ctx context.Context, chat, actor dauys.Address) (Prompt, error)
	OpenPrompts(ctx context.Context, chat, actor dauys.Address) ([]Prompt, error) // begun and not ended
}

// Members tells whether a person is in a chat now; the messenger knows. An error that the
// messenger will not give again later is none: who is not known there is not in it.
type Members interface {
	Member(ctx context.Context, chat, who dauys.Address) (bool, error)
}

// Handlers is everything that people can do.
type Handlers struct {
	University *dauys.University
	Book       *locales.Book
	Storage    Storage
	Members    Members
	Files      Files
	Templates  *documents.Templates        // of the papers of meetings
	Tally      *Tally                      // where people stop; nil: nobody counts
	Link       func(payload string) string // leads to the bot; the payload comes back behind /start
	Public     string                      // the address of the server for everybody, without a slash at the end; empty: there is none
	Admins     []dauys.Address
	Now        func() time.Time // the wall clock, which can be moved
	NewID      func() string    // of drafts and prompts
	NewCode    func() string    // for binding a chat: at least 40 bits by chance
	Log        *slog.Logger

	FileCame  func()                   // told when a file waits to be read in the background; nil: nobody
	Schedules map[string]Schedule      // when the regular jobs run; one that is not there never does
	Leads     map[string]notices.Leads // those of the jobs that are counted from events
	Mail      Mailer                   // another way to those to whom the messenger cannot write; nil: there is none

	jobsPass sync.Mutex // held while jobs run: what several plan at once is told at once
	mailMu   sync.Mutex
	mailings map[string]mailingSeen // notices for many that are being sent

	jobsMu  sync.Mutex
	jobsRan map[string]time.Time // job → its latest run that is known to be done

	recordMu    sync.Mutex
	recordAsked time.Time // when the storage was asked last whether there is a record
	recordKept  bool      // what it has said

	goneMu sync.Mutex
	gone   map[dauys.Address]bool // who could not be written to when it was asked last

	making makings // what is made apart from the turn that asks for it

	days     sync.Mutex // held while the edits of the calendar are loaded
	daysSeen int64      // the version that was loaded
}

// NewID is an id that cannot be guessed, of letters and digits.
func NewID() string { return rand.Text() }

// NewCode is a one-time code of 50 bits that can be typed: ten letters and digits without
// those that look alike.
func NewCode() string {
	const letters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
	b := make([]byte, 10)
	_, _ = rand.Read(b) // never fails, says its documentation
	for i := range b {
		b[i] = letters[int(b[i])%len(letters)]
	}
	return string(b)
}

// Names looks up what the structure file names, for the words of others.
func Names(u *dauys.University) locales.Names {
	return func(list, id string) dauys.Names {
		switch list {
		case "institute":
			if i, ok := u.Institute(id); ok {
				return i.Names
			}
		case "contact":
			if i := slices.IndexFunc(u.Contacts, func(c dauys.Contact) bool { return c.Number == id }); i >= 0 {
				return u.Contacts[i].Names
			}
		case "rung": // as schemes write it
			if n, ok := u.Persons[id]; ok {
				return n
			}
			if i := slices.IndexFunc(u.Offices, func(o dauys.Office) bool { return o.ID.Kind() == dauys.OfficeID(id) }); i >= 0 {
				return u.Offices[i].Names
			}
		case paperNames:
			if n, ok := u.Papers[id]; ok {
				return n
			}
		case "scheme":
			if s, ok := u.Scheme(id); ok {
				return s.Title(u)
			}
		case "body": // on a button
			if b, ok := u.Body(id); ok {
				return b.Label()
			}
		case "full-body":
			if b, ok := u.Body(id); ok {
				return b.Names
			}
		case "seat": // an office where it matters of which institute it is
			if o, ok := u.Office(dauys.OfficeID(id)); ok {
				names := dauys.Names{}
				for l, name := range o.Names {
					if names[l] = name; o.Institute != "" {
						names[l] += " · " + strings.ToUpper(o.Institute)
					}
				}
				return names
			}
		case "office":
			if o, ok := u.Office(dauys.OfficeID(id)); ok {
				return o.Names
			}
		}
		return dauys.Names{dauys.Kazakh: id, dauys.Russian: id, dauys.English: id}
	}
}

// Turn is one thing that a person did in their own chat with the bot, and what they are
// answered: State is changed by it and stored afterwards, with the replies in it.
type Turn struct {
	Input
	State *ask.State
	// Save stores the state as it is now, without counting the update as handled: what
	// follows may be repeated if the process dies. A lost race is dauys.ErrConflict.
	Save  func(context.Context) error
	Toast string // shown at the pressed button
	Told  bool   // something urgent is in the outbox

	refused bool        // the form could not take what was sent, and has said so
	kept    func() bool // the registrar has brought students, so the menu offers them their record
	offered int         // so many of the buttons shown last are those that the person may have meant
}

// Lang is the language of the person.
func (t *Turn) Lang() dauys.Lang { return dauys.Lang(t.State.Lang) }

// Say answers with a message.
func (t *Turn) Say(r ask.Reply) { t.State.Replies = append(t.State.Replies, r) }

// Here makes a reply replace the message whose button was pressed, if one was.
func (t *Turn) Here(r ask.Reply) ask.Reply {
	if t.Press != "" {
		r.Edit = t.Message
	}
	return r
}
