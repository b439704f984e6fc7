package locales

import (
	"strings"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
)

// What a student is shown of the registrar's record.

// RecordButton is a button on a screen of the record.
func RecordButton(what string) ask.Line { return say("record.button." + what) }

// RecordTitle is the head of a screen.
func RecordTitle(what string) ask.Line { return say("record.title." + what) }

// RecordAbout is the head of a screen about something that has a name.
func RecordAbout(what any) ask.Line { return say("record.about", "Name", what) }

// RecordNone says plainly that there is nothing yet, or that nobody has published it.
func RecordNone(what string) ask.Line { return say("record.none." + what) }

// RecordHint is a sentence that explains a screen.
func RecordHint(what string) ask.Line { return say("record.hint." + what) }

// RecordFact is one line: what it is, and what the record says of it.
func RecordFact(label string, value any) ask.Line {
	return say("record.fact.item", "Label", say("record.label."+label), "Value", value)
}

// RecordPair is one line about something that has a name of its own.
func RecordPair(name, value any) ask.Line {
	return say("record.pair.item", "Label", name, "Value", value)
}

// RecordWord is a word of a choice of the record: its list and the word, as in form-oral.
func RecordWord(word string) ask.Line { return say("record.word." + word) }

// RecordTerm is a semester of an academic year.
func RecordTerm(year string, semester int) ask.Line {
	switch semester {
	case 1:
		return say("record.term.first", "Year", years(year))
	case 2:
		return say("record.term.second", "Year", years(year))
	}
	return say("record.term.summer", "Year", years(year))
}

// RecordYear is an academic year.
func RecordYear(year string) ask.Line { return say("record.term.year", "Year", years(year)) }

// years is an academic year as it is written: 2026–2027.
func years(canonical string) string { return strings.Replace(canonical, "-", "–", 1) }

// RecordNumbered is a semester of a programme, counted from the first.
func RecordNumbered(semester int) ask.Line {
	return say("record.term.numbered", "Number", semester)
}

// RecordGrade is a grade: its letter, and the percent where there is one.
func RecordGrade(letter, percent string) ask.Line {
	switch {
	case letter == "":
		return say("record.grade.percent", "Percent", ask.Decimal(percent))
	case percent == "":
		return say("record.grade.letter", "Letter", letter)
	}
	return say("record.grade.both", "Letter", letter, "Percent", ask.Decimal(percent))
}

// RecordSoFar is the last mark of a course that is not ended.
func RecordSoFar(control ask.Line, mark any) ask.Line {
	return say("record.sofar", "Control", control, "Mark", mark)
}

// RecordPosted is a mark with the day on which it was posted.
func RecordPosted(mark any, day ask.Day) ask.Line {
	return say("record.posted", "Mark", mark, "Date", day)
}

// RecordSum says the GPA and the credits of a part of the studies.
func RecordSum(gpa, credits string) ask.Line {
	return say("record.sum", "GPA", ask.Decimal(gpa), "Credits", ask.Decimal(credits))
}

// RecordCredits is a number of credits.
func RecordCredits(n string) ask.Line { return say("record.credits", "Credits", ask.Decimal(n)) }

// RecordSpan is from when until when.
func RecordSpan(from, until ask.Day) ask.Line {
	return say("record.span", "From", from, "Until", until)
}

// RecordBoth are two things one after the other.
func RecordBoth(first, second any) ask.Line {
	return say("record.both", "First", first, "Second", second)
}

// RecordMade says how a percent came about of two others with their weights.
func RecordMade(of ask.Line, comes string, first ask.Line, x, wx string, second ask.Line, y, wy string) ask.Line {
	return say("record.made", "Of", of, "Comes", ask.Decimal(comes), "First", first, "X", ask.Decimal(x), "WX", ask.Decimal(wx), "Second", second, "Y", ask.Decimal(y), "WY", ask.Decimal(wy))
}

// RecordRounded says to what a percent was rounded.
func RecordRounded(to string) ask.Line { return say("record.rounded", "Percent", ask.Decimal(to)) }

// RecordGiven says that the registrar has written a percent.
func RecordGiven(of ask.Line, percent string) ask.Line {
	return say("record.given", "Of", of, "Percent", ask.Decimal(percent))
}

// RecordDiffers says that the rules make another percent of the marks.
func RecordDiffers(comes string) ask.Line { return say("record.differs", "Comes", ask.Decimal(comes)) }

// RecordMeans says what a letter is worth.
func RecordMeans(letter, points string, word ask.Line) ask.Line {
	return say("record.means", "Letter", letter, "Points", ask.Decimal(points), "Word", word)
}

