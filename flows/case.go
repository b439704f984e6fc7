package flows

import (
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

// HandUp is how an office passes a case on that is beyond its authority.
var HandUp = ask.Flow{
	Name:    "handup",
	Version: 1,
	Steps:   []ask.Step{ask.Text("reason", 5, 1000)},
}
