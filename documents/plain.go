package documents

import (
	"errors"
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"
)

// Plain is a spreadsheet of plain texts that is written row by row; what does not fit into memory waits
// in a temporary file.
type Plain struct {
	to     io.Writer
	file   *excelize.File
	stream *excelize.StreamWriter
	cells  []any
	rows   int
}

// NewPlain begins a spreadsheet of one sheet with a row of heads.
func NewPlain(to io.Writer, sheet string, heads []string) (*Plain, error) {
	t := &Plain{to: to, file: excelize.NewFile(), cells: make([]any, len(heads))}
	err := t.file.SetSheetName("Sheet1", sheet)
	if err == nil {
		t.stream, err = t.file.NewStreamWriter(sheet)
	}
	if err == nil {
		err = t.Row(heads)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("begin a table: %w", err), t.file.Close())
	}
	return t, nil
}

// Row adds a row; there are as many values as heads.
func (t *Plain) Row(values []string) error {
	if len(values) != len(t.cells) {
		return fmt.Errorf("write a table: %d values under %d heads", len(values), len(t.cells))
	}
	for i, v := range values {
		if t.cells[i] = nil; v != "" {
			t.cells[i] = v
		}
	}
	t.rows++
	if err := t.stream.SetRow(fmt.Sprint("A", t.rows), t.cells); err != nil {
		return fmt.Errorf("write a table: %w", err)
	}
	return nil
}

// Close writes the file.
func (t *Plain) Close() error {
	err := t.stream.Flush()
	if err == nil {
		err = t.file.Write(t.to)
	}
	if err = errors.Join(err, t.file.Close()); err != nil {
		return fmt.Errorf("write a table: %w", err)
	}
	return nil
}
