package dauys

import (
	"fmt"
	"strconv"
	"time"

	"go.yaml.in/yaml/v3"
)

// NoticeRules are what holds for news that people are told without having asked.
type NoticeRules struct {
	Quiet Hours // when nothing comes that can wait, unless the reader wants it otherwise
	// Exam is how long an exam is taken to last, of which the timetable says the beginning only.
	Exam time.Duration
	// Seen are the kinds of orders about students that these are asked to confirm having read.
	Seen []string
	// Object is for how many days after its date one can object to an order; 0: nobody has said.
	Object int
	// Expect is what has to be in the registrar's record by which day of the academic calendar; Feeds, which
	// files come again and again; Silent, after how many days without any file that came by itself something
	// is wrong with the way that they take, 0: never.
	Expect []Awaited
	Feeds  []Feed
	Silent int
}

// OrderKinds are the kinds of orders about students, as the structure file names them.
var OrderKinds = []string{"enrolment", "expulsion", "reinstatement", "transfer-out", "transfer-in", "transfer-programme", "leave", "return", "repeat", "grant", "local-budget",
	"surname", "scholarship", "scholarship-stop", "travel", "next-course", "graduation", "control-forms"}

// Hours are a part of the day, in minutes after midnight; it may go over midnight. None when both are the same.
type Hours struct{ From, To int }

// Over is when the hours that hold at a moment end; false: they do not hold. The day is that of the
// zone of the moment.
func (q Hours) Over(at time.Time) (time.Time, bool) {
	m := at.Hour()*60 + at.Minute()
	end := func(days int) time.Time {
		return time.Date(at.Year(), at.Month(), at.Day()+days, q.To/60, q.To%60, 0, 0, at.Location())
	}
	switch {
	case q.From < q.To && m >= q.From && m < q.To, q.From > q.To && m < q.To:
		return end(0), true
	case q.From > q.To && m >= q.From:
		return end(1), true
	}
	return time.Time{}, false
}

// usualExam is how long an exam lasts when the file says nothing.
const usualExam = 3 * time.Hour

// mostObject is for how many days at most one can object to an order.
const mostObject = 366

func (r *reader) notices(n *yaml.Node, path string) {
	r.u.Notices = NoticeRules{Exam: usualExam}
	r.object(n, path,
		may("expect", func(n *yaml.Node, path string) { r.items(n, path, r.expected) }),
		may("feeds", func(n *yaml.Node, path string) { r.items(n, path, r.feed) }),
		may("silent", func(n *yaml.Node, _ string) { r.u.Notices.Silent = r.within(n, 1, 366, "number of days") }),
		may("quiet", func(n *yaml.Node, path string) {
			clock := func(to *int) func(*yaml.Node, string) {
				return func(n *yaml.Node, _ string) {
					t, err := time.Parse("15:04", r.text(n))
					if err != nil {
						r.bad(n.Line, "write it as in 22:00", "%q is no time of the day", n.Value)
						return
					}
					*to = t.Hour()*60 + t.Minute()
				}
			}
			r.object(n, path, need("from", clock(&r.u.Notices.Quiet.From)), need("to", clock(&r.u.Notices.Quiet.To)))
		}),
		may("exam", func(n *yaml.Node, _ string) {
			d, err := time.ParseDuration(r.text(n))
			if err != nil || d < 30*time.Minute || d > 12*time.Hour {
				r.bad(n.Line, "write it as in 3h or 2h30m, from 30m to 12h", "%q is no time that an exam lasts", n.Value)
				return
			}
			r.u.Notices.Exam = d
		}),
		may("seen", func(n *yaml.Node, path string) {
			r.u.Notices.Seen = words(r, n, path, "kind of order", OrderKinds)
		}),
		may("object", func(n *yaml.Node, _ string) {
			days, err := strconv.Atoi(r.text(n))
			if err != nil || days < 1 || days > mostObject {
				r.bad(n.Line, fmt.Sprintf("write a whole number of days, from 1 to %d", mostObject), "%q is no time in which one can object", n.Value)
				return
			}
			r.u.Notices.Object = days
		}),
	)
}
