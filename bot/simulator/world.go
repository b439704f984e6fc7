package simulator

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"sort"
	"strings"
	"time"
)

// Person is somebody with a Telegram account.
type Person struct {
	ID           int64  `json:"id"`
	FirstName    string `json:"first_name"`
	LastName     string `json:"last_name,omitempty"`
	Username     string `json:"username,omitempty"`
	LanguageCode string `json:"language_code,omitempty"`
	Bot          bool   `json:"bot,omitempty"`
}

// Name is how the person is called in a chat.
func (p Person) Name() string { return strings.TrimSpace(p.FirstName + " " + p.LastName) }

// Chat is a place where people talk. A person's private chat with the bot has
// the person's id.
type Chat struct {
	ID      int64   `json:"id"`
	Type    string  `json:"type"` // private, group, supergroup
	Title   string  `json:"title,omitempty"`
	Forum   bool    `json:"forum,omitempty"`
	Members []int64 `json:"members,omitempty"` // of a group, the bot included, by id
	Admins  []int64 `json:"admins,omitempty"`
}

// state is all that is kept in Options.File.
type state struct {
	People      map[int64]*person
	Chats       map[int64]*chat
	Files       map[string]*blob
	Queue       []*update
	NextUpdate  int64
	LastUpdate  int64 // when the newest update was made
	Allowed     []string
	NextMessage int64 // of private chats and basic groups
	NextFile    int64
	NextQuery   int64
	NextAlbum   int64
	Callbacks   map[string]*callback
	Hook        *hookSettings
	Commands    []commandSet
	Profile     map[string]map[string]string // what → language → text
	Menus       map[int64]json.RawMessage    // 0: for everybody
	Rights      map[string]json.RawMessage
}

func newState() state {
	return state{
		People:      map[int64]*person{},
		Chats:       map[int64]*chat{},
		Files:       map[string]*blob{},
		Callbacks:   map[string]*callback{},
		NextUpdate:  1000,
		NextMessage: 1,
		NextFile:    1,
		NextQuery:   1,
		NextAlbum:   1,
		Profile:     map[string]map[string]string{},
		Menus:       map[int64]json.RawMessage{},
		Rights:      map[string]json.RawMessage{},
	}
}

type person struct {
	Person
	Started bool     // has pressed Start once
	Blocked bool     // blocks the bot
	Gone    bool     // the account is deleted
	Phone   string   // what their contact button shares
	Answers []Answer // to their presses
}

// Answer is what a person saw after pressing a button.
type Answer struct {
	Data  string // of the button
	Text  string
	Alert bool
	URL   string
}

type chat struct {
	ID         int64
	Type       string
	Title      string
	Forum      bool
	Members    map[int64]*member
	Topics     map[int64]*topic
	Messages   []*message // oldest first
	Next       int64      // message id; 0: ids are counted over all such chats
	MigratedTo int64
	Pins       []int64
	About      string  `json:",omitempty"`
	General    general // of a forum
	Gone       bool    `json:",omitempty"` // its owner deleted it
}

func (c *chat) private() bool { return c.Type == "private" }

// message finds a message; nil if there never was one, or it is forgotten.
func (c *chat) message(id int64) *message {
	i := sort.Search(len(c.Messages), func(i int) bool { return c.Messages[i].ID >= id })
	if i < len(c.Messages) && c.Messages[i].ID == id {
		return c.Messages[i]
	}
	return nil
}

// Statuses of a member, in the words of the Bot API.
const (
	creator       = "creator"
	administrator = "administrator"
	plain         = "member"
	restricted    = "restricted"
	left          = "left"
	kicked        = "kicked"
)

type member struct {
	Status string
	Rights map[string]bool // of an administrator
	Muted  bool            // of a restricted one
}

func (m *member) in() bool {
	return m != nil && m.Status != left && m.Status != kicked
}

func (m *member) admin() bool {
	return m != nil && (m.Status == creator || m.Status == administrator)
}

func (m *member) can(right string) bool {
	return m != nil && (m.Status == creator || m.Status == administrator && m.Rights[right])
}

// allRights are what Promote gives.
var allRights = []string{
	"can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members",
	"can_promote_members", "can_change_info", "can_invite_users", "can_post_stories", "can_edit_stories",
	"can_delete_stories", "can_pin_messages", "can_manage_topics",
}

