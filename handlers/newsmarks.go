package handlers

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
	"alt.edu.kz/dauys/notices"
	"alt.edu.kz/dauys/registrar"
)

// The news about marks, the sheets that they stand on, and what they come to.

var (
	marksNews = map[registrar.Kind]changeNews{registrar.Marks: (*Handlers).newsOfMark, registrar.Sheets: (*Handlers).newsOfSheet}
	markCards = map[notices.Card]newsCard{markCard: (*Handlers).cardOfMark, sheetCard: (*Handlers).cardOfSheet, progressCard: (*Handlers).cardOfProgress}
)

const (
	markCard     notices.Card = "mark"
	sheetCard    notices.Card = "sheet"
	progressCard notices.Card = "progress"
)

// ending are the marks after which a course may have ended: what they come to may have changed.
var ending = map[string]bool{registrar.OfExam: true, registrar.OfFinal: true, registrar.OfPaper: true, registrar.OfPractice: true, registrar.OfResearch: true}

const (
	// pastNews is how old a mark can be, or a sheet, that is new in the record and still news. What is older
	// the office puts in for completeness.
	pastNews = 180 * 24 * time.Hour
	// lateNews is how long after it was posted a mark has to come here to be called late.
	lateNews = 72 * time.Hour
)

// What a matter of progress says of the semester.
const (
	argYear     = "year"
	argSemester = "semester"
)

// valued are the fields of a mark; nil: there is a row without a mark, or none.
func valued(f registrar.Fields) registrar.Fields {
	if f["score"] == "" && f["letter"] == "" {
		return nil
	}
	return f
}

// sameMark tells whether two say the same mark, whatever else has changed of the row. A letter beside a
// percent that is the same is nothing new.
func sameMark(x, y registrar.Fields) bool {
	x, y = valued(x), valued(y)
	if (x == nil) != (y == nil) || x["score"] != y["score"] {
		return false
	}
	return x["letter"] == y["letter"] || x["score"] != "" && (x["letter"] == "" || y["letter"] == "")
}

func fieldsOf(e *registrar.Entry) registrar.Fields {
	if e == nil {
		return nil
	}
	return e.Fields
}

// newsOfMark is a mark that is new, has changed or is gone, and with it perhaps what the marks come to.
func (h *Handlers) newsOfMark(_ context.Context, _ *audience, c registrar.Change) ([]telling, error) {
	is, was := fieldsOf(c.Now), fieldsOf(c.Was)
	if sameMark(is, was) {
		return nil, nil
	}
	f, owner := is, ""
	if c.Now != nil {
		owner = c.Now.Owner
	} else {
		f, owner = was, c.Was.Owner
	}
	now := h.Now()
	if valued(was) == nil && h.pastMark(f, now) {
		return nil, nil
	}
	who := []string{owner}
	t := telling{topic: notices.Marks, card: markCard, persons: who}
	runs := false
	if valued(is) != nil { // when it comes depends on how long there is for an appeal
		t.matter.At, runs = h.termEnds(is, now)
	}
	if ending[f["control"]] || f["control"] == registrar.OfAdmission { // the others are ongoing
		t.topic, t.urgent = notices.Results, runs
	}
	all := []telling{t}
	if ending[f["control"]] || is["letter"] != was["letter"] {
		all = append(all, telling{topic: notices.Progress, card: progressCard, persons: who, about: "progress/" + f["year"] + "/" + f["semester"],
			matter: notices.Matter{Args: map[string]string{argYear: f["year"], argSemester: f["semester"]}}})
	}
	return all, nil
}

// pastMark tells whether a mark is of a time of which nobody waits for news any more.
func (h *Handlers) pastMark(f registrar.Fields, now time.Time) bool {
	if posted := f.Time("posted", h.zone()); !posted.IsZero() {
		return now.Sub(posted) > pastNews
	}
	year, _ := strconv.Atoi(f["year"][:min(4, len(f["year"]))])
	return year > 0 && year < now.In(h.zone()).Add(-pastNews).Year()-1
}

// termEnds is until when an appeal against a mark can be filed, if it is shown now; not ok: it cannot.
func (h *Handlers) termEnds(f registrar.Fields, now time.Time) (until time.Time, ok bool) {
	if appealControls[f["control"]] == "" || h.University.Academic == nil {
		return until, false
	}
	shown := now
	if posted := f.Time("posted", h.zone()); !posted.IsZero() && (now.Sub(posted) > shownLate || h.University.Academic.Appeals.From == dauys.FromPosted) {
		shown = posted
	}
	if end, limited := h.University.AppealUntil(shown, shown); limited && now.Before(end) {
		return end, true
	}
	return until, false
}

