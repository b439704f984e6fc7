package documents

import (
	"bytes"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"alt.edu.kz/dauys"
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

// gpaChart and marksChart are what a student sees of their marks.
func gpaChart(l dauys.Lang, semesters int) Chart {
	words := map[dauys.Lang][4]string{
		dauys.Kazakh:  {"GPA семестр бойынша", "Қыдырғалиқызы Әсем", "келесі курсқа өту үшін: 1,02", "2023–2024\n%d-семестр"},
		dauys.Russian: {"GPA по семестрам", "Кыдыргаликызы Асем", "для перевода на следующий курс: 1,02", "2023–2024\n%d семестр"},
		dauys.English: {"GPA by semester", "Asem Kydyrgali", "to move to the next year: 1.02", "2023–2024\nsemester %d"},
	}[l]
	c := Chart{Title: words[0], Under: []string{words[1]}, Curve: Curve{Most: 4, Least: 1.02, Under: words[2]}}
	for i := range semesters {
		v := []float64{2.67, 3.1, 3.33, 4, 3.78}[i%5]
		name := fmt.Sprintf(words[3], i%2+1)
		if semesters > 4 { // what fits
			name = fmt.Sprintf("%d\n%d/%d", 2023+i/2, i%2+1, 2)
		}
		c.Curve.Steps = append(c.Curve.Steps, Step{Name: name, Value: v, Words: strconv.FormatFloat(v, 'f', 2, 64)})
	}
	return c
}

func marksChart(l dauys.Lang) Chart {
	words := map[dauys.Lang][]string{
		dauys.Kazakh:  {"Инженерлік және компьютерлік графика", "2025–2026 оқу жылы, 1-семестр", "Ағымдағы бақылау 1 (АБ1)", "Аралық бақылау 1", "Ағымдағы бақылау 2 (АБ2)", "Аралық бақылау 2", "Жіберу рейтингі", "Емтихан", "Қорытынды баға", "әлі қойылған жоқ"},
		dauys.Russian: {"Инженерная и компьютерная графика", "2025–2026 учебный год, 1-й семестр", "Текущий контроль 1 (ТК1)", "Рубежный контроль 1 (РК1)", "Текущий контроль 2 (ТК2)", "Рубежный контроль 2 (РК2)", "Рейтинг допуска", "Экзамен", "Итоговая оценка", "ещё не выставлено"},
		dauys.English: {"Engineering and Computer Graphics", "Academic year 2025–2026, semester 1", "Ongoing control 1 (TC1)", "Rating control 1 (RC1)", "Ongoing control 2 (TC2)", "Rating control 2 (RC2)", "Admission rating", "Exam", "Final mark", "not given yet"},
	}[l]
	c := Chart{Title: words[0], Under: []string{words[1]}, Marks: Marks{Most: 100}}
	for i, v := range []float64{81, 45, 92.5, 100, 79.63, 0, 84} {
		m := Rated{Name: words[2+i], Value: v, Words: strconv.FormatFloat(v, 'f', -1, 64), Alarm: v > 0 && v < 50, Whole: i == 4 || i == 6}
		if v == 0 {
			m.Absent, m.Words = true, words[9]
		}
		c.Marks.Lines = append(c.Marks.Lines, m)
	}
	return c
}

// Charts of marks are the same picture for the same marks, as wide as a phone and upright.
func TestMarksCharts(t *testing.T) {
	for _, l := range dauys.Langs {
		for name, c := range map[string]Chart{"gpa": gpaChart(l, 4), "gpa-long": gpaChart(l, 10), "gpa-one": gpaChart(l, 1), "gpa-longest": gpaChart(l, 20), "marks": marksChart(l)} {
			first, err := c.PNG()
			if err != nil {
				t.Fatal(err)
			}
			again, err := c.PNG()
			if err != nil || !bytes.Equal(first, again) {
				t.Errorf("%s: the same marks have other bytes: %v", name, err)
			}
			img, err := png.Decode(bytes.NewReader(first))
			if err != nil || img.Bounds().Dx() != chartWide || img.Bounds().Dy() < 600 || img.Bounds().Dy() > 2*chartWide {
				t.Errorf("%s is %v: %v", name, img.Bounds(), err)
			}
			if *keep != "" {
				if err := os.WriteFile(filepath.Join(*keep, fmt.Sprintf("%s-%s.png", name, l)), first, 0o600); err != nil {
					t.Fatal(err)
				}
			}
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
