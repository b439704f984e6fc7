package dauys

import (
	"cmp"
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
	OnAgenda   Status = "agenda"     // a meeting is going to decide, or the applicant to be received
	Decided    Status = "decided"    // the answer is written and on its way
	Redirected Status = "redirected" // outside the university's competence: where to turn is on its way
	Closed     Status = "closed"     // the applicant has the answer, or has not replied in time
	Withdrawn  Status = "withdrawn"  // taken back by the applicant
)

// Final tells whether nobody has anything to do about a case any more. One that is closed
// can still be taken up again by its applicant, for a while.
func (s Status) Final() bool { return s == Closed || s == Withdrawn }

// Act is something that is done with a case.
type Act string

// The acts.
const (
	Register      Act = "register"
	Take          Act = "take"
	GiveBack      Act = "giveback"
	Release       Act = "release"    // the holder may not act for the office any more, or is away
	Substitute    Act = "substitute" // the holder is away, and a colleague answers for them
	Entrust       Act = "entrust"    // a colleague of the same office has it from now on
	Classify      Act = "classify"   // it is about something else than its applicant has chosen
	Ask           Act = "ask"        // the one who has it asks the applicant
	Reply         Act = "reply"      // the applicant answers that
	Unask         Act = "unask"      // the question is taken back
	Answer        Act = "answer"
	Submit        Act = "submit"     // an answer is written, and waits for the yes of a colleague
	Approve       Act = "approve"    // who says it, so that it leaves
	Return        Act = "return"     // or gives it back to who has written it
	Transcribe    Act = "transcribe" // what the applicant has said is put into words
	Note          Act = "note"       // for colleagues alone: nobody else is told, or sees it
	Escalate      Act = "escalate"   // beyond the authority of the office
	Propose       Act = "propose"    // the applicant is asked whether a higher office may have it
	Allow         Act = "allow"      // it may
	Forbid        Act = "forbid"     // it may not
	Transfer      Act = "transfer"   // to another office of the university
	Redirect      Act = "redirect"   // outside the university: where and how to turn
	Extend        Act = "extend"
	Recommend     Act = "recommend" // to the office above, which does not get the case by that
	Mediate       Act = "mediate"   // the sides are invited to a talk
	Schedule      Act = "schedule"  // for a meeting
	Decide        Act = "decide"    // by that meeting, or after the reception
	Postpone      Act = "postpone"  // to the next one
	Invite        Act = "invite"    // to be received in person, at a time
	Excuse        Act = "excuse"    // the applicant cannot come then
	Inspect       Act = "inspect"   // a restricted case is read by one of those who may
	Add           Act = "add"       // the applicant adds details
	Bring         Act = "bring"     // the applicant brings documents that were missing
	Amend         Act = "amend"     // the applicant has changed a message that is part of the case
	Remind        Act = "remind"    // the applicant reminds of it
	Withdraw      Act = "withdraw"
	Sign          Act = "sign"    // somebody else puts their name under it
	Unsign        Act = "unsign"  // and takes it back
	Accept        Act = "accept"  // the applicant: it is solved
	Rate          Act = "rate"    // the applicant: how well
	Reopen        Act = "reopen"  // the applicant: the same office again
	Dispute       Act = "dispute" // the applicant: the next office
	Bounce        Act = "bounce"  // the applicant: the body to which it was redirected has not accepted it
	Redact        Act = "redact"  // how the answer would be published; the applicant is asked
	Publish       Act = "publish" // the applicant: it may be
	Keep          Act = "keep"    // the applicant: it may not
	Sort          Act = "sort"    // today is the last day to find out whose it is
	Warn          Act = "warn"    // a term is about to end
	Urge          Act = "urge"    // it ends today, or goes on being over
	Overdue       Act = "overdue" // it is over, and the case stays where it is
	Expire        Act = "expire"  // it is over, and the case goes higher
	Link          Act = "link"    // with another case that has to do with it
	Unlink        Act = "unlink"
	Join          Act = "join"     // it is a duplicate, and goes on in another case of the same applicant
	Absorb        Act = "absorb"   // what stands in a duplicate is part of this one now
	Split         Act = "split"    // a part of it is a matter of its own, and has become a case
	Gather        Act = "gather"   // the applicant is asked whether others with the same cause may be joined
	Together      Act = "together" // the applicant: they may
	Apart         Act = "apart"    // the applicant: it stays by itself
	Nudge         Act = "nudge"    // the applicant has not replied yet
	Close         Act = "close"    // the applicant has not replied in time
	FollowUp      Act = "followup"
	Chase         Act = "chase"    // the applicant is reminded of documents that are missing
	Forgo         Act = "forgo"    // the time for bringing them is over: it can be decided without
	Bypass        Act = "bypass"   // an office is left out, because the case is about somebody there
	Recount       Act = "recount"  // the calendar was changed
	HandOver      Act = "handover" // the answer was handed over in another way than by the messenger
	Delivered     Act = "delivered"
	Undeliverable Act = "undeliverable"
)