// ofMark is the course that a row of marks makes alone.
func (r *newsReader) ofMark(ctx context.Context, f registrar.Fields) (registrar.Course, error) {
	row := []registrar.Entry{{Kind: registrar.Marks, Fields: f}}
	if err := r.know(ctx, row); err != nil {
		return registrar.Course{}, err
	}
	return registrar.Courses(row, r.catalogue)[0], nil
}

// whole is that course with all marks that the student has there; not ok: none any more.
func (r *newsReader) whole(ctx context.Context, c registrar.Course) (all registrar.Course, ok bool, err error) {
	courses, err := r.marked(ctx)
	if err != nil {
		return all, false, err
	}
	i := slices.IndexFunc(courses, func(x registrar.Course) bool {
		return x.Year == c.Year && x.Semester == c.Semester && x.Key() == c.Key()
	})
	if i < 0 {
		return all, false, nil
	}
	return courses[i], true, nil
}

// marksHead is what a message about one mark is called.
func marksHead(control string) string {
	switch control {
	case registrar.OfExam, registrar.OfFinal:
		return control
	case registrar.Rating1, registrar.Rating2, registrar.OfAdmission:
		return "rating"
	}
	return "ongoing"
}

// cardOfMark is a mark as the record has it now.
func (h *Handlers) cardOfMark(ctx context.Context, r *newsReader, n notices.News) (p piece, err error) {
	is, err := r.now(ctx, n)
	was := n.Matter.Was
	if err != nil || sameMark(is, was) || r.student == nil {
		return piece{none: true}, err
	}
	p.seen = is
	f := valued(is)
	if f == nil {
		f = was
	}
	one, err := r.ofMark(ctx, f)
	if err != nil {
		return p, err
	}
	name, control := r.course(one), f["control"]
	word := locales.RecordWord("control-" + control)
	undone := n.Matter.Args[argUndone] != ""
	var head, line, verdict ask.Line
	switch {
	case valued(is) == nil:
		head, line = locales.NewsMarkHead("gone"), locales.NewsMarkGone(name, word, markOf(one.Mark(control)))
	case valued(was) == nil:
		head, line = locales.NewsMarkHead(marksHead(control)), locales.NewsMark(name, word, markOf(one.Mark(control)))
	default:
		before, err := r.ofMark(ctx, was)
		if err != nil {
			return p, err
		}
		head, line = locales.NewsMarkHead("changed"), locales.NewsMarkChanged(name, word, markOf(before.Mark(control)), markOf(one.Mark(control)))
		if c, outcome, _, err := r.verdict(ctx, before, control); err != nil {
			return p, err
		} else if outcome == flows.MarkChanged && n.State != notices.Sent && !undone {
			verdict = locales.NewsByAppeal(c.Number)
		}
	}
	if n.State == notices.Sent && valued(is) != nil { // it may have been decided upon since
		c, outcome, mark, err := r.verdict(ctx, one, control)
		if err != nil {
			return p, err
		}
		if outcome != "" {
			verdict = locales.NewsDecided(c.Number, outcome, mark)
		}
	}
	p.lines, p.short = []ask.Line{head, line}, []ask.Line{line}
	if valued(was) != nil || undone {
		if p.first, p.to, err = h.corrected(ctx, r, n); err != nil {
			return p, err
		}
	}
	whole, ok, err := r.whole(ctx, one)
	if err != nil {
		return p, err
	}
	// An earlier message that is put together anew must not say what another mark comes to.
	holds := ok && valued(is) != nil && whole.Mark(control) == one.Mark(control)
	if holds {
		come := r.comesTo(whole, control)
		p.lines, p.short = append(p.lines, come...), append(p.short, come...)
	}
	if verdict.Key != "" {
		p.lines, p.short = append(p.lines, verdict), append(p.short, verdict)
	}
	if valued(was) != nil {
		if sheet := cmp.Or(is["sheet"], was["sheet"]); sheet != "" {
			p.lines = append(p.lines, locales.NewsMarkSheet(sheet))
		}
	}
	if undone {
		p.lines = append(p.lines, locales.NewsMarkNote("undone"))
	} else if valued(is) == nil {
		p.lines = append(p.lines, locales.NewsMarkNote("gone"))
	}
	if !ok {
		return p, nil
	}
	here := append(spanData(registrar.Span{Year: one.Year, Semester: one.Semester}), marker(one.Key()))
	row := r.open(locales.Sentence(name), append([]string{"mark"}, here...)...)
	if holds {
		if err := r.dated(ctx, &p, n, is); err != nil {
			return p, err
		}
		until, open, err := r.appealUntil(ctx, whole, control)
		if err != nil {
			return p, err
		}
		if open && verdict.Key == "" {
			p.lines, p.short = append(p.lines, locales.NewsMarkUntil(until)), append(p.short, locales.NewsMarkUntil(until))
			row = append(row, r.open(locales.NewsMarkAppeal(locales.RecordWord("short-"+control)), append(append([]string{"appeal"}, here...), control)...)...)
			at := h.Now()
			if n.State == notices.Sent {
				at = n.Done
			}
			calm := n
			calm.Urgent, calm.Matter.At = false, time.Time{}
			_, waits, err := h.newsWait(ctx, r, calm, at)
			if err != nil {
				return p, err
			}
			if waits && n.Urgent {
				p.lines, p.short = append(p.lines, locales.NewsMarkHurry()), append(p.short, locales.NewsMarkHurry())
			}
		}
	}
	p.rows = [][]ask.Button{row}
	return p, nil
}

