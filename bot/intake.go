package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/fault"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/handlers"
)

// Sessions keeps the state of dialogues.
type Sessions interface {
	// Load finds the state of a person, in one round trip; unsent tells that replies in it
	// have not been marked as sent. A state that is not understood is an
	// *ask.OldStateError, a store that cannot be reached dauys.ErrUnavailable.
	Load(ctx context.Context, who dauys.Address) (s ask.State, unsent bool, err error)
	// Save writes a state over the revision it was made from, and counts one up; anything
	// else is dauys.ErrConflict.
	Save(ctx context.Context, who dauys.Address, s ask.State, unsent bool) error
	// Sent marks the replies of people as sent, up to a revision.
	Sent(ctx context.Context, sent map[dauys.Address]int64) error
	// Woken finds people to whom the clock has something to tell: their State.Wake has come.
	Woken(ctx context.Context, now time.Time, limit int) ([]dauys.Address, error)
	// Unsent finds people whose replies are not marked as sent, with the revision.
	Unsent(ctx context.Context, limit int) (map[dauys.Address]int64, error)
}

// Updates keeps updates that cannot be handled now, and those that never can.
type Updates interface {
	// KeepUpdate keeps an update; one that is kept already stays as and where it is.
	KeepUpdate(ctx context.Context, id string, person dauys.Address, raw []byte, now time.Time) error
	KeptUpdates(ctx context.Context, limit int) ([]Kept, error) // in order of arrival
	HasKept(ctx context.Context, person string) (bool, error)
	DropUpdate(ctx context.Context, id string) error
	UpdateTried(ctx context.Context, id, why string) (tries int, err error)
	Quarantine(ctx context.Context, id string, person dauys.Address, raw []byte, why string, now time.Time) error
}

// Kept is an update that waits.
type Kept struct {
	ID     string
	Person dauys.Address // whose it is, and where: see order
	Raw    []byte
	Tries  int
}

// Intake takes updates.
type Intake struct {
	Handlers  *handlers.Handlers
	Sessions  Sessions
	Updates   Updates
	Messenger Messenger
	Decode    func(raw []byte) (Update, error)
	Clock     Clock
	Settings  Settings
	Wake      func()  // there is something new in the outbox
	Sender    *Sender // of this process, if there is one: what the messenger asks of one holds for the other
	Log       *slog.Logger

	replies *replier
	people  keyed
	life    context.Context
	look    chan struct{}

	reminding atomic.Bool

	mu      sync.Mutex
	alone   bool                   // nobody else takes updates
	backlog bool                   // not all is known of what is kept: it has to be asked
	waiting map[dauys.Address]bool // whose updates are kept, so that later ones must queue up
	begun   map[string]bool        // recorded updates that this process has counted
}

// poisonTries is how often an update may fail for reasons of its own, or die with the process.
const poisonTries = 3

// order is whose updates keep their order. What somebody does in the chat of an office does
// not wait for their own dialogue, which has another store.
func order(u Update) dauys.Address {
	if u.Private {
		return u.From
	}
	return u.From + " in " + u.Chat
}

// Start readies the intake, before the first update. It goes on until the context ends; call
// stop then, when no update is being handled any more.
func (i *Intake) Start(ctx context.Context) (stop func()) {
	i.Log = quiet(i.Log)
	i.life, i.backlog = ctx, true
	i.look = make(chan struct{}, 1)
	i.waiting, i.begun = map[dauys.Address]bool{}, map[string]bool{}
	pace, messenger := newPacer(i.Settings.WithDefaults(), i.Clock.Mono), i.Messenger
	if i.Sender != nil {
		pace = i.Sender.pace
		messenger = i.Sender.post
	}
	i.replies = newReplier(messenger, i.Sessions, pace, i.Log)
	i.replies.gone = func(ctx context.Context, who dauys.Address) {
		if err := i.Handlers.Storage.SetUnreachable(ctx, who, true, i.Clock.Wall()); err != nil {
			i.Log.Error("note an unreachable person", "error", err)
		}
	}
	marked := make(chan struct{})
	go func() {
		defer close(marked)
		i.replies.mark(ctx)
	}()
	return func() {
		<-marked
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		i.replies.drain(last)
	}
}

