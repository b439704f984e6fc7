package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/handlers"
	"alt.edu.kz/dauys/notices"
)

func TestNoticesOfAChatKeepTheirOrder(t *testing.T) {
	bubble(t, func(t *testing.T, s *stage) {
		for n := range 5 {
			s.outbox.put(ready(aigerim, fmt.Sprint(n)), ready(office, fmt.Sprint(n)))
		}
		s.outbox.put(direct(ready(office, "direct 1")), direct(ready(office, "direct 2")))
		s.storage.open(t, "ALT-2026-000001")
		s.outbox.want("ALT-2026-000001", office)
		s.sender()
		s.until(time.Minute)
		s.wantTold(aigerim, "0", "1", "2", "3", "4")
		got := s.told(office)
		if want := []string{"direct 1", "direct 2", got[2], "0", "1", "2", "3", "4"}; !slices.Equal(got, want) || !strings.Contains(got[2], "ALT-2026-000001") {
			t.Errorf("the office was told %q", got)
		}
		s.outbox.wantDone()
	})
}

// What cannot be sent because of the messenger holds up what was caused later in the same
// chat, and nothing else.
func TestTroubleKeepsTheOrderOfAChat(t *testing.T) {
	bubble(t, func(t *testing.T, s *stage) {
		n := 0
		s.wire.fail = func(to dauys.Address, r ask.Reply) error {
			if n++; r.Text == "first" && time.Since(s.begun) < 5*time.Second {
				return errTrouble
			}
			return nil
		}
		s.outbox.put(ready(aigerim, "first"), ready(aigerim, "second"), ready(dima, "other"), direct(ready(aigerim, "direct")))
		s.sender()
		s.until(time.Second)
		s.wantTold(dima, "other")
		s.wantTold(aigerim, "direct")
		s.until(time.Minute)
		s.wantTold(aigerim, "direct", "first", "second")
		if n > 12 {
			t.Errorf("tried %d times", n)
		}
		s.outbox.wantDone()
	})
}

// One that the messenger never takes must not hold up the others for ever.
func TestANoticeToBlameLetsTheOthersPass(t *testing.T) {
	for name, err := range map[string]error{"trouble": errTrouble, "refused": &SendError{Failure: Refused}} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T, s *stage) {
				s.wire.fail = func(_ dauys.Address, r ask.Reply) error {
					if r.Text == "bad" {
						return err
					}
					return nil
				}
				s.outbox.put(ready(aigerim, "bad"), ready(aigerim, "good"))
				s.sender()
				s.until(10 * time.Minute)
				s.wantTold(aigerim, "good")
				if waiting, failed := s.outbox.left(); waiting+failed != 1 || (failed == 1) != (name == "refused") {
					t.Errorf("%d wait, %d were given up", waiting, failed)
				}
				if n := s.wire.count(); n > 40 {
					t.Errorf("tried %d times", n)
				}
			})
		})
	}
}

func TestANoticeWithoutWordsIsGivenUp(t *testing.T) {
	bubble(t, func(t *testing.T, s *stage) {
		s.outbox.put(
			dauys.Notification{To: aigerim, What: dauys.Ready, Body: "no JSON"},
			dauys.Notification{To: aigerim, What: dauys.Receipt, Case: "ALT-2026-000009"}, // no such case
			dauys.Notification{To: aigerim, What: "unheard of"},
			ready(aigerim, "good"),
		)
		s.sender()
		s.until(5 * time.Minute)
		s.wantTold(aigerim, "good")
		if waiting, failed := s.outbox.left(); waiting != 0 || failed != 3 {
			t.Errorf("%d wait, %d were given up", waiting, failed)
		}
	})
}

