package documents

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

var (
	inKazakh = Words{map[Column]string{Number: "Іс №", Asked: "Не сұралады", Applicant: "Өтініш беруші", Decision: "Шешім",
		Reason: "Негіздеме", Next: "Келесі қадам", Mark: "Жаңа баға"},
		[]Choice{{"yes", "қанағаттандырылды"}, {"part", "ішінара қанағаттандырылды"}, {"no", "қанағаттандырудан бас тартылды"}, {"told", "түсіндірме берілді"}}}
	inRussian = Words{map[Column]string{Number: "Дело №", Asked: "О чём просят", Applicant: "Заявитель", Decision: "Решение",
		Reason: "Основания", Next: "Дальнейшие шаги", Mark: "Новая оценка"},
		[]Choice{{"yes", "удовлетворено"}, {"part", "удовлетворено частично"}, {"no", "отказано"}, {"told", "дано разъяснение"}}}
	inEnglish = Words{map[Column]string{Number: "Case No.", Asked: "What is asked", Applicant: "Applicant", Decision: "Decision",
		Reason: "Reason", Next: "Next step", Mark: "New mark"},
		[]Choice{{"yes", "satisfied"}, {"part", "satisfied in part"}, {"no", "refused"}, {"told", "explained"}}}
	all = []Words{inKazakh, inRussian, inEnglish}
)

func sheet() Sheet {
	return Sheet{
		Made: time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC), Name: "Күн тәртібі № 12: [23/11]", Words: inKazakh, Applicants: true, Marks: true,
		Rows: []Row{
			{Number: "ALT-2026-000123", Asked: "=HYPERLINK(\"http://x\";\"y\")", Applicant: "+7 701", Decision: "no", Reason: "-1+1", Next: "@SUM(A1)", Mark: "=1+1"},
			{Number: "ALT-2026-000124", Asked: "ӘәҒғҚқҢңӨөҰұҮүҺһІі № 12 500 ₸\nекінші жол <&>", Applicant: "Ә. Қ."},
			{Number: "0125", Asked: "\t=1", Decision: "yes", Mark: "007"},
		},
	}
}

func written(t testing.TB, s Sheet) []byte {
	t.Helper()
	file, err := XLSX(s)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func TestSheetThereAndBack(t *testing.T) {
	s := sheet()
	file := written(t, s)
	if !bytes.Equal(file, written(t, s)) {
		t.Error("the same sheet is another file")
	}
	rows, flaws := Read(file, all...)
	if flaws != nil {
		t.Fatal(flaws)
	}
	for i := range s.Rows {
		s.Rows[i].Line = i + 2
	}
	s.Rows[2].Asked = "=1" // a tab before it is not seen
	if !reflect.DeepEqual(rows, s.Rows) {
		t.Errorf("read %+v\nwant %+v", rows, s.Rows)
	}
}

// A sheet without names and marks has no columns for them.
func TestSheetShowsNoMoreThanAsked(t *testing.T) {
	s := sheet()
	s.Applicants, s.Marks = false, false
	rows, flaws := Read(written(t, s), all...)
	if flaws != nil || rows[0].Applicant+rows[0].Mark != "" || rows[0].Next != "@SUM(A1)" {
		t.Errorf("%+v %v", rows, flaws)
	}
	if texts := unpacked(t, written(t, s)); strings.Contains(texts, "+7 701") {
		t.Error("the applicant is in the file")
	}
}

// As a spreadsheet sees it: no formula, a head that stays, a list to choose from.
func TestSheetAsOpened(t *testing.T) {
	file := written(t, sheet())
	f, err := excelize.OpenReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}()
	name := f.GetSheetName(0)
	for i := range 7 {
		for j := range 4 {
			at, _ := excelize.CoordinatesToCellName(i+1, j+1)
			if formula, err := f.GetCellFormula(name, at); formula != "" || err != nil {
				t.Errorf("%s is a formula: %s (%v)", at, formula, err)
			}
			if kind, err := f.GetCellType(name, at); kind != excelize.CellTypeSharedString || err != nil {
				t.Errorf("%s is not text: %v (%v)", at, kind, err)
			}
		}
	}
	panes, err := f.GetPanes(name)
	if err != nil || !panes.Freeze || panes.YSplit != 1 {
		t.Errorf("the head does not stay: %+v %v", panes, err)
	}
	lists, err := f.GetDataValidations(name)
	if err != nil || len(lists) != 1 || lists[0].Sqref != "D2:D4" || !strings.Contains(lists[0].Formula1, "ішінара қанағаттандырылды") {
		t.Errorf("the decisions are not offered: %+v %v", lists, err)
	}
	if strings.Contains(unpacked(t, file), "<f>") {
		t.Error("there is a formula")
	}
}

func unpacked(t testing.TB, file []byte) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for _, part := range z.File {
		r, err := part.Open()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(&out, r); err != nil {
			t.Fatal(err)
		}
	}
	return out.String()
}

