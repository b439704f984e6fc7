package locales

import (
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
)

// The registration journal.

// JournalFigures count the cases of a journal.
type JournalFigures struct {
	Registered int
	Answered   int
	Redirected int // counted as that, not as solved
	Failed     int // of these, not accepted where they were redirected to
	Open       int
	Late       int // of these, and their whole term is over
}

// JournalHow says how to ask for it, above the buttons.
func JournalHow() ask.Line { return say("journal.how") }

// JournalPeriod is a button with a period: month, last, year.
func JournalPeriod(which string) ask.Line { return say("journal.period." + which) }

// JournalWords are the words for where a case stands, a semicolon between them.
func JournalWords(state string) ask.Line { return say("journal.words." + state) }

// JournalDates refuses what is no span of days.
func JournalDates() ask.Line { return say("journal.dates") }

// JournalOrder refuses a span that ends before it begins.
func JournalOrder() ask.Line { return say("journal.order") }

// JournalUnknown refuses a word that chooses nothing.
func JournalUnknown(word string) ask.Line { return say("journal.unknown", "Text", word) }

// JournalStart asks somebody to begin a chat with the bot, so that it can send them a file.
func JournalStart() ask.Line { return say("journal.start") }

// JournalSent says in a group where the file goes.
func JournalSent() ask.Line { return say("journal.sent") }

// JournalLong says that a file would be too big.
func JournalLong() ask.Line { return say("journal.long") }

// JournalEmpty says that there is no such case.
func JournalEmpty(from, to time.Time) ask.Line {
	return say("journal.empty", "From", ask.Day(from), "To", ask.Day(to))
}

// JournalName is its name, on the tab of the sheet.
func JournalName() ask.Line { return say("journal.name") }

// JournalFile is the name of the file.
func JournalFile(from, to time.Time) ask.Line {
	return say("journal.file", "From", from.Format(time.DateOnly), "To", to.Format(time.DateOnly))
}

// JournalCaption stands below the file: which cases are in it, and how many of what.
func JournalCaption(from, to time.Time, filters string, n JournalFigures) []ask.Line {
	lines := []ask.Line{say("journal.head", "From", ask.Day(from), "To", ask.Day(to))}
	if filters != "" {
		lines = append(lines, say("journal.filters", "Text", filters))
	}
	lines = append(lines, say("journal.figures", "Registered", n.Registered, "Answered", n.Answered, "Redirected", n.Redirected, "Failed", n.Failed, "Open", n.Open, "Late", n.Late))
	return append(lines, say("journal.foot"))
}

// JournalColumn is the heading of a column.
func JournalColumn(name string) ask.Line { return say("journal.column." + name) }

// JournalYes is yes or no in a cell.
func JournalYes(is bool) ask.Line {
	if is {
		return say("journal.yes")
	}
	return say("journal.no")
}

// JournalBot stands for who has registered what nobody entered by hand.
func JournalBot() ask.Line { return say("journal.bot") }

// JournalChannel is how a request has come.
func JournalChannel(by dauys.Channel) ask.Line {
	if by == dauys.ByMessenger {
		return say("journal.bot")
	}
	return say("channel." + string(by))
}

// Standing is what an applicant is to the university.
func Standing(s dauys.Standing) ask.Line { return say("standing." + string(s)) }

// StatusOnly is a status by itself, whatever was decided.
func StatusOnly(s dauys.Status) ask.Line { return say("status." + string(s)) }

// Outcome is what was decided.
func Outcome(o dauys.Outcome) ask.Line { return say("outcome." + string(o)) }

// Topic is what a request is about.
func Topic(topic string) ask.Line { return say("topic." + topic) }
