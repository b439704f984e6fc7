package storagetest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/registrar"
	"alt.edu.kz/dauys/storage"
)

func mark(student, group, control, score string) registrar.Entry {
	return registrar.EntryOf(registrar.Marks, registrar.Fields{"student": student, "group": group, "year": "2026-2027", "semester": "1", "discipline": "MATH1", "control": control, "score": score})
}

// bring stages an import and publishes it.
func bring(t *testing.T, db *storage.DB, id string, entries ...registrar.Entry) registrar.Import {
	t.Helper()
	im := stage(t, db, id, entries...)
	im, err := db.Settle(t.Context(), im.ID, registrar.Published, "telegram:1", Now, nil)
	must(t, err)
	return im
}

func stage(t *testing.T, db *storage.DB, id string, entries ...registrar.Entry) registrar.Import {
	t.Helper()
	im, err := db.BeginImport(t.Context(), registrar.Import{ID: id, Kind: entries[0].Kind, File: id + ".csv", At: Now})
	must(t, err)
	scopes := map[string]bool{}
	for _, e := range entries {
		scopes[e.Scope] = true
	}
	_, err = db.Stage(t.Context(), &im, entries)
	must(t, err)
	must(t, db.StageGone(t.Context(), &im, slices.Sorted(maps.Keys(scopes))))
	must(t, db.FinishImport(t.Context(), &im))
	return im
}

// holds is what is in the record of a student, as "control score".
func holds(t *testing.T, db *storage.DB, student string) string {
	t.Helper()
	all, err := db.Records(t.Context(), registrar.Marks, registrar.OfStudent(student))
	must(t, err)
	var words []string
	for _, e := range all {
		words = append(words, e.Fields["control"]+" "+e.Fields["score"])
	}
	slices.Sort(words)
	return strings.Join(words, ", ")
}

// scores are what some marks say.
func scores(all []registrar.Entry) map[string]bool {
	out := map[string]bool{}
	for _, e := range all {
		out[e.Fields["score"]] = true
	}
	return out
}