type message struct {
	ID          int64
	From        int64
	Anonymous   bool `json:",omitempty"` // shown as the group itself
	Author      int64
	Date        int64
	EditDate    int64           `json:",omitempty"`
	Edits       int             `json:",omitempty"`
	Thread      int64           `json:",omitempty"`
	InTopic     bool            `json:",omitempty"`
	ReplyTo     int64           `json:",omitempty"`
	Forward     *forward        `json:",omitempty"`
	Text        string          `json:",omitempty"` // or caption
	Entities    []Entity        `json:",omitempty"`
	LinkPreview json.RawMessage `json:",omitempty"`
	File        string          `json:",omitempty"` // id
	Album       string          `json:",omitempty"`
	Contact     *Contact        `json:",omitempty"`
	Location    *Location       `json:",omitempty"`
	Venue       *Venue          `json:",omitempty"`
	Keyboard    *keyboard       `json:",omitempty"`
	Service     *service        `json:",omitempty"`
	Protected   bool            `json:",omitempty"`
	Silent      bool            `json:",omitempty"`
	Deleted     bool            `json:",omitempty"`
	Reactions   map[int64]string
}

// forward is where a forwarded message came from.
type forward struct {
	Name string // of somebody who hides their account, or
	From int64
	Date int64
}

func (f *forward) show(s *Server) *wireOrigin {
	if f.Name != "" {
		return &wireOrigin{Type: "hidden_user", Date: f.Date, SenderName: f.Name}
	}
	from := s.user(f.From)
	return &wireOrigin{Type: "user", Date: f.Date, SenderUser: &from}
}

// service is a message that nobody wrote.
type service struct {
	Kind    string // the name of its field in the Bot API
	Who     []int64
	Text    string // title of the chat, name of the topic
	Color   int64
	Icon    string
	Message int64 // pinned
	Chat    int64 // migrated
}

func (e *service) show(s *Server, c *chat, w *wireMessage, deep bool) {
	w.Text = ""
	switch e.Kind {
	case "new_chat_members":
		for _, id := range e.Who {
			w.NewChatMembers = append(w.NewChatMembers, s.user(id))
		}
	case "left_chat_member":
		who := s.user(e.Who[0])
		w.LeftChatMember = &who
	case "new_chat_title":
		w.NewChatTitle = e.Text
	case "group_chat_created":
		w.GroupCreated = true
	case "migrate_to_chat_id":
		w.MigrateTo = e.Chat
	case "migrate_from_chat_id":
		w.MigrateFrom = e.Chat
	case "pinned_message":
		if m := c.message(e.Message); m != nil && deep {
			w.Pinned = s.showDeep(c, m, false)
		}
	case "forum_topic_created":
		w.TopicCreated = &topicCreated{e.Text, e.Color, e.Icon}
	case "forum_topic_edited":
		w.TopicEdited = map[string]any{}
		if e.Text != "" {
			w.TopicEdited["name"] = e.Text
		}
		if e.Icon != "" {
			w.TopicEdited["icon_custom_emoji_id"] = e.Icon
		}
	case "forum_topic_closed":
		w.TopicClosed = &struct{}{}
	case "forum_topic_reopened":
		w.TopicReopened = &struct{}{}
	case "general_forum_topic_hidden":
		w.GeneralHidden = &struct{}{}
	case "general_forum_topic_unhidden":
		w.GeneralUnhidden = &struct{}{}
	}
}

// AddPerson makes somebody known, or changes their names. They have not
// started the bot yet. A person cannot have the bot's id.
func (s *Server) AddPerson(p Person) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p.ID <= 0 || p.ID == s.botID || p.ID == groupAnonymousBot.ID {
		panic(fmt.Sprintf("simulator: a person cannot have the id %d", p.ID))
	}
	if known, ok := s.w.People[p.ID]; ok {
		known.Person = p
	} else {
		s.w.People[p.ID] = &person{Person: p}
		s.w.Chats[p.ID] = &chat{ID: p.ID, Type: "private"}
	}
	s.worldChanged()
}

