package handlers

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/documents"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
	"alt.edu.kz/dauys/registrar"
)

// How an examination session went: for administration, the office that keeps the record, and those that see
// the figures of all. It is counted apart from the turn that asks, over the whole record, one student at a
// time, and sent when it is ready. Nobody's name or mark is in it.

// Wholes are all entries of a kind, some of them in memory at a time.
type Wholes interface {
	EachRecord(ctx context.Context, k registrar.Kind, do func(registrar.Entry) error) error
	EachOwner(ctx context.Context, k registrar.Kind, do func(owner string, all []registrar.Entry) error) error
}

const (
	madeLongest  = 15 * time.Minute       // of making something apart
	madeAtOnce   = 300 * time.Millisecond // what is ready by then is sent at once
	weakest      = 5                      // disciplines named in the message
	fewestInWeak = 20                     // students of such a discipline
)

// sessionFor is the body of a dauys.SessionFigures notice.
type sessionFor struct {
	Year     string        `json:"year"`
	Semester int           `json:"semester"`
	Lang     dauys.Lang    `json:"lang"`
	By       dauys.Address `json:"by"` // empty: it is for an office, by the schedule
}

func (f sessionFor) span() registrar.Span { return registrar.Span{Year: f.Year, Semester: f.Semester} }

// sessionForm is a year, or the first of the two of an academic year, and a semester.
var sessionForm = regexp.MustCompile(`^(20\d\d)(?:\s*[-–—/]\s*(\d\d(?:\d\d)?))?(?:[\s,]+([123])\D*)?$`)

// readSession reads what stands behind the command.
func readSession(arg string) (in registrar.Span, ok bool) {
	m := sessionForm.FindStringSubmatch(strings.TrimSpace(arg))
	if m == nil {
		return in, false
	}
	first, _ := strconv.Atoi(m[1])
	if m[2] != "" {
		if second, _ := strconv.Atoi(m[2]); second%100 != (first+1)%100 {
			return in, false
		}
	}
	in.Year = fmt.Sprintf("%d-%d", first, first+1)
	in.Semester, _ = strconv.Atoi(m[3])
	return in, true
}

// lastSession is the semester whose exams have begun last by the academic calendar; zero: it says none.
func (h *Handlers) lastSession(ctx context.Context) (in registrar.Span, err error) {
	all, err := h.Storage.Records(ctx, registrar.Calendar, "")
	if err != nil {
		return in, fmt.Errorf("academic calendar: %w", err)
	}
	var began time.Time
	for _, e := range all {
		if from := e.Fields.Time("from", h.University.Calendar.Zone()); e.Fields["event"] == "exams" && from.After(began) && !from.After(h.Now()) {
			began, in = from, registrar.Span{Year: e.Fields["year"], Semester: e.Fields.Int("semester")}
		}
	}
	return in, nil
}

// seesSessions tells whether somebody may have the figures of sessions, whatever chat they are in.
func (h *Handlers) seesSessions(ctx context.Context, who dauys.Address) (bool, error) {
	r, err := h.reader(ctx, who)
	if err != nil || r.Is(registrar.Administration) || r.Is(registrar.TheRegistrar) {
		return err == nil, err
	}
	rights, err := h.Storage.StaffOf(ctx, who, h.Now())
	if err != nil {
		return false, fmt.Errorf("rights: %w", err)
	}
	return slices.ContainsFunc(rights, func(s dauys.Staff) bool { return h.seesAll(s.Office) && s.Active(h.Now()) }), nil
}

// ownSession is /session in somebody's own chat. To who may not have it there is no such command.
func (h *Handlers) ownSession(ctx context.Context, t *Turn) error {
	sees, err := h.seesSessions(ctx, t.From)
	if err != nil {
		return err
	}
	if !sees {
		return h.resume(t, locales.UnknownCommand())
	}
	line, notes, err := h.session(ctx, t.Input, t.Lang())
	if err != nil {
		return err
	}
	if err := h.Storage.Notify(ctx, notes...); err != nil {
		return fmt.Errorf("ask for the figures of a session: %w", err)
	}
	t.Told = true
	t.Say(ask.Reply{Text: h.Book.Say(t.Lang(), line)})
	return nil
}

