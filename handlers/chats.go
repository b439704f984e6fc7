package handlers

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
)

// leaveAfter is how long the bot stays in a chat of strangers: a code may be on its way that
// makes the chat an office's, and so may the news that an office's chat has got a new address.
const leaveAfter = 3 * time.Second

// added is the bot being taken into a chat. It stays where an administrator of the university
// has taken it, and where an office works; it goes from everywhere else.
func (h *Handlers) added(ctx context.Context, in Input) error {
	offices, err := h.Storage.OfficesIn(ctx, in.Chat)
	if err != nil {
		return fmt.Errorf("whose chat: %w", err)
	}
	if len(offices) > 0 {
		return h.back(ctx, in, offices)
	}
	if h.isAdmin(in.From) {
		l, err := h.langOf(ctx, in.From, in.Lang)
		if err != nil {
			return err
		}
		return h.Storage.Notify(ctx, ready(in, ask.Reply{Text: h.Book.Say(l, locales.Invited())}))
	}
	notes := []dauys.Notification{h.leaving(in)}
	l, err := h.Storage.LangOf(ctx, in.From)
	if err != nil {
		return fmt.Errorf("language of a person: %w", err)
	}
	if l != "" { // others cannot be written to
		why := message("ready/"+in.Update, in.From, ask.Reply{Text: h.Book.Say(l, locales.LeftGroup(in.Title))})
		why.Direct, why.After = true, h.Now().Add(leaveAfter)
		notes = append(notes, why)
	}
	return h.Storage.Notify(ctx, notes...)
}

// back is the bot being in an office's chat again. Nobody has told it who left meanwhile.
func (h *Handlers) back(ctx context.Context, in Input, offices []dauys.OfficeID) error {
	if err := h.Storage.SetUnreachable(ctx, in.Chat, false, h.Now()); err != nil {
		return fmt.Errorf("note that a chat can be reached: %w", err)
	}
	for _, id := range offices {
		active, err := h.Storage.StaffFor(ctx, id, h.Now())
		if err != nil {
			return fmt.Errorf("staff of %s: %w", id, err)
		}
		for _, s := range active {
			if !s.ViaChat {
				continue
			}
			member, err := h.Members.Member(ctx, in.Chat, s.Address)
			if err != nil {
				return fmt.Errorf("ask who is in the chat: %w", err)
			}
			if member {
				continue
			}
			if err := h.Storage.RevokeVia(ctx, s.Address, in.Chat, h.Now()); err != nil {
				return fmt.Errorf("take the rights away: %w", err)
			}
		}
		if err := h.free(ctx, id, in.Update); err != nil {
			return err
		}
	}
	h.Log.Info("back in the chat of an office", "chat", in.Chat, "update", in.Update)
	return nil
}

// removed is the bot being taken out of a chat. Where an office works, the administrators and the
// offices above are told: nobody there hears of a case any more. Its cases go on by the clock.
func (h *Handlers) removed(ctx context.Context, in Input) error {
	offices, err := h.Storage.OfficesIn(ctx, in.Chat)
	if err != nil {
		return fmt.Errorf("whose chat: %w", err)
	}
	if len(offices) == 0 {
		return nil
	}
	h.Log.Error("taken out of the chat of an office", "chat", in.Chat, "offices", offices, "update", in.Update)
	if err := h.Storage.SetUnreachable(ctx, in.Chat, true, h.Now()); err != nil {
		return fmt.Errorf("note that a chat cannot be reached: %w", err)
	}
	var notes []dauys.Notification
	for _, a := range h.Admins {
		l, err := h.langOf(ctx, a, "")
		if err != nil {
			return err
		}
		for _, id := range offices {
			notes = append(notes, message(fmt.Sprintf("ready/%s/%s/%s", in.Update, id, a), a, ask.Reply{Text: h.Book.Say(l, locales.OfficeLost(id))}))
		}
	}
	above, err := h.tellAbove(ctx, in, offices)
	if err != nil {
		return err
	}
	return h.Storage.Notify(ctx, append(notes, above...)...)
}

