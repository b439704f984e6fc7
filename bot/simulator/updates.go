package simulator

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"slices"
	"time"
)

// How long an update waits for the bot.
const (
	messageLife  = 24 * time.Hour
	callbackLife = 150 * time.Second
)

const (
	mostUpdates    = 100_000
	mostUpdateSize = 64 << 10 // a bigger one is dropped
	mostAnswer     = 4 << 20
	longestPoll    = 50 * time.Second
	idleWeek       = 7 * 24 * 3600 // seconds without updates after which ids jump
)

// update waits in the queue, already in the words in which the bot gets it.
type update struct {
	ID      int64
	Kind    string
	Key     int64 // updates of one key come in order by webhook
	Raw     json.RawMessage
	Expires time.Time
	Copies  int // how often it is still to be delivered
}

// updateKinds are what allowed_updates may name; those with false come only
// when named.
var updateKinds = map[string]bool{
	"message": true, "edited_message": true, "channel_post": true, "edited_channel_post": true,
	"business_connection": true, "business_message": true, "edited_business_message": true,
	"deleted_business_messages": true, "inline_query": true, "chosen_inline_result": true,
	"callback_query": true, "shipping_query": true, "pre_checkout_query": true, "poll": true,
	"poll_answer": true, "my_chat_member": true, "chat_join_request": true, "chat_boost": true,
	"removed_chat_boost": true, "purchased_paid_media": true,
	"chat_member": false, "message_reaction": false, "message_reaction_count": false,
}

// allows tells whether updates of this kind are made at all.
func (s *Server) allows(kind string) bool {
	if len(s.w.Allowed) > 0 {
		return slices.Contains(s.w.Allowed, kind)
	}
	byDefault, known := updateKinds[kind]
	return byDefault || !known
}

// allow remembers allowed_updates: absent or nonsense leaves what was, a list
// of nothing known means the default.
func (s *Server) allow(r *request) {
	if !r.has("allowed_updates") {
		return
	}
	var names []string
	if json.Unmarshal([]byte(r.text("allowed_updates")), &names) != nil || names == nil {
		return
	}
	s.w.Allowed = slices.DeleteFunc(names, func(name string) bool {
		_, known := updateKinds[name]
		return !known
	})
}

func (s *Server) enqueue(kind string, key int64, body any) {
	s.enqueueUntil(kind, key, body, s.clock.Now().Add(messageLife))
}

// enqueueUntil makes an update, unless the bot does not want its kind.
func (s *Server) enqueueUntil(kind string, key int64, body any, expires time.Time) bool {
	if !s.allows(kind) {
		return false
	}
	u := &update{ID: s.nextUpdateID(), Kind: kind, Key: key, Expires: expires}
	raw, err := marshal(map[string]any{"update_id": u.ID, kind: body})
	if err != nil {
		s.logf("simulator: an update cannot be written: %v", err)
		return false
	}
	u.Raw = raw
	return s.push(u)
}

func (s *Server) push(u *update) bool {
	s.dropExpired()
	if len(u.Raw) > mostUpdateSize || len(s.w.Queue) >= mostUpdates {
		s.logf("simulator: dropped update %d of %d bytes", u.ID, len(u.Raw))
		return false
	}
	u.Copies = max(1, s.duplicate)
	s.w.Queue = append(s.w.Queue, u)
	s.expect(u.Expires)
	s.note()
	return true
}

// nextUpdateID counts up; after a week of silence it jumps.
func (s *Server) nextUpdateID() int64 {
	now := s.unix()
	if s.w.LastUpdate != 0 && now-s.w.LastUpdate > idleWeek && len(s.w.Queue) == 0 {
		s.w.NextUpdate = 1 + s.random.Int64N(1<<30)
	}
	s.w.LastUpdate = now
	id := s.w.NextUpdate
	s.w.NextUpdate++
	return id
}

// Inject queues an update as it is given, whatever it is; update_id is added
// if it is absent.
func (s *Server) Inject(update map[string]any) {
	update = maps.Clone(update)
	s.mu.Lock()
	defer s.mu.Unlock() // one step: an update in between would come first and have the later id
	if _, ok := update["update_id"]; !ok {
		update["update_id"] = s.nextUpdateID()
	}
	raw, err := json.Marshal(update)
	if err != nil {
		panic("simulator: " + err.Error())
	}
	s.inject(raw)
}

// InjectRaw is [Server.Inject] of JSON text.
func (s *Server) InjectRaw(raw json.RawMessage) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.inject(raw)
}

func (s *Server) inject(raw json.RawMessage) {
	var head struct {
		ID *int64 `json:"update_id"`
	}
	_ = json.Unmarshal(raw, &head)
	u := &update{Kind: "injected", Key: -1, Raw: raw, Expires: s.clock.Now().Add(messageLife)}
	if head.ID != nil {
		u.ID = *head.ID
		s.w.NextUpdate = max(s.w.NextUpdate, u.ID+1)
	} else {
		u.ID = s.nextUpdateID()
	}
	s.push(u)
}

