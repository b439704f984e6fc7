package simulator

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	mostText    = 4096 // characters after parsing
	mostCaption = 1024
	mostRawText = 32_768 // bytes before
	mostAlbum   = 10
	mostIDs     = 100
)

// words reads a text parameter with its markup.
func (s *Server) words(r *request, name, entitiesName string) (string, []Entity, error) {
	text := r.text(name)
	if len(text) > mostRawText {
		return "", nil, badRequest("text is too long")
	}
	return s.marked(text, r.text("parse_mode"), r.text(entitiesName))
}

// marked parses a text and does what Telegram does to it before measuring.
func (s *Server) marked(text, mode, list string) (string, []Entity, error) {
	var entities []Entity
	switch strings.ToLower(mode) {
	case "":
		if list != "" {
			if err := json.Unmarshal([]byte(list), &entities); err != nil {
				return "", nil, badRequest("can't parse entities JSON object")
			}
		}
	case "html":
		var err error
		if text, entities, err = parseHTML(text); err != nil {
			return "", nil, &apiError{Code: 400, Text: "Bad Request: can't parse entities: " + err.Error()}
		}
	case "markdown", "markdownv2":
		return "", nil, badRequest("can't parse entities: the simulator reads HTML only")
	default:
		return "", nil, badRequest("unsupported parse_mode")
	}
	text, entities = clean(text, entities)
	return text, autoEntities(text, entities), nil
}

// caption is the optional text under a file.
func (s *Server) caption(r *request) (string, []Entity, error) {
	text, entities, err := s.words(r, "caption", "caption_entities")
	if err == nil && utf8.RuneCountInString(text) > mostCaption {
		err = badRequest("message caption is too long")
	}
	return text, entities, err
}

// bodyText is the text of a message, which cannot be missing.
func (s *Server) bodyText(r *request) (string, []Entity, error) {
	if r.text("text") == "" {
		return "", nil, badRequest("message text is empty")
	}
	text, entities, err := s.words(r, "text", "entities")
	switch {
	case err != nil:
		return "", nil, err
	case isBlank(text):
		return "", nil, badRequest("text must be non-empty")
	case utf8.RuneCountInString(text) > mostText:
		return "", nil, badRequest("message is too long")
	}
	return text, entities, nil
}

// linkPreview reads both ways to say that a link has no picture under it.
func linkPreview(r *request) (json.RawMessage, error) {
	if raw := r.text("link_preview_options"); raw != "" {
		if !strings.HasPrefix(strings.TrimSpace(raw), "{") || !json.Valid([]byte(raw)) {
			return nil, badRequest("can't parse link preview options JSON object")
		}
		if compact := strings.TrimSpace(raw); compact != "{}" {
			return json.RawMessage(compact), nil
		}
	}
	if r.yes("disable_web_page_preview") {
		return json.RawMessage(`{"is_disabled":true}`), nil
	}
	return nil, nil
}

func (s *Server) sendMessage(r *request) (any, error) {
	text, entities, err := s.bodyText(r)
	if err != nil {
		return nil, err
	}
	preview, err := linkPreview(r)
	if err != nil {
		return nil, err
	}
	return s.post(r, "text messages", &message{Text: text, Entities: entities, LinkPreview: preview})
}

// sendMedia is the method that sends one file of a kind.
func sendMedia(kind fileKind) func(*Server, *request) (any, error) {
	return func(s *Server, r *request) (any, error) {
		text, entities, err := s.caption(r)
		if err != nil {
			return nil, err
		}
		b, err := s.fileParam(r, string(kind), kind)
		if err != nil {
			return nil, err
		}
		return s.post(r, kindWords[kind], &message{Text: text, Entities: entities, File: b.ID})
	}
}

func (s *Server) sendLocation(r *request) (any, error) {
	place, err := location(r)
	if err != nil {
		return nil, err
	}
	return s.post(r, "text messages", &message{Location: place})
}

func (s *Server) sendVenue(r *request) (any, error) {
	place, err := location(r)
	if err != nil {
		return nil, err
	}
	if r.text("title") == "" || r.text("address") == "" {
		return nil, badRequest("venue title and address must be non-empty")
	}
	return s.post(r, "text messages", &message{Venue: &Venue{*place, r.text("title"), r.text("address")}})
}

func location(r *request) (*Location, error) {
	lat, err1 := strconv.ParseFloat(r.text("latitude"), 64)
	lon, err2 := strconv.ParseFloat(r.text("longitude"), 64)
	if err1 != nil || err2 != nil || math.Abs(lat) > 90 || math.Abs(lon) > 180 {
		return nil, badRequest("latitude and longitude must be valid numbers")
	}
	return &Location{lat, lon}, nil
}

