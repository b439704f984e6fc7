package documents

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"alt.edu.kz/dauys"
)

var (
	update = flag.Bool("update", false, "write what is seen into testdata")
	keep   = flag.String("keep", "", "a folder to which the files go, to look at them")
)

// meeting is one of the Social Council with so many cases.
func meeting(l dauys.Lang, cases int) Meeting {
	m := Meeting{
		Lang: l, Made: time.Date(2026, 11, 23, 15, 30, 0, 0, time.UTC),
		Number: "12", Time: "15:00",
	}
	decisions := map[dauys.Lang][]string{
		dauys.Kazakh:  {"қанағаттандырылды", "ішінара қанағаттандырылды", "қанағаттандырудан бас тартылды", "түсіндірме берілді"},
		dauys.Russian: {"удовлетворено", "удовлетворено частично", "отказано в удовлетворении", "дано разъяснение"},
		dauys.English: {"satisfied", "satisfied in part", "refused", "explained"},
	}[l]
	var item Item
	switch l {
	case dauys.Kazakh:
		m.University, m.Body = "ALT университеті", "Әлеуметтік кеңес"
		m.Date, m.Place = "2026 ж. 23 қараша", "Алматы қ., Шевченко к-сі, 97"
		m.Chair, m.Secretary = "Сәлтанат Әбдіқадырқызы Қуанышбаева", "Ұлжан Өмірбекова"
		m.Present = []string{"С. Ә. Қуанышбаева", "Ғ. Һашимов", "І. Ыбырайым", "Ұ. Өмірбекова"}
		m.Absent = []string{"Ң. Үсенов (науқас)"}
		m.Quorum = "5 мүшенің 4-еуі қатысты, кворум бар."
		m.Closing = "Отырыс сағат 17:10-да аяқталды."
		item = Item{Asked: "Студенттер үйінен орын беру, отбасы көпбалалы; жол жүру өтемақысы 12 500 ₸", Applicant: "Әсем Қыдырғалиқызы",
			Reason: "Растайтын құжаттар толық, орын босады.", Next: "5 жұмыс күні ішінде студенттер үйіне орналасу туралы бұйрық шығады."}
	case dauys.Russian:
		m.University, m.Body = "Университет ALT", "Социальный совет"
		m.Date, m.Place = "23 ноября 2026 г.", "г. Алматы, ул. Шевченко, 97"
		m.Chair, m.Secretary = "Салтанат Абдикадыровна Куанышбаева", "Улжан Омирбекова"
		m.Present = []string{"С. А. Куанышбаева", "Г. Хашимов", "И. Ибрагим", "У. Омирбекова"}
		m.Absent = []string{"Н. Усенов (болен)"}
		m.Quorum = "Присутствуют 4 члена из 5, кворум есть."
		m.Closing = "Заседание закрыто в 17:10."
		item = Item{Asked: "Место в Доме студентов, семья многодетная; компенсация за проезд 12 500 ₸", Applicant: "Асем Кыдыргаликызы",
			Reason: "Подтверждающие документы полны, место освободилось.", Next: "В течение 5 рабочих дней выйдет приказ о заселении."}
	default:
		m.University, m.Body = "ALT University", "Social Council"
		m.Date, m.Place = "23 November 2026", "Almaty, 97 Shevchenko street"
		m.Chair, m.Secretary = "Saltanat Kuanyshbayeva", "Ulzhan Omirbekova"
		m.Present = []string{"S. Kuanyshbayeva", "G. Khashimov", "I. Ibrahim", "U. Omirbekova"}
		m.Absent = []string{"N. Usenov (ill)"}
		m.Quorum = "4 of 5 members are present: there is a quorum."
		m.Closing = "The meeting ended at 17:10."
		item = Item{Asked: "A place in the dormitory, the family has many children; travel compensation of 12,500 ₸", Applicant: "Asem Kydyrgali",
			Reason: "The supporting documents are complete and a place is free.", Next: "An order on the place comes within 5 working days."}
	}
	for i := range cases {
		item := item
		item.Case = fmt.Sprintf("ALT-2026-%06d", 123+i)
		item.Decision = decisions[i%4]
		switch i {
		case 2:
			item.Asked += " https://alt.edu.kz/obshhestvennaya-priemnaya/oченьдлинныйадресбезпробеловкоторыйнигденекончается/index.php?id=1"
		case 5:
			item.Reason = strings.Repeat(item.Reason+" ", 60)
		case 7:
			item.Asked = strings.Repeat(item.Asked+" ", 30)
		}
		m.Items = append(m.Items, item)
	}
	return m
}

