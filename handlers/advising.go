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

// What advisors see of the students of their groups. All of it is read through [Handlers.readable], which
// notes whose record was looked at, and is sent as messages that cannot be passed on.

// What buttons for staff about the record carry: q5:WHAT…
const (
	pressStudies  = "q5"
	pressGroups   = "all"
	pressGroup    = "g"
	pressInNeed   = "need"
	pressStudent  = "s"
	pressSheets   = "sheets"
	dataOfStudies = pressStudies + ":"
)

const (
	studentsShown = 8  // on a page of a group
	needShown     = 25 // in a digest
	mostOnButton  = 40 // signs
)

// groupMark stands for a group in a button: names are long and in any letters.
func groupMark(name string) string {
	sum := sha256.Sum256([]byte(name))
	return hex.EncodeToString(sum[:5])
}

// runningSemester is the one that began last by the academic calendar; zero: it says none.
func (h *Handlers) runningSemester(ctx context.Context) (in registrar.Span, err error) {
	all, err := h.Storage.Records(ctx, registrar.Calendar, "")
	if err != nil {
		return in, fmt.Errorf("academic calendar: %w", err)
	}
	var began time.Time
	for _, e := range all {
		if from := e.Fields.Time("from", h.University.Calendar.Zone()); e.Fields["event"] == "study" && from.After(began) && !from.After(h.Now()) {
			began, in = from, registrar.Span{Year: e.Fields["year"], Semester: e.Fields.Int("semester")}
		}
	}
	return in, nil
}

// catalogued adds the disciplines of some entries to a catalogue; only those of which the entries
// themselves say too little unless all are asked for.
func (h *Handlers) catalogued(ctx context.Context, catalogue map[string]registrar.Fields, entries []registrar.Entry, all bool) error {
	for _, e := range entries {
		code := e.Fields["discipline"]
		if _, known := catalogue[code]; known || code == "" || !all && e.Fields["title"] != "" && e.Fields["credits"] != "" {
			continue
		}
		d, err := h.Storage.Record(ctx, registrar.Disciplines, code)
		if err != nil && !errors.Is(err, dauys.ErrNotFound) {
			return fmt.Errorf("a discipline of the catalogue: %w", err)
		}
		catalogue[code] = d.Fields // nil: it is not in there
	}
	return nil
}

// advised are the students of a group as they stand, those in need first.
func (h *Handlers) advised(ctx context.Context, r registrar.Reader, cause, group string) ([]registrar.Standing, error) {
	return h.standings(ctx, group, func(k registrar.Kind, all []registrar.Entry) ([]registrar.Entry, error) {
		return h.readable(ctx, r, cause, k, all)
	})
}

// standings are the students of a group as they stand by what may be seen of them, those in need first.
func (h *Handlers) standings(ctx context.Context, group string, see func(registrar.Kind, []registrar.Entry) ([]registrar.Entry, error)) ([]registrar.Standing, error) {
	roster, err := h.Storage.RecordsBy(ctx, registrar.Roster, registrar.OfGroup(group))
	if err != nil {
		return nil, fmt.Errorf("record: %w", err)
	}
	if roster, err = see(registrar.Roster, roster); err != nil {
		return nil, err
	}
	roster = slices.DeleteFunc(roster, func(e registrar.Entry) bool { return slices.Contains(leftStudies, e.Fields["status"]) })
	kept := map[registrar.Kind]map[string][]registrar.Entry{}
	var plans []registrar.Entry
	catalogue := map[string]registrar.Fields{}
	for _, k := range []registrar.Kind{registrar.Marks, registrar.Debts, registrar.Plans} {
		var all []registrar.Entry
		for _, s := range roster {
			some, err := h.Storage.Records(ctx, k, s.Owner)
			if err != nil {
				return nil, fmt.Errorf("%s of a group: %w", k, err)
			}
			all = append(all, some...)
		}
		if all, err = see(k, all); err != nil {
			return nil, err
		}
		kept[k] = map[string][]registrar.Entry{}
		for _, e := range all {
			kept[k][e.Owner] = append(kept[k][e.Owner], e)
		}
		switch k {
		case registrar.Marks:
			err = h.catalogued(ctx, catalogue, all, false)
		case registrar.Plans:
			plans = all
		}
		if err != nil {
			return nil, err
		}
	}
	now, err := h.runningSemester(ctx)
	if err != nil {
		return nil, err
	}
	at := registrar.Semester{Now: now, Plan: registrar.Planned(plans)}
	var all []registrar.Standing
	for _, s := range roster {
		all = append(all, registrar.StandingOf(h.University.Academic, s.Fields,
			kept[registrar.Marks][s.Owner], kept[registrar.Debts][s.Owner], kept[registrar.Plans][s.Owner], catalogue, at))
	}
	registrar.InNeed(all)
	return all, nil
}

