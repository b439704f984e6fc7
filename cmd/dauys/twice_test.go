package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/bot/simulator"
	"alt.edu.kz/dauys/locales"
	"alt.edu.kz/dauys/storage"
)

// What comes twice counts once: the same Send from two devices, an update that Telegram
// brings again, updates in any order.

// steady: on a busy machine a bot can seem dead for the second that tests allow it; it would
// stop asking for updates and be given the same ones again.
const steady = "LEASE=15s"

// numbers are those of all registered cases, which must have no gap.
func (s *stage) numbers(want int) {
	s.t.Helper()
	all, err := s.app.db.Cases(context.Background(), storage.Filter{Limit: 1000})
	if err != nil {
		s.t.Fatal(err)
	}
	var got []string
	for _, c := range all {
		got = append(got, c.Number)
	}
	slices.Sort(got)
	for i := range max(want, len(got)) {
		if expected := fmt.Sprintf("ALT-2026-%06d", i+1); i >= len(got) || i >= want || got[i] != expected {
			s.t.Fatalf("%d cases, not %d: %q", len(got), want, got)
		}
	}
}

// once: each student has one receipt, and each case one card.
func (s *stage) once(students []student) {
	s.t.Helper()
	s.numbers(len(students))
	shown := cards(s.sim, s.chatNames())
	seen := map[string]int64{}
	for _, st := range students {
		got := st.receipts()
		if len(got) != 1 || shown[got[0]] != 1 {
			s.t.Errorf("student %d has the receipts %q, and the cards are %v", st.id, got, shown)
			continue
		}
		if other := seen[got[0]]; other != 0 {
			s.t.Errorf("%d and %d have the same number %s", st.id, other, got[0])
		}
		seen[got[0]] = st.id
	}
	o := newOracle(s.sim, s.app.db, s.chats, s.clock.Now)
	o.notice(0)
	o.judge(context.Background(), s.t)
}

// TestSendFromTwoDevices: a phone and a computer show the same review, and both press Send at
// the same moment, each twice. Twenty people do so.
func TestSendFromTwoDevices(t *testing.T) {
	for _, pair := range pairs(t) {
		t.Run(pair.name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, append(pair.env(t), steady)...)
			ctx, cancel := context.WithTimeout(t.Context(), 2*patience)
			defer cancel()
			students := s.crowd(20)
			each(t, students, func(st student) error { return st.fill(ctx) })
			for round, st := range students {
				review, _ := s.sim.Last(st.id)
				send, ok := review.Button("Отправить")
				if !ok {
					t.Fatalf("round %d: no review: %q", round, review.Text)
				}
				var wg sync.WaitGroup
				for range 4 {
					wg.Go(func() {
						if err := s.sim.PressData(st.id, st.id, review.ID, send.Data); err != nil {
							t.Error(err)
						}
					})
				}
				wg.Wait()
			}
			s.settle()
			s.once(students)
			for _, st := range students { // the review is gone; what is there says so
				if last, _ := s.sim.Last(st.id); last.Text == "" {
					t.Errorf("student %d sees nothing", st.id)
				}
				state, _, err := s.app.dialogues.Load(ctx, telegramAddress(st.id))
				if err != nil || state.Focus != nil {
					t.Errorf("student %d is still in the form: %v, %v", st.id, state.Focus, err)
				}
			}
		})
	}
}

