package handlers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/documents"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
)

// The queue as the office sees it: one card for the whole of it, and one for every open window.

// nameAct is a prompt that waits for the name of a visitor without a phone, and can wait for ever. Which
// queue it is, and which update gave the place, is in what is given to its session.
const nameAct dauys.Act = "visitor"

// desk is the command /queue in the chat of an office: the card of today's queue, and that of the
// window of who asks, as new messages.
func (h *Handlers) desk(ctx context.Context, in Input) error {
	o, ok, err := h.officeHere(ctx, in.Chat, func(o dauys.Office) bool { return o.Queue != nil })
	if !ok || err != nil {
		return err
	}
	return h.deskOf(ctx, in, o)
}

func (h *Handlers) deskOf(ctx context.Context, in Input, o dauys.Office) error {
	l, err := h.officeLang(ctx, o)
	if err != nil {
		return err
	}
	say := func(r ask.Reply) error {
		r.To = in.Message
		return h.Storage.Notify(ctx, ready(in, r))
	}
	if err := h.welcome(ctx, in, o.ID); err != nil {
		return err
	}
	if _, serves, err := h.serves(ctx, in.From, o.ID); err != nil {
		return err
	} else if !serves {
		return say(ask.Reply{Text: h.Book.Say(l, locales.NotStaff())})
	}
	q, err := h.queueOfToday(ctx, o.ID)
	if err != nil {
		return err
	}
	if q == nil && !o.Queue.Open(h.University.Calendar, h.Now()) {
		return say(ask.Reply{
			Text:    h.Book.Lines(l, locales.QueueHead(o.ID), locales.QueueClosed(), locales.DeskOpens(h.opensNext(o))),
			Buttons: [][]ask.Button{{h.button(l, locales.DeskAct("qr"), "k:qr:"+string(o.ID))}},
		})
	}
	if q == nil {
		if _, err := h.Storage.OpenQueue(ctx, dauys.NewQueue(o, h.University.Calendar, h.Now())); err != nil {
			return fmt.Errorf("open a queue: %w", err)
		}
		return nil // its card is on its way
	}
	cards := []int{0}
	for i, w := range q.Windows {
		if w.Open && w.Officer == in.From {
			cards = append(cards, i+1)
		}
	}
	for _, i := range cards {
		if err := h.toEnd(ctx, in, dauys.QueueCard(q.ID, i), o.ID); err != nil {
			return err
		}
	}
	return nil
}

// queueCard is the card of a queue, or of one of its windows.
func (h *Handlers) queueCard(ctx context.Context, id string, window int) (ask.Reply, int64, error) {
	q, err := h.Storage.Queue(ctx, id)
	if err != nil {
		return ask.Reply{}, 0, fmt.Errorf("card of %s: %w", id, err)
	}
	o, ok := h.University.Office(q.Office)
	if !ok || window > len(q.Windows) {
		return ask.Reply{}, 0, fmt.Errorf("card of %s: no office %s, or no window %d", id, q.Office, window)
	}
	l, err := h.officeLang(ctx, o)
	if err != nil {
		return ask.Reply{}, 0, err
	}
	if window > 0 {
		return h.windowCard(l, q, window), q.Version, nil
	}
	r := ask.Reply{Text: h.Book.Lines(l, locales.Desk(q, h.Now())...)}
	do := func(acts ...string) {
		var row []ask.Button
		for _, a := range acts {
			data := q.ID
			if a == "qr" { // it is the same every day
				data = string(q.Office)
			}
			row = append(row, h.button(l, locales.DeskAct(a), "k:"+a+":"+data))
		}
		r.Buttons = append(r.Buttons, row)
	}
	switch q.State {
	case dauys.QueueOpen:
		do("open")
		do("visitor")
		do("pause", "qr")
		do("close")
	case dauys.QueuePaused:
		do("go")
		do("visitor")
		do("open", "qr")
		do("close")
	default:
		do("qr")
	}
	return r, q.Version, nil
}

