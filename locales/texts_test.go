package locales_test

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
)

// text is one text as it stands in a file.
type text struct {
	lang       dauys.Lang
	key, words string
	where      string
}

// all are all texts, in the order of languages and keys.
func all() (out []text) {
	for _, l := range dauys.Langs {
		texts, lines := locales.Texts(l)
		for _, key := range slices.Sorted(maps.Keys(texts)) {
			if strings.HasPrefix(key, "synonyms.") { // what people type, not what they are told
				continue
			}
			for _, form := range slices.Sorted(maps.Keys(texts[key])) {
				where := fmt.Sprintf("locales/%s.toml:%d: %s", l, lines[key], strings.TrimSuffix(key+"."+form, "."))
				out = append(out, text{l, key, texts[key][form], where})
			}
		}
	}
	return out
}

var (
	tag         = regexp.MustCompile(`<[^>]*>`)
	placeholder = regexp.MustCompile(`\{\{\.\w+\}\}`)
	stop        = regexp.MustCompile(`[.!?…]+[»”")]*(\s+|$)|\n+`)
)

// bare is a text without its markup.
func bare(s string) string { return tag.ReplaceAllString(s, "") }

// longest is how many words a sentence may have: Kazakh and Russian say in fewer words what
// English says with articles and prepositions.
var longest = map[dauys.Lang]int{dauys.Kazakh: 20, dauys.Russian: 20, dauys.English: 24}

// mayBeLong are messages with a sentence that has to be longer, and why.
var mayBeLong = map[string]string{}

func TestSentencesAreShort(t *testing.T) {
	needed := map[string]bool{}
	for _, x := range all() {
		for _, sentence := range stop.Split(placeholder.ReplaceAllString(bare(x.words), "X"), -1) {
			words := strings.FieldsFunc(sentence, func(r rune) bool { return unicode.IsSpace(r) || r == '–' })
			if len(words) <= longest[x.lang] {
				continue
			}
			needed[x.key] = true
			if mayBeLong[x.key] == "" {
				t.Errorf("%s: %d words, at most %d are read with ease; make two sentences of it: %s", x.where, len(words), longest[x.lang], strings.TrimSpace(sentence))
			}
		}
	}
	for key := range mayBeLong {
		if !needed[key] {
			t.Errorf("%s is short now; take it out of mayBeLong", key)
		}
	}
}

// officialese are words of papers, not of people: beginnings of words, or whole words where
// a space ends them.
var officialese = map[dauys.Lang][]string{
	dauys.Kazakh: {"жүзеге асыр", "аталған ", "аталмыш", "осыған орай", "осыған байланысты", "мақсатында ", "болып табыл", "тарапынан", "жоғарыда көрсетілген",
		"жоғарыда аталған", "осымен ", "осы арқылы", "қамтамасыз ет", "шеңберінде", "көзделген", "белгіленген тәртіп", "тиісінше", "сәйкес ", "хабардар ет"},
	dauys.Russian: {"осуществл", "в целях", "вышеуказанн", "нижеуказанн", "вышеизложенн", "нижеследующ", "данный ", "данная ", "данное ", "данного ", "данной ", "данному ", "данном ",
		"настоящим", "надлежащ", "в соответствии", "посредством", "касательно", "в связи с", "является", "являются", "подлежит", "уведомля", "ввиду", "во избежание", "произвести", "производится", "вследствие", "необходимо"},
	dauys.English: {"pursuant", "aforementioned", "hereby", "herein", "hereto", "thereof", "shall ", "in accordance", "utili", "commence", "prior to", "in order to",
		"with regard to", "in respect of", "terminate", "anew", "need not", "kindly", "henceforth"},
}

func TestNoOfficialese(t *testing.T) {
	for _, x := range all() {
		words := " " + strings.Join(strings.FieldsFunc(strings.ToLower(bare(x.words)), func(r rune) bool { return !unicode.IsLetter(r) }), " ") + " "
		for _, no := range officialese[x.lang] {
			if strings.Contains(words, " "+no) {
				t.Errorf("%s: %q is officialese; say it as you would to a friend: %s", x.where, strings.TrimSpace(no), x.words)
			}
		}
	}
}

