package dauys

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// Academic are the rules by which marks become grades, and what follows from grades. What is computed
// by them is in the package registrar. Percents and points are in hundredths, as integers: 9550 is
// 95.5 percent, 367 is 3.67 points.
type Academic struct {
	Scale         []Grade // from the best down, without a gap
	ScaleBasis    Basis
	Rating        Rating
	Admission     Admission
	Final         Final
	GPA           GPARule
	Credits       CreditRule
	Transfer      []Threshold
	TransferBasis Basis
	Retakes       Retakes
	Scholarship   Scholarship
	Honours       Honours
	Appeals       Appeals
}

// Basis is who says that something is so.
type Basis struct {
	Source  string
	Assumed bool // the university has not said so itself
}

// Grade is a line of the scale.
type Grade struct {
	Letter string   // with the minus of a keyboard: "A-"
	Also   []string // other ways in which the registrar may write it
	Points int      // in hundredths
	From   int      // whole percent
	To     int      // whole percent, with it
	Word   Traditional
}

// Traditional is how a grade was called before there were letters.
type Traditional string

// The traditional grades, from the best down.
const (
	Excellent      Traditional = "excellent"
	Good           Traditional = "good"
	Satisfactory   Traditional = "satisfactory"
	Unsatisfactory Traditional = "unsatisfactory"
)

// Traditionals are all of them, from the best down.
var Traditionals = []Traditional{Excellent, Good, Satisfactory, Unsatisfactory}

// Passes tells whether a course with this grade is passed.
func (g Grade) Passes() bool { return g.Word != Unsatisfactory && g.Letter != "" }

// Rating is what ongoing marks and a rating control weigh in the rating of half a semester, in percent.
type Rating struct {
	Basis
	Current, Control int
}

// Admission is how the two ratings become the rating of admission, and who may sit the exam.
type Admission struct {
	Basis
	First, Second int // what the ratings weigh, in percent
	Least         int // whole percent of the rating of admission
	Each          int // whole percent of each rating; 0: it is not asked for
}

// Final is how a final mark comes about.
type Final struct {
	Basis
	Admission, Exam int // what the two weigh, in percent
	// Both: there is a final mark only when the exam is passed as well as admission was reached; of an exam
	// that is not passed, its own grade stands.
	Both  bool
	Round Rounding
}

// Rounding is what a computed mark is rounded to, half up.
type Rounding string

// The roundings.
const (
	ToWhole     Rounding = "whole"     // percent
	ToHundredth Rounding = "hundredth" // of a percent
)

// GPARule is how the average of points is counted.
type GPARule struct {
	Basis
	Places   int  // after the point, half up
	Failed   bool // a course that was not passed counts with its points until it is
	Repeated Repeated
}

// Repeated is when a later mark of a discipline stands for an earlier one.
type Repeated string

// When a later mark replaces an earlier one.
const (
	// Last: always. Right where every part of a discipline has a code of its own.
	Last Repeated = "last"
	// Again: when the earlier one was not passed, or the later one is of a summer semester. Otherwise they
	// are two parts of a discipline that goes on, such as a foreign language, and both count.
	Again Repeated = "again"
)

// CreditRule is how much there is to study.
type CreditRule struct {
	Basis
	Hours int // of work in a credit
	Year  int // credits
	Whole int // credits of the whole programme
}

// Threshold is the GPA with which one goes on to the next course.
type Threshold struct {
	Track string // after what one studies: "school", "college", "degree"
	Year  string // the academic year for which it holds, 2026-2027; empty: every one without a line of its own
	From  int    // the course from which one goes on
	GPA   int    // in hundredths
}

// Retakes are what can be done about an exam that was not passed.
type Retakes struct {
	Basis
	Letters  []string // with these the exam may be taken again without taking the course again
	Attempts int      // how often
	Failures int      // so many of one discipline, and one is expelled; 0: nobody says so
}

// Scholarship is with which grades of an examination session a state scholarship can be given.
type Scholarship struct {
	Basis
	Letter string // the least
	Raised string // the least for a raised one; empty: there is none
}

// Honours are what a diploma with honours asks for.
type Honours struct {
	Basis
	GPA    int    // in hundredths, the least
	Letter string // of every course, the least
	Thesis string // of the final work, the least
}

