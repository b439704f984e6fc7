package main

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/bot/simulator"
	"alt.edu.kz/dauys/flows"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/storage"
)

// whoever does anything at all in their chat with the bot, by chance. What they have written
// is looked after by a simple model: where each of their texts is after every step, and why
// one is not there any more.
type whoever struct {
	*stage
	id     int64
	r      *rand.Rand
	n      int             // texts so far
	last   string          // what they did last
	before []string        // their texts in the open conversations, before that
	sent   map[int64]bool  // their messages that were words
	gone   map[string]bool // texts that they have replaced or changed themselves
}

// kinds of message that there are, besides words.
var everything = []func(*whoever) error{
	func(w *whoever) error { return w.file("photo", "a.jpg", "") },
	func(w *whoever) error { return w.file("document", "a.pdf", "") },
	func(w *whoever) error { return w.file("video", "a.mp4", "") },
	func(w *whoever) error { return w.file("voice", "", "") },
	func(w *whoever) error { return w.file("video_note", "", "") },
	func(w *whoever) error { return w.file("audio", "a.mp3", "") },
	func(w *whoever) error { return w.file("sticker", "", "") },
	func(w *whoever) error {
		for range 3 {
			if err := w.file("photo", "a.jpg", fmt.Sprint("album", w.n)); err != nil {
				return err
			}
		}
		return nil
	},
	func(w *whoever) error { _, err := w.sim.ShareLocation(w.id, w.id, 43.2, 76.9); return err },
	func(w *whoever) error { _, err := w.sim.ShareContact(w.id, w.id, "+77011234567", w.id); return err },
	func(w *whoever) error { _, err := w.sim.ShareContact(w.id, w.id, "+77017654321", zarina); return err },
	func(w *whoever) error { _, err := w.sim.Forward(w.id, w.id, "Кто-то", w.words()); return err },
}

func (w *whoever) file(kind, name, album string) error {
	_, err := w.sim.SendFile(w.id, w.id, simulator.File{Kind: kind, Name: name, Data: []byte(kind + fmt.Sprint(w.r.Int())), Album: album})
	return err
}

// words are a text that nobody has written before.
func (w *whoever) words() string {
	w.n++
	return fmt.Sprintf("Рассказ №%d-%d: в аудитории снова нет света, прошу починить.", w.id, w.n)
}

// act does something; it tells nothing when the messenger would not let it be done.
func (w *whoever) act() error {
	buttons := func() (all []func() error) {
		for _, m := range w.sim.Messages(w.id) {
			for _, row := range m.Keyboard {
				for _, k := range row {
					if k.URL == "" && m.FromBot && !m.Deleted {
						all = append(all, func() error {
							w.last = "[" + k.Text + "]"
							_ = w.sim.Press(w.id, w.id, m.ID, k.Text) // it may have changed meanwhile
							return nil
						})
					}
				}
			}
		}
		return all
	}
	switch op := w.r.IntN(20); {
	case op < 8: // a button, mostly one of the last
		all := buttons()
		if len(all) == 0 {
			break
		}
		if w.r.IntN(6) > 0 {
			all = all[max(0, len(all)-8):]
		}
		return all[w.r.IntN(len(all))]()
	case op < 12:
		w.last = w.words()
		return w.say(w.last)
	case op < 14:
		w.last = []string{"1", "да", "Студент", "Готово", "Пропустить", "x", "ALT-2026-000001", "Мои обращения", "   ", "вчера", "23.11.2026", "67,5", "принесу позже"}[w.r.IntN(13)]
		return w.say(w.last)
	case op < 16:
		w.last = []string{"/new", "/cases", "/drafts", "/help", "/language", "/privacy", "/cancel", "/start", "/unknown"}[w.r.IntN(9)]
		return w.say(w.last)
	case op < 17: // an earlier message is changed
		for _, m := range slices.Backward(w.sim.Messages(w.id)) {
			if w.sent[m.ID] && w.r.IntN(3) == 0 {
				w.gone[m.Text] = true
				w.last = "edit " + m.Text
				return w.sim.Edit(w.id, w.id, m.ID, w.words())
			}
		}
	}
	i := w.r.IntN(len(everything))
	w.last = fmt.Sprint("message of kind ", i)
	return everything[i](w)
}

func (w *whoever) say(text string) error {
	id, err := w.sim.Say(w.id, w.id, text)
	if w.sent[id] = true; strings.TrimSpace(text) == "" {
		return nil // a messenger does not send it
	}
	return err
}

// texts are the texts of their own in some conversations.
func (w *whoever) texts(sessions ...ask.Session) (found []string) {
	for _, s := range sessions {
		f, _ := flows.Find(s)
		for _, t := range s.Typed(f) {
			for part := range strings.SplitSeq(t, "\n\n") {
				if _, text, ok := strings.Cut(part, "Рассказ №"); ok {
					found = append(found, "Рассказ №"+text)
				}
			}
		}
	}
	return found
}

