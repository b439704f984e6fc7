package registrar

import (
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/registrar/table"
)

// Mistake is what is wrong with a row or a file. The words for each are in locales.
type Mistake = string

// What can be wrong with a value. A value that cannot be read for certain is refused, never guessed.
const (
	CellError   Mistake = "cell-error"   // the sheet shows #REF! or the like
	Formula     Mistake = "formula"      // a text that a spreadsheet would run
	LostLetters Mistake = "lost-letters" // question marks where letters were
	TooLong     Mistake = "too-long"
	ADate       Mistake = "a-date" // a spreadsheet has made a date of something else
	BadNumber   Mistake = "bad-number"
	BadIIN      Mistake = "bad-iin"
	LostDigits  Mistake = "lost-digits" // 5.60315E+11
	BadWhole    Mistake = "bad-whole"
	BadDecimal  Mistake = "bad-decimal"
	BadPercent  Mistake = "bad-percent"
	AShare      Mistake = "a-share" // 0.85 where 85 should be
	TooExact    Mistake = "too-exact"
	BadLetter   Mistake = "bad-letter"
	BadDate     Mistake = "bad-date"
	UnclearDate Mistake = "unclear-date" // 01.02.03, 01/02/2026
	BadTime     Mistake = "bad-time"
	BadYears    Mistake = "bad-years"
	BadTerm     Mistake = "bad-term"
	BadChoice   Mistake = "bad-choice"
	BadScore    Mistake = "bad-score"
	BadYesNo    Mistake = "bad-yesno"
	BadAddress  Mistake = "bad-address"
)

// What stands in a column [Score] when there is no percent. Neither is a zero.
const (
	Absent      = "absent"       // did not come
	NotAdmitted = "not-admitted" // was not let in
)

// longest is how much text a value may have, in letters; longestNumber the same of numbers and names of groups.
const (
	longest       = 2000
	longestNumber = 64
)

// Value reads what stands in a cell by the type of its column. The value is empty where nothing stands;
// with a code it is what stands there.
func (c *Column) Value(cell table.Cell) (value string, code Mistake) {
	s := tidy(cell.Text)
	bad := func(code Mistake) (string, Mistake) { return s, code }
	switch {
	case cell.Kind == table.Error:
		return bad(CellError)
	case cell.Cut:
		return bad(TooLong)
	case cell.Lost:
		return bad(LostLetters)
	case s == "":
		return "", ""
	case strings.HasPrefix(s, "=") && !cell.Formula && cell.Kind == table.Text:
		return bad(Formula)
	case c.Type == YesNo:
		return yesNo(s)
	case strings.Trim(plainMinus.Replace(s), "- ") == "":
		return "", "" // a dash stands for nothing
	}
	switch c.Type {
	case Date, Moment:
		return readMoment(s, cell.Kind, c.Type == Date)
	case Text:
		if cell.Kind == table.Date && c.Name != "time" {
			return bad(ADate)
		}
		if c.Name == "email" && !strings.Contains(s, "@") {
			return bad(BadAddress)
		}
		if n := utf8.RuneCountInString(s); n > longest || c.Key && n > longestNumber*4 || c.Name == "group" && n > longestNumber {
			return bad(TooLong)
		}
		return strings.ReplaceAll(s, "|", "/"), "" // keys are parts with such a line between them
	}
	if cell.Kind == table.Date {
		return bad(ADate)
	}
	switch c.Type {
	case Number:
		return readNumber(s)
	case IIN:
		return readIIN(s)
	case Whole:
		return whole(s)
	case Decimal:
		return decimal(s, BadDecimal)
	case Percent:
		return percent(s)
	case Score:
		if v := scoreless[marker(s)]; v != "" {
			return v, ""
		}
		if v, code := percent(s); code != BadPercent || looksLikeNumber.MatchString(s) {
			return v, code
		}
		return bad(BadScore)
	case Letter:
		return letter(s)
	case Years:
		return readYears(s)
	case Term:
		return readTerm(s)
	case Choice:
		return c.choice(s)
	}
	return bad(BadChoice)
}