// planned is the semester for which a group registers: the last of which anybody there has a plan.
func (h *Handlers) planned(ctx context.Context, group string) (in registrar.Span, err error) {
	mates, err := h.Storage.RecordsBy(ctx, registrar.Roster, registrar.OfGroup(group))
	if err != nil {
		return in, fmt.Errorf("students of a group: %w", err)
	}
	var all []registrar.Entry
	for _, m := range mates {
		plans, err := h.Storage.Records(ctx, registrar.Plans, m.Owner)
		if err != nil {
			return in, fmt.Errorf("plans of a group: %w", err)
		}
		all = append(all, plans...)
	}
	return registrar.Planned(all), nil
}

// advisor is who has sent something, if they are one; not ok: they are not, and were told so.
func (h *Handlers) advisor(ctx context.Context, t *Turn) (r registrar.Reader, ok bool, err error) {
	if r, err = h.reader(ctx, t.From); err != nil || r.Is(registrar.TheAdvisor) {
		return r, err == nil, err
	}
	return r, false, h.resume(t, locales.UnknownCommand())
}

// studiesButton is a button about the record that staff press: q5:WHAT…
func (h *Handlers) studiesButton(ctx context.Context, t *Turn, parts []string) error {
	arg := func(i int) string {
		if i < len(parts) {
			return parts[i]
		}
		return ""
	}
	switch arg(1) {
	case pressGroups:
		return h.ownGroups(ctx, t)
	case pressSheets:
		return h.ownSheets(ctx, t)
	}
	r, ok, err := h.advisor(ctx, t)
	if !ok {
		return err
	}
	switch arg(1) {
	case pressGroup:
		if i := slices.IndexFunc(r.Groups, func(g string) bool { return groupMark(g) == arg(2) }); i >= 0 {
			page, _ := strconv.Atoi(arg(3))
			return h.advisedGroup(ctx, t, r, r.Groups[i], page)
		}
	case pressInNeed:
		return h.advisedInNeed(ctx, t, r)
	case pressStudent:
		return h.advisedStudent(ctx, t, r, strings.Join(parts[2:], ":"))
	}
	return h.resume(t, locales.OldButton())
}

// secret is a message that cannot be passed on, in place of the one whose button was pressed.
func secret(t *Turn, text string, rows ...[]ask.Button) {
	t.Say(t.Here(ask.Reply{Text: text, Buttons: slices.DeleteFunc(rows, func(r []ask.Button) bool { return len(r) == 0 }), Protected: true}))
}

func (h *Handlers) ofStudies(l dauys.Lang, label ask.Line, data ...string) ask.Button {
	return h.button(l, label, dataOfStudies+strings.Join(data, ":"))
}

