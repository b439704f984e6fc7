package main

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/handlers"
)

// TestKilledInAMeeting kills the bot while a meeting is opened, decided and closed: at each moment the
// next process goes on where the last one was, every applicant is told of their decision, and the
// minutes have one number.
func TestKilledInAMeeting(t *testing.T) {
	for _, pair := range pairs(t) {
		t.Run(pair.name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), 4*patience)
			defer cancel()
			sim, server, chats := newSimulator(t, nil, "a callback query was answered twice") // a press whose answer was cut off comes again
			env := append(settingsFor(t, server, pair.env(t)...), "LEASE=300ms")
			db := bindAll(ctx, t, env, chats)
			chat, u := chats[council], dauys.Builtin()
			do := func(err error) {
				t.Helper()
				if err != nil {
					t.Fatal(err)
				}
			}
			_, err := db.Grant(ctx, dauys.Staff{Address: telegramAddress(saltanat), Name: "Салтанат Омарова", Office: council, From: time.Now().Add(-time.Hour)})
			do(err)
			sim.Started(saltanat)
			sim.Join(chat, saltanat)
			of := map[string]int64{}
			for i := range 6 {
				st := newStudent(sim, i)
				sim.Started(st.id)
				d := dauys.Draft{ID: handlers.NewID(), Kind: "support", Institute: "itc", Topic: "aid", Text: "Прошу оказать помощь с оплатой общежития.",
					Applicant: dauys.Applicant{Address: telegramAddress(st.id), Name: fmt.Sprint("Студент ", i), Standing: dauys.AsStudent, Lang: dauys.Russian},
					Consent:   dauys.Consent{Version: "1", At: time.Now()}}
				way, err := u.Route(d.Request())
				do(err)
				c, _, err := db.File(ctx, way.Open(d, u, time.Now()))
				do(err)
				of[c.Number] = st.id
			}

			bot := spawn(t, env)
			press := func(label string) { // as soon as it is there
				t.Helper()
				if err := soon(ctx, "the button "+label, func() (bool, error) { return sim.PressLast(saltanat, chat, label) == nil, nil }); err != nil {
					t.Fatalf("%v\n%s\n%s", err, sim.Transcript(chat), bot.log)
				}
			}
			dies := func(point string, n int, what func()) {
				t.Helper()
				bot.dieAt(point, n)
				what()
				select {
				case <-bot.done:
				case <-ctx.Done():
					t.Fatalf("nobody comes to %s:\n%s", point, sim.Transcript(chat))
				}
				bot = spawn(t, env)
			}
			says := func(words string) {
				t.Helper()
				if err := soon(ctx, words, func() (bool, error) { return strings.Contains(sim.Transcript(chat), words), nil }); err != nil {
					t.Fatalf("%v\n%s", err, sim.Transcript(chat))
				}
			}
			at := time.Now().Add(48 * time.Hour).In(u.Calendar.Zone())
			_, err = sim.Say(saltanat, chat, "/meeting "+at.Format("02.01.2006")+" 15:00 зал 201")
			do(err)
			dies("meeting-before-commit", 1, func() { press("Собрать повестку") })
			says("Повестка (6 дел)")
			press("– Салтанат Омарова")
			says("✓ Салтанат Омарова")
			dies("meeting-before-commit", 1, func() { press("Открыть заседание") })
			for left := len(of); left > 0; left-- {
				if err := soon(ctx, "the meeting sits", func() (bool, error) {
					all, err := db.Meetings(ctx, council)
					return err == nil && len(all) == 1 && all[0].State == dauys.Sitting && all[0].Left() == left, err
				}); err != nil {
					t.Fatalf("%v\n%s", err, sim.Transcript(chat))
				}
				press("Решение по следующему делу")
				press("Удовлетворено")
				if err := soon(ctx, "the question for the reasons", func() (bool, error) {
					last, ok := sim.Last(chat)
					if !ok || !strings.Contains(last.Text, "напишите ответом") {
						return false, nil
					}
					_, err := sim.Reply(saltanat, chat, last.ID, "Документы полны, доход семьи ниже прожиточного минимума.")
					return err == nil, nil
				}); err != nil {
					t.Fatalf("%v\n%s", err, sim.Transcript(chat))
				}
				press("Пропустить")
				press("Отправить")
			}
			dies("meeting-minutes-made", 1, func() { press("Закрыть заседание") })
			dies("meeting-decision-out", 2, func() {})
			if err := soon(ctx, "all decisions are out", func() (bool, error) {
				all, err := db.Closing(ctx)
				for number := range of {
					c, lost := db.Case(ctx, number)
					if err != nil || lost != nil || c.Status != dauys.Closed || c.Outcome != dauys.Granted {
						return false, lost
					}
				}
				return len(all) == 0, err
			}); err != nil {
				t.Fatalf("%v\n%s\n%s", err, sim.Transcript(chat), bot.log)
			}
			rest(ctx, t, db)
			bot.terminate(t)
			minutes := ""
			for number, who := range of {
				told := 0
				for _, sent := range sim.Messages(who) {
					if sent.FromBot && strings.Contains(sent.Text, "SOCM-") {
						told++
						minutes = sent.Text[strings.Index(sent.Text, "SOCM-"):][:len("SOCM-2026-000001")]
					}
				}
				if told < 1 || told > 3 { // what was in flight when the bot died may come twice
					t.Errorf("%s was told of the decision %d times:\n%s", number, told, sim.Transcript(who))
				}
				if !strings.HasSuffix(minutes, "-000001") {
					t.Errorf("%s was told of the minutes %q", number, minutes)
				}
			}
		})
	}
}
