package main

import (
	"slices"
	"strings"
	"testing"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/bot/simulator"
)

// Nobody judges themselves, whatever they become later.

// about files a complaint about somebody of the director's office, which the deputy has.
func (s *stage) about(kind dauys.OfficeID) (number string) {
	s.t.Helper()
	number = s.fileFor(dima, dauys.Draft{Against: []dauys.OfficeID{kind}})
	c := s.loaded(number)
	if slices.ContainsFunc(c.Ladder, func(r dauys.Rung) bool { return r.Office.Kind() == kind }) {
		s.t.Fatalf("the ladder is %v", c.Ladder)
	}
	return number
}

// seat makes somebody staff by a press under another case.
func (s *stage) seat(who int64, office dauys.OfficeID) {
	s.t.Helper()
	if _, err := s.app.db.Grant(s.t.Context(), dauys.Staff{Address: telegramAddress(who), Name: "Кто-то", Office: office, ViaChat: true, From: s.clock.Now()}); err != nil {
		s.t.Fatal(err)
	}
}

func TestWhomItIsAboutJoinsTheOffice(t *testing.T) {
	for _, pair := range pairs(t) {
		t.Run(pair.name, func(t *testing.T) {
			s := newStage(t, pair.env(t)...)
			s.seat(gulnar, "director@itc")
			number := s.about("director")
			deputy := s.chats["deputy@itc"]
			card := cardOf(t, s, deputy, number)
			if c := s.loaded(number); !slices.Contains(c.Barred, telegramAddress(gulnar)) {
				t.Fatalf("barred are %v", c.Barred)
			}
			s.sim.Join(deputy, gulnar)
			s.do(nil)
			s.forge(gulnar, deputy, card, "s:take:"+number) // also where nobody told the bot that they have joined
			c := s.loaded(number)
			if c.Office() != "vr-academic" || c.Status != dauys.Registered {
				t.Errorf("%s is %s with %s", number, c.Status, c.Office())
			}
			if m, _ := s.sim.Message(deputy, card); strings.Contains(m.Text, "Оценку") || !strings.Contains(m.Text, number) || len(m.Keyboard) > 0 {
				t.Errorf("in the chat which the director has joined stands %q", m.Text)
			}
			if !s.has(s.chats["vr-academic"], "Оценку") || !s.has(dima, "Один отдел пропущен") {
				t.Errorf("the vice-rector has %q, the applicant is told %q", s.said(s.chats["vr-academic"]), s.said(dima))
			}
		})
	}
}

// TestAMemberWithoutAnyPress: the director sits in the vice-rector's chat, and never presses anything;
// the bot is not told. Before the card is shown it asks.
func TestAMemberWithoutAnyPress(t *testing.T) {
	s := newStage(t)
	s.seat(gulnar, "director@itc")
	number := s.about("director")
	vice := s.chats["vr-academic"]
	s.sim.Join(vice, gulnar)
	s.do(nil)
	if _, err := s.app.db.Act(t.Context(), number, "", "up", s.clock.Now(), func(c *dauys.Case, _ dauys.Staff) error {
		return c.Do(dauys.Move{Act: dauys.Bypass, By: dauys.TheClock, Cause: "up", At: s.clock.Now()}, &s.app.university.Calendar)
	}); err != nil {
		t.Fatal(err)
	}
	s.app.sender.Wake()
	s.settle()
	if c := s.loaded(number); c.Office() != "rector" {
		t.Errorf("%s is with %s", number, c.Office())
	}
	if s.has(vice, "Оценку") {
		t.Errorf("the director reads %q", s.said(vice))
	}
}

// TestSomebodyBecomesTheDirector: who works on a complaint about the director's office becomes its
// member.
func TestSomebodyBecomesTheDirector(t *testing.T) {
	s := newStage(t)
	s.speak(darkhan, "Русский")
	s.speak(saltanat, "Русский")
	number := s.about("director")
	s.press(saltanat, s.chats["deputy@itc"], "Принять в работу")
	s.follow(saltanat, s.appoint("director@itc"))
	if c := s.loaded(number); c.Office() != "vr-academic" {
		t.Errorf("%s is with %s", number, c.Office())
	}
}

