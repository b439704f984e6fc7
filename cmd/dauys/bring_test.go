package main

import (
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"alt.edu.kz/dauys/registrar"
)

// Files that come by themselves are read and reported in the chat of the registrar's office; one of
// the office publishes them.
func TestFilesThatComeByThemselves(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	if err := l.Close(); err != nil { // the bot listens there in a moment
		t.Fatal(err)
	}
	dir := t.TempDir()
	const token = "a-token-for-this-test-only-0123"
	s := newStage(t, "IMPORT_DIR="+dir, "IMPORT_TOKEN="+token, "LISTEN_ADDR="+address)

	// By HTTP.
	bring := func(token, kind, name string) (int, string) {
		t.Helper()
		file, err := os.Open(filesOfKinds + name)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+address+"/imports/"+kind+"?name=../"+name, file)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+token)
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		body, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		return answer.StatusCode, string(body)
	}
	for _, wrong := range []string{"", "other", token + "0", token[:len(token)-1]} {
		if status, body := bring(wrong, "roster", "roster.csv"); status != http.StatusUnauthorized {
			t.Errorf("with the token %q: %d %s", wrong, status, body)
		}
	}
	if status, _ := bring(token, "grades", "roster.csv"); status != http.StatusNotFound {
		t.Errorf("a kind that there is not: %d", status)
	}
	status, body := bring(token, "roster", "roster.csv")
	var answer broughtAnswer
	if err := json.Unmarshal([]byte(body), &answer); err != nil || status != http.StatusOK || answer.State != "staged" || answer.New != 4 {
		t.Fatalf("%d %s: %v", status, body, err)
	}
	if status, body := bring(token, "marks", "bad-marks.csv"); status != http.StatusUnprocessableEntity || !strings.Contains(body, `"code":"roster-first"`) {
		t.Errorf("with mistakes: %d %s", status, body)
	}
	s.settle()
	chat := s.chats["registrar"]
	if err := s.sim.PressLast(sergey, chat, "Опубликовать"); err != nil {
		t.Fatal(err)
	}
	s.settle()
	im, err := s.app.db.Import(t.Context(), answer.Import)
	if err != nil || im.State != registrar.Published || im.By != byHTTP || im.File != "roster.csv" {
		t.Errorf("%+v: %v", im, err)
	}
	if status, body := bring(token, "roster", "roster.csv"); status != http.StatusOK || !strings.Contains(body, `"state":"same"`) {
		t.Errorf("the same file: %d %s", status, body)
	}
	left, err := filepath.Glob(filepath.Join(s.app.config["DATA_DIR"], "import-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("files are left: %v %v", left, err)
	}

	// From the folder.
	put := func(from, name string) {
		t.Helper()
		data := read(t, filesOfKinds+from)
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, time.Time{}, time.Now().Add(-time.Minute)); err != nil { // nobody writes to it any more
			t.Fatal(err)
		}
	}
	put("marks.csv", "marks-2026.csv")
	put("bad-orders.csv", "orders.csv")
	put("groups.csv", "groups.txt")
	want := []string{"done/marks-2026.csv", "failed/groups.txt", "failed/orders.csv"}
	for begun := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		done, _ := filepath.Glob(filepath.Join(dir, "*", "*"))
		for i := range done {
			done[i], _ = filepath.Rel(dir, done[i])
		}
		if strings.Join(done, " ") == strings.Join(want, " ") {
			break
		}
		if time.Since(begun) > patience {
			t.Fatalf("in the folders are %v, not %v", done, want)
		}
	}
	s.settle()
	all, err := s.app.db.Imports(t.Context(), registrar.Marks, 10)
	if err != nil || len(all) == 0 || all[0].State != registrar.Staged && all[1].State != registrar.Staged {
		t.Errorf("%+v: %v", all, err)
	}
	told := ""
	for _, m := range s.sim.Messages(chat) {
		told += m.Text + "\n"
	}
	for _, words := range []string{"Файл marks-2026.csv: оценки", "Файл orders.csv: приказы", "такого студента нет в списке студентов – 777"} {
		if !strings.Contains(told, words) {
			t.Errorf("nobody was told %q:\n%s", words, told)
		}
	}
}

func TestKindOfAName(t *testing.T) {
	for name, want := range map[string]registrar.Kind{
		"marks.csv": registrar.Marks, "Marks-2026.XLSX": registrar.Marks, "roster 1.csv": registrar.Roster, "exams2026.xlsx": registrar.Exams,
		"marksheet.csv": "", "marks.pdf": "", "оценки.csv": "", "marks": "",
	} {
		if got, _ := kindOfName(name); got != want {
			t.Errorf("%s is %q, not %q", name, got, want)
		}
	}
}
