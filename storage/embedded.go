package storage

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"alt.edu.kz/dauys"
	"github.com/alicebob/miniredis/v2"
	"github.com/alicebob/miniredis/v2/server"
	"github.com/redis/go-redis/v9"
)

// embedded is the Redis-compatible server inside the process. It lives in memory; this type makes
// its keys outlive a restart, and its clock go.
//
// The file is a list of lines, each a checksum and one person's dialogue as it was at some time,
// the last one holding. Those that have changed are appended and synced at once, all that come
// meanwhile together; [Sessions.Save] waits for it. When the file has grown to twice what it must
// hold, it is written anew beside and put in its place.
// A kill leaves at most half a line at the end; anything else that does not fit its checksum is
// damage: the file is kept aside for a look, and what is whole in it is used.
type embedded struct {
	server   *miniredis.Miniredis
	password string
	path     string // empty: memory only
	log      *slog.Logger
	unlock   func() error

	sessions *Sessions
	cancel   context.CancelFunc
	done     chan struct{}

	scripts sync.Mutex // one at a time

	mu    sync.Mutex
	dirty map[dauys.Address]bool
	next  chan struct{} // closed when what is dirty now was written, or could not be
	wake  chan struct{}

	file  *os.File
	size  int64 // of the file
	whole int64 // of the file when it was last written anew
	ill   bool  // the last write failed, and that was said
}

// entry is one line of the file.
type entry struct {
	Who    dauys.Address `json:"who"`
	Rev    string        `json:"rev,omitempty"` // empty: there is nothing any more
	State  []byte        `json:"state,omitempty"`
	Unsent string        `json:"unsent,omitempty"`
	Wake   string        `json:"wake,omitempty"`
	TTL    int64         `json:"ttl,omitempty"` // milliseconds left
}

const (
	tickEvery = time.Second // of the server's clock, and of tries to write what could not be written
	smallFile = 1 << 20     // not worth writing anew
)

func startEmbedded(path string, log *slog.Logger) (*embedded, error) {
	e := &embedded{server: miniredis.NewMiniRedis(), password: rand.Text(), path: path, log: log,
		dirty: map[dauys.Address]bool{}, next: make(chan struct{}), wake: make(chan struct{}, 1)}
	e.server.RequireAuth(e.password) // other users of the machine can reach the port, too
	if path != "" {
		unlock, err := lock(path + ".lock")
		if err != nil {
			return nil, fmt.Errorf("storage: %s: %w", path, err)
		}
		e.unlock = unlock
	}
	err := e.server.StartAddr("127.0.0.1:0")
	if err == nil {
		err = errors.Join(e.server.Server().Register(embeddedSave, e.script(doSave)), e.server.Server().Register(embeddedSent, e.script(doSent)))
	}
	if err != nil {
		e.server.Close()
		return nil, errors.Join(fmt.Errorf("storage: embedded Redis: %w", err), e.free())
	}
	return e, nil
}

// The scripts as commands: the server would build a world of Lua for each run, which costs more
// than all the rest of a turn. That they do the same, the promises of the sessions show.
const (
	embeddedSave = "DAUYS.SAVE"
	embeddedSent = "DAUYS.SENT"
)

// script makes a command of what a script does with KEYS and ARGV. Each change that must be seen
// as one is one call of the server. The password comes with it, because only the server's own
// commands know who is on the line.
func (e *embedded) script(do func(db *miniredis.RedisDB, keys, args []string) int) server.Cmd {
	return func(c *server.Peer, _ string, args []string) {
		if len(args) < 2 || subtle.ConstantTimeCompare([]byte(args[0]), []byte(e.password)) != 1 {
			c.WriteError("NOAUTH Authentication required.")
			return
		}
		n, err := strconv.Atoi(args[1])
		if args = args[2:]; err != nil || n < 0 || n > len(args) {
			c.WriteError("ERR that is no number of keys")
			return
		}
		e.scripts.Lock()
		defer e.scripts.Unlock()
		c.WriteInt(do(e.server.DB(0), args[:n], args[n:]))
	}
}

// doSave is saveScript.
func doSave(db *miniredis.RedisDB, keys, args []string) int {
	written, _ := strconv.ParseInt(db.HGet(keys[0], fieldRev), 10, 64)
	from, _ := strconv.ParseInt(args[0], 10, 64)
	if written != from {
		return 0
	}
	rev, state, ttl, member, unsent, wake := args[1], args[2], args[3], args[4], args[5], args[6]
	fields := []string{fieldRev, rev, fieldState, state}
	if unsent == "1" {
		score, _ := strconv.ParseFloat(rev, 64)
		_, _ = db.ZAdd(keys[1], score, member) // an error means that the key is of another kind
		fields = append(fields, fieldUnsent, rev)
	}
	if at, err := strconv.ParseFloat(wake, 64); err == nil {
		_, _ = db.ZAdd(keys[2], at, member)
		fields = append(fields, fieldWake, wake)
	} else if db.HGet(keys[0], fieldWake) != "" {
		db.HDel(keys[0], fieldWake)
		_, _ = db.ZRem(keys[2], member)
	}
	db.HSet(keys[0], fields...)
	ms, _ := strconv.ParseInt(ttl, 10, 64)
	db.SetTTL(keys[0], time.Duration(ms)*time.Millisecond)
	return 1
}

