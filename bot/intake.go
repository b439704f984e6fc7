package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
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
	// Unsent finds people whose replies are not marked as sent, with the revision.
	Unsent(ctx context.Context, limit int) (map[dauys.Address]int64, error)
}

// Updates keeps updates that cannot be handled now, and those that never can.
type Updates interface {
	KeepUpdate(ctx context.Context, id string, person dauys.Address, raw []byte, now time.Time) error
	KeptUpdates(ctx context.Context, limit int) ([]Kept, error) // in order of arrival
	DropUpdate(ctx context.Context, id string) error
	UpdateTried(ctx context.Context, id, why string) (tries int, err error)
	Quarantine(ctx context.Context, id string, person dauys.Address, raw []byte, why string, now time.Time) error
}

// Kept is an update that waits.
type Kept struct {
	ID     string
	Person dauys.Address
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
	Wake      func() // there is something new in the outbox
	Log       *slog.Logger

	replies *replier
	people  keyed
	waiting sync.Map // people who have kept updates: dauys.Address → true
	life    context.Context
}

// poisonTries is how often an update may fail for reasons of its own.
const poisonTries = 3

// Start readies the intake, before the first update: what an earlier process left is sent
// and handled. It goes on until the context ends; call stop then, when no update is being
// handled any more.
func (i *Intake) Start(ctx context.Context) (stop func()) {
	i.Log = quiet(i.Log)
	i.life = ctx
	i.replies = newReplier(i.Messenger, i.Sessions, newPacer(i.Settings.WithDefaults(), i.Clock.Mono), i.Log)
	i.replies.gone = func(ctx context.Context, who dauys.Address) {
		if err := i.Handlers.Storage.SetUnreachable(ctx, who, true, i.Clock.Wall()); err != nil {
			i.Log.Error("note an unreachable person", "error", err)
		}
	}
	if kept, err := i.Updates.KeptUpdates(ctx, 10000); err == nil {
		for _, k := range kept {
			i.waiting.Store(k.Person, true)
		}
	}
	var wg sync.WaitGroup
	wg.Go(func() { i.replies.mark(ctx) })
	wg.Go(func() { i.sweep(ctx) })
	return func() {
		wg.Wait()
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		i.replies.drain(last)
	}
}

// Idle waits until every direct answer has left, or the context ends.
func (i *Intake) Idle(ctx context.Context) {
	for i.replies.busy() && pause(ctx, markEvery/5) == nil {
	}
}

// sweepEvery is how often replies and updates that were left behind are looked for.
const sweepEvery = 2 * time.Second

// sweep sends replies that an earlier process had stored but perhaps not sent, and handles
// the updates that were kept.
func (i *Intake) sweep(ctx context.Context) {
	for {
		if unsent, err := i.Sessions.Unsent(ctx, 1000); err == nil {
			for who := range unsent {
				i.resend(ctx, who)
			}
		}
		i.replay(ctx)
		if pause(ctx, sweepEvery) != nil {
			return
		}
	}
}

// resend sends the stored replies of a person, unless this process is at it.
func (i *Intake) resend(ctx context.Context, who dauys.Address) {
	unlock := i.people.lock(who)
	defer unlock()
	if _, known := i.replies.pending(who); known {
		return
	}
	if s, unsent, err := i.Sessions.Load(ctx, who); err == nil && unsent {
		i.replies.send(i.life, who, s.Rev, s.Replies)
	}
}

// replay handles kept updates, each person's in order; the first that cannot be handled
// yet ends it for this time.
func (i *Intake) replay(ctx context.Context) {
	kept, err := i.Updates.KeptUpdates(ctx, 1000)
	if err != nil || len(kept) == 0 {
		return
	}
	left := map[dauys.Address]bool{}
	for _, k := range kept {
		if left[k.Person] {
			continue
		}
		u, err := i.Decode(k.Raw)
		if err == nil {
			err = i.one(ctx, u)
		}
		if errors.Is(err, dauys.ErrUnavailable) {
			return
		}
		if err != nil {
			tries, countErr := i.Updates.UpdateTried(ctx, k.ID, reason(err))
			if countErr != nil || tries < poisonTries {
				left[k.Person] = true
				continue
			}
			if i.quarantine(ctx, u, k.ID, k.Person, k.Raw, err) != nil {
				left[k.Person] = true
				continue
			}
		} else if err := i.Updates.DropUpdate(ctx, k.ID); err != nil {
			i.Log.Error("forget a handled update", "update", k.ID, "error", err)
		}
	}
	for _, k := range kept {
		if !left[k.Person] {
			i.waiting.Delete(k.Person)
		}
	}
}

// Handle does what an update asks for and returns when the effects are stored, so that it
// can be confirmed; an error means that nothing can be stored now and it must come again.
func (i *Intake) Handle(ctx context.Context, u Update) error {
	if _, queue := i.waiting.Load(u.From); queue && u.Private {
		return i.keep(ctx, u)
	}
	for try := 1; ; try++ {
		err := i.one(ctx, u)
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.Is(err, dauys.ErrUnavailable) && u.Private:
			return i.keep(ctx, u)
		case errors.Is(err, dauys.ErrUnavailable):
			return err
		case try == poisonTries:
			return i.quarantine(ctx, u, u.Update, u.From, u.Raw, err)
		}
		i.Log.Warn("update failed", "update", u.Update, "try", try, "error", reason(err))
	}
}

