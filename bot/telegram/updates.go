package telegram

import (
	"cmp"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/go-telegram/bot/models"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/bot"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/handlers"
)

// received are the kinds of update that the bot asks for. Telegram sends chat_member only
// when it is listed, and only to an administrator.
var received = []string{"message", "edited_message", "callback_query", "my_chat_member", "chat_member"}

// update is the part of Telegram's Update that Dauys reads. The library's own type fails
// as a whole when any part of it is of a kind that it does not know yet; this one has
// only what is used, so that a new kind of message is at worst a strange one.
type update struct {
	ID       int64     `json:"update_id"`
	Message  *message  `json:"message"`
	Edited   *message  `json:"edited_message"`
	Callback *callback `json:"callback_query"`
	Me       *member   `json:"my_chat_member"`
	Member   *member   `json:"chat_member"`
}

type message struct {
	ID         int          `json:"message_id"`
	Thread     int          `json:"message_thread_id"`
	InTopic    bool         `json:"is_topic_message"`
	From       *models.User `json:"from"`
	SenderChat *models.Chat `json:"sender_chat"`
	Chat       models.Chat  `json:"chat"`
	ReplyTo    *struct {
		ID int `json:"message_id"`
	} `json:"reply_to_message"`
	Text      string             `json:"text"`
	Caption   string             `json:"caption"`
	Album     string             `json:"media_group_id"`
	Origin    *origin            `json:"forward_origin"`
	Photo     []models.PhotoSize `json:"photo"`
	Document  *file              `json:"document"`
	Video     *file              `json:"video"`
	Note      *file              `json:"video_note"`
	Voice     *file              `json:"voice"`
	Audio     *file              `json:"audio"`
	Animation *file              `json:"animation"`
	Contact   *struct {
		FirstName string `json:"first_name"`
		LastName  string `json:"last_name"`

		Phone string `json:"phone_number"`
		User  int64  `json:"user_id"`
	} `json:"contact"`
	Location *struct {
		Latitude  float64 `json:"latitude"`
		Longitude float64 `json:"longitude"`
	} `json:"location"`
	Left    *models.User `json:"left_chat_member"`
	MovedTo int64        `json:"migrate_to_chat_id"`

	// What happens to the chat itself and is nobody's message.
	Joined   json.RawMessage `json:"new_chat_members"`
	Title    string          `json:"new_chat_title"`
	MovedOut int64           `json:"migrate_from_chat_id"`
	Pinned   json.RawMessage `json:"pinned_message"`
	Made     json.RawMessage `json:"forum_topic_created"`
	Renamed  json.RawMessage `json:"forum_topic_edited"`
	Shut     json.RawMessage `json:"forum_topic_closed"`
	Opened   json.RawMessage `json:"forum_topic_reopened"`
}

type file struct {
	ID   string `json:"file_id"`
	Name string `json:"file_name"`
	MIME string `json:"mime_type"`
	Size int64  `json:"file_size"`
}

// origin is who had written a message that is passed on, as far as they let it be known.
type origin struct {
	Date   int64        `json:"date"`
	User   *models.User `json:"sender_user"`
	Hidden string       `json:"sender_user_name"`
	Group  *models.Chat `json:"sender_chat"`
	Chat   *models.Chat `json:"chat"`
}

func (o *origin) name() string {
	switch {
	case o.User != nil:
		return strings.TrimSpace(o.User.FirstName + " " + o.User.LastName)
	case o.Group != nil:
		return o.Group.Title
	case o.Chat != nil:
		return o.Chat.Title
	}
	return o.Hidden
}

type callback struct {
	ID      string      `json:"id"`
	From    models.User `json:"from"`
	Data    string      `json:"data"`
	Message *message    `json:"message"`
}

type member struct {
	Chat models.Chat `json:"chat"`
	From models.User `json:"from"`
	Old  standing    `json:"old_chat_member"`
	New  standing    `json:"new_chat_member"`
}

// standing is what somebody is in a chat.
type standing struct {
	Status   string      `json:"status"`
	User     models.User `json:"user"`
	IsMember bool        `json:"is_member"`
	Topics   bool        `json:"can_manage_topics"`
}

