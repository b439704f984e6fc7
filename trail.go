package dauys

import (
	"cmp"
	"slices"
	"time"
)

// dueSoon is how many working days before the end of a term a case counts as due.
const dueSoon = 2

// OfficeDue is until when the office that has a case must have acted: the end of its own term, or of the
// term of the whole case where that comes first. It is zero while the terms stand still, and when the
// case is settled.
func (c *Case) OfficeDue() time.Time {
	if !slices.Contains(working, c.Status) {
		return time.Time{}
	}
	return earlier(c.RungDue, c.Due)
}

// Pressing tells whether a case is over its term, or so near to its end that it has to be seen to now.
func (c *Case) Pressing(cal *Calendar, now time.Time) bool {
	due := c.OfficeDue()
	return !due.IsZero() && cal.WorkingDaysLeft(now, due) <= dueSoon
}

// Sooner orders cases as an office goes through them: what is due first comes first, what nobody waits
// for comes last, and of two the older one is before the other.
func Sooner(a, b *Case) int {
	x, y := a.OfficeDue(), b.OfficeDue()
	switch {
	case x.IsZero() != y.IsZero():
		if x.IsZero() {
			return 1
		}
		return -1
	case !x.Equal(y):
		return x.Compare(y)
	}
	return cmp.Or(a.Filed.Compare(b.Filed), cmp.Compare(a.Number, b.Number))
}

// Stay is one time that a case was with an office.
type Stay struct {
	Office OfficeID
	Came   Event     // what brought it there
	Left   Event     // what took it away from there, or settled it; Seq 0: neither yet
	Until  time.Time // when that was, or now
	Days   int       // working days in between
	Reason string    // that somebody gave for its leaving
}

// Here tells whether the case is there now and not settled.
func (s Stay) Here() bool { return s.Left.Seq == 0 }

// Trail is every stay of a case, in their order. What was settled and taken up again has a stay more.
func (c *Case) Trail(cal *Calendar, now time.Time) (all []Stay) {
	proposed := "" // the reason of a hand-up about which the applicant was asked
	for _, e := range c.Events {
		again := e.From == Closed && e.To != Closed
		if n := len(all); n > 0 && all[n-1].Here() && (e.Next != "" || e.settles()) {
			all[n-1].Left = e
			switch e.Act {
			case Escalate, Transfer, Withdraw:
				all[n-1].Reason = e.Note
			case Allow:
				all[n-1].Reason = proposed
			}
		}
		switch {
		case e.Act == Register, e.Next != "", again:
			s := Stay{Office: e.Office, Came: e}
			if e.Next != "" {
				s.Office = e.Next
			}
			all, proposed = append(all, s), ""
		case e.Act == Propose && e.By != TheClock:
			proposed = e.Note
		}
	}
	for i := range all {
		if all[i].Until = now; !all[i].Here() {
			all[i].Until = all[i].Left.At
		}
		all[i].Days = max(cal.WorkingDaysLeft(all[i].Came.At, all[i].Until), 0)
	}
	return all
}
