// Package sample makes up the record of a university: one table for each kind of import, as the registrar
// might export them, so that everything can be tried without anybody's data. The same seed makes the same
// tables, whatever else is on the machine. Nobody in them exists: the seventh digit of the individual
// identification numbers, the century of birth, is a 9, which is never issued.
//
// A student's facts are worked out from the seed and their place in the list whenever a table needs
// them; nothing is kept, so tables of any length are written in little memory.
package sample

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/registrar"
)

// Spec is which university is made up.
type Spec struct {
	Students   int
	Seed       uint64
	Year       string // the academic year in which the sample is taken, 2026-2027
	Semester   int    // 1 or 2; its first half is marked
	Finals     bool   // of the semesters that are over there are final marks only
	Change     int    // so many hundredths of a percent of marks, exams and orders are other than without; 0: none
	University *dauys.University
	Named      map[int]string // what some students are called, by their place in the list, from 0
}

// Number is that of a student, by their place in the list, from 0.
func (s Spec) Number(i int) (string, error) {
	w, err := newWorld(s)
	if err != nil {
		return "", err
	}
	return w.student(i).number, nil
}

// The bounds of a sample.
const (
	Least = 12 // students: with fewer not every kind of order is there
	Most  = 200_000
)

// Table takes the rows of one kind. Close ends it.
type Table interface {
	Row(values []string) error
	io.Closer
}

// Sink makes tables.
type Sink func(kind registrar.Kind, heads []string) (Table, error)

// Write makes up all tables.
func Write(ctx context.Context, s Spec, to Sink) error {
	w, err := newWorld(s)
	if err != nil {
		return err
	}
	for _, k := range registrar.KindNames() {
		if err := w.table(ctx, k, to); err != nil {
			return fmt.Errorf("make up the table of %s: %w", k, err)
		}
	}
	return nil
}

// columns are those that each table has, by the names of the layout.
var columns = map[registrar.Kind][]string{
	registrar.Employees:   split("employee name iin role institute department"),
	registrar.Groups:      split("group programme institute course advisor"),
	registrar.Roster:      split("student iin name name_latin institute programme programme_title course group language mode basis status email phone born"),
	registrar.Disciplines: split("discipline title title_kk title_ru title_en credits department form"),
	registrar.Curricula:   split("programme intake discipline semester credits module component"),
	registrar.Electives:   split("programme year semester discipline credits teacher description from until"),
	registrar.Load:        split("teacher year semester discipline group type hours"),
	registrar.Calendar:    split("year event semester course from until"),
	registrar.Plans:       split("student year semester discipline credits component status"),
	registrar.Exams:       split("year semester discipline group attempt at room examiner form"),
	registrar.Controls:    split("year semester discipline form order from"),
	registrar.Marks:       split("student name group year semester discipline title credits teacher posted sheet tc1 rc1 r1 tc2 rc2 r2 admission exam final letter"),
	registrar.Sheets:      split("sheet year semester discipline group teacher status closed until"),
	registrar.Orders:      split("student name kind number date from until basis reason was becomes amount deadline prepared"),
	registrar.Comparisons: split("student discipline title credits status score letter until"),
	registrar.Debts:       split("student year semester discipline title credits reason way until price registered cleared"),
	registrar.Theses:      split("student topic_kk topic_ru topic_en supervisor defence room certification"),
}

// table writes one table.
func (w *world) table(ctx context.Context, k registrar.Kind, to Sink) (err error) {
	layout, ok := registrar.LayoutOf(k)
	if !ok || columns[k] == nil {
		return errors.New("nobody knows what such a table looks like")
	}
	var its []*registrar.Column
	var heads []string
	for _, name := range columns[k] {
		c := layout.Column(name)
		if c == nil {
			return fmt.Errorf("there is no column %q", name)
		}
		its, heads = append(its, c), append(heads, head(layout, c))
	}
	t, err := to(k, heads)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, t.Close()) }()
	row, lines := make([]string, len(its)), 0
	for f := range w.rows(k) {
		if lines++; lines%1000 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		for i, c := range its {
			row[i] = written(c, f[c.Name])
		}
		if err := t.Row(row); err != nil {
			return err
		}
	}
	return nil
}

