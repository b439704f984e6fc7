package main

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/bot/simulator"
	"alt.edu.kz/dauys/handlers"
)

// journalFor files a case as somebody would, but for what the test wants otherwise.
func (s *stage) journalFor(change func(*dauys.Draft)) (number string) {
	s.t.Helper()
	d := dauys.Draft{ID: handlers.NewID(), Kind: dauys.Complaint, Institute: "itc", Topic: "misc", Group: "ИС-21-1", Text: "Тайный текст: прошу разобраться с этим вопросом.",
		Applicant: dauys.Applicant{Address: telegramAddress(dima), Name: "Ким Дмитрий", Standing: dauys.AsStudent, Lang: dauys.Russian},
		Consent:   dauys.Consent{Version: "1", At: s.clock.Now()}}
	change(&d)
	way, err := s.app.university.Route(d.Request())
	s.do(err)
	c, _, err := s.app.db.File(s.t.Context(), way.Open(d, s.app.university, s.clock.Now()))
	s.do(err)
	return c.Number
}

// table is the newest journal in a chat, by the numbers of its rows and the words of its head.
func (s *stage) table(chat int64) (m simulator.Message, rows map[string]map[string]string, numbers []string) {
	s.t.Helper()
	m = s.document(chat, ".xlsx")
	f, err := excelize.OpenReader(bytes.NewReader(m.File.Data))
	s.do(err)
	defer f.Close()
	lines, err := f.GetRows(f.GetSheetName(0))
	s.do(err)
	rows = map[string]map[string]string{}
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, cell := range line {
			row[lines[0][i]] = cell
		}
		rows[line[0]] = row
		numbers = append(numbers, line[0])
	}
	return m, rows, numbers
}

