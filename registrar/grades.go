package registrar

import (
	"cmp"
	"slices"
	"strings"

	"alt.edu.kz/dauys"
)

// Exact is a percent as it is before anything is rounded, in hundred-millionths. Marks have two places and
// weights are whole percents, so a final mark of an admission of ratings of marks is a whole number of these.
type Exact int64

const (
	ofHundredth Exact = 1_000_000
	ofPercent         = 100 * ofHundredth
)

// ExactOf is a percent in hundredths.
func ExactOf(hundredths int) Exact { return Exact(hundredths) * ofHundredth }

// Hundredths is the percent in hundredths, half up.
func (e Exact) Hundredths() int { return int((e + ofHundredth/2) / ofHundredth) }

// Rounded is the percent as the rules round it, half up.
func (e Exact) Rounded(r dauys.Rounding) Exact {
	if r == dauys.ToWhole {
		return (e + ofPercent/2) / ofPercent * ofPercent
	}
	return ExactOf(e.Hundredths())
}

// weighed is the mean of two percents with weights that make 100.
func weighed(x Exact, wx int, y Exact, wy int) Exact { return (x*Exact(wx) + y*Exact(wy)) / 100 }

// Rating is that of half a semester, of ongoing marks and the rating control.
func Rating(a *dauys.Academic, current, control Exact) Exact {
	return weighed(current, a.Rating.Current, control, a.Rating.Control)
}

// Admission is the rating with which one comes to the exam.
func Admission(a *dauys.Academic, first, second Exact) Exact {
	return weighed(first, a.Admission.First, second, a.Admission.Second)
}

// Final is the final mark, rounded as the rules say. Whether there is one at all, [Course.Result] tells.
func Final(a *dauys.Academic, admission, exam Exact) Exact {
	return weighed(admission, a.Final.Admission, exam, a.Final.Exam).Rounded(a.Final.Round)
}

// The kinds of marks by which a result comes about: words of the column "control".
const (
	Current1    = "tc1"
	Control1    = "rc1"
	Rating1     = "r1"
	Current2    = "tc2"
	Control2    = "rc2"
	Rating2     = "r2"
	OfPaper     = "paper"
	OfPractice  = "practice"
	OfResearch  = "research"
	OfAdmission = "admission"
	OfExam      = "exam"
	OfFinal     = "final"
)

// Mark is one mark.
type Mark struct {
	Given  bool   // there is one
	Scored bool   // with a percent
	Score  int    // in hundredths
	Word   string // instead of a percent: "absent", "not-admitted"; empty: nothing
	Letter string // as the registrar has it; empty: none
	Posted string // a date; empty: nobody knows
	Sheet  string
}

// The words that a mark can have instead of a percent.
const (
	wordAbsent = "absent"
	wordBarred = "not-admitted"
)

// Course is a discipline that a student has in a semester, with all marks that there are. The record has
// one mark of a kind for a discipline in a semester: an exam that is taken again within the semester stands
// in place of the first one. Taken again in another semester, or in the summer, it is another Course.
type Course struct {
	Year       string // 2025-2026
	Semester   int    // 1, 2; 3 is the summer semester
	Discipline string // its code; empty: the registrar gives none
	Titles     dauys.Names
	Title      string // as it stands beside the marks
	Credits    int    // in hundredths; 0: nobody knows, or it has none
	Teacher    string
	Group      string
	Marks      map[string]Mark // by the words of the column "control"
}

// Key is what makes a discipline the same in another semester: its code, or else its title.
func (c Course) Key() string {
	return cmp.Or(c.Discipline, strings.ToLower(strings.Join(strings.Fields(c.Title), " ")))
}

// Name is the title in a language, as far as there is one.
func (c Course) Name(l dauys.Lang) string {
	if name := c.Titles[l]; name != "" {
		return name
	}
	return cmp.Or(c.Title, c.Titles[dauys.Russian], c.Titles[dauys.Kazakh], c.Titles[dauys.English], c.Discipline)
}

// Mark is that of a kind; not given: there is none yet.
func (c Course) Mark(control string) Mark { return c.Marks[control] }

// when orders semesters.
func (c Course) when() string { return c.Year + "|" + string(rune('0'+min(max(c.Semester, 0), 9))) }

