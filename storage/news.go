package storage

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/fault"
	"alt.edu.kz/dauys/notices"
	"alt.edu.kz/dauys/registrar"
)

// What of news is fingerprinted.
const (
	macNewsKey   = "news key"
	macNewsAbout = "news about"
	macWish      = "wish"
)

func aboutPlan(id string) string  { return "plan/" + id }
func aboutNews(key string) string { return "news/" + key }
func aboutWish(who string) string { return "wish/" + who }

// letterbox is the key of the notification that stands for all news of a reader that wait. There is one
// as long as some do; who changes what waits for a reader takes hold of it first.
func letterbox(reader dauys.Address) string { return "news/" + string(reader) }

const planColumns = "SELECT id, source, ref, at, start, state, body, version FROM plans "

// planBody is what of a plan stands in no column.
type planBody struct {
	Before  int64  `json:"before,omitempty"`
	After   string `json:"after,omitempty"`
	Persons int    `json:"persons,omitempty"`
	Alone   int    `json:"alone,omitempty"`
	Ended   int64  `json:"ended,omitempty"`
	Tries   int    `json:"tries,omitempty"`
	Why     string `json:"why,omitempty"`
}

func (d *DB) scanPlan(r row) (p notices.Plan, err error) {
	var at, start int64
	var sealed []byte
	if err := r.Scan(&p.ID, &p.Source, &p.Ref, &at, &start, &p.State, &sealed, &p.Version); err != nil {
		return p, err
	}
	var b planBody
	if err := d.openJSON(sealed, aboutPlan(p.ID), &b); err != nil {
		return p, err
	}
	p.At, p.Start, p.Before, p.Ended = instant(at), instant(start), instant(b.Before), instant(b.Ended)
	p.After, p.Persons, p.Alone, p.Tries, p.Why = b.After, b.Persons, b.Alone, b.Tries, b.Why
	return p, nil
}

func (d *DB) sealPlan(p notices.Plan) ([]byte, error) {
	return d.sealJSON(planBody{ms(p.Before), p.After, p.Persons, p.Alone, ms(p.Ended), p.Tries, p.Why}, aboutPlan(p.ID))
}

// insertPlan stores a plan, unless it is there.
func (d *DB) insertPlan(ctx context.Context, tx *sql.Tx, p notices.Plan) error {
	body, err := d.sealPlan(p)
	if err != nil {
		return err
	}
	_, err = exec(ctx, tx, "INSERT INTO plans (id, source, ref, at, start, state, body, version) VALUES ($1, $2, $3, $4, $5, $6, $7, 1) ON CONFLICT (id) DO NOTHING",
		p.ID, p.Source, p.Ref, ms(p.At), ms(p.Start), cmp.Or(p.State, notices.Planned), body)
	return err
}

// planImport plans what has to be told of an import that was settled. What the first one of its kind
// brings is not news.
func (d *DB) planImport(ctx context.Context, tx *sql.Tx, im registrar.Import) error {
	p := notices.Plan{Ref: im.ID, At: im.Settled, Start: im.Settled}
	switch {
	case im.Baseline:
		return nil
	case im.State == registrar.Published:
		p.ID, p.Source = notices.ImportPlan(im.ID), notices.Import
	case im.State == registrar.Undone:
		p.ID, p.Source = notices.UndoPlan(im.ID), notices.Undo
	default:
		return nil
	}
	return d.insertPlan(ctx, tx, p)
}

// AddPlan stores a plan, with what has to be told about it at once. One that is there already stays as it is.
func (d *DB) AddPlan(ctx context.Context, p notices.Plan, notes ...dauys.Notification) error {
	return d.change(ctx, "add plan", func(ctx context.Context, tx *sql.Tx) error {
		if err := d.insertPlan(ctx, tx, p); err != nil {
			return err
		}
		return d.insertNotifications(ctx, tx, notes)
	})
}

// PlansDue are the plans that are to be made into news now, the oldest first.
func (d *DB) PlansDue(ctx context.Context, now time.Time, limit int) ([]notices.Plan, error) {
	return look(ctx, d, "plans due", d.scanPlan, planColumns+"WHERE state = $1 AND start <= $2 ORDER BY start, id LIMIT $3 + 0", notices.Planned, ms(now), limit)
}

