package dauys

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Personal is a sort of personal data that must not be published.
type Personal string

// The sorts, in the order in which they are named.
const (
	ByName      Personal = "name"      // of the applicant, as they gave it
	ByTelephone Personal = "telephone" // a number at which somebody can be called
	ByEmail     Personal = "email"
	ByIIN       Personal = "iin" // an individual identification number: twelve digits
	ByUsername  Personal = "username"
	ByNumber    Personal = "number" // of a case
)

var (
	anEmail    = regexp.MustCompile(`[^\s@<>(),;:]+@[^\s@<>(),;:]+\.\pL{2,}`)
	aUsername  = regexp.MustCompile(`(?i)(?:^|[^\w.@])@[a-z]\w{3,}|(?:t\.me|telegram\.me)/\w+`)
	someDigits = regexp.MustCompile(`\+?\d(?:[\s().\-\x{2010}-\x{2015}]{0,3}\d){5,}`)
	caseNumber = regexp.MustCompile(`(?i)\b[a-z]{2,8}\s?[-–—]\s?\d{4}\s?[-–—]\s?\d{6,}\b`)

	// Numbers with as many digits as a telephone's that are none.
	harmless = regexp.MustCompile(`(?i)` + strings.Join([]string{
		`\b\d{1,2}\.\d{1,2}\.\d{4}\b`, `\b\d{4}-\d{2}-\d{2}\b`, // days
		`\b(?:19|20)\d\d\s?[-–—]\s?(?:19|20)\d\d\b`,                                 // years of study
		`\b(?:[01]?\d|2[0-4])[.:][0-5]\d\s?[-–—]\s?(?:[01]?\d|2[0-4])[.:][0-5]\d\b`, // hours
		`\b\d{1,3}(?:[\s,.]?\d{3})+\s?(?:тенге|теңге|тг|₸|tenge|kzt)`,               // sums
	}, "|"))
)

// leastNumber is with how many digits a number may be a telephone's: those of a town have six.
const leastNumber = 6

// PersonalIn tells which personal data stand in words that are to be published: each sort once. In
// doubt there are some: who prepares the words can say them otherwise.
func PersonalIn(words, applicant string) (found []Personal) {
	add := func(p Personal, there bool) {
		if there && !slices.Contains(found, p) {
			found = append(found, p)
		}
	}
	add(ByName, named(words, applicant))
	add(ByNumber, caseNumber.MatchString(words))
	add(ByEmail, anEmail.MatchString(words))
	add(ByUsername, aUsername.MatchString(anEmail.ReplaceAllString(words, " ")))
	rest := harmless.ReplaceAllString(caseNumber.ReplaceAllString(words, "…"), "…")
	for _, n := range someDigits.FindAllString(rest, -1) {
		switch count := len(digits(n)); {
		case count == 12 && !strings.HasPrefix(n, "+"):
			add(ByIIN, true)
		case count >= leastNumber:
			add(ByTelephone, true)
		}
	}
	return found
}

// shortName is how long a word of a name may be to count only as it stands: a longer one is found
// with an ending, too.
const shortName = 3

// named tells whether somebody's name stands in words, also in part, with an ending, or in other
// letters. Initials are no name.
func named(words, name string) bool {
	said := strings.FieldsFunc(words, func(r rune) bool { return !unicode.IsLetter(r) })
	for _, part := range parts(name) {
		for _, w := range said {
			for _, spoken := range parts(w) {
				n := utf8.RuneCountInString(part)
				if n >= 2 && spoken == part || n > shortName && strings.HasPrefix(spoken, part) {
					return true
				}
			}
		}
	}
	return false
}
