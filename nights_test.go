package dauys

import (
	"strings"
	"testing"
	"time"
)

func TestNights(t *testing.T) {
	file := strings.Replace(string(builtin), "  - id: reception\n", "  - id: reception\n    nights: 12:00-13:00\n", 1)
	file = strings.Replace(file, "  - id: desw\n    members", "  - id: desw\n    nights: never\n    members", 1)
	u, problems := ReadUniversity("alt.yaml", []byte(file))
	if u == nil {
		t.Fatal(problems)
	}
	for _, c := range []struct {
		at     string
		office OfficeID
		night  bool
	}{
		{"2026-11-23 20:59", "rector", false},
		{"2026-11-23 21:00", "rector", true},
		{"2026-11-24 00:30", "deputy@itc", true},
		{"2026-11-24 07:59", "rector", true},
		{"2026-11-24 08:00", "rector", false},
		{"2026-11-28 12:00", "rector", true},  // a Saturday
		{"2026-12-16 12:00", "rector", true},  // Independence Day
		{"2026-12-17 12:00", "rector", false}, // the day after
		{"2026-11-23 12:30", "reception", true},
		{"2026-11-23 13:00", "reception", false},
		{"2026-11-23 22:00", "reception", false},
		{"2026-11-28 22:00", "reception", true},
		{"2026-11-28 22:00", "desw", false},
		{"2026-11-23 22:00", "advisor-curator@itc.a", true},
	} {
		at, err := time.ParseInLocation("2006-01-02 15:04", c.at, u.Calendar.Zone())
		if err != nil {
			t.Fatal(err)
		}
		if got := u.Night(c.office, at); got != c.night {
			t.Errorf("%s at %s: night %v", c.office, c.at, got)
		}
	}
	if (&University{}).Night("rector", time.Now()) {
		t.Error("there is a night where none is written")
	}
	for text, want := range map[string]string{
		"nights: 21-8":        "are no hours of a night; write them as 21:00-08:00, or never",
		"nights: 21:00-21:00": "has no end",
	} {
		_, problems := ReadUniversity("alt.yaml", []byte(strings.Replace(string(builtin), "nights: 21:00-08:00", text, 1)))
		if len(problems) != 1 || !strings.Contains(problems[0].String(), want) {
			t.Errorf("%s: %v", text, problems)
		}
	}
}
