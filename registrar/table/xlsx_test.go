package table

import (
	"bytes"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
)

// book is a workbook with the rows of its only sheet that is seen, and other parts instead of its own.
func book(t testing.TB, rows string, more ...string) []byte {
	t.Helper()
	parts := []string{
		"_rels/.rels", `<Relationships><Relationship Id="r" Type="t/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml", `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
			<workbook xmlns="m" xmlns:r="o"><workbookPr/><sheets><sheet name="h" state="hidden" r:id="r0"/><sheet name="chart" r:id="r5"/><sheet name="Оценки &amp; долги" sheetId="1" r:id="r1"/><sheet name="b" r:id="r0"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="r0" Type="t/worksheet" Target="worksheets/h.xml"/><Relationship Id="r1" Type="t/worksheet" Target="/xl/worksheets/s.xml"/>
			<Relationship Id="r2" Type="t/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="r3" Type="t/styles" Target="styles.xml"/><Relationship Id="r5" Type="t/chartsheet" Target="c.xml"/></Relationships>`,
		"xl/worksheets/s.xml", `<worksheet xmlns="m"><sheetData>` + rows + `</sheetData></worksheet>`,
		"xl/worksheets/h.xml", `<worksheet><sheetData><row><c><v>5</v></c></row></sheetData></worksheet>`,
		"xl/sharedStrings.xml", `<sst><si><t>Пән</t></si><si><r><rPr><b/></rPr><t xml:space="preserve">rich </t></r><r><t>text</t></r><rPh sb="0" eb="1"><t>x</t></rPh></si><si/><si><t>a_x000D_
b _xD83D__xDE00_ _xqqqq_</t></si></sst>`,
		"xl/styles.xml", `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="dd\.mm\.yyyy;@"/><numFmt numFmtId="165" formatCode="[$-419]d mmm yyyy h:mm"/><numFmt numFmtId="166" formatCode="[h]:mm"/><numFmt numFmtId="167" formatCode="0.0&quot; days&quot;"/></numFmts>
			<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="166"/><xf numFmtId="167"/><xf numFmtId="20"/></cellXfs></styleSheet>`,
	}
	for i := 0; i+1 < len(more); i += 2 {
		if at := slices.Index(parts, more[i]); at >= 0 {
			parts[at+1] = more[i+1]
		} else {
			parts = append(parts, more[i], more[i+1])
		}
	}
	return archive(t, parts...)
}

