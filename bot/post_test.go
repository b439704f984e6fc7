package bot

import (
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/fault"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/handlers"
)

var protocol = dauys.Blob{ID: "minutes-7", Name: "minutes.pdf", MIME: "application/pdf", Data: []byte("%PDF of session 7")}

// papersOf is a notice that sends documents.
func papersOf(to dauys.Address, caption string, blobs ...dauys.Blob) dauys.Notification {
	var r ask.Reply
	for _, b := range blobs {
		r.Files = append(r.Files, handlers.Document(b, caption))
	}
	body, _ := json.Marshal(r)
	return dauys.Notification{To: to, What: dauys.Ready, Body: string(body)}
}

// names are the documents that somebody got, by the messenger's names.
func (s *stage) names(who dauys.Address) (names []string) {
	for _, m := range s.wire.all() {
		for _, f := range m.reply.Files {
			if m.to == who {
				names = append(names, fmt.Sprintf("%s %q is %q", f.Ref, f.Caption, s.wire.knows[f.Ref]))
			}
		}
	}
	return names
}

func (s *stage) wantNames(who dauys.Address, want ...string) {
	s.t.Helper()
	if got := s.names(who); !slices.Equal(got, want) {
		s.t.Errorf("%s got\n%q, want\n%q", who, got, want)
	}
}

// A document is uploaded once, to whomever first, and goes to everybody else by its name; what
// else is told keeps its order around it.
func TestADocumentIsUploadedOnce(t *testing.T) {
	bubble(t, func(t *testing.T, s *stage) {
		s.outbox.make(protocol)
		s.wire.takes = func(dauys.Address) time.Duration { return time.Second }
		s.outbox.put(ready(aigerim, "before"), papersOf(aigerim, "for you", protocol), ready(aigerim, "after"))
		for i := range 30 {
			s.outbox.put(papersOf(dauys.Address(fmt.Sprint("telegram:", 1000+i)), "for all", protocol))
		}
		s.sender()
		s.until(2 * time.Minute)
		s.wantTold(aigerim, "before", "", "after")
		s.wantNames(aigerim, `name 1 "for you" is "%PDF of session 7"`)
		for i := range 30 {
			s.wantNames(dauys.Address(fmt.Sprint("telegram:", 1000+i)), `name 1 "for all" is "%PDF of session 7"`)
		}
		if s.wire.names != 1 || s.outbox.reads != 1 {
			t.Errorf("uploaded %d times, read %d times", s.wire.names, s.outbox.reads)
		}
		s.outbox.wantDone()
	})
}

func TestADocumentThatTheMessengerForgotIsUploadedAnew(t *testing.T) {
	bubble(t, func(t *testing.T, s *stage) {
		s.outbox.make(protocol)
		s.outbox.refs[protocol.ID] = "of another bot"
		s.outbox.put(papersOf(aigerim, "", protocol), papersOf(dima, "", protocol))
		s.sender()
		s.until(time.Minute)
		s.wantNames(aigerim, `name 1 "" is "%PDF of session 7"`)
		s.wantNames(dima, `name 1 "" is "%PDF of session 7"`)
		if s.outbox.refs[protocol.ID] != "name 1" || s.wire.names != 1 {
			t.Errorf("it is called %q, uploaded %d times", s.outbox.refs[protocol.ID], s.wire.names)
		}
		s.outbox.wantDone()
	})
}

// Several documents are several messages, also when files of people are among them.
func TestDocumentsGoOneByOne(t *testing.T) {
	bubble(t, func(t *testing.T, s *stage) {
		agenda := dauys.Blob{ID: "agenda", Data: []byte("PK")}
		s.outbox.make(protocol, agenda)
		s.wire.knows = map[string]string{"a": "", "b": ""}
		r := ask.Reply{To: "7", Files: []ask.File{{Ref: "a"}, {Ref: "b"}, handlers.Document(protocol, ""), handlers.Document(agenda, ""), {Ref: "a"}}}
		body, _ := json.Marshal(r)
		s.outbox.put(dauys.Notification{To: aigerim, What: dauys.Ready, Body: string(body)}, ready(aigerim, "after"))
		s.sender()
		s.until(time.Minute)
		var got []string
		for _, m := range s.wire.all() {
			got = append(got, fmt.Sprintf("%d to %q", len(m.reply.Files), m.reply.To))
		}
		if want := []string{`2 to "7"`, `1 to "7"`, `1 to "7"`, `1 to "7"`, `0 to ""`}; !slices.Equal(got, want) {
			t.Errorf("sent %q, want %q", got, want)
		}
		s.outbox.wantDone()
	})
}

