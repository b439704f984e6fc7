package flows

import "alt.edu.kz/dauys/flows/ask"

// Suggestion is how somebody says what could be better. It asks little: nobody is complained of,
// and a name is not needed.
var Suggestion = ask.Flow{
	Name:    "suggestion",
	Version: 1,
	Steps: []ask.Step{
		consent, standing, topic, institute,
		ask.Text("story", 10, 6000).InParts().OrSpoken().After("way"),
		behalf, whose, name.OrSkip().Under("suggestion"), papers,
	},
	Before: []string{"way"},
}
