package registrar

import (
	"cmp"
	"slices"
	"strings"

	"alt.edu.kz/dauys"
)

// Place is where in the university somebody studies, as the roster has it.
type Place struct {
	Institute, Programme, Course, Group string
	Title                               string // of the programme
}

// PlaceOf is that of a student by their entry in the roster.
func PlaceOf(f Fields) Place {
	return Place{Institute: f["institute"], Programme: f["programme"], Course: f["course"], Group: f["group"], Title: f["programme_title"]}
}

// Figures are how a session went, of some students. A result is one course of one student.
type Figures struct {
	Students int // who had a course
	Debtors  int // of these, with a course that they have still to pass
	Done     int // of these, with all courses passed
	Results  int
	Admitted int // to the exam
	Took     int // and came to it, with a mark
	Passed   int
	Good     int // with a grade that was called good or excellent
	FX, F    int
	Debts    int // not admitted, not there, not passed
	Open     int // not everything is marked yet

	scored int
	sum    int // in hundredths of a percent
}

// Average is the average of the final marks in hundredths of a percent; ok is false when there are none.
func (f Figures) Average() (n int, ok bool) {
	if f.scored == 0 {
		return 0, false
	}
	return (2*f.sum + f.scored) / (2 * f.scored), true
}

// Progress is how many of the results that there are were passed, Quality how many were good or better.
func (f Figures) Progress() dauys.Share { return dauys.Share{Part: f.Passed, Of: f.Results - f.Open} }
func (f Figures) Quality() dauys.Share  { return dauys.Share{Part: f.Good, Of: f.Results - f.Open} }

// Section are the figures of one institute, programme, course, group or discipline.
type Section struct {
	Name   string // as the record has it; empty: it does not say
	Title  string
	Titles dauys.Names // of a discipline
	In     Place       // where it belongs; of a discipline nothing
	Hidden bool        // so few students that somebody could be found, or what such a number could be told from
	Figures
}

// Bands are from which GPA, in hundredths, the bands of its distribution begin, from the lowest.
var Bands = []int{0, 200, 250, 300, 350}

// Band is how many students have a GPA from a number on, and less than that of the next band.
type Band struct {
	From   int
	N      int
	Hidden bool
}

// Summary is how a session went. What is hidden has no figures at all, so that they cannot be shown by mistake.
type Summary struct {
	In          Span
	Whole       Section
	Institutes  []Section
	Programmes  []Section
	Courses     []Section // years of study of a programme
	Groups      []Section
	Disciplines []Section
	Bands       []Band // of the GPA of the session
}

// Session counts how a session went, one student after the other.
type Session struct {
	rules *dauys.Academic
	in    Span
	whole Section
	// by what makes them different: the programmes of one code in two institutes are two
	institutes, programmes, courses, groups, disciplines map[string]*Section
	bands                                                []Band
}

// NewSession begins to count. Without rules nothing has a result.
func NewSession(rules *dauys.Academic, in Span) *Session {
	s := &Session{rules: rules, in: in, institutes: map[string]*Section{}, programmes: map[string]*Section{},
		courses: map[string]*Section{}, groups: map[string]*Section{}, disciplines: map[string]*Section{}}
	for _, from := range Bands {
		s.bands = append(s.bands, Band{From: from})
	}
	return s
}