// Party is who does it, or who is told of it.
type Party string

// The parties of a case.
const (
	TheApplicant Party = "applicant"
	TheOffice    Party = "office"    // anybody who may act for the office that has the case
	TheHolder    Party = "holder"    // the one of them who took it
	TheHead      Party = "head"      // the office above, which is told that something is late and not what it is about
	TheReader    Party = "reader"    // of the staff, the one who does it, in their own chat
	TheColleague Party = "colleague" // of the staff, the one to whom it is handed, in their own chat
	TheSigner    Party = "signer"    // somebody who puts their name under the request of another; told: all of them
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
	Left      Outcome = "left"    // left without consideration
	Outside   Outcome = "outside" // redirected to a body outside the university
	Joined    Outcome = "joined"  // goes on in another case of the same applicant; no answer
)

// Outcomes lists those that an answer can have, in the order in which they are offered.
var Outcomes = []Outcome{Granted, Partly, Refused, Explained, Left}

// Saying is in what form an act says what it has to say.
type Saying string

// The forms; each of the first three takes those before it, too.
const (
	InWords Saying = "in words"
	OrVoice Saying = "in words or by voice"
	OrFiles Saying = "in words, by voice or with files"
	OrBody  Saying = "in words or by naming a competent body"
)

// said tells whether a move says something in such a form.
func (s Saying) said(m Move) bool {
	switch {
	case s == "", m.Note != "":
		return true
	case s == OrBody:
		return m.Body != ""
	case s == OrVoice:
		return slices.ContainsFunc(m.Files, func(f File) bool { return f.Spoken })
	}
	return s == OrFiles && len(m.Files) > 0
}

// Rule is one line of the procedure: in a status a party may do something, which leads
// to a status, perhaps one office higher, and somebody is told.
type Rule struct {
	From  []Status
	Do    Act
	By    Party
	To    Status  // empty: it stays what it is
	Climb bool    // the case goes to a higher office of its ladder
	Note  Saying  // has to say something: a reason, an answer, details
	If    If      // only then; empty: always
	Tell  []Party // besides the cards, which always follow
}

var (
	untaken   = []Status{Registered}
	taken     = []Status{InReview}
	asked     = []Status{Needs}
	working   = []Status{Registered, InReview, OnAgenda}
	unsettled = []Status{Registered, InReview, Needs, OnAgenda}
	over      = []Status{Closed}
	held      = []Status{InReview, Needs, OnAgenda}
	linkable  = []Status{Registered, InReview, Needs, OnAgenda, Decided, Redirected, Closed}

	toApplicant = []Party{TheApplicant}
	toOffice    = []Party{TheOffice}
	toAllSides  = []Party{TheApplicant, TheSigner}
)

