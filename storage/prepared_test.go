package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"
)

// prepared opens an empty file with one connection that keeps its statements, and shows that connection's.
func prepared(t *testing.T) (*sql.DB, func() map[string]statement) {
	t.Helper()
	db, err := openPrepared("file:" + filepath.Join(t.TempDir(), "x.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	db.SetMaxOpenConns(1)
	if _, err := db.Exec("CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)"); err != nil {
		t.Fatal(err)
	}
	return db, func() (idle map[string]statement) {
		c, err := db.Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if err := c.Raw(func(conn any) error { idle = conn.(*preparedConn).idle; return nil }); err != nil {
			t.Fatal(err)
		}
		return idle
	}
}

func insertThree(t *testing.T, db *sql.DB) {
	t.Helper()
	for i := range 3 {
		r, err := db.Exec("INSERT INTO t VALUES ($1, $2)", i+1, fmt.Sprint("no. ", i+1))
		if err != nil {
			t.Fatal(err)
		}
		if n, err := r.RowsAffected(); n != 1 || err != nil {
			t.Errorf("%d rows, %v", n, err)
		}
	}
}

const allOfT = "SELECT a FROM t WHERE a >= $1 ORDER BY a"

func TestStatementsAreKept(t *testing.T) {
	db, idle := prepared(t)
	insertThree(t, db)
	was := idle()["INSERT INTO t VALUES ($1, $2)"]
	if was == nil {
		t.Fatal("the statement is not kept")
	}
	if _, err := db.Exec("INSERT INTO t VALUES ($1, $2)", 4, nil); err != nil {
		t.Fatal(err)
	}
	if idle()["INSERT INTO t VALUES ($1, $2)"] != was {
		t.Error("it was understood a second time")
	}
	var b sql.NullString
	if err := db.QueryRow("SELECT b FROM t WHERE a = $1", 4).Scan(&b); err != nil || b.Valid {
		t.Errorf("what was given for another row is still there: %v, %v", b, err)
	}
}

// Rows of one text that is asked again while they are read do not disturb each other.
func TestAStatementInUseIsNotShared(t *testing.T) {
	db, idle := prepared(t)
	insertThree(t, db)
	tx, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	outer, err := tx.Query(allOfT, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer outer.Close()
	var seen []int
	for outer.Next() {
		var a, from int
		if err := outer.Scan(&a); err != nil {
			t.Fatal(err)
		}
		if err := tx.QueryRow(allOfT, a).Scan(&from); err != nil || from != a {
			t.Errorf("from %d: %d, %v", a, from, err)
		}
		seen = append(seen, a)
	}
	if err := outer.Err(); err != nil || fmt.Sprint(seen) != "[1 2 3]" {
		t.Errorf("%v, %v", seen, err)
	}
	if err := tx.Commit(); err != nil {
		t.Error(err)
	}
	if idle()[allOfT] == nil {
		t.Error("none of the two came back")
	}
}

func TestAStatementThatFailsIsForgotten(t *testing.T) {
	db, idle := prepared(t)
	insertThree(t, db)
	if _, err := db.Exec("INSERT INTO t VALUES ($1, $2)", 1, "again"); err == nil {
		t.Error("the same key went in twice")
	}
	if idle()["INSERT INTO t VALUES ($1, $2)"] != nil {
		t.Error("it is still kept")
	}
	if _, err := db.Exec("INSERT INTO t VALUES ($1, $2)", 9, "another"); err != nil {
		t.Error(err)
	}
}

// A query that is called off in the middle leaves a connection and statements that can be used.
func TestAStatementThatIsCalledOff(t *testing.T) {
	db, _ := prepared(t)
	insertThree(t, db)
	const forever = "WITH RECURSIVE n(i) AS (SELECT $1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n"
	for range 2 {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		var n int
		if err := db.QueryRowContext(ctx, forever, 1).Scan(&n); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error %v", err)
		}
		cancel()
		if err := db.QueryRow("SELECT COUNT(*) FROM t").Scan(&n); err != nil || n != 3 {
			t.Errorf("%d, %v", n, err)
		}
	}
}

// Another connection migrates: statements that were understood before see the tables of after.
func TestStatementsSeeAnotherSchema(t *testing.T) {
	db, _ := prepared(t)
	insertThree(t, db)
	columns := func() int {
		rows, err := db.Query("SELECT * FROM t")
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		names, err := rows.Columns()
		if err != nil {
			t.Fatal(err)
		}
		return len(names)
	}
	if n := columns(); n != 2 {
		t.Errorf("%d columns", n)
	}
	var seq int
	var name, file string
	if err := db.QueryRow("PRAGMA database_list").Scan(&seq, &name, &file); err != nil {
		t.Fatal(err)
	}
	other, err := sql.Open("sqlite", "file:"+file)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if _, err := other.Exec("ALTER TABLE t ADD COLUMN c TEXT"); err != nil {
		t.Fatal(err)
	}
	if n := columns(); n != 3 {
		t.Errorf("%d columns after it", n)
	}
}

func TestNotTooManyStatementsAreKept(t *testing.T) {
	db, idle := prepared(t)
	for i := range keptStatements + 20 {
		var n int
		if err := db.QueryRow(fmt.Sprintf("SELECT %d", i)).Scan(&n); err != nil || n != i {
			t.Fatalf("%d, %v", n, err)
		}
	}
	if n := len(idle()); n != keptStatements {
		t.Errorf("%d are kept", n)
	}
}

// A bare mark after LIMIT makes SQLite understand the statement anew for every value, see [openPrepared].
func TestNoLimitIsABareMark(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, bare := range regexp.MustCompile(`LIMIT \$(\d+|%d)( [^+]|[^ \d]).*`).FindAllString(string(text), -1) {
			t.Errorf("%s: %s\nwrite LIMIT $1 + 0", file, bare)
		}
	}
}
