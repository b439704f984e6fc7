package telegram

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/bot"
	"alt.edu.kz/dauys/bot/simulator"
	"alt.edu.kz/dauys/flows/ask"
)

// wantFailure checks how something failed, and that the token is not told.
func wantFailure(t *testing.T, what string, err error, want bot.Failure) {
	t.Helper()
	if e, ok := errors.AsType[*bot.SendError](err); !ok || e.Failure != want {
		t.Errorf("%s: %v, want %s", what, err, want)
	}
	for _, said := range []string{fmt.Sprint(err), fmt.Sprintf("%+v", err), fmt.Sprintf("%q", err)} {
		if strings.Contains(said, "SECRET") {
			t.Errorf("%s tells the token: %s", what, said)
		}
	}
}

func document(name, caption string) ask.Reply {
	return ask.Reply{Files: []ask.File{{Made: "m1", Kind: "document", Name: name, MIME: "application/pdf", Caption: caption}}}
}

func TestUpload(t *testing.T) {
	s := newStage(t, "can't parse entities")
	question := s.send(aigerim, ask.Reply{Text: "Here it comes"})
	r := document("Хаттама №7 \"қаңтар\".pdf", `<b>Minutes</b> of <a href="telegram:102">Dmitry</a>`)
	r.To = fmt.Sprint(question.ID)
	content := bytes.Repeat([]byte("%PDF-1.7\r\n--boundary--\r\n\x00"), 5000)
	message, ref, err := s.Upload(t.Context(), address(aigerim), r, content)
	if err != nil {
		t.Fatal(err)
	}
	m := s.last(aigerim)
	if fmt.Sprint(m.ID) != message || m.ReplyTo != question.ID || m.HTML != `<b>Minutes</b> of <a href="tg://user?id=102">Dmitry</a>` {
		t.Errorf("message %s shows %+v", message, m)
	}
	if f := m.File; f == nil || f.Kind != "document" || f.Name != r.Files[0].Name || f.MIME != "application/pdf" || !bytes.Equal(f.Data, content) || f.ID != ref {
		t.Errorf("the document is %+.200v", m.File)
	}

	// By its name it goes to somebody else, without its content.
	r.Files[0].Ref, r.To = ref, ""
	if again := s.send(dima, r); again.File == nil || again.File.ID != ref || !bytes.Equal(again.File.Data, content) {
		t.Errorf("sent again: %+.200v", again.File)
	}
	if data, err := s.Download(t.Context(), ref, 1<<20); err != nil || !bytes.Equal(data, content) {
		t.Errorf("read again: %d bytes, %v", len(data), err)
	}

	// A picture is seen at once, and goes on by its name as well.
	pixel := []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89")
	p := document("Көрсеткіштер.png", "<b>Figures</b>")
	p.Files[0].Kind, p.Files[0].MIME = "photo", "image/png"
	if message, ref, err = s.Upload(t.Context(), address(aigerim), p, pixel); err != nil {
		t.Fatal(err)
	}
	if m := s.last(aigerim); fmt.Sprint(m.ID) != message || m.File == nil || m.File.Kind != "photo" || m.File.ID != ref || m.HTML != "<b>Figures</b>" {
		t.Errorf("message %s shows %+.200v", message, m)
	}
	p.Files[0].Ref = ref
	if again := s.send(dima, p); again.File == nil || again.File.Kind != "photo" || again.File.ID != ref {
		t.Errorf("the picture sent again: %+.200v", again.File)
	}

	// A name that is of another bot is told, so that it can be uploaded anew.
	r.Files[0].Ref = "BQACAgIAAxkBAAIBB2Zv"
	_, err = s.Send(t.Context(), address(dima), r)
	wantFailure(t, "the name of another bot", err, bot.Gone)

	// Broken markup costs the looks; an ordinary name is made up for one that is missing.
	_, _, err = s.Upload(t.Context(), address(aigerim), document("", "<b>broken"), []byte("x"))
	if m := s.last(aigerim); err != nil || m.Text != "broken" || m.File.Name != "document" {
		t.Errorf("with broken markup: %+v, %v", m, err)
	}

	topic, err := s.sim.CreateTopic(dima, forum, "Session")
	if err != nil {
		t.Fatal(err)
	}
	in := dauys.AddressOf(Name, fmt.Sprintf("%d/%d", int64(forum), topic))
	if _, _, err = s.Upload(t.Context(), in, document("a.xlsx", ""), []byte("PK")); err != nil || s.last(forum).ThreadID != topic {
		t.Errorf("in a topic: %v", err)
	}
}

