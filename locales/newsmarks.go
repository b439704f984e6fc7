package locales

import (
	"strings"
	"time"

	"alt.edu.kz/dauys/flows/ask"
)

// What is told of marks. The marks themselves are hidden until somebody taps them.

// NewsMarkHead is the head of a message about one mark: what has happened to it, or of what kind it is.
func NewsMarkHead(what string) ask.Line { return say("news.mark.head." + what) }

// NewsMark is a mark that is new.
func NewsMark(discipline string, control ask.Line, mark any) ask.Line {
	return say("news.mark.new.item", "Discipline", discipline, "Control", control, "Mark", mark)
}

// NewsMarkChanged is a mark that was another.
func NewsMarkChanged(discipline string, control ask.Line, was, mark any) ask.Line {
	return say("news.mark.changed.item", "Discipline", discipline, "Control", control, "Was", was, "Mark", mark)
}

// NewsMarkGone is a mark that is not there any more.
func NewsMarkGone(discipline string, control ask.Line, was any) ask.Line {
	return say("news.mark.gone.item", "Discipline", discipline, "Control", control, "Was", was)
}

// NewsMarkComes is what a mark comes to with the others.
func NewsMarkComes(of ask.Line, mark any) ask.Line {
	return say("news.mark.comes.item", "Control", of, "Mark", mark)
}

// NewsMarkAdmitted says that one is admitted to the exam.
func NewsMarkAdmitted() ask.Line { return say("news.mark.admitted.item") }

// NewsMarkBarred says that one is not, and why.
func NewsMarkBarred(why ask.Line) ask.Line { return say("news.mark.barred.item", "Why", why) }

// NewsMarkRefused says that one is not, and nobody has said why.
func NewsMarkRefused() ask.Line { return say("news.mark.refused.item") }

// NewsMarkSheet is the sheet on which a mark was changed.
func NewsMarkSheet(sheet string) ask.Line { return say("news.mark.sheet", "Sheet", sheet) }

// NewsMarkLate says that a mark was posted some time ago and could not be seen until now.
func NewsMarkLate(posted ask.Day) ask.Line { return say("news.mark.late", "Date", posted) }

// NewsMarkUntil says until when an appeal can be filed.
func NewsMarkUntil(until time.Time) ask.Line { return say("news.mark.until.item", "Date", until) }

// NewsMarkAppeal is the button that begins an appeal.
func NewsMarkAppeal(control ask.Line) ask.Line {
	return say("news.mark.appeal", "Control", control)
}

// NewsMarkNote is a sentence about news of marks.
func NewsMarkNote(what string) ask.Line { return say("news.mark.note." + what) }

// NewsMarkHurry says why a mark has come at a time at which nothing comes otherwise.
func NewsMarkHurry() ask.Line { return say("news.mark.hurry.item") }

// NewsSheetHead is the head of a message about a sheet.
func NewsSheetHead(state string) ask.Line { return say("news.sheet.head." + state) }

// NewsSheet is a sheet that was closed, or opened again.
func NewsSheet(discipline, sheet, state string) ask.Line {
	if state == "open" {
		return say("news.sheet.open.item", "Discipline", discipline, "Sheet", sheet)
	}
	return say("news.sheet.closed.item", "Discipline", discipline, "Sheet", sheet)
}

// NewsProgressHead is the head of a message about what the marks come to.
func NewsProgressHead(what string) ask.Line { return say("news.progress.head." + what) }

// NewsGPA is the GPA, with what it was when that is known.
func NewsGPA(gpa, was string) ask.Line {
	if was == "" || was == gpa {
		return say("news.progress.gpa.item", "GPA", ask.Decimal(gpa))
	}
	return say("news.progress.changed.item", "GPA", ask.Decimal(gpa), "Was", ask.Decimal(was))
}

// NewsTermGPA is the GPA of a semester.
func NewsTermGPA(term ask.Line, gpa string) ask.Line {
	return say("news.progress.term.item", "Term", term, "GPA", ask.Decimal(gpa))
}

// NewsPassed is how many disciplines of a semester were passed.
func NewsPassed(passed, all int) ask.Line {
	return say("news.progress.passed.item", "Passed", passed, "All", all)
}

// NewsEarned is how many credits a semester has brought.
func NewsEarned(credits string) ask.Line {
	return say("news.progress.earned.item", "Credits", ask.Decimal(credits))
}

// NewsDebts is how many debts there are.
func NewsDebts(n int) ask.Line { return say("news.progress.debts.item", "Number", n) }

// NewsDecided is what was decided on an appeal against a mark, under the message with that mark.
func NewsDecided(number, outcome, mark string) ask.Line {
	if outcome == "changed" && mark != "" {
		return say("news.mark.decided.changed.item", "Number", number, "Mark", mark)
	}
	return say("news.mark.decided.unchanged.item", "Number", number)
}

// NewsByAppeal says that a mark has changed because of an appeal.
func NewsByAppeal(number string) ask.Line { return say("news.mark.decided.by.item", "Number", number) }

// Lasting tells of a line of news that it stays true whatever becomes of the rest.
func Lasting(line ask.Line) bool { return strings.HasPrefix(line.Key, "news.mark.decided.") }

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
