package handlers

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/documents"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
	"alt.edu.kz/dauys/notices"
	"alt.edu.kz/dauys/registrar"
)

// Who was told of what: for each plan how many news were sent, wait, could not be sent and why, and whom
// nothing reaches. The office that keeps the record sees every plan, with the students; another one its own
// notices, without names: to have written to many gives no right to know who they are.

const (
	// bulletinPress begins the data of buttons about notices that an office writes, and of these reports.
	bulletinPress = "qb"
	plansShown    = 8
	whysShown     = 5
)

// toldCommand is /told: the last plans, with a button for each.
func (h *Handlers) toldCommand(ctx context.Context, in Input) error {
	o, ok, err := h.tellers(ctx, in.Chat)
	if err != nil || !ok {
		return err
	}
	say := func(r ask.Reply) error {
		r.To = in.Message
		return h.Storage.Notify(ctx, ready(in, r))
	}
	if no, err := h.unserved(ctx, in, o.ID); err != nil {
		return err
	} else if no != nil {
		return say(ask.Reply{Text: h.Book.Say(o.Lang, *no)})
	}
	from := []notices.Source{notices.Notice}
	all := slices.Contains(o.Powers, dauys.Registry)
	if all {
		from = []notices.Source{notices.Import, notices.Undo, notices.Job, notices.Notice}
	}
	plans, err := h.Storage.Plans(ctx, 10*plansShown, from...)
	if err != nil {
		return fmt.Errorf("last plans: %w", err)
	}
	var r ask.Reply
	for _, p := range plans {
		what, its, err := h.ofPlan(ctx, o, p)
		if err != nil {
			return err
		}
		if !its {
			continue
		}
		c, err := h.Storage.CountsOf(ctx, p.ID)
		if err != nil {
			return fmt.Errorf("news of a plan: %w", err)
		}
		if len(c.By) == 0 && p.Source != notices.Notice && p.State == notices.Made { // nobody was to be told
			continue
		}
		r.Buttons = append(r.Buttons, []ask.Button{h.button(o.Lang, locales.ReportItem(p.At, locales.Shorten(h.Book.Plain(o.Lang, what), mostOnButton)), bulletinPress+":r:"+p.ID)})
		if len(r.Buttons) == plansShown {
			break
		}
	}
	line := locales.ReportList()
	if len(r.Buttons) == 0 {
		line = locales.ReportNone()
	}
	r.Text = h.Book.Say(o.Lang, line)
	return say(r)
}

// toldButton is the way from an import to whom it was told to; not ok: such imports are nobody's news.
func (h *Handlers) toldButton(l dauys.Lang, im registrar.Import) (b ask.Button, ok bool) {
	id := notices.ImportPlan(im.ID)
	if im.State == registrar.Undone {
		id = notices.UndoPlan(im.ID)
	}
	return h.button(l, locales.ReportWho(), bulletinPress+":r:"+id), !im.Baseline && newsOf[im.Kind] != nil
}

// ofPlan is what a plan tells of, in words, and whether an office may know how it goes.
func (h *Handlers) ofPlan(ctx context.Context, o dauys.Office, p notices.Plan) (what ask.Line, its bool, err error) {
	its = slices.Contains(o.Powers, dauys.Registry)
	switch p.Source {
	case notices.Import, notices.Undo:
		im, err := h.Storage.Import(ctx, p.Ref)
		if err != nil && !errors.Is(err, dauys.ErrNotFound) {
			return what, false, fmt.Errorf("load an import: %w", err)
		}
		return locales.ReportImport(string(im.Kind), im.File, p.Source == notices.Undo), its && err == nil, nil
	case notices.Job:
		some, err := h.Storage.NewsOf(ctx, p.ID, 0, 1)
		if err != nil || len(some) == 0 {
			return what, false, err
		}
		return locales.ReportJob(some[0].Topic), its, nil
	}
	b, err := h.Storage.Bulletin(ctx, p.Ref)
	if err != nil && !errors.Is(err, dauys.ErrNotFound) {
		return what, false, fmt.Errorf("load a notice: %w", err)
	}
	text, _ := b.Text(o.Lang)
	return locales.ReportBulletin(b.Office, locales.Shorten(text, 60)), err == nil && (its || b.Office == o.ID), nil
}