// windowCard is the card of a window: who is there, and what its officer can do. Every button says for
// whom it was meant, so that a second press does nothing to the next visitor.
func (h *Handlers) windowCard(l dauys.Lang, q *dauys.Queue, window int) ask.Reply {
	w := q.Windows[window-1]
	p, there := q.Place(w.Place)
	r := ask.Reply{Text: h.Book.Lines(l, locales.Window(w, p)...)}
	if !w.Open {
		return r
	}
	do := func(acts ...string) {
		var row []ask.Button
		for _, a := range acts {
			row = append(row, h.button(l, locales.DeskAct(a), fmt.Sprintf("k:%s:%s:%d:%d", a, q.ID, window, w.Place)))
		}
		r.Buttons = append(r.Buttons, row)
	}
	switch {
	case q.State == dauys.QueueOpen:
		do("next")
	case there:
		do("end")
	}
	if there {
		do("again", "miss")
		if p.Online {
			do("write")
		}
		do("doc")
		if o, _ := h.University.Office(q.Office); p.Case == "" && slices.Contains(o.Powers, dauys.Register) {
			do("reg")
		}
	}
	do("bye")
	return r
}

// deskButton is a button of a queue in the chat of its office: k:qr:OFFICE, k:ACT:QUEUE, or
// k:ACT:QUEUE:WINDOW:PLACE[:KIND]. The data is only what was pressed; the right to it is read in the
// transaction. The toast says what was done: to whom the officer has to turn now.
func (h *Handlers) deskButton(ctx context.Context, in Input, parts []string) (string, error) {
	l := h.chatLang(ctx, in)
	old := h.Book.Plain(l, locales.OldButton())
	if len(parts) < 3 {
		return old, nil
	}
	act, id := parts[1], parts[2]
	office, _, _ := strings.Cut(id, ".")
	o, ok := h.receives(dauys.OfficeID(office))
	if !ok {
		return old, nil
	}
	if bound, err := h.Storage.BoundTo(ctx, in.Chat); err != nil || !slices.Contains(bound, o.ID) {
		return old, err
	}
	l, err := h.officeLang(ctx, o)
	if err != nil {
		return "", err
	}
	if err := h.welcome(ctx, in, o.ID); err != nil {
		return "", err
	}
	switch act {
	case "qr":
		return h.doorPapers(ctx, in, l, o)
	case "keep":
		return "", h.Storage.Notify(ctx, ready(in, ask.Reply{Edit: in.Message}))
	}
	window, place := 0, 0
	if len(parts) > 4 {
		window, _ = strconv.Atoi(parts[3])
		place, _ = strconv.Atoi(parts[4])
	}
	if act == "reg" {
		return h.registerTalk(ctx, in, l, id, window, place)
	}
	if err := h.promptFor(ctx, in, id, act, place); err != nil {
		return "", err
	}
	var toast ask.Line
	_, err = h.changeQueue(ctx, id, in.From, in.Update, func(q *dauys.Queue, s dauys.Staff) (notes []dauys.Notification, err error) {
		if s.ID == 0 {
			return nil, dauys.ErrNotStaff
		}
		if window > 0 {
			if toast, notes, err = h.atWindow(l, in, q, s, act, window, place, strings.Join(parts[5:], "")); err != nil {
				return nil, err
			}
			return notes, nil
		}
		toast, notes, err = h.atDesk(l, in, q, s, act)
		return notes, err
	})
	switch {
	case errors.Is(err, dauys.ErrNotFound):
		return old, nil
	case err != nil:
		return h.refusal(l, fmt.Errorf("change a queue: %w", err))
	}
	h.Log.Info("queue changed", "queue", id, "act", act, "update", in.Update)
	if toast.Key == "" {
		return "", nil
	}
	return h.Book.Plain(l, toast), nil
}

// longestTalk is how much of an online talk stands in the request that it becomes; what an appeal may
// be long. mostPapers is how many files of it go along.
const longestTalk, mostPapers = 6000, 10

