package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"runtime/metrics"
	"slices"
	"strings"
	"testing"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/registrar"
	"alt.edu.kz/dauys/storage"
	"alt.edu.kz/dauys/storage/storagetest"
)

var manyMarks = flag.Int("marks", 3000, "how many marks the largest import of the tests has; 600000 is a university's semester")

const (
	perStudent = 30 // marks of a student in a file
	perGroup   = 25
)

// marksFile writes a file with so many marks; of a hundred, so many are another than in the file before.
func marksFile(t *testing.T, name string, n, others int) string {
	t.Helper()
	name = filepath.Join(t.TempDir(), name)
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	w := bufio.NewWriter(f)
	fmt.Fprintln(w, "ID студента;Группа;Учебный год;Семестр;Код дисциплины;Вид контроля;Оценка;Дата выставления")
	for i := range n {
		student, discipline := i/perStudent, i%perStudent
		score := 50 + (i*7)%50
		if i%100 < others {
			score++
		}
		fmt.Fprintf(w, "%06d;Г-%04d;2026-2027;1;DISC%02d;РК1;%d,5;25.10.2026\n", student, student/perGroup, discipline, score)
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return name
}

// TestImportOfManyMarks imports the marks of a semester, and again with one of a hundred changed, while
// somebody else writes into the same database from another process, as the dialogue does. What it took
// is logged: -marks 600000 -v shows it.
func TestImportOfManyMarks(t *testing.T) {
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			url := "sqlite://" + filepath.Join(t.TempDir(), "dauys.db")
			if engine == "postgres" {
				database, _, ok := storagetest.Servers(t)
				if !ok {
					t.Skip("no PostgreSQL here")
				}
				url = database
			}
			ctx := t.Context()
			open := func() *storage.DB {
				db, err := storage.Open(ctx, storage.Options{URL: url, Key: storagetest.Key, Log: slog.New(slog.DiscardHandler)})
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { _ = db.Close() })
				return db
			}
			db, other := open(), open()
			if err := db.Migrate(ctx); err != nil {
				t.Fatal(err)
			}
			bring := func(id string, k registrar.Kind, name string) registrar.Import {
				t.Helper()
				f, err := os.Open(name)
				if err != nil {
					t.Fatal(err)
				}
				defer f.Close()
				info, err := f.Stat()
				if err != nil {
					t.Fatal(err)
				}
				runtime.GC()
				waits, stop := writing(t, other)
				done := heap()
				begun := time.Now()
				im, err := registrar.Run(ctx, db, f, info.Size(), registrar.Import{ID: id, Kind: k, File: name, By: byCommand, At: monday}, nil)
				took, peak := time.Since(begun), done()
				if err != nil {
					t.Fatal(err)
				}
				stop()
				all := *waits
				slices.Sort(all)
				published := time.Now()
				if im, err = db.Settle(ctx, id, registrar.Published, byCommand, monday, nil); err != nil {
					t.Fatal(err, im.Counts)
				}
				t.Logf("%s %s: %+v in %.1f s, %.0f rows a second, %d MB of heap at most; published in %s; %d others wrote meanwhile and waited %s at p99, %s at most",
					engine, id, im.Counts, took.Seconds(), float64(im.Counts.Rows)/took.Seconds(), peak>>20, time.Since(published).Round(time.Microsecond),
					len(all), all[len(all)*99/100].Round(time.Millisecond), all[len(all)-1].Round(time.Millisecond))
				if longest := all[len(all)-1]; longest > 5*time.Second {
					t.Errorf("somebody waited %s", longest)
				}
				return im
			}
			students := *manyMarks / perStudent
			var roster strings.Builder
			roster.WriteString("ID студента;ФИО;Код ОП;Группа\n")
			for i := range students {
				fmt.Fprintf(&roster, "%06d;Омарова Айгүл %d;6B06101;Г-%04d\n", i, i, i/perGroup)
			}
			list := filepath.Join(t.TempDir(), "roster.csv")
			if err := os.WriteFile(list, []byte(roster.String()), 0o600); err != nil {
				t.Fatal(err)
			}
			bring("roster", registrar.Roster, list)
			n := students * perStudent
			if im := bring("first", registrar.Marks, marksFile(t, "first.csv", n, 0)); im.Counts.New != n {
				t.Errorf("%+v", im.Counts)
			}
			if im := bring("second", registrar.Marks, marksFile(t, "second.csv", n, 1)); im.Counts.Changed != n/100 || im.Counts.Same != n-n/100 || im.Counts.Gone != 0 {
				t.Errorf("%+v", im.Counts)
			}
			all, err := db.Records(ctx, registrar.Marks, registrar.OfStudent("000001"))
			if err != nil || len(all) != perStudent {
				t.Errorf("a student has %d marks: %v", len(all), err)
			}
		})
	}
}

// writing writes a little again and again from elsewhere until it is stopped, and keeps how long each took.
func writing(t *testing.T, db *storage.DB) (waits *[]time.Duration, stop func()) {
	waits = &[]time.Duration{}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		for n := 0; ; n++ {
			begun := time.Now()
			if err := db.Remember(context.WithoutCancel(ctx), storage.Person{Address: telegramAddress(int64(1000 + n%50)), Name: "Ким", Lang: dauys.Russian}); err != nil {
				t.Error(err)
			}
			*waits = append(*waits, time.Since(begun))
			select {
			case <-ctx.Done():
				return
			case <-time.After(5 * time.Millisecond):
			}
		}
	}()
	return waits, func() { cancel(); <-done }
}

// heap watches how much memory lives on the heap, until done tells the most of it.
func heap() (done func() uint64) {
	most := uint64(0)
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	end, gone := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(gone)
		for {
			metrics.Read(sample)
			most = max(most, sample[0].Value.Uint64())
			select {
			case <-end:
				return
			case <-time.After(5 * time.Millisecond):
			}
		}
	}()
	return func() uint64 { close(end); <-gone; return most }
}
