package simulator

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Message is what stands in a chat, as everybody there sees it. Buttons of
// either kind of keyboard are in Keyboard; Markup tells which it is.
type Message struct {
	ID, Chat, From int64
	FromBot        bool
	Text           string // plain, or the caption of File
	HTML           string // the same with its markup
	Entities       []Entity
	Keyboard       [][]Button
	Markup         string // "", inline, reply, remove, force_reply
	Placeholder    string
	ReplyTo        int64
	ThreadID       int64
	File           *File
	Album          string
	Contact        *Contact
	Location       *Location
	Forwarded      string // from whom
	Edited         int    // how often
	Date           time.Time
	Deleted        bool
	Protected      bool
	Silent         bool
	NoPreview      bool             // links show no picture
	Reactions      map[int64]string // by whom
	Service        string           // new_chat_members, pinned_message … in the words of the Bot API
}

// Labels are the words on the message's buttons, in reading order.
func (m Message) Labels() []string {
	k := keyboard{Rows: m.Keyboard}
	return k.labels()
}

// Button finds a button by its label.
func (m Message) Button(label string) (Button, bool) {
	k := keyboard{Rows: m.Keyboard}
	return k.find(label)
}

// View is the world at one moment. It is good inside the function it is given
// to only.
type View struct{ s *Server }

// Messages are all of a chat, oldest first, deleted ones too.
func (v *View) Messages(chat int64) []Message {
	c := v.s.w.Chats[chat]
	if c == nil {
		return nil
	}
	out := make([]Message, len(c.Messages))
	for i, m := range c.Messages {
		out[i] = v.s.look(c, m)
	}
	return out
}

// Last is the newest message of the bot in a chat that is still there.
func (v *View) Last(chat int64) (Message, bool) {
	c := v.s.w.Chats[chat]
	if c == nil {
		return Message{}, false
	}
	for _, m := range slices.Backward(c.Messages) {
		if m.From == v.s.botID && !m.Deleted && m.Service == nil {
			return v.s.look(c, m), true
		}
	}
	return Message{}, false
}

// Message is one message.
func (v *View) Message(chat, id int64) (Message, bool) {
	c := v.s.w.Chats[chat]
	if c == nil {
		return Message{}, false
	}
	m := c.message(id)
	if m == nil {
		return Message{}, false
	}
	return v.s.look(c, m), true
}

// Toasts are the words that answered a person's presses, oldest first.
func (v *View) Toasts(person int64) []string {
	var out []string
	if p := v.s.w.People[person]; p != nil {
		for _, a := range p.Answers {
			if a.Text != "" {
				out = append(out, a.Text)
			}
		}
	}
	return out
}

// UnansweredCallbacks is how many presses still show their spinner and can
// still be answered.
func (v *View) UnansweredCallbacks() int {
	n := 0
	for _, c := range v.s.w.Callbacks {
		if !c.Answered && v.s.clock.Now().Sub(c.At) <= answerWithin {
			n++
		}
	}
	return n
}

// PendingUpdates is how many updates the bot has not confirmed.
func (v *View) PendingUpdates() int {
	v.s.dropExpired()
	return len(v.s.w.Queue)
}

// look turns a stored message into what is seen of it.
func (s *Server) look(c *chat, m *message) Message {
	out := Message{
		ID: m.ID, Chat: c.ID, From: m.From, FromBot: m.From == s.botID, Text: m.Text, HTML: htmlOf(m.Text, m.Entities),
		Entities: slices.Clone(m.Entities), ReplyTo: m.ReplyTo, ThreadID: m.Thread, Album: m.Album,
		Contact: m.Contact, Location: m.Location, Edited: m.Edits, Date: time.Unix(m.Date, 0), Deleted: m.Deleted,
		Protected: m.Protected, Silent: m.Silent, NoPreview: strings.Contains(string(m.LinkPreview), `"is_disabled":true`),
	}
	if m.Venue != nil {
		out.Location = &m.Venue.Location
	}
	if m.Keyboard != nil {
		out.Markup, out.Keyboard, out.Placeholder = m.Keyboard.Kind, m.Keyboard.Rows, m.Keyboard.Placeholder
	}
	if b := s.w.Files[m.File]; b != nil {
		out.File = &File{
			Kind: string(b.Kind), Name: b.Name, MIME: b.MIME, Data: b.Data, Size: b.Size, Caption: m.Text, Album: m.Album, ID: b.ID,
		}
	}
	if m.Forward != nil {
		if out.Forwarded = m.Forward.Name; out.Forwarded == "" {
			out.Forwarded = s.nameOf(m.Forward.From)
		}
	}
	if m.Service != nil {
		out.Service = m.Service.Kind
	}
	if len(m.Reactions) > 0 {
		out.Reactions = map[int64]string{}
		for who, emoji := range m.Reactions {
			out.Reactions[who] = emoji
		}
	}
	return out
}

