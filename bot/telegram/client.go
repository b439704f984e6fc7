package telegram

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// client is the HTTP client under the library. The library streams its forms, so that a
// request on a connection which the server has just closed fails instead of being sent
// again; here the form is read first. Asking for updates, which waits for long, has
// connections of its own, so that sending never waits behind it. No error leaves with the
// token in it: Go's url.Error prints the whole address.
type client struct {
	server, token string
	send, poll    *http.Client
}

const (
	maxRequest  = 64 << 20 // bytes of a form; Telegram takes files up to 50 MB
	maxResponse = 8 << 20  // getUpdates answers up to 4 MiB
)

func newClient(server, token string) *client {
	pool := func(timeout time.Duration, n int) *http.Client {
		return &http.Client{Timeout: timeout, Transport: &http.Transport{
			Proxy:               http.ProxyFromEnvironment,
			DialContext:         (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
			MaxIdleConns:        n,
			MaxIdleConnsPerHost: n,
			IdleConnTimeout:     60 * time.Second,
			TLSHandshakeTimeout: 10 * time.Second,
			ForceAttemptHTTP2:   true,
		}}
	}
	return &client{server: server, token: token, send: pool(30*time.Second, 32), poll: pool(pollTime+15*time.Second, 2)}
}

// close ends the idle connections.
func (c *client) close() {
	c.send.CloseIdleConnections()
	c.poll.CloseIdleConnections()
}

// Do sends a request of the library.
func (c *client) Do(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		body, err := io.ReadAll(io.LimitReader(r.Body, maxRequest))
		_ = r.Body.Close()
		if err != nil {
			return nil, fmt.Errorf("read the form: %w", c.redact(err))
		}
		r.ContentLength = int64(len(body))
		r.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
		r.Body, _ = r.GetBody()
		if len(body) == 0 {
			r.Header.Del("Content-Type")
		}
		// With this (empty, so it is not sent) Go itself repeats a POST whose connection was
		// closed before anything was answered. The callers would repeat it anyway.
		r.Header["X-Idempotency-Key"] = nil
	}
	resp, err := c.send.Do(r)
	if err != nil {
		return nil, c.redact(err)
	}
	if resp.StatusCode >= 500 && !strings.HasPrefix(resp.Header.Get("Content-Type"), "application/json") {
		_ = resp.Body.Close() // an HTML page of a server in front; the library would print it whole
		return nil, fmt.Errorf("telegram answered %s", resp.Status)
	}
	resp.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(resp.Body, maxResponse), resp.Body}
	return resp, nil
}

// redact takes the token out of an error, and keeps what it means.
func (c *client) redact(err error) error {
	if err == nil || !strings.Contains(err.Error(), c.token) {
		return err
	}
	if u, ok := errors.AsType[*url.Error](err); ok {
		u.URL = strings.ReplaceAll(u.URL, c.token, "***")
		if !strings.Contains(err.Error(), c.token) {
			return err
		}
	}
	return &redacted{text: strings.ReplaceAll(err.Error(), c.token, "***"), err: err}
}

// redacted is an error with its text changed. Its cause can be asked for with errors.Is and
// errors.As, but is never printed.
type redacted struct {
	text string
	err  error
}

func (e *redacted) Error() string        { return e.text }
func (e *redacted) Is(target error) bool { return errors.Is(e.err, target) }