// rules are what a text of a language must not have.
var rules = []struct {
	lang dauys.Lang // empty: any
	no   *regexp.Regexp
	say  string
}{
	{"", regexp.MustCompile(`\}\}(?:</\w+>)*[-–’']?\p{L}`), "an ending stands after a gap; the word there is not known, so build the sentence without it"},
	{"", regexp.MustCompile(`\p{L}(?:<\w+>)*\{\{`), "a gap is glued to a word"},
	{"", regexp.MustCompile(`[^\n ]  +[^ ]| +\n|^\s|\s$`), "there are spaces too many"},
	{"", regexp.MustCompile(`[!?]{2}|\.\.`), "there are signs too many; an ellipsis is …"},
	{dauys.Kazakh, regexp.MustCompile(`(?:^|[^\p{L}])(?:сіз|сізге|сізді|сізде|сізден|сіздің|сізбен|сіздер)(?:[^\p{L}]|$)`), "Сіз has a capital letter"},
	{dauys.Kazakh, regexp.MustCompile(`(?i)(?:^|[^\p{L}])(?:сен|саған|сені|сенің|сенде)(?:[^\p{L}]|$)`), "it says Сіз"},
	{dauys.Kazakh, regexp.MustCompile(`(?:\}\}|\d) \p{L}*(?:[лдт][ае]р)(?:ы|і|ға|ге|ды|ді|да|де|дан|ден)?(?:[^\p{L}]|$)`), "after a number the noun stays in the singular"},
	{dauys.Russian, regexp.MustCompile(`(?:^|[^\p{L}])(?:вы|вас|вам|вами|ваш|ваша|ваше|ваши|вашу|вашего|вашей|вашему|вашим|вашими|ваших)(?:[^\p{L}]|$)`), "Вы has a capital letter"},
	{dauys.Russian, regexp.MustCompile(`(?i)(?:^|[^\p{L}])(?:ты|тебя|тебе|тобой|твой|твоя|твоё|твои)(?:[^\p{L}]|$)`), "it says Вы"},
	{dauys.Russian, regexp.MustCompile(`\((?:-?[аяыи]|-?на|-?ла|\p{L}+[ан]а)\)|\p{L}/\p{L}`), "nobody reads two genders with ease; find words without one"},
	{dauys.Russian, regexp.MustCompile(`[әғқңөұүһіӘҒҚҢӨҰҮҺІ]`), "there are Kazakh letters in it"},
	{dauys.English, regexp.MustCompile(`\b(?:he|she|his|him|her)\b`), "nobody knows whether it is he or she; say who"},
}

// inAllLanguages says its word in every language, so that it is found in any of them.
const inAllLanguages = "menu.language"

func TestStyle(t *testing.T) {
	for _, x := range all() {
		for _, r := range rules {
			if (r.lang == "" || r.lang == x.lang) && x.key != inAllLanguages && r.no.MatchString(strings.Trim(x.words, "\n")) {
				t.Errorf("%s: %s: %q", x.where, r.say, r.no.FindString(x.words))
			}
		}
		if x.lang != dauys.English && x.key != inAllLanguages { // a Latin letter among Cyrillic ones looks right and is not found
			for word := range strings.FieldsFuncSeq(placeholder.ReplaceAllString(bare(x.words), " "), func(r rune) bool { return !unicode.IsLetter(r) }) {
				if strings.ContainsFunc(word, latin) && strings.ContainsFunc(word, cyrillic) {
					t.Errorf("%s: %q has letters of two alphabets", x.where, word)
				}
			}
		}
	}
}

func latin(r rune) bool    { return unicode.Is(unicode.Latin, r) }
func cyrillic(r rune) bool { return unicode.Is(unicode.Cyrillic, r) }

