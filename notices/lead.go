package notices

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Lead is when something is told that has to do with an event: so many days before or after it at a time of
// the day, or some hours before it.
type Lead struct {
	Days   int           // before it; less than zero: after it
	At     int           // minutes after midnight
	Before time.Duration // instead of both: so long before it
}

// Of is when a lead falls for an event. The day is that of the event's zone.
func (l Lead) Of(event time.Time) time.Time {
	if l.Before > 0 {
		return event.Add(-l.Before)
	}
	return time.Date(event.Year(), event.Month(), event.Day()-l.Days, l.At/60, l.At%60, 0, 0, event.Location())
}

// Leads are those of one job.
type Leads []Lead

// Step is how far apart the looks are for leads that are counted in hours: an event can have any time.
const Step = 15 * time.Minute

// Next is when the next look is after a moment, by the clocks of the moment's zone. At every look whatever
// falls between it and the one before is told.
func (ls Leads) Next(after time.Time) (next time.Time) {
	for _, l := range ls {
		var at time.Time
		if l.Before > 0 {
			at = after.Truncate(Step).Add(Step)
		} else {
			at = time.Date(after.Year(), after.Month(), after.Day(), l.At/60, l.At%60, 0, 0, after.Location())
			if !at.After(after) {
				at = time.Date(after.Year(), after.Month(), after.Day()+1, l.At/60, l.At%60, 0, 0, after.Location())
			}
		}
		if next.IsZero() || at.Before(next) {
			next = at
		}
	}
	return next
}

// Before is the look before one. It has told of what fell by then, if it was there.
func (ls Leads) Before(look time.Time) (last time.Time) {
	if len(ls) == 0 { // the job was turned off meanwhile
		return time.Time{}
	}
	from := look.AddDate(0, 0, -1).Add(-time.Nanosecond)
	for at := ls.Next(from); at.Before(look); at = ls.Next(at) {
		last = at
	}
	return last
}

// Fall tells whether one of the leads falls for an event after one moment and not after another.
func (ls Leads) Fall(event, after, by time.Time) bool {
	return slices.ContainsFunc(ls, func(l Lead) bool {
		at := l.Of(event)
		return at.After(after) && !at.After(by)
	})
}

var leadForm = regexp.MustCompile(`^(?:(that day)|(\d{1,3}) days? (before|after)) at ([01]?\d|2[0-3]):([0-5]\d)$|^(\d{1,3}) (hours?|minutes?) before$`)

// ParseLeads reads leads as they are written: "1 day before at 18:00, that day at 07:00", "3 hours before".
func ParseLeads(s string) (all Leads, err error) {
	for one := range strings.SplitSeq(s, ",") {
		m := leadForm.FindStringSubmatch(strings.Join(strings.Fields(one), " "))
		if m == nil {
			return nil, fmt.Errorf("%q says neither how many days before or after and when, nor how many hours before", strings.TrimSpace(one))
		}
		number := func(i int) int { n, _ := strconv.Atoi(m[i]); return n } // the form has digits there, or nothing
		l := Lead{Days: number(2), At: number(4)*60 + number(5)}
		if m[3] == "after" {
			l.Days = -l.Days
		}
		if m[6] != "" {
			unit := time.Hour
			if strings.HasPrefix(m[7], "minute") {
				unit = time.Minute
			}
			if l = (Lead{Before: time.Duration(number(6)) * unit}); l.Before == 0 {
				return nil, fmt.Errorf("%q is no time before anything", strings.TrimSpace(one))
			}
		}
		all = append(all, l)
	}
	return all, nil
}