// registerTalk begins to enter what a visitor came with, with what is known of them already, and with
// what they have written themselves in an online talk.
func (h *Handlers) registerTalk(ctx context.Context, in Input, l dauys.Lang, id string, window, place int) (toast string, err error) {
	q, err := h.Storage.Queue(ctx, id)
	if errors.Is(err, dauys.ErrNotFound) || err == nil && (window < 1 || window > len(q.Windows)) {
		return h.Book.Plain(l, locales.OldButton()), nil
	}
	if err != nil {
		return "", fmt.Errorf("load a queue: %w", err)
	}
	w := q.Windows[window-1]
	p, there := q.Place(place)
	if !there || !w.Open || w.Officer != in.From || w.Place != place {
		return h.refusal(l, h.notThere(q, w, in))
	}
	if p.Case != "" {
		return h.Book.Plain(l, locales.OldButton()), nil
	}
	given := map[string][]string{"queue": {id}, "place": {strconv.Itoa(place)}}
	known := map[string]ask.Answer{"channel": {Values: []string{string(dauys.ByVisit)}}}
	if p.Online {
		known["channel"] = ask.Answer{Values: []string{string(dauys.ByTalk)}}
	}
	if p.Who != "" {
		given["who"] = []string{string(p.Who)}
	}
	if p.Name != "" {
		known["name"] = ask.Answer{Values: []string{p.Name}}
	}
	if p.Lang != "" {
		known["lang"] = ask.Answer{Values: []string{string(p.Lang)}}
	}
	text, files := p.Words()
	if text != "" {
		known["story"] = ask.Answer{Values: []string{locales.Shorten(text, longestTalk)}}
	}
	if len(files) > 0 {
		known["papers"] = ask.Answer{Files: attached(files[:min(len(files), mostPapers)])}
	}
	return h.intake(ctx, in, q.Office, given, known)
}

// promptFor stores the prompt of an act that asks for words, before the message that asks is on its way.
func (h *Handlers) promptFor(ctx context.Context, in Input, id, act string, place int) error {
	switch act {
	case "visitor":
		p := Prompt{ID: promptID(in.Update, id, nameAct), Chat: in.Chat, Actor: in.From, Act: nameAct,
			Session: ask.Session{Given: map[string][]string{"queue": {id}, "cause": {in.Update}}}}
		if _, err := h.Storage.SavePrompt(ctx, p, in.Update); err != nil {
			return fmt.Errorf("ask for a name: %w", err)
		}
	case "write":
		q, err := h.Storage.Queue(ctx, id)
		if errors.Is(err, dauys.ErrNotFound) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("load a queue: %w", err)
		}
		if _, w, ok := q.Talks(place); ok {
			_, err = h.openTurn(ctx, q, place, w)
		}
		return err
	}
	return nil
}

// atDesk does what the buttons of a queue's card do.
func (h *Handlers) atDesk(l dauys.Lang, in Input, q *dauys.Queue, s dauys.Staff, act string) (toast ask.Line, notes []dauys.Notification, err error) {
	switch act {
	case "open":
		w, err := q.OpenWindow(s)
		if err != nil {
			return toast, nil, err
		}
		return locales.DeskOpened(q.Windows[w-1].N), nil, nil
	case "visitor":
		return h.withoutPhone(l, in, q)
	case "pause":
		return locales.DeskPaused(), nil, q.Pause()
	case "go":
		return locales.DeskGoes(), nil, q.Resume()
	case "close":
		if q.State == dauys.QueueClosed {
			return toast, nil, &dauys.QueueError{Queue: q.ID, Why: dauys.QueueOver}
		}
		return toast, []dauys.Notification{ready(in, ask.Reply{To: in.Message, Text: h.Book.Say(l, locales.DeskCloses(len(q.Line))), Buttons: [][]ask.Button{
			{h.button(l, locales.DeskAct("shut"), "k:shut:"+q.ID)}, {h.button(l, locales.DeskAct("keep"), "k:keep:"+q.ID)},
		}})}, nil
	case "shut":
		return locales.DeskClosed(), []dauys.Notification{ready(in, ask.Reply{Edit: in.Message})}, q.Close()
	}
	return locales.OldButton(), nil, nil
}

