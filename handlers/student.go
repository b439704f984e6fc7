package handlers

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
	"alt.edu.kz/dauys/registrar"
)

// What a student is shown of the registrar's record: one screen that is changed in place, and buttons from
// part to part. This file has the way in; the parts are in the files record*.go.

// Imported tells which files of the registrar there are.
type Imported interface {
	Holding(ctx context.Context, k registrar.Kind) (registrar.Import, error)
	BroughtBy(ctx context.Context, k registrar.Kind, key string) (registrar.Import, error) // dauys.ErrNotFound
}

// recordPrefix is what the data of all buttons of the record begins with. They stand only under messages
// that cannot be passed on: a message cannot become such a one later, so who comes from another screen gets
// a new message.
const recordPrefix = "q3"

// screen is what a screen of the record is made of.
type screen struct {
	lines []ask.Line
	rows  [][]ask.Button
	back  string // the screen above it; empty: the first one
	first bool   // this is the first one
}

// recordScreens are the screens by the second part of their data.
var recordScreens = map[string]func(*Handlers, context.Context, *student, []string) (*screen, error){
	"me":    (*Handlers).recordHome,
	"terms": (*Handlers).recordTerms,
	"term":  (*Handlers).recordTerm,
	"mark":  (*Handlers).recordCourse,
	"sum":   (*Handlers).recordSummary,
	"gpa":   (*Handlers).recordGPA,
	"table": (*Handlers).recordTable,
	"adm":   (*Handlers).recordAdmission,
	"exams": (*Handlers).recordExams,
	"year":  (*Handlers).recordCalendar,
	"debts": (*Handlers).recordDebts,
	"plan":  (*Handlers).recordPlan,
	"mine":  (*Handlers).recordMine,
	"prog":  (*Handlers).recordCurriculum,
	"elect": (*Handlers).recordElectives,
	"comp":  (*Handlers).recordComparison,
	"final": (*Handlers).recordThesis,
	"ords":  (*Handlers).recordOrders,
	"ord":   (*Handlers).recordOrder,
	"all":   (*Handlers).recordWhole,
	"how":   (*Handlers).recordHow,
}

// student is a student who looks at their own record in a turn.
type student struct {
	h      *Handlers
	t      *Turn
	reader registrar.Reader
	owner  string           // as the record has it
	who    registrar.Fields // of the roster

	marks     []registrar.Entry
	courses   []registrar.Course
	loaded    bool
	catalogue map[string]registrar.Fields
}

// student is who has sent something, as a student whose account opens the record; nil: they are none.
func (h *Handlers) student(ctx context.Context, t *Turn) (*student, error) {
	r, err := h.reader(ctx, t.From)
	if err != nil || r.Student == "" {
		return nil, err
	}
	s := &student{h: h, t: t, reader: r, owner: registrar.OfStudent(r.Student), who: registrar.Fields{}, catalogue: map[string]registrar.Fields{}}
	all, err := s.own(ctx, registrar.Roster)
	if err != nil {
		return nil, err
	}
	if len(all) > 0 {
		s.who = all[0].Fields
	}
	return s, nil
}

// read is what is kept of a kind for an owner, as far as the student may see it.
func (s *student) read(ctx context.Context, k registrar.Kind, owner string) ([]registrar.Entry, error) {
	return s.h.studies(ctx, s.reader, s.t.Update, k, owner)
}

// own is what is kept of the student.
func (s *student) own(ctx context.Context, k registrar.Kind) ([]registrar.Entry, error) {
	return s.read(ctx, k, s.owner)
}

// know loads the disciplines of the catalogue that are not known yet.
func (s *student) know(ctx context.Context, entries []registrar.Entry) error {
	for _, e := range entries {
		code := e.Fields["discipline"]
		if _, known := s.catalogue[code]; known || code == "" {
			continue
		}
		d, err := s.h.Storage.Record(ctx, registrar.Disciplines, code)
		if err != nil && !errors.Is(err, dauys.ErrNotFound) {
			return fmt.Errorf("a discipline of the catalogue: %w", err)
		}
		s.catalogue[code] = d.Fields // nil: it is not in there
	}
	return nil
}