// AddGroup makes a group in which the bot is a plain member and the first of
// the people its creator. No update tells the bot of it: it has always been
// so. Ids below -1000000000000 are supergroups, other negative ones basic
// groups. A group that exists gets the title and the missing members.
func (s *Server) AddGroup(id int64, title string, members ...int64) {
	s.addGroup(id, title, members)
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.w.Chats[id]
	if !c.Members[s.botID].in() {
		c.Members[s.botID] = &member{Status: plain}
	}
}

// AddGroupWithoutBot makes a group of which the bot knows nothing yet.
func (s *Server) AddGroupWithoutBot(id int64, title string, members ...int64) {
	s.addGroup(id, title, members)
}

func (s *Server) addGroup(id int64, title string, members []int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if id >= 0 {
		panic(fmt.Sprintf("simulator: a group cannot have the id %d", id))
	}
	c, ok := s.w.Chats[id]
	if !ok {
		c = newGroup(id)
		s.w.Chats[id] = c
	}
	c.Title = title
	for _, p := range members {
		if _, ok := s.w.People[p]; !ok {
			panic(fmt.Sprintf("simulator: nobody has the id %d", p))
		}
		if c.Members[p].in() {
			continue
		}
		status := plain
		if !slices.ContainsFunc(sorted(c.Members), func(p int64) bool { return c.Members[p].Status == creator }) {
			status = creator
		}
		c.Members[p] = &member{Status: status}
	}
	s.worldChanged()
}

func newGroup(id int64) *chat {
	c := &chat{ID: id, Type: "group", Members: map[int64]*member{}, Topics: map[int64]*topic{}}
	if id < -1_000_000_000_000 {
		c.Type, c.Next = "supergroup", 2 // 1 is that the group was made, and the General topic
	}
	return c
}

// SetForum turns topics of a supergroup on or off.
func (s *Server) SetForum(chat int64, on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.group(chat).Forum = on
	s.worldChanged()
}

// group is a group that a test named; naming one that is not there is a fault
// of the test.
func (s *Server) group(id int64) *chat {
	c, ok := s.w.Chats[id]
	if !ok || c.private() {
		panic(fmt.Sprintf("simulator: there is no group %d", id))
	}
	return c
}

// Join lets a person enter a group.
func (s *Server) Join(chat, person int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.group(chat)
	if c.Members[person].in() {
		return
	}
	s.setMember(c, person, person, member{Status: plain})
	s.announce(c, person, &service{Kind: "new_chat_members", Who: []int64{person}})
}

// Leave lets a person go out of a group.
func (s *Server) Leave(chat, person int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.group(chat)
	if !c.Members[person].in() {
		return
	}
	s.announce(c, person, &service{Kind: "left_chat_member", Who: []int64{person}})
	s.setMember(c, person, person, member{Status: left})
}

// Kick puts a person out of a group.
func (s *Server) Kick(chat, person, by int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kick(s.group(chat), person, by)
}

func (s *Server) kick(c *chat, person, by int64) {
	if !c.Members[person].in() {
		return
	}
	s.announce(c, by, &service{Kind: "left_chat_member", Who: []int64{person}})
	s.setMember(c, person, by, member{Status: kicked})
}

// Promote makes a member, or the bot, an administrator with all rights.
func (s *Server) Promote(chat, person int64) { s.SetRights(chat, person, allRights...) }

// SetRights makes a member, or the bot, an administrator with these rights
// (can_pin_messages and so on).
func (s *Server) SetRights(chat, person int64, rights ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.group(chat)
	s.setMember(c, person, s.ownerOf(c), member{Status: administrator, Rights: set(strings.Join(rights, " "))})
}

// Demote makes a plain member of an administrator.
func (s *Server) Demote(chat, person int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.group(chat)
	s.setMember(c, person, s.ownerOf(c), member{Status: plain})
}

// Mute takes the right to write from a member, or from the bot.
func (s *Server) Mute(chat, person int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.group(chat)
	s.setMember(c, person, s.ownerOf(c), member{Status: restricted, Muted: true})
}

func (s *Server) ownerOf(c *chat) int64 {
	for _, id := range sorted(c.Members) {
		if c.Members[id].Status == creator {
			return id
		}
	}
	return groupAnonymousBot.ID
}