// Catalogue are disciplines by their codes.
func Catalogue(disciplines []Entry) map[string]Fields {
	all := make(map[string]Fields, len(disciplines))
	for _, e := range disciplines {
		all[e.Fields["discipline"]] = e.Fields
	}
	return all
}

// Courses are what marks of one student, in any order, and the catalogue make, by semester and name.
func Courses(marks []Entry, catalogue map[string]Fields) []Course {
	sorted := slices.Clone(marks)
	slices.SortFunc(sorted, func(x, y Entry) int { return cmp.Or(cmp.Compare(x.Key, y.Key), cmp.Compare(x.Scope, y.Scope)) })
	var all []Course
	at := map[string]int{}
	for _, e := range sorted {
		f := e.Fields
		c := Course{Year: f["year"], Semester: f.Int("semester"), Discipline: f["discipline"], Title: f["title"], Marks: map[string]Mark{}}
		id := c.when() + "|" + c.Key()
		i, known := at[id]
		if !known {
			i = len(all)
			at[id] = i
			d := catalogue[c.Discipline]
			c.Title = cmp.Or(c.Title, d["title"])
			for _, l := range dauys.Langs {
				if name := d["title_"+string(l)]; name != "" {
					if c.Titles == nil {
						c.Titles = dauys.Names{}
					}
					c.Titles[l] = name
				}
			}
			all = append(all, c)
		}
		it := &all[i]
		if n, ok := f.Hundredths("credits"); ok {
			it.Credits = max(it.Credits, n)
		}
		it.Teacher, it.Group = cmp.Or(it.Teacher, f["teacher"]), cmp.Or(it.Group, f["group"])
		m := Mark{Letter: f["letter"], Posted: f["posted"], Sheet: f["sheet"]}
		switch score := f["score"]; score {
		case wordAbsent, wordBarred:
			m.Word = score
		default:
			m.Score, m.Scored = hundredths(score)
		}
		if m.Given = m.Scored || m.Word != "" || m.Letter != ""; m.Given {
			it.Marks[f["control"]] = m
		}
	}
	for i := range all {
		if all[i].Credits == 0 {
			all[i].Credits, _ = catalogue[all[i].Discipline].Hundredths("credits")
		}
	}
	slices.SortStableFunc(all, func(x, y Course) int {
		return cmp.Or(cmp.Compare(x.when(), y.when()), cmp.Compare(x.Title, y.Title), cmp.Compare(x.Discipline, y.Discipline))
	})
	return all
}

// Outcome is how a course ended.
type Outcome string

// The outcomes.
const (
	Going  Outcome = "going"        // not all is marked yet
	Barred Outcome = "not-admitted" // to the exam
	NoShow Outcome = "no-show"      // at the exam
	Failed Outcome = "failed"
	Passed Outcome = "passed"
)

// Result is what the marks of a course come to.
type Result struct {
	Outcome  Outcome
	Grade    dauys.Grade // without a letter: there is none
	Scored   bool        // there is a final percent
	Score    Exact       // it
	Official bool        // the grade is the registrar's own, whatever the rules make of the marks
	Differs  bool        // and the rules make another of them
	Steps    []Step      // how it came about
	Missing  []string    // marks that have to come before there is a result
	Hurdles  []Hurdle    // why the student is not admitted
}

// Step is how one percent came about.
type Step struct {
	Of      string // "r1", "r2", "admission", "final"
	Parts   []Part
	Known   bool
	Score   Exact
	Round   dauys.Rounding // empty: nothing is rounded
	Given   bool           // the registrar says it; what the parts come to is only compared
	Worked  bool           // the parts are known
	Comes   Exact          // to this
	Differs bool           // which is another number
}

// Part is one of the numbers of which a percent is made.
type Part struct {
	Of     string
	Weight int // percent
	Known  bool
	Score  Exact
	Word   string // instead of a percent
}

// Hurdle is why somebody is not admitted to an exam.
type Hurdle struct {
	Of    string
	Known bool
	Score Exact
	Least int    // whole percent; 0: it is no question of percents
	Word  string // what the registrar wrote instead of a percent
}