// ownGroups is /groups: the groups of an advisor, with how many need what.
func (h *Handlers) ownGroups(ctx context.Context, t *Turn) error {
	r, ok, err := h.advisor(ctx, t)
	if !ok {
		return err
	}
	l := t.Lang()
	lines := []ask.Line{locales.GroupsHead()}
	var rows [][]ask.Button
	for _, g := range r.Groups {
		all, err := h.advised(ctx, r, t.Update, g)
		if err != nil {
			return err
		}
		var debts, unregistered, risk int
		for _, s := range all {
			debts += b2i(len(s.Debts) > 0)
			unregistered += b2i(s.Plan != "")
			risk += b2i(s.AtRisk())
		}
		lines = append(lines, locales.GroupsItem(g, len(all), debts, unregistered, risk))
		rows = append(rows, []ask.Button{h.ofStudies(l, locales.GroupsGroup(locales.Shorten(g, mostOnButton)), pressGroup, groupMark(g))})
	}
	rows = append(rows, []ask.Button{h.ofStudies(l, locales.GroupsNeed(), pressInNeed)}, h.onward(t))
	secret(t, h.Book.Lines(l, lines...), rows...)
	return nil
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// needs is why a student needs their advisor, in words.
func (h *Handlers) needs(l dauys.Lang, s registrar.Standing) string {
	var words []string
	for _, n := range locales.Needs(s) {
		words = append(words, h.Book.Say(l, n))
	}
	return strings.Join(words, "; ")
}

// advisedGroup is one group, student by student, those in need first.
func (h *Handlers) advisedGroup(ctx context.Context, t *Turn, r registrar.Reader, group string, page int) error {
	all, err := h.advised(ctx, r, t.Update, group)
	if err != nil {
		return err
	}
	l := t.Lang()
	pages := max(1, (len(all)+studentsShown-1)/studentsShown)
	page = max(0, min(page, pages-1))
	parts := []string{h.Book.Say(l, locales.GroupHead(group, len(all)))}
	var rows [][]ask.Button
	for _, s := range all[page*studentsShown : min(len(all), (page+1)*studentsShown)] {
		if needs := h.needs(l, s); needs != "" {
			parts = append(parts, h.Book.Say(l, locales.GroupStudent(s.Student["name"], ask.Markup(needs))))
		} else {
			parts = append(parts, h.Book.Say(l, locales.GroupQuiet(s.Student["name"])))
		}
		rows = append(rows, []ask.Button{{Text: locales.Shorten(s.Student["name"], mostOnButton), Data: dataOfStudies + pressStudent + ":" + s.Student["student"]}})
	}
	var turn []ask.Button
	if page > 0 {
		turn = append(turn, h.ofStudies(l, locales.GroupBefore(), pressGroup, groupMark(group), strconv.Itoa(page-1)))
	}
	if page < pages-1 {
		turn = append(turn, h.ofStudies(l, locales.GroupAfter(), pressGroup, groupMark(group), strconv.Itoa(page+1)))
	}
	if pages > 1 {
		parts = append(parts, h.Book.Say(l, locales.GroupPage(page+1, pages)))
	}
	rows = append(rows, turn, []ask.Button{h.ofStudies(l, locales.GroupsMine(), pressGroups)}, h.onward(t))
	secret(t, strings.Join(parts, "\n\n"), rows...)
	return nil
}

// advisedInNeed are the students of all own groups who need their advisor, most of all first.
func (h *Handlers) advisedInNeed(ctx context.Context, t *Turn, r registrar.Reader) error {
	var all []registrar.Standing
	for _, g := range r.Groups {
		some, err := h.advised(ctx, r, t.Update, g)
		if err != nil {
			return err
		}
		all = append(all, some...)
	}
	all = slices.DeleteFunc(all, func(s registrar.Standing) bool { return s.Need() == 0 })
	registrar.InNeed(all)
	l := t.Lang()
	parts := []string{h.Book.Say(l, locales.NeedHead(h.Now()))}
	if len(all) == 0 {
		parts = append(parts, h.Book.Say(l, locales.NeedNobody()))
	}
	for _, s := range all[:min(len(all), needShown)] {
		parts = append(parts, h.Book.Say(l, locales.NeedStudent(s.Student["name"], s.Student["group"], ask.Markup(h.needs(l, s)))))
	}
	if left := len(all) - needShown; left > 0 {
		parts = append(parts, h.Book.Say(l, locales.NeedMore(left)))
	}
	secret(t, strings.Join(parts, "\n\n"), []ask.Button{h.ofStudies(l, locales.GroupsMine(), pressGroups)}, h.onward(t))
	return nil
}

// advisedStudent is one student of an own group.
func (h *Handlers) advisedStudent(ctx context.Context, t *Turn, r registrar.Reader, number string) error {
	owner := registrar.OfStudent(number)
	kept := map[registrar.Kind][]registrar.Entry{}
	for _, k := range []registrar.Kind{registrar.Roster, registrar.Marks, registrar.Debts, registrar.Plans} {
		all, err := h.studies(ctx, r, t.Update, k, owner)
		if err != nil {
			return err
		}
		if kept[k] = all; k == registrar.Roster && len(all) == 0 { // not theirs, or not any more
			return h.resume(t, locales.OldButton())
		}
	}
	who := kept[registrar.Roster][0].Fields
	catalogue := map[string]registrar.Fields{}
	for _, k := range []registrar.Kind{registrar.Marks, registrar.Debts} {
		if err := h.catalogued(ctx, catalogue, kept[k], true); err != nil {
			return err
		}
	}
	now, err := h.runningSemester(ctx)
	if err != nil {
		return err
	}
	group := who["group"]
	plan, err := h.planned(ctx, group)
	if err != nil {
		return err
	}
	s := registrar.StandingOf(h.University.Academic, who, kept[registrar.Marks], kept[registrar.Debts], kept[registrar.Plans], catalogue, registrar.Semester{Now: now, Plan: plan})
	l := t.Lang()
	parts := []string{h.close(l, locales.AdvisedWho(s)...)}
	if needs := locales.Needs(s); len(needs) > 0 {
		parts = append(parts, h.close(l, append([]ask.Line{locales.AdvisedNeeds()}, dotted(needs)...)...))
	}
	lines := []ask.Line{locales.AdvisedSemester(sessionName(now))}
	for _, c := range s.Courses {
		if now.Year != "" && now.Has(c) {
			lines = append(lines, locales.AdvisedCourse(c.Name(l), courseMarks(h.University.Academic, c)))
		}
	}
	if len(lines) > 1 {
		parts = append(parts, h.close(l, lines...))
	}
	lines = []ask.Line{locales.AdvisedDebts()}
	for _, d := range s.Debts {
		var until time.Time
		if d.Said != nil {
			until = d.Said.Fields.Time("until", h.University.Calendar.Zone())
		}
		name := cmp.Or(catalogue[d.Course.Discipline]["title_"+string(l)], d.Course.Name(l))
		lines = append(lines, locales.AdvisedDebt(name, sessionName(registrar.Span{Year: d.Course.Year, Semester: d.Course.Semester}), d.Reason, until, d.Last))
	}
	if len(lines) > 1 {
		parts = append(parts, h.close(l, lines...))
	}
	back := h.ofStudies(l, locales.GroupsGroup(locales.Shorten(group, mostOnButton)), pressGroup, groupMark(group))
	secret(t, strings.Join(parts, "\n\n"), []ask.Button{back}, []ask.Button{h.ofStudies(l, locales.GroupsMine(), pressGroups)}, h.onward(t))
	return nil
}

func dotted(lines []ask.Line) (out []ask.Line) {
	for _, line := range lines {
		out = append(out, locales.AdvisedNeed(line))
	}
	return out
}

// courseMarks are the numbers of a course as far as there are any.
func courseMarks(a *dauys.Academic, c registrar.Course) (m locales.CourseMarks) {
	r := c.Result(a)
	put := func(to *string, known bool, score registrar.Exact) {
		if known {
			*to = strconv.FormatFloat(float64(score.Hundredths())/100, 'f', -1, 64)
		}
	}
	for _, s := range r.Steps {
		switch s.Of {
		case registrar.Rating1:
			put(&m.First, s.Known, s.Score)
		case registrar.Rating2:
			put(&m.Second, s.Known, s.Score)
		case registrar.OfAdmission:
			put(&m.Admission, s.Known, s.Score)
		}
	}
	exam := c.Mark(registrar.OfExam)
	put(&m.Exam, exam.Scored, registrar.ExactOf(exam.Score))
	put(&m.Final, r.Scored, r.Score)
	m.Letter = r.Grade.Letter
	return m
}

// staffButtons lead an advisor, a teacher and administration to what the record has for them.
func (h *Handlers) staffButtons(l dauys.Lang, r registrar.Reader) (rows [][]ask.Button) {
	if r.Is(registrar.TheAdvisor) {
		rows = append(rows, []ask.Button{h.ofStudies(l, locales.GroupsMine(), pressGroups)})
	}
	if r.Employee != "" && (r.Is(registrar.TheTeacher) || len(r.Sheets) > 0) {
		rows = append(rows, []ask.Button{h.ofStudies(l, locales.SheetsButton(), pressSheets)})
	}
	if r.Is(registrar.Administration) || r.Is(registrar.TheRegistrar) {
		rows = append(rows, []ask.Button{h.button(l, locales.SessionButton(), "m:session")})
	}
	return rows
}
