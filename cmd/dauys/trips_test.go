package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"maps"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"alt.edu.kz/dauys/storage/storagetest"
)

// TestTripsOfATurn counts on the wire what a turn asks of the stores: a step of a dialogue is
// one read and one write of Redis and no statement for the database, but for the choice of a
// language, which is one; sending is one more write, and the thirteen statements of the registration.
//
// Not counted are what is done every now and then, whatever people do: the marks of replies
// that were sent, which go together twenty times a second at most, and the looks at what was
// left behind and at who leads.
func TestTripsOfATurn(t *testing.T) {
	database, redis, ok := storagetest.Servers(t)
	if !ok {
		t.Skip("nothing to count without servers")
	}
	var turns, sql trips
	env := []string{
		"DATABASE_URL=" + through(t, database, sql.readPostgres),
		"REDIS_URL=" + through(t, redis, turns.readRedis),
		"LEASE=1h", "MASTER_KEY=" + strings.Repeat("ab", 32),
	}
	// Somebody else is the sender, for as long as the lease takes: the outbox is its business.
	settled, err := readConfig(settingsFor(t, "http://127.0.0.1:1", append(env, "DATABASE_URL="+database)...), "TELEGRAM_TOKEN")
	if err != nil {
		t.Fatal(err)
	}
	other := &app{config: settled}
	if _, err := openDatabase(t.Context(), settled, nil, false, other); err != nil {
		t.Fatal(err)
	}
	if err := other.db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	if mine, err := (store{other.db}).TakeBeat(t.Context(), "sender", "somebody else", "", 0); err != nil || !mine {
		t.Fatal(mine, err)
	}
	if err := other.close(); err != nil {
		t.Fatal(err)
	}
	s := newStage(t, env...)

	first := newStudent(s.sim, 0) // the first batch after a start is recorded; the scripts become known to Redis
	if err := first.fill(t.Context()); err != nil {
		t.Fatal(err)
	}
	second := newStudent(s.sim, 1)
	turns.take()
	sql.take()
	if err := second.fill(t.Context()); err != nil {
		t.Fatal(err)
	}
	const updates = 13
	got := turns.take()
	if want := (map[string]int{"HMGET": updates, "EVALSHA of 3 keys": updates}); !maps.Equal(got, want) {
		t.Errorf("%d updates asked Redis %v, want %v", updates, got, want)
	}
	got = sql.take()
	if want := (map[string]int{"INSERT INTO people": 1, "DELETE FROM unreachable": 1}); !maps.Equal(got, want) {
		t.Errorf("/start, a language and %d answers asked the database %v, want %v", updates-2, got, want)
	}

	if err := second.sim.PressLast(second.id, second.id, "Отправить"); err != nil {
		t.Fatal(err)
	}
	if err := second.await(t.Context(), "Мои обращения"); err != nil {
		t.Fatal(err)
	}
	got = turns.take()
	if want := (map[string]int{"HMGET": 1, "EVALSHA of 3 keys": 2}); !maps.Equal(got, want) {
		t.Errorf("sending asked Redis %v, want %v", got, want)
	}
	got = sql.take()
	if want := (map[string]int{
		"begin": 1, "commit": 1,
		"SELECT … FROM cases":       3, // how many have they filed today; is it there already; as it is stored
		"SELECT … FROM links":       1, // is it known who they are
		"SELECT … FROM events":      1,
		"INSERT INTO counters":      1, // the number
		"INSERT INTO cases":         1,
		"INSERT INTO events":        1,
		"INSERT INTO notifications": 2, // the receipt and the note to the office
		"INSERT INTO cards":         1,
		"UPDATE cards SET":          1,
	}); !maps.Equal(got, want) {
		t.Errorf("a registration asked the database %v, want %v", got, want)
	}
}

// trips counts commands and statements by what they begin with.
type trips struct {
	mu  sync.Mutex
	all map[string]int
}

func (c *trips) add(what string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.all == nil {
		c.all = map[string]int{}
	}
	c.all[what]++
}

