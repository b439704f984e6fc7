package bot

import (
	"context"
	"log/slog"
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
	rev     int64 // of the state that has the last of them
}

// replyTries is how often a direct answer is tried when the messenger is in trouble.
const replyTries = 5

func newReplier(m Messenger, s Sessions, p *pacer, log *slog.Logger) *replier {
	return &replier{messenger: m, store: s, pace: p, log: log, lines: map[dauys.Address]*line{}, sent: map[dauys.Address]int64{}}
}

// pending are the replies to a person that have not left yet; known is false when this
// process has none, so that any in the store are another's, or of before a restart.
func (r *replier) pending(who dauys.Address) (waiting []ask.Reply, known bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if l := r.lines[who]; l != nil {
		return append([]ask.Reply(nil), l.waiting...), true
	}
	_, sent := r.sent[who]
	_, marked := r.marks[who]
	return nil, sent || marked
}

// send takes replies that are stored in the state with a revision.
func (r *replier) send(ctx context.Context, who dauys.Address, rev int64, replies []ask.Reply) {
	r.mu.Lock()
	defer r.mu.Unlock()
	l := r.lines[who]
	if l == nil {
		l = &line{}
		r.lines[who] = l
		r.wg.Go(func() { r.work(ctx, who, l) })
	}
	l.waiting = append(l.waiting, replies...)
	l.rev = max(l.rev, rev)
}

func (r *replier) work(ctx context.Context, who dauys.Address, l *line) {
	for {
		r.mu.Lock()
		if len(l.waiting) == 0 {
			delete(r.lines, who)
			r.sent[who] = max(r.sent[who], l.rev)
			r.mu.Unlock()
			return
		}
		next := l.waiting[0]
		r.mu.Unlock()
		if !r.one(ctx, who, next) {
			r.mu.Lock()
			delete(r.lines, who) // stays in the store as unsent
			r.mu.Unlock()
			return
		}
		r.mu.Lock()
		l.waiting = l.waiting[1:]
		r.mu.Unlock()
	}
}

// one sends one reply; false means that the process is stopping.
func (r *replier) one(ctx context.Context, who dauys.Address, reply ask.Reply) bool {
	for try := 1; ; try++ {
		if r.pace.wait(ctx, who, false, reply.Edit != "", true) != nil {
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
			try--
		case Unreachable:
			r.gone(ctx, who)
			return true
		case Trouble:
			if try < replyTries {
				if pause(ctx, time.Duration(try*try)*200*time.Millisecond) != nil {
					return false
				}
				continue
			}
			r.log.Error("reply given up", "error", err)
			return true
		default:
			r.log.Error("reply refused", "error", err)
			return true
		}
	}
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

// busy tells whether something is still to be sent.
func (r *replier) busy() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.lines) > 0
}
