package handlers

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
)

// Two things that staff do with a case inside their office: a colleague gets it, and it gets another
// topic. Both begin with a command and are chosen with a button; what a button may do is asked of the
// rights and the rules in the transaction.

// ofCase finds the case that a command means: by a number, by the card that it answers, or by the topic of
// the group in which it is written. Without one it has answered already.
func (h *Handlers) ofCase(ctx context.Context, a at, how ask.Line) (*dauys.Case, error) {
	typed := strings.TrimSpace(a.in.Arg)
	if typed == "" && a.in.ReplyTo != "" {
		number, err := h.Storage.CaseOfCard(ctx, a.in.Chat, a.in.ReplyTo)
		if err != nil && !errors.Is(err, dauys.ErrNotFound) {
			return nil, fmt.Errorf("whose card: %w", err)
		}
		typed = number
	}
	if typed == "" {
		typed = a.in.Case
	}
	if typed == "" {
		return nil, h.answerLine(ctx, a, how)
	}
	return h.oneOf(ctx, a, typed, true)
}

// mine is the right of who asks for the office that has a case.
func (a at) mine(c *dauys.Case) dauys.Staff {
	i := slices.IndexFunc(a.rights, func(s dauys.Staff) bool { return s.Office == c.Office() })
	if i < 0 {
		return dauys.Staff{}
	}
	return a.rights[i]
}

// can asks the rules whether who asks may do something now; no is why not.
func (h *Handlers) can(a at, c *dauys.Case, act dauys.Act) (no string, err error) {
	if !dauys.May(dauys.ToHandle, c, a.in.From, a.rights, h.Now()) {
		return h.Book.Plain(a.lang, locales.NotStaff()), nil
	}
	if err := c.Can(dauys.Move{Act: act, By: dauys.TheOffice, Staff: a.mine(c), At: h.Now()}); err != nil {
		return h.refusal(a.lang, err)
	}
	return "", nil
}

// give is the command /give: it offers the colleagues to whom a case can be handed.
func (h *Handlers) give(ctx context.Context, a at) error {
	c, err := h.ofCase(ctx, a, locales.EntrustHow())
	if c == nil || err != nil {
		return err
	}
	no, err := h.can(a, c, dauys.Entrust)
	if err != nil {
		return err
	}
	if no != "" {
		return h.answerLine(ctx, a, locales.Sentence(no))
	}
	r, err := h.toWhom(ctx, a, c, 1)
	if err != nil {
		return err
	}
	return h.answer(ctx, a, r)
}

// toWhom asks which colleague gets a case: those who may act on it, are here today and do not have it.
func (h *Handlers) toWhom(ctx context.Context, a at, c *dauys.Case, page int) (r ask.Reply, err error) {
	there, err := h.Storage.StaffFor(ctx, c.Office(), h.Now())
	if err != nil {
		return r, fmt.Errorf("staff of %s: %w", c.Office(), err)
	}
	for _, s := range there {
		if s.ID == c.Holder || s.Address == a.in.From {
			continue
		}
		theirs, err := h.Storage.StaffOf(ctx, s.Address, h.Now())
		if err != nil {
			return r, fmt.Errorf("rights: %w", err)
		}
		if !dauys.May(dauys.ToHandle, c, s.Address, theirs, h.Now()) {
			continue
		}
		if gone, err := h.isAway(ctx, s.Address); err != nil {
			return r, err
		} else if gone {
			continue
		}
		r.Buttons = append(r.Buttons, []ask.Button{{Text: locales.Shorten(s.Name, 40), Data: fmt.Sprintf("yh:c:%d:%s", s.ID, c.Number)}})
	}
	if len(r.Buttons) == 0 {
		r.Text = h.Book.Say(a.lang, locales.EntrustNobody(c.Number))
		return r, nil
	}
	r.Text = h.Book.Say(a.lang, locales.EntrustWhom(c.Number, c.HolderName))
	r.Buttons = h.paged(a.lang, r.Buttons, page, func(page int) string { return fmt.Sprintf("yh:p:%d:%s", page, c.Number) })
	return r, nil
}

// peoplePage is for how many people one message has a button each.
const peoplePage = 20

// paged are the rows of one page, and below them what leads to the pages beside it.
func (h *Handlers) paged(l dauys.Lang, rows [][]ask.Button, page int, press func(page int) string) [][]ask.Button {
	pages := max((len(rows)+peoplePage-1)/peoplePage, 1)
	page = min(max(page, 1), pages)
	shown := slices.Clone(rows[(page-1)*peoplePage : min(page*peoplePage, len(rows))])
	return append(shown, h.turns(l, page, pages, press)...)
}

