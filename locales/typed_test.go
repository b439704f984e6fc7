package locales_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/handlers"
	"alt.edu.kz/dauys/locales"
)

// newRealBook has the names of the built-in structure.
func newRealBook(t testing.TB) *locales.Book {
	u := dauys.Builtin()
	book, err := locales.New(almaty, handlers.Names(u))
	if err != nil {
		t.Fatal(err)
	}
	return book
}

// place is a question, or the menu, with its buttons.
type place struct {
	name string
	view ask.View // of a menu: only its buttons
	menu bool
}

// places are all questions with a choice, those about files, the review, the question
// whether to leave, and the menus.
func places(t testing.TB) (out []place) {
	verb := func(do ask.Do) ask.Option {
		return ask.Option{Label: ask.Line{Key: "ask.button." + string(do)}, Do: do}
	}
	edit := func(f ask.Flow, key string) ask.Option {
		return ask.Option{Label: ask.Line{Key: "ask.button.edit", Args: ask.Args{"Name": ask.Line{Key: f.Called(key).Key}}}, Do: ask.Edit, Value: key}
	}
	seen := map[string]bool{} // a question that several ask is one
	for _, f := range flows.All {
		review := ask.View{Phase: ask.Reviewing, Buttons: [][]ask.Option{{verb(ask.Send)}}}
		for _, st := range f.Steps {
			if !st.Hidden {
				review.Buttons = append(review.Buttons, []ask.Option{edit(f, st.Key)})
			}
			if seen[f.Under(st.Key)] {
				continue
			}
			seen[f.Under(st.Key)] = true
			v := ask.View{Phase: ask.Asking, Asked: st.Key, Type: st.Type}
			last := []ask.Option{verb(ask.Back), verb(ask.Cancel)}
			if st.Skip {
				last = append(last, verb(ask.Skip))
			}
			switch st.Type {
			case ask.TypeChoice:
				for _, o := range st.Options {
					v.Buttons = append(v.Buttons, []ask.Option{{Label: ask.Line{Key: f.Under(st.Key) + "." + o}, Do: ask.Pick, Value: o}})
				}
				for _, id := range handedIn(st) {
					v.Buttons = append(v.Buttons, []ask.Option{{Label: ask.Line{Key: "ask.named", Args: ask.Args{"Name": ask.Name{List: st.Names, ID: id}}}, Do: ask.Pick, Value: id}})
				}
			case ask.TypeFiles:
				begun := v
				begun.Buttons = [][]ask.Option{{verb(ask.Finish), verb(ask.Clear)}, {verb(ask.Back), verb(ask.Cancel)}}
				out = append(out, place{name: f.Under(st.Key) + " begun", view: begun})
				begun.Buttons = [][]ask.Option{{{Label: ask.Line{Key: "ask.button.keep"}, Do: ask.Finish}, verb(ask.Clear)}, {verb(ask.Back), verb(ask.Cancel)}}
				out = append(out, place{name: f.Under(st.Key) + " again", view: begun})
			default:
				continue
			}
			v.Buttons = append(v.Buttons, last)
			out = append(out, place{name: f.Under(st.Key), view: v})
		}
		review.Buttons = append(review.Buttons, []ask.Option{verb(ask.Cancel)})
		out = append(out, place{name: f.Name + " review", view: review})
	}
	item := ask.Option{Label: ask.Line{Key: "ask.button.list"}, Do: ask.Finish}
	row := func(o ...ask.Option) []ask.Option { return o }
	at := func(name string, typ ask.Type, rows ...[]ask.Option) {
		out = append(out, place{name: name, view: ask.View{Phase: ask.Asking, Type: typ, Buttons: rows}})
	}
	at("item", ask.TypeChecklist, row(verb(ask.Later)), row(item), row(verb(ask.Cancel)))
	at("item sent", ask.TypeChecklist, row(item, verb(ask.Clear)), row(verb(ask.Cancel)))
	at("date", ask.TypeDate, row(ask.Option{Label: ask.Line{Key: "ask.button.keep"}, Do: ask.Finish}, ask.Option{Label: ask.Line{Key: "ask.button.empty"}, Do: ask.Skip}), row(verb(ask.Back), verb(ask.Cancel)))
	out = append(out, place{name: "leaving", view: ask.View{Phase: ask.Leaving, Type: ask.TypeChoice, Buttons: [][]ask.Option{{verb(ask.Leave), verb(ask.Stay)}}}})
	menu := func(name string, lines ...ask.Line) {
		v := ask.View{}
		for _, line := range lines {
			v.Buttons = append(v.Buttons, []ask.Option{{Label: line, Value: line.Key}})
		}
		out = append(out, place{name, v, true})
	}
	menu("menu", locales.DraftsButton(2), locales.MenuButton("new"), locales.MenuButton("cases"), locales.MenuButton("call"), locales.MenuButton("language"), locales.MenuButton("help"), locales.MenuButton("privacy"))
	menu("unfinished", locales.MenuButton("resume"), locales.MenuButton("aside"), locales.MenuButton("fresh"))
	menu("nudge", locales.MenuButton("resume"), locales.MenuButton("later"), locales.MenuButton("discard"))
	menu("expires", locales.MenuButton("resume"), locales.MenuButton("keep"), locales.MenuButton("discard"))
	menu("case", locales.CaseAct(dauys.Add), locales.CaseAct(dauys.Withdraw), locales.MenuButton("cases"), locales.MenuButton("menu"))
	menu("languages", locales.LanguageOf(dauys.Kazakh), locales.LanguageOf(dauys.Russian), locales.LanguageOf(dauys.English))
	return out
}

