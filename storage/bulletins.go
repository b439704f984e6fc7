package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/notices"
)

func aboutBulletin(id string) string { return "bulletin/" + id }

const bulletinColumns = "SELECT id, office, state, at, body, version FROM bulletins "

func (d *DB) scanBulletin(r row) (b notices.Mailing, err error) {
	var id string
	var office dauys.OfficeID
	var state notices.MailingState
	var at, version int64
	var sealed []byte
	if err := r.Scan(&id, &office, &state, &at, &sealed, &version); err != nil {
		return b, err
	}
	err = d.openJSON(sealed, aboutBulletin(id), &b)
	b.ID, b.Office, b.State, b.At, b.Version = id, office, state, instant(at), version
	return b, err
}

// AddBulletin stores one that somebody of an office has written, with what has to be told of it; their right
// is read in the transaction. One that is there already stays as it is.
func (d *DB) AddBulletin(ctx context.Context, b notices.Mailing, who dauys.Address, now time.Time, notes ...dauys.Notification) error {
	body, err := d.sealJSON(b, aboutBulletin(b.ID))
	if err != nil {
		return err
	}
	return d.change(ctx, "add bulletin", func(ctx context.Context, tx *sql.Tx) error {
		staff, err := d.touchStaff(ctx, tx, who, b.Office, now)
		if err != nil {
			return err
		}
		if staff.ID == 0 {
			return dauys.ErrNotStaff
		}
		return d.once(ctx, tx, notes, "INSERT INTO bulletins (id, office, state, at, body, version) VALUES ($1, $2, $3, $4, $5, 1) ON CONFLICT (id) DO NOTHING",
			b.ID, b.Office, b.State, ms(b.At), body)
	})
}

// Bulletin is one of them; [dauys.ErrNotFound]: there is none.
func (d *DB) Bulletin(ctx context.Context, id string) (notices.Mailing, error) {
	b, err := one(ctx, d, "bulletin", d.scanBulletin, bulletinColumns+"WHERE id = $1", id)
	return b, notFound(err)
}

// BulletinsIn are those in a state, the oldest first.
func (d *DB) BulletinsIn(ctx context.Context, state notices.MailingState, limit int) ([]notices.Mailing, error) {
	return look(ctx, d, "bulletins in a state", d.scanBulletin, bulletinColumns+"WHERE state = $1 ORDER BY at, id LIMIT $2 + 0", state, limit)
}

// DayUsed tells whether an office has let one go by itself on a day.
func (d *DB) DayUsed(ctx context.Context, office dauys.OfficeID, day string) (bool, error) {
	n, err := one(ctx, d, "day of bulletins", value[int], "SELECT COUNT(*) FROM bulletin_days WHERE office = $1 AND day = $2", office, day)
	return n > 0, err
}

// ChangeBulletin changes one through a function that is handed it and the active right of who acts for its
// office; without one the Staff is zero, and the function decides what that means. What it does is stored with
// its effect and what has to be told of it, or not at all. The same cause changes it once; the function may be
// called again when somebody else was faster. The error is [notices.ErrDayUsed] when the effect needs a day
// that the office has used up.
func (d *DB) ChangeBulletin(ctx context.Context, id string, who dauys.Address, cause string, now time.Time,
	change func(*notices.Mailing, dauys.Staff) (notices.Effect, []dauys.Notification, error)) (b notices.Mailing, err error) {
	err = d.change(ctx, "change bulletin", func(ctx context.Context, tx *sql.Tx) (err error) {
		if b, err = d.scanBulletin(tx.QueryRowContext(ctx, bulletinColumns+"WHERE id = $1", id)); err != nil {
			return notFound(err)
		}
		if again, err := caused(ctx, tx, "bulletin", id, cause); again || err != nil {
			return err
		}
		staff, err := d.touchStaff(ctx, tx, who, b.Office, now)
		if err != nil {
			return err
		}
		effect, notes, err := change(&b, staff)
		if err != nil {
			return err
		}
		body, err := d.sealJSON(b, aboutBulletin(id))
		if err != nil {
			return err
		}
		n, err := exec(ctx, tx, "UPDATE bulletins SET state = $1, body = $2, version = version + 1 WHERE id = $3 AND version = $4", b.State, body, id, b.Version)
		if err != nil {
			return err
		}
		if n == 0 {
			return errLost
		}
		b.Version++
		if effect.Day != "" {
			n, err := exec(ctx, tx, "INSERT INTO bulletin_days (office, day, bulletin) VALUES ($1, $2, $3) ON CONFLICT (office, day) DO NOTHING", b.Office, effect.Day, id)
			if err != nil {
				return err
			}
			if n == 0 {
				return notices.ErrDayUsed
			}
		}
		if effect.Plan != nil {
			if err := d.insertPlan(ctx, tx, *effect.Plan); err != nil {
				return err
			}
		}
		if effect.Halt {
			if _, err := d.haltPlan(ctx, tx, notices.NoticePlan(id), now); err != nil {
				return err
			}
		}
		return d.insertNotifications(ctx, tx, notes)
	})
	if errors.Is(err, errLost) {
		return b, fmt.Errorf("storage: change bulletin: %w", dauys.ErrConflict)
	}
	return b, err
}
