package main

import (
	"strings"
	"testing"

	"alt.edu.kz/dauys"
)

// TestConfidential: whatever is pressed in the group of an office, the words of a confidential case stay
// out of it, and who reads it in private stands in its history.
func TestConfidential(t *testing.T) {
	for _, pair := range pairs(t) {
		t.Run(pair.name, func(t *testing.T) {
			s := newStage(t, pair.env(t)...)
			s.speak(dima, "Русский")
			s.enter(igor, "Русский")
			number := s.journalFor(func(d *dauys.Draft) { d.Text, d.Confidential = secretText, true })
			s.settle()
			group := s.chats["deputy@itc"]
			s.press(igor, group, "Принять в работу")
			card := s.last(group)
			before := len(s.sim.Messages(group))
			for _, act := range cardWords {
				if err := s.sim.PressData(igor, group, card.ID, "s:"+act+":"+number); err != nil {
					t.Fatal(err)
				}
				s.settle()
			}
			if n := len(s.sim.Messages(group)); n != before {
				t.Errorf("%d messages more in the group: %q", n-before, s.last(group).Text)
			}
			for _, toast := range s.sim.Toasts(igor)[1:] {
				if !strings.Contains(toast, "Прочитать в личном чате") && !strings.Contains(toast, "нельзя") && !strings.Contains(toast, "устарел") {
					t.Errorf("the toast says %q", toast)
				}
			}
			if err := s.sim.PressData(igor, group, card.ID, "s:inspect:"+number); err != nil {
				t.Fatal(err)
			}
			s.settle()
			// A part of it becomes a case of its own in private, and nowhere else.
			s.say(igor, igor, "/split "+number)
			if m := s.last(igor); !strings.Contains(m.Text, number) || len(m.Labels()) < 3 {
				t.Errorf("in private /split says %q %q", m.Text, m.Labels())
			}
			// Who signs it is told nowhere in the group either, and stands in what is read in private.
			now := s.clock.Now()
			_, err := s.app.db.Act(t.Context(), number, telegramAddress(zarina), "sign", now, func(c *dauys.Case, _ dauys.Staff) error {
				return c.Do(dauys.Move{Act: dauys.Sign, By: dauys.TheSigner, Staff: dauys.Staff{Address: telegramAddress(zarina), Name: "ТАЙНАЯПОДПИСЬ"}, Note: "1", At: now}, &s.app.university.Calendar)
			})
			s.do(err)
			if err := s.sim.PressData(igor, group, card.ID, "s:inspect:"+number); err != nil {
				t.Fatal(err)
			}
			s.settle()
			if m := s.sim.Transcript(igor); !strings.Contains(m, "ТАЙНАЯПОДПИСЬ") {
				t.Errorf("who reads it does not see who has signed: %s", m)
			}
			for _, m := range s.sim.Messages(group) {
				if strings.Contains(m.Text, secretText) || strings.Contains(m.Text, "ТАЙНАЯПОДПИСЬ") {
					t.Errorf("the group reads %q", m.Text)
				}
			}
			read := false
			for _, m := range s.sim.Messages(igor) {
				read = read || strings.Contains(m.Text, secretText)
			}
			if !read {
				t.Error("who may read it does not")
			}
			if e, ok := s.loaded(number).Latest(dauys.Inspect); !ok || e.Name == "" {
				t.Errorf("the reading is not in the history: %+v", e)
			}
		})
	}
}

// cardWords are acts under a card that begin with words.
var cardWords = []string{"answer", "ask", "escalate", "extend", "transfer", "redirect"}
