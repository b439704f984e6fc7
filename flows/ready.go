package flows

import "alt.edu.kz/dauys/flows/ask"

// Ready is how an office writes a text that it wants to answer with again: a name to choose it by, and
// the words in as many languages as it likes. Three of them and their review are one message.
var Ready = ask.Flow{
	Name:    "ready",
	Version: 1,
	Steps: []ask.Step{
		ask.Text("called", 2, 40),
		ask.Text("kk", 5, 1200).OrSkip(),
		ask.Text("ru", 5, 1200).OrSkip(),
		ask.Text("en", 5, 1200).OrSkip(),
	},
}
