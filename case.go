package dauys

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"time"
)

// Kind is what is asked of the university. Which kinds there are follows from the
// conversations; which way each of them goes, from the structure file.
type Kind string

// The kinds of request that the procedure for complaints knows.
const (
	Complaint  Kind = "complaint"
	Suggestion Kind = "suggestion"
)

// File is something that was attached. Its bytes stay with the messenger; Ref is that
// messenger's own name for them and is meaningless to anybody else.
type File struct {
	Ref     string `json:"ref"`
	Kind    string `json:"kind"` // photo, document, voice, video
	Name    string `json:"name,omitempty"`
	Size    int64  `json:"size,omitempty"` // bytes; 0: unknown
	MIME    string `json:"mime,omitempty"`
	Caption string `json:"caption,omitempty"` // words sent with it
	Spoken  bool   `json:"spoken,omitempty"`  // a recording that stands for words, and is no attachment
}

// Consent is the agreement to the processing of personal data: which text, and when.
type Consent struct {
	Version string    `json:"version"`
	At      time.Time `json:"at"`
}

// Draft is a finished request that is about to become a case. The same draft becomes
// the same case however often it is filed.
type Draft struct {
	ID        string
	Kind      Kind
	Applicant Applicant
	Institute string
	Topic     string
	Text      string // empty when all of it was spoken
	Details   []Detail
	Urgent    bool
	Files     []File
	Consent   Consent
	Helper    string // who had written it down for the applicant, if somebody had
}

// Detail is an answer that has no place of its own in a case: it stands on the card in a
// line, after the name of its question.
type Detail struct {
	Question string `json:"question"`         // of which flow: "talk.how"
	Option   string `json:"option,omitempty"` // that was chosen
	Text     string `json:"text,omitempty"`   // or what was written
}

// Case is one request with all that happened to it.
type Case struct {
	ID        string // that of the draft
	Number    string // ALT-2026-000123: given once, by the storage, without gaps
	Series    string
	Kind      Kind
	Scheme    string
	Structure string // hash of the structure file under which it was filed
	Ladder    Ladder
	Applicant Applicant
	Institute string
	Topic     string
	Text      string // empty when all of it was spoken
	Details   []Detail
	Urgent    bool   // asked for where words of danger were met
	Hash      string // of the text, the details and the files as they were sent
	Files     []File
	Consent   Consent
	Helper    string // name of who had written it down for the applicant, who then sent it

	Status     Status
	Outcome    Outcome
	Position   int // index into Ladder
	Holder     int64
	HolderName string

	Filed      time.Time // when Send was pressed
	Registered time.Time // from where the clock runs
	RungDue    time.Time // when the office that has it must have acted
	Due        time.Time // when the whole case must be answered

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
	Name     string // of the member of staff, as it was then
	From, To Status
	Office   OfficeID // that had the case
	Next     OfficeID // that has it now, when it moved
	Note     string
	Outcome  Outcome
	Files    []File
	Cause    string
}

// Open makes the case of a draft under a university's procedure: the scheme, the ladder and
// the terms that hold now are frozen in it. It has no number yet.
func Open(d Draft, u *University, now time.Time) (*Case, error) {
	scheme, ladder, err := u.Route(d.Kind, d.Applicant.Standing, d.Institute)
	if err != nil {
		return nil, fmt.Errorf("open case: %w", err)
	}
	c := &Case{
		ID: d.ID, Series: scheme.Series, Kind: d.Kind, Scheme: scheme.ID, Structure: u.Hash, Ladder: ladder,
		Applicant: d.Applicant, Institute: d.Institute, Topic: d.Topic, Text: d.Text, Details: d.Details, Urgent: d.Urgent, Files: d.Files, Consent: d.Consent, Helper: d.Helper,
		Hash: d.hash(), Status: Registered, Filed: now, Registered: u.Calendar.Registered(now),
	}
	c.RungDue = c.due(&u.Calendar, c.Registered)
	c.Due = u.Calendar.Due(c.Registered, scheme.Days)
	c.append(Event{At: now, Act: Register, By: TheApplicant, To: Registered, Office: c.Office()})
	c.tell(Receipt, c.Applicant.Address, "")
	c.tell(Papers, "", c.Office())
	return c, nil
}

// Office is who has the case.
func (c *Case) Office() OfficeID { return c.Ladder[c.Position].Office }

// Higher is the office above, if there is one.
func (c *Case) Higher() (OfficeID, bool) {
	if c.Position+1 >= len(c.Ladder) {
		return "", false
	}
	return c.Ladder[c.Position+1].Office, true
}

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
	c.tells = append(c.tells, notice(c, what, len(c.Events), to, office))
}

// due is when the office that has the case must have acted, counted from a time.
func (c *Case) due(cal *Calendar, from time.Time) time.Time {
	return cal.Due(cal.Registered(from), c.Ladder[c.Position].Days)
}

// hash is a fingerprint of what the applicant sent: twice the same draft, twice the same hash.
func (d Draft) hash() string {
	h := sha256.New()
	for _, s := range []string{string(d.Kind), d.Institute, d.Topic, d.Text} {
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
	}
	return hex.EncodeToString(h.Sum(nil))
}
