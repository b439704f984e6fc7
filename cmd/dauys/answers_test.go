package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/bot/simulator"
)

// grant lets somebody act for an office, without its chat.
func (s *stage) grant(who int64, name string, office dauys.OfficeID) {
	s.t.Helper()
	_, err := s.app.db.Grant(s.t.Context(), dauys.Staff{Address: telegramAddress(who), Name: name, Office: office, From: s.clock.Now()})
	s.do(err)
}

// keeps has an office keep a ready answer.
func (s *stage) keeps(who int64, a dauys.ReadyAnswer) {
	s.t.Helper()
	s.do(s.app.db.KeepReady(s.t.Context(), a, telegramAddress(who), s.clock.Now()))
}

// What an office keeps to answer with is its own: nobody else sees it, changes it, deletes it or takes
// it into an answer, whatever they press.
func TestReadyAnswersAreTheOffices(t *testing.T) {
	s := newStage(t, steady)
	const foreign = int64(-1002000000003)
	s.sim.AddGroup(foreign, "Чужая группа", zarina, dima)
	deputy, director := s.chats["deputy@itc"], s.chats["director@itc"]
	s.speak(zarina, "Русский")
	s.grant(saltanat, "Салтанат Омарова", "deputy@itc")
	s.grant(gulnar, "Гүлнар Бекова", "director@itc")
	s.keeps(saltanat, dauys.ReadyAnswer{ID: "MINE", Office: "deputy@itc", Name: "ТАЙНОЕИМЯ", Texts: dauys.Names{dauys.Russian: "СЕКРЕТНЫЙТЕКСТ для всех заявителей"}, Cause: "a"})
	list := s.say(saltanat, deputy, "/answers")
	if !strings.Contains(strings.Join(list.Labels(), "\n"), "ТАЙНОЕИМЯ") {
		t.Fatalf("the list: %q %q", list.Text, list.Labels())
	}
	there := func() dauys.ReadyAnswer {
		t.Helper()
		a, err := s.app.db.ReadyAnswer(t.Context(), "MINE")
		s.do(err)
		return a
	}
	was := there().Version
	for _, at := range []struct{ who, chat int64 }{
		{zarina, deputy}, {zarina, zarina}, {zarina, foreign}, {gulnar, director}, {gulnar, deputy}, {gulnar, gulnar}, {gulnar, foreign}, {saltanat, foreign}, {darkhan, darkhan}, {darkhan, director},
	} {
		before := len(s.sim.Messages(at.chat))
		for _, data := range []string{"r:list:", "r:add:deputy@itc", "r:show:MINE", "r:edit:MINE", "r:drop:MINE", "r:gone:MINE", "r:", "r:::", "r:show:", "r:explode:MINE", "r:add:nobody"} {
			s.noLeak(s.forge(at.who, at.chat, list.ID, data))
		}
		for _, m := range s.sim.Messages(at.chat)[before:] {
			if m.FromBot {
				s.noLeak(m.Text + strings.Join(m.Labels(), "\n"))
			}
		}
	}
	if a := there(); a.Version != was {
		t.Errorf("it was changed: %+v", a)
	}

	// In an act of the next office it cannot be chosen.
	number := s.fileFor(dima, dauys.Draft{})
	s.does(saltanat, number, dauys.Move{Act: dauys.Escalate, Note: "выше"})
	s.keeps(gulnar, dauys.ReadyAnswer{ID: "HERS", Office: "director@itc", Name: "Ответ", Texts: dauys.Names{dauys.Russian: "Ваше обращение рассмотрено и решено."}, Cause: "b"})
	s.press(gulnar, director, "Принять в работу")
	s.press(gulnar, director, "Ответить")
	s.press(gulnar, director, "Удовлетворено")
	which := s.press(gulnar, director, "Готовый ответ")
	data := ""
	for _, row := range which.Keyboard {
		for _, b := range row {
			if b.Text == "Ответ" {
				data = b.Data
			}
		}
	}
	if len(data) > 64 || !strings.HasSuffix(data, ":HERS") {
		t.Fatalf("the button carries %q", data)
	}
	s.noLeak(s.forge(gulnar, director, which.ID, strings.Replace(data, "HERS", "MINE", 1)))
	if toast := s.forge(zarina, director, which.ID, data); toast == "" {
		t.Error("somebody else chooses an answer, and is told nothing")
	}
	if text := s.last(director).Text; strings.Contains(text, "СЕКРЕТНЫЙТЕКСТ") {
		t.Errorf("the next office answers with %q", text)
	}

	// Who has lost the right between the list and the press changes nothing.
	s.say(saltanat, deputy, "/answers")
	s.press(saltanat, deputy, "ТАЙНОЕИМЯ (ru)")
	s.press(saltanat, deputy, "Удалить")
	sure := s.last(deputy)
	s.sim.Leave(deputy, saltanat)
	s.do(s.app.db.Revoke(t.Context(), telegramAddress(saltanat), "deputy@itc", false, s.clock.Now()))
	s.forge(saltanat, deputy, sure.ID, "r:gone:MINE")
	if a := there(); a.Version != was {
		t.Errorf("deleted or changed by who has no right: %+v", a)
	}
}

