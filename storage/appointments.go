package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"alt.edu.kz/dauys"
)

// macAppointment names what the codes of appointments are fingerprinted for.
const macAppointment = "appointment"

// appointmentBody is what is sealed of an appointment.
type appointmentBody struct {
	Group string `json:"group,omitempty"`
	Name  string `json:"name,omitempty"`
	Made  int64  `json:"made,omitempty"`
}

func aboutAppointment(hash string) string { return "appointment/" + hash }

// MakeAppointment stores an appointment under a one-time code; only a keyed fingerprint of the code
// is kept.
func (d *DB) MakeAppointment(ctx context.Context, code string, a dauys.Appointment) error {
	hash := d.sealer.Mac(macAppointment, code)
	body, err := d.sealJSON(appointmentBody{a.Group, a.Name, ms(a.Made)}, aboutAppointment(hash))
	if err != nil {
		return fmt.Errorf("storage: make appointment: %w", err)
	}
	_, err = d.exec(ctx, "make appointment", `INSERT INTO appointments (hash, office, body, until_time, made_by, expires, taker, used)
		VALUES ($1, $2, $3, $4, $5, $6, '', 0)`, hash, a.Office, body, ms(a.Until), a.By, ms(a.Expires))
	return err
}

// appointmentColumns are those of [DB.scanAppointment].
const appointmentColumns = "hash, office, body, until_time, made_by, expires"

func (d *DB) scanAppointment(r row) (a dauys.Appointment, err error) {
	var hash string
	var sealed []byte
	var until, expires int64
	if err := r.Scan(&hash, &a.Office, &sealed, &until, &a.By, &expires); err != nil {
		return a, err
	}
	var body appointmentBody
	if err := d.openJSON(sealed, aboutAppointment(hash), &body); err != nil {
		return a, err
	}
	a.Group, a.Name, a.Made, a.Until, a.Expires = body.Group, body.Name, instant(body.Made), instant(until), instant(expires)
	return a, nil
}

// TakeAppointment makes who opens the link first staff of the office, from now until its end: a
// right that they have for the office already becomes this one. With alone nobody else acts for the
// office from then on, and it works in the chat of the one who does. What tell makes of it, with the
// rights that ended by it, is stored with it; tell must ask nobody.
//
// Who was removed from the office after the code was made does not come back with it.
//
// For the same person the same code gives what it has given, as long as it holds, and tells nothing.
// Whatever else is wrong with the code, the error is [dauys.ErrBadCode].
func (d *DB) TakeAppointment(ctx context.Context, code string, who dauys.Address, name string, alone func(dauys.OfficeID) bool, now time.Time,
	tell func(dauys.Appointment, dauys.Staff, []dauys.Staff) []dauys.Notification) (a dauys.Appointment, s dauys.Staff, err error) {
	hash := d.sealer.Mac(macAppointment, code)
	err = d.change(ctx, "take appointment", func(ctx context.Context, tx *sql.Tx) error {
		a, err = d.scanAppointment(tx.QueryRowContext(ctx, `UPDATE appointments SET taker = $1, used = $2
			WHERE hash = $3 AND taker = '' AND expires > $2 AND (until_time = 0 OR until_time > $2) RETURNING `+appointmentColumns, who, ms(now), hash))
		if errors.Is(err, sql.ErrNoRows) {
			a, s, err = d.takenAppointment(ctx, tx, hash, who, now)
			return err
		}
		if err != nil || code == "" {
			return errors.Join(err, dauys.ErrBadCode)
		}
		var removed int
		if err := tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM staff WHERE address = $1 AND office = $2 AND barred = TRUE AND until_time > $3",
			who, a.Office, ms(a.Made)).Scan(&removed); err != nil {
			return err
		}
		if removed > 0 {
			return dauys.ErrBadCode
		}
		if a.Name != "" {
			name = a.Name
		}
		var before []dauys.Staff
		if alone(a.Office) {
			if before, err = list(ctx, tx, d.scanStaff, "SELECT "+staffColumns+" FROM staff WHERE "+staffActive+" AND office = $2 AND address <> $3 ORDER BY id",
				ms(now), a.Office, who); err != nil {
				return err
			}
			if _, err := exec(ctx, tx, "UPDATE staff SET revoked = TRUE, until_time = $1 WHERE office = $2 AND address <> $3 AND revoked = FALSE", ms(now), a.Office, who); err != nil {
				return err
			}
			if err := bind(ctx, tx, a.Office, who, a.By, now); err != nil {
				return err
			}
		}
		if err := overRights(ctx, tx, who, a.Office, now); err != nil {
			return err
		}
		if s, err = d.scanStaff(tx.QueryRowContext(ctx, `INSERT INTO staff (address, office, name, via_chat, from_time, until_time, revoked, touched, suspended)
			VALUES ($1, $2, $3, FALSE, $4, $5, FALSE, 0, `+carried+`)
			ON CONFLICT (address, office) WHERE revoked = FALSE
			DO UPDATE SET name = excluded.name, via_chat = FALSE, until_time = excluded.until_time
			RETURNING `+staffColumns, who, a.Office, d.sealText(name, aboutPerson(who)), ms(now), ms(a.Until))); err != nil {
			return err
		}
		if _, err := exec(ctx, tx, "UPDATE staff SET barred = FALSE WHERE address = $1 AND office = $2", who, a.Office); err != nil {
			return err // an administrator has let them in again by that
		}
		return d.insertNotifications(ctx, tx, tell(a, s, before))
	})
	if err != nil {
		return dauys.Appointment{}, dauys.Staff{}, err
	}
	return a, s, nil
}