// reportButton is a button of a report: qb:r:PLAN shows it, qb:x:PLAN sends it as a table.
func (h *Handlers) reportButton(ctx context.Context, in Input, o dauys.Office, act, plan string) (toast string, err error) {
	p, err := h.Storage.Plan(ctx, plan)
	if errors.Is(err, dauys.ErrNotFound) { // of an import that was published a moment ago, or long ago
		return h.Book.Plain(o.Lang, locales.OldButton()), nil
	}
	if err != nil {
		return "", fmt.Errorf("load a plan: %w", err)
	}
	what, its, err := h.ofPlan(ctx, o, p)
	if err != nil {
		return "", err
	}
	if !its {
		return h.Book.Plain(o.Lang, locales.OldButton()), nil
	}
	if act == "x" {
		return "", h.reportSheet(ctx, in, o, p, what)
	}
	lines, err := h.report(ctx, p, what)
	if err != nil {
		return "", err
	}
	r := ask.Reply{Text: h.Book.Lines(o.Lang, lines...), Buttons: [][]ask.Button{
		{h.button(o.Lang, locales.ReportAgain(), bulletinPress+":a:"+p.ID), h.button(o.Lang, locales.ReportTable(), bulletinPress+":x:"+p.ID)},
	}}
	if r.To = in.Message; act == "a" {
		r.To, r.Edit = "", in.Message
	}
	return "", h.Storage.Notify(ctx, ready(in, r))
}

// report is how a plan goes.
func (h *Handlers) report(ctx context.Context, p notices.Plan, what ask.Line) ([]ask.Line, error) {
	c, err := h.Storage.CountsOf(ctx, p.ID)
	if err != nil {
		return nil, fmt.Errorf("news of a plan: %w", err)
	}
	lines := []ask.Line{locales.ReportHead(what, p.At), locales.ReportPersons(p.Persons, p.Alone)}
	if p.State == notices.Planned {
		lines = append(lines, locales.ReportGoes())
	}
	for _, s := range notices.States {
		if c.By[s] == 0 {
			continue
		}
		lines = append(lines, locales.ReportState(s, c.By[s]))
		switch s {
		case notices.Waiting:
			if c.Unreachable > 0 {
				lines = append(lines, locales.ReportUnreachable(c.Unreachable))
			}
		case notices.Failed:
			whys, err := h.Storage.FailuresOf(ctx, p.ID, whysShown)
			if err != nil {
				return nil, fmt.Errorf("why news failed: %w", err)
			}
			for _, w := range whys {
				lines = append(lines, locales.ReportWhy(locales.Shorten(w.Why, 120), w.News))
			}
		}
	}
	return lines, nil
}

