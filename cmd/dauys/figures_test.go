package main

import (
	"bytes"
	"fmt"
	"image/png"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/bot/simulator"
	"alt.edu.kz/dauys/handlers"
)

// digests are the morning digests in a chat.
func (s *stage) digests(chat int64) (all []string) {
	for _, text := range s.said(chat) {
		if strings.Contains(text, "Утренняя сводка") {
			all = append(all, text)
		}
	}
	return all
}

// replica is another process on the same database, as far as jobs go.
func (s *stage) replica() *handlers.Handlers {
	h := s.app.handlers
	return &handlers.Handlers{University: h.University, Book: h.Book, Storage: h.Storage, Members: h.Members, Admins: h.Admins, Now: h.Now, Schedules: h.Schedules, Leads: h.Leads, Log: h.Log}
}

// A digest comes once, however many processes look for its time and however often one begins again; one
// that was missed comes later on the same working day, or not at all.
func TestDigestOnce(t *testing.T) {
	for _, pair := range pairs(t) {
		t.Run(pair.name, func(t *testing.T) {
			s := newStageWith(t, withJobs, pair.env(t)...)
			s.settle()
			office := s.chats["deputy@itc"]
			digests := func(when string, want int) {
				t.Helper()
				s.settle()
				if got := s.digests(office); len(got) != want {
					t.Fatalf("%s there are %d digests, want %d: %q", when, len(got), want, got)
				}
			}
			at := func(when string) {
				t.Helper()
				to, err := time.ParseInLocation("2006-01-02 15:04", when, dauys.Builtin().Calendar.Zone())
				if err != nil {
					t.Fatal(err)
				}
				s.clock.Advance(to.Sub(s.clock.Now()))
			}
			s.clock.Advance(time.Minute)
			first := s.fileFor(dima, dauys.Draft{})
			digests("on the day itself", 0)

			at("2026-11-24 08:29")
			digests("a minute too early", 0)
			at("2026-11-24 08:30")
			var all sync.WaitGroup
			var ran atomic.Int64
			for range 4 { // beside the ticker of the process itself
				replica := s.replica()
				replica.Schedules = map[string]handlers.Schedule{handlers.DigestJob: replica.Schedules[handlers.DigestJob]} // other jobs are others' to have
				all.Go(func() {
					if mine, err := replica.RunJobs(t.Context()); err != nil {
						t.Error(err)
					} else if mine {
						ran.Add(1)
					}
				})
			}
			all.Wait()
			if ran.Load() > 1 {
				t.Errorf("%d replicas have had the same run", ran.Load())
			}
			digests("at half past eight", 1)
			if text := s.digests(office)[0]; !strings.Contains(text, first) || !strings.Contains(text, "Новые: 1 обращение") {
				t.Errorf("the digest says %q", text)
			}
			s.stop()
			s.start()
			digests("after a restart", 1)
			at("2026-11-24 12:00")
			digests("at noon", 1)
			next := s.fileFor(dima, dauys.Draft{})

			s.stop() // and nobody is there in the morning
			at("2026-11-25 11:00")
			s.start()
			digests("after a morning that was missed", 2)
			if text := s.digests(office)[1]; !strings.Contains(text, next) || strings.Contains(text, first) {
				t.Errorf("what is new since the last digest: %q", text)
			}
			s.clock.Advance(time.Minute)
			second := s.fileFor(dima, dauys.Draft{})
			s.stop()
			at("2026-11-26 18:00")
			s.start()
			digests("when the working day is over", 2)
			at("2026-11-27 08:30")
			digests("on Friday", 3)
			if text := s.digests(office)[2]; !strings.Contains(text, "Новые: 1 обращение") || !strings.Contains(text, second) {
				t.Errorf("what came before a run that was left out is not new: %q", text)
			}
			at("2026-11-28 08:30")
			digests("on Saturday", 3)
		})
	}
}

