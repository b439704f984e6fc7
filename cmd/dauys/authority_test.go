package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/bot/simulator"
	"alt.edu.kz/dauys/handlers"
)

// Callback data and membership are what somebody sends, not what they may do. Here people
// send what they like.

// enter lets a person choose a language.
func (s *stage) enter(who int64, language string) {
	s.t.Helper()
	s.say(who, who, "/start")
	s.press(who, who, language)
}

func (s *stage) say(who, chat int64, text string) simulator.Message {
	s.t.Helper()
	if _, err := s.sim.Say(who, chat, text); err != nil {
		s.t.Fatal(err)
	}
	s.settle()
	return s.last(chat)
}

func (s *stage) press(who, chat int64, label string) simulator.Message {
	s.t.Helper()
	if err := s.sim.PressLast(who, chat, label); err != nil {
		s.t.Fatal(err)
	}
	s.settle()
	return s.last(chat)
}

// reply answers the bot's last message in a chat.
func (s *stage) reply(who, chat int64, text string) simulator.Message {
	s.t.Helper()
	if _, err := s.sim.Reply(who, chat, s.last(chat).ID, text); err != nil {
		s.t.Fatal(err)
	}
	s.settle()
	return s.last(chat)
}

func (s *stage) last(chat int64) simulator.Message {
	s.t.Helper()
	m, ok := s.sim.Last(chat)
	if !ok {
		return simulator.Message{}
	}
	return m
}

// secretText is in the case of register, and nowhere else.
const secretText = "СЕКРЕТНЫЙТЕКСТ о том, что произошло на экзамене"

// register has a person's complaint registered, without the dialogue.
func (s *stage) register(who int64, institute string) (number string) {
	s.t.Helper()
	s.sim.Started(who)
	c, err := dauys.Open(dauys.Draft{
		ID: handlers.NewID(), Kind: dauys.Complaint, Institute: institute, Topic: "marks", Text: secretText,
		Applicant: dauys.Applicant{Address: telegramAddress(who), Name: "ТАЙНОЕИМЯ Заявителя", Standing: dauys.AsStudent, Lang: dauys.Russian},
		Files:     []dauys.File{{Ref: "f1", Kind: "photo", Name: "ТАЙНЫЙФАЙЛ.jpg"}},
		Consent:   dauys.Consent{Version: "1", At: s.clock.Now()},
	}, s.app.university, s.clock.Now())
	if err != nil {
		s.t.Fatal(err)
	}
	c.Files = nil
	stored, _, err := s.app.db.File(context.Background(), c)
	if err != nil {
		s.t.Fatal(err)
	}
	s.app.sender.Wake()
	s.settle()
	return stored.Number
}

