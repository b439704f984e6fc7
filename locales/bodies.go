package locales

import (
	"slices"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
)

// What people are told when something is outside the competence of the university.

// What is said of a competent body, by the names of the details in which it is kept.
const (
	BodyName  = "referral.body"
	BodyAbout = "referral.about"
	BodyWhere = "referral.where"
	BodyHow   = "referral.how"
	BodyTerm  = "referral.term"
)

// said finds what was said of a body.
func saidOf(e dauys.Event, what string) string {
	for _, d := range e.Details {
		if d.Question == what {
			return d.Text
		}
	}
	return ""
}

// referred is where and how an applicant has to turn, and what the office adds to that.
func referred(e dauys.Event) ask.Line {
	if e.Body == "" {
		return say("redirect.text", "Text", e.Note)
	}
	told := say("redirect.body", "Body", saidOf(e, BodyName), "About", saidOf(e, BodyAbout), "Where", saidOf(e, BodyWhere), "How", saidOf(e, BodyHow), "Term", saidOf(e, BodyTerm))
	if e.Note == "" {
		return told
	}
	return say("redirect.remark", "Told", told, "Text", e.Note)
}

// bodyInWords is how much of an office's own words stands for the name of a body.
const bodyInWords = 120

// referredTo is to whom a case was redirected.
func referredTo(e dauys.Event) any {
	if e.Body == "" {
		return Shorten(e.Note, bodyInWords)
	}
	return ask.Name{List: "full-body", ID: e.Body}
}

// AcceptedThere is the button for the word that the body has accepted it.
func AcceptedThere() ask.Line { return say("case.act.accepted") }

// AcceptedElsewhere thanks for the word that the body has accepted it.
func AcceptedElsewhere() ask.Line { return say("own.accepted") }

// Bounced says that the office looks for another way.
func Bounced() ask.Line { return say("own.bounce") }

// LetterButton shows the letter to the body.
func LetterButton() ask.Line { return say("letter.button") }

// LetterHead says what the letter is and how to send it.
func LetterHead() ask.Line { return say("letter.head") }

// LetterLang says into which language the text itself has to be put.
func LetterLang(l dauys.Lang) ask.Line { return say("letter.lang", "Language", LanguageOf(l)) }

// LetterBlock is a letter to be copied.
func LetterBlock(letter string) ask.Line { return say("letter.block", "Text", letter) }

// Letter is the text of an applicant as a letter to the body to which they were redirected, paragraph
// by paragraph. Of a body that is in no directory the name is left to be filled in, as is the
// applicant's where they gave none.
func Letter(c *dauys.Case, e dauys.Event, to, university dauys.Names, named bool) (lines []ask.Line) {
	if to == nil {
		lines = append(lines, say("letter.to-blank"))
	} else {
		lines = append(lines, say("letter.to", "Body", to))
	}
	if named {
		lines = append(lines, say("letter.from", "Name", c.Applicant.Name))
	} else {
		lines = append(lines, say("letter.from-blank"))
	}
	lines = append(lines, say("letter.title"), say("letter.before", "University", university, "Date", ask.Day(c.Filed), "Number", c.Number))
	open := slices.DeleteFunc(slices.Clone(c.Details), func(d dauys.Detail) bool { return d.As == dauys.DetailSecret }) // with most of it hidden it is no use there
	for _, line := range DetailLines(open) {
		lines = append(lines, say("letter.detail", "Name", line.Args["Name"], "Answer", line.Args["Answer"]))
	}
	if c.Text != "" {
		lines = append(lines, say("letter.text", "Text", c.Text))
	}
	spoken := len(c.Recordings())
	if written, ok := c.Latest(dauys.Transcribe); ok {
		lines = append(lines, say("letter.text", "Text", written.Note))
	} else if spoken > 0 {
		lines = append(lines, say("letter.spoken", "Spoken", recordings(spoken)))
	}
	if n := len(c.Files) - spoken; n > 0 {
		lines = append(lines, say("letter.files", "Files", say("ask.files.count", "Count", n)))
	}
	return append(lines, say("letter.foot", "Date", ask.Day(e.At)))
}
