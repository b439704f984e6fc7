// Package telegram is the only code of Dauys that knows Telegram: it turns updates into
// [bot.Update]s, replies into messages, and the Bot API's errors into [bot.SendError]s.
//
// Rare calls and most types are those of go-telegram/bot. Receiving is our own, because the
// library confirms updates before they are handled; so are the calls of every turn, and the
// HTTP client under the library (client.go). It knows no case, no office and no language but the texts handed to it.
package telegram

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/bot"
	"alt.edu.kz/dauys/flows/ask"
)

// Name is the messenger's part of an address.
const Name = "telegram"

// Telegram sends to Telegram and receives from it.
type Telegram struct {
	api    *tg.Bot
	client *client
	me     models.User
	log    *slog.Logger
}

// New readies the client; it calls nobody. The server is the address of a Bot API server
// without a trailing slash.
func New(server, token string, log *slog.Logger) (*Telegram, error) {
	c := newClient(server, token)
	if u, err := url.Parse(server); err != nil || u.Host == "" {
		return nil, errors.New("telegram: the address of the Bot API server is none")
	}
	api, err := tg.New(token, tg.WithSkipGetMe(), tg.WithServerURL(server), tg.WithHTTPClient(time.Minute, c),
		tg.WithErrorsHandler(func(err error) { log.Warn("telegram client", "error", c.redact(err)) }))
	if err != nil {
		return nil, fmt.Errorf("telegram: %w", c.redact(err))
	}
	return &Telegram{api: api, client: c, log: log}, nil
}

// Me asks who the bot is; it is the first call, and shows whether token and server are right.
func (t *Telegram) Me(ctx context.Context) (username string, err error) {
	me, err := t.api.GetMe(ctx)
	if err != nil {
		return "", fmt.Errorf("telegram: who am I: %w", t.client.redact(err))
	}
	t.me = *me
	return me.Username, nil
}

// Link leads to the bot, in whichever app; the payload, of letters, digits, - and _ only and at
// most 64 of them (Bot API), comes back behind /start.
func (t *Telegram) Link(payload string) string {
	return "https://t.me/" + t.me.Username + "?start=" + payload
}

// chat is an address in Telegram's terms: a chat and, in a group with topics, a topic.
type chat struct {
	id     int64
	thread int
}

func chatOf(a dauys.Address) (chat, error) {
	id, thread, _ := strings.Cut(a.ID(), "/")
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil || a.Messenger() != Name {
		return chat{}, &bot.SendError{Failure: bot.Refused, Err: fmt.Errorf("telegram: %q is no address of Telegram", string(a))}
	}
	c := chat{id: n}
	if thread != "" {
		if c.thread, err = strconv.Atoi(thread); err != nil {
			return chat{}, &bot.SendError{Failure: bot.Refused, Err: fmt.Errorf("telegram: %q is no address of a topic", string(a))}
		}
	}
	return c, nil
}

func address(id int64) dauys.Address { return dauys.AddressOf(Name, strconv.FormatInt(id, 10)) }

// Group tells whether an address is a group: their ids are negative.
func (t *Telegram) Group(a dauys.Address) bool { return strings.HasPrefix(a.ID(), "-") }

// Parts are the messages that a reply takes: a text over Telegram's limit takes several, of
// which the last has the buttons or opens the answer field; so does a file with more words
// than its caption holds. What cannot be put into the message that is to be replaced begins
// with taking that away.
func (t *Telegram) Parts(r ask.Reply) []ask.Reply {
	if len(r.Files) > 0 {
		return withCaptions(r)
	}
	if empty(r.Text) {
		return []ask.Reply{r}
	}
	var parts []ask.Reply
	texts := split(r.Text, maxText)
	if r.Edit != "" && (r.Force != "" || len(texts) > 1) {
		parts, r.Edit = append(parts, ask.Reply{Edit: r.Edit}), ""
	}
	for i, text := range texts {
		part := ask.Reply{Text: text, Protected: r.Protected}
		if i == 0 {
			part.Edit, part.Mends, part.To = r.Edit, r.Mends, r.To
		}
		if i == len(texts)-1 {
			part.Buttons, part.Force = r.Buttons, r.Force
		}
		parts = append(parts, part)
	}
	return parts
}

