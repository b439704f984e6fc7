package bot

import (
	"container/list"
	"context"
	"errors"
	"log/slog"
	"runtime/debug"
	"slices"
	"sync/atomic"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/fault"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/handlers"
	"alt.edu.kz/dauys/notices"
)

// Outbox is what has to be told and shown, and is kept until it was.
type Outbox interface {
	Blobs
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
	// NewsDue are the news of a reader that are to be told now.
	NewsDue(ctx context.Context, reader dauys.Address, now time.Time, limit int) ([]notices.News, error)
	// EndNews says what became of news of a reader; next is when the next of them are due, zero: none wait.
	EndNews(ctx context.Context, reader dauys.Address, ended []notices.News, now time.Time) (next time.Time, err error)
	// PutOffNews makes news wait for another time.
	PutOffNews(ctx context.Context, reader dauys.Address, ids []int64, until time.Time) error
}

// Card is a case, or a queue or one of its windows, as it is shown to an office.
type Card struct {
	Case    string // what the card is about, by the name that the handlers know
	Office  dauys.OfficeID
	Chat    dauys.Address
	Message string // where it stands in that chat; empty when it is not shown there yet

	Topic     dauys.Address // of the case in that chat; empty: it has none
	TopicName string
	TopicShut bool
}

// Sender empties the outbox. One process at a time runs it.
type Sender struct {
	Outbox    Outbox
	Handlers  *handlers.Handlers
	Messenger Messenger
	Clock     Clock
	Settings  Settings
	Log       *slog.Logger
	// Hold tells that somebody is being answered in this process just now, so that a notice of
	// what they did had better come after the answer; nil: nobody ever is.
	Hold func(dauys.Address) bool

	wake chan struct{}
	anew atomic.Bool // all that waits is to be looked at
	pace *pacer
	post *post
}

// NewSender readies a sender.
func NewSender(o Outbox, h *handlers.Handlers, m Messenger, c Clock, s Settings, log *slog.Logger) *Sender {
	s = s.WithDefaults()
	log = quiet(log)
	return &Sender{
		Outbox: o, Handlers: h, Messenger: m, Clock: c, Settings: s, Log: log, wake: make(chan struct{}, 1),
		pace: newPacer(s, c.Mono), post: &post{Messenger: m, blobs: o, log: log},
	}
}

// Wake tells that there is something new; it never waits.
func (s *Sender) Wake() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// WakeAll is Wake after which all that waits is looked at: what has come to be due without being new.
func (s *Sender) WakeAll() {
	s.anew.Store(true)
	s.Wake()
}

// item is one notification or one card that has to be shown anew.
type item struct {
	key     string
	chat    dauys.Address
	note    dauys.Notification
	card    *Card
	replies []ask.Reply // the messages of the notice, once it is in words
	words   handlers.Words
	from    int       // how many have left already
	message string    // the last of those
	refused string    // why one of them never will
	fails   int       // for reasons of its own, in a row
	tries   int       // that failed for whatever reason, in a row
	after   time.Time // by the monotonic clock

	topic dauys.Address // of its case, into which it goes
	plain bool          // it goes into none, whatever there is
	sync  bool          // it is the name and the state of the card's topic
	paid  bool          // the call that this takes was counted
}

// direct tells whether an item answers what somebody just did.
func (it *item) direct() bool { return it.note.Direct }

