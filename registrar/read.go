package registrar

import (
	"cmp"
	"errors"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"alt.edu.kz/dauys/registrar/table"
)

// What can be wrong with a row or with the file, besides its values.
const (
	Required          Mistake = "required"           // nothing stands where something has to
	NoStudent         Mistake = "no-student"         // neither a number nor an IIN nor a name
	UnknownStudent    Mistake = "unknown-student"    // not in the roster
	OtherStudent      Mistake = "other-student"      // the IIN is that of somebody else
	Namesakes         Mistake = "namesakes"          // several are called so
	UnknownDiscipline Mistake = "unknown-discipline" // no discipline has this title
	SameTitle         Mistake = "same-title"         // several have it
	UnknownEmployee   Mistake = "unknown-employee"
	EndsBefore        Mistake = "ends-before" // what ends before it has begun
	Twice             Mistake = "twice"       // the file has said something else of the same
	NoHead            Mistake = "no-head"     // no row with the names of columns
	ColumnMissing     Mistake = "column-missing"
	ColumnTwice       Mistake = "column-twice"
	NoRows            Mistake = "no-rows"
	RosterFirst       Mistake = "roster-first" // no student is known yet
	DisciplinesFirst  Mistake = "disciplines-first"
)

// Codes are all that can be wrong. What is wrong with a file that is no table is "file-" and a kind of
// trouble of the package table.
var Codes = func() []Mistake {
	all := []Mistake{CellError, Formula, LostLetters, TooLong, ADate, BadNumber, BadIIN, LostDigits, BadWhole, BadDecimal, BadPercent, AShare, TooExact,
		BadLetter, BadDate, UnclearDate, BadTime, BadYears, BadTerm, BadChoice, BadScore, BadYesNo, BadAddress,
		Required, NoStudent, UnknownStudent, OtherStudent, Namesakes, UnknownDiscipline, SameTitle, UnknownEmployee, EndsBefore, Twice,
		NoHead, ColumnMissing, ColumnTwice, NoRows, RosterFirst, DisciplinesFirst}
	for _, t := range []table.Trouble{table.Nothing, table.NotTable, table.WebPage, table.Locked, table.Old, table.Binary, table.OpenDocument, table.Damaged, table.CutOff, table.TooLarge, table.NoSheet, table.OpenQuote} {
		all = append(all, codeOf(t))
	}
	return all
}()

func codeOf(t table.Trouble) Mistake { return "file-" + strings.ReplaceAll(string(t), " ", "-") }

// Note is something about a file that is worth knowing and is not wrong.
type Note struct {
	Code  string
	Value string // of what
	N     int    // how often
}

// What can be noted.
const (
	UnreadColumns = "unread-columns" // their heads
	LeftOut       = "left-out"       // rows that are no data: totals, signatures
	HiddenRows    = "hidden-rows"    // they were read like the others
	UnknownPeople = "unknown-people" // names of teachers that are in no list, left out
	FromTitle     = "from-title"     // what was read above the table
	OtherSheets   = "other-sheets"
	LostColumns   = "lost-columns" // that the last file of the kind had
	FewerRows     = "fewer-rows"   // than half of those of the last file; the value says how many it had
)

// NoteCodes are all that can be noted.
var NoteCodes = []string{UnreadColumns, LeftOut, HiddenRows, UnknownPeople, FromTitle, OtherSheets, LostColumns, FewerRows}

// Rows are the rows of a table, one after the other, until io.EOF.
type Rows interface {
	Next() (table.Row, error)
}

// Got is what a row says: entries, or what is wrong with it. A row may say nothing.
type Got struct {
	Row     int
	Entries []Entry
	Flaws   []Flaw
}

// FileReader reads the rows of a file as entries. It keeps nothing of what it has read but what a title has
// said for all rows below.
type FileReader struct {
	l      *Layout
	rows   Rows
	d      *Directory
	begun  bool
	err    error
	first  []table.Row // read in search of the head, and not handed out yet
	head   head
	titles Fields // what stands above the table, or between its rows
	above  Fields // the discipline of the row above, in a journal where a course has several rows
	memo   map[string]remembered
	notes  []Note
	some   bool // a row was read
}

