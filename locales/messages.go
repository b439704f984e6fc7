package locales

import (
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
)

// say makes a line of a key and of names and values in turn. Every message that does not
// follow from a flow is a function here, and only here keys are written.
func say(key string, gaps ...any) ask.Line {
	l := ask.Line{Key: key}
	for i := 0; i+1 < len(gaps); i += 2 {
		if l.Args == nil {
			l.Args = ask.Args{}
		}
		l.Args[gaps[i].(string)] = gaps[i+1]
	}
	return l
}

func office(id dauys.OfficeID) ask.Name { return ask.Name{List: "office", ID: string(id)} }

// The beginning, the menu, help.

// LanguageAsk asks to choose a language, in that language.
func LanguageAsk() ask.Line { return say("language.ask") }

// LanguageName is the name of the language in itself.
func LanguageName() ask.Line { return say("language.name") }

// LanguageOf is the name of a language as the reader calls it.
func LanguageOf(l dauys.Lang) ask.Line { return say("language.of." + string(l)) }

// LanguageSet says that the language has changed.
func LanguageSet() ask.Line { return say("language.set") }

// Hello greets and says what the bot is for.
func Hello() ask.Line { return say("hello") }

// Menu stands above the buttons of the main menu.
func Menu() ask.Line { return say("menu.ask") }

// MenuButton is a button of the main menu, or one that leads back to it.
func MenuButton(what string) ask.Line { return say("menu." + what) }

// Command describes a command in the messenger's list.
func Command(name string) ask.Line { return say("command." + name) }

// Help says what one can do.
func Help() ask.Line { return say("help") }

// Privacy says what becomes of personal data.
func Privacy() ask.Line { return say("privacy") }

// About describes the bot in the messenger before Start is pressed.
func About() ask.Line { return say("about") }

// Unfinished asks what should become of the open conversation.
func Unfinished(flow string) ask.Line {
	return say("unfinished", "What", ask.Line{Key: flow + ".title"})
}

// NothingToCancel answers a cancel without a conversation.
func NothingToCancel() ask.Line { return say("cancel.nothing") }

// UnknownCommand answers a command that does not exist.
func UnknownCommand() ask.Line { return say("unknown.command") }

// NotUnderstood answers a message outside of any conversation.
func NotUnderstood() ask.Line { return say("unknown.text") }

// OldButton answers a button of long ago.
func OldButton() ask.Line { return say("unknown.button") }

// Delayed says that what was sent is kept but cannot be answered at this moment.
func Delayed() ask.Line { return say("delayed") }

// Broken says that something went wrong with what was just sent.
func Broken() ask.Line { return say("broken") }

// Conversations.

// FormEdited says that a change of a sent message was not taken.
func FormEdited() ask.Line { return say("form.edited") }

// FormChanged says that the questions are others now.
func FormChanged() ask.Line { return say("form.changed") }

// FormExpired says that a draft was kept too long.
func FormExpired() ask.Line { return say("form.expired") }

// FormLost says that the store of dialogues has forgotten where somebody was.
func FormLost() ask.Line { return say("form.lost") }

// FormKept shows back what was written.
func FormKept(text string) ask.Line { return say("form.kept", "Text", text) }

// BackToForm says that a conversation that waited goes on.
func BackToForm() ask.Line { return say("form.back") }

// Way tells who gets the request first and by when there is an answer to it.
func Way(first dauys.Rung, due time.Time) ask.Line {
	return say("way.first", "Office", office(first.Office), "Count", first.Days, "Date", ask.Day(due))
}

// WayHigher tells an office that gets it when it is beyond the authority of those before.
func WayHigher(r dauys.Rung) ask.Line { return say("way.item", "Office", office(r.Office)) }

// NoOffice says that no office can receive the request.
func NoOffice() ask.Line { return say("way.none") }

// Filed is said at once, where Send was.
func Filed(number string) ask.Line { return say("filed", "Number", number) }

// SentBefore answers a draft that is registered with other content.
func SentBefore() ask.Line { return say("filed-before") }

// A case as its applicant sees it.

// Receipt proves the registration: number, times, office, how to go on.
func Receipt(c *dauys.Case) []ask.Line {
	lines := []ask.Line{say("receipt.head", "Number", c.Number, "Date", c.Filed, "Office", office(c.Ladder[0].Office))}
	if c.Registered.After(c.Filed) {
		lines = append(lines, say("receipt.later", "Date", ask.Day(c.Registered)))
	}
	return append(lines, say("receipt.due", "Date", ask.Day(c.Due)), say("receipt.foot"))
}

// NoCases says that the person has asked nothing yet.
func NoCases() ask.Line { return say("cases.none") }

