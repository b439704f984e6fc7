package registrar

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"alt.edu.kz/dauys"
)

// rulesWith are those of the built-in file, with one thing another way.
func rulesWith(change func(*dauys.Academic)) *dauys.Academic {
	a := *dauys.Builtin().Academic
	if change != nil {
		change(&a)
	}
	return &a
}

// markRow is a mark: "85.5", "absent", or a letter behind a slash, "85/B+".
func markRow(year string, semester int, discipline, credits, control, mark string) Entry {
	score, letter, _ := strings.Cut(mark, "/")
	f := Fields{"student": "1", "year": year, "semester": fmt.Sprint(semester), "discipline": discipline, "title": strings.ToUpper(discipline), "credits": credits, "control": control}
	for name, value := range map[string]string{"score": score, "letter": letter} {
		if value != "" {
			f[name] = value
		}
	}
	return EntryOf(Marks, f)
}

// courseOf is one with marks in a line: "tc1 80 rc1 70".
func courseOf(t *testing.T, marks string) Course {
	t.Helper()
	var rows []Entry
	for words := strings.Fields(marks); len(words) > 1; words = words[2:] {
		rows = append(rows, markRow("2025-2026", 1, "math", "5", words[0], words[1]))
	}
	all := Courses(rows, nil)
	if len(all) != 1 {
		t.Fatalf("%q is %d courses", marks, len(all))
	}
	return all[0]
}

// resultLine is a result in a line.
func resultLine(r Result) string {
	s := string(r.Outcome)
	if r.Scored {
		s += " " + ofHundredths(r.Score.Hundredths())
	}
	if r.Grade.Letter != "" {
		s += " " + r.Grade.Letter
	}
	for _, h := range r.Hurdles {
		s += fmt.Sprintf(" !%s:%s%s", h.Of, ofHundredths(h.Score.Hundredths()), h.Word)
	}
	for _, m := range r.Missing {
		s += " ?" + m
	}
	if r.Official {
		s += " official"
	}
	if r.Differs {
		s += " differs"
	}
	return s
}

// What marks come to by the built-in rules.
func TestResult(t *testing.T) {
	strict := func(a *dauys.Academic) { a.Admission.Each = 50 }
	oneSum := func(a *dauys.Academic) { a.Final.Both = false }
	finer := func(a *dauys.Academic) { a.Final.Round = dauys.ToHundredth }
	for _, tt := range []struct {
		marks string
		with  func(*dauys.Academic)
		want  string
	}{
		{"tc1 80 rc1 90 tc2 70 rc2 80 exam 90", nil, "passed 84 B"},              // 85, 75 → 80; 48 + 36
		{"tc1 81 rc1 90 tc2 70 rc2 80 exam 91", nil, "passed 85 B+"},             // 80.25; 48.15 + 36.4 = 84.55
		{"tc1 81 rc1 90 tc2 70 rc2 80 exam 91", finer, "passed 84.55 B"},         // not lifted by a part of a percent
		{"admission 80 exam 86", nil, "passed 82 B"},                             // 48 + 34.4 = 82.4
		{"admission 82.5 exam 87.5", nil, "passed 85 B+"},                        // 49.5 + 35 = 84.5, half up
		{"admission 50 exam 50", nil, "passed 50 D"},                             //
		{"r1 60 r2 40 exam 50", nil, "passed 50 D"},                              //
		{"r1 60 r2 40 exam 50", strict, "not-admitted !r2:40"},                   //
		{"r1 60 r2 39.99", nil, "not-admitted !admission:50"},                    // 49.995 is shown as 50 and is less
		{"admission 49 exam 90", nil, "not-admitted !admission:49"},              //
		{"admission not-admitted", nil, "not-admitted !admission:0not-admitted"}, //
		{"admission 70 exam not-admitted", nil, "not-admitted !exam:0not-admitted"},
		{"admission 70 exam absent", nil, "no-show"},
		{"admission 90 exam 49.99", nil, "failed FX"}, // no final mark
		{"admission 90 exam 24", nil, "failed F"},
		{"admission 90 exam 40", oneSum, "passed 70 C+"},
		{"admission 50 exam 10", oneSum, "failed 34 FX"},
		{"tc1 80", nil, "going ?rc1 ?tc2 ?rc2 ?exam"},
		{"tc1 80 rc1 absent tc2 80 rc2 80 exam 70", nil, "going ?rc1"}, // absent is not zero
		{"admission 75", nil, "going ?exam"},
		{"exam 75", nil, "going ?tc1 ?rc1 ?tc2 ?rc2"},
		{"admission 80 exam 90 final 84", nil, "passed 84 B official"},
		{"admission 80 exam 90 final 84/B", nil, "passed 84 B official"},
		{"admission 80 exam 90 final 85/B+", nil, "passed 85 B+ official differs"},
		{"admission 80 exam 90 final /B+", nil, "passed B+ official differs"},
		{"final /D-", nil, "passed D official"},
		{"final 91", nil, "passed 91 A- official"},
		{"admission 40 final 0/F", nil, "not-admitted 0 F !admission:40 official"},
		{"admission 40 final 70/C+", nil, "passed 70 C+ official differs"},
		{"admission 70 exam absent final /F", nil, "no-show F official"},
		{"admission 70 exam 30 final 54/FX", nil, "failed 54 FX official"},
		{"final absent", nil, "no-show official"},
		{"final not-admitted", nil, "not-admitted official"},
		{"practice 95", nil, "passed 95 A"},
		{"practice 95 final 95/A", nil, "passed 95 A official"},
		{"practice absent", nil, "no-show"},
		{"research /F", nil, "failed F"},
		{"paper 49.5", nil, "passed 50 D"},
		{"paper 80 tc1 70", nil, "going ?rc1 ?tc2 ?rc2 ?exam"},
		{"r1 66 tc1 60 rc1 70 r2 70 exam 70", nil, "passed 69 C"}, // 68; what the registrar says of r1 counts
		{"exam 100 admission 100", nil, "passed 100 A"},
		{"exam 0 admission 100", nil, "failed F"},
	} {
		if got := resultLine(courseOf(t, tt.marks).Result(rulesWith(tt.with))); got != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", tt.marks, got, tt.want)
		}
	}
	if got := resultLine(courseOf(t, "admission 80 exam 90").Result(nil)); got != "going" {
		t.Errorf("without rules: %s", got)
	}
}