// Plan is one of them; [dauys.ErrNotFound]: there is none.
func (d *DB) Plan(ctx context.Context, id string) (p notices.Plan, err error) {
	p, err = one(ctx, d, "plan", d.scanPlan, planColumns+"WHERE id = $1", id)
	return p, notFound(err)
}

// Plans are the last ones from some sources, the newest first.
func (d *DB) Plans(ctx context.Context, limit int, from ...notices.Source) ([]notices.Plan, error) {
	if len(from) == 0 {
		return nil, nil
	}
	args := []any{}
	for _, s := range from {
		args = append(args, s)
	}
	return look(ctx, d, "plans", d.scanPlan, planColumns+"WHERE source IN ("+marks(1, len(from))+") ORDER BY at DESC, id LIMIT "+marks(len(from)+1, 1)+" + 0", append(args, limit)...)
}

// SavePlan changes a plan, with what has to be told of it; [dauys.ErrConflict]: it has changed since it
// was read.
func (d *DB) SavePlan(ctx context.Context, p notices.Plan, notes ...dauys.Notification) error {
	return d.change(ctx, "save plan", func(ctx context.Context, tx *sql.Tx) error {
		if err := d.updatePlan(ctx, tx, p); err != nil {
			return err
		}
		return d.insertNotifications(ctx, tx, notes)
	})
}

func (d *DB) updatePlan(ctx context.Context, tx *sql.Tx, p notices.Plan) error {
	body, err := d.sealPlan(p)
	if err != nil {
		return err
	}
	n, err := exec(ctx, tx, "UPDATE plans SET start = $1, state = $2, body = $3, version = version + 1 WHERE id = $4 AND version = $5", ms(p.Start), p.State, body, p.ID, p.Version)
	if err == nil && n == 0 {
		return dauys.ErrConflict
	}
	return err
}

// HaltPlan stops a plan: what of it waits is not told any more. What waited of another plan, and would
// have been told with that, waits again by itself. It tells how many news were stopped.
func (d *DB) HaltPlan(ctx context.Context, id string, now time.Time, notes ...dauys.Notification) (stopped int64, err error) {
	err = d.change(ctx, "halt plan", func(ctx context.Context, tx *sql.Tx) error {
		if stopped, err = d.haltPlan(ctx, tx, id, now); err != nil || stopped < 0 {
			return err
		}
		return d.insertNotifications(ctx, tx, notes)
	})
	return max(0, stopped), err
}

// haltPlan is the part of that which a transaction does; less than zero: it is halted already.
func (d *DB) haltPlan(ctx context.Context, tx *sql.Tx, id string, now time.Time) (stopped int64, err error) {
	n, err := exec(ctx, tx, "UPDATE plans SET state = $1, version = version + 1 WHERE id = $2 AND state <> $1", notices.Halted, id)
	if err != nil || n == 0 {
		return -1, err
	}
	if stopped, err = exec(ctx, tx, "UPDATE news SET state = $1, done = $2 WHERE plan = $3 AND state = $4", notices.Stopped, ms(now), id, notices.Waiting); err != nil {
		return 0, err
	}
	return stopped, revive(ctx, tx, id, now)
}

// revive has what was merged into news that were stopped now wait again. The letterbox is there for those.
func revive(ctx context.Context, tx *sql.Tx, halted string, now time.Time) error {
	_, err := exec(ctx, tx, `UPDATE news SET state = $1, done = 0 WHERE id IN (
		SELECT old.id FROM news gone JOIN news old ON old.about = gone.about AND old.id < gone.id AND old.state = $2 AND old.plan <> gone.plan
		WHERE gone.plan = $3 AND gone.state = $4 AND gone.done = $5
		AND NOT EXISTS (SELECT 1 FROM news between_ WHERE between_.about = gone.about AND between_.id > old.id AND between_.id < gone.id))`,
		notices.Waiting, notices.Merged, halted, notices.Stopped, ms(now))
	return err
}