// A note is for staff. Whatever an applicant or somebody else outside sees of a case, it is not there.
func TestNotesStayInside(t *testing.T) {
	for _, pair := range pairs(t) {
		t.Run(pair.name, func(t *testing.T) {
			s := newStage(t, pair.env(t)...)
			const words = "ЗАМЕТКАДЛЯСВОИХ"
			deputy := s.chats["deputy@itc"]
			s.speak(dima, "Русский")
			s.speak(amina, "English")
			s.speak(darkhan, "Русский")
			s.grant(saltanat, "Салтанат Омарова", "deputy@itc")
			redirected := s.fileFor(dima, dauys.Draft{})
			answered := s.fileFor(dima, dauys.Draft{})
			for _, number := range []string{redirected, answered} {
				m := s.say(saltanat, deputy, "/note "+number+" "+words)
				if !strings.Contains(m.Text, "заметка сохранена") {
					t.Fatalf("the note: %q", m.Text)
				}
				s.say(dima, dima, number) // their own page
				s.say(amina, amina, number)
			}
			// Every step that tells somebody something.
			s.does(saltanat, redirected, dauys.Move{Act: dauys.Take}, dauys.Move{Act: dauys.Extend, Note: "нужно время", Days: 3}, dauys.Move{Act: dauys.Redirect, Body: "labour"})
			s.does(saltanat, answered, dauys.Move{Act: dauys.Take}, dauys.Move{Act: dauys.Ask, Note: "Какая работа?"}, dauys.Move{Act: dauys.Unask})
			s.say(dima, dima, answered)
			s.does(saltanat, answered, dauys.Move{Act: dauys.Answer, Note: "Ответ по существу", Outcome: dauys.Refused})
			s.say(dima, dima, answered)
			s.say(dima, dima, redirected)
			s.say(dima, dima, "/cases")
			s.say(darkhan, darkhan, "/journal 01.11.2026 31.12.2026")
			s.later(24 * time.Hour)

			for _, who := range []int64{dima, amina, darkhan} {
				for _, m := range s.sim.Messages(who) {
					if strings.Contains(m.Text, words) {
						t.Errorf("%d is shown it: %q", who, m.Text)
					}
				}
			}
			for chat, id := range s.chats {
				for _, m := range s.sim.Messages(id) {
					if m.FromBot && chat != "deputy@itc" && strings.Contains(m.Text, words) {
						t.Errorf("%s is shown it: %q", chat, m.Text)
					}
				}
			}
			_, rows, numbers := s.table(darkhan)
			if len(numbers) != 2 {
				t.Errorf("the journal has %q", numbers)
			}
			for _, row := range rows {
				for head, cell := range row {
					if strings.Contains(cell, words) {
						t.Errorf("the journal shows it under %s", head)
					}
				}
			}
			if !s.has(deputy, words) {
				t.Error("staff are not shown it")
			}
			if e, ok := s.loaded(answered).Latest(dauys.Note); !ok || e.Note != words || e.Name != "Салтанат Омарова" || e.From != e.To {
				t.Errorf("the event is %+v", e)
			}
		})
	}
}

// waits has an answer of Saltanat's submitted for the yes of a colleague.
func (s *stage) waits(number, words string) (event int) {
	s.t.Helper()
	m := dauys.Move{Act: dauys.Submit, Note: words, Outcome: dauys.Refused, Cause: words, By: dauys.TheOffice, At: s.clock.Now()}
	_, err := s.app.db.Act(s.t.Context(), number, telegramAddress(saltanat), m.Cause, m.At, func(c *dauys.Case, staff dauys.Staff) error {
		m.Staff = staff
		return c.Do(m, &s.app.university.Calendar)
	})
	s.do(err)
	s.app.sender.Wake()
	s.settle()
	e, _ := s.loaded(number).Submission()
	return e.Seq
}

// needsSecond makes answers of the deputy directors wait for a second yes.
func (s *stage) needsSecond() {
	offices := slices.Clone(s.app.university.Offices)
	for i := range offices {
		offices[i].Second = offices[i].ID.Kind() == "deputy"
	}
	s.app.university.Offices = offices
}

