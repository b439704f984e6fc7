package main

import (
	"strings"
	"testing"

	"alt.edu.kz/dauys/notices"
	"alt.edu.kz/dauys/registrar"
)

// TestUnreachable shows the registrar whom the bot cannot write to, and administrators what was given up.
func TestUnreachable(t *testing.T) {
	s := newStage(t)
	registrars := s.chats["registrar"]
	last := func(chat int64) string {
		t.Helper()
		s.settle()
		all, text := s.sim.Messages(chat), ""
		for _, m := range all[max(0, len(all)-2):] {
			text += m.Text
			if m.File != nil {
				text += " {" + m.File.Name + "}"
			}
		}
		return text
	}
	say := func(who, chat int64, text string) {
		t.Helper()
		if _, err := s.sim.Say(who, chat, text); err != nil {
			t.Fatal(err)
		}
	}
	wants := func(what, got string, words ...string) {
		t.Helper()
		for _, w := range words {
			if !strings.Contains(got, w) {
				t.Errorf("%s: %q lacks %q", what, got, w)
			}
		}
	}
	for _, who := range []int64{dima, darkhan} {
		say(who, who, "/start")
		s.settle()
		m, _ := s.sim.Last(who)
		if err := s.sim.Press(who, who, m.ID, "Русский"); err != nil {
			t.Fatal(err)
		}
		s.settle()
	}
	s.record("student")
	s.linked(dima, "20230002")
	say(ainur, registrars, "/unreachable")
	wants("nobody", last(registrars), "Я могу написать всем")
	say(darkhan, darkhan, "/failed")
	wants("nothing", last(darkhan), "всё отправлено")

	s.sim.Block(dima)
	s.settle()
	s.publish("m1", registrar.EntryOf(registrar.Marks, registrar.Fields{"student": "20230002", "group": "ИС-23-1", "year": "2026-2027", "semester": "1", "discipline": "NEW1", "title": "Новое", "control": "rc1", "score": "77"}))
	s.settle()
	say(ainur, registrars, "/unreachable")
	wants("one", last(registrars), "не могу написать: 1", "20230002", "новостей ждёт: 1", ".xlsx")
	say(saltanat, s.chats[deputyOffice], "/unreachable")
	if got := last(s.chats[deputyOffice]); strings.Contains(got, "20230002") {
		t.Errorf("another office is told: %q", got)
	}

	// Nobody has told that they are back: they write, and that is enough.
	ctx, db := t.Context(), s.app.db
	s.sim.Unblock(dima)
	s.settle()
	if got := last(dima); !strings.Contains(got, "77") {
		t.Errorf("after a return: %q", got)
	}
	if err := db.SetUnreachable(ctx, telegramAddress(dima), true, s.clock.Now()); err != nil {
		t.Fatal(err)
	}
	if err := s.app.handlers.LearnGone(ctx); err != nil {
		t.Fatal(err)
	}
	say(dima, dima, "/menu")
	s.settle()
	if gone, err := db.Unreachable(ctx, telegramAddress(dima)); gone || err != nil {
		t.Errorf("who writes cannot be reached: %v", err)
	}
	s.sim.Block(dima)
	s.settle()
	s.publish("m2", registrar.EntryOf(registrar.Marks, registrar.Fields{"student": "20230002", "group": "ИС-23-1", "year": "2026-2027", "semester": "1", "discipline": "NEW2", "title": "Новое", "control": "rc1", "score": "78"}))
	s.settle()
	if err := db.AddPlan(ctx, notices.Plan{ID: "job/none", Source: notices.Job, Ref: "none", At: s.clock.Now(), Start: s.clock.Now()}); err != nil {
		t.Fatal(err)
	}
	s.settle() // it fails, and waits
	p, err := db.Plan(ctx, "job/none")
	if err != nil || p.Tries == 0 || !p.Start.After(s.clock.Now()) {
		t.Fatalf("a plan that nobody knows how to tell: %+v, %v", p, err)
	}
	due, err := db.NewsDue(ctx, telegramAddress(dima), s.clock.Now(), 10)
	if err != nil || len(due) != 1 {
		t.Fatalf("%d news wait, %v", len(due), err)
	}
	due[0].State, due[0].Why = notices.Failed, "no words"
	if _, err := db.EndNews(ctx, telegramAddress(dima), due, s.clock.Now()); err != nil {
		t.Fatal(err)
	}
	say(darkhan, darkhan, "/failed")
	wants("what failed", last(darkhan), "job/none", "nobody knows how to tell", "import/m2: 1", "no words")
}
