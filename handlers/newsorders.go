package handlers

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
	"alt.edu.kz/dauys/notices"
	"alt.edu.kz/dauys/registrar"
)

// The news about orders, exams, plans, debts and the rest of the record but marks. Where each entry stands for
// itself (orders, exams, forms of control, the calendar, debts), there are news of each, and the card compares
// what the reader knows with what holds. Where many make one thing (the electives of a semester, an individual
// plan, a comparison sheet), there are news of the thing, and the card says what is in it now.

var (
	ordersNews = map[registrar.Kind]changeNews{
		registrar.Orders:      (*Handlers).newsOfOrder,
		registrar.Exams:       (*Handlers).newsOfExam,
		registrar.Controls:    (*Handlers).newsOfControl,
		registrar.Calendar:    (*Handlers).newsOfEvent,
		registrar.Electives:   (*Handlers).newsOfElective,
		registrar.Plans:       (*Handlers).newsOfPlan,
		registrar.Debts:       (*Handlers).newsOfDebt,
		registrar.Comparisons: (*Handlers).newsOfComparison,
		registrar.Theses:      (*Handlers).newsOfThesis,
	}
	orderCards = map[notices.Card]newsCard{
		orderCard:      ofRecord((*Handlers).cardOfOrder),
		unseenCard:     (*Handlers).cardOfUnseen,
		examCard:       ofRecord((*Handlers).cardOfExam),
		controlCard:    ofRecord((*Handlers).cardOfControl),
		eventCard:      ofRecord((*Handlers).cardOfEvent),
		electivesCard:  ofRecord((*Handlers).cardOfElectives),
		planCard:       ofRecord((*Handlers).cardOfPlan),
		debtCard:       ofRecord((*Handlers).cardOfDebt),
		comparisonCard: ofRecord((*Handlers).cardOfComparison),
		thesisCard:     ofRecord((*Handlers).cardOfThesis),
	}
	orderJobs = map[string]jobNews{UnseenJob: (*Handlers).newsOfUnseen}
)

const (
	orderCard      notices.Card = "order"
	unseenCard     notices.Card = "unseen"
	examCard       notices.Card = "exam"
	controlCard    notices.Card = "control"
	eventCard      notices.Card = "event"
	electivesCard  notices.Card = "electives"
	planCard       notices.Card = "plan"
	debtCard       notices.Card = "debt"
	comparisonCard notices.Card = "comparison"
	thesisCard     notices.Card = "thesis"
)

// What news of a thing that many entries make know of it.
const (
	argProgramme = "programme"
	argNew       = "new" // there was nothing before
)

// linesOfNews is how many lines of a list stand on a card; the button leads to all of them.
const linesOfNews = 10

// overtaken are the cards after which an earlier one about the same is wrong: who finds it must not go by it.
var overtaken = []notices.Card{orderCard, examCard, controlCard, eventCard}

// ofRecord is a card of what the record says of a student: the account of an employee has none. What comes
// because an import was taken back says so. It answers what the reader was told of the same before.
func ofRecord(card newsCard) newsCard {
	return func(h *Handlers, ctx context.Context, r *newsReader, n notices.News) (piece, error) {
		if r.student == nil {
			return piece{none: true}, nil
		}
		p, err := card(h, ctx, r, n)
		if err != nil || p.none || n.State == notices.Sent {
			return p, err
		}
		undone := n.Matter.Args[argUndone] != ""
		if undone {
			p.lines = append([]ask.Line{locales.NewsUndone()}, p.lines...)
		}
		if undone || len(p.seen) == 0 || slices.Contains(overtaken, n.Card) {
			p.first, p.to, err = h.corrected(ctx, r, n)
			return p, err
		}
		old, err := h.toldAbout(ctx, r.who, n.About)
		p.to = old.Message
		return p, err
	}
}

// versions are what the reader knows of an entry and what holds of it now; not ok when that is the same.
func (r *newsReader) versions(ctx context.Context, n notices.News) (was, now registrar.Fields, ok bool, err error) {
	if was, now = n.Matter.Was, nil; r.student == nil {
		return was, now, false, nil
	}
	if now, err = r.now(ctx, n); err != nil || maps.Equal(was, now) {
		return was, now, false, err
	}
	var both []registrar.Entry
	for _, f := range []registrar.Fields{was, now} {
		if len(f) > 0 {
			both = append(both, registrar.Entry{Kind: n.Matter.Kind, Fields: f})
		}
	}
	return was, now, true, r.know(ctx, both)
}