// dropExpired forgets what waited too long. Most of the time nothing did, and
// the queue may be long, so it is looked through only when something is due.
func (s *Server) dropExpired() {
	now := s.clock.Now()
	if now.Before(s.soonest) {
		return
	}
	s.w.Queue = slices.DeleteFunc(s.w.Queue, func(u *update) bool { return !now.Before(u.Expires) })
	maps.DeleteFunc(s.w.Callbacks, func(_ string, c *callback) bool { return now.Sub(c.At) > callbackLife })
	s.soonest = now.Add(messageLife)
	for _, u := range s.w.Queue {
		s.expect(u.Expires)
	}
	for _, c := range s.w.Callbacks {
		s.expect(c.At.Add(callbackLife))
	}
}

// expect remembers when something expires.
func (s *Server) expect(t time.Time) {
	if t.Before(s.soonest) {
		s.soonest = t
	}
}

// Duplicate lets each coming update be delivered n times under the same id, as
// happens when a confirmation is lost. 1 or less ends that.
func (s *Server) Duplicate(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.duplicate = n
}

// Shuffle lets the updates of one getUpdates answer come in any order.
func (s *Server) Shuffle(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.shuffle = on
}

// confirm forgets what a getUpdates offset says was received.
func (s *Server) confirm(offset int64) {
	before := len(s.w.Queue)
	switch {
	case offset < 0:
		s.w.Queue = s.w.Queue[max(0, len(s.w.Queue)+int(max(offset, -mostUpdates))):]
	case offset > s.w.NextUpdate || offset == 0:
		// Outside the queue: answered from its head.
	default:
		s.w.Queue = slices.DeleteFunc(s.w.Queue, func(u *update) bool {
			if u.ID >= offset {
				return false
			}
			u.Copies--
			return u.Copies <= 0
		})
	}
	if len(s.w.Queue) != before {
		s.note()
	}
}

// batch is what a getUpdates call gets now.
func (s *Server) batch(limit int) []json.RawMessage {
	s.dropExpired()
	var out []json.RawMessage
	size := 0
	for _, u := range s.w.Queue {
		if size += len(u.Raw); len(out) == limit || len(out) > 0 && size > mostAnswer {
			break
		}
		out = append(out, u.Raw)
	}
	if s.shuffle {
		s.random.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	}
	return out
}

// poller is a getUpdates call that waits.
type poller struct{ ended error }

type lastPoll struct {
	offset int64
	at     time.Time // real time
}

var (
	errWebhookActive = conflict("can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first")
	errOtherPoller   = conflict("terminated by other getUpdates request; make sure that only one bot instance is running")
	errSetWebhook    = conflict("terminated by setWebhook request")
)

// getUpdates confirms what came before the offset and waits for something to
// answer. A call that has to wait ends one that already waits.
func (s *Server) getUpdates(ctx context.Context, r *request) (any, error) {
	offset := r.number("offset", 0, -1<<31, 1<<62)
	limit := int(r.number("limit", 100, 1, 100))
	wait := time.Duration(r.number("timeout", 0, 0, int64(longestPoll/time.Second))) * time.Second

	s.mu.Lock()
	if s.hook != nil {
		s.mu.Unlock()
		return nil, errWebhookActive
	}
	s.allow(r)
	// Who asks the same again and again is slowed down.
	if since := time.Since(s.lastPoll.at); offset == s.lastPoll.offset {
		if since < 3*time.Second {
			wait = max(wait, 3*time.Second)
		}
		if since < time.Second/2 {
			limit = 1
		}
	}
	s.lastPoll = lastPoll{offset, time.Now()}
	s.confirm(offset)
	me := &poller{}
	faults := s.faultTimes
	over := time.NewTimer(wait)
	defer over.Stop()
	defer func() {
		if s.poller == me {
			s.poller = nil
		}
		s.mu.Unlock()
	}()
	for late := wait == 0; ; {
		if s.closed {
			return nil, errRestart
		}
		if me.ended != nil {
			return nil, me.ended
		}
		if s.faultTimes != faults {
			faults = s.faultTimes
			if f := s.takeFault(r.method, 0); f != nil && f.err() != nil {
				return nil, f.err()
			}
		}
		if got := s.batch(limit); len(got) > 0 || late {
			return json.RawMessage("[" + string(bytes.Join(raw(got), []byte(","))) + "]"), nil
		}
		if s.poller != me {
			if s.poller != nil {
				s.poller.ended = errOtherPoller
			}
			s.poller = me
			s.wake()
		}
		changed := s.changed
		s.mu.Unlock()
		select {
		case <-changed:
		case <-over.C:
			late = true
		case <-s.closing:
		case <-ctx.Done():
			late = true
		}
		s.mu.Lock()
	}
}

func raw(messages []json.RawMessage) [][]byte {
	out := make([][]byte, len(messages))
	for i, m := range messages {
		out[i] = m
	}
	return out
}
