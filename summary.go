package dauys

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"time"
)

// MostOften is how many cases a person may file in a span of time before they are counted among those
// who file again and again.
const MostOften = 5

// Summary is how cases went in a span of time, in numbers in which nobody can be found.
type Summary struct {
	Registered int // in the span
	Settled    int // in the span, whatever became of them
	Open       int // now
	Overdue    int // of these, and a term is over
	Days       Spread
	Offices    []Row // of all offices, those with the most first
	Institutes []Row
	Levels     []Row // from the lowest
	Institute  Share // of what began in an institute and was answered, what was answered there
	Climbed    Share // of what was answered, or passed on by the office, what went higher
	Ratings    Ratings
	Topics     []Topic // the most frequent first; nothing of restricted cases
	Weeks      []Week
	Repeaters  int // people with more than [MostOften] cases
}

// Row are the figures of one office, one institute or one level.
type Row struct {
	ID      string // of the office or the institute
	Level   int    // from 1
	Open    int
	Overdue int
	Settled int
	Days    Spread
}

// Spread tells in how many working days cases were answered.
type Spread struct {
	N      int // cases
	Median float64
	Ninety int // in so many days nine of ten were
}

// Share is a part of a whole.
type Share struct{ Part, Of int }

// Percent is the share in whole percent; 0 of nothing.
func (s Share) Percent() int {
	if s.Of == 0 {
		return 0
	}
	return int(math.Round(float64(s.Part) * 100 / float64(s.Of)))
}

// Ratings are marks from 1 to 5, the last of each case.
type Ratings struct{ N, Sum int }

// Average is the average mark; 0 of none.
func (r Ratings) Average() float64 {
	if r.N == 0 {
		return 0
	}
	return float64(r.Sum) / float64(r.N)
}

// Topic is how often something was turned to the university about.
type Topic struct {
	ID string
	N  int
}

// Week is a week of a span, from its Monday on.
type Week struct {
	Monday              time.Time
	Registered, Settled int
}

// spread is that of some numbers of days: the median is the one in the middle, or halfway between the
// two there, and the ninetieth percentile the smallest number that nine of ten do not exceed.
func spread(days []int) Spread {
	n := len(days)
	if n == 0 {
		return Spread{}
	}
	slices.Sort(days)
	return Spread{N: n, Median: float64(days[(n-1)/2]+days[n/2]) / 2, Ninety: days[(n*9+9)/10-1]}
}

// Survey counts cases, one after the other. Days are working days; those for which a case waited for
// its applicant count as well, because people live through them.
type Survey struct {
	calendar      *Calendar
	from, to, now time.Time
	offices       []OfficeID

	sum       Summary
	days      []int
	byOffice  map[string]*row
	byInst    map[string]*row
	byLevel   map[int]*row
	byTopic   map[string]int
	byPerson  map[Address]int
	firstWeek day
}

type row struct {
	Row
	days []int
}

// NewSurvey begins to count what happened from one moment on and before another, and how things stand
// now: of some offices, or of all where none is named.
func NewSurvey(cal *Calendar, from, to, now time.Time, offices ...OfficeID) *Survey {
	s := &Survey{calendar: cal, from: from, to: to, now: now, offices: offices,
		byOffice: map[string]*row{}, byInst: map[string]*row{}, byLevel: map[int]*row{}, byTopic: map[string]int{}, byPerson: map[Address]int{}}
	s.firstWeek = monday(cal.day(from))
	for d := s.firstWeek; d <= cal.day(to.Add(-1)); d += 7 {
		s.sum.Weeks = append(s.sum.Weeks, Week{Monday: d.at(0, cal.Zone())})
	}
	return s
}

// monday is the first day of the week of a day.
func monday(d day) day { return d - day((int(d.weekday())+6)%7) }

// Monday is the beginning of the week in which a moment falls.
func (c Calendar) Monday(t time.Time) time.Time { return monday(c.day(t)).at(0, c.Zone()) }

func (s *Survey) within(t time.Time) bool { return !t.Before(s.from) && t.Before(s.to) }

func (s *Survey) counts(o OfficeID) bool { return len(s.offices) == 0 || slices.Contains(s.offices, o) }

