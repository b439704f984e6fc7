package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/bot/simulator"
	papers "alt.edu.kz/dauys/documents"
	"alt.edu.kz/dauys/fault"
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
	at := slices.Index(rows[0], "Решение")
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
			t.Parallel()
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
			s.say(saltanat, chat, "/meeting 25.11.2026 15:00 зал 201")
			s.pressOn(saltanat, chat, "Собрать повестку")
			for _, n := range numbers {
				if c := s.loaded(n); c.Status != dauys.OnAgenda {
					t.Fatalf("%s is %s; %q", n, c.Status, s.said(chat))
				}
			}
			s.pressOn(saltanat, chat, "Повестка (PDF)")
			s.noNames(s.document(chat, ".pdf").File.Data)
			s.document(saltanat, ".pdf")
			s.pressOn(saltanat, chat, "Пригласить членов")
			s.later(48*time.Hour + 3*time.Hour)
			reminded := 0
			for _, text := range s.said(igor) {
				if strings.Contains(text, "Приглашаем на заседание") {
					reminded++
				}
			}
			if reminded != 3 { // at once, 24 hours and 2 hours before
				t.Errorf("invited and reminded %d times: %q", reminded, s.said(igor))
			}
			s.pressOn(saltanat, chat, "Открыть заседание") // without a quorum
			s.pressOn(saltanat, chat, "– Салтанат Омарова")
			s.pressOn(saltanat, chat, "– Игорь Петренко")
			s.pressOn(saltanat, chat, "Открыть заседание")
			if !s.has(chat, "идёт") {
				t.Fatalf("the meeting does not begin: %q %q", s.sim.Toasts(saltanat), s.last(chat).Text)
			}
			for i := range 20 {
				s.pressOn(saltanat, chat, "Решение по следующему делу")
				s.pressOn(saltanat, chat, "Удовлетворено")
				s.reply(saltanat, chat, "Документы полны, доход семьи ниже прожиточного минимума.")
				s.pressOn(saltanat, chat, "Пропустить")
				s.pressOn(saltanat, chat, "Отправить")
				if i == 9 {
					s.stop()
					s.start()
				}
			}
			s.pressOn(saltanat, chat, "Закрыть заседание") // too early
			s.pressOn(saltanat, chat, "Таблица (XLSX)")
			sheet := s.document(chat, ".xlsx")
			s.stop() // the table is in somebody's hands
			s.start()

			back := func(data []byte) simulator.Message {
				_, err := s.sim.ReplyFile(saltanat, chat, sheet.ID, simulator.File{Kind: "document", Name: "решения.xlsx", Data: data})
				s.do(err)
				return s.last(chat)
			}
			talk := len(s.said(chat))
			_, err := s.sim.SendFile(saltanat, chat, simulator.File{Kind: "document", Name: "план.xlsx", Data: sheet.File.Data})
			s.do(err)
			if n := len(s.said(chat)); n != talk {
				t.Errorf("a document that answers nothing is the office's own: %q", s.last(chat).Text)
			}
			bad := back(filled(t, sheet.File.Data, func(_ string, line int) []string {
				switch {
				case line < 20:
					return nil
				case line == 20:
					return []string{"отказано", "Доход выше порога.", "", "SOC-2026-999999"}
				case line == 21:
					return []string{"отказано"}
				case line == 22:
					return []string{"наверное", "Не знаем."}
				case line == 23:
					return []string{"отказано", "Доход выше порога.", "", numbers[30]}
				}
				return []string{"отказано", "Доход выше порога."}
			}))
			for _, words := range []string{"Ничего не внесено", "Строка 22: SOC-2026-999999: этого дела нет в повестке", "Строка 23: " + numbers[21], "Строка 24: нет такого решения: наверное", "встречается дважды: Номер " + numbers[30]} {
				if !strings.Contains(bad.Text, words) {
					t.Errorf("no %q in %q", words, bad.Text)
				}
			}
			meeting := func() *dauys.Meeting {
				all, err := s.app.db.Meetings(t.Context(), council)
				s.do(err)
				if len(all) != 1 {
					t.Fatalf("%d meetings", len(all))
				}
				return all[0]
			}
			held := meeting()
			if held.Left() != 20 {
				t.Errorf("%d are left", held.Left())
			}
			good := back(filled(t, sheet.File.Data, func(_ string, line int) []string {
				switch {
				case line < 20:
					return nil
				case line == 39:
					return []string{"Отложено", "Нет справки о доходах.", "Принесите справку."}
				}
				return []string{"отказано", "Доход выше порога.", "Подайте снова в марте."}
			}))
			if !strings.Contains(good.Text, "отказано: 19") || meeting().Left() != 20 {
				t.Errorf("the preview is %q, %d are left", good.Text, meeting().Left())
			}
			s.stop()
			s.start()
			s.pressOn(saltanat, chat, "Внести все")
			if n := meeting().Left(); n != 0 {
				t.Fatalf("%d are left: %q", n, s.last(chat).Text)
			}
			died := make(chan bool, 1)
			cut := fault.On("meeting-decision-out", 5, func() { died <- true; panic("the bot dies between two decisions") })
			s.pressOn(saltanat, chat, "Закрыть заседание")
			cut()
			if len(died) == 0 {
				t.Error("nothing was cut short")
			}
			for range 2 { // the clock does the rest, and does nothing twice
				s.do(s.app.handlers.SettleMeetings(t.Context()))
			}
			m, err := s.app.db.Meeting(t.Context(), held.ID)
			s.do(err)
			b, err := s.app.db.Blob(t.Context(), m.Minutes)
			s.do(err)
			if m.State != dauys.Settled || m.Number != "SOCM-2026-000001" || m.Seal != papers.Hash(b.Data) {
				t.Errorf("the meeting is %s, %s, sealed %s", m.State, m.Number, m.Seal)
			}
			minutes := s.document(saltanat, ".pdf")
			if !bytes.Equal(minutes.File.Data, b.Data) || !strings.Contains(minutes.File.Name, m.Number) {
				t.Errorf("the secretary has %s", minutes.File.Name)
			}
			for _, sent := range s.sim.Messages(chat) {
				if sent.FromBot && (strings.Contains(sent.Text, "Тайный") || sent.File != nil && strings.Contains(sent.File.Name, m.Number)) {
					t.Errorf("the chat has %q", sent.Text)
				}
			}
			if !s.has(chat, numbers[39]+" – отложено") {
				t.Errorf("the chat is not told of the rulings: %q", s.last(chat).Text)
			}
			words := map[dauys.Lang]string{dauys.Kazakh: "Хаттама", dauys.Russian: "Протокол", dauys.English: "Protocol"}
			for i, n := range numbers {
				c := s.loaded(n)
				extracts, told := 0, 0
				for _, sent := range s.sim.Messages(of[n]) {
					switch {
					case !sent.FromBot:
					case sent.File != nil:
						extracts++
					case strings.Contains(sent.Text, m.Number):
						if told++; !strings.Contains(sent.Text, words[c.Applicant.Lang]) {
							t.Errorf("%s is told %q", n, sent.Text)
						}
					}
				}
				switch {
				case i == 39 && c.Status == dauys.Registered && extracts == 0 && told == 1 && s.has(of[n], "Принесите справку."):
				case i < 39 && c.Status == dauys.Closed && extracts == 1 && told == 1 && (c.Outcome == dauys.Refused) == (i >= 20):
				default:
					t.Errorf("%s is %s %s, told %d times, with %d extracts: %q", n, c.Status, c.Outcome, told, extracts, s.said(of[n]))
				}
			}
			s.say(saltanat, chat, "/meeting 01.12.2026 15:00 зал 201")
			s.pressOn(saltanat, chat, "Собрать повестку")
			if next := meeting(); len(next.Items) != 1 || next.Items[0].Case != numbers[39] {
				t.Errorf("what was postponed comes back: %v", next.Items)
			}
			s.pressOn(saltanat, chat, "Пригласить членов")
			s.pressOn(saltanat, chat, "Отменить заседание")
			if c := s.loaded(numbers[39]); c.Status != dauys.Registered || !s.has(igor, "Заседание отменено") || !s.has(of[numbers[39]], "called off") && !s.has(of[numbers[39]], "болмайтын") && !s.has(of[numbers[39]], "отменено") {
				t.Errorf("called off, and the case is %s: %q", c.Status, s.said(of[numbers[39]]))
			}
			if where := os.Getenv("KEEP_PAPERS"); where != "" { // to look at them
				for i, n := range []int64{saltanat, of[numbers[0]], chat} {
					s.do(os.WriteFile(filepath.Join(where, fmt.Sprint(i, ".pdf")), s.document(n, ".pdf").File.Data, 0o600))
				}
				for _, text := range append(s.said(of[numbers[0]]), s.said(of[numbers[39]])...) {
					t.Log(text)
				}
			}
		})
	}
}

