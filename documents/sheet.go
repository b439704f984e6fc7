package documents

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// Column is a column of the sheet that the secretary fills in.
type Column string

// The columns. The first two say which case it is, the others are to be filled in.
const (
	Number    Column = "number"
	Asked     Column = "asked"
	Applicant Column = "applicant" // only where the body may see it
	Decision  Column = "decision"  // one of the words of the body
	Reason    Column = "reason"
	Next      Column = "next"
	Mark      Column = "mark" // only after an appeal
)

// Columns lists every column in the order in which they stand.
var Columns = []Column{Number, Asked, Applicant, Decision, Reason, Next, Mark}

// widths are of the columns, in letters.
var widths = map[Column]float64{Number: 19, Asked: 50, Applicant: 28, Decision: 28, Reason: 50, Next: 36, Mark: 12}

// Words are how one language calls the columns and the decisions.
type Words struct {
	Columns   map[Column]string
	Decisions []Choice
}

// Choice is a decision that a body may take, and its word.
type Choice struct{ Decision, Word string }

// Row is one case on the sheet.
type Row struct {
	Line                     int // of the sheet, from 1, when it was read
	Number, Asked, Applicant string
	Decision                 string // as in [Choice], not its word; empty when none is taken yet
	Reason, Next, Mark       string
}

// Sheet is an agenda to be filled in.
type Sheet struct {
	Made       time.Time // the date of making that the file bears
	Name       string    // on the tab
	Words      Words
	Applicants bool // there is a column with their names
	Marks      bool // there is a column for new marks
	Rows       []Row
}

// XLSX writes a sheet. All cells are text, whatever they begin with: what an applicant wrote is
// never a formula. The same sheet gives the same bytes.
func XLSX(s Sheet) (file []byte, err error) {
	if s.Made.IsZero() {
		return nil, errors.New("a sheet needs the moment at which it was made")
	}
	if len(s.Rows) > mostRows {
		return nil, fmt.Errorf("a sheet has room for %d cases, not for %d", mostRows, len(s.Rows))
	}
	w := begin(s.Name, s.Made)
	f := w.File
	defer func() { err = errors.Join(err, f.Close()) }()

	columns := slices.Clone(Columns)
	columns = slices.DeleteFunc(columns, func(c Column) bool {
		return c == Applicant && !s.Applicants || c == Mark && !s.Marks
	})
	edges := []excelize.Border{{Type: "left", Color: "B0B0B0", Style: 1}, {Type: "right", Color: "B0B0B0", Style: 1},
		{Type: "top", Color: "B0B0B0", Style: 1}, {Type: "bottom", Color: "B0B0B0", Style: 1}}
	head := w.head(edges)
	told := w.style(&excelize.Style{NumFmt: asText, Border: edges, Alignment: wrapped})
	asked := w.style(&excelize.Style{NumFmt: asText, Border: edges, Alignment: wrapped,
		Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"FFFBE6"}}}) // these are to be filled in

	for i, c := range columns {
		name, err := excelize.ColumnNumberToName(i + 1)
		w.do(err)
		style := told
		if slices.Contains([]Column{Decision, Reason, Next, Mark}, c) {
			style = asked
		}
		w.do(f.SetColWidth(w.sheet, name, name, widths[c]))
		if s.Words.Columns[c] == "" {
			w.do(fmt.Errorf("the column %q has no word", c))
		}
		w.do(f.SetCellStr(w.sheet, name+"1", cell(s.Words.Columns[c])))
		for j, row := range s.Rows {
			value, err := s.Words.in(row, c)
			w.do(err)
			w.do(f.SetCellStr(w.sheet, fmt.Sprint(name, j+2), cell(value)))
		}
		if len(s.Rows) > 0 {
			w.do(f.SetCellStyle(w.sheet, name+"2", fmt.Sprint(name, len(s.Rows)+1), style))
		}
		w.do(f.SetCellStyle(w.sheet, name+"1", name+"1", head))
		if c == Decision && len(s.Rows) > 0 {
			w.offer(fmt.Sprintf("%s2:%s%d", name, name, len(s.Rows)+1), s.Words.Decisions)
		}
	}
	last, err := excelize.ColumnNumberToName(len(columns))
	w.do(err)
	w.do(f.SetPanes(w.sheet, belowHead()))
	yes, landscape, a4, one, any := true, "landscape", 9, 1, 0
	w.do(f.SetSheetProps(w.sheet, &excelize.SheetPropsOptions{FitToPage: &yes}))
	w.do(f.SetPageLayout(w.sheet, &excelize.PageLayoutOptions{Orientation: &landscape, Size: &a4, FitToWidth: &one, FitToHeight: &any}))
	w.do(f.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", Scope: w.sheet,
		RefersTo: fmt.Sprintf("'%s'!$A$1:$%s$1", strings.ReplaceAll(w.sheet, "'", "''"), last)}))
	var out bytes.Buffer
	if w.err == nil {
		w.do(f.Write(&out))
	}
	if w.err != nil {
		return nil, fmt.Errorf("write a sheet: %w", w.err)
	}
	return out.Bytes(), nil
}

