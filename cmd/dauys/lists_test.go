package main

import (
	"context"
	"fmt"
	"log/slog"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/bot/simulator"
	"alt.edu.kz/dauys/handlers"
	"alt.edu.kz/dauys/locales"
	"alt.edu.kz/dauys/storage/storagetest"
)

// listID is the id of the list that a message shows.
var listID = regexp.MustCompile(`^v:(\w+):`)

// listOf is the newest list in a chat, and its id.
func (s *stage) listOf(chat int64) (m simulator.Message, id string) {
	s.t.Helper()
	for _, m := range slices.Backward(s.sim.Messages(chat)) {
		for _, row := range m.Keyboard {
			for _, k := range row {
				if found := listID.FindStringSubmatch(k.Data); found != nil && !m.Deleted {
					return m, found[1]
				}
			}
		}
	}
	s.t.Fatalf("there is no list: %q", s.said(chat))
	return m, ""
}

// Who may look, and at what: of a restricted case nobody finds a word, of another office nobody sees a
// number, and what somebody sends instead of pressing a button leads nowhere.
func TestListsAreForWhoMayRead(t *testing.T) {
	for _, pair := range pairs(t) {
		t.Run(pair.name, func(t *testing.T) {
			s := newStage(t, pair.env(t)...)
			deputy, council := s.chats["deputy@itc"], s.chats["social-council"]
			_, err := s.app.db.Grant(t.Context(), dauys.Staff{Address: telegramAddress(darkhan), Name: "Дархан", Office: "social-council", From: s.clock.Now()})
			s.do(err)
			mine := s.journalFor(func(d *dauys.Draft) {
				d.Text = "Расписание поменяли без предупреждения."
			})
			other := s.journalFor(func(d *dauys.Draft) {
				d.Institute, d.Text = "iedt", "Расписание в другом институте."
			})
			secret := s.journalFor(func(d *dauys.Draft) {
				d.Kind, d.Topic, d.Group, d.Text, d.Applicant.Name = "support", "aid", "", "Тайна: расписание долгов семьи.", "Тайный Заявитель"
			})
			s.settle()
			tail := func(number string) string { return strings.TrimLeft(number[len(number)-6:], "0") }
			says := func(who, chat int64, text string, want string, not ...string) {
				t.Helper()
				m := s.say(who, chat, text)
				if !strings.Contains(m.Text, want) {
					t.Errorf("%s: %q, want %q", text, m.Text, want)
				}
				for _, no := range not {
					if strings.Contains(m.Text, no) {
						t.Errorf("%s tells %q: %q", text, no, m.Text)
					}
				}
			}

			// Each office lists its own.
			says(saltanat, deputy, "/open", mine, other, secret)
			says(saltanat, deputy, "/find расписание", mine, other, secret)
			for _, text := range []string{"/case " + other, "/case " + secret, "/trail " + other} {
				says(saltanat, deputy, text, "В этом отделе такого номера нет", "Заместитель")
			}
			says(darkhan, council, "/open", secret, "Тайный", "долгов", mine)

			// A restricted case is found by its number alone, and shows nothing else of it.
			for _, words := range []string{"тайный", "заявитель", "долгов", "расписание", "тайна", "материальная", "помощь", "аид"} {
				says(darkhan, council, "/find "+words, "Ничего не нашлось", secret)
			}
			says(darkhan, council, "/find "+tail(secret), secret, "Тайный", "долгов", "омощь")
			if m, _ := s.listOf(council); !strings.Contains(m.Text, "🔒") || !strings.Contains(m.Text, "зарегистрировано 0 дней назад") {
				t.Errorf("the restricted case is shown as %q", m.Text)
			}
			says(darkhan, council, "/trail "+secret, secret, "Тайный", "долгов")
			s.say(darkhan, council, "/case "+tail(secret))
			if m := s.last(council); !strings.Contains(m.Text, secret) || strings.Contains(m.Text, "Тайный") || strings.Contains(m.Text, "долгов") {
				t.Errorf("its card is %q", m.Text)
			}

			// In one's own chat there is no name and no word, and what is listed is of all their offices.
			s.speak(saltanat, "Русский")
			s.clock.Advance(48 * time.Hour)
			s.settle()
			says(saltanat, saltanat, "/due", mine, other, "Ким", "Расписание", "Тайный")
			says(dima, dima, "/start", "")
			s.do(s.sim.PressLast(dima, dima, "Русский"))
			for _, text := range []string{"/mine", "/due", "/open", "/find расписание", "/case " + tail(mine), "/trail " + tail(mine)} {
				says(dima, dima, text, "Такой команды нет", mine)
			}

			for _, command := range []string{"mine", "due", "open", "find", "case", "trail"} { // as if there were buttons for them
				s.forge(dima, dima, 1, "m:"+command)
				s.forge(saltanat, saltanat, 1, "m:"+command)
				if all := s.said(dima); strings.Contains(all[len(all)-1], mine) {
					t.Errorf("%s shows %q", command, all[len(all)-1])
				}
			}
			if m := s.last(saltanat); !strings.Contains(m.Text, "Эта команда работает в чате отдела") {
				t.Errorf("told %q", m.Text)
			}

			// Who is in no office, and who has got hold of a button.
			s.untouched(mine, []int64{zarina, dima}, func() {
				says(saltanat, deputy, "/open", mine)
				m, id := s.listOf(deputy)
				before := len(s.said(deputy))
				for _, data := range []string{"v:" + id + ":c:" + mine, "v:" + id + ":p:2", "v:" + id + ":choose", "v:" + id + ":take"} {
					if toast := s.forge(zarina, deputy, int64(m.ID), data); !strings.Contains(toast, "Это могут делать только сотрудники") {
						t.Errorf("%s by a stranger: %q", data, toast)
					}
					if toast := s.forge(zarina, zarina, 1, data); strings.Contains(toast, mine) {
						t.Errorf("%s by a stranger in their own chat: %q", data, toast)
					}
				}
				for _, data := range []string{"v:", "v::", "v:" + id, "v:" + id + ":", "v:nonsense:p:1", "v:" + id + ":take", "v:" + id + ":hand", "v:" + id + ":t:" + mine, "v:" + id + ":explode",
					"v:" + id + ":c:" + other, "v:" + id + ":c:" + secret, "v:" + id + ":c:' OR 1=1", "n:c:" + other, "n:t:" + other, "n:x:" + mine, "n:c:", "n:t:" + secret} {
					if toast := s.forge(saltanat, deputy, int64(m.ID), data); !strings.Contains(toast, "Эта кнопка") && !strings.Contains(toast, "устарел") {
						t.Errorf("%s: %q", data, toast)
					}
				}
				if n := len(s.said(deputy)); n != before {
					t.Errorf("something was said: %q", s.said(deputy)[before:])
				}
				s.press(saltanat, deputy, "Выбрать несколько")
				if toast := s.forge(saltanat, deputy, int64(m.ID), "v:"+id+":t:"+other); toast == "" {
					t.Error("a case of another office was ticked")
				}
				if m, _ := s.listOf(deputy); len(m.Keyboard) != 3 { // nothing is chosen
					t.Errorf("after a forged tick the list has %q", m.Labels())
				}
				for _, page := range []string{"-1", "0", "99999999999999999999", "x", ""} {
					s.forge(saltanat, deputy, int64(m.ID), "v:"+id+":p:"+page)
				}
			})

			// Whose right has ended sees nothing any more.
			s.do(s.app.db.Revoke(t.Context(), telegramAddress(darkhan), "social-council", false, s.clock.Now()))
			says(darkhan, council, "/open", "Это могут делать только сотрудники", secret)
		})
	}
}

