// Package flows holds the conversations, one declaration each: which questions, in which
// order, under which conditions. The engine that runs them is flows/ask; their words are
// in locales under the flow's name; what a finished one leads to is one line in finish
// (package handlers).
package flows

import (
	"slices"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
)

// All lists every conversation: those of people in their own chat, and those of staff.
var (
	All          = slices.Concat(ByApplicants, ByStaff)
	ByApplicants = []ask.Flow{Complaint, Suggestion, Application, Support, Appeal, Talk, Blog, Audience, Addition, Bringing, Withdrawal, Response, Reopening, Dispute, Remark, Signature}
	ByStaff      = []ask.Flow{Reply, HandUp, Question, Transcript, Transfer, Referral, Extension, Recommendation, Mediation, Decision, Verdict, Invitation, Publication}
)

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

// Kind is what a conversation asks of the university: its name.
func Kind(s ask.Session) dauys.Kind { return dauys.Kind(s.Flow) }

// Kinds are what can be asked of the university, in the order of the conversations: a
// conversation that asks for the consent and for the standing becomes a case.
func Kinds() (kinds []dauys.Kind) {
	for _, f := range All {
		asks := func(key string) bool {
			return slices.ContainsFunc(f.Steps, func(s ask.Step) bool { return s.Key == key })
		}
		if asks(consent.Key) && asks(standing.Key) {
			kinds = append(kinds, dauys.Kind(f.Name))
		}
	}
	return kinds
}
