package locales

import (
	"cmp"
	"slices"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
)

// What people are told of what happens to a case: its applicant (Told), the office that has or had
// it (Passed), and the office above that one (Head), which hears that something is late and not
// what it is about.

// Told is what an applicant is told of an event of their case, and who is named with it, if somebody is; nil:
// nothing.
func Told(c *dauys.Case, e dauys.Event, by string) []ask.Line {
	number, from := c.Number, office(e.Office)
	switch e.Act {
	case dauys.Register:
		return Receipt(c)
	case dauys.Take, dauys.Entrust:
		return []ask.Line{ToldTaken(number, e.Office)}
	case dauys.Escalate:
		return []ask.Line{handedUp(c, e), say("told.now", "Office", office(e.Next), "Date", ask.Day(c.Due))}
	case dauys.Ask:
		if by != "" {
			return []ask.Line{ToldAskedBy(number, e.Office, by), Written(e)}
		}
		return []ask.Line{ToldAsked(number, e.Office), Written(e)}
	case dauys.Unask, dauys.Release:
		return []ask.Line{ToldUnasked(number, c.Due)}
	case dauys.Transcribe:
		return []ask.Line{ToldTranscribed(number, e.Office), Written(e)}
	case dauys.Answer, dauys.Decide:
		head := ToldAnswered(number, e.Office)
		if by != "" {
			head = ToldAnsweredBy(number, e.Office, by)
		}
		lines := append([]ask.Line{head, Written(e)}, DetailLines(e.Details)...)
		if _, higher := c.Higher(); c.Terms.Window > 0 && higher {
			lines = append(lines, say("told.answer-how", "Count", c.Terms.Window))
		} else if c.Terms.Window > 0 {
			lines = append(lines, say("told.answer-top", "Count", c.Terms.Window))
		}
		return lines
	case dauys.Redirect:
		return []ask.Line{say("told.redirect", "Number", number), Written(e), say("told.redirect-how", "Count", c.Terms.Window)}
	case dauys.Propose:
		asks := say("told.propose", "Number", number, "Office", from, "Next", office(e.Toward))
		if e.By == dauys.TheClock {
			asks = say("told.propose-late", "Number", number, "Office", from, "Date", ask.Day(e.Term), "Next", office(e.Toward))
		}
		return []ask.Line{asks, say("told.propose-foot")}
	case dauys.Transfer:
		return []ask.Line{say("told.transfer", "Number", number, "Office", office(e.Next), "Date", ask.Day(c.Due), "Text", e.Note)}
	case dauys.Extend:
		return []ask.Line{say("told.extend", "Number", number, "Count", e.Days, "Date", ask.Day(c.Due), "Text", e.Note)}
	case dauys.Recommend:
		return []ask.Line{say("told.recommend", "Number", number, "Office", from, "Next", office(e.Toward), "Text", e.Note)}
	case dauys.Mediate:
		return []ask.Line{say("told.mediate", "Number", number, "Office", from, "Text", e.Note)}
	case dauys.Schedule:
		lines := []ask.Line{say("told.schedule", "Number", number, "Office", from, "Text", e.Note)}
		if c.Kind == dauys.Appeal {
			lines = append(lines, AppealCome())
		}
		return lines
	case dauys.Postpone:
		return append([]ask.Line{say("told.postpone", "Number", number, "Office", from, "Text", e.Note)}, DetailLines(e.Details)...)
	case dauys.Bypass:
		if len(c.Against) == 0 && len(c.Barred) == 0 {
			return []ask.Line{Vacant(number, e.Next, c.Due)}
		}
		return []ask.Line{say("told.bypass", "Number", number, "Office", office(e.Next), "Date", ask.Day(c.Due))}
	case dauys.Expire:
		return []ask.Line{say("told.expire", "Number", number, "Office", from, "Next", office(e.Next), "Here", ask.Day(c.RungDue), "Date", ask.Day(c.Due))}
	case dauys.Overdue:
		lines := []ask.Line{say("told.overdue", "Number", number, "Office", from, "Date", ask.Day(e.Term))}
		if _, higher := c.Higher(); !higher {
			return append(lines, say("told.overdue-top"))
		}
		return append(lines, say("told.overdue-foot"))
	case dauys.Sign:
		return []ask.Line{say("signing.told", "Number", number), Signatures(len(c.Signatures()))}
	case dauys.Nudge:
		return []ask.Line{say("told.nudge", "Number", number, "Office", from, "Date", ask.Day(e.Term)), question(c, e)}
	case dauys.Chase:
		return append([]ask.Line{say("told.chase", "Number", number, "Office", from, "Date", ask.Day(e.Term))}, papers(nil, c.Lacking())...)
	case dauys.Forgo:
		return append([]ask.Line{say("told.forgo", "Number", number, "Office", from)}, papers(nil, c.Lacking())...)
	case dauys.Absorb:
		return []ask.Line{say("told.absorb", "Number", number, "Other", e.Other, "Date", ask.Day(c.Due))}
	case dauys.Split:
		return []ask.Line{say("told.split", "Number", number, "Other", e.Other, "Office", from, "Text", e.Note)}
	case dauys.Gather:
		return []ask.Line{say("told.gather", "Number", number, "Office", from)}
	case dauys.Close:
		return []ask.Line{say("told.close", "Number", number, "Date", ask.Day(c.Until))}
	case dauys.FollowUp:
		switch to, ok := c.Outside(e); {
		case ok && to.Body == "":
			return []ask.Line{say("told.accepted-words", "Number", number, "Date", ask.Day(e.Term), "Text", to.Note)}
		case ok:
			return []ask.Line{say("told.accepted", "Number", number, "Date", ask.Day(e.Term), "Body", referredTo(to))}
		}
		return []ask.Line{say("told.followup", "Number", number, "Date", ask.Day(e.Term))}
	}
	return nil
}