type remembered struct {
	value string
	code  Mistake
}

// searched is in how many rows from the top the head is looked for.
const searched = 20

// Read makes ready to read rows as a kind of import.
func Read(l *Layout, rows Rows, d *Directory) *FileReader {
	return &FileReader{l: l, rows: rows, d: d, titles: Fields{}, above: Fields{}, memo: map[string]remembered{}}
}

// Notes are what is worth knowing of what was read so far.
func (r *FileReader) Notes() []Note { return r.notes }

// Columns are the names of those of its columns that the file has, in their order there.
func (r *FileReader) Columns() (names []string) {
	for _, c := range r.head.columns {
		if c != nil && !slices.Contains(names, c.Name) {
			names = append(names, c.Name)
		}
	}
	return names
}

func (r *FileReader) note(code, value string, n int) {
	if i := slices.IndexFunc(r.notes, func(o Note) bool { return o.Code == code }); i >= 0 {
		r.notes[i].N += n
		if value != "" && !strings.Contains("; "+r.notes[i].Value+"; ", "; "+value+"; ") && len(r.notes[i].Value) < 500 {
			r.notes[i].Value = strings.TrimPrefix(r.notes[i].Value+"; "+value, "; ")
		}
		return
	}
	r.notes = append(r.notes, Note{code, value, n})
}

// Next reads the next row. The error is io.EOF after the last, and another one only when the file itself
// cannot be read: what is wrong with a table is a flaw.
func (r *FileReader) Next() (Got, error) {
	if r.err != nil {
		return Got{}, r.err
	}
	if !r.begun {
		r.begun = true
		if flaws, err := r.begin(); err != nil || len(flaws) > 0 {
			r.err = cmp.Or(err, io.EOF)
			return Got{Flaws: flaws}, err
		}
	}
	for {
		row, err := r.next()
		if err == io.EOF && !r.some {
			r.err = io.EOF
			return Got{Flaws: []Flaw{{Code: NoRows}}}, nil
		}
		if flaw, ok := err.(table.Flaw); ok {
			r.err = io.EOF
			return Got{Row: flaw.Row, Flaws: []Flaw{{Row: flaw.Row, Code: codeOf(flaw.Kind), Value: flaw.Value}}}, nil
		}
		if err != nil {
			r.err = err
			return Got{}, err
		}
		got, data := r.row(row)
		if data {
			r.some = true
			return got, nil
		}
	}
}

// next is the next row: of those that were looked through for the head, and then of the file.
func (r *FileReader) next() (table.Row, error) {
	if len(r.first) > 0 {
		row := r.first[0]
		r.first = r.first[1:]
		return row, nil
	}
	return r.rows.Next()
}

// begin finds the head, and what stands above it.
func (r *FileReader) begin() ([]Flaw, error) {
	first, err := beginning(r.rows)
	if flaw := (table.Flaw{}); errors.As(err, &flaw) && len(first) == 0 {
		return []Flaw{{Row: flaw.Row, Code: codeOf(flaw.Kind), Value: flaw.Value}}, nil
	} else if err != nil && err != io.EOF && !errors.As(err, &flaw) {
		return nil, err
	}
	h, ok := r.l.findHead(first)
	if !ok {
		return []Flaw{{Code: NoHead, Value: short(strings.Join(r.l.requiredHeads(), ", "))}}, nil
	}
	r.head = h
	for _, row := range first[:h.at] {
		r.title(row)
	}
	r.first = first[h.at+h.rows:]
	flaws := r.l.missing(h, r.titles)
	for _, twice := range h.twice {
		flaws = append(flaws, Flaw{Row: h.row, Code: ColumnTwice, Column: twice.head, Value: twice.where})
	}
	if len(flaws) > 0 {
		return flaws, nil
	}
	if r.l.Column("student") != nil && r.l.Kind != Roster && len(r.d.students) == 0 {
		return []Flaw{{Code: RosterFirst}}, nil
	}
	if c := r.l.Column("discipline"); c != nil && r.l.Must(c) && !r.readable("discipline") && r.titles["discipline"] == "" && r.l.Kind != Disciplines && len(r.d.disciplines) == 0 {
		return []Flaw{{Code: DisciplinesFirst}}, nil
	}
	for _, name := range h.unread {
		r.note(UnreadColumns, name, 1)
	}
	return nil, nil
}