// head is how the registrar might head a column: in Russian, where no other column of the table is called so.
func head(l *registrar.Layout, c *registrar.Column) string {
	for _, word := range c.Also {
		taken := slices.ContainsFunc(l.Columns, func(o registrar.Column) bool { return o.Name != c.Name && slices.Contains(o.Also, word) })
		if russianWord(word) && !taken {
			r := []rune(word)
			if len(r) <= 3 { // ИИН, ТК1
				return strings.ToUpper(word)
			}
			return string(unicode.ToUpper(r[0])) + string(r[1:])
		}
	}
	return c.Name
}

// russianWord tells whether a word is in Russian letters, with at least one that English lacks.
func russianWord(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Cyrillic, r) }) && !strings.ContainsAny(strings.ToLower(s), "әғқңөұүһі")
}

// written is a canonical value as the registrar might write it.
func written(c *registrar.Column, value string) string {
	if value == "" {
		return ""
	}
	switch c.Type {
	case registrar.Date:
		if t, err := time.Parse(time.DateOnly, value); err == nil {
			return t.Format("02.01.2006")
		}
	case registrar.Moment:
		if t, err := time.Parse("2006-01-02T15:04", value); err == nil {
			return t.Format("02.01.2006 15:04")
		}
	case registrar.Decimal, registrar.Percent:
		return strings.Replace(value, ".", ",", 1)
	case registrar.Score:
		switch value {
		case absent:
			return "н/я"
		case barred:
			return "н/д"
		}
		return strings.Replace(value, ".", ",", 1)
	case registrar.YesNo:
		return map[string]string{"yes": "да", "no": "нет"}[value]
	case registrar.Choice:
		for _, o := range c.Choices {
			if o.Word != value {
				continue
			}
			for _, also := range o.Also {
				if russianWord(also) {
					return also
				}
			}
		}
	}
	return value
}

// What stands in place of a percent.
const (
	absent = "absent"
	barred = "not-admitted"
)

// world is what all tables are worked out from.
type world struct {
	Spec
	a          *dauys.Academic
	cal        dauys.Calendar
	first      int // in which the academic year begins
	programmes []programme
	institutes []string
	perCell    int // groups of a programme in a course
	parallel   int // groups that a slot of the timetable has at most, and so teachers of one place in the plan
}

const (
	coursesOf  = 4
	aGroup     = 25
	aDay       = 4 // exams that a room sees
	aProgramme = 80
)

func newWorld(s Spec) (*world, error) {
	w := &world{Spec: s}
	if s.Students < Least || s.Students > Most {
		return nil, fmt.Errorf("a sample has %d to %d students", Least, Most)
	}
	if s.Semester != 1 && s.Semester != 2 {
		return nil, errors.New("the semester is 1 or 2")
	}
	if s.Change < 0 || s.Change > 10000 {
		return nil, errors.New("at most 100 percent can change")
	}
	from, to, _ := strings.Cut(s.Year, "-")
	first, err := strconv.Atoi(from)
	last, err2 := strconv.Atoi(to)
	if err != nil || err2 != nil || last != first+1 || first < 2010 || first > 2090 {
		return nil, fmt.Errorf("%q is not an academic year; write it as 2026-2027", s.Year)
	}
	w.first = first
	if w.University == nil {
		w.University = dauys.Builtin()
	}
	if w.a = w.University.Academic; w.a == nil {
		w.a = dauys.Builtin().Academic
	}
	w.cal = w.University.Calendar
	for _, i := range w.University.Institutes {
		w.institutes = append(w.institutes, i.ID)
	}
	w.programmes = programmes[:min(max(s.Students/(coursesOf*aProgramme), 1), len(programmes))]
	cells := coursesOf * len(w.programmes)
	w.perCell = ((s.Students+cells-1)/cells + aGroup - 1) / aGroup
	w.parallel = (w.groups() + 2*aDay - 1) / (2 * aDay)
	return w, nil
}