// handedUp says why a case was passed on: it was registered and is decided elsewhere, elected
// leaders pass it on with their opinion, or it is beyond somebody's authority.
func handedUp(c *dauys.Case, e dauys.Event) ask.Line {
	for _, r := range c.Ladder {
		switch {
		case r.Office != e.Office:
		case r.Registers:
			return say("told.forward", "Number", c.Number, "Office", office(e.Office))
		case slices.Contains(r.Powers, dauys.Recommend):
			return say("told.opinion", "Number", c.Number, "Office", office(e.Office))
		}
	}
	return say("told.escalate", "Number", c.Number)
}

// question is what the applicant was asked last before an event.
func question(c *dauys.Case, before dauys.Event) ask.Line {
	for i := before.Seq - 1; i > 0; i-- {
		if e := c.Events[i-1]; e.Act == dauys.Ask {
			return Written(e)
		}
	}
	return Written(before)
}

// Passed is what the office that has or had a case is told of an event, besides its card; nil:
// nothing. What comes from the applicant is told elsewhere, with its files.
func Passed(c *dauys.Case, e dauys.Event, left int) []ask.Line {
	number, term := c.Number, ask.Day(e.Term)
	undelivered := slices.Contains([]dauys.Status{dauys.Needs, dauys.Decided, dauys.Redirected}, e.From)
	switch e.Act {
	case dauys.Withdraw:
		return []ask.Line{PassedWithdrawn(number, e.Note)}
	case dauys.Together:
		return []ask.Line{say("passed.together", "Number", number)}
	case dauys.Excuse:
		return []ask.Line{say("passed.excuse", "Number", number, "Date", invited(c, e))}
	case dauys.Publish:
		return []ask.Line{say("passed.publish", "Number", number)}
	case dauys.Keep:
		return []ask.Line{say("passed.keep", "Number", number)}
	case dauys.Undeliverable:
		switch e.From {
		case dauys.Needs:
			return []ask.Line{PassedUnasked(number)}
		case dauys.OnAgenda:
			return []ask.Line{say("passed.uninvited", "Number", number)}
		}
		return []ask.Line{PassedUndelivered(number)}
	case dauys.Remind:
		return []ask.Line{say("passed.remind", "Number", number, "Date", ask.Day(c.RungDue))}
	case dauys.Sort:
		return []ask.Line{say("passed.sort", "Number", number)}
	case dauys.Warn:
		return []ask.Line{say("passed.warn", "Number", number, "Date", term, "Count", left)}
	case dauys.Urge:
		switch {
		case undelivered:
			return []ask.Line{say("passed.undelivered", "Number", number)}
		case e.At.Before(e.Term):
			return []ask.Line{say("passed.urge", "Number", number)}
		}
		return []ask.Line{say("passed.late", "Number", number, "Date", term, "Count", -left)}
	case dauys.Overdue:
		return []ask.Line{say("passed.overdue", "Number", number, "Date", term)}
	case dauys.Expire:
		return []ask.Line{say("passed.expire", "Number", number, "Date", term, "Office", office(e.Next))}
	case dauys.Allow:
		return []ask.Line{say("passed.allow", "Number", number, "Office", office(e.Next))}
	case dauys.Forbid:
		return []ask.Line{say("passed.forbid", "Number", number, "Office", office(e.Toward))}
	case dauys.Forgo:
		return []ask.Line{say("passed.forgo", "Number", number, "Date", term), say("card.lacks", "Count", c.Lacks())}
	case dauys.Close:
		return []ask.Line{say("passed.close", "Number", number)}
	case dauys.Return:
		return []ask.Line{returned(c, e)}
	case dauys.Entrust:
		return []ask.Line{passedOn(c, e)}
	case dauys.Bounce:
		to, _ := c.Outside(e)
		return []ask.Line{say("passed.bounce", "Number", number, "Body", referredTo(to), "Here", ask.Day(c.RungDue))}
	case dauys.Dispute:
		return []ask.Line{say("passed.dispute", "Number", number, "Office", office(e.Next))}
	}
	return nil
}

