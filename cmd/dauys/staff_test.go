package main

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"alt.edu.kz/dauys"
)

// rightAt is the right of somebody for an office, held back or not.
func (s *stage) rightAt(who int64, office dauys.OfficeID) dauys.Staff {
	s.t.Helper()
	all, err := s.app.db.Roster(s.t.Context(), office, s.clock.Now())
	if err != nil {
		s.t.Fatal(err)
	}
	for _, r := range all {
		if r.Address == telegramAddress(who) {
			return r
		}
	}
	return dauys.Staff{}
}

// headed lets Saltanat and Igor serve in the deputy director's office and makes Saltanat its head.
func (s *stage) headed() (head, member dauys.Staff) {
	s.t.Helper()
	const office = dauys.OfficeID("deputy@itc")
	chat := s.chats[office]
	s.say(saltanat, chat, "/mine")
	s.say(igor, chat, "/mine")
	s.enter(darkhan, "Русский")
	s.say(darkhan, darkhan, "/head "+string(office))
	s.press(darkhan, darkhan, "Салтанат Омарова")
	head, member = s.rightAt(saltanat, office), s.rightAt(igor, office)
	if !head.Head || member.Head || member.ID == 0 {
		s.t.Fatalf("the head is %+v, the member %+v", head, member)
	}
	return head, member
}

// TestForgedStaffButtons presses what no button of theirs says: whoever may not changes nobody's right.
func TestForgedStaffButtons(t *testing.T) {
	t.Parallel()
	s := newStage(t, steady)
	head, member := s.headed()
	chat, director := s.chats["deputy@itc"], s.chats["director@itc"]
	list := s.say(saltanat, chat, "/staff")
	s.say(gulnar, director, "/mine")
	s.say(darkhan, darkhan, "/head director@itc")
	s.press(darkhan, darkhan, "Гүлнар Бекова") // a head, of another office
	for _, tt := range []struct {
		name      string
		who, chat int64
		of        dauys.Staff
	}{
		{"a member, themselves", igor, chat, member},
		{"a member, their head", igor, chat, head},
		{"the head, themselves", saltanat, chat, head},
		{"a head of another office, there", gulnar, director, member},
		{"a head of another office, in this chat", gulnar, chat, member},
		{"the head, in their own chat", saltanat, saltanat, member},
		{"the head, in the chat of another office", saltanat, director, member},
		{"an applicant", dima, dima, member},
		{"a stranger", zarina, chat, member},
	} {
		for _, what := range []string{"3", "7", "14", "endless", "restore", "yes", "letin", "1", "-3", ""} {
			s.forge(tt.who, tt.chat, list.ID, fmt.Sprintf("e:%s:%d", what, tt.of.ID))
		}
		if tt.who != darkhan {
			s.forge(tt.who, tt.who, list.ID, fmt.Sprintf("h:%d:yes", tt.of.ID))
			s.forge(tt.who, tt.who, list.ID, fmt.Sprintf("h:%d:no", tt.of.ID))
		}
		if h, m := s.rightAt(saltanat, "deputy@itc"), s.rightAt(igor, "deputy@itc"); h.Removed || m.Removed || !h.Suspended.IsZero() || !m.Suspended.IsZero() || !h.Head || m.Head {
			t.Fatalf("%s: now the head is %+v, the member %+v", tt.name, h, m)
		}
	}
	for _, data := range []string{"e:", "e::", "e:3", "e:3:x", "e:3:99999999999999999999", "e:open:4711", "e:explode:1", "h:", "h:x:yes"} {
		s.forge(saltanat, chat, list.ID, data)
	}
	if m := s.rightAt(igor, "deputy@itc"); m.Removed || !m.Suspended.IsZero() {
		t.Errorf("now the member is %+v", m)
	}
}

