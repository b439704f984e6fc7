package main

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/bot/simulator"
	"alt.edu.kz/dauys/handlers"
)

const council dauys.OfficeID = "social-council"

// asks files an application for social support, as its flow does.
func (s *stage) asks(who int64, name string, l dauys.Lang) (number string) {
	s.t.Helper()
	s.sim.Started(who)
	d := dauys.Draft{ID: handlers.NewID(), Kind: "support", Institute: "itc", Topic: "social", Text: "Прошу оказать помощь с оплатой общежития.",
		Applicant: dauys.Applicant{Address: telegramAddress(who), Name: name, Standing: dauys.AsStudent, Lang: l},
		Consent:   dauys.Consent{Version: "1", At: s.clock.Now()}}
	way, err := s.app.university.Route(d.Request())
	s.do(err)
	c, _, err := s.app.db.File(s.t.Context(), way.Open(d, s.app.university, s.clock.Now()))
	s.do(err)
	return c.Number
}

// appointed makes somebody a member of a body.
func (s *stage) appointed(who int64, name string, office dauys.OfficeID) {
	s.t.Helper()
	_, err := s.app.db.Grant(s.t.Context(), dauys.Staff{Address: telegramAddress(who), Name: name, Office: office, From: s.clock.Now()})
	s.do(err)
	s.sim.Started(who)
	s.sim.Join(s.chats[office], who)
}

// file is the newest document of the bot in a chat whose name ends so.
func (s *stage) document(chat int64, ends string) (found simulator.Message) {
	s.t.Helper()
	for _, m := range s.sim.Messages(chat) {
		if m.FromBot && m.File != nil && strings.HasSuffix(m.File.Name, ends) {
			found = m
		}
	}
	if found.File == nil {
		s.t.Fatalf("no document %s in %d: %q", ends, chat, s.said(chat))
	}
	return found
}

// pressOn presses a button of the newest message that has it.
func (s *stage) pressOn(who, chat int64, label string) {
	s.t.Helper()
	s.do(s.sim.PressLast(who, chat, label))
}

// filled is a sheet with other cells: row by row, from the decision on; nil leaves a row as it is.
func filled(t *testing.T, file []byte, change func(number string, line int) []string) []byte {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	tab := f.GetSheetName(0)
	rows, err := f.GetRows(tab)
	if err != nil {
		t.Fatal(err)
	}
	at := slices.Index(rows[0], "Шешім")
	if at < 0 {
		t.Fatalf("the head is %q", rows[0])
	}
	for i, row := range rows[1:] {
		for j, cell := range change(row[0], i) {
			name, err := excelize.CoordinatesToCellName(at+1+j, i+2)
			if j == 3 { // the number itself
				name, err = excelize.CoordinatesToCellName(1, i+2)
			}
			if err == nil {
				err = f.SetCellStr(tab, name, cell)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestFortyApplications is a meeting of the Social Council as it is held: twenty decisions in the chat,
// twenty in a table, the bot stopped in the middle, and everybody told in the same run.
func TestFortyApplications(t *testing.T) {
	for _, pair := range pairs(t) {
		t.Run(pair.name, func(t *testing.T) {
			s := newStage(t, pair.env(t)...)
			s.appointed(saltanat, "Салтанат Омарова", council)
			s.appointed(igor, "Игорь Петренко", council)
			chat := s.chats[council]
			var numbers []string
			of := map[string]int64{}
			langs := []dauys.Lang{dauys.Kazakh, dauys.Russian, dauys.English}
			for i := range 40 {
				st := newStudent(s.sim, i)
				n := s.asks(st.id, fmt.Sprint("Студент Тайный ", i), langs[i%3])
				numbers, of[n] = append(numbers, n), st.id
			}
			s.say(saltanat, chat, "/meeting 25.11.2026 15:00 201-зал")
			s.pressOn(saltanat, chat, "Күн тәртібін жинау")
			for _, n := range []string{numbers[0], numbers[39]} {
				if c := s.loaded(n); c.Status != dauys.OnAgenda {
					t.Fatalf("%s is %s; %q", n, c.Status, s.said(chat))
				}
			}
			s.pressOn(saltanat, chat, "Күн тәртібі (PDF)")
			s.document(chat, ".pdf")
			if m := s.document(saltanat, ".pdf"); len(m.File.Data) == 0 {
				t.Error("the agenda is empty")
			}
			s.pressOn(saltanat, chat, "Мүшелерді шақыру")
			s.later(48*time.Hour + 8*time.Hour)
			s.pressOn(saltanat, chat, "– Салтанат Омарова")
			s.pressOn(saltanat, chat, "– Игорь Петренко")
			s.pressOn(saltanat, chat, "Отырысты ашу")
			for i := range 20 {
				s.pressOn(saltanat, chat, "Келесі іс бойынша шешім")
				s.pressOn(saltanat, chat, "Қанағаттандыру")
				s.reply(saltanat, chat, "Құжаттар толық, табысы ең төменгі деңгейден аз.")
				s.pressOn(saltanat, chat, "Өткізіп жіберу")
				s.pressOn(saltanat, chat, "Жіберу")
				if i == 9 {
					s.stop()
					s.start()
				}
				s.say(saltanat, chat, "/meeting")
				s.press(saltanat, chat, s.last(chat).Labels()[0])
			}
			t.Logf("%q", s.last(chat).Text)
		})
	}
}
