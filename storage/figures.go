package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"alt.edu.kz/dauys"
)

// Figure counts the cases of an institute about one topic; nothing of anybody is in it.
type Figure struct {
	Topic  string
	Filed  int
	Open   int
	Late   int // open, and their whole term is over
	Solved int // answered, and granted in full or in part
}

// Figures counts the cases of an institute that were filed since a time, by topic, in the order of
// the topics' names.
func (d *DB) Figures(ctx context.Context, institute string, since, now time.Time) ([]Figure, error) {
	return look(ctx, d, "figures", func(r row) (f Figure, err error) {
		err = r.Scan(&f.Topic, &f.Filed, &f.Open, &f.Late, &f.Solved)
		return f, err
	}, `SELECT topic, COUNT(*), SUM(CASE WHEN live = TRUE THEN 1 ELSE 0 END),
		SUM(CASE WHEN live = TRUE AND due <= $1 THEN 1 ELSE 0 END), SUM(CASE WHEN outcome IN ($2, $3) THEN 1 ELSE 0 END)
		FROM cases WHERE institute = $4 AND filed >= $5 AND topic <> '' GROUP BY topic ORDER BY topic`,
		ms(now), dauys.Granted, dauys.Partly, institute, ms(since))
}

// Outlines lists the cases that are open, or with which something has happened since a time, as far as
// [dauys.Survey] needs them and no further: without the names and the words, which stay sealed, but
// with the marks of their ratings. They come in the order in which they were filed, up to limit of those after the one with a
// number, or the first ones. What is filed meanwhile moves no other.
func (d *DB) Outlines(ctx context.Context, since time.Time, after string, limit int) ([]*dauys.Case, error) {
	ctx, cancel := context.WithTimeout(ctx, d.timeout)
	defer cancel()
	// The last event is looked up case by case: an EXISTS makes PostgreSQL read all events of the time for each page.
	condition, args := " WHERE (live = TRUE OR filed >= $1 OR (SELECT MAX(at) FROM events WHERE events.number = cases.number) >= $1)", []any{ms(since), limit}
	if after != "" {
		condition += " AND (filed, number) > (SELECT filed, number FROM cases WHERE number = $3)"
		args = append(args, after)
	}
	cases, err := list(ctx, d.read, scanOutline, `SELECT number, id, ladder, terms, applicant, topic, status, rung, filed, registered, rung_due, due
		FROM cases`+condition+" ORDER BY filed, number LIMIT $2 + 0", args...)
	if err == nil && len(cases) > 0 {
		err = d.outlineEvents(ctx, cases)
	}
	if err != nil {
		return nil, fmt.Errorf("storage: outlines: %w", d.named(err))
	}
	return cases, nil
}

func scanOutline(r row) (*dauys.Case, error) {
	var c dauys.Case
	var ladder, terms string
	var filed, registered, rung, whole int64
	if err := r.Scan(&c.Number, &c.ID, &ladder, &terms, &c.Applicant.Address, &c.Topic, &c.Status, &c.Position, &filed, &registered, &rung, &whole); err != nil {
		return nil, err
	}
	if err := json.Unmarshal([]byte(ladder), &c.Ladder); err != nil {
		return nil, fmt.Errorf("ladder of %s: %w", c.Number, err)
	}
	var t struct {
		Restricted bool `json:"restricted"` // the other terms are long, and count for nothing here
	}
	if err := json.Unmarshal([]byte(terms), &t); err != nil {
		return nil, fmt.Errorf("terms of %s: %w", c.Number, err)
	}
	c.Terms.Restricted = t.Restricted
	c.Filed, c.Registered, c.RungDue, c.Due = instant(filed), instant(registered), instant(rung), instant(whole)
	return &c, nil
}

// outlineEvents adds the events to cases.
func (d *DB) outlineEvents(ctx context.Context, cases []*dauys.Case) error {
	byNumber, numbers := make(map[string]*dauys.Case, len(cases)), make([]any, len(cases))
	for i, c := range cases {
		byNumber[c.Number], numbers[i] = c, c.Number
	}
	_, err := list(ctx, d.read, func(r row) (none struct{}, err error) {
		var number string
		var e dauys.Event
		var at int64
		var body []byte
		if err := r.Scan(&number, &e.Seq, &at, &e.Act, &e.From, &e.To, &e.Office, &e.Next, &body); err != nil {
			return none, err
		}
		c := byNumber[number]
		if e.At = instant(at); len(body) > 0 {
			var b eventBody
			if err := d.openJSON(body, aboutEvent(c.ID, e.Seq), &b); err != nil {
				return none, err
			}
			e.Mark = b.Mark
		}
		c.Events = append(c.Events, e)
		return none, nil
	}, `SELECT number, seq, at, act, from_status, to_status, office, next, CASE WHEN act = 'rate' THEN body END
		FROM events WHERE number IN (`+marks(1, len(numbers))+`) ORDER BY number, seq`, numbers...)
	return err
}