// AddNews stores news of a plan, and what the plan is from then on: save tells whether it has changed at
// all. News that the plan has made before are left alone. What waits about the same for the same reader
// is told with the later ones, which take over what the reader knows. The error is [dauys.ErrConflict]
// when the plan has changed since it was read, or was halted.
func (d *DB) AddNews(ctx context.Context, p notices.Plan, save bool, all []notices.News, now time.Time) error {
	return d.change(ctx, "add news", func(ctx context.Context, tx *sql.Tx) error {
		if save {
			if err := d.updatePlan(ctx, tx, p); err != nil {
				return err
			}
		} else if n, err := exec(ctx, tx, "UPDATE plans SET state = state WHERE id = $1 AND state <> $2", p.ID, notices.Halted); err != nil || n == 0 {
			return cmp.Or(err, dauys.ErrConflict) // who halts it waits for these news, and stops them, too
		}
		for some := range slices.Chunk(all, 100) {
			if err := d.insertNews(ctx, tx, some, now); err != nil {
				return err
			}
		}
		return nil
	})
}

// keyed is a piece of news with its fingerprints.
type keyedNews struct {
	notices.News
	key, about string
}

func (d *DB) insertNews(ctx context.Context, tx *sql.Tx, some []notices.News, now time.Time) error {
	var keys, abouts []any
	var all []keyedNews
	boxes := map[dauys.Address]time.Time{}
	for _, n := range some {
		k := keyedNews{n, d.short(macNewsKey, n.Plan+"\n"+string(n.Reader)+"\n"+n.About), d.short(macNewsAbout, string(n.Reader)+"\n"+n.About)}
		all, keys, abouts = append(all, k), append(keys, k.key), append(abouts, k.about)
		if due, some := boxes[n.Reader]; n.State == notices.Waiting && (!some || n.Due.Before(due)) {
			boxes[n.Reader] = n.Due
		}
	}
	// The letterboxes first, in one order: whoever sends from one waits until this is stored.
	readers := make([]dauys.Address, 0, len(boxes))
	for r := range boxes {
		readers = append(readers, r)
	}
	slices.Sort(readers)
	if err := d.fillLetterboxes(ctx, tx, readers, boxes); err != nil {
		return err
	}
	there, err := list(ctx, tx, value[string], "SELECT key FROM news WHERE key IN ("+marks(1, len(keys))+")", keys...)
	if err != nil {
		return err
	}
	old, err := list(ctx, tx, d.scanNews, newsColumns+"WHERE state = 'waiting' AND about IN ("+marks(1, len(abouts))+") ORDER BY id", abouts...)
	if err != nil {
		return err
	}
	var values []any
	for i := range all {
		n := &all[i]
		if slices.Contains(there, n.key) || slices.ContainsFunc(all[:i], func(o keyedNews) bool { return o.key == n.key }) {
			continue
		}
		if n.State == notices.Waiting {
			for _, o := range old {
				if o.about != n.about {
					continue
				}
				n.Matter.Was, n.Urgent = o.Matter.Was, n.Urgent || o.Urgent
				if o.Due.Before(n.Due) {
					n.Due = o.Due
				}
				if _, err := exec(ctx, tx, "UPDATE news SET state = $1, done = $2 WHERE id = $3", notices.Merged, ms(now), o.ID); err != nil {
					return err
				}
			}
		}
		body, err := d.sealJSON(newsBody{n.About, n.Matter}, aboutNews(n.key))
		if err != nil {
			return err
		}
		done := time.Time{}
		if n.State != notices.Waiting {
			done = now
		}
		values = append(values, n.key, n.Plan, n.Reader, n.Topic, n.Card, n.about, n.Urgent, ms(n.Due), n.State, "", "", ms(done), body)
	}
	return insertRows(ctx, tx, "INSERT INTO news (key, plan, reader, topic, card, about, urgent, due, state, message, why, done, body) VALUES ", 13, values, " ON CONFLICT (key) DO NOTHING")
}

