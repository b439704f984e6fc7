package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"alt.edu.kz/dauys"
)

// KeepProcedure keeps a version of the procedure for ever. A version that is there with other
// words is [dauys.ErrOtherWords]: cases were filed under those. What is cited may change
// within a version, and the newest holds.
func (d *DB) KeepProcedure(ctx context.Context, p dauys.Procedure) error {
	body, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("storage: keep procedure: %w", err)
	}
	return d.change(ctx, "keep procedure", func(ctx context.Context, tx *sql.Tx) error {
		n, err := exec(ctx, tx, "INSERT INTO procedures (version, body) VALUES ($1, $2) ON CONFLICT (version) DO NOTHING", p.Version, string(body))
		if err != nil || n > 0 {
			return err
		}
		kept, err := scanProcedure(tx.QueryRowContext(ctx, "SELECT body FROM procedures WHERE version = $1", p.Version))
		switch {
		case err != nil:
			return err
		case !kept.SameWords(p):
			return dauys.ErrOtherWords
		}
		_, err = exec(ctx, tx, "UPDATE procedures SET body = $1 WHERE version = $2 AND body <> $1", string(body), p.Version)
		return err
	})
}

// Procedure is a version of the procedure. The error is [dauys.ErrNotFound] when it was never
// in force.
func (d *DB) Procedure(ctx context.Context, version string) (dauys.Procedure, error) {
	p, err := one(ctx, d, "procedure", scanProcedure, "SELECT body FROM procedures WHERE version = $1", version)
	return p, notFound(err)
}

func scanProcedure(r row) (p dauys.Procedure, err error) {
	body, err := value[string](r)
	if err != nil {
		return p, err
	}
	return p, json.Unmarshal([]byte(body), &p)
}