// invited is for when somebody was invited who has excused themselves.
func invited(c *dauys.Case, excuse dauys.Event) (at time.Time) {
	for _, e := range c.Events[:excuse.Seq] {
		if e.Act == dauys.Invite {
			at = e.Term
		}
	}
	return at
}

// Head is what the office above is told of an event. One that the applicant has to be asked about first
// reads nothing of what was written.
func Head(c *dauys.Case, e dauys.Event, late int, asks bool) []ask.Line {
	of, term := ask.Name{List: "seat", ID: string(e.Office)}, ask.Day(e.Term)
	switch e.Act {
	case dauys.Urge:
		if e.At.Before(e.Term) {
			return []ask.Line{say("head.urge", "Number", c.Number, "Office", of)}
		}
		return []ask.Line{say("head.late", "Number", c.Number, "Office", of, "Date", term, "Count", late)}
	case dauys.Overdue:
		return []ask.Line{say("head.overdue", "Number", c.Number, "Office", of, "Date", term)}
	case dauys.Extend:
		if asks {
			return []ask.Line{say("head.extend-bare", "Number", c.Number, "Office", of, "Date", ask.Day(c.Due))}
		}
		return []ask.Line{say("head.extend", "Number", c.Number, "Office", of, "Date", ask.Day(c.Due), "Text", e.Note)}
	case dauys.Recommend:
		return []ask.Line{say("head.recommend", "Number", c.Number, "Office", of, "Text", e.Note)}
	}
	return nil
}

// Came says how a case came to the office that has it: handed up, by the clock, given over.
func Came(e dauys.Event, reason string) []ask.Line {
	from := office(e.Office)
	var lines []ask.Line
	switch e.Act {
	case dauys.Expire:
		if e.Term.IsZero() {
			return nil
		}
		lines = []ask.Line{say("came.expire", "Office", from, "Date", ask.Day(e.Term))}
	case dauys.Bypass:
		lines = []ask.Line{say("came.bypass")}
	case dauys.Dispute:
		lines = []ask.Line{say("came.dispute", "Office", from)}
	case dauys.Transfer:
		return []ask.Line{say("came.transfer", "Office", from, "Text", reason)}
	default:
		return append([]ask.Line{CardReason(e.Office, reason)}, DetailLines(e.Details)...)
	}
	if reason != "" {
		lines = append(lines, say("came.reason", "Text", reason))
	}
	return lines
}

