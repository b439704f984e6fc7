package handlers

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
)

// Absences are who of the staff is away, and when.
type Absences interface {
	AddAbsence(ctx context.Context, a dauys.Absence, wake, now time.Time, notes ...dauys.Notification) error // dauys.ErrNotStaff, dauys.ErrConflict: away on one of these days already
	Absences(ctx context.Context, who dauys.Address, now time.Time) ([]dauys.Absence, error)                 // now and to come
	AbsencesDue(ctx context.Context, now time.Time, limit int) ([]dauys.Absence, error)
	SetAbsence(ctx context.Context, a dauys.Absence, wake, now time.Time, notes ...dauys.Notification) error
	EndAbsence(ctx context.Context, id string, now time.Time, notes ...dauys.Notification) error
}

// away notes when a member of staff is away: /away FIRST LAST [DEPUTY], in the chat of their office or in
// their own; /away off ends it.
func (h *Handlers) away(ctx context.Context, in Input) error {
	if in.Hidden {
		return h.tellChat(ctx, in, locales.ShowYourself())
	}
	if !in.Private {
		bound, err := h.Storage.BoundTo(ctx, in.Chat)
		if err != nil {
			return fmt.Errorf("whose chat: %w", err)
		}
		if len(bound) == 0 {
			return h.strange(ctx, in)
		}
		for _, id := range bound {
			if err := h.welcome(ctx, in, id); err != nil {
				return err
			}
		}
	}
	rights, err := h.Storage.StaffOf(ctx, in.From, h.Now())
	if err != nil {
		return fmt.Errorf("rights: %w", err)
	}
	if len(rights) == 0 {
		return h.tellChat(ctx, in, locales.NotStaff())
	}
	words := strings.Fields(in.Arg)
	switch {
	case len(words) == 1 && locales.Fold(words[0]) == "off":
		return h.awayOff(ctx, in, rights)
	case len(words) < 2 || !aDate.MatchString(words[0]) || !aDate.MatchString(words[1]):
		return h.awayHelp(ctx, in)
	}
	first, ok := h.date(words[0])
	last, ok2 := h.date(words[1])
	switch {
	case !ok || !ok2:
		return h.tellChat(ctx, in, locales.StaffDate())
	case first.Before(h.University.Calendar.Midnight(h.Now())):
		return h.tellChat(ctx, in, locales.AwayPast())
	case last.Before(first) || last.After(first.AddDate(1, 0, 0)):
		return h.tellChat(ctx, in, locales.AwayOrder())
	}
	a := dauys.Absence{ID: in.Update, Who: in.From, Name: rights[0].Name, From: first, Until: last.AddDate(0, 0, 1)}
	if len(words) > 2 {
		no, err := h.deputy(ctx, &a, rights, strings.Join(words[2:], " "))
		if err != nil {
			return err
		}
		if no != nil {
			return h.tellChat(ctx, in, *no)
		}
	}
	l := h.chatLang(ctx, in)
	alone := !slices.ContainsFunc(rights, func(s dauys.Staff) bool { o, _ := h.University.Office(s.Office); return !o.Person })
	notes := []dauys.Notification{ready(in, ask.Reply{To: in.Message, Text: h.Book.Say(l, locales.AwayNoted(a, alone))})}
	if a.Deputy != "" {
		theirs, err := h.Storage.LangOf(ctx, a.Deputy)
		if err != nil {
			return fmt.Errorf("language of a person: %w", err)
		}
		if theirs != "" { // others cannot be written to
			notes = append(notes, message("away/"+a.ID+"/deputy", a.Deputy, ask.Reply{Text: h.Book.Say(theirs, locales.AwayTold(a))}))
		}
	}
	err = h.Storage.AddAbsence(ctx, a, h.University.Calendar.NextOpening(a.From), h.Now(), notes...)
	switch {
	case errors.Is(err, dauys.ErrConflict):
		return h.tellChat(ctx, in, locales.AwayOverlap())
	case errors.Is(err, dauys.ErrNotStaff):
		return h.tellChat(ctx, in, locales.NotStaff())
	case err != nil:
		return fmt.Errorf("note an absence: %w", err)
	}
	h.Log.Info("absence noted", "staff", rights[0].ID, "update", in.Update)
	return nil
}

// awayHelp says how it is noted, and what is.
func (h *Handlers) awayHelp(ctx context.Context, in Input) error {
	all, err := h.Storage.Absences(ctx, in.From, h.Now())
	if err != nil {
		return fmt.Errorf("who is away: %w", err)
	}
	lines := []ask.Line{locales.AwayHelp(h.University.Calendar.Midnight(h.Now()).AddDate(0, 0, 7), h.University.Calendar.Midnight(h.Now()).AddDate(0, 0, 14))}
	for _, a := range all {
		lines = append(lines, locales.AwayItem(a))
	}
	return h.Storage.Notify(ctx, ready(in, ask.Reply{To: in.Message, Text: h.Book.Lines(h.chatLang(ctx, in), lines...)}))
}

