package flows_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/handlers"
)

// walked are the conversations that are walked through: all that there are, and some with
// everything that a flow can have.
var walked = append(slices.Clone(flows.All), journey, narrow, passport, visit)

var (
	journey = func() ask.Flow {
		agree := ask.OneOf("agree", "yes", "no").Must("yes").Unlisted()
		by := ask.OneOf("by", "train", "car", "foot")
		class := ask.OneOf("class", "first", "second").If(by.Is("train"))
		bed := ask.YesNo("bed").If(by.Is("train"), class.IsNot("second"))
		plate := ask.Text("plate", 3, 10).If(by.Is("car"))
		city := ask.Given("city", "cities").OrSkip()
		street := ask.Given("street", "streets").By(city).If(city.Is("almaty", "astana"))
		why := ask.Text("why", 5, 40).InParts().If(by.IsNot("foot"))
		more := ask.Text("more", 1, 30).InParts().OrSkip().If(street.Is("main"))
		return ask.Flow{Name: "journey", Version: 7, Before: []string{"letter"}, Steps: []ask.Step{
			agree, by, class, bed, plate, city, street, why.After("news").OrSpoken(), more, ask.Phone("phone").OrSkip(), ask.Files("papers", 2).OrSkip(), ask.Text("thanks", 2, 10).OrSkip().ShownAbove(),
		}}
	}()
	// narrow has room for exactly what it asks for.
	narrow   = ask.Flow{Name: "narrow", Version: 1, Steps: []ask.Step{ask.Text("exact", 5, 5).InParts(), ask.Text("letter", 1, 1), ask.Files("one", 1)}}
	passport = ask.Flow{Name: "passport", Version: 1, Steps: []ask.Step{ask.Text("name", 2, 9), ask.Files("scan", 3), ask.YesNo("sure").Must("yes")}}
	// visit has a day, numbers and lists.
	visit = func() ask.Flow {
		kind := ask.OneOf("kind", "orphan", "family", "other")
		return ask.Flow{Name: "visit", Version: 1, Steps: []ask.Step{
			kind, ask.Date("day"), ask.Number("age", 14, 99).If(kind.IsNot("other")), ask.Number("mark", -5, 100).Fraction(2).OrSkip(),
			ask.Checklist("papers", "paper").By(kind), ask.Checklist("more", "").Or("photo", "form").OrSkip(),
		}}
	}()

	handedIn = func() map[string][]string {
		out := given(dauys.Builtin())
		maps.Copy(out, map[string][]string{
			"case": {"ALT-2026-000001"}, "lang": {"kk"}, "to": {"vr-academic", "rector"}, "slot": {"1796810400", "1796811300"}, "name": {"Айгерім Сәрсенова", "x", "A.\u202eB"},
			"city": {"almaty", "astana", "aktau"}, "street:almaty": {"abay", "main"}, "street:astana": {"main", "north"}, "plate": {"KZ77"},
			"papers:orphan": {"id", "orphan-proof"}, "papers:family": {"id", "income", "children"}, "day:to": {ask.Today}, "day:from": {"2026-09-01"},
		})
		return out
	}()
)

// walk is a conversation that looks at every turn whether the engine keeps its promises.
type walk struct {
	t    testing.TB
	flow ask.Flow
	s    ask.Session
	v    ask.View
	past []string // data of the buttons of earlier turns

	done  map[string]string   // texts that were accepted, by question
	begun map[string][]string // messages of a text that is not done yet
	keys  map[string]bool     // of the messages that were shown
	sent  int                 // messages that the person has written
	amend bool                // what comes next changes one of them
}

func newWalk(t testing.TB, f ask.Flow) *walk {
	w := &walk{t: t, flow: f, done: map[string]string{}, begun: map[string][]string{}, keys: map[string]bool{}}
	w.s = f.Start(strings.Repeat("A", len(handlers.NewID())), handedIn, nil)
	w.s.Today = "2026-11-23"
	w.v = f.Show(w.s)
	w.look(w.s)
	return w
}

