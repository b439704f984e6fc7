package simulator

import (
	"encoding/json"
	"path"
	"slices"
	"time"
)

// The JSON shapes in which the Bot API speaks of the world.

type wireUser struct {
	ID           int64  `json:"id"`
	IsBot        bool   `json:"is_bot"`
	FirstName    string `json:"first_name"`
	LastName     string `json:"last_name,omitempty"`
	Username     string `json:"username,omitempty"`
	LanguageCode string `json:"language_code,omitempty"`
}

type wireMe struct {
	wireUser
	CanJoinGroups   bool `json:"can_join_groups"`
	CanReadAll      bool `json:"can_read_all_group_messages"`
	SupportsInline  bool `json:"supports_inline_queries"`
	CanConnect      bool `json:"can_connect_to_business"`
	HasMainWebApp   bool `json:"has_main_web_app"`
	HasTopics       bool `json:"has_topics_enabled"`
	UsersMakeTopics bool `json:"allows_users_to_create_topics"`
}

type wireChat struct {
	ID        int64  `json:"id"`
	Type      string `json:"type"`
	Title     string `json:"title,omitempty"`
	Username  string `json:"username,omitempty"`
	FirstName string `json:"first_name,omitempty"`
	LastName  string `json:"last_name,omitempty"`
	IsForum   bool   `json:"is_forum,omitempty"`
}

type wireMessage struct {
	MessageID     int64           `json:"message_id"`
	ThreadID      int64           `json:"message_thread_id,omitempty"`
	From          *wireUser       `json:"from,omitempty"`
	SenderChat    *wireChat       `json:"sender_chat,omitempty"`
	Chat          wireChat        `json:"chat"`
	Date          int64           `json:"date"`
	EditDate      int64           `json:"edit_date,omitempty"`
	IsTopic       bool            `json:"is_topic_message,omitempty"`
	ForwardOrigin *wireOrigin     `json:"forward_origin,omitempty"`
	ReplyTo       any             `json:"reply_to_message,omitempty"`
	ExternalReply any             `json:"external_reply,omitempty"`
	Protected     bool            `json:"has_protected_content,omitempty"`
	Album         string          `json:"media_group_id,omitempty"`
	Text          string          `json:"text,omitempty"`
	Entities      []Entity        `json:"entities,omitempty"`
	LinkPreview   json.RawMessage `json:"link_preview_options,omitempty"`

	Photo     []wirePhoto `json:"photo,omitempty"`
	Document  *wireFile   `json:"document,omitempty"`
	Video     *wireFile   `json:"video,omitempty"`
	Animation *wireFile   `json:"animation,omitempty"`
	Audio     *wireFile   `json:"audio,omitempty"`
	Voice     *wireFile   `json:"voice,omitempty"`
	VideoNote *wireFile   `json:"video_note,omitempty"`
	Sticker   *wireFile   `json:"sticker,omitempty"`

	Caption         string   `json:"caption,omitempty"`
	CaptionEntities []Entity `json:"caption_entities,omitempty"`

	Contact  *Contact  `json:"contact,omitempty"`
	Location *Location `json:"location,omitempty"`
	Venue    *Venue    `json:"venue,omitempty"`

	NewChatMembers []wireUser     `json:"new_chat_members,omitempty"`
	LeftChatMember *wireUser      `json:"left_chat_member,omitempty"`
	NewChatTitle   string         `json:"new_chat_title,omitempty"`
	GroupCreated   bool           `json:"group_chat_created,omitempty"`
	MigrateTo      int64          `json:"migrate_to_chat_id,omitempty"`
	MigrateFrom    int64          `json:"migrate_from_chat_id,omitempty"`
	Pinned         any            `json:"pinned_message,omitempty"`
	TopicCreated   *topicCreated  `json:"forum_topic_created,omitempty"`
	TopicEdited    map[string]any `json:"forum_topic_edited,omitempty"`
	TopicClosed    *struct{}      `json:"forum_topic_closed,omitempty"`
	TopicReopened  *struct{}      `json:"forum_topic_reopened,omitempty"`

	GeneralHidden   *struct{} `json:"general_forum_topic_hidden,omitempty"`
	GeneralUnhidden *struct{} `json:"general_forum_topic_unhidden,omitempty"`

	Markup *inlineMarkup `json:"reply_markup,omitempty"`
}

