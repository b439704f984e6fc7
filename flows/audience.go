package flows

import "alt.edu.kz/dauys/flows/ask"

// Audience is how somebody asks to be received by the Rector in person.
var Audience = ask.Flow{
	Name:    "audience",
	Version: 1,
	Steps: []ask.Step{
		consent, asker,
		ask.Text("name", 2, 120).After("way", "receives"),
		ask.Phone("phone"),
		ask.Text("story", 20, 3000).InParts(),
		papers,
	},
	Before: []string{"way", "receives"},
}

// Invitation is how the office says when somebody is received. The times that are free are handed in.
var Invitation = ask.Flow{
	Name:    "invitation",
	Version: 1,
	Steps:   []ask.Step{ask.Given("slot", "moment").ShownAbove()},
	Before:  []string{"invited"},
}
