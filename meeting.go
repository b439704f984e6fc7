package dauys

import (
	"fmt"
	"slices"
	"time"
)

// Meeting is a meeting of a body that decides cases together: the Social Council, an appeal
// commission. It is planned, its members are invited, cases that are complete stand on its agenda,
// and when it is closed every applicant is told at once.
type Meeting struct {
	ID     string
	Office OfficeID
	At     time.Time
	Place  string
	Quorum int // so many members have to be there
	State  MeetingState
	Seats  []Seat
	Items  []Item

	Secretary string // who has closed it: the minutes name them

	Number  string // of its minutes, given by the storage when it is closed
	Seal    string // hash of the minutes as they were made
	Minutes string // id of the document

	Version int64
}

// MeetingState is where a meeting stands.
type MeetingState string

// The states.
const (
	Planned   MeetingState = "planned"
	Sitting   MeetingState = "sitting" // decisions are entered
	Held      MeetingState = "held"    // closed: its decisions are going out
	Settled   MeetingState = "settled" // they are out
	Cancelled MeetingState = "cancelled"
)

// Seat is a member of the body, as it was when the meeting was planned.
type Seat struct {
	Address Address
	Name    string
	Chair   bool
	Comes   string // yes, no, or nothing yet
	Invited bool   // was told of it, and is told when it is called off
	Present bool
}

// Item is a case on the agenda.
type Item struct {
	Case    string // number
	Ruling  Ruling // empty: not decided yet
	Reason  string
	Next    string   // what happens next, for the applicant
	Mark    string   // of an appeal: the mark that holds now
	By      string   // who has entered it
	ByID    int64    // and by which right
	Abstain []string // members who have no vote here, because it is about them
}

// Ruling is what a meeting decides about a case.
type Ruling string

// The rulings.
const (
	RuledGranted   Ruling = "granted"
	RuledPartly    Ruling = "partly"
	RuledRefused   Ruling = "refused"
	RuledPostponed Ruling = "postponed" // comes back to the next meeting
)

// Rulings lists them in the order in which they are offered.
var Rulings = []Ruling{RuledGranted, RuledPartly, RuledRefused, RuledPostponed}

// Outcome is what a ruling is for a case; of one that is postponed, nothing.
func (r Ruling) Outcome() Outcome {
	if r == RuledPostponed {
		return ""
	}
	return Outcome(r)
}

// MeetingError says why something cannot be done with a meeting now.
type MeetingError struct {
	Meeting string
	Why     MeetingWhy
	Count   int    // how many are missing
	Case    string // which case, if it is about one
}

// MeetingWhy is a reason, by the key of its words.
type MeetingWhy string

// The reasons.
const (
	NotNow      MeetingWhy = "state"     // not in this state
	NoQuorum    MeetingWhy = "quorum"    // members are missing
	Undecided   MeetingWhy = "undecided" // items are
	NoItems     MeetingWhy = "empty"     // nothing is on the agenda
	NotOnIt     MeetingWhy = "unknown"   // the case is not on the agenda
	TooEarly    MeetingWhy = "early"     // a meeting in the past cannot be planned
	NotAMember  MeetingWhy = "member"    // only members are invited and counted
	NeedsReason MeetingWhy = "reason"    // a ruling gives reasons
	OwnMark     MeetingWhy = "own"       // it is about who wants to enter it
	NobodyElse  MeetingWhy = "alone"     // nobody is there whom it is not about
)

func (e *MeetingError) Error() string {
	return fmt.Sprintf("meeting %s: %s (%d, %q)", e.Meeting, e.Why, e.Count, e.Case)
}

func (m *Meeting) no(why MeetingWhy) error { return &MeetingError{Meeting: m.ID, Why: why} }

// Plan plans a meeting of an office. The quorum is more than half of the members.
func Plan(id string, office OfficeID, at time.Time, place string, members []Staff, now time.Time) (*Meeting, error) {
	m := &Meeting{ID: id, Office: office, At: at, Place: place, State: Planned, Quorum: len(members)/2 + 1}
	if !at.After(now) {
		return nil, m.no(TooEarly)
	}
	for _, s := range members {
		m.Seats = append(m.Seats, Seat{Address: s.Address, Name: s.Name})
	}
	return m, nil
}

// Put puts a case on the agenda; one that is there stays where it is.
func (m *Meeting) Put(number string, abstain ...string) error {
	if m.State != Planned && m.State != Sitting {
		return m.no(NotNow)
	}
	if _, ok := m.item(number); !ok {
		m.Items = append(m.Items, Item{Case: number, Abstain: abstain})
	}
	return nil
}