func TestUploadFails(t *testing.T) {
	s := newStage(t)
	up := func(to int64, content []byte) error {
		_, _, err := s.Upload(t.Context(), address(to), document("a.pdf", ""), content)
		return err
	}
	before := len(s.sim.Calls())
	wantFailure(t, "too big", up(aigerim, make([]byte, maxUpload+1)), bot.TooBig)
	wantFailure(t, "nothing", up(aigerim, nil), bot.Refused)
	if n := len(s.sim.Calls()); n != before {
		t.Errorf("%d calls were made for what cannot be sent", n-before)
	}
	for what, test := range map[string]struct {
		fault simulator.Fault
		want  bot.Failure
	}{
		"413":            {simulator.Fault{Status: 413, Description: "Request Entity Too Large"}, bot.TooBig},
		"413 of a proxy": {simulator.Fault{Status: 413, HTML: true}, bot.TooBig},
		"429":            {simulator.Fault{RetryAfter: 7}, bot.TooFast},
		"502":            {simulator.Fault{HTML: true}, bot.Trouble},
		"cut before":     {simulator.Fault{CutBefore: true, Times: 3}, bot.Trouble},
	} {
		test.fault.Method = "sendDocument"
		s.sim.Fail(test.fault)
		wantFailure(t, what, up(aigerim, []byte("x")), test.want)
		s.sim.Heal()
	}
	if n := len(s.there(aigerim)); n != 0 {
		t.Errorf("%d messages", n)
	}
	s.sim.Fail(simulator.Fault{Method: "sendDocument", CutAfter: true, Times: 3}) // a connection that was used before is tried again by itself
	wantFailure(t, "cut after", up(aigerim, []byte("x")), bot.Trouble)
	s.sim.Heal()
	wantFailure(t, "to a stranger", up(stranger, []byte("x")), bot.Unreachable)
	s.server.Close()
	wantFailure(t, "nobody is there", up(aigerim, []byte("x")), bot.Trouble)
}

// The largest document that is ever sent passes.
func TestUploadTheLargest(t *testing.T) {
	if testing.Short() {
		t.Skip("slow")
	}
	s := newStage(t)
	if _, _, err := s.Upload(t.Context(), address(aigerim), document("a.pdf", ""), make([]byte, maxUpload)); err != nil {
		t.Error(err)
	}
	if m := s.last(aigerim); m.File.Size != maxUpload {
		t.Errorf("%d bytes have come", m.File.Size)
	}
}

