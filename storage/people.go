package storage

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"alt.edu.kz/dauys"
)

// Person is somebody who has spoken to Dauys.
type Person struct {
	Address     dauys.Address
	Name        string
	Lang        dauys.Lang
	Unreachable bool
}

// Remember stores a person's name and language. It does not change whether they can be reached.
func (d *DB) Remember(ctx context.Context, p Person) error {
	_, err := d.exec(ctx, "remember", `INSERT INTO people (address, name, lang) VALUES ($1, $2, $3)
		ON CONFLICT (address) DO UPDATE SET name = excluded.name, lang = excluded.lang`, p.Address, d.sealText(p.Name, aboutPerson(p.Address)), p.Lang)
	return err
}

// Person finds a person. The error is [dauys.ErrNotFound] for somebody never seen.
func (d *DB) Person(ctx context.Context, a dauys.Address) (Person, error) {
	p, err := one(ctx, d, "person", func(r row) (p Person, err error) {
		var name []byte
		if err := r.Scan(&p.Address, &name, &p.Lang, &p.Unreachable); err != nil {
			return p, err
		}
		p.Name, err = d.openText(name, aboutPerson(p.Address))
		return p, err
	}, `SELECT people.address, people.name, people.lang, unreachable.address IS NOT NULL
		FROM people LEFT JOIN unreachable ON unreachable.address = people.address WHERE people.address = $1`, a)
	return p, notFound(err)
}

// SetUnreachable notes that a person or chat cannot be written to, or that it can again. What is
// pending for it waits, and comes back by itself.
func (d *DB) SetUnreachable(ctx context.Context, a dauys.Address, unreachable bool, now time.Time) (err error) {
	if unreachable {
		_, err = d.exec(ctx, "set unreachable", "INSERT INTO unreachable (address, since) VALUES ($1, $2) ON CONFLICT (address) DO NOTHING", a, ms(now))
	} else {
		_, err = d.exec(ctx, "set unreachable", "DELETE FROM unreachable WHERE address = $1 OR substr(address, 1, $2) = $3",
			a, len(a)+1, string(a)+"/") // and the topics of a group
	}
	return err
}

// Unreachable tells whether a person or chat cannot be written to, also one never seen.
func (d *DB) Unreachable(ctx context.Context, a dauys.Address) (bool, error) {
	n, err := one(ctx, d, "unreachable", value[int], "SELECT COUNT(*) FROM unreachable WHERE address = $1", a)
	return n > 0, err
}

// staffColumns are those of [DB.scanStaff]. A right is active when it is not revoked and its time
// has come and is not over, and it is not held back. Revoking is a flag besides: it counts at once, whatever the clocks of
// the two who revoke and act say.
const (
	staffColumns = "id, address, office, name, via_chat, from_time, until_time, head, suspended, barred"
	staffServes  = "revoked = FALSE AND from_time <= $1 AND (until_time = 0 OR until_time > $1)"
	staffActive  = staffServes + " AND suspended <= $1"
)

func (d *DB) scanStaff(r row) (s dauys.Staff, err error) {
	var name []byte
	var from, until, suspended int64
	if err := r.Scan(&s.ID, &s.Address, &s.Office, &name, &s.ViaChat, &from, &until, &s.Head, &suspended, &s.Removed); err != nil {
		return s, err
	}
	s.From, s.Until, s.Suspended = instant(from), instant(until), instant(suspended)
	s.Name, err = d.openText(name, aboutPerson(s.Address))
	return s, err
}

// touchStaff finds the active right of somebody for an office and holds it until the end of the
// transaction. Without one the Staff is zero.
func (d *DB) touchStaff(ctx context.Context, tx *sql.Tx, who dauys.Address, office dauys.OfficeID, now time.Time) (dauys.Staff, error) {
	if who == "" {
		return dauys.Staff{}, nil
	}
	s, err := d.scanStaff(tx.QueryRowContext(ctx, `UPDATE staff SET touched = touched + 1
		WHERE `+staffActive+` AND address = $2 AND office = $3 RETURNING `+staffColumns, ms(now), who, office))
	if errors.Is(err, sql.ErrNoRows) {
		return dauys.Staff{}, nil
	}
	if err != nil {
		return s, err
	}
	s.Also, err = list(ctx, tx, value[dauys.OfficeID], "SELECT office FROM staff WHERE "+staffActive+" AND address = $2 AND office <> $3 ORDER BY office", ms(now), who, office)
	return s, err
}

// touchRights are all the rights that somebody has now, held until the end of the transaction.
func (d *DB) touchRights(ctx context.Context, tx *sql.Tx, who dauys.Address, now time.Time) ([]dauys.Staff, error) {
	return list(ctx, tx, d.scanStaff, "UPDATE staff SET touched = touched + 1 WHERE "+staffActive+" AND address = $2 RETURNING "+staffColumns, ms(now), who)
}

