package handlers

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"alt.edu.kz/dauys/flows"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
)

// alike are the questions that a request for a conversation has in common with others: what
// was answered in the open one is not asked again.
var alike = []string{"standing", "name", "institute"}

// talk begins a request for a conversation, or goes on with the one that was begun. What is
// open waits and comes back afterwards. Who is in danger is asked only what somebody must
// know to call, and is never told that there are too many drafts.
func (h *Handlers) talk(t *Turn, urgent bool) error {
	mark := func(s *ask.Session) {
		if urgent {
			s.Given = maps.Clone(s.Given)
			s.Given["urgent"] = []string{"yes"}
		}
	}
	if s := t.State.Focus; s != nil && s.Flow == flows.Talk.Name {
		mark(s)
		return h.resume(t)
	}
	for _, d := range t.State.Drafts {
		if d.Flow == flows.Talk.Name {
			s, _ := take(&t.State.Drafts, d.Short())
			mark(&s)
			return h.reopen(t, s, false)
		}
	}
	if !urgent && h.full(t) {
		return nil
	}
	known := map[string]ask.Answer{}
	if open := t.State.Focus; open != nil {
		for _, key := range alike {
			if a, ok := open.Answers[key]; ok {
				a.From = nil // messages of the other request
				known[key] = a
			}
		}
	}
	given := h.given(t)
	if urgent {
		given["urgent"] = []string{"yes"}
		known["how"] = ask.Answer{Values: []string{flows.ByCall}}
		known["when"], known["story"] = ask.Answer{Skipped: true}, ask.Answer{Skipped: true}
		if _, ok := known["name"]; !ok && len(given["name"]) > 0 {
			known["name"] = ask.Answer{Values: given["name"]}
		}
	}
	h.start(t, flows.Talk, given, known)
	return nil
}

// offerTalk puts a way to a person under the question whether to cancel.
func (h *Handlers) offerTalk(t *Turn, s ask.Session, r ask.Reply) ask.Reply {
	if s.Phase == ask.Leaving && s.Flow != flows.Talk.Name {
		r.Buttons = slices.Concat(r.Buttons, h.menuRows(t.Lang(), "call"))
	}
	return r
}

// help says what one can do, with a way to a person under it.
func (h *Handlers) help(ctx context.Context, t *Turn) error {
	lines := []ask.Line{locales.Help()}
	rights, err := h.Storage.StaffOf(ctx, t.From, h.Now())
	if err != nil {
		return fmt.Errorf("rights: %w", err)
	}
	if len(rights) > 0 {
		lines = append(lines, locales.HelpStaff())
	}
	if err := h.resume(t, lines...); err != nil || t.State.Focus == nil || t.State.Focus.Phase == ask.Leaving {
		return err // the menu has the button already
	}
	last := &t.State.Replies[len(t.State.Replies)-1]
	last.Buttons = slices.Concat(last.Buttons, h.menuRows(t.Lang(), "call"))
	return nil
}
