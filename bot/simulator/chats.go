package simulator

import (
	"encoding/json"
	"fmt"
	"slices"
	"unicode/utf8"
)

func (s *Server) getMe(*request) (any, error) {
	return wireMe{wireUser: s.user(s.botID), CanJoinGroups: true, CanReadAll: s.o.ReadsAll}, nil
}

func (s *Server) getChat(r *request) (any, error) {
	c, err := s.present(r)
	if err != nil {
		return nil, err
	}
	if c.private() && !s.w.People[c.ID].Started {
		return nil, badRequest("chat not found")
	}
	raw, err := marshal(s.chatOf(c))
	if err != nil {
		return nil, err
	}
	full := map[string]any{}
	if err := json.Unmarshal(raw, &full); err != nil {
		return nil, err
	}
	full["id"] = c.ID // a float would lose digits
	full["accent_color_id"] = 1
	full["max_reaction_count"] = 11
	full["accepted_gift_types"] = map[string]bool{
		"unlimited_gifts": false, "limited_gifts": false, "unique_gifts": false, "premium_subscription": false,
		"gifts_from_channels": false,
	}
	if c.private() {
		if name := s.w.People[c.ID].Username; name != "" {
			full["active_usernames"] = []string{name}
		}
	} else {
		permissions := map[string]bool{}
		for _, right := range sendRights {
			permissions[right] = true
		}
		full["permissions"] = permissions
		if c.About != "" {
			full["description"] = c.About
		}
	}
	if n := len(c.Pins); n > 0 {
		if m := c.message(c.Pins[n-1]); m != nil && !m.Deleted {
			full["pinned_message"] = s.showDeep(c, m, false)
		}
	}
	return full, nil
}

// memberParam finds a chat and somebody who is or was in it.
func (s *Server) memberParam(r *request) (*chat, int64, *member, error) {
	c, err := s.present(r)
	if err != nil {
		return nil, 0, nil, err
	}
	id := r.id("user_id")
	if id <= 0 {
		return nil, 0, nil, badRequest("invalid user_id specified")
	}
	if id != s.botID && s.w.People[id] == nil {
		return nil, 0, nil, badRequest("PARTICIPANT_ID_INVALID")
	}
	if c.private() {
		if id != c.ID && id != s.botID {
			return nil, 0, nil, badRequest("user not found")
		}
		return c, id, &member{Status: plain}, nil
	}
	m := c.Members[id]
	if m == nil {
		m = &member{Status: left}
	}
	return c, id, m, nil
}

func (s *Server) getChatMember(r *request) (any, error) {
	_, id, m, err := s.memberParam(r)
	if err != nil {
		return nil, err
	}
	return s.showMember(id, m), nil
}

func (s *Server) getChatAdministrators(r *request) (any, error) {
	c, err := s.present(r)
	if err != nil {
		return nil, err
	}
	if c.private() {
		return nil, badRequest("there are no administrators in the private chat")
	}
	out := []map[string]any{}
	for _, id := range sorted(c.Members) {
		// Other bots are left out, the bot itself is not.
		if m := c.Members[id]; m.admin() && (id == s.botID || !s.user(id).IsBot) {
			out = append(out, s.showMember(id, m))
		}
	}
	return out, nil
}

func (s *Server) getChatMemberCount(r *request) (any, error) {
	c, err := s.present(r)
	if err != nil {
		return nil, err
	}
	if c.private() {
		return 2, nil
	}
	n := 0
	for _, m := range c.Members {
		if m.in() {
			n++
		}
	}
	return n, nil
}

func (s *Server) leaveChat(r *request) (any, error) {
	c, err := s.present(r)
	if err != nil {
		return nil, err
	}
	if c.private() {
		return nil, badRequest("chat member status can't be changed in private chats")
	}
	s.record(c, &message{From: s.botID, Service: &service{Kind: "left_chat_member", Who: []int64{s.botID}}})
	s.setMember(c, s.botID, s.botID, member{Status: left})
	return true, nil
}

func (s *Server) setChatTitle(r *request) (any, error) {
	c, err := s.present(r)
	if err != nil {
		return nil, err
	}
	if c.private() {
		return nil, badRequest("can't change private chat title")
	}
	if !c.Members[s.botID].can("can_change_info") {
		return nil, badRequest("not enough rights to change chat title")
	}
	title := r.text("title")
	if n := utf8.RuneCountInString(title); n == 0 || n > 128 {
		return nil, badRequest("title must be non-empty")
	}
	c.Title = title
	s.worldChanged()
	s.announce(c, s.botID, &service{Kind: "new_chat_title", Text: title})
	return true, nil
}

