package main

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/bot"
	"alt.edu.kz/dauys/bot/simulator"
	"alt.edu.kz/dauys/handlers"
)

var peak = flag.Int("peak", 240, "how many cases come at once to one group")

// faster is by how much time goes faster for the limits of sending, on both sides: what takes an hour
// takes six seconds. The limits themselves are Telegram's, 20 messages and 20 edits a minute to a group.
const faster = 600

// TestAPeak registers a thousand cases of one office at once. Each has one card in the end, with its last
// state, within what Telegram allows a group; meanwhile people fill their forms as always. In a group
// with topics a case takes twice as many calls, so there are a quarter as many.
func TestAPeak(t *testing.T) {
	for _, c := range []struct {
		name  string
		forum bool
		cases int
		calls int // for a new case
	}{{"cards", false, *peak, 1}, {"topics", true, *peak / 4, 2}} {
		t.Run(c.name, func(t *testing.T) {
			s := &stage{t: t, clock: &handClock{now: monday}}
			limits := simulator.DefaultLimits()
			limits.Speed = faster
			var server string
			s.sim, server, s.chats = newSimulatorWith(t, simulator.Options{Token: "1:TEST", Clock: s.clock, Limits: limits})
			s.env = settingsFor(t, server)[:4] // not the quick limits of other tests
			s.tune = func(a *app) {
				a.set = bot.Settings{Scale: time.Second / faster}.WithDefaults()
				a.sender = bot.NewSender(store{a.db}, a.handlers, a.telegram, a.clock, a.set, slog.New(slog.NewTextHandler(t.Output(), nil)))
				a.sender.Hold = a.intake.Busy
				a.intake.Settings, a.intake.Sender, a.intake.Wake = a.set, a.sender, a.sender.Wake
			}
			chat := s.chats[deputyOffice]
			if c.forum {
				s.forum(deputyOffice)
			}
			s.start()
			t.Cleanup(s.stop)
			ctx, cancel := context.WithTimeout(t.Context(), 10*patience)
			defer cancel()
			s.sim.Started(dima)
			if _, err := s.app.db.Grant(ctx, dauys.Staff{Address: telegramAddress(saltanat), Name: "Салтанат", Office: deputyOffice, From: monday}); err != nil {
				t.Fatal(err)
			}

			want := map[string]string{} // case → status that its card says in the end
			take := func(number string) {
				t.Helper()
				if _, err := s.app.db.Act(ctx, number, telegramAddress(saltanat), "take", monday, func(c *dauys.Case, staff dauys.Staff) error {
					return c.Do(dauys.Move{Act: dauys.Take, By: dauys.TheOffice, Staff: staff, At: monday, Cause: "take"}, &s.app.university.Calendar)
				}); err != nil {
					t.Fatal(err)
				}
				want[number] = "на рассмотрении"
			}
			var numbers []string
			var form sync.WaitGroup // of somebody who is not held up by it
			var filled error
			there := 0
			for i := range c.cases {
				d := dauys.Draft{ID: handlers.NewID(), Kind: dauys.Complaint, Institute: "itc", Topic: "marks", Text: fmt.Sprintf("Просьба номер %d: проверить оценку.", i),
					Applicant: dauys.Applicant{Name: "Студент", Standing: dauys.AsStudent, Lang: dauys.Russian}, Channel: dauys.ByPaper, Consent: dauys.Consent{Version: "1", At: monday}}
				filed, err := dauys.Open(d, s.app.university, s.clock.Now())
				if err == nil {
					filed, _, err = s.app.db.File(ctx, filed)
				}
				if err != nil {
					t.Fatal(err)
				}
				want[filed.Number] = "зарегистрировано"
				numbers = append(numbers, filed.Number)
				if i%5 == 0 { // before its card is there
					take(filed.Number)
				}
				if i == c.cases/4 {
					s.app.sender.Wake()
					form.Go(func() {
						filled = newStudent(s.sim, 0).fill(ctx)
						there = s.shownCards(chat)
					})
				}
			}
			s.app.sender.Wake()
			form.Wait()
			if filled != nil {
				t.Fatal(filled)
			}
			if there >= c.cases {
				t.Errorf("the cards were all there before somebody had filled a form: it shows nothing")
			}
			t.Logf("a form was filled while %d of %d cards were there", there, c.cases)
			for i := 1; i < c.cases; i += 5 { // some of their cards are there
				take(numbers[i])
			}
			s.app.sender.Wake()
			if err := soon(ctx, "all cards are there", func() (bool, error) {
				cards, err := s.app.db.DueCards(ctx, s.clock.Now(), 1)
				if err != nil || len(cards) > 0 {
					return false, err
				}
				topics, err := s.app.db.DueTopics(ctx, 1)
				return len(topics) == 0, err
			}); err != nil {
				t.Fatal(err)
			}

			shown := map[string]int{}
			for _, m := range s.sim.Messages(chat) {
				if number := caseNumber.FindString(m.Text); m.FromBot && m.Service == "" {
					shown[number]++
					if !strings.Contains(m.Text, want[number]) {
						t.Errorf("the card of %s is not %s: %q", number, want[number], m.Text)
					}
				}
			}
			for number := range want {
				if shown[number] != 1 {
					t.Errorf("%s has %d cards", number, shown[number])
				}
			}
			calls, refused := map[string]int{}, 0
			for _, call := range s.sim.Calls() {
				if call.Status == 429 {
					refused++
				} else if call.Chat == chat {
					calls[call.Method]++
				}
			}
			t.Logf("%d cases, time %d times as fast: calls to the group %v, of all calls %d were answered with 429", c.cases, faster, calls, refused)
			if refused > 5 {
				t.Errorf("%d calls were answered with 429", refused)
			}
			if made := calls["sendMessage"] + calls["createForumTopic"]; made != c.calls*c.cases {
				t.Errorf("%d calls made %d cases visible", made, c.cases)
			}
			if c.forum {
				for _, topic := range s.sim.Topics(chat) {
					if number := caseNumber.FindString(topic.Name); topic.Name != number+" · "+want[number]+" · оценки и экзамены" {
						t.Errorf("a topic is called %q, and the case is %s", topic.Name, want[number])
					}
				}
			}
		})
	}
}

// shownCards counts the messages of the bot in a chat.
func (s *stage) shownCards(chat int64) (n int) {
	for _, m := range s.sim.Messages(chat) {
		if m.FromBot && m.Service == "" {
			n++
		}
	}
	return n
}
