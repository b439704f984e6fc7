package main

import (
	"context"
	"flag"
	"fmt"
	"regexp"
	"slices"
	"sync"
	"testing"

	"alt.edu.kz/dauys/bot/simulator"
	"alt.edu.kz/dauys/storage"
)

// student files complaints by himself.
type student struct {
	sim *simulator.Server
	id  int64
}

// firstStudent is the id of the first virtual student.
const firstStudent = 10000

// newStudent is the nth virtual student.
func newStudent(sim *simulator.Server, n int) student {
	s := student{sim, int64(firstStudent + n)}
	sim.AddPerson(simulator.Person{ID: s.id, FirstName: fmt.Sprintf("Студент%d", n), LastName: "Тестов", LanguageCode: "ru"})
	return s
}

// crowd are some students.
func (s *stage) crowd(n int) []student {
	students := make([]student, n)
	for i := range students {
		students[i] = newStudent(s.sim, i)
	}
	return students
}

// await waits until the bot's last message to the student has a button.
func (s student) await(ctx context.Context, button string) error {
	err := s.sim.Await(ctx, func(v *simulator.View) bool {
		m, ok := v.Last(s.id)
		if ok {
			_, ok = m.Button(button)
		}
		return ok
	})
	if err != nil {
		last, _ := s.sim.Last(s.id)
		return fmt.Errorf("student %d waits for [%s] and sees %q %q: %w", s.id, button, last.Text, last.Labels(), err)
	}
	return nil
}

// fill goes through the whole form up to the review, by buttons and words as they come.
func (s student) fill(ctx context.Context) error {
	if _, err := s.sim.Say(s.id, s.id, "/start"); err != nil {
		return err
	}
	for _, step := range []struct{ see, press, say string }{
		{see: "Русский", press: "Русский"},
		{see: "Новое обращение", press: "Новое обращение"},
		{see: "Отмена", say: "1"}, // consent
		{see: "Эдвайзер-куратор", say: "студент"},
		{see: "Расписание", press: "Расписание"},
		{see: "Институт «Логистика и бизнес»", say: fmt.Sprint(s.id%4 + 1)},
		{see: "Ни о ком из них", press: "Ни о ком из них"},
		{see: "Пропустить", press: "Пропустить"},
		{see: fmt.Sprintf("Студент%d Тестов", s.id-10000), say: "Тестов Студент"},
		{see: "← Назад", say: fmt.Sprintf("Занятие у нашей группы № %d перенесли без предупреждения, просим вернуть.", s.id)},
		{see: "Готово", press: "Готово"},
		{see: "Пропустить", press: "Пропустить"},
		{see: "Отправить"},
	} {
		if err := s.await(ctx, step.see); err != nil {
			return err
		}
		var err error
		switch {
		case step.press != "":
			err = s.sim.PressLast(s.id, s.id, step.press)
		case step.say != "":
			_, err = s.sim.Say(s.id, s.id, step.say)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// receipts are the messages to the student that prove a registration.
func (s student) receipts() []string { return receiptsAmong(s.sim.Messages(s.id)) }

func receiptsAmong(messages []simulator.Message) (numbers []string) {
	for _, m := range messages {
		if _, ok := m.Button("Открыть обращение"); ok && m.FromBot {
			numbers = append(numbers, caseNumber.FindString(m.Text))
		}
	}
	return numbers
}

var caseNumber = regexp.MustCompile(`ALT-\d{4}-\d{6}`)

// cards counts the cards of each case in all chats of offices.
func cards(sim *simulator.Server, chats map[string]int64) map[string]int {
	count := map[string]int{}
	for _, chat := range chats {
		for _, m := range sim.Messages(chat) {
			if _, ok := m.Button("Принять в работу"); ok && m.FromBot {
				count[caseNumber.FindString(m.Text)]++
			}
		}
	}
	return count
}

var crowd = flag.Int("crowd", 60, "how many students file at the same moment in TestACrowdAtOnce")

// TestACrowdAtOnce has many students file at the same moment; make chaos has 200. The limits of sending
// are 100 times Telegram's on both sides (settingsFor), so that the cards need no ten minutes.
func TestACrowdAtOnce(t *testing.T) {
	for _, pair := range pairs(t) {
		t.Run(pair.name, func(t *testing.T) {
			crowd := *crowd
			s := newStage(t, pair.env(t)...)
			ctx, cancel := context.WithTimeout(t.Context(), 4*patience)
			defer cancel()
			students := s.crowd(crowd)
			each(t, students, func(st student) error { return st.fill(ctx) })
			each(t, students, func(st student) error { // twice: a nervous finger
				if err := st.sim.PressLast(st.id, st.id, "Отправить"); err != nil {
					return err
				}
				_ = st.sim.PressLast(st.id, st.id, "Отправить") // the button may be gone already
				return nil
			})
			s.settle()

			all, err := s.app.db.Cases(ctx, storage.Filter{Limit: 2 * crowd})
			if err != nil {
				t.Fatal(err)
			}
			var numbers []string
			for _, c := range all {
				numbers = append(numbers, c.Number)
			}
			slices.Sort(numbers)
			for i := range crowd {
				if want := fmt.Sprintf("ALT-2026-%06d", i+1); i >= len(numbers) || numbers[i] != want {
					t.Fatalf("%d cases; number %d is not %s: %q", len(numbers), i+1, want, numbers)
				}
			}
			if len(numbers) != crowd {
				t.Errorf("%d cases of %d students", len(numbers), crowd)
			}
			shown := cards(s.sim, s.chatNames())
			for _, number := range numbers {
				if shown[number] != 1 {
					t.Errorf("%s has %d cards", number, shown[number])
				}
			}
			for _, st := range students {
				if got := st.receipts(); len(got) != 1 {
					t.Errorf("student %d has the receipts %q", st.id, got)
				}
			}
			o := newOracle(s.sim, s.app.db, s.chats, s.clock.Now)
			o.notice(0)
			o.judge(ctx, t)
		})
	}
}

// each does something as every student at the same time.
func each(t *testing.T, students []student, do func(student) error) {
	t.Helper()
	var wg sync.WaitGroup
	for _, st := range students {
		wg.Go(func() {
			if err := do(st); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if t.Failed() {
		t.FailNow()
	}
}

func (s *stage) chatNames() map[string]int64 {
	out := map[string]int64{}
	for office, chat := range s.chats {
		out[string(office)] = chat
	}
	return out
}
