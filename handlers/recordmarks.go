package handlers

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
	"alt.edu.kz/dauys/registrar"
)

// Marks, what they come to, and how.

// spanOf is a semester, from the data of a button.
func spanOf(parts []string) registrar.Span {
	n, _ := strconv.Atoi(part(parts, 1))
	return registrar.Span{Year: part(parts, 0), Semester: n}
}

// summerTerm is the number of the summer semester.
const summerTerm = 3

// spanName is what a part of the studies is called.
func spanName(in registrar.Span) ask.Line {
	switch {
	case in.Year == "":
		return locales.RecordTitle("ever")
	case in.Semester == 0:
		return locales.RecordYear(in.Year)
	}
	return locales.RecordTerm(in.Year, in.Semester)
}

// spanData is a part of the studies in the data of a button.
func spanData(in registrar.Span) []string { return []string{in.Year, strconv.Itoa(in.Semester)} }

// terms are the semesters of which there are marks, the newest first.
func terms(courses []registrar.Course) (all []registrar.Span) {
	for _, c := range courses { // which are sorted by semester
		if in := (registrar.Span{Year: c.Year, Semester: c.Semester}); !slices.Contains(all, in) {
			all = append(all, in)
		}
	}
	slices.Reverse(all)
	return all
}

// in are the courses of a part of the studies.
func in(courses []registrar.Course, span registrar.Span) (all []registrar.Course) {
	for _, c := range courses {
		if span.Has(c) {
			all = append(all, c)
		}
	}
	return all
}

// recordTerms offers the semesters.
func (h *Handlers) recordTerms(ctx context.Context, s *student, _ []string) (*screen, error) {
	p := &screen{lines: []ask.Line{locales.RecordTitle("marks")}}
	courses, err := s.marked(ctx)
	if err != nil {
		return nil, err
	}
	if len(courses) == 0 {
		lines, err := s.nextMarks(ctx)
		if err != nil {
			return nil, err
		}
		p.lines = append(append(p.lines, locales.RecordNone("marks")), lines...)
	} else {
		yet, err := s.resultsYet(ctx)
		if err != nil {
			return nil, err
		}
		p.lines = append(p.lines, yet...)
	}
	for _, t := range terms(courses) {
		var value any = locales.RecordNone("gpa")
		g, ok := registrar.GPAOf(h.University.Academic, courses, t)
		switch {
		case !ok && !slices.ContainsFunc(in(courses, t), func(c registrar.Course) bool {
			return c.Result(h.University.Academic).Outcome == registrar.Going
		}): // all has ended, and nothing counts
			value = locales.RecordCredits("0")
		case ok:
			value = locales.RecordSum(hundredths(g.Value), trimmed(registrar.CreditsOf(h.University.Academic, courses, t)))
		}
		p.lines = append(p.lines, locales.RecordPair(spanName(t), value))
		p.rows = append(p.rows, []ask.Button{s.button(spanName(t), append([]string{"term"}, spanData(t)...)...)})
	}
	return p, nil
}

// recordTerm lists the disciplines of a semester with what they came to.
func (h *Handlers) recordTerm(ctx context.Context, s *student, parts []string) (*screen, error) {
	courses, err := s.marked(ctx)
	if err != nil {
		return nil, err
	}
	span := spanOf(parts)
	p := &screen{back: "terms", lines: []ask.Line{locales.RecordAbout(spanName(span))}}
	for _, c := range in(courses, span) {
		p.lines = append(p.lines, locales.RecordPair(s.course(c), s.outcome(c)))
		p.rows = append(p.rows, []ask.Button{s.button(locales.Sentence(s.course(c)), append(append([]string{"mark"}, spanData(span)...), marker(c.Key()))...)})
	}
	if len(p.rows) == 0 {
		return nil, nil
	}
	p.rows = append(p.rows, s.to("summary", append([]string{"sum"}, spanData(span)...)...))
	return p, nil
}

