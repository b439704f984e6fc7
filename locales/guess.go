package locales

import (
	"slices"
	"strings"
	"unicode"

	"alt.edu.kz/dauys"
)

// Which language a text is in, by its letters alone. It is a guess that nobody has to follow, so what
// is not evident is not guessed.

const (
	onlyKazakh  = "әғқңөұүһі"      // Cyrillic letters that Russian does not have
	latinKazakh = "äáǵğıńñóöşúüýū" // of the Latin alphabets of Kazakh: then it need not be English

	enoughLetters  = 24 // fewer tell nothing
	enoughCyrillic = 40 // so many without one letter of Kazakh are hardly Kazakh
)

// Guess tells in which of our languages a text evidently is. Names and words of the other languages in
// it do not count as long as they are few.
func Guess(text string) (l dauys.Lang, evident bool) {
	var latin, cyrillic, kazakh, marked int
	for _, r := range strings.ToLower(proper(text)) {
		switch {
		case strings.ContainsRune(onlyKazakh, r):
			cyrillic, kazakh = cyrillic+1, kazakh+1
		case unicode.Is(unicode.Cyrillic, r):
			cyrillic++
		case strings.ContainsRune(latinKazakh, r):
			latin, marked = latin+1, marked+1
		case unicode.Is(unicode.Latin, r):
			latin++
		}
	}
	letters := latin + cyrillic
	switch {
	case letters < enoughLetters:
	case latin*10 >= letters*7 && marked*50 < latin:
		return dauys.English, true
	case cyrillic*10 < letters*7:
	case kazakh*10 >= cyrillic: // in Kazakh it is every sixth or so
		return dauys.Kazakh, true
	case kazakh*22 < cyrillic && cyrillic >= enoughCyrillic:
		return dauys.Russian, true
	}
	return "", false
}

// proper is a text without addresses of sites and mails, which are in no language.
func proper(text string) string {
	return strings.Join(slices.DeleteFunc(strings.Fields(text), func(w string) bool {
		return strings.Contains(w, "://") || strings.Contains(w, "@") || strings.HasPrefix(w, "www.")
	}), " ")
}
