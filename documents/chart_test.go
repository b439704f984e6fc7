package documents

import (
	"bytes"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func chart() Chart {
	c := Chart{Title: "Бөлімшелердің көрсеткіштері", Under: []string{"7 қыркүйек 2026 ж. – 29 қараша 2026 ж."},
		Tiles: []Tile{{"128", "ашық", false}, {"7", "мерзімі өткен", true}, {"412", "аяқталғаны", false}, {"4,5", "медиана, жұмыс күні", false}},
		Trend: Trend{Title: "Апта сайын", Names: [2]string{"тіркелгені", "аяқталғаны"}},
		Bars: Bars{Title: "Жауап неше жұмыс күнінде берілді", Names: [2]string{"ортасы (медиана)", "10-ның 9-ы"}, Lines: []Bar{
			{"Институт директорының орынбасары · ITC", [2]float64{4.5, 9}, "4,5 / 9"},
			{"Тәрбие жұмысы және әлеуметтік даму жөніндегі проректор, өте ұзын атау", [2]float64{3, 3}, "3 / 3"},
			{"Ректор", [2]float64{0, 0}, "0 / 0"},
		}},
		Foot: "Бұл тек сандар.",
	}
	for i := range 12 {
		c.Trend.Steps = append(c.Trend.Steps, []string{"07.09", "14.09", "21.09"}[i%3])
		c.Trend.Values[0] = append(c.Trend.Values[0], 20+i*7%13)
		c.Trend.Values[1] = append(c.Trend.Values[1], 14+i*5%17)
	}
	return c
}

// The same chart is the same picture, as wide as a phone shows it and upright.
func TestChart(t *testing.T) {
	first, err := chart().PNG()
	if err != nil {
		t.Fatal(err)
	}
	again, err := chart().PNG()
	if err != nil || !bytes.Equal(first, again) {
		t.Errorf("the same chart has other bytes: %v", err)
	}
	img, err := png.Decode(bytes.NewReader(first))
	if err != nil || img.Bounds().Dx() != chartWide || img.Bounds().Dy() < chartWide || img.Bounds().Dy() > 2*chartWide {
		t.Errorf("the chart is %v: %v", img.Bounds(), err)
	}
	if where := os.Getenv("KEEP_PAPERS"); where != "" { // to look at it
		if err := os.WriteFile(filepath.Join(where, "chart.png"), first, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, odd := range map[string]Chart{
		"only a title": {Title: "x"}, "one week": {Title: "x", Trend: Trend{Steps: []string{"1"}, Values: [2][]int{{1}, {1}}}},
		"a word without end": {Title: strings.Repeat("ы", 300), Bars: Bars{Lines: []Bar{{Name: strings.Repeat("ы", 300)}}}},
	} {
		if _, err := odd.PNG(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, wrong := range []Chart{{}, {Title: "x", Trend: Trend{Steps: []string{"1", "2"}}}} {
		if _, err := wrong.PNG(); err == nil {
			t.Errorf("%+v was drawn", wrong)
		}
	}
	for most, want := range map[int]int{1: 1, 5: 1, 6: 2, 11: 5, 25: 5, 26: 10, 900: 200} {
		if got := stepFor(most); got != want {
			t.Errorf("the lines for %d are %d apart, want %d", most, got, want)
		}
	}
}

// A picture costs little beside what is counted for it.
func BenchmarkChart(b *testing.B) {
	for b.Loop() {
		if _, err := chart().PNG(); err != nil {
			b.Fatal(err)
		}
	}
}