// officeSession is the same in the chat of an office.
func (h *Handlers) officeSession(ctx context.Context, in Input) error {
	o, ok, err := h.officeHere(ctx, in.Chat, func(o dauys.Office) bool {
		return slices.Contains(o.Powers, dauys.Figures) || slices.Contains(o.Powers, dauys.Registry)
	})
	if !ok || err != nil {
		return err
	}
	if no, err := h.unserved(ctx, in, o.ID); err != nil {
		return err
	} else if no != nil {
		return h.tellChat(ctx, in, *no)
	}
	l := h.chatLang(ctx, in)
	line, notes, err := h.session(ctx, in, l)
	if err != nil {
		return err
	}
	return h.Storage.Notify(ctx, append([]dauys.Notification{ready(in, ask.Reply{To: in.Message, Text: h.Book.Say(l, line)})}, notes...)...)
}

// session is what is answered at once, and the notice that is worked out apart.
func (h *Handlers) session(ctx context.Context, in Input, l dauys.Lang) (ask.Line, []dauys.Notification, error) {
	span, ok := readSession(in.Arg)
	if strings.TrimSpace(in.Arg) == "" {
		var err error
		if span, err = h.lastSession(ctx); err != nil {
			return ask.Line{}, nil, err
		}
		ok = span.Year != ""
	}
	switch {
	case h.University.Academic == nil:
		return locales.SessionNoRules(), nil, nil
	case !ok:
		return locales.SessionHow(), nil, nil
	}
	body, _ := json.Marshal(sessionFor{span.Year, span.Semester, l, in.From}) // strings and a number: cannot fail
	n := dauys.Notification{Key: "session/" + in.Update, What: dauys.SessionFigures, To: in.Chat, Body: string(body), Direct: true}
	h.Log.Info("figures of a session asked for", "update", in.Update)
	return locales.SessionMaking(sessionName(span)), []dauys.Notification{n}, nil
}

// sessionName is a span in words.
func sessionName(in registrar.Span) ask.Line { return locales.SessionSpan(in.Year, in.Semester) }

// making is something that is made apart from what asks for it.
type making struct {
	done    chan struct{}
	replies []ask.Reply
	err     error
}

// makings are those on their way, by the key of the notice that waits for them.
type makings struct {
	mu  sync.Mutex
	one sync.Mutex // held by the one that is made: they come one after the other
	all map[string]*making
}

// apart makes the messages of a notice while other notices go on: the first time it is asked for it begins,
// and until it is done there is nothing yet. The notice is in the outbox all the while, so that another
// process begins anew when this one ends.
func (h *Handlers) apart(ctx context.Context, key string, do func(context.Context) ([]ask.Reply, error)) ([]ask.Reply, error) {
	h.making.mu.Lock()
	m := h.making.all[key]
	if m == nil {
		m = &making{done: make(chan struct{})}
		if h.making.all == nil {
			h.making.all = map[string]*making{}
		}
		h.making.all[key] = m
		go func() {
			defer close(m.done)
			h.making.one.Lock()
			defer h.making.one.Unlock()
			long, cancel := context.WithTimeout(ctx, madeLongest)
			defer cancel()
			m.err = Guarded(func() (err error) {
				m.replies, err = do(long)
				return err
			})
		}()
	}
	h.making.mu.Unlock()
	wait := time.NewTimer(madeAtOnce)
	defer wait.Stop()
	select {
	case <-m.done:
	case <-ctx.Done():
		return nil, ErrNotYet
	case <-wait.C:
		return nil, ErrNotYet
	}
	h.making.mu.Lock()
	delete(h.making.all, key)
	h.making.mu.Unlock()
	return m.replies, m.err
}

