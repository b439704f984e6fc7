package handlers

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
)

// Cases that belong together: commands in the chat of the office that has the first of them.

// pair finds the two cases that a command names. Without both it has answered already.
func (h *Handlers) pair(ctx context.Context, a at) (c, other *dauys.Case, err error) {
	typed := strings.Fields(a.in.Arg)
	if len(typed) != 2 {
		return nil, nil, h.answerLine(ctx, a, locales.LinkHow(a.in.Command))
	}
	if c, err = h.oneOf(ctx, a, typed[0], true); c == nil || err != nil {
		return nil, nil, err
	}
	if other, err = h.oneOf(ctx, a, typed[1], false); other == nil || err != nil {
		return nil, nil, err
	}
	return c, other, nil
}

// oneOf finds a case by its whole number or by its last digits; having is that one of the offices must
// have it now. Without one it has answered already.
func (h *Handlers) oneOf(ctx context.Context, a at, typed string, having bool) (*dauys.Case, error) {
	asked := a
	asked.in.Arg = typed
	numbers, err := h.numbersOf(ctx, asked)
	if err != nil {
		return nil, err
	}
	var found []*dauys.Case
	var office dauys.OfficeID
	for _, n := range numbers {
		one, at, err := h.had(ctx, a, n)
		if err != nil {
			return nil, err
		}
		if one != nil {
			found, office = append(found, one), at
		}
	}
	switch {
	case len(found) == 0:
		return nil, h.answerLine(ctx, a, locales.NotHere(locales.Shorten(typed, 40)))
	case len(found) > 1:
		return nil, h.answerLine(ctx, a, locales.NumberOpen(locales.Shorten(typed, 40)))
	case having && found[0].Office() != office:
		return nil, h.answerLine(ctx, a, locales.Elsewhere(found[0].Number, found[0].Office()))
	}
	return found[0], nil
}

// link is the command /link, and /unlink.
func (h *Handlers) link(ctx context.Context, a at) error {
	return h.bring2(ctx, a, func(both []*dauys.Case, s dauys.Staff) error {
		act := dauys.Link
		if a.in.Command == string(dauys.Unlink) {
			act = dauys.Unlink
		}
		return both[0].LinkWith(both[1], act, s, a.rights, a.in.Update, h.Now(), &h.University.Calendar)
	})
}

// merge is the command /merge: the second case is a duplicate of the first.
func (h *Handlers) merge(ctx context.Context, a at) error {
	return h.bring2(ctx, a, func(both []*dauys.Case, s dauys.Staff) error {
		return both[0].Merge(both[1], s, a.in.Update, h.Now(), &h.University.Calendar)
	})
}

// bring2 changes the two cases that a command names, both or none of them, and says what was done or
// why not.
func (h *Handlers) bring2(ctx context.Context, a at, change func([]*dauys.Case, dauys.Staff) error) error {
	c, other, err := h.pair(ctx, a)
	if c == nil || err != nil {
		return err
	}
	if c.Number == other.Number {
		return h.answerLine(ctx, a, locales.NoTogether(&dauys.TogetherError{Why: dauys.SameCase}))
	}
	_, err = h.Storage.ActTogether(ctx, []string{c.Number, other.Number}, a.in.From, a.in.Update, h.Now(), change)
	if no, ok := errors.AsType[*dauys.TogetherError](err); ok {
		return h.answerLine(ctx, a, locales.NoTogether(no))
	}
	if err != nil {
		why, err := h.refusal(a.lang, err)
		if err != nil {
			return fmt.Errorf("%s: %w", a.in.Command, err)
		}
		return h.answer(ctx, a, ask.Reply{Text: h.Book.Say(a.lang, locales.Sentence(why))})
	}
	h.Log.Info("cases put together", "case", c.Number, "other", other.Number, "command", a.in.Command, "update", a.in.Update)
	return h.answerLine(ctx, a, locales.LinkDone(a.in.Command, c.Number, other.Number))
}

