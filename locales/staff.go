package locales

import (
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
)

// Who serves in an office, who is kept from it, who is away.

// lastDay is the day that ends at a time.
func lastDay(until time.Time) any { return ask.Day(until.Add(-time.Second)) }

// StaffHead is the head of the list of an office.
func StaffHead(id dauys.OfficeID) ask.Line { return say("staff.list", "Office", seat(id)) }

// StaffNobody says that nobody serves there.
func StaffNobody() ask.Line { return say("staff.nobody") }

// StaffPerson is one of the list, with what has to be known of them at a time.
func StaffPerson(s dauys.Staff, away []dauys.Absence, now time.Time) []ask.Line {
	if s.Removed {
		return []ask.Line{say("staff.removed.item", "Name", s.Name, "Date", ask.Day(s.Until))}
	}
	lines := []ask.Line{say("staff.since.item", "Name", s.Name, "Date", ask.Day(s.From))}
	if !s.Until.IsZero() {
		lines = []ask.Line{say("staff.until.item", "Name", s.Name, "From", ask.Day(s.From), "Date", lastDay(s.Until))}
	}
	if s.Head {
		lines = append(lines, say("staff.head.item"))
	}
	if s.Held(now) {
		lines = append(lines, ServeItemHeld(s))
	}
	for _, a := range away {
		if a.Deputy == "" {
			lines = append(lines, say("staff.away.item", "From", ask.Day(a.From), "Date", lastDay(a.Until)))
		} else {
			lines = append(lines, say("staff.deputy.item", "From", ask.Day(a.From), "Date", lastDay(a.Until), "Name", a.DeputyName))
		}
	}
	return lines
}

// StaffPick tells heads what the buttons are for.
func StaffPick() ask.Line { return say("staff.pick") }

// StaffOther says how to suspend until a day of one's own.
func StaffOther(id int64, day time.Time) ask.Line {
	return say("staff.until-day", "ID", id, "Date", day.Format("02.01.2006"))
}

// StaffDate says that a day cannot be read, or is over.
func StaffDate() ask.Line { return say("staff.date") }

// StaffRefused says that whoever asks may not.
func StaffRefused() ask.Line { return say("staff.refused") }

// StaffSure asks before somebody is removed.
func StaffSure(name string) ask.Line { return say("staff.sure", "Name", name) }

// SuspendButton suspends for so many days.
func SuspendButton(days int) ask.Line { return say("staff.days", "Count", days) }

// SuspendOpenButton suspends until somebody ends it.
func SuspendOpenButton() ask.Line { return say("staff.open") }

// UnsuspendButton ends a suspension.
func UnsuspendButton() ask.Line { return say("staff.restore") }

// RemoveButton takes a right away.
func RemoveButton() ask.Line { return say("staff.remove") }

// RemoveYes does it after a question.
func RemoveYes() ask.Line { return say("staff.remove-yes") }

// LetInButton lets somebody in again who was removed.
func LetInButton() ask.Line { return say("staff.letin") }

// StaffBack leads to the list.
func StaffBack() ask.Line { return say("staff.back") }

// StaffDone tells the office what has become of somebody's right.
func StaffDone(do dauys.StaffAct, s dauys.Staff) ask.Line {
	switch {
	case do == dauys.Restore:
		return say("staff.done-restore", "Name", s.Name)
	case do == dauys.LetIn:
		return say("staff.done-letin", "Name", s.Name)
	case do == dauys.Remove:
		return say("staff.done-remove", "Name", s.Name)
	case s.Suspended.Equal(dauys.Endless):
		return say("staff.done-open", "Name", s.Name)
	}
	return say("staff.done-suspend", "Name", s.Name, "Date", lastDay(s.Suspended))
}

// StaffDoneBy says who has done it.
func StaffDoneBy(name string) ask.Line { return say("staff.by", "Name", name) }

// StaffTold tells the person themselves.
func StaffTold(do dauys.StaffAct, s dauys.Staff) ask.Line {
	o := seat(s.Office)
	switch {
	case do == dauys.Restore:
		return say("staff.told-restore", "Office", o)
	case do == dauys.LetIn:
		return say("staff.told-letin", "Office", o)
	case do == dauys.Remove:
		return say("staff.told-remove", "Office", o)
	case do == dauys.MakeHead:
		return say("staff.told-head", "Office", o)
	case do == dauys.UnmakeHead:
		return say("staff.told-nohead", "Office", o)
	case s.Suspended.Equal(dauys.Endless):
		return say("staff.told-open", "Office", o)
	}
	return say("staff.told-suspend", "Office", o, "Date", lastDay(s.Suspended))
}