// Where a digest has nothing to say nothing is sent; of a restricted case it has the number alone, and
// of many cases ten numbers.
func TestDigestShowsLittle(t *testing.T) {
	s := newStageWith(t, withJobs)
	s.settle()
	s.clock.Advance(time.Minute)
	secret := s.fileFor(dima, dauys.Draft{Scheme: "support"})
	for range 12 {
		s.fileFor(dima, dauys.Draft{})
	}
	s.later(22*time.Hour + 30*time.Minute)
	text := strings.Join(s.digests(s.chats["deputy@itc"]), "")
	for _, want := range []string{"Новые: 12 обращений", "• и ещё 2 обращения", "ALT-2026-000001 – оценки и экзамены"} {
		if !strings.Contains(text, want) {
			t.Errorf("the digest does not say %q: %s", want, text)
		}
	}
	if n := strings.Count(text, "ALT-2026-"); n != 10 {
		t.Errorf("it has %d numbers: %s", n, text)
	}
	if council := strings.Join(s.digests(s.chats["social-council"]), ""); !strings.Contains(council, "• "+secret+"\n") && !strings.HasSuffix(council, "• "+secret) {
		t.Errorf("of a restricted case it says %q", council)
	}
	for office, chat := range s.chats {
		if n := len(s.digests(chat)); n > 0 != (office == "deputy@itc" || office == "social-council") {
			t.Errorf("%s has %d digests", office, n)
		}
	}
}

// A digest that could not be delivered on its day is not delivered on another.
func TestDigestIsOfItsDay(t *testing.T) {
	s := newStageWith(t, withJobs)
	s.settle()
	office := s.chats["deputy@itc"]
	s.clock.Advance(time.Minute)
	s.fileFor(dima, dauys.Draft{})
	s.do(s.app.db.SetUnreachable(t.Context(), telegramAddress(office), true, s.clock.Now()))
	s.later(22*time.Hour + 30*time.Minute)
	s.later(48 * time.Hour) // the term of the office ends
	s.do(s.app.db.SetUnreachable(t.Context(), telegramAddress(office), false, s.clock.Now()))
	s.app.sender.Wake()
	s.settle()
	if all := s.digests(office); len(all) != 1 || !strings.Contains(all[0], "Срок сегодня: 1 обращение") {
		t.Errorf("on one day come %q", all)
	}
}

// figuresOf is what /stats says in a chat, and the picture.
func (s *stage) figuresOf(who, chat int64, arg string) (text string, picture simulator.Message) {
	s.t.Helper()
	s.say(who, chat, strings.TrimSpace("/stats "+arg))
	for _, m := range slices.Backward(s.sim.Messages(chat)) {
		switch {
		case !m.FromBot:
			return text, picture
		case m.File != nil:
			picture = m
		default:
			text = m.Text
		}
	}
	return text, picture
}