// What comes twice does what it does once: a list is one message, a case is taken once, a card is shown
// anew once.
func TestListsTwice(t *testing.T) {
	for _, pair := range pairs(t) {
		t.Run(pair.name, func(t *testing.T) {
			s := newStage(t, pair.env(t)...)
			chat := s.chats["deputy@itc"]
			numbers := []string{s.journalFor(func(*dauys.Draft) {}), s.journalFor(func(*dauys.Draft) {})}
			s.settle()
			twice := func(in handlers.Input) {
				t.Helper()
				in.From, in.Name, in.Chat, in.Lang = telegramAddress(saltanat), "Салтанат Омарова", telegramAddress(chat), "ru"
				for range 2 {
					if _, err := s.app.handlers.Office(t.Context(), in); err != nil {
						t.Fatal(err)
					}
					s.app.sender.Wake()
					s.settle()
				}
			}
			count := func(words string) (n int) {
				for _, m := range s.sim.Messages(chat) {
					if m.FromBot && !m.Deleted && strings.Contains(m.Text, words) {
						n++
					}
				}
				return n
			}
			twice(handlers.Input{Update: "u1", Message: "1", Command: "open"})
			if n := count("2 открытых обращения"); n != 1 {
				t.Fatalf("%d lists", n)
			}
			m, id := s.listOf(chat)
			press := func(update, what string) {
				t.Helper()
				twice(handlers.Input{Update: update, Message: fmt.Sprint(m.ID), Press: "v:" + id + ":" + what})
			}
			press("u2", "choose")
			press("u3", "t:"+numbers[0])
			press("u4", "all")
			if m, _ := s.listOf(chat); !slices.Contains(m.Labels(), "Принять в работу: 2") {
				t.Errorf("two were chosen: %q", m.Labels())
			}
			press("u5", "take")
			if n := count("✅ Принято в работу: 2 обращения"); n != 1 {
				t.Errorf("%d summaries: %q", n, s.said(chat))
			}
			for _, n := range numbers {
				if c := s.loaded(n); len(c.Events) != 2 || c.HolderName != "Салтанат Омарова" {
					t.Errorf("%s has %d events, and %q has it", n, len(c.Events), c.HolderName)
				}
			}
			before := count(numbers[0] + " · Жалоба\nСтатус")
			twice(handlers.Input{Update: "u6", Message: "9", Command: "case", Arg: numbers[0]})
			if n := count(numbers[0] + " · Жалоба\nСтатус"); n != before || !strings.Contains(s.last(chat).Text, numbers[0]) {
				t.Errorf("%d cards before, %d after; last stands %q", before, n, s.last(chat).Text)
			}
		})
	}
}

