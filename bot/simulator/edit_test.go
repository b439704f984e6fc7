package simulator

import (
	"strings"
	"testing"
	"time"
)

func TestEditing(t *testing.T) {
	w := newWorld(t)
	mine := must(w.Start(aigerim, ""))
	w.take()
	keys := rows(row(button("Yes", "y")))
	id := w.send(aigerim, "<b>Ready?</b>", "reply_markup", keys)
	file := w.form("sendDocument", "chat_id", "101", "document", "@x", "caption", "c").id(t)
	asked := w.send(aigerim, "Phone?", "reply_markup", args("keyboard", [][]string{{"No"}}))
	for _, c := range []struct {
		name, want, method string
		pairs              []any
	}{
		{"editing without a change is refused", "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message",
			"editMessageText", args0("chat_id", aigerim, "message_id", id, "text", "<b>Ready?</b>", "parse_mode", "HTML", "reply_markup", keys)},
		{"editing the keyboard without a change is refused", "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message",
			"editMessageReplyMarkup", args0("chat_id", aigerim, "message_id", id, "reply_markup", keys)},
		{"text is checked first", "Bad Request: message text is empty", "editMessageText", args0("chat_id", 999, "message_id", 1, "reply_markup", "{")},
		{"then the markup", "Bad Request: can't parse reply keyboard markup JSON object", "editMessageText", args0("chat_id", 999, "message_id", 1, "text", "x", "reply_markup", "{")},
		{"then the chat", "Bad Request: chat not found", "editMessageText", args0("chat_id", 999, "message_id", 1, "text", "x")},
		{"then the message", "Bad Request: message to edit not found", "editMessageText", args0("chat_id", aigerim, "message_id", 999, "text", "x")},
		{"a message must be named", "Bad Request: message identifier is not specified", "editMessageText", args0("chat_id", aigerim, "text", "x")},
		{"a person's message is not the bot's to edit", "Bad Request: message can't be edited", "editMessageText", args0("chat_id", aigerim, "message_id", mine, "text", "x")},
		{"a message with a reply keyboard cannot be edited", "Bad Request: message can't be edited", "editMessageText", args0("chat_id", aigerim, "message_id", asked, "text", "x")},
		{"a file has no text", "Bad Request: there is no text in the message to edit", "editMessageText", args0("chat_id", aigerim, "message_id", file, "text", "x")},
		{"a text has no caption", "Bad Request: there is no caption in the message to edit", "editMessageCaption", args0("chat_id", aigerim, "message_id", id, "caption", "x")},
		{"a reply keyboard cannot be put under an edit", "Bad Request: inline keyboard expected", "editMessageText", args0("chat_id", aigerim, "message_id", id, "text", "x", "reply_markup", args("keyboard", [][]string{{"No"}}))},
	} {
		w.run(c.name, func(t *testing.T) {
			w.refused(c.want, c.method, c.pairs...)
		})
	}
	r := w.done("editMessageReplyMarkup", "chat_id", aigerim, "message_id", id, "reply_markup", rows(row(button("No", "n"))))
	holds(t, "other buttons do not date an edit", at(r.decode(t), "edit_date") == nil)
	r = w.done("editMessageText", "chat_id", aigerim, "message_id", id, "text", "<i>Ready?</i>", "parse_mode", "HTML", "reply_markup", keys)
	holds(t, "another text does", at(r.decode(t), "edit_date") != nil)
	m, _ := w.Message(aigerim, id)
	equal(t, "another style is a change", m.HTML, "<i>Ready?</i>")
	w.done("editMessageReplyMarkup", "chat_id", aigerim, "message_id", id)
	m, _ = w.Message(aigerim, id)
	equal(t, "no keyboard given, none left; text kept", []any{len(m.Keyboard), m.Text}, []any{0, "Ready?"})
	w.done("editMessageCaption", "chat_id", aigerim, "message_id", file, "caption", "new")
	m, _ = w.Message(aigerim, file)
	equal(t, "caption", m.Text, "new")
	w.form("editMessageMedia", "chat_id", "101", "message_id", "3", "media", `{"type":"document","media":"attach://f","caption":"v2"}`, "f", "@two")
	m, _ = w.Message(aigerim, file)
	equal(t, "new file", string(m.File.Data), "two")
	equal(t, "edits of the bot make no updates", len(w.take()), 0)
}

func TestDeleting(t *testing.T) {
	w := newWorld(t)
	theirs := must(w.Start(aigerim, ""))
	own := w.send(aigerim, "a")
	old := w.send(aigerim, "b")
	w.take()
	w.done("deleteMessage", "chat_id", aigerim, "message_id", own)
	m, _ := w.Message(aigerim, own)
	holds(t, "deleted", m.Deleted)
	w.refused("Bad Request: message to delete not found", "deleteMessage", "chat_id", aigerim, "message_id", own)
	w.refused("Bad Request: message to edit not found", "editMessageText", "chat_id", aigerim, "message_id", own, "text", "x")
	w.done("deleteMessage", "chat_id", aigerim, "message_id", theirs)
	w.clock.Advance(48 * time.Hour)
	w.refused("Bad Request: message can't be deleted for everyone", "deleteMessage", "chat_id", aigerim, "message_id", old)
	w.done("editMessageText", "chat_id", aigerim, "message_id", old, "text", "old ones can still be edited")
	said := must(w.Say(bolat, office, "/x@dauys_demo_bot"))
	w.refused("Bad Request: message can't be deleted", "deleteMessage", "chat_id", office, "message_id", said)
	w.Promote(office, w.BotID())
	w.clock.Advance(72 * time.Hour)
	w.done("deleteMessage", "chat_id", office, "message_id", said)
	a, b := w.send(office, "a"), w.send(office, "b")
	w.done("deleteMessages", "chat_id", office, "message_ids", []int64{a, b, 999})
	w.refused("Bad Request: message identifiers are not specified", "deleteMessages", "chat_id", office)
	w.refused("Bad Request: too many message identifiers specified", "deleteMessages", "chat_id", office, "message_ids", make([]int, 101))
	equal(t, "deletions make no updates", len(w.take()), 0)
}

