package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/fault"
)

// Update is something a messenger has told that could not be handled yet, or never can. It is kept
// as it came, sealed.
type Update struct {
	ID          string
	Person      string // whose it is; the updates of one person keep their order
	Raw         []byte
	Tries       int
	Quarantined bool
	Why         string
}

const updateColumns = "SELECT id, person, raw, tries, quarantined, why FROM updates"

func (d *DB) scanUpdate(r row) (u Update, err error) {
	var raw []byte
	if err := r.Scan(&u.ID, &u.Person, &raw, &u.Tries, &u.Quarantined, &u.Why); err != nil {
		return u, err
	}
	u.Raw, err = d.sealer.Open(raw, aboutUpdate(u.ID))
	if err != nil {
		return u, fmt.Errorf("update %s: %w", u.ID, err)
	}
	return u, nil
}

// KeepUpdate stores an update until it can be handled. One that is there already stays as it is.
func (d *DB) KeepUpdate(ctx context.Context, u Update, now time.Time) error {
	_, err := d.exec(ctx, "keep update", `INSERT INTO updates (id, person, raw, tries, quarantined, why, at)
		VALUES ($1, $2, $3, $4, FALSE, $5, $6) ON CONFLICT (id) DO NOTHING`, u.ID, u.Person, d.sealer.Seal(u.Raw, aboutUpdate(u.ID)), u.Tries, u.Why, ms(now))
	if err == nil {
		fault.Point("update-kept")
	}
	return err
}

// KeptUpdates lists updates that wait to be handled, in the order in which they came.
func (d *DB) KeptUpdates(ctx context.Context, limit int) ([]Update, error) {
	return look(ctx, d, "kept updates", d.scanUpdate, updateColumns+" WHERE quarantined = FALSE ORDER BY seq LIMIT $1 + 0", limit)
}

// HasKept tells whether updates of a person wait, so that later ones must wait, too. Mostly
// nobody's do, and that is asked once for all who want to know it at the same time.
func (d *DB) HasKept(ctx context.Context, person string) (bool, error) {
	switch some, err := d.kept.ask(ctx, d.someKept); {
	case err != nil:
		return false, fmt.Errorf("storage: has kept: %w", d.named(err))
	case !some:
		return false, nil
	}
	n, err := one(ctx, d, "has kept", value[int], "SELECT COUNT(*) FROM updates WHERE person = $1 AND quarantined = FALSE", person)
	return n > 0, err
}

func (d *DB) someKept(ctx context.Context) (bool, error) {
	n, err := one(ctx, d, "some kept", value[int], "SELECT COUNT(*) FROM (SELECT 1 FROM updates WHERE quarantined = FALSE LIMIT 1) AS kept")
	return n > 0, err
}

// together answers a question once for all who ask it while it is being asked for others. Nobody
// gets an answer to a question that was put before theirs.
type together struct {
	mu    sync.Mutex
	next  *asked     // waits for the one before to be answered; it may be joined
	asked sync.Mutex // held while the question is being asked
}

type asked struct {
	done chan struct{}
	yes  bool
	err  error
}

func (t *together) ask(ctx context.Context, question func(context.Context) (bool, error)) (bool, error) {
	t.mu.Lock()
	q := t.next
	if q == nil {
		q = &asked{done: make(chan struct{})}
		t.next = q
		go func() { // not for one of them alone, who may go
			t.asked.Lock()
			defer t.asked.Unlock()
			t.mu.Lock()
			t.next = nil
			t.mu.Unlock()
			defer close(q.done)
			q.yes, q.err = question(context.WithoutCancel(ctx))
		}()
	}
	t.mu.Unlock()
	select {
	case <-q.done:
		return q.yes, q.err
	case <-ctx.Done():
		return false, ctx.Err()
	}
}

// UpdateTried counts a try that did not work and tells how many there were.
func (d *DB) UpdateTried(ctx context.Context, id, why string) (tries int, err error) {
	err = d.change(ctx, "update tried", func(ctx context.Context, tx *sql.Tx) error {
		err := tx.QueryRowContext(ctx, "UPDATE updates SET tries = tries + 1, why = $1 WHERE id = $2 RETURNING tries", why, id).Scan(&tries)
		if errors.Is(err, sql.ErrNoRows) {
			return dauys.ErrNotFound
		}
		return err
	})
	return tries, err
}

// DropUpdate forgets an update that was handled.
func (d *DB) DropUpdate(ctx context.Context, id string) error {
	_, err := d.exec(ctx, "drop update", "DELETE FROM updates WHERE id = $1", id)
	return err
}

// Quarantine puts an update aside for people to look at, stored already or not; it is not handled
// again and holds nobody up.
func (d *DB) Quarantine(ctx context.Context, u Update, why string, now time.Time) error {
	_, err := d.exec(ctx, "quarantine", `INSERT INTO updates (id, person, raw, tries, quarantined, why, at) VALUES ($1, $2, $3, $4, TRUE, $5, $6)
		ON CONFLICT (id) DO UPDATE SET quarantined = TRUE, why = excluded.why`, u.ID, u.Person, d.sealer.Seal(u.Raw, aboutUpdate(u.ID)), u.Tries, why, ms(now))
	return err
}

// Quarantined lists the updates that were put aside, the oldest first.
func (d *DB) Quarantined(ctx context.Context, limit int) ([]Update, error) {
	return look(ctx, d, "quarantined", d.scanUpdate, updateColumns+" WHERE quarantined = TRUE ORDER BY seq LIMIT $1 + 0", limit)
}