// Busy tells that something that a person did is being handled, or answered, by this process.
func (i *Intake) Busy(who dauys.Address) bool {
	return i.people.held(who) || i.replies.busyWith(who)
}

// Idle waits until every direct answer has left, or the context ends.
func (i *Intake) Idle(ctx context.Context) {
	for (i.reminding.Load() || i.replies.busy()) && pause(ctx, markEvery/5) == nil {
	}
}

// Lead makes this process, until the context ends, the one that looks after what was left
// behind: replies that were stored but perhaps not sent, and updates that were kept. Only
// one may do so at a time: two would send the same. Others may take updates meanwhile.
// Wait returns when it has ended.
func (i *Intake) Lead(ctx context.Context) (wait func()) { return i.lead(ctx, false) }

// LeadAlone is Lead of the only process that takes updates: what it does not know of is
// nobody else's, so that nothing has to be waited for, and nothing asked.
func (i *Intake) LeadAlone(ctx context.Context) (wait func()) { return i.lead(ctx, true) }

func (i *Intake) lead(ctx context.Context, alone bool) (wait func()) {
	i.mu.Lock()
	i.backlog, i.alone = true, alone // another one may have led meanwhile
	i.mu.Unlock()
	done := make(chan struct{})
	go func() {
		defer close(done)
		seen := map[dauys.Address]unsent{}
		for ctx.Err() == nil {
			seen = i.sweep(ctx, seen)
			t := time.NewTimer(sweepEvery)
			select {
			case <-ctx.Done():
			case <-i.look:
			case <-t.C:
			}
			t.Stop()
		}
	}()
	return func() { <-done }
}

const (
	sweepEvery = 2 * time.Second // between looks at what was left behind
	othersTime = time.Minute     // for another process to send what it has stored
)

// unsent are stored replies that are perhaps not sent, and since when they are known.
type unsent struct {
	rev   int64
	since time.Time
}

func (i *Intake) sweep(ctx context.Context, seen map[dauys.Address]unsent) map[dauys.Address]unsent {
	found, err := i.Sessions.Unsent(ctx, 1000)
	now, still := i.Clock.Mono(), map[dauys.Address]unsent{}
	for who, rev := range found {
		u := unsent{rev, now}
		if before := seen[who]; before.rev == rev {
			u = before
		}
		if still[who] = u; i.alone || now.Sub(u.since) >= othersTime {
			i.resend(ctx, who)
		}
	}
	i.replay(ctx, err == nil)
	i.remind(ctx)
	return still
}

// woken is how many people are told something by the clock in one sweep, so that a morning
// does not use up what the messenger allows.
const woken = 20

// remind gives people their turn to whom the clock has something to tell. What cannot be done
// now is done with a later sweep.
func (i *Intake) remind(ctx context.Context) {
	i.reminding.Store(true)
	defer i.reminding.Store(false)
	now := i.Clock.Wall()
	people, err := i.Sessions.Woken(ctx, now, woken)
	if err != nil {
		return // the store is away, which others tell
	}
	for _, who := range people {
		u := Update{Input: handlers.Input{
			Update: fmt.Sprintf("due:%d", i.Clock.Mono().UnixNano()), From: who, Chat: who, Private: true, Change: handlers.Due,
		}}
		if err := i.due(ctx, u); err != nil && ctx.Err() == nil {
			i.Log.Warn("reminder failed", "error", reason(err))
		}
	}
}

func (i *Intake) due(ctx context.Context, u Update) (err error) {
	defer i.people.lock(order(u))()
	defer func() {
		if v := recover(); v != nil {
			err = &panicked{at: where(debug.Stack())}
		}
	}()
	return i.dialogue(ctx, u)
}

