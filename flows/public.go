package flows

import (
	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
)

// Natures are what an appeal can be, by the words of the Administrative Procedural and
// Process-Related Code (article 4). A proposal is a suggestion here as elsewhere.
var Natures = []dauys.Kind{dauys.Application, dauys.Complaint, dauys.Suggestion, dauys.Response, dauys.Message, dauys.Inquiry}

// What is asked of whoever is no student, by themselves and by staff who write down what they say.
var (
	nature = ask.OneOf(kindKey, Natures...).Under("public")
	phone  = ask.Phone("phone").Under("public")
	iin    = ask.Secret("iin", dauys.IIN).OrSkip().Under("public")
)

// Public is how anybody from outside the university turns to its Public Reception Office. What it is,
// they say themselves: the terms depend on it. It asks for no account and no number that is needed.
var Public = ask.Flow{
	Name:    "public",
	Version: 1,
	Steps: []ask.Step{
		consent, standing, nature,
		ask.Text("story", 20, 6000).InParts().OrSpoken().After("way"),
		ask.Text(name.Key, name.Min, name.Max).Under(shared), phone, iin, papers, access,
	},
	Before: []string{"way"},
}
