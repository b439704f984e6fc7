package handlers

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
	"alt.edu.kz/dauys/registrar"
)

// What is to come: exams, the academic calendar, debts, plans, electives, the thesis.

// exam is one line of the timetable of exams.
type exam struct {
	year, code, title, room, examiner, form, attempt, note string
	semester                                               int
	at                                                     time.Time
}

// exams is the timetable of the student's group, in the order of time.
func (s *student) exams(ctx context.Context) (all []exam, err error) {
	if s.reader.Group == "" {
		return nil, nil
	}
	entries, err := s.read(ctx, registrar.Exams, registrar.OfGroup(s.reader.Group))
	if err != nil {
		return nil, err
	}
	if err := s.know(ctx, entries); err != nil {
		return nil, err
	}
	for _, e := range entries {
		all = append(all, s.exam(e.Fields))
	}
	slices.SortStableFunc(all, func(x, y exam) int { return x.at.Compare(y.at) })
	return all, nil
}

// exam is what an entry of the timetable says; the disciplines are known.
func (s *student) exam(f registrar.Fields) exam {
	at, _ := examAt(f, s.h.zone())
	return exam{year: f["year"], semester: f.Int("semester"), code: f["discipline"], title: s.title(f), room: f["room"],
		examiner: f["examiner"], form: cmp.Or(f["form"], s.catalogue[f["discipline"]]["form"]), attempt: cmp.Or(f["attempt"], "first"), note: f["note"], at: at}
}

// form is how an exam is held: as the timetable says, or else the order on the forms of final control.
func (s *student) form(ctx context.Context, e exam) (string, error) {
	if e.form != "" {
		return e.form, nil
	}
	all, err := s.read(ctx, registrar.Controls, registrar.OfDiscipline(e.code))
	if err != nil {
		return "", err
	}
	for _, c := range all {
		if c.Fields["year"] == e.year && c.Fields.Int("semester") == e.semester {
			return c.Fields["form"], nil
		}
	}
	return "", nil
}

// examsOfPage is how many exams stand on a page.
const examsOfPage = 8

// recordExams is the timetable of exams: those to come first, then those that were.
func (h *Handlers) recordExams(ctx context.Context, s *student, parts []string) (*screen, error) {
	p := &screen{lines: []ask.Line{locales.RecordTitle("exams")}, rows: rowsOf(s.to("admission", "adm"))}
	all, err := s.exams(ctx)
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		lines, err := s.awaited(ctx, "timetable", nil)
		p.lines = append(append(p.lines, locales.RecordNone("exams")), lines...)
		return p, err
	}
	yet, err := s.comesYet(ctx, "timetable", comesSoon, func(in registrar.Span) bool {
		return slices.ContainsFunc(all, func(e exam) bool { return e.year == in.Year && e.semester == in.Semester })
	})
	if err != nil {
		return nil, err
	}
	p.lines = append(p.lines, yet...)
	now := h.Now()
	var blocks []ask.Line
	for _, past := range []bool{false, true} {
		first := true
		for _, e := range all {
			if e.at.Before(now) != past {
				continue
			}
			if first && past {
				blocks = append(blocks, locales.RecordTitle("past"))
			}
			first = false
			line, err := s.examLine(ctx, e)
			if err != nil {
				return nil, err
			}
			blocks = append(blocks, line)
		}
	}
	shown, turn := s.paged(blocks, examsOfPage, part(parts, 0), "exams")
	p.lines = append(p.lines, shown...)
	p.rows = append(rowsOf(turn), append(p.rows, s.calendarFile())...)
	return p, nil
}

// examLine is an exam in words: what, how, when, where and with whom.
func (s *student) examLine(ctx context.Context, e exam) (line ask.Line, err error) {
	what, err := s.examIs(ctx, e)
	if err != nil {
		return line, err
	}
	examiner, err := s.employee(ctx, e.examiner)
	if err != nil {
		return line, err
	}
	if e.note != "" {
		what = locales.RecordBoth(what, e.note)
	}
	return locales.RecordSession(e.title, what, locales.RecordExam(e.at, e.room), examiner), nil
}

