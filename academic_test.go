package dauys

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// gradeRules are rules of the registrar for the small file, with nothing wrong.
const gradeRules = `registrar:
  scale:
    source: S.
    grades:
      - {letter: A, points: 4, from: 90, to: 100, word: excellent}
      - {letter: B, points: 3.0, from: 70, to: 89, word: good}
      - {letter: D, also: [D-], points: 1.33, from: 50, to: 69, word: satisfactory}
      - {letter: FX, points: 0.5, from: 25, to: 49, word: unsatisfactory}
      - {letter: F, points: 0, from: 0, to: 24, word: unsatisfactory}
  rating: {current: 50, control: 50, source: S.}
  admission: {first: 50, second: 50, least: 50, source: S.}
  final: {admission: 60, exam: 40, both: true, round: whole, source: S., assumed: true}
  gpa: {places: 2, failed: true, repeated: again, source: S.}
  credits: {hours: 30, year: 60, whole: 240, source: S.}
  transfer:
    source: S.
    thresholds:
      - {track: school, from: 1, gpa: 1.02}
      - {track: school, in: 2026-2027, from: 1, gpa: 1.2}
  retakes: {letters: [FX], attempts: 1, failures: 3, source: S.}
  scholarship: {letter: B, raised: A, source: S.}
  honours: {gpa: 3.5, letter: B, thesis: A, source: S.}
`

// Of each percent the built-in scale has the grade that the table of the credit technology gives.
func TestScale(t *testing.T) {
	a := Builtin().Academic
	for _, tt := range []struct {
		percent string
		letter  string
		points  int
		word    Traditional
	}{
		{"100", "A", 400, Excellent}, {"95", "A", 400, Excellent}, {"94.99", "A-", 367, Excellent}, {"90", "A-", 367, Excellent},
		{"89", "B+", 333, Good}, {"85", "B+", 333, Good}, {"84", "B", 300, Good}, {"79", "B-", 267, Good}, {"74", "C+", 233, Good}, {"70", "C+", 233, Good},
		{"69", "C", 200, Satisfactory}, {"64", "C-", 167, Satisfactory}, {"59", "D+", 133, Satisfactory}, {"54", "D", 100, Satisfactory}, {"50", "D", 100, Satisfactory},
		{"49.99", "FX", 50, Unsatisfactory}, {"25", "FX", 50, Unsatisfactory}, {"24", "F", 0, Unsatisfactory}, {"0", "F", 0, Unsatisfactory},
	} {
		var whole, part int
		_, _ = fmt.Sscanf(tt.percent, "%d.%d", &whole, &part)
		g, ok := a.Grade(whole*100 + part)
		if !ok || g.Letter != tt.letter || g.Points != tt.points || g.Word != tt.word || g.Passes() != (tt.word != Unsatisfactory) {
			t.Errorf("%s percent: %+v, %v", tt.percent, g, ok)
		}
	}
	for _, none := range []int{-1, 10001} {
		if g, ok := a.Grade(none); ok {
			t.Errorf("%d hundredths have the grade %+v", none, g)
		}
	}
	if g, ok := a.Letter("D-"); !ok || g.Letter != "D" {
		t.Errorf("D- is %+v, %v", g, ok)
	}
	if a.Least() != 50 || a.Best() != 400 {
		t.Errorf("least %d, best %d", a.Least(), a.Best())
	}
	c, _ := a.Letter("C+")
	d, _ := a.Letter("D+")
	if !a.Reaches(c, "C+") || a.Reaches(d, "C+") || a.Reaches(Grade{}, "F") || a.Reaches(c, "Z") {
		t.Error("what reaches C+ is not told rightly")
	}
	var none *Academic
	if _, ok := none.Grade(5000); ok {
		t.Error("there is a grade without rules")
	}
}

