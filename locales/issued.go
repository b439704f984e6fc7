package locales

import (
	"slices"
	"strings"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/registrar"
)

// Papers of the registrar: what a student asks for, what the office does with it, what stands on them.

// PaperMenu is what a student can have.
func PaperMenu(name, number string) ask.Line {
	return say("issued.menu", "Name", name, "Number", number)
}

// PaperAct is a button about papers.
func PaperAct(act string) ask.Line { return say("issued.act." + act) }

// PaperIn asks in which language a paper should be.
func PaperIn(official bool) ask.Line {
	if official {
		return say("issued.in.official")
	}
	return say("issued.in.own")
}

// PaperUnlinked says that nobody knows which student it is.
func PaperUnlinked() ask.Line { return say("issued.unlinked") }

// PaperEmpty says that there are no marks yet.
func PaperEmpty() ask.Line { return say("issued.empty") }

// PaperSelf stands below a copy that is not official.
func PaperSelf() ask.Line { return say("issued.self") }

// PaperAsked says that the office has got the request.
func PaperAsked(o dauys.OfficeID) ask.Line { return say("issued.asked", "Office", office(o)) }

// PaperAlready says that such a paper is being made.
func PaperAlready(at time.Time) ask.Line { return say("issued.already", "Date", ask.Day(at)) }

// PaperNowhere says that nobody gives out papers here.
func PaperNowhere() ask.Line { return say("issued.nowhere") }

// PaperNoAccount says to the office that there is nowhere to send a paper.
func PaperNoAccount() ask.Line { return say("issued.no-account") }

// PaperList stands above the papers that a student has asked for.
func PaperList() ask.Line { return say("issued.list") }

// PaperItem is one of them.
func PaperItem(p registrar.Paper) ask.Line {
	state := say("issued.state." + string(p.State))
	if p.Number == "" {
		return say("issued.unnumbered.item", "Date", ask.Day(p.Asked), "State", state)
	}
	return say("issued.numbered.item", "Number", p.Number, "Date", ask.Day(p.Asked), "State", state)
}

// PaperSent stands below an official paper, and says where the one with a stamp is.
func PaperSent(p registrar.Paper, o dauys.OfficeID) ask.Line {
	return say("issued.sent", "Number", p.Number, "Office", office(o))
}

// PaperDenied tells the student that there will be no paper.
func PaperDenied(p registrar.Paper) ask.Line {
	return say("issued.denied", "Date", ask.Day(p.Asked), "Reason", p.Reason)
}

// PaperCollect tells the student that the paper lies ready.
func PaperCollect(p registrar.Paper, o dauys.OfficeID) ask.Line {
	return say("issued.collect", "Number", p.Number, "Office", office(o))
}

// PaperVoid tells the student that a paper holds no more.
func PaperVoid(p registrar.Paper) ask.Line {
	return say("issued.void", "Number", p.Number, "Reason", p.Reason)
}

// PaperCard is a paper as the office sees it.
func PaperCard(p registrar.Paper, group string) []ask.Line {
	lines := []ask.Line{say("issued.card", "Name", p.Name, "Student", p.Student, "Group", group, "Programme", p.Shown, "Language", LanguageOf(p.Lang), "Date", p.Asked)}
	if p.State == registrar.PaperAsked {
		return append(lines, say("issued.waits"))
	}
	if p.Number != "" {
		lines = append(lines, say("issued.number", "Number", p.Number))
	}
	lines = append(lines, say("issued.done", "State", say("issued.state."+string(p.State)), "Name", p.By, "Date", p.Done))
	if p.Reason != "" {
		lines = append(lines, say("issued.reason", "Reason", p.Reason))
	}
	return lines
}

// PaperMoved says that somebody was faster.
func PaperMoved() ask.Line { return say("issued.moved") }

// PaperNoRecord says that the record has nothing to print.
func PaperNoRecord() ask.Line { return say("issued.no-record") }

