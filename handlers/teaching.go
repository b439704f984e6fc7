package handlers

import (
	"cmp"
	"context"
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

// What teachers see of their own work in the record.

const (
	closedShown = 10
	examsListed = 10
)

// ownSheets is /sheets: what a teacher teaches, which of their sheets are not closed, and when they hold
// exams. To others there is no such command.
func (h *Handlers) ownSheets(ctx context.Context, t *Turn) error {
	r, err := h.reader(ctx, t.From)
	if err != nil {
		return err
	}
	if r.Employee == "" || !r.Is(registrar.TheTeacher) && len(r.Sheets) == 0 {
		return h.resume(t, locales.UnknownCommand())
	}
	l, owner := t.Lang(), registrar.OfEmployee(r.Employee)
	sheets, err := h.studies(ctx, r, t.Update, registrar.Sheets, owner)
	if err != nil {
		return err
	}
	load, err := h.studies(ctx, r, t.Update, registrar.Load, owner)
	if err != nil {
		return err
	}
	last := registrar.Latest(load)
	load = slices.DeleteFunc(load, func(e registrar.Entry) bool {
		return e.Fields["year"] != last.Year || e.Fields.Int("semester") != last.Semester
	})
	exams, err := h.heldExams(ctx, r, t.Update, load)
	if err != nil {
		return err
	}
	catalogue := map[string]registrar.Fields{}
	for _, some := range [][]registrar.Entry{sheets, load, exams} {
		if err := h.catalogued(ctx, catalogue, some, true); err != nil {
			return err
		}
	}
	title := func(f registrar.Fields) string {
		d := catalogue[f["discipline"]]
		return cmp.Or(d["title_"+string(l)], d["title"], f["discipline"])
	}
	var parts []string
	for _, lines := range [][]ask.Line{h.openSheets(sheets, title), h.closedSheets(sheets, title), taught(last, load, title), h.comingExams(exams, title)} {
		if len(lines) > 0 {
			parts = append(parts, h.close(l, lines...))
		}
	}
	meetings, err := h.summons(ctx, t.From)
	if err != nil {
		return err
	}
	if len(meetings) > 0 {
		parts = append(parts, h.close(l, meetings...))
	}
	secret(t, strings.Join(parts, "\n\n"), h.onward(t))
	return nil
}

// openSheets are those that are not closed, the most pressing first.
func (h *Handlers) openSheets(sheets []registrar.Entry, title func(registrar.Fields) string) []ask.Line {
	cal := &h.University.Calendar
	until := func(e registrar.Entry) time.Time { return e.Fields.Time("until", cal.Zone()) }
	open := slices.DeleteFunc(slices.Clone(sheets), func(e registrar.Entry) bool { return e.Fields["status"] != "open" })
	slices.SortStableFunc(open, func(a, b registrar.Entry) int {
		x, y := until(a), until(b)
		if x.IsZero() != y.IsZero() {
			return b2i(x.IsZero()) - b2i(y.IsZero())
		}
		return cmp.Or(x.Compare(y), strings.Compare(a.Key, b.Key))
	})
	if len(open) == 0 {
		return []ask.Line{locales.SheetsNone()}
	}
	lines := []ask.Line{locales.SheetsHead()}
	for _, e := range open {
		last := until(e)
		lines = append(lines, locales.SheetItem(e.Fields["sheet"], title(e.Fields), e.Fields["group"], last, !last.IsZero() && last.Before(cal.Midnight(h.Now()))))
	}
	return lines
}

// closedSheets are those that were closed last.
func (h *Handlers) closedSheets(sheets []registrar.Entry, title func(registrar.Fields) string) []ask.Line {
	zone := h.University.Calendar.Zone()
	done := slices.DeleteFunc(slices.Clone(sheets), func(e registrar.Entry) bool { return e.Fields["status"] != "closed" })
	slices.SortStableFunc(done, func(a, b registrar.Entry) int {
		return cmp.Or(strings.Compare(b.Fields["closed"], a.Fields["closed"]), strings.Compare(a.Key, b.Key))
	})
	if len(done) == 0 {
		return nil
	}
	lines := []ask.Line{locales.SheetsClosed()}
	for _, e := range done[:min(len(done), closedShown)] {
		lines = append(lines, locales.SheetClosed(e.Fields["sheet"], title(e.Fields), e.Fields["group"], e.Fields.Time("closed", zone)))
	}
	return lines
}

// taught is the load of a semester: each discipline with its groups and hours.
func taught(in registrar.Span, load []registrar.Entry, title func(registrar.Fields) string) []ask.Line {
	if len(load) == 0 {
		return nil
	}
	type course struct {
		name   string
		groups []string
		hours  int
	}
	var all []*course
	for _, e := range load {
		name := title(e.Fields)
		i := slices.IndexFunc(all, func(c *course) bool { return c.name == name })
		if i < 0 {
			i, all = len(all), append(all, &course{name: name})
		}
		if g := e.Fields["group"]; !slices.Contains(all[i].groups, g) {
			all[i].groups = append(all[i].groups, g)
		}
		hours, _ := e.Fields.Hundredths("hours")
		all[i].hours += hours
	}
	slices.SortFunc(all, func(a, b *course) int { return strings.Compare(a.name, b.name) })
	lines := []ask.Line{locales.LoadHead(sessionName(in))}
	for _, c := range all {
		slices.Sort(c.groups)
		hours := ""
		if c.hours > 0 {
			hours = strconv.FormatFloat(float64(c.hours)/100, 'f', -1, 64)
		}
		lines = append(lines, locales.LoadItem(c.name, c.groups, hours))
	}
	return lines
}

// heldExams are the exams that a teacher holds, and those of the disciplines that they teach.
func (h *Handlers) heldExams(ctx context.Context, r registrar.Reader, cause string, load []registrar.Entry) ([]registrar.Entry, error) {
	all, err := h.studiesBy(ctx, r, cause, registrar.Exams, registrar.OfEmployee(r.Employee))
	if err != nil {
		return nil, err
	}
	var groups []string
	for _, e := range load {
		g := e.Fields["group"]
		if slices.Contains(groups, g) {
			continue
		}
		groups = append(groups, g)
		more, err := h.studies(ctx, r, cause, registrar.Exams, registrar.OfGroup(g))
		if err != nil {
			return nil, err
		}
		for _, x := range more {
			taught := slices.ContainsFunc(load, func(e registrar.Entry) bool {
				return e.Fields["group"] == g && e.Fields["discipline"] == x.Fields["discipline"] && e.Fields["year"] == x.Fields["year"] && e.Fields["semester"] == x.Fields["semester"]
			})
			if taught && !slices.ContainsFunc(all, func(e registrar.Entry) bool { return e.Key == x.Key }) {
				all = append(all, x)
			}
		}
	}
	return all, nil
}

// comingExams are those that are still to come, the next one first.
func (h *Handlers) comingExams(exams []registrar.Entry, title func(registrar.Fields) string) []ask.Line {
	at := func(e registrar.Entry) time.Time { return e.Fields.Time("at", h.University.Calendar.Zone()) }
	coming := slices.DeleteFunc(slices.Clone(exams), func(e registrar.Entry) bool { return at(e).Before(h.Now()) })
	slices.SortStableFunc(coming, func(a, b registrar.Entry) int { return cmp.Or(at(a).Compare(at(b)), strings.Compare(a.Key, b.Key)) })
	if len(coming) == 0 {
		return nil
	}
	lines := []ask.Line{locales.TeachExams()}
	for _, e := range coming[:min(len(coming), examsListed)] {
		lines = append(lines, locales.TeachExam(at(e), title(e.Fields), e.Fields["group"], e.Fields["room"]))
	}
	return lines
}

// summons are the meetings of bodies to which somebody is called.
func (h *Handlers) summons(ctx context.Context, who dauys.Address) ([]ask.Line, error) {
	var lines []ask.Line
	for _, o := range h.University.Offices {
		if !slices.Contains(o.Powers, dauys.Schedule) {
			continue
		}
		all, err := h.Storage.Meetings(ctx, o.ID)
		if err != nil {
			return nil, fmt.Errorf("meetings of %s: %w", o.ID, err)
		}
		for _, m := range all {
			if m.State != dauys.Planned || !slices.ContainsFunc(m.Seats, func(s dauys.Seat) bool { return s.Address == who && s.Comes != "no" }) {
				continue
			}
			if len(lines) == 0 {
				lines = append(lines, locales.TeachMeetings())
			}
			lines = append(lines, locales.TeachMeeting(string(o.ID), m.At, m.Place))
		}
	}
	return lines, nil
}
