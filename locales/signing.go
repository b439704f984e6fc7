package locales

import (
	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
)

// Requests that several people sign.

// InviteButton asks others to sign.
func InviteButton() ask.Line { return say("signing.invite") }

// InviteLink hands out the link to pass on.
func InviteLink(c *dauys.Case, i dauys.Invitation, link string) ask.Line {
	return say("signing.link", "Number", c.Number, "Link", link, "Date", ask.Day(i.Expires), "Total", len(c.Signatures()))
}

// InviteShare is what stands with the link when it is passed on.
func InviteShare() ask.Line { return say("signing.share") }

// InviteClose ends the link.
func InviteClose() ask.Line { return say("signing.close") }

// InviteClosed says that it is ended.
func InviteClosed() ask.Line { return say("signing.closed") }

// InviteOwn tells the applicant whom their link is for.
func InviteOwn() ask.Line { return say("signing.own") }

// SigningHead says what somebody is asked to sign, and whose it is.
func SigningHead(c *dauys.Case) ask.Line {
	return say("signing.head", "Kind", Kind(c.Kind), "Name", c.Applicant.Name, "Institute", ask.Name{List: "institute", ID: c.Institute}, "Total", len(c.Signatures()))
}

// SigningText is the text of the request as it was sent.
func SigningText(text string) ask.Line { return say("signing.text", "Text", text) }

// SigningSpoken says that recordings follow, which are part of it.
func SigningSpoken() ask.Line { return say("signing.spoken") }

// SigningFiles counts the files that are for the offices alone.
func SigningFiles(n int) ask.Line { return say("signing.files", "Total", n) }

// SigningMeans says who sees the name of who signs, and what they are told.
func SigningMeans() ask.Line { return say("signing.means") }

// SigningGone says that a link leads nowhere any more.
func SigningGone() ask.Line { return say("signing.gone") }

// SigningOver says that it is too late for this request.
func SigningOver() ask.Line { return say("signing.over") }

// SigningFull says that there is no room for more.
func SigningFull() ask.Line { return say("signing.full", "Total", dauys.MostSignatures) }

// SignedBefore says that somebody has signed already.
func SignedBefore() ask.Line { return say("signing.before") }

// SignedNow says that they have signed.
func SignedNow(number string) ask.Line { return say("signing.done", "Number", number) }

// SigningDeclined says that they have not.
func SigningDeclined() ask.Line { return say("signing.declined") }

// UnsignButton takes a signature back.
func UnsignButton() ask.Line { return say("signing.unsign") }

// Unsigned says that it is taken back.
func Unsigned(number string) ask.Line { return say("signing.unsigned", "Number", number) }

// Signatures counts those who have signed.
func Signatures(n int) ask.Line { return say("signing.count", "Total", n) }

// CardSignatures says besides, while somebody may still write one, that all of them read the answer.
func CardSignatures(n int, s dauys.Status) ask.Line {
	if s.Final() {
		return Signatures(n)
	}
	return say("signing.card", "Total", n)
}

// namesShown is how many names of those who have signed stand in one message; the rest is counted.
const namesShown = 50

// SignatureNames are those who have signed, by name.
func SignatureNames(c *dauys.Case) []ask.Line {
	all := c.Signatures()
	lines := []ask.Line{say("signing.names", "Number", c.Number, "Total", len(all))}
	for _, s := range all[:min(len(all), namesShown)] {
		lines = append(lines, say("signing.name.item", "Name", s.Name))
	}
	if n := len(all) - namesShown; n > 0 {
		lines = append(lines, say("signing.more", "Total", n))
	}
	return lines
}

// SignedHead stands above the requests that somebody has signed.
func SignedHead() ask.Line { return say("signing.mine") }

// SignedItem is a request in that list.
func SignedItem(c *dauys.Case) ask.Line {
	return say("cases.item", "Number", c.Number, "Kind", Kind(c.Kind), "Status", Status(c))
}

// SignedButton opens it.
func SignedButton(c *dauys.Case) ask.Line {
	return say("cases.button", "Number", c.Number, "Status", Status(c))
}

// SignedView is a request as who has signed it sees it: where it stands and until when, and nothing
// of what was written but the answer.
func SignedView(c *dauys.Case) []ask.Line {
	lines := []ask.Line{say("signing.view", "Number", c.Number, "Kind", Kind(c.Kind)), say("case.status.line", "Status", Status(c))}
	if !c.Status.Final() {
		lines = append(lines, say("signing.due", "Here", ask.Day(c.RungDue), "Date", ask.Day(c.Due)))
	}
	return append(lines, Signatures(len(c.Signatures())))
}

// ToldSigner is what somebody who has signed is told of an event; nil: nothing.
func ToldSigner(c *dauys.Case, e dauys.Event) []ask.Line {
	switch e.Act {
	case dauys.Answer, dauys.Decide:
		return append([]ask.Line{say("signing.answer", "Number", c.Number, "Office", office(e.Office)), Written(e)}, DocumentLines(e)...)
	case dauys.Redirect:
		return []ask.Line{say("signing.redirect", "Number", c.Number), Written(e)}
	case dauys.Withdraw:
		return []ask.Line{say("signing.withdraw", "Number", c.Number)}
	case dauys.Close:
		return []ask.Line{say("signing.left", "Number", c.Number)}
	}
	return nil
}
