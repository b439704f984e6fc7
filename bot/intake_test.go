package bot

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/handlers"
)

// english gives somebody a language, so that what they do next is answered by the menu.
func english(t *testing.T, i *Intake, who dauys.Address) {
	t.Helper()
	take(t, i, pressed(who, "l:en"))
	synctest.Wait()
	time.Sleep(time.Second) // the answer is marked
}

const (
	helloText   = "Dauys"
	unknownText = "command"
	delayedText = "is saved"
	brokenText  = "went wrong"
)

func TestAnswersKeepTheOrderOfTheirPerson(t *testing.T) {
	bubble(t, func(t *testing.T, s *stage) {
		i, _ := s.intake(true)
		english(t, i, aigerim)
		english(t, i, dima)
		before := len(s.wire.all())
		s.wire.takes = func(to dauys.Address) time.Duration {
			if to == aigerim {
				return 10 * time.Second
			}
			return 0
		}
		begun := time.Now()
		for range 3 {
			take(t, i, said(aigerim, "/help"))
			take(t, i, said(aigerim, "/privacy"))
			take(t, i, said(dima, "/help"))
		}
		if d := time.Since(begun); d != 0 {
			t.Errorf("taking updates waited %v for the answers to leave", d)
		}
		synctest.Wait()
		if got := len(s.wire.all()) - before; got != 3 {
			t.Errorf("%d answers have left while one chat is slow, want the 3 of the other", got)
		}
		i.Idle(t.Context())
		var order []string
		for _, text := range s.told(aigerim)[1:] {
			order = append(order, text[:10])
		}
		if len(order) != 6 || order[0] != order[2] || order[1] != order[3] || order[0] == order[1] {
			t.Errorf("answers came as %q", order)
		}
	})
}

func TestAnUpdateThatComesTwiceIsAnsweredOnce(t *testing.T) {
	bubble(t, func(t *testing.T, s *stage) {
		i, _ := s.intake(true)
		u := pressed(aigerim, "l:en")
		for range 3 {
			take(t, i, u)
			s.until(10 * time.Second)
		}
		if got := s.told(aigerim); len(got) != 1 {
			t.Errorf("told %d times: %q", len(got), got)
		}
		if len(s.wire.toasts) != 3 {
			t.Errorf("the press was ended %d times, want each time", len(s.wire.toasts))
		}
	})
}

func TestRedeliverySendsOnlyWhatWasNotSent(t *testing.T) {
	for name, redelivered := range map[string]bool{"by the update": true, "by sweeping": false} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T, s *stage) {
				s.change(func() { s.wire.fail = failing(1000, errTrouble) })
				i, end := s.intake(false)
				u := said(aigerim, "hello")
				take(t, i, u)
				s.until(time.Second)
				end() // nothing has left
				if s.sessions.nobodyUnsent() {
					t.Error("an answer that was not sent is not known as unsent")
				}
				s.change(func() { s.wire.fail = nil })
				i, _ = s.intake(!redelivered)
				if redelivered {
					take(t, i, u)
				}
				s.until(2 * time.Second)
				take(t, i, u)
				s.until(20 * time.Second)
				if got := s.told(aigerim); len(got) != 1 {
					t.Errorf("told %d times: %q", len(got), got)
				}
				if !s.sessions.nobodyUnsent() {
					t.Error("what was sent is not marked")
				}
			})
		})
	}
}

func TestAnAnswerIsNotSentAgainWhileItIsMarked(t *testing.T) {
	bubble(t, func(t *testing.T, s *stage) {
		i, _ := s.intake(true)
		take(t, i, pressed(aigerim, "l:en"))
		synctest.Wait()                                       // sent, and not marked yet
		s.change(func() { s.sessions.takes = 2 * markEvery }) // marked while the state is read
		take(t, i, said(aigerim, "/privacy"))
		s.until(10 * time.Second)
		if got := s.told(aigerim); len(got) != 2 {
			t.Errorf("told %d times: %q", len(got), got)
		}
	})
}

