package locales

import (
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"

	"alt.edu.kz/dauys/flows/ask"
)

var (
	yearFirst = regexp.MustCompile(`^(\d{4})[-./ ](\d{1,2})[-./ ](\d{1,2})[.,]?$`)
	dayFirst  = regexp.MustCompile(`^(\d{1,2})[-./ ](\d{1,2})(?:[-./ ](\d{4}|\d{2}))?[.,]?$`)
)

// stems are how the names of the months begin, in all languages, as they sound.
var stems = func() (out [12][]string) {
	for i, names := range [12]string{
		"қаңтар январ january", "ақпан феврал february", "наурыз март march", "сәуір апрел april", "мамыр май may", "маусым июн june",
		"шілде июл july", "тамыз август august", "қыркүйек сентябр september", "қазан октябр october", "қараша ноябр november", "желтоқсан декабр december",
	} {
		for name := range strings.FieldsSeq(names) {
			out[i] = append(out[i], sound(Fold(name)))
		}
	}
	return out
}()

// beside are the words and endings that stand beside the numbers of a date and say nothing.
var beside = func() map[string]bool {
	out := map[string]bool{}
	for w := range strings.FieldsSeq("г год года году ж жыл жылы жылғы жылдың айы айының of the in on st nd rd th го е ое ого й ші шы сі сы і ы і де да күні число числа") {
		out[Fold(w)] = true
	}
	return out
}()

// Day reads a day that was typed at a question for one, in any language and form, as in 2026-11-23. Without a
// year the nearest is meant that will do there.
func (b *Book) Day(typed string, days ask.Days) (string, bool) {
	t := b.typed(typed)
	for i, key := range []string{"ask.button.today", "ask.button.yesterday"} {
		if t.fold != "" && b.button(ask.Line{Key: key}).each(t.is) {
			today, err := time.Parse(time.DateOnly, days.Today)
			return today.AddDate(0, 0, -i).Format(time.DateOnly), err == nil
		}
	}
	y, m, d, ok := numbersOfDate(t.raw)
	if !ok {
		y, m, d, ok = wordsOfDate(t.fold)
	}
	if !ok {
		return "", false
	}
	if y == 0 {
		return nearest(m, d, days)
	}
	return iso(y, m, d)
}

// numbersOfDate reads 23.11.2026, 23.11, 23/11/26 and 2026-11-23.
func numbersOfDate(raw string) (y, m, d int, ok bool) {
	raw = strings.Join(strings.Fields(raw), " ")
	for _, end := range []string{" г.", " г", "г.", " года", " ж.", " ж"} {
		raw = strings.TrimSuffix(raw, end)
	}
	n := func(s string) int { i, _ := strconv.Atoi(s); return i }
	if p := yearFirst.FindStringSubmatch(raw); p != nil {
		return n(p[1]), n(p[2]), n(p[3]), true
	}
	if p := dayFirst.FindStringSubmatch(raw); p != nil {
		if y = n(p[3]); len(p[3]) == 2 {
			y += 2000
		}
		return y, n(p[2]), n(p[1]), p[3] == "" || y > 0
	}
	return 0, 0, 0, false
}

// wordsOfDate reads a date with the name of its month: a day, perhaps a year, and nothing else.
func wordsOfDate(fold string) (y, m, d int, ok bool) {
	for f := range strings.FieldsSeq(fold) {
		digits := strings.TrimRightFunc(f, unicode.IsLetter)
		n, err := strconv.Atoi(digits)
		switch named := month(f); {
		case err == nil && (digits == f || beside[f[len(digits):]]):
			switch {
			case len(digits) == 4 && y == 0:
				y = n
			case len(digits) <= 2 && d == 0:
				d = n
			default:
				return 0, 0, 0, false
			}
		case beside[f]:
		case named > 0 && m == 0:
			m = named
		default:
			return 0, 0, 0, false
		}
	}
	return y, m, d, m > 0 && d > 0
}

// month is which month a folded word names, with whatever ending or cut short.
func month(fold string) int {
	s := sound(fold)
	if len(s) < shortBegin {
		return 0
	}
	for i, names := range stems {
		for _, name := range names {
			if strings.HasPrefix(name, s) || strings.HasPrefix(s, name) && len(s)-len(name) <= 5 {
				return i + 1
			}
		}
	}
	return 0
}

// iso writes a day, if there is such a day.
func iso(y, m, d int) (string, bool) {
	at := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	return at.Format(time.DateOnly), at.Year() == y && int(at.Month()) == m && at.Day() == d
}

// nearest is the day of a month that will do and is nearest to today; when none will do, the
// nearest of all.
func nearest(m, d int, days ask.Days) (string, bool) {
	today, err := time.Parse(time.DateOnly, days.Today)
	if err != nil {
		if today, err = time.Parse(time.DateOnly, days.To); err != nil {
			return "", false
		}
	}
	best, away, within := "", time.Duration(0), false
	for y := today.Year() + 8; y >= today.Year()-8; y-- { // so far apart there is a 29 February
		day, ok := iso(y, m, d)
		if !ok {
			continue
		}
		at, _ := time.Parse(time.DateOnly, day)
		far := at.Sub(today).Abs()
		if will := days.Within(day); best == "" || will && !within || will == within && far <= away {
			best, away, within = day, far, will
		}
	}
	return best, best != ""
}

// Read brings what was typed at a question to the form that the question takes.
func (b *Book) Read(typed string, v ask.View) string {
	if v.Type == ask.TypeDate && v.Phase == ask.Asking {
		if day, ok := b.Day(typed, v.Days); ok {
			return day
		}
	}
	return typed
}
