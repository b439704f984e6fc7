package dauys

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// life lets a case live until a time: people move it as listed, and the clock, which looks from
// some time on, whenever it has to. It returns what the clock did, a line for each.
func life(t *testing.T, c *Case, looks, until string, moves ...Move) (done []string) {
	t.Helper()
	cal := &Builtin().Calendar
	from, end := almaty(t, looks), almaty(t, until)
	for now := c.Filed; ; {
		wakes := end
		if !c.Wake.IsZero() {
			if wakes = later(later(c.Wake, from), now); !cal.Open(wakes) {
				wakes = cal.NextOpening(wakes)
			}
		}
		if len(moves) > 0 && moves[0].At.Before(wakes) {
			now = moves[0].At
			if err := c.Do(moves[0], cal); err != nil {
				t.Fatal(err)
			}
			moves = moves[1:]
			continue
		}
		if now = wakes; !now.Before(end) {
			return done
		}
		m, ok := c.Ticks(cal, now)
		if !ok {
			t.Fatalf("wakes at %v for nothing", now)
		}
		if err := c.Do(m, cal); err != nil {
			t.Fatal(err)
		}
		line := now.In(cal.Zone()).Format("2006-01-02 15:04 ") + string(m.Act)
		if e := c.Events[len(c.Events)-1]; e.Next != "" {
			line += " → " + string(e.Next)
		}
		if done = append(done, line); len(done) > 60 {
			t.Fatalf("no end: %s", strings.Join(done, "\n"))
		}
	}
}

// at is a move of the holder, the applicant or the messenger.
func at(t *testing.T, clock string, act Act, by Party) Move {
	t.Helper()
	return move(act, by, almaty(t, clock))
}

// from is the complaint of these tests as if it began at a rung of its ladder.
func from(rung int) func(*testing.T, string) *Case {
	return func(t *testing.T, clock string) *Case {
		t.Helper()
		way, err := Builtin().Route(draft().Request())
		if err != nil {
			t.Fatal(err)
		}
		way.Ladder = way.Ladder[rung:]
		u := *Builtin()
		u.Clocks.Redirect = 0 // whose it is was found out below
		return way.Open(draft(), &u, almaty(t, clock))
	}
}

// support is an application for social support without its documents.
func support(t *testing.T, clock string) *Case {
	return about(func(d *Draft) { d.Kind, d.Topic, d.Missing = "support", "aid", []string{"id", "income-proof"} })(t, clock)
}

// bring is a document that comes.
func bring(t *testing.T, clock, item string) Move {
	m := at(t, clock, Bring, TheApplicant)
	m.Files = []File{{Ref: item, Kind: "photo", Item: item}}
	return m
}