// Look makes the one who looks after what was left behind, and after reminders, do so now.
func (i *Intake) Look() {
	select {
	case i.look <- struct{}{}:
	default:
	}
}

// resend sends the stored replies of a person, unless this process is at it.
func (i *Intake) resend(ctx context.Context, who dauys.Address) {
	defer i.people.lock(who)()
	if _, ours := i.replies.pending(who); ours {
		return
	}
	if s, unsent, err := i.Sessions.Load(ctx, who); err == nil && unsent {
		i.replies.send(i.life, who, s.Rev, s.Replies)
	}
}

// keptPage is how many kept updates are looked at in one go.
const keptPage = 1000

// replay handles kept updates, those of one order as they came; the first that cannot be
// handled yet holds up the others of its order. Without the store of dialogues only what
// happened in the chats of offices is handled.
func (i *Intake) replay(ctx context.Context, dialogues bool) {
	away := map[bool]bool{true: !dialogues} // private or not → there is no store for it now
	done, stuck := map[dauys.Address]bool{}, map[dauys.Address]bool{}
	for ctx.Err() == nil {
		kept, err := i.Updates.KeptUpdates(ctx, keptPage)
		if err != nil {
			return
		}
		some := false
		for _, k := range kept {
			if stuck[k.Person] {
				continue
			}
			private, err := i.again(ctx, k, away)
			switch {
			case err == nil:
				done[k.Person], some = true, true
				continue
			case ctx.Err() != nil, errors.Is(err, errKept):
				return
			case errors.Is(err, dauys.ErrUnavailable):
				away[private] = true
			}
			stuck[k.Person] = true
		}
		if all := len(kept) < keptPage; all || !some {
			i.caughtUp(ctx, all, done, stuck)
			return
		}
	}
}

// errKept: what is kept can be neither told nor changed now.
var errKept = errors.New("kept updates cannot be reached")

// again handles a kept update. It is counted once in each process before it begins, so that
// one which kills the process is put aside in the end.
func (i *Intake) again(ctx context.Context, k Kept, away map[bool]bool) (private bool, err error) {
	defer i.people.lock(k.Person)()
	if has, err := i.Updates.HasKept(ctx, string(k.Person)); err != nil {
		return false, fmt.Errorf("%w: %w", errKept, err)
	} else if !has {
		return false, nil // handled since the list was read
	}
	u, err := i.decode(k.Raw)
	if err != nil {
		return false, i.quarantine(ctx, Update{}, k.ID, k.Person, k.Raw, err)
	}
	if away[u.Private] {
		return u.Private, dauys.ErrUnavailable
	}
	u.PressID = "" // its waiting was ended when it was kept
	if aside, err := i.count(ctx, u, k.ID, k.Person); err != nil || aside {
		return u.Private, err
	}
	err = i.one(ctx, u)
	switch {
	case err == nil:
		return u.Private, i.forget(ctx, k.ID)
	case ctx.Err() != nil, errors.Is(err, dauys.ErrUnavailable):
		return u.Private, err
	}
	tries, countErr := i.Updates.UpdateTried(ctx, k.ID, reason(err))
	if countErr != nil || tries <= poisonTries {
		i.Log.Warn("kept update failed", "update", k.ID, "try", tries, "error", reason(err))
		return u.Private, err
	}
	return u.Private, i.quarantine(ctx, u, k.ID, k.Person, k.Raw, err)
}

// caughtUp ends the queueing of those of whom nothing is kept any more: those of whom
// something was done, or all that are not stuck when that was all there is.
func (i *Intake) caughtUp(ctx context.Context, all bool, done, stuck map[dauys.Address]bool) {
	i.mu.Lock()
	for whose := range stuck {
		i.waiting[whose] = true
	}
	free := maps.Clone(done)
	if all {
		i.backlog = !i.alone
		for whose := range i.waiting {
			free[whose] = true
		}
	}
	i.mu.Unlock()
	for whose := range free {
		if stuck[whose] {
			continue
		}
		unlock := i.people.lock(whose)
		if has, err := i.Updates.HasKept(ctx, string(whose)); err == nil && !has {
			i.mu.Lock()
			delete(i.waiting, whose)
			i.mu.Unlock()
		}
		unlock()
	}
}

