package table

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"slices"
	"strconv"
)

// Range is cells that are merged into one. All from 1, the last ones included.
type Range struct{ FirstRow, FirstColumn, LastRow, LastColumn int }

// Merged are the merged ranges of the sheet, by their first row; none in CSV. A sheet lists them
// behind its rows, so that this reads it once more from end to end, whatever Next has read.
func (t *Reader) Merged() ([]Range, error) {
	if t.xlsx == nil {
		return nil, nil
	}
	all, err := t.xlsx.merged()
	if err != nil {
		return nil, t.because(err, "")
	}
	return all, nil
}

// Spread makes Next give each cell of a merged range the value of the first one, and mark it. Rows
// that have nothing but such cells are still passed over. It is called before Next.
func (t *Reader) Spread() error {
	all, err := t.Merged()
	if err == nil && len(all) > 0 {
		t.spread = &spread{limits: t.limits, ranges: all}
	}
	return err
}

func (w *workbook) merged() (all []Range, err error) {
	err = w.walk(w.part, func(s *scanner, t token) error {
		if t != start || string(s.name) != "mergeCell" {
			return nil
		}
		r, ok := rangeOf(s.attr("ref"))
		if !ok {
			return Flaw{Kind: Damaged, Value: "a merged range"}
		}
		if len(all) >= w.limits.Merged {
			return Flaw{Kind: TooLarge, Value: "merged"}
		}
		all = append(all, r)
		return nil
	})
	if errors.Is(err, io.EOF) {
		err = nil
	}
	slices.SortStableFunc(all, func(a, b Range) int { return cmp.Compare(a.FirstRow, b.FirstRow) })
	return all, err
}

// rangeOf is what A1:B2 names.
func rangeOf(ref []byte) (r Range, ok bool) {
	first, last, two := bytes.Cut(ref, []byte(":"))
	if !two {
		last = first
	}
	r.FirstColumn, r.FirstRow, ok = cellOf(first)
	if !ok {
		return r, false
	}
	r.LastColumn, r.LastRow, ok = cellOf(last)
	return r, ok && r.FirstRow <= r.LastRow && r.FirstColumn <= r.LastColumn
}

func cellOf(ref []byte) (column, row int, ok bool) {
	ref = bytes.ReplaceAll(ref, []byte("$"), nil)
	column = columnOf(ref)
	row, err := strconv.Atoi(string(bytes.TrimLeft(ref, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")))
	return column, row, err == nil && column > 0 && row > 0 && row <= mostRows
}

// spread knows the ranges that the row at hand goes through.
type spread struct {
	limits Limits
	ranges []Range // that begin further down
	active []covered
}

type covered struct {
	Range
	cell Cell
}

func (s *spread) fill(row *Row) error {
	s.active = slices.DeleteFunc(s.active, func(c covered) bool { return c.LastRow < row.Number })
	for len(s.ranges) > 0 && s.ranges[0].FirstRow <= row.Number {
		r := s.ranges[0]
		s.ranges = s.ranges[1:]
		if r.LastRow < row.Number || r.FirstColumn > s.limits.Columns {
			continue
		}
		r.LastColumn = min(r.LastColumn, s.limits.Columns)
		c := covered{Range: r}
		if r.FirstRow == row.Number { // otherwise the first cell is empty
			c.cell = row.Cell(r.FirstColumn)
			c.cell.Merged = true
		}
		s.active = append(s.active, c)
		wide := 0
		for _, c := range s.active {
			wide += c.LastColumn - c.FirstColumn + 1
		}
		if wide > s.limits.Columns { // more than fit beside each other
			return Flaw{Kind: Damaged, Row: row.Number, Value: "merged ranges that overlap"}
		}
	}
	for _, c := range s.active {
		if c.cell.Kind == Empty {
			continue
		}
		for len(row.Cells) < c.LastColumn {
			row.Cells = append(row.Cells, Cell{})
		}
		for column := c.FirstColumn; column <= c.LastColumn; column++ {
			if row.Number > c.FirstRow || column > c.FirstColumn {
				row.Cells[column-1] = c.cell
			}
		}
	}
	return nil
}