// handedIn are the options of a question that the structure file has.
func handedIn(st ask.Step) (ids []string) {
	switch u := dauys.Builtin(); st.Names {
	case "institute":
		for _, i := range u.Institutes {
			ids = append(ids, i.ID)
		}
	case "rung":
		ids = []string{"advisor-curator", "deputy", "director", "vr-academic", "rector"}
	}
	return ids
}

// hear is what is heard at a place: the options, the first of them pressed when it is sure.
func (p place) hear(book *locales.Book, typed string) (options []ask.Option, how locales.Certainty) {
	all := slices.Concat(p.view.Buttons...)
	if p.menu {
		var labels []ask.Line
		for _, o := range all {
			labels = append(labels, o.Label)
		}
		at, how := book.Hear(typed, labels, 0)
		for _, i := range at {
			options = append(options, all[i])
		}
		return options, how
	}
	in, how := book.Heard(typed, p.view)
	if in.Offer != nil {
		return in.Offer.Options, how
	}
	for _, o := range all {
		if how != locales.Unheard && o.Do == in.Do && o.Value == in.Value {
			options = append(options, o)
		}
	}
	return options, how
}

func same(a, b ask.Option) bool { return a.Do == b.Do && a.Value == b.Value }

var russianInLatin = strings.NewReplacer("а", "a", "б", "b", "в", "v", "г", "g", "д", "d", "е", "e", "ё", "yo", "ж", "zh", "з", "z", "и", "i", "й", "y", "к", "k", "л", "l", "м", "m",
	"н", "n", "о", "o", "п", "p", "р", "r", "с", "s", "т", "t", "у", "u", "ф", "f", "х", "kh", "ц", "ts", "ч", "ch", "ш", "sh", "щ", "shch", "ъ", "", "ы", "y", "ь", "'", "э", "e", "ю", "yu", "я", "ya",
	"ә", "a", "ғ", "gh", "қ", "q", "ң", "n", "ө", "o", "ұ", "u", "ү", "u", "һ", "h", "і", "i")