// News for which there are no words at all, whatever the reason, are given up as others are, and do not come
// again for ever.
func TestNewsWithoutWordsAreGivenUp(t *testing.T) {
	bubble(t, func(t *testing.T, s *stage) {
		s.outbox.news = []notices.News{{ID: 1}, {ID: 2}}
		s.outbox.put(dauys.Notification{To: aigerim, What: dauys.Letterbox}, ready(aigerim, "good"))
		s.sender() // the storage knows nothing of news
		s.until(5 * time.Minute)
		s.wantTold(aigerim, "good")
		if n := s.outbox.ended; len(n) != 2 || n[0].State != notices.Failed || n[1].Why == "" {
			t.Errorf("given up: %+v", n)
		}
		s.outbox.wantDone()
	})
}

// What the applicant can never be told, the office is.
func TestAnAnswerThatIsRefusedIsToldToTheOffice(t *testing.T) {
	bubble(t, func(t *testing.T, s *stage) {
		c := answered(t, s)
		s.wire.fail = failing(1000, &SendError{Failure: Refused})
		s.outbox.put(dauys.Notification{Key: "a", To: aigerim, What: dauys.Answered, Case: c.Number, Event: 2})
		s.sender()
		s.until(5 * time.Minute)
		if got := s.storage.did; len(got) != 1 || !strings.HasPrefix(got[0], string(dauys.Undeliverable)) {
			t.Errorf("done to the case: %q, want that it is undeliverable, once", got)
		}
	})
}

// answered is a case with an answer as its second event.
func answered(t *testing.T, s *stage) *dauys.Case {
	t.Helper()
	c := s.storage.open(t, "ALT-2026-000001")
	c.Events = append(c.Events, dauys.Event{At: monday, Act: dauys.Answer, Office: deputy, Outcome: dauys.Outcomes[0], Note: "The lecture is back."})
	return c
}

func TestAPanickingNoticeKillsNobody(t *testing.T) {
	bubble(t, func(t *testing.T, s *stage) {
		s.wire.fail = func(_ dauys.Address, r ask.Reply) error {
			if r.Text == "bad" {
				panic("somebody wrote this")
			}
			return nil
		}
		s.outbox.put(ready(aigerim, "bad"), ready(dima, "good"))
		s.sender()
		s.until(5 * time.Minute)
		s.wantTold(dima, "good")
		if _, failed := s.outbox.left(); failed != 1 {
			t.Errorf("%d were given up", failed)
		}
	})
}

// An outage of the database is nobody's fault, however long it is.
func TestAnOutageOfTheDatabaseLosesNothing(t *testing.T) {
	bubble(t, func(t *testing.T, s *stage) {
		c := s.storage.open(t, "ALT-2026-000001")
		s.outbox.put(dauys.Notification{To: aigerim, What: dauys.Receipt, Case: c.Number, Event: 1}, ready(dima, "other"))
		s.storage.down = true
		s.sender()
		s.until(30 * time.Minute)
		if waiting, failed := s.outbox.left(); waiting != 1 || failed != 0 {
			t.Errorf("%d wait, %d were given up", waiting, failed)
		}
		s.change(func() { s.storage.down = false })
		s.until(31 * time.Minute)
		if s.heard(aigerim, "ALT-2026-000001") != 1 {
			t.Errorf("told %q", s.told(aigerim))
		}
		s.outbox.wantDone()
	})
}

// What was sent is noted when that is possible again, and does not leave again.
func TestWhatWasSentIsNotedInTheEnd(t *testing.T) {
	bubble(t, func(t *testing.T, s *stage) {
		s.outbox.noting = func() error {
			if time.Since(s.begun) < 10*time.Minute {
				return dauys.ErrUnavailable
			}
			return nil
		}
		s.outbox.put(ready(aigerim, "one"), ready(aigerim, "two"))
		s.sender()
		s.until(11 * time.Minute)
		s.wantTold(aigerim, "one", "two")
		s.outbox.wantDone()
	})
}

