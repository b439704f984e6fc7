package notices

import (
	"testing"
	"time"
)

func TestLeads(t *testing.T) {
	zone := time.FixedZone("Almaty", 5*3600)
	event := time.Date(2027, 3, 1, 9, 30, 0, 0, zone)
	for _, tt := range []struct{ expression, want string }{
		{"1 day before at 18:00", "2027-02-28 18:00"},
		{"2 days before at 9:05", "2027-02-27 09:05"},
		{"that day at 07:00", "2027-03-01 07:00"},
		{"10 days after at 10:00", "2027-03-11 10:00"},
		{"3 hours before", "2027-03-01 06:30"},
		{"  90  minutes before ", "2027-03-01 08:00"},
		{"1 hour before", "2027-03-01 08:30"},
	} {
		ls, err := ParseLeads(tt.expression)
		if err != nil || len(ls) != 1 {
			t.Errorf("%s: %v, %v", tt.expression, ls, err)
			continue
		}
		if got := ls[0].Of(event).Format("2006-01-02 15:04"); got != tt.want {
			t.Errorf("%s falls on %s, want %s", tt.expression, got, tt.want)
		}
	}
	for _, bad := range []string{"", "tomorrow", "1 day before", "at 18:00", "2 days before at 24:00", "0 hours before", "3 hours after", "1 day before at 18:00,", "-1 day before at 18:00", "0 9 * * 1"} {
		if ls, err := ParseLeads(bad); err == nil {
			t.Errorf("%q is read as %v", bad, ls)
		}
	}
}

func TestLooks(t *testing.T) {
	zone := time.FixedZone("Almaty", 5*3600)
	at := func(s string) time.Time {
		to, err := time.ParseInLocation("2006-01-02 15:04", s, zone)
		if err != nil {
			t.Fatal(err)
		}
		return to
	}
	two, err := ParseLeads("3 days before at 18:00, that day at 07:00")
	if err != nil {
		t.Fatal(err)
	}
	hours, err := ParseLeads("3 hours before")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		of           Leads
		after, wants string
	}{
		{two, "2027-03-01 06:59", "2027-03-01 07:00"},
		{two, "2027-03-01 07:00", "2027-03-01 18:00"},
		{two, "2027-03-01 18:00", "2027-03-02 07:00"},
		{hours, "2027-03-01 18:00", "2027-03-01 18:15"},
		{hours, "2027-03-01 18:14", "2027-03-01 18:15"},
	} {
		if got := tt.of.Next(at(tt.after)); !got.Equal(at(tt.wants)) {
			t.Errorf("after %s comes %s, want %s", tt.after, got, tt.wants)
		}
	}
	if got := two.Before(at("2027-03-01 07:00")); !got.Equal(at("2027-02-28 18:00")) {
		t.Errorf("the look before is %s", got)
	}
	if got := hours.Before(at("2027-03-01 07:00")); !got.Equal(at("2027-03-01 06:45")) {
		t.Errorf("the look before is %s", got)
	}
	event := at("2027-03-04 09:30")
	for _, tt := range []struct {
		after, by string
		want      bool
	}{
		{"2027-02-28 18:00", "2027-03-01 07:00", false},
		{"2027-03-01 07:00", "2027-03-01 18:00", true},
		{"2027-03-01 18:00", "2027-03-02 07:00", false},
		{"2027-03-03 18:00", "2027-03-04 07:00", true},
		{"2027-02-20 18:00", "2027-03-02 18:00", true}, // what was missed in between
	} {
		if got := two.Fall(event, at(tt.after), at(tt.by)); got != tt.want {
			t.Errorf("from %s to %s: %t", tt.after, tt.by, got)
		}
	}
}
