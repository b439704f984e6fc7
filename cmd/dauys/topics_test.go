package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/bot/simulator"
)

// forum gives the chat of an office topics, which the bot may manage.
func (s *stage) forum(office dauys.OfficeID) (chat int64) {
	chat = s.chats[office]
	s.sim.SetForum(chat, true)
	s.sim.Promote(chat, s.sim.BotID())
	return chat
}

// topic is the only topic of a chat that was not deleted.
func (s *stage) topic(chat int64) simulator.Topic {
	s.t.Helper()
	all := slices.DeleteFunc(s.sim.Topics(chat), func(t simulator.Topic) bool { return t.Deleted })
	if len(all) != 1 {
		s.t.Fatalf("topics: %+v\n%s", all, s.sim.Transcript(chat))
	}
	return all[0]
}

// within are the texts of the bot that stand in a topic; 0 is General.
func (s *stage) within(chat, topic int64) (texts []string) {
	for _, m := range s.sim.Messages(chat) {
		if m.FromBot && m.Service == "" && !m.Deleted && m.ThreadID == topic {
			texts = append(texts, m.Text)
		}
	}
	return texts
}

// TestATopicOfACase: a case has a topic in a group that has topics; all about it is there, and its name
// and state follow the case.
func TestATopicOfACase(t *testing.T) {
	for _, pair := range pairs(t) {
		t.Run(pair.name, func(t *testing.T) {
			s := newStage(t, pair.env(t)...)
			for id := range s.chats {
				s.forum(id)
			}
			_, number := fileAs(t, s, 2)
			c, err := s.app.db.Case(t.Context(), number)
			if err != nil {
				t.Fatal(err)
			}
			chat := s.chats[c.Office()]
			topic := s.topic(chat)
			named := func(want string, shut bool) {
				t.Helper()
				if got := s.topic(chat); got.Name != number+want || got.Closed != shut {
					t.Errorf("the topic is %+v, want %q, closed %v", got, number+want, shut)
				}
			}
			named(" · зарегистрировано · расписание", false)
			s.do(s.sim.PressLast(saltanat, chat, "Принять в работу"))
			named(" · на рассмотрении · расписание", false)
			s.do(s.sim.PressLast(saltanat, chat, "Ответить"))
			if q, _ := s.sim.Last(chat); q.ThreadID != topic.ID {
				t.Errorf("the question stands in %d: %q", q.ThreadID, q.Text)
			}
			s.do(s.sim.PressLast(saltanat, chat, "Дано разъяснение"))

			// Talk in the topic answers its first message, and is no answer to anything.
			before := len(s.within(chat, topic.ID))
			_, err = s.sim.SayInTopic(igor, chat, topic.ID, "Коллеги, кто займётся?")
			s.do(err)
			_, err = s.sim.SayInTopic(saltanat, chat, topic.ID, "Это не ответ заявителю.")
			s.do(err)
			if got := s.within(chat, topic.ID); len(got) != before {
				t.Errorf("talk is answered: %q", got[before:])
			}
			question, _ := s.sim.Last(chat)
			_, err = s.sim.Reply(saltanat, chat, question.ID, "Занятие вернули на прежнее время, приношу извинения.")
			s.do(err)
			s.do(s.sim.PressLast(saltanat, chat, "Пропустить"))
			s.do(s.sim.PressLast(saltanat, chat, "Отправить"))
			named(" · дано разъяснение · расписание", true)
			if got := s.within(chat, 0); len(got) > 0 {
				t.Errorf("in General the bot said %q", got)
			}
		})
	}
}

// TestATopicThatPeopleTouch: closed by somebody it is opened with the next message, deleted it is made
// anew with the card.
func TestATopicThatPeopleTouch(t *testing.T) {
	for _, pair := range pairs(t) {
		t.Run(pair.name, func(t *testing.T) {
			s := newStage(t, pair.env(t)...)
			for id := range s.chats {
				s.sim.Promote(s.forum(id), saltanat)
			}
			_, number := fileAs(t, s, 2)
			c, err := s.app.db.Case(t.Context(), number)
			if err != nil {
				t.Fatal(err)
			}
			chat := s.chats[c.Office()]
			topic := s.topic(chat)
			s.do(s.sim.CloseTopic(saltanat, chat, topic.ID))
			if !s.topic(chat).Closed {
				t.Error("opened without anything to say")
			}
			s.details(number, "Ещё одно: аудитория занята.")
			if got := s.topic(chat); got.Closed || !strings.Contains(strings.Join(s.within(chat, topic.ID), "\n"), "аудитория занята") {
				t.Errorf("after a message the topic is %+v:\n%s", got, s.sim.Transcript(chat))
			}

			s.do(s.sim.DeleteTopic(saltanat, chat, topic.ID))
			s.details(number, "И второе: проектор не работает.")
			anew := s.topic(chat)
			if got := s.within(chat, anew.ID); len(got) != 2 || !strings.Contains(got[0], "Статус") || !strings.Contains(got[1], "проектор") {
				t.Errorf("in the new topic stands %q", got)
			}
			s.do(s.sim.PressLast(saltanat, chat, "Принять в работу"))
			if got := s.topic(chat); !strings.Contains(got.Name, "на рассмотрении") {
				t.Errorf("the new topic is called %q", got.Name)
			}
			if got := s.within(chat, 0); len(got) > 0 {
				t.Errorf("in General the bot said %q", got)
			}
		})
	}
}

