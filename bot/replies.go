package bot

import (
	"context"
	"log/slog"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
)

// replier sends the direct answers of dialogues: one person's in order, different people's
// side by side. The answers are stored with the person's state before they come here, and
// are marked as sent in batches, so that a turn costs the store no further call.
type replier struct {
	messenger Messenger
	store     Sessions
	pace      *pacer
	log       *slog.Logger
	gone      func(context.Context, dauys.Address) // the person cannot be reached

	mu    sync.Mutex
	lines map[dauys.Address]*line
	sent  map[dauys.Address]int64 // to be marked
	marks map[dauys.Address]int64 // being marked now
	wg    sync.WaitGroup
}

// line is what waits to be sent to one person.
type line struct {
	waiting []ask.Reply
	rev     int64 // of the state that has the last of them; 0: of none
	then    func()
}

const (
	// replyPatience is how long a direct answer is tried while the messenger is in trouble.
	replyPatience = time.Hour
	// mostWaiting is how many answers may wait for one person: each shows where they are, so
	// that of somebody who writes faster than may be answered the older ones are left out.
	mostWaiting = 100
)

func newReplier(m Messenger, s Sessions, p *pacer, log *slog.Logger) *replier {
	return &replier{messenger: m, store: s, pace: p, log: log, lines: map[dauys.Address]*line{}, sent: map[dauys.Address]int64{}}
}

// pending are the replies to a person that have not left yet; ours is false when this
// process has none that are stored, so that any in the store are another's, or of before a
// restart.
func (r *replier) pending(who dauys.Address) (waiting []ask.Reply, ours bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if l := r.lines[who]; l != nil {
		return slices.Clone(l.waiting), l.rev > 0
	}
	return nil, r.sent[who] > 0 || r.marks[who] > 0
}

// send takes replies that are stored in the state with a revision, with those before them.
// None says only that the ones on their way have been stored again.
func (r *replier) send(ctx context.Context, who dauys.Address, rev int64, replies []ask.Reply) {
	r.mu.Lock()
	defer r.mu.Unlock()
	l := r.lines[who]
	switch {
	case l == nil && len(replies) == 0: // they have all left meanwhile
		r.sent[who] = max(r.sent[who], rev)
		return
	case l == nil:
		l = &line{}
		r.lines[who] = l
		r.wg.Go(func() { r.work(ctx, who, l) })
	}
	l.waiting = append(l.waiting, replies...)
	if over := len(l.waiting) - mostWaiting; over > 0 { // the first is on its way
		r.log.Warn("answers left out", "n", over)
		l.waiting = slices.Delete(l.waiting, 1, 1+over)
	}
	l.rev = max(l.rev, rev)
}

// then runs something when what waits for a person has left, at once when nothing waits.
func (r *replier) then(who dauys.Address, do func()) {
	r.mu.Lock()
	l := r.lines[who]
	if l != nil {
		l.then = do
	}
	r.mu.Unlock()
	if l == nil {
		do()
	}
}

// work sends what waits for one person. A stop leaves it in the store as unsent.
func (r *replier) work(ctx context.Context, who dauys.Address, l *line) {
	for {
		r.mu.Lock()
		if len(l.waiting) == 0 {
			delete(r.lines, who)
			if l.rev > 0 {
				r.sent[who] = max(r.sent[who], l.rev)
			}
			r.mu.Unlock()
			if l.then != nil {
				l.then()
			}
			return
		}
		next := l.waiting[0]
		r.mu.Unlock()
		if next.Group != "" && r.overtaken(ctx, l, next.Group) {
			continue
		}

		parts := r.parts(next)
		stop := len(parts) == 1 && !r.one(ctx, who, parts[0])

		r.mu.Lock()
		switch {
		case stop:
			delete(r.lines, who)
			r.mu.Unlock()
			return
		case len(parts) == 1:
			l.waiting = l.waiting[1:]
		default:
			l.waiting = append(parts, l.waiting[1:]...)
		}
		r.mu.Unlock()
	}
}

// groupGap is how long an answer to one of several things that were sent together waits for
// the answer to the next of them.
const groupGap = 400 * time.Millisecond

// overtaken tells, after a while, whether a later answer of its group makes the first one that
// waits superfluous, and leaves it out then.
func (r *replier) overtaken(ctx context.Context, l *line, group string) bool {
	_ = pause(ctx, groupGap)
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(l.waiting) > 1 && l.waiting[1].Group == group {
		l.waiting = l.waiting[1:]
		return true
	}
	return false
}

// parts are the messages of a reply; a reply that makes the messenger panic has none.
func (r *replier) parts(reply ask.Reply) (parts []ask.Reply) {
	defer func() {
		if v := recover(); v != nil {
			r.log.Error("reply panicked", "at", where(debug.Stack()))
			parts = nil
		}
	}()
	return r.messenger.Parts(reply)
}

// one sends one message; false means that the process is stopping.
func (r *replier) one(ctx context.Context, who dauys.Address, reply ask.Reply) (done bool) {
	defer func() {
		if v := recover(); v != nil {
			r.log.Error("reply panicked", "at", where(debug.Stack()))
			done = true
		}
	}()
	begun := r.pace.now()
	for try := 0; ; {
		if r.pace.wait(ctx, load{to: who, edit: reply.Edit != "", direct: true, n: len(reply.Files)}) != nil {
			return false
		}
		_, err := r.messenger.Send(ctx, who, reply)
		if err == nil {
			return true
		}
		if ctx.Err() != nil {
			return false
		}
		f := failure(err)
		switch f.Failure {
		case TooFast:
			r.pace.slow(who, f.After)
		case Closed:
			r.pace.hold(who, f.After)
		case Unreachable:
			r.gone(ctx, who)
			return true
		case Trouble:
			if r.pace.now().Sub(begun) > replyPatience {
				r.log.Error("reply given up", "error", err)
				return true
			}
			if try == 0 {
				r.log.Warn("reply not sent yet", "error", err)
			}
			if pause(ctx, backoff(try, time.Second)) != nil {
				return false
			}
			try++
		default:
			r.log.Error("reply refused", "error", err)
			return true
		}
	}
}

// backoff is how long to wait after so many failures before: a fifth of a second, doubled
// each time, at most half a minute.
func backoff(failed int, second time.Duration) time.Duration {
	return min(second/5<<min(failed, 10), 30*second)
}

// markEvery is how often sent replies are marked.
const markEvery = 50 * time.Millisecond

// mark tells the store what was sent, until the context ends.
func (r *replier) mark(ctx context.Context) {
	t := time.NewTicker(markEvery)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			r.flush(ctx)
		}
	}
}

// drain waits for what is being sent and marks it; nothing new may come meanwhile.
func (r *replier) drain(ctx context.Context) {
	r.wg.Wait()
	r.flush(ctx)
}

func (r *replier) flush(ctx context.Context) {
	r.mu.Lock()
	marks := r.sent
	if len(marks) == 0 {
		r.mu.Unlock()
		return
	}
	r.sent, r.marks = map[dauys.Address]int64{}, marks
	r.mu.Unlock()
	err := r.store.Sent(ctx, marks)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.marks = nil
	if err != nil { // next time
		for a, rev := range marks {
			r.sent[a] = max(r.sent[a], rev)
		}
	}
}

// busyWith tells whether something is still to be sent to a person.
func (r *replier) busyWith(who dauys.Address) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.lines[who] != nil
}

// busy tells whether something is still to be sent.
func (r *replier) busy() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.lines) > 0
}
