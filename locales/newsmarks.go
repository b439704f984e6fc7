package locales

import "alt.edu.kz/dauys/flows/ask"

// What is told of marks.

// NewsMark is a mark.
func NewsMark(discipline, mark any) ask.Line {
	return say("news.mark.new", "Discipline", discipline, "Mark", mark)
}
