package registrar

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"alt.edu.kz/dauys/registrar/table"
)

var update = flag.Bool("update", false, "write testdata anew")

// rowsOf opens a file as a table; what is wrong with it comes with the first row.
func rowsOf(t testing.TB, file []byte) Rows {
	t.Helper()
	r, err := table.Open(bytes.NewReader(file), int64(len(file)), "test", table.Limits{})
	if err != nil {
		return never{err}
	}
	if err := r.Spread(); err != nil {
		t.Fatal(err)
	}
	return r
}

type never struct{ error }

func (n never) Next() (table.Row, error) { return table.Row{}, n.error }

// written is an entry in a line.
func written(e Entry) string {
	s := fmt.Sprintf("%s %s", e.Kind, e.Key)
	if e.Owner != "" {
		s += " of " + e.Owner
	}
	if e.Other != "" {
		s += " by " + e.Other
	}
	if e.Scope != "" {
		s += " in " + e.Scope
	}
	for _, name := range slices.Sorted(maps.Keys(e.Fields)) {
		s += "\n      " + name + ": " + e.Fields[name]
	}
	return s
}

// readAll reads a file and writes what it says.
func readAll(t testing.TB, kind Kind, rows Rows, d *Directory) string {
	t.Helper()
	l, ok := LayoutOf(kind)
	if !ok {
		t.Fatalf("no kind %q", kind)
	}
	r := Read(l, rows, d)
	var b strings.Builder
	for {
		got, err := r.Next()
		for _, e := range got.Entries {
			fmt.Fprintf(&b, "%3d %s\n", got.Row, written(e))
		}
		for _, f := range got.Flaws {
			fmt.Fprintf(&b, "%3d ! %s [%s] %q\n", f.Row, f.Code, f.Column, f.Value)
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, n := range r.Notes() {
		fmt.Fprintf(&b, "    note: %s %d %q\n", n.Code, n.N, n.Value)
	}
	return b.String()
}

func sample(t testing.TB, name string) []byte {
	t.Helper()
	file, err := os.ReadFile(filepath.Join("testdata/read", name))
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// university is a directory of what the samples refer to.
func university(t testing.TB) *Directory {
	t.Helper()
	d := NewDirectory()
	for _, k := range Referred {
		l, _ := LayoutOf(k)
		r := Read(l, rowsOf(t, sample(t, string(k)+".csv")), d)
		for {
			got, err := r.Next()
			if err == io.EOF {
				break
			}
			if err != nil || len(got.Flaws) > 0 {
				t.Fatal(k, got.Flaws, err)
			}
			for _, e := range got.Entries {
				d.Add(e)
			}
		}
	}
	return d
}

// TestRead reads the files of testdata/read: of each kind a good one at least. What they say stands beside them.
func TestRead(t *testing.T) {
	files, err := filepath.Glob("testdata/read/*.csv")
	if err != nil {
		t.Fatal(err)
	}
	d := university(t)
	good := map[Kind]bool{}
	for _, name := range files {
		name = filepath.Base(name)
		kind, _, _ := strings.Cut(strings.TrimSuffix(strings.TrimPrefix(name, "bad-"), ".csv"), "-")
		if name == "bad-page.csv" {
			kind = string(Marks)
		}
		got := readAll(t, Kind(kind), rowsOf(t, sample(t, name)), d)
		if bad := strings.Contains(got, " ! "); bad != strings.HasPrefix(name, "bad-") {
			t.Errorf("%s:\n%s", name, got)
		} else if !bad {
			good[Kind(kind)] = true
		}
		compare(t, filepath.Join("testdata/read", strings.TrimSuffix(name, ".csv")+".txt"), got)
	}
	for _, k := range KindNames() {
		if !good[k] {
			t.Errorf("there is no good file of %s", k)
		}
	}
}

func compare(t *testing.T, name, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if want, err := os.ReadFile(name); err != nil || string(want) != got {
		t.Errorf("%s is different (%v); go test ./registrar -update writes it:\n%s", name, err, got)
	}
}

// TestGuess: a kind is known by its head.
func TestGuess(t *testing.T) {
	for _, k := range KindNames() {
		all, err := Guess(rowsOf(t, sample(t, string(k)+".csv")))
		if err != nil || len(all) == 0 || all[0] != k {
			t.Errorf("%s is taken for %v (%v)", k, all, err)
		}
	}
}

// journal is a journal of Platonus: titles above, a head of two rows, a course of several rows with merged totals.
func journal(t testing.TB) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer func() { _ = f.Close() }()
	set := func(cell string, values ...any) {
		if err := f.SetSheetRow("Sheet1", cell, &values); err != nil {
			t.Fatal(err)
		}
	}
	merge := func(from, to string) {
		if err := f.MergeCell("Sheet1", from, to); err != nil {
			t.Fatal(err)
		}
	}
	set("A1", "Журнал успеваемости")
	merge("A1", "V1")
	set("A2", "Студент:", "", "Ли Анна")
	set("A3", "Учебный год: 2026-2027, Семестр: 1")
	merge("A3", "V3")
	set("A5", "Дисциплина", "Учебный поток", "Преподаватель", "Недели", "", "", "Рейтинг 1", "", "", "", "Рейтинг допуска", "Итоговый контроль (экзамен)", "Итоговая оценка", "")
	set("A6", "", "", "", 1, 2, 3, "ТК1", "ТК1 ОБЩ.", "РК1", "Р1", "", "", "%", "Буквенная")
	merge("D5", "F5")
	merge("G5", "J5")
	merge("M5", "N5")
	for _, c := range []string{"A", "B", "C", "K", "L"} {
		merge(c+"5", c+"6")
	}
	set("A7", "Математический анализ", "лекция", "Сейітова М.Е.", 80, "н", 90, 85, 84.5, 90, 87, 80, 75, 78, "В-")
	set("A8", "", "практика", "Ким В.А.", 70, 80, "н.п.", 84, "", "", "", "", "", "", "")
	set("A9", "", "СРСП", "Ким В.А.", "", "", "", "", "", "", "", "", "", "", "")
	for _, c := range []string{"A", "H", "I", "J", "K", "L", "M", "N"} {
		merge(c+"7", c+"9")
	}
	set("A10", "Физика", "лекция", "Ким В.А.", "", "", "", "", "н.п.", "", "", "", "н/д", "", "F")
	b, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestJournal(t *testing.T) {
	got := readAll(t, Marks, rowsOf(t, journal(t)), university(t))
	compare(t, "testdata/read/journal.txt", got)
	if all, err := Guess(rowsOf(t, journal(t))); err != nil || len(all) == 0 || all[0] != Marks {
		t.Errorf("it is taken for %v (%v)", all, err)
	}
}

// Without a roster nobody is known, and a name of a discipline says nothing without the catalogue.
func TestFirstThingsFirst(t *testing.T) {
	if got := readAll(t, Marks, rowsOf(t, sample(t, "marks.csv")), NewDirectory()); !strings.Contains(got, RosterFirst) || strings.Count(got, "\n") != 1 {
		t.Errorf("marks without a roster: %s", got)
	}
}

// A head on each page, totals and signatures are no data; sections name a group.
func TestPages(t *testing.T) {
	file := `Учебный год: 2026-2027;;;
Семестр: осенний;;;
Дисциплина: Физика;;;
Код студента;;;
ФИО;Группа;Экзамен;Подпись
Группа: ИС-24-1;;;
Ли Анна;;80;
Иванов Пётр Сергеевич;;н;
ФИО;Группа;Экзамен;Подпись
Группа: АВ-25-2;;;
Омарова Айгүл Серікқызы;;90;
Исполнитель Жұмабаева;;;
`
	got := readAll(t, Marks, rowsOf(t, []byte(file)), university(t))
	compare(t, "testdata/read/pages.txt", got)
}

// What could be taken for a title or for something else is not passed over in silence.
func TestRowsThatAreNearlyEmpty(t *testing.T) {
	file := "ID студента;ФИО;Код ОП;Группа;Подпись\n240101;;;;\n;;;;Иванов\nИтого;;;;\n"
	got := readAll(t, Roster, rowsOf(t, []byte(file)), NewDirectory())
	want := "  2 ! required [ФИО] \"\"\n  2 ! required [Код ОП] \"\"\n  2 ! required [Группа] \"\"\n    note: unread-columns 1 \"Подпись\"\n    note: left-out 2 \"\"\n"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	file = "ИИН;Учебный год;Семестр;Код дисциплины;Экзамен;Оценка\n040215500128;2026-2027;1;MATH1;80;90\n"
	got = readAll(t, Marks, rowsOf(t, []byte(file)), university(t))
	if !strings.Contains(got, "|exam of") || strings.Contains(got, "90") || !strings.Contains(got, `unread-columns 1 "Оценка"`) {
		t.Errorf("got\n%s", got)
	}
}

// Whatever stands in a table, reading it ends, and an entry has a key and an owner.
func FuzzRead(f *testing.F) {
	names, _ := filepath.Glob("testdata/read/*.csv")
	for _, name := range names {
		file, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(file, uint8(0))
	}
	f.Add(journal(f), uint8(11))
	d := university(f)
	f.Fuzz(func(t *testing.T, file []byte, kind uint8) {
		rows, err := table.Open(bytes.NewReader(file), int64(len(file)), "fuzz", table.Limits{Rows: 200, Part: 1 << 20})
		if err != nil {
			return
		}
		if rows.Spread() != nil {
			return
		}
		l := &Layouts[int(kind)%len(Layouts)]
		r := Read(l, rows, d)
		for n := 0; ; n++ {
			got, err := r.Next()
			if len(got.Entries) > 0 && len(got.Flaws) > 0 {
				t.Fatal("a row is good and bad")
			}
			for _, e := range got.Entries {
				if strings.Trim(e.Key, "|") == "" || strings.HasSuffix(e.Owner, "/") {
					t.Fatalf("an entry of nobody: %s", written(e))
				}
				for name, v := range e.Fields {
					if v == "" || l.Column(name) == nil {
						t.Fatalf("a value of nothing: %s", written(e))
					}
				}
			}
			for _, w := range got.Flaws {
				if !slices.Contains(Codes, w.Code) {
					t.Fatalf("no such code: %q", w.Code)
				}
			}
			if err != nil {
				return
			}
			if n > 300 {
				t.Fatal("it does not end")
			}
		}
	})
}