// Add counts a student by the marks that there are. The session of a student is the courses of the span.
func (s *Session) Add(p Place, marks []Entry, catalogue map[string]Fields) {
	marks = slices.DeleteFunc(slices.Clone(marks), func(e Entry) bool {
		return e.Fields["year"] != s.in.Year || s.in.Semester != 0 && e.Fields.Int("semester") != s.in.Semester
	})
	if len(marks) == 0 {
		return
	}
	courses := Courses(marks, catalogue)
	if p.Group == "" {
		p.Group = courses[0].Group
	}
	at := func(m map[string]*Section, name, title string, in Place) *Section {
		key := strings.Join([]string{name, in.Institute, in.Programme, in.Course}, "|")
		if m[key] == nil {
			m[key] = &Section{Name: name, Title: title, In: in}
		}
		return m[key]
	}
	sections := []*Section{
		&s.whole,
		at(s.institutes, p.Institute, "", Place{}),
		at(s.programmes, p.Programme, p.Title, Place{Institute: p.Institute}),
		at(s.courses, p.Course, p.Title, Place{Institute: p.Institute, Programme: p.Programme}),
		at(s.groups, p.Group, "", Place{Institute: p.Institute, Programme: p.Programme, Course: p.Course}),
	}
	var all Figures
	for _, c := range courses {
		one := figuresOf(s.rules, c)
		all.add(one)
		d := at(s.disciplines, c.Key(), c.Title, Place{})
		d.Titles = c.Titles
		one.person()
		d.Figures.add(one)
	}
	all.person()
	for _, section := range sections {
		section.Figures.add(all)
	}
	if g, ok := GPAOf(s.rules, courses, s.in); ok {
		i := len(s.bands) - 1
		for i > 0 && g.Value < s.bands[i].From {
			i--
		}
		s.bands[i].N++
	}
}

// figuresOf are the figures of one course of a student.
func figuresOf(rules *dauys.Academic, c Course) (f Figures) {
	r := c.Result(rules)
	f.Results = 1
	admitted := len(r.Hurdles) == 0 && slices.ContainsFunc(r.Steps, func(s Step) bool { return s.Of == OfAdmission && s.Known })
	switch r.Outcome {
	case Going:
		f.Open = 1
	case Barred:
		f.Debts, admitted = 1, false
	case NoShow:
		f.Debts, admitted = 1, true
	case Failed:
		f.Debts, f.Took, admitted = 1, 1, true
		if rules != nil && slices.Contains(rules.Retakes.Letters, r.Grade.Letter) {
			f.FX = 1
		} else {
			f.F = 1
		}
	case Passed:
		f.Passed, f.Took, admitted = 1, 1, true
		if r.Grade.Word == dauys.Excellent || r.Grade.Word == dauys.Good {
			f.Good = 1
		}
	}
	if admitted {
		f.Admitted = 1
	}
	if r.Scored && f.Took == 1 {
		f.scored, f.sum = 1, r.Score.Hundredths()
	}
	return f
}

// person makes figures of results those of one student.
func (f *Figures) person() {
	f.Students = 1
	switch {
	case f.Debts > 0:
		f.Debtors = 1
	case f.Open == 0:
		f.Done = 1
	}
}

func (f *Figures) add(o Figures) {
	for to, n := range map[*int]int{
		&f.Students: o.Students, &f.Debtors: o.Debtors, &f.Done: o.Done, &f.Results: o.Results, &f.Admitted: o.Admitted, &f.Took: o.Took,
		&f.Passed: o.Passed, &f.Good: o.Good, &f.FX: o.FX, &f.F: o.F, &f.Debts: o.Debts, &f.Open: o.Open, &f.scored: o.scored, &f.sum: o.sum,
	} {
		*to += n
	}
}

// Sum is what was counted, without the figures of fewer students than a number, nor those with which they
// could be worked out: of what is summed up in one line, no single part is missing.
func (s *Session) Sum(fewest int) Summary {
	sum := Summary{In: s.in, Whole: s.whole, Bands: slices.Clone(s.bands),
		Institutes: sections(s.institutes), Programmes: sections(s.programmes), Courses: sections(s.courses), Groups: sections(s.groups), Disciplines: sections(s.disciplines)}
	lists := [][]Section{sum.Institutes, sum.Programmes, sum.Courses, sum.Groups, sum.Disciplines}
	for _, list := range lists {
		for i := range list {
			list[i].Hidden = list[i].Students < fewest
		}
	}
	sum.Whole.Hidden = sum.Whole.Students < fewest
	sum.hide(fewest)
	for _, list := range lists {
		for i := range list {
			if list[i].Hidden {
				list[i].Figures = Figures{}
			}
		}
	}
	if sum.Whole.Hidden {
		sum.Whole.Figures = Figures{}
	}
	hideBands(sum.Bands, fewest)
	return sum
}

