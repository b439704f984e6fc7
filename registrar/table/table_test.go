package table

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding/charmap"
)

// shown is a row for the tests: its number, then the cells, with a mark for what is special about
// them: n number, d date, b bool, e error, f formula, m merged, + cut, ? lost.
func shown(r Row) string {
	var out strings.Builder
	fmt.Fprintf(&out, "%d", r.Number)
	for _, c := range r.Cells {
		out.WriteString(" | " + strings.ReplaceAll(c.Text, "\n", "\\n"))
		marks := [...]string{"", "", "n", "d", "b", "e"}[c.Kind]
		for _, m := range []struct {
			is   bool
			mark string
		}{{c.Formula, "f"}, {c.Merged, "m"}, {c.Cut, "+"}, {c.Lost, "?"}} {
			if m.is {
				marks += m.mark
			}
		}
		if marks != "" {
			out.WriteString("~" + marks)
		}
	}
	if r.Hidden {
		out.WriteString(" hidden")
	}
	if r.Cut {
		out.WriteString(" cut")
	}
	return out.String()
}

func opened(file []byte, limits Limits) (*Reader, error) {
	return Open(bytes.NewReader(file), int64(len(file)), "a.xls", limits)
}

// all reads a file to its end. What ended it, when it was not the end, is the last line.
func all(t testing.TB, file []byte, limits Limits) string {
	t.Helper()
	r, err := opened(file, limits)
	if err != nil {
		return flawed(t, err)
	}
	return rest(t, r)
}

func rest(t testing.TB, r *Reader) string {
	t.Helper()
	var out []string
	for {
		row, err := r.Next()
		if err == nil {
			out = append(out, shown(row))
			continue
		}
		if !errors.Is(err, io.EOF) {
			out = append(out, flawed(t, err))
		}
		if _, again := r.Next(); again != err {
			t.Errorf("after %v comes %v", err, again)
		}
		return strings.Join(out, "\n")
	}
}

func flawed(t testing.TB, err error) string {
	t.Helper()
	flaw := Flaw{}
	if !errors.As(err, &flaw) {
		t.Errorf("%v is no flaw", err)
	}
	s := "! " + string(flaw.Kind)
	if flaw.Kind == TooLarge {
		s += " " + flaw.Value
	}
	if flaw.Row > 0 {
		s += fmt.Sprintf(" row %d", flaw.Row)
	}
	return s
}

func lines(l ...string) string { return strings.Join(l, "\n") }

func in16(s string, order binary.AppendByteOrder) (out []byte) {
	for _, u := range utf16.Encode([]rune("\ufeff" + s)) {
		out = order.AppendUint16(out, u)
	}
	return out
}

