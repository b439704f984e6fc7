package sample

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"alt.edu.kz/dauys/registrar"
)

// CSV writes tables into a folder as files that a spreadsheet opens: in UTF-8 with a mark at the beginning,
// with semicolons, lines ending as on Windows.
func CSV(dir string) Sink {
	return func(kind registrar.Kind, heads []string) (Table, error) {
		file, err := os.Create(filepath.Join(dir, string(kind)+".csv"))
		if err != nil {
			return nil, fmt.Errorf("write a table: %w", err)
		}
		buffer := bufio.NewWriterSize(file, 1<<16)
		t := csvTable{file, buffer, csv.NewWriter(buffer)}
		t.w.Comma, t.w.UseCRLF = ';', true
		if _, err = buffer.WriteString("\ufeff"); err == nil {
			err = t.w.Write(heads)
		}
		if err != nil {
			return nil, errors.Join(err, file.Close())
		}
		return t, nil
	}
}

type csvTable struct {
	file   *os.File
	buffer *bufio.Writer
	w      *csv.Writer
}

func (t csvTable) Row(values []string) error { return t.w.Write(values) }

func (t csvTable) Close() error {
	t.w.Flush()
	return errors.Join(t.w.Error(), t.buffer.Flush(), t.file.Close())
}