// whatIs says what has become of an entry: new, changed, gone.
func whatIs(was, now registrar.Fields) string {
	switch {
	case len(was) == 0:
		return string(registrar.New)
	case len(now) == 0:
		return string(registrar.Gone)
	}
	return string(registrar.Changed)
}

// saidOf are what an entry says after a change, or has said when it is gone.
func saidOf(c registrar.Change) registrar.Fields {
	if c.Now != nil {
		return c.Now.Fields
	}
	return c.Was.Fields
}

// ownerOf is whose the entry of a change is.
func ownerOf(c registrar.Change) string {
	if c.Now != nil {
		return c.Now.Owner
	}
	return c.Was.Owner
}

// told is what a reader was told last about something; nil: nothing.
func (r *newsReader) told(ctx context.Context, about string) (registrar.Fields, error) {
	n, err := r.h.toldAbout(ctx, r.who, about)
	return n.Matter.Seen, err
}

// differs is a line about a value that is not what it was; a value that was not there is simply said.
func differs(label ask.Line, was, now any) ask.Line {
	if now == nil {
		now = locales.NewsEmpty()
	}
	if was == nil {
		return locales.NewsAbout(label, now)
	}
	return locales.NewsChange(label, was, now)
}

// text is a value in words as it stands; nil: there is none.
func text(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// dayOf is a day of the record; as it stands when it is none.
func dayOf(s string) any {
	if day, ok := ask.On(s); ok {
		return day
	}
	return text(s)
}

// wordOf is a word of a choice of the record.
func wordOf(of, word string) any {
	if word == "" {
		return nil
	}
	return locales.RecordWord(of + "-" + word)
}

// Exams.

func (h *Handlers) newsOfExam(ctx context.Context, a *audience, c registrar.Change) ([]telling, error) {
	later := false
	for _, e := range []*registrar.Entry{c.Was, c.Now} {
		if e != nil {
			at, _ := examAt(e.Fields, h.zone())
			later = later || at.After(h.Now())
		}
	}
	if !later { // it was long ago, whatever the timetable says of it now
		return nil, nil
	}
	f := saidOf(c)
	persons, err := a.group(ctx, f["group"])
	at, _ := examAt(f, h.zone())
	return []telling{{topic: notices.Exams, card: examCard, persons: persons, matter: notices.Matter{At: at}}}, err
}

// cardOfExam is an exam that is new, has moved, or is not held.
func (h *Handlers) cardOfExam(ctx context.Context, r *newsReader, n notices.News) (p piece, err error) {
	before, now, ok, err := r.versions(ctx, n)
	if !ok || err != nil {
		return piece{none: true}, err
	}
	f := now
	if len(now) == 0 {
		f = before
	}
	was, is := r.exam(before), r.exam(now)
	if n.State != notices.Sent {
		if r.reader.Group != f["group"] || !was.at.After(h.Now()) && !is.at.After(h.Now()) {
			return piece{none: true}, nil
		}
		if passed, err := r.passed(ctx, f); err != nil || passed && f["attempt"] == "retake" { // it is for others of the group
			return piece{none: true}, err
		}
	}
	what := whatIs(before, now)
	p = piece{seen: now, lines: []ask.Line{locales.NewsExam(what)}, rows: [][]ask.Button{r.open(locales.RecordButton("exams"), "exams"), r.calendarFile()}}
	is.title = cmp.Or(is.title, was.title)
	switch what {
	case string(registrar.Gone):
		kind, err := r.examIs(ctx, was)
		if err != nil {
			return p, err
		}
		line := locales.NewsExamGone(was.title, kind, locales.RecordExam(was.at, was.room))
		p.short, p.lines = []ask.Line{line}, append(p.lines, locales.RecordSession(was.title, kind, locales.RecordExam(was.at, was.room), ""), locales.NewsExamWait())
		return p, nil
	case string(registrar.New):
		kind, err := r.examIs(ctx, is)
		if err != nil {
			return p, err
		}
		line, err := r.examLine(ctx, is)
		p.short, p.lines = []ask.Line{locales.NewsExamNew(is.title, kind, locales.RecordExam(is.at, is.room))}, append(p.lines, line)
		return p, err
	}
	kind, err := r.examIs(ctx, is)
	if err != nil {
		return p, err
	}
	line, err := r.examLine(ctx, is)
	if err != nil {
		return p, err
	}
	var changes []ask.Line
	if !was.at.Equal(is.at) {
		changes = append(changes, differs(locales.NewsLabel("when"), locales.RecordExam(was.at, ""), locales.RecordExam(is.at, "")))
	}
	if was.room != is.room {
		changes = append(changes, differs(locales.NewsLabel("room"), text(was.room), text(is.room)))
	}
	if was.form != is.form {
		changes = append(changes, differs(locales.NewsLabel("form"), wordOf("form", was.form), wordOf("form", is.form)))
	}
	if was.examiner != is.examiner {
		first, err := r.employee(ctx, was.examiner)
		if err != nil {
			return p, err
		}
		second, err := r.employee(ctx, is.examiner)
		if err != nil {
			return p, err
		}
		if first != second {
			changes = append(changes, differs(locales.NewsLabel("examiner"), text(first), text(second)))
		}
	}
	if was.note != is.note {
		changes = append(changes, differs(locales.NewsLabel("note"), text(was.note), text(is.note)))
	}
	if len(changes) == 0 {
		return piece{none: true}, nil
	}
	p.lines = append(append(p.lines, line), changes...)
	p.short = []ask.Line{locales.NewsExamMoved(is.title, kind, locales.RecordExam(was.at, was.room), locales.RecordExam(is.at, is.room))}
	if was.at.Equal(is.at) && was.room == is.room {
		p.short = append([]ask.Line{locales.NewsExamNew(is.title, kind, locales.RecordExam(is.at, is.room))}, changes...)
	}
	return p, nil
}

// passed tells whether the student has passed a discipline in the semester of an entry.
func (r *newsReader) passed(ctx context.Context, f registrar.Fields) (bool, error) {
	courses, err := r.marked(ctx)
	if err != nil {
		return false, err
	}
	i := slices.IndexFunc(courses, func(c registrar.Course) bool {
		return c.Discipline == f["discipline"] && c.Year == f["year"] && c.Semester == f.Int("semester")
	})
	return i >= 0 && courses[i].Result(r.h.University.Academic).Outcome == registrar.Passed, nil
}

// Forms of final control.

// newsOfControl concerns who has the discipline in the plan of that semester.
func (h *Handlers) newsOfControl(ctx context.Context, _ *audience, c registrar.Change) ([]telling, error) {
	f := saidOf(c)
	plans, err := h.Storage.RecordsBy(ctx, registrar.Plans, registrar.OfDiscipline(f["discipline"]))
	if err != nil {
		return nil, err
	}
	var persons []string
	for _, e := range plans {
		if e.Fields["year"] == f["year"] && e.Fields["semester"] == f["semester"] && !slices.Contains(persons, e.Owner) {
			persons = append(persons, e.Owner)
		}
	}
	slices.Sort(persons)
	return []telling{{topic: notices.Exams, card: controlCard, persons: persons}}, nil
}

func (h *Handlers) cardOfControl(ctx context.Context, r *newsReader, n notices.News) (p piece, err error) {
	was, now, ok, err := r.versions(ctx, n)
	if !ok || err != nil || was["form"] == now["form"] {
		return piece{none: true}, err
	}
	p = piece{seen: now, rows: [][]ask.Button{r.open(locales.RecordButton("exams"), "exams")}}
	var line ask.Line
	switch {
	case len(now) == 0:
		line = locales.NewsControlLost(r.title(was), wordOf("form", was["form"]))
	case len(was) == 0:
		line = locales.NewsControlIs(r.title(now), wordOf("form", now["form"]))
	default:
		line = locales.NewsControlWas(r.title(now), wordOf("form", was["form"]), wordOf("form", now["form"]))
	}
	p.lines = []ask.Line{locales.NewsControl(whatIs(was, now)), line}
	p.short = p.lines[1:2:2]
	if now["order"] != "" {
		p.lines = append(p.lines, locales.NewsControlOrder(now["order"]))
	}
	return p, nil
}

// The academic calendar.

func (h *Handlers) newsOfEvent(ctx context.Context, a *audience, c registrar.Change) ([]telling, error) {
	f := saidOf(c)
	if f.Time("until", h.zone()).AddDate(0, 0, 1).Before(h.Now()) && (c.Was == nil || c.Was.Fields.Time("until", h.zone()).Before(h.Now())) {
		return nil, nil
	}
	persons, err := a.students(ctx, func(s registrar.Fields) bool {
		return (f["programme"] == "" || f["programme"] == s["programme"]) && (f["course"] == "" || s["course"] == "" || f["course"] == s["course"])
	})
	return []telling{{topic: notices.Plans, card: eventCard, persons: persons, matter: notices.Matter{At: f.Time("from", h.zone())}}}, err
}

func (h *Handlers) cardOfEvent(ctx context.Context, r *newsReader, n notices.News) (p piece, err error) {
	was, now, ok, err := r.versions(ctx, n)
	if !ok || err != nil {
		return piece{none: true}, err
	}
	p = piece{seen: now, rows: [][]ask.Button{r.open(locales.RecordButton("calendar"), "year")}}
	days := func(f registrar.Fields) ask.Line {
		return locales.RecordSpan(ask.Day(f.Time("from", h.zone())), ask.Day(f.Time("until", h.zone())))
	}
	var line ask.Line
	switch {
	case len(now) == 0:
		line = locales.NewsEventLost(wordOf("event", was["event"]), days(was))
	case len(was) == 0:
		line = locales.RecordEvent(locales.RecordWord("event-"+now["event"]), ask.Day(now.Time("from", h.zone())), ask.Day(now.Time("until", h.zone())))
	case was["from"] == now["from"] && was["until"] == now["until"]: // a note only, which stands on the screen
		return piece{none: true}, nil
	default:
		line = locales.NewsEventMoved(wordOf("event", now["event"]), days(was), days(now))
	}
	p.lines, p.short = []ask.Line{locales.NewsEvent(whatIs(was, now)), line}, []ask.Line{line}
	if now["note"] != "" {
		p.lines = append(p.lines, differs(locales.NewsLabel("note"), nil, now["note"]))
	}
	return p, nil
}

// What many entries make.

// thing are news of a thing that many entries of a semester make.
func thing(c registrar.Change, topic notices.Topic, card notices.Card, about string, persons ...string) []telling {
	f := saidOf(c)
	args := map[string]string{argYear: f["year"], argSemester: f["semester"], argProgramme: f["programme"]}
	return []telling{{topic: topic, card: card, about: about, persons: persons, matter: notices.Matter{Args: args}}}
}

// perhapsNew is the same of a thing that the reader can be told is new: all of it came with one file.
func (h *Handlers) perhapsNew(ctx context.Context, c registrar.Change, all []telling) ([]telling, error) {
	if c.Now == nil {
		return all, nil
	}
	entries, err := h.Storage.Records(ctx, c.Now.Kind, c.Now.Owner)
	if err != nil {
		return nil, fmt.Errorf("what a thing is made of: %w", err)
	}
	file := ""
	for _, e := range entries {
		if e.Scope != c.Now.Scope {
			continue
		}
		im, err := h.Storage.BroughtBy(ctx, e.Kind, e.Key)
		if errors.Is(err, dauys.ErrNotFound) { // taken away meanwhile
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("which file has brought it: %w", err)
		}
		if file == "" {
			file = im.ID
		}
		if im.ID != file || im.Baseline {
			return all, nil
		}
	}
	for i := range all {
		all[i].matter.Args[argNew] = "yes"
	}
	return all, nil
}

// spanOfNews is the semester that they are about.
func spanOfNews(n notices.News) registrar.Span {
	return spanOf([]string{n.Matter.Args[argYear], n.Matter.Args[argSemester]})
}

// becomes is what has become of a thing: last is what the reader was told of it.
func becomes(n notices.News, last, now registrar.Fields) string {
	switch {
	case len(now) == 0:
		return string(registrar.Gone)
	case len(last) == 0 && n.Matter.Args[argNew] != "":
		return string(registrar.New)
	}
	return string(registrar.Changed)
}

// The electives of a semester.

func (h *Handlers) newsOfElective(ctx context.Context, a *audience, c registrar.Change) ([]telling, error) {
	f := saidOf(c)
	persons, err := a.students(ctx, func(s registrar.Fields) bool { return s["programme"] == f["programme"] })
	if err != nil {
		return nil, err
	}
	return h.perhapsNew(ctx, c, thing(c, notices.Plans, electivesCard, strings.Join([]string{"electives", f["programme"], f["year"], f["semester"]}, "/"), persons...))
}

func (h *Handlers) cardOfElectives(ctx context.Context, r *newsReader, n notices.News) (p piece, err error) {
	if n.State == notices.Sent { // only what is in it now is known
		return piece{none: true}, nil
	}
	all, err := r.of(ctx, registrar.Electives, registrar.OfProgramme(n.Matter.Args[argProgramme]), n)
	if err != nil {
		return p, err
	}
	last, err := r.told(ctx, n.About)
	if err != nil {
		return p, err
	}
	p = piece{seen: registrar.Fields{}, rows: [][]ask.Button{r.open(locales.RecordButton("electives"), "elect", "0")}}
	var lines []ask.Line
	from, until := "", ""
	for _, e := range all {
		f := e.Fields
		p.seen[f["discipline"]] = f["from"] + "–" + f["until"]
		if f["from"] != "" && (from == "" || f["from"] < from) {
			from = f["from"]
		}
		until = max(until, f["until"])
		c, ok := f.Hundredths("credits")
		if !ok {
			c, _ = r.catalogue[f["discipline"]].Hundredths("credits")
		}
		lines = append(lines, locales.NewsAbout(r.title(f), locales.RecordCredits(trimmed(c))))
	}
	what := becomes(n, last, p.seen)
	if maps.Equal(last, p.seen) || what == string(registrar.Gone) && n.Matter.Args[argNew] == "" && len(last) == 0 {
		return piece{none: true}, nil
	}
	p.lines = append([]ask.Line{locales.NewsElectives(what, spanName(spanOfNews(n)))}, lines[:min(len(lines), linesOfNews)]...)
	first, ok1 := ask.On(from)
	end, ok2 := ask.On(until)
	if ok1 && ok2 {
		p.lines = append(p.lines, locales.NewsElectivesWhen(locales.RecordSpan(first, end)))
	}
	p.short = []ask.Line{p.lines[0]}
	if ok1 && ok2 {
		p.short = append(p.short, p.lines[len(p.lines)-1])
	}
	return p, nil
}

// of are the entries of a kind that an owner has in the semester that news are about, by their titles.
func (r *newsReader) of(ctx context.Context, k registrar.Kind, owner string, n notices.News) ([]registrar.Entry, error) {
	all, err := r.read(ctx, k, owner)
	if err != nil {
		return nil, err
	}
	if in := spanOfNews(n); in.Year != "" {
		all = slices.DeleteFunc(all, func(e registrar.Entry) bool {
			return e.Fields["year"] != in.Year || e.Fields.Int("semester") != in.Semester
		})
	}
	if err := r.know(ctx, all); err != nil {
		return nil, err
	}
	slices.SortStableFunc(all, func(x, y registrar.Entry) int {
		return cmp.Or(cmp.Compare(r.title(x.Fields), r.title(y.Fields)), cmp.Compare(x.Key, y.Key))
	})
	return all, nil
}

// The individual plan of a semester.

// planStates are how far a discipline of a plan can be: the first that any has is that of the plan.
var planStates = []string{"correct", "missing", "incomplete", "chosen", "checked", "approved"}

func (h *Handlers) newsOfPlan(_ context.Context, _ *audience, c registrar.Change) ([]telling, error) {
	f := saidOf(c)
	return thing(c, notices.Plans, planCard, strings.Join([]string{"plan", f["year"], f["semester"]}, "/"), ownerOf(c)), nil
}

func (h *Handlers) cardOfPlan(ctx context.Context, r *newsReader, n notices.News) (p piece, err error) {
	if n.State == notices.Sent { // only what is in it now is known
		return piece{none: true}, nil
	}
	all, err := r.of(ctx, registrar.Plans, r.owner, n)
	if err != nil {
		return p, err
	}
	last, err := r.told(ctx, n.About)
	if err != nil {
		return p, err
	}
	p = piece{seen: registrar.Fields{}, rows: [][]ask.Button{r.open(locales.RecordButton("mine"), "mine", "0")}}
	state, sum := "approved", 0
	for _, e := range all {
		f := e.Fields
		p.seen[f["discipline"]] = strings.TrimSuffix(f["status"]+": "+f["note"], ": ")
		if slices.Index(planStates, f["status"]) < slices.Index(planStates, state) {
			state = f["status"]
		}
		c, ok := f.Hundredths("credits")
		if !ok {
			c, _ = r.catalogue[f["discipline"]].Hundredths("credits")
		}
		sum += c
	}
	if maps.Equal(last, p.seen) {
		return piece{none: true}, nil
	}
	term := spanName(spanOfNews(n))
	if len(all) == 0 {
		p.lines = []ask.Line{locales.NewsPlan("gone", term)}
		return p, nil
	}
	p.lines = []ask.Line{locales.NewsPlan(state, term)}
	p.short = p.lines[:1:1]
	whole := !slices.ContainsFunc(all, func(e registrar.Entry) bool { return e.Fields["status"] != state })
	troubled := slices.Index(planStates, state) < slices.Index(planStates, "chosen")
	var lines []ask.Line
	for _, e := range all { // those that hold the plan up; of one that is all right, what is in it
		f := e.Fields
		if !whole && f["status"] != state {
			continue
		}
		what := ask.Line(locales.RecordWord("plan-" + f["status"]))
		if f["note"] != "" {
			what = locales.RecordBoth(what, f["note"])
		} else if whole && !troubled {
			c, ok := f.Hundredths("credits")
			if !ok {
				c, _ = r.catalogue[f["discipline"]].Hundredths("credits")
			}
			what = locales.RecordCredits(trimmed(c))
		}
		lines = append(lines, locales.NewsAbout(r.title(f), what))
	}
	p.lines = append(p.lines, lines[:min(len(lines), linesOfNews)]...)
	p.lines = append(p.lines, locales.NewsPlanSum(len(all), trimmed(sum)))
	if troubled {
		p.lines = append(p.lines, locales.NewsPlanToDo())
		p.short = p.lines
	}
	return p, nil
}

// The comparison sheet.

func (h *Handlers) newsOfComparison(ctx context.Context, _ *audience, c registrar.Change) ([]telling, error) {
	return h.perhapsNew(ctx, c, thing(c, notices.Plans, comparisonCard, "comparison", ownerOf(c)))
}

func (h *Handlers) cardOfComparison(ctx context.Context, r *newsReader, n notices.News) (p piece, err error) {
	if n.State == notices.Sent { // only what is in it now is known
		return piece{none: true}, nil
	}
	n.Matter.Args = map[string]string{argNew: n.Matter.Args[argNew]}
	all, err := r.of(ctx, registrar.Comparisons, r.owner, n)
	if err != nil {
		return p, err
	}
	last, err := r.told(ctx, n.About)
	if err != nil {
		return p, err
	}
	p = piece{seen: registrar.Fields{}, rows: [][]ask.Button{r.open(locales.RecordButton("compare"), "comp", "0")}}
	counts := map[string]int{}
	var lines []ask.Line
	for _, e := range all {
		f := e.Fields
		counts[f["status"]]++
		p.seen[e.Key] = strings.TrimSpace(f["status"] + " " + f["until"])
		if f["status"] != "difference" {
			continue
		}
		c, _ := f.Hundredths("credits")
		what := locales.RecordCredits(trimmed(c))
		if day, ok := ask.On(f["until"]); ok {
			what = locales.RecordBoth(what, locales.RecordOrderBy(day))
		}
		lines = append(lines, locales.NewsAbout(r.title(f), what))
	}
	if maps.Equal(last, p.seen) {
		return piece{none: true}, nil
	}
	p.lines = []ask.Line{locales.NewsComparison(becomes(n, last, p.seen))}
	if len(all) > 0 {
		p.lines = append(p.lines, locales.NewsComparisonSum(counts["recognised"], counts["cleared"], counts["difference"]))
	}
	p.short = p.lines[:len(p.lines):len(p.lines)]
	p.lines = append(p.lines, lines[:min(len(lines), linesOfNews)]...)
	return p, nil
}

// Academic debts.

func (h *Handlers) newsOfDebt(_ context.Context, _ *audience, c registrar.Change) ([]telling, error) {
	f := saidOf(c)
	return []telling{{topic: notices.Debts, card: debtCard, persons: []string{ownerOf(c)}, matter: notices.Matter{At: f.Time("until", h.zone())}}}, nil
}

func (h *Handlers) cardOfDebt(ctx context.Context, r *newsReader, n notices.News) (p piece, err error) {
	was, now, ok, err := r.versions(ctx, n)
	if !ok || err != nil {
		return piece{none: true}, err
	}
	p = piece{seen: now, rows: [][]ask.Button{r.open(locales.RecordButton("debts"), "debts")}}
	what, f := whatIs(was, now), now
	switch {
	case len(now) == 0:
		f = was
	case was["cleared"] == "" && now["cleared"] != "":
		what = "cleared"
	case was["registered"] != "yes" && now["registered"] == "yes":
		what = "registered"
	}
	term := spanName(registrar.Span{Year: f["year"], Semester: f.Int("semester")})
	p.lines = []ask.Line{locales.NewsDebt(what, r.title(f))}
	p.short = p.lines[:1:1]
	if day, ok := ask.On(now["cleared"]); ok && what == "cleared" {
		p.lines = append(p.lines, locales.NewsDebtDone(term, day))
		return p, nil
	}
	p.lines = append(p.lines, locales.RecordFact("term", term))
	value := func(label string, f registrar.Fields) any {
		switch v := f[label]; {
		case v == "":
			return nil
		case label == "reason":
			return locales.NewsHidden(locales.RecordWord("reason-" + v))
		case label == "way":
			return locales.RecordWord("way-" + v)
		case label == "until":
			return dayOf(v)
		case label == "price":
			return locales.RecordPrice(v)
		case label == "registered" && (v == "yes" || v == "no"):
			return locales.RecordWord("registered-" + v)
		}
		return nil
	}
	labels := map[string]ask.Line{"reason": locales.RecordLabel("why"), "way": locales.NewsLabel("way"), "until": locales.RecordLabel("until"),
		"price": locales.RecordLabel("price"), "registered": locales.RecordLabel("registered")}
	told := 0
	for _, l := range []string{"reason", "way", "until", "price", "registered"} {
		v := value(l, now)
		switch {
		case what == "cleared" || what == string(registrar.Gone): // all that is to be said stands above
		case what != string(registrar.New) && was[l] == now[l]:
			if (l == "until" || l == "price") && v != nil { // which one needs to know with whatever has changed
				p.lines = append(p.lines, differs(labels[l], nil, v))
			}
		case v == nil && value(l, was) == nil:
		default:
			p.lines = append(p.lines, differs(labels[l], value(l, was), v))
			told++
		}
	}
	if was["cleared"] != "" && now["cleared"] == "" && len(now) > 0 { // it is not after all
		p.lines = append(p.lines, differs(locales.NewsLabel("cleared"), dayOf(was["cleared"]), nil))
		told++
	}
	switch {
	case what == string(registrar.Changed) && told == 0:
		return piece{none: true}, nil
	case what == string(registrar.New) || what == string(registrar.Changed):
		if now["registered"] != "yes" && now["cleared"] == "" {
			p.lines = append(p.lines, locales.NewsDebtNext())
		}
	}
	if until, ok := ask.On(now["until"]); ok && now["cleared"] == "" {
		p.short = append(p.short, locales.RecordFact("until", until))
	}
	return p, nil
}

// The thesis.

func (h *Handlers) newsOfThesis(_ context.Context, _ *audience, c registrar.Change) ([]telling, error) {
	f := saidOf(c)
	return []telling{{topic: notices.Thesis, card: thesisCard, persons: []string{ownerOf(c)}, matter: notices.Matter{At: f.Time("defence", h.zone())}}}, nil
}

func (h *Handlers) cardOfThesis(ctx context.Context, r *newsReader, n notices.News) (p piece, err error) {
	was, now, ok, err := r.versions(ctx, n)
	if !ok || err != nil {
		return piece{none: true}, err
	}
	p = piece{seen: now, lines: []ask.Line{locales.NewsThesis(whatIs(was, now))}, rows: [][]ask.Button{r.open(locales.RecordButton("thesis"), "final")}}
	if len(now) == 0 {
		return p, nil
	}
	value := func(label string, f registrar.Fields) (v any, plain string) {
		switch label {
		case "topic":
			plain = cmp.Or(f["topic_"+string(r.lang)], f["topic_kk"], f["topic_ru"], f["topic_en"])
			v = text(plain)
		case "defence":
			if at := f.Time("defence", h.zone()); !at.IsZero() {
				v, plain = locales.RecordExam(at, f["room"]), f["defence"]+f["room"]
			}
		case "grade":
			if f["letter"] != "" || f["score"] != "" {
				v, plain = locales.NewsHidden(locales.RecordGrade(f["letter"], f["score"])), f["letter"]+f["score"]
			}
		case "certification":
			v, plain = wordOf("certification", f["certification"]), f["certification"]
		default:
			v, plain = text(f[label]), f[label]
		}
		return v, plain
	}
	for _, l := range []string{"topic", "supervisor", "defence", "grade", "certification", "qualification"} {
		before, first := value(l, was)
		after, second := value(l, now)
		if first != second {
			p.lines = append(p.lines, differs(locales.RecordLabel(l), before, after))
		}
	}
	if len(p.lines) == 1 {
		return piece{none: true}, nil
	}
	return p, nil
}

// Orders.

// newsOfOrder tells the student; of one that has to be read it is noted that it has.
func (h *Handlers) newsOfOrder(ctx context.Context, _ *audience, c registrar.Change) ([]telling, error) {
	if e := c.Now; e != nil && slices.Contains(h.University.Notices.Seen, e.Fields["kind"]) {
		if err := h.Storage.AskSeen(ctx, notices.Asked{Key: e.Key, Person: e.Owner, What: sumOf(e.Fields), At: h.Now()}); err != nil {
			return nil, err
		}
	}
	return []telling{{topic: notices.Orders, card: orderCard, persons: []string{ownerOf(c)}}}, nil
}

// sumOf is all that an entry says, in one order.
func sumOf(f registrar.Fields) string {
	var b strings.Builder
	for _, k := range slices.Sorted(maps.Keys(f)) {
		b.WriteString(k + "=" + f[k] + "\n")
	}
	return b.String()
}

// objected are the orders of which the card says how to object: those by which one loses something.
var objected = []string{"expulsion", "repeat", "scholarship-stop"}

// orderFacts are the columns of an order that are shown, in their order.
var orderFacts = []string{"from", "until", "was", "becomes", "amount", "reason", "basis", "note"}

// orderFact is one of them in words; nil: the order does not say it.
func orderFact(label, v string) any {
	switch {
	case v == "":
		return nil
	case label == "from" || label == "until" || label == "deadline":
		return dayOf(v)
	case label == "amount":
		return locales.RecordPrice(v)
	}
	return v
}

func (h *Handlers) cardOfOrder(ctx context.Context, r *newsReader, n notices.News) (p piece, err error) {
	was, now, ok, err := r.versions(ctx, n)
	if !ok || err != nil {
		return piece{none: true}, err
	}
	p.seen = now
	if len(now) == 0 {
		p.lines = []ask.Line{locales.NewsOrderGone(locales.RecordOrderKind(was["kind"]), was["number"], ask.Day(was.Time("date", h.zone()))), locales.NewsOrderVoid()}
		p.rows = [][]ask.Button{r.open(locales.RecordButton("orders"), "ords", "0")}
		return p, nil
	}
	p.short = []ask.Line{locales.NewsOrder(locales.RecordOrderKind(now["kind"]), now["number"], ask.Day(now.Time("date", h.zone()))), locales.RecordOrderMeans(now["kind"])}
	lines, rows := r.orderCard(now, n.Matter.Key)
	if len(was) > 0 {
		var changes []ask.Line
		for _, l := range orderFacts {
			if was[l] != now[l] {
				changes = append(changes, differs(locales.RecordLabel("order-"+l), orderFact(l, was[l]), orderFact(l, now[l])))
			}
		}
		if was["deadline"] != now["deadline"] {
			changes = append(changes, differs(locales.NewsLabel("deadline"), orderFact("deadline", was["deadline"]), orderFact("deadline", now["deadline"])))
		}
		if len(changes) == 0 { // who has prepared it, and the like
			return piece{none: true}, nil
		}
		lines = append(append([]ask.Line{locales.NewsOrderChanged(), lines[0]}, changes...), lines[1:]...)
		p.short = append([]ask.Line{locales.NewsOrderChanged(), p.short[0]}, changes...)
	}
	p.lines, p.rows = lines, rows
	return h.asksToConfirm(ctx, r, p, n.Matter.Key)
}

// orderCard is an order in short: what it means, from when, what to do, how and until when to object.
func (r *newsReader) orderCard(f registrar.Fields, key string) (lines []ask.Line, rows [][]ask.Button) {
	kind, day := f["kind"], f.Time("date", r.h.zone())
	lines = []ask.Line{locales.RecordOrderHead(locales.RecordOrderKind(kind), f["number"], ask.Day(day)), locales.RecordOrderMeans(kind)}
	for _, l := range []string{"from", "until", "was", "becomes", "amount", "reason"} {
		if v := orderFact(l, f[l]); v != nil {
			lines = append(lines, locales.RecordFact("order-"+l, v))
		}
	}
	lines = append(lines, locales.RecordOrderNext(kind))
	if by, ok := ask.On(f["deadline"]); ok {
		lines = append(lines, locales.RecordOrderBy(by))
	}
	rows = append(rows, r.open(locales.RecordOrderButton(day.Format("02.01.2006"), locales.RecordOrderKind(kind)), "ord", marker(key)))
	if slices.Contains(objected, kind) {
		var until time.Time
		if days := r.h.University.Notices.Object; days > 0 && !day.IsZero() {
			until = day.AddDate(0, 0, days)
		}
		if until.IsZero() || r.h.Now().Before(until.AddDate(0, 0, 1)) {
			lines = append(lines, locales.NewsOrderObject(until))
			rows = append(rows, r.open(locales.RecordButton("object"), "object", marker(key)))
		}
	}
	return lines, rows
}