// What the built-in file says of the ways to the next course, and what it does not know.
func TestThreshold(t *testing.T) {
	a := Builtin().Academic
	for _, tt := range []struct {
		track string
		from  int
		want  int
	}{{"school", 1, 102}, {"school", 2, 120}, {"school", 3, 140}, {"school", 4, 0}, {"college", 2, 140}, {"degree", 1, 150}, {"evening", 1, 0}} {
		if got, ok := a.Threshold(tt.track, "2026-2027", tt.from); got.GPA != tt.want || ok != (tt.want > 0) {
			t.Errorf("%s after %d: %+v, %v", tt.track, tt.from, got, ok)
		}
	}
	if a.TransferBasis.Assumed || !a.Final.Assumed || a.ScaleBasis.Source == "" {
		t.Errorf("who says so: %+v, %+v", a.TransferBasis, a.Final.Basis)
	}
	u, problems := ReadUniversity("u.yaml", []byte(small+rest+gradeRules))
	if u == nil || len(problems) > 0 {
		t.Fatal(problems)
	}
	for year, want := range map[string]int{"2025-2026": 102, "2026-2027": 120, "": 102} {
		if got, ok := u.Academic.Threshold("school", year, 1); !ok || got.GPA != want {
			t.Errorf("in %s: %+v", year, got)
		}
	}
}

// Until when an appeal can be filed follows from the scheme of appeals.
func TestAppealUntil(t *testing.T) {
	u := Builtin()
	shown := almaty(t, "2026-12-14 20:00")
	until, limited := u.AppealUntil(almaty(t, "2026-12-10 00:00"), shown)
	if want := almaty(t, "2026-12-15 17:30"); !limited || !until.Equal(want) {
		t.Errorf("until %v (%v), want %v", until, limited, want)
	}
	other, a := *u, *u.Academic
	a.Appeals.From, other.Academic = FromPosted, &a
	until, _ = other.AppealUntil(almaty(t, "2026-12-10 00:00"), shown)
	if want := almaty(t, "2026-12-11 17:30"); !until.Equal(want) {
		t.Errorf("from the day of posting until %v, want %v", until, want)
	}
	if until, _ = other.AppealUntil(time.Time{}, shown); !until.Equal(almaty(t, "2026-12-15 17:30")) {
		t.Errorf("of a mark without a day until %v", until)
	}
	other.Academic = nil
	if _, limited := other.AppealUntil(shown, shown); limited {
		t.Error("a term without rules")
	}
}

