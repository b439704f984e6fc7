package table

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"testing"
)

// few are limits that a fuzzer can reach.
var few = Limits{File: 1 << 20, Rows: 2000, Columns: 40, Cell: 500, Parts: 50, Part: 1 << 20, Ratio: 200, Piece: 20 << 10, Elements: 20_000, Deep: 12, Texts: 500, TextBytes: 20 << 10, Merged: 50, Total: 1 << 20}

// bounded reads a file to its end and looks whether what comes is within the limits.
func bounded(t *testing.T, file []byte, spread bool) {
	r, err := opened(file, few)
	if err == nil && spread {
		err = r.Spread()
	}
	last := 0
	for err == nil {
		var row Row
		if row, err = r.Next(); err != nil {
			break
		}
		if row.Number <= last {
			t.Fatalf("row %d after %d", row.Number, last)
		}
		last = row.Number
		if len(row.Cells) > few.Columns || len(row.Cells) == 0 && !row.Cut {
			t.Fatalf("%d cells", len(row.Cells))
		}
		for _, c := range row.Cells {
			if len(c.Text) > few.Cell || c.Kind == Empty && c != (Cell{}) || c.Kind > Empty && c.Kind < Error && c.Text == "" ||
				strings.ContainsAny(c.Text, "\x00\r") {
				t.Fatalf("%+v", c)
			}
		}
	}
	if flaw := (Flaw{}); !errors.Is(err, io.EOF) && !errors.As(err, &flaw) {
		t.Fatal(err)
	}
}

func FuzzCSV(f *testing.F) {
	for _, s := range []string{"a;b\nc;\"d\"\n", "sep=,\n1,2", "a\tb\r\n\"\"\"\"\t\"x\ny\"", "\xff\xfea\x00;\x00", "\xfe\xff\x00a\xd8\x00", "\x8d\xe0;?\xe1", "\xef\xbb\xbf=\"007\";\"", "\"a \"b\"\" ; c", "\r\r\n;;\r"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		if bytes.HasPrefix(file, []byte("PK")) {
			return
		}
		bounded(t, file, false)
	})
}

// The fuzzer seldom gets through the packing: it writes the parts itself, or the whole file.
func FuzzXLSX(f *testing.F) {
	one := `<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1"><v>46349.5</v></c><c t="inlineStr"><is><t>a_x000D_</t></is></c></row>`
	f.Add([]byte(one), "A1:B2", "<si><t>a</t></si>", `<xf numFmtId="14"/><xf numFmtId="14"/>`, true)
	f.Add([]byte(`<row r="2"><c r="XFD2" t="e"><v>#REF!</v></c></row><row><c t="b"><v>1</v></c><c><f>1</f></c></row>`), "A1:XFD1048576", "<si><r><t>a</t></r><rPh><t>b</t></rPh></si>", "", true)
	f.Add([]byte(`<row><c t='d'><v>2026-11-23</v></c><c><v>1E-9</v></c><c t="str"><v>_xD83D__xDE00_&#0;</v></c></row>`), "A1", "<si/>", "<xf/>", true)
	f.Add(book(f, one), "", "", "", false)
	f.Add([]byte("PK\x03\x04"), "", "", "", false)
	f.Add([]byte("PK\x05\x06"+strings.Repeat("\xff", 18)), "", "", "", false)
	f.Add(binary.LittleEndian.AppendUint32([]byte(oleMagic+strings.Repeat("\t", 40)), 1), "", "", "", false)
	f.Fuzz(func(t *testing.T, rows []byte, merged, texts, styles string, parts bool) {
		if !parts {
			bounded(t, rows, false)
			bounded(t, rows, true)
			return
		}
		file := book(t, "", "xl/worksheets/s.xml", "<worksheet><sheetData>"+string(rows)+`</sheetData><mergeCells><mergeCell ref="`+merged+`"/></mergeCells></worksheet>`,
			"xl/sharedStrings.xml", "<sst>"+texts+"</sst>", "xl/styles.xml", "<styleSheet><cellXfs>"+styles+"</cellXfs></styleSheet>")
		bounded(t, file, false)
		bounded(t, file, true)
	})
}
