package simulator

import (
	"encoding/json"
	"regexp"
	"slices"
	"unicode/utf8"
)

// Command is one line of the bot's menu.
type Command struct {
	Command     string `json:"command"`
	Description string `json:"description"`
}

// commandSet is a list of commands and where it is shown.
type commandSet struct {
	Scope    commandScope
	Language string
	Commands []Command
}

type commandScope struct {
	Type string `json:"type"`
	Chat int64  `json:"-"`
	User int64  `json:"-"`
}

// commandScopes says what each scope must name besides itself.
var commandScopes = map[string]struct{ chat, user bool }{
	"default": {}, "all_private_chats": {}, "all_group_chats": {}, "all_chat_administrators": {},
	"chat": {chat: true}, "chat_administrators": {chat: true}, "chat_member": {chat: true, user: true},
}

const mostCommands = 100

var (
	commandName  = regexp.MustCompile(`^[a-z0-9_]{1,32}$`)
	languageCode = regexp.MustCompile(`^[a-z]{2}$`)
)

// scopeParam reads scope and language_code.
func (s *Server) scopeParam(r *request) (commandSet, error) {
	set := commandSet{Scope: commandScope{Type: "default"}, Language: r.text("language_code")}
	if set.Language != "" && !languageCode.MatchString(set.Language) {
		return set, badRequest("invalid language code specified")
	}
	raw := r.text("scope")
	if raw == "" {
		return set, nil
	}
	var scope struct {
		Type string      `json:"type"`
		Chat json.Number `json:"chat_id"`
		User json.Number `json:"user_id"`
	}
	if err := json.Unmarshal([]byte(raw), &scope); err != nil {
		return set, badRequest("can't parse BotCommandScope JSON object")
	}
	needs, ok := commandScopes[scope.Type]
	if !ok {
		return set, badRequest("can't parse BotCommandScope: unsupported type specified")
	}
	set.Scope.Type = scope.Type
	if needs.chat {
		id, _ := scope.Chat.Int64()
		c := s.w.Chats[id]
		if c == nil {
			return set, badRequest("chat not found")
		}
		if err := s.mayRead(c); err != nil {
			return set, err
		}
		set.Scope.Chat = id
	}
	if needs.user {
		id, _ := scope.User.Int64()
		if s.w.People[id] == nil {
			return set, badRequest("user not found")
		}
		set.Scope.User = id
	}
	return set, nil
}

func (c commandSet) same(other commandSet) bool {
	return c.Scope == other.Scope && c.Language == other.Language
}

func (s *Server) setMyCommands(r *request) (any, error) {
	list := []Command{}
	if err := json.Unmarshal([]byte(r.text("commands")), &list); err != nil {
		return nil, badRequest("can't parse commands JSON object")
	}
	if len(list) > mostCommands {
		return nil, badRequest("BOT_COMMANDS_TOO_MUCH")
	}
	for i, c := range list {
		if len(c.Command) > 0 && c.Command[0] == '/' {
			list[i].Command = c.Command[1:]
		}
		if !commandName.MatchString(list[i].Command) {
			return nil, badRequest("BOT_COMMAND_INVALID")
		}
		if n := utf8.RuneCountInString(c.Description); n < 1 || n > 256 {
			return nil, badRequest("BOT_COMMAND_DESCRIPTION_INVALID")
		}
	}
	set, err := s.scopeParam(r)
	if err != nil {
		return nil, err
	}
	set.Commands = list
	s.w.Commands = slices.DeleteFunc(s.w.Commands, set.same)
	if len(list) > 0 {
		s.w.Commands = append(s.w.Commands, set)
	}
	s.worldChanged()
	return true, nil
}

func (s *Server) getMyCommands(r *request) (any, error) {
	set, err := s.scopeParam(r)
	if err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(s.w.Commands, set.same); i >= 0 {
		return s.w.Commands[i].Commands, nil
	}
	return []Command{}, nil
}

func (s *Server) deleteMyCommands(r *request) (any, error) {
	set, err := s.scopeParam(r)
	if err != nil {
		return nil, err
	}
	s.w.Commands = slices.DeleteFunc(s.w.Commands, set.same)
	s.worldChanged()
	return true, nil
}