// noNames: a paper for a chat whose members may not read the cases names nobody.
func (s *stage) noNames(file []byte) {
	s.t.Helper()
	words, ok := s.words(file)
	if !ok {
		return
	}
	if !strings.Contains(words, "SOC-2026-000040") || strings.Contains(words, "Тайный") || strings.Contains(words, "общежития") {
		s.t.Errorf("the paper says %s", words)
	}
}

// words are what stands on a paper, where there is something to read it with.
func (s *stage) words(file []byte) (words string, ok bool) {
	s.t.Helper()
	if _, err := exec.LookPath("pdftotext"); err != nil {
		s.t.Log("left out: what stands on a paper (pdftotext is not there)")
		return "", false
	}
	c := exec.CommandContext(s.t.Context(), "pdftotext", "-", "-")
	c.Stdin = bytes.NewReader(file)
	text, err := c.Output()
	s.do(err)
	return string(text), true
}

// TestTemplatesOfAFolder: a university prints the agenda of one body on a form of its own.
func TestTemplatesOfAFolder(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "agenda.social-council.yaml"), []byte(`title: {kk: Біздің бланк, ru: Наш бланк, en: Our form}
parts:
  - columns:
      - head: "№"
        cell: "{{.No}}"
      - head: {kk: Іс, ru: Дело, en: Case}
        cell: "{{.Case}}"
`), 0o600); err != nil {
		t.Fatal(err)
	}
	s := newStage(t, "TEMPLATES="+folder)
	s.appointed(saltanat, "Салтанат Омарова", council)
	number := s.asks(aigerim, "Айгерім Сәрсенова", dauys.Kazakh)
	chat := s.chats[council]
	s.say(saltanat, chat, "/meeting 25.11.2026 15:00 зал 201")
	s.pressOn(saltanat, chat, "Собрать повестку")
	s.pressOn(saltanat, chat, "Повестка (PDF)")
	if words, ok := s.words(s.document(chat, ".pdf").File.Data); ok && (!strings.Contains(words, "Наш бланк") || !strings.Contains(words, number)) {
		t.Errorf("the agenda says %s", words)
	}
}
