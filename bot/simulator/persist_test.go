package simulator

import (
	"os"
	"path/filepath"
	"testing"
)

func TestAStateIsKept(t *testing.T) {
	file := filepath.Join(t.TempDir(), "telegram.json")
	keep := func(o *Options) { o.File = file }
	w := newWorld(t, keep)
	must(w.Start(aigerim, ""))
	must(w.SendFile(aigerim, aigerim, File{Name: "a.pdf", Data: []byte("paper")}))
	id := w.send(aigerim, "<b>Hello</b>", "reply_markup", rows(row(button("Yes", "y"))))
	w.done("setMyCommands", "commands", []Command{{"start", "x"}})
	w.SetForum(office, true)
	if err := w.Press(aigerim, aigerim, id, "Yes"); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}

	again := newWorld(t, keep)
	equal(t, "messages", again.Messages(aigerim), w.Messages(aigerim))
	equal(t, "chats", again.Chats(), w.Chats())
	equal(t, "commands", again.CommandsFor(aigerim, aigerim), []Command{{"start", "x"}})
	equal(t, "updates", again.kinds(), []string{"message", "message", "callback_query"})
	equal(t, "ids go on", again.send(aigerim, "next") > id, true)
	if err := again.Press(aigerim, aigerim, id, "Yes"); err != nil {
		t.Error("buttons still work:", err)
	}
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "for its owner only", info.Mode().Perm(), os.FileMode(0o600))
}

func TestAStateIsSavedSoon(t *testing.T) {
	file := filepath.Join(t.TempDir(), "telegram.json")
	w := newWorld(t, func(o *Options) { o.File = file })
	saved := make(chan error, 1)
	must(w.Start(aigerim, ""))
	go func() {
		saved <- w.Await(t.Context(), func(*View) bool { _, err := os.Stat(file); return err == nil })
	}()
	if err := <-saved; err != nil {
		t.Error(err)
	}
}

func TestABrokenFileIsAnError(t *testing.T) {
	file := filepath.Join(t.TempDir(), "telegram.json")
	if err := os.WriteFile(file, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := New(Options{Token: "1:TEST", File: file})
	holds(t, "refused", err != nil)
	_, err = New(Options{Token: "TEST"})
	holds(t, "a token without a number is refused", err != nil)
}
