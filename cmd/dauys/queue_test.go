package main

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/bot/simulator"
)

const reception dauys.OfficeID = "reception"

const (
	nextPlease = "Следующий"
	openWindow = "Открыть окно"
)

// visitor is somebody who comes to the door with a phone.
func (s *stage) visitor(n int) int64 {
	id := int64(20000 + n)
	s.sim.AddPerson(simulator.Person{ID: id, FirstName: fmt.Sprint("Гость", n), LanguageCode: "ru"})
	return id
}

// comes scans the code at the door.
func (s *stage) comes(id int64) {
	s.t.Helper()
	_, err := s.sim.Start(id, "q_reception_door")
	s.do(err)
	if m, ok := s.sim.Last(id); ok {
		if _, asked := m.Button("Русский"); asked {
			s.do(s.sim.PressLast(id, id, "Русский"))
		}
	}
}

// windowCard is the newest card of an officer's window.
func (s *stage) windowCard(officer string) simulator.Message {
	s.t.Helper()
	for _, m := range slices.Backward(s.sim.Messages(s.chats[reception])) {
		if m.FromBot && strings.HasPrefix(m.Text, "Окно ") && strings.Contains(m.Text, officer) && !strings.Contains(m.Text, "закрыто") {
			return m
		}
	}
	s.t.Fatalf("%s has no window: %q", officer, s.said(s.chats[reception]))
	return simulator.Message{}
}

// atWindow presses a button of an officer's own window, and tells what the toast says.
func (s *stage) atWindow(who int64, officer, button string) string {
	s.t.Helper()
	before := len(s.sim.Toasts(who))
	s.do(s.sim.Press(who, s.chats[reception], s.windowCard(officer).ID, button))
	s.settle()
	if all := s.sim.Toasts(who); len(all) > before {
		return all[len(all)-1]
	}
	return ""
}

// numbered is the number at the beginning of a toast.
func numbered(toast string) (n int) {
	_, _ = fmt.Sscanf(toast, "№ %d", &n)
	return n
}

// todaysQueue is the queue as it is stored.
func (s *stage) todaysQueue() *dauys.Queue {
	s.t.Helper()
	q, err := s.app.db.Queue(s.t.Context(), dauys.QueueID(reception, s.app.university.Calendar, s.clock.Now()))
	s.do(err)
	return q
}

// TestReceptionMorning is a morning at the door through the whole program: sixty visitors, every sixth
// of them without a phone, three windows, people who do not come when they are called and come back,
// and the bot stopped in the middle. Everybody is called in the order in which they came, and nobody is lost.
func TestReceptionMorning(t *testing.T) {
	s := newStage(t)
	chat := s.chats[reception]
	officers := []struct {
		id   int64
		name string
	}{{ainur, "Айнұр"}, {sergey, "Сергей"}, {saltanat, "Салтанат"}}
	s.sim.Join(chat, saltanat)
	s.say(ainur, chat, "/queue")
	for _, o := range officers {
		s.pressOn(o.id, chat, openWindow)
		s.settle()
	}
	const people = 60
	of := map[int]int64{} // number → visitor with a phone
	came := 0
	arrive := func(n int) {
		for ; n > 0 && came < people; n-- {
			came++
			if came%6 == 0 {
				s.pressOn(sergey, chat, "Посетитель без телефона")
				continue
			}
			of[came] = s.visitor(came)
			s.comes(of[came])
		}
		s.settle()
	}
	arrive(9)
	var first, again []int
	for i := 0; len(first) < people || len(again) < people/10; i++ {
		if i > 4*people {
			t.Fatalf("the morning does not end: %v, again %v", first, again)
		}
		s.clock.Advance(time.Minute)
		arrive(2)
		if i == 20 { // a power cut in the middle of it
			s.stop()
			s.start()
		}
		o := officers[i%3]
		n := numbered(s.atWindow(o.id, o.name, nextPlease))
		switch {
		case n == 0:
		case slices.Contains(first, n):
			again = append(again, n)
		default:
			first = append(first, n)
			if n%10 == 1 && of[n] != 0 { // goes for a coffee, and comes back
				s.atWindow(o.id, o.name, "Не подошли")
				s.do(s.sim.PressLast(of[n], of[n], "Я здесь"))
				s.settle()
			}
		}
	}
	for i, n := range first {
		if n != i+1 {
			t.Fatalf("called were %v", first)
		}
	}
	if want := []int{1, 11, 21, 31, 41, 51}; !slices.Equal(again, want) {
		t.Errorf("came back %v, want %v", again, want)
	}
	q := s.todaysQueue()
	if len(q.Places) != people || len(q.Line) != 0 {
		t.Errorf("%d places, in the line %v", len(q.Places), q.Line)
	}
	for n, id := range of {
		p, _ := q.Place(n)
		if p.Who != telegramAddress(id) {
			t.Errorf("number %d is %s's", n, p.Who)
		}
		calls, near := 0, 0
		for _, text := range s.said(id) {
			switch {
			case strings.Contains(text, "Ваша очередь!"):
				if calls++; !strings.Contains(text, fmt.Sprintf("Ваш номер: %d\n", n)) {
					t.Errorf("number %d is called by %q", n, text)
				}
			case strings.Contains(text, "Скоро Ваша очередь"):
				near++
			}
		}
		if want := map[bool]int{true: 2, false: 1}[slices.Contains(again, n)]; calls != want || near > 2 || n > 9 && near == 0 {
			t.Errorf("number %d was called %d times and told %d times that it is near: %q", n, calls, near, s.said(id))
		}
	}
}

