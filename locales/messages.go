package locales

import (
	"time"
	"unicode/utf8"

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

// The procedure.

// ProcedureHead stands above the clauses of a version.
func ProcedureHead(version string) ask.Line { return say("procedure.head", "Version", version) }

// ProcedureClause is a clause among the others.
func ProcedureClause(c dauys.Clause) ask.Line {
	return say("procedure.text", "ID", c.ID, "Text", c.Texts)
}

// NoProcedure says that there are no clauses to show.
func NoProcedure() ask.Line { return say("procedure.none") }

// ProcedurePage leads to the clauses before or after those that are shown.
func ProcedurePage(first, last string, after bool) ask.Line {
	if after {
		return say("procedure.after", "First", first, "Last", last)
	}
	return say("procedure.before", "First", first, "Last", last)
}

// ProcedureWhole leads from a clause to all of them.
func ProcedureWhole() ask.Line { return say("procedure.whole") }

// Clause is one clause by itself, with its version and where it comes from.
func Clause(c dauys.Clause, version string) ask.Line {
	return say("procedure.clause", "ID", c.ID, "Version", version, "Text", c.Texts, "Source", c.Source)
}

// Cited names the clause on which something rests.
func Cited(id string) ask.Line { return say("procedure.cited", "ID", id) }

// ClauseButton shows a clause.
func ClauseButton(id string) ask.Line { return say("procedure.button", "ID", id) }

// About describes the bot in the messenger before Start is pressed.
func About() ask.Line { return say("about") }

// Unfinished asks what should become of the open conversation.
func Unfinished(draft ask.Line) ask.Line { return say("unfinished", "What", draft) }

// NothingToCancel answers a cancel without a conversation.
func NothingToCancel() ask.Line { return say("cancel.nothing") }

// UnknownCommand answers a command that does not exist.
func UnknownCommand() ask.Line { return say("unknown.command") }

// NotUnderstood answers a message outside of any conversation.
func NotUnderstood() ask.Line { return say("unknown.text") }

// DidYouMean asks which button was meant by what was typed.
func DidYouMean(labels []ask.Line) ask.Line {
	if len(labels) == 1 {
		return say("unknown.guess", "What", labels[0])
	}
	return say("unknown.guesses")
}

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
func FormExpired(draft ask.Line) ask.Line { return say("form.expired", "What", draft) }

// DraftName is how an unfinished conversation is spoken of.
func DraftName(flow string, about []string, text string, at time.Time) ask.Line {
	what := ask.Line{Key: flow + ".title"}
	switch {
	case text != "":
		return say("draft.name", "What", what, "Text", text)
	case len(about) > 0:
		return say("draft.name-of", "What", what, "Number", about[0])
	}
	return say("draft.name-at", "What", what, "Date", at)
}

// NoDrafts says that nothing is unfinished.
func NoDrafts() ask.Line { return say("draft.none") }

// DraftsHead stands above the list of drafts.
func DraftsHead() ask.Line { return say("draft.head") }

// DraftItem is a draft in the list, and how long it is kept.
func DraftItem(draft ask.Line, until time.Time) ask.Line {
	return say("draft.list.item", "What", draft, "Date", ask.Day(until))
}

// BinItem is a deleted draft in the list, and how long it can be had back.
func BinItem(draft ask.Line, until time.Time) ask.Line {
	return say("draft.bin.item", "What", draft, "Date", until)
}

// DraftsButton leads from the menu to the drafts.
func DraftsButton(n int) ask.Line { return say("draft.button", "Count", n) }

// RestoreButton gets a deleted draft back.
func RestoreButton(draft ask.Line) ask.Line { return say("draft.restore", "What", draft) }

// DraftSaved says how long a draft is kept.
func DraftSaved(until time.Time) ask.Line { return say("draft.saved", "Date", ask.Day(until)) }

// Discarded says that a draft was deleted.
func Discarded() ask.Line { return say("ask.cancelled") }

// Binned says until when a deleted draft can be had back.
func Binned(until time.Time) ask.Line { return say("draft.binned", "Date", until) }

// DraftGone says that there is no such draft any more.
func DraftGone() ask.Line { return say("draft.gone") }

// TooManyDrafts says that something has to be finished or deleted first.
func TooManyDrafts(n int) ask.Line { return say("draft.many", "Count", n) }

// Nudge reminds of an unfinished conversation after a silence.
func Nudge(draft ask.Line) ask.Line { return say("draft.nudge", "What", draft) }

// ExpiresSoon says when a draft is going to be deleted.
func ExpiresSoon(draft ask.Line, at time.Time) ask.Line {
	return say("draft.expires", "What", draft, "Date", ask.Day(at))
}

// DraftAmended says that a changed message has changed a draft that is not in focus.
func DraftAmended(draft ask.Line) ask.Line { return say("draft.amended", "What", draft) }

// Amended says that a changed message was passed on, and the original kept.
func Amended(number string) ask.Line { return say("case.amended", "Number", number) }

// FormLost says that the store of dialogues has forgotten where somebody was.
func FormLost() ask.Line { return say("form.lost") }

// FormKept shows back what was written.
func FormKept(text string) ask.Line { return say("form.kept", "Text", text) }

// BackToForm says that a conversation that waited goes on.
func BackToForm() ask.Line { return say("form.back") }

// rung is an office or a person as schemes write it.
func rung(id dauys.OfficeID) ask.Name { return ask.Name{List: "rung", ID: string(id)} }

// Way tells who gets the request first, by when there is an answer to it, and who reads it when it
// goes higher. Of what is not urgent it speaks calmly.
func Way(w dauys.Way, due time.Time) (lines []ask.Line) {
	first, rest := w.Ladder[0], w.Ladder[1:]
	switch {
	case w.Scheme.Gentle:
		lines = append(lines, say("way.gentle", "Office", office(first.Office), "Date", ask.Day(due)))
	case first.Registers && len(rest) > 0:
		lines = append(lines, say("way.registers", "Office", office(first.Office), "Next", office(rest[0].Office), "Date", ask.Day(due)))
		rest = rest[1:]
	default:
		lines = append(lines, say("way.first", "Office", office(first.Office), "Count", first.Days, "Date", ask.Day(due)))
	}
	for _, r := range rest {
		key := "way.item"
		switch {
		case w.Scheme.Gentle:
			key = "way.also.item"
		case r.Asks:
			key = "way.asks.item"
		}
		lines = append(lines, say(key, "Office", office(r.Office)))
	}
	return lines
}

// WayBegins tells who reads the request first after all.
func WayBegins(id dauys.OfficeID) ask.Line { return say("way.begins", "Office", office(id)) }

// WayWithout tells whom the request passes by, because it is about them.
func WayWithout(id dauys.OfficeID) ask.Line { return say("receipt.without.item", "Office", rung(id)) }

// WayName is a way by its name.
func WayName(scheme string) ask.Line {
	return say("way.name", "Name", ask.Name{List: "scheme", ID: scheme})
}

// Ways stands above the ways that a request can go.
func Ways() ask.Line { return say("way.choose") }

// WayItem is one of them, and by when there would be an answer.
func WayItem(scheme string, due time.Time) ask.Line {
	return say("way.choice.item", "Name", ask.Name{List: "scheme", ID: scheme}, "Date", ask.Day(due))
}

// WayChosen says which way a request goes now.
func WayChosen(scheme string) ask.Line {
	return say("way.chosen", "Name", ask.Name{List: "scheme", ID: scheme})
}

// WayDropped says that a request cannot go the way that was chosen any more.
func WayDropped() ask.Line { return say("way.dropped") }

// OneWay says that there is no other way.
func OneWay() ask.Line { return say("way.only") }

// NobodyLeft says that everybody on the way is whom the request is about, and where else to go.
func NobodyLeft() ask.Line { return say("way.nobody") }

// InWriting says that an application is written, and that nothing of what was said is lost.
func InWriting() ask.Line { return say("way.written") }

// NoOffice says that no office can receive the request.
func NoOffice() ask.Line { return say("way.none") }

// Filed is said at once, where Send was.
func Filed(number string) ask.Line { return say("filed", "Number", number) }

// SentBefore answers a draft that is registered with other content.
func SentBefore() ask.Line { return say("filed-before") }

// Words of danger.

// DangerAnswer is the first thing that is said to whoever may be in danger.
func DangerAnswer(kind string, passedOn bool) ask.Line {
	key := "danger.harm"
	switch {
	case passedOn:
		key = "danger.passed"
	case kind == "self":
		key = "danger.self"
	}
	return say(key)
}

// DangerContact is a telephone at which people help.
func DangerContact(number string) ask.Line {
	return say("danger.contact.item", "Number", number, "Name", ask.Name{List: "contact", ID: number})
}

// DangerTold says who has been told, and of what.
func DangerTold() ask.Line { return say("danger.told") }

// DangerKept says that nothing of the form is lost and that there is no hurry.
func DangerKept() ask.Line { return say("danger.kept") }

// InCase stands for a flow where words were found in a changed message of a registered case.
const InCase = "case"

// Alert tells who may be in danger, and where they wrote.
func Alert(kind, address, name string, l dauys.Lang, at time.Time, flow string) ask.Line {
	where := ask.Line{Key: flow + ".title"}
	switch flow {
	case "":
		where = say("alert.menu")
	case InCase:
		where = say("alert.case")
	}
	return say("alert.head", "Kind", say("alert.kind."+kind), "Address", address, "Name", name, "Language", LanguageOf(l), "Date", at, "Where", where)
}

// AlertWords quotes the sentence that alarmed.
func AlertWords(words string, passedOn bool) ask.Line {
	if passedOn {
		return say("alert.words-passed", "Text", words)
	}
	return say("alert.words", "Text", words)
}

// AlertFoot says what to do, and that nothing is registered.
func AlertFoot() ask.Line { return say("alert.foot") }

// AlertCall tells that somebody who may be in danger asks to be called, and where.
func AlertCall(c *dauys.Case, address string) []ask.Line {
	head := say("alert.call", "Address", address, "Name", c.Applicant.Name, "Language", LanguageOf(c.Applicant.Lang), "Number", c.Number, "Office", office(c.Office()))
	return append([]ask.Line{head}, details(c)...)
}

// AlertLate says that nobody of the office on duty has taken an alert.
func AlertLate(minutes int) ask.Line { return say("alert.late", "Count", minutes) }

// AlertButton takes an alert.
func AlertButton() ask.Line { return say("alert.button") }

// AlertYours confirms that at the button.
func AlertYours() ask.Line { return say("alert.yours") }

// AlertTaken says who has taken an alert.
func AlertTaken(by string) ask.Line { return say("alert.taken", "Name", by) }

// AlertTakenOf says the same where the alert itself does not stand.
func AlertTakenOf(address, name, by string) ask.Line {
	return say("alert.taken-of", "Address", address, "Name", name, "By", by)
}

// A case as its applicant sees it.

// Receipt proves the registration: number, times, office, how to go on.
func Receipt(c *dauys.Case) []ask.Line {
	lines := []ask.Line{say("receipt.head", "Number", c.Number, "Date", c.Filed, "Office", office(c.Ladder[0].Office))}
	if c.Registered.After(c.Filed) {
		lines = append(lines, say("receipt.later", "Date", ask.Day(c.Registered)))
	}
	lines = append(lines, leftOut(c)...)
	lines = append(lines, say("receipt.due", "Date", ask.Day(c.Due)))
	if c.Lacks() > 0 {
		lines = append(lines, toBring(c)...)
	}
	return append(lines, say("receipt.foot"))
}

// NoCases says that the person has asked nothing yet.
func NoCases() ask.Line { return say("cases.none") }

// CasesHead stands above the list of cases.
func CasesHead(n int) ask.Line { return say("cases.head", "Count", n) }

// CaseItem is a case in the list.
func CaseItem(c *dauys.Case) ask.Line {
	return say("cases.item", "Number", c.Number, "Kind", Kind(c.Kind), "Status", OwnStatus(c))
}

// CaseButton opens a case.
func CaseButton(c *dauys.Case) ask.Line {
	return say("cases.button", "Number", c.Number, "Status", OwnStatus(c))
}

// OpenCase opens the case that a notice is about.
func OpenCase() ask.Line { return say("cases.open") }

// NoSuchCase says that there is no case with this number for the person who asks.
func NoSuchCase() ask.Line { return say("cases.unknown") }

// CaseView is a case with its status, its office and its due dates.
func CaseView(c *dauys.Case, now time.Time) []ask.Line {
	lines := []ask.Line{
		say("case.head", "Number", c.Number, "Kind", Kind(c.Kind), "Date", c.Filed),
		say("case.status.line", "Status", OwnStatus(c)),
	}
	if since, waits := c.Waits(); waits {
		lines = append(lines, say("asked.waits", "Office", office(c.Office()), "Date", since))
	} else if c.Status == dauys.Decided || c.Status == dauys.Redirected {
		lines = append(lines, say("case.with", "Office", office(c.Office()), "Date", ask.Day(c.Due)))
	} else if !c.Status.Final() {
		lines = append(lines, Clocks(c, now)...)
	} else if other := c.JoinedWith(); other != "" {
		lines = append(lines, say("case.joined", "Other", other))
	} else if now.Before(c.Until) && c.Outcome == dauys.Outside {
		if !c.AcceptedOutside() {
			lines = append(lines, say("case.until-outside", "Date", ask.Day(c.Until)))
		}
	} else if now.Before(c.Until) {
		lines = append(lines, say("case.until", "Date", ask.Day(c.Until)))
	}
	lines = append(lines, details(c)...)
	if c.Lacks() > 0 && !c.Status.Final() {
		lines = append(lines, toBring(c)...)
	}
	if c.Text != "" {
		lines = append(lines, say("case.text", "Text", Shorten(c.Text, 700)))
	}
	if e, ok := c.Latest(dauys.Amend); ok {
		e.Note = Shorten(e.Note, 700)
		lines = append(lines, say("case.changed", "Date", e.At, "Text", words(e)))
	}
	if n := len(c.Recordings()); n > 0 {
		lines = append(lines, say("spoken.view", "Spoken", recordings(n)))
	}
	if e, ok := c.Latest(dauys.Transcribe); ok {
		lines = append(lines, say("spoken.case", "Office", office(e.Office), "Text", Shorten(e.Note, 700)))
	}
	if e, ok := c.Latest(dauys.Ask); ok && c.Status == dauys.Needs {
		lines = append(lines, Written(e))
	}
	return lines
}

// details are the answers that have no place of their own in a case.
func details(c *dauys.Case) []ask.Line { return DetailLines(c.Details) }

// CaseAnswer stands above the answer in the view of a case.
func CaseAnswer() ask.Line { return say("case.answer") }

// CaseAct is a button of the applicant's under their case.
func CaseAct(a dauys.Act) ask.Line { return say("case.act." + string(a)) }

// Kind is the kind of a request.
func Kind(k dauys.Kind) ask.Line { return say("kind." + string(k)) }

// Status is the status of a case; of one that is closed, what was decided.
func Status(c *dauys.Case) ask.Line {
	if c.Status == dauys.Closed && c.Outcome != "" {
		return say("outcome." + string(c.Outcome))
	}
	if c.Status == dauys.OnAgenda && c.Kind == dauys.Audience {
		return say("case.status.invited")
	}
	return say("status." + string(c.Status))
}

// OwnStatus is the status of a case as its applicant is told it.
func OwnStatus(c *dauys.Case) ask.Line {
	if c.Status == dauys.Needs {
		return say("case.status.needs")
	}
	return Status(c)
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

// ToldAnswered stands above the answer.
func ToldAnswered(number string, o dauys.OfficeID) ask.Line {
	return say("told.answer", "Number", number, "Office", office(o))
}

// Written is what staff have written or said to the applicant in an event, as they see it.
func Written(e dauys.Event) ask.Line {
	switch e.Act {
	case dauys.Ask:
		if n := spoken(e); n > 0 && e.Note == "" {
			return say("asked.text-spoken", "Spoken", recordings(n))
		}
		return say("asked.text", "Text", words(e))
	case dauys.Transcribe:
		return say("spoken.text", "Text", e.Note)
	case dauys.Redirect:
		return referred(e)
	case dauys.Extend, dauys.Recommend, dauys.Mediate, dauys.Schedule, dauys.Postpone, dauys.Transfer:
		return say("told.words", "Text", e.Note)
	}
	return say("answer", "Outcome", outcome(e), "Text", words(e))
}

// words are what somebody has said in an event: in writing, by voice, or with files alone.
func words(e dauys.Event) any {
	switch n := spoken(e); {
	case n > 0 && e.Note != "":
		return say("spoken.both", "Text", e.Note, "Spoken", say("spoken.said", "Spoken", recordings(n)))
	case n > 0:
		return say("spoken.said", "Spoken", recordings(n))
	case e.Note == "" && len(e.Files) > 0:
		return say("ask.files.count", "Count", len(e.Files))
	}
	return e.Note
}

// spoken counts the recordings of an event that stand for words.
func spoken(e dauys.Event) (n int) {
	for _, f := range e.Files {
		if f.Spoken {
			n++
		}
	}
	return n
}

// Recordings counts what was said.
func Recordings(n int) ask.Line { return recordings(n) }

func recordings(n int) ask.Line { return say("ask.spoken.count", "Count", n) }

// What the applicant is asked, and what was spoken.

// ToldAsked stands above a question to the applicant.
func ToldAsked(number string, o dauys.OfficeID) ask.Line {
	return say("asked.told", "Number", number, "Office", office(o))
}

// ToldUnasked tells the applicant that a question is taken back.
func ToldUnasked(number string, due time.Time) ask.Line {
	return say("asked.taken-back", "Number", number, "Date", ask.Day(due))
}

// ToldTranscribed tells the applicant that what they said was written down.
func ToldTranscribed(number string, o dauys.OfficeID) ask.Line {
	return say("spoken.told", "Number", number, "Office", office(o))
}

// Asked says the question again, above the form for the reply; a spoken one has no words.
func Asked(number, question string) ask.Line {
	if question == "" {
		return say("asked.above-spoken", "Number", number)
	}
	return say("asked.above", "Number", number, "Text", question)
}

// Replied says that a reply is in the case, and when there is an answer now.
func Replied(number string, due time.Time) ask.Line {
	return say("asked.replied", "Number", number, "Date", ask.Day(due))
}

// NothingReplied asks for anything at all.
func NothingReplied() ask.Line { return say("asked.empty") }

// PerhapsReply asks somebody who just writes whether it is the reply that is waited for.
func PerhapsReply() ask.Line { return say("asked.perhaps") }

// ReplyButton opens the form for the reply about one case.
func ReplyButton(number string) ask.Line { return say("asked.button", "Number", number) }

// CardQuestion is the open question on the card.
func CardQuestion(e dauys.Event) ask.Line { return say("asked.question", "Text", words(e)) }

// CardTranscript is what was said, in words, on the card.
func CardTranscript(name, text string) ask.Line {
	return say("spoken.card", "Name", name, "Text", text)
}

// PassedQuestion tells an office what another one has asked before it.
func PassedQuestion(number string, e dauys.Event) ask.Line {
	return say("asked.passed", "Number", number, "Text", words(e))
}

// PassedReply passes on what the applicant has replied to a question.
func PassedReply(number string, question, reply dauys.Event) ask.Line {
	return say("asked.reply", "Number", number, "Question", words(question), "Text", words(reply))
}

// PassedTranscript tells an office what another one has written down.
func PassedTranscript(number, name, text string) ask.Line {
	return say("spoken.passed", "Number", number, "Name", name, "Text", text)
}

// PassedUnasked tells an office that its question did not reach the applicant.
func PassedUnasked(number string) ask.Line { return say("asked.undeliverable", "Number", number) }

// AnswerWithFiles asks one person to send files as replies.
func AnswerWithFiles(address, name string) ask.Line {
	return say("prompt.here-files", "Address", address, "Name", name)
}

// A case as an office sees it.

// originalOnCard is how many characters stand on a card of the words that the applicant has changed.
const originalOnCard = 600

// WholeOriginal are those words when they are longer, or nothing.
func WholeOriginal(c *dauys.Case) (ask.Line, bool) {
	return say("papers.original", "Number", c.Number, "Name", c.Helper, "Text", c.Original), utf8.RuneCountInString(c.Original) > originalOnCard
}

// Card is a case in the chat of an office; waited is for how many working days the
// applicant was waited for.
func Card(c *dauys.Case, at dauys.OfficeID, text string, waited int) []ask.Line {
	identity := "card.unconfirmed"
	if c.Applicant.Confirmed {
		identity = "card.confirmed"
	}
	var lines []ask.Line
	if c.Urgent {
		lines = append(lines, say("card.urgent"))
	}
	lines = append(lines, say("card.head", "Number", c.Number, "Kind", Kind(c.Kind), "Status", Status(c)))
	switch {
	case c.Institute == "":
		lines = append(lines, say("card.outside", "Name", c.Applicant.Name, "Standing", say("standing."+string(c.Applicant.Standing)), "Identity", say(identity),
			"Language", LanguageOf(c.Applicant.Lang)))
	case c.Topic == "":
		lines = append(lines, say("card.person", "Name", c.Applicant.Name, "Standing", say("standing."+string(c.Applicant.Standing)), "Identity", say(identity),
			"Institute", ask.Name{List: "institute", ID: c.Institute}, "Language", LanguageOf(c.Applicant.Lang)))
	default:
		lines = append(lines, say("card.who", "Name", c.Applicant.Name, "Standing", say("standing."+string(c.Applicant.Standing)), "Identity", say(identity),
			"Institute", ask.Name{List: "institute", ID: c.Institute}, "Topic", say("topic."+c.Topic), "Language", LanguageOf(c.Applicant.Lang)))
	}
	lines = append(lines, details(c)...)
	if c.Channel != dauys.ByMessenger {
		lines = append(lines, say("card.channel", "Channel", say("channel."+string(c.Channel)), "Name", c.Events[0].Name))
	}
	if c.Applicant.Address == "" && !c.Status.Final() {
		lines = append(lines, say("card.unwritten"))
	}
	switch since, waits := c.Waits(); {
	case c.Office() != at || c.Status.Final():
	case waits:
		lines = append(lines, say("asked.card", "Filed", c.Filed, "Date", since))
	default:
		lines = append(lines, say("card.due", "Filed", c.Filed, "Here", c.RungDue, "Date", c.Due))
		if waited > 0 {
			lines = append(lines, say("asked.waited", "Count", waited))
		}
	}
	switch {
	case c.Office() != at:
		lines = append(lines, say("card.elsewhere", "Office", office(c.Office())))
	case c.HolderName != "":
		lines = append(lines, say("card.holder", "Name", c.HolderName))
	}
	if text != "" {
		lines = append(lines, say("card.text", "Text", text))
	}
	spoken := len(c.Recordings())
	if spoken > 0 {
		lines = append(lines, say("spoken.below", "Spoken", recordings(spoken)))
	}
	if n := len(c.Files) - spoken; n > 0 {
		lines = append(lines, say("card.files", "Count", n))
	}
	lines = append(lines, checklist(c)...)
	switch {
	case c.Original != "":
		lines = append(lines, say("card.helper-changed", "Name", c.Helper, "Text", Shorten(c.Original, originalOnCard)))
	case c.Helper != "":
		lines = append(lines, say("card.helper", "Name", c.Helper))
	}
	return lines
}

// Requests that somebody writes down for another person.

// Proposed says that the request waits for the yes of whose it is.
func Proposed(whose string) ask.Line { return say("proposal.made", "Name", whose) }

// ProposalLink hands out the link to pass on.
func ProposalLink(whose, link string, until time.Time) ask.Line {
	return say("proposal.link", "Name", whose, "Link", link, "Date", ask.Day(until))
}

// ProposalShare is what stands with the link when it is passed on.
func ProposalShare() ask.Line { return say("proposal.share") }

// ShareButton passes the link on.
func ShareButton() ask.Line { return say("proposal.button") }

// ProposalIntro tells a person who has written for them, and that nothing is sent yet.
func ProposalIntro(by string) ask.Line { return say("proposal.intro", "Name", by) }

// ProposalOwn tells the writer whom the link is for.
func ProposalOwn(whose string) ask.Line { return say("proposal.own", "Name", whose) }

// ProposalGone says that a link leads nowhere any more.
func ProposalGone() ask.Line { return say("proposal.gone") }

// ProposalDone tells the writer that the person has sent it.
func ProposalDone(whose string) ask.Line { return say("proposal.done", "Name", whose) }

// ProposalLapsed tells the writer that nobody has said yes in time.
func ProposalLapsed(whose string) ask.Line { return say("proposal.lapsed", "Name", whose) }

// CardReason says why a lower office passed the case on.
func CardReason(from dauys.OfficeID, reason string) ask.Line {
	return say("card.reason", "Office", office(from), "Text", reason)
}

// CardAnswer is the answer on the card.
func CardAnswer(e dauys.Event) ask.Line {
	switch {
	case e.Act == dauys.Redirect && e.Body == "":
		return say("card.redirected-words", "Text", e.Note)
	case e.Act == dauys.Redirect && e.Note == "":
		return say("card.redirected", "Body", referredTo(e))
	case e.Act == dauys.Redirect:
		return say("card.redirected-remark", "Body", referredTo(e), "Text", e.Note)
	}
	return say("card.answer", "Outcome", outcome(e), "Text", words(e))
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
func PassedAdded(number string, e dauys.Event) ask.Line {
	return say("passed.add", "Number", number, "Text", words(e))
}

// AmendedBefore is the name under which an amendment keeps the words that were sent at first.
const AmendedBefore = "amend.before"

// AmendedFrom are these words; empty: nobody knows which they were.
func AmendedFrom(e dauys.Event) string { return saidOf(e, AmendedBefore) }

// CardAmended shows on the card that the applicant has changed a message, and to what.
func CardAmended(e dauys.Event, room int) ask.Line {
	e.Note = Shorten(e.Note, room)
	return say("card.amended", "Date", e.At, "Text", words(e))
}

// PassedAmended passes on what an applicant has changed in a message that was sent before.
func PassedAmended(number string, e dauys.Event) ask.Line {
	if was := AmendedFrom(e); was != "" {
		return say("passed.amend-both", "Number", number, "Before", was, "Text", words(e))
	}
	return say("passed.amend", "Number", number, "Text", words(e))
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
	case e.If == dauys.OthersAnswer:
		return say("refused.own-answer")
	case e.If == dauys.HasMessenger:
		return say("refused.unwritten")
	case e.If == dauys.MayHandUp && e.Act == dauys.Escalate && !e.Top, e.If == dauys.MustAsk:
		return say("refused.forbidden")
	case e.If == dauys.MayExtend:
		return say("refused.extend")
	case e.If == dauys.MayDecide:
		return say("refused.registers")
	case e.If == dauys.FromHead:
		return say("refused.head")
	case e.If == dauys.OtherTopic:
		return say("refused.topic")
	case e.If == dauys.OfOne:
		return say("refused.signed")
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

// OfficeItem is one office, whether it has a chat, whether the bot has been lost there, and how many open
// cases it has.
func OfficeItem(id dauys.OfficeID, bound, lost bool, open int) ask.Line {
	key := "admin.without.item"
	switch {
	case lost:
		key = "admin.lost-chat.item"
	case bound:
		key = "admin.with.item"
	}
	return say(key, "ID", string(id), "Office", office(id), "Open", open)
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

// StepsHead stands above the list of how far people get.
func StepsHead(days int) ask.Line { return say("steps.head", "Count", days) }

// StepsNone says that nobody has begun anything.
func StepsNone() ask.Line { return say("steps.none") }

// StepsOf names a conversation in that list.
func StepsOf(flow string) ask.Line {
	return say("steps.flow", "What", ask.Line{Key: flow + ".title"})
}

// StepItem is a question: how many got there, and of them how many went no further and how.
func StepItem(name ask.Line, reached, cancelled, silent, expired int) ask.Line {
	return say("steps.step.item", "Name", name, "Reached", reached, "Cancelled", cancelled, "Silent", silent, "Expired", expired)
}

// StepReview is the review in that list.
func StepReview(reached, cancelled, silent, expired int) ask.Line {
	return say("steps.review.item", "Reached", reached, "Cancelled", cancelled, "Silent", silent, "Expired", expired)
}

// StepSent is how many have sent it.
func StepSent(n int) ask.Line { return say("steps.sent.item", "Reached", n) }

// StepLang is how many of them in one language.
func StepLang(l dauys.Lang, n int) ask.Line {
	return say("steps.lang.item", "Language", LanguageOf(l), "Reached", n)
}

// CalendarHead stands above the days to come that do not follow the week.
func CalendarHead(weeks int) ask.Line { return say("calendar.head", "Count", weeks) }

// CalendarNone says that there are no such days.
func CalendarNone() ask.Line { return say("calendar.none") }

// CalendarItem is one of these days, or several in a row.
func CalendarItem(first, last time.Time, what ask.Line) ask.Line {
	return say("calendar.day.item", "Date", during(first, last), "What", what)
}

// CalendarEdits stands above the days that were changed.
func CalendarEdits() ask.Line { return say("calendar.edits") }

// CalendarEdit is one of these, and who has changed it when.
func CalendarEdit(first, last time.Time, what ask.Line, by string, at time.Time) ask.Line {
	return say("calendar.edit.item", "Date", during(first, last), "What", what, "Name", by, "At", at)
}

// CalendarHow says how days are changed.
func CalendarHow() ask.Line { return say("calendar.how") }

// CalendarWords are the words for what a day can be made, a semicolon between them.
func CalendarWords(do string) ask.Line { return say("calendar.words." + do) }

// DayIs is what a day is, and why.
func DayIs(works bool, name string) ask.Line {
	switch {
	case works && name == "":
		return say("calendar.works")
	case works:
		return say("calendar.works-named", "Name", name)
	case name == "":
		return say("calendar.off")
	}
	return say("calendar.off-named", "Name", name)
}

// DayAsInFile is what a day is whose edit was taken back.
func DayAsInFile() ask.Line { return say("calendar.as-in-file") }

// CalendarSet says what days are now.
func CalendarSet(first, last time.Time, what ask.Line) ask.Line {
	return say("calendar.set", "Date", during(first, last), "What", what)
}

// CalendarMoved says how many open cases have another due time by that.
func CalendarMoved(n int) ask.Line {
	if n == 0 {
		return say("calendar.unmoved")
	}
	return say("calendar.moved", "Count", n)
}

// CalendarDate refuses what is no date.
func CalendarDate() ask.Line { return say("calendar.bad-date") }

// CalendarWhat refuses what says nothing of a day.
func CalendarWhat() ask.Line { return say("calendar.bad-word") }

// CalendarPast refuses a day that is over.
func CalendarPast() ask.Line { return say("calendar.past") }

// CalendarLong refuses too many days at once.
func CalendarLong(most int) ask.Line { return say("calendar.long", "Count", most) }

// CalendarUnedited says that there is nothing to take back.
func CalendarUnedited() ask.Line { return say("calendar.unedited") }

// during is a day or several in a row.
func during(first, last time.Time) any {
	if first.Equal(last) {
		return ask.Day(first)
	}
	return say("calendar.span", "From", ask.Day(first), "To", ask.Day(last))
}

// Invited tells an administrator how a chat becomes an office's.
func Invited() ask.Line { return say("admin.invited") }

// LeftGroup tells who took the bot into a group why it did not stay.
func LeftGroup(title string) ask.Line { return say("admin.left-group", "Title", title) }

// LostBelow tells an office that one below it hears of no case.
func LostBelow(id dauys.OfficeID, open int) ask.Line {
	return say("admin.below", "Office", seat(id), "Open", open)
}

// OfficeLost tells an administrator that an office has no chat any more.
func OfficeLost(id dauys.OfficeID) ask.Line {
	return say("admin.lost", "ID", string(id), "Office", office(id))
}

// ShowYourself asks somebody who writes behind a mask to take it off.
func ShowYourself() ask.Line { return say("admin.show-yourself") }

// People of the offices.

// AppointHelp says how to appoint somebody.
func AppointHelp() ask.Line { return say("serve.help") }

// ServeNobody says that nobody acts for any office.
func ServeNobody() ask.Line { return say("serve.nobody") }

// ServeItem is somebody in the list of those who act for an office.
func ServeItem(s dauys.Staff) ask.Line {
	return say("serve.list.item", "Name", s.Name, "Office", office(s.Office), "ID", string(s.Office))
}

// ServeItemUntil is the same with the last day.
func ServeItemUntil(s dauys.Staff) ask.Line {
	return say("serve.term.item", "Name", s.Name, "Office", office(s.Office), "ID", string(s.Office), "Date", ask.Day(s.Until))
}

// AppointWhich says that there is no such office.
func AppointWhich() ask.Line { return say("serve.which") }

// AppointGroup asks for the group whose curator somebody becomes.
func AppointGroup() ask.Line { return say("serve.whose") }

// AppointDate says that a date cannot be read.
func AppointDate() ask.Line { return say("serve.date") }

// AppointPast says that a last day is over already.
func AppointPast() ask.Line { return say("serve.past") }

// AppointLink hands out the link to pass on.
func AppointLink(link string, until time.Time) ask.Line {
	return say("serve.link", "Link", link, "Date", ask.Day(until))
}

// AppointShare is what stands with the link when it is passed on.
func AppointShare() ask.Line { return say("serve.share") }

// AppointGone says that a link appoints nobody any more.
func AppointGone() ask.Line { return say("serve.gone") }

// ServeOffice says for which office somebody acts.
func ServeOffice(id dauys.OfficeID) ask.Line { return say("serve.office.item", "Office", office(id)) }

// ServeInstitute says of which institute it is.
func ServeInstitute(id string) ask.Line {
	return say("serve.institute.item", "Institute", ask.Name{List: "institute", ID: id})
}

// ServeGroup says whose curator somebody is.
func ServeGroup(group string) ask.Line { return say("serve.group.item", "Group", group) }

// ServeUntil says which day of a term of office is the last.
func ServeUntil(day time.Time) ask.Line { return say("serve.until.item", "Date", ask.Day(day)) }

// ServeOpen says that it has no end.
func ServeOpen() ask.Line { return say("serve.open.item") }

// Appointed tells somebody that they are appointed.
func Appointed() ask.Line { return say("serve.appointed") }

// AppointedHere tells them that cases come to this very chat.
func AppointedHere() ask.Line { return say("serve.here") }

// AppointedChat tells them that cases come to the chat of the office.
func AppointedChat() ask.Line { return say("serve.chat") }

// ServeBegun tells an administrator who has taken an appointment.
func ServeBegun(name string) ask.Line { return say("serve.begun", "Name", name) }

// ServeSoon tells somebody that their term of office is nearly over.
func ServeSoon() ask.Line { return say("serve.soon") }

// ServeSoonOf tells an administrator so.
func ServeSoonOf(name string) ask.Line { return say("serve.soon-of", "Name", name) }

// ServeEnded tells somebody that their term of office is over.
func ServeEnded() ask.Line { return say("serve.ended") }

// ServeEndedOf tells an administrator so.
func ServeEndedOf(name string) ask.Line { return say("serve.ended-of", "Name", name) }

// ServeTaken tells somebody that they act for an office no more.
func ServeTaken() ask.Line { return say("serve.taken") }

// DismissWhom asks whose appointment ends.
func DismissWhom() ask.Line { return say("serve.whom") }

// DismissNobody says that there is none.
func DismissNobody() ask.Line { return say("serve.none") }

// DismissSure asks once more.
func DismissSure(name string) ask.Line { return say("serve.sure", "Name", name) }

// DismissYes is the button for that.
func DismissYes() ask.Line { return say("serve.button.yes") }

// DismissDone says that it is done.
func DismissDone(name string) ask.Line { return say("serve.done", "Name", name) }

// PromptOver answers a reply to a question that is closed.
func PromptOver(number string) ask.Line { return say("prompt.over", "Number", number) }

// CardWithheld stands where a card stood that must not be shown there any more.
func CardWithheld(number string) ask.Line { return say("against.card", "Number", number) }

// CaseStuck tells an administrator that no office is left for a case.
func CaseStuck(number string) ask.Line { return say("against.stuck", "Number", number) }

// Vacant tells the applicant that nobody acts any more for the office that had the case.
func Vacant(number string, to dauys.OfficeID, due time.Time) ask.Line {
	return say("serve.vacant", "Number", number, "Office", office(to), "Date", ask.Day(due))
}

// CameVacant tells the next office so.
func CameVacant(from dauys.OfficeID) ask.Line {
	return say("serve.came", "Office", office(from))
}