func TestATurnWithoutAnAnswerRepeatsNone(t *testing.T) {
	bubble(t, func(t *testing.T, s *stage) {
		s.wire.takes = func(dauys.Address) time.Duration { return 5 * time.Second }
		i, _ := s.intake(true)
		take(t, i, said(aigerim, "hello"))
		s.until(time.Second)
		take(t, i, did(aigerim, func(u *Update) { u.Change = handlers.Unblocked }))
		s.until(time.Minute)
		if got := s.told(aigerim); len(got) != 1 {
			t.Errorf("told %d times: %q", len(got), got)
		}
		if !s.sessions.nobodyUnsent() {
			t.Error("what was sent is not marked")
		}
	})
}

func TestAFrozenTurnKeepsWhatWaits(t *testing.T) {
	bubble(t, func(t *testing.T, s *stage) {
		i, end := s.intake(true)
		english(t, i, aigerim)
		s.storage.open(t, "ALT-2026-000001")
		s.storage.acts = func(string) error { return dauys.ErrUnavailable }
		take(t, i, pressed(aigerim, "c:ALT-2026-000001:withdraw"))
		synctest.Wait()
		state, _, err := s.sessions.Load(t.Context(), aigerim)
		if err != nil || state.Focus == nil || state.Focus.Flow != flows.Withdrawal.Name {
			t.Fatalf("withdrawing has not begun: %v %+v", err, state)
		}
		last := s.wire.all()[len(s.wire.all())-1].reply
		take(t, i, pressed(aigerim, last.Buttons[0][0].Data)) // skips the reason
		synctest.Wait()
		time.Sleep(time.Second)
		s.change(func() { s.wire.fail = failing(1000, errTrouble) })
		before := len(s.told(aigerim))
		take(t, i, said(aigerim, "/privacy")) // its answer, with the form underneath, waits
		waiting, _ := i.replies.pending(aigerim)
		s.change(func() { s.updates.down = true })
		send := waiting[0].Buttons[0][0].Data
		if err := i.Handle(t.Context(), pressed(aigerim, send)); err == nil {
			t.Fatalf("the turn was finished, by %q", send)
		}
		state, unsent, _ := s.sessions.Load(t.Context(), aigerim)
		if state.Focus == nil || state.Focus.Phase != ask.Sending {
			t.Errorf("the answers were not frozen: %+v", state.Focus)
		}
		if len(state.Replies) != 1 || !unsent {
			t.Errorf("%d answers are known as unsent (%v), want the one that waits", len(state.Replies), unsent)
		}
		end()
		s.change(func() { s.wire.fail, s.updates.down = nil, false })
		s.intake(true)
		s.until(time.Minute)
		if got := s.told(aigerim)[before:]; len(got) != 1 {
			t.Errorf("told %q, want the one answer", got)
		}
	})
}

func TestLostRacesArePlayedAgain(t *testing.T) {
	bubble(t, func(t *testing.T, s *stage) {
		i, _ := s.intake(true)
		s.change(func() { s.sessions.conflicts = races - 1 })
		take(t, i, said(aigerim, "hello"))
		s.until(time.Second)
		if got := s.told(aigerim); len(got) != 1 {
			t.Errorf("told %q", got)
		}
		s.change(func() { s.sessions.conflicts = races })
		u := pressed(aigerim, "l:en")
		take(t, i, u)
		if got := s.updates.kept(); !slices.Equal(got, []string{u.Update}) {
			t.Errorf("%q are kept, want the one that lost every race", got)
		}
		s.until(time.Minute)
		if s.heard(aigerim, helloText) != 1 || len(s.updates.kept()) != 0 {
			t.Errorf("told %q, kept %q", s.told(aigerim), s.updates.kept())
		}
	})
}