func TestAQuestionRemembersItsMessage(t *testing.T) {
	bubble(t, func(t *testing.T, s *stage) {
		s.wire.cut = inWords
		wording := func(prompt string) dauys.Notification {
			body, _ := json.Marshal(handlers.Wording{Prompt: prompt, Reply: ask.Reply{Text: "long question"}})
			return dauys.Notification{To: office, What: dauys.Wording, Body: string(body), Direct: true}
		}
		s.outbox.put(wording("p1"), wording("gone"))
		s.sender()
		s.until(time.Minute)
		if want := []string{"p1 1001"}; !slices.Equal(s.outbox.prompts, want) { // that of the last part, which opens the field
			t.Errorf("remembered %q, want %q", s.outbox.prompts, want)
		}
		s.wantTold(office, "long", "question", "long", "question")
		s.outbox.wantDone()
	})
}

// papers is a notice of several messages that answer the card.
func papers(number string) dauys.Notification {
	return dauys.Notification{To: office, Office: deputy, What: dauys.Papers, Case: number, Event: 1}
}

func TestPartsOfANoticeLeaveOnce(t *testing.T) {
	bubble(t, func(t *testing.T, s *stage) {
		s.wire.cut = inWords
		n := 0
		s.wire.fail = func(_ dauys.Address, r ask.Reply) error {
			n++
			switch {
			case r.Text == "two" && n < 4:
				return errTrouble
			case r.Text == "three" && n < 7:
				return &SendError{Failure: TooFast, After: 3 * time.Second}
			case r.Text == "five":
				return &SendError{Failure: Refused}
			}
			return nil
		}
		s.outbox.put(ready(aigerim, "one two three four five six"), ready(aigerim, "next"))
		s.sender()
		s.until(10 * time.Minute)
		got := s.told(aigerim)
		slices.Sort(got)
		if want := []string{"four", "next", "one", "six", "three", "two"}; !slices.Equal(got, want) {
			t.Errorf("told %q", s.told(aigerim))
		}
		if _, failed := s.outbox.left(); failed != 1 {
			t.Error("a notice of which a part was refused is not marked so")
		}
	})
}

func TestWhatRefersToACardComesAfterIt(t *testing.T) {
	bubble(t, func(t *testing.T, s *stage) {
		c := s.storage.open(t, "ALT-2026-000001")
		s.outbox.put(papers(c.Number))
		s.sender()
		s.until(time.Minute)
		if len(s.wire.all()) != 0 {
			t.Errorf("sent %q before the card", s.told(office))
		}
		s.outbox.want(c.Number, office)
		s.until(65 * time.Second)
		sent := s.wire.all()
		if len(sent) != 2 || sent[1].reply.To != sent[0].id {
			t.Fatalf("sent %+v", sent)
		}
		s.outbox.wantDone()
	})
}

func TestChangesInABurstAreOneEdit(t *testing.T) {
	bubble(t, func(t *testing.T, s *stage) {
		c := s.storage.open(t, "ALT-2026-000001")
		r, _ := s.sender()
		change := func(n int) {
			for range n {
				s.outbox.want(c.Number, office)
				r.Wake()
			}
		}
		change(1)
		s.until(time.Minute)
		s.change(func() {
			s.wire.takes = func(dauys.Address) time.Duration { return 300 * time.Millisecond }
		})
		change(10)
		s.until(time.Minute + 100*time.Millisecond)
		change(10) // while the edit is on its way
		s.until(time.Minute + 900*time.Millisecond)
		sent := s.wire.all()
		if len(sent) != 3 || sent[1].reply.Edit != sent[0].id || sent[2].reply.Edit != sent[0].id {
			t.Fatalf("%d messages, want the card and two edits: %+v", len(sent), sent)
		}
		if card := s.outbox.cards[0]; card.shown != card.want {
			t.Errorf("the card shows version %d of %d", card.shown, card.want)
		}
	})
}