// step is one turn.
func (w *walk) step(in ask.Input) {
	w.t.Helper()
	before := w.s
	frozen := deepCopy(before)
	for _, row := range w.v.Buttons {
		for _, o := range row {
			w.past = append(w.past, ask.Data(w.v, o))
		}
	}
	next, v := w.flow.Next(before, in)
	if w.amend {
		amended, shown, ok := w.flow.Amend(before, in)
		if !ok {
			amended, shown = w.flow.Next(before, ask.Input{})
		}
		next, v = amended, shown
	}
	if !reflect.DeepEqual(before, frozen) {
		w.t.Fatalf("%s: Next changed the session that it was given, on %+v:\n%+v\nwas\n%+v", w.flow.Name, in, before, frozen)
	}
	result := deepCopy(next)
	if next.Turn%3 == 0 {
		w.flow.Next(before, ask.Input{Text: "something else instead"})
		w.flow.Next(before, ask.Input{File: &ask.File{Ref: "another", Kind: "photo"}})
	}
	if !reflect.DeepEqual(next, result) {
		w.t.Fatalf("%s: what was done to the old session changed the new one, after %+v:\n%+v\nwas\n%+v", w.flow.Name, in, next, result)
	}
	w.v = v
	w.look(next)
	w.s = w.stored(next)
	if w.amend {
		w.amend = false
		for key := range w.done {
			w.done[key] = w.s.Value(key)
		}
		for key := range w.begun {
			w.begun[key] = w.s.Parts[key].Values
		}
		in = ask.Input{}
	}
	w.remember(before, in)
	w.keep(before, in)
}

// keep asks that no file is lost but by what takes files away.
func (w *walk) keep(before ask.Session, in ask.Input) {
	w.t.Helper()
	for _, st := range w.flow.Steps {
		if st.Key == before.Asked && (in.Do == ask.Clear || in.Do == ask.Finish || in.Do == ask.Skip) || !applies(st, w.s) {
			continue
		}
		now := slices.Concat(w.s.Answers[st.Key].Files, w.s.Parts[st.Key].Files)
		for _, f := range slices.Concat(before.Answers[st.Key].Files, before.Parts[st.Key].Files) {
			if !slices.ContainsFunc(now, func(x ask.File) bool {
				if st.Type == ask.TypeChecklist { // one file sent twice for an item is one
					return x.Ref == f.Ref
				}
				return x == f
			}) {
				w.t.Fatalf("%s: on %+v a file of %s is lost: %+v; there is %+v", w.flow.Name, in, st.Key, f, now)
			}
		}
	}
}

// look holds a view to what is promised of every one.
func (w *walk) look(s ask.Session) {
	w.t.Helper()
	v := w.v
	buttons := slices.Concat(v.Buttons...)
	switch {
	case len(v.Lines) == 0:
		w.t.Fatalf("%s says nothing at %s %s", w.flow.Name, s.Phase, s.Asked)
	case len(buttons) == 0 && !s.Over():
		w.t.Fatalf("%s offers nothing at %s %s", w.flow.Name, s.Phase, s.Asked)
	case v.Problems < 0 || v.Problems > len(v.Lines):
		w.t.Fatalf("%s: %d problems in %d lines", w.flow.Name, v.Problems, len(v.Lines))
	case v.Session != s.ID || v.Turn != s.Turn || v.Phase != s.Phase || s.Phase == ask.Asking && v.Asked != s.Asked:
		w.t.Fatalf("%s: the view %+v is not of the session %+v", w.flow.Name, v, s)
	}
	if again := w.flow.Show(s); !reflect.DeepEqual(again.Buttons, v.Buttons) {
		w.t.Fatalf("%s: shown again, there are other buttons: %v, not %v", w.flow.Name, again.Buttons, v.Buttons)
	}
	for _, a := range slices.Concat(slices.Collect(maps.Values(s.Answers)), slices.Collect(maps.Values(s.Parts))) {
		for _, text := range a.Values {
			if ask.Clean(text) != text {
				w.t.Fatalf("%s: an answer is not clean: %q", w.flow.Name, text)
			}
		}
	}
	late := v
	late.Turn = 99_999
	for _, o := range buttons {
		data := ask.Data(late, o)
		if !slices.ContainsFunc(flows.ByApplicants, func(f ask.Flow) bool { return f.Name == w.flow.Name }) {
			data = "p:" + handlers.NewID() + ":" + data // as in the chat of an office
		}
		if len(data) > 64 {
			w.t.Fatalf("%s: the button carries %d bytes, more than 64: %s", w.flow.Name, len(data), data)
		}
		w.said(o.Label)
	}
	for _, l := range v.Lines {
		w.said(l)
	}
	if s.Phase == ask.Reviewing || s.Phase == ask.Sending {
		w.complete(s)
	}
}

// said notes the messages that a line needs.
func (w *walk) said(l ask.Line) {
	w.keys[l.Key] = true
	for _, a := range l.Args {
		if inner, ok := a.(ask.Line); ok {
			w.said(inner)
		}
	}
}