// AddBotToGroup lets a person bring the bot into a group.
func (s *Server) AddBotToGroup(chat, by int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.group(chat)
	if c.Members[s.botID].in() {
		return
	}
	s.setMember(c, s.botID, by, member{Status: plain})
	s.announce(c, by, &service{Kind: "new_chat_members", Who: []int64{s.botID}})
}

// KickBot lets a person put the bot out of a group.
func (s *Server) KickBot(chat, by int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.group(chat)
	if !c.Members[s.botID].in() {
		return
	}
	s.setMember(c, s.botID, by, member{Status: kicked})
	s.record(c, &message{From: by, Service: &service{Kind: "left_chat_member", Who: []int64{s.botID}}})
}

// setMember changes what somebody is in a group and tells the bot: always if
// it is the bot itself, otherwise if the bot is an administrator.
func (s *Server) setMember(c *chat, who, by int64, now member) {
	before := c.Members[who]
	if before == nil {
		before = &member{Status: left}
	}
	c.Members[who] = &now
	s.worldChanged()
	u := wireMemberUpdate{s.chatOf(c), s.user(by), s.unix(), s.showMember(who, before), s.showMember(who, &now)}
	switch {
	case who == s.botID:
		s.enqueue("my_chat_member", c.ID+5<<33, u)
	case c.Members[s.botID].admin():
		s.enqueue("chat_member", c.ID+6<<33, u)
	}
}

// showMember is a ChatMember.
func (s *Server) showMember(id int64, m *member) map[string]any {
	w := map[string]any{"user": s.user(id), "status": m.Status}
	switch m.Status {
	case creator:
		w["is_anonymous"] = false
	case administrator:
		w["can_be_edited"] = false
		w["is_anonymous"] = false
		for _, right := range allRights {
			w[right] = m.Rights[right]
		}
	case restricted:
		w["is_member"] = true
		w["until_date"] = 0
		for _, right := range sendRights {
			w[right] = !m.Muted
		}
	case kicked:
		w["until_date"] = 0
	}
	return w
}

// sendRights are what a restricted member may lack.
var sendRights = []string{
	"can_send_messages", "can_send_audios", "can_send_documents", "can_send_photos", "can_send_videos",
	"can_send_video_notes", "can_send_voice_notes", "can_send_polls", "can_send_other_messages",
	"can_add_web_page_previews", "can_react_to_messages", "can_change_info", "can_invite_users",
	"can_pin_messages", "can_manage_topics", "can_edit_tag",
}

// announce puts a service message into a group; the bot sees it if it is in.
func (s *Server) announce(c *chat, by int64, e *service) *message {
	m := s.record(c, &message{From: by, Service: e})
	s.deliver(c, m)
	return m
}

// DeleteGroup lets the owner of a group delete it. The bot is not told.
func (s *Server) DeleteGroup(chat int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.group(chat).Gone = true
	s.worldChanged()
}

// Block lets a person block the bot.
func (s *Server) Block(person int64) { s.setBlocked(person, true) }

// Unblock lets a person take the block back.
func (s *Server) Unblock(person int64) { s.setBlocked(person, false) }

func (s *Server) setBlocked(id int64, blocked bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.somebody(id)
	if p.Blocked == blocked {
		return
	}
	p.Blocked = blocked
	s.worldChanged()
	before, now := &member{Status: plain}, &member{Status: kicked}
	if !blocked {
		before, now = now, before
		p.Started = true
	}
	s.enqueue("my_chat_member", id+5<<33, wireMemberUpdate{
		s.chatOf(s.w.Chats[id]), s.user(id), s.unix(), s.showMember(s.botID, before), s.showMember(s.botID, now),
	})
}

// Deactivate deletes a person's account.
func (s *Server) Deactivate(person int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.somebody(person).Gone = true
	s.worldChanged()
}

// Started lets a person have started the bot some time ago, so that it may
// write to them. The bot is told nothing.
func (s *Server) Started(person int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.somebody(person).Started = true
	s.worldChanged()
}

func (s *Server) somebody(id int64) *person {
	p, ok := s.w.People[id]
	if !ok {
		panic(fmt.Sprintf("simulator: nobody has the id %d", id))
	}
	return p
}