// part is a mark as a part of something.
func (c Course) part(of string, weight int) Part {
	m := c.Marks[of]
	return Part{Of: of, Weight: weight, Known: m.Scored, Score: ExactOf(m.Score), Word: m.Word}
}

// step is a percent made of two parts, unless the registrar says it.
func (c Course) step(of string, x, y Part, round dauys.Rounding) Step {
	s := Step{Of: of, Parts: []Part{x, y}, Round: round}
	if s.Worked = x.Known && y.Known; s.Worked {
		s.Comes = weighed(x.Score, x.Weight, y.Score, y.Weight)
		if round != "" {
			s.Comes = s.Comes.Rounded(round)
		}
		s.Known, s.Score = true, s.Comes
	}
	if m := c.Marks[of]; m.Scored {
		given := ExactOf(m.Score)
		s.Known, s.Given, s.Score = true, true, given
		// The registrar may have rounded what is not rounded by the rules.
		s.Differs = s.Worked && given != s.Comes && (round != "" || given != s.Comes.Rounded(dauys.ToHundredth) && given != s.Comes.Rounded(dauys.ToWhole))
	}
	return s
}

// of is a step as a part of the next.
func (s Step) of(weight int) Part {
	return Part{Of: s.Of, Weight: weight, Known: s.Known, Score: s.Score}
}

// single are kinds of marks that are the whole of a course which has neither ratings nor an exam.
var single = []string{OfPractice, OfResearch, OfPaper}

// Result is what the marks come to by the rules. A final mark or letter of the registrar stands whatever
// the rules make of the others; where they make something else, Differs says so.
func (c Course) Result(a *dauys.Academic) Result {
	if a == nil {
		return c.said(nil, Result{Outcome: Going})
	}
	if only, ok := c.alone(); ok {
		p := c.part(only, 100)
		r := Result{Outcome: Going, Steps: []Step{{Of: OfFinal, Parts: []Part{p}, Known: p.Known, Worked: p.Known, Score: p.Score.Rounded(a.Final.Round), Comes: p.Score.Rounded(a.Final.Round), Round: a.Final.Round}}}
		switch m := c.Marks[only]; {
		case p.Known:
			r = r.graded(a, r.Steps[0].Score)
		case m.Word == wordAbsent:
			r.Outcome = NoShow
		case m.Word != "":
			r.Outcome = Barred
		default:
			r.Grade, _ = a.Letter(m.Letter)
			r.Outcome = ended(r.Grade)
		}
		return r
	}
	r1 := c.step(Rating1, c.part(Current1, a.Rating.Current), c.part(Control1, a.Rating.Control), "")
	r2 := c.step(Rating2, c.part(Current2, a.Rating.Current), c.part(Control2, a.Rating.Control), "")
	admission := c.step(OfAdmission, r1.of(a.Admission.First), r2.of(a.Admission.Second), "")
	exam := c.part(OfExam, a.Final.Exam)
	final := c.step(OfFinal, admission.of(a.Final.Admission), exam, a.Final.Round)
	r := Result{Outcome: Going}
	switch least := Exact(a.Admission.Least) * ofPercent; {
	case admission.Known && admission.Score < least:
		r.Hurdles = append(r.Hurdles, Hurdle{Of: OfAdmission, Known: true, Score: admission.Score, Least: a.Admission.Least})
	case c.Marks[OfAdmission].Word != "":
		r.Hurdles = append(r.Hurdles, Hurdle{Of: OfAdmission, Word: c.Marks[OfAdmission].Word})
	}
	for _, s := range []Step{r1, r2} {
		if each := Exact(a.Admission.Each) * ofPercent; s.Known && s.Score < each {
			r.Hurdles = append(r.Hurdles, Hurdle{Of: s.Of, Known: true, Score: s.Score, Least: a.Admission.Each})
		}
	}
	if exam.Word == wordBarred {
		r.Hurdles = append(r.Hurdles, Hurdle{Of: OfExam, Word: exam.Word})
	}
	switch {
	case len(r.Hurdles) > 0:
		r.Outcome, final.Worked = Barred, false
	case exam.Word == wordAbsent:
		r.Outcome, final.Worked = NoShow, false
	case exam.Known && a.Final.Both && exam.Score < Exact(a.Least())*ofPercent:
		// Of an exam that is not passed there is no final mark; its own grade stands.
		final.Worked = false
		r.Grade, _ = a.Grade(int(exam.Score / ofHundredth))
		r.Outcome = Failed
	case final.Worked:
		r = r.graded(a, final.Comes)
	default:
		r.Missing = missing(r1, r2, admission, exam)
	}
	if !final.Given {
		final.Known = final.Worked
	}
	if !final.Worked {
		final.Comes, final.Differs = 0, false
	}
	r.Steps = []Step{r1, r2, admission, final}
	return c.said(a, r)
}

