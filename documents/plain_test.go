package documents

import (
	"bytes"
	"slices"
	"testing"

	"github.com/xuri/excelize/v2"
)

// What is put into a plain spreadsheet is there as text, row by row; a row that is too long is refused.
func TestPlain(t *testing.T) {
	var file bytes.Buffer
	p, err := NewPlain(&file, "marks", []string{"ИИН", "Баға"})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Row([]string{"050101900012", "85,5"}); err != nil {
		t.Error(err)
	}
	if err := p.Row([]string{"1", "2", "3"}); err == nil {
		t.Error("a row of three values is taken under two heads")
	}
	if err := p.Row([]string{"", "н/я"}); err != nil {
		t.Error(err)
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&file)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := f.GetRows("marks")
	want := [][]string{{"ИИН", "Баға"}, {"050101900012", "85,5"}, {"", "н/я"}}
	if err != nil || !slices.EqualFunc(rows, want, slices.Equal[[]string]) {
		t.Errorf("got %q, %v", rows, err)
	}
}