// outcome is what a course has come to, or how far it is.
func (s *student) outcome(c registrar.Course) any {
	r := c.Result(s.h.University.Academic)
	letter := cmp.Or(r.Grade.Letter, c.Mark(registrar.OfFinal).Letter)
	switch {
	case letter != "" && r.Scored:
		return locales.RecordGrade(letter, exact(r.Score))
	case letter != "":
		return locales.RecordGrade(letter, "")
	case r.Outcome != registrar.Going:
		return locales.RecordWord("outcome-" + string(r.Outcome))
	}
	for _, m := range slices.Backward(registrar.Marked) {
		if mark := c.Mark(m.Word); mark.Given {
			return locales.RecordSoFar(locales.RecordWord("short-"+m.Word), markOf(mark))
		}
	}
	return locales.RecordNone("mark")
}

// markOf is a mark as the registrar has it.
func markOf(m registrar.Mark) any {
	switch {
	case m.Word != "":
		return locales.RecordWord("score-" + m.Word)
	case m.Scored:
		return locales.RecordGrade(m.Letter, trimmed(m.Score))
	}
	return locales.RecordGrade(m.Letter, "")
}

// found is the course that the data of a button means.
func (s *student) found(ctx context.Context, parts []string) (c registrar.Course, ok bool, err error) {
	courses, err := s.marked(ctx)
	if err != nil {
		return c, false, err
	}
	all := in(courses, spanOf(parts))
	i := slices.IndexFunc(all, func(c registrar.Course) bool { return marker(c.Key()) == part(parts, 2) })
	if i < 0 {
		return c, false, nil
	}
	return all[i], true, nil
}

// recordCourse shows all marks of a discipline and how the final one came about.
func (h *Handlers) recordCourse(ctx context.Context, s *student, parts []string) (*screen, error) {
	c, ok, err := s.found(ctx, parts)
	if !ok || err != nil {
		return nil, err
	}
	span := registrar.Span{Year: c.Year, Semester: c.Semester}
	here := append(spanData(span), marker(c.Key()))
	p := &screen{back: "term:" + strings.Join(spanData(span), ":"), lines: []ask.Line{locales.RecordAbout(s.course(c)), locales.RecordFact("term", spanName(span))}}
	if c.Credits > 0 {
		p.lines = append(p.lines, locales.RecordFact("credits", ask.Decimal(trimmed(c.Credits))))
	}
	teacher, err := s.employee(ctx, c.Teacher)
	if err != nil {
		return nil, err
	}
	if teacher != "" {
		p.lines = append(p.lines, locales.RecordFact("teacher", teacher))
	}
	p.lines = append(p.lines, locales.RecordTitle("all-marks"))
	for _, m := range registrar.Marked {
		mark := c.Mark(m.Word)
		if !mark.Given {
			continue
		}
		var value = markOf(mark)
		if day, ok := ask.On(mark.Posted); ok {
			value = locales.RecordPosted(value, day)
		}
		p.lines = append(p.lines, locales.RecordPair(locales.RecordWord("control-"+m.Word), value))
	}
	if h.University.Academic != nil {
		p.lines = append(p.lines, s.explained(c)...)
		lines, rows, err := s.appealable(ctx, c, here)
		if err != nil {
			return nil, err
		}
		p.lines, p.rows = append(p.lines, lines...), append(p.rows, rows...)
	}
	p.rows = append(p.rows, []ask.Button{h.button(s.t.Lang(), locales.RecordButton("chart"), paperPress+":marks:"+courseID(c))},
		s.to("fix", append([]string{"fixmark"}, here...)...))
	return p, nil
}