// Appeals are until when an appeal against a mark can be filed.
type Appeals struct {
	Basis
	Scheme string // the scheme by which appeals go: its "within" is the term
	From   Shown
}

// Shown is from when the term of an appeal runs.
type Shown string

// From when a term runs.
const (
	FromShown  Shown = "shown"  // when the student could see the mark here
	FromPosted Shown = "posted" // the day on which the registrar has posted it
)

// Grade is that of a percent in hundredths; ok is false outside of 0 to 100. A part of a percent does
// not lift into the next grade: 94.99 is what 94 is. Round before where the rules say so.
func (a *Academic) Grade(hundredths int) (g Grade, ok bool) {
	if a == nil || hundredths < 0 || hundredths > 10000 {
		return Grade{}, false
	}
	for _, g := range a.Scale {
		if hundredths >= g.From*100 {
			return g, true
		}
	}
	return Grade{}, false
}

// Letter is the grade of a letter as the registrar writes it.
func (a *Academic) Letter(letter string) (g Grade, ok bool) {
	if a == nil || letter == "" {
		return Grade{}, false
	}
	i := slices.IndexFunc(a.Scale, func(g Grade) bool { return g.Letter == letter || slices.Contains(g.Also, letter) })
	if i < 0 {
		return Grade{}, false
	}
	return a.Scale[i], true
}

// Reaches tells whether a grade is at least that of a letter.
func (a *Academic) Reaches(g Grade, letter string) bool {
	least, ok := a.Letter(letter)
	return ok && g.Letter != "" && g.Points >= least.Points
}

// Least is the fewest whole percents with which something is passed.
func (a *Academic) Least() int {
	least := 100
	for _, g := range a.Scale {
		if g.Passes() {
			least = min(least, g.From)
		}
	}
	return least
}

// Best are the points of the best grade.
func (a *Academic) Best() int {
	if a == nil || len(a.Scale) == 0 {
		return 0
	}
	return a.Scale[0].Points
}

// Threshold is the GPA with which one goes on from a course; ok is false where nobody has set one, as
// for the last course.
func (a *Academic) Threshold(track, year string, from int) (t Threshold, ok bool) {
	for _, t := range a.Transfer {
		if t.Track == track && t.From == from && t.Year == year {
			return t, true
		}
	}
	if year == "" {
		return Threshold{}, false
	}
	return a.Threshold(track, "", from)
}

// AppealUntil is until when an appeal against a mark can be filed that was posted on a day (zero: nobody
// knows when) and could be seen here from a moment on. Not limited: at any time.
func (u *University) AppealUntil(posted, shown time.Time) (until time.Time, limited bool) {
	if u.Academic == nil {
		return until, false
	}
	s, ok := u.Scheme(u.Academic.Appeals.Scheme)
	if !ok {
		return until, false
	}
	if u.Academic.Appeals.From == FromPosted && !posted.IsZero() {
		shown = posted
	}
	return u.Window(s, shown)
}

// The bounds of what the file says of grades.
const (
	mostPoints  = 1000 // hundredths
	mostFailure = 10
	mostCourse  = 7
	mostCredits = 600
)

