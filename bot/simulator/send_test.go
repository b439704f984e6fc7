package simulator

import (
	"bytes"
	"encoding/json"
	"image"
	"image/png"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestSendingIsRefused(t *testing.T) {
	w := newWorld(t)
	must(w.Start(aigerim, ""))
	w.AddPerson(Person{ID: 104, FirstName: "Robot", Bot: true})
	w.AddGroup(-1001000000002, "Left", dean)
	w.AddGroup(-1001000000003, "Kicked", dean)
	w.AddGroup(-44, "Basic", dean)
	w.AddGroupWithoutBot(-1001000000004, "Strangers", dean)
	w.done("leaveChat", "chat_id", -1001000000002)
	w.KickBot(-1001000000003, dean)
	w.KickBot(-44, dean)
	keys := func(b ...map[string]string) map[string]any { return rows(row(b...)) }
	many := make([]map[string]string, 101)
	for i := range many {
		many[i] = button("x", "y")
	}
	const bad, no = "Bad Request: ", "Forbidden: "
	for name, c := range map[string]struct {
		want  string
		pairs []any
	}{
		"no text":                               {bad + "message text is empty", args0("chat_id", aigerim)},
		"an empty text":                         {bad + "message text is empty", args0("chat_id", aigerim, "text", "")},
		"white space only":                      {bad + "text must be non-empty", args0("chat_id", aigerim, "text", " \n ")},
		"nothing visible":                       {bad + "text must be non-empty", args0("chat_id", aigerim, "text", "\u200b\u2060")},
		"only empty tags":                       {bad + "text must be non-empty", args0("chat_id", aigerim, "text", "<b> </b>", "parse_mode", "HTML")},
		"more than 4096 characters":             {bad + "message is too long", args0("chat_id", aigerim, "text", strings.Repeat("я", 4097))},
		"more than 32768 bytes":                 {bad + "text is too long", args0("chat_id", aigerim, "text", strings.Repeat("я", 16400))},
		"bad markup":                            {bad + `can't parse entities: Unsupported start tag "br" at byte offset 0`, args0("chat_id", aigerim, "text", "<br>", "parse_mode", "HTML")},
		"an unknown mode":                       {bad + "unsupported parse_mode", args0("chat_id", aigerim, "text", "x", "parse_mode", "BBCode")},
		"no chat":                               {bad + "chat_id is empty", args0("text", "x")},
		"an unknown chat":                       {bad + "chat not found", args0("chat_id", 999, "text", "x")},
		"an unknown name":                       {bad + "chat not found", args0("chat_id", "@nobody", "text", "x")},
		"a group the bot never was in":          {bad + "chat not found", args0("chat_id", -1001000000004, "text", "x")},
		"a person who never started":            {no + "bot can't initiate conversation with a user", args0("chat_id", bolat, "text", "x")},
		"another bot":                           {no + "the bot can't send messages to the bot", args0("chat_id", 104, "text", "x")},
		"a group the bot left":                  {no + "bot is not a member of the supergroup chat", args0("chat_id", -1001000000002, "text", "x")},
		"a group the bot was kicked from":       {no + "bot was kicked from the supergroup chat", args0("chat_id", -1001000000003, "text", "x")},
		"a basic group it was kicked from":      {no + "bot was kicked from the group chat", args0("chat_id", -44, "text", "x")},
		"a reply to nothing":                    {bad + "message to be replied not found", args0("chat_id", aigerim, "text", "x", "reply_parameters", args("message_id", 77))},
		"a button that does nothing":            {bad + "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard", args0("chat_id", aigerim, "text", "x", "reply_markup", keys(map[string]string{"text": "x"}))},
		"data of 65 bytes":                      {bad + "BUTTON_DATA_INVALID", args0("chat_id", aigerim, "text", "x", "reply_markup", keys(button("x", strings.Repeat("ә", 32)+"x")))},
		"empty data":                            {bad + "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard", args0("chat_id", aigerim, "text", "x", "reply_markup", keys(button("x", "")))},
		"a button to a bad address":             {bad + "inline keyboard button URL 'x y' is invalid: Wrong HTTP URL", args0("chat_id", aigerim, "text", "x", "reply_markup", keys(map[string]string{"text": "x", "url": "x y"}))},
		"a button to a strange address":         {bad + "inline keyboard button URL 'ftp://a.kz' is invalid: Unsupported URL protocol", args0("chat_id", aigerim, "text", "x", "reply_markup", keys(map[string]string{"text": "x", "url": "ftp://a.kz"}))},
		"a hundred and one buttons":             {bad + "reply markup is too long", args0("chat_id", aigerim, "text", "x", "reply_markup", keys(many...))},
		"markup that is not JSON":               {bad + "can't parse reply keyboard markup JSON object", args0("chat_id", aigerim, "text", "x", "reply_markup", "{")},
		"markup that is a list":                 {bad + "object expected as reply markup", args0("chat_id", aigerim, "text", "x", "reply_markup", []int{1})},
		"asking a group for a phone number":     {bad + "phone number can be requested in private chats only", args0("chat_id", office, "text", "x", "reply_markup", args("keyboard", [][]any{{args("text", "x", "request_contact", true)}}))},
		"asking a group for a place":            {bad + "location can be requested in private chats only", args0("chat_id", office, "text", "x", "reply_markup", args("keyboard", [][]any{{args("text", "x", "request_location", true)}}))},
		"text is checked before the chat":       {bad + "message text is empty", args0("chat_id", 999)},
		"the keyboard is checked before a chat": {bad + "BUTTON_DATA_INVALID", args0("chat_id", 999, "text", "x", "reply_markup", keys(button("x", strings.Repeat("x", 65))))},
	} {
		w.run(name, func(t *testing.T) {
			r := w.refused(c.want, "sendMessage", c.pairs...)
			equal(t, "status", r.status, map[bool]int{true: 403, false: 400}[strings.HasPrefix(c.want, no)])
		})
	}
	w.Block(aigerim)
	w.refused("Forbidden: bot was blocked by the user", "sendMessage", "chat_id", aigerim, "text", "x")
	w.refused("Forbidden: bot was blocked by the user", "sendChatAction", "chat_id", aigerim, "action", "typing")
	w.Unblock(aigerim)
	w.send(aigerim, "x")
	w.Deactivate(aigerim)
	w.refused("Forbidden: user is deactivated", "sendMessage", "chat_id", aigerim, "text", "x")
	w.refused("Bad Request: wrong parameter action in request", "sendChatAction", "chat_id", office, "action", "dancing")
	w.Mute(office, w.BotID())
	w.refused("Bad Request: not enough rights to send text messages to the chat", "sendMessage", "chat_id", office, "text", "x")
	r := w.form("sendPhoto", "chat_id", "-1001000000001", "photo", "@"+pixel)
	equal(t, "muted photos", r.Description, "Bad Request: not enough rights to send photos to the chat")
}

// pixel is what a picture begins with.
const pixel = "\x89PNG\r\n\x1a\n"

func args0(pairs ...any) []any { return pairs }

func TestWhatASentMessageLooksLike(t *testing.T) {
	w := newWorld(t)
	first := must(w.Start(aigerim, ""))
	w.take()
	full := strings.Repeat("я", 4096)
	equal(t, "4096 characters pass", w.call("sendMessage", "chat_id", aigerim, "text", full).OK, true)
	equal(t, "so do 4096 that were escaped", w.call("sendMessage", "chat_id", aigerim, "parse_mode", "HTML",
		"text", strings.Repeat("&lt;", 4096)).OK, true)

	sent := w.done("sendMessage", "chat_id", aigerim, "text", "See <b>this</b>: altuni.kz", "parse_mode", "html",
		"reply_parameters", args("message_id", first), "disable_notification", true, "protect_content", true,
		"link_preview_options", args("is_disabled", true)).decode(t)
	equal(t, "entities", at(sent, "entities"), []map[string]any{args("type", "bold", "offset", 4, "length", 4), args("type", "url", "offset", 10, "length", 9)})
	equal(t, "reply", at(sent, "reply_to_message.text"), "/start")
	equal(t, "protected", at(sent, "has_protected_content"), true)
	equal(t, "from", at(sent, "from"), args("id", 1, "is_bot", true, "first_name", "Dauys", "username", "dauys_demo_bot"))
	m, _ := w.Last(aigerim)
	holds(t, "silent, protected, no preview, a reply", m.Silent && m.Protected && m.NoPreview && m.ReplyTo == first)

	w.send(aigerim, "x", "reply_parameters", args("message_id", 9999, "allow_sending_without_reply", true))
	w.done("sendMessage", "chat_id", aigerim, "text", "Phone?", "reply_markup", args(
		"keyboard", [][]any{{args("text", "My number", "request_contact", true)}, {"No"}},
		"one_time_keyboard", true, "input_field_placeholder", "a number"))
	m, _ = w.Last(aigerim)
	equal(t, "kind of keyboard", m.Markup, "reply")
	equal(t, "labels", m.Labels(), []string{"My number", "No"})
	w.SetPhone(aigerim, "+77010000001")
	if err := w.PressLast(aigerim, aigerim, "My number"); err != nil {
		t.Fatal(err)
	}
	if err := w.PressLast(aigerim, aigerim, "No"); err != nil {
		t.Fatal(err)
	}
	updates := w.take()
	equal(t, "contact", at(updates[0], "message.contact"), args("phone_number", "+77010000001", "user_id", aigerim,
		"first_name", "Айгерим", "last_name", "Сатпаева"))
	equal(t, "text", at(updates[1], "message.text"), "No")
	w.done("sendMessage", "chat_id", aigerim, "text", "x", "reply_markup", args("remove_keyboard", true))
	w.done("sendMessage", "chat_id", aigerim, "text", "x", "reply_markup", args("force_reply", true))
	m, _ = w.Last(aigerim)
	equal(t, "markup", m.Markup, "force_reply")
	w.done("sendLocation", "chat_id", aigerim, "latitude", 43.2, "longitude", 76.9)
	w.done("sendVenue", "chat_id", aigerim, "latitude", 43.2, "longitude", 76.9, "title", "ALT", "address", "Almaty")
	w.done("sendContact", "chat_id", aigerim, "phone_number", "+7", "first_name", "Dean")
	equal(t, "misuse", w.Misuse(), nil)
}

func TestFiles(t *testing.T) {
	w := newWorld(t)
	must(w.Start(aigerim, ""))
	w.take()
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 400, 300))); err != nil {
		t.Fatal(err)
	}

	w.run("a photo comes in sizes, smallest first", func(t *testing.T) {
		must(w.SendFile(aigerim, aigerim, File{Kind: "photo", Data: picture.Bytes(), Caption: "page 4"}))
		u := w.take()[0]
		equal(t, "caption", at(u, "message.caption"), "page 4")
		equal(t, "sizes", []any{at(u, "message.photo.0.width"), at(u, "message.photo.1.width"), at(u, "message.photo.2.width")}, []int{90, 320, 400})
		id := at(u, "message.photo.2.file_id")
		path := at(w.done("getFile", "file_id", id).decode(t), "file_path")
		resp, err := http.Get(w.http.URL + "/file/bot1:TEST/" + path.(string))
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		got, _ := io.ReadAll(resp.Body)
		holds(t, "downloaded what was sent", bytes.Equal(got, picture.Bytes()))
	})
	w.run("every kind of file arrives under its name", func(t *testing.T) {
		for kind := range kindWords {
			id := must(w.SendFile(aigerim, aigerim, File{Kind: string(kind), Name: "x.bin", Data: []byte("data")}))
			u := w.take()[0]
			holds(t, string(kind), at(u, "message."+string(kind)) != nil)
			m, _ := w.Message(aigerim, id)
			equal(t, "kind", m.File.Kind, kind)
		}
	})
	w.run("a document keeps its name and type", func(t *testing.T) {
		must(w.SendFile(aigerim, aigerim, File{Kind: "document", Name: "../order 12.pdf", Data: []byte("%PDF")}))
		d := at(w.take()[0], "message.document")
		equal(t, "name", at(d, "file_name"), "order 12.pdf")
		equal(t, "type", at(d, "mime_type"), "application/pdf")
		equal(t, "size", at(d, "file_size"), 4)
	})
	w.run("a link to a file lives an hour", func(t *testing.T) {
		must(w.SendFile(aigerim, aigerim, File{Name: "a.txt", Data: []byte("x")}))
		id := at(w.take()[0], "message.document.file_id")
		path := at(w.done("getFile", "file_id", id).decode(t), "file_path").(string)
		w.clock.Advance(time.Hour)
		resp, err := http.Get(w.http.URL + "/file/bot1:TEST/" + path)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		equal(t, "status", resp.StatusCode, 404)
		w.done("getFile", "file_id", id)
	})
	w.run("a file of more than 20 MB cannot be downloaded", func(t *testing.T) {
		must(w.SendFile(aigerim, aigerim, File{Name: "big.zip", Data: []byte("x"), Size: 20<<20 + 1}))
		d := at(w.take()[0], "message.document")
		equal(t, "size", at(d, "file_size"), 20<<20+1)
		w.refused("Bad Request: file is too big", "getFile", "file_id", at(d, "file_id"))
	})
	w.run("a file that pretends to be bigger downloads as big", func(t *testing.T) {
		must(w.SendFile(aigerim, aigerim, File{Name: "b.bin", Data: []byte("x"), Size: 5000}))
		path := at(w.done("getFile", "file_id", at(w.take()[0], "message.document.file_id")).decode(t), "file_path").(string)
		resp, err := http.Get(w.http.URL + "/file/bot1:TEST/" + path)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		got, _ := io.ReadAll(resp.Body)
		equal(t, "size", len(got), 5000)
	})
	w.run("the bot uploads, and sends again by id", func(t *testing.T) {
		r := w.form("sendDocument", "chat_id", "101", "document", "@report", "caption", "<b>Report</b>", "parse_mode", "HTML")
		id := at(r.decode(t), "document.file_id")
		equal(t, "name", at(r.decode(t), "document.file_name"), "document.pdf")
		again := w.done("sendDocument", "chat_id", aigerim, "document", id)
		equal(t, "id", at(again.decode(t), "document.file_id"), id)
		w.refused("Bad Request: can't use file of type Document as Photo", "sendPhoto", "chat_id", aigerim, "photo", id)
		m, _ := w.Last(aigerim)
		equal(t, "content", string(m.File.Data), "report")
	})
	w.run("files that are not there", func(t *testing.T) {
		w.refused("Bad Request: there is no photo in the request", "sendPhoto", "chat_id", aigerim)
		w.refused("Bad Request: invalid file_id", "getFile", "file_id", "nonsense")
		w.refused("Bad Request: wrong file identifier/HTTP URL specified", "sendDocument", "chat_id", aigerim, "document", "a.pdf")
		w.refused("Bad Request: failed to get HTTP URL content", "sendDocument", "chat_id", aigerim, "document", "https://altuni.kz/a.pdf")
		w.refused("Bad Request: message caption is too long", "sendDocument", "chat_id", aigerim, "document", "x", "caption", strings.Repeat("x", 1025))
	})
	w.run("albums", func(t *testing.T) {
		for range 3 {
			must(w.SendFile(aigerim, aigerim, File{Kind: "photo", Data: picture.Bytes(), Album: "papers"}))
		}
		updates := w.take()
		equal(t, "an update for each", len(updates), 3)
		equal(t, "of one album", at(updates[0], "message.media_group_id"), at(updates[2], "message.media_group_id"))
		media := `[{"type":"photo","media":"attach://a","caption":"one"},{"type":"photo","media":"attach://b"}]`
		r := w.form("sendMediaGroup", "chat_id", "101", "media", media, "a", "@"+pixel, "b", "@"+pixel)
		var out []map[string]any
		if err := json.Unmarshal(r.Result, &out); err != nil {
			t.Fatal(r.Description)
		}
		equal(t, "messages", len(out), 2)
		equal(t, "caption", out[0]["caption"], "one")
		equal(t, "album", out[0]["media_group_id"], out[1]["media_group_id"])
		w.refused("Bad Request: there are no messages to send", "sendMediaGroup", "chat_id", aigerim, "media", "[]")
		w.refused("Bad Request: too many messages to send as an album", "sendMediaGroup", "chat_id", aigerim, "media", make([]album, 11))
		w.refused("Bad Request: document can't be mixed with other media types", "sendMediaGroup", "chat_id", aigerim, "media", []album{{Type: "photo"}, {Type: "document"}})
	})
}

