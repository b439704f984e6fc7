package locales

import (
	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
)

// Cases that belong together.

// CardLinked names a linked case on a card: its number and where it stands; of a restricted one, or of
// one that may not be shown there, only the number.
func CardLinked(c *dauys.Case, bare bool) ask.Line {
	if bare {
		return say("together.bare.item", "Number", c.Number)
	}
	return say("together.linked.item", "Number", c.Number, "Status", Status(c))
}

// CardCommon says under which cause a case is handled together with others.
func CardCommon(number string) ask.Line { return say("together.common.item", "Number", number) }

// LinkHow says how two cases are linked, or put together, by which command.
func LinkHow(command string) ask.Line { return say("together.how." + command) }

// NumberOpen says that several cases end so, and the whole number is needed.
func NumberOpen(digits string) ask.Line { return say("together.several", "Text", digits) }

// LinkDone says what was done with two cases: link, unlink, merge.
func LinkDone(command, number, other string) ask.Line {
	return say("together.done."+command, "Number", number, "Other", other)
}

// NoTogether says why two cases cannot be put together.
func NoTogether(e *dauys.TogetherError) ask.Line { return say("together.no." + string(e.Why)) }

// PassedAbsorbed passes on what stood in a duplicate, and in which.
func PassedAbsorbed(number string, e dauys.Event) []ask.Line {
	if e.Note == "" {
		return append([]ask.Line{say("passed.absorb-files", "Number", number, "Other", e.Other)}, DetailLines(e.Details)...)
	}
	return append([]ask.Line{say("passed.absorb", "Number", number, "Other", e.Other, "Text", e.Note)}, DetailLines(e.Details)...)
}

// SplitHow says how a part of a case becomes a case of its own.
func SplitHow() ask.Line { return say("together.how.split") }

// SplitDone names the case that was made of a part of another.
func SplitDone(number string, part *dauys.Case) ask.Line {
	return say("together.done.split", "Number", number, "Other", part.Number, "Office", seat(part.Ladder[0].Office), "Date", ask.Day(part.Due))
}

// SplitNowhere says that there is no way for a case about that.
func SplitNowhere() ask.Line { return say("together.nowhere") }

// CauseFew says that too few other cases seem to have the same cause, out of so many people.
func CauseFew(number string, fewest int) ask.Line {
	return say("together.fewer", "Number", number, "Fewest", fewest)
}

// CauseCount says how many others seem to have the same cause, filed within so many days.
func CauseCount(number string, n, days int) ask.Line {
	return say("together.count", "Number", number, "Count", n, "Days", days)
}

// CauseJoined says how many are handled together by now, with this one.
func CauseJoined(n int) ask.Line { return say("together.joined", "Count", n) }

// CauseGather is the button that asks the applicants whether their cases may be handled together.
func CauseGather() ask.Line { return say("together.act.gather") }

// CauseAsked says how many applicants were asked.
func CauseAsked(n int) ask.Line { return say("together.asked", "Count", n) }

// CauseRestricted says that a restricted case is never joined with others.
func CauseRestricted() ask.Line { return say("together.restricted") }

// WillJoin thanks an applicant for their yes.
func WillJoin() ask.Line { return say("own.together") }

// StaysApart says that a case goes on by itself.
func StaysApart() ask.Line { return say("own.apart") }

// AnswerAllHint says that others are joined, and how they get the same answer.
func AnswerAllHint(number string, n int) ask.Line {
	return say("together.hint", "Number", number, "Count", n)
}

// AnswerAllFirst says that the named case has to be answered first.
func AnswerAllFirst(number string) ask.Line { return say("together.first", "Number", number) }

// AnswerAllNone says that nobody else is joined with a case and waits for an answer.
func AnswerAllNone(number string) ask.Line { return say("together.alone", "Number", number) }

// AnswerAllSure shows what others would get, and asks whether they shall.
func AnswerAllSure(n int, written ask.Markup) ask.Line {
	return say("together.sure", "Count", n, "Text", written)
}

// AnswerAllHead says that an answer for all is being written.
func AnswerAllHead(number string) ask.Line { return say("everyone.head", "Number", number) }

// AnswerAllOver says that the case has moved on, whose answer it was.
func AnswerAllOver(number string) ask.Line { return say("everyone.over", "Number", number) }

// AnswerAllDone counts those that got it.
func AnswerAllDone(n int) ask.Line { return say("together.sent", "Count", n) }

// AnswerLanguage is the name of the detail that says in which language an answer is.
const AnswerLanguage = "answer.language"

// Sentence is a sentence that was put into words already.
func Sentence(words string) ask.Line { return say("together.sentence", "Text", words) }

// DeskHelpTogether tells staff how cases are put together.
func DeskHelpTogether() ask.Line { return say("deskhelp.together") }