// Rules is the whole life of a case. testdata/lifecycle.txt says the same in sentences.
var Rules = []Rule{
	// Who has it works on it.
	{From: untaken, Do: Take, By: TheOffice, To: InReview, Tell: toApplicant},
	{From: []Status{InReview, OnAgenda}, Do: GiveBack, By: TheHolder, To: Registered},
	{From: []Status{InReview, OnAgenda}, Do: Release, By: TheMessenger, To: Registered},
	{From: asked, Do: Release, By: TheMessenger, To: Registered, Tell: toApplicant},
	{From: []Status{InReview, Needs, OnAgenda}, Do: Substitute, By: TheClock},
	{From: untaken, Do: Entrust, By: TheOffice, To: InReview, If: FromHead, Tell: []Party{TheApplicant, TheOffice, TheColleague}},
	{From: held, Do: Entrust, By: TheOffice, If: FromHolder, Tell: []Party{TheOffice, TheColleague}},
	{From: untaken, Do: Classify, By: TheOffice, If: OtherTopic},
	{From: held, Do: Classify, By: TheHolder, If: OtherTopic},
	{From: untaken, Do: Transcribe, By: TheOffice, Note: InWords, If: Spoken, Tell: toApplicant},
	{From: []Status{InReview, Needs}, Do: Transcribe, By: TheHolder, Note: InWords, If: Spoken, Tell: toApplicant},
	{From: unsettled, Do: Note, By: TheOffice, Note: InWords},
	{From: []Status{InReview, OnAgenda}, Do: Ask, By: TheHolder, To: Needs, Note: OrVoice, If: HasMessenger, Tell: toApplicant},
	{From: asked, Do: Unask, By: TheHolder, To: InReview, Tell: toApplicant},
	{From: []Status{InReview, Needs}, Do: Answer, By: TheHolder, To: Decided, Note: OrVoice, If: MayDecide, Tell: toAllSides},
	{From: []Status{InReview, Needs}, Do: Submit, By: TheHolder, Note: OrVoice, If: NeedsSecond, Tell: toOffice},
	{From: []Status{OnAgenda}, Do: Submit, By: TheOffice, Note: OrVoice, If: NeedsSecond, Tell: toOffice},
	{From: []Status{InReview, Needs, OnAgenda}, Do: Approve, By: TheOffice, If: OthersAnswer},
	{From: []Status{InReview, Needs, OnAgenda}, Do: Return, By: TheOffice, Note: InWords, If: OthersAnswer, Tell: toOffice},
	{From: taken, Do: Extend, By: TheHolder, Note: InWords, If: MayExtend, Tell: []Party{TheApplicant, TheHead}},
	{From: taken, Do: Recommend, By: TheHolder, Note: InWords, If: Empowered, Tell: []Party{TheHead, TheApplicant}},
	{From: taken, Do: Mediate, By: TheHolder, Note: InWords, If: Empowered, Tell: toApplicant},
	{From: []Status{InReview, OnAgenda}, Do: Schedule, By: TheOffice, To: OnAgenda, Note: InWords, If: Empowered, Tell: toApplicant},
	{From: []Status{InReview, OnAgenda}, Do: Invite, By: TheHolder, To: OnAgenda, Note: InWords, If: MayReceive, Tell: toApplicant},
	{From: []Status{OnAgenda}, Do: Postpone, By: TheOffice, To: Registered, Note: InWords, Tell: toApplicant},
	{From: []Status{OnAgenda}, Do: Decide, By: TheOffice, To: Decided, Note: OrVoice, If: MayDecide, Tell: toAllSides},

	{From: []Status{Registered, InReview, Needs, OnAgenda, Decided, Closed}, Do: Inspect, By: TheOffice, If: Restricted, Tell: []Party{TheReader}},

	// It goes to somebody else.
	{From: untaken, Do: Escalate, By: TheOffice, To: Registered, Climb: true, Note: InWords, If: MayHandUp, Tell: toApplicant},
	{From: taken, Do: Escalate, By: TheHolder, To: Registered, Climb: true, Note: InWords, If: MayHandUp, Tell: toApplicant},
	{From: untaken, Do: Propose, By: TheOffice, Note: InWords, If: MustAsk, Tell: toApplicant},
	{From: taken, Do: Propose, By: TheHolder, Note: InWords, If: MustAsk, Tell: toApplicant},
	{From: working, Do: Propose, By: TheClock, If: MustAsk, Tell: toApplicant},
	{From: unsettled, Do: Allow, By: TheApplicant, To: Registered, Climb: true, If: StaffAsked, Tell: []Party{TheOffice}},
	{From: unsettled, Do: Allow, By: TheApplicant, If: ClockAsked},
	{From: unsettled, Do: Forbid, By: TheApplicant, If: HasAsked, Tell: toOffice},
	{From: untaken, Do: Transfer, By: TheOffice, To: Registered, Note: InWords, If: Sideways, Tell: toApplicant},
	{From: taken, Do: Transfer, By: TheHolder, To: Registered, Note: InWords, If: Sideways, Tell: toApplicant},
	{From: untaken, Do: Redirect, By: TheOffice, To: Redirected, Note: OrBody, Tell: toAllSides},
	{From: taken, Do: Redirect, By: TheHolder, To: Redirected, Note: OrBody, Tell: toAllSides},
	{From: unsettled, Do: Bypass, By: TheClock, To: Registered, Climb: true, If: HasHigher, Tell: toApplicant},

	// The applicant.
	{From: unsettled, Do: Add, By: TheApplicant, Note: OrFiles, Tell: toOffice},
	{From: unsettled, Do: Bring, By: TheApplicant, Note: OrFiles, If: Lacking, Tell: toOffice},
	{From: unsettled, Do: Amend, By: TheApplicant, Note: OrFiles, Tell: toOffice},
	{From: asked, Do: Reply, By: TheApplicant, To: InReview, Note: OrFiles, Tell: toOffice},
	{From: working, Do: Remind, By: TheApplicant, If: NotReminded, Tell: toOffice},
	{From: unsettled, Do: Withdraw, By: TheApplicant, To: Withdrawn, Tell: []Party{TheOffice, TheSigner}},
	{From: []Status{OnAgenda}, Do: Excuse, By: TheApplicant, To: InReview, If: Expected, Tell: toOffice},
	{From: []Status{Registered, InReview, Needs}, Do: Excuse, By: TheApplicant, If: Expected, Tell: toOffice},
	{From: over, Do: Rate, By: TheApplicant, If: WasAnswered},
	{From: over, Do: Accept, By: TheApplicant, If: WasAnswered},
	{From: over, Do: Bounce, By: TheApplicant, To: Registered, If: InWindowOutside, Tell: toOffice},
	{From: over, Do: Reopen, By: TheApplicant, To: Registered, Note: OrFiles, If: InWindow, Tell: toOffice},
	{From: over, Do: Dispute, By: TheApplicant, To: Registered, Climb: true, Note: OrFiles, If: InWindowBelow, Tell: []Party{TheOffice}},

	// The answer is shown to others.
	{From: over, Do: Redact, By: TheOffice, Note: InWords, If: MayPublish, Tell: toApplicant},
	{From: over, Do: Publish, By: TheApplicant, If: Worded, Tell: toOffice},
	{From: over, Do: Keep, By: TheApplicant, If: Worded, Tell: toOffice},

	// It belongs together with others.
	{From: linkable, Do: Link, By: TheOffice, If: NotLinked},
	{From: linkable, Do: Unlink, By: TheOffice, If: IsLinked},
	{From: untaken, Do: Join, By: TheOffice, To: Closed, If: OfOne},
	{From: taken, Do: Join, By: TheHolder, To: Closed, If: OfOne},
	{From: working, Do: Absorb, By: TheOffice, Note: OrFiles, Tell: []Party{TheApplicant, TheOffice}},
	{From: untaken, Do: Split, By: TheOffice, Note: InWords, Tell: toApplicant},
	{From: held, Do: Split, By: TheHolder, Note: InWords, Tell: toApplicant},
	{From: working, Do: Gather, By: TheOffice, If: MayGather, Tell: toApplicant},
	{From: unsettled, Do: Together, By: TheApplicant, If: Gathered, Tell: toOffice},
	{From: unsettled, Do: Apart, By: TheApplicant, If: InCommon},

	// Who signs it, too.
	{From: unsettled, Do: Sign, By: TheSigner, If: MaySign, Tell: []Party{TheApplicant, TheOffice}},
	{From: unsettled, Do: Unsign, By: TheSigner, If: HasSigned},

	// The clock.
	{From: untaken, Do: Sort, By: TheClock, Tell: toOffice},
	{From: working, Do: Warn, By: TheClock, Tell: toOffice},
	{From: working, Do: Urge, By: TheClock, Tell: []Party{TheOffice, TheHead}},
	{From: []Status{Needs, Decided, Redirected}, Do: Urge, By: TheClock, If: Undelivered, Tell: toOffice},
	{From: working, Do: Overdue, By: TheClock, Tell: []Party{TheOffice, TheHead, TheApplicant}},
	{From: working, Do: Expire, By: TheClock, To: Registered, Climb: true, If: MayPass, Tell: []Party{TheApplicant, TheOffice}},
	{From: asked, Do: Nudge, By: TheClock, Tell: toApplicant},
	{From: asked, Do: Close, By: TheClock, To: Closed, Tell: []Party{TheApplicant, TheOffice, TheSigner}},
	{From: working, Do: Chase, By: TheClock, If: Lacking, Tell: toApplicant},
	{From: working, Do: Forgo, By: TheClock, If: Lacking, Tell: []Party{TheOffice, TheApplicant}},
	{From: over, Do: FollowUp, By: TheClock, If: WasAnswered, Tell: toApplicant},
	{From: []Status{Registered, InReview, Needs, OnAgenda, Decided, Redirected}, Do: Recount, By: TheClock},

	// What became of a message.
	{From: []Status{Decided, Redirected}, Do: HandOver, By: TheOffice, To: Closed, Note: InWords, If: Undelivered},
	{From: []Status{Decided, Redirected}, Do: Delivered, By: TheMessenger, To: Closed},
	{From: asked, Do: Delivered, By: TheMessenger, If: Undelivered},
	{From: []Status{Needs, Decided, Redirected}, Do: Undeliverable, By: TheMessenger, Tell: toOffice},
	{From: []Status{OnAgenda}, Do: Undeliverable, By: TheMessenger, If: Expected, Tell: toOffice},
}

