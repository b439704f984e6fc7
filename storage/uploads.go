package storage

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/registrar"
)

func aboutUpload(id string) string { return "upload/" + id }

const uploadColumns = "SELECT id, state, at, body, version FROM uploads"

func (d *DB) scanUpload(r row) (u registrar.Upload, err error) {
	var id, state string
	var at, version int64
	var sealed []byte
	if err := r.Scan(&id, &state, &at, &sealed, &version); err != nil {
		return u, err
	}
	if err := d.openJSON(sealed, aboutUpload(id), &u); err != nil {
		return u, err
	}
	u.ID, u.State, u.At, u.Version = id, registrar.UploadState(state), instant(at), version
	return u, nil
}

// KeepUpload keeps where a file is that somebody has sent, once.
func (d *DB) KeepUpload(ctx context.Context, u registrar.Upload) error {
	body, err := d.sealJSON(u, aboutUpload(u.ID))
	if err != nil {
		return fmt.Errorf("storage: keep upload: %w", err)
	}
	_, err = d.exec(ctx, "keep upload", "INSERT INTO uploads (id, state, at, body, version) VALUES ($1, $2, $3, $4, 1) ON CONFLICT (id) DO NOTHING", u.ID, u.State, ms(u.At), body)
	return err
}

// Upload finds one. The error is [dauys.ErrNotFound] when there is none.
func (d *DB) Upload(ctx context.Context, id string) (registrar.Upload, error) {
	u, err := one(ctx, d, "upload", d.scanUpload, uploadColumns+" WHERE id = $1", id)
	return u, notFound(err)
}

// UploadsDue lists those with which something has to be done, the oldest first.
func (d *DB) UploadsDue(ctx context.Context, limit int) ([]registrar.Upload, error) {
	return look(ctx, d, "uploads", d.scanUpload, uploadColumns+" WHERE state IN ($1, $2) ORDER BY at, id LIMIT $3 + 0", registrar.Came, registrar.Wanted, limit)
}

// SaveUpload changes one that was loaded, with what has to be told of it. The error is [dauys.ErrConflict]
// when somebody was faster.
func (d *DB) SaveUpload(ctx context.Context, u registrar.Upload, notes ...dauys.Notification) error {
	body, err := d.sealJSON(u, aboutUpload(u.ID))
	if err != nil {
		return fmt.Errorf("storage: save upload: %w", err)
	}
	return d.change(ctx, "save upload", func(ctx context.Context, tx *sql.Tx) error {
		n, err := exec(ctx, tx, "UPDATE uploads SET state = $1, body = $2, version = version + 1 WHERE id = $3 AND version = $4", u.State, body, u.ID, u.Version)
		if err != nil {
			return err
		}
		if n == 0 {
			return dauys.ErrConflict
		}
		return d.insertNotifications(ctx, tx, notes)
	})
}

// ForgetUploads deletes those that are over, or that nobody has answered for since a time.
func (d *DB) ForgetUploads(ctx context.Context, before time.Time) error {
	_, err := d.exec(ctx, "forget uploads", "DELETE FROM uploads WHERE at < $1 AND state IN ($2, $3)", ms(before), registrar.Asked, registrar.Over)
	return err
}