// doSent is sentScript.
func doSent(db *miniredis.RedisDB, keys, args []string) int {
	people, unsent := keys[:len(keys)-1], keys[len(keys)-1]
	for i, key := range people {
		who := args[2*i]
		rev, _ := strconv.ParseFloat(args[2*i+1], 64)
		if later, err := db.ZScore(unsent, who); err != nil || later <= rev {
			_, _ = db.ZRem(unsent, who) // an error means that nobody is there
			db.HDel(key, fieldUnsent)
		}
	}
	return 1
}

func (e *embedded) address() (addr, password string) { return e.server.Addr(), e.password }

// run reads the file back and begins to keep it.
func (e *embedded) run(ctx context.Context, s *Sessions) error {
	e.sessions = s
	if e.path != "" {
		if err := e.restore(); err != nil {
			return fmt.Errorf("storage: %s: %w", e.path, err)
		}
		if err := e.rewrite(ctx); err != nil {
			return fmt.Errorf("storage: %s: %w", e.path, err)
		}
	}
	ctx, e.cancel = context.WithCancel(context.WithoutCancel(ctx))
	e.done = make(chan struct{})
	go e.keep(ctx)
	return nil
}

// keep lets the server's clock go and writes what has changed, until stop.
func (e *embedded) keep(ctx context.Context) {
	defer close(e.done)
	tick := time.NewTicker(tickEvery)
	defer tick.Stop()
	var last time.Time
	for {
		select {
		case now := <-tick.C:
			if !last.IsZero() {
				e.server.FastForward(now.Sub(last))
			}
			last = now
			e.write(ctx)
		case <-e.wake:
			e.write(ctx)
		case <-ctx.Done():
			return
		}
	}
}

func (e *embedded) stop() error {
	var err error
	if e.done != nil {
		e.cancel()
		<-e.done
		err = e.append(context.Background())
	}
	e.server.Close()
	if e.file != nil {
		err = errors.Join(err, e.file.Close())
	}
	return errors.Join(err, e.free())
}

func (e *embedded) free() error {
	if e.unlock == nil {
		return nil
	}
	return e.unlock()
}

