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

// meetingBody is what is sealed of a meeting.
type meetingBody struct {
	Place   string       `json:"place,omitempty"`
	Quorum  int          `json:"quorum"`
	Seats   []dauys.Seat `json:"seats,omitempty"`
	Items   []dauys.Item `json:"items,omitempty"`
	Seal    string       `json:"seal,omitempty"`
	Minutes string       `json:"minutes,omitempty"`
	Clerk   string       `json:"clerk,omitempty"`
}

func bodyOf(m *dauys.Meeting) meetingBody {
	return meetingBody{m.Place, m.Quorum, m.Seats, m.Items, m.Seal, m.Minutes, m.Secretary}
}

func aboutMeeting(id string) string { return "meeting/" + id }

const meetingColumns = "SELECT id, office, at, state, number, body, version FROM meetings"

func (d *DB) scanMeeting(r row) (*dauys.Meeting, error) {
	var m dauys.Meeting
	var at int64
	var sealed []byte
	if err := r.Scan(&m.ID, &m.Office, &at, &m.State, &m.Number, &sealed, &m.Version); err != nil {
		return nil, err
	}
	var b meetingBody
	if err := d.openJSON(sealed, aboutMeeting(m.ID), &b); err != nil {
		return nil, err
	}
	m.At, m.Place, m.Quorum, m.Seats, m.Items, m.Seal, m.Minutes, m.Secretary = instant(at), b.Place, b.Quorum, b.Seats, b.Items, b.Seal, b.Minutes, b.Clerk
	return &m, nil
}

// Convene stores a meeting that was planned, with what has to be told of it. One that is there
// already is returned as it is.
func (d *DB) Convene(ctx context.Context, m *dauys.Meeting, notes ...dauys.Notification) (stored *dauys.Meeting, err error) {
	body, err := d.sealJSON(bodyOf(m), aboutMeeting(m.ID))
	if err != nil {
		return nil, fmt.Errorf("storage: convene: %w", err)
	}
	err = d.change(ctx, "convene", func(ctx context.Context, tx *sql.Tx) error {
		if err := d.once(ctx, tx, notes, "INSERT INTO meetings (id, office, at, state, number, body, version) VALUES ($1, $2, $3, $4, $5, $6, 1) ON CONFLICT (id) DO NOTHING",
			m.ID, m.Office, ms(m.At), m.State, m.Number, body); err != nil {
			return err
		}
		stored, err = d.scanMeeting(tx.QueryRowContext(ctx, meetingColumns+" WHERE id = $1", m.ID))
		return err
	})
	return stored, err
}

// Meeting finds a meeting. The error is [dauys.ErrNotFound] when there is none.
func (d *DB) Meeting(ctx context.Context, id string) (*dauys.Meeting, error) {
	m, err := one(ctx, d, "meeting", d.scanMeeting, meetingColumns+" WHERE id = $1", id)
	return m, notFound(err)
}

// Meetings lists those of an office that are not over, the earliest first.
func (d *DB) Meetings(ctx context.Context, office dauys.OfficeID) ([]*dauys.Meeting, error) {
	return look(ctx, d, "meetings", d.scanMeeting, meetingColumns+" WHERE office = $1 AND state IN ($2, $3) ORDER BY at, id", office, dauys.Planned, dauys.Sitting)
}

// Closing lists meetings that are closed and whose decisions are not all out.
func (d *DB) Closing(ctx context.Context) ([]*dauys.Meeting, error) {
	return look(ctx, d, "closing", d.scanMeeting, meetingColumns+" WHERE state = $1 ORDER BY at, id", dauys.Held)
}

// caused notes that a cause changes something of a kind, which has a table of them, and tells whether it
// has done so before. Without a cause there is nothing to note.
func caused(ctx context.Context, tx *sql.Tx, kind, id, cause string) (again bool, err error) {
	if cause == "" {
		return false, nil
	}
	n, err := exec(ctx, tx, "INSERT INTO "+kind+"_causes ("+kind+", cause) VALUES ($1, $2) ON CONFLICT ("+kind+", cause) DO NOTHING", id, cause)
	return n == 0, err
}

// ChangeMeeting changes a meeting through a function that is handed it and the active right of who
// acts for its office; without one the Staff is zero, and the function decides what that means. What
// it does is stored with what has to be told of it, or not at all. The same cause changes a meeting
// once; the function may be called again when somebody else was faster. A meeting that is held gets
// the number of its minutes: without gaps within a series and year.
func (d *DB) ChangeMeeting(ctx context.Context, id string, who dauys.Address, cause, series string, now time.Time,
	change func(*dauys.Meeting, dauys.Staff) ([]dauys.Notification, error)) (*dauys.Meeting, error) {
	var m *dauys.Meeting
	err := d.change(ctx, "change meeting", func(ctx context.Context, tx *sql.Tx) (err error) {
		if m, err = d.scanMeeting(tx.QueryRowContext(ctx, meetingColumns+" WHERE id = $1", id)); err != nil {
			return notFound(err)
		}
		if again, err := caused(ctx, tx, "meeting", id, cause); again || err != nil {
			return err
		}
		staff, err := d.touchStaff(ctx, tx, who, m.Office, now)
		if err != nil {
			return err
		}
		if series != "" && m.Number == "" {
			if m.Number, err = d.take(ctx, tx, series, now); err != nil {
				return err
			}
		}
		notes, err := change(m, staff)
		if err != nil {
			return err
		}
		body, err := d.sealJSON(bodyOf(m), aboutMeeting(m.ID))
		if err != nil {
			return err
		}
		n, err := exec(ctx, tx, "UPDATE meetings SET at = $1, state = $2, number = $3, body = $4, version = version + 1 WHERE id = $5 AND version = $6",
			ms(m.At), m.State, m.Number, body, m.ID, m.Version)
		if err != nil {
			return err
		}
		if n == 0 {
			return errLost
		}
		m.Version++
		fault.Point("meeting-before-commit")
		return d.insertNotifications(ctx, tx, notes)
	})
	if errors.Is(err, errLost) {
		return nil, fmt.Errorf("storage: change meeting: %w", dauys.ErrConflict)
	}
	if err != nil {
		return nil, err
	}
	return m, nil
}

// take is the next number of a series in the year of Almaty.
func (d *DB) take(ctx context.Context, tx *sql.Tx, series string, now time.Time) (string, error) {
	year := now.In(almaty).Year()
	var last int64
	err := tx.QueryRowContext(ctx, `INSERT INTO counters (series, year, last) VALUES ($1, $2, 1)
		ON CONFLICT (series, year) DO UPDATE SET last = counters.last + 1 RETURNING last`, series, year).Scan(&last)
	return fmt.Sprintf("%s-%d-%06d", series, year, last), err
}
