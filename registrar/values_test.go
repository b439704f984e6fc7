package registrar

import (
	"testing"

	"alt.edu.kz/dauys/registrar/table"
)

// Each line is a text, and what it is taken for; a code in brackets is why it is refused.
func TestValues(t *testing.T) {
	attempt := Column{Name: "attempt", Type: Choice, Choices: []Option{{"first", words("экзамен, основной, 1")}, {"retake", words("пересдача, қайта тапсыру, fx, 2")}}}
	tests := []struct {
		column Column
		values [][2]string
	}{
		{Column{Type: Percent}, [][2]string{
			{"85", "85"}, {"85,5", "85.5"}, {"85.50", "85.5"}, {"85,25", "85.25"}, {" 85 % ", "85"}, {"100", "100"}, {"0", "0"}, {"0,00", "0"}, {"007", "7"}, {"1", "1"},
			{"-", ""}, {"—", ""}, {"", ""}, {"0,5 %", "0.5"},
			{"101", "(bad-percent)"}, {"100.01", "(bad-percent)"}, {"-1", "(bad-percent)"}, {"−1", "(bad-percent)"}, {"0.85", "(a-share)"}, {"84.333", "(too-exact)"}, {"1e2", "(bad-percent)"}, {"85 90", "(bad-percent)"},
			{"8O", "(bad-percent)"}, {"A", "(bad-percent)"}, {"1,234.5", "(bad-percent)"}, {"=1+1", "(formula)"}, {"99999999999999999999", "(bad-percent)"}, {"NaN", "(bad-percent)"},
		}},
		{Column{Type: Score}, [][2]string{
			{"85,5", "85.5"}, {"0", "0"}, {"", ""}, {"-", ""}, {"н", "absent"}, {"Н", "absent"}, {"н.п.", "absent"}, {"н. п.", "absent"}, {"нп", "absent"}, {"н/я", "absent"}, {"Неявка", "absent"}, {"не явилась", "absent"}, {"келмеді", "absent"}, {"n/a", "absent"},
			{"н/д", "not-admitted"}, {"Н/Д", "not-admitted"}, {"не допущен", "not-admitted"}, {"Не допущена", "not-admitted"}, {"недопуск", "not-admitted"}, {"жіберілмеді", "not-admitted"}, {"not admitted", "not-admitted"},
			{"101", "(bad-percent)"}, {"-5", "(bad-percent)"}, {"A-", "(bad-score)"}, {"85 B+", "(bad-score)"}, {"зачет", "(bad-score)"}, {"#REF!", "(bad-score)"}, {"0,85", "(a-share)"},
		}},
		{Column{Type: Letter}, [][2]string{
			{"A", "A"}, {"А", "A"}, {"а", "A"}, {"A-", "A-"}, {"A−", "A-"}, {"A–", "A-"}, {"А—", "A-"}, {"A‑", "A-"}, {"B+", "B+"}, {"В+", "B+"}, {"В +", "B+"}, {"С", "C"}, {"C＋", "C+"}, {"D-", "D"}, {"D", "D"}, {"Д+", "D+"}, {"FX", "FX"}, {"ҒX", "(bad-letter)"}, {"FХ", "FX"}, {"Fx", "FX"}, {"F", "F"},
			{"A+", "(bad-letter)"}, {"E", "(bad-letter)"}, {"5", "(bad-letter)"}, {"AB", "(bad-letter)"}, {"-", ""}, {"зачтено", "(bad-letter)"},
		}},
		{Column{Type: Date}, [][2]string{
			{"20.01.2026", "2026-01-20"}, {"1.2.2026", "2026-02-01"}, {"2026-01-20", "2026-01-20"}, {"2026.01.20", "2026-01-20"}, {"20-01-2026", "2026-01-20"}, {"20.01.2026 г.", "2026-01-20"}, {"20.01.2026ж.", "2026-01-20"}, {"20.01.2026 00:00:00", "2026-01-20"}, {"2026-01-20T00:00:00", "2026-01-20"}, {"20.01.2026 0:00", "2026-01-20"},
			{"45000", "2023-03-15"}, {"46042", "2026-01-20"}, {"20/01/2026", "2026-01-20"}, {"02/02/2026", "2026-02-02"}, {"29.02.2028", "2028-02-29"},
			{"01.02.03", "(unclear-date)"}, {"1.2.26", "(unclear-date)"}, {"01/02/2026", "(unclear-date)"}, {"29.02.2026", "(bad-date)"}, {"31.04.2026", "(bad-date)"}, {"2026", "(bad-date)"}, {"00.01.2026", "(bad-date)"}, {"завтра", "(bad-date)"}, {"99999", "(bad-date)"}, {"20.01.20266", "(bad-date)"}, {"01.01.0001", "(bad-date)"},
		}},
		{Column{Type: Moment}, [][2]string{
			{"20.01.2026 09:00", "2026-01-20T09:00"}, {"20.01.2026, 9:00", "2026-01-20T09:00"}, {"20.01.2026 9.00", "2026-01-20T09:00"}, {"2026-01-20T09:30:00", "2026-01-20T09:30"}, {"20.01.2026 в 14:00", "2026-01-20T14:00"}, {"20.01.2026 09:00-11:00", "2026-01-20T09:00"}, {"20.01.2026 09:00 ч.", "2026-01-20T09:00"}, {"20.01.2026", "2026-01-20"}, {"46042.375", "2026-01-20T09:00"},
			{"20.01.2026 25:00", "(bad-time)"}, {"20.01.2026 утром", "(bad-time)"},
		}},
		{Column{Type: Years}, [][2]string{
			{"2026-2027", "2026-2027"}, {"2026/2027", "2026-2027"}, {"2026–2027", "2026-2027"}, {"2026 - 2027", "2026-2027"}, {"2026-27", "2026-2027"}, {"2026/27", "2026-2027"}, {"2026-2027 учебный год", "2026-2027"}, {"2026-2027 оқу жылы", "2026-2027"}, {"2026-2027 уч. г.", "2026-2027"}, {"1999-00", "1999-2000"},
			{"2026", "(bad-years)"}, {"2026-2028", "(bad-years)"}, {"26-27", "(bad-years)"}, {"2027-2026", "(bad-years)"},
		}},
		{Column{Type: Term}, [][2]string{
			{"1", "1"}, {"2", "2"}, {"3", "3"}, {"I", "1"}, {"ІІ", "2"}, {"1 семестр", "1"}, {"семестр 2", "2"}, {"2-семестр", "2"}, {"1-й семестр", "1"}, {"осенний", "1"}, {"Осенний семестр", "1"}, {"күзгі семестр", "1"}, {"весенний", "2"}, {"көктемгі", "2"}, {"летний", "3"}, {"жазғы семестр", "3"}, {"дополнительный семестр", "3"}, {"Fall", "1"}, {"summer term", "3"}, {"2.0", "2"},
			{"0", "(bad-term)"}, {"4", "(bad-term)"}, {"12", "(bad-term)"}, {"осенний весенний", "(bad-term)"}, {"-1", "(bad-term)"},
		}},
		{Column{Type: Whole}, [][2]string{{"3", "3"}, {"3 курс", "3"}, {"3,0", "3"}, {"0", "0"}, {"-3", "(bad-whole)"}, {"3.5", "(bad-whole)"}, {"три", "(bad-whole)"}, {"9999999999", "(bad-whole)"}}},
		{Column{Type: Decimal}, [][2]string{{"5", "5"}, {"1 250,50", "1250.5"}, {"1\u00a0250", "1250"}, {"5000 тг", "5000"}, {"1,250.50", "(bad-decimal)"}, {"-5", "(bad-decimal)"}, {"1.005", "(too-exact)"}}},
		{Column{Type: YesNo}, [][2]string{{"да", "yes"}, {"Иә", "yes"}, {"+", "yes"}, {"1", "yes"}, {"нет", "no"}, {"жоқ", "no"}, {"-", "no"}, {"", ""}, {"может", "(bad-yesno)"}}},
		{Column{Type: Number}, [][2]string{{"B-2021 / 15", "B-2021/15"}, {"0012", "0012"}, {"21–15", "21-15"}, {"1.23E+11", "(lost-digits)"}, {"a|b", "(bad-number)"}, {"1;2", "(bad-number)"}}},
		{Column{Type: Text}, [][2]string{{"  Омарова\u00a0 Айгүл ", "Омарова Айгүл"}, {"и\u0306", "й"}, {"A|B", "A/B"}, {"=HYPERLINK(1)", "(formula)"}, {"-", ""}, {"+7 701", "+7 701"}}},
		{attempt, [][2]string{{"Экзамен", "first"}, {"ПЕРЕСДАЧА", "retake"}, {"кайта тапсыру", "retake"}, {"FХ", "retake"}, {"2", "retake"}, {"retake", "retake"}, {"экзамен?", "first"}, {"потом", "(bad-choice)"}}},
	}
	for _, tt := range tests {
		for _, v := range tt.values {
			got, code := tt.column.Value(table.Cell{Text: v[0], Kind: table.Text})
			if code != "" {
				got = "(" + code + ")"
			}
			if got != v[1] {
				t.Errorf("%s %q is taken for %q, not %q", tt.column.Type, v[0], got, v[1])
			}
		}
	}
}

