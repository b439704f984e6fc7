package locales

import (
	"cmp"
	"slices"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
)

// Appeals against marks.

// VerdictOutcome is the question of what a commission has decided about a mark.
const VerdictOutcome = "verdict.outcome"

// outcome is a decision in words: about a mark, in its own.
func outcome(e dauys.Event) ask.Line {
	for _, d := range e.Details {
		if d.Question == VerdictOutcome {
			option := VerdictOutcome + "." + d.Option
			return ask.Line{Key: option}
		}
	}
	return say("outcome." + string(e.Outcome))
}

// WindowOpen says until when an appeal can be filed.
func WindowOpen(until time.Time) ask.Line { return say("appeals.open", "Date", until) }

// WindowOver says that the time for an appeal has passed, and what can still be done.
func WindowOver(until time.Time) ask.Line { return say("appeals.over", "Date", until) }

// AppealLate says that an appeal was not sent for that.
func AppealLate() ask.Line { return say("appeals.late") }

// AppealInstead says that the appeal is a complaint now.
func AppealInstead() ask.Line { return say("appeals.instead") }

// AppealCome invites an applicant to the meeting on their mark.
func AppealCome() ask.Line { return say("appeals.come") }

// MarksInMeeting says that a mark is decided on while the meeting sits.
func MarksInMeeting() ask.Line { return say("appeals.meeting") }

// ChangedMark tells the office that enters marks of one that was changed. Of finds what was answered
// when the appeal was filed.
func ChangedMark(c *dauys.Case, e dauys.Event, of func(*dauys.Case, string) dauys.Detail) []ask.Line {
	decided := func(question string) string {
		i := slices.IndexFunc(e.Details, func(d dauys.Detail) bool { return d.Question == question })
		if i < 0 {
			return ""
		}
		return e.Details[i].Text
	}
	control := of(c, "control")
	kind := control.Question + "." + control.Option
	return []ask.Line{say("appeals.changed", "Number", c.Number, "Name", c.Applicant.Name, "Institute", ask.Name{List: "institute", ID: c.Institute}, "Group", cmp.Or(c.Group, "–"),
		"Discipline", of(c, "discipline").Text, "Control", ask.Line{Key: kind},
		"Old", of(c, "mark").Text, "New", decided("decision.mark"), "Minutes", decided("decision.minutes"))}
}
