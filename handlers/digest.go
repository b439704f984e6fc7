package handlers

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
)

// digestShown is how many cases stand in a group of a digest by their numbers.
const digestShown = 10

// digests are the morning digests of all offices that have a chat and something to hear of. Of a case
// it has the number and, if the office may see as much of it in its chat, the topic.
func (h *Handlers) digests(ctx context.Context, before, slot, now time.Time) (notes []dauys.Notification, err error) {
	if before.IsZero() {
		before = h.University.Calendar.OpeningBefore(now)
	}
	bound, err := h.Storage.Bindings(ctx)
	if err != nil {
		return nil, fmt.Errorf("list bindings: %w", err)
	}
	for _, id := range slices.Sorted(maps.Keys(bound)) {
		o, known := h.University.Office(id)
		if !known {
			continue
		}
		cases, err := h.Storage.OpenCases(ctx, id)
		if err != nil {
			return nil, fmt.Errorf("cases of %s: %w", id, err)
		}
		d := dauys.NewDigest(&h.University.Calendar, cases, before, now)
		if d.Empty() {
			continue
		}
		l, err := h.officeLang(ctx, o)
		if err != nil {
			return nil, err
		}
		text, err := h.digest(ctx, l, o, d, now)
		if err != nil {
			return nil, err
		}
		notes = append(notes, h.forToday(slotKey(DigestJob, slot), id, now, ask.Reply{Text: text}))
	}
	return notes, nil
}

// digest puts one into words.
func (h *Handlers) digest(ctx context.Context, l dauys.Lang, o dauys.Office, d dauys.Digest, now time.Time) (string, error) {
	about := func(c *dauys.Case) (ask.Line, error) {
		hidden, err := h.hidden(ctx, c, o.ID)
		if hidden || c.Terms.Restricted || err != nil {
			return locales.DigestItem(c.Number, ""), err
		}
		return locales.DigestItem(c.Number, c.Topic), nil
	}
	late := func(c *dauys.Case) (ask.Line, error) {
		return locales.DigestLate(c.Number, h.University.Calendar.WorkingDaysLeft(c.Behind(now), now)), nil
	}
	parts := []string{h.Book.Say(l, locales.DigestHead(o.ID, now))}
	for _, group := range []struct {
		cases []*dauys.Case
		head  func(int) ask.Line
		item  func(*dauys.Case) (ask.Line, error)
	}{
		{d.Overdue, locales.DigestOverdue, late},
		{d.Today, locales.DigestToday, about},
		{d.New, locales.DigestNew, about},
		{d.Waiting, locales.DigestWaiting, about},
	} {
		n := len(group.cases)
		if n == 0 {
			continue
		}
		part := []string{h.Book.Say(l, group.head(n))}
		for _, c := range group.cases[:min(n, digestShown)] {
			item, err := group.item(c)
			if err != nil {
				return "", err
			}
			part = append(part, h.Book.Say(l, item))
		}
		if n > digestShown {
			part = append(part, h.Book.Say(l, locales.DigestMore(n-digestShown)))
		}
		parts = append(parts, strings.Join(part, "\n"))
	}
	return strings.Join(parts, "\n\n"), nil
}
