package main

import (
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
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

// linkedAs links an account with somebody of the record at once.
func (s *stage) linkedAs(who int64, person string) {
	s.t.Helper()
	ctx, now := s.t.Context(), s.clock.Now()
	code := registrar.NewCode()
	anybody := func([]dauys.Staff, []registrar.Link) bool { return true }
	s.do(s.app.db.IssueCodes(ctx, "test/"+person, []registrar.Code{{Code: code, Person: person, Expires: now.Add(registrar.SpotLife)}}, telegramAddress(zarina), registrar.TheRegistrar, now, anybody))
	tried, err := s.app.db.TryCode(ctx, registrar.Try{Cause: "test/" + person, Who: telegramAddress(who), Number: registrar.NumberOf(person), Code: code, At: now}, func(registrar.Tried) []dauys.Notification { return nil })
	if err != nil || tried.Result != registrar.Linked {
		s.t.Fatal(tried, err)
	}
}

// Whatever a button carries, an account is shown only what its owner may read: no student of others, no group of
// others, no figures of a session; nothing at all when the link has ended. What was read is in the log.
func TestStudiesOfOthers(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.record("staff")
	s.publish("more", registrar.EntryOf(registrar.Groups, registrar.Fields{"group": "ЛГ-22-2", "programme": "6B11302", "advisor": "T900"}),
		registrar.EntryOf(registrar.Groups, registrar.Fields{"group": "ИС-21-1", "programme": "6B06101", "advisor": "T100"}))
	s.publish("staff", registrar.EntryOf(registrar.Employees, registrar.Fields{"employee": "T900", "name": "Басқа Эдвайзер", "role": "advisor"}),
		registrar.EntryOf(registrar.Employees, registrar.Fields{"employee": "T100", "name": "Омарова Салтанат", "role": "advisor"}),
		registrar.EntryOf(registrar.Employees, registrar.Fields{"employee": "T200", "name": "Бекова Гүлнар", "role": "teacher"}))
	for who, person := range map[int64]string{
		saltanat: registrar.OfEmployee("T100"), gulnar: registrar.OfEmployee("T200"), marat: registrar.OfEmployee("T900"), dima: registrar.OfStudent("20230002"),
	} {
		s.enter(who, "Русский")
		s.linkedAs(who, person)
	}
	s.enter(aigerim, "Русский")
	secrets := []string{"Сәрсенова", "Ким Дмитрий", "Петров", "ИС-21-1", "FX", "успеваемость"}
	shown := func(who int64, data string) string {
		s.forge(who, who, s.last(who).ID, data)
		return s.last(who).Text
	}
	for _, who := range []int64{gulnar, marat, dima, aigerim} {
		for _, data := range []string{"q5:s:20230001", "q5:s:20230002", "q5:g:" + "0000000000", "q5:need", "q5:s:", "q5:g:::", "q5:", "q5:s:20230001:x", "m:session", "q5:all"} {
			text := shown(who, data)
			for _, secret := range secrets {
				if strings.Contains(text, secret) {
					t.Errorf("%d presses %s and reads %q", who, data, text)
				}
			}
		}
	}
	if all, err := s.app.db.Accesses(t.Context(), registrar.OfStudent("20230001"), 100); err != nil {
		t.Fatal(err)
	} else if slices.ContainsFunc(all, func(a registrar.Access) bool { return a.Did == registrar.DidRead }) {
		t.Errorf("looks without a reader: %v", all)
	}
	if text := shown(saltanat, "q5:s:20230002"); !strings.Contains(text, "Ким Дмитрий") {
		t.Errorf("the advisor reads %q", text)
	}
	all, err := s.app.db.Accesses(t.Context(), registrar.OfStudent("20230002"), 100)
	if err != nil || !slices.ContainsFunc(all, func(a registrar.Access) bool {
		return a.Did == registrar.DidRead && a.Kind == registrar.Marks && a.Who == telegramAddress(saltanat) && a.As == string(registrar.TheAdvisor)
	}) {
		t.Errorf("the log has %v, %v", all, err)
	}
	s.do(s.app.db.Unlink(t.Context(), "gone", telegramAddress(saltanat), telegramAddress(saltanat), registrar.OfEmployee("T100"), s.clock.Now()))
	if text := shown(saltanat, "q5:s:20230002"); strings.Contains(text, "Ким Дмитрий") {
		t.Errorf("who is no longer linked reads %q", text)
	}
}
