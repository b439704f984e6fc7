package locales

import (
	"slices"

	"alt.edu.kz/dauys"
)

// What the tests need of the inside.
var (
	CheckTexts = check
	Gaps       = gaps
)

// Texts are all texts of a language: key → plural form → text, and the line of each key.
func Texts(l dauys.Lang) (texts map[string]map[string]string, lines map[string]int) {
	data, err := files.ReadFile(string(l) + ".toml")
	if err != nil {
		panic(err)
	}
	all, err := read(data)
	if err != nil {
		panic(err)
	}
	return all, places(data)
}

// ByLibrary is a message in the library's way, its gaps filled with words.
func (b *Book) ByLibrary(l dauys.Lang, key string, gaps []string, words string) string {
	data := map[string]any{}
	for _, gap := range gaps {
		data[gap] = words
	}
	return b.localized(l, key, data, nil)
}

// Prepared are the keys whose gaps are found beforehand.
func (b *Book) Prepared(l dauys.Lang) (keys []string) {
	for key := range b.texts[l] {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// Synonyms are the words that mean the same as a message.
func (b *Book) Synonyms(key string) []string { return b.meaning(key) }
