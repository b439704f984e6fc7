package simulator

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestWhatABotSeesInAGroup(t *testing.T) {
	w := newWorld(t)
	card := w.send(office, "card")
	seen := func(what string, want bool, f func() (int64, error)) {
		t.Helper()
		must(f())
		equal(t, what, len(w.take()) == 1, want)
	}
	say := func(text string) func() (int64, error) {
		return func() (int64, error) { return w.Say(bolat, office, text) }
	}
	seen("talk", false, say("who takes it?"))
	seen("a command for it", true, say("/take@dauys_demo_bot"))
	seen("a command for another bot", false, say("/take@other_bot"))
	seen("a bare command when it spoke last", true, say("/take"))
	seen("its name", true, say("ask @dauys_demo_bot"))
	seen("a reply to it", true, func() (int64, error) { return w.Reply(bolat, office, card, "mine") })
	seen("a file", false, func() (int64, error) { return w.SendFile(bolat, office, File{Data: []byte("x")}) })

	w.AddPerson(Person{ID: 105, FirstName: "Other", Bot: true})
	w.Join(office, 105)
	w.take()
	must(w.Say(105, office, "/noise"))
	equal(t, "other bots are not heard", len(w.take()), 0)
	seen("a bare command after another bot spoke", false, say("/take"))

	w.Promote(office, w.BotID())
	equal(t, "promoted", at(w.take()[0], "my_chat_member.new_chat_member.can_pin_messages"), true)
	seen("talk, as an administrator", true, say("who takes it?"))
	must(w.Say(105, office, "beep"))
	equal(t, "but never other bots", len(w.take()), 0)
	w.Demote(office, w.BotID())
	w.take()
	seen("talk, as a plain member again", false, say("who takes it?"))

	open := newWorld(t, func(o *Options) { o.ReadsAll = true })
	must(open.Say(bolat, office, "hello"))
	equal(t, "with privacy mode off", len(open.take()), 1)
}

func TestAnonymousAdministrators(t *testing.T) {
	w := newWorld(t)
	must(w.SayAnonymously(dean, office, "/take@dauys_demo_bot"))
	m := w.take()[0]["message"]
	equal(t, "from", []any{at(m, "from.id"), at(m, "from.username")}, []any{groupAnonymousBot.ID, "GroupAnonymousBot"})
	equal(t, "sender", at(m, "sender_chat.id"), office)
	_, err := w.SayAnonymously(bolat, office, "x")
	holds(t, "plain members cannot", err != nil)
	id := w.send(office, "x", "reply_markup", rows(row(button("Take", "t"))))
	if err := w.Press(dean, office, id, "Take"); err != nil {
		t.Fatal(err)
	}
	equal(t, "a press is by the real person", at(w.take()[0], "callback_query.from.id"), dean)
}

func TestAMentionNamesThePerson(t *testing.T) {
	w := newWorld(t)
	m := w.done("sendMessage", "chat_id", office, "parse_mode", "HTML", "text", `<a href="tg://user?id=102">Bolat</a>, please`).decode(t)
	equal(t, "mention", []any{at(m, "entities.0.type"), at(m, "entities.0.user.first_name")}, []any{"text_mention", "Bolat"})
}