func TestWithoutTheStoreOfDialoguesUpdatesAreKeptAndReplayedInOrder(t *testing.T) {
	bubble(t, func(t *testing.T, s *stage) {
		i, _ := s.intake(true)
		english(t, i, aigerim)
		s.change(func() { s.sessions.away = true })
		ends := len(s.wire.toasts)
		for _, u := range []Update{said(aigerim, "/help"), pressed(aigerim, "m:privacy"), said(aigerim, "/help")} {
			take(t, i, u)
		}
		take(t, i, pressedIn(office, igor, "nonsense")) // an office does not wait for it
		synctest.Wait()
		if got := s.heard(aigerim, delayedText); got != 1 {
			t.Errorf("told %d times that it will take longer, want once", got)
		}
		if kept := s.updates.kept(); len(kept) != 3 {
			t.Errorf("%q are kept", kept)
		}
		s.until(5 * time.Minute)
		if kept, aside := s.updates.kept(), s.updates.aside(); len(kept) != 3 || len(aside) != 0 {
			t.Errorf("after five minutes %q are kept and %q aside", kept, aside)
		}
		s.change(func() { s.sessions.away = false })
		take(t, i, said(aigerim, "/privacy")) // waits behind the others
		if kept := s.updates.kept(); len(kept) != 4 {
			t.Errorf("a later update did not queue up: %q", kept)
		}
		s.until(6 * time.Minute)
		take(t, i, said(aigerim, "/help")) // is answered at once again
		synctest.Wait()
		var got []string
		for _, text := range s.told(aigerim)[2:] {
			got = append(got, text[:20])
		}
		if len(got) != 5 || got[0] != got[2] || got[1] != got[3] || got[4] != got[0] || got[0] == got[1] {
			t.Errorf("answers came as %q", got)
		}
		if n := len(s.wire.toasts) - ends; n != 2 {
			t.Errorf("two presses were ended %d times", n)
		}
		if i.begun["x"] = false; len(i.begun) != 1 || len(i.waiting) != 0 || i.backlog {
			t.Errorf("left in memory: %v %v %v", i.begun, i.waiting, i.backlog)
		}
	})
}

// A page of what is kept ends in the middle of what one person sent.
func TestALongBacklogIsNotOvertaken(t *testing.T) {
	for name, restarted := range map[string]bool{"by the same process": false, "by the next one": true} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T, s *stage) {
				i, end := s.intake(false)
				english(t, i, aigerim)
				s.change(func() { s.sessions.away = true })
				for range keptPage + 200 {
					take(t, i, said(aigerim, "/help"))
				}
				s.until(time.Minute)
				if restarted {
					end()
					i, _ = s.intake(false)
				}
				s.change(func() { s.sessions.away, s.sessions.takes = false, 10*time.Millisecond })
				wait := i.LeadAlone(t.Context())
				time.Sleep(keptPage * 10 * time.Millisecond)
				last := said(aigerim, "/privacy")
				take(t, i, last)
				if !slices.Contains(s.updates.kept(), last.Update) {
					t.Error("a later update was handled while earlier ones are kept")
				}
				s.until(5 * time.Minute)
				told := s.told(aigerim)
				if len(s.updates.kept()) != 0 || !strings.Contains(told[len(told)-1], "data") {
					t.Errorf("%d are kept still, and the last answer is %q", len(s.updates.kept()), told[len(told)-1])
				}
				t.Cleanup(wait)
			})
		})
	}
}

// What is kept while earlier ones are replayed is not overtaken when these are done.
func TestWhatQueuesUpDuringAReplayIsNotOvertaken(t *testing.T) {
	bubble(t, func(t *testing.T, s *stage) {
		i, _ := s.intake(true)
		english(t, i, aigerim)
		s.change(func() { s.sessions.away = true })
		for range 3 {
			take(t, i, said(aigerim, "/help"))
		}
		s.until(9500 * time.Millisecond)
		s.change(func() { s.sessions.away, s.sessions.takes = false, 300*time.Millisecond })
		s.until(10500 * time.Millisecond) // during the second of the three
		fourth := said(aigerim, "/privacy")
		take(t, i, fourth)
		s.until(11500 * time.Millisecond) // after the three
		fifth := said(aigerim, "/help")
		take(t, i, fifth)
		if got := s.updates.kept(); !slices.Equal(got, []string{fourth.Update, fifth.Update}) {
			t.Errorf("%q are kept, want %q", got, []string{fourth.Update, fifth.Update})
		}
		s.until(time.Minute)
		if got := s.told(aigerim); len(s.updates.kept()) != 0 || len(got) != 7 || got[6] != got[2] {
			t.Errorf("kept %q, told %q", s.updates.kept(), got)
		}
	})
}