// dated says when a mark was posted, if that was some time before it came here.
func (r *newsReader) dated(ctx context.Context, p *piece, n notices.News, f registrar.Fields) error {
	posted := f.Time("posted", r.h.zone())
	day, ok := ask.On(f["posted"])
	if posted.IsZero() || !ok {
		return nil
	}
	im, err := r.h.Storage.BroughtBy(ctx, registrar.Marks, n.Matter.Key)
	if err != nil && !errors.Is(err, dauys.ErrNotFound) {
		return fmt.Errorf("when a mark came: %w", err)
	}
	if im.Settled.Sub(posted) > lateNews {
		p.lines = append(p.lines, locales.NewsMarkLate(day))
	}
	return nil
}

// appealUntil is until when an appeal against a mark of a course can be filed now.
func (r *newsReader) appealUntil(ctx context.Context, c registrar.Course, control string) (until time.Time, open bool, err error) {
	if appealControls[control] == "" || r.h.University.Academic == nil {
		return until, false, nil
	}
	since, ok, err := r.shown(ctx, c, control)
	if err != nil || !ok {
		return until, false, err
	}
	until, limited := r.h.University.AppealUntil(since, since)
	return until, limited && r.h.Now().Before(until), nil
}

// The marks before an exam, in the order in which they come; the first half of a semester is the first three.
var beforeExam = []string{registrar.Current1, registrar.Control1, registrar.Rating1, registrar.Current2, registrar.Control2, registrar.Rating2, registrar.OfAdmission}

// comesTo is what the marks of a course come to with a mark, if it is the last that there is: a rating,
// admission, the final mark.
func (r *newsReader) comesTo(c registrar.Course, control string) []ask.Line {
	a := r.h.University.Academic
	if a == nil {
		return nil
	}
	result := c.Result(a)
	step := func(of string) *registrar.Step {
		i := slices.IndexFunc(result.Steps, func(s registrar.Step) bool { return s.Of == of && s.Known })
		if i < 0 {
			return nil
		}
		return &result.Steps[i]
	}
	exam := c.Mark(registrar.OfExam).Given || c.Mark(registrar.OfFinal).Given
	if control == registrar.OfExam && !c.Mark(registrar.OfFinal).Given && result.Grade.Letter != "" {
		percent := ""
		if result.Scored {
			percent = exact(result.Score)
		}
		return []ask.Line{locales.NewsMarkComes(locales.RecordWord("control-"+registrar.OfFinal), locales.RecordGrade(result.Grade.Letter, percent))}
	}
	i := slices.Index(beforeExam, control)
	if exam || i < 0 || slices.ContainsFunc(beforeExam[i+1:], func(of string) bool { return c.Mark(of).Given }) {
		return nil
	}
	var lines []ask.Line
	half := registrar.Rating1
	if i > 2 {
		half = registrar.Rating2
	}
	if s := step(half); s != nil && control != half && control != registrar.OfAdmission {
		lines = append(lines, locales.NewsMarkComes(locales.RecordWord("control-"+half), locales.RecordGrade("", exact(s.Score))))
	}
	admission := step(registrar.OfAdmission)
	switch {
	case len(result.Hurdles) > 0 && result.Hurdles[0].Known:
		x := result.Hurdles[0]
		lines = append(lines, locales.NewsMarkBarred(locales.RecordHurdle(locales.RecordWord("short-"+x.Of), exact(x.Score), x.Least)))
	case len(result.Hurdles) > 0:
		lines = append(lines, locales.NewsMarkRefused())
	case admission != nil && control == registrar.OfAdmission:
		lines = append(lines, locales.NewsMarkAdmitted())
	case admission != nil:
		lines = append(lines, locales.NewsMarkComes(locales.RecordWord("control-"+registrar.OfAdmission), locales.RecordGrade("", exact(admission.Score))), locales.NewsMarkAdmitted())
	}
	return lines
}