func TestSheetRefused(t *testing.T) {
	for name, change := range map[string]func(*Sheet){
		"no moment":           func(s *Sheet) { s.Made = time.Time{} },
		"an unknown decision": func(s *Sheet) { s.Rows[0].Decision = "maybe" },
		"a column without a word": func(s *Sheet) {
			s.Words.Columns = map[Column]string{Number: "№"}
		},
		"a comma in a list": func(s *Sheet) { s.Words.Decisions = append(s.Words.Decisions, Choice{"x", "a, b"}) },
		"too many cases":    func(s *Sheet) { s.Rows = make([]Row, mostRows+1) },
	} {
		s := sheet()
		s.Words.Decisions = s.Words.Decisions[:4:4]
		change(&s)
		if file, err := XLSX(s); err == nil {
			t.Errorf("%s: a file of %d bytes", name, len(file))
		}
	}
}

// book writes a workbook with the cells of a sheet as XML.
func workbook(t testing.TB, rows string, more ...string) []byte {
	t.Helper()
	parts := []string{
		"xl/workbook.xml", `<workbook xmlns="m" xmlns:r="o"><sheets><sheet name="h" state="hidden" r:id="r0"/><sheet name="a" r:id="r1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="r1" Type="t/worksheet" Target="/xl/worksheets/s.xml"/><Relationship Id="r2" Type="t/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
		"xl/worksheets/s.xml", `<worksheet><sheetData>` + rows + `</sheetData></worksheet>`,
		"xl/sharedStrings.xml", `<sst><si><t>Case No.</t></si><si><r><t>Deci</t></r><r><t>sion</t></r><rPh><t>x</t></rPh></si></sst>`,
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for i := 0; i < len(parts); i += 2 {
		w, err := z.Create(parts[i])
		if err != nil {
			t.Fatal(err)
		}
		content := parts[i+1]
		for j := 0; j+1 < len(more); j += 2 {
			if more[j] == parts[i] {
				content = more[j+1]
			}
		}
		if _, err := io.WriteString(w, content); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// text is a row of cells, each with its text in it.
func text(cells ...string) string {
	var out strings.Builder
	out.WriteString("<row>")
	for _, c := range cells {
		fmt.Fprintf(&out, `<c t="inlineStr"><is><t>%s</t></is></c>`, c)
	}
	return out.String() + "</row>"
}

const head = `<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row>` // of texts that are shared

func TestRead(t *testing.T) {
	tests := []struct {
		name, rows string
		want       []Row
		flaws      []Flaw
	}{
		{"moved columns under a title", text("Social Council") + text("  РЕШЕНИЕ ", "own", "case\u00a0no", "Негіздеме") + text("Удовлетворено частично.", "x", " A-1 ", "b"),
			[]Row{{Line: 3, Number: "A-1", Decision: "part", Reason: "b"}}, nil},
		{"every language and any letters", head + text("A-1", "REFUSED") + text("A-2", "ҚАНАҒАТТАНДЫРЫЛДЫ") + text("A-3", "дано  разъяснение") + text("A-4"),
			[]Row{{Line: 2, Number: "A-1", Decision: "no"}, {Line: 3, Number: "A-2", Decision: "yes"}, {Line: 4, Number: "A-3", Decision: "told"}, {Line: 5, Number: "A-4"}}, nil},
		{"empty rows", head + `<row r="5"/>` + text("A-1", "refused") + text("", " ") + `<row r="1048576"><c r="B1048576" s="4"/></row>`,
			[]Row{{Line: 6, Number: "A-1", Decision: "no"}}, nil},
		{"numbers and escapes", head + `<row><c><v>1.25E2</v></c><c t="str"><f>1+1</f><v>ref_x0075_sed</v></c></row>`,
			[]Row{{Line: 2, Number: "125", Decision: "no"}}, nil},
		{"flaws of rows", head + text("A-1", "maybe") + text("", "refused") + text("A-3", "refused") + text("A-3", "satisfied") + `<row><c t="e"><v>#REF!</v></c></row>`,
			[]Row{{Line: 4, Number: "A-3", Decision: "no"}},
			[]Flaw{{2, Decision, Unknown, "maybe"}, {3, Number, NoNumber, ""}, {5, Number, Twice, "A-3"}, {6, Number, Broken, "#REF!"}}},
		{"reasons without a decision", text("Case No.", "Decision", "Reason") + text("A-1", "", "because"), nil, []Flaw{{2, Decision, NoChoice, ""}}},
		{"a long cell", text("Case No.", "Decision", "Reason") + text("A-1", "refused", strings.Repeat("ә", 4001)), nil, []Flaw{{2, Reason, TooLong, "4000"}}},
		{"no head", text("a", "b") + text("c", "d"), nil, []Flaw{{0, "", NoHead, ""}}},
		{"nothing", "", nil, []Flaw{{0, "", NoHead, ""}}},
		{"no rows", head, nil, []Flaw{{0, "", NoRows, ""}}},
		{"no decision", text("Case No.", "Reason"), nil, []Flaw{{1, Decision, NoColumn, ""}}},
		{"a column twice", text("Case No.", "Decision", "Решение"), nil, []Flaw{{1, Decision, Twice, "Решение"}}},
		{"a far cell", head + `<row><c r="XFD2" t="str"><v>x</v></c></row>` + text("A-1"), []Row{{Line: 3, Number: "A-1"}}, nil},
		{"too many", head + strings.Repeat(text("A"), mostRows+1), nil, []Flaw{{0, "", TooMany, "2000"}}},
		{"elements within elements", strings.Repeat("<a>", 30), nil, []Flaw{{0, "", NotXLSX, ""}}},
		{"a text that is not there", head + `<row><c t="s"><v>77</v></c></row>`, nil, []Flaw{{0, "", NoRows, ""}}},
	}
	for _, tt := range tests {
		rows, flaws := Read(workbook(t, tt.rows), all...)
		if !reflect.DeepEqual(rows, tt.want) || !reflect.DeepEqual(flaws, tt.flaws) {
			t.Errorf("%s:\nread %+v %+v\nwant %+v %+v", tt.name, rows, flaws, tt.want, tt.flaws)
		}
	}
}

