package locales

import (
	"time"

	"alt.edu.kz/dauys/flows/ask"
)

// What staff are told of the record, and what should be there and is not.

// StaffAdvised stands above how the groups of an advisor are, StaffAdvisedHint below.
func StaffAdvised() ask.Line { return say("news.staff.advised") }

// StaffAdvisedHint says where the names are.
func StaffAdvisedHint() ask.Line { return say("news.staff.advised-hint") }

// StaffLoad stands above what somebody teaches, when it has changed.
func StaffLoad() ask.Line { return say("news.staff.load") }

// StaffLoadNone says that it is nothing any more.
func StaffLoadNone(span ask.Line) ask.Line { return say("news.staff.load-none", "Span", span) }

// StaffLoadHint says whom to ask when it is wrong.
func StaffLoadHint() ask.Line { return say("news.staff.load-hint") }

// StaffSheets stands above the open sheets of a teacher: one is new, its day comes, or is over.
func StaffSheets(why string) ask.Line { return say("news.staff.sheets." + why) }

// StaffHeld stands above the exams that somebody holds, when they have changed.
func StaffHeld() ask.Line { return say("news.staff.held") }

// StaffHeldNone says that there are none.
func StaffHeldNone() ask.Line { return say("news.staff.held-none") }

// StaffWords are words that were made before: how a session goes, or a list whose lines stand close.
func StaffWords(words ask.Markup) ask.Line { return say("news.staff.words", "Words", words) }

// WatchHead stands above what is not in the record.
func WatchHead(at time.Time) ask.Line { return say("watch.head", "Time", at) }

// WatchLate stands above what should have come, WatchSoon above what should come in the next days.
func WatchLate() ask.Line { return say("watch.late") }

// WatchSoon stands above what should come in the next days.
func WatchSoon() ask.Line { return say("watch.soon") }

// WatchLack is one such thing: all of it is missing, or that of some groups, programmes or sheets.
func WatchLack(what string, span ask.Line, by ask.Day, names string, n, of int) ask.Line {
	called := say("watch.what." + what)
	switch {
	case names == "":
		return say("watch.none.item", "What", called, "Span", span, "By", by)
	case what == "sheets":
		return say("watch.sheets.item", "What", called, "Span", span, "By", by, "N", n, "Names", names)
	}
	return say("watch.some.item", "What", called, "Span", span, "By", by, "N", n, "Of", of, "Names", names)
}

// WatchFiles stands above what is wrong with the files that bring the record.
func WatchFiles() ask.Line { return say("watch.files") }

// WatchFeed says that no file of a kind has come for long.
func WatchFeed(kind string, last ask.Day, days int) ask.Line {
	return say("watch.feed.item", "Kind", say("import.kind."+kind), "Date", last, "Days", days)
}

// WatchSilent says that no file has come by itself for long.
func WatchSilent(last ask.Day) ask.Line { return say("watch.silent.item", "Date", last) }

// WatchFlawed says that the last file of a kind has mistakes.
func WatchFlawed(kind, file string, came ask.Day) ask.Line {
	return say("watch.flawed.item", "Kind", say("import.kind."+kind), "File", file, "Date", came)
}

// WatchWaits says that it waits for somebody to publish it.
func WatchWaits(kind, file string, came ask.Day) ask.Line {
	return say("watch.waits.item", "Kind", say("import.kind."+kind), "File", file, "Date", came)
}

// AwaitedBy tells a student until when something comes.
func AwaitedBy(by ask.Day) ask.Line { return say("watch.by", "Date", by) }

// AwaitedLate tells that it should have come.
func AwaitedLate(by ask.Day) ask.Line { return say("watch.overdue", "Date", by) }

// AwaitedOf is the same of something that has a name.
func AwaitedOf(what string, span ask.Line, by ask.Day, late bool) ask.Line {
	called := say("watch.what." + what)
	if late {
		return say("watch.of-overdue", "What", called, "Span", span, "Date", by)
	}
	return say("watch.of-by", "What", called, "Span", span, "Date", by)
}
