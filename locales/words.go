package locales

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"alt.edu.kz/dauys"
)

// months are the names of the months as they stand in a date: Russian in the genitive.
var months = map[dauys.Lang][]string{
	dauys.Kazakh:  {"қаңтар", "ақпан", "наурыз", "сәуір", "мамыр", "маусым", "шілде", "тамыз", "қыркүйек", "қазан", "қараша", "желтоқсан"},
	dauys.Russian: {"января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря"},
	dauys.English: {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
}

// day writes a date as the language does: 2026 ж. 23 қараша, 23 ноября 2026 г., 23 November 2026.
func day(l dauys.Lang, t time.Time) string {
	month := months[l][t.Month()-1]
	d, y := strconv.Itoa(t.Day()), strconv.Itoa(t.Year())
	switch l {
	case dauys.Kazakh:
		return y + " ж. " + d + " " + month
	case dauys.Russian:
		return d + " " + month + " " + y + " г."
	}
	return d + " " + month + " " + y
}

// number writes an integer with the thousands apart: a narrow no-break space in Kazakh
// and Russian, a comma in English; four digits stay together.
func number(l dauys.Lang, n int) string {
	s := strconv.Itoa(n)
	if n < 10000 && n > -10000 {
		return s
	}
	apart := "\u202f"
	if l == dauys.English {
		apart = ","
	}
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + apart + s[i:]
	}
	return s
}

// decimal writes a number with a fraction: behind a comma in Kazakh and Russian, a point in English.
func decimal(l dauys.Lang, s string) string {
	whole, fraction, found := strings.Cut(s, ".")
	if n, err := strconv.Atoi(whole); err == nil && n != 0 {
		whole = number(l, n)
	}
	switch {
	case !found:
		return whole
	case l == dauys.English:
		return whole + "." + fraction
	}
	return whole + "," + fraction
}

// kazakh are the letters that many phones do not have, with those typed in their place:
// Russian ones, and foreign ones that look the same.
func kazakh(r rune) rune {
	switch r {
	case 'ә', 'ə':
		return 'а'
	case 'ғ':
		return 'г'
	case 'қ':
		return 'к'
	case 'ң':
		return 'н'
	case 'ө', 'ɵ':
		return 'о'
	case 'ұ', 'ү':
		return 'у'
	case 'һ':
		return 'х'
	case 'і', 'i':
		return 'и'
	case 'ё':
		return 'е'
	}
	return r
}

// Fold brings a typed word and a label to one form: small letters, no signs around or
// between words, Kazakh letters as they are typed without a Kazakh keyboard.
func Fold(s string) string {
	if marked(s) {
		s = norm.NFC.String(s)
	}
	var out strings.Builder
	out.Grow(len(s))
	apart := false
	for _, r := range s {
		if r = unicode.ToLower(r); !('а' <= r && r <= 'я' || 'a' <= r && r <= 'z' || unicode.IsLetter(r) || unicode.IsDigit(r)) {
			apart = out.Len() > 0
			continue
		}
		if apart {
			out.WriteByte(' ')
			apart = false
		}
		out.WriteRune(kazakh(r))
	}
	return out.String()
}

// marked tells whether a text may have letters and their marks apart: most have not, and thousands of them
// are folded when somebody looks for a case.
func marked(s string) bool {
	for _, r := range s {
		if r >= 0x300 && (r < 0x400 || r > 0x4FF && r < 0x2000 || r > 0x206F) || 0x483 <= r && r <= 0x489 {
			return true
		}
	}
	return false
}

// unquoted takes away what stands for a soft sign or for a mark of a Kazakh letter.
var unquoted = strings.NewReplacer("'", "", "’", "", "ʼ", "", "`", "", "ʹ", "")

// sound brings a folded word to how it sounds, whichever letters it is written in: Cyrillic
// ones, Latin ones by sound, or those of the Latin alphabets of Kazakh. What is written in
// two ways (zh, j, ж; kh, h, x, х) becomes one; sounds of two letters get a capital one.
func sound(fold string) string {
	s := oneWay.Replace(inLatin.Replace(fold))
	out := make([]byte, 0, len(s))
	for i := range len(s) {
		n := len(out)
		switch {
		case n > 0 && out[n-1] == s[i]: // letters are doubled as one likes
		case n > 0 && out[n-1] == 'i' && s[i] == 'e': // raspisaniye, raspisanie
			out[n-1] = 'e'
		default:
			out = append(out, s[i])
		}
	}
	return string(out)
}

