package dauys

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"
)

// couple is two cases of one applicant at the same office, filed a day apart.
func couple(t *testing.T) (c, double *Case) {
	t.Helper()
	double, c = stored(t, Registered), open(t, "2026-11-24 10:00")
	double.Number, c.Number = "ALT-2026-000122", "ALT-2026-000123"
	c.Text, c.Files = "Lectures do not take place again.", nil
	c.Loaded()
	double.Loaded()
	return c, double
}

func whyNot(err error) TogetherWhy {
	if no, ok := errors.AsType[*TogetherError](err); ok {
		return no.Why
	}
	return ""
}

// Two cases are linked both ways, once, and the link is taken back; nobody is told of it.
func TestLinkWith(t *testing.T) {
	now, cal := almaty(t, noon), &Builtin().Calendar
	c, other := couple(t)
	other.Applicant.Address = "telegram:2"
	for i, tt := range []struct {
		act    Act
		events int // that each of them gets
		links  bool
	}{{Unlink, 0, false}, {Link, 1, true}, {Link, 0, true}, {Unlink, 1, false}, {Unlink, 0, false}, {Link, 1, true}} {
		before := len(c.Events)
		if err := c.LinkWith(other, tt.act, damir, nil, fmt.Sprint("u", i), now, cal); err != nil {
			t.Fatalf("%d, %s: %v", i, tt.act, err)
		}
		if got := len(c.Events) - before; got != tt.events || len(other.Events) != len(c.Events) {
			t.Errorf("%d, %s: %d events, want %d", i, tt.act, got, tt.events)
		}
		if slices.Contains(c.Links(), other.Number) != tt.links || slices.Contains(other.Links(), c.Number) != tt.links {
			t.Errorf("%d, %s: linked %v and %v", i, tt.act, c.Links(), other.Links())
		}
	}
	for _, x := range []*Case{c, other} {
		if _, tells := x.Stored(); len(tells) > 0 || x.Status != Registered {
			t.Errorf("%s: %v is told, status %s", x.Number, tells, x.Status)
		}
	}
	if err := c.LinkWith(c, Link, damir, nil, "u9", now, cal); whyNot(err) != SameCase {
		t.Errorf("with itself: %v", err)
	}
}

// A duplicate is closed without an answer, all that was said in it goes over, the earlier terms hold, and
// the applicant hears of it once.
func TestMerge(t *testing.T) {
	now, cal := almaty(t, noon), &Builtin().Calendar
	c, double := couple(t)
	if err := double.Do(move(Add, TheApplicant, almaty(t, "2026-11-23 15:00")), cal); err != nil {
		t.Fatal(err)
	}
	double.Events[1].Files = []File{{Ref: "f2", Kind: "document"}}
	double.Loaded()
	due, rung := double.Due, double.RungDue
	if !due.Before(c.Due) || !rung.Before(c.RungDue) {
		t.Fatalf("the duplicate is due at %v and %v, not before %v and %v", rung, due, c.RungDue, c.Due)
	}
	for i := range 2 { // pressed twice
		if err := c.Merge(double, damir, fmt.Sprint("u", i), now, cal); err != nil {
			t.Fatal(err)
		}
	}
	if double.Status != Closed || double.Outcome != Joined || answered(double) || !double.Wake.IsZero() || double.JoinedWith() != c.Number || !double.Settled().Equal(now) {
		t.Errorf("the duplicate is %s, %s, wakes %v, joined with %q, settled %v", double.Status, double.Outcome, double.Wake, double.JoinedWith(), double.Settled())
	}
	if !c.Due.Equal(due) || !c.RungDue.Equal(rung) || c.Status != Registered {
		t.Errorf("the case is %s, due %v and %v, want %v and %v", c.Status, c.RungDue, c.Due, rung, due)
	}
	e, _ := c.Latest(Absorb)
	if e.Note != "The lectures did not take place.\n\nwords" || len(e.Files) != 3 || e.Other != double.Number || len(c.Events) != 2 {
		t.Errorf("taken over: %+v", e)
	}
	_, tells := c.Stored()
	_, others := double.Stored()
	told := 0
	for _, n := range append(tells, others...) {
		if n.To == c.Applicant.Address {
			told++
		}
	}
	if told != 1 {
		t.Errorf("the applicant is told %d times", told)
	}
	for _, act := range []Act{Reopen, Dispute, Rate, Accept, Add} {
		if double.Offers(act, TheApplicant, now) {
			t.Errorf("the duplicate still offers %s", act)
		}
	}
	if err := c.LinkWith(double, Unlink, damir, nil, "u7", now, cal); whyNot(err) != InParts {
		t.Errorf("the link with it is taken back: %v", err)
	}
	later, _ := couple(t) // whose terms end later keep nothing of theirs, the other way round neither
	first := stored(t, Registered)
	first.Number = "ALT-2026-000120"
	was := first.Due
	if err := first.Merge(later, damir, "u1", now, cal); err != nil || !first.Due.Equal(was) {
		t.Errorf("joined with an earlier one: %v, due %v, want %v", err, first.Due, was)
	}
}