// beginning are the first rows of a table, for keeping.
func beginning(rows Rows) (first []table.Row, err error) {
	for len(first) < searched+1 {
		row, err := rows.Next()
		if err != nil {
			return first, err
		}
		row.Cells = slices.Clone(row.Cells)
		for i := range row.Cells {
			row.Cells[i].Text = strings.Clone(row.Cells[i].Text)
		}
		first = append(first, row)
	}
	return first, nil
}

// head is which columns of a file are which of the kind.
type head struct {
	at, rows int            // where it stands among the first rows, and how many rows it takes
	row      int            // of the sheet
	columns  []*Column      // by the column of the file, from 0; nil: none
	heads    []string       // as they are written
	place    map[string]int // by name: the first column of the file from 0
	wide     bool           // marks of several kinds stand side by side
	unread   []string
	twice    []doubled
	folded   string // of all heads: a page repeats them
}

type doubled struct{ head, where string }

// known are the names of columns of a layout, folded. They are worked out once.
var (
	knownMu sync.Mutex
	known   = map[Kind]map[string]int{}
)

func (l *Layout) known() map[string]int {
	knownMu.Lock()
	defer knownMu.Unlock()
	if names := known[l.Kind]; names != nil {
		return names
	}
	names := map[string]int{}
	for i, c := range l.Columns {
		for _, n := range append([]string{c.Name}, c.Also...) {
			if _, taken := names[fold(n)]; !taken {
				names[fold(n)] = i
			}
		}
	}
	known[l.Kind] = names
	return names
}

// findHead finds the row, or the two, with the names of columns.
func (l *Layout) findHead(first []table.Row) (best head, ok bool) {
	most := 1 // one word that is a head as well is no head
	for i := range first[:min(len(first), searched)] {
		for rows := 1; rows <= 2 && i+rows <= len(first); rows++ {
			if rows == 2 && (first[i+1].Number != first[i].Number+1 || !onlyWords(first[i+1])) {
				continue
			}
			h, n := l.readHead(first[i : i+rows])
			if n > most {
				most, best, ok = n, h, true
				best.at, best.rows = i, rows
			}
		}
	}
	return best, ok
}

// onlyWords tells whether a row may be the second of a head: it has names and numbers of weeks, and no data.
func onlyWords(row table.Row) bool {
	for _, c := range row.Cells {
		if c.Kind == table.Date || c.Kind == table.Bool || c.Kind == table.Error {
			return false
		}
		if looksLikeNumber.MatchString(c.Text) && !week(c.Text) {
			return false
		}
	}
	return true
}

func week(s string) bool {
	n, err := strconv.Atoi(s)
	return err == nil && n >= 1 && n <= 20
}

