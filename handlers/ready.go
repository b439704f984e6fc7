package handlers

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
)

// Ready answers: an office keeps them from its own chat, and takes them where it writes to applicants.

// Readies are kept for each office.
type Readies interface {
	ReadyAnswers(ctx context.Context, office dauys.OfficeID) ([]dauys.ReadyAnswer, error)
	ReadyAnswer(ctx context.Context, id string) (dauys.ReadyAnswer, error)
	// KeepReady and DropReady are for staff of the office alone: the right is read in the transaction.
	KeepReady(ctx context.Context, a dauys.ReadyAnswer, who dauys.Address, now time.Time) error
	DropReady(ctx context.Context, id string, office dauys.OfficeID, who dauys.Address, now time.Time) error
}

const (
	// readyAct is the writing of a ready answer. It is no act of a case.
	readyAct dauys.Act = "ready"
	// readyPress leads from a question to the ready answers and back.
	readyPress = "r"
	readyBack  = "back"
	// readyRoom is how much of each text is shown in the list: three of them fit into one message.
	readyRoom = 1200
	// readyGiven marks a conversation to which ready answers are offered.
	readyGiven = "ready"
)

// readyCommand is /answers in the chat of an office.
func (h *Handlers) readyCommand(ctx context.Context, in Input) error {
	l := h.chatLang(ctx, in)
	bound, mine, err := h.seats(ctx, in)
	if err != nil || len(bound) == 0 {
		return err
	}
	r := ask.Reply{Text: h.Book.Say(l, locales.NotStaff())}
	if in.Hidden {
		r.Text = h.Book.Say(l, locales.ShowYourself())
	} else if len(mine) > 0 {
		if r, err = h.readyList(ctx, l, mine); err != nil {
			return err
		}
	}
	r.To = in.Message
	return h.Storage.Notify(ctx, ready(in, r))
}

// seats are the offices of a chat, and those of them for which somebody may act.
func (h *Handlers) seats(ctx context.Context, in Input) (bound, mine []dauys.OfficeID, err error) {
	if bound, err = h.Storage.BoundTo(ctx, in.Chat); err != nil {
		return nil, nil, fmt.Errorf("whose chat: %w", err)
	}
	if in.Hidden {
		return bound, nil, nil
	}
	for _, id := range bound {
		if err := h.welcome(ctx, in, id); err != nil {
			return nil, nil, err
		}
		if _, serves, err := h.serves(ctx, in.From, id); err != nil {
			return nil, nil, err
		} else if serves {
			mine = append(mine, id)
		}
	}
	return bound, mine, nil
}

// readyOf are the ready answers of an office in the order of their names.
func (h *Handlers) readyOf(ctx context.Context, office dauys.OfficeID) ([]dauys.ReadyAnswer, error) {
	all, err := h.Storage.ReadyAnswers(ctx, office)
	if err != nil {
		return nil, fmt.Errorf("ready answers of %s: %w", office, err)
	}
	slices.SortFunc(all, func(a, b dauys.ReadyAnswer) int {
		if by := strings.Compare(locales.Fold(a.Name), locales.Fold(b.Name)); by != 0 {
			return by
		}
		return strings.Compare(a.ID, b.ID)
	})
	return all, nil
}

// readyList is what offices have, with a button for each and one for another.
func (h *Handlers) readyList(ctx context.Context, l dauys.Lang, offices []dauys.OfficeID) (r ask.Reply, err error) {
	var lines []ask.Line
	for _, id := range offices {
		all, err := h.readyOf(ctx, id)
		if err != nil {
			return r, err
		}
		lines = append(lines, locales.ReadyList(id, len(all) > 0))
		for _, a := range all {
			r.Buttons = append(r.Buttons, []ask.Button{h.button(l, locales.ReadyIn(a), "r:show:"+a.ID)})
		}
		add := locales.ReadyAdd()
		if len(offices) > 1 {
			add = locales.ReadyAddFor(id)
		}
		r.Buttons = append(r.Buttons, []ask.Button{h.button(l, add, "r:add:"+string(id))})
	}
	r.Text = h.Book.Lines(l, lines...)
	return r, nil
}

