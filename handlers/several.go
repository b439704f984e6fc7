package handlers

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
)

// What is done with several cases of a list at once is done with each of them by its own: the right and
// the rules are looked at in the transaction of that case, and one that refuses keeps no other back.

// each makes a move with every one of some cases, as long as one of these offices has it. Done tells with
// how many, and no why not with the others, those with the same reason together.
func (h *Handlers) each(ctx context.Context, l dauys.Lang, who dauys.Address, cause string, numbers []string, offices []dauys.OfficeID, m dauys.Move) (done int, no refusals, err error) {
	m.Cause = cause
	cases, no, err := h.eachBy(ctx, l, who, cause, numbers, offices, func(c *dauys.Case, s dauys.Staff) error { return h.staffMove(c, s, m) })
	return len(cases), no, err
}

// eachBy is the same with a change of one's own; done are the cases as they are then.
func (h *Handlers) eachBy(ctx context.Context, l dauys.Lang, who dauys.Address, cause string, numbers []string, offices []dauys.OfficeID,
	change func(*dauys.Case, dauys.Staff) error) (done []*dauys.Case, no refusals, err error) {
	for _, number := range numbers {
		moved := false
		c, err := h.Storage.Act(ctx, number, who, cause, h.Now(), func(c *dauys.Case, s dauys.Staff) error {
			if moved = !slices.Contains(offices, c.Office()); moved {
				return dauys.ErrNotStaff
			}
			return change(c, s)
		})
		if err == nil {
			done = append(done, c)
			h.Log.Info("case moved", "case", number, "act", c.Events[len(c.Events)-1].Act, "cause", cause)
			continue
		}
		why, err := h.refusal(l, err)
		if err != nil {
			return nil, no, fmt.Errorf("change %s, one of several: %w", number, err)
		}
		if moved {
			why = h.Book.Plain(l, locales.MovedOn())
		}
		no.add(number, why)
	}
	return done, no, nil
}

// refusals are the cases with which something was not done, by why.
type refusals struct {
	whys    []string // in the order in which they came up
	numbers map[string][]string
	n       int
}

func (r *refusals) add(number, why string) {
	if r.numbers == nil {
		r.numbers = map[string][]string{}
	}
	if r.numbers[why] == nil {
		r.whys = append(r.whys, why)
	}
	r.numbers[why] = append(r.numbers[why], number)
	r.n++
}

// severalDone says what became of several cases.
func (h *Handlers) severalDone(l dauys.Lang, what string, done int, no refusals) string {
	var lines []ask.Line
	if done > 0 {
		lines = append(lines, locales.SeveralDone(what, done))
	}
	if no.n > 0 {
		lines = append(lines, locales.SeveralRefused(no.n))
	}
	for _, why := range no.whys {
		lines = append(lines, locales.SeveralWhy(strings.Join(no.numbers[why], ", "), why))
	}
	return h.Book.Lines(l, lines...)
}

// takeSeveral accepts the chosen cases for work. The press is the cause, so that each is taken once.
func (h *Handlers) takeSeveral(ctx context.Context, a at, p Prompt, numbers []string) error {
	done, no, err := h.each(ctx, a.lang, a.in.From, a.in.Update, numbers, a.offices, dauys.Move{Act: dauys.Take})
	if err != nil {
		return err
	}
	said := message("several/"+a.in.Update, a.in.Chat, ask.Reply{To: a.in.Message, Text: h.severalDone(a.lang, "take", done, no)})
	said.Direct = true
	now, err := h.inList(ctx, a, p)
	if err != nil {
		return err
	}
	return h.chosenNoMore(ctx, a, p, now, said)
}

// chosenNoMore shows a list with nothing chosen.
func (h *Handlers) chosenNoMore(ctx context.Context, a at, p Prompt, all []*dauys.Case, notes ...dauys.Notification) error {
	delete(p.Session.Given, "chosen")
	delete(p.Session.Given, "choosing")
	r := h.listPage(a, p, all)
	r.Edit = a.in.Message
	if _, err := h.Storage.SavePrompt(ctx, p, a.in.Update, append([]dauys.Notification{ready(a.in, r)}, notes...)...); err != nil {
		return fmt.Errorf("end choosing: %w", err)
	}
	return nil
}

// handSeveral begins to give the chosen cases over to another office: to which, and why. Which cases they
// are, of all that the list shows, is kept with the questions; restricted ones are left to the private chats.
func (h *Handlers) handSeveral(ctx context.Context, a at, list Prompt, all []*dauys.Case, numbers []string) (toast string, err error) {
	var to, offices, some, private []string
	for _, c := range all {
		number := c.Number
		if !slices.Contains(numbers, number) {
			continue
		}
		if !a.in.Private && inPrivate(c, dauys.Transfer) { // the reason would tell
			private = append(private, number)
			continue
		}
		some = append(some, number)
		for _, id := range h.targets(c, dauys.Transfer) {
			if !slices.Contains(to, id) {
				to = append(to, id)
			}
		}
	}
	for _, o := range a.offices {
		offices = append(offices, string(o))
	}
	switch {
	case len(some) == 0:
		return h.Book.Plain(a.lang, locales.ActInPrivate()), nil
	case len(to) == 0:
		return h.Book.Plain(a.lang, locales.NowhereTo()), nil
	}
	p := Prompt{ID: promptID(a.in.Update, list.ID, dauys.Transfer), Chat: a.in.Chat, Actor: a.in.From, Act: dauys.Transfer}
	p.Session = flows.Several.Start(p.ID, map[string][]string{"to": to, "cases": some, "private": private, "offices": offices}, nil)
	p.Session.Today = h.day(h.Now())
	r := h.ask(a.lang, a.in, p, flows.Several, flows.Several.Show(p.Session), p.head())
	if _, err := h.Storage.SavePrompt(ctx, p, a.in.Update, wording(p, a.in, r)); err != nil {
		return "", fmt.Errorf("begin to hand over several: %w", err)
	}
	return "", h.chosenNoMore(ctx, a, list, all)
}

// handedSeveral gives them over. The prompt is the cause, so that each goes once.
func (h *Handlers) handedSeveral(ctx context.Context, in Input, l dauys.Lang, p Prompt) error {
	var offices []dauys.OfficeID
	for _, o := range p.Session.Given["offices"] {
		offices = append(offices, dauys.OfficeID(o))
	}
	m := finishStaff[p.Session.Flow](p.Session)
	done, no, err := h.each(ctx, l, in.From, "prompt/"+p.ID, p.Session.Given["cases"], offices, m)
	if err != nil {
		return err
	}
	for _, number := range p.Session.Given["private"] {
		no.add(number, h.Book.Plain(l, locales.ActInPrivate()))
	}
	said := h.severalDone(l, "hand", done, no)
	if done == 0 {
		said += "\n\n" + h.Book.Say(l, locales.FormKept(m.Note))
	}
	return h.endPrompt(ctx, in, p, ask.Done, said)
}