func TestCopyAndForward(t *testing.T) {
	w := newWorld(t)
	id := must(w.Say(aigerim, aigerim, "My complaint"))
	one := must(w.SendFile(aigerim, aigerim, File{Kind: "photo", Data: []byte("1"), Caption: "a", Album: "x"}))
	two := must(w.SendFile(aigerim, aigerim, File{Kind: "photo", Data: []byte("2"), Album: "x"}))
	w.take()
	w.done("copyMessage", "chat_id", office, "from_chat_id", aigerim, "message_id", id, "reply_markup", rows(row(button("Take", "t"))))
	m, _ := w.Last(office)
	equal(t, "a copy has the text, no sender", []any{m.Text, m.Forwarded, m.Labels()}, []any{"My complaint", "", []string{"Take"}})
	w.done("forwardMessage", "chat_id", office, "from_chat_id", aigerim, "message_id", id)
	m, _ = w.Last(office)
	equal(t, "a forward has the sender", m.Forwarded, "Айгерим Сатпаева")
	var out []map[string]int64
	if err := json.Unmarshal(w.done("copyMessages", "chat_id", office, "from_chat_id", aigerim, "message_ids", []int64{one, two}).Result, &out); err != nil {
		t.Fatal(err)
	}
	first, _ := w.Message(office, out[0]["message_id"])
	second, _ := w.Message(office, out[1]["message_id"])
	holds(t, "albums stay together under a new name", first.Album != "" && first.Album == second.Album && first.Album != must1(w.Message(aigerim, one)).Album)
	w.refused("Bad Request: message to copy not found", "copyMessage", "chat_id", office, "from_chat_id", aigerim, "message_id", 999)
	w.refused("Bad Request: message to forward not found", "forwardMessage", "chat_id", office, "from_chat_id", aigerim, "message_id", 999)
	w.refused("Bad Request: message identifier is not specified", "forwardMessage", "chat_id", office, "from_chat_id", aigerim, "message_id", 0)
	w.refused("Bad Request: message identifiers are not specified", "copyMessages", "chat_id", office, "from_chat_id", aigerim, "message_ids", []int{})
	w.refused("Bad Request: too many message identifiers specified", "copyMessages", "chat_id", office, "from_chat_id", aigerim, "message_ids", make([]int, 101))
	w.refused("Bad Request: chat not found", "copyMessage", "chat_id", office, "from_chat_id", 999, "message_id", 1)

	w.run("of the buttons of a forwarded message only addresses stay", func(t *testing.T) {
		asked := w.send(office, "card", "reply_markup", rows(row(button("Take", "t"), map[string]string{"text": "Rules", "url": "https://altuni.kz"})))
		w.done("forwardMessage", "chat_id", aigerim, "from_chat_id", office, "message_id", asked)
		m, _ := w.Last(aigerim)
		equal(t, "labels", m.Labels(), []string{"Rules"})
	})
	hidden := must(w.Say(bolat, office, "between ourselves"))
	w.refused("Bad Request: message to copy not found", "copyMessage", "chat_id", aigerim, "from_chat_id", office, "message_id", hidden)
	protected := w.send(office, "x", "protect_content", true)
	w.done("copyMessage", "chat_id", aigerim, "from_chat_id", office, "message_id", protected)
}