// about is a case of another kind or about something else.
func about(change func(*Draft)) func(*testing.T, string) *Case {
	return func(t *testing.T, clock string) *Case {
		t.Helper()
		d := draft()
		change(&d)
		c, err := Open(d, Builtin(), almaty(t, clock))
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
}

// What the clock does with a case, by the built-in procedure and calendar: 16 December and the
// first days of January are off.
func TestClock(t *testing.T) {
	const monday = "2026-11-23 10:00"
	short := func(days int, rungs ...Rung) func(*testing.T, string) *Case {
		return func(t *testing.T, clock string) *Case {
			return Way{Scheme: Scheme{ID: "s", Series: "ALT", Days: days}, Ladder: rungs}.Open(draft(), Builtin(), almaty(t, clock))
		}
	}
	director := from(1) // the vice-rector above has to be asked about
	tests := []struct {
		name  string
		open  func(*testing.T, string) *Case
		filed string
		moves []Move
		looks string // from when on the clock is there; empty: always
		until string
		want  string
	}{
		{"nobody ever does anything", from(0), monday, nil, "", "2026-12-29 00:00", `
			2026-11-25 08:30 warn
			2026-11-26 08:30 urge
			2026-11-27 08:30 expire → director@itc
			2026-12-03 08:30 propose
			2026-12-03 08:30 warn
			2026-12-04 08:30 urge
			2026-12-07 08:30 expire → vr-academic
			2026-12-11 08:30 propose
			2026-12-11 08:30 warn
			2026-12-14 08:30 urge
			2026-12-15 08:30 expire → rector
			2026-12-15 08:30 overdue
			2026-12-17 08:30 urge
			2026-12-18 08:30 urge
			2026-12-21 08:30 urge
			2026-12-22 08:30 urge
			2026-12-22 08:30 warn
			2026-12-23 08:30 urge
			2026-12-24 08:30 overdue
			2026-12-25 08:30 urge
			2026-12-28 08:30 urge`},
		{"filed at night", from(0), "2026-11-20 23:50", nil, "", "2026-11-27 10:00", `
			2026-11-25 08:30 warn
			2026-11-26 08:30 urge
			2026-11-27 08:30 expire → director@itc`},
		{"one day: nobody is warned on the day when it comes", about(func(d *Draft) { d.Topic = "dormitory" }), monday, nil, "", "2026-12-10 00:00", `
			2026-11-24 08:30 urge
			2026-11-25 08:30 expire → vr-social
			2026-12-08 08:30 propose
			2026-12-08 08:30 warn
			2026-12-09 08:30 urge`},
		{"over Independence Day", from(0), "2026-12-14 10:00", nil, "", "2026-12-22 00:00", `
			2026-12-17 08:30 warn
			2026-12-18 08:30 urge
			2026-12-21 08:30 expire → director@itc`},
		{"over New Year", from(0), "2026-12-29 10:00", nil, "", "2027-01-07 00:00", `
			2026-12-31 08:30 warn
			2027-01-05 08:30 urge
			2027-01-06 08:30 expire → director@itc`},
		{"answered in time", from(0), monday, []Move{at(t, "2026-11-24 10:00", Take, TheOffice), at(t, "2026-11-24 12:00", Answer, TheHolder),
			at(t, "2026-11-24 12:01", Delivered, TheMessenger)}, "", "2027-03-01 00:00", `
			2026-12-15 08:30 followup`},
		{"said to be solved", from(0), monday, []Move{at(t, "2026-11-24 10:00", Take, TheOffice), at(t, "2026-11-24 12:00", Answer, TheHolder),
			at(t, "2026-11-24 12:01", Delivered, TheMessenger), at(t, "2026-11-25 20:00", Accept, TheApplicant)}, "", "2027-03-01 00:00", ``},
		{"documents are missing", support, monday, nil, "", "2026-12-12 00:00", `
			2026-11-26 08:30 sort
			2026-11-26 08:30 chase
			2026-12-02 08:30 chase
			2026-12-08 08:30 forgo
			2026-12-11 08:30 propose
			2026-12-11 08:30 warn`},
		{"one of them is brought", support, monday, []Move{bring(t, "2026-11-27 10:00", "id")}, "", "2026-12-09 00:00", `
			2026-11-26 08:30 sort
			2026-11-26 08:30 chase
			2026-12-02 08:30 chase
			2026-12-08 08:30 forgo`},
		{"all are brought", support, monday, []Move{bring(t, "2026-11-27 10:00", "id"), bring(t, "2026-12-02 19:00", "income-proof")}, "", "2026-12-09 00:00", `
			2026-11-26 08:30 sort
			2026-11-26 08:30 chase
			2026-12-02 08:30 chase`},
		{"documents are missing, and nobody looks for a week", support, monday, nil, "2026-12-03 10:00", "2026-12-09 00:00", `
			2026-12-03 10:00 sort
			2026-12-03 10:00 chase
			2026-12-08 08:30 forgo`},
		{"redirected", from(0), monday, []Move{at(t, "2026-11-24 10:00", Redirect, TheOffice), at(t, "2026-11-24 12:01", Delivered, TheMessenger)}, "", "2027-03-01 00:00", `
			2026-12-01 08:30 followup`},
		{"redirected and said to be accepted there", from(0), monday, []Move{at(t, "2026-11-24 10:00", Redirect, TheOffice), at(t, "2026-11-24 12:01", Delivered, TheMessenger),
			at(t, "2026-11-27 20:00", Accept, TheApplicant)}, "", "2027-03-01 00:00", ``},
		{"redirected, and not accepted there: the terms begin anew", from(0), monday, []Move{at(t, "2026-11-24 10:00", Redirect, TheOffice), at(t, "2026-11-24 12:01", Delivered, TheMessenger),
			at(t, "2026-12-01 20:00", Bounce, TheApplicant)}, "", "2026-12-09 00:00", `
			2026-12-01 08:30 followup
			2026-12-04 08:30 warn
			2026-12-07 08:30 urge
			2026-12-08 08:30 expire → director@itc`},
		{"redirected twice, asked twice", from(0), monday, []Move{at(t, "2026-11-24 10:00", Redirect, TheOffice), at(t, "2026-11-24 12:01", Delivered, TheMessenger),
			at(t, "2026-11-25 10:00", Bounce, TheApplicant), at(t, "2026-11-26 10:00", Redirect, TheOffice), at(t, "2026-11-26 10:01", Delivered, TheMessenger)}, "", "2027-03-01 00:00", `
			2026-12-03 08:30 followup`},
		{"withdrawn", from(0), monday, []Move{at(t, "2026-11-24 10:00", Withdraw, TheApplicant)}, "", "2027-03-01 00:00", ``},
		{"who took it is warned like the office", from(0), monday, []Move{at(t, "2026-11-24 10:00", Take, TheOffice)}, "", "2026-11-28 00:00", `
			2026-11-25 08:30 warn
			2026-11-26 08:30 urge
			2026-11-27 08:30 expire → director@itc`},
		{"nobody looks for a month", from(0), monday, nil, "2026-12-24 10:00", "2027-01-05 10:00", `
			2026-12-24 10:00 expire → director@itc
			2026-12-24 10:00 overdue
			2026-12-25 08:30 urge
			2026-12-28 08:30 urge
			2026-12-29 08:30 urge
			2026-12-30 08:30 urge
			2026-12-30 08:30 propose
			2026-12-30 08:30 warn
			2026-12-31 08:30 urge
			2027-01-05 08:30 expire → vr-academic
			2027-01-05 08:30 urge`},
		{"nobody looks for a month, and the applicant has to be asked", director, monday, nil, "2026-12-24 10:00", "2026-12-28 10:00", `
			2026-12-24 10:00 overdue
			2026-12-24 10:00 urge
			2026-12-24 10:00 propose
			2026-12-25 08:30 urge
			2026-12-28 08:30 expire → vr-academic
			2026-12-28 08:30 urge`},
		{"nobody looks in the evening and on Sunday", from(0), monday, nil, "2026-11-27 19:00", "2026-11-30 10:00", `
			2026-11-30 08:30 expire → director@itc`},

		{"asked by staff: silence", director, monday, []Move{at(t, "2026-11-24 10:00", Propose, TheOffice)}, "", "2026-11-27 00:00", `
			2026-11-26 08:30 expire → vr-academic`},
		{"asked by staff: yes", director, monday, []Move{at(t, "2026-11-24 10:00", Propose, TheOffice), at(t, "2026-11-24 15:00", Allow, TheApplicant)}, "", "2026-11-30 09:00", `
			2026-11-30 08:30 propose
			2026-11-30 08:30 warn`},
		{"asked by staff: no", director, monday, []Move{at(t, "2026-11-24 10:00", Propose, TheOffice), at(t, "2026-11-24 15:00", Forbid, TheApplicant)}, "", "2026-12-04 00:00", `
			2026-11-27 08:30 warn
			2026-11-30 08:30 urge
			2026-12-01 08:30 overdue
			2026-12-02 08:30 urge
			2026-12-03 08:30 urge`},
		{"asked by the clock: yes", director, monday, []Move{at(t, "2026-11-27 12:00", Allow, TheApplicant)}, "", "2026-12-02 00:00", `
			2026-11-27 08:30 propose
			2026-11-27 08:30 warn
			2026-11-30 08:30 urge
			2026-12-01 08:30 expire → vr-academic`},
		{"asked by the clock: no", director, monday, []Move{at(t, "2026-11-27 12:00", Forbid, TheApplicant)}, "", "2026-12-03 00:00", `
			2026-11-27 08:30 propose
			2026-11-27 08:30 warn
			2026-11-30 08:30 urge
			2026-12-01 08:30 overdue
			2026-12-02 08:30 urge`},
		{"asked by the clock, then by staff: silence", director, monday, []Move{at(t, "2026-11-27 12:00", Propose, TheOffice)}, "", "2026-12-02 00:00", `
			2026-11-27 08:30 propose
			2026-11-27 08:30 warn
			2026-11-30 08:30 urge
			2026-12-01 08:30 expire → vr-academic`},

		{"a suggestion is not hurried, but whose it is has to be found out", about(func(d *Draft) { d.Kind = Suggestion }), monday, nil, "", "2027-01-01 00:00", `
			2026-11-26 08:30 sort
			2026-12-15 08:30 overdue
			2026-12-23 08:30 urge
			2026-12-30 08:30 urge`},

		{"a question without a reply", from(0), monday, []Move{at(t, "2026-11-23 11:00", Take, TheOffice), at(t, "2026-11-24 10:00", Ask, TheHolder)}, "", "2027-06-01 00:00", `
			2026-12-01 08:30 nudge
			2026-12-08 08:30 nudge
			2026-12-17 08:30 close`},
		{"a question without a reply, taken up again", from(0), monday, []Move{at(t, "2026-11-23 11:00", Take, TheOffice), at(t, "2026-11-24 10:00", Ask, TheHolder),
			at(t, "2026-12-17 12:00", Reopen, TheApplicant)}, "", "2026-12-23 00:00", `
			2026-12-01 08:30 nudge
			2026-12-08 08:30 nudge
			2026-12-17 08:30 close
			2026-12-21 08:30 warn
			2026-12-22 08:30 urge`},
		{"a question while nobody looks", from(0), monday, []Move{at(t, "2026-11-23 11:00", Take, TheOffice), at(t, "2026-11-24 10:00", Ask, TheHolder)}, "2026-12-24 10:00", "2027-06-01 00:00", `
			2026-12-24 10:00 nudge
			2026-12-25 08:30 nudge
			2026-12-28 08:30 close`},
		{"two questions are counted apart", from(0), monday, []Move{at(t, "2026-11-23 11:00", Take, TheOffice), at(t, "2026-11-24 10:00", Ask, TheHolder),
			at(t, "2026-12-02 10:00", Reply, TheApplicant), at(t, "2026-12-02 11:00", Ask, TheHolder)}, "", "2026-12-10 00:00", `
			2026-12-01 08:30 nudge
			2026-12-09 08:30 nudge`},
		{"a question that does not arrive", from(0), monday, []Move{at(t, "2026-11-23 11:00", Take, TheOffice), at(t, "2026-11-24 10:00", Ask, TheHolder),
			at(t, "2026-11-24 10:01", Undeliverable, TheMessenger)}, "", "2026-12-24 00:00", `
			2026-12-01 08:30 urge
			2026-12-08 08:30 urge
			2026-12-15 08:30 urge
			2026-12-23 08:30 urge`},
		{"a question that arrives late", from(0), monday, []Move{at(t, "2026-11-23 11:00", Take, TheOffice), at(t, "2026-11-24 10:00", Ask, TheHolder),
			at(t, "2026-11-24 10:01", Undeliverable, TheMessenger), at(t, "2026-12-09 10:00", Delivered, TheMessenger)}, "", "2026-12-25 00:00", `
			2026-12-01 08:30 urge
			2026-12-08 08:30 urge
			2026-12-17 08:30 nudge
			2026-12-24 08:30 nudge`},
		{"an answer that does not arrive", from(0), monday, []Move{at(t, "2026-11-23 11:00", Take, TheOffice), at(t, "2026-11-24 10:00", Answer, TheHolder),
			at(t, "2026-11-24 10:01", Undeliverable, TheMessenger), at(t, "2026-12-09 10:00", Delivered, TheMessenger)}, "", "2027-01-06 00:00", `
			2026-12-01 08:30 urge
			2026-12-08 08:30 urge
			2026-12-31 08:30 followup`},

		{"extended after the warning", from(0), monday, []Move{at(t, "2026-11-23 11:00", Take, TheOffice), at(t, "2026-11-25 12:00", Extend, TheHolder)}, "", "2026-12-02 00:00", `
			2026-11-25 08:30 warn
			2026-11-27 08:30 warn
			2026-11-30 08:30 urge
			2026-12-01 08:30 expire → director@itc`},
		{"a reply moves the term", from(0), monday, []Move{at(t, "2026-11-23 11:00", Take, TheOffice), at(t, "2026-11-25 12:00", Ask, TheHolder), at(t, "2026-11-27 12:00", Reply, TheApplicant)}, "", "2026-12-02 00:00", `
			2026-11-25 08:30 warn
			2026-11-27 12:00 warn
			2026-11-30 08:30 urge
			2026-12-01 08:30 expire → director@itc`},
		{"given over to another office", from(0), monday, []Move{at(t, "2026-11-25 12:00", Transfer, TheOffice)}, "", "2026-11-28 00:00", `
			2026-11-25 08:30 warn
			2026-11-26 08:30 urge
			2026-11-27 08:30 expire → vr-social`},
		{"the whole case is over before the office's term", short(5, Rung{Office: "a", Days: 10}, Rung{Office: "b", Days: 10}), monday, nil, "", "2026-12-09 00:00", `
			2026-11-26 08:30 sort
			2026-12-01 08:30 overdue
			2026-12-02 08:30 urge
			2026-12-03 08:30 urge
			2026-12-04 08:30 urge
			2026-12-04 08:30 warn
			2026-12-07 08:30 urge
			2026-12-08 08:30 expire → b
			2026-12-08 08:30 urge`},
		{"at the top", short(3, Rung{Office: "a", Days: 3}), monday, nil, "", "2026-12-03 00:00", `
			2026-11-25 08:30 warn
			2026-11-26 08:30 urge
			2026-11-27 08:30 overdue
			2026-11-30 08:30 urge
			2026-12-01 08:30 urge
			2026-12-02 08:30 urge`},
		{"at the top, extended when it was over", from(3), monday, []Move{at(t, "2026-12-01 12:00", Take, TheOffice), at(t, "2026-12-01 12:01", Extend, TheHolder)}, "", "2026-12-04 00:00", `
			2026-11-27 08:30 warn
			2026-11-30 08:30 urge
			2026-12-01 08:30 overdue
			2026-12-02 08:30 urge
			2026-12-03 08:30 overdue`},
		{"left out", from(0), monday, []Move{at(t, "2026-11-23 10:01", Bypass, TheClock)}, "", "2026-12-01 00:00", `
			2026-11-27 08:30 propose
			2026-11-27 08:30 warn
			2026-11-30 08:30 urge`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			looks := tt.looks
			if looks == "" {
				looks = tt.filed
			}
			got := strings.Join(life(t, tt.open(t, tt.filed), looks, tt.until, tt.moves...), "\n")
			if want := strings.ReplaceAll(strings.TrimSpace(tt.want), "\t", ""); got != want {
				t.Errorf("\n got:\n%s\nwant:\n%s", got, want)
			}
		})
	}
}

