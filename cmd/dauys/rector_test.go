package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/bot/simulator"
	"alt.edu.kz/dauys/handlers"
)

// toTheRector has a request on one of the Rector's lines registered, without the dialogue.
func (s *stage) toTheRector(who int64, kind dauys.Kind, text string) (number string) {
	s.t.Helper()
	s.sim.Started(who)
	c, err := dauys.Open(dauys.Draft{
		ID: handlers.NewID(), Kind: kind, Text: text, Consent: dauys.Consent{Version: "1", At: s.clock.Now()},
		Applicant: dauys.Applicant{Address: telegramAddress(who), Name: "Дмитрий Ким", Standing: dauys.AsStudent, Lang: dauys.Russian},
	}, s.app.university, s.clock.Now())
	if err != nil {
		s.t.Fatal(err)
	}
	stored, _, err := s.app.db.File(context.Background(), c)
	if err != nil {
		s.t.Fatal(err)
	}
	s.app.sender.Wake()
	s.settle()
	return stored.Number
}

// A structure file may do without the Rector's lines: then nobody is offered them. One that has a line has
// it for everybody who can ask.
func TestLinesThatAreNotThere(t *testing.T) {
	u := *dauys.Builtin()
	u.Schemes = slices.DeleteFunc(slices.Clone(u.Schemes), func(s dauys.Scheme) bool { return slices.Contains([]string{"rector", "blog", "audience"}, s.ID) })
	if problems := kindsAreAsked(&u); len(problems) > 0 {
		t.Errorf("without the lines: %v", problems)
	}
	blog, _ := dauys.Builtin().Scheme("blog")
	blog.From = []dauys.Standing{dauys.AsStudent}
	u.Schemes = append(u.Schemes, blog)
	if problems := kindsAreAsked(&u); len(problems) == 0 {
		t.Error("nothing is said of a line that is not for everybody")
	}
	s := newStage(t)
	s.app.university.Schemes = u.Schemes
	s.enter(dima, "Русский")
	m := s.say(dima, dima, "/rector")
	if len(m.Keyboard) != 2 || m.Keyboard[0][0].Text != "Спросить в блоге ректора" {
		t.Errorf("with the blog alone one is offered %v", m.Keyboard)
	}
	s.forge(dima, dima, m.ID, "m:direct")
	if got := s.last(dima).Text; !strings.HasPrefix(got, "Такой команды") {
		t.Errorf("a line that is not there: %q", got)
	}
}

// card is the newest message with a button in a chat that has a number in it.
func (s *stage) card(chat int64, number, label string) simulator.Message {
	s.t.Helper()
	for _, m := range s.sim.Messages(chat) {
		if m.Deleted || !strings.Contains(m.Text, number) {
			continue
		}
		for _, row := range m.Keyboard {
			for _, b := range row {
				if b.Text == label {
					return m
				}
			}
		}
	}
	s.t.Fatalf("nothing about %s has the button %s", number, label)
	return simulator.Message{}
}

// Two of staff choose the same time for two applicants: one is invited, the other is asked to choose again,
// and nobody is told of a time that is not theirs.
func TestOneTimeTwoApplicants(t *testing.T) {
	for _, pair := range pairs(t) {
		t.Run(pair.name, func(t *testing.T) {
			s := newStage(t, pair.env(t)...)
			rector := s.chats["rector"]
			s.sim.Join(rector, igor)
			first, second := s.toTheRector(dima, dauys.Audience, "Прошу принять по вопросу перевода."), s.toTheRector(amina, dauys.Audience, "Прошу принять по вопросу стипендии.")
			const at = "25 ноября 2026 г., 15:00"
			for who, number := range map[int64]string{marat: first, igor: second} {
				s.do(s.sim.Press(who, rector, s.card(rector, number, "Принять в работу").ID, "Принять в работу"))
				s.do(s.sim.Press(who, rector, s.card(rector, number, "Пригласить на приём").ID, "Пригласить на приём"))
				s.do(s.sim.Press(who, rector, s.card(rector, number, at).ID, at))
			}
			a, b := s.card(rector, first, "Отправить"), s.card(rector, second, "Отправить")
			for who, m := range map[int64]simulator.Message{marat: a, igor: b} {
				if err := s.sim.Press(who, rector, m.ID, "Отправить"); err != nil { // at once
					t.Fatal(err)
				}
			}
			s.settle()
			invited, told, refused := 0, 0, 0
			for who, number := range map[int64]string{dima: first, amina: second} {
				if _, ok := s.loaded(number).Reception(); ok {
					invited++
				}
				if s.has(who, "Возьмите документ") {
					told++
				}
			}
			for _, text := range s.said(rector) {
				if strings.Contains(text, "Это время уже занято") {
					refused++
				}
			}
			if invited != 1 || told != 1 || refused != 1 {
				t.Errorf("%d are invited, %d told, %d refused, want one each", invited, told, refused)
			}
		})
	}
}

