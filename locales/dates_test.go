package locales_test

import (
	"testing"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
)

// A day is read in every language and form; without a year the nearest that will do.
func TestDay(t *testing.T) {
	book := newRealBook(t)
	past := ask.Days{Today: "2026-11-23", To: "2026-11-23"}
	coming := ask.Days{Today: "2026-11-23", From: "2026-11-23"}
	for _, tt := range []struct {
		typed string
		days  ask.Days
		want  string
	}{
		{"23.11.2026", past, "2026-11-23"}, {"1.9.26", past, "2026-09-01"}, {"01/09/2026", past, "2026-09-01"}, {"1-9-2026", past, "2026-09-01"}, {"2026-11-23", past, "2026-11-23"},
		{" 2026.11.23. ", past, "2026-11-23"}, {"23 11 2026", past, "2026-11-23"}, {"23.11.2026 г.", past, "2026-11-23"},
		{"23.11", past, "2026-11-23"}, {"24.11", past, "2025-11-24"}, {"24.11", coming, "2026-11-24"}, {"22.11", coming, "2027-11-22"}, {"29.02", past, "2024-02-29"}, {"29.02", coming, "2028-02-29"},
		{"24.11", ask.Days{Today: "2026-11-23", From: "2026-09-01", To: "2026-11-23"}, "2026-11-24"}, // no such day will do: the engine tells
		{"24.11", ask.Days{To: "2026-11-23"}, "2025-11-24"}, {"24.11", ask.Days{}, ""}, {"24.11.2026", ask.Days{}, "2026-11-24"},
		{"23 November", past, "2026-11-23"}, {"November 23, 2026", past, "2026-11-23"}, {"the 3rd of Nov", past, "2026-11-03"}, {"23rd november 2025", past, "2025-11-23"}, {"may 5", past, "2026-05-05"},
		{"23 ноября", past, "2026-11-23"}, {"23-го ноября 2025 года", past, "2025-11-23"}, {"5 мая", past, "2026-05-05"}, {"1 сент", past, "2026-09-01"}, {"1 СЕНТЯБРЬ", past, "2026-09-01"}, {"23 noyabrya", past, "2026-11-23"},
		{"23 қараша", past, "2026-11-23"}, {"2026 жылғы 23 қарашада", past, "2026-11-23"}, {"2026 ж. 23 қараша", past, "2026-11-23"}, {"23 караша", past, "2026-11-23"}, {"23-ші қараша", past, "2026-11-23"},
		{"қараша айының 23-і", past, "2026-11-23"}, {"5 мамыр", past, "2026-05-05"}, {"7 маусым", past, "2026-06-07"}, {"1 қыркүйектен", past, "2026-09-01"}, {"23 qarasha", past, "2026-11-23"},
		{"бүгін", past, "2026-11-23"}, {"Бугин", past, "2026-11-23"}, {"bugin", past, "2026-11-23"}, {"сегодня", past, "2026-11-23"}, {"сёдня!", past, "2026-11-23"}, {"today", past, "2026-11-23"}, {"ctujlyz", past, "2026-11-23"},
		{"кеше", past, "2026-11-22"}, {"вчера", past, "2026-11-22"}, {"Yesterday.", past, "2026-11-22"}, {"today", ask.Days{}, ""},
		{"", past, ""}, {"23", past, ""}, {"ноябрь", past, ""}, {"31.11.2026", past, ""}, {"0.1", past, ""}, {"32.01", past, ""}, {"1.13.2026", past, ""}, {"23.11.0000", past, ""}, {"отмена", past, ""}, {"назад", past, ""},
		{"23 ноября в 10:00", past, ""}, {"с 23 по 25 ноября", past, ""}, {"на прошлой неделе", past, ""}, {"5 человек", past, ""}, {"23 мароккo", past, ""}, {"12.11.2026 13.11.2026", past, ""}, {"ALT-2026-000001", past, ""},
	} {
		if got, _ := book.Day(tt.typed, tt.days); got != tt.want && !(tt.want == "" && func() bool { _, ok := book.Day(tt.typed, tt.days); return !ok }()) {
			t.Errorf("%q of %v: %q, want %q", tt.typed, tt.days, got, tt.want)
		}
	}
}

// A day and a number are written as the language does, also among the details of a case.
func TestDayAndNumber(t *testing.T) {
	book := newRealBook(t)
	day, _ := ask.On("2026-11-23")
	for l, want := range map[dauys.Lang]string{
		dauys.Kazakh: "2026 ж. 23 қараша; 67,5; 12\u202f000,25; -0,5; 7", dauys.Russian: "23 ноября 2026 г.; 67,5; 12\u202f000,25; -0,5; 7", dauys.English: "23 November 2026; 67.5; 12,000.25; -0.5; 7",
	} {
		got := ""
		for _, v := range []any{day, ask.Decimal("67.5"), ask.Decimal("12000.25"), ask.Decimal("-0.5"), ask.Decimal("7")} {
			if got != "" {
				got += "; "
			}
			got += book.Plain(l, ask.Line{Key: "ask.named", Args: ask.Args{"Name": v}})
		}
		if got != want {
			t.Errorf("%s: %s, want %s", l, got, want)
		}
	}
	details := []dauys.Detail{{Question: "talk.how", Text: "2026-11-23", As: dauys.DetailDay}, {Question: "talk.how", Text: "67.5", As: dauys.DetailNumber}, {Question: "talk.how", Text: "67.5"}}
	want := []string{"23 ноября 2026 г.", "67,5", "67.5"}
	for i, line := range locales.DetailLines(details) {
		if got := book.Plain(dauys.Russian, ask.Line{Key: "ask.named", Args: ask.Args{"Name": line.Args["Answer"]}}); got != want[i] {
			t.Errorf("a detail is written %q, want %q", got, want[i])
		}
	}
}
