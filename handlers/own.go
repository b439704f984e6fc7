package handlers

import (
	"context"
	"strconv"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
)

// pressActs are what an applicant does with a case by one press of a button, and what they are
// told then.
var pressActs = map[dauys.Act]func() ask.Line{
	dauys.Remind:  locales.Reminded,
	dauys.Allow:   locales.Allowed,
	dauys.Forbid:  locales.Forbade,
	dauys.Accept:  locales.Accepted,
	dauys.Bounce:  locales.Bounced,
	dauys.Excuse:  locales.Excused,
	dauys.Publish: locales.MayBePublished,
	dauys.Keep:    locales.Kept,

	dauys.Together: locales.WillJoin,
	dauys.Apart:    locales.StaysApart,
	dauys.Rate:     nil, // with the mark
}

// pressAct does one of them. The update is the cause: however often it comes, the case moves once.
func (h *Handlers) pressAct(ctx context.Context, t *Turn, c *dauys.Case, act dauys.Act, rest []string) error {
	if act == dauys.Publish || act == dauys.Keep || act == dauys.Excuse {
		return h.respondTo(ctx, t, c, act, rest)
	}
	m, done := dauys.Move{Act: act}, pressActs[act]
	if act == dauys.Together {
		m.Other = c.Asked()
	}
	if act == dauys.Accept && c.Outcome == dauys.Outside {
		done = locales.AcceptedElsewhere
	}
	if act == dauys.Rate {
		if len(rest) == 0 {
			return h.resume(t, locales.OldButton())
		}
		if rest[0] == "words" {
			return h.remarks(t, c)
		}
		m.Mark, _ = strconv.Atoi(rest[0])
		if m.Mark < 1 || m.Mark > mostMarks {
			return h.resume(t, locales.OldButton())
		}
		done = func() ask.Line { return locales.Rated(m.Mark) }
	}
	now, late, err := h.moveOwn(ctx, t, c.Number, t.Update, always(m))
	switch {
	case err != nil:
		return err
	case late != "" && act == dauys.Remind && !c.Status.Final():
		t.Say(h.caseView(t, c, locales.TooSoon()))
	case late != "":
		t.Say(h.caseView(t, c, locales.TooLate(c.Status)))
	case act == dauys.Rate:
		t.Say(ask.Reply{Text: h.Book.Say(t.Lang(), done()), Buttons: [][]ask.Button{
			{h.button(t.Lang(), locales.CaseAct(dauys.Rate), "c:"+c.Number+":"+string(dauys.Rate)+":words")}, h.onward(t),
		}})
	case act == dauys.Allow && now.Office() != c.Office():
		t.Say(h.caseView(t, now, locales.AllowedNow()))
	default:
		t.Say(h.caseView(t, now, done()))
	}
	return nil
}

// mostMarks is the best mark that an applicant can give.
const mostMarks = 5

// marks are the buttons with which an applicant rates an answer.
func (h *Handlers) marks(l dauys.Lang, c *dauys.Case) (row []ask.Button) {
	for mark := 1; mark <= mostMarks; mark++ {
		row = append(row, h.button(l, locales.RateButton(mark), "c:"+c.Number+":"+string(dauys.Rate)+":"+strconv.Itoa(mark)))
	}
	return row
}

// remarks asks for the words to the mark that was given.
func (h *Handlers) remarks(t *Turn, c *dauys.Case) error {
	if _, rated := c.Latest(dauys.Rate); !rated || !c.Offers(dauys.Rate, dauys.TheApplicant, h.Now()) {
		t.Say(h.caseView(t, c, locales.TooLate(c.Status)))
		return nil
	}
	h.begin(t, flows.Remark, c)
	return nil
}

// remark puts the words to the last mark.
func (h *Handlers) remark(ctx context.Context, t *Turn, s ask.Session) (ask.Line, *ask.Line, error) {
	number := s.Given["case"][0]
	_, late, err := h.moveOwn(ctx, t, number, s.ID, func(c *dauys.Case) dauys.Move {
		last, _ := c.Latest(dauys.Rate)
		return dauys.Move{Act: dauys.Rate, Mark: last.Mark, Note: s.Value("words")}
	})
	if err != nil {
		return ask.Line{}, nil, err
	}
	if late != "" {
		h.keepWords(t, s)
		return locales.TooLate(late), nil, nil
	}
	return locales.Remarked(), nil, nil
}

// takeUp takes up again what was closed: with the same office, or with the next.
func (h *Handlers) takeUp(ctx context.Context, t *Turn, s ask.Session) (ask.Line, *ask.Line, error) {
	act := dauys.Reopen
	if s.Flow == flows.Dispute.Name {
		act = dauys.Dispute
	}
	return h.ownMove(ctx, t, s, always(dauys.Move{Act: act, Note: s.Value("words"), Files: filesIn(s)}), numbered(locales.Reopened))
}
