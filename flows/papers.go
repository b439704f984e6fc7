package flows

import "alt.edu.kz/dauys/flows/ask"

// Bringing is how an applicant brings documents that were missing when a case was filed.
var Bringing = ask.Flow{
	Name:    "bringing",
	Version: 1,
	Steps:   []ask.Step{ask.Checklist("papers", "paper")},
}