// international are words that are the same in Kazakh and in Russian.
var international = []string{"фото", "файл", "аудио", "студент", "институт", "эдвайзер", "куратор", "талон", "телефон", "апелляция", "онлайн", "код", "паспорт"}

func TestKazakhIsNotRussian(t *testing.T) {
	russian, _ := locales.Texts(dauys.Russian)
	for _, x := range all() {
		if x.lang != dauys.Kazakh || x.key == inAllLanguages {
			continue
		}
		for _, same := range russian[x.key] {
			own := strings.FieldsFunc(strings.ToLower(placeholder.ReplaceAllString(bare(x.words), " ")), func(r rune) bool { return !cyrillic(r) })
			if x.words == same && slices.ContainsFunc(own, func(w string) bool { return !slices.Contains(international, w) }) {
				t.Errorf("%s is the Russian text: %s", x.where, x.words)
			}
		}
	}
}

// button tells what a message is, if it stands on a button: how many characters are for it.
func button(key string) (limit int, ok bool) {
	for _, prefix := range []string{"ask.button.", "menu.", "card.act.", "case.act.", "serve.button.", "queue.act.", "queue.how.", "queue.write", "desk.act.", "desk.document.", "turn.join", "record.button.", "wishes.button.", "wishes.topic.", "wishes.choose."} {
		if strings.HasPrefix(key, prefix) && key != "menu.ask" {
			return 30, true
		}
	}
	for _, f := range flows.All {
		for _, s := range f.Steps {
			if o, ok := strings.CutPrefix(key, f.Name+"."+s.Key+"."); ok && slices.Contains(s.Options, o) {
				return 30, true
			}
		}
	}
	return 40, key == "cases.button" || key == "cases.open" || key == "language.name"
}

// names of answers stand on buttons behind "Change:", two in a row.
func answerName(key string) bool {
	return strings.HasSuffix(key, ".name") && strings.Count(key, ".") == 2
}

// On a narrow phone a long label ends in dots. The limits of the Bot API are wider.
func TestLabelsAreShort(t *testing.T) {
	for _, x := range all() {
		limit, ok := button(x.key)
		if answerName(x.key) {
			limit, ok = 12, true
		}
		if n := utf8.RuneCountInString(placeholder.ReplaceAllString(x.words, "")); ok && n > limit {
			t.Errorf("%s: a label of %d characters, at most %d fit: %s", x.where, n, limit, x.words)
		}
	}
}

// What is shown without markup must have none: buttons, toasts, hints, the messenger's lists.
// Their sizes are those of the Bot API.
func TestPlainTexts(t *testing.T) {
	sizes := map[string]int{"toast.": 200, "refused.": 200, "unknown.button": 200, "cases.unknown": 200, "prompt.field": 64, "desk.toast.": 200, "queue.no.": 200, "door.sent": 200, "command.": 256, "about": 512}
	for _, x := range all() {
		_, plain := button(x.key)
		for prefix, size := range sizes {
			if !strings.HasPrefix(x.key, prefix) {
				continue
			}
			plain = true
			filled := placeholder.ReplaceAllString(x.words, strings.Repeat("x", 64)) // a long name
			if n := utf8.RuneCountInString(filled); n > size {
				t.Errorf("%s: %d characters, its place takes %d", x.where, n, size)
			}
		}
		if plain && strings.ContainsAny(x.words, "<>&\n") {
			t.Errorf("%s is shown without markup, but has some: %s", x.where, x.words)
		}
	}
}

