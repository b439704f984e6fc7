package main

import (
	"fmt"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/handlers"
	"alt.edu.kz/dauys/registrar"
	"alt.edu.kz/dauys/storage"
)

// Kinds of marks that the students of the benchmark have in each of their courses.
var benchControls = []string{"tc1", "rc1", "tc2", "rc2", "admission", "exam"}

// BenchmarkSessionFigures counts a session over 600,000 marks: ten thousand students with five courses in
// each of two semesters. It tells how much memory stays in use at most.
func BenchmarkSessionFigures(b *testing.B) {
	ctx := b.Context()
	db, err := storage.Open(ctx, storage.Options{URL: "sqlite://" + filepath.Join(b.TempDir(), "dauys.db"), Key: make([]byte, 32)})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if err := db.Migrate(ctx); err != nil {
		b.Fatal(err)
	}
	const students, courses = 10_000, 5
	load := func(k registrar.Kind, each func(put func(registrar.Fields))) {
		im, err := db.BeginImport(ctx, registrar.Import{ID: string(k), Kind: k, At: time.Now()})
		if err != nil {
			b.Fatal(err)
		}
		var some []registrar.Entry
		flush := func() {
			if _, err := db.Stage(ctx, &im, some); err != nil {
				b.Fatal(err)
			}
			some = some[:0]
		}
		each(func(f registrar.Fields) {
			if some = append(some, registrar.EntryOf(k, f)); len(some) == 5000 {
				flush()
			}
		})
		flush()
		if err := db.FinishImport(ctx, &im); err != nil {
			b.Fatal(err)
		}
		if _, err := db.Settle(ctx, im.ID, registrar.Published, "bench", time.Now(), nil); err != nil {
			b.Fatal(err)
		}
	}
	load(registrar.Roster, func(put func(registrar.Fields)) {
		for s := range students {
			put(registrar.Fields{"student": fmt.Sprint(20230000 + s), "name": "A", "institute": fmt.Sprint("I", s%3), "programme": fmt.Sprint("P", s%30), "course": fmt.Sprint(1 + s%4), "group": fmt.Sprint("G", s%400)})
		}
	})
	load(registrar.Marks, func(put func(registrar.Fields)) {
		for s := range students {
			for n := range 2 * courses {
				for i, control := range benchControls {
					put(registrar.Fields{"student": fmt.Sprint(20230000 + s), "group": fmt.Sprint("G", s%400), "year": "2025-2026", "semester": fmt.Sprint(1 + n%2),
						"discipline": fmt.Sprint("D", s%30, "-", n), "title": "A discipline with a name", "credits": "5", "control": control, "score": fmt.Sprint(40 + (s*7+n*13+i*17)%60)})
				}
			}
		}
	})
	h := &handlers.Handlers{University: dauys.Builtin(), Storage: store{db}, Now: time.Now}
	for b.Loop() {
		most, stop, done := uint64(0), make(chan struct{}), make(chan struct{})
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		before := m.HeapAlloc
		go func() {
			defer close(done)
			for {
				select {
				case <-stop:
					return
				case <-time.After(50 * time.Millisecond):
					var m runtime.MemStats
					runtime.ReadMemStats(&m)
					most = max(most, m.HeapAlloc)
				}
			}
		}()
		sum, err := h.SessionSummary(ctx, registrar.Span{Year: "2025-2026", Semester: 1})
		close(stop)
		<-done
		if err != nil || sum.Whole.Results != students*courses {
			b.Fatal(sum.Whole, err)
		}
		b.ReportMetric(float64(most-min(most, before))/(1<<20), "MB-heap")
	}
}
