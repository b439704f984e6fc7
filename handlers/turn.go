package handlers

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
)

// An online turn in a queue is a talk through the bot: what the visitor writes comes into the chat of
// the office, and an answer to it there goes to the visitor. Nothing else of the chat does.

// turnAct is a prompt that stands for an online turn: an answer to any of its messages goes to the
// visitor. The queue and the place are in what is given to its session.
const turnAct dauys.Act = "turn"

// callLink is an answer that is nothing but the address of a call.
var callLink = regexp.MustCompile(`^https://\S+$`)

func turnPrompt(q *dauys.Queue, n int) string { return promptID(q.ID, strconv.Itoa(n), turnAct) }

// openTurn stores the prompt of an online turn, once.
func (h *Handlers) openTurn(ctx context.Context, q *dauys.Queue, n int, w dauys.Window) (Prompt, error) {
	p := Prompt{ID: turnPrompt(q, n), Actor: w.Officer, Act: turnAct,
		Session: ask.Session{Given: map[string][]string{"queue": {q.ID}, "place": {strconv.Itoa(n)}}}}
	var err error
	if p.Chat, err = h.Storage.ChatOf(ctx, q.Office); err != nil {
		return p, fmt.Errorf("chat of %s: %w", q.Office, err)
	}
	if _, err = h.Storage.SavePrompt(ctx, p, ""); err != nil && !errors.Is(err, dauys.ErrConflict) { // it is there already
		return p, fmt.Errorf("open an online turn: %w", err)
	}
	return p, nil
}

// intoTurn is a message of an online turn in the chat of the office. It keeps to the pace of the chat: a
// visitor may write faster than a group takes messages.
func intoTurn(q *dauys.Queue, n int, cause string, r ask.Reply) dauys.Notification {
	note := wording(Prompt{ID: turnPrompt(q, n)}, Input{Update: cause}, r)
	note.Office, note.Direct = q.Office, false
	return note
}

// beginTurn begins the online turn of somebody who is called. A form that is open is put aside: what
// they write is for the officer now.
func (h *Handlers) beginTurn(ctx context.Context, t *Turn, o dauys.Office, q *dauys.Queue, p dauys.Place) error {
	_, w, ok := q.Talks(p.N)
	if !ok {
		t.Say(t.Here(h.withForm(t, h.placeView(t.Lang(), o, q, p))))
		return nil
	}
	if _, err := h.openTurn(ctx, q, p.N, w); err != nil {
		return err
	}
	l, err := h.officeLang(ctx, o)
	if err != nil {
		return err
	}
	_, err = h.changeQueue(ctx, q.ID, "", t.Update, func(q *dauys.Queue, _ dauys.Staff) ([]dauys.Notification, error) {
		return h.begun(l, q, p.N, t.Update)
	})
	if no, refused := errors.AsType[*dauys.QueueError](err); refused {
		return h.resume(t, locales.QueueNo(no))
	}
	if err != nil {
		return fmt.Errorf("begin an online turn: %w", err)
	}
	t.Told = true
	putAside(t.State, true)
	t.State.Turn = turnOf(q, p.N)
	t.Say(t.Here(ask.Reply{Text: h.Book.Say(t.Lang(), locales.TurnBegun(w.Name))}))
	return nil
}

// begun begins the online turn of a place, if it has not begun, and tells the office.
func (h *Handlers) begun(l dauys.Lang, q *dauys.Queue, n int, cause string) ([]dauys.Notification, error) {
	p, w, ok := q.Talks(n)
	if ok && p.Begun {
		return nil, nil
	}
	if err := q.Begin(n); err != nil {
		return nil, err
	}
	return []dauys.Notification{intoTurn(q, n, cause+"/begin", ask.Reply{Text: h.Book.Say(l, locales.TurnBegins(p, w.N))})}, nil
}

// turnOf is what the dialogue of somebody remembers who comes online: in which queue, with which number.
func turnOf(q *dauys.Queue, n int) string { return q.ID + " " + strconv.Itoa(n) }

// relay passes on to the officer what somebody writes who is called online; whoever writes at once, or
// answers the officer, has begun the talk by that. It is not done while they wait, or when it is over.
func (h *Handlers) relay(ctx context.Context, t *Turn) (done bool, err error) {
	id, place, comes := strings.Cut(t.State.Turn, " ")
	if !comes || t.State.Focus != nil {
		return false, nil
	}
	q, err := h.Storage.Queue(ctx, id)
	if errors.Is(err, dauys.ErrNotFound) {
		t.State.Turn = ""
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("load a queue: %w", err)
	}
	n, _ := strconv.Atoi(place)
	p, _ := q.Place(n)
	o, receives := h.receives(q.Office)
	if !receives || !p.Live() || !p.Online || q.ID != h.today(q.Office) {
		t.State.Turn = ""
		return false, nil
	}
	_, w, called := q.Talks(n)
	switch {
	case !called:
		return false, nil
	case t.Text == "" && t.File == nil && t.Phone == "": // a sticker
		t.Say(ask.Reply{Text: h.Book.Say(t.Lang(), locales.TurnOnly())})
		return true, nil
	case !p.Begun:
		if _, err := h.openTurn(ctx, q, n, w); err != nil {
			return false, err
		}
	}
	if done, err = h.passOn(ctx, t, o, q, n); done && !p.Begun {
		t.Say(ask.Reply{Text: h.Book.Say(t.Lang(), locales.TurnBegun(w.Name))})
	}
	return done, err
}

