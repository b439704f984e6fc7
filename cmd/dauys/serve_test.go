package main

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/handlers"
)

// People who serve for an office because they are appointed, and for a term.

// does lets somebody of an office move a case, without the words of a chat.
func (s *stage) does(who int64, number string, moves ...dauys.Move) {
	s.t.Helper()
	for _, m := range moves {
		m.By, m.At, m.Cause = dauys.TheOffice, s.clock.Now(), string(m.Act)
		if _, err := s.app.db.Act(s.t.Context(), number, telegramAddress(who), m.Cause, m.At, func(c *dauys.Case, staff dauys.Staff) error {
			m.Staff = staff
			return c.Do(m, &s.app.university.Calendar)
		}); err != nil {
			s.t.Fatal(err)
		}
	}
	s.app.sender.Wake()
	s.settle()
}

// fileFor has a student's complaint registered without the dialogue, as it would go now: whose
// curator is known is asked as the bot asks it.
func (s *stage) fileFor(who int64, d dauys.Draft) (number string) {
	s.t.Helper()
	s.sim.Started(who)
	ctx := context.Background()
	lang := dauys.Russian
	for _, p := range cast {
		if p.ID == who {
			lang, _ = dauys.LangOf(p.LanguageCode)
		}
	}
	d.ID, d.Kind, d.Institute, d.Topic = handlers.NewID(), dauys.Complaint, "itc", "marks"
	if d.Scheme == "support" {
		d.Kind, d.Topic = "support", "social"
	}
	d.Text = cmp.Or(d.Text, "Оценку за рубежный контроль поставили без проверки работы. Прошу проверить.")
	d.Applicant = dauys.Applicant{Address: telegramAddress(who), Name: cmp.Or(d.Applicant.Name, "Студент"), Standing: dauys.AsStudent, Lang: lang}
	d.Consent = dauys.Consent{Version: "1", At: s.clock.Now()}
	q := d.Request()
	if d.Group != "" {
		known, err := s.app.handlers.Inquire(ctx, d)
		if err != nil {
			s.t.Fatal(err)
		}
		q.Known, q.Away = known.Known, known.Away
	}
	for _, o := range d.Against {
		there, err := s.app.db.StaffFor(ctx, o.In(d.Institute), s.clock.Now())
		if err != nil {
			s.t.Fatal(err)
		}
		for _, other := range there {
			q.Barred = append(q.Barred, other.Address)
		}
	}
	way, err := s.app.university.Route(q)
	if err != nil {
		s.t.Fatal(err)
	}
	c, _, err := s.app.db.File(ctx, way.Open(d, s.app.university, s.clock.Now()))
	if err != nil {
		s.t.Fatal(err)
	}
	s.app.sender.Wake()
	s.settle()
	return c.Number
}

// appoint has the administrator make a link, and gives what leads to the bot.
func (s *stage) appoint(what string) (payload string) {
	s.t.Helper()
	found := startLink.FindStringSubmatch(s.say(darkhan, darkhan, "/appoint "+what).Text)
	if found == nil {
		s.t.Fatalf("no link: %q", s.last(darkhan).Text)
	}
	return found[1]
}

// follow opens a link.
func (s *stage) follow(who int64, payload string) string {
	s.t.Helper()
	_, err := s.sim.Start(who, payload)
	s.do(err)
	return s.last(who).Text
}

// has tells whether the bot has said something in a chat.
func (s *stage) has(chat int64, words string) bool {
	return slices.ContainsFunc(s.said(chat), func(text string) bool { return strings.Contains(text, words) })
}

const curator dauys.OfficeID = "advisor-curator@itc.ис211"