// examIs is which exam it is, and how it is held.
func (s *student) examIs(ctx context.Context, e exam) (any, error) {
	form, err := s.form(ctx, e)
	if err != nil {
		return nil, err
	}
	what := locales.RecordWord("attempt-" + e.attempt)
	if form != "" && e.attempt != "consultation" {
		return locales.RecordBoth(what, locales.RecordWord("form-"+form)), nil
	}
	return what, nil
}

// event is one line of the academic calendar.
type event struct {
	what        string
	note        string
	from, until time.Time // with the last day
}

// events are those of the calendar that concern the student, in the order of time.
func (s *student) events(ctx context.Context) (all []event, err error) {
	owners := []string{""}
	if s.reader.Programme != "" {
		owners = append(owners, registrar.OfProgramme(s.reader.Programme))
	}
	for _, owner := range owners {
		entries, err := s.read(ctx, registrar.Calendar, owner)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			if c := e.Fields["course"]; c != "" && s.who["course"] != "" && c != s.who["course"] {
				continue
			}
			all = append(all, event{e.Fields["event"], e.Fields["note"], e.Fields.Time("from", s.h.zone()), e.Fields.Time("until", s.h.zone())})
		}
	}
	slices.SortStableFunc(all, func(x, y event) int { return cmp.Or(x.from.Compare(y.from), x.until.Compare(y.until)) })
	return all, nil
}

// eventsToCome is how many events that come next are shown.
const eventsToCome = 8

// recordCalendar says what is now and what comes next.
func (h *Handlers) recordCalendar(ctx context.Context, s *student, _ []string) (*screen, error) {
	p := &screen{lines: []ask.Line{locales.RecordTitle("calendar")}}
	all, err := s.events(ctx)
	if err != nil {
		return nil, err
	}
	now := h.Now()
	var here, next []ask.Line
	for _, e := range all {
		line := locales.RecordEvent(locales.RecordWord("event-"+e.what), ask.Day(e.from), ask.Day(e.until))
		switch {
		case !now.Before(e.until.AddDate(0, 0, 1)):
		case !now.Before(e.from):
			here = append(here, line)
		case len(next) < eventsToCome:
			next = append(next, line)
		}
	}
	if len(here)+len(next) == 0 {
		p.lines = append(p.lines, locales.RecordNone("calendar"))
		return p, nil
	}
	if len(here) > 0 {
		p.lines = append(append(p.lines, locales.RecordTitle("now")), here...)
	} else {
		p.lines = append(p.lines, locales.RecordNone("now"))
	}
	if len(next) > 0 {
		p.lines = append(append(p.lines, locales.RecordTitle("next")), next...)
	}
	p.rows = append(p.rows, s.calendarFile())
	return p, nil
}

// debts are the academic debts that the rules see and that the registrar lists.
func (s *student) debts(ctx context.Context) ([]registrar.Debt, error) {
	courses, err := s.marked(ctx)
	if err != nil {
		return nil, err
	}
	said, err := s.own(ctx, registrar.Debts)
	if err != nil {
		return nil, err
	}
	if err := s.know(ctx, said); err != nil {
		return nil, err
	}
	return registrar.DebtsOf(s.h.University.Academic, courses, said), nil
}

// debtsOfPage is how many debts stand on a page.
const debtsOfPage = 5

