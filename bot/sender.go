package bot

import (
	"context"
	"errors"
	"log/slog"
	"runtime/debug"
	"slices"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/fault"
	"alt.edu.kz/dauys/handlers"
)

// Outbox is what has to be told and shown, and is kept until it was.
type Outbox interface {
	// Due lists notifications whose time has come, with ids above after, in their order.
	Due(ctx context.Context, now time.Time, after int64, limit int) ([]dauys.Notification, error)
	Sent(ctx context.Context, id int64, message string, now time.Time) error
	Failed(ctx context.Context, id int64, why string, now time.Time) error
	// DueCards lists cards that do not show the case as it is now.
	DueCards(ctx context.Context, now time.Time, limit int) ([]Card, error)
	CardShown(ctx context.Context, c Card, message string, version int64) error
	SetUnreachable(ctx context.Context, who dauys.Address, unreachable bool, now time.Time) error
	PromptShown(ctx context.Context, prompt string, chat dauys.Address, message string) error
	Rebind(ctx context.Context, from, to dauys.Address) error
}

// Card is a case as it is shown to an office.
type Card struct {
	Case    string
	Office  dauys.OfficeID
	Chat    dauys.Address
	Message string // where it stands in that chat; empty when it is not shown there yet
}

// Sender empties the outbox. One process at a time runs it.
type Sender struct {
	Outbox    Outbox
	Handlers  *handlers.Handlers
	Messenger Messenger
	Clock     Clock
	Settings  Settings
	Log       *slog.Logger

	wake chan struct{}
	pace *pacer
}

// NewSender readies a sender.
func NewSender(o Outbox, h *handlers.Handlers, m Messenger, c Clock, s Settings, log *slog.Logger) *Sender {
	s = s.WithDefaults()
	return &Sender{Outbox: o, Handlers: h, Messenger: m, Clock: c, Settings: s, Log: quiet(log), wake: make(chan struct{}, 1), pace: newPacer(s, c.Mono)}
}

// Wake tells that there is something new; it never waits.
func (s *Sender) Wake() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// item is one notification or one card that has to be shown anew.
type item struct {
	key   string
	chat  dauys.Address
	note  dauys.Notification
	card  *Card
	from  int       // replies of the notice sent already
	tries int       // that failed
	after time.Time // by the monotonic clock
}

// rank orders the items of a chat: answers to what somebody just did, then cards, to which
// other notices refer, then the rest in the order in which they were caused.
func (it *item) rank() int {
	switch {
	case it.note.Direct:
		return 0
	case it.card != nil:
		return 1
	}
	return 2
}

// queue is what one chat waits for.
type queue struct {
	chat  dauys.Address
	items []*item
	busy  bool
}

const (
	pageSize   = 500
	atOnce     = 16                    // messages on their way at a time
	scanGap    = 20 * time.Millisecond // between looks at the outbox, however often it is woken
	rescan     = 5 * time.Second       // between looks at all of it
	noticeDies = 8                     // tries of a notice that fails for reasons of its own
)

// Run sends until the context ends, and then waits for what is on its way.
func (s *Sender) Run(ctx context.Context) {
	r := &run{Sender: s, queues: map[dauys.Address]*queue{}, known: map[string]bool{}, done: make(chan outcome, atOnce)}
	r.loop(ctx)
}

// run is the memory of one term of the sender; its loop alone touches it.
type run struct {
	*Sender
	queues  map[dauys.Address]*queue
	known   map[string]bool // keys of what is in the queues or on its way
	done    chan outcome
	busy    int       // messages on their way
	last    int64     // the newest notification taken
	full    time.Time // of the last look at everything
	scanned time.Time // of the last look
}

// outcome is what became of an item, and when it has to be tried again, if it has.
type outcome struct {
	item  *item
	retry bool
	again time.Duration
}

func (r *run) loop(ctx context.Context) {
	look := true
	for ctx.Err() == nil {
		now := r.Clock.Mono()
		next := r.scanned.Add(r.Settings.Poll)
		if look || !next.After(now) {
			if next = r.scanned.Add(scanGap); !next.After(now) {
				r.scan(ctx)
				look, next = false, r.scanned.Add(r.Settings.Poll)
			}
		}
		if at := r.dispatch(ctx); !at.IsZero() && at.Before(next) {
			next = at
		}
		t := time.NewTimer(next.Sub(r.Clock.Mono()))
		select {
		case <-ctx.Done():
		case <-r.wake:
			look = true
		case o := <-r.done:
			r.settle(o)
		case <-t.C:
		}
		t.Stop()
	}
	for r.busy > 0 {
		r.settle(<-r.done)
	}
}

