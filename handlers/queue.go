package handlers

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
)

// Queues are kept in the database.
type Queues interface {
	OpenQueue(ctx context.Context, q *dauys.Queue) (*dauys.Queue, error) // once a day; the one that is there stays
	Queue(ctx context.Context, id string) (*dauys.Queue, error)
	WakingQueues(ctx context.Context, now time.Time) ([]*dauys.Queue, error) // with which the clock has something to do
	// ChangeQueue changes a queue once for a cause, with the right of who acts.
	ChangeQueue(ctx context.Context, id string, who dauys.Address, cause string, now time.Time,
		change func(*dauys.Queue, dauys.Staff) ([]dauys.Notification, error)) (*dauys.Queue, error)
}

const (
	// startQueue begins the payload of a link into a queue: q_OFFICE, or q_OFFICE_door for the code that
	// hangs at the door. The office of an institute is written with _ for @.
	startQueue = "q_"
	atDoor     = "door"
	online     = "online"
)

// queueLink is the payload of a link that leads into the queue of an office.
func queueLink(o dauys.OfficeID, door bool) string {
	payload := startQueue + strings.ReplaceAll(string(o), "@", "_")
	if door {
		payload += "_" + atDoor
	}
	return payload
}

// fromQueueLink follows such a link. Done is false when it leads nowhere any more.
func (h *Handlers) fromQueueLink(ctx context.Context, t *Turn, place string) (done bool, err error) {
	place, door := strings.CutSuffix(place, "_"+atDoor)
	o, ok := h.receives(dauys.OfficeID(strings.ReplaceAll(place, "_", "@")))
	if !ok {
		return false, nil
	}
	how := ""
	if door {
		how = atDoor
	}
	return true, h.visit(ctx, t, o, how)
}

// receives is an office that receives people without an appointment.
func (h *Handlers) receives(id dauys.OfficeID) (dauys.Office, bool) {
	i := slices.IndexFunc(h.University.Offices, func(o dauys.Office) bool { return o.ID == id && o.Queue != nil })
	if i < 0 {
		return dauys.Office{}, false
	}
	return h.University.Offices[i], true
}

// today is the id of an office's queue of this day.
func (h *Handlers) today(o dauys.OfficeID) string {
	return dauys.QueueID(o, h.University.Calendar, h.Now())
}

// queueOfToday is the queue of an office on this day, or nil when nobody has come yet.
func (h *Handlers) queueOfToday(ctx context.Context, o dauys.OfficeID) (*dauys.Queue, error) {
	q, err := h.Storage.Queue(ctx, h.today(o))
	if errors.Is(err, dauys.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("load a queue: %w", err)
	}
	return q, nil
}

// queue is the command /queue of a person: their place, or the question how they come.
func (h *Handlers) queue(ctx context.Context, t *Turn) error {
	var all []dauys.Office
	for _, o := range h.University.Offices {
		if o.Queue != nil {
			all = append(all, o)
		}
	}
	switch len(all) {
	case 0:
		return h.resume(t, locales.UnknownCommand())
	case 1:
		return h.visit(ctx, t, all[0], "")
	}
	r := ask.Reply{Text: h.Book.Say(t.Lang(), locales.QueueWhich())}
	for _, o := range all {
		r.Buttons = append(r.Buttons, []ask.Button{h.button(t.Lang(), locales.QueueOffice(o.ID), "k:come:"+string(o.ID))})
	}
	t.Say(r)
	return nil
}