// StaffOf lists the rights that somebody has now.
func (d *DB) StaffOf(ctx context.Context, who dauys.Address, now time.Time) ([]dauys.Staff, error) {
	return look(ctx, d, "staff of", d.scanStaff, "SELECT "+staffColumns+" FROM staff WHERE "+staffActive+" AND address = $2 ORDER BY id", ms(now), who)
}

// StaffFor lists who may act for an office now.
func (d *DB) StaffFor(ctx context.Context, office dauys.OfficeID, now time.Time) ([]dauys.Staff, error) {
	return look(ctx, d, "staff for", d.scanStaff, "SELECT "+staffColumns+" FROM staff WHERE "+staffActive+" AND office = $2 ORDER BY id", ms(now), office)
}

// Grant gives somebody the right to act for an office, from s.From. There is one right for a person
// and office: one that holds already is returned as it is, with the name refreshed; only, one that
// came with the chat becomes a right of its own when it is granted as such. Who is held back stays so
// in a new right, too; to who was removed the chat gives none, and the error is [dauys.ErrNotStaff].
func (d *DB) Grant(ctx context.Context, s dauys.Staff) (dauys.Staff, error) {
	name := d.sealText(s.Name, aboutPerson(s.Address))
	err := d.change(ctx, "grant", func(ctx context.Context, tx *sql.Tx) (err error) {
		if err := overRights(ctx, tx, s.Address, s.Office, s.From); err != nil {
			return err
		}
		s, err = d.scanStaff(tx.QueryRowContext(ctx, `INSERT INTO staff (address, office, name, via_chat, from_time, until_time, revoked, touched, suspended)
			VALUES ($1, $2, $3, $4, $5, $6, FALSE, 0, `+carried+`)
			ON CONFLICT (address, office) WHERE revoked = FALSE
			DO UPDATE SET name = COALESCE(excluded.name, staff.name), via_chat = (staff.via_chat AND excluded.via_chat)
			RETURNING `+staffColumns, s.Address, s.Office, name, s.ViaChat, ms(s.From), ms(s.Until)))
		if err != nil || !s.ViaChat {
			return err
		}
		return barred(ctx, tx, s.Address, s.Office) // asked now: somebody may just have removed them
	})
	return s, err
}

// Revoke ends somebody's rights for an office, or for all with office empty; with onlyViaChat only
// those that came with the office's chat. When it has returned, nothing more is stored in their name.
func (d *DB) Revoke(ctx context.Context, who dauys.Address, office dauys.OfficeID, onlyViaChat bool, now time.Time) error {
	_, err := d.exec(ctx, "revoke", `UPDATE staff SET revoked = TRUE, until_time = $1
		WHERE address = $2 AND ($3 = '' OR office = $3) AND ($4 = FALSE OR via_chat = TRUE) AND revoked = FALSE`, ms(now), who, office, onlyViaChat)
	return err
}

// Bind makes a chat the one in which an office works, in place of its former one. The cards of its
// open cases become due there.
func (d *DB) Bind(ctx context.Context, office dauys.OfficeID, chat, by dauys.Address, now time.Time) error {
	return d.change(ctx, "bind", func(ctx context.Context, tx *sql.Tx) error {
		return bind(ctx, tx, office, chat, by, now)
	})
}

func bind(ctx context.Context, tx *sql.Tx, office dauys.OfficeID, chat, by dauys.Address, now time.Time) error {
	chat, err := lives(ctx, tx, chat)
	if err != nil {
		return err
	}
	moved, err := exec(ctx, tx, `INSERT INTO bindings (office, chat, bound_by, at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (office) DO UPDATE SET chat = excluded.chat, bound_by = excluded.bound_by, at = excluded.at WHERE bindings.chat <> excluded.chat`,
		office, chat, by, ms(now))
	if err != nil {
		return err
	}
	// Somebody has just spoken for the chat: it is there.
	if _, err := exec(ctx, tx, "DELETE FROM unreachable WHERE address = $1", chat); err != nil || moved == 0 {
		return err
	}
	// Who was a member of the former chat is not by that one of this.
	if _, err := exec(ctx, tx, "UPDATE staff SET revoked = TRUE, until_time = $1 WHERE office = $2 AND via_chat = TRUE AND revoked = FALSE", ms(now), office); err != nil {
		return err
	}
	return showAgain(ctx, tx, "office = $1", office)
}

// lives is the address that a chat has now.
func lives(ctx context.Context, tx *sql.Tx, chat dauys.Address) (dauys.Address, error) {
	var became dauys.Address
	err := tx.QueryRowContext(ctx, "SELECT became FROM moved WHERE chat = $1", chat).Scan(&became)
	if errors.Is(err, sql.ErrNoRows) {
		return chat, nil
	}
	return became, err
}

// showAgain makes the cards of open cases due, and those of queues with which something can still be done.
func showAgain(ctx context.Context, tx *sql.Tx, which string, arg any) error {
	_, err := exec(ctx, tx, "UPDATE cards SET shown = 0, not_before = 0 WHERE "+which+` AND (number IN (SELECT number FROM cases WHERE live = TRUE)
		OR EXISTS (SELECT 1 FROM queues WHERE queues.wake > 0 AND queues.office = cards.office AND substr(cards.number, 1, length(queues.id) + 1) = queues.id || '/'))`, arg)
	return err
}