func (s *Server) setChatDescription(r *request) (any, error) {
	c, err := s.present(r)
	if err != nil {
		return nil, err
	}
	if c.private() {
		return nil, badRequest("can't change private chat description")
	}
	if !c.Members[s.botID].can("can_change_info") {
		return nil, badRequest("not enough rights to set chat description")
	}
	about := []rune(r.text("description"))
	about = about[:min(len(about), 255)]
	if string(about) == c.About {
		return nil, badRequest("chat description is not modified")
	}
	c.About = string(about)
	s.note()
	return true, nil
}

// restrictable finds a member whom the bot may put out or silence.
func (s *Server) restrictable(r *request) (*chat, int64, error) {
	c, id, m, err := s.memberParam(r)
	switch {
	case err != nil:
		return nil, 0, err
	case c.private():
		return nil, 0, badRequest("can't ban members in private chats")
	case id == s.botID:
		return nil, 0, badRequest("can't restrict self")
	case !c.Members[s.botID].can("can_restrict_members"):
		return nil, 0, badRequest("not enough rights to restrict/unrestrict chat member")
	case m.Status == creator:
		return nil, 0, badRequest("can't remove chat owner")
	case m.Status == administrator:
		return nil, 0, badRequest("user is an administrator of the chat")
	}
	return c, id, nil
}

func (s *Server) banChatMember(r *request) (any, error) {
	c, id, err := s.restrictable(r)
	if err != nil {
		return nil, err
	}
	s.kick(c, id, s.botID)
	return true, nil
}

func (s *Server) restrictChatMember(r *request) (any, error) {
	var may map[string]bool
	if json.Unmarshal([]byte(r.text("permissions")), &may) != nil {
		return nil, badRequest("can't parse permissions JSON object")
	}
	c, id, err := s.restrictable(r)
	if err != nil {
		return nil, err
	}
	if c.Type != "supergroup" {
		return nil, badRequest("method is available only for supergroups")
	}
	now := member{Status: restricted, Muted: true}
	if may["can_send_messages"] {
		now = member{Status: plain}
	}
	if !c.Members[id].in() {
		return nil, badRequest("USER_NOT_PARTICIPANT")
	}
	s.setMember(c, id, s.botID, now)
	return true, nil
}

func (s *Server) unbanChatMember(r *request) (any, error) {
	c, id, m, err := s.memberParam(r)
	switch {
	case err != nil:
		return nil, err
	case c.private() || !c.Members[s.botID].can("can_restrict_members"):
		return nil, badRequest("not enough rights to restrict/unrestrict chat member")
	}
	if m.Status == kicked {
		s.setMember(c, id, s.botID, member{Status: left})
	}
	return true, nil
}

func (s *Server) getUserProfilePhotos(r *request) (any, error) {
	if s.w.People[r.id("user_id")] == nil {
		return nil, badRequest("user not found")
	}
	return map[string]any{"total_count": 0, "photos": []any{}}, nil
}

// topic is a thread of a forum; its id is that of the message that made it.
type topic struct {
	Name    string
	Color   int64
	Icon    string `json:",omitempty"`
	By      int64
	Closed  bool `json:",omitempty"`
	Deleted bool `json:",omitempty"`
}

// topicColors are the only ones a topic can have.
var topicColors = []int64{7322096, 16766590, 13338331, 9367192, 16749490, 16478047}

func (s *Server) mayManage(c *chat, t *topic) bool {
	return c.Members[s.botID].can("can_manage_topics") || t != nil && t.By == s.botID
}

// forumParam finds the forum of a topic method.
func (s *Server) forumParam(r *request) (*chat, error) {
	c, err := s.present(r)
	if err != nil {
		return nil, err
	}
	if !c.Forum {
		return nil, badRequest("the chat is not a forum")
	}
	return c, nil
}

func topicName(r *request) (string, error) {
	name, _ := clean(r.text("name"), nil)
	if name == "" {
		return "", badRequest("name must be non-empty")
	}
	runes := []rune(name)
	return string(runes[:min(len(runes), 128)]), nil
}