// gone tells that they are not in it.
func (s standing) gone() bool {
	switch models.ChatMemberType(s.Status) {
	case models.ChatMemberTypeLeft, models.ChatMemberTypeBanned:
		return true
	case models.ChatMemberTypeRestricted:
		return !s.IsMember
	}
	return false
}

// Decode reads one update. One that nothing in Dauys reads has an empty From.
func (t *Telegram) Decode(raw []byte) (bot.Update, error) {
	var u update
	if err := json.Unmarshal(raw, &u); err != nil {
		return bot.Update{}, fmt.Errorf("telegram: read update: %w", err)
	}
	out := bot.Update{Raw: raw}
	out.Update = "telegram:" + strconv.FormatInt(u.ID, 10)
	switch {
	case u.Message != nil:
		t.message(&out.Input, u.Message)
	case u.Edited != nil:
		t.message(&out.Input, u.Edited)
		out.Edited = true
	case u.Callback != nil:
		out.PressID = u.Callback.ID
		who(&out.Input, &u.Callback.From)
		if m := u.Callback.Message; m != nil {
			where(&out.Input, m)
			out.Message = strconv.Itoa(m.ID)
		}
		if out.Press = tidy(u.Callback.Data); out.Press == "" || out.Chat == "" {
			out.Press, out.Chat, out.Private = "old", out.From, true // of a message nobody can find any more
		}
	case u.Me != nil && u.Me.Chat.Type == models.ChatTypePrivate:
		who(&out.Input, &u.Me.From)
		out.Chat, out.Private, out.Change = out.From, true, handlers.Unblocked
		if u.Me.New.Status == string(models.ChatMemberTypeBanned) {
			out.Change = handlers.Blocked
		}
	case u.Me != nil:
		who(&out.Input, &u.Me.From)
		out.Chat, out.Title, out.Change = address(u.Me.Chat.ID), u.Me.Chat.Title, handlers.Unblocked
		switch {
		case u.Me.New.gone():
			out.Change = handlers.Blocked
		case u.Me.Old.gone():
			out.Change = handlers.Added
		}
		switch {
		case !u.Me.Chat.IsForum:
			out.Forum = handlers.NoForum
		case u.Me.New.Topics:
			out.Forum = handlers.OurForum
		default:
			out.Forum = handlers.TheirForum
		}
	case u.Member != nil && u.Member.Old.gone() && !u.Member.New.gone():
		who(&out.Input, &u.Member.From)
		out.Chat, out.Change, out.Member = address(u.Member.Chat.ID), handlers.Joined, address(u.Member.New.User.ID)
	case u.Member != nil && u.Member.New.gone():
		who(&out.Input, &u.Member.From)
		out.Chat, out.Change, out.Member = address(u.Member.Chat.ID), handlers.Left, address(u.Member.New.User.ID)
	}
	return out, nil
}

