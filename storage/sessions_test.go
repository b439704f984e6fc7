package storage_test

import (
	"bytes"
	"errors"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/storage"
	"alt.edu.kz/dauys/storage/storagetest"
	"github.com/alicebob/miniredis/v2"
)

const aigerim dauys.Address = "telegram:77"

func TestEmbeddedSessions(t *testing.T) {
	storagetest.RunSessions(t, func(t *testing.T, o storage.SessionsOptions) *storage.Sessions {
		o.File = filepath.Join(t.TempDir(), "sessions")
		return storagetest.OpenSessions(t, o)
	})
}

func TestRedisSessions(t *testing.T) {
	storagetest.RedisServer(t, func(storage.SessionsOptions) {
		storagetest.RunSessions(t, func(t *testing.T, o storage.SessionsOptions) (s *storage.Sessions) {
			storagetest.RedisServer(t, func(server storage.SessionsOptions) {
				server.TTL = o.TTL
				s = storagetest.OpenSessions(t, server)
			})
			return s
		})
	})
}

func TestDialogueThatIsNotUnderstood(t *testing.T) {
	s, ctx := storagetest.Sessions(t), t.Context()
	later := `{"v":99,"focus":{"answers":{"text":{"values":["Лекцию отменили"]}}}}`
	if err := s.Save(ctx, "telegram:66", storagetest.Dialogue("another's words"), false); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name   string
		sealed []byte
		raw    string
	}{
		{"of a later version", s.SealedFor(aigerim, 4, later), later},
		{"of no version", s.SealedFor(aigerim, 4, "{}"), "{}"},
		{"not JSON", s.SealedFor(aigerim, 4, "words"), "words"},
		{"damaged", append(s.SealedFor(aigerim, 4, later), 0), ""},
		{"put back from an earlier turn", s.SealedFor(aigerim, 3, later), ""},
		{"of another person", s.Stored(ctx, "telegram:66"), ""},
		{"nothing", nil, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if err := s.Plant(ctx, aigerim, 4, tc.sealed); err != nil {
				t.Fatal(err)
			}
			st, _, err := s.Load(ctx, aigerim)
			old, ok := errors.AsType[*storage.OldStateError](err)
			if !ok || !errors.Is(err, storage.ErrOldState) || errors.Is(err, storage.ErrUnavailable) {
				t.Fatalf("error %v", err)
			}
			if string(old.Raw) != tc.raw || old.Rev != 4 || st.Rev != 4 || st.Focus != nil {
				t.Errorf("raw %q, rev %d, state %+v; want raw %q, rev 4 and an empty state", old.Raw, old.Rev, st, tc.raw)
			}
			if err := s.Save(ctx, aigerim, st, false); err != nil {
				t.Fatalf("beginning anew: %v", err)
			}
			if st, _, err = s.Load(ctx, aigerim); err != nil || st.Rev != 5 {
				t.Errorf("after that: revision %d, %v", st.Rev, err)
			}
		})
	}
}

func TestDialoguesAreSealedInRedis(t *testing.T) {
	s, ctx := storagetest.Sessions(t), t.Context()
	if err := s.Save(ctx, aigerim, storagetest.Dialogue("PLANTED words"), true); err != nil {
		t.Fatal(err)
	}
	all, err := s.Raw().HGetAll(ctx, "dauys:s:telegram:77").Result()
	if err != nil || len(all) != 4 {
		t.Fatalf("%d fields, %v", len(all), err)
	}
	for field, v := range all {
		if strings.Contains(v, "PLANTED") {
			t.Errorf("the words stand in field %s", field)
		}
	}
}

func TestScriptsComeBackAfterRedisForgotThem(t *testing.T) {
	s, ctx := storagetest.Sessions(t), t.Context()
	for i := range int64(2) {
		if err := s.Raw().ScriptFlush(ctx).Err(); err != nil {
			t.Fatal(err)
		}
		if err := s.Save(ctx, aigerim, ask.State{Rev: i}, true); err != nil {
			t.Fatal(err)
		}
		if err := s.Sent(ctx, map[dauys.Address]int64{aigerim: i + 1}); err != nil {
			t.Fatal(err)
		}
	}
}

