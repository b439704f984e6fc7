package handlers

import (
	"bytes"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/locales"
)

// busy are figures of twelve weeks as they could be.
func busy(cal *dauys.Calendar) (s dauys.Summary, from, to time.Time) {
	zone := cal.Zone()
	from, to = time.Date(2026, time.September, 7, 0, 0, 0, 0, zone), time.Date(2026, time.November, 29, 0, 0, 0, 0, zone)
	row := func(id string, open, overdue, settled int, median float64, ninety int) dauys.Row {
		return dauys.Row{ID: id, Open: open, Overdue: overdue, Settled: settled, Days: dauys.Spread{N: settled, Median: median, Ninety: ninety}}
	}
	s = dauys.Summary{
		Registered: 431, Settled: 412, Open: 57, Overdue: 4, Days: dauys.Spread{N: 398, Median: 3.5, Ninety: 11},
		Institute: dauys.Share{Part: 301, Of: 352}, Climbed: dauys.Share{Part: 51, Of: 398}, Ratings: dauys.Ratings{N: 143, Sum: 601}, Repeaters: 3,
		Institutes: []dauys.Row{row("itc", 18, 2, 141, 3, 9), row("iedt", 12, 0, 96, 2.5, 8), row("ilb", 9, 1, 72, 4, 10), row("ibde", 3, 0, 31, 2, 6)},
		Offices: []dauys.Row{row("deputy@itc", 14, 2, 118, 2, 5), row("deputy@iedt", 10, 0, 88, 2, 4), row("deputy@ilb", 8, 1, 64, 3, 6), row("vr-social", 9, 1, 41, 6.5, 14),
			row("reception", 4, 0, 31, 5, 12), row("director@itc", 4, 0, 23, 3, 8), row("rector", 3, 0, 9, 4, 9), row("vr-academic", 2, 0, 7, 5, 11)},
		Levels: []dauys.Row{{Level: 1, Settled: 301, Days: dauys.Spread{N: 301, Median: 2, Ninety: 5}}, {Level: 2, Settled: 70, Days: dauys.Spread{N: 70, Median: 7, Ninety: 12}}},
		Topics: []dauys.Topic{{ID: "marks", N: 131}, {ID: "dormitory", N: 88}, {ID: "payment", N: 4}},
	}
	for i := range 12 {
		s.Weeks = append(s.Weeks, dauys.Week{Monday: from.AddDate(0, 0, 7*i), Registered: 28 + i*7%23, Settled: 24 + i*5%21})
	}
	return s, from, to
}

// The picture is the same for the same figures, in every language. KEEP_PAPERS names a folder where
// they can be looked at.
func TestPicture(t *testing.T) {
	u := dauys.Builtin()
	book, err := locales.New(u.Calendar.Zone(), Names(u))
	if err != nil {
		t.Fatal(err)
	}
	h := &Handlers{University: u, Book: book, Now: func() time.Time { return time.Date(2026, time.November, 27, 5, 0, 0, 0, time.UTC) }}
	s, from, to := busy(&u.Calendar)
	for _, l := range dauys.Langs {
		first, err := h.picture(l, locales.StatsTitle(), s, from, to, nil)
		if err != nil {
			t.Fatal(err)
		}
		again, err := h.picture(l, locales.StatsTitle(), s, from, to, nil)
		if err != nil || !bytes.Equal(first.Data, again.Data) {
			t.Errorf("%s: the same figures are another picture: %v", l, err)
		}
		if img, err := png.Decode(bytes.NewReader(first.Data)); err != nil || img.Bounds().Dx() >= img.Bounds().Dy() {
			t.Errorf("%s: the picture does not stand upright: %v", l, err)
		}
		words := h.statsWords(l, s, from, to, nil)
		if strings.Contains(words, book.Plain(l, locales.Topic("payment"))) || !strings.Contains(words, book.Plain(l, locales.StatsTopicsFew(5))) {
			t.Errorf("%s: a small number is shown: %s", l, words)
		}
		if where := os.Getenv("KEEP_PAPERS"); where != "" {
			for name, data := range map[string][]byte{"stats-" + string(l) + ".png": first.Data, "stats-" + string(l) + ".txt": []byte(words)} {
				if err := os.WriteFile(filepath.Join(where, name), data, 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}
