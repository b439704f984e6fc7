package locales

import (
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
)

// What staff do with a case inside their office: a colleague gets it, or it gets another topic.

// EntrustHow says how a case is handed to a colleague.
func EntrustHow() ask.Line { return say("entrust.how") }

// EntrustWhom asks to whom; holder is who has it, if anybody.
func EntrustWhom(number, holder string) ask.Line {
	if holder == "" {
		return say("entrust.whom", "Number", number)
	}
	return say("entrust.whom-held", "Number", number, "Name", holder)
}

// EntrustNobody says that there is no colleague who could have it.
func EntrustNobody(number string) ask.Line { return say("entrust.nobody", "Number", number) }

// EntrustGone says that the colleague may not act on it, or not any more.
func EntrustGone() ask.Line { return say("entrust.gone") }

// EntrustAway says that the colleague is away today.
func EntrustAway(name string) ask.Line { return say("entrust.away", "Name", name) }

// EntrustDone says who has it now.
func EntrustDone(number, name string) ask.Line {
	return say("entrust.done", "Number", number, "Name", name)
}

// EntrustToast says the same at the button.
func EntrustToast(name string) ask.Line { return say("entrust.toast", "Name", name) }

// passedOn tells the chat of the office who has handed a case to whom, and calls that one.
func passedOn(c *dauys.Case, e dauys.Event) ask.Line {
	return say("entrust.passed", "Number", c.Number, "Name", e.Name, "Address", string(e.Who), "Whom", e.Whom)
}

// EntrustTold tells the one to whom it was handed, in their own chat.
func EntrustTold(c *dauys.Case, e dauys.Event) ask.Line {
	return say("entrust.told", "Number", c.Number, "Name", e.Name, "Office", seat(e.Office), "Date", earlier(c.RungDue, c.Due))
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// TopicHow says how a case gets another topic.
func TopicHow() ask.Line { return say("classify.how") }

// TopicNone says that requests of a kind have none to choose.
func TopicNone(number string, k dauys.Kind) ask.Line {
	return say("classify.none", "Number", number, "Kind", Kind(k))
}

// TopicWhich asks for the other topic.
func TopicWhich(number, topic string) ask.Line {
	return say("classify.which", "Number", number, "Topic", Topic(topic))
}

// TopicButton is one of them.
func TopicButton(topic string) ask.Line { return say("request.topic." + topic) }

// TopicDone says what it is about now, and was before.
func TopicDone(number string, e dauys.Event) ask.Line {
	return say("classify.done", "Number", number, "Topic", Topic(e.Topic), "Was", Topic(e.Was))
}

// TopicElsewhere says where requests about that begin, and how the case can be given over there.
func TopicElsewhere(office dauys.OfficeID, gives bool) ask.Line {
	if gives {
		return say("classify.elsewhere", "Office", seat(office))
	}
	return say("classify.elsewhere-later", "Office", seat(office))
}

// inside are the lines of a trail about what happened to a case while one office had it.
func inside(c *dauys.Case, s dauys.Stay, tells bool) (lines []ask.Line) {
	for _, e := range c.Events[s.Came.Seq:] {
		if !s.Here() && e.Seq >= s.Left.Seq {
			break
		}
		switch {
		case e.Act == dauys.Entrust:
			lines = append(lines, say("trail.entrust.item", "Date", ask.Day(e.At), "Name", e.Name, "Whom", e.Whom))
		case e.Act == dauys.Classify && tells:
			lines = append(lines, say("trail.classify.item", "Date", ask.Day(e.At), "Topic", Topic(e.Topic), "Was", Topic(e.Was)))
		}
	}
	return lines
}

// The names of the details that say under which number an answer is on paper, and of which day.
const (
	DocumentNumber = "document.number"
	DocumentDate   = "document.date"
)

// DocumentLines name the document of an answer.
func DocumentLines(e dauys.Event) []ask.Line { return DetailLines(DocumentOnly(e)) }

// DocumentOnly are the details of an answer that name its document.
func DocumentOnly(e dauys.Event) (of []dauys.Detail) {
	for _, d := range e.Details {
		if d.Question == DocumentNumber || d.Question == DocumentDate {
			of = append(of, d)
		}
	}
	return of
}

// DocumentOf is the same in a cell.
func DocumentOf(e dauys.Event) string {
	number, day := "", ""
	for _, d := range e.Details {
		switch d.Question {
		case DocumentNumber:
			number = d.Text
		case DocumentDate:
			if at, err := time.Parse(time.DateOnly, d.Text); err == nil {
				day = ", " + at.Format("02.01.2006")
			}
		}
	}
	if number == "" {
		return ""
	}
	return "№ " + number + day
}

// DeskHelpDocument says how the number of a document is given with an answer.
func DeskHelpDocument() ask.Line { return say("deskhelp.document") }
