package registrar

import (
	"cmp"
	"slices"
	"strings"

	"alt.edu.kz/dauys"
)

// How far the registration of a student for a semester is.
const (
	PlanMissing    = "missing"    // there is none, while others of the group have one
	PlanIncomplete = "incomplete" // or it has to be corrected
)

// Standing is what an advisor has to know of a student.
type Standing struct {
	Student Fields // of the roster
	Courses []Course
	Debts   []Debt
	Plan    string // empty: nothing is missing, or nobody has a plan yet
	Low     []Line // courses that run, with a rating of less than admission asks for
	Absent  int    // controls of the running semester to which they did not come
	GPA     GPA    // of the whole study
	Known   bool   // there is one
	Passage Passage
	Short   bool // the GPA of the academic year is less than the next course asks for
}

// Semester is the one in which a standing is taken. Plan is that for which one registers now; zero: none.
type Semester struct{ Now, Plan Span }

// Planned is the last semester for which some students have plans; zero: none has.
func Planned(plans []Entry) Span { return Latest(plans) }

// StandingOf is how a student stands by the rules, of what is kept of them.
func StandingOf(a *dauys.Academic, student Fields, marks, debts, plans []Entry, catalogue map[string]Fields, at Semester) (s Standing) {
	s.Student = student
	s.Courses = Courses(marks, catalogue)
	s.Debts = DebtsOf(a, s.Courses, debts)
	s.GPA, s.Known = GPAOf(a, s.Courses, Span{})
	for _, c := range s.Courses {
		if at.Now.Year == "" || !at.Now.Has(c) {
			continue
		}
		for _, m := range c.Marks {
			if m.Word == wordAbsent {
				s.Absent++
			}
		}
		r := c.Result(a)
		if a != nil && r.Outcome == Going && slices.ContainsFunc(r.Steps, func(st Step) bool {
			return st.Of != OfFinal && st.Known && st.Score < Exact(a.Admission.Least)*ofPercent
		}) {
			s.Low = append(s.Low, Line{Course: c, Result: r})
		}
	}
	if at.Now.Year != "" {
		var ok bool
		s.Passage, ok = PassageOf(a, "", at.Now.Year, student.Int("course"), s.Courses)
		s.Short = ok && s.Passage.Short
	}
	if at.Plan.Year != "" {
		s.Plan = PlanMissing
		for _, p := range plans {
			if p.Fields["year"] != at.Plan.Year || at.Plan.Semester != 0 && p.Fields.Int("semester") != at.Plan.Semester {
				continue
			}
			switch p.Fields["status"] {
			case "missing":
			case "incomplete", "correct":
				s.Plan = PlanIncomplete
			default:
				if s.Plan == PlanMissing {
					s.Plan = ""
				}
			}
			if s.Plan == PlanIncomplete {
				break
			}
		}
	}
	return s
}

// Need is how much a student needs their advisor: 0, not now.
func (s Standing) Need() (n int) {
	const debt, last, unregistered, incomplete, low, short, absent = 10, 100, 8, 5, 4, 6, 1
	for _, d := range s.Debts {
		n += debt
		if d.Last {
			n += last
		}
	}
	switch s.Plan {
	case PlanMissing:
		n += unregistered
	case PlanIncomplete:
		n += incomplete
	}
	if s.Short {
		n += short
	}
	return n + low*len(s.Low) + absent*s.Absent
}

// AtRisk tells whether a student may fail, or not go on to the next course.
func (s Standing) AtRisk() bool { return len(s.Low) > 0 || s.Short || s.Absent > 0 }

// InNeed sorts those who need their advisor most first.
func InNeed(all []Standing) {
	slices.SortStableFunc(all, func(a, b Standing) int {
		return cmp.Or(cmp.Compare(b.Need(), a.Need()), strings.Compare(a.Student["name"], b.Student["name"]), strings.Compare(a.Student["student"], b.Student["student"]))
	})
}