// An update that comes again after a kill queues up behind a later one of which only a record was
// left. What comes then queues up behind it, too.
func TestWhatQueuesUpBehindARecordIsNotOvertaken(t *testing.T) {
	bubble(t, func(t *testing.T, s *stage) {
		first, end := s.intake(true)
		english(t, first, aigerim)
		english(t, first, dima)
		end()
		i, _ := s.intake(false)
		earlier, later := said(aigerim, "/privacy"), said(aigerim, "/help")
		for _, u := range []Update{said(dima, "/help"), later} {
			if err := s.updates.KeepUpdate(t.Context(), u.Update, order(u), u.Raw, time.Now()); err != nil {
				t.Fatal(err)
			}
		}
		s.change(func() { s.sessions.takes = 300 * time.Millisecond })
		t.Cleanup(i.LeadAlone(t.Context()))
		time.Sleep(200 * time.Millisecond) // the first of the two records is being handled
		if err := i.HandleRecorded(t.Context(), earlier); err != nil {
			t.Fatal(err)
		}
		time.Sleep(1100 * time.Millisecond) // both were
		last := said(aigerim, "/privacy")
		take(t, i, last)
		if got := s.updates.kept(); !slices.Equal(got, []string{earlier.Update, last.Update}) {
			t.Errorf("%q are kept, want %q", got, []string{earlier.Update, last.Update})
		}
		s.until(time.Minute)
		if len(s.updates.kept()) != 0 || len(s.told(aigerim)) != 4 {
			t.Errorf("kept %q, told %q", s.updates.kept(), s.told(aigerim))
		}
	})
}

// A process that does not lead hears from the store that what it has kept was handled.
func TestNobodyQueuesUpForEver(t *testing.T) {
	bubble(t, func(t *testing.T, s *stage) {
		leader, _ := s.intake(false)
		t.Cleanup(leader.Lead(t.Context()))
		other, _ := s.intake(false)
		english(t, other, aigerim)
		s.change(func() { s.sessions.away = true })
		take(t, other, said(aigerim, "/help"))
		s.change(func() { s.sessions.away = false })
		s.until(time.Minute)
		s.change(func() { s.sessions.takes = 0 })
		take(t, other, said(aigerim, "/privacy"))
		if kept := s.updates.kept(); len(kept) != 0 {
			t.Errorf("%q are kept, though nothing waits", kept)
		}
	})
}

func TestWithoutAnyStoreAnUpdateIsNotTaken(t *testing.T) {
	bubble(t, func(t *testing.T, s *stage) {
		i, _ := s.intake(false)
		s.sessions.away, s.updates.down = true, true
		for _, take := range []func(Update) error{
			func(u Update) error { return i.Handle(t.Context(), u) },
			func(u Update) error { return i.HandleRecorded(t.Context(), u) },
		} {
			u := said(aigerim, "hello")
			if err := take(u); !errors.Is(err, dauys.ErrUnavailable) {
				t.Errorf("it was taken: %v", err)
			}
			s.change(func() { s.updates.down = false })
			if err := take(u); err != nil || len(s.updates.kept()) == 0 {
				t.Errorf("it was not kept: %v", err)
			}
			s.change(func() { s.updates.down = true })
		}
	})
}

func TestAPoisonUpdateIsPutAsideAndTheNextOneWorks(t *testing.T) {
	for name, failure := range map[string]func() error{
		"panic": func() error { panic("Иванов wrote this") },
		"error": func() error { return errors.New("a mistake") },
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T, s *stage) {
				tries := 0
				s.change(func() { s.storage.lists = func(dauys.Address) error { tries++; return failure() } })
				i, _ := s.intake(true)
				english(t, i, aigerim)
				u := said(aigerim, "/cases")
				take(t, i, u)
				take(t, i, said(aigerim, "/privacy"))
				synctest.Wait()
				if tries != poisonTries {
					t.Errorf("tried %d times", tries)
				}
				if got := s.updates.aside(); !slices.Equal(got, []string{u.Update}) {
					t.Errorf("%q are aside", got)
				}
				if why := s.updates.find(u.Update).why; strings.Contains(why, "Иванов") || why == "" {
					t.Errorf("the reason is %q", why)
				}
				if told := s.told(aigerim); len(told) != 3 || !strings.Contains(told[1], brokenText) {
					t.Errorf("told %q", told)
				}
			})
		})
	}
}