// If is a condition of a rule besides the status and the party.
type If string

// The conditions.
const (
	Spoken          If = "the applicant has spoken"
	MayDecide       If = "the office does more than register, and a colleague has just approved where one has to"
	NeedsSecond     If = "the office does more than register, and a colleague has to approve"
	OthersAnswer    If = "an answer waits for the yes of a colleague, and they have not written it"
	FromHead        If = "a head of the office hands it to somebody else who may act for the office on it"
	FromHolder      If = "the one who took it, or a head of the office, hands it to somebody else who may act for the office on it"
	OtherTopic      If = "it has a topic, and this is another"
	MayExtend       If = "the term may still be extended"
	Empowered       If = "the office has this power"
	MayReceive      If = "the office has this power, and to be received is what the applicant asks"
	Expected        If = "a time was set at which they are received, and is still to come"
	MayPublish      If = "it was answered, such answers are published, and this one is not yet"
	Worded          If = "they were asked about a wording and have said nothing yet"
	HasHigher       If = "there is a higher office"
	MayHandUp       If = "there is a higher office, and the applicant need not be asked or has agreed"
	MustAsk         If = "there is a higher office, and the applicant has to be asked before it reads the case"
	StaffAsked      If = "the office has asked, or asks no more because the applicant had said no"
	ClockAsked      If = "the clock has asked"
	HasAsked        If = "the applicant was asked and has not said no"
	MayPass         If = "there is a higher office, the case is none that stays where it is, and the applicant was asked where that is needed and has not said no"
	Sideways        If = "the other office is none above it and none that the case is about"
	NotReminded     If = "the applicant has not done so since yesterday"
	WasAnswered     If = "it was closed with an answer"
	InWindow        If = "the time for it is not over"
	InWindowOutside If = "it was redirected and the time for it is not over"
	InWindowBelow   If = "the time for it is not over and there is a higher office"
	Restricted      If = "the case is restricted"
	Lacking         If = "documents are missing"
	MaySign         If = "it may be signed, there is room, and they are neither its applicant nor whom it is about and have not signed it yet"
	HasSigned       If = "they have signed it"
	Undelivered     If = "what the office wrote to the applicant has not arrived"
	HasMessenger    If = "the applicant can be written to"
	NotLinked       If = "it is not linked with the other yet"
	IsLinked        If = "it is linked with the other, and no part of it"
	OfOne           If = "nobody else has signed it, and no time is set at which its applicant is received"
	MayGather       If = "it is not restricted, and its applicant can be written to and was not asked yet"
	Gathered        If = "the applicant was asked about a common cause and has said nothing yet"
	InCommon        If = "the applicant was asked about a common cause and has not said no"
)

