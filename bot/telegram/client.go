package telegram

import (
	"bytes"
	"context"
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

	"alt.edu.kz/dauys"
)

// client makes the frequent calls itself ([client.call]) and is the HTTP client under the
// library for the others. The library streams its forms, so that a request on a connection
// which the server has just closed fails instead of being sent again; here the form is read
// first. Asking for updates, which waits for long, has
// connections of its own, so that sending never waits behind it. No error leaves with the
// token in it: Go's url.Error prints the whole address.
type client struct {
	server, token string
	send, poll    *http.Client
	files         *http.Client // as send, with as much time as a file takes; it follows no redirection
}

const (
	idleSends   = 100      // connections that are kept; one made for each message costs more than the message
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
	c := &client{server: server, token: token, send: pool(30*time.Second, idleSends), poll: pool(pollTime+15*time.Second, 2)}
	c.files = &http.Client{Timeout: uploadTime, Transport: c.send.Transport, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse // the Referer would tell another server the token
	}}
	return c
}

// close ends the idle connections.
func (c *client) close() {
	c.send.CloseIdleConnections()
	c.poll.CloseIdleConnections()
}

// call makes one call of the Bot API as JSON, and reads what is needed of its result. The
// library, which sends forms and reads whole messages, does it at twice the cost; it is left
// to the calls that are rare or have files. Errors are those of the library.
func (c *client) call(ctx context.Context, method string, params, result any) error {
	var ask bytes.Buffer
	e := json.NewEncoder(&ask)
	e.SetEscapeHTML(false)
	if err := e.Encode(params); err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.server+"/bot"+c.token+"/"+method, bytes.NewReader(ask.Bytes()))
	if err != nil {
		return fmt.Errorf("%s: %w", method, c.redact(err))
	}
	r.Header.Set("Content-Type", "application/json")
	return c.answered(method, c.send, r, result)
}

// answered makes a call whose request is ready.
func (c *client) answered(method string, by *http.Client, r *http.Request, result any) error {
	resp, body, err := c.exchange(by, r)
	if err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	a := struct {
		OK          bool   `json:"ok"`
		Result      any    `json:"result"`
		Code        int    `json:"error_code"`
		Description string `json:"description"`
		Parameters  struct {
			RetryAfter int `json:"retry_after"`
			MigrateTo  int `json:"migrate_to_chat_id"`
		} `json:"parameters"`
	}{Result: result}
	err = json.Unmarshal(body, &a)
	if _, odd := errors.AsType[*json.UnmarshalTypeError](err); odd && a.OK {
		err = nil // a message that was sent but not understood would be sent again
	}
	if err != nil || !a.OK && a.Code == 0 {
		return fmt.Errorf("%s: %w", method, noAnswer(resp))
	}
	if a.OK {
		return nil
	}
	kind := tg.ErrorBadRequest
	switch a.Code {
	case http.StatusTooManyRequests:
		return &tg.TooManyRequestsError{Message: a.Description, RetryAfter: a.Parameters.RetryAfter}
	case http.StatusBadRequest:
		if to := a.Parameters.MigrateTo; to != 0 {
			return &tg.MigrateError{Message: a.Description, MigrateToChatID: to}
		}
	case http.StatusForbidden:
		kind = tg.ErrorForbidden
	case http.StatusRequestEntityTooLarge:
		return fmt.Errorf("%s: telegram answered %d %s: %w", method, a.Code, a.Description, dauys.ErrTooBig)
	default:
		return fmt.Errorf("%s: telegram answered %d %s", method, a.Code, a.Description)
	}
	return fmt.Errorf("%w, %s", kind, a.Description)
}

// exchange sends a request that can be repeated, and reads the whole answer.
func (c *client) exchange(by *http.Client, r *http.Request) (*http.Response, []byte, error) {
	// With this (empty, so it is not sent) Go itself repeats a POST whose connection was
	// closed before anything was answered. The callers would repeat it anyway.
	r.Header["X-Idempotency-Key"] = nil
	resp, err := by.Do(r)
	if err != nil {
		return nil, nil, c.redact(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var body bytes.Buffer
	body.Grow(int(min(max(resp.ContentLength, 0), maxResponse)) + bytes.MinRead)
	if _, err := body.ReadFrom(io.LimitReader(resp.Body, maxResponse)); err != nil {
		return nil, nil, fmt.Errorf("read the answer: %w", c.redact(err))
	}
	return resp, body.Bytes(), nil
}

// noAnswer is the error of an answer that is none of the Bot API: the page of a server in front.
func noAnswer(resp *http.Response) error {
	if after, _ := strconv.Atoi(resp.Header.Get("Retry-After")); resp.StatusCode == http.StatusTooManyRequests {
		return &tg.TooManyRequestsError{Message: "telegram answered " + resp.Status, RetryAfter: after}
	}
	if resp.StatusCode == http.StatusRequestEntityTooLarge {
		return fmt.Errorf("telegram answered %s: %w", resp.Status, dauys.ErrTooBig)
	}
	return fmt.Errorf("telegram answered %s: %w", resp.Status, errNoAnswer)
}

var errNoAnswer = errors.New("that is no answer of the Bot API")

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
	}
	resp, body, err := c.exchange(c.send, r)
	if err != nil {
		return nil, err
	}
	if body, err = answer(path.Base(r.URL.Path), body); err != nil {
		return nil, noAnswer(resp)
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
		return nil, errNoAnswer
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
