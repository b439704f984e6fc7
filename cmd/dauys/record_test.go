package main

import (
	"encoding/csv"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/registrar"
)

// record publishes an import of each kind of which there is a file in a folder of testdata/records:
// KIND.csv, with the canonical names of the columns in its first line and canonical values below. A test
// that needs other entries hands them to publish.
func (s *stage) record(folder string) {
	s.t.Helper()
	for _, k := range registrar.KindNames() {
		file := filepath.Join("testdata", "records", folder, string(k)+".csv")
		f, err := os.Open(file)
		if os.IsNotExist(err) {
			continue
		}
		if err != nil {
			s.t.Fatal(err)
		}
		rows, err := csv.NewReader(f).ReadAll()
		_ = f.Close()
		if err != nil || len(rows) < 2 {
			s.t.Fatalf("%s: %d rows, %v", file, len(rows), err)
		}
		var all []registrar.Entry
		for _, row := range rows[1:] {
			fields := registrar.Fields{}
			for i, value := range row {
				if value != "" {
					fields[rows[0][i]] = value
				}
			}
			all = append(all, registrar.EntryOf(k, fields))
		}
		s.publish(folder+"/"+string(k), all...)
	}
}

// publish is an import of entries of one kind, from its first row to its yes, under an id of its own. What
// they lack of their scopes is gone.
func (s *stage) publish(id string, entries ...registrar.Entry) registrar.Import {
	s.t.Helper()
	ctx, db := s.t.Context(), s.app.db
	im, err := db.BeginImport(ctx, registrar.Import{ID: id, Kind: entries[0].Kind, File: id + ".csv", By: "command", At: s.clock.Now()})
	if err != nil {
		s.t.Fatal(err)
	}
	twice, err := db.Stage(ctx, &im, entries)
	if err != nil || len(twice) > 0 {
		s.t.Fatalf("stage %s: %v, twice: %v", id, err, twice)
	}
	scopes := map[string]bool{}
	for _, e := range entries {
		scopes[e.Scope] = true
	}
	if l, _ := registrar.LayoutOf(im.Kind); !l.Anew {
		if err := db.StageGone(ctx, &im, slices.Sorted(maps.Keys(scopes))); err != nil {
			s.t.Fatal(err)
		}
	}
	if err := db.FinishImport(ctx, &im); err != nil {
		s.t.Fatal(err)
	}
	im, err = db.Settle(ctx, im.ID, registrar.Published, "command", s.clock.Now().Add(s.ahead), nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return im
}

// linked links somebody with a student or an employee, as a code of the registrar would.
func (s *stage) linked(who int64, number string) {
	s.t.Helper()
	ctx, code := s.t.Context(), registrar.NewCode()
	person := registrar.OfStudent(number)
	if strings.HasPrefix(number, "T") {
		person = registrar.OfEmployee(number)
	}
	yes := func([]dauys.Staff, []registrar.Link) bool { return true }
	if err := s.app.db.IssueCodes(ctx, "code/"+number, []registrar.Code{{Code: code, Person: person, Expires: s.clock.Now().Add(registrar.SpotLife)}},
		"", registrar.TheRegistrar, s.clock.Now(), yes); err != nil {
		s.t.Fatal(err)
	}
	tried, err := s.app.db.TryCode(ctx, registrar.Try{Cause: "try/" + number, Who: telegramAddress(who), Number: number, Code: code, At: s.clock.Now()}, func(registrar.Tried) []dauys.Notification { return nil })
	if err != nil || tried.Result != registrar.Linked {
		s.t.Fatalf("link %s: %q, %v", number, tried.Result, err)
	}
}