// turns leads to the pages beside one; nothing where there are none.
func (h *Handlers) turns(l dauys.Lang, page, pages int, press func(page int) string) (row [][]ask.Button) {
	var turns []ask.Button
	if page > 1 {
		turns = append(turns, h.button(l, locales.ListTurn(page-1, false), press(page-1)))
	}
	if page < pages {
		turns = append(turns, h.button(l, locales.ListTurn(page+1, true), press(page+1)))
	}
	if len(turns) > 0 {
		row = append(row, turns)
	}
	return row
}

// topic is the command /topic: it offers the other topics that a case of its kind can have.
func (h *Handlers) topic(ctx context.Context, a at) error {
	c, err := h.ofCase(ctx, a, locales.TopicHow())
	if c == nil || err != nil {
		return err
	}
	if !a.in.Private && inPrivate(c, dauys.Classify) { // it would tell what it is about
		return h.answerLine(ctx, a, locales.ActInPrivate())
	}
	if c.Topic == "" || flows.TopicsOf(c.Kind) == nil {
		return h.answerLine(ctx, a, locales.TopicNone(c.Number, c.Kind))
	}
	no, err := h.can(a, c, dauys.Classify)
	if err != nil {
		return err
	}
	if no != "" {
		return h.answerLine(ctx, a, locales.Sentence(no))
	}
	r := ask.Reply{Text: h.Book.Say(a.lang, locales.TopicWhich(c.Number, c.Topic))}
	for _, t := range flows.TopicsOf(c.Kind) {
		if t != c.Topic {
			r.Buttons = append(r.Buttons, []ask.Button{h.button(a.lang, locales.TopicButton(t), "yh:t:"+t+":"+c.Number)})
		}
	}
	return h.answer(ctx, a, r)
}

// insideButton is a button of one of these: yh:c:RIGHT:NUMBER hands a case over, yh:p:PAGE:NUMBER turns
// the list of colleagues, yh:t:TOPIC:NUMBER gives it another topic.
func (h *Handlers) insideButton(ctx context.Context, in Input, parts []string) (toast string, err error) {
	l := h.chatLang(ctx, in)
	old := h.Book.Plain(l, locales.OldButton())
	if len(parts) != 4 || !dauys.IsNumber(parts[3]) {
		return old, nil
	}
	a, err := h.standsAt(ctx, in, true)
	if errors.Is(err, dauys.ErrNotStaff) {
		return h.Book.Plain(l, locales.NotStaff()), nil
	}
	if err != nil {
		return "", err
	}
	c, office, err := h.had(ctx, a, parts[3])
	if err != nil {
		return "", err
	}
	if c == nil {
		return old, nil
	}
	if c.Office() != office && !c.Caused(in.Update) {
		return h.Book.Plain(l, locales.MovedOn()), nil
	}
	switch parts[1] {
	case "c":
		return h.entrust(ctx, a, c, parts[2])
	case "t":
		return h.classify(ctx, a, c, parts[2])
	case "p":
		no, err := h.can(a, c, dauys.Entrust)
		if no != "" || err != nil {
			return no, err
		}
		page, _ := strconv.Atoi(parts[2])
		r, err := h.toWhom(ctx, a, c, page)
		if err != nil {
			return "", err
		}
		return "", h.inPlace(ctx, in, r)
	}
	return old, nil
}

// inPlace shows something where the button stood that was pressed.
func (h *Handlers) inPlace(ctx context.Context, in Input, r ask.Reply) error {
	r.Edit = in.Message
	return h.Storage.Notify(ctx, ready(in, r))
}