// The second yes is that of a colleague. Nobody else says it, and not of an answer that was not shown.
func TestTheSecondYesIsAColleagues(t *testing.T) {
	s := newStage(t, steady)
	s.needsSecond()
	const foreign = int64(-1002000000003)
	s.sim.AddGroup(foreign, "Чужая группа", zarina, dima)
	deputy, director := s.chats["deputy@itc"], s.chats["director@itc"]
	s.speak(zarina, "Русский")
	s.speak(dima, "Русский")
	s.grant(saltanat, "Салтанат Омарова", "deputy@itc")
	number := s.fileFor(dima, dauys.Draft{})
	s.does(saltanat, number, dauys.Move{Act: dauys.Take})
	old := s.waits(number, "СЕКРЕТНЫЙТЕКСТ первого ответа")
	shown := s.card(deputy, number, "Одобрить")
	if !strings.Contains(shown.Text, "СЕКРЕТНЫЙТЕКСТ") {
		t.Fatalf("it is shown as %q", shown.Text)
	}
	press := func(act dauys.Act, event int) string { return fmt.Sprintf("s:%s:%s:%d", act, number, event) }
	for _, at := range []struct{ who, chat int64 }{
		{saltanat, deputy}, {zarina, deputy}, {zarina, zarina}, {zarina, foreign}, {dima, deputy}, {dima, dima}, {gulnar, director}, {gulnar, deputy}, {darkhan, darkhan}, {igor, foreign},
	} {
		s.untouched(number, []int64{zarina, dima, foreign, director}, func() {
			for _, data := range []string{press(dauys.Approve, old), press(dauys.Return, old), "s:approve:" + number, "s:return:" + number, press(dauys.Approve, 0), press(dauys.Approve, -1), press(dauys.Answer, old), "s:submit:" + number, press(dauys.Approve, old) + ":1"} {
				s.forge(at.who, at.chat, shown.ID, data)
			}
		})
	}
	s.untouched(number, []int64{zarina, dima, foreign, director}, func() {
		s.forge(igor, deputy, shown.ID, press(dauys.Approve, old+1))
		s.forge(igor, deputy, shown.ID, press(dauys.Approve, old-1))
	})
	next := s.waits(number, "второй ответ по существу")
	s.untouched(number, []int64{zarina, dima, foreign, director}, func() {
		s.forge(igor, deputy, shown.ID, press(dauys.Approve, old))
	})

	// Two colleagues at once, and one of them twice: it leaves once.
	s.sim.Join(deputy, marat)
	s.settle()
	for _, who := range []int64{igor, marat, igor} {
		s.inject(who, deputy, shown.ID, press(dauys.Approve, next))
	}
	s.settle()
	c := s.loaded(number)
	acts := map[dauys.Act]int{}
	for _, e := range c.Events {
		acts[e.Act]++
	}
	if acts[dauys.Approve] != 1 || acts[dauys.Answer] != 1 || c.Status != dauys.Closed {
		t.Errorf("it is %s after %v", c.Status, acts)
	}
	told := 0
	for _, m := range s.sim.Messages(dima) {
		if strings.Contains(m.Text, "СЕКРЕТНЫЙТЕКСТ") {
			t.Errorf("what was not approved is told: %q", m.Text)
		}
		if strings.Contains(m.Text, "второй ответ") {
			told++
		}
	}
	if told != 1 {
		t.Errorf("the answer is told %d times", told)
	}
}

// A chat that may not read a case shows nothing of an answer that waits; who reads the case in their own
// chat approves it there.
func TestTheSecondYesOfARestrictedCase(t *testing.T) {
	s := newStage(t)
	s.needsSecond()
	schemes := slices.Clone(s.app.university.Schemes)
	for i := range schemes {
		schemes[i].Restricted = true
	}
	s.app.university.Schemes = schemes
	deputy := s.chats["deputy@itc"]
	s.speak(igor, "Русский")
	s.grant(saltanat, "Салтанат Омарова", "deputy@itc")
	number := s.fileFor(dima, dauys.Draft{})
	s.does(saltanat, number, dauys.Move{Act: dauys.Take})
	s.waits(number, "СЕКРЕТНЫЙТЕКСТ ответа")
	for _, m := range s.sim.Messages(deputy) {
		if strings.Contains(m.Text, "СЕКРЕТНЫЙТЕКСТ") {
			t.Errorf("the chat of the office shows %q", m.Text)
		}
	}
	s.card(deputy, number, "Одобрить")
	s.press(igor, deputy, "Прочитать в личном чате")
	if !slices.ContainsFunc(s.sim.Messages(igor), func(m simulator.Message) bool { return strings.Contains(m.Text, "СЕКРЕТНЫЙТЕКСТ") }) {
		t.Fatalf("in their own chat: %q", s.last(igor).Text)
	}
	s.press(igor, igor, "Одобрить")
	if c := s.loaded(number); c.Status != dauys.Closed && c.Status != dauys.Decided {
		t.Errorf("after the yes it is %s", c.Status)
	}
}

