package bot

import (
	"context"
	"maps"
	"strings"
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
	most   int       // lanes, before those not used for long are forgotten
	paused time.Time // for everybody
}

// lane counts what goes to one chat.
type lane struct {
	sends, edits window
	used         time.Time
	paused       time.Time
	unexplained  bool // by what went to the chat before the pause
}

// load is what is to be counted: n messages or edits to a chat.
type load struct {
	to                  dauys.Address
	group, edit, direct bool
	free                bool // nothing is sent: it waits for nothing but a pause
	n                   int  // messages of an album; 0 is 1
}

// all is the chat of which an address may be a topic: the messenger counts them together.
func (m load) all() dauys.Address { return chatOf(m.to) }

func chatOf(a dauys.Address) dauys.Address {
	chat, _, _ := strings.Cut(string(a), "/")
	return dauys.Address(chat)
}

// fewLanes is how many lanes are kept in any case.
const fewLanes = 10000

// window remembers the last times at which something was counted.
type window struct{ times []time.Time }

// next is when k more have room among n in a while; more than n have it when there is
// nothing else.
func (w *window) next(k, n int, while time.Duration) time.Time {
	i := len(w.times) - (n - min(k, n) + 1)
	if i < 0 {
		return time.Time{}
	}
	return w.times[i].Add(while)
}

// add counts k at a time, and keeps the last n.
func (w *window) add(k int, t time.Time, n int) {
	for range min(k, n) {
		w.times = append(w.times, t)
	}
	if extra := len(w.times) - n; extra > 0 {
		w.times = w.times[extra:]
	}
}

// since is how many were counted after a time.
func (w *window) since(t time.Time) (n int) {
	for _, at := range w.times {
		if at.After(t) {
			n++
		}
	}
	return n
}

func newPacer(s Settings, now func() time.Time) *pacer {
	return &pacer{set: s, now: now, chats: map[dauys.Address]*lane{}, most: fewLanes}
}

// minute is what counts as a minute, with a little air: Telegram counts by its own clock what
// comes over a network.
func (p *pacer) minute() time.Duration { return 61 * p.set.Scale }

// lane finds or makes the counters of a chat, and forgets those that count nothing any more.
func (p *pacer) lane(to dauys.Address, now time.Time) *lane {
	l := p.chats[to]
	if l == nil {
		if len(p.chats) >= p.most {
			maps.DeleteFunc(p.chats, func(_ dauys.Address, l *lane) bool {
				return now.Sub(l.used) > 2*p.minute() && now.After(l.paused)
			})
			p.most = max(fewLanes, 2*len(p.chats))
		}
		l = &lane{}
		p.chats[to] = l
	}
	l.used = now
	return l
}

// room is when the whole bot may send something paced.
func (p *pacer) room() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return later(p.paused, p.all.next(1, p.set.Rate, p.set.Scale))
}

// try counts a message if it may be sent now, or tells when to ask again. Direct answers
// wait for nothing but a pause that the messenger asked for.
func (p *pacer) try(m load) (ok bool, at time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now, k := p.now(), max(m.n, 1)
	l := p.chats[m.all()]
	if l == nil {
		l = &lane{}
	}
	w, n, while := &l.sends, p.set.RateChat, p.set.Scale
	if m.edit {
		w = &l.edits
	}
	if m.group {
		n, while = p.set.RateGroup, p.minute()
	}
	at = later(p.paused, l.paused)
	if own := p.chats[m.to]; own != nil { // a topic that is closed
		at = later(at, own.paused)
	}
	if !m.direct && !m.free {
		at = later(at, later(p.all.next(k, p.set.Rate, p.set.Scale), w.next(k, n, while)))
	}
	if at.After(now) {
		return false, at
	}
	if m.free {
		return true, now
	}
	l = p.lane(m.all(), now)
	w = &l.sends
	if m.edit {
		w = &l.edits
	}
	p.all.add(k, now, p.set.Rate)
	w.add(k, now, max(n, p.set.RateGroup))
	return true, now
}

// sent moves what was counted for a message to the time of its answer. The messenger has counted it at
// some time between, so that however slow the way was, what follows does not come too early.
func (p *pacer) sent(m load) {
	p.mu.Lock()
	defer p.mu.Unlock()
	l := p.chats[m.all()]
	if m.free || l == nil {
		return
	}
	w := &l.sends
	if m.edit {
		w = &l.edits
	}
	now := p.now()
	for i := max(0, len(w.times)-max(m.n, 1)); i < len(w.times); i++ {
		w.times[i] = now
	}
}

// wait returns when a message may be sent, and counts it.
func (p *pacer) wait(ctx context.Context, m load) error {
	for {
		ok, at := p.try(m)
		if ok {
			return ctx.Err()
		}
		if err := pause(ctx, at.Sub(p.now())); err != nil {
			return err
		}
	}
}

// slow obeys the messenger's request to wait. It names no reason. A chat to which much went
// explains it by itself; when it comes from a second chat that does not while a first one
// waits, it is meant for the whole bot.
func (p *pacer) slow(to dauys.Address, after time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	if after <= 0 {
		after = p.set.Scale
	}
	to = chatOf(to)
	l := p.lane(to, now)
	l.paused = later(l.paused, now.Add(after))
	l.unexplained = l.sends.since(now.Add(-p.set.Scale)) <= p.set.RateChat && l.edits.since(now.Add(-p.set.Scale)) <= p.set.RateChat &&
		l.sends.since(now.Add(-p.minute())) < p.set.RateGroup && l.edits.since(now.Add(-p.minute())) < p.set.RateGroup
	if !l.unexplained {
		return
	}
	for a, other := range p.chats {
		if a != to && other.unexplained && other.paused.After(now) {
			p.paused = later(p.paused, now.Add(after))
			return
		}
	}
}

// hold leaves one chat alone for a while.
func (p *pacer) hold(to dauys.Address, after time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	l := p.lane(to, now)
	l.paused, l.unexplained = later(l.paused, now.Add(max(after, p.set.Scale))), false
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