func (s *Server) sendContact(r *request) (any, error) {
	if r.text("phone_number") == "" {
		return nil, badRequest("phone number must be non-empty")
	}
	if r.text("first_name") == "" {
		return nil, badRequest("first name must be non-empty")
	}
	return s.post(r, "text messages", &message{Contact: &Contact{
		Phone: r.text("phone_number"), FirstName: r.text("first_name"),
		LastName: r.text("last_name"), VCard: r.text("vcard"),
	}})
}

// chatActions are what a bot may be seen doing.
var chatActions = set("typing upload_photo record_video upload_video record_voice upload_voice record_audio " +
	"upload_audio upload_document choose_sticker find_location record_video_note upload_video_note cancel")

func (s *Server) sendChatAction(r *request) (any, error) {
	if !chatActions[strings.ToLower(r.text("action"))] {
		return nil, badRequest("wrong parameter action in request")
	}
	c, err := s.chatParam(r, "chat_id")
	if err != nil {
		return nil, err
	}
	if err := s.mayWrite(c, ""); err != nil {
		return nil, err
	}
	s.typing(c.ID, r.text("action"))
	return true, nil
}

// destination is where a message goes and what goes along with it.
type destination struct {
	chat     *chat
	thread   int64
	inTopic  bool
	replyTo  int64
	keyboard *keyboard
	silent   bool
	protect  bool
}

// post sends one message and shows it.
func (s *Server) post(r *request, what string, m *message) (any, error) {
	to, err := s.destination(r, what, 1)
	if err != nil {
		return nil, err
	}
	return s.show(to.chat, s.put(to, m)), nil
}

// destination checks, in the real server's order, where n messages are to go.
func (s *Server) destination(r *request, what string, n int) (*destination, error) {
	keyboard, err := s.markup(r)
	if err != nil {
		return nil, err
	}
	to := &destination{keyboard: keyboard, silent: r.yes("disable_notification"), protect: r.yes("protect_content")}
	if to.chat, err = s.chatParam(r, "chat_id"); err != nil {
		return nil, err
	}
	if err := s.mayWrite(to.chat, what); err != nil {
		return nil, err
	}
	if err := keyboard.fits(to.chat); err != nil {
		return nil, err
	}
	if err := s.replyParam(r, to); err != nil {
		return nil, err
	}
	if err := s.threadParam(r, to); err != nil {
		return nil, err
	}
	if err := s.pace.send(to.chat, n); err != nil {
		return nil, err
	}
	return to, nil
}

// put stores a message of the bot.
func (s *Server) put(to *destination, m *message) *message {
	m.From = s.botID
	m.Thread, m.InTopic, m.ReplyTo = to.thread, to.inTopic, to.replyTo
	m.Silent, m.Protected = to.silent, to.protect
	if to.keyboard != nil { // otherwise what a forwarded message brought along
		m.Keyboard = to.keyboard
	}
	s.typing(to.chat.ID, "")
	return s.record(to.chat, m)
}

// replyParam finds the message that is answered.
func (s *Server) replyParam(r *request, to *destination) error {
	var p struct {
		Message json.Number `json:"message_id"`
		Lenient bool        `json:"allow_sending_without_reply"`
	}
	if raw := r.text("reply_parameters"); raw != "" {
		if err := json.Unmarshal([]byte(raw), &p); err != nil {
			return badRequest("can't parse reply parameters JSON object")
		}
	} else {
		p.Message, p.Lenient = json.Number(r.text("reply_to_message_id")), r.yes("allow_sending_without_reply")
	}
	id, _ := p.Message.Int64()
	if id == 0 {
		return nil
	}
	m := to.chat.message(id)
	switch {
	case m != nil && !m.Deleted:
		to.replyTo = id
		if m.InTopic {
			to.thread, to.inTopic = m.Thread, true
		}
	case !p.Lenient:
		return badRequest("message to be replied not found")
	}
	return nil
}

// threadParam finds the topic. Outside a forum the parameter means nothing.
func (s *Server) threadParam(r *request, to *destination) error {
	if !to.chat.Forum {
		to.thread, to.inTopic = 0, false
		return nil
	}
	if id := r.id("message_thread_id"); id != 0 {
		to.thread, to.inTopic = id, true
	}
	if !to.inTopic {
		if to.chat.General.Closed && !s.mayManage(to.chat, nil) {
			return badRequest("TOPIC_CLOSED")
		}
		return nil
	}
	t := to.chat.Topics[to.thread]
	switch {
	case t == nil || t.Deleted:
		return badRequest("message thread not found")
	case t.Closed && !s.mayManage(to.chat, t):
		return badRequest("TOPIC_CLOSED")
	}
	return nil
}