func TestUnreachableAndBack(t *testing.T) {
	bubble(t, func(t *testing.T, s *stage) {
		c := answered(t, s)
		s.wire.fail = func(to dauys.Address, _ ask.Reply) error {
			if to == aigerim {
				return &SendError{Failure: Unreachable}
			}
			return nil
		}
		s.outbox.put(dauys.Notification{Key: "a", To: aigerim, What: dauys.Answered, Case: c.Number, Event: 2}, ready(aigerim, "more"), ready(dima, "other"))
		r, _ := s.sender()
		s.until(time.Hour)
		if n := s.wire.count(); n > 3 {
			t.Errorf("tried %d times to reach who cannot be", n)
		}
		if got := s.storage.did; len(got) != 1 || !strings.HasPrefix(got[0], string(dauys.Undeliverable)) {
			t.Errorf("done to the case: %q, want that it is undeliverable, once", got)
		}
		s.change(func() { s.wire.fail = nil })
		s.change(func() { s.outbox.unreachable[aigerim] = false })
		r.Wake()
		s.until(time.Hour + time.Minute)
		if got := s.told(aigerim); len(got) != 2 || got[1] != "more" {
			t.Errorf("told %q", got)
		}
		s.outbox.wantDone()
	})
}

func TestAMovedChatIsFollowed(t *testing.T) {
	bubble(t, func(t *testing.T, s *stage) {
		c := s.storage.open(t, "ALT-2026-000001")
		s.wire.fail = func(to dauys.Address, _ ask.Reply) error {
			if to == office {
				return &SendError{Failure: Moved, To: other}
			}
			return nil
		}
		s.outbox.want(c.Number, office)
		s.outbox.put(ready(office, "one"), ready(office, "two"))
		s.sender()
		s.until(time.Minute)
		if got := s.told(other); len(got) != 3 || !slices.Equal(got[1:], []string{"one", "two"}) {
			t.Errorf("the new chat was told %q", got)
		}
		s.outbox.wantDone()
	})
}

// A chat of strangers is left, if need be after trouble; one that has become an office's is not.
func TestLeaving(t *testing.T) {
	bubble(t, func(t *testing.T, s *stage) {
		s.wire.fail = failing(2, errTrouble)
		s.storage.offices = map[dauys.Address][]dauys.OfficeID{office: {deputy}}
		for _, chat := range []dauys.Address{office, other} {
			s.outbox.put(dauys.Notification{Key: "leaving/" + string(chat), What: dauys.Leaving, To: chat, Direct: true})
		}
		s.sender()
		s.until(time.Minute)
		if !slices.Equal(s.wire.left, []dauys.Address{other}) || len(s.told(other)) > 0 {
			t.Errorf("left %v", s.wire.left)
		}
		s.outbox.wantDone()
	})
}

func TestAClosedChatWaitsAlone(t *testing.T) {
	bubble(t, func(t *testing.T, s *stage) {
		s.wire.fail = func(to dauys.Address, _ ask.Reply) error {
			if to == office && time.Since(s.begun) < time.Hour {
				return &SendError{Failure: Closed, After: 5 * time.Minute}
			}
			return nil
		}
		s.outbox.put(ready(office, "one"), ready(office, "two"), direct(ready(office, "direct")), ready(other, "else"))
		s.sender()
		s.until(time.Minute)
		s.wantTold(other, "else")
		s.until(70 * time.Minute)
		s.wantTold(office, "direct", "one", "two")
		if n := s.wire.count(); n > 20 {
			t.Errorf("tried %d times", n)
		}
		s.outbox.wantDone()
	})
}

// most is the greatest number of messages within a while.
func most(sent []message, while time.Duration, of func(message) bool) (n int) {
	var times []time.Duration
	for _, m := range sent {
		if of(m) {
			times = append(times, m.at)
		}
	}
	for i := range times {
		in := 0
		for _, at := range times[i:] {
			if at < times[i]+while {
				in++
			}
		}
		n = max(n, in)
	}
	return n
}

