package flows

import "alt.edu.kz/dauys/flows/ask"

// Application is how students and faculty apply to the Department for Educational and Social
// Work: in writing, so what happened cannot be said by voice.
var Application = ask.Flow{
	Name:    "application",
	Version: 1,
	Steps: []ask.Step{
		consent, standing, topic, institute,
		against.After("way"), // it may be a complaint as well
		behalf, whose, group, name,
		ask.Text("story", 20, 6000).InParts().After("way-now"),
		papers, access,
	},
	Before: []string{"way"},
}