func (w *world) groups() int { return coursesOf * len(w.programmes) * w.perCell }

// lot is a number that follows from the seed and what it is drawn for.
func (w *world) lot(what string, of ...int) uint64 {
	h := w.Seed ^ 0x9e3779b97f4a7c15
	mix := func(v uint64) {
		h ^= v
		h += 0x9e3779b97f4a7c15
		h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
		h = (h ^ h>>27) * 0x94d049bb133111eb
		h ^= h >> 31
	}
	for i := range len(what) {
		mix(uint64(what[i]))
	}
	for _, v := range of {
		mix(uint64(v))
	}
	return h
}

// upTo is a lot under n.
func (w *world) upTo(n int, what string, of ...int) int { return int(w.lot(what, of...) % uint64(n)) }

// around is a lot that lies about zero, rarely far from it, at most so far.
func (w *world) around(far int, what string, of ...int) int {
	h, sum := w.lot(what, of...), 0
	for range 4 {
		sum += int(h & 0xffff)
		h >>= 16
	}
	return (sum - 2*0xffff) * far / (2 * 0xffff)
}

// otherwise tells whether something is among what changes.
func (w *world) otherwise(what string, of ...int) bool {
	return w.Change > 0 && w.upTo(10000, "change "+what, of...) < w.Change
}

// group is one academic group.
type group struct {
	n         int // among all
	name      string
	programme programme
	p         int // the place of the programme
	course    int
	institute string
	intake    int
}

func (w *world) group(n int) group {
	cell := n / w.perCell
	g := group{n: n, p: cell / coursesOf, course: cell%coursesOf + 1}
	g.programme = w.programmes[g.p]
	g.intake = w.first - g.course + 1
	g.name = fmt.Sprintf("%s-%02d-%d", g.programme.group, g.intake%100, n%w.perCell+1)
	g.institute = w.institute(g.p)
	return g
}

// institute is where a programme belongs: as in the table, or else by turns.
func (w *world) institute(p int) string {
	switch {
	case slices.Contains(w.institutes, w.programmes[p].institute):
		return w.programmes[p].institute
	case len(w.institutes) == 0:
		return ""
	}
	return w.institutes[p%len(w.institutes)]
}

// instituteName is what the registrar calls it.
func (w *world) instituteName(id string) string {
	i, _ := w.University.Institute(id)
	return i.Names.In(dauys.Russian)
}

// student is one of the roster.
type student struct {
	i      int
	number string
	group  group
	name   string
	status string
	basis  string
	rare   string // an order of which few have one
}

// rareOrders come to few: a student of each four hundred each.
var rareOrders = split("leave return expulsion reinstatement transfer-out transfer-in transfer-programme repeat local-budget surname control-forms graduation")

func (w *world) student(i int) student {
	cells := coursesOf * len(w.programmes)
	cell, rank := i%cells, i/cells
	s := student{i: i, group: w.group(cell*w.perCell + rank%w.perCell), status: "studying"}
	s.number = fmt.Sprintf("%02d%06d", s.group.intake%100, i+1)
	if s.name = w.Named[i]; s.name == "" {
		s.name = w.name("student", i)
	}
	s.basis = "grant"
	if w.upTo(10, "basis", i) < 5 {
		s.basis = "paid"
	}
	if n := i % 400; n < len(rareOrders) {
		s.rare = rareOrders[n]
		switch s.rare {
		case "leave":
			s.status = "leave"
		case "expulsion":
			s.status = "expelled"
		case "transfer-out":
			s.status = "moved"
		case "graduation":
			s.status = "graduated"
		case "local-budget":
			s.basis = "local"
		case "repeat", "reinstatement":
			s.basis = "paid"
		}
	}
	return s
}