// week is where something of a moment within the span is counted.
func (s *Survey) week(t time.Time) *Week {
	return &s.sum.Weeks[int(s.calendar.day(t)-s.firstWeek)/7]
}

// Add counts a case.
func (s *Survey) Add(c *Case) {
	if at, came := s.arrival(c); came {
		s.sum.Registered++
		s.week(at).Registered++
		if c.Topic != "" && !c.Terms.Restricted {
			s.byTopic[c.Topic]++
		}
		if c.Applicant.Address != "" {
			s.byPerson[c.Applicant.Address]++
		}
	}
	s.rated(c)
	s.open(c)
	s.passed(c)
	e, settled := c.settling()
	if !settled || !s.within(e.At) || !s.counts(e.Office) {
		return
	}
	s.sum.Settled++
	s.week(e.At).Settled++
	rows := s.rows(e.Office)
	level := s.level(c.Position + 1)
	for _, r := range append(rows, level) {
		r.Settled++
	}
	if e.To != Decided && e.To != Redirected {
		return // nobody has answered it
	}
	whole := s.calendar.WorkingDaysLeft(c.begun(), e.At)
	here := s.calendar.WorkingDaysLeft(c.came(), e.At)
	for _, r := range rows {
		r.days = append(r.days, here)
	}
	level.days = append(level.days, whole)
	if len(s.offices) > 0 {
		whole = here
	}
	s.days = append(s.days, whole)
	s.sum.Climbed.Of++
	if len(s.offices) == 0 && slices.ContainsFunc(c.Events, func(e Event) bool { return c.climbed(e) }) {
		s.sum.Climbed.Part++
	}
	if c.Events[0].Office.ofInstitute() {
		s.sum.Institute.Of++
		if e.Office.ofInstitute() {
			s.sum.Institute.Part++
		}
	}
}

// Sum is what was counted.
func (s *Survey) Sum() Summary {
	sum := s.sum
	sum.Days = spread(s.days)
	sum.Offices, sum.Institutes = sorted(s.byOffice), sorted(s.byInst)
	for _, level := range slices.Sorted(maps.Keys(s.byLevel)) {
		sum.Levels = append(sum.Levels, s.byLevel[level].whole())
	}
	for id, n := range s.byTopic {
		sum.Topics = append(sum.Topics, Topic{id, n})
	}
	slices.SortFunc(sum.Topics, func(a, b Topic) int { return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.ID, b.ID)) })
	for _, n := range s.byPerson {
		if n > MostOften {
			sum.Repeaters++
		}
	}
	return sum
}

func (r *row) whole() Row {
	out := r.Row
	out.Days = spread(r.days)
	return out
}

func sorted(rows map[string]*row) (out []Row) {
	for _, r := range rows {
		out = append(out, r.whole())
	}
	slices.SortFunc(out, func(a, b Row) int {
		return cmp.Or(cmp.Compare(b.Open+b.Settled, a.Open+a.Settled), cmp.Compare(a.ID, b.ID))
	})
	return out
}

// rows are those of an office: its own, and that of its institute.
func (s *Survey) rows(o OfficeID) []*row {
	its := []*row{rowOf(s.byOffice, string(o), Row{ID: string(o)})}
	if id := o.institute(); id != "" {
		its = append(its, rowOf(s.byInst, id, Row{ID: id}))
	}
	return its
}

func (s *Survey) level(n int) *row { return rowOf(s.byLevel, n, Row{Level: n}) }

// rowOf finds a row, or makes it.
func rowOf[K comparable](rows map[K]*row, key K, first Row) *row {
	if rows[key] == nil {
		rows[key] = &row{Row: first}
	}
	return rows[key]
}

// arrival is when a case came to one of the offices in the span for the first time; to the university,
// when it was filed.
func (s *Survey) arrival(c *Case) (time.Time, bool) {
	if len(s.offices) == 0 {
		return c.Filed, s.within(c.Filed)
	}
	for _, e := range c.Events {
		if (e.Act == Register && s.counts(e.Office) || e.Next != "" && s.counts(e.Next) && !s.counts(e.Office)) && s.within(e.At) {
			return e.At, true
		}
	}
	return time.Time{}, false
}

