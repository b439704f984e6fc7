package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"alt.edu.kz/dauys"

	"alt.edu.kz/dauys/flows/ask"
)

// Proposal is a request that somebody has written down for another person. It waits for that
// person's yes, with which it becomes a case of theirs. What was written is kept as it was, sealed.
type Proposal struct {
	ID      string // of the draft, and then of the case
	Code    string // with which the person finds it, once
	Writer  dauys.Address
	By      string // the writer's name
	Session ask.Session
	Expires time.Time
	Taker   dauys.Address // who has opened it; empty: nobody yet
	Case    string        // number, when it was said yes to
}

type proposalBody struct {
	Code    string      `json:"code"`
	By      string      `json:"by"`
	Session ask.Session `json:"session"`
}

// macProposal names what the codes of proposals are fingerprinted for.
const macProposal = "proposal"

func aboutProposal(id string) string { return "proposal/" + id }

// Propose stores a proposal with what has to be told about it. One that is there already is returned
// as it is, with the code that it has.
func (d *DB) Propose(ctx context.Context, p Proposal, notes ...dauys.Notification) (stored Proposal, err error) {
	body, err := d.sealJSON(proposalBody{p.Code, p.By, p.Session}, aboutProposal(p.ID))
	if err != nil {
		return Proposal{}, fmt.Errorf("storage: propose: %w", err)
	}
	err = d.change(ctx, "propose", func(ctx context.Context, tx *sql.Tx) error {
		if err := d.once(ctx, tx, notes, `INSERT INTO proposals (id, hash, writer, taker, number, body, expires) VALUES ($1, $2, $3, '', '', $4, $5)
			ON CONFLICT (id) DO NOTHING`, p.ID, d.sealer.Mac(macProposal, p.Code), p.Writer, body, ms(p.Expires)); err != nil {
			return err
		}
		stored, err = d.scanProposal(tx.QueryRowContext(ctx, proposalColumns+" WHERE id = $1", p.ID))
		return err
	})
	return stored, err
}

const proposalColumns = "SELECT id, writer, taker, number, body, expires FROM proposals"

func (d *DB) scanProposal(r row) (p Proposal, err error) {
	var sealed []byte
	var expires int64
	if err := r.Scan(&p.ID, &p.Writer, &p.Taker, &p.Case, &sealed, &expires); err != nil {
		return p, err
	}
	var body proposalBody
	if err := d.openJSON(sealed, aboutProposal(p.ID), &body); err != nil {
		return p, err
	}
	p.Code, p.By, p.Session, p.Expires = body.Code, body.By, body.Session, instant(expires)
	return p, nil
}

// Proposal finds a proposal. The error is [dauys.ErrNotFound] when there is none.
func (d *DB) Proposal(ctx context.Context, id string) (Proposal, error) {
	p, err := one(ctx, d, "proposal", d.scanProposal, proposalColumns+" WHERE id = $1", id)
	return p, notFound(err)
}

// TakeProposal finds a proposal by its code for the one who opens it, and keeps it for them: it is
// nobody else's from then on. The writer only looks. Whatever is wrong, the error is [dauys.ErrBadCode].
func (d *DB) TakeProposal(ctx context.Context, code string, who dauys.Address, now time.Time) (p Proposal, err error) {
	err = d.change(ctx, "take proposal", func(ctx context.Context, tx *sql.Tx) error {
		p, err = d.scanProposal(tx.QueryRowContext(ctx, proposalColumns+" WHERE hash = $1", d.sealer.Mac(macProposal, code)))
		switch {
		case errors.Is(err, sql.ErrNoRows):
			return dauys.ErrBadCode
		case err != nil:
			return err
		case code == "", p.Taker != "" && p.Taker != who && p.Writer != who, p.Taker == "" && !now.Before(p.Expires):
			return dauys.ErrBadCode
		case p.Writer == who, p.Taker == who:
			return nil
		}
		n, err := exec(ctx, tx, "UPDATE proposals SET taker = $1 WHERE id = $2 AND taker = ''", who, p.ID)
		if err != nil {
			return err
		}
		if n == 0 { // somebody was faster
			return dauys.ErrBadCode
		}
		p.Taker = who
		return nil
	})
	if err != nil {
		return Proposal{}, err
	}
	return p, nil
}

// SettleProposal notes which case a proposal has become, with what has to be told of it, once.
func (d *DB) SettleProposal(ctx context.Context, id, number string, notes ...dauys.Notification) error {
	return d.change(ctx, "settle proposal", func(ctx context.Context, tx *sql.Tx) error {
		return d.once(ctx, tx, notes, "UPDATE proposals SET number = $1 WHERE id = $2 AND number = ''", number, id)
	})
}