// chatParam finds the chat that a parameter names.
func (s *Server) chatParam(r *request, name string) (*chat, error) {
	text := strings.TrimSpace(r.text(name))
	if text == "" {
		return nil, badRequest("%s is empty", name)
	}
	id, err := strconv.ParseInt(text, 10, 64)
	c, ok := s.w.Chats[id]
	if err != nil || !ok || c.private() && s.w.People[id] == nil {
		return nil, badRequest("chat not found")
	}
	if c.MigratedTo != 0 {
		return nil, &apiError{
			Code: 400, Text: "Bad Request: group chat was upgraded to a supergroup chat", MigrateTo: c.MigratedTo,
		}
	}
	return c, nil
}

// present finds the chat that a call is about, if the bot is in it.
func (s *Server) present(r *request) (*chat, error) {
	c, err := s.chatParam(r, "chat_id")
	if err != nil {
		return nil, err
	}
	return c, s.mayRead(c)
}

// mayRead tells whether the bot is in a chat at all.
func (s *Server) mayRead(c *chat) error {
	if c.private() {
		return nil
	}
	kind := "group"
	if c.Type == "supergroup" {
		kind = "supergroup"
	}
	me := c.Members[s.botID]
	switch {
	case me == nil:
		return badRequest("chat not found") // the bot never was there
	case c.Gone && c.Type == "group":
		return forbidden("the group chat was deleted")
	case c.Gone:
		return forbidden("bot was kicked from the supergroup chat")
	case me.Status == kicked:
		return forbidden("bot was kicked from the " + kind + " chat")
	case !me.in():
		return forbidden("bot is not a member of the " + kind + " chat")
	}
	return nil
}

// mayWrite tells whether the bot can send something of a kind to a chat.
func (s *Server) mayWrite(c *chat, what string) error {
	if !c.private() {
		if err := s.mayRead(c); err != nil {
			return err
		}
		if c.Members[s.botID].Muted && what != "" {
			return badRequest("not enough rights to send %s to the chat", what)
		}
		return nil
	}
	p := s.w.People[c.ID]
	switch {
	case p.Gone:
		return forbidden("user is deactivated")
	case p.Bot:
		return forbidden("the bot can't send messages to the bot")
	case p.Blocked:
		return forbidden("bot was blocked by the user")
	case !p.Started:
		return forbidden("bot can't initiate conversation with a user")
	}
	return nil
}

// album is one element of the media parameter.
type album struct {
	Type     string `json:"type"`
	Media    string `json:"media"`
	Caption  string `json:"caption"`
	Mode     string `json:"parse_mode"`
	Entities any    `json:"caption_entities"`
}

func (s *Server) sendMediaGroup(r *request) (any, error) {
	var items []album
	if err := json.Unmarshal([]byte(r.text("media")), &items); err != nil {
		return nil, badRequest("can't parse media JSON object")
	}
	switch n := len(items); {
	case n == 0:
		return nil, badRequest("there are no messages to send")
	case n == 1:
		s.blame("sendMediaGroup was called with one file") // works, but is not documented
	case n > mostAlbum:
		return nil, badRequest("too many messages to send as an album")
	}
	for _, alone := range []string{"document", "audio"} {
		is := func(a album) bool { return a.Type == alone }
		if slices.ContainsFunc(items, is) && slices.ContainsFunc(items, func(a album) bool { return !is(a) }) {
			return nil, badRequest("%s can't be mixed with other media types", alone)
		}
	}
	messages := make([]*message, len(items))
	for i, item := range items {
		m, err := s.mediaItem(r, item)
		if err != nil {
			return nil, err
		}
		messages[i] = m
	}
	to, err := s.destination(r, kindWords[fileKind(items[0].Type)], len(items))
	if err != nil {
		return nil, err
	}
	return s.putAlbum(to, messages), nil
}

// mediaItem reads one InputMedia.
func (s *Server) mediaItem(r *request, item album) (*message, error) {
	kind := fileKind(item.Type)
	if kindWords[kind] == "" || kind == sticker || kind == voice || kind == videoNote {
		return nil, badRequest("media type %q is not supported", item.Type)
	}
	list := ""
	if item.Entities != nil {
		raw, _ := json.Marshal(item.Entities)
		list = string(raw)
	}
	text, entities, err := s.marked(item.Caption, item.Mode, list)
	if err != nil {
		return nil, err
	}
	if utf8.RuneCountInString(text) > mostCaption {
		return nil, badRequest("message caption is too long")
	}
	b, err := s.fileNamed(r, item.Media, kind)
	if err != nil {
		return nil, err
	}
	return &message{Text: text, Entities: entities, File: b.ID}, nil
}

func (s *Server) putAlbum(to *destination, messages []*message) []*wireMessage {
	name := ""
	if len(messages) > 1 {
		name = s.albumID()
	}
	out := make([]*wireMessage, len(messages))
	for i, m := range messages {
		m.Album = name
		out[i] = s.show(to.chat, s.put(to, m))
	}
	return out
}

