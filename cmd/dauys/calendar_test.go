package main

import (
	"strings"
	"testing"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/handlers"
	"alt.edu.kz/dauys/storage"
	"alt.edu.kz/dauys/storage/storagetest"
)

// wednesday is two days after the Monday of all tests.
var wednesday = monday.AddDate(0, 0, 2)

// A change of the calendar that was cut short after it was stored is finished when its update
// comes again, and a case is moved by it once.
func TestCalendarChangeIsFinished(t *testing.T) {
	for _, pair := range pairs(t) {
		t.Run(pair.name, func(t *testing.T) {
			s := newStage(t, pair.env(t)...)
			ctx := t.Context()
			var numbers []string
			var due []time.Time
			for _, id := range []string{"d1", "d2", "d3"} {
				draft := dauys.Draft{ID: id, Kind: dauys.Complaint, Institute: "itc", Text: "cold",
					Applicant: dauys.Applicant{Address: telegramAddress(aigerim), Standing: dauys.AsStudent, Lang: dauys.Kazakh}}
				c, err := dauys.Open(draft, s.app.university, monday)
				if err != nil {
					t.Fatal(err)
				}
				stored, _, err := s.app.db.File(ctx, c)
				if err != nil {
					t.Fatal(err)
				}
				numbers, due = append(numbers, stored.Number), append(due, stored.Due)
			}
			admin := telegramAddress(darkhan)
			day := dauys.DayEdit{Day: wednesday.Format(time.DateOnly), Name: "storm"}
			if _, err := s.app.db.ChangeDays(ctx, storage.DaysChange{Cause: "u1", By: admin, At: monday, Edit: []dauys.DayEdit{day}}); err != nil {
				t.Fatal(err)
			}
			for range 2 {
				turn := &handlers.Turn{Input: handlers.Input{Update: "u1", From: admin, Command: "calendar", Arg: day.Day + " off storm"}, State: &ask.State{Lang: "en"}}
				if err := s.app.handlers.Applicant(ctx, turn); err != nil {
					t.Fatal(err)
				}
				if said := turn.State.Replies[0].Text; !strings.Contains(said, "3 open cases have another due date") {
					t.Errorf("the administrator is told: %s", said)
				}
				for i, number := range numbers {
					c, err := s.app.db.Case(ctx, number)
					if err != nil {
						t.Fatal(err)
					}
					if want := s.app.university.Calendar.Due(due[i], 1); !c.Due.Equal(want) {
						t.Errorf("%s is due %v, want %v", number, c.Due, want)
					}
				}
			}
		})
	}
}

// What was changed holds after a restart.
func TestCalendarSurvivesRestart(t *testing.T) {
	s := newStage(t)
	if _, err := s.sim.Say(darkhan, darkhan, "/start"); err != nil {
		t.Fatal(err)
	}
	s.settle()
	if err := s.sim.PressLast(darkhan, darkhan, "English"); err != nil {
		t.Fatal(err)
	}
	s.settle()
	if _, err := s.sim.Say(darkhan, darkhan, "/calendar 2026-11-25 off"); err != nil {
		t.Fatal(err)
	}
	s.settle()
	for range 2 {
		if s.app.university.Calendar.Working(wednesday) {
			t.Error("the day works")
		}
		s.stop()
		s.start()
	}
}

// What another process has changed is seen within seconds.
func TestCalendarFollowsOthers(t *testing.T) {
	database, redis, ok := storagetest.Servers(t)
	if !ok {
		t.Skip("one process holds a file")
	}
	s := newStage(t, "DATABASE_URL="+database, "REDIS_URL="+redis)
	change := storage.DaysChange{Cause: "u1", At: monday, Edit: []dauys.DayEdit{{Day: "2026-11-25"}}}
	if _, err := s.app.db.ChangeDays(t.Context(), change); err != nil {
		t.Fatal(err)
	}
	for begun := time.Now(); s.app.university.Calendar.Working(wednesday); time.Sleep(50 * time.Millisecond) {
		if time.Since(begun) > patience {
			t.Fatal("nobody looks whether the calendar was changed")
		}
	}
}
