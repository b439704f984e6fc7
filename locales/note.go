package locales

import (
	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
)

// What staff write to each other about a case. None of it is ever said to its applicant.

// NoteHow says how a note is written.
func NoteHow() ask.Line { return say("note.how") }

// NoteLong says how long a note may be.
func NoteLong(most int) ask.Line { return say("note.long", "Max", most) }

// NoteRestricted says where a note of a restricted case is written.
func NoteRestricted(number string) ask.Line { return say("note.restricted", "Number", number) }

// Noted says that it is kept, and who reads it.
func Noted(number string) ask.Line { return say("note.done", "Number", number) }

// CardNotes are notes on a card, each in so many characters.
func CardNotes(notes []dauys.Event, room int) (lines []ask.Line) {
	if len(notes) > 0 {
		lines = append(lines, say("note.card.item"))
	}
	for _, e := range notes {
		lines = append(lines, say("note.one.item", "Name", e.Name, "Date", e.At, "Text", Shorten(e.Note, room)))
	}
	return lines
}

// PassedNote is a whole note for staff who get the case later.
func PassedNote(number string, e dauys.Event) ask.Line {
	return say("note.passed", "Number", number, "Name", e.Name, "Date", e.At, "Text", e.Note)
}