// recordDebts says of each debt how and until when it can be cleared.
func (h *Handlers) recordDebts(ctx context.Context, s *student, parts []string) (*screen, error) {
	p := &screen{lines: []ask.Line{locales.RecordTitle("debts")}}
	all, err := s.debts(ctx)
	if err != nil {
		return nil, err
	}
	yet, err := s.resultsYet(ctx)
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		none := "debts"
		if courses, _ := s.marked(ctx); len(courses) == 0 {
			none = "debts-unknown"
		}
		p.lines = append(append(p.lines, locales.RecordNone(none)), yet...)
		return p, nil
	}
	p.lines = append(p.lines, yet...)
	page, _ := strconv.Atoi(part(parts, 0))
	page = max(0, min(page, (len(all)-1)/debtsOfPage))
	_, turn := s.paged(make([]ask.Line, len(all)), debtsOfPage, part(parts, 0), "debts")
	p.rows = rowsOf(turn)
	for _, d := range all[page*debtsOfPage : min(len(all), (page+1)*debtsOfPage)] {
		name := s.course(d.Course)
		if d.Said != nil {
			name = cmp.Or(name, s.title(d.Said.Fields))
		}
		p.lines = append(p.lines, locales.RecordAbout(name),
			locales.RecordFact("term", spanName(registrar.Span{Year: d.Course.Year, Semester: d.Course.Semester})))
		add := func(label string, value any) { p.lines = append(p.lines, locales.RecordFact(label, value)) }
		if d.Course.Credits > 0 {
			add("credits", ask.Decimal(trimmed(d.Course.Credits)))
		}
		if d.Reason != "" {
			add("why", locales.RecordWord("reason-"+d.Reason))
		}
		add("ways", s.list(d.Ways, "way-"))
		if d.Said != nil {
			f := d.Said.Fields
			if day, ok := ask.On(f["until"]); ok {
				add("until", day)
			}
			if f["price"] != "" {
				add("price", locales.RecordPrice(f["price"]))
			}
			switch f["registered"] {
			case "yes":
				add("registered", locales.RecordWord("registered-yes"))
			case "no":
				add("registered", locales.RecordWord("registered-no"))
			}
		}
		if d.Now != nil {
			add("again", spanName(registrar.Span{Year: d.Now.Year, Semester: d.Now.Semester}))
		}
		if a := h.University.Academic; d.Last && a != nil {
			p.lines = append(p.lines, locales.RecordFailures(d.Failures, a.Retakes.Failures))
		}
	}
	events, err := s.events(ctx)
	if err != nil {
		return nil, err
	}
	first := true
	for _, e := range events {
		if (e.what == "summer" || e.what == "retakes") && h.Now().Before(e.until.AddDate(0, 0, 1)) {
			if first {
				p.lines = append(p.lines, locales.RecordTitle("windows"))
			}
			first = false
			p.lines = append(p.lines, locales.RecordEvent(locales.RecordWord("event-"+e.what), ask.Day(e.from), ask.Day(e.until)))
		}
	}
	p.lines = append(p.lines, locales.RecordHint("debts"))
	return p, nil
}

// recordPlan leads to what is planned.
func (h *Handlers) recordPlan(_ context.Context, s *student, _ []string) (*screen, error) {
	return &screen{lines: []ask.Line{locales.RecordTitle("plan"), locales.RecordHint("plan")}, rows: rowsOf(
		s.to("mine", "mine", "0"), s.to("curriculum", "prog", "0"), s.to("electives", "elect", "0"), s.to("compare", "comp", "0"), s.to("thesis", "final"),
	)}, nil
}

// linesOfPage is how many lines of a list stand on a page.
const linesOfPage = 15

