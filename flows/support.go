package flows

import "alt.edu.kz/dauys/flows/ask"

// Grounds are those on which a student can ask for social support. Which documents each of them
// needs stands in the structure file.
var Grounds = []string{"orphan", "disability", "large-family", "low-income", "hardship", "misc"}

// Support is how a student asks the Social Council for help. It is written: what is said would have
// to be put into words where others read. It asks for no more words than the Council needs, and for
// the documents that the ground requires.
var Support = func() ask.Flow {
	ground := ask.OneOf("ground", Grounds...).After("way")
	return ask.Flow{
		Name:    "support",
		Version: 1,
		Steps: []ask.Step{
			consent, standing, topic, institute,
			ground,
			ask.OneOf("aim", "aid", "discount", "dormitory", "misc"),
			behalf, whose, group.Under("support"), name,
			ask.Text("story", 10, 1500).InParts(),
			ask.Checklist("papers", "paper").By(ground),
		},
		Before: []string{"way"},
	}
}()
