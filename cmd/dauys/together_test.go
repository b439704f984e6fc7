package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/handlers"
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
	s.joins(saltanat, one, one)
	s.joins(saltanat, two, one)
	s.does(saltanat, one, dauys.Move{Act: dauys.Take})
	s.does(saltanat, one, dauys.Move{Act: dauys.Answer, Outcome: dauys.Granted, Note: "Насос заменён, вода есть."})
	s.settle()
	_, err := s.app.db.Act(t.Context(), two, "", "needs", s.clock.Now(), func(c *dauys.Case, _ dauys.Staff) error {
		c.Ladder[c.Position].Second = true
		return c.Do(dauys.Move{Act: dauys.Add, By: dauys.TheApplicant, Note: "Вода снова пропала.", Cause: "needs", At: s.clock.Now()}, &s.app.university.Calendar)
	})
	s.do(err)
	s.say(saltanat, deputy, "/answerall "+one)
	s.press(saltanat, deputy, "Пропустить") // the same in English
	s.press(saltanat, deputy, "Отправить")
	if c := s.loaded(two); c.Status != dauys.InReview {
		t.Fatalf("%s is %s: %+v", two, c.Status, c.Events)
	}
	said := s.sim.Transcript(deputy)
	if !strings.Contains(said, two+": ответ") || strings.Contains(said, "Ответ отправляется 1 ") {
		t.Errorf("the chat reads %s", said[max(0, len(said)-1500):])
	}
}

// dying is a store that fails at one of the acts, as if the process had died there.
type dying struct {
	handlers.Storage
	left int
}

func (d *dying) Act(ctx context.Context, number string, who dauys.Address, cause string, now time.Time, change func(*dauys.Case, dauys.Staff) error) (*dauys.Case, error) {
	if d.left--; d.left < 0 {
		return nil, errors.New("died")
	}
	return d.Storage.Act(ctx, number, who, cause, now, change)
}

// joins has somebody's case handled together with the first.
func (s *stage) joins(staff int64, number, first string) {
	s.t.Helper()
	s.does(staff, number, dauys.Move{Act: dauys.Gather, Other: first})
	cause := "together/" + number
	_, err := s.app.db.Act(s.t.Context(), number, "", cause, s.clock.Now(), func(c *dauys.Case, _ dauys.Staff) error {
		return c.Do(dauys.Move{Act: dauys.Together, By: dauys.TheApplicant, Other: first, Cause: cause, At: s.clock.Now()}, &s.app.university.Calendar)
	})
	s.do(err)
}

// An answer for all that was stopped in the middle goes on with the rest, and counts all. Each applicant gets
// it in the language that they read now, as far as it was written in that.
func TestAnAnswerForAllGoesOn(t *testing.T) {
	s := newStage(t, steady)
	deputy := s.chats["deputy@itc"]
	s.grant(saltanat, "Салтанат Омарова", "deputy@itc")
	people := []int64{dima, aigerim, amina, zarina}
	for who, lang := range map[int64]dauys.Lang{dima: dauys.Russian, aigerim: dauys.Kazakh, amina: dauys.English, zarina: dauys.Kazakh} {
		s.do(s.app.handlers.Storage.SetLang(t.Context(), telegramAddress(who), "Someone", lang))
	}
	var numbers []string
	for _, who := range people {
		numbers = append(numbers, s.fileFor(who, dauys.Draft{}))
		s.joins(saltanat, numbers[len(numbers)-1], numbers[0])
	}
	const russian, kazakh = "Насос заменён, горячая вода есть во всех секциях.", "Сорғы ауыстырылды, ыстық су барлық бөлімде бар."
	s.does(saltanat, numbers[0], dauys.Move{Act: dauys.Take})
	s.does(saltanat, numbers[0], dauys.Move{Act: dauys.Answer, Outcome: dauys.Granted, Note: russian})
	s.settle()
	s.say(saltanat, deputy, "/answerall "+numbers[0])
	s.reply(saltanat, deputy, kazakh)
	s.press(saltanat, deputy, "Пропустить")
	asked := s.last(deputy)
	send, _ := asked.Button("Отправить")
	h, u := s.app.handlers, handlers.Input{Update: "stopped", From: telegramAddress(saltanat), Name: "Салтанат Омарова", Chat: telegramAddress(deputy), Message: fmt.Sprint(asked.ID), Press: send.Data}
	for _, left := range []int{0, 1, 2} {
		stops := &handlers.Handlers{University: h.University, Book: h.Book, Storage: &dying{h.Storage, left}, Members: h.Members, Now: h.Now, NewID: h.NewID, Log: h.Log}
		if _, err := stops.Office(t.Context(), u); err == nil {
			t.Fatalf("with %d acts it did not stop", left)
		}
	}
	_, err := h.Office(t.Context(), u)
	s.do(err)
	_, err = h.Office(t.Context(), u) // and once more: nothing is done twice
	s.do(err)
	s.app.sender.Wake()
	s.settle()
	if said := s.sim.Transcript(deputy); strings.Count(said, "Этот ответ получат 3 заявителя") != 1 {
		t.Errorf("the chat reads %s", said[max(0, len(said)-1500):])
	}
	for i, want := range []string{russian, kazakh, russian, kazakh} {
		c := s.loaded(numbers[i])
		e, ok := c.Latest(dauys.Answer)
		answers := 0
		for _, e := range c.Events {
			if e.Act == dauys.Answer {
				answers++
			}
		}
		if !ok || answers != 1 || e.Note != want || (len(e.Details) > 0) != (people[i] == amina) {
			t.Errorf("%s has %d answers, the last is %+v", numbers[i], answers, e)
		}
	}
}

// An answer for all is no longer one when the case that it was of is open again.
func TestAnAnswerForAllIsStillOne(t *testing.T) {
	s := newStage(t, steady)
	deputy := s.chats["deputy@itc"]
	s.grant(saltanat, "Салтанат Омарова", "deputy@itc")
	one, two := s.fileFor(dima, dauys.Draft{}), s.fileFor(zarina, dauys.Draft{})
	s.joins(saltanat, one, one)
	s.joins(saltanat, two, one)
	s.does(saltanat, one, dauys.Move{Act: dauys.Take})
	s.does(saltanat, one, dauys.Move{Act: dauys.Answer, Outcome: dauys.Granted, Note: "Насос заменён, вода есть во всех секциях."})
	s.settle()
	s.say(saltanat, deputy, "/answerall "+one)
	_, err := s.app.db.Act(t.Context(), one, "", "again", s.clock.Now(), func(c *dauys.Case, _ dauys.Staff) error {
		return c.Do(dauys.Move{Act: dauys.Reopen, By: dauys.TheApplicant, Note: "Воды снова нет.", Cause: "again", At: s.clock.Now()}, &s.app.university.Calendar)
	})
	s.do(err)
	s.press(saltanat, deputy, "Отправить")
	if c := s.loaded(two); c.Status != dauys.Registered {
		t.Errorf("%s is %s", two, c.Status)
	}
	if said := s.sim.Transcript(deputy); !strings.Contains(said, "за это время изменилось") {
		t.Errorf("the chat reads %s", said[max(0, len(said)-1500):])
	}
}
