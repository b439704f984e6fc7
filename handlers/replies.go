package handlers

import (
	"context"
	"fmt"
	"strconv"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
)

// What an office asks goes to the applicant with a button that names the case, and the form
// behind it is about that case: with several open ones a reply never lands in another.

// asked says the question again, above the form for the reply.
func (h *Handlers) asked(_ dauys.Lang, s ask.Session) []ask.Line {
	return []ask.Line{locales.Asked(s.Given["case"][0], s.Given["asked"][1])}
}

// respond puts the reply to a question into the case. When it has come too late for that, or
// something else is asked by now, it is details like any others: nothing said is lost.
func (h *Handlers) respond(ctx context.Context, t *Turn, s ask.Session) (done ask.Line, problem *ask.Line, err error) {
	m := dauys.Move{Act: dauys.Reply, Note: s.Value("words"), Files: filesIn(s)}
	if m.Note == "" && len(m.Files) == 0 {
		empty := locales.NothingReplied()
		return done, &empty, nil
	}
	return h.ownMove(ctx, t, s, func(c *dauys.Case) dauys.Move {
		m := m
		if e, _ := c.Latest(dauys.Ask); c.Status != dauys.Needs || strconv.Itoa(e.Seq) != s.Given["asked"][0] {
			m.Act = dauys.Add
		}
		return m
	}, func(c *dauys.Case) ask.Line {
		for _, e := range c.Events {
			if e.Cause == s.ID && e.Act == dauys.Reply {
				return locales.Replied(c.Number, c.Due)
			}
		}
		return locales.Added(c.Number)
	})
}

// late tells whether a reply to a question of before can still be something else.
func (h *Handlers) late(c *dauys.Case, instead dauys.Act) bool {
	_, asked := c.Latest(dauys.Ask)
	return asked && c.Offers(instead, dauys.TheApplicant, h.Now())
}

// waiting is 1 for a case that waits for its applicant.
func waiting(c *dauys.Case) int {
	if c.Status == dauys.Needs {
		return 1
	}
	return 0
}

// replyButtons lead to the forms for what an applicant was asked.
func (h *Handlers) replyButtons(l dauys.Lang, list []*dauys.Case) (rows [][]ask.Button) {
	for _, c := range list {
		if waiting(c) > 0 {
			rows = append(rows, []ask.Button{h.button(l, locales.ReplyButton(c.Number), "c:"+c.Number+":"+string(dauys.Reply))})
		}
	}
	return rows
}

// perhapsReply answers what nobody understands. While an office waits for a reply it may be
// that, but in which case it belongs is not guessed: the person says so with a button.
func (h *Handlers) perhapsReply(ctx context.Context, t *Turn) error {
	if done, err := h.perhapsServed(ctx, t); done || err != nil {
		return err
	}
	list, err := h.Storage.CasesOf(ctx, t.From, casesShown)
	if err != nil {
		return fmt.Errorf("cases of a person: %w", err)
	}
	buttons := h.replyButtons(t.Lang(), list)
	if len(buttons) == 0 {
		h.menu(t, locales.NotUnderstood())
		return nil
	}
	t.Say(ask.Reply{Text: h.Book.Say(t.Lang(), locales.PerhapsReply()), Buttons: append(buttons, h.onward(t))})
	return nil
}