// What cannot be joined is left as it is, and why is said.
func TestMergeRefused(t *testing.T) {
	now, cal := almaty(t, noon), &Builtin().Calendar
	for _, tt := range []struct {
		name string
		make func(c, double *Case)
		why  TogetherWhy // empty: the procedure says no
	}{
		{"of another applicant", func(_, d *Case) { d.Applicant.Address = "telegram:2" }, OtherApplicant},
		{"of applicants without a messenger", func(c, d *Case) { c.Applicant.Address, d.Applicant.Address = "", "" }, OtherApplicant},
		{"that another office has", func(_, d *Case) { d.Events[0].Next, d.Position = "director@itc", 1 }, OtherOffice},
		{"that is restricted", func(_, d *Case) { d.Terms.Restricted = true }, OneRestricted},
		{"with one that is restricted", func(c, _ *Case) { c.Terms.Restricted = true }, OneRestricted},
		{"that is about somebody", func(_, d *Case) { d.Against = []OfficeID{"director@itc"} }, OtherPeople},
		{"of which somebody is kept away", func(_, d *Case) { d.Barred = []Address{"telegram:5"} }, OtherPeople},
		{"that is closed", func(_, d *Case) { d.Status = Closed }, ""},
		{"that waits for its applicant", func(_, d *Case) { d.Status = Needs }, ""},
		{"with one that is closed", func(c, _ *Case) { c.Status = Closed }, ""},
		{"that a colleague has", func(_, d *Case) { d.Status, d.Holder, d.HolderName = InReview, 8, "Aliya" }, ""},
		{"that others have signed", func(_, d *Case) {
			d.append(Event{At: now, Act: Sign, By: TheSigner, Who: "telegram:9", From: d.Status, To: d.Status, Office: d.Office()})
		}, ""},
	} {
		c, double := couple(t)
		tt.make(c, double)
		c.Loaded()
		double.Loaded()
		err := c.Merge(double, damir, "u1", now, cal)
		if _, no := errors.AsType[*NotAllowedError](err); whyNot(err) != tt.why || tt.why == "" && !no {
			t.Errorf("a duplicate %s: %v", tt.name, err)
		}
		for _, x := range []*Case{c, double} {
			if events, tells := x.Stored(); len(events)+len(tells) > 0 {
				t.Errorf("a duplicate %s: %s has changed", tt.name, x.Number)
			}
		}
	}
}

