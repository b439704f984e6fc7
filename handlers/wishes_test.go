package handlers

import (
	"testing"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/notices"
	"alt.edu.kz/dauys/registrar"
)

// clockAt is a moment of the week from Monday, 23 November 2026, by the clocks of the university.
func clockAt(t *testing.T, clock string) time.Time {
	t.Helper()
	when, err := time.ParseInLocation("2006-01-02 15:04", "2026-11-"+clock, dauys.Builtin().Calendar.Zone())
	if err != nil {
		t.Fatal(err)
	}
	return when
}

// What comes at night waits for the morning, unless it happens before somebody would have time for it.
func TestOverQuiet(t *testing.T) {
	usual := dauys.Hours{From: 22 * 60, To: 8 * 60}
	for _, x := range []struct {
		name, now, happens, until string // empty: never; it does not wait
		hours                     dauys.Hours
	}{
		{"by day", "23 12:00", "", "", usual},
		{"in the evening before", "23 21:59", "", "", usual},
		{"in the evening", "23 22:00", "", "24 08:00", usual},
		{"in the night", "24 03:00", "", "24 08:00", usual},
		{"in the morning", "24 08:00", "", "", usual},
		{"an exam at nine is told at six", "24 03:00", "24 09:00", "24 06:00", usual},
		{"and at seven at once", "24 07:00", "24 09:00", "", usual},
		{"one in the afternoon can wait", "24 03:00", "24 14:00", "24 08:00", usual},
		{"of a day nobody is told at night", "23 23:00", "24 00:00", "24 08:00", usual},
		{"what was before is not pressing", "24 03:00", "23 14:00", "24 08:00", usual},
		{"no hours at all", "24 03:00", "", "", dauys.Hours{}},
		{"hours within a day", "23 14:00", "", "23 15:30", dauys.Hours{From: 13 * 60, To: 15*60 + 30}},
	} {
		var happens time.Time
		if x.happens != "" {
			happens = clockAt(t, x.happens)
		}
		until, wait := overQuiet(x.hours, happens, clockAt(t, x.now))
		if wait != (x.until != "") || wait && !until.Equal(clockAt(t, x.until)) {
			t.Errorf("%s: %v, %v", x.name, until, wait)
		}
	}
}

// What comes before or during an own exam waits for its end, and for the end of another that begins meanwhile.
func TestOverExams(t *testing.T) {
	exams := []ownExam{{"NET1", clockAt(t, "24 09:00")}, {"PRG2", clockAt(t, "24 12:30")}, {"DBS1", clockAt(t, "26 14:00")}}
	for _, x := range []struct {
		name, now, until string
		wish             notices.Wish
		bad              bool
		about, happens   string
	}{
		{name: "the evening before", now: "25 20:00"},
		{name: "in the morning of an afternoon's exam", now: "26 09:00"},
		{name: "on the way there", now: "26 13:00", until: "26 17:00"},
		{name: "during it", now: "26 15:00", until: "26 17:00"},
		{name: "after it", now: "26 17:00"},
		{name: "two in a row", now: "24 09:30", until: "24 15:30"},
		{name: "all of the day, who wants it", now: "26 00:00", until: "26 17:00", wish: notices.Wish{Exams: true}},
		{name: "not the day before", now: "25 23:59", wish: notices.Wish{Exams: true}},
		{name: "a bad mark before another exam", now: "26 02:00", until: "26 17:00", bad: true, about: "NET1"},
		{name: "long before", now: "26 01:59", bad: true, about: "NET1"},
		{name: "who wants it at once", now: "26 02:00", bad: true, about: "NET1", wish: notices.Wish{Bad: true}},
		{name: "of the exam itself: they may not be admitted", now: "26 02:00", bad: true, about: "DBS1"},
		{name: "that the exam is elsewhere", now: "26 13:30", about: "DBS1", happens: "26 14:00"},
		{name: "of the exam after this one", now: "24 09:30", about: "PRG2", happens: "24 12:30", until: "24 11:30"},
		{name: "of an exam on another day", now: "24 09:30", about: "DBS1", happens: "26 14:00", until: "24 15:30"},
	} {
		var happens time.Time
		if x.happens != "" {
			happens = clockAt(t, x.happens)
		}
		until, wait := overExams(x.wish, exams, 3*time.Hour, x.bad, x.about, happens, clockAt(t, x.now))
		if wait != (x.until != "") || wait && !until.Equal(clockAt(t, x.until)) {
			t.Errorf("%s: %v, %v", x.name, until, wait)
		}
	}
}