func TestXLSX(t *testing.T) {
	n := func(values ...string) string {
		return "<row><c><v>" + strings.Join(values, "</v></c><c><v>") + "</v></c></row>"
	}
	tests := []struct {
		name, rows, want string
		limits           Limits
	}{
		{name: "texts", rows: `<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>3</v></c><c r="D1" t="s"><v>2</v></c></row>`,
			want: "1 | Пән | rich text | a\\nb 😀 _xqqqq_"},
		{name: "texts in cells", rows: `<row><c t="inlineStr"><is><t> &lt;Ә&#x49A;&#1179;&gt; </t></is></c><c t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r><rPh><t>x</t></rPh></is></c><c t="str"><v><![CDATA[<&>]]></v></c></row>`,
			want: "1 | <ӘҚқ> | ab | <&>"},
		{name: "with prefixes", rows: `<x:row xmlns:x="m"><x:c r="B1" t="str"><x:v>a</x:v></x:c></x:row>`, want: "1 |  | a"},
		{name: "a text that is not there", rows: `<row><c t="s"><v>77</v></c><c t="s"><v>-1</v></c><c t="s"><v>x</v></c></row>`, want: "1 | ~e | ~e | ~e"},
		{name: "numbers", rows: n("5", "4.50", "45.000000000000004", "0.30000000000000004", "1.25E2", "-0", "1E-3", "090101300123"),
			want: "1 | 5~n | 4.50~n | 45~n | 0.3~n | 125~n | 0~n | 0.001~n | 090101300123~n"},
		{name: "far numbers", rows: n("1234567890123456789", "1.5E300", "-2.5E-300", "99.999999999999986", "8.3000000000000007", "NaN", "1,5", "0x10"),
			want: "1 | 1234567890123456789~n | 1.5E300~n | -2.5E-300~n | 100~n | 8.3~n | NaN | 1,5 | 0x10"},
		{name: "days", rows: `<row><c s="1"><v>46349</v></c><c s="2"><v>46349.75</v></c><c s="3"><v>46349.395833333336</v></c><c s="3"><v>46349</v></c><c s="6"><v>0.5</v></c><c s="4"><v>1.5</v></c><c s="5"><v>3</v></c><c s="99"><v>3</v></c></row>`,
			want: "1 | 2026-11-23~d | 2026-11-23~d | 2026-11-23T09:30:00~d | 2026-11-23~d | 12:00:00~d | 1.5~n | 3~n | 3~n"},
		{name: "days at the edges", rows: `<row><c s="1"><v>1</v></c><c s="1"><v>59</v></c><c s="1"><v>60</v></c><c s="1"><v>61</v></c><c s="1"><v>2958465</v></c><c s="1"><v>2958466</v></c><c s="1"><v>-1</v></c><c s="1"><v>0</v></c><c s="3"><v>46348.9999999</v></c></row>`,
			want: "1 | 1900-01-01~d | 1900-02-28~d | 60~n | 1900-03-01~d | 9999-12-31~d | 2958466~n | -1~n | 0~n | 2026-11-23~d"},
		{name: "days as texts", rows: `<row><c t="d"><v>2026-11-23T00:00:00</v></c><c t="d"><v>2026-11-23T09:30:00.000</v></c><c t="d"><v>09:30</v></c><c t="d"><v>tomorrow</v></c></row>`,
			want: "1 | 2026-11-23~d | 2026-11-23T09:30:00~d | 09:30:00~d | tomorrow"},
		{name: "yes and no", rows: `<row><c t="b"><v>1</v></c><c t="b"><v>0</v></c></row>`, want: "1 | true~b | false~b"},
		{name: "errors", rows: `<row><c t="e"><v>#REF!</v></c><c t="str"><f>A1</f><v>#N/A</v></c></row>`, want: "1 | #REF!~e | #N/A~ef"},
		{name: "formulas", rows: `<row><c><f>1+1</f><v>2</v></c><c t="str"><f>"a"</f><v>a</v></c><c t="str"><f>""</f><v></v></c><c><f>1+1</f></c><c><f t="shared" si="0"/><v>7</v></c><c><f>1</f><v/></c></row>`,
			want: "1 | 2~nf | a~f |  | ~ef | 7~nf | ~ef"},
		{name: "rows", rows: `<row r="3">` + `<c><v>1</v></c></row><row/><row r="2"><c><v>2</v></c></row><row r="x"><c><v>3</v></c></row><row r="9"/><row r="1048577" hidden="1"><c><v>4</v></c></row>`,
			want: lines("3 | 1~n", "5 | 2~n", "6 | 3~n", "10 | 4~n hidden")},
		{name: "cells", rows: `<row><c r="C1"><v>3</v></c><c><v>4</v></c><c r="A1"><v>1</v></c><c r="C1"><v>33</v></c><c r="1"><v>4</v></c></row>`, want: "1 | 1~n |  | 33~n | 4~n"},
		{name: "an empty tail", rows: `<row><c><v>1</v></c></row>` + strings.Repeat(`<row spans="1:3"><c s="1"/><c s="1"/></row>`, 70000), want: "1 | 1~n"},
		{name: "a tail too long", rows: `<row><c><v>1</v></c></row>` + strings.Repeat(`<row/>`, 500), want: lines("1 | 1~n", "! too large rows row 100"), limits: Limits{Rows: 100}},
		{name: "XFD", rows: `<row><c><v>1</v></c><c r="XFD1"><v>2</v></c></row><row><c r="ZZZZZZZZZZZZZZZ2"><v>3</v></c></row>`, want: lines("1 | 1~n cut", "2 cut")},
		{name: "a long cell", rows: `<row><c t="str"><v>ab&amp;cdefgh</v></c></row>`, want: "1 | ab&cd~+", limits: Limits{Cell: 5}},
		{name: "what is not of the table", rows: `</sheetData><extLst><row><c><v>1</v></c></row></extLst><sheetData>`, want: ""},
		{name: "nothing", rows: "", want: ""},

		{name: "elements within elements", rows: strings.Repeat("<a>", 40), want: "! damaged"},
		{name: "more of them", rows: strings.Repeat("<a><row/></a>", 40), want: "! too large elements", limits: Limits{Elements: 30}},
		{name: "an entity", rows: `<row><c t="str"><v>&a;</v></c></row>`, want: "! damaged row 1"},
		{name: "the wrong end", rows: "<row><c></row></c>", want: "! damaged row 1"},
		{name: "a large piece", rows: `<row><c t="str"><v>` + strings.Repeat("x", 200<<10) + `</v></c></row>`, want: "! too large piece row 1", limits: Limits{Piece: 100 << 10}},
		{name: "many attributes", rows: `<row ` + strings.Repeat(`a="" `, 50<<10) + `/>`, want: "! too large piece", limits: Limits{Piece: 100 << 10}},
		{name: "a large part", rows: `<row><c><v>1</v></c></row>` + strings.Repeat("<a>abc</a>", 50<<10), want: lines("1 | 1~n", "! too large part row 1"), limits: Limits{Part: 200 << 10}},
		{name: "a text again and again", rows: strings.Repeat(`<row>`+strings.Repeat(`<c t="s"><v>1</v></c>`, 10)+`</row>`, 5), want: "! too large total row 1", limits: Limits{Total: 89}},
		{name: "a bomb", rows: strings.Repeat(" ", 2<<20), want: "! too large ratio", limits: Limits{Ratio: 100, Piece: 4 << 20}},
	}
	for _, tt := range tests {
		if got := all(t, book(t, tt.rows), tt.limits); got != tt.want {
			t.Errorf("%s:\n%s\nwant\n%s", tt.name, got, tt.want)
		}
	}
}

