package locales

import (
	"fmt"
	"strconv"

	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/registrar"
)

// How an examination session went.

// SessionSpan is the semester, or the whole academic year with 0.
func SessionSpan(year string, semester int) ask.Line {
	if semester == 0 {
		return say("session.year", "Year", year)
	}
	return say("session.semester."+strconv.Itoa(semester), "Year", year)
}

// SessionHow says how to ask for it.
func SessionHow() ask.Line { return say("session.how") }

// SessionNoRules says that the structure file has no rules of marks.
func SessionNoRules() ask.Line { return say("session.rules") }

// SessionMaking says that it is being counted.
func SessionMaking(span ask.Line) ask.Line { return say("session.making", "Span", span) }

// SessionNone says that there are no marks of it.
func SessionNone(span ask.Line) ask.Line { return say("session.none", "Span", span) }

// SessionHead stands above it.
func SessionHead(span ask.Line) ask.Line { return say("session.head", "Span", span) }

// SessionFew says that there are so few students that nothing is shown.
func SessionFew(fewest int) ask.Line { return say("session.small", "Fewest", fewest) }

// SessionNumber is a number with two places, of hundredths.
func SessionNumber(n int) ask.Line {
	return say("session.number", "Number", ask.Decimal(fmt.Sprintf("%d.%02d", n/100, n%100)))
}

// SessionWhole are the figures of all.
func SessionWhole(f registrar.Figures) []ask.Line {
	lines := []ask.Line{
		say("session.students", "Students", f.Students, "Done", f.Done, "Debtors", f.Debtors),
		say("session.results", "Results", f.Results, "Admitted", f.Admitted, "Took", f.Took, "Passed", f.Passed),
		say("session.shares", "Progress", f.Progress().Percent(), "Quality", f.Quality().Percent()),
	}
	if n, ok := f.Average(); ok {
		lines = append(lines, say("session.average", "Average", SessionNumber(n)))
	}
	lines = append(lines, say("session.debts", "Debts", f.Debts, "FX", f.FX, "F", f.F))
	if f.Open > 0 {
		lines = append(lines, say("session.open", "Open", f.Open))
	}
	return lines
}

// SessionInstitutes stands above the institutes.
func SessionInstitutes() ask.Line { return say("session.institutes") }

// SessionRow are the figures of an institute or a discipline in one line.
func SessionRow(name string, f registrar.Figures) ask.Line {
	return say("session.row", "Name", name, "Students", f.Students, "Progress", f.Progress().Percent(), "Quality", f.Quality().Percent(), "Debts", f.Debts)
}

// SessionBands stands above the distribution of the GPA.
func SessionBands() ask.Line { return say("session.bands") }

// SessionBand is one of its lines; numbers are in hundredths.
func SessionBand(from, to, n int, hidden bool) ask.Line {
	if hidden {
		return say("session.band-hidden", "From", SessionNumber(from), "To", SessionNumber(to))
	}
	return say("session.band", "From", SessionNumber(from), "To", SessionNumber(to), "Number", n)
}

// SessionWeak stands above the disciplines that are passed least.
func SessionWeak() ask.Line { return say("session.weak") }

// SessionHides says why some numbers are missing.
func SessionHides(fewest int) ask.Line { return say("session.hides", "Fewest", fewest) }

// SessionPicture is the title of the picture, SessionProgrammes that of its bars.
func SessionPicture() ask.Line { return say("session.picture") }

// SessionProgrammes stands above the bars.
func SessionProgrammes() ask.Line { return say("session.programmes") }

// SessionMore says how many programmes are not in the picture.
func SessionMore(n int) ask.Line { return say("session.more", "Number", n) }

// SessionFile is the name of the files.
func SessionFile(span ask.Line) ask.Line { return say("session.file", "Span", span) }

// SessionTable stands below the table.
func SessionTable() ask.Line { return say("session.table") }

// SessionSheet is the name of a sheet of it.
func SessionSheet(name string) ask.Line { return say("session.sheet." + name) }

// SessionColumn is the head of a column.
func SessionColumn(name string) ask.Line { return say("session.column." + name) }

// SessionNotes say how it was counted.
func SessionNotes(fewest int) []ask.Line {
	return []ask.Line{say("session.note-results"), say("session.note-progress"), say("session.note-average"), say("session.note-place"), say("session.hides", "Fewest", fewest)}
}