// readHead reads rows as a head, and tells how many columns of the kind it has.
func (l *Layout) readHead(rows []table.Row) (h head, n int) {
	names := l.known()
	h.row, h.place = rows[0].Number, map[string]int{}
	wide := 0
	for _, r := range rows {
		wide = max(wide, len(r.Cells))
	}
	h.columns, h.heads = make([]*Column, wide), make([]string, wide)
	said := map[int][]int{} // which columns of the file say they are one of the kind
	above := ""
	for i := range wide {
		top := rows[0].Cell(i + 1).Text
		variants := []string{top}
		h.heads[i] = tidy(top)
		if len(rows) == 2 {
			bottom := rows[1].Cell(i + 1).Text
			spans := top == "" || top == above || i+1 < wide && (rows[0].Cell(i+2).Text == top || rows[0].Cell(i+2).Text == "" && rows[1].Cell(i+2).Text != "")
			if top == "" && bottom != "" {
				top = above // without merged cells, only the first of them is filled
			}
			above = top
			h.heads[i] = tidy(bottom)
			if top != bottom && top != "" {
				h.heads[i] = tidy(top + " / " + bottom)
			}
			variants = []string{top + " " + bottom, top, bottom}
			if spans {
				variants = []string{top + " " + bottom, bottom, top}
			}
			if bottom == "" {
				variants, h.heads[i] = []string{top}, tidy(top)
			}
		}
		h.folded += "|" + fold(h.heads[i])
		for _, v := range variants {
			if c, ok := names[fold(v)]; ok && fold(v) != "" {
				said[c] = append(said[c], i)
				break
			}
		}
	}
	long := said[l.index("control")] != nil && said[l.index("score")] != nil
	if !long && slices.ContainsFunc(l.Columns, func(c Column) bool { return c.Spread != "" && said[l.index(c.Name)] != nil }) {
		delete(said, l.index("control")) // of a mark beside those of each kind nobody knows what it is
		delete(said, l.index("score"))
	}
	for c := range l.Columns {
		column, at := &l.Columns[c], said[c]
		if column.Spread != "" && long {
			continue // «Экзамен» beside a column with the kind of control is something else
		}
		if len(at) > 1 && column.Spread != "" {
			at = totals(h.heads, at)
		}
		if len(at) == 0 {
			continue
		}
		n++
		if len(at) > 1 {
			var where []string
			for _, i := range at {
				where = append(where, letters(i))
			}
			h.twice = append(h.twice, doubled{h.heads[at[0]], strings.Join(where, ", ")})
		}
		h.columns[at[0]], h.place[column.Name] = column, at[0]
		h.wide = h.wide || column.Spread != ""
	}
	for i, c := range h.columns {
		if name := h.heads[i]; c == nil && fold(name) != "" && !week(name) && !week(name[strings.LastIndexByte(name, ' ')+1:]) && !slices.Contains(h.unread, name) {
			h.unread = append(h.unread, short(name))
		}
	}
	return h, n
}

// index is the place of a column of a name; -1: there is none.
func (l *Layout) index(name string) int {
	return slices.IndexFunc(l.Columns, func(c Column) bool { return c.Name == name })
}

// totals are those of several columns that sum up the others: a journal has ТК1 of each stream and ТК1 ОБЩ.
func totals(heads []string, at []int) []int {
	var sum []int
	for _, i := range at {
		if strings.Contains(fold(heads[i]), "общ") || strings.Contains(fold(heads[i]), "жалп") {
			sum = append(sum, i)
		}
	}
	if len(sum) == 1 {
		return sum
	}
	return at
}

// letters are those by which a spreadsheet calls a column, from 0.
func letters(i int) (s string) {
	for i++; i > 0; i = (i - 1) / 26 {
		s = string(rune('A'+(i-1)%26)) + s
	}
	return s
}

// requiredHeads are the columns that a file cannot do without.
func (l *Layout) requiredHeads() (all []string) {
	for _, c := range l.Columns {
		if c.Required || c.Key && c.Name == "student" {
			all = append(all, c.Name)
		}
	}
	return all
}

// filledFrom are columns whose values follow from those of others: any of them is enough.
var filledFrom = map[string][]string{
	"student":    {"iin", "name"},
	"group":      {"student", "iin", "name"},
	"discipline": {"title"},
}

// Must tells whether each row needs a value of a column, wherever it comes from.
func (l *Layout) Must(c *Column) bool {
	switch {
	case c.Required, c.Key && c.Name == "student", c.Key && c.Name == "control":
		return true
	case c.Key && c.Name == "discipline":
		title := l.Column("title")
		return title == nil || !title.Key
	}
	return false
}