// remindAgain is how long after a reminder the applicant may send the next: once a day,
// also for who does it a little earlier each morning.
const remindAgain = 20 * time.Hour

// conditions say when they hold.
var conditions = map[If]func(*Case, Move) bool{
	"":          func(*Case, Move) bool { return true },
	Spoken:      func(c *Case, _ Move) bool { return len(c.Recordings()) > 0 },
	MayDecide:   func(c *Case, m Move) bool { return !c.Rung().Registers && (!c.Rung().Second || c.approved(m)) },
	NeedsSecond: func(c *Case, _ Move) bool { return !c.Rung().Registers && c.Rung().Second },
	OthersAnswer: func(c *Case, m Move) bool {
		e, waits := c.Submission()
		return waits && e.Staff != m.Staff.ID && e.Who != m.Staff.Address
	},
	FromHead:   func(c *Case, m Move) bool { return m.Staff.Head && c.colleague(m) },
	FromHolder: func(c *Case, m Move) bool { return (m.Staff.Head || m.Staff.ID == c.Holder) && c.colleague(m) },
	OtherTopic: func(c *Case, m Move) bool { return c.Topic != "" && m.Topic != c.Topic },
	MayExtend:  func(c *Case, m Move) bool { return c.Extendable() > 0 && m.Days <= c.Extendable() },
	Empowered:  func(c *Case, m Move) bool { return slices.Contains(c.Rung().Powers, m.Act) },
	MayReceive: func(c *Case, m Move) bool {
		return c.Kind == Audience && slices.Contains(c.Rung().Powers, m.Act)
	},
	Expected: func(c *Case, m Move) bool { at, ok := c.Reception(); return ok && m.At.Before(at) },
	MayPublish: func(c *Case, _ Move) bool {
		_, published := c.Published()
		return c.Terms.Publish && !published && answered(c)
	},
	Worded:    func(c *Case, _ Move) bool { _, open := c.Wording(); return open },
	HasHigher: func(c *Case, _ Move) bool { return c.higher() },
	MayHandUp: func(c *Case, m Move) bool {
		to, ok := c.above(m.To)
		w := c.wider()
		return ok && (!to.Asks || w.said == Allow && w.to == to.Office)
	},
	MustAsk: func(c *Case, m Move) bool {
		to, ok := c.above(m.To)
		w := c.wider()
		return ok && to.Asks && w.said == "" && (w.by == "" || w.by == TheClock && m.By != TheClock)
	},
	StaffAsked: func(c *Case, _ Move) bool { w := c.wider(); return w.by == TheOffice && w.said != Allow },
	ClockAsked: func(c *Case, _ Move) bool { w := c.wider(); return w.by == TheClock && w.said != Allow },
	HasAsked:   func(c *Case, _ Move) bool { w := c.wider(); return w.by != "" && w.said != Forbid },
	MayPass: func(c *Case, _ Move) bool {
		w := c.wider()
		to, ok := c.above(w.to)
		return ok && w.said != Forbid && (w.by == TheOffice || !c.Terms.Gentle && (!to.Asks || w.by != ""))
	},
	Sideways: func(c *Case, m Move) bool {
		return len(m.Ladder) == 0 || !slices.Contains(c.Against, m.Ladder[0].Office) &&
			!slices.ContainsFunc(c.Ladder[c.Position+1:], func(r Rung) bool { return r.Office == m.Ladder[0].Office })
	},
	Restricted: func(c *Case, _ Move) bool { return c.Terms.Restricted },
	Lacking:    func(c *Case, _ Move) bool { return c.Lacks() > 0 },
	NotReminded: func(c *Case, m Move) bool {
		e, ok := c.Latest(Remind)
		return !ok || m.At.Sub(e.At) >= remindAgain
	},
	WasAnswered:     func(c *Case, _ Move) bool { return answered(c) },
	InWindow:        func(c *Case, m Move) bool { return m.At.Before(c.Until) },
	InWindowOutside: func(c *Case, m Move) bool { return m.At.Before(c.Until) && c.Outcome == Outside },
	InWindowBelow:   func(c *Case, m Move) bool { return m.At.Before(c.Until) && c.higher() },
	MaySign: func(c *Case, m Move) bool {
		who := m.Staff.Address
		return c.Signable() && who != "" && who != c.Applicant.Address && !slices.Contains(c.Barred, who) && !c.Signed(who) && len(c.Signatures()) < MostSignatures
	},
	HasSigned:    func(c *Case, m Move) bool { return c.Signed(m.Staff.Address) },
	Undelivered:  func(c *Case, _ Move) bool { return c.undelivered() },
	HasMessenger: func(c *Case, _ Move) bool { return c.Applicant.Address != "" },
	NotLinked:    func(c *Case, m Move) bool { return m.Other == "" || !slices.Contains(c.Links(), m.Other) },
	IsLinked: func(c *Case, m Move) bool {
		all := c.untied()
		return slices.Contains(all, m.Other) || m.Other == "" && len(all) > 0
	},
	OfOne: func(c *Case, m Move) bool {
		at, received := c.Reception()
		return len(c.Signatures()) == 0 && (!received || !m.At.Before(at))
	},
	MayGather: func(c *Case, _ Move) bool {
		return !c.Terms.Restricted && c.Applicant.Address != "" && c.gathered().Seq == 0
	},
	Gathered: func(c *Case, _ Move) bool { return c.gathered().Act == Gather },
	InCommon: func(c *Case, _ Move) bool { last := c.gathered(); return last.Act == Gather || last.Act == Together },
}

