package locales

import (
	"slices"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
)

// An answer that waits for the yes of a second person.

// CardWaits says on the card that there is one.
func CardWaits(e dauys.Event) ask.Line { return say("second.card", "Name", e.Name, "Date", e.At) }

// ToApprove stands above an answer that waits.
func ToApprove(number string, e dauys.Event) ask.Line {
	return say("second.asks", "Number", number, "Name", e.Name)
}

// ToApproveInside says where an answer of a restricted case is read.
func ToApproveInside() ask.Line { return say("second.inside") }

// ApprovedBy says who has let it go.
func ApprovedBy(number, name string) ask.Line {
	return say("second.approved", "Number", number, "Name", name)
}

// WaitsNoMore says that the answer under which somebody has pressed does not wait any more.
func WaitsNoMore() ask.Line { return say("second.over") }

// returned tells an office that an answer was given back, and to whom. What was said to it is left out
// where the chat may not read it.
func returned(c *dauys.Case, e dauys.Event) ask.Line {
	writer := ""
	for _, before := range slices.Backward(c.Events[:e.Seq-1]) {
		if before.Act == dauys.Submit {
			writer = before.Name
			break
		}
	}
	if e.Note == "" {
		return say("second.returned", "Number", c.Number, "Name", e.Name, "Who", writer)
	}
	return say("second.returned-why", "Number", c.Number, "Name", e.Name, "Who", writer, "Text", e.Note)
}