// reportSheet is the report as a table: a line for each piece of news, and whom it could not be told to
// because no account is theirs.
func (h *Handlers) reportSheet(ctx context.Context, in Input, o dauys.Office, p notices.Plan, what ask.Line) error {
	book, err := h.reportBook(ctx, o, p)
	if err != nil {
		return err
	}
	var file strings.Builder
	if err := book.Write(&file); err != nil {
		return fmt.Errorf("report of a plan: %w", err)
	}
	name := strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>|`+"\n", r) {
			return ' '
		}
		return r
	}, h.Book.Plain(o.Lang, locales.ReportFile(what)))
	b := dauys.Blob{ID: "told-" + documents.Hash([]byte(in.Update))[:sheetDigits], Name: locales.Shorten(strings.Join(strings.Fields(name), " "), 60) + ".xlsx", MIME: sheetMIME, Data: []byte(file.String()), At: h.Now()}
	n := ready(in, ask.Reply{Files: []ask.File{Document(b, "")}, To: in.Message})
	n.Blobs = []dauys.Blob{b}
	return h.Storage.Notify(ctx, n)
}

// mostTold is how many news a table lists.
const mostTold = 200_000

func (h *Handlers) reportBook(ctx context.Context, o dauys.Office, p notices.Plan) (documents.Book, error) {
	word := func(line ask.Line) string { return h.Book.Plain(o.Lang, line) }
	named := slices.Contains(o.Powers, dauys.Registry)
	people := map[string]registrar.Fields{}
	for _, k := range []registrar.Kind{registrar.Roster, registrar.Employees} {
		err := h.Storage.EachRecord(ctx, k, func(e registrar.Entry) error {
			people[strings.ToUpper(e.Owner)] = registrar.Fields{"name": e.Fields["name"], "group": cmp.Or(e.Fields["group"], e.Fields["department"])}
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("who is who: %w", err)
		}
	}
	whose := func(person string) []any {
		f := people[strings.ToUpper(person)]
		if !named {
			return []any{f["group"]}
		}
		return []any{f["group"], registrar.NumberOf(person), f["name"]}
	}
	heads := func(columns ...string) (all []documents.Heading) {
		all = append(all, documents.Heading{Word: word(locales.ReportColumn("group")), Form: documents.InWords, Width: 14})
		if named {
			all = append(all, documents.Heading{Word: word(locales.ReportColumn("number")), Form: documents.InWords, Width: 14}, documents.Heading{Word: word(locales.ReportColumn("name")), Form: documents.InWords, Width: 36})
		}
		for _, c := range columns {
			form, width := documents.InWords, 26.0
			if c == "when" {
				form, width = documents.AMoment, 18
			}
			all = append(all, documents.Heading{Word: word(locales.ReportColumn(c)), Form: form, Width: width})
		}
		return all
	}
	told := documents.Journal{Made: h.Now(), Name: word(locales.ReportTab("told")), Zone: h.zone(), Headings: heads("topic", "state", "when", "why")}
	told.Rows = func(yield func([]any, error) bool) {
		away := map[dauys.Address]bool{}
		for above, n := int64(0), 0; n < mostTold; {
			some, err := h.Storage.NewsOf(ctx, p.ID, above, 500)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, x := range some {
				above, n = x.ID, n+1
				state := word(locales.ReportStateName(x.State))
				if x.State == notices.Waiting {
					gone, known := away[x.Reader]
					if !known {
						if gone, err = h.Storage.Unreachable(ctx, x.Reader); err != nil {
							yield(nil, err)
							return
						}
						away[x.Reader] = gone
					}
					if gone {
						state = word(locales.ReportAway())
					}
				}
				if !yield(append(whose(x.Matter.Person), word(locales.NewsTopic(x.Topic)), state, x.Done, x.Why), nil) {
					return
				}
			}
			if len(some) < 500 {
				return
			}
		}
	}
	book := documents.Book{told}
	if p.Source == notices.Job { // whom it concerned then cannot be told any more
		return book, nil
	}
	alone, err := h.alone(ctx, p)
	if err != nil {
		return nil, err
	}
	return append(book, documents.Journal{Made: told.Made, Name: word(locales.ReportTab("alone")), Zone: told.Zone, Headings: heads(), Rows: func(yield func([]any, error) bool) {
		for _, person := range alone {
			if !yield(whose(person), nil) {
				return
			}
		}
	}}), nil
}

// alone are the persons whom a plan concerns and whom no account is linked with now.
func (h *Handlers) alone(ctx context.Context, p notices.Plan) (persons []string, err error) {
	a := h.newAudience()
	source := newsSources[p.Source]
	if source == nil {
		return nil, nil
	}
	p.After = ""
	for {
		some, next, err := source(h, ctx, a, p)
		if err != nil {
			return nil, fmt.Errorf("whom a plan concerns: %w", err)
		}
		for _, t := range some {
			if _, err := a.links(ctx, t.persons); err != nil {
				return nil, err
			}
		}
		if p.After = next; next == "" {
			break
		}
	}
	for person, links := range a.linked {
		if len(links) == 0 {
			persons = append(persons, person)
		}
	}
	slices.Sort(persons)
	return persons, nil
}
