package dauys

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"time"

	"go.yaml.in/yaml/v3"
)

// Awaited is something that has to be in the registrar's record by a day of the academic calendar. When it
// is not there then, the registrar's office is told, and students read when it should have been.
type Awaited struct {
	What    string // one of [Expectable]
	Event   string // of the academic calendar, as it is imported
	Edge    string // "from": counted from its first day; "until": from its last
	Days    int    // after that day; negative: before it
	Source  string
	Assumed bool
}

// Expectable is what can be expected.
var Expectable = []string{"load", "electives", "plans", "controls", "timetable", "rating1", "rating2", "results", "sheets", "scholarship", "calendar"}

// By is the last day on which it may come; zero: the event has no such day.
func (e Awaited) By(from, until time.Time) time.Time {
	day := from
	if e.Edge == "until" {
		day = until
	}
	if day.IsZero() {
		return day
	}
	return day.AddDate(0, 0, e.Days)
}

// Feed is a kind of file that the registrar's office brings again and again.
type Feed struct {
	Kind   string   // as it is imported
	Days   int      // no more than that pass between one and the next
	During []string // events of the academic calendar; empty: always
}

// within is how the day is written by which something is expected.
var within = regexp.MustCompile(`^(\d{1,3}) days? (before|into|after) ([a-z0-9-]+)$`)

const howWithin = "write it as 14 days before exams, 7 days into study, or 3 days after exams"

func (r *reader) expected(n *yaml.Node, path string) {
	e := Awaited{}
	r.object(n, path,
		need("what", func(n *yaml.Node, _ string) { e.What = r.word(n, "thing that is expected", Expectable) }),
		need("by", func(n *yaml.Node, _ string) {
			m := within.FindStringSubmatch(r.text(n))
			if m == nil {
				r.bad(n.Line, howWithin, "%q says no day", n.Value)
				return
			}
			e.Days, _ = strconv.Atoi(m[1])
			e.Event, e.Edge = m[3], "from"
			switch m[2] {
			case "before":
				e.Days = -e.Days
			case "after":
				e.Edge = "until"
			}
		}),
		need("source", func(n *yaml.Node, _ string) { e.Source = r.text(n) }),
		may("assumed", func(n *yaml.Node, _ string) { e.Assumed = r.flag(n) }),
	)
	if slices.ContainsFunc(r.u.Notices.Expect, func(o Awaited) bool { return o.What == e.What }) && e.What != "" {
		r.bad(n.Line, "keep one of them", "%q is expected twice", e.What)
	}
	r.u.lines[fmt.Sprintf("%s#%d", "notices.expect", len(r.u.Notices.Expect))] = n.Line
	r.u.Notices.Expect = append(r.u.Notices.Expect, e)
}

func (r *reader) feed(n *yaml.Node, path string) {
	f := Feed{}
	r.object(n, path,
		need("kind", func(n *yaml.Node, _ string) { f.Kind = r.text(n) }),
		need("days", func(n *yaml.Node, _ string) { f.Days = r.within(n, 1, 366, "number of days") }),
		may("during", func(n *yaml.Node, path string) {
			r.items(n, path, func(n *yaml.Node, _ string) { f.During = append(f.During, r.text(n)) })
		}),
	)
	if slices.ContainsFunc(r.u.Notices.Feeds, func(o Feed) bool { return o.Kind == f.Kind }) && f.Kind != "" {
		r.bad(n.Line, "keep one of them", "the files of the kind %q stand here twice", f.Kind)
	}
	r.u.lines[fmt.Sprintf("%s#%d", "notices.feeds", len(r.u.Notices.Feeds))] = n.Line
	r.u.Notices.Feeds = append(r.u.Notices.Feeds, f)
}

// LineOfAwaited and LineOfFeed are where the items of the two lists stand in the file, from 0.
func (u *University) LineOfAwaited(i int) int { return u.lines[fmt.Sprintf("notices.expect#%d", i)] }
func (u *University) LineOfFeed(i int) int    { return u.lines[fmt.Sprintf("notices.feeds#%d", i)] }