func must1[T any](v T, ok bool) T {
	if !ok {
		panic("not there")
	}
	return v
}

func TestKindsOfButtons(t *testing.T) {
	w := newWorld(t)
	must(w.Start(aigerim, ""))
	w.take()
	for name, b := range map[string]map[string]any{
		"data of 64 bytes":      args("callback_data", strings.Repeat("ә", 32)),
		"an address":            args("url", "https://altuni.kz/rules"),
		"a chat":                args("url", "tg://user?id=101"),
		"something to copy":     args("copy_text", args("text", "ALT-2026-000123")),
		"a web app":             args("web_app", args("url", "https://altuni.kz/app")),
		"a login":               args("login_url", args("url", "https://altuni.kz/login")),
		"inline mode":           args("switch_inline_query", ""),
		"inline mode here":      args("switch_inline_query_current_chat", ""),
		"inline mode in a chat": args("switch_inline_query_chosen_chat", args("query", "x")),
		"nothing, and says so":  args("disabled", args()),
		"a colour and an icon":  args("callback_data", "y", "style", "danger", "icon_custom_emoji_id", "5"),
	} {
		w.run(name, func(t *testing.T) {
			b["text"] = "Press"
			m := w.done("sendMessage", "chat_id", aigerim, "text", "x", "reply_markup", args("inline_keyboard", []any{[]any{b}})).decode(t)
			equal(t, "comes back as it went", at(m, "reply_markup.inline_keyboard.0.0"), b)
		})
	}
	for name, c := range map[string]struct {
		want string
		b    map[string]any
	}{
		"too much to copy":        {"BUTTON_COPY_TEXT_INVALID", args("copy_text", args("text", strings.Repeat("x", 257)))},
		"a web app without HTTPS": {"inline keyboard button Web App URL 'http://altuni.kz' is invalid: Only HTTPS links are allowed", args("web_app", args("url", "http://altuni.kz"))},
		"a game that is none":     {"BUTTON_TYPE_INVALID", args("callback_game", args())},
		"paying for nothing":      {"BUTTON_TYPE_INVALID", args("pay", true)},
		"a button without words":  {"can't parse inline keyboard button: Button text must be non-empty", args("text", "", "callback_data", "y")},
	} {
		w.run(name, func(t *testing.T) {
			if c.b["text"] == nil {
				c.b["text"] = "Press"
			}
			w.refused("Bad Request: "+c.want, "sendMessage", "chat_id", aigerim, "text", "x", "reply_markup", args("inline_keyboard", []any{[]any{c.b}}))
		})
	}
	w.run("a web app in a group", func(*testing.T) {
		w.refused("Bad Request: web App buttons can be used in private chats only", "sendMessage", "chat_id", office, "text", "x",
			"reply_markup", args("inline_keyboard", []any{[]any{args("text", "x", "web_app", args("url", "https://altuni.kz/app"))}}))
	})
	w.run("what has no data cannot be pressed", func(t *testing.T) {
		w.done("sendMessage", "chat_id", aigerim, "text", "x", "reply_markup", args("inline_keyboard", []any{[]any{args("text", "Rules", "url", "https://altuni.kz")}}))
		holds(t, "an error", w.PressLast(aigerim, aigerim, "Rules") != nil)
	})
}