// TestSendInTwoProcesses: two replicas get what one person does on two devices at the same
// moment. Send twice is one case; Send beside a change of an answer is either a case or a form
// that is still open, never both.
func TestSendInTwoProcesses(t *testing.T) {
	for _, pair := range pairs(t) {
		if pair.name == "embedded" {
			continue // one process only
		}
		for _, other := range []string{"Отправить", "Изменить: Тема"} {
			t.Run(pair.name+"/"+other, func(t *testing.T) {
				t.Parallel()
				s := newStage(t, append(pair.env(t), steady, "MASTER_KEY="+strings.Repeat("ab", 32))...)
				ctx, cancel := context.WithTimeout(t.Context(), 2*patience)
				defer cancel()
				second := &stage{t: t, sim: s.sim, clock: s.clock, chats: s.chats, env: append(slices.Clone(s.env), "DATA_DIR="+t.TempDir())}
				second.start()
				t.Cleanup(second.stop)
				students := s.crowd(20)
				each(t, students, func(st student) error { return st.fill(ctx) })
				for i, st := range students {
					var wg sync.WaitGroup
					start := make(chan struct{})
					review, _ := s.sim.Last(st.id)
					for j, one := range []*stage{s, second} {
						button, ok := review.Button([]string{"Отправить", other}[j])
						if !ok {
							t.Fatalf("no review: %q", review.Labels())
						}
						u, err := one.app.telegram.Decode(fmt.Appendf(nil, `{"update_id":%d,"callback_query":{"id":"x%[1]d","from":{"id":%d,"first_name":"С"},"data":%q,`+
							`"message":{"message_id":%d,"date":1,"chat":{"id":%[2]d,"type":"private"}}}}`, 900000+10*i+j, st.id, button.Data, review.ID))
						if err != nil {
							t.Fatal(err)
						}
						wg.Go(func() {
							<-start
							if err := one.app.intake.Handle(ctx, u); err != nil {
								t.Error(err)
							}
						})
					}
					close(start)
					wg.Wait()
				}
				s.settle()
				second.settle()
				if other == "Отправить" {
					s.once(students)
					return
				}
				filed := 0
				for _, st := range students {
					cases, err := s.app.db.Cases(ctx, storage.Filter{Applicant: telegramAddress(st.id), Limit: 2})
					if err != nil {
						t.Fatal(err)
					}
					state, _, err := s.app.dialogues.Load(ctx, telegramAddress(st.id))
					if err != nil {
						t.Fatal(err)
					}
					if len(cases) > 1 || (len(cases) == 1) != (state.Focus == nil) {
						t.Errorf("student %d has %d cases and the form %+v", st.id, len(cases), state.Focus)
					}
					filed += len(cases)
				}
				s.numbers(filed)
				t.Logf("Send was first %d times of %d", filed, len(students))
			})
		}
	}
}

// TestFiftyAtOnce: fifty of an office press the same button under the same card, in two processes. One of
// them has the case; only that one gives it back, once.
func TestFiftyAtOnce(t *testing.T) {
	for _, pair := range pairs(t) {
		if pair.name == "embedded" {
			continue // one process only
		}
		t.Run(pair.name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, append(pair.env(t), steady, "MASTER_KEY="+strings.Repeat("ab", 32))...)
			second := &stage{t: t, sim: s.sim, clock: s.clock, chats: s.chats, env: append(slices.Clone(s.env), "DATA_DIR="+t.TempDir())}
			second.start()
			t.Cleanup(second.stop)
			chat := s.chats["deputy@itc"]
			var staff []int64
			for i := range 50 {
				st := newStudent(s.sim, i)
				s.sim.Join(chat, st.id)
				staff = append(staff, st.id)
			}
			s.settle()
			update := 910000
			all := func(data string, message int64) {
				var wg sync.WaitGroup
				start := make(chan struct{})
				for i, who := range staff {
					one := []*stage{s, second}[i%2]
					update++
					u, err := one.app.telegram.Decode(fmt.Appendf(nil, `{"update_id":%d,"callback_query":{"id":"x%[1]d","from":{"id":%d,"first_name":"С"},"data":%q,`+
						`"message":{"message_id":%d,"date":1,"chat":{"id":%d,"type":"supergroup"}}}}`, update, who, data, message, chat))
					if err != nil {
						t.Fatal(err)
					}
					wg.Go(func() {
						<-start
						if err := one.app.intake.Handle(t.Context(), u); err != nil {
							t.Error(err)
						}
					})
				}
				close(start)
				wg.Wait()
			}
			for range 3 {
				number := s.register(dima, "itc")
				s.settle()
				card := s.last(chat)
				for _, act := range []dauys.Act{dauys.Take, dauys.GiveBack, dauys.Take} {
					all("s:"+string(act)+":"+number, card.ID)
				}
				var acts []dauys.Act
				c := s.loaded(number)
				for _, e := range c.Events[1:] {
					acts = append(acts, e.Act)
				}
				if !slices.Equal(acts, []dauys.Act{dauys.Take, dauys.GiveBack, dauys.Take}) || c.HolderName == "" {
					t.Errorf("%s: %v, with %q", number, acts, c.HolderName)
				}
			}
			s.settle()
			second.settle()
		})
	}
}

// repeating is a stage on which presses come more than once, so that they are answered more
// than once, too.
func repeating(t *testing.T, more ...string) *stage {
	s := &stage{t: t, clock: &handClock{now: monday}}
	var server string
	s.sim, server, s.chats = newSimulator(t, s.clock, "a callback query was answered twice")
	s.env = settingsFor(t, server, append(more, steady)...)
	s.start()
	t.Cleanup(s.stop)
	return s
}

// wholeForm is all that a student does up to the review, words or [buttons].
var wholeForm = []string{
	"/start", "[Русский]", "[Новое обращение]", "[Даю согласие]", "Студент", "[Расписание]", "2", "[Ни о ком из них]", "[Пропустить]", "Тестов Студент",
	"Занятие у нашей группы перенесли без предупреждения, просим вернуть.", "[Готово]", "[Пропустить]",
}

