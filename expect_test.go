package dauys

import (
	"strings"
	"testing"
	"time"
)

func TestExpected(t *testing.T) {
	u, problems := ReadUniversity("alt.yaml", BuiltinSource())
	if u == nil {
		t.Fatal(problems)
	}
	day := func(s string) time.Time {
		at, err := time.Parse("2006-01-02", s)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	from, until := day("2026-12-14"), day("2026-12-31")
	want := map[string]string{"timetable": "2026-11-30", "results": "2027-01-03", "controls": "2026-11-14", "plans": "2026-12-28"}
	for _, e := range u.Notices.Expect {
		if by, some := want[e.What]; some {
			if got := e.By(from, until).Format("2006-01-02"); got != by {
				t.Errorf("%s of an event from %s to %s is expected by %s, not %s", e.What, from, until, got, by)
			}
			delete(want, e.What)
		}
	}
	if len(want) > 0 {
		t.Errorf("the built-in file does not expect %v", want)
	}
	if by := (Awaited{Edge: "until"}).By(from, time.Time{}); !by.IsZero() {
		t.Errorf("an event without an end has a day: %s", by)
	}
	for _, c := range []struct{ what, list, says string }{
		{"something else", "expect: [{what: lunch, by: 1 day before exams, source: S.}]", `"lunch"`},
		{"no day", "expect: [{what: results, by: soon, source: S.}]", howWithin},
		{"twice", "expect: [{what: results, by: 1 day after exams, source: S.}, {what: results, by: 2 days after exams, source: S.}]", "expected twice"},
		{"a feed without days", "feeds: [{kind: marks}]", "add days:"},
		{"a feed twice", "feeds: [{kind: marks, days: 7}, {kind: marks, days: 8}]", "stand here twice"},
		{"no days of silence", "silent: 0", "from 1 to 366"},
	} {
		file := string(BuiltinSource())
		start, end := strings.Index(file, "\nnotices:\n"), strings.Index(file, "\n# How marks become grades")
		file = file[:start] + "\nnotices:\n  " + c.list + "\n" + file[end:]
		_, problems := ReadUniversity("alt.yaml", []byte(file))
		var all []string
		for _, p := range problems {
			all = append(all, p.String())
		}
		if !strings.Contains(strings.Join(all, "\n"), c.says) {
			t.Errorf("%s: %q, and nothing of %q", c.what, all, c.says)
		}
	}
}