// rank orders the items of a chat: answers to what somebody just did, then cards, to which
// other notices refer, then the rest in the order in which they were caused, and last the names
// of topics.
func (it *item) rank() int {
	switch {
	case it.direct():
		return 0
	case it.sync:
		return 3
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
	load  load      // that is on its way
	after time.Time // the messenger was in trouble: what is not direct keeps its order and waits
	idle  time.Time // nothing can be sent before
	list  *list.List
	place *list.Element
}

const (
	pageSize   = 500
	cardsSeen  = 5000                  // due cards that are looked at; those of a chat that takes none stay among them
	atOnce     = 16                    // paced messages on their way at a time; as many direct ones besides
	scanGap    = 20 * time.Millisecond // between looks at the outbox, however often it is woken
	idleScans  = 5                     // of the time goes by, for one of which it looks
	rescan     = 5 * time.Second       // between looks at all of it
	noticeDies = 8                     // tries of a notice that fails for reasons of its own
	lastSend   = 5 * time.Second       // for what is on its way when the sender has to stop
)

// Run sends until the context ends, and then waits for what is on its way.
func (s *Sender) Run(ctx context.Context) {
	r := &run{
		Sender: s, queues: map[dauys.Address]*queue{}, direct: list.New(), paced: list.New(),
		known: map[string]bool{}, done: make(chan outcome, 2*atOnce),
	}
	r.loop(ctx)
}

// run is the memory of one term of the sender; its loop alone touches it. The queues stand
// in two lines, those with a direct answer and the others, so that each has its turn.
type run struct {
	*Sender
	queues  map[dauys.Address]*queue
	direct  *list.List
	paced   *list.List
	known   map[string]bool // keys of what is in the queues or on its way
	done    chan outcome
	busy    int       // messages on their way
	look    bool      // there may be something new
	last    int64     // the newest notification taken
	full    time.Time // of the last look at everything
	scanned time.Time // of the last look
	gap     time.Duration
}

// outcome is what became of an item, and when it has to be tried again, if it has.
type outcome struct {
	item  *item
	retry bool
	again time.Duration
	all   bool // what follows in the chat has to wait as long
}

func (r *run) loop(ctx context.Context) {
	r.look, r.gap = true, scanGap
	for ctx.Err() == nil {
		now := r.Clock.Mono()
		next := r.scanned.Add(r.Settings.Poll)
		if r.look || !next.After(now) {
			if next = r.scanned.Add(r.gap); !next.After(now) {
				r.look, r.gap = false, scanGap
				if !r.scan(ctx) {
					r.gap = r.Settings.Poll
				} else if long := idleScans * r.Clock.Mono().Sub(now); long > r.gap {
					r.gap = long // much waits: most of the time is for sending it
				}
				next = r.scanned.Add(r.Settings.Poll)
			}
		}
		if at := r.dispatch(ctx); !at.IsZero() && at.Before(next) {
			next = at
		}
		t := time.NewTimer(next.Sub(r.Clock.Mono()))
		select {
		case <-ctx.Done():
		case <-r.wake:
			r.look = true
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
func (r *run) scan(ctx context.Context) (ok bool) {
	now := r.Clock.Mono()
	r.scanned = now
	if anew := r.anew.Swap(false); anew || now.Sub(r.full) >= rescan || r.full.IsZero() {
		r.full, r.last = now, 0
	}
	wall := r.Clock.Wall()
	for {
		page, err := r.Outbox.Due(ctx, wall, r.last, pageSize)
		if err != nil {
			return r.trouble(ctx, "look into the outbox", err)
		}
		for _, n := range page {
			r.last = max(r.last, n.ID)
			r.add(&item{key: n.Key, chat: n.To, note: n})
		}
		if len(page) < pageSize {
			break
		}
	}
	cards, err := r.Outbox.DueCards(ctx, wall, cardsSeen)
	if err != nil {
		return r.trouble(ctx, "look for cards", err)
	}
	for _, c := range cards {
		r.add(&item{key: "card/" + c.Case + "/" + string(c.Office), chat: c.Chat, card: &c})
	}
	if _, topics, ok := r.forums(); ok {
		due, err := topics.DueTopics(ctx, topicsSeen)
		if err != nil {
			return r.trouble(ctx, "look for topics", err)
		}
		for _, c := range due {
			r.add(&item{key: "topic/" + c.Case + "/" + string(c.Office), chat: c.Chat, card: &c, sync: true})
		}
	}
	return true
}

func (r *run) trouble(ctx context.Context, doing string, err error) (ok bool) {
	if ctx.Err() == nil {
		r.Log.Error(doing, "error", err)
	}
	return false
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
	q.idle = time.Time{}
	r.line(q, false)
}

// line puts a queue into the line where it belongs, at its end when it is new there or has
// had its turn.
func (r *run) line(q *queue, turn bool) {
	belongs := r.paced
	if len(q.items) > 0 && q.items[0].direct() {
		belongs = r.direct
	}
	switch {
	case q.list != belongs:
		r.unline(q)
		q.list, q.place = belongs, belongs.PushBack(q)
	case turn:
		belongs.MoveToBack(q.place)
	}
}

func (r *run) unline(q *queue) {
	if q.list != nil {
		q.list.Remove(q.place)
	}
	q.list, q.place = nil, nil
}

// dispatch sets on its way what may be sent now, and tells when to ask again.
func (r *run) dispatch(ctx context.Context) (next time.Time) {
	sooner := func(at time.Time) {
		if next.IsZero() || at.Before(next) {
			next = at
		}
	}
	now := r.Clock.Mono()
	for e := r.direct.Front(); e != nil && r.busy < 2*atOnce; {
		q := e.Value.(*queue)
		e = e.Next()
		if at := r.send(ctx, q, now); !at.IsZero() {
			sooner(at)
		}
	}
	room, counted := r.pace.room(), r.busy
	for e := r.paced.Front(); e != nil && r.busy < atOnce; {
		if r.busy != counted {
			room, counted = r.pace.room(), r.busy
		}
		if room.After(now) { // for none of them
			sooner(room)
			break
		}
		q := e.Value.(*queue)
		e = e.Next()
		if at := r.send(ctx, q, now); !at.IsZero() {
			sooner(at)
		}
	}
	return next
}

// send sets the first item of a queue on its way that may be, or tells when one will.
func (r *run) send(ctx context.Context, q *queue, now time.Time) (at time.Time) {
	if q.busy {
		return time.Time{} // its outcome is the time to ask again
	}
	if q.idle.After(now) {
		return q.idle
	}
	ready := func(it *item) time.Time {
		if it.direct() {
			return it.after
		}
		return later(it.after, q.after)
	}
	i := slices.IndexFunc(q.items, func(it *item) bool { return !ready(it).After(now) })
	if i < 0 {
		q.idle = ready(q.items[0])
		for _, it := range q.items {
			if at := ready(it); at.Before(q.idle) {
				q.idle = at
			}
		}
		return q.idle
	}
	it := q.items[i]
	if r.Hold != nil && !it.direct() && r.Hold(q.chat) {
		q.idle = now.Add(scanGap)
		return q.idle
	}
	m := load{to: q.chat, group: r.Messenger.Group(q.chat), edit: it.card != nil && it.card.Message != "", direct: it.direct()}
	if it.from < len(it.replies) {
		m.edit, m.n = it.replies[it.from].Edit != "", len(it.replies[it.from].Files)
	}
	if it.sync {
		m.edit, m.free = false, !it.paid
	}
	if ok, at := r.pace.try(m); !ok {
		if !q.items[0].direct() {
			q.idle = at
		}
		return at
	}
	q.items = slices.Delete(q.items, i, i+1)
	q.busy, q.load = true, m
	r.busy++
	r.line(q, true)
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
	return time.Time{}
}

// settle takes an outcome in.
func (r *run) settle(o outcome) {
	r.busy--
	q := r.queues[o.item.chat]
	q.busy, q.idle = false, time.Time{}
	r.pace.sent(q.load)
	delete(r.known, o.item.key)
	switch {
	case o.retry && o.all:
		q.after = r.Clock.Mono().Add(o.again)
		r.add(o.item)
	case o.retry:
		o.item.after = r.Clock.Mono().Add(o.again)
		r.add(o.item)
	default:
		q.after = time.Time{}
		if o.item.card != nil {
			r.look = true // the case may have changed while its card was on its way
			for _, it := range q.items {
				it.after = time.Time{} // it may have waited for the card
			}
		}
	}
	if len(q.items) == 0 {
		r.unline(q)
		delete(r.queues, o.item.chat)
	}
}

// deliver sends one message of an item. What was sent is marked whatever happens; a message
// that has left must not leave again because the process is stopping.
func (r *run) deliver(ctx context.Context, it *item) outcome {
	if moved, err := r.moved(ctx, it); err != nil {
		return outcome{item: it, retry: true, again: r.backoff(it)}
	} else if moved {
		r.Wake()
		return outcome{item: it} // comes again for the chat in which the office is now
	}
	switch {
	case it.sync:
		return r.follow(ctx, it)
	case it.card != nil:
		return r.show(ctx, it)
	}
	if it.note.What == dauys.Leaving {
		return r.leave(ctx, it)
	}
	if it.note.What == dauys.Letterbox && it.from == 0 { // nothing has left: what holds now counts, not what held before the last try
		it.replies, it.words = nil, handlers.Words{}
	}
	if it.replies == nil {
		words, err := r.Handlers.Notice(ctx, it.note)
		switch {
		case errors.Is(err, handlers.ErrNotYet):
			return outcome{item: it, retry: true, again: r.backoff(it)}
		case err != nil:
			return r.wordless(ctx, it, err)
		}
		it.words = words
		if len(words.Held) > 0 {
			r.mark(ctx, "put news off", func() error {
				return r.Outbox.PutOffNews(context.WithoutCancel(ctx), it.chat, words.Held, words.Until)
			})
			return outcome{item: it}
		}
		for _, reply := range words.Replies {
			for _, part := range r.post.Parts(reply) {
				part.Loud = reply.Loud
				it.replies = append(it.replies, part)
			}
		}
		if len(it.replies) > 0 && len(it.replies[0].Files) > 1 {
			return outcome{item: it, retry: true} // counted as one message, and is more
		}
	}
	if it.from < len(it.replies) {
		to, again, err := r.place(ctx, it)
		switch {
		case err != nil:
			return r.lost(ctx, it, err)
		case again:
			return outcome{item: it, retry: true, again: r.backoff(it)}
		}
		fault.Point("notification-before-send")
		message, err := r.out(ctx, it, to, it.replies[it.from])
		if err != nil {
			return r.failed(ctx, it, failure(err))
		}
		fault.Point("notification-sent")
		it.message = message
		if r.next(it) {
			return outcome{item: it, retry: true}
		}
	}
	if it.note.What == dauys.Letterbox { // the message itself was taken; what could not be crossed out before it stays
		it.refused = ""
		return r.endNews(ctx, it, notices.Sent)
	}
	if it.refused != "" {
		return r.giveUp(ctx, it)
	}
	sure := context.WithoutCancel(ctx)
	r.mark(ctx, "note a delivery", func() error {
		if err := unlessGone(r.Handlers.Delivered(sure, it.note, true)); err != nil {
			return err
		}
		if it.words.Prompt != "" {
			if err := unlessGone(r.Outbox.PromptShown(sure, it.words.Prompt, it.chat, it.message)); err != nil {
				return err
			}
		}
		return r.Outbox.Sent(sure, it.note.ID, it.message, r.Clock.Wall())
	})
	if it.note.What == dauys.Answered {
		r.Wake() // the card shows the case as closed
	}
	return outcome{item: it}
}

// endNews notes what became of the news that an item has told, and goes on with those that are due besides.
func (r *run) endNews(ctx context.Context, it *item, state notices.State) outcome {
	ended := slices.Clone(it.words.Ended)
	for _, n := range it.words.News {
		n.State, n.Message, n.Why = state, it.message, it.refused
		ended = append(ended, n)
	}
	var next time.Time
	r.mark(ctx, "note what became of news", func() (err error) {
		next, err = r.Outbox.EndNews(context.WithoutCancel(ctx), it.chat, ended, r.Clock.Wall())
		return err
	})
	if next.IsZero() || next.After(r.Clock.Wall()) {
		return outcome{item: it}
	}
	*it = item{key: it.key, chat: it.chat, note: it.note}
	return outcome{item: it, retry: true}
}

// leave leaves a chat that is nobody's, unless it has become an office's meanwhile.
func (r *run) leave(ctx context.Context, it *item) outcome {
	stays, err := r.Handlers.Stays(ctx, it.chat)
	if err != nil {
		return outcome{item: it, retry: true, again: r.backoff(it)}
	}
	if !stays {
		if err := r.Messenger.Leave(ctx, it.chat); err != nil {
			return r.failed(ctx, it, failure(err))
		}
		r.Log.Info("left a chat of strangers", "chat", it.chat)
	}
	r.mark(ctx, "note a departure", func() error {
		return r.Outbox.Sent(context.WithoutCancel(ctx), it.note.ID, "", r.Clock.Wall())
	})
	return outcome{item: it}
}

// next goes on to the next message of a notice and tells whether there is one.
func (r *run) next(it *item) bool {
	it.from++
	it.tries, it.fails, it.after = 0, 0, time.Time{}
	return it.from < len(it.replies)
}

// out sends one message, at night without a sound where staff read it.
func (r *run) out(ctx context.Context, it *item, to dauys.Address, reply ask.Reply) (message string, err error) {
	ctx, cancel := grace(ctx, lastSend)
	defer cancel()
	office := it.note.Office
	if it.card != nil {
		office = it.card.Office
	}
	if (office != "" || r.Messenger.Group(it.chat)) && !reply.Loud {
		if reply.Silent, err = r.Handlers.Hush(ctx, it.chat, office); err != nil {
			r.Log.Warn("nobody knows whether it is night", "chat", it.chat, "error", err)
		}
	}
	return r.post.Send(ctx, to, reply)
}

// moved tells whether the office that an item is for works in another chat by now: what was
// put into the queue of the former one must not go there.
func (r *run) moved(ctx context.Context, it *item) (bool, error) {
	office := it.note.Office
	if it.card != nil {
		office = it.card.Office
	}
	if office == "" {
		return false, nil
	}
	bound, err := r.Handlers.Storage.BoundTo(ctx, it.chat)
	return !slices.Contains(bound, office), err
}

// show makes a card show the case as it is stored now.
func (r *run) show(ctx context.Context, it *item) outcome {
	reply, version, err := r.Handlers.Card(ctx, it.card.Case, it.card.Office)
	if err != nil {
		return r.wordless(ctx, it, err)
	}
	to, again, err := r.topicFor(ctx, it)
	switch {
	case err != nil:
		return r.lost(ctx, it, err)
	case again:
		return outcome{item: it, retry: true}
	}
	reply.Edit = it.card.Message
	fault.Point("card-before-send")
	message, err := r.out(ctx, it, to, reply)
	if err != nil {
		return r.failed(ctx, it, failure(err))
	}
	sure := context.WithoutCancel(ctx)
	r.mark(ctx, "note a card", func() error { return r.Outbox.CardShown(sure, *it.card, message, version) })
	return outcome{item: it}
}

// lost decides what becomes of an item of which it cannot be told where it goes: for want of a store,
// or of the messenger.
func (r *run) lost(ctx context.Context, it *item, err error) outcome {
	if f, ok := errors.AsType[*SendError](err); ok {
		return r.failed(ctx, it, f)
	}
	return r.wordless(ctx, it, err)
}

// wordless decides what becomes of an item that could not be put into words.
func (r *run) wordless(ctx context.Context, it *item, err error) outcome {
	switch {
	case ctx.Err() != nil:
		return outcome{item: it, retry: true}
	case errors.Is(err, dauys.ErrUnavailable):
		r.Log.Warn("what is to be told cannot be read now", "case", it.note.Case, "error", err)
		return outcome{item: it, retry: true, again: r.backoff(it), all: true}
	case it.card != nil:
		r.Log.Error("card has no words", "case", it.card.Case, "error", err)
	default:
		r.Log.Error("notice has no words", "case", it.note.Case, "error", err)
	}
	return r.poisoned(ctx, it, err.Error())
}

// mark stores what was sent, again and again: forgetting it would send it twice.
func (r *run) mark(ctx context.Context, doing string, store func() error) {
	for try := 1; ; try++ {
		err := unlessGone(store())
		if err == nil {
			return
		}
		r.Log.Error(doing, "error", err)
		if pause(ctx, time.Duration(min(try, 10))*200*time.Millisecond) != nil && try >= 3 {
			return
		}
	}
}

// unlessGone is the error of noting something, but that there is nothing any more to note it in.
func unlessGone(err error) error {
	if errors.Is(err, dauys.ErrNotFound) {
		return nil
	}
	return err
}

// failed decides what becomes of an item that could not be sent.
func (r *run) failed(ctx context.Context, it *item, f *SendError) outcome {
	if o, done := r.astray(ctx, it, f); done {
		return o
	}
	sure := context.WithoutCancel(ctx)
	switch f.Failure {
	case TooFast:
		r.pace.slow(it.chat, f.After)
		return outcome{item: it, retry: true}
	case Closed, TopicShut:
		r.Log.Warn("chat takes nothing now", "chat", it.chat, "error", f)
		r.pace.hold(it.chat, f.After)
		return outcome{item: it, retry: true}
	case Moved:
		r.Log.Info("chat has moved", "chat", it.chat, "to", f.To)
		r.mark(ctx, "note a move", func() error { return r.Outbox.Rebind(sure, it.chat, f.To) })
		return outcome{item: it} // comes again with the new address
	case Unreachable, TopicGone:
		r.Log.Warn("reader cannot be reached", "case", it.note.Case, "group", r.Messenger.Group(it.chat))
		r.mark(ctx, "note an unreachable reader", func() error {
			if err := r.Outbox.SetUnreachable(sure, it.chat, true, r.Clock.Wall()); err != nil {
				return err
			}
			return unlessGone(r.Handlers.Delivered(sure, it.note, false))
		})
		r.Wake()
		return outcome{item: it} // waits in the outbox until the reader is back
	case Refused, Gone, TooBig, NoTopics:
		r.Log.Error("message refused", "case", it.note.Case, "error", f)
		return r.poisoned(ctx, it, f.Error())
	}
	if ctx.Err() == nil {
		r.Log.Warn("sending failed", "case", it.note.Case, "error", f)
	}
	return outcome{item: it, retry: true, again: r.backoff(it), all: it.tries <= noticeDies} // perhaps it is to blame itself
}

// poisoned tries an item that fails for reasons of its own a few times more, and leaves the
// message out then. A card is never given up: the case may change.
func (r *run) poisoned(ctx context.Context, it *item, why string) outcome {
	it.fails++
	if it.fails < noticeDies || it.card != nil {
		return outcome{item: it, retry: true, again: r.backoff(it)}
	}
	it.refused = why
	if r.next(it) {
		return outcome{item: it, retry: true}
	}
	return r.giveUp(ctx, it)
}

// giveUp marks a notice of which something could not be sent. What the applicant cannot be
// told, the office is.
func (r *run) giveUp(ctx context.Context, it *item) outcome {
	r.Log.Error("notice given up", "case", it.note.Case, "what", it.note.What)
	if it.note.What == dauys.Letterbox {
		if len(it.words.News)+len(it.words.Ended) == 0 { // there are no words for any of them
			r.mark(ctx, "find news that are given up", func() (err error) {
				it.words.News, err = r.Outbox.NewsDue(context.WithoutCancel(ctx), it.chat, r.Clock.Wall(), pageSize)
				return err
			})
		}
		return r.endNews(ctx, it, notices.Failed)
	}
	sure := context.WithoutCancel(ctx)
	r.mark(ctx, "give a notice up", func() error {
		if err := unlessGone(r.Handlers.Delivered(sure, it.note, false)); err != nil {
			return err
		}
		return r.Outbox.Failed(sure, it.note.ID, it.refused, r.Clock.Wall())
	})
	r.Wake()
	return outcome{item: it}
}

// backoff is how long to wait after a failure, more after each in a row.
func (r *run) backoff(it *item) time.Duration {
	it.tries++
	return backoff(it.tries-1, r.Settings.Scale)
}