// complete asks that a review has an answer to every question that applies, and no other.
func (w *walk) complete(s ask.Session) {
	w.t.Helper()
	for _, st := range w.flow.Steps {
		if _, ok := s.Answers[st.Key]; ok != applies(st, s) {
			w.t.Fatalf("%s: at %s, %s is answered: %t, applies: %t; %v", w.flow.Name, s.Phase, st.Key, ok, applies(st, s), s.Answers)
		}
	}
}

// stored is a session as it comes back from a store.
func (w *walk) stored(s ask.Session) ask.Session {
	w.t.Helper()
	first, err := json.Marshal(s)
	if err != nil {
		w.t.Fatal(err)
	}
	var back ask.Session
	if err := json.Unmarshal(first, &back); err != nil {
		w.t.Fatal(err)
	}
	second, err := json.Marshal(back)
	if err != nil || string(first) != string(second) {
		w.t.Fatalf("%s: stored twice it is another session (%v):\n%s\n%s", w.flow.Name, err, first, second)
	}
	if a, b := w.flow.Show(s), w.flow.Show(back); !reflect.DeepEqual(a, b) {
		w.t.Fatalf("%s: stored and loaded it shows\n%+v\nnot\n%+v", w.flow.Name, b, a)
	}
	return back
}

// remember keeps its own account of what was written, and asks that nothing of it is lost.
func (w *walk) remember(before ask.Session, in ask.Input) {
	w.t.Helper()
	key := before.Asked
	i := slices.IndexFunc(w.flow.Steps, func(st ask.Step) bool { return st.Key == key })
	stale := in.Turn != 0 && in.Turn != before.Turn
	if in.Do == ask.Clear && i >= 0 && w.flow.Steps[i].Type == ask.TypeText {
		in.Text = "" // recordings go, words stay
	}
	if i >= 0 && w.flow.Steps[i].Type == ask.TypeText && !before.Over() && before.Phase != ask.Sending && !stale {
		w.account(before, w.flow.Steps[i], in)
	}
	typed := w.s.Typed(w.flow)
	for key, text := range w.done {
		i := slices.IndexFunc(w.flow.Steps, func(st ask.Step) bool { return st.Key == key })
		fits := applies(w.flow.Steps[i], w.s)
		if slices.Contains(typed, text) && (fits || w.s.Value(key) == text) { // the same words may stand at another question
			continue
		}
		if fits {
			w.t.Fatalf("%s: on %+v the answer to %s is lost: %q; there is %q", w.flow.Name, in, key, text, typed)
		}
		delete(w.done, key)
	}
	for key, parts := range w.begun {
		if text := strings.Join(parts, "\n\n"); !slices.Contains(typed, text) {
			w.t.Fatalf("%s: on %+v what was begun at %s is lost: %q; there is %q", w.flow.Name, in, key, text, typed)
		}
	}
}

// account notes what an input at a question for words has written.
func (w *walk) account(before ask.Session, st ask.Step, in ask.Input) {
	refused := slices.ContainsFunc(w.v.Lines[:w.v.Problems], func(l ask.Line) bool {
		return strings.HasPrefix(l.Key, "ask.text.") || l.Key == "ask.stale"
	})
	text := in.Text
	if in.File != nil {
		text = in.File.Caption
	}
	text = ask.Clean(text)
	said := in.File != nil && st.Spoken && in.Do == "" && slices.Contains([]string{"voice", "audio", "video", "video_note"}, in.File.Kind)
	switch {
	case refused, said:
	case in.Do == ask.Finish:
		if parts, ok := w.begun[st.Key]; ok {
			w.done[st.Key] = strings.Join(parts, "\n\n")
			delete(w.begun, st.Key)
		}
	case in.Do == ask.Pick && before.Phase == ask.Asking:
		w.done[st.Key] = w.s.Value(st.Key)
	case in.Do == ask.Skip:
		delete(w.done, st.Key)
	case in.Do != "" || in.Strange && in.File == nil || text == "":
	case st.Several:
		was := strings.Join(w.begun[st.Key], "\n\n")
		if room := st.Max - utf8.RuneCountInString(was+"\n\n"); was != "" && room < st.Min-visible(was) { // too little to stand
			delete(w.begun, st.Key)
		}
		w.begun[st.Key] = append(slices.Clone(w.begun[st.Key]), text)
	default:
		w.done[st.Key] = text
	}
}

// visible counts what can be seen of a text.
func visible(text string) (n int) {
	for _, r := range text {
		if unicode.In(r, unicode.L, unicode.Mc, unicode.Me, unicode.N, unicode.P, unicode.S) && !strings.ContainsRune("\u115f\u1160\u3164\uffa0\u2800", r) {
			n++
		}
	}
	return n
}