// How a final mark came about, with all its numbers.
func TestSteps(t *testing.T) {
	r := courseOf(t, "tc1 81 rc1 90 tc2 70 rc2 80 r2 76 exam 91 final 85").Result(rulesWith(nil))
	var got []string
	for _, s := range r.Steps {
		line := s.Of + ":"
		for _, p := range s.Parts {
			line += fmt.Sprintf(" %s %s x%d", p.Of, ofHundredths(p.Score.Hundredths()), p.Weight)
		}
		line += " = " + ofHundredths(s.Comes.Hundredths())
		if s.Given {
			line += " said " + ofHundredths(s.Score.Hundredths())
		}
		if s.Differs {
			line += " differs"
		}
		got = append(got, line)
	}
	want := []string{"r1: tc1 81 x50 rc1 90 x50 = 85.5", "r2: tc2 70 x50 rc2 80 x50 = 75 said 76 differs",
		"admission: r1 85.5 x50 r2 76 x50 = 80.75", "final: admission 80.75 x60 exam 91 x40 = 85 said 85"}
	if !slices.Equal(got, want) {
		t.Errorf("\n got %q\nwant %q", got, want)
	}
	// What the registrar has rounded to a whole percent is no other number.
	r = courseOf(t, "tc1 81 rc1 90 r1 86").Result(rulesWith(nil))
	if r.Steps[0].Differs || !r.Steps[0].Given {
		t.Errorf("rounded by the registrar: %+v", r.Steps[0])
	}
}

// Marks become courses whatever their order; credits and titles come from the catalogue where they lack.
func TestCourses(t *testing.T) {
	catalogue := Catalogue([]Entry{EntryOf(Disciplines, Fields{"discipline": "math", "title": "Математика", "title_kk": "Математика (қаз)", "credits": "6"})})
	f := Fields{"student": "1", "year": "2025-2026", "semester": "1", "discipline": "math", "control": "exam", "score": "70", "posted": "2026-01-20"}
	all := Courses([]Entry{markRow("2025-2026", 3, "phys", "4", "exam", "70"), EntryOf(Marks, f), markRow("2024-2025", 2, "art", "", "exam", "")}, catalogue)
	if len(all) != 3 || all[0].Discipline != "art" || len(all[0].Marks) != 0 || all[1].Credits != 600 || all[2].Credits != 400 {
		t.Fatalf("%+v", all)
	}
	if got, want := Semesters(all), []Span{{"2024-2025", 2}, {"2025-2026", 1}, {"2025-2026", 3}}; !slices.Equal(got, want) {
		t.Errorf("semesters %v", got)
	}
	m := all[1]
	if m.Name(dauys.Kazakh) != "Математика (қаз)" || m.Name(dauys.English) != "Математика" || m.Mark("exam").Posted != "2026-01-20" || m.Mark("final").Given {
		t.Errorf("%+v", m)
	}
}