// explained says in sentences how the result of a course came about, or what it still waits for.
func (s *student) explained(c registrar.Course) (lines []ask.Line) {
	a := s.h.University.Academic
	r := c.Result(a)
	control := func(of string) ask.Line { return locales.RecordWord("control-" + of) }
	brief := func(of string) ask.Line { return locales.RecordWord("short-" + of) }
	for _, st := range r.Steps {
		switch {
		case st.Given:
			lines = append(lines, locales.RecordGiven(control(st.Of), exact(st.Score)))
			if st.Differs {
				lines = append(lines, locales.RecordDiffers(exact(st.Comes)))
			}
		case st.Worked && len(st.Parts) == 2:
			x, y := st.Parts[0], st.Parts[1]
			sum := (x.Score*registrar.Exact(x.Weight) + y.Score*registrar.Exact(y.Weight)) / 100
			lines = append(lines, locales.RecordMade(control(st.Of), exact(sum), brief(x.Of), exact(x.Score), weight(x.Weight), brief(y.Of), exact(y.Score), weight(y.Weight)))
			if sum != st.Comes {
				lines = append(lines, locales.RecordRounded(exact(st.Comes)))
			}
		}
	}
	for _, x := range r.Hurdles {
		if x.Known {
			lines = append(lines, locales.RecordBarred(locales.RecordHurdle(brief(x.Of), exact(x.Score), x.Least)))
			continue
		}
		lines = append(lines, locales.RecordHint("barred"))
	}
	switch {
	case r.Outcome == registrar.NoShow:
		lines = append(lines, locales.RecordHint("no-show"))
	case r.Outcome == registrar.Failed && len(r.Steps) > 3 && !r.Steps[3].Known && c.Mark(registrar.OfExam).Scored:
		lines = append(lines, locales.RecordHint("exam-failed"))
	}
	if g := r.Grade; g.Letter != "" {
		lines = append(lines, locales.RecordMeans(g.Letter, hundredths(g.Points), locales.RecordWord("grade-"+string(g.Word))))
	}
	if told := slices.ContainsFunc(r.Steps, func(st registrar.Step) bool { return st.Of == registrar.OfFinal && st.Differs }); r.Differs && !told {
		lines = append(lines, locales.RecordHint("differs"))
	}
	if len(r.Missing) > 0 {
		lines = append(lines, locales.RecordWaits(s.list(r.Missing, "short-")))
	}
	if i := slices.IndexFunc(r.Steps, func(st registrar.Step) bool { return st.Of == registrar.OfAdmission }); i >= 0 && r.Steps[i].Known && slices.Equal(r.Missing, []string{registrar.OfExam}) && len(r.Hurdles) == 0 {
		lines = append(lines, locales.RecordAims(exact(r.Steps[i].Score)))
		for _, aim := range registrar.Aims(a, r.Steps[i].Score) {
			if aim.Can {
				lines = append(lines, locales.RecordAim(aim.Grade.Letter, aim.Exam))
			}
		}
	}
	return lines
}

// weight is a weight in percent as a factor: 60 is 0.6.
func weight(percent int) string { return trimmed(percent) }

// list is words of a choice with commas between.
func (s *student) list(words []string, prefix string) string {
	var all []string
	for _, w := range words {
		all = append(all, s.h.Book.Plain(s.t.Lang(), locales.RecordWord(prefix+w)))
	}
	return strings.Join(all, ", ")
}

// appealControls are the marks against which an appeal can be filed, by the kind of control that it asks for.
var appealControls = map[string]string{
	registrar.Current1: flows.Ongoing, registrar.Current2: flows.Ongoing,
	registrar.Control1: flows.Rating, registrar.Control2: flows.Rating, registrar.Rating1: flows.Rating, registrar.Rating2: flows.Rating,
	registrar.OfPaper: flows.Interim, registrar.OfPractice: flows.Interim, registrar.OfExam: flows.Interim, registrar.OfFinal: flows.Interim,
}

const (
	// overShown is how long it is said that the time for an appeal has passed.
	overShown = 14 * 24 * time.Hour
	// shownLate is how long after the day on which it was posted a mark may come here and still be news.
	// What the first files bring of older times was shown elsewhere before.
	shownLate = 30 * 24 * time.Hour
)

