package main

import (
	"bufio"
	"encoding/base64"
	"net"
	"regexp"
	"strings"
	"testing"
	"time"

	"alt.edu.kz/dauys/registrar"
)

// mailbox is a mail server that keeps what it is given, as "to: text".
func mailbox(t *testing.T) (url string, letters chan string) {
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
				in, to, body, data, text := bufio.NewScanner(c), "", "", false, false
				for in.Scan() {
					switch line := in.Text(); {
					case data && line == ".":
						plain, _ := base64.StdEncoding.DecodeString(body)
						letters <- to + ": " + string(plain)
						data, text, body = false, false, ""
						say("250 taken")
					case data && line == "":
						text = true
					case data && text:
						body += line
					case data:
					case line == "DATA":
						data = true
						say("354 go on")
					case line == "QUIT":
						say("221 bye")
						return
					default:
						if strings.HasPrefix(line, "RCPT TO:<") {
							to = strings.TrimSuffix(strings.TrimPrefix(line, "RCPT TO:<"), ">")
						}
						say("250 well")
					}
				}
			}()
		}
	}()
	return "smtp://" + l.Addr().String(), letters
}

// TestMail gives an address, proves it, and is told by mail that news wait when the bot cannot write; of what
// they are the letter says nothing.
func TestMail(t *testing.T) {
	url, letters := mailbox(t)
	s := newStage(t, "SMTP_URL="+url, "SMTP_FROM=Dauys <no-reply@alt.edu.kz>")
	say := func(text string) string {
		t.Helper()
		if _, err := s.sim.Say(dima, dima, text); err != nil {
			t.Fatal(err)
		}
		s.settle()
		m, _ := s.sim.Last(dima)
		return m.Text
	}
	wants := func(what, got string, words ...string) {
		t.Helper()
		for _, w := range words {
			if !strings.Contains(got, w) {
				t.Errorf("%s: %q lacks %q", what, got, w)
			}
		}
	}
	letter := func() string {
		t.Helper()
		select {
		case l := <-letters:
			return l
		case <-time.After(patience):
			t.Fatal("no letter has come")
			return ""
		}
	}
	none := func(what string) {
		t.Helper()
		if err := s.app.handlers.MailNews(t.Context()); err != nil {
			t.Fatal(err)
		}
		if len(letters) > 0 {
			t.Errorf("%s: a letter: %s", what, <-letters)
		}
	}
	say("/start")
	m, _ := s.sim.Last(dima)
	if err := s.sim.Press(dima, dima, m.ID, "Русский"); err != nil {
		t.Fatal(err)
	}
	s.settle()
	wants("a stranger", say("/mail dima@alt.edu.kz"), "/link")
	s.record("student")
	s.linked(dima, "20230002")
	wants("how", say("/mail"), "Напишите свой адрес")
	wants("an address", say("/mail dima@alt.edu.kz"), "dima@alt.edu.kz", "код")
	first := letter()
	code := regexp.MustCompile(`\d{6}`).FindString(first)
	wants("the code", first, "dima@alt.edu.kz: ", code)
	wrong := "000000"
	if code == wrong {
		wrong = "000001"
	}
	wants("a wrong code", say("/mail "+wrong), "не подходит")

	mark := func(id, score string) {
		t.Helper()
		s.publish(id, registrar.EntryOf(registrar.Marks, registrar.Fields{"student": "20230002", "group": "ИС-23-1", "year": "2026-2027", "semester": "1", "discipline": "SECRET", "control": "rc" + id, "score": score}))
		s.settle()
	}
	s.sim.Block(dima)
	s.settle()
	mark("1", "77")
	none("before the address was proved")
	s.sim.Unblock(dima)
	s.settle()
	wants("the code", say("/mail "+code), "сообщу на адрес dima@alt.edu.kz")

	s.sim.Block(dima)
	s.settle()
	none("without news")
	mark("2", "78")
	if err := s.app.handlers.MailNews(t.Context()); err != nil {
		t.Fatal(err)
	}
	l := letter()
	wants("news", l, "dima@alt.edu.kz: ", "есть новости", "https://t.me/")
	if strings.Contains(l, "78") || strings.Contains(l, "SECRET") {
		t.Errorf("the letter tells what it is: %s", l)
	}
	none("of the same news")
	mark("3", "79")
	none("on the same day")
	s.clock.Advance(25 * time.Hour)
	s.settle()
	if err := s.app.handlers.MailNews(t.Context()); err != nil {
		t.Fatal(err)
	}
	wants("later", letter(), "есть новости")

	s.sim.Unblock(dima)
	s.settle()
	wants("off", say("/mail off"), "Писем больше не будет")
	for range 2 {
		say("/mail dima@alt.edu.kz")
		letter()
	}
	say("/mail dima@alt.edu.kz")
	letter()
	wants("too often", say("/mail other@alt.edu.kz"), "три раза")
}

func TestNoMail(t *testing.T) {
	s := newStage(t)
	if s.app.handlers.Mail != nil {
		t.Error("there is a mail server that nobody has set")
	}
	if _, err := readConfig([]string{"TELEGRAM_TOKEN=1:TEST", "SMTP_URL=smtp://u:secret@mail.alt.edu.kz"}, "TELEGRAM_TOKEN"); err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("letters from nobody: %v", err)
	}
}
