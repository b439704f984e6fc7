package storage

import (
	"context"
	"database/sql"
	"time"

	"alt.edu.kz/dauys"
)

// macMuted is what people who are held back are fingerprinted for.
const macMuted = "muted"

func aboutMute(id string) string { return "mute/" + id }

func (d *DB) mutedID(who dauys.Address) string { return d.sealer.Mac(macMuted, string(who)) }

// SetMute holds somebody back, with what has to be told of it. May is handed the rights that who does it
// has at this moment; when it says no, the error is [dauys.ErrNotStaff] and nothing is changed. A mute
// takes the place of the one before it; one whose time is over ends it.
func (d *DB) SetMute(ctx context.Context, m dauys.Mute, by dauys.Address, now time.Time, may func([]dauys.Staff) bool, notes ...dauys.Notification) error {
	id := d.mutedID(m.Who)
	sealed, err := d.sealJSON(m, aboutMute(id))
	if err != nil {
		return err
	}
	return d.change(ctx, "set mute", func(ctx context.Context, tx *sql.Tx) error {
		rights, err := d.touchRights(ctx, tx, by, now)
		if err != nil {
			return err
		}
		if !may(rights) {
			return dauys.ErrNotStaff
		}
		if _, err := exec(ctx, tx, `INSERT INTO mutes (who, until, body) VALUES ($1, $2, $3)
			ON CONFLICT (who) DO UPDATE SET until = excluded.until, body = excluded.body`, id, ms(m.Until), sealed); err != nil {
			return err
		}
		return d.insertNotifications(ctx, tx, notes)
	})
}

// Muted is the mute of somebody who is held back now; the error is [dauys.ErrNotFound] when they are not.
func (d *DB) Muted(ctx context.Context, who dauys.Address, now time.Time) (m dauys.Mute, err error) {
	id := d.mutedID(who)
	m, err = one(ctx, d, "muted", func(r row) (m dauys.Mute, err error) {
		var sealed []byte
		if err := r.Scan(&sealed); err != nil {
			return m, err
		}
		err = d.openJSON(sealed, aboutMute(id), &m)
		return m, err
	}, "SELECT body FROM mutes WHERE who = $1 AND until > $2", id, ms(now))
	return m, notFound(err)
}

// FiledBy counts the requests that somebody has filed since a time, but the one of a draft.
func (d *DB) FiledBy(ctx context.Context, who dauys.Address, since time.Time, but string) (int, error) {
	return one(ctx, d, "filed by", value[int], "SELECT COUNT(*) FROM cases WHERE applicant = $1 AND filed > $2 AND id <> $3", who, ms(since), but)
}
