package handlers

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
	"alt.edu.kz/dauys/notices"
)

// What becomes of a message that has told something which holds no longer. It stays where it stands, with
// what is wrong crossed out, and what is right answers it: who looks at one of them finds the other.

// corrected is what a card sends before it when it tells of something that the reader was told otherwise:
// the earlier message with that crossed out. It answers the message to. Nothing, when they were told nothing
// of it. A card calls it when it knows that what it says differs, and puts both into its piece.
func (h *Handlers) corrected(ctx context.Context, r *newsReader, n notices.News) (first []ask.Reply, to string, err error) {
	if n.State == notices.Sent { // an old card is put together anew
		return nil, "", nil
	}
	old, err := h.Storage.ToldAbout(ctx, r.who, n.About)
	if errors.Is(err, dauys.ErrNotFound) || err == nil && old.Message == "" {
		return nil, "", nil
	}
	if err != nil {
		return nil, "", fmt.Errorf("what somebody was told: %w", err)
	}
	if r.crossed == nil {
		r.crossed = map[string]bool{}
	}
	r.crossed[n.About] = true
	note := locales.NewsCorrected()
	if n.Matter.Args[argUndone] != "" {
		note = locales.NewsRecalled()
	}
	edit, ok, err := h.retold(ctx, r, old.Message, note)
	if err != nil || !ok {
		return nil, old.Message, err
	}
	return []ask.Reply{edit}, old.Message, nil
}

// retold is a message with news put together again, of what it has said: what is known to be otherwise by now
// is crossed out, and a note may stand above. Not ok: the message cannot be put together.
func (h *Handlers) retold(ctx context.Context, r *newsReader, message string, note ask.Line) (edit ask.Reply, ok bool, err error) {
	all, err := h.Storage.NewsIn(ctx, r.who, message)
	if err != nil {
		return edit, false, fmt.Errorf("what a message has told: %w", err)
	}
	all = slices.DeleteFunc(all, func(n notices.News) bool { return n.State != notices.Sent })
	var items []newsItem
	for _, n := range all {
		card := newsCards[n.Card]
		if card == nil {
			return edit, false, nil
		}
		p, err := card(h, ctx, r, n)
		if err != nil || p.none {
			return edit, false, err
		}
		if len(all) > 1 && len(p.short) > 0 {
			p.lines = p.short
		}
		p.short = nil
		last, err := h.Storage.ToldAbout(ctx, r.who, n.About)
		if err != nil && !errors.Is(err, dauys.ErrNotFound) {
			return edit, false, fmt.Errorf("what somebody was told: %w", err)
		}
		if r.crossed[n.About] || err == nil && last.ID != n.ID {
			for i, line := range p.lines {
				if !locales.Lasting(line) {
					p.lines[i] = locales.NewsCrossed(line)
				}
			}
			p.rows = nil
		}
		items = append(items, newsItem{n, p})
	}
	switch len(items) {
	case 0:
		return edit, false, nil
	case 1:
		edit = ask.Reply{Text: h.Book.Lines(r.lang, items[0].lines...), Buttons: items[0].rows}
	default:
		edit = h.newsDigest(r, items)
	}
	if note.Key != "" {
		edit.Text = h.Book.Say(r.lang, note) + "\n\n" + edit.Text
	}
	if length(edit.Text) > cardMost { // the messenger would make several of it
		return edit, false, nil
	}
	edit.Edit, edit.Mends, edit.Protected = message, true, true // who has deleted it does not get it again
	return edit, true, nil
}

// lastEdits are the changes of earlier messages, of each message the last: it shows all of them.
func lastEdits(first []ask.Reply) (out []ask.Reply) {
	for i, r := range first {
		if r.Edit == "" || !slices.ContainsFunc(first[i+1:], func(x ask.Reply) bool { return x.Edit == r.Edit }) {
			out = append(out, r)
		}
	}
	return out
}