// missing are the columns that are needed and come from nowhere.
func (l *Layout) missing(h head, titles Fields) (flaws []Flaw) {
	for i := range l.Columns {
		c := &l.Columns[i]
		_, there := h.place[c.Name]
		if there || titles[c.Name] != "" || !l.Must(c) || c.Name == "control" && h.wide {
			continue
		}
		filled := false
		for _, from := range filledFrom[c.Name] {
			_, there := h.place[from]
			ours := l.Column(from) != nil && !(c.Name == "group" && l.Column("student") == nil) && l.Kind != Roster
			filled = filled || ours && (there || titles[from] != "")
		}
		if !filled {
			flaws = append(flaws, Flaw{Row: h.row, Code: ColumnMissing, Column: c.Name, Value: short(strings.Join(c.Also, ", "))})
		}
	}
	if _, score := h.place["score"]; l.Column("control") != nil && !h.wide && !score {
		if _, letter := h.place["letter"]; !letter {
			flaws = append(flaws, Flaw{Row: h.row, Code: ColumnMissing, Column: "score", Value: short(strings.Join(l.Column("score").Also, ", "))})
		}
	}
	return flaws
}

var (
	yearInTitle = regexp.MustCompile(`(?:^|\D)(\d{4}) ?[-–—−/] ?(\d{4}|\d{2})(?:\D|$)`)
	termInTitle = regexp.MustCompile(`(?:^|[^\p{L}\d])([1-3]|I{1,3}|осенн\p{L}+|весенн\p{L}+|летн\p{L}+|күзгі|көктемгі|жазғы)(?:-?(?:й|м))?[ -]*семестр`)
	pairInTitle = regexp.MustCompile(`([^:;,\n]+):\s*([^:;\n]*?)\s*(?:;|\n|$|,\s*[^:;,\n]*:)`)
)

// title reads a row above the table, or one with a title between its rows: «Учебный год: 2026-2027». It
// tells whether that has said anything.
func (r *FileReader) title(row table.Row) (said bool) {
	cells := row.Cells
	before := ""
	for i := 0; i < len(cells); i++ {
		text := tidy(cells[i].Text)
		if text == "" || text == before {
			continue // merged
		}
		before = text
		if strings.HasSuffix(text, ":") && strings.Count(text, ":") == 1 {
			for j := i + 1; j < len(cells); j++ {
				if next := tidy(cells[j].Text); next != "" && next != text {
					said = r.say(strings.TrimSuffix(text, ":"), cells[j]) || said
					i = j
					break
				}
			}
			continue
		}
		said = r.pairs(text) || said
	}
	return said
}

// pairs reads names and values in one text.
func (r *FileReader) pairs(text string) (found bool) {
	for rest := text; rest != ""; {
		m := pairInTitle.FindStringSubmatchIndex(rest)
		if m == nil {
			break
		}
		found = r.say(rest[m[2]:m[3]], table.Cell{Text: rest[m[4]:m[5]], Kind: table.Text}) || found
		rest = strings.TrimLeft(rest[m[5]:], ",;\n ")
	}
	if found {
		return true
	}
	if m := yearInTitle.FindStringSubmatch(text); m != nil {
		found = r.say("year", table.Cell{Text: m[1] + "-" + m[2], Kind: table.Text})
	}
	if m := termInTitle.FindStringSubmatch(text); m != nil {
		found = r.say("semester", table.Cell{Text: m[1], Kind: table.Text}) || found
	}
	return found
}

// say takes a value for all rows below that have none of their own; ok is false when no column is called so.
func (r *FileReader) say(name string, cell table.Cell) (ok bool) {
	i, ok := r.l.known()[fold(name)]
	if !ok || r.l.Columns[i].Spread != "" || r.l.Columns[i].Name == "score" {
		return false
	}
	c := &r.l.Columns[i]
	v := ""
	code := Mistake("")
	if refers(c) {
		v = tidy(cell.Text)
	} else {
		v, code = c.Value(cell)
	}
	if code != "" || v == "" {
		return false
	}
	r.titles[c.Name] = v
	r.note(FromTitle, c.Name+": "+v, 1)
	return true
}

// refers tells whether a column names an employee: people write names there, too.
func refers(c *Column) bool {
	return c.Type == Number && (c.Name == "teacher" || c.Name == "examiner" || c.Name == "advisor")
}