// withCaptions puts the words of files that no caption holds into messages after them.
func withCaptions(r ask.Reply) []ask.Reply {
	parts := []ask.Reply{r}
	parts[0].Files = slices.Clone(r.Files)
	for i, f := range r.Files {
		captions := split(f.Caption, maxCaption)
		if f.Kind == "video_note" || f.Kind == "location" { // Telegram shows no words with them
			captions = append([]string{""}, captions...)
		}
		parts[0].Files[i].Caption = captions[0]
		for _, more := range captions[1:] {
			if blank(plain(more)) {
				continue
			}
			parts = append(parts, ask.Reply{Text: more, To: r.To, Protected: r.Protected})
		}
	}
	return parts
}

// Send sends one of the parts of a reply and tells the id of the message. Of a text over
// Telegram's limit, that nobody has asked the parts of, the rest is left out.
func (t *Telegram) Send(ctx context.Context, to dauys.Address, r ask.Reply) (string, error) {
	c, err := chatOf(to)
	if err != nil {
		return "", err
	}
	replaced, err := strconv.Atoi(r.Edit)
	edit := err == nil
	switch {
	case len(r.Files) > 0:
		return t.sendFiles(ctx, c, r)
	case empty(r.Text) && edit:
		return "", t.remove(ctx, c, replaced)
	case empty(r.Text):
		return "", &bot.SendError{Failure: bot.Refused, Err: errors.New("telegram: there is nothing to send")}
	}
	text := links(split(r.Text, maxText)[0])
	if edit && r.Force == "" {
		done, err := t.edit(ctx, c, replaced, text, markup(r))
		if err != nil || done || r.Mends {
			return r.Edit, err
		}
	}
	p := &words{Chat: c.id, Thread: c.thread, Text: text, Mode: models.ParseModeHTML, Preview: noPreview, To: answerTo(r.To), Markup: markup(r), Silent: r.Silent, Protect: r.Protected}
	var m struct {
		ID int `json:"message_id"`
	}
	err = t.client.call(ctx, "sendMessage", p, &m)
	if unreadable(err) { // our markup is broken: rather plain than not at all
		t.log.Error("telegram refused our markup", "error", t.client.redact(err))
		p.Text, p.Mode = plain(text), ""
		err = t.client.call(ctx, "sendMessage", p, &m)
	}
	if err != nil {
		return "", t.failure(err)
	}
	return strconv.Itoa(m.ID), nil
}

// words are the parameters of a message that is sent or replaced. The types of the library
// cost more, and give every button an empty copy_text.
type words struct {
	Chat    int64                   `json:"chat_id"`
	Thread  int                     `json:"message_thread_id,omitempty"`
	Message int                     `json:"message_id,omitempty"`
	Text    string                  `json:"text"`
	Mode    models.ParseMode        `json:"parse_mode,omitempty"`
	Preview preview                 `json:"link_preview_options"`
	To      *models.ReplyParameters `json:"reply_parameters,omitempty"`
	Markup  any                     `json:"reply_markup,omitempty"`
	Silent  bool                    `json:"disable_notification,omitempty"`
	Protect bool                    `json:"protect_content,omitempty"`
}

type preview struct {
	Disabled bool `json:"is_disabled"`
}

var noPreview = preview{Disabled: true}

type keyboard struct {
	Rows [][]button `json:"inline_keyboard"`
}

type button struct {
	Text string `json:"text"`
	Data string `json:"callback_data,omitempty"`
	URL  string `json:"url,omitempty"`
}

// nothing is what is needed of a result that says no more than that it worked.
var nothing = &struct{}{}

