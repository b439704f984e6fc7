package handlers

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
)

// Notes are what staff write to each other about a case. They stand on its card and go with it to the
// next office. The applicant, who has signed and any body outside never see one.

// mostNote is how many characters a note has at most.
const mostNote = 1000

// notesShown is how many notes stand on a card: the last ones.
const notesShown = 2

// note is /note words as an answer to a card, or /note NUMBER words.
func (h *Handlers) note(ctx context.Context, in Input) error {
	l := h.chatLang(ctx, in)
	bound, err := h.Storage.BoundTo(ctx, in.Chat)
	if err != nil {
		return fmt.Errorf("whose chat: %w", err)
	}
	if len(bound) == 0 && !in.Private {
		return nil
	}
	said, err := h.noted(ctx, in, l)
	if err != nil {
		return err
	}
	return h.Storage.Notify(ctx, ready(in, ask.Reply{To: in.Message, Text: said}))
}

// noted puts a note into the case, once for an update, and says what became of it.
func (h *Handlers) noted(ctx context.Context, in Input, l dauys.Lang) (said string, err error) {
	if in.Hidden {
		return h.Book.Say(l, locales.ShowYourself()), nil
	}
	first, rest, _ := strings.Cut(ask.Clean(strings.Replace(in.Arg, "\n", " \n", 1)), " ")
	number, words := asNumber(first), strings.TrimSpace(rest)
	if number == "" {
		words = ask.Clean(in.Arg)
		if in.ReplyTo != "" {
			number, err = h.Storage.CaseOfCard(ctx, in.Chat, in.ReplyTo)
			if err != nil && !errors.Is(err, dauys.ErrNotFound) {
				return "", fmt.Errorf("whose card: %w", err)
			}
		}
	}
	switch over := utf8.RuneCountInString(words) - mostNote; {
	case !dauys.IsNumber(number) || words == "":
		return h.Book.Say(l, locales.NoteHow()), nil
	case over > 0:
		return h.Book.Say(l, locales.NoteLong(mostNote)), nil
	}
	c, err := h.Storage.Case(ctx, number)
	if err != nil {
		return h.refusal(l, err)
	}
	if err := h.welcome(ctx, in, c.Office()); err != nil {
		return "", err
	}
	restricted := false
	c, err = h.Storage.Act(ctx, number, in.From, in.Update, h.Now(), func(c *dauys.Case, s dauys.Staff) error {
		if restricted = c.Terms.Restricted && !in.Private && dauys.May(dauys.ToHandle, c, s.Address, []dauys.Staff{s}, h.Now()); restricted {
			return errInTheOpen
		}
		return h.staffMove(c, s, dauys.Move{Act: dauys.Note, Note: words, Cause: in.Update})
	})
	switch {
	case restricted:
		return h.Book.Say(l, locales.NoteRestricted(number)), nil
	case err != nil:
		return h.refusal(l, err)
	}
	h.Log.Info("case moved", "case", c.Number, "act", dauys.Note, "update", in.Update)
	return h.Book.Say(l, locales.Noted(c.Number)), nil
}

// errInTheOpen: what is written of a restricted case does not belong into a group.
var errInTheOpen = errors.New("a note of a restricted case in a group")

// notes are the last ones that an office may read: its own, and all of a case that it has.
func notes(c *dauys.Case, office dauys.OfficeID) (last []dauys.Event) {
	for _, e := range c.Events {
		if e.Act == dauys.Note && (e.Office == office || c.Office() == office) {
			last = append(last, e)
		}
	}
	return last[max(0, len(last)-notesShown):]
}