type topicCreated struct {
	Name      string `json:"name"`
	IconColor int64  `json:"icon_color"`
	IconEmoji string `json:"icon_custom_emoji_id,omitempty"`
}

type inlineMarkup struct {
	Rows [][]Button `json:"inline_keyboard"`
}

type wireOrigin struct {
	Type       string    `json:"type"`
	Date       int64     `json:"date"`
	SenderUser *wireUser `json:"sender_user,omitempty"`
	SenderName string    `json:"sender_user_name,omitempty"`
}

// wireInaccessible stands for a message that is too old or gone.
type wireInaccessible struct {
	Chat      wireChat `json:"chat"`
	MessageID int64    `json:"message_id"`
	Date      int64    `json:"date"` // always 0: that is how one knows it
}

type wirePhoto struct {
	FileID   string `json:"file_id"`
	UniqueID string `json:"file_unique_id"`
	FileSize int64  `json:"file_size,omitempty"`
	Width    int    `json:"width"`
	Height   int    `json:"height"`
}

type wireFile struct {
	FileID     string `json:"file_id"`
	UniqueID   string `json:"file_unique_id"`
	FileName   string `json:"file_name,omitempty"`
	MIME       string `json:"mime_type,omitempty"`
	FileSize   int64  `json:"file_size,omitempty"`
	Duration   *int   `json:"duration,omitempty"`
	Width      int    `json:"width,omitempty"`
	Height     int    `json:"height,omitempty"`
	Side       int    `json:"length,omitempty"` // of a round video
	Type       string `json:"type,omitempty"`   // of a sticker
	Emoji      string `json:"emoji,omitempty"`
	IsAnimated *bool  `json:"is_animated,omitempty"`
	IsVideo    *bool  `json:"is_video,omitempty"`
}

// Contact is a phone number that somebody shared. UserID is 0 if it is not
// known whose Telegram it is.
type Contact struct {
	Phone     string `json:"phone_number"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name,omitempty"`
	UserID    int64  `json:"user_id,omitempty"`
	VCard     string `json:"vcard,omitempty"`
}

// Location is a place.
type Location struct {
	Latitude  float64 `json:"latitude"`
	Longitude float64 `json:"longitude"`
}

// Venue is a place with a name.
type Venue struct {
	Location Location `json:"location"`
	Title    string   `json:"title"`
	Address  string   `json:"address"`
}

type wireCallback struct {
	ID           string   `json:"id"`
	From         wireUser `json:"from"`
	Message      any      `json:"message,omitempty"`
	ChatInstance string   `json:"chat_instance"`
	Data         string   `json:"data"`
}

type wireMemberUpdate struct {
	Chat wireChat       `json:"chat"`
	From wireUser       `json:"from"`
	Date int64          `json:"date"`
	Old  map[string]any `json:"old_chat_member"`
	New  map[string]any `json:"new_chat_member"`
}

// accessibleFor is how long a message can be seen in a callback.
const accessibleFor = 48 * time.Hour

// groupAnonymousBot is who an anonymous administrator is shown as.
var groupAnonymousBot = wireUser{ID: 1087968824, IsBot: true, FirstName: "Group", Username: "GroupAnonymousBot"}

// user shows a person, or the bot.
func (s *Server) user(id int64) wireUser {
	switch {
	case id == s.botID:
		return wireUser{ID: id, IsBot: true, FirstName: s.botName(), Username: s.o.Username}
	case id == groupAnonymousBot.ID:
		return groupAnonymousBot
	}
	p, ok := s.w.People[id]
	if !ok {
		return wireUser{ID: id}
	}
	return wireUser{p.ID, p.Bot, p.FirstName, p.LastName, p.Username, p.LanguageCode}
}

func (s *Server) botName() string {
	if name := s.w.Profile["name"][""]; name != "" {
		return name
	}
	return s.o.Name
}

func (s *Server) chatOf(c *chat) wireChat {
	w := wireChat{ID: c.ID, Type: c.Type, Title: c.Title, IsForum: c.Forum}
	if p, ok := s.w.People[c.ID]; ok {
		w.FirstName, w.LastName, w.Username = p.FirstName, p.LastName, p.Username
	}
	return w
}

