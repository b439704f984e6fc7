// Package notices is what people are told of the record of their studies and of the university without
// having asked: which topics there are, how each may be wanted, when something of it is to be told, and
// what is remembered of it until it was.
//
// What is to be told comes from a [Plan]: an import that was published, a job that has run, a notice that
// an office has written. A plan is made into [News], one for each reader, some at a time; the news of a
// reader wait together and leave in as few messages as they can. A [Matter] does not say what the record
// says, only where: the words are made when they are sent, of what holds then.
//
// The package stores nothing, asks nobody for the time, and knows no words.
package notices

import (
	"slices"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/registrar"
)

// Topic is what news are about, as far as people can choose how they want to hear of it.
type Topic string

// The topics.
const (
	Marks    Topic = "marks"    // ongoing marks and ratings
	Results  Topic = "results"  // of exams, admission, final marks: what can be appealed against
	Progress Topic = "progress" // averages and summaries
	Exams    Topic = "exams"    // the timetable, its changes, reminders, forms of control
	Appeals  Topic = "appeals"  // that a term for an appeal ends; commissions
	Orders   Topic = "orders"
	Plans    Topic = "plans" // the academic calendar, registration, individual plans, comparison sheets
	Debts    Topic = "debts" // academic debts and the summer semester
	Thesis   Topic = "thesis"
	Support  Topic = "support"  // scholarships and compensations that one may apply for
	Bulletin Topic = "bulletin" // what an office tells many
	Staff    Topic = "staff"    // digests for advisors, teachers, the administration
)

// Mode is when somebody wants to hear of a topic.
type Mode string

// The modes.
const (
	Now     Mode = "now"
	Evening Mode = "evening" // once in the evening, all together
	Weekly  Mode = "weekly"  // once a week, all together
	Off     Mode = "off"
)

// Modes are all of them, as they are offered.
var Modes = []Mode{Now, Evening, Weekly, Off}

// Rule is what holds for a topic.
type Rule struct {
	Topic Topic
	Usual Mode
	// Fixed: it cannot be turned off nor put off, because a rule of the university or the law asks that it
	// is told, or a term depends on it. The words that say why are those of the topic.
	Fixed bool
}

// Rules are the topics in the order in which they are offered, and in which a digest lists them.
var Rules = []Rule{
	{Appeals, Now, true},
	{Orders, Now, true},
	{Exams, Now, false},
	{Results, Now, true},
	{Marks, Now, false},
	{Progress, Evening, false},
	{Debts, Now, true},
	{Plans, Now, false},
	{Support, Now, false},
	{Thesis, Now, false},
	{Bulletin, Now, false},
	{Staff, Now, false},
}

// RuleOf is the rule of a topic.
func RuleOf(t Topic) (Rule, bool) {
	i := slices.IndexFunc(Rules, func(r Rule) bool { return r.Topic == t })
	if i < 0 {
		return Rule{}, false
	}
	return Rules[i], true
}

// Wish is how somebody wants to be told. The zero value is that they have not said anything.
type Wish struct {
	Who   dauys.Address
	Modes map[Topic]Mode // of topics about which they have said something
	// Exams: nothing that can wait comes on the day of an own exam before it is over, not only during it.
	Exams bool
	// Bad: a bad mark comes however near an exam of something else is.
	Bad bool
	// Quiet is when nothing that can wait comes, in minutes after midnight; both zero: when nobody has said
	// anything, the hours of the university.
	QuietFrom, QuietTo int
	Loud               bool   // no quiet hours at all
	Mail               string // where a notice goes that the messenger cannot deliver; empty: nowhere
	Version            int64
}

// Of is how a topic is wanted.
func (w Wish) Of(t Topic) Mode {
	r, _ := RuleOf(t)
	if m, said := w.Modes[t]; said && !r.Fixed {
		return m
	}
	return r.Usual
}

// Card is how a piece of news is put into words: the name of a function of the handlers.
type Card string

