package locales

import (
	"time"

	"alt.edu.kz/dauys"
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

// ReportBulletin is a notice of an office, of which a report is.
func ReportBulletin(o dauys.OfficeID, text string) ask.Line {
	return say("report.of.notice", "Office", office(o), "Text", text)
}

// BulletinWriting and BulletinLeft say that a notice for many is being written, and that nothing was kept.
func BulletinWriting() ask.Line { return say("bulletin.writing") }
func BulletinLeft() ask.Line    { return say("bulletin.left") }

// BulletinEmpty and BulletinPast say what is wrong with one.
func BulletinEmpty() ask.Line { return say("bulletin.empty") }
func BulletinPast() ask.Line  { return say("bulletin.past") }

// BulletinMoved, BulletinOwn, BulletinDayUsed, BulletinAlone and BulletinNobody say why something is not done
// with one, or who has to do it.
func BulletinMoved() ask.Line   { return say("bulletin.moved") }
func BulletinOwn() ask.Line     { return say("bulletin.own") }
func BulletinDayUsed() ask.Line { return say("bulletin.day-used") }
func BulletinAlone() ask.Line   { return say("bulletin.alone") }
func BulletinNobody() ask.Line  { return say("bulletin.nobody") }

// BulletinHead stands above one.
func BulletinHead(o dauys.OfficeID) ask.Line { return say("bulletin.head", "Office", office(o)) }

// BulletinAct is a button under one.
func BulletinAct(act string) ask.Line { return say("bulletin.act." + act) }

// BulletinLacks says that nothing is written in a language.
func BulletinLacks(l dauys.Lang) ask.Line { return say("bulletin.lacks." + string(l)) }

// BulletinWhom, BulletinAll, BulletinTrait and BulletinReach say for whom it is.
func BulletinWhom() ask.Line { return say("bulletin.whom.item") }
func BulletinAll() ask.Line  { return say("bulletin.all.item") }
func BulletinTrait(t notices.Trait, values string) ask.Line {
	return say("bulletin.trait.item", "Trait", BulletinTraitName(t), "Values", values)
}
func BulletinReach(persons, alone int) ask.Line {
	if alone == 0 {
		return say("bulletin.reach.item", "N", persons)
	}
	return say("bulletin.reach-some.item", "N", persons, "Alone", alone)
}

// BulletinTraitName is a column of the roster, on a button.
func BulletinTraitName(t notices.Trait) ask.Line { return say("bulletin.of." + string(t)) }

// BulletinYear is a year of study.
func BulletinYear(n string) ask.Line { return say("bulletin.year", "N", n) }

// BulletinPick asks for its values.
func BulletinPick(t notices.Trait) ask.Line {
	return say("bulletin.pick", "Trait", BulletinTraitName(t))
}

// BulletinFrom, BulletinSoon and BulletinUrgent say when it is sent.
func BulletinFrom(at time.Time) ask.Line { return say("bulletin.from", "Time", at) }
func BulletinSoon() ask.Line             { return say("bulletin.soon") }
func BulletinUrgent() ask.Line           { return say("bulletin.is-urgent") }

// BulletinNews is what its readers read.
func BulletinNews(o dauys.OfficeID, text string) ask.Line {
	return say("bulletin.news", "Office", office(o), "Text", text)
}

// BulletinOther says that it is written in another language than theirs, BulletinWhy why it comes at any hour.
func BulletinOther(in dauys.Lang) ask.Line { return say("bulletin.other." + string(in)) }
func BulletinWhy() ask.Line                { return say("bulletin.why") }

// BulletinPreview shows it as readers of a language get it.
func BulletinPreview(l dauys.Lang, text ask.Markup) ask.Line {
	return say("bulletin.preview."+string(l), "Text", text)
}

// BulletinTrial stands above a trial, BulletinTried says how many have got one.
func BulletinTrial() ask.Line      { return say("bulletin.trial") }
func BulletinTried(n int) ask.Line { return say("bulletin.tried", "N", n) }

// BulletinDropped says that one was given up.
func BulletinDropped() ask.Line { return say("bulletin.dropped") }

// BulletinAsks puts one before a second person.
func BulletinAsks(o dauys.OfficeID, name string) ask.Line {
	return say("bulletin.asks", "Office", office(o), "Name", name)
}

// BulletinReturned says who has given it back.
func BulletinReturned(name string) ask.Line { return say("bulletin.returned", "Name", name) }

// BulletinBegins is how it begins, BulletinHands whose it is.
func BulletinBegins(text string) ask.Line { return say("bulletin.begins", "Text", text) }
func BulletinHands(by, yes string) ask.Line {
	return say("bulletin.hands", "Name", by, "By", yes)
}

// BulletinWaits, BulletinOver, BulletinStopped and BulletinStoppedBy say how it goes.
func BulletinWaits(at time.Time) ask.Line    { return say("bulletin.waits", "Time", at) }
func BulletinOver() ask.Line                 { return say("bulletin.over") }
func BulletinStopped() ask.Line              { return say("bulletin.stopped") }
func BulletinStoppedBy(name string) ask.Line { return say("bulletin.stopped-by", "Name", name) }

// BulletinBar is how far it is.
func BulletinBar(bar string, percent, sent, all int) ask.Line {
	return say("bulletin.bar", "Bar", bar, "Percent", percent, "N", sent, "All", all)
}