// applies is said once more here, so that the engine is not asked about itself.
func applies(st ask.Step, s ask.Session) bool {
	if st.Handed && len(s.Given[st.Key]) == 0 {
		return false
	}
	if of := s.Value(st.Of); st.Of != "" && st.Type == ask.TypeChecklist && len(s.Given[st.Key+":"+of]) == 0 {
		return false
	}
	for _, c := range st.When {
		a, ok := s.Answers[c.Step]
		chosen := ok && len(a.Values) == 1 && slices.Contains(c.Options, a.Values[0])
		if chosen == c.Not {
			return false
		}
	}
	return true
}

// arrives asks that from here one gets to Send in a bounded number of turns, and to the
// end by Cancel in two.
func (w *walk) arrives() {
	w.t.Helper()
	s := w.s
	for range 2 {
		if do := (map[ask.Phase]ask.Do{ask.Leaving: ask.Leave}); !s.Over() && s.Phase != ask.Sending {
			s, _ = w.flow.Next(s, ask.Input{Do: cmpOr(do[s.Phase], ask.Cancel), Turn: s.Turn})
		}
	}
	if !s.Over() && s.Phase != ask.Sending {
		w.t.Fatalf("%s: Cancel leads to %s", w.flow.Name, s.Phase)
	}
	s = w.s
	missing, shorts := 0, 0
	for range 6*len(w.flow.Steps) + 6 {
		if s.Over() || s.Phase == ask.Sending {
			return
		}
		var v ask.View
		s, v = w.flow.Next(s, w.onward(s, missing))
		missing = 0
		if v.Problems > 0 && v.Lines[0].Key == "ask.text.short" {
			missing = v.Lines[0].Args["Count"].(int)
			if shorts++; shorts > 1 && len(s.Parts[s.Asked].Values) == 1 { // bit by bit it does not fit: all at once
				i := slices.IndexFunc(w.flow.Steps, func(st ask.Step) bool { return st.Key == s.Asked })
				missing = w.flow.Steps[i].Min
			}
		}
	}
	w.t.Fatalf("%s: no way on from %+v; one gets to %+v", w.flow.Name, w.s, s)
}

// onward is what somebody does who wants to get to the end.
func (w *walk) onward(s ask.Session, missing int) ask.Input {
	offers := map[ask.Do]string{}
	for _, o := range slices.Concat(w.flow.Show(s).Buttons...) {
		if _, ok := offers[o.Do]; !ok {
			offers[o.Do] = o.Value
		}
	}
	i := slices.IndexFunc(w.flow.Steps, func(st ask.Step) bool { return st.Key == s.Asked })
	press := func(do ask.Do) ask.Input { return ask.Input{Do: do, Value: offers[do], Turn: s.Turn} }
	_, finish := offers[ask.Finish]
	_, pick := offers[ask.Pick]
	_, skip := offers[ask.Skip]
	switch {
	case s.Over() || s.Phase == ask.Sending:
		return ask.Input{}
	case s.Phase == ask.Leaving:
		return press(ask.Stay)
	case s.Phase == ask.Reviewing:
		return press(ask.Send)
	case missing > 0:
		return ask.Input{Text: strings.Repeat("x", missing)}
	case finish:
		return press(ask.Finish)
	case pick:
		return press(ask.Pick)
	case skip:
		return press(ask.Skip)
	case w.flow.Steps[i].Type == ask.TypePhone:
		return ask.Input{Text: "8 701 123-45-67"}
	case w.flow.Steps[i].Type == ask.TypeDate:
		return ask.Input{Text: "2026-11-20"}
	case w.flow.Steps[i].Type == ask.TypeNumber:
		return ask.Input{Text: fmt.Sprint(w.flow.Steps[i].Max)}
	case w.flow.Steps[i].Type == ask.TypeFiles:
		return ask.Input{File: &ask.File{Ref: "the one", Kind: "photo"}}
	}
	return ask.Input{Text: strings.Repeat("z", max(1, w.flow.Steps[i].Min))}
}

func cmpOr(a, b ask.Do) ask.Do {
	if a != "" {
		return a
	}
	return b
}

// deepCopy shares nothing with a session.
func deepCopy(s ask.Session) ask.Session {
	answers := func(m map[string]ask.Answer) map[string]ask.Answer {
		out := maps.Clone(m)
		for k, a := range out {
			a.Values, a.Files, a.Later = slices.Clone(a.Values), slices.Clone(a.Files), slices.Clone(a.Later)
			out[k] = a
		}
		return out
	}
	s.Answers, s.Parts = answers(s.Answers), answers(s.Parts)
	s.Given = maps.Clone(s.Given)
	for k, v := range s.Given {
		s.Given[k] = slices.Clone(v)
	}
	return s
}

