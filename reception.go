package dauys

import (
	"fmt"
	"slices"
	"strconv"
	"time"
)

// Reception is when an office receives people in person, as its published schedule has it.
type Reception struct {
	Office OfficeID
	Week   int // which such day of the month, from 1; 0: every week
	Day    time.Weekday
	Opens  time.Duration // since midnight
	Closes time.Duration
	Slot   time.Duration // how long it is for one person
	Place  Names
	Source string // who has published it
}

// Slot is a time at which one person can be received.
type Slot struct {
	At    time.Time
	Place Names
}

// Visit is who is received then.
type Visit struct {
	At   time.Time
	Case string // number
}

// How far the days of a reception are looked for: so far ahead, and so far back for one that days
// off have moved.
const (
	receptionsAhead = 400
	receptionsMoved = 31
)

// falls tells whether a day is one of a reception by its schedule, be it a working day or not.
func (r Reception) falls(d day) bool {
	return d.weekday() == r.Day && (r.Week == 0 || (d.at(0, time.UTC).Day()-1)/7+1 == r.Week)
}

// Slots are the next times at which an office receives, after a moment, the earliest first. A
// reception that falls on a day off is held on the next working day.
func (u *University) Slots(office OfficeID, after time.Time, most int) (all []Slot) {
	cal := &u.Calendar
	today := cal.day(after)
	for d := today; d < today+receptionsAhead && len(all) < most; d++ {
		if !cal.works(d) {
			continue
		}
		var held []Slot // on this day
		for from := d; from > d-receptionsMoved && (from == d || !cal.works(from)); from-- {
			for _, r := range u.Receptions {
				if r.Office != office.Kind() || !r.falls(from) {
					continue
				}
				for at := r.Opens; at+r.Slot <= r.Closes; at += r.Slot {
					held = append(held, Slot{d.at(at, cal.Zone()), r.Place})
				}
			}
		}
		slices.SortStableFunc(held, func(a, b Slot) int { return a.At.Compare(b.At) })
		for _, s := range slices.CompactFunc(held, func(a, b Slot) bool { return a.At.Equal(b.At) }) {
			if s.At.After(after) && len(all) < most {
				all = append(all, s)
			}
		}
	}
	return all
}

// Slot finds the time of an office's reception that begins at a moment.
func (u *University) Slot(office OfficeID, at time.Time) (Slot, bool) {
	next := u.Slots(office, at.Add(-time.Second), 1)
	if len(next) == 0 || !next[0].At.Equal(at) {
		return Slot{}, false
	}
	return next[0], true
}

// Receives tells whether an office has a schedule of reception.
func (u *University) Receives(office OfficeID) bool {
	return slices.ContainsFunc(u.Receptions, func(r Reception) bool { return r.Office == office.Kind() })
}

// Reception is when the applicant is received in person, as long as that holds: they have not
// excused themselves, and the case is neither settled nor gone to another office.
func (c *Case) Reception() (at time.Time, ok bool) { return c.ReceptionBefore(len(c.Events) + 1) }

// ReceptionBefore is the same as it was before the nth event, counted from 1.
func (c *Case) ReceptionBefore(n int) (at time.Time, ok bool) {
	for _, e := range c.Events[:n-1] {
		switch {
		case e.Act == Invite:
			at = e.Term
		case e.Act == Excuse, e.Next != "", e.From != e.To && (e.To.Final() || e.To == Decided || e.To == Redirected):
			at = time.Time{}
		}
	}
	return at, !at.IsZero()
}

// remindersBefore is when an applicant is reminded of a reception.
var remindersBefore = []time.Duration{24 * time.Hour, 2 * time.Hour}

// expect makes the notices of a reception that come by themselves: the reminders, and in the morning
// of the day the list of who comes, which an office gets once for all of them. Whether they still say
// something is found out when they are due.
func (c *Case) expect(cal *Calendar, at, now time.Time) {
	for i, before := range remindersBefore {
		if when := at.Add(-before); when.After(now) {
			n := notice(c, Soon, len(c.Events), c.Applicant.Address, "")
			n.Key, n.After = n.Key+"/"+strconv.Itoa(i), when
			c.tells = append(c.tells, n)
		}
	}
	opens, _ := cal.Hours(at)
	day := at.In(cal.Zone()).Format(time.DateOnly)
	c.tells = append(c.tells, Notification{
		Key: fmt.Sprintf("visitors/%s/%s", c.Office(), day), What: Visitors, Office: c.Office(), Event: len(c.Events), Body: day, After: opens,
	})
}

// Wording is the wording of an answer of which the applicant was last asked whether it may be
// published. It is not open when they have said so, or have taken the case up again.
func (c *Case) Wording() (e Event, open bool) {
	for _, x := range c.Events {
		switch {
		case x.Act == Redact:
			e, open = x, true
		case x.Act == Publish, x.Act == Keep, x.To != Closed:
			open = false
		}
	}
	return e, open
}

// Published is the wording that was published, with the time when it was.
func (c *Case) Published() (e Event, ok bool) {
	for _, x := range c.Events {
		switch {
		case x.Act == Redact && !ok:
			e = x
		case x.Act == Publish:
			e.At, ok = x.At, true
		}
	}
	return e, ok
}