// writer keeps the first error.
type writer struct {
	*excelize.File
	sheet string
	err   error
}

// asText is the number format @: a cell is what is written in it.
const asText = 49

// wrapped is how words stand that may be long.
var wrapped = &excelize.Alignment{Vertical: "top", WrapText: true}

// begin opens a file of one sheet that bears a moment as that of its making.
func begin(name string, at time.Time) *writer {
	w := &writer{File: excelize.NewFile(), sheet: tab(name)}
	w.do(w.SetSheetName("Sheet1", w.sheet))
	made := at.UTC().Format(time.RFC3339)
	w.do(w.SetDocProps(&excelize.DocProperties{Creator: "Dauys", LastModifiedBy: "Dauys", Created: made, Modified: made, Title: w.sheet}))
	return w
}

// head is the style of the first row.
func (w *writer) head(edges []excelize.Border) int {
	return w.style(&excelize.Style{NumFmt: asText, Border: edges, Alignment: wrapped, Font: &excelize.Font{Bold: true},
		Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E4E4E4"}}})
}

// belowHead keeps the first row in view.
func belowHead() *excelize.Panes {
	return &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft",
		Selection: []excelize.Selection{{SQRef: "A2", ActiveCell: "A2", Pane: "bottomLeft"}}}
}

func (w *writer) do(err error) {
	if w.err == nil {
		w.err = err
	}
}

func (w *writer) style(s *excelize.Style) int {
	id, err := w.NewStyle(s)
	w.do(err)
	return id
}

// offer lets a decision be chosen. Other words can be typed still: [Read] knows those of the other
// languages and tells of the rest by row, which is kinder than a window that refuses to close.
func (w *writer) offer(cells string, choices []Choice) {
	var list []string
	for _, c := range choices {
		if c.Word == "" || strings.ContainsAny(c.Word, ",\"") {
			w.do(fmt.Errorf("%q is no word that a list of a sheet can offer", c.Word))
		}
		list = append(list, c.Word)
	}
	v := excelize.NewDataValidation(true)
	v.SetSqref(cells)
	w.do(v.SetDropList(list))
	w.do(w.AddDataValidation(w.sheet, v))
}

func (words Words) in(row Row, c Column) (string, error) {
	if c != Decision || row.Decision == "" {
		return *row.cell(c), nil
	}
	for _, choice := range words.Decisions {
		if choice.Decision == row.Decision {
			return choice.Word, nil
		}
	}
	return "", fmt.Errorf("the decision %q has no word", row.Decision)
}

func (r *Row) cell(c Column) *string {
	switch c {
	case Number:
		return &r.Number
	case Asked:
		return &r.Asked
	case Applicant:
		return &r.Applicant
	case Decision:
		return &r.Decision
	case Reason:
		return &r.Reason
	case Next:
		return &r.Next
	}
	return &r.Mark
}

// tab is a name that a sheet may have.
func tab(name string) string {
	name = strings.TrimFunc(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`[]:*?/\`, r) {
			return '-'
		}
		return r
	}, oneLine(name)), func(r rune) bool { return r == '\'' || r == ' ' })
	if name == "" {
		return "Dauys"
	}
	for utf8.RuneCountInString(name) > 31 {
		_, last := utf8.DecodeLastRuneInString(name)
		name = name[:len(name)-last]
	}
	return name
}

// cell is text that a cell can hold, without what is not seen.
func cell(s string) string {
	runes := []rune(clean(s))
	return string(runes[:min(len(runes), longestCell)])
}
