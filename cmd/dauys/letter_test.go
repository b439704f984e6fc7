package main

import (
	"strings"
	"testing"
	"unicode/utf16"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/bot/simulator"
	"alt.edu.kz/dauys/locales"
)

// The letter to a competent body is the applicant's own text whole, however long, and what they have not
// said is a blank. It can be had again, by them alone.
func TestLetter(t *testing.T) {
	for _, pair := range pairs(t) {
		t.Run(pair.name, func(t *testing.T) {
			s := newStage(t, pair.env(t)...)
			s.speak(dima, "Русский")
			s.speak(amina, "English")
			_, err := s.app.db.Grant(t.Context(), dauys.Staff{Address: telegramAddress(saltanat), Name: "Салтанат Омарова", Office: "deputy@itc", From: s.clock.Now()})
			s.do(err)
			sent := func(kind string) dauys.File { // something that Telegram knows
				t.Helper()
				id, err := s.sim.SendFile(zarina, zarina, simulator.File{Kind: kind, Name: "a." + kind, Data: []byte(kind)})
				s.do(err)
				s.settle()
				m, _ := s.sim.Message(zarina, id)
				return dauys.File{Ref: m.File.ID, Kind: kind, Spoken: kind == "voice"}
			}
			letters := func(chat int64) (all []string) {
				for _, m := range s.sim.Messages(chat) {
					if m.FromBot && (strings.Contains(m.Text, "Кому: ") || strings.Contains(m.Text, "Кімге: ") || len(all) > 0) {
						all = append(all, m.Text)
						if n := len(utf16.Encode([]rune(m.Text))); n > 4096 {
							t.Errorf("a part of %d characters", n)
						}
					}
				}
				return all
			}

			words := strings.Repeat("Зарплату за август <b>не</b> выплатили & не объяснили почему. ", 95)
			long := s.journalFor(func(d *dauys.Draft) {
				d.Text = words
				d.Details = []dauys.Detail{{Question: "talk.phone", Text: "+7 701 123 45 67"}, {Question: "public.iin", Text: "050110500001", As: dauys.DetailSecret}}
				d.Files = []dauys.File{sent("document"), sent("photo")}
			})
			s.does(saltanat, long, dauys.Move{Act: dauys.Redirect, Body: "labour"})
			parts := letters(dima)
			whole := strings.Join(parts, " ")
			if len(parts) < 2 || strings.Join(strings.Fields(whole), "") == "" || strings.Count(whole, "Зарплату за август <b>не</b> выплатили & не объяснили почему.") < 93 {
				t.Errorf("%d parts: %.300s", len(parts), whole)
			}
			if strings.Contains(whole, "0501") {
				t.Error("the letter shows the IIN, or a part of it")
			}
			for _, want := range []string{"Кому: Государственная инспекция труда по городу Алматы", "От кого: Ким Дмитрий", "+7 701 123 45 67", long, "Приложение: 2 файла", "Дата: 23 ноября 2026 г.", "Подпись: ____"} {
				if !strings.Contains(whole, want) {
					t.Errorf("the letter does not say %q", want)
				}
			}

			// Who speaks a language that the body does not read, gave no name, and has only spoken.
			spoken := s.journalFor(func(d *dauys.Draft) {
				d.Applicant = dauys.Applicant{Address: telegramAddress(amina), Name: "—", Standing: dauys.AsStudent, Lang: dauys.English}
				d.Text, d.Files = "", []dauys.File{sent("voice")}
			})
			s.does(saltanat, spoken, dauys.Move{Act: dauys.Redirect, Body: "akimat", Note: "Ask for the department of transport.",
				Details: []dauys.Detail{{Question: locales.BodyName, Text: "Akimat of the City of Almaty"}}})
			letter := strings.Join(letters(amina), "\n")
			for _, want := range []string{"The language of the letter: Kazakh", "Кімге: Алматы қаласының әкімдігі", "Кімнен: ____", "Дауыспен айтқаныңызды осы жерге жазыңыз: 1"} {
				if !strings.Contains(letter, want) {
					t.Errorf("the letter does not say %q: %s", want, letter)
				}
			}
			if strings.Contains(letter, "—\n") || strings.Contains(letter, "From: ") {
				t.Errorf("the letter: %s", letter)
			}
			if told := strings.Join(s.said(amina), "\n"); !strings.Contains(told, "From the office: Ask for the department of transport.") || !strings.Contains(told, "Akimat of the City of Almaty") {
				t.Errorf("told: %s", told)
			}

			// It can be had again, and is nobody else's.
			had := len(letters(dima))
			s.say(dima, dima, long)
			s.press(dima, dima, "Письмо в этот орган")
			if now := len(letters(dima)); now <= had {
				t.Error("the letter did not come again")
			}
			before := len(s.said(zarina))
			s.inject(zarina, zarina, 1, "c:"+long+":letter")
			s.settle()
			for _, said := range s.said(zarina)[before:] {
				if strings.Contains(said, "Зарплату") {
					t.Errorf("a stranger gets %q", said)
				}
			}

			// What was written down of a recording stands in the letter then.
			second := s.journalFor(func(d *dauys.Draft) {
				d.Text, d.Files = "", []dauys.File{sent("voice")}
			})
			s.does(saltanat, second, dauys.Move{Act: dauys.Transcribe, Note: "Записано со слов: нет воды."}, dauys.Move{Act: dauys.Redirect, Note: "Обратитесь в городскую службу водоснабжения."})
			last := s.said(dima)
			if said := last[len(last)-1]; !strings.Contains(said, "Кому: ____") || !strings.Contains(said, "Записано со слов: нет воды.") || strings.Contains(said, "Напишите здесь") {
				t.Errorf("the letter: %s", said)
			}
		})
	}
}