func TestPace(t *testing.T) {
	bubble(t, func(t *testing.T, s *stage) {
		person := func(n int) dauys.Address { return dauys.Address(fmt.Sprint("telegram:", 1000+n)) }
		for n := range 2000 {
			s.outbox.put(ready(person(n), "broadcast"))
		}
		for n := range 3 {
			s.outbox.put(ready(person(0), fmt.Sprint(n)))
		}
		for n := range 70 {
			s.outbox.put(ready(office, fmt.Sprint(n)))
		}
		r, _ := s.sender()
		s.until(30 * time.Second)
		for n := range 10 { // direct answers wait for nobody
			s.outbox.put(direct(ready(person(1990+n), "direct")))
			r.Wake()
			s.until(30*time.Second + time.Duration(n+1)*100*time.Millisecond)
			if got := s.told(person(1990 + n)); len(got) == 0 || got[0] != "direct" {
				t.Errorf("a direct answer waits: %q", got)
			}
		}
		s.until(10 * time.Minute)
		sent := s.wire.all()
		anybody := func(m message) bool { return m.reply.Text != "direct" }
		if n := most(sent, time.Second, anybody); n > 25 {
			t.Errorf("%d messages in a second", n)
		}
		if n := most(sent, time.Minute, anybody); n < 25*60*95/100 {
			t.Errorf("%d messages in the busiest minute: less than 95%% of what is allowed", n)
		}
		if n := most(sent, time.Minute, func(m message) bool { return m.to == office }); n > 20 || n < 19 {
			t.Errorf("%d messages in a minute to a group", n)
		}
		if n := most(sent, time.Second, func(m message) bool { return m.to == person(0) }); n > 1 {
			t.Errorf("%d messages in a second to a person", n)
		}
		s.outbox.wantDone()
	})
}

func TestEditsAndAlbumsAreCounted(t *testing.T) {
	bubble(t, func(t *testing.T, s *stage) {
		album := ask.Reply{Files: make([]ask.File, 10)}
		body, _ := json.Marshal(album)
		for range 4 {
			s.outbox.put(dauys.Notification{To: office, What: dauys.Ready, Body: string(body)})
		}
		c := s.storage.open(t, "ALT-2026-000001")
		s.outbox.want(c.Number, office)
		s.sender()
		for n := range 200 {
			s.until(time.Duration(n+1) * time.Second)
			s.outbox.want(c.Number, office)
		}
		s.until(10 * time.Minute)
		var messages []message // an album counts as many
		for _, m := range s.wire.all() {
			for range max(1, len(m.reply.Files)) {
				messages = append(messages, m)
			}
		}
		if n := most(messages, time.Minute, func(m message) bool { return m.reply.Edit == "" }); n > 20 {
			t.Errorf("%d messages in a minute", n)
		}
		if n := most(messages, time.Minute, func(m message) bool { return m.reply.Edit != "" }); n > 20 || n < 15 {
			t.Errorf("%d edits in a minute", n)
		}
		s.outbox.wantDone()
	})
}

func TestTooFast(t *testing.T) {
	tooFast := &SendError{Failure: TooFast, After: time.Minute}
	t.Run("one chat", func(t *testing.T) {
		bubble(t, func(t *testing.T, s *stage) {
			failed := false
			s.wire.fail = func(to dauys.Address, _ ask.Reply) error {
				if to == aigerim && !failed {
					failed = true
					return tooFast
				}
				return nil
			}
			s.outbox.put(ready(aigerim, "one"), direct(ready(aigerim, "direct")), ready(dima, "other"))
			s.sender()
			s.until(59 * time.Second)
			s.wantTold(aigerim)
			s.wantTold(dima, "other")
			if s.wire.count() != 2 {
				t.Errorf("tried %d times", s.wire.count())
			}
			s.until(70 * time.Second)
			s.wantTold(aigerim, "direct", "one")
			s.outbox.wantDone()
		})
	})
	t.Run("the whole bot", func(t *testing.T) {
		bubble(t, func(t *testing.T, s *stage) {
			s.wire.fail = func(dauys.Address, ask.Reply) error {
				if time.Since(s.begun) < 50*time.Second {
					return tooFast
				}
				return nil
			}
			for n := range 100 {
				s.outbox.put(ready(dauys.Address(fmt.Sprint("telegram:", n)), "all"))
			}
			s.sender()
			s.until(59 * time.Second)
			if n := s.wire.count(); n > 2*atOnce {
				t.Errorf("tried %d times although the whole bot was told to wait", n)
			}
			s.until(10 * time.Minute)
			s.outbox.wantDone()
		})
	})
	t.Run("two that write too much slow nobody else", func(t *testing.T) {
		bubble(t, func(t *testing.T, s *stage) {
			s.wire.fail = func(to dauys.Address, _ ask.Reply) error {
				if n := s.heard(to, "flood"); n >= 3 {
					return tooFast
				}
				return nil
			}
			for range 5 {
				s.outbox.put(direct(ready(aigerim, "flood")), direct(ready(dima, "flood")))
			}
			r, _ := s.sender()
			s.until(10 * time.Second)
			s.outbox.put(ready(igor, "other"))
			r.Wake()
			s.until(11 * time.Second)
			s.wantTold(igor, "other")
		})
	})
}

