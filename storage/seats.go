package storage

import (
	"context"
	"database/sql"
	"time"

	"alt.edu.kz/dauys"
)

// Seat gives somebody the right to act alone for an office, which works in their own chat then, because the
// record says so, with what tell makes of the right. Who was appointed by hand keeps the place, and whom an
// administrator has dismissed from it since does not get it again: nothing is done then, and ok is false.
func (d *DB) Seat(ctx context.Context, office dauys.OfficeID, who dauys.Address, name string, now time.Time, tell func(dauys.Staff) []dauys.Notification) (ok bool, err error) {
	err = d.change(ctx, "seat", func(ctx context.Context, tx *sql.Tx) error {
		ok = false
		for _, q := range []struct {
			text string
			args []any
		}{
			{"SELECT COUNT(*) FROM staff WHERE office = $1 AND revoked = FALSE AND (until_time = 0 OR until_time > $2)", []any{office, ms(now)}},
			{"SELECT COUNT(*) FROM staff WHERE office = $1 AND address = $2 AND barred = TRUE", []any{office, who}},
			{"SELECT COUNT(*) FROM record_seats WHERE office = $1 AND who = $2", []any{office, who}},
		} {
			n, err := value[int](tx.QueryRowContext(ctx, q.text, q.args...))
			if err != nil || n > 0 {
				return err
			}
		}
		if err := overRights(ctx, tx, who, office, now); err != nil {
			return err
		}
		s, err := d.scanStaff(tx.QueryRowContext(ctx, `INSERT INTO staff (address, office, name, via_chat, from_time, until_time, revoked, touched, suspended)
			VALUES ($1, $2, $3, FALSE, $4, 0, FALSE, 0, `+carried+`) RETURNING `+staffColumns, who, office, d.sealText(name, aboutPerson(who)), ms(now)))
		if err != nil {
			return err
		}
		if err := bind(ctx, tx, office, who, "", now); err != nil {
			return err
		}
		if _, err := exec(ctx, tx, "INSERT INTO record_seats (staff, office, who) VALUES ($1, $2, $3)", s.ID, office, who); err != nil {
			return err
		}
		ok = true
		return d.insertNotifications(ctx, tx, tell(s))
	})
	return ok, err
}

// Seats lists the rights that were given so, and those of them that were taken away by hand since.
func (d *DB) Seats(ctx context.Context) ([]dauys.Staff, error) {
	return look(ctx, d, "seats", d.scanStaff, "SELECT "+staffColumns+" FROM staff WHERE id IN (SELECT staff FROM record_seats) ORDER BY office, id")
}

// Unseat takes such a right away, with what tell makes of it. One that was taken away already is forgotten
// only, and nothing is told.
func (d *DB) Unseat(ctx context.Context, id int64, now time.Time, tell func(dauys.Staff) []dauys.Notification) error {
	return d.change(ctx, "unseat", func(ctx context.Context, tx *sql.Tx) error {
		n, err := exec(ctx, tx, "DELETE FROM record_seats WHERE staff = $1", id)
		if err != nil || n == 0 {
			return err
		}
		ended, err := list(ctx, tx, d.scanStaff, "UPDATE staff SET revoked = TRUE, until_time = $1 WHERE id = $2 AND revoked = FALSE RETURNING "+staffColumns, ms(now), id)
		if err != nil {
			return err
		}
		for _, s := range ended {
			if err := d.insertNotifications(ctx, tx, tell(s)); err != nil {
				return err
			}
		}
		return nil
	})
}