// CasesHead stands above the list of cases.
func CasesHead(n int) ask.Line { return say("cases.head", "Count", n) }

// CaseItem is a case in the list.
func CaseItem(c *dauys.Case) ask.Line {
	return say("cases.item", "Number", c.Number, "Kind", Kind(c.Kind), "Status", Status(c))
}

// CaseButton opens a case.
func CaseButton(c *dauys.Case) ask.Line {
	return say("cases.button", "Number", c.Number, "Status", Status(c))
}

// OpenCase opens the case that a notice is about.
func OpenCase() ask.Line { return say("cases.open") }

// NoSuchCase says that there is no case with this number for the person who asks.
func NoSuchCase() ask.Line { return say("cases.unknown") }

// CaseView is a case with its status, its office and its due date.
func CaseView(c *dauys.Case) []ask.Line {
	lines := []ask.Line{
		say("case.head", "Number", c.Number, "Kind", Kind(c.Kind), "Date", c.Filed),
		say("case.status.line", "Status", Status(c)),
	}
	if !c.Status.Final() {
		lines = append(lines, say("case.with", "Office", office(c.Office()), "Date", ask.Day(c.Due)))
	}
	return append(lines, say("case.text", "Text", Shorten(c.Text, 700)))
}

// CaseAnswer stands above the answer in the view of a case.
func CaseAnswer() ask.Line { return say("case.answer") }

// CaseAct is a button of the applicant's under their case.
func CaseAct(a dauys.Act) ask.Line { return say("case.act." + string(a)) }

// Kind is the kind of a request.
func Kind(k dauys.Kind) ask.Line { return say("kind." + string(k)) }

// Status is the status of a case; of one that is closed, what was decided.
func Status(c *dauys.Case) ask.Line {
	if c.Status == dauys.Closed {
		return say("outcome." + string(c.Outcome))
	}
	return say("status." + string(c.Status))
}

// TooLate says that a case cannot be changed any more.
func TooLate(s dauys.Status) ask.Line { return say("case.late", "Status", say("status."+string(s))) }

// Added says that details are in the case.
func Added(number string) ask.Line { return say("case.added", "Number", number) }

// WithdrawnNow says that the case was taken back.
func WithdrawnNow(number string) ask.Line { return say("case.withdrawn", "Number", number) }

// ToldTaken tells the applicant who works on their case.
func ToldTaken(number string, o dauys.OfficeID) ask.Line {
	return say("told.take", "Number", number, "Office", office(o))
}

// ToldEscalated tells the applicant who has their case now.
func ToldEscalated(number string, to dauys.OfficeID, due time.Time) ask.Line {
	return say("told.escalate", "Number", number, "Office", office(to), "Date", ask.Day(due))
}

// ToldAnswered stands above the answer.
func ToldAnswered(number string, o dauys.OfficeID) ask.Line {
	return say("told.answer", "Number", number, "Office", office(o))
}

// AnswerText is an answer: what was decided, and why.
func AnswerText(o dauys.Outcome, words string) ask.Line {
	return say("answer", "Outcome", say("outcome."+string(o)), "Text", words)
}

// A case as an office sees it.

// Card is a case in the chat of an office.
func Card(c *dauys.Case, at dauys.OfficeID, text string) []ask.Line {
	identity := "card.unconfirmed"
	if c.Applicant.Confirmed {
		identity = "card.confirmed"
	}
	lines := []ask.Line{
		say("card.head", "Number", c.Number, "Kind", Kind(c.Kind), "Status", Status(c)),
		say("card.who", "Name", c.Applicant.Name, "Standing", say("standing."+string(c.Applicant.Standing)), "Identity", say(identity),
			"Institute", ask.Name{List: "institute", ID: c.Institute}, "Topic", say("topic."+c.Topic), "Language", LanguageOf(c.Applicant.Lang)),
	}
	if c.Office() == at && !c.Status.Final() {
		lines = append(lines, say("card.due", "Filed", c.Filed, "Here", c.RungDue, "Date", c.Due))
	}
	switch {
	case c.Office() != at:
		lines = append(lines, say("card.elsewhere", "Office", office(c.Office())))
	case c.HolderName != "":
		lines = append(lines, say("card.holder", "Name", c.HolderName))
	}
	lines = append(lines, say("card.text", "Text", text))
	if n := len(c.Files); n > 0 {
		lines = append(lines, say("card.files", "Count", n))
	}
	return lines
}

// CardReason says why a lower office passed the case on.
func CardReason(from dauys.OfficeID, reason string) ask.Line {
	return say("card.reason", "Office", office(from), "Text", reason)
}

