package handlers

import (
	"context"
	"slices"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/locales"
	"alt.edu.kz/dauys/notices"
)

// Notices that an office writes for many.

var bulletinCards = map[notices.Card]newsCard{}

// mayKnowTold tells whether an office may know who was told of what.
func mayKnowTold(o dauys.Office) bool {
	return slices.Contains(o.Powers, dauys.Registry) || slices.Contains(o.Powers, dauys.Announce)
}

// announces is the office of a chat that may; the one that keeps the record before others.
func (h *Handlers) announces(ctx context.Context, chat dauys.Address) (o dauys.Office, ok bool, err error) {
	if o, ok, err = h.records(ctx, chat); ok || err != nil {
		return o, ok, err
	}
	return h.officeHere(ctx, chat, mayKnowTold)
}

// bulletinButton is a button of a notice or of a report: qb:ACT:…
func (h *Handlers) bulletinButton(ctx context.Context, in Input, parts []string) (toast string, err error) {
	l := h.chatLang(ctx, in)
	o, ok, err := h.announces(ctx, in.Chat)
	if err != nil {
		return "", err
	}
	if !ok || len(parts) != 3 {
		return h.Book.Plain(l, locales.OldButton()), nil
	}
	if no, err := h.unserved(ctx, in, o.ID); err != nil {
		return "", err
	} else if no != nil {
		return h.Book.Plain(l, *no), nil
	}
	switch parts[1] {
	case "r", "a", "x":
		return h.reportButton(ctx, in, o, parts[1], parts[2])
	}
	return h.Book.Plain(l, locales.OldButton()), nil
}