// decode reads an update; one on which the reading panics cannot be read.
func (i *Intake) decode(raw []byte) (u Update, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &panicked{at: where(debug.Stack())}
		}
	}()
	return i.Decode(raw)
}

// Handle does what an update asks for and returns when the effects are stored, so that it
// can be confirmed; an error means that nothing can be stored now and it must come again.
func (i *Intake) Handle(ctx context.Context, u Update) (err error) {
	fault.Point("update-came")
	defer handled(&err)
	defer i.people.lock(order(u))()
	if queue, err := i.queues(ctx, order(u)); err != nil || queue {
		if err == nil {
			err = i.keep(ctx, u)
		}
		return err
	}
	_, err = i.handle(ctx, u)
	return err
}

// handled marks the end of an update whose effects are stored.
func handled(err *error) {
	if *err == nil {
		fault.Point("update-handled")
	}
}

// HandleRecorded is Handle for updates after a start: each is recorded before it is handled,
// so that one which kills the process is counted, and put aside when it has done so too often.
func (i *Intake) HandleRecorded(ctx context.Context, u Update) (err error) {
	fault.Point("update-came")
	defer handled(&err)
	defer i.people.lock(order(u))()
	queue, err := i.queues(ctx, order(u))
	if err != nil {
		return err
	}
	if err := i.Updates.KeepUpdate(ctx, u.Update, order(u), u.Raw, i.Clock.Wall()); err != nil {
		return fmt.Errorf("record an update: %w", err)
	}
	if queue {
		i.endWaiting(u, "")
		return nil
	}
	if aside, err := i.count(ctx, u, u.Update, order(u)); err != nil || aside {
		return err
	}
	if left, err := i.handle(ctx, u); err != nil || left {
		return err
	}
	return i.forget(ctx, u.Update)
}

// Unreadable puts aside what cannot be read as an update.
func (i *Intake) Unreadable(ctx context.Context, id string, raw []byte, cause error) error {
	return i.quarantine(ctx, Update{}, id, "", raw, cause)
}