var plainMinus = strings.NewReplacer("−", "-", "–", "-", "—", "-", "‐", "-", "‑", "-", "‒", "-", "﹣", "-", "-", "-", "\u00ad", "")

// tidy puts the letters of a text together and takes needless spaces out.
func tidy(s string) string { return strings.Join(strings.Fields(norm.NFC.String(s)), " ") }

// folded are letters that look or are typed alike: the marks of Kazakh ones are often left out, and a
// Latin letter that looks like a Cyrillic one is often among them.
var folded = strings.NewReplacer("ё", "е", "ә", "а", "ғ", "г", "қ", "к", "ң", "н", "ө", "о", "ұ", "у", "ү", "у", "һ", "х", "і", "и", "й", "и",
	"a", "а", "b", "в", "c", "с", "e", "е", "h", "н", "i", "и", "k", "к", "m", "м", "o", "о", "p", "р", "t", "т", "x", "х", "y", "у")

// fold makes one of what is written in different ways: capitals, spaces, dots, hyphens, marks of letters.
func fold(s string) string {
	var b strings.Builder
	var before rune // a space that was left out does not count
	for _, r := range strings.ToLower(norm.NFC.String(s)) {
		switch {
		case r == '.' || r == '\'' || r == '`' || r == '’' || r == '\u00ad' || r == '\u200b' || r == '\ufeff':
			if r == '.' {
				before = '.'
			}
			continue
		case unicode.IsLetter(r), unicode.IsDigit(r), r == '%':
			b.WriteRune(r)
		default:
			if before != ' ' {
				b.WriteByte(' ')
			}
			before = ' '
			continue
		}
		before = r
	}
	words := strings.Fields(folded.Replace(b.String()))
	var out []string
	single := false // Ф. И. О. is one word
	for _, w := range words {
		one := utf8.RuneCountInString(w) == 1 && !unicode.IsDigit([]rune(w)[0]) && w != "%"
		digits := strings.Trim(w, "0123456789") == ""
		if n := len(out); n > 0 && (one && single || digits && n > 0 && lettersOnly(out[n-1])) { // ТК 1 is ТК1
			out[n-1] += w
		} else {
			out = append(out, w)
		}
		single = one
	}
	return strings.Join(out, " ")
}

func lettersOnly(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return !unicode.IsLetter(r) }) < 0
}

// readNumber reads a number that is a name: letters and digits, spaces off.
func readNumber(s string) (string, Mistake) {
	n := strings.ReplaceAll(plainMinus.Replace(s), " ", "")
	switch {
	case scientific.MatchString(n) && strings.ContainsAny(n, ".,+"):
		return s, LostDigits
	case len(n) > longestNumber:
		return s, TooLong
	}
	for _, r := range n {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("-_./", r) {
			return s, BadNumber
		}
	}
	return n, ""
}

var scientific = regexp.MustCompile(`^\d([.,]\d+)?[EeЕе]\+?\d{1,2}$`)

// readIIN reads an IIN whose zeros in front a spreadsheet may have eaten.
func readIIN(s string) (string, Mistake) {
	n := strings.ReplaceAll(plainMinus.Replace(strings.TrimSuffix(strings.TrimSuffix(s, ".0"), ",0")), " ", "")
	n = strings.ReplaceAll(n, "-", "")
	if scientific.MatchString(n) {
		f, ok := new(big.Float).SetPrec(200).SetString(strings.NewReplacer(",", ".", "Е", "E", "е", "e").Replace(n))
		i, exact := new(big.Int), false
		if ok {
			i, _ = f.Int(i)
			exact = len(strings.Trim(n[:strings.IndexAny(n, "EeЕе")], ".,"))-strings.Count(n, ",")-strings.Count(n, ".") >= len(i.String())-1
		}
		if !exact {
			return s, LostDigits
		}
		n = i.String()
	}
	if strings.Trim(n, "0123456789") != "" {
		return s, BadIIN
	}
	eaten := 12 - len(n)
	if eaten < 0 || eaten > 4 { // 000101…: somebody born in January 2000
		return s, BadIIN
	}
	n = strings.Repeat("0", eaten) + n
	if eaten > 0 {
		if _, err := time.Parse("060102", n[:6]); err != nil {
			return s, BadIIN
		}
	}
	if iin, ok := dauys.IIN(n); ok {
		return iin, ""
	}
	return s, BadIIN
}

