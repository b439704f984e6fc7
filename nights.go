package dauys

import (
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// Nights are the hours of a day in which what comes to the chats of staff makes no sound; on days off
// nothing does. The zero value is no hours at all, and days off like any others.
type Nights struct {
	from, to time.Duration // since midnight; the end may be in the morning after
}

// fall tells whether it is night at a time.
func (n Nights) fall(c Calendar, t time.Time) bool {
	if n.from == n.to {
		return false
	}
	d := c.day(t)
	from, to := d.at(n.from, c.Zone()), d.at(n.to, c.Zone())
	switch {
	case !c.works(d):
		return true
	case n.from < n.to:
		return !t.Before(from) && t.Before(to)
	}
	return !t.Before(from) || t.Before(to)
}

// Night tells whether what comes to the chat of an office at a time should make no sound there. Nothing
// waits for the morning by that.
func (u *University) Night(office OfficeID, t time.Time) bool {
	n := u.Nights
	if o, ok := u.Office(office); ok && o.Nights != nil {
		n = *o.Nights
	}
	return n.fall(u.Calendar, t)
}

// never is written for offices where everything makes a sound at any time.
const never = "never"

func (r *reader) nights(n *yaml.Node) Nights {
	text := r.text(n)
	if text == never || text == "" {
		return Nights{}
	}
	var at [2]time.Duration
	from, to, _ := strings.Cut(text, "-")
	for i, s := range []string{from, to} {
		t, err := time.Parse("15:04", strings.TrimSpace(s))
		if err != nil {
			r.bad(n.Line, "write them as 21:00-08:00, or never", "%q are no hours of a night", n.Value)
			return Nights{}
		}
		at[i] = time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute
	}
	if at[0] == at[1] {
		r.bad(n.Line, "write when the night ends", "the night %s has no end", n.Value)
	}
	return Nights{at[0], at[1]}
}
