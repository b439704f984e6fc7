package flows

import (
	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
)

// Matters are what somebody asks of the office that keeps the record of studies. Which documents each of
// them needs stands in the structure file.
var Matters = []string{"leave", "transfer", "reinstatement", "surname", "certificate", "archive"}

// Registry is how a student, or who was one, asks for something that ends in an order or a paper of the
// registrar. Documents that are not at hand can be brought later.
var Registry = func() ask.Flow {
	matter := ask.OneOf("matter", Matters...).After("way")
	return ask.Flow{
		Name:    "registry",
		Version: 1,
		Steps: []ask.Step{
			consent,
			ask.OneOf("standing", string(dauys.AsStudent), string(dauys.AsCitizen)),
			matter,
			ask.Text("name", 2, 120),
			ask.Text("group", 2, 20).OrSkip(),
			ask.Text("story", 10, 1500).InParts(),
			ask.Checklist("papers", "paper").By(matter),
		},
		Before: []string{"way"},
	}
}()
