package telegram

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/go-telegram/bot/models"

	"alt.edu.kz/dauys/bot"
)

// reader is an adapter that only reads.
func reader(t testing.TB) *Telegram {
	t.Helper()
	tg, err := New("http://telegram.invalid", token, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	tg.me = models.User{ID: 1, Username: "dauys_bot"}
	return tg
}

// Pieces of updates.
const (
	fromAigerim = `"from":{"id":101,"first_name":"Айгерім","last_name":"С","language_code":"kk"}`
	inPrivate   = `"chat":{"id":101,"type":"private"}`
	inGroup     = `"chat":{"id":-1001,"type":"supergroup","title":"Office"}`
)

// seen is an update in a line, as far as it is not usual.
func seen(u bot.Update) string {
	if u.From == "" {
		return "nobody's"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s", u.From)
	if u.Chat != u.From {
		fmt.Fprintf(&b, " in %s", u.Chat)
	}
	if u.Private != (u.Chat == u.From) {
		fmt.Fprintf(&b, " private %v", u.Private)
	}
	put := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, " %s %q", name, value)
		}
	}
	put("says", u.Text)
	put("command", u.Command)
	put("with", u.Arg)
	put("presses", u.Press)
	put("answering", u.ReplyTo)
	if u.File != nil {
		put(u.File.Kind, u.File.Ref+" "+u.File.Name+" "+u.File.Caption)
	}
	if u.Strange {
		b.WriteString(" strange")
	}
	if u.Edited {
		b.WriteString(" edited")
	}
	if u.Hidden {
		b.WriteString(" hidden")
	}
	if u.Foreign {
		b.WriteString(" foreign")
	}
	put("change", string(u.Change))
	put("of", string(u.Member))
	put("to", string(u.Moved))
	return b.String()
}

