package locales

import (
	"strings"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
)

// The lists of cases in which staff find theirs.

// ListHead counts the cases of a list: open, mine, due, find.
func ListHead(which string, n int) ask.Line { return say("list.head."+which, "Count", n) }

// ListEmpty says that there is none.
func ListEmpty(which string) ask.Line { return say("list.none." + which) }

// ListSought repeats what was looked for.
func ListSought(words string) ask.Line { return say("list.sought", "Text", words) }

// ListPage says which part of the list is shown.
func ListPage(page, of int) ask.Line { return say("list.page", "Page", page, "Total", of) }

// ListElsewhere says where a command works, and which ones here.
func ListElsewhere() ask.Line { return say("list.elsewhere") }

// ListHow says what the numbers below the list do.
func ListHow() ask.Line { return say("list.how") }

// ListChoose says how several cases are chosen.
func ListChoose() ask.Line { return say("list.choose") }

// ListFull says that no more can be chosen at once.
func ListFull(most int) ask.Line { return say("list.full", "Total", most) }

// ListNobody says that nothing is chosen yet.
func ListNobody() ask.Line { return say("list.nothing") }

// ListNotYours says that somebody else has asked for this list.
func ListNotYours() ask.Line { return say("list.colleague") }

// FindHow says how to look for a case.
func FindHow() ask.Line { return say("list.find-how") }

// FindMost says that a search stops somewhere, and what it has looked through.
func FindMost(days, most int) ask.Line { return say("list.find-most", "Days", days, "Total", most) }

// ListRow is a case in a list: its place there, who has it or where it stands, and until when, in the zone
// of now.
func ListRow(place int, c *dauys.Case, now time.Time, today bool) ask.Line {
	return say("list.row.item", "Place", place, "Number", c.Number, "Kind", Kind(c.Kind), "Holder", rowHolder(c), "Due", rowDue(c, now, today))
}

// ListRowOf is the same where it matters which office has it.
func ListRowOf(place int, c *dauys.Case, now time.Time, today bool) ask.Line {
	return say("list.row-of.item", "Place", place, "Number", c.Number, "Kind", Kind(c.Kind), "Office", seat(c.Office()), "Holder", rowHolder(c), "Due", rowDue(c, now, today))
}

// FoundRow says besides whose it is and what it is about.
func FoundRow(place int, c *dauys.Case, now time.Time, today bool) ask.Line {
	if c.Topic == "" {
		return say("list.found-name.item", "Place", place, "Number", c.Number, "Kind", Kind(c.Kind), "Name", c.Applicant.Name, "Holder", rowHolder(c), "Due", rowDue(c, now, today))
	}
	return say("list.found.item", "Place", place, "Number", c.Number, "Kind", Kind(c.Kind), "Name", c.Applicant.Name, "Topic", Topic(c.Topic), "Holder", rowHolder(c), "Due", rowDue(c, now, today))
}

// SealedRow is a restricted case that was looked for: how old it is, and until when.
func SealedRow(place int, c *dauys.Case, age int, now time.Time, today bool) ask.Line {
	return say("list.sealed.item", "Place", place, "Number", c.Number, "Kind", Kind(c.Kind), "Age", say("list.age", "Count", age), "Due", rowDue(c, now, today))
}

// seat is an office with the institute that it is of.
func seat(id dauys.OfficeID) ask.Name { return ask.Name{List: "seat", ID: string(id)} }

// rowHolder is who has the case, or else where it stands.
func rowHolder(c *dauys.Case) ask.Line {
	if c.HolderName != "" {
		return say("list.holder", "Name", c.HolderName)
	}
	return Status(c)
}

// rowDue is until when, as short as a row on a phone: the year stands there only when it is another.
func rowDue(c *dauys.Case, now time.Time, today bool) ask.Line {
	date := func(t time.Time) string {
		if t = t.In(now.Location()); t.Year() != now.Year() {
			return t.Format("02.01.2006")
		}
		return t.Format("02.01")
	}
	due, settled := c.OfficeDue(), c.Settled()
	switch {
	case c.Status == dauys.Needs:
		return say("list.due.waits")
	case !settled.IsZero():
		return say("list.due.settled", "Date", date(settled))
	case due.IsZero():
		return say("list.due.over")
	case now.After(due):
		return say("list.due.late", "Date", date(due))
	case today:
		return say("list.due.today", "Date", date(due))
	}
	return say("list.due.on", "Date", date(due))
}

// ListPlace is the button of a case in a list.
func ListPlace(place int) ask.Line { return say("list.place", "Place", place) }

// ListTick is the same while several are being chosen.
func ListTick(place int, chosen bool) ask.Line {
	if chosen {
		return say("list.chosen", "Place", place)
	}
	return say("list.unchosen", "Place", place)
}

// ListTurn leads to another page.
func ListTurn(page int, after bool) ask.Line {
	if after {
		return say("list.after", "Page", page)
	}
	return say("list.before", "Page", page)
}

// ListAct is another button below a list.
func ListAct(act string) ask.Line { return say("list.act." + act) }