// marked are the courses of which there are marks.
func (s *student) marked(ctx context.Context) ([]registrar.Course, error) {
	if s.loaded {
		return s.courses, nil
	}
	marks, err := s.own(ctx, registrar.Marks)
	if err != nil {
		return nil, err
	}
	if err := s.know(ctx, marks); err != nil {
		return nil, err
	}
	s.marks, s.courses, s.loaded = marks, registrar.Courses(marks, s.catalogue), true
	return s.courses, nil
}

// title is the name of the discipline that an entry is about.
func (s *student) title(f registrar.Fields) string {
	d := s.catalogue[f["discipline"]]
	return cmp.Or(d["title_"+string(s.t.Lang())], f["title"], d["title"], f["discipline"])
}

// course is the name of a course.
func (s *student) course(c registrar.Course) string { return c.Name(s.t.Lang()) }

// employee is the name of who teaches: of what is kept of employees students learn no more.
func (s *student) employee(ctx context.Context, number string) (string, error) {
	if number == "" {
		return "", nil
	}
	e, err := s.h.Storage.Record(ctx, registrar.Employees, number)
	if errors.Is(err, dauys.ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("name of a teacher: %w", err)
	}
	return e.Fields["name"], nil
}

// button is one that leads to a screen of the record.
func (s *student) button(label ask.Line, data ...string) ask.Button {
	return ask.Button{Text: locales.Shorten(s.h.Book.Plain(s.t.Lang(), label), mostOfLabel), Data: recordData(data...)}
}

// mostOfLabel is how much of a name stands on a button.
const mostOfLabel = 40

// to is a row with one button.
func (s *student) to(label string, data ...string) []ask.Button {
	return []ask.Button{s.button(locales.RecordButton(label), data...)}
}

func recordData(data ...string) string { return recordPrefix + ":" + strings.Join(data, ":") }

// marker stands for a name that is too long for a button, or has signs that must not be in one.
func marker(name string) string {
	sum := sha256.Sum256([]byte(name))
	return hex.EncodeToString(sum[:5])
}

// zone is that in which the registrar writes times.
func (h *Handlers) zone() *time.Location { return h.University.Calendar.Zone() }

// myStudies is /record: a student is shown what is kept of them, anybody else who they are to the record.
func (h *Handlers) myStudies(ctx context.Context, t *Turn) error {
	s, err := h.student(ctx, t)
	if err != nil {
		return err
	}
	if s == nil {
		return h.ownRecord(ctx, t)
	}
	if err := h.knowing(ctx, t); err != nil {
		return err
	}
	page, err := h.recordHome(ctx, s, nil)
	if err != nil {
		return err
	}
	t.Say(s.reply(page))
	if t.State.Focus != nil { // its question comes again below
		return h.resume(t)
	}
	return nil
}

// recordButton is a button on a screen of the record: q3:SCREEN:WHAT…
func (h *Handlers) recordButton(ctx context.Context, t *Turn, parts []string) error {
	s, err := h.student(ctx, t)
	if err != nil {
		return err
	}
	if s == nil { // unlinked since, or not confirmed for this semester
		return h.ownRecord(ctx, t)
	}
	if len(parts) > 2 {
		if begin := recordFlows[parts[1]]; begin != nil {
			return begin(h, ctx, s, parts[2:])
		}
	}
	show := recordScreens[parts[1]]
	if show == nil {
		return h.resume(t, locales.OldButton())
	}
	page, err := show(h, ctx, s, parts[2:])
	if err != nil {
		return err
	}
	if page == nil { // what it was about is not there any more
		return h.resume(t, locales.OldButton())
	}
	t.Say(t.Here(s.reply(page)))
	return nil
}

