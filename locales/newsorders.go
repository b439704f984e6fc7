package locales

import (
	"time"

	"alt.edu.kz/dauys/flows/ask"
)

// What is told of orders, exams, plans, debts and the rest of the record.

// NewsUndone stands above what is told because an import was taken back.
func NewsUndone() ask.Line { return say("news.record.undone") }

// NewsEmpty stands where the record gives nothing any more, or gave nothing before.
func NewsEmpty() ask.Line { return say("news.record.empty") }

// NewsHidden is a value that is shown when it is touched.
func NewsHidden(value any) ask.Line { return say("news.record.hidden", "Value", value) }

// NewsChange is what a value was and what it is now.
func NewsChange(label ask.Line, was, now any) ask.Line {
	return say("news.record.change.item", "Label", label, "Was", was, "Now", now)
}

// NewsAbout is a thing and what it is.
func NewsAbout(name, what any) ask.Line {
	return say("news.record.about.item", "Name", name, "What", what)
}

// NewsLabel is what a value of the record is called.
func NewsLabel(what string) ask.Line { return say("news.record.label." + what) }

// RecordLabel is what a value of the record is called on its screens.
func RecordLabel(what string) ask.Line { return say("record.label." + what) }

// NewsExam is the head of a card about the timetable of exams: new, changed, gone.
func NewsExam(what string) ask.Line { return say("news.record.exam." + what) }

// NewsExamWait says that a new time is told when there is one.
func NewsExamWait() ask.Line { return say("news.record.exam.wait") }

// NewsExamNew is an exam in one line.
func NewsExamNew(name string, what, when any) ask.Line {
	return say("news.record.exam.new-item.item", "Name", name, "What", what, "When", when)
}

// NewsExamMoved is an exam at another time or place in one line.
func NewsExamMoved(name string, what, was, now any) ask.Line {
	return say("news.record.exam.moved-item.item", "Name", name, "What", what, "Was", was, "Now", now)
}

// NewsExamGone is an exam that is not held, in one line.
func NewsExamGone(name string, what, when any) ask.Line {
	return say("news.record.exam.gone-item.item", "Name", name, "What", what, "When", when)
}

// NewsControl is the head of a card about how an exam is held: new, changed, gone.
func NewsControl(what string) ask.Line { return say("news.record.control." + what) }

// NewsControlIs is how it is held.
func NewsControlIs(name string, form any) ask.Line {
	return say("news.record.control.is.item", "Name", name, "Form", form)
}

// NewsControlWas is how it was to be held, and how it is.
func NewsControlWas(name string, was, form any) ask.Line {
	return say("news.record.control.was.item", "Name", name, "Was", was, "Form", form)
}

// NewsControlLost is how it was to be held when nobody says how it is.
func NewsControlLost(name string, was any) ask.Line {
	return say("news.record.control.lost.item", "Name", name, "Was", was)
}

// NewsControlOrder is the order that says so.
func NewsControlOrder(number string) ask.Line {
	return say("news.record.control.order", "Number", number)
}

// NewsEvent is the head of a card about the academic calendar: new, changed, gone.
func NewsEvent(what string) ask.Line { return say("news.record.event." + what) }

// NewsEventMoved is an event on other days.
func NewsEventMoved(event, was, now any) ask.Line {
	return say("news.record.event.moved.item", "Event", event, "Was", was, "Now", now)
}

// NewsEventLost is an event that is not in the calendar any more.
func NewsEventLost(event, was any) ask.Line {
	return say("news.record.event.lost.item", "Event", event, "Was", was)
}

// NewsElectives is the head of a card about the electives of a semester: new, changed, gone.
func NewsElectives(what string, term ask.Line) ask.Line {
	return say("news.record.electives."+what, "Term", term)
}

// NewsElectivesWhen says when one registers for them.
func NewsElectivesWhen(when ask.Line) ask.Line {
	return say("news.record.electives.when", "When", when)
}

// NewsPlan is the head of a card about the individual plan of a semester, by how far it is.
func NewsPlan(status string, term ask.Line) ask.Line {
	return say("news.record.plan."+status, "Term", term)
}

