// Package bot carries what people do to the handlers and what they are told back to them.
//
// [Intake] takes updates: one person's in order, different people's side by side. An update
// is done with when its effects are stored; sending is not part of that. [Sender] empties
// the outbox: whatever is told beyond a direct answer leaves through the one process that
// holds the lease, in order per chat, at the pace that the messenger allows.
//
// The package knows no messenger but through [Messenger], and no database but through the
// few methods that it declares.
package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/handlers"
)

// Messenger sends. Its errors are *[SendError]s.
type Messenger interface {
	// Parts are the messages that a reply takes, each a reply that takes one: a long text is
	// more than one. They are sent one by one, so that what has left does not leave again
	// when the next of them fails. The parts of a part are the part itself.
	Parts(r ask.Reply) []ask.Reply
	// Send sends a part of a reply to a person or a chat and tells the id of the message.
	// One that replaces another message (Reply.Edit) becomes a new one where that is
	// impossible; without any text it takes the other away.
	Send(ctx context.Context, to dauys.Address, r ask.Reply) (message string, err error)
	// Upload is Send of a reply with one file of which the messenger has no name yet, with its
	// content. It tells the messenger's name for it, with which it can be sent again.
	Upload(ctx context.Context, to dauys.Address, r ask.Reply, content []byte) (message, ref string, err error)
	// Download reads a file that somebody has sent, if it has at most so many bytes: see
	// [handlers.Files].
	Download(ctx context.Context, ref string, most int64) ([]byte, error)
	// Toast answers the press of a button; an empty text only ends the waiting.
	Toast(ctx context.Context, press, text string) error
	// Member tells whether a person is in a chat.
	Member(ctx context.Context, chat, who dauys.Address) (bool, error)
	// Leave leaves a chat of several people; to be out of it already is no error.
	Leave(ctx context.Context, chat dauys.Address) error
	// Link leads to the bot; its payload, up to 64 letters, digits, - and _, comes back behind /start.
	Link(payload string) string
	// Group tells whether an address is a chat of several people.
	Group(to dauys.Address) bool
}

// Failure is why something could not be sent, as far as it matters what to do then.
type Failure string

// The failures.
const (
	Unreachable Failure = "unreachable" // the person has blocked the bot, or the bot is not in the chat
	TooFast     Failure = "too fast"    // wait for SendError.After
	Closed      Failure = "closed"      // nobody may write in the chat now; try again after SendError.After
	Moved       Failure = "moved"       // the chat is at SendError.To now
	TopicShut   Failure = "topic shut"  // nobody may write in the topic; otherwise as Closed
	TopicGone   Failure = "topic gone"  // the topic is no more; otherwise as Unreachable
	NoTopics    Failure = "no topics"   // the bot may make or change none there
	Refused     Failure = "refused"     // it will never be accepted as it is
	Gone        Failure = "gone"        // the messenger does not know the file, or not any more
	TooBig      Failure = "too big"     // the file, for the messenger or for who asks
	Trouble     Failure = "trouble"     // the network or the messenger; it may have been sent
)

// ErrNoForum is behind NoTopics where the group has none at all.
var ErrNoForum = errors.New("the group has no topics")

// SendError is a failure to send.
type SendError struct {
	Failure Failure
	After   time.Duration
	To      dauys.Address
	Err     error
}

func (e *SendError) Error() string { return fmt.Sprintf("%s: %v", e.Failure, e.Err) }
func (e *SendError) Unwrap() error { return e.Err }

// failure classifies an error of a Messenger. What it does not know is trouble.
func failure(err error) *SendError {
	if e, ok := errors.AsType[*SendError](err); ok {
		return e
	}
	return &SendError{Failure: Trouble, Err: err}
}

// Update is something that somebody did, and what the messenger needs to be answered.
type Update struct {
	handlers.Input
	PressID string // of the press of a button, to end its waiting
	Raw     []byte // as it came, for keeping when it cannot be handled now
}

// Clock is the two clocks: Wall is that of due times and expiry, and can be moved; Mono is
// that of pauses and leases, and cannot.
type Clock struct {
	Wall func() time.Time
	Mono func() time.Time
}

// Settings are the limits of sending; the defaults are those of the Bot API's documentation
// for bots, with a little air.
type Settings struct {
	Rate      int           // messages a second to everybody together
	RateChat  int           // a second to one person
	RateGroup int           // a minute to one group
	Term      time.Duration // of the lease of the sender
	Poll      time.Duration // how often the outbox is looked at without being woken
	Scale     time.Duration // what counts as a second; tests make it shorter
}

// WithDefaults fills what is not set.
func (s Settings) WithDefaults() Settings {
	def := func(v *int, d int) {
		if *v <= 0 {
			*v = d
		}
	}
	def(&s.Rate, 25)
	def(&s.RateChat, 1)
	def(&s.RateGroup, 20)
	if s.Term <= 0 {
		s.Term = 15 * time.Second
	}
	if s.Poll <= 0 {
		s.Poll = time.Second
	}
	if s.Scale <= 0 {
		s.Scale = time.Second
	}
	return s
}

// pause waits, or ends early with the context.
func pause(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// grace is a context that outlives another by a while: what is on its way when the process
// has to stop is not cut off, because nobody could tell then whether it has arrived.
func grace(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	longer, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(d, cancel) })
	return longer, func() {
		stop()
		cancel()
	}
}

func quiet(log *slog.Logger) *slog.Logger {
	if log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return log
}
