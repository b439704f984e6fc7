package dauys

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// onebody is a directory of one.
const onebody = `bodies:
  - id: labour
    names: {kk: Еңбек инспекциясы басқармасы, ru: Управление инспекции труда, en: Labour Inspectorate}
    about: {kk: Еңбек., ru: Труд., en: Labour.}
    where: {kk: Сайт., ru: Сайт., en: Site.}
    how: {kk: Жазбаша., ru: Письменно., en: In writing.}
    term: {kk: 15 күн., ru: 15 дней., en: 15 days.}
    langs: [kk, ru]
    source: The site.
    date: 2026-11-22
`

func TestReadBodies(t *testing.T) {
	u, problems := ReadUniversity("u.yaml", []byte(small+rest+onebody))
	if u == nil || len(problems) > 0 {
		t.Fatal(problems)
	}
	b, ok := u.Body("labour")
	if !ok || b.Names.In(English) != "Labour Inspectorate" || b.About.In(Kazakh) != "Еңбек." || b.Where.In(Russian) != "Сайт." || b.How.In(English) != "In writing." ||
		b.Term.In(English) != "15 days." || !slices.Equal(b.Langs, []Lang{Kazakh, Russian}) || b.Source != "The site." || b.Date != "2026-11-22" || b.Label().In(Russian) != "Управление инспекции труда" {
		t.Errorf("%+v", b)
	}
	for from, to := range map[Lang]Lang{Kazakh: Kazakh, Russian: Russian, English: Kazakh} {
		if got := b.Writes(from); got != to {
			t.Errorf("a letter from somebody who speaks %s is in %s", from, got)
		}
	}
	if _, ok := u.Body("nobody"); ok {
		t.Error("there is a body that is not in the file")
	}
	for _, tt := range []struct{ old, new, want string }{
		{"id: labour", "id: another", `"another" stands for a body that is not in the directory; give it another id`},
		{"langs: [kk, ru]", "langs: [kz]", `"kz" is not a language; did you mean "kk"?`},
		{"langs: [kk, ru]", "langs: []", "the list is empty (bodies.labour.langs); write at least one of kk, ru, en"},
		{"date: 2026-11-22", "date: November", `"November" is not a date; write it as 2026-11-22`},
		{"    source: The site.\n", "", `the field "source" is missing (bodies.labour); add source:`},
		{"en: Site.", "en: " + strings.Repeat("x", longestSaid+1), "more than 400 characters (bodies.labour.where); shorten it: people read it in a chat"},
		{"en: Labour Inspectorate", "en: " + strings.Repeat("x", longestLabel+1), `the name of the body "labour" in English is too long for a button; add short: with at most 32 characters`},
		{"bodies:\n", onebody, `there is a body "labour" already; give it another id`},
	} {
		_, problems := ReadUniversity("u.yaml", []byte(small+rest+strings.Replace(onebody, tt.old, tt.new, 1)))
		if len(problems) != 1 || !strings.HasSuffix(problems[0].String(), tt.want) {
			t.Errorf("%s:\n got %v\nwant %s", tt.new, problems, tt.want)
		}
	}
}

func TestOldBodiesAreDoubted(t *testing.T) {
	u, _ := ReadUniversity("u.yaml", []byte(small+rest+onebody))
	told := func(now time.Time) (said []string) {
		for _, p := range u.Warnings(now) {
			if strings.Contains(p.What, "bodies") {
				said = append(said, p.String())
			}
		}
		return said
	}
	if said := told(almaty(t, "2027-11-22 10:00")); len(said) > 0 {
		t.Error(said)
	}
	line := 1 + strings.Count((small + rest + onebody)[:strings.Index(small+rest+onebody, "    date: 2026-11-22")], "\n")
	want := fmt.Sprintf("u.yaml:%d: warning: what is said of these bodies was looked up more than a year ago: labour; ask them, mend what has changed and write the new date", line)
	if said := told(almaty(t, "2027-11-25 10:00")); !slices.Equal(said, []string{want}) {
		t.Errorf("%q", said)
	}
}

