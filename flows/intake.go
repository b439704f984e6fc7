package flows

import (
	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
)

// Intake is how staff enter what has not come by the messenger: said at the door or on the telephone,
// written on paper, in a mail or in a blog. The questions are those of [Public], asked of whoever brings it.
var Intake = ask.Flow{
	Name:    "intake",
	Version: 1,
	Steps: []ask.Step{
		ask.OneOf("consent", "given", "refused").Must("given").Unlisted(),
		ask.OneOf("channel", dauys.Channels...),
		ask.OneOf("standing", dauys.AsCitizen, dauys.AsStudent, dauys.AsFaculty),
		nature.Under("intake"),
		ask.OneOf("lang", dauys.Langs...),
		ask.Text("name", 2, 120),
		phone.Under("intake").OrSkip(),
		iin.Under("intake"),
		ask.Text("story", 10, 3500),
		ask.Files("papers", 10).OrSkip(),
	},
}