// CardAnswer is the answer on the card.
func CardAnswer(o dauys.Outcome, words string) ask.Line {
	return say("card.answer", "Outcome", say("outcome."+string(o)), "Text", words)
}

// CardButton is a button under a card.
func CardButton(a dauys.Act) ask.Line { return say("card.act." + string(a)) }

// WholeText is the text of a case that is too long for its card.
func WholeText(number, text string) ask.Line {
	return say("papers.text", "Number", number, "Text", text)
}

// FileOf stands under a file of a case.
func FileOf(number, caption string) ask.Line {
	if caption == "" {
		return say("papers.file", "Number", number)
	}
	return say("papers.file-with", "Number", number, "Text", caption)
}

// PassedAdded passes on what an applicant added.
func PassedAdded(number, text string) ask.Line {
	return say("passed.add", "Number", number, "Text", text)
}

// PassedWithdrawn tells an office that the applicant has taken the case back.
func PassedWithdrawn(number, reason string) ask.Line {
	if reason == "" {
		return say("passed.withdraw", "Number", number)
	}
	return say("passed.withdraw-why", "Number", number, "Text", reason)
}

// PassedUndelivered tells an office that its answer did not reach the applicant.
func PassedUndelivered(number string) ask.Line { return say("passed.undeliverable", "Number", number) }

// Acts of staff.

// DoneToast confirms an act at its button.
func DoneToast(a dauys.Act) ask.Line { return say("toast." + string(a)) }

// NotAllowed says why an act is not possible now.
func NotAllowed(e *dauys.NotAllowedError) ask.Line {
	switch {
	case e.Top:
		return say("refused.top")
	case e.Holder != "":
		return say("refused.holder", "Name", e.Holder)
	}
	return say("refused.status", "Status", say("status."+string(e.Status)))
}

// NotStaff says that one may not act for the office.
func NotStaff() ask.Line { return say("refused.staff") }

// NotYours says that somebody else has begun this.
func NotYours() ask.Line { return say("refused.colleague") }

// StaysHere tells who replied to a colleague's question that their words went nowhere.
func StaysHere() ask.Line { return say("prompt.stays") }

// PromptHead says what is being written.
func PromptHead(a dauys.Act, number string) ask.Line {
	return say("prompt."+string(a), "Number", number)
}

// AnswerHere asks one person to write as a reply.
func AnswerHere(address, name string) ask.Line {
	return say("prompt.here", "Address", address, "Name", name)
}

// AnswerField is the hint in the field for the reply.
func AnswerField() ask.Line { return say("prompt.field") }

// PromptLeft says that nothing was sent.
func PromptLeft(number string) ask.Line { return say("prompt.left", "Number", number) }

// PromptDone says that it was.
func PromptDone(a dauys.Act, number string) ask.Line {
	return say("prompt.done."+string(a), "Number", number)
}

// Preview shows what the applicant will get, in the language in which they will get it.
func Preview(l dauys.Lang, text ask.Markup) ask.Line {
	return say("prompt.preview", "Language", LanguageOf(l), "Text", text)
}

// Administration.

// OfficesHead stands above the list of offices.
func OfficesHead() ask.Line { return say("admin.offices") }

// OfficeItem is one office and whether it has a chat.
func OfficeItem(id dauys.OfficeID, bound bool) ask.Line {
	key := "admin.without.item"
	if bound {
		key = "admin.with.item"
	}
	return say(key, "ID", string(id), "Office", office(id))
}

// BindWhich asks which office a chat is for.
func BindWhich() ask.Line { return say("admin.which") }

// BindCode hands out a one-time code.
func BindCode(id dauys.OfficeID, code string, minutes int) ask.Line {
	return say("admin.code", "Office", office(id), "Code", code, "Count", minutes)
}

// BadCode refuses a code.
func BadCode() ask.Line { return say("admin.badcode") }

// Bound says that the chat belongs to an office now.
func Bound(id dauys.OfficeID) ask.Line { return say("admin.bound", "Office", office(id)) }

// Invited tells an administrator how a chat becomes an office's.
func Invited() ask.Line { return say("admin.invited") }

// LeftGroup tells who took the bot into a group why it did not stay.
func LeftGroup(title string) ask.Line { return say("admin.left-group", "Title", title) }

// OfficeLost tells an administrator that an office has no chat any more.
func OfficeLost(id dauys.OfficeID) ask.Line {
	return say("admin.lost", "ID", string(id), "Office", office(id))
}

// ShowYourself asks somebody who writes behind a mask to take it off.
func ShowYourself() ask.Line { return say("admin.show-yourself") }
