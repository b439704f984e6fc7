package locales

import (
	"strings"

	"alt.edu.kz/dauys/flows/ask"
)

// What is told of marks.

// NewsMark is a mark.
func NewsMark(discipline, mark any) ask.Line {
	return say("news.mark.new", "Discipline", discipline, "Mark", mark)
}

// NewsCorrected stands above a message of which something is not true any more, and was told anew.
func NewsCorrected() ask.Line { return say("news.corrected") }

// NewsRecalled is the same of what the office has taken back.
func NewsRecalled() ask.Line { return say("news.recalled") }

// NewsCrossed is a line that is not true any more.
func NewsCrossed(line ask.Line) ask.Line {
	if strings.HasSuffix(line.Key, ".item") {
		return say("news.crossed.item", "Line", line)
	}
	return say("news.crossed.whole", "Line", line)
}
