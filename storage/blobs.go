package storage

import (
	"context"
	"database/sql"
	"fmt"

	"alt.edu.kz/dauys"
)

func aboutBlob(id string) string     { return "blob/" + id }
func aboutBlobName(id string) string { return "blob name/" + id }
func aboutBlobRef(id string) string  { return "blob ref/" + id }

// PutBlob stores content that no notification carries. An id that is there already keeps its content.
func (d *DB) PutBlob(ctx context.Context, b dauys.Blob) error {
	return d.change(ctx, "put blob", func(ctx context.Context, tx *sql.Tx) error { return d.insertBlob(ctx, tx, b) })
}

func (d *DB) insertBlob(ctx context.Context, tx *sql.Tx, b dauys.Blob) error {
	switch n := len(b.Data); {
	case n > dauys.MostBlob:
		return fmt.Errorf("blob %s of %d bytes: %w", b.ID, n, dauys.ErrTooBig)
	case n == 0 || b.ID == "":
		return fmt.Errorf("blob %q of %d bytes: without an id, or empty", b.ID, n)
	}
	var known int
	if err := tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM blobs WHERE id = $1", b.ID).Scan(&known); err != nil || known > 0 {
		return err // it need not be sealed again
	}
	_, err := exec(ctx, tx, `INSERT INTO blobs (id, name, mime, body, size, at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO NOTHING`,
		b.ID, d.sealText(b.Name, aboutBlobName(b.ID)), b.MIME, d.sealer.Seal(b.Data, aboutBlob(b.ID)), len(b.Data), ms(b.At))
	return err
}

// Blob finds content. The error is [dauys.ErrNotFound] when there is none.
func (d *DB) Blob(ctx context.Context, id string) (dauys.Blob, error) {
	b, err := one(ctx, d, "blob", func(r row) (b dauys.Blob, err error) {
		var name, body []byte
		var at int64
		if err := r.Scan(&b.ID, &name, &b.MIME, &body, &at); err != nil {
			return b, err
		}
		b.At = instant(at)
		if b.Name, err = d.openText(name, aboutBlobName(b.ID)); err != nil {
			return b, err
		}
		if b.Data, err = d.sealer.Open(body, aboutBlob(b.ID)); err != nil {
			return b, fmt.Errorf("%s: %w", aboutBlob(b.ID), err)
		}
		return b, nil
	}, "SELECT id, name, mime, body, at FROM blobs WHERE id = $1", id)
	return b, notFound(err)
}

// BlobRef is the messenger's own name for content that was sent already, or empty.
func (d *DB) BlobRef(ctx context.Context, id string) (string, error) {
	ref, err := one(ctx, d, "blob ref", func(r row) (string, error) {
		var sealed []byte
		if err := r.Scan(&sealed); err != nil {
			return "", err
		}
		return d.openText(sealed, aboutBlobRef(id))
	}, "SELECT ref FROM blobs WHERE id = $1", id)
	return ref, notFound(err)
}

// BlobSent notes the messenger's own name for content, in place of the one before.
func (d *DB) BlobSent(ctx context.Context, id, ref string) error {
	return orNotFound(d.exec(ctx, "blob sent", "UPDATE blobs SET ref = $1 WHERE id = $2", d.sealText(ref, aboutBlobRef(id)), id))
}
