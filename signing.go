package dauys

import (
	"slices"
	"time"
)

// Signature is the name of somebody under a request of which another person is the applicant. They
// are told of the outcome; everything else stays with the applicant.
type Signature struct {
	Who  Address
	Name string
	At   time.Time
}

// Invitation is the link with which an applicant asks others to sign: many may open it.
type Invitation struct {
	Case    string // number
	Code    string
	Expires time.Time
	Closed  bool // by the applicant
}

// Open tells whether the link leads anywhere at a time.
func (i Invitation) Open(now time.Time) bool { return !i.Closed && now.Before(i.Expires) }

// MostSignatures is how many can stand under one request.
const MostSignatures = 500

// Signatures are those that stand under the request now, in the order in which they came. One that
// was taken back counts no more, and remains an event.
func (c *Case) Signatures() (all []Signature) {
	for _, e := range c.Events {
		switch e.Act {
		case Sign:
			all = append(all, Signature{Who: e.Who, Name: e.Name, At: e.At})
		case Unsign:
			all = slices.DeleteFunc(all, func(s Signature) bool { return s.Who == e.Who })
		}
	}
	return all
}

// Signed tells whether somebody's signature stands under the request.
func (c *Case) Signed(who Address) bool {
	for _, e := range slices.Backward(c.Events) {
		if (e.Act == Sign || e.Act == Unsign) && e.Who == who {
			return e.Act == Sign
		}
	}
	return false
}

// Signable tells whether a request may be signed by others at all now: one of a kind that may be
// collective, for which no danger was met, and that has no answer yet.
func (c *Case) Signable() bool {
	return c.Terms.Collective && !c.Urgent && slices.Contains(unsettled, c.Status)
}

// When the applicant and the office are told of signatures: when there are so many for the first
// time, and besides by the first one that comes a day or more after they were told. So ten of them
// in an hour are two messages, and five hundred in a week are a dozen.
var milestones = []int{1, 10, 50, 100, MostSignatures}

const signedAgain = 24 * time.Hour

// announces tells whether the signature that came last is one of which they are told.
func (c *Case) announces() (tells bool) {
	n, most, last := 0, 0, time.Time{}
	for _, e := range c.Events {
		switch e.Act {
		case Unsign:
			n--
		case Sign:
			n++
			tells = n > most && slices.Contains(milestones, n) || e.At.Sub(last) >= signedAgain
			if most = max(most, n); tells {
				last = e.At
			}
		}
	}
	return tells
}
