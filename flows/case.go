package flows

import (
	"slices"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
)

// Addition is how an applicant adds details to an open case.
var Addition = ask.Flow{
	Name:    "addition",
	Version: 1,
	Steps: []ask.Step{
		ask.Text("words", 2, 3000).InParts().OrSpoken(),
		ask.Files("papers", 10).OrSkip(),
	},
}

// Withdrawal is how an applicant takes a case back.
var Withdrawal = ask.Flow{
	Name:    "withdrawal",
	Version: 1,
	Steps:   []ask.Step{ask.Text("reason", 2, 500).OrSkip()},
}

// Response is how an applicant answers what the office has asked them: in words, by voice
// or with files.
var Response = ask.Flow{
	Name:    "response",
	Version: 1,
	Steps: []ask.Step{
		ask.Text("words", 2, 3000).InParts().OrSpoken().OrSkip().After("asked"),
		ask.Files("papers", 10).OrSkip(),
	},
	Before: []string{"asked"}, // of several cases, which
}

// Reply is how the office answers a case.
var Reply = ask.Flow{
	Name:    "reply",
	Version: 1,
	Steps: []ask.Step{
		ask.OneOf("outcome", dauys.Outcomes...).ShownAbove(),
		ask.Text("words", 20, 3000).OrSpoken().ShownAbove(),
		ask.Files("papers", 10).OrSkip(),
	},
	Before: []string{"preview"}, // the message as the applicant will get it
}

// Question is how the one who has a case asks its applicant for something.
var Question = ask.Flow{
	Name:    "question",
	Version: 1,
	Steps: []ask.Step{
		ask.Text("words", 5, 2000).OrSpoken().ShownAbove(),
		ask.Files("papers", 10).OrSkip(),
	},
	Before: []string{"preview"},
}

// Transcript is how staff write down what an applicant has said.
var Transcript = ask.Flow{
	Name:    "transcript",
	Version: 1,
	Steps:   []ask.Step{ask.Text("words", 5, 4000).ShownAbove()},
	Before:  []string{"preview"},
}

// How something was passed on to a higher office.
const (
	InWriting = "writing"
	ByMouth   = "mouth"
)

// HandUp is how an office passes a case on that is beyond its authority: here, or by word of
// mouth, and then who was told and when. From where offices may be passed over, it says to which.
var HandUp = func() ask.Flow {
	how := ask.OneOf("how", InWriting, ByMouth)
	to := ask.Given("to", "seat")
	return ask.Flow{
		Name:    "handup",
		Version: 2,
		Steps: []ask.Step{
			to.IfGiven(),
			how,
			ask.Text("told", 3, 300).If(how.Is(ByMouth)),
			ask.Text("reason", 5, 1000),
		},
	}
}()

// Transfer is how an office gives a case over to another whose it is.
var Transfer = ask.Flow{
	Name:    "transfer",
	Version: 1,
	Steps:   []ask.Step{ask.Given("to", "seat"), ask.Text("words", 5, 1000).ShownAbove()},
	Before:  []string{"preview"},
}

// Several is the same for several cases at once, with one reason for all of them.
var Several = ask.Flow{
	Name:    "several",
	Version: 1,
	Steps:   Transfer.Steps,
}

// Splitting is how an office makes a part of a case a case of its own: what that is about, in its words.
var Splitting = ask.Flow{
	Name:    "splitting",
	Version: 1,
	Steps: []ask.Step{
		ask.OneOf("topic", partTopics...).Under(shared),
		ask.Text("words", 20, 3000),
	},
}

// partTopics are those that such a case can have: ideas and appeals have questions of their own.
var partTopics = slices.DeleteFunc(slices.Clone(Topics), func(t string) bool { return t == Idea || t == AboutMark })

// Referral is how an office tells an applicant that something is outside the competence of the
// university, and where and how to turn: to a body of the directory, perhaps with a remark, or to
// another in its own words.
var Referral = func() ask.Flow {
	body := ask.Given("body", "body").Or(dauys.AnotherBody)
	return ask.Flow{
		Name:    "referral",
		Version: 2,
		Steps: []ask.Step{
			body,
			ask.Text("words", 20, 3000).ShownAbove().If(body.Is(dauys.AnotherBody)),
			ask.Text("remark", 2, 1000).OrSkip().ShownAbove().If(body.IsNot(dauys.AnotherBody)),
		},
		Before: []string{"preview"},
	}
}()

// HandOver is how an office notes in which way it has given an answer to whom no messenger brings it.
var HandOver = ask.Flow{
	Name:    "handover",
	Version: 1,
	Steps:   []ask.Step{ask.Text("words", 3, 500)},
}

// Extension is how the one who has a case extends its term, with a reason.
var Extension = ask.Flow{
	Name:    "extension",
	Version: 1,
	Steps: []ask.Step{
		ask.OneOf("days", "d3", "d5", "d10", "d20", "d40"),
		ask.Text("words", 10, 1000).ShownAbove(),
	},
	Before: []string{"preview"},
}

// Recommendation is how the Student Government recommends something to the administration.
var Recommendation = ask.Flow{
	Name:    "recommendation",
	Version: 1,
	Steps:   []ask.Step{ask.Text("words", 20, 3000).ShownAbove()},
	Before:  []string{"preview"},
}

// Mediation is how it invites the sides to a talk.
var Mediation = ask.Flow{
	Name:    "mediation",
	Version: 1,
	Steps:   []ask.Step{ask.Text("words", 10, 2000).ShownAbove()},
	Before:  []string{"preview"},
}

// Decision is how a body enters what its meeting has decided about a case.
var Decision = ask.Flow{
	Name:    "decision",
	Version: 2,
	Steps: []ask.Step{
		ask.OneOf("outcome", dauys.Rulings...).ShownAbove(),
		ask.Text("words", 20, 3000).ShownAbove(),
		ask.Text("next", 3, 500).OrSkip(),
	},
	Before: []string{"preview"},
}

// What a commission decides about a mark.
const (
	MarkChanged   = "changed"
	MarkUnchanged = "unchanged"
)

// Verdict is the same for a mark that was appealed against: it is changed, and then to what, or
// it stays.
var Verdict = func() ask.Flow {
	outcome := ask.OneOf("outcome", MarkChanged, MarkUnchanged, string(dauys.RuledPostponed))
	return ask.Flow{
		Name:    "verdict",
		Version: 1,
		Steps: []ask.Step{
			outcome,
			ask.Text("mark", 1, 20).If(outcome.Is(MarkChanged)),
			ask.Text("words", 20, 3000).ShownAbove(),
			ask.Text("next", 3, 500).OrSkip(),
		},
		Before: []string{"preview"},
	}
}()

// Reopening is how an applicant takes up again what was closed: with the same office.
var Reopening = ask.Flow{
	Name:    "reopening",
	Version: 1,
	Steps: []ask.Step{
		ask.Text("words", 5, 3000).InParts().OrSpoken(),
		ask.Files("papers", 10).OrSkip(),
	},
}

// Dispute is the same with the next office of the ladder.
var Dispute = ask.Flow{
	Name:    "dispute",
	Version: 1,
	Steps:   Reopening.Steps,
}

// Remark is the words to a mark.
var Remark = ask.Flow{
	Name:    "remark",
	Version: 1,
	Steps:   []ask.Step{ask.Text("words", 2, 1000)},
}