// recording is about the record of the registrar.
var recording = []promise{
	{"entries are handed over owner by owner, whatever many one has", func(t *testing.T, w *world) {
		ctx := t.Context()
		var first []registrar.Entry
		for n := range 4500 { // of one more than fit into two looks
			f := registrar.Fields{"student": "2", "group": "G1", "year": "2026-2027", "semester": "1", "discipline": fmt.Sprint("D", n), "control": "exam", "score": "70"}
			first = append(first, registrar.EntryOf(registrar.Marks, f))
		}
		bring(t, w.DB, "e1", append(first, mark("1", "G1", "exam", "60"), mark("3", "G1", "exam", "80"))...)
		bring(t, w.DB, "e2", mark("3", "G2", "exam", "85"), mark("3", "G2", "tc1", "90"))
		stage(t, w.DB, "e3", mark("4", "G3", "exam", "50"))
		var told []string
		must(t, w.EachOwner(ctx, registrar.Marks, func(owner string, all []registrar.Entry) error {
			sum := ""
			if len(all) < 10 {
				for _, score := range slices.Sorted(maps.Keys(scores(all))) {
					sum += " " + score
				}
			}
			told = append(told, fmt.Sprint(owner, " ", len(all), sum))
			return nil
		}))
		want(t, "owners", strings.Join(told, ", "), "student/1 1 60, student/2 4500, student/3 2 85 90")
		stop := errors.New("enough")
		if err := w.EachOwner(ctx, registrar.Marks, func(string, []registrar.Entry) error { return stop }); !errors.Is(err, stop) {
			t.Errorf("an error gave %v", err)
		}
		must(t, w.EachOwner(ctx, registrar.Orders, func(string, []registrar.Entry) error { return stop }))
	}},
	{"what an import brings holds when it is published, and until it is undone", func(t *testing.T, w *world) {
		ctx := t.Context()
		first := stage(t, w.DB, "i1", mark("1", "G1", "tc1", "70"), mark("1", "G1", "exam", "80"), mark("2", "G1", "exam", "60"))
		want(t, "before", holds(t, w.DB, "1"), "")
		want(t, "counts", first.Counts, registrar.Counts{New: 3})
		want(t, "baseline", first.Baseline, true)
		first, err := w.Settle(ctx, "i1", registrar.Published, "telegram:1", Now, nil)
		must(t, err)
		want(t, "published", holds(t, w.DB, "1"), "exam 80, tc1 70")
		again, err := w.Settle(ctx, "i1", registrar.Published, "telegram:1", Now, nil)
		must(t, err)
		want(t, "a second time", again.Seq, first.Seq)

		// Student 2 is gone from the exam of the group; what the file does not speak of, the ongoing mark, stays.
		second := stage(t, w.DB, "i2", mark("1", "G1", "exam", "85"), mark("3", "G1", "exam", "50"))
		want(t, "counts", second.Counts, registrar.Counts{New: 1, Changed: 1, Gone: 1})
		bring2, err := w.Settle(ctx, "i2", registrar.Published, "telegram:1", Now, nil)
		must(t, err)
		want(t, "changed", holds(t, w.DB, "1"), "exam 85, tc1 70")
		want(t, "gone", holds(t, w.DB, "2"), "")
		want(t, "new", holds(t, w.DB, "3"), "exam 50")
		for control, id := range map[string]string{"tc1": "i1", "exam": "i2"} {
			im, err := w.BroughtBy(ctx, registrar.Marks, mark("1", "G1", control, "").Key)
			must(t, err)
			want(t, "brought "+control, im.ID, id)
		}
		if _, err := w.BroughtBy(ctx, registrar.Marks, mark("2", "G1", "exam", "").Key); !errors.Is(err, dauys.ErrNotFound) {
			t.Errorf("what is gone was brought: %v", err)
		}
		changes, next, err := w.Changes(ctx, bring2, "", 10)
		must(t, err)
		var told []string
		for _, c := range changes {
			line := string(c.What)
			if c.Was != nil {
				line += " from " + c.Was.Fields["student"] + " " + c.Was.Fields["score"]
			}
			if c.Now != nil {
				line += " to " + c.Now.Fields["student"] + " " + c.Now.Fields["score"]
			}
			told = append(told, line)
		}
		slices.Sort(told)
		want(t, "changes", strings.Join(told, "; "), "changed from 1 80 to 1 85; gone from 2 60; new to 3 50")
		want(t, "next", next, "")

		if _, err := w.Settle(ctx, "i1", registrar.Undone, "telegram:1", Now, nil); !errors.Is(err, dauys.ErrConflict) {
			t.Errorf("the one below was undone: %v", err)
		}
		_, err = w.Settle(ctx, "i2", registrar.Undone, "telegram:1", Now, nil)
		must(t, err)
		want(t, "undone", holds(t, w.DB, "1"), "exam 80, tc1 70")
		want(t, "undone", holds(t, w.DB, "2"), "exam 60")
		want(t, "undone", holds(t, w.DB, "3"), "")
	}},
	{"the same file a second time changes nothing", func(t *testing.T, w *world) {
		var all []registrar.Entry
		for i := range 1200 {
			all = append(all, mark(fmt.Sprint(i), "G1", "exam", "80"))
		}
		bring(t, w.DB, "i1", all...)
		im := stage(t, w.DB, "i2", all...)
		want(t, "counts", im.Counts, registrar.Counts{Same: 1200})
		changes, _, err := w.Changes(t.Context(), im, "", 10)
		must(t, err)
		want(t, "changes", len(changes), 0)
	}},
	{"an import that was compared with what holds no longer is not published", func(t *testing.T, w *world) {
		bring(t, w.DB, "i1", mark("1", "G1", "exam", "80"))
		stage(t, w.DB, "i2", mark("1", "G1", "exam", "85"))
		stage(t, w.DB, "i3", mark("1", "G1", "exam", "90"))
		_, err := w.Settle(t.Context(), "i3", registrar.Published, "telegram:1", Now, nil)
		must(t, err)
		if _, err := w.Settle(t.Context(), "i2", registrar.Published, "telegram:1", Now, nil); !errors.Is(err, dauys.ErrConflict) {
			t.Errorf("published: %v", err)
		}
		want(t, "what holds", holds(t, w.DB, "1"), "exam 90")
	}},
	{"who has moved to another group is found there only", func(t *testing.T, w *world) {
		moved := func(group string) registrar.Entry {
			return registrar.EntryOf(registrar.Roster, registrar.Fields{"student": "1", "name": "Омарова Айгүл", "programme": "6B061", "group": group})
		}
		bring(t, w.DB, "i1", moved("G1"))
		bring(t, w.DB, "i2", moved("G2"))
		for group, n := range map[string]int{"G1": 0, "G2": 1} {
			all, err := w.RecordsBy(t.Context(), registrar.Roster, registrar.OfGroup(group))
			must(t, err)
			want(t, group, len(all), n)
		}
		e, err := w.Record(t.Context(), registrar.Roster, "1")
		must(t, err)
		want(t, "name", e.Fields["name"], "Омарова Айгүл")
		n := 0
		must(t, w.EachRecord(t.Context(), registrar.Roster, func(registrar.Entry) error { n++; return nil }))
		want(t, "each", n, 1)
	}},
	{"a thing that a file names twice with other values is pointed out", func(t *testing.T, w *world) {
		im, err := w.BeginImport(t.Context(), registrar.Import{ID: "i1", Kind: registrar.Marks, At: Now})
		must(t, err)
		twice, err := w.Stage(t.Context(), &im, []registrar.Entry{mark("1", "G1", "exam", "80"), mark("1", "G1", "exam", "80"), mark("1", "G1", "exam", "81")})
		must(t, err)
		want(t, "twice", twice, []int{2})
		must(t, w.StageFlaws(t.Context(), "i1", 0, []registrar.Flaw{{Row: 4, Column: "Экзамен", Code: "twice", Value: "81"}}))
		flaws, err := w.Flaws(t.Context(), "i1")
		must(t, err)
		want(t, "flaws", flaws, []registrar.Flaw{{Row: 4, Column: "Экзамен", Code: "twice", Value: "81"}})
		im.Counts.Flaws = 1
		must(t, w.FinishImport(t.Context(), &im))
		if _, err := w.Settle(t.Context(), "i1", registrar.Published, "telegram:1", Now, nil); !errors.Is(err, dauys.ErrConflict) {
			t.Errorf("published with flaws: %v", err)
		}
		_, err = w.Settle(t.Context(), "i1", registrar.Dropped, "telegram:1", Now, nil)
		must(t, err)
		must(t, w.ForgetDropped(t.Context(), Now, Now))
	}},
	{"a file is read into an import, compared, and the same file again is known", func(t *testing.T, w *world) {
		ctx := t.Context()
		brought := func(id string, kind registrar.Kind, text string) (registrar.Import, error) {
			return registrar.Run(ctx, w.DB, strings.NewReader(text), int64(len(text)), registrar.Import{ID: id, Kind: kind, File: id + ".csv", By: "command", At: Now}, nil)
		}
		publish := func(id string) {
			t.Helper()
			_, err := w.Settle(ctx, id, registrar.Published, "command", Now, nil)
			must(t, err)
		}
		im, err := brought("m0", registrar.Marks, "student;year;semester;discipline;control;score\n1;2026-2027;1;MATH1;exam;80\n")
		must(t, err)
		flaws, err := w.Flaws(ctx, "m0")
		must(t, err)
		want(t, "without a roster", fmt.Sprint(im.Counts.Flaws, flaws), "1 [{0  roster-first }]")

		roster := "student;name;programme;group\n"
		for i := range 40 {
			roster += fmt.Sprintf("%d;Омаров %d;6B061;G1\n", i, i)
		}
		im, err = brought("r1", registrar.Roster, roster)
		must(t, err)
		want(t, "roster", im.Counts, registrar.Counts{Rows: 40, New: 40})
		publish("r1")
		if im, err = brought("r2", registrar.Roster, roster); !errors.Is(err, registrar.ErrSameFile) || im.ID != "r1" {
			t.Errorf("the same file: %v %v", im.ID, err)
		}
		im, err = brought("r3", registrar.Roster, "student;name;programme;group\n1;Омаров 1;6B061;G2\n")
		must(t, err)
		want(t, "a cut roster", im.Counts, registrar.Counts{Rows: 1, Changed: 1, Gone: 39})
		want(t, "many are gone", im.Counts.ManyGone(), true)

		marks := "student;year;semester;discipline;Экзамен;Итог;Буквенная\n1;2026-2027;1;MATH1;80;75;В\n2;2026-2027;1;MATH1;н;;F\n3;2026-2027;1;MATH1;;;\n"
		im, err = brought("m1", registrar.Marks, marks)
		must(t, err)
		want(t, "marks", im.Counts, registrar.Counts{Rows: 3, New: 4})
		publish("m1")
		im, err = brought("m2", registrar.Marks, strings.Replace(marks, "80;75;В", "81;;", 1)+"1;2026-2027;1;MATH1;82;;\n77;2026-2027;1;MATH1;82;;\n")
		must(t, err)
		flaws, err = w.Flaws(ctx, "m2")
		must(t, err)
		want(t, "flaws", fmt.Sprint(flaws), "[{6 student unknown-student 77} {5  twice 1 · 2026-2027 · 1 · MATH1 · exam}]")
		want(t, "counts", im.Counts, registrar.Counts{Rows: 5, Changed: 1, Same: 2, Flaws: 2})
		im, err = brought("m3", registrar.Marks, strings.Replace(marks, "80;75;В", "81;;", 1))
		must(t, err)
		want(t, "what is gone", im.Counts, registrar.Counts{Rows: 3, Changed: 1, Same: 2, Gone: 1})
		publish("m3")
		want(t, "holds", holds(t, w.DB, "1"), "exam 81")

		gone, cancel := context.WithCancel(ctx)
		cancel()
		if _, err := registrar.Run(gone, w.DB, strings.NewReader(roster+" "), int64(len(roster)+1), registrar.Import{ID: "r4", Kind: registrar.Roster, At: Now}, nil); err == nil {
			t.Error("it was called off, and went on")
		}
	}},
}
