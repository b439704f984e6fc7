package sample

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/registrar"
)

var usual = Spec{Students: 420, Seed: 7, Year: "2026-2027", Semester: 1}

// made are the tables of a sample in canonical form.
func made(t *testing.T, s Spec) map[registrar.Kind][]registrar.Fields {
	t.Helper()
	w, err := newWorld(s)
	if err != nil {
		t.Fatal(err)
	}
	all := map[registrar.Kind][]registrar.Fields{}
	for _, k := range registrar.KindNames() {
		for f := range w.rows(k) {
			for name, value := range f {
				if value == "" {
					delete(f, name)
				} else if !slices.Contains(columns[k], name) {
					t.Fatalf("%s: the value %q goes nowhere", k, name)
				}
			}
			all[k] = append(all[k], f)
		}
	}
	return all
}

// files are the tables of a sample as they are written.
func files(t *testing.T, s Spec) map[registrar.Kind][]byte {
	t.Helper()
	dir := t.TempDir()
	if err := Write(context.Background(), s, CSV(dir)); err != nil {
		t.Fatal(err)
	}
	all := map[registrar.Kind][]byte{}
	for _, k := range registrar.KindNames() {
		data, err := os.ReadFile(filepath.Join(dir, string(k)+".csv"))
		if err != nil {
			t.Fatal(err)
		}
		all[k] = data
	}
	return all
}

// The same seed makes the same files to the byte, another one others.
func TestTheSameAgain(t *testing.T) {
	first, second := files(t, usual), files(t, usual)
	other := usual
	other.Seed = 8
	third := files(t, other)
	for _, k := range registrar.KindNames() {
		if !bytes.Equal(first[k], second[k]) {
			t.Errorf("%s is another one", k)
		}
	}
	for _, k := range []registrar.Kind{registrar.Roster, registrar.Marks, registrar.Debts} {
		if bytes.Equal(first[k], third[k]) {
			t.Errorf("%s is the same with another seed", k)
		}
	}
}

// Every head of every file is that of one column of its layout, every required column is there, and every
// choice is written as the layout knows it.
func TestHeadsAreKnown(t *testing.T) {
	for k, data := range files(t, usual) {
		layout, _ := registrar.LayoutOf(k)
		r := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(data), "\ufeff")))
		r.Comma = ';'
		rows, err := r.ReadAll()
		if err != nil || len(rows) < 3 {
			t.Fatalf("%s: %d rows, %v", k, len(rows), err)
		}
		its := make([]*registrar.Column, len(rows[0]))
		for i, head := range rows[0] {
			for c := range layout.Columns {
				column := &layout.Columns[c]
				if head != column.Name && !slices.ContainsFunc(column.Also, func(s string) bool { return strings.EqualFold(s, head) }) {
					continue
				}
				if its[i] != nil {
					t.Errorf("%s: %q is the head of %q and of %q", k, head, its[i].Name, column.Name)
				}
				its[i] = column
			}
			if its[i] == nil {
				t.Errorf("%s: nobody knows the head %q", k, head)
			}
		}
		for _, c := range layout.Columns {
			if at := slices.IndexFunc(its, func(o *registrar.Column) bool { return o != nil && o.Name == c.Name }); c.Required && at < 0 {
				t.Errorf("%s: %q is missing", k, c.Name)
			}
		}
		for n, row := range rows[1:] {
			for i, c := range its {
				if c == nil || c.Type != registrar.Choice || row[i] == "" && !c.Required {
					continue
				}
				if !slices.ContainsFunc(c.Choices, func(o registrar.Option) bool { return slices.Contains(o.Also, row[i]) }) {
					t.Fatalf("%s, row %d: nobody knows the choice %q of %q", k, n+2, row[i], c.Name)
				}
			}
		}
	}
}

