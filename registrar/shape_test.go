package registrar

import (
	"slices"
	"testing"
)

func TestOtherShape(t *testing.T) {
	roster, _ := LayoutOf(Roster)
	marks, _ := LayoutOf(Marks)
	file := func(by string, rows int, columns ...string) Import {
		return Import{ID: "x", By: by, Columns: columns, Counts: Counts{Rows: rows}}
	}
	for _, c := range []struct {
		what      string
		l         *Layout
		last, now Import
		notes     []Note
	}{
		{"the first file of a kind", roster, Import{}, file("a", 3, "name"), nil},
		{"the same shape", roster, file("a", 100, "name", "group"), file("a", 90, "group", "name"), nil},
		{"columns are gone", roster, file("a", 100, "name", "group", "born"), file("a", 100, "name"), []Note{{LostColumns, "group, born", 2}}},
		{"most rows are gone", roster, file("a", 100, "name"), file("b", 49, "name"), []Note{{FewerRows, "100", 1}}},
		{"half of them are not most", roster, file("a", 100, "name"), file("b", 50, "name"), nil},
		{"few rows tell nothing", roster, file("a", 19, "name"), file("b", 1, "name"), nil},
		{"marks of one group after those of all, sent by people", marks, file("telegram:1", 1000, "student"), file("telegram:1", 25, "student"), nil},
		{"the same from the folder", marks, file(ByFolder, 1000, "student"), file(ByFolder, 25, "student"), []Note{{FewerRows, "1000", 1}}},
		{"a person sends other columns of a part", marks, file("a", 100, "student", "iin"), file("a", 100, "student"), nil},
		{"a person sends what came from the folder", marks, file(ByFolder, 1000, "student"), file("telegram:1", 25, "student"), nil},
		{"a file without a head", roster, file("a", 100, "name"), file("a", 0), nil},
	} {
		if notes := otherShape(c.l, c.last, c.now); !slices.Equal(notes, c.notes) {
			t.Errorf("%s: %v, not %v", c.what, notes, c.notes)
		}
	}
}