// A yes counts for the words under which it stands: under older ones it publishes nothing, and twice it
// publishes once.
func TestAYesToOlderWords(t *testing.T) {
	s := newStage(t)
	s.enter(dima, "Русский")
	rector := s.chats["rector"]
	number := s.toTheRector(dima, "blog", "Почему библиотека закрывается в шесть?")
	s.press(marat, rector, "Принять в работу")
	s.does(marat, number, dauys.Move{Act: dauys.Answer, Outcome: dauys.Granted, Note: "С понедельника она работает до девяти вечера."})
	for _, act := range []string{"Подготовить к публикации", "Отправить"} {
		s.press(marat, rector, act)
	}
	old := s.last(dima)
	for _, act := range []string{"Подготовить к публикации", "Изменить: вопрос"} {
		s.press(marat, rector, act)
	}
	s.reply(marat, rector, "До которого часа работает библиотека?")
	s.press(marat, rector, "Отправить")
	latest := s.last(dima)
	s.do(s.sim.Press(dima, dima, old.ID, "Да, опубликовать"))
	if !strings.HasPrefix(s.last(dima).Text, "Это уже не последний вариант") || len(s.said(blogChannel)) > 0 {
		t.Errorf("after a yes to older words: %q, published %q", s.last(dima).Text, s.said(blogChannel))
	}
	for range 2 {
		s.do(s.sim.Press(dima, dima, latest.ID, "Да, опубликовать"))
	}
	got := s.said(blogChannel)
	if len(got) != 1 || !strings.Contains(got[0], "До которого часа") || strings.Contains(got[0], "Дмитрий") || strings.Contains(got[0], number) {
		t.Errorf("published is %q", got)
	}
	if toast := s.forge(marat, rector, 1, "s:"+string(dauys.Redact)+":"+number); toast == "" {
		t.Error("what is published is prepared again without a word")
	}
	// What somebody else presses is nobody's yes.
	other := s.toTheRector(amina, "blog", "Будут ли курсы английского языка?")
	s.forge(dima, dima, latest.ID, fmt.Sprintf("c:%s:%s:5", other, dauys.Publish))
	if len(s.said(blogChannel)) != 1 {
		t.Errorf("a stranger has published %q", s.said(blogChannel))
	}
}

// "I cannot come" counts for the time under which it stands; who has blocked the bot does not know of any, and
// the office hears that.
func TestAnInvitationThatWasMoved(t *testing.T) {
	s := newStage(t)
	s.enter(dima, "Русский")
	rector := s.chats["rector"]
	number := s.toTheRector(dima, dauys.Audience, "Прошу принять по вопросу перевода.")
	invite := func(at string) {
		t.Helper()
		s.press(marat, rector, "Пригласить на приём")
		s.do(s.sim.Press(marat, rector, s.card(rector, number, at).ID, at))
		s.press(marat, rector, "Отправить")
	}
	expected := func() string {
		at, ok := s.loaded(number).Reception()
		if !ok {
			return "never"
		}
		return at.In(s.app.university.Calendar.Zone()).Format("02.01 15:04")
	}
	s.press(marat, rector, "Принять в работу")
	invite("25 ноября 2026 г., 15:00")
	first := s.last(dima)
	invite("25 ноября 2026 г., 15:45")
	second := s.last(dima)
	s.do(s.sim.Press(dima, dima, first.ID, "Не смогу прийти"))
	if got := s.last(dima).Text; !strings.HasPrefix(got, "Приём назначен уже на другое время") || expected() != "25.11 15:45" {
		t.Errorf("under the first invitation: %q, expected %s", got, expected())
	}
	s.do(s.sim.Press(dima, dima, second.ID, "Не смогу прийти"))
	if expected() != "never" {
		t.Errorf("under the second invitation: expected %s", expected())
	}
	s.sim.Block(dima)
	s.settle()
	invite("9 декабря 2026 г., 15:00")
	if !s.has(rector, "приглашение не дошло") {
		t.Errorf("the office is told %q", s.last(rector).Text)
	}
}

// The channel is nobody's office: the bot stays, says nothing there of itself, and takes no code.
func TestTheChannelOfTheBlog(t *testing.T) {
	s := newStage(t)
	s.enter(dima, "Русский")
	s.do(func() error { s.sim.KickBot(blogChannel, zarina); return nil }())
	number := s.toTheRector(dima, "blog", "Почему библиотека закрывается в шесть?")
	s.sim.Join(s.chats["rector"], marat)
	s.press(marat, s.chats["rector"], "Принять в работу")
	s.does(marat, number, dauys.Move{Act: dauys.Answer, Outcome: dauys.Granted, Note: "С понедельника она работает до девяти вечера."})
	for _, act := range []string{"Подготовить к публикации", "Отправить"} {
		s.press(marat, s.chats["rector"], act)
	}
	s.press(dima, dima, "Да, опубликовать")
	if len(s.said(blogChannel)) > 0 {
		t.Error("it is published in a channel in which the bot is not")
	}
	s.do(func() error { s.sim.AddBotToGroup(blogChannel, zarina); return nil }())
	s.later(5 * time.Second)
	if !s.in(blogChannel) {
		t.Error("the bot has left the channel")
	}
	if got := s.said(blogChannel); len(got) != 1 || !strings.HasPrefix(got[0], "Вопрос") {
		t.Errorf("after it is back, published is %q", got)
	}
	s.enter(darkhan, "Русский")
	code := s.say(darkhan, darkhan, "/bind desw").Text
	code = code[strings.LastIndex(code, "/bind ")+len("/bind "):]
	s.say(darkhan, blogChannel, "/bind "+strings.Fields(code)[0])
	s.say(zarina, blogChannel, "/meeting")
	if got := s.said(blogChannel); len(got) != 1 {
		t.Errorf("in the channel the bot says %q", got)
	}
}