// distinct is how many different texts stand in a row.
func distinct(row table.Row) (n int) {
	seen := map[string]bool{}
	for _, c := range row.Cells {
		if c.Kind != table.Empty && !seen[c.Text] {
			seen[c.Text] = true
			n++
		}
	}
	return n
}

// countsColumns tells whether a row numbers the columns: 1, 2, 3 …
func countsColumns(row table.Row) bool {
	n := 0
	for _, c := range row.Cells {
		if c.Kind == table.Empty {
			continue
		}
		n++
		if c.Text != strconv.Itoa(n) {
			return false
		}
	}
	return n > 2
}

// repeats tells whether a row is the head once more, as it is on each page.
func (r *FileReader) repeats(row table.Row) bool {
	n := 0
	for i, c := range row.Cells {
		if c.Kind == table.Empty || i >= len(r.head.heads) || r.head.columns[i] == nil {
			continue
		}
		n++
		f := fold(c.Text)
		if j, ok := r.l.known()[f]; f != fold(r.head.heads[i]) && !(ok && &r.l.Columns[j] == r.head.columns[i]) {
			return false
		}
	}
	return n > 1
}

// row reads a row as entries; data is false when it has none of the table.
func (r *FileReader) row(row table.Row) (got Got, data bool) {
	if !r.some && countsColumns(row) || r.repeats(row) {
		return got, false
	}
	if d := distinct(row); d == 0 {
		return got, false
	} else if d == 1 && len(r.head.place) > 2 && !r.identifies(row) {
		if !r.title(row) {
			r.note(LeftOut, "", 1)
		}
		return got, false
	}
	if !slices.ContainsFunc(r.head.columns, func(c *Column) bool { return c != nil && row.Cell(r.head.place[c.Name]+1).Kind != table.Empty }) {
		r.note(LeftOut, "", 1)
		return got, false
	}
	if row.Hidden {
		r.note(HiddenRows, "", 1)
	}
	got.Row = row.Number
	wrong := func(name string, code Mistake, value string) {
		head := name
		if i, ok := r.head.place[name]; ok {
			head = r.head.heads[i]
		}
		got.Flaws = append(got.Flaws, Flaw{Row: row.Number, Column: head, Code: code, Value: short(value)})
	}
	f := Fields{}
	for i, c := range r.head.columns {
		if c == nil {
			continue
		}
		cell := row.Cell(i + 1)
		if refers(c) && (cell.Kind == table.Text || cell.Kind == table.Number) && !cell.Lost && !cell.Cut {
			if v := tidy(cell.Text); strings.Trim(v, "-–— ") != "" {
				f[c.Name] = v
			}
			continue
		}
		v, code := r.value(c, cell)
		switch {
		case code != "":
			wrong(c.Name, code, v)
		case v != "":
			f[c.Name] = v
		}
	}
	if r.head.wide {
		r.carry(f)
	}
	for name, v := range r.titles {
		if f[name] == "" {
			f[name] = v
		}
	}
	if r.nothing(f) && len(got.Flaws) == 0 {
		return got, true // nothing is given yet
	}
	r.refer(f, wrong)
	r.together(f, wrong)
	flawed := func(name string) bool {
		i, ok := r.head.place[name]
		return slices.ContainsFunc(got.Flaws, func(w Flaw) bool { return w.Column == name || ok && w.Column == r.head.heads[i] })
	}
	for i := range r.l.Columns {
		c := &r.l.Columns[i]
		if f[c.Name] != "" || !r.l.Must(c) || c.Name == "control" && r.head.wide || flawed(c.Name) {
			continue
		}
		if filled := filledFrom[c.Name]; slices.ContainsFunc(got.Flaws, func(w Flaw) bool {
			return w.Column == c.Name || r.l.Kind != Roster && slices.ContainsFunc(filled, flawed)
		}) || c.Name == "group" && f["student"] == "" && len(got.Flaws) > 0 {
			continue // it is told already why
		}
		wrong(c.Name, Required, "")
	}
	if len(got.Flaws) > 0 {
		return got, true
	}
	got.Entries = r.entries(f)
	return got, true
}