func TestAppointing(t *testing.T) {
	for _, pair := range pairs(t) {
		t.Run(pair.name, func(t *testing.T) {
			s := newStage(t, pair.env(t)...)
			for _, who := range []int64{darkhan, dima, zarina} {
				s.speak(who, "Русский")
			}
			for what, words := range map[string]string{
				"dean": "Такого отдела нет", "advisor-curator@xyz ИС-21-1": "Такого отдела нет", "advisor-curator@itc": "Укажите группу", "advisor-curator@itc 30.06.2027": "Укажите группу",
				"rector 31.02.2027": "Не удалось прочитать дату", "rector 22.11.2026": "уже прошёл",
			} {
				if text := s.say(darkhan, darkhan, "/appoint "+what).Text; !strings.Contains(text, words) {
					t.Errorf("/appoint %s: %q", what, text)
				}
			}
			for _, command := range []string{"/appoint", "/appoint rector", "/dismiss"} {
				if text := s.say(zarina, zarina, command).Text; !strings.Contains(text, "Такой команды нет") {
					t.Errorf("%s by anybody: %q", command, text)
				}
			}
			link := s.appoint("student-gov@itc 2026-12-09 Ким Дмитрий")
			late := s.appoint("rector")
			s.follow(dima, link)
			if !s.has(dima, "Вы назначены") || !s.has(dima, "9 декабря 2026") {
				t.Errorf("who is appointed is told %q", s.said(dima))
			}
			if !s.has(darkhan, "Назначение принято: Ким Дмитрий") {
				t.Errorf("the administrator is told %q", s.last(darkhan).Text)
			}
			s.follow(zarina, link)
			if !s.has(zarina, "Эта ссылка больше не действует") {
				t.Errorf("with a used link: %q", s.last(zarina).Text)
			}
			s.later(7 * 24 * time.Hour)
			s.follow(zarina, late)
			if len(s.rightsOf(zarina)) > 0 {
				t.Error("a link of a week ago appoints")
			}
			if text := s.say(darkhan, darkhan, "/appoint").Text; !strings.Contains(text, "Ким Дмитрий – Студенческое самоуправление (student-gov@itc). Последний день: 9 декабря 2026") {
				t.Errorf("who serves: %q", text)
			}
		})
	}
}

// TestATermOfOffice: told two weeks before and at the end, once, unless it was prolonged; then what
// they held is free again.
func TestATermOfOffice(t *testing.T) {
	s := newStage(t)
	for _, who := range []int64{darkhan, dima, amina} {
		s.speak(who, "Русский")
	}
	s.follow(dima, s.appoint("student-gov@itc 09.12.2026 Дима"))
	s.follow(amina, s.appoint("student-gov@itc 09.12.2026 Амина"))
	group := s.chats["student-gov@itc"]
	s.sim.Join(group, dima)
	s.later(72 * time.Hour) // Thursday, two weeks before
	for _, who := range []int64{dima, amina} {
		if !s.has(who, "скоро закончится") {
			t.Errorf("two weeks before the end: %q", s.last(who).Text)
		}
	}
	s.follow(amina, s.appoint("student-gov@itc 30.06.2027 Амина"))
	s.later(13 * 24 * time.Hour) // the last day
	number := s.fileFor(aigerim, dauys.Draft{Scheme: "student-gov"})
	s.press(dima, group, "Принять в работу")
	if c := s.loaded(number); c.HolderName != "Дима" {
		t.Fatalf("on the last day it is held by %q", c.HolderName)
	}
	s.later(23 * time.Hour)
	if c := s.loaded(number); c.Status != dauys.Registered || c.HolderName != "" {
		t.Errorf("when the term is over the case is %s, held by %q", c.Status, c.HolderName)
	}
	if !s.has(dima, "Срок Ваших полномочий закончился") || !s.has(darkhan, "Закончился срок полномочий: Дима") {
		t.Errorf("at the end: %q, and the administrator: %q", s.last(dima).Text, s.last(darkhan).Text)
	}
	if s.has(amina, "закончился") || s.has(darkhan, "Закончился срок полномочий: Амина") {
		t.Error("a term that was prolonged has ended")
	}
	s.press(dima, group, "Принять в работу")
	if c := s.loaded(number); c.Status != dauys.Registered {
		t.Error("who has no right any more has taken the case")
	}
}