// CardFoot is what an office has to know of a case besides: until when it may find out that it is
// not its own, to whom it goes next, what the applicant thought of the answer, in so many characters.
func CardFoot(c *dauys.Case, redirect, now time.Time, room int) (lines []ask.Line) {
	for _, o := range c.Against {
		lines = append(lines, say("card.against.item", "Office", office(o)))
	}
	if _, given := c.Latest(dauys.Transfer); c.Position == 0 && !given {
		for _, o := range c.Away {
			lines = append(lines, AwaySkipped(o))
		}
	}
	if all := c.Referrals(); len(all) > 0 && !all[len(all)-1].Failed.IsZero() && !c.Status.Final() {
		last := all[len(all)-1]
		lines = append(lines, say("card.bounced", "Body", referredTo(last.Event), "Date", ask.Day(last.Failed)))
	}
	higher, ok := c.Higher()
	kept, forbidden := c.Forbidden()
	switch {
	case c.Status.Final() || !ok:
	case c.Offers(dauys.Expire, dauys.TheClock, now):
		lines = append(lines, say("card.next", "Office", office(cmp.Or(c.Proposed(), higher))))
	case forbidden:
		lines = append(lines, say("card.forbidden", "Office", office(kept)))
	}
	if c.Status == dauys.Registered && now.Before(redirect) {
		lines = append(lines, say("card.redirect", "Date", ask.Day(redirect)))
	}
	if e, ok := c.Latest(dauys.Rate); ok {
		lines = append(lines, say("card.rate", "Mark", e.Mark))
		if e.Note != "" {
			lines = append(lines, say("card.rate-words", "Text", Shorten(e.Note, room)))
		}
	}
	return lines
}

// Clocks are the two terms of a case, for its applicant: when the office that has it must have
// acted, what happens then by itself, and when the whole case must be answered.
func Clocks(c *dauys.Case, now time.Time) []ask.Line {
	lines := []ask.Line{say("clocks.both", "Office", office(c.Office()), "Here", ask.Day(c.RungDue), "Date", ask.Day(c.Due))}
	higher, ok := c.Higher()
	higher = cmp.Or(c.Proposed(), higher)
	_, forbidden := c.Forbidden()
	switch {
	case c.Terms.Gentle:
		return []ask.Line{say("clocks.gentle", "Office", office(c.Office()), "Date", ask.Day(c.Due))}
	case !ok:
		return append(lines, say("clocks.top"))
	case forbidden:
		return append(lines, say("clocks.forbidden", "Office", office(higher)))
	case c.Ladder[c.Position+1].Asks && c.Offers(dauys.Allow, dauys.TheApplicant, now):
		return append(lines, say("clocks.asked", "Office", office(higher)))
	case c.Ladder[c.Position+1].Asks && !c.Offers(dauys.Expire, dauys.TheClock, now):
		return append(lines, say("clocks.asks", "Office", office(higher)))
	}
	return append(lines, say("clocks.next", "Office", office(higher)))
}

// leftOut are the offices that do not get the case because of whom it is about.
func leftOut(c *dauys.Case) (lines []ask.Line) {
	var all []dauys.OfficeID
	for _, o := range slices.Concat(c.Against, c.Without) {
		if !slices.Contains(all, o) {
			all = append(all, o)
			lines = append(lines, say("receipt.without.item", "Office", office(o)))
		}
	}
	return lines
}

// What an applicant has done with a button.

// Reminded says that the office was reminded.
func Reminded() ask.Line { return say("own.remind") }

// Allowed says that the next office may have the case.
func Allowed() ask.Line { return say("own.allow") }

// AllowedNow says that it has it now.
func AllowedNow() ask.Line { return say("own.allow-now") }

// Forbade says that it stays where it is.
func Forbade() ask.Line { return say("own.forbid") }

// Accepted thanks for the word that it is solved.
func Accepted() ask.Line { return say("own.accept") }

// Rated thanks for a mark.
func Rated(mark int) ask.Line { return say("own.rate", "Mark", mark) }

// Remarked thanks for the words to it.
func Remarked() ask.Line { return say("own.remark") }

// Reopened says that the same office has it again, or the next.
func Reopened(number string) ask.Line { return say("own.reopen", "Number", number) }

// RateButton is one of them.
func RateButton(mark int) ask.Line { return say("rate.button", "Mark", mark) }

// TooSoon says that a reminder was sent a short while ago.
func TooSoon() ask.Line { return say("own.soon") }

// Forward is the button of an office that registers and passes on, or passes on with its opinion.
func Forward(opinion bool) ask.Line {
	if opinion {
		return say("card.act.opinion")
	}
	return say("card.act.forward")
}

