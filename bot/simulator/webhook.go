package simulator

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	webhookTimeout = 60 * time.Second
	longestPause   = time.Hour      // that a bot may ask for
	goneAfter      = 23 * time.Hour // of answers 410
	slowAfter      = 10 * time.Second
)

// hookSettings are what setWebhook said and getWebhookInfo tells.
type hookSettings struct {
	URL         string
	Secret      string
	Certificate []byte
	Connections int
	LastError   string
	LastErrorAt int64
	GoneSince   int64
}

// webhook delivers updates while it is set: one at a time of each key, in
// order, keys in parallel.
type webhook struct {
	client  *http.Client
	ctx     context.Context
	stop    context.CancelFunc
	loaded  map[int64]*hookQueue
	success time.Time // of the last delivery, real time
	failed  bool      // something failed since
}

// hookQueue is the state of one key.
type hookQueue struct {
	flying bool
	fails  int
	next   time.Time // when to try again, real time
}

var (
	secretToken = regexp.MustCompile(`^[A-Za-z0-9_-]{0,256}$`)
	hookPorts   = []string{"", "443", "80", "88", "8443"}
)

func (s *Server) setWebhook(r *request) (any, error) {
	address := r.text("url")
	if address == "" {
		return s.deleteWebhook(r)
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return nil, badRequest("bad webhook: invalid webhook URL specified")
	}
	// As the real server started with --local: on this machine anything goes.
	if !loopback(u.Hostname()) {
		switch {
		case u.Scheme != "https":
			return nil, badRequest("bad webhook: An HTTPS URL must be provided for webhook")
		case !slices.Contains(hookPorts, u.Port()):
			return nil, badRequest("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
		}
	}
	if !secretToken.MatchString(r.text("secret_token")) {
		if len(r.text("secret_token")) > 256 {
			return nil, badRequest("secret token is too long")
		}
		return nil, badRequest("secret token contains unallowed characters")
	}
	settings := &hookSettings{
		URL: address, Secret: r.text("secret_token"),
		Connections: int(r.number("max_connections", 40, 1, 100)),
	}
	if file := r.files["certificate"]; file != nil {
		settings.Certificate = file.data
	}
	s.allow(r)
	same := s.w.Hook != nil && s.w.Hook.URL == settings.URL && s.w.Hook.Secret == settings.Secret &&
		s.w.Hook.Connections == settings.Connections && bytes.Equal(s.w.Hook.Certificate, settings.Certificate)
	if same && !r.yes("drop_pending_updates") {
		return described{true, "Webhook is already set"}, nil
	}
	if since := time.Since(s.lastHook); since < time.Second {
		return nil, tooMany(1)
	}
	s.lastHook = time.Now()
	s.endHook()
	if r.yes("drop_pending_updates") {
		s.w.Queue = nil
	}
	if s.poller != nil {
		s.poller.ended = errSetWebhook
	}
	s.w.Hook = settings
	s.startHook()
	return described{true, "Webhook was set"}, nil
}

func (s *Server) deleteWebhook(r *request) (any, error) {
	if r.yes("drop_pending_updates") {
		s.w.Queue = nil
		s.note()
	}
	if s.w.Hook == nil {
		return described{true, "Webhook is already deleted"}, nil
	}
	s.endHook()
	s.w.Hook = nil
	return described{true, "Webhook was deleted"}, nil
}

func (s *Server) getWebhookInfo(*request) (any, error) {
	s.dropExpired()
	info := map[string]any{"url": "", "has_custom_certificate": false, "pending_update_count": len(s.w.Queue)}
	if len(s.w.Allowed) > 0 {
		info["allowed_updates"] = s.w.Allowed
	}
	if h := s.w.Hook; h != nil {
		info["url"] = h.URL
		info["has_custom_certificate"] = len(h.Certificate) > 0
		info["max_connections"] = h.Connections
		if h.LastError != "" {
			info["last_error_date"] = h.LastErrorAt
			info["last_error_message"] = h.LastError
		}
	}
	return info, nil
}

func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

// startHook begins to deliver. The lock is held.
func (s *Server) startHook() {
	h := &webhook{client: s.o.WebhookClient, loaded: map[int64]*hookQueue{}, success: time.Now()}
	if h.client == nil {
		h.client = loopbackClient(s.w.Hook.Certificate)
	}
	h.ctx, h.stop = context.WithCancel(context.Background())
	s.hook = h
	s.note()
	s.work.Go(func() { s.runHook(h) })
}

// endHook stops deliveries; those in flight are cut. The lock is held.
func (s *Server) endHook() {
	if s.hook == nil {
		return
	}
	s.hook.stop()
	s.hook = nil
	s.note()
}

// loopbackClient reaches this machine only: a simulator has no business with
// the rest of the world.
func loopbackClient(certificate []byte) *http.Client {
	dialer := net.Dialer{Timeout: 10 * time.Second}
	t := &http.Transport{
		MaxIdleConnsPerHost: 100,
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			host, _, err := net.SplitHostPort(address)
			if err != nil {
				return nil, err
			}
			if !loopback(host) {
				return nil, fmt.Errorf("the simulator delivers to this machine only, not to %s", host)
			}
			return dialer.DialContext(ctx, network, address)
		},
	}
	if len(certificate) > 0 {
		pool := x509.NewCertPool()
		pool.AppendCertsFromPEM(certificate)
		t.TLSClientConfig = &tls.Config{RootCAs: pool}
	}
	return &http.Client{Transport: t, Timeout: webhookTimeout}
}