// Who is told of what the clock does: the office first, then the one above, and both with the
// applicant when a term is over.
func TestWhoIsTold(t *testing.T) {
	cal := &Builtin().Calendar
	for _, tt := range []struct {
		rung  int
		acts  map[Act]string
		until string
	}{
		{0, map[Act]string{
			Warn:   "passed deputy@itc",
			Urge:   "passed deputy@itc, passed director@itc",
			Expire: "told telegram:1, passed deputy@itc, papers director@itc",
		}, "2026-11-27 10:00"},
		{1, map[Act]string{Warn: "passed director@itc", Urge: "passed director@itc, passed vr-academic", Propose: "told telegram:1"}, "2026-11-30 10:00"},
		{3, map[Act]string{Warn: "passed rector", Urge: "passed rector", Overdue: "passed rector, told telegram:1"}, "2026-12-03 10:00"},
	} {
		c := from(tt.rung)(t, "2026-11-23 10:00")
		c.Stored()
		seen := map[Act]bool{}
		for now := c.Wake; now.Before(almaty(t, tt.until)); now = later(now, c.Wake) {
			m, _ := c.Ticks(cal, now)
			if err := c.Do(m, cal); err != nil {
				t.Fatal(err)
			}
			var told []string
			_, tells := c.Stored()
			for _, n := range tells {
				told = append(told, strings.TrimSpace(fmt.Sprintf("%s %s%s", n.What, n.To, n.Office)))
			}
			if got := strings.Join(told, ", "); got != tt.acts[m.Act] {
				t.Errorf("at rung %d, %s is told to %q, want %q", tt.rung, m.Act, got, tt.acts[m.Act])
			}
			seen[m.Act] = true
		}
		if len(seen) != len(tt.acts) {
			t.Errorf("at rung %d happened %v", tt.rung, seen)
		}
	}
}

