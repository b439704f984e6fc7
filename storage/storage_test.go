package storage_test

import (
	"bytes"
	"errors"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/storage"
	"alt.edu.kz/dauys/storage/storagetest"
)

func TestSQLite(t *testing.T) { storagetest.Run(t, storagetest.SQLite) }

func TestPostgres(t *testing.T) {
	if store, ok := storagetest.Postgres(t); ok {
		storagetest.Run(t, store)
	}
}

func TestEach(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB, sessions *storage.Sessions) {
		if _, fresh, err := db.File(t.Context(), storagetest.Case(t, "d1")); !fresh || err != nil {
			t.Errorf("fresh %v, %v", fresh, err)
		}
		if err := errors.Join(db.Ping(t.Context()), sessions.Save(t.Context(), aigerim, storagetest.Dialogue("x"), true)); err != nil {
			t.Error(err)
		}
	})
}

func TestAddressesAreExplained(t *testing.T) {
	for _, bad := range []string{"", "dauys.db", "mysql://root:secret@host/x", "sqlite://dauys.db", "sqlite:dauys.db", "postgres://u:secret@127.0.0.1:1/x?connect_timeout=1",
		"postgres://u:secret@[", "sqlite:///nowhere/at/all/dauys.db"} {
		db, err := storage.Open(t.Context(), storage.Options{URL: bad, Key: storagetest.Key})
		if err == nil {
			db.Close()
		}
		if err == nil || strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: error %v", bad, err)
		}
	}
}

func TestSQLiteFileWithAStrangeName(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "жалобы 100% #1")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "what?.db")
	db := storagetest.OpenURL(t, (&url.URL{Scheme: "sqlite", Path: file}).String())
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("file: %v", err)
	}
}

func TestDamagedFileIsRefused(t *testing.T) {
	where := storagetest.SQLite.Migrated(t)
	file := strings.TrimPrefix(where, "sqlite://")
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for i := 4096 * 3; i < 4096*5; i++ {
		data[i] = 0xA5
	}
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := storage.Open(t.Context(), storage.Options{URL: where, Key: storagetest.Key, Exclusive: true})
	if err == nil {
		db.Close()
		t.Fatal("it was opened")
	}
	t.Log(err)
}

// cutter stands in front of PostgreSQL and, when armed, breaks a connection after the bytes of a
// COMMIT have gone in and before the answer comes out.
type cutter struct {
	net.Listener
	to    string
	armed atomic.Bool
	cuts  atomic.Int64
	all   sync.WaitGroup
}

func (c *cutter) serve() {
	for {
		client, err := c.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", c.to)
		if err != nil {
			client.Close()
			continue
		}
		var cut atomic.Bool
		c.all.Go(func() {
			defer server.Close()
			b := make([]byte, 64<<10)
			for {
				n, err := client.Read(b)
				if err != nil {
					return
				}
				if bytes.Contains(bytes.ToLower(b[:n]), []byte("commit\x00")) && c.armed.CompareAndSwap(true, false) {
					cut.Store(true)
					c.cuts.Add(1)
				}
				if _, err := server.Write(b[:n]); err != nil {
					return
				}
			}
		})
		c.all.Go(func() {
			defer client.Close()
			b := make([]byte, 64<<10)
			for {
				n, err := server.Read(b)
				if err != nil || cut.Load() { // the answer is there, so it has been committed
					return
				}
				if _, err := client.Write(b[:n]); err != nil {
					return
				}
			}
		})
	}
}

func TestCommitWhoseAnswerIsLost(t *testing.T) {
	store, ok := storagetest.Postgres(t)
	if !ok {
		return
	}
	u, err := url.Parse(store.Migrated(t))
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &cutter{Listener: l, to: u.Host}
	c.all.Go(c.serve)
	t.Cleanup(func() {
		l.Close()
		c.all.Wait()
	})
	u.Host = l.Addr().String()
	db := storagetest.OpenURL(t, u.String())
	var number string
	for i := range 20 {
		id := "d" + string(rune('a'+i))
		c.armed.Store(true)
		if _, _, err := db.File(t.Context(), storagetest.Case(t, id)); !errors.Is(err, dauys.ErrUnavailable) {
			t.Fatalf("File, whose answer was lost: %v", err)
		}
		stored, fresh, err := db.File(t.Context(), storagetest.Case(t, id))
		if err != nil || fresh {
			t.Fatalf("the second try: fresh %v, %v", fresh, err)
		}
		number = stored.Number
		add := func(c *dauys.Case, _ dauys.Staff) error {
			return c.Do(dauys.Move{Act: dauys.Add, By: dauys.TheApplicant, Note: "more", At: storagetest.Now}, &dauys.Builtin().Calendar)
		}
		c.armed.Store(true)
		if _, err := db.Act(t.Context(), number, "", "u1", storagetest.Now, add); !errors.Is(err, dauys.ErrUnavailable) {
			t.Fatalf("Act, whose answer was lost: %v", err)
		}
		if stored, err = db.Act(t.Context(), number, "", "u1", storagetest.Now, add); err != nil || len(stored.Events) != 2 {
			t.Fatalf("the second try: %+v, %v", stored, err)
		}
	}
	if number != "ALT-2026-000020" || c.cuts.Load() != 40 {
		t.Errorf("the last number is %s after %d cuts", number, c.cuts.Load())
	}
}

// A database that is held by somebody does not keep readers waiting.
func TestReadersDoNotWait(t *testing.T) {
	db := storagetest.Open(t)
	if _, _, err := db.File(t.Context(), storagetest.Case(t, "d1")); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	_, err := db.Act(t.Context(), "ALT-2026-000001", "", "u1", storagetest.Now, func(*dauys.Case, dauys.Staff) error {
		_, err := db.Case(t.Context(), "ALT-2026-000001")
		return err
	})
	if err != nil || time.Since(began) > time.Second {
		t.Errorf("reading within a change: %v after %v", err, time.Since(began))
	}
}
