package handlers

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/locales"
)

// An answer may be on paper, too, and have a number there. Who writes the answer puts it on a line of its
// own: № 12-34 от 20.11.2026. It is no question of the form, so nobody is asked who has none.

// aDocument is such a line: the number, and a date behind it if there is one.
var aDocument = regexp.MustCompile(`(?i)^№\s*([\p{L}\p{N}](?:[\p{L}\p{N}/._–-]{0,39}[\p{L}\p{N}])?)(?:\s*(?:,|от|of|dated|–|-)?\s*(\d{1,2}[./]\d{1,2}[./]\d{4})(?:\s*(?:г|ж)\.?)?)?\s*\.?$`)

// documented takes the number of a document out of the words of an answer, where it stands on a line of
// its own. A date that is none leaves the words as they are, and so do words that are nothing else.
func documented(m dauys.Move) dauys.Move {
	if m.Act != dauys.Answer && m.Act != dauys.Decide && m.Act != dauys.Submit {
		return m
	}
	lines := strings.Split(m.Note, "\n")
	for i, line := range lines {
		found := aDocument.FindStringSubmatch(strings.TrimSpace(line))
		if found == nil {
			continue
		}
		details := []dauys.Detail{{Question: locales.DocumentNumber, Text: found[1]}}
		if found[2] != "" {
			day, err := time.Parse("2.1.2006", strings.ReplaceAll(found[2], "/", "."))
			if err != nil {
				return m
			}
			details = append(details, dauys.Detail{Question: locales.DocumentDate, Text: day.Format(time.DateOnly), As: dauys.DetailDay})
		}
		rest := strings.TrimSpace(strings.Join(slices.Delete(slices.Clone(lines), i, i+1), "\n"))
		if rest == "" {
			return m
		}
		m.Note, m.Details = rest, append(details, m.Details...)
		return m
	}
	return m
}

// withDocument are the words of an answer as they were written, with the line of its document.
func withDocument(e dauys.Event) string {
	document := locales.DocumentOf(e)
	if document == "" || e.Note == "" {
		return e.Note
	}
	return e.Note + "\n\n" + document
}