func TestDownload(t *testing.T) {
	s := newStage(t)
	sent := func(f simulator.File) string {
		t.Helper()
		id, err := s.sim.SendFile(aigerim, aigerim, f)
		if err != nil {
			t.Fatal(err)
		}
		m, _ := s.sim.Message(aigerim, id)
		return m.File.ID
	}
	const most = 1 << 20
	sheet := bytes.Repeat([]byte("PK\x03\x04"), 300)
	ref := sent(simulator.File{Kind: "document", Name: "Отчёт #1?%.xlsx", Data: sheet})
	if data, err := s.Download(t.Context(), ref, most); err != nil || !bytes.Equal(data, sheet) {
		t.Errorf("%d bytes, %v", len(data), err)
	}
	if data, err := s.Download(t.Context(), ref, int64(len(sheet))); err != nil || len(data) != len(sheet) {
		t.Errorf("as many as there may be: %d bytes, %v", len(data), err)
	}
	failed := func(what, ref string, most int64, want bot.Failure) {
		t.Helper()
		_, err := s.Download(t.Context(), ref, most)
		wantFailure(t, what, err, want)
		if got := errors.Is(err, dauys.ErrTooBig); got != (want == bot.TooBig) {
			t.Errorf("%s: is too big %v: %v", what, got, err)
		}
		if got := errors.Is(err, dauys.ErrGone); got != (want == bot.Gone) {
			t.Errorf("%s: is gone %v: %v", what, got, err)
		}
	}
	failed("one more than there may be", ref, int64(len(sheet))-1, bot.TooBig)
	failed("what Telegram does not hand out", sent(simulator.File{Name: "a.zip", Size: 21 << 20}), 30<<20, bot.TooBig)
	failed("what was forgotten", "BQACAgIAAxkBAAIBB2Zv", most, bot.Gone)
	for what, test := range map[string]struct {
		fault simulator.Fault
		want  bot.Failure
	}{
		"429":             {simulator.Fault{Method: "getFile", RetryAfter: 3}, bot.TooFast},
		"502":             {simulator.Fault{Method: "getFile", HTML: true}, bot.Trouble},
		"a gone path":     {simulator.Fault{Method: "file", Status: 404}, bot.Gone},
		"502 of the file": {simulator.Fault{Method: "file", HTML: true}, bot.Trouble},
		"cut before":      {simulator.Fault{Method: "file", CutBefore: true, Times: 3}, bot.Trouble},
		"cut in the half": {simulator.Fault{Method: "file", CutAfter: true, Times: 3}, bot.Trouble},
	} {
		s.sim.Fail(test.fault)
		failed(what, ref, most, test.want)
		s.sim.Heal()
	}
	s.sim.Fail(simulator.Fault{Method: "file", Delay: time.Minute})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := s.Download(ctx, ref, most)
	wantFailure(t, "too slow", err, bot.Trouble)
	s.sim.Heal()
	s.server.Close()
	failed("nobody is there", ref, most, bot.Trouble)
}

// A server may say less than the truth about a file, or lead elsewhere; neither is followed.
func TestDownloadFromAnOddServer(t *testing.T) {
	other := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("another server is asked for %s, and told %q", r.URL, r.Referer())
	}))
	defer other.Close()
	for path, test := range map[string]struct {
		size int
		want bot.Failure
	}{
		"/var/lib/telegram-bot-api/documents/file_1.xlsx": {10, bot.Refused},
		`C:\bots\file_1.xlsx`:                             {10, bot.Refused},
		"../../etc/passwd":                                {10, bot.Trouble},
		"":                                                {10, bot.Gone},
		"documents/endless":                               {0, bot.TooBig},
		"documents/longer":                                {3, bot.TooBig},
		"documents/shorter":                               {300, bot.Trouble},
		"documents/elsewhere":                             {10, bot.Trouble},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch {
			case strings.HasSuffix(r.URL.Path, "/getFile"):
				fmt.Fprintf(w, `{"ok":true,"result":{"file_id":"x","file_path":%q,"file_size":%d}}`, path, test.size)
			case strings.HasSuffix(path, "elsewhere"):
				http.Redirect(w, r, other.URL+"/file", http.StatusFound)
			case strings.HasSuffix(path, "shorter"):
				_, _ = w.Write(make([]byte, 200))
			default:
				for range 1000 {
					if _, err := w.Write(make([]byte, 1000)); err != nil {
						return
					}
				}
			}
		}))
		tg, _ := newTelegram(t, server.URL)
		_, err := tg.Download(t.Context(), "x", 5000)
		wantFailure(t, path, err, test.want)
		tg.Close()
		server.Close()
	}
}
