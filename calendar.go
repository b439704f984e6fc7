package dauys

import (
	"cmp"
	"errors"
	"fmt"
	"sync/atomic"
	"time"
)

// Calendar knows the working days and hours of the university, as the structure file lists
// them. All its methods look at the clock on the wall of the university: a day is a day of
// its time zone. What was read from the file never changes; over it lie the days that were
// edited since ([Calendar.Edit]), which all copies of a calendar share. So it may be copied and
// used by many at once, and who needs the days to stay as they are takes a copy that is
// [Calendar.Apart]. The zero Calendar works in UTC, every day, around the clock.
//
// Days of years that the file does not list follow the week alone; [University.Warnings]
// says when that is about to happen.
type Calendar struct {
	zone          *time.Location
	weekend       [7]bool
	opens, closes time.Duration // since midnight
	days          map[day]exception
	years         map[int]bool // listed in the file → as published, not computed
	edits         *edits       // shared by all copies; nil: none, and none can be made
}

// edits are what lies over the file: one map, replaced as a whole.
type edits = atomic.Pointer[map[day]exception]

// DayEdit says of one day what the structure file and the week do not, or not rightly.
type DayEdit struct {
	Day   string // 2027-05-17
	Works bool
	Name  string // why; may be empty
}

// exception is a day that does not follow the week.
type exception struct {
	works bool
	name  string
	line  int
}

// day is a day of the calendar: how many there were since 1 January 1970.
type day int

func dayOf(year int, month time.Month, d int) day {
	return day(time.Date(year, month, d, 0, 0, 0, 0, time.UTC).Unix() / (24 * 60 * 60))
}

func (d day) weekday() time.Weekday {
	return time.Weekday(((int(d)+int(time.Thursday))%7 + 7) % 7) // 1 January 1970 was a Thursday
}

func (d day) String() string { return d.at(0, time.UTC).Format(time.DateOnly) }

// at is the instant when the clocks of a zone show so much since midnight of the day.
func (d day) at(clock time.Duration, zone *time.Location) time.Time {
	return time.Date(1970, time.January, 1+int(d), 0, int(clock/time.Minute), 0, 0, zone)
}

// Zone is where the clocks of the university hang.
func (c Calendar) Zone() *time.Location { return cmp.Or(c.zone, time.UTC) }

// Working tells whether the day on which t falls is a working day.
func (c Calendar) Working(t time.Time) bool { return c.works(c.day(t)) }

// Hours are the beginning and the end of working hours on the day on which t falls,
// whether or not it is a working day.
func (c Calendar) Hours(t time.Time) (opens, closes time.Time) {
	d := c.day(t)
	return c.opening(d), c.closing(d)
}

// Open tells whether t falls into working hours. The last minute ends them: at 17:30
// sharp the day is over.
func (c Calendar) Open(t time.Time) bool {
	opens, closes := c.Hours(t)
	return c.Working(t) && !t.Before(opens) && t.Before(closes)
}

// NextOpening is the first beginning of a working day after t.
func (c Calendar) NextOpening(t time.Time) time.Time {
	d := c.day(t)
	if c.works(d) && t.Before(c.opening(d)) {
		return c.opening(d)
	}
	return c.opening(c.next(d))
}

// OpeningBefore is the beginning of the last working day before the day of t.
func (c Calendar) OpeningBefore(t time.Time) time.Time {
	d := c.day(t) - 1
	for !c.works(d) {
		d--
	}
	return c.opening(d)
}

// openingAfter is the beginning of the nth working day after the day of t.
func (c Calendar) openingAfter(t time.Time, n int) time.Time {
	d := c.day(t)
	for range n {
		d = c.next(d)
	}
	return c.opening(d)
}

// Registered is the moment from which the clock of a request filed at t runs: t itself in
// working hours, otherwise the next opening. What comes after hours or on a day off is
// registered on the next working day, as article 64 of the Administrative Procedural and
// Process-Related Code has it.
func (c Calendar) Registered(t time.Time) time.Time {
	if c.Open(t) {
		return t
	}
	return c.NextOpening(t)
}

// Due is the end of working hours of the nth working day after the day of from. That day
// itself does not count, whatever the hour (article 76 of the same Code).
func (c Calendar) Due(from time.Time, n int) time.Time {
	d := c.day(from)
	for range n {
		d = c.next(d)
	}
	return c.closing(d)
}

