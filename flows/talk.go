package flows

import "alt.edu.kz/dauys/flows/ask"

// ByCall is the way of a conversation that is offered to who is in danger.
const ByCall = "call"

// Talk is how somebody asks the institute for a conversation: to be called, to be received,
// or to be written to. It asks little: who cannot write now should not have to.
var Talk = func() ask.Flow {
	how := ask.OneOf("how", ByCall, "meeting", "chat")
	return ask.Flow{
		Name:    "talk",
		Version: 1,
		Steps: []ask.Step{
			consent.Under("talk"), // its words are others
			how,
			ask.Phone("phone").If(how.Is(ByCall)),
			ask.Text("when", 2, 300).OrSkip(),
			ask.Text("story", 2, 3000).InParts().OrSpoken().OrSkip(),
			asker,
			ask.Text("name", 2, 120),
			institute.Under("talk"),
		},
		Before: []string{"way"}, // which office it is, and by when it answers
	}
}()