// changed tells whose dialogues have to be written; written is closed when they were, or when
// that could not be done.
func (e *embedded) changed(people []dauys.Address) (written <-chan struct{}) {
	if e.path == "" {
		return nothing
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, who := range people {
		e.dirty[who] = true
	}
	select {
	case e.wake <- struct{}{}:
	default:
	}
	return e.next
}

// nothing has to be waited for.
var nothing = func() chan struct{} { c := make(chan struct{}); close(c); return c }()

// write is one turn of keeping the file. What cannot be written now, on a full disk for instance,
// is written later; that is said once.
func (e *embedded) write(ctx context.Context) {
	err := e.append(ctx)
	if err == nil && e.path != "" && e.size > max(smallFile, 2*e.whole) {
		err = e.rewrite(ctx)
	}
	switch {
	case err != nil && ctx.Err() == nil && !e.ill:
		e.ill = true
		e.log.Error("dialogues cannot be written to their file; until that works they would not outlive a crash", "file", e.path, "err", err)
	case err == nil && e.ill:
		e.ill = false
		e.log.Info("dialogues are written to their file again", "file", e.path)
	}
}

// append writes what has changed since the last time.
func (e *embedded) append(ctx context.Context) (err error) {
	e.mu.Lock()
	people := make([]dauys.Address, 0, len(e.dirty))
	for who := range e.dirty {
		people = append(people, who)
	}
	clear(e.dirty)
	written := e.next
	e.next = make(chan struct{})
	e.mu.Unlock()
	defer close(written)
	if len(people) == 0 {
		return nil
	}
	defer func() {
		if err != nil { // with the next tick, or with what changes before
			e.mu.Lock()
			defer e.mu.Unlock()
			for _, who := range people {
				e.dirty[who] = true
			}
		}
	}()
	var b bytes.Buffer
	if err := e.read(ctx, people, func(line entry) error { return writeEntry(&b, line) }); err != nil {
		return err
	}
	if e.file == nil { // the last try to put it in place went wrong
		return e.rewrite(ctx)
	}
	_, err = e.file.WriteAt(b.Bytes(), e.size)
	if err == nil {
		err = e.file.Sync()
	}
	if err != nil {
		return errors.Join(err, e.file.Truncate(e.size)) // what is half there is written again the next time
	}
	e.size += int64(b.Len())
	return nil
}

// rewrite puts a file with nothing but what holds in the place of the present one.
func (e *embedded) rewrite(ctx context.Context) error {
	f, err := os.CreateTemp(filepath.Dir(e.path), ".sessions-*")
	if err != nil {
		return err
	}
	err = e.writeAll(ctx, f)
	if err == nil {
		err = f.Sync()
	}
	if err == nil {
		err = os.Rename(f.Name(), e.path)
	}
	if err != nil {
		return errors.Join(err, f.Close(), os.Remove(f.Name()))
	}
	if e.file != nil {
		e.file.Close()
	}
	e.file = f
	e.size, err = f.Seek(0, io.SeekCurrent)
	e.whole = e.size
	return errors.Join(err, syncDir(filepath.Dir(e.path)))
}

func (e *embedded) writeAll(ctx context.Context, f *os.File) error {
	w := bufio.NewWriter(f)
	prefix := e.sessions.key("")
	var people []dauys.Address
	for _, key := range e.server.DB(0).Keys() {
		if len(key) > len(prefix) && key[:len(prefix)] == prefix {
			people = append(people, dauys.Address(key[len(prefix):]))
		}
	}
	if err := e.read(ctx, people, func(line entry) error { return writeEntry(w, line) }); err != nil {
		return err
	}
	return w.Flush()
}

// read asks the server for dialogues as it would be asked from outside, so that each is read at one
// moment.
func (e *embedded) read(ctx context.Context, people []dauys.Address, each func(entry) error) error {
	for len(people) > 0 {
		n := min(len(people), 500)
		values, ttls := make([]*redis.SliceCmd, n), make([]*redis.DurationCmd, n)
		_, err := e.sessions.client.Pipelined(ctx, func(p redis.Pipeliner) error {
			for i, who := range people[:n] {
				values[i] = p.HMGet(ctx, e.sessions.key(who), fieldRev, fieldState, fieldUnsent, fieldWake)
				ttls[i] = p.PTTL(ctx, e.sessions.key(who))
			}
			return nil
		})
		if err != nil {
			return err
		}
		for i, who := range people[:n] {
			fields := values[i].Val()
			line := entry{Who: who}
			line.Rev, _ = fields[0].(string)
			state, _ := fields[1].(string)
			line.State = []byte(state)
			line.Unsent, _ = fields[2].(string)
			line.Wake, _ = fields[3].(string)
			line.TTL = max(ttls[i].Val().Milliseconds(), 0)
			if err := each(line); err != nil {
				return err
			}
		}
		people = people[n:]
	}
	return nil
}

func writeEntry(w io.Writer, line entry) error {
	b, err := json.Marshal(line)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "%08x %s\n", crc32.ChecksumIEEE(b), b)
	return err
}

func readEntry(line []byte) (e entry, ok bool) {
	sum, b, found := bytes.Cut(line, []byte(" "))
	want, err := strconv.ParseUint(string(sum), 16, 32)
	if !found || err != nil || uint32(want) != crc32.ChecksumIEEE(b) {
		return e, false
	}
	return e, json.Unmarshal(b, &e) == nil && e.Who != ""
}

// restore reads the file into the server.
func (e *embedded) restore() error {
	data, err := os.ReadFile(e.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	damaged := 0
	for len(data) > 0 {
		line, rest, whole := bytes.Cut(data, []byte("\n"))
		data = rest
		entry, ok := readEntry(line)
		switch {
		case ok && whole:
			e.put(entry)
		case whole:
			damaged++
		}
	}
	if damaged == 0 {
		return nil
	}
	aside, err := os.CreateTemp(filepath.Dir(e.path), filepath.Base(e.path)+".damaged-*")
	if err != nil {
		return err
	}
	aside.Close()
	if err := os.Rename(e.path, aside.Name()); err != nil {
		return err
	}
	e.log.Error("the file of dialogues was damaged and is kept aside; the people concerned begin anew", "file", e.path, "aside", aside.Name(), "lines", damaged)
	return nil
}

// put makes one line of the file hold in the server.
func (e *embedded) put(line entry) {
	key, db := e.sessions.key(line.Who), e.server.DB(0)
	db.Del(key)
	for _, set := range []string{e.sessions.unsent(), e.sessions.wakes()} {
		_, _ = db.ZRem(set, string(line.Who)) // an error means that nobody is there
	}
	if line.Rev == "" {
		return
	}
	db.HSet(key, fieldRev, line.Rev, fieldState, string(line.State))
	ttl := time.Duration(line.TTL) * time.Millisecond
	if ttl == 0 {
		ttl = e.sessions.ttl
	}
	db.SetTTL(key, ttl)
	if unsent, err := strconv.ParseFloat(line.Unsent, 64); err == nil {
		db.HSet(key, fieldUnsent, line.Unsent)
		_, _ = db.ZAdd(e.sessions.unsent(), unsent, string(line.Who))
	}
	if wake, err := strconv.ParseFloat(line.Wake, 64); err == nil {
		db.HSet(key, fieldWake, line.Wake)
		_, _ = db.ZAdd(e.sessions.wakes(), wake, string(line.Who))
	}
}