// edit replaces a message. It is not done when the message is gone, so that a new one has
// to be sent.
func (t *Telegram) edit(ctx context.Context, c chat, message int, text string, buttons any) (done bool, err error) {
	p := &words{Chat: c.id, Message: message, Text: text, Mode: models.ParseModeHTML, Preview: noPreview, Markup: buttons}
	err = t.client.call(ctx, "editMessageText", p, nothing)
	if unreadable(err) {
		t.log.Error("telegram refused our markup", "error", t.client.redact(err))
		p.Text, p.Mode = plain(text), ""
		err = t.client.call(ctx, "editMessageText", p, nothing)
	}
	switch {
	case err == nil || unchanged(err):
		return true, nil
	case lost(err):
		return false, nil
	}
	return false, t.failure(err)
}

// remove takes a message away, or at least its buttons when it is too old for that. It is
// no reason not to send what should stand in its place, unless that has to wait, too.
func (t *Telegram) remove(ctx context.Context, c chat, message int) error {
	p := struct {
		Chat    int64 `json:"chat_id"`
		Message int   `json:"message_id"`
	}{c.id, message}
	err := t.client.call(ctx, "deleteMessage", p, nothing)
	if says(err, "message can't be deleted") {
		err = t.client.call(ctx, "editMessageReplyMarkup", p, nothing)
	}
	if err == nil {
		return nil
	}
	if f := t.failure(err); f.Failure != bot.Refused {
		return f
	}
	return nil
}

// sendFiles sends files that the bot has seen, by Telegram's own names for them.
func (t *Telegram) sendFiles(ctx context.Context, c chat, r ask.Reply) (string, error) {
	id, err := t.fileMessage(ctx, c, r, models.ParseModeHTML)
	if unreadable(err) {
		t.log.Error("telegram refused our markup", "error", t.client.redact(err))
		id, err = t.fileMessage(ctx, c, r, "")
	}
	if err != nil {
		return "", t.failure(err)
	}
	return strconv.Itoa(id), nil
}

func (t *Telegram) fileMessage(ctx context.Context, c chat, r ask.Reply, mode models.ParseMode) (int, error) {
	words := func(f ask.File) string {
		caption := links(split(f.Caption, maxCaption)[0])
		if mode == "" {
			return plain(caption)
		}
		return caption
	}
	if len(r.Files) > 1 {
		p := &tg.SendMediaGroupParams{ChatID: c.id, MessageThreadID: c.thread, DisableNotification: r.Silent, ProtectContent: r.Protected, ReplyParameters: answerTo(r.To)}
		for _, f := range r.Files {
			p.Media = append(p.Media, media(f, words(f), mode))
		}
		ms, err := t.api.SendMediaGroup(ctx, p)
		if err != nil || len(ms) == 0 {
			return 0, err
		}
		return ms[0].ID, nil
	}
	f := r.Files[0]
	caption, file := words(f), &models.InputFileString{Data: f.Ref}
	var m *models.Message
	var err error
	switch f.Kind {
	case "photo":
		m, err = t.api.SendPhoto(ctx, &tg.SendPhotoParams{ChatID: c.id, MessageThreadID: c.thread, DisableNotification: r.Silent, ProtectContent: r.Protected, Photo: file, Caption: caption, ParseMode: mode, ReplyParameters: answerTo(r.To)})
	case "video":
		m, err = t.api.SendVideo(ctx, &tg.SendVideoParams{ChatID: c.id, MessageThreadID: c.thread, DisableNotification: r.Silent, ProtectContent: r.Protected, Video: file, Caption: caption, ParseMode: mode, ReplyParameters: answerTo(r.To)})
	case "voice":
		m, err = t.api.SendVoice(ctx, &tg.SendVoiceParams{ChatID: c.id, MessageThreadID: c.thread, DisableNotification: r.Silent, ProtectContent: r.Protected, Voice: file, Caption: caption, ParseMode: mode, ReplyParameters: answerTo(r.To)})
	case "video_note":
		m, err = t.api.SendVideoNote(ctx, &tg.SendVideoNoteParams{ChatID: c.id, MessageThreadID: c.thread, DisableNotification: r.Silent, ProtectContent: r.Protected, VideoNote: file, ReplyParameters: answerTo(r.To)})
	case "location":
		p := &tg.SendLocationParams{ChatID: c.id, MessageThreadID: c.thread, DisableNotification: r.Silent, ProtectContent: r.Protected, ReplyParameters: answerTo(r.To)}
		if _, err := fmt.Sscanf(f.Ref, "%f,%f", &p.Latitude, &p.Longitude); err != nil {
			return 0, fmt.Errorf("%w, %q is no place", tg.ErrorBadRequest, f.Ref)
		}
		m, err = t.api.SendLocation(ctx, p)
	case "audio":
		m, err = t.api.SendAudio(ctx, &tg.SendAudioParams{ChatID: c.id, MessageThreadID: c.thread, DisableNotification: r.Silent, ProtectContent: r.Protected, Audio: file, Caption: caption, ParseMode: mode, ReplyParameters: answerTo(r.To)})
	default:
		m, err = t.api.SendDocument(ctx, &tg.SendDocumentParams{ChatID: c.id, MessageThreadID: c.thread, DisableNotification: r.Silent, ProtectContent: r.Protected, Document: file, Caption: caption, ParseMode: mode, ReplyParameters: answerTo(r.To)})
	}
	if err != nil {
		return 0, err
	}
	return m.ID, nil
}

