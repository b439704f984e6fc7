package locales

import (
	"strings"
	"time"

	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/registrar"
)

// What advisors and teachers see of the record, and who has looked at it.

// GroupsHead stands above the groups of an advisor.
func GroupsHead() ask.Line { return say("advise.groups") }

// GroupsItem is one of them, with how many students need what.
func GroupsItem(group string, students, debts, unregistered, risk int) ask.Line {
	return say("advise.group", "Group", group, "Students", students, "Debts", debts, "Unregistered", unregistered, "Risk", risk)
}

// GroupsGroup leads to a group.
func GroupsGroup(name string) ask.Line { return say("advise.open", "Group", name) }

// GroupsNeed leads to those in need of all groups, GroupsMine to the groups.
func GroupsNeed() ask.Line { return say("advise.need") }

// GroupsMine leads back to the groups.
func GroupsMine() ask.Line { return say("advise.mine") }

// GroupHead stands above the students of a group.
func GroupHead(group string, students int) ask.Line {
	return say("advise.head", "Group", group, "Students", students)
}

// GroupStudent is a student with what is wrong.
func GroupStudent(name string, needs ask.Markup) ask.Line {
	return say("advise.student", "Name", name, "Needs", needs)
}

// GroupQuiet is one with whom nothing is.
func GroupQuiet(name string) ask.Line { return say("advise.quiet", "Name", name) }

// GroupBefore and GroupAfter turn the pages.
func GroupBefore() ask.Line { return say("advise.before") }

// GroupAfter leads to the next page.
func GroupAfter() ask.Line { return say("advise.after") }

// GroupPage says which page it is.
func GroupPage(page, pages int) ask.Line { return say("advise.page", "Page", page, "Pages", pages) }

// NeedHead stands above the students of all groups that need their advisor.
func NeedHead(at time.Time) ask.Line { return say("advise.need-head", "Time", at) }

// NeedNobody says that there are none.
func NeedNobody() ask.Line { return say("advise.need-nobody") }

// NeedStudent is one of them.
func NeedStudent(name, group string, needs ask.Markup) ask.Line {
	return say("advise.need-student", "Name", name, "Group", group, "Needs", needs)
}

// NeedMore says how many there are besides.
func NeedMore(n int) ask.Line { return say("advise.need-more", "Number", n) }

// Needs are why a student needs their advisor; none: they do not.
func Needs(s registrar.Standing) (lines []ask.Line) {
	if n := len(s.Debts); n > 0 {
		lines = append(lines, say("advise.needs.debts", "Number", n))
	}
	for _, d := range s.Debts {
		if d.Last {
			lines = append(lines, say("advise.needs.last"))
			break
		}
	}
	switch s.Plan {
	case registrar.PlanMissing:
		lines = append(lines, say("advise.needs.unregistered"))
	case registrar.PlanIncomplete:
		lines = append(lines, say("advise.needs.incomplete"))
	}
	if n := len(s.Low); n > 0 {
		lines = append(lines, say("advise.needs.low", "Number", n))
	}
	if s.Short {
		lines = append(lines, say("advise.needs.gpa", "Value", SessionNumber(s.Passage.GPA.Value), "Least", SessionNumber(s.Passage.Least)))
	}
	if s.Absent > 0 {
		lines = append(lines, say("advise.needs.absent", "Number", s.Absent))
	}
	return lines
}

// AdvisedWho is who a student is and how they stand.
func AdvisedWho(s registrar.Standing) []ask.Line {
	f := s.Student
	lines := []ask.Line{say("advise.who.name", "Name", f["name"]), say("advise.who.number", "Number", f["student"], "Group", f["group"])}
	if f["course"] != "" {
		lines = append(lines, say("advise.who.course", "Course", f["course"]))
	}
	if f["status"] == "leave" {
		lines = append(lines, say("advise.who.leave"))
	}
	if s.Known {
		lines = append(lines, say("advise.who.gpa", "Value", SessionNumber(s.GPA.Value)))
	}
	return lines
}

// AdvisedNeeds stands above what is wrong, AdvisedNeed before each of it.
func AdvisedNeeds() ask.Line { return say("advise.needs.head") }

// AdvisedNeed is one line of it.
func AdvisedNeed(need ask.Line) ask.Line { return say("advise.needs.item", "Need", need) }

// AdvisedSemester stands above the marks of the running semester.
func AdvisedSemester(span ask.Line) ask.Line { return say("advise.semester", "Span", span) }

// CourseMarks are the numbers of a course, in canonical form; empty: there is none.
type CourseMarks struct{ First, Second, Admission, Exam, Final, Letter string }

// AdvisedCourse is a course with its marks.
func AdvisedCourse(name string, m CourseMarks) ask.Line {
	or := func(s string) any {
		if s == "" {
			return "–"
		}
		return ask.Decimal(s)
	}
	if m.Final == "" && m.Letter == "" {
		return say("advise.course", "Name", name, "First", or(m.First), "Second", or(m.Second), "Admission", or(m.Admission), "Exam", or(m.Exam))
	}
	return say("advise.course-final", "Name", name, "First", or(m.First), "Second", or(m.Second), "Admission", or(m.Admission), "Exam", or(m.Exam), "Final", or(m.Final), "Letter", m.Letter)
}

// AdvisedDebts stands above the debts.
func AdvisedDebts() ask.Line { return say("advise.debts") }

