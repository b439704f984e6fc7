package simulator

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"time"
	"unicode/utf8"
)

const (
	deletableFor = 48 * time.Hour
	answerWithin = 15 * time.Second
	mostToast    = 200
)

// editable finds the message of the bot that a call wants to change. Text and
// markup were checked before, as the real server does.
func (s *Server) editable(r *request) (*chat, *message, error) {
	if r.has("inline_message_id") && !r.has("chat_id") {
		return nil, nil, badRequest("message to edit not found")
	}
	c, err := s.present(r)
	if err != nil {
		return nil, nil, err
	}
	m, err := s.named(r, c, "edit")
	switch {
	case err != nil:
		return nil, nil, err
	case m.From != s.botID, m.Service != nil, m.Forward != nil:
		return nil, nil, badRequest("message can't be edited")
	case m.Keyboard != nil && m.Keyboard.Kind != inline:
		return nil, nil, badRequest("message can't be edited")
	}
	return c, m, nil
}

// named is the message that a call wants to change in some way.
func (s *Server) named(r *request, c *chat, verb string) (*message, error) {
	id := r.id("message_id")
	if id == 0 {
		return nil, badRequest("message identifier is not specified")
	}
	m := c.message(id)
	if m == nil || m.Deleted || !s.visible(c, m) {
		return nil, badRequest("message to %s not found", verb)
	}
	return m, nil
}

// newKeyboard is the inline keyboard that an edit gives; none takes it away.
func (s *Server) newKeyboard(r *request) (*keyboard, error) {
	k, err := s.markup(r)
	if err == nil && k != nil && k.Kind != inline {
		err = badRequest("inline keyboard expected")
	}
	return k, err
}

// change puts new content into a message, if it is new.
func (s *Server) change(c *chat, m *message, now message) (any, error) {
	if err := now.Keyboard.fits(c); err != nil {
		return nil, err
	}
	same := m.Text == now.Text && m.File == now.File && sameEntities(m.Entities, now.Entities) &&
		reflect.DeepEqual(m.Keyboard, now.Keyboard) && string(m.LinkPreview) == string(now.LinkPreview)
	if same {
		return nil, badRequest("message is not modified: specified new message content and reply markup are exactly " +
			"the same as a current content and reply markup of the message")
	}
	if err := s.pace.edit(c); err != nil {
		return nil, err
	}
	if m.Text != now.Text || m.File != now.File || !sameEntities(m.Entities, now.Entities) {
		m.EditDate = s.unix() // other buttons alone do not make a message "edited"
	}
	m.Text, m.Entities, m.File, m.Keyboard, m.LinkPreview = now.Text, now.Entities, now.File, now.Keyboard, now.LinkPreview
	m.Edits++
	s.touch(c, m)
	return s.show(c, m), nil
}

func sameEntities(a, b []Entity) bool {
	return slices.EqualFunc(a, b, func(x, y Entity) bool {
		if (x.User == nil) != (y.User == nil) || x.User != nil && x.User.ID != y.User.ID {
			return false
		}
		x.User, y.User = nil, nil
		return x == y
	})
}

// An edit is what a method puts into a message.
type edit struct {
	read func(*Server, *request) (message, error) // what the call brings
	into func(m, now *message) error              // whether, and how, it goes into m; nil: in place of all
}

// editMessage is the method that does an edit, with the checks in the real
// server's order: content, markup, chat, message.
func editMessage(e edit) func(*Server, *request) (any, error) {
	return func(s *Server, r *request) (any, error) {
		now, err := e.read(s, r)
		if err != nil {
			return nil, err
		}
		if now.Keyboard, err = s.newKeyboard(r); err != nil {
			return nil, err
		}
		c, m, err := s.editable(r)
		if err != nil {
			return nil, err
		}
		if e.into != nil {
			if err := e.into(m, &now); err != nil {
				return nil, err
			}
		}
		return s.change(c, m, now)
	}
}

var editText = edit{
	read: func(s *Server, r *request) (message, error) {
		text, entities, err := s.bodyText(r)
		if err != nil {
			return message{}, err
		}
		preview, err := linkPreview(r)
		return message{Text: text, Entities: entities, LinkPreview: preview}, err
	},
	into: func(m, _ *message) error {
		if m.File != "" || m.Contact != nil || m.Location != nil || m.Venue != nil {
			return badRequest("there is no text in the message to edit")
		}
		return nil
	},
}

var editCaption = edit{
	read: func(s *Server, r *request) (message, error) {
		text, entities, err := s.caption(r)
		return message{Text: text, Entities: entities}, err
	},
	into: func(m, now *message) error {
		if m.File == "" {
			return badRequest("there is no caption in the message to edit")
		}
		now.File = m.File
		return nil
	},
}

var editMedia = edit{
	read: func(s *Server, r *request) (message, error) {
		var item album
		if err := json.Unmarshal([]byte(r.text("media")), &item); err != nil {
			return message{}, badRequest("can't parse input media JSON object")
		}
		m, err := s.mediaItem(r, item)
		if err != nil {
			return message{}, err
		}
		return *m, nil
	},
}

var editMarkup = edit{
	read: func(*Server, *request) (message, error) { return message{}, nil },
	into: func(m, now *message) error {
		keys := now.Keyboard
		*now = *m
		now.Keyboard = keys
		return nil
	},
}

func (s *Server) deleteMessage(r *request) (any, error) {
	c, err := s.present(r)
	if err != nil {
		return nil, err
	}
	m, err := s.named(r, c, "delete")
	if err != nil {
		return nil, err
	}
	return true, s.remove(c, m)
}

