package dauys

import (
	"slices"
	"time"
)

// Mute holds somebody back for a while who floods offices or abuses their staff. It has a reason and an
// end that they are told, and never closes the door: a request a day is filed all the same, a question
// of an office can be answered, and whoever is in danger is heard.
type Mute struct {
	Who    Address
	Case   string // with which it was given
	Office OfficeID
	By     string // the name of who gave it
	Reason string
	Until  time.Time
}

// How much one person can send.
const (
	MostFiled      = 10 // requests in 24 hours
	MostFiledMuted = 1  // the same for who is held back
	MostAdded      = 20 // additions to one request in 24 hours
	MostMuted      = 30 // days
	aDay           = 24 * time.Hour
)

// Restrain is the power to hold an applicant back. It is no act of a case.
const Restrain Act = "restrain"

// MayMute tells whether somebody may hold the applicant of a case back: staff of the office that has it,
// if it has the power, and nobody whom the case is about.
func (u *University) MayMute(c *Case, who Address, rights []Staff, now time.Time) bool {
	o, known := u.Office(c.Office())
	return known && slices.Contains(o.Powers, Restrain) && c.Applicant.Address != "" && May(ToHandle, c, who, rights, now)
}

// Added counts the additions of an applicant to a case in the last 24 hours.
func (c *Case) Added(now time.Time) (n int) {
	for _, e := range c.Events {
		if e.Act == Add && e.By == TheApplicant && now.Sub(e.At) < aDay {
			n++
		}
	}
	return n
}