// Migrate turns a basic group into a supergroup and returns its new id. From
// then on the old id answers only where the group went.
func (s *Server) Migrate(chat int64) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	old := s.group(chat)
	if old.MigratedTo != 0 {
		return old.MigratedTo
	}
	id := -1_000_000_000_000 - 1_000_000_000 + old.ID%1_000_000_000
	now := newGroup(id)
	now.Title = old.Title
	for _, p := range sorted(old.Members) {
		m := *old.Members[p]
		now.Members[p] = &m
	}
	s.w.Chats[id] = now
	by := s.ownerOf(old)
	s.announce(old, by, &service{Kind: "migrate_to_chat_id", Chat: id})
	old.MigratedTo = id
	s.announce(now, by, &service{Kind: "migrate_from_chat_id", Chat: old.ID})
	s.worldChanged()
	return id
}

// place checks that a person can write somewhere.
func (s *Server) place(who, where int64) (*chat, error) {
	p, ok := s.w.People[who]
	if !ok {
		return nil, fmt.Errorf("simulator: nobody has the id %d", who)
	}
	c, ok := s.w.Chats[where]
	switch {
	case !ok:
		return nil, fmt.Errorf("simulator: there is no chat %d", where)
	case p.Gone:
		return nil, fmt.Errorf("simulator: the account of %s is deleted", p.Name())
	case c.private() && who != where:
		return nil, fmt.Errorf("simulator: %d is another person's private chat", where)
	case c.private() && p.Blocked:
		return nil, fmt.Errorf("simulator: %s has blocked the bot: unblock it first", p.Name())
	case c.Gone:
		return nil, fmt.Errorf("simulator: the group %q is deleted", c.Title)
	case !c.private() && c.MigratedTo != 0:
		return nil, fmt.Errorf("simulator: the group %d is now %d", where, c.MigratedTo)
	case !c.private() && !c.Members[who].in():
		return nil, fmt.Errorf("simulator: %s is not in %q", p.Name(), c.Title)
	case !c.private() && c.Members[who].Muted:
		return nil, fmt.Errorf("simulator: %s may not write in %q", p.Name(), c.Title)
	}
	return c, nil
}

// act lets a person put a message into a chat.
func (s *Server) act(who, where int64, m *message) (int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.place(who, where)
	if err != nil {
		return 0, err
	}
	if m.ReplyTo != 0 {
		to := c.message(m.ReplyTo)
		if to == nil || to.Deleted {
			return 0, fmt.Errorf("simulator: there is no message %d in %d to reply to", m.ReplyTo, where)
		}
		if m.Thread == 0 && to.InTopic {
			m.Thread, m.InTopic = to.Thread, true
		}
	}
	if m.InTopic {
		t := c.Topics[m.Thread]
		switch {
		case t == nil || t.Deleted:
			return 0, fmt.Errorf("simulator: there is no topic %d in %d", m.Thread, where)
		case t.Closed && !c.Members[who].can("can_manage_topics"):
			return 0, fmt.Errorf("simulator: the topic %q is closed", t.Name)
		}
	} else if c.Forum && c.General.Closed && !c.Members[who].can("can_manage_topics") {
		return 0, fmt.Errorf("simulator: the General topic of %q is closed", c.Title)
	}
	m.From, m.Author = who, who
	if m.Anonymous {
		if !c.Members[who].admin() {
			return 0, fmt.Errorf("simulator: only an administrator of %q can be anonymous", c.Title)
		}
		m.From = groupAnonymousBot.ID
	}
	s.pace.spoke(who)
	if p := s.w.People[who]; c.private() && !p.Started {
		p.Started = true
		s.worldChanged()
	}
	s.record(c, m)
	s.deliver(c, m)
	return m.ID, nil
}

// record gives a message its id and date and puts it into the chat.
func (s *Server) record(c *chat, m *message) *message {
	if c.Next != 0 {
		m.ID = c.Next
		c.Next++
	} else {
		m.ID = s.w.NextMessage
		s.w.NextMessage++
	}
	if m.Author == 0 {
		m.Author = m.From
	}
	m.Date = s.unix()
	c.Messages = append(c.Messages, m)
	if len(c.Messages) > 2*keptMessages {
		c.Messages = slices.Clone(c.Messages[keptMessages:])
	}
	s.touch(c, m)
	return m
}

// keptMessages is how many of a chat's messages are at least kept.
const keptMessages = 5_000