func (s *Server) nameOf(id int64) string {
	u := s.user(id)
	return strings.TrimSpace(u.FirstName + " " + u.LastName)
}

// see runs f with the world standing still.
func see[T any](s *Server, f func(*View) T) T {
	s.mu.Lock()
	defer s.mu.Unlock()
	return f(&View{s})
}

// Messages are all of a chat, oldest first, deleted ones too.
func (s *Server) Messages(chat int64) []Message {
	return see(s, func(v *View) []Message { return v.Messages(chat) })
}

// Last is the newest message of the bot in a chat that is still there.
func (s *Server) Last(chat int64) (m Message, ok bool) {
	m = see(s, func(v *View) (m Message) { m, ok = v.Last(chat); return m })
	return m, ok
}

// Message is one message.
func (s *Server) Message(chat, id int64) (m Message, ok bool) {
	m = see(s, func(v *View) (m Message) { m, ok = v.Message(chat, id); return m })
	return m, ok
}

// Toasts are the words that answered a person's presses, oldest first.
func (s *Server) Toasts(person int64) []string {
	return see(s, func(v *View) []string { return v.Toasts(person) })
}

// Answers are the answers to a person's presses, also those without words.
func (s *Server) Answers(person int64) []Answer {
	return see(s, func(*View) []Answer {
		if p := s.w.People[person]; p != nil {
			return slices.Clone(p.Answers)
		}
		return nil
	})
}

// Chats are all private chats and groups.
func (s *Server) Chats() []Chat {
	return see(s, func(*View) []Chat {
		var out []Chat
		for _, id := range sorted(s.w.Chats) {
			c := s.w.Chats[id]
			chat := Chat{ID: id, Type: c.Type, Title: c.Title, Forum: c.Forum}
			for _, p := range sorted(c.Members) {
				if c.Members[p].in() {
					chat.Members = append(chat.Members, p)
				}
				if c.Members[p].admin() {
					chat.Admins = append(chat.Admins, p)
				}
			}
			out = append(out, chat)
		}
		return out
	})
}

// Topic is one of a forum.
type Topic struct {
	ID      int64
	Name    string
	Closed  bool
	Deleted bool
}

// Topics are those of a forum in the order in which they were made, deleted ones too.
func (s *Server) Topics(chat int64) []Topic {
	return see(s, func(*View) []Topic {
		var out []Topic
		if c := s.w.Chats[chat]; c != nil {
			for _, id := range sorted(c.Topics) {
				t := c.Topics[id]
				out = append(out, Topic{id, t.Name, t.Closed, t.Deleted})
			}
		}
		return out
	})
}

// Await waits until a condition holds. The condition is looked at after every
// change, with the world standing still, so it must not call the server.
func (s *Server) Await(ctx context.Context, what func(*View) bool) error {
	for {
		var changed chan struct{}
		holds := see(s, func(v *View) bool {
			changed = s.changed
			return what(v)
		})
		if holds {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("simulator: what was awaited did not happen: %w", ctx.Err())
		case <-s.closing:
			return errors.New("simulator: closed while awaiting")
		}
	}
}

// Quiet waits until the bot has confirmed all updates and answered all
// presses.
func (s *Server) Quiet(ctx context.Context) error {
	var left string
	err := s.Await(ctx, func(v *View) bool {
		updates, presses := v.PendingUpdates(), v.UnansweredCallbacks()
		left = fmt.Sprintf("%d updates are not confirmed, %d presses not answered", updates, presses)
		return updates == 0 && presses == 0
	})
	if err != nil {
		return fmt.Errorf("%w: %s", err, left)
	}
	return nil
}