// fillLetterboxes makes sure that the news of readers are looked at by a time. The readers are in order, and
// each is there once.
func (d *DB) fillLetterboxes(ctx context.Context, tx *sql.Tx, readers []dauys.Address, due map[dauys.Address]time.Time) error {
	if len(readers) == 0 {
		return nil
	}
	text, args := []byte("INSERT INTO notifications (key, reader, office, what, number, event, body, direct, not_before, tries, state, why, message, done) VALUES "), []any{dauys.Letterbox}
	for i, r := range readers {
		if i > 0 {
			text = append(text, ',')
		}
		n := len(args)
		text = fmt.Appendf(text, "($%d, $%d, '', $1, '', 0, NULL, FALSE, $%d, 0, 'pending', '', '', 0)", n+1, n+2, n+3)
		args = append(args, letterbox(r), r, ms(due[r]))
	}
	_, err := exec(ctx, tx, string(text)+` ON CONFLICT (key) DO UPDATE SET
		not_before = CASE WHEN notifications.not_before > excluded.not_before THEN excluded.not_before ELSE notifications.not_before END`, args...)
	return err
}

// newsBody is what of news stands in no column.
type newsBody struct {
	About  string         `json:"about"`
	Matter notices.Matter `json:"matter"`
}

const newsColumns = "SELECT id, key, plan, reader, topic, card, about, urgent, due, state, message, why, done, body FROM news "

func (d *DB) scanNews(r row) (n keyedNews, err error) {
	var due, done int64
	var sealed []byte
	if err := r.Scan(&n.ID, &n.key, &n.Plan, &n.Reader, &n.Topic, &n.Card, &n.about, &n.Urgent, &due, &n.State, &n.Message, &n.Why, &done, &sealed); err != nil {
		return n, err
	}
	var b newsBody
	err = d.openJSON(sealed, aboutNews(n.key), &b)
	n.Due, n.Done, n.About, n.Matter = instant(due), instant(done), b.About, b.Matter
	return n, err
}

func (d *DB) news(ctx context.Context, what, where string, args ...any) ([]notices.News, error) {
	return look(ctx, d, what, func(r row) (notices.News, error) {
		n, err := d.scanNews(r)
		return n.News, err
	}, newsColumns+where, args...)
}

// NewsDue are the news of a reader that are to be told now, in the order in which they came.
func (d *DB) NewsDue(ctx context.Context, reader dauys.Address, now time.Time, limit int) ([]notices.News, error) {
	return d.news(ctx, "news due", "WHERE reader = $1 AND state = 'waiting' AND due <= $2 ORDER BY id LIMIT $3 + 0", reader, ms(now), limit)
}

// NewsOf are the news of a plan, in order, above an id.
func (d *DB) NewsOf(ctx context.Context, plan string, above int64, limit int) ([]notices.News, error) {
	return d.news(ctx, "news of a plan", "WHERE plan = $1 AND id > $2 ORDER BY id LIMIT $3 + 0", plan, above, limit)
}

// NewsIn are the news that a message has told a reader.
func (d *DB) NewsIn(ctx context.Context, reader dauys.Address, message string) ([]notices.News, error) {
	return d.news(ctx, "news in a message", "WHERE reader = $1 AND message = $2 AND message <> '' ORDER BY id", reader, message)
}

// ToldAbout is the last news about something that a reader was told; [dauys.ErrNotFound]: none was.
func (d *DB) ToldAbout(ctx context.Context, reader dauys.Address, about string) (n notices.News, err error) {
	all, err := d.news(ctx, "told about", "WHERE about = $1 AND state = 'sent' ORDER BY id DESC LIMIT 1", d.short(macNewsAbout, string(reader)+"\n"+about))
	if err == nil && len(all) == 0 {
		err = dauys.ErrNotFound
	}
	if err != nil {
		return n, err
	}
	return all[0], nil
}

// CountsOf are how many news of a plan are in which state.
func (d *DB) CountsOf(ctx context.Context, plan string) (notices.Counts, error) {
	c := notices.Counts{By: map[notices.State]int{}}
	_, err := look(ctx, d, "counts of a plan", func(r row) (struct{}, error) {
		var s notices.State
		var n int
		err := r.Scan(&s, &n)
		c.By[s] = n
		return struct{}{}, err
	}, "SELECT state, COUNT(*) FROM news WHERE plan = $1 GROUP BY state", plan)
	if err != nil {
		return c, err
	}
	c.Unreachable, err = one(ctx, d, "unreachable of a plan", value[int],
		"SELECT COUNT(*) FROM news JOIN unreachable ON unreachable.address = news.reader WHERE news.plan = $1 AND news.state = 'waiting'", plan)
	return c, err
}

