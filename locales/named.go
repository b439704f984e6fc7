package locales

import (
	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
)

// Offices that sign with the name of a person.

// ToldAnsweredBy stands above an answer that is signed.
func ToldAnsweredBy(number string, o dauys.OfficeID, name string) ask.Line {
	return say("named.answer", "Number", number, "Office", office(o), "Name", name)
}

// ToldAskedBy stands above a question that is signed.
func ToldAskedBy(number string, o dauys.OfficeID, name string) ask.Line {
	return say("named.ask", "Number", number, "Office", office(o), "Name", name)
}

// AnsweredBy says in the applicant's view of a case who has answered it.
func AnsweredBy(name string) ask.Line { return say("named.view", "Name", name) }

// PreviewNamed tells who writes that the applicant will read their name, too.
func PreviewNamed(name string) ask.Line { return say("named.preview", "Name", name) }
