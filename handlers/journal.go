package handlers

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"regexp"
	"slices"
	"strings"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/documents"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
)

// Journals are cases in the order in which they came.
type Journals interface {
	// Journal lists some cases that were filed in a span of time: those after the one with a number,
	// or the first ones.
	Journal(ctx context.Context, from, to time.Time, after string, limit int) ([]*dauys.Case, error)
}

const (
	journalPage = 500    // cases at a look
	mostJournal = 30_000 // cases in a journal: while it is written, who wrote with the same batch of updates waits
)

// query is which cases stand in a journal.
type query struct {
	from, to time.Time // days, both counted
	words    []string  // that chose among them, as they were written
	filters  []filter
}

// filter is what one of the words chooses.
type filter struct {
	fits func(*dauys.Case) bool
	part dauys.Part // how much of a case it looks at
}

// end is the first moment that is not counted.
func (q query) end() time.Time { return q.to.AddDate(0, 0, 1) }

// takes tells whether a case stands in the journal, of which so much may be seen. What may not be seen
// does not choose it either: that it is there would say as much.
func (q query) takes(c *dauys.Case, part dauys.Part) bool {
	return !slices.ContainsFunc(q.filters, func(f filter) bool { return f.part > part || !f.fits(c) })
}

// journalStates are words that choose by where a case stands.
var journalStates = []struct {
	word string
	is   func(*dauys.Case, time.Time) bool
}{
	{"open", func(c *dauys.Case, _ time.Time) bool { return !c.Status.Final() }},
	{"closed", func(c *dauys.Case, _ time.Time) bool { return c.Status.Final() }},
	{"overdue", func(c *dauys.Case, now time.Time) bool { return c.Late(now) }},
	{"redirected", func(c *dauys.Case, _ time.Time) bool { return len(c.Referrals()) > 0 }},
}

// journalPeriods are the buttons, and the span of each at a day.
var journalPeriods = []struct {
	name string
	span func(y int, m time.Month) (from, to time.Time)
}{
	{"month", func(y int, m time.Month) (from, to time.Time) { return first(y, m), first(y, m+1) }},
	{"last", func(y int, m time.Month) (from, to time.Time) { return first(y, m-1), first(y, m) }},
	{"year", func(y int, m time.Month) (from, to time.Time) { return first(y, 1), first(y+1, 1) }},
}

func first(y int, m time.Month) time.Time { return time.Date(y, m, 1, 0, 0, 0, 0, time.UTC) }

// dayWritten is a day as [Handlers.date] reads it; daySpan are two of them, however they stand together.
const dayWritten = `\d{4}-\d{1,2}-\d{1,2}|\d{1,2}\.\d{1,2}\.\d{4}`

var daySpan = regexp.MustCompile(`^\s*(` + dayWritten + `)(?:\s*(?:\.{2,}|…|–|—|-)\s*|\s+)(` + dayWritten + `)(?:\s+|$)`)

// daysTyped reads two days that stand together at the beginning of what was typed; the rest comes back.
// Not ok: they are no days.
func (h *Handlers) daysTyped(arg string) (from, to time.Time, rest string, ok bool) {
	m := daySpan.FindStringSubmatch(arg)
	if m == nil {
		return from, to, "", false
	}
	from, first := h.date(m[1])
	to, second := h.date(m[2])
	return from, to, arg[len(m[0]):], first && second
}

// journalQuery reads what stands behind the command. Wrong is a sentence that shows how to write it.
func (h *Handlers) journalQuery(arg string) (q query, wrong *ask.Line) {
	refuse := func(line ask.Line) (query, *ask.Line) { return query{}, &line }
	from, to, rest, ok := h.daysTyped(arg)
	switch {
	case !ok:
		return refuse(locales.JournalDates())
	case to.Before(from):
		return refuse(locales.JournalOrder())
	}
	q = query{from: from, to: to}
	for word := range strings.FieldsSeq(rest) {
		f, ok := h.journalFilter(word)
		if !ok {
			return refuse(locales.JournalUnknown(locales.Shorten(word, 40)))
		}
		q.words, q.filters = append(q.words, word), append(q.filters, f)
	}
	return q, nil
}