// reply is a screen as a message that cannot be passed on.
func (s *student) reply(p *screen) ask.Reply {
	rows := p.rows
	if p.first {
		if s.t.State.Focus == nil {
			rows = append(rows, s.h.onward(s.t))
		}
	} else {
		var last []ask.Button
		if p.back != "" {
			last = append(last, ask.Button{Text: s.h.Book.Plain(s.t.Lang(), locales.RecordButton("back")), Data: recordPrefix + ":" + p.back})
		}
		rows = append(rows, append(last, s.to("me", "me")...))
	}
	return ask.Reply{Text: s.h.Book.Lines(s.t.Lang(), p.lines...), Buttons: rows, Protected: true}
}

// paged is a part of a long list with the way to the others. The number of the page is the last part of
// the data.
func (s *student) paged(lines []ask.Line, most int, page string, data ...string) (shown []ask.Line, turn []ask.Button) {
	pages := max(1, (len(lines)+most-1)/most)
	n, _ := strconv.Atoi(page)
	n = max(0, min(n, pages-1))
	shown = lines[n*most : min(len(lines), (n+1)*most)]
	if pages > 1 {
		shown = append(slices.Clone(shown), locales.RecordPage(n+1, pages))
	}
	if n > 0 {
		turn = append(turn, s.button(locales.RecordButton("before"), append(data, strconv.Itoa(n-1))...))
	}
	if n < pages-1 {
		turn = append(turn, s.button(locales.RecordButton("after"), append(data, strconv.Itoa(n+1))...))
	}
	return shown, turn
}

// rowsOf leaves out a row without buttons.
func rowsOf(rows ...[]ask.Button) [][]ask.Button {
	return slices.DeleteFunc(rows, func(r []ask.Button) bool { return len(r) == 0 })
}

// part is the part of data at a place; empty where there is none.
func part(parts []string, i int) string {
	if i < len(parts) {
		return parts[i]
	}
	return ""
}

// newestOrders is how many orders stand on the first screen.
const newestOrders = 3

// recordHome is the first screen: who somebody is and how they stand.
func (h *Handlers) recordHome(ctx context.Context, s *student, _ []string) (*screen, error) {
	p := &screen{first: true, lines: []ask.Line{locales.RecordTitle("me")}}
	facts, err := s.facts(ctx)
	if err != nil {
		return nil, err
	}
	p.lines = append(p.lines, facts...)
	orders, err := s.orders(ctx)
	if err != nil {
		return nil, err
	}
	if len(orders) > 0 {
		p.lines = append(p.lines, locales.RecordTitle("newest"))
	}
	for _, e := range orders[:min(newestOrders, len(orders))] {
		p.lines = append(p.lines, locales.RecordOrder(ask.Day(e.Fields.Time("date", h.zone())), locales.RecordOrderKind(e.Fields["kind"])))
	}
	two := func(first, second []ask.Button) []ask.Button { return slices.Concat(first, second) }
	p.rows = rowsOf(
		two(s.to("marks", "terms"), s.to("gpa", "gpa")),
		two(s.to("exams", "exams"), s.to("calendar", "year")),
		two(s.to("debts", "debts"), s.to("orders", "ords")),
		two(s.to("plan", "plan"), s.to("all", "all")),
		[]ask.Button{h.button(s.t.Lang(), locales.RecordButton("transcript"), paperPress+":menu")},
		s.to("how", "how"),
		[]ask.Button{h.button(s.t.Lang(), locales.RecordButton("account"), "m:account")},
	)
	return p, nil
}

// facts are who the student is and how they stand. What is not there is left out.
func (s *student) facts(ctx context.Context) (lines []ask.Line, err error) {
	add := func(label string, value any) { lines = append(lines, locales.RecordFact(label, value)) }
	for _, f := range []string{"name", "group", "course"} {
		if v := s.who[f]; v != "" {
			add(f, v)
		}
	}
	if st := s.who["status"]; st != "" && st != "studying" {
		add("status", locales.RecordWord("status-"+st))
	}
	courses, err := s.marked(ctx)
	if err != nil {
		return nil, err
	}
	a := s.h.University.Academic
	if g, ok := registrar.GPAOf(a, courses, registrar.Span{}); ok {
		add("gpa", ask.Decimal(hundredths(g.Value)))
		add("earned", ask.Decimal(trimmed(registrar.CreditsOf(a, courses, registrar.Span{}))))
	}
	debts, err := s.debts(ctx)
	if err != nil {
		return nil, err
	}
	if len(courses) > 0 || len(debts) > 0 {
		add("debts", len(debts))
	}
	exams, err := s.exams(ctx)
	if err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(exams, func(e exam) bool { return !e.at.Before(s.h.Now()) && e.attempt != "consultation" }); i >= 0 {
		add("next-exam", locales.RecordBoth(exams[i].title, locales.RecordExam(exams[i].at, exams[i].room)))
	}
	if len(lines) == 0 {
		lines = append(lines, locales.RecordLeft())
	}
	return lines, nil
}