var (
	wholeNumber     = regexp.MustCompile(`^(\d{1,9})(?:[.,]0+)?(?: ?-? ?(?:курс|course|year|год|жыл|семестр|semester))?$`)
	looksLikeNumber = regexp.MustCompile(`^[+-]?[\d ]+([.,]\d*)? ?%?$`)
	decimalNumber   = regexp.MustCompile(`^(\d{1,12})(?:[.,](\d+))?$`)
)

func whole(s string) (string, Mistake) {
	m := wholeNumber.FindStringSubmatch(strings.ToLower(plainMinus.Replace(s)))
	if m == nil {
		return s, BadWhole
	}
	n, _ := strconv.Atoi(m[1]) // nine digits at most
	return strconv.Itoa(n), ""
}

// decimal is a number with a point or a comma and two places at most.
func decimal(s string, wrong Mistake) (string, Mistake) {
	n := strings.ToLower(s)
	for _, money := range []string{"₸", "тенге", "теңге", "тг.", "тг", "kzt"} {
		n = strings.TrimSuffix(n, money)
	}
	m := decimalNumber.FindStringSubmatch(strings.ReplaceAll(n, " ", ""))
	if m == nil {
		return s, wrong
	}
	part := strings.TrimRight(m[2], "0")
	if len(part) > 2 {
		return s, TooExact
	}
	v, ok := hundredths(strings.TrimSuffix(m[1]+"."+part, "."))
	if !ok {
		return s, wrong
	}
	return ofHundredths(v), ""
}

func percent(s string) (string, Mistake) {
	v, code := decimal(strings.TrimSpace(strings.TrimSuffix(s, "%")), BadPercent)
	if code != "" {
		return s, code
	}
	switch n, _ := hundredths(v); {
	case n > 100_00:
		return s, BadPercent
	case n > 0 && n < 1_00 && !strings.HasSuffix(s, "%"): // 85 % of a sheet is 0.85 in its file
		return s, AShare
	}
	return v, ""
}

// marker is what stands instead of a mark, without what people put between its letters.
func marker(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || r == ' ' {
			return r
		}
		return -1
	}, folded.Replace(strings.ToLower(plainMinus.Replace(strings.ReplaceAll(s, ". ", ".")))))
}

var scoreless = func() map[string]string {
	all := map[string]string{}
	for word, how := range map[string]string{
		Absent:      "н, н.п., н/п, н/я, нб, н/б, неявка, не явился, не явилась, не прибыл, отсутствовал, отсутствовала, келмеді, келген жоқ, қатыспады, absent, no show, noshow, n/a",
		NotAdmitted: "н/д, не допущен, не допущена, недопуск, не доп., жіберілмеді, жіберілген жоқ, рұқсат жоқ, рұқсат етілмеді, not admitted, notadmitted",
	} {
		for _, w := range words(how) {
			all[marker(w)] = word
		}
	}
	return all
}()

// scale are the letters of marks. The lowest one that passes is written D or D-.
var scale = []string{"A", "A-", "B+", "B", "B-", "C+", "C", "C-", "D+", "D", "FX", "F"}

var latinLetters = strings.NewReplacer("А", "A", "В", "B", "С", "C", "Д", "D", "Ф", "F", "Х", "X", "＋", "+", " ", "")

func letter(s string) (string, Mistake) {
	l := latinLetters.Replace(strings.ToUpper(plainMinus.Replace(s)))
	if l == "D-" {
		l = "D"
	}
	if !slices.Contains(scale, l) {
		return s, BadLetter
	}
	return l, ""
}

