package storage

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"alt.edu.kz/dauys"
)

// carried is until when somebody ($1) is held back for an office ($2) by whatever right they had there:
// leaving the chat and coming back changes nothing about it.
const carried = "COALESCE((SELECT MAX(suspended) FROM staff WHERE address = $1 AND office = $2), 0)"

// barred refuses who was removed from an office.
func barred(ctx context.Context, tx *sql.Tx, who dauys.Address, office dauys.OfficeID) error {
	var n int
	if err := tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM staff WHERE address = $1 AND office = $2 AND barred = TRUE", who, office).Scan(&n); err != nil {
		return err
	}
	if n > 0 {
		return dauys.ErrNotStaff
	}
	return nil
}

// Roster lists who serves in an office now, who is held back there, and who was removed and not let in
// again: each person once, those who came first before.
func (d *DB) Roster(ctx context.Context, office dauys.OfficeID, now time.Time) (all []dauys.Staff, err error) {
	rows, err := look(ctx, d, "roster", d.scanStaff, "SELECT "+staffColumns+" FROM staff WHERE office = $2 AND ("+staffServes+
		" OR barred = TRUE OR revoked = TRUE AND suspended > $1) ORDER BY revoked, id DESC", ms(now), office)
	for _, s := range rows {
		if !slices.ContainsFunc(all, func(o dauys.Staff) bool { return o.Address == s.Address }) {
			all = append(all, s)
		}
	}
	slices.SortFunc(all, func(a, b dauys.Staff) int { return int(a.ID - b.ID) })
	return all, err
}

// ChangeStaff changes a right: whether it is that of a head, until when it is held back, whether it is
// taken away. Change is handed the right and all active ones of its office, which stay as they are until
// what it says is stored, so that two people at once do not end each other; it must ask nobody. What
// tell makes of the change is stored with it; without a change nothing is told. Once it has returned,
// nothing more is stored in the name of who was held back or removed. The error is [dauys.ErrNotFound]
// for a right that is over.
func (d *DB) ChangeStaff(ctx context.Context, id int64, now time.Time, change func(s *dauys.Staff, there []dauys.Staff) error,
	tell func(dauys.Staff) []dauys.Notification) (s dauys.Staff, err error) {
	err = d.change(ctx, "change staff", func(ctx context.Context, tx *sql.Tx) error {
		s, err = d.scanStaff(tx.QueryRowContext(ctx, "SELECT "+staffColumns+" FROM staff WHERE id = $2 AND ("+staffServes+
			" OR barred = TRUE OR revoked = TRUE AND suspended > $1)", ms(now), id))
		if err != nil {
			return notFound(err)
		}
		there, err := list(ctx, tx, d.scanStaff, "UPDATE staff SET touched = touched + 1 WHERE office = $2 AND "+staffServes+" RETURNING "+staffColumns, ms(now), s.Office)
		if err != nil {
			return err
		}
		if i := slices.IndexFunc(there, func(o dauys.Staff) bool { return o.ID == id }); i >= 0 {
			s = there[i] // as it is now that nobody else can change it
		}
		there = slices.DeleteFunc(there, func(o dauys.Staff) bool { return !o.Active(now) })
		was := s
		if err := change(&s, there); err != nil {
			return err
		}
		if s.Head == was.Head && s.Removed == was.Removed && s.Suspended.Equal(was.Suspended) {
			return nil
		}
		if s.Removed && !was.Removed {
			if _, err := exec(ctx, tx, "UPDATE staff SET revoked = TRUE, barred = TRUE, until_time = $1 WHERE id = $2", ms(now), id); err != nil {
				return err
			}
			if _, err := exec(ctx, tx, "DELETE FROM bindings WHERE office = $1 AND chat = $2", s.Office, s.Address); err != nil {
				return err
			}
		}
		if _, err := exec(ctx, tx, "UPDATE staff SET head = $1 WHERE id = $2", s.Head, id); err != nil {
			return err
		}
		// Also in the rights that they had before, which count for the next one.
		if _, err := exec(ctx, tx, "UPDATE staff SET suspended = $1 WHERE address = $2 AND office = $3", ms(s.Suspended), s.Address, s.Office); err != nil {
			return err
		}
		if !s.Removed {
			if _, err := exec(ctx, tx, "UPDATE staff SET barred = FALSE WHERE address = $1 AND office = $2", s.Address, s.Office); err != nil {
				return err
			}
		}
		return d.insertNotifications(ctx, tx, tell(s))
	})
	if err != nil {
		return dauys.Staff{}, err
	}
	return s, nil
}