func in1251(t testing.TB, s string) []byte {
	t.Helper()
	out, err := charmap.Windows1251.NewEncoder().Bytes([]byte(s))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestCSV(t *testing.T) {
	kz := map[rune]byte{'Қ': 0x8d, 'қ': 0x9d, 'ұ': 0xa2, 'Ә': 0xa3, 'ө': 0xb4, 'ғ': 0xba, 'ә': 0xbc, 'ң': 0xbe, 'ү': 0xbf}
	kazakh := []byte{}
	for _, r := range "Әсел;Оқу үлгерімі, өңғұ\n" {
		if b, ok := kz[r]; ok {
			kazakh = append(kazakh, b)
		} else {
			kazakh = append(kazakh, in1251(t, string(r))...)
		}
	}
	many := strings.Repeat("Иванов;4,5\n", 30)
	tests := []struct {
		name, file, want string
		limits           Limits
	}{
		{name: "UTF-8", file: "Аты;Баға\nӘсел;4,5\n", want: lines("1 | Аты | Баға", "2 | Әсел | 4,5")},
		{name: "UTF-8 with its mark", file: "\xef\xbb\xbfАты;Баға\n", want: "1 | Аты | Баға"},
		{name: "UTF-16", file: string(in16("Аты\tБаға\r\n😀\t5", binary.LittleEndian)), want: lines("1 | Аты | Баға", "2 | 😀 | 5")},
		{name: "UTF-16, the other way", file: string(in16("Аты;Баға", binary.BigEndian)), want: "1 | Аты | Баға"},
		{name: "UTF-16 in the middle of a letter", file: string(in16("a;b\nc", binary.LittleEndian)) + "\x01", want: lines("1 | a | b", "2 | c\ufffd~?", "! cut off row 2")},
		{name: "UTF-16 with NUL", file: string(in16("a;b\x00", binary.LittleEndian)), want: "! not a table"},
		{name: "windows-1251", file: string(in1251(t, "ФИО;Оценка\nЁлкина № 5;отл.\n")), want: lines("1 | ФИО | Оценка", "2 | Ёлкина № 5 | отл.")},
		{name: "KZ-1048", file: string(kazakh), want: "1 | Әсел | Оқу үлгерімі, өңғұ"},
		{name: "Ukrainian is no Kazakh", file: string(in1251(t, "Її;Євген")), want: "1 | Її | Євген"},
		{name: "lost letters", file: string(in1251(t, "А?мет;?сел;Кто?;Что? Где?;да?нет")), want: "1 | А?мет~? | ?сел~? | Кто? | Что? Где? | да?нет~?"},
		{name: "a question mark in UTF-8", file: "что?где;b", want: "1 | что?где | b"},
		{name: "a few damaged letters", file: strings.Repeat("ә", 30) + ";\xffб", want: "1 | " + strings.Repeat("ә", 30) + " | \ufffdб~?"},
		{name: "the middle of a letter", file: "Әсел;5\nӘ\xd3", want: lines("1 | Әсел | 5", "2 | Ә\ufffd~?", "! cut off row 2")},
		{name: "NUL", file: "a;b\x00", want: "! not a table"},
		{name: "UTF-16 without its mark", file: "a\x00;\x00b\x00", want: "! not a table"},
		{name: "only the mark", file: "\xef\xbb\xbf", want: ""},
		{name: "nothing", file: "", want: "! nothing"},

		{name: "commas", file: "a,b\nc,d", want: lines("1 | a | b", "2 | c | d")},
		{name: "tabs", file: "a\tb\nc, d\te", want: lines("1 | a | b", "2 | c, d | e")},
		{name: "bars", file: "a|b\nc|d", want: lines("1 | a | b", "2 | c | d")},
		{name: "commas in numbers", file: "name;mark\n" + many[:len("Иванов;4,5\n")*2], want: lines("1 | name | mark", "2 | Иванов | 4,5", "3 | Иванов | 4,5")},
		{name: "separators in quotes", file: "a,\"x;y;z\"\nb,\"1;2\n3;4\"\n", want: lines("1 | a | x;y;z", "2 | b | 1;2\\n3;4")},
		{name: "titles above", file: "Ведомость\nза семестр, осень\na;b;c\n1;2;3\n", want: lines("1 | Ведомость", "2 | за семестр, осень", "3 | a | b | c", "4 | 1 | 2 | 3")},
		{name: "a separator that is said", file: "sep=,\r\na;b,c\r\n", want: "1 | a;b | c"},
		{name: "said in quotes", file: "\"SEP=|\"\na|b", want: "1 | a | b"},
		{name: "said, and no more", file: "sep=;", want: ""},
		{name: "one column", file: "880101300123\n090101300123\n", want: lines("1 | 880101300123", "2 | 090101300123")},

		{name: "CR LF", file: "a;b\r\nc;d\r\n", want: lines("1 | a | b", "2 | c | d")},
		{name: "CR", file: "a;b\rc;d\r", want: lines("1 | a | b", "2 | c | d")},
		{name: "lines within a cell", file: "a;\"b\r\nc\rd\"\r\ne;f", want: lines("1 | a | b\\nc\\nd", "2 | e | f")},
		{name: "empty rows", file: "a;b\n\n;;\n \t;\u00a0\nc;d", want: lines("1 | a | b", "5 | c | d")},
		{name: "empty cells", file: "a;;b;\n;c", want: lines("1 | a |  | b", "2 |  | c")},
		{name: "spaces and what cannot be seen", file: "\ufeff a\u00a0; b\x07c\u200b ", want: "1 | a | bc\u200b"},

		{name: "quotes", file: `a;"b ""c""";d`, want: `1 | a | b "c" | d`},
		{name: "quotes within", file: `ТОО "Ромашка";5"` + "\nb;c", want: lines(`1 | ТОО "Ромашка" | 5"`, "2 | b | c")},
		{name: "quotes that are not doubled", file: `"ТОО "Ромашка" Алматы";5` + "\n" + `"ТОО "Ромашка"";6`, want: lines(`1 | ТОО "Ромашка" Алматы | 5`, `2 | ТОО "Ромашка" | 6`)},
		{name: "spaces behind a quote", file: `"a" ;"b"  ` + "\nc;d", want: lines("1 | a | b", "2 | c | d")},
		{name: "an open quote at the end", file: "a;b\nc;\"d\ne;f\n", want: lines("1 | a | b", "! open quote row 2")},
		{name: "an open quote for long", file: "a;b\nc;\"d\n" + strings.Repeat("x;y\n", 300) + "\"", want: lines("1 | a | b", "! open quote row 2")},
		{name: "zeros kept by a formula", file: `="007";"=""08""";="a"b"`, want: `1 | 007 | 08 | ="a"b"`},
		{name: "other formulas are texts", file: "=1+1;-1;@x", want: "1 | =1+1 | -1 | @x"},
		{name: "errors", file: "#REF!;#Н/Д;#5", want: "1 | #REF!~e | #Н/Д~e | #5"},

		{name: "a long cell", file: "abcdef;әәә;x", limits: Limits{Cell: 5}, want: "1 | abcde~+ | әә~+ | x"},
		{name: "columns", file: "a;b;c\nd;e;\n", limits: Limits{Columns: 2}, want: lines("1 | a | b cut", "2 | d | e")},
		{name: "rows", file: "a;1\nb;2\nc;3\n", limits: Limits{Rows: 2}, want: lines("1 | a | 1", "2 | b | 2", "! too large rows row 3")},
		{name: "a file", file: "a;b", limits: Limits{File: 2}, want: "! too large file"},
	}
	for _, tt := range tests {
		if got := all(t, []byte(tt.file), tt.limits); got != tt.want {
			t.Errorf("%s:\n%s\nwant\n%s", tt.name, got, tt.want)
		}
	}
}

func TestCSVTells(t *testing.T) {
	for _, tt := range []struct{ file, encoding, sep string }{
		{"a;b", "utf-8", ";"}, {"\xff\xfea\x00,\x00b\x00", "utf-16", ","}, {string(in1251(t, "я|ю")), "windows-1251", "|"}, {"\x9d\t\xe0", "kz-1048", "\t"},
	} {
		r, err := opened([]byte(tt.file), Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if r.Format() != CSV || r.Encoding() != tt.encoding || string(r.Separator()) != tt.sep || r.Sheets() != nil {
			t.Errorf("%q: %s %s %q", tt.file, r.Format(), r.Encoding(), r.Separator())
		}
	}
}

// Files that are no tables, whatever they are called.
func TestOthers(t *testing.T) {
	ole := func(name string) string {
		file := make([]byte, 3*512)
		copy(file, oleMagic)
		file[30], file[48] = 9, 1
		for i, u := range utf16.Encode([]rune(name)) {
			binary.LittleEndian.PutUint16(file[1024+2*i:], u)
		}
		return string(file)
	}
	tests := []struct{ name, file, want string }{
		{"a PDF", "%PDF-1.7 a;b", "! not a table"},
		{"a picture", "\x89PNG\r\n\x1a\n", "! not a table"},
		{"XLS", ole("Workbook"), "! old"},
		{"XLS of 1995", ole("Book"), "! old"},
		{"a password", ole("EncryptedPackage"), "! locked"},
		{"a document of 2003", ole("WordDocument"), "! not a table"},
		{"too short to tell", oleMagic + " and so on", "! old"},
		{"a list that is nowhere", oleMagic + strings.Repeat("\xff", 600), "! old"},
		{"a page", "\xef\xbb\xbf \n<HTML><table>", "! web page"},
		{"a page in UTF-16", string(in16("<table>", binary.LittleEndian)), "! web page"},
		{"XML of 2003", `<?xml version="1.0"?><Workbook>`, "! web page"},
		{"XLSB", string(archive(t, "xl/workbook.bin", "")), "! binary"},
		{"ODS", string(archive(t, "mimetype", "application/vnd.oasis.opendocument.spreadsheet", "content.xml", "<a/>")), "! opendocument"},
		{"ODT", string(archive(t, "mimetype", "application/vnd.oasis.opendocument.text", "content.xml", "<a/>")), "! not a table"},
		{"DOCX", string(archive(t, "word/document.xml", "<a/>")), "! not a table"},
		{"an empty archive", string(archive(t)), "! not a table"},
	}
	for _, tt := range tests {
		if got := all(t, []byte(tt.file), Limits{}); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

// archive is parts and their contents.
func archive(t testing.TB, parts ...string) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for i := 0; i < len(parts); i += 2 {
		w, err := z.Create(parts[i])
		if err == nil {
			_, err = io.WriteString(w, parts[i+1])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// A disk that fails is no fault of the file.
type failing struct{ r io.ReaderAt }

var errDisk = errors.New("the disk")

func (f failing) ReadAt(p []byte, at int64) (int, error) {
	if at > 100 {
		return 0, errDisk
	}
	n, err := f.r.ReadAt(p[:min(len(p), 100)], at)
	if err == nil && n < len(p) {
		err = errDisk
	}
	return n, err
}

func TestDisk(t *testing.T) {
	for _, file := range [][]byte{bytes.Repeat([]byte("a;b\n"), 1000), book(t, "<row/>")} {
		_, err := Open(failing{bytes.NewReader(file)}, int64(len(file)), "a.csv", Limits{})
		flaw := Flaw{}
		if !errors.Is(err, errDisk) || errors.As(err, &flaw) || !strings.Contains(err.Error(), "a.csv") {
			t.Error(err)
		}
	}
}