// remove deletes a message for everybody, if the bot may.
func (s *Server) remove(c *chat, m *message) error {
	old := s.clock.Now().Sub(time.Unix(m.Date, 0)) >= deletableFor
	moderator := !c.private() && c.Members[s.botID].can("can_delete_messages")
	topicHead := m.Service != nil && m.Service.Kind == "forum_topic_created"
	switch {
	case topicHead, !c.private() && !moderator && m.From != s.botID:
		return badRequest("message can't be deleted")
	case old && !moderator:
		return badRequest("message can't be deleted for everyone")
	}
	m.Deleted = true
	s.touch(c, m)
	return nil
}

func (s *Server) deleteMessages(r *request) (any, error) {
	ids, err := messageIDs(r)
	if err != nil {
		return nil, err
	}
	c, err := s.present(r)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		m := c.message(id)
		if m == nil || m.Deleted || !s.visible(c, m) {
			continue // what is not there any more is skipped
		}
		if err := s.remove(c, m); err != nil {
			return nil, err
		}
	}
	return true, nil
}

var errOldQuery = badRequest("query is too old and response timeout expired or query ID is invalid")

func (s *Server) answerCallbackQuery(r *request) (any, error) {
	id := r.text("callback_query_id")
	if id == "" {
		return nil, badRequest("parameter \"callback_query_id\" is required")
	}
	q := s.w.Callbacks[id]
	if q == nil || s.clock.Now().Sub(q.At) > answerWithin {
		return nil, errOldQuery
	}
	text := r.text("text")
	if utf8.RuneCountInString(text) > mostToast {
		return nil, badRequest("MESSAGE_TOO_LONG")
	}
	if q.Answered {
		s.blame("a callback query was answered twice")
		return true, nil
	}
	q.Answered = true
	answer := Answer{Data: q.Data, Text: text, Alert: r.yes("show_alert"), URL: r.text("url")}
	if p := s.w.People[q.Person]; p != nil {
		p.Answers = append(p.Answers, answer)
	}
	s.toast(q.Person, answer)
	s.note()
	return true, nil
}

// botReactions are what a bot may react with.
var botReactions = set("👍 👎 ❤ 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤‍🔥 🌚 🌭 💯 🤣 ⚡ 🍌 🏆 " +
	"💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀ 😡")

func (s *Server) setMessageReaction(r *request) (any, error) {
	var list []struct {
		Type  string `json:"type"`
		Emoji string `json:"emoji"`
	}
	if raw := r.text("reaction"); raw != "" {
		if err := json.Unmarshal([]byte(raw), &list); err != nil {
			return nil, badRequest("can't parse reaction types JSON object")
		}
	}
	c, err := s.present(r)
	if err != nil {
		return nil, err
	}
	m, err := s.named(r, c, "react")
	if err != nil {
		return nil, err
	}
	emoji := ""
	switch {
	case len(list) > 1:
		return nil, badRequest("REACTIONS_TOO_MANY")
	case len(list) == 1:
		emoji = list[0].Emoji
		if list[0].Type != "emoji" || !botReactions[emoji] {
			return nil, badRequest("REACTION_INVALID")
		}
	}
	m.react(s.botID, emoji)
	s.touch(c, m)
	return true, nil
}

// pinnable finds the chat in which the bot wants to pin or unpin, if it may.
func (s *Server) pinnable(r *request) (*chat, error) {
	c, err := s.present(r)
	if err == nil && !c.private() && !c.Members[s.botID].can("can_pin_messages") {
		err = badRequest("not enough rights to manage pinned messages in the chat")
	}
	return c, err
}

func (s *Server) pinChatMessage(r *request) (any, error) {
	c, err := s.pinnable(r)
	if err != nil {
		return nil, err
	}
	m, err := s.named(r, c, "pin")
	if err != nil {
		return nil, err
	}
	if slices.Contains(c.Pins, m.ID) {
		return true, nil
	}
	c.Pins = append(c.Pins, m.ID)
	s.worldChanged()
	s.announce(c, s.botID, &service{Kind: "pinned_message", Message: m.ID})
	return true, nil
}

func (s *Server) unpinChatMessage(r *request) (any, error) {
	c, err := s.pinnable(r)
	if err != nil {
		return nil, err
	}
	id := r.id("message_id")
	if id == 0 && len(c.Pins) > 0 {
		id = c.Pins[len(c.Pins)-1]
	}
	if !slices.Contains(c.Pins, id) {
		return nil, badRequest("message to unpin not found")
	}
	s.unpin(c, func(m *message) bool { return m.ID == id })
	return true, nil
}

func (s *Server) unpinAllChatMessages(r *request) (any, error) {
	c, err := s.pinnable(r)
	if err != nil {
		return nil, err
	}
	s.unpin(c, func(*message) bool { return true })
	return true, nil
}

func (s *Server) unpin(c *chat, which func(*message) bool) {
	c.Pins = slices.DeleteFunc(c.Pins, func(id int64) bool {
		m := c.message(id)
		return m == nil || which(m)
	})
	s.worldChanged()
}

// blame writes down what a correct bot would not do, once.
func (s *Server) blame(format string, args ...any) {
	sentence := fmt.Sprintf(format, args...)
	if s.misused[sentence] {
		return
	}
	s.misused[sentence] = true
	s.misuse = append(s.misuse, sentence)
	s.logf("simulator: misuse: %s", sentence)
}
