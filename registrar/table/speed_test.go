package table

import (
	"archive/zip"
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/metrics"
	"strings"
	"testing"
	"time"
)

// marks writes a table of marks as registrars have it: ten columns, of which two name the student.
func marks(w io.Writer, rows int, row func(w *bufio.Writer, i int)) error {
	b := bufio.NewWriter(w)
	for i := range rows {
		row(b, i)
	}
	return b.Flush()
}

func marksCSV(t testing.TB, rows int) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "marks.csv")
	f, err := os.Create(name)
	if err == nil {
		err = marks(f, rows, func(w *bufio.Writer, i int) {
			fmt.Fprintf(w, "%012d;Серікбаева Әсел Қанатқызы %d;2026;1;ФИЗ%d;Физика және «негіздері»;%d,5;A-;5;23.11.2026\r\n", 1e11+i/40, i/40, i%500, 50+i%50)
		})
	}
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return name
}

// marksXLSX has a text of its own for every student and for every row.
func marksXLSX(t testing.TB, rows int) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "marks.xlsx")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	from, err := zip.NewReader(bytes.NewReader(book(t, "")), int64(len(book(t, ""))))
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(f)
	for _, part := range from.File {
		if strings.HasSuffix(part.Name, "s.xml") && part.Name == "xl/worksheets/s.xml" || strings.HasSuffix(part.Name, "sharedStrings.xml") {
			continue
		}
		if err := z.Copy(part); err != nil {
			t.Fatal(err)
		}
	}
	w, err := z.Create("xl/sharedStrings.xml")
	if err == nil {
		_, err = io.WriteString(w, "<sst>")
	}
	if err == nil {
		err = marks(w, rows, func(w *bufio.Writer, i int) {
			fmt.Fprintf(w, "<si><t>Ведомость № %d</t></si>", i)
		})
	}
	if err == nil {
		_, err = io.WriteString(w, "</sst>")
	}
	if err == nil {
		w, err = z.Create("xl/worksheets/s.xml")
	}
	if err == nil {
		_, err = io.WriteString(w, "<worksheet><sheetData>")
	}
	if err == nil {
		err = marks(w, rows, func(w *bufio.Writer, i int) {
			r := i + 1
			fmt.Fprintf(w, `<row r="%[1]d" spans="1:10"><c r="A%[1]d"><v>%012[2]d</v></c><c r="B%[1]d" t="s"><v>%[3]d</v></c><c r="C%[1]d"><v>2026</v></c><c r="D%[1]d"><v>1</v></c><c r="E%[1]d" t="s"><v>%[4]d</v></c><c r="F%[1]d" t="s"><v>%[5]d</v></c><c r="G%[1]d"><v>%[6]d.5</v></c><c r="H%[1]d" t="s"><v>0</v></c><c r="I%[1]d"><v>5</v></c><c r="J%[1]d" s="1"><v>46349</v></c></row>`,
				r, int(1e11)+i/40, i/40, i%500, i, 50+i%50)
		})
	}
	if err == nil {
		_, err = io.WriteString(w, `</sheetData><mergeCells><mergeCell ref="A1:A2"/></mergeCells></worksheet>`)
	}
	if err == nil {
		err = errors.Join(z.Close(), f.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
	return name
}

func readMarks(t testing.TB, name string, want int, spread bool) {
	t.Helper()
	rows := 0
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }() // it was only read
	about, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	r, err := Open(f, about.Size(), name, Limits{})
	if err == nil && spread {
		err = r.Spread()
	}
	for err == nil {
		var row Row
		if row, err = r.Next(); err == nil {
			if rows++; len(row.Cells) != 10 || row.Number != rows {
				t.Fatal(shown(row))
			}
		}
	}
	if !errors.Is(err, io.EOF) || rows != want {
		t.Fatal(rows, err)
	}
}

// peak is the most that the heap held beyond what it did before, in bytes: what lives and what is
// not collected yet.
func peak(during func()) uint64 {
	runtime.GC()
	heap := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(heap)
	before, most := heap[0].Value.Uint64(), uint64(0)
	done, gone := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(gone)
		for {
			select {
			case <-done:
				return
			case <-time.After(2 * time.Millisecond):
				metrics.Read(heap)
				most = max(most, heap[0].Value.Uint64())
			}
		}
	}()
	during()
	close(done)
	<-gone
	return max(most, before) - before
}

// What is read does not stay in memory. The benchmark does the same with 600,000 rows, which take
// 4 MB as CSV and, with their texts, 41 MB as XLSX.
func TestMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("reads 100,000 rows twice")
	}
	const rows = 100_000
	for _, name := range []string{marksCSV(t, rows), marksXLSX(t, rows)} {
		if got := peak(func() { readMarks(t, name, rows, false) }); got > 20<<20 {
			t.Errorf("%s: %d MB", filepath.Base(name), got>>20)
		}
	}
}

func BenchmarkMarks(b *testing.B) {
	const rows = 600_000
	for _, bb := range []struct {
		name   string
		file   func(testing.TB, int) string
		spread bool
	}{{"CSV", marksCSV, false}, {"XLSX", marksXLSX, false}, {"XLSX merged", marksXLSX, true}} {
		b.Run(bb.name, func(b *testing.B) {
			file := bb.file(b, rows)
			b.ReportAllocs()
			most := uint64(0)
			for b.Loop() {
				most = max(most, peak(func() { readMarks(b, file, rows, bb.spread) }))
			}
			b.ReportMetric(float64(most)/(1<<20), "peak-MB")
		})
	}
}
