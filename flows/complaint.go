package flows

import (
	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
)

// ConsentVersion names the text on personal data that people agree to. Raise it when the
// text changes in substance: everybody is asked again.
const ConsentVersion = "2026-11"

// AsHelper is a parent or a friend who writes for somebody else. It is no standing of an
// applicant: that one reads what was written and sends it themselves.
const AsHelper = "helper"

// Topics are what a complaint or a suggestion can be about.
var Topics = []string{"teaching", "marks", "timetable", "conduct", "rooms", "payment", "dormitory", "misc"}

var (
	consent   = ask.OneOf("consent", "agree", "disagree").Must("agree").Unlisted()
	kind      = ask.OneOf("kind", dauys.Complaint, dauys.Suggestion)
	standing  = ask.OneOf("standing", string(dauys.AsStudent), string(dauys.AsCurator), AsHelper)
	name      = ask.Text("name", 2, 120).If(standing.IsNot(AsHelper))
	whose     = ask.Text("whose", 2, 120).If(standing.Is(AsHelper))
	institute = ask.Given("institute", "institute")
	topic     = ask.OneOf("topic", Topics...)
	story     = ask.Text("story", 20, 6000).InParts().OrSpoken().After("way") // which office gets it, who reads it, by when
	papers    = ask.Files("papers", 10).OrSkip()
)

// Complaint is how a student or an advisor–curator complains or suggests something; it
// goes up the ladder of the institute.
var Complaint = ask.Flow{
	Name:    "complaint",
	Version: 1,
	Steps:   []ask.Step{consent, kind, standing, name, whose, institute, topic, story, papers},
}