// absenceBody is what is sealed of an absence.
type absenceBody struct {
	Name       string        `json:"name,omitempty"`
	Deputy     dauys.Address `json:"deputy,omitempty"`
	DeputyName string        `json:"deputy_name,omitempty"`
	Begun      bool          `json:"begun,omitempty"`
}

func aboutAbsence(id string) string { return "absence/" + id }

const absenceColumns = "id, who, from_time, until_time, body"

func (d *DB) scanAbsence(r row) (a dauys.Absence, err error) {
	var from, until int64
	var sealed []byte
	if err := r.Scan(&a.ID, &a.Who, &from, &until, &sealed); err != nil {
		return a, err
	}
	var b absenceBody
	if err := d.openJSON(sealed, aboutAbsence(a.ID), &b); err != nil {
		return a, err
	}
	a.From, a.Until, a.Name, a.Deputy, a.DeputyName, a.Begun = instant(from), instant(until), b.Name, b.Deputy, b.DeputyName, b.Begun
	return a, nil
}

func (d *DB) sealAbsence(a dauys.Absence) ([]byte, error) {
	return d.sealJSON(absenceBody{a.Name, a.Deputy, a.DeputyName, a.Begun}, aboutAbsence(a.ID))
}

// AddAbsence stores that somebody of the staff will be away, and when the clock has to look at it. The
// same id stores it once. Without an active right the error is [dauys.ErrNotStaff]; when they are away
// on one of these days already, [dauys.ErrConflict].
func (d *DB) AddAbsence(ctx context.Context, a dauys.Absence, wake, now time.Time, notes ...dauys.Notification) error {
	sealed, err := d.sealAbsence(a)
	if err != nil {
		return err
	}
	return d.change(ctx, "add absence", func(ctx context.Context, tx *sql.Tx) error {
		rights, err := d.touchRights(ctx, tx, a.Who, now)
		if err != nil {
			return err
		}
		if len(rights) == 0 {
			return dauys.ErrNotStaff
		}
		var n int
		if err := tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM absences WHERE who = $1 AND id <> $2 AND from_time < $3 AND until_time > $4",
			a.Who, a.ID, ms(a.Until), ms(a.From)).Scan(&n); err != nil {
			return err
		}
		if n > 0 {
			return dauys.ErrConflict
		}
		if _, err := exec(ctx, tx, `INSERT INTO absences (id, who, from_time, until_time, wake, body) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (id) DO NOTHING`, a.ID, a.Who, ms(a.From), ms(a.Until), ms(wake), sealed); err != nil {
			return err
		}
		return d.insertNotifications(ctx, tx, notes)
	})
}

// Absences lists when somebody is away now or will be, the next first.
func (d *DB) Absences(ctx context.Context, who dauys.Address, now time.Time) ([]dauys.Absence, error) {
	return look(ctx, d, "absences", d.scanAbsence, "SELECT "+absenceColumns+" FROM absences WHERE who = $1 AND until_time > $2 ORDER BY from_time", who, ms(now))
}

// AbsencesDue lists those at which the clock has to look by now.
func (d *DB) AbsencesDue(ctx context.Context, now time.Time, limit int) ([]dauys.Absence, error) {
	return look(ctx, d, "absences due", d.scanAbsence, "SELECT "+absenceColumns+" FROM absences WHERE wake > 0 AND wake <= $1 ORDER BY wake, id LIMIT $2 + 0", ms(now), limit)
}

// SetAbsence stores what the clock has done with an absence, when it has to look again, and what is told
// of it. One that has ended meanwhile stays so: then nothing is stored, and nothing told.
func (d *DB) SetAbsence(ctx context.Context, a dauys.Absence, wake, now time.Time, notes ...dauys.Notification) error {
	sealed, err := d.sealAbsence(a)
	if err != nil {
		return err
	}
	return d.change(ctx, "set absence", func(ctx context.Context, tx *sql.Tx) error {
		n, err := exec(ctx, tx, "UPDATE absences SET wake = $1, body = $2 WHERE id = $3 AND wake > 0", ms(wake), sealed, a.ID)
		if err != nil || n == 0 {
			return err
		}
		return d.insertNotifications(ctx, tx, notes)
	})
}

// EndAbsence ends an absence before its time, with what is told of that. The error is
// [dauys.ErrNotFound] for one that is over.
func (d *DB) EndAbsence(ctx context.Context, id string, now time.Time, notes ...dauys.Notification) error {
	return d.change(ctx, "end absence", func(ctx context.Context, tx *sql.Tx) error {
		n, err := exec(ctx, tx, "UPDATE absences SET until_time = $1, wake = 0 WHERE id = $2 AND until_time > $1", ms(now), id)
		if err := orNotFound(n, err); err != nil {
			return err
		}
		return d.insertNotifications(ctx, tx, notes)
	})
}