// The journal has every case once, goes to the private chat of whoever may have it, and shows of each
// case as much as they may see.
func TestJournal(t *testing.T) {
	for _, pair := range pairs(t) {
		t.Run(pair.name, func(t *testing.T) {
			s := newStage(t, pair.env(t)...)
			rector, desw := s.chats["rector"], s.chats["desw"]
			_, err := s.app.db.Grant(t.Context(), dauys.Staff{Address: telegramAddress(saltanat), Name: "Салтанат Омарова", Office: "deputy@itc", From: s.clock.Now()})
			s.do(err)

			s.speak(dima, "Русский")
			plain := s.journalFor(func(d *dauys.Draft) {
				d.Applicant.Name, d.Group = "=HYPERLINK(\"http://x\")", "@ИС\n21-1 👩‍🎓"
			})
			s.clock.Advance(time.Minute)
			secret := s.journalFor(func(d *dauys.Draft) {
				d.Kind, d.Topic, d.Group, d.Applicant.Name = "support", "aid", "", "Тайный Заявитель"
			})
			s.clock.Advance(time.Minute)
			own := s.journalFor(func(d *dauys.Draft) { d.Against = []dauys.OfficeID{"rector"} })
			s.clock.Advance(time.Minute)
			moved := s.journalFor(func(*dauys.Draft) {})
			s.does(saltanat, moved, dauys.Move{Act: dauys.Redirect, Body: "labour"})
			s.clock.Advance(24 * time.Hour)
			_, err = s.app.db.Act(t.Context(), moved, telegramAddress(dima), "bounce", s.clock.Now(), func(c *dauys.Case, _ dauys.Staff) error {
				if c.Status != dauys.Closed { // it was delivered
					t.Fatalf("%s is %s", moved, c.Status)
				}
				return c.Do(dauys.Move{Act: dauys.Bounce, By: dauys.TheApplicant, At: s.clock.Now()}, &s.app.university.Calendar)
			})
			s.do(err)
			answered := s.journalFor(func(*dauys.Draft) {})
			s.does(saltanat, answered, dauys.Move{Act: dauys.Take}, dauys.Move{Act: dauys.Extend, Days: 3, Note: "комиссия"}, dauys.Move{Act: dauys.Answer, Outcome: dauys.Granted, Note: "Решено."})
			all := []string{plain, secret, own, moved, answered}

			// Who may not.
			if said := s.say(dima, dima, "/journal 01.11.2026 30.11.2026"); !strings.Contains(said.Text, "Такой команды нет") {
				t.Errorf("a student is told %q", said.Text)
			}
			before := len(s.sim.Messages(s.chats["deputy@itc"]))
			_, err = s.sim.Say(saltanat, s.chats["deputy@itc"], "/journal 01.11.2026 30.11.2026")
			s.do(err)
			s.settle()
			if n := len(s.sim.Messages(s.chats["deputy@itc"])); n != before+1 { // the command itself
				t.Errorf("an office without the power is told %q", s.said(s.chats["deputy@itc"]))
			}
			for _, data := range []string{"j:month", "j:", "j:nonsense"} { // somebody who is in no chat has got hold of a button
				s.inject(zarina, rector, 1, data)
				s.settle()
			}
			if s.has(zarina, "Журнал регистрации") {
				t.Error("the journal went to somebody who forged a button")
			}

			// Who has never pressed Start gets no file, and nobody's name stands in the group.
			s.say(marat, rector, "/journal 01.11.2026 30.11.2026")
			if last := s.last(rector); !strings.Contains(last.Text, "/start") || last.File != nil {
				t.Errorf("told in the group: %q", last.Text)
			}
			s.speak(marat, "Русский")

			// What is written wrongly is answered with how to write it.
			for arg, want := range map[string]string{
				"": "Выберите период", "ноябрь": "Напишите два дня", "01.11.2026": "Напишите два дня", "30.11.2026 01.11.2026": "Последний день раньше первого",
				"31.02.2026 01.03.2026": "Напишите два дня", "01.11.2026 30.11.2026 <b>окно</b>": "Такого фильтра нет: <b>окно</b>",
				"01.01.2025 31.12.2025": "таких обращений нет", "01.11.2026 30.11.2026 SOC открытые закрытые": "таких обращений нет",
			} {
				s.say(marat, rector, strings.TrimSpace("/journal "+arg))
				if last := s.last(rector); !strings.Contains(last.Text, want) {
					t.Errorf("/journal %s: %q, want %q", arg, last.Text, want)
				}
			}

			// The rector's own.
			s.say(marat, rector, "/journal 01.11.2026 30.11.2026")
			m, rows, numbers := s.table(marat)
			if !slices.Equal(numbers, all) {
				t.Errorf("the journal has %q, want %q", numbers, all)
			}
			if m.File.Name != "Журнал регистрации 2026-11-01 – 2026-11-30.xlsx" {
				t.Errorf("the file is called %q", m.File.Name)
			}
			for _, line := range []string{"Зарегистрировано: 5", "Ответ дан: 1", "Перенаправлено в другие органы: 1, из них там не приняли: 1", "Открыто: 3, из них просрочено: 0"} {
				if !strings.Contains(m.Text, line) {
					t.Errorf("below the file stands %q, want %q", m.Text, line)
				}
			}
			for _, want := range []struct{ number, column, value string }{
				{plain, "Фамилия, имя", "'=HYPERLINK(\"http://x\")"}, {plain, "Группа", "'@ИС 21-1 👩‍🎓"}, {plain, "Кто зарегистрировал", "бот Dauys"},
				{plain, "Поступило", "23.11.2026 10:00"}, {plain, "Дата регистрации", "23.11.2026"}, {plain, "Срок ответа", "14.12.2026"}, {plain, "Уровень", "1"},
				{plain, "У кого сейчас", "Заместитель директора института · ITC"}, {plain, "Статус", "зарегистрировано"}, {plain, "Просрочено", "нет"}, {plain, "Версия порядка", "2026-11-2"}, {plain, "Как поступило", "бот Dauys"},
				{secret, "Фамилия, имя", ""}, {secret, "Тема", ""}, {secret, "Вид", "Заявление о социальной поддержке"},
				{own, "Фамилия, имя", ""}, {own, "Тема", ""}, {own, "У кого сейчас", ""}, {own, "Статус", ""}, {own, "Поступило", "23.11.2026 10:02"}, {own, "Срок ответа", "14.12.2026"},
				{moved, "В какой орган перенаправлено", "Государственная инспекция труда по городу Алматы"}, {moved, "Там не приняли", "1"}, {moved, "Статус", "зарегистрировано"}, {moved, "Решение", ""},
				{answered, "Решение", "удовлетворено"}, {answered, "Продлено на дней", "3"}, {answered, "Ответ дан или закрыто", "24.11.2026 10:03"}, {answered, "Статус", "закрыто"},
			} {
				if got := rows[want.number][want.column]; got != want.value {
					t.Errorf("%s, %s: %q, want %q", want.number, want.column, got, want.value)
				}
			}
			for _, text := range s.said(rector) {
				if strings.Contains(text, "Ким") || strings.Contains(text, plain) {
					t.Errorf("in the group stands %q", text)
				}
			}

			// That a case is chosen would tell what of it is not to be seen.
			for arg, want := range map[string][]string{"ALT": {plain, own, moved, answered}, "открытые": {plain, secret, moved}, "deputy": {plain, moved, answered}, "institute": {plain, moved, answered}} {
				s.say(marat, rector, "/journal 01.11.2026 30.11.2026 "+arg)
				if _, _, numbers := s.table(marat); !slices.Equal(numbers, want) {
					t.Errorf("the rector's %s: %q, want %q", arg, numbers, want)
				}
			}

			// The same for the department, which that case is not about; and words that choose.
			s.speak(gulnar, "Қазақша")
			for arg, want := range map[string][]string{
				"2026-11-23 - 2026-11-23":                  {plain, secret, own, moved},
				"24.11.2026-24.11.2026":                    {answered},
				"01.11.2026 30.11.2026 soc":                {secret},
				"01.11.2026 30.11.2026 ашық ALT":           {plain, own, moved},
				"01.11.2026 30.11.2026 перенаправленные":   {moved},
				"01.11.2026 30.11.2026 closed":             {answered},
				"01.11.2026 30.11.2026 deputy@itc открыто": {plain, own, moved},
				"01.11.2026 30.11.2026 social-council":     {secret},
				"01.11.2026 30.11.2026 INSTITUTE":          {plain, own, moved, answered},
			} {
				s.say(gulnar, desw, "/journal "+arg)
				_, rows, numbers := s.table(gulnar)
				if !slices.Equal(numbers, want) {
					t.Errorf("/journal %s: %q, want %q", arg, numbers, want)
				}
				if row, ok := rows[own]; ok && row["Фамилия, имя"] != "Ким Дмитрий" {
					t.Errorf("of the case that is about others stands %q", row)
				}
			}

			// An administrator in their own chat, by a button; what comes twice is sent once.
			s.speak(darkhan, "English")
			s.say(darkhan, darkhan, "/journal")
			s.press(darkhan, darkhan, "This month")
			if _, rows, numbers := s.table(darkhan); !slices.Equal(numbers, all) || rows[answered]["Decision"] != "satisfied" || rows[secret]["Name"] != "" {
				t.Errorf("an administrator gets %q", rows)
			}
			files := func() (n int) {
				for _, m := range s.sim.Messages(darkhan) {
					if m.File != nil {
						n++
					}
				}
				return n
			}
			had := files()
			s.clock.Advance(31 * 24 * time.Hour)
			s.settle()
			s.say(darkhan, darkhan, "/journal 01.11.2026 30.11.2026 overdue")
			if m, _, numbers := s.table(darkhan); files() != had+1 || len(numbers) != 4 || !strings.Contains(m.Text, "Open: 4, of these overdue: 4") {
				t.Errorf("%d files more, overdue %q: %s", files()-had, numbers, m.Text)
			}
		})
	}
}
