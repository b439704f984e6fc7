package handlers

import (
	"slices"
	"testing"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/locales"
)

// The number of a document is a line of its own in the words of an answer; everything else stays words.
func TestDocumented(t *testing.T) {
	const words = "Кестеге өзгеріс енгізілді."
	for _, tt := range []struct{ said, note, number, day string }{
		{words + "\n\n№ 12-34 от 20.11.2026", words, "12-34", "2026-11-20"},
		{"№ 12-34 от 20.11.2026 г.\n" + words, words, "12-34", "2026-11-20"},
		{words + "\n№12-34/А, 20.11.2026 ж.", words, "12-34/А", "2026-11-20"},
		{words + "\n№ 7 dated 1.12.2026.", words, "7", "2026-12-01"},
		{words + "\n№ 7", words, "7", ""},
		{words + "\n№ 12-34 от 31.11.2026", words + "\n№ 12-34 от 31.11.2026", "", ""}, // no such day
		{words + " № 12-34 от 20.11.2026", words + " № 12-34 от 20.11.2026", "", ""},
		{"№ 12-34 от 20.11.2026", "№ 12-34 от 20.11.2026", "", ""},
		{"№ 5 аудиторияда өтеді.\n" + words, "№ 5 аудиторияда өтеді.\n" + words, "", ""},
		{words, words, "", ""},
	} {
		m := documented(dauys.Move{Act: dauys.Answer, Note: tt.said})
		var want []dauys.Detail
		if tt.number != "" {
			want = append(want, dauys.Detail{Question: locales.DocumentNumber, Text: tt.number})
		}
		if tt.day != "" {
			want = append(want, dauys.Detail{Question: locales.DocumentDate, Text: tt.day, As: dauys.DetailDay})
		}
		if m.Note != tt.note || !slices.Equal(m.Details, want) {
			t.Errorf("%q: %q, %+v", tt.said, m.Note, m.Details)
		}
		again := documented(dauys.Move{Act: dauys.Answer, Note: withDocument(dauys.Event{Note: m.Note, Details: m.Details})})
		if again.Note != m.Note || !slices.Equal(again.Details, m.Details) {
			t.Errorf("%q, written anew: %q, %+v", tt.said, again.Note, again.Details)
		}
	}
	if m := documented(dauys.Move{Act: dauys.Ask, Note: words + "\n№ 7"}); m.Details != nil {
		t.Errorf("a question has the number %+v", m.Details)
	}
}
