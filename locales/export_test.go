package locales

import "alt.edu.kz/dauys"

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
