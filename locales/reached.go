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

// MailNobody says that mail is for those who have an account in the record.
func MailNobody() ask.Line { return say("mail.nobody") }

// MailHow says how to give an address, MailIs which one it is, MailOff that there is none any more.
func MailHow() ask.Line              { return say("mail.how") }
func MailIs(address string) ask.Line { return say("mail.is", "Address", address) }
func MailOff() ask.Line              { return say("mail.off") }

// MailSent says where the code is. The others say why there is none, or that it was another.
func MailSent(address string) ask.Line { return say("mail.sent", "Address", address) }
func MailFailed() ask.Line             { return say("mail.failed") }
func MailTooOften() ask.Line           { return say("mail.often") }
func MailWrong() ask.Line              { return say("mail.wrong") }
func MailAgain() ask.Line              { return say("mail.again") }

// MailCodeSubject and MailCode are the letter with the code.
func MailCodeSubject() ask.Line     { return say("mail.code-subject") }
func MailCode(code string) ask.Line { return say("mail.code", "Code", code) }

// MailNewsSubject and MailNews are the letter that tells that there is news, and not what.
func MailNewsSubject() ask.Line     { return say("mail.news-subject") }
func MailNews(link string) ask.Line { return say("mail.news", "Link", link) }