// CommandsFor are what a person finds in the menu of a chat: of the scopes that
// apply the narrowest, in the person's language or else in none.
func (s *Server) CommandsFor(person, chat int64) []Command {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, p := s.w.Chats[chat], s.w.People[person]
	if c == nil || p == nil {
		return nil
	}
	scopes := []commandScope{{"chat", chat, 0}, {Type: "all_private_chats"}, {Type: "default"}}
	if !c.private() {
		scopes = []commandScope{{"chat_member", chat, person}}
		if c.Members[person].admin() {
			scopes = append(scopes, commandScope{"chat_administrators", chat, 0})
		}
		scopes = append(scopes, commandScope{"chat", chat, 0})
		if c.Members[person].admin() {
			scopes = append(scopes, commandScope{Type: "all_chat_administrators"})
		}
		scopes = append(scopes, commandScope{Type: "all_group_chats"}, commandScope{Type: "default"})
	}
	language := p.LanguageCode
	if len(language) > 2 {
		language = language[:2]
	}
	for _, scope := range scopes {
		for _, language := range []string{language, ""} {
			wanted := commandSet{Scope: scope, Language: language}
			if i := slices.IndexFunc(s.w.Commands, wanted.same); i >= 0 {
				return slices.Clone(s.w.Commands[i].Commands)
			}
		}
	}
	return nil
}

// setProfile is the method that sets a text of the bot's profile.
func setProfile(what string, most int) func(*Server, *request) (any, error) {
	return func(s *Server, r *request) (any, error) {
		language := r.text("language_code")
		if language != "" && !languageCode.MatchString(language) {
			return nil, badRequest("invalid language code specified")
		}
		text, _ := clean(r.text(what), nil)
		if utf8.RuneCountInString(text) > most {
			return nil, badRequest("the %s is too long", map[string]string{
				"name": "bot name", "description": "bot description", "short_description": "bot short description",
			}[what])
		}
		if s.w.Profile[what] == nil {
			s.w.Profile[what] = map[string]string{}
		}
		s.w.Profile[what][language] = text
		s.worldChanged()
		return true, nil
	}
}

// getProfile is the method that reads it: in a language, or else in none.
func getProfile(what string) func(*Server, *request) (any, error) {
	return func(s *Server, r *request) (any, error) {
		text := s.w.Profile[what][r.text("language_code")]
		if text == "" {
			text = s.w.Profile[what][""]
		}
		if text == "" && what == "name" {
			text = s.o.Name
		}
		return map[string]string{what: text}, nil
	}
}

func (s *Server) setChatMenuButton(r *request) (any, error) {
	var button struct {
		Type string `json:"type"`
	}
	raw := r.text("menu_button")
	if raw == "" {
		raw = `{"type":"default"}`
	}
	if err := json.Unmarshal([]byte(raw), &button); err != nil {
		return nil, badRequest("can't parse menu button JSON object")
	}
	if !slices.Contains([]string{"default", "commands", "web_app"}, button.Type) {
		return nil, badRequest("MenuButton has unsupported type")
	}
	if r.id("chat_id") != 0 && s.w.People[r.id("chat_id")] == nil {
		return nil, badRequest("chat not found")
	}
	s.w.Menus[r.id("chat_id")] = json.RawMessage(raw)
	s.worldChanged()
	return true, nil
}

func (s *Server) getChatMenuButton(r *request) (any, error) {
	for _, id := range []int64{r.id("chat_id"), 0} {
		if raw, ok := s.w.Menus[id]; ok {
			return raw, nil
		}
	}
	return map[string]string{"type": "commands"}, nil
}

func rightsKey(r *request) string {
	if r.yes("for_channels") {
		return "channels"
	}
	return "groups"
}

func (s *Server) setDefaultRights(r *request) (any, error) {
	raw := r.text("rights")
	if raw == "" {
		raw = "{}"
	}
	var rights map[string]bool
	if err := json.Unmarshal([]byte(raw), &rights); err != nil {
		return nil, badRequest("can't parse administrator rights JSON object")
	}
	s.w.Rights[rightsKey(r)] = json.RawMessage(raw)
	s.note()
	return true, nil
}

func (s *Server) getDefaultRights(r *request) (any, error) {
	if raw, ok := s.w.Rights[rightsKey(r)]; ok {
		return raw, nil
	}
	return map[string]bool{}, nil
}
