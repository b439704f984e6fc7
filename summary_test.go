package dauys

import (
	"fmt"
	"reflect"
	"testing"
	"time"
)

// wall is a time on the wall of the university.
func wall(t *testing.T, s string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", s, Builtin().Calendar.Zone())
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// handMade is a case that was filed at a deputy director's and has two offices above, and what became
// of it.
func handMade(t *testing.T, number, filed string, change func(*Case)) *Case {
	t.Helper()
	at, cal := wall(t, filed), &Builtin().Calendar
	c := &Case{Number: number, Topic: "marks", Status: Registered, Filed: at, Registered: cal.Registered(at), Applicant: Applicant{Address: Address(number)},
		Ladder: Ladder{{Office: "deputy@itc", Days: 3}, {Office: "director@itc", Days: 3}, {Office: "rector", Days: 5}},
		Events: []Event{{Seq: 1, At: at, Act: Register, To: Registered, Office: "deputy@itc"}}}
	c.RungDue, c.Due = cal.Due(c.Registered, 3), cal.Due(c.Registered, 15)
	if change != nil {
		change(c)
	}
	return c
}

// happens adds an event.
func (c *Case) happens(t *testing.T, at string, act Act, to Status, next OfficeID) {
	e := Event{Seq: len(c.Events) + 1, At: wall(t, at), Act: act, From: c.Status, To: to, Office: c.Office(), Next: next}
	for i, r := range c.Ladder {
		if r.Office == next {
			c.Position = i
		}
	}
	c.Status = to
	c.Events = append(c.Events, e)
}

func TestSpread(t *testing.T) {
	for _, tt := range []struct {
		days []int
		want Spread
	}{
		{nil, Spread{}},
		{[]int{4}, Spread{1, 4, 4}},
		{[]int{5, 2}, Spread{2, 3.5, 5}},
		{[]int{9, 1, 2}, Spread{3, 2, 9}},
		{[]int{1, 2, 3, 4, 5, 6, 7, 8, 9, 100}, Spread{10, 5.5, 9}},
		{[]int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, Spread{11, 6, 10}},
		{[]int{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7, 8}, Spread{20, 0, 0}},
	} {
		if got := spread(tt.days); got != tt.want {
			t.Errorf("spread(%v) = %+v, want %+v", tt.days, got, tt.want)
		}
	}
	for share, want := range map[Share]int{{}: 0, {1, 3}: 33, {2, 3}: 67, {5, 5}: 100, {1, 200}: 1} {
		if got := share.Percent(); got != want {
			t.Errorf("%+v is %d %%, want %d", share, got, want)
		}
	}
}

// The cases of four weeks, of which every number was counted by hand. 23 November 2026 is a Monday.
func cases(t *testing.T) []*Case {
	all := []*Case{
		handMade(t, "1", "2026-11-02 10:00", func(c *Case) { // the next day, at the first level
			c.happens(t, "2026-11-03 11:00", Answer, Decided, "")
			c.happens(t, "2026-11-03 11:01", Delivered, Closed, "")
			c.happens(t, "2026-11-04 09:00", Rate, Closed, "")
			c.Events[len(c.Events)-1].Mark = 2
			c.happens(t, "2026-11-05 09:00", Rate, Closed, "")
			c.Events[len(c.Events)-1].Mark = 5
		}),
		handMade(t, "2", "2026-11-02 10:00", func(c *Case) { // climbed on the 6th, answered there on the 10th: 6 days, 2 of them there
			c.happens(t, "2026-11-06 08:30", Expire, Registered, "director@itc")
			c.happens(t, "2026-11-10 16:00", Answer, Decided, "")
		}),
		handMade(t, "3", "2026-11-03 10:00", func(c *Case) { // to the top: answered by the rector, 13 working days later
			c.happens(t, "2026-11-09 08:30", Escalate, Registered, "director@itc")
			c.happens(t, "2026-11-12 08:30", Allow, Registered, "rector")
			c.happens(t, "2026-11-20 15:00", Redirect, Redirected, "")
		}),
		handMade(t, "4", "2026-11-09 10:00", func(c *Case) { // withdrawn: settled, answered by nobody
			c.happens(t, "2026-11-09 12:00", Withdraw, Withdrawn, "")
		}),
		handMade(t, "5", "2026-11-16 10:00", nil), // overdue since the 19th
		handMade(t, "6", "2026-11-23 09:00", func(c *Case) { c.Topic, c.Terms.Restricted = "aid", true }),
		handMade(t, "7", "2026-11-16 10:00", func(c *Case) { // waits, and was in time when it began to
			c.happens(t, "2026-11-17 10:00", Take, InReview, "")
			c.happens(t, "2026-11-17 10:01", Ask, Needs, "")
		}),
		handMade(t, "8", "2026-11-10 10:00", func(c *Case) { // answered, and taken up again on the 23rd
			c.happens(t, "2026-11-11 10:00", Answer, Decided, "")
			c.happens(t, "2026-11-11 10:01", Delivered, Closed, "")
			c.happens(t, "2026-11-23 09:30", Reopen, Registered, "")
			c.RungDue, c.Due = wall(t, "2026-11-26 17:30"), wall(t, "2026-12-14 17:30")
		}),
		handMade(t, "9", "2026-10-01 10:00", func(c *Case) { // long before, answered in time for these weeks
			c.happens(t, "2026-11-02 09:00", Answer, Decided, "")
		}),
	}
	for i := range 6 { // one who files again and again, answered on the same day
		all = append(all, handMade(t, fmt.Sprint("r", i), "2026-11-19 09:00", func(c *Case) {
			c.Applicant.Address, c.Topic = "often", "misc"
			c.happens(t, "2026-11-19 15:00", Answer, Decided, "")
		}))
	}
	return all
}

func TestSummary(t *testing.T) {
	cal := &Builtin().Calendar
	from, to, now := wall(t, "2026-11-02 00:00"), wall(t, "2026-11-30 00:00"), wall(t, "2026-11-23 10:00")
	count := func(offices ...OfficeID) Summary {
		s := NewSurvey(cal, from, to, now, offices...)
		for _, c := range cases(t) {
			s.Add(c)
		}
		return s.Sum()
	}
	weeks := func(n ...int) (all []Week) {
		for i := 0; i < len(n); i += 2 {
			all = append(all, Week{from.AddDate(0, 0, 7*(i/2)), n[i], n[i+1]})
		}
		return all
	}
	// October had a day off, the 26th: 21 working days from the 1st to 2 November.
	want := Summary{
		Registered: 14, Settled: 11, Open: 4, Overdue: 1, Repeaters: 1,
		Days:    Spread{10, 0, 13}, // 0 0 0 0 0 0 1 6 13 21
		Offices: nil, Climbed: Share{2, 10}, Institute: Share{9, 10}, Ratings: Ratings{1, 5},
		Topics: []Topic{{"marks", 7}, {"misc", 6}},
		Weeks:  weeks(3, 2, 2, 2, 8, 7, 1, 0),
		Levels: []Row{
			{Level: 1, Settled: 9, Days: Spread{8, 0, 21}}, // 0 0 0 0 0 0 1 21
			{Level: 2, Settled: 1, Days: Spread{1, 6, 6}},
			{Level: 3, Settled: 1, Days: Spread{1, 13, 13}},
		},
		Institutes: []Row{{ID: "itc", Open: 4, Overdue: 1, Settled: 10, Days: Spread{9, 0, 21}}},
	}
	want.Offices = []Row{
		{ID: "deputy@itc", Open: 4, Overdue: 1, Settled: 9, Days: Spread{8, 0, 21}},
		{ID: "director@itc", Settled: 1, Days: Spread{1, 2, 2}},
		{ID: "rector", Settled: 1, Days: Spread{1, 6, 6}},
	}
	if got := count(); !reflect.DeepEqual(got, want) {
		t.Errorf("all offices:\ngot  %+v\nwant %+v", got, want)
	}
	own := count("director@itc")
	if own.Registered != 2 || own.Settled != 1 || own.Open != 0 || own.Climbed != (Share{1, 2}) || own.Days != (Spread{1, 2, 2}) || len(own.Offices) != 1 || own.Ratings.N != 0 || own.Repeaters != 0 {
		t.Errorf("the director's own: %+v", own)
	}
	if deputy := count("deputy@itc"); deputy.Registered != 14 || deputy.Climbed != (Share{2, 10}) || deputy.Ratings != (Ratings{1, 5}) {
		t.Errorf("the deputy's own: %+v", deputy)
	}
	if none := count("registrar"); none.Registered+none.Settled+none.Open != 0 || len(none.Offices) != 0 {
		t.Errorf("of an office without cases: %+v", none)
	}
}

// That an office which only registers passes a case on is no climb; that it was transferred is none
// either.
func TestClimbed(t *testing.T) {
	c := handMade(t, "1", "2026-11-02 10:00", func(c *Case) {
		c.Ladder[0].Registers = true
		c.happens(t, "2026-11-03 10:00", Escalate, Registered, "director@itc")
	})
	if c.climbed(c.Events[1]) {
		t.Error("what was registered and passed on has climbed")
	}
	c.happens(t, "2026-11-04 10:00", Transfer, Registered, "rector")
	if c.climbed(c.Events[2]) {
		t.Error("what was transferred has climbed")
	}
}

func TestDigest(t *testing.T) {
	all := cases(t)
	today := handMade(t, "today", "2026-11-18 10:00", nil) // three working days: until the 23rd
	slow := handMade(t, "slow", "2026-11-02 10:00", func(c *Case) {
		c.happens(t, "2026-11-03 10:00", Take, InReview, "")
		c.happens(t, "2026-11-09 10:00", Ask, Needs, "") // it was overdue when it was asked
	})
	d := NewDigest(&Builtin().Calendar, append(all, today, slow), wall(t, "2026-11-20 08:30"), wall(t, "2026-11-23 10:00"))
	numbers := func(list []*Case) (n []string) {
		for _, c := range list {
			n = append(n, c.Number)
		}
		return n
	}
	for what, list := range map[string][2][]string{
		"new": {numbers(d.New), {"6", "8"}}, "today": {numbers(d.Today), {"today"}}, "overdue": {numbers(d.Overdue), {"slow", "5"}}, "waiting": {numbers(d.Waiting), {"slow", "7"}},
	} {
		if !reflect.DeepEqual(list[0], list[1]) {
			t.Errorf("%s: %q, want %q", what, list[0], list[1])
		}
	}
	if d.Empty() || !NewDigest(&Builtin().Calendar, nil, time.Time{}, time.Time{}).Empty() {
		t.Error("what is empty is not told apart")
	}
}

// BenchmarkSurvey counts as many cases as a university has in some years.
func BenchmarkSurvey(b *testing.B) {
	cal := &Builtin().Calendar
	zone := cal.Zone()
	from := time.Date(2026, time.January, 5, 0, 0, 0, 0, zone)
	var all []*Case
	for i := range 20_000 {
		at := from.Add(time.Duration(i) * 25 * time.Minute)
		c := &Case{Number: fmt.Sprint(i), Topic: "marks", Filed: at, Registered: cal.Registered(at), Applicant: Applicant{Address: Address(fmt.Sprint(i % 7000))},
			Ladder: Ladder{{Office: "deputy@itc", Days: 3}, {Office: "director@itc", Days: 3}}, Status: Decided,
			Events: []Event{{Seq: 1, At: at, Act: Register, To: Registered, Office: "deputy@itc"}, {Seq: 2, At: at, Act: Take, From: Registered, To: InReview, Office: "deputy@itc"},
				{Seq: 3, At: at.AddDate(0, 0, i%20), Act: Answer, From: InReview, To: Decided, Office: "deputy@itc"}}}
		all = append(all, c)
	}
	b.ResetTimer()
	for b.Loop() {
		s := NewSurvey(cal, from, from.AddDate(1, 0, 0), from.AddDate(1, 0, 0))
		for _, c := range all {
			s.Add(c)
		}
		if sum := s.Sum(); sum.Registered != len(all) {
			b.Fatalf("%d of %d", sum.Registered, len(all))
		}
	}
}
