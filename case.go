package dauys

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"time"
)

// Kind is what is asked of the university. Which kinds there are follows from the
// conversations; which way each of them goes, from the structure file.
type Kind string

// The kinds of request that are spoken of besides their conversations.
const (
	Complaint   Kind = "complaint"
	Suggestion  Kind = "suggestion"
	Application Kind = "application" // in writing, to the Department for Educational and Social Work
	Appeal      Kind = "appeal"      // against a mark
	Response    Kind = "response"    // what somebody thinks of the university, without asking for anything
	Message     Kind = "message"     // that something is wrong there
	Inquiry     Kind = "inquiry"     // for information
	Audience    Kind = "audience"    // to be received in person
)

// Channel is how a request has come.
type Channel string

// The channels. What has not come by the messenger, staff have entered.
const (
	ByMessenger Channel = ""
	ByVisit     Channel = "visit" // in person, at the door
	ByCall      Channel = "call"  // by telephone
	ByTalk      Channel = "talk"  // in an online turn of a queue
	ByPaper     Channel = "paper"
	ByMail      Channel = "mail" // electronic
	ByBlog      Channel = "blog"
)

// Channels lists those that staff can enter, in the order in which they are offered.
var Channels = []Channel{ByVisit, ByCall, ByTalk, ByPaper, ByMail, ByBlog}

// File is something that was attached. Its bytes stay with the messenger; Ref is that
// messenger's own name for them and is meaningless to anybody else.
type File struct {
	Ref     string `json:"ref"`
	Made    string `json:"made,omitempty"` // the [Blob] that it is, when the bot has made it: it has no Ref then
	Kind    string `json:"kind"`           // photo, document, voice, video
	Name    string `json:"name,omitempty"`
	Size    int64  `json:"size,omitempty"` // bytes; 0: unknown
	MIME    string `json:"mime,omitempty"`
	Caption string `json:"caption,omitempty"` // words sent with it
	Spoken  bool   `json:"spoken,omitempty"`  // a recording that stands for words, and is no attachment
	Item    string `json:"item,omitempty"`    // which document it is, where a list was asked for
}

// Consent is the agreement to the processing of personal data: which text, and when.
type Consent struct {
	Version string    `json:"version"`
	At      time.Time `json:"at"`
}

// Draft is a finished request that is about to become a case. The same draft becomes
// the same case however often it is filed.
type Draft struct {
	ID           string
	Kind         Kind
	Channel      Channel
	By           Staff // who has entered it, where it has not come by the messenger
	Applicant    Applicant
	Institute    string
	Topic        string
	Scheme       string     // chosen by the person; empty: what the structure file says
	Level        OfficeID   // where it begins, as a scheme writes it; empty: at the bottom
	Group        string     // of the student
	Against      []OfficeID // whom it is about, as far as they have a place in the procedure
	Text         string     // empty when all of it was spoken
	Details      []Detail
	Urgent       bool
	Confidential bool // read by staff in their own chats only
	Files        []File
	Missing      []string // documents of the list that are to come later
	Consent      Consent
	Helper       string // who had written it down for the applicant, if somebody had
	Original     string // the words of that one, where the applicant has changed them
}

// Request is what decides the way of the draft. Who is known to be whom, and who sits where, is
// for whoever files it to add.
func (d Draft) Request() Request {
	return Request{Kind: d.Kind, From: d.Applicant.Standing, Institute: d.Institute, Topic: d.Topic, Group: d.Group, Scheme: d.Scheme, Level: d.Level, Against: d.Against}
}

// Detail is an answer that has no place of its own in a case: it stands on the card in a
// line, after the name of its question.
type Detail struct {
	Question string `json:"question"`         // of which flow: "talk.how"
	Option   string `json:"option,omitempty"` // that was chosen
	Text     string `json:"text,omitempty"`   // or what was written
	As       string `json:"as,omitempty"`     // how it is shown: as it is, or one of these
}

// What a detail can be besides words: a day as in 2026-11-23, a number with a point before its
// fraction, a number that is nobody's business in full. They are shown as the reader's language writes them.
const (
	DetailDay    = "day"
	DetailNumber = "number"
	DetailSecret = "secret" // of which most is not shown
)

