package main

import (
	"html"
	"strings"
	"testing"
	"unicode/utf16"

	"alt.edu.kz/dauys"
)

// visible is how many characters Telegram counts in a text.
func visible(text string) int {
	return len(utf16.Encode([]rune(html.UnescapeString(tags.ReplaceAllString(text, "")))))
}

// TestTheLongestCard: a card is one message, whatever everybody has written: an edit that does not fit
// would lose what stands last.
func TestTheLongestCard(t *testing.T) {
	s := newStage(t)
	s.seat(saltanat, "deputy@itc")
	s.seat(gulnar, "director@itc")
	words := func(n int) string { return strings.Repeat("сөз ", n/4) }
	ctx, now, cal := t.Context(), s.clock.Now(), &s.app.university.Calendar
	d := dauys.Draft{ID: "longest", Kind: dauys.Complaint, Institute: "itc", Topic: "marks", Text: words(6000), Group: "ИС-21-1", Helper: words(120), Original: words(6000),
		Applicant: dauys.Applicant{Address: telegramAddress(dima), Name: words(120), Standing: dauys.AsStudent, Lang: dauys.Kazakh},
		Details:   []dauys.Detail{{Question: "request.group", Text: words(20)}}, Files: []dauys.File{{Ref: "v", Kind: "voice", Spoken: true}, {Ref: "f", Kind: "photo"}}}
	way, err := s.app.university.Route(d.Request())
	if err != nil {
		t.Fatal(err)
	}
	c := way.Open(d, s.app.university, now)
	staff := dauys.Staff{ID: 1, Address: telegramAddress(saltanat), Name: words(100)}
	for _, m := range []dauys.Move{
		{Act: dauys.Transcribe, By: dauys.TheOffice, Note: words(4000)},
		{Act: dauys.Escalate, By: dauys.TheOffice, Note: words(1000), Details: []dauys.Detail{{Question: "handup.told", Text: words(300)}}},
		{Act: dauys.Take, By: dauys.TheOffice},
		{Act: dauys.Answer, By: dauys.TheOffice, Note: words(3000), Outcome: dauys.Explained},
		{Act: dauys.Delivered, By: dauys.TheMessenger},
		{Act: dauys.Rate, By: dauys.TheApplicant, Mark: 1, Note: words(1000)},
	} {
		m.At = now
		if m.By == dauys.TheOffice {
			m.Staff = staff
		}
		if err := c.Do(m, cal); err != nil {
			t.Fatal(err)
		}
	}
	stored, _, err := s.app.db.File(ctx, c)
	if err != nil {
		t.Fatal(err)
	}
	for _, office := range []dauys.OfficeID{"deputy@itc", "director@itc"} {
		r, _, err := s.app.handlers.Card(ctx, stored.Number, office)
		if err != nil {
			t.Fatal(err)
		}
		if n := visible(r.Text); n > 4096 {
			t.Errorf("the card of %s has %d characters", office, n)
		}
	}
}

// TestPagesOfTheProcedure: a page is turned by an edit, so that it has to be one message.
func TestPagesOfTheProcedure(t *testing.T) {
	s := newStage(t)
	for _, who := range []int64{aigerim, dima, amina} {
		s.speak(who, map[int64]string{aigerim: "Қазақша", dima: "Русский", amina: "English"}[who])
		s.say(who, who, "/procedure")
		for _, text := range s.said(who) {
			if n := visible(text); n > 3000 {
				t.Errorf("a message has %d characters", n)
			}
		}
	}
}