// alone is the only kind of mark of a course that has neither ratings nor an exam.
func (c Course) alone() (control string, ok bool) {
	for _, of := range []string{Current1, Control1, Rating1, Current2, Control2, Rating2, OfAdmission, OfExam, OfFinal} {
		if c.Marks[of].Given {
			return "", false
		}
	}
	i := slices.IndexFunc(single, func(of string) bool { return c.Marks[of].Given })
	if i < 0 {
		return "", false
	}
	return single[i], true
}

// graded is a result with a final percent.
func (r Result) graded(a *dauys.Academic, score Exact) Result {
	r.Scored, r.Score = true, score
	r.Grade, _ = a.Grade(int(score / ofHundredth))
	r.Outcome = ended(r.Grade)
	return r
}

func ended(g dauys.Grade) Outcome {
	switch {
	case g.Letter == "":
		return Going
	case g.Passes():
		return Passed
	}
	return Failed
}

// missing are the marks that have to come before there is a final one.
func missing(r1, r2, admission Step, exam Part) (all []string) {
	if !admission.Known {
		for _, s := range []Step{r1, r2} {
			for _, p := range s.Parts {
				if !s.Known && !p.Known {
					all = append(all, p.Of)
				}
			}
		}
	}
	if !exam.Known {
		all = append(all, exam.Of)
	}
	return all
}

// said is what the registrar has put down as final, over what the rules make of the marks.
func (c Course) said(a *dauys.Academic, r Result) Result {
	m := c.Marks[OfFinal]
	if !m.Given {
		return r
	}
	worked := r
	switch {
	case m.Word == wordAbsent:
		r.Outcome, r.Grade, r.Scored, r.Score = NoShow, dauys.Grade{}, false, 0
	case m.Word != "":
		r.Outcome, r.Grade, r.Scored, r.Score = Barred, dauys.Grade{}, false, 0
	default:
		g, lettered := a.Letter(m.Letter)
		if !lettered && m.Scored {
			g, _ = a.Grade(m.Score)
		}
		r.Grade, r.Scored, r.Score = g, m.Scored, ExactOf(m.Score)
		// An F beside an admission that was not reached, or an exam to which nobody came, tells no more than that.
		if end := ended(g); end != Failed || worked.Outcome != Barred && worked.Outcome != NoShow {
			r.Outcome = end
		}
	}
	r.Official, r.Missing = true, nil
	if r.Outcome != Barred {
		r.Hurdles = nil
	}
	r.Differs = worked.Outcome != Going && (worked.Outcome != r.Outcome ||
		worked.Grade.Letter != "" && r.Grade.Letter != worked.Grade.Letter ||
		worked.Scored && r.Scored && worked.Score != r.Score)
	return r
}

// Aim is what an exam has to bring for a grade.
type Aim struct {
	Grade dauys.Grade
	Exam  int  // whole percent, the least
	Can   bool // it can be reached
}

// Aims are the least whole percents of the exam that bring each grade with which one passes, the best first.
func Aims(a *dauys.Academic, admission Exact) (all []Aim) {
	for _, g := range a.Scale {
		if !g.Passes() {
			continue
		}
		aim := Aim{Grade: g}
		from := 0
		if a.Final.Both {
			from = a.Least()
		}
		for exam := from; exam <= 100 && !aim.Can; exam++ {
			if Final(a, admission, Exact(exam)*ofPercent) >= Exact(g.From)*ofPercent {
				aim.Exam, aim.Can = exam, true
			}
		}
		all = append(all, aim)
	}
	return all
}

// Span is a part of the time of study.
type Span struct {
	Year     string // empty: all of it
	Semester int    // 0: the whole year
}

