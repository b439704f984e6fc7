package dauys

import (
	"slices"
	"strings"
	"time"
)

// Cases that belong together: links between them, duplicates of one applicant, a part that becomes a case
// of its own, and cases of many people about the same cause.

// tying are the acts that name another case.
var tying = []Act{Link, Unlink, Join, Absorb, Split, Gather, Together}

// Links are the numbers of the cases that a case is linked with, in the order in which that happened.
func (c *Case) Links() (all []string) {
	for _, e := range c.Events {
		switch e.Act {
		case Link, Split, Join, Absorb:
			if !slices.Contains(all, e.Other) {
				all = append(all, e.Other)
			}
		case Unlink:
			all = slices.DeleteFunc(all, func(n string) bool { return n == e.Other })
		}
	}
	return all
}

// untied are those of the links that may be taken back: a duplicate and what it went on in stay linked.
func (c *Case) untied() []string {
	return slices.DeleteFunc(c.Links(), func(n string) bool {
		return slices.ContainsFunc(c.Events, func(e Event) bool { return (e.Act == Join || e.Act == Absorb) && e.Other == n })
	})
}

// JoinedWith is the case in which a duplicate goes on; empty: it is none.
func (c *Case) JoinedWith() string {
	if e, ok := c.Latest(Join); ok && c.Outcome == Joined {
		return e.Other
	}
	return ""
}

// gathered is the last that happened about a common cause.
func (c *Case) gathered() (last Event) {
	for _, e := range c.Events {
		if e.Act == Gather || e.Act == Together || e.Act == Apart {
			last = e
		}
	}
	return last
}

// Asked is the case with which the common cause began about which the applicant was asked last.
func (c *Case) Asked() string { return c.gathered().Other }

// Common is the cause under which a case is handled together with others, by the number of the case with
// which it began; empty: by itself.
func (c *Case) Common() string {
	if e := c.gathered(); e.Act == Together {
		return e.Other
	}
	return ""
}

// TogetherWhy is why cases cannot be put together.
type TogetherWhy string

// The reasons.
const (
	SameCase       TogetherWhy = "same"       // one number twice
	OtherApplicant TogetherWhy = "applicant"  // of a duplicate
	OtherOffice    TogetherWhy = "office"     // of a duplicate: another has it
	OneRestricted  TogetherWhy = "restricted" // of a duplicate: one of them is, the other not
	OtherPeople    TogetherWhy = "people"     // of a duplicate: it is about somebody, the other is not
	InParts        TogetherWhy = "parts"      // of a link that cannot be taken back
)

// TogetherError says why two cases cannot be put together.
type TogetherError struct{ Why TogetherWhy }

func (e *TogetherError) Error() string { return "cases cannot be put together: " + string(e.Why) }

// MayLink tells whether somebody may link a case with another: they handle it, and their office has or
// has had the other, which is not about them. Rights are as [May] has them.
func MayLink(c, other *Case, who Address, rights []Staff, now time.Time) bool {
	return May(ToHandle, c, who, rights, now) && other.Seen(c.Office()) && !other.Bars(who, rights, now)
}

// LinkWith links two cases with one another, or takes that back, for a member of staff of the office that
// has the first. What is so already stays so, and nothing happens.
func (c *Case) LinkWith(other *Case, act Act, s Staff, rights []Staff, cause string, at time.Time, cal *Calendar) error {
	if s.ID == 0 || !MayLink(c, other, s.Address, append(slices.Clone(rights), s), at) {
		return ErrNotStaff
	}
	if c.Number == other.Number {
		return &TogetherError{SameCase}
	}
	if act == Unlink && slices.Contains(c.Links(), other.Number) && !slices.Contains(c.untied(), other.Number) {
		return &TogetherError{InParts}
	}
	for _, x := range []struct{ c, other *Case }{{c, other}, {other, c}} {
		if slices.Contains(x.c.Links(), x.other.Number) == (act == Link) {
			continue
		}
		if err := x.c.Do(Move{Act: act, By: TheOffice, Staff: s, Other: x.other.Number, Cause: cause, At: at}, cal); err != nil {
			return err
		}
	}
	return nil
}

// Merge joins a duplicate with a case of the same applicant: all that they have said there becomes part
// of the case, and the earlier terms of the two hold. Once it is joined, nothing happens.
func (c *Case) Merge(double *Case, s Staff, cause string, at time.Time, cal *Calendar) error {
	if s.ID == 0 || !May(ToHandle, c, s.Address, []Staff{s}, at) || double.Bars(s.Address, []Staff{s}, at) || !double.Seen(c.Office()) {
		return ErrNotStaff
	}
	within := func(some, all []OfficeID) bool {
		return !slices.ContainsFunc(some, func(o OfficeID) bool { return !slices.Contains(all, o) })
	}
	switch {
	case c.Number == double.Number:
		return &TogetherError{SameCase}
	case double.JoinedWith() == c.Number:
		return nil
	case c.Applicant.Address == "" || c.Applicant.Address != double.Applicant.Address:
		return &TogetherError{OtherApplicant}
	case double.Office() != c.Office():
		return &TogetherError{OtherOffice}
	case c.Terms.Restricted != double.Terms.Restricted:
		return &TogetherError{OneRestricted}
	case !within(double.Against, c.Against), slices.ContainsFunc(double.Barred, func(a Address) bool { return !slices.Contains(c.Barred, a) }):
		return &TogetherError{OtherPeople} // who reads the case might be whom the duplicate is about
	}
	words, files := double.Said()
	m := Move{Act: Absorb, By: TheOffice, Staff: s, Other: double.Number, Note: words, Files: files, Details: double.Details,
		Term: double.Due, Here: double.RungDue, Cause: cause, At: at}
	if err := c.Can(m); err != nil {
		return err
	}
	if err := double.Do(Move{Act: Join, By: TheOffice, Staff: s, Other: c.Number, Cause: cause, At: at}, cal); err != nil {
		return err
	}
	return c.Do(m, cal)
}

// Said is all that an applicant has said in a case, and what they have attached.
func (c *Case) Said() (words string, files []File) {
	var all []string
	add := func(s string) {
		if s = strings.TrimSpace(s); s != "" {
			all = append(all, s)
		}
	}
	add(c.Text)
	files = slices.Clone(c.Files)
	for _, e := range c.Events {
		switch e.Act {
		case Add, Bring, Amend, Reply, Reopen, Dispute, Absorb:
			add(e.Note)
			files = append(files, e.Files...)
		case Transcribe:
			add(e.Note)
		}
	}
	return strings.Join(all, "\n\n"), files
}

// SplitOff makes a part of a case a case of its own, which has been opened with words of the office, and
// links the two.
func (c *Case) SplitOff(part *Case, s Staff, cause string, at time.Time, cal *Calendar) error {
	if s.ID == 0 || !May(ToHandle, c, s.Address, []Staff{s}, at) {
		return ErrNotStaff
	}
	if err := c.Do(Move{Act: Split, By: TheOffice, Staff: s, Other: part.Number, Note: part.Text, Cause: cause, At: at}, cal); err != nil {
		return err
	}
	return part.Do(Move{Act: Link, By: TheOffice, Staff: s, Other: c.Number, Cause: cause, At: at}, cal)
}
