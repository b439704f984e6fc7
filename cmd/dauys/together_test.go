package main

import (
	"fmt"
	"strings"
	"testing"

	"alt.edu.kz/dauys"
)

// TestOthersPutNothingTogether lets everybody who has no right to two cases try to put them together, by
// commands and by buttons that they have never had: nothing changes.
func TestOthersPutNothingTogether(t *testing.T) {
	t.Parallel()
	s := newStage(t, steady)
	const foreign = int64(-1002000000004)
	s.sim.AddGroup(foreign, "Чужая группа", zarina, dima)
	s.enter(zarina, "Русский")
	s.enter(dima, "Русский")
	s.enter(aigerim, "Қазақша")
	first, second := s.register(dima, "itc"), s.register(dima, "itc")
	never := "ALT-2026-999999"
	for _, tt := range []struct {
		name      string
		who, chat int64
	}{
		{"the applicant, in their own chat", dima, dima},
		{"another applicant", aigerim, aigerim},
		{"somebody in a group of no office", zarina, foreign},
		{"staff of another office", gulnar, s.chats["director@itc"]},
		{"staff of another institute", igor, s.chats["deputy@ilb"]},
	} {
		for _, command := range []string{"/link %s " + second, "/merge %s " + second, "/unlink %s " + second, "/split %s", "/cause %s", "/answerall %s"} {
			s.say(tt.who, tt.chat, fmt.Sprintf(command, first))
			real := s.last(tt.chat).Text
			s.say(tt.who, tt.chat, fmt.Sprintf(command, never))
			if none := s.last(tt.chat).Text; strings.ReplaceAll(none, never, first) != real {
				t.Errorf("%s: %s of a case is answered with %q, of no case with %q", tt.name, command, real, none)
			}
		}
		for _, press := range []string{"u:gather:", "u:all:", "u:split:", "s:gather:", "s:merge:", "s:join:", "s:absorb:", "s:split:", "s:link:", "c:together:", "u:gather:" + first + ":", "u::"} {
			if real, none := s.forge(tt.who, tt.chat, 1, press+first), s.forge(tt.who, tt.chat, 1, press+never); real != none {
				t.Errorf("%s: %s of a case is answered with %q, of no case with %q", tt.name, press, real, none)
			}
		}
	}
	// Who was not asked joins nothing, nor does anybody for another.
	for _, who := range []int64{dima, aigerim, saltanat} {
		for _, press := range []string{":together", ":apart", ":join", ":absorb", ":gather"} {
			s.forge(who, who, 1, "c:"+first+press)
		}
	}
	for _, number := range []string{first, second} {
		if c := s.loaded(number); len(c.Events) != 1 || len(c.Links()) > 0 {
			t.Errorf("%s: %d events, linked with %v", number, len(c.Events), c.Links())
		}
	}
}

// An answer for all is no way round a colleague's yes: each of the others waits for it, and it is said so.
func TestAnAnswerForAllNeedsTheSecondYes(t *testing.T) {
	s := newStage(t, steady)
	deputy := s.chats["deputy@itc"]
	s.grant(saltanat, "Салтанат Омарова", "deputy@itc")
	one, two := s.fileFor(dima, dauys.Draft{}), s.fileFor(amina, dauys.Draft{})
	for _, number := range []string{one, two} {
		s.does(saltanat, number, dauys.Move{Act: dauys.Gather, Other: one})
		_, err := s.app.db.Act(t.Context(), number, "", "together/"+number, s.clock.Now(), func(c *dauys.Case, _ dauys.Staff) error {
			return c.Do(dauys.Move{Act: dauys.Together, By: dauys.TheApplicant, Other: one, Cause: "together/" + number, At: s.clock.Now()}, &s.app.university.Calendar)
		})
		s.do(err)
	}
	s.does(saltanat, one, dauys.Move{Act: dauys.Take})
	s.does(saltanat, one, dauys.Move{Act: dauys.Answer, Outcome: dauys.Granted, Note: "Насос заменён, вода есть."})
	s.settle()
	_, err := s.app.db.Act(t.Context(), two, "", "needs", s.clock.Now(), func(c *dauys.Case, _ dauys.Staff) error {
		c.Ladder[c.Position].Second = true
		return c.Do(dauys.Move{Act: dauys.Add, By: dauys.TheApplicant, Note: "Вода снова пропала.", Cause: "needs", At: s.clock.Now()}, &s.app.university.Calendar)
	})
	s.do(err)
	s.say(saltanat, deputy, "/answerall "+one)
	s.press(saltanat, deputy, "Отправить всем")
	if c := s.loaded(two); c.Status != dauys.InReview {
		t.Fatalf("%s is %s: %+v", two, c.Status, c.Events)
	}
	said := s.sim.Transcript(deputy)
	if !strings.Contains(said, two+": ответ") || strings.Contains(said, "Ответ отправляется 1 ") {
		t.Errorf("the chat reads %s", said[max(0, len(said)-1500):])
	}
}