// Sixteen chats on which the messenger hangs hold up neither direct answers nor, when they
// are done, anybody else.
func TestSlowChatsHoldUpNoDirectAnswer(t *testing.T) {
	bubble(t, func(t *testing.T, s *stage) {
		s.wire.takes = func(to dauys.Address) time.Duration {
			if to == aigerim || to == dima {
				return 0
			}
			return 30 * time.Second
		}
		for n := range atOnce {
			s.outbox.put(ready(dauys.Address(fmt.Sprint("telegram:", n)), "slow"))
		}
		r, _ := s.sender()
		s.until(time.Second)
		s.outbox.put(ready(dima, "paced"), direct(ready(aigerim, "direct")))
		r.Wake()
		s.until(1100 * time.Millisecond)
		s.wantTold(aigerim, "direct")
		s.until(40 * time.Second)
		s.wantTold(dima, "paced")
		s.outbox.wantDone()
	})
}

// The messages of one long notice leave at the pace of their chat; that costs no other chat
// its turn.
func TestLongNoticesTakeNobodysTurn(t *testing.T) {
	bubble(t, func(t *testing.T, s *stage) {
		s.wire.cut = inWords
		for n := range 2 * atOnce {
			s.outbox.put(ready(dauys.Address(fmt.Sprint("telegram:-", n+5)), strings.Repeat("word ", 30)))
		}
		r, _ := s.sender()
		s.until(30 * time.Second) // all of these groups have had their twenty
		s.outbox.put(ready(aigerim, "short"))
		r.Wake()
		s.until(31 * time.Second)
		s.wantTold(aigerim, "short")
		s.until(5 * time.Minute)
		s.outbox.wantDone()
	})
}

func TestEverybodyHasTheirTurn(t *testing.T) {
	bubble(t, func(t *testing.T, s *stage) {
		person := func(n int) dauys.Address { return dauys.Address(fmt.Sprint("telegram:", 1000+n)) }
		for range 5 {
			for n := range 300 {
				s.outbox.put(ready(person(n), "news"))
			}
		}
		s.sender()
		s.until(13 * time.Second)
		told := map[dauys.Address]int{}
		for _, m := range s.wire.all() {
			told[m.to]++
		}
		if len(told) != 300 {
			t.Errorf("after the time for one message to each, %d of 300 have one", len(told))
		}
	})
}

func TestAStopFinishesWhatIsOnItsWay(t *testing.T) {
	bubble(t, func(t *testing.T, s *stage) {
		s.wire.takes = func(dauys.Address) time.Duration { return 2 * time.Second }
		c := s.storage.open(t, "ALT-2026-000001")
		s.outbox.put(ready(aigerim, "one"), ready(aigerim, "two"), ready(dima, "one"))
		s.outbox.want(c.Number, office)
		_, end := s.sender()
		s.until(time.Second)
		end()
		if d := time.Since(s.begun); d > 4*time.Second {
			t.Errorf("the stop took until %v", d)
		}
		s.wantTold(aigerim, "one")
		s.sender()
		s.until(time.Minute)
		s.wantTold(aigerim, "one", "two")
		s.wantTold(dima, "one")
		if len(s.told(office)) != 1 {
			t.Errorf("the card was shown %d times", len(s.told(office)))
		}
		s.outbox.wantDone()
	})
}

