package dauys

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"
	_ "time/tzdata"
)

// almaty reads a time on a clock in Almaty: "2026-11-23 10:00".
func almaty(t *testing.T, clock string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", clock, Builtin().Calendar.Zone())
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// edited is the calendar of the built-in file with something written otherwise.
func edited(t *testing.T, old, new string) Calendar {
	t.Helper()
	if !strings.Contains(string(builtin), old) {
		t.Fatalf("alt.yaml has no %q", old)
	}
	u, problems := ReadUniversity("alt.yaml", []byte(strings.Replace(string(builtin), old, new, 1)))
	if u == nil {
		t.Fatal(problems)
	}
	return u.Calendar
}

func TestDue(t *testing.T) {
	tests := []struct {
		from string
		n    int
		want string
	}{
		// A week without holidays, then over Independence Day.
		{"2026-11-23 10:00", 3, "2026-11-26 17:30"},
		{"2026-11-23 10:00", 5, "2026-11-30 17:30"},
		{"2026-11-23 10:00", 15, "2026-12-14 17:30"},
		{"2026-11-23 10:00", 20, "2026-12-22 17:30"},
		// Over Independence Day, New Year and Christmas.
		{"2026-12-14 10:00", 3, "2026-12-18 17:30"},
		{"2026-12-14 10:00", 5, "2026-12-22 17:30"},
		{"2026-12-14 10:00", 15, "2027-01-08 17:30"},
		{"2026-12-14 10:00", 20, "2027-01-15 17:30"},
		// Over the turn of the year.
		{"2026-12-30 10:00", 3, "2027-01-06 17:30"},
		{"2026-12-30 10:00", 5, "2027-01-11 17:30"},
		{"2026-12-30 10:00", 15, "2027-01-25 17:30"},
		{"2026-12-30 10:00", 20, "2027-02-01 17:30"},
		// Over March.
		{"2027-03-05 10:00", 3, "2027-03-11 17:30"},
		{"2027-03-05 10:00", 5, "2027-03-16 17:30"},
		{"2027-03-05 10:00", 15, "2027-04-02 17:30"},
		{"2027-03-05 10:00", 20, "2027-04-09 17:30"},
		// Over May.
		{"2027-04-23 10:00", 3, "2027-04-28 17:30"},
		{"2027-04-23 10:00", 5, "2027-04-30 17:30"},
		{"2027-04-23 10:00", 15, "2027-05-19 17:30"},
		{"2027-04-23 10:00", 20, "2027-05-26 17:30"},
		// Month ends.
		{"2026-04-30 10:00", 1, "2026-05-04 17:30"},
		{"2027-01-29 10:00", 1, "2027-02-01 17:30"},
		{"2027-02-26 10:00", 1, "2027-03-01 17:30"},
		{"2026-12-31 10:00", 1, "2027-01-05 17:30"},
		// The hour does not matter, the day of the clock in Almaty does.
		{"2026-11-23 00:00", 1, "2026-11-24 17:30"},
		{"2026-11-23 23:59", 1, "2026-11-24 17:30"},
		// From a day off.
		{"2026-11-21 10:00", 1, "2026-11-23 17:30"},
		// Years that are not listed have plain weeks.
		{"2027-12-31 10:00", 1, "2028-01-03 17:30"},
		{"2028-02-28 10:00", 2, "2028-03-01 17:30"},
		// The clocks of Almaty went from UTC+6 to UTC+5 in the night to 1 March 2024.
		{"2024-02-28 10:00", 1, "2024-02-29 17:30"},
		{"2024-02-28 10:00", 2, "2024-03-01 17:30"},
	}
	c := Builtin().Calendar
	for _, tt := range tests {
		if got := c.Due(almaty(t, tt.from), tt.n); !got.Equal(almaty(t, tt.want)) {
			t.Errorf("Due(%s, %d) = %v, want %s", tt.from, tt.n, got, tt.want)
		}
	}
}

// The same, as instants: what a clock in another zone shows makes no difference.
func TestDueIsAnInstant(t *testing.T) {
	tests := []struct{ from, want string }{
		{"2026-11-22T18:59:59Z", "2026-11-23T12:30:00Z"}, // still Sunday in Almaty
		{"2026-11-22T19:00:00Z", "2026-11-24T12:30:00Z"}, // Monday already
		{"2024-02-28T17:59:59Z", "2024-02-29T11:30:00Z"}, // UTC+6
		{"2024-02-28T18:00:00Z", "2024-03-01T12:30:00Z"}, // from the last day of UTC+6 into UTC+5
		{"2024-02-29T18:30:00Z", "2024-03-01T12:30:00Z"}, // 29 February for the second time at 23:30
		{"2024-02-29T19:00:00Z", "2024-03-04T12:30:00Z"}, // 1 March
	}
	for _, tt := range tests {
		from, _ := time.Parse(time.RFC3339, tt.from)
		want, _ := time.Parse(time.RFC3339, tt.want)
		if got := Builtin().Calendar.Due(from, 1); !got.Equal(want) {
			t.Errorf("Due(%s, 1) = %s, want %s", tt.from, got.UTC().Format(time.RFC3339), tt.want)
		}
	}
}

func TestDaysOff(t *testing.T) {
	want := map[int]string{
		2026: "01-01 01-02 01-07 03-09 03-23 03-24 03-25 05-01 05-07 05-11 05-27 07-06 10-26 12-16",
		2027: "01-01 01-04 01-07 03-08 03-15 03-22 03-23 03-24 05-03 05-07 05-10 07-06 10-25 12-16",
	}
	c := Builtin().Calendar
	for year, want := range want {
		var off []string
		working := 0
		for d := time.Date(year, 1, 1, 12, 0, 0, 0, c.Zone()); d.Year() == year; d = d.AddDate(0, 0, 1) {
			weekend := d.Weekday() == time.Saturday || d.Weekday() == time.Sunday
			switch {
			case c.Working(d):
				working++
			case !weekend:
				off = append(off, d.Format("01-02"))
			}
			if weekend && c.Working(d) {
				t.Errorf("%s is a %s and a working day", d.Format(time.DateOnly), d.Weekday())
			}
		}
		if got := strings.Join(off, " "); got != want {
			t.Errorf("days off in %d:\n got %s\nwant %s", year, got, want)
		}
		if working != 247 {
			t.Errorf("%d has %d working days, want 247", year, working)
		}
	}
}

func TestRegistered(t *testing.T) {
	tests := []struct{ name, at, want string }{
		{"in working hours: then", "2026-11-23 10:00", "2026-11-23 10:00"},
		{"at the opening: then", "2026-11-23 08:30", "2026-11-23 08:30"},
		{"in the last minute: then", "2026-11-23 17:29", "2026-11-23 17:29"},
		{"before the opening: at the opening", "2026-11-23 08:29", "2026-11-23 08:30"},
		{"in the night before: at the opening", "2026-11-23 00:00", "2026-11-23 08:30"},
		{"at the close: the next day", "2026-11-23 17:30", "2026-11-24 08:30"},
		{"late at night: the next day", "2026-11-23 23:59", "2026-11-24 08:30"},
		{"on Friday evening: on Monday", "2026-11-20 19:00", "2026-11-23 08:30"},
		{"on Saturday: on Monday", "2026-11-21 11:00", "2026-11-23 08:30"},
		{"on a holiday: the next day", "2026-12-16 11:00", "2026-12-17 08:30"},
		{"on the eve of Nauryz: after it", "2026-03-20 18:00", "2026-03-26 08:30"},
		{"on the last evening of the year", "2026-12-31 17:45", "2027-01-05 08:30"},
		{"on the last evening of UTC+6", "2024-02-29 18:00", "2024-03-01 08:30"},
	}
	c := Builtin().Calendar
	for _, tt := range tests {
		if got := c.Registered(almaty(t, tt.at)); !got.Equal(almaty(t, tt.want)) {
			t.Errorf("%s: Registered(%s) = %v, want %s", tt.name, tt.at, got, tt.want)
		}
	}
}

func TestNextOpening(t *testing.T) {
	tests := []struct{ at, want string }{
		{"2026-11-23 08:29", "2026-11-23 08:30"},
		{"2026-11-23 08:30", "2026-11-24 08:30"},
		{"2026-11-23 12:00", "2026-11-24 08:30"},
		{"2026-11-21 06:00", "2026-11-23 08:30"},
	}
	for _, tt := range tests {
		if got := Builtin().Calendar.NextOpening(almaty(t, tt.at)); !got.Equal(almaty(t, tt.want)) {
			t.Errorf("NextOpening(%s) = %v, want %s", tt.at, got, tt.want)
		}
	}
}

func TestWorkingDaysLeft(t *testing.T) {
	tests := []struct {
		from, to string
		want     int
	}{
		{"2026-11-23 10:00", "2026-11-26 17:30", 3},
		{"2026-11-26 09:00", "2026-11-26 17:30", 0},
		{"2026-11-26 18:00", "2026-11-26 17:30", 0},
		{"2026-11-27 09:00", "2026-11-26 17:30", -1},
		{"2026-11-30 09:00", "2026-11-26 17:30", -2},
		{"2026-11-20 23:00", "2026-11-23 17:30", 1},
		{"2026-12-15 10:00", "2026-12-17 17:30", 1}, // the 16th is a holiday
		{"2026-11-21 10:00", "2026-11-22 10:00", 0}, // a weekend
	}
	for _, tt := range tests {
		if got := Builtin().Calendar.WorkingDaysLeft(almaty(t, tt.from), almaty(t, tt.to)); got != tt.want {
			t.Errorf("WorkingDaysLeft(%s, %s) = %d, want %d", tt.from, tt.to, got, tt.want)
		}
	}
}

// The Government swaps days: a Saturday works for a Friday.
func TestMovedWorkingSaturday(t *testing.T) {
	c := edited(t, "        2026-12-16: Independence Day\n", `        2026-12-16: Independence Day
        2026-12-18: for Saturday 12 December
      working-days:
        2026-12-12: instead of Friday 18 December
`)
	saturday := almaty(t, "2026-12-12 11:00")
	if !c.Working(saturday) || !c.Open(saturday) || !c.Registered(saturday).Equal(saturday) {
		t.Error("the moved Saturday does not work")
	}
	if got, want := c.Due(almaty(t, "2026-12-11 10:00"), 1), almaty(t, "2026-12-12 17:30"); !got.Equal(want) {
		t.Errorf("due on %v, want %v", got, want)
	}
	if got, want := c.Due(almaty(t, "2026-12-17 10:00"), 1), almaty(t, "2026-12-21 17:30"); !got.Equal(want) {
		t.Errorf("due on %v, want %v", got, want)
	}
}

// The methods agree with one another at any time of any year.
func TestCalendarAgreesWithItself(t *testing.T) {
	c := Builtin().Calendar
	random := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		at := time.Unix(1_600_000_000+random.Int64N(400_000_000), random.Int64N(1e9)) // 2020 to 2033
		n := 1 + random.IntN(25)
		registered := c.Registered(at)
		switch due := c.Due(at, n); {
		case registered.Before(at) || !c.Open(registered) || !c.Registered(registered).Equal(registered):
			t.Fatalf("Registered(%v) = %v", at, registered)
		case c.Open(at) != registered.Equal(at):
			t.Fatalf("Open(%v) = %v, registered %v", at, c.Open(at), registered)
		case !c.NextOpening(at).After(at) || !c.Open(c.NextOpening(at)):
			t.Fatalf("NextOpening(%v) = %v", at, c.NextOpening(at))
		case !c.Working(due) || due.In(c.Zone()).Format("15:04:05") != "17:30:00":
			t.Fatalf("Due(%v, %d) = %v", at, n, due)
		case c.WorkingDaysLeft(at, due) != n || c.WorkingDaysLeft(due, at) != -n:
			t.Fatalf("Due(%v, %d) = %v, but %d days are left", at, n, due, c.WorkingDaysLeft(at, due))
		}
	}
}

