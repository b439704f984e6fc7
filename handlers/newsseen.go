package handlers

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/documents"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
	"alt.edu.kz/dauys/notices"
	"alt.edu.kz/dauys/registrar"
)

// Orders that their students are asked to confirm having read. The structure file says of which kinds. What is
// published is noted as asked for; a button under the card confirms it; who has not is reminded, and listed to
// the office that keeps the record.

// seenPrefix is what the data of that button begins with: q7:seen:ORDER.
const seenPrefix = "q7"

// UnseenJob reminds of orders that were not confirmed.
const UnseenJob = "orders-unseen"

// remindedAfter is when somebody is reminded, after they were asked.
var remindedAfter = []time.Duration{2 * 24 * time.Hour, 5 * 24 * time.Hour, 10 * 24 * time.Hour}

const (
	mostUnseen  = 10_000 // orders that are looked at
	unseenShown = 20     // in the message; the table has all
)

// asksToConfirm adds to the card of an order the button with which it is confirmed, or when it was.
func (h *Handlers) asksToConfirm(ctx context.Context, r *newsReader, p piece, key string) (piece, error) {
	a, err := h.Storage.AskedOf(ctx, key)
	switch {
	case errors.Is(err, dauys.ErrNotFound):
		return p, nil
	case err != nil:
		return p, fmt.Errorf("whether an order was read: %w", err)
	case !a.Seen.IsZero():
		p.lines = append(p.lines, locales.NewsOrderSeen(a.Seen))
		return p, nil
	}
	p.alone = true
	p.lines = append(p.lines, locales.NewsOrderAsk())
	p.rows = append([][]ask.Button{{h.button(r.lang, locales.NewsOrderConfirm(), seenPrefix+":seen:"+marker(key))}}, p.rows...)
	return p, nil
}

// sawOrder is that button. Whoever presses it again reads when they did first.
func (h *Handlers) sawOrder(ctx context.Context, t *Turn, parts []string) error {
	s, err := h.student(ctx, t)
	if err != nil {
		return err
	}
	if s == nil {
		return h.ownRecord(ctx, t)
	}
	all, err := s.orders(ctx)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(e registrar.Entry) bool { return marker(e.Key) == part(parts, 2) })
	if i < 0 || part(parts, 1) != "seen" {
		return h.resume(t, locales.OldButton())
	}
	a, err := h.Storage.SawOrder(ctx, all[i].Key, t.From, h.Now())
	if errors.Is(err, dauys.ErrNotFound) {
		return h.resume(t, locales.OldButton())
	}
	if err != nil {
		return fmt.Errorf("note that an order was read: %w", err)
	}
	h.Log.Info("an order was confirmed", "update", t.Update)
	r := &newsReader{h: h, who: t.From, person: s.owner, lang: t.Lang(), student: s}
	lines, rows := r.orderCard(all[i].Fields, all[i].Key)
	lines = append(lines, locales.NewsOrderSeen(a.Seen))
	t.Say(t.Here(ask.Reply{Text: h.Book.Lines(t.Lang(), lines...), Buttons: rows, Protected: true}))
	return nil
}

// newsOfUnseen are the reminders of a morning. A run that was missed is made up for by the next.
func (h *Handlers) newsOfUnseen(ctx context.Context, _ *audience, p notices.Plan) (some []telling, err error) {
	since := p.Before
	if since.IsZero() {
		since = p.At
	}
	all, err := h.Storage.Unseen(ctx, since.Add(-remindedAfter[len(remindedAfter)-1]-24*time.Hour), mostUnseen)
	if err != nil {
		return nil, fmt.Errorf("orders that were not read: %w", err)
	}
	for _, a := range all {
		if slices.ContainsFunc(remindedAfter, func(d time.Duration) bool {
			at := h.University.Calendar.Midnight(a.At).Add(d) // so many days, whatever the hour
			return !at.After(p.At) && at.After(p.Before)
		}) {
			some = append(some, telling{topic: notices.Orders, card: unseenCard, about: "unseen/" + a.Key, persons: []string{a.Person},
				matter: notices.Matter{Kind: registrar.Orders, Key: a.Key}})
		}
	}
	return some, nil
}

// cardOfUnseen is such a reminder: the order once more, unless it was confirmed meanwhile or is gone.
func (h *Handlers) cardOfUnseen(ctx context.Context, r *newsReader, n notices.News) (p piece, err error) {
	if r.student == nil {
		return piece{none: true}, nil
	}
	f, err := r.now(ctx, n)
	if err != nil || f == nil || !slices.Contains(h.University.Notices.Seen, f["kind"]) {
		return piece{none: true}, err
	}
	lines, rows := r.orderCard(f, n.Matter.Key)
	p, err = h.asksToConfirm(ctx, r, piece{lines: append([]ask.Line{locales.NewsOrderRemind()}, lines...), rows: rows, seen: f}, n.Matter.Key)
	if !p.alone {
		return piece{none: true}, err
	}
	return p, err
}

// toldAbout is the last news about something that somebody was told; zero: none was.
func (h *Handlers) toldAbout(ctx context.Context, who dauys.Address, about string) (notices.News, error) {
	n, err := h.Storage.ToldAbout(ctx, who, about)
	if errors.Is(err, dauys.ErrNotFound) {
		return notices.News{}, nil
	}
	if err != nil {
		return n, fmt.Errorf("what somebody was told: %w", err)
	}
	return n, nil
}

