package main

import (
	"context"
	"strings"
	"sync"
	"testing"

	"alt.edu.kz/dauys/bot/simulator"
	"alt.edu.kz/dauys/fault"
)

// TestAnswerBeforeTheQuestionIsNoted: the question for an answer stands in the chat of the office,
// and the database is slow to note in which message. Who writes the answer meanwhile is not taken
// for somebody who talks to a colleague.
func TestAnswerBeforeTheQuestionIsNoted(t *testing.T) {
	s := newStage(t)
	_, number := fileAs(t, s, 2)
	c, err := s.app.db.Case(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	chat := s.chats[c.Office()]
	for _, button := range []string{"Принять в работу", "Ответить"} {
		s.do(s.sim.PressLast(saltanat, chat, button))
	}
	release := make(chan struct{})
	// The first that leaves takes the question with the buttons away.
	defer fault.On("notification-sent", 2, func() { <-release })()
	noted := sync.OnceFunc(func() { close(release) })
	defer noted()
	if err := s.sim.PressLast(saltanat, chat, "Отказано"); err != nil {
		t.Fatal(err)
	}
	see := func(words, button string) (m simulator.Message) {
		t.Helper()
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		if err := s.sim.Await(ctx, func(v *simulator.View) bool {
			m, _ = v.Last(chat)
			return has(number, words, button)(m)
		}); err != nil {
			t.Fatalf("no %q: %v\n%s", words, err, s.sim.Transcript(chat))
		}
		return m
	}
	question := see("Напишите ответ с обоснованием", "")
	if _, err := s.sim.Reply(saltanat, chat, question.ID, "Проверено, занятие проведено в другое время по приказу."); err != nil {
		t.Fatal(err)
	}
	if err := s.sim.Await(t.Context(), func(v *simulator.View) bool { return v.PendingUpdates() == 0 }); err != nil {
		t.Fatal(err)
	}
	noted()
	files := see("Есть файлы для заявителя", "Пропустить")
	s.do(s.sim.Press(saltanat, chat, files.ID, "Пропустить"))
	review := see("Отправить этот ответ", "Отправить")
	s.do(s.sim.Press(saltanat, chat, review.ID, "Отправить"))
	see("ответ отправляется", "")
}

// has tells whether a message is about a case, with some words and a button.
func has(number, words, button string) func(simulator.Message) bool {
	return func(m simulator.Message) bool {
		_, ok := m.Button(button)
		return (ok || button == "") && strings.Contains(m.Text, number) && strings.Contains(m.Text, words)
	}
}