// What goes wrong with a document is what goes wrong with any message.
func TestADocumentInTrouble(t *testing.T) {
	for name, err := range map[string]error{
		"trouble":      errTrouble,
		"too fast":     &SendError{Failure: TooFast, After: 3 * time.Second, Err: errors.New("429")},
		"the database": dauys.ErrUnavailable,
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T, s *stage) {
				s.outbox.make(protocol)
				s.wire.fail = failing(3, err)
				if name == "the database" {
					n := 0
					s.outbox.noting, s.wire.fail = func() error {
						if n++; n <= 3 {
							return err
						}
						return nil
					}, nil
				}
				s.outbox.put(papersOf(aigerim, "", protocol), ready(aigerim, "after"), ready(dima, "other"))
				s.sender()
				s.until(2 * time.Minute)
				s.wantTold(aigerim, "", "after")
				s.wantTold(dima, "other")
				s.outbox.wantDone()
			})
		})
	}
	for name, test := range map[string]struct {
		kept bool
		err  error
	}{
		"it is not kept":          {false, nil},
		"too big":                 {true, &SendError{Failure: TooBig, Err: dauys.ErrTooBig}},
		"unknown, though just so": {true, &SendError{Failure: Gone, Err: dauys.ErrGone}},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T, s *stage) {
				if test.kept {
					s.outbox.make(protocol)
				}
				s.wire.fail = func(_ dauys.Address, r ask.Reply) error {
					if len(r.Files) > 0 {
						return test.err
					}
					return nil
				}
				s.outbox.put(papersOf(aigerim, "", protocol), ready(aigerim, "after"))
				s.sender()
				s.until(5 * time.Minute)
				s.wantTold(aigerim, "after")
				if waiting, failed := s.outbox.left(); waiting != 0 || failed != 1 || s.wire.names > noticeDies {
					t.Errorf("%d wait, %d were given up, %d uploads", waiting, failed, s.wire.names)
				}
			})
		})
	}
}

// Whoever dies between the upload and the note of it leaves a notice that comes again: the document
// comes at most twice.
func TestADocumentAfterAKillComesTwice(t *testing.T) {
	bubble(t, func(t *testing.T, s *stage) {
		s.outbox.make(protocol)
		s.outbox.put(papersOf(aigerim, "", protocol), papersOf(dima, "", protocol), ready(aigerim, "after"))
		release := make(chan struct{})
		off := fault.On("file-uploaded", 1, func() {
			<-release
			runtime.Goexit()
		})
		defer off()
		s.sender() // stands still from there on
		s.until(time.Minute)
		_, end := s.sender() // the next process
		s.until(2 * time.Minute)
		end()
		for _, who := range []dauys.Address{aigerim, dima} {
			if n := len(s.names(who)); n < 1 || n > 2 {
				t.Errorf("%s got it %d times: %q", who, n, s.names(who))
			}
		}
		if s.heard(aigerim, "after") != 1 || s.wire.names != 2 {
			t.Errorf("told %q, %d uploads", s.told(aigerim), s.wire.names)
		}
		s.outbox.wantDone()
		close(release)
	})
}

// That the name of a document cannot be noted is no reason to send it twice.
func TestADocumentWhoseNameIsNotNoted(t *testing.T) {
	bubble(t, func(t *testing.T, s *stage) {
		s.outbox.make(protocol)
		n := 0
		s.outbox.noting = func() error { // ref, ref, content, and then the note
			if n++; n == 4 {
				return dauys.ErrUnavailable
			}
			return nil
		}
		s.outbox.put(papersOf(aigerim, "", protocol))
		s.sender()
		s.until(time.Minute)
		s.outbox.put(papersOf(aigerim, "", protocol))
		s.until(2 * time.Minute)
		s.wantNames(aigerim, `name 1 "" is "%PDF of session 7"`, `name 2 "" is "%PDF of session 7"`)
		s.outbox.wantDone()
	})
}

// A direct answer sends documents, too; without anybody who keeps them it leaves them out.
func TestADocumentAsAnAnswer(t *testing.T) {
	bubble(t, func(t *testing.T, s *stage) {
		s.outbox.make(protocol)
		r, _ := s.sender()
		for i, m := range []Messenger{r.post, &post{Messenger: s.wire, log: quiet(nil)}} {
			replies := newReplier(m, s.sessions, newPacer(Settings{}.WithDefaults(), time.Now), quiet(nil))
			replies.send(t.Context(), aigerim, int64(i+1), []ask.Reply{{Files: []ask.File{handlers.Document(protocol, "here")}}, {Text: "after"}})
			replies.drain(t.Context())
		}
		s.wantTold(aigerim, "", "after", "after")
		s.wantNames(aigerim, `name 1 "here" is "%PDF of session 7"`)
	})
}