// sessionNotice are the figures that somebody has asked for, if they still may have them.
func (h *Handlers) sessionNotice(ctx context.Context, n dauys.Notification) ([]ask.Reply, error) {
	var f sessionFor
	if err := json.Unmarshal([]byte(n.Body), &f); err != nil {
		return nil, fmt.Errorf("notice %s: %w", n.Key, err)
	}
	return h.apart(ctx, n.Key, func(ctx context.Context) ([]ask.Reply, error) {
		sees, err := h.hasSessions(n.Office), error(nil)
		if f.By != "" { // somebody has asked
			sees, err = h.seesSessions(ctx, f.By)
		}
		if err != nil {
			return nil, err
		}
		if !sees && f.By == "" {
			return nil, nil
		}
		if !sees {
			return []ask.Reply{{Text: h.Book.Say(f.Lang, locales.NotStaff())}}, nil
		}
		sum, err := h.SessionSummary(ctx, f.span())
		if err != nil {
			return nil, fmt.Errorf("notice %s: %w", n.Key, err)
		}
		if sum.Whole.Results == 0 && f.By == "" {
			return nil, nil
		}
		if sum.Whole.Results == 0 {
			return []ask.Reply{{Text: h.Book.Say(f.Lang, locales.SessionNone(sessionName(f.span())))}}, nil
		}
		return h.sessionReplies(ctx, n.Key, f.Lang, sum)
	})
}

// SessionSummary counts a session over the whole record. Of it only where each student studies and the
// catalogue are in memory, and the marks of a few students at a time.
func (h *Handlers) SessionSummary(ctx context.Context, in registrar.Span) (sum registrar.Summary, err error) {
	places, catalogue := map[string]registrar.Place{}, map[string]registrar.Fields{}
	err = h.Storage.EachRecord(ctx, registrar.Roster, func(e registrar.Entry) error {
		places[e.Owner] = registrar.PlaceOf(e.Fields)
		return nil
	})
	if err != nil {
		return sum, fmt.Errorf("where students study: %w", err)
	}
	err = h.Storage.EachRecord(ctx, registrar.Disciplines, func(e registrar.Entry) error {
		catalogue[e.Fields["discipline"]] = e.Fields
		return nil
	})
	if err != nil {
		return sum, fmt.Errorf("catalogue: %w", err)
	}
	count := registrar.NewSession(h.University.Academic, in)
	err = h.Storage.EachOwner(ctx, registrar.Marks, func(owner string, marks []registrar.Entry) error {
		count.Add(places[owner], marks, catalogue)
		return nil
	})
	if err != nil {
		return sum, fmt.Errorf("marks of all students: %w", err)
	}
	return count.Sum(fewestFigure), nil
}

// sessionReplies are the figures in words, as a picture, and as a table.
func (h *Handlers) sessionReplies(ctx context.Context, key string, l dauys.Lang, sum registrar.Summary) ([]ask.Reply, error) {
	replies := []ask.Reply{{Text: h.sessionWords(l, sum)}}
	if sum.Whole.Hidden {
		return replies, nil
	}
	picture, err := h.sessionPicture(l, sum)
	if err != nil {
		return nil, err
	}
	table, err := h.sessionTable(l, sum)
	if err != nil {
		return nil, err
	}
	name := h.Book.Plain(l, locales.SessionFile(sessionName(sum.In)))
	id := documents.Hash([]byte(key))[:sheetDigits]
	for _, b := range []dauys.Blob{
		{ID: "session-picture-" + id, Name: name + ".png", MIME: "image/png", Data: picture, At: h.Now()},
		{ID: "session-table-" + id, Name: name + ".xlsx", MIME: sheetMIME, Data: table, At: h.Now()},
	} {
		if err := h.Storage.PutBlob(ctx, b); err != nil {
			return nil, fmt.Errorf("keep the figures of a session: %w", err)
		}
		file := Document(b, h.Book.Say(l, locales.SessionTable()))
		if b.MIME != sheetMIME {
			file = Picture(b, h.Book.Say(l, locales.FiguresCaption()))
		}
		replies = append(replies, ask.Reply{Files: []ask.File{file}})
	}
	return replies, nil
}