// deliver queues a message for the bot, if the bot sees it.
func (s *Server) deliver(c *chat, m *message) {
	if s.sees(c, m) {
		s.enqueueUntil("message", c.ID, s.show(c, m), time.Unix(m.Date, 0).Add(messageLife))
	}
}

// sees is privacy mode: of what people say in a group, a bot that is neither
// an administrator nor set to read everything sees only what is meant for it.
func (s *Server) sees(c *chat, m *message) bool {
	if c.private() {
		return true
	}
	me := c.Members[s.botID]
	switch {
	case !me.in():
		return false
	case s.w.People[m.Author] != nil && s.w.People[m.Author].Bot:
		return false // bots do not hear each other
	case s.o.ReadsAll, me.admin(), m.Service != nil:
		return true
	}
	if to := c.message(m.ReplyTo); to != nil && to.From == s.botID {
		return true
	}
	for _, e := range m.Entities {
		switch word := cut(m.Text, e.Offset, e.Length); e.Type {
		case "mention":
			if strings.EqualFold(word, "@"+s.o.Username) {
				return true
			}
		case "bot_command":
			_, to, addressed := strings.Cut(word, "@")
			if addressed && strings.EqualFold(to, s.o.Username) || !addressed && s.spokeLast(c) {
				return true
			}
		}
	}
	return false
}

// spokeLast tells whether no other bot spoke in the group since this one.
func (s *Server) spokeLast(c *chat) bool {
	for _, m := range slices.Backward(c.Messages) {
		if m.From == s.botID {
			return true
		}
		if p := s.w.People[m.From]; p != nil && p.Bot {
			return false
		}
	}
	return true
}

// written is the text of a person with the entities their app sends along.
func written(text string) (string, []Entity, error) {
	if isBlank(text) {
		return "", nil, fmt.Errorf("simulator: there is nothing to send in an empty text")
	}
	text = strings.TrimSpace(text)
	if n := len([]rune(text)); n > mostText {
		return "", nil, fmt.Errorf("simulator: an app would split a text of %d characters", n)
	}
	return text, autoEntities(text, nil), nil
}

// Say lets a person write in a chat; in their private chat with the bot if
// chat is person.
func (s *Server) Say(person, chat int64, text string) (int64, error) {
	return s.say(person, chat, message{Text: text})
}

// Reply lets a person answer a message.
func (s *Server) Reply(person, chat, to int64, text string) (int64, error) {
	return s.say(person, chat, message{Text: text, ReplyTo: to})
}

// SayInTopic lets a person write in a topic of a forum.
func (s *Server) SayInTopic(person, chat, topic int64, text string) (int64, error) {
	return s.say(person, chat, message{Text: text, Thread: topic, InTopic: true})
}

// SayAnonymously lets an administrator write in the name of the group.
func (s *Server) SayAnonymously(person, chat int64, text string) (int64, error) {
	return s.say(person, chat, message{Text: text, Anonymous: true})
}

// ReplyAnonymously answers a message in the name of the group.
func (s *Server) ReplyAnonymously(person, chat, to int64, text string) (int64, error) {
	return s.say(person, chat, message{Text: text, ReplyTo: to, Anonymous: true})
}

func (s *Server) say(person, chat int64, m message) (int64, error) {
	var err error
	if m.Text, m.Entities, err = written(m.Text); err != nil {
		return 0, err
	}
	return s.act(person, chat, &m)
}

var startPayload = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// Start lets a person open the bot by a link with this payload and press
// Start, which also takes a block back. A payload that a link cannot carry is
// dropped, as apps do.
func (s *Server) Start(person int64, payload string) (int64, error) {
	s.mu.Lock()
	p, ok := s.w.People[person]
	blocked := ok && p.Blocked
	s.mu.Unlock()
	if blocked {
		s.Unblock(person)
	}
	text := "/start"
	if startPayload.MatchString(payload) {
		text += " " + payload
	}
	return s.Say(person, person, text)
}

// StartInGroup lets a person bring the bot into a group by a link with this
// payload, of which the bot is told by a command.
func (s *Server) StartInGroup(person, chat int64, payload string) (int64, error) {
	s.AddBotToGroup(chat, person)
	text := "/start@" + s.o.Username
	if startPayload.MatchString(payload) {
		text += " " + payload
	}
	return s.Say(person, chat, text)
}