// look compares what there is with what was there before.
func (w *whoever) look(ctx context.Context) error {
	state, _, err := w.app.dialogues.Load(ctx, telegramAddress(w.id))
	if err != nil {
		return err
	}
	open := slices.Clone(state.Drafts)
	if state.Focus != nil {
		open = append(open, *state.Focus)
	}
	now := w.texts(open...)
	kept := slices.Concat(now, w.texts(state.Bin...))
	cases, err := w.app.db.Cases(ctx, storage.Filter{Applicant: telegramAddress(w.id)})
	if err != nil {
		return err
	}
	var said strings.Builder
	for _, c := range cases {
		said.WriteString(c.Text)
		for _, e := range c.Events {
			said.WriteString(e.Note)
		}
	}
	for _, m := range w.sim.Messages(w.id) {
		if m.FromBot && strings.Contains(m.Text, "не пропало") { // shown back, to copy
			said.WriteString(m.Text)
		}
	}
	replaced := !strings.HasPrefix(w.last, "[") && !strings.HasPrefix(w.last, "/") // words replace words
	if s := state.Focus; s != nil && replaced {                                    // they are not what is answered any more, once the new ones are
		old := *s
		old.Parts = nil
		old.Answers = map[string]ask.Answer{s.Asked: s.Answers[s.Asked]}
		for _, text := range w.texts(old) {
			w.gone[text] = true
		}
	}
	for _, text := range w.before {
		if slices.Contains(kept, text) || strings.Contains(said.String(), text) || w.gone[text] {
			continue
		}
		if replaced {
			w.gone[text] = true
			continue
		}
		return fmt.Errorf("%q is lost by %q", text, w.last)
	}
	w.before = now
	return nil
}

// TestAnythingGoes: people who do anything at all at every step, by buttons, words, commands,
// every kind of message and changes of earlier ones. Each time they are answered, nothing that
// they wrote is lost unless they replaced it, and in the end each of them can still file.
func TestAnythingGoes(t *testing.T) {
	for _, pair := range pairs(t) {
		t.Run(pair.name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, append(pair.env(t), steady)...)
			const people, steps = 6, 50
			for n := range people {
				w := &whoever{stage: s, id: int64(40000 + n), r: rand.New(rand.NewPCG(4, uint64(n))), sent: map[int64]bool{}, gone: map[string]bool{}}
				s.sim.AddPerson(simulator.Person{ID: w.id, FirstName: fmt.Sprintf("Кто%d", n), LastName: "Угодно", LanguageCode: "ru"})
				s.speak(w.id, "Русский")
				for step := range steps {
					heard := w.heard()
					if err := w.act(); err != nil {
						t.Fatalf("person %d, step %d, %q: %v", n, step, w.last, err)
					}
					s.settle()
					if w.heard() == heard && strings.TrimSpace(w.last) != "" {
						t.Errorf("person %d, step %d: %q is not answered\n%s", n, step, w.last, s.sim.Transcript(w.id))
					}
					if err := w.look(t.Context()); err != nil {
						t.Fatalf("person %d, step %d: %v\n%s", n, step, err, s.sim.Transcript(w.id))
					}
					if step%15 == 14 {
						s.later([]time.Duration{4 * time.Hour, 30 * time.Hour, 28 * 24 * time.Hour}[w.r.IntN(3)])
						w.last = "(time)"
						if err := w.look(t.Context()); err != nil {
							t.Fatalf("person %d, step %d: %v\n%s", n, step, err, s.sim.Transcript(w.id))
						}
					}
				}
				if err := w.arrive(t.Context()); err != nil {
					t.Errorf("person %d: %v\n%s", n, err, s.sim.Transcript(w.id))
				}
			}
		})
	}
}

// heard is all that they have seen of the bot, so that a change of it can be told.
func (w *whoever) heard() string {
	var all strings.Builder
	for _, m := range w.sim.Messages(w.id) {
		if m.FromBot {
			fmt.Fprintln(&all, m.ID, m.Text, m.Labels(), m.Deleted)
		}
	}
	return all.String() + fmt.Sprint(w.sim.Toasts(w.id), len(w.sim.Answers(w.id)))
}

// arrive makes them want to get to the end.
func (w *whoever) arrive(ctx context.Context) error {
	filed := func() int {
		cases, err := w.app.db.Cases(ctx, storage.Filter{Applicant: telegramAddress(w.id)})
		if err != nil {
			w.t.Fatal(err)
		}
		return len(cases)
	}
	before := filed()
	for range 60 {
		state, _, err := w.app.dialogues.Load(ctx, telegramAddress(w.id))
		if err != nil {
			return err
		}
		say := "/new"
		if s := state.Focus; s != nil {
			f, _ := flows.Find(*s)
			view := f.Show(*s)
			offers := map[ask.Do]ask.Option{}
			for _, o := range slices.Concat(view.Buttons...) {
				if _, ok := offers[o.Do]; !ok {
					offers[o.Do] = o
				}
			}
			words := func(do ask.Do) string {
				if o, ok := offers[do]; ok {
					return w.app.book.Plain(dauys.Lang(state.Lang), o.Label)
				}
				return ""
			}
			say = ""
			for _, do := range []ask.Do{ask.Stay, ask.Send, ask.Finish, ask.Skip} {
				if say == "" {
					say = words(do)
				}
			}
			if say == "" && view.Type == ask.TypeChoice {
				say = "1"
			}
			if say == "" && view.Type == ask.TypePhone {
				say = "8 701 123-45-67"
			}
			if i := slices.IndexFunc(f.Steps, func(st ask.Step) bool { return st.Key == view.Asked }); say == "" && view.Type == ask.TypeNumber {
				say = fmt.Sprint(f.Steps[i].Min)
			}
			if say == "" && view.Type == ask.TypeDate {
				say = cmp.Or(words(ask.Pick), view.Days.From, view.Days.To, "23.11.2026")
			}
			if say == "" || say == words(ask.Finish) && strings.Contains(w.heardLast(), "коротко") {
				say = w.words()
			}
		}
		if err := w.say(say); err != nil {
			return err
		}
		w.settle()
		if filed() > before {
			return nil
		}
	}
	return fmt.Errorf("there is no way to the end")
}

func (w *whoever) heardLast() string {
	m, _ := w.sim.Last(w.id)
	return m.Text
}