// scan takes what is new in the outbox, and now and then all that is in it: what waited for
// a time, for a chat or for a person comes without being new.
func (r *run) scan(ctx context.Context) {
	now := r.Clock.Mono()
	r.scanned = now
	if now.Sub(r.full) >= rescan || r.full.IsZero() {
		r.full, r.last = now, 0
	}
	wall := r.Clock.Wall()
	for {
		page, err := r.Outbox.Due(ctx, wall, r.last, pageSize)
		if err != nil {
			r.trouble(ctx, "look into the outbox", err)
			return
		}
		for _, n := range page {
			r.last = max(r.last, n.ID)
			r.add(&item{key: n.Key, chat: n.To, note: n})
		}
		if len(page) < pageSize {
			break
		}
	}
	cards, err := r.Outbox.DueCards(ctx, wall, pageSize)
	if err != nil {
		r.trouble(ctx, "look for cards", err)
		return
	}
	for _, c := range cards {
		r.add(&item{key: "card/" + c.Case + "/" + string(c.Office), chat: c.Chat, card: &c})
	}
}

func (r *run) trouble(ctx context.Context, doing string, err error) {
	if ctx.Err() == nil {
		r.Log.Error(doing, "error", err)
	}
}

func (r *run) add(it *item) {
	if r.known[it.key] {
		return
	}
	r.known[it.key] = true
	q := r.queues[it.chat]
	if q == nil {
		q = &queue{chat: it.chat}
		r.queues[it.chat] = q
	}
	at, _ := slices.BinarySearchFunc(q.items, it, func(a, b *item) int {
		if d := a.rank() - b.rank(); d != 0 {
			return d
		}
		if a.note.ID <= b.note.ID {
			return -1
		}
		return 1
	})
	q.items = slices.Insert(q.items, at, it)
}

// dispatch sets on its way what may be sent now, and tells when to ask again.
func (r *run) dispatch(ctx context.Context) (next time.Time) {
	sooner := func(at time.Time) {
		if next.IsZero() || at.Before(next) {
			next = at
		}
	}
	now := r.Clock.Mono()
	for chat, q := range r.queues {
		if q.busy {
			continue
		}
		if r.busy >= atOnce {
			return next // the next outcome makes room
		}
		i := slices.IndexFunc(q.items, func(it *item) bool { return !it.after.After(now) })
		if i < 0 {
			for _, it := range q.items {
				sooner(it.after)
			}
			continue
		}
		it := q.items[i]
		ok, at := r.pace.try(chat, r.Messenger.Group(chat), it.card != nil && it.card.Message != "", it.note.Direct)
		if !ok {
			sooner(at)
			continue
		}
		q.items = slices.Delete(q.items, i, i+1)
		q.busy = true
		r.busy++
		go func() {
			o := outcome{item: it}
			defer func() {
				if v := recover(); v != nil {
					r.Log.Error("notice panicked", "case", it.note.Case, "at", where(debug.Stack()))
					o = r.poisoned(ctx, it, "panic")
				}
				r.done <- o
			}()
			o = r.deliver(ctx, it)
		}()
	}
	return next
}

// settle takes an outcome in.
func (r *run) settle(o outcome) {
	r.busy--
	q := r.queues[o.item.chat]
	q.busy = false
	delete(r.known, o.item.key)
	if o.retry {
		o.item.after = r.Clock.Mono().Add(o.again)
		r.add(o.item)
	}
	if len(q.items) == 0 {
		delete(r.queues, o.item.chat)
	}
}