// colleague tells whether a case may be handed to whom a move names: somebody else of the office, who may
// act on it. Nobody named yet is somebody to be chosen.
func (c *Case) colleague(m Move) bool {
	return m.Whom.ID == 0 || m.Whom.ID != c.Holder && m.Whom.ID != m.Staff.ID && May(ToHandle, c, m.Whom.Address, []Staff{m.Whom}, m.At)
}

// answered tells whether a case was closed with an answer.
func answered(c *Case) bool { return c.Outcome != Left && c.Outcome != Joined && c.Outcome != "" }

// Move is what somebody does with a case.
type Move struct {
	Act     Act
	By      Party
	Staff   Staff    // who, when it is the office or the holder; of who signs, the address and the name
	Whom    Staff    // of a hand-over to a colleague: to whom
	Topic   string   // of another topic: which
	Note    string   // the answer, the reason, the details
	Details []Detail // what else was said: who was told by word of mouth, and when
	Outcome Outcome  // of an answer
	Files   []File
	To      OfficeID  // of a hand-up that passes over offices, of a proposal, or where an office is left out: where to; empty: the next
	Hand    OfficeID  // of a decision: an office that carries it out and is told of it
	Body    string    // of a redirect: the competent body of the directory; empty: it is in the words alone
	Ladder  Ladder    // of a transfer: the way from there on
	Scheme  string    // and by which scheme
	Days    int       // of an extension: working days
	Mark    int       // of a rating: 1 to 5
	Term    time.Time // of what the clock does: the due time that it is about; of an invitation: when to come
	Channel Address   // of a publication: where it goes
	Other   string    // another case, by its number
	Here    time.Time // of a duplicate whose words are taken over: when its office must have acted
	Cause   string    // what brought it, the messenger's update for instance: the same cause moves a case once
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
	if err := c.complete(rule, m); err != nil {
		return err
	}
	to := rule.To
	if to == "" {
		to = c.Status
	}
	e := Event{At: m.At, Act: m.Act, By: m.By, Staff: m.Staff.ID, Name: m.Staff.Name, From: c.Status, To: to,
		Office: c.Office(), Note: m.Note, Details: m.Details, Outcome: m.Outcome, Files: m.Files, Days: m.Days, Mark: m.Mark, Term: m.Term, Body: m.Body, Other: m.Other,
		Clause: c.Terms.Cites[string(m.Act)], Cause: m.Cause}
	if m.By == TheSigner || m.Act == Submit || m.Act == Approve { // of the latter, that they are two
		e.Who = m.Staff.Address
	}
	switch m.Act {
	case Entrust:
		e.Who, e.Whom = m.Whom.Address, m.Whom.Name
	case Classify:
		e.Topic, e.Was = m.Topic, c.Topic
	}
	if m.Outcome == Left {
		e.Clause = c.Terms.Cites[string(Left)]
	}
	before := c.Office()
	head, _ := c.Higher()
	if since, waits := c.Waits(); waits && to != Needs {
		c.RungDue, c.Due = cal.Resumed(c.RungDue, since, m.At), cal.Resumed(c.Due, since, m.At)
	}
	c.Status = to
	switch m.Act {
	case Take, Substitute:
		c.Holder, c.HolderName = m.Staff.ID, m.Staff.Name
	case Entrust:
		c.Holder, c.HolderName = m.Whom.ID, m.Whom.Name
	case Classify:
		c.Topic = m.Topic
	case Answer, Decide:
		c.Outcome = m.Outcome
	case Redirect:
		c.Outcome = Outside
	case Close:
		c.Outcome = Left
	case Join:
		c.Outcome = Joined
	case Absorb: // the earlier terms of the two hold
		c.Due, c.RungDue = earlier(c.Due, m.Term), earlier(c.RungDue, m.Here)
	case Extend:
		c.RungDue, c.Due = cal.Due(c.RungDue, m.Days), cal.Due(c.Due, m.Days)
	case Transfer:
		c.Scheme, c.Ladder, c.Position = m.Scheme, m.Ladder, 0
	case Reopen, Dispute, Bounce:
		c.Outcome, c.Until = "", time.Time{}
		c.Due = cal.Due(cal.Registered(m.At), c.Terms.Days)
	case FollowUp:
		c.Until = later(c.Until, cal.Due(m.At, c.Terms.Again))
	}
	if to == Registered || to.Final() {
		c.Holder, c.HolderName = 0, ""
	}
	if to == Closed && e.From != Closed && m.Act != Join { // that goes on elsewhere
		c.Until = cal.Due(m.At, c.Terms.Window)
	}
	switch {
	case m.Act == Propose:
		rung, _ := c.above(m.To)
		e.Toward = rung.Office
	case m.Act == Forbid:
		e.Toward = c.wider().to
	case m.Act == Recommend:
		e.Toward = head
	case m.Act == Decide:
		e.Toward = m.Hand
	case rule.Climb:
		c.Position = c.target(c.toward(m))
	}
	if rule.Climb || m.Act == Transfer || m.Act == Reopen || m.Act == Bounce {
		c.RungDue = c.due(cal, m.At)
	}
	if rule.Climb || m.Act == Transfer {
		e.Next = c.Office()
	}
	c.append(e)
	c.Wake = c.next(cal)
	if m.Act == Sign && !c.announces() {
		return nil // the cards show how many there are
	}
	for _, p := range rule.Tell {
		switch p {
		case TheSigner:
			for _, s := range c.Signatures() {
				c.tell(ToSigner, s.Who, "")
			}
		case TheApplicant:
			c.tell(cmp.Or(told[m.Act], Told), c.Applicant.Address, "")
		case TheOffice:
			c.tell(Passed, "", before)
		case TheReader:
			c.tell(Content, m.Staff.Address, "")
		case TheColleague:
			c.tell(Handed, m.Whom.Address, "")
		case TheHead:
			if head != "" && head != before {
				c.tell(Passed, "", head)
			}
		}
	}
	switch m.Act {
	case Invite:
		c.expect(cal, m.Term, m.At)
	case Publish:
		c.tell(Post, m.Channel, "")
	}
	if e.Next != "" {
		c.tell(Papers, "", c.Office())
	}
	if m.Hand != "" {
		c.tell(Passed, "", m.Hand)
	}
	return nil
}