// Transcript writes a chat as a play, for the messages of failing tests.
func (s *Server) Transcript(chat int64) string {
	return see(s, func(v *View) string {
		var b strings.Builder
		for _, m := range v.Messages(chat) {
			switch {
			case m.Deleted:
				continue
			case m.Service != "":
				fmt.Fprintf(&b, "… %s\n", m.Service)
				continue
			}
			fmt.Fprintf(&b, "%s: ", s.nameOf(m.From))
			if m.File != nil {
				fmt.Fprintf(&b, "{%s %s} ", m.File.Kind, m.File.Name)
			}
			b.WriteString(m.Text)
			for _, label := range m.Labels() {
				fmt.Fprintf(&b, " [%s]", label)
			}
			b.WriteByte('\n')
		}
		return b.String()
	})
}

// Call is a call that the bot made.
type Call struct {
	Method      string
	Params      map[string]any // numbers are int64, objects are decoded, files are described
	Chat        int64          // chat_id, if it is a number
	At          time.Time      // by the simulated clock
	Status      int            // of the answer
	Description string         // of an answer that is not ok
	Fault       bool           // something was made to go wrong
	Webhook     bool           // came as the reply to a webhook delivery
	cut         bool
}

// Calls are the newest calls of the bot, at least 20,000, oldest first.
func (s *Server) Calls() []Call {
	return see(s, func(*View) []Call { return slices.Clone(s.calls.items) })
}

// CallsOf are the calls of one method.
func (s *Server) CallsOf(method string) []Call {
	return slices.DeleteFunc(s.Calls(), func(c Call) bool { return !strings.EqualFold(c.Method, method) })
}

// Misuse tells, a sentence each, what the bot did that a correct bot never
// does.
func (s *Server) Misuse() []string {
	return see(s, func(*View) []string { return slices.Clone(s.misuse) })
}

// write puts a call into the log and judges it. The lock is held.
func (s *Server) write(q *request, record *Call, result any, err error) {
	record.Method = q.method
	record.Status = 200
	var failed *apiError
	var page *htmlError
	switch {
	case errors.As(err, &failed):
		record.Status, record.Description = failed.Code, failed.Text
	case errors.As(err, &page):
		record.Status = page.status
	case err != nil:
		record.Status = 500
	}
	s.calls.add(*record)
	if record.Fault {
		return
	}
	s.judge(q, failed)
}

// misuses are beginnings of refusals that a correct bot never meets.
var misuses = []string{
	"can't parse", "unsupported parse_mode", "message text is empty", "text must be non-empty", "message is too long",
	"message caption is too long", "text is too long", "BUTTON_", "reply markup is too long", "inline keyboard",
	"object expected", "field ", "message can't be edited", "message identifier", "too many message identifiers",
	"there is no ", "strings must be encoded", "wrong parameter", "phone number can be requested",
	"location can be requested", "web App buttons can be used", "BOT_COMMAND", "REACTION", "can't use file",
	"too many messages", "document can't be mixed", "audio can't be mixed", "MESSAGE_TOO_LONG", "invalid language code", "the bot name", "the bot ",
	"name must be non-empty", "input field placeholder", "parameter ", "chat_id is empty", "bad webhook", "IMAGE_PROCESS",
	"wrong file identifier", "file must be non-empty",
}

// judge tells misuse from what happens to correct bots too.
func (s *Server) judge(q *request, failed *apiError) {
	if m, ok := s.methods[strings.ToLower(q.method)]; ok {
		for name := range set(m.needs) {
			if !q.has(name) {
				s.blame("%s was called without %s", m.name, name)
				return
			}
		}
	}
	for _, name := range q.ignored {
		s.blame("%s does not know the parameter %s", q.method, name)
	}
	if failed == nil {
		return
	}
	text := strings.TrimPrefix(failed.Text, "Bad Request: ")
	switch {
	case failed.Code == 404, failed.Code == 413:
		s.blame("%s: %s", q.method, failed.Text)
	case failed.Code == 400 && slices.ContainsFunc(misuses, func(m string) bool { return strings.HasPrefix(text, m) }):
		s.blame("%s: %s", q.method, text)
	}
}

// Polling tells whether the bot waits for updates right now.
func (s *Server) Polling() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.poller != nil
}