func TestRedisThatIsAwaySlowOrFull(t *testing.T) {
	quick := storage.SessionsOptions{DialTimeout: 200 * time.Millisecond, ReadTimeout: 100 * time.Millisecond, WriteTimeout: 100 * time.Millisecond}
	closed := func(t *testing.T) string {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		l.Close()
		return l.Addr().String()
	}
	silent := func(t *testing.T) string {
		l, err := net.Listen("tcp", "127.0.0.1:0") // the kernel accepts; nobody answers
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { l.Close() })
		return l.Addr().String()
	}
	says := func(reply string) func(t *testing.T) string {
		return func(t *testing.T) string {
			m := miniredis.RunT(t)
			m.SetError(reply)
			return m.Addr()
		}
	}
	for name, server := range map[string]func(t *testing.T) string{
		"away":    closed,
		"silent":  silent,
		"full":    says("OOM command not allowed when used memory > 'maxmemory'."),
		"replica": says("READONLY You can't write against a read only replica."),
		"loading": says("LOADING Redis is loading the dataset in memory"),
	} {
		t.Run(name, func(t *testing.T) {
			o := quick
			o.URL = "redis://" + server(t)
			s, ctx := storagetest.OpenSessions(t, o), t.Context()
			for what, do := range map[string]func() error{
				"Ping":   func() error { return s.Ping(ctx) },
				"Load":   func() error { _, _, err := s.Load(ctx, aigerim); return err },
				"Save":   func() error { return s.Save(ctx, aigerim, ask.State{}, true) },
				"Sent":   func() error { return s.Sent(ctx, map[dauys.Address]int64{aigerim: 1}) },
				"Unsent": func() error { _, err := s.Unsent(ctx, 1); return err },
			} {
				began := time.Now()
				if err := do(); !errors.Is(err, storage.ErrUnavailable) {
					t.Errorf("%s: %v", what, err)
				}
				if took := time.Since(began); took > time.Second {
					t.Errorf("%s took %v", what, took)
				}
			}
		})
	}
}

func TestRedisThatComesBack(t *testing.T) {
	m := miniredis.NewMiniRedis()
	if err := m.Start(); err != nil {
		t.Fatal(err)
	}
	s := storagetest.OpenSessions(t, storage.SessionsOptions{URL: "redis://" + m.Addr()})
	save := func(rev int64) error { return s.Save(t.Context(), aigerim, ask.State{Rev: rev}, false) }
	if err := save(0); err != nil {
		t.Fatal(err)
	}
	m.Close()
	if err := save(1); !errors.Is(err, storage.ErrUnavailable) {
		t.Errorf("while it is away: %v", err)
	}
	if err := m.Restart(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Close)
	if err := save(1); err != nil {
		t.Errorf("when it is back: %v", err)
	}
}

// file is an embedded store's file and what was logged about it.
type file struct {
	path string
	log  bytes.Buffer
}