func TestAStopWaitsForNothingThatHangs(t *testing.T) {
	bubble(t, func(t *testing.T, s *stage) {
		s.wire.takes = func(dauys.Address) time.Duration { return time.Hour }
		s.outbox.put(ready(aigerim, "one"))
		_, end := s.sender()
		s.until(time.Second)
		end()
		if d := time.Since(s.begun); d > time.Second+2*lastSend {
			t.Errorf("the stop took until %v", d)
		}
	})
}

func TestTheSenderIsQuietWhenThereIsNothingToDo(t *testing.T) {
	bubble(t, func(t *testing.T, s *stage) {
		r, _ := s.sender()
		s.until(100 * time.Second)
		if s.outbox.looks > 110 {
			t.Errorf("it looked %d times in 100 seconds", s.outbox.looks)
		}
		for n := range 1000 { // a storm of wake-ups
			r.Wake()
			s.until(100*time.Second + time.Duration(n)*time.Millisecond)
		}
		if s.outbox.looks > 170 {
			t.Errorf("it looked %d times, in a second of wake-ups", s.outbox.looks)
		}
		s.change(func() { s.outbox.down = true })
		before := s.outbox.looks
		for n := range 10000 {
			r.Wake()
			s.until(102*time.Second + time.Duration(n)*time.Millisecond)
		}
		if got := s.outbox.looks - before; got > 12 {
			t.Errorf("it looked %d times into an outbox that is away, in ten seconds", got)
		}
	})
}

func TestWakeFindsWhatIsNewAtOnce(t *testing.T) {
	bubble(t, func(t *testing.T, s *stage) {
		r, _ := s.sender()
		s.until(500 * time.Millisecond)
		s.outbox.put(ready(aigerim, "woken"))
		r.Wake()
		s.until(530 * time.Millisecond)
		s.wantTold(aigerim, "woken")
		s.outbox.put(ready(dima, "found")) // by another process
		s.until(1600 * time.Millisecond)
		s.wantTold(dima, "found")
	})
}

// A transaction that began earlier may be stored later: its id is below one that was seen.
func TestWhatWasStoredLateIsFound(t *testing.T) {
	bubble(t, func(t *testing.T, s *stage) {
		s.outbox.put(ready(aigerim, "late"), ready(dima, "early"))
		s.outbox.rows[0].After = monday.Add(3 * time.Second)
		s.sender()
		s.until(2 * time.Second)
		s.wantTold(dima, "early")
		s.until(10 * time.Second)
		s.wantTold(aigerim, "late")
	})
}