func TestAPoisonUpdateThatWasKeptIsPutAsideToo(t *testing.T) {
	bubble(t, func(t *testing.T, s *stage) {
		i, _ := s.intake(true)
		english(t, i, aigerim)
		tries := 0
		s.change(func() { s.storage.lists = func(dauys.Address) error { tries++; panic("no") } })
		s.change(func() { s.sessions.away = true })
		poison, after := said(aigerim, "/cases"), said(aigerim, "/privacy")
		take(t, i, poison)
		take(t, i, after)
		if err := s.updates.KeepUpdate(t.Context(), "x", dima, []byte("unreadable"), monday); err != nil {
			t.Fatal(err)
		}
		s.until(time.Minute)
		s.change(func() { s.sessions.away = false })
		s.until(2 * time.Minute)
		if aside := s.updates.aside(); !slices.Equal(aside, []string{poison.Update, "x"}) || len(s.updates.kept()) != 0 || tries != poisonTries {
			t.Errorf("%q are aside after %d tries, %q kept", aside, tries, s.updates.kept())
		}
		if s.heard(aigerim, "privacy")+s.heard(aigerim, "data") == 0 {
			t.Errorf("what came after it was not answered: %q", s.told(aigerim))
		}
	})
}

func TestTheFirstBatchIsRecordedAndForgotten(t *testing.T) {
	bubble(t, func(t *testing.T, s *stage) {
		i, _ := s.intake(true)
		synctest.Wait()
		u := said(aigerim, "hello")
		if err := i.HandleRecorded(t.Context(), u); err != nil {
			t.Fatal(err)
		}
		if len(s.updates.rows) != 0 || s.updates.drops != 1 {
			t.Errorf("an update that was handled is still recorded: %+v", s.updates.rows)
		}
		s.until(10 * time.Second)
		if len(s.told(aigerim)) != 1 {
			t.Errorf("told %q", s.told(aigerim))
		}
	})
}

// What was recorded and then kept, or put aside, is not forgotten.
func TestARecordedUpdateThatIsKeptStays(t *testing.T) {
	bubble(t, func(t *testing.T, s *stage) {
		i, _ := s.intake(true)
		english(t, i, aigerim)
		s.change(func() { s.sessions.away = true })
		u := said(aigerim, "/help")
		if err := i.HandleRecorded(t.Context(), u); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(s.updates.kept(), []string{u.Update}) {
			t.Errorf("%q are kept", s.updates.kept())
		}
		s.change(func() { s.sessions.away = false })
		s.until(time.Minute)
		if s.heard(aigerim, "/new") != 1 {
			t.Errorf("told %q", s.told(aigerim))
		}
		s.change(func() { s.storage.lists = func(dauys.Address) error { panic("no") } })
		poison := said(aigerim, "/cases")
		if err := i.HandleRecorded(t.Context(), poison); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(s.updates.aside(), []string{poison.Update}) {
			t.Errorf("%q are aside", s.updates.aside())
		}
	})
}

// An update that kills the process at each start is begun three times, and then no more;
// whether it is the poller that comes to it first, or what looks after kept updates.
func TestAnUpdateThatKillsTheProcessIsPutAside(t *testing.T) {
	bubble(t, func(t *testing.T, s *stage) {
		deaths := 0
		s.storage.lists = func(dauys.Address) error { deaths++; runtime.Goexit(); return nil } // as if the process ended here
		i, _ := s.intake(false)
		english(t, i, aigerim)
		u := said(aigerim, "/cases")
		for range 10 {
			// A new process over the same stores, as far as it comes.
			next := &Intake{
				Handlers: s.handlers, Sessions: s.sessions, Updates: s.updates, Messenger: s.wire, Decode: decode,
				Clock: s.clock, Log: i.Log, replies: i.replies, life: i.life,
				waiting: map[dauys.Address]bool{}, begun: map[string]bool{}, backlog: true, alone: true,
			}
			died := deaths
			go next.sweep(t.Context(), nil)
			synctest.Wait()
			if deaths == died {
				go func() { _ = next.HandleRecorded(t.Context(), u) }()
				synctest.Wait()
			}
		}
		if deaths != poisonTries {
			t.Errorf("it killed %d processes, want %d", deaths, poisonTries)
		}
		if !slices.Equal(s.updates.aside(), []string{u.Update}) {
			t.Errorf("%q are aside", s.updates.aside())
		}
	})
}

