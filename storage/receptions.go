package storage

import (
	"context"
	"database/sql"
	"time"

	"alt.edu.kz/dauys"
)

// reserve keeps the time at which the applicant of a case is received, as the case has it now: one
// time of an office is one person's. If another case has it the error is [dauys.ErrSlotTaken].
func reserve(ctx context.Context, tx *sql.Tx, c *dauys.Case) error {
	if _, err := exec(ctx, tx, "DELETE FROM receptions WHERE number = $1", c.Number); err != nil {
		return err
	}
	at, ok := c.Reception()
	if !ok {
		return nil
	}
	n, err := exec(ctx, tx, "INSERT INTO receptions (office, at, number) VALUES ($1, $2, $3) ON CONFLICT (office, at) DO NOTHING", c.Office(), ms(at), c.Number)
	if err == nil && n == 0 {
		return dauys.ErrSlotTaken
	}
	return err
}

// Received lists whom an office receives from one moment on and before another, the earliest first.
func (d *DB) Received(ctx context.Context, office dauys.OfficeID, from, to time.Time) ([]dauys.Visit, error) {
	scan := func(r row) (v dauys.Visit, err error) {
		var at int64
		err = r.Scan(&at, &v.Case)
		v.At = instant(at)
		return v, err
	}
	return look(ctx, d, "received", scan, "SELECT at, number FROM receptions WHERE office = $1 AND at >= $2 AND at < $3 ORDER BY at", office, ms(from), ms(to))
}