// identifies tells whether the only thing in a row is a number of what the rows are about: then the rest is
// missing, and it is no title.
func (r *FileReader) identifies(row table.Row) bool {
	i := slices.IndexFunc(row.Cells, func(c table.Cell) bool { return c.Kind != table.Empty })
	if last := len(row.Cells) - 1; i < last && slices.ContainsFunc(row.Cells[i+1:], func(c table.Cell) bool { return c.Kind != table.Empty }) || i >= len(r.head.columns) {
		return false // merged
	}
	c := r.head.columns[i]
	return c != nil && (c.Type == Number || c.Type == IIN) && strings.ContainsAny(row.Cells[i].Text, "0123456789") && !strings.Contains(row.Cells[i].Text, ":")
}

// value reads a cell, and remembers what many rows have.
func (r *FileReader) value(c *Column, cell table.Cell) (string, Mistake) {
	if cell.Kind == table.Empty {
		return "", ""
	}
	if cell.Lost || cell.Cut || c.Type != Choice && c.Type != Term && c.Type != Years && c.Type != Date {
		v, code := c.Value(cell)
		if code == "" && (c.Type == Text || c.Type == Number) {
			v = strings.Clone(v) // the row is one piece of memory
		}
		return v, code
	}
	key := c.Name + "\x00" + string(rune(cell.Kind)) + cell.Text
	if m, ok := r.memo[key]; ok {
		return m.value, m.code
	}
	v, code := c.Value(cell)
	if len(r.memo) < 5000 {
		r.memo[strings.Clone(key)] = remembered{strings.Clone(v), code}
	}
	return v, code
}

// carry fills in the discipline in a journal in which a course takes several rows and only the first names it.
func (r *FileReader) carry(f Fields) {
	if r.l.Column("student") == nil {
		return
	}
	who := []string{"student", "iin", "name"}
	if slices.ContainsFunc(who, func(n string) bool { _, there := r.head.place[n]; return there }) {
		return // a row a student: what is missing there is missing
	}
	for _, name := range []string{"discipline", "title"} {
		if f["discipline"] == "" && f["title"] == "" && r.above[name] != "" {
			f[name] = r.above[name]
		}
	}
	r.above = Fields{"discipline": f["discipline"], "title": f["title"]}
}

// nothing tells whether a row of marks has none.
func (r *FileReader) nothing(f Fields) bool {
	if r.l.Column("score") == nil || r.l.Column("control") == nil {
		return false
	}
	for i := range r.l.Columns {
		if c := &r.l.Columns[i]; (c.Spread != "" || c.Name == "score" || c.Name == "letter") && f[c.Name] != "" {
			return false
		}
	}
	return true
}

// refer puts the numbers of students, disciplines and employees in the place of what else they are called.
func (r *FileReader) refer(f Fields, wrong func(name string, code Mistake, value string)) {
	if r.l.Column("group") != nil && f["group"] != "" && r.l.Kind != Groups && r.l.Kind != Roster {
		if known := r.d.groups[f["group"]]; known != "" {
			f["group"] = known
		} else if known := r.d.groups[spelling(f["group"])]; known != "" {
			f["group"] = known
		}
	}
	if r.l.Column("student") != nil && r.l.Kind != Roster {
		if f["student"] != "" || f["iin"] != "" || f["name"] != "" || r.readable("student") {
			number, code := r.d.student(f["student"], f["iin"], f["name"], f["group"])
			if code != "" {
				by := "student"
				for _, n := range []string{"name", "iin", "student"} {
					if f[n] != "" {
						by = n
					}
				}
				if code == OtherStudent {
					by = "iin"
				}
				wrong(by, code, f[by])
			}
			f["student"] = number
			if r.l.Column("group") != nil && f["group"] == "" && number != "" {
				f["group"] = r.d.students[number]
			}
		}
		delete(f, "iin") // the roster has them
		delete(f, "name")
	}
	if c := r.l.Column("discipline"); c != nil && r.l.Kind != Disciplines && r.l.Must(c) {
		if f["discipline"] != "" || f["title"] != "" {
			code, w := r.d.discipline(f["discipline"], f["title"])
			if w != "" {
				wrong("title", w, f["title"])
			}
			f["discipline"] = code
		}
	}
	for i := range r.l.Columns {
		c := &r.l.Columns[i]
		if !refers(c) || f[c.Name] == "" {
			continue
		}
		number, ok := r.d.employee(f[c.Name])
		switch {
		case ok:
			f[c.Name] = number
		case c.Required:
			wrong(c.Name, UnknownEmployee, f[c.Name])
			delete(f, c.Name)
		default:
			r.note(UnknownPeople, short(f[c.Name]), 1)
			delete(f, c.Name)
		}
	}
	for name, v := range f {
		if v == "" {
			delete(f, name)
		}
	}
}