func media(f ask.File, caption string, mode models.ParseMode) models.InputMedia {
	switch f.Kind {
	case "photo":
		return &models.InputMediaPhoto{Media: f.Ref, Caption: caption, ParseMode: mode}
	case "video":
		return &models.InputMediaVideo{Media: f.Ref, Caption: caption, ParseMode: mode}
	}
	return &models.InputMediaDocument{Media: f.Ref, Caption: caption, ParseMode: mode}
}

func answerTo(message string) *models.ReplyParameters {
	id, err := strconv.Atoi(message)
	if err != nil {
		return nil
	}
	return &models.ReplyParameters{MessageID: id, AllowSendingWithoutReply: true}
}

// markup is the buttons under a message, or the open answer field. It is nil when there is
// neither, so that an edit takes old buttons away.
func markup(r ask.Reply) any {
	if r.Force != "" {
		return &models.ForceReply{ForceReply: true, Selective: true, InputFieldPlaceholder: first(r.Force, 64)}
	}
	var k keyboard
	for _, row := range r.Buttons {
		var out []button
		for _, b := range row {
			out = append(out, button{Text: b.Text, Data: b.Data, URL: b.URL})
		}
		if len(out) > 0 {
			k.Rows = append(k.Rows, out)
		}
	}
	if k.Rows == nil {
		return nil
	}
	return k
}

func first(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}

var person = regexp.MustCompile(`href="` + Name + `:(\d+)"`)

// links turns a link to a person's address into Telegram's mention of them.
func links(text string) string { return person.ReplaceAllString(text, `href="tg://user?id=$1"`) }

// Toast answers the press of a button.
func (t *Telegram) Toast(ctx context.Context, press, text string) error {
	p := struct {
		Press string `json:"callback_query_id"`
		Text  string `json:"text,omitempty"`
		Alert bool   `json:"show_alert,omitempty"`
	}{press, first(text, 200), len(text) > 80}
	if err := t.client.call(ctx, "answerCallbackQuery", p, nothing); err != nil {
		return t.failure(err)
	}
	return nil
}

// memberTime is how long Telegram may take to tell who is in a chat: an update waits for it.
const memberTime = 5 * time.Second

// Member tells whether a person is in a chat now.
func (t *Telegram) Member(ctx context.Context, in, who dauys.Address) (bool, error) {
	c, err := chatOf(in)
	if err != nil {
		return false, err
	}
	p, err := chatOf(who)
	if err != nil {
		return false, err
	}
	ctx, cancel := context.WithTimeout(ctx, memberTime)
	defer cancel()
	m, err := t.api.GetChatMember(ctx, &tg.GetChatMemberParams{ChatID: c.id, UserID: p.id})
	if err != nil {
		if errors.Is(err, tg.ErrorBadRequest) || errors.Is(err, tg.ErrorForbidden) {
			return false, nil // not known there, or the bot is not there itself
		}
		return false, t.failure(err)
	}
	return present(*m), nil
}