// journalFilter is what a word chooses: where a case stands, a series, a scheme, the office that has
// it now. A word that is the name of a scheme and of an office chooses both.
func (h *Handlers) journalFilter(word string) (f filter, ok bool) {
	now := h.Now()
	for _, state := range journalStates {
		for _, l := range dauys.Langs {
			for synonym := range strings.SplitSeq(h.Book.Plain(l, locales.JournalWords(state.word)), ";") {
				if locales.Fold(synonym) == locales.Fold(word) {
					return filter{func(c *dauys.Case) bool { return state.is(c, now) }, dauys.ItsWay}, true
				}
			}
		}
	}
	u, series, id := h.University, strings.ToUpper(word), strings.ToLower(word)
	if slices.ContainsFunc(u.Schemes, func(s dauys.Scheme) bool { return s.Series == series }) {
		return filter{func(c *dauys.Case) bool { return c.Series == series }, dauys.ItsNumber}, true // which begins with it
	}
	_, scheme := u.Scheme(id)
	_, office := u.Office(dauys.OfficeID(id))
	_, person := u.Persons[id]
	kind := person || slices.ContainsFunc(u.Offices, func(o dauys.Office) bool { return o.ID.Kind() == dauys.OfficeID(id) })
	return filter{func(c *dauys.Case) bool {
		return scheme && c.Scheme == id || office && c.Office() == dauys.OfficeID(id) || kind && c.Office().Kind() == dauys.OfficeID(id)
	}, dauys.ItsWay}, scheme || office || kind
}

// officeJournal is /journal in the chat of an office that may have it, or a button with a period there.
func (h *Handlers) officeJournal(ctx context.Context, in Input) error {
	o, ok, err := h.officeWith(ctx, in.Chat, dauys.Export)
	if !ok || err != nil {
		return err
	}
	if err := h.welcome(ctx, in, o.ID); err != nil {
		return err
	}
	l := h.chatLang(ctx, in)
	var r ask.Reply
	if in.Hidden {
		r.Text = h.Book.Say(l, locales.ShowYourself())
	} else {
		rights, err := h.Storage.StaffOf(ctx, in.From, h.Now())
		if err != nil {
			return fmt.Errorf("rights: %w", err)
		}
		if r, err = h.journal(ctx, in, l, rights); err != nil {
			return err
		}
	}
	r.To = in.Message
	return h.Storage.Notify(ctx, ready(in, r))
}

// ownJournal is the same in somebody's own chat. To who may not have it there is no such command.
func (h *Handlers) ownJournal(ctx context.Context, t *Turn) error {
	rights, err := h.Storage.StaffOf(ctx, t.From, h.Now())
	if err != nil {
		return fmt.Errorf("rights: %w", err)
	}
	if !h.University.MayExport(t.From, rights, h.Admins, h.Now()) {
		return h.resume(t, locales.UnknownCommand())
	}
	r, err := h.journal(ctx, t.Input, t.Lang(), rights)
	if err != nil {
		return err
	}
	t.Told = true
	if r.Text != "" {
		t.Say(r)
	}
	return nil
}

// journalArg is what somebody asks for: the words behind the command, or the days of the period on a
// button, j:PERIOD.
func (h *Handlers) journalArg(in Input) string {
	_, pressed, _ := strings.Cut(in.Press, ":")
	for _, p := range journalPeriods {
		if p.name == pressed {
			today := h.Now().In(h.University.Calendar.Zone())
			from, to := p.span(today.Year(), today.Month())
			return from.Format(time.DateOnly) + " " + to.AddDate(0, 0, -1).Format(time.DateOnly)
		}
	}
	return in.Arg
}

