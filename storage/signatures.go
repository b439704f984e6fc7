package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"alt.edu.kz/dauys"
)

// What codes of invitations, and people who have signed, are fingerprinted for.
const (
	macInvitation = "invitation"
	macSigner     = "signer"
)

func aboutInvitation(number string) string { return "invitation/" + number }

const invitationColumns = "SELECT number, body, expires, closed FROM invitations"

func (d *DB) scanInvitation(r row) (i dauys.Invitation, err error) {
	var sealed []byte
	var expires int64
	if err := r.Scan(&i.Case, &sealed, &expires, &i.Closed); err != nil {
		return i, err
	}
	i.Expires = instant(expires)
	i.Code, err = d.openText(sealed, aboutInvitation(i.Case))
	return i, err
}

// Invite keeps the link with which others sign a case. One that is open already stays what it is and
// is returned; one that is over or closed gives place to the new one, and leads nowhere any more.
func (d *DB) Invite(ctx context.Context, i dauys.Invitation, now time.Time) (stored dauys.Invitation, err error) {
	body := d.sealText(i.Code, aboutInvitation(i.Case))
	err = d.change(ctx, "invite", func(ctx context.Context, tx *sql.Tx) error {
		if _, err := exec(ctx, tx, `INSERT INTO invitations (number, hash, body, expires, closed) VALUES ($1, $2, $3, $4, FALSE)
			ON CONFLICT (number) DO UPDATE SET hash = excluded.hash, body = excluded.body, expires = excluded.expires, closed = FALSE
			WHERE invitations.closed = TRUE OR invitations.expires <= $5`, i.Case, d.sealer.Mac(macInvitation, i.Code), body, ms(i.Expires), ms(now)); err != nil {
			return err
		}
		stored, err = d.scanInvitation(tx.QueryRowContext(ctx, invitationColumns+" WHERE number = $1", i.Case))
		return err
	})
	return stored, err
}

// Invitation finds the link of a case, open or not. The error is [dauys.ErrNotFound] when there is none.
func (d *DB) Invitation(ctx context.Context, number string) (dauys.Invitation, error) {
	i, err := one(ctx, d, "invitation", d.scanInvitation, invitationColumns+" WHERE number = $1", number)
	return i, notFound(err)
}

// Invited finds by its code a link that is open. Whatever is wrong, the error is [dauys.ErrBadCode].
func (d *DB) Invited(ctx context.Context, code string, now time.Time) (dauys.Invitation, error) {
	i, err := one(ctx, d, "invited", d.scanInvitation, invitationColumns+" WHERE hash = $1", d.sealer.Mac(macInvitation, code))
	if errors.Is(notFound(err), dauys.ErrNotFound) || err == nil && (code == "" || !i.Open(now)) {
		return dauys.Invitation{}, fmt.Errorf("storage: invited: %w", dauys.ErrBadCode)
	}
	return i, err
}

// CloseInvitation ends the link of a case: nobody signs it any more, and who has signed remains.
func (d *DB) CloseInvitation(ctx context.Context, number string) error {
	_, err := d.exec(ctx, "close invitation", "UPDATE invitations SET closed = TRUE WHERE number = $1", number)
	return err
}

// SignedBy lists the cases under which somebody's signature stands, the newest first.
func (d *DB) SignedBy(ctx context.Context, who dauys.Address, limit int) ([]*dauys.Case, error) {
	ctx, cancel := context.WithTimeout(ctx, d.timeout)
	defer cancel()
	cases, err := d.loadAll(ctx, d.read, " WHERE number IN (SELECT number FROM signatures WHERE signer = $1) ORDER BY filed DESC, number DESC LIMIT $2 + 0",
		d.sealer.Mac(macSigner, string(who)), limit)
	if err != nil {
		return nil, fmt.Errorf("storage: signed by: %w", d.named(err))
	}
	return cases, nil
}

// noteSignature keeps where somebody has signed, so that they find it: the events are sealed.
func (d *DB) noteSignature(ctx context.Context, tx *sql.Tx, number string, e dauys.Event) (err error) {
	switch signer := d.sealer.Mac(macSigner, string(e.Who)); e.Act {
	case dauys.Sign:
		_, err = exec(ctx, tx, "INSERT INTO signatures (signer, number) VALUES ($1, $2) ON CONFLICT DO NOTHING", signer, number)
	case dauys.Unsign:
		_, err = exec(ctx, tx, "DELETE FROM signatures WHERE signer = $1 AND number = $2", signer, number)
	}
	return err
}
