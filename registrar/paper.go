package registrar

import (
	"errors"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"alt.edu.kz/dauys"
)

// Paper is a document that the Office of the Registrar gives out about a student, from the moment
// somebody asks for it.
type Paper struct {
	ID       string
	Kind     PaperKind
	Number   string // of an official one, once it is approved: without gaps within a year
	Student  string // their number
	Name     string // theirs
	Who      dauys.Address
	Lang     dauys.Lang // in which it is written
	Official bool
	State    PaperState
	Asked    time.Time
	Issued   time.Time // when it was approved, which is the day that it bears
	Done     time.Time // when it came into its state
	By       string    // which member of staff has done that
	Reason   string    // why it was refused, or holds no more
	Token    string    // leads to its public page; an official one has it once it is approved
	Hash     string    // SHA-256 of the file; empty: there is none yet
	Blob     string    // the file
	Shown    string    // the programme, as it stands on the paper and on the public page
	Version  int64
}

// PaperKind is what a paper is.
type PaperKind string

// Transcript is a list of all final marks.
const Transcript PaperKind = "transcript"

// Series is with what the numbers of a kind of paper begin.
func (k PaperKind) Series() string { return "TRN" }

// PaperState is how far a paper is.
type PaperState string

// The states of a paper.
const (
	PaperAsked     PaperState = "asked"     // waits for the office
	PaperApproved  PaperState = "approved"  // has its number; the file is being made
	PaperRefused   PaperState = "refused"   // with a reason
	PaperIssued    PaperState = "issued"    // the file is with the student
	PaperReady     PaperState = "ready"     // on paper, with a stamp: it can be collected
	PaperCollected PaperState = "collected" // it was
	PaperRevoked   PaperState = "revoked"   // it holds no more, with a reason
)

// paperSteps are the states that follow a state.
var paperSteps = map[PaperState][]PaperState{
	PaperAsked:     {PaperApproved, PaperRefused},
	PaperApproved:  {PaperIssued, PaperRevoked},
	PaperIssued:    {PaperReady, PaperRevoked},
	PaperReady:     {PaperCollected, PaperRevoked},
	PaperCollected: {PaperRevoked},
}

// ErrPaperState: a paper cannot come from the state in which it is into the one that was asked for.
var ErrPaperState = errors.New("the paper is in another state")

// Can tells whether a state may follow. What is not official has no number and nothing to collect.
func (p *Paper) Can(to PaperState) bool {
	return p.Official && slices.Contains(paperSteps[p.State], to)
}

// Move brings a paper into another state. The error is [ErrPaperState] when it cannot.
func (p *Paper) Move(to PaperState, by, reason string, at time.Time) error {
	if !p.Can(to) || reason == "" && (to == PaperRefused || to == PaperRevoked) {
		return ErrPaperState
	}
	p.State, p.By, p.Reason, p.Done = to, by, reason, at
	if to == PaperApproved {
		p.Issued = at
	}
	return nil
}

// Valid tells whether what the paper says holds: it is in somebody's hands and was not revoked.
func (p *Paper) Valid() bool {
	return p.Official && p.Hash != "" && slices.Contains([]PaperState{PaperIssued, PaperReady, PaperCollected}, p.State)
}

// Masked is a name of which whoever holds the paper can tell that it is the one on it, and nobody else
// can tell whose it is: the first letters of the family name, and the initials of what follows.
func Masked(name string) string {
	const open = 2
	var parts []string
	for i, word := range strings.Fields(name) {
		first, size := utf8.DecodeRuneInString(word)
		switch {
		case !unicode.IsLetter(first):
		case i > 0:
			parts = append(parts, word[:size]+".")
		default:
			letters := []rune(word)
			parts = append(parts, string(letters[:min(open, len(letters)-1)])+"•••")
		}
	}
	return strings.Join(parts, " ")
}