// Case is one request with all that happened to it.
type Case struct {
	ID        string // that of the draft
	Number    string // ALT-2026-000123: given once, by the storage, without gaps
	Series    string
	Kind      Kind
	Channel   Channel
	Scheme    string
	Structure string // hash of the structure file under which it was filed
	Ladder    Ladder
	Terms     Terms
	Applicant Applicant
	Institute string
	Topic     string
	Group     string
	Against   []OfficeID // offices of whom it is about; they neither get nor read it
	Without   []OfficeID // that were left out of its ladder for that
	Barred    []Address  // who was there when it was filed, wherever else they may be
	Away      []OfficeID // that were left out of its ladder because who has the place was away
	Text      string     // empty when all of it was spoken
	Details   []Detail
	Urgent    bool   // asked for where words of danger were met
	Hash      string // of the text, the details and the files as they were sent
	Files     []File
	Missing   []string // documents that were asked for and not there when it was filed
	Consent   Consent
	Helper    string // name of who had written it down for the applicant, who then sent it
	Original  string // and their words, where the applicant has changed them

	Status     Status
	Outcome    Outcome
	Position   int // index into Ladder
	Holder     int64
	HolderName string

	Filed      time.Time // when Send was pressed
	Registered time.Time // from where the clock runs
	RungDue    time.Time // when the office that has it must have acted
	Due        time.Time // when the whole case must be answered
	Until      time.Time // of a closed one: until when its applicant may take it up again
	Wake       time.Time // when the clock has to look at it; zero: never

	Events  []Event
	Version int64

	news  int            // events not stored yet are those from here
	tells []Notification // not stored yet
}

// Event is one thing that happened to a case. Events are only ever added.
type Event struct {
	Seq      int // from 1
	At       time.Time
	Act      Act
	By       Party
	Staff    int64
	Name     string  // of the member of staff, as it was then, or as who signs has written it
	Who      Address // who has signed, or taken that back; who has written an answer that waits, or approved it; to whom it was handed
	Whom     string  // to whom it was handed: their name, as it was then
	Topic    string  // of another topic: which
	Was      string  // and which before
	From, To Status
	Office   OfficeID // that had the case
	Next     OfficeID // that has it now, when it moved
	Toward   OfficeID // of a proposal or a no to it: to which it would go; of a recommendation: who gets that; of a decision: who carries it out
	Note     string
	Details  []Detail
	Outcome  Outcome
	Body     string // of a redirect: the competent body, by its id in the directory
	Files    []File
	Days     int       // working days by which a term was extended
	Mark     int       // of a rating, 1 to 5
	Term     time.Time // due time that the clock spoke of
	Clause   string    // of the procedure, behind it
	Other    string    // another case that it has to do with, by its number
	Cause    string
}

// Open makes the case of a draft under a university's procedure, where nothing is known of the
// people in it but what the draft says.
func Open(d Draft, u *University, now time.Time) (*Case, error) {
	way, err := u.Route(d.Request())
	if err != nil {
		return nil, fmt.Errorf("open case: %w", err)
	}
	return way.Open(d, u, now), nil
}

// Open makes the case of a draft that goes this way: the scheme, the ladder and the terms that hold
// now are frozen in it. It has no number yet.
func (w Way) Open(d Draft, u *University, now time.Time) *Case {
	scheme := w.Scheme
	c := &Case{
		ID: d.ID, Series: scheme.Series, Kind: d.Kind, Channel: d.Channel, Scheme: scheme.ID, Structure: u.Hash, Ladder: w.Ladder, Terms: u.terms(scheme, d.Kind),
		Applicant: d.Applicant, Institute: d.Institute, Topic: d.Topic, Group: d.Group, Against: w.Against, Without: w.Without, Barred: w.Barred, Away: w.Away,
		Text: d.Text, Details: d.Details, Urgent: d.Urgent, Files: d.Files, Missing: d.Missing, Consent: d.Consent, Helper: d.Helper, Original: d.Original,
		Hash: d.hash(), Status: Registered, Filed: now, Registered: u.Calendar.Registered(now),
	}
	c.Terms.Restricted = c.Terms.Restricted || d.Confidential
	c.RungDue = c.due(&u.Calendar, c.Registered)
	c.Due = u.Calendar.Due(c.Registered, c.Terms.Days)
	registered := Event{At: now, Act: Register, By: TheApplicant, To: Registered, Office: c.Office(), Clause: c.Terms.Cites[string(Register)]}
	if d.Channel != ByMessenger {
		registered.By, registered.Staff, registered.Name = TheOffice, d.By.ID, d.By.Name
	}
	c.append(registered)
	c.Wake = c.next(&u.Calendar)
	c.tell(Receipt, c.Applicant.Address, "")
	c.tell(Papers, "", c.Office())
	return c
}

