package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/fault"
)

// queueBody is what is sealed of a queue.
type queueBody struct {
	Ends    time.Time      `json:"ends"`
	Most    int            `json:"most"`
	Places  []dauys.Place  `json:"places,omitempty"`
	Line    []int          `json:"line,omitempty"`
	Windows []dauys.Window `json:"windows,omitempty"`
	Pauses  int            `json:"pauses,omitempty"`
}

func aboutQueue(id string) string { return "queue/" + id }

const queueColumns = "SELECT id, office, day, state, body, version FROM queues"

func (d *DB) scanQueue(r row) (*dauys.Queue, error) {
	var q dauys.Queue
	var sealed []byte
	if err := r.Scan(&q.ID, &q.Office, &q.Day, &q.State, &sealed, &q.Version); err != nil {
		return nil, err
	}
	var b queueBody
	if err := d.openJSON(sealed, aboutQueue(q.ID), &b); err != nil {
		return nil, err
	}
	q.Ends, q.Most, q.Places, q.Line, q.Windows, q.Pauses = b.Ends, b.Most, b.Places, b.Line, b.Windows, b.Pauses
	return &q, nil
}

func (d *DB) sealQueue(q *dauys.Queue) ([]byte, error) {
	return d.sealJSON(queueBody{q.Ends.UTC(), q.Most, q.Places, q.Line, q.Windows, q.Pauses}, aboutQueue(q.ID))
}

// OpenQueue stores the queue of a day, with its card. One that is there already is returned as it is.
func (d *DB) OpenQueue(ctx context.Context, q *dauys.Queue) (stored *dauys.Queue, err error) {
	body, err := d.sealQueue(q)
	if err != nil {
		return nil, fmt.Errorf("storage: open queue: %w", err)
	}
	err = d.change(ctx, "open queue", func(ctx context.Context, tx *sql.Tx) error {
		n, err := exec(ctx, tx, "INSERT INTO queues (id, office, day, state, wake, body, version) VALUES ($1, $2, $3, $4, $5, $6, 1) ON CONFLICT (id) DO NOTHING",
			q.ID, q.Office, q.Day, q.State, ms(q.Waking()), body)
		if err != nil {
			return err
		}
		if n > 0 {
			if err := wantQueueCard(ctx, tx, dauys.QueueCard(q.ID, 0), q.Office, 1); err != nil {
				return err
			}
		}
		stored, err = d.scanQueue(tx.QueryRowContext(ctx, queueColumns+" WHERE id = $1", q.ID))
		return err
	})
	return stored, err
}

// Queue finds a queue. The error is [dauys.ErrNotFound] when there is none.
func (d *DB) Queue(ctx context.Context, id string) (*dauys.Queue, error) {
	q, err := one(ctx, d, "queue", d.scanQueue, queueColumns+" WHERE id = $1", id)
	return q, notFound(err)
}

// WakingQueues lists queues with which the clock has something to do by now: their hours are over, and
// they or one of their windows are not closed. They are of today or of former days.
func (d *DB) WakingQueues(ctx context.Context, now time.Time) ([]*dauys.Queue, error) {
	return look(ctx, d, "waking queues", d.scanQueue, queueColumns+" WHERE wake > 0 AND wake <= $1 ORDER BY wake, id", ms(now))
}

// ChangeQueue changes a queue through a function that is handed it and the active right of who acts
// for its office; without one the Staff is zero, and the function decides what that means. What it
// does is stored with what has to be told of it, and with the cards that it changes, or not at all.
// The same cause changes a queue once: then the function is not called. It may be called again when
// somebody else was faster.
func (d *DB) ChangeQueue(ctx context.Context, id string, who dauys.Address, cause string, now time.Time,
	change func(*dauys.Queue, dauys.Staff) ([]dauys.Notification, error)) (*dauys.Queue, error) {
	var q *dauys.Queue
	err := d.change(ctx, "change queue", func(ctx context.Context, tx *sql.Tx) (err error) {
		if q, err = d.scanQueue(tx.QueryRowContext(ctx, queueColumns+" WHERE id = $1", id)); err != nil {
			return notFound(err)
		}
		if again, err := caused(ctx, tx, "queue", id, cause); again || err != nil {
			return err
		}
		staff, err := d.touchStaff(ctx, tx, who, q.Office, now)
		if err != nil {
			return err
		}
		before := q.Faces()
		notes, err := change(q, staff)
		if err != nil {
			return err
		}
		body, err := d.sealQueue(q)
		if err != nil {
			return err
		}
		n, err := exec(ctx, tx, "UPDATE queues SET state = $1, wake = $2, body = $3, version = version + 1 WHERE id = $4 AND version = $5",
			q.State, ms(q.Waking()), body, q.ID, q.Version)
		if err != nil {
			return err
		}
		if n == 0 {
			return errLost
		}
		q.Version++
		for i, face := range q.Faces() { // cards that would show the same are left alone: a chat takes few messages
			if i < len(before) && before[i] == face {
				continue
			}
			if err := wantQueueCard(ctx, tx, dauys.QueueCard(q.ID, i), q.Office, q.Version); err != nil {
				return err
			}
		}
		if err := d.insertNotifications(ctx, tx, notes); err != nil {
			return err
		}
		fault.Point("queue-before-commit")
		return nil
	})
	if errors.Is(err, errLost) {
		return nil, fmt.Errorf("storage: change queue: %w", dauys.ErrConflict)
	}
	if err != nil {
		return nil, err
	}
	fault.Point("queue-after-commit")
	return q, nil
}

// wantQueueCard makes a card of a queue due, which is there from then on.
func wantQueueCard(ctx context.Context, tx *sql.Tx, card string, office dauys.OfficeID, version int64) error {
	_, err := exec(ctx, tx, `INSERT INTO cards (number, office, shown_in, message, shown, want, not_before) VALUES ($1, $2, '', '', 0, $3, 0)
		ON CONFLICT (number, office) DO UPDATE SET want = excluded.want`, card, office, version)
	return err
}