// Matter is what a piece of news is about.
type Matter struct {
	Person string            `json:"person,omitempty"` // whose record: [registrar.OfStudent] or [registrar.OfEmployee]; empty: nobody's
	Kind   registrar.Kind    `json:"kind,omitempty"`   // of an entry of the record
	Key    string            `json:"key,omitempty"`    // of the entry
	Was    registrar.Fields  `json:"was,omitempty"`    // what it was when the reader heard of it last; nil: it was not there
	Seen   registrar.Fields  `json:"seen,omitempty"`   // of news that were sent: what they have said it is; nil: it is gone
	At     time.Time         `json:"at,omitzero"`      // when what it is about takes place or ends
	Args   map[string]string `json:"args,omitempty"`   // what else the card needs to know
}

// State is what has become of a piece of news.
type State string

// The states.
const (
	Waiting  State = "waiting"
	Sent     State = "sent"
	Merged   State = "merged"   // later news of the same tell it
	Needless State = "needless" // when its time came there was nothing left to tell
	Closed   State = "closed"   // when its time came the account was nobody's any more, or not confirmed
	Unwanted State = "unwanted" // they have turned the topic off
	Failed   State = "failed"
	Stopped  State = "stopped" // its plan was
	Mailed   State = "mailed"  // by e-mail instead
)

// News is one thing to be told to one account.
type News struct {
	ID     int64
	Plan   string
	Reader dauys.Address
	Topic  Topic
	Card   Card
	// About is what it is about for this reader: of two that are about the same and wait, the later one
	// tells both. A plan has one about the same at most.
	About   string
	Urgent  bool      // it waits neither for the morning nor for a digest, and says why
	Due     time.Time // not before
	State   State
	Message string // the message that it was sent in
	Why     string // it failed
	Done    time.Time
	Matter  Matter
}

// Source is where a plan comes from.
type Source string

// The sources.
const (
	Import Source = "import" // that was published; Ref is its id
	Undo   Source = "undo"   // an import that was undone; Ref is its id
	Job    Source = "job"    // Ref is the name, At the slot
	Notice Source = "notice" // that an office has written; Ref is its id
)

// Plan is something of which people have to be told.
type Plan struct {
	ID      string // [ImportPlan] and the like: the same thing is planned once
	Source  Source
	Ref     string
	Before  time.Time // of a job: the slot before; zero: there was none
	At      time.Time // when it was made; of a job the slot
	Start   time.Time // it is made into news not before
	After   string    // how far it is made into news
	State   PlanState
	Persons int       // of the record, whom it concerns
	Alone   int       // of them, whom no account is linked with
	Ended   time.Time // when all of it was made into news
	Version int64
}

// PlanState is how far a plan is.
type PlanState string

// The states of a plan.
const (
	Planned PlanState = "planned" // is being made into news, or waits for it
	Made    PlanState = "made"    // all of it is
	Halted  PlanState = "halted"  // somebody has stopped it
)

// ImportPlan, UndoPlan, JobPlan and NoticePlan are the ids of plans.
func ImportPlan(id string) string { return "import/" + id }
func UndoPlan(id string) string   { return "undo/" + id }
func NoticePlan(id string) string { return "notice/" + id }
func JobPlan(job string, slot time.Time) string {
	return "job/" + job + "/" + slot.UTC().Format(time.RFC3339)
}

// Counts are how many news of a plan are in which state; of those that wait, how many have a reader who
// cannot be reached.
type Counts struct {
	By          map[State]int
	Unreachable int
}

// Quiet are the quiet hours that somebody wants, if those of the university are usual.
func (w Wish) Quiet(usual dauys.Hours) dauys.Hours {
	switch {
	case w.Loud:
		return dauys.Hours{}
	case w.QuietFrom != 0 || w.QuietTo != 0:
		return dauys.Hours{From: w.QuietFrom, To: w.QuietTo}
	}
	return usual
}