// shown is since when the term for an appeal against a mark runs: when it could be seen here, or when it was
// posted. Not ok: nobody knows, or it was long ago.
func (s *student) shown(ctx context.Context, c registrar.Course, control string) (since time.Time, ok bool, err error) {
	i := slices.IndexFunc(s.marks, func(e registrar.Entry) bool {
		f := e.Fields
		return f["year"] == c.Year && f.Int("semester") == c.Semester && f["control"] == control && (f["discipline"] == c.Discipline && c.Discipline != "" || f["discipline"] == "" && f["title"] == c.Title)
	})
	if i < 0 {
		return since, false, nil
	}
	posted := s.marks[i].Fields.Time("posted", s.h.zone())
	if newest := s.courses[len(s.courses)-1]; posted.IsZero() && (c.Year != newest.Year || c.Semester != newest.Semester) || !posted.IsZero() && s.h.Now().Sub(posted) > shownLate+overShown {
		return since, false, nil // long ago in any case
	}
	im, err := s.h.Storage.BroughtBy(ctx, registrar.Marks, s.marks[i].Key)
	if err != nil && !errors.Is(err, dauys.ErrNotFound) {
		return since, false, fmt.Errorf("when a mark came: %w", err)
	}
	switch {
	case posted.IsZero():
		return im.Settled, !im.Settled.IsZero() && !im.Baseline, nil
	case im.Settled.Sub(posted) > shownLate, s.h.University.Academic.Appeals.From == dauys.FromPosted, im.Settled.IsZero():
		return posted, true, nil
	}
	return im.Settled, true, nil
}

// appealable are the marks of a course against which an appeal can be filed now, with until when.
func (s *student) appealable(ctx context.Context, c registrar.Course, here []string) (lines []ask.Line, rows [][]ask.Button, err error) {
	open := map[time.Time][]string{} // which controls, until when
	var over *ask.Line
	for _, m := range slices.Backward(registrar.Marked) {
		if !c.Mark(m.Word).Given || appealControls[m.Word] == "" {
			continue
		}
		since, ok, err := s.shown(ctx, c, m.Word)
		if err != nil {
			return nil, nil, err
		}
		if !ok {
			continue
		}
		until, limited := s.h.University.AppealUntil(since, since)
		now, control := s.h.Now(), locales.RecordWord("short-"+m.Word)
		switch {
		case !limited:
		case now.Before(until):
			open[until] = append(open[until], m.Word)
			rows = append(rows, []ask.Button{s.button(locales.RecordBoth(locales.RecordButton("appeal"), control), append([]string{"appeal"}, append(here, m.Word)...)...)})
		case now.Sub(until) < overShown && over == nil:
			line := locales.RecordAppealOver(control, until)
			over = &line
		}
	}
	for _, until := range slices.SortedFunc(maps.Keys(open), time.Time.Compare) {
		lines = append(lines, locales.RecordAppealUntil(s.list(open[until], "short-"), until))
	}
	if len(lines) == 0 && over != nil {
		lines = append(lines, *over)
	}
	return lines, rows, nil
}

// recordFlows are the conversations that begin on a screen of the record.
var recordFlows = map[string]func(*Handlers, context.Context, *student, []string) error{
	"appeal":  (*Handlers).recordAppeal,
	"fix":     (*Handlers).recordFix,
	"fixmark": (*Handlers).recordFixMark,
	"object":  (*Handlers).recordObject,
}

// known are the answers that the record has of a student.
func (s *student) known() map[string]ask.Answer {
	known := map[string]ask.Answer{"standing": {Values: []string{string(dauys.AsStudent)}}}
	for key, value := range map[string]string{"name": s.who["name"], "group": s.who["group"]} {
		if value != "" {
			known[key] = ask.Answer{Values: []string{value}}
		}
	}
	for _, i := range s.h.University.Institutes {
		if s.h.isInstitute(i, s.who["institute"]) {
			known["institute"] = ask.Answer{Values: []string{i.ID}}
		}
	}
	return known
}

// begun starts a conversation with answers of the record and with first words that are written already,
// unless there are too many open.
func (s *student) begun(ctx context.Context, f ask.Flow, known, written map[string]ask.Answer, above ...ask.Line) error {
	h, t := s.h, s.t
	if h.full(t) {
		return nil
	}
	given := h.given(t)
	agreed(t, known)
	putAside(t.State, false)
	start := f.Start(h.NewID(), given, known)
	start.Parts = written
	f, start, _ = h.steer(ctx, f, ask.Session{}, start)
	start.At = h.Now()
	h.reached(t, f, &start)
	t.State.Focus = &start
	return h.resume(t, above...)
}

