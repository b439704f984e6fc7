// Package ical writes calendar files (RFC 5545) that the calendars of telephones and computers read: what
// takes place at a time, and what is a day. It reads nothing and knows no words of its own.
package ical

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// MIME is the type of such a file.
const MIME = "text/calendar"

// Event is one thing in a calendar.
type Event struct {
	UID   string // the same thing has the same one in every file: a calendar that has it puts the new one in its place
	Title string
	Where string
	Notes string
	From  time.Time
	Until time.Time     // of something that takes days: the last one; otherwise the end
	Days  bool          // it takes whole days, not hours
	Alarm time.Duration // before it a telephone makes a sound; 0: none
}

// File is a calendar file.
type File struct {
	Product string // who makes it: -//University//Dauys//KK
	Name    string
	Zone    *time.Location
	At      time.Time // when it was made
	Events  []Event
}

const (
	local = "20060102T150405"
	day   = "20060102"
	stamp = "20060102T150405Z"
	most  = 75 // octets of a line, without its end
)

// Bytes is the file as it is written: lines that end as those of a letter, and none longer than is allowed.
func (f File) Bytes() []byte {
	var w writer
	w.line("BEGIN", "VCALENDAR")
	w.line("VERSION", "2.0")
	w.line("PRODID", text(f.Product))
	w.line("CALSCALE", "GREGORIAN")
	w.line("METHOD", "PUBLISH")
	w.line("X-WR-CALNAME", text(f.Name))
	w.line("X-WR-TIMEZONE", f.Zone.String())
	w.zone(f.Zone, f.Events, f.At)
	for _, e := range f.Events {
		w.event(e, f)
	}
	w.line("END", "VCALENDAR")
	return []byte(w.b.String())
}

type writer struct{ b strings.Builder }

// line writes a property, folded after as many octets as a line may have, but never within a letter.
func (w *writer) line(name, value string) {
	s := name + ":" + value
	room := most
	for len(s) > room {
		cut := room
		for !utf8.RuneStart(s[cut]) {
			cut--
		}
		w.b.WriteString(s[:cut] + "\r\n ")
		s, room = s[cut:], most-1 // the space counts
	}
	w.b.WriteString(s + "\r\n")
}

// zone describes the zone by every offset that it has within the time of the events: a calendar need not
// know its name.
func (w *writer) zone(z *time.Location, events []Event, made time.Time) {
	first, last := made, made
	for _, e := range events {
		if !e.Days && e.From.Before(first) {
			first = e.From
		}
		if !e.Days && e.Until.After(last) {
			last = e.Until
		}
	}
	w.line("BEGIN", "VTIMEZONE")
	w.line("TZID", z.String())
	name, offset := first.In(z).Zone()
	w.observed(time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC), offset, offset, name, first.In(z).IsDST())
	for at := first; ; {
		_, change := at.In(z).ZoneBounds()
		if change.IsZero() || change.After(last) {
			break
		}
		was := offset
		name, offset = change.In(z).Zone()
		// When it begins is said by the clocks of before.
		w.observed(change.In(time.FixedZone("", was)), was, offset, name, change.In(z).IsDST())
		at = change
	}
	w.line("END", "VTIMEZONE")
}

func (w *writer) observed(from time.Time, was, is int, name string, summer bool) {
	kind := "STANDARD"
	if summer {
		kind = "DAYLIGHT"
	}
	w.line("BEGIN", kind)
	w.line("DTSTART", from.Format(local))
	w.line("TZOFFSETFROM", offset(was))
	w.line("TZOFFSETTO", offset(is))
	w.line("TZNAME", text(name))
	w.line("END", kind)
}

func offset(seconds int) string {
	sign := '+'
	if seconds < 0 {
		sign, seconds = '-', -seconds
	}
	return fmt.Sprintf("%c%02d%02d", sign, seconds/3600, seconds/60%60)
}

func (w *writer) event(e Event, f File) {
	w.line("BEGIN", "VEVENT")
	w.line("UID", text(e.UID))
	w.line("DTSTAMP", f.At.UTC().Format(stamp))
	if e.Days { // the end is the first day that is not of it any more
		w.line("DTSTART;VALUE=DATE", e.From.In(f.Zone).Format(day))
		w.line("DTEND;VALUE=DATE", e.Until.In(f.Zone).AddDate(0, 0, 1).Format(day))
		w.line("TRANSP", "TRANSPARENT")
	} else {
		w.line("DTSTART;TZID="+f.Zone.String(), e.From.In(f.Zone).Format(local))
		w.line("DTEND;TZID="+f.Zone.String(), e.Until.In(f.Zone).Format(local))
	}
	w.line("SUMMARY", text(e.Title))
	if e.Where != "" {
		w.line("LOCATION", text(e.Where))
	}
	if e.Notes != "" {
		w.line("DESCRIPTION", text(e.Notes))
	}
	if e.Alarm > 0 {
		w.line("BEGIN", "VALARM")
		w.line("ACTION", "DISPLAY")
		w.line("DESCRIPTION", text(e.Title))
		w.line("TRIGGER", fmt.Sprintf("-PT%dM", int(e.Alarm.Minutes())))
		w.line("END", "VALARM")
	}
	w.line("END", "VEVENT")
}

// text is a value in words: what has a meaning in the file is marked as having none, and signs that cannot
// stand in it are left out.
func text(s string) string {
	var b strings.Builder
	for _, r := range strings.ToValidUTF8(strings.ReplaceAll(s, "\r\n", "\n"), "") {
		switch {
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\\' || r == ';' || r == ',':
			b.WriteRune('\\')
			b.WriteRune(r)
		case r < ' ' || r == 0x7f:
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
