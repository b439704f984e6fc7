package handlers

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
	"alt.edu.kz/dauys/notices"
	"alt.edu.kz/dauys/registrar"
)

// What staff are told: advisors how their groups are, teachers of their load, sheets and exams, the
// administration how a session goes. Nobody's name or mark is in it: names are behind buttons, where each look
// at them is noted.

// The jobs.
const (
	AdvisedJob = "advised"  // how the groups of each advisor are
	SheetsJob  = "sheets"   // grade sheets whose day comes or is over
	SessionJob = "sessions" // how the session goes
)

const (
	advisedCard  notices.Card = "advised"
	loadCard     notices.Card = "load"
	sheetsCard   notices.Card = "sheets"
	heldCard     notices.Card = "held"
	sessionsCard notices.Card = "sessions"
)

var (
	staffJobs = map[string]jobNews{
		AdvisedJob: (*Handlers).newsOfAdvised,
		SheetsJob:  (*Handlers).newsOfSheets,
		SessionJob: (*Handlers).newsOfSession,
	}
	staffNews = map[registrar.Kind]changeNews{
		registrar.Load:   (*Handlers).newsOfLoad,
		registrar.Sheets: (*Handlers).newsOfOwnSheet,
		registrar.Exams:  (*Handlers).newsOfHeld,
	}
	staffCards = map[notices.Card]newsCard{
		advisedCard:  (*Handlers).cardOfAdvised,
		loadCard:     (*Handlers).cardOfLoad,
		sheetsCard:   (*Handlers).cardOfSheets,
		heldCard:     (*Handlers).cardOfHeld,
		sessionsCard: (*Handlers).cardOfSession,
	}
)

// The words of matters of this file.
const (
	argWhy  = "why"
	whyNew  = "new"
	whySoon = "soon"
	whyLate = "late"
)

func spanArgs(in registrar.Span) map[string]string {
	return map[string]string{argYear: in.Year, argSemester: strconv.Itoa(in.Semester)}
}

func spanIn(m notices.Matter) registrar.Span {
	n, _ := strconv.Atoi(m.Args[argSemester])
	return registrar.Span{Year: m.Args[argYear], Semester: n}
}

// spanAt is the semester of an entry.
func spanAt(f registrar.Fields) registrar.Span {
	return registrar.Span{Year: f["year"], Semester: f.Int("semester")}
}

func entryOf(c registrar.Change) *registrar.Entry {
	if c.Now == nil {
		return c.Was
	}
	return c.Now
}

