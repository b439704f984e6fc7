package main

import (
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/documents"
	"alt.edu.kz/dauys/registrar"
)

// isStudent links the account of somebody with a student, as a code would.
func (s *stage) isStudent(who int64, number string) {
	s.t.Helper()
	ctx, at, code, cause := s.t.Context(), s.clock.Now(), registrar.NewCode(), "student/"+number
	may := func([]dauys.Staff, []registrar.Link) bool { return true }
	if err := s.app.db.IssueCodes(ctx, cause, []registrar.Code{{Code: code, Person: registrar.OfStudent(number), Expires: at.Add(time.Hour)}}, "command", registrar.TheRegistrar, at, may); err != nil {
		s.t.Fatal(err)
	}
	try := registrar.Try{Cause: cause, Who: telegramAddress(who), Number: number, Code: code, At: at}
	got, err := s.app.db.TryCode(ctx, try, func(registrar.Tried) []dauys.Notification { return nil })
	if err != nil || got.Result != registrar.Linked {
		s.t.Fatalf("link %s: %+v, %v", number, got, err)
	}
}

// page is what the public page of a token says.
func (s *stage) page(address, token string) (status int, text string) {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, "http://"+address+"/verify/"+token+"?lang=en", nil)
	s.do(err)
	answer, err := http.DefaultClient.Do(r)
	s.do(err)
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(answer.Body)
	s.do(err)
	return answer.StatusCode, string(body)
}

// paperOf is the newest official paper of a student.
func (s *stage) paperOf(number string) registrar.Paper {
	s.t.Helper()
	all, err := s.app.db.PapersOf(s.t.Context(), number, 10)
	s.do(err)
	for _, p := range all {
		if p.Official {
			return p
		}
	}
	s.t.Fatalf("no official paper of %s", number)
	return registrar.Paper{}
}

// asksForTranscript lets Dima ask for an official transcript in Russian.
func (s *stage) asksForTranscript() registrar.Paper {
	s.t.Helper()
	s.say(dima, dima, "/transcript")
	s.press(dima, dima, "Официальный документ")
	s.press(dima, dima, "Русский")
	return s.paperOf("20230002")
}

// TestTranscript: who holds the paper sees on the page of its code that it is real, and when it is not any
// more; until it is sent there is no page, and the number on it is the first one.
func TestTranscript(t *testing.T) {
	for _, pair := range pairs(t) {
		t.Run(pair.name, func(t *testing.T) {
			t.Parallel()
			address := freeAddress(t)
			s := newStage(t, append(pair.env(t), "PUBLIC_URL=http://"+address, "LISTEN_ADDR="+address)...)
			s.record("studies")
			s.enter(dima, "Русский")
			s.isStudent(dima, "20230002")
			p := s.asksForTranscript()
			chat := s.chats["registrar"]
			s.press(darkhan, chat, "Выдать")
			p = s.paperOf("20230002")
			if p.Number != "TRN-2026-000001" || p.State != registrar.PaperIssued || len(p.Token) < 20 {
				t.Fatalf("issued: %+v", p)
			}
			m := s.document(dima, ".pdf")
			if m.Protected || documents.Hash(m.File.Data) != p.Hash {
				t.Errorf("protected: %v; the file is another one than that of the register", m.Protected)
			}
			if words, ok := s.words(m.File.Data); ok {
				for _, want := range []string{p.Number, "Ким Дмитрий Олегович", "История Казахстана", "Зачисление", "25 августа 2025 г.", "1,98", "http://" + address + "/verify/" + p.Token} {
					if !strings.Contains(strings.ReplaceAll(words, "\n", ""), strings.ReplaceAll(want, "\n", "")) {
						t.Errorf("the transcript has no %q: %s", want, words)
					}
				}
				if strings.Contains(words, "Базы данных") {
					t.Error("what has no final mark yet is on it")
				}
			}
			if status, text := s.page(address, p.Token); status != 200 || !strings.Contains(text, p.Number) || !strings.Contains(text, "Ки••• Д. О.") || !strings.Contains(text, documents.Short(p.Hash)) {
				t.Errorf("%d: %s", status, text)
			}
			if status, _ := s.page(address, p.Number); status != 404 {
				t.Errorf("the number leads to the page: %d", status)
			}
			s.press(darkhan, chat, "Аннулировать")
			s.reply(darkhan, chat, "Оценка исправлена")
			s.press(darkhan, chat, "Отправить")
			if status, text := s.page(address, p.Token); status != 200 || !strings.Contains(text, "has been revoked") || strings.Contains(text, "исправлена") {
				t.Errorf("revoked: %d: %s", status, text)
			}
		})
	}
}

// Whoever is not of the office changes nothing, whatever they press; and a student gets nobody else's paper.
func TestTranscriptAuthority(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.record("studies")
	s.enter(dima, "Русский")
	s.enter(zarina, "Русский")
	s.isStudent(dima, "20230002")
	p := s.asksForTranscript()
	chat := s.chats["registrar"]
	for _, who := range []int64{zarina, saltanat, dima} {
		for _, in := range []int64{chat, s.chats["deputy@itc"], who} {
			for _, act := range []string{"ok", "no", "again", "ready", "out", "revoke"} {
				s.forge(who, in, s.last(chat).ID, "q4:"+act+":"+p.ID)
			}
		}
	}
	for _, data := range []string{"q4:", "q4", "q4:ok", "q4:ok:", "q4:ok:nothing", "q4:what:" + p.ID, "q4:ready:" + p.ID, "q4:out:" + p.ID, "q4:again:" + p.ID + ":x"} {
		s.forge(darkhan, chat, s.last(chat).ID, data)
	}
	if now := s.paperOf("20230002"); now.State != registrar.PaperAsked || now.Number != "" || now.Version != p.Version {
		t.Fatalf("it is %+v", now)
	}
	for _, data := range []string{"q4:self:ru", "q4:official:ru", "q4:gpa", "q4:marks", "q4:marks:x", "q4:self:xx"} {
		s.forge(zarina, zarina, 1, data)
	}
	for _, m := range s.sim.Messages(zarina) {
		if m.File != nil || strings.Contains(m.Text, "Ким") {
			t.Errorf("a stranger got %q %+v", m.Text, m.File)
		}
	}
}

// TestTranscriptGoesOn: the program dies after a paper has got its number and before it is sent; the button
// goes on, with the same number.
func TestTranscriptGoesOn(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.record("studies")
	s.enter(dima, "Русский")
	s.isStudent(dima, "20230002")
	p := s.asksForTranscript()
	if _, err := s.app.db.ChangePaper(t.Context(), p.ID, "", "registrar", "died", s.clock.Now(), func(p *registrar.Paper, _ dauys.Staff) ([]dauys.Notification, error) {
		p.Token = "THETOKENOFTHEFIRSTTIME2345"
		return nil, p.Move(registrar.PaperApproved, "Дархан", "", s.clock.Now())
	}); err != nil {
		t.Fatal(err)
	}
	chat := s.chats["registrar"]
	s.later(time.Hour)
	s.press(darkhan, chat, "Выдать")
	p = s.paperOf("20230002")
	if p.State != registrar.PaperIssued || p.Number != "TRN-2026-000001" || p.Token != "THETOKENOFTHEFIRSTTIME2345" || !p.Issued.Equal(monday) {
		t.Errorf("it is %+v", p)
	}
	s.document(dima, ".pdf")
}

// freeAddress is one on which nobody listens.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	return l.Addr().String()
}