// told is how an applicant is told of an act, where it matters whether that arrives.
var told = map[Act]What{Answer: Answered, Decide: Answered, Redirect: Answered, Ask: Asked, Invite: Asked}

// complete checks that a move has what its rule needs.
func (c *Case) complete(rule Rule, m Move) error {
	needs := ""
	switch {
	case (m.By == TheOffice || m.By == TheHolder || m.Act == Substitute) && m.Staff.ID == 0:
		needs = "somebody of the office"
	case !rule.Note.said(m):
		needs = "words"
	case (m.Act == Answer || m.Act == Decide || m.Act == Submit) && m.Outcome == "":
		needs = "an outcome"
	case m.Act == Entrust && m.Whom.ID == 0:
		needs = "a colleague"
	case m.Act == Classify && m.Topic == "":
		needs = "a topic"
	case m.Act == Extend && m.Days < 1:
		needs = "working days"
	case m.Act == Transfer && len(m.Ladder) == 0:
		needs = "an office"
	case m.Act == Invite && !m.Term.After(m.At):
		needs = "a time that is still to come"
	case m.Act == Redact && len(m.Details) == 0:
		needs = "the words of the answer"
	case slices.Contains(tying, m.Act) && (m.Other == "" || m.Other == c.Number && m.Act != Gather && m.Act != Together):
		needs = "another case"
	case m.Act == Publish && m.Channel == "":
		needs = "somewhere to publish it"
	case m.Act == Rate && (m.Mark < 1 || m.Mark > 5):
		needs = "a mark from 1 to 5"
	default:
		return nil
	}
	return fmt.Errorf("case %s: %s needs %s", c.Number, m.Act, needs)
}

