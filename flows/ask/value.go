package ask

import (
	"cmp"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Days are what a question for a day knows of the calendar: which day it is, and the first and
// the last day that can be answered. They are as in 2026-11-23; empty where there is none.
type Days struct{ Today, From, To string }

// Today stands for the day it is where the bounds of a date are handed in, so that they move with a
// conversation that is put aside.
const Today = "today"

// days are the bounds that were handed in for a date.
func (st Step) days(s Session) Days {
	bound := func(name string) string {
		given := s.Given[st.Key+":"+name]
		switch {
		case len(given) == 0:
			return ""
		case given[0] == Today:
			return s.Today
		}
		return given[0]
	}
	return Days{Today: s.Today, From: bound("from"), To: bound("to")}
}

// Within tells whether a day lies in the bounds.
func (d Days) Within(day string) bool {
	return (d.From == "" || day >= d.From) && (d.To == "" || day <= d.To)
}

// On is a day as in 2026-11-23 as an argument of a message.
func On(day string) (Day, bool) {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil || at.Year() < 1900 || at.Year() > 2199 {
		return Day{}, false
	}
	return Day(at.Add(12 * time.Hour)), true // the same day wherever it is written
}

// offered are the days that need not be typed: today and the day before, if they will do.
func (d Days) offered() (o []Option) {
	today, err := time.Parse(time.DateOnly, d.Today)
	if err != nil {
		return nil
	}
	yesterday := today.AddDate(0, 0, -1).Format(time.DateOnly)
	if d.Within(d.Today) {
		o = append(o, Option{Label: Line{Key: "ask.button.today"}, Do: Pick, Value: d.Today})
	}
	if d.Within(yesterday) {
		o = append(o, Option{Label: Line{Key: "ask.button.yesterday"}, Do: Pick, Value: yesterday})
	}
	return o
}

// dated reads a day, or tells why it will not do.
func (st Step) dated(text string, s Session) (string, *Line) {
	day := strings.TrimSpace(text)
	days := st.days(s)
	if _, ok := On(day); !ok {
		return "", &Line{Key: "ask.date.wrong"}
	}
	if from, ok := On(days.From); ok && day < days.From {
		return "", &Line{Key: "ask.date.early", Args: Args{"Date": from}}
	}
	if to, ok := On(days.To); ok && day > days.To {
		return "", &Line{Key: "ask.date.late", Args: Args{"Date": to}}
	}
	return day, nil
}

// Decimal is a number with a point before its fraction; it is written as the language does.
type Decimal string

var (
	grouped = regexp.MustCompile(`^([-−–]?\d{1,3})([ \x{00a0}\x{202f}'’]\d{3})+([.,]\d+)?$`)
	plain   = regexp.MustCompile(`^([-−–]?)(\d{1,12})(?:[.,](\d+))?$`)
	spaces  = strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", "'", "", "’", "")
)

// counted reads a number: with a comma or a point, with the thousands apart or not.
func (st Step) counted(text string) (string, *Line) {
	text = strings.TrimSpace(strings.TrimRight(strings.TrimSpace(text), ".,;!%"))
	if grouped.MatchString(text) {
		text = spaces.Replace(text)
	}
	m := plain.FindStringSubmatch(text)
	if m == nil {
		return "", &Line{Key: "ask.number.wrong", Args: Args{"Min": st.Min, "Max": st.Max}}
	}
	whole, fraction := strings.TrimLeft(m[2], "0"), strings.TrimRight(m[3], "0")
	switch {
	case fraction != "" && st.Digits == 0:
		return "", &Line{Key: "ask.number.whole", Args: Args{"Min": st.Min, "Max": st.Max}}
	case len(fraction) > st.Digits:
		return "", &Line{Key: "ask.number.fine", Args: Args{"Count": st.Digits}}
	case whole == "":
		whole = "0"
	}
	number := whole
	if fraction != "" {
		number += "." + fraction
	}
	if m[1] != "" && number != "0" {
		number = "-" + number
	}
	if n, err := strconv.ParseFloat(number, 64); err != nil || n < float64(st.Min) || n > float64(st.Max) {
		return "", &Line{Key: "ask.number.range", Args: Args{"Min": st.Min, "Max": st.Max}}
	}
	return number, nil
}

// read brings what was typed for a question with one short value to the form in which it is kept, or
// tells why it cannot be taken.
func (st Step) read(text string, s Session) (value string, problem *Line) {
	switch st.Type {
	case TypeDate:
		return st.dated(text, s)
	case TypeNumber:
		return st.counted(text)
	case TypeSecret:
		if value, ok := st.Read(text); ok {
			return value, nil
		}
		return "", &Line{Key: cmp.Or(st.In, s.Flow) + "." + st.Key + ".wrong"}
	}
	number, ok := phone(text)
	if !ok {
		return "", &Line{Key: "ask.phone.wrong"}
	}
	return number, nil
}

// short tells whether the answer is one short value, which is read from what is typed.
func (t Type) short() bool {
	return t == TypePhone || t == TypeDate || t == TypeNumber || t == TypeSecret
}

// shown is a short value as an argument of a message.
func (st Step) shown(value string) any {
	switch st.Type {
	case TypeDate:
		if day, ok := On(value); ok {
			return day
		}
	case TypeNumber:
		return Decimal(value)
	case TypeSecret:
		return Mask(value)
	}
	return value
}

// Mask is a secret number as it is shown: its first four digits and the last two, as in 0503******05.
func Mask(value string) string {
	const first, last = 4, 2
	if len(value) <= first+last {
		return strings.Repeat("*", len(value))
	}
	return value[:first] + strings.Repeat("*", len(value)-first-last) + value[len(value)-last:]
}