// AdvisedDebt is a debt: of when, why, until when it has to be gone, and whether one more failure is the last.
func AdvisedDebt(name string, span ask.Line, reason string, until time.Time, last bool) ask.Line {
	line := say("advise.debt", "Name", name, "Span", span, "Reason", debtReason(reason))
	if !until.IsZero() {
		line = say("advise.debt-until", "Debt", line, "Until", ask.Day(until))
	}
	if last {
		line = say("advise.debt-last", "Debt", line)
	}
	return line
}

// SheetsHead stands above the sheets of a teacher that are open.
func SheetsHead() ask.Line { return say("teach.open") }

// SheetsNone says that none is.
func SheetsNone() ask.Line { return say("teach.none") }

// SheetItem is a sheet that is open; late: its day has passed. Without a day nobody has set one.
func SheetItem(number, discipline, group string, until time.Time, late bool) ask.Line {
	switch {
	case until.IsZero():
		return say("teach.sheet", "Number", number, "Discipline", discipline, "Group", group)
	case late:
		return say("teach.sheet-late", "Number", number, "Discipline", discipline, "Group", group, "Until", ask.Day(until))
	}
	return say("teach.sheet-until", "Number", number, "Discipline", discipline, "Group", group, "Until", ask.Day(until))
}

// SheetsClosed stands above those that are closed.
func SheetsClosed() ask.Line { return say("teach.closed") }

// SheetClosed is one of them.
func SheetClosed(number, discipline, group string, at time.Time) ask.Line {
	if at.IsZero() {
		return say("teach.sheet", "Number", number, "Discipline", discipline, "Group", group)
	}
	return say("teach.sheet-closed", "Number", number, "Discipline", discipline, "Group", group, "At", ask.Day(at))
}

// LoadHead stands above what a teacher teaches.
func LoadHead(span ask.Line) ask.Line { return say("teach.load", "Span", span) }

// LoadItem is a discipline with the groups.
func LoadItem(discipline string, groups []string, hours string) ask.Line {
	if hours == "" {
		return say("teach.course", "Discipline", discipline, "Groups", strings.Join(groups, ", "))
	}
	return say("teach.course-hours", "Discipline", discipline, "Groups", strings.Join(groups, ", "), "Hours", ask.Decimal(hours))
}

// TeachExams stands above the exams that are still to come.
func TeachExams() ask.Line { return say("teach.exams") }

// TeachExam is one of them.
func TeachExam(at time.Time, discipline, group, room string) ask.Line {
	if room == "" {
		return say("teach.exam", "Time", at, "Discipline", discipline, "Group", group)
	}
	return say("teach.exam-room", "Time", at, "Discipline", discipline, "Group", group, "Room", room)
}

// TeachMeetings stands above meetings of bodies in which one sits.
func TeachMeetings() ask.Line { return say("teach.meetings") }

// TeachMeeting is one of them.
func TeachMeeting(body string, at time.Time, place string) ask.Line {
	return say("teach.meeting", "Office", ask.Name{List: "office", ID: body}, "Time", at, "Place", place)
}

// SheetsButton leads to the sheets, SessionButton to how the last session went.
func SheetsButton() ask.Line { return say("teach.button") }

// SessionButton leads to how the last session went.
func SessionButton() ask.Line { return say("session.button") }

// LooksHow says how to ask who has looked.
func LooksHow() ask.Line { return say("looks.how") }

// LooksNobody says that there is no such number.
func LooksNobody(number string) ask.Line { return say("looks.nobody", "Number", number) }

// LooksHead stands above who has looked at what is kept of somebody.
func LooksHead(name, number string) ask.Line {
	return say("looks.head", "Name", name, "Number", number)
}

// LooksNone says that nobody has.
func LooksNone() ask.Line { return say("looks.none") }

// LooksPage says which page it is, and how to ask for the next.
func LooksPage(number string, page, pages int) ask.Line {
	if page == pages {
		return say("looks.page", "Page", page, "Pages", pages)
	}
	return say("looks.next", "Page", page, "Pages", pages, "Number", number, "Next", page+1)
}

// Look is one look, or something done about how somebody gets at the record.
func Look(at time.Time, who, as string, did registrar.Did, kinds []registrar.Kind, reason string) ask.Line {
	var what ask.Line
	if did == registrar.DidRead {
		what = say("looks.read", "What", kindsSaid(kinds))
	} else {
		what = say("looks.did." + string(did))
	}
	by := say("looks.somebody", "Name", who)
	if as != "" {
		by = say("looks.as", "Name", who, "Role", say("looks.role."+as))
	}
	if reason != "" {
		return say("looks.item-reason", "Time", at, "Who", by, "What", what, "Reason", reason)
	}
	return say("looks.item", "Time", at, "Who", by, "What", what)
}

func kindsSaid(kinds []registrar.Kind) ask.Line {
	word := say("looks.rest")
	if k := kinds[len(kinds)-1]; registrar.Personal(k) {
		word = say("looks.kind." + string(k))
	}
	if len(kinds) == 1 {
		return word
	}
	return say("looks.and", "First", kindsSaid(kinds[:len(kinds)-1]), "Second", word)
}

// LookUnknown stands for an account of which the record does not say whose it is any more.
func LookUnknown() ask.Line { return say("looks.unknown") }

func debtReason(reason string) ask.Line {
	switch reason {
	case registrar.ForBarred, registrar.ForFX, registrar.ForF, registrar.ForNoShow, registrar.ForDifference:
		return say("advise.reason." + reason)
	}
	return say("advise.reason.unsaid")
}
