package storage

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"github.com/pressly/goose/v3"
)

//go:embed schema
var schemas embed.FS

// Migration is one step of the schema.
type Migration struct {
	Version int64
	Name    string
	Applied time.Time // zero: not yet
}

// Migrate brings the schema up to date, forward only. Several may do it at once: they wait for
// each other. It refuses with [ErrOtherKey] when texts were sealed with another key.
func (d *DB) Migrate(ctx context.Context) error {
	db, free, err := d.engine.alone(ctx)
	if err != nil {
		return fmt.Errorf("storage: migrate: %w", err)
	}
	p, err := d.provider(db)
	if err == nil {
		_, err = p.Up(ctx)
	}
	if err = errors.Join(err, free()); err != nil {
		return fmt.Errorf("storage: migrate: %w", err)
	}
	return d.CheckKey(ctx)
}

// Migrations tells which steps there are and which of them were applied.
func (d *DB) Migrations(ctx context.Context) ([]Migration, error) {
	p, err := d.provider(d.write)
	if err != nil {
		return nil, fmt.Errorf("storage: migrations: %w", err)
	}
	status, err := p.Status(ctx)
	if err != nil {
		return nil, fmt.Errorf("storage: migrations: %w", err)
	}
	var all []Migration
	for _, s := range status {
		name := s.Source.Path[strings.LastIndex(s.Source.Path, "/")+1:]
		all = append(all, Migration{Version: s.Source.Version, Name: name, Applied: s.AppliedAt})
	}
	return all, nil
}

// CheckKey answers [ErrOtherKey] when the database holds texts that this key cannot open. The
// first key that comes is the database's.
func (d *DB) CheckKey(ctx context.Context) error {
	return d.change(ctx, "check key", func(ctx context.Context, tx *sql.Tx) error {
		if _, err := exec(ctx, tx, "INSERT INTO seals (one, key_id) VALUES (1, $1) ON CONFLICT DO NOTHING", d.sealer.KeyID()); err != nil {
			return err
		}
		var id string
		if err := tx.QueryRowContext(ctx, "SELECT key_id FROM seals").Scan(&id); err != nil {
			return err
		}
		if id != d.sealer.KeyID() {
			return ErrOtherKey
		}
		return nil
	})
}

func (d *DB) provider(db *sql.DB) (*goose.Provider, error) {
	common, err := fs.Sub(schemas, "schema")
	if err != nil {
		return nil, err
	}
	own, err := fs.Sub(common, d.engine.name())
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(d.engine.dialect(), db, both{common, own}, goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()))
}

// both is the steps that are the same everywhere and those of one engine, as one folder.
type both struct{ common, own fs.FS }

func (b both) Open(name string) (fs.File, error) {
	if f, err := b.own.Open(name); err == nil && name != "." {
		return f, nil
	}
	return b.common.Open(name)
}

// Glob makes [fs.Glob], by which the steps are found, see both.
func (b both) Glob(pattern string) ([]string, error) {
	common, err := fs.Glob(b.common, pattern)
	if err != nil {
		return nil, err
	}
	own, err := fs.Glob(b.own, pattern)
	return append(common, own...), err
}