func (w *world) name(what string, i int) string {
	sex, n := w.upTo(2, what+" sex", i), w.upTo(len(given[0]), what+" given", i)
	surnames, fathers := kazakhSurnames, kazakhFathers
	if n >= russian {
		surnames, fathers = russianSurnames, russianFathers
	}
	surname, father := surnames[w.upTo(len(surnames), what+" surname", i)], fathers[w.upTo(len(fathers), what+" father", i)]
	if sex == 1 {
		surname += "а"
	}
	if n < russian {
		father += []string{"ұлы", "қызы"}[sex]
	} else {
		father = ofFather(father, sex)
	}
	return surname + " " + given[sex][n] + " " + father
}

// ofFather is a Russian father's name as part of that of a child.
func ofFather(father string, sex int) string {
	switch stem := strings.TrimRight(father, "йь"); {
	case strings.HasSuffix(father, "ий"):
		return strings.TrimSuffix(father, "ий") + []string{"ьевич", "ьевна"}[sex]
	case stem != father:
		return stem + []string{"евич", "евна"}[sex]
	}
	return father + []string{"ович", "овна"}[sex]
}

// birthday is the day of the year on which somebody was born, from 1. People of one day are so far apart in
// their list that their identification numbers differ.
func birthday(i int) int { return i%365 + 1 }

// iin is a number with a right check digit that nobody can have: a 9 stands for the century. For some beginnings
// there is no check digit; there are eight to choose from.
func iin(born time.Time, i int) string {
	for n := i / 365 * 8; ; n++ {
		eleven := born.Format("060102") + "9" + fmt.Sprintf("%04d", n)
		for check := range 10 {
			if number, ok := dauys.IIN(eleven + strconv.Itoa(check)); ok {
				return number
			}
		}
	}
}

func (w *world) born(s student) time.Time {
	return time.Date(s.group.intake-18, time.January, birthday(s.i), 0, 0, 0, 0, time.UTC)
}

// teacher is the number of who teaches a group what has a place in the plan. One teaches the same place to at
// most as many groups as have exams of it at different times.
func (w *world) teacher(g, k int) int { return k*w.parallel + g/(2*aDay) }

func teacherNumber(t int) string { return fmt.Sprintf("T%05d", t+1) }

func advisorNumber(g int) string { return fmt.Sprintf("A%05d", g/4+1) }

// discipline is one of a programme by the semester of the plan, from 1 to 8, and its place there.
func (w *world) discipline(p, semester, k int) (code string, d discipline) {
	i := (semester-1)*aSemester + k
	if i < len(general) {
		return fmt.Sprintf("GE%d%02d", semester, k+1), general[i]
	}
	return fmt.Sprintf("%s%d%02d", w.programmes[p].prefix, semester, k+1), special[i-len(general)]
}

// when is the academic year and the semester in it of a semester of the plan of a group.
func (w *world) when(g group, semester int) (year string, first, term int) {
	first = g.intake + (semester-1)/2
	return fmt.Sprintf("%d-%d", first, first+1), first, (semester-1)%2 + 1
}

// current is the semester of the plan in which a group is.
func (w *world) current(g group) int { return 2*(g.course-1) + w.Semester }

// forms of exams.
var forms = split("written test oral written combined project")

func formOf(code string) string {
	n := 0
	for i := range len(code) {
		n += int(code[i])
	}
	return forms[n%len(forms)]
}

// attempt is what the marks of a course are, in hundredths; -1: there is none.
type attempt struct {
	tc1, rc1, r1, tc2, rc2, r2, admission, exam, final int
	word                                               string // instead of the exam
	letter                                             string
	outcome                                            registrar.Outcome
}

