package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/bot/simulator"
	"alt.edu.kz/dauys/handlers"
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

// TestKilledBetweenATopicAndItsNote: the topic that was made is not known to the next process, which
// makes another; the card is there once.
func TestKilledBetweenATopicAndItsNote(t *testing.T) {
	for _, pair := range pairs(t) {
		t.Run(pair.name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), 2*patience)
			defer cancel()
			sim, server, chats := newSimulator(t, nil)
			env := append(settingsFor(t, server, pair.env(t)...), "LEASE=300ms")
			db := bindAll(ctx, t, env, chats)
			chat := chats[deputyOffice]
			sim.SetForum(chat, true)
			sim.Promote(chat, sim.BotID())
			bot := spawn(t, env)
			bot.dieAt("topic-made", 1)
			d := dauys.Draft{ID: handlers.NewID(), Kind: dauys.Complaint, Institute: "itc", Topic: "marks", Text: "Прошу проверить оценку.", Channel: dauys.ByPaper,
				Applicant: dauys.Applicant{Name: "Студент", Standing: dauys.AsStudent, Lang: dauys.Russian}, Consent: dauys.Consent{Version: "1", At: time.Now()}}
			c, err := dauys.Open(d, dauys.Builtin(), time.Now())
			if err == nil {
				c, _, err = db.File(ctx, c)
			}
			if err != nil {
				t.Fatal(err)
			}
			select {
			case <-bot.done:
			case <-ctx.Done():
				t.Fatalf("no topic is made:\n%s", bot.log)
			}
			bot = spawn(t, env)
			rest(ctx, t, db)
			bot.terminate(t)
			topics := sim.Topics(chat)
			if len(topics) != 2 {
				t.Fatalf("topics: %+v", topics)
			}
			card, err := db.Card(ctx, c.Number, deputyOffice)
			if err != nil || card.Topic != telegramAddress(chat)+dauys.Address(fmt.Sprint("/", topics[1].ID)) {
				t.Errorf("the card is %+v (%v)", card, err)
			}
			where := map[int64]int{}
			for _, m := range sim.Messages(chat) {
				if m.FromBot && m.Service == "" {
					where[m.ThreadID]++
				}
			}
			if want := map[int64]int{topics[1].ID: 1}; !maps.Equal(where, want) {
				t.Errorf("messages by topic: %v, want %v", where, want)
			}
		})
	}
}

// TestATopicThatItsCaseLeaves: it is closed where the case was, and opened when the case is back.
func TestATopicThatItsCaseLeaves(t *testing.T) {
	s := newStage(t)
	for id := range s.chats {
		s.forum(id)
	}
	number := s.fileFor(dima, dauys.Draft{})
	below, above := s.chats[deputyOffice], s.chats["director@itc"]
	s.seat(saltanat, deputyOffice)
	s.does(saltanat, number, dauys.Move{Act: dauys.Take}, dauys.Move{Act: dauys.Escalate, Note: "Решение принимает директор."})
	if got := s.topic(below); got.Name != number+" · у другого отдела" || !got.Closed {
		t.Errorf("where it was: %+v", got)
	}
	if got := s.topic(above); got.Name != number+" · зарегистрировано · оценки и экзамены" || got.Closed {
		t.Errorf("where it is: %+v", got)
	}
	s.seat(gulnar, "director@itc")
	s.do(s.sim.PressLast(gulnar, above, "Принять в работу"))
	s.does(gulnar, number, dauys.Move{Act: dauys.Answer, Outcome: dauys.Refused, Note: "Оценка поставлена по критериям."})
	if got := s.topic(above); !got.Closed || !strings.Contains(got.Name, "отказано") {
		t.Errorf("when it is over: %+v", got)
	}
	_, err := s.app.db.Act(t.Context(), number, "", "again", s.clock.Now(), func(c *dauys.Case, _ dauys.Staff) error {
		return c.Do(dauys.Move{Act: dauys.Reopen, By: dauys.TheApplicant, Note: "Критериев нет.", Cause: "again", At: s.clock.Now()}, &s.app.university.Calendar)
	})
	s.app.sender.Wake()
	s.do(err)
	if got := s.topic(above); got.Closed || !strings.Contains(got.Name, "зарегистрировано") {
		t.Errorf("when it is back: %+v", got)
	}
	if got := s.within(above, s.topic(above).ID); len(got) < 2 || !strings.Contains(got[len(got)-1], "Критериев нет") {
		t.Errorf("there stands %q", got)
	}
}

