package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/handlers"
	"alt.edu.kz/dauys/storage"
)

var probes = flag.Int("probes", 150, "how many presses TestProbes tries")

// TestProbes tries buttons at random: of every kind, for every case, by everybody, in every chat, whole and
// broken. Who may not act for the office that has a case moves nothing and begins nothing; a right comes
// only from being in the chat of an office that lets its members act.
func TestProbes(t *testing.T) {
	t.Parallel()
	s := newStage(t, steady)
	ctx, h, db := t.Context(), s.app.handlers, s.app.db
	const foreign = int64(-1002000000003)
	s.sim.AddGroup(foreign, "Чужая группа", zarina, dima)
	people := []int64{aigerim, dima, zarina, igor, saltanat, gulnar, marat, ainur, sergey, darkhan}
	var numbers []string
	for i, institute := range []string{"itc", "ilb", "itc", "itc"} {
		numbers = append(numbers, s.register([]int64{aigerim, dima}[i%2], institute))
	}
	chats := []int64{foreign}
	for _, o := range []dauys.OfficeID{"deputy@itc", "deputy@ilb", "director@itc", "vr-academic", "rector", "desw", "reception", "social-council"} {
		chats = append(chats, s.chats[o])
	}
	s.press(saltanat, s.chats["deputy@itc"], "Принять в работу")
	s.sim.Leave(s.chats["deputy@itc"], saltanat) // an old member with her cards
	s.settle()

	random := rand.New(rand.NewPCG(*seed, 5))
	acts := []string{"take", "answer", "ask", "unask", "transcribe", "escalate", "extend", "transfer", "redirect", "giveback", "inspect", "decide", "invite",
		"redact", "handover", "mediate", "recommend", "approve", "return", "note", "close", "withdraw", "register"}
	shapes := []string{"s:%[1]s:%[2]s", "s:%[1]s:%[2]s:1", "v:%[1]s:%[2]s", "n:%[2]s", "n:%[1]s:%[2]s", "g:%[1]s:%[2]s", "k:%[1]s:reception.2026-11-23", "k:%[1]s:reception.2026-11-23:1:1",
		"r:%[1]s:%[2]s", "e:%[1]s:1", "u:%[1]s:%[2]s", "p:%[2]s:a:x:1:send:", "j:%[1]s", "w:%[2]s", "c:%[2]s:%[1]s", "o:%[2]s:yes", "s:%[2]s:%[1]s"}
	versions := map[string]int64{}
	for _, number := range numbers {
		versions[number] = s.loaded(number).Version
	}
	pick := func(of []string) string { return of[random.IntN(len(of))] }
	moved, begun := 0, 0
	for n := range *probes {
		who, number := people[random.IntN(len(people))], pick(numbers)
		chat := who
		if random.IntN(4) > 0 {
			chat = chats[random.IntN(len(chats))]
		}
		data := fmt.Sprintf(pick(shapes), pick(acts), number)
		if random.IntN(2) == 0 { // mostly the buttons that there are
			data = "s:" + pick(acts[:12]) + ":" + number
		}
		if n%5 == 0 { // one who may, so that the others find something to press for
			who, chat, number = igor, s.chats["deputy@itc"], numbers[0]
			data = "s:" + []string{"take", "ask", "giveback"}[n/5%3] + ":" + number
		}
		switch random.IntN(8) {
		case 0:
			cut := random.IntN(len(data) + 1)
			data = data[:cut] + string(rune(random.IntN(0x3000))) + data[cut:]
		case 1:
			data = data[:random.IntN(len(data)+1)]
		}
		in := handlers.Input{Update: fmt.Sprint("probe", n), From: telegramAddress(who), Chat: telegramAddress(chat), Private: chat == who,
			Name: fmt.Sprint("P", who), Message: fmt.Sprint(1 + random.IntN(40)), Press: data}
		was := s.loaded(number)
		if was.Version != versions[number] {
			t.Fatalf("before probe %d: %s was moved, and nobody pressed for it: %+v", n, number, was.Events[len(was.Events)-1])
		}
		open, err := db.OpenPrompts(ctx, in.Chat, in.From)
		s.do(err)
		if _, err := h.Office(ctx, in); err != nil {
			t.Fatalf("probe %d: %q by %d in %d: %v", n, data, who, chat, err)
		}
		if c := s.loaded(number); c.Version != was.Version {
			versions[number] = c.Version
			if moved++; !s.mayActHere(was, who, chat) {
				t.Fatalf("probe %d: %q by %d in %d moved %s: %+v", n, data, who, chat, number, c.Events[len(c.Events)-1])
			}
		}
		now, err := db.OpenPrompts(ctx, in.Chat, in.From)
		s.do(err)
		for _, p := range now {
			if p.Case != "" && !slices.ContainsFunc(open, func(o storage.Prompt) bool { return o.ID == p.ID }) {
				if begun++; !s.mayActHere(s.loaded(p.Case), who, chat) {
					t.Fatalf("probe %d: %q by %d in %d began %s of %s", n, data, who, chat, p.Act, p.Case)
				}
			}
		}
	}
	if moved == 0 || begun == 0 {
		t.Errorf("%d moves and %d questions: nothing was tried", moved, begun)
	}
	for _, who := range people {
		rights, err := db.StaffOf(ctx, telegramAddress(who), s.clock.Now())
		s.do(err)
		for _, r := range rights {
			chat, err := db.ChatOf(ctx, r.Office)
			s.do(err)
			member, err := h.Members.Member(ctx, chat, r.Address)
			s.do(err)
			o, _ := s.app.university.Office(r.Office)
			if !r.ViaChat || !o.Members || !member {
				t.Errorf("%d acts for %s: %+v", who, r.Office, r)
			}
		}
	}
}

// mayActHere is who may act in a case by pressing in a chat, told in another way than the handlers do: a
// right that is there, or being in the very chat of the office, if it takes its members for staff.
func (s *stage) mayActHere(c *dauys.Case, who, chat int64) bool {
	s.t.Helper()
	if slices.Contains(s.rightsOf(who), c.Office()) {
		return true
	}
	o, _ := s.app.university.Office(c.Office())
	if !o.Members || s.chats[c.Office()] != chat {
		return false
	}
	member, err := s.app.handlers.Members.Member(s.t.Context(), telegramAddress(chat), telegramAddress(who))
	s.do(err)
	return member
}
