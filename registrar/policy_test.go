package registrar

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestPolicy is the whole table of who may read what: a line per kind, a column per reader. Of each kind
// there is an entry of the reader's own circle and one of somebody else's: "own", "other", "both", "-".
func TestPolicy(t *testing.T) {
	f := func(pairs ...string) Fields {
		fields := Fields{"student": "S1", "group": "G1", "programme": "P1", "employee": "E1", "year": "2026-2027", "semester": "1", "discipline": "D1", "teacher": "E1", "advisor": "E2", "sheet": "1"}
		for i := 0; i < len(pairs); i += 2 {
			fields[pairs[i]] = pairs[i+1]
		}
		return fields
	}
	theirs := f("student", "S9", "group", "G9", "programme", "P9", "employee", "E9", "discipline", "D9", "teacher", "E9", "advisor", "E8")
	readers := []struct {
		name string
		r    Reader
	}{
		{"stranger", Reader{}},
		{"student", Reader{Student: "S1", Group: "G1", Programme: "P1"}},
		{"advisor", Reader{Employee: "E2", Roles: []Role{TheAdvisor}, Groups: []string{"G1"}, Students: []string{"S1"}}},
		{"advisor of none", Reader{Employee: "E3", Roles: []Role{TheAdvisor}}},
		{"teacher", Reader{Employee: "E1", Roles: []Role{TheTeacher}, Sheets: []string{OfSheet("2026-2027", "1", "D1", "G1")}}},
		{"administration", Reader{Employee: "E4", Roles: []Role{Administration}}},
		{"with a reason", Reader{Employee: "E4", Roles: []Role{Administration}, Reason: "complaint"}},
		{"registrar", Reader{Roles: []Role{TheRegistrar}}},
	}
	want := map[Kind][]string{
		//            stranger student advisor none  teacher admin  reason registrar
		Employees:   {"-", "-", "-", "-", "own", "both", "both", "both"},
		Groups:      {"-", "own", "own", "-", "-", "both", "both", "both"},
		Roster:      {"-", "own", "own", "-", "-", "-", "both", "both"},
		Disciplines: {"-", "both", "both", "both", "both", "both", "both", "both"},
		Curricula:   {"-", "own", "both", "both", "both", "both", "both", "both"},
		Electives:   {"-", "own", "both", "both", "both", "both", "both", "both"},
		Load:        {"-", "own", "own", "-", "own", "both", "both", "both"},
		Calendar:    {"-", "both", "both", "both", "both", "both", "both", "both"},
		Plans:       {"-", "own", "own", "-", "-", "-", "both", "both"},
		Exams:       {"-", "own", "own", "-", "own", "both", "both", "both"},
		Controls:    {"-", "both", "both", "both", "both", "both", "both", "both"},
		Marks:       {"-", "own", "own", "-", "own", "-", "both", "both"},
		Sheets:      {"-", "own", "own", "-", "own", "both", "both", "both"},
		Orders:      {"-", "own", "own", "-", "-", "-", "both", "both"},
		Comparisons: {"-", "own", "own", "-", "-", "-", "both", "both"},
		Debts:       {"-", "own", "own", "-", "-", "-", "both", "both"},
		Theses:      {"-", "own", "own", "-", "-", "-", "both", "both"},
	}
	for _, k := range KindNames() {
		var got []string
		for _, reader := range readers {
			own, other := reader.r.May(k, EntryOf(k, f())), reader.r.May(k, EntryOf(k, theirs))
			got = append(got, map[string]string{"true false": "own", "false true": "other", "true true": "both", "false false": "-"}[fmt.Sprint(own, " ", other)])
		}
		if !slices.Equal(got, want[k]) {
			t.Errorf("%s: %s, want %s", k, strings.Join(got, " "), strings.Join(want[k], " "))
		}
	}
	// A student of an own group is read though the entry does not name the group.
	advisor := readers[2].r
	if !advisor.May(Orders, EntryOf(Orders, Fields{"student": "S1", "kind": "leave", "number": "1", "date": "2026-09-01"})) {
		t.Error("an advisor does not read an order about a student of the own group")
	}
	// What names no group is nobody's.
	if (Reader{Student: "S1"}).May(Exams, EntryOf(Exams, Fields{})) {
		t.Error("a student without a group reads exams without one")
	}
}

func TestCodesAreReadHoweverTheyAreTyped(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		code := NewCode()
		if seen[code] || ReadCode(code) != code || strings.ContainsAny(code, "0O1Il") {
			t.Fatalf("%q is no good code", code)
		}
		seen[code] = true
		if shown := WriteCode(code); ReadCode(strings.ToLower(shown)) != code || len(shown) != len(code)+1 {
			t.Fatalf("%q does not come back", shown)
		}
	}
	for typed, want := range map[string]string{
		"abcde-23456": "ABCDE23456", " ABCDE 23456 ": "ABCDE23456", "АВСЕН 23456": "ABCEH23456", "abcde–23456": "ABCDE23456",
		"": "", "ABCDE2345": "", "ABCDE234567": "", "ABCDE-2345O": "", "ABCDE-2345Ж": "",
	} {
		if got := ReadCode(typed); got != want {
			t.Errorf("%q is read as %q, want %q", typed, got, want)
		}
	}
	for typed, want := range map[string]string{" 2026 0001 ": "20260001", "21-Б/1": "21-Б/1", "": "", "two words of many letters, too long for it": "", "a|b": ""} {
		if got := ReadNumber(typed); got != want {
			t.Errorf("%q is read as %q, want %q", typed, got, want)
		}
	}
}