// An office sees its own figures, one with the power those of all, and who does not belong there none.
// Small numbers are not shown, and it says so.
func TestStats(t *testing.T) {
	for _, pair := range pairs(t) {
		t.Run(pair.name, func(t *testing.T) {
			s := newStage(t, pair.env(t)...)
			deputy, rector := s.chats["deputy@itc"], s.chats["rector"]
			_, err := s.app.db.Grant(t.Context(), dauys.Staff{Address: telegramAddress(saltanat), Name: "Салтанат", Office: "deputy@itc", From: s.clock.Now()})
			s.do(err)
			rate := func(number string, mark int) {
				_, err := s.app.db.Act(t.Context(), number, telegramAddress(dima), "rate", s.clock.Now(), func(c *dauys.Case, _ dauys.Staff) error {
					return c.Do(dauys.Move{Act: dauys.Rate, By: dauys.TheApplicant, Mark: mark, At: s.clock.Now()}, &s.app.university.Calendar)
				})
				s.do(err)
			}
			s.sim.Started(dima)
			var numbers []string
			for i := range 6 {
				numbers = append(numbers, s.journalFor(func(d *dauys.Draft) {
					if d.Topic = "marks"; i == 5 {
						d.Topic = "dormitory"
						d.Scheme = "institute"
					}
				}))
			}
			for range 2 {
				s.journalFor(func(d *dauys.Draft) { d.Institute, d.Topic = "ilb", "payment" })
			}
			s.journalFor(func(d *dauys.Draft) { d.Kind, d.Topic, d.Group = "support", "aid", "" })
			s.settle()
			s.later(24 * time.Hour)
			for _, n := range numbers[:5] {
				s.does(saltanat, n, dauys.Move{Act: dauys.Take}, dauys.Move{Act: dauys.Answer, Outcome: dauys.Granted, Note: "Решено."})
			}
			for i, n := range numbers[:4] {
				rate(n, 2+i)
			}

			own, picture := s.figuresOf(saltanat, deputy, "")
			for _, want := range []string{"Заместитель директора института · ITC\n7 сентября 2026 г. – 24 ноября 2026 г.", "Открыто сейчас: 1, из них просрочено: 0", "поступило: 6, завершено: 5",
				"медиана 1, 9 из 10 – до 1", "Ушло выше: 0 % (0 из 5)", "Оценки заявителей не показаны: их меньше 5.", "Больше 5 обращений подали: 1 человек", "• оценки и экзамены: 5", "Темы, по которым меньше 5 обращений, не показаны"} {
				if !strings.Contains(own, want) {
					t.Errorf("its own figures do not say %q: %s", want, own)
				}
			}
			for _, no := range []string{"2,5", "3,5", "студенческий дом", "общежитие", "оплата", "ILB", "По отделам", "Решено в институте", "Ким", numbers[0]} {
				if strings.Contains(own, no) {
					t.Errorf("its own figures say %q: %s", no, own)
				}
			}
			if picture.File == nil || picture.File.Kind != "photo" {
				t.Fatalf("the picture is %+v", picture)
			}
			if img, err := png.Decode(bytes.NewReader(picture.File.Data)); err != nil || img.Bounds().Dx() != 1080 {
				t.Errorf("the picture does not read: %v", err)
			}

			rate(numbers[4], 4)
			all, _ := s.figuresOf(marat, rector, "01.11.2026 30.11.2026")
			for _, want := range []string{"Все отделы\n1 ноября 2026 г. – 30 ноября 2026 г.", "Открыто сейчас: 4", "поступило: 9, завершено: 5", "Решено в институте: 100 % (5 из 5)", "в среднем 3,6 из 5, всего оценок: 5",
				"Институт «Логистика и бизнес»", "Заместитель директора института · ILB\nОткрыто: 2", "Социальный совет\nОткрыто: 1", "Уровень 1\nЗавершено: 5", "Больше 5 обращений подали: 1 человек"} {
				if !strings.Contains(all, want) {
					t.Errorf("the figures of all do not say %q: %s", want, all)
				}
			}
			for _, no := range []string{"оплата", "социальная поддержка", "Ким"} {
				if strings.Contains(all, no) {
					t.Errorf("the figures of all say %q: %s", no, all)
				}
			}
			if before, _ := s.figuresOf(marat, rector, "01.10.2026 31.10.2026"); !strings.Contains(before, "поступило: 0, завершено: 0") || !strings.Contains(before, "Ответов за этот период нет.") {
				t.Errorf("of a time before: %s", before)
			}

			for arg, want := range map[string]string{"вчера": "Напишите два дня", "30.11.2026 01.11.2026": "Последний день раньше первого", "01.01.2020 30.11.2026": "слишком длинный",
				"01.11.2026 30.11.2026 ALT": "Напишите два дня", "31.02.2026 01.03.2026": "Напишите два дня"} {
				if got, picture := s.figuresOf(marat, rector, arg); !strings.Contains(got, want) || picture.File != nil {
					t.Errorf("/stats %s: %q, want %q", arg, got, want)
				}
			}
			s.sim.Join(s.chats["social-council"], zarina) // to be there gives no right
			if got, picture := s.figuresOf(zarina, s.chats["social-council"], ""); strings.Contains(got, "Показатели") || picture.File != nil {
				t.Errorf("who is not of the office is told %q", got)
			}
		})
	}
}

