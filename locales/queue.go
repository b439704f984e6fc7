package locales

import (
	"strconv"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
)

// The live queue: what visitors are told, what the office sees, and the talk between the two.

// nth is a number that is a name: it is written without spaces.
func nth(n int) string { return strconv.Itoa(n) }

// hours is from when to when on a day.
func hours(from, to time.Time) string { return from.Format("15:04") + "–" + to.Format("15:04") }

// QueueWhich asks into which queue somebody wants.
func QueueWhich() ask.Line { return say("queue.which") }

// QueueOffice is the button of one of them.
func QueueOffice(id dauys.OfficeID) ask.Line { return say("queue.office", "Office", office(id)) }

// QueueHead is whose queue it is.
func QueueHead(id dauys.OfficeID) ask.Line { return say("queue.head", "Office", office(id)) }

// QueueHours are the hours of reception.
func QueueHours(opens, closes time.Time) ask.Line {
	return say("queue.hours.item", "Hours", hours(opens, closes))
}

// QueueBreak is when the windows rest.
func QueueBreak(from, to time.Time) ask.Line {
	return say("queue.break.item", "Hours", hours(from, to))
}

// QueueWhere is where one comes.
func QueueWhere(place dauys.Names) ask.Line { return say("queue.where.item", "Place", place) }

// QueueAsk asks how somebody comes.
func QueueAsk() ask.Line { return say("queue.ask") }

// QueueHow is an answer to that: door, online.
func QueueHow(how string) ask.Line { return say("queue.how." + how) }

// QueueNumber is the number of a place.
func QueueNumber(n int) ask.Line { return say("queue.number", "N", nth(n)) }

// QueueAhead is how many are ahead.
func QueueAhead(n int) ask.Line {
	if n == 0 {
		return say("queue.first.item")
	}
	return say("queue.ahead.item", "Count", n)
}

// QueueResting says that nobody is called for a while.
func QueueResting() ask.Line { return say("queue.resting") }

// QueueDocument asks to bring an identity document.
func QueueDocument() ask.Line { return say("queue.document.item") }

// QueueWill says that there will be a message.
func QueueWill() ask.Line { return say("queue.will") }

// QueueOnline says how an online turn begins.
func QueueOnline() ask.Line { return say("queue.online") }

// QueueSoon stands above the place of somebody to whom the line has come near.
func QueueSoon() ask.Line { return say("queue.soon") }

// QueueTurn calls somebody.
func QueueTurn() ask.Line { return say("queue.turn") }

// QueueAgain calls somebody who was called before.
func QueueAgain() ask.Line { return say("queue.again") }

// QueueCalled is the window to which somebody is called.
func QueueCalled(window int) ask.Line { return say("queue.called.item", "Window", nth(window)) }

// QueueYourTurn asks who is called online to begin.
func QueueYourTurn() ask.Line { return say("queue.begin") }

// QueueMissed says that somebody was called and did not come.
func QueueMissed() ask.Line { return say("queue.missed") }

// QueueBack says that they are in the line again.
func QueueBack() ask.Line { return say("queue.back") }

// QueueGoesOn says that people are called again.
func QueueGoesOn() ask.Line { return say("queue.goes-on") }

// QueueOver says that somebody was not received on this day.
func QueueOver(n int) ask.Line { return say("queue.over", "N", nth(n)) }

// QueueClosed says that nobody is received now.
func QueueClosed() ask.Line { return say("queue.closed") }

// QueueShut says when there is reception next.
func QueueShut(next time.Time) ask.Line { return say("queue.shut", "Date", next) }

// QueueWrite is the button that leads to a written request.
func QueueWrite() ask.Line { return say("queue.write") }

// QueueLeaves asks whether somebody wants to give their place up.
func QueueLeaves(n int) ask.Line { return say("queue.leaves", "N", nth(n)) }

// QueueGone says that they have.
func QueueGone(n int) ask.Line { return say("queue.gone", "N", nth(n)) }

// QueueServed says that somebody has been received.
func QueueServed(n int) ask.Line { return say("queue.served", "N", nth(n)) }

// QueueOld says that a place is of another day, or of another turn, and one can take a new one.
func QueueOld() ask.Line { return say("queue.old") }

// QueueEnded says that an online talk is over, and under which number it is registered, if it is.
func QueueEnded(n int, number string) ask.Line {
	if number != "" {
		return say("queue.ended-case", "N", nth(n), "Number", number)
	}
	return say("queue.ended", "N", nth(n))
}

