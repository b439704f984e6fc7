package locales

import (
	"time"

	"alt.edu.kz/dauys/flows/ask"
)

// Whose account is linked with whom of the record of studies, and the codes for that.

// CodeShape says what a code looks like.
func CodeShape() ask.Line { return say("identity.shape") }

// CodeWrong says that a number and a code do not belong together, whichever of them is wrong.
func CodeWrong() ask.Line { return say("identity.wrong") }

// CodeSlowed says when one may try again.
func CodeSlowed(until time.Time) ask.Line { return say("identity.slowed", "Time", until) }

// IdentityDone says whose record an account opens from now on.
func IdentityDone(name string) ask.Line { return say("identity.done", "Name", name) }

// IdentityPending says that another account has to confirm it first.
func IdentityPending(name string) ask.Line { return say("identity.pending", "Name", name) }

// IdentityWas says which number the account opened before.
func IdentityWas(number string) ask.Line { return say("identity.was", "Number", number) }

// IdentityAsked asks the first account of somebody about another one.
func IdentityAsked() ask.Line { return say("identity.asked") }

// IdentityTold tells it of another one.
func IdentityTold() ask.Line { return say("identity.told") }

// IdentityTried tells it of a wrong code.
func IdentityTried() ask.Line { return say("identity.tried") }

// IdentityYes and IdentityNo are its answers.
func IdentityYes() ask.Line { return say("identity.yes") }

// IdentityNo is the other one.
func IdentityNo() ask.Line { return say("identity.no") }

// IdentityConfirmed tells who has confirmed an account.
func IdentityConfirmed() ask.Line { return say("identity.confirmed") }

// IdentityOpened tells the account that was confirmed.
func IdentityOpened() ask.Line { return say("identity.opened") }

// IdentityRefused tells who has not recognised it.
func IdentityRefused() ask.Line { return say("identity.refused") }

// IdentityStranger tells the registrar of that.
func IdentityStranger(number string) ask.Line { return say("identity.stranger", "Number", number) }

// IdentityEnded tells an account that it opens a record no more.
func IdentityEnded(number string) ask.Line { return say("identity.ended", "Number", number) }

// IdentitySure asks before that.
func IdentitySure() ask.Line { return say("identity.sure") }

// IdentityNone says that an account opens no record.
func IdentityNone() ask.Line { return say("identity.none") }

// IdentityStale says that a new semester needs a new code.
func IdentityStale() ask.Line { return say("identity.stale") }

// IdentityWaits says that the account is not confirmed yet.
func IdentityWaits() ask.Line { return say("identity.waits") }

// IdentityStudent says which student an account is.
func IdentityStudent(name, number string) ask.Line {
	return say("identity.student", "Name", name, "Number", number)
}

// IdentityEmployee says which employee it is.
func IdentityEmployee(name, number string) ask.Line {
	return say("identity.employee", "Name", name, "Number", number)
}

// IdentityGroup says in which group somebody studies.
func IdentityGroup(group string) ask.Line { return say("identity.group", "Group", group) }

// IdentityAdvises says whose advisor somebody is.
func IdentityAdvises(groups string) ask.Line { return say("identity.advises", "Groups", groups) }

// IdentityEnter is the button with which a code is entered.
func IdentityEnter() ask.Line { return say("identity.enter") }

// IdentityLeave is the button that unlinks the account.
func IdentityLeave() ask.Line { return say("identity.leave") }

// CodeHow says how codes are made.
func CodeHow() ask.Line { return say("identity.code-how") }

// CodeMade shows a code to who hands it out.
func CodeMade(name, number, code string, until time.Time, link string) ask.Line {
	return say("identity.code", "Name", name, "Number", number, "Code", code, "Time", until, "Link", link)
}

// CodeLetter is the button for one that is good for longer.
func CodeLetter() ask.Line { return say("identity.letter") }

// CodeSent says that it is in the private chat of who has asked.
func CodeSent() ask.Line { return say("identity.sent") }

// CodeStart says that the bot cannot write there yet.
func CodeStart() ask.Line { return say("identity.start") }

// CodeNobody says that there is no such number, or, to an advisor, none in the own groups.
func CodeNobody(number string, advisor bool) ask.Line {
	if advisor {
		return say("identity.not-own", "Number", number)
	}
	return say("identity.nobody", "Number", number)
}

// CodesNobody says the same of a group.
func CodesNobody(group string, advisor bool) ask.Line {
	if advisor {
		return say("identity.not-own-group", "Group", group)
	}
	return say("identity.no-group", "Group", group)
}

// CodesCaption stands under the file with the codes of a group.
func CodesCaption(group string, n int, until time.Time) ask.Line {
	return say("identity.codes", "Group", group, "N", n, "Time", until)
}

// CodesFile is the name of that file, and of its sheet.
func CodesFile(group string) ask.Line { return say("identity.codes-file", "Group", group) }

// CodesColumn is the head of a column there.
func CodesColumn(name string) ask.Line { return say("identity.column." + name) }

// IdentityLost says how many accounts of somebody were unlinked.
func IdentityLost(number string, n int) ask.Line {
	return say("identity.lost", "Number", number, "N", n)
}

// TriesHead stands above the numbers with which wrong codes were entered.
func TriesHead(from time.Time) ask.Line { return say("identity.tries", "Time", from) }

// TriesItem is one of them.
func TriesItem(number string, n, accounts int) ask.Line {
	return say("identity.tried-with.item", "Number", number, "N", n, "Accounts", accounts)
}

// TriesUnknown is how many were entered with numbers that nobody has.
func TriesUnknown(n int) ask.Line { return say("identity.tries-none", "N", n) }
