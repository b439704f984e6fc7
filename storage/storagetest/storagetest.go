// Package storagetest opens fresh stores for tests and holds the promises that every store keeps.
//
// A test that needs a store takes [Open] and [Sessions]; one that must hold on every store takes
// [Each]. The embedded ones (SQLite, Redis inside the process) are always there. PostgreSQL and a
// Redis server are used when TEST_DATABASE_URL and TEST_REDIS_URL name them; make test starts both.
// Each test gets a schema, or a prefix of keys, of its own there.
package storagetest

import (
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/storage"
	"github.com/redis/go-redis/v9"
)

// Key is the key of all test stores.
var Key = []byte("a key that protects nothing real")

// Now is a Tuesday in working hours in Almaty, at which test cases are filed.
var Now = time.Date(2026, time.September, 8, 5, 30, 0, 0, time.UTC)

// Store is a kind of database: it gives URLs of new ones, which go away with the test.
type Store struct {
	Name     string
	Empty    func(t testing.TB) string
	Migrated func(t testing.TB) string
}

// SQLite is always there.
var SQLite = Store{
	Name: "sqlite",
	Empty: func(t testing.TB) string {
		return "sqlite://" + filepath.Join(t.TempDir(), "dauys.db")
	},
	Migrated: func(t testing.TB) string {
		t.Helper()
		file := filepath.Join(t.TempDir(), "dauys.db")
		write(t, file, withKey)
		return "sqlite://" + file
	},
}

// Migrated makes a file of SQLite with all tables and nothing in them, for a program with a key of its
// own: the first that comes is the file's. To copy one takes a fraction of what all migrations take.
func Migrated(t testing.TB, file string) {
	t.Helper()
	write(t, file, withoutKey)
}

func write(t testing.TB, file string, data func() ([]byte, error)) {
	t.Helper()
	bytes, err := data()
	if err == nil {
		err = os.WriteFile(file, bytes, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// Migrated files, made once.
var (
	withKey    = sync.OnceValues(func() ([]byte, error) { return template("SELECT 1") })
	withoutKey = sync.OnceValues(func() ([]byte, error) { return template("DELETE FROM seals") })
)

// template is a migrated file, and something done in it.
func template(text string) ([]byte, error) {
	dir, err := os.MkdirTemp("", "dauys-template-*")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "dauys.db")
	db, err := storage.Open(background, storage.Options{URL: "sqlite://" + file, Key: Key})
	if err != nil {
		return nil, err
	}
	if err := db.Migrate(background); err != nil {
		return nil, err
	}
	if err := db.Close(); err != nil { // writes the log back into the file
		return nil, err
	}
	raw, err := sql.Open("sqlite", "file:"+file)
	if err != nil {
		return nil, err
	}
	if _, err := raw.Exec(text); err != nil {
		return nil, errors.Join(err, raw.Close())
	}
	if err := raw.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(file)
}

// Postgres is there when TEST_DATABASE_URL is set.
func Postgres(t testing.TB) (Store, bool) {
	where := os.Getenv("TEST_DATABASE_URL")
	if where == "" {
		noPostgres.Do(func() { t.Log("left out: PostgreSQL (set TEST_DATABASE_URL or run make test)") })
		return Store{}, false
	}
	empty := func(t testing.TB) string { return schema(t, where) }
	return Store{Name: "postgres", Empty: empty, Migrated: func(t testing.TB) string {
		t.Helper()
		u := empty(t)
		db := open(t, storage.Options{URL: u})
		if err := db.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		return u
	}}, true
}

var noPostgres, noRedis sync.Once

// schema makes a new schema and returns the URL that leads into it.
func schema(t testing.TB, where string) string {
	t.Helper()
	u, err := url.Parse(where)
	if err != nil {
		t.Fatalf("TEST_DATABASE_URL: %v", err)
	}
	admin, err := sql.Open("pgx", where)
	if err != nil {
		t.Fatal(err)
	}
	name := "t" + strings.ToLower(rand.Text())
	if _, err := admin.Exec("CREATE SCHEMA " + name); err != nil {
		t.Fatalf("TEST_DATABASE_URL: %v", err)
	}
	t.Cleanup(func() {
		defer admin.Close()
		if _, err := admin.Exec("SET client_min_messages = warning; DROP SCHEMA " + name + " CASCADE"); err != nil {
			t.Errorf("drop schema: %v", err)
		}
	})
	q := u.Query()
	q.Set("search_path", name)
	u.RawQuery = q.Encode()
	return u.String()
}

// Stores lists the kinds of database that are there.
func Stores(t testing.TB) []Store {
	all := []Store{SQLite}
	if s, ok := Postgres(t); ok {
		all = append(all, s)
	}
	return all
}

// redisOptions lead to a Redis server, with a prefix of keys for one test.
func redisOptions(t testing.TB) (o storage.SessionsOptions, ok bool) {
	o.URL = os.Getenv("TEST_REDIS_URL")
	if o.URL == "" {
		noRedis.Do(func() { t.Log("left out: a Redis server (set TEST_REDIS_URL or run make test)") })
		return o, false
	}
	server, err := redis.ParseURL(o.URL)
	if err != nil {
		t.Fatalf("TEST_REDIS_URL: %v", err)
	}
	o.Prefix = "test-" + rand.Text() + ":"
	t.Cleanup(func() {
		client := redis.NewClient(server)
		defer client.Close()
		keys, err := client.Keys(background, o.Prefix+"*").Result()
		if err == nil && len(keys) > 0 {
			err = client.Del(background, keys...).Err()
		}
		if err != nil {
			t.Errorf("clean Redis: %v", err)
		}
	})
	return o, true
}

// Open is a new SQLite database, migrated, which goes away with the test.
func Open(t testing.TB) *storage.DB {
	t.Helper()
	return open(t, storage.Options{URL: SQLite.Migrated(t)})
}

// OpenURL opens a database that a [Store] has made, once more if need be.
func OpenURL(t testing.TB, url string) *storage.DB {
	t.Helper()
	return open(t, storage.Options{URL: url})
}

func open(t testing.TB, o storage.Options) *storage.DB {
	t.Helper()
	o.Key = Key
	db, err := storage.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return db
}

// Sessions is a new dialogue store inside the process, in memory, which goes away with the test.
func Sessions(t testing.TB) *storage.Sessions {
	t.Helper()
	return openSessions(t, storage.SessionsOptions{})
}

func openSessions(t testing.TB, o storage.SessionsOptions) *storage.Sessions {
	t.Helper()
	o.Sealer = Sealer(t)
	s, err := storage.OpenSessions(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close sessions: %v", err)
		}
	})
	return s
}