// journal sends the registration journal to the private chat of who asks: names never go to a group.
// The reply is what is said where it was asked for. The file is kept with the notice of it, under the
// update that asked, so that one which comes twice sends it once.
func (h *Handlers) journal(ctx context.Context, in Input, l dauys.Lang, rights []dauys.Staff) (ask.Reply, error) {
	arg := h.journalArg(in)
	say := func(lines ...ask.Line) (ask.Reply, error) { return ask.Reply{Text: h.Book.Lines(l, lines...)}, nil }
	if !h.University.MayExport(in.From, rights, h.Admins, h.Now()) {
		return say(locales.NotStaff())
	}
	if strings.TrimSpace(arg) == "" {
		r, err := say(locales.JournalHow())
		for _, p := range journalPeriods {
			r.Buttons = append(r.Buttons, []ask.Button{h.button(l, locales.JournalPeriod(p.name), "j:"+p.name)})
		}
		return r, err
	}
	q, wrong := h.journalQuery(arg)
	if wrong != nil {
		return say(*wrong)
	}
	if !in.Private {
		known, err := h.Storage.LangOf(ctx, in.From)
		if err != nil {
			return ask.Reply{}, fmt.Errorf("language of a person: %w", err)
		}
		away, err := h.Storage.Unreachable(ctx, in.From)
		if err != nil {
			return ask.Reply{}, fmt.Errorf("whether a person can be reached: %w", err)
		}
		if known == "" || away {
			return say(locales.JournalStart())
		}
	}
	p := &journalist{Handlers: h, lang: l, who: in.From, rights: rights, now: h.Now(), said: map[string]string{}}
	file, err := documents.Journal{
		Made: p.now, Name: h.Book.Plain(l, locales.JournalName()), Zone: h.University.Calendar.Zone(),
		Headings: p.headings(), Rows: p.rows(ctx, q),
	}.Bytes()
	switch {
	case errors.Is(err, errLongJournal), len(file) > dauys.MostBlob:
		return say(locales.JournalLong())
	case err != nil:
		return ask.Reply{}, fmt.Errorf("journal: %w", err)
	case p.count.Registered == 0:
		return say(locales.JournalEmpty(q.from, q.to))
	}
	b := dauys.Blob{ID: "journal-" + documents.Hash([]byte(in.Update))[:sheetDigits], Name: h.Book.Plain(l, locales.JournalFile(q.from, q.to)) + ".xlsx", MIME: sheetMIME, Data: file, At: p.now}
	caption := h.Book.Lines(l, locales.JournalCaption(q.from, q.to, strings.Join(q.words, " "), p.count)...)
	n := message("journal/"+in.Update, in.From, ask.Reply{Files: []ask.File{Document(b, caption)}})
	n.Direct, n.Blobs = true, []dauys.Blob{b}
	if err := h.Storage.Notify(ctx, n); err != nil {
		return ask.Reply{}, fmt.Errorf("send the journal: %w", err)
	}
	var staff int64
	for _, s := range rights {
		if o, ok := h.University.Office(s.Office); ok && slices.Contains(o.Powers, dauys.Export) {
			staff = s.ID
		}
	}
	h.Log.Info("journal exported", "staff", staff, "from", q.from.Format(time.DateOnly), "to", q.to.Format(time.DateOnly), "filters", q.words, "cases", p.count.Registered, "update", in.Update)
	if in.Private { // the file is the answer
		return ask.Reply{}, nil
	}
	return say(locales.JournalSent())
}

// sheetMIME is the type of a spreadsheet.
const sheetMIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

var errLongJournal = errors.New("too many cases for one journal")

// journalist writes the lines of one journal.
type journalist struct {
	*Handlers
	lang   dauys.Lang
	who    dauys.Address
	rights []dauys.Staff
	now    time.Time
	said   map[string]string // words that come again and again
	count  locales.JournalFigures
}