// QueueAct is a button of a place.
func QueueAct(act string) ask.Line { return say("queue.act." + act) }

// QueueNo says why something cannot be done with a queue now.
func QueueNo(e *dauys.QueueError) ask.Line {
	switch e.Why {
	case dauys.HasWindow:
		return say("queue.no.has", "N", nth(e.N))
	case dauys.NotYours:
		return say("queue.no.theirs", "N", nth(e.N))
	}
	return say("queue.no." + string(e.Why))
}

// visitorName is how somebody in a queue is called.
func visitorName(p dauys.Place) any {
	if p.Name == "" {
		return say("desk.noname")
	}
	return p.Name
}

// DeskOpens tells the office when there is reception next.
func DeskOpens(next time.Time) ask.Line { return say("desk.opens", "Date", next) }

// Desk is a queue as its office sees it.
func Desk(q *dauys.Queue, now time.Time) []ask.Line {
	day, err := time.Parse(time.DateOnly, q.Day)
	if err != nil {
		day = now
	}
	lines := []ask.Line{say("desk.card", "Office", office(q.Office), "Date", ask.Day(day.Add(12*time.Hour)), "State", say("desk.state."+string(q.State)))}
	if q.State == dauys.QueueClosed {
		lines = append(lines, deskSum(q))
	} else {
		lines = append(lines, deskLine(q)...)
	}
	for _, w := range q.Windows {
		p, there := q.Place(w.Place)
		switch {
		case !w.Open:
		case there:
			lines = append(lines, say("desk.busy.item", "N", nth(w.N), "Officer", w.Name, "Place", nth(p.N)))
		default:
			lines = append(lines, say("desk.free.item", "N", nth(w.N), "Officer", w.Name))
		}
	}
	return lines
}

// deskLine are those who wait, the first of them by name.
func deskLine(q *dauys.Queue) []ask.Line {
	if len(q.Line) == 0 {
		return []ask.Line{say("desk.empty")}
	}
	lines := []ask.Line{say("desk.waiting", "Count", len(q.Line))}
	for _, n := range q.Line[:min(len(q.Line), dauys.LineShown)] {
		p, _ := q.Place(n)
		if p.Online {
			lines = append(lines, say("desk.who-online.item", "N", nth(n), "Name", visitorName(p)))
			continue
		}
		lines = append(lines, say("desk.who.item", "N", nth(n), "Name", visitorName(p)))
	}
	if more := len(q.Line) - dauys.LineShown; more > 0 {
		lines = append(lines, say("desk.more.item", "Count", more))
	}
	return lines
}

// deskSum is what became of the people of a day.
func deskSum(q *dauys.Queue) ask.Line {
	count := map[dauys.PlaceState]int{}
	for _, p := range q.Places {
		count[p.State]++
	}
	return say("desk.sum", "Served", count[dauys.Served]+count[dauys.Called], "Missed", count[dauys.Missed], "Gone", count[dauys.Gone], "Waits", count[dauys.Waits])
}

// Window is a window as its officer sees it, with who is there.
func Window(w dauys.Window, p dauys.Place) []ask.Line {
	head := say("desk.window", "N", nth(w.N), "Officer", w.Name)
	switch {
	case !w.Open:
		return []ask.Line{head, say("desk.shut-window")}
	case p.N == 0:
		return []ask.Line{head, say("desk.nobody")}
	}
	lines := []ask.Line{head}
	if p.Online {
		lines = append(lines, say("desk.there-online.item", "N", nth(p.N), "Name", visitorName(p)))
	} else {
		lines = append(lines, say("desk.there.item", "N", nth(p.N), "Name", visitorName(p)))
	}
	if p.Lang != "" {
		lines = append(lines, say("desk.lang.item", "Lang", LanguageOf(p.Lang)))
	}
	if p.Calls > 1 {
		lines = append(lines, say("desk.calls.item", "Calls", p.Calls))
	}
	if p.Online && p.Begun {
		lines = append(lines, say("desk.begun.item"))
	}
	if p.Seen != "" {
		lines = append(lines, say("desk.seen.item", "Document", Document(p.Seen), "Name", p.SeenBy))
	}
	if p.Case != "" {
		lines = append(lines, say("desk.case.item", "Number", p.Case))
	}
	return lines
}

// Document is a kind of identity document.
func Document(kind string) ask.Line { return say("desk.document." + kind) }