// TestNextAtOnce: officers who press at the same moment get different visitors, and a second press on
// a card that has not changed yet calls nobody.
func TestNextAtOnce(t *testing.T) {
	s := newStage(t)
	chat := s.chats[reception]
	s.say(ainur, chat, "/queue")
	for range 8 {
		s.pressOn(ainur, chat, "Посетитель без телефона")
	}
	s.pressOn(ainur, chat, openWindow)
	s.settle()
	s.pressOn(sergey, chat, openWindow)
	s.settle()
	id, window := s.todaysQueue().ID, map[int64]int{ainur: 1, sergey: 2}
	var all sync.WaitGroup
	for who, name := range map[int64]string{ainur: "Айнұр", sergey: "Сергей"} {
		card := s.windowCard(name).ID
		all.Go(func() {
			for range 2 { // a finger that is too quick
				s.inject(who, chat, card, fmt.Sprintf("k:next:%s:%d:0", id, window[who]))
			}
		})
	}
	all.Wait()
	s.settle()
	q := s.todaysQueue()
	there := []int{q.Windows[0].Place, q.Windows[1].Place}
	slices.Sort(there)
	if !slices.Equal(there, []int{1, 2}) || len(q.Line) != 6 {
		t.Errorf("at the windows are %v, in the line %v", there, q.Line)
	}
}

// TestQueueOfYesterday: the bot is away when the hours end. Those who waited are told when it is back,
// and the queue calls nobody any more, whatever is pressed.
func TestQueueOfYesterday(t *testing.T) {
	s := newStage(t)
	chat := s.chats[reception]
	s.say(sergey, chat, "/queue")
	s.pressOn(sergey, chat, openWindow)
	guest := s.visitor(1)
	s.comes(guest)
	s.settle()
	card := s.windowCard("Сергей")
	press := "k:next:" + s.todaysQueue().ID + ":1:0"
	s.stop()
	s.clock.Advance(23 * time.Hour)
	s.start()
	s.forge(sergey, chat, card.ID, press)
	s.settle()
	for _, text := range s.said(guest) {
		if strings.Contains(text, "Ваша очередь!") {
			t.Errorf("called a day later: %q", text)
		}
	}
	if !s.has(guest, "Приём на сегодня окончен") {
		t.Errorf("nobody tells that reception is over: %q", s.said(guest))
	}
	s.comes(guest)
	s.settle()
	if q := s.todaysQueue(); len(q.Line) != 1 || q.Day != "2026-11-24" {
		t.Errorf("the queue of the day is %+v", q)
	}
}