// journalColumns are the columns, in their order, how much of a case each shows, and what of it.
var journalColumns = []struct {
	name  string
	form  documents.Form
	width float64
	part  dauys.Part
	value func(*journalist, *dauys.Case) any
}{
	{"number", documents.InWords, 19, dauys.ItsNumber, func(_ *journalist, c *dauys.Case) any { return c.Number }},
	{"filed", documents.AMoment, 17, dauys.ItsNumber, func(_ *journalist, c *dauys.Case) any { return c.Filed }},
	{"registered", documents.ADay, 13, dauys.ItsNumber, func(_ *journalist, c *dauys.Case) any { return c.Registered }},
	{"by", documents.InWords, 22, dauys.ItsWay, (*journalist).registrar},
	{"channel", documents.InWords, 18, dauys.ItsWay, func(p *journalist, c *dauys.Case) any { return p.word(locales.JournalChannel(c.Channel)) }},
	{"scheme", documents.InWords, 30, dauys.ItsWay, func(p *journalist, c *dauys.Case) any { return p.named("scheme", c.Scheme) }},
	{"kind", documents.InWords, 22, dauys.ItsWay, func(p *journalist, c *dauys.Case) any { return p.word(locales.Kind(c.Kind)) }},
	{"standing", documents.InWords, 16, dauys.ItsWay, func(p *journalist, c *dauys.Case) any { return p.word(locales.Standing(c.Applicant.Standing)) }},
	{"name", documents.InWords, 30, dauys.ItsWords, func(_ *journalist, c *dauys.Case) any { return c.Applicant.Name }},
	{"institute", documents.InWords, 34, dauys.ItsWay, func(p *journalist, c *dauys.Case) any { return p.named("institute", c.Institute) }},
	{"group", documents.InWords, 12, dauys.ItsWords, func(_ *journalist, c *dauys.Case) any { return c.Group }},
	{"topic", documents.InWords, 24, dauys.ItsWords, (*journalist).topic},
	{"office", documents.InWords, 34, dauys.ItsWay, func(p *journalist, c *dauys.Case) any { return p.named("seat", string(c.Office())) }},
	{"level", documents.ACount, 9, dauys.ItsWay, func(_ *journalist, c *dauys.Case) any { return c.Position + 1 }},
	{"holder", documents.InWords, 24, dauys.ItsWay, func(_ *journalist, c *dauys.Case) any { return c.HolderName }},
	{"status", documents.InWords, 22, dauys.ItsWay, func(p *journalist, c *dauys.Case) any { return p.word(locales.StatusOnly(c.Status)) }},
	{"outcome", documents.InWords, 24, dauys.ItsWay, (*journalist).outcome},
	{"document", documents.InWords, 20, dauys.ItsWay, document},
	{"due", documents.ADay, 13, dauys.ItsNumber, func(_ *journalist, c *dauys.Case) any { return c.Due }},
	{"late", documents.InWords, 13, dauys.ItsWay, func(p *journalist, c *dauys.Case) any { return p.yes(c.Late(p.now)) }},
	{"settled", documents.AMoment, 17, dauys.ItsWay, func(_ *journalist, c *dauys.Case) any { return c.Settled() }},
	{"extended", documents.ACount, 11, dauys.ItsWay, func(_ *journalist, c *dauys.Case) any { return c.Extended() }},
	{"body", documents.InWords, 36, dauys.ItsWords, (*journalist).body},
	{"failed", documents.ACount, 13, dauys.ItsWay, func(_ *journalist, c *dauys.Case) any { return failed(c) }},
	{"procedure", documents.InWords, 13, dauys.ItsWay, func(_ *journalist, c *dauys.Case) any { return c.Terms.Procedure }},
}

func (p *journalist) headings() (all []documents.Heading) {
	for _, c := range journalColumns {
		all = append(all, documents.Heading{Word: p.word(locales.JournalColumn(c.name)), Form: c.form, Width: c.width})
	}
	return all
}