// Take takes a case off the agenda: it was withdrawn, or is not complete after all.
func (m *Meeting) Take(number string) {
	m.Items = slices.DeleteFunc(m.Items, func(i Item) bool { return i.Case == number && m.State != Held })
}

// Answers notes whether a member comes.
func (m *Meeting) Answers(who Address, comes bool) error {
	i := slices.IndexFunc(m.Seats, func(s Seat) bool { return s.Address == who })
	if i < 0 {
		return m.no(NotAMember)
	}
	if m.State != Planned {
		return m.no(NotNow)
	}
	m.Seats[i].Comes = map[bool]string{true: "yes", false: "no"}[comes]
	return nil
}

// Sits opens the meeting: who is there is noted, and there must be enough of them.
func (m *Meeting) Sits(present []Address) error {
	if m.State != Planned {
		return m.no(NotNow)
	}
	if len(m.Items) == 0 {
		return m.no(NoItems)
	}
	n := 0
	for _, s := range m.Seats {
		if slices.Contains(present, s.Address) {
			n++
		}
	}
	if n < m.Quorum {
		return &MeetingError{Meeting: m.ID, Why: NoQuorum, Count: m.Quorum - n}
	}
	for i := range m.Seats {
		m.Seats[i].Present = slices.Contains(present, m.Seats[i].Address)
	}
	m.State = Sitting
	return nil
}

// Rule enters what was decided about a case. It can be entered again until the meeting is closed.
func (m *Meeting) Rule(ruled Item) error {
	if err := m.Can(ruled); err != nil {
		return err
	}
	i, _ := m.item(ruled.Case)
	ruled.Abstain = m.Items[i].Abstain
	m.Items[i] = ruled
	return nil
}

// Can tells whether a ruling would be taken; so a whole table can be checked before any of it is.
func (m *Meeting) Can(ruled Item) error {
	at, ok := m.item(ruled.Case)
	switch {
	case m.State != Sitting:
		return m.no(NotNow)
	case !ok:
		return &MeetingError{Meeting: m.ID, Why: NotOnIt, Case: ruled.Case}
	case slices.Contains(m.Items[at].Abstain, ruled.By):
		return &MeetingError{Meeting: m.ID, Why: OwnMark, Case: ruled.Case}
	case ruled.Ruling != RuledPostponed && !m.votes(m.Items[at]):
		return &MeetingError{Meeting: m.ID, Why: NobodyElse, Case: ruled.Case}
	case !slices.Contains(Rulings, ruled.Ruling), ruled.Reason == "":
		return &MeetingError{Meeting: m.ID, Why: NeedsReason, Case: ruled.Case}
	}
	return nil
}

// votes tells whether somebody is there who may vote on a case from which members stay away.
func (m *Meeting) votes(i Item) bool {
	return len(i.Abstain) == 0 || slices.ContainsFunc(m.Seats, func(s Seat) bool { return s.Present && !slices.Contains(i.Abstain, s.Name) })
}

// Left is how many cases are not decided yet.
func (m *Meeting) Left() (n int) {
	for _, i := range m.Items {
		if i.Ruling == "" {
			n++
		}
	}
	return n
}

// Close ends the meeting when every case on its agenda is decided.
func (m *Meeting) Close() error {
	if m.State != Sitting {
		return m.no(NotNow)
	}
	if n := m.Left(); n > 0 {
		return &MeetingError{Meeting: m.ID, Why: Undecided, Count: n}
	}
	m.State = Held
	return nil
}

// Settle notes that every decision is out.
func (m *Meeting) Settle() error {
	if m.State != Held {
		return m.no(NotNow)
	}
	m.State = Settled
	return nil
}

// Cancel calls a meeting off; its cases wait for the next.
func (m *Meeting) Cancel() error {
	if m.State != Planned && m.State != Sitting {
		return m.no(NotNow)
	}
	m.State = Cancelled
	return nil
}

func (m *Meeting) item(number string) (int, bool) {
	i := slices.IndexFunc(m.Items, func(i Item) bool { return i.Case == number })
	return i, i >= 0
}

// Item finds a case on the agenda.
func (m *Meeting) Item(number string) (Item, bool) {
	i, ok := m.item(number)
	if !ok {
		return Item{}, false
	}
	return m.Items[i], true
}
