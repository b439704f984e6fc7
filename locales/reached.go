package locales

import (
	"time"

	"alt.edu.kz/dauys/flows/ask"
)

// Who was reached and who was not.

// LostHead stands above the people who cannot be written to, LostNone is that there are none.
func LostHead(n int) ask.Line { return say("reached.head", "N", n) }
func LostNone() ask.Line      { return say("reached.none") }

// LostItem is one of them, LostMore says that there are more in the table.
func LostItem(group, number, name string, since time.Time, news int) ask.Line {
	return say("reached.person.item", "Group", group, "Number", number, "Name", name, "Date", ask.Day(since), "News", news)
}
func LostMore(n int) ask.Line { return say("reached.more", "N", n) }

// LostFile is the name of the table, LostColumn a heading of it.
func LostFile() ask.Line                { return say("reached.file") }
func LostColumn(column string) ask.Line { return say("reached.column." + column) }

// GivenHead stands above what could not be sent in some days, GivenNone is that all was.
func GivenHead(days int) ask.Line { return say("reached.given-head", "N", days) }
func GivenNone(days int) ask.Line { return say("reached.given-none", "N", days) }

// GivenPlan is a plan that cannot be made ready, and when it is tried again.
func GivenPlan(plan string, tries int, next time.Time, why string) ask.Line {
	return say("reached.plan.item", "Plan", plan, "N", tries, "Time", next, "Reason", why)
}

// GivenItem is something that was given up, how often and when last.
func GivenItem(what string, n int, last time.Time, why string) ask.Line {
	return say("reached.given.item", "What", what, "N", n, "Time", last, "Reason", why)
}