// recordAppeal begins an appeal against a mark.
func (h *Handlers) recordAppeal(ctx context.Context, s *student, parts []string) error {
	c, ok, err := s.found(ctx, parts)
	if err != nil {
		return err
	}
	mark := c.Mark(part(parts, 3))
	if !ok || !mark.Given || appealControls[part(parts, 3)] == "" {
		return h.resume(s.t, locales.OldButton())
	}
	known := s.known()
	set := func(key, value string) {
		if value != "" {
			known[key] = ask.Answer{Values: []string{value}}
		}
	}
	set("topic", flows.AboutMark)
	set("control", appealControls[part(parts, 3)])
	set("discipline", s.course(c))
	since, ok, err := s.shown(ctx, c, part(parts, 3))
	if err != nil {
		return err
	}
	if ok {
		set(flows.Published, h.day(since))
	}
	set("mark", s.asAppealed(mark))
	examiner, err := s.examiner(ctx, c, part(parts, 3))
	if err != nil {
		return err
	}
	set("examiner", examiner)
	return s.begun(ctx, flows.Appeal, known, nil, locales.RecordPair(s.course(c), locales.RecordSoFar(locales.RecordWord("short-"+part(parts, 3)), markOf(mark))))
}

// asAppealed is a mark as an appeal has it.
func (s *student) asAppealed(mark registrar.Mark) string {
	if mark.Scored {
		return strings.TrimSpace(trimmed(mark.Score) + " " + mark.Letter)
	}
	return cmp.Or(mark.Letter, s.h.Book.Plain(s.t.Lang(), markOf(mark).(ask.Line)))
}

// examiner is who has given a mark: of an exam whoever holds it, of the others who teaches.
func (s *student) examiner(ctx context.Context, c registrar.Course, control string) (string, error) {
	if control == registrar.OfExam || control == registrar.OfFinal {
		exams, err := s.exams(ctx)
		if err != nil {
			return "", err
		}
		for _, e := range slices.Backward(exams) {
			if e.year == c.Year && e.semester == c.Semester && e.code == c.Discipline && e.examiner != "" && e.attempt != "consultation" {
				return s.employee(ctx, e.examiner)
			}
		}
	}
	return s.employee(ctx, c.Teacher)
}

// recordSummary is how a semester has ended.
func (h *Handlers) recordSummary(ctx context.Context, s *student, parts []string) (*screen, error) {
	courses, err := s.marked(ctx)
	if err != nil {
		return nil, err
	}
	span, a := spanOf(parts), h.University.Academic
	p := &screen{back: "term:" + strings.Join(spanData(span), ":"), lines: []ask.Line{locales.RecordTitle("summary"), locales.RecordAbout(spanName(span))}}
	going := 0
	for _, c := range in(courses, span) {
		if c.Result(a).Outcome == registrar.Going {
			going++
		}
		p.lines = append(p.lines, locales.RecordPair(s.course(c), s.outcome(c)))
	}
	if len(p.lines) == 2 {
		return nil, nil
	}
	if going > 0 {
		p.lines = append(p.lines, locales.RecordFact("open", going))
	}
	if g, ok := registrar.GPAOf(a, courses, span); ok {
		p.lines = append(p.lines, locales.RecordFact("gpa-term", ask.Decimal(hundredths(g.Value))))
	}
	if g, ok := registrar.GPAOf(a, courses, registrar.Span{}); ok {
		p.lines = append(p.lines, locales.RecordFact("gpa", ask.Decimal(hundredths(g.Value))))
	}
	p.lines = append(p.lines, locales.RecordFact("earned", ask.Decimal(trimmed(registrar.CreditsOf(a, courses, span)))))
	debts, err := s.debts(ctx)
	if err != nil {
		return nil, err
	}
	p.lines = append(p.lines, locales.RecordFact("debts", len(debts)))
	p.lines = append(p.lines, s.scholarship(courses, span)...)
	if _, ok := registrar.GPAOf(a, courses, span); ok {
		p.rows = append(p.rows, s.to("table", append([]string{"table"}, append(spanData(span), "0")...)...))
	}
	return p, nil
}

