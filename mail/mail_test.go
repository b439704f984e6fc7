package mail

import (
	"bufio"
	"context"
	"encoding/base64"
	"mime"
	"net"
	netmail "net/mail"
	"strings"
	"testing"
	"time"
)

// server takes letters as a server does, or refuses at a command.
func server(t *testing.T, refuse string) (address string, letters chan string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	letters = make(chan string, 10)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer func() { _ = c.Close() }()
				say := func(s string) { _, _ = c.Write([]byte(s + "\r\n")) }
				say("220 here")
				in, letter, data := bufio.NewScanner(c), "", false
				for in.Scan() {
					line := in.Text()
					switch word, _, _ := strings.Cut(line, " "); {
					case data && line == ".":
						letters <- letter
						data, letter = false, ""
						say("250 taken")
					case data:
						letter += line + "\n"
					case refuse != "" && word == refuse:
						say("550 no")
					case word == "DATA":
						data = true
						say("354 go on")
					case word == "EHLO":
						say("250-here")
						say("250 AUTH PLAIN")
					case word == "AUTH":
						say("235 well")
					case word == "QUIT":
						say("221 bye")
						return
					default:
						say("250 well")
					}
				}
			}()
		}
	}()
	return l.Addr().String(), letters
}

func TestSend(t *testing.T) {
	now := time.Date(2026, 11, 22, 20, 0, 0, 0, time.UTC)
	address, letters := server(t, "")
	s, err := New("smtp://bot:secret@"+address, "Дауыс <no-reply@alt.edu.kz>", func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	text := "Бот ашыңыз.\n.\n" + strings.Repeat("ұзын мәтін ", 30)
	if err := s.Send(t.Context(), "a@b.kz", "Сізге жаңалық бар", text); err != nil {
		t.Fatal(err)
	}
	m, err := netmail.ReadMessage(strings.NewReader(<-letters))
	if err != nil {
		t.Fatal(err)
	}
	subject, _ := (&mime.WordDecoder{}).DecodeHeader(m.Header.Get("Subject"))
	from, _ := m.Header.AddressList("From")
	date, _ := m.Header.Date()
	body := new(strings.Builder)
	in := bufio.NewScanner(m.Body)
	for in.Scan() {
		body.WriteString(in.Text())
	}
	got, err := base64.StdEncoding.DecodeString(body.String())
	if err != nil || strings.ReplaceAll(string(got), "\r\n", "\n") != text || subject != "Сізге жаңалық бар" || from[0].Name != "Дауыс" || !date.Equal(now) {
		t.Errorf("subject %q, from %v, date %v, text %q, %v", subject, from, date, got, err)
	}
}

func TestRefused(t *testing.T) {
	for _, at := range []string{"MAIL", "RCPT", "DATA", "AUTH"} {
		address, _ := server(t, at)
		s, err := New("smtp://bot:secret@"+address, "no-reply@alt.edu.kz", time.Now)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Send(t.Context(), "a@b.kz", "x", "y"); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("refused at %s: %v", at, err)
		}
	}
	silent, err := net.Listen("tcp", "127.0.0.1:0") // takes the call and says nothing
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = silent.Close() }()
	s, err := New("smtp://"+silent.Addr().String(), "no-reply@alt.edu.kz", time.Now)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := s.Send(ctx, "a@b.kz", "x", "y"); err == nil {
		t.Error("a server that says nothing has taken it")
	}
}

func TestAddresses(t *testing.T) {
	for typed, want := range map[string]bool{"a@b.kz": true, " a.b+c@mail.alt.edu.kz ": true, "a@b": false, "a": false, "": false, "A <a@b.kz>": false, "a@b.kz\r\nBcc: x@y.kz": false,
		"\"a b\"@b.kz": false, "a@[127.0.0.1]": false, "@b.kz": false, strings.Repeat("a", 260) + "@b.kz": false} {
		if _, ok := ReadAddress(typed); ok != want {
			t.Errorf("%q is an address: %v", typed, ok)
		}
	}
	for _, where := range []string{"", "mail.alt.edu.kz", "http://x", "smtp://", "smtp://u:secret@[", "smtp://u:%zz@x"} {
		if _, err := New(where, "a@b.kz", time.Now); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: %v", where, err)
		}
	}
	if _, err := New("smtps://mail.alt.edu.kz", "nobody", time.Now); err == nil {
		t.Error("from nobody")
	}
}