// newsOfAdvised is for all who advise a group.
func (h *Handlers) newsOfAdvised(ctx context.Context, _ *audience, _ notices.Plan) ([]telling, error) {
	var persons []string
	err := h.Storage.EachRecord(ctx, registrar.Groups, func(e registrar.Entry) error {
		if p := registrar.OfEmployee(e.Fields["advisor"]); e.Fields["advisor"] != "" && !slices.Contains(persons, p) {
			persons = append(persons, p)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("advisors of groups: %w", err)
	}
	slices.Sort(persons)
	return []telling{{topic: notices.Staff, card: advisedCard, about: string(advisedCard), persons: persons}}, nil
}

// cardOfAdvised counts in the groups that the reader advises now who needs them. It has no names, so it is no
// look at anybody's record.
func (h *Handlers) cardOfAdvised(ctx context.Context, r *newsReader, _ notices.News) (p piece, err error) {
	who, err := h.reader(ctx, r.who)
	if err != nil {
		return p, err
	}
	for _, g := range who.Groups {
		all, err := h.standings(ctx, g, func(_ registrar.Kind, all []registrar.Entry) ([]registrar.Entry, error) { return all, nil })
		if err != nil {
			return p, err
		}
		var debts, unregistered, risk int
		for _, s := range all {
			debts += b2i(len(s.Debts) > 0)
			unregistered += b2i(s.Plan != "")
			risk += b2i(s.AtRisk())
		}
		if debts+unregistered+risk > 0 {
			p.lines = append(p.lines, locales.GroupsItem(g, len(all), debts, unregistered, risk))
		}
	}
	if len(p.lines) == 0 {
		return piece{none: true}, nil
	}
	p.lines = append(append([]ask.Line{locales.StaffAdvised()}, p.lines...), locales.StaffAdvisedHint())
	p.rows = [][]ask.Button{{h.ofStudies(r.lang, locales.GroupsNeed(), pressInNeed)}, {h.ofStudies(r.lang, locales.GroupsMine(), pressGroups)}}
	return p, nil
}

// newsOfLoad is that what somebody teaches has changed: once for a semester, however many lines of it have.
func (h *Handlers) newsOfLoad(_ context.Context, _ *audience, c registrar.Change) ([]telling, error) {
	e := entryOf(c)
	in := spanAt(e.Fields)
	return []telling{{topic: notices.Staff, card: loadCard, about: fmt.Sprintf("load/%s/%d", in.Year, in.Semester), persons: []string{e.Owner}, matter: notices.Matter{Args: spanArgs(in)}}}, nil
}

// cardOfLoad is what somebody teaches in a semester now.
func (h *Handlers) cardOfLoad(ctx context.Context, r *newsReader, n notices.News) (p piece, err error) {
	load, err := h.Storage.Records(ctx, registrar.Load, r.person)
	if err != nil {
		return p, fmt.Errorf("load of a teacher: %w", err)
	}
	in := spanIn(n.Matter)
	load = slices.DeleteFunc(load, func(e registrar.Entry) bool { return spanAt(e.Fields) != in })
	p.lines = []ask.Line{locales.StaffLoad()}
	if len(load) == 0 {
		p.lines = append(p.lines, locales.StaffLoadNone(sessionName(in)))
	}
	title, err := h.titles(ctx, r.lang, load)
	if err != nil {
		return p, err
	}
	p.lines = append(append(p.lines, h.dense(r.lang, taught(in, load, title))...), locales.StaffLoadHint())
	p.rows = h.toSheets(r)
	return p, nil
}

// titles are the names of the disciplines of some entries.
func (h *Handlers) titles(ctx context.Context, l dauys.Lang, entries []registrar.Entry) (func(registrar.Fields) string, error) {
	catalogue := map[string]registrar.Fields{}
	if err := h.catalogued(ctx, catalogue, entries, true); err != nil {
		return nil, err
	}
	return func(f registrar.Fields) string {
		d := catalogue[f["discipline"]]
		return cmp.Or(d["title_"+string(l)], d["title"], f["discipline"])
	}, nil
}

// dense is some lines as one, without space between them.
func (h *Handlers) dense(l dauys.Lang, lines []ask.Line) []ask.Line {
	if len(lines) == 0 {
		return nil
	}
	return []ask.Line{locales.StaffWords(ask.Markup(h.close(l, lines...)))}
}

// toSheets is the button to what a teacher has in the record.
func (h *Handlers) toSheets(r *newsReader) [][]ask.Button {
	return [][]ask.Button{{h.ofStudies(r.lang, locales.SheetsButton(), pressSheets)}}
}

// newsOfOwnSheet is that a sheet is open that was not, or has another day until which it is to be closed.
func (h *Handlers) newsOfOwnSheet(_ context.Context, _ *audience, c registrar.Change) ([]telling, error) {
	if c.Now == nil || c.Now.Owner == "" || c.Now.Fields["status"] != "open" ||
		c.Was != nil && c.Was.Owner == c.Now.Owner && c.Was.Fields["status"] == "open" && c.Was.Fields["until"] == c.Now.Fields["until"] {
		return nil, nil
	}
	return []telling{sheetsTold(whyNew, c.Now.Owner)}, nil
}

func sheetsTold(why string, persons ...string) telling {
	return telling{topic: notices.Staff, card: sheetsCard, about: string(sheetsCard), persons: persons, matter: notices.Matter{Args: map[string]string{argWhy: why}}}
}

const (
	sheetsAgain  = 7  // days after which it is said again that a sheet is not closed
	sheetsLong   = 30 // days after its day nothing is said any more
	sheetsBehind = 7  // days of a job that did not run which are made up for
)

// newsOfSheets is for teachers of sheets that have to be closed by tomorrow, or were not closed in time.
func (h *Handlers) newsOfSheets(ctx context.Context, _ *audience, p notices.Plan) ([]telling, error) {
	cal := &h.University.Calendar
	today := cal.Midnight(p.At)
	first := today
	if !p.Before.IsZero() {
		if first = cal.Midnight(p.Before).AddDate(0, 0, 1); first.Before(today.AddDate(0, 0, -sheetsBehind)) {
			first = today.AddDate(0, 0, -sheetsBehind)
		}
	}
	why := map[string][]string{}
	err := h.Storage.EachRecord(ctx, registrar.Sheets, func(e registrar.Entry) error {
		last := e.Fields.Time("until", cal.Zone())
		if e.Owner == "" || e.Fields["status"] != "open" || last.IsZero() {
			return nil
		}
		for day := first; !day.After(today); day = day.AddDate(0, 0, 1) {
			switch n := int(day.Sub(last).Round(24*time.Hour) / (24 * time.Hour)); {
			case n == -1 && !last.Before(today):
				why[whySoon] = append(why[whySoon], e.Owner)
			case n > 0 && n <= sheetsLong && n%sheetsAgain == 1:
				why[whyLate] = append(why[whyLate], e.Owner)
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("grade sheets: %w", err)
	}
	var all []telling
	for _, w := range []string{whyLate, whySoon} { // who has both hears of what is late
		slices.Sort(why[w])
		persons := slices.Compact(why[w])
		if w == whySoon {
			persons = slices.DeleteFunc(persons, func(p string) bool { return slices.Contains(why[whyLate], p) })
		}
		if len(persons) > 0 {
			all = append(all, sheetsTold(w, persons...))
		}
	}
	return all, nil
}

// cardOfSheets are the sheets that are open now.
func (h *Handlers) cardOfSheets(ctx context.Context, r *newsReader, n notices.News) (p piece, err error) {
	sheets, err := h.Storage.Records(ctx, registrar.Sheets, r.person)
	if err != nil {
		return p, fmt.Errorf("grade sheets of a teacher: %w", err)
	}
	sheets = slices.DeleteFunc(sheets, func(e registrar.Entry) bool { return e.Fields["status"] != "open" })
	if len(sheets) == 0 { // closed meanwhile
		return piece{none: true}, nil
	}
	title, err := h.titles(ctx, r.lang, sheets)
	if err != nil {
		return p, err
	}
	p.lines = append([]ask.Line{locales.StaffSheets(cmp.Or(n.Matter.Args[argWhy], whyNew))}, h.dense(r.lang, h.openSheets(sheets, title))...)
	p.rows = h.toSheets(r)
	return p, nil
}

// newsOfHeld is for who holds an exam that is new, has moved or is gone.
func (h *Handlers) newsOfHeld(_ context.Context, _ *audience, c registrar.Change) (all []telling, err error) {
	for _, e := range []*registrar.Entry{c.Now, c.Was} {
		if e == nil || e.Fields["examiner"] == "" || e == c.Was && c.Now != nil && c.Now.Fields["examiner"] == e.Fields["examiner"] {
			continue
		}
		in := spanAt(e.Fields)
		all = append(all, telling{topic: notices.Staff, card: heldCard, about: fmt.Sprintf("held/%s/%d", in.Year, in.Semester),
			persons: []string{registrar.OfEmployee(e.Fields["examiner"])}, matter: notices.Matter{Args: spanArgs(in)}})
	}
	return all, nil
}

// cardOfHeld are the exams that somebody holds from now on.
func (h *Handlers) cardOfHeld(ctx context.Context, r *newsReader, _ notices.News) (p piece, err error) {
	exams, err := h.Storage.RecordsBy(ctx, registrar.Exams, r.person)
	if err != nil {
		return p, fmt.Errorf("exams of a teacher: %w", err)
	}
	title, err := h.titles(ctx, r.lang, exams)
	if err != nil {
		return p, err
	}
	p.lines = []ask.Line{locales.StaffHeld()}
	if coming := h.comingExams(exams, title); len(coming) > 0 {
		p.lines = append(p.lines, h.dense(r.lang, coming)...)
	} else {
		p.lines = append(p.lines, locales.StaffHeldNone())
	}
	p.rows = h.toSheets(r)
	return p, nil
}

const (
	sessionBegun = 5  // days after which there is something to tell of a session
	sessionEnded = 14 // days after its end it is told for the last time
)

// sessionNow is the session of which the administration is told at a moment; not ok: there is none, or nothing
// is new of it since it was told before.
func (h *Handlers) sessionNow(ctx context.Context, before, now time.Time) (in registrar.Span, ok bool, err error) {
	marks, err := h.Storage.Imports(ctx, registrar.Marks, importsSeen)
	if err != nil {
		return in, false, fmt.Errorf("files with marks: %w", err)
	}
	if !slices.ContainsFunc(marks, func(im registrar.Import) bool {
		return (im.State == registrar.Published || im.State == registrar.Undone) && im.Settled.After(before)
	}) {
		return in, false, nil
	}
	err = h.Storage.EachRecord(ctx, registrar.Calendar, func(e registrar.Entry) error {
		from, until := e.Fields.Time("from", h.zone()), e.Fields.Time("until", h.zone())
		if e.Fields["event"] != "exams" || now.Before(from.AddDate(0, 0, sessionBegun)) || !now.Before(until.AddDate(0, 0, sessionEnded+1)) {
			return nil
		}
		if at := spanAt(e.Fields); !ok || at.Year > in.Year || at.Year == in.Year && at.Semester > in.Semester {
			in, ok = at, true
		}
		return nil
	})
	if err != nil {
		return in, false, fmt.Errorf("academic calendar: %w", err)
	}
	return in, ok && h.University.Academic != nil, nil
}

// newsOfSession is for the administration while a session runs and shortly after. It is counted once for all
// of them, so the words are made here: the figures are those of that moment, which the words say.
func (h *Handlers) newsOfSession(ctx context.Context, _ *audience, p notices.Plan) ([]telling, error) {
	in, ok, err := h.sessionNow(ctx, p.Before, p.At)
	if err != nil || !ok {
		return nil, err
	}
	var persons []string
	err = h.Storage.EachRecord(ctx, registrar.Employees, func(e registrar.Entry) error {
		if registrar.Role(e.Fields["role"]) == registrar.Administration {
			persons = append(persons, e.Owner)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("who is in the administration: %w", err)
	}
	if len(persons) == 0 {
		return nil, nil
	}
	sum, err := h.SessionSummary(ctx, in)
	if err != nil || sum.Whole.Results == 0 || sum.Whole.Hidden {
		return nil, err
	}
	slices.Sort(persons)
	words := map[string]string{}
	for _, l := range dauys.Langs {
		words[string(l)] = h.sessionWords(l, sum)
	}
	return []telling{{topic: notices.Staff, card: sessionsCard, about: string(sessionsCard), persons: persons, matter: notices.Matter{Args: words}}}, nil
}

// cardOfSession says it, to who is still in the administration.
func (h *Handlers) cardOfSession(ctx context.Context, r *newsReader, n notices.News) (p piece, err error) {
	who, err := h.reader(ctx, r.who)
	if err != nil {
		return p, err
	}
	if !who.Is(registrar.Administration) || n.Matter.Args[string(r.lang)] == "" {
		return piece{none: true}, nil
	}
	p.lines = []ask.Line{locales.StaffWords(ask.Markup(n.Matter.Args[string(r.lang)]))}
	p.rows = [][]ask.Button{{h.button(r.lang, locales.SessionButton(), "m:session")}}
	p.alone = true
	return p, nil
}

// sessionForOffices are the same figures for the chats of the offices that see them, with picture and table.
func (h *Handlers) sessionForOffices(ctx context.Context, before, slot, now time.Time) (notes []dauys.Notification, err error) {
	in, ok, err := h.sessionNow(ctx, before, now)
	if err != nil || !ok {
		return nil, err
	}
	bound, err := h.Storage.Bindings(ctx)
	if err != nil {
		return nil, fmt.Errorf("list bindings: %w", err)
	}
	for _, o := range h.University.Offices {
		if bound[o.ID] == "" || !h.hasSessions(o.ID) {
			continue
		}
		l, err := h.officeLang(ctx, o)
		if err != nil {
			return nil, err
		}
		body, _ := json.Marshal(sessionFor{Year: in.Year, Semester: in.Semester, Lang: l}) // strings and a number: cannot fail
		notes = append(notes, dauys.Notification{Key: slotKey(SessionJob, slot) + "/" + string(o.ID), What: dauys.SessionFigures, Office: o.ID, Body: string(body)})
	}
	return notes, nil
}

// hasSessions tells whether the chat of an office gets the figures of sessions.
func (h *Handlers) hasSessions(id dauys.OfficeID) bool {
	o, ok := h.University.Office(id)
	return ok && (slices.Contains(o.Powers, dauys.Figures) || slices.Contains(o.Powers, dauys.Registry))
}

// eachNews is a table of what changes tell, of several of which more than one may tell of the same kind.
func eachNews(parts ...map[registrar.Kind]changeNews) map[registrar.Kind]changeNews {
	all := map[registrar.Kind]changeNews{}
	for _, p := range parts {
		for k, tell := range p {
			before := all[k]
			all[k] = func(h *Handlers, ctx context.Context, a *audience, c registrar.Change) (some []telling, err error) {
				if before != nil {
					if some, err = before(h, ctx, a, c); err != nil {
						return nil, err
					}
				}
				more, err := tell(h, ctx, a, c)
				return append(some, more...), err
			}
		}
	}
	return all
}
