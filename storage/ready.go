package storage

import (
	"context"
	"database/sql"
	"time"

	"alt.edu.kz/dauys"
)

type readyBody struct {
	Name  string      `json:"name"`
	Texts dauys.Names `json:"texts"`
}

func aboutReady(id string) string { return "ready/" + id }

const readyColumns = "SELECT id, office, body, cause, version FROM ready_answers"

func (d *DB) scanReady(r row) (a dauys.ReadyAnswer, err error) {
	var sealed []byte
	if err := r.Scan(&a.ID, &a.Office, &sealed, &a.Cause, &a.Version); err != nil {
		return a, err
	}
	var b readyBody
	err = d.openJSON(sealed, aboutReady(a.ID), &b)
	a.Name, a.Texts = b.Name, b.Texts
	return a, err
}

// ReadyAnswers lists those of an office, in no order that means anything.
func (d *DB) ReadyAnswers(ctx context.Context, office dauys.OfficeID) ([]dauys.ReadyAnswer, error) {
	return look(ctx, d, "ready answers", d.scanReady, readyColumns+" WHERE office = $1 ORDER BY id", office)
}

// ReadyAnswer finds one of them. The error is [dauys.ErrNotFound] when there is none any more.
func (d *DB) ReadyAnswer(ctx context.Context, id string) (dauys.ReadyAnswer, error) {
	a, err := one(ctx, d, "ready answer", d.scanReady, readyColumns+" WHERE id = $1", id)
	return a, notFound(err)
}

// KeepReady stores a ready answer in the name of one of its office: a new one with Version 0, otherwise
// a change of the version that it carries. Without an active right, read in the same transaction, the
// error is [dauys.ErrNotStaff]; if somebody else has changed it meanwhile, [dauys.ErrConflict]; if it was
// deleted, [dauys.ErrNotFound]. The same cause stores it once.
func (d *DB) KeepReady(ctx context.Context, a dauys.ReadyAnswer, who dauys.Address, now time.Time) error {
	body, err := d.sealJSON(readyBody{a.Name, a.Texts}, aboutReady(a.ID))
	if err != nil {
		return err
	}
	return d.change(ctx, "keep ready answer", func(ctx context.Context, tx *sql.Tx) error {
		if err := d.serving(ctx, tx, who, a.Office, now); err != nil {
			return err
		}
		var n int64
		if a.Version == 0 {
			n, err = exec(ctx, tx, `INSERT INTO ready_answers (id, office, body, cause, version) VALUES ($1, $2, $3, $4, 1)
				ON CONFLICT (id) DO NOTHING`, a.ID, a.Office, body, a.Cause)
		} else {
			n, err = exec(ctx, tx, "UPDATE ready_answers SET body = $1, cause = $2, version = version + 1 WHERE id = $3 AND office = $4 AND version = $5",
				body, a.Cause, a.ID, a.Office, a.Version)
		}
		if err != nil || n > 0 {
			return err
		}
		stored, err := d.scanReady(tx.QueryRowContext(ctx, readyColumns+" WHERE id = $1", a.ID))
		switch {
		case err != nil:
			return notFound(err)
		case stored.Office != a.Office || stored.Cause != a.Cause || a.Cause == "":
			return dauys.ErrConflict
		}
		return nil
	})
}

// DropReady deletes a ready answer in the name of one of its office. One that is gone is gone.
func (d *DB) DropReady(ctx context.Context, id string, office dauys.OfficeID, who dauys.Address, now time.Time) error {
	return d.change(ctx, "drop ready answer", func(ctx context.Context, tx *sql.Tx) error {
		if err := d.serving(ctx, tx, who, office, now); err != nil {
			return err
		}
		_, err := exec(ctx, tx, "DELETE FROM ready_answers WHERE id = $1 AND office = $2", id, office)
		return err
	})
}

// serving holds the right of somebody for an office until the end of the transaction. Without one the
// error is [dauys.ErrNotStaff].
func (d *DB) serving(ctx context.Context, tx *sql.Tx, who dauys.Address, office dauys.OfficeID, now time.Time) error {
	staff, err := d.touchStaff(ctx, tx, who, office, now)
	if err == nil && staff.ID == 0 {
		return dauys.ErrNotStaff
	}
	return err
}