// Has tells whether a course is in it.
func (s Span) Has(c Course) bool {
	return (s.Year == "" || s.Year == c.Year) && (s.Semester == 0 || s.Semester == c.Semester)
}

// Semesters are those in which there are courses, in their order.
func Semesters(courses []Course) (all []Span) {
	for _, c := range courses {
		if in := (Span{c.Year, c.Semester}); !slices.Contains(all, in) {
			all = append(all, in)
		}
	}
	slices.SortFunc(all, func(x, y Span) int { return cmp.Or(cmp.Compare(x.Year, y.Year), cmp.Compare(x.Semester, y.Semester)) })
	return all
}

// Line is a course that counts in a GPA.
type Line struct {
	Course Course
	Result Result
	Worth  int // credits times points, in ten-thousandths
}

// GPA is an average of points, with what it is made of.
type GPA struct {
	Value    int // in hundredths, rounded half up to the places of the rules
	Credits  int // that count, in hundredths
	Worth    int // the sum of credits times points, in ten-thousandths
	Lines    []Line
	Replaced []Line // that would count if there were no later ones
}

// GPAOf is the sum of credits times points by the sum of credits, of the courses of a span that have
// credits and a letter; ok is false when there is none. Of a discipline that was taken again within the
// span one attempt counts, by [dauys.Repeated]: the GPA of the semester in which it was not passed stays
// what it was, that of the whole study is mended.
func GPAOf(a *dauys.Academic, courses []Course, in Span) (g GPA, ok bool) {
	if a == nil {
		return g, false
	}
	var graded []Line
	for _, c := range courses {
		if r := c.Result(a); in.Has(c) && c.Credits > 0 && r.Grade.Letter != "" && (a.GPA.Failed || r.Grade.Passes()) {
			graded = append(graded, Line{c, r, c.Credits * r.Grade.Points})
		}
	}
	g.Lines, g.Replaced = standing(a, graded)
	for _, l := range g.Lines {
		g.Credits += l.Course.Credits
		g.Worth += l.Worth
	}
	if g.Credits == 0 {
		return GPA{}, false
	}
	unit := 1 // of the last place, in hundredths
	if a.GPA.Places == 1 {
		unit = 10
	}
	g.Value = (2*g.Worth + unit*g.Credits) / (2 * unit * g.Credits) * unit
	return g, true
}

// standing are those of several attempts that count, by semester, and those in place of which others stand.
func standing(a *dauys.Academic, lines []Line) (stand, replaced []Line) {
	lines = slices.Clone(lines)
	slices.SortStableFunc(lines, func(x, y Line) int {
		return cmp.Or(cmp.Compare(x.Course.when(), y.Course.when()), cmp.Compare(x.Course.Title, y.Course.Title), cmp.Compare(x.Course.Discipline, y.Course.Discipline))
	})
	last := map[string]int{} // by discipline, in stand
	for _, l := range lines {
		i, before := last[l.Course.Key()]
		switch {
		case !before || !replaces(a, stand[i], l) && l.Course.Semester != summer:
			last[l.Course.Key()] = len(stand)
			stand = append(stand, l)
		case replaces(a, stand[i], l):
			replaced = append(replaced, stand[i])
			stand[i] = l
		default:
			replaced = append(replaced, l)
		}
	}
	return stand, replaced
}

// summer is the semester in which nothing is taken for the first time.
const summer = 3

// replaces tells whether a later attempt stands for an earlier one. What was passed stays passed.
func replaces(a *dauys.Academic, earlier, later Line) bool {
	switch passed := earlier.Result.Outcome == Passed; {
	case a.GPA.Repeated == dauys.Last, !passed:
		return true
	default:
		return later.Course.Semester == summer && later.Result.Outcome == Passed
	}
}

// CreditsOf are the credits that were earned, in hundredths.
func CreditsOf(a *dauys.Academic, courses []Course, in Span) (earned int) {
	var ended []Line
	for _, c := range courses {
		if r := c.Result(a); a != nil && in.Has(c) && r.Outcome != Going {
			ended = append(ended, Line{Course: c, Result: r})
		}
	}
	if a == nil {
		return 0
	}
	stand, _ := standing(a, ended)
	for _, l := range stand {
		if l.Result.Outcome == Passed {
			earned += l.Course.Credits
		}
	}
	return earned
}