// entrust hands a case to the colleague whose right a button names.
func (h *Handlers) entrust(ctx context.Context, a at, c *dauys.Case, right string) (toast string, err error) {
	id, err := strconv.ParseInt(right, 10, 64)
	if err != nil {
		return h.Book.Plain(a.lang, locales.OldButton()), nil
	}
	to, err := h.Storage.Right(ctx, id)
	switch {
	case errors.Is(err, dauys.ErrNotFound), err == nil && to.Office != c.Office():
		return h.Book.Plain(a.lang, locales.EntrustGone()), nil
	case err != nil:
		return "", fmt.Errorf("a right: %w", err)
	}
	if gone, err := h.isAway(ctx, to.Address); err != nil {
		return "", err
	} else if gone && !c.Caused(a.in.Update) {
		return h.Book.Plain(a.lang, locales.EntrustAway(to.Name)), nil
	}
	at := c.Office()
	c, err = h.Storage.ActFor(ctx, c.Number, a.in.From, to.Address, a.in.Update, h.Now(), func(c *dauys.Case, s, whom dauys.Staff) error {
		if c.Office() != at {
			return dauys.ErrNotStaff
		}
		if whom.ID == 0 || !dauys.May(dauys.ToHandle, c, whom.Address, []dauys.Staff{whom}, h.Now()) {
			return errNobodyThere
		}
		return h.staffMove(c, s, dauys.Move{Act: dauys.Entrust, Whom: whom, Cause: a.in.Update})
	})
	if errors.Is(err, errNobodyThere) {
		return h.Book.Plain(a.lang, locales.EntrustGone()), nil
	}
	if err != nil {
		return h.refusal(a.lang, err)
	}
	h.Log.Info("case moved", "case", c.Number, "act", dauys.Entrust, "update", a.in.Update)
	if !a.in.Private { // the chat is told with the card, and needs the question no more
		return h.Book.Plain(a.lang, locales.EntrustToast(to.Name)), h.inPlace(ctx, a.in, ask.Reply{})
	}
	return "", h.inPlace(ctx, a.in, ask.Reply{Text: h.Book.Say(a.lang, locales.EntrustDone(c.Number, to.Name))})
}

// errNobodyThere: the colleague may not act on the case, or not any more.
var errNobodyThere = errors.New("no such colleague")

// classify gives a case another topic. It stays where it is: where requests about that usually go is said,
// and it is for the office to give it over.
func (h *Handlers) classify(ctx context.Context, a at, c *dauys.Case, topic string) (toast string, err error) {
	switch {
	case !slices.Contains(flows.TopicsOf(c.Kind), topic):
		return h.Book.Plain(a.lang, locales.OldButton()), nil
	case !a.in.Private && inPrivate(c, dauys.Classify):
		return h.Book.Plain(a.lang, locales.ActInPrivate()), nil
	}
	at := c.Office()
	c, err = h.Storage.Act(ctx, c.Number, a.in.From, a.in.Update, h.Now(), func(c *dauys.Case, s dauys.Staff) error {
		if c.Office() != at {
			return dauys.ErrNotStaff
		}
		return h.staffMove(c, s, dauys.Move{Act: dauys.Classify, Topic: topic, Cause: a.in.Update})
	})
	if err != nil {
		return h.refusal(a.lang, err)
	}
	h.Log.Info("case moved", "case", c.Number, "act", dauys.Classify, "update", a.in.Update)
	e, _ := c.Latest(dauys.Classify)
	lines := []ask.Line{locales.TopicDone(c.Number, e)}
	usual, err := h.usually(ctx, c)
	if err != nil {
		return "", err
	}
	if usual != "" {
		lines = append(lines, locales.TopicElsewhere(usual, c.Offers(dauys.Transfer, dauys.TheOffice, h.Now()) && len(h.University.Transfers(c)) > 0))
	}
	return "", h.inPlace(ctx, a.in, ask.Reply{Text: h.Book.Lines(a.lang, lines...)})
}

// usually is the office with which a request of the same applicant about the topic of a case begins,
// where that is none on the way of the case.
func (h *Handlers) usually(ctx context.Context, c *dauys.Case) (dauys.OfficeID, error) {
	d := dauys.Draft{Kind: flows.About(c.Topic, c.Applicant.Standing), Applicant: c.Applicant, Institute: c.Institute, Topic: c.Topic, Group: c.Group}
	way, err := h.route(ctx, d)
	if errors.Is(err, dauys.ErrNoOffice) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	first := way.Ladder[0].Office
	if slices.ContainsFunc(c.Ladder, func(r dauys.Rung) bool { return r.Office == first }) || slices.Contains(c.Without, first) || slices.Contains(c.Against, first) {
		return "", nil
	}
	return first, nil
}

// handedNotice tells somebody of the staff that a colleague has handed them a case, in their own chat. What it
// is about stands on its card. To whom nobody can write yet, the chat of the office says it.
func (h *Handlers) handedNotice(ctx context.Context, n dauys.Notification, c *dauys.Case, e dauys.Event) ([]ask.Reply, error) {
	if last, _ := c.Latest(dauys.Entrust); last.Seq != e.Seq || c.Holder == 0 || c.Office() != e.Office {
		return nil, nil // and somebody else has it by now
	}
	l, err := h.Storage.LangOf(ctx, n.To)
	if err != nil || l == "" {
		return nil, err
	}
	return []ask.Reply{{Text: h.Book.Say(l, locales.EntrustTold(c, e)), Loud: c.Urgent}}, nil
}
