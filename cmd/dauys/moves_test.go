package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/bot/simulator"
)

// fileAs has a student file and tells the number of the case.
func fileAs(t *testing.T, s *stage, n int) (student, string) {
	t.Helper()
	st := newStudent(s.sim, n)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := st.fill(ctx); err != nil {
		t.Fatal(err)
	}
	if err := s.sim.PressLast(st.id, st.id, "Отправить"); err != nil {
		t.Fatal(err)
	}
	s.settle()
	return st, st.receipts()[0]
}

func (s *stage) do(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
	s.settle()
}

// TestAnOfficeMoves binds an office to another chat while a case is held: the members of the
// former chat lose what they had through it, their case is free, and its card is in the new one.
func TestAnOfficeMoves(t *testing.T) {
	s := newStage(t)
	_, number := fileAs(t, s, 2) // 10002%4+1: the third institute
	c, err := s.app.db.Case(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	office := c.Office()
	former := s.chats[office]
	s.do(s.sim.PressLast(saltanat, former, "Принять в работу"))

	const anew = -1002000000001
	s.sim.AddGroup(anew, "anew", darkhan, igor)
	code := "ABCDEFGHJK"
	if err := s.app.db.MakeCode(t.Context(), office, code, telegramAddress(darkhan), s.clock.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	_, err = s.sim.Say(igor, anew, "/bind "+code)
	s.do(err)
	if c, err = s.app.db.Case(t.Context(), number); err != nil || c.Status != dauys.Registered || c.HolderName != "" {
		t.Fatalf("after the move the case is %s, held by %q (%v)", c.Status, c.HolderName, err)
	}
	old, _ := s.sim.Last(former)
	s.do(s.sim.PressData(saltanat, former, old.ID, "s:take:"+number)) // an old card may have kept its buttons
	if c, err = s.app.db.Case(t.Context(), number); err != nil || c.Status != dauys.Registered {
		t.Errorf("a member of the former chat took the case (%v)", err)
	}
	s.do(s.sim.PressLast(igor, anew, "Принять в работу"))
	if c, err = s.app.db.Case(t.Context(), number); err != nil || c.HolderName != "Игорь Петренко" {
		t.Errorf("in the new chat the case is held by %q (%v)", c.HolderName, err)
	}
}

// TestPressedTwice presses Add details twice: there is one conversation, and after Send none
// that waits.
func TestPressedTwice(t *testing.T) {
	s := newStage(t)
	st, number := fileAs(t, s, 1)
	_, err := s.sim.Say(st.id, st.id, number)
	s.do(err)
	card, _ := s.sim.Last(st.id)
	for range 3 {
		s.do(s.sim.Press(st.id, st.id, card.ID, "Дополнить"))
	}
	for _, say := range []string{"Это повторилось сегодня.", "Готово", "Пропустить", "Отправить"} {
		_, err := s.sim.Say(st.id, st.id, say)
		s.do(err)
	}
	state, _, err := s.app.dialogues.Load(t.Context(), telegramAddress(st.id))
	if err != nil || state.Focus != nil || len(state.Drafts) != 0 {
		t.Errorf("conversations are left: %+v, %d drafts (%v)", state.Focus, len(state.Drafts), err)
	}
	c, err := s.app.db.Case(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	added := 0
	for _, e := range c.Events {
		if e.Act == dauys.Add {
			added++
		}
	}
	if added != 1 {
		t.Errorf("the details are there %d times", added)
	}
}

// TestTooLateIsNotLost writes details while the office decides: the words come back.
func TestTooLateIsNotLost(t *testing.T) {
	s := newStage(t)
	st, number := fileAs(t, s, 2)
	_, err := s.sim.Say(st.id, st.id, number)
	s.do(err)
	s.do(s.sim.PressLast(st.id, st.id, "Дополнить"))
	const words = "Прошу учесть ещё и справку из деканата."
	for _, say := range []string{words, "Готово", "Пропустить"} {
		_, err := s.sim.Say(st.id, st.id, say)
		s.do(err)
	}
	_, err = s.app.db.Act(t.Context(), number, telegramAddress(st.id), "elsewhere", s.clock.Now(), func(c *dauys.Case, _ dauys.Staff) error {
		return c.Do(dauys.Move{Act: dauys.Withdraw, By: dauys.TheApplicant, Cause: "elsewhere", At: s.clock.Now()}, &s.app.university.Calendar)
	})
	s.do(err)
	_, err = s.sim.Say(st.id, st.id, "Отправить")
	s.do(err)
	if !shows(s.sim.Messages(st.id), words, 3) { // typed, shown in the review, given back
		t.Errorf("the words are gone:\n%s", s.sim.Transcript(st.id))
	}
}

// shows tells whether at least n messages have some words.
func shows(messages []simulator.Message, words string, n int) bool {
	for _, m := range messages {
		if m.Text != "" && strings.Contains(m.Text, words) {
			n--
		}
	}
	return n <= 0
}
