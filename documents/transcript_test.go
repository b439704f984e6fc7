package documents

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"alt.edu.kz/dauys"
)

// transcriptOf is one of a student, over so many semesters.
func transcriptOf(l dauys.Lang, semesters int, official bool) Transcript {
	made := time.Date(2026, 11, 23, 5, 0, 0, 0, time.UTC)
	t := Transcript{Lang: l, Made: made, Application: "Dauys", Number: "TRN-2026-000017"}
	var names []string
	var year, term, sum string
	switch l {
	case dauys.Kazakh:
		t.Above, t.Title = []string{"Мұхамеджан Тынышбаев атындағы ALT Университеті", "Тіркеуші кеңсесі"}, "Транскрипт"
		t.Date, t.Place = "2026 ж. 23 қараша", "Алматы қ."
		t.Head = []Pair{{"Аты-жөні", "Қыдырғалиқызы Әсем Ғабитқызы"}, {"Студенттің нөмірі", "20231145"}, {"Білім беру бағдарламасы", "6B07112 – Көлік құрылысы және жол-құрылыс техникасы"}, {"Оқу нысаны", "күндізгі"}, {"Оқыту тілі", "қазақ"}, {"Оқуға түскен жылы", "2023"}}
		t.Columns = []string{"Пән", "Кредит", "%", "Әріп", "Балл", "Дәстүрлі баға"}
		t.Sum = []Pair{{"GPA", "3,21"}, {"Кредит саны", "120"}}
		t.Notes = []string{"GPA: балдың кредитке көбейтіндісінің қосындысы кредит санына бөлінеді. 4,0 – ең жоғары балл."}
		t.Pages = func(page, pages int) string { return fmt.Sprintf("%d/%d бет", page, pages) }
		names = []string{"Қазақстан тарихы", "Ұлттық құқық және жемқорлыққа қарсы мәдениет негіздері", "Шет тілі", "Математика I", "Инженерлік және компьютерлік графика, өлшеу құралдары мен әдістері", "Физика"}
		year, term, sum = "оқу жылы", "семестр", "Семестр GPA: 3,21 · кредит: 30"
		t.Standing, t.Behind = "Бейресми көшірме: студенттің өзі үшін", "БЕЙРЕСМИ"
		if official {
			t.Standing, t.Behind, t.Stamp, t.Scan = "", "", "М.О.", "Бұл құжаттың жарамды екенін мына мекенжайдан тексеруге болады."
			t.Signatures = []Pair{{"Тіркеуші кеңсесінің басшысы", "Ұ. Өмірбекова"}}
		}
	case dauys.Russian:
		t.Above, t.Title = []string{"ALT Университет имени Мухамеджана Тынышпаева", "Офис регистратора"}, "Транскрипт"
		t.Date, t.Place = "23 ноября 2026 г.", "г. Алматы"
		t.Head = []Pair{{"Ф.И.О.", "Кыдыргаликызы Асем Габитовна"}, {"Номер студента", "20231145"}, {"Образовательная программа", "6B07112 – Транспортное строительство и дорожно-строительная техника"}, {"Форма обучения", "очная"}, {"Язык обучения", "казахский"}, {"Год поступления", "2023"}}
		t.Columns = []string{"Дисциплина", "Кредиты", "%", "Буква", "Балл", "Традиционная оценка"}
		t.Sum = []Pair{{"GPA", "3,21"}, {"Кредитов", "120"}}
		t.Notes = []string{"GPA: сумма произведений баллов на кредиты, делённая на сумму кредитов. Высший балл – 4,0."}
		t.Pages = func(page, pages int) string { return fmt.Sprintf("Стр. %d из %d", page, pages) }
		names = []string{"История Казахстана", "Основы национального права и антикоррупционной культуры", "Иностранный язык", "Математика I", "Инженерная и компьютерная графика, средства и методы измерений", "Физика"}
		year, term, sum = "учебный год", "семестр", "GPA семестра: 3,21 · кредиты: 30"
		t.Standing, t.Behind = "Неофициальная копия: для самого студента", "НЕОФИЦИАЛЬНО"
		if official {
			t.Standing, t.Behind, t.Stamp, t.Scan = "", "", "М.П.", "Действителен ли документ, можно проверить по этому адресу."
			t.Signatures = []Pair{{"Руководитель Офиса регистратора", "У. Омирбекова"}}
		}
	default:
		t.Above, t.Title = []string{"Mukhametzhan Tynyshbayev ALT University", "Office of the Registrar"}, "Transcript"
		t.Date, t.Place = "23 November 2026", "Almaty"
		t.Head = []Pair{{"Name", "Asem Kydyrgali"}, {"Student number", "20231145"}, {"Programme", "6B07112 – Transport Construction and Road-building Machinery"}, {"Form of study", "full-time"}, {"Language of study", "Kazakh"}, {"Year of enrolment", "2023"}}
		t.Columns = []string{"Course", "Credits", "%", "Letter", "Points", "Traditional grade"}
		t.Sum = []Pair{{"GPA", "3.21"}, {"Credits", "120"}}
		t.Notes = []string{"GPA: the sum of points times credits, divided by the sum of credits. The best is 4.0."}
		t.Pages = func(page, pages int) string { return fmt.Sprintf("Page %d of %d", page, pages) }
		names = []string{"History of Kazakhstan", "Fundamentals of National Law and Anti-corruption Culture", "Foreign Language", "Mathematics I", "Engineering and Computer Graphics, Means and Methods of Measurement", "Physics"}
		year, term, sum = "academic year", "semester", "Semester GPA: 3.21 · credits: 30"
		t.Standing, t.Behind = "Unofficial copy: for the student", "UNOFFICIAL"
		if official {
			t.Standing, t.Behind, t.Stamp, t.Scan = "", "", "Stamp", "Whether this document is valid can be checked at this address."
			t.Signatures = []Pair{{"Head of the Office of the Registrar", "U. Omirbekova"}}
		}
	}
	t.Foot, t.Author = t.Title+" · "+t.Above[0], t.Above[0]
	if official {
		t.Link = "https://dauys.alt.edu.kz/verify/ABCDEFGHIJKLMNOPQRSTUVWX23"
	} else {
		t.Number = ""
	}
	words := map[dauys.Lang][2]string{dauys.Kazakh: {"өте жақсы", "жақсы"}, dauys.Russian: {"отлично", "хорошо"}, dauys.English: {"excellent", "good"}}[l]
	for n := range semesters {
		s := Studied{Name: fmt.Sprintf("%d–%d %s, %d-%s", 2023+n/2, 2024+n/2, year, n%2+1, term), Sum: sum}
		for i, name := range names {
			if i%2 == 0 {
				s.Rows = append(s.Rows, []string{name, "5", "95", "A", "4,0", words[0]})
			} else {
				s.Rows = append(s.Rows, []string{name, "5", "82", "B", "3,0", words[1]})
			}
		}
		t.Terms = append(t.Terms, s)
	}
	return t
}

