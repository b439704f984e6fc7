package flows

import "alt.edu.kz/dauys/flows/ask"

// Complaint is how a student or an advisor–curator complains; it goes up the ladder of the
// institute.
var Complaint = ask.Flow{
	Name:    "complaint",
	Version: 2,
	Steps: []ask.Step{
		consent, standing, topic, institute,
		against.After("way"), // which office gets it, who reads it, by when
		behalf, addressee, whose, group, name,
		ask.Text("story", 20, 6000).InParts().OrSpoken().After("way-now"),
		papers, access,
	},
	Before: []string{"way"},
}