// TestACuratorGoes: the cases of a group whose curator is dismissed, or whose term is over, climb; a
// successor has them instead.
func TestACuratorGoes(t *testing.T) {
	s := newStage(t)
	for _, who := range []int64{darkhan, saltanat, marat} {
		s.speak(who, "Русский")
	}
	s.follow(saltanat, s.appoint("advisor-curator@itc ИС-21-1 10.12.2026"))
	s.speak(saltanat, "English")
	one, two := s.fileFor(dima, dauys.Draft{Group: "ис 21 1"}), s.fileFor(amina, dauys.Draft{Group: "ИС-21-1"})
	if c := s.loaded(one); c.Office() != curator || !s.has(saltanat, one) {
		t.Fatalf("%s is with %s, the curator has seen %q", one, c.Office(), s.said(saltanat))
	}
	s.press(saltanat, saltanat, "Accept for work")
	if c := s.loaded(two); c.Status != dauys.InReview {
		t.Fatalf("%s is %s", two, c.Status)
	}

	// Somebody else is appointed for the group: the cases are theirs.
	s.follow(marat, s.appoint("advisor-curator@itc.ис211 10.12.2026 Марат"))
	if !s.has(saltanat, "Your appointment has ended") {
		t.Errorf("the curator before is told %q", s.last(saltanat).Text)
	}
	if c := s.loaded(two); c.Status != dauys.Registered || c.Office() != curator || !s.has(marat, two) {
		t.Errorf("%s is %s with %s, the successor sees %q", two, c.Status, c.Office(), s.said(marat))
	}
	if got := s.rightsOf(saltanat); len(got) > 0 {
		t.Errorf("the curator before has the rights %v", got)
	}

	// Nobody is known any more: they climb, and new ones skip the rung.
	s.say(darkhan, darkhan, "/dismiss advisor-curator@itc ИС-21-1")
	s.press(darkhan, darkhan, "Марат · "+string(curator))
	s.press(darkhan, darkhan, "Да, снять")
	for _, number := range []string{one, two} {
		if c := s.loaded(number); c.Office() != "deputy@itc" {
			t.Errorf("%s is with %s", number, c.Office())
		}
	}
	if !s.has(amina, "nobody can review it now") || !s.has(marat, "Ваше назначение снято") || !s.has(s.chats["deputy@itc"], two) {
		t.Errorf("told are %q, %q", s.said(amina), s.said(marat))
	}
	if c := s.loaded(s.fileFor(dima, dauys.Draft{Group: "ИС-21-1"})); c.Office() != "deputy@itc" {
		t.Errorf("a new case is with %s", c.Office())
	}
	bound, err := s.app.db.Bindings(t.Context())
	if err != nil || bound[curator] != "" {
		t.Errorf("the curator works in %q (%v)", bound[curator], err)
	}

	// The same when the term is over.
	s.follow(marat, s.appoint("advisor-curator@itc ИС-21-1 23.11.2026 Марат"))
	three := s.fileFor(dima, dauys.Draft{Group: "ИС-21-1"})
	s.press(marat, marat, "Принять в работу")
	s.later(23 * time.Hour)
	if c := s.loaded(three); c.Office() != "deputy@itc" || c.Status != dauys.Registered {
		t.Errorf("when the term is over %s is %s with %s", three, c.Status, c.Office())
	}
}

// TestACuratorsOwnRequest: what a curator writes in a form of their own stays in it, whatever waits
// for words as a curator.
func TestACuratorsOwnRequest(t *testing.T) {
	s := newStage(t)
	s.speak(darkhan, "Русский")
	s.speak(saltanat, "Русский")
	s.follow(saltanat, s.appoint("advisor-curator@itc ИС-21-1"))
	number := s.fileFor(dima, dauys.Draft{Group: "ИС-21-1"})
	s.press(saltanat, saltanat, "Принять в работу")
	s.press(saltanat, saltanat, "Запросить уточнения")
	question := s.last(saltanat)
	s.say(saltanat, saltanat, "/new")
	s.say(saltanat, saltanat, "О какой работе идёт речь?")
	if c := s.loaded(number); c.Status != dauys.InReview || strings.Contains(s.last(saltanat).Text, "такое сообщение") {
		t.Errorf("words in a form of their own became %q", s.last(saltanat).Text)
	}
	_, err := s.sim.Reply(saltanat, saltanat, question.ID, "О какой работе идёт речь?")
	s.do(err)
	s.press(saltanat, saltanat, "Пропустить")
	s.press(saltanat, saltanat, "Отправить")
	if c := s.loaded(number); c.Status != dauys.Needs {
		t.Errorf("%s is %s", number, c.Status)
	}
	_, err = s.sim.Reply(saltanat, saltanat, question.ID, "И когда это было?")
	s.do(err)
	if !s.has(saltanat, "этот вопрос закрыт") {
		t.Errorf("a reply to a question that is over: %q", s.last(saltanat).Text)
	}
	// The buttons are nobody else's.
	s.speak(zarina, "Русский")
	if toast := s.forge(zarina, zarina, 1, "s:take:"+number); !strings.Contains(toast, "только сотрудники") {
		t.Errorf("a stranger presses: %q", toast)
	}
}

