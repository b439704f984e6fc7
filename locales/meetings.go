package locales

import (
	"strconv"
	"strings"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
)

// Meetings of a body that decides cases together.

// MeetingsHead stands above the meetings that are planned.
func MeetingsHead(n int) ask.Line {
	if n == 0 {
		return say("meeting.none")
	}
	return say("meeting.head", "Count", n)
}

// MeetingHow says how one is planned.
func MeetingHow() ask.Line { return say("meeting.how") }

// MeetingButton opens one.
func MeetingButton(m *dauys.Meeting) ask.Line { return say("meeting.button", "Date", m.At) }

// Meeting is a meeting as its body sees it.
func Meeting(m *dauys.Meeting) []ask.Line {
	lines := []ask.Line{say("meeting.card", "Office", office(m.Office), "Date", m.At, "Place", m.Place, "State", say("meeting.state."+string(m.State)))}
	if m.Number != "" {
		lines = append(lines, say("meeting.minutes", "Number", m.Number))
	}
	come, stay := 0, 0
	for _, s := range m.Seats {
		switch s.Comes {
		case "yes":
			come++
		case "no":
			stay++
		}
	}
	lines = append(lines, say("meeting.members", "Count", len(m.Seats), "Quorum", m.Quorum, "Come", come, "Stay", stay))
	if len(m.Items) == 0 {
		return append(lines, say("meeting.no-items"))
	}
	lines = append(lines, say("meeting.items", "Count", len(m.Items)))
	return append(lines, meetingItems(m)...)
}

// mostItems are the cases that a card of a meeting lists: a message that is changed has no room for more.
const mostItems = 60

// meetingItems are the cases on the agenda; when they are too many, those that are still to be decided.
func meetingItems(m *dauys.Meeting) (lines []ask.Line) {
	for n, i := range m.Items {
		if len(m.Items) > mostItems && i.Ruling != "" && m.Left() > 0 {
			continue
		}
		if len(lines) == mostItems {
			return append(lines, say("meeting.more"))
		}
		if i.Ruling == "" {
			lines = append(lines, say("meeting.open.item", "N", n+1, "Number", i.Case))
		} else {
			lines = append(lines, say("meeting.ruled.item", "N", n+1, "Number", i.Case, "Ruling", MeetingRuling(i.Ruling)))
		}
		if len(i.Abstain) > 0 {
			lines = append(lines, say("meeting.abstain.item", "Name", strings.Join(i.Abstain, ", ")))
		}
	}
	return lines
}

// MeetingAct is a button under a meeting.
func MeetingAct(act string) ask.Line { return say("meeting.act." + act) }

// MeetingSeat is a member, whose presence is noted with the button.
func MeetingSeat(s dauys.Seat) ask.Line {
	if s.Present {
		return say("meeting.seat-there", "Name", s.Name)
	}
	return say("meeting.seat", "Name", s.Name)
}

// MeetingNo says why something cannot be done with a meeting now.
func MeetingNo(e *dauys.MeetingError) ask.Line {
	switch e.Why {
	case dauys.NoQuorum:
		return say("meeting.no.quorum", "Count", e.Count)
	case dauys.Undecided:
		return say("meeting.no.undecided", "Count", e.Count)
	case dauys.NotOnIt:
		return say("meeting.no.unknown", "Number", e.Case)
	case dauys.NeedsReason:
		return say("meeting.no.reason", "Number", e.Case)
	case dauys.OwnMark:
		return say("meeting.no.own", "Number", e.Case)
	case dauys.NobodyElse:
		return say("meeting.no.alone", "Number", e.Case)
	}
	return say("meeting.no." + string(e.Why))
}

// MeetingComes confirms what a member has said.
func MeetingComes(yes bool) ask.Line {
	if yes {
		return say("meeting.comes")
	}
	return say("meeting.stays")
}

// MeetingInvitation invites a member.
func MeetingInvitation(m *dauys.Meeting) []ask.Line {
	return []ask.Line{say("meeting.invitation", "Office", office(m.Office), "Date", m.At, "Place", m.Place, "Count", len(m.Items))}
}

// MeetingPlace is when and where a meeting is, for an applicant.
func MeetingPlace(m *dauys.Meeting) ask.Line {
	return say("meeting.place", "Date", m.At.Truncate(time.Minute), "Place", m.Place)
}

// Ruled says that a ruling is entered, and how many are left.
func Ruled(number string, left int) ask.Line {
	return say("meeting.entered", "Number", number, "Count", left)
}

// CardRestricted is a case of which its card shows nothing but what has to be done: who asks for
// what is read by those who may, in their own chats.
func CardRestricted(c *dauys.Case, at dauys.OfficeID) []ask.Line {
	lines := []ask.Line{say("card.head", "Number", c.Number, "Kind", Kind(c.Kind), "Status", Status(c)), say("card.restricted")}
	if c.Office() == at && !c.Status.Final() {
		lines = append(lines, say("card.due", "Filed", c.Filed, "Here", c.RungDue, "Date", c.Due))
	}
	switch {
	case c.Office() != at:
		lines = append(lines, say("card.elsewhere", "Office", office(c.Office())))
	case c.HolderName != "":
		lines = append(lines, say("card.holder", "Name", c.HolderName))
	}
	if n := c.Lacks(); n > 0 {
		lines = append(lines, say("card.lacks", "Count", n))
	}
	return lines
}

