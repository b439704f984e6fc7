package main

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"
	"testing"

	"alt.edu.kz/dauys/registrar"
)

// marker is what stands in buttons for a name, as the handlers make it.
func marker(name string) string {
	sum := sha256.Sum256([]byte(name))
	return hex.EncodeToString(sum[:5])
}

// key is a message that stands there instead of its words.
var key = regexp.MustCompile(`\b(record|issued|menu)\.[a-z-]+`)

// TestOwnRecordOnly sends what no app would send: buttons with what is kept of somebody else, and buttons
// with anything. A student sees nothing of another one, and nothing breaks.
func TestOwnRecordOnly(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.record("student")
	s.linked(aigerim, "20230001")
	s.enter(aigerim, "Русский")
	m := s.say(aigerim, aigerim, "/record")
	if !strings.Contains(m.Text, "Сәрсенова") || !m.Protected {
		t.Fatalf("the first screen is %+v", m)
	}
	another := marker("20230002|surname|11-С|2026-02-02")
	for _, data := range []string{
		"q3:ord:" + another, "q3:fix:" + another, "q3:object:" + another,
		"q3:mark:2025-2026:2:" + marker("DBS1"), "q3:appeal:2026-2027:1:" + marker("DBS1") + ":exam", "q3:appeal:2026-2027:1:" + marker("NET1") + ":exam", "q3:fixmark:2025-2026:1:x",
		"q3:term:2025-2026:3", "q3:sum:::", "q3:sum", "q3:term", "q3:mark", "q3:ord", "q3:fix", "q3:appeal:x", "q3:nothing", "q3:", "q3::",
		"q3:table:2030-2031:1:0", "q3:table", "q3:table:2024-2025:1:-9", "q3:all:99999999999999999999", "q3:all:-1", "q3:how:nothing", "q3:how:grants", "q3:ords:77", "q3:exams:77",
		"q3:debts:-3", "q3:mine:44", "q3:prog:-1", "q3:elect:9", "q3:comp:9", "q3:final:1", "q3:adm:1:2:3", "q3:year:x",
	} {
		s.forge(aigerim, aigerim, m.ID, data)
		text := s.last(aigerim).Text
		for _, secret := range []string{"Кимов", "Дмитрий", "20230002", "Амина"} {
			if strings.Contains(text, secret) {
				t.Errorf("%s shows %s of somebody else: %s", data, secret, text)
			}
		}
		if key.MatchString(text) || strings.Contains(text, "{{") || strings.Contains(text, "<no value>") {
			t.Errorf("%s shows what is no word: %s", data, text)
		}
	}
	// Somebody who is linked with nobody is asked for a code, whatever they press.
	s.enter(dima, "Русский")
	s.forge(dima, dima, 1, "q3:all:0")
	if text := s.last(dima).Text; strings.Contains(text, "Сәрсенова") || !strings.Contains(text, "код") {
		t.Errorf("a stranger sees: %s", text)
	}
}

// TestOrderCards shows an order of every kind in every language: each has a name, what it means and what to do.
func TestOrderCards(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.record("student")
	var all []registrar.Entry
	for _, k := range registrar.OrderKinds {
		all = append(all, registrar.EntryOf(registrar.Orders, registrar.Fields{"student": "20230001", "kind": k.Word, "number": "7-С", "date": "2026-11-02", "from": "2026-12-01",
			"until": "2027-01-31", "basis": "протокол", "reason": "себеп", "was": "А", "becomes": "Б", "amount": "100.5", "deadline": "2027-02-01", "prepared": "Омарова С."}))
	}
	s.publish("orders", all...)
	s.linked(aigerim, "20230001")
	s.enter(aigerim, "Қазақша")
	for _, l := range []string{"kk", "ru", "en"} {
		s.forge(aigerim, aigerim, 1, "l:"+l)
		seen := map[string]bool{}
		for _, e := range all {
			m := s.say(aigerim, aigerim, "/record")
			s.forge(aigerim, aigerim, m.ID, "q3:ord:"+marker(e.Key))
			text := s.last(aigerim).Text
			if !strings.Contains(text, "7-С") || !strings.Contains(text, "Омарова С.") || strings.Count(text, "\n\n") < 5 || key.MatchString(text) || strings.Contains(text, "{{") {
				t.Errorf("%s in %s: %s", e.Fields["kind"], l, text)
			}
			head, _, _ := strings.Cut(text, "\n")
			if seen[head] {
				t.Errorf("%s in %s is called as another: %s", e.Fields["kind"], l, head)
			}
			seen[head] = true
		}
	}
}