// sheetClosed and sheetOpen are the states of a sheet.
const (
	sheetClosed = "closed"
	sheetOpen   = "open"
)

// newsOfSheet is a sheet that was closed, or opened again: those whose marks stand on it are told.
func (h *Handlers) newsOfSheet(ctx context.Context, _ *audience, c registrar.Change) ([]telling, error) {
	is, was := fieldsOf(c.Now), fieldsOf(c.Was)
	if (is["status"] == sheetClosed) == (was["status"] == sheetClosed) {
		return nil, nil
	}
	f := is
	if f == nil {
		f = was
	}
	closed := f.Time("closed", h.zone())
	if c.Was == nil && !closed.IsZero() && h.Now().Sub(closed) > pastNews {
		return nil, nil
	}
	marks, err := h.Storage.RecordsBy(ctx, registrar.Marks, registrar.OfSheet(f["year"], f["semester"], f["discipline"], f["group"]))
	if err != nil {
		return nil, fmt.Errorf("who is on a sheet: %w", err)
	}
	persons := map[string]bool{}
	for _, e := range marks {
		persons[e.Owner] = true
	}
	return []telling{{topic: notices.Results, card: sheetCard, persons: slices.Sorted(maps.Keys(persons))}}, nil
}

// cardOfSheet is a sheet that was closed, with what the course has come to.
func (h *Handlers) cardOfSheet(ctx context.Context, r *newsReader, n notices.News) (p piece, err error) {
	is, err := r.now(ctx, n)
	was := n.Matter.Was
	if err != nil || r.student == nil || (is["status"] == sheetClosed) == (was["status"] == sheetClosed) {
		return piece{none: true}, err
	}
	p.seen = is
	f := is
	if f == nil {
		f = was
	}
	one, err := r.ofMark(ctx, f)
	if err != nil {
		return p, err
	}
	whole, ok, err := r.whole(ctx, one)
	if err != nil || !ok {
		return piece{none: !ok}, err
	}
	name := r.course(whole)
	state := sheetOpen
	if is["status"] == sheetClosed {
		state = sheetClosed
	} else if p.first, p.to, err = h.corrected(ctx, r, n); err != nil {
		return p, err
	}
	p.lines = []ask.Line{locales.NewsSheetHead(state), locales.NewsSheet(name, f["sheet"], state)}
	p.short = []ask.Line{p.lines[1]}
	result := locales.NewsMarkComes(locales.RecordWord("control-"+registrar.OfFinal), r.outcome(whole))
	switch {
	case state == sheetOpen:
		p.lines = append(p.lines, locales.NewsMarkNote("reopened"))
	case r.crossed[n.About]: // nobody knows what it was then
	case whole.Result(h.University.Academic).Outcome != registrar.Going:
		p.lines, p.short = append(p.lines, result), append(p.short, result)
	}
	p.rows = [][]ask.Button{r.open(locales.Sentence(name), append(append([]string{"mark"}, spanData(registrar.Span{Year: whole.Year, Semester: whole.Semester})...), marker(whole.Key()))...)}
	return p, nil
}

// What was said of progress.
const (
	seenGPA    = "gpa"
	seenTerm   = "gpa-term"
	seenDone   = "passed" // how many courses; empty: the semester has not ended
	seenAll    = "courses"
	seenEarned = "earned"
	seenDebts  = "debts"
)

