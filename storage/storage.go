// Package storage remembers: cases with all that happened to them, what has still to be told,
// people and their rights in a database, and dialogues on their way in Redis.
//
// There is one [DB] for SQLite and PostgreSQL and one text of every statement; only [Open] and
// the folder schema know which of the two it is. There is one [Sessions] for a Redis server and
// for the server that runs inside the process when there is none.
//
// A change of a case goes through a function that is handed to [DB.Act], so that the rule stays
// in the domain and the transaction here: the case, its events and its notifications are stored
// together or not at all. What people wrote is sealed ([Sealer]) before it leaves the process.
//
// The package asks nobody for the time: instants come in as parameters.
package storage

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"time"

	"alt.edu.kz/dauys"
)

// Errors of opening. A person who starts Dauys reads them, so each is one clear sentence.
var (
	// ErrInUse: another process runs on the same file.
	ErrInUse = errors.New("another Dauys is running on this file; stop it first")
	// ErrOtherKey: the database holds texts that were sealed with another key.
	ErrOtherKey = errors.New("the database was written with another MASTER_KEY or key file; give the right one, without it the texts cannot be read")
)

// Options say which database to open.
type Options struct {
	URL       string        // sqlite:///absolute/path.db or postgres://…
	Key       []byte        // 32 bytes, see [LoadKey]
	Exclusive bool          // SQLite: hold the file; a second one that wants to gets [ErrInUse]
	Timeout   time.Duration // for one operation, waiting included; 0: 15 seconds
	Log       *slog.Logger  // nil: none
}

// DB is the database. All of it may be used by many goroutines at once.
type DB struct {
	engine  engine
	write   *sql.DB
	read    *sql.DB // the same as write, where the engine has nothing better
	sealer  *Sealer
	timeout time.Duration
	log     *slog.Logger
	kept    together       // whether updates are kept
	close   []func() error // in this order
}

// Open connects to the database. It does not migrate it.
func Open(ctx context.Context, o Options) (*DB, error) {
	sealer, err := NewSealer(o.Key)
	if err != nil {
		return nil, err
	}
	d := &DB{sealer: sealer, timeout: o.Timeout, log: o.Log}
	if d.timeout == 0 {
		d.timeout = 15 * time.Second
	}
	if d.log == nil {
		d.log = slog.New(slog.DiscardHandler)
	}
	d.engine, err = engineOf(o.URL)
	if err != nil {
		return nil, err
	}
	if err := d.engine.open(ctx, d, o); err != nil {
		_ = d.Close()
		return nil, err
	}
	return d, nil
}

// Engine is "sqlite" or "postgres".
func (d *DB) Engine() string { return d.engine.name() }

// Ping tells whether the database answers.
func (d *DB) Ping(ctx context.Context) error {
	if err := d.write.PingContext(ctx); err != nil {
		return fmt.Errorf("storage: ping: %w", d.named(err))
	}
	return nil
}

// Close waits for what is on its way and closes the database.
func (d *DB) Close() error {
	var errs []error
	for _, f := range d.close {
		errs = append(errs, f())
	}
	d.close = nil
	return errors.Join(errs...)
}

// errLost: somebody else changed the row between reading and writing it.
var errLost = errors.New("lost a race")

// How often a change is tried again. A lost race means that somebody else has won it, so that
// all get through in the end; the other reasons are the engine's and should be rare.
const (
	lostRaces = 40
	busyTries = 5
)

// change runs f in a transaction that writes, all of it or nothing, and again when the engine
// or a lost race asks for it.
func (d *DB) change(ctx context.Context, what string, f func(context.Context, *sql.Tx) error) error {
	return d.insist(ctx, what, func(ctx context.Context) error { return d.transact(ctx, f) })
}

// insist does something, and again when the engine or a lost race asks for it.
func (d *DB) insist(ctx context.Context, what string, f func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, d.timeout)
	defer cancel()
	for lost, busy := 0, 0; ; {
		err := f(ctx)
		switch {
		case err == nil:
			return nil
		case errors.Is(err, errLost) && lost < lostRaces:
			lost++
		case d.engine.again(err) && busy < busyTries:
			busy++
		default:
			return fmt.Errorf("storage: %s: %w", what, d.named(err))
		}
		pause := time.Duration(rand.Int64N(int64(busy*busy*20+lost+1))) * time.Millisecond
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return fmt.Errorf("storage: %s: %w", what, d.named(fmt.Errorf("%w: %w", ctx.Err(), err)))
		}
	}
}

func (d *DB) transact(ctx context.Context, f func(context.Context, *sql.Tx) error) error {
	tx, err := d.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // after a commit it does nothing; it is here for errors and panics
	if err := f(ctx, tx); err != nil {
		return err
	}
	return tx.Commit()
}

// exec runs one statement, which is a whole transaction by itself: it needs no words around it.
// It tells how many rows it changed.
func (d *DB) exec(ctx context.Context, what, text string, args ...any) (n int64, err error) {
	err = d.insist(ctx, what, func(ctx context.Context) (err error) {
		n, err = exec(ctx, d.write, text, args...)
		return err
	})
	return n, err
}

// querier is a connection pool or a transaction.
type querier interface {
	ExecContext(ctx context.Context, text string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, text string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, text string, args ...any) *sql.Row
}

func exec(ctx context.Context, q querier, text string, args ...any) (int64, error) {
	r, err := q.ExecContext(ctx, text, args...)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// list reads all rows of a query before anything else is asked on the same connection.
func list[T any](ctx context.Context, q querier, scan func(row) (T, error), text string, args ...any) ([]T, error) {
	rows, err := q.QueryContext(ctx, text, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
}

// look is list on the reading side, within the time of one operation.
func look[T any](ctx context.Context, d *DB, what string, scan func(row) (T, error), text string, args ...any) ([]T, error) {
	ctx, cancel := context.WithTimeout(ctx, d.timeout)
	defer cancel()
	all, err := list(ctx, d.read, scan, text, args...)
	if err != nil {
		return nil, fmt.Errorf("storage: %s: %w", what, d.named(err))
	}
	return all, nil
}

// one is the only row of a query on the reading side; none gives sql.ErrNoRows.
func one[T any](ctx context.Context, d *DB, what string, scan func(row) (T, error), text string, args ...any) (T, error) {
	ctx, cancel := context.WithTimeout(ctx, d.timeout)
	defer cancel()
	v, err := scan(d.read.QueryRowContext(ctx, text, args...))
	if err != nil {
		return v, fmt.Errorf("storage: %s: %w", what, d.named(err))
	}
	return v, nil
}

// named adds [dauys.ErrUnavailable] to an error that says nothing about what was asked, only that
// the database cannot do it now: it may come back, and what was asked is worth another try.
func (d *DB) named(err error) error {
	_, network := errors.AsType[net.Error](err)
	if network || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, driver.ErrBadConn) || errors.Is(err, io.ErrUnexpectedEOF) || d.engine.away(err) {
		return fmt.Errorf("%w: %w", dauys.ErrUnavailable, err)
	}
	return err
}

// row is what both a single row and a row of many can do.
type row interface{ Scan(to ...any) error }

// value scans a row of one column.
func value[T any](r row) (v T, err error) {
	err = r.Scan(&v)
	return v, err
}

// ms is how an instant is stored: milliseconds since 1970, or 0 for none.
func ms(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// instant is the way back, in UTC.
func instant(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