func (s *Server) createForumTopic(r *request) (any, error) {
	c, err := s.forumParam(r)
	if err != nil {
		return nil, err
	}
	if !c.Members[s.botID].can("can_manage_topics") {
		return nil, badRequest("not enough rights to create a topic")
	}
	name, err := topicName(r)
	if err != nil {
		return nil, err
	}
	color := r.number("icon_color", topicColors[0], 0, 1<<24)
	if !slices.Contains(topicColors, color) {
		return nil, badRequest("invalid icon color specified")
	}
	if err := s.pace.send(c, 1); err != nil {
		return nil, err
	}
	id := s.addTopic(c, &topic{Name: name, Color: color, Icon: r.text("icon_custom_emoji_id"), By: s.botID})
	out := map[string]any{"message_thread_id": id, "name": name, "icon_color": color}
	if icon := r.text("icon_custom_emoji_id"); icon != "" {
		out["icon_custom_emoji_id"] = icon
	}
	return out, nil
}

func (s *Server) addTopic(c *chat, t *topic) int64 {
	m := s.record(c, &message{From: t.By, InTopic: true, Service: &service{
		Kind: "forum_topic_created", Text: t.Name, Color: t.Color, Icon: t.Icon,
	}})
	m.Thread = m.ID
	c.Topics[m.ID] = t
	s.worldChanged()
	s.deliver(c, m)
	return m.ID
}

// CreateTopic lets a person make a topic in a forum and returns its id.
func (s *Server) CreateTopic(person, chat int64, name string) (int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.place(person, chat)
	if err != nil {
		return 0, err
	}
	if !c.Forum {
		return 0, fmt.Errorf("simulator: %q is not a forum", c.Title)
	}
	return s.addTopic(c, &topic{Name: name, Color: topicColors[0], By: person}), nil
}

// CloseTopic lets a person close a topic.
func (s *Server) CloseTopic(person, chat, topic int64) error {
	return s.changeTopic(person, chat, topic, "forum_topic_closed")
}

// ReopenTopic lets a person open a closed topic again.
func (s *Server) ReopenTopic(person, chat, topic int64) error {
	return s.changeTopic(person, chat, topic, "forum_topic_reopened")
}

// DeleteTopic lets a person delete a topic with all that is in it. The bot is
// not told.
func (s *Server) DeleteTopic(person, chat, topic int64) error {
	return s.changeTopic(person, chat, topic, "")
}

func (s *Server) changeTopic(person, chat, id int64, kind string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.place(person, chat)
	if err != nil {
		return err
	}
	t := c.Topics[id]
	if t == nil || t.Deleted {
		return fmt.Errorf("simulator: there is no topic %d in %q", id, c.Title)
	}
	if kind == "" {
		s.dropTopic(c, id)
		return nil
	}
	s.setClosed(c, id, person, kind == "forum_topic_closed")
	return nil
}

func (s *Server) setClosed(c *chat, id, by int64, closed bool) {
	c.Topics[id].Closed = closed
	kind := "forum_topic_reopened"
	if closed {
		kind = "forum_topic_closed"
	}
	s.worldChanged()
	m := s.record(c, &message{From: by, Thread: id, InTopic: true, Service: &service{Kind: kind}})
	s.deliver(c, m)
}

func (s *Server) dropTopic(c *chat, id int64) {
	c.Topics[id].Deleted = true
	for _, m := range c.Messages {
		if m.Thread == id && !m.Deleted {
			m.Deleted = true
			s.touch(c, m)
		}
	}
	s.worldChanged()
}

// topicParam finds the topic that a method is to change.
func (s *Server) topicParam(r *request, verb string) (*chat, int64, *topic, error) {
	c, err := s.forumParam(r)
	if err != nil {
		return nil, 0, nil, err
	}
	id := r.id("message_thread_id")
	t := c.Topics[id]
	switch {
	case t == nil:
		return nil, 0, nil, badRequest("message thread not found")
	case t.Deleted:
		return nil, 0, nil, badRequest("TOPIC_DELETED")
	case verb == "delete" && !c.Members[s.botID].can("can_delete_messages"),
		verb != "delete" && !s.mayManage(c, t):
		what := map[string]string{"edit": "edit the topic", "close": "close or open the topic", "delete": "delete the topic"}
		return nil, 0, nil, badRequest("not enough rights to %s", what[verb])
	}
	return c, id, t, nil
}

