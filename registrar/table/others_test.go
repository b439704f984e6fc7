package table

import (
	"bytes"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

// A file that a program made, not a test by hand: a journal whose courses go through several rows.
func TestMadeByOthers(t *testing.T) {
	f := excelize.NewFile()
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	_, err := f.NewSheet("Журнал")
	check(err)
	check(f.SetSheetVisible("Sheet1", true))
	f.SetActiveSheet(1)
	check(f.SetSheetVisible("Sheet1", false))
	format := `dd\.mm\.yyyy`
	own, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
	check(err)
	short, err := f.NewStyle(&excelize.Style{NumFmt: 22})
	check(err)
	for at, v := range map[string]any{
		"A1": "Дисциплина", "B1": "Учебный поток", "C1": "1", "D1": "Рейтинг допуска", "E1": "Дата",
		"A2": "Физика", "B2": "лекция", "C2": 85, "D2": 88.5, "E2": time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC),
		"B3": "практика", "C3": "н", "E3": time.Date(2026, 11, 23, 9, 30, 0, 0, time.UTC),
		"B4": "СРСП", "C4": true, "D6": 0.1 + 0.2,
	} {
		check(f.SetCellValue("Журнал", at, v))
	}
	check(f.SetCellStyle("Журнал", "E2", "E2", own))
	check(f.SetCellStyle("Журнал", "E3", "E3", short))
	check(f.SetCellRichText("Журнал", "A5", []excelize.RichTextRun{{Text: "Хи"}, {Text: "мия", Font: &excelize.Font{Bold: true}}}))
	check(f.SetCellFormula("Журнал", "C5", "SUM(C2:C3)"))
	check(f.MergeCell("Журнал", "A2", "A4"))
	check(f.MergeCell("Журнал", "D2", "D4"))
	check(f.SetRowVisible("Журнал", 5, false))
	file, err := f.WriteToBuffer()
	check(err)
	r, err := Open(bytes.NewReader(file.Bytes()), int64(file.Len()), "journal.xlsx", Limits{})
	check(err)
	check(r.Spread())
	want := lines("1 | Дисциплина | Учебный поток | 1 | Рейтинг допуска | Дата",
		"2 | Физика | лекция | 85~n | 88.5~n | 2026-11-23~d",
		"3 | Физика~m | практика | н | 88.5~nm | 2026-11-23T09:30:00~d",
		"4 | Физика~m | СРСП | true~b | 88.5~nm",
		"5 | Химия |  | ~ef hidden",
		"6 |  |  |  | 0.3~n")
	if got := rest(t, r); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}

// One that is written as a stream, as large exports are, and one with a password.
func TestMadeAsStream(t *testing.T) {
	f := excelize.NewFile()
	w, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{w.SetRow("A1", []any{"ФИО", "Баға"}), w.SetRow("A2", []any{"Әсел <&>", 4.5}), w.Flush()} {
		if err != nil {
			t.Fatal(err)
		}
	}
	file, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	if got, want := all(t, file.Bytes(), Limits{}), lines("1 | ФИО | Баға", "2 | Әсел <&> | 4.5~n"); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	locked, err := excelize.Encrypt(file.Bytes(), &excelize.Options{Password: "1"})
	if err != nil {
		t.Fatal(err)
	}
	if got := all(t, locked, Limits{}); got != "! locked" {
		t.Error(got)
	}
}