// TestWhereNoTopicsCanBe: without the right, or without topics, cards come as always; what changes in the
// group holds for the cases that come then.
func TestWhereNoTopicsCanBe(t *testing.T) {
	s := newStage(t)
	chat := s.chats[deputyOffice]
	cards := func(want ...bool) {
		t.Helper()
		var got []bool
		for _, m := range s.sim.Messages(chat) {
			if m.FromBot && m.Service == "" {
				got = append(got, m.ThreadID != 0)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("in topics are %v, want %v", got, want)
		}
	}
	first := s.fileFor(dima, dauys.Draft{})
	cards(false)
	s.sim.SetForum(chat, true)
	s.say(saltanat, chat, "теперь у нас темы") // of which the bot learns by that
	s.fileFor(dima, dauys.Draft{})             // but it is no administrator
	cards(false, false)
	s.sim.SetRights(chat, s.sim.BotID(), "can_manage_topics")
	s.do(nil)
	third := s.fileFor(dima, dauys.Draft{})
	cards(false, false, true)
	s.details(first, "К первому ещё одно.")
	s.details(third, "К третьему ещё одно.")
	cards(false, false, true, false, true)
	s.sim.Demote(chat, s.sim.BotID())
	s.do(nil)
	s.fileFor(dima, dauys.Draft{})
	cards(false, false, true, false, true, false)
	s.seat(saltanat, deputyOffice)
	s.does(saltanat, third, dauys.Move{Act: dauys.Take}) // its topic keeps the name or not, the card follows
	s.sim.Promote(chat, s.sim.BotID())
	s.do(nil)
	s.fileFor(dima, dauys.Draft{})
	cards(false, false, true, false, true, false, true)
	s.sim.SetForum(chat, false)
	s.say(saltanat, chat, "и больше нет")
	s.fileFor(dima, dauys.Draft{})
	cards(false, false, true, false, true, false, true, false)
}

// TestARestrictedTopic names only the number and the state.
func TestARestrictedTopic(t *testing.T) {
	s := newStage(t)
	chat := s.forum("social-council")
	number := s.fileFor(dima, dauys.Draft{Scheme: "support"})
	if got := s.topic(chat); got.Name != number+" · зарегистрировано" {
		t.Errorf("the topic is called %q", got.Name)
	}
}

// TestTopicsOfOthers: a topic that is no case's is a part of the group; one that an office is bound to
// stays that office's.
func TestTopicsOfOthers(t *testing.T) {
	s := newStage(t)
	chat := s.forum(deputyOffice)
	s.sim.Promote(chat, igor)
	theirs, err := s.sim.CreateTopic(igor, chat, "Чай")
	s.do(err)
	_, err = s.sim.SayInTopic(igor, chat, theirs, "/start@dauys_demo_bot")
	s.do(err)
	s.later(time.Minute)
	if !s.in(chat) {
		t.Fatal("the bot has left the chat of an office")
	}
	fixed := telegramAddress(chat) + dauys.Address(fmt.Sprint("/", theirs))
	if err := s.app.db.Bind(t.Context(), "rector", fixed, "", s.clock.Now()); err != nil {
		t.Fatal(err)
	}
	if err := s.app.db.Bind(t.Context(), deputyOffice, fixed, "", s.clock.Now()); err != nil {
		t.Fatal(err)
	}
	s.fileFor(dima, dauys.Draft{})
	if got := s.within(chat, theirs); len(got) != 1 || len(s.sim.Topics(chat)) != 1 {
		t.Errorf("there stands %q, topics %+v", got, s.sim.Topics(chat))
	}
	s.do(s.sim.PressLast(saltanat, chat, "Принять в работу"))
	if m, _ := s.sim.Last(chat); !strings.Contains(m.Text, "на рассмотрении") {
		t.Errorf("the card says %q", m.Text)
	}
}

// TestTopicsInTheLanguageOfTheOffice: the names are in the language in which the chat is written to.
func TestTopicsInTheLanguageOfTheOffice(t *testing.T) {
	for lang, want := range map[string][]string{
		"kk": {" · тіркелді · бағалар мен емтихандар", " · басқа бөлімде"},
		"en": {" · registered · marks and exams", " · with another office"},
	} {
		file := filepath.Join(t.TempDir(), "university.yaml")
		source := strings.Replace(string(dauys.BuiltinSource()), "  - id: deputy\n", "  - id: deputy\n    lang: "+lang+"\n", 1)
		if err := os.WriteFile(file, []byte(source), 0o600); err != nil {
			t.Fatal(err)
		}
		s := newStage(t, "UNIVERSITY="+file)
		chat := s.forum(deputyOffice)
		number := s.fileFor(dima, dauys.Draft{})
		if got := s.topic(chat); got.Name != number+want[0] {
			t.Errorf("in %s the topic is called %q", lang, got.Name)
		}
		s.seat(saltanat, deputyOffice)
		s.does(saltanat, number, dauys.Move{Act: dauys.Take}, dauys.Move{Act: dauys.Escalate, Note: "Решение принимает директор."})
		if got := s.topic(chat); got.Name != number+want[1] {
			t.Errorf("in %s the topic is called %q", lang, got.Name)
		}
	}
}

// TestTwoOfficesInOneGroup: each has its own topic of a case, and the case goes from one to the other.
func TestTwoOfficesInOneGroup(t *testing.T) {
	s := newStage(t)
	chat := s.forum(deputyOffice)
	if err := s.app.db.Bind(t.Context(), "director@itc", telegramAddress(chat), "", s.clock.Now()); err != nil {
		t.Fatal(err)
	}
	number := s.fileFor(dima, dauys.Draft{})
	s.seat(saltanat, deputyOffice)
	s.does(saltanat, number, dauys.Move{Act: dauys.Take}, dauys.Move{Act: dauys.Escalate, Note: "Решение принимает директор."})
	topics := s.sim.Topics(chat)
	if len(topics) != 2 || !topics[0].Closed || topics[1].Closed {
		t.Fatalf("topics: %+v", topics)
	}
	s.seat(saltanat, "director@itc")
	s.do(s.sim.PressLast(saltanat, chat, "Принять в работу"))
	s.details(number, "К этому ещё одно.")
	if got := s.within(chat, topics[1].ID); len(got) < 2 || !strings.Contains(got[len(got)-1], "ещё одно") || !strings.Contains(got[0], "на рассмотрении") {
		t.Errorf("in the second topic stands %q", got)
	}
	if got := s.sim.Topics(chat); !got[0].Closed || !strings.Contains(got[1].Name, "на рассмотрении") {
		t.Errorf("topics: %+v", got)
	}
}
