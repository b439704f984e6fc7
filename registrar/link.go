package registrar

import (
	"crypto/rand"
	"strings"
	"time"
	"unicode"

	"alt.edu.kz/dauys"
)

// Link says that an account of a messenger is that of a student or an employee. An account has one
// student and one employee at most; a person may have several accounts.
type Link struct {
	Who       dauys.Address
	Person    string // [OfStudent] or [OfEmployee]
	Since     time.Time
	Confirmed time.Time // when a code, or another account of the person, said so last; zero: nobody has yet
}

// Opens tells whether the account may see the record: it was confirmed, and not before a time.
func (l Link) Opens(since time.Time) bool {
	return l.Who != "" && !l.Confirmed.IsZero() && !l.Confirmed.Before(since)
}

// IsStudent and IsEmployee tell what somebody is of whom the record speaks.
func IsStudent(person string) bool  { return strings.HasPrefix(person, OfStudent("")) }
func IsEmployee(person string) bool { return strings.HasPrefix(person, OfEmployee("")) }

// Code is a one-time code with which an account is linked with a person.
type Code struct {
	Code    string // as [NewCode] makes it; only a fingerprint is kept
	Person  string
	Expires time.Time
}

// How long codes are good.
const (
	LetterLife = 14 * 24 * time.Hour // one that is printed and handed out
	SpotLife   = 10 * time.Minute    // one for somebody who stands there
)

// How often one may be wrong.
const (
	TriesOfAccount = 5 // within an hour
	TriesOfNumber  = 20
	// SpanOfAccount and SpanOfNumber are how long wrong codes count.
	SpanOfAccount = time.Hour
	SpanOfNumber  = 24 * time.Hour
)

const (
	// codeLetters are those of codes: none of them looks like another in print.
	codeLetters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
	codeLength  = 10 // of 32 letters: 50 bits
	codeGroup   = 5
)

// NewCode is a new code by chance.
func NewCode() string {
	b := make([]byte, codeLength)
	_, _ = rand.Read(b) // never fails, says its documentation
	for i := range b {
		b[i] = codeLetters[int(b[i])%len(codeLetters)]
	}
	return string(b)
}

// WriteCode is a code as it is shown, to be read aloud: ABCDE-23456.
func WriteCode(code string) string {
	if len(code) != codeLength {
		return code
	}
	return code[:codeGroup] + "-" + code[codeGroup:]
}

// cyrillic are the letters that look like those of a code.
var cyrillic = strings.NewReplacer("А", "A", "В", "B", "С", "C", "Е", "E", "Н", "H", "К", "K", "М", "M", "Р", "P", "Т", "T", "Х", "X", "У", "Y")

// ReadCode is a code however it was typed: in small letters, with other signs between, in Cyrillic letters
// that look the same. What cannot be a code is empty.
func ReadCode(typed string) string {
	code := cyrillic.Replace(strings.ToUpper(strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, typed)))
	if len(code) != codeLength || strings.Trim(code, codeLetters) != "" {
		return ""
	}
	return code
}

// ReadNumber is the number of a student or an employee as it was typed, without spaces, or empty when it
// can be none.
func ReadNumber(typed string) string {
	number := strings.Join(strings.Fields(typed), "")
	if number == "" || len(number) > mostNumber || strings.ContainsFunc(number, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("-./_", r)
	}) {
		return ""
	}
	return number
}

// mostNumber is how many bytes a number has at most: it travels in buttons.
const mostNumber = 32

// Try is somebody who says a number and a code.
type Try struct {
	Cause  string // the same one twice is one
	Who    dauys.Address
	Number string // as [ReadNumber] gives it
	Code   string // as [ReadCode] does; empty is always wrong
	At     time.Time
}

// TryResult is what came of it.
type TryResult string

// What can come of a try.
const (
	Wrong   TryResult = "wrong"   // there is no such number, or this is not its code
	Slowed  TryResult = "slowed"  // too often wrong: nobody has looked
	Linked  TryResult = "linked"  // the account is the person's
	Pending TryResult = "pending" // it is, once another account of theirs says so, or a second code
)

// Tried says more of it.
type Tried struct {
	Result TryResult
	Until  time.Time // when one may try again; of a slowed one
	Link   Link
	Was    string // with whom of the same sort the account was linked before
	Others []Link // other accounts: after a good code, of the person; after a wrong one, of whose number it was
	New    bool   // it was not linked with this person before
}

// Access is one look at what is kept of somebody, by somebody else, or something that was done about
// how they get at it.
type Access struct {
	Cause  string // with what it is about it is one
	At     time.Time
	Who    dauys.Address
	As     string // the role in which they did it
	Did    Did
	Kind   Kind   // what was read
	Person string // about whom
	Reason string
}

// Did is what somebody did.
type Did string

// What is logged.
const (
	DidRead      Did = "read"
	DidCode      Did = "code" // made one
	DidLink      Did = "link"
	DidConfirm   Did = "confirm"
	DidUnlink    Did = "unlink"
	DidUnlinkAll Did = "unlink-all"
)
