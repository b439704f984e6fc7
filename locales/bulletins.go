package locales

import (
	"time"

	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/notices"
)

// What an office tells many, and what became of it.

// ReportWho is the button that leads to whom an import was told to.
func ReportWho() ask.Line { return say("report.who") }

// ReportList and ReportNone stand above the last plans.
func ReportList() ask.Line { return say("report.list") }
func ReportNone() ask.Line { return say("report.none") }

// ReportItem is the button of one of them.
func ReportItem(at time.Time, what string) ask.Line {
	return say("report.plan", "Date", ask.Day(at), "What", what)
}

// ReportImport, ReportJob and ReportBulletin are what a plan tells of.
func ReportImport(kind, file string, undone bool) ask.Line {
	if undone {
		return say("report.of.undo", "Kind", ImportKind(kind), "File", file)
	}
	return say("report.of.import", "Kind", ImportKind(kind), "File", file)
}
func ReportJob(t notices.Topic) ask.Line { return say("report.of.job", "Topic", NewsTopic(t)) }

// ReportHead says of what a report is.
func ReportHead(what ask.Line, at time.Time) ask.Line {
	return say("report.head", "What", what, "Time", at)
}

// ReportPersons says whom something concerns, and how many of them have no account.
func ReportPersons(persons, alone int) ask.Line {
	if alone == 0 {
		return say("report.all", "N", persons)
	}
	return say("report.persons", "N", persons, "Alone", alone)
}

// ReportGoes says that not all are counted yet.
func ReportGoes() ask.Line { return say("report.goes") }

// ReportStateName is what has become of news.
func ReportStateName(s notices.State) ask.Line { return say("report.state." + string(s)) }

// ReportState is of how many.
func ReportState(s notices.State, n int) ask.Line {
	return say("report.count.item", "State", ReportStateName(s), "N", n)
}

// ReportUnreachable is how many of those that wait have a reader who cannot be reached.
func ReportUnreachable(n int) ask.Line { return say("report.unreachable.item", "N", n) }

// ReportAway is that of one.
func ReportAway() ask.Line { return say("report.away") }

// ReportWhy is why some could not be sent.
func ReportWhy(why string, n int) ask.Line { return say("report.why.item", "Reason", why, "N", n) }

// ReportAgain and ReportTable are the buttons under a report.
func ReportAgain() ask.Line { return say("report.again") }
func ReportTable() ask.Line { return say("report.table") }

// ReportFile is the name of the table.
func ReportFile(what ask.Line) ask.Line { return say("report.file", "What", what) }

// ReportTab and ReportColumn stand in the table.
func ReportTab(tab string) ask.Line     { return say("report.tab." + tab) }
func ReportColumn(name string) ask.Line { return say("report.column." + name) }