// A first batch that has to wait for the database is not counted as deaths.
func TestWaitingForTheDatabaseIsNoDeath(t *testing.T) {
	bubble(t, func(t *testing.T, s *stage) {
		i, _ := s.intake(true)
		synctest.Wait()
		u := pressedIn(office, igor, "s:take:ALT-2026-000001")
		s.change(func() { s.storage.down = true }) // and what was recorded can be kept
		for range 5 * poisonTries {
			if err := i.HandleRecorded(t.Context(), u); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Second)
		}
		if len(s.updates.aside()) != 0 || len(s.updates.kept()) != 1 {
			t.Errorf("%q are aside, %q kept", s.updates.aside(), s.updates.kept())
		}
		s.storage.open(t, "ALT-2026-000001")
		s.change(func() { s.storage.down = false })
		s.until(time.Minute)
		if len(s.updates.rows) != 0 {
			t.Errorf("it is kept still: %+v", s.updates.rows)
		}
	})
}

// Telegram is asked who is in a chat; that it cannot tell now is no fault of the press.
func TestAPressWaitsForTheMessenger(t *testing.T) {
	bubble(t, func(t *testing.T, s *stage) {
		i, _ := s.intake(true)
		s.storage.open(t, "ALT-2026-000001")
		s.change(func() { s.wire.members = errTrouble })
		u := pressedIn(office, igor, "s:take:ALT-2026-000001")
		take(t, i, u)
		s.until(time.Minute)
		if got := s.updates.kept(); !slices.Equal(got, []string{u.Update}) || len(s.updates.aside()) != 0 {
			t.Errorf("%q are kept, %q aside", got, s.updates.aside())
		}
		take(t, i, said(igor, "hello")) // his own dialogue does not wait for it
		synctest.Wait()
		if len(s.told(igor)) != 1 {
			t.Errorf("he was told %q", s.told(igor))
		}
		s.change(func() { s.wire.members = nil })
		s.until(2 * time.Minute)
		if len(s.storage.did) != 1 || len(s.updates.kept()) != 0 {
			t.Errorf("done: %q, kept: %q", s.storage.did, s.updates.kept())
		}
	})
}

func TestAnAnswerOutlivesAnOutage(t *testing.T) {
	bubble(t, func(t *testing.T, s *stage) {
		outage := 10 * time.Minute
		s.wire.fail = func(dauys.Address, ask.Reply) error {
			if time.Since(s.begun) < outage {
				return errTrouble
			}
			return nil
		}
		i, _ := s.intake(true)
		take(t, i, pressed(aigerim, "l:en"))
		take(t, i, said(aigerim, "/privacy"))
		s.until(outage)
		if n := s.wire.count(); n > 40 {
			t.Errorf("tried %d times in ten minutes", n)
		}
		s.until(outage + time.Minute)
		if len(s.told(aigerim)) != 2 || s.heard(aigerim, helloText) == 0 {
			t.Errorf("told %q", s.told(aigerim))
		}
	})
}

func TestFailuresOfAnswers(t *testing.T) {
	for _, test := range []struct {
		name  string
		err   error
		sent  int           // how many of two answers
		after time.Duration // the first at the earliest
		check func(*stage) string
	}{
		{"too fast", &SendError{Failure: TooFast, After: 40 * time.Second}, 2, 40 * time.Second, nil},
		{"too fast without a time", &SendError{Failure: TooFast}, 2, time.Second, nil},
		{"closed", &SendError{Failure: Closed, After: time.Minute}, 2, time.Minute, nil},
		{"refused", &SendError{Failure: Refused}, 1, 0, nil},
		{"unknown", errors.New("what"), 2, 0, nil},
		{"unreachable", &SendError{Failure: Unreachable}, 1, 0, func(s *stage) string {
			return strings.TrimPrefix(fmt.Sprint(s.storage.unreachable), fmt.Sprintf("[%s true]", aigerim))
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			bubble(t, func(t *testing.T, s *stage) {
				s.change(func() { s.wire.fail = failing(1, test.err) })
				i, _ := s.intake(true)
				take(t, i, pressed(aigerim, "l:en"))
				take(t, i, said(aigerim, "/privacy"))
				s.until(2 * time.Minute)
				sent := s.wire.all()
				if len(sent) != test.sent || sent[0].at < test.after {
					t.Errorf("sent %+v", sent)
				}
				if test.check != nil {
					if wrong := test.check(s); wrong != "" {
						t.Error(wrong)
					}
				}
				if !s.sessions.nobodyUnsent() {
					t.Error("an answer is not marked")
				}
			})
		})
	}
}

