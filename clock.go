package dauys

import (
	"slices"
	"time"
)

// Terms are how long a case may take, frozen when it is filed. Days are working days.
type Terms struct {
	Days       int               `json:"days"`                 // for the whole case
	Gentle     bool              `json:"gentle,omitempty"`     // the clock neither hands it up nor urges every day
	Restricted bool              `json:"restricted,omitempty"` // cards show nothing of what it is about, and of whom
	Collective bool              `json:"collective,omitempty"` // others may sign it
	Publish    bool              `json:"publish,omitempty"`    // its answer may be published, with the applicant's yes
	Extend     int               `json:"extend,omitempty"`     // by so much it may be extended, in all
	Redirect   int               `json:"redirect,omitempty"`   // in which an office should find out that it is not its own
	Consent    int               `json:"consent,omitempty"`    // in which the applicant may object to a hand-up
	Silence    []int             `json:"silence,omitempty"`    // after a question, when the applicant is reminded of it
	Close      int               `json:"close,omitempty"`      // after it, when the case is closed without a reply; 0: never
	Window     int               `json:"window,omitempty"`     // after closing, in which the applicant may take it up again
	FollowUp   int               `json:"followup,omitempty"`   // after closing, when they are asked whether it was really solved; 0: never
	Accepted   int               `json:"accepted,omitempty"`   // after a redirect, when they are asked whether it was accepted there; 0: never
	Again      int               `json:"again,omitempty"`      // after such a question, in which they may still take it up again
	Chase      []int             `json:"chase,omitempty"`      // after registration, when the applicant is reminded of documents that are missing
	Bring      int               `json:"bring,omitempty"`      // after it, when it can be decided without them; 0: never
	Procedure  string            `json:"procedure,omitempty"`  // version of the clauses
	Cites      map[string]string `json:"cites,omitempty"`      // act → clause behind it
}

// How often an office is told again of what it cannot or does not mend, in working days.
const (
	urgeEvery   = 1
	gentleEvery = 5 // also of a message that does not reach the applicant
)

// due is something that the clock is going to do with a case.
type due struct {
	at   time.Time
	act  Act
	term time.Time // the due time that it is about
	rank int       // of several that are due, the highest comes first; those that it makes void are gone then
}

// next is when the clock has to look at the case again; zero: never.
func (c *Case) next(cal *Calendar) time.Time {
	var first time.Time
	for _, d := range c.agenda(cal) {
		if first.IsZero() || d.at.Before(first) {
			first = d.at
		}
	}
	return first
}

// Ticks tells what the clock has to do with a case now, if anything: one move at a time, in
// working hours. What should have happened while nobody looked is done once: of several
// warnings that are due the last, and a term counts from when the case really came to an office.
func (c *Case) Ticks(cal *Calendar, now time.Time) (Move, bool) {
	if !cal.Open(now) {
		return Move{}, false
	}
	var do due
	for _, d := range c.agenda(cal) {
		if !d.at.After(now) && d.rank > do.rank {
			do = d
		}
	}
	return Move{Act: do.act, By: TheClock, Term: do.term, At: now}, do.rank > 0
}

// Adopt gives a case that was filed before cases had terms those of its scheme today.
func (c *Case) Adopt(u *University) {
	if c.Terms.Days > 0 {
		return
	}
	if s, ok := u.Scheme(c.Scheme); ok {
		c.Terms = u.terms(s, c.Kind)
	}
}

// Rewind sets anew when the clock has to look at the case, after the calendar has changed.
func (c *Case) Rewind(cal *Calendar) { c.Wake = c.next(cal) }

// agenda is what the clock is going to do if nobody does anything. All of it falls on
// beginnings of working days, but what has to be asked of the applicant as soon as a case comes.
func (c *Case) agenda(cal *Calendar) []due {
	switch c.Status {
	case Registered, InReview, OnAgenda:
		return slices.Concat(c.ofRung(cal), c.ofWhole(cal), c.ofPapers(cal))
	case Needs:
		return c.ofSilence(cal)
	case Decided, Redirected:
		return c.ofUndelivered(cal)
	case Closed:
		return c.ofClosed(cal)
	}
	return nil
}

// ofRung is about the term of the office that has the case: a word on the day before, one on
// the day itself, and when it is over the case goes higher, or everybody is told that it stays.
func (c *Case) ofRung(cal *Calendar) (all []due) {
	term, came := c.RungDue, c.came()
	day, _ := cal.Hours(term)
	over := cal.NextOpening(term)
	done := func(acts ...Act) bool { return c.ticked(term, acts...) }
	w := c.wider()
	to, higher := c.above(w.to)
	if !c.Terms.Gentle {
		if eve := cal.OpeningBefore(day); eve.After(came) && !done(Warn, Urge, Overdue) {
			all = append(all, due{eve, Warn, term, 1})
		}
		if day.After(came) && !done(Urge, Overdue) {
			all = append(all, due{day, Urge, term, 3})
		}
		if higher && to.Asks && w.by == "" && w.said == "" {
			all = append(all, due{later(cal.OpeningBefore(day), cal.Registered(came)), Propose, term, 2})
		}
	}
	if sort := cal.Due(c.Registered, c.Terms.Redirect); c.Status == Registered && c.Position == 0 && came.Equal(c.Registered) && sort.Before(term) && !c.ticked(sort, Sort) {
		if last, _ := cal.Hours(sort); last.After(came) {
			all = append(all, due{last, Sort, sort, 2})
		}
	}
	passes := c.Can(Move{Act: Expire, By: TheClock}) == nil
	switch {
	case w.by == TheOffice && w.said == "" && passes: // silence is no objection
		all = append(all, due{cal.NextOpening(cal.Due(w.at, c.Terms.Consent)), Expire, term, 5})
	case w.by == TheClock && w.said == "" && passes:
		all = append(all, due{later(over, cal.NextOpening(cal.Due(w.at, c.Terms.Consent))), Expire, term, 5})
	case passes:
		all = append(all, due{over, Expire, term, 5})
	case higher && to.Asks && w.by == "" && w.said == "" && !c.Terms.Gentle: // is asked first
	case !done(Overdue):
		all = append(all, due{over, Overdue, term, 4})
	}
	return all
}

