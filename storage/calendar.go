package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"alt.edu.kz/dauys"
)

// DayEdit is a day of the calendar that somebody has changed.
type DayEdit struct {
	dauys.DayEdit
	By dauys.Address
	At time.Time
}

// DaysChange is what somebody does with days of the calendar: some are edited, of others the
// edit is taken back.
type DaysChange struct {
	Cause  string // the same cause changes days once
	By     dauys.Address
	At     time.Time
	Edit   []dauys.DayEdit
	Forget []string // 2027-05-17
}

// DaysChanged is a change that is stored: its number, and all edits as it found and left them.
type DaysChanged struct {
	N             int64
	At            time.Time
	Before, After []dauys.DayEdit
}

// DayEdits are the days that were changed, in their order.
func (d *DB) DayEdits(ctx context.Context) ([]DayEdit, error) {
	return look(ctx, d, "day edits", scanDay, daysQuery)
}

const daysQuery = "SELECT day, works, name, made_by, at FROM calendar_days ORDER BY day"

func scanDay(r row) (e DayEdit, err error) {
	var at int64
	err = r.Scan(&e.Day, &e.Works, &e.Name, &e.By, &at)
	e.At = instant(at)
	return e, err
}

// DaysVersion is the number of the last change of days; another one tells that there was one.
func (d *DB) DaysVersion(ctx context.Context) (int64, error) {
	return one(ctx, d, "version of the days", value[int64], lastChange)
}

const lastChange = "SELECT COALESCE(MAX(n), 0) FROM calendar_changes"

// ChangeDays changes days of the calendar. A cause that has changed them already changes
// nothing and is told what it did then.
func (d *DB) ChangeDays(ctx context.Context, c DaysChange) (done DaysChanged, err error) {
	err = d.change(ctx, "change days", func(ctx context.Context, tx *sql.Tx) error {
		var err error
		done, err = changed(tx.QueryRowContext(ctx, "SELECT n, at, days_before, days_after FROM calendar_changes WHERE cause = $1", c.Cause))
		if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		done = DaysChanged{At: instant(ms(c.At))}
		if err := tx.QueryRowContext(ctx, lastChange).Scan(&done.N); err != nil {
			return err
		}
		done.N++
		if done.Before, err = days(ctx, tx); err != nil {
			return err
		}
		for _, e := range c.Edit {
			if _, err := exec(ctx, tx, `INSERT INTO calendar_days (day, works, name, made_by, at) VALUES ($1, $2, $3, $4, $5)
				ON CONFLICT (day) DO UPDATE SET works = excluded.works, name = excluded.name, made_by = excluded.made_by, at = excluded.at`,
				e.Day, e.Works, e.Name, c.By, ms(c.At)); err != nil {
				return err
			}
		}
		for _, day := range c.Forget {
			if _, err := exec(ctx, tx, "DELETE FROM calendar_days WHERE day = $1", day); err != nil {
				return err
			}
		}
		if done.After, err = days(ctx, tx); err != nil {
			return err
		}
		before, err := json.Marshal(done.Before)
		if err != nil {
			return err
		}
		after, err := json.Marshal(done.After)
		if err != nil {
			return err
		}
		n, err := exec(ctx, tx, "INSERT INTO calendar_changes (n, cause, at, days_before, days_after) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
			done.N, c.Cause, ms(c.At), string(before), string(after))
		if err == nil && n == 0 {
			return errLost // somebody has changed days meanwhile, and found others
		}
		return err
	})
	return done, err
}

// days are the edits as a calendar takes them.
func days(ctx context.Context, tx *sql.Tx) ([]dauys.DayEdit, error) {
	return list(ctx, tx, func(r row) (dauys.DayEdit, error) {
		e, err := scanDay(r)
		return e.DayEdit, err
	}, daysQuery)
}

func changed(r row) (c DaysChanged, err error) {
	var at int64
	var before, after string
	if err := r.Scan(&c.N, &at, &before, &after); err != nil {
		return c, err
	}
	c.At = instant(at)
	if err := json.Unmarshal([]byte(before), &c.Before); err != nil {
		return c, fmt.Errorf("days before change %d: %w", c.N, err)
	}
	if err := json.Unmarshal([]byte(after), &c.After); err != nil {
		return c, fmt.Errorf("days after change %d: %w", c.N, err)
	}
	return c, nil
}