// scholarship says which scholarship the results of a semester allow, if anybody has said by which grades.
func (s *student) scholarship(courses []registrar.Course, span registrar.Span) []ask.Line {
	e := registrar.Scholarship(s.h.University.Academic, courses, span)
	if e.Class == registrar.Unknown {
		return nil
	}
	if b := s.who["basis"]; b != "" && b != "grant" {
		return []ask.Line{locales.RecordHint("paid")}
	}
	lines := []ask.Line{locales.RecordClass(string(e.Class), spanName(span), s.h.University.Academic.Scholarship.Letter)}
	for _, l := range e.Below {
		lines = append(lines, locales.RecordPair(s.course(l.Course), s.outcome(l.Course)))
	}
	return lines
}

// recordGPA shows the averages, and how the student stands before the next course.
func (h *Handlers) recordGPA(ctx context.Context, s *student, _ []string) (*screen, error) {
	p := &screen{lines: []ask.Line{locales.RecordTitle("gpa")}}
	courses, err := s.marked(ctx)
	if err != nil {
		return nil, err
	}
	a := h.University.Academic
	whole, ok := registrar.GPAOf(a, courses, registrar.Span{})
	if !ok {
		p.lines = append(p.lines, locales.RecordNone("gpa-ever"))
		return p, nil
	}
	add := func(in registrar.Span, g registrar.GPA) {
		p.lines = append(p.lines, locales.RecordPair(spanName(in), locales.RecordSum(hundredths(g.Value), trimmed(registrar.CreditsOf(a, courses, in)))))
		p.rows = append(p.rows, []ask.Button{s.button(spanName(in), append([]string{"table"}, append(spanData(in), "0")...)...)})
	}
	add(registrar.Span{}, whole)
	var year string
	all := terms(courses)
	for _, t := range all {
		if t.Year != year {
			year = t.Year
			if g, ok := registrar.GPAOf(a, courses, registrar.Span{Year: year}); ok {
				add(registrar.Span{Year: year}, g)
			}
		}
		if g, ok := registrar.GPAOf(a, courses, t); ok {
			add(t, g)
		}
	}
	p.rows = append(p.rows, h.paperButtons(s.t.Lang(), "gpa"))
	p.lines = append(p.lines, locales.RecordHint("table"))
	p.lines = append(p.lines, s.passage(courses)...)
	for _, t := range all { // the newest semester, and the one before while that is not decided
		if t.Semester == summerTerm {
			continue
		}
		p.lines = append(p.lines, s.scholarship(courses, t)...)
		if registrar.Scholarship(a, courses, t).Class != registrar.Undecided || s.who["basis"] != "grant" {
			break
		}
	}
	return p, nil
}

// passage says how the GPA of the newest year compares with what the next course asks for.
func (s *student) passage(courses []registrar.Course) []ask.Line {
	from, newest := s.who.Int("course"), courses[len(courses)-1].Year
	way, ok := registrar.PassageOf(s.h.University.Academic, "", newest, from, courses)
	if !ok {
		return nil
	}
	if !way.Known {
		return []ask.Line{locales.RecordPassageLater(from, newest, hundredths(way.Least)), locales.RecordHint("passage")}
	}
	lines := []ask.Line{locales.RecordPassage(from, newest, hundredths(way.Least), hundredths(way.GPA.Value))}
	if way.Short {
		lines = append(lines, locales.RecordShort(hundredths(way.Least-way.GPA.Value)))
	} else {
		lines = append(lines, locales.RecordPassed(hundredths(way.GPA.Value-way.Least)))
	}
	return append(lines, locales.RecordHint("passage"))
}

// linesOfTable is how many courses stand on a page of the table.
const linesOfTable = 12