// Bindings tells the chat of every office that has one.
func (d *DB) Bindings(ctx context.Context) (map[dauys.OfficeID]dauys.Address, error) {
	all := map[dauys.OfficeID]dauys.Address{}
	_, err := look(ctx, d, "bindings", func(r row) (struct{}, error) {
		var office dauys.OfficeID
		var chat dauys.Address
		err := r.Scan(&office, &chat)
		all[office] = chat
		return struct{}{}, err
	}, "SELECT office, chat FROM bindings")
	return all, err
}

// OpenCounts counts the cases that are open, by the office that has them.
func (d *DB) OpenCounts(ctx context.Context) (map[dauys.OfficeID]int, error) {
	open := map[dauys.OfficeID]int{}
	_, err := look(ctx, d, "open counts", func(r row) (struct{}, error) {
		var office dauys.OfficeID
		var n int
		err := r.Scan(&office, &n)
		open[office] = n
		return struct{}{}, err
	}, "SELECT office, COUNT(*) FROM cases WHERE live = TRUE GROUP BY office")
	return open, err
}

// ChatOf is the chat of an office; empty when it has none.
func (d *DB) ChatOf(ctx context.Context, office dauys.OfficeID) (dauys.Address, error) {
	return one(ctx, d, "chat of", value[dauys.Address], "SELECT COALESCE(MAX(chat), '') FROM bindings WHERE office = $1", office)
}

// BoundTo lists the offices that work in a chat, in alphabetical order.
func (d *DB) BoundTo(ctx context.Context, chat dauys.Address) ([]dauys.OfficeID, error) {
	return look(ctx, d, "bound to", value[dauys.OfficeID], "SELECT office FROM bindings WHERE chat = $1 ORDER BY office", chat)
}

// Rebind follows a chat that has got another address, as a Telegram group does that becomes a
// supergroup: its offices, what is pending for it, and its prompts. The cards of open cases become
// due there, because their old messages cannot be edited any more. Whoever binds the old address
// later binds the new one. Doing it twice does nothing.
func (d *DB) Rebind(ctx context.Context, from, to dauys.Address) error {
	return d.change(ctx, "rebind", func(ctx context.Context, tx *sql.Tx) error {
		offices, err := list(ctx, tx, value[dauys.OfficeID], "UPDATE bindings SET chat = $1 WHERE chat = $2 RETURNING office", to, from)
		if err != nil {
			return err
		}
		for _, o := range offices {
			if err := showAgain(ctx, tx, "office = $1", o); err != nil {
				return err
			}
		}
		// A chain of moves is kept short, and a way back does not become a circle.
		if _, err := exec(ctx, tx, "UPDATE moved SET became = $1 WHERE became = $2", to, from); err != nil {
			return err
		}
		if _, err := exec(ctx, tx, "INSERT INTO moved (chat, became) VALUES ($1, $2) ON CONFLICT (chat) DO UPDATE SET became = excluded.became", from, to); err != nil {
			return err
		}
		if _, err := exec(ctx, tx, "DELETE FROM moved WHERE chat = $1", to); err != nil {
			return err
		}
		if _, err := exec(ctx, tx, "UPDATE notifications SET reader = $1 WHERE reader = $2 AND state = 'pending'", to, from); err != nil {
			return err
		}
		_, err = exec(ctx, tx, "UPDATE prompts SET chat = $1 WHERE chat = $2", to, from)
		return err
	})
}

// macCode names what codes are fingerprinted for.
const macCode = "code"

// MakeCode stores a one-time code with which a chat is bound to an office; only a keyed
// fingerprint of it is kept.
func (d *DB) MakeCode(ctx context.Context, office dauys.OfficeID, code string, by dauys.Address, expires time.Time) error {
	_, err := d.exec(ctx, "make code", "INSERT INTO codes (hash, office, made_by, expires, used) VALUES ($1, $2, $3, $4, 0)",
		d.sealer.Mac(macCode, code), office, by, ms(expires))
	return err
}

// UseCode binds a chat by a code, once. Whatever is wrong with the code, the error is
// [dauys.ErrBadCode].
func (d *DB) UseCode(ctx context.Context, code string, chat, by dauys.Address, now time.Time) (office dauys.OfficeID, err error) {
	err = d.change(ctx, "use code", func(ctx context.Context, tx *sql.Tx) error {
		err := tx.QueryRowContext(ctx, "UPDATE codes SET used = $1 WHERE hash = $2 AND used = 0 AND expires > $1 RETURNING office",
			ms(now), d.sealer.Mac(macCode, code)).Scan(&office)
		if errors.Is(err, sql.ErrNoRows) || code == "" && err == nil {
			return dauys.ErrBadCode
		}
		if err != nil {
			return err
		}
		return bind(ctx, tx, office, chat, by, now)
	})
	if err != nil {
		return "", err
	}
	return office, nil
}