// A curator, who has no chat but their own, keeps ready answers there and writes notes.
func TestAPersonKeepsReadyAnswers(t *testing.T) {
	s := newStage(t)
	s.speak(darkhan, "Русский")
	s.speak(saltanat, "Қазақша")
	s.speak(zarina, "Русский")
	s.follow(saltanat, s.appoint("advisor-curator@itc ИС-21-1"))
	s.settle()
	if m := s.say(zarina, zarina, "/answers"); !strings.HasPrefix(m.Text, "Такой команды нет") {
		t.Errorf("who serves nowhere is answered with %q", m.Text)
	}
	if m := s.say(saltanat, saltanat, "/answers"); !slices.Contains(m.Labels(), "Дайын жауап қосу") {
		t.Fatalf("the list: %q %q", m.Text, m.Labels())
	}
	s.press(saltanat, saltanat, "Дайын жауап қосу")
	s.reply(saltanat, saltanat, "Кездесу")
	s.reply(saltanat, saltanat, "Ертең түстен кейін кездесейік, {name}.")
	s.press(saltanat, saltanat, "Өткізіп жіберу")
	s.press(saltanat, saltanat, "Өткізіп жіберу")
	s.press(saltanat, saltanat, "Жіберу")
	number := s.fileFor(aigerim, dauys.Draft{Group: "ИС-21-1"})
	if m := s.say(saltanat, saltanat, "/note "+number+" әкесімен сөйлестім"); !strings.Contains(m.Text, "ескертпе сақталды") {
		t.Errorf("the note: %q", m.Text)
	}
	s.press(saltanat, saltanat, "Жұмысқа қабылдау")
	s.press(saltanat, saltanat, "Қосымша мәлімет сұрату")
	s.press(saltanat, saltanat, "Дайын жауап")
	s.press(saltanat, saltanat, "Кездесу")
	s.press(saltanat, saltanat, "Өткізіп жіберу")
	s.press(saltanat, saltanat, "Жіберу")
	if e, ok := s.loaded(number).Latest(dauys.Ask); !ok || !strings.HasPrefix(e.Note, "Ертең түстен кейін кездесейік, ") || strings.Contains(e.Note, "{") {
		t.Errorf("the question is %+v", e)
	}
}

// A ready answer is the text in the language that the applicant reads now, and what is filled in is written
// as that text is; where there is none in it, the text of the office's language, filled in as that is written.
func TestReadyAnswersInTheLanguageOfTheReader(t *testing.T) {
	s := newStage(t, steady)
	deputy := s.chats["deputy@itc"]
	s.grant(saltanat, "Салтанат Омарова", "deputy@itc")
	s.keeps(saltanat, dauys.ReadyAnswer{ID: "ALL", Office: "deputy@itc", Name: "Срок", Cause: "a", Texts: dauys.Names{
		dauys.Kazakh: "Жолданым {date} түсті, {office} {due} дейін жауап береді.", dauys.Russian: "Обращение от {date}, ответит {office} до {due}."}})
	number := s.fileFor(dima, dauys.Draft{}) // in Russian
	s.does(saltanat, number, dauys.Move{Act: dauys.Take})
	for _, x := range []struct {
		reads               dauys.Lang
		button, want, never string
	}{
		{dauys.Russian, "Срок", "Обращение от 23 ноября 2026 г., ответит Заместитель директора института до 14 декабря 2026 г.", "Текст, похоже"},
		{dauys.Kazakh, "Срок", "Жолданым 2026 ж. 23 қараша түсті, Институт директорының орынбасары 2026 ж. 14 желтоқсан дейін жауап береді.", "Текст, похоже"},
		{dauys.English, "Срок · русский", "Обращение от 23 ноября 2026 г., ответит Заместитель директора института до 14 декабря 2026 г.", "\x00"},
	} {
		s.do(s.app.handlers.Storage.SetLang(t.Context(), telegramAddress(dima), "Дима", x.reads))
		s.press(saltanat, deputy, "Ответить")
		s.press(saltanat, deputy, "Дано разъяснение")
		s.press(saltanat, deputy, "Готовый ответ")
		s.press(saltanat, deputy, x.button)
		review := s.press(saltanat, deputy, "Пропустить").Text
		if !strings.Contains(review, x.want) || strings.Contains(review, x.never) {
			t.Errorf("for who reads %s: %q", x.reads, review)
		}
		s.press(saltanat, deputy, "Отмена")
		s.press(saltanat, deputy, "Да, удалить")
	}
}
