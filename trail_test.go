package dauys

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// The trail has every stay with its office, its working days, what ended it and the reason that somebody
// gave for that: through a transfer, an answer, a dispute, another look, a hand-up about which the
// applicant is asked, and the clock.
func TestTrail(t *testing.T) {
	u := Builtin()
	cal := &u.Calendar
	c := open(t, "2026-11-23 10:00")
	do := func(act Act, by Party, at, note string) {
		t.Helper()
		m := move(act, by, almaty(t, at))
		if m.Note = note; act == Transfer {
			way, err := u.WayFrom(c, "deputy@iedt")
			if err != nil {
				t.Fatal(err)
			}
			m.Ladder, m.Scheme = way.Ladder, way.Scheme.ID
		}
		if err := c.Do(m, cal); err != nil {
			t.Fatal(err)
		}
	}
	do(Take, TheOffice, "2026-11-23 11:00", "")
	do(Transfer, TheHolder, "2026-11-25 10:00", "of your institute")
	do(Take, TheOffice, "2026-11-25 11:00", "")
	do(Answer, TheHolder, "2026-11-25 12:00", "the answer itself")
	do(Delivered, TheMessenger, "2026-11-25 12:01", "")
	do(Reopen, TheApplicant, "2026-11-26 10:00", "look again")
	do(Take, TheOffice, "2026-11-26 11:00", "")
	do(Answer, TheHolder, "2026-11-27 10:00", "the answer itself")
	do(Delivered, TheMessenger, "2026-11-27 10:01", "")
	do(Dispute, TheApplicant, "2026-11-30 10:00", "I do not agree")
	do(Propose, TheOffice, "2026-12-01 10:00", "beyond us")
	do(Allow, TheApplicant, "2026-12-02 10:00", "")
	do(Withdraw, TheApplicant, "2026-12-04 10:00", "it is settled")
	var got []string
	for _, s := range c.Trail(cal, almaty(t, "2026-12-31 10:00")) {
		got = append(got, fmt.Sprintf("%s %s to %s, %d: %s %q", s.Office, s.Came.Act, s.Until.In(cal.Zone()).Format("01-02"), s.Days, s.Left.Act, s.Reason))
	}
	want := []string{
		`deputy@itc register to 11-25, 2: transfer "of your institute"`,
		`deputy@iedt transfer to 11-25, 0: answer ""`,
		`deputy@iedt reopen to 11-27, 1: answer ""`,
		`director@iedt dispute to 12-02, 2: allow "beyond us"`,
		`vr-academic allow to 12-04, 2: withdraw "it is settled"`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("the trail is\n%q, want\n%q", got, want)
	}

	c = open(t, "2026-11-23 10:00")
	now := almaty(t, "2026-11-24 10:00")
	all := c.Trail(cal, now)
	if len(all) != 1 || !all[0].Here() || all[0].Days != 1 || !all[0].Until.Equal(now) {
		t.Errorf("the trail of one that is where it was: %+v", all)
	}
}

// What is due is what the office has to see to: the end of its own term or of the whole, whichever comes
// first; while the applicant is waited for, and when it is settled, nothing is.
func TestPressing(t *testing.T) {
	cal := &Builtin().Calendar
	c := stored(t, InReview)
	for _, tt := range []struct {
		now  string
		want bool
	}{{"2026-11-23 12:00", false}, {"2026-11-24 09:00", true}, {"2026-11-26 09:00", true}, {"2026-11-27 09:00", true}} {
		if got := c.Pressing(cal, almaty(t, tt.now)); got != tt.want {
			t.Errorf("on %s: %v", tt.now, got)
		}
	}
	c.Due = c.RungDue.Add(-24 * time.Hour)
	if !c.OfficeDue().Equal(c.Due) {
		t.Errorf("due at %v, and the whole case at %v", c.OfficeDue(), c.Due)
	}
	for _, s := range []Status{Needs, Decided, Redirected, Closed, Withdrawn} {
		if c := stored(t, s); !c.OfficeDue().IsZero() || c.Pressing(cal, almaty(t, "2026-12-31 09:00")) {
			t.Errorf("%s: due at %v", s, c.OfficeDue())
		}
	}
	late, waits, soon := stored(t, InReview), stored(t, Needs), stored(t, OnAgenda)
	late.RungDue, late.Number, soon.Number = late.RungDue.Add(-time.Hour), "ALT-2026-000002", "ALT-2026-000001"
	order := []*Case{waits, soon, late}
	slices.SortFunc(order, Sooner)
	if !slices.Equal(order, []*Case{late, soon, waits}) {
		t.Errorf("in the order %s, %s, %s", order[0].Status, order[1].Status, order[2].Status)
	}
}

// A case stands in a list of who may handle it, and of nobody else; of a restricted one as much as says
// nothing of anybody.
func TestListed(t *testing.T) {
	now := almaty(t, "2026-11-24 10:00")
	right := func(office OfficeID) []Staff {
		return []Staff{{ID: 7, Address: "telegram:7", Office: office, From: now.Add(-time.Hour)}}
	}
	c := stored(t, Registered)
	if part, ok := c.Listed("telegram:7", right("deputy@itc"), now); !ok || part != ItsWords {
		t.Errorf("for its office: %v, %v", part, ok)
	}
	if _, ok := c.Listed("telegram:7", right("director@itc"), now); ok {
		t.Error("for another office")
	}
	if _, ok := c.Listed("telegram:7", nil, now); ok {
		t.Error("for nobody")
	}
	c.Terms.Restricted = true
	if part, ok := c.Listed("telegram:7", right("deputy@itc"), now); !ok || part != ItsWay {
		t.Errorf("restricted: %v, %v", part, ok)
	}
	c.Barred = []Address{"telegram:7"}
	if _, ok := c.Listed("telegram:7", right("deputy@itc"), now); ok {
		t.Error("for whom it is about")
	}
}
