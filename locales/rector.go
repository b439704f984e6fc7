package locales

import (
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
)

// The Rector's lines: the choice between them, personal reception, and what is published of an answer.

// RectorLines says how one can turn to the Rector.
func RectorLines() ask.Line { return say("rector.about") }

// ReceptionNext says when an office receives next.
func ReceptionNext(s dauys.Slot) ask.Line {
	return say("reception.next", "Date", s.At, "Place", s.Place)
}

// InvitedToReception invites an applicant to personal reception, for the first time or for another time.
func InvitedToReception(number string, office dauys.OfficeID, s dauys.Slot, again bool) []ask.Line {
	if again {
		return []ask.Line{say("reception.moved", "Number", number), received(office, s)}
	}
	return []ask.Line{say("reception.invited", "Number", number), received(office, s)}
}

// ReceptionSoon reminds an applicant of a reception.
func ReceptionSoon(number string, office dauys.OfficeID, s dauys.Slot) []ask.Line {
	return []ask.Line{say("reception.soon", "Number", number), received(office, s)}
}

// received says who receives, when and where.
func received(id dauys.OfficeID, s dauys.Slot) ask.Line {
	return say("reception.when", "Office", office(id), "Date", s.At, "Place", s.Place)
}

// ReceptionOf is when the applicant of a case is received.
func ReceptionOf(at time.Time) ask.Line { return say("reception.line", "Date", at) }

// Visitors stands above those whom an office receives on a day.
func Visitors(day time.Time) ask.Line { return say("reception.today", "Date", ask.Day(day)) }

// Visitor is one of them, and at what hour.
func Visitor(hour, number, name string) ask.Line {
	return say("reception.visitor.item", "Time", hour, "Name", name, "Number", number)
}

// SlotTaken says that somebody else is received at that time by now.
func SlotTaken() ask.Line { return say("refused.slot") }

// NoSlot says that there is no time at which somebody could be received.
func NoSlot() ask.Line { return say("refused.no-slot") }

// Post is a question and its answer as they are published.
func Post(question, answer string, at time.Time) ask.Line {
	return say("post.text", "Question", question, "Text", answer, "Date", ask.Day(at))
}

// PostPreview shows staff what would be published, in the language of who has asked.
func PostPreview(l dauys.Lang, text ask.Markup) ask.Line {
	return say("post.preview", "Language", LanguageOf(l), "Text", text)
}

// PostAsked asks an applicant whether that may be published.
func PostAsked(number string, text ask.Markup) ask.Line {
	return say("post.asked", "Number", number, "Text", text)
}

// PostPersonal says which personal data stand in words, so that they cannot be published.
func PostPersonal(found []dauys.Personal) []ask.Line {
	lines := []ask.Line{say("post.personal")}
	for _, p := range found {
		lines = append(lines, say("post.personal-"+string(p)+".item"))
	}
	return lines
}

// Excused says that the applicant is not expected any more.
func Excused() ask.Line { return say("own.excuse") }

// MayBePublished thanks for the yes to that.
func MayBePublished() ask.Line { return say("own.publish") }

// Kept says that nothing is published.
func Kept() ask.Line { return say("own.keep") }

// ReceptionElse says that the applicant is expected at another time than that under which they have pressed.
func ReceptionElse() ask.Line { return say("own.other-time") }

// Reworded says that there are newer words than those that the applicant has decided on.
func Reworded() ask.Line { return say("own.reworded") }