// moves reads what somebody does from bytes, so that any bytes are a conversation.
type moves struct{ data []byte }

func (m *moves) byte() int {
	if len(m.data) == 0 {
		return 0
	}
	b := m.data[0]
	m.data = m.data[1:]
	return int(b)
}

func (m *moves) text(n int) string {
	n = min(n, len(m.data))
	s := string(m.data[:n])
	m.data = m.data[n:]
	return s
}

var (
	dos   = []ask.Do{ask.Pick, ask.Back, ask.Skip, ask.Finish, ask.Clear, ask.Later, ask.Edit, ask.Send, ask.Cancel, ask.Leave, ask.Stay, "fly"}
	kinds = []string{"photo", "document", "video", "voice", "audio", "video_note", "location"} // as bot/telegram knows them
	words = []string{
		"x", "Асель", "   ", "The heating has been broken since Monday.", "Жатақханада жылу жоқ, бөлме өте суық.", "a\x00b\xffc", "\u202efdp.exe", "\u200b\u200b",
		"1", "no", strings.Repeat("слово ", 30), strings.Repeat("ұзын ", 400), "a" + strings.Repeat("\u0301", 900), "👨\u200d👩\u200d👧", "a\r\n\n\n\nb", "{{.X}} <b>&",
	}
	values = []string{"2026-11-20", "2026-08-31", "2026-11-24", "2026-02-30", "23.11", "67,5", "0.123", "1 000", "-1", "17", "hm"}
)

// next is one thing that somebody does: mostly what makes sense, sometimes not.
func (m *moves) next(w *walk) ask.Input {
	buttons := slices.Concat(w.v.Buttons...)
	switch op := m.byte() % 16; op {
	case 0, 1, 2, 3, 4: // a button that is there
		if len(buttons) > 0 {
			o := buttons[m.byte()%len(buttons)]
			return ask.Input{Do: o.Do, Value: o.Value, Turn: w.s.Turn}
		}
	case 5: // the same in words
		if len(buttons) > 0 {
			o := buttons[m.byte()%len(buttons)]
			return ask.Input{Do: o.Do, Value: o.Value}
		}
	case 6: // a forged button
		do, values := dos[m.byte()%len(dos)], []string{"", "0", "99", "-1", "yes", "agree", "story", "papers", "gone", m.text(m.byte() % 8)}
		return ask.Input{Do: do, Value: values[m.byte()%len(values)], Turn: w.s.Turn * (m.byte() % 2)}
	case 7: // an old button
		if len(w.past) > 0 {
			_, in, _ := ask.Pressed(w.past[m.byte()%len(w.past)])
			return in
		}
	case 8: // a turn that never was
		return ask.Input{Do: dos[m.byte()%len(dos)], Turn: w.s.Turn + m.byte() - 100}
	case 9, 10:
		w.sent++
		if w.v.Type == ask.TypeDate || w.v.Type == ask.TypeNumber {
			return ask.Input{Text: values[m.byte()%len(values)], Message: fmt.Sprint(w.sent)}
		}
		return ask.Input{Text: words[m.byte()%len(words)], Message: fmt.Sprint(w.sent)}
	case 11:
		return ask.Input{Text: m.text(m.byte())}
	case 12, 13: // a file
		n := m.byte()
		f := &ask.File{Ref: fmt.Sprint(n % 6), Kind: kinds[n%len(kinds)], Size: int64(n%4) * 9 << 20}
		if n%3 == 0 {
			f.Name = m.text(4)
		}
		if n%5 == 0 {
			f.Caption = words[m.byte()%len(words)]
		}
		if n%7 == 0 {
			f.Album = "album"
		}
		return ask.Input{File: f}
	case 14:
		return ask.Input{Strange: true}
	case 15:
		if n := m.byte(); n%3 == 0 {
			return ask.Input{Phone: []string{"+77011234567", "", "123"}[n/3%3]}
		}
		w.amend = true
		if m.byte()%2 == 0 {
			return ask.Input{Message: fmt.Sprint(w.sent - m.byte()%3), Text: values[m.byte()%len(values)]}
		}
		return ask.Input{Message: fmt.Sprint(w.sent - m.byte()%3), Text: words[m.byte()%len(words)]}
	}
	return ask.Input{}
}