// The words of the columns "reason" and "way" of [Debts].
const (
	ForBarred     = "not-admitted"
	ForFX         = "fx"
	ForF          = "f"
	ForNoShow     = "no-show"
	ForDifference = "difference"

	ByRetake = "retake"
	BySummer = "summer"
	ByRepeat = "repeat"
)

// Debt is a discipline whose credits are still to be earned.
type Debt struct {
	Course   Course // the last attempt
	Result   Result
	Reason   string
	Ways     []string // what can be done: the registrar's own word, or else what the rules allow
	Failures int      // attempts that were not passed
	Last     bool     // with one more failure the rules say expulsion
	Now      *Course  // it is being taken again
	Said     *Entry   // what the registrar has of it: until when, at which price, whether registered
}

// DebtsOf are the debts that follow from the results, with those that the registrar lists besides. One that
// the registrar calls cleared is none, and so is one after which the discipline was passed.
func DebtsOf(a *dauys.Academic, courses []Course, said []Entry) (all []Debt) {
	byKey := map[string][]Course{}
	var keys []string
	for _, c := range courses {
		if _, known := byKey[c.Key()]; !known {
			keys = append(keys, c.Key())
		}
		byKey[c.Key()] = append(byKey[c.Key()], c)
	}
	slices.Sort(keys)
	listed := map[string]*Entry{} // by year, semester, discipline
	for i := range said {
		f := said[i].Fields
		listed[debtOf(Course{Year: f["year"], Semester: f.Int("semester"), Discipline: f["discipline"], Title: f["title"]})] = &said[i]
	}
	seen := map[string]bool{}
	for _, key := range keys {
		attempts := byKey[key]
		slices.SortStableFunc(attempts, func(x, y Course) int { return cmp.Compare(x.when(), y.when()) })
		var d *Debt
		failures := 0
		for i, c := range attempts {
			r := c.Result(a)
			if r.Outcome == Passed {
				d = nil
				for _, done := range attempts[:i+1] {
					seen[debtOf(done)] = true
				}
				continue
			}
			if r.Outcome == Going {
				if d != nil {
					d.Now = &attempts[i]
				}
				continue
			}
			failures++
			said := listed[debtOf(c)]
			if said == nil && d != nil && d.Said != nil && d.Said.Fields["cleared"] == "" {
				said = d.Said // listed under the semester in which it came about
			}
			d = &Debt{Course: c, Result: r, Reason: reason(a, r), Failures: failures, Said: said}
			seen[debtOf(c)] = true
		}
		if d == nil || d.Said != nil && d.Said.Fields["cleared"] != "" {
			continue
		}
		d.Last = a != nil && a.Retakes.Failures > 0 && failures == a.Retakes.Failures-1
		d.Ways = ways(d.Reason)
		if d.Said != nil && d.Said.Fields["way"] != "" {
			d.Ways = []string{d.Said.Fields["way"]}
		}
		all = append(all, *d)
	}
	for i := range said {
		f := said[i].Fields
		c := Course{Year: f["year"], Semester: f.Int("semester"), Discipline: f["discipline"], Title: f["title"]}
		c.Credits, _ = f.Hundredths("credits")
		if f["cleared"] != "" || seen[debtOf(c)] {
			continue
		}
		seen[debtOf(c)] = true
		d := Debt{Course: c, Result: Result{Outcome: Going}, Reason: f["reason"], Ways: ways(f["reason"]), Said: &said[i]}
		if f["way"] != "" {
			d.Ways = []string{f["way"]}
		}
		all = append(all, d)
	}
	slices.SortStableFunc(all, func(x, y Debt) int {
		return cmp.Or(cmp.Compare(x.Course.when(), y.Course.when()), cmp.Compare(x.Course.Title, y.Course.Title), cmp.Compare(x.Course.Discipline, y.Course.Discipline))
	})
	return all
}

func debtOf(c Course) string { return c.when() + "|" + c.Key() }

func reason(a *dauys.Academic, r Result) string {
	switch {
	case r.Outcome == Barred:
		return ForBarred
	case r.Outcome == NoShow:
		return ForNoShow
	case a != nil && slices.Contains(a.Retakes.Letters, r.Grade.Letter):
		return ForFX
	}
	return ForF
}