func TestAMessengerThatPanicsKillsNobody(t *testing.T) {
	bubble(t, func(t *testing.T, s *stage) {
		var n atomic.Int64
		s.wire.fail = func(dauys.Address, ask.Reply) error {
			if n.Add(1) == 1 {
				panic("send")
			}
			return nil
		}
		s.wire.cut = func(r ask.Reply) []ask.Reply {
			if n.Load() == 1 {
				n.Add(1)
				panic("cut")
			}
			return []ask.Reply{r}
		}
		i, _ := s.intake(true)
		for range 3 {
			take(t, i, said(aigerim, "hello"))
			synctest.Wait()
		}
		s.until(time.Minute)
		if got := len(s.told(aigerim)); got != 1 {
			t.Errorf("%d of three answers came, want the one without a panic", got)
		}
	})
}

func TestPartsThatHaveLeftDoNotLeaveAgain(t *testing.T) {
	bubble(t, func(t *testing.T, s *stage) {
		s.wire.cut = inWords
		n := 0
		s.wire.fail = func(dauys.Address, ask.Reply) error {
			if n++; n == 3 || n == 4 {
				return errTrouble
			}
			return nil
		}
		i, _ := s.intake(true)
		i.replies.send(t.Context(), aigerim, 0, []ask.Reply{{Text: "one two three"}, {Text: "four"}})
		s.until(time.Minute)
		s.wantTold(aigerim, "one", "two", "three", "four")
	})
}

// inWords makes a message of every word.
func inWords(r ask.Reply) (parts []ask.Reply) {
	for _, word := range strings.Fields(r.Text) {
		parts = append(parts, ask.Reply{Text: word, To: r.To})
	}
	return parts
}

// Who stops in the middle is reminded once, in the daytime, by the one who leads.
func TestTheClockReminds(t *testing.T) {
	bubble(t, func(t *testing.T, s *stage) {
		i, _ := s.intake(true)
		take(t, i, said(aigerim, "/start"))
		take(t, i, said(aigerim, "Қазақша"))
		take(t, i, said(aigerim, "/new"))
		take(t, i, said(aigerim, "Келісемін"))
		s.until(time.Minute)
		before := len(s.told(aigerim))
		s.until(2 * time.Hour)
		if got := len(s.told(aigerim)); got != before {
			t.Errorf("after two hours there are %d messages more", got-before)
		}
		s.until(5 * 24 * time.Hour)
		if got := s.told(aigerim); len(got) != before+1 || !strings.Contains(got[before], "аяқталмай қалды") {
			t.Errorf("after days the person was told %q", got[before:])
		}
	})
}

// Of the answers to things that were sent together only the last is seen, also when the
// first of them were stored before a kill.
func TestAnAlbumIsAnsweredOnce(t *testing.T) {
	bubble(t, func(t *testing.T, s *stage) {
		r := newReplier(s.wire, s.sessions, newPacer(Settings{}.WithDefaults(), time.Now), quiet(nil))
		answer := func(text, group string) ask.Reply { return ask.Reply{Text: text, Group: group} }
		r.send(t.Context(), aigerim, 1, []ask.Reply{answer("1", "a"), answer("2", "a")})
		time.Sleep(groupGap / 2)
		r.send(t.Context(), aigerim, 2, []ask.Reply{answer("3", "a")})
		time.Sleep(groupGap / 2)
		r.send(t.Context(), aigerim, 3, []ask.Reply{answer("too large", ""), answer("4", "a"), answer("5", "b"), answer("6", "b")})
		r.wg.Wait()
		s.wantTold(aigerim, "3", "too large", "4", "6")
	})
}

