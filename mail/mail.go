// Package mail sends short letters through a server that speaks SMTP. It knows nothing of what they say.
package mail

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"mime"
	"net"
	netmail "net/mail"
	"net/smtp"
	"net/url"
	"strings"
	"time"
)

// Server is who takes letters from us.
type Server struct {
	host, port     string
	tls            bool // from the first byte; otherwise STARTTLS is asked for
	user, password string
	from           netmail.Address
	Now            func() time.Time
}

// patience is how long one letter may take.
const patience = 20 * time.Second

// errNoURL hides what url.Parse says: it repeats the address with the password in it.
var errNoURL = errors.New("this is not the address of a mail server")

// New is a server by its address, smtp://user:password@host:587 or smtps://user:password@host:465. From is who
// writes, as in "Dauys <no-reply@alt.edu.kz>".
func New(where, from string, now func() time.Time) (*Server, error) {
	u, err := url.Parse(where)
	if err != nil || u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" {
		return nil, errNoURL
	}
	s := &Server{host: u.Hostname(), port: u.Port(), tls: u.Scheme == "smtps", user: u.User.Username(), Now: now}
	s.password, _ = u.User.Password()
	if s.port == "" {
		s.port = map[bool]string{false: "587", true: "465"}[s.tls]
	}
	who, err := netmail.ParseAddress(from)
	if err != nil {
		return nil, errors.New("this is not an address of mail")
	}
	s.from = *who
	return s, nil
}

// ReadAddress is an address that somebody has typed, without a name; not ok: it is none.
func ReadAddress(typed string) (address string, ok bool) {
	typed = strings.TrimSpace(typed)
	a, err := netmail.ParseAddress(typed)
	if err != nil || a.Address != typed || len(typed) > 254 || strings.ContainsAny(typed, " \"\r\n") {
		return "", false
	}
	name, host, _ := strings.Cut(typed, "@")
	return typed, name != "" && strings.Contains(host, ".") && !strings.HasPrefix(host, "[")
}

// Address is [ReadAddress].
func (s *Server) Address(typed string) (address string, ok bool) { return ReadAddress(typed) }

// Send hands a letter over. Without an error the server has taken it; that somebody reads it is another matter.
func (s *Server) Send(ctx context.Context, to, subject, text string) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	address, ok := ReadAddress(to)
	if !ok {
		return errors.New("mail: no address")
	}
	if err := s.send(ctx, address, s.letter(address, subject, text)); err != nil {
		return fmt.Errorf("mail: %w", hidden{err, address})
	}
	return nil
}

// hidden is an error without the address that servers repeat in it.
type hidden struct {
	error
	address string
}

func (h hidden) Error() string { return strings.ReplaceAll(h.error.Error(), h.address, "…") }
func (h hidden) Unwrap() error { return h.error }

func (s *Server) send(ctx context.Context, to string, letter []byte) (err error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", net.JoinHostPort(s.host, s.port))
	if err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	if s.tls {
		conn = tls.Client(conn, &tls.Config{ServerName: s.host})
	}
	c, err := smtp.NewClient(conn, s.host)
	if err != nil {
		_ = conn.Close()
		return err
	}
	defer func() { _ = c.Close() }()
	if starts, _ := c.Extension("STARTTLS"); starts && !s.tls {
		if err := c.StartTLS(&tls.Config{ServerName: s.host}); err != nil {
			return err
		}
	}
	if s.user != "" { // PlainAuth refuses to say the password where it can be overheard
		if err := c.Auth(smtp.PlainAuth("", s.user, s.password, s.host)); err != nil {
			return err
		}
	}
	if err := c.Mail(s.from.Address); err != nil {
		return err
	}
	if err := c.Rcpt(to); err != nil {
		return err
	}
	w, err := c.Data()
	if err != nil {
		return err
	}
	if _, err := w.Write(letter); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	_ = c.Quit() // it has taken the letter
	return nil
}

// lineOf is how long a line of an encoded letter is.
const lineOf = 76

// letter is what is sent: plain text in any language.
func (s *Server) letter(to, subject, text string) []byte {
	_, host, _ := strings.Cut(s.from.Address, "@")
	lines := []string{
		"From: " + s.from.String(), "To: <" + to + ">", "Subject: " + mime.BEncoding.Encode("utf-8", subject),
		"Date: " + s.Now().Format(time.RFC1123Z), "Message-ID: <" + rand.Text() + "@" + host + ">", "Auto-Submitted: auto-generated",
		"MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: base64", "",
	}
	body := base64.StdEncoding.EncodeToString([]byte(strings.ReplaceAll(text, "\n", "\r\n")))
	for len(body) > lineOf {
		lines, body = append(lines, body[:lineOf]), body[lineOf:]
	}
	return []byte(strings.Join(append(lines, body, ""), "\r\n"))
}