// readable tells whether the file has a column.
func (r *FileReader) readable(name string) bool {
	_, ok := r.head.place[name]
	return ok
}

// together looks at values that belong together: a day and its hour, a beginning and an end.
func (r *FileReader) together(f Fields, wrong func(name string, code Mistake, value string)) {
	if r.l.Kind == Exams && f["time"] != "" {
		hour, ok := f["time"], true
		if _, after, iso := strings.Cut(hour, "T"); iso {
			hour = after
		}
		if hour, ok = readClock(hour); !ok {
			wrong("time", BadTime, f["time"])
		} else if f["at"] != "" {
			day, _, _ := strings.Cut(f["at"], "T")
			f["at"] = day + "T" + hour
		}
		delete(f, "time")
	}
	from, until := f["from"], f["until"]
	if c := r.l.Column("until"); c != nil && from != "" && until != "" && until < from {
		wrong("until", EndsBefore, until)
	}
}

// entries are what a row without flaws says.
func (r *FileReader) entries(f Fields) (all []Entry) {
	if !r.head.wide {
		return []Entry{EntryOf(r.l.Kind, f)}
	}
	shared := Fields{}
	for name, v := range f {
		if c := r.l.Column(name); c.Spread == "" && name != "score" && name != "letter" && name != "control" {
			shared[name] = v
		}
	}
	for i := range r.l.Columns {
		c := &r.l.Columns[i]
		final := c.Spread == "final" && f["letter"] != ""
		if c.Spread == "" || f[c.Name] == "" && !final {
			continue
		}
		g := Fields{"control": c.Spread}
		for name, v := range shared {
			g[name] = v
		}
		if f[c.Name] != "" {
			g["score"] = f[c.Name]
		}
		if final {
			g["letter"] = f["letter"]
		}
		all = append(all, EntryOf(r.l.Kind, g))
	}
	return all
}

// shortest is how much of a value is shown with what is wrong with it.
const shown = 80

func short(s string) string {
	s = tidy(s)
	if utf8.RuneCountInString(s) <= shown {
		return s
	}
	return string([]rune(s)[:shown-1]) + "…"
}

// Guess tells which kinds of import a table may be, by its head, the likeliest first.
func Guess(rows Rows) (kinds []Kind, err error) {
	first, err := beginning(rows)
	if err != nil && err != io.EOF && len(first) == 0 {
		return nil, err
	}
	type guess struct {
		kind                     Kind
		missing, unread, matched int
	}
	var all []guess
	for i := range Layouts {
		l := &Layouts[i]
		h, ok := l.findHead(first)
		if !ok {
			continue
		}
		r := Read(l, rows, NewDirectory())
		for _, row := range first[:h.at] {
			r.title(row)
		}
		all = append(all, guess{l.Kind, len(l.missing(h, r.titles)), len(h.unread), len(h.place)})
	}
	slices.SortStableFunc(all, func(a, b guess) int {
		return cmp.Or(cmp.Compare(a.missing, b.missing), cmp.Compare(a.unread, b.unread), cmp.Compare(b.matched, a.matched))
	})
	for _, g := range all {
		if g.missing == 0 && 2*g.matched >= all[0].matched {
			kinds = append(kinds, g.kind)
		}
	}
	return kinds, nil
}