func TestAnsweringPresses(t *testing.T) {
	w := newWorld(t)
	must(w.Start(aigerim, ""))
	id := w.send(aigerim, "x", "reply_markup", rows(row(button("Yes", "y"))))
	w.take()
	press := func() string {
		t.Helper()
		if err := w.Press(aigerim, aigerim, id, "Yes"); err != nil {
			t.Fatal(err)
		}
		return at(w.take()[0], "callback_query.id").(string)
	}
	const tooOld = "Bad Request: query is too old and response timeout expired or query ID is invalid"
	late := press()
	w.clock.Advance(16 * time.Second)
	w.refused(tooOld, "answerCallbackQuery", "callback_query_id", late)
	w.refused(tooOld, "answerCallbackQuery", "callback_query_id", "77")
	q := press()
	w.refused("Bad Request: MESSAGE_TOO_LONG", "answerCallbackQuery", "callback_query_id", q, "text", strings.Repeat("x", 201))
	w.done("answerCallbackQuery", "callback_query_id", q, "text", "Taken", "show_alert", "true")
	equal(t, "answers", w.Answers(aigerim), []Answer{{Data: "y", Text: "Taken", Alert: true}})
	w.onPurpose(func() { w.done("answerCallbackQuery", "callback_query_id", q) })
	equal(t, "misuse", w.Misuse(), []string{"answerCallbackQuery: MESSAGE_TOO_LONG", "a callback query was answered twice"})

	w.run("a forged press carries any data", func(t *testing.T) {
		if err := w.PressData(aigerim, aigerim, id, "admin:1"); err != nil {
			t.Fatal(err)
		}
		equal(t, "data", at(w.take()[0], "callback_query.data"), "admin:1")
	})
	w.run("a press on an old message shows nothing of it", func(t *testing.T) {
		w.clock.Advance(49 * time.Hour)
		if err := w.Press(aigerim, aigerim, id, "Yes"); err != nil {
			t.Fatal(err)
		}
		m := at(w.take()[0], "callback_query.message")
		equal(t, "message", m, args("chat", args("id", aigerim, "type", "private", "first_name", "Айгерим", "last_name", "Сатпаева", "username", "aigerim"),
			"message_id", id, "date", 0))
	})
	w.run("a press on a deleted message too", func(t *testing.T) {
		fresh := w.send(aigerim, "x", "reply_markup", rows(row(button("Yes", "y"))))
		w.done("deleteMessage", "chat_id", aigerim, "message_id", fresh)
		if err := w.PressData(aigerim, aigerim, fresh, "y"); err != nil {
			t.Fatal(err)
		}
		equal(t, "date", at(w.take()[0], "callback_query.message.date"), 0)
	})
	w.run("a press nobody fetched is gone after 150 seconds", func(t *testing.T) {
		if err := w.Press(aigerim, aigerim, id, "Yes"); err != nil {
			t.Fatal(err)
		}
		w.clock.Advance(150 * time.Second)
		equal(t, "pending", see(w.Server, func(v *View) int { return v.PendingUpdates() }), 0)
	})
	w.run("another person's private chat cannot be pressed in", func(t *testing.T) {
		holds(t, "an error", w.Press(bolat, aigerim, id, "Yes") != nil)
	})
}

func TestReactionsAndPins(t *testing.T) {
	w := newWorld(t)
	said := must(w.Say(dean, office, "/go@dauys_demo_bot"))
	w.take()
	w.done("setMessageReaction", "chat_id", office, "message_id", said, "reaction", []any{args("type", "emoji", "emoji", "👀")})
	m, _ := w.Message(office, said)
	equal(t, "reaction", m.Reactions[w.BotID()], "👀")
	w.refused("Bad Request: REACTION_INVALID", "setMessageReaction", "chat_id", office, "message_id", said, "reaction", []any{args("type", "emoji", "emoji", "✅")})
	w.refused("Bad Request: message to react not found", "setMessageReaction", "chat_id", office, "message_id", 999)
	id := w.send(office, "card")
	w.refused("Bad Request: not enough rights to manage pinned messages in the chat", "pinChatMessage", "chat_id", office, "message_id", id)
	w.Promote(office, w.BotID())
	w.take()
	w.done("pinChatMessage", "chat_id", office, "message_id", id)
	equal(t, "pinning makes a service message", at(w.take()[0], "message.pinned_message.text"), "card")
	equal(t, "the chat shows it", at(w.done("getChat", "chat_id", office).decode(t), "pinned_message.message_id"), id)
	w.done("unpinChatMessage", "chat_id", office, "message_id", id)
	w.refused("Bad Request: message to unpin not found", "unpinChatMessage", "chat_id", office, "message_id", id)
	w.done("unpinAllChatMessages", "chat_id", office)

	holds(t, "reacted", w.React(dean, office, id, "👍") == nil)
	equal(t, "reactions come only when asked for", len(w.take()), 0)
	w.mu.Lock()
	w.w.Allowed = []string{"message_reaction"}
	w.mu.Unlock()
	holds(t, "reacted", w.React(dean, office, id, "👎") == nil)
	u := w.take()[0]
	equal(t, "old", at(u, "message_reaction.old_reaction.0.emoji"), "👍")
	equal(t, "new", at(u, "message_reaction.new_reaction.0.emoji"), "👎")
}