func builtins(t testing.TB) *Templates {
	t.Helper()
	templates, problems := Load("")
	for _, p := range problems {
		t.Error(p)
	}
	if problems != nil {
		t.FailNow()
	}
	return templates
}

func made(t testing.TB, kind Kind, m Meeting) []byte {
	t.Helper()
	d, err := builtins(t).Of(kind, "", m)
	if err != nil {
		t.Fatal(err)
	}
	file, err := PDF(d)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// The texts of the pages, as a reader that copies or searches them gets them.
func TestPages(t *testing.T) {
	for _, l := range dauys.Langs {
		for _, kind := range Kinds {
			m := meeting(l, 3)
			if kind == Extract {
				m, _ = m.Only("ALT-2026-000124")
			}
			compare(t, fmt.Sprintf("%s-%s.txt", kind, l), textOf(t, made(t, kind, m)))
		}
	}
}

func compare(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s is not what it was; go test ./documents -update and look at the difference:\n%s", name, got)
	}
}

var (
	stream = regexp.MustCompile(`(?s)stream\r?\n(.*?)\r?\nendstream`)
	shown  = regexp.MustCompile(`(?s)BT (-?[\d.]+) (-?[\d.]+) Td \(((?:\\.|[^\\)])*)\) ?Tj ET`)
)

// textOf is a small reader of such PDFs as fpdf writes: what is on one line comes on one line.
func textOf(t testing.TB, file []byte) string {
	t.Helper()
	var out strings.Builder
	page := 0
	for _, m := range stream.FindAllSubmatch(file, -1) {
		r, err := zlib.NewReader(bytes.NewReader(m[1]))
		if err != nil {
			continue
		}
		content, err := io.ReadAll(r)
		if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) { // a last byte of the checksum may look like the end of a line
			t.Fatal(err)
		}
		lines := shown.FindAllSubmatch(content, -1)
		if lines == nil {
			continue
		}
		page++
		fmt.Fprintf(&out, "--- %d ---\n", page)
		y := ""
		for i, line := range lines {
			switch {
			case i == 0:
			case string(line[2]) == y:
				out.WriteString(" | ")
			default:
				out.WriteString("\n")
			}
			y = string(line[2])
			out.WriteString(letters(line[3]))
		}
		out.WriteString("\n")
	}
	return out.String()
}

func letters(escaped []byte) string {
	var raw []byte
	for i := 0; i < len(escaped); i++ {
		if escaped[i] == '\\' {
			i++
			if escaped[i] == 'r' {
				raw = append(raw, '\r')
				continue
			}
		}
		raw = append(raw, escaped[i])
	}
	var units []uint16
	for ; len(raw) >= 2; raw = raw[2:] {
		units = append(units, binary.BigEndian.Uint16(raw))
	}
	return string(utf16.Decode(units))
}

func TestKeep(t *testing.T) {
	if *keep == "" {
		return
	}
	for _, l := range dauys.Langs {
		for _, kind := range Kinds {
			m := meeting(l, 40)
			if kind == Extract {
				m, _ = m.Only("ALT-2026-000124")
			}
			if err := os.WriteFile(filepath.Join(*keep, fmt.Sprintf("%s-%s.pdf", kind, l)), made(t, kind, m), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestSameDataSameBytes(t *testing.T) {
	for _, l := range dauys.Langs {
		first := made(t, Minutes, meeting(l, 12))
		for range 3 {
			if Hash(made(t, Minutes, meeting(l, 12))) != Hash(first) {
				t.Fatalf("%s: the same minutes are another file", l)
			}
		}
	}
	m := meeting(dauys.Kazakh, 12)
	m.Made = m.Made.In(time.FixedZone("", 5*3600))
	if !bytes.Equal(made(t, Minutes, m), made(t, Minutes, meeting(dauys.Kazakh, 12))) {
		t.Error("the same moment told in another zone makes another file")
	}
	m.Items[3].Decision += "."
	if m.Hash() == meeting(dauys.Kazakh, 12).Hash() {
		t.Error("another decision has the same hash")
	}
}