func (s *Server) editForumTopic(r *request) (any, error) {
	c, id, t, err := s.topicParam(r, "edit")
	if err != nil {
		return nil, err
	}
	name, icon := t.Name, t.Icon
	if r.text("name") != "" {
		if name, err = topicName(r); err != nil {
			return nil, err
		}
	}
	if r.has("icon_custom_emoji_id") {
		icon = r.text("icon_custom_emoji_id")
	}
	if name == t.Name && icon == t.Icon {
		return nil, badRequest("TOPIC_NOT_MODIFIED")
	}
	if err := s.pace.send(c, 1); err != nil {
		return nil, err
	}
	e := &service{Kind: "forum_topic_edited"}
	if name != t.Name {
		e.Text = name
	}
	if icon != t.Icon {
		e.Icon = icon
	}
	t.Name, t.Icon = name, icon
	s.worldChanged()
	m := s.record(c, &message{From: s.botID, Thread: id, InTopic: true, Service: e})
	s.deliver(c, m)
	return true, nil
}

func (s *Server) closeForumTopic(r *request) (any, error)  { return s.openOrClose(r, true) }
func (s *Server) reopenForumTopic(r *request) (any, error) { return s.openOrClose(r, false) }

func (s *Server) openOrClose(r *request, closed bool) (any, error) {
	c, id, t, err := s.topicParam(r, "close")
	if err != nil {
		return nil, err
	}
	if t.Closed == closed {
		return nil, badRequest("TOPIC_NOT_MODIFIED")
	}
	if err := s.pace.send(c, 1); err != nil {
		return nil, err
	}
	s.setClosed(c, id, s.botID, closed)
	return true, nil
}

// general is the topic that every forum has from the beginning.
type general struct {
	Name   string `json:",omitempty"` // "General" if nobody changed it
	Closed bool   `json:",omitempty"`
	Hidden bool   `json:",omitempty"`
}

// changeGeneral is the method that does something to the General topic. change
// gives what the group is told, or nothing if that is how it was.
func changeGeneral(change func(g *general, r *request) (*service, error)) func(*Server, *request) (any, error) {
	return func(s *Server, r *request) (any, error) {
		c, err := s.forumParam(r)
		if err != nil {
			return nil, err
		}
		if !s.mayManage(c, nil) {
			return nil, badRequest("not enough rights to close or open the topic")
		}
		e, err := change(&c.General, r)
		if err != nil {
			return nil, err
		}
		if e == nil {
			return nil, badRequest("TOPIC_NOT_MODIFIED")
		}
		s.worldChanged()
		s.announce(c, s.botID, e)
		return true, nil
	}
}

func renameGeneral(g *general, r *request) (*service, error) {
	name, err := topicName(r)
	if err != nil || name == g.Name {
		return nil, err
	}
	g.Name = name
	return &service{Kind: "forum_topic_edited", Text: name}, nil
}

// openGeneral opens or closes the General topic; opened, it is hidden no more.
func openGeneral(closed bool) func(*general, *request) (*service, error) {
	return func(g *general, _ *request) (*service, error) {
		if g.Closed == closed {
			return nil, nil
		}
		g.Closed = closed
		if closed {
			return &service{Kind: "forum_topic_closed"}, nil
		}
		g.Hidden = false
		return &service{Kind: "forum_topic_reopened"}, nil
	}
}

// hideGeneral hides the General topic, which closes it, or shows it again.
func hideGeneral(hidden bool) func(*general, *request) (*service, error) {
	return func(g *general, _ *request) (*service, error) {
		if g.Hidden == hidden {
			return nil, nil
		}
		g.Hidden = hidden
		if hidden {
			g.Closed = true
			return &service{Kind: "general_forum_topic_hidden"}, nil
		}
		return &service{Kind: "general_forum_topic_unhidden"}, nil
	}
}

// getTopicIcons: the simulator has no stickers of its own.
func (s *Server) getTopicIcons(*request) (any, error) { return []any{}, nil }

func (s *Server) unpinTopic(r *request) (any, error) {
	c, err := s.pinnable(r)
	if err != nil {
		return nil, err
	}
	id := r.id("message_thread_id")
	if t := c.Topics[id]; t == nil || t.Deleted {
		return nil, badRequest("message thread not found")
	}
	s.unpin(c, func(m *message) bool { return m.InTopic && m.Thread == id })
	return true, nil
}

func (s *Server) unpinGeneral(r *request) (any, error) {
	c, err := s.pinnable(r)
	if err != nil {
		return nil, err
	}
	if !c.Forum {
		return nil, badRequest("the chat is not a forum")
	}
	s.unpin(c, func(m *message) bool { return !m.InTopic })
	return true, nil
}

func (s *Server) deleteForumTopic(r *request) (any, error) {
	c, id, _, err := s.topicParam(r, "delete")
	if err != nil {
		return nil, err
	}
	s.dropTopic(c, id)
	return true, nil
}