// queues tells whether updates must queue up behind some that are kept. Those that do are
// known from then on: what else is kept may have been listed before.
func (i *Intake) queues(ctx context.Context, whose dauys.Address) (bool, error) {
	i.mu.Lock()
	waits, known := i.waiting[whose], !i.backlog
	i.mu.Unlock()
	if known {
		return waits, nil
	}
	has, err := i.Updates.HasKept(ctx, string(whose))
	if err != nil {
		return false, fmt.Errorf("ask what is kept: %w", err)
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	if has {
		i.waiting[whose] = true
	} else {
		delete(i.waiting, whose) // another process has handled them
	}
	return has, nil
}

// handle tries an update as often as it may fail. Left tells that it is stored as it came,
// for later or for good.
func (i *Intake) handle(ctx context.Context, u Update) (left bool, err error) {
	for try := 1; ; try++ {
		err := i.one(ctx, u)
		switch {
		case err == nil:
			return false, nil
		case ctx.Err() != nil:
			return false, ctx.Err()
		case errors.Is(err, dauys.ErrUnavailable):
			if err := i.keep(ctx, u); err != nil {
				return false, err
			}
			i.Log.Warn("update kept for later", "update", u.Update, "error", reason(err))
			if told := i.queueUp(order(u)); u.Private && !told {
				l, _ := dauys.LangOf(u.Lang)
				i.replies.send(i.life, u.From, 0, []ask.Reply{i.Handlers.DelayedReply(l)})
			}
			return true, nil
		case try == poisonTries:
			return true, i.quarantine(ctx, u, u.Update, order(u), u.Raw, err)
		}
		i.Log.Warn("update failed", "update", u.Update, "try", try, "error", reason(err))
	}
}

// keep stores an update for later.
func (i *Intake) keep(ctx context.Context, u Update) error {
	if err := i.Updates.KeepUpdate(ctx, u.Update, order(u), u.Raw, i.Clock.Wall()); err != nil {
		return fmt.Errorf("keep an update for later: %w", err)
	}
	i.endWaiting(u, "")
	return nil
}

// queueUp makes later updates wait for one that is kept, and tells whether they did already.
func (i *Intake) queueUp(whose dauys.Address) (already bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	already = i.waiting[whose]
	i.waiting[whose] = true
	return already
}

// count counts an update that is kept, once in each process, and puts it aside when it has
// been begun too often.
func (i *Intake) count(ctx context.Context, u Update, id string, whose dauys.Address) (aside bool, err error) {
	i.mu.Lock()
	counted := i.begun[id]
	i.mu.Unlock()
	if counted {
		return false, nil
	}
	tries, err := i.Updates.UpdateTried(ctx, id, "begun")
	if err != nil {
		return false, fmt.Errorf("count an update: %w: %w", errKept, err)
	}
	if tries > poisonTries {
		return true, i.quarantine(ctx, u, id, whose, u.Raw, errors.New("the process died while handling it"))
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.begun[id] = true
	return false, nil
}

// forget drops a kept update that was handled.
func (i *Intake) forget(ctx context.Context, id string) error {
	if err := i.Updates.DropUpdate(ctx, id); err != nil {
		return fmt.Errorf("forget a handled update: %w: %w", errKept, err)
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	delete(i.begun, id)
	return nil
}

// quarantine puts an update aside that cannot be handled, so that it blocks nobody.
func (i *Intake) quarantine(ctx context.Context, u Update, id string, whose dauys.Address, raw []byte, cause error) error {
	i.Log.Error("update put aside: it fails again and again", "update", id, "error", reason(cause))
	if err := i.Updates.Quarantine(ctx, id, whose, raw, reason(cause), i.Clock.Wall()); err != nil {
		return fmt.Errorf("put an update aside: %w: %w", errKept, err)
	}
	i.mu.Lock()
	delete(i.begun, id)
	i.mu.Unlock()
	if u.Private && u.From != "" {
		l, _ := dauys.LangOf(u.Lang)
		i.replies.send(i.life, u.From, 0, []ask.Reply{i.Handlers.BrokenReply(l)})
	}
	i.endWaiting(u, "")
	return nil
}

// reason is an error for the log: panics without their values, which may be what somebody wrote.
func reason(err error) string {
	if p, ok := errors.AsType[*panicked](err); ok {
		return p.Error()
	}
	return err.Error()
}

type panicked struct{ at string }

func (p *panicked) Error() string { return "panic at " + p.at }

// one handles an update once. The caller holds the lock of its order.
func (i *Intake) one(ctx context.Context, u Update) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &panicked{at: where(debug.Stack())}
		}
	}()
	if !u.Private {
		toast, err := i.Handlers.Office(ctx, u.Input)
		if f, ok := errors.AsType[*SendError](err); ok && (f.Failure == Trouble || f.Failure == TooFast) {
			err = fmt.Errorf("%w: %w", dauys.ErrUnavailable, err) // the messenger was asked something
		}
		if err != nil {
			return err
		}
		fault.Point("press-done")
		i.endWaiting(u, toast)
		i.wake()
		return nil
	}
	return i.dialogue(ctx, u)
}

// races is how often a turn is played again because another process was faster.
const races = 10

// dialogue is one turn of a person's dialogue: load, play, save, and send.
func (i *Intake) dialogue(ctx context.Context, u Update) error {
	for range races {
		err := i.turn(ctx, u)
		if !errors.Is(err, dauys.ErrConflict) {
			return err
		}
	}
	return fmt.Errorf("turn lost %d races: %w", races, dauys.ErrUnavailable)
}