// The terms of a case by the test vectors of the domain: working days after the day of
// registration, until the end of working hours.
func TestTermsOfACase(t *testing.T) {
	for _, v := range []struct {
		registered string
		due        [4]string
	}{
		{"2026-11-23", [4]string{"2026-11-26", "2026-11-30", "2026-12-14", "2026-12-22"}},
		{"2026-12-14", [4]string{"2026-12-18", "2026-12-22", "2027-01-08", "2027-01-15"}},
		{"2026-12-30", [4]string{"2027-01-06", "2027-01-11", "2027-01-25", "2027-02-01"}},
		{"2027-03-05", [4]string{"2027-03-11", "2027-03-16", "2027-04-02", "2027-04-09"}},
		{"2027-04-23", [4]string{"2027-04-28", "2027-04-30", "2027-05-19", "2027-05-26"}},
	} {
		cal := &Builtin().Calendar
		day := almaty(t, v.registered+" 10:00")
		_, closed := cal.Hours(cal.OpeningBefore(day))
		for _, filed := range []time.Time{day, almaty(t, v.registered+" 00:01"), almaty(t, v.registered+" 17:29"), closed, closed.Add(5 * time.Hour)} {
			for i, rung := range []int{3, 5, 15, 20} {
				for j, whole := range []int{3, 5, 15, 20} {
					s := Scheme{ID: "s", Series: "ALT", Days: 1, KindDays: map[Kind]int{Complaint: whole}}
					c := Way{Scheme: s, Ladder: Ladder{{Office: "a", Days: rung}}}.Open(draft(), Builtin(), filed)
					if want := almaty(t, v.due[i]+" 17:30"); !c.RungDue.Equal(want) {
						t.Errorf("filed at %v, +%d: the office has until %v, want %v", filed, rung, c.RungDue, want)
					}
					if want := almaty(t, v.due[j]+" 17:30"); !c.Due.Equal(want) {
						t.Errorf("filed at %v, +%d: the whole case until %v, want %v", filed, whole, c.Due, want)
					}
				}
			}
		}
	}
}

