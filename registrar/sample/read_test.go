package sample

import (
	"bytes"
	"errors"
	"io"
	"maps"
	"testing"

	"alt.edu.kz/dauys/registrar"
	"alt.edu.kz/dauys/registrar/table"
)

// What is written is read again as it was meant, without a flaw.
func TestReadAgain(t *testing.T) {
	for _, usual := range []Spec{usual, {Students: 90, Seed: 2, Year: "2025-2026", Semester: 2, Change: 900}, {Students: 60, Seed: 3, Year: "2026-2027", Semester: 1, Finals: true}} {
		readAgain(t, usual)
	}
}

func readAgain(t *testing.T, usual Spec) {
	t.Helper()
	all, written := made(t, usual), files(t, usual)
	d := registrar.NewDirectory()
	for _, k := range registrar.KindNames() {
		want := map[string]registrar.Fields{}
		for _, f := range all[k] {
			if k != registrar.Roster && k != registrar.Employees {
				delete(f, "name") // it tells whose a row is, and is not kept
			}
			entries := []registrar.Entry{registrar.EntryOf(k, f)}
			if k == registrar.Marks {
				entries = each(f)
			}
			for _, e := range entries {
				want[e.Key] = e.Fields
				d.Add(e)
			}
		}
		l, _ := registrar.LayoutOf(k)
		file, err := table.Open(bytes.NewReader(written[k]), int64(len(written[k])), string(k)+".csv", table.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		r, n := registrar.Read(l, file, d), 0
		for {
			got, err := r.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil || len(got.Flaws) > 0 {
				t.Fatalf("%s, row %d: %+v, %v", k, got.Row, got.Flaws, err)
			}
			for _, e := range got.Entries {
				if n++; !maps.Equal(e.Fields, want[e.Key]) {
					t.Fatalf("%s, row %d:\n got %v\nwant %v", k, got.Row, e.Fields, want[e.Key])
				}
			}
		}
		if n != len(want) || len(r.Notes()) > 0 {
			t.Errorf("%s: %d entries, want %d; notes %v", k, n, len(want), r.Notes())
		}
	}
}
