package main

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/bot/simulator"
)

// Chats in which the bot has no business, and the chats of offices that it loses.

const elsewhere = -1002000000777 // a group of people whom the university does not know

// later moves the clock, and waits for what that brings.
func (s *stage) later(d time.Duration) {
	s.t.Helper()
	s.clock.Advance(d)
	s.app.intake.Look()
	s.app.sender.Wake()
	s.settle()
}

// in tells whether the bot is a member of a chat.
func (s *stage) in(chat int64) bool {
	s.t.Helper()
	for _, c := range s.sim.Chats() {
		if c.ID == chat {
			return slices.Contains(c.Members, s.sim.BotID())
		}
	}
	s.t.Fatalf("there is no chat %d", chat)
	return false
}

// said is what the bot has said in a chat.
func (s *stage) said(chat int64) (texts []string) {
	for _, m := range s.sim.Messages(chat) {
		if m.FromBot && m.Service == "" {
			texts = append(texts, m.Text)
		}
	}
	return texts
}

// speak chooses a language, so that the bot knows the person.
func (s *stage) speak(person int64, language string) {
	s.t.Helper()
	_, err := s.sim.Start(person, "")
	s.do(err)
	s.do(s.sim.PressLast(person, person, language))
}

func TestStrangersTakeTheBotIn(t *testing.T) {
	for _, pair := range pairs(t) {
		t.Run(pair.name, func(t *testing.T) {
			s := newStage(t, pair.env(t)...)
			s.sim.AddGroupWithoutBot(elsewhere, "Наши", zarina, dima)
			s.speak(zarina, "Русский")
			s.do(func() error { s.sim.AddBotToGroup(elsewhere, zarina); return nil }())
			s.later(3 * time.Second)
			if s.in(elsewhere) {
				t.Error("the bot is still in the group of strangers")
			}
			if got := s.said(elsewhere); len(got) > 0 {
				t.Errorf("the bot said in it %q", got)
			}
			if m, _ := s.sim.Last(zarina); !strings.Contains(m.Text, "Я не остался в группе Наши") {
				t.Errorf("who took it in was told %q", m.Text)
			}
			// Somebody of whom nothing is known cannot be told; the bot goes all the same.
			s.do(func() error { s.sim.AddBotToGroup(elsewhere, dima); return nil }())
			s.later(3 * time.Second)
			if s.in(elsewhere) || len(s.sim.Messages(dima)) > 0 {
				t.Error("taken in by somebody whom it does not know, the bot stayed or wrote to them")
			}
		})
	}
}

// TestAnAdministratorTakesTheBotIn: it stays, says what to do, and is bound by a code.
func TestAnAdministratorTakesTheBotIn(t *testing.T) {
	s := newStage(t)
	s.speak(darkhan, "Русский")
	s.sim.AddGroupWithoutBot(elsewhere, "Новый чат", darkhan, igor)
	s.sim.AddBotToGroup(elsewhere, darkhan)
	s.settle()
	s.later(time.Minute)
	if got := s.said(elsewhere); len(got) != 1 || !strings.Contains(got[0], "/bind ОТДЕЛ") || !s.in(elsewhere) {
		t.Fatalf("the bot said %q", got)
	}
	if _, err := s.sim.Say(igor, elsewhere, "/help"); err != nil {
		t.Fatal(err)
	}
	s.later(time.Minute)
	if !s.in(elsewhere) {
		t.Error("the bot left a group in which there is an administrator")
	}
}