// runHook starts a delivery for every key that is due, until the webhook ends.
func (s *Server) runHook(h *webhook) {
	defer h.client.CloseIdleConnections()
	for {
		s.mu.Lock()
		if s.hook != h || s.closed {
			s.mu.Unlock()
			return
		}
		pause := s.launch(h)
		changed := s.changed
		s.mu.Unlock()
		timer := time.NewTimer(pause)
		select {
		case <-changed:
		case <-timer.C:
		case <-h.ctx.Done():
		}
		timer.Stop()
	}
}

// launch sends what can be sent now and tells when to look again.
func (s *Server) launch(h *webhook) time.Duration {
	s.dropExpired()
	now := time.Now()
	pause := longestPause
	flying := 0
	first := map[int64]*update{}
	for _, u := range s.w.Queue {
		if first[u.Key] == nil {
			first[u.Key] = u
		}
	}
	for key, q := range h.loaded {
		switch {
		case q.flying:
			flying++
		case first[key] == nil:
			delete(h.loaded, key) // all sent, or expired
		}
	}
	most := s.w.Hook.Connections
	if h.failed && now.Sub(h.success) > slowAfter {
		most = 1
	}
	for _, u := range s.w.Queue {
		if first[u.Key] != u {
			continue
		}
		q := h.loaded[u.Key]
		if q == nil {
			// A key that waits for its retry keeps its place: enough of them
			// stop everybody.
			if len(h.loaded) >= 2*s.w.Hook.Connections {
				continue
			}
			q = &hookQueue{}
			h.loaded[u.Key] = q
		}
		switch {
		case q.flying:
		case now.Before(q.next):
			pause = min(pause, q.next.Sub(now))
		case flying < most:
			q.flying = true
			flying++
			settings := *s.w.Hook
			s.work.Go(func() { s.fly(h, settings, q, u) })
		}
	}
	return pause
}

// fly delivers one update and notes how it went.
func (s *Server) fly(h *webhook, settings hookSettings, q *hookQueue, u *update) {
	reply, after, status, err := h.post(settings, u.Raw)
	if err == nil && len(reply) > 0 {
		s.runReply(h.ctx, reply)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.note()
	q.flying = false
	if s.hook != h {
		return
	}
	if err == nil {
		q.fails, q.next = 0, time.Time{}
		h.success, h.failed = time.Now(), false
		s.w.Hook.GoneSince = 0
		if u.Copies--; u.Copies <= 0 {
			s.w.Queue = slices.DeleteFunc(s.w.Queue, func(other *update) bool { return other == u })
		}
		return
	}
	h.failed = true
	s.w.Hook.LastError, s.w.Hook.LastErrorAt = err.Error(), s.unix()
	if status != http.StatusGone {
		s.w.Hook.GoneSince = 0
	} else if s.w.Hook.GoneSince == 0 {
		s.w.Hook.GoneSince = s.unix()
	} else if s.unix()-s.w.Hook.GoneSince > int64(goneAfter/time.Second) {
		s.endHook()
		s.w.Hook = nil
		return
	}
	q.fails++
	q.next = time.Now().Add(pauseAfter(after, retryPause(q.fails)))
}

// pauseAfter is what the bot asked for, or else our own.
func pauseAfter(asked, own time.Duration) time.Duration {
	if asked > 0 {
		return min(asked, longestPause)
	}
	return own
}

// retryPause is none after the first failure, then 2, 4, 8 … seconds up to a
// minute or two.
func retryPause(fails int) time.Duration {
	if fails <= 1 {
		return 0
	}
	most := 60*time.Second + rand.N(60*time.Second)
	return min(time.Duration(1<<min(fails-1, 10))*time.Second, most)
}

// post is one HTTP call to the bot.
func (h *webhook) post(settings hookSettings, body []byte) (reply []byte, after time.Duration, status int, err error) {
	ctx, cancel := context.WithTimeout(h.ctx, webhookTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, settings.URL, bytes.NewReader(body))
	if err != nil {
		return nil, 0, 0, err
	}
	req.Header.Set("Content-Type", "application/json")
	if settings.Secret != "" {
		req.Header.Set("X-Telegram-Bot-Api-Secret-Token", settings.Secret)
	}
	resp, err := h.client.Do(req)
	if err != nil {
		var u *url.Error
		if errors.As(err, &u) {
			err = u.Err // without the address, which may hold a secret
		}
		return nil, 0, 0, err
	}
	defer resp.Body.Close()
	reply, _ = io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if resp.StatusCode/100 == 2 {
		return reply, 0, resp.StatusCode, nil
	}
	seconds, _ := strconv.Atoi(resp.Header.Get("Retry-After"))
	err = inTelegramsWords("Wrong response from the webhook: %s", resp.Status)
	return nil, time.Duration(seconds) * time.Second, resp.StatusCode, err
}

// runReply does the method that a bot wrote into its answer; nobody learns
// what came of it.
func (s *Server) runReply(ctx context.Context, reply []byte) {
	q := &request{params: map[string]string{}, files: map[string]*upload{}}
	if q.parseJSON(reply) != nil || q.params["method"] == "" {
		return
	}
	q.method = q.params["method"]
	delete(q.params, "method")
	switch name := strings.ToLower(q.method); {
	case strings.HasPrefix(name, "get"), slices.Contains([]string{"setwebhook", "deletewebhook", "close", "logout"}, name):
		return
	}
	_, _ = s.serve(ctx, q, &Call{Webhook: true})
}