// recordMine is the individual plan with what became of each discipline, the newest semester first.
func (h *Handlers) recordMine(ctx context.Context, s *student, parts []string) (*screen, error) {
	all, err := s.own(ctx, registrar.Plans)
	if err != nil {
		return nil, err
	}
	p := &screen{back: "plan", lines: []ask.Line{locales.RecordTitle("mine")}}
	if len(all) == 0 {
		lines, err := s.awaited(ctx, "plans", nil)
		p.lines = append(append(p.lines, locales.RecordNone("mine")), lines...)
		return p, err
	}
	yet, err := s.comesYet(ctx, "plans", 0, func(in registrar.Span) bool {
		return slices.ContainsFunc(all, func(e registrar.Entry) bool { return spanAt(e.Fields) == in })
	})
	if err != nil {
		return nil, err
	}
	p.lines = append(p.lines, yet...)
	if err := s.know(ctx, all); err != nil {
		return nil, err
	}
	slices.SortStableFunc(all, func(x, y registrar.Entry) int {
		return cmp.Or(-cmp.Compare(x.Fields["year"], y.Fields["year"]), -cmp.Compare(x.Fields.Int("semester"), y.Fields.Int("semester")), cmp.Compare(s.title(x.Fields), s.title(y.Fields)))
	})
	n, _ := strconv.Atoi(part(parts, 0))
	var semesters []registrar.Span
	for _, e := range all {
		if in := (registrar.Span{Year: e.Fields["year"], Semester: e.Fields.Int("semester")}); !slices.Contains(semesters, in) {
			semesters = append(semesters, in)
		}
	}
	n = max(0, min(n, len(semesters)-1))
	p.lines = append(p.lines, locales.RecordAbout(spanName(semesters[n])))
	sum := 0
	for _, e := range all {
		if e.Fields["year"] != semesters[n].Year || e.Fields.Int("semester") != semesters[n].Semester {
			continue
		}
		c, ok := e.Fields.Hundredths("credits")
		if !ok {
			c, _ = s.catalogue[e.Fields["discipline"]].Hundredths("credits")
		}
		var value any = locales.RecordWord("plan-" + e.Fields["status"])
		if c > 0 {
			value = locales.RecordBoth(value, locales.RecordCredits(trimmed(c)))
		}
		if e.Fields["note"] != "" {
			value = locales.RecordBoth(value, e.Fields["note"])
		}
		sum += c
		p.lines = append(p.lines, locales.RecordPair(s.title(e.Fields), value))
	}
	p.lines = append(p.lines, locales.RecordFact("credits", ask.Decimal(trimmed(sum))))
	p.rows = s.bySemester(semesters, n, "mine")
	return p, nil
}

// bySemester are the buttons of the other semesters, the newest first.
func (s *student) bySemester(all []registrar.Span, n int, screen string) (rows [][]ask.Button) {
	for i, t := range all {
		if i != n {
			rows = append(rows, []ask.Button{s.button(spanName(t), screen, strconv.Itoa(i))})
		}
	}
	return rows
}

// recordCurriculum is the programme by semester. Where it differs by the year of admission, the newest that
// is not after the student's is shown.
func (h *Handlers) recordCurriculum(ctx context.Context, s *student, parts []string) (*screen, error) {
	p := &screen{back: "plan", lines: []ask.Line{locales.RecordTitle("curriculum")}}
	if t := s.who["programme_title"]; t != "" {
		p.lines = append(p.lines, locales.RecordFact("programme", t))
	}
	var all []registrar.Entry
	var err error
	if s.reader.Programme != "" {
		if all, err = s.read(ctx, registrar.Curricula, registrar.OfProgramme(s.reader.Programme)); err != nil {
			return nil, err
		}
	}
	all = s.ofIntake(ctx, all)
	if len(all) == 0 {
		p.lines = append(p.lines, locales.RecordNone("curriculum"))
		return p, nil
	}
	if err := s.know(ctx, all); err != nil {
		return nil, err
	}
	var numbers []int
	for _, e := range all {
		if n := e.Fields.Int("semester"); !slices.Contains(numbers, n) {
			numbers = append(numbers, n)
		}
	}
	slices.Sort(numbers)
	n, _ := strconv.Atoi(part(parts, 0))
	if n == 0 { // the semester of now, as far as the course tells
		n = max(1, 2*s.who.Int("course")-1)
	}
	if !slices.Contains(numbers, n) {
		n = numbers[0]
	}
	p.lines = append(p.lines, locales.RecordAbout(locales.RecordNumbered(n)))
	sum := 0
	slices.SortStableFunc(all, func(x, y registrar.Entry) int { return cmp.Compare(s.title(x.Fields), s.title(y.Fields)) })
	for _, e := range all {
		if e.Fields.Int("semester") != n {
			continue
		}
		c, _ := e.Fields.Hundredths("credits")
		sum += c
		var value any = locales.RecordCredits(trimmed(c))
		if m := cmp.Or(e.Fields["component"], e.Fields["module"]); m != "" {
			value = locales.RecordBoth(value, m)
		}
		p.lines = append(p.lines, locales.RecordPair(s.title(e.Fields), value))
	}
	p.lines = append(p.lines, locales.RecordFact("credits", ask.Decimal(trimmed(sum))))
	var row []ask.Button
	for _, other := range numbers {
		if other == n {
			continue
		}
		if row = append(row, s.button(locales.RecordNumbered(other), "prog", strconv.Itoa(other))); len(row) == 2 {
			p.rows, row = append(p.rows, row), nil
		}
	}
	p.rows = append(p.rows, rowsOf(row)...)
	return p, nil
}