// hide hides what the hidden could be worked out from: the parts of something hidden, and beside hidden parts
// of something so many others, the smallest first, that what is missing is of enough students and no single
// part. Institutes, programmes, years and groups are a tree; disciplines are counted by themselves.
func (sum *Summary) hide(fewest int) {
	place := func(s Section, words ...string) string {
		return strings.Join(append([]string{s.In.Institute, s.In.Programme, s.In.Course}, words...), "|")
	}
	const root = "whole" // has no bars, as the others do
	hidden := map[string]bool{root: sum.Whole.Hidden}
	const disciplines = 4
	for n, level := range []struct {
		list []Section
		self func(Section) string // as the parts say where they belong
	}{
		{sum.Institutes, func(s Section) string { return s.Name + "||" }},
		{sum.Programmes, func(s Section) string { return s.In.Institute + "|" + s.Name + "|" }},
		{sum.Courses, func(s Section) string { return s.In.Institute + "|" + s.In.Programme + "|" + s.Name }},
		{sum.Groups, func(s Section) string { return place(s, s.Name) }},
		{sum.Disciplines, func(s Section) string { return place(s, s.Name) }},
	} {
		parts := map[string][]*Section{}
		for i := range level.list {
			p, of := &level.list[i], root
			if n != 0 && n != disciplines {
				of = place(*p)
			}
			p.Hidden = p.Hidden || hidden[of]
			parts[of] = append(parts[of], p)
		}
		for _, all := range parts {
			hideBeside(all, fewest)
		}
		for _, s := range level.list {
			if s.Hidden {
				hidden[level.self(s)] = true
			}
		}
	}
}

// hideBeside hides others beside those of some parts that are hidden.
func hideBeside(parts []*Section, fewest int) {
	n, students := 0, 0
	for _, p := range parts {
		if p.Hidden {
			n++
			students += p.Students
		}
	}
	parts = slices.Clone(parts)
	slices.SortStableFunc(parts, func(a, b *Section) int { return cmp.Compare(a.Students, b.Students) })
	for _, p := range parts {
		if n > 0 && !p.Hidden && (n == 1 || students < fewest) {
			p.Hidden = true
			n++
			students += p.Students
		}
	}
}

func hideBands(bands []Band, fewest int) {
	hidden, least := 0, -1
	for i := range bands {
		switch b := &bands[i]; {
		case b.N > 0 && b.N < fewest:
			b.Hidden = true
			hidden++
		case b.N > 0 && (least < 0 || b.N < bands[least].N):
			least = i
		}
	}
	if hidden == 1 && least >= 0 {
		bands[least].Hidden = true
	}
	for i := range bands {
		if bands[i].Hidden {
			bands[i].N = 0
		}
	}
}

func sections(m map[string]*Section) (all []Section) {
	for _, s := range m {
		all = append(all, *s)
	}
	slices.SortFunc(all, func(a, b Section) int {
		return cmp.Or(cmp.Compare(a.In.Institute, b.In.Institute), cmp.Compare(a.In.Programme, b.In.Programme), cmp.Compare(a.Title, b.Title),
			cmp.Compare(a.Name, b.Name), cmp.Compare(a.In.Course, b.In.Course))
	})
	return all
}

// Latest is the last semester of which some marks are; zero: of none.
func Latest(marks []Entry) (in Span) {
	for _, e := range marks {
		if at := (Span{e.Fields["year"], e.Fields.Int("semester")}); at.Year > in.Year || at.Year == in.Year && at.Semester > in.Semester {
			in = at
		}
	}
	return in
}