// Leave leaves a group; a topic is left with its group.
func (t *Telegram) Leave(ctx context.Context, in dauys.Address) error {
	c, err := chatOf(in)
	if err != nil {
		return err
	}
	if _, err = t.api.LeaveChat(ctx, &tg.LeaveChatParams{ChatID: c.id}); err == nil {
		return nil
	}
	switch f := t.failure(err); f.Failure {
	case bot.Unreachable, bot.Moved, bot.Refused: // out of it already
		return nil
	default:
		return f
	}
}

func present(m models.ChatMember) bool {
	switch m.Type {
	case models.ChatMemberTypeOwner, models.ChatMemberTypeAdministrator, models.ChatMemberTypeMember:
		return true
	case models.ChatMemberTypeRestricted:
		return m.Restricted != nil && m.Restricted.IsMember
	}
	return false
}

// closedTime is after how long a chat in which nobody may write is tried again: Telegram
// does not tell a bot that its rights are back.
const closedTime = 5 * time.Minute

// unknownFile is what Telegram says to a name of a file that is none, is of another bot, or has
// been forgotten.
var unknownFile = []string{"wrong file identifier", "wrong remote file identifier", "wrong file_id", "invalid file_id", "file_id not specified", "file_reference_", "can't use file of type"}

// failure says what an error of the Bot API means for what to do next.
func (t *Telegram) failure(err error) *bot.SendError {
	out := &bot.SendError{Failure: bot.Trouble, Err: t.client.redact(err)}
	if e, ok := errors.AsType[*tg.TooManyRequestsError](err); ok {
		out.Failure, out.After = bot.TooFast, time.Duration(max(e.RetryAfter, 1))*time.Second
		return out
	}
	if e, ok := errors.AsType[*tg.MigrateError](err); ok {
		out.Failure, out.To = bot.Moved, address(int64(e.MigrateToChatID))
		return out
	}
	switch {
	case errors.Is(err, dauys.ErrTooBig):
		out.Failure = bot.TooBig
	case says(err, "file is too big", "request entity too large"):
		out.Failure, out.Err = bot.TooBig, fmt.Errorf("%w: %w", dauys.ErrTooBig, out.Err)
	case errors.Is(err, dauys.ErrGone):
		out.Failure = bot.Gone
	case says(err, unknownFile...):
		out.Failure, out.Err = bot.Gone, fmt.Errorf("%w: %w", dauys.ErrGone, out.Err)
	case errors.Is(err, tg.ErrorForbidden), says(err, "chat not found", "user not found", "peer_id_invalid"):
		out.Failure = bot.Unreachable
	case says(err, "message thread not found", "topic_deleted"):
		out.Failure = bot.TopicGone
	case says(err, "have no write access", "not enough rights to send text messages", "chat_write_forbidden"):
		out.Failure, out.After = bot.Closed, closedTime
	case says(err, "topic_closed"):
		out.Failure, out.After = bot.TopicShut, closedTime
	case says(err, "the chat is not a forum"):
		out.Failure, out.Err = bot.NoTopics, fmt.Errorf("%w: %w", bot.ErrNoForum, out.Err)
	case says(err, "not enough rights to create a topic", "not enough rights to edit the topic", "not enough rights to close or open the topic"):
		out.Failure = bot.NoTopics
	case errors.Is(err, tg.ErrorBadRequest):
		out.Failure = bot.Refused
	}
	return out
}

// says looks for the server's words in an error; they are all it gives (Bot API).
func says(err error, words ...string) bool {
	if err == nil || !errors.Is(err, tg.ErrorBadRequest) {
		return false
	}
	text := strings.ToLower(err.Error())
	for _, w := range words {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

func unchanged(err error) bool  { return says(err, "message is not modified") }
func unreadable(err error) bool { return says(err, "can't parse entities") }

// lost tells that a message cannot be edited any more.
func lost(err error) bool {
	return says(err, "message to edit not found", "message can't be edited", "message identifier is not specified", "message_id_invalid")
}