// instituteCalled is an institute as the record names it, in a language if the structure file knows it.
func (h *Handlers) instituteCalled(l dauys.Lang, name string) string {
	for _, i := range h.University.Institutes {
		if i.ID == name || slices.ContainsFunc(dauys.Langs, func(l dauys.Lang) bool { return i.Names[l] == name }) {
			return i.Names.In(l)
		}
	}
	return cmp.Or(name, noFigure)
}

func (h *Handlers) sessionWords(l dauys.Lang, sum registrar.Summary) string {
	head := h.Book.Say(l, locales.SessionHead(sessionName(sum.In)))
	if sum.Whole.Hidden {
		return head + "\n\n" + h.Book.Say(l, locales.SessionFew(fewestFigure))
	}
	few := false
	parts := []string{head, h.close(l, locales.SessionWhole(sum.Whole.Figures)...)}
	lines := []ask.Line{locales.SessionInstitutes()}
	for _, s := range sum.Institutes {
		if few = few || s.Hidden; !s.Hidden {
			lines = append(lines, locales.SessionRow(h.instituteCalled(l, s.Name), s.Figures))
		}
	}
	if len(lines) > 1 {
		parts = append(parts, h.close(l, lines...))
	}
	lines = []ask.Line{locales.SessionBands()}
	for i, b := range sum.Bands {
		to := h.University.Academic.Best()
		if i+1 < len(sum.Bands) {
			to = sum.Bands[i+1].From - 1
		}
		lines = append(lines, locales.SessionBand(b.From, to, b.N, b.Hidden))
		few = few || b.Hidden
	}
	if slices.ContainsFunc(sum.Bands, func(b registrar.Band) bool { return b.N > 0 }) {
		parts = append(parts, h.close(l, lines...))
	}
	lines = []ask.Line{locales.SessionWeak()}
	for _, d := range weak(sum.Disciplines) {
		lines = append(lines, locales.SessionRow(disciplineCalled(l, d), d.Figures))
	}
	if len(lines) > 1 {
		parts = append(parts, h.close(l, lines...))
	}
	if few {
		parts = append(parts, h.Book.Say(l, locales.SessionHides(fewestFigure)))
	}
	return strings.Join(parts, "\n\n")
}

func disciplineCalled(l dauys.Lang, s registrar.Section) string {
	return cmp.Or(s.Titles[l], s.Title, s.Name, noFigure)
}

// weak are the disciplines that many take and fewest pass, as long as not all pass them.
func weak(all []registrar.Section) []registrar.Section {
	all = slices.DeleteFunc(slices.Clone(all), func(s registrar.Section) bool {
		return s.Hidden || s.Students < fewestInWeak || s.Debts == 0
	})
	slices.SortStableFunc(all, func(a, b registrar.Section) int {
		return cmp.Or(cmp.Compare(a.Passed*b.Progress().Of, b.Passed*a.Progress().Of), cmp.Compare(b.Debts, a.Debts), cmp.Compare(a.Name, b.Name))
	})
	return all[:min(len(all), weakest)]
}

