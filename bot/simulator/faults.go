package simulator

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Fault is something that goes wrong with calls. The fields say which calls,
// how often, and what happens to them.
type Fault struct {
	Method      string // "" is any; "file" is the download of a file
	Chat        int64  // the chat_id of the call; 0 is any
	Times       int    // how many calls; less than 0 is for ever, 0 is once
	Status      int    // the answer instead of doing it; 0 with RetryAfter is 429, with HTML 502
	Description string // of the answer; made from Status if empty
	RetryAfter  int    // seconds the answer asks to wait
	HTML        bool   // the answer is a page of the web server in front, not JSON
	Delay       time.Duration
	CutBefore   bool // the connection breaks and nothing is done
	CutAfter    bool // all is done, and the connection breaks before the answer
}

// Fail makes calls go wrong from now on, waiting getUpdates calls included.
// Of several faults that fit a call the earliest is taken.
func (s *Server) Fail(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f.Times == 0 {
		f.Times = 1
	}
	s.faults = append(s.faults, &f)
	s.faultTimes++
	s.note()
}

// Heal takes all faults away.
func (s *Server) Heal() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
	s.note()
}

// takeFault uses up one turn of the first fault that fits.
func (s *Server) takeFault(method string, chat int64) *Fault {
	i := slices.IndexFunc(s.faults, func(f *Fault) bool {
		return (f.Method == "" || strings.EqualFold(f.Method, method)) && (f.Chat == 0 || f.Chat == chat)
	})
	if i < 0 {
		return nil
	}
	f := s.faults[i]
	if f.Times > 0 {
		if f.Times--; f.Times == 0 {
			s.faults = slices.Delete(s.faults, i, i+1)
		}
	}
	return f
}

// err is the answer that a fault gives, if it gives one.
func (f *Fault) err() error {
	status := f.Status
	switch {
	case status == 0 && f.RetryAfter > 0:
		status = http.StatusTooManyRequests
	case status == 0 && f.HTML:
		status = http.StatusBadGateway
	case status == 0:
		return nil
	}
	if f.HTML {
		return &htmlError{status}
	}
	e := &apiError{Code: status, Text: f.Description, RetryAfter: f.RetryAfter}
	if e.Text == "" {
		e.Text = http.StatusText(status)
		if f.RetryAfter > 0 {
			e.Text = fmt.Sprintf("Too Many Requests: retry after %d", f.RetryAfter)
		}
	}
	return e
}

// htmlError is what the web server in front of Telegram says when there is
// nobody behind it.
type htmlError struct{ status int }

func (e *htmlError) Error() string { return http.StatusText(e.status) }

func (e *htmlError) write(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/html")
	w.WriteHeader(e.status)
	title := fmt.Sprintf("%d %s", e.status, http.StatusText(e.status))
	fmt.Fprintf(w, "<html>\r\n<head><title>%s</title></head>\r\n<body>\r\n<center><h1>%s</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n", title, title)
}

// wait passes real time, unless the caller goes away or the server closes.
func (s *Server) wait(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
	case <-s.closing:
	}
	return false
}

// Limits are how much the bot may send. What is 0 is not limited.
type Limits struct {
	Second  int // messages a second to all chats together, answers to who just wrote apart
	Private int // messages a second to one private chat
	Burst   int // how many of these may come at once; at least 1
	Group   int // messages a minute to one group
	Edits   int // edits a minute in one group
	Speed   int // how many times faster than on the clock time goes for them; 0 is once
}

// DefaultLimits are about what Telegram allows.
func DefaultLimits() Limits { return Limits{Second: 30, Private: 1, Burst: 5, Group: 20, Edits: 20} }

// justWrote is how long an answer to a person is not a broadcast.
const justWrote = 10 * time.Second

// pace counts what the bot sends, by real time.
type pace struct {
	limits Limits
	now    func() time.Time
	all    *bucket
	chats  map[int64]*bucket
	edits  map[int64]*bucket
	heard  map[int64]time.Time // when a person last did something
}

func newPace(l Limits) pace {
	now, begun := time.Now, time.Now()
	if l.Speed > 1 {
		now = func() time.Time { return begun.Add(time.Since(begun) * time.Duration(l.Speed)) }
	}
	return pace{
		limits: l, now: now, chats: map[int64]*bucket{}, edits: map[int64]*bucket{}, heard: map[int64]time.Time{},
		all: &bucket{rate: float64(l.Second), most: float64(l.Second)},
	}
}

// bucket fills at a rate a second up to its size; what is sent takes from it.
type bucket struct {
	rate, most float64
	used       float64
	at         time.Time
}

// lack is how long until n more fit.
func (b *bucket) lack(n int, now time.Time) time.Duration {
	b.used = max(0, b.used-now.Sub(b.at).Seconds()*b.rate)
	b.at = now
	// An album bigger than the bucket passes when the bucket is empty.
	if over := b.used + min(float64(n), b.most) - b.most; over > 1e-9 {
		return time.Duration(over / b.rate * float64(time.Second))
	}
	return 0
}

func (p *pace) spoke(person int64) {
	if p.limits != (Limits{}) {
		p.heard[person] = p.now()
	}
}

// send counts n messages to a chat, or refuses them all.
func (p *pace) send(c *chat, n int) error {
	if p.limits == (Limits{}) {
		return nil
	}
	now := p.now()
	var own *bucket
	switch {
	case c.private() && p.limits.Private > 0:
		own = bucketOf(p.chats, c.ID, float64(p.limits.Private), float64(max(1, p.limits.Burst)))
	case !c.private() && p.limits.Group > 0:
		own = bucketOf(p.chats, c.ID, float64(p.limits.Group)/60, float64(p.limits.Group))
	}
	counted := p.limits.Second > 0 && now.Sub(p.heard[c.ID]) > justWrote
	var lack time.Duration
	if own != nil {
		lack = own.lack(n, now)
	}
	if counted {
		lack = max(lack, p.all.lack(n, now))
	}
	if lack > 0 {
		return p.tooMany(lack)
	}
	if own != nil {
		own.used += float64(n)
	}
	if counted {
		p.all.used += float64(n)
	}
	return nil
}

// edit counts an edit in a group.
func (p *pace) edit(c *chat) error {
	if c.private() || p.limits.Edits == 0 {
		return nil
	}
	b := bucketOf(p.edits, c.ID, float64(p.limits.Edits)/60, float64(p.limits.Edits))
	if lack := b.lack(1, p.now()); lack > 0 {
		return p.tooMany(lack)
	}
	b.used++
	return nil
}

func bucketOf(buckets map[int64]*bucket, id int64, rate, most float64) *bucket {
	b := buckets[id]
	if b == nil {
		b = &bucket{rate: rate, most: most}
		buckets[id] = b
	}
	return b
}

// tooMany asks to wait as long as something lacks, by real time.
func (p *pace) tooMany(lack time.Duration) error {
	return tooMany(int(math.Ceil(lack.Seconds() / float64(max(1, p.limits.Speed)))))
}

func tooMany(seconds int) error {
	return &apiError{Code: 429, Text: fmt.Sprintf("Too Many Requests: retry after %d", seconds), RetryAfter: seconds}
}
