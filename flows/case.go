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

// Reply is how the office answers a case.
var Reply = ask.Flow{
	Name:    "reply",
	Version: 1,
	Steps: []ask.Step{
		ask.OneOf("outcome", dauys.Outcomes...).ShownAbove(),
		ask.Text("words", 20, 3000).ShownAbove(),
	},
	Before: []string{"preview"}, // the message as the applicant will get it
}

// HandUp is how an office passes a case on that is beyond its authority.
var HandUp = ask.Flow{
	Name:    "handup",
	Version: 1,
	Steps:   []ask.Step{ask.Text("reason", 5, 1000)},
}