func TestMembership(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct {
		person int64
		want   string
	}{{dean, "creator"}, {bolat, "member"}, {aigerim, "left"}, {w.BotID(), "member"}} {
		equal(t, "status", at(w.done("getChatMember", "chat_id", office, "user_id", c.person).decode(t), "status"), c.want)
	}
	w.refused("Bad Request: invalid user_id specified", "getChatMember", "chat_id", office, "user_id", "me")
	w.refused("Bad Request: PARTICIPANT_ID_INVALID", "getChatMember", "chat_id", office, "user_id", 999)
	equal(t, "count", string(w.done("getChatMemberCount", "chat_id", office).Result), "3")
	var admins []map[string]any
	if err := json.Unmarshal(w.done("getChatAdministrators", "chat_id", office).Result, &admins); err != nil {
		t.Fatal(err)
	}
	equal(t, "administrators", len(admins), 1)
	equal(t, "chat", at(w.done("getChat", "chat_id", office).decode(t), "title"), "Dean's office")
	w.refused("Bad Request: chat not found", "getChat", "chat_id", aigerim)
	must(w.Start(aigerim, ""))
	w.done("getChat", "chat_id", aigerim)
	w.take()

	w.Join(office, aigerim)
	equal(t, "joining makes a service message", at(w.take()[0], "message.new_chat_members.0.id"), aigerim)
	w.Leave(office, aigerim)
	equal(t, "so does leaving", at(w.take()[0], "message.left_chat_member.id"), aigerim)
	_, err := w.Say(aigerim, office, "x")
	holds(t, "who left cannot write", err != nil && strings.Contains(err.Error(), "is not in"))
	w.KickBot(office, dean)
	u := w.take()[0]
	equal(t, "the bot is told of itself", []any{at(u, "my_chat_member.old_chat_member.status"), at(u, "my_chat_member.new_chat_member.status"),
		at(u, "my_chat_member.from.id")}, []any{"member", "kicked", dean})
	w.AddBotToGroup(office, dean)
	equal(t, "back", w.kinds(), []string{"my_chat_member", "message"})
	w.done("leaveChat", "chat_id", office)
	equal(t, "left", w.kinds(), []string{"my_chat_member"})
	w.Block(aigerim)
	u = w.take()[0]
	equal(t, "blocked", at(u, "my_chat_member.new_chat_member.status"), "kicked")
	_, err = w.Say(aigerim, aigerim, "x")
	holds(t, "who blocked cannot write", err != nil && strings.Contains(err.Error(), "unblock"))
	must(w.Start(aigerim, "deep_link-1"))
	equal(t, "starting again takes the block back", w.kinds(), []string{"my_chat_member", "message"})
	must(w.Start(aigerim, "not a payload"))
	equal(t, "a payload that a link cannot carry is dropped", at(w.take()[0], "message.text"), "/start")
}

func TestBanning(t *testing.T) {
	w := newWorld(t)
	w.refused("Bad Request: not enough rights to restrict/unrestrict chat member", "banChatMember", "chat_id", office, "user_id", bolat)
	w.Promote(office, w.BotID())
	w.refused("Bad Request: can't remove chat owner", "banChatMember", "chat_id", office, "user_id", dean)
	w.done("banChatMember", "chat_id", office, "user_id", bolat)
	equal(t, "kicked", at(w.done("getChatMember", "chat_id", office, "user_id", bolat).decode(t), "status"), "kicked")
	w.done("unbanChatMember", "chat_id", office, "user_id", bolat)
	equal(t, "may come back", at(w.done("getChatMember", "chat_id", office, "user_id", bolat).decode(t), "status"), "left")
	w.done("setChatTitle", "chat_id", office, "title", "Office")
	m := w.Messages(office)
	equal(t, "a new title is a service message", m[len(m)-1].Service, "new_chat_title")
}

func TestMigration(t *testing.T) {
	w := newWorld(t)
	const basic = int64(-555)
	w.AddGroup(basic, "Small", dean, bolat)
	w.send(basic, "before")
	id := w.Migrate(basic)
	holds(t, "a supergroup's id", id < -1_000_000_000_000)
	r := w.refused("Bad Request: group chat was upgraded to a supergroup chat", "sendMessage", "chat_id", basic, "text", "x")
	equal(t, "where to", r.Parameters.MigrateTo, id)
	w.send(id, "after")
	updates := w.take()
	equal(t, "both chats tell", []any{at(updates[0], "message.migrate_to_chat_id"), at(updates[1], "message.migrate_from_chat_id")}, []any{id, basic})
	equal(t, "twice is once", w.Migrate(basic), id)
	equal(t, "not misuse", w.Misuse(), nil)
}

