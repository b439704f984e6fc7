package main

import (
	"slices"
	"strings"
	"testing"

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

// itc is the office of the third institute, where fileAs files for the student of number 2.
const topicOffice dauys.OfficeID = "deputy@ilb"

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
			card := s.sim.Messages(chat)
			_ = card
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
			st, number := fileAs(t, s, 2)
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
			s.details(st, "Ещё одно: аудитория занята.")
			if got := s.topic(chat); got.Closed || !strings.Contains(strings.Join(s.within(chat, topic.ID), "\n"), "аудитория занята") {
				t.Errorf("after a message the topic is %+v:\n%s", got, s.sim.Transcript(chat))
			}

			s.do(s.sim.DeleteTopic(saltanat, chat, topic.ID))
			s.details(st, "И второе: проектор не работает.")
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

// details adds something to the case of a student.
func (s *stage) details(st student, text string) {
	s.t.Helper()
	c, err := s.app.db.Case(s.t.Context(), st.receipts()[0])
	if err != nil {
		s.t.Fatal(err)
	}
	_, err = s.app.db.Act(s.t.Context(), c.Number, "", "test/"+text, s.clock.Now(), func(c *dauys.Case, _ dauys.Staff) error {
		return c.Do(dauys.Move{Act: dauys.Add, By: dauys.TheApplicant, Note: text, Cause: "test/" + text, At: s.clock.Now()}, &s.app.university.Calendar)
	})
	s.app.sender.Wake()
	s.do(err)
}
