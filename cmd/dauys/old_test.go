package main

import (
	"testing"
	"time"

	"alt.edu.kz/dauys"
)

// TestCasesOfTheVersionBefore: open cases of a database in which nothing was known of terms are looked
// at by the clock, and are not stuck.
func TestCasesOfTheVersionBefore(t *testing.T) {
	s := newStage(t)
	s.speak(dima, "Русский")
	s.seat(saltanat, "deputy@itc")
	late, asked, reviewed := s.fileFor(dima, dauys.Draft{}), s.fileFor(dima, dauys.Draft{}), s.fileFor(dima, dauys.Draft{})
	s.does(saltanat, asked, dauys.Move{Act: dauys.Take}, dauys.Move{Act: dauys.Ask, Note: "Какая работа?"})
	s.does(saltanat, reviewed, dauys.Move{Act: dauys.Take})
	s.alter(`UPDATE cases SET terms = '{}', until = 0, wake = 1, ladder = '[{"office":"deputy@itc","days":3},{"office":"director@itc","days":5},{"office":"vr-academic","days":5},{"office":"rector","days":5}]'`)
	s.app.ticker.Look()
	s.settle()
	for range 9 {
		s.later(24 * time.Hour)
	}
	if c := s.loaded(late); c.Office() != "director@itc" {
		t.Errorf("a case that nobody took is %s with %s", c.Status, c.Office())
	}
	if c := s.loaded(reviewed); c.Office() != "director@itc" {
		t.Errorf("a case that was taken is %s with %s", c.Status, c.Office())
	}
	if _, nudged := s.loaded(asked).Latest(dauys.Nudge); !nudged {
		t.Error("who was asked is not reminded")
	}
	s.does(saltanat, asked, dauys.Move{Act: dauys.Answer, Note: "Ответ", Outcome: dauys.Refused})
	if c := s.loaded(asked); c.Until.Before(s.clock.Now().AddDate(0, 0, 5)) {
		t.Errorf("an answer can be disagreed with until %s", c.Until)
	}
}