// Entries have keys of their own and refer to what is there.
func TestReferences(t *testing.T) {
	for _, semester := range []int{1, 2} {
		s := usual
		s.Semester = semester
		all := made(t, s)
		if got := len(all[registrar.Roster]); got != s.Students {
			t.Errorf("%d students", got)
		}
		known := map[string]bool{"": true}
		for _, of := range []struct {
			kind   registrar.Kind
			column string
		}{{registrar.Employees, "employee"}, {registrar.Groups, "group"}, {registrar.Disciplines, "discipline"}, {registrar.Roster, "student"}} {
			for _, f := range all[of.kind] {
				known[of.column+" "+f[of.column]] = true
			}
		}
		numbers := map[string]bool{}
		orders := map[string]bool{}
		for k, rows := range all {
			keys := map[string]bool{}
			for _, f := range rows {
				e := registrar.EntryOf(k, f)
				if k != registrar.Marks { // of each there are several kinds
					if keys[e.Key] {
						t.Fatalf("%s: two entries %q", k, e.Key)
					}
					keys[e.Key] = true
				}
				for column, is := range map[string]string{"employee": f["teacher"], "group": f["group"], "discipline": f["discipline"], "student": f["student"]} {
					if is != "" && !known[column+" "+is] {
						t.Fatalf("%s: there is no %s %q", k, column, is)
					}
				}
				for _, column := range []string{"examiner", "advisor"} {
					if is := f[column]; is != "" && !known["employee "+is] {
						t.Fatalf("%s: there is no employee %q", k, is)
					}
				}
				if iin := f["iin"]; iin != "" {
					if number, ok := dauys.IIN(iin); !ok || number != iin || iin[6] != '9' || numbers[iin] {
						t.Fatalf("%s: the number %q is not right, twice there, or somebody could have it", k, iin)
					}
					numbers[iin] = true
				}
				if k == registrar.Orders {
					orders[f["kind"]] = true
				}
			}
		}
		for _, o := range registrar.OrderKinds {
			if !orders[o.Word] {
				t.Errorf("there is no order of the kind %q", o.Word)
			}
		}
	}
}

// each are the entries of a row of marks: one of each kind of them.
func each(wide registrar.Fields) (all []registrar.Entry) {
	for _, control := range registrar.Marked {
		if wide[control.Word] == "" {
			continue
		}
		f := registrar.Fields{"control": control.Word, "score": wide[control.Word]}
		for _, same := range split("student group year semester discipline title credits teacher posted sheet") {
			f[same] = wide[same]
		}
		if control.Word == registrar.OfFinal && wide["letter"] != "" {
			f["letter"] = wide["letter"]
		}
		all = append(all, registrar.EntryOf(registrar.Marks, f))
	}
	return all
}

// courses are those of each student, as the record would have them.
func courses(all map[registrar.Kind][]registrar.Fields) map[string][]registrar.Course {
	entries := map[string][]registrar.Entry{}
	for _, wide := range all[registrar.Marks] {
		entries[wide["student"]] = append(entries[wide["student"]], each(wide)...)
	}
	catalogue := map[string]registrar.Fields{}
	for _, f := range all[registrar.Disciplines] {
		catalogue[f["discipline"]] = f
	}
	its := map[string][]registrar.Course{}
	for s, marks := range entries {
		its[s] = registrar.Courses(marks, catalogue)
	}
	return its
}

// entries are those of a student of a kind.
func entries(k registrar.Kind, all map[registrar.Kind][]registrar.Fields, student string) (its []registrar.Entry) {
	for _, f := range all[k] {
		if f["student"] == student {
			its = append(its, registrar.EntryOf(k, f))
		}
	}
	return its
}

// Finals, admission and debts are what the rules make of the marks, also in a set that has changed.
func TestFollowsFromTheRules(t *testing.T) {
	a := dauys.Builtin().Academic
	for _, change := range []int{0, 1500} {
		s := usual
		s.Change = change
		all := made(t, s)
		said := map[string][]string{}
		for _, f := range all[registrar.Debts] {
			if f["cleared"] == "" {
				said[f["student"]] = append(said[f["student"]], f["year"]+" "+f["discipline"])
			}
		}
		outcomes := map[registrar.Outcome]int{}
		for student, its := range courses(all) {
			for _, c := range its {
				r := c.Result(a)
				outcomes[r.Outcome]++
				if r.Differs {
					t.Fatalf("%s, %s: the rules make something else of %+v", student, c.Discipline, c.Marks)
				}
				for _, step := range r.Steps {
					if step.Differs || step.Worked && !step.Given {
						t.Fatalf("%s, %s: %+v", student, c.Discipline, step)
					}
				}
			}
			var worked []string
			for _, d := range registrar.DebtsOf(a, its, entries(registrar.Debts, all, student)) {
				if worked = append(worked, d.Course.Year+" "+d.Course.Discipline); d.Said == nil {
					t.Fatalf("%s: the registrar does not know of the debt %+v", student, d)
				}
			}
			slices.Sort(worked)
			slices.Sort(said[student])
			if !slices.Equal(worked, said[student]) {
				t.Fatalf("%s owes\n %q, and the registrar says\n %q", student, worked, said[student])
			}
		}
		for _, o := range []registrar.Outcome{registrar.Going, registrar.Barred, registrar.NoShow, registrar.Failed, registrar.Passed} {
			if outcomes[o] == 0 {
				t.Errorf("no course ends as %q", o)
			}
		}
		if bad := outcomes[registrar.Barred] + outcomes[registrar.NoShow] + outcomes[registrar.Failed]; bad*8 > outcomes[registrar.Passed] {
			t.Errorf("too many are not passed: %v", outcomes)
		}
	}
}