func TestAFloodIsBounded(t *testing.T) {
	bubble(t, func(t *testing.T, s *stage) {
		s.wire.takes = func(dauys.Address) time.Duration { return time.Hour }
		i, _ := s.intake(true)
		for range 500 {
			take(t, i, said(aigerim, "hello"))
		}
		state, _, _ := s.sessions.Load(t.Context(), aigerim)
		if waiting, _ := i.replies.pending(aigerim); len(waiting) > mostWaiting || len(state.Replies) > mostWaiting {
			t.Errorf("%d answers wait and %d are stored", len(waiting), len(state.Replies))
		}
	})
}

// Only who leads looks after what others have left: the other may still be at it.
func TestOnlyWhoLeadsSweeps(t *testing.T) {
	bubble(t, func(t *testing.T, s *stage) {
		s.wire.takes = func(dauys.Address) time.Duration { return time.Minute }
		first, _ := s.intake(true)
		take(t, first, said(aigerim, "hello"))
		s.intake(false) // another replica
		s.until(5 * time.Minute)
		if got := len(s.told(aigerim)); got != 1 {
			t.Errorf("told %d times", got)
		}
	})
}

// Telegram brings updates to several processes: each sends what it has answered, and the one
// that leads sends only what another has left behind for long.
func TestProcessesSideBySide(t *testing.T) {
	bubble(t, func(t *testing.T, s *stage) {
		s.wire.takes = func(dauys.Address) time.Duration { return 20 * time.Second }
		leader, _ := s.intake(false)
		t.Cleanup(leader.Lead(t.Context()))
		second, end := s.intake(false)
		take(t, second, said(aigerim, "hello"))
		s.until(50 * time.Second)
		if got := len(s.told(aigerim)); got != 1 {
			t.Errorf("told %d times", got)
		}
		take(t, second, said(aigerim, "hello"))
		s.until(51 * time.Second)
		end() // nobody sends what it has stored
		s.until(3 * time.Minute)
		if got := len(s.told(aigerim)); got != 2 {
			t.Errorf("told %d times", got)
		}
		// What one of them keeps, nobody overtakes.
		third, _ := s.intake(false)
		s.change(func() { s.sessions.full = true })
		take(t, third, said(aigerim, "one"))
		take(t, leader, said(dima, "two"))
		s.change(func() { s.sessions.full = false })
		take(t, leader, said(aigerim, "three"))
		if kept := s.updates.kept(); len(kept) != 3 {
			t.Errorf("%d are kept, want three", len(kept))
		}
		s.until(10 * time.Minute)
		if kept := s.updates.kept(); len(kept) != 0 {
			t.Errorf("%q are kept still", kept)
		}
	})
}

func TestAStateOfAnotherVersionEndsGently(t *testing.T) {
	bubble(t, func(t *testing.T, s *stage) {
		i, _ := s.intake(true)
		english(t, i, aigerim)
		s.change(func() { s.sessions.old = map[dauys.Address]bool{aigerim: true} })
		take(t, i, said(aigerim, "hello"))
		s.until(time.Minute)
		if s.heard(aigerim, "what I wrote before") != 1 {
			t.Errorf("told %q", s.told(aigerim))
		}
	})
}

func TestSteppingThroughADialogueLeavesTheOutboxAlone(t *testing.T) {
	bubble(t, func(t *testing.T, s *stage) {
		i, _ := s.intake(true)
		woken := 0
		i.Wake = func() { woken++ }
		english(t, i, aigerim)
		take(t, i, said(aigerim, "/privacy"))
		synctest.Wait()
		if woken != 0 {
			t.Errorf("it was woken %d times", woken)
		}
		take(t, i, did(aigerim, func(u *Update) { u.Change = handlers.Unblocked }))
		take(t, i, pressedIn(office, igor, "nonsense"))
		synctest.Wait()
		if woken != 2 {
			t.Errorf("it was woken %d times, want by who is back and by the office", woken)
		}
	})
}

func TestWhere(t *testing.T) {
	stack := "goroutine 1 [running]:\nruntime/debug.Stack()\n\t/go/src/runtime/debug/stack.go:26\npanic({0x1, 0x2})\n\t/go/src/runtime/panic.go:1\n" +
		"alt.edu.kz/dauys/flows.x(...)\n\t/work/flows/x.go:12 +0x1d\n"
	if got := where([]byte(stack)); got != "/work/flows/x.go:12" {
		t.Errorf("got %q", got)
	}
	if got := where(nil); got != "unknown place" {
		t.Errorf("got %q", got)
	}
}