// gpaOf is a GPA in a line, with how many lines were replaced.
func gpaOf(a *dauys.Academic, courses []Course, in Span) string {
	g, ok := GPAOf(a, courses, in)
	if !ok {
		return "none"
	}
	return fmt.Sprintf("%d.%02d of %s, %d replaced", g.Value/100, g.Value%100, ofHundredths(g.Credits), len(g.Replaced))
}

// Worked examples of averages, also of what was taken again.
func TestGPA(t *testing.T) {
	last := func(a *dauys.Academic) { a.GPA.Repeated = dauys.Last }
	tenth := func(a *dauys.Academic) { a.GPA.Places = 1 }
	passedOnly := func(a *dauys.Academic) { a.GPA.Failed = false }
	first, second := Span{"2024-2025", 1}, Span{"2025-2026", 0}
	rows := []Entry{
		markRow("2024-2025", 1, "math", "5", "final", "84/B"), markRow("2024-2025", 1, "phys", "3", "final", "20/F"), markRow("2024-2025", 1, "art", "4", "final", "97/A"),
		markRow("2024-2025", 1, "lang", "5", "final", "66/C"), markRow("2024-2025", 2, "lang", "5", "final", "91/A-"), markRow("2024-2025", 1, "sport", "0", "final", "99/A"),
		markRow("2024-2025", 2, "draw", "5", "exam", "80"), markRow("2025-2026", 1, "phys", "3", "final", "71/C+"), markRow("2025-2026", 3, "math", "5", "final", "96/A"),
	}
	for _, tt := range []struct {
		name string
		with func(*dauys.Academic)
		in   Span
		want string
	}{
		{"a semester", nil, first, "2.41 of 17, 0 replaced"},                     // (15 + 0 + 16 + 10) / 17 = 2.4117…
		{"to a tenth", tenth, first, "2.40 of 17, 0 replaced"},                   //
		{"what was passed", passedOnly, first, "2.93 of 14, 0 replaced"},         // 41 / 14 = 2.928…
		{"a year", nil, Span{Year: "2024-2025"}, "2.70 of 22, 0 replaced"},       // (41 + 18.35) / 22 = 2.6977…
		{"by the last", last, Span{Year: "2024-2025"}, "2.90 of 17, 1 replaced"}, // (31 + 18.35) / 17 = 2.9029…
		{"a year with a summer", nil, second, "3.37 of 8, 0 replaced"},           // (6.99 + 20) / 8 = 3.37375
		{"all", nil, Span{}, "3.24 of 22, 2 replaced"},                           // (6.99 + 16 + 10 + 18.35 + 20) / 22 = 3.2427…
		{"all by the last", last, Span{}, "3.61 of 17, 3 replaced"},              // (6.99 + 16 + 18.35 + 20) / 17 = 3.6082…
		{"an empty semester", nil, Span{"2023-2024", 1}, "none"},
	} {
		if got := gpaOf(rulesWith(tt.with), Courses(rows, nil), tt.in); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
	if got := CreditsOf(rulesWith(nil), Courses(rows, nil), Span{}); got != 2200 {
		t.Errorf("%d hundredths of credits, want 22 credits", got)
	}
	if g, ok := GPAOf(nil, Courses(rows, nil), Span{}); ok {
		t.Errorf("without rules %+v", g)
	}
}

// Debts follow from the last attempts; what the registrar says of them stands over it.
func TestDebts(t *testing.T) {
	rows := []Entry{
		markRow("2024-2025", 1, "barred", "5", "admission", "40"),
		markRow("2024-2025", 1, "fx", "5", "admission", "70"), markRow("2024-2025", 1, "fx", "5", "exam", "30"),
		markRow("2024-2025", 1, "f", "5", "final", "10/F"), markRow("2024-2025", 2, "f", "5", "final", "12/F"), markRow("2025-2026", 1, "f", "5", "tc1", "90"),
		markRow("2024-2025", 1, "noshow", "5", "admission", "70"), markRow("2024-2025", 1, "noshow", "5", "exam", "absent"),
		markRow("2024-2025", 1, "mended", "5", "final", "10/F"), markRow("2024-2025", 3, "mended", "5", "final", "70/C+"),
		markRow("2024-2025", 1, "cleared", "5", "final", "10/F"), markRow("2024-2025", 1, "going", "5", "tc1", "90"), markRow("2024-2025", 1, "good", "5", "final", "90/A-"),
	}
	said := func(discipline string, more ...string) Entry {
		f := Fields{"student": "1", "year": "2024-2025", "semester": "1", "discipline": discipline, "title": discipline}
		for i := 0; i+1 < len(more); i += 2 {
			f[more[i]] = more[i+1]
		}
		return EntryOf(Debts, f)
	}
	var got []string
	for _, d := range DebtsOf(rulesWith(nil), Courses(rows, nil), []Entry{said("cleared", "cleared", "2025-08-01"), said("mended", "reason", "f"),
		said("noshow", "way", "retake", "until", "2025-02-01"), said("f", "price", "72500"), said("history", "reason", "difference")}) {
		line := fmt.Sprintf("%s %s %v %d", d.Course.Key(), d.Reason, d.Ways, d.Failures)
		for _, x := range []struct {
			what string
			is   bool
		}{{" last", d.Last}, {" now", d.Now != nil}, {" said", d.Said != nil}} {
			if x.is {
				line += x.what
			}
		}
		got = append(got, line)
	}
	want := []string{"barred not-admitted [summer repeat] 1", "fx fx [retake summer repeat] 1", "noshow no-show [retake] 1 said", "history difference [summer repeat] 0 said", "f f [summer repeat] 2 last now said"}
	if !slices.Equal(got, want) {
		t.Errorf("\n got %q\nwant %q", got, want)
	}
}

// Which scholarship a session allows, whether one goes on, and whether honours are still possible.
func TestWhatFollows(t *testing.T) {
	a, in := rulesWith(nil), Span{"2025-2026", 1}
	marks := func(letters ...string) (all []Course) {
		var rows []Entry
		for i, l := range letters {
			rows = append(rows, markRow("2025-2026", 1, fmt.Sprint("d", i), "5", "final", l))
		}
		return Courses(rows, nil)
	}
	for want, courses := range map[Class][]Course{
		Raised: marks("/A", "/A-"), Ordinary: marks("/A", "/C+"), Ineligible: marks("/A", "/C", ""), Undecided: marks("/A", ""), Unknown: nil,
	} {
		if got := Scholarship(a, courses, in); got.Class != want || len(got.Below) > 0 != (want == Ineligible) {
			t.Errorf("%+v, want %s", got, want)
		}
	}
	for _, tt := range []struct {
		letters []string
		course  int
		want    string
	}{
		{[]string{"/D", "/F"}, 1, "50 102 true"}, {[]string{"/D"}, 1, "100 102 true"}, {[]string{"/D", "/D", "/D+"}, 1, "111 102 false"}, {[]string{"/C"}, 3, "200 140 false"}, {[]string{"/C"}, 4, "none"},
	} {
		p, ok := PassageOf(a, "", "2025-2026", tt.course, marks(tt.letters...))
		got := fmt.Sprintf("%d %d %v", p.GPA.Value, p.Least, p.Short)
		if !ok {
			got = "none"
		}
		if got != tt.want {
			t.Errorf("%v after course %d: %s, want %s", tt.letters, tt.course, got, tt.want)
		}
	}
	for _, tt := range []struct {
		letters         []string
		thesis          string
		possible, short bool
	}{
		{[]string{"/A", "/A-"}, "", true, false}, {[]string{"/A", "/C+"}, "", true, true}, {[]string{"/A", "/A", "/A", "/C"}, "", false, false}, {[]string{"/A"}, "B+", false, false}, {[]string{"/A"}, "A-", true, false},
	} {
		if d, ok := HonoursOf(a, marks(tt.letters...), tt.thesis); !ok || d.Possible != tt.possible || d.Short != tt.short {
			t.Errorf("%v, thesis %q: %+v", tt.letters, tt.thesis, d)
		}
	}
}

// What the exam has to bring for each grade.
func TestAims(t *testing.T) {
	a := rulesWith(nil)
	for _, aim := range Aims(a, ExactOf(7000)) {
		want := map[string]int{"A": 0, "A-": 0, "B+": 0, "B": 94, "B-": 82, "C+": 69, "C": 57, "C-": 50, "D+": 50, "D": 50}[aim.Grade.Letter]
		if aim.Exam != want || aim.Can != (want > 0) {
			t.Errorf("for %s: %+v, want %d", aim.Grade.Letter, aim, want)
		}
	}
}

// randomMarks are the marks of a student, by a seed.
func randomMarks(seed uint64, again bool) (rows []Entry) {
	r := rand.New(rand.NewPCG(seed, 9))
	mark := func() string {
		return ofHundredths(r.IntN(10001))
	}
	for d := range 3 + r.IntN(10) {
		name, credits := fmt.Sprint("d", d), fmt.Sprint(r.IntN(8))
		for semester := 1; semester <= 3; semester++ {
			if semester > 1 && (!again || r.IntN(3) > 0) {
				continue
			}
			for _, control := range []string{Current1, Control1, Current2, Control2, OfExam} {
				if r.IntN(12) > 0 {
					rows = append(rows, markRow("2025-2026", semester, name, credits, control, mark()))
				}
			}
			if r.IntN(4) == 0 {
				rows = append(rows, markRow("2025-2026", semester, name, credits, OfFinal, mark()))
			}
		}
	}
	return rows
}

// Whatever the marks: an average lies between the points of the scale, a final mark between its parts, the
// order of the rows changes nothing, and one better mark makes nothing worse.
func TestProperties(t *testing.T) {
	a, last := rulesWith(nil), rulesWith(func(a *dauys.Academic) { a.GPA.Repeated = dauys.Last })
	for seed := range uint64(300) {
		rows := randomMarks(seed, true)
		courses := Courses(rows, nil)
		for _, in := range []Span{{}, {Year: "2025-2026"}, {"2025-2026", 1}, {"2025-2026", 3}} {
			g, ok := GPAOf(a, courses, in)
			if ok && (g.Value < 0 || g.Value > a.Best() || g.Credits <= 0) {
				t.Fatalf("seed %d: GPA %+v", seed, g)
			}
		}
		for _, c := range courses {
			for _, s := range c.Result(a).Steps {
				if s.Of == OfFinal || !s.Worked || s.Given {
					continue
				}
				if low, high := min(s.Parts[0].Score, s.Parts[1].Score), max(s.Parts[0].Score, s.Parts[1].Score); s.Score < low || s.Score > high {
					t.Fatalf("seed %d: %+v is not between its parts", seed, s)
				}
			}
		}
		shuffled := slices.Clone(rows)
		rand.New(rand.NewPCG(seed, 1)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		if again := Courses(shuffled, nil); !reflect.DeepEqual(again, courses) {
			t.Fatalf("seed %d: another order makes other courses", seed)
		} else if !reflect.DeepEqual(DebtsOf(a, again, nil), DebtsOf(a, courses, nil)) || gpaOf(a, again, Span{}) != gpaOf(a, courses, Span{}) {
			t.Fatalf("seed %d: another order makes something else", seed)
		}
		for _, tt := range []struct {
			rules *dauys.Academic
			rows  []Entry
		}{{last, rows}, {a, randomMarks(seed, false)}} {
			better := slices.Clone(tt.rows)
			i := int(seed) % len(better)
			was, _ := better[i].Fields.Hundredths("score")
			f := Fields{}
			for k, v := range better[i].Fields {
				f[k] = v
			}
			f["score"] = ofHundredths(min(was+1+int(seed)*37, 10000))
			better[i] = EntryOf(Marks, f)
			x, y := Courses(tt.rows, nil), Courses(better, nil)
			// One who is admitted by a better mark and fails the exam has a mark where there was none.
			if same := slices.EqualFunc(x, y, func(c, d Course) bool { return (c.Result(a).Grade.Letter == "") == (d.Result(a).Grade.Letter == "") }); !same {
				continue
			}
			before, _ := GPAOf(tt.rules, x, Span{})
			after, _ := GPAOf(tt.rules, y, Span{})
			if after.Value < before.Value {
				t.Fatalf("seed %d: a better mark makes %d of %d", seed, after.Value, before.Value)
			}
		}
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 20000 {
		x, y := ExactOf(r.IntN(10001)), ExactOf(r.IntN(10001))
		f := Final(a, x, y)
		low, high := min(x, y).Rounded(dauys.ToWhole), max(x, y).Rounded(dauys.ToWhole)
		if f < low || f > high {
			t.Fatalf("the final mark of %d and %d is %d", x, y, f)
		}
		if better := Final(a, x+ofPercent, y); better < f {
			t.Fatalf("a better admission makes %d of %d", better, f)
		}
	}
}