// show is a message as the bot sees it. What it replies to is shown without
// what that replied to.
func (s *Server) show(c *chat, m *message) *wireMessage { return s.showDeep(c, m, true) }

func (s *Server) showDeep(c *chat, m *message, deep bool) *wireMessage {
	w := &wireMessage{
		MessageID: m.ID, ThreadID: m.Thread, Chat: s.chatOf(c), Date: m.Date, EditDate: m.EditDate,
		IsTopic: m.InTopic, Protected: m.Protected, Album: m.Album, LinkPreview: m.LinkPreview,
		Contact: m.Contact, Location: m.Location, Venue: m.Venue,
	}
	from := s.user(m.From)
	w.From = &from
	if m.Anonymous {
		group := s.chatOf(c)
		w.SenderChat = &group
	}
	if m.Venue != nil {
		w.Location = &m.Venue.Location
	}
	if m.Forward != nil {
		w.ForwardOrigin = m.Forward.show(s)
	}
	if m.File == "" {
		w.Text, w.Entities = m.Text, s.showEntities(m.Entities)
	} else {
		w.Caption, w.CaptionEntities = m.Text, s.showEntities(m.Entities)
		s.showFile(w, s.w.Files[m.File])
	}
	if m.Keyboard != nil && m.Keyboard.Kind == inline {
		w.Markup = &inlineMarkup{m.Keyboard.Rows}
	}
	if m.Service != nil {
		m.Service.show(s, c, w, deep)
	}
	if !deep {
		return w
	}
	replyTo := m.ReplyTo
	if replyTo == 0 && m.InTopic && m.ID != m.Thread {
		replyTo = m.Thread
	}
	if to := c.message(replyTo); to != nil && !to.Deleted {
		w.ReplyTo = s.showDeep(c, to, false)
	}
	return w
}

// showEntities fills in who is mentioned.
func (s *Server) showEntities(entities []Entity) []Entity {
	mentions := func(e Entity) bool { return e.User != nil }
	if !slices.ContainsFunc(entities, mentions) {
		return entities
	}
	out := slices.Clone(entities)
	for i, e := range out {
		if mentions(e) {
			full := s.user(e.User.ID)
			out[i].User = &full
		}
	}
	return out
}

// showIn is a message as a press on its button carries it.
func (s *Server) showIn(c *chat, m *message) any {
	if m == nil {
		return nil
	}
	if m.Deleted || s.clock.Now().Sub(time.Unix(m.Date, 0)) > accessibleFor {
		return wireInaccessible{Chat: s.chatOf(c), MessageID: m.ID}
	}
	return s.show(c, m)
}

func (s *Server) showFile(w *wireMessage, b *blob) {
	zero, no := b.Seconds, false
	f := &wireFile{FileID: b.ID, UniqueID: b.Unique, FileName: b.Name, MIME: b.MIME, FileSize: b.Size}
	switch b.Kind {
	case photo:
		w.Photo = b.sizes()
	case document:
		w.Document = f
	case video:
		f.Duration, f.Width, f.Height = &zero, b.Width, b.Height
		w.Video = f
	case animation:
		f.Duration, f.Width, f.Height = &zero, b.Width, b.Height
		w.Animation = f
		w.Document = &wireFile{FileID: b.ID, UniqueID: b.Unique, FileName: b.Name, MIME: b.MIME, FileSize: b.Size}
	case audio:
		f.Duration = &zero
		w.Audio = f
	case voice:
		f.FileName, f.Duration = "", &zero
		w.Voice = f
	case videoNote:
		f.FileName, f.MIME, f.Duration, f.Side = "", "", &zero, 240
		w.VideoNote = f
	case sticker:
		f.FileName, f.MIME = "", ""
		f.Type, f.Emoji, f.Width, f.Height, f.IsAnimated, f.IsVideo = "regular", "👍", 512, 512, &no, &no
		w.Sticker = f
	}
}

// base is the last element of a name that came from outside.
func base(name string) string {
	if name = path.Base("/" + name); name == "/" {
		return ""
	}
	return name
}