// Office is who has the case.
func (c *Case) Office() OfficeID { return c.Ladder[c.Position].Office }

// Rung is its place in the ladder.
func (c *Case) Rung() Rung { return c.Ladder[c.Position] }

// Higher is the office above, if there is one.
func (c *Case) Higher() (OfficeID, bool) {
	if !c.higher() {
		return "", false
	}
	return c.Ladder[c.Position+1].Office, true
}

func (c *Case) higher() bool { return c.Position+1 < len(c.Ladder) }

// Event is the nth thing that happened, counted from 1.
func (c *Case) Event(n int) (Event, error) {
	if n < 1 || n > len(c.Events) {
		return Event{}, fmt.Errorf("case %s, event %d: %w", c.Number, n, ErrNotFound)
	}
	return c.Events[n-1], nil
}

// Latest is the last thing of a kind that happened.
func (c *Case) Latest(act Act) (Event, bool) {
	for i := len(c.Events) - 1; i >= 0; i-- {
		if c.Events[i].Act == act {
			return c.Events[i], true
		}
	}
	return Event{}, false
}

// Settled is when the case was answered, redirected, withdrawn or closed; zero: not yet, or not any
// more.
func (c *Case) Settled() time.Time {
	e, _ := c.settling()
	return e.At
}

// settles tells whether an event settles its case: it is answered, redirected, withdrawn, or closed otherwise.
func (e Event) settles() bool {
	return e.From != e.To && (slices.Contains([]Status{Decided, Redirected, Withdrawn}, e.To) || e.To == Closed && (e.Act == Close || e.Act == Join))
}

// settling is the event that has settled the case.
func (c *Case) settling() (last Event, settled bool) {
	for _, e := range c.Events {
		switch {
		case e.From == e.To:
		case e.settles():
			last, settled = e, true
		case e.To != Closed:
			last, settled = Event{}, false
		}
	}
	return last, settled
}

// Late tells whether the whole term of the case was over when it was settled, or is over now. One
// that waits for its applicant is as late as it was when the wait began.
func (c *Case) Late(now time.Time) bool {
	if since, waits := c.Waits(); waits {
		now = since
	}
	if settled := c.Settled(); !settled.IsZero() {
		now = settled
	}
	return now.After(c.Due)
}

// Extended is by how many working days its terms were extended.
func (c *Case) Extended() (days int) {
	for _, e := range c.Events {
		if e.Act == Extend {
			days += e.Days
		}
	}
	return days
}

// Referral is one time that a case was redirected to a body outside the university.
type Referral struct {
	Event              // which said where to turn
	Accepted bool      // by that body, as the applicant says
	Failed   time.Time // when the applicant said that it was not; zero: they have not
}

// Referrals are those of the case, in their order. One counts as redirected, not as solved, until
// it has failed.
func (c *Case) Referrals() (all []Referral) {
	for _, e := range c.Events {
		switch last := len(all) - 1; {
		case e.Act == Redirect:
			all = append(all, Referral{Event: e})
		case last < 0:
		case e.Act == Bounce:
			all[last].Accepted, all[last].Failed = false, e.At
		case e.Act == Accept:
			_, outside := c.Outside(e)
			all[last].Accepted = all[last].Accepted || outside
		}
	}
	return all
}

// AcceptedOutside tells whether the applicant has said that the body to which the case was last
// redirected has accepted it.
func (c *Case) AcceptedOutside() bool {
	all := c.Referrals()
	return len(all) > 0 && all[len(all)-1].Accepted && c.Outcome == Outside
}

// Outside is the referral that stood before an event: the case had been redirected and not been
// taken up again.
func (c *Case) Outside(at Event) (last Event, was bool) {
	for _, e := range c.Events[:at.Seq-1] {
		switch {
		case e.Act == Redirect:
			last, was = e, true
		case e.From == Closed && e.To != Closed:
			last, was = Event{}, false
		}
	}
	return last, was
}

// Recordings are the files that tell what the applicant did not write.
func (c *Case) Recordings() (all []File) {
	for _, f := range c.Files {
		if f.Spoken {
			all = append(all, f)
		}
	}
	return all
}

// Waits tells since when the case waits for its applicant, if it does. Meanwhile its terms
// stand still: both due times are those of before and move when the wait ends.
func (c *Case) Waits() (since time.Time, ok bool) {
	if c.Status != Needs {
		return time.Time{}, false
	}
	asked, ok := c.Latest(Ask)
	return asked.At, ok
}

