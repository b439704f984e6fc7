package storage

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// engine is all that differs between the two databases, besides the folders of schema.
type engine interface {
	name() string
	dialect() goose.Dialect
	// open connects d and puts what is to be closed into d.close.
	open(ctx context.Context, d *DB, o Options) error
	// alone connects once more, for a migration: one connection, no limit of time for a
	// statement, and nobody else migrates until free is called.
	alone(ctx context.Context) (db *sql.DB, free func() error, err error)
	// again tells whether a transaction failed in a way that another try may mend.
	again(err error) bool
	// away tells whether the database as a whole cannot be had now.
	away(err error) bool
}

func engineOf(where string) (engine, error) {
	u, err := url.Parse(where)
	if err != nil {
		return nil, errors.New("storage: the database's address is not a URL; write it as sqlite:///absolute/path.db or postgres://user:password@host/name")
	}
	switch u.Scheme {
	case "sqlite":
		if u.Host != "" || !filepath.IsAbs(u.Path) {
			return nil, fmt.Errorf("storage: %s: write the path from the root, with three slashes: sqlite:///absolute/path.db", where)
		}
		return &sqliteEngine{path: u.Path}, nil
	case "postgres", "postgresql":
		return &postgresEngine{url: where}, nil
	}
	return nil, fmt.Errorf("storage: no database is known for %q; write sqlite:///absolute/path.db or postgres://user:password@host/name", u.Scheme+":")
}

// sqliteEngine writes through one connection, so that writers wait for each other here and not
// in the file, and reads through a few others that see the last committed state meanwhile.
type sqliteEngine struct{ path string }

const sqliteReaders = 4

func (e *sqliteEngine) name() string           { return "sqlite" }
func (e *sqliteEngine) dialect() goose.Dialect { return goose.DialectSQLite3 }

func (e *sqliteEngine) dsn(params ...string) string {
	return "file:" + (&url.URL{Path: e.path}).EscapedPath() + "?" + strings.Join(params, "&")
}

// writer opens the connection that writes. A transaction takes the file's lock when it begins:
// one that reads first and writes later would be refused however long it waits. While SQLite
// waits for a lock it cannot be called off, so that it is told to wait for a short while only;
// [DB.change] comes back. Sixteen megabytes of pages in memory are what an import of many rows needs.
func (e *sqliteEngine) writer(open func(dsn string) (*sql.DB, error), wait time.Duration) (*sql.DB, error) {
	db, err := open(e.dsn(fmt.Sprintf("_pragma=busy_timeout(%d)", max(wait.Milliseconds(), 10)), "_pragma=journal_mode(WAL)",
		"_pragma=synchronous(FULL)", "_pragma=cache_size(-16384)", "_pragma=foreign_keys(1)", "_pragma=trusted_schema(0)", "_txlock=immediate"))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	return db, nil
}

func (e *sqliteEngine) open(ctx context.Context, d *DB, o Options) error {
	if o.Exclusive {
		free, err := lock(e.path + ".lock")
		if err != nil {
			return fmt.Errorf("storage: %s: %w", e.path, err)
		}
		// What is opened below is closed before the lock goes.
		defer func() { d.close = append(d.close, free) }()
	}
	f, err := os.OpenFile(e.path, os.O_RDWR|os.O_CREATE, 0o600) // SQLite itself would make it readable for all
	if err != nil {
		return fmt.Errorf("storage: %w", err)
	}
	f.Close()
	if d.write, err = e.writer(openPrepared, d.timeout/busyTries); err != nil {
		return fmt.Errorf("storage: %s: %w", e.path, err)
	}
	if d.read, err = openPrepared(e.dsn("mode=ro", "_pragma=busy_timeout(10000)", "_pragma=query_only(1)", "_pragma=trusted_schema(0)")); err != nil {
		return fmt.Errorf("storage: %s: %w", e.path, err)
	}
	d.read.SetMaxOpenConns(sqliteReaders)
	d.read.SetMaxIdleConns(sqliteReaders)
	d.close = append(d.close, d.read.Close, d.write.Close)
	if err := e.check(ctx, d.write, o.Exclusive); err != nil {
		return fmt.Errorf("storage: %s: %w", e.path, err)
	}
	return nil
}

// check refuses a file that is damaged or on which a promise of durability cannot be kept.
func (e *sqliteEngine) check(ctx context.Context, db *sql.DB, whole bool) error {
	var journal string
	var sync int
	if err := db.QueryRowContext(ctx, "PRAGMA journal_mode").Scan(&journal); err != nil {
		return err
	}
	if err := db.QueryRowContext(ctx, "PRAGMA synchronous").Scan(&sync); err != nil {
		return err
	}
	if journal != "wal" || sync != 2 {
		return fmt.Errorf("SQLite does not keep its log here as it must (journal %s, synchronous %d); is the folder on a network drive?", journal, sync)
	}
	if !whole {
		return nil
	}
	var found string
	if err := db.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&found); err != nil {
		return err
	}
	if found != "ok" {
		return fmt.Errorf("the file is damaged: %s; restore the last backup", found)
	}
	return nil
}