// ofIntake are the lines of the programme for who began when the student did. When that was is not in the
// record: it is the year in which the current course would have begun with the first.
func (s *student) ofIntake(ctx context.Context, all []registrar.Entry) []registrar.Entry {
	began := 0
	if courses, err := s.marked(ctx); err == nil && len(courses) > 0 {
		began, _ = strconv.Atoi(strings.SplitN(courses[0].Year, "-", 2)[0])
	} else if c := s.who.Int("course"); c > 0 {
		now := s.h.Now().In(s.h.zone())
		if began = now.Year() - c + 1; now.Month() < time.August {
			began--
		}
	}
	best, some := 0, false
	for _, e := range all {
		if y := e.Fields.Int("intake"); (began == 0 || y <= began) && (!some || y > best) {
			best, some = y, true
		}
	}
	if !some { // only for those who came later: better than nothing
		for i, e := range all {
			if y := e.Fields.Int("intake"); i == 0 || y < best {
				best = y
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(all), func(e registrar.Entry) bool { return e.Fields.Int("intake") != best })
}

// recordElectives are the disciplines that can be chosen, and until when.
func (h *Handlers) recordElectives(ctx context.Context, s *student, parts []string) (*screen, error) {
	p := &screen{back: "plan", lines: []ask.Line{locales.RecordTitle("electives")}}
	var all []registrar.Entry
	var err error
	if s.reader.Programme != "" {
		if all, err = s.read(ctx, registrar.Electives, registrar.OfProgramme(s.reader.Programme)); err != nil {
			return nil, err
		}
	}
	if len(all) == 0 {
		lines, err := s.awaited(ctx, "electives", nil)
		p.lines = append(append(p.lines, locales.RecordNone("electives")), lines...)
		return p, err
	}
	if err := s.know(ctx, all); err != nil {
		return nil, err
	}
	slices.SortStableFunc(all, func(x, y registrar.Entry) int {
		return cmp.Or(-cmp.Compare(x.Fields["year"], y.Fields["year"]), -cmp.Compare(x.Fields.Int("semester"), y.Fields.Int("semester")), cmp.Compare(s.title(x.Fields), s.title(y.Fields)))
	})
	newest := registrar.Span{Year: all[0].Fields["year"], Semester: all[0].Fields.Int("semester")}
	p.lines = append(p.lines, locales.RecordAbout(spanName(newest)))
	var lines []ask.Line
	for _, e := range all {
		f := e.Fields
		if f["year"] != newest.Year || f.Int("semester") != newest.Semester {
			continue
		}
		teacher, err := s.employee(ctx, f["teacher"])
		if err != nil {
			return nil, err
		}
		c, ok := f.Hundredths("credits")
		if !ok {
			c, _ = s.catalogue[f["discipline"]].Hundredths("credits")
		}
		var value any = locales.RecordCredits(trimmed(c))
		for _, more := range []string{teacher, f["description"]} {
			if more != "" {
				value = locales.RecordBoth(value, more)
			}
		}
		from, ok1 := ask.On(f["from"])
		until, ok2 := ask.On(f["until"])
		if ok1 && ok2 {
			value = locales.RecordBoth(value, locales.RecordSpan(from, until))
		}
		lines = append(lines, locales.RecordPair(s.title(f), value))
	}
	shown, turn := s.paged(lines, linesOfPage/2, part(parts, 0), "elect")
	p.lines, p.rows = append(p.lines, shown...), rowsOf(turn)
	p.lines = append(p.lines, locales.RecordHint("electives"))
	return p, nil
}

// recordComparison is the comparison sheet: what was recognised, and what has to be made up.
func (h *Handlers) recordComparison(ctx context.Context, s *student, parts []string) (*screen, error) {
	p := &screen{back: "plan", lines: []ask.Line{locales.RecordTitle("compare")}}
	all, err := s.own(ctx, registrar.Comparisons)
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		p.lines = append(p.lines, locales.RecordNone("compare"))
		return p, nil
	}
	if err := s.know(ctx, all); err != nil {
		return nil, err
	}
	var lines []ask.Line
	for _, status := range []string{"difference", "cleared", "recognised"} {
		for _, e := range all {
			f := e.Fields
			if f["status"] != status {
				continue
			}
			c, _ := f.Hundredths("credits")
			var value any = locales.RecordBoth(locales.RecordWord("compare-"+status), locales.RecordCredits(trimmed(c)))
			if f["letter"] != "" || f["score"] != "" {
				value = locales.RecordBoth(value, locales.RecordGrade(f["letter"], f["score"]))
			}
			if day, ok := ask.On(f["until"]); ok && status == "difference" {
				value = locales.RecordBoth(value, locales.RecordOrderBy(day))
			}
			lines = append(lines, locales.RecordPair(s.title(f), value))
		}
	}
	shown, turn := s.paged(lines, linesOfPage, part(parts, 0), "comp")
	p.lines, p.rows = append(p.lines, shown...), rowsOf(turn)
	p.lines = append(p.lines, locales.RecordHint("compare"))
	return p, nil
}

// recordThesis is the topic, the defence, and the final certification.
func (h *Handlers) recordThesis(ctx context.Context, s *student, _ []string) (*screen, error) {
	p := &screen{back: "plan", lines: []ask.Line{locales.RecordTitle("thesis")}}
	lines, err := s.thesis(ctx)
	if err != nil {
		return nil, err
	}
	if len(lines) == 0 {
		lines = []ask.Line{locales.RecordNone("thesis")}
	}
	p.lines = append(p.lines, lines...)
	courses, err := s.marked(ctx)
	if err != nil {
		return nil, err
	}
	a := h.University.Academic
	if d, ok := registrar.HonoursOf(a, courses, ""); ok && s.who.Int("course") >= 3 {
		p.lines = append(p.lines, locales.RecordTitle("honours"))
		switch {
		case !d.Possible:
			p.lines = append(p.lines, locales.RecordHint("honours-no"))
		case d.Short:
			p.lines = append(p.lines, locales.RecordHint("honours-short"))
		default:
			p.lines = append(p.lines, locales.RecordHint("honours-yes"))
		}
		for _, l := range d.Below {
			p.lines = append(p.lines, locales.RecordPair(s.course(l.Course), s.outcome(l.Course)))
		}
		p.lines = append(p.lines, locales.RecordFact("honours-gpa", ask.Decimal(hundredths(a.Honours.GPA))), locales.RecordFact("gpa", ask.Decimal(hundredths(d.GPA.Value))))
	}
	return p, nil
}

func (s *student) thesis(ctx context.Context) (lines []ask.Line, err error) {
	all, err := s.own(ctx, registrar.Theses)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	f := all[0].Fields
	add := func(label string, value any) { lines = append(lines, locales.RecordFact(label, value)) }
	if topic := cmp.Or(f["topic_"+string(s.t.Lang())], f["topic_kk"], f["topic_ru"], f["topic_en"]); topic != "" {
		add("topic", topic)
	}
	if f["supervisor"] != "" {
		add("supervisor", f["supervisor"])
	}
	if at := f.Time("defence", s.h.zone()); !at.IsZero() {
		add("defence", locales.RecordExam(at, f["room"]))
	}
	if f["letter"] != "" || f["score"] != "" {
		add("grade", locales.RecordGrade(f["letter"], f["score"]))
	}
	if f["certification"] != "" {
		add("certification", locales.RecordWord("certification-"+f["certification"]))
	}
	if f["qualification"] != "" {
		add("qualification", f["qualification"])
	}
	return lines, nil
}