// The clock works in working hours only, and says nothing twice.
func TestTicksInWorkingHours(t *testing.T) {
	cal := &Builtin().Calendar
	c := open(t, "2026-11-23 10:00")
	for _, clock := range []string{"2026-11-25 08:29", "2026-11-25 17:30", "2026-11-28 12:00", "2026-12-16 12:00", "2027-01-04 09:00"} {
		if m, ok := c.Ticks(cal, almaty(t, clock)); ok {
			t.Errorf("%s at %s", m.Act, clock)
		}
	}
	now := almaty(t, "2026-11-25 17:29")
	m, ok := c.Ticks(cal, now)
	if !ok || m.Act != Warn || m.By != TheClock || !m.Term.Equal(c.RungDue) || !m.At.Equal(now) {
		t.Fatalf("at %v: %+v, %v", now, m, ok)
	}
	if err := c.Do(m, cal); err != nil {
		t.Fatal(err)
	}
	if m, ok := c.Ticks(cal, now); ok {
		t.Errorf("%s after it was done", m.Act)
	}
	if e, _ := c.Latest(Warn); !e.Term.Equal(c.RungDue) || e.From != Registered || e.To != Registered {
		t.Errorf("what happened: %+v", e)
	}
}

// When the calendar changes, the clock looks at other times.
func TestRewind(t *testing.T) {
	other := edited(t, "2026-12-16: Independence Day", "2026-12-16: Independence Day\n        2026-11-25: an election")
	c := open(t, "2026-11-23 10:00")
	if !c.Wake.Equal(almaty(t, "2026-11-25 08:30")) {
		t.Fatalf("wakes at %v", c.Wake)
	}
	if c.Rewind(&other); !c.Wake.Equal(almaty(t, "2026-11-24 08:30")) {
		t.Errorf("wakes at %v, want the last working day before the term", c.Wake)
	}
	before := clone(c)
	if err := c.Do(move(Recount, TheClock, almaty(t, "2026-11-23 12:00")), &other); err != nil || c.Status != before.Status || !c.Due.Equal(before.Due) || len(c.tells) != len(before.tells) {
		t.Errorf("counted anew: %v", err)
	}
}

// A case from before the clocks has no terms but its due times; the clock lives with that.
func TestClockOfAnOldCase(t *testing.T) {
	cal := &Builtin().Calendar
	c := open(t, "2026-11-23 10:00")
	c.Terms = Terms{}
	moves := []Move{at(t, "2026-11-24 10:00", Take, TheOffice), at(t, "2026-11-24 11:00", Ask, TheHolder)}
	if got := life(t, c, "2026-11-23 10:00", "2027-02-01 00:00", moves...); len(got) > 0 || !c.Wake.IsZero() {
		t.Errorf("of a question without a term the clock did %q and wakes at %v", got, c.Wake)
	}
	for _, m := range []Move{at(t, "2027-02-01 10:00", Reply, TheApplicant), at(t, "2027-02-01 11:00", Answer, TheHolder), at(t, "2027-02-01 11:01", Delivered, TheMessenger)} {
		if err := c.Do(m, cal); err != nil {
			t.Fatal(err)
		}
	}
	if !c.Wake.IsZero() || c.Status != Closed {
		t.Errorf("%s, wakes at %v", c.Status, c.Wake)
	}
	if !slices.ContainsFunc(c.Events, func(e Event) bool { return e.Act == Reply }) {
		t.Error("the reply is lost")
	}
}