func TestXLSXParts(t *testing.T) {
	one := `<row><c><v>1</v></c></row>`
	sheet := func(end string) string { return "<worksheet><sheetData>" + one + end }
	whole := book(t, one)
	locked := bytes.Clone(whole)
	for i := range locked[:len(locked)-6] { // of each part, in front of it and in the list
		switch {
		case bytes.HasPrefix(locked[i:], []byte("PK\x01\x02")):
			locked[i+8] |= 1
		case bytes.HasPrefix(locked[i:], []byte("PK\x03\x04")):
			locked[i+6] |= 1
		}
	}
	sum := bytes.Clone(whole)
	for i := range sum[:len(sum)-46] {
		if bytes.HasPrefix(sum[i:], []byte("PK\x01\x02")) && bytes.HasPrefix(sum[i+46:], []byte("xl/worksheets/s.xml")) {
			sum[i+16]++
		}
	}
	before := bytes.Clone(whole)
	before[len(before)-22+18]++
	tests := []struct {
		name   string
		file   []byte
		limits Limits
		want   string
	}{
		{"as it should be", whole, Limits{}, "1 | 1~n"},
		{"without a list of relations", book(t, one, "_rels/.rels", "<R/>"), Limits{}, "1 | 1~n"},
		{"a workbook elsewhere", book(t, one, "_rels/.rels", `<R><Relationship Type="officeDocument" Target="/xl/workbook22.xml"/></R>`,
			"xl/workbook22.xml", `<workbook><sheets><sheet name="x" r:id="r1"/></sheets></workbook>`, "xl/_rels/workbook22.xml.rels", `<R><Relationship Id="r1" Type="worksheet" Target="worksheets/s.xml"/></R>`), Limits{}, "1 | 1~n"},
		{"days of 1904", book(t, `<row><c s="1"><v>44887</v></c><c s="1"><v>0</v></c><c s="1"><v>2957004</v></c></row>`, "xl/workbook.xml", `<workbook><workbookPr date1904="1"/><sheets><sheet r:id="r1"/></sheets></workbook>`), Limits{}, "1 | 2026-11-23~d | 1904-01-01~d | 2957004~n"},
		{"cut", whole[:len(whole)/2], Limits{}, "! cut off"},
		{"another sum", sum, Limits{}, lines("1 | 1~n", "! damaged row 1")},
		{"parts before the beginning", before, Limits{}, "! damaged"},
		{"a password", locked, Limits{}, "! locked"},
		{"XML that is cut", book(t, "", "xl/worksheets/s.xml", sheet("<row><c><v>2</v></c>")), Limits{}, lines("1 | 1~n", "! cut off row 2")},
		{"no XML", book(t, "", "xl/worksheets/s.xml", "a;b"), Limits{}, "! damaged"},
		{"an empty part", book(t, "", "xl/worksheets/s.xml", ""), Limits{}, "! cut off"},
		{"XML in UTF-16", book(t, "", "xl/worksheets/s.xml", `<?xml version="1.0" encoding="UTF-16"?><a/>`), Limits{}, "! damaged"},
		{"bytes that are no letters", book(t, "<row><c t='str'><v>\xff</v></c></row>"), Limits{}, "! damaged row 1"},
		{"entities", book(t, one, "xl/sharedStrings.xml", `<!DOCTYPE x [<!ENTITY a "aaaa">]><sst><si><t>&a;</t></si></sst>`), Limits{}, "! damaged"},
		{"all hidden", book(t, one, "xl/workbook.xml", `<workbook><sheets><sheet name="x" state="veryHidden" r:id="r1"/></sheets></workbook>`), Limits{}, "! no sheet"},
		{"no sheet", book(t, one, "xl/workbook.xml", `<workbook/>`), Limits{}, "! no sheet"},
		{"a sheet elsewhere", book(t, one, "xl/_rels/workbook.xml.rels", `<R><Relationship Id="r1" Target="../../../etc/passwd"/></R>`), Limits{}, "! damaged"},
		{"many texts", book(t, one, "xl/sharedStrings.xml", "<sst>"+strings.Repeat("<si/>", 50)+"</sst>"), Limits{Texts: 49}, "! too large texts"},
		{"long texts", book(t, one, "xl/sharedStrings.xml", "<sst>"+strings.Repeat("<si><t>abc</t></si>", 50)+"</sst>"), Limits{TextBytes: 149}, "! too large texts"},
		{"many parts", whole, Limits{Parts: 5}, "! too large parts"},
		{"a part twice", archive(t, "a", "", "A", ""), Limits{}, "! damaged"},
	}
	for _, tt := range tests {
		if got := all(t, tt.file, tt.limits); got != tt.want {
			t.Errorf("%s:\n%s\nwant\n%s", tt.name, got, tt.want)
		}
	}
	var parts []string
	for i := range 60_000 {
		parts = append(parts, fmt.Sprint(i), "")
	}
	if got := all(t, archive(t, parts...), Limits{Parts: 1 << 20}); got != "! too large parts" {
		t.Errorf("the list of parts: %s", got)
	}
}