// takenAppointment is what a used code has given somebody.
func (d *DB) takenAppointment(ctx context.Context, tx *sql.Tx, hash string, who dauys.Address, now time.Time) (a dauys.Appointment, s dauys.Staff, err error) {
	a, err = d.scanAppointment(tx.QueryRowContext(ctx, "SELECT "+appointmentColumns+" FROM appointments WHERE hash = $1 AND taker = $2", hash, who))
	if err == nil {
		s, err = d.scanStaff(tx.QueryRowContext(ctx, "SELECT "+staffColumns+" FROM staff WHERE "+staffActive+" AND address = $2 AND office = $3", ms(now), who, a.Office))
	}
	if errors.Is(err, sql.ErrNoRows) {
		err = dauys.ErrBadCode
	}
	return a, s, err
}

// overRights makes place for a new right of somebody where the time of the old one is over.
func overRights(ctx context.Context, tx *sql.Tx, who dauys.Address, office dauys.OfficeID, now time.Time) error {
	_, err := exec(ctx, tx, `UPDATE staff SET revoked = TRUE
		WHERE address = $1 AND office = $2 AND revoked = FALSE AND until_time <> 0 AND until_time <= $3`, who, office, ms(now))
	return err
}

// Serving lists all who may act for an office now, office by office, and who would if they were not
// held back.
func (d *DB) Serving(ctx context.Context, now time.Time) ([]dauys.Staff, error) {
	return look(ctx, d, "serving", d.scanStaff, "SELECT "+staffColumns+" FROM staff WHERE "+staffServes+" ORDER BY office, id", ms(now))
}

// Right finds a right that nobody has taken away, be its time over or not. The error is
// [dauys.ErrNotFound] when there is none.
func (d *DB) Right(ctx context.Context, id int64) (dauys.Staff, error) {
	s, err := one(ctx, d, "right", d.scanStaff, "SELECT "+staffColumns+" FROM staff WHERE id = $1 AND revoked = FALSE", id)
	return s, notFound(err)
}

// Dismiss takes one right away, with what has to be told of it. An office that works in the chat of
// who had it has no chat then. Doing it twice does nothing, and tells nothing.
func (d *DB) Dismiss(ctx context.Context, id int64, now time.Time, tell func(dauys.Staff) []dauys.Notification) (s dauys.Staff, err error) {
	err = d.change(ctx, "dismiss", func(ctx context.Context, tx *sql.Tx) error {
		s, err = d.scanStaff(tx.QueryRowContext(ctx, "UPDATE staff SET revoked = TRUE, until_time = $1 WHERE id = $2 AND revoked = FALSE RETURNING "+staffColumns, ms(now), id))
		if errors.Is(err, sql.ErrNoRows) {
			s, err = d.scanStaff(tx.QueryRowContext(ctx, "SELECT "+staffColumns+" FROM staff WHERE id = $1", id))
			return notFound(err)
		}
		if err != nil {
			return err
		}
		if _, err := exec(ctx, tx, "DELETE FROM bindings WHERE office = $1 AND chat = $2", s.Office, s.Address); err != nil {
			return err
		}
		return d.insertNotifications(ctx, tx, tell(s))
	})
	if err != nil {
		return dauys.Staff{}, err
	}
	return s, nil
}

// Unbind ends that an office works in a chat, if it still does.
func (d *DB) Unbind(ctx context.Context, office dauys.OfficeID, chat dauys.Address) error {
	_, err := d.exec(ctx, "unbind", "DELETE FROM bindings WHERE office = $1 AND chat = $2", office, chat)
	return err
}

// OpenPrompts lists what somebody has begun in a chat and not ended.
func (d *DB) OpenPrompts(ctx context.Context, chat, actor dauys.Address) ([]Prompt, error) {
	return look(ctx, d, "open prompts", d.scanPrompt, promptColumns+" WHERE prompts.chat = $1 AND prompts.actor = $2 AND prompts.closed = FALSE LIMIT 10", chat, actor)
}

// ShowAgain makes the card of a case for an office due, though the case has not changed: who may see
// it has.
func (d *DB) ShowAgain(ctx context.Context, number string, office dauys.OfficeID) error {
	_, err := d.exec(ctx, "show again", "UPDATE cards SET shown = 0, not_before = 0 WHERE number = $1 AND office = $2", number, office)
	return err
}