// The directory that comes with Dauys: every body can be shown on a phone, whole, and says who says so.
func TestBuiltinBodies(t *testing.T) {
	all := Builtin().Bodies
	if len(all) < 12 || len(all) > 16 {
		t.Errorf("%d bodies: fewer help nobody, more do not fit under a question", len(all))
	}
	for _, b := range all {
		for _, l := range Langs {
			if n := utf8.RuneCountInString(b.Label().In(l)); n > longestLabel {
				t.Errorf("%s in %s: %d characters on a button", b.ID, l, n)
			}
		}
		if !slices.Contains(b.Langs, Kazakh) || !slices.Contains(b.Langs, Russian) {
			t.Errorf("%s: a state body takes letters in Kazakh and Russian", b.ID)
		}
		if !strings.Contains(b.Source, "confirm") {
			t.Errorf("%s: nobody is asked to confirm it: %s", b.ID, b.Source)
		}
	}
}

func TestReferrals(t *testing.T) {
	cal := &Builtin().Calendar
	c := stored(t, Registered)
	do := func(clock string, act Act, by Party, change func(*Move)) {
		t.Helper()
		m := move(act, by, almaty(t, clock))
		change(&m)
		if err := c.Do(m, cal); err != nil {
			t.Fatal(err)
		}
	}
	to := func(body string) func(*Move) { return func(m *Move) { m.Body, m.Note = body, "" } }
	as := func(*Move) {}
	do("2026-11-24 10:00", Redirect, TheOffice, to("labour"))
	do("2026-11-24 10:01", Delivered, TheMessenger, as)
	if c.Outcome != Outside || c.Status != Closed {
		t.Fatalf("%s %s", c.Status, c.Outcome)
	}
	office, until := c.Office(), c.Until
	do("2026-11-26 20:00", Bounce, TheApplicant, as)
	if c.Status != Registered || c.Outcome != "" || c.Office() != office || c.Holder != 0 || !c.Until.IsZero() {
		t.Errorf("not accepted there: %s %q at %s, until %v (was %v)", c.Status, c.Outcome, c.Office(), c.Until, until)
	}
	if want := cal.Due(cal.Registered(almaty(t, "2026-11-26 20:00")), c.Rung().Days); !c.RungDue.Equal(want) {
		t.Errorf("its term is %v, counted from then %v", c.RungDue, want)
	}
	if want := cal.Due(cal.Registered(almaty(t, "2026-11-26 20:00")), c.Terms.Days); !c.Due.Equal(want) {
		t.Errorf("the whole term is %v, counted from then %v", c.Due, want)
	}
	do("2026-11-27 10:00", Redirect, TheOffice, to("akimat"))
	do("2026-11-27 10:01", Delivered, TheMessenger, as)
	do("2026-11-30 10:00", Accept, TheApplicant, as)
	all := c.Referrals()
	if len(all) != 2 || all[0].Body != "labour" || !all[0].Failed.Equal(almaty(t, "2026-11-26 20:00")) || all[0].Accepted ||
		all[1].Body != "akimat" || !all[1].Failed.IsZero() || !all[1].Accepted {
		t.Errorf("%+v", all)
	}
	do("2026-12-01 10:00", Reopen, TheApplicant, as) // not content with it, and answered then: that says nothing of the body
	do("2026-12-01 11:00", Take, TheOffice, as)
	do("2026-12-01 12:00", Answer, TheHolder, func(m *Move) { m.Outcome = Granted })
	do("2026-12-01 12:01", Delivered, TheMessenger, as)
	if err := c.Can(move(Bounce, TheApplicant, almaty(t, "2026-12-01 13:00"))); err == nil {
		t.Error("what was answered can be said to be not accepted elsewhere")
	}
	if all := c.Referrals(); len(all) != 2 || !all[1].Accepted {
		t.Errorf("%+v", all)
	}
}
