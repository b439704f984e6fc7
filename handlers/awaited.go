package handlers

import (
	"cmp"
	"context"
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

// What should be in the registrar's record by the academic calendar and is not. The office that keeps the
// record is told every working day; students read until when it is expected, so that an empty screen is
// not taken for "there is nothing".

const (
	watchedLate  = 45 // days after its day something is still waited for: a later one has come since, or it never does
	watchedSoon  = 3  // days before its day the office is told that it comes
	askedOfGroup = 5  // students of a group who are asked for; when none of them has it, the group has not
	lackingShown = 10 // groups or sheets that are named
	importsSeen  = 200
)

// wanted is something that should be in the record by a day.
type wanted struct {
	what              string // as the structure file has it
	in                registrar.Span
	programme, course string // for whom the calendar says so; empty: for all
	from, until       time.Time
	by                time.Time // the last day
	end               time.Time // it is of no use any more
}

// wanted are all that the academic calendar and the structure file ask for, in the order of their days.
func (h *Handlers) wanted(ctx context.Context) (all []wanted, err error) {
	if len(h.University.Notices.Expect) == 0 {
		return nil, nil
	}
	zone := h.zone()
	err = h.Storage.EachRecord(ctx, registrar.Calendar, func(e registrar.Entry) error {
		f := e.Fields
		for _, x := range h.University.Notices.Expect {
			w := wanted{what: x.What, in: registrar.Span{Year: f["year"], Semester: f.Int("semester")}, programme: f["programme"], course: f["course"],
				from: f.Time("from", zone), until: f.Time("until", zone)}
			w.by = x.By(w.from, w.until)
			w.end = w.over().AddDate(0, 0, watchedLate)
			if over := w.until.AddDate(0, 0, 1); x.Edge == "from" && over.Before(w.end) { // a timetable after the exams
				w.end = over
			}
			if x.Event != f["event"] || w.by.IsZero() || x.What == "calendar" && w.in.Semester != 2 { // the next year comes after the last session
				continue
			}
			all = append(all, w)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("academic calendar: %w", err)
	}
	slices.SortStableFunc(all, func(x, y wanted) int {
		return cmp.Or(x.by.Compare(y.by), cmp.Compare(slices.Index(dauys.Expectable, x.what), slices.Index(dauys.Expectable, y.what)), strings.Compare(x.programme+"|"+x.course, y.programme+"|"+y.course))
	})
	return all, nil
}

// over is when the day is over by which something should have come.
func (w wanted) over() time.Time { return w.by.AddDate(0, 0, 1) }

// late tells whether it should be there and may still come.
func (w wanted) late(now time.Time) bool {
	return !now.Before(w.over()) && now.Before(w.end)
}

// concerns tells whether it is said of a group of a programme and a course.
func (w wanted) concerns(programme, course string) bool {
	return (w.programme == "" || w.programme == programme) && (w.course == "" || course == "" || w.course == course)
}

// studyGroup is a group of students.
type studyGroup struct {
	name, programme, course string
	students                []string // as owners
}

// studyGroups are all groups in which anybody studies now.
func (h *Handlers) studyGroups(ctx context.Context) ([]*studyGroup, error) {
	groups := map[string]*studyGroup{}
	var all []*studyGroup
	err := h.Storage.EachRecord(ctx, registrar.Roster, func(e registrar.Entry) error {
		f := e.Fields
		if s := f["status"]; s != "" && s != "studying" {
			return nil
		}
		g := groups[f["group"]]
		if g == nil {
			g = &studyGroup{name: f["group"], programme: f["programme"], course: f["course"]}
			groups[g.name], all = g, append(all, g)
		}
		g.students = append(g.students, e.Owner)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("groups of the roster: %w", err)
	}
	for _, g := range all {
		slices.Sort(g.students)
	}
	slices.SortFunc(all, func(a, b *studyGroup) int { return strings.Compare(a.name, b.name) })
	return all, nil
}

// lack is what of something is not there.
type lack struct {
	wanted
	names []string // of groups, programmes or sheets; empty: there is nothing at all of it
	of    int      // how many there are; 0: it is not counted
}

// lacks tells what of something is missing; not missing: all of it has come.
func (h *Handlers) lacks(ctx context.Context, w wanted, groups []*studyGroup) (l lack, missing bool, err error) {
	l.wanted = w
	groups = slices.DeleteFunc(slices.Clone(groups), func(g *studyGroup) bool { return !w.concerns(g.programme, g.course) })
	// each asks group by group; nobody is called when there is none.
	each := func(has func(*studyGroup) (bool, error)) error {
		for _, g := range groups {
			ok, err := has(g)
			if err != nil {
				return err
			}
			if !ok {
				l.names = append(l.names, g.name)
			}
		}
		if l.of = len(groups); len(l.names) == l.of {
			missing, l.names = l.of > 0, nil
		} else {
			missing = len(l.names) > 0
		}
		return nil
	}
	some := func(k registrar.Kind, owner string, is func(registrar.Fields) bool) (bool, error) {
		all, err := h.Storage.Records(ctx, k, owner)
		return slices.ContainsFunc(all, func(e registrar.Entry) bool { return is(e.Fields) }), err
	}
	students := func(k registrar.Kind, is func(registrar.Fields) bool) error {
		return each(func(g *studyGroup) (bool, error) {
			for _, s := range g.students[:min(len(g.students), askedOfGroup)] {
				if ok, err := some(k, s, is); ok || err != nil {
					return ok, err
				}
			}
			return false, nil
		})
	}
	whole := func(k registrar.Kind, is func(registrar.Fields) bool) error {
		missing = true
		stop := errors.New("found")
		err := h.Storage.EachRecord(ctx, k, func(e registrar.Entry) error {
			if is(e.Fields) {
				missing = false
				return stop
			}
			return nil
		})
		if errors.Is(err, stop) {
			return nil
		}
		return err
	}
	marked := func(controls ...string) error {
		return students(registrar.Marks, func(f registrar.Fields) bool { return w.at(f) && slices.Contains(controls, f["control"]) })
	}
	switch w.what {
	case "load":
		err = whole(registrar.Load, w.at)
	case "controls":
		err = whole(registrar.Controls, w.at)
	case "calendar":
		err = whole(registrar.Calendar, func(f registrar.Fields) bool { return f["year"] > w.in.Year })
	case "timetable":
		err = each(func(g *studyGroup) (bool, error) {
			return some(registrar.Exams, registrar.OfGroup(g.name), func(f registrar.Fields) bool { return w.at(f) && f["attempt"] != "consultation" })
		})
	case "plans":
		err = students(registrar.Plans, w.at)
	case "rating1":
		err = marked("tc1", "rc1", "r1")
	case "rating2":
		err = marked("tc2", "rc2", "r2", "admission")
	case "results":
		err = marked("exam", "final")
	case "scholarship":
		missing = true // an order says no semester, but it is made after the session
		err = whole(registrar.Orders, func(f registrar.Fields) bool {
			return f["kind"] == "scholarship" && !f.Time("date", h.zone()).Before(w.from)
		})
	case "electives":
		asked := map[string]bool{}
		var lacking []string
		for _, g := range groups {
			if asked[g.programme] {
				continue
			}
			asked[g.programme] = true
			var ok bool
			if ok, err = some(registrar.Electives, registrar.OfProgramme(g.programme), func(f registrar.Fields) bool {
				return w.at(f) || f["year"] >= w.in.Year && !f.Time("until", h.zone()).Before(w.from)
			}); err != nil {
				break
			}
			if !ok {
				lacking = append(lacking, g.programme)
			}
		}
		l.of, missing = len(asked), len(lacking) > 0
		if slices.Sort(lacking); len(lacking) < l.of {
			l.names = lacking
		}
	case "sheets":
		err = h.Storage.EachRecord(ctx, registrar.Sheets, func(e registrar.Entry) error {
			if w.at(e.Fields) && e.Fields["status"] == "open" {
				l.names = append(l.names, e.Fields["sheet"])
			}
			return nil
		})
		slices.Sort(l.names)
		missing = len(l.names) > 0
	}
	if err != nil {
		return l, false, fmt.Errorf("what is there of %s: %w", w.what, err)
	}
	return l, missing, nil
}

// at tells whether values are of the semester in which something is wanted.
func (w wanted) at(f registrar.Fields) bool {
	return f["year"] == w.in.Year && (w.in.Semester == 0 || f.Int("semester") == w.in.Semester)
}

// WatchJob is the name of the daily look at what should have come to the record.
const WatchJob = "watch"

// watchRecord tells the office that keeps the record what should be there and is not, which files do not come
// as they do else, and which wait for somebody. When all is well it says nothing.
func (h *Handlers) watchRecord(ctx context.Context, _, slot, now time.Time) ([]dauys.Notification, error) {
	o, ok := h.registryOffice()
	if !ok {
		return nil, nil
	}
	if chat, err := h.Storage.ChatOf(ctx, o.ID); err != nil || chat == "" {
		return nil, err
	}
	if _, err := h.Storage.Holding(ctx, registrar.Roster); err != nil { // without students nothing is missing
		if errors.Is(err, dauys.ErrNotFound) {
			return nil, nil
		}
		return nil, fmt.Errorf("watch the record: %w", err)
	}
	parts, err := h.missingWords(ctx, now)
	if err != nil {
		return nil, err
	}
	files, err := h.fileWords(ctx, now)
	if err != nil {
		return nil, err
	}
	if parts = append(parts, files...); len(parts) == 0 {
		return nil, nil
	}
	l, err := h.officeLang(ctx, o)
	if err != nil {
		return nil, err
	}
	texts := []string{h.Book.Say(l, locales.WatchHead(now))}
	for _, lines := range parts {
		texts = append(texts, h.close(l, lines...))
	}
	return []dauys.Notification{h.forToday(slotKey(WatchJob, slot), o.ID, now, ask.Reply{Text: strings.Join(texts, "\n\n")})}, nil
}

// missingWords are what is late, and what is to come in the next days.
func (h *Handlers) missingWords(ctx context.Context, now time.Time) (parts [][]ask.Line, err error) {
	all, err := h.wanted(ctx)
	if err != nil {
		return nil, err
	}
	groups, err := h.studyGroups(ctx)
	if err != nil {
		return nil, err
	}
	today := h.University.Calendar.Midnight(now)
	var late, soon []ask.Line
	for _, w := range all {
		comes := !w.by.Before(today) && w.by.Before(today.AddDate(0, 0, watchedSoon+1))
		if !comes && !w.late(now) {
			continue
		}
		l, missing, err := h.lacks(ctx, w, groups)
		if err != nil {
			return nil, err
		}
		if !missing {
			continue
		}
		line := locales.WatchLack(w.what, sessionName(w.in), ask.Day(w.by), shownNames(l.names), len(l.names), l.of)
		if comes {
			soon = append(soon, line)
		} else {
			late = append(late, line)
		}
	}
	if len(late) > 0 {
		parts = append(parts, append([]ask.Line{locales.WatchLate()}, late...))
	}
	if len(soon) > 0 {
		parts = append(parts, append([]ask.Line{locales.WatchSoon()}, soon...))
	}
	return parts, nil
}

// shownNames are the first of some names.
func shownNames(names []string) string {
	s := strings.Join(names[:min(len(names), lackingShown)], ", ")
	if len(names) > lackingShown {
		s += ", …"
	}
	return s
}

// fileWords are which files do not come as they do else, and which wait for somebody.
func (h *Handlers) fileWords(ctx context.Context, now time.Time) (parts [][]ask.Line, err error) {
	all, err := h.Storage.Imports(ctx, "", importsSeen)
	if err != nil {
		return nil, fmt.Errorf("files of the registrar: %w", err)
	}
	today := h.University.Calendar.Midnight(now)
	var lines []ask.Line
	rules := h.University.Notices
	for _, f := range rules.Feeds {
		on, err := h.during(ctx, f.During, now, f.Days)
		if err != nil {
			return nil, err
		}
		if !on {
			continue
		}
		last, err := h.cameLast(ctx, registrar.Kind(f.Kind))
		if err != nil {
			return nil, err
		}
		if !last.IsZero() && last.Before(today.AddDate(0, 0, -f.Days)) {
			lines = append(lines, locales.WatchFeed(f.Kind, ask.Day(last), f.Days))
		}
	}
	var itself time.Time
	for _, im := range all {
		if (im.By == registrar.ByFolder || im.By == registrar.ByHTTP) && im.At.After(itself) {
			itself = im.At
		}
	}
	for _, k := range registrar.KindNames() {
		at, _, err := h.Storage.LastSlot(ctx, sameFile(k), h.Now())
		if err != nil {
			return nil, fmt.Errorf("files that came again: %w", err)
		}
		if at.After(itself) {
			itself = at
		}
	}
	if rules.Silent > 0 && !itself.IsZero() && itself.Before(today.AddDate(0, 0, -rules.Silent)) {
		lines = append(lines, locales.WatchSilent(ask.Day(itself)))
	}
	seen := map[registrar.Kind]bool{}
	for _, im := range all { // the last first: of each kind it alone counts
		if seen[im.Kind] || !im.At.Before(today) {
			seen[im.Kind] = true
			continue
		}
		seen[im.Kind] = true
		if im.At.Before(today.AddDate(0, 0, -watchedLate)) {
			continue
		}
		switch {
		case im.Counts.Flaws > 0:
			lines = append(lines, locales.WatchFlawed(string(im.Kind), im.File, ask.Day(im.At)))
		case im.State == registrar.Staged:
			lines = append(lines, locales.WatchWaits(string(im.Kind), im.File, ask.Day(im.At)))
		}
	}
	if len(lines) == 0 {
		return nil, nil
	}
	return [][]ask.Line{append([]ask.Line{locales.WatchFiles()}, lines...)}, nil
}

// sameFile is the name under which it is kept when a file came by itself that had come before: there is
// nothing to import, but its way works.
func sameFile(k registrar.Kind) string { return "same/" + string(k) }

// cameLast is when the last file of a kind came, whatever became of it; zero: there was none.
func (h *Handlers) cameLast(ctx context.Context, k registrar.Kind) (at time.Time, err error) {
	last, err := h.Storage.Imports(ctx, k, 1)
	if err != nil {
		return at, fmt.Errorf("files of the registrar: %w", err)
	}
	if len(last) > 0 {
		at = last[0].At
	}
	same, _, err := h.Storage.LastSlot(ctx, sameFile(k), h.Now())
	if err != nil {
		return at, fmt.Errorf("files that came again: %w", err)
	}
	if same.After(at) {
		at = same
	}
	return at, nil
}

// during tells whether one of some events of the academic calendar runs, and has for some days; without
// events it is always so.
func (h *Handlers) during(ctx context.Context, events []string, now time.Time, days int) (runs bool, err error) {
	if len(events) == 0 {
		return true, nil
	}
	err = h.Storage.EachRecord(ctx, registrar.Calendar, func(e registrar.Entry) error {
		from, until := e.Fields.Time("from", h.zone()), e.Fields.Time("until", h.zone())
		runs = runs || slices.Contains(events, e.Fields["event"]) && !now.Before(from.AddDate(0, 0, days)) && now.Before(until.AddDate(0, 0, 1))
		return nil
	})
	if err != nil {
		return false, fmt.Errorf("academic calendar: %w", err)
	}
	return runs, nil
}

// awaited says of something that the student does not see until when it is expected, or that its day is over;
// nothing when the calendar does not say. has tells whether it has come for a semester.
func (s *student) awaited(ctx context.Context, what string, has func(registrar.Span) bool) ([]ask.Line, error) {
	w, ok, err := s.wants(ctx, what, has)
	if err != nil || !ok {
		return nil, err
	}
	if w.late(s.h.Now()) {
		return []ask.Line{locales.AwaitedLate(ask.Day(w.by))}, nil
	}
	return []ask.Line{locales.AwaitedBy(ask.Day(w.by))}, nil
}

// comesYet is the same below something else that is shown: it says what of which semester is not there. Only
// what is late, or belongs to what has begun or begins in so many days, is said.
func (s *student) comesYet(ctx context.Context, what string, ahead int, has func(registrar.Span) bool) ([]ask.Line, error) {
	w, ok, err := s.wants(ctx, what, has)
	now := s.h.Now()
	if err != nil || !ok || now.Before(w.from.AddDate(0, 0, -ahead)) {
		return nil, err
	}
	return []ask.Line{locales.AwaitedOf(what, sessionName(w.in), ask.Day(w.by), w.late(now))}, nil
}

// comesSoon is how many days before exams it is said that their timetable is not there yet.
const comesSoon = 30

// wants is what of something is to come next for a student: what is late, else what has the nearest day.
func (s *student) wants(ctx context.Context, what string, has func(registrar.Span) bool) (w wanted, ok bool, err error) {
	all, err := s.h.wanted(ctx)
	if err != nil {
		return w, false, err
	}
	now := s.h.Now()
	for _, x := range all {
		if x.what != what || !x.concerns(s.reader.Programme, s.who["course"]) || has != nil && has(x.in) {
			continue
		}
		if x.late(now) { // the last of these
			w, ok = x, true
			continue
		}
		if now.Before(x.over()) {
			if !ok {
				w, ok = x, true
			}
			break
		}
	}
	return w, ok, nil
}

// nextMarks says when the next marks are expected, whichever they are.
func (s *student) nextMarks(ctx context.Context) ([]ask.Line, error) {
	for _, what := range []string{"rating1", "rating2", "results"} {
		lines, err := s.awaited(ctx, what, nil)
		if err != nil || len(lines) > 0 {
			return lines, err
		}
	}
	return nil, nil
}

// resultsYet says below other marks and debts that those of a session are not there.
func (s *student) resultsYet(ctx context.Context) ([]ask.Line, error) {
	if _, err := s.marked(ctx); err != nil {
		return nil, err
	}
	return s.comesYet(ctx, "results", 0, hasMarks(s.marks, "exam", "final"))
}

// hasMarks tells whether there are marks of some kinds of a semester among some.
func hasMarks(marks []registrar.Entry, controls ...string) func(registrar.Span) bool {
	return func(in registrar.Span) bool {
		return slices.ContainsFunc(marks, func(e registrar.Entry) bool {
			return e.Fields["year"] == in.Year && e.Fields["semester"] == strconv.Itoa(in.Semester) && slices.Contains(controls, e.Fields["control"])
		})
	}
}
