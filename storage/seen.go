package storage

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/notices"
)

// macSeen is what of orders that have to be read is fingerprinted.
const (
	macSeen     = "order seen"
	macSeenWhat = "order seen what"
)

func aboutSeen(key string) string { return "seen/" + key }

const seenColumns = "SELECT key, at, seen, body FROM order_seen "

// seenBody is what of it stands in no column.
type seenBody struct {
	Key, Person, What string
	Who               dauys.Address `json:",omitempty"`
}

func (d *DB) scanAsked(r row) (a notices.Asked, err error) {
	var key string
	var at, seen int64
	var sealed []byte
	if err := r.Scan(&key, &at, &seen, &sealed); err != nil {
		return a, err
	}
	var b seenBody
	err = d.openJSON(sealed, aboutSeen(key), &b)
	return notices.Asked{Key: b.Key, Person: b.Person, What: b.What, At: instant(at), Seen: instant(seen), Who: b.Who}, err
}

// AskSeen notes that orders have to be confirmed. One that says what it said before stays as it is, with who
// has confirmed it; another one has to be read again.
func (d *DB) AskSeen(ctx context.Context, all ...notices.Asked) error {
	if len(all) == 0 {
		return nil
	}
	return d.change(ctx, "ask to read", func(ctx context.Context, tx *sql.Tx) error {
		for _, a := range all {
			key := d.short(macSeen, a.Key)
			body, err := d.sealJSON(seenBody{Key: a.Key, Person: a.Person, What: a.What}, aboutSeen(key))
			if err != nil {
				return err
			}
			if _, err := exec(ctx, tx, `INSERT INTO order_seen (key, what, at, seen, body) VALUES ($1, $2, $3, 0, $4)
				ON CONFLICT (key) DO UPDATE SET what = excluded.what, at = excluded.at, seen = 0, body = excluded.body WHERE order_seen.what <> excluded.what`,
				key, d.short(macSeenWhat, a.What), ms(a.At), body); err != nil {
				return err
			}
		}
		return nil
	})
}

// SawOrder notes that somebody has read an order, the first time only. The error is [dauys.ErrNotFound] when
// nobody has asked for it.
func (d *DB) SawOrder(ctx context.Context, key string, who dauys.Address, now time.Time) (a notices.Asked, err error) {
	err = d.change(ctx, "saw an order", func(ctx context.Context, tx *sql.Tx) error {
		id := d.short(macSeen, key)
		// Whoever else presses the same waits.
		if _, err := exec(ctx, tx, "UPDATE order_seen SET seen = seen WHERE key = $1", id); err != nil {
			return err
		}
		a, err = d.scanAsked(tx.QueryRowContext(ctx, seenColumns+"WHERE key = $1", id))
		if errors.Is(err, sql.ErrNoRows) {
			return dauys.ErrNotFound
		}
		if err != nil || !a.Seen.IsZero() {
			return err
		}
		a.Seen, a.Who = instant(ms(now)), who
		body, err := d.sealJSON(seenBody{a.Key, a.Person, a.What, who}, aboutSeen(id))
		if err != nil {
			return err
		}
		_, err = exec(ctx, tx, "UPDATE order_seen SET seen = $1, body = $2 WHERE key = $3", ms(now), body, id)
		return err
	})
	return a, err
}

// AskedOf is what is known of an order that has to be confirmed; [dauys.ErrNotFound]: it has not.
func (d *DB) AskedOf(ctx context.Context, key string) (notices.Asked, error) {
	a, err := one(ctx, d, "an order that has to be read", d.scanAsked, seenColumns+"WHERE key = $1", d.short(macSeen, key))
	return a, notFound(err)
}

// Unseen are the newest orders after a time that nobody has confirmed yet, of these the oldest first.
func (d *DB) Unseen(ctx context.Context, after time.Time, limit int) ([]notices.Asked, error) {
	all, err := look(ctx, d, "orders that were not read", d.scanAsked, seenColumns+"WHERE seen = 0 AND at > $1 ORDER BY at DESC, key DESC LIMIT $2 + 0", ms(after), limit)
	slices.Reverse(all)
	return all, err
}