// A confidential request is on its way through the same list, without a word of it; a reason for handing
// it over is not written in the chat of an office.
func TestListsOfConfidential(t *testing.T) {
	s := newStage(t)
	chat := s.chats["deputy@itc"]
	plain := s.journalFor(func(*dauys.Draft) {})
	secret := s.journalFor(func(d *dauys.Draft) {
		d.Confidential, d.Applicant.Name, d.Text = true, "Тайный Заявитель", "Вымогают деньги за зачёт."
	})
	s.settle()
	choose := func(hand string) {
		s.say(saltanat, chat, "/open")
		s.press(saltanat, chat, "Выбрать несколько")
		s.press(saltanat, chat, "Отметить всю страницу")
		s.press(saltanat, chat, hand)
	}
	choose("Передать в отдел: 2")
	if m := s.last(chat); !strings.Contains(m.Text, "Передача 1 обращения") {
		t.Errorf("asked for %q", m.Text)
	}
	s.press(saltanat, chat, "Заместитель директора института · IEDT")
	s.reply(saltanat, chat, "Это студенты Вашего института.")
	s.press(saltanat, chat, "Отправить")
	if m := s.last(chat); !strings.Contains(m.Text, "Передано в другой отдел: 1 обращение") || !strings.Contains(m.Text, secret+": Содержание дела ограничено") {
		t.Errorf("told %q", m.Text)
	}
	if a, b := s.loaded(plain).Office(), s.loaded(secret).Office(); a != "deputy@iedt" || b != "deputy@itc" {
		t.Errorf("now %s and %s have them", a, b)
	}
	choose("Передать в отдел: 1")
	if all := s.sim.Toasts(saltanat); len(all) == 0 || !strings.Contains(all[len(all)-1], "Содержание дела ограничено") {
		t.Errorf("shown at the button: %q", all)
	}
	s.say(saltanat, chat, "/find вымогают")
	if m := s.last(chat); !strings.Contains(m.Text, "Ничего не нашлось") {
		t.Errorf("found %q", m.Text)
	}
	for _, text := range s.said(chat) {
		if strings.Contains(text, "Тайный Заявитель") || strings.Contains(text, "Вымогают") {
			t.Errorf("in the chat stands %q", text)
		}
	}
}