// academic reads the rules of the registrar.
func (r *reader) academic(n *yaml.Node, path string) {
	a := &Academic{}
	r.u.Academic = a
	rule := func(to *Basis, more ...field) []field {
		return append(more,
			need("source", func(n *yaml.Node, _ string) { to.Source = r.text(n) }),
			may("assumed", func(n *yaml.Node, _ string) { to.Assumed = r.flag(n) }))
	}
	percent := func(to *int) func(*yaml.Node, string) {
		return func(n *yaml.Node, _ string) { *to = r.within(n, 0, 100, "percent") }
	}
	letter := func(to *string) func(*yaml.Node, string) {
		return func(n *yaml.Node, _ string) { *to = r.text(n) }
	}
	whole := func(to *int, least, most int, what string) func(*yaml.Node, string) {
		return func(n *yaml.Node, _ string) { *to = r.within(n, least, most, what) }
	}
	r.object(n, path,
		need("scale", func(n *yaml.Node, path string) {
			r.object(n, path, rule(&a.ScaleBasis, need("grades", func(n *yaml.Node, path string) { r.scale(n, path, a) }))...)
		}),
		need("rating", func(n *yaml.Node, path string) {
			r.object(n, path, rule(&a.Rating.Basis, need("current", percent(&a.Rating.Current)), need("control", percent(&a.Rating.Control)))...)
			r.whole(n, "ongoing marks and the rating control", a.Rating.Current+a.Rating.Control)
		}),
		need("admission", func(n *yaml.Node, path string) {
			t := &a.Admission
			r.object(n, path, rule(&t.Basis, need("first", percent(&t.First)), need("second", percent(&t.Second)), need("least", percent(&t.Least)), may("each", percent(&t.Each)))...)
			r.whole(n, "the two ratings", t.First+t.Second)
		}),
		need("final", func(n *yaml.Node, path string) {
			t := &a.Final
			r.object(n, path, rule(&t.Basis, need("admission", percent(&t.Admission)), need("exam", percent(&t.Exam)),
				need("both", func(n *yaml.Node, _ string) { t.Both = r.flag(n) }),
				need("round", func(n *yaml.Node, _ string) {
					t.Round = Rounding(r.word(n, "rounding", []string{string(ToWhole), string(ToHundredth)}))
				}))...)
			r.whole(n, "admission and the exam", t.Admission+t.Exam)
		}),
		need("gpa", func(n *yaml.Node, path string) {
			t := &a.GPA
			r.object(n, path, rule(&t.Basis, need("places", whole(&t.Places, 1, 2, "number of places after the point")),
				need("failed", func(n *yaml.Node, _ string) { t.Failed = r.flag(n) }),
				need("repeated", func(n *yaml.Node, _ string) {
					t.Repeated = Repeated(r.word(n, "way to count what was repeated", []string{string(Last), string(Again)}))
				}))...)
		}),
		need("credits", func(n *yaml.Node, path string) {
			t := &a.Credits
			r.object(n, path, rule(&t.Basis, need("hours", whole(&t.Hours, 1, 100, "number of hours in a credit")),
				need("year", whole(&t.Year, 1, mostCredits, "number of credits")), need("whole", whole(&t.Whole, 1, mostCredits, "number of credits")))...)
		}),
		may("transfer", func(n *yaml.Node, path string) {
			r.object(n, path, rule(&a.TransferBasis, need("thresholds", func(n *yaml.Node, path string) {
				r.items(n, path, func(n *yaml.Node, path string) { r.threshold(n, path, a) })
			}))...)
		}),
		may("retakes", func(n *yaml.Node, path string) {
			t := &a.Retakes
			r.object(n, path, rule(&t.Basis,
				need("letters", func(n *yaml.Node, path string) {
					r.items(n, path, func(n *yaml.Node, _ string) { t.Letters = append(t.Letters, r.text(n)) })
				}),
				need("attempts", whole(&t.Attempts, 1, mostFailure, "number of attempts")),
				may("failures", whole(&t.Failures, 1, mostFailure, "number of failures")))...)
		}),
		may("scholarship", func(n *yaml.Node, path string) {
			t := &a.Scholarship
			r.object(n, path, rule(&t.Basis, need("letter", letter(&t.Letter)), may("raised", letter(&t.Raised)))...)
		}),
		may("honours", func(n *yaml.Node, path string) {
			t := &a.Honours
			r.object(n, path, rule(&t.Basis, need("gpa", func(n *yaml.Node, _ string) { t.GPA = r.points(n) }),
				need("letter", letter(&t.Letter)), need("thesis", letter(&t.Thesis)))...)
		}),
		may("appeals", func(n *yaml.Node, path string) {
			t := &a.Appeals
			r.object(n, path, rule(&t.Basis, need("scheme", func(n *yaml.Node, _ string) { t.Scheme = r.id(n, longestID) }),
				need("from", func(n *yaml.Node, _ string) {
					t.From = Shown(r.word(n, "beginning of a term", []string{string(FromShown), string(FromPosted)}))
				}))...)
		}),
	)
}

// whole checks that weights make a whole.
func (r *reader) whole(n *yaml.Node, what string, sum int) {
	if sum != 100 && n.Kind == yaml.MappingNode {
		r.bad(n.Line, "write weights that make 100", "%s weigh %d percent together", what, sum)
	}
}

