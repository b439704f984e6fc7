package dauys

import (
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func TestOpen(t *testing.T) {
	c := open(t, "2026-11-23 10:00")
	if c.Status != Registered || c.ID != "d1" || c.Number != "" || c.Series != "ALT" || c.Scheme != "institute" {
		t.Errorf("opened as %+v", c)
	}
	if c.Structure != Builtin().Hash {
		t.Errorf("filed under the structure %q, want %q", c.Structure, Builtin().Hash)
	}
	if c.Office() != "deputy@itc" || c.Holder != 0 {
		t.Errorf("%s has the case, held by %d", c.Office(), c.Holder)
	}
	if len(c.Events) != 1 || c.Events[0].Seq != 1 || c.Events[0].Act != Register || c.Events[0].By != TheApplicant || c.Events[0].To != Registered {
		t.Errorf("events %+v", c.Events)
	}
	c.Number = "ALT-2026-000001"
	events, tells := c.Stored()
	var told []string
	for _, n := range tells {
		told = append(told, string(n.What)+" "+string(n.To)+string(n.Office)+" "+n.Case)
	}
	if got, want := strings.Join(told, ", "), "receipt telegram:1 ALT-2026-000001, papers deputy@itc ALT-2026-000001"; got != want || len(events) != 1 {
		t.Errorf("told %q, want %q; %d events", got, want, len(events))
	}
	if events, tells := c.Stored(); len(events) != 0 || len(tells) != 0 {
		t.Errorf("stored twice: %v, %v", events, tells)
	}
}

// The clock starts in working hours, whenever Send was pressed.
func TestOpenCountsFromRegistration(t *testing.T) {
	tests := []struct{ name, filed, registered, rung, whole string }{
		{"in working hours", "2026-11-23 10:00", "2026-11-23 10:00", "2026-11-26 17:30", "2026-12-14 17:30"},
		{"before them", "2026-11-23 07:00", "2026-11-23 08:30", "2026-11-26 17:30", "2026-12-14 17:30"},
		{"after them", "2026-11-20 18:00", "2026-11-23 08:30", "2026-11-26 17:30", "2026-12-14 17:30"},
		{"on a Sunday", "2026-11-22 12:00", "2026-11-23 08:30", "2026-11-26 17:30", "2026-12-14 17:30"},
		{"in the night of New Year", "2026-12-31 23:59", "2027-01-05 08:30", "2027-01-11 17:30", "2027-01-27 17:30"},
	}
	for _, tt := range tests {
		c := open(t, tt.filed)
		for _, at := range []struct {
			what string
			got  any
			want any
		}{
			{"filed", c.Filed, almaty(t, tt.filed)},
			{"registered", c.Registered, almaty(t, tt.registered)},
			{"the office's term", c.RungDue, almaty(t, tt.rung)},
			{"the whole term", c.Due, almaty(t, tt.whole)},
		} {
			if !reflect.DeepEqual(at.got, at.want) {
				t.Errorf("%s, %s: %v, want %v", tt.name, at.what, at.got, at.want)
			}
		}
	}
}

// What holds when a case is filed is frozen in it: terms by scheme and kind, whom it is about, who
// they are; nothing of it is shared with the structure.
func TestOpenFreezes(t *testing.T) {
	u := Builtin()
	d := draft()
	d.Group, d.Against = "ИС 21-1", []OfficeID{"deputy"}
	q := d.Request()
	q.Barred = []Address{"telegram:5"}
	way, err := u.Route(q)
	if err != nil {
		t.Fatal(err)
	}
	c := way.Open(d, u, almaty(t, "2026-11-23 10:00"))
	if c.Office() != "director@itc" || !slices.Equal(c.Against, []OfficeID{"deputy@itc"}) || !slices.Equal(c.Barred, q.Barred) || c.Group != d.Group {
		t.Errorf("at %s, about %v who are %v, group %q", c.Office(), c.Against, c.Barred, c.Group)
	}
	want := Terms{Days: 15, Collective: true, Extend: 40, Redirect: 3, Consent: 1, Silence: []int{5, 10}, Close: 15, Window: 10, FollowUp: 15, Accepted: 5, Again: 5, Procedure: c.Terms.Procedure, Cites: c.Terms.Cites}
	if !reflect.DeepEqual(c.Terms, want) {
		t.Errorf("terms %+v, want %+v", c.Terms, want)
	}
	if e := c.Events[0]; e.Clause == "" || e.Clause != c.Terms.Cites["register"] || c.Terms.Procedure == "" || e.Office != "director@itc" {
		t.Errorf("registered as %+v", e)
	}
	if !c.Wake.Equal(almaty(t, "2026-11-26 08:30")) {
		t.Errorf("the clock looks at it at %v", c.Wake)
	}
	gentle := about(func(d *Draft) { d.Kind = Suggestion })(t, "2026-11-23 10:00")
	if !gentle.Terms.Gentle || gentle.Terms.Extend != 0 {
		t.Errorf("a suggestion has the terms %+v", gentle.Terms)
	}
	var back Terms
	frozen, err := json.Marshal(c.Terms)
	if err := errors.Join(err, json.Unmarshal(frozen, &back)); err != nil || !reflect.DeepEqual(back, c.Terms) {
		t.Errorf("terms thawed as %+v (%v)", back, err)
	}
}

func TestOpenNeedsAnOffice(t *testing.T) {
	d := draft()
	d.Institute = "law"
	if c, err := Open(d, Builtin(), almaty(t, "2026-11-23 10:00")); !errors.Is(err, ErrNoOffice) {
		t.Errorf("opened %+v (%v) for an institute that is not there", c, err)
	}
}

// A frozen ladder is small JSON and comes back as it was.
func TestLadderIsFrozen(t *testing.T) {
	c := open(t, "2026-11-23 10:00")
	frozen, err := json.Marshal(c.Ladder)
	if err != nil {
		t.Fatal(err)
	}
	want := `[{"office":"deputy@itc","days":3},{"office":"director@itc","days":5},{"office":"vr-academic","days":5,"asks":true},{"office":"rector","days":5,"asks":true,"powers":["invite"]}]`
	if string(frozen) != want {
		t.Errorf("frozen as %s, want %s", frozen, want)
	}
	var ladder Ladder
	if err := json.Unmarshal(frozen, &ladder); err != nil || !reflect.DeepEqual(ladder, c.Ladder) {
		t.Errorf("thawed as %v (%v), want %v", ladder, err, c.Ladder)
	}
}

// The hash tells a draft that is sent again from one that says something else.
func TestHash(t *testing.T) {
	same, at := open(t, "2026-11-23 10:00"), almaty(t, "2026-11-24 11:00")
	tests := []struct {
		name   string
		change func(*Draft)
		same   bool
	}{
		{"sent again", func(*Draft) {}, true},
		{"another text", func(d *Draft) { d.Text += "." }, false},
		{"another topic", func(d *Draft) { d.Topic = "dormitory" }, false},
		{"another kind", func(d *Draft) { d.Kind = Suggestion }, false},
		{"another institute", func(d *Draft) { d.Institute = "ilb" }, false},
		{"another file", func(d *Draft) { d.Files[0].Ref = "f2" }, false},
		{"one file more", func(d *Draft) { d.Files = append(d.Files, File{Ref: "f2"}) }, false},
		{"a recording as an attachment", func(d *Draft) { d.Files[1].Spoken = false }, false},
		{"another scheme", func(d *Draft) { d.Scheme = "student-gov" }, false},
		{"another level", func(d *Draft) { d.Level = "director" }, false},
		{"another group", func(d *Draft) { d.Group = "ИС-21-1" }, false},
		{"about somebody", func(d *Draft) { d.Against = []OfficeID{"deputy"} }, false},
		{"no file", func(d *Draft) { d.Files = nil }, false},
		{"words moved from one answer to the next", func(d *Draft) { d.Topic, d.Text = "teachingThe", strings.TrimPrefix(d.Text, "The") }, false},
	}
	for _, tt := range tests {
		d := draft()
		tt.change(&d)
		c, err := Open(d, Builtin(), at)
		if err != nil {
			t.Fatal(err)
		}
		if (c.Hash == same.Hash) != tt.same {
			t.Errorf("%s: same hash: %v", tt.name, !tt.same)
		}
	}
}

// Only offices that have, or have had, a case saw it.
func TestSeen(t *testing.T) {
	c := open(t, "2026-11-23 10:00")
	for office, want := range map[OfficeID]bool{"deputy@itc": true, "director@itc": false, "deputy@ilb": false, "rector": false} {
		if got := c.Seen(office); got != want {
			t.Errorf("%s saw the case: %v, want %v", office, got, want)
		}
	}
}