func TestSheets(t *testing.T) {
	r, err := opened(book(t, ""), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	want := []Sheet{{"h", true}, {"Оценки & долги", false}, {"b", false}}
	if !slices.Equal(r.Sheets(), want) || r.Sheet() != "Оценки & долги" || r.Format() != XLSX || r.Separator() != 0 {
		t.Error(r.Sheets(), r.Sheet())
	}
	if got := rest(t, r); got != "" {
		t.Error(got)
	}
	if err := r.Use("h"); err == nil || flawed(t, err) != "! no sheet" {
		t.Errorf("a hidden sheet: %v", err)
	}
	if err := r.Use("b"); err != nil || r.Sheet() != "b" || rest(t, r) != "1 | 5~n" {
		t.Errorf("another sheet: %v %s", err, r.Sheet())
	}
}

// A journal has a course in several rows, and its total beside all of them.
func TestMerged(t *testing.T) {
	rows := `<row r="1"><c r="A1" t="str"><v>Физика</v></c><c r="B1" t="str"><v>лекция</v></c><c r="C1"><v>90</v></c></row>
		<row r="2"><c r="B2" t="str"><v>практика</v></c><c r="C2"/></row>
		<row r="3"/>
		<row r="4"><c r="B4" t="str"><v>СРСП</v></c></row>
		<row r="5"><c r="A5" t="str"><v>Химия</v></c></row>`
	merges := func(refs ...string) []byte {
		var out strings.Builder
		for _, r := range refs {
			fmt.Fprintf(&out, `<mergeCell ref="%s"/>`, r)
		}
		return book(t, "", "xl/worksheets/s.xml", `<worksheet><sheetData>`+rows+`</sheetData><mergeCells>`+out.String()+`</mergeCells></worksheet>`)
	}
	read := func(file []byte, limits Limits) string {
		r, err := opened(file, limits)
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Spread(); err != nil {
			return flawed(t, err)
		}
		return rest(t, r)
	}
	tests := []struct {
		name   string
		file   []byte
		limits Limits
		want   string
	}{
		{"a course", merges("C1:C4", "A1:A4", "A5:C5"), Limits{}, lines("1 | Физика | лекция | 90~n", "2 | Физика~m | практика | 90~nm", "4 | Физика~m | СРСП | 90~nm", "5 | Химия | Химия~m | Химия~m")},
		{"no merged", merges(), Limits{}, lines("1 | Физика | лекция | 90~n", "2 |  | практика", "4 |  | СРСП", "5 | Химия")},
		{"far", merges("A5:XFD1048576"), Limits{Columns: 4}, lines("1 | Физика | лекция | 90~n", "2 |  | практика", "4 |  | СРСП", "5 | Химия | Химия~m | Химия~m | Химия~m")},
		{"a first cell that is empty", merges("A3:B4"), Limits{}, lines("1 | Физика | лекция | 90~n", "2 |  | практика", "4 |  | СРСП", "5 | Химия")},
		{"over each other", merges("A1:D4", "A1:D4"), Limits{Columns: 4}, "! damaged row 1"},
		{"no range", merges("A1:?"), Limits{}, "! damaged"},
		{"many", merges("A1:B1", "A2:B2"), Limits{Merged: 1}, "! too large merged"},
	}
	for _, tt := range tests {
		if got := read(tt.file, tt.limits); got != tt.want {
			t.Errorf("%s:\n%s\nwant\n%s", tt.name, got, tt.want)
		}
	}
	r, err := opened(merges("C1:C4", "A5"), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := r.Merged(); err != nil || !slices.Equal(got, []Range{{1, 3, 4, 3}, {5, 1, 5, 1}}) {
		t.Error(got, err)
	}
}

// An archive of the kind that may be larger than 4 GB, as writers of streams make it of any size.
func TestZip64(t *testing.T) {
	file := book(t, `<row><c><v>1</v></c></row>`)
	last := file[len(file)-22:]
	le := binary.LittleEndian
	parts, size, at := uint64(le.Uint16(last[10:])), uint64(le.Uint32(last[12:])), uint64(le.Uint32(last[16:]))
	out := bytes.Clone(file[:len(file)-22])
	out = append(out, "PK\x06\x06"...)
	out = le.AppendUint64(out, 44)
	out = append(out, 45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0)
	for _, n := range []uint64{parts, parts, size, at} {
		out = le.AppendUint64(out, n)
	}
	out = append(out, "PK\x06\x07\x00\x00\x00\x00"...)
	out = le.AppendUint64(out, uint64(len(file)-22))
	out = append(out, 1, 0, 0, 0)
	out = append(out, "PK\x05\x06\x00\x00\x00\x00"+strings.Repeat("\xff", 12)+"\x00\x00"...)
	if got := all(t, out, Limits{}); got != "1 | 1~n" {
		t.Error(got)
	}
}

// The scanner understands what the reader of the standard library does.
func FuzzScan(f *testing.F) {
	for _, s := range []string{`<a b="1" c='&lt;'>x<b/>&amp;<!-- c --><![CDATA[<]]></a>`, `<?xml version="1.0"?><x:a xmlns:x="m"> </x:a >`, "<a>\r\n&#10;</a>", "<a b = '1'\n/>", "<:a></:a>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, file string) {
		d := xml.NewDecoder(strings.NewReader(file))
		d.CharsetReader = func(string, io.Reader) (io.Reader, error) { return nil, errors.New("not UTF-8") }
		var want strings.Builder
		for depth, rooted := 0, false; ; {
			token, err := d.Token()
			if errors.Is(err, io.EOF) {
				if !rooted {
					return
				}
				break
			}
			if err != nil {
				return
			}
			switch token := token.(type) {
			case xml.StartElement:
				if depth++; depth == 1 && rooted || depth > Usual.Deep {
					return
				}
				rooted = true
				want.WriteString("<" + token.Name.Local + ">")
			case xml.CharData:
				if depth == 0 && strings.TrimSpace(string(token)) != "" {
					return
				}
				if depth > 0 {
					want.Write(token)
				}
			case xml.EndElement:
				depth--
				want.WriteString("</" + token.Name.Local + ">")
			case xml.Directive:
				return
			case xml.ProcInst:
				if strings.Contains(strings.ToLower(string(token.Inst)), "encoding") {
					return
				}
			}
		}
		var got strings.Builder
		for s := newScanner(strings.NewReader(file), Usual); ; {
			token, err := s.next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%q: %v after %s, want %s", file, err, got.String(), want.String())
			}
			switch token {
			case start:
				got.WriteString("<" + string(s.name) + ">")
			case text:
				got.Write(s.content)
			case end:
				got.WriteString("</" + string(s.name) + ">")
			}
		}
		lines := strings.NewReplacer("\r\n", "\n", "\r", "\n")
		if lines.Replace(got.String()) != lines.Replace(want.String()) {
			t.Errorf("%q:\n%q\nwant\n%q", file, got.String(), want.String())
		}
	})
}
