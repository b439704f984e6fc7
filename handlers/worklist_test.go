package handlers

import (
	"strings"
	"testing"
	"time"

	"alt.edu.kz/dauys"
)

// The trail tells reasons of what happened as long as the office that reads it had the case, and none of
// a restricted case.
func TestTrailTellsReasons(t *testing.T) {
	h, asks := finder(t), at{lang: dauys.Russian}
	h.University = dauys.Builtin()
	now := time.Date(2026, time.November, 27, 5, 0, 0, 0, time.UTC)
	h.Now = func() time.Time { return now }
	on := func(day int) time.Time { return time.Date(2026, time.November, day, 5, 0, 0, 0, time.UTC) }
	c := &dauys.Case{Number: "ALT-2026-000001", Kind: dauys.Complaint, Status: dauys.Registered, Position: 2,
		Ladder: dauys.Ladder{{Office: "deputy@itc"}, {Office: "director@itc"}, {Office: "vr-academic"}},
		Events: []dauys.Event{
			{Seq: 1, At: on(23), Act: dauys.Register, To: dauys.Registered, Office: "deputy@itc"},
			{Seq: 2, At: on(24), Act: dauys.Escalate, From: dauys.Registered, To: dauys.Registered, Office: "deputy@itc", Next: "director@itc", Note: "первая причина"},
			{Seq: 3, At: on(26), Act: dauys.Escalate, From: dauys.Registered, To: dauys.Registered, Office: "director@itc", Next: "vr-academic", Note: "вторая <причина>"},
		}}
	for _, tt := range []struct {
		office     dauys.OfficeID
		restricted bool
		tells, not []string
	}{
		{"vr-academic", false, []string{"первая причина", "вторая &lt;причина&gt;", "2 рабочих дня", "сейчас здесь"}, nil},
		{"director@itc", false, []string{"первая причина", "вторая &lt;причина&gt;"}, nil},
		{"deputy@itc", false, []string{"первая причина"}, []string{"вторая"}},
		{"vr-academic", true, []string{"→ Передано выше", "1 рабочий день"}, []string{"причина"}},
	} {
		c.Terms.Restricted = tt.restricted
		said := h.trailOf(asks, c, tt.office).Text
		for _, words := range tt.tells {
			if !strings.Contains(said, words) {
				t.Errorf("%s, restricted %v, is not told %q: %s", tt.office, tt.restricted, words, said)
			}
		}
		for _, words := range tt.not {
			if strings.Contains(said, words) {
				t.Errorf("%s, restricted %v, is told %q: %s", tt.office, tt.restricted, words, said)
			}
		}
	}
}
