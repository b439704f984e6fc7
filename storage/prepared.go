package storage

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"

	"modernc.org/sqlite"
)

// keptStatements is how many statements one connection to SQLite keeps: all there are, with room
// for those whose lists come in several lengths.
const keptStatements = 256

// openPrepared opens a database of SQLite whose connections keep their statements. To understand a
// statement costs SQLite more than to carry it out, and the driver of modernc.org forgets it at once.
//
// SQLite looks at the value of a bare mark after LIMIT when it plans, and plans once more whenever
// one is given, even the same. An expression it leaves alone: our limits are LIMIT $1 + 0.
func openPrepared(dsn string) (*sql.DB, error) {
	c, err := sqlite.NewConnector(dsn)
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(preparing{c}), nil
}

// preparing makes connections that keep their statements.
type preparing struct{ driver.Connector }

func (p preparing) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := p.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	c, ok := conn.(sqliteConn)
	if !ok {
		return nil, errors.Join(fmt.Errorf("storage: the driver of SQLite cannot do all that is asked of it: %T", conn), conn.Close())
	}
	return &preparedConn{sqliteConn: c, idle: map[string]statement{}}, nil
}

// sqliteConn is what [sql.DB] asks of a connection of the driver's.
type sqliteConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// statement is one that is understood.
type statement interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// preparedConn keeps statements by their text. One that is being carried out, or whose rows are
// still read, is not among the idle, so that the same text asked meanwhile gets another of its own.
// [sql.DB] calls a connection, its statements and its rows one at a time.
type preparedConn struct {
	sqliteConn
	idle map[string]statement
}

// take gives a statement for a text, to be given back with keep or closed.
func (c *preparedConn) take(ctx context.Context, text string) (statement, error) {
	if s, ok := c.idle[text]; ok {
		delete(c.idle, text)
		return s, nil
	}
	s, err := c.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	known, ok := s.(statement)
	if !ok {
		return nil, errors.Join(fmt.Errorf("the driver of SQLite cannot do all that is asked of it: %T", s), s.Close())
	}
	return known, nil
}

// keep takes a statement back that went well; which other goes when there are too many is left to chance.
func (c *preparedConn) keep(text string, s statement) error {
	if _, ok := c.idle[text]; ok {
		return s.Close()
	}
	var err error
	if len(c.idle) >= keptStatements {
		for other, old := range c.idle {
			delete(c.idle, other)
			err = old.Close()
			break
		}
	}
	c.idle[text] = s
	return err
}

func (c *preparedConn) ExecContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Result, error) {
	s, err := c.take(ctx, text)
	if err != nil {
		return nil, err
	}
	r, err := s.ExecContext(ctx, args)
	if err != nil {
		_ = s.Close() // says again what went wrong
		return nil, err
	}
	return r, c.keep(text, s)
}

func (c *preparedConn) QueryContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Rows, error) {
	s, err := c.take(ctx, text)
	if err != nil {
		return nil, err
	}
	r, err := s.QueryContext(ctx, args)
	if err != nil {
		_ = s.Close()
		return nil, err
	}
	return &preparedRows{Rows: r, conn: c, text: text, of: s}, nil
}

// Close forgets all statements and closes the connection.
func (c *preparedConn) Close() error {
	var errs []error
	for _, s := range c.idle {
		errs = append(errs, s.Close())
	}
	clear(c.idle)
	return errors.Join(append(errs, c.sqliteConn.Close())...)
}

// preparedRows give their statement back when they are closed.
type preparedRows struct {
	driver.Rows
	conn *preparedConn
	text string
	of   statement // nil: closed
}

func (r *preparedRows) Close() error {
	s := r.of
	if s == nil {
		return nil
	}
	r.of = nil
	if err := r.Rows.Close(); err != nil {
		_ = s.Close()
		return err
	}
	return r.conn.keep(r.text, s)
}
