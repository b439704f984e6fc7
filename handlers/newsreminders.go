package handlers

import (
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

// What is told because its time has come: exams, terms, windows. A job looks in the record for events that
// its leads fall for since the look before it; the card says what the record has when it is sent, so that an
// exam that has moved meanwhile is told as it is, and what is settled is not told at all.

// The jobs that remind.
const (
	examEve          = "exam-eve"
	examDay          = "exam-day"
	appealsEnd       = "appeals"
	keyDates         = "calendar"
	registrationFrom = "registration"
	registrationEnds = "registration-ends"
	summerComes      = "summer"
	debtsEnd         = "debts"
	comparisonsEnd   = "comparisons"
	leaveEnds        = "leave"
	ordersBy         = "orders"
	travelComes      = "travel"
	defenceComes     = "defence"
	lowGPA           = "gpa"
)

// reminders are the jobs that remind of an event.
var reminders = []Job{
	{Name: examEve, Usual: "1 day before at 18:00", Of: "an exam", Does: "reminds of an exam", Missed: Late, Late: 5 * time.Hour},
	{Name: examDay, Usual: "that day at 07:00", Of: "an exam", Does: "reminds of an exam that very day", Missed: Late, Late: 6 * time.Hour},
	{Name: appealsEnd, Usual: "3 hours before", Of: "the end of the term for appeals against a result", Does: "reminds who has had a result lately", Missed: Late, Late: 3 * time.Hour},
	{Name: keyDates, Usual: "2 days before at 18:00", Of: "what begins by the academic calendar", Does: "reminds whom the calendar concerns", Missed: Late, Late: 2 * 24 * time.Hour},
	{Name: registrationFrom, Usual: "that day at 09:00", Of: "the first day of the registration for disciplines", Does: "tells that one can register", Missed: Once},
	{Name: registrationEnds, Usual: "3 days before at 10:00, 1 day before at 10:00", Of: "the last day of the registration for disciplines", Does: "reminds who is not registered", Missed: Once},
	{Name: summerComes, Usual: "14 days before at 10:00, 3 days before at 10:00", Of: "the summer semester", Does: "reminds who has academic debts and is not registered for it", Missed: Once},
	{Name: debtsEnd, Usual: "14 days before at 10:00, 3 days before at 10:00", Of: "the term of an academic debt", Does: "reminds who has it", Missed: Once},
	{Name: comparisonsEnd, Usual: "14 days before at 10:00, 3 days before at 10:00", Of: "the term of a difference in a comparison sheet", Does: "reminds who has it", Missed: Once},
	{Name: leaveEnds, Usual: "30 days before at 10:00, 7 days before at 10:00", Of: "the end of an academic leave", Does: "reminds who is on it", Missed: Once},
	{Name: ordersBy, Usual: "3 days before at 10:00, 1 day before at 10:00", Of: "the day by which an order asks to do something", Does: "reminds whom the order is about", Missed: Once},
	{Name: travelComes, Usual: "7 days before at 10:00", Of: "a break", Does: "reminds students on a grant of the compensation for travel", Missed: Late, Late: 7 * 24 * time.Hour},
	{Name: defenceComes, Usual: "7 days before at 10:00, 1 day before at 18:00", Of: "the defence of a final work", Does: "reminds of it", Missed: Once},
	{Name: lowGPA, Usual: "14 days before at 10:00", Of: "the last examination session of an academic year", Does: "warns whose GPA is less than the next course asks for", Missed: Once},
}

// dues tells whether a reminder of an event is due.
type dues func(event time.Time) bool

// remind makes a job of what looks for events. What is over is not told any more; an event that is a day
// is over at its end.
func remind(look func(h *Handlers, ctx context.Context, a *audience, due dues) ([]telling, error)) jobNews {
	return func(h *Handlers, ctx context.Context, a *audience, p notices.Plan) ([]telling, error) {
		leads, after := h.Leads[p.Ref], p.Before
		if before := leads.Before(p.At.In(h.zone())); after.IsZero() || p.At.Sub(after) > lookBack {
			after = before
		}
		return look(h, ctx, a, func(event time.Time) bool {
			return !event.IsZero() && leads.Fall(event.In(h.zone()), after, p.At)
		})
	}
}

var reminderJobs = map[string]jobNews{
	examEve: remind(remindOfExams), examDay: remind(remindOfExams),
	appealsEnd: remind(remindOfAppeals),
	keyDates:   remind(remindOfDates),
	registrationFrom: remind(func(h *Handlers, ctx context.Context, a *audience, due dues) ([]telling, error) {
		return h.remindOfWindows(ctx, a, due, false)
	}),
	registrationEnds: remind(func(h *Handlers, ctx context.Context, a *audience, due dues) ([]telling, error) {
		return h.remindOfWindows(ctx, a, due, true)
	}),
	summerComes:    remind(ofEvents(cardSummer, notices.Debts, nil, "summer")),
	travelComes:    remind(ofEvents(cardTravel, notices.Support, onGrant, "break")),
	lowGPA:         remind(remindOfGPA),
	debtsEnd:       remind(ofTerms(registrar.Debts, "until", func(f registrar.Fields) bool { return f["cleared"] == "" }, alwaysCard(cardDebt, notices.Debts))),
	comparisonsEnd: remind(ofTerms(registrar.Comparisons, "until", func(f registrar.Fields) bool { return f["status"] == "difference" }, alwaysCard(cardDifference, notices.Plans))),
	leaveEnds:      remind(ofTerms(registrar.Orders, "until", func(f registrar.Fields) bool { return f["kind"] == "leave" }, alwaysCard(cardLeave, notices.Orders))),
	ordersBy:       remind(ofTerms(registrar.Orders, "deadline", nil, topicOfOrder)),
	defenceComes:   remind(ofTerms(registrar.Theses, "defence", nil, alwaysCard(cardDefence, notices.Thesis))),
}

// The cards of reminders.
const (
	cardExamSoon     notices.Card = "remind-exam"
	cardAppeals      notices.Card = "remind-appeals"
	cardKeyDate      notices.Card = "remind-date"
	cardRegister     notices.Card = "remind-register"
	cardSummer       notices.Card = "remind-summer"
	cardTravel       notices.Card = "remind-travel"
	cardGPA          notices.Card = "remind-gpa"
	cardDebt         notices.Card = "remind-debt"
	cardDifference   notices.Card = "remind-difference"
	cardLeave        notices.Card = "remind-leave"
	cardOrderBy      notices.Card = "remind-order"
	cardDefence      notices.Card = "remind-defence"
	argUrgent                     = "urgent"
	argWindow                     = "window"
	argEnds                       = "ends"
	argPlanned                    = "planned"     // some have a plan for the semester
	hurry                         = 2 * time.Hour // before an exam a reminder does not wait for the end of quiet hours that are over later
	appealsLooked                 = 1000          // imports of marks among which terms for appeals are looked for
	appealsMostShown              = 4             // results with a button of their own
)

var reminderCards = map[notices.Card]newsCard{
	cardExamSoon: ofStudents((*Handlers).examSoon), cardAppeals: ofStudents((*Handlers).appealsSoon), cardKeyDate: ofStudents((*Handlers).dateSoon),
	cardRegister: ofStudents((*Handlers).registerSoon), cardSummer: ofStudents((*Handlers).summerSoon), cardTravel: ofStudents((*Handlers).travelSoon),
	cardGPA: ofStudents((*Handlers).gpaShort), cardDebt: ofStudents((*Handlers).debtSoon), cardDifference: ofStudents((*Handlers).differenceSoon),
	cardLeave: ofStudents((*Handlers).leaveSoon), cardOrderBy: ofStudents((*Handlers).orderSoon), cardDefence: ofStudents((*Handlers).defenceSoon),
}

// ofStudents is a card that only a student can have.
func ofStudents(card newsCard) newsCard {
	return func(h *Handlers, ctx context.Context, r *newsReader, n notices.News) (piece, error) {
		if r.student == nil {
			return piece{none: true}, nil
		}
		p, err := card(h, ctx, r, n)
		if err == nil && n.Matter.Args[argUrgent] != "" && !p.none {
			if _, quiet := r.wish.Quiet(h.University.Notices.Quiet).Over(h.Now().In(h.zone())); quiet {
				p.lines = append(p.lines, locales.RemindUrgent())
			}
		}
		return p, err
	}
}

// remindHead says what is to come, and how soon by the calendar.
func (h *Handlers) remindHead(what any, at time.Time) ask.Line {
	midnight := h.University.Calendar.Midnight
	days := int(midnight(at).Sub(midnight(h.Now())).Hours()+12) / 24
	return locales.RemindHead(what, days)
}

// dayOver tells whether a day has passed.
func (h *Handlers) dayOver(day time.Time) bool { return !h.Now().Before(day.AddDate(0, 0, 1)) }

// alwaysCard is the card of all entries of a kind.
func alwaysCard(card notices.Card, topic notices.Topic) func(registrar.Fields) (notices.Card, notices.Topic) {
	return func(registrar.Fields) (notices.Card, notices.Topic) { return card, topic }
}

func topicOfOrder(f registrar.Fields) (notices.Card, notices.Topic) {
	if slices.Contains([]string{"scholarship", "scholarship-stop", "travel", "grant", "local-budget"}, f["kind"]) {
		return cardOrderBy, notices.Support
	}
	return cardOrderBy, notices.Orders
}

// ofTerms looks for entries about students that have a term in a column.
func ofTerms(k registrar.Kind, column string, open func(registrar.Fields) bool, card func(registrar.Fields) (notices.Card, notices.Topic)) func(*Handlers, context.Context, *audience, dues) ([]telling, error) {
	return func(h *Handlers, ctx context.Context, _ *audience, due dues) (all []telling, err error) {
		err = h.Storage.EachRecord(ctx, k, func(e registrar.Entry) error {
			at := e.Fields.Time(column, h.zone())
			if !due(at) || open != nil && !open(e.Fields) {
				return nil
			}
			c, topic := card(e.Fields)
			all = append(all, telling{topic: topic, card: c, about: "remind/" + string(k) + "/" + e.Key, persons: []string{e.Owner},
				matter: notices.Matter{Kind: k, Key: e.Key, At: at}})
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("terms in the record: %w", err)
		}
		slices.SortFunc(all, func(x, y telling) int { return strings.Compare(x.about, y.about) })
		return all, nil
	}
}

// examTime is when an exam is, whether the time has a column of its own or not.
func (h *Handlers) examTime(f registrar.Fields) time.Time {
	at := f.Time("at", h.zone())
	if clock, err := time.Parse("15:04", f["time"]); err == nil && at.Hour() == 0 && at.Minute() == 0 {
		at = at.Add(time.Duration(clock.Hour())*time.Hour + time.Duration(clock.Minute())*time.Minute)
	}
	return at
}

// attempts are those of which people are reminded; a consultation stands in the timetable.
const consultation = "consultation"

func remindOfExams(h *Handlers, ctx context.Context, a *audience, due dues) (all []telling, err error) {
	err = h.Storage.EachRecord(ctx, registrar.Exams, func(e registrar.Entry) error {
		at := h.examTime(e.Fields)
		if !due(at) || e.Fields["attempt"] == consultation || !h.Now().Before(at) {
			return nil
		}
		t := telling{topic: notices.Exams, card: cardExamSoon, about: "remind/exam/" + e.Key, matter: notices.Matter{Kind: registrar.Exams, Key: e.Key, At: at}}
		if end, quiet := h.University.Notices.Quiet.Over(h.Now().In(h.zone())); quiet && at.Sub(end) < hurry {
			t.urgent, t.matter.Args = true, map[string]string{argUrgent: "yes"}
		}
		t.persons = []string{e.Fields["group"]} // for now: the storage is being read
		all = append(all, t)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("timetable of exams: %w", err)
	}
	for i := range all {
		if all[i].persons, err = a.group(ctx, all[i].persons[0]); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(all, func(x, y telling) int {
		if c := x.matter.At.Compare(y.matter.At); c != 0 {
			return c
		}
		return strings.Compare(x.about, y.about)
	})
	return all, nil
}

// examSoon reminds of an exam as the timetable has it now. Who has passed the discipline, or is on leave,
// has no exam; one that is taken again is only for those who failed.
func (h *Handlers) examSoon(ctx context.Context, r *newsReader, n notices.News) (p piece, err error) {
	f, err := r.now(ctx, n)
	if err != nil || f == nil || r.student.who["status"] == "leave" || !h.Now().Before(h.examTime(f)) {
		return piece{none: true}, err
	}
	exams, err := r.exams(ctx)
	if err != nil {
		return p, err
	}
	i := slices.IndexFunc(exams, func(e exam) bool {
		return e.year == f["year"] && e.semester == f.Int("semester") && e.code == f["discipline"] && e.at.Equal(h.examTime(f)) && (f["attempt"] == "" || e.attempt == f["attempt"])
	})
	if i < 0 { // they are in another group now
		return piece{none: true}, nil
	}
	courses, err := r.marked(ctx)
	if err != nil {
		return p, err
	}
	outcome := registrar.Going
	for _, c := range courses {
		if c.Year == exams[i].year && c.Semester == exams[i].semester && c.Discipline == exams[i].code {
			outcome = c.Result(h.University.Academic).Outcome
		}
	}
	again := exams[i].attempt == "retake"
	if outcome == registrar.Passed || again && outcome == registrar.Going {
		return piece{none: true}, nil
	}
	line, err := r.examLine(ctx, exams[i])
	if err != nil {
		return p, err
	}
	what := "exam"
	if again {
		what = "retake"
	}
	p.lines = []ask.Line{h.remindHead(locales.RemindWhat(what), exams[i].at), line}
	p.rows = rowsOf(r.open(locales.RecordButton("exams"), "exams"))
	if outcome == registrar.Barred && !again {
		p.lines = append(p.lines, locales.RemindBarred())
		p.rows = append(rowsOf(r.open(locales.RecordButton("admission"), "adm")), p.rows...)
	}
	p.rows = append(p.rows, r.calendarFile())
	return p, nil
}

// remindOfAppeals looks for results of which the term for an appeal ends. It runs from when an import was
// published, or from the day that stands with a mark.
func remindOfAppeals(h *Handlers, ctx context.Context, _ *audience, due dues) (all []telling, err error) {
	if h.University.Academic == nil {
		return nil, nil
	}
	imports, err := h.Storage.Imports(ctx, registrar.Marks, appealsLooked)
	if err != nil {
		return nil, fmt.Errorf("imports of marks: %w", err)
	}
	byPosted := h.University.Academic.Appeals.From == dauys.FromPosted
	persons := map[time.Time]map[string]bool{}
	for _, im := range imports {
		if im.State != registrar.Published || im.Baseline || h.Now().Sub(im.Settled) > lookBack {
			continue
		}
		until, limited := h.University.AppealUntil(time.Time{}, im.Settled)
		if !limited || !byPosted && !due(until) {
			continue
		}
		for next := ""; ; {
			var changes []registrar.Change
			if changes, next, err = h.Storage.Changes(ctx, im, next, changesAtOnce); err != nil {
				return nil, fmt.Errorf("changes of an import: %w", err)
			}
			for _, c := range changes {
				if c.Now == nil || !resulting(c.Now.Fields["control"]) || appealControls[c.Now.Fields["control"]] == "" {
					continue
				}
				at, _ := h.University.AppealUntil(c.Now.Fields.Time("posted", h.zone()), im.Settled)
				if due(at) && h.Now().Before(at) {
					if persons[at] == nil {
						persons[at] = map[string]bool{}
					}
					persons[at][c.Now.Owner] = true
				}
			}
			if next == "" {
				break
			}
		}
	}
	for until, of := range persons {
		all = append(all, telling{topic: notices.Appeals, card: cardAppeals, urgent: true, about: "remind/appeals/" + until.UTC().Format(time.RFC3339),
			persons: slices.Sorted(maps.Keys(of)), matter: notices.Matter{At: until, Args: map[string]string{argUrgent: "yes"}}})
	}
	slices.SortFunc(all, func(x, y telling) int { return x.matter.At.Compare(y.matter.At) })
	return all, nil
}

// appealsSoon lists the results against which an appeal can be filed for a little while only.
func (h *Handlers) appealsSoon(ctx context.Context, r *newsReader, n notices.News) (p piece, err error) {
	if !h.Now().Before(n.Matter.At) {
		return piece{none: true}, nil
	}
	courses, err := r.marked(ctx)
	if err != nil {
		return p, err
	}
	p.lines = []ask.Line{locales.RemindAppeals(n.Matter.At)}
	for _, c := range courses {
		for _, m := range slices.Backward(registrar.Marked) {
			if !resulting(m.Word) || !c.Mark(m.Word).Given || appealControls[m.Word] == "" {
				continue
			}
			since, ok, err := r.shown(ctx, c, m.Word)
			if err != nil {
				return p, err
			}
			until, limited := h.University.AppealUntil(since, since)
			if !ok || !limited || !until.Equal(n.Matter.At) {
				continue
			}
			control := locales.RecordWord("short-" + m.Word)
			p.lines = append(p.lines, locales.RecordPair(r.course(c), control))
			if len(p.rows) < appealsMostShown {
				here := append(spanData(registrar.Span{Year: c.Year, Semester: c.Semester}), marker(c.Key()))
				p.rows = append(p.rows, r.open(locales.RemindAppeal(r.course(c)), append(append([]string{"appeal"}, here...), m.Word)...))
			}
		}
	}
	if len(p.lines) == 1 { // the marks are other ones now
		return piece{none: true}, nil
	}
	p.lines = append(p.lines, locales.RemindAppealsHow())
	return p, nil
}

// keyEvents are those of the academic calendar of whose beginning people are reminded; the registration
// and the summer semester have reminders of their own.
var keyEvents = []string{"study", "rating1", "rating2", "exams", "retakes", "practice", "certification", "break"}

func remindOfDates(h *Handlers, ctx context.Context, a *audience, due dues) ([]telling, error) {
	return ofEvents(cardKeyDate, notices.Plans, nil, keyEvents...)(h, ctx, a, due)
}

func onGrant(f registrar.Fields) bool { return f["basis"] == "grant" }

// concerns tells whether something of a programme and a course, where they are named, is about a student.
func concerns(f, student registrar.Fields) bool {
	return (f["programme"] == "" || f["programme"] == student["programme"]) && (f["course"] == "" || student["course"] == "" || f["course"] == student["course"])
}

// ofEvents looks for events of the academic calendar that begin.
func ofEvents(card notices.Card, topic notices.Topic, whom func(registrar.Fields) bool, events ...string) func(*Handlers, context.Context, *audience, dues) ([]telling, error) {
	return func(h *Handlers, ctx context.Context, a *audience, due dues) (all []telling, err error) {
		found, err := h.calendarEntries(ctx, events...)
		if err != nil {
			return nil, err
		}
		for _, e := range found {
			from := e.Fields.Time("from", h.zone())
			if !due(from) || h.dayOver(from) {
				continue
			}
			persons, err := a.students(ctx, func(s registrar.Fields) bool {
				return s["status"] != "leave" && concerns(e.Fields, s) && (whom == nil || whom(s))
			})
			if err != nil {
				return nil, err
			}
			all = append(all, telling{topic: topic, card: card, about: string(card) + "/" + e.Key, persons: persons, matter: notices.Matter{Kind: registrar.Calendar, Key: e.Key, At: from}})
		}
		return all, nil
	}
}

// calendarEntries are some events of the academic calendar, in the order of their keys.
func (h *Handlers) calendarEntries(ctx context.Context, events ...string) (all []registrar.Entry, err error) {
	err = h.Storage.EachRecord(ctx, registrar.Calendar, func(e registrar.Entry) error {
		if slices.Contains(events, e.Fields["event"]) {
			all = append(all, e)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("academic calendar: %w", err)
	}
	slices.SortFunc(all, func(x, y registrar.Entry) int { return strings.Compare(x.Key, y.Key) })
	return all, nil
}

// event is an event of the calendar as it is now; not ok: it is over, not there any more, or not the reader's.
func (r *newsReader) event(ctx context.Context, n notices.News) (f registrar.Fields, from, until time.Time, ok bool, err error) {
	f, err = r.now(ctx, n)
	if err != nil || f == nil || !concerns(f, r.student.who) {
		return f, from, until, false, err
	}
	from, until = f.Time("from", r.h.zone()), f.Time("until", r.h.zone())
	return f, from, until, !r.h.dayOver(from), nil
}

func (h *Handlers) dateSoon(ctx context.Context, r *newsReader, n notices.News) (p piece, err error) {
	f, from, until, ok, err := r.event(ctx, n)
	if !ok || err != nil {
		return piece{none: true}, err
	}
	name := locales.RecordWord("event-" + f["event"])
	p.lines = []ask.Line{h.remindHead(name, from), locales.RecordSpan(ask.Day(from), ask.Day(until))}
	p.rows = rowsOf(r.open(locales.RecordButton("calendar"), "year"))
	switch f["event"] {
	case "exams", "retakes":
		p.rows = append(rowsOf(r.open(locales.RecordButton("exams"), "exams")), p.rows...)
	}
	p.rows = append(p.rows, r.calendarFile())
	return p, nil
}

func (h *Handlers) summerSoon(ctx context.Context, r *newsReader, n notices.News) (p piece, err error) {
	_, from, until, ok, err := r.event(ctx, n)
	if !ok || err != nil {
		return piece{none: true}, err
	}
	debts, err := r.debts(ctx)
	if err != nil {
		return p, err
	}
	p.lines = []ask.Line{h.remindHead(locales.RecordWord("event-summer"), from), locales.RecordSpan(ask.Day(from), ask.Day(until)), locales.RemindSummer()}
	some := false
	for _, d := range debts {
		if !slices.Contains(d.Ways, registrar.BySummer) || d.Now != nil || d.Said != nil && d.Said.Fields["registered"] == "yes" {
			continue
		}
		some = true
		p.lines = append(p.lines, locales.RemindItem(r.debtName(d)))
	}
	if !some {
		return piece{none: true}, nil
	}
	p.lines = append(p.lines, locales.RemindSummerHow())
	p.rows = rowsOf(r.open(locales.RecordButton("debts"), "debts", "0"))
	return p, nil
}

func (r *newsReader) debtName(d registrar.Debt) string {
	if name := r.course(d.Course); name != "" && name != d.Course.Discipline || d.Said == nil {
		return name
	}
	return r.title(d.Said.Fields)
}

func (h *Handlers) travelSoon(ctx context.Context, r *newsReader, n notices.News) (p piece, err error) {
	_, from, until, ok, err := r.event(ctx, n)
	if !ok || err != nil || !onGrant(r.student.who) {
		return piece{none: true}, err
	}
	p.lines = []ask.Line{h.remindHead(locales.RecordWord("event-break"), from), locales.RecordSpan(ask.Day(from), ask.Day(until)), locales.RemindTravel()}
	return p, nil
}

// remindOfGPA finds the session after which nothing of the year is left: that of the second semester.
func remindOfGPA(h *Handlers, ctx context.Context, a *audience, due dues) (all []telling, err error) {
	found, err := ofEvents(cardGPA, notices.Progress, nil, "exams")(h, ctx, a, due)
	for _, t := range found {
		e, err := h.Storage.Record(ctx, registrar.Calendar, t.matter.Key)
		if err != nil {
			return nil, fmt.Errorf("academic calendar: %w", err)
		}
		if e.Fields.Int("semester") == 2 {
			all = append(all, t)
		}
	}
	return all, err
}

// gpaShort warns who would not go on to the next course with the GPA of the year so far.
func (h *Handlers) gpaShort(ctx context.Context, r *newsReader, n notices.News) (p piece, err error) {
	f, _, _, ok, err := r.event(ctx, n)
	if !ok || err != nil {
		return piece{none: true}, err
	}
	courses, err := r.marked(ctx)
	if err != nil {
		return p, err
	}
	way, ok := registrar.PassageOf(h.University.Academic, "", f["year"], r.student.who.Int("course"), courses)
	if !ok || !way.Known || !way.Short {
		return piece{none: true}, nil
	}
	p.lines = []ask.Line{locales.RemindGPA(hundredths(way.Least), hundredths(way.GPA.Value)), locales.RemindGPAHow()}
	p.rows = rowsOf(r.open(locales.RecordButton("gpa"), "gpa"))
	return p, nil
}

// window is when one can register for the disciplines of a semester.
type regWindow struct {
	id, programme, course, year string
	semester                    int
	from, until                 time.Time
}

// windows are those of the academic calendar, and of the lists of electives where it names none: all of them,
// or what may concern one programme.
func (h *Handlers) windows(ctx context.Context, of string) (all []regWindow, err error) {
	each := func(k registrar.Kind, do func(registrar.Entry)) error {
		if of == "" {
			return h.Storage.EachRecord(ctx, k, func(e registrar.Entry) error { do(e); return nil })
		}
		for _, owner := range []string{"", registrar.OfProgramme(of)} {
			entries, err := h.Storage.Records(ctx, k, owner)
			if err != nil {
				return err
			}
			for _, e := range entries {
				do(e)
			}
		}
		return nil
	}
	err = each(registrar.Calendar, func(e registrar.Entry) {
		if f := e.Fields; f["event"] == "registration" {
			all = append(all, regWindow{"calendar/" + e.Key, f["programme"], f["course"], f["year"], f.Int("semester"), f.Time("from", h.zone()), f.Time("until", h.zone())})
		}
	})
	if err != nil {
		return nil, fmt.Errorf("academic calendar: %w", err)
	}
	lists := map[string]*regWindow{}
	err = each(registrar.Electives, func(e registrar.Entry) {
		f := e.Fields
		w := regWindow{"electives/" + e.Scope, f["programme"], "", f["year"], f.Int("semester"), f.Time("from", h.zone()), f.Time("until", h.zone())}
		if w.until.IsZero() || slices.ContainsFunc(all, func(c regWindow) bool {
			return c.year == w.year && c.semester == w.semester && (c.programme == "" || c.programme == w.programme)
		}) {
			return
		}
		one := lists[w.id]
		if one == nil {
			lists[w.id] = &w
			return
		}
		if w.from.Before(one.from) {
			one.from = w.from
		}
		if w.until.After(one.until) {
			one.until = w.until
		}
	})
	if err != nil {
		return nil, fmt.Errorf("electives: %w", err)
	}
	for _, w := range lists {
		all = append(all, *w)
	}
	slices.SortFunc(all, func(x, y regWindow) int { return strings.Compare(x.id, y.id) })
	return all, nil
}

func (w regWindow) fields() registrar.Fields {
	return registrar.Fields{"programme": w.programme, "course": w.course}
}

// errEnough ends a look at what is stored.
var errEnough = errors.New("enough")

// anyPlans tells whether anybody has a plan for a semester: without one nobody can be said not to have it.
func (h *Handlers) anyPlans(ctx context.Context, year string, semester int) (bool, error) {
	err := h.Storage.EachRecord(ctx, registrar.Plans, func(e registrar.Entry) error {
		if e.Fields["year"] == year && (semester == 0 || e.Fields.Int("semester") == semester) {
			return errEnough
		}
		return nil
	})
	if err != nil && !errors.Is(err, errEnough) {
		return false, fmt.Errorf("plans: %w", err)
	}
	return err != nil, nil
}

// remindOfWindows tells that one can register, or that one can no longer soon.
func (h *Handlers) remindOfWindows(ctx context.Context, a *audience, due dues, ends bool) (all []telling, err error) {
	windows, err := h.windows(ctx, "")
	if err != nil {
		return nil, err
	}
	for _, w := range windows {
		at := w.from
		if ends {
			at = w.until
		}
		if !due(at) || h.dayOver(w.until) {
			continue
		}
		args := map[string]string{argWindow: w.id}
		if ends {
			args[argEnds] = "yes"
			anybody, err := h.anyPlans(ctx, w.year, w.semester)
			if err != nil {
				return nil, err
			}
			if anybody {
				args[argPlanned] = "yes"
			}
		}
		persons, err := a.students(ctx, func(s registrar.Fields) bool { return s["status"] != "leave" && concerns(w.fields(), s) })
		if err != nil {
			return nil, err
		}
		all = append(all, telling{topic: notices.Plans, card: cardRegister, about: "remind/register/" + w.id, persons: persons, matter: notices.Matter{At: at, Args: args}})
	}
	return all, nil
}

// registerSoon says until when one can register. At the end only who is not registered hears of it.
func (h *Handlers) registerSoon(ctx context.Context, r *newsReader, n notices.News) (p piece, err error) {
	windows, err := h.windows(ctx, r.reader.Programme)
	if err != nil {
		return p, err
	}
	i := slices.IndexFunc(windows, func(w regWindow) bool { return w.id == n.Matter.Args[argWindow] })
	if i < 0 || h.dayOver(windows[i].until) || !concerns(windows[i].fields(), r.student.who) {
		return piece{none: true}, nil
	}
	w := windows[i]
	plans, err := r.own(ctx, registrar.Plans)
	if err != nil {
		return p, err
	}
	anybody := n.Matter.Args[argPlanned] != ""
	in := registrar.Span{Year: w.year, Semester: w.semester}
	at := registrar.Semester{}
	if anybody {
		at.Plan = in
	}
	state := registrar.StandingOf(h.University.Academic, r.student.who, nil, nil, plans, nil, at).Plan
	ends := n.Matter.Args[argEnds] != ""
	if ends && anybody && state == "" {
		return piece{none: true}, nil
	}
	if ends {
		p.lines = append(p.lines, h.remindHead(locales.RemindWhat("registration-ends"), w.until))
	} else {
		p.lines = append(p.lines, locales.RemindRegistration(ask.Day(w.from), ask.Day(w.until)))
	}
	p.lines = append(p.lines, locales.RecordAbout(spanName(in)))
	switch {
	case ends && state == registrar.PlanMissing:
		p.lines = append(p.lines, locales.RemindUnregistered())
	case ends && state == registrar.PlanIncomplete:
		p.lines = append(p.lines, locales.RemindIncomplete())
	}
	p.lines = append(p.lines, locales.RemindRegister())
	p.rows = rowsOf(r.open(locales.RecordButton("electives"), "elect", "0"), r.open(locales.RecordButton("mine"), "mine", "0"))
	return p, nil
}

// term is an entry with a term that is not over; not ok: there is nothing left to remind of.
func (r *newsReader) due(ctx context.Context, n notices.News, column string) (f registrar.Fields, until time.Time, ok bool, err error) {
	f, err = r.now(ctx, n)
	if err != nil || f == nil {
		return f, until, false, err
	}
	until = f.Time(column, r.h.zone())
	return f, until, !until.IsZero() && !r.h.dayOver(until), r.know(ctx, []registrar.Entry{{Fields: f}})
}

func (h *Handlers) debtSoon(ctx context.Context, r *newsReader, n notices.News) (p piece, err error) {
	f, until, ok, err := r.due(ctx, n, "until")
	if !ok || err != nil || f["cleared"] != "" {
		return piece{none: true}, err
	}
	debts, err := r.debts(ctx)
	if err != nil {
		return p, err
	}
	if !slices.ContainsFunc(debts, func(d registrar.Debt) bool { return d.Said != nil && d.Said.Key == n.Matter.Key }) { // passed meanwhile
		return piece{none: true}, nil
	}
	p.lines = []ask.Line{h.remindHead(locales.RemindWhat("debt"), until), locales.RecordAbout(r.title(f)), locales.RecordFact("until", ask.Day(until))}
	if f["way"] != "" {
		p.lines = append(p.lines, locales.RecordFact("ways", r.list([]string{f["way"]}, "way-")))
	}
	if f["price"] != "" {
		p.lines = append(p.lines, locales.RecordFact("price", locales.RecordPrice(f["price"])))
	}
	if f["registered"] == "no" {
		p.lines = append(p.lines, locales.RecordFact("registered", locales.RecordWord("registered-no")))
	}
	p.rows = rowsOf(r.open(locales.RecordButton("debts"), "debts", "0"), r.calendarFile())
	return p, nil
}

func (h *Handlers) differenceSoon(ctx context.Context, r *newsReader, n notices.News) (p piece, err error) {
	f, until, ok, err := r.due(ctx, n, "until")
	if !ok || err != nil || f["status"] != "difference" {
		return piece{none: true}, err
	}
	p.lines = []ask.Line{h.remindHead(locales.RemindWhat("difference"), until), locales.RecordAbout(r.title(f)), locales.RecordFact("until", ask.Day(until)), locales.RemindDifference()}
	p.rows = rowsOf(r.open(locales.RecordButton("compare"), "comp", "0"), r.calendarFile())
	return p, nil
}

func (h *Handlers) leaveSoon(ctx context.Context, r *newsReader, n notices.News) (p piece, err error) {
	f, until, ok, err := r.due(ctx, n, "until")
	if !ok || err != nil || r.student.who["status"] != "" && r.student.who["status"] != "leave" {
		return piece{none: true}, err
	}
	orders, err := r.orders(ctx)
	if err != nil {
		return p, err
	}
	if slices.ContainsFunc(orders, func(e registrar.Entry) bool {
		return e.Fields["date"] > f["date"] && (e.Fields["kind"] == "return" || e.Fields["kind"] == "leave")
	}) { // they are back, or the leave is longer
		return piece{none: true}, nil
	}
	p.lines = []ask.Line{h.remindHead(locales.RemindWhat("leave"), until), locales.RecordFact("order-until", ask.Day(until)), locales.RemindLeave()}
	p.rows = rowsOf(r.open(locales.RemindOrder(), "ord", marker(n.Matter.Key)))
	return p, nil
}

func (h *Handlers) orderSoon(ctx context.Context, r *newsReader, n notices.News) (p piece, err error) {
	f, until, ok, err := r.due(ctx, n, "deadline")
	if !ok || err != nil {
		return piece{none: true}, err
	}
	p.lines = []ask.Line{h.remindHead(locales.RecordOrderKind(f["kind"]), until), locales.RecordOrderNext(f["kind"]), locales.RecordOrderBy(ask.Day(until))}
	p.rows = rowsOf(r.open(locales.RemindOrder(), "ord", marker(n.Matter.Key)), r.calendarFile())
	return p, nil
}

func (h *Handlers) defenceSoon(ctx context.Context, r *newsReader, n notices.News) (p piece, err error) {
	f, at, ok, err := r.due(ctx, n, "defence")
	if !ok || err != nil || !h.Now().Before(at) || f["letter"] != "" || f["score"] != "" || f["certification"] == "not-admitted" {
		return piece{none: true}, err
	}
	thesis, err := r.thesis(ctx)
	if err != nil {
		return p, err
	}
	p.lines = append([]ask.Line{h.remindHead(locales.RemindWhat("defence"), at)}, thesis...)
	p.rows = rowsOf(r.open(locales.RecordButton("thesis"), "final"), r.calendarFile())
	return p, nil
}

// resulting tells whether a mark is one of those that a term for an appeal depends on: the others are ongoing.
func resulting(control string) bool { return ending[control] || control == registrar.OfAdmission }