// EndNews says what became of some news of a reader: their State, Message, Why and what they have said
// (Matter.Seen). What was merged into later news while it was on its way counts as told, and those go on from
// there. The letterbox stays as long as something waits: next is for when; zero: nothing does. Doing it
// twice does nothing.
func (d *DB) EndNews(ctx context.Context, reader dauys.Address, ended []notices.News, now time.Time) (next time.Time, err error) {
	fault.Point("notification-sent-before-mark")
	err = d.change(ctx, "end news", func(ctx context.Context, tx *sql.Tx) error {
		if err := holdLetterbox(ctx, tx, reader); err != nil {
			return err
		}
		for _, n := range ended {
			if err := d.endNews(ctx, tx, n, now); err != nil {
				return err
			}
		}
		next, err = d.refill(ctx, tx, reader)
		return err
	})
	if err == nil {
		fault.Point("notification-marked")
	}
	return next, err
}

func (d *DB) endNews(ctx context.Context, tx *sql.Tx, n notices.News, now time.Time) error {
	is, err := d.scanNews(tx.QueryRowContext(ctx, newsColumns+"WHERE id = $1", n.ID))
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	if is.State != notices.Waiting && n.State != notices.Sent || is.State != notices.Waiting && is.State != notices.Merged && is.State != notices.Stopped {
		return nil // later news, or nobody, tell of what was not told
	}
	if err := d.reseal(ctx, tx, is, n.Matter); err != nil {
		return err
	}
	if _, err := exec(ctx, tx, "UPDATE news SET state = $1, message = $2, why = $3, done = $4 WHERE id = $5", n.State, n.Message, n.Why, ms(now), n.ID); err != nil {
		return err
	}
	if is.State != notices.Merged || n.State != notices.Sent {
		return nil
	}
	later, err := list(ctx, tx, d.scanNews, newsColumns+"WHERE about = $1 AND state = 'waiting'", is.about)
	if err != nil {
		return err
	}
	for _, l := range later {
		l.Matter.Was = n.Matter.Seen
		if err := d.reseal(ctx, tx, l, l.Matter); err != nil {
			return err
		}
	}
	return nil
}

func (d *DB) reseal(ctx context.Context, tx *sql.Tx, n keyedNews, m notices.Matter) error {
	body, err := d.sealJSON(newsBody{n.About, m}, aboutNews(n.key))
	if err != nil {
		return err
	}
	_, err = exec(ctx, tx, "UPDATE news SET body = $1 WHERE id = $2", body, n.ID)
	return err
}

// PutOffNews makes news wait for another time.
func (d *DB) PutOffNews(ctx context.Context, reader dauys.Address, ids []int64, until time.Time) error {
	return d.change(ctx, "put off news", func(ctx context.Context, tx *sql.Tx) error {
		if err := holdLetterbox(ctx, tx, reader); err != nil {
			return err
		}
		for _, id := range ids {
			if _, err := exec(ctx, tx, "UPDATE news SET due = $1 WHERE id = $2 AND state = 'waiting'", ms(until), id); err != nil {
				return err
			}
		}
		_, err := d.refill(ctx, tx, reader)
		return err
	})
}

// holdLetterbox makes others wait who change what waits for a reader.
func holdLetterbox(ctx context.Context, tx *sql.Tx, reader dauys.Address) error {
	_, err := exec(ctx, tx, "UPDATE notifications SET tries = tries WHERE key = $1", letterbox(reader))
	return err
}