// Resumed is when a term ends that stood still from one moment to another: as many full
// working days are left of it after the wait as were left before. So a wait over days off
// alone changes nothing. A term that was over before stays over; one that would have ended
// on the day when the wait began ends with the first working day of which something is left.
func (c Calendar) Resumed(due, from, to time.Time) time.Time {
	if !from.Before(due) {
		return due
	}
	left := c.WorkingDaysLeft(from, due)
	if left == 0 {
		to = c.Registered(to)
	}
	if moved := c.Due(to, left); moved.After(due) {
		return moved
	}
	return due
}

// WorkingDaysLeft counts the working days after the day of from, up to and with the day
// of to. It is 0 on the last day itself and negative after it.
func (c Calendar) WorkingDaysLeft(from, to time.Time) int {
	a, b := c.day(from), c.day(to)
	if a > b {
		return -c.count(b, a)
	}
	return c.count(a, b)
}

// count is how many working days lie after a, up to and with b.
func (c Calendar) count(a, b day) (n int) {
	for d := a + 1; d <= b; d++ {
		if c.works(d) {
			n++
		}
	}
	return n
}

// Midnight is the beginning of the day on which t falls.
func (c Calendar) Midnight(t time.Time) time.Time { return c.day(t).at(0, c.Zone()) }

func (c Calendar) day(t time.Time) day { return dayOf(t.In(c.Zone()).Date()) }

func (c Calendar) works(d day) bool {
	if e, ok := c.exception(d); ok {
		return e.works
	}
	return !c.weekend[d.weekday()]
}

// exception is what is said of a day: an edit, or else the line of the file.
func (c Calendar) exception(d day) (exception, bool) {
	if e, ok := c.edited()[d]; ok {
		return e, true
	}
	e, ok := c.days[d]
	return e, ok
}

func (c Calendar) edited() map[day]exception {
	if c.edits == nil {
		return nil
	}
	if m := c.edits.Load(); m != nil {
		return *m
	}
	return nil
}

// Edit replaces the edits of this calendar and of all its copies; a day that is not among
// them is again as the file and the week have it. Only a calendar that was read from a file, or
// is [Calendar.Apart], can be edited. Of an error nothing is changed.
func (c Calendar) Edit(days []DayEdit) error {
	if c.edits == nil {
		return errors.New("edit the calendar: it was not read from a file")
	}
	m := make(map[day]exception, len(days))
	for _, e := range days {
		d, err := date(e.Day)
		if err != nil {
			return fmt.Errorf("edit the calendar: %w", err)
		}
		m[d] = exception{works: e.Works, name: e.Name}
	}
	c.edits.Store(&m)
	return nil
}

// Apart is a copy with edits of its own, at first the same: what is edited in one of the two is
// not seen in the other.
func (c Calendar) Apart() Calendar {
	m := c.edited() // never changed, only replaced
	c.edits = new(edits)
	c.edits.Store(&m)
	return c
}

// Special are the days from that of one instant up to and with that of another that do not
// follow the week, by the file or by an edit, in their order.
func (c Calendar) Special(from, to time.Time) (days []DayEdit) {
	for d, last := c.day(from), c.day(to); d <= last; d++ {
		if e, ok := c.exception(d); ok && e.works == c.weekend[d.weekday()] {
			days = append(days, DayEdit{Day: d.String(), Works: e.works, Name: e.name})
		}
	}
	return days
}

// Recounted is when a term ends that ended at due while the days were those of was, and now they
// are those of c: as many working days are left of it from now on as were left before. A term
// that is over stays over, and one on whose way nothing has changed ends when it did.
func (c Calendar) Recounted(was Calendar, now, due time.Time) time.Time {
	if !now.Before(due) {
		return due
	}
	left, last := was.WorkingDaysLeft(now, due), was.day(due)
	if c.WorkingDaysLeft(now, due) == left && c.works(last) == was.works(last) {
		return due
	}
	if left == 0 { // today was its last day, and is a day off now
		now = c.Registered(now)
	}
	return c.Due(now, left)
}

// next is the first working day after d. There is always one: the structure file is
// refused when its week has none, and it lists only so many days off.
func (c Calendar) next(d day) day {
	for d++; !c.works(d); d++ {
	}
	return d
}

func (c Calendar) opening(d day) time.Time { return d.at(c.opens, c.Zone()) }

func (c Calendar) closing(d day) time.Time {
	return d.at(cmp.Or(c.closes, 24*time.Hour), c.Zone())
}
