package handlers

import (
	"strings"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
)

// pressLetter shows the letter to a competent body again.
const pressLetter = "letter"

// pressThere stands behind the word of an applicant that it was accepted, where that was by a body
// outside the university: it solves nothing yet.
const pressThere = "there"

// actButton is a button of the applicant's for an act of theirs with a case.
func (h *Handlers) actButton(l dauys.Lang, c *dauys.Case, a dauys.Act) ask.Button {
	if a == dauys.Accept && c.Outcome == dauys.Outside {
		return h.button(l, locales.AcceptedThere(), "c:"+c.Number+":"+string(a)+":"+pressThere)
	}
	return h.button(l, locales.CaseAct(a), "c:"+c.Number+":"+string(a))
}

// directory are the competent bodies from which an office chooses; where there are none, that it
// names another is known already.
func (h *Handlers) directory() (ids []string, known map[string]ask.Answer) {
	for _, b := range h.University.Bodies {
		ids = append(ids, b.ID)
	}
	if len(ids) == 0 {
		known = map[string]ask.Answer{"body": {Values: []string{dauys.AnotherBody}}}
	}
	return ids, known
}

// whereTo is what is said of a competent body. It is frozen in the event, in the words that the
// applicant got: the directory may say something else next year.
func whereTo(b dauys.Body, l dauys.Lang) []dauys.Detail {
	return []dauys.Detail{
		{Question: locales.BodyName, Text: b.Names.In(l)},
		{Question: locales.BodyAbout, Text: b.About.In(l)},
		{Question: locales.BodyWhere, Text: b.Where.In(l)},
		{Question: locales.BodyHow, Text: b.How.In(l)},
		{Question: locales.BodyTerm, Text: b.Term.In(l)},
	}
}

// unknownBody stands for one that is not in the directory: a state body takes letters in these two.
var unknownBody = dauys.Body{Langs: []dauys.Lang{dauys.Kazakh, dauys.Russian}}

// letter is the applicant's own text, addressed to the body to which they were redirected, as a block
// that a messenger copies whole. There is nothing in it that they did not say themselves; for the rest
// there are blanks.
func (h *Handlers) letter(l dauys.Lang, c *dauys.Case, e dauys.Event) ask.Reply {
	body, ok := h.University.Body(e.Body)
	if !ok {
		body = unknownBody
	}
	in := body.Writes(c.Applicant.Lang)
	var parts []string
	for _, line := range locales.Letter(c, e, body.Names, h.University.Names, c.Applicant.Name != unnamed) {
		parts = append(parts, h.Book.Plain(in, line))
	}
	lines := []ask.Line{locales.LetterHead()}
	if in != c.Applicant.Lang {
		lines = append(lines, locales.LetterLang(in))
	}
	return ask.Reply{Text: h.Book.Lines(l, append(lines, locales.LetterBlock(strings.Join(parts, "\n\n")))...)}
}