// TestACodeInTheLink: a link t.me/bot?startgroup=CODE takes the bot in and binds the chat,
// whoever follows it.
func TestACodeInTheLink(t *testing.T) {
	s := newStage(t)
	const code = "ABCDEFGHJK"
	if err := s.app.db.MakeCode(t.Context(), "rector", code, telegramAddress(darkhan), s.clock.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	s.sim.AddGroupWithoutBot(elsewhere, "Приёмная", marat)
	s.sim.AddBotToGroup(elsewhere, marat)
	_, err := s.sim.Say(marat, elsewhere, "/start@dauys_demo_bot "+code)
	s.do(err)
	s.later(time.Minute)
	bound, err := s.app.db.Bindings(t.Context())
	if err != nil || bound["rector"] != telegramAddress(elsewhere) || !s.in(elsewhere) {
		t.Errorf("the rector's office is at %s (%v), the bot in it: %v", bound["rector"], err, s.in(elsewhere))
	}
}

// TestAGroupOfBefore: nobody told the bot that it was taken in; the first command shows it.
func TestAGroupOfBefore(t *testing.T) {
	s := newStage(t)
	s.sim.AddGroup(elsewhere, "Наши", zarina)
	for _, line := range []string{"/start", "/bind NOTACODE12"} {
		if _, err := s.sim.Say(zarina, elsewhere, line); err != nil {
			t.Fatal(err)
		}
	}
	s.settle()
	s.later(3 * time.Second)
	if s.in(elsewhere) {
		t.Error("the bot is still there")
	}
}

// TestMasks: who writes as an anonymous administrator or replies as one is asked to show
// themselves, and loses nothing by it.
func TestMasks(t *testing.T) {
	s := newStage(t)
	_, number := fileAs(t, s, 2)
	c, err := s.app.db.Case(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	chat := s.chats[c.Office()]
	s.sim.Promote(chat, saltanat)
	s.settle()

	const code = "ABCDEFGHJK"
	if err := s.app.db.MakeCode(t.Context(), "rector", code, telegramAddress(darkhan), s.clock.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	_, err = s.sim.SayAnonymously(saltanat, chat, "/bind@dauys_demo_bot "+code)
	s.do(err)
	asked := func() {
		t.Helper()
		if m, _ := s.sim.Last(chat); !strings.Contains(m.Text, "Вы пишете как анонимный администратор") {
			t.Errorf("who wears a mask is told %q", m.Text)
		}
	}
	asked()
	_, err = s.sim.Say(saltanat, chat, "/bind@dauys_demo_bot "+code)
	s.do(err)
	if bound, err := s.app.db.Bindings(t.Context()); err != nil || bound["rector"] != telegramAddress(chat) {
		t.Errorf("without the mask the code binds nothing (%v)", err)
	}

	card := cardOf(t, s, chat, number)
	s.do(s.sim.Press(saltanat, chat, card, "Принять в работу"))
	s.do(s.sim.Press(saltanat, chat, card, "Ответить"))
	s.do(s.sim.PressLast(saltanat, chat, "Дано разъяснение"))
	question, _ := s.sim.Last(chat)
	_, err = s.sim.ReplyAnonymously(saltanat, chat, question.ID, "Расписание исправлено, занятие вернули на прежнее время.")
	s.do(err)
	asked()
	_, err = s.sim.Reply(saltanat, chat, question.ID, "Расписание исправлено, занятие вернули на прежнее время.")
	s.do(err)
	s.do(s.sim.PressLast(saltanat, chat, "Пропустить"))
	if m, _ := s.sim.Last(chat); !strings.Contains(m.Text, "занятие вернули на прежнее время") {
		t.Errorf("without the mask the answer leads to %q", m.Text)
	}
}

// cardOf is the message that is the card of a case.
func cardOf(t *testing.T, s *stage, chat int64, number string) int64 {
	t.Helper()
	for _, m := range s.sim.Messages(chat) {
		if _, ok := m.Button("Принять в работу"); ok && strings.Contains(m.Text, number) {
			return m.ID
		}
	}
	t.Fatalf("no card of %s", number)
	return 0
}

// TestTakenOutOfAnOffice: the administrators are told at once; what comes meanwhile is there
// when the bot is back, and who left the chat meanwhile acts for the office no more.
func TestTakenOutOfAnOffice(t *testing.T) {
	for _, pair := range pairs(t) {
		t.Run(pair.name, func(t *testing.T) {
			s := newStage(t, pair.env(t)...)
			s.speak(darkhan, "Қазақша")
			_, number := fileAs(t, s, 2)
			c, err := s.app.db.Case(t.Context(), number)
			if err != nil {
				t.Fatal(err)
			}
			chat := s.chats[c.Office()]
			s.do(s.sim.PressLast(saltanat, chat, "Принять в работу"))
			s.sim.KickBot(chat, igor)
			s.settle()
			if m, _ := s.sim.Last(darkhan); !strings.Contains(m.Text, "Мені чаттан шығарып жіберді") || !strings.Contains(m.Text, string(c.Office())) {
				t.Errorf("the administrator was told %q", m.Text)
			}
			s.sim.Leave(chat, saltanat) // the bot does not hear of it
			another := newStudent(s.sim, 6)
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			if err := another.fill(ctx); err != nil { // of the same institute
				t.Fatal(err)
			}
			s.do(s.sim.PressLast(another.id, another.id, "Отправить"))
			before := len(s.said(chat))

			s.sim.AddBotToGroup(chat, igor)
			if err := s.sim.Await(ctx, func(v *simulator.View) bool { return len(v.Messages(chat)) > before }); err != nil {
				t.Fatal(err)
			}
			err = soon(ctx, "the new case arrives", func() (bool, error) {
				return len(s.said(chat)) > before, nil
			})
			if err != nil {
				t.Fatal(err)
			}
			s.settle()
			if c, err = s.app.db.Case(t.Context(), number); err != nil || c.Status != dauys.Registered {
				t.Errorf("the case of who left is %s, held by %q (%v)", c.Status, c.HolderName, err)
			}
			rights, err := s.app.db.StaffOf(t.Context(), telegramAddress(saltanat), s.clock.Now())
			if err != nil || len(rights) > 0 {
				t.Errorf("who left has the rights %v (%v)", rights, err)
			}
		})
	}
}