// Neither another office nor whom a case is about puts cases together, whatever rights they have.
func TestWhoPutsTogether(t *testing.T) {
	now, cal := almaty(t, noon), &Builtin().Calendar
	right := func(who Address, office OfficeID, also ...OfficeID) Staff {
		return Staff{ID: 7, Address: who, Name: "Damir", Office: office, From: now.Add(-time.Hour), Also: also}
	}
	for _, tt := range []struct {
		name  string
		staff Staff
		make  func(c, other *Case)
		links bool
	}{
		{"staff of the office", right("telegram:7", "deputy@itc"), func(_, _ *Case) {}, true},
		{"staff of an office above", right("telegram:7", "director@itc"), func(_, _ *Case) {}, false},
		{"staff of another institute", right("telegram:7", "deputy@ilb"), func(_, _ *Case) {}, false},
		{"nobody", Staff{}, func(_, _ *Case) {}, false},
		{"whom the case is about", right("telegram:5", "deputy@itc"), func(c, _ *Case) { c.Barred = []Address{"telegram:5"} }, false},
		{"whom the other is about", right("telegram:5", "deputy@itc"), func(_, o *Case) { o.Barred = []Address{"telegram:5"} }, false},
		{"who is in an office that the other is about", right("telegram:5", "deputy@itc", "rector"), func(_, o *Case) { o.Against = []OfficeID{"rector"} }, false},
		{"staff of an office that has never had the other", right("telegram:7", "deputy@itc"), func(_, o *Case) {
			o.Ladder, o.Events[0].Office = Ladder{{Office: "desw", Days: 3}}, "desw"
		}, false},
	} {
		for what, do := range map[string]func(c, other *Case) error{
			"link":  func(c, o *Case) error { return c.LinkWith(o, Link, tt.staff, nil, "u1", now, cal) },
			"merge": func(c, o *Case) error { return c.Merge(o, tt.staff, "u1", now, cal) },
			"split": func(c, o *Case) error {
				if len(o.Barred)+len(o.Against) > 0 || o.Office() == "desw" { // it is of the part that this one is made
					return ErrNotStaff
				}
				return c.SplitOff(o, tt.staff, "u1", now, cal)
			},
		} {
			c, other := couple(t)
			tt.make(c, other)
			err := do(c, other)
			if tt.links != (err == nil) || !tt.links && !errors.Is(err, ErrNotStaff) {
				t.Errorf("%s, by %s: %v", what, tt.name, err)
			}
		}
	}
}

// A part becomes a case of its own, linked both ways; the case goes on.
func TestSplitOff(t *testing.T) {
	now, cal := almaty(t, noon), &Builtin().Calendar
	c, part := couple(t)
	if err := c.SplitOff(part, damir, "u1", now, cal); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(c.Links(), []string{part.Number}) || !slices.Equal(part.Links(), []string{c.Number}) || c.Status != Registered {
		t.Errorf("linked %v and %v, the case is %s", c.Links(), part.Links(), c.Status)
	}
	e, _ := c.Latest(Split)
	_, tells := c.Stored()
	if e.Note != part.Text || len(tells) != 1 || tells[0].To != c.Applicant.Address {
		t.Errorf("the applicant reads %q, told %v", e.Note, tells)
	}
}

// Nobody is joined with others but by their own yes, once asked, and they can go back on it.
func TestCommonCause(t *testing.T) {
	now, cal := almaty(t, noon), &Builtin().Calendar
	c, first := couple(t)
	step := func(act Act, by Party, ok bool, common string) {
		t.Helper()
		m := move(act, by, now)
		m.Other, m.Note = first.Number, ""
		if err := c.Do(m, cal); (err == nil) != ok || c.Common() != common {
			t.Errorf("%s: %v, joined with %q", act, err, c.Common())
		}
	}
	step(Together, TheApplicant, false, "")
	step(Gather, TheOffice, true, "")
	step(Gather, TheOffice, false, "")
	step(Together, TheOffice, false, "")
	step(Together, TheApplicant, true, first.Number)
	step(Together, TheApplicant, false, first.Number)
	step(Apart, TheApplicant, true, "")
	step(Gather, TheOffice, false, "")
	step(Together, TheApplicant, false, "")
	c, _ = couple(t)
	c.Terms.Restricted = true
	step(Gather, TheOffice, false, "")
}
