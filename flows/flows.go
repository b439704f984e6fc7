// Package flows holds the conversations, one declaration each: which questions, in which
// order, under which conditions. The engine that runs them is flows/ask; their words are
// in locales under the flow's name; what a finished one leads to is one line in finish
// (package handlers).
package flows

import "alt.edu.kz/dauys/flows/ask"

// All lists every conversation.
var All = []ask.Flow{Complaint, Addition, Withdrawal, Reply, HandUp, Response, Question, Transcript}

// Find is the conversation that a stored session belongs to. It is not ok when there is
// none any more or its questions have changed since, so that the session cannot go on.
func Find(s ask.Session) (f ask.Flow, ok bool) {
	for _, f := range All {
		if f.Name == s.Flow {
			return f, f.Fits(s)
		}
	}
	return ask.Flow{}, false
}
