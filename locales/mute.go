package locales

import (
	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
)

// How people are held back who flood or abuse, and how much one can send in a day.

// MuteHow says how to hold an applicant back.
func MuteHow() ask.Line { return say("mute.how", "Days", dauys.MostMuted) }

// MuteNotHere says that whoever asks may not.
func MuteNotHere() ask.Line { return say("mute.not-here") }

// MuteNone says that the applicant is not held back.
func MuteNone() ask.Line { return say("mute.none") }

// MuteDone says until when an applicant is held back.
func MuteDone(m dauys.Mute) ask.Line { return say("mute.done", "Number", m.Case, "Date", m.Until) }

// MuteEnded says that they are not any more.
func MuteEnded(number string) ask.Line { return say("mute.ended", "Number", number) }

// MuteTold tells the applicant, with the reason.
func MuteTold(m dauys.Mute) ask.Line { return say("mute.told", "Date", m.Until, "Reason", m.Reason) }

// MuteOver tells them that it is over before its time.
func MuteOver() ask.Line { return say("mute.over") }

// MuteReview tells an administrator, who can end it.
func MuteReview(m dauys.Mute) ask.Line {
	return say("mute.review", "Number", m.Case, "Office", seat(m.Office), "Name", m.By, "Date", m.Until, "Reason", m.Reason)
}

// FiledEnough says that somebody has filed as much as one can in a day.
func FiledEnough(n int) ask.Line { return say("mute.enough", "Count", n) }

// FiledMuted says the same to who is held back.
func FiledMuted(m dauys.Mute) ask.Line { return say("mute.filed", "Date", m.Until, "Reason", m.Reason) }

// AddedEnough says that a request was added to as often as it can be in a day.
func AddedEnough(n int) ask.Line { return say("mute.added", "Count", n) }

// AddedMuted says that who is held back cannot add to a request.
func AddedMuted(m dauys.Mute) ask.Line {
	return say("mute.no-adding", "Date", m.Until, "Reason", m.Reason)
}