// readyButton is a button of that list: r:WHAT:ID. What it carries is not trusted: whoever presses has to
// serve for the office, and the chat has to be its chat.
func (h *Handlers) readyButton(ctx context.Context, in Input, parts []string) (string, error) {
	l := h.chatLang(ctx, in)
	bound, mine, err := h.seats(ctx, in)
	switch {
	case err != nil:
		return "", err
	case len(parts) != 3 || len(bound) == 0:
		return h.Book.Plain(l, locales.OldButton()), nil
	case len(mine) == 0:
		return h.Book.Plain(l, locales.NotStaff()), nil
	}
	var r ask.Reply
	switch what, id := parts[1], parts[2]; what {
	case "list":
		if r, err = h.readyList(ctx, l, mine); err != nil {
			return "", err
		}
	case "add":
		if !slices.Contains(mine, dauys.OfficeID(id)) {
			return h.Book.Plain(l, locales.NotStaff()), nil
		}
		return h.readyForm(ctx, in, l, dauys.ReadyAnswer{Office: dauys.OfficeID(id)})
	default:
		a, err := h.Storage.ReadyAnswer(ctx, id)
		if errors.Is(err, dauys.ErrNotFound) || err == nil && !slices.Contains(mine, a.Office) { // not told apart
			return h.Book.Plain(l, locales.ReadyGone()), nil
		}
		if err != nil {
			return "", fmt.Errorf("ready answer: %w", err)
		}
		back := []ask.Button{h.button(l, locales.ReadyAll(), "r:list:")}
		switch what {
		case "show":
			r = ask.Reply{Text: h.Book.Lines(l, locales.ReadyShown(a, readyRoom)...), Buttons: [][]ask.Button{
				{h.button(l, locales.ReadyChange(), "r:edit:"+a.ID), h.button(l, locales.ReadyDelete(), "r:drop:"+a.ID)}, back,
			}}
		case "edit":
			return h.readyForm(ctx, in, l, a)
		case "drop":
			r = ask.Reply{Text: h.Book.Say(l, locales.ReadySure(a)), Buttons: [][]ask.Button{{h.button(l, locales.ReadyDeleteNow(), "r:gone:"+a.ID)}, back}}
		case "gone":
			if err := h.Storage.DropReady(ctx, a.ID, a.Office, in.From, h.Now()); errors.Is(err, dauys.ErrNotStaff) {
				return h.Book.Plain(l, locales.NotStaff()), nil
			} else if err != nil {
				return "", fmt.Errorf("delete a ready answer: %w", err)
			}
			if r, err = h.readyList(ctx, l, mine); err != nil {
				return "", err
			}
			r.Edit = in.Message
			return h.Book.Plain(l, locales.ReadyDeleted()), h.Storage.Notify(ctx, ready(in, r))
		default:
			return h.Book.Plain(l, locales.OldButton()), nil
		}
	}
	r.Edit = in.Message
	return "", h.Storage.Notify(ctx, ready(in, r))
}

// readyForm begins to write a ready answer, a new one or one that is there.
func (h *Handlers) readyForm(ctx context.Context, in Input, l dauys.Lang, a dauys.ReadyAnswer) (string, error) {
	given := map[string][]string{"office": {string(a.Office)}}
	known := map[string]ask.Answer{}
	if a.ID == "" {
		all, err := h.readyOf(ctx, a.Office)
		if err != nil {
			return "", err
		}
		if len(all) >= dauys.MostReady {
			return h.Book.Plain(l, locales.ReadyFull(dauys.MostReady)), nil
		}
	} else {
		given["of"] = []string{a.ID, fmt.Sprint(a.Version)}
		known["called"] = ask.Answer{Values: []string{a.Name}}
		for _, lang := range dauys.Langs {
			known[string(lang)] = ask.Answer{Values: []string{a.Texts[lang]}}
			if a.Texts[lang] == "" {
				known[string(lang)] = ask.Answer{Skipped: true}
			}
		}
	}
	p := Prompt{ID: promptID(in.Update, string(a.Office)+a.ID, readyAct), Chat: in.Chat, Actor: in.From, Act: readyAct}
	p.Session = flows.Ready.Start(p.ID, given, known)
	r := h.ask(l, in, p, flows.Ready, flows.Ready.Show(p.Session), p.head())
	if _, err := h.Storage.SavePrompt(ctx, p, in.Update, wording(p, in, r)); err != nil {
		return "", fmt.Errorf("begin a ready answer: %w", err)
	}
	return "", nil
}

// unfillable refuses a text for a ready answer with placeholders that nobody can fill in.
func unfillable(s ask.Session, said ask.Input) (no ask.Line, refused bool) {
	if s.Flow != flows.Ready.Name || s.Phase != ask.Asking || s.Asked == "called" {
		return no, false
	}
	if unknown := dauys.Unfillable(said.Text); len(unknown) > 0 {
		return locales.ReadyUnfillable(unknown), true
	}
	return no, false
}

