package dauys

import (
	"slices"
	"testing"
)

// by is what a clerk of the Public Reception Office has entered.
func by(t *testing.T, channel Channel, kind Kind, who Address, at string) *Case {
	t.Helper()
	u := Builtin()
	scheme, ok := u.Entry("reception", kind, AsCitizen)
	if !ok {
		t.Fatalf("the Public Reception Office takes no %s", kind)
	}
	d := Draft{ID: "d1", Kind: kind, Channel: channel, By: damir, Scheme: scheme.ID, Text: "The street is closed.", Applicant: Applicant{Address: who, Name: "Askar", Standing: AsCitizen, Lang: Kazakh}}
	c, err := Open(d, u, almaty(t, at))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// What somebody without a messenger has asked is served as any other request, but for what takes one:
// nothing is sent into the void, nobody is asked there, and the office is urged until it has noted in
// which other way the answer went.
func TestWithoutAMessenger(t *testing.T) {
	c := by(t, ByVisit, Application, "", "2026-11-23 10:00")
	if e := c.Events[0]; e.By != TheOffice || e.Staff != damir.ID || e.Name != "Damir" {
		t.Errorf("registered by the %s, %q", e.By, e.Name)
	}
	if err := c.Do(move(Take, TheOffice, almaty(t, "2026-11-23 11:00")), &Builtin().Calendar); err != nil {
		t.Fatal(err)
	}
	if c.Offers(Ask, TheOffice, almaty(t, "2026-11-23 12:00")) {
		t.Error("staff are offered to ask somebody whom nobody can write to")
	}
	did := life(t, c, "2026-11-23 12:00", "2026-12-14 10:00", at(t, "2026-11-24 10:00", Answer, TheHolder))
	want := []string{"2026-12-01 08:30 urge", "2026-12-08 08:30 urge"}
	if !slices.Equal(did, want) {
		t.Errorf("the clock did %q, want %q", did, want)
	}
	handed := move(HandOver, TheOffice, almaty(t, "2026-12-14 10:00"))
	if err := c.Do(handed, &Builtin().Calendar); err != nil || c.Status != Closed {
		t.Fatalf("handed over: %v, %s", err, c.Status)
	}
	if did := life(t, c, "2026-12-14 11:00", "2027-03-01 10:00"); len(did) > 0 {
		t.Errorf("then the clock did %q", did)
	}
	_, tells := c.Stored()
	for _, n := range tells {
		if n.To == "" && n.Office == "" {
			t.Errorf("%s is for nobody", n.Key)
		}
	}
}

// Whom the messenger brings the answer is not handed it over besides, until it does not arrive.
func TestHandOver(t *testing.T) {
	c := by(t, ByCall, Inquiry, "telegram:5", "2026-11-23 10:00")
	cal := &Builtin().Calendar
	for _, m := range []Move{move(Take, TheOffice, almaty(t, "2026-11-23 11:00")), move(Answer, TheHolder, almaty(t, "2026-11-23 12:00"))} {
		if err := c.Do(m, cal); err != nil {
			t.Fatal(err)
		}
	}
	later := almaty(t, "2026-11-24 10:00")
	if c.Offers(HandOver, TheOffice, later) {
		t.Error("an answer is handed over that is on its way")
	}
	if err := c.Do(move(Undeliverable, TheMessenger, later), cal); err != nil {
		t.Fatal(err)
	}
	if err := c.Do(move(HandOver, TheOffice, later), cal); err != nil || c.Status != Closed {
		t.Errorf("handed over: %v, %s", err, c.Status)
	}
}

// The kinds of an appeal of the public have the terms of the law: 20 working days for a complaint, which
// cannot be extended, and 15 for all others. The dates are those of the calendar of the file.
func TestTermsOfThePublic(t *testing.T) {
	for kind, due := range map[Kind]string{
		Application: "2026-12-14 17:30", Suggestion: "2026-12-14 17:30", Response: "2026-12-14 17:30", Message: "2026-12-14 17:30",
		Inquiry: "2026-12-14 17:30", Complaint: "2026-12-22 17:30",
	} {
		c := by(t, ByMessenger, kind, "telegram:5", "2026-11-23 10:00")
		if !c.Due.Equal(almaty(t, due)) {
			t.Errorf("a %s is due at %v, want %s", kind, c.Due, due)
		}
		if extends := c.Extendable() > 0; extends != (kind != Complaint) {
			t.Errorf("a %s can be extended by %d days", kind, c.Extendable())
		}
		if c.Office() != "reception" || c.Ladder[len(c.Ladder)-1].Office != "rector" {
			t.Errorf("a %s goes %v", kind, c.Ladder)
		}
	}
}

func TestEntry(t *testing.T) {
	u := Builtin()
	for _, tt := range []struct {
		office OfficeID
		kind   Kind
		from   Standing
		want   string
	}{
		{"reception", Complaint, AsCitizen, "public-complaint"},
		{"reception", Inquiry, AsCitizen, "public"},
		{"reception", Complaint, AsStudent, ""}, // who studies here goes the ways of the institute
		{"desw", Application, AsFaculty, "desw"},
		{"rector", Complaint, AsCitizen, "rector-public"},
		{"deputy@itc", Complaint, AsStudent, ""}, // whose way begins with the curator
		{"nobody", Complaint, AsStudent, ""},
	} {
		if s, ok := u.Entry(tt.office, tt.kind, tt.from); s.ID != tt.want || ok != (tt.want != "") {
			t.Errorf("%s enters a %s of a %s by %q, want %q", tt.office, tt.kind, tt.from, s.ID, tt.want)
		}
	}
}

// By a scheme that only staff enter goes nothing that somebody asks for by themselves.
func TestEnteredOnly(t *testing.T) {
	q := Request{Kind: Complaint, From: AsCitizen}
	if way, err := Builtin().Route(q); err != nil || way.Scheme.ID != "public-complaint" {
		t.Errorf("a complaint of the public goes by %q, %v", way.Scheme.ID, err)
	}
	for _, s := range Builtin().Ways(q) {
		if s.Entered {
			t.Errorf("the public is offered %q", s.ID)
		}
	}
}