// rated counts the last mark that a case was given in the span.
func (s *Survey) rated(c *Case) {
	for _, e := range slices.Backward(c.Events) {
		if e.Act == Rate && s.within(e.At) && s.counts(e.Office) {
			s.sum.Ratings.N++
			s.sum.Ratings.Sum += e.Mark
			return
		}
	}
}

// open counts what nobody has settled yet, where it is now.
func (s *Survey) open(c *Case) {
	if !c.Unsettled() || !s.counts(c.Office()) {
		return
	}
	late := 0
	if !c.Behind(s.now).IsZero() {
		late = 1
	}
	s.sum.Open++
	s.sum.Overdue += late
	for _, r := range s.rows(c.Office()) {
		r.Open++
		r.Overdue += late
	}
}

// passed counts for an office what went higher from there in the span.
func (s *Survey) passed(c *Case) {
	if len(s.offices) == 0 {
		return
	}
	if slices.ContainsFunc(c.Events, func(e Event) bool { return c.climbed(e) && s.counts(e.Office) && s.within(e.At) }) {
		s.sum.Climbed.Part++
		s.sum.Climbed.Of++
	}
}

// climbed tells whether the case went higher with an event. That an office which only registers has
// passed it on is no climb.
func (c *Case) climbed(e Event) bool {
	if e.Next == "" || e.Act == Transfer {
		return false
	}
	return !slices.ContainsFunc(c.Ladder, func(r Rung) bool { return r.Office == e.Office && r.Registers })
}

// begun is when the case was registered, or taken up again after it had been closed.
func (c *Case) begun() time.Time {
	at := c.Registered
	for _, e := range c.Events {
		if e.From == Closed && e.To != Closed {
			at = e.At
		}
	}
	return at
}

// Unsettled tells whether the university still owes the applicant an answer.
func (c *Case) Unsettled() bool {
	_, settled := c.settling()
	return !settled && !c.Status.Final()
}

// Behind is since when a term of the case is over: that of the office that has it or that of the
// whole, the earlier one; zero: neither is. One that waits for its applicant stands as it stood when
// the wait began.
func (c *Case) Behind(now time.Time) (since time.Time) {
	if !c.Unsettled() {
		return since
	}
	if asked, waits := c.Waits(); waits {
		now = asked
	}
	if term := earlier(c.RungDue, c.Due); now.After(term) {
		return term
	}
	return since
}

// Digest is what stands in the morning in an office, case by case. A case can stand in several places.
type Digest struct {
	New     []*Case // came since the last one
	Today   []*Case // a term ends today
	Overdue []*Case // the oldest first
	Waiting []*Case // for their applicants
}

// NewDigest sorts the cases of an office: those that came there after a moment are new.
func NewDigest(cal *Calendar, cases []*Case, since, now time.Time) (d Digest) {
	today := cal.day(now)
	for _, c := range cases {
		if !c.Unsettled() {
			continue
		}
		if c.came().After(since) {
			d.New = append(d.New, c)
		}
		_, waits := c.Waits()
		switch {
		case !c.Behind(now).IsZero():
			d.Overdue = append(d.Overdue, c)
		case !waits && (cal.day(c.RungDue) == today || cal.day(c.Due) == today):
			d.Today = append(d.Today, c)
		}
		if waits {
			d.Waiting = append(d.Waiting, c)
		}
	}
	for _, list := range [][]*Case{d.New, d.Today, d.Waiting} {
		slices.SortFunc(list, func(a, b *Case) int { return cmp.Or(a.came().Compare(b.came()), cmp.Compare(a.Number, b.Number)) })
	}
	slices.SortFunc(d.Overdue, func(a, b *Case) int {
		return cmp.Or(a.Behind(now).Compare(b.Behind(now)), cmp.Compare(a.Number, b.Number))
	})
	return d
}

// Empty tells whether there is nothing to say.
func (d Digest) Empty() bool { return len(d.New)+len(d.Today)+len(d.Overdue)+len(d.Waiting) == 0 }