// None of these may take long, or memory, or the process.
func TestReadHostile(t *testing.T) {
	xlsx := written(t, sheet())
	tests := []struct {
		name string
		file []byte
		want Trouble
	}{
		{"nothing", nil, NotXLSX},
		{"a picture", []byte("\x89PNG\r\n\x1a\n"), NotXLSX},
		{"of 2003, or with a password", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and so on"), Locked},
		{"cut", xlsx[:len(xlsx)/2], NotXLSX},
		{"large", make([]byte, largestFile+1), TooLarge},
		{"a bomb", workbook(t, head+strings.Repeat(" ", largestPart)), TooLarge},
		{"a bomb of rows", workbook(t, head+strings.Repeat("<row/>", mostRowsSeen+1)), TooLarge},
		{"a bomb of texts", workbook(t, head, "xl/sharedStrings.xml", "<sst>"+strings.Repeat("<si/>", mostTexts+1)+"</sst>"), TooLarge},
		{"a bomb of cells", workbook(t, head+"<row>"+strings.Repeat("<c/>", mostElements)+"</row>"), TooLarge},
		{"a bomb of attributes", workbook(t, head+"<row "+strings.Repeat(`a="" `, largestPiece/4)+"/>"), TooLarge},
		{"a bomb in one cell", workbook(t, head+text("A-1", strings.Repeat("y", 2*largestPiece))), TooLarge},
		{"rows that go far", workbook(t, head+strings.Repeat(`<row><c r="XFD9"><v>1</v></c></row>`, 5000)), NoRows},
		{"entities", workbook(t, head, "xl/sharedStrings.xml", `<!DOCTYPE x [<!ENTITY a "aaaa">]><sst><si><t>&a;</t></si></sst>`), NotXLSX},
		{"no sheet", workbook(t, head, "xl/workbook.xml", "<workbook/>"), NotXLSX},
		{"a sheet elsewhere", workbook(t, head, "xl/_rels/workbook.xml.rels", `<R><Relationship Id="r1" Target="../../../etc/passwd"/></R>`), NotXLSX},
	}
	for _, tt := range tests {
		rows, flaws := Read(tt.file, all...)
		if rows != nil || len(flaws) != 1 || flaws[0].Kind != tt.want || flaws[0].Row != 0 {
			t.Errorf("%s: %v %v", tt.name, rows, flaws)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(written(f, sheet()))
	f.Add(workbook(f, head+text("A-1", "refused")+text("A-2", "maybe")))
	f.Add(workbook(f, `<row r="-1"><c r="ZZZZZZZZZZZZ1" t="s"><v>-1</v></c></row>`))
	f.Add([]byte("PK\x03\x04"))
	f.Add([]byte("PK\x05\x06" + strings.Repeat("\xff", 18)))
	f.Fuzz(func(t *testing.T, file []byte) {
		rows, flaws := Read(file, all...)
		if rows == nil && flaws == nil {
			t.Error("neither rows nor flaws")
		}
	})
}

// The fuzzer seldom gets through the packing; here it writes the sheet itself.
func FuzzReadRows(f *testing.F) {
	f.Add(head + text("A-1", "refused"))
	f.Add(`<row r="2"><c r="B2" t="e"><v>#REF!</v></c></row>`)
	f.Add(text("Case No.", "Decision", "Reason") + text("A", "maybe", "_x0000_") + "<row><c t='n'><v>NaN</v></c>")
	f.Fuzz(func(t *testing.T, rows string) {
		read, flaws := Read(workbook(t, rows), all...)
		if read == nil && flaws == nil {
			t.Error("neither rows nor flaws")
		}
	})
}