// passOn puts what somebody has written into the chat of the office, and keeps it with their place.
func (h *Handlers) passOn(ctx context.Context, t *Turn, o dauys.Office, q *dauys.Queue, n int) (done bool, err error) {
	said := dauys.Said{Text: h.said(t).Text, At: h.Now()}
	if t.Phone != "" {
		said.Text = t.Phone
	}
	r := ask.Reply{}
	if t.File != nil {
		said.Text, said.Files = t.File.Caption, filesOf(ask.Answer{Files: []ask.File{*t.File}})
		r.Files = []ask.File{{Ref: t.File.Ref, Kind: t.File.Kind, Name: t.File.Name, Size: t.File.Size, MIME: t.File.MIME}}
	}
	l, err := h.officeLang(ctx, o)
	if err != nil {
		return false, err
	}
	_, err = h.changeQueue(ctx, q.ID, "", t.Update, func(q *dauys.Queue, _ dauys.Staff) ([]dauys.Notification, error) {
		notes, err := h.begun(l, q, n, t.Update)
		if err != nil {
			return nil, err
		}
		if err := q.Says(n, said); err != nil {
			return nil, err
		}
		p, _ := q.Place(n)
		r := r
		words := h.Book.Say(l, locales.TurnWords(p, said.Text))
		if r.Text = words; len(r.Files) > 0 {
			r.Files = slices.Clone(r.Files)
			r.Text, r.Files[0].Caption = "", words
		}
		return append(notes, intoTurn(q, n, t.Update, r)), nil
	})
	if _, over := errors.AsType[*dauys.QueueError](err); over {
		t.State.Turn = ""
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("pass words on in an online turn: %w", err)
	}
	t.Told = true
	return true, nil
}

// turnReply is what staff have answered to a message of an online turn: it goes to the visitor, if it
// comes from the officer of the window where they are.
func (h *Handlers) turnReply(ctx context.Context, in Input, l dauys.Lang, p Prompt) error {
	no := func(line ask.Line) error {
		return h.Storage.Notify(ctx, ready(in, ask.Reply{To: in.Message, Text: h.Book.Say(l, line)}))
	}
	n, _ := strconv.Atoi(strings.Join(p.Session.Given["place"], ""))
	switch {
	case in.Hidden:
		return no(locales.ShowYourself())
	case in.Text == "" && in.File == nil:
		return no(locales.TurnOnly())
	}
	id := strings.Join(p.Session.Given["queue"], "")
	q, err := h.Storage.Queue(ctx, id)
	if err != nil {
		return fmt.Errorf("load a queue: %w", err)
	}
	if err := h.welcome(ctx, in, q.Office); err != nil {
		return err
	}
	of, _ := q.Place(n)
	to, err := h.langOf(ctx, of.Who, string(of.Lang))
	if err != nil {
		return err
	}
	_, err = h.changeQueue(ctx, id, in.From, "turn/"+in.Update, func(q *dauys.Queue, s dauys.Staff) ([]dauys.Notification, error) {
		if s.ID == 0 {
			return nil, dauys.ErrNotStaff
		}
		p, w, ok := q.Talks(n)
		switch {
		case !ok:
			return nil, &dauys.QueueError{Queue: q.ID, Why: dauys.NotInLine, N: n}
		case w.Officer != in.From:
			return nil, &dauys.QueueError{Queue: q.ID, Why: dauys.NotYours, N: w.N}
		}
		r := h.fromOfficer(to, q.Office, in)
		if !p.Begun && len(r.Files) == 0 { // otherwise what they answer would not come here
			r.Buttons = append(r.Buttons, []ask.Button{h.button(to, locales.QueueAct("begin"), placeButton("begin", q, n))})
		}
		return []dauys.Notification{message("turn/"+in.Update, p.Who, r)}, nil
	})
	if why, ok := errors.AsType[*dauys.QueueError](err); ok && why.Why == dauys.NotInLine {
		return no(locales.TurnOver(n))
	}
	if err != nil {
		return h.refused(ctx, in, l, fmt.Errorf("answer in an online turn: %w", err))
	}
	return nil
}

// fromOfficer is what an officer writes, as the visitor sees it. The address of a call is a button.
func (h *Handlers) fromOfficer(l dauys.Lang, o dauys.OfficeID, in Input) ask.Reply {
	if link := strings.TrimSpace(in.Text); callLink.MatchString(link) {
		if u, err := url.Parse(link); err == nil && u.Host != "" {
			return ask.Reply{Text: h.Book.Say(l, locales.TurnCall(o)), Buttons: [][]ask.Button{{{Text: h.Book.Plain(l, locales.TurnJoin()), URL: link}}}}
		}
	}
	if in.File == nil {
		return ask.Reply{Text: h.Book.Say(l, locales.TurnAnswer(o, in.Text))}
	}
	f := *in.File
	return ask.Reply{Files: []ask.File{{Ref: f.Ref, Kind: f.Kind, Name: f.Name, Size: f.Size, MIME: f.MIME, Caption: h.Book.Say(l, locales.TurnAnswer(o, f.Caption))}}}
}
