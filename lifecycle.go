package dauys

import (
	"fmt"
	"slices"
	"time"
)

// Status is where a case stands.
type Status string

// The statuses, in the order of a case's life.
const (
	Registered Status = "registered" // has a number and a due date, waits to be taken
	InReview   Status = "review"     // somebody of the office works on it
	Needs      Status = "needs"      // the applicant was asked for something; the terms stand still
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
	Ask           Act = "ask"     // the one who has it asks the applicant
	Reply         Act = "reply"   // the applicant answers that
	Unask         Act = "unask"   // the question is taken back
	Answer        Act = "answer"
	Transcribe    Act = "transcribe" // what the applicant has said is put into words
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

// Saying is in what form an act says what it has to say.
type Saying string

// The forms; each takes those before it, too.
const (
	InWords Saying = "in words"
	OrVoice Saying = "in words or by voice"
	OrFiles Saying = "in words, by voice or with files"
)

// said tells whether a move says something in such a form.
func (s Saying) said(m Move) bool {
	switch {
	case s == "", m.Note != "":
		return true
	case s == OrVoice:
		return slices.ContainsFunc(m.Files, func(f File) bool { return f.Spoken })
	}
	return s == OrFiles && len(m.Files) > 0
}

// Rule is one line of the procedure: in a status a party may do something, which leads
// to a status, perhaps one office higher, and somebody is told.
type Rule struct {
	From   Status
	Do     Act
	By     Party
	To     Status
	Climb  bool    // the case goes to the next office of its ladder
	Note   Saying  // has to say something: a reason, an answer, details
	Spoken bool    // only where the applicant has spoken
	Tell   []Party // besides the cards, which always follow
}

// Rules is the whole life of a case. testdata/lifecycle.txt says the same in sentences.
var Rules = []Rule{
	{From: Registered, Do: Take, By: TheOffice, To: InReview, Tell: []Party{TheApplicant}},
	{From: Registered, Do: Transcribe, By: TheOffice, To: Registered, Note: InWords, Spoken: true, Tell: []Party{TheApplicant}},
	{From: Registered, Do: Escalate, By: TheOffice, To: Registered, Climb: true, Note: InWords, Tell: []Party{TheApplicant}},
	{From: Registered, Do: Add, By: TheApplicant, To: Registered, Note: OrFiles, Tell: []Party{TheOffice}},
	{From: Registered, Do: Amend, By: TheApplicant, To: Registered, Note: OrFiles, Tell: []Party{TheOffice}},
	{From: Registered, Do: Withdraw, By: TheApplicant, To: Withdrawn, Tell: []Party{TheOffice}},

	{From: InReview, Do: Answer, By: TheHolder, To: Decided, Note: OrVoice, Tell: []Party{TheApplicant}},
	{From: InReview, Do: Ask, By: TheHolder, To: Needs, Note: OrVoice, Tell: []Party{TheApplicant}},
	{From: InReview, Do: Transcribe, By: TheHolder, To: InReview, Note: InWords, Spoken: true, Tell: []Party{TheApplicant}},
	{From: InReview, Do: Escalate, By: TheHolder, To: Registered, Climb: true, Note: InWords, Tell: []Party{TheApplicant}},
	{From: InReview, Do: GiveBack, By: TheHolder, To: Registered},
	{From: InReview, Do: Release, By: TheMessenger, To: Registered},
	{From: InReview, Do: Add, By: TheApplicant, To: InReview, Note: OrFiles, Tell: []Party{TheOffice}},
	{From: InReview, Do: Amend, By: TheApplicant, To: InReview, Note: OrFiles, Tell: []Party{TheOffice}},
	{From: InReview, Do: Withdraw, By: TheApplicant, To: Withdrawn, Tell: []Party{TheOffice}},

	{From: Needs, Do: Reply, By: TheApplicant, To: InReview, Note: OrFiles, Tell: []Party{TheOffice}},
	{From: Needs, Do: Unask, By: TheHolder, To: InReview, Tell: []Party{TheApplicant}},
	{From: Needs, Do: Answer, By: TheHolder, To: Decided, Note: OrVoice, Tell: []Party{TheApplicant}},
	{From: Needs, Do: Transcribe, By: TheHolder, To: Needs, Note: InWords, Spoken: true, Tell: []Party{TheApplicant}},
	{From: Needs, Do: Release, By: TheMessenger, To: Registered},
	{From: Needs, Do: Undeliverable, By: TheMessenger, To: Needs, Tell: []Party{TheOffice}},
	{From: Needs, Do: Add, By: TheApplicant, To: Needs, Note: OrFiles, Tell: []Party{TheOffice}},
	{From: Needs, Do: Amend, By: TheApplicant, To: Needs, Note: OrFiles, Tell: []Party{TheOffice}},
	{From: Needs, Do: Withdraw, By: TheApplicant, To: Withdrawn, Tell: []Party{TheOffice}},

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
	if !rule.Note.said(m) {
		return fmt.Errorf("case %s: %s needs words", c.Number, m.Act)
	}
	if m.Act == Answer && m.Outcome == "" {
		return fmt.Errorf("case %s: an answer needs an outcome", c.Number)
	}
	e := Event{At: m.At, Act: m.Act, By: m.By, Staff: m.Staff.ID, Name: m.Staff.Name, From: c.Status, To: rule.To,
		Office: c.Office(), Note: m.Note, Outcome: m.Outcome, Files: m.Files, Cause: m.Cause}
	before := c.Office()
	if since, waits := c.Waits(); waits && rule.To != Needs {
		c.RungDue, c.Due = cal.Resumed(c.RungDue, since, m.At), cal.Resumed(c.Due, since, m.At)
	}
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
			switch m.Act {
			case Answer:
				what = Answered
			case Ask:
				what = Asked
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
		if r.Spoken && len(c.Recordings()) == 0 {
			break
		}
		return r, nil
	}
	e := &NotAllowedError{Number: c.Number, Act: m.Act, Status: c.Status}
	if (c.Status == InReview || c.Status == Needs) && c.Holder != m.Staff.ID {
		e.Holder = c.HolderName // that somebody has it is why
	}
	return Rule{}, e
}
