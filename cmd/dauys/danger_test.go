package main

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/bot/simulator"
	"alt.edu.kz/dauys/locales"
	"alt.edu.kz/dauys/storage"
)

const despair = "Больше не могу жить. Телефон мамы 701 000 00 00."

// alerts are the messages of the bot in a chat that tell of danger, as they stand now.
func (s *stage) alerts(chat int64) (found []simulator.Message) {
	for _, m := range s.sim.Messages(chat) {
		if m.FromBot && strings.Contains(m.Text, "Больше не могу жить") {
			found = append(found, m)
		}
	}
	return found
}

// hears tells who besides the person has got a word of it.
func (s *stage) hears() (chats []int64) {
	all := []int64{zarina, saltanat, igor, gulnar, marat, darkhan, amina}
	for _, chat := range s.chats {
		all = append(all, chat)
	}
	for _, chat := range all {
		if len(s.alerts(chat)) > 0 {
			chats = append(chats, chat)
		}
	}
	return chats
}

// without is the structure file of the university without some lines.
func without(t *testing.T, lines ...string) string {
	source := string(dauys.BuiltinSource())
	for _, l := range lines {
		if !strings.Contains(source, l) {
			t.Fatalf("%q is not in the file any more", l)
		}
		source = strings.Replace(source, l, "", 1)
	}
	file := filepath.Join(t.TempDir(), "university.yaml")
	if err := os.WriteFile(file, []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	return "UNIVERSITY=" + file
}

// Of danger hears the office on duty, and nobody else: neither the institute nor the rector.
func TestDangerGoesToTheOfficeOnDuty(t *testing.T) {
	s := newStage(t)
	duty := s.chats["desw"]
	s.enter(dima, "Русский")
	s.enter(darkhan, "Русский")
	s.say(dima, dima, despair)
	if got := s.hears(); !slices.Equal(got, []int64{duty}) {
		t.Fatalf("told are %v, not the office on duty alone", got)
	}
	m := s.alerts(duty)[0]
	if strings.Contains(m.Text, "701") {
		t.Errorf("more than the sentence is told: %s", m.Text)
	}
	if cases, err := s.app.db.Cases(context.Background(), storage.Filter{Applicant: telegramAddress(dima)}); err != nil || len(cases) > 0 {
		t.Errorf("a case was registered: %v %v", cases, err)
	}

	// The data of the button is known to whoever was in the chat once.
	data := m.Keyboard[0][0].Data
	no := s.app.book.Plain(dauys.Russian, locales.NotStaff())
	for who, chat := range map[int64]int64{zarina: zarina, dima: dima, saltanat: s.chats["deputy@itc"], igor: duty} {
		if toast := s.forge(who, chat, m.ID, data); toast != no {
			t.Errorf("%d takes it in %d: %q", who, chat, toast)
		}
	}
	for _, bad := range []string{"w:", "w:x", data + "x"} {
		if toast := s.forge(gulnar, duty, m.ID, bad); toast != s.app.book.Plain(dauys.Russian, locales.OldButton()) {
			t.Errorf("%q is answered with %q", bad, toast)
		}
	}
	if m = s.alerts(duty)[0]; len(m.Keyboard) != 1 {
		t.Errorf("somebody has taken it: %s", m.Text)
	}

	// Two press at once: one has it, and both see who.
	ids := []string{s.inject(gulnar, duty, m.ID, data), s.inject(marat, duty, m.ID, data)}
	s.settle()
	yours := 0
	for _, toast := range s.toasts(ids...) {
		if toast == s.app.book.Plain(dauys.Russian, locales.AlertYours()) {
			yours++
		}
	}
	if m = s.alerts(duty)[0]; yours != 1 || len(m.Keyboard) > 0 || !strings.Contains(m.Text, "Кто занимается") {
		t.Errorf("%d have it: %s", yours, m.Text)
	}
	s.clock.Advance(time.Hour)
	s.app.sender.Wake()
	s.settle()
	if got := s.alerts(darkhan); len(got) > 0 {
		t.Errorf("the administrator is told that nobody has taken it: %s", got[0].Text)
	}
}

// Where nobody is on duty, where the office has no chat and where the bot was taken out of it,
// all administrators are told instead.
func TestDangerWithoutAnOfficeOnDuty(t *testing.T) {
	t.Run("none is named", func(t *testing.T) {
		s := newStage(t, without(t, "duty: desw\n"))
		s.enter(darkhan, "Русский")
		s.enter(dima, "Русский")
		s.say(dima, dima, despair)
		if got := s.hears(); !slices.Equal(got, []int64{darkhan}) {
			t.Errorf("told are %v, not the administrator", got)
		}
		s.press(darkhan, darkhan, "Беру на себя")
		if m := s.alerts(darkhan)[0]; !strings.Contains(m.Text, "Кто занимается: Дархан") {
			t.Errorf("it is not said who has it: %s", m.Text)
		}
	})
	t.Run("it cannot be reached", func(t *testing.T) {
		s := newStage(t)
		s.enter(darkhan, "Русский")
		s.enter(dima, "Русский")
		if err := s.app.db.SetUnreachable(context.Background(), telegramAddress(s.chats["desw"]), true, s.clock.Now()); err != nil {
			t.Fatal(err)
		}
		s.say(dima, dima, despair)
		if got := s.hears(); !slices.Equal(got, []int64{darkhan}) {
			t.Errorf("told are %v, not the administrator", got)
		}
	})
}

// The same danger in one conversation is answered once a day; the next conversation, another
// danger and the next day are answered anew, and everything is told once however often it comes.
func TestDangerOnceADay(t *testing.T) {
	s := newStage(t)
	duty := s.chats["desw"]
	count := func(want int, when string) {
		t.Helper()
		n := 0
		for _, m := range s.sim.Messages(duty) {
			if m.FromBot && strings.Contains(m.Text, "Срочно") {
				n++
			}
		}
		if n != want {
			t.Errorf("%s: %d alerts, want %d", when, n, want)
		}
	}
	s.enter(dima, "Русский")
	s.say(dima, dima, "хочу умереть")
	s.say(dima, dima, "очень хочу умереть")
	count(1, "said twice")
	s.say(dima, dima, "меня избивают")
	count(2, "another danger")
	s.press(dima, dima, "Новое обращение")
	s.press(dima, dima, "Даю согласие")
	s.say(dima, dima, "хочу умереть")
	count(3, "in a form")
	s.clock.Advance(25 * time.Hour)
	s.say(dima, dima, "хочу умереть")
	count(4, "the next day")
	for range 20 {
		s.say(dima, dima, "/cancel")
		s.press(dima, dima, "Да, удалить")
		s.say(dima, dima, "/new")
		s.say(dima, dima, "хочу умереть")
	}
	count(13, "again and again") // ten a day
}

// An update that comes three times is told of once.
func TestDangerTwice(t *testing.T) {
	s := repeating(t)
	s.enter(dima, "Русский")
	s.sim.Duplicate(3)
	s.say(dima, dima, despair)
	s.settle()
	if got := len(s.alerts(s.chats["desw"])); got != 1 {
		t.Errorf("%d alerts, want 1", got)
	}
	answers := 0
	for _, m := range s.sim.Messages(dima) {
		if m.FromBot && strings.Contains(m.Text, "112") {
			answers++
		}
	}
	if answers != 1 {
		t.Errorf("%d answers, want 1", answers)
	}
}