// linked is what a card says of the cases that belong with this one.
func (h *Handlers) linked(ctx context.Context, c *dauys.Case, office dauys.OfficeID) (lines []ask.Line, err error) {
	for _, number := range c.Links() {
		other, err := h.Storage.Case(ctx, number)
		if err != nil {
			return nil, fmt.Errorf("linked case: %w", err)
		}
		bare := other.Terms.Restricted
		if !bare {
			if bare, err = h.hidden(ctx, other, office); err != nil {
				return nil, err
			}
		}
		lines = append(lines, locales.CardLinked(other, bare))
	}
	if common := c.Common(); common != "" {
		lines = append(lines, locales.CardCommon(common))
	}
	return lines, nil
}

// split is the command /split: a part of a case becomes a case of its own. It begins the questions for it.
func (h *Handlers) split(ctx context.Context, a at) error {
	typed := strings.Fields(a.in.Arg)
	if len(typed) != 1 {
		return h.answerLine(ctx, a, locales.SplitHow())
	}
	c, err := h.oneOf(ctx, a, typed[0], true)
	if c == nil || err != nil {
		return err
	}
	if !a.in.Private && inPrivate(c, dauys.Split) {
		return h.answerLine(ctx, a, locales.ActInPrivate())
	}
	no, err := h.prompt(ctx, a.in, a.lang, c, dauys.Split, flows.Splitting)
	if err != nil || no == "" {
		return err
	}
	return h.answer(ctx, a, ask.Reply{Text: h.Book.Say(a.lang, locales.Sentence(no))})
}

// splitOff registers it. The prompt is the cause and the id of the new case, so that it is there once.
func (h *Handlers) splitOff(ctx context.Context, in Input, l dauys.Lang, p Prompt) error {
	c, err := h.Storage.Case(ctx, p.Case)
	if err != nil {
		return fmt.Errorf("load case: %w", err)
	}
	words := p.Session.Value("words")
	refused := func(why ask.Line) error {
		return h.endPrompt(ctx, in, p, ask.Cancelled, h.Book.Lines(l, why, locales.FormKept(words)))
	}
	part, err := h.partOf(ctx, c, p)
	if errors.Is(err, dauys.ErrNoOffice) {
		return refused(locales.SplitNowhere())
	}
	if err != nil {
		return err
	}
	cause := "prompt/" + p.ID
	_, part, err = h.Storage.Branch(ctx, c.Number, part, in.From, cause, h.Now(), func(c, part *dauys.Case, s dauys.Staff) error {
		if !slices.Contains(p.Session.Given["office"], string(c.Office())) {
			return dauys.ErrNotStaff // it has moved on since
		}
		return c.SplitOff(part, s, cause, h.Now(), &h.University.Calendar)
	})
	if err != nil {
		why, err := h.refusal(l, err)
		if err != nil {
			return fmt.Errorf("split a case: %w", err)
		}
		return refused(locales.Sentence(why))
	}
	h.Log.Info("case split", "case", c.Number, "other", part.Number, "update", in.Update)
	return h.endPrompt(ctx, in, p, ask.Done, h.Book.Say(l, locales.SplitDone(c.Number, part)))
}

// partOf is what a part of a case becomes: a request of the same applicant that goes the ordinary way of
// what it is about. Whom the case is about gets no part of it either.
func (h *Handlers) partOf(ctx context.Context, c *dauys.Case, p Prompt) (*dauys.Case, error) {
	d := dauys.Draft{ID: p.ID, Kind: c.Kind, Channel: c.Channel, Applicant: c.Applicant, Institute: c.Institute, Topic: p.Session.Value("topic"), Group: c.Group,
		Text: p.Session.Value("words"), Confidential: c.Terms.Restricted, Consent: c.Consent}
	if c.Channel != dauys.ByMessenger {
		staff, _, err := h.serves(ctx, p.Actor, c.Office())
		if err != nil {
			return nil, err
		}
		d.By = staff
	}
	for _, o := range c.Against {
		if kind := dauys.OfficeID(o.Kind()); !slices.Contains(d.Against, kind) {
			d.Against = append(d.Against, kind)
		}
	}
	if c.Institute != "" && !slices.Contains([]dauys.Kind{dauys.Complaint, dauys.Suggestion, dauys.Application}, c.Kind) {
		d.Kind = dauys.Complaint // what it was, an appeal or a reception for instance, has a form of its own
	}
	way, err := h.route(ctx, d)
	if err != nil {
		return nil, err
	}
	return way.Open(d, h.University, h.Now()), nil
}