// unreadOrder is an order that waits to be confirmed, with whose it is.
type unreadOrder struct {
	notices.Asked
	order, who registrar.Fields
	linked     bool
}

// unseen is /unseen in the chat of the office that keeps the record: who has not confirmed which order, as a
// list and as a table.
func (h *Handlers) unseen(ctx context.Context, in Input) error {
	right, err := h.reader(ctx, in.From)
	if err != nil {
		return err
	}
	if !right.Is(registrar.TheRegistrar) {
		return h.tellChat(ctx, in, locales.NotStaff())
	}
	if len(h.University.Notices.Seen) == 0 {
		return h.tellChat(ctx, in, locales.UnseenOff())
	}
	all, err := h.unread(ctx, right, in.Update)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return h.tellChat(ctx, in, locales.UnseenNone())
	}
	l, zone, now := h.chatLang(ctx, in), h.zone(), h.Now()
	lines := []ask.Line{locales.UnseenHead(len(all))}
	for _, u := range all[:min(len(all), unseenShown)] {
		lines = append(lines, locales.UnseenWho(u.linked, registrar.NumberOf(u.Person), u.who["name"], u.who["group"],
			locales.RecordOrderKind(u.order["kind"]), u.order["number"], ask.Day(u.order.Time("date", zone))))
	}
	table := documents.Journal{Made: now, Name: h.Book.Plain(l, locales.UnseenFile()), Zone: zone}
	for _, c := range unseenColumns {
		table.Headings = append(table.Headings, documents.Heading{Word: h.Book.Plain(l, locales.UnseenColumn(c.name)), Form: c.form, Width: c.width})
	}
	table.Rows = func(yield func([]any, error) bool) {
		for _, u := range all {
			if !yield([]any{registrar.NumberOf(u.Person), u.who["name"], u.who["group"], h.Book.Plain(l, locales.RecordOrderKind(u.order["kind"])),
				u.order["number"], u.order.Time("date", zone), u.At, h.Book.Plain(l, locales.UnseenAccount(u.linked))}, nil) {
				return
			}
		}
	}
	file, err := table.Bytes()
	if err != nil {
		return fmt.Errorf("table of who has not read an order: %w", err)
	}
	b := dauys.Blob{ID: "unseen-" + documents.Hash([]byte(in.Update))[:sheetDigits], Name: table.Name + ".xlsx", MIME: sheetMIME, Data: file, At: now}
	n := message("unseen/"+in.Update, in.Chat, ask.Reply{Files: []ask.File{Document(b, "")}, Protected: true})
	n.Blobs, n.Direct = []dauys.Blob{b}, true
	return h.Storage.Notify(ctx, ready(in, ask.Reply{To: in.Message, Text: h.Book.Lines(l, lines...), Protected: true}), n)
}

// unseenColumns are the columns of that table.
var unseenColumns = []struct {
	name  string
	form  documents.Form
	width float64
}{
	{"number", documents.InWords, 16}, {"name", documents.InWords, 36}, {"group", documents.InWords, 14}, {"kind", documents.InWords, 30},
	{"order", documents.InWords, 12}, {"date", documents.ADay, 12}, {"asked", documents.AMoment, 18}, {"account", documents.InWords, 14},
}

// unread are the orders that hold and were not confirmed, by group and name. Whose they are is noted as read.
func (h *Handlers) unread(ctx context.Context, r registrar.Reader, cause string) (out []unreadOrder, err error) {
	all, err := h.Storage.Unseen(ctx, time.Time{}, mostUnseen)
	if err != nil {
		return nil, fmt.Errorf("orders that were not read: %w", err)
	}
	var persons []string
	for _, a := range all {
		if !slices.Contains(persons, a.Person) {
			persons = append(persons, a.Person)
		}
	}
	links, err := h.Storage.LinkedToAny(ctx, persons)
	if err != nil {
		return nil, fmt.Errorf("accounts of persons: %w", err)
	}
	for _, a := range all {
		e, err := h.Storage.Record(ctx, registrar.Orders, a.Key)
		if errors.Is(err, dauys.ErrNotFound) { // taken back
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("an order: %w", err)
		}
		mine, err := h.readable(ctx, r, cause, registrar.Orders, []registrar.Entry{e})
		if err != nil {
			return nil, err
		}
		if len(mine) == 0 || !slices.Contains(h.University.Notices.Seen, e.Fields["kind"]) {
			continue
		}
		who, err := h.studies(ctx, r, cause, registrar.Roster, a.Person)
		if err != nil {
			return nil, err
		}
		u := unreadOrder{Asked: a, order: e.Fields, who: registrar.Fields{}, linked: len(links[a.Person]) > 0}
		if len(who) > 0 {
			u.who = who[0].Fields
		}
		out = append(out, u)
	}
	slices.SortStableFunc(out, func(x, y unreadOrder) int {
		return cmp.Or(strings.Compare(x.who["group"], y.who["group"]), strings.Compare(x.who["name"], y.who["name"]), x.At.Compare(y.At))
	})
	return out, nil
}