// visit shows somebody their place in the queue of an office, and gives them one when they have none:
// at the door or online. Without either they are asked, unless nobody is received now.
func (h *Handlers) visit(ctx context.Context, t *Turn, o dauys.Office, how string) error {
	now := h.Now()
	q, err := h.queueOfToday(ctx, o.ID)
	if err != nil {
		return err
	}
	if q != nil {
		if p, ok := q.Of(t.From); ok && (how != atDoor || !p.Online || p.State == dauys.Called) {
			h.showPlace(t, o, q, p)
			return nil
		}
	}
	switch {
	case !o.Queue.Open(h.University.Calendar, now), q != nil && q.State == dauys.QueueClosed:
		t.Say(t.Here(h.withForm(t, h.shut(t.Lang(), o))))
		return nil
	case how == "":
		r := ask.Reply{Text: h.Book.Lines(t.Lang(), h.reception(o, locales.QueueAsk())...)}
		for _, how := range []string{atDoor, online} {
			r.Buttons = append(r.Buttons, []ask.Button{h.button(t.Lang(), locales.QueueHow(how), "k:"+how+":"+string(o.ID))})
		}
		t.Say(t.Here(h.withForm(t, r)))
		return nil
	}
	if q, err = h.Storage.OpenQueue(ctx, dauys.NewQueue(o, h.University.Calendar, now)); err != nil {
		return fmt.Errorf("open a queue: %w", err)
	}
	p := dauys.Place{Who: t.From, Name: locales.Shorten(ask.Clean(t.Name), longestName), Lang: t.Lang(), Online: how == online}
	q, err = h.changeQueue(ctx, q.ID, "", t.Update, func(q *dauys.Queue, _ dauys.Staff) ([]dauys.Notification, error) {
		_, err := q.Join(p, h.Now())
		return nil, err
	})
	if no, refused := errors.AsType[*dauys.QueueError](err); refused {
		if no.Why == dauys.QueueOver {
			t.Say(t.Here(h.withForm(t, h.shut(t.Lang(), o))))
			return nil
		}
		return h.resume(t, locales.QueueNo(no))
	}
	if err != nil {
		return fmt.Errorf("join a queue: %w", err)
	}
	t.Told = true
	p, _ = q.Of(t.From)
	h.Log.Info("place in the queue", "queue", q.ID, "place", p.N, "update", t.Update)
	h.showPlace(t, o, q, p)
	return nil
}

// showPlace shows somebody their place. The dialogue knows of one online from then on, whether it has just
// been given or was there: what is written when it is called goes to the officer.
func (h *Handlers) showPlace(t *Turn, o dauys.Office, q *dauys.Queue, p dauys.Place) {
	if t.State.Turn = ""; p.Online {
		t.State.Turn = turnOf(q, p.N)
	}
	t.Say(t.Here(h.withForm(t, h.placeView(t.Lang(), o, q, p))))
}

// longestName is how many characters of a name stand on a card.
const longestName = 60

// withForm adds the way back to a conversation that is open.
func (h *Handlers) withForm(t *Turn, r ask.Reply) ask.Reply {
	if t.State.Focus != nil {
		r.Buttons = append(r.Buttons, h.onward(t))
	}
	return r
}

// reception says where and when an office receives, below a sentence.
func (h *Handlers) reception(o dauys.Office, above ask.Line) []ask.Line {
	opens, closes := o.Queue.Hours(h.University.Calendar, h.Now())
	lines := []ask.Line{locales.QueueHead(o.ID), locales.QueueHours(opens, closes)}
	if from, to, ok := o.Queue.Break(h.University.Calendar, h.Now()); ok {
		lines = append(lines, locales.QueueBreak(from, to))
	}
	return append(lines, locales.QueueWhere(o.Queue.Place), above)
}

// shut says when an office receives next, and that one can write at any time.
func (h *Handlers) shut(l dauys.Lang, o dauys.Office) ask.Reply {
	return ask.Reply{Text: h.Book.Lines(l, locales.QueueHead(o.ID), locales.QueueClosed(), locales.QueueShut(h.opensNext(o))), Buttons: h.writeInstead(l)}
}

// opensNext is when an office receives next: today, if the day has not begun.
func (h *Handlers) opensNext(o dauys.Office) time.Time {
	return o.Queue.Next(h.University.Calendar, h.Now())
}

func (h *Handlers) writeInstead(l dauys.Lang) [][]ask.Button {
	return [][]ask.Button{{h.button(l, locales.QueueWrite(), "m:public")}}
}

