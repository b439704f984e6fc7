package main

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/url"
	"regexp"
	"sync"
	"testing"
	"time"
)

// proxy stands before a store's server and does to connections what networks do to them.
type proxy struct {
	t       *testing.T
	address string // where it listens
	server  string // where that leads

	mu      sync.Mutex
	listens net.Listener // nil: nobody listens, connections are refused
	links   map[*link]bool
	there   time.Duration // how long what goes to the server takes
	back    time.Duration // how long an answer takes
	silent  bool          // half-open: all is taken, nothing arrives anywhere
	lose    *regexp.Regexp
	times   int // how many answers are still to be lost
	lost    int // how many were
	wg      sync.WaitGroup
}

// link is a connection to the proxy and the one behind it.
type link struct {
	client, server net.Conn
	deaf           bool // the next answer is lost, and the connection with it
}

// commit is a COMMIT in PostgreSQL's protocol: a query of that length, or a statement between
// two zeros. In the name of a setting neither stands before the word.
var commit = regexp.MustCompile(`(?i)[\x00\x0b]commit\x00`)

// proxied puts a proxy before the server that a URL names, and tells the URL through it. The
// port is below those that Linux gives to outgoing connections, so that it stays free while
// nobody listens.
func proxied(t *testing.T, where string) (p *proxy, address string) {
	t.Helper()
	u, err := url.Parse(where)
	if err != nil {
		t.Fatal("the address of a server cannot be read") // there may be a password in it
	}
	p = &proxy{t: t, server: u.Host, links: map[*link]bool{}}
	for p.listens == nil {
		p.address = fmt.Sprint("127.0.0.1:", 20000+rand.IntN(12000))
		p.listens, _ = net.Listen("tcp", p.address)
	}
	p.wg.Go(func() { p.accept(p.listens) })
	t.Cleanup(func() {
		p.refuse()
		p.wg.Wait()
	})
	u.Host = p.address
	return p, u.String()
}

// refuse has nobody listen any more, and cuts all connections: the server is away.
func (p *proxy) refuse() {
	p.mu.Lock()
	if p.listens != nil {
		_ = p.listens.Close()
		p.listens = nil
	}
	p.mu.Unlock()
	p.cut()
}

// cut ends all connections now.
func (p *proxy) cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for l := range p.links {
		l.close()
	}
}

// delay has everything take its time in each direction.
func (p *proxy) delay(there, back time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.there, p.back = there, back
}

// swallow takes all that comes, in both directions, and passes nothing on.
func (p *proxy) swallow() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.silent = true
}

// loseAnswers lets the server do what is asked, and cuts the connection instead of bringing the
// answer, as often as told.
func (p *proxy) loseAnswers(to *regexp.Regexp, times int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lose, p.times, p.lost = to, times, 0
}

// answersLost is how often it has done so.
func (p *proxy) answersLost() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.lost
}

// heal makes all well. Connections of which something was swallowed do not live on: nobody
// could tell what is missing.
func (p *proxy) heal() {
	p.t.Helper()
	p.mu.Lock()
	broken := p.silent
	p.there, p.back, p.silent, p.times = 0, 0, false, 0
	if p.listens == nil {
		l, err := net.Listen("tcp", p.address)
		if err != nil {
			p.mu.Unlock()
			p.t.Fatal(err)
		}
		p.listens = l
		p.wg.Go(func() { p.accept(l) })
	}
	p.mu.Unlock()
	if broken {
		p.cut()
	}
}

func (p *proxy) accept(l net.Listener) {
	for {
		client, err := l.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", p.server)
		if err != nil {
			_ = client.Close()
			continue
		}
		both := &link{client: client, server: server}
		p.mu.Lock()
		if p.listens != l { // it ended meanwhile
			both.close()
		}
		p.links[both] = true
		p.mu.Unlock()
		p.wg.Go(func() { p.carry(both, client, server, true) })
		p.wg.Go(func() { p.carry(both, server, client, false) })
	}
}

// carry passes on what comes in one direction.
func (p *proxy) carry(l *link, from io.Reader, to io.Writer, there bool) {
	defer func() {
		l.close()
		p.mu.Lock()
		delete(p.links, l)
		p.mu.Unlock()
	}()
	buffer, before := make([]byte, 64<<10), []byte(nil)
	for {
		n, err := from.Read(buffer)
		if err != nil {
			return
		}
		p.mu.Lock()
		wait, silent := p.back, p.silent
		if there {
			wait = p.there
			before = append(before, buffer[:n]...)
			if p.times > 0 && p.lose.Match(before) {
				p.times--
				l.deaf = true
			}
			before = append([]byte(nil), before[max(0, len(before)-6):]...) // what may be the beginning of a COMMIT
		} else if l.deaf {
			p.lost++
			p.mu.Unlock()
			return
		}
		p.mu.Unlock()
		if silent {
			continue
		}
		time.Sleep(wait)
		if _, err := to.Write(buffer[:n]); err != nil {
			return
		}
	}
}

// close ends both connections, as a reset would.
func (l *link) close() {
	for _, c := range []net.Conn{l.client, l.server} {
		if tcp, ok := c.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0)
		}
		_ = c.Close()
	}
}
