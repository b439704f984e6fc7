package main

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/registrar"
)

// A run that was missed is made up for as its job says, and none is made twice: not by several processes, not
// after a restart, not when the clock goes back and comes again.
func TestMissedRuns(t *testing.T) {
	t.Parallel()
	for _, pair := range pairs(t) {
		t.Run(pair.name, func(t *testing.T) {
			t.Parallel()
			s := newStageWith(t, withJobs, pair.env(t)...)
			s.record("remind")
			s.linked(dima, "20230002")
			s.enter(dima, "Русский")
			told := func() (n int) {
				for _, m := range s.sim.Messages(dima) {
					if m.FromBot && m.Protected {
						n++
					}
				}
				return n
			}
			zone := dauys.Builtin().Calendar.Zone()
			set := func(when string) {
				to, err := time.ParseInLocation("2006-01-02 15:04", when, zone)
				if err != nil {
					t.Fatal(err)
				}
				s.clock.Advance(to.Sub(s.clock.Now()))
			}
			check := func(when string, n int, says string) {
				t.Helper()
				s.settle()
				if got := told(); got != n || says != "" && !strings.Contains(s.last(dima).Text, says) {
					t.Fatalf("%s there are %d reminders, want %d; the last message is %q", when, got, n, s.last(dima).Text)
				}
			}
			check("a job that has never run makes up for nothing:", 0, "")

			// Once: whenever somebody is back, with all that was missed.
			s.stop()
			set("2026-12-02 13:00") // Wednesday; the difference was to be told on Friday, the registration in the morning
			s.start()
			s.settle()
			had := told() // in one message or in two
			if had == 0 {
				t.Fatal("what was missed is not made up for")
			}
			s.stop()
			s.start()
			check("after another start", had, "")

			// Several processes at the same moment.
			set("2026-12-14 18:00")
			s.settle()
			set("2026-12-17 18:00")
			var all sync.WaitGroup
			var ran atomic.Int64
			for range 4 {
				replica := s.replica()
				all.Go(func() {
					for range 3 {
						if mine, err := replica.RunJobs(t.Context()); err != nil {
							t.Error(err)
						} else if mine {
							ran.Add(1)
						}
					}
				})
			}
			all.Wait()
			s.settle()
			evening := 0
			for _, m := range s.sim.Messages(dima) {
				evening += strings.Count(m.Text, "Экзамен: завтра\n\nПрограммирование 2")
			}
			if evening != 1 {
				t.Errorf("the evening before an exam it is told %d times, by %d runs here", evening, ran.Load())
			}
			had = told()

			// The clock goes back, and the same evening comes again.
			set("2026-12-16 12:00")
			check("when the clock was put back", had, "")
			set("2026-12-17 18:30")
			check("when the same time comes again", had, "")
			set("2026-12-17 20:00")

			// Late: what is pointless by now is left out.
			s.stop()
			set("2026-12-18 14:30") // more than six hours after seven, and the exam is over
			s.start()
			check("when the exam is over", had, "")
		})
	}
}

