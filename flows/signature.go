package flows

import "alt.edu.kz/dauys/flows/ask"

// What somebody decides who was asked to sign.
const (
	Signs    = "sign"
	Declines = "decline"
)

// Signature is how somebody puts their name under the request of another person, who has sent them
// the link. What they decide is the last thing that they say: there is nothing to look through again.
var Signature = ask.Flow{
	Name:    "signature",
	Version: 1,
	Steps: []ask.Step{
		consent,
		ask.Text("name", 2, 120),
		ask.OneOf("decision", Signs, Declines),
	},
}