// refill leaves a letterbox up until what waits for the reader is due, or takes it away.
func (d *DB) refill(ctx context.Context, tx *sql.Tx, reader dauys.Address) (time.Time, error) {
	next, err := value[sql.NullInt64](tx.QueryRowContext(ctx, "SELECT MIN(due) FROM news WHERE reader = $1 AND state = 'waiting'", reader))
	if err != nil {
		return time.Time{}, err
	}
	if !next.Valid {
		// The row stays under another key: SQLite gives the id of a deleted last row again, and the sender would
		// take the next letterbox for one that it has seen.
		_, err = exec(ctx, tx, "UPDATE notifications SET key = key || '/' || id, state = 'sent' WHERE key = $1", letterbox(reader))
		return time.Time{}, err
	}
	n, err := exec(ctx, tx, "UPDATE notifications SET not_before = $1 WHERE key = $2", next.Int64, letterbox(reader))
	if err == nil && n == 0 {
		err = d.fillLetterboxes(ctx, tx, []dauys.Address{reader}, map[dauys.Address]time.Time{reader: instant(next.Int64)})
	}
	return instant(next.Int64), err
}

// LinkedToAny are the accounts that are linked with some persons, by the person.
func (d *DB) LinkedToAny(ctx context.Context, persons []string) (map[string][]registrar.Link, error) {
	all := map[string][]registrar.Link{}
	for some := range slices.Chunk(persons, 200) {
		known, ids := map[string]string{}, []any{}
		for _, p := range some {
			known[strings.ToUpper(p)] = p
			ids = append(ids, d.personID(p))
		}
		links, err := look(ctx, d, "linked to any", d.scanLink, linkColumns+"WHERE person IN ("+marks(1, len(ids))+")", ids...)
		if err != nil {
			return nil, err
		}
		for _, l := range links {
			p := known[strings.ToUpper(l.Person)]
			all[p] = append(all[p], l)
		}
	}
	for p := range all {
		all[p] = inOrder(all[p])
	}
	return all, nil
}

// WishOf is how somebody wants to be told; the zero value when they have not said so.
func (d *DB) WishOf(ctx context.Context, who dauys.Address) (notices.Wish, error) {
	all, err := d.Wishes(ctx, []dauys.Address{who})
	if err != nil {
		return notices.Wish{}, err
	}
	w := all[who]
	w.Who = who
	return w, nil
}

// Wishes are those of some people who have said how they want to be told.
func (d *DB) Wishes(ctx context.Context, of []dauys.Address) (map[dauys.Address]notices.Wish, error) {
	all := map[dauys.Address]notices.Wish{}
	for some := range slices.Chunk(of, 200) {
		ids := []any{}
		for _, a := range some {
			ids = append(ids, d.short(macWish, string(a)))
		}
		ws, err := look(ctx, d, "wishes", func(r row) (w notices.Wish, err error) {
			var who string
			var sealed []byte
			var version int64
			if err := r.Scan(&who, &sealed, &version); err != nil {
				return w, err
			}
			err = d.openJSON(sealed, aboutWish(who), &w)
			w.Version = version
			return w, err
		}, "SELECT who, body, version FROM wishes WHERE who IN ("+marks(1, len(ids))+")", ids...)
		if err != nil {
			return nil, err
		}
		for _, w := range ws {
			all[w.Who] = w
		}
	}
	return all, nil
}

// SaveWish stores how somebody wants to be told; [dauys.ErrConflict]: it has changed since it was read.
func (d *DB) SaveWish(ctx context.Context, w notices.Wish) error {
	who := d.short(macWish, string(w.Who))
	body, err := d.sealJSON(w, aboutWish(who))
	if err != nil {
		return err
	}
	n, err := d.exec(ctx, "save wish", `INSERT INTO wishes (who, body, version) VALUES ($1, $2, $3 + 1)
		ON CONFLICT (who) DO UPDATE SET body = excluded.body, version = excluded.version WHERE wishes.version = $3`, who, body, w.Version)
	if err == nil && n == 0 {
		return dauys.ErrConflict
	}
	return err
}

// FailuresOf are the commonest reasons for which news of a plan could not be sent, and how many did for each.
func (d *DB) FailuresOf(ctx context.Context, plan string, limit int) ([]notices.Failure, error) {
	return look(ctx, d, "failures of a plan", func(r row) (f notices.Failure, err error) {
		return f, r.Scan(&f.Why, &f.News)
	}, "SELECT why, COUNT(*) FROM news WHERE plan = $1 AND state = $2 GROUP BY why ORDER BY COUNT(*) DESC, why LIMIT $3 + 0", plan, notices.Failed, limit)
}
