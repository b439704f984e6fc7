package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/registrar"
)

// What students and public pages of papers are fingerprinted for.
const (
	macPaperOf    = "paper of"
	macPaperToken = "paper token"
)

// paperBody is what is sealed of a paper.
type paperBody struct {
	Student  string        `json:"student"`
	Name     string        `json:"name"`
	Who      dauys.Address `json:"who"`
	Lang     dauys.Lang    `json:"lang"`
	Official bool          `json:"official,omitempty"`
	Issued   time.Time     `json:"issued,omitzero"`
	Done     time.Time     `json:"done,omitzero"`
	By       string        `json:"by,omitempty"`
	Reason   string        `json:"reason,omitempty"`
	Token    string        `json:"token,omitempty"`
	Hash     string        `json:"hash,omitempty"`
	Blob     string        `json:"blob,omitempty"`
	Shown    string        `json:"shown,omitempty"`
}

func aboutPaper(id string) string { return "paper/" + id }

func (d *DB) sealPaper(p *registrar.Paper) ([]byte, error) {
	return d.sealJSON(paperBody{p.Student, p.Name, p.Who, p.Lang, p.Official, p.Issued.UTC(), p.Done.UTC(), p.By, p.Reason, p.Token, p.Hash, p.Blob, p.Shown}, aboutPaper(p.ID))
}

const paperColumns = "SELECT id, kind, number, state, asked, body, version FROM papers"

func (d *DB) scanPaper(r row) (p registrar.Paper, err error) {
	var number sql.NullString
	var asked int64
	var sealed []byte
	if err := r.Scan(&p.ID, &p.Kind, &number, &p.State, &asked, &sealed, &p.Version); err != nil {
		return p, err
	}
	var b paperBody
	if err := d.openJSON(sealed, aboutPaper(p.ID), &b); err != nil {
		return p, err
	}
	p.Number, p.Asked = number.String, instant(asked)
	p.Student, p.Name, p.Who, p.Lang, p.Official, p.Issued, p.Done = b.Student, b.Name, b.Who, b.Lang, b.Official, b.Issued, b.Done
	p.By, p.Reason, p.Token, p.Hash, p.Blob, p.Shown = b.By, b.Reason, b.Token, b.Hash, b.Blob, b.Shown
	return p, nil
}

// tokenMac is a fingerprint of a token, or NULL.
func (d *DB) tokenMac(token string) any {
	if token == "" {
		return nil
	}
	return d.sealer.Mac(macPaperToken, token)
}

// AskPaper stores a paper that somebody asks for, or that is given out at once, with what has to be told
// of it. One that is there already is returned as it is.
func (d *DB) AskPaper(ctx context.Context, p registrar.Paper, notes ...dauys.Notification) (stored registrar.Paper, err error) {
	body, err := d.sealPaper(&p)
	if err != nil {
		return p, fmt.Errorf("storage: ask for a paper: %w", err)
	}
	err = d.change(ctx, "ask for a paper", func(ctx context.Context, tx *sql.Tx) error {
		if err := d.once(ctx, tx, notes, "INSERT INTO papers (id, kind, student, state, token, asked, body, version) VALUES ($1, $2, $3, $4, $5, $6, $7, 1) ON CONFLICT (id) DO NOTHING",
			p.ID, p.Kind, d.sealer.Mac(macPaperOf, p.Student), p.State, d.tokenMac(p.Token), ms(p.Asked), body); err != nil {
			return err
		}
		stored, err = d.scanPaper(tx.QueryRowContext(ctx, paperColumns+" WHERE id = $1", p.ID))
		return err
	})
	return stored, err
}

// Paper finds a paper. The error is [dauys.ErrNotFound] when there is none.
func (d *DB) Paper(ctx context.Context, id string) (registrar.Paper, error) {
	p, err := one(ctx, d, "paper", d.scanPaper, paperColumns+" WHERE id = $1", id)
	return p, notFound(err)
}

// PaperByNumber finds a paper by its number. The error is [dauys.ErrNotFound] when there is none.
func (d *DB) PaperByNumber(ctx context.Context, number string) (registrar.Paper, error) {
	p, err := one(ctx, d, "paper", d.scanPaper, paperColumns+" WHERE number = $1", number)
	return p, notFound(err)
}