// Waited counts the working days for which the case has waited for its applicant until now.
// They belong to its whole time, not to its terms.
func (c *Case) Waited(cal *Calendar, now time.Time) (days int) {
	var since time.Time
	for _, e := range c.Events {
		switch {
		case e.To == Needs && e.From != Needs:
			since = e.At
		case e.From == Needs && e.To != Needs:
			days += cal.WorkingDaysLeft(since, e.At)
		}
	}
	if since, waits := c.Waits(); waits {
		days += cal.WorkingDaysLeft(since, now)
	}
	return days
}

// Lacks counts the documents that the case needs and that are not there yet.
func (c *Case) Lacks() int { return len(c.Lacking()) }

// Lacking are those documents, in the order of the list.
func (c *Case) Lacking() []string {
	there := c.Brought()
	return slices.DeleteFunc(slices.Clone(c.Missing), func(item string) bool { return slices.Contains(there, item) })
}

// Brought are the documents of the list that are there, in the order in which they came.
func (c *Case) Brought() (items []string) {
	note := func(files []File) {
		for _, f := range files {
			if f.Item != "" && !slices.Contains(items, f.Item) {
				items = append(items, f.Item)
			}
		}
	}
	note(c.Files)
	for _, e := range c.Events {
		if e.Act == Bring {
			note(e.Files)
		}
	}
	return items
}

// BringBy is until when its applicant is asked to bring them; zero: they are not.
func (c *Case) BringBy(cal *Calendar) time.Time {
	if c.Terms.Bring == 0 {
		return time.Time{}
	}
	return cal.Due(c.Registered, c.Terms.Bring)
}

// Caused tells whether a cause has moved the case already.
func (c *Case) Caused(cause string) bool {
	for _, e := range c.Events {
		if cause != "" && e.Cause == cause {
			return true
		}
	}
	return false
}

// Seen tells whether an office has, or has had, the case: only these may read it.
func (c *Case) Seen(office OfficeID) bool {
	for _, e := range c.Events {
		if e.Office == office || e.Next == office {
			return true
		}
	}
	return false
}

// Stored hands the storage what is new since the case was loaded, and forgets it.
func (c *Case) Stored() (events []Event, tells []Notification) {
	events, tells = c.Events[c.news:], c.tells
	c.news, c.tells = len(c.Events), nil
	for i := range tells {
		tells[i].Case = c.Number
	}
	return events, tells
}

// Loaded marks all events as stored; the storage calls it on a case that it has just read.
func (c *Case) Loaded() { c.news, c.tells = len(c.Events), nil }

func (c *Case) append(e Event) {
	e.Seq = len(c.Events) + 1
	c.Events = append(c.Events, e)
}

func (c *Case) tell(what What, to Address, office OfficeID) {
	if to == "" && office == "" { // an applicant without a messenger
		return
	}
	c.tells = append(c.tells, notice(c, what, len(c.Events), to, office))
}

// due is when the office that has the case must have acted, counted from a time.
func (c *Case) due(cal *Calendar, from time.Time) time.Time {
	return cal.Due(cal.Registered(from), c.Ladder[c.Position].Days)
}

// hash is a fingerprint of what the applicant sent: twice the same draft, twice the same hash.
func (d Draft) hash() string {
	h := sha256.New()
	if d.Channel != ByMessenger {
		fmt.Fprintf(h, "%d:%s", len(d.Channel), d.Channel)
	}
	if d.Confidential {
		io.WriteString(h, "confidential")
	}
	for _, s := range []string{string(d.Kind), d.Institute, d.Topic, d.Scheme, string(d.Level), d.Group, fmt.Sprint(d.Against), d.Text} {
		fmt.Fprintf(h, "%d:", len(s))
		io.WriteString(h, s)
	}
	for _, x := range d.Details {
		for _, s := range []string{x.Question, x.Option, x.Text} {
			fmt.Fprintf(h, "%d:%s", len(s), s)
		}
	}
	for _, f := range d.Files {
		fmt.Fprintf(h, "%d:%s", len(f.Ref), f.Ref)
		if f.Spoken {
			io.WriteString(h, "spoken")
		}
		io.WriteString(h, f.Item)
	}
	for _, item := range d.Missing {
		fmt.Fprintf(h, "%d:%s", len(item), item)
	}
	return hex.EncodeToString(h.Sum(nil))
}