var (
	dayFirst  = regexp.MustCompile(`^(\d{1,2})[.\-](\d{1,2})[.\-](\d{4})\b`)
	yearFirst = regexp.MustCompile(`^(\d{4})[.\-/](\d{1,2})[.\-/](\d{1,2})`)
	slashes   = regexp.MustCompile(`^(\d{1,2})/(\d{1,2})/(\d{4})\b`)
	twoDigits = regexp.MustCompile(`^\d{1,2}[.\-/ ]\d{1,2}[.\-/ ]\d{2}(\D|$)`)
	dayNumber = regexp.MustCompile(`^\d{5}(\.\d+)?$`)
	clock     = regexp.MustCompile(`^(\d{1,2})[:.\-](\d{2})(?:[:.]\d{2}(?:\.\d+)?)?(?: ?(?:-|до|to) ?\d{1,2}[:.\-]\d{2})?$`)
	oclock    = regexp.MustCompile(`(?: ?(?:г|ж|ч|h|сағ|час|часов)\.?)$`)
)

// readMoment reads a date or a date with a time; 01.02.03 and 01/02/2026 could be several days and are refused.
func readMoment(s string, kind table.Kind, onlyDay bool) (string, Mistake) {
	text := oclock.ReplaceAllString(strings.ReplaceAll(strings.ToLower(s), ",", " "), "")
	if dayNumber.MatchString(text) {
		f, _ := strconv.ParseFloat(text, 64)
		if f < 20_000 || f > 80_000 {
			return s, BadDate
		}
		at := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).Add(time.Duration(f*24*60+0.5) * time.Minute)
		if onlyDay || at.Hour() == 0 && at.Minute() == 0 {
			return at.Format(dateLayout), ""
		}
		return at.Format(momentLayout), ""
	}
	text = plainMinus.Replace(text)
	var y, m, d, rest string
	switch {
	case yearFirst.MatchString(text):
		p := yearFirst.FindStringSubmatch(text)
		y, m, d, rest = p[1], p[2], p[3], text[len(p[0]):]
	case dayFirst.MatchString(text):
		p := dayFirst.FindStringSubmatch(text)
		y, m, d, rest = p[3], p[2], p[1], text[len(p[0]):]
	case slashes.MatchString(text):
		p := slashes.FindStringSubmatch(text)
		a, _ := strconv.Atoi(p[1])
		if b, _ := strconv.Atoi(p[2]); a <= 12 && a != b { // Americans write the month first
			return s, UnclearDate
		}
		y, m, d, rest = p[3], p[2], p[1], text[len(p[0]):]
	case twoDigits.MatchString(text):
		return s, UnclearDate
	default:
		return s, BadDate
	}
	year, _ := strconv.Atoi(y)
	month, _ := strconv.Atoi(m)
	day, _ := strconv.Atoi(d)
	at := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	if at.Day() != day || int(at.Month()) != month || year < 1900 || year > 2199 {
		return s, BadDate
	}
	rest = strings.TrimSpace(oclock.ReplaceAllString(strings.TrimSpace(rest), ""))
	rest = strings.TrimPrefix(strings.TrimPrefix(rest, "t"), "в ")
	if rest == "" {
		return at.Format(dateLayout), ""
	}
	time, ok := readClock(rest)
	switch {
	case !ok:
		return s, BadTime
	case onlyDay, time == "00:00" && kind == table.Date:
		return at.Format(dateLayout), ""
	}
	return at.Format(dateLayout) + "T" + time, ""
}

// readClock reads a time of day: 09:30, 9.30, 09:30-11:00, or a part of a day as spreadsheets keep it.
func readClock(s string) (string, bool) {
	s = strings.TrimSpace(oclock.ReplaceAllString(plainMinus.Replace(strings.ToLower(s)), ""))
	if f, err := strconv.ParseFloat(s, 64); err == nil && f > 0 && f < 1 && strings.HasPrefix(s, "0.") && len(s) > 4 {
		at := int(f*24*60 + 0.5)
		return twoOf(at/60) + ":" + twoOf(at%60), at < 24*60
	}
	m := clock.FindStringSubmatch(s)
	if m == nil {
		return "", false
	}
	hour, _ := strconv.Atoi(m[1])
	minute, _ := strconv.Atoi(m[2])
	return twoOf(hour) + ":" + m[2], hour < 24 && minute < 60
}

