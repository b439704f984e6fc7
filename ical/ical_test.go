package ical

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// component is what stands between BEGIN and END.
type component struct {
	name  string
	lines map[string][]string // property with its parameters → values
	parts []*component
}

// parse reads a file as strictly as RFC 5545 asks for: the ends and the length of lines, folding, nesting.
func parse(data []byte) (*component, error) {
	s := string(data)
	if !strings.HasSuffix(s, "\r\n") || strings.Contains(strings.ReplaceAll(s, "\r\n", ""), "\n") || strings.Contains(strings.ReplaceAll(s, "\r\n", ""), "\r") {
		return nil, fmt.Errorf("lines do not end with CRLF")
	}
	var lines []string
	for _, l := range strings.Split(strings.TrimSuffix(s, "\r\n"), "\r\n") {
		if len(l) > 75 {
			return nil, fmt.Errorf("a line has %d octets: %q", len(l), l)
		}
		if !utf8.ValidString(l) {
			return nil, fmt.Errorf("a letter is cut: %q", l)
		}
		if rest, folded := strings.CutPrefix(l, " "); folded && len(lines) > 0 {
			lines[len(lines)-1] += rest
			continue
		}
		lines = append(lines, l)
	}
	root := &component{}
	open := []*component{root}
	for _, l := range lines {
		name, value, ok := strings.Cut(l, ":")
		if !ok {
			return nil, fmt.Errorf("no value: %q", l)
		}
		in := open[len(open)-1]
		switch name {
		case "BEGIN":
			c := &component{name: value, lines: map[string][]string{}}
			in.parts = append(in.parts, c)
			open = append(open, c)
		case "END":
			if in.name != value {
				return nil, fmt.Errorf("%s ends within %s", value, in.name)
			}
			open = open[:len(open)-1]
		default:
			in.lines[name] = append(in.lines[name], value)
		}
	}
	if len(open) != 1 || len(root.parts) != 1 || root.parts[0].name != "VCALENDAR" {
		return nil, fmt.Errorf("not one calendar")
	}
	return root.parts[0], nil
}

// one is the value of a property that stands once.
func (c *component) one(t *testing.T, name string) string {
	t.Helper()
	if len(c.lines[name]) != 1 {
		t.Fatalf("%s has %d of %s", c.name, len(c.lines[name]), name)
	}
	return c.lines[name][0]
}

func (c *component) all(name string) (found []*component) {
	for _, p := range c.parts {
		if p.name == name {
			found = append(found, p)
		}
	}
	return found
}

var plain = strings.NewReplacer(`\n`, "\n", `\,`, ",", `\;`, ";", `\\`, `\`)

func TestFile(t *testing.T) {
	zone, err := time.LoadLocation("Asia/Almaty")
	if err != nil {
		t.Fatal(err)
	}
	made := time.Date(2026, 11, 23, 10, 0, 0, 0, zone)
	title := "Емтихан: Бағдарламалау; 2, жалғасы \\ соңы – ұзын атау, бір жолға сыймайтын, бірнеше жолға бөлінетін"
	f := File{Product: "-//A//B//KK", Name: "Емтихандар", Zone: zone, At: made, Events: []Event{
		{UID: "1@x", Title: title, Where: "2-305", Notes: "бірінші\nекінші\x00\r", From: time.Date(2026, 12, 15, 9, 0, 0, 0, zone), Until: time.Date(2026, 12, 15, 12, 0, 0, 0, zone), Alarm: 2 * time.Hour},
		{UID: "2@x", Title: "Сессия", From: time.Date(2026, 12, 14, 0, 0, 0, 0, zone), Until: time.Date(2026, 12, 31, 0, 0, 0, 0, zone), Days: true},
	}}
	c, err := parse(f.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if c.one(t, "VERSION") != "2.0" || c.one(t, "PRODID") != "-//A//B//KK" {
		t.Errorf("%v", c.lines)
	}
	zones, events := c.all("VTIMEZONE"), c.all("VEVENT")
	if len(zones) != 1 || len(events) != 2 {
		t.Fatalf("%d zones, %d events", len(zones), len(events))
	}
	offsets := zones[0].all("STANDARD")
	if zones[0].one(t, "TZID") != "Asia/Almaty" || len(offsets) != 1 || offsets[0].one(t, "TZOFFSETTO") != "+0500" || offsets[0].one(t, "DTSTART") == "" {
		t.Errorf("the zone is %v", offsets)
	}
	e := events[0]
	for name, want := range map[string]string{"UID": "1@x", "DTSTAMP": "20261123T050000Z", "DTSTART;TZID=Asia/Almaty": "20261215T090000", "DTEND;TZID=Asia/Almaty": "20261215T120000", "LOCATION": "2-305"} {
		if got := e.one(t, name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if got := plain.Replace(e.one(t, "SUMMARY")); got != title {
		t.Errorf("the title is %q", got)
	}
	if got := plain.Replace(e.one(t, "DESCRIPTION")); got != "бірінші\nекінші" {
		t.Errorf("the notes are %q", got)
	}
	if alarms := e.all("VALARM"); len(alarms) != 1 || alarms[0].one(t, "TRIGGER") != "-PT120M" || alarms[0].one(t, "ACTION") != "DISPLAY" || alarms[0].one(t, "DESCRIPTION") == "" {
		t.Errorf("alarms: %v", e.parts)
	}
	e = events[1]
	if e.one(t, "DTSTART;VALUE=DATE") != "20261214" || e.one(t, "DTEND;VALUE=DATE") != "20270101" {
		t.Errorf("days: %v", e.lines)
	}
}

// A zone that changes its clocks is described with every change among the events.
func TestZone(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	at := func(m time.Month) time.Time { return time.Date(2027, m, 1, 9, 0, 0, 0, zone) }
	c, err := parse(File{Zone: zone, At: at(1), Events: []Event{{UID: "1", Title: "x", From: at(2), Until: at(12)}}}.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	z := c.all("VTIMEZONE")[0]
	var got []string
	for _, p := range z.parts {
		got = append(got, p.name+" "+p.one(t, "DTSTART")+" "+p.one(t, "TZOFFSETFROM")+" "+p.one(t, "TZOFFSETTO"))
	}
	want := "STANDARD 19700101T000000 +0100 +0100; DAYLIGHT 20270328T020000 +0100 +0200; STANDARD 20271031T030000 +0200 +0100"
	if s := strings.Join(got, "; "); s != want {
		t.Errorf("got  %s\nwant %s", s, want)
	}
}

// Whatever stands in the record, the file stays one.
func FuzzFile(f *testing.F) {
	f.Add("Емтихан", "a\r\nEND:VCALENDAR\r\nb", "1-210")
	f.Fuzz(func(t *testing.T, title, notes, where string) {
		at := time.Date(2027, 1, 1, 9, 0, 0, 0, time.UTC)
		c, err := parse(File{Product: "x", Zone: time.UTC, At: at, Events: []Event{{UID: "1", Title: title, Notes: notes, Where: where, From: at, Until: at}}}.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		if len(c.all("VEVENT")) != 1 || len(c.parts) != 2 {
			t.Errorf("%d parts", len(c.parts))
		}
	})
}