// Forward lets a person forward something that somebody, who hides their
// account, wrote elsewhere.
func (s *Server) Forward(person, chat int64, fromName, text string) (int64, error) {
	return s.say(person, chat, message{Text: text, Forward: &forward{Name: fromName, Date: s.unix()}})
}

// Edit lets a person change the text, or the caption, of their own message.
func (s *Server) Edit(person, chat, message int64, text string) error {
	text, entities, err := written(text)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.place(person, chat)
	if err != nil {
		return err
	}
	m := c.message(message)
	switch {
	case m == nil || m.Deleted:
		return fmt.Errorf("simulator: there is no message %d in %d", message, chat)
	case m.Author != person || m.Service != nil || m.Forward != nil:
		return fmt.Errorf("simulator: the message %d is not %d's to edit", message, person)
	case m.Text == text:
		return nil // nothing visible changed, so nobody is told
	}
	m.Text, m.Entities = text, entities
	m.EditDate = s.unix()
	m.Edits++
	s.touch(c, m)
	if s.sees(c, m) {
		s.enqueueUntil("edited_message", c.ID, s.show(c, m), time.Unix(m.EditDate, 0).Add(messageLife))
	}
	return nil
}

// Delete lets a person delete a message. The bot is not told.
func (s *Server) Delete(person, chat, message int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.place(person, chat)
	if err != nil {
		return err
	}
	m := c.message(message)
	if m == nil {
		return fmt.Errorf("simulator: there is no message %d in %d", message, chat)
	}
	m.Deleted = true
	s.touch(c, m)
	return nil
}

// React lets a person put a reaction on a message, or take it off with "".
func (s *Server) React(person, chat, message int64, emoji string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.place(person, chat)
	if err != nil {
		return err
	}
	m := c.message(message)
	if m == nil || m.Deleted {
		return fmt.Errorf("simulator: there is no message %d in %d", message, chat)
	}
	before := reactions(m.Reactions[person])
	m.react(person, emoji)
	s.touch(c, m)
	if c.private() || c.Members[s.botID].admin() {
		s.enqueue("message_reaction", c.ID, map[string]any{
			"chat": s.chatOf(c), "message_id": m.ID, "user": s.user(person), "date": s.unix(),
			"old_reaction": before, "new_reaction": reactions(emoji),
		})
	}
	return nil
}

func reactions(emoji string) []map[string]string {
	if emoji == "" {
		return []map[string]string{}
	}
	return []map[string]string{{"type": "emoji", "emoji": emoji}}
}

func (m *message) react(who int64, emoji string) {
	if m.Reactions == nil {
		m.Reactions = map[int64]string{}
	}
	if m.Reactions[who] = emoji; emoji == "" {
		delete(m.Reactions, who)
	}
}

// ShareContact lets a person send a phone number; userID is whose Telegram it
// is, 0 if the app does not know.
func (s *Server) ShareContact(person, chat int64, phone string, userID int64) (int64, error) {
	return s.act(person, chat, &message{Contact: s.contact(person, phone, userID)})
}

func (s *Server) contact(person int64, phone string, userID int64) *Contact {
	s.mu.Lock()
	defer s.mu.Unlock()
	contact := &Contact{Phone: phone, UserID: userID, FirstName: "Contact"}
	whose := userID
	if whose == 0 {
		whose = person
	}
	if p, ok := s.w.People[whose]; ok {
		contact.FirstName, contact.LastName = p.FirstName, p.LastName
	}
	return contact
}

// ReplyContact lets a person answer a message with a phone number.
func (s *Server) ReplyContact(person, chat, to int64, phone string, userID int64) (int64, error) {
	return s.act(person, chat, &message{ReplyTo: to, Contact: s.contact(person, phone, userID)})
}

// ReplyLocation lets a person answer a message with a place.
func (s *Server) ReplyLocation(person, chat, to int64, lat, lon float64) (int64, error) {
	return s.act(person, chat, &message{ReplyTo: to, Location: &Location{lat, lon}})
}

// ShareLocation lets a person send a place.
func (s *Server) ShareLocation(person, chat int64, lat, lon float64) (int64, error) {
	return s.act(person, chat, &message{Location: &Location{lat, lon}})
}