// TestHowMuchABotMaySend: 50 MB a file, 10 MB a photo.
func TestHowMuchABotMaySend(t *testing.T) {
	w := newWorld(t)
	must(w.Start(aigerim, ""))
	upload := func(method, field string, size int) reply {
		return w.form(method, "chat_id", "101", field, "@"+pixel+strings.Repeat("x", size-len(pixel)))
	}
	w.run("a photo of 10 MB", func(t *testing.T) { equal(t, "sent", upload("sendPhoto", "photo", 10<<20).OK, true) })
	w.run("a photo of more", func(t *testing.T) {
		equal(t, "refused", upload("sendPhoto", "photo", 10<<20+1).Description,
			"Bad Request: file of size 10485761 bytes is too big for a photo; the maximum size is 10485760 bytes")
	})
	w.run("a document of more than 50 MB", func(t *testing.T) {
		w.onPurpose(func() {
			r := upload("sendDocument", "document", 50<<20+1)
			equal(t, "refused", []any{r.status, r.Description}, []any{413, "Request Entity Too Large"})
		})
	})
	w.run("an empty file", func(t *testing.T) {
		w.onPurpose(func() {
			equal(t, "refused", w.form("sendDocument", "chat_id", "101", "document", "@").Description, "Bad Request: file must be non-empty")
		})
	})
	w.run("a photo that is no picture", func(t *testing.T) {
		w.onPurpose(func() {
			equal(t, "refused", w.form("sendPhoto", "chat_id", "101", "photo", "@words").Description, "Bad Request: IMAGE_PROCESS_FAILED")
		})
	})
}