// Every kind of reminder comes at its time to whom it concerns, and to nobody else.
func TestReminders(t *testing.T) {
	t.Parallel()
	s := newStageWith(t, withJobs)
	s.record("remind")
	who := map[string]int64{"Aigerim": aigerim, "Dima": dima, "Amina": zarina}
	for name, number := range map[string]string{"Aigerim": "20230001", "Dima": "20230002", "Amina": "20240003"} {
		s.linked(who[name], number)
		s.enter(who[name], "Русский")
	}
	s.record("remind2")
	zone := dauys.Builtin().Calendar.Zone()
	for _, tt := range []struct{ when, to, says string }{
		{"2026-12-18 10:00", "Amina", "Последний день академического отпуска: через 30 дней"},
		{"2026-12-22 10:00", "Dima", "Перевод на государственный грант: через 3 дня"},
		{"2026-12-25 10:00", "Aigerim", "Сохраните билеты"},
		{"2027-01-10 10:00", "Amina", "Последний день академического отпуска: через 7 дней"},
		{"2027-04-12 09:00", "Aigerim, Dima", "Открыта регистрация на дисциплины"},
		{"2027-05-17 19:00", "Dima", "Среднего балла пока не хватает"},
		{"2027-05-29 18:00", "Aigerim, Dima", "Экзаменационная сессия: через 2 дня"},
		{"2027-05-31 10:00", "Dima", "В летнем семестре Вы можете закрыть задолженности"},
		{"2027-06-04 10:00", "Aigerim", "Защита дипломной работы: через 7 дней"},
	} {
		to, err := time.ParseInLocation("2006-01-02 15:04", tt.when, zone)
		if err != nil {
			t.Fatal(err)
		}
		s.clock.Advance(to.Add(-2 * time.Minute).Sub(s.clock.Now()))
		s.settle()
		if tt.when == "2027-04-12 09:00" { // a new semester has begun: who they are was confirmed for the last
			s.linkedAs(dima, registrar.OfStudent("20230002"))
			s.linkedAs(aigerim, registrar.OfStudent("20230001"))
		}
		before := map[string]int{}
		count := func(name string) (n int) {
			for _, m := range s.sim.Messages(who[name]) {
				n += strings.Count(m.Text, tt.says)
			}
			return n
		}
		for name := range who {
			before[name] = count(name)
		}
		s.clock.Advance(2 * time.Minute)
		s.settle()
		for name := range who {
			want := 0
			if strings.Contains(tt.to, name) {
				want = 1
			}
			if got := count(name) - before[name]; got != want {
				t.Errorf("%s: %q comes %d times to %s, want %d; the last is %q", tt.when, tt.says, got, name, want, s.last(who[name]).Text)
			}
		}
	}
}

// The clock runs far ahead by mistake: when it is right again, what comes is told all the same.
func TestClockAhead(t *testing.T) {
	t.Parallel()
	s := newStageWith(t, withJobs)
	s.record("remind")
	s.linked(dima, "20230002")
	s.enter(dima, "Русский")
	s.settle()
	s.clock.Advance(300 * 24 * time.Hour)
	s.settle()
	s.clock.Advance(-300 * 24 * time.Hour)
	s.settle()
	to := time.Date(2026, 12, 12, 18, 0, 0, 0, dauys.Builtin().Calendar.Zone())
	s.clock.Advance(to.Add(-time.Minute).Sub(s.clock.Now()))
	s.settle()
	s.clock.Advance(time.Minute)
	s.settle()
	if text := s.last(dima).Text; !strings.Contains(text, "Экзаменационная сессия: через 2 дня") {
		t.Errorf("the last message is %q", text)
	}
}

// The calendar file is the student's own, with nothing of others and no mark.
func TestCalendarFile(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.record("remind")
	s.linked(dima, "20230002")
	s.enter(dima, "Русский")
	s.say(dima, dima, "/record")
	s.press(dima, dima, "Экзамены")
	m := s.press(dima, dima, "Добавить в календарь")
	if m.File == nil || m.Protected || m.File.MIME != "text/calendar" {
		t.Fatalf("the answer is %+v", m)
	}
	text := strings.ReplaceAll(string(m.File.Data), "\r\n ", "")
	for _, want := range []string{"BEGIN:VCALENDAR\r\n", "TZID:Asia/Almaty\r\n", "DTSTART;TZID=Asia/Almaty:20261215T090000\r\nDTEND;TZID=Asia/Almaty:20261215T120000\r\nSUMMARY:экзамен\\, тестирование: Компьютерные сети\r\nLOCATION:2-305",
		"DTSTART;VALUE=DATE:20261214\r\nDTEND;VALUE=DATE:20270101\r\n", "Последний день\\, чтобы закрыть задолженность: Базы данных", "DTSTART;VALUE=DATE:20261225", "DTSTART;VALUE=DATE:20261211"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in the file:\n%s", want, text)
		}
	}
	for _, secret := range []string{"20230002", "20230001", "Прогноз", "Физика", "72500"} {
		if strings.Contains(text, secret) {
			t.Errorf("%q is in the file", secret)
		}
	}
	// A stranger gets none.
	s.enter(zarina, "Русский")
	s.forge(zarina, zarina, 1, "q8:all")
	if m := s.last(zarina); m.File != nil || strings.Contains(m.Text, "Сети") {
		t.Errorf("a stranger gets %+v", m)
	}
}