// placeView is a place as who has it sees it, with what they can do.
func (h *Handlers) placeView(l dauys.Lang, o dauys.Office, q *dauys.Queue, p dauys.Place, above ...ask.Line) ask.Reply {
	lines := append(slices.Clone(above), locales.QueueNumber(p.N))
	var r ask.Reply
	act := func(acts ...string) {
		for _, a := range acts {
			r.Buttons = append(r.Buttons, []ask.Button{h.button(l, locales.QueueAct(a), placeButton(a, q, p.N))})
		}
	}
	switch p.State {
	case dauys.Waits:
		if q.State == dauys.QueueClosed {
			return h.shut(l, o)
		}
		ahead, _ := q.Ahead(p.N)
		lines = append(lines, locales.QueueAhead(ahead))
		if q.State == dauys.QueuePaused {
			lines = append(lines, locales.QueueResting())
		}
		if p.Online {
			lines = append(lines, locales.QueueOnline())
		} else {
			lines = append(lines, locales.QueueWhere(o.Queue.Place), locales.QueueDocument(), locales.QueueWill())
		}
		act("show", "leave")
	case dauys.Called:
		if len(above) == 0 {
			lines = append([]ask.Line{locales.QueueTurn()}, lines...)
		}
		if p.Online {
			lines = append(lines, locales.QueueYourTurn())
			act("begin", "leave")
		} else {
			lines = append(lines, locales.QueueCalled(q.Windows[p.Window-1].N), locales.QueueWhere(o.Queue.Place), locales.QueueDocument())
			act("leave")
		}
	case dauys.Missed:
		lines = append(lines, locales.QueueMissed())
		act("here", "leave")
	}
	r.Text = h.Book.Lines(l, lines...)
	return r
}

// placeButton is what a button of a place carries: k:ACT:QUEUE:NUMBER.
func placeButton(act string, q *dauys.Queue, n int) string {
	return "k:" + act + ":" + q.ID + ":" + strconv.Itoa(n)
}

// queueButton is a button about a queue in a person's own chat: k:come:OFFICE, k:door:OFFICE,
// k:online:OFFICE, or k:ACT:QUEUE:NUMBER about a place. The data is only what was pressed: whose the
// place is, the queue knows.
func (h *Handlers) queueButton(ctx context.Context, t *Turn, parts []string) error {
	if len(parts) == 3 {
		o, ok := h.receives(dauys.OfficeID(parts[2]))
		how := parts[1]
		if !ok || !slices.Contains([]string{"come", atDoor, online}, how) {
			return h.resume(t, locales.OldButton())
		}
		if how == "come" {
			how = ""
		}
		return h.visit(ctx, t, o, how)
	}
	if len(parts) != 4 {
		return h.resume(t, locales.OldButton())
	}
	act, id := parts[1], parts[2]
	n, _ := strconv.Atoi(parts[3])
	q, err := h.Storage.Queue(ctx, id)
	if errors.Is(err, dauys.ErrNotFound) {
		return h.resume(t, locales.OldButton())
	}
	if err != nil {
		return fmt.Errorf("load a queue: %w", err)
	}
	p, there := q.Place(n)
	o, receives := h.receives(q.Office)
	switch {
	case !there || p.Who != t.From || !receives:
		return h.resume(t, locales.OldButton())
	case !p.Live() || q.ID != h.today(q.Office): // what is over says so, and how to go on
		t.Say(t.Here(h.withForm(t, h.overView(t.Lang(), o, q, p))))
		return nil
	}
	switch act {
	case "show", "stay":
		t.Say(t.Here(h.withForm(t, h.placeView(t.Lang(), o, q, p))))
		return nil
	case "leave":
		t.Say(t.Here(ask.Reply{Text: h.Book.Say(t.Lang(), locales.QueueLeaves(n)), Buttons: [][]ask.Button{
			{h.button(t.Lang(), locales.QueueAct("gone"), placeButton("gone", q, n))},
			{h.button(t.Lang(), locales.QueueAct("stay"), placeButton("stay", q, n))},
		}}))
		return nil
	case "gone", "here":
		return h.movePlace(ctx, t, o, id, n, act == "here")
	case "begin":
		return h.beginTurn(ctx, t, o, q, p)
	}
	return h.resume(t, locales.OldButton())
}