// deliver sends one item. What was sent is marked whatever happens; a message that has
// left must not leave again because the process is stopping.
func (r *run) deliver(ctx context.Context, it *item) outcome {
	if it.card != nil {
		return r.show(ctx, it)
	}
	replies, prompt, err := r.Handlers.Notice(ctx, it.note)
	switch {
	case errors.Is(err, handlers.ErrNotYet):
		return outcome{item: it, retry: true, again: r.Settings.Scale}
	case err != nil && ctx.Err() != nil:
		return outcome{item: it, retry: true}
	case err != nil:
		r.Log.Error("notice has no words", "case", it.note.Case, "error", err)
		return r.poisoned(ctx, it, err.Error())
	}
	message := ""
	for ; it.from < len(replies); it.from++ {
		if it.from > 0 && r.pace.wait(ctx, it.chat, r.Messenger.Group(it.chat), false, it.note.Direct) != nil {
			return outcome{item: it, retry: true}
		}
		id, err := r.Messenger.Send(ctx, it.chat, replies[it.from])
		if err != nil {
			return r.failed(ctx, it, failure(err))
		}
		if message == "" {
			message = id
		}
	}
	sure := context.WithoutCancel(ctx)
	r.mark(ctx, "note a delivery", func() error {
		if err := r.Handlers.Delivered(sure, it.note, true); err != nil {
			return err
		}
		if prompt != "" {
			if err := r.Outbox.PromptShown(sure, prompt, it.chat, message); err != nil {
				return err
			}
		}
		return r.Outbox.Sent(sure, it.note.ID, message, r.Clock.Wall())
	})
	if it.note.What == dauys.Answered {
		r.Wake() // the card shows the case as closed
	}
	return outcome{item: it}
}

// show makes a card show the case as it is stored now.
func (r *run) show(ctx context.Context, it *item) outcome {
	reply, version, err := r.Handlers.Card(ctx, it.card.Case, it.card.Office)
	if err != nil {
		r.trouble(ctx, "draw a card", err)
		return outcome{item: it, retry: true, again: r.backoff(it)}
	}
	reply.Edit = it.card.Message
	message, err := r.Messenger.Send(ctx, it.chat, reply)
	if err != nil {
		return r.failed(ctx, it, failure(err))
	}
	fault.Point("card-sent-before-mark")
	sure := context.WithoutCancel(ctx)
	r.mark(ctx, "note a card", func() error { return r.Outbox.CardShown(sure, *it.card, message, version) })
	if it.card.Message == "" {
		r.Wake() // what refers to the card can follow
	}
	return outcome{item: it}
}

// mark stores what was sent, again and again: forgetting it would send it twice.
func (r *run) mark(ctx context.Context, doing string, store func() error) {
	for try := 1; ; try++ {
		err := store()
		if err == nil {
			return
		}
		r.Log.Error(doing, "error", err)
		if pause(ctx, time.Duration(min(try, 10))*200*time.Millisecond) != nil && try >= 3 {
			return
		}
	}
}

// failed decides what becomes of an item that could not be sent.
func (r *run) failed(ctx context.Context, it *item, f *SendError) outcome {
	sure := context.WithoutCancel(ctx)
	switch f.Failure {
	case TooFast:
		r.pace.slow(it.chat, f.After)
		return outcome{item: it, retry: true}
	case Moved:
		r.Log.Info("chat has moved", "chat", it.chat, "to", f.To)
		r.mark(ctx, "note a move", func() error { return r.Outbox.Rebind(sure, it.chat, f.To) })
		return outcome{item: it} // comes again with the new address
	case Unreachable:
		r.Log.Warn("reader cannot be reached", "case", it.note.Case, "group", r.Messenger.Group(it.chat))
		r.mark(ctx, "note an unreachable reader", func() error {
			if err := r.Outbox.SetUnreachable(sure, it.chat, true, r.Clock.Wall()); err != nil {
				return err
			}
			return r.Handlers.Delivered(sure, it.note, false)
		})
		r.Wake()
		return outcome{item: it} // waits in the outbox until the reader is back
	case Refused:
		r.Log.Error("message refused", "case", it.note.Case, "error", f)
		return r.poisoned(ctx, it, f.Error())
	}
	if ctx.Err() == nil {
		r.Log.Warn("sending failed", "case", it.note.Case, "error", f)
	}
	return outcome{item: it, retry: true, again: r.backoff(it)}
}

// poisoned tries an item that fails for reasons of its own a few times more, and gives it up.
func (r *run) poisoned(ctx context.Context, it *item, why string) outcome {
	again := r.backoff(it)
	if it.tries < noticeDies || it.card != nil {
		return outcome{item: it, retry: true, again: again}
	}
	r.Log.Error("notice given up", "case", it.note.Case, "what", it.note.What)
	r.mark(ctx, "give a notice up", func() error {
		return r.Outbox.Failed(context.WithoutCancel(ctx), it.note.ID, why, r.Clock.Wall())
	})
	return outcome{item: it}
}

// backoff is how long to wait after a failure: 0.2 s, doubled each time, at most 30 s.
func (r *run) backoff(it *item) time.Duration {
	it.tries++
	return min(r.Settings.Scale/5<<min(it.tries-1, 10), 30*r.Settings.Scale)
}