// within is a whole number between two.
func (r *reader) within(n *yaml.Node, least, most int, what string) int {
	if n.Kind != yaml.ScalarNode {
		return r.number(n)
	}
	i, ok := 0, wellNumber.MatchString(n.Value)
	if ok {
		i = r.number(n)
	}
	if !ok || i < least || i > most {
		r.bad(n.Line, fmt.Sprintf("write a whole number from %d to %d", least, most), "%q is no %s", n.Value, what)
		return 0
	}
	return i
}

// points are a number with at most two places, in hundredths.
func (r *reader) points(n *yaml.Node) int {
	m := wellPoints.FindStringSubmatch(n.Value)
	if n.Kind != yaml.ScalarNode || m == nil {
		r.bad(n.Line, "write it with a point, as 3.67", "%q is no number of points", n.Value)
		return 0
	}
	points := 0
	for _, d := range m[1] + (m[2] + "00")[:2] {
		points = points*10 + int(d-'0')
	}
	if points > mostPoints {
		r.bad(n.Line, "write it with a point, as 3.67", "%q is no number of points", n.Value)
		return 0
	}
	return points
}

// scale reads the lines of the scale and checks that each percent has one grade.
func (r *reader) scale(n *yaml.Node, path string, a *Academic) {
	before := len(r.problems)
	var lines []int
	r.items(n, path, func(n *yaml.Node, path string) {
		var g Grade
		r.object(n, path,
			need("letter", func(n *yaml.Node, _ string) {
				if g.Letter = r.text(n); g.Letter != "" && !wellLetter.MatchString(g.Letter) {
					r.bad(n.Line, "write a Latin letter, with + or - behind it, as in B+", "%q is not the letter of a grade", g.Letter)
				}
			}),
			may("also", func(n *yaml.Node, path string) {
				r.items(n, path, func(n *yaml.Node, _ string) { g.Also = append(g.Also, r.text(n)) })
			}),
			need("points", func(n *yaml.Node, _ string) { g.Points = r.points(n) }),
			need("from", func(n *yaml.Node, _ string) { g.From = r.within(n, 0, 100, "percent") }),
			need("to", func(n *yaml.Node, _ string) { g.To = r.within(n, 0, 100, "percent") }),
			need("word", func(n *yaml.Node, _ string) {
				g.Word = Traditional(r.word(n, "traditional grade", []string{string(Excellent), string(Good), string(Satisfactory), string(Unsatisfactory)}))
			}),
		)
		for _, l := range append([]string{g.Letter}, g.Also...) {
			if _, twice := a.Letter(l); twice {
				r.bad(n.Line, "keep one of them", "the letter %q is here twice", l)
			}
		}
		a.Scale, lines = append(a.Scale, g), append(lines, n.Line)
	})
	defer func() {
		if len(r.problems) > before {
			a.Scale = nil // with it nothing can be compared
		}
	}()
	if len(r.problems) > before || n.Kind != yaml.SequenceNode {
		return
	}
	if len(a.Scale) == 0 {
		r.bad(n.Line, "list the grades from the best down", "there are no grades")
		return
	}
	for i, g := range a.Scale {
		if len(r.problems) > before { // what follows may be right when this is mended
			return
		}
		switch {
		case g.From > g.To:
			r.bad(lines[i], "write the smaller number under from:", "the grade %q ends before it begins", g.Letter)
		case i == 0 && g.To != 100:
			r.bad(lines[i], "let the best grade go to 100", "no grade has %s", percents(g.To+1, 100))
		case i > 0 && g.To < a.Scale[i-1].From-1:
			r.bad(lines[i], fmt.Sprintf("write to: %d", a.Scale[i-1].From-1), "no grade has %s", percents(g.To+1, a.Scale[i-1].From-1))
		case i > 0 && g.To >= a.Scale[i-1].From:
			r.bad(lines[i], fmt.Sprintf("write to: %d, and list the grades from the best down", a.Scale[i-1].From-1), "%q and %q share %s", a.Scale[i-1].Letter, g.Letter, percents(a.Scale[i-1].From, g.To))
		case i > 0 && g.Points >= a.Scale[i-1].Points:
			r.bad(lines[i], "let points fall from grade to grade", "the grade %q has no fewer points than %q, which is better", g.Letter, a.Scale[i-1].Letter)
		case i > 0 && slices.Index(Traditionals, g.Word) < slices.Index(Traditionals, a.Scale[i-1].Word):
			r.bad(lines[i], "let the words fall from grade to grade", "the grade %q is called better than %q, which is better", g.Letter, a.Scale[i-1].Letter)
		}
	}
	last := len(a.Scale) - 1
	switch {
	case len(r.problems) > before:
	case a.Scale[last].From != 0:
		r.bad(lines[last], "let the last grade begin with 0", "no grade has %s", percents(0, a.Scale[last].From-1))
	case a.Scale[last].Passes():
		r.bad(lines[last], "call the grades unsatisfactory with which nothing is passed", "nobody could fail: every grade passes")
	case !a.Scale[0].Passes():
		r.bad(lines[0], "call the grades unsatisfactory with which nothing is passed", "nobody could pass: every grade is unsatisfactory")
	}
}