func TestTopics(t *testing.T) {
	w := newWorld(t)
	w.refused("Bad Request: the chat is not a forum", "createForumTopic", "chat_id", office, "name", "x")
	w.SetForum(office, true)
	w.refused("Bad Request: not enough rights to create a topic", "createForumTopic", "chat_id", office, "name", "x")
	w.Promote(office, w.BotID())
	w.take()
	w.refused("Bad Request: name must be non-empty", "createForumTopic", "chat_id", office, "name", " ")
	topic := int64(at(w.done("createForumTopic", "chat_id", office, "name", "ALT-2026-000123").decode(t), "message_thread_id").(float64))
	equal(t, "made with a service message", at(w.take()[0], "message.forum_topic_created.name"), "ALT-2026-000123")
	in := func(text string, pairs ...any) []any {
		return append([]any{"chat_id", office, "text", text, "message_thread_id", topic}, pairs...)
	}
	m := w.done("sendMessage", in("card")...).decode(t)
	equal(t, "a message in it", []any{at(m, "message_thread_id"), at(m, "is_topic_message"), at(m, "reply_to_message.message_id")}, []any{topic, true, topic})
	must(w.SayInTopic(bolat, office, topic, "mine"))
	u := w.take()[0]
	equal(t, "a person's message in it", []any{at(u, "message.message_thread_id"), at(u, "message.reply_to_message.forum_topic_created.name")}, []any{topic, "ALT-2026-000123"})
	must(w.Say(bolat, office, "general"))
	holds(t, "in General there is no thread", at(w.take()[0], "message.message_thread_id") == nil)
	w.refused("Bad Request: message thread not found", "sendMessage", "chat_id", office, "text", "x", "message_thread_id", 1)
	w.refused("Bad Request: message thread not found", "sendMessage", "chat_id", office, "text", "x", "message_thread_id", 999)
	w.refused("Bad Request: TOPIC_NOT_MODIFIED", "editForumTopic", "chat_id", office, "message_thread_id", topic, "name", "ALT-2026-000123")
	w.done("editForumTopic", "chat_id", office, "message_thread_id", topic, "name", "done")
	equal(t, "renamed", at(w.take()[0], "message.forum_topic_edited.name"), "done")
	w.done("closeForumTopic", "chat_id", office, "message_thread_id", topic)
	w.refused("Bad Request: TOPIC_NOT_MODIFIED", "closeForumTopic", "chat_id", office, "message_thread_id", topic)
	holds(t, "closed", at(w.take()[0], "message.forum_topic_closed") != nil)
	w.done("sendMessage", in("who manages topics may still write")...)
	theirs := must(w.CreateTopic(dean, office, "Theirs"))
	holds(t, "closed by the dean", w.CloseTopic(dean, office, theirs) == nil)
	w.SetRights(office, w.BotID(), "can_delete_messages")
	w.refused("Bad Request: TOPIC_CLOSED", "sendMessage", "chat_id", office, "text", "x", "message_thread_id", theirs)
	w.refused("Bad Request: not enough rights to close or open the topic", "reopenForumTopic", "chat_id", office, "message_thread_id", theirs)
	w.refused("Bad Request: not enough rights to edit the topic", "editForumTopic", "chat_id", office, "message_thread_id", theirs, "name", "x")
	holds(t, "opened by the dean", w.ReopenTopic(dean, office, theirs) == nil)
	w.done("sendMessage", "chat_id", office, "text", "x", "message_thread_id", theirs)
	w.done("deleteForumTopic", "chat_id", office, "message_thread_id", theirs)
	w.refused("Bad Request: TOPIC_DELETED", "closeForumTopic", "chat_id", office, "message_thread_id", theirs)
	w.refused("Bad Request: message thread not found", "sendMessage", "chat_id", office, "text", "x", "message_thread_id", theirs)
	w.SetRights(office, w.BotID())
	w.refused("Bad Request: not enough rights to delete the topic", "deleteForumTopic", "chat_id", office, "message_thread_id", topic)
	equal(t, "topics", w.Topics(office), []Topic{{topic, "done", true, false}, {theirs, "Theirs", false, true}})
	w.SetForum(office, false)
	w.done("sendMessage", "chat_id", office, "text", "outside a forum the thread means nothing", "message_thread_id", 999)
}