// TestSuspendedWhilePressing lets somebody press as they are suspended: whatever comes first, they have
// nothing afterwards, and the case waits for the others.
func TestSuspendedWhilePressing(t *testing.T) {
	t.Parallel()
	s := newStage(t, steady)
	_, member := s.headed()
	chat := s.chats["deputy@itc"]
	list := s.say(saltanat, chat, "/staff")
	for round := range 6 {
		number := s.register(aigerim, "itc")
		card := s.last(chat)
		var both sync.WaitGroup
		both.Go(func() { _ = s.sim.PressData(igor, chat, card.ID, "s:take:"+number) })
		both.Go(func() { _ = s.sim.PressData(saltanat, chat, list.ID, fmt.Sprintf("e:endless:%d", member.ID)) })
		both.Wait()
		s.settle()
		c, err := s.app.db.Case(t.Context(), number)
		if err != nil {
			t.Fatal(err)
		}
		if c.Holder != 0 || c.Status != dauys.Registered {
			t.Errorf("round %d: %s is %s, held by %q", round, number, c.Status, c.HolderName)
		}
		s.forge(igor, chat, card.ID, "s:take:"+number)
		if c, err = s.app.db.Case(t.Context(), number); err != nil || c.Holder != 0 {
			t.Errorf("round %d: taken by somebody who is suspended: %v", round, err)
		}
		s.forge(saltanat, chat, list.ID, fmt.Sprintf("e:restore:%d", member.ID))
		if r := s.rightAt(igor, "deputy@itc"); !r.Active(s.clock.Now()) {
			t.Fatalf("round %d: %+v", round, r)
		}
	}
}

// TestAwayWhileNobodyLooks comes back after days: what fell due is done once, and what is over is not.
func TestAwayWhileNobodyLooks(t *testing.T) {
	t.Parallel()
	s := newStage(t, steady)
	s.headed()
	chat := s.chats["deputy@itc"]
	number := s.register(aigerim, "itc")
	s.press(saltanat, chat, "Принять в работу")
	s.say(saltanat, chat, "/away 24.11.2026 25.11.2026 Игорь")
	s.clock.Advance(26 * time.Hour) // Tuesday at noon
	s.settle()
	c, err := s.app.db.Case(t.Context(), number)
	if err != nil || c.HolderName != "Игорь Петренко" || c.Status != dauys.InReview {
		t.Errorf("on the first day it is %s, held by %q: %v", c.Status, c.HolderName, err)
	}
	n := len(s.sim.Messages(chat))
	for range 3 {
		s.app.ticker.Look()
		s.settle()
	}
	if more := len(s.sim.Messages(chat)) - n; more > 0 {
		t.Errorf("told %d times more", more)
	}
	s.say(igor, chat, "/away 28.11.2026 29.11.2026") // a weekend
	s.clock.Advance(10 * 24 * time.Hour)
	s.settle()
	if due, err := s.app.db.AbsencesDue(t.Context(), s.clock.Now(), 10); err != nil || len(due) > 0 {
		t.Errorf("still to be looked at: %+v, %v", due, err)
	}
}

// TestLongLists turns the lists of people of a large office: all are found, each on one page.
func TestLongLists(t *testing.T) {
	t.Parallel()
	s := newStage(t, steady)
	const office = dauys.OfficeID("deputy@itc")
	s.headed()
	for i := range 43 {
		if _, err := s.app.db.Grant(t.Context(), dauys.Staff{Address: telegramAddress(int64(900000 + i)), Name: fmt.Sprintf("Colleague %02d", i), Office: office, From: s.clock.Now()}); err != nil {
			t.Fatal(err)
		}
	}
	chat := s.chats[office]
	number := s.register(dima, "itc")
	s.press(saltanat, chat, "Принять в работу")
	for _, tt := range []struct {
		who, chat int64
		command   string
		people    int
	}{
		{saltanat, chat, "/staff", 44},          // all but herself
		{saltanat, chat, "/give " + number, 44}, // all but who has it
		{darkhan, darkhan, "/head deputy@itc", 45},
	} {
		m := s.say(tt.who, tt.chat, tt.command)
		found := map[string]bool{}
		for page := 1; ; page++ {
			if length := len([]rune(m.Text)); length > 4096 {
				t.Errorf("%s: a page of %d characters", tt.command, length)
			}
			next := ""
			for _, row := range m.Keyboard {
				for _, k := range row {
					switch {
					case k.Text == fmt.Sprintf("%d ›", page+1):
						next = k.Text
					case k.Text != fmt.Sprintf("‹ %d", page-1):
						if found[k.Text] {
							t.Errorf("%s: %s stands there twice", tt.command, k.Text)
						}
						found[k.Text] = true
					}
				}
			}
			if next == "" {
				if page != 3 {
					t.Errorf("%s: %d pages", tt.command, page)
				}
				break
			}
			s.press(tt.who, tt.chat, next)
			for _, now := range s.sim.Messages(tt.chat) {
				if now.ID == m.ID {
					m = now
				}
			}
		}
		if len(found) != tt.people {
			t.Errorf("%s: %d people, want %d: %v", tt.command, len(found), tt.people, found)
		}
	}
}
