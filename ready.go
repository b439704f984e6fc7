package dauys

import (
	"regexp"
	"slices"
	"strings"
)

// ReadyAnswer is a text that an office keeps, so that nobody has to write it again.
type ReadyAnswer struct {
	ID      string
	Office  OfficeID
	Name    string // by which staff choose it
	Texts   Names  // in at least one language; of the others there is none
	Version int64  // 0: not stored yet
	Cause   string // what has written this version
}

// MostReady is how many ready answers one office keeps: more are no list any more.
const MostReady = 30

// Placeholders are what can stand in a ready answer in braces, to be filled in from the case: the
// name of the applicant, the number, the day on which it came, who answers, until when.
var Placeholders = []string{"name", "number", "date", "office", "due"}

// inBraces is whatever looks like a placeholder, known or not.
var inBraces = regexp.MustCompile(`\{[^{}\n]*\}`)

// placeholder is the word in such braces.
func placeholder(braces string) string {
	return strings.ToLower(strings.TrimSpace(strings.Trim(braces, "{}")))
}

// Unfillable are those in a text of which nobody knows what to fill in, as they were written.
func Unfillable(text string) (unknown []string) {
	for _, found := range inBraces.FindAllString(text, -1) {
		if !slices.Contains(Placeholders, placeholder(found)) && !slices.Contains(unknown, found) {
			unknown = append(unknown, found)
		}
	}
	return unknown
}

// Fill puts words in the places of the placeholders. What is put in is not read again; where it ends
// with a full stop, as a date in Russian does, that of the text is not needed.
func Fill(text string, with func(placeholder string) string) string {
	var out strings.Builder
	done := 0
	for _, at := range inBraces.FindAllStringIndex(text, -1) {
		p := placeholder(text[at[0]:at[1]])
		if !slices.Contains(Placeholders, p) {
			continue
		}
		word := with(p)
		if strings.HasPrefix(text[at[1]:], ".") {
			word = strings.TrimSuffix(word, ".")
		}
		out.WriteString(text[done:at[0]] + word)
		done = at[1]
	}
	out.WriteString(text[done:])
	return out.String()
}

// Asks tells whether a text has a placeholder.
func Asks(text, wanted string) bool {
	return slices.ContainsFunc(inBraces.FindAllString(text, -1), func(found string) bool { return placeholder(found) == wanted })
}

// For is the text for a reader of a language. Where there is none, it is one in another language:
// that of the office, or else the first.
func (r ReadyAnswer) For(reader, office Lang) (text string, in Lang) {
	for _, l := range append([]Lang{reader, office}, Langs...) {
		if r.Texts[l] != "" {
			return r.Texts[l], l
		}
	}
	return "", ""
}