// A person who is served in their own chat has all of the lists there, for their own office; what is chosen
// among more than a page stays chosen, and what has left the office meanwhile is refused.
func TestListsOfAPerson(t *testing.T) {
	s := newStage(t)
	s.speak(igor, "Русский")
	_, err := s.app.db.Grant(t.Context(), dauys.Staff{Address: telegramAddress(igor), Name: "Игорь", Office: curator, From: s.clock.Now()})
	s.do(err)
	s.do(s.app.db.Bind(t.Context(), curator, telegramAddress(igor), "", s.clock.Now()))
	var numbers []string
	for range 12 {
		numbers = append(numbers, s.fileFor(dima, dauys.Draft{Group: "ИС-21-1"}))
	}
	if c := s.loaded(numbers[0]); c.Office() != curator {
		t.Fatalf("%s has it", c.Office())
	}
	m := s.say(igor, igor, "/open")
	if !strings.Contains(m.Text, "12 открытых обращений") || !strings.Contains(m.Text, "Страница 1 из 2") {
		t.Fatalf("listed is %q", m.Text)
	}
	s.press(igor, igor, "Выбрать несколько")
	s.press(igor, igor, "Отметить всю страницу")
	s.press(igor, igor, "2 ›")
	if m := s.press(igor, igor, "▫️ 12"); !slices.Contains(m.Labels(), "Принять в работу: 11") {
		t.Errorf("chosen: %q", m.Labels())
	}
	s.does(igor, numbers[0], dauys.Move{Act: dauys.Escalate, Note: "выше"})
	s.press(igor, igor, "‹ 1")
	if m, _ := s.listOf(igor); !slices.Contains(m.Labels(), "Принять в работу: 10") || strings.Contains(m.Text, numbers[0]) {
		t.Errorf("chosen when one has left: %q in %q", m.Labels(), m.Text)
	}
	s.press(igor, igor, "Принять в работу: 10")
	if !s.has(igor, "✅ Принято в работу: 10 обращений") {
		t.Errorf("told %q", s.last(igor).Text)
	}
	for i, n := range numbers {
		if c := s.loaded(n); (c.HolderName == "Игорь") != (i != 0 && i != 10) {
			t.Errorf("%s is with %q", n, c.HolderName)
		}
	}
	if m := s.say(igor, igor, "/case 12"); !strings.Contains(m.Text, numbers[11]) || !slices.Contains(m.Labels(), "Ответить") {
		t.Errorf("the card is %q with %q", m.Text, m.Labels())
	}
	if m := s.say(igor, igor, "/find проверки"); !strings.Contains(m.Text, "Найдено 11 обращений") {
		t.Errorf("found %q", m.Text)
	}
	if m := s.say(igor, igor, "/case 1"); !strings.Contains(m.Text, numbers[0]+" уже не в этом отделе") {
		t.Errorf("of one that has left: %q", m.Text)
	}
	if m := s.say(igor, igor, "/trail 1"); !strings.Contains(m.Text, "Причина: выше") {
		t.Errorf("its trail: %q", m.Text)
	}
}

// BenchmarkFind looks for words among two thousand cases of an office, as /find does, and BenchmarkOpen
// lists the open ones.
func BenchmarkFind(b *testing.B) {
	benchLists(b, handlers.Input{Command: "find", Arg: "жатақхана сеитова"})
}
func BenchmarkOpen(b *testing.B) { benchLists(b, handlers.Input{Command: "open"}) }

func benchLists(b *testing.B, in handlers.Input) {
	const cases = 2000
	words := strings.Fields("Студенттер үйінде жатақхана бөлмесінде үш күннен бері ыстық су жоқ, комендантқа айттым, бірақ ешкім келмеді, стипендия кешікті, кесте өзгерді")
	for _, st := range storagetest.Stores(b) {
		b.Run(st.Name, func(b *testing.B) {
			ctx, db := b.Context(), storagetest.OpenURL(b, st.Migrated(b))
			u := dauys.Builtin()
			book, err := locales.New(u.Calendar.Zone(), handlers.Names(u))
			if err != nil {
				b.Fatal(err)
			}
			for i := range cases {
				text := strings.Join(append(words[i%len(words):], words...), " ")
				d := dauys.Draft{ID: fmt.Sprint(i), Text: strings.Repeat(text+" ", 4), Applicant: dauys.Applicant{
					Address: dauys.Address(fmt.Sprint("telegram:", 1000+i)), Name: []string{"Сейітова Әсел", "Ким Дмитрий", "Ахметов Ұлан"}[i%3], Standing: dauys.AsStudent, Lang: dauys.Kazakh}}
				if _, _, err := db.File(ctx, storagetest.CaseOf(b, d, storagetest.Now.Add(time.Duration(i)*time.Second))); err != nil {
					b.Fatal(err)
				}
			}
			now := storagetest.Now.Add(24 * time.Hour)
			chat := dauys.Address("telegram:-1")
			if err := db.Bind(ctx, "deputy@itc", chat, "", now); err != nil {
				b.Fatal(err)
			}
			who, err := db.Grant(ctx, dauys.Staff{Address: "telegram:5", Name: "Салтанат", Office: "deputy@itc", From: storagetest.Now})
			if err != nil {
				b.Fatal(err)
			}
			h := &handlers.Handlers{University: u, Book: book, Storage: store{db}, Members: nobody{}, Now: func() time.Time { return now }, Log: slog.New(slog.DiscardHandler)}
			in.From, in.Chat, in.Message = who.Address, chat, "1"
			n := 0
			for b.Loop() {
				n++
				in.Update = fmt.Sprint("u", n)
				if _, err := h.Office(ctx, in); err != nil {
					b.Fatal(err)
				}
			}
			b.StopTimer()
			sent, err := db.Due(ctx, now, 0, 1)
			if err != nil || len(sent) == 0 {
				b.Fatal("nothing was said", err)
			}
			b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(n), "ms/list")
		})
	}
}

// nobody is in no chat.
type nobody struct{}

func (nobody) Member(context.Context, dauys.Address, dauys.Address) (bool, error) { return false, nil }
