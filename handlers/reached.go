package handlers

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/documents"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
	"alt.edu.kz/dauys/notices"
	"alt.edu.kz/dauys/registrar"
)

// Whom nothing reaches, for the office that keeps the record; and what could not be sent at all, for
// administrators.

const (
	lostShown  = 15                  // in the message; all are in the table
	mostLost   = 20_000              // that are looked at
	givenShown = 15                  // of each kind
	givenAfter = 30 * 24 * time.Hour // is too long ago
)

// lostPerson is a person to whom the bot cannot write.
type lostPerson struct {
	notices.Lost
	number, name, group string
}

// unreachable is /unreachable: the persons of the record whose account cannot be written to.
func (h *Handlers) unreachable(ctx context.Context, in Input) error {
	o, _, err := h.officeWith(ctx, in.Chat, dauys.Registry)
	if err != nil {
		return err
	}
	if no, err := h.unserved(ctx, in, o.ID); err != nil {
		return err
	} else if no != nil {
		return h.tellChat(ctx, in, *no)
	}
	lost, err := h.lostPersons(ctx)
	if err != nil {
		return err
	}
	if len(lost) == 0 {
		return h.tellChat(ctx, in, locales.LostNone())
	}
	lines := []ask.Line{locales.LostHead(len(lost))}
	for _, p := range lost[:min(len(lost), lostShown)] {
		lines = append(lines, locales.LostItem(p.group, p.number, p.name, p.Since, p.News))
	}
	if len(lost) > lostShown {
		lines = append(lines, locales.LostMore(len(lost)-lostShown))
	}
	word := func(line ask.Line) string { return h.Book.Plain(o.Lang, line) }
	table := documents.Journal{Made: h.Now(), Name: word(locales.LostFile()), Zone: h.zone()}
	for _, c := range []struct {
		name  string
		form  documents.Form
		width float64
	}{{"group", documents.InWords, 14}, {"number", documents.InWords, 14}, {"name", documents.InWords, 36}, {"since", documents.AMoment, 18}, {"news", documents.InWords, 14}} {
		table.Headings = append(table.Headings, documents.Heading{Word: word(locales.LostColumn(c.name)), Form: c.form, Width: c.width})
	}
	table.Rows = func(yield func([]any, error) bool) {
		for _, p := range lost {
			if !yield([]any{p.group, p.number, p.name, p.Since, fmt.Sprint(p.News)}, nil) {
				return
			}
		}
	}
	var file strings.Builder
	if err := table.Write(&file); err != nil {
		return fmt.Errorf("table of who cannot be reached: %w", err)
	}
	b := dauys.Blob{ID: "lost-" + documents.Hash([]byte(in.Update))[:sheetDigits], Name: table.Name + ".xlsx", MIME: sheetMIME, Data: []byte(file.String()), At: h.Now()}
	list := ready(in, ask.Reply{To: in.Message, Text: h.Book.Lines(o.Lang, lines...)})
	sheet := ready(in, ask.Reply{Files: []ask.File{Document(b, "")}})
	sheet.Key, sheet.Blobs = sheet.Key+"/table", []dauys.Blob{b}
	return h.Storage.Notify(ctx, list, sheet)
}

// lostPersons are those whose every account that may be told of the record cannot be written to, by group
// and name.
func (h *Handlers) lostPersons(ctx context.Context) (all []lostPerson, err error) {
	lost, err := h.Storage.LostReaders(ctx, mostLost)
	if err != nil {
		return nil, fmt.Errorf("who cannot be reached: %w", err)
	}
	accounts, by := []dauys.Address{}, map[dauys.Address]notices.Lost{}
	for _, l := range lost {
		accounts, by[l.Who] = append(accounts, l.Who), l
	}
	links, err := h.Storage.LinkedFrom(ctx, accounts)
	if err != nil {
		return nil, fmt.Errorf("whose accounts these are: %w", err)
	}
	since, err := h.confirmedSince(ctx)
	if err != nil {
		return nil, err
	}
	persons := map[string]lostPerson{}
	for who, some := range links {
		for _, l := range some {
			if p, known := persons[l.Person]; l.Opens(since) && (!known || p.Since.Before(by[who].Since)) {
				persons[l.Person] = lostPerson{Lost: by[who]}
			}
		}
	}
	names := make([]string, 0, len(persons))
	for p := range persons {
		names = append(names, p)
	}
	accountsOf, err := h.Storage.LinkedToAny(ctx, names)
	if err != nil {
		return nil, fmt.Errorf("other accounts of theirs: %w", err)
	}
	for person, p := range persons {
		if slices.ContainsFunc(accountsOf[person], func(l registrar.Link) bool { _, gone := by[l.Who]; return !gone && l.Opens(since) }) {
			continue
		}
		kind := registrar.Employees
		if registrar.IsStudent(person) {
			kind = registrar.Roster
		}
		p.number = registrar.NumberOf(person)
		e, err := h.Storage.Record(ctx, kind, p.number)
		if err != nil && !errors.Is(err, dauys.ErrNotFound) {
			return nil, fmt.Errorf("who somebody is: %w", err)
		}
		p.name, p.group = e.Fields["name"], cmp.Or(e.Fields["group"], e.Fields["department"])
		all = append(all, p)
	}
	slices.SortFunc(all, func(a, b lostPerson) int {
		return cmp.Or(strings.Compare(a.group, b.group), strings.Compare(a.name, b.name), strings.Compare(a.number, b.number))
	})
	return all, nil
}

// givenUp is /failed, of an administrator: what could not be sent, why, and what cannot be made ready.
func (h *Handlers) givenUp(ctx context.Context, t *Turn) error {
	stuck, err := h.Storage.StuckPlans(ctx)
	if err != nil {
		return fmt.Errorf("plans that fail: %w", err)
	}
	news, others, err := h.Storage.GivenUp(ctx, h.Now().Add(-givenAfter), givenShown)
	if err != nil {
		return fmt.Errorf("what was given up: %w", err)
	}
	lines := []ask.Line{locales.GivenHead(int(givenAfter / (24 * time.Hour)))}
	for _, p := range stuck[:min(len(stuck), givenShown)] {
		lines = append(lines, locales.GivenPlan(p.ID, p.Tries, p.Start, p.Why))
	}
	for _, g := range append(news, others...) {
		lines = append(lines, locales.GivenItem(strings.TrimSpace(g.What+" "+g.Of), g.N, g.Last, locales.Shorten(g.Why, 120)))
	}
	if len(lines) == 1 {
		lines = []ask.Line{locales.GivenNone(int(givenAfter / (24 * time.Hour)))}
	}
	t.Say(ask.Reply{Text: h.Book.Lines(t.Lang(), lines...)})
	return nil
}