func TestWhatPeopleSend(t *testing.T) {
	w := newWorld(t)
	first := must(w.Say(aigerim, aigerim, "hello"))
	must(w.Reply(aigerim, aigerim, first, "and more"))
	must(w.Forward(aigerim, aigerim, "Teacher", "your mark is F"))
	must(w.ShareContact(aigerim, aigerim, "+77010000000", bolat))
	must(w.ShareContact(aigerim, aigerim, "+77010000000", 0))
	must(w.ShareLocation(aigerim, aigerim, 43.2, 76.9))
	holds(t, "edited", w.Edit(aigerim, aigerim, first, "hello!") == nil)
	holds(t, "edited without a change", w.Edit(aigerim, aigerim, first, "hello!") == nil)
	u := w.take()
	equal(t, "updates", len(u), 7)
	equal(t, "reply", at(u[1], "message.reply_to_message.text"), "hello")
	equal(t, "forward", []any{at(u[2], "message.forward_origin.type"), at(u[2], "message.forward_origin.sender_user_name")}, []any{"hidden_user", "Teacher"})
	equal(t, "another's contact", at(u[3], "message.contact.user_id"), bolat)
	holds(t, "nobody's contact", at(u[4], "message.contact.user_id") == nil)
	equal(t, "place", at(u[5], "message.location"), Location{43.2, 76.9})
	equal(t, "edit", []any{at(u[6], "edited_message.text"), at(u[6], "edited_message.edit_date")}, []any{"hello!", w.clock.Now().Unix()})
	holds(t, "another's message cannot be edited", w.Edit(bolat, aigerim, first, "x") != nil)
	holds(t, "what people delete makes no update", w.Delete(aigerim, aigerim, first) == nil && len(w.take()) == 0)
	for name, err := range map[string]error{
		"an empty text":           second(w.Say(aigerim, aigerim, " ")),
		"a text of 5000":          second(w.Say(aigerim, aigerim, strings.Repeat("x", 5000))),
		"nobody":                  second(w.Say(999, 999, "x")),
		"nowhere":                 second(w.Say(aigerim, -1, "x")),
		"another's private chat":  second(w.Say(aigerim, bolat, "x")),
		"a reply to nothing":      second(w.Reply(aigerim, aigerim, 999, "x")),
		"a topic that is not":     second(w.SayInTopic(dean, office, 9, "x")),
		"an unknown kind of file": second(w.SendFile(aigerim, aigerim, File{Kind: "hologram"})),
		"a button nobody has":     w.PressLast(aigerim, aigerim, "Yes"),
	} {
		holds(t, name+" is an error", err != nil)
	}
}

func second[T any](_ T, err error) error { return err }

