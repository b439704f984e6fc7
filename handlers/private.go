package handlers

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
)

// A person of the procedure is served in their own chat: what an office has in its group, they have
// beside their own dialogue.

// officeLang is the language in which an office reads; a person chose it.
func (h *Handlers) officeLang(ctx context.Context, o dauys.Office) (dauys.Lang, error) {
	if !o.Person {
		return o.Lang, nil
	}
	chat, err := h.Storage.ChatOf(ctx, o.ID)
	if err != nil {
		return "", fmt.Errorf("chat of %s: %w", o.ID, err)
	}
	if l, err := h.Storage.LangOf(ctx, chat); err != nil || l != "" {
		return l, err
	}
	return o.Lang, nil
}

// served is what somebody does in their own chat as an office would in its group: a button under a
// card, a list or a question of an act, and the answer to such a question. Nothing else is.
func (h *Handlers) served(ctx context.Context, t *Turn) (done bool, err error) {
	switch {
	case t.Command == "answers" && !t.Edited:
		bound, err := h.Storage.BoundTo(ctx, t.Chat)
		if err != nil || len(bound) == 0 {
			return false, err
		}
		t.Told = true
		_, err = h.Office(ctx, t.Input)
		return true, err
	case t.Command == "note" && !t.Edited: // whoever may act for an office has a reason to
		rights, err := h.Storage.StaffOf(ctx, t.From, h.Now())
		if err != nil || len(rights) == 0 {
			return false, err
		}
		t.Told = true
		return true, h.note(ctx, t.Input)
	case t.Change != "" || t.Edited || t.Command != "" || t.Foreign:
		return false, nil
	case strings.HasPrefix(t.Press, "s:"), strings.HasPrefix(t.Press, "p:"), strings.HasPrefix(t.Press, "v:"), strings.HasPrefix(t.Press, "n:"), strings.HasPrefix(t.Press, "r:"), strings.HasPrefix(t.Press, "u:"), strings.HasPrefix(t.Press, "e:"), strings.HasPrefix(t.Press, "yh:"), strings.HasPrefix(t.Press, bulletinPress+":"):
		t.Told = true
		t.Toast, err = h.Office(ctx, t.Input)
		return true, err
	case t.Press != "" || t.ReplyTo == "":
		return false, nil
	}
	p, err := h.promptOf(ctx, t.Input)
	if errors.Is(err, dauys.ErrNotFound) || err == nil && p.Actor != t.From {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if p.Session.Over() { // it must not become an answer in a form of their own
		if t.State.Lang != "" {
			t.Say(ask.Reply{To: t.Message, Text: h.Book.Say(t.Lang(), locales.PromptOver(cmp.Or(p.Case, strings.Join(p.Session.Given["cases"], ", "))))})
		}
		return true, nil
	}
	t.Told = true
	return true, h.promptReply(ctx, t.Input)
}

// perhapsServed takes what nobody understands for the words that one act of theirs waits for, if it
// is the only one: they see it before it is sent.
func (h *Handlers) perhapsServed(ctx context.Context, t *Turn) (done bool, err error) {
	open, err := h.Storage.OpenPrompts(ctx, t.Chat, t.From)
	if err != nil {
		return false, fmt.Errorf("acts of a person: %w", err)
	}
	var waits []Prompt
	for _, p := range open {
		if f, ok := flows.Find(p.Session); ok && p.Act != inDanger {
			if v := f.Show(p.Session); v.Phase == ask.Asking && v.Type != ask.TypeChoice {
				waits = append(waits, p)
			}
		}
	}
	if len(waits) != 1 {
		return false, nil
	}
	t.Told = true
	return true, h.promptSaid(ctx, t.Input, waits[0])
}