// sessionPicture are the figures as they are seen at once on a phone: the whole, and the programmes that do
// worst beside each other.
func (h *Handlers) sessionPicture(l dauys.Lang, sum registrar.Summary) ([]byte, error) {
	plain := func(line ask.Line) string { return h.Book.Plain(l, line) }
	w := sum.Whole
	tiles := []documents.Tile{
		{Value: strconv.Itoa(w.Students), Word: plain(locales.SessionColumn("students"))},
		{Value: plain(locales.Percent(w.Progress())), Word: plain(locales.SessionColumn("progress"))},
		{Value: plain(locales.Percent(w.Quality())), Word: plain(locales.SessionColumn("quality"))},
		{Value: strconv.Itoa(w.Debtors), Word: plain(locales.SessionColumn("debtors")), Alarm: w.Debtors > 0},
	}
	if n, ok := w.Average(); ok {
		tiles = append(tiles, documents.Tile{Value: plain(locales.SessionNumber(n)), Word: plain(locales.SessionColumn("average"))})
	}
	c := documents.Chart{Title: plain(locales.SessionPicture()), Under: []string{plain(sessionName(sum.In))}, Tiles: tiles,
		Bars: documents.Bars{Title: plain(locales.SessionProgrammes()), Names: [2]string{plain(locales.SessionColumn("quality")), plain(locales.SessionColumn("progress"))}}}
	all := slices.DeleteFunc(slices.Clone(sum.Programmes), func(s registrar.Section) bool { return s.Hidden || s.Progress().Of == 0 })
	slices.SortStableFunc(all, func(a, b registrar.Section) int { return cmp.Compare(a.Progress().Percent(), b.Progress().Percent()) })
	for _, s := range all[:min(len(all), mostBars)] {
		quality, progress := s.Quality(), s.Progress()
		c.Bars.Lines = append(c.Bars.Lines, documents.Bar{Name: strings.TrimSpace(s.Name + " " + s.Title), Numbers: [2]float64{float64(quality.Percent()), float64(progress.Percent())},
			Words: plain(locales.Percent(quality)) + " / " + plain(locales.Percent(progress))})
	}
	if left := len(all) - mostBars; left > 0 {
		c.Foot = plain(locales.SessionMore(left))
	}
	data, err := c.PNG()
	if err != nil {
		return nil, fmt.Errorf("draw the figures of a session: %w", err)
	}
	return data, nil
}

// sessionColumns are the columns of figures, and what of them each shows.
var sessionColumns = []struct {
	name  string
	form  documents.Form
	value func(registrar.Figures) any
}{
	{"students", documents.ACount, func(f registrar.Figures) any { return f.Students }},
	{"done", documents.ACount, func(f registrar.Figures) any { return f.Done }},
	{"debtors", documents.ACount, func(f registrar.Figures) any { return f.Debtors }},
	{"results", documents.ACount, func(f registrar.Figures) any { return f.Results }},
	{"admitted", documents.ACount, func(f registrar.Figures) any { return f.Admitted }},
	{"took", documents.ACount, func(f registrar.Figures) any { return f.Took }},
	{"passed", documents.ACount, func(f registrar.Figures) any { return f.Passed }},
	{"good", documents.ACount, func(f registrar.Figures) any { return f.Good }},
	{"average", documents.ANumber, func(f registrar.Figures) any {
		n, ok := f.Average()
		if !ok {
			return ""
		}
		return float64(n) / 100
	}},
	{"progress", documents.ANumber, func(f registrar.Figures) any { return share(f.Progress()) }},
	{"quality", documents.ANumber, func(f registrar.Figures) any { return share(f.Quality()) }},
	{"debts", documents.ACount, func(f registrar.Figures) any { return f.Debts }},
	{"fx", documents.ACount, func(f registrar.Figures) any { return f.FX }},
	{"f", documents.ACount, func(f registrar.Figures) any { return f.F }},
	{"open", documents.ACount, func(f registrar.Figures) any { return f.Open }},
}

// share is a share in percent with two places; empty of nothing.
func share(s dauys.Share) any {
	if s.Of == 0 {
		return ""
	}
	return float64((2*10000*s.Part+s.Of)/(2*s.Of)) / 100
}

