package handlers

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/documents"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/ical"
	"alt.edu.kz/dauys/locales"
	"alt.edu.kz/dauys/registrar"
)

// The calendar file: a student's exams and terms, for the calendar of their telephone. No mark is in it,
// nor anything else but days, disciplines and places. It is theirs: unlike the screens it can be saved.

const (
	// filePress is what the data of the button for the file begins with.
	filePress = "q8"
	// examAlarm is how long before an exam the calendar makes a sound.
	examAlarm = 2 * time.Hour
)

// calendarFile is a row with the button for the file.
func (s *student) calendarFile() []ask.Button {
	return []ask.Button{s.h.button(s.t.Lang(), locales.CalendarButton(), filePress+":all")}
}

// calendarButton makes the file of what is to come and sends it.
func (h *Handlers) calendarButton(ctx context.Context, t *Turn) error {
	s, err := h.student(ctx, t)
	if err != nil {
		return err
	}
	if s == nil { // unlinked since, or not confirmed for this semester
		return h.ownRecord(ctx, t)
	}
	events, err := s.toCome(ctx)
	if err != nil {
		return err
	}
	if len(events) == 0 {
		return h.resume(t, locales.CalendarFileNone())
	}
	l := t.Lang()
	f := ical.File{Product: "-//ALT University//Dauys//" + strings.ToUpper(string(l)), Name: h.Book.Plain(l, locales.CalendarFile()), Zone: h.zone(), At: h.Now(), Events: events}
	data := f.Bytes()
	b := dauys.Blob{ID: "calendar-" + documents.Hash([]byte(promptID(t.Update, s.reader.Student, filePress)))[:sheetDigits], Name: f.Name + ".ics", MIME: ical.MIME, Data: data, At: h.Now()}
	if err := h.Storage.PutBlob(ctx, b); err != nil {
		return fmt.Errorf("keep a calendar file: %w", err)
	}
	t.Say(ask.Reply{Files: []ask.File{Document(b, h.Book.Say(l, locales.CalendarCaption()))}})
	return nil
}

// toCome are the exams, days and terms that are not over.
func (s *student) toCome(ctx context.Context) (all []ical.Event, err error) {
	h, l := s.h, s.t.Lang()
	now := h.Now()
	plain := func(line ask.Line) string { return h.Book.Plain(l, line) }
	uid := func(parts ...string) string { // the same for the same thing, and nobody reads from it whose it is
		return documents.Hash([]byte(strings.Join(append(parts, s.reader.Student), "\n")))[:2*sheetDigits] + "@dauys"
	}
	exams, err := s.exams(ctx)
	if err != nil {
		return nil, err
	}
	debts, err := s.debts(ctx)
	if err != nil {
		return nil, err
	}
	again := func(e exam) bool {
		return slices.ContainsFunc(debts, func(d registrar.Debt) bool { return d.Course.Discipline == e.code })
	}
	for _, e := range exams {
		if e.at.IsZero() || !now.Before(e.at.Add(h.University.Notices.Exam)) || e.attempt == "retake" && !again(e) {
			continue
		}
		what := plain(locales.RecordWord("attempt-" + e.attempt))
		form, err := s.form(ctx, e)
		if err != nil {
			return nil, err
		}
		if form != "" && e.attempt != consultation {
			what = plain(locales.RecordBoth(what, locales.RecordWord("form-"+form)))
		}
		v := ical.Event{UID: uid("exam", e.year, strconv.Itoa(e.semester), e.code, e.attempt), Title: plain(locales.CalendarTitle(what, e.title)),
			Where: e.room, Notes: e.note, From: e.at, Until: e.at.Add(h.University.Notices.Exam), Alarm: examAlarm}
		if e.attempt == consultation {
			v.Until = e.at.Add(time.Hour)
		}
		all = append(all, v)
	}
	events, err := s.events(ctx)
	if err != nil {
		return nil, err
	}
	for _, e := range events {
		if e.from.IsZero() || h.dayOver(e.until) {
			continue
		}
		all = append(all, ical.Event{UID: uid("event", e.what, e.from.Format(time.DateOnly)), Title: plain(locales.RecordWord("event-" + e.what)), Notes: e.note, From: e.from, Until: e.until, Days: true})
	}
	term := func(at time.Time, title string, id ...string) {
		if !at.IsZero() && !h.dayOver(at) {
			all = append(all, ical.Event{UID: uid(id...), Title: title, From: at, Until: at, Days: true})
		}
	}
	for _, d := range debts {
		if d.Said == nil {
			continue
		}
		name := s.course(d.Course)
		if name == "" {
			name = s.title(d.Said.Fields)
		}
		term(d.Said.Fields.Time("until", h.zone()), plain(locales.CalendarTitle(plain(locales.RemindWhat("debt")), name)), "debt", d.Said.Key)
	}
	compare, err := s.own(ctx, registrar.Comparisons)
	if err != nil {
		return nil, err
	}
	if err := s.know(ctx, compare); err != nil {
		return nil, err
	}
	for _, e := range compare {
		if e.Fields["status"] == "difference" {
			term(e.Fields.Time("until", h.zone()), plain(locales.CalendarTitle(plain(locales.RemindWhat("difference")), s.title(e.Fields))), "difference", e.Key)
		}
	}
	orders, err := s.orders(ctx)
	if err != nil {
		return nil, err
	}
	for _, e := range orders {
		kind := plain(locales.RecordOrderKind(e.Fields["kind"]))
		term(e.Fields.Time("deadline", h.zone()), kind, "order", e.Key)
		if e.Fields["kind"] == "leave" {
			term(e.Fields.Time("until", h.zone()), plain(locales.RemindWhat("leave")), "leave", e.Key)
		}
	}
	theses, err := s.own(ctx, registrar.Theses)
	if err != nil {
		return nil, err
	}
	for _, e := range theses {
		if at := e.Fields.Time("defence", h.zone()); !at.IsZero() && now.Before(at) {
			all = append(all, ical.Event{UID: uid("defence", e.Key), Title: plain(locales.RemindWhat("defence")), Where: e.Fields["room"], From: at, Until: at.Add(2 * time.Hour), Alarm: examAlarm})
		}
	}
	slices.SortStableFunc(all, func(x, y ical.Event) int { return x.From.Compare(y.From) })
	return all, nil
}