// PaperToast says that it is done.
func PaperToast() ask.Line { return say("issued.toast") }

// PaperHow says how a paper is found.
func PaperHow() ask.Line { return say("issued.how") }

// PaperNone says that no paper has a number.
func PaperNone(number string) ask.Line { return say("issued.none", "Number", number) }

// PaperHead says that a reason is being written.
func PaperHead(revokes bool) ask.Line {
	if revokes {
		return say("issued.head.revoke")
	}
	return say("issued.head.no")
}

// PaperLeft says that nothing has changed.
func PaperLeft() ask.Line { return say("issued.left") }

// PaperReasoned says that the reason has gone to the student.
func PaperReasoned() ask.Line { return say("issued.reasoned") }

// What stands on a transcript.

// OnPaper is a word on it.
func OnPaper(word string) ask.Line { return say("issued.pdf." + word) }

// PaperDay is a day as it stands on it.
func PaperDay(day time.Time) ask.Line { return say("issued.day", "Date", ask.Day(day)) }

// semesterWord is how the texts tell semesters apart: the third is in summer.
func semesterWord(semester int) string {
	switch {
	case semester > 2:
		return "summer"
	case semester == 2:
		return "second"
	}
	return "first"
}

// PaperTerm names a semester of an academic year.
func PaperTerm(year string, semester int) ask.Line {
	return say("issued.term."+semesterWord(semester), "Year", year)
}

// PaperTermSum is what a semester comes to.
func PaperTermSum(gpa, credits ask.Decimal) ask.Line {
	return say("issued.term-sum", "Average", gpa, "Credits", credits)
}

// PaperGrade is how a grade is called.
func PaperGrade(g dauys.Traditional) ask.Line { return say("issued.grade." + string(g)) }

// studied are how a registrar may write how somebody studies.
var studied = map[string][]string{
	"full":       {"күндізгі", "очная", "очное", "full-time", "full time"},
	"extramural": {"сырттай", "заочная", "заочное", "part-time", "extramural"},
	"evening":    {"кешкі", "вечерняя", "вечернее", "evening"},
	"distance":   {"қашықтан", "дистанционная", "дистанционное", "distance", "online"},
}

// PaperForm is how somebody studies, where the registrar has written it in a way that is known.
func PaperForm(written string) (form ask.Line, known bool) {
	for form, ways := range studied {
		if slices.Contains(ways, strings.ToLower(strings.TrimSpace(written))) {
			return say("issued.form." + form), true
		}
	}
	return ask.Line{}, false
}

// PaperPage is the number of a page.
func PaperPage(page, pages int) ask.Line { return say("issued.page", "Page", page, "Pages", pages) }

// PaperFile is the name of the file.
func PaperFile(number string) ask.Line {
	if number == "" {
		return say("issued.file.own")
	}
	return say("issued.file.official", "Number", number)
}

// Pictures of marks.

// GPAChart is their title, and the name of the file.
func GPAChart() ask.Line { return say("issued.chart.gpa") }

// GPAStep is a semester below a curve.
func GPAStep(semester int) ask.Line { return say("issued.step." + semesterWord(semester)) }

// GPALeast is what a line across a curve means.
func GPALeast(least ask.Decimal) ask.Line { return say("issued.chart.least", "Average", least) }

// GPANow stands below it.
func GPANow(gpa, credits ask.Decimal) ask.Line {
	return say("issued.chart.now", "Average", gpa, "Credits", credits)
}

// MarksWhich asks of which discipline somebody wants to see the marks.
func MarksWhich() ask.Line { return say("issued.chart.which") }

// MarkOf names a kind of mark.
func MarkOf(control string) ask.Line { return say("issued.mark." + control) }

// MarkNone says that it is not given yet.
func MarkNone() ask.Line { return say("issued.chart.none") }

// MarksCaption stands below a picture of marks.
func MarksCaption() ask.Line { return say("issued.chart.caption") }