// sessionSheets are the sheets, and the columns that stand before the figures.
var sessionSheets = []struct {
	name  string
	of    func(registrar.Summary) []registrar.Section
	names []string
	named func(h *Handlers, l dauys.Lang, s registrar.Section) []any
}{
	{"whole", func(s registrar.Summary) []registrar.Section { return []registrar.Section{s.Whole} }, nil,
		func(*Handlers, dauys.Lang, registrar.Section) []any { return nil }},
	{"institutes", func(s registrar.Summary) []registrar.Section { return s.Institutes }, []string{"institute"},
		func(h *Handlers, l dauys.Lang, s registrar.Section) []any {
			return []any{h.instituteCalled(l, s.Name)}
		}},
	{"programmes", func(s registrar.Summary) []registrar.Section { return s.Programmes }, []string{"institute", "programme", "title"},
		func(h *Handlers, l dauys.Lang, s registrar.Section) []any {
			return []any{h.instituteCalled(l, s.In.Institute), s.Name, s.Title}
		}},
	{"courses", func(s registrar.Summary) []registrar.Section { return s.Courses }, []string{"institute", "programme", "course"},
		func(h *Handlers, l dauys.Lang, s registrar.Section) []any {
			return []any{h.instituteCalled(l, s.In.Institute), s.In.Programme, s.Name}
		}},
	{"groups", func(s registrar.Summary) []registrar.Section { return s.Groups }, []string{"institute", "programme", "course", "group"},
		func(h *Handlers, l dauys.Lang, s registrar.Section) []any {
			return []any{h.instituteCalled(l, s.In.Institute), s.In.Programme, s.In.Course, s.Name}
		}},
	{"disciplines", func(s registrar.Summary) []registrar.Section { return s.Disciplines }, []string{"discipline", "title"},
		func(_ *Handlers, l dauys.Lang, s registrar.Section) []any {
			return []any{s.Name, disciplineCalled(l, s)}
		}},
}

// sessionTable are the figures as a spreadsheet: a sheet for each way of dividing the university.
func (h *Handlers) sessionTable(l dauys.Lang, sum registrar.Summary) ([]byte, error) {
	plain := func(line ask.Line) string { return h.Book.Plain(l, line) }
	zone := h.University.Calendar.Zone()
	var book documents.Book
	for _, sheet := range sessionSheets {
		j := documents.Journal{Made: h.Now(), Zone: zone, Name: plain(locales.SessionSheet(sheet.name))}
		for _, name := range sheet.names {
			j.Headings = append(j.Headings, documents.Heading{Word: plain(locales.SessionColumn(name)), Form: documents.InWords, Width: 26})
		}
		for _, c := range sessionColumns {
			j.Headings = append(j.Headings, documents.Heading{Word: plain(locales.SessionColumn(c.name)), Form: c.form, Width: 14})
		}
		j.Rows = func(yield func([]any, error) bool) {
			for _, s := range sheet.of(sum) {
				row := sheet.named(h, l, s)
				for _, c := range sessionColumns {
					if s.Hidden {
						row = append(row, noFigure)
						continue
					}
					row = append(row, c.value(s.Figures))
				}
				if !yield(row, nil) {
					return
				}
			}
		}
		book = append(book, j)
	}
	book = append(book,
		documents.Journal{Zone: zone, Name: plain(locales.SessionSheet("gpa")), Headings: []documents.Heading{
			{Word: plain(locales.SessionColumn("from")), Form: documents.ANumber, Width: 14}, {Word: plain(locales.SessionColumn("students")), Form: documents.ACount, Width: 14}},
			Rows: func(yield func([]any, error) bool) {
				for _, b := range sum.Bands {
					row := []any{float64(b.From) / 100, b.N}
					if b.Hidden {
						row[1] = noFigure
					}
					if !yield(row, nil) {
						return
					}
				}
			}},
		documents.Journal{Zone: zone, Name: plain(locales.SessionSheet("notes")), Headings: []documents.Heading{{Word: plain(sessionName(sum.In)), Form: documents.InWords, Width: 110}},
			Rows: rowsOfLines(plain, locales.SessionNotes(fewestFigure)...)})
	file, err := book.Bytes()
	if err != nil {
		return nil, fmt.Errorf("table of a session: %w", err)
	}
	return file, nil
}

// rowsOfLines are sentences below each other.
func rowsOfLines(plain func(ask.Line) string, lines ...ask.Line) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		for _, line := range lines {
			if !yield([]any{plain(line)}, nil) {
				return
			}
		}
	}
}