func (s *stage) loaded(number string) *dauys.Case {
	s.t.Helper()
	c, err := s.app.db.Case(context.Background(), number)
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

// rightsOf are the offices for which somebody may act.
func (s *stage) rightsOf(who int64) (offices []dauys.OfficeID) {
	s.t.Helper()
	rights, err := s.app.db.StaffOf(context.Background(), telegramAddress(who), s.clock.Now())
	if err != nil {
		s.t.Fatal(err)
	}
	for _, r := range rights {
		offices = append(offices, r.Office)
	}
	return offices
}

// forge sends a press that no app would send, and tells what was shown at the button. The
// data may be anything, the chat and the message need not exist.
func (s *stage) forge(who, chat, message int64, data string) (toast string) {
	s.t.Helper()
	id := s.inject(who, chat, message, data)
	s.settle()
	toast, ok := s.toasts(id)[id]
	if !ok {
		s.t.Errorf("the press of %q by %d in %d is not answered", data, who, chat)
	}
	return toast
}

// inject sends a press and returns its id.
func (s *stage) inject(who, chat, message int64, data string) (id string) {
	id = fmt.Sprint("forged-", rand.Uint64())
	kind := "private"
	if chat < 0 {
		kind = "supergroup"
	}
	s.sim.Inject(map[string]any{"callback_query": map[string]any{
		"id": id, "from": map[string]any{"id": who, "first_name": "Зарина", "language_code": "ru"}, "chat_instance": "1", "data": data,
		"message": map[string]any{"message_id": message, "date": s.clock.Now().Unix(), "chat": map[string]any{"id": chat, "type": kind}},
	}})
	return id
}

// toasts waits for the answers to presses.
func (s *stage) toasts(ids ...string) map[string]string {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	found := map[string]string{}
	if err := soon(ctx, "presses are answered", func() (bool, error) {
		for _, c := range s.sim.CallsOf("answerCallbackQuery") {
			if id, _ := c.Params["callback_query_id"].(string); slices.Contains(ids, id) {
				found[id], _ = c.Params["text"].(string)
			}
		}
		return len(found) == len(ids), nil
	}); err != nil {
		s.t.Error(err)
	}
	return found
}

// untouched runs something that must not move a case, nor show any of it in chats that it
// does not belong to.
func (s *stage) untouched(number string, foreign []int64, do func()) {
	s.t.Helper()
	before := s.loaded(number)
	seen := map[int64]int{}
	for _, chat := range foreign {
		seen[chat] = len(s.sim.Messages(chat))
	}
	calls := len(s.sim.CallsOf("answerCallbackQuery"))
	do()
	after := s.loaded(number)
	if after.Version != before.Version || !reflect.DeepEqual(after.Events, before.Events) {
		s.t.Errorf("%s was moved: %v", number, after.Events[len(before.Events):])
	}
	var said strings.Builder
	for _, chat := range foreign {
		for _, m := range s.sim.Messages(chat)[seen[chat]:] {
			if m.FromBot {
				said.WriteString(m.Text + "\n" + strings.Join(m.Labels(), "\n") + "\n")
			}
		}
	}
	for _, c := range s.sim.CallsOf("answerCallbackQuery")[calls:] {
		text, _ := c.Params["text"].(string)
		said.WriteString(text + "\n")
	}
	s.noLeak(said.String())
	if kept, err := s.app.db.Quarantined(context.Background(), 10); err != nil || len(kept) > 0 {
		s.t.Errorf("updates were put aside: %v %v", kept, err)
	}
}

var caseWords = regexp.MustCompile(`СЕКРЕТНЫЙТЕКСТ|ТАЙНОЕИМЯ|ТАЙНЫЙФАЙЛ|ALT-\d`)

func (s *stage) noLeak(said string) {
	s.t.Helper()
	if found := caseWords.FindString(said); found != "" {
		s.t.Errorf("%s is told to whom it does not concern:\n%s", found, said)
	}
}

func TestBinding(t *testing.T) {
	t.Parallel()
	s := newStage(t, steady)
	const fresh, other = int64(-1002000000001), int64(-1002000000002)
	s.sim.AddGroup(fresh, "Ректорат", marat, zarina)
	s.sim.AddGroup(other, "Чужая группа", zarina, darkhan)
	bound := func() dauys.Address {
		t.Helper()
		all, err := s.app.db.Bindings(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return all["rector"]
	}
	before := bound()
	code := func() string {
		t.Helper()
		text := s.say(darkhan, darkhan, "/bind rector").Text
		m := regexp.MustCompile(`/bind ([A-Z2-9]{10})`).FindStringSubmatch(text)
		if m == nil {
			t.Fatalf("no code: %s", text)
		}
		return m[1]
	}
	refused := func(what string, who, chat int64, text string) {
		t.Helper()
		was := bound()
		if m := s.say(who, chat, text); !strings.Contains(m.Text, "Код не подходит") {
			t.Errorf("%s: %q", what, m.Text)
		}
		if bound() != was {
			t.Errorf("%s: the chat is bound", what)
		}
	}
	s.enter(darkhan, "Русский")
	s.enter(zarina, "Русский")

	refused("a wrong code", zarina, other, "/bind AAAAAAAAAA")
	refused("no code", zarina, other, "/bind")
	refused("a code of signs", zarina, other, "/bind ' OR 1=1 --")
	refused("a very long code", zarina, other, "/bind "+strings.Repeat("A", 4000))
	refused("an office instead of a code", darkhan, other, "/bind rector")

	first := code()
	// Only an administrator is given codes, and only groups are bound.
	for _, command := range []string{"/bind rector", "/bind " + first, "/offices", "/offices now"} {
		if m := s.say(zarina, zarina, command); !strings.Contains(m.Text, "Такой команды нет") || strings.Contains(m.Text, first) {
			t.Errorf("%s by anybody: %q", command, m.Text)
		}
	}
	quiet := len(s.sim.Messages(other))
	s.say(zarina, other, "/offices")
	if n := len(s.sim.Messages(other)); n != quiet+1 {
		t.Errorf("/offices in a group is answered: %q", s.last(other).Text)
	}
	if bound() != before {
		t.Error("the office is bound elsewhere already")
	}
	// Whoever has the code may use it; it is written as it comes.
	if m := s.say(marat, fresh, "/bind   "+strings.ToLower(first)+" "); !strings.Contains(m.Text, "Этот чат подключён") {
		t.Errorf("the code is refused: %q", m.Text)
	}
	if bound() != telegramAddress(fresh) {
		t.Errorf("the office is bound to %s", bound())
	}
	refused("a used code", marat, fresh, "/bind "+first)
	refused("a used code in another group", zarina, other, "/bind "+first)

	second := code()
	s.clock.Advance(31 * time.Minute)
	refused("a code after 31 minutes", zarina, other, "/bind "+second)
	third := code()
	s.clock.Advance(29 * time.Minute)
	if m := s.say(zarina, other, "/bind@dauys_demo_bot "+third); !strings.Contains(m.Text, "Этот чат подключён") {
		t.Errorf("a code after 29 minutes is refused: %q", m.Text)
	}
	if bound() != telegramAddress(other) {
		t.Errorf("the office is bound to %s", bound())
	}
	// A new case comes to the new chat only.
	old := len(s.sim.Messages(fresh))
	number := s.register(dima, "itc")
	if n := len(s.sim.Messages(fresh)); n != old {
		t.Errorf("the chat of before hears of %s: %q", number, s.last(fresh).Text)
	}
}

// malformed is data that no button of ours has.
func malformed(number, prompt, form string) []string {
	all := []string{
		"", " ", ":", "::::", "s", "s:", "s:take", "s:take:", "s::" + number, "s:take:" + number + ":", "s:take:" + number + ":extra", "s:take:" + strings.ToLower(number),
		"s:take:" + number + " ", " s:take:" + number, "S:take:" + number, "s:TAKE:" + number, "s:register:" + number, "s:delivered:" + number, "s:release:" + number,
		"s:withdraw:" + number, "s:add:" + number, "s:reply:" + number, "s:unknown:" + number, "s:take:ALT-2026-999999", "s:take:ALT-2026-000001000000000000000000000000000000", "s:take:ALT-9999999999-000001",
		"s:take:-1", "s:take:0x1", "s:take:18446744073709551616", "s:take:../../etc/passwd", "s:take:' OR '1'='1", "s:take:%00", "s:take:%s%n", "s:take:{{.}}",
		"c:", "c", "c::", "c:" + number + ":", "c:" + number + ":take", "c:" + number + ":answer", "c:" + number + ":ask", "c:" + number + ":add:extra", "c:" + number + ":withdraw", "c:../../" + number,
		"c:' OR '1'='1' --", "c:" + strings.Repeat("9", 60), "c:ALT-2026-' UNION SELECT 1--", "c:" + number, "c:ALT-2026-999999",
		"p:", "p::", "p:" + prompt, "p:" + prompt + ":", "p:" + prompt + ":a:x:1:send:", "p:" + prompt + ":a::1:send:", "p:unknown:a:x:1:send:", "p:../x:a:x:1:pick:granted", "p:" + strings.Repeat("A", 62),
		"a:", "a::::", "a:" + form + ":1:send:", "a:" + form + ":0:send:", "a:" + form + ":-1:send:", "a:" + form + ":99999999999999999999:send:", "a:" + form + ":1::", "a:" + form + ":1:explode:",
		"a:" + form + ":2000000000:pick:complaint", "a::1:send:", "a:" + strings.Repeat("x", 40) + ":1:pick:1",
		"l:", "l:de", "l:../kk", "l:" + strings.Repeat("k", 61), "m:", "m:offices", "m:bind", "m:unknown", "m:start", "m:../new", "old",
		strings.Repeat("x", 64), strings.Repeat("ы", 32), strings.Repeat("long ", 8000), "s:take:" + number + strings.Repeat("\n", 1000),
		"\x01\x02\x03\x7f", "s:take:" + number + "\x00", "\u202e" + "s:take:" + number, "s:take:" + number + "\u200b", "s：take：" + number, "\ufeffs:take:" + number, "\xff\xfe\xfd",
		"<b>s:take</b>", "{}", "[]", "null", "\"", "\\", "/bind rector", "/start",
	}
	return all
}

// TestForgedPresses sends every kind of data from everywhere.
func TestForgedPresses(t *testing.T) {
	t.Parallel()
	s := newStage(t, steady)
	const foreign = int64(-1002000000003)
	s.sim.AddGroup(foreign, "Чужая группа", zarina, dima)
	deputy, other, director := s.chats["deputy@itc"], s.chats["deputy@ilb"], s.chats["director@itc"]
	s.enter(zarina, "Русский")
	s.enter(dima, "Русский")
	s.enter(aigerim, "Қазақша")
	number := s.register(aigerim, "itc")
	never := "ALT-2026-999999"
	card := s.last(deputy)
	elsewhere := []int64{zarina, dima, foreign, director, other}

	// Nobody without a right does anything with a card, wherever they press it; and they are
	// told the same of a case that there is not.
	for _, tt := range []struct {
		name      string
		who, chat int64
	}{
		{"in a group of no office", zarina, foreign},
		{"in their own chat", zarina, zarina},
		{"in the office's chat, where they are no member", zarina, deputy},
		{"the applicant, in the office's chat", aigerim, deputy},
		{"the applicant, in their own chat", aigerim, aigerim},
		{"staff of another office, in their chat", gulnar, director},
		{"staff of another office, in a group of no office", gulnar, foreign},
		{"staff of another office, in the office's chat", gulnar, deputy},
		{"staff of another institute's office, in their chat", igor, other},
		{"an administrator, in their own chat", darkhan, darkhan},
		{"in a chat of nobody", zarina, -1009999999999},
		{"the bot's own chat", 1, 1},
	} {
		for _, act := range []string{"take", "answer", "ask", "unask", "transcribe", "escalate", "giveback"} {
			s.untouched(number, elsewhere, func() {
				real, none := s.forge(tt.who, tt.chat, card.ID, "s:"+act+":"+number), s.forge(tt.who, tt.chat, card.ID, "s:"+act+":"+never)
				if real != none {
					t.Errorf("%s: %s of a case is answered with %q, of no case with %q", tt.name, act, real, none)
				}
				if tt.chat < 0 && real == "" {
					t.Errorf("%s: %s is answered with nothing", tt.name, act)
				}
			})
		}
		if rights := s.rightsOf(tt.who); len(rights) > 0 {
			t.Errorf("%s: now acts for %q", tt.name, rights)
		}
	}

	// A case of somebody else looks like none.
	for _, who := range []int64{zarina, dima} {
		s.untouched(number, elsewhere, func() {
			for _, data := range []string{"c:%s", "c:%s:add", "c:%s:reply", "c:%s:withdraw", "c:%s:take"} {
				s.forge(who, who, 1, fmt.Sprintf(data, number))
				real := s.last(who)
				s.forge(who, who, 1, fmt.Sprintf(data, never))
				if none := s.last(who); none.Text != real.Text || !reflect.DeepEqual(none.Labels(), real.Labels()) {
					t.Errorf(data+": of somebody's case: %q, of none: %q", number, real.Text, none.Text)
				}
			}
			real, none := s.say(who, who, strings.ToLower(number)), s.say(who, who, never)
			if none.Text != real.Text {
				t.Errorf("the number, typed: %q, of none: %q", real.Text, none.Text)
			}
		})
	}

	// The question of a staff act belongs to who began it, a form to its person.
	s.press(saltanat, deputy, "Принять в работу")
	question := s.press(saltanat, deputy, "Ответить")
	choose, ok := question.Button("Удовлетворено")
	if !ok || !strings.HasPrefix(choose.Data, "p:") {
		t.Fatalf("no question: %q", question.Labels())
	}
	for _, tt := range []struct {
		name      string
		who, chat int64
		want      string
	}{
		{"a colleague, in the office's chat", igor, deputy, "Это пишет коллега"},
		{"a stranger, in a group", zarina, foreign, "коллега"},
		{"a stranger, in the office's chat", zarina, deputy, "коллега"},
		{"who began it, in another chat", saltanat, other, "устарела"},
	} {
		s.untouched(number, elsewhere, func() {
			if toast := s.forge(tt.who, tt.chat, question.ID, choose.Data); !strings.Contains(toast, tt.want) {
				t.Errorf("%s: %q", tt.name, toast)
			}
		})
	}
	for _, who := range []int64{zarina, saltanat, aigerim} { // in private there are no such questions
		s.untouched(number, elsewhere, func() { s.forge(who, who, question.ID, choose.Data) })
	}
	s.say(aigerim, aigerim, "/new")
	form := s.last(aigerim)
	agree, ok := form.Button("Келісемін")
	if !ok {
		agree = form.Keyboard[0][0]
	}
	s.untouched(number, elsewhere, func() { s.forge(dima, dima, form.ID, agree.Data) })
	if m := s.last(dima); !strings.Contains(m.Text, "устарела") {
		t.Errorf("data of somebody else's form: %q", m.Text)
	}
	if state, _, err := s.app.dialogues.Load(t.Context(), telegramAddress(dima)); err != nil || state.Focus != nil {
		t.Errorf("dima is in a form now: %v %v", state.Focus, err)
	}
	s.untouched(number, elsewhere, func() { s.forge(zarina, foreign, form.ID, agree.Data) })
	if state, _, err := s.app.dialogues.Load(t.Context(), telegramAddress(aigerim)); err != nil || state.Focus == nil || len(state.Focus.Answers) > 0 {
		t.Errorf("the form was gone on with by others: %+v %v", state.Focus, err)
	}

	// Data that no button has.
	formID := strings.Split(agree.Data, ":")[1]
	prompt := strings.Split(choose.Data, ":")[1]
	s.untouched(number, elsewhere, func() {
		var ids []string
		for _, data := range malformed(number, prompt, formID) {
			ids = append(ids, s.inject(zarina, zarina, 1, data), s.inject(zarina, foreign, 1, data), s.inject(igor, deputy, card.ID, data))
		}
		s.settle()
		s.toasts(ids...)
	})
	for _, m := range s.sim.Messages(zarina) {
		if strings.Contains(m.Text, "что-то пошло не так") && m.FromBot && !strings.Contains(m.Text, "Здравствуйте") {
			t.Errorf("malformed data is a mishap: %q", m.Text)
		}
	}

	// And after all that the work goes on.
	s.press(saltanat, deputy, "Удовлетворено")
	s.reply(saltanat, deputy, "Оценка исправлена, приносим извинения за ошибку.")
	s.press(saltanat, deputy, "Пропустить")
	s.press(saltanat, deputy, "Отправить")
	if c := s.loaded(number); c.Status != dauys.Closed {
		t.Errorf("the case is %s, not closed", c.Status)
	}
}

// TestWhoAsksAndWhoReplies: the holder alone asks and takes the question back, and the
// applicant of the case alone replies, whoever has open cases of their own.
func TestWhoAsksAndWhoReplies(t *testing.T) {
	t.Parallel()
	s := newStage(t, steady)
	deputy := s.chats["deputy@itc"]
	s.enter(dima, "Русский")
	s.enter(zarina, "Русский")
	other := s.register(zarina, "ilb") // of somebody who has a case, too
	number := s.register(dima, "itc")
	card := s.last(deputy)
	s.press(saltanat, deputy, "Принять в работу")
	for _, act := range []string{"ask", "unask", "answer"} {
		s.untouched(number, []int64{dima, zarina}, func() {
			if toast := s.forge(igor, deputy, card.ID, "s:"+act+":"+number); toast == "" {
				t.Errorf("a colleague may %s", act)
			}
		})
	}
	s.press(saltanat, deputy, "Запросить уточнения")
	s.reply(saltanat, deputy, "Когда это было? СЕКРЕТНЫЙТЕКСТ")
	s.press(saltanat, deputy, "Пропустить")
	s.press(saltanat, deputy, "Отправить")
	if c := s.loaded(number); c.Status != dauys.Needs {
		t.Fatalf("the case is %s", c.Status)
	}
	s.untouched(number, []int64{zarina}, func() {
		for _, who := range []int64{igor, darkhan} {
			if toast := s.forge(who, deputy, card.ID, "s:unask:"+number); toast == "" {
				t.Error("somebody else takes the question back")
			}
		}
		s.forge(zarina, zarina, 1, "c:"+number+":reply")
		real := s.last(zarina)
		s.forge(zarina, zarina, 1, "c:ALT-2026-999999:reply")
		if none := s.last(zarina); none.Text != real.Text || !reflect.DeepEqual(none.Labels(), real.Labels()) {
			t.Errorf("somebody's question is answered with %q, one that there is not with %q", real.Text, none.Text)
		}
	})
	s.forge(zarina, zarina, 1, "c:"+other+":reply") // of their own, but nobody has asked
	if state, _, err := s.app.dialogues.Load(t.Context(), telegramAddress(zarina)); err != nil || state.Focus != nil {
		t.Errorf("zarina replies to %+v (%v)", state.Focus, err)
	}
	s.forge(dima, dima, 1, "c:"+number+":reply")
	s.say(dima, dima, "В понедельник, на третьей паре.")
	s.press(dima, dima, "Готово")
	s.press(dima, dima, "Пропустить")
	s.press(dima, dima, "Отправить")
	c := s.loaded(number)
	if e, ok := c.Latest(dauys.Reply); !ok || e.Note != "В понедельник, на третьей паре." || c.Status != dauys.InReview {
		t.Errorf("the applicant cannot reply: %s %+v", c.Status, e)
	}
}

// Data that is no text at all.
func TestBinaryPresses(t *testing.T) {
	t.Parallel()
	s := newStage(t, steady)
	s.enter(zarina, "Русский")
	number := s.register(aigerim, "itc")
	s.untouched(number, []int64{zarina}, func() {
		for i, data := range []string{
			`"s:take:` + number + `\u0000"`, `"\ud800\udc00\ud800"`, `"c:\ud800"`, `"a:\udfff:1:send:"`, `null`, `""`, `"\u0000"`, "\"c:\xff\xfe\"",
		} {
			for j, chat := range []string{`{"id":205,"type":"private"}`, `{"id":-1002000000003,"type":"supergroup"}`, `{}`, `null`} {
				s.sim.InjectRaw(json.RawMessage(fmt.Sprintf(`{"update_id":%d,"callback_query":{"id":"b%[1]d","from":{"id":205,"first_name":"З"},"message":{"message_id":1,"date":1,"chat":%s},"data":%s}}`, 5000+100*i+j, chat, data)))
				s.settle()
			}
		}
	})
}

// What is no update of Telegram at all is put aside, and holds nobody up.
func TestNoUpdate(t *testing.T) {
	t.Parallel()
	s := newStage(t, steady)
	s.enter(zarina, "Русский")
	for i, part := range []string{`"message":5`, `"callback_query":{"id":"1","from":{"id":205},"data":{"a":1}}`, `"message":{"from":"me"}`, `"message":{"chat":[]}`, `"message":{"text":7}`} {
		s.sim.InjectRaw(json.RawMessage(fmt.Sprintf(`{"update_id":%d,%s}`, 7000+i, part)))
	}
	if m := s.say(zarina, zarina, "/help"); !strings.Contains(m.Text, "Как это работает") {
		t.Errorf("what came after is not answered: %q", m.Text)
	}
	if aside, err := s.app.db.Quarantined(t.Context(), 100); err != nil || len(aside) != 5 {
		t.Errorf("%d were put aside, %v", len(aside), err)
	}
}

// TestPressAfterLeaving: the buttons are still on the phone of who has left.
func TestPressAfterLeaving(t *testing.T) {
	t.Parallel()
	s := newStage(t, steady)
	deputy := s.chats["deputy@itc"]
	s.sim.Promote(deputy, s.sim.BotID())
	number := s.register(dima, "itc")
	s.press(saltanat, deputy, "Принять в работу")
	card := s.sim.Messages(deputy)[0]
	question := s.press(saltanat, deputy, "Ответить")
	granted, _ := question.Button("Удовлетворено")
	s.press(saltanat, deputy, "Удовлетворено")
	words := s.last(deputy)
	s.sim.Leave(deputy, saltanat)
	s.settle()
	if c := s.loaded(number); c.Status != dauys.Registered || c.Holder != 0 {
		t.Errorf("who has left still has the case: %s", c.Status)
	}
	if rights := s.rightsOf(saltanat); len(rights) > 0 {
		t.Errorf("who has left may act for %q", rights)
	}
	s.untouched(number, []int64{saltanat}, func() {
		for _, act := range []string{"take", "answer", "ask", "unask", "transcribe", "escalate", "giveback"} {
			if toast := s.forge(saltanat, deputy, card.ID, "s:"+act+":"+number); !strings.Contains(toast, "только сотрудники") {
				t.Errorf("%s: %q", act, toast)
			}
		}
		s.forge(saltanat, deputy, question.ID, granted.Data)
		// A reply that was on its way.
		s.sim.Inject(map[string]any{"message": map[string]any{
			"message_id": 9001, "date": s.clock.Now().Unix(), "from": map[string]any{"id": saltanat, "first_name": "Салтанат"}, "text": "Ответ того, кто уже ушёл из чата отдела.",
			"chat": map[string]any{"id": deputy, "type": "supergroup"}, "reply_to_message": map[string]any{"message_id": words.ID},
		}})
		s.settle()
		for _, on := range []string{"Пропустить", "Отправить"} { // as far as it goes
			if button, ok := s.last(deputy).Button(on); ok {
				s.forge(saltanat, deputy, s.last(deputy).ID, button.Data)
			}
		}
	})
	for _, m := range s.sim.Messages(dima) {
		if strings.Contains(m.Text, "уже ушёл") {
			t.Errorf("the applicant has an answer of who has left: %q", m.Text)
		}
	}
	s.press(igor, deputy, "Принять в работу")
	if c := s.loaded(number); c.HolderName != "Игорь Петренко" {
		t.Errorf("a colleague cannot take the case: %s %q", c.Status, c.HolderName)
	}
	s.sim.Join(deputy, saltanat) // back again: the right comes with the first press
	s.settle()
	if toast := s.forge(saltanat, deputy, card.ID, "s:take:"+number); !strings.Contains(toast, "уже принято") {
		t.Errorf("back again: %q", toast)
	}
}

// TestReplyByAnother: the answer is written by who pressed the button; what others reply
// stays in the chat.
func TestReplyByAnother(t *testing.T) {
	t.Parallel()
	s := newStage(t, steady)
	deputy := s.chats["deputy@itc"]
	s.sim.Promote(deputy, s.sim.BotID())
	number := s.register(dima, "itc")
	s.press(saltanat, deputy, "Принять в работу")
	s.press(saltanat, deputy, "Ответить")
	s.press(saltanat, deputy, "Отказано")
	question := s.last(deputy)
	s.untouched(number, nil, func() {
		if m := s.reply(igor, deputy, "Напиши ему, что мы не виноваты, и точка."); !strings.Contains(m.Text, "никому не отправлены") {
			t.Errorf("the colleague is not told: %q", m.Text)
		}
	})
	if _, err := s.sim.Reply(saltanat, deputy, question.ID, "Проверка показала, что оценка выставлена верно."); err != nil {
		t.Fatal(err)
	}
	s.settle()
	review := s.press(saltanat, deputy, "Пропустить")
	if !strings.Contains(review.Text, "оценка выставлена верно") || strings.Contains(review.Text, "не виноваты") {
		t.Fatalf("the answer is not that of who began it: %q", review.Text)
	}
	s.untouched(number, nil, func() {
		if err := s.sim.Press(igor, deputy, review.ID, "Отправить"); err != nil {
			t.Fatal(err)
		}
		s.settle()
	})
	s.press(saltanat, deputy, "Отправить")
	told := s.last(dima)
	if !strings.Contains(told.Text, "оценка выставлена верно") || strings.Contains(told.Text, "не виноваты") {
		t.Errorf("the applicant reads %q", told.Text)
	}
}

// TestInternalTalk: whatever staff say to each other in any way stays among them.
func TestInternalTalk(t *testing.T) {
	for seed := range uint64(4) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			s := newStage(t, steady)
			random := rand.New(rand.NewPCG(seed, 5))
			deputy := s.chats["deputy@itc"]
			s.sim.Promote(deputy, s.sim.BotID()) // it hears everything
			number := s.register(dima, "itc")
			s.press(saltanat, deputy, "Принять в работу")
			n := 0
			talk := func() {
				n++
				word := fmt.Sprintf("МЕЖДУНАМИ%d", n)
				text := word + " этот студент опять жалуется, что будем делать?"
				who := []int64{saltanat, igor}[random.IntN(2)]
				var ours []simulator.Message
				for _, m := range s.sim.Messages(deputy) {
					if m.FromBot && !m.Deleted {
						ours = append(ours, m)
					}
				}
				at := ours[random.IntN(len(ours))]
				if at.Markup == "force_reply" { // that would be the answer itself, if by Saltanat
					who = igor
				}
				var err error
				switch random.IntN(9) {
				case 0:
					_, err = s.sim.Say(who, deputy, text)
				case 1:
					_, err = s.sim.Reply(who, deputy, at.ID, text)
				case 2:
					_, err = s.sim.SendFile(who, deputy, simulator.File{Kind: "photo", Name: "a.jpg", Data: []byte("a"), Caption: text})
				case 3:
					_, err = s.sim.Forward(who, deputy, "Кто-то", text)
				case 4:
					_, err = s.sim.Say(who, deputy, "/cases "+text)
				case 5:
					var id int64
					if id, err = s.sim.Say(who, deputy, "сообщение"); err == nil {
						s.settle()
						err = s.sim.Edit(who, deputy, id, text)
					}
				case 6:
					_, err = s.sim.Say(who, deputy, number+" "+text)
				case 7:
					var id int64
					if id, err = s.sim.Reply(igor, deputy, at.ID, "ответ "+word); err == nil {
						s.settle()
						err = s.sim.Edit(igor, deputy, id, text)
					}
				case 8:
					_, err = s.sim.Say(who, deputy, "/answer "+text)
				}
				if err != nil {
					t.Fatal(err)
				}
				s.settle()
			}
			some := func() {
				for range random.IntN(6) + 1 {
					talk()
				}
			}
			some()
			s.press(saltanat, deputy, "Ответить")
			some()
			s.press(saltanat, deputy, "Удовлетворено")
			question := s.last(deputy)
			some()
			if _, err := s.sim.Reply(saltanat, deputy, question.ID, "Расписание исправлено с понедельника, спасибо за обращение."); err != nil {
				t.Fatal(err)
			}
			s.settle()
			some()
			s.press(saltanat, deputy, "Пропустить")
			some()
			s.press(saltanat, deputy, "Отправить")
			some()
			if c := s.loaded(number); c.Status != dauys.Closed {
				t.Errorf("the case is %s", c.Status)
			}
			answered := false
			for _, m := range s.sim.Messages(dima) {
				answered = answered || strings.Contains(m.Text, "Расписание исправлено")
				if strings.Contains(m.Text, "МЕЖДУНАМИ") || m.File != nil || strings.Contains(m.Text, "жалуется") {
					t.Errorf("the applicant reads: %q", m.Text)
				}
			}
			if !answered {
				t.Errorf("the applicant has no answer:\n%s", s.sim.Transcript(deputy))
			}
			for _, e := range s.loaded(number).Events {
				if strings.Contains(e.Note, "МЕЖДУНАМИ") {
					t.Errorf("talk is in the case: %+v", e)
				}
			}
		})
	}
}

// What an applicant says after their case is registered is theirs, too, until they send it.
func TestRightsEndWithBinding(t *testing.T) {
	t.Parallel()
	s := newStage(t, steady)
	deputy := s.chats["deputy@itc"]
	number := s.register(dima, "itc")
	card := s.last(deputy)
	s.press(saltanat, deputy, "Принять в работу")
	if !slices.Contains(s.rightsOf(saltanat), "deputy@itc") {
		t.Fatal("a member has no right")
	}
	// The university takes the office's chat away: the card that stays there is only paper.
	if err := s.app.db.Bind(t.Context(), "deputy@itc", telegramAddress(-1002000000009), "", s.clock.Now()); err != nil {
		t.Fatal(err)
	}
	s.untouched(number, nil, func() {
		if toast := s.forge(igor, deputy, card.ID, "s:take:"+number); !strings.Contains(toast, "только сотрудники") {
			t.Errorf("a member of the chat of before: %q", toast)
		}
	})
}
