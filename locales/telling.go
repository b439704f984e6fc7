package locales

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// shortestWord is how many letters a word has that can tell something; shorter ones stand everywhere.
const shortestWord = 4

// Telling are the different words of a text that can tell what it is about.
func Telling(text string) (words []string) {
	for w := range strings.FieldsSeq(Fold(text)) {
		if utf8.RuneCountInString(w) >= shortestWord && !slices.Contains(words, w) && !slices.ContainsFunc(everywhere, func(stem string) bool { return strings.HasPrefix(w, stem) }) {
			words = append(words, w)
		}
	}
	return words
}

// everywhere are the beginnings of words that stand in requests about anything, as they are folded.
var everywhere = func() (stems []string) {
	for _, s := range []string{
		"прошу", "просим", "пожалуйста", "здравствуйте", "уважаем", "почему", "когда", "котор", "чтобы", "очень", "также", "меня", "нашей", "наших", "этого", "этой", "может", "можно", "нужно", "студент", "университет",
		"сұраймын", "сұраймыз", "өтінемін", "өтінеміз", "сәлеметсіз", "құрметті", "неге", "қашан", "үшін", "бойынша", "және", "керек", "болады", "емес",
		"please", "hello", "dear", "when", "what", "which", "with", "have", "this", "that", "there", "would", "could", "been", "from", "they", "student", "universit",
	} {
		stems = append(stems, Fold(s))
	}
	return stems
}()