// StaffFreed names the cases that are free again.
func StaffFreed(numbers string, n int) ask.Line {
	return say("staff.freed", "Numbers", numbers, "Count", n)
}

// HeadHelp says how to make somebody a head.
func HeadHelp() ask.Line { return say("staff.head-help") }

// HeadWhom asks who is a head of an office.
func HeadWhom(id dauys.OfficeID) ask.Line { return say("staff.head-whom", "Office", seat(id)) }

// HeadLast says that an administrator who is the last head cannot take that back themselves.
func HeadLast() ask.Line { return say("staff.head-last") }

// ServeItemHead says of somebody in the administrators' list that they are a head.
func ServeItemHead() ask.Line { return say("staff.head.item") }

// ServeItemHeld says of somebody there that their right is held back.
func ServeItemHeld(s dauys.Staff) ask.Line {
	if s.Suspended.Equal(dauys.Endless) {
		return say("staff.held-open.item")
	}
	return say("staff.held.item", "Date", lastDay(s.Suspended))
}

// AwayHelp says how to note an absence.
func AwayHelp(from, until time.Time) ask.Line {
	return say("away.help", "From", from.Format("02.01.2006"), "Until", until.Format("02.01.2006"))
}

// AwayItem is an absence of whoever asks.
func AwayItem(a dauys.Absence) ask.Line {
	if a.Deputy != "" {
		return say("away.own-deputy.item", "From", ask.Day(a.From), "Date", lastDay(a.Until), "Name", a.DeputyName)
	}
	return say("away.own.item", "From", ask.Day(a.From), "Date", lastDay(a.Until))
}

// AwayPast says that the first day is over.
func AwayPast() ask.Line { return say("away.past") }

// AwayOrder says that the last day is before the first, or years after it.
func AwayOrder() ask.Line { return say("away.order") }

// AwayOverlap says that they are away on one of those days already.
func AwayOverlap() ask.Line { return say("away.overlap") }

// AwayNobody says that there is no such colleague.
func AwayNobody(name string) ask.Line { return say("away.nobody", "Name", name) }

// AwaySeveral says that there are several of that name.
func AwaySeveral(names string) ask.Line { return say("away.several", "Names", names) }

// AwayBoth says that the deputy is away on one of those days, too.
func AwayBoth(name string) ask.Line { return say("away.both", "Name", name) }

// AwayNoted says that an absence is noted, and what becomes of their cases; alone is somebody who acts
// for no office with others in it.
func AwayNoted(a dauys.Absence, alone bool) ask.Line {
	if alone {
		return say("away.noted-person", "Name", a.Name, "From", ask.Day(a.From), "Date", lastDay(a.Until))
	}
	if a.Deputy != "" {
		return say("away.noted-deputy", "Name", a.Name, "From", ask.Day(a.From), "Date", lastDay(a.Until), "Deputy", a.DeputyName)
	}
	return say("away.noted", "Name", a.Name, "From", ask.Day(a.From), "Date", lastDay(a.Until))
}

// AwayTold tells a deputy.
func AwayTold(a dauys.Absence) ask.Line {
	return say("away.told", "Name", a.Name, "From", ask.Day(a.From), "Date", lastDay(a.Until))
}

// AwayNone says that whoever asks is not away.
func AwayNone() ask.Line { return say("away.none") }

// AwayEnded says that an absence is over before its time, or will not be.
func AwayEnded(name string) ask.Line { return say("away.ended", "Name", name) }

// AwayBegins tells an office that somebody is away from today on.
func AwayBegins(a dauys.Absence) ask.Line {
	return say("away.begins", "Name", a.Name, "Date", lastDay(a.Until))
}

// AwayHanded names the cases that a deputy has now.
func AwayHanded(deputy, numbers string, n int) ask.Line {
	return say("away.handed", "Name", deputy, "Numbers", numbers, "Count", n)
}

// AwayDeputy names the deputy, who has got nothing.
func AwayDeputy(deputy string) ask.Line { return say("away.deputy", "Name", deputy) }

// AwayPerson tells a person of the procedure that requests pass them by until they are back.
func AwayPerson(id dauys.OfficeID, a dauys.Absence) ask.Line {
	return say("away.person", "Office", seat(id), "Date", lastDay(a.Until))
}

// AwayReturns tells an office who is back, and when.
func AwayReturns(name string, day time.Time) ask.Line {
	return say("away.returns", "Name", name, "Date", ask.Day(day))
}

// AwaySkipped says on a card that it has passed somebody by who is away.
func AwaySkipped(id dauys.OfficeID) ask.Line { return say("away.skipped.item", "Office", office(id)) }