// take is what was counted since it was asked the last time.
func (c *trips) take() map[string]int {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := c.all
	c.all = nil
	return all
}

// through is the address of a server with somebody in between who reads what it is asked, and
// passes it on when it is counted.
func through(t *testing.T, server string, read func(r *bufio.Reader, counted func())) string {
	t.Helper()
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	target := u.Host
	u.Host = l.Addr().String()
	var wg sync.WaitGroup
	t.Cleanup(wg.Wait)
	t.Cleanup(func() { _ = l.Close() })
	wg.Go(func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			out, err := net.DialTimeout("tcp", target, 10*time.Second)
			if err != nil {
				_ = in.Close()
				continue
			}
			wg.Go(func() {
				defer out.Close()
				var raw bytes.Buffer
				r := bufio.NewReader(io.TeeReader(in, &raw))
				read(r, func() {
					if r.Buffered() == 0 {
						_, _ = raw.WriteTo(out)
					}
				})
				_, _ = raw.WriteTo(out)
			})
			wg.Go(func() {
				_, _ = io.Copy(in, out)
				_ = in.Close()
			})
		}
	})
	return u.String()
}

// readRedis reads commands: each an array of texts.
func (c *trips) readRedis(r *bufio.Reader, counted func()) {
	size := func(mark byte) int {
		line, err := r.ReadString('\n')
		if err != nil || line[0] != mark {
			return -1
		}
		n, _ := strconv.Atoi(strings.TrimSpace(line[1:]))
		return n
	}
	for {
		n := size('*')
		if n < 1 {
			return
		}
		var words []string
		for range n {
			b := make([]byte, max(0, size('$'))+2)
			if _, err := io.ReadFull(r, b); err != nil {
				return
			}
			words = append(words, string(b[:len(b)-2]))
		}
		switch what := strings.ToUpper(words[0]); {
		case slices.Contains([]string{"HELLO", "AUTH", "SELECT", "CLIENT", "PING"}, what): // a new connection
		case what == "EVALSHA" && isMark(words): // replies that were sent
		case what == "ZRANGE": // replies that were left behind
		case what == "EVALSHA":
			c.add("EVALSHA of " + words[2] + " keys")
		default:
			c.add(what)
		}
		counted()
	}
}

// isMark tells the script that marks replies as sent, which has a revision for each person,
// from the one that saves, which has a sealed text.
func isMark(words []string) bool {
	keys, _ := strconv.Atoi(words[2])
	return len(words)-3-keys == 2*(keys-1)
}

// readPostgres reads statements: simple ones, and those that were prepared when they are bound.
func (c *trips) readPostgres(r *bufio.Reader, counted func()) {
	body := func() []byte {
		var n [4]byte
		if _, err := io.ReadFull(r, n[:]); err != nil {
			return nil
		}
		b := make([]byte, binary.BigEndian.Uint32(n[:])-4)
		if _, err := io.ReadFull(r, b); err != nil {
			return nil
		}
		return b
	}
	body() // the startup message has no kind
	counted()
	prepared := map[string]string{}
	for {
		kind, err := r.ReadByte()
		if err != nil {
			return
		}
		parts := strings.SplitN(string(body()), "\x00", 3)
		switch {
		case kind == 'Q':
			c.statement(parts[0])
		case kind == 'P' && len(parts) > 1:
			prepared[parts[0]] = parts[1]
		case kind == 'B' && len(parts) > 1:
			c.statement(prepared[parts[1]])
		}
		counted()
	}
}

// statement counts a statement by its first words; the looks at what was left behind and at who
// leads are left out.
func (c *trips) statement(text string) {
	words := strings.Fields(text)
	if strings.Contains(text, " beats ") || strings.Contains(text, "FROM updates WHERE quarantined = FALSE") || strings.HasPrefix(text, "-- ping") {
		return
	}
	end := min(len(words), 3)
	if i := slices.Index(words, "FROM"); i > 0 && words[0] == "SELECT" {
		c.add(fmt.Sprintf("SELECT … FROM %s", words[min(i+1, len(words)-1)]))
		return
	}
	c.add(strings.Join(words[:end], " "))
}