// DeskAct is a button of the office.
func DeskAct(act string) ask.Line { return say("desk.act." + act) }

// DeskThere is who is at a window now, in a few words.
func DeskThere(p dauys.Place) ask.Line {
	if p.N == 0 {
		return say("desk.toast.nobody")
	}
	return say("desk.toast.there", "N", nth(p.N), "Name", visitorName(p))
}

// What was done with a window or the queue, in a few words.

// DeskOpened says which window is open now.
func DeskOpened(n int) ask.Line { return say("desk.toast.opened", "N", nth(n)) }

// DeskPaused says that nobody is called.
func DeskPaused() ask.Line { return say("desk.toast.paused") }

// DeskGoes says that the calling goes on.
func DeskGoes() ask.Line { return say("desk.toast.goes") }

// DeskClosed says that reception is over.
func DeskClosed() ask.Line { return say("desk.toast.closed") }

// DeskNumber is the number of a visitor without a phone.
func DeskNumber(n int) ask.Line { return say("desk.toast.number", "N", nth(n)) }

// DeskEnded says that a talk is over.
func DeskEnded(n int) ask.Line { return say("desk.toast.ended", "N", nth(n)) }

// DeskAgain says that somebody is called once more.
func DeskAgain(n int) ask.Line { return say("desk.toast.again", "N", nth(n)) }

// DeskMissed says that it is noted that somebody did not come.
func DeskMissed(n int) ask.Line { return say("desk.toast.missed", "N", nth(n)) }

// DeskLeft says that a window is closed.
func DeskLeft(n int) ask.Line { return say("desk.toast.left", "N", nth(n)) }

// DeskSeen says which document is noted.
func DeskSeen(kind string) ask.Line { return say("desk.toast.seen", "Document", Document(kind)) }

// DeskCloses asks whether to close for the day, with so many who wait.
func DeskCloses(waiting int) ask.Line {
	if waiting == 0 {
		return say("desk.closes-empty")
	}
	return say("desk.closes", "Count", waiting)
}

// DeskVisitor is the number that is to be said aloud.
func DeskVisitor(n int) ask.Line { return say("desk.visitor", "N", nth(n)) }

// DeskName asks for a name, if there is one to write.
func DeskName() ask.Line { return say("desk.name") }

// DeskNamed says that a name is noted.
func DeskNamed(n int, name string) ask.Line { return say("desk.named", "N", nth(n), "Name", name) }

// DeskWhichDocument asks for the kind of a document.
func DeskWhichDocument(n int) ask.Line { return say("desk.which-document", "N", nth(n)) }

// DoorHow says on the page at the door how to use the code.
func DoorHow() ask.Line { return say("door.how") }

// DoorCode stands below the code.
func DoorCode() ask.Line { return say("door.code") }

// DoorPage stands below the page.
func DoorPage() ask.Line { return say("door.page") }

// DoorSent says that both are coming.
func DoorSent() ask.Line { return say("door.sent") }

// TurnBegins tells the office that an online talk begins.
func TurnBegins(p dauys.Place, window int) ask.Line {
	return say("turn.begins", "N", nth(p.N), "Name", visitorName(p), "Window", nth(window))
}

// TurnBegun tells the visitor.
func TurnBegun(officer string) ask.Line { return say("turn.begun", "Name", officer) }

// TurnWords is what a visitor has written.
func TurnWords(p dauys.Place, words string) ask.Line {
	return say("turn.words", "N", nth(p.N), "Name", visitorName(p), "Words", words)
}

// TurnWrite asks one officer for words; whatever is written goes to the visitor.
func TurnWrite(address, name string, n int) ask.Line {
	return say("turn.write", "Address", address, "Name", name, "N", nth(n))
}

// TurnAnswer is what an officer has written.
func TurnAnswer(o dauys.OfficeID, words string) ask.Line {
	return say("turn.answer", "Office", office(o), "Words", words)
}

// TurnCall invites to a call.
func TurnCall(o dauys.OfficeID) ask.Line { return say("turn.call", "Office", office(o)) }

// TurnJoin is the button for it.
func TurnJoin() ask.Line { return say("turn.join") }

// TurnOver says that what was written does not reach the visitor any more.
func TurnOver(n int) ask.Line { return say("turn.over", "N", nth(n)) }

// TurnOnly says what can be passed on.
func TurnOnly() ask.Line { return say("turn.only") }
