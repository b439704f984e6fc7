package documents

import (
	"bytes"
	"errors"
	"iter"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

var almatyZone = time.FixedZone("Almaty", 5*60*60)

func journal(rows iter.Seq2[[]any, error]) Journal {
	return Journal{Made: time.Date(2026, 11, 23, 5, 0, 0, 0, time.UTC), Name: "Журнал [2026]", Zone: almatyZone, Rows: rows, Headings: []Heading{
		{"Нөмірі", InWords, 18}, {"Подано", AMoment, 17}, {"Due", ADay, 12}, {"Days", ACount, 8}, {"Name", InWords, 30},
	}}
}

func rowsOf(all ...[]any) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		for _, r := range all {
			if !yield(r, nil) {
				return
			}
		}
	}
}

func opened(t *testing.T, file []byte) (*excelize.File, string) {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f, f.GetSheetName(0)
}

// Whatever people write, it stays text: in the sheet, and in a CSV file that is made of it.
func TestJournalTakesNothingForAFormula(t *testing.T) {
	hostile := []struct{ written, kept string }{
		{"=HYPERLINK(\"http://x\";\"y\")", "'=HYPERLINK(\"http://x\";\"y\")"},
		{"+7 701", "'+7 701"}, {"-5", "'-5"}, {"@SUM(A1)", "'@SUM(A1)"}, {"\t=1+1", "'=1+1"}, {"\r=1+1", "'=1+1"}, {"\n\u200b=1+1", "'=1+1"},
		{"＝1+1", "'＝1+1"}, {"\u202e=cmd", "'=cmd"}, {"'=1", "'=1"},
		{"Құрметті\nәріптестер\r\n!", "Құрметті әріптестер !"}, {"\x00\x07a\ufffeb\ufffd", "ab"}, {"👩‍🎓 Әсел", "👩‍🎓 Әсел"}, {"<b>&amp;</b>]]>", "<b>&amp;</b>]]>"},
		{"й", "й"}, {"", ""}, {" \t ", ""}, {"2026-11-23", "2026-11-23"}, {"001", "001"}, {"_x000D_", "_x000D_"},
		{strings.Repeat("ұзақ ", 8000), strings.TrimSpace(strings.Repeat("ұзақ ", 400))[:0] + string([]rune(strings.Repeat("ұзақ ", 400))[:longestWords-1]) + "…"},
	}
	var rows [][]any
	for _, h := range hostile {
		rows = append(rows, []any{"ALT-2026-000001", time.Time{}, time.Time{}, 0, h.written})
	}
	file, err := journal(rowsOf(rows...)).Bytes()
	if err != nil {
		t.Fatal(err)
	}
	f, sheet := opened(t, file)
	for i, h := range hostile {
		at, _ := excelize.CoordinatesToCellName(5, i+2)
		got, err := f.GetCellValue(sheet, at)
		if err != nil || got != h.kept {
			t.Errorf("%.40q is %.60q, want %.60q (%v)", h.written, got, h.kept, err)
		}
		if formula, err := f.GetCellFormula(sheet, at); err != nil || formula != "" {
			t.Errorf("%.40q became the formula %q (%v)", h.written, formula, err)
		}
		if kind, err := f.GetCellType(sheet, at); h.kept != "" && (err != nil || kind != excelize.CellTypeInlineString && kind != excelize.CellTypeSharedString) {
			t.Errorf("%.40q is a cell of the type %v (%v)", h.written, kind, err)
		}
	}
}

// Days and moments are such, by the clock of Almaty; the head stays where it is and can be filtered by.
func TestJournalIsATable(t *testing.T) {
	filed := time.Date(2026, 12, 31, 19, 30, 59, 0, time.UTC) // half past midnight on New Year
	file, err := journal(rowsOf(
		[]any{"ALT-2027-000001", filed, filed, 12, "Айгерім"},
		[]any{"ALT-2027-000002", time.Time{}, time.Time{}, 0, ""},
	)).Bytes()
	if err != nil {
		t.Fatal(err)
	}
	f, sheet := opened(t, file)
	if sheet != "Журнал -2026-" {
		t.Errorf("the tab is %q", sheet)
	}
	for at, want := range map[string]string{"A1": "Нөмірі", "E1": "Name", "B2": "01.01.2027 00:30", "C2": "01.01.2027", "D2": "12", "B3": "", "C3": "", "D3": "0", "E3": ""} {
		if got, err := f.GetCellValue(sheet, at); err != nil || got != want {
			t.Errorf("%s is %q, want %q (%v)", at, got, want, err)
		}
	}
	if kind, err := f.GetCellType(sheet, "B2"); err != nil || kind == excelize.CellTypeInlineString || kind == excelize.CellTypeSharedString {
		t.Errorf("a moment is a cell of the type %v (%v)", kind, err)
	}
	if p, err := f.GetPanes(sheet); err != nil || !p.Freeze || p.YSplit != 1 {
		t.Errorf("panes %+v (%v)", p, err)
	}
	filtered := false
	for _, n := range f.GetDefinedName() {
		filtered = filtered || n.Name == "_xlnm._FilterDatabase" && strings.HasSuffix(n.RefersTo, "!$A$1:$E$3")
	}
	if !filtered {
		t.Errorf("no filter over the table: %+v", f.GetDefinedName())
	}
	if width, err := f.GetColWidth(sheet, "E"); err != nil || width < 29 || width > 31 {
		t.Errorf("the last column is %v wide (%v)", width, err)
	}
}

