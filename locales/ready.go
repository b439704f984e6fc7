package locales

import (
	"strings"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
)

// Ready answers, and the language in which an applicant is answered.

// ReadyList stands above the ready answers of an office.
func ReadyList(id dauys.OfficeID, some bool) ask.Line {
	if !some {
		return say("ready.none", "Office", office(id))
	}
	return say("ready.list", "Office", office(id))
}

// ReadyIn names a ready answer and the languages that it has.
func ReadyIn(a dauys.ReadyAnswer) ask.Line {
	var langs []string
	for _, l := range dauys.Langs {
		if a.Texts[l] != "" {
			langs = append(langs, string(l))
		}
	}
	return say("ready.languages", "Name", a.Name, "Text", strings.Join(langs, ", "))
}

// ReadyAdd is the button for a new one.
func ReadyAdd() ask.Line { return say("ready.add") }

// ReadyAddFor is the same where several offices share a chat.
func ReadyAddFor(id dauys.OfficeID) ask.Line { return say("ready.add-for", "Office", office(id)) }

// ReadyChange, ReadyDelete, ReadyDeleteNow and ReadyAll are the buttons under one of them.
func ReadyChange() ask.Line    { return say("ready.change") }
func ReadyDelete() ask.Line    { return say("ready.delete") }
func ReadyDeleteNow() ask.Line { return say("ready.delete-now") }
func ReadyAll() ask.Line       { return say("ready.all") }

// ReadyShown is a ready answer with all its texts, each as much as there is room for.
func ReadyShown(a dauys.ReadyAnswer, room int) []ask.Line {
	lines := []ask.Line{say("ready.shown", "Name", a.Name)}
	for _, l := range dauys.Langs {
		if a.Texts[l] != "" {
			lines = append(lines, InLanguage(l, Shorten(a.Texts[l], room)))
		}
	}
	return lines
}

// InLanguage is a text and in which language it is.
func InLanguage(l dauys.Lang, text string) ask.Line {
	return say("ready.text", "Language", LanguageOf(l), "Text", text)
}

// ReadySure asks once more before one is deleted.
func ReadySure(a dauys.ReadyAnswer) ask.Line { return say("ready.sure", "Name", a.Name) }

// ReadyDeleted says that it is gone.
func ReadyDeleted() ask.Line { return say("ready.deleted") }

// ReadyGone says that somebody has deleted it meanwhile.
func ReadyGone() ask.Line { return say("ready.gone") }

// ReadyChanged says that somebody has changed it meanwhile.
func ReadyChanged() ask.Line { return say("ready.changed") }

// ReadyKept says that it is stored.
func ReadyKept(name string) ask.Line { return say("ready.kept", "Name", name) }

// ReadyFull says that there are as many as can be kept.
func ReadyFull(most int) ask.Line { return say("ready.full", "Count", most) }

// ReadyEmpty says that it needs words in one language at least.
func ReadyEmpty() ask.Line { return say("ready.empty") }

// ReadyUnfillable says which placeholders nobody can fill in, and lists those that exist.
func ReadyUnfillable(unknown []string) ask.Line {
	var exist []string
	for _, p := range dauys.Placeholders {
		exist = append(exist, "{"+p+"}")
	}
	return say("ready.unfillable", "Text", strings.Join(unknown, ", "), "What", strings.Join(exist, ", "))
}

// ReadyHead says that one is being written.
func ReadyHead() ask.Line { return say("ready.head") }

// ReadyLeft says that nothing was stored.
func ReadyLeft() ask.Line { return say("ready.left") }

// ReadyUse is the button that offers them where words for the applicant are asked for.
func ReadyUse() ask.Line { return say("ready.use") }

// ReadyWhich asks which of them.
func ReadyWhich() ask.Line { return say("ready.which") }

// ReadyItem is one of them on a button; in which language it is, when that is not the applicant's.
func ReadyItem(name string, in, reader dauys.Lang) ask.Line {
	if in == reader {
		return say("ready.item", "Name", name)
	}
	return say("ready.item-in", "Name", name, "Language", LanguageOf(in))
}

// ReadyBack is the button that leads back to the question.
func ReadyBack() ask.Line { return say("ready.back") }

// ReadyDay is a day as it is filled in.
func ReadyDay(day time.Time) ask.Line { return say("ready.day", "Date", ask.Day(day)) }

// OtherLanguage says that what was written seems to be in another language than that of the applicant.
func OtherLanguage(reads, written dauys.Lang) ask.Line {
	return say("tongue.seems", "Reads", say("tongue.reads."+string(reads)), "Written", say("tongue.written."+string(written)))
}