func TestZeroCalendarWorksAlways(t *testing.T) {
	var c Calendar
	sunday := time.Date(2026, 11, 22, 23, 59, 0, 0, time.UTC)
	if !c.Open(sunday) || !c.Registered(sunday).Equal(sunday) || c.Zone() != time.UTC {
		t.Error("the zero calendar does not work around the clock in UTC")
	}
	if got, want := c.Due(sunday, 2), time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC); !got.Equal(want) {
		t.Errorf("due at %v, want %v", got, want)
	}
}

func TestCalendarIsForManyAtOnce(t *testing.T) {
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for n := range 50 {
				Builtin().Calendar.Due(time.Unix(1_790_000_000, 0), n)
			}
		})
	}
	all.Wait()
}

func TestWarnings(t *testing.T) {
	tests := []struct {
		at   string
		want []string
	}{
		{"2026-06-01 10:00", nil},
		{"2026-11-01 10:00", nil},
		{"2026-11-03 10:00", []string{"the days off of 2027 were computed"}},
		{"2027-06-01 10:00", []string{"the days off of 2027 were computed"}},
		{"2027-11-30 10:00", []string{"looked up more than a year ago: otinish, ", "the days off of 2027 were computed", "lists no days off for 2028"}},
		{"2028-03-01 10:00", []string{"looked up more than a year ago: otinish, ", "lists no days off for 2028"}},
		{"2025-12-15 10:00", []string{"lists no days off for 2025"}},
	}
	for _, tt := range tests {
		problems := Builtin().Warnings(almaty(t, tt.at))
		if len(problems) != len(tt.want) {
			t.Errorf("at %s: %v, want %q", tt.at, problems, tt.want)
			continue
		}
		for i, p := range problems {
			if !strings.Contains(p.String(), tt.want[i]) || !p.Warning || p.File != "alt.yaml" || p.Line < 2 {
				t.Errorf("at %s: %v, want a warning with %q", tt.at, p, tt.want[i])
			}
		}
	}
}

func ExampleCalendar_Due() {
	c := Builtin().Calendar
	filed := time.Date(2026, time.December, 11, 20, 0, 0, 0, c.Zone()) // a Friday evening
	fmt.Println(c.Registered(filed).Format("Mon 2 Jan 15:04"))
	fmt.Println(c.Due(c.Registered(filed), 3).Format("Mon 2 Jan 15:04"))
	// Output:
	// Mon 14 Dec 08:30
	// Fri 18 Dec 17:30
}

func BenchmarkDue(b *testing.B) {
	c, at := Builtin().Calendar, time.Unix(1_790_000_000, 0)
	for b.Loop() {
		c.Due(at, 15)
	}
}

func TestWeekdays(t *testing.T) {
	for _, date := range []string{"1969-12-31", "1970-01-01", "2024-02-29", "2026-11-22"} {
		want, _ := time.Parse(time.DateOnly, date)
		if got := dayOf(want.Date()); got.weekday() != want.Weekday() || got.String() != date {
			t.Errorf("%s is %s, a %s; want a %s", date, got, got.weekday(), want.Weekday())
		}
	}
}
