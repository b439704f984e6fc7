package registrar

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// examined are the marks of a student in one discipline: "60/70" is a rating of admission and an exam.
func examined(student, discipline, marks string) (all []Entry) {
	for i, score := range strings.Split(marks, "/") {
		if score != "" {
			all = append(all, EntryOf(Marks, Fields{"student": student, "year": "2025-2026", "semester": "1", "discipline": discipline, "title": discipline,
				"credits": "5", "group": "G1", "control": []string{OfAdmission, OfExam}[i], "score": score}))
		}
	}
	return all
}

func figuresLine(f Figures) string {
	average, _ := f.Average()
	return fmt.Sprintf("students %d done %d debtors %d; results %d admitted %d took %d passed %d good %d FX %d F %d debts %d open %d; average %d progress %d%% quality %d%%",
		f.Students, f.Done, f.Debtors, f.Results, f.Admitted, f.Took, f.Passed, f.Good, f.FX, f.F, f.Debts, f.Open, average, f.Progress().Percent(), f.Quality().Percent())
}

func TestSession(t *testing.T) {
	s := NewSession(rulesWith(nil), Span{"2025-2026", 1})
	at := Place{Institute: "I1", Programme: "P1", Course: "1", Group: "G1"}
	for i, marks := range [][2]string{
		{"90/90", "80/80"}, // both good
		{"60/60", "70/70"}, // passed, one of them good
		{"40/", "70/absent"},
		{"60/30", "60/20"}, // an FX, an F
		{"80/", "80/80"},   // admitted, and no exam yet
	} {
		id := fmt.Sprint(i)
		later := examined(id, "Later", "10/10")
		later[0].Fields["year"], later[1].Fields["year"] = "2026-2027", "2026-2027"
		s.Add(at, slices.Concat(examined(id, "Maths", marks[0]), examined(id, "Physics", marks[1]), later), nil)
	}
	s.Add(at, nil, nil) // had no session
	sum := s.Sum(5)
	want := "students 5 done 2 debtors 2; results 10 admitted 9 took 7 passed 5 good 4 FX 1 F 1 debts 4 open 1; average 7600 progress 56% quality 44%"
	if got := figuresLine(sum.Whole.Figures); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	var names []string
	for _, d := range sum.Disciplines {
		names = append(names, fmt.Sprint(d.Name, d.Students, d.Debts))
	}
	if got := strings.Join(names, " "); got != "Maths5 2 Physics5 2" && got != "Maths52 Physics52" {
		t.Errorf("disciplines: %s", got)
	}
	if got := figuresLine(sum.Groups[0].Figures); got != want {
		t.Errorf("the only group differs: %s", got)
	}
}

// What is hidden cannot be worked out: in no whole that is shown is just one part hidden, and nothing that is
// a part of something hidden is shown.
func TestSessionHides(t *testing.T) {
	s := NewSession(rulesWith(nil), Span{"2025-2026", 1})
	n := 0
	add := func(students int, p Place) {
		for range students {
			n++
			s.Add(p, examined(fmt.Sprint(n), p.Programme, "80/80"), nil)
		}
	}
	add(9, Place{Institute: "I1", Programme: "P1", Course: "1", Group: "P1-1"})
	add(2, Place{Institute: "I1", Programme: "P1", Course: "2", Group: "P1-2"})
	add(1, Place{Institute: "I1", Programme: "P1", Course: "2", Group: "P1-3"})
	add(7, Place{Institute: "I1", Programme: "P2", Course: "1", Group: "P2-1"})
	add(6, Place{Institute: "I1", Programme: "P2", Course: "1", Group: "P2-2"})
	add(20, Place{Institute: "I2", Programme: "P3", Course: "1", Group: "P3-1"})
	add(1, Place{Institute: "I2", Programme: "P4", Course: "3", Group: "P4-1"})
	sum := s.Sum(5)
	var shown []string
	for _, list := range [][]Section{sum.Institutes, sum.Programmes, sum.Courses, sum.Groups, sum.Disciplines} {
		var words []string
		for _, x := range list {
			if x.Hidden {
				if x.Figures != (Figures{}) {
					t.Errorf("%s is hidden and has figures", x.Name)
				}
				words = append(words, x.Name+" –")
				continue
			}
			words = append(words, fmt.Sprint(x.Name, " ", x.Students))
		}
		shown = append(shown, strings.Join(words, ", "))
	}
	want := []string{
		"I1 25, I2 21",
		"P1 12, P2 13, P3 –, P4 –",
		"1 –, 2 –, 1 13, 1 –, 3 –",
		"P1-1 –, P1-2 –, P1-3 –, P2-1 7, P2-2 6, P3-1 –, P4-1 –",
		"P1 –, P2 13, P3 20, P4 –",
	}
	if got := strings.Join(shown, "\n"); got != strings.Join(want, "\n") {
		t.Errorf("got\n%s", got)
	}
	if sum.Whole.Students != 46 {
		t.Errorf("the whole has %d", sum.Whole.Students)
	}
}

func TestBandsHide(t *testing.T) {
	bands := []Band{{From: 0, N: 2}, {From: 200, N: 9}, {From: 250, N: 7}, {From: 300}}
	hideBands(bands, 5)
	if got := fmt.Sprint(bands); got != "[{0 0 true} {200 9 false} {250 0 true} {300 0 false}]" {
		t.Error(got)
	}
}

func BenchmarkSession(b *testing.B) {
	rules := rulesWith(nil)
	marks := slices.Concat(examined("1", "Maths", "90/90"), examined("1", "Physics", "60/30"), examined("1", "Law", "60/70"))
	for b.Loop() {
		s := NewSession(rules, Span{"2025-2026", 1})
		for range 1000 {
			s.Add(Place{Institute: "I", Group: "G"}, marks, nil)
		}
		s.Sum(5)
	}
}