func TestIINs(t *testing.T) {
	tests := [][2]string{
		{"980101300120", "980101300120"},
		{"980101 300 120", "980101300120"},
		{"980101-300-120", "980101300120"},
		{"980101300120.0", "980101300120"},
		{"9.8010130012E+11", "980101300120"},
		{"9,80101300120E+11", "980101300120"},
		{"9.80101E+11", "(lost-digits)"},
		{"50101500010", "050101500010"}, // born in 2005
		{"101500011", "000101500011"},   // in January 2000
		{"980101300121", "(bad-iin)"},
		{"98010130012О", "(bad-iin)"},
		{"9801013001201", "(bad-iin)"},
		{"0", "(bad-iin)"},
		{"000000000000", "(bad-iin)"},
		{"12345678", "(bad-iin)"},
		{"", ""}, {"-", ""},
	}
	for _, tt := range tests {
		got, code := (&Column{Type: IIN}).Value(table.Cell{Text: tt[0], Kind: table.Text})
		if code != "" {
			got = "(" + code + ")"
		}
		if got != tt[1] {
			t.Errorf("%q is taken for %q, not %q", tt[0], got, tt[1])
		}
	}
}

// What a spreadsheet keeps besides texts.
func TestCells(t *testing.T) {
	tests := []struct {
		typed Type
		cell  table.Cell
		want  string
	}{
		{Percent, table.Cell{Kind: table.Number, Text: "85.5"}, "85.5"},
		{Percent, table.Cell{Kind: table.Number, Text: "85", Formula: true}, "85"},
		{Percent, table.Cell{Kind: table.Error, Text: "#REF!"}, "(cell-error)"},
		{Percent, table.Cell{Kind: table.Error}, "(cell-error)"},
		{Score, table.Cell{Kind: table.Date, Text: "2026-05-01"}, "(a-date)"},
		{Text, table.Cell{Kind: table.Date, Text: "2026-05-01"}, "(a-date)"},
		{Date, table.Cell{Kind: table.Date, Text: "2026-05-01"}, "2026-05-01"},
		{Date, table.Cell{Kind: table.Date, Text: "2026-05-01T09:00:00"}, "2026-05-01"},
		{Moment, table.Cell{Kind: table.Date, Text: "2026-05-01T09:00:00"}, "2026-05-01T09:00"},
		{Moment, table.Cell{Kind: table.Date, Text: "2026-05-01T00:00:00"}, "2026-05-01"},
		{YesNo, table.Cell{Kind: table.Bool, Text: "true"}, "yes"},
		{Text, table.Cell{Kind: table.Text, Text: "Са?ын", Lost: true}, "(lost-letters)"},
		{Text, table.Cell{Kind: table.Text, Text: "а", Cut: true}, "(too-long)"},
		{Text, table.Cell{}, ""},
	}
	for _, tt := range tests {
		got, code := (&Column{Type: tt.typed}).Value(tt.cell)
		if code != "" {
			got = "(" + code + ")"
		}
		if got != tt.want {
			t.Errorf("%s of %+v is %q, not %q", tt.typed, tt.cell, got, tt.want)
		}
	}
}

