package main

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"alt.edu.kz/dauys/bot/simulator"
	"alt.edu.kz/dauys/registrar"
)

// sendTable sends a file of the registrar to a chat, as an answer to the bot's last message there.
func (s *stage) sendTable(who, chat int64, name string) {
	s.t.Helper()
	data := read(s.t, filesOfKinds+name)
	last, ok := s.sim.Last(chat)
	if !ok {
		s.t.Fatal("the bot has said nothing there")
	}
	if _, err := s.sim.ReplyFile(who, chat, last.ID, simulator.File{Kind: "document", Name: name, MIME: "text/csv", Data: []byte(data)}); err != nil {
		s.t.Fatal(err)
	}
	s.settle()
}

func (s *stage) pressIn(who, chat int64, label string) {
	s.t.Helper()
	if err := s.sim.PressLast(who, chat, label); err != nil {
		s.t.Fatal(err)
	}
	s.settle()
}

// Who does not serve in the office can neither bring a file there nor decide about one, and in another
// chat its buttons are none.
func TestWhoMayImport(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.settle()
	chat := s.chats["registrar"]
	s.sim.AddGroup(-1003000000000, "strangers", zarina)
	if _, err := s.sim.Say(sergey, chat, "/imports"); err != nil {
		t.Fatal(err)
	}
	s.settle()
	s.sendTable(sergey, chat, "roster.csv")
	s.pressIn(sergey, chat, "список студентов")
	all, err := s.app.db.Imports(t.Context(), "", 10)
	if err != nil || len(all) != 1 || all[0].State != registrar.Staged {
		t.Fatalf("%+v: %v", all, err)
	}
	id := all[0].ID
	still := func(what string) {
		t.Helper()
		im, err := s.app.db.Import(t.Context(), id)
		if err != nil || im.State != registrar.Staged {
			t.Errorf("%s: %+v: %v", what, im.State, err)
		}
	}
	last, _ := s.sim.Last(chat)
	// Somebody who has left the chat presses, as a client that is behind can.
	s.sim.Leave(chat, ainur)
	s.settle()
	_ = s.sim.PressData(ainur, chat, last.ID, "q1:p:"+id)
	s.settle()
	still("pressed by who has left")
	// The same data in the chat of another office, by who serves there.
	other := s.chats["deputy@itc"]
	if _, err := s.sim.Say(saltanat, other, "/open"); err != nil {
		t.Fatal(err)
	}
	s.settle()
	there, _ := s.sim.Last(other)
	for _, data := range []string{"q1:p:" + id, "q1:d:" + id, "q1:x:" + id, "q1:v:" + id, "q1:k:" + id + ":marks", "q1:", "q1:p", "q1:p:", "q1:k::", "q1:x:none"} {
		_ = s.sim.PressData(saltanat, other, there.ID, data)
		s.settle()
		still(data + " elsewhere")
	}
	for _, data := range []string{"q1:", "q1:p", "q1:p:", "q1:p:none", "q1:k:" + id + ":marks", "q1:k:none:none", "q1:u:none", "q1:x:none", "q1:v:" + id, "q1:z:" + id} {
		_ = s.sim.PressData(sergey, chat, last.ID, data)
		s.settle()
		still(data)
	}
	if docs := documentsIn(s.sim.Messages(other)); docs > 0 {
		t.Errorf("another office got %d reports", docs)
	}
	s.sendTable(saltanat, other, "marks.csv")
	if due, err := s.app.db.UploadsDue(t.Context(), 10); err != nil || len(due) > 0 {
		t.Errorf("another office brought a file: %v %v", due, err)
	}
	s.pressIn(sergey, chat, "Опубликовать")
	im, err := s.app.db.Import(t.Context(), id)
	if err != nil || im.State != registrar.Published {
		t.Errorf("%v: %v", im.State, err)
	}
}

func documentsIn(all []simulator.Message) (n int) {
	for _, m := range all {
		if m.FromBot && m.File != nil {
			n++
		}
	}
	return n
}

// A file whose reading was cut off by a kill is read again from the beginning at the next start, and
// reported once.
func TestReadingThatWasCutOff(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.settle()
	chat := s.chats["registrar"]
	if _, err := s.sim.Say(sergey, chat, "/imports"); err != nil {
		t.Fatal(err)
	}
	s.settle()
	s.sendTable(sergey, chat, "roster.csv")
	asked, _ := s.sim.Last(chat)
	id := strings.Split(asked.Keyboard[0][0].Data, ":")[2]
	s.stop()
	// As a kill in the middle would leave it: some rows are staged, and the file is still to be read.
	ctx := t.Context()
	if err := importing(ctx, s.dataDir(), "", io.Discard, func(i importer) error {
		half, err := i.db.BeginImport(ctx, registrar.Import{ID: "half", Kind: registrar.Roster, File: "roster.csv", At: monday})
		if err != nil {
			return err
		}
		if _, err := i.db.Stage(ctx, &half, []registrar.Entry{registrar.EntryOf(registrar.Roster, registrar.Fields{"student": "240101", "name": "A", "group": "X", "programme": "Y"})}); err != nil {
			return err
		}
		u, err := i.db.Upload(ctx, id)
		if err != nil {
			return err
		}
		u.State, u.Kind, u.Import = registrar.Wanted, registrar.Roster, "half"
		return i.db.SaveUpload(ctx, u)
	}); err != nil {
		t.Fatal(err)
	}
	before := len(s.sim.Messages(chat))
	s.start()
	s.settle()
	all, err := s.app.db.Imports(ctx, registrar.Roster, 10)
	if err != nil || len(all) != 2 {
		t.Fatalf("%+v: %v", all, err)
	}
	for _, im := range all {
		if want := map[bool]registrar.State{true: registrar.Dropped, false: registrar.Staged}[im.ID == "half"]; im.State != want {
			t.Errorf("%s is %s", im.ID, im.State)
		}
	}
	if got := len(s.sim.Messages(chat)) - before; got != 1 {
		t.Errorf("%d messages", got)
	}
	s.pressIn(ainur, chat, "Опубликовать")
	if e, err := s.app.db.Record(ctx, registrar.Roster, "240101"); err != nil || e.Fields["group"] != "ИС-24-1" {
		t.Errorf("%+v: %v", e, err)
	}
}

// dataDir is the setting with which a command finds the files of the bot.
func (s *stage) dataDir() (env []string) {
	for _, e := range s.env {
		if strings.HasPrefix(e, "DATA_DIR=") {
			env = append(env, e)
		}
	}
	return env
}

// The command imports beside a bot that runs on the same file.
func TestImportBesideTheBot(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.settle()
	var out bytes.Buffer
	if err := run(t.Context(), []string{"import", "roster", filesOfKinds + "roster.csv", "--yes", "--lang", "en"}, s.dataDir(), &out); err != nil || !strings.Contains(out.String(), "Published.") {
		t.Fatalf("%v: %s", err, out.String())
	}
	e, err := s.app.db.Record(t.Context(), registrar.Roster, "240101")
	if err != nil || e.Fields["name"] != "Омарова Айгүл Серікқызы" {
		t.Errorf("%+v: %v", e, err)
	}
}
