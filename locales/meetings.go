package locales

import (
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
	for n, i := range m.Items {
		if i.Ruling == "" {
			lines = append(lines, say("meeting.open.item", "N", n+1, "Number", i.Case))
		} else {
			lines = append(lines, say("meeting.ruled.item", "N", n+1, "Number", i.Case, "Ruling", say("meeting.ruling."+string(i.Ruling))))
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

// PassedRestricted tells an office that something has come to a restricted case.
func PassedRestricted(number string) ask.Line { return say("passed.restricted", "Number", number) }