var (
	inLatin = strings.NewReplacer("а", "a", "б", "b", "в", "v", "г", "g", "д", "d", "е", "e", "ж", "j", "з", "z", "и", "i", "й", "i", "к", "k", "л", "l", "м", "m",
		"н", "n", "о", "o", "п", "p", "р", "r", "с", "s", "т", "t", "у", "u", "ф", "f", "х", "h", "ц", "ts", "ч", "ch", "ш", "sh", "щ", "sh", "ъ", "", "ы", "i", "ь", "",
		"э", "e", "ю", "iu", "я", "ia",
		"ä", "a", "á", "a", "ö", "o", "ó", "o", "ü", "u", "ú", "u", "ū", "u", "ñ", "n", "ń", "n", "ŋ", "n", "ş", "sh", "ç", "ch", "ğ", "g", "ǵ", "g", "ı", "i", "ï", "i", "ý", "u")
	oneWay = strings.NewReplacer("shch", "S", "sch", "S", "sh", "S", "ch", "C", "ts", "T", "zh", "j", "dj", "j", "yo", "e", "kh", "h", "gh", "g", "ng", "n", "x", "h", "w", "u", "q", "k", "y", "i")
)

// The keys of a keyboard, row by row, and those of the digits, on which the Kazakh letters are.
const (
	latinKeys, russianKeys = "`qwertyuiop[]asdfghjkl;'zxcvbnm,.", "ёйцукенгшщзхъфывапролджэячсмитьбю"
	digitKeys, kazakhKeys  = "2345890-=", "әіңғүұқөһ"
)

// relay is what somebody has typed who did not see that the keyboard was in another layout.
func relay(typed string) (out []string) {
	latin := strings.ContainsFunc(typed, func(r rune) bool { return 'a' <= r && r <= 'z' })
	cyrillic := strings.ContainsFunc(typed, func(r rune) bool { return unicode.Is(unicode.Cyrillic, r) })
	switch {
	case latin && !cyrillic:
		return []string{toRussian.Replace(typed), toKazakh.Replace(typed)}
	case cyrillic && !latin:
		return []string{toLatin.Replace(typed)}
	}
	return nil
}

var (
	toRussian = keys(latinKeys, russianKeys)
	toKazakh  = keys(latinKeys+digitKeys, russianKeys+kazakhKeys)
	toLatin   = keys(russianKeys, latinKeys)
)

func keys(from, to string) *strings.Replacer {
	var pairs []string
	other := []rune(to)
	for i, r := range []rune(from) {
		pairs = append(pairs, string(r), string(other[i]))
	}
	return strings.NewReplacer(pairs...)
}

// Shorten cuts a text to at most n characters at a word, with an ellipsis. What is seen as
// one character, such as a letter with its mark or a flag, stays whole or goes.
func Shorten(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	runes := []rune(s)
	end := max(0, n-1)
	for end > 0 && joined(runes, end) {
		end--
	}
	cut := string(runes[:end])
	if i := strings.LastIndexFunc(cut, unicode.IsSpace); i > len(cut)/2 {
		cut = cut[:i]
	}
	return strings.TrimRightFunc(cut, unicode.IsSpace) + "…"
}

// joined tells whether the runes before and after i are seen as one character. It knows
// what is met in chats: marks, emoji of several parts, flags.
func joined(runes []rune, i int) bool {
	const joiner, tone, lastTone = 0x200D, 0x1F3FB, 0x1F3FF
	before, after := runes[i-1], runes[i]
	switch {
	case unicode.In(after, unicode.M), after == joiner, before == joiner, after >= tone && after <= lastTone, after >= 0xE0020 && after <= 0xE007F:
		return true
	case flag(before) && flag(after): // two letters are a flag: count from where they begin
		n := 0
		for j := i - 1; j >= 0 && flag(runes[j]); j-- {
			n++
		}
		return n%2 == 1
	}
	return false
}

func flag(r rune) bool { return r >= 0x1F1E6 && r <= 0x1F1FF }