func (e *sqliteEngine) alone(ctx context.Context) (*sql.DB, func() error, error) {
	unlock, err := lockWait(ctx, e.path+".migrate")
	if err != nil {
		return nil, nil, err
	}
	// What migrates is said once.
	once := func(dsn string) (*sql.DB, error) { return sql.Open("sqlite", dsn) }
	db, err := e.writer(once, 10*time.Second)
	if err != nil {
		return nil, nil, errors.Join(err, unlock())
	}
	return db, func() error { return errors.Join(db.Close(), unlock()) }, nil
}

func (e *sqliteEngine) again(err error) bool {
	s, ok := errors.AsType[*sqlite.Error](err)
	return ok && (s.Code()&0xff == sqlite3.SQLITE_BUSY || s.Code()&0xff == sqlite3.SQLITE_LOCKED)
}

func (e *sqliteEngine) away(err error) bool {
	s, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return false
	}
	switch s.Code() & 0xff {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN:
		return true
	}
	return false
}

// postgresEngine reads and writes through one pool, on the primary: decisions are never made
// from a replica.
type postgresEngine struct{ url string }

// Unless the URL says otherwise. READ COMMITTED is what the statements are written for.
var postgresSettings = map[string]string{
	"application_name":                    "dauys",
	"statement_timeout":                   "10000",
	"lock_timeout":                        "5000",
	"idle_in_transaction_session_timeout": "15000",
	"synchronous_commit":                  "on",
	"default_transaction_isolation":       "read committed",
}

func (e *postgresEngine) name() string           { return "postgres" }
func (e *postgresEngine) dialect() goose.Dialect { return goose.DialectPostgres }

func (e *postgresEngine) config() (*pgxpool.Config, error) {
	c, err := pgxpool.ParseConfig(e.url)
	if err != nil {
		return nil, fmt.Errorf("storage: the database's address is wrong: %w", err) // pgx leaves the password out
	}
	for name, v := range postgresSettings {
		c.ConnConfig.RuntimeParams[name] = cmp.Or(c.ConnConfig.RuntimeParams[name], v)
	}
	if !strings.Contains(e.url, "pool_max_conns=") {
		c.MaxConns = 10
	}
	return c, nil
}

func (e *postgresEngine) open(ctx context.Context, d *DB, o Options) error {
	c, err := e.config()
	if err != nil {
		return err
	}
	db, done, err := e.connect(ctx, c)
	if err != nil {
		return err
	}
	d.write, d.read = db, db
	d.close = append(d.close, done)
	return nil
}

func (e *postgresEngine) connect(ctx context.Context, c *pgxpool.Config) (*sql.DB, func() error, error) {
	pool, err := pgxpool.NewWithConfig(ctx, c)
	if err != nil {
		return nil, nil, fmt.Errorf("storage: %w", err)
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, nil, fmt.Errorf("storage: the database does not answer: %s", strings.Join(strings.Fields(err.Error()), " ")) // one line of pgx's many
	}
	db := stdlib.OpenDBFromPool(pool)
	return db, func() error {
		err := db.Close()
		pool.Close()
		return err
	}, nil
}

func (e *postgresEngine) alone(ctx context.Context) (*sql.DB, func() error, error) {
	c, err := e.config()
	if err != nil {
		return nil, nil, err
	}
	c.MaxConns = 2 // one holds the lock, one migrates
	for _, limit := range []string{"statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"} {
		c.ConnConfig.RuntimeParams[limit] = "0"
	}
	db, done, err := e.connect(ctx, c)
	if err != nil {
		return nil, nil, err
	}
	holder, err := db.Conn(ctx)
	if err != nil {
		return nil, nil, errors.Join(err, done())
	}
	// The lock belongs to the schema and to this connection; it goes when the connection goes.
	_, err = holder.ExecContext(ctx, "SELECT pg_advisory_lock(hashtext('dauys migrate ' || current_schema()))")
	if err != nil {
		return nil, nil, errors.Join(err, holder.Close(), done())
	}
	return db, func() error {
		_, err := holder.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock_all()")
		return errors.Join(err, holder.Close(), done())
	}, nil
}

func (e *postgresEngine) again(err error) bool {
	p, ok := errors.AsType[*pgconn.PgError](err)
	if !ok {
		return false
	}
	switch p.Code {
	case "40001", "40P01": // serialization failure, deadlock
		return true
	}
	return false
}

func (e *postgresEngine) away(err error) bool {
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok || errors.Is(err, pgconn.ErrConnClosed) {
		return true
	}
	if p, ok := errors.AsType[*pgconn.PgError](err); ok {
		switch p.Code[:min(2, len(p.Code))] {
		case "08", "53", "57", "58": // connection, resources, shut down or cancelled, system
			return true
		}
		return p.Code == "55P03" || e.again(err) // a lock that was not given in time
	}
	return false
}

// marks writes the parameters $from … for a list that a statement compares with.
func marks(from, n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString("$" + strconv.Itoa(from+i))
	}
	return b.String()
}