// deputy finds the colleague who is meant by a name; no is why there is none.
func (h *Handlers) deputy(ctx context.Context, a *dauys.Absence, rights []dauys.Staff, name string) (no *ask.Line, err error) {
	refuse := func(line ask.Line) (*ask.Line, error) { return &line, nil }
	name = locales.Shorten(ask.Clean(name), 100)
	typed := strings.Fields(locales.Fold(name))
	var found []dauys.Staff
	for _, r := range rights {
		there, err := h.Storage.StaffFor(ctx, r.Office, h.Now())
		if err != nil {
			return nil, fmt.Errorf("staff of %s: %w", r.Office, err)
		}
		for _, s := range there {
			theirs := strings.Fields(locales.Fold(s.Name))
			meant := len(typed) > 0
			for _, w := range typed {
				meant = meant && slices.ContainsFunc(theirs, func(t string) bool { return strings.HasPrefix(t, w) })
			}
			if meant && s.Address != a.Who && !slices.ContainsFunc(found, func(f dauys.Staff) bool { return f.Address == s.Address }) {
				found = append(found, s)
			}
		}
	}
	if len(found) == 0 {
		return refuse(locales.AwayNobody(name))
	}
	if len(found) > 1 {
		var names []string
		for _, s := range found {
			names = append(names, s.Name)
		}
		return refuse(locales.AwaySeveral(strings.Join(names, ", ")))
	}
	theirs, err := h.Storage.Absences(ctx, found[0].Address, h.Now())
	if err != nil {
		return nil, fmt.Errorf("who is away: %w", err)
	}
	for _, b := range theirs {
		if b.From.Before(a.Until) && a.From.Before(b.Until) {
			return refuse(locales.AwayBoth(found[0].Name))
		}
	}
	a.Deputy, a.DeputyName = found[0].Address, found[0].Name
	return nil, nil
}

// awayOff ends the absence that runs, or else the next. What was passed on stays where it is.
func (h *Handlers) awayOff(ctx context.Context, in Input, rights []dauys.Staff) error {
	all, err := h.Storage.Absences(ctx, in.From, h.Now())
	if err != nil {
		return fmt.Errorf("who is away: %w", err)
	}
	if len(all) == 0 {
		return h.tellChat(ctx, in, locales.AwayNone())
	}
	a := all[0]
	notes := []dauys.Notification{ready(in, ask.Reply{To: in.Message, Text: h.Book.Say(h.chatLang(ctx, in), locales.AwayEnded(a.Name))})}
	if a.Begun {
		for _, r := range rights {
			if chat, err := h.Storage.ChatOf(ctx, r.Office); err != nil {
				return fmt.Errorf("chat of %s: %w", r.Office, err)
			} else if chat == in.Chat {
				continue // it stands there
			}
			note, err := h.toOffice(ctx, r.Office, "away/"+a.ID+"/off", locales.AwayEnded(a.Name))
			if err != nil {
				return err
			}
			notes = append(notes, note)
		}
	}
	err = h.Storage.EndAbsence(ctx, a.ID, h.Now(), notes...)
	if errors.Is(err, dauys.ErrNotFound) {
		return h.tellChat(ctx, in, locales.AwayNone())
	}
	if err != nil {
		return fmt.Errorf("end an absence: %w", err)
	}
	return nil
}

// toOffice is a message to an office, told once by its key.
func (h *Handlers) toOffice(ctx context.Context, id dauys.OfficeID, key string, lines ...ask.Line) (n dauys.Notification, err error) {
	o, _ := h.University.Office(id)
	l, err := h.officeLang(ctx, o)
	if err != nil {
		return n, err
	}
	n = message(key+"/"+string(id), "", ask.Reply{Text: h.Book.Lines(l, lines...)})
	n.Office = id
	return n, nil
}

// isAway tells whether somebody is away at this moment.
func (h *Handlers) isAway(ctx context.Context, who dauys.Address) (bool, error) {
	all, err := h.Storage.Absences(ctx, who, h.Now())
	if err != nil {
		return false, fmt.Errorf("who is away: %w", err)
	}
	return len(all) > 0 && !h.Now().Before(all[0].From), nil
}

// SettleAbsences does what falls due with absences: on the first working morning what somebody has in
// hand goes to their deputy or back to the office, on the last the office is told of their return.
func (h *Handlers) SettleAbsences(ctx context.Context) error {
	due, err := h.Storage.AbsencesDue(ctx, h.Now(), atOneLook)
	if err != nil {
		return fmt.Errorf("look for absences: %w", err)
	}
	var all error
	for _, a := range due { // one with which it cannot be done stands in no other's way
		if err := h.settleAbsence(ctx, a); err != nil {
			all = errors.Join(all, fmt.Errorf("absence %s: %w", a.ID, err))
		}
	}
	return all
}