// With final marks only, the outcomes and the debts are the same.
func TestFinalsOnly(t *testing.T) {
	a, s := dauys.Builtin().Academic, usual
	full := courses(made(t, s))
	s.Finals = true
	for student, its := range courses(made(t, s)) {
		if len(its) != len(full[student]) {
			t.Fatalf("%s has %d courses of %d", student, len(its), len(full[student]))
		}
		for i, c := range its {
			got, want := c.Result(a), full[student][i].Result(a)
			if got.Outcome != want.Outcome || got.Grade.Letter != want.Grade.Letter {
				t.Fatalf("%s, %s: %s %s, with all marks %s %s", student, c.Discipline, got.Outcome, got.Grade.Letter, want.Outcome, want.Grade.Letter)
			}
		}
	}
}

// No group has two exams on a day, and no room or examiner is in two places.
func TestTimetable(t *testing.T) {
	for _, s := range []Spec{usual, {Students: 3000, Seed: 1, Year: "2025-2026", Semester: 2, Change: 5000}} {
		taken := map[string]bool{}
		for _, f := range made(t, s)[registrar.Exams] {
			day, _, _ := strings.Cut(f["at"], "T")
			for _, what := range []string{"group " + f["group"] + day, "room " + f["room"] + f["at"], "examiner " + f["examiner"] + f["at"]} {
				if taken[what] {
					t.Fatalf("twice: %s", what)
				}
				taken[what] = true
			}
		}
	}
}

// In a second set about as many marks, exams and orders are others as were asked for, and nobody is gone.
func TestChange(t *testing.T) {
	s := usual
	before := made(t, s)
	s.Change = 1000
	after := made(t, s)
	for k, rows := range before {
		n := 0
		if k == registrar.Marks || k == registrar.Debts {
			was := map[string]string{}
			for _, f := range rows {
				was[registrar.EntryOf(k, f).Key] = fmt.Sprint(f)
			}
			for _, f := range after[k] {
				if fmt.Sprint(f) != was[registrar.EntryOf(k, f).Key] {
					n++
				}
			}
		} else {
			for i := range rows {
				if i >= len(after[k]) || fmt.Sprint(rows[i]) != fmt.Sprint(after[k][i]) {
					n++
				}
			}
		}
		switch k {
		case registrar.Marks, registrar.Exams:
			if n*100 < len(rows)*5 || n*100 > len(rows)*16 {
				t.Errorf("%s: %d of %d have changed", k, n, len(rows))
			}
		case registrar.Orders:
			if n == 0 {
				t.Error("no order has changed")
			}
		case registrar.Debts:
		default:
			if n > 0 {
				t.Errorf("%s: %d of %d have changed", k, n, len(rows))
			}
		}
	}
}

// Where a structure file has other institutes, programmes are spread over them; nonsense is refused.
func TestSpec(t *testing.T) {
	u := *dauys.Builtin()
	u.Institutes = []dauys.Institute{{ID: "law", Names: dauys.Names{dauys.Russian: "Право"}}}
	s := usual
	s.University = &u
	if got := made(t, s)[registrar.Groups][0]["institute"]; got != "Право" {
		t.Errorf("institute %q", got)
	}
	for _, change := range []func(*Spec){
		func(s *Spec) { s.Students = 1 }, func(s *Spec) { s.Year = "2026" }, func(s *Spec) { s.Year = "2026-2028" }, func(s *Spec) { s.Semester = 3 }, func(s *Spec) { s.Change = -1 },
	} {
		s := usual
		if change(&s); Write(context.Background(), s, CSV(t.TempDir())) == nil {
			t.Errorf("%+v is not refused", s)
		}
	}
	ctx, stop := context.WithCancel(context.Background())
	stop()
	s.Students = 2000
	if err := Write(ctx, s, CSV(t.TempDir())); err == nil {
		t.Error("it goes on when nobody waits")
	}
}
