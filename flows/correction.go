package flows

import (
	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
)

// MostAbout is how long the name of what is wrong can be.
const MostAbout = 300

// Correction is how a student tells the Office of the Registrar that something in their record is wrong:
// an order, or the marks of a discipline. It begins on the screen of what is wrong, so who they are and what
// it is about are known, and only the mistake is asked for.
var Correction = ask.Flow{
	Name:    "correction",
	Version: 1,
	Steps: []ask.Step{
		consent,
		ask.OneOf("standing", string(dauys.AsStudent)).Under("talk"),
		ask.Given("institute", "institute").Under("talk"),
		ask.Text("about", 2, MostAbout),
		ask.Text("name", 2, 120),
		ask.Text("story", 10, 3000).InParts().After("way-now"),
		papers,
	},
	Before: []string{"way"},
}

// CorrectionKind is what it becomes.
const CorrectionKind = dauys.Kind("correction")