// Buttons that a text names must exist under that name; who types the name means the button.
func TestNamedButtons(t *testing.T) {
	book := newBook(t)
	named := map[dauys.Lang]*regexp.Regexp{
		dauys.Kazakh:  regexp.MustCompile(`«(.+?)»`),
		dauys.Russian: regexp.MustCompile(`«(.+?)»`),
		dauys.English: regexp.MustCompile(`(?:[Pp]ress ([A-Z]\w+)|“(.+?)”)`),
	}
	labels := []ask.Line{locales.CardButton(dauys.HandOver), locales.CardButton(dauys.Transfer), locales.QueueAct("begin"), locales.QueueAct("here"), locales.DeskAct("go"),
		locales.CaseAct(dauys.Add), locales.CaseAct(dauys.Bounce), locales.CardButton(dauys.Redirect), locales.CardButton(dauys.Answer), locales.CardButton(dauys.Inspect)}
	for _, key := range ask.Keys() {
		if strings.HasPrefix(key, "ask.button.") {
			labels = append(labels, ask.Line{Key: key})
		}
	}
	for _, x := range all() {
		for _, m := range named[x.lang].FindAllStringSubmatch(x.words, -1) {
			word := strings.Join(m[1:], "")
			if i, ok := book.Match(word, labels, false); !ok {
				t.Errorf("%s names a button «%s» that there is not", x.where, word)
			} else if label := book.Plain(x.lang, labels[i]); !strings.EqualFold(label, word) {
				t.Errorf("%s calls the button «%s», but it is «%s»", x.where, word, label)
			}
		}
	}
}

// Two buttons under one question must not look alike in any language: a typed word of either
// means one of them.
func TestLabelsDiffer(t *testing.T) {
	book := newBook(t)
	differ := func(what string, keys []string) {
		seen := map[string]string{}
		for _, key := range keys {
			for _, l := range dauys.Langs {
				word := locales.Fold(book.Plain(l, ask.Line{Key: key}))
				if other := seen[word]; other != "" && other != key {
					t.Errorf("%s: %s and %s are both «%s» in some language", what, other, key, word)
				}
				seen[word] = key
			}
		}
	}
	var menu, verbs []string
	for _, what := range handed(t, "MenuButton", "menu") {
		menu = append(menu, "menu."+what)
	}
	for _, key := range ask.Keys() {
		if strings.HasPrefix(key, "ask.button.") && key != "ask.button.suggestion" && key != "ask.button.edit" {
			verbs = append(verbs, key)
		}
	}
	differ("the menu", menu)
	for _, f := range flows.All {
		for _, s := range f.Steps {
			options := slices.Clone(verbs)
			for _, o := range s.Options {
				options = append(options, f.Name+"."+s.Key+"."+o)
			}
			differ(f.Name+"."+s.Key, options)
		}
	}
}

// What is marked by a sign or an emoji is said in words, too: not everybody sees it.
func TestSignsAreNotAlone(t *testing.T) {
	for _, x := range all() {
		if placeholder.MatchString(x.words) {
			continue
		}
		if !strings.ContainsFunc(x.words, unicode.IsLetter) {
			t.Errorf("%s has signs only: %s", x.where, x.words)
		}
	}
}