// ActInPrivate says where staff do what needs words with a restricted case.
func ActInPrivate() ask.Line { return say("card.in-private") }

// ActHere stands above what staff can do with a restricted case in their own chat.
func ActHere(number string) ask.Line { return say("card.act-here", "Number", number) }

// PassedRestricted tells an office that something has come to a restricted case.
func PassedRestricted(number string) ask.Line { return say("passed.restricted", "Number", number) }

// MeetingRuling is what was decided, as a word.
func MeetingRuling(r dauys.Ruling) ask.Line { return say("meeting.ruling." + string(r)) }

// MeetingDay is the day of a meeting, on its papers.
func MeetingDay(at time.Time) ask.Line { return say("meeting.day", "Date", ask.Day(at)) }

// MeetingQuorum says how many were there, and how many had to be.
func MeetingQuorum(there, all, quorum int) ask.Line {
	return say("meeting.quorate", "There", there, "All", all, "Quorum", quorum)
}

// MeetingPaper stands below a paper of a meeting.
func MeetingPaper(m *dauys.Meeting) ask.Line {
	return say("meeting.paper", "Office", office(m.Office), "Date", m.At)
}

// MeetingFile is the name of a paper: agenda, minutes, extract, sheet.
func MeetingFile(kind string, m *dauys.Meeting) ask.Line {
	switch kind {
	case "minutes":
		return say("meeting.file.minutes", "Number", m.Number)
	case "extract":
		return say("meeting.file.extract", "Number", m.Number)
	case "sheet":
		return say("meeting.file.sheet", "Date", ask.Day(m.At))
	}
	return say("meeting.file.agenda", "Date", ask.Day(m.At))
}

// MeetingResults are the rulings of a meeting without names.
func MeetingResults(m *dauys.Meeting) []ask.Line {
	return append([]ask.Line{say("meeting.minutes", "Number", m.Number)}, meetingItems(m)...)
}

// MinutesPrivately says where the minutes with names went.
func MinutesPrivately() ask.Line { return say("meeting.privately") }

// MeetingOff tells who was invited that the meeting is called off.
func MeetingOff(m *dauys.Meeting) ask.Line {
	return say("meeting.off", "Office", office(m.Office), "Date", m.At)
}

// MeetingOffBecause is the reason for which a case leaves the agenda of a meeting that is called off.
func MeetingOffBecause() ask.Line { return say("meeting.off-because") }

// SheetColumn is a column of the sheet of a meeting.
func SheetColumn(column string) ask.Line { return say("sheet.column." + column) }

// SheetHow stands below the sheet that is to be filled in.
func SheetHow() ask.Line { return say("sheet.how") }

// SheetGone says that a sheet could not be read from the messenger.
func SheetGone() ask.Line { return say("sheet.gone") }

// SheetRefused stands above all that is wrong with a sheet.
func SheetRefused(n int) ask.Line { return say("sheet.refused", "Count", n) }

// SheetFlaw is something wrong with a sheet: with a row, or in row 0 with the whole of it.
func SheetFlaw(row int, column, kind, value string) ask.Line {
	why := sheetBad(column, kind, value)
	if row == 0 {
		return why
	}
	return say("sheet.row.item", "Row", strconv.Itoa(row), "Why", why)
}

func sheetBad(column, kind, value string) ask.Line {
	switch kind {
	case "no column":
		return say("sheet.bad.no-column", "Column", SheetColumn(column))
	case "too long":
		return say("sheet.bad.too-long", "Column", SheetColumn(column), "Value", value)
	case "twice":
		return say("sheet.bad.twice", "Column", SheetColumn(column), "Value", value)
	case "too many":
		return say("sheet.bad.too-many", "Value", value)
	case "unknown":
		return say("sheet.bad.unknown", "Value", value)
	case "broken":
		return say("sheet.bad.broken", "Value", value)
	}
	return say("sheet.bad." + strings.ReplaceAll(kind, " ", "-"))
}

// SheetNo says why the ruling of a row cannot be entered.
func SheetNo(row int, e *dauys.MeetingError) ask.Line {
	return say("sheet.row.item", "Row", strconv.Itoa(row), "Why", MeetingNo(e))
}

// SheetPreview is what a sheet would enter.
func SheetPreview(n int, count map[dauys.Ruling]int) []ask.Line {
	lines := []ask.Line{say("sheet.preview", "Count", n)}
	for _, r := range dauys.Rulings {
		if count[r] > 0 {
			lines = append(lines, say("sheet.counted.item", "Ruling", MeetingRuling(r), "N", count[r]))
		}
	}
	return lines
}