// TestAChatOfWhomItIsAbout: an office is bound to a chat in which somebody sits whom its case is about.
func TestAChatOfWhomItIsAbout(t *testing.T) {
	s := newStage(t)
	s.speak(darkhan, "Русский")
	s.seat(gulnar, "director@itc")
	number := s.about("director")
	const fresh = int64(-1002000000099)
	s.sim.AddGroup(fresh, "Новый чат", igor, gulnar)
	s.say(darkhan, darkhan, "/bind deputy@itc")
	code := s.last(darkhan).Text
	code = code[strings.Index(code, "/bind ")+6:][:10]
	s.say(igor, fresh, "/bind "+code)
	if c := s.loaded(number); c.Office() != "vr-academic" || s.has(fresh, "Оценку") {
		t.Errorf("%s is with %s, and there stands %q", number, c.Office(), s.said(fresh))
	}
}

// TestNobodyIsLeft: no office may have the case; the administrators are told its number, and it is
// there again when who it is about has gone.
func TestNobodyIsLeft(t *testing.T) {
	s := newStage(t)
	s.speak(darkhan, "Русский")
	s.seat(gulnar, "director@itc")
	number := s.about("director")
	deputy := s.chats["deputy@itc"]
	for _, office := range []dauys.OfficeID{"vr-academic", "rector", "deputy@itc"} {
		s.sim.Join(s.chats[office], gulnar)
	}
	s.do(nil)
	s.forge(gulnar, deputy, cardOf(t, s, deputy, number), "s:take:"+number)
	if c := s.loaded(number); c.Office() != "deputy@itc" || c.Status != dauys.Registered {
		t.Errorf("%s is %s with %s", number, c.Status, c.Office())
	}
	told := 0
	for _, text := range s.said(darkhan) {
		if strings.Contains(text, "Ни один отдел не может взять дело "+number) {
			told++
		}
		if strings.Contains(text, "Оценку") {
			t.Errorf("the administrator reads %q", text)
		}
	}
	if told != 1 {
		t.Errorf("the administrator is told %d times: %q", told, s.said(darkhan))
	}
	s.sim.Leave(deputy, gulnar)
	s.do(nil)
	if !slices.ContainsFunc(s.sim.Messages(deputy), func(m simulator.Message) bool {
		_, ok := m.Button("Принять в работу")
		return ok && strings.Contains(m.Text, number)
	}) {
		t.Errorf("when the director has left there stands %q", s.last(deputy).Text)
	}
}

// TestWhoHasWithheldNothing: when somebody leaves the office of whom no case is, its members are not
// sent the papers again.
func TestWhoHasWithheldNothing(t *testing.T) {
	s := newStage(t)
	s.seat(gulnar, "director@itc")
	s.sim.Started(dima)
	c, err := dauys.Open(dauys.Draft{ID: "long", Kind: dauys.Complaint, Institute: "itc", Topic: "marks", Against: []dauys.OfficeID{"director"}, Text: strings.Repeat("Оценку. ", 300),
		Applicant: dauys.Applicant{Address: telegramAddress(dima), Standing: dauys.AsStudent, Lang: dauys.Russian}}, s.app.university, s.clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.app.db.File(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	s.app.sender.Wake()
	s.settle()
	deputy := s.chats["deputy@itc"]
	before := len(s.said(deputy))
	s.sim.Leave(deputy, igor)
	s.do(nil)
	if after := s.said(deputy); len(after) != before {
		t.Errorf("when a colleague has left the office is told %q", after[before:])
	}
}

// TestDismissedWhomItIsAbout: a case that nobody could have is there again when the one whom it is about
// is dismissed.
func TestDismissedWhomItIsAbout(t *testing.T) {
	s := newStage(t)
	for _, who := range []int64{darkhan, zarina} {
		s.speak(who, "Русский")
	}
	s.seat(zarina, "director@itc")
	number := s.about("director")
	deputy := s.chats["deputy@itc"]
	for _, office := range []dauys.OfficeID{"rector", "vr-academic", "deputy@itc"} {
		s.follow(zarina, s.appoint(string(office)))
	}
	if s.has(deputy, "Оценку") {
		t.Errorf("while the director works there, the office reads %q", s.said(deputy))
	}
	at := s.loaded(number).Office()
	s.say(darkhan, darkhan, "/dismiss "+string(at))
	s.press(darkhan, darkhan, "Зарина · "+string(at))
	s.press(darkhan, darkhan, "Да, снять")
	if !slices.ContainsFunc(s.sim.Messages(s.chats[at]), func(m simulator.Message) bool {
		_, ok := m.Button("Принять в работу")
		return ok && strings.Contains(m.Text, number)
	}) {
		t.Errorf("when the director is dismissed there stands with %s %q", at, s.said(s.chats[at]))
	}
}