// Facts that must not get lost while texts are worded again.
func TestFacts(t *testing.T) {
	facts := []struct {
		key  string
		says map[dauys.Lang][]string
	}{
		{"help", map[dauys.Lang][]string{dauys.Kazakh: {"112", "/new", "/cases", "/language", "/procedure", "/privacy", "/cancel"}, dauys.Russian: {"112", "/new", "/cases", "/language", "/procedure", "/privacy", "/cancel"}, dauys.English: {"112", "/new", "/cases", "/language", "/procedure", "/privacy", "/cancel"}}},
		{"privacy", map[dauys.Lang][]string{dauys.Kazakh: {"ЖСН", "Қазақстанда", "Telegram", "шетелде"}, dauys.Russian: {"ИИН", "Казахстане", "Telegram", "за рубежом"}, dauys.English: {"IIN", "Kazakhstan", "Telegram", "abroad"}}},
		{"request.consent.ask", map[dauys.Lang][]string{dauys.Kazakh: {"жинауға және өңдеуге келісесіз бе", "/privacy", "шетелде"}, dauys.Russian: {"на сбор и обработку персональных данных", "/privacy", "за рубежом"}, dauys.English: {"collection and processing of your personal data", "/privacy", "abroad"}}},
		{"request.consent.needed", map[dauys.Lang][]string{dauys.Kazakh: {"Қоғамдық қабылдау бөлмесі", "Шевченко көшесі, 97", "Алматы"}, dauys.Russian: {"Общественную приёмную", "ул. Шевченко, 97", "Алматы"}, dauys.English: {"Public Reception Office", "Shevchenko St. 97", "Almaty"}}},
		{"request.papers.ask", map[dauys.Lang][]string{dauys.Kazakh: {"ЖСН"}, dauys.Russian: {"ИИН"}, dauys.English: {"IIN"}}},
		{"addition.papers.ask", map[dauys.Lang][]string{dauys.Kazakh: {"ЖСН"}, dauys.Russian: {"ИИН"}, dauys.English: {"IIN"}}},
	}
	for _, f := range facts {
		for _, l := range dauys.Langs {
			texts, lines := locales.Texts(l)
			for _, fact := range f.says[l] {
				if !strings.Contains(texts[f.key][""], fact) {
					t.Errorf("locales/%s.toml:%d: %s does not say %q any more", l, lines[f.key], f.key, fact)
				}
			}
		}
	}
}

// Nobody is hurried while filling in: no question has a time limit, and none asks to be quick.
func TestNoTimePressure(t *testing.T) {
	hurry := map[dauys.Lang]*regexp.Regexp{
		dauys.Kazakh:  regexp.MustCompile(`(?i)минут|секунд|тезірек|жылдамырақ|тез арада|үлгер|кешікпей`),
		dauys.Russian: regexp.MustCompile(`(?i)минут[аеыу]? |секунд|скорее|побыстрее|как можно быстрее|поторопитесь|успейте|не опоздайте|срочно заполните`),
		dauys.English: regexp.MustCompile(`(?i)minute|second|hurry up|please hurry|quickly|as soon as|asap|time limit|time is running`),
	}
	for _, x := range all() {
		table, _, _ := strings.Cut(x.key, ".")
		form := slices.ContainsFunc(flows.All, func(f ask.Flow) bool { return f.Name == table })
		if !form && !slices.Contains([]string{"ask", "form", "draft", "danger", "hello", "help", "unfinished"}, table) || x.key == "ask.sending" {
			continue
		}
		if word := hurry[x.lang].FindString(x.words); word != "" {
			t.Errorf("%s hurries with %q: %s", x.where, word, x.words)
		}
	}
}

// A text that names a limit names the one that holds.
func TestLimits(t *testing.T) {
	number := regexp.MustCompile(`\d+`)
	for _, f := range flows.All {
		for _, s := range f.Steps {
			if s.Type != ask.TypeFiles {
				continue
			}
			for _, l := range dauys.Langs {
				texts, lines := locales.Texts(l)
				key := f.Under(s.Key) + ".ask"
				want := []string{strconv.Itoa(s.Max), strconv.Itoa(ask.MaxFile >> 20)}
				if got := number.FindAllString(texts[key][""], -1); !slices.Equal(got, want) {
					t.Errorf("locales/%s.toml:%d: %s has the numbers %v; the flow takes %s files of %s MB", l, lines[key], key, got, want[0], want[1])
				}
			}
		}
	}
}