// The same transcript is the same file; its words come out as a reader that copies them gets them.
func TestTranscript(t *testing.T) {
	for _, l := range dauys.Langs {
		for name, semesters := range map[string]int{"official": 8, "unofficial": 1} {
			file, err := TranscriptPDF(transcriptOf(l, semesters, name == "official"))
			if err != nil {
				t.Fatal(err)
			}
			again, err := TranscriptPDF(transcriptOf(l, semesters, name == "official"))
			if err != nil || !bytes.Equal(file, again) {
				t.Errorf("the same transcript has other bytes: %v", err)
			}
			if *keep != "" {
				if err := os.WriteFile(filepath.Join(*keep, fmt.Sprintf("transcript-%s-%s.pdf", name, l)), file, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			compare(t, fmt.Sprintf("transcript-%s-%s.txt", name, l), textOf(t, file))
		}
	}
}

// The head of the table stands on every page, and no semester's name alone at the foot of one.
func TestTranscriptBreaks(t *testing.T) {
	for semesters := range 11 {
		file, err := TranscriptPDF(transcriptOf(dauys.Russian, semesters, true))
		if err != nil {
			t.Fatal(err)
		}
		text := textOf(t, file)
		pages := bytes.Count(file, []byte("/Type /Page\n"))
		if heads := strings.Count(text, "Дисциплина"); semesters > 0 && (heads < pages-1 || heads > pages) { // on the last may be only who signs
			t.Errorf("%d semesters: %d heads on %d pages", semesters, heads, pages)
		}
		if n := strings.Count(text, "Физика"); n != semesters {
			t.Errorf("%d of %d rows", n, semesters)
		}
	}
	odd := transcriptOf(dauys.English, 1, false)
	odd.Terms[0].Rows[0] = odd.Terms[0].Rows[0][:2]
	for _, wrong := range []Transcript{{}, {Made: time.Unix(1, 0)}, odd} {
		if _, err := TranscriptPDF(wrong); err == nil {
			t.Errorf("laid out: %+v", wrong)
		}
	}
	long := transcriptOf(dauys.Kazakh, 2, true)
	long.Terms[1].Rows[0][0] = strings.Repeat("Ұзын атау ", 40)
	long.Terms[1].Rows[1][5] = strings.Repeat("ө", 90)
	if _, err := TranscriptPDF(long); err != nil {
		t.Error(err)
	}
}
