package ask

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// Session is one conversation on its way: which flow, the answers so far, and where the
// person is. Everything else is worked out.
type Session struct {
	ID      string              `json:"id"` // of the draft
	Flow    string              `json:"flow"`
	Version int                 `json:"version"`
	Turn    int                 `json:"turn"` // counts what was shown; a button carries the turn it belongs to
	Phase   Phase               `json:"phase"`
	Asked   string              `json:"asked,omitempty"` // the question that is open
	Answers map[string]Answer   `json:"answers,omitempty"`
	Parts   map[string]Answer   `json:"parts,omitempty"` // answers begun but not done: texts in several messages, files
	Given   map[string][]string `json:"given,omitempty"` // options and suggestions handed in at the start

	Offered []string `json:"offered,omitempty"` // the buttons that stand first in this turn, because the person may have meant them

	Today string `json:"today,omitempty"` // which day it is, as in 2026-11-23, set by whoever carries the conversation

	// Kept by whoever carries the conversation; the engine does not look at it.
	At     time.Time `json:"at,omitzero"`      // when the person last did something in it
	Nudged bool      `json:"nudged,omitempty"` // they were reminded of it once
	Warned bool      `json:"warned,omitempty"` // they were told that it is going to expire
	Far    int       `json:"far,omitempty"`    // how far they have got, for counting
	Aside  bool      `json:"aside,omitempty"`  // put aside: it does not come back by itself
}

// Phase is how far a conversation is.
type Phase string

// The phases.
const (
	Asking    Phase = "asking"
	Reviewing Phase = "review"
	Leaving   Phase = "leaving" // asked whether to delete the draft
	Sending   Phase = "sending" // answers frozen
	Done      Phase = "done"
	Cancelled Phase = "cancelled"
)

// Answer is what a person answered to one question.
type Answer struct {
	Values  []string `json:"values,omitempty"` // the option, or the messages of a text
	From    []string `json:"from,omitempty"`   // in which messages those came, where that is known
	Files   []File   `json:"files,omitempty"`  // of a text: what was said instead of words
	Later   []string `json:"later,omitempty"`  // of a list: the items that are brought later
	Item    string   `json:"item,omitempty"`   // of a list, while it is not done: the item that is open
	Skipped bool     `json:"skipped,omitempty"`
}

// Text is the messages of a text as one.
func (a Answer) Text() string { return strings.Join(a.Values, "\n\n") }

// Value is the chosen option or the text of an answer; empty when there is none.
func (s Session) Value(key string) string { return s.Answers[key].Text() }

// Over tells whether the conversation has ended.
func (s Session) Over() bool { return s.Phase == Done || s.Phase == Cancelled }

// Typed is all that the person has written so far, for showing it back when the
// conversation cannot go on: in the order of the questions, then what was written for
// questions that the flow does not have any more.
func (s Session) Typed(f Flow) []string {
	var all []string
	add := func(key string, words func(string) bool) {
		for _, a := range []Answer{s.Answers[key], s.Parts[key]} {
			if t := a.Text(); words(t) {
				all = append(all, t)
			}
		}
	}
	unknown := map[string]bool{}
	for _, answers := range []map[string]Answer{s.Answers, s.Parts} {
		for key := range answers {
			unknown[key] = true
		}
	}
	for _, st := range f.Steps {
		if st.Type == TypeText {
			add(st.Key, func(t string) bool { return t != "" })
		}
		delete(unknown, st.Key)
	}
	for _, key := range slices.Sorted(maps.Keys(unknown)) {
		add(key, looksWritten)
	}
	return all
}

// looksWritten tells words from the name of an option, which is a short Latin word.
func looksWritten(t string) bool {
	return strings.ContainsFunc(t, func(r rune) bool { return !('a' <= r && r <= 'z' || '0' <= r && r <= '9' || r == '-' || r == '_') })
}

// with returns the session with an answer given; the maps of the old one stay as they were.
func (s Session) with(key string, a Answer) Session { return s.answered(key, a).without(key) }

// answered is the same, and what was begun anew stays.
func (s Session) answered(key string, a Answer) Session {
	s.Answers = maps.Clone(s.Answers)
	if s.Answers == nil {
		s.Answers = map[string]Answer{}
	}
	s.Answers[key] = a
	return s
}

// withdrawn returns the session without an answer.
func (s Session) withdrawn(key string) Session {
	s.Answers = maps.Clone(s.Answers)
	delete(s.Answers, key)
	return s
}

// without drops what was begun at a question.
func (s Session) without(key string) Session {
	s.Parts = maps.Clone(s.Parts)
	delete(s.Parts, key)
	return s
}

// part keeps what was begun at a question.
func (s Session) part(key string, a Answer) Session {
	s.Parts = maps.Clone(s.Parts)
	if s.Parts == nil {
		s.Parts = map[string]Answer{}
	}
	s.Parts[key] = a
	return s
}