// ways are what can be done about a debt: only an exam of which the rules say so is taken again by itself;
// everything else means the whole course again, in the summer or with the next year.
func ways(reason string) []string {
	if reason == ForFX {
		return []string{ByRetake, BySummer, ByRepeat}
	}
	return []string{BySummer, ByRepeat}
}

// Class is which state scholarship the results of a session allow. Whether somebody studies on a grant
// is not asked here.
type Class string

// The classes.
const (
	Ordinary   Class = "ordinary"
	Raised     Class = "raised"
	Ineligible Class = "none"
	Undecided  Class = "not-yet" // not all results are there, and nothing stands in the way so far
	Unknown    Class = "unknown" // no rule, or no courses
)

// Eligibility is whether the results of a session allow a scholarship, and what stands in the way.
type Eligibility struct {
	Class Class
	Below []Line // results under the least grade
	Open  []Course
}

// Scholarship is what the results of a span, as a rule a semester, allow.
func Scholarship(a *dauys.Academic, courses []Course, in Span) Eligibility {
	e := Eligibility{Class: Unknown}
	if a == nil || a.Scholarship.Letter == "" {
		return e
	}
	raised, some := a.Scholarship.Raised != "", false
	for _, c := range courses {
		if !in.Has(c) || c.Credits == 0 {
			continue
		}
		some = true
		r := c.Result(a)
		switch {
		case r.Outcome == Going:
			e.Open = append(e.Open, c)
		case r.Outcome != Passed || !a.Reaches(r.Grade, a.Scholarship.Letter):
			e.Below = append(e.Below, Line{Course: c, Result: r})
		case !a.Reaches(r.Grade, a.Scholarship.Raised):
			raised = false
		}
	}
	switch {
	case !some:
	case len(e.Below) > 0:
		e.Class = Ineligible
	case len(e.Open) > 0:
		e.Class = Undecided
	case raised:
		e.Class = Raised
	default:
		e.Class = Ordinary
	}
	return e
}

// DefaultTrack is on which track a student is of whom the record does not say.
const DefaultTrack = "school"

// Passage is how a student stands before the next course.
type Passage struct {
	GPA   GPA
	Known bool // there is one
	Least int  // in hundredths
	Short bool // it is less
	Debts []Debt
}

// PassageOf compares the GPA of an academic year, the summer semester with it, with the threshold for going on
// from a course; ok is false where there is none. It is compared as it is shown: rounded.
func PassageOf(a *dauys.Academic, track, year string, course int, courses []Course) (p Passage, ok bool) {
	if a == nil {
		return p, false
	}
	t, ok := a.Threshold(cmp.Or(track, DefaultTrack), year, course)
	if !ok {
		return p, false
	}
	p.Least = t.GPA
	p.GPA, p.Known = GPAOf(a, courses, Span{Year: year})
	p.Short = p.Known && p.GPA.Value < p.Least
	p.Debts = DebtsOf(a, courses, nil)
	return p, true
}

// Distinction is whether a diploma with honours is still possible.
type Distinction struct {
	Possible bool
	GPA      GPA
	Short    bool   // the GPA is less than it has to be; later results can mend that
	Below    []Line // courses under the least grade, which nothing mends
	Thesis   bool   // the final work is graded, and too low
}

// HonoursOf tells it from all courses and the letter of the final work; an empty letter: there is none yet.
func HonoursOf(a *dauys.Academic, courses []Course, thesis string) (d Distinction, ok bool) {
	if a == nil || a.Honours.Letter == "" {
		return d, false
	}
	if d.GPA, ok = GPAOf(a, courses, Span{}); !ok {
		return d, false
	}
	for _, l := range append(slices.Clone(d.GPA.Lines), d.GPA.Replaced...) {
		if !a.Reaches(l.Result.Grade, a.Honours.Letter) {
			d.Below = append(d.Below, l)
		}
	}
	if g, graded := a.Letter(thesis); graded {
		d.Thesis = !a.Reaches(g, a.Honours.Thesis)
	}
	d.Short = d.GPA.Value < a.Honours.GPA
	d.Possible = len(d.Below) == 0 && !d.Thesis
	return d, true
}