// Press lets a person press a button of a message by its label: a callback
// button, or one of a reply keyboard, which sends what it says. An unknown
// label is an error that lists the ones there are.
func (s *Server) Press(person, chat, message int64, button string) error {
	s.mu.Lock()
	c, err := s.place(person, chat)
	var m *messageAt
	if err == nil {
		m, err = find(c, message)
	}
	s.mu.Unlock()
	if err != nil {
		return err
	}
	return s.press(person, chat, m, button)
}

// PressLast presses a button of the newest message in the chat that has it.
func (s *Server) PressLast(person, chat int64, button string) error {
	s.mu.Lock()
	c, err := s.place(person, chat)
	var found *messageAt
	var labels []string
	if err == nil {
		for _, m := range slices.Backward(c.Messages) {
			if m.Deleted || m.Keyboard == nil {
				continue
			}
			if _, ok := m.Keyboard.find(button); ok {
				found = &messageAt{m.ID, m.Keyboard}
				break
			}
			labels = append(labels, m.Keyboard.labels()...)
		}
	}
	s.mu.Unlock()
	switch {
	case err != nil:
		return err
	case found == nil:
		return fmt.Errorf("simulator: no message in %d has the button %q; there are %q", chat, button, labels)
	}
	return s.press(person, chat, found, button)
}

// messageAt is a message's keyboard as the presser sees it.
type messageAt struct {
	id       int64
	keyboard *keyboard
}

func find(c *chat, id int64) (*messageAt, error) {
	m := c.message(id)
	switch {
	case m == nil || m.Deleted:
		return nil, fmt.Errorf("simulator: there is no message %d in %d", id, c.ID)
	case m.Keyboard == nil:
		return nil, fmt.Errorf("simulator: the message %d has no buttons: %q", id, m.Text)
	}
	return &messageAt{m.ID, m.Keyboard}, nil
}

func (s *Server) press(person, chat int64, m *messageAt, label string) error {
	b, ok := m.keyboard.find(label)
	if !ok {
		return fmt.Errorf("simulator: the message %d has no button %q; there are %q", m.id, label, m.keyboard.labels())
	}
	var err error
	switch {
	case m.keyboard.Kind == inline && b.Data != "":
		return s.PressData(person, chat, m.id, b.Data)
	case m.keyboard.Kind == inline:
		return fmt.Errorf("simulator: the button %q asks the bot nothing", label)
	case b.RequestContact:
		_, err = s.ShareContact(person, chat, s.phone(person), person)
	case b.RequestLocation:
		_, err = s.ShareLocation(person, chat, 43.2380, 76.9450)
	default:
		_, err = s.Say(person, chat, b.Text)
	}
	return err
}

// phone is the number a person shares with the contact button.
func (s *Server) phone(id int64) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p, ok := s.w.People[id]; ok && p.Phone != "" {
		return p.Phone
	}
	return fmt.Sprintf("+7701%07d", id%10_000_000)
}

// SetPhone says which number a person shares with the contact button.
func (s *Server) SetPhone(person int64, phone string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.somebody(person).Phone = phone
}

// PressData sends a press with any data, as a forged app can: no button with
// it needs to exist, and the message may be gone.
func (s *Server) PressData(person, chat, message int64, data string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.place(person, chat)
	if err != nil {
		return err
	}
	m := c.message(message)
	if m == nil {
		return fmt.Errorf("simulator: there is no message %d in %d", message, chat)
	}
	id := fmt.Sprintf("%d", 4_000_000_000_000_000_000+s.w.NextQuery)
	s.w.NextQuery++
	if s.enqueueUntil("callback_query", person+3<<33, wireCallback{
		ID: id, From: s.user(person), Message: s.showIn(c, m), ChatInstance: chatInstance(c.ID), Data: data,
	}, s.clock.Now().Add(callbackLife)) {
		s.w.Callbacks[id] = &callback{Person: person, Data: data, At: s.clock.Now()}
	}
	s.pace.spoke(person)
	s.note()
	return nil
}

func chatInstance(chat int64) string { return fmt.Sprintf("%d", chat*7919+1_000_003) }

// callback is a press that waits for its answer.
type callback struct {
	Person   int64
	Data     string
	At       time.Time
	Answered bool
}