func TestFold(t *testing.T) {
	for _, same := range [][]string{
		{"Оқу жылы", "оку жылы", "ОҚУ ЖЫЛЫ", "оқу\u00a0жылы", "оқу  жылы:"},
		{"Ф.И.О.", "ФИО", "Ф. И. О.", "ф.и.о"},
		{"ТК1", "ТК 1", "TK1", "тк-1", "TK 1"},
		{"Отчётный", "отчетный"},
		{"ТК1 ОБЩ.", "тк1 общ", "ТК 1 общ."},
		{"Итоговая оценка / %", "итоговая оценка %"},
	} {
		for _, s := range same[1:] {
			if fold(s) != fold(same[0]) {
				t.Errorf("%q folds to %q, and %q to %q", same[0], fold(same[0]), s, fold(s))
			}
		}
	}
}

func FuzzValue(f *testing.F) {
	for _, s := range []string{"85,5", "A−", "н.п.", "20.01.2026 09:00", "9.8010130012E+11", "семестр 2", "2026-27", "0.375", "99999.999"} {
		f.Add(s, uint8(table.Text))
	}
	f.Fuzz(func(t *testing.T, s string, kind uint8) {
		for _, l := range Layouts {
			for _, c := range l.Columns {
				v, code := c.Value(table.Cell{Text: s, Kind: table.Kind(kind % 6)})
				if code != "" || v == "" {
					continue
				}
				if again, code := c.Value(table.Cell{Text: v, Kind: table.Text}); (again != v || code != "") && c.Type != Number && c.Type != Text {
					t.Errorf("%s/%s: %q becomes %q, which is %q (%s)", l.Kind, c.Name, s, v, again, code)
				}
			}
		}
	})
}