func TestSameJournalSameBytes(t *testing.T) {
	make := func() []byte {
		file, err := journal(rowsOf([]any{"ALT-2026-000001", time.Unix(0, 0), time.Unix(0, 0), 1, "a"})).Bytes()
		if err != nil {
			t.Fatal(err)
		}
		return file
	}
	if !bytes.Equal(make(), make()) {
		t.Error("the same rows gave other bytes")
	}
}

func TestJournalThatFails(t *testing.T) {
	broken := errors.New("the store is away")
	j := journal(func(yield func([]any, error) bool) { yield(nil, broken) })
	if _, err := j.Bytes(); !errors.Is(err, broken) {
		t.Errorf("error %v", err)
	}
	if _, err := journal(rowsOf([]any{"too", "few"})).Bytes(); err == nil {
		t.Error("a row with too few values was written")
	}
	if _, err := (Journal{}).Bytes(); err == nil {
		t.Error("a journal of no time was written")
	}
}

// BenchmarkJournal writes as many rows as a university has in some years, each with as many columns as
// the registration journal. The rows are made one by one; heap is the most that was held meanwhile.
func BenchmarkJournal(b *testing.B) {
	const rows, columns = 20_000, 23
	j := journal(nil)
	for len(j.Headings) < columns {
		j.Headings = append(j.Headings, Heading{"More", InWords, 20})
	}
	for b.Loop() {
		var heap uint64
		at := time.Date(2026, 1, 5, 5, 0, 0, 0, time.UTC)
		j.Rows = func(yield func([]any, error) bool) {
			for i := range rows {
				at = at.Add(7 * time.Minute)
				row := []any{"ALT-2026-000001", at, at, i, "Сәрсенова Айгерім Бекқызы, ИС-21-1"}
				for len(row) < columns {
					row = append(row, "«Көлік және құрылыс» институты")
				}
				if i%1000 == 0 {
					var m runtime.MemStats
					runtime.ReadMemStats(&m)
					heap = max(heap, m.HeapAlloc)
				}
				if !yield(row, nil) {
					return
				}
			}
		}
		file, err := j.Bytes()
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(len(file))/(1<<20), "MB/file")
		b.ReportMetric(float64(heap)/(1<<20), "MB/heap")
	}
}

// The sheets of a book stand beside each other, each with its own columns; nothing on any of them is a formula.
func TestBook(t *testing.T) {
	one := journal(rowsOf([]any{"=1+1", "x"}))
	one.Headings = []Heading{{"a", InWords, 10}, {"b", InWords, 10}}
	one.Name = "One"
	two := journal(rowsOf([]any{"+2", 7, 76.25}, []any{"only a name", "", ""}))
	two.Name, two.Headings = "Two: [2]", []Heading{{"name", InWords, 20}, {"count", ACount, 10}, {"average", ANumber, 10}}
	file, err := Book{one, two}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	f, _ := opened(t, file)
	if got := strings.Join(f.GetSheetList(), ", "); got != "One, Two- -2-" {
		t.Errorf("sheets: %s", got)
	}
	for cell, want := range map[string]string{"A2": "'+2", "B2": "7", "C2": "76.25", "A3": "only a name", "B3": ""} {
		if got, err := f.GetCellValue("Two- -2-", cell); err != nil || got != want {
			t.Errorf("%s is %q, %v", cell, got, err)
		}
		if formula, _ := f.GetCellFormula("Two- -2-", cell); formula != "" {
			t.Errorf("%s is a formula", cell)
		}
	}
	if got, _ := f.GetCellValue("One", "A2"); got != "'=1+1" {
		t.Errorf("One A2 is %q", got)
	}
	if _, err := (Book{}).Bytes(); err == nil {
		t.Error("a book without sheets was written")
	}
}