// PaperByToken finds a paper by what leads to its public page. The error is [dauys.ErrNotFound] when there is none.
func (d *DB) PaperByToken(ctx context.Context, token string) (registrar.Paper, error) {
	p, err := one(ctx, d, "paper", d.scanPaper, paperColumns+" WHERE token = $1", d.sealer.Mac(macPaperToken, token))
	return p, notFound(err)
}

// PapersOf lists the papers of a student, the newest first.
func (d *DB) PapersOf(ctx context.Context, student string, limit int) ([]registrar.Paper, error) {
	return look(ctx, d, "papers of a student", d.scanPaper, paperColumns+" WHERE student = $1 ORDER BY asked DESC, id DESC LIMIT $2 + 0", d.sealer.Mac(macPaperOf, student), limit)
}

// PapersIn lists the papers that are in a state, the oldest first.
func (d *DB) PapersIn(ctx context.Context, state registrar.PaperState, limit int) ([]registrar.Paper, error) {
	return look(ctx, d, "papers in a state", d.scanPaper, paperColumns+" WHERE state = $1 ORDER BY asked, id LIMIT $2 + 0", state, limit)
}

// accountOf is where the student of a paper is told of it now: who has asked for it may be another one's
// account, or nobody's, since. Empty: no account is theirs.
func (d *DB) accountOf(ctx context.Context, tx *sql.Tx, p registrar.Paper) (dauys.Address, error) {
	all, err := d.linkedTo(ctx, tx, registrar.OfStudent(p.Student))
	if err != nil {
		return "", err
	}
	all = slices.DeleteFunc(all, func(l registrar.Link) bool { return l.Confirmed.IsZero() })
	switch {
	case slices.ContainsFunc(all, func(l registrar.Link) bool { return l.Who == p.Who }):
		return p.Who, nil
	case len(all) > 0:
		return all[0].Who, nil
	}
	return "", nil
}

// ChangePaper changes a paper through a function that is handed it and the active right of who acts for an
// office; without one the Staff is zero, and the function decides what that means. What it does is stored
// with what has to be told of it, or not at all. The same cause changes a paper once; the function may be
// called again when somebody else was faster. A paper that is approved gets its number: without gaps
// within a series and year.
func (d *DB) ChangePaper(ctx context.Context, id string, who dauys.Address, office dauys.OfficeID, cause string, now time.Time,
	change func(*registrar.Paper, dauys.Staff) ([]dauys.Notification, error)) (p registrar.Paper, err error) {
	err = d.change(ctx, "change paper", func(ctx context.Context, tx *sql.Tx) (err error) {
		if p, err = d.scanPaper(tx.QueryRowContext(ctx, paperColumns+" WHERE id = $1", id)); err != nil {
			return notFound(err)
		}
		if again, err := caused(ctx, tx, "paper", id, cause); again || err != nil {
			return err
		}
		staff, err := d.touchStaff(ctx, tx, who, office, now)
		if err != nil {
			return err
		}
		if p.Who, err = d.accountOf(ctx, tx, p); err != nil {
			return err
		}
		notes, err := change(&p, staff)
		if err != nil {
			return err
		}
		if p.State == registrar.PaperApproved && p.Number == "" {
			if p.Number, err = d.take(ctx, tx, p.Kind.Series(), now); err != nil {
				return err
			}
		}
		body, err := d.sealPaper(&p)
		if err != nil {
			return err
		}
		var number any
		if p.Number != "" {
			number = p.Number
		}
		n, err := exec(ctx, tx, "UPDATE papers SET number = $1, state = $2, token = $3, body = $4, version = version + 1 WHERE id = $5 AND version = $6",
			number, p.State, d.tokenMac(p.Token), body, p.ID, p.Version)
		if err != nil {
			return err
		}
		if n == 0 {
			return errLost
		}
		p.Version++
		return d.insertNotifications(ctx, tx, notes)
	})
	if errors.Is(err, errLost) {
		return p, fmt.Errorf("storage: change paper: %w", dauys.ErrConflict)
	}
	return p, err
}