// Can tells whether a move would be possible now; the error is that of [Case.Do].
func (c *Case) Can(m Move) error {
	_, err := c.rule(m)
	return err
}

// Offers tells whether a party is offered an act at a time: the buttons under a card.
func (c *Case) Offers(act Act, by Party, now time.Time) bool {
	return c.Can(Move{Act: act, By: by, Staff: Staff{ID: c.Holder}, At: now}) == nil
}

func (c *Case) rule(m Move) (Rule, error) {
	no := &NotAllowedError{Number: c.Number, Act: m.Act, Status: c.Status}
	for _, r := range Rules {
		if !slices.Contains(r.From, c.Status) || r.Do != m.Act || r.By != m.By && !(r.By == TheHolder && m.By == TheOffice) {
			continue
		}
		if r.By == TheHolder && c.Holder != m.Staff.ID {
			no.Holder = c.HolderName
			return Rule{}, no
		}
		if !conditions[r.If](c, m) {
			no.If, no.Clause = r.If, c.Terms.Cites[string(m.Act)]
			no.Top = r.Climb && !c.higher()
			continue
		}
		return r, nil
	}
	if slices.Contains([]Party{TheOffice, TheHolder}, m.By) && slices.Contains([]Status{InReview, Needs, OnAgenda}, c.Status) && c.Holder != m.Staff.ID {
		no.Holder = c.HolderName // that somebody has it is why
	}
	return Rule{}, no
}

// toward is the office to which a move hands the case up: the one that it names, or that was
// proposed before; empty: the next. An office chooses, and who leaves one out.
func (c *Case) toward(m Move) OfficeID {
	switch m.Act {
	case Escalate, Bypass:
		return m.To
	case Allow, Expire:
		return c.wider().to
	}
	return ""
}

// target is where a hand-up leads: the named office above, or the next.
func (c *Case) target(to OfficeID) int {
	for i := c.Position + 1; i < len(c.Ladder); i++ {
		if c.Ladder[i].Office == to {
			return i
		}
	}
	return c.Position + 1
}

// above is the rung to which a hand-up would lead. Offices are passed over only from where
// that is allowed.
func (c *Case) above(to OfficeID) (Rung, bool) {
	i := c.target(to)
	if i >= len(c.Ladder) || to != "" && (c.Ladder[i].Office != to || i > c.Position+1 && !c.Rung().Chooses) {
		return Rung{}, false
	}
	rung := c.Ladder[i]
	rung.Asks = rung.Asks && c.Applicant.Address != "" // otherwise there is nobody to ask
	return rung, true
}

// wider is what is settled about showing a case to a higher office.
type wider struct {
	to   OfficeID  // which
	by   Party     // who has asked the applicant; empty: nobody
	at   time.Time // when
	said Act       // Allow, Forbid, or nothing yet
}

// wider looks at what has happened since the case came to where it is, or was taken up again there.
func (c *Case) wider() (w wider) {
	for _, e := range c.Events {
		switch {
		case e.Next != "", e.Act == Reopen, e.Act == Bounce:
			w = wider{}
		case e.Act == Propose && e.By == TheClock:
			w.to, w.by, w.at = e.Toward, TheClock, e.At
		case e.Act == Propose:
			w.to, w.by, w.at = e.Toward, TheOffice, e.At
		case e.Act == Allow, e.Act == Forbid:
			w.said = e.Act
		}
	}
	return w
}

// Proposed is the higher office of which the applicant was asked; empty: they were not.
func (c *Case) Proposed() OfficeID { return c.wider().to }

// Awaits tells whether the applicant was asked about a hand-up and has said nothing yet.
func (c *Case) Awaits() bool {
	w := c.wider()
	return w.by != "" && w.said == "" && !c.Status.Final()
}

// Forbidden is the higher office of which the applicant has said that it may not have the case; false
// is none.
func (c *Case) Forbidden() (OfficeID, bool) {
	w := c.wider()
	return w.to, w.said == Forbid
}

// undelivered tells whether what the office last wrote to the applicant has not arrived. To whom
// nobody can write, it is handed over.
func (c *Case) undelivered() bool {
	if c.Applicant.Address == "" {
		return c.Status == Decided || c.Status == Redirected
	}
	for i := len(c.Events) - 1; i >= 0; i-- {
		switch e := c.Events[i]; {
		case e.Act == Undeliverable:
			return true
		case e.From != e.To, e.Act == Delivered:
			return false
		}
	}
	return false
}

// Extendable is by how many working days the terms can still be extended.
func (c *Case) Extendable() int {
	return max(c.Terms.Extend-c.Extended(), 0)
}

// earlier is the earlier of two times; a zero one is none.
func earlier(a, b time.Time) time.Time {
	if b.IsZero() || a.Before(b) {
		return a
	}
	return b
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
