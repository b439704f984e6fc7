// Package registrar is the record that the Office of the Registrar keeps of the studies of each
// student: who studies what, in which group, with which marks, orders, exams, debts. It says what
// kinds of entries there are and how a file that the registrar exports is read as such ([Kinds],
// [Read]), what has changed since the last one, and what follows from marks by the rules of credit
// technology.
//
// An import is a layer over what was imported before: its entries hold from the moment when it is
// published, and what was below shows again when it is undone. The package stores nothing, asks
// nobody for the time and knows no language of a reader: words are canonical, problems are codes.
//
// Numbers of marks, points and credits are counted in hundredths as integers, so that what is
// computed is exact; where something is rounded, the function says how.
package registrar

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Fields are the values of an entry by the name of the column, in canonical form: a date as
// 2026-01-20, a moment as 2026-01-20T09:00 in the time of the university, a number with a point
// and without needless zeros, a choice as its word in [Column.Choices]. Empty ones are left out.
type Fields map[string]string

// Entry is one thing that the registrar keeps, whatever its kind.
type Entry struct {
	Kind   Kind
	Key    string // what makes it this one among those of its kind
	Owner  string // whose it is: see [OfStudent] and the like; empty: everybody's
	Other  string // by whom or what it can be found besides; empty: nobody
	Scope  string // what an import covers: an entry that a later one of the same scope lacks is gone
	Fields Fields
}

// Whose an entry is.
func OfStudent(number string) string  { return "student/" + number }
func OfGroup(name string) string      { return "group/" + name }
func OfProgramme(code string) string  { return "programme/" + code }
func OfDiscipline(code string) string { return "discipline/" + code }
func OfEmployee(number string) string { return "employee/" + number }
func OfSheet(parts ...string) string  { return "sheet/" + strings.Join(parts, "|") }
func NumberOf(owner string) string    { _, n, _ := strings.Cut(owner, "/"); return n }
func owned(what, id string) string {
	if id == "" {
		return ""
	}
	return what + "/" + id
}

// Text is a value as it stands; empty: there is none.
func (f Fields) Text(name string) string { return f[name] }

// Int is a whole number; 0: there is none.
func (f Fields) Int(name string) int {
	n, _ := strconv.Atoi(f[name])
	return n
}

// Hundredths is a number with at most two places, in hundredths; ok is false when there is none.
func (f Fields) Hundredths(name string) (n int, ok bool) { return hundredths(f[name]) }

// Time is a date or a moment in a time zone; zero: there is none.
func (f Fields) Time(name string, zone *time.Location) time.Time {
	for _, layout := range []string{momentLayout, dateLayout} {
		if t, err := time.ParseInLocation(layout, f[name], zone); err == nil {
			return t
		}
	}
	return time.Time{}
}

const (
	dateLayout   = "2006-01-02"
	momentLayout = "2006-01-02T15:04"
)

// hundredths reads a canonical number with at most two places.
func hundredths(s string) (n int, ok bool) {
	whole, part, _ := strings.Cut(s, ".")
	if whole == "" || len(part) > 2 {
		return 0, false
	}
	n, err := strconv.Atoi(whole + part + strings.Repeat("0", 2-len(part)))
	return n, err == nil
}

// ofHundredths writes hundredths as a canonical number.
func ofHundredths(n int) string {
	s := fmt.Sprintf("%d.%02d", n/100, n%100)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}

// Import is a file of the registrar on its way into the record.
type Import struct {
	ID       string
	Kind     Kind
	File     string // its name, as it came
	Hash     string // SHA-256 of the file, 64 hexadecimal digits
	By       string // who brought it: an address, or "command", "folder", "http"
	ByName   string
	Chat     string // the address of the chat that is told; empty: none
	At       time.Time
	State    State
	Base     int64 // the number of the last published import of the kind when this was compared
	Seq      int64 // its own number among those published; 0: it is not
	Baseline bool  // the first of its kind: nobody is told of what it brings
	Counts   Counts
	Notes    []Note    // what is worth knowing of the file
	Columns  []string  // which columns of its kind the file has, by their names
	Approved string    // who published it, as By
	Settled  time.Time // when it was published, dropped or undone
}

// State is how far an import is.
type State string

// The states of an import.
const (
	Staging   State = "staging"   // its rows are being read
	Staged    State = "staged"    // compared with what holds; waits for a yes
	Published State = "published" // it holds
	Dropped   State = "dropped"   // it never did
	Undone    State = "undone"    // it does no longer
)

// Counts are how much of what is in an import.
type Counts struct {
	Rows    int // of the file, without its head
	New     int // entries
	Changed int
	Gone    int
	Same    int
	Flaws   int // rows with one at least; an import with any cannot be published
}

// Changes is how many entries an import changes.
func (c Counts) Changes() int { return c.New + c.Changed + c.Gone }

// Change is what an import does to an entry.
type Change struct {
	What What
	Was  *Entry // nil: it is new
	Now  *Entry // nil: it is gone
}

// What happens to an entry.
type What string

// What an import does to an entry.
const (
	New     What = "new"
	Changed What = "changed"
	Gone    What = "gone"
)

// Flaw is something wrong with a row, or with the file when Row is 0.
type Flaw struct {
	Row    int    // of the sheet, from 1
	Column string // as its head is written in the file; empty: the row
	Code   string // what is wrong: see [Code]
	Value  string // what stands there, cut short
}