// ofWhole is about the term of the whole case, and about every term that was overdue before
// and is still.
func (c *Case) ofWhole(cal *Calendar) (all []due) {
	if !c.Due.Equal(c.RungDue) && !c.ticked(c.Due, Overdue) {
		all = append(all, due{cal.NextOpening(c.Due), Overdue, c.Due, 4})
	}
	for _, term := range []time.Time{c.RungDue, c.Due} {
		if !c.ticked(term, Overdue) {
			continue
		}
		every := urgeEvery
		if c.Terms.Gentle {
			every = gentleEvery
		}
		last := c.lately(Overdue, Urge)
		all = append(all, due{cal.openingAfter(last, every), Urge, term, 3})
		break
	}
	return all
}

// ofPapers is about documents that are missing: the applicant is reminded of them until a day, and
// then the office hears that it can decide without them.
func (c *Case) ofPapers(cal *Calendar) []due {
	by := c.BringBy(cal)
	if by.IsZero() || c.Lacks() == 0 {
		return nil
	}
	last := c.Registered
	for _, e := range c.Events {
		switch e.Act {
		case Forgo:
			return nil
		case Chase:
			last = e.At
		}
	}
	all := []due{{cal.NextOpening(by), Forgo, by, 2}}
	for _, days := range c.Terms.Chase {
		if day := cal.openingAfter(c.Registered, days); day.After(last) { // one that came late stands for those before it
			return append(all, due{day, Chase, by, 1})
		}
	}
	return all
}

// ofSilence is about a question that the applicant has not replied to.
func (c *Case) ofSilence(cal *Calendar) []due {
	if c.undelivered() { // they do not know of it; the office has to find another way
		return c.ofUndelivered(cal)
	}
	if c.Terms.Close == 0 {
		return nil
	}
	since, nudges, last := time.Time{}, 0, time.Time{}
	for _, e := range c.Events {
		switch {
		case e.Act == Ask, e.Act == Delivered && e.From == Needs:
			since, nudges, last = e.At, 0, e.At
		case e.Act == Nudge:
			nudges++
			last = e.At
		}
	}
	if nudges < len(c.Terms.Silence) {
		return []due{{later(cal.openingAfter(since, c.Terms.Silence[nudges]), cal.openingAfter(last, 1)), Nudge, since, 1}}
	}
	return []due{{later(cal.NextOpening(cal.Due(since, c.Terms.Close)), cal.openingAfter(last, 1)), Close, since, 1}}
}

// ofUndelivered is about what cannot be delivered: the office hears of it again and again.
func (c *Case) ofUndelivered(cal *Calendar) []due {
	if !c.undelivered() {
		return nil
	}
	last := c.lately(Undeliverable, Urge)
	if c.Applicant.Address == "" {
		last = c.lately(Answer, Decide, Redirect, Urge)
	}
	return []due{{cal.openingAfter(last, gentleEvery), Urge, last, 1}}
}

// ofClosed is about a case that is closed: some weeks later its applicant is asked whether it
// was really solved, and sooner whether the body to which it was redirected has accepted it.
func (c *Case) ofClosed(cal *Calendar) []due {
	days := c.Terms.FollowUp
	if c.Outcome == Outside {
		days = c.Terms.Accepted
	}
	if days == 0 || c.Outcome == Left || c.Outcome == Joined || c.Applicant.Address == "" {
		return nil
	}
	closed, settled := time.Time{}, false
	for _, e := range c.Events {
		switch {
		case e.To == Closed && e.From != Closed:
			closed, settled = e.At, false
		case e.From == Closed && slices.Contains([]Act{FollowUp, Accept}, e.Act):
			settled = true
		}
	}
	if settled {
		return nil
	}
	return []due{{cal.openingAfter(closed, days), FollowUp, closed, 1}}
}

// came is when the case came to the office that has it, or that office last knew its term: whoever
// has just extended it need not be warned the same day.
func (c *Case) came() time.Time {
	at := c.Registered
	for _, e := range c.Events {
		if e.Next != "" || e.Act == Reopen || e.Act == Bounce || e.Act == Extend {
			at = e.At
		}
	}
	return at
}

// ticked tells whether the clock has done one of some acts about a term.
func (c *Case) ticked(term time.Time, acts ...Act) bool {
	return slices.ContainsFunc(c.Events, func(e Event) bool { return e.Term.Equal(term) && slices.Contains(acts, e.Act) })
}

// lately is when one of some acts happened last.
func (c *Case) lately(acts ...Act) (at time.Time) {
	for _, e := range c.Events {
		if slices.Contains(acts, e.Act) {
			at = e.At
		}
	}
	return at
}