// attempt is what a student has in a discipline of the plan; in the summer, when it is taken again.
func (w *world) attempt(s student, semester, k int, summer bool) attempt {
	at := []int{s.i, semester, k}
	able := 74 + w.around(26, "able", s.i)
	if s.group.course > 2 {
		able += 4 // the weakest have left by then
	}
	weak := w.upTo(50, "weak", s.i) == 0
	mark := func(what string, far int) int {
		if weak { // somebody has to fall short of the next course
			able, far = 53, 12
		}
		if summer && !weak {
			return 5500 + 100*w.upTo(30, "summer "+what, at...)
		}
		return 100 * min(max(able+w.around(far, what, at...), 5), 100)
	}
	exact := registrar.ExactOf
	t := attempt{tc1: mark("tc1", 30), rc1: mark("rc1", 40), tc2: -1, rc2: -1, r2: -1, admission: -1, exam: -1, final: -1, outcome: registrar.Going}
	other := w.otherwise("mark", append(at, b2i(summer))...)
	running := semester == w.current(s.group)
	if other && running {
		t.tc1 = nudged(t.tc1)
	}
	r1 := registrar.Rating(w.a, exact(t.tc1), exact(t.rc1))
	t.r1 = r1.Hundredths()
	if running {
		return t
	}
	t.tc2, t.rc2 = mark("tc2", 30), mark("rc2", 40)
	absents := !summer && w.upTo(120, "no-show", at...) == 0
	exam := mark("exam", 50)
	admission := func() registrar.Exact {
		return registrar.Admission(w.a, r1, registrar.Rating(w.a, exact(t.tc2), exact(t.rc2)))
	}
	least := exact(w.a.Admission.Least * 100)
	if other { // one of the marks is another; who was admitted still is
		switch {
		case admission() < least || absents:
			t.tc2 = max(t.tc2-100, 0)
		default:
			exam = nudged(exam)
		}
	}
	t.r2, t.admission = registrar.Rating(w.a, exact(t.tc2), exact(t.rc2)).Hundredths(), admission().Hundredths()
	switch {
	case admission() < least:
		t.word, t.outcome = barred, registrar.Barred
	case absents:
		t.word, t.outcome = absent, registrar.NoShow
	case w.a.Final.Both && exam < w.a.Least()*100:
		t.exam, t.outcome = exam, registrar.Failed
		g, _ := w.a.Grade(exam)
		t.letter = g.Letter
	default:
		t.exam = exam
		t.final = registrar.Final(w.a, admission(), exact(exam)).Hundredths()
		g, _ := w.a.Grade(t.final)
		if t.letter, t.outcome = g.Letter, registrar.Failed; g.Passes() {
			t.outcome = registrar.Passed
		}
	}
	return t
}

// nudged is a mark that is another.
func nudged(mark int) int {
	if mark > 9700 {
		return mark - 300
	}
	return mark + 300
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// again tells whether what was not passed was taken again in the summer of its year.
func (w *world) again(s student, semester, k int) bool {
	_, first, _ := w.when(s.group, semester)
	return first < w.first && w.upTo(10, "again", s.i, semester, k) < 8
}

// day is a day of an academic year: months from August on are of its first half. A day off moves on.
func (w *world) day(first int, month time.Month, d int) time.Time {
	if month < time.August {
		first++
	}
	t := time.Date(first, month, d, 0, 0, 0, 0, w.cal.Zone())
	for !w.cal.Working(t) {
		t = t.AddDate(0, 0, 1)
	}
	return t
}

func date(t time.Time) string { return t.Format(time.DateOnly) }

// session are the working days of the exams of a semester.
func (w *world) session(first, term int) (days []time.Time) {
	t := w.day(first, time.December, 14)
	if term == 2 {
		t = w.day(first, time.May, 17)
	}
	for len(days) < 2*aSemester {
		if w.cal.Working(t) {
			days = append(days, t)
		}
		t = t.AddDate(0, 0, 1)
	}
	return days
}

func number(n int) string { return strconv.Itoa(n) }

// two is a number of hundredths as a canonical one; less than zero: there is none.
func two(n int) string {
	if n < 0 {
		return ""
	}
	s := fmt.Sprintf("%d.%02d", n/100, n%100)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}