// The Latin alphabet of Kazakh of 2021, and that of 2018.
var (
	kazakhInLatin = strings.NewReplacer("а", "a", "ә", "ä", "б", "b", "в", "v", "г", "g", "ғ", "ğ", "д", "d", "е", "e", "ж", "j", "з", "z", "и", "i", "й", "i", "к", "k", "қ", "q", "л", "l", "м", "m",
		"н", "n", "ң", "ñ", "о", "o", "ө", "ö", "п", "p", "р", "r", "с", "s", "т", "t", "у", "u", "ұ", "ū", "ү", "ü", "ф", "f", "х", "h", "һ", "h", "ц", "ts", "ч", "ch", "ш", "ş", "ы", "y", "і", "i", "э", "e", "ю", "iu", "я", "ia", "ь", "", "ъ", "")
	earlierInLatin = strings.NewReplacer("а", "a", "ә", "á", "б", "b", "в", "v", "г", "g", "ғ", "ǵ", "д", "d", "е", "e", "ж", "j", "з", "z", "и", "ı", "й", "ı", "к", "k", "қ", "q", "л", "l", "м", "m",
		"н", "n", "ң", "ń", "о", "o", "ө", "ó", "п", "p", "р", "r", "с", "s", "т", "t", "у", "ý", "ұ", "u", "ү", "ú", "ф", "f", "х", "h", "һ", "h", "ц", "ts", "ч", "ch", "ш", "sh", "ы", "y", "і", "i", "э", "e", "ю", "iu", "я", "ia", "ь", "", "ъ", "")
	withoutKazakhLetters = strings.NewReplacer("ә", "а", "ғ", "г", "қ", "к", "ң", "н", "ө", "о", "ұ", "у", "ү", "у", "һ", "х", "і", "и",
		"Ә", "А", "Ғ", "Г", "Қ", "К", "Ң", "Н", "Ө", "О", "Ұ", "У", "Ү", "У", "Һ", "Х", "І", "И", "ё", "е")
	inEnglishLayout = func() *strings.Replacer {
		from, to := []rune("ёйцукенгшщзхъфывапролджэячсмитьбюәіңғүұқөһ"), []rune("`qwertyuiop[]asdfghjkl;'zxcvbnm,.2345890-=")
		var pairs []string
		for i := range from {
			pairs = append(pairs, string(from[i]), string(to[i]))
		}
		return strings.NewReplacer(pairs...)
	}()
)

// Every label finds its own button, however it is written, and no other.
func TestEveryLabelIsHeard(t *testing.T) {
	book := newRealBook(t)
	for _, p := range places(t) {
		for _, o := range slices.Concat(p.view.Buttons...) {
			for _, l := range dauys.Langs {
				label := book.Plain(l, o.Label)
				lower := strings.ToLower(label)
				ways := map[string]string{
					"as it is": label, "in small letters": lower, "in capitals": strings.ToUpper(label), "with a full stop": label + ".", "without Kazakh letters": withoutKazakhLetters.Replace(label),
					"please": label + ", пожалуйста",
				}
				if l != dauys.English {
					ways["in Latin"] = russianInLatin.Replace(lower)
				}
				if l != dauys.English && !strings.ContainsFunc(lower, latin) && !(l == dauys.Kazakh && strings.ContainsAny(lower, "0123456789-")) {
					ways["in the English layout"] = inEnglishLayout.Replace(strings.ReplaceAll(lower, ",", "?"))
				}
				if l == dauys.Kazakh {
					ways["in Kazakh Latin"] = kazakhInLatin.Replace(lower)
					ways["in the Kazakh Latin of 2018"] = earlierInLatin.Replace(lower)
				}
				for way, typed := range ways {
					got, how := p.hear(book, typed)
					sure := how >= locales.Sure || o.Do == ask.Send && how == locales.Likely && way == "please"
					if !sure || len(got) != 1 || !same(got[0], o) {
						t.Errorf("%s: %q, %s of %s: got %v (%d)", p.name, typed, way, o.Label.Key, got, how)
					}
				}
			}
		}
	}
}

func TestEveryNumberIsHeard(t *testing.T) {
	book := newRealBook(t)
	ordinal := map[int][]string{1: {"первый", "первая", "бірінші", "first", "birinshi", "pervyy"}, 2: {"второй", "вторая", "екінші", "the second", "ekinshi", "vtoroy"}, 3: {"третья", "үшінші", "third"}}
	for _, p := range places(t) {
		var numbered []ask.Option
		for _, o := range slices.Concat(p.view.Buttons...) {
			if p.menu || p.view.Type == ask.TypeChoice && (o.Do == ask.Pick || p.view.Phase == ask.Leaving) {
				numbered = append(numbered, o)
			}
		}
		for n := 1; n <= 12; n++ {
			d := fmt.Sprint(n)
			ways := []string{d, d + ".", d + ")", "№" + d, "№ " + d, "#" + d, "(" + d + ")", " " + d + " ", d + "!", "вариант " + d, "нөмір " + d, "option " + d, "номер " + d + ".", d + "-й", d + "-ші"}
			if n < 10 {
				ways = append(ways, d+"\ufe0f\u20e3")
			}
			for _, typed := range append(ways, ordinal[n]...) {
				got, how := p.hear(book, typed)
				if n > len(numbered) {
					if how != locales.Unheard {
						t.Errorf("%s: %q: got %v, but there is none", p.name, typed, got)
					}
					continue
				}
				if how != locales.Exact || len(got) != 1 || !same(got[0], numbered[n-1]) {
					t.Errorf("%s: %q: got %v (%d)", p.name, typed, got, how)
				}
			}
		}
		for _, typed := range []string{"-1", "–1", "−1", "1.5", "1,5", "1 2", "1/2", "0", "01", "00", "1-2", "1+1", "+1", "½", "¹", "١", "1a", "1 курс", "100", "999999999999999999999", "2026", "1:30", "12.11", "№", "№0", ".", "1%"} {
			if got, how := p.hear(book, typed); how == locales.Exact {
				t.Errorf("%s: %q is no number, got %v", p.name, typed, got)
			}
		}
	}
}