// Sealer seals with [Key].
func Sealer(t testing.TB) *storage.Sealer {
	t.Helper()
	s, err := storage.NewSealer(Key)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Each runs a test on SQLite with the embedded Redis, and on PostgreSQL and a Redis server as far
// as these are there.
func Each(t *testing.T, test func(t *testing.T, db *storage.DB, sessions *storage.Sessions)) {
	t.Helper()
	t.Run("embedded", func(t *testing.T) { test(t, Open(t), Sessions(t)) })
	postgres, withPostgres := Postgres(t)
	_, withRedis := redisOptions(t)
	if !withPostgres && !withRedis {
		return
	}
	t.Run("servers", func(t *testing.T) {
		db, o := SQLite.Migrated, storage.SessionsOptions{}
		if withPostgres {
			db = postgres.Migrated
		}
		if withRedis {
			o, _ = redisOptions(t)
		}
		test(t, OpenURL(t, db(t)), openSessions(t, o))
	})
}

// Case is a complaint as it is filed: of a student, through the built-in structure of the
// university, with a receipt and the papers to be sent.
func Case(t testing.TB, draft string) *dauys.Case {
	t.Helper()
	return CaseOf(t, dauys.Draft{ID: draft}, Now)
}

// CaseOf is [Case] from a draft of which any part may be given.
func CaseOf(t testing.TB, d dauys.Draft, filed time.Time) *dauys.Case {
	t.Helper()
	if d.Kind == "" {
		d.Kind = dauys.Complaint
	}
	if d.Applicant.Address == "" {
		d.Applicant = dauys.Applicant{Address: "telegram:77", Name: "Айгерим Сейткали", Standing: dauys.AsStudent, Lang: dauys.Kazakh}
	}
	if d.Institute == "" {
		d.Institute = "itc"
	}
	if d.Topic == "" {
		d.Topic = "teaching"
	}
	if d.Text == "" {
		d.Text = "The lecture of 7 September was cancelled and nobody told us."
	}
	if d.Consent.Version == "" {
		d.Consent = dauys.Consent{Version: "1", At: filed.Add(-time.Minute)}
	}
	c, err := dauys.Open(d, dauys.Builtin(), filed)
	if err != nil {
		t.Fatal(fmt.Errorf("a case for a test: %w", err))
	}
	return c
}

// Servers are the URLs of a new schema in PostgreSQL and of an empty database of a Redis server,
// for tests that start the whole program; not ok where one of them is not there.
func Servers(t testing.TB) (database, dialogues string, ok bool) {
	t.Helper()
	postgres, ok := Postgres(t)
	where := os.Getenv("TEST_REDIS_URL")
	if where == "" {
		noRedis.Do(func() { t.Log("left out: a Redis server (set TEST_REDIS_URL or run make test)") })
	}
	if !ok || where == "" {
		return "", "", false
	}
	return postgres.Empty(t), emptyRedis(t, where), true
}

// emptyRedis finds a numbered database of a Redis server with nothing in it, and empties it after
// the test. One with something in it is left alone: it may be anybody's. Tests of several processes
// agree by marks in database 0.
func emptyRedis(t testing.TB, where string) string {
	t.Helper()
	u, err := url.Parse(where)
	if err != nil {
		t.Fatalf("TEST_REDIS_URL: %v", err)
	}
	number := func(db int) *redis.Client {
		o, err := redis.ParseURL(where)
		if err != nil {
			t.Fatalf("TEST_REDIS_URL: %v", err)
		}
		o.DB = db
		return redis.NewClient(o)
	}
	marks := number(0)
	t.Cleanup(func() { marks.Close() })
	for db := 1; db < 16; db++ {
		mark := fmt.Sprint("dauys-test-uses-", db)
		if err := marks.SetArgs(background, mark, 1, redis.SetArgs{Mode: "NX", TTL: time.Hour}).Err(); err != nil {
			continue
		}
		client := number(db)
		if n, err := client.DBSize(background).Result(); err != nil || n > 0 {
			client.Close()
			marks.Del(background, mark)
			continue
		}
		t.Cleanup(func() {
			defer client.Close()
			if err := client.FlushDB(background).Err(); err != nil {
				t.Errorf("clean Redis: %v", err)
			}
			marks.Del(background, mark)
		})
		u.Path = fmt.Sprint("/", db)
		return u.String()
	}
	t.Fatal("TEST_REDIS_URL: none of the databases 1 to 15 is empty and free")
	return ""
}