func (s *Server) albumID() string {
	s.w.NextAlbum++
	return fmt.Sprintf("%d", 13_000_000_000_000_000+s.w.NextAlbum)
}

// source finds a message that is to be copied or forwarded.
func (s *Server) source(r *request, id int64, verb string) (*chat, *message, error) {
	from, err := s.chatParam(r, "from_chat_id")
	if err != nil {
		return nil, nil, err
	}
	if err := s.mayRead(from); err != nil {
		return nil, nil, err
	}
	if id == 0 {
		return nil, nil, badRequest("message identifier is not specified")
	}
	m := from.message(id)
	if m == nil || m.Deleted || !s.visible(from, m) {
		return nil, nil, badRequest("message to %s not found", verb)
	}
	if m.Service != nil || m.Protected && m.From != s.botID {
		return nil, nil, badRequest("message can't be %s", map[string]string{"copy": "copied", "forward": "forwarded"}[verb])
	}
	return from, m, nil
}

// visible tells whether the bot could ever see a message.
func (s *Server) visible(c *chat, m *message) bool { return m.From == s.botID || s.sees(c, m) }

// copyOf is a message without its sender and its buttons.
func copyOf(m *message) *message {
	return &message{
		Text: m.Text, Entities: m.Entities, LinkPreview: m.LinkPreview, File: m.File,
		Contact: m.Contact, Location: m.Location, Venue: m.Venue,
	}
}

func (s *Server) forwardOf(m *message) *message {
	f := copyOf(m)
	f.Keyboard = m.Keyboard.links()
	f.Forward = m.Forward
	if f.Forward == nil {
		f.Forward = &forward{From: m.From, Date: m.Date}
	}
	return f
}

type wireMessageID struct {
	ID int64 `json:"message_id"`
}

func (s *Server) copyMessage(r *request) (any, error) {
	_, m, err := s.source(r, r.id("message_id"), "copy")
	if err != nil {
		return nil, err
	}
	m = copyOf(m)
	if r.has("caption") && m.File != "" {
		if m.Text, m.Entities, err = s.caption(r); err != nil {
			return nil, err
		}
	}
	to, err := s.destination(r, "text messages", 1)
	if err != nil {
		return nil, err
	}
	return wireMessageID{s.put(to, m).ID}, nil
}

func (s *Server) forwardMessage(r *request) (any, error) {
	_, m, err := s.source(r, r.id("message_id"), "forward")
	if err != nil {
		return nil, err
	}
	return s.post(r, "text messages", s.forwardOf(m))
}

func (s *Server) copyMessages(r *request) (any, error) {
	strip := r.yes("remove_caption")
	return s.transfer(r, "copy", func(m *message) *message {
		m = copyOf(m)
		if strip && m.File != "" {
			m.Text, m.Entities = "", nil
		}
		return m
	})
}

func (s *Server) forwardMessages(r *request) (any, error) {
	return s.transfer(r, "forward", s.forwardOf)
}

// transfer brings many messages over; albums stay together, what cannot be
// found is left out.
func (s *Server) transfer(r *request, verb string, as func(*message) *message) (any, error) {
	ids, err := messageIDs(r)
	if err != nil {
		return nil, err
	}
	if !slices.IsSorted(ids) {
		return nil, badRequest("message identifiers must be in a strictly increasing order")
	}
	if _, err := s.chatParam(r, "from_chat_id"); err != nil {
		return nil, err
	}
	var found []*message
	var albums []string
	for _, id := range ids {
		if _, m, err := s.source(r, id, verb); err == nil {
			found, albums = append(found, as(m)), append(albums, m.Album)
		}
	}
	if len(found) == 0 {
		return nil, badRequest("there are no messages to %s", verb)
	}
	to, err := s.destination(r, "text messages", len(found))
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	out := make([]wireMessageID, len(found))
	for i, m := range found {
		if a := albums[i]; a != "" {
			if names[a] == "" {
				names[a] = s.albumID()
			}
			m.Album = names[a]
		}
		out[i] = wireMessageID{s.put(to, m).ID}
	}
	return out, nil
}

func messageIDs(r *request) ([]int64, error) {
	var ids []int64
	if raw := r.text("message_ids"); raw != "" {
		if err := json.Unmarshal([]byte(raw), &ids); err != nil {
			return nil, badRequest("can't parse message identifiers JSON object")
		}
	}
	switch {
	case len(ids) == 0:
		return nil, badRequest("message identifiers are not specified")
	case len(ids) > mostIDs:
		return nil, badRequest("too many message identifiers specified")
	}
	return ids, nil
}
