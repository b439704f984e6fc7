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
	c, err := s.chatParam(r, "chat_id")
	if err != nil {
		return nil, nil, err
	}
	if err := s.mayRead(c); err != nil {
		return nil, nil, err
	}
	if r.id("message_id") == 0 {
		return nil, nil, badRequest("message identifier is not specified")
	}
	m := c.message(r.id("message_id"))
	switch {
	case m == nil || m.Deleted:
		return nil, nil, badRequest("message to edit not found")
	case m.From != s.botID, m.Service != nil, m.Forward != nil:
		return nil, nil, badRequest("message can't be edited")
	case m.Keyboard != nil && m.Keyboard.Kind != inline:
		return nil, nil, badRequest("message can't be edited")
	}
	return c, m, nil
}

// newKeyboard is the inline keyboard that an edit gives; none takes it away.
func newKeyboard(r *request) (*keyboard, error) {
	k, err := parseKeyboard(r.text("reply_markup"))
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

func (s *Server) editMessageText(r *request) (any, error) {
	text, entities, err := s.bodyText(r)
	if err != nil {
		return nil, err
	}
	preview, err := linkPreview(r)
	if err != nil {
		return nil, err
	}
	keys, err := newKeyboard(r)
	if err != nil {
		return nil, err
	}
	c, m, err := s.editable(r)
	if err != nil {
		return nil, err
	}
	if m.File != "" || m.Contact != nil || m.Location != nil || m.Venue != nil {
		return nil, badRequest("there is no text in the message to edit")
	}
	return s.change(c, m, message{Text: text, Entities: entities, LinkPreview: preview, Keyboard: keys})
}

func (s *Server) editMessageCaption(r *request) (any, error) {
	text, entities, err := s.caption(r)
	if err != nil {
		return nil, err
	}
	keys, err := newKeyboard(r)
	if err != nil {
		return nil, err
	}
	c, m, err := s.editable(r)
	if err != nil {
		return nil, err
	}
	if m.File == "" {
		return nil, badRequest("there is no caption in the message to edit")
	}
	return s.change(c, m, message{Text: text, Entities: entities, File: m.File, Keyboard: keys})
}

func (s *Server) editMessageMedia(r *request) (any, error) {
	var item album
	if err := json.Unmarshal([]byte(r.text("media")), &item); err != nil {
		return nil, badRequest("can't parse input media JSON object")
	}
	now, err := s.mediaItem(r, item)
	if err != nil {
		return nil, err
	}
	if now.Keyboard, err = newKeyboard(r); err != nil {
		return nil, err
	}
	c, m, err := s.editable(r)
	if err != nil {
		return nil, err
	}
	return s.change(c, m, *now)
}

func (s *Server) editMessageReplyMarkup(r *request) (any, error) {
	keys, err := newKeyboard(r)
	if err != nil {
		return nil, err
	}
	c, m, err := s.editable(r)
	if err != nil {
		return nil, err
	}
	now := *m
	now.Keyboard = keys
	return s.change(c, m, now)
}

func (s *Server) deleteMessage(r *request) (any, error) {
	c, err := s.chatParam(r, "chat_id")
	if err != nil {
		return nil, err
	}
	if err := s.mayRead(c); err != nil {
		return nil, err
	}
	if r.id("message_id") == 0 {
		return nil, badRequest("message identifier is not specified")
	}
	if err := s.remove(c, r.id("message_id")); err != nil {
		return nil, err
	}
	return true, nil
}

// remove deletes a message for everybody, if the bot may.
func (s *Server) remove(c *chat, id int64) error {
	m := c.message(id)
	if m == nil || m.Deleted || !s.visible(c, m) {
		return badRequest("message to delete not found")
	}
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
	c, err := s.chatParam(r, "chat_id")
	if err != nil {
		return nil, err
	}
	if err := s.mayRead(c); err != nil {
		return nil, err
	}
	for _, id := range ids {
		// What is not there any more is skipped.
		if m := c.message(id); m == nil || m.Deleted {
			continue
		}
		if err := s.remove(c, id); err != nil {
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
	c, err := s.chatParam(r, "chat_id")
	if err != nil {
		return nil, err
	}
	if err := s.mayRead(c); err != nil {
		return nil, err
	}
	m := c.message(r.id("message_id"))
	if m == nil || m.Deleted || !s.visible(c, m) {
		return nil, badRequest("message to react not found")
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

// mayPin tells whether the bot may pin and unpin.
func (s *Server) mayPin(c *chat) error {
	if err := s.mayRead(c); err != nil {
		return err
	}
	if !c.private() && !c.Members[s.botID].can("can_pin_messages") {
		return badRequest("not enough rights to manage pinned messages in the chat")
	}
	return nil
}

func (s *Server) pinChatMessage(r *request) (any, error) {
	c, err := s.chatParam(r, "chat_id")
	if err != nil {
		return nil, err
	}
	if err := s.mayPin(c); err != nil {
		return nil, err
	}
	m := c.message(r.id("message_id"))
	if m == nil || m.Deleted {
		return nil, badRequest("message to pin not found")
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
	c, err := s.chatParam(r, "chat_id")
	if err != nil {
		return nil, err
	}
	if err := s.mayPin(c); err != nil {
		return nil, err
	}
	id := r.id("message_id")
	if id == 0 && len(c.Pins) > 0 {
		id = c.Pins[len(c.Pins)-1]
	}
	if !slices.Contains(c.Pins, id) {
		return nil, badRequest("message to unpin not found")
	}
	c.Pins = slices.DeleteFunc(c.Pins, func(pin int64) bool { return pin == id })
	s.worldChanged()
	return true, nil
}

func (s *Server) unpinAllChatMessages(r *request) (any, error) {
	c, err := s.chatParam(r, "chat_id")
	if err != nil {
		return nil, err
	}
	if err := s.mayPin(c); err != nil {
		return nil, err
	}
	c.Pins = nil
	s.worldChanged()
	return true, nil
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