// News come when they are wanted; what happens before a digest does not wait for it.
func TestNewsTime(t *testing.T) {
	u := dauys.Builtin()
	u.Notices.Quiet = dauys.Hours{From: 22 * 60, To: 8 * 60}
	evening := func(after time.Time) time.Time {
		y, m, d := after.In(u.Calendar.Zone()).Date()
		s := time.Date(y, m, d, 19, 0, 0, 0, u.Calendar.Zone())
		if !s.After(after) {
			s = s.AddDate(0, 0, 1)
		}
		return s
	}
	weekly := func(time.Time) time.Time { return clockAt(t, "29 18:00") }
	h := &Handlers{University: u, Schedules: map[string]Schedule{EveningNews: evening, WeeklyNews: weekly}}
	wants := func(m notices.Mode) notices.Wish {
		return notices.Wish{Modes: map[notices.Topic]notices.Mode{notices.Exams: m, notices.Orders: m}}
	}
	for _, x := range []struct {
		name, now, due string // due empty: never
		wish           notices.Wish
		topic          notices.Topic
		urgent         bool
		happens        string
	}{
		{name: "at once", now: "23 10:00", due: "23 10:00", topic: notices.Exams},
		{name: "at night", now: "23 23:00", due: "24 08:00", topic: notices.Exams},
		{name: "urgent at night", now: "23 23:00", due: "23 23:00", topic: notices.Results, urgent: true},
		{name: "in the evening", now: "23 10:00", due: "23 19:00", topic: notices.Exams, wish: wants(notices.Evening)},
		{name: "in the next evening", now: "23 19:00", due: "24 19:00", topic: notices.Exams, wish: wants(notices.Evening)},
		{name: "in the week", now: "23 10:00", due: "29 18:00", topic: notices.Exams, wish: wants(notices.Weekly)},
		{name: "never", now: "23 10:00", topic: notices.Exams, wish: wants(notices.Off)},
		{name: "orders cannot be turned off", now: "23 10:00", due: "23 10:00", topic: notices.Orders, wish: wants(notices.Off)},
		{name: "an exam this afternoon", now: "23 10:00", due: "23 10:00", topic: notices.Exams, wish: wants(notices.Evening), happens: "23 16:00"},
		{name: "an exam tonight, for who hears weekly", now: "23 10:00", due: "23 10:00", topic: notices.Exams, wish: wants(notices.Weekly), happens: "23 20:00"},
		{name: "a term that ends tomorrow, for who hears weekly: in the evening", now: "23 10:00", due: "23 19:00", topic: notices.Exams, wish: wants(notices.Weekly), happens: "24 22:00"},
		{name: "an exam after the digest", now: "23 10:00", due: "29 18:00", topic: notices.Exams, wish: wants(notices.Weekly), happens: "30 16:00"},
	} {
		n := notices.News{Topic: x.topic, Urgent: x.urgent}
		if x.happens != "" {
			n.Matter.At = clockAt(t, x.happens)
		}
		due := h.newsTime(x.wish, n, clockAt(t, x.now))
		if due.IsZero() != (x.due == "") || x.due != "" && !due.Equal(clockAt(t, x.due)) {
			t.Errorf("%s: %v", x.name, due)
		}
	}
	bare := &Handlers{University: u} // no digests at all
	if due := bare.newsTime(wants(notices.Evening), notices.News{Topic: notices.Exams}, clockAt(t, "23 10:00")); !due.Equal(clockAt(t, "23 10:00")) {
		t.Errorf("without a digest: %v", due)
	}
}

func TestIsBad(t *testing.T) {
	h := &Handlers{University: dauys.Builtin()}
	for _, x := range []struct {
		score, letter string
		bad           bool
	}{{"49.9", "", true}, {"50", "", false}, {"absent", "", true}, {"", "F", true}, {"", "A", false}, {"", "", false}} {
		if h.isBad(registrar.Fields{"score": x.score, "letter": x.letter}) != x.bad {
			t.Errorf("%+v", x)
		}
	}
}
