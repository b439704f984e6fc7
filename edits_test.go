package dauys

import (
	"reflect"
	"sync"
	"testing"
	"time"
)

// apart is the calendar of ALT University with edits that no other test sees.
func apart(t *testing.T, days ...DayEdit) Calendar {
	t.Helper()
	c := Builtin().Calendar.Apart()
	if err := c.Edit(days); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestEditsWinOverTheFile(t *testing.T) {
	c := apart(t)
	tuesday, saturday, holiday := almaty(t, "2026-11-24 10:00"), almaty(t, "2026-11-28 10:00"), almaty(t, "2026-12-16 10:00")
	other := c // a copy made before the edit
	if err := c.Edit([]DayEdit{{Day: "2026-11-24", Name: "storm"}, {Day: "2026-11-28", Works: true}, {Day: "2026-12-16", Works: true}}); err != nil {
		t.Fatal(err)
	}
	if other.Working(tuesday) || !other.Working(saturday) || !other.Working(holiday) {
		t.Error("a copy does not see the edits")
	}
	if got, want := other.Due(almaty(t, "2026-11-23 10:00"), 1), almaty(t, "2026-11-25 17:30"); !got.Equal(want) {
		t.Errorf("due %v, want %v", got, want)
	}
	if !Builtin().Calendar.Working(tuesday) {
		t.Error("a calendar apart has edited another")
	}
	want := []DayEdit{{Day: "2026-11-24", Name: "storm"}, {Day: "2026-11-28", Works: true}, {Day: "2027-01-01", Name: "New Year"}}
	if got := c.Special(tuesday, almaty(t, "2027-01-03 10:00")); !reflect.DeepEqual(got, want) {
		t.Errorf("special days %+v, want %+v", got, want)
	}
	before := c.Apart()
	if err := c.Edit([]DayEdit{{Day: "2026-11-24", Name: "storm"}}); err != nil {
		t.Fatal(err)
	}
	if c.Working(saturday) || c.Working(holiday) || !before.Working(saturday) {
		t.Error("an edit that was taken back still holds, or one apart does not")
	}
	if err := c.Edit([]DayEdit{{Day: "2026-02-30"}}); err == nil || c.Working(tuesday) {
		t.Errorf("a day that does not exist: %v", err)
	}
}

func TestZeroCalendarTakesNoEdits(t *testing.T) {
	var c Calendar
	if c.Edit(nil) == nil {
		t.Error("a calendar that nobody shares was edited")
	}
	mine := c.Apart()
	if err := mine.Edit([]DayEdit{{Day: "2026-11-24"}}); err != nil || mine.Working(almaty(t, "2026-11-24 10:00")) {
		t.Errorf("a zero calendar apart cannot be edited: %v", err)
	}
}

func TestRecounted(t *testing.T) {
	off := func(day string) []DayEdit { return []DayEdit{{Day: day}} }
	work := func(day string) []DayEdit { return []DayEdit{{Day: day, Works: true}} }
	tests := []struct {
		name          string
		before, after []DayEdit
		now, due      string
		want          string
	}{
		{"a day off on the way", nil, off("2026-11-25"), "2026-11-23 10:00", "2026-11-26 17:30", "2026-11-27 17:30"},
		{"the last day is off", nil, off("2026-11-26"), "2026-11-23 10:00", "2026-11-26 17:30", "2026-11-27 17:30"},
		{"before a weekend", nil, off("2026-11-27"), "2026-11-23 10:00", "2026-11-27 17:30", "2026-11-30 17:30"},
		{"a day after it", nil, off("2026-11-27"), "2026-11-23 10:00", "2026-11-26 17:30", "2026-11-26 17:30"},
		{"a day that is off already", nil, off("2026-11-28"), "2026-11-23 10:00", "2026-11-30 17:30", "2026-11-30 17:30"},
		{"today, with days left", nil, off("2026-11-23"), "2026-11-23 10:00", "2026-11-26 17:30", "2026-11-26 17:30"},
		{"today, the last day", nil, off("2026-11-23"), "2026-11-23 10:00", "2026-11-23 17:30", "2026-11-24 17:30"},
		{"over already", nil, off("2026-11-20"), "2026-11-23 10:00", "2026-11-20 17:30", "2026-11-20 17:30"},
		{"over since a minute", nil, off("2026-11-23"), "2026-11-23 17:30", "2026-11-23 17:30", "2026-11-23 17:30"},
		{"a working Saturday on the way", nil, work("2026-11-28"), "2026-11-23 10:00", "2026-12-01 17:30", "2026-11-30 17:30"},
		{"a day off is taken back", off("2026-11-25"), nil, "2026-11-23 10:00", "2026-11-27 17:30", "2026-11-26 17:30"},
		{"a working Saturday is taken back, the last day", work("2026-11-28"), nil, "2026-11-23 10:00", "2026-11-28 17:30", "2026-11-30 17:30"},
		{"a holiday works", nil, work("2026-12-16"), "2026-12-15 10:00", "2026-12-18 17:30", "2026-12-17 17:30"},
		{"seen from a Sunday", nil, off("2026-11-23"), "2026-11-22 10:00", "2026-11-26 17:30", "2026-11-27 17:30"},
		{"one day for another", nil, append(off("2026-11-25"), work("2026-11-28")...), "2026-11-23 10:00", "2026-11-30 17:30", "2026-11-30 17:30"},
	}
	for _, tt := range tests {
		got := apart(t, tt.after...).Recounted(apart(t, tt.before...), almaty(t, tt.now), almaty(t, tt.due))
		if !got.Equal(almaty(t, tt.want)) {
			t.Errorf("%s: %v, want %s", tt.name, got, tt.want)
		}
	}
}

// What is laid over the days and taken away again leaves every term where it was.
func TestRecountedAndBack(t *testing.T) {
	plain, edited := apart(t), apart(t, DayEdit{Day: "2026-11-25"}, DayEdit{Day: "2026-12-03"}, DayEdit{Day: "2026-11-28", Works: true})
	for hours := range 24 * 14 {
		now := almaty(t, "2026-11-20 00:00").Add(time.Duration(hours) * time.Hour)
		for n := 1; n < 16; n++ {
			due := plain.Due(now, n)
			there := edited.Recounted(plain, now, due)
			if edited.WorkingDaysLeft(now, there) != n || !plain.Recounted(edited, now, there).Equal(due) {
				t.Fatalf("from %v: %d days end %v, then %v, then %v", now, n, due, there, plain.Recounted(edited, now, there))
			}
		}
	}
}

func TestCaseRecount(t *testing.T) {
	u := Builtin()
	now := almaty(t, "2026-11-23 10:00")
	before, after := apart(t), apart(t, DayEdit{Day: "2026-11-25"})
	c, err := Open(Draft{ID: "d", Kind: Complaint, Institute: "itc", Applicant: Applicant{Address: "telegram:1", Standing: AsStudent}}, u, now)
	if err != nil {
		t.Fatal(err)
	}
	rung, whole := c.RungDue, c.Due
	check := func(what string, moved bool, wantRung, wantWhole time.Time) {
		t.Helper()
		if moved != (!wantRung.Equal(rung) || !wantWhole.Equal(whole)) || !c.RungDue.Equal(wantRung) || !c.Due.Equal(wantWhole) {
			t.Errorf("%s: moved %v, %v and %v, want %v and %v", what, moved, c.RungDue, c.Due, wantRung, wantWhole)
		}
		c.RungDue, c.Due = rung, whole
	}
	check("the same days", c.Recount(before, before, now), rung, whole)
	later := func(at time.Time) time.Time { return before.Due(at, 1) }
	check("a day off", c.Recount(before, after, now), later(rung), later(whole))
	check("the rung is over", c.Recount(before, apart(t, DayEdit{Day: "2026-11-30"}), almaty(t, "2026-11-27 10:00")), rung, later(whole))

	// While the case waits, the day on which it began to wait counts, not today.
	c.append(Event{At: now, Act: Ask, From: InReview, To: Needs})
	c.Status = Needs
	check("waits", c.Recount(before, after, almaty(t, "2026-12-31 10:00")), later(rung), later(whole))
	c.Status = Closed
	check("closed", c.Recount(before, after, now), rung, whole)
}

func TestEditsAreForManyAtOnce(t *testing.T) {
	c := apart(t)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for n := range 50 {
				c.Due(time.Unix(1_790_000_000, 0), n)
				if err := c.Edit([]DayEdit{{Day: "2026-11-25", Works: n%2 == 0}}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
}