// What is wrong in the rules of the registrar is told by its line, and what to write.
func TestGradeProblems(t *testing.T) {
	if u, problems := ReadUniversity("u.yaml", []byte(small+rest+gradeRules)); u == nil || len(problems) > 0 {
		t.Fatal(problems)
	}
	for _, tt := range []struct{ name, old, new, want string }{
		{"gap", "from: 70, to: 89", "from: 70, to: 88", "no grade has 89 percent; write to: 89"},
		{"wide gap", "from: 70, to: 89", "from: 70, to: 79", "no grade has 80 to 89 percent; write to: 89"},
		{"overlap", "from: 70, to: 89", "from: 70, to: 91", `"A" and "B" share 90 to 91 percent; write to: 89, and list the grades from the best down`},
		{"not to the top", "to: 100", "to: 99", "no grade has 100 percent; let the best grade go to 100"},
		{"not to the ground", "points: 0, from: 0,", "points: 0, from: 1,", "no grade has 0 percent; let the last grade begin with 0"},
		{"reversed", "from: 70, to: 89", "from: 89, to: 70", `the grade "B" ends before it begins; write the smaller number under from:`},
		{"points that do not fall", "points: 3.0", "points: 4.0", `the grade "B" has no fewer points than "A", which is better; let points fall from grade to grade`},
		{"points of three places", "points: 1.33", "points: 1.333", `"1.333" is no number of points; write it with a point, as 3.67`},
		{"points with a comma", "points: 1.33", `points: "1,33"`, `"1,33" is no number of points; write it with a point, as 3.67`},
		{"too many points", "points: 4,", "points: 40,", `"40" is no number of points; write it with a point, as 3.67`},
		{"letter in Cyrillic", "{letter: B, points", "{letter: В, points", `"В" is not the letter of a grade; write a Latin letter, with + or - behind it, as in B+`},
		{"letter twice", "{letter: D,", "{letter: B,", `the letter "B" is here twice; keep one of them`},
		{"unknown word", "word: good", "word: fine", `"fine" is not a traditional grade; use one of excellent, good, satisfactory, unsatisfactory`},
		{"words that rise", "word: good", "word: unsatisfactory", `the grade "D" is called better than "B", which is better; let the words fall from grade to grade`},
		{"percent that is none", "from: 70,", "from: 7O,", `"7O" is no percent; write a whole number from 0 to 100`},
		{"rating", "current: 50", "current: 60", "ongoing marks and the rating control weigh 110 percent together; write weights that make 100"},
		{"ratings", "first: 50", "first: 40", "the two ratings weigh 90 percent together; write weights that make 100"},
		{"final", "exam: 40", "exam: 30", "admission and the exam weigh 90 percent together; write weights that make 100"},
		{"rounding", "round: whole", "round: up", `"up" is not a rounding; use one of whole, hundredth`},
		{"no source", "honours: {gpa: 3.5, letter: B, thesis: A, source: S.}", "honours: {gpa: 3.5, letter: B, thesis: A}", `the field "source" is missing (registrar.honours); add source:`},
		{"places", "places: 2", "places: 3", `"3" is no number of places after the point; write a whole number from 1 to 2`},
		{"repeats", "repeated: again", "repeated: best", `"best" is not a way to count what was repeated; did you mean "last"?`},
		{"threshold twice", "in: 2026-2027, ", "", `the track "school" has two thresholds after the course 1; keep one of them`},
		{"year that is none", "in: 2026-2027", "in: 2026", `"2026" is not an academic year; write it as 2026-2027`},
		{"threshold out of reach", "gpa: 1.02", "gpa: 4.5", "nobody can reach a GPA of 4.50; write at most 4.00, the points of the best grade"},
		{"honours out of reach", "gpa: 3.5", "gpa: 4.01", "nobody can reach a GPA of 4.01; write at most 4.00, the points of the best grade"},
		{"retake of what passes", "letters: [FX]", "letters: [D]", `with "D" the exam is passed already; write a grade that is unsatisfactory`},
		{"scholarship for nothing", "letter: B, raised", "letter: F, raised", `with "F" nothing is passed; write a grade that passes`},
		{"letter of no grade", "thesis: A,", "thesis: A-,", `no grade has the letter "A-"; use one of A, B, D, FX, F`},
		{"appeals without a scheme", "honours:", "appeals: {scheme: apeal, from: shown, source: S.}\n  honours:", `there is no scheme "apeal"; use one of all, rest`},
		{"appeals without a term", "honours:", "appeals: {scheme: all, from: shown, source: S.}\n  honours:", `warning: the scheme "all" sets no term, so an appeal against a mark can be filed at any time; write within: at the scheme`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if strings.Count(gradeRules, tt.old) != 1 {
				t.Fatalf("%q is there %d times", tt.old, strings.Count(gradeRules, tt.old))
			}
			_, problems := ReadUniversity("u.yaml", []byte(small+rest+strings.Replace(gradeRules, tt.old, tt.new, 1)))
			var got []string
			for _, p := range problems {
				if p.Line <= strings.Count(small+rest, "\n") {
					t.Errorf("on line %d", p.Line)
				}
				got = append(got, strings.TrimPrefix(p.String(), fmt.Sprintf("u.yaml:%d: ", p.Line)))
			}
			if len(got) != 1 || got[0] != tt.want {
				t.Errorf("\n got %q\nwant %q", got, tt.want)
			}
		})
	}
	every := strings.NewReplacer("excellent", "unsatisfactory", "good", "unsatisfactory", "word: satisfactory", "word: unsatisfactory").Replace(gradeRules)
	if _, problems := ReadUniversity("u.yaml", []byte(small+rest+every)); len(problems) == 0 || !strings.Contains(problems[0].What, "nobody could pass") {
		t.Errorf("when nobody can pass: %v", problems)
	}
	if u, problems := ReadUniversity("u.yaml", []byte(small+rest)); u == nil || u.Academic != nil {
		t.Errorf("without rules: %v", problems)
	}
}