// movePlace puts somebody who missed their call back into the line, or gives their place up.
func (h *Handlers) movePlace(ctx context.Context, t *Turn, o dauys.Office, id string, n int, back bool) error {
	q, err := h.changeQueue(ctx, id, "", t.Update, func(q *dauys.Queue, _ dauys.Staff) ([]dauys.Notification, error) {
		switch p, _ := q.Place(n); {
		case !back:
			return nil, q.Leave(n)
		case p.State != dauys.Missed: // pressed twice: they are in the line again
			return nil, nil
		}
		return nil, q.Return(n)
	})
	no, refused := errors.AsType[*dauys.QueueError](err)
	switch {
	case refused && no.Why == dauys.QueueOver:
		t.Say(t.Here(h.withForm(t, h.shut(t.Lang(), o))))
		return nil
	case refused:
		return h.resume(t, locales.QueueNo(no))
	case err != nil:
		return fmt.Errorf("change a place in the queue: %w", err)
	}
	t.Told = true
	p, _ := q.Place(n)
	switch p.State {
	case dauys.Gone:
		t.Say(t.Here(h.withForm(t, h.overView(t.Lang(), o, q, p))))
	case dauys.Waits:
		t.Say(t.Here(h.withForm(t, h.placeView(t.Lang(), o, q, p, locales.QueueBack()))))
	default:
		t.Say(t.Here(h.withForm(t, h.placeView(t.Lang(), o, q, p))))
	}
	return nil
}

// overView is a place of which nothing is left.
func (h *Handlers) overView(l dauys.Lang, o dauys.Office, q *dauys.Queue, p dauys.Place) ask.Reply {
	switch {
	case q.ID != h.today(q.Office):
		return h.shutUnlessOpen(l, o)
	case p.State == dauys.Gone:
		r := h.shutUnlessOpen(l, o)
		r.Text = h.Book.Say(l, locales.QueueGone(p.N))
		return r
	}
	return ask.Reply{Text: h.Book.Say(l, locales.QueueServed(p.N))}
}

// shutUnlessOpen leads to the queue of today while there is one to come to.
func (h *Handlers) shutUnlessOpen(l dauys.Lang, o dauys.Office) ask.Reply {
	if !o.Queue.Open(h.University.Calendar, h.Now()) {
		return h.shut(l, o)
	}
	return ask.Reply{Text: h.Book.Lines(l, locales.QueueHead(o.ID), locales.QueueOld()), Buttons: [][]ask.Button{
		{h.button(l, locales.QueueAct("again"), "k:come:"+string(o.ID))},
	}}
}

// changeQueue changes a queue and tells everybody who has to hear of it.
func (h *Handlers) changeQueue(ctx context.Context, id string, who dauys.Address, cause string,
	change func(*dauys.Queue, dauys.Staff) ([]dauys.Notification, error)) (*dauys.Queue, error) {
	return h.Storage.ChangeQueue(ctx, id, who, cause, h.Now(), func(q *dauys.Queue, s dauys.Staff) ([]dauys.Notification, error) {
		q.Tick(h.Now()) // whoever is faster than the clock finds what it would have done
		notes, err := change(q, s)
		if err != nil {
			return nil, err
		}
		return append(notes, queueNews(q)...), nil
	})
}

// queueNews are the notices of what was done to a queue: each says which place, what, and which time.
func queueNews(q *dauys.Queue) (notes []dauys.Notification) {
	for _, n := range q.News() {
		p, _ := q.Place(n.N)
		body := fmt.Sprintf("%s %d %s %d", q.ID, n.N, n.What, n.Count)
		notes = append(notes, dauys.Notification{Key: "queue/" + strings.ReplaceAll(body, " ", "/"), What: dauys.InQueue, To: p.Who, Body: body})
	}
	return notes
}