func (f *file) open(t *testing.T) *storage.Sessions {
	t.Helper()
	s, err := storage.OpenSessions(t.Context(), storage.SessionsOptions{File: f.path, Sealer: storagetest.Sealer(t), Log: slog.New(slog.NewTextHandler(&f.log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (f *file) read(t *testing.T) []byte {
	t.Helper()
	b, err := os.ReadFile(f.path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// filled is a file with the dialogues of a hundred people, closed.
func filled(t *testing.T) *file {
	t.Helper()
	f := &file{path: filepath.Join(t.TempDir(), "sessions")}
	s := f.open(t)
	for i := range 100 {
		who := dauys.AddressOf("telegram", string(rune('A'+i)))
		for rev := range int64(2) {
			st := storagetest.Dialogue("PLANTED words")
			st.Rev = rev
			if err := s.Save(t.Context(), who, st, i < 10); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := s.Sent(t.Context(), map[dauys.Address]int64{"telegram:A": 2}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return f
}

// has counts the people whose dialogue and whose unsent mark are there.
func has(t *testing.T, s *storage.Sessions) (people, unsent int) {
	t.Helper()
	for i := range 100 {
		st, is, err := s.Load(t.Context(), dauys.AddressOf("telegram", string(rune('A'+i))))
		if err != nil {
			t.Error(err)
		}
		if st.Rev == 2 && st.Focus.Answers["text"].Values[0] == "PLANTED words" {
			people++
		}
		if is {
			unsent++
		}
	}
	all, err := s.Unsent(t.Context(), 1000)
	if err != nil || len(all) != unsent {
		t.Errorf("Unsent has %d, %v; Load says %d", len(all), err, unsent)
	}
	return people, unsent
}

func TestEmbeddedKeepsItsKeysOverARestart(t *testing.T) {
	f := filled(t)
	if bytes.Contains(f.read(t), []byte("PLANTED")) {
		t.Error("the file can be read")
	}
	if info, err := os.Stat(f.path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file has mode %v, %v", info.Mode(), err)
	}
	for range 2 {
		s := f.open(t)
		if people, unsent := has(t, s); people != 100 || unsent != 9 {
			t.Errorf("%d people, %d unsent; want 100, 9", people, unsent)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if f.log.Len() > 0 {
		t.Errorf("log: %s", &f.log)
	}
}

// What is saved is in the file before Save returns: the update that brought it is confirmed next,
// and does not come again after a kill.
func TestEmbeddedWritesBeforeItReturns(t *testing.T) {
	f := &file{path: filepath.Join(t.TempDir(), "sessions")}
	s := f.open(t)
	defer s.Close()
	if err := s.Save(t.Context(), aigerim, storagetest.Dialogue("x"), true); err != nil {
		t.Fatal(err)
	}
	copied := &file{path: filepath.Join(t.TempDir(), "sessions")}
	// What a kill would have left now.
	if err := os.WriteFile(copied.path, f.read(t), 0o600); err != nil {
		t.Fatal(err)
	}
	next := copied.open(t)
	defer next.Close()
	if st, unsent, err := next.Load(t.Context(), aigerim); err != nil || st.Rev != 1 || !unsent {
		t.Errorf("revision %d, unsent %v, %v", st.Rev, unsent, err)
	}
}

func TestEmbeddedFileThatWasCutOrDamaged(t *testing.T) {
	half := func(b []byte) []byte { return b[:len(b)-40] }
	for _, tc := range []struct {
		name           string
		spoil          func([]byte) []byte
		people, unsent int
		aside          bool
	}{
		{"cut by a kill", half, 99, 9, false},
		{"cut to nothing", func(b []byte) []byte { return nil }, 0, 0, false},
		{"a line spoilt", func(b []byte) []byte { b[bytes.IndexByte(b, '\n')-30] ^= 1; return b }, 99, -1, true},
		{"zeroes", func(b []byte) []byte { return append(bytes.Repeat([]byte{0, '\n'}, 10), b...) }, 100, 9, true},
		{"something else", func([]byte) []byte { return []byte("SQLite format 3\n\n\x00") }, 0, 0, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := filled(t)
			// As if it had just been written anew: a line for each.
			f.open(t).Close()
			if err := os.WriteFile(f.path, tc.spoil(f.read(t)), 0o600); err != nil {
				t.Fatal(err)
			}
			s := f.open(t)
			people, unsent := has(t, s)
			if people != tc.people || tc.unsent >= 0 && unsent < tc.unsent-1 {
				t.Errorf("%d people, %d unsent; want %d, about %d", people, unsent, tc.people, tc.unsent)
			}
			if err := s.Save(t.Context(), "telegram:new", ask.State{}, false); err != nil {
				t.Error(err)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			kept, _ := filepath.Glob(f.path + ".damaged-*")
			if (len(kept) == 1) != tc.aside || strings.Contains(f.log.String(), "damaged") != tc.aside {
				t.Errorf("kept aside: %v; log: %s", kept, &f.log)
			}
			f.log.Reset()
			s = f.open(t)
			defer s.Close()
			if again, _ := has(t, s); again != people || f.log.Len() > 0 {
				t.Errorf("at the next start %d people, want %d; log: %s", again, people, &f.log)
			}
		})
	}
}

func TestEmbeddedFileStaysSmall(t *testing.T) {
	f := &file{path: filepath.Join(t.TempDir(), "sessions")}
	s := f.open(t)
	defer s.Close()
	st := storagetest.Dialogue(strings.Repeat("много слов ", 10_000))
	last := 0
	for began := time.Now(); time.Since(began) < 20*time.Second; time.Sleep(100 * time.Millisecond) {
		for _, who := range []dauys.Address{"telegram:1", "telegram:2", "telegram:3"} {
			if err := s.Save(t.Context(), who, st, false); err != nil {
				t.Fatal(err)
			}
		}
		st.Rev++
		size := len(f.read(t))
		if size < last {
			return
		}
		last = size
	}
	t.Errorf("the file has grown to %d bytes and was never written anew", last)
}

func TestEmbeddedFileIsHeldByOne(t *testing.T) {
	f := &file{path: filepath.Join(t.TempDir(), "sessions")}
	s := f.open(t)
	_, err := storage.OpenSessions(t.Context(), storage.SessionsOptions{File: f.path, Sealer: storagetest.Sealer(t)})
	if !errors.Is(err, storage.ErrInUse) {
		t.Errorf("error %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.open(t).Close(); err != nil {
		t.Fatal(err)
	}
}

func TestEmbeddedIsNotOpenToOthers(t *testing.T) {
	s := storagetest.Sessions(t)
	for _, command := range []string{
		"*2\r\n$4\r\nKEYS\r\n$1\r\n*\r\n",
		"*1\r\n$10\r\nDAUYS.SAVE\r\n",
		"*8\r\n$10\r\nDAUYS.SAVE\r\n$5\r\nguess\r\n$1\r\n1\r\n$1\r\nk\r\n$1\r\n0\r\n$1\r\n1\r\n$1\r\nv\r\n$1\r\n9\r\n",
		"*5\r\n$10\r\nDAUYS.SENT\r\n$0\r\n\r\n$1\r\n0\r\n$1\r\nk\r\n$1\r\n0\r\n",
	} {
		conn, err := net.Dial("tcp", s.Raw().Options().Addr)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Write([]byte(command)); err != nil {
			t.Fatal(err)
		}
		b := make([]byte, 100)
		n, _ := conn.Read(b)
		if !strings.HasPrefix(string(b[:n]), "-NOAUTH") {
			t.Errorf("%q: somebody without the password got %q", command, b[:n])
		}
		_ = conn.Close()
	}
}

func TestRedisAddressIsExplained(t *testing.T) {
	_, err := storage.OpenSessions(t.Context(), storage.SessionsOptions{URL: "http://user:secret@host", Sealer: storagetest.Sealer(t)})
	if err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("error %v", err)
	}
}