// tellAbove tells those to whom the open cases of offices go next that nobody hears of them now.
func (h *Handlers) tellAbove(ctx context.Context, in Input, lost []dauys.OfficeID) (notes []dauys.Notification, err error) {
	for _, id := range lost {
		open, err := h.Storage.OpenCases(ctx, id)
		if err != nil {
			return nil, fmt.Errorf("cases of %s: %w", id, err)
		}
		above := map[dauys.OfficeID]int{}
		for _, c := range open {
			if higher, ok := c.Higher(); ok && !slices.Contains(lost, higher) {
				above[higher]++
			}
		}
		for _, higher := range slices.Sorted(maps.Keys(above)) {
			n, err := h.toOffice(ctx, higher, fmt.Sprintf("ready/%s/%s", in.Update, id), locales.LostBelow(id, above[higher]))
			if err != nil {
				return nil, err
			}
			notes = append(notes, n)
		}
	}
	return notes, nil
}

// strange is a command in a chat that is no office's. Where no administrator is a member
// the bot has no business: it was taken in while nobody could tell it.
func (h *Handlers) strange(ctx context.Context, in Input) error {
	offices, err := h.Storage.OfficesIn(ctx, in.Chat)
	if err != nil || len(offices) > 0 {
		return err
	}
	for _, a := range h.Admins {
		member, err := h.Members.Member(ctx, in.Chat, a)
		if err != nil {
			return fmt.Errorf("ask who is in the chat: %w", err)
		}
		if member {
			return nil
		}
	}
	return h.Storage.Notify(ctx, h.leaving(in))
}

// leaving makes the bot leave a chat in a little while, unless it may stay then.
func (h *Handlers) leaving(in Input) dauys.Notification {
	return dauys.Notification{Key: "leaving/" + in.Update, What: dauys.Leaving, To: in.Chat, Direct: true, After: h.Now().Add(leaveAfter)}
}

// Stays tells whether an office works in a chat, or answers are published there, so that the bot stays.
func (h *Handlers) Stays(ctx context.Context, chat dauys.Address) (bool, error) {
	if h.isBlog(chat) {
		return true, nil
	}
	offices, err := h.Storage.OfficesIn(ctx, chat)
	return len(offices) > 0, err
}

// langOf is the language of somebody who is told something on their own: the one they have
// chosen, or that of their phone, as far as it is known.
func (h *Handlers) langOf(ctx context.Context, who dauys.Address, phone string) (dauys.Lang, error) {
	l, err := h.Storage.LangOf(ctx, who)
	if err != nil {
		return "", fmt.Errorf("language of a person: %w", err)
	}
	if l == "" {
		l, _ = dauys.LangOf(phone)
	}
	return l, nil
}

// left takes the rights away that a member of a chat had through it.
func (h *Handlers) left(ctx context.Context, in Input) error {
	if err := h.Storage.RevokeVia(ctx, in.Member, in.Chat, h.Now()); err != nil {
		return fmt.Errorf("take the rights away: %w", err)
	}
	offices, err := h.Storage.OfficesIn(ctx, in.Chat)
	if err != nil {
		return fmt.Errorf("whose chat: %w", err)
	}
	for _, id := range offices {
		if err := h.free(ctx, id, in.Update); err != nil {
			return err
		}
		if err := h.cleared(ctx, id, in.Member, in.Update); err != nil {
			return err
		}
	}
	return nil
}

// free gives the cases back to an office that are held by somebody who may not act for it any
// more, so that none is left with nobody. It may be done as often as one likes.
func (h *Handlers) free(ctx context.Context, office dauys.OfficeID, cause string) error {
	active, err := h.Storage.StaffFor(ctx, office, h.Now())
	if err != nil {
		return fmt.Errorf("staff of %s: %w", office, err)
	}
	open, err := h.Storage.OpenCases(ctx, office)
	if err != nil {
		return fmt.Errorf("cases of %s: %w", office, err)
	}
	for _, c := range open {
		if !c.Offers(dauys.Release, dauys.TheMessenger, h.Now()) || slices.ContainsFunc(active, func(s dauys.Staff) bool { return s.ID == c.Holder }) {
			continue
		}
		move := dauys.Move{Act: dauys.Release, By: dauys.TheMessenger, Cause: cause, At: h.Now()}
		_, err := h.Storage.Act(ctx, c.Number, "", cause, move.At, func(c *dauys.Case, _ dauys.Staff) error {
			return c.Do(move, &h.University.Calendar)
		})
		if _, no := errors.AsType[*dauys.NotAllowedError](err); err != nil && !no {
			return fmt.Errorf("free case %s: %w", c.Number, err)
		}
	}
	return nil
}