// The glossary: a notion has one word. Each line is a word not to be used and the one for it.
func TestGlossary(t *testing.T) {
	instead := map[dauys.Lang]map[string]string{
		dauys.Kazakh:  {"арыз": "шағым", "тапсырыс": "жолданым", "жалоба": "шағым", "ИИН": "ЖСН", "жатақхана": "студенттер үйі", "статус": "мәртебе", "қағаз": "құжат", "аппеляция": "апелляция"},
		dauys.Russian: {"тикет": "обращение", "заявка": "обращение", "ЖСН": "ИИН", "декан": "институт", "апеляция": "апелляция", "дедлайн": "срок"},
		dauys.English: {"ticket": "request", "deadline": "due", "dean": "institute"},
	}
	for _, x := range all() {
		words := " " + strings.Join(strings.FieldsFunc(strings.ToLower(bare(x.words)), func(r rune) bool { return !unicode.IsLetter(r) }), " ")
		for no, yes := range instead[x.lang] {
			if strings.Contains(words, " "+strings.ToLower(no)) {
				t.Errorf("%s: the glossary has %q for %q: %s", x.where, yes, no, x.words)
			}
		}
	}
	// Words of the glossary that stand alone are these.
	for key, want := range map[string][3]string{
		"menu.new":           {"Жаңа жолданым", "Новое обращение", ""},
		"menu.cases":         {"Менің жолданымдарым", "Мои обращения", ""},
		"menu.help":          {"Көмек", "Помощь", "Help"},
		"menu.menu":          {"Басты мәзір", "Главное меню", "Main menu"},
		"ask.button.cancel":  {"Болдырмау", "Отмена", "Cancel"},
		"ask.button.skip":    {"Өткізіп жіберу", "Пропустить", "Skip"},
		"ask.button.done":    {"Дайын", "Готово", "Done"},
		"ask.button.send":    {"Жіберу", "Отправить", "Send"},
		"case.act.add":       {"Толықтыру", "Дополнить", "Add details"},
		"case.act.withdraw":  {"Кері қайтарып алу", "Отозвать", "Withdraw"},
		"card.act.take":      {"Жұмысқа қабылдау", "Принять в работу", ""},
		"card.act.answer":    {"Жауап беру", "Ответить", ""},
		"kind.complaint":     {"Шағым", "Жалоба", "Complaint"},
		"kind.suggestion":    {"Ұсыныс", "Предложение", ""},
		"status.registered":  {"тіркелді", "зарегистрировано", "registered"},
		"status.review":      {"қаралуда", "на рассмотрении", "under review"},
		"status.closed":      {"жабылды", "закрыто", "closed"},
		"status.withdrawn":   {"кері қайтарып алынды", "отозвано", "withdrawn"},
		"outcome.granted":    {"қанағаттандырылды", "удовлетворено", "satisfied"},
		"outcome.partly":     {"ішінара қанағаттандырылды", "удовлетворено частично", "partly satisfied"},
		"outcome.refused":    {"қанағаттандырудан бас тартылды", "отказано в удовлетворении", "refused"},
		"outcome.explained":  {"түсіндірме берілді", "дано разъяснение", "explanation given"},
		"standing.curator":   {"эдвайзер-куратор", "эдвайзер-куратор", "advisor-curator"},
		"language.ask":       {"Тілді таңдаңыз.", "Выберите язык.", "Please choose a language."},
		"filed":              {"✅ Жолданымыңыз тіркелді. Нөмірі: <code>{{.Number}}</code>", "✅ Ваше обращение зарегистрировано. Номер: <code>{{.Number}}</code>", ""},
		"receipt.due":        {"Жауап беру мерзімі: <b>{{.Date}}</b>", "Срок ответа: <b>{{.Date}}</b>", "Answer due by: <b>{{.Date}}</b>"},
		"ask.file.large":     {"{{.Name}}: файл тым үлкен. Шегі: {{.Max}} МБ. Қалған файлдар сақталды.", "{{.Name}}: файл слишком большой. Предел: {{.Max}} МБ. Остальные файлы сохранены.", ""},
		"request.topic.name": {"Тақырыбы", "Тема", "Topic"},
		"request.topic.misc": {"Басқа", "Другое", ""},
	} {
		for i, l := range dauys.Langs {
			texts, lines := locales.Texts(l)
			if got := texts[key][""]; want[i] != "" && got != want[i] {
				t.Errorf("locales/%s.toml:%d: %s is %q; the glossary has %q", l, lines[key], key, got, want[i])
			}
		}
	}
}
