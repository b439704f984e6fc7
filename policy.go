package dauys

import (
	"regexp"
	"slices"
	"time"
)

// Verb is what somebody wants to do with a case, as far as authority goes.
type Verb string

// The verbs.
const (
	ToRead   Verb = "read"   // see the text and what happened
	ToHandle Verb = "handle" // do what the rules give to the office that has it
	ToOwn    Verb = "own"    // do what the rules give to the applicant
	ToSign   Verb = "sign"   // see the text as it was sent, with the link to it, and put a name under it
	ToFollow Verb = "follow" // see where it stands, until when, and the answer
)

// May is the one place that says who may read a case, be told of it or act on it. Rights
// are staff rows as the storage has them now; being in a chat or knowing a number is none.
//
//   - The applicant reads their own case and does what is an applicant's.
//   - Staff of the office that has the case handle it.
//   - Staff of an office that has, or has had, the case read it.
//   - Who is handed the link signs, but neither the applicant nor whom it is about; who has signed
//     follows it, and reads nothing of it by that.
//   - Whom a case is about neither handles nor reads it as staff, whatever other rights they
//     have by now: nobody judges themselves.
func May(verb Verb, c *Case, who Address, rights []Staff, now time.Time) bool {
	of := func(seen func(OfficeID) bool) bool {
		return !c.Bars(who, rights, now) && slices.ContainsFunc(rights, func(s Staff) bool { return s.Address == who && s.Active(now) && seen(s.Office) })
	}
	switch verb {
	case ToOwn:
		return who != "" && c.Applicant.Address == who
	case ToHandle:
		return of(func(o OfficeID) bool { return o == c.Office() })
	case ToSign:
		return who != "" && c.Applicant.Address != who && !c.Bars(who, rights, now)
	case ToFollow:
		return who != "" && c.Signed(who)
	case ToRead:
		return May(ToOwn, c, who, nil, now) || of(c.Seen)
	}
	return false
}

// Bars tells whether a case is about somebody, so that it is not theirs to read: they were in an
// office that it is about when it was filed, or are now.
func (c *Case) Bars(who Address, rights []Staff, now time.Time) bool {
	return slices.Contains(c.Barred, who) || slices.ContainsFunc(rights, func(s Staff) bool {
		return s.Address == who && s.Active(now) && (slices.Contains(c.Against, s.Office) || slices.ContainsFunc(s.Also, func(o OfficeID) bool { return slices.Contains(c.Against, o) }))
	})
}

// signed are the acts under which an office may put the name of a person.
var signed = []Act{Answer, Decide, Ask}

// Named is the name of the member of staff that the applicant reads with an answer or a question, besides
// that of the office; empty: they read only the office. Its office has to say so in the structure file now,
// and to have said so when the case was filed or given over to it: who has written without expecting it is
// not named later, and who is taken out of it is not named any more. In a restricted case nobody is: what
// is sensitive stays between the applicant and the office. Who has no name but an address has none.
func (u *University) Named(c *Case, e Event) string {
	o, ok := u.Office(e.Office)
	switch {
	case !ok || !o.ByName || c.Terms.Restricted || !slices.Contains(signed, e.Act) || e.Staff == 0:
		return ""
	case !slices.ContainsFunc(c.Ladder, func(r Rung) bool { return r.Office == e.Office && r.ByName }):
		return ""
	case Address(e.Name).ID() != "":
		return ""
	}
	return e.Name
}

// OnDuty tells whether somebody may be shown an alert of danger, and take it: staff of the
// office on duty and the administrators, nobody else. Having a case gives no right to it.
func (u *University) OnDuty(who Address, rights []Staff, admins []Address, now time.Time) bool {
	return slices.Contains(admins, who) || u.Duty != "" && slices.ContainsFunc(rights, func(s Staff) bool {
		return s.Address == who && s.Office == u.Duty && s.Active(now)
	})
}

// MayExport tells whether somebody may have the registration journal: staff of an office that has
// this power, and the administrators. What of each case stands in it for them says [Case.Journaled].
func (u *University) MayExport(who Address, rights []Staff, admins []Address, now time.Time) bool {
	return slices.Contains(admins, who) || slices.ContainsFunc(rights, func(s Staff) bool {
		o, known := u.Office(s.Office)
		return known && slices.Contains(o.Powers, Export) && s.Address == who && s.Active(now)
	})
}

// StaffAct is something that is done with the right of somebody to act for an office.
type StaffAct string

// The acts. Heads are made and unmade; the rest is about whether somebody acts for the office.
const (
	Suspend    StaffAct = "suspend"  // hold the right back for a while, or until it is ended
	Restore    StaffAct = "restore"  // end that
	Remove     StaffAct = "remove"   // take it away
	LetIn      StaffAct = "letin"    // allow who was removed to come back
	MakeHead   StaffAct = "makehead" // of the office
	UnmakeHead StaffAct = "unmakehead"
)

// MayManage is the one place that says who may change the staff of an office. There are the rights for
// that office which are active as the storage has them now.
//
//   - Administrators may, in every office.
//   - A head of the office may, in this office only, as long as their own right is active: a head who is
//     suspended or removed is none. A head changes nothing about another head; that is for administrators.
//   - Only administrators say who is a head.
//   - Nobody suspends or removes themselves, ends their own suspension or lets themselves in again,
//     administrators included.
//   - An administrator who is the last head of an office does not take that from themselves: it is not
//     left without a head by a slip, another administrator has to do it.
func MayManage(do StaffAct, who Address, target Staff, there []Staff, admins []Address, now time.Time) bool {
	var mine, others bool // a head now, and whether another is
	for _, s := range there {
		if s.Office == target.Office && s.Head && s.Active(now) {
			mine = mine || s.Address == who
			others = others || s.Address != who
		}
	}
	admin, self := slices.Contains(admins, who), target.Address == who
	switch {
	case !admin && !mine:
		return false
	case self && (do != MakeHead && do != UnmakeHead || do == UnmakeHead && mine && !others):
		return false
	case do == MakeHead || do == UnmakeHead:
		return admin
	}
	return admin || !target.Head
}

// Part is how much of a case stands in the registration journal; each has those before it, too.
type Part int

// The parts.
const (
	ItsNumber Part = iota // with its dates, so that no number is missing
	ItsWay                // where it stands, with whom, until when
	ItsWords              // whose it is, and about what
)

// Journaled is how much of a case stands in a journal for somebody who may have one. Of a case that is
// about them they see that it is there; of a restricted one nobody sees there whose it is, or why.
func (c *Case) Journaled(who Address, rights []Staff, now time.Time) Part {
	switch {
	case c.Bars(who, rights, now):
		return ItsNumber
	case c.Terms.Restricted:
		return ItsWay
	}
	return ItsWords
}

// Listed is how much of a case stands in a list of the office that has it, for somebody who acts for
// that office; false is that it does not stand there. Of a restricted one nobody finds or reads there
// whose it is, or why.
func (c *Case) Listed(who Address, rights []Staff, now time.Time) (part Part, ok bool) {
	return c.Journaled(who, rights, now), May(ToHandle, c, who, rights, now)
}

var number = regexp.MustCompile(`^[A-Z]{2,8}-\d{4}-\d{6,}$`)

// IsNumber tells whether a text looks like the number of a case.
func IsNumber(s string) bool { return number.MatchString(s) }
