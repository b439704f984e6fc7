package flows_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"alt.edu.kz/dauys/flows"
	"alt.edu.kz/dauys/flows/ask"
)

// FuzzNext lets anybody do anything in every conversation: the first byte says in which,
// the others what they do. What is looked at after each turn is in walk.
func FuzzNext(f *testing.F) {
	r := rand.New(rand.NewPCG(1, 2))
	for i := range walked {
		data := []byte{byte(i)}
		for range 60 {
			data = append(data, byte(r.Uint32()))
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 2000 {
			return
		}
		m := &moves{data: data}
		w := newWalk(t, walked[m.byte()%len(walked)])
		for turn := 0; len(m.data) > 0; turn++ {
			w.step(m.next(w))
			if turn%8 == 0 {
				w.arrives()
			}
		}
		w.arrives()
	})
}

// Walks by chance, always the same: so many that every message of a flow is seen, and every
// promise is looked at in every place.
func TestWalks(t *testing.T) {
	everything := map[string]bool{}
	for i, f := range walked {
		t.Run(f.Name, func(t *testing.T) {
			if err := f.Check(); err != nil {
				t.Error(err)
			}
			shown := map[string]bool{}
			for walk := range 28 + 50/len(f.Steps) { // short ones are soon over
				r := rand.New(rand.NewPCG(uint64(i), uint64(walk)))
				w := newWalk(t, f)
				w.keys = shown
				for turn := range min(60, 15*len(f.Steps)) {
					data := make([]byte, 12)
					for i := range data {
						data[i] = byte(r.Uint32())
					}
					in := (&moves{data: data}).next(w)
					if walk%3 == 0 && r.IntN(2) == 0 { // some want to get to the end
						in = w.onward(w.s, 0)
					}
					w.step(in)
					if turn%25 == 24 {
						w.arrives()
					}
				}
				w.arrives()
				if w.s.Phase == ask.Sending {
					w.s.Phase = ask.Done
					w.v = f.Show(w.s)
					w.look(w.s)
				}
			}
			for _, st := range f.Steps { // too little is written, or too finely, also where chance seldom leads
				for nth := range 3 { // of some questions the first option leads there, of some another, of some the last
					w := newWalk(t, f)
					w.keys = shown
					for turn := 0; w.s.Asked != st.Key && turn < 30; turn++ {
						if st.Usual != "" && w.s.Phase == ask.Reviewing { // it is asked of nobody who does not change it
							w.step(ask.Input{Do: ask.Edit, Value: st.Key})
							w.step(ask.Input{Do: ask.Pick, Value: st.Options[len(st.Options)-1]})
							break
						}
						in := w.onward(w.s, 0)
						if i := slices.IndexFunc(f.Steps, func(st ask.Step) bool { return st.Key == w.s.Asked }); nth > 0 && in.Do == ask.Pick && len(f.Steps[i].Options) > 0 && f.Steps[i].Needs == "" {
							in.Value = f.Steps[i].Options[min(nth%2, len(f.Steps[i].Options)-1)]
							if nth == 2 {
								in.Value = f.Steps[i].Options[len(f.Steps[i].Options)-1]
							}
						}
						w.step(in)
					}
					if st.Type == ask.TypeText && w.s.Asked == st.Key {
						w.step(ask.Input{Text: "x"})
						w.step(ask.Input{Do: ask.Finish})
					}
					if st.Type == ask.TypeNumber && w.s.Asked == st.Key {
						w.step(ask.Input{Text: "1.23456"})
					}
					for turn := 0; w.s.Phase == ask.Asking && turn < 30; turn++ { // and on, to where it is shown again
						w.step(w.onward(w.s, 0))
					}
				}
			}
			if i := slices.IndexFunc(f.Steps, func(st ask.Step) bool { return st.Spoken }); i >= 0 { // too much is said
				w := newWalk(t, f)
				w.keys = shown
				for turn := 0; w.s.Asked != f.Steps[i].Key && turn < 30; turn++ {
					w.step(w.onward(w.s, 0))
				}
				for n := range 12 {
					w.step(ask.Input{File: &ask.File{Ref: fmt.Sprint("voice", n), Kind: "voice"}})
				}
			}
			listed := append(f.Keys(), ask.Keys()...)
			for key := range shown {
				everything[key] = true
				if !slices.Contains(listed, key) {
					t.Errorf("%s is shown, but not listed by Keys", key)
				}
			}
			for _, key := range f.Keys() {
				if !shown[key] {
					t.Errorf("%s is listed by Keys, but nobody ever sees it", key)
				}
			}
		})
	}
	for _, key := range ask.Keys() {
		if !everything[key] {
			t.Errorf("%s is listed by ask.Keys, but nobody ever sees it", key)
		}
	}
}

// What is listed twice is looked for twice.
func TestKeys(t *testing.T) {
	all := ask.Keys()
	for _, f := range flows.All {
		shared := func(key string) bool { // that several ask is meant
			return slices.ContainsFunc(f.Steps, func(st ask.Step) bool { return st.In != "" && st.In != f.Name && strings.HasPrefix(key, st.In+".") })
		}
		all = append(all, slices.DeleteFunc(f.Keys(), func(key string) bool { return slices.Contains(all, key) && shared(key) })...)
	}
	slices.Sort(all)
	for i := range all[1:] {
		if all[i] == all[i+1] {
			t.Errorf("%s is listed twice", all[i])
		}
	}
	for _, f := range flows.All {
		if _, ok := flows.Find(f.Start("id", nil, nil)); !ok {
			t.Errorf("%s is not found by a session of its own", f.Name)
		}
		old := f.Start("id", nil, nil)
		old.Version--
		if found, ok := flows.Find(old); ok || found.Name != f.Name {
			t.Errorf("an old session of %s: found %q, goes on: %t", f.Name, found.Name, ok)
		}
	}
	if _, ok := flows.Find(ask.Session{Flow: "gone"}); ok {
		t.Error("a flow that is gone was found")
	}
}

// BenchmarkNext is one turn: the mean over a whole complaint with a mistake and a change.
func BenchmarkNext(b *testing.B) {
	type turn struct {
		s  ask.Session
		in ask.Input
	}
	var turns []turn
	s := flows.Complaint.Start(strings.Repeat("A", 26), handedIn, nil)
	for _, in := range []ask.Input{
		{Do: ask.Pick, Value: "agree"}, {Do: ask.Pick, Value: "student"}, {Do: ask.Back}, {Do: ask.Pick, Value: "student"},
		{Do: ask.Pick, Value: "timetable"}, {Do: ask.Pick, Value: "itc"}, {Do: ask.Pick, Value: flows.AboutNobody}, {Do: ask.Skip}, {Text: "?"}, {Text: "Айгерім Сәрсенова"},
		{Text: "Қарашаның басынан бері сабақ екі рет кестеден тыс өтті."}, {Text: strings.Repeat("Кестені бір апта бұрын жариялауыңызды сұраймын. ", 20)}, {Do: ask.Finish},
		{File: &ask.File{Ref: "1", Kind: "photo"}}, {Do: ask.Finish}, {Do: ask.Edit, Value: "topic"}, {Do: ask.Pick, Value: "teaching"}, {Do: ask.Send},
	} {
		turns = append(turns, turn{s, in})
		s, _ = flows.Complaint.Next(s, in)
	}
	if s.Phase != ask.Sending {
		b.Fatalf("the conversation got to %s %s", s.Phase, s.Asked)
	}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		t := turns[i%len(turns)]
		flows.Complaint.Next(t.s, t.in)
		i++
	}
}