func (h *Handlers) settleAbsence(ctx context.Context, a dauys.Absence) error {
	now, cal := h.Now(), &h.University.Calendar
	if !now.Before(a.Until) { // nobody looked in time, or no day of it was a working day
		return h.Storage.SetAbsence(ctx, a, time.Time{}, now)
	}
	rights, err := h.Storage.StaffOf(ctx, a.Who, now)
	if err != nil {
		return fmt.Errorf("rights: %w", err)
	}
	var notes []dauys.Notification
	for _, s := range rights {
		o, _ := h.University.Office(s.Office)
		var lines []ask.Line
		key := "away/" + a.ID + "/begin"
		switch {
		case a.Begun && o.Person:
			continue
		case a.Begun:
			key, lines = "away/"+a.ID+"/back", []ask.Line{locales.AwayReturns(a.Name, cal.NextOpening(a.Until))}
		case o.Person:
			lines, err = h.passedBy(ctx, a, s)
		default:
			lines, err = h.standIn(ctx, a, s)
		}
		if err != nil {
			return err
		}
		n, err := h.toOffice(ctx, s.Office, key, lines...)
		if err != nil {
			return err
		}
		notes = append(notes, n)
	}
	var wake time.Time
	if back := cal.OpeningBefore(a.Until); !a.Begun && back.After(now) {
		wake = back
	}
	a.Begun = true
	if err := h.Storage.SetAbsence(ctx, a, wake, now, notes...); err != nil {
		return fmt.Errorf("note what was done: %w", err)
	}
	h.Log.Info("absence settled", "absence", a.ID)
	return nil
}

// passedBy sends the open cases of a person of the procedure on to the next rung.
func (h *Handlers) passedBy(ctx context.Context, a dauys.Absence, s dauys.Staff) ([]ask.Line, error) {
	open, err := h.Storage.OpenCases(ctx, s.Office)
	if err != nil {
		return nil, fmt.Errorf("cases of %s: %w", s.Office, err)
	}
	for _, c := range open {
		if err := h.bypass(ctx, c); err != nil {
			return nil, err
		}
	}
	return []ask.Line{locales.AwayPerson(s.Office, a)}, nil
}

// standIn passes on what somebody has in hand in an office, to the deputy if that one serves there and
// is not away, and otherwise back to the office. The deputy's right is read where the case changes.
func (h *Handlers) standIn(ctx context.Context, a dauys.Absence, s dauys.Staff) ([]ask.Line, error) {
	there, err := h.Storage.StaffFor(ctx, s.Office, h.Now())
	if err != nil {
		return nil, fmt.Errorf("staff of %s: %w", s.Office, err)
	}
	var deputy dauys.Staff
	if i := slices.IndexFunc(there, func(o dauys.Staff) bool { return a.Deputy != "" && o.Address == a.Deputy }); i >= 0 {
		gone, err := h.isAway(ctx, a.Deputy)
		if err != nil {
			return nil, err
		}
		if !gone {
			deputy = there[i]
		}
	}
	open, err := h.Storage.OpenCases(ctx, s.Office)
	if err != nil {
		return nil, fmt.Errorf("cases of %s: %w", s.Office, err)
	}
	cause := "away/" + a.ID
	for _, c := range open {
		if c.Holder != s.ID {
			continue
		}
		_, err := h.Storage.Act(ctx, c.Number, deputy.Address, cause, h.Now(), func(c *dauys.Case, d dauys.Staff) error {
			if c.Holder != s.ID || c.Office() != s.Office { // it was given back meanwhile
				return nil
			}
			m := dauys.Move{Act: dauys.Substitute, By: dauys.TheClock, Staff: d, Cause: cause, At: h.Now()}
			if d.ID == 0 || c.Bars(d.Address, []dauys.Staff{d}, m.At) {
				m = dauys.Move{Act: dauys.Release, By: dauys.TheMessenger, Cause: cause, At: h.Now()}
			}
			return c.Do(m, &h.University.Calendar)
		})
		if _, no := errors.AsType[*dauys.NotAllowedError](err); err != nil && !no {
			return nil, fmt.Errorf("pass case %s on: %w", c.Number, err)
		}
	}
	lines := []ask.Line{locales.AwayBegins(a)}
	did, err := h.caused(ctx, s.Office, cause)
	if err != nil {
		return nil, err
	}
	handed, freed := did[dauys.Substitute], did[dauys.Release]
	switch {
	case len(handed) > 0:
		lines = append(lines, locales.AwayHanded(a.DeputyName, named(handed), len(handed)))
	case deputy.ID != 0:
		lines = append(lines, locales.AwayDeputy(a.DeputyName))
	}
	if len(freed) > 0 {
		lines = append(lines, locales.StaffFreed(named(freed), len(freed)))
	}
	return lines, nil
}
