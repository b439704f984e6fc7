package locales_test

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
)

var almaty = time.FixedZone("Asia/Almaty", 5*60*60) // the same as in the time zone database since 1 March 2024

// newBook has names of two lists.
func newBook(t testing.TB) *locales.Book {
	book, err := locales.New(almaty, func(list, id string) dauys.Names {
		return dauys.Names{dauys.Kazakh: list + " " + id + " қазақша", dauys.Russian: list + " " + id + " по-русски", dauys.English: list + " " + id + " in English"}
	})
	if err != nil {
		t.Fatal(err)
	}
	return book
}

// What people write, at its worst: markup, template language, emoji, another direction, the
// widest character there is.
var written = []string{
	`<b>&"'</b> <a href="x">&amp; {{.Number}} </blockquote>`,
	"😀 👨‍👩‍👧‍👦 🇰🇿",
	"\u202eшағым\u202c עברית العربية",
	strings.Repeat("\uFDFD", 64),
}

// fill are arguments for the gaps of a message.
func fill(gaps []string, words string) ask.Args {
	args := ask.Args{}
	for _, gap := range gaps {
		switch gap {
		case "Count":
			args[gap] = 3
		case "Max":
			args[gap] = 3000
		case "Date", "Here", "Filed":
			args[gap] = time.Date(2026, 11, 23, 4, 30, 0, 0, time.UTC)
		case "Office", "Institute":
			args[gap] = ask.Name{List: "office", ID: "rector"}
		case "Status", "Kind", "Standing", "Language", "Topic", "Identity", "Outcome", "What":
			args[gap] = ask.Line{Key: "menu.help"}
		default:
			args[gap] = words
		}
	}
	return args
}

// TestEveryMessage says each message in each language.
func TestEveryMessage(t *testing.T) {
	book := newBook(t)
	for key, by := range keysSaid(t) {
		for _, l := range dauys.Langs {
			if !book.Has(l, key) {
				continue // TestCatalogue tells
			}
			for _, words := range written {
				if wrong := saysWrong(book, l, key, by.gaps, words); wrong != "" {
					t.Errorf("%s in %s %s", key, l, wrong)
					break
				}
			}
		}
	}
}

// saysWrong is what is wrong with a message when a person wrote such words.
func saysWrong(book *locales.Book, l dauys.Lang, key string, gaps []string, words string) string {
	line := ask.Line{Key: key, Args: fill(gaps, words)}
	text, plain := book.Say(l, line), book.Plain(l, line)
	seen, err := wellFormed(text)
	switch {
	case strings.Contains(text, "<no value>"):
		return "has a gap that is not filled: " + text
	case err != nil:
		return fmt.Sprintf("is not well-formed: %v: %s", err, text)
	case text == key || !utf8.ValidString(text):
		return "is not said: " + text
	}
	for gap, v := range line.Args {
		switch {
		case v != words:
		case gap != "Address" && !strings.Contains(seen, words): // an address is not seen
			return "does not show what was written as " + gap + ": " + text
		case !strings.Contains(plain, words):
			return "changes without markup what was written as " + gap + ": " + plain
		}
	}
	return ""
}

// wellFormed reads the small HTML: tags balanced, only known ones, nothing left unescaped. It
// answers what a person sees.
func wellFormed(text string) (seen string, err error) {
	d := xml.NewDecoder(strings.NewReader("<text>" + text + "</text>"))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return seen, nil
		}
		if err != nil {
			return seen, err
		}
		switch token := token.(type) {
		case xml.CharData:
			seen += string(token)
		case xml.StartElement:
			name := token.Name.Local
			if !slices.Contains([]string{"text", "b", "i", "code", "blockquote", "a", "s", "tg-spoiler"}, name) {
				return seen, fmt.Errorf("<%s> is not for messages", name)
			}
			if len(token.Attr) > 0 != (name == "a") || name == "a" && token.Attr[0].Name.Local != "href" {
				return seen, fmt.Errorf("<%s> has attributes %v", name, token.Attr)
			}
		case xml.EndElement:
		default:
			return seen, fmt.Errorf("%T is not for messages", token)
		}
	}
}