// keepReady stores what was written. The prompt is the cause, so that it is stored once.
func (h *Handlers) keepReady(ctx context.Context, in Input, l dauys.Lang, p Prompt) error {
	s := p.Session
	a := dauys.ReadyAnswer{ID: p.ID, Office: dauys.OfficeID(s.Given["office"][0]), Name: s.Value("called"), Texts: dauys.Names{}, Cause: "prompt/" + p.ID}
	if of := s.Given["of"]; len(of) == 2 {
		a.ID = of[0]
		_, _ = fmt.Sscan(of[1], &a.Version) // we have written it
	}
	var all []string
	for _, lang := range dauys.Langs {
		if text := s.Value(string(lang)); text != "" {
			a.Texts[lang] = text
			all = append(all, text)
		}
	}
	if len(all) == 0 {
		return h.again(ctx, in, l, p, locales.ReadyEmpty())
	}
	if unknown := dauys.Unfillable(strings.Join(all, "\n")); len(unknown) > 0 { // they were checked one by one
		return h.again(ctx, in, l, p, locales.ReadyUnfillable(unknown))
	}
	err := h.Storage.KeepReady(ctx, a, in.From, h.Now())
	var no ask.Line
	switch {
	case err == nil:
		h.Log.Info("ready answer kept", "office", a.Office, "update", in.Update)
		return h.endPrompt(ctx, in, p, ask.Done, h.Book.Say(l, locales.ReadyKept(a.Name)))
	case errors.Is(err, dauys.ErrNotStaff):
		no = locales.NotStaff()
	case errors.Is(err, dauys.ErrNotFound):
		no = locales.ReadyGone()
	case errors.Is(err, dauys.ErrConflict):
		no = locales.ReadyChanged()
	default:
		return fmt.Errorf("keep a ready answer: %w", err)
	}
	return h.endPrompt(ctx, in, p, ask.Cancelled, h.Book.Lines(l, no, locales.FormKept(strings.Join(all, "\n\n"))))
}

// toUse are the ready answers that can stand in words to the applicant of a case, where they are
// written. What would show in a group whose case it is, in one that says nothing of it there, cannot.
func (h *Handlers) toUse(ctx context.Context, c *dauys.Case, reader dauys.Lang, private bool) (usable []dauys.ReadyAnswer, err error) {
	all, err := h.readyOf(ctx, c.Office())
	if err != nil {
		return nil, err
	}
	office, _ := h.University.Office(c.Office())
	for _, a := range all {
		text, _ := a.For(reader, office.Lang)
		if !c.Terms.Restricted || private || !dauys.Asks(text, "name") {
			usable = append(usable, a)
		}
	}
	return usable, nil
}

// usesReady tells whether ready answers can be the answer to the question that is open.
func usesReady(s ask.Session) bool {
	return s.Phase == ask.Asking && s.Asked == "words" && len(s.Given[readyGiven]) > 0 && (s.Flow == flows.Reply.Name || s.Flow == flows.Question.Name)
}

// pickReady is a button of a staff act that leads to the ready answers, or chooses one: it is then
// the answer to the question, as if it had been typed.
func (h *Handlers) pickReady(ctx context.Context, in Input, l dauys.Lang, p Prompt, id string) (string, error) {
	if !usesReady(p.Session) {
		return h.Book.Plain(l, locales.OldButton()), nil
	}
	if id == readyBack {
		return "", h.promptStep(ctx, in, l, p, ask.Input{})
	}
	c, err := h.Storage.Case(ctx, p.Case)
	if err != nil {
		return h.refusal(l, err)
	}
	if _, serves, err := h.serves(ctx, in.From, c.Office()); err != nil {
		return "", err
	} else if !serves || !slices.Contains(p.Session.Given["office"], string(c.Office())) {
		return h.Book.Plain(l, locales.NotStaff()), nil
	}
	reader := dauys.Lang(p.Session.Given["lang"][0])
	usable, err := h.toUse(ctx, c, reader, in.Private)
	if err != nil {
		return "", err
	}
	office, _ := h.University.Office(c.Office())
	data := "p:" + p.ID + ":" + readyPress + ":"
	r := ask.Reply{Text: h.Book.Lines(l, p.head(), locales.ReadyWhich()), Edit: in.Message}
	for _, a := range usable {
		text, lang := a.For(reader, office.Lang)
		if a.ID == id {
			return "", h.promptStep(ctx, in, l, p, ask.Input{Text: h.filled(text, lang, c)})
		}
		r.Buttons = append(r.Buttons, []ask.Button{h.button(l, locales.ReadyItem(a.Name, lang, reader), data+a.ID)})
	}
	if id != "" || len(usable) == 0 {
		return h.Book.Plain(l, locales.ReadyGone()), nil
	}
	r.Buttons = append(r.Buttons, []ask.Button{h.button(l, locales.ReadyBack(), data+readyBack)})
	_, err = h.Storage.SavePrompt(ctx, p, in.Update, wording(p, in, r))
	return "", err
}

// filled puts what a case has in the places of the placeholders, as the language of the text writes it.
func (h *Handlers) filled(text string, l dauys.Lang, c *dauys.Case) string {
	return dauys.Fill(text, func(placeholder string) string {
		switch placeholder {
		case "name":
			return c.Applicant.Name
		case "number":
			return c.Number
		case "date":
			return h.Book.Plain(l, locales.ReadyDay(c.Filed))
		case "office":
			return h.Book.Plain(l, ask.Line{Key: "ask.named", Args: ask.Args{"Name": ask.Name{List: "office", ID: string(c.Office())}}})
		}
		return h.Book.Plain(l, locales.ReadyDay(c.Due))
	})
}