// TestStrangersAtTheQueue: what a button carries and who is in a chat gives nobody a right.
func TestStrangersAtTheQueue(t *testing.T) {
	s := newStage(t)
	chat := s.chats[reception]
	s.say(sergey, chat, "/queue")
	s.pressOn(sergey, chat, openWindow)
	guest, thief := s.visitor(1), s.visitor(2)
	s.comes(guest)
	s.settle()
	card := s.windowCard("Сергей")
	id := s.todaysQueue().ID
	s.comes(thief)
	for _, data := range []string{"k:next:" + id + ":1:0", "k:shut:" + id, "k:pause:" + id, "k:seen:" + id + ":1:0:passport", "k:next:" + id + ":9:0", "k:next:" + id, "k::", "k:x:y:z:1:2:3"} {
		mine, _ := s.sim.Last(thief)
		s.forge(thief, thief, mine.ID, data)
		s.forge(gulnar, s.chats["director@itc"], 1, data) // an officer, of another office
		s.forge(thief, chat, card.ID, data)               // in the chat, without being in it
	}
	mine, _ := s.sim.Last(thief)
	for _, data := range []string{"k:gone:" + id + ":1", "k:here:" + id + ":1", "k:begin:" + id + ":1", "k:show:" + id + ":1"} {
		s.forge(thief, thief, mine.ID, data)
	}
	s.settle()
	q := s.todaysQueue()
	if p, _ := q.Place(1); p.State != dauys.Waits || q.State != dauys.QueueOpen || q.Windows[0].Place != 0 {
		t.Errorf("strangers have changed the queue: %+v", q)
	}
	if p, _ := q.Of(telegramAddress(thief)); p.State != dauys.Waits {
		t.Errorf("the stranger's own place is %+v", p)
	}
	for _, text := range s.said(thief) {
		if strings.Contains(text, "Ваш номер: 1\n") || strings.Contains(text, "Гость1") {
			t.Errorf("a stranger reads %q", text)
		}
	}
}

// TestOnlineTurns: each visitor hears their own officer and nobody else's talk, through a restart; an
// answer to whom had their turn before goes to nobody.
func TestOnlineTurns(t *testing.T) {
	s := newStage(t)
	chat := s.chats[reception]
	first, second := s.visitor(1), s.visitor(2)
	for _, id := range []int64{first, second} {
		_, err := s.sim.Start(id, "q_reception")
		s.do(err)
		s.do(s.sim.PressLast(id, id, "Русский"))
		s.do(s.sim.PressLast(id, id, "Онлайн, в этом чате"))
		s.settle()
	}
	s.say(sergey, chat, "/queue")
	s.pressOn(sergey, chat, openWindow)
	s.settle()
	s.atWindow(sergey, "Сергей", nextPlease)
	s.pressOn(first, first, "Начать")
	s.settle()
	secret := "Мой сосед, секретное дело"
	s.say(first, first, secret)
	relayed := s.last(chat)
	if !strings.Contains(relayed.Text, secret) {
		t.Fatalf("the office does not see it: %q", relayed.Text)
	}
	s.say(second, second, "Я ещё жду, это только моё")
	s.stop() // in the middle of a talk
	s.start()
	answer := "Мы разберёмся с соседом."
	_, err := s.sim.Reply(sergey, chat, relayed.ID, answer)
	s.do(err)
	s.say(sergey, chat, "Между нами: он приходит каждую неделю.")
	_, err = s.sim.Reply(ainur, chat, relayed.ID, "Чужой ответ")
	s.do(err)
	s.say(first, first, "Спасибо, и после перерыва тоже")
	if !s.has(first, answer) || !s.has(chat, "и после перерыва тоже") {
		t.Errorf("the talk does not go on after a restart: %q", s.said(first))
	}
	s.atWindow(sergey, "Сергей", nextPlease)
	late := "Опоздавший ответ"
	_, err = s.sim.Reply(sergey, chat, relayed.ID, late)
	s.do(err)
	s.settle()
	if last := s.last(chat); !strings.Contains(last.Text, "Сообщение не отправлено") {
		t.Errorf("nobody says that it did not go: %q", last.Text)
	}
	s.say(first, first, "Это уже никому")
	if !s.has(first, "Онлайн-приём окончен") {
		t.Errorf("the first is not told of the end: %q", s.said(first))
	}
	for _, id := range []int64{first, second} {
		for _, text := range s.said(id) {
			for _, words := range []string{late, "Чужой ответ", "каждую неделю"} {
				if strings.Contains(text, words) {
					t.Errorf("talk of the office reaches a visitor: %q", text)
				}
			}
			if id == second && strings.Contains(text, answer) {
				t.Errorf("the second reads the answer to the first: %q", text)
			}
		}
	}
	for _, text := range s.said(chat) {
		if strings.Contains(text, "только моё") || strings.Contains(text, "Это уже никому") {
			t.Errorf("the office reads what was not for it: %q", text)
		}
	}
	p, _ := s.todaysQueue().Place(1)
	if text, _ := p.Words(); p.State != dauys.Served || text != secret+"\n\nСпасибо, и после перерыва тоже" {
		t.Errorf("kept is %s %q", p.State, text)
	}
}