func percents(from, to int) string {
	if from >= to {
		return fmt.Sprintf("%d percent", from)
	}
	return fmt.Sprintf("%d to %d percent", from, to)
}

func (r *reader) threshold(n *yaml.Node, path string, a *Academic) {
	var t Threshold
	r.object(n, path,
		need("track", func(n *yaml.Node, _ string) { t.Track = r.id(n, longestID) }),
		may("in", func(n *yaml.Node, _ string) {
			if t.Year = r.text(n); !wellYears.MatchString(t.Year) {
				r.bad(n.Line, "write it as 2026-2027", "%q is not an academic year", t.Year)
			}
		}),
		need("from", func(n *yaml.Node, _ string) { t.From = r.within(n, 1, mostCourse, "course") }),
		need("gpa", func(n *yaml.Node, _ string) { t.GPA = r.points(n) }),
	)
	if t.Track != "" && slices.ContainsFunc(a.Transfer, func(o Threshold) bool { return o.Track == t.Track && o.Year == t.Year && o.From == t.From }) {
		r.bad(n.Line, "keep one of them", "the track %q has two thresholds after the course %d", t.Track, t.From)
	}
	r.u.lines[fmt.Sprintf("%s#%d", "registrar.transfer", len(a.Transfer))] = n.Line
	a.Transfer = append(a.Transfer, t)
}

// graded compares the rules of the registrar with the scale and with the schemes.
func (r *reader) graded() {
	a := r.u.Academic
	if a == nil || len(a.Scale) == 0 {
		return
	}
	var letters []string
	for _, g := range a.Scale {
		letters = append(letters, g.Letter)
	}
	check := func(path, letter string, passes bool) {
		g, ok := a.Letter(letter)
		switch line := r.u.Line("registrar." + path); {
		case letter == "":
		case !ok:
			r.bad(line, "use one of "+strings.Join(letters, ", "), "no grade has the letter %q", letter)
		case g.Passes() != passes && passes:
			r.bad(line, "write a grade that passes", "with %q nothing is passed", letter)
		case g.Passes() != passes:
			r.bad(line, "write a grade that is unsatisfactory", "with %q the exam is passed already", letter)
		}
	}
	for _, l := range a.Retakes.Letters {
		check("retakes.letters", l, false)
	}
	check("scholarship.letter", a.Scholarship.Letter, true)
	check("scholarship.raised", a.Scholarship.Raised, true)
	check("honours.letter", a.Honours.Letter, true)
	check("honours.thesis", a.Honours.Thesis, true)
	points := func(line, gpa int) {
		if gpa > a.Best() {
			r.bad(line, fmt.Sprintf("write at most %d.%02d, the points of the best grade", a.Best()/100, a.Best()%100), "nobody can reach a GPA of %d.%02d", gpa/100, gpa%100)
		}
	}
	points(r.u.Line("registrar.honours.gpa"), a.Honours.GPA)
	for i, t := range a.Transfer {
		points(r.u.lines[fmt.Sprintf("registrar.transfer#%d", i)], t.GPA)
	}
	if a.Appeals.Scheme == "" {
		return
	}
	var schemes []string
	for _, s := range r.u.Schemes {
		schemes = append(schemes, s.ID)
	}
	line := r.u.Line("registrar.appeals.scheme")
	switch s, ok := r.u.Scheme(a.Appeals.Scheme); {
	case !ok:
		r.bad(line, suggest(a.Appeals.Scheme, schemes), "there is no scheme %q", a.Appeals.Scheme)
	case s.Within == 0:
		r.doubt(line, "write within: at the scheme", "the scheme %q sets no term, so an appeal against a mark can be filed at any time", s.ID)
	}
}