// The library says the same as the texts whose gaps were found beforehand; only what has plural
// forms is left to it.
func TestPreparedTextsAreTheLibrarys(t *testing.T) {
	book := newBook(t)
	for _, l := range dauys.Langs {
		texts, _ := locales.Texts(l)
		prepared := book.Prepared(l)
		for _, key := range prepared {
			found, err := locales.Gaps(texts[key][""])
			if err != nil {
				t.Fatal(err)
			}
			gaps, args := slices.Sorted(maps.Keys(found)), ask.Args{}
			for _, gap := range gaps {
				args[gap] = ask.Markup(written[0])
			}
			if got, want := book.Say(l, ask.Line{Key: key, Args: args}), book.ByLibrary(l, key, gaps, written[0]); got != want {
				t.Errorf("%s %s: got %q, want %q", l, key, got, want)
			}
		}
		for key, forms := range texts {
			if _, single := forms[""]; single != slices.Contains(prepared, key) {
				t.Errorf("%s %s: has one form: %t", l, key, single)
			}
		}
	}
}

func TestWellFormed(t *testing.T) {
	for text, ok := range map[string]bool{
		"a <b>c</b> &lt;": true, `<a href="x">y</a>`: true, "<blockquote><i>x</i></blockquote>": true,
		"<b>a": false, "a</b>": false, "<b><i>a</b></i>": false, "a & b": false, "<u>a</u>": false, `<b class="x">a</b>`: false, "a < b": false, "<!-- a -->": false, "<a>x</a>": false,
	} {
		if _, err := wellFormed(text); (err == nil) != ok {
			t.Errorf("%s: got %v", text, err)
		}
	}
}

// aCase is a case with something of everything.
func aCase() *dauys.Case {
	at := time.Date(2026, 11, 27, 13, 5, 0, 0, time.UTC)
	return &dauys.Case{
		Number: "ALT-2026-000123", Kind: dauys.Complaint, Ladder: dauys.Ladder{{Office: "deputy@itc", Days: 3}, {Office: "director@itc", Days: 5}},
		Applicant: dauys.Applicant{Name: `Ян <b>&"`, Standing: dauys.AsStudent, Lang: dauys.Kazakh}, Institute: "itc", Topic: "rooms", Text: "Экран <жыртық> & \"ескі\"",
		Files: []dauys.File{{Ref: "1"}, {Ref: "2"}}, Status: dauys.InReview, Holder: 1, HolderName: "Салтанат <Омарова>",
		Filed: at, Registered: at.Add(60 * time.Hour), RungDue: at.Add(100 * time.Hour), Due: at.Add(400 * time.Hour),
	}
}