func twoOf(n int) string {
	if n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}

var yearsPattern = regexp.MustCompile(`^(\d{4}) ?[-/] ?(\d{4}|\d{2})(?: ?(?:уч|оқу|оку|academic|г|ж).*)?$`)

// readYears reads an academic year: 2026/2027, 2026-27.
func readYears(s string) (string, Mistake) {
	m := yearsPattern.FindStringSubmatch(strings.ToLower(plainMinus.Replace(s)))
	if m == nil {
		return s, BadYears
	}
	first, _ := strconv.Atoi(m[1])
	second, _ := strconv.Atoi(m[2])
	if len(m[2]) == 2 {
		second += first / 100 * 100
		if second < first { // 1999-00
			second += 100
		}
	}
	if second != first+1 || first < 1950 || first > 2150 {
		return s, BadYears
	}
	return strconv.Itoa(first) + "-" + strconv.Itoa(second), ""
}

var terms = func() map[string]string {
	all := map[string]string{}
	for n, how := range map[string]string{
		"1": "1, i, осенний, осень, күзгі, күз, fall, autumn, first, первый, бірінші, 1-й",
		"2": "2, ii, весенний, весна, көктемгі, көктем, spring, second, второй, екінші, 2-й",
		"3": "3, iii, летний, лето, жазғы, жаз, summer, дополнительный, қосымша",
	} {
		for _, w := range words(how) {
			all[fold(w)] = n
		}
	}
	return all
}()

// aroundTerm are words beside the number or the name of a semester.
var aroundTerm = []string{fold("семестр"), fold("семестрі"), fold("semester"), fold("term"), fold("период"), fold("академический"), fold("учебный"), fold("академиялық"), fold("кезең")}

func readTerm(s string) (string, Mistake) {
	var rest []string
	if strings.HasPrefix(plainMinus.Replace(s), "-") {
		return s, BadTerm
	}
	for _, w := range strings.Fields(fold(termDigits.ReplaceAllString(strings.TrimSuffix(s, ".0"), " $0 "))) {
		for _, around := range aroundTerm { // семестр 2 folds to one word
			if cut, ok := strings.CutPrefix(w, around); ok && (cut == "" || strings.Trim(cut, "0123456789") == "") {
				w = cut
				break
			}
		}
		if w != "" {
			rest = append(rest, w)
		}
	}
	if n := terms[strings.Join(rest, " ")]; n != "" {
		return n, ""
	}
	return s, BadTerm
}

var termDigits = regexp.MustCompile(`\d+`)

// choice is the word of a choice that is meant.
func (c *Column) choice(s string) (string, Mistake) {
	f := fold(s)
	for _, o := range c.Choices {
		if f == fold(o.Word) {
			return o.Word, ""
		}
		for _, also := range o.Also {
			if f == fold(also) {
				return o.Word, ""
			}
		}
	}
	return s, BadChoice
}

func yesNo(s string) (string, Mistake) {
	switch {
	case slices.Contains(yeses, fold(s)), s == "+":
		return "yes", ""
	case slices.Contains(noes, fold(s)), strings.Trim(plainMinus.Replace(s), "-") == "":
		return "no", ""
	}
	return s, BadYesNo
}

var (
	yeses = []string{fold("да"), fold("иә"), fold("ия"), fold("yes"), "1", fold("true"), fold("истина"), fold("y"), fold("зарегистрирован"), fold("зарегистрирована"), fold("тіркелген")}
	noes  = []string{fold("нет"), fold("жоқ"), fold("no"), "0", fold("false"), fold("ложь"), fold("n"), fold("не зарегистрирован"), fold("тіркелмеген")}
)