func TestPauses(t *testing.T) {
	bubble(t, func(t *testing.T, s *stage) {
		set := Settings{}.WithDefaults()
		p := newPacer(set, time.Now)
		for n := range 3 * fewLanes {
			p.try(load{to: dauys.Address(fmt.Sprint("telegram:", n)), direct: true})
			time.Sleep(20 * time.Millisecond)
		}
		if n := len(p.chats); n > 2*fewLanes {
			t.Errorf("%d lanes are kept", n)
		}
		p.slow(aigerim, time.Hour)
		for n := range 3 * fewLanes {
			p.try(load{to: dauys.Address(fmt.Sprint("telegram:", n)), direct: true})
			time.Sleep(10 * time.Millisecond)
		}
		if ok, _ := p.try(load{to: aigerim, direct: true}); ok {
			t.Error("a pause was forgotten")
		}
		if ok, _ := p.try(load{to: dima, direct: true}); !ok {
			t.Error("a pause of one chat holds for another")
		}
		p.slow(dima, time.Minute) // nothing explains either: it is meant for the whole bot
		if ok, at := p.try(load{to: igor, direct: true}); ok || at != time.Now().Add(time.Minute) {
			t.Errorf("a pause of the whole bot: %v %v", ok, at)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := p.wait(ctx, load{to: igor, direct: true}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("waiting ended with %v", err)
		}
	})
}

// Both of one process know of a pause.
func TestIntakeAndSenderShareTheirPauses(t *testing.T) {
	bubble(t, func(t *testing.T, s *stage) {
		r, _ := s.sender()
		i := &Intake{Handlers: s.handlers, Sessions: s.sessions, Updates: s.updates, Messenger: s.wire, Decode: decode, Clock: s.clock, Sender: r}
		ctx, cancel := context.WithCancel(t.Context())
		stop := i.Start(ctx)
		defer stop()
		defer cancel()
		r.pace.slow(aigerim, time.Minute)
		take(t, i, said(aigerim, "hello"))
		s.until(59 * time.Second)
		s.wantTold(aigerim)
		s.until(61 * time.Second)
		if len(s.told(aigerim)) != 1 {
			t.Errorf("told %q", s.told(aigerim))
		}
	})
}

func TestGrace(t *testing.T) {
	bubble(t, func(t *testing.T, s *stage) {
		ctx, cancel := context.WithCancel(t.Context())
		longer, free := grace(ctx, 5*time.Second)
		defer free()
		cancel()
		s.until(4 * time.Second)
		if longer.Err() != nil {
			t.Error("it ended at once")
		}
		s.until(6 * time.Second)
		if longer.Err() == nil {
			t.Error("it did not end")
		}
	})
}

// TestTopicsOfAGroupShareItsLimit: Telegram counts a group, whatever its topics; one of them that is
// closed holds up none of the others.
func TestTopicsOfAGroupShareItsLimit(t *testing.T) {
	bubble(t, func(t *testing.T, s *stage) {
		topic := func(n int) dauys.Address { return office + dauys.Address(fmt.Sprint("/", n)) }
		shut := true
		s.wire.fail = func(to dauys.Address, _ ask.Reply) error {
			if shut && to == topic(3) {
				return &SendError{Failure: TopicShut, After: 5 * time.Minute, Err: errors.New("TOPIC_CLOSED")}
			}
			return nil
		}
		for n := range 45 {
			s.outbox.put(ready(topic(n%3+1), fmt.Sprint(n)))
		}
		s.sender()
		s.until(4 * time.Minute)
		sent := s.wire.all()
		if n := most(sent, time.Minute, func(message) bool { return true }); n > 20 {
			t.Errorf("%d messages in a minute to the topics of a group", n)
		}
		if got := []int{len(s.told(topic(1))), len(s.told(topic(2))), len(s.told(topic(3)))}; !slices.Equal(got, []int{15, 15, 0}) {
			t.Errorf("in the topics are %v", got)
		}
		s.change(func() { shut = false })
		s.until(8 * time.Minute)
		s.outbox.wantDone()
	})
}

// TestASlowNetworkBringsNothingTooEarly: however long a message is on its way, the messenger never
// counts more than it allows.
func TestASlowNetworkBringsNothingTooEarly(t *testing.T) {
	bubble(t, func(t *testing.T, s *stage) {
		var n atomic.Int32
		s.wire.takes = func(dauys.Address) time.Duration {
			if n.Add(1)%3 == 1 {
				return 3 * time.Second
			}
			return 0
		}
		for n := range 90 {
			s.outbox.put(ready(office, fmt.Sprint(n)))
		}
		s.sender()
		s.until(10 * time.Minute)
		if n := most(s.wire.all(), time.Minute, func(message) bool { return true }); n > 20 {
			t.Errorf("%d messages arrive in a minute", n)
		}
		s.outbox.wantDone()
	})
}