func (t *Telegram) message(in *handlers.Input, m *message) {
	if m.From == nil {
		return // a channel
	}
	happened := m.Left != nil || m.MovedTo != 0 || m.MovedOut != 0 // no matter who did it, be it a bot
	mask := m.From.ID == anonymous || m.From.ID == asChannel
	if (m.From.IsBot && !mask || m.From.ID == service) && !happened {
		return
	}
	who(in, m.From)
	where(in, m)
	in.Message = strconv.Itoa(m.ID)
	switch {
	case m.Left != nil:
		in.Change, in.Member = handlers.Left, address(m.Left.ID)
		return
	case m.MovedTo != 0:
		in.Change, in.Moved = handlers.Moved, address(m.MovedTo)
		return
	case m.MovedOut != 0: // the same, told in the new chat; which of the two comes first is open
		in.Change, in.Chat, in.Moved = handlers.Moved, address(m.MovedOut), address(m.Chat.ID)
		return
	case m.Shut != nil:
		in.Change = handlers.Shut
		return
	case m.Opened != nil:
		in.Change = handlers.Opened
		return
	case m.Joined != nil, m.Title != "", m.Pinned != nil, m.Made != nil, m.Renamed != nil:
		in.From = ""
		return
	}
	if m.ReplyTo != nil && !(m.InTopic && m.ReplyTo.ID == m.Thread) { // every message of a topic answers its first
		in.ReplyTo = strconv.Itoa(m.ReplyTo.ID)
	}
	in.Text = tidy(m.Text)
	in.Command, in.Arg, in.Foreign = t.command(in.Text)
	in.Hidden = mask || m.SenderChat != nil
	switch {
	case len(m.Photo) > 0:
		p := m.Photo[len(m.Photo)-1]
		in.File = &ask.File{Ref: p.FileID, Kind: "photo", Size: int64(p.FileSize), MIME: "image/jpeg"}
	case m.Animation != nil:
		in.Strange = true // it comes as a document, too
	case m.Document != nil:
		in.File = m.Document.as("document")
	case m.Video != nil:
		in.File = m.Video.as("video")
	case m.Note != nil:
		in.File = m.Note.as("video_note")
	case m.Location != nil:
		in.File = &ask.File{Ref: fmt.Sprintf("%.6f,%.6f", m.Location.Latitude, m.Location.Longitude), Kind: "location"}
	case m.Contact != nil && m.Contact.User == m.From.ID: // anybody can send the contact of somebody else
		in.Phone, in.Contact = tidy(m.Contact.Phone), contact(m)
	case m.Contact != nil:
		in.Strange, in.Contact = true, contact(m) // nobody's own number; it can be words
	case m.Voice != nil:
		in.File = m.Voice.as("voice")
	case m.Audio != nil:
		in.File = m.Audio.as("audio")
	default:
		in.Strange = m.Text == ""
	}
	if in.File != nil {
		in.File.Caption, in.File.Album = ask.Clean(m.Caption), m.Album
	}
	if m.Origin != nil {
		in.Origin = cmp.Or(tidy(m.Origin.name()), "?")
		in.Written = time.Unix(m.Origin.Date, 0)
	}
}

// contact is one that was sent, in words.
func contact(m *message) string {
	name := strings.TrimSpace(tidy(m.Contact.FirstName + " " + m.Contact.LastName))
	return strings.Trim(ask.Clean(name+", "+tidy(m.Contact.Phone)), ", ")
}

// Accounts of Telegram's own.
const (
	anonymous = 1087968824 // administrators of a group who hide: the person is not known
	asChannel = 136817688  // people who write in the name of a channel: neither are they
	service   = 777000     // posts of a channel, passed on to its group; nobody has written them there
)

func (f *file) as(kind string) *ask.File {
	return &ask.File{Ref: f.ID, Kind: kind, Name: ask.Clean(f.Name), Size: f.Size, MIME: f.MIME}
}

func who(in *handlers.Input, u *models.User) {
	in.From = address(u.ID)
	in.Name = strings.TrimSpace(tidy(u.FirstName + " " + u.LastName))
	in.Lang = u.LanguageCode
}

func where(in *handlers.Input, m *message) {
	in.Chat = address(m.Chat.ID)
	in.Title = m.Chat.Title
	in.Private = m.Chat.Type == models.ChatTypePrivate
	if !in.Private {
		in.Forum = handlers.NoForum
		if m.Chat.IsForum {
			in.Forum = handlers.Forum
		}
	}
	if m.InTopic && m.Thread != 0 {
		in.Chat = dauys.AddressOf(Name, fmt.Sprintf("%d/%d", m.Chat.ID, m.Thread))
	}
}

// tidy takes out of what somebody sent what no database keeps.
func tidy(text string) string {
	return strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", ""), "")
}

// Commands are of these letters only (Bot API); anything else that begins with a slash is
// a text.
var commandForm = regexp.MustCompile(`(?s)^/([A-Za-z0-9_]{1,32})(?:@(\w+))?(?:\s+(.*))?$`)

// command reads "/new", "/bind CODE" or "/bind@our_bot CODE". A command for another bot,
// such as comes of a wrong tap in the list of commands, is none of ours.
func (t *Telegram) command(text string) (name, arg string, foreign bool) {
	m := commandForm.FindStringSubmatch(text)
	if m == nil {
		return "", "", false
	}
	if m[2] != "" && !strings.EqualFold(m[2], t.me.Username) {
		return "", "", true
	}
	return strings.ToLower(m[1]), strings.TrimSpace(m[3]), false
}
