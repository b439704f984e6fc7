package telegram

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"

	tg "github.com/go-telegram/bot"
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
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxResponse))
	if err != nil {
		return nil, fmt.Errorf("read the answer: %w", c.redact(err))
	}
	if body, err = answer(path.Base(r.URL.Path), body); err != nil { // the page of a server in front
		if after, _ := strconv.Atoi(resp.Header.Get("Retry-After")); resp.StatusCode == http.StatusTooManyRequests {
			return nil, &tg.TooManyRequestsError{Message: "telegram answered " + resp.Status, RetryAfter: after}
		}
		return nil, fmt.Errorf("telegram answered %s: %w", resp.Status, err)
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}

// answer checks that a body is an answer of the Bot API, which the library would print whole
// if it were not. Of a message that was sent only its id is left: the library cannot read
// what is newer than itself, and a message that was sent but not understood would be sent again.
func answer(method string, body []byte) ([]byte, error) {
	var a struct {
		OK          bool            `json:"ok"`
		Result      json.RawMessage `json:"result,omitempty"`
		Code        int             `json:"error_code,omitempty"`
		Description string          `json:"description,omitempty"`
		Parameters  json.RawMessage `json:"parameters,omitempty"`
	}
	if json.Unmarshal(body, &a) != nil || !a.OK && a.Code == 0 {
		return nil, errors.New("that is no answer of the Bot API")
	}
	if a.OK && (strings.HasPrefix(method, "send") || strings.HasPrefix(method, "edit")) {
		type message struct {
			ID int64 `json:"message_id"`
		}
		var one message
		var many []message
		switch {
		case json.Unmarshal(a.Result, &one) == nil:
			a.Result, _ = json.Marshal(one)
		case json.Unmarshal(a.Result, &many) == nil:
			a.Result, _ = json.Marshal(many)
		}
	}
	return json.Marshal(a)
}

// redact takes the token out of an error, and keeps what it means.
func (c *client) redact(err error) error {
	if err == nil {
		return nil
	}
	text := err.Error()
	clean := strings.ReplaceAll(text, c.token, "***")
	if _, secret, ok := strings.Cut(c.token, ":"); ok && secret != "" { // the colon may be escaped
		clean = strings.ReplaceAll(clean, secret, "***")
	}
	if clean == text {
		return err
	}
	return &redacted{text: clean, err: err}
}

// redacted is an error with its text changed. Its cause can be asked for with errors.Is and
// errors.As, but not unwrapped: it would print the token.
type redacted struct {
	text string
	err  error
}

func (e *redacted) Error() string        { return e.text }
func (e *redacted) Is(target error) bool { return errors.Is(e.err, target) }
func (e *redacted) As(target any) bool   { return errors.As(e.err, target) }