// details adds something to a case, as its applicant does.
func (s *stage) details(number, text string) {
	s.t.Helper()
	_, err := s.app.db.Act(s.t.Context(), number, "", "test/"+text, s.clock.Now(), func(c *dauys.Case, _ dauys.Staff) error {
		return c.Do(dauys.Move{Act: dauys.Add, By: dauys.TheApplicant, Note: text, Cause: "test/" + text, At: s.clock.Now()}, &s.app.university.Calendar)
	})
	s.app.sender.Wake()
	s.do(err)
}

// TestNightsAreSilent: at night and on days off what comes to the chats of staff makes no sound there,
// but for what is urgent; nothing waits for the morning, and applicants hear as always.
func TestNightsAreSilent(t *testing.T) {
	s := newStage(t)
	s.forum(deputyOffice)
	chat, duty := s.chats[deputyOffice], s.chats["desw"]
	s.enter(dima, "Русский")
	seen := map[int64]bool{}
	type heard struct{ staff, silent, loud int }
	news := func() (h heard) { // what came since, to staff and to Dima
		for _, at := range []int64{chat, duty, dima} {
			for _, m := range s.sim.Messages(at) {
				if !m.FromBot || m.Service != "" || seen[m.ID<<20^at] {
					continue
				}
				seen[m.ID<<20^at] = true
				switch {
				case at == dima && m.Silent:
					t.Errorf("the applicant was told without a sound: %q", m.Text)
				case at != dima && m.Silent:
					h.silent++
				case at != dima:
					h.loud++
				}
			}
		}
		h.staff = h.silent + h.loud
		return h
	}
	news()
	for _, c := range []struct {
		what   string
		later  time.Duration
		urgent bool
		silent bool
	}{
		{"by day", 0, false, false},
		{"at night", 12 * time.Hour, false, true},
		{"at night, urgent", time.Minute, true, false},
		{"on a Saturday", 4*24*time.Hour + 12*time.Hour, false, true},
		{"on a Saturday, urgent", time.Minute, true, false},
	} {
		s.clock.Advance(c.later)
		number := s.fileFor(dima, dauys.Draft{Urgent: c.urgent})
		s.details(number, "К этому ещё одно.")
		if got := news(); got.staff != 2 || (got.silent == 2) != c.silent || got.silent+got.loud != 2 || got.silent == 1 {
			t.Errorf("%s: %+v", c.what, got)
		}
	}
}

// TestDangerIsHeard: an alert makes a sound at any time, and so does what else is said of it.
func TestDangerIsHeard(t *testing.T) {
	s := newStage(t)
	duty := s.chats["desw"]
	s.enter(dima, "Русский")
	s.clock.Advance(13 * time.Hour)
	s.say(dima, dima, despair)
	if m := s.alerts(duty); len(m) != 1 || m[0].Silent {
		t.Errorf("the alert: %+v", m)
	}
}

const deputyOffice dauys.OfficeID = "deputy@itc"

// TestAStaleButton: who presses what the case does not offer any more sees the card as it is now.
func TestAStaleButton(t *testing.T) {
	s := newStage(t)
	number := s.fileFor(dima, dauys.Draft{})
	chat := s.chats[deputyOffice]
	card := cardOf(t, s, chat, number)
	before, _ := s.sim.Message(chat, card)
	s.sim.Fail(simulator.Fault{Method: "editMessageText", Chat: chat, Times: 1, Status: 400, Description: "Bad Request: message is not modified"})
	s.do(s.sim.Press(saltanat, chat, card, "Принять в работу")) // Telegram loses what it was told
	if m, _ := s.sim.Message(chat, card); m.Text != before.Text {
		t.Fatal("the card was changed")
	}
	s.do(s.sim.Press(igor, chat, card, "Принять в работу"))
	m, _ := s.sim.Message(chat, card)
	if _, old := m.Button("Принять в работу"); old || !strings.Contains(m.Text, "на рассмотрении") {
		t.Errorf("the card still says %q %q", m.Text, m.Labels())
	}
	if toasts := s.sim.Toasts(igor); len(toasts) != 1 {
		t.Errorf("at the button: %q", toasts)
	}
}

// TestADeletedCard: a card that somebody has deleted is there again with the next change.
func TestADeletedCard(t *testing.T) {
	for _, forum := range []bool{false, true} {
		s := newStage(t)
		chat := s.chats[deputyOffice]
		if forum {
			s.forum(deputyOffice)
		}
		number := s.fileFor(dima, dauys.Draft{})
		card := cardOf(t, s, chat, number)
		was, _ := s.sim.Message(chat, card)
		s.sim.Promote(chat, saltanat)
		s.do(s.sim.Delete(saltanat, chat, card))
		s.details(number, "Прошу проверить и вторую работу.")
		anew := int64(0)
		for _, m := range s.sim.Messages(chat) {
			if _, ok := m.Button("Принять в работу"); ok && !m.Deleted {
				anew = m.ID
				if m.ThreadID != was.ThreadID {
					t.Errorf("the card has gone from %d to %d", was.ThreadID, m.ThreadID)
				}
			}
		}
		if anew == 0 {
			t.Fatalf("no card:\n%s", s.sim.Transcript(chat))
		}
		s.do(s.sim.Press(saltanat, chat, anew, "Принять в работу"))
		if m, _ := s.sim.Message(chat, anew); !strings.Contains(m.Text, "на рассмотрении") {
			t.Errorf("the new card says %q", m.Text)
		}
	}
}