// queueNotice puts into words what somebody in a queue is told. It is silent when it is not so any
// more: a queue of yesterday calls nobody.
func (h *Handlers) queueNotice(ctx context.Context, n dauys.Notification) ([]ask.Reply, error) {
	var id string
	var place, count int
	var what dauys.QueueNews
	if _, err := fmt.Sscan(n.Body, &id, &place, &what, &count); err != nil {
		return nil, fmt.Errorf("notice %s: %w", n.Key, err)
	}
	q, err := h.Storage.Queue(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("notice %s: %w", n.Key, err)
	}
	p, there := q.Place(place)
	o, receives := h.receives(q.Office)
	if !there || !receives {
		return nil, nil
	}
	l, err := h.langOf(ctx, n.To, string(p.Lang))
	if err != nil {
		return nil, err
	}
	say := func(r ask.Reply) ([]ask.Reply, error) { return []ask.Reply{r}, nil }
	waits := p.State == dauys.Waits
	ahead, _ := q.Ahead(place)
	if what == dauys.NewsOver && waits && q.State == dauys.QueueClosed {
		return say(ask.Reply{Text: h.Book.Lines(l, locales.QueueOver(p.N), locales.QueueShut(h.opensNext(o))), Buttons: h.writeInstead(l)})
	}
	if q.ID != h.today(q.Office) {
		return nil, nil
	}
	switch {
	case what == dauys.NewsNear && waits && ahead > 1 && q.State != dauys.QueueClosed, what == dauys.NewsNext && waits && q.State != dauys.QueueClosed:
		return say(h.placeView(l, o, q, p, locales.QueueSoon()))
	case what == dauys.NewsCall && p.State == dauys.Called && p.Calls == count:
		above := locales.QueueTurn()
		if count > 1 && p.Missed == 0 {
			above = locales.QueueAgain()
		}
		return say(h.placeView(l, o, q, p, above))
	case what == dauys.NewsMissed && p.State == dauys.Missed && p.Missed == count:
		return say(h.placeView(l, o, q, p))
	case what == dauys.NewsPaused && waits && q.State == dauys.QueuePaused && q.Pauses == count:
		return say(h.placeView(l, o, q, p))
	case what == dauys.NewsResumed && waits && q.State == dauys.QueueOpen && q.Pauses == count:
		return say(h.placeView(l, o, q, p, locales.QueueGoesOn()))
	case what == dauys.NewsEnded && p.State == dauys.Served:
		return say(ask.Reply{Text: h.Book.Say(l, locales.QueueEnded(p.N, p.Case))})
	}
	return nil, nil
}

// SettleQueues closes queues whose hours are over, and tells those who still wait.
func (h *Handlers) SettleQueues(ctx context.Context) error {
	waking, err := h.Storage.WakingQueues(ctx, h.Now())
	if err != nil {
		return fmt.Errorf("look for queues whose hours are over: %w", err)
	}
	var all error
	for _, q := range waking { // one that cannot be closed stands in no other's way
		_, err := h.changeQueue(ctx, q.ID, "", "", func(*dauys.Queue, dauys.Staff) ([]dauys.Notification, error) { return nil, nil })
		if err != nil {
			all = errors.Join(all, fmt.Errorf("close queue %s: %w", q.ID, err))
			continue
		}
		h.Log.Info("queue closed by the clock", "queue", q.ID)
	}
	return all
}

// talkRegistered notes at a place in a queue which case the talk has become.
func (h *Handlers) talkRegistered(ctx context.Context, cause, id string, n int, number string) error {
	_, err := h.changeQueue(ctx, id, "", cause, func(q *dauys.Queue, _ dauys.Staff) ([]dauys.Notification, error) {
		return nil, q.Registered(n, number)
	})
	if err != nil {
		return fmt.Errorf("note the case of a talk: %w", err)
	}
	return nil
}