// Words under the synonyms of two buttons of one question would mean neither, and so would
// those that are the label of another button.
func TestSynonymsDiffer(t *testing.T) {
	book := newRealBook(t)
	for _, p := range places(t) {
		for _, o := range slices.Concat(p.view.Buttons...) {
			for _, words := range book.Synonyms(o.Label.Key) {
				got, how := p.hear(book, words)
				if how != locales.Exact || len(got) != 1 || !same(got[0], o) {
					t.Errorf("%s: %q stands under %s, but means %v (%d); take it out under one of them", p.name, words, o.Label.Key, got, how)
				}
			}
		}
	}
}

func TestSynonymsAreWords(t *testing.T) {
	for _, l := range dauys.Langs {
		texts, lines := locales.Texts(l)
		for key, forms := range texts {
			if !strings.HasPrefix(key, "synonyms.") {
				continue
			}
			seen := map[string]bool{}
			for words := range strings.SplitSeq(forms[""], ";") {
				words = strings.TrimSpace(words)
				where := fmt.Sprintf("locales/%s.toml:%d: %s", l, lines[key], key)
				if of, ok := strings.CutPrefix(words, "@"); ok {
					if texts["synonyms."+of] == nil {
						t.Errorf("%s: nothing stands under %s", where, of)
					}
				} else if locales.Fold(words) == "" {
					t.Errorf("%s has a semicolon too many", where)
				}
				if seen[words] {
					t.Errorf("%s has %q twice", where, words)
				}
				seen[words] = true
			}
		}
	}
}

// What people type, and what it is taken for. A dash is nothing; a question mark before the
// words of the answer means that the bot asks.
func TestTyped(t *testing.T) {
	book := newRealBook(t)
	at := map[string]place{}
	for _, p := range places(t) {
		at[p.name] = p
	}
	for _, tt := range typedTable {
		p, ok := at[tt.place]
		if !ok {
			t.Fatalf("there is no place %s", tt.place)
		}
		options, how := p.hear(book, tt.typed)
		var words []string
		for _, o := range options {
			w := o.Value
			if w == "" {
				w = string(o.Do)
			}
			words = append(words, strings.TrimPrefix(w, "menu."))
		}
		got := strings.Join(words, " ")
		switch how {
		case locales.Unheard:
			got = "-"
		case locales.Likely:
			got = "? " + got
		}
		if got != tt.want {
			t.Errorf("%s: %q: got %q, want %q", tt.place, tt.typed, got, tt.want)
		}
	}
}

