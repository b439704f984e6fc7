package dauys

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// received is the built-in university with one reception instead of its own.
func received(t *testing.T, day, hours, minutes string) *University {
	t.Helper()
	from, to := strings.Index(string(builtin), "\nreceptions:\n"), strings.Index(string(builtin), "\n# The channel in which")
	file := string(builtin[:from]) + "\nreceptions:\n  - {office: rector, day: " + day + ", hours: " + hours + ", minutes: " + minutes +
		", place: {kk: 101, ru: 101, en: 101}, source: S.}\n" + string(builtin[to:])
	u, problems := ReadUniversity("alt.yaml", []byte(file))
	if u == nil {
		t.Fatal(problems)
	}
	return u
}

func TestSlots(t *testing.T) {
	for _, tt := range []struct {
		name                string
		day, hours, minutes string
		after               string
		most                int
		want                []string
	}{
		{"every week", "every wed", "15:00-15:45", "15", "2026-11-23 10:00", 5, []string{"11-25 15:00", "11-25 15:15", "11-25 15:30", "12-02 15:00", "12-02 15:15"}},
		{"on the day itself, what is left", "every wed", "15:00-15:45", "15", "2026-11-25 15:00", 2, []string{"11-25 15:15", "11-25 15:30"}},
		{"no room for half a person", "every wed", "15:00-15:50", "20", "2026-11-23 10:00", 3, []string{"11-25 15:00", "11-25 15:20", "12-02 15:00"}},
		{"the first such day of a month", "first tue", "10:00-10:30", "30", "2026-11-23 10:00", 3, []string{"12-01 10:00", "01-05 10:00", "02-02 10:00"}},
		{"the fourth", "fourth fri", "10:00-10:30", "30", "2026-11-23 10:00", 2, []string{"11-27 10:00", "12-25 10:00"}},
		{"moved from Independence Day to the next day", "every wed", "10:00-10:30", "30", "2026-12-10 10:00", 2, []string{"12-17 10:00", "12-23 10:00"}},
		{"a Sunday is never a working day", "every sun", "10:00-10:30", "30", "2026-11-23 10:00", 2, []string{"11-30 10:00", "12-07 10:00"}},
		{"moved from before the moment", "every sun", "10:00-10:30", "30", "2026-11-29 12:00", 1, []string{"11-30 10:00"}},
		{"none wanted", "every wed", "15:00-15:45", "15", "2026-11-23 10:00", 0, nil},
	} {
		u := received(t, tt.day, tt.hours, tt.minutes)
		var got []string
		for _, s := range u.Slots("rector", almaty(t, tt.after), tt.most) {
			got = append(got, s.At.In(u.Calendar.Zone()).Format("01-02 15:04"))
			if s.Place.In(Kazakh) != "101" {
				t.Errorf("%s: at %q", tt.name, s.Place)
			}
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
	u := received(t, "every wed", "15:00-15:45", "15")
	if got := u.Slots("vr-social", almaty(t, "2026-11-23 10:00"), 3); got != nil {
		t.Errorf("an office without reception has %v", got)
	}
	for at, want := range map[string]bool{"2026-11-25 15:15": true, "2026-11-25 15:20": false, "2026-11-25 15:45": false, "2026-11-24 15:15": false} {
		if _, ok := u.Slot("rector", almaty(t, at)); ok != want {
			t.Errorf("a slot at %s: %v", at, ok)
		}
	}
}

// Two receptions that days off bring onto the same hours are one: nobody is expected twice at a time.
func TestSlotsThatMeet(t *testing.T) {
	u := received(t, "every sat", "10:00-10:30", "15")
	other := u.Receptions[0]
	other.Day = time.Sunday
	u.Receptions = append(u.Receptions, other)
	var got []string
	for _, s := range u.Slots("rector", almaty(t, "2026-11-27 12:00"), 3) {
		got = append(got, s.At.In(u.Calendar.Zone()).Format("01-02 15:04"))
	}
	if want := []string{"11-30 10:00", "11-30 10:15", "12-07 10:00"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// A reception holds until the applicant excuses themselves or the case is settled; an invitation for
// another time takes the place of the first.
func TestReception(t *testing.T) {
	cal := &Builtin().Calendar
	at := almaty(t, "2026-11-24 12:00")
	first, second := almaty(t, "2026-12-02 15:00"), almaty(t, "2026-12-09 15:15")
	c := stored(t, InReview)
	holding[MayReceive](t, c)
	do := func(m Move) {
		t.Helper()
		m.At, m.Note = at, "words"
		if m.By != TheApplicant {
			m.Staff = damir
		}
		if err := c.Do(m, cal); err != nil {
			t.Fatal(err)
		}
	}
	is := func(want time.Time) {
		t.Helper()
		if got, ok := c.Reception(); !got.Equal(want) || ok == want.IsZero() {
			t.Errorf("received at %v, want %v", got, want)
		}
	}
	is(time.Time{})
	do(Move{Act: Invite, By: TheHolder, Term: first})
	is(first)
	_, tells := c.Stored()
	var after []string
	for _, n := range tells {
		if !n.After.IsZero() {
			after = append(after, string(n.What)+" "+n.After.In(cal.Zone()).Format("01-02 15:04"))
		}
	}
	if want := []string{"soon 12-01 15:00", "soon 12-02 13:00", "visitors 12-02 08:30"}; !slices.Equal(after, want) {
		t.Errorf("told %q, want %q", after, want)
	}
	do(Move{Act: GiveBack, By: TheHolder}) // the applicant knows nothing of it and comes
	is(first)
	do(Move{Act: Take, By: TheOffice})
	do(Move{Act: Invite, By: TheHolder, Term: second})
	is(second)
	do(Move{Act: Excuse, By: TheApplicant})
	is(time.Time{})
	if c.Status != InReview || c.Holder != damir.ID {
		t.Errorf("excused, it is %s, held by %d", c.Status, c.Holder)
	}
	do(Move{Act: Invite, By: TheHolder, Term: first})
	at = almaty(t, "2026-12-02 15:30")
	if c.Offers(Excuse, TheApplicant, at) {
		t.Error("one can excuse oneself from what is over")
	}
	do(Move{Act: Decide, By: TheOffice, Outcome: Explained})
	is(time.Time{})
}

// What is published is what the author last was asked about, and only while they have not said no or
// taken the case up again; what is published stays so.
func TestWording(t *testing.T) {
	cal := &Builtin().Calendar
	c := stored(t, Closed)
	holding[MayPublish](t, c)
	c.Until = almaty(t, "2026-12-10 12:00")
	do := func(act Act, by Party) error {
		m := move(act, by, almaty(t, noon))
		return c.Do(m, cal)
	}
	open := func(want bool) {
		t.Helper()
		if w, got := c.Wording(); got != want || got && w.Act != Redact {
			t.Errorf("a wording waits: %v, want %v", got, want)
		}
	}
	open(false)
	for _, step := range []struct {
		act  Act
		by   Party
		open bool
	}{{Redact, TheOffice, true}, {Keep, TheApplicant, false}, {Redact, TheOffice, true}, {Redact, TheOffice, true}, {Reopen, TheApplicant, false}, {Take, TheOffice, false},
		{Answer, TheOffice, false}, {Delivered, TheMessenger, false}, {Redact, TheOffice, true}, {Publish, TheApplicant, false}} {
		if err := do(step.act, step.by); err != nil {
			t.Fatalf("%s: %v", step.act, err)
		}
		open(step.open)
	}
	if w, ok := c.Published(); !ok || w.Act != Redact || w.Note != "words" {
		t.Errorf("published is %+v, %v", w, ok)
	}
	for _, act := range []Act{Redact, Publish, Keep} {
		if err := do(act, map[bool]Party{true: TheOffice, false: TheApplicant}[act == Redact]); err == nil {
			t.Errorf("%s of what is published", act)
		}
	}
}

// What is wrong with a reception is told by its line.
func TestReceptionProblems(t *testing.T) {
	const good = "{office: rector, day: every wed, hours: 15:00-17:00, minutes: 15, place: {kk: 101, ru: 101, en: 101}, source: S.}"
	for _, tt := range []struct{ old, new, want string }{
		{"every wed", "fifth wed", `"fifth wed" is no day of a reception; write it as every wed, or first tue; the words are every, first, second, third, fourth, sun, mon, tue, wed, thu, fri, sat`},
		{"every wed", "wed", `"wed" is no day of a reception; write it as every wed, or first tue; the words are every, first, second, third, fourth, sun, mon, tue, wed, thu, fri, sat`},
		{"15:00-17:00", "17:00-15:00", "the hours 17:00-15:00 end before they begin; write the beginning first"},
		{"15:00-17:00", "afternoon", `"afternoon" are not hours; write them as 08:30-17:30`},
		{"15:00-17:00", "15:00-15:10", "nobody can be received: one person takes longer than the whole reception; write fewer minutes, or longer hours"},
		{"minutes: 15", "minutes: 0", `"0" cannot be the time for one person; write a whole number of minutes, from 5 to 120`},
		{"office: rector", "office: recktor", `there is no office "recktor"; did you mean "rector"?`},
		{"office: rector", "office: vr-social", `the office "vr-social" receives nobody: it has no power to invite; write powers: [invite] at the office`},
		{", source: S.", "", `the field "source" is missing (receptions.1); add source:`},
	} {
		from, to := strings.Index(string(builtin), "\nreceptions:\n"), strings.Index(string(builtin), "\n# The channel in which")
		before := string(builtin[:from]) + "\nreceptions:\n"
		file := before + "  - " + strings.Replace(good, tt.old, tt.new, 1) + "\n" + string(builtin[to:])
		_, problems := ReadUniversity("alt.yaml", []byte(file))
		problems = slices.DeleteFunc(problems, func(p Problem) bool { return p.Warning })
		want := strconv.Itoa(strings.Count(before, "\n")+1) + ": " + tt.want
		if len(problems) != 1 || problems[0].String() != "alt.yaml:"+want {
			t.Errorf("%q: %v, want %s", tt.new, problems, want)
		}
	}
}