// RecordWaits lists the marks that have to come before there is a result.
func RecordWaits(missing any) ask.Line { return say("record.waits", "Missing", missing) }

// RecordHurdle says that a rating is less than admission asks for.
func RecordHurdle(of ask.Line, percent string, least int) ask.Line {
	return say("record.hurdle", "Of", of, "Percent", ask.Decimal(percent), "Least", least)
}

// RecordBarred says that one is not admitted to an exam, and why.
func RecordBarred(why ask.Line) ask.Line { return say("record.barred", "Why", why) }

// RecordAims is the head of what the exam has to bring.
func RecordAims(admission string) ask.Line {
	return say("record.aims", "Percent", ask.Decimal(admission))
}

// RecordAim is what the exam has to bring for a grade.
func RecordAim(letter string, least int) ask.Line {
	return say("record.aim.item", "Letter", letter, "Least", least)
}

// RecordAppealUntil says until when appeals against marks can be filed.
func RecordAppealUntil(controls string, until time.Time) ask.Line {
	return say("record.appeal.until", "Controls", controls, "Date", until)
}

// RecordAppealOver says that the time for an appeal has passed.
func RecordAppealOver(control ask.Line, until time.Time) ask.Line {
	return say("record.appeal.over", "Control", control, "Date", until)
}

// RecordProduct is a course in the table behind a GPA.
func RecordProduct(name, letter, credits, points, product string) ask.Line {
	return say("record.product.item", "Name", name, "Letter", letter, "Credits", ask.Decimal(credits), "Points", ask.Decimal(points), "Product", ask.Decimal(product))
}

// RecordQuotient is the end of that table.
func RecordQuotient(sum, credits, gpa string) ask.Line {
	return say("record.quotient", "Sum", ask.Decimal(sum), "Credits", ask.Decimal(credits), "GPA", ask.Decimal(gpa))
}

// RecordPassage compares the GPA of a year with what the next course asks for.
func RecordPassage(from int, year, least, gpa string) ask.Line {
	return say("record.passage.compare", "From", from, "To", from+1, "Year", years(year), "Least", ask.Decimal(least), "GPA", ask.Decimal(gpa))
}

// RecordPassageLater says what the next course asks for, before there is a GPA of the year.
func RecordPassageLater(from int, year, least string) ask.Line {
	return say("record.passage.later", "From", from, "To", from+1, "Year", years(year), "Least", ask.Decimal(least))
}

// RecordPassed says by how much the GPA is over the threshold.
func RecordPassed(by string) ask.Line { return say("record.passage.over", "By", ask.Decimal(by)) }

// RecordShort says how much is missing.
func RecordShort(by string) ask.Line { return say("record.passage.short", "By", ask.Decimal(by)) }

// RecordClass says which scholarship the results of a semester allow.
func RecordClass(class string, term ask.Line, least string) ask.Line {
	return say("record.class."+class, "Term", term, "Letter", least)
}

// RecordExam is when and where an exam is.
func RecordExam(at time.Time, room string) ask.Line {
	if room == "" {
		return say("record.exam.when", "Date", at)
	}
	return say("record.exam.where", "Date", at, "Room", room)
}

// RecordSession is an exam: what it is, when, and with whom.
func RecordSession(name string, what any, when ask.Line, examiner string) ask.Line {
	if examiner == "" {
		return say("record.exam.card", "Name", name, "What", what, "When", when)
	}
	return say("record.exam.held", "Name", name, "What", what, "When", when, "Examiner", examiner)
}

// RecordEvent is an event of the academic calendar with its days.
func RecordEvent(event ask.Line, from, until ask.Day) ask.Line {
	return say("record.event.item", "Event", event, "From", from, "Until", until)
}

// RecordPage is which part of a long list this is.
func RecordPage(page, pages int) ask.Line {
	return say("record.page", "Page", page, "Pages", pages)
}

// RecordOrder is an order in a list: its day and what it is about.
func RecordOrder(day ask.Day, kind ask.Line) ask.Line {
	return say("record.order.item", "Date", day, "Kind", kind)
}

// RecordOrderButton is the button of an order.
func RecordOrderButton(day string, kind ask.Line) ask.Line {
	return say("record.order.button", "Date", day, "Kind", kind)
}

// RecordOrderHead is the head of an order's card.
func RecordOrderHead(kind ask.Line, number string, day ask.Day) ask.Line {
	return say("record.order.head", "Kind", kind, "Number", number, "Date", day)
}

// RecordOrderKind is what an order is called, by its kind.
func RecordOrderKind(kind string) ask.Line { return say("record.order.kind." + kind) }