// withoutPhone gives a visitor without a phone the next number, which is said aloud. Who answers the
// message with a name notes it; nobody has to.
func (h *Handlers) withoutPhone(l dauys.Lang, in Input, q *dauys.Queue) (toast ask.Line, notes []dauys.Notification, err error) {
	n, err := q.Join(dauys.Place{Cause: in.Update}, h.Now())
	if err != nil {
		return toast, nil, err
	}
	note := wording(Prompt{ID: promptID(in.Update, q.ID, nameAct), Chat: in.Chat}, in, ask.Reply{To: in.Message, Text: h.Book.Lines(l, locales.DeskVisitor(n), locales.DeskName())})
	return locales.DeskNumber(n), []dauys.Notification{note}, nil
}

// atWindow does what the buttons of a window's card do.
func (h *Handlers) atWindow(l dauys.Lang, in Input, q *dauys.Queue, s dauys.Staff, act string, window, place int, kind string) (toast ask.Line, notes []dauys.Notification, err error) {
	if window > len(q.Windows) {
		return locales.OldButton(), nil, nil
	}
	if at := q.Windows[window-1]; at.Open && at.Officer == in.From && at.Place != place { // the card was pressed before it showed who is there now
		p, _ := q.Place(at.Place)
		return locales.DeskThere(p), nil, nil
	}
	called := func(p dauys.Place, err error) (ask.Line, []dauys.Notification, error) {
		return locales.DeskThere(p), nil, err
	}
	switch act {
	case "next":
		return called(q.Next(window, s))
	case "end":
		_, err := q.Next(window, s)
		return locales.DeskEnded(place), nil, err
	case "again":
		_, err := q.Recall(window, s)
		return locales.DeskAgain(place), nil, err
	case "miss":
		_, err := q.Miss(window, s)
		return locales.DeskMissed(place), nil, err
	case "bye":
		return locales.DeskLeft(q.Windows[window-1].N), nil, q.CloseWindow(window, s)
	case "doc", "write":
		if at := q.Windows[window-1]; !at.Open || at.Officer != in.From || at.Place == 0 {
			return toast, nil, h.notThere(q, at, in)
		}
		if act == "write" {
			n := intoTurn(q, place, in.Update, ask.Reply{
				To: in.Message, Text: h.Book.Say(l, locales.TurnWrite(string(in.From), ask.Clean(in.Name), place)), Force: h.Book.Plain(l, locales.AnswerField()),
			})
			n.Direct = true // somebody has the field open
			return toast, []dauys.Notification{n}, nil
		}
		r := ask.Reply{To: in.Message, Text: h.Book.Say(l, locales.DeskWhichDocument(place))}
		for _, kind := range dauys.Documents {
			r.Buttons = append(r.Buttons, []ask.Button{h.button(l, locales.Document(kind), fmt.Sprintf("k:seen:%s:%d:%d:%s", q.ID, window, place, kind))})
		}
		return toast, []dauys.Notification{ready(in, r)}, nil
	case "seen":
		_, err := q.See(window, s, kind)
		return locales.DeskSeen(kind), []dauys.Notification{ready(in, ask.Reply{Edit: in.Message})}, err
	}
	return locales.OldButton(), nil, nil
}

// notThere is why an officer cannot do at a window what needs a visitor.
func (h *Handlers) notThere(q *dauys.Queue, w dauys.Window, in Input) error {
	switch {
	case !w.Open:
		return &dauys.QueueError{Queue: q.ID, Why: dauys.NotInLine}
	case w.Officer != in.From:
		return &dauys.QueueError{Queue: q.ID, Why: dauys.NotYours, N: w.N}
	}
	return &dauys.QueueError{Queue: q.ID, Why: dauys.NobodyThere}
}

