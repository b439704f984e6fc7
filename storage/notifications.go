package storage

import (
	"context"
	"database/sql"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/fault"
	"alt.edu.kz/dauys/notices"
)

// The states of a notification.
const (
	pending = "pending"
	sent    = "sent"
	failed  = "failed" // for good
)

// Notify stores notifications that no case stands behind, or that come on top of a case's. A key
// that is there already is ignored.
func (d *DB) Notify(ctx context.Context, n ...dauys.Notification) error {
	return d.change(ctx, "notify", func(ctx context.Context, tx *sql.Tx) error {
		return d.insertNotifications(ctx, tx, n)
	})
}

// once makes a change that counts only the first time, with what has to be told of it then.
func (d *DB) once(ctx context.Context, tx *sql.Tx, notes []dauys.Notification, query string, args ...any) error {
	n, err := exec(ctx, tx, query, args...)
	if err != nil || n == 0 {
		return err
	}
	return d.insertNotifications(ctx, tx, notes)
}

func (d *DB) insertNotifications(ctx context.Context, tx *sql.Tx, ns []dauys.Notification) error {
	for _, n := range ns {
		if _, err := exec(ctx, tx, `INSERT INTO notifications (key, reader, office, what, number, event, body, direct, not_before, tries, state, why, message, done)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 'pending', '', '', 0) ON CONFLICT (key) DO NOTHING`,
			n.Key, n.To, n.Office, n.What, n.Case, n.Event, d.sealText(n.Body, aboutNotification(n.Key)), n.Direct, ms(n.After)); err != nil {
			return err
		}
		for _, b := range n.Blobs {
			if err := d.insertBlob(ctx, tx, b); err != nil {
				return err
			}
		}
	}
	return nil
}

// notificationsWait is which notifications are to be sent, now or later: to a person, or to an
// office that has a chat, who can be reached.
const notificationsWait = ` FROM notifications LEFT JOIN bindings ON notifications.reader = '' AND bindings.office = notifications.office
	WHERE notifications.state = 'pending' AND (notifications.reader <> '' OR bindings.chat IS NOT NULL)
	AND NOT EXISTS (SELECT 1 FROM unreachable WHERE unreachable.address = COALESCE(bindings.chat, notifications.reader))`

// Due returns up to limit notifications with ids above after whose time has come and whose reader
// can be reached, in the order in which they were caused; To is filled in for those to an office.
// Only the holder of the sender's row calls it; what is not marked comes again. News wait while plans are made
// into news, so that what is published together is told together.
func (d *DB) Due(ctx context.Context, now time.Time, after int64, limit int) ([]dauys.Notification, error) {
	return look(ctx, d, "due", d.scanNotification, `SELECT notifications.id, notifications.key, COALESCE(bindings.chat, notifications.reader), notifications.office,
		notifications.what, notifications.number, notifications.event, notifications.body, notifications.direct, notifications.not_before, notifications.tries`+
		notificationsWait+` AND notifications.not_before <= $1 AND notifications.id > $2
		AND (notifications.what <> $4 OR NOT EXISTS (SELECT 1 FROM plans WHERE state = $5 AND start <= $1))
		ORDER BY notifications.id LIMIT $3 + 0`, ms(now), after, limit, dauys.Letterbox, notices.Planned)
}

func (d *DB) scanNotification(r row) (n dauys.Notification, err error) {
	var body []byte
	var after int64
	if err := r.Scan(&n.ID, &n.Key, &n.To, &n.Office, &n.What, &n.Case, &n.Event, &body, &n.Direct, &after, &n.Tries); err != nil {
		return n, err
	}
	n.After = instant(after)
	n.Body, err = d.openText(body, aboutNotification(n.Key))
	return n, err
}

// Sent marks a notification as delivered, in a message of the messenger. Doing it twice does nothing.
func (d *DB) Sent(ctx context.Context, id int64, message string, now time.Time) error {
	fault.Point("notification-sent-before-mark")
	_, err := d.exec(ctx, "sent", "UPDATE notifications SET state = $1, message = $2, done = $3, why = '' WHERE id = $4 AND state <> $1", sent, message, ms(now), id)
	if err == nil {
		fault.Point("notification-marked")
	}
	return err
}

// Later postpones a notification after a try that did not work.
func (d *DB) Later(ctx context.Context, id int64, after time.Time, why string) error {
	_, err := d.exec(ctx, "later", "UPDATE notifications SET tries = tries + 1, not_before = $1, why = $2 WHERE id = $3 AND state = $4", ms(after), why, id, pending)
	return err
}

// Failed gives a notification up for good.
func (d *DB) Failed(ctx context.Context, id int64, why string, now time.Time) error {
	_, err := d.exec(ctx, "failed", "UPDATE notifications SET state = $1, why = $2, done = $3 WHERE id = $4 AND state = $5", failed, why, ms(now), id, pending)
	return err
}

// Counts tells how many notifications are in each state: pending, sent, failed.
func (d *DB) Counts(ctx context.Context) (map[string]int, error) {
	counts := map[string]int{}
	_, err := look(ctx, d, "counts", func(r row) (struct{}, error) {
		var state string
		var n int
		err := r.Scan(&state, &n)
		counts[state] = n
		return struct{}{}, err
	}, "SELECT state, COUNT(*) FROM notifications GROUP BY state")
	return counts, err
}

// NextDue is when the earliest of the cards and notifications that wait is due; a zero time is at
// once, and false is nothing waits. What cannot be sent, because nobody is bound or to be reached,
// does not count.
func (d *DB) NextDue(ctx context.Context) (time.Time, bool, error) {
	next, err := one(ctx, d, "next due", value[sql.NullInt64], `SELECT MIN(first) FROM (
		SELECT MIN(notifications.not_before) AS first`+notificationsWait+`
		UNION ALL SELECT MIN(cards.not_before) FROM cards JOIN bindings ON bindings.office = cards.office`+cardsWait+`) AS waiting`)
	return instant(next.Int64), next.Valid, err
}