// offersRecord tells whether the registrar has brought any students: without them nobody is offered a record.
// The storage is asked by one turn every now and then; meanwhile the others take what it has said before, so
// that a menu waits for nothing when the database is away.
func (h *Handlers) offersRecord(ctx context.Context) bool {
	now := h.Now()
	h.recordMu.Lock()
	kept := h.recordKept
	ask := h.recordAsked.IsZero() || now.Sub(h.recordAsked).Abs() >= askRecordEvery
	if ask {
		h.recordAsked = now
	}
	h.recordMu.Unlock()
	if !ask {
		return kept
	}
	ctx, cancel := context.WithTimeout(ctx, askRecordFor)
	defer cancel()
	_, err := h.Storage.Holding(ctx, registrar.Roster)
	if err != nil && !errors.Is(err, dauys.ErrNotFound) { // the menu stays as it was
		h.Log.Warn("whether there is a record is not known", "error", err)
		return kept
	}
	kept = err == nil
	h.recordMu.Lock()
	h.recordKept = kept
	h.recordMu.Unlock()
	return kept
}

const (
	askRecordEvery = time.Minute
	askRecordFor   = 2 * time.Second
)

// Numbers as they are shown.

// hundredths writes hundredths with both places: 367 is 3.67.
func hundredths(n int) string { return fmt.Sprintf("%d.%02d", n/100, n%100) }

// trimmed writes hundredths without needless zeros: 500 is 5.
func trimmed(n int) string { return short(hundredths(n)) }

// exact writes a percent with as many places as it has, four at most.
func exact(e registrar.Exact) string {
	const tenThousandth = registrar.Exact(10_000)
	n := int64((e + tenThousandth/2) / tenThousandth)
	return short(fmt.Sprintf("%d.%04d", n/10_000, n%10_000))
}

// product writes ten-thousandths.
func product(n int) string { return short(fmt.Sprintf("%d.%04d", n/10_000, n%10_000)) }

func short(s string) string { return strings.TrimSuffix(strings.TrimRight(s, "0"), ".") }

// recordLabels are the buttons that lead to a screen, by the screen.
var recordLabels = map[string]string{
	"me": "me", "terms": "marks", "sum": "summary", "adm": "admission", "exams": "exams", "year": "calendar", "debts": "debts",
	"plan": "plan", "mine": "mine", "prog": "curriculum", "elect": "electives", "comp": "compare", "final": "thesis", "ords": "orders",
	"all": "all", "how": "how", "gpa": "gpa", "fix": "fix", "fixmark": "fix", "object": "object", "appeal": "appeal",
}

// recordLabel is a button of the record in words, as far as its data tells; others are found by their number.
func recordLabel(data []string) ask.Line {
	if len(data) < 2 {
		return locales.FileOf("", "")
	}
	switch what, rest := data[1], data[2:]; {
	case (what == "term" || what == "table") && len(rest) > 1:
		return spanName(spanOf(rest))
	case what == "how" && len(rest) == 1:
		return locales.RecordButton("how-" + rest[0])
	case what == "prog" && len(rest) == 1 && rest[0] != "0":
		n, _ := strconv.Atoi(rest[0])
		return locales.RecordNumbered(n)
	case recordLabels[what] != "":
		return locales.RecordButton(recordLabels[what])
	}
	return locales.FileOf(data[len(data)-1], "")
}