// TestNobodyHearsTheDecision: whoever blocks the bot is not reached by any kind of answer, and the
// office hears of it.
func TestNobodyHearsTheDecision(t *testing.T) {
	for _, act := range []dauys.Act{dauys.Answer, dauys.Decide, dauys.Redirect} {
		t.Run(string(act), func(t *testing.T) {
			s := newStage(t)
			s.speak(dima, "Русский")
			number := s.fileFor(dima, dauys.Draft{Scheme: "student-gov"})
			s.seat(saltanat, "student-gov@itc")
			s.alter("UPDATE cases SET ladder = replace(ladder, 'recommend', 'schedule')")
			s.sim.Block(dima)
			s.settle()
			moves := []dauys.Move{{Act: dauys.Take}, {Act: act, Note: "Ответ", Outcome: dauys.Explained}}
			if act == dauys.Decide {
				moves = slices.Insert(moves, 1, dauys.Move{Act: dauys.Schedule, Note: "В среду"})
			}
			s.does(saltanat, number, moves...)
			blocked := handlers.Turn{Input: handlers.Input{From: telegramAddress(dima), Change: handlers.Blocked}, State: &ask.State{}}
			if err := s.app.handlers.Applicant(t.Context(), &blocked); err != nil {
				t.Fatal(err)
			}
			if _, told := s.loaded(number).Latest(dauys.Undeliverable); !told {
				t.Error("nobody knows that it does not arrive")
			}
		})
	}
}

// TestWhoIsAskedFor: a curator may pass over offices; the applicant is asked of the one that would read
// the case, and not of the next.
func TestWhoIsAskedFor(t *testing.T) {
	s := newStage(t)
	for _, who := range []int64{darkhan, dima, saltanat} {
		s.speak(who, "Русский")
	}
	s.follow(saltanat, s.appoint("advisor-curator@itc ИС-21-1"))
	number := s.fileFor(dima, dauys.Draft{Group: "ИС-21-1"})
	s.does(saltanat, number, dauys.Move{Act: dauys.Propose, To: "rector", Note: "Не в моих полномочиях"})
	rector, _ := s.app.university.Office("rector")
	if text := s.last(dima).Text; !strings.Contains(text, rector.Names.In(dauys.Russian)) {
		t.Errorf("the applicant is asked %q", text)
	}
	s.press(dima, dima, "Нет, пусть останется")
	if !s.has(saltanat, rector.Names.In(dauys.Russian)) || s.has(saltanat, "Заместитель") {
		t.Errorf("the curator reads %q", s.said(saltanat))
	}
}

// TestNowhereToGo: whom the highest office has answered is not offered a higher one weeks later.
func TestNowhereToGo(t *testing.T) {
	s := newStage(t)
	s.speak(dima, "Русский")
	s.seat(marat, "rector")
	number := s.fileFor(dima, dauys.Draft{Level: "rector"})
	for _, m := range []dauys.Move{{Act: dauys.Take}, {Act: dauys.Answer, Note: "Оценка исправлена", Outcome: dauys.Granted}} {
		m.Cause, m.By, m.At = string(m.Act), dauys.TheOffice, s.clock.Now()
		if _, err := s.app.db.Act(t.Context(), number, telegramAddress(marat), m.Cause, m.At, func(c *dauys.Case, staff dauys.Staff) error {
			m.Staff = staff
			return c.Do(m, &s.app.university.Calendar)
		}); err != nil {
			t.Fatal(err)
		}
		s.app.sender.Wake()
		s.settle()
	}
	for range 60 {
		if _, asked := s.loaded(number).Latest(dauys.FollowUp); asked {
			break
		}
		s.later(24 * time.Hour)
	}
	for _, row := range s.last(dima).Keyboard {
		for _, b := range row {
			if strings.HasSuffix(b.Data, ":"+string(dauys.Dispute)) {
				t.Errorf("offered is %q under %q", b.Text, s.last(dima).Text)
			}
		}
	}
}