// recordTable shows the courses behind a GPA: credits by points, and their sums.
func (h *Handlers) recordTable(ctx context.Context, s *student, parts []string) (*screen, error) {
	courses, err := s.marked(ctx)
	if err != nil {
		return nil, err
	}
	span := spanOf(parts)
	g, ok := registrar.GPAOf(h.University.Academic, courses, span)
	if !ok {
		return nil, nil
	}
	var rows []ask.Line
	for _, l := range g.Lines {
		rows = append(rows, locales.RecordProduct(s.course(l.Course), l.Result.Grade.Letter, trimmed(l.Course.Credits), hundredths(l.Result.Grade.Points), product(l.Worth)))
	}
	shown, turn := s.paged(rows, linesOfTable, part(parts, 2), append([]string{"table"}, spanData(span)...)...)
	p := &screen{back: "gpa", lines: []ask.Line{locales.RecordTitle("table"), locales.RecordAbout(spanName(span))}, rows: rowsOf(turn)}
	p.lines = append(p.lines, shown...)
	p.lines = append(p.lines, locales.RecordQuotient(product(g.Worth), trimmed(g.Credits), hundredths(g.Value)))
	if len(g.Replaced) > 0 {
		p.lines = append(p.lines, locales.RecordHint("replaced"))
		for _, l := range g.Replaced {
			p.lines = append(p.lines, locales.RecordPair(s.course(l.Course), locales.RecordBoth(spanName(registrar.Span{Year: l.Course.Year, Semester: l.Course.Semester}), s.outcome(l.Course))))
		}
	}
	return p, nil
}

// recordAdmission says to which exams of the newest semester the student is admitted, and why not to others.
func (h *Handlers) recordAdmission(ctx context.Context, s *student, _ []string) (*screen, error) {
	p := &screen{back: "exams", lines: []ask.Line{locales.RecordTitle("admission")}}
	courses, err := s.marked(ctx)
	if err != nil {
		return nil, err
	}
	all := terms(courses)
	if len(all) == 0 || h.University.Academic == nil {
		lines, err := s.awaited(ctx, "rating2", nil)
		p.lines = append(append(p.lines, locales.RecordNone("admission")), lines...)
		return p, err
	}
	yet, err := s.comesYet(ctx, "rating2", 0, hasMarks(s.marks, "tc2", "rc2", "r2", "admission"))
	if err != nil {
		return nil, err
	}
	p.lines = append(p.lines, yet...)
	p.lines = append(p.lines, locales.RecordAbout(spanName(all[0])))
	least := strconv.Itoa(h.University.Academic.Admission.Least)
	for _, c := range in(courses, all[0]) {
		r := c.Result(h.University.Academic)
		var value any
		var rating *registrar.Step
		for i := range r.Steps {
			if r.Steps[i].Of == registrar.OfAdmission && r.Steps[i].Known {
				rating = &r.Steps[i]
			}
		}
		switch {
		case len(r.Hurdles) > 0 && r.Hurdles[0].Known:
			x := r.Hurdles[0]
			value = locales.RecordBoth(locales.RecordWord("admitted-no"), locales.RecordHurdle(locales.RecordWord("short-"+x.Of), exact(x.Score), x.Least))
		case len(r.Hurdles) > 0:
			value = locales.RecordBoth(locales.RecordWord("admitted-no"), locales.RecordHint("barred"))
		case rating != nil:
			value = locales.RecordBoth(locales.RecordWord("admitted-yes"), locales.RecordSoFar(locales.RecordWord("short-admission"), locales.RecordGrade("", exact(rating.Score))))
		case c.Mark(registrar.OfExam).Given || c.Mark(registrar.OfFinal).Given:
			value = locales.RecordWord("admitted-done")
		case len(r.Missing) > 0:
			var missing []string
			for _, m := range r.Missing {
				if m != registrar.OfExam {
					missing = append(missing, m)
				}
			}
			value = locales.RecordWaits(s.list(missing, "short-"))
		default:
			value = locales.RecordWord("admitted-none")
		}
		p.lines = append(p.lines, locales.RecordPair(s.course(c), value))
	}
	p.lines = append(p.lines, locales.RecordFact("least", ask.Decimal(least)), locales.RecordHint("admission"))
	return p, nil
}