// Where words are asked for, only the very words of a button press it.
func TestNothingEatsAStory(t *testing.T) {
	book := newRealBook(t)
	v := ask.View{Phase: ask.Asking, Type: ask.TypeText, Buttons: [][]ask.Option{
		{{Label: ask.Line{Key: "ask.button.suggestion", Args: ask.Args{"Text": "Айгерім Сәрсенова"}}, Do: ask.Pick, Value: "0"}},
		{{Label: ask.Line{Key: "ask.button.done"}, Do: ask.Finish}, {Label: ask.Line{Key: "ask.button.skip"}, Do: ask.Skip}, {Label: ask.Line{Key: "ask.button.back"}, Do: ask.Back}, {Label: ask.Line{Key: "ask.button.cancel"}, Do: ask.Cancel}},
	}}
	phone := v
	phone.Type = ask.TypePhone
	for typed, want := range map[string]ask.Do{
		"Дайын": ask.Finish, "дайын.": ask.Finish, "ГОТОВО": ask.Finish, "done": ask.Finish, "откизип жиберу": ask.Skip, "← Назад": ask.Back, "отмена": ask.Cancel, "айгерим сарсенова": ask.Pick,
		"да": "", "нет": "", "жоқ": "", "1": "", "готов": "", "gotovo": "", "daiyn": "", "ujnjdj": "", "отмен": "", "отмени": "", "стоп": "", "всё": "", "Айгерім": "", "Aigerim Sarsenova": "", "готово, спасибо": "", "назад дороги нет": "", "Отмена занятий": "", "помощь": "",
	} {
		for _, view := range []ask.View{v, phone} {
			if in, _ := book.Heard(typed, view); in.Do != want || in.Offer != nil {
				t.Errorf("%q: got %q %v, want %q", typed, in.Do, in.Offer, want)
			}
		}
	}
}

// After "did you mean …?" a yes means that, and the numbers are those of the buttons as they stand.
func TestOffer(t *testing.T) {
	book := newRealBook(t)
	s := flows.Complaint.Start("id", nil, nil)
	typed := func(words, want string) {
		t.Helper()
		in, _ := book.Heard(words, flows.Complaint.Show(s))
		if in == (ask.Input{}) {
			in.Text = words
		}
		var v ask.View
		s, v = flows.Complaint.Next(s, in)
		got := v.Asked
		for _, row := range v.Buttons[:v.Offered] {
			got += " " + row[0].Value
		}
		if got != want {
			t.Fatalf("%q: got %s, want %s", words, got, want)
		}
	}
	typed("согласовано", "consent agree disagree")
	typed("нет", "consent")
	typed("да", "standing")
	typed("зреподаватель", "topic") // one slip in a long word
	s, _ = flows.Complaint.Next(s, ask.Input{Do: ask.Back})
	typed("студия", "standing student")
	typed("иә", "topic")
	s, _ = flows.Complaint.Next(s, ask.Input{Do: ask.Back})
	typed("студенческий", "standing student")
	typed("1", "topic")
	if got := s.Value("standing"); got != "student" {
		t.Errorf("the first button stood for %s", got)
	}
	typed("предлог", "topic idea")
	typed("no idea at all what this is", "topic idea") // "idea" is one of them
	typed("…", "topic")
	typed("да", "topic") // nothing was offered
}

func FuzzTyped(f *testing.F) {
	for _, tt := range typedTable {
		f.Add(tt.typed)
	}
	for _, words := range append(slices.Clone(written), "", " ", "\x00", "\xff\xfe", "ёёёёё", strings.Repeat("я ", 3000), strings.Repeat("ш", 5000), "№№", "1️⃣", "'''", "-", "2-ші", "ⅷ", "İ", "ﬀ", "и\u0306") {
		f.Add(words)
	}
	book := newRealBook(f)
	all := places(f)
	f.Fuzz(func(t *testing.T, words string) {
		for _, p := range all {
			got, how := p.hear(book, words)
			switch {
			case how == locales.Unheard && len(got) != 0, how == locales.Likely && (len(got) == 0 || len(got) > 3), how >= locales.Sure && len(got) != 1:
				t.Errorf("%s: %q: got %v (%d)", p.name, words, got, how)
			}
			if again, same := p.hear(book, words); same != how || len(again) != len(got) {
				t.Errorf("%s: %q: at another time it is %v (%d)", p.name, words, again, same)
			}
		}
	})
}

// BenchmarkTyped is one message at the question with the most buttons: a word of it, and at
// worst words that are nothing, so that every slip is looked for.
func BenchmarkTyped(b *testing.B) {
	book := newRealBook(b)
	for _, p := range places(b) {
		if p.name != "request.topic" {
			continue
		}
		for name, typed := range map[string]string{"word": "расписание", "slip": "расписпние", "nothing": "преподобный оператор университетский", "story": strings.Repeat("Кестені бір апта бұрын жариялауыңызды сұраймын. ", 20)} {
			b.Run(name, func(b *testing.B) {
				for b.Loop() {
					p.hear(book, typed)
				}
			})
		}
	}
}