func DetailLines(all []dauys.Detail) (lines []ask.Line) {
	for _, d := range all {
		if d.Question == VerdictOutcome { // said above, as the decision
			continue
		}
		if d.Question == AnswerLanguage {
			lines = append(lines, say("together.language", "Language", LanguageOf(dauys.Lang(d.Option))))
			continue
		}
		var answer any = d.Text
		if d.Option != "" {
			option := d.Question + "." + d.Option
			answer = ask.Line{Key: option}
		}
		switch day, ok := ask.On(d.Text); {
		case d.As == dauys.DetailDay && ok:
			answer = day
		case d.As == dauys.DetailNumber:
			answer = ask.Decimal(d.Text)
		case d.As == dauys.DetailSecret:
			answer = ask.Mask(d.Text)
		}
		lines = append(lines, say("detail.item", "Name", ask.Line{Key: d.Question + ".name"}, "Answer", answer))
	}
	return lines
}

// PassedReopened passes on why an applicant has taken a case up again.
func PassedReopened(number string, e dauys.Event) ask.Line {
	return say("passed.reopen", "Number", number, "Text", words(e))
}

// PassedDisputed passes on why an applicant does not agree with an answer.
func PassedDisputed(number string, e dauys.Event) ask.Line {
	return say("passed.disputed", "Number", number, "Office", office(e.Office), "Text", words(e))
}

// PassedWords tells a higher office what a lower one has recommended, or whom it has invited.
func PassedWords(number string, e dauys.Event) ask.Line {
	if e.Act == dauys.Mediate {
		return say("passed.mediate", "Number", number, "Office", office(e.Office), "Text", e.Note)
	}
	return say("passed.recommend", "Number", number, "Office", office(e.Office), "Text", e.Note)
}

// PassedAnswer tells a higher office what a lower one has answered.
func PassedAnswer(number string, e dauys.Event) ask.Line {
	return say("passed.answer", "Number", number, "Office", office(e.Office), "Outcome", outcome(e), "Text", words(e))
}

// RightsHead stands above the figures about the social rights of an institute's students.
func RightsHead(institute string, days int) ask.Line {
	return say("rights.head", "Institute", ask.Name{List: "institute", ID: institute}, "Count", days)
}

// RightsItem is how many turned to the university about a topic, and what became of it.
func RightsItem(topic string, filed, open, late, solved int) ask.Line {
	return say("rights.topic.item", "Topic", say("topic."+topic), "Filed", filed, "Open", open, "Late", late, "Solved", solved)
}

// RightsFew stands for a number that is too small to be shown.
func RightsFew(topic string, fewest int) ask.Line {
	return say("rights.few.item", "Topic", say("topic."+topic), "Fewest", fewest)
}

// RightsFoot says why small numbers are not shown.
func RightsFoot(fewest int) ask.Line { return say("rights.foot", "Fewest", fewest) }

// Documents that a request needs.

// papers are documents in a list.
func papers(there, missing []string) (lines []ask.Line) {
	for _, id := range there {
		lines = append(lines, say("listed.there.item", "Name", ask.Name{List: "paper", ID: id}))
	}
	for _, id := range missing {
		lines = append(lines, say("listed.missing.item", "Name", ask.Name{List: "paper", ID: id}))
	}
	return lines
}

// checklist is what there is of the documents that a case needs, and what is missing.
func checklist(c *dauys.Case) []ask.Line {
	list := papers(c.Brought(), c.Lacking())
	if len(list) == 0 {
		return nil
	}
	return append([]ask.Line{say("listed.list")}, list...)
}

// toBring asks an applicant for what is missing.
func toBring(c *dauys.Case) []ask.Line {
	return append([]ask.Line{say("listed.bring", "Count", c.Terms.Bring)}, papers(nil, c.Lacking())...)
}

// PassedBrought tells whoever may read a case which documents have come.
func PassedBrought(number string, e dauys.Event) []ask.Line {
	var items []string
	for _, f := range e.Files {
		if f.Item != "" && !slices.Contains(items, f.Item) {
			items = append(items, f.Item)
		}
	}
	return append([]ask.Line{say("passed.bring", "Number", number)}, papers(items, nil)...)
}

// Brought thanks for documents, and tells how many are missing still.
func Brought(number string, missing int) ask.Line {
	if missing == 0 {
		return say("own.bring-all", "Number", number)
	}
	return say("own.bring", "Number", number, "Count", missing)
}

// NothingBrought says that no document was sent.
func NothingBrought() ask.Line { return say("own.bring-none") }
