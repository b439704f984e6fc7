package handlers

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
)

// Nobody judges themselves. Where those whom a case is about sit is asked when it is filed, again
// when people, offices or chats change, and a last time before anything of it is shown. A case that
// is about nobody costs nothing of it.

// hidden tells whether a case must not be shown where an office works: one of those whom it is about
// sits there now.
func (h *Handlers) hidden(ctx context.Context, c *dauys.Case, office dauys.OfficeID) (bool, error) {
	if len(c.Against) == 0 && len(c.Barred) == 0 {
		return false, nil
	}
	if slices.Contains(c.Against, office) {
		return true, nil
	}
	now, err := h.people(ctx, c.Against) // also who has come there since
	if err != nil {
		return false, err
	}
	return h.sits(ctx, office, append(now, c.Barred...))
}

// withheld is what stands in place of the card of a case that must not be shown to an office: its
// number. Where the office has it, it goes on to one that may.
func (h *Handlers) withheld(ctx context.Context, l dauys.Lang, c *dauys.Case, office dauys.OfficeID) (r ask.Reply, version int64, hidden bool, err error) {
	if hidden, err = h.hidden(ctx, c, office); err != nil || !hidden {
		return r, 0, false, err
	}
	if c.Office() == office {
		if err := h.bypass(ctx, c); err != nil {
			return r, 0, false, err
		}
		if c, err = h.Storage.Case(ctx, c.Number); err != nil {
			return r, 0, false, fmt.Errorf("card of a case: %w", err)
		}
	}
	return ask.Reply{Text: h.Book.Say(l, locales.CardWithheld(c.Number))}, c.Version, true, nil
}

// bypass takes a case out of the office that has it and gives it to the next one above where nobody
// sits whom it is about. When there is none the administrators are told, of the number alone.
func (h *Handlers) bypass(ctx context.Context, c *dauys.Case) error {
	from, cause := c.Office(), fmt.Sprintf("bypass/%s/%d", c.Office(), len(c.Events))
	if c.Status == dauys.Decided || c.Status == dauys.Redirected || c.Status.Final() {
		return nil
	}
	var to dauys.OfficeID
	for _, r := range c.Ladder[c.Position+1:] {
		hidden, err := h.hidden(ctx, c, r.Office)
		if err != nil {
			return err
		}
		if !hidden {
			to = r.Office
			break
		}
	}
	if to == "" {
		return h.stuck(ctx, c)
	}
	move := dauys.Move{Act: dauys.Bypass, By: dauys.TheClock, To: to, Cause: cause, At: h.Now()}
	_, err := h.Storage.Act(ctx, c.Number, "", cause, move.At, func(c *dauys.Case, _ dauys.Staff) error {
		if c.Office() != from { // somebody was faster
			return nil
		}
		return c.Do(move, &h.University.Calendar)
	})
	if _, no := errors.AsType[*dauys.NotAllowedError](err); err != nil && !no {
		return fmt.Errorf("case %s leaves out %s: %w", c.Number, from, err)
	}
	h.Log.Info("an office is left out", "case", c.Number, "office", from)
	return nil
}

// stuck tells the administrators that no office is left which may have a case.
func (h *Handlers) stuck(ctx context.Context, c *dauys.Case) error {
	h.Log.Error("no office is left that may have a case", "case", c.Number)
	var notes []dauys.Notification
	for _, a := range h.Admins {
		l, err := h.langOf(ctx, a, "")
		if err != nil {
			return err
		}
		key := fmt.Sprintf("stuck/%s/%s/%s", c.ID, c.Office(), a)
		notes = append(notes, message(key, a, ask.Reply{Text: h.Book.Say(l, locales.CaseStuck(c.Number))}))
	}
	return h.Storage.Notify(ctx, notes...)
}

// seated looks again at what the offices have for which somebody may act now: they have just come to
// one of them.
func (h *Handlers) seated(ctx context.Context, who dauys.Address) error {
	rights, err := h.Storage.StaffOf(ctx, who, h.Now())
	if err != nil {
		return fmt.Errorf("rights: %w", err)
	}
	for _, s := range rights {
		if err := h.recheck(ctx, s.Office); err != nil {
			return err
		}
	}
	return nil
}

// recheck takes the cases out of an office that are about somebody who sits there now.
func (h *Handlers) recheck(ctx context.Context, office dauys.OfficeID) error {
	open, err := h.Storage.OpenCases(ctx, office)
	if err != nil {
		return fmt.Errorf("cases of %s: %w", office, err)
	}
	for _, c := range open {
		hidden, err := h.hidden(ctx, c, office)
		if err != nil {
			return err
		}
		if !hidden {
			continue
		}
		if err := h.bypass(ctx, c); err != nil {
			return err
		}
		if err := h.Storage.ShowAgain(ctx, c.Number, office); err != nil { // also where it stays for want of another office
			return fmt.Errorf("withhold case %s: %w", c.Number, err)
		}
	}
	return nil
}

// joined is somebody becoming a member of a chat, where they see what its office has.
func (h *Handlers) joined(ctx context.Context, in Input) error {
	offices, err := h.Storage.OfficesIn(ctx, in.Chat)
	if err != nil {
		return fmt.Errorf("whose chat: %w", err)
	}
	for _, id := range offices {
		if err := h.recheck(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

// cleared shows the cases of an office again that the presence of somebody had withheld who has left
// now. Whoever else leaves has withheld nothing.
func (h *Handlers) cleared(ctx context.Context, office dauys.OfficeID, who dauys.Address, cause string) error {
	open, err := h.Storage.OpenCases(ctx, office)
	if err != nil {
		return fmt.Errorf("cases of %s: %w", office, err)
	}
	for _, c := range open {
		about, err := h.people(ctx, c.Against)
		if err != nil {
			return err
		}
		if !slices.Contains(append(about, c.Barred...), who) {
			continue
		}
		if err := h.Storage.ShowAgain(ctx, c.Number, office); err != nil {
			return fmt.Errorf("show case %s again: %w", c.Number, err)
		}
		papers := dauys.Notification{Key: fmt.Sprintf("%s/papers/%s/%s", c.ID, office, cause), What: dauys.Papers, Office: office, Case: c.Number, Event: len(c.Events)}
		if err := h.Storage.Notify(ctx, papers); err != nil {
			return fmt.Errorf("papers of case %s: %w", c.Number, err)
		}
	}
	return nil
}
