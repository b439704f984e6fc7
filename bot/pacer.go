package bot

import (
	"context"
	"sync"
	"time"

	"alt.edu.kz/dauys"
)

// pacer keeps messages within the messenger's limits: so many in a while for everybody, for
// a person and for a group, where edits are counted apart from messages. A pause that the
// messenger asked for holds for everything that goes to the chat, paced or not.
type pacer struct {
	set Settings
	now func() time.Time

	mu     sync.Mutex
	all    window
	chats  map[dauys.Address]*lane
	paused time.Time // for everybody
}

type lane struct {
	sends, edits window
	paused       time.Time
	used         time.Time
}

// window allows n in a while: the nth last must be a while ago.
type window struct{ times []time.Time }

// next is when the window has room again.
func (w *window) next(n int, while time.Duration) time.Time {
	if len(w.times) < n {
		return time.Time{}
	}
	return w.times[len(w.times)-n].Add(while)
}

func (w *window) add(t time.Time, n int) {
	w.times = append(w.times, t)
	if extra := len(w.times) - n; extra > 0 {
		w.times = append(w.times[:0], w.times[extra:]...)
	}
}

func newPacer(s Settings, now func() time.Time) *pacer {
	return &pacer{set: s, now: now, chats: map[dauys.Address]*lane{}}
}

// lane finds or makes the counters of a chat, and forgets those not used for long.
func (p *pacer) lane(to dauys.Address, now time.Time) *lane {
	l := p.chats[to]
	if l == nil {
		if len(p.chats) > 10000 {
			for a, l := range p.chats {
				if now.Sub(l.used) > 2*60*p.set.Scale && now.After(l.paused) {
					delete(p.chats, a)
				}
			}
		}
		l = &lane{}
		p.chats[to] = l
	}
	l.used = now
	return l
}

// try counts a message if it may be sent now, or tells when to ask again. Direct answers
// wait for nothing but a pause that the messenger asked for.
func (p *pacer) try(to dauys.Address, group, edit, direct bool) (ok bool, at time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	l := p.lane(to, now)
	w, n, while := &l.sends, p.set.RateChat, p.set.Scale
	if edit {
		w = &l.edits
	}
	if group {
		n, while = p.set.RateGroup, 60*p.set.Scale
	}
	at = later(p.paused, l.paused)
	if !direct {
		at = later(at, later(p.all.next(p.set.Rate, p.set.Scale), w.next(n, while)))
	}
	if at.After(now) {
		return false, at
	}
	p.all.add(now, p.set.Rate)
	w.add(now, n)
	return true, now
}

// wait returns when a message may be sent, and counts it.
func (p *pacer) wait(ctx context.Context, to dauys.Address, group, edit, direct bool) error {
	for {
		ok, at := p.try(to, group, edit, direct)
		if ok {
			return ctx.Err()
		}
		if err := pause(ctx, at.Sub(p.now())); err != nil {
			return err
		}
	}
}

// slow obeys the messenger's request to wait. It names no reason; when it comes from a
// second chat while a first one waits, it is meant for the whole bot.
func (p *pacer) slow(to dauys.Address, after time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	for a, l := range p.chats {
		if a != to && l.paused.After(now) {
			p.paused = later(p.paused, now.Add(after))
		}
	}
	l := p.lane(to, now)
	l.paused = later(l.paused, now.Add(after))
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