func TestDecode(t *testing.T) {
	for name, test := range map[string]struct{ raw, want string }{
		"a text":                {`"message":{"message_id":5,` + fromAigerim + `,` + inPrivate + `,"text":"Сәлем"}`, `telegram:101 says "Сәлем"`},
		"without a name":        {`"message":{"message_id":5,"from":{"id":101},` + inPrivate + `,"text":"a"}`, `telegram:101 says "a"`},
		"NUL and bad UTF-8":     {`"message":{"message_id":5,` + fromAigerim + `,` + inPrivate + `,"text":"a\u0000b` + "\xff" + `"}`, `telegram:101 says "ab` + "\ufffd" + `"`},
		"a lone surrogate":      {`"message":{"message_id":5,` + fromAigerim + `,` + inPrivate + `,"text":"a\ud83d"}`, `telegram:101 says "a` + "\ufffd" + `"`},
		"in a group":            {`"message":{"message_id":5,` + fromAigerim + `,` + inGroup + `,"text":"a"}`, `telegram:101 in telegram:-1001 says "a"`},
		"an answer":             {`"message":{"message_id":5,` + fromAigerim + `,` + inGroup + `,"text":"a","reply_to_message":{"message_id":3}}`, `telegram:101 in telegram:-1001 says "a" answering "3"`},
		"in a topic":            {`"message":{"message_id":5,"message_thread_id":2,"is_topic_message":true,` + fromAigerim + `,` + inGroup + `,"text":"a","reply_to_message":{"message_id":2}}`, `telegram:101 in telegram:-1001/2 says "a"`},
		"an answer in a topic":  {`"message":{"message_id":5,"message_thread_id":2,"is_topic_message":true,` + fromAigerim + `,` + inGroup + `,"text":"a","reply_to_message":{"message_id":4}}`, `telegram:101 in telegram:-1001/2 says "a" answering "4"`},
		"a thread of comments":  {`"message":{"message_id":5,"message_thread_id":2,` + fromAigerim + `,` + inGroup + `,"text":"a","reply_to_message":{"message_id":2}}`, `telegram:101 in telegram:-1001 says "a" answering "2"`},
		"edited":                {`"edited_message":{"message_id":5,` + fromAigerim + `,` + inPrivate + `,"text":"b"}`, `telegram:101 says "b" edited`},
		"of the bot itself":     {`"message":{"message_id":5,"from":{"id":1,"is_bot":true},` + inGroup + `,"text":"a"}`, "nobody's"},
		"of another bot":        {`"message":{"message_id":5,"from":{"id":9,"is_bot":true},` + inGroup + `,"text":"/bind X"}`, "nobody's"},
		"of nobody":             {`"message":{"message_id":5,` + inGroup + `,"text":"a"}`, "nobody's"},
		"an anonymous admin":    {`"message":{"message_id":5,"from":{"id":1087968824,"is_bot":true},"sender_chat":{"id":-1001},` + inGroup + `,"text":"/bind X"}`, `telegram:1087968824 in telegram:-1001 says "/bind X" command "bind" with "X" hidden`},
		"a channel's voice":     {`"message":{"message_id":5,"from":{"id":136817688,"is_bot":true},"sender_chat":{"id":-7},` + inGroup + `,"text":"/bind X"}`, `telegram:136817688 in telegram:-1001 says "/bind X" command "bind" with "X" hidden`},
		"forwarded by itself":   {`"message":{"message_id":5,"from":{"id":777000},"sender_chat":{"id":-7},` + inGroup + `,"text":"/bind X"}`, "nobody's"},
		"as the group":          {`"message":{"message_id":5,` + fromAigerim + `,"sender_chat":{"id":-1001},` + inGroup + `,"text":"a"}`, `telegram:101 in telegram:-1001 says "a" hidden`},
		"for another bot":       {`"message":{"message_id":5,` + fromAigerim + `,` + inPrivate + `,"text":"/new@other_bot x"}`, `telegram:101 says "/new@other_bot x" foreign`},
		"a channel post":        {`"channel_post":{"message_id":5,"chat":{"id":-7,"type":"channel"},"text":"a"}`, "nobody's"},
		"a photo":               {`"message":{"message_id":5,` + fromAigerim + `,` + inPrivate + `,"photo":[{"file_id":"s"},{"file_id":"L"}],"caption":" words "}`, `telegram:101 photo "L  words"`},
		"a document":            {`"message":{"message_id":5,` + fromAigerim + `,` + inPrivate + `,"document":{"file_id":"d","file_name":"a\u202ef.pdf"}}`, `telegram:101 document "d af.pdf "`},
		"a voice":               {`"message":{"message_id":5,` + fromAigerim + `,` + inPrivate + `,"voice":{"file_id":"v"}}`, `telegram:101 voice "v  "`},
		"an animation":          {`"message":{"message_id":5,` + fromAigerim + `,` + inPrivate + `,"animation":{"file_id":"g"},"document":{"file_id":"g"}}`, `telegram:101 strange`},
		"a sticker":             {`"message":{"message_id":5,` + fromAigerim + `,` + inPrivate + `,"sticker":{"file_id":"s"}}`, `telegram:101 strange`},
		"a kind yet unknown":    {`"message":{"message_id":5,` + fromAigerim + `,` + inPrivate + `,"hologram":{"file_id":"s"}}`, `telegram:101 strange`},
		"a poll":                {`"message":{"message_id":5,` + fromAigerim + `,` + inPrivate + `,"poll":{"id":"1"}}`, `telegram:101 strange`},
		"a press":               {`"callback_query":{"id":"q",` + fromAigerim + `,"data":"s:take:1","message":{"message_id":3,` + inGroup + `}}`, `telegram:101 in telegram:-1001 presses "s:take:1"`},
		"a press in private":    {`"callback_query":{"id":"q",` + fromAigerim + `,"data":"m:new","message":{"message_id":3,` + inPrivate + `}}`, `telegram:101 presses "m:new"`},
		"under an old message":  {`"callback_query":{"id":"q",` + fromAigerim + `,"data":"s:take:1","message":{"message_id":3,"date":0,` + inGroup + `}}`, `telegram:101 in telegram:-1001 presses "s:take:1"`},
		"under no message":      {`"callback_query":{"id":"q",` + fromAigerim + `,"data":"s:take:1","inline_message_id":"x"}`, `telegram:101 presses "old"`},
		"a game":                {`"callback_query":{"id":"q",` + fromAigerim + `,"game_short_name":"x","message":{"message_id":3,` + inPrivate + `}}`, `telegram:101 presses "old"`},
		"forged with NUL":       {`"callback_query":{"id":"q",` + fromAigerim + `,"data":"c:\u0000","message":{"message_id":3,` + inPrivate + `}}`, `telegram:101 presses "c:"`},
		"blocked":               {`"my_chat_member":{` + inPrivate + `,` + fromAigerim + `,"new_chat_member":{"status":"kicked","user":{"id":1}}}`, `telegram:101 change "blocked"`},
		"unblocked":             {`"my_chat_member":{` + inPrivate + `,` + fromAigerim + `,"new_chat_member":{"status":"member","user":{"id":1}}}`, `telegram:101 change "unblocked"`},
		"taken out":             {`"my_chat_member":{` + inGroup + `,` + fromAigerim + `,"new_chat_member":{"status":"left","user":{"id":1}}}`, `telegram:101 in telegram:-1001 change "blocked"`},
		"silenced":              {`"my_chat_member":{` + inGroup + `,` + fromAigerim + `,"new_chat_member":{"status":"restricted","is_member":true,"user":{"id":1}}}`, `telegram:101 in telegram:-1001 change "unblocked"`},
		"somebody left":         {`"message":{"message_id":5,"from":{"id":102},` + inGroup + `,"left_chat_member":{"id":102}}`, `telegram:102 in telegram:-1001 change "left" of "telegram:102"`},
		"kicked by a bot":       {`"message":{"message_id":5,"from":{"id":9,"is_bot":true},` + inGroup + `,"left_chat_member":{"id":102}}`, `telegram:9 in telegram:-1001 change "left" of "telegram:102"`},
		"a member was banned":   {`"chat_member":{` + inGroup + `,` + fromAigerim + `,"new_chat_member":{"status":"kicked","user":{"id":102}}}`, `telegram:101 in telegram:-1001 change "left" of "telegram:102"`},
		"a member was promoted": {`"chat_member":{` + inGroup + `,` + fromAigerim + `,"new_chat_member":{"status":"administrator","user":{"id":102}}}`, "nobody's"},
		"moved":                 {`"message":{"message_id":5,"from":{"id":1087968824,"is_bot":true},"chat":{"id":-42,"type":"group"},"migrate_to_chat_id":-1001}`, `telegram:1087968824 in telegram:-42 change "moved" to "telegram:-1001"`},
		"moved here":            {`"message":{"message_id":5,` + fromAigerim + `,` + inGroup + `,"migrate_from_chat_id":-42}`, `telegram:101 in telegram:-42 change "moved" to "telegram:-1001"`},
		"taken in":              {`"my_chat_member":{` + inGroup + `,` + fromAigerim + `,"old_chat_member":{"status":"left"},"new_chat_member":{"status":"member","user":{"id":1}}}`, `telegram:101 in telegram:-1001 change "added"`},
		"promoted":              {`"my_chat_member":{` + inGroup + `,` + fromAigerim + `,"old_chat_member":{"status":"member"},"new_chat_member":{"status":"administrator","user":{"id":1}}}`, `telegram:101 in telegram:-1001 change "unblocked"`},
		"somebody joined":       {`"message":{"message_id":5,` + fromAigerim + `,` + inGroup + `,"new_chat_members":[{"id":1}]}`, "nobody's"},
		"something pinned":      {`"message":{"message_id":5,` + fromAigerim + `,` + inGroup + `,"pinned_message":{"message_id":3}}`, "nobody's"},
		"a new title":           {`"message":{"message_id":5,` + fromAigerim + `,` + inGroup + `,"new_chat_title":"x"}`, "nobody's"},
		"a reaction":            {`"message_reaction":{` + inGroup + `}`, "nobody's"},
		"nothing":               {`"x":1`, "nobody's"},
	} {
		t.Run(name, func(t *testing.T) {
			u, err := reader(t).Decode([]byte(`{"update_id":9,` + test.raw + `}`))
			if err != nil {
				t.Fatal(err)
			}
			if got := seen(u); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
			if u.Update != "telegram:9" || len(u.Raw) == 0 {
				t.Errorf("id %q, %d bytes raw", u.Update, len(u.Raw))
			}
		})
	}
	for _, raw := range []string{``, `[]`, `7`, `{"update_id":"x"}`, `{"update_id":1e400}`, `{"message":{"text":{}}}`, strings.Repeat("[", 20000)} {
		if _, err := reader(t).Decode([]byte(raw)); err == nil {
			t.Errorf("%.20q was read", raw)
		}
	}
}