func TestAwaiting(t *testing.T) {
	w := newWorld(t)
	must(w.Say(aigerim, aigerim, "x"))
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	err := w.Quiet(ctx)
	holds(t, "what is missing is told", err != nil && strings.Contains(err.Error(), "1 updates are not confirmed"))
	done := make(chan error, 1)
	go func() {
		done <- w.Await(t.Context(), func(v *View) bool { m, ok := v.Last(aigerim); return ok && m.Text == "there" })
	}()
	w.send(aigerim, "there")
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestProfile(t *testing.T) {
	w := newWorld(t)
	list := func(names ...string) []Command {
		var out []Command
		for _, n := range names {
			out = append(out, Command{n, "does " + n})
		}
		return out
	}
	names := func(commands []Command) string {
		var out []string
		for _, c := range commands {
			out = append(out, c.Command)
		}
		return strings.Join(out, " ")
	}
	w.done("setMyCommands", "commands", list("start"))
	w.done("setMyCommands", "commands", list("bastau"), "language_code", "kk")
	w.done("setMyCommands", "commands", list("take"), "scope", args("type", "all_group_chats"))
	w.done("setMyCommands", "commands", list("rule"), "scope", args("type", "chat_administrators", "chat_id", office))
	w.done("setMyCommands", "commands", list("mine"), "scope", args("type", "chat", "chat_id", bolat))
	for _, c := range []struct {
		name         string
		person, chat int64
		want         string
	}{
		{"in one's language", aigerim, aigerim, "bastau"},
		{"in no language", dean, dean, "start"},
		{"of one's own chat", bolat, bolat, "mine"},
		{"of all groups", bolat, office, "take"},
		{"of a group's administrators", dean, office, "rule"},
	} {
		equal(t, c.name, names(w.CommandsFor(c.person, c.chat)), c.want)
	}
	equal(t, "read back", string(w.done("getMyCommands", "language_code", "kk").Result), `[{"command":"bastau","description":"does bastau"}]`)
	w.done("deleteMyCommands", "language_code", "kk")
	equal(t, "deleted", string(w.done("getMyCommands", "language_code", "kk").Result), `[]`)
	w.refused("Bad Request: BOT_COMMAND_INVALID", "setMyCommands", "commands", list("Жоқ"))
	w.refused("Bad Request: BOT_COMMAND_DESCRIPTION_INVALID", "setMyCommands", "commands", []Command{{"x", ""}})
	w.refused("Bad Request: BOT_COMMANDS_TOO_MUCH", "setMyCommands", "commands", slices.Repeat(list("x"), 101))
	w.refused("Bad Request: invalid language code specified", "setMyCommands", "commands", list("x"), "language_code", "kaz")
	w.refused("Bad Request: chat not found", "setMyCommands", "commands", list("x"), "scope", args("type", "chat", "chat_id", 999))

	w.done("setMyName", "name", "Дауыс", "language_code", "kk")
	equal(t, "name", string(w.done("getMyName", "language_code", "kk").Result), `{"name":"Дауыс"}`)
	equal(t, "name elsewhere", string(w.done("getMyName").Result), `{"name":"Dauys"}`)
	w.done("setMyDescription", "description", "x")
	w.done("setMyShortDescription", "short_description", "x")
	w.refused("Bad Request: the bot short description is too long", "setMyShortDescription", "short_description", strings.Repeat("x", 121))
	w.done("setChatMenuButton", "menu_button", args("type", "commands"))
	equal(t, "menu", string(w.done("getChatMenuButton", "chat_id", aigerim).Result), `{"type":"commands"}`)
	w.refused("Bad Request: menuButton has unsupported type", "setChatMenuButton", "menu_button", args("type", "pizza"))
	me := w.done("getMe").decode(t)
	equal(t, "me", []any{me["id"], me["is_bot"], me["username"], me["can_read_all_group_messages"]}, []any{1, true, "dauys_demo_bot", false})
}

func TestTheGeneralTopic(t *testing.T) {
	w := newWorld(t)
	w.refused("Bad Request: the chat is not a forum", "closeGeneralForumTopic", "chat_id", office)
	w.SetForum(office, true)
	w.refused("Bad Request: not enough rights to close or open the topic", "closeGeneralForumTopic", "chat_id", office)
	w.Promote(office, w.BotID())
	w.take()
	w.done("closeGeneralForumTopic", "chat_id", office)
	u := w.take()[0]
	holds(t, "told, in no thread", at(u, "message.forum_topic_closed") != nil && at(u, "message.message_thread_id") == nil)
	w.refused("Bad Request: TOPIC_NOT_MODIFIED", "closeGeneralForumTopic", "chat_id", office)
	_, err := w.Say(bolat, office, "x")
	holds(t, "people cannot write there", err != nil)
	w.send(office, "who manages topics can")
	w.SetRights(office, w.BotID())
	w.refused("Bad Request: TOPIC_CLOSED", "sendMessage", "chat_id", office, "text", "x")
	w.Promote(office, w.BotID())
	w.take()
	w.done("hideGeneralForumTopic", "chat_id", office)
	holds(t, "hidden", at(w.take()[0], "message.general_forum_topic_hidden") != nil)
	w.done("unhideGeneralForumTopic", "chat_id", office)
	holds(t, "shown again", at(w.take()[0], "message.general_forum_topic_unhidden") != nil)
	w.done("reopenGeneralForumTopic", "chat_id", office)
	w.done("editGeneralForumTopic", "chat_id", office, "name", "Everything")
	equal(t, "renamed", at(w.take()[1], "message.forum_topic_edited.name"), "Everything")
	must(w.Say(bolat, office, "open again"))
	equal(t, "icons", string(w.done("getForumTopicIconStickers").Result), "[]")

	topic := int64(at(w.done("createForumTopic", "chat_id", office, "name", "Case").decode(t), "message_thread_id").(float64))
	here, there := w.send(office, "in General"), w.send(office, "in the topic", "message_thread_id", topic)
	pinned := func() any { return at(w.done("getChat", "chat_id", office).decode(t), "pinned_message.message_id") }
	w.done("pinChatMessage", "chat_id", office, "message_id", here)
	w.done("pinChatMessage", "chat_id", office, "message_id", there)
	w.done("unpinAllForumTopicMessages", "chat_id", office, "message_thread_id", topic)
	equal(t, "only the topic's pins are gone", pinned(), here)
	w.done("unpinAllGeneralForumTopicMessages", "chat_id", office)
	equal(t, "then General's", pinned(), nil)
	w.refused("Bad Request: message thread not found", "unpinAllForumTopicMessages", "chat_id", office, "message_thread_id", 999)
}

func TestSilencing(t *testing.T) {
	w := newWorld(t)
	no, yes := args("can_send_messages", false), args("can_send_messages", true)
	w.refused("Bad Request: not enough rights to restrict/unrestrict chat member", "restrictChatMember", "chat_id", office, "user_id", bolat, "permissions", no)
	w.Promote(office, w.BotID())
	w.refused("Bad Request: can't restrict self", "restrictChatMember", "chat_id", office, "user_id", w.BotID(), "permissions", no)
	w.refused("Bad Request: can't parse permissions JSON object", "restrictChatMember", "chat_id", office, "user_id", bolat, "permissions", "{")
	w.done("restrictChatMember", "chat_id", office, "user_id", bolat, "permissions", no)
	equal(t, "status", at(w.done("getChatMember", "chat_id", office, "user_id", bolat).decode(t), "can_send_messages"), false)
	_, err := w.Say(bolat, office, "x")
	holds(t, "silent", err != nil)
	w.done("restrictChatMember", "chat_id", office, "user_id", bolat, "permissions", yes)
	must(w.Say(bolat, office, "x"))
	w.AddGroup(-44, "Basic", dean, bolat)
	w.Promote(-44, w.BotID())
	w.refused("Bad Request: method is available only for supergroups", "restrictChatMember", "chat_id", -44, "user_id", bolat, "permissions", no)

	w.done("setChatDescription", "chat_id", office, "description", "Cases of the institute")
	equal(t, "described", at(w.done("getChat", "chat_id", office).decode(t), "description"), "Cases of the institute")
	w.refused("Bad Request: chat description is not modified", "setChatDescription", "chat_id", office, "description", "Cases of the institute")
}

func TestADeletedGroup(t *testing.T) {
	w := newWorld(t)
	w.AddGroup(-44, "Basic", dean)
	w.DeleteGroup(-44)
	w.DeleteGroup(office)
	w.refused("Forbidden: the group chat was deleted", "sendMessage", "chat_id", -44, "text", "x")
	w.refused("Forbidden: bot was kicked from the supergroup chat", "sendMessage", "chat_id", office, "text", "x")
	_, err := w.Say(dean, office, "x")
	holds(t, "nobody writes there", err != nil)
	equal(t, "the bot is not told", len(w.take()), 0)
}
