package dauys

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// titles stand before names and are none.
var titles = []string{"dotsent", "profesor", "prof", "dots", "doktor", "dr", "mr", "mrs", "ms", "prepodavatel", "oqutuswi", "okituwi", "lektor", "agai", "apai"}

// latin are the letters of Kazakh and Russian in few Latin ones: what is heard or typed alike is one.
var latin = strings.NewReplacer(
	"а", "a", "ә", "a", "б", "b", "в", "v", "г", "g", "ғ", "g", "д", "d", "е", "e", "ё", "e", "ж", "j", "з", "z", "и", "i", "й", "i", "і", "i",
	"к", "k", "қ", "k", "л", "l", "м", "m", "н", "n", "ң", "n", "о", "o", "ө", "o", "п", "p", "р", "r", "с", "s", "т", "t", "у", "u", "ұ", "u", "ү", "u",
	"ф", "f", "х", "h", "һ", "h", "ц", "ts", "ч", "c", "ш", "w", "щ", "w", "ъ", "", "ы", "i", "ь", "", "э", "e", "ю", "u", "я", "a",
	"zh", "j", "dzh", "j", "kh", "h", "gh", "g", "ch", "c", "sh", "w", "yu", "u", "iu", "u", "ya", "a", "ia", "a", "yo", "e", "y", "i", "q", "k", "w", "u", "x", "h")

// parts are the words of a name in few letters; doubled ones are one.
func parts(name string) (words []string) {
	for _, w := range strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return !unicode.IsLetter(r) }) {
		var key strings.Builder
		last := rune(0)
		for _, r := range latin.Replace(w) {
			if r != last {
				key.WriteRune(r)
			}
			last = r
		}
		if k := key.String(); k != "" && !slices.Contains(titles, k) {
			words = append(words, k)
		}
	}
	return words
}

// alike is how many letters of two first names have to agree, where both are written out.
const alike = 3

// SameName tells whether two names may be one person: they share a surname, and the first letter of
// what else there is. Where it is not certain they are one: it keeps people from judging themselves.
func SameName(a, b string) bool {
	x, y := parts(a), parts(b)
	for i, surname := range x {
		j := slices.Index(y, surname)
		if utf8.RuneCountInString(surname) < 2 || j < 0 {
			continue
		}
		restX, restY := slices.Delete(slices.Clone(x), i, i+1), slices.Delete(slices.Clone(y), j, j+1)
		if len(restX) == 0 || len(restY) == 0 {
			return true
		}
		for _, p := range restX {
			for _, q := range restY {
				n := min(alike, len(p), len(q))
				if p[:n] == q[:n] {
					return true
				}
			}
		}
	}
	return false
}