func (i *Intake) turn(ctx context.Context, u Update) error {
	waiting, ours := i.replies.pending(u.From) // asked first: what is marked meanwhile is not unsent
	state, unsent, err := i.Sessions.Load(ctx, u.From)
	old, isOld := errors.AsType[*ask.OldStateError](err)
	if isOld {
		state, err = ask.State{Version: ask.StateVersion, Rev: old.Rev}, nil
	}
	if err != nil {
		return err
	}
	ours = ours || !unsent
	if !ours {
		waiting = state.Replies
	}
	if state.Knows(u.Update) {
		if !ours {
			i.replies.send(i.life, u.From, state.Rev, waiting)
		}
		i.endWaiting(u, "")
		return nil
	}
	state.Version = ask.StateVersion
	state.Replies = nil
	outward := u.Change != "" && u.Change != handlers.Due // something for the outbox may come of it
	// save stores the state with replies; those that wait already stay with it.
	save := func(s ask.State, answers []ask.Reply) error {
		s.Replies = append(waiting[max(0, min(len(waiting), len(waiting)+len(answers)-mostWaiting)):], answers...)
		if err := i.Sessions.Save(ctx, u.From, s, len(s.Replies) > 0); err != nil {
			return err
		}
		state.Rev++
		return nil
	}
	t := &handlers.Turn{Input: u.Input, State: &state}
	t.Save = func(ctx context.Context) error {
		if err := save(state, nil); err != nil {
			return err
		}
		if ours && len(waiting) > 0 {
			i.replies.send(i.life, u.From, state.Rev, nil)
		}
		outward = true
		fault.Point("sending-frozen")
		return nil
	}
	if isOld {
		i.Handlers.Unreadable(t, old.Texts)
	}
	if err := i.Handlers.Applicant(ctx, t); err != nil {
		return err
	}
	state.Remember(u.Update)
	answers := state.Replies
	if err := save(state, answers); err != nil {
		return err
	}
	fault.Point("session-saved")
	switch {
	case !ours:
		i.replies.send(i.life, u.From, state.Rev, append(waiting, answers...))
	case len(waiting)+len(answers) > 0:
		i.replies.send(i.life, u.From, state.Rev, answers)
	}
	i.endWaiting(u, t.Toast)
	if t.Told { // before the answers have left: somebody may be in danger
		i.wake()
	}
	if outward { // a notice to the same person better comes after the answer
		i.replies.then(u.From, i.wake)
	}
	return nil
}

func (i *Intake) wake() {
	if i.Wake != nil {
		i.Wake()
	}
}

// endWaiting ends the waiting at a pressed button. It is a courtesy: nothing depends on it.
func (i *Intake) endWaiting(u Update, text string) {
	if u.PressID == "" {
		return
	}
	i.replies.wg.Go(func() {
		defer func() {
			if v := recover(); v != nil {
				i.Log.Error("toast panicked", "at", where(debug.Stack()))
			}
		}()
		if err := i.Messenger.Toast(i.life, u.PressID, text); err != nil && i.life.Err() == nil {
			i.Log.Debug("answer a press", "update", u.Update, "error", err)
		}
	})
}

// keyed is a lock for each person, which goes to those who wait in the order in which they came.
type keyed struct {
	mu    sync.Mutex
	locks map[dauys.Address]*held
}

type held struct {
	turn  chan struct{} // full while somebody has it
	users int
}

// held tells whether somebody has the lock of a person, or waits for it.
func (k *keyed) held(who dauys.Address) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.locks[who] != nil
}

func (k *keyed) lock(who dauys.Address) (unlock func()) {
	k.mu.Lock()
	if k.locks == nil {
		k.locks = map[dauys.Address]*held{}
	}
	h := k.locks[who]
	if h == nil {
		h = &held{turn: make(chan struct{}, 1)}
		k.locks[who] = h
	}
	h.users++
	k.mu.Unlock()
	h.turn <- struct{}{}
	return func() {
		<-h.turn
		k.mu.Lock()
		defer k.mu.Unlock()
		if h.users--; h.users == 0 {
			delete(k.locks, who)
		}
	}
}