// visitorNamed notes the name of a visitor without a phone.
func (h *Handlers) visitorNamed(ctx context.Context, in Input, l dauys.Lang, p Prompt) error {
	say := func(line ask.Line) error {
		return h.Storage.Notify(ctx, ready(in, ask.Reply{To: in.Message, Text: h.Book.Say(l, line)}))
	}
	cause, n := strings.Join(p.Session.Given["cause"], ""), 0
	name := locales.Shorten(ask.Clean(in.Text), longestName)
	switch {
	case in.Hidden:
		return say(locales.ShowYourself())
	case name == "":
		return nil
	}
	id := strings.Join(p.Session.Given["queue"], "")
	office, _, _ := strings.Cut(id, ".")
	if err := h.welcome(ctx, in, dauys.OfficeID(office)); err != nil {
		return err
	}
	_, err := h.changeQueue(ctx, id, in.From, in.Update, func(q *dauys.Queue, s dauys.Staff) ([]dauys.Notification, error) {
		if s.ID == 0 {
			return nil, dauys.ErrNotStaff
		}
		n = 1 + slices.IndexFunc(q.Places, func(p dauys.Place) bool { return p.Cause == cause })
		return nil, q.Named(n, name)
	})
	if err != nil {
		return h.refused(ctx, in, l, fmt.Errorf("name a visitor: %w", err))
	}
	if n == 0 { // it was noted when this came before
		return nil
	}
	return say(locales.DeskNamed(n, name))
}

// doorPapers sends what hangs at the door: the code by itself, and a page with it to print.
func (h *Handlers) doorPapers(ctx context.Context, in Input, l dauys.Lang, o dauys.Office) (string, error) {
	if _, serves, err := h.serves(ctx, in.From, o.ID); err != nil {
		return "", err
	} else if !serves {
		return h.Book.Plain(l, locales.NotStaff()), nil
	}
	link := h.Link(queueLink(o.ID, true))
	code, err := documents.QR(link)
	if err != nil {
		return "", fmt.Errorf("code at the door: %w", err)
	}
	now := h.Now()
	p := documents.Poster{Made: h.University.Calendar.Midnight(now), Code: code, Link: strings.TrimPrefix(link, "https://"), Author: h.University.Names.In(l)}
	for _, l := range dauys.Langs {
		opens, closes := o.Queue.Hours(h.University.Calendar, now)
		hours := h.Book.Plain(l, locales.QueueHours(opens, closes))
		if from, to, ok := o.Queue.Break(h.University.Calendar, now); ok {
			hours += ". " + h.Book.Plain(l, locales.QueueBreak(from, to))
		}
		p.Parts = append(p.Parts, documents.PosterPart{Lang: l, Title: o.Names.In(l), Hours: hours, How: h.Book.Plain(l, locales.DoorHow())})
	}
	page, err := documents.PosterPDF(p)
	if err != nil {
		return "", fmt.Errorf("page for the door: %w", err)
	}
	name := "queue-" + strings.ReplaceAll(string(o.ID), "@", "-")
	blobs := []dauys.Blob{
		{ID: "qr-" + documents.Hash(code), Name: name + ".png", MIME: "image/png", Data: code, At: now},
		{ID: "poster-" + documents.Hash(page), Name: name + ".pdf", MIME: "application/pdf", Data: page, At: now},
	}
	body, _ := json.Marshal(ask.Reply{Files: []ask.File{Document(blobs[0], h.Book.Say(l, locales.DoorCode())), Document(blobs[1], h.Book.Say(l, locales.DoorPage()))}})
	n := dauys.Notification{Key: "ready/" + in.Update, What: dauys.Ready, To: in.Chat, Body: string(body), Direct: true, Blobs: blobs}
	if err := h.Storage.Notify(ctx, n); err != nil {
		return "", fmt.Errorf("send the papers for the door: %w", err)
	}
	return h.Book.Plain(l, locales.DoorSent()), nil
}