// ListDo does something with as many cases as are chosen.
func ListDo(act string, n int) ask.Line { return say("list.do."+act, "Total", n) }

// SeveralHead says for how many cases a reason is being written.
func SeveralHead(n int) ask.Line { return say("several.head", "Count", n) }

// SeveralLeft says that nothing was handed over.
func SeveralLeft() ask.Line { return say("several.left") }

// SeveralDone counts with how many cases it was done.
func SeveralDone(act string, n int) ask.Line { return say("several.done."+act, "Count", n) }

// SeveralRefused counts with how many it was not.
func SeveralRefused(n int) ask.Line { return say("several.refused", "Count", n) }

// SeveralWhy names some of those, and why.
func SeveralWhy(numbers, why string) ask.Line {
	return say("several.no.item", "Numbers", numbers, "Text", why)
}

// NowhereTo says that there is no office to which the chosen cases could go.
func NowhereTo() ask.Line { return say("several.nowhere") }

// MovedOn says that another office has a case by now.
func MovedOn() ask.Line { return say("several.moved") }

// One case by its number.

// CaseHow says how to ask for one.
func CaseHow() ask.Line { return say("onecase.how") }

// NotHere says that an office has no such case.
func NotHere(number string) ask.Line { return say("onecase.none", "Text", number) }

// WhichCase asks which of several is meant.
func WhichCase(digits string) ask.Line { return say("onecase.which", "Text", digits) }

// Elsewhere says who has a case now that an office has had.
func Elsewhere(number string, now dauys.OfficeID) ask.Line {
	return say("onecase.elsewhere", "Number", number, "Office", seat(now))
}

// NumberButton is the number of a case on a button.
func NumberButton(number string) ask.Line { return say("onecase.number", "Number", number) }

// CardBelow says that a card is on its way to the end of the chat, or of which chat.
func CardBelow(elsewhere dauys.OfficeID) ask.Line {
	if elsewhere != "" {
		return say("onecase.there", "Office", seat(elsewhere))
	}
	return say("onecase.below")
}

// The trail of a case.

// TrailHow says how to ask for it.
func TrailHow() ask.Line { return say("trail.how") }

// Trail is every stay of a case. Reasons are told of as many stays as the reader may know of; none of a
// restricted case.
func Trail(c *dauys.Case, stays []dauys.Stay, reasons int) (lines []ask.Line) {
	lines = append(lines, say("trail.head", "Number", c.Number, "Kind", Kind(c.Kind)))
	for i, s := range stays {
		tells := i < reasons && !c.Terms.Restricted
		switch s.Came.Act {
		case dauys.Reopen, dauys.Dispute, dauys.Bounce:
			lines = append(lines, trailReason(say("trail.came."+string(s.Came.Act), "Date", ask.Day(s.Came.At)), s.Came.Note, tells))
		}
		days := say("trail.days", "Count", s.Days)
		if s.Days == 0 {
			days = say("trail.day")
		}
		if s.Here() {
			lines = append(lines, say("trail.here", "Place", i+1, "Office", seat(s.Office), "From", ask.Day(s.Came.At), "Days", days))
			lines = append(lines, inside(c, s, tells)...)
			continue
		}
		lines = append(lines, say("trail.stay", "Place", i+1, "Office", seat(s.Office), "From", ask.Day(s.Came.At), "To", ask.Day(s.Until), "Days", days,
			"What", trailReason(trailLeft(s.Left), s.Reason, tells)))
		lines = append(lines, inside(c, s, tells)...)
	}
	return lines
}

// trailLeft is why a case has left an office, or was settled there.
func trailLeft(e dauys.Event) ask.Line {
	if e.Act == dauys.Answer || e.Act == dauys.Decide {
		return say("trail.answered", "Outcome", Outcome(e.Outcome))
	}
	return say("trail.left." + string(e.Act))
}

func trailReason(why ask.Line, reason string, tells bool) ask.Line {
	if reason = strings.TrimSpace(reason); reason == "" || !tells {
		return why
	}
	return say("trail.reason", "What", why, "Text", Shorten(reason, 300))
}

// What a chat of an office understands, and its staff in their own.

// HelpStaff tells staff in their own chat what they can list there.
func HelpStaff() ask.Line { return say("deskhelp.own") }

// DeskHelp begins it, with the name of the office.
func DeskHelp(id dauys.OfficeID) ask.Line { return say("deskhelp.head", "Office", seat(id)) }

// DeskHelpLists tells of the lists.
func DeskHelpLists() ask.Line { return say("deskhelp.lists") }

// DeskHelpMore stands above the commands that not every office has.
func DeskHelpMore() ask.Line { return say("deskhelp.more") }

// DeskHelpCommand is one of them.
func DeskHelpCommand(name string) ask.Line {
	return say("deskhelp.command.item", "Name", name, "Text", Command(name))
}

// DeskHelpFoot says what else is to be known.
func DeskHelpFoot() ask.Line { return say("deskhelp.foot") }