// rows go through the cases of a query, a page at a time, and count them.
func (p *journalist) rows(ctx context.Context, q query) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		for after := ""; ; {
			page, err := p.Storage.Journal(ctx, q.from, q.end(), after, journalPage)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, c := range page {
				part := c.Journaled(p.who, p.rights, p.now)
				if !q.takes(c, part) {
					continue
				}
				if p.add(c, part); p.count.Registered > mostJournal {
					yield(nil, errLongJournal)
					return
				}
				if !yield(p.row(c, part), nil) {
					return
				}
			}
			if len(page) < journalPage {
				return
			}
			after = page[len(page)-1].Number
		}
	}
}

// row is the line of a case. Of one that is not to be shown there is as much as its part allows, and
// the rest stays empty.
func (p *journalist) row(c *dauys.Case, part dauys.Part) []any {
	row := make([]any, len(journalColumns))
	for i, column := range journalColumns {
		if row[i] = ""; column.part <= part {
			row[i] = column.value(p, c)
		}
	}
	return row
}

// add counts a case. What was redirected is counted as that, and not as answered.
func (p *journalist) add(c *dauys.Case, part dauys.Part) {
	p.count.Registered++
	if part < dauys.ItsWay {
		return
	}
	switch {
	case c.Outcome == dauys.Outside:
	case c.Outcome != "" && c.Outcome != dauys.Left && c.Outcome != dauys.Joined:
		p.count.Answered++
	}
	if n := len(c.Referrals()); n > 0 {
		p.count.Redirected++
		if failed(c) > 0 {
			p.count.Failed++
		}
	}
	if !c.Status.Final() {
		p.count.Open++
		if c.Late(p.now) {
			p.count.Late++
		}
	}
}

// failed counts how often a body to which the case was redirected has not accepted it.
func failed(c *dauys.Case) (n int) {
	for _, r := range c.Referrals() {
		if !r.Failed.IsZero() {
			n++
		}
	}
	return n
}

// word is a message without gaps.
func (p *journalist) word(line ask.Line) string {
	if _, known := p.said[line.Key]; !known {
		p.said[line.Key] = p.Book.Plain(p.lang, line)
	}
	return p.said[line.Key]
}

func (p *journalist) named(list, id string) string {
	if id == "" {
		return ""
	}
	key := list + "/" + id
	if _, known := p.said[key]; !known {
		p.said[key] = p.Book.Plain(p.lang, ask.Line{Key: "ask.named", Args: ask.Args{"Name": ask.Name{List: list, ID: id}}})
	}
	return p.said[key]
}

func (p *journalist) yes(is bool) string { return p.word(locales.JournalYes(is)) }

// registrar is who has registered the case: the bot, or who of the staff entered it.
func (p *journalist) registrar(c *dauys.Case) any {
	if e := c.Events[0]; e.By != dauys.TheApplicant && e.Name != "" {
		return e.Name
	}
	return p.word(locales.JournalBot())
}

func (p *journalist) topic(c *dauys.Case) any {
	if c.Topic == "" {
		return ""
	}
	return p.word(locales.Topic(c.Topic))
}

func (p *journalist) outcome(c *dauys.Case) any {
	if c.Outcome == "" {
		return ""
	}
	return p.word(locales.Outcome(c.Outcome))
}

// document is the number of the document with which the case was answered last.
func document(_ *journalist, c *dauys.Case) any {
	e, ok := answer(c)
	if !ok || c.Outcome == "" {
		return ""
	}
	return locales.DocumentOf(e)
}

// body is where the case was redirected last.
func (p *journalist) body(c *dauys.Case) any {
	all := c.Referrals()
	if len(all) == 0 {
		return ""
	}
	last := all[len(all)-1]
	if last.Body == "" {
		return last.Note
	}
	return p.named("full-body", last.Body)
}
