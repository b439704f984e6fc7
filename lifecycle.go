package dauys

import (
	"fmt"
	"time"
)

// Status is where a case stands.
type Status string

// The statuses, in the order of a case's life.
const (
	Registered Status = "registered" // has a number and a due date, waits to be taken
	InReview   Status = "review"     // somebody of the office works on it
	Decided    Status = "decided"    // the answer is written and on its way
	Closed     Status = "closed"     // the applicant has the answer
	Withdrawn  Status = "withdrawn"  // taken back by the applicant
)

// Final tells whether nothing more can happen to a case.
func (s Status) Final() bool { return s == Closed || s == Withdrawn }

// Act is something that is done with a case.
type Act string

// The acts.
const (
	Register      Act = "register"
	Take          Act = "take"
	GiveBack      Act = "giveback"
	Release       Act = "release" // the holder has left the chat through which they had their right
	Answer        Act = "answer"
	Escalate      Act = "escalate"
	Add           Act = "add"   // the applicant adds details
	Amend         Act = "amend" // the applicant has changed a message that is part of the case
	Withdraw      Act = "withdraw"
	Delivered     Act = "delivered"
	Undeliverable Act = "undeliverable"
)

// Party is who does it.
type Party string

// The parties of a case.
const (
	TheApplicant Party = "applicant"
	TheOffice    Party = "office" // anybody who may act for the office that has the case
	TheHolder    Party = "holder" // the one of them who took it
	TheMessenger Party = "messenger"
	TheClock     Party = "clock"
)

// Outcome is what an answer decides, by the words of the Administrative Procedural and
// Process-Related Code for what can become of an appeal.
type Outcome string

// The outcomes.
const (
	Granted   Outcome = "granted"
	Partly    Outcome = "partly"
	Refused   Outcome = "refused"
	Explained Outcome = "explained"
)

// Outcomes lists them in the order in which they are offered.
var Outcomes = []Outcome{Granted, Partly, Refused, Explained}

// Rule is one line of the procedure: in a status a party may do something, which leads
// to a status, perhaps one office higher, and somebody is told.
type Rule struct {
	From  Status
	Do    Act
	By    Party
	To    Status
	Climb bool    // the case goes to the next office of its ladder
	Note  bool    // needs words: a reason, an answer, details
	Tell  []Party // besides the cards, which always follow
}

// Rules is the whole life of a case. testdata/lifecycle.txt says the same in sentences.
var Rules = []Rule{
	{From: Registered, Do: Take, By: TheOffice, To: InReview, Tell: []Party{TheApplicant}},
	{From: Registered, Do: Escalate, By: TheOffice, To: Registered, Climb: true, Note: true, Tell: []Party{TheApplicant}},
	{From: Registered, Do: Add, By: TheApplicant, To: Registered, Note: true, Tell: []Party{TheOffice}},
	{From: Registered, Do: Amend, By: TheApplicant, To: Registered, Note: true, Tell: []Party{TheOffice}},
	{From: Registered, Do: Withdraw, By: TheApplicant, To: Withdrawn, Tell: []Party{TheOffice}},

	{From: InReview, Do: Answer, By: TheHolder, To: Decided, Note: true, Tell: []Party{TheApplicant}},
	{From: InReview, Do: Escalate, By: TheHolder, To: Registered, Climb: true, Note: true, Tell: []Party{TheApplicant}},
	{From: InReview, Do: GiveBack, By: TheHolder, To: Registered},
	{From: InReview, Do: Release, By: TheMessenger, To: Registered},
	{From: InReview, Do: Add, By: TheApplicant, To: InReview, Note: true, Tell: []Party{TheOffice}},
	{From: InReview, Do: Amend, By: TheApplicant, To: InReview, Note: true, Tell: []Party{TheOffice}},
	{From: InReview, Do: Withdraw, By: TheApplicant, To: Withdrawn, Tell: []Party{TheOffice}},

	{From: Decided, Do: Delivered, By: TheMessenger, To: Closed},
	{From: Decided, Do: Undeliverable, By: TheMessenger, To: Decided, Tell: []Party{TheOffice}},
}

// Move is what somebody does with a case.
type Move struct {
	Act     Act
	By      Party
	Staff   Staff   // who, when it is the office or the holder
	Note    string  // the answer, the reason, the details
	Outcome Outcome // of an answer
	Files   []File
	Cause   string // what brought it, the messenger's update for instance: the same cause moves a case once
	At      time.Time
}

// Do makes a move if the procedure has it, or answers a [*NotAllowedError] and changes
// nothing. It is the only place where the status of a case changes; it appends the event
// and what has to be told.
func (c *Case) Do(m Move, cal *Calendar) error {
	rule, err := c.rule(m)
	if err != nil {
		return err
	}
	if rule.Note && m.Note == "" && !(m.By == TheApplicant && len(m.Files) > 0) {
		return fmt.Errorf("case %s: %s needs words", c.Number, m.Act)
	}
	if m.Act == Answer && m.Outcome == "" {
		return fmt.Errorf("case %s: an answer needs an outcome", c.Number)
	}
	e := Event{At: m.At, Act: m.Act, By: m.By, Staff: m.Staff.ID, Name: m.Staff.Name, From: c.Status, To: rule.To,
		Office: c.Office(), Note: m.Note, Outcome: m.Outcome, Files: m.Files, Cause: m.Cause}
	before := c.Office()
	c.Status = rule.To
	switch m.Act {
	case Take:
		c.Holder, c.HolderName = m.Staff.ID, m.Staff.Name
	case GiveBack, Release:
		c.Holder, c.HolderName = 0, ""
	case Answer:
		c.Outcome = m.Outcome
	}
	if rule.Climb {
		c.Position++
		c.Holder, c.HolderName = 0, ""
		c.RungDue = c.due(cal, m.At)
		e.Next = c.Office()
	}
	c.append(e)
	for _, p := range rule.Tell {
		switch p {
		case TheApplicant:
			what := Told
			if m.Act == Answer {
				what = Answered
			}
			c.tell(what, c.Applicant.Address, "")
		case TheOffice:
			c.tell(Passed, "", before)
		}
	}
	if rule.Climb {
		c.tell(Papers, "", c.Office())
	}
	return nil
}

// Can tells whether a move would be possible now; the error is that of [Case.Do].
func (c *Case) Can(m Move) error {
	_, err := c.rule(m)
	return err
}

// Offers tells whether a party is offered an act now: the buttons under a card.
func (c *Case) Offers(act Act, by Party) bool {
	return c.Can(Move{Act: act, By: by, Staff: Staff{ID: c.Holder}}) == nil
}

func (c *Case) rule(m Move) (Rule, error) {
	for _, r := range Rules {
		if r.From != c.Status || r.Do != m.Act || r.By != m.By && !(r.By == TheHolder && m.By == TheOffice) {
			continue
		}
		if r.By == TheHolder && c.Holder != m.Staff.ID {
			return Rule{}, &NotAllowedError{Number: c.Number, Act: m.Act, Status: c.Status, Holder: c.HolderName}
		}
		if r.Climb && c.Position+1 >= len(c.Ladder) {
			return Rule{}, &NotAllowedError{Number: c.Number, Act: m.Act, Status: c.Status, Top: true}
		}
		return r, nil
	}
	e := &NotAllowedError{Number: c.Number, Act: m.Act, Status: c.Status}
	if c.Status == InReview {
		e.Holder = c.HolderName // that somebody has it is why
	}
	return Rule{}, e
}