// RecordOrderMeans says what an order of a kind means for the student.
func RecordOrderMeans(kind string) ask.Line { return say("record.order.means." + kind) }

// RecordOrderNext says what is to be done after an order of a kind.
func RecordOrderNext(kind string) ask.Line { return say("record.order.next." + kind) }

// RecordOrderBy says by when something is to be done.
func RecordOrderBy(day ask.Day) ask.Line { return say("record.order.by", "Date", day) }

// RecordOrderObject says how somebody can disagree with an order: by a request with the institute, or
// about the decision of a commission.
func RecordOrderObject() ask.Line { return say("record.order.object") }

// RecordOrderAsk says whom to ask about an order.
func RecordOrderAsk(prepared string) ask.Line {
	if prepared == "" {
		return say("record.order.ask")
	}
	return say("record.order.prepared", "Name", prepared)
}

// RecordOrderSubject is what a correction of an order is about.
func RecordOrderSubject(kind ask.Line, number string, day ask.Day, student string) ask.Line {
	return say("record.order.subject", "Kind", kind, "Number", number, "Date", day, "Student", student)
}

// RecordMarkSubject is what a correction of marks is about.
func RecordMarkSubject(name string, term ask.Line, student string) ask.Line {
	return say("record.markof", "Name", name, "Term", term, "Student", student)
}

// RecordPrice is an amount of money.
func RecordPrice(sum string) ask.Line { return say("record.price", "Sum", ask.Decimal(sum)) }

// RecordFailures counts how often a discipline was not passed.
func RecordFailures(n, most int) ask.Line {
	return say("record.failures", "Count", n, "Most", most)
}

// RecordScale is a line of the scale.
func RecordScale(letter string, from, to int, points string, word ask.Line) ask.Line {
	return say("record.scale.item", "Letter", letter, "From", from, "To", to, "Points", ask.Decimal(points), "Word", word)
}

// RecordHowCredits explains credits.
func RecordHowCredits(hours, year, whole int) ask.Line {
	return say("record.how.credits", "Hours", hours, "Year", year, "Whole", whole)
}

// RecordHowPoints explains points, above the scale.
func RecordHowPoints() ask.Line { return say("record.how.points") }

// RecordHowRating explains ratings and admission.
func RecordHowRating(current, control, first, second, least int) ask.Line {
	return say("record.how.rating", "Current", current, "Control", control, "First", first, "Second", second, "Least", least)
}

// RecordHowEach adds that each rating has to reach as much.
func RecordHowEach(least int) ask.Line { return say("record.how.each", "Least", least) }

// RecordHowFinal explains the final mark.
func RecordHowFinal(admission, exam int) ask.Line {
	return say("record.how.final", "Admission", admission, "Exam", exam)
}

// RecordHowBoth adds that the exam itself has to be passed.
func RecordHowBoth(least int) ask.Line { return say("record.how.both", "Least", least) }

// RecordHowGPA explains the GPA.
func RecordHowGPA() ask.Line { return say("record.how.gpa") }

// RecordHowNext is the GPA with which one goes on to the next course.
func RecordHowNext(from int, gpa string) ask.Line {
	return say("record.how.next.item", "From", from, "To", from+1, "GPA", ask.Decimal(gpa))
}

// RecordHowFailed explains what happens with a letter that does not pass: one with which the exam is
// taken again by itself, or one with which the course is.
func RecordHowFailed(letter string, from, to int, again bool) ask.Line {
	if again {
		return say("record.how.again", "Letter", letter, "From", from, "To", to)
	}
	return say("record.how.anew", "Letter", letter, "From", from, "To", to)
}

// RecordHowAttempts says how often an exam can be taken again, and how many failures are the last.
func RecordHowAttempts(n int) ask.Line { return say("record.how.attempts", "Count", n) }

// RecordHowFailures says how many failures end in expulsion.
func RecordHowFailures(n int) ask.Line { return say("record.how.failures", "Count", n) }

// RecordHowScholarship says with which grades a scholarship is possible.
func RecordHowScholarship(letter string) ask.Line {
	return say("record.how.scholarship", "Letter", letter)
}

// RecordAssumed says that the university has not confirmed the rules.
func RecordAssumed() ask.Line { return say("record.assumed") }

// RecordLeft says that the record of somebody is not there, though the account is linked.
func RecordLeft() ask.Line { return say("record.left") }

// RecordLangName is the name of a language of instruction.
func RecordLangName(l string) ask.Line { return LanguageOf(dauys.Lang(l)) }

// RecordCleared says when a debt was cleared.
func RecordCleared(day ask.Day) ask.Line { return say("record.cleared", "Date", day) }
