package locales

import (
	"time"

	"alt.edu.kz/dauys/flows/ask"
)

// What is told because its time has come.

// RemindHead says what is to come in so many days.
func RemindHead(what any, days int) ask.Line {
	switch {
	case days <= 0:
		return say("news.remind.today", "What", what)
	case days == 1:
		return say("news.remind.tomorrow", "What", what)
	}
	return say("news.remind.days", "What", what, "Count", days)
}

// RemindWhat is what is to come, in a head.
func RemindWhat(what string) ask.Line { return say("news.remind.what." + what) }

// RemindUrgent says why something comes in quiet hours.
func RemindUrgent() ask.Line { return say("news.remind.urgent") }

// RemindBarred says that somebody is not admitted to the exam of which they are reminded.
func RemindBarred() ask.Line { return say("news.remind.barred") }

// RemindAppeals is the head of a list of results: until when one can appeal.
func RemindAppeals(until time.Time) ask.Line { return say("news.remind.appeals", "Date", until) }

// RemindAppealsHow says what to do about them.
func RemindAppealsHow() ask.Line { return say("news.remind.how") }

// RemindAppeal is the button that begins an appeal about a discipline.
func RemindAppeal(discipline any) ask.Line {
	return say("news.remind.appeal", "Discipline", discipline)
}

// RemindItem is a line of a list.
func RemindItem(name any) ask.Line { return say("news.remind.name.item", "Name", name) }

// RemindSummer is the head of the debts that can be cleared in the summer semester; RemindSummerHow says how.
func RemindSummer() ask.Line    { return say("news.remind.summer") }
func RemindSummerHow() ask.Line { return say("news.remind.enrol") }

// RemindTravel tells who studies on a grant of the compensation for travel.
func RemindTravel() ask.Line { return say("news.remind.travel") }

// RemindGPA warns that the GPA of the year is less than the next course asks for; RemindGPAHow says what to do.
func RemindGPA(least, gpa string) ask.Line {
	return say("news.remind.gpa", "Least", ask.Decimal(least), "GPA", ask.Decimal(gpa))
}
func RemindGPAHow() ask.Line { return say("news.remind.mend") }

// RemindRegistration says that one can register now; RemindRegister how.
func RemindRegistration(from, until ask.Day) ask.Line {
	return say("news.remind.registration", "From", from, "Until", until)
}
func RemindRegister() ask.Line { return say("news.remind.register") }

// RemindUnregistered and RemindIncomplete say what is missing in somebody's plan.
func RemindUnregistered() ask.Line { return say("news.remind.unregistered") }
func RemindIncomplete() ask.Line   { return say("news.remind.incomplete") }

// RemindDifference says what to do about a difference in a comparison sheet.
func RemindDifference() ask.Line { return say("news.remind.difference") }

// RemindLeave says what to do before an academic leave ends.
func RemindLeave() ask.Line { return say("news.remind.leave") }

// RemindOrder is the button that opens an order.
func RemindOrder() ask.Line { return say("news.remind.order") }

// CalendarButton is the button for the calendar file, CalendarFile its name, CalendarCaption what stands below it.
func CalendarButton() ask.Line  { return say("news.remind.file.button") }
func CalendarFile() ask.Line    { return say("news.remind.file.name") }
func CalendarCaption() ask.Line { return say("news.remind.file.caption") }

// CalendarFileNone says that there is nothing to put into the file.
func CalendarFileNone() ask.Line { return say("news.remind.file.none") }

// CalendarTitle is an event of the file: what it is, and of which discipline.
func CalendarTitle(what, name any) ask.Line {
	return say("news.remind.file.item", "What", what, "Name", name)
}