// NewsPlanSum says how much is in it.
func NewsPlanSum(courses int, credits string) ask.Line {
	return say("news.record.plan.sum", "Number", courses, "Credits", ask.Decimal(credits))
}

// NewsPlanToDo says what to do with a plan that is not as it should be.
func NewsPlanToDo() ask.Line { return say("news.record.plan.todo") }

// NewsComparison is the head of a card about a comparison sheet: new, changed, gone.
func NewsComparison(what string) ask.Line { return say("news.record.compare." + what) }

// NewsComparisonSum counts the disciplines of a comparison sheet.
func NewsComparisonSum(recognised, cleared, left int) ask.Line {
	return say("news.record.compare.sum", "Recognised", recognised, "Cleared", cleared, "Left", left)
}

// NewsDebt is the head of a card about an academic debt: new, changed, registered, cleared, gone.
func NewsDebt(what, name string) ask.Line { return say("news.record.debt."+what, "Name", name) }

// NewsDebtDone says when a debt was cleared.
func NewsDebtDone(term ask.Line, day ask.Day) ask.Line {
	return say("news.record.debt.done", "Term", term, "Date", day)
}

// NewsDebtNext says what to do about a debt.
func NewsDebtNext() ask.Line { return say("news.record.debt.next") }

// NewsThesis is the head of a card about the thesis: new, changed, gone.
func NewsThesis(what string) ask.Line { return say("news.record.thesis." + what) }

// NewsOrderChanged is the head of a card about an order of which something is not as it was.
func NewsOrderChanged() ask.Line { return say("news.order.changed") }

// NewsOrderGone says that an order was taken back.
func NewsOrderGone(kind ask.Line, number string, day ask.Day) ask.Line {
	return say("news.order.gone", "Kind", kind, "Number", number, "Date", day)
}

// NewsOrderVoid says what to do then.
func NewsOrderVoid() ask.Line { return say("news.order.void") }

// NewsOrderObject says how one objects to an order, and until when where that is known.
func NewsOrderObject(until time.Time) ask.Line {
	if until.IsZero() {
		return say("news.order.disagree")
	}
	return say("news.order.object", "Date", ask.Day(until))
}

// NewsOrder is an order in one line.
func NewsOrder(kind ask.Line, number string, day ask.Day) ask.Line {
	return say("news.order.short.item", "Kind", kind, "Number", number, "Date", day)
}

// NewsOrderConfirm is the button of who has read an order.
func NewsOrderConfirm() ask.Line { return say("news.order.confirm") }

// NewsOrderAsk asks to press it.
func NewsOrderAsk() ask.Line { return say("news.order.ask") }

// NewsOrderSeen says when somebody has.
func NewsOrderSeen(at time.Time) ask.Line { return say("news.order.seen", "Date", at) }

// NewsOrderRemind stands above an order that waits for it.
func NewsOrderRemind() ask.Line { return say("news.order.remind") }

// UnseenHead counts the orders that wait for it.
func UnseenHead(n int) ask.Line { return say("news.unseen.head", "Count", n) }

// UnseenNone says that none does.
func UnseenNone() ask.Line { return say("news.unseen.none") }

// UnseenOff says that no order asks for it.
func UnseenOff() ask.Line { return say("news.unseen.off") }

// UnseenWho is an order that waits for it, and whose it is.
func UnseenWho(linked bool, number, name, group string, kind ask.Line, order string, day ask.Day) ask.Line {
	if !linked {
		return say("news.unseen.alone.item", "Number", number, "Name", name, "Group", group, "Kind", kind, "Order", order, "Date", day)
	}
	return say("news.unseen.who.item", "Number", number, "Name", name, "Group", group, "Kind", kind, "Order", order, "Date", day)
}

// UnseenFile is the name of their table.
func UnseenFile() ask.Line { return say("news.unseen.file") }

// UnseenColumn is a column of it.
func UnseenColumn(what string) ask.Line { return say("news.unseen.column." + what) }

// UnseenAccount is whether the student has an account.
func UnseenAccount(linked bool) ask.Line {
	if linked {
		return say("news.unseen.linked")
	}
	return say("news.unseen.unlinked")
}
