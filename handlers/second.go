package handlers

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
)

// In an office with a second yes an answer is shown in its chat as the applicant would get it. A
// colleague of who has written it lets it go, or gives it back with a reason.

// errWaitsNoMore: the answer under which somebody has pressed has left, was returned or written anew.
var errWaitsNoMore = errors.New("this answer does not wait any more")

// alone tells whether an act would send an answer without the yes of a second person, where that has to
// be asked for.
func alone(act dauys.Act, c *dauys.Case) bool {
	decides := act == dauys.Answer || act == dauys.Decide && c.Status == dauys.OnAgenda
	return decides && c.Rung().Second && !c.Rung().Registers
}

// toApprove shows an answer that waits, as long as it does. Of a restricted case the chat of the office
// does not show it: it stands with the content in the private chat of who reads that.
func (h *Handlers) toApprove(l, reader dauys.Lang, c *dauys.Case, e dauys.Event, restricted bool) []ask.Reply {
	if now, waits := c.Submission(); !waits || now.Seq != e.Seq {
		return nil
	}
	lines := []ask.Line{locales.ToApprove(c.Number, e)}
	if restricted {
		lines = append(lines, locales.ToApproveInside())
	} else {
		lines = append(lines, h.asSent(reader, e)...)
	}
	under := ":" + c.Number + ":" + strconv.Itoa(e.Seq)
	out := []ask.Reply{{Text: h.Book.Lines(l, lines...), Buttons: [][]ask.Button{{
		h.button(l, locales.CardButton(dauys.Approve), "s:"+string(dauys.Approve)+under),
		h.button(l, locales.CardButton(dauys.Return), "s:"+string(dauys.Return)+under),
	}}}}
	if restricted {
		return out
	}
	return append(h.files(l, c.Number, e.Files), out...)
}

// asSent is an answer that waits as the applicant would get it, with what the review has said of it.
func (h *Handlers) asSent(to dauys.Lang, e dauys.Event) []ask.Line {
	e.Act = dauys.Answer
	lines := []ask.Line{locales.Preview(to, ask.Markup(h.Book.Lines(to, append([]ask.Line{locales.Written(e)}, locales.DocumentLines(e)...)...)))}
	if written, evident := locales.Guess(e.Note); evident && written != to {
		lines = append(lines, locales.OtherLanguage(to, written))
	}
	return lines
}

// secondYes is a button under an answer that waits. It counts for that answer and for no other that was
// written since; who pressed first has decided.
func (h *Handlers) secondYes(ctx context.Context, in Input, l dauys.Lang, c *dauys.Case, act dauys.Act, submission int) (string, error) {
	if _, serves, err := h.serves(ctx, in.From, c.Office()); err != nil {
		return "", err
	} else if !serves {
		return h.Book.Plain(l, locales.NotStaff()), nil
	}
	if act == dauys.Return {
		if e, waits := c.Submission(); !waits || e.Seq != submission {
			return h.Book.Plain(l, locales.WaitsNoMore()), nil
		}
		return h.prompt(ctx, in, l, c, act, flows.Returning)
	}
	c, err := h.Storage.Act(ctx, c.Number, in.From, in.Update, h.Now(), func(c *dauys.Case, s dauys.Staff) error {
		now := h.Now()
		if !dauys.May(dauys.ToHandle, c, s.Address, []dauys.Staff{s}, now) {
			return dauys.ErrNotStaff
		}
		if e, waits := c.Submission(); !waits || e.Seq != submission {
			return errWaitsNoMore
		}
		return c.Approve(dauys.Move{By: dauys.TheOffice, Staff: s, Cause: in.Update, At: now}, &h.University.Calendar)
	})
	if err != nil {
		return h.refusal(l, err)
	}
	if err := h.reaches(ctx, c); err != nil {
		return "", err
	}
	h.Log.Info("case moved", "case", c.Number, "act", act, "update", in.Update)
	yes, _ := c.Latest(dauys.Approve)
	said := []ask.Line{locales.ApprovedBy(c.Number, yes.Name)}
	if c.Offers(dauys.HandOver, dauys.TheOffice, h.Now()) { // no messenger brings it
		said = []ask.Line{locales.ToHandOver(c.Number)}
	}
	r := ask.Reply{Text: h.Book.Lines(l, said...), Edit: in.Message}
	return h.Book.Plain(l, locales.DoneToast(act)), h.Storage.Notify(ctx, ready(in, r))
}

// stillWaits refuses to return an answer that was not the one under which somebody has begun to.
func stillWaits(c *dauys.Case, p Prompt) error {
	if p.Act != dauys.Return {
		return nil
	}
	if e, waits := c.Submission(); !waits || !slices.Contains(p.Session.Given["waits"], strconv.Itoa(e.Seq)) {
		return errWaitsNoMore
	}
	return nil
}

// unsent are the answers with which who writes an answer anew begins: what was written before and has
// not left.
func unsent(c *dauys.Case, act dauys.Act) map[string]ask.Answer {
	e, ok := c.Unsent()
	if !ok || !alone(act, c) || conversation(c, act, flows.Reply).Name != flows.Reply.Name {
		return nil
	}
	spoken := slices.DeleteFunc(slices.Clone(e.Files), func(f dauys.File) bool { return !f.Spoken })
	papers := slices.DeleteFunc(slices.Clone(e.Files), func(f dauys.File) bool { return f.Spoken })
	known := map[string]ask.Answer{
		"outcome": {Values: []string{string(e.Outcome)}},
		"words":   {Files: attached(spoken)},
		"papers":  {Files: attached(papers), Skipped: len(papers) == 0},
	}
	if e.Note != "" {
		known["words"] = ask.Answer{Values: []string{withDocument(e)}, Files: attached(spoken)}
	}
	return known
}
