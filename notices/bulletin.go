package notices

import (
	"cmp"
	"errors"
	"slices"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/registrar"
)

// Mailing is a notice that an office writes for many. It leaves only with the yes of a second person.
type Mailing struct {
	ID      string
	Office  dauys.OfficeID
	State   MailingState
	At      time.Time
	By      dauys.Address
	Name    string        // of who has written it
	Chat    dauys.Address // where it was written
	Message string        // that shows how it goes; empty: nobody knows which
	Texts   dauys.Names
	Whom    Whom
	Urgent  bool      // it waits neither for the morning nor for a digest
	Start   time.Time // not before; zero: as soon as it may
	Round   int       // how often it was put before a second person: a yes is for one of them
	Yes     string    // the name of who has said it
	YesAt   time.Time
	Begins  time.Time // when it is sent from, since the yes
	Step    int       // how far it was when that was shown last, in twentieths
	Shown   time.Time
	Version int64 `json:"-"`
}

// MailingState is how far one is.
type MailingState string

// The states.
const (
	Draft    MailingState = "draft"
	Pending  MailingState = "asked" // waits for a second person
	Running  MailingState = "running"
	Over     MailingState = "over"
	Withheld MailingState = "stopped" // somebody has, before the end
	Dropped  MailingState = "dropped"
)

// Refusals of what somebody wants to do with a bulletin.
var (
	ErrMailingState = errors.New("the bulletin is in another state")
	ErrOwnMailing   = errors.New("who has written it does not let it go")
	ErrDayUsed      = errors.New("the office has sent one today")
)

// Grace is how long nothing of a bulletin leaves after the yes, so that it can still be stopped.
const Grace = 10 * time.Minute

// Whom is which students a bulletin is for: those to whom everything applies that is chosen. What nothing
// is chosen of matters not.
type Whom map[Trait][]string

// Trait is a column of the roster by which an audience is chosen.
type Trait string

// Traits are all of them, in the order in which they are offered.
var Traits = []Trait{"institute", "programme", "course", "group", "language"}

// Has tells whether a student of the roster is meant; but leaves one trait out of account.
func (w Whom) Has(f registrar.Fields, but Trait) bool {
	for _, t := range Traits {
		if t != but && len(w[t]) > 0 && !slices.Contains(w[t], f[string(t)]) {
			return false
		}
	}
	return true
}

// Toggle chooses a value, or does not any more.
func (w Whom) Toggle(t Trait, value string) {
	if i := slices.Index(w[t], value); i >= 0 {
		w[t] = slices.Delete(slices.Clone(w[t]), i, i+1)
		return
	}
	w[t] = append(slices.Clone(w[t]), value)
	slices.Sort(w[t])
}

// Text is what a reader of a language reads, and in which language that is.
func (b Mailing) Text(l dauys.Lang) (text string, in dauys.Lang) {
	in = l
	for _, other := range dauys.Langs {
		if b.Texts[in] != "" {
			break
		}
		in = other
	}
	return b.Texts[in], in
}

// Lacks are the languages in which it is not written.
func (b Mailing) Lacks() (all []dauys.Lang) {
	for _, l := range dauys.Langs {
		if b.Texts[l] == "" {
			all = append(all, l)
		}
	}
	return all
}

// Ask puts it before a second person. Who does that answers for it, whoever has changed it before.
func (b *Mailing) Ask(who dauys.Address, name string) error {
	if b.State != Draft {
		return ErrMailingState
	}
	b.State, b.By, b.Name = Pending, who, name
	b.Round++
	return nil
}

// Return gives it back to who has written it.
func (b *Mailing) Return(round int) error {
	if b.State != Pending || b.Round != round {
		return ErrMailingState
	}
	b.State = Draft
	return nil
}

// Approve lets it go: by another person than who has put it before them, and as it was then. What it
// becomes is a plan.
func (b *Mailing) Approve(round int, who dauys.Address, name string, now time.Time) (Plan, error) {
	switch {
	case b.State != Pending || b.Round != round:
		return Plan{}, ErrMailingState
	case who == b.By:
		return Plan{}, ErrOwnMailing
	}
	b.State, b.Yes, b.YesAt, b.Begins, b.Step, b.Shown = Running, name, now, now, 0, now
	if !b.Urgent {
		b.Begins = now.Add(Grace)
	}
	if b.Start.After(b.Begins) {
		b.Begins = b.Start
	}
	return Plan{ID: NoticePlan(b.ID), Source: Notice, Ref: b.ID, At: now, Start: b.Begins}, nil
}

// Stop ends it before everybody was told; also while only those wait who cannot be reached now.
func (b *Mailing) Stop() error {
	if b.State != Running && b.State != Over {
		return ErrMailingState
	}
	b.State = Withheld
	return nil
}

// Drop gives one up that was not let go.
func (b *Mailing) Drop() error {
	if b.State != Draft && b.State != Pending {
		return ErrMailingState
	}
	b.State = Dropped
	return nil
}

// Far is how far it is, in twentieths, and whether nothing of it is left that could be sent now.
func Far(p Plan, c Counts) (step, sent, all int, over bool) {
	for _, n := range c.By {
		all += n
	}
	sent = all - c.By[Waiting]
	over = p.State == Halted || p.State == Made && c.By[Waiting] <= c.Unreachable
	if p.State == Planned && all == 0 {
		return 0, 0, 0, false
	}
	return min(20, 20*sent/cmp.Or(all, 1)), sent, all, over
}

// Effect is what a change of a bulletin brings with it.
type Effect struct {
	Plan *Plan  // that it becomes
	Day  string // that its office uses up with it; empty: none
	Halt bool   // its plan is stopped
}