// Record notes an update before it is handled, so that one that kills the process is
// counted, and tells whether it has done so too often and was put aside.
func (i *Intake) Record(ctx context.Context, u Update) (aside bool, err error) {
	if err := i.Updates.KeepUpdate(ctx, u.Update, u.From, u.Raw, i.Clock.Wall()); err != nil {
		return false, err
	}
	tries, err := i.Updates.UpdateTried(ctx, u.Update, "begun")
	if err != nil || tries <= poisonTries {
		return false, err
	}
	return true, i.quarantine(ctx, u, u.Update, u.From, u.Raw, errors.New("the process died while handling it"))
}

// Recorded forgets an update that was handled.
func (i *Intake) Recorded(ctx context.Context, u Update) error {
	return i.Updates.DropUpdate(ctx, u.Update)
}

// keep stores an update for later and tells the person once that it is not lost.
func (i *Intake) keep(ctx context.Context, u Update) error {
	if err := i.Updates.KeepUpdate(ctx, u.Update, u.From, u.Raw, i.Clock.Wall()); err != nil {
		return fmt.Errorf("keep an update for later: %w", err)
	}
	if _, told := i.waiting.LoadOrStore(u.From, true); !told {
		i.Log.Warn("dialogue store not available, update kept", "update", u.Update)
		l, _ := dauys.LangOf(u.Lang)
		i.replies.send(i.life, u.From, 0, []ask.Reply{i.Handlers.DelayedReply(l)})
	}
	i.endWaiting(u, "")
	return nil
}

// quarantine puts an update aside that cannot be handled, so that it blocks nobody.
func (i *Intake) quarantine(ctx context.Context, u Update, id string, who dauys.Address, raw []byte, cause error) error {
	i.Log.Error("update put aside: it fails again and again", "update", id, "error", reason(cause))
	if err := i.Updates.Quarantine(ctx, id, who, raw, reason(cause), i.Clock.Wall()); err != nil {
		return fmt.Errorf("put an update aside: %w", err)
	}
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

// one handles an update once, in the order of its person.
func (i *Intake) one(ctx context.Context, u Update) (err error) {
	unlock := i.people.lock(u.From)
	defer unlock()
	defer func() {
		if v := recover(); v != nil {
			err = &panicked{at: where(debug.Stack())}
		}
	}()
	if !u.Private {
		toast, err := i.Handlers.Office(ctx, u.Input)
		if err != nil {
			return err
		}
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
	state, unsent, err := i.Sessions.Load(ctx, u.From)
	old, isOld := errors.AsType[*ask.OldStateError](err)
	if isOld {
		state, err = ask.State{Version: ask.StateVersion, Rev: old.Rev}, nil
	}
	if err != nil {
		return err
	}
	waiting, ours := i.replies.pending(u.From)
	if unsent && !ours {
		waiting = state.Replies
	}
	if state.Knows(u.Update) {
		if unsent && !ours {
			i.replies.send(i.life, u.From, state.Rev, waiting)
		}
		i.endWaiting(u, "")
		return nil
	}
	state.Version = ask.StateVersion
	state.Replies = nil
	t := &handlers.Turn{Input: u.Input, State: &state}
	t.Save = func(ctx context.Context) error {
		if err := i.Sessions.Save(ctx, u.From, state, false); err != nil {
			return err
		}
		state.Rev++
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
	state.Replies = append(append([]ask.Reply(nil), waiting...), answers...)
	if err := i.Sessions.Save(ctx, u.From, state, len(state.Replies) > 0); err != nil {
		return err
	}
	fault.Point("session-saved")
	if unsent && !ours {
		answers = state.Replies
	}
	if len(answers) > 0 {
		i.replies.send(i.life, u.From, state.Rev+1, answers)
	}
	i.endWaiting(u, t.Toast)
	i.wake()
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
		if err := i.Messenger.Toast(i.life, u.PressID, text); err != nil && i.life.Err() == nil {
			i.Log.Debug("answer a press", "update", u.Update, "error", err)
		}
	})
}

// keyed is a lock for each person.
type keyed struct {
	mu    sync.Mutex
	locks map[dauys.Address]*held
}

type held struct {
	mu    sync.Mutex
	users int
}

func (k *keyed) lock(who dauys.Address) (unlock func()) {
	k.mu.Lock()
	if k.locks == nil {
		k.locks = map[dauys.Address]*held{}
	}
	h := k.locks[who]
	if h == nil {
		h = &held{}
		k.locks[who] = h
	}
	h.users++
	k.mu.Unlock()
	h.mu.Lock()
	return func() {
		h.mu.Unlock()
		k.mu.Lock()
		if h.users--; h.users == 0 {
			delete(k.locks, who)
		}
		k.mu.Unlock()
	}
}