// On Monday morning those who see the figures of all get a sheet of last week with a picture, once;
// nobody else does. When Monday is a day off it comes on Tuesday.
func TestWeekly(t *testing.T) {
	s := newStageWith(t, withJobs)
	s.settle()
	s.fileFor(dima, dauys.Draft{})
	sheets := func() (got []string) {
		for office, chat := range s.chats {
			for _, text := range s.said(chat) {
				if strings.Contains(text, "Итоги недели") {
					got = append(got, fmt.Sprintln(office, text))
				}
			}
		}
		return got
	}
	s.later(6*24*time.Hour + 22*time.Hour + 59*time.Minute)
	if got := sheets(); len(got) != 0 {
		t.Fatalf("a minute before nine: %q", got)
	}
	s.later(time.Minute)
	got := sheets()
	if len(got) != 4 {
		t.Fatalf("on Monday %d sheets: %q", len(got), got)
	}
	for _, sheet := range got {
		if !strings.Contains(sheet, "23 ноября 2026 г. – 29 ноября 2026 г.") || !strings.Contains(sheet, "зарегистрировано: 1, завершено: 0") || !strings.Contains(sheet, "Заместитель директора института · ITC") && !strings.Contains(sheet, "Директор института · ITC") {
			t.Errorf("a sheet says %q", sheet)
		}
	}
	for _, office := range []dauys.OfficeID{"rector", "vr-academic", "vr-social", "desw"} {
		if m := s.last(s.chats[office]); m.File == nil || m.File.Kind != "photo" {
			t.Errorf("%s got no picture: %+v", office, m)
		}
	}
	s.later(7 * 24 * time.Hour)
	if n := len(sheets()); n != 8 {
		t.Errorf("a week later there are %d sheets", n)
	}
	if err := s.app.university.Calendar.Edit([]dauys.DayEdit{{Day: "2026-12-14"}}); err != nil {
		t.Fatal(err)
	}
	s.later(7 * 24 * time.Hour)
	if n := len(sheets()); n != 8 {
		t.Errorf("on a day off there are %d sheets", n)
	}
	s.later(23*time.Hour + 30*time.Minute) // half past eight, when the university opens
	if n := len(sheets()); n != 12 {
		t.Errorf("on the day after there are %d sheets", n)
	}
	s.later(time.Hour)
	if n := len(sheets()); n != 12 {
		t.Errorf("an hour later there are %d sheets", n)
	}
}

// When the jobs run is read as the structure file writes it.
func TestSchedules(t *testing.T) {
	u := dauys.Builtin()
	at := time.Date(2026, time.November, 23, 5, 0, 0, 0, time.UTC) // Monday, ten in Almaty
	zone := u.Calendar.Zone()
	builtIn, _ := schedules(u)
	if next := builtIn[handlers.DigestJob](at); !next.Equal(time.Date(2026, time.November, 24, 8, 30, 0, 0, zone)) {
		t.Errorf("the next digest is at %s", next)
	}
	own := *u
	own.Jobs = map[string]string{handlers.DigestJob: "0 16 * * 5", handlers.WeeklyJob: noJob}
	all, _ := schedules(&own)
	if next := all[handlers.DigestJob](at); !next.Equal(time.Date(2026, time.November, 27, 16, 0, 0, 0, zone)) {
		t.Errorf("by the file the next digest is at %s", next)
	}
	if all[handlers.WeeklyJob] != nil {
		t.Error("a job that never runs has a schedule")
	}
}