func TestCommand(t *testing.T) {
	tg := reader(t)
	for text, want := range map[string]string{
		"/start":                      "start|",
		"/START":                      "start|",
		"/start abc-D_9":              "start|abc-D_9",
		"/bind@dauys_bot K7":          "bind|K7",
		"/bind@Dauys_Bot\nK7":         "bind|K7",
		"/bind  K7 \n ":               "bind|K7",
		"/new\nfirst line second":     "new|first line second",
		"/new first\nsecond":          "new|first\nsecond",
		"/new\u00a0x":                 "|",
		"/bind@other_bot K7":          "|",
		"/bind@":                      "|",
		"/":                           "|",
		"/ start":                     "|",
		"//start":                     "|",
		"start":                       "|",
		" /start":                     "|",
		"/привет":                     "|",
		"/startы":                     "|",
		"/home/user":                  "|",
		"/start@dauys_botx":           "|",
		"/" + strings.Repeat("a", 33): "|",
		"/start😀":                     "|",
		"":                            "|",
	} {
		if name, arg, _ := tg.command(text); name+"|"+arg != want {
			t.Errorf("%q is %q with %q, want %q", text, name, arg, want)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, part := range []string{
		`"message":{"message_id":5,` + fromAigerim + `,` + inGroup + `,"text":"/a@b c","photo":[{}],"reply_to_message":{"message_id":3}}`,
		`"callback_query":{"id":"q",` + fromAigerim + `,"data":"x","message":{"message_id":3,` + inGroup + `}}`,
		`"my_chat_member":{` + inPrivate + `,` + fromAigerim + `,"new_chat_member":{"status":"kicked","user":{"id":1}}}`,
		`"chat_member":{` + inGroup + `,"new_chat_member":{"status":"left"}}`,
		`"edited_message":{"from":null,"chat":null,"voice":{}}`,
		`"message":null,"callback_query":{"message":null}`,
	} {
		f.Add([]byte(`{"update_id":9,` + part + `}`))
	}
	tg := reader(f)
	f.Fuzz(func(t *testing.T, raw []byte) {
		u, err := tg.Decode(raw)
		if err != nil {
			return
		}
		for _, s := range []string{u.Text, u.Press, u.Name, u.Command, u.Arg} {
			if strings.Contains(s, "\x00") || !utf8.ValidString(s) {
				t.Errorf("%q goes on to a database", s)
			}
		}
		if u.From != "" && (u.From.Check() != nil || u.Chat.Check() != nil) {
			t.Errorf("from %q in %q", u.From, u.Chat)
		}
		if u.Change != "" && (u.Text != "" || u.Press != "") {
			t.Errorf("two things in one: %+v", u.Input)
		}
		// What waits is kept as it came, and is read again in the same way.
		again, err := tg.Decode(u.Raw)
		if err != nil || seen(again) != seen(u) {
			t.Errorf("read again: %v\n%s\n%s", err, seen(u), seen(again))
		}
		if _, err := json.Marshal(u.Input); err != nil {
			t.Error(err)
		}
	})
}

func FuzzCommand(f *testing.F) {
	for _, s := range []string{"/start", "/a@dauys_bot b", "/ы", "/a\nb c"} {
		f.Add(s)
	}
	tg := reader(f)
	f.Fuzz(func(t *testing.T, text string) {
		name, arg, _ := tg.command(text)
		if name == "" {
			if arg != "" {
				t.Errorf("%q has only an argument", text)
			}
			return
		}
		if !strings.HasPrefix(strings.ToLower(text), "/"+name) || !strings.Contains(text, arg) || strings.TrimSpace(arg) != arg || len(name) > 32 {
			t.Errorf("%q is %q with %q", text, name, arg)
		}
		for _, r := range name {
			if !strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789_", r) {
				t.Errorf("%q is no command", name)
			}
		}
	})
}