// cardOfProgress is the GPA that has changed, or, when all courses of a semester have ended, its summary.
func (h *Handlers) cardOfProgress(ctx context.Context, r *newsReader, n notices.News) (p piece, err error) {
	if r.student == nil {
		return piece{none: true}, nil
	}
	courses, err := r.marked(ctx)
	if err != nil {
		return p, err
	}
	a := h.University.Academic
	span := spanOf([]string{n.Matter.Args[argYear], n.Matter.Args[argSemester]})
	ever, ok := registrar.GPAOf(a, courses, registrar.Span{})
	if !ok {
		return piece{none: true}, nil
	}
	p.seen = registrar.Fields{seenGPA: hundredths(ever.Value)}
	if g, ok := registrar.GPAOf(a, courses, span); ok {
		p.seen[seenTerm] = hundredths(g.Value)
	}
	done, err := r.ended(ctx, span)
	if err != nil {
		return p, err
	}
	if done {
		passed, all := 0, in(courses, span)
		for _, c := range all {
			if c.Result(a).Outcome == registrar.Passed {
				passed++
			}
		}
		debts, err := r.debts(ctx)
		if err != nil {
			return p, err
		}
		p.seen[seenDone], p.seen[seenAll] = strconv.Itoa(passed), strconv.Itoa(len(all))
		p.seen[seenEarned], p.seen[seenDebts] = trimmed(registrar.CreditsOf(a, courses, span)), strconv.Itoa(len(debts))
	}
	var before registrar.Fields
	if n.State == notices.Sent {
		p.seen = n.Matter.Seen
	} else {
		old, err := h.Storage.ToldAbout(ctx, r.who, n.About)
		if err != nil && !errors.Is(err, dauys.ErrNotFound) {
			return p, fmt.Errorf("what somebody was told: %w", err)
		}
		if before = old.Matter.Seen; maps.Equal(before, p.seen) {
			return piece{none: true}, nil
		}
		if n.Matter.Args[argUndone] != "" || before[seenDone] != "" {
			told := n // together with other marks, perhaps: nothing of it was withdrawn as such
			told.Matter.Args = nil
			if p.first, p.to, err = h.corrected(ctx, r, told); err != nil {
				return p, err
			}
		}
	}
	table := r.open(locales.RecordButton("table"), append(append([]string{"table"}, spanData(registrar.Span{})...), "0")...)
	gpa := []ask.Line{locales.NewsGPA(p.seen[seenGPA], before[seenGPA])}
	if v := p.seen[seenTerm]; v != "" && v != p.seen[seenGPA] {
		gpa = append(gpa, locales.NewsTermGPA(spanName(span), v))
	}
	if p.seen[seenDone] == "" {
		p.lines = append([]ask.Line{locales.NewsProgressHead("gpa")}, gpa...)
		p.short = gpa
		p.rows = [][]ask.Button{table}
		return p, nil
	}
	sums := append([]ask.Line{locales.NewsPassed(p.seen.Int(seenDone), p.seen.Int(seenAll))}, gpa...)
	sums = append(sums, locales.NewsEarned(p.seen[seenEarned]))
	if debts := p.seen.Int(seenDebts); debts > 0 {
		sums = append(sums, locales.NewsDebts(debts))
	}
	p.lines = append([]ask.Line{locales.NewsProgressHead("summary"), locales.RecordAbout(spanName(span))}, sums...)
	p.short = append([]ask.Line{locales.RecordAbout(spanName(span))}, sums...)
	p.rows = [][]ask.Button{append(r.open(locales.RecordButton("summary"), append([]string{"sum"}, spanData(span)...)...), table...)}
	return p, nil
}

// ended tells whether all courses of a semester have: those of which there are marks, and those of the plan.
func (r *newsReader) ended(ctx context.Context, span registrar.Span) (bool, error) {
	courses, err := r.marked(ctx)
	if err != nil {
		return false, err
	}
	known := map[string]bool{}
	for _, c := range in(courses, span) {
		if c.Result(r.h.University.Academic).Outcome == registrar.Going {
			return false, nil
		}
		known[c.Discipline] = true
	}
	plans, err := r.own(ctx, registrar.Plans)
	if err != nil {
		return false, err
	}
	for _, e := range plans {
		f := e.Fields
		if f["year"] == span.Year && f.Int("semester") == span.Semester && f["status"] != "missing" && !known[f["discipline"]] {
			return false, nil
		}
	}
	return len(known) > 0, nil
}