// calmly does one thing after the other, each when the one before was answered.
func (s *stage) calmly(ctx context.Context, st student, acts ...string) error {
	delayed := s.app.book.Plain(dauys.Russian, locales.Delayed()) // a busy machine; the answer comes
	for _, act := range acts {
		before, _ := s.sim.Last(st.id)
		var err error
		if label, ok := strings.CutPrefix(act, "["); ok {
			err = s.sim.PressLast(st.id, st.id, strings.TrimSuffix(label, "]"))
		} else {
			_, err = s.sim.Say(st.id, st.id, act)
		}
		if err != nil {
			return err
		}
		if err := s.sim.Await(ctx, func(v *simulator.View) bool {
			last, _ := v.Last(st.id)
			return (last.ID != before.ID || last.Edited != before.Edited) && last.Text != delayed
		}); err != nil {
			return fmt.Errorf("student %d: %s is not answered: %w", st.id, act, err)
		}
	}
	return nil
}

// TestEverythingTwice: Telegram brings each update three times, in any order within a batch.
func TestEverythingTwice(t *testing.T) {
	for _, pair := range pairs(t) {
		for _, shuffled := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, shuffled %v", pair.name, shuffled), func(t *testing.T) {
				t.Parallel()
				s := repeating(t, pair.env(t)...)
				s.sim.Duplicate(3)
				s.sim.Shuffle(shuffled)
				ctx, cancel := context.WithTimeout(t.Context(), 2*patience)
				defer cancel()
				students := s.crowd(8)
				each(t, students, func(st student) error {
					return s.calmly(ctx, st, append(slices.Clone(wholeForm), "[Отправить]")...)
				})
				s.settle()
				s.once(students)
				deputies := []int64{s.chats["deputy@iedt"], s.chats["deputy@ilb"], s.chats["deputy@itc"], s.chats["deputy@ibde"]}
				for _, chat := range deputies { // staff press Take as impatiently
					for _, m := range s.sim.Messages(chat) {
						if _, ok := m.Button("Принять в работу"); ok {
							var wg sync.WaitGroup
							for _, who := range []int64{saltanat, igor} {
								wg.Go(func() {
									if err := s.sim.Press(who, chat, m.ID, "Принять в работу"); err != nil {
										t.Error(err)
									}
								})
							}
							wg.Wait()
						}
					}
				}
				s.settle()
				all, err := s.app.db.Cases(ctx, storage.Filter{Limit: 100})
				if err != nil {
					t.Fatal(err)
				}
				for _, c := range all {
					if len(c.Events) != 2 || c.HolderName == "" {
						t.Errorf("%s was moved %d times: %+v", c.Number, len(c.Events)-1, c.Events)
					}
				}
			})
		}
	}
}

// TestShuffledHaste: somebody taps and types without waiting, and it arrives in any order and
// twice. Whatever comes of it: the bot answers, nothing is registered that was not sent, and
// the form can be finished.
func TestShuffledHaste(t *testing.T) {
	for seed := range uint64(3) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			s := repeating(t)
			random := rand.New(rand.NewPCG(seed, 3))
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			st := newStudent(s.sim, 0)
			if err := st.fill(ctx); err != nil {
				t.Fatal(err)
			}
			s.sim.Duplicate(2)
			s.sim.Shuffle(true)
			var buttons []simulator.Message
			for _, m := range s.sim.Messages(st.id) {
				if m.FromBot && m.Markup == "inline" {
					buttons = append(buttons, m)
				}
			}
			for range 30 {
				m := buttons[random.IntN(len(buttons))]
				labels := m.Labels()
				label := labels[random.IntN(len(labels))]
				if label == "Отправить" || label == "Да, удалить" || label == "Удалить, начать новое" {
					continue
				}
				if err := s.sim.Press(st.id, st.id, m.ID, label); err != nil {
					continue // it was edited meanwhile
				}
				if random.IntN(3) == 0 {
					if _, err := s.sim.Say(st.id, st.id, []string{"1", "нет", "Готово", "ещё одно слово к сказанному"}[random.IntN(4)]); err != nil {
						t.Fatal(err)
					}
				}
			}
			s.settle()
			s.numbers(0)
			s.sim.Duplicate(1)
			s.sim.Shuffle(false)
			// Begin again, calmly.
			s.say(st.id, st.id, "/language")
			s.press(st.id, st.id, "Русский")
			s.say(st.id, st.id, "/new")
			if _, ok := s.last(st.id).Button("Удалить, начать новое"); ok {
				s.press(st.id, st.id, "Удалить, начать новое")
			}
			if err := s.calmly(ctx, st, append(slices.Clone(wholeForm[4:]), "[Отправить]")...); err != nil {
				t.Fatal(err)
			}
			s.settle()
			s.once([]student{st})
		})
	}
}