// TestSpeakers calls the functions of messages.go with real things in every state of a case.
func TestSpeakers(t *testing.T) {
	book := newBook(t)
	now := time.Date(2026, 11, 23, 5, 0, 0, 0, time.UTC)
	one := func(l ask.Line) []ask.Line { return []ask.Line{l} }
	say := map[string][]ask.Line{
		"way":         locales.Way(dauys.Way{Ladder: dauys.Ladder{{Office: "deputy@itc", Days: 3}, {Office: "director@itc"}, {Office: "rector", Asks: true}}}, now),
		"registered":  locales.Way(dauys.Way{Ladder: dauys.Ladder{{Office: "desw", Registers: true}, {Office: "vr-social"}, {Office: "rector"}}}, now),
		"gentle":      locales.Way(dauys.Way{Scheme: dauys.Scheme{Gentle: true}, Ladder: dauys.Ladder{{Office: "deputy@itc"}, {Office: "director@itc"}}}, now),
		"filed":       one(locales.Filed("ALT-2026-000123")),
		"kept":        one(locales.FormKept("<b>")),
		"unfinished":  one(locales.Unfinished(locales.DraftName("complaint", nil, "", time.Time{}))),
		"cases":       one(locales.CasesHead(21)),
		"answered":    one(locales.ToldAnswered("ALT-2026-000123", "rector")),
		"taken":       one(locales.ToldTaken("ALT-2026-000123", "rector")),
		"escalated":   locales.Told(aCase(), dauys.Event{Act: dauys.Escalate, Office: "deputy@itc", Next: "rector"}, ""),
		"withdrawn":   one(locales.PassedWithdrawn("ALT-2026-000123", "<b>")),
		"without why": one(locales.PassedWithdrawn("ALT-2026-000123", "")),
		"file":        one(locales.FileOf("ALT-2026-000123", "<b>")),
		"bare file":   one(locales.FileOf("ALT-2026-000123", "")),
		"reason":      one(locales.CardReason("deputy@itc", "<b>")),
		"preview":     one(locales.Preview(dauys.Kazakh, "<b>Шешім</b>")),
		"here":        one(locales.AnswerHere(`telegram:1"`, "<Игорь>")),
		"office":      one(locales.OfficeItem("rector", true, false, 0)),
		"no office":   one(locales.OfficeItem("rector", false, false, 0)),
		"lost office": one(locales.OfficeItem("rector", true, true, 2)),
		"code":        one(locales.BindCode("rector", "ABCDEFGHJK", 30)),
		"bound":       one(locales.Bound("rector")),
		"too high":    one(locales.NotAllowed(&dauys.NotAllowedError{Top: true})),
		"held":        one(locales.NotAllowed(&dauys.NotAllowedError{Holder: "<Игорь>", Status: dauys.InReview})),
		"clause":      one(locales.Clause(dauys.Clause{ID: "4", Texts: dauys.Names{dauys.Kazakh: "<b>"}, Source: dauys.Names{dauys.Kazakh: "<i>"}}, "2026-11")),
		"cited":       {locales.Cited("4"), locales.ClauseButton("4"), locales.ProcedurePage("1", "8", false), locales.ProcedurePage("9", "16", true)},
		"late":        one(locales.NotAllowed(&dauys.NotAllowedError{Status: dauys.Closed})),
	}
	for _, status := range []dauys.Status{dauys.Registered, dauys.InReview, dauys.Needs, dauys.Decided, dauys.Closed, dauys.Withdrawn} {
		c := aCase()
		c.Status = status
		name := string(status)
		say["receipt "+name] = locales.Receipt(c)
		say["view "+name] = locales.CaseView(c, now)
		say["card "+name] = locales.Card(c, "deputy@itc", c.Text, 2)
		say["card of another "+name] = locales.Card(c, "rector", c.Text, 0)
		say["item "+name] = []ask.Line{locales.CaseItem(c), locales.CaseButton(c), locales.TooLate(status)}
	}
	for _, o := range dauys.Outcomes {
		c := aCase()
		c.Status, c.Outcome = dauys.Closed, o
		say["answer "+string(o)] = []ask.Line{locales.Written(dauys.Event{Act: dauys.Answer, Outcome: o, Note: "<b>"}), locales.CardAnswer(dauys.Event{Act: dauys.Answer, Outcome: o, Note: "<b>"}), locales.Status(c)}
	}
	for _, r := range dauys.Rules {
		if r.By != dauys.TheOffice && r.By != dauys.TheHolder || slices.Contains([]dauys.Act{dauys.Propose, dauys.Submit, dauys.Note}, r.Do) || // by the button of a hand-up, or of an answer; by a command
			slices.Contains([]dauys.Act{dauys.Link, dauys.Unlink, dauys.Join, dauys.Absorb, dauys.Split, dauys.Gather, dauys.Entrust, dauys.Classify}, r.Do) { // by commands
			continue
		}
		say["act "+string(r.Do)] = []ask.Line{locales.CardButton(r.Do)}
		if r.Note != "" {
			say["prompt "+string(r.Do)] = []ask.Line{locales.PromptHead(r.Do, "ALT-2026-000123"), locales.PromptDone(r.Do, "ALT-2026-000123")}
		} else {
			say["toast "+string(r.Do)] = []ask.Line{locales.DoneToast(r.Do)}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(say)) {
		for _, l := range dauys.Langs {
			for _, line := range say[name] {
				if !book.Has(l, line.Key) {
					t.Errorf("%s: there is no %s in %s", name, line.Key, l)
				}
			}
			text := book.Lines(l, say[name]...)
			seen, err := wellFormed(text)
			if err != nil || strings.Contains(seen, "<no value>") || text == "" {
				t.Errorf("%s in %s: %v\n%s", name, l, err, text)
			}
		}
	}
	// A withdrawn case stays withdrawn, whatever was decided before.
	c := aCase()
	c.Status, c.Outcome = dauys.Withdrawn, dauys.Granted
	if got := book.Plain(dauys.English, locales.Status(c)); got != "withdrawn" {
		t.Errorf("got %q", got)
	}
}

// TestCounts holds the plural forms: Kazakh nouns stay in the singular, Russian ones have
// three forms, and 11 to 14 are not 1 to 4.
func TestCounts(t *testing.T) {
	book := newBook(t)
	counts := []int{0, 1, 2, 4, 5, 11, 12, 14, 21, 22, 25, 101, 111}
	noun := func(f func(n int) string) (out []string) {
		for _, n := range counts {
			out = append(out, f(n))
		}
		return out
	}
	russian := func(one, few, many string) func(int) string {
		return func(n int) string {
			return map[int]string{0: many, 1: one, 2: few, 4: few, 5: many, 11: many, 12: many, 14: many, 21: one, 22: few, 25: many, 101: one, 111: many}[n]
		}
	}
	english := func(one, other string) func(int) string {
		return func(n int) string {
			if n == 1 {
				return one
			}
			return other
		}
	}
	same := func(s string) func(int) string { return func(int) string { return s } }
	tests := []struct {
		name string
		say  func(n int) ask.Line
		want map[dauys.Lang]func(int) string // %d is the count
	}{
		{"cases", locales.CasesHead, map[dauys.Lang]func(int) string{
			dauys.Kazakh:  same("Сізде %d жолданым бар:"),
			dauys.Russian: russian("У Вас %d обращение:", "У Вас %d обращения:", "У Вас %d обращений:"),
			dauys.English: english("You have %d request:", "You have %d requests:"),
		}},
		{"too short", func(n int) ask.Line { return ask.Line{Key: "ask.text.short", Args: ask.Args{"Count": n}} }, map[dauys.Lang]func(int) string{
			dauys.Kazakh:  same("Әзірге қысқа: тағы %d таңба керек."),
			dauys.Russian: russian("Пока коротко: нужен ещё %d знак.", "Пока коротко: нужно ещё %d знака.", "Пока коротко: нужно ещё %d знаков."),
			dauys.English: english("That is a little short: %d more character is needed.", "That is a little short: %d more characters are needed."),
		}},
		{"files", func(n int) ask.Line { return ask.Line{Key: "ask.files.count", Args: ask.Args{"Count": n}} }, map[dauys.Lang]func(int) string{
			dauys.Kazakh:  same("%d файл"),
			dauys.Russian: russian("%d файл", "%d файла", "%d файлов"),
			dauys.English: english("%d file", "%d files"),
		}},
		{"working days", func(n int) ask.Line {
			return locales.Way(dauys.Way{Ladder: dauys.Ladder{{Office: "rector", Days: n}}}, time.Date(2026, 12, 14, 12, 30, 0, 0, time.UTC))[0]
		}, map[dauys.Lang]func(int) string{
			dauys.Kazakh:  same("Алдымен оқитын: <b>office rector қазақша</b>\nОсы қадамға берілетін уақыт: %d жұмыс күні\nЖауап беру мерзімі: <b>2026 ж. 14 желтоқсан</b>"),
			dauys.Russian: russian("Сначала прочитает: <b>office rector по-русски</b>\nВремя на этот шаг: %d рабочий день\nСрок ответа: <b>14 декабря 2026 г.</b>", "Сначала прочитает: <b>office rector по-русски</b>\nВремя на этот шаг: %d рабочих дня\nСрок ответа: <b>14 декабря 2026 г.</b>", "Сначала прочитает: <b>office rector по-русски</b>\nВремя на этот шаг: %d рабочих дней\nСрок ответа: <b>14 декабря 2026 г.</b>"),
			dauys.English: english("Read first by: <b>office rector in English</b>\nTime for this step: %d working day\nAnswer due by: <b>14 December 2026</b>", "Read first by: <b>office rector in English</b>\nTime for this step: %d working days\nAnswer due by: <b>14 December 2026</b>"),
		}},
		{"minutes", func(n int) ask.Line { return locales.BindCode("rector", "K", n) }, map[dauys.Lang]func(int) string{
			dauys.Kazakh:  same("Мұны бөлімшенің тобында жіберіңіз (office rector қазақша):\n<code>/bind K</code>\nКод бір рет қолданылады, жарамды уақыты: %d минут."),
			dauys.Russian: russian("Отправьте это в группе отдела (office rector по-русски):\n<code>/bind K</code>\nКод действует один раз, %d минуту.", "Отправьте это в группе отдела (office rector по-русски):\n<code>/bind K</code>\nКод действует один раз, %d минуты.", "Отправьте это в группе отдела (office rector по-русски):\n<code>/bind K</code>\nКод действует один раз, %d минут."),
			dauys.English: english("Send this in the group of the office (office rector in English):\n<code>/bind K</code>\nIt works once, for %d minute.", "Send this in the group of the office (office rector in English):\n<code>/bind K</code>\nIt works once, for %d minutes."),
		}},
	}
	for _, tt := range tests {
		for l, form := range tt.want {
			want := noun(func(n int) string { return fmt.Sprintf(form(n), n) })
			got := noun(func(n int) string { return book.Say(l, tt.say(n)) })
			for i := range want {
				if got[i] != want[i] {
					t.Errorf("%s in %s: got %q, want %q", tt.name, l, got[i], want[i])
				}
			}
		}
	}
}

// The languages are offered with the state language first, and each is found from the others.
func TestLanguages(t *testing.T) {
	book := newBook(t)
	if !slices.Equal(dauys.Langs, []dauys.Lang{dauys.Kazakh, dauys.Russian, dauys.English}) {
		t.Errorf("the order is %v", dauys.Langs)
	}
	var own []string
	for _, l := range dauys.Langs {
		own = append(own, book.Plain(l, locales.LanguageName()))
		for _, word := range []string{"Тіл", "Язык", "Language"} {
			if menu := book.Plain(l, locales.MenuButton("language")); !strings.Contains(menu, word) {
				t.Errorf("the menu in %s says %q, and nothing for who looks for %q", l, menu, word)
			}
		}
		if !book.Has(l, "hello") || book.Has(l, "no.such.message") {
			t.Errorf("Has does not know what there is in %s", l)
		}
	}
	if !slices.Equal(own, []string{"Қазақша", "Русский", "English"}) {
		t.Errorf("the languages call themselves %v", own)
	}
	// Of who has not chosen yet nothing is known: such a person is answered, too.
	for _, l := range []dauys.Lang{"", "de"} {
		if got, want := book.Say(l, locales.Menu()), book.Say(dauys.Russian, locales.Menu()); got != want {
			t.Errorf("in %q: got %q, want %q", l, got, want)
		}
	}
}

// TestReply holds the order of a message: what was wrong, notices, the question.
func TestReply(t *testing.T) {
	book := newBook(t)
	long := strings.Repeat("Сатпаева-Ермекова ", 8)
	v := ask.View{
		Session: "0123456789ABCDEF", Turn: 4, Problems: 1,
		Lines: []ask.Line{{Key: "ask.choose"}, {Key: "request.standing.ask"}},
		Buttons: [][]ask.Option{
			{{Label: ask.Line{Key: "ask.button.suggestion", Args: ask.Args{"Text": long}}, Do: ask.Pick, Value: "0"}},
			{{Label: ask.Line{Key: "ask.named", Args: ask.Args{"Name": "A & <B>"}}, Do: ask.Pick, Value: "x"}, {Label: ask.Line{Key: "ask.button.cancel"}, Do: ask.Cancel}},
		},
	}
	higher := locales.Way(dauys.Way{Ladder: dauys.Ladder{{Office: "desw"}, {Office: "rector"}, {Office: "deputy"}}}, time.Time{})[1:]
	got := book.Reply(dauys.English, v, higher...)
	want := "Please choose one of the buttons. You can also type its words or its number.\n\n• if it is beyond their authority, next: office rector in English\n• if it is beyond their authority, next: office deputy in English\n\nWho is writing?"
	if got.Text != want {
		t.Errorf("got\n%s\nwant\n%s", got.Text, want)
	}
	if len(got.Buttons) != 2 || len(got.Buttons[1]) != 2 {
		t.Fatalf("the buttons are %v", got.Buttons)
	}
	if b := got.Buttons[0][0]; utf8.RuneCountInString(b.Text) > 60 || !strings.HasSuffix(b.Text, "…") {
		t.Errorf("a long label is %q", b.Text)
	}
	if b := got.Buttons[1][0]; b.Text != "A & <B>" || b.Data != "a:6789ABCDEF:4:pick:x" {
		t.Errorf("a button is %q", b)
	}
}

func TestMatch(t *testing.T) {
	book := newBook(t)
	labels := []ask.Line{
		{Key: "request.topic.teaching"}, {Key: "request.topic.marks"}, {Key: "request.topic.conduct"}, {Key: "request.topic.dormitory"},
		{Key: "ask.button.back"}, {Key: "ask.button.cancel"}, {Key: "ask.button.skip"},
	}
	const nothing = -1
	tests := []struct {
		typed string
		part  bool
		want  int
	}{
		{"Сабақ беру", false, 0},
		{"САБАҚ БЕРУ", false, 0},
		{"сабак беру", false, 0}, // no Kazakh letters on the phone
		{"  сабақ  беру!", false, 0},
		{"сабақ", false, nothing},
		{"сабақ", true, 0},
		{"Преподавание", false, 0}, // another language than the current one
		{"teaching", false, 0},
		{"оценки и экзамены", false, 1},
		{"Бағалар", true, 1},
		{"студенттер уйи", false, 3},
		{"Студенттер үйі", false, 3},
		{"студенттер үйi", false, 3}, // a Latin i
		{"← Артқа", false, 4},
		{"артка", false, 4},
		{"Назад.", false, 4},
		{"«болдырмау»", false, 5},
		{"ОТМЕНА", false, 5},
		{"өткiзiп жiберу", false, 6},
		{"откизип жиберу", false, 6},
		{"өткізіп", false, nothing},
		{"", true, nothing},
		{"!?", true, nothing},
		{"😀", true, nothing},
		{"са", true, nothing}, // too little
		{"что-то другое", true, nothing},
		{"Сабақ беруші", true, nothing},
	}
	for _, tt := range tests {
		got, ok := book.Match(tt.typed, labels, tt.part)
		if !ok {
			got = nothing
		}
		if got != tt.want {
			t.Errorf("%q (part: %v): got %d, want %d", tt.typed, tt.part, got, tt.want)
		}
	}
	// The beginning of two labels means neither, however often it is tried.
	two := []ask.Line{{Key: "ask.button.suggestion", Args: ask.Args{"Text": "оплата учёбы"}}, {Key: "ask.button.suggestion", Args: ask.Args{"Text": "оплата проезда"}}}
	for range 20 {
		if _, ok := book.Match("оплата", two, true); ok {
			t.Fatal("the beginning of two labels was taken for one of them")
		}
	}
}