// verdict is the appeal of the reader against a mark that was decided upon, if there is one, with the outcome
// and the new mark. What an appeal is about it says in words; they are those with which it was begun.
func (r *newsReader) verdict(ctx context.Context, c registrar.Course, control string) (on *dauys.Case, outcome, mark string, err error) {
	if appealControls[control] == "" {
		return nil, "", "", nil
	}
	cases, err := r.h.Storage.CasesOf(ctx, r.who, casesShown)
	if err != nil {
		return nil, "", "", fmt.Errorf("appeals of somebody: %w", err)
	}
	for _, x := range cases {
		if !r.isAbout(x, c, control) {
			continue
		}
		if e, ok := x.Latest(dauys.Decide); ok {
			if outcome, mark = verdictOf(e); outcome != "" {
				return x, outcome, mark, nil
			}
		}
	}
	return nil, "", "", nil
}

// verdictOf is what was decided about a mark, and which one it is from then on; empty: nothing yet.
func verdictOf(e dauys.Event) (outcome, mark string) {
	for _, d := range e.Details {
		switch {
		case d.Question == locales.VerdictOutcome && (d.Option == flows.MarkChanged || d.Option == flows.MarkUnchanged):
			outcome = d.Option
		case d.Question == "decision.mark":
			mark = d.Text
		}
	}
	return outcome, mark
}

// isAbout tells whether a case is an appeal against a mark.
func (r *newsReader) isAbout(x *dauys.Case, c registrar.Course, control string) bool {
	discipline := flows.Of(x, "discipline").Text
	named := discipline == c.Title || slices.Contains(slices.Collect(maps.Values(c.Titles)), discipline)
	return x.Kind == dauys.Appeal && discipline != "" && named && appealControls[control] == flows.Of(x, "control").Option &&
		r.asAppealed(c.Mark(control)) == flows.Of(x, "mark").Text
}

// onAppeal changes the message in which the applicant was told the mark that an appeal is about: it shows the
// decision. With it comes the way to that mark. Where the appeal does for two marks, or was written anew,
// nothing is done: the notice of the decision comes in any case.
func (h *Handlers) onAppeal(ctx context.Context, c *dauys.Case, e dauys.Event) (edits []ask.Reply, row []ask.Button, err error) {
	if outcome, _ := verdictOf(e); outcome == "" {
		return nil, nil, nil
	}
	readers, err := h.newsReaders(ctx, c.Applicant.Address)
	if err != nil {
		return nil, nil, err
	}
	for _, r := range readers.all {
		if r.student == nil {
			continue
		}
		told, course, err := r.appealed(ctx, c)
		if err != nil {
			return nil, nil, err
		}
		if len(told) != 1 {
			continue
		}
		edit, ok, err := h.retold(ctx, r, told[0].Message, ask.Line{})
		if err != nil {
			return nil, nil, err
		}
		if ok {
			edits = append(edits, edit)
		}
		here := append(spanData(registrar.Span{Year: course.Year, Semester: course.Semester}), marker(course.Key()))
		row = r.open(locales.Sentence(r.course(course)), append([]string{"mark"}, here...)...)
	}
	return edits, row, nil
}

// appealed are the news that have told the mark that an appeal is about.
func (r *newsReader) appealed(ctx context.Context, c *dauys.Case) (told []notices.News, course registrar.Course, err error) {
	if _, err := r.marked(ctx); err != nil {
		return nil, course, err
	}
	for _, e := range r.marks {
		if appealControls[e.Fields["control"]] != flows.Of(c, "control").Option {
			continue
		}
		n, err := r.h.Storage.ToldAbout(ctx, r.who, string(registrar.Marks)+"/"+e.Key)
		if errors.Is(err, dauys.ErrNotFound) || err == nil && (n.Message == "" || valued(n.Matter.Seen) == nil) {
			continue
		}
		if err != nil {
			return nil, course, fmt.Errorf("what somebody was told: %w", err)
		}
		said, err := r.ofMark(ctx, n.Matter.Seen)
		if err != nil {
			return nil, course, err
		}
		if r.isAbout(c, said, e.Fields["control"]) {
			told, course = append(told, n), said
		}
	}
	return told, course, nil
}
