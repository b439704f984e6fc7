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
	ByApplicants = []ask.Flow{Complaint, Suggestion, Application, Support, Appeal, Public, Talk, Blog, Audience, Correction, Registry, Addition, Bringing, Withdrawal, Response, Reopening, Dispute, Remark, Signature, Linking}
	ByStaff      = []ask.Flow{Reply, HandUp, Question, Transcript, Transfer, Several, Splitting, Referral, HandOver, Intake, Extension, Recommendation, Mediation, Decision, Verdict, Invitation, Publication, Ready, Returning, Denial, Everyone, Bulletin}
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

// kindKey is the question of what something is, in a conversation that does not know by its name.
const kindKey = "kind"

// Kind is what a conversation asks of the university: what was answered to that question, or else
// its name.
func Kind(s ask.Session) dauys.Kind {
	for _, f := range ByApplicants {
		if f.Name == s.Flow && asks(f, kindKey) {
			return dauys.Kind(s.Value(kindKey))
		}
	}
	return dauys.Kind(s.Flow)
}

// Kinds are what can be asked of the university, in the order of the conversations: a
// conversation that asks for the consent and who somebody is becomes a case.
func Kinds() (kinds []dauys.Kind) {
	for _, f := range ByApplicants {
		for _, k := range kindsOf(f) {
			if !slices.Contains(kinds, k) {
				kinds = append(kinds, k)
			}
		}
	}
	return kinds
}

// kindsOf are those that a conversation can lead to.
func kindsOf(f ask.Flow) []dauys.Kind {
	switch {
	case !asks(f, consent.Key) || !asks(f, standing.Key):
		return nil
	case asks(f, kindKey):
		return Natures
	}
	return []dauys.Kind{dauys.Kind(f.Name)}
}

func asks(f ask.Flow, key string) bool {
	return slices.ContainsFunc(f.Steps, func(s ask.Step) bool { return s.Key == key })
}
