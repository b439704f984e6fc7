package flows

import "alt.edu.kz/dauys/flows/ask"

// Linking is how somebody shows which student or employee they are: by their number and a one-time code
// that the university has handed them. With the second answer it is tried: there is nothing to look
// through, unless the two do not fit.
var Linking = ask.Flow{
	Name:    "linking",
	Version: 1,
	Steps: []ask.Step{
		ask.Text("number", 1, 40),
		ask.Text("code", 1, 40),
	},
}
