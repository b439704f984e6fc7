package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"alt.edu.kz/dauys/handlers"
	"alt.edu.kz/dauys/registrar"
)

// Files of the registrar that come by themselves: from a folder, or by HTTP. They are read and reported in
// the chat of the registrar's office, where a person publishes them.

// Who brings them.
const (
	byFolder = registrar.ByFolder
	byHTTP   = registrar.ByHTTP
)

// restBefore is how long a file in the folder has not been written to before it is read.
const restBefore = 3 * time.Second

// kindOfName is the kind of import that the name of a file begins with: marks-2026.xlsx.
func kindOfName(name string) (kind registrar.Kind, ok bool) {
	name = strings.ToLower(name)
	ext := filepath.Ext(name)
	if ext != ".csv" && ext != ".xlsx" {
		return "", false
	}
	for _, k := range registrar.KindNames() {
		rest, begins := strings.CutPrefix(strings.TrimSuffix(name, ext), string(k))
		if begins && (rest == "" || strings.ContainsAny(rest[:1], "-_. 0123456789")) {
			return k, true
		}
	}
	return "", false
}

// watch reads what lies in the folder, if there is one. A file goes to done or to failed.
func (a *app) watch(ctx context.Context) {
	dir := a.config["IMPORT_DIR"]
	if dir == "" || a.unwatched {
		return
	}
	all, err := os.ReadDir(dir)
	if err != nil {
		if !errors.Is(err, os.ErrNotExist) {
			a.log.Warn("the folder with files of the registrar cannot be read", "error", err)
		}
		return
	}
	for _, entry := range all {
		info, err := entry.Info()
		if ctx.Err() != nil || err != nil || !info.Mode().IsRegular() || strings.HasPrefix(entry.Name(), ".") || strings.HasPrefix(entry.Name(), "~") || time.Since(info.ModTime()) < restBefore {
			continue
		}
		to := "done"
		if err := handlers.Guarded(func() error { return a.fromFolder(ctx, filepath.Join(dir, entry.Name())) }); err != nil {
			if ctx.Err() != nil {
				return // it is read again at the next start
			}
			to = "failed"
			a.log.Warn("a file of the folder was not read", "file", entry.Name(), "error", err)
		}
		if err := moveInto(dir, to, entry.Name()); err != nil {
			a.log.Error("a file that was read cannot be moved; the folder is left alone until the next start", "file", entry.Name(), "error", err)
			a.unwatched = true // else it would be read again and again
			return
		}
	}
}

// errMistakes: a file was read, and has mistakes. The office has been told.
var errMistakes = errors.New("it has mistakes")

func (a *app) fromFolder(ctx context.Context, path string) error {
	kind, ok := kindOfName(filepath.Base(path))
	if !ok {
		return fmt.Errorf("its name begins with no kind of import and ends in .csv or .xlsx; kinds are %s", kindList())
	}
	f, err := os.Open(path)
	if err != nil {
		return reason(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return reason(err)
	}
	im, err := a.handlers.BringFile(ctx, f, info.Size(), kind, filepath.Base(path), byFolder)
	switch {
	case errors.Is(err, registrar.ErrSameFile):
		return nil
	case err == nil && im.Counts.Flaws > 0:
		return errMistakes
	}
	return err
}

// moveInto moves a file into a folder beside it; one of the same name there stays.
func moveInto(dir, to, name string) error {
	if err := os.MkdirAll(filepath.Join(dir, to), 0o700); err != nil {
		return reason(err)
	}
	target := filepath.Join(dir, to, name)
	if _, err := os.Lstat(target); err == nil {
		target = filepath.Join(dir, to, time.Now().UTC().Format("20060102T150405.000")+"-"+name)
	}
	return os.Rename(filepath.Join(dir, name), target)
}

// How large a file by HTTP may be, and how long it and its reading may take.
const (
	mostBrought = 128 << 20
	bringTime   = 15 * time.Minute
)

// bringer takes files by HTTP: POST /imports/KIND, with the token in Authorization: Bearer. One at a time.
type bringer struct {
	*app
	busy sync.Mutex
}

// broughtFlaw is something wrong with a row.
type broughtFlaw struct {
	Row    int    `json:"row,omitempty"`
	Column string `json:"column,omitempty"`
	Code   string `json:"code"`
	Value  string `json:"value,omitempty"`
}

// broughtAnswer is what who brings a file is told.
type broughtAnswer struct {
	Import  string        `json:"import"`
	Kind    string        `json:"kind"`
	State   string        `json:"state"` // staged: it waits for a person; refused: rows have mistakes; same: it holds already
	Rows    int           `json:"rows"`
	New     int           `json:"new"`
	Changed int           `json:"changed"`
	Gone    int           `json:"gone"`
	Same    int           `json:"same"`
	Flawed  int           `json:"flawed"` // rows with mistakes
	Flaws   []broughtFlaw `json:"flaws,omitempty"`
}

func (b *bringer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	fail := func(status int, why string) { http.Error(w, why, status) }
	token, bearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	given, ours := sha256.Sum256([]byte(token)), sha256.Sum256([]byte(b.config["IMPORT_TOKEN"]))
	if !bearer || subtle.ConstantTimeCompare(given[:], ours[:]) != 1 {
		w.Header().Set("WWW-Authenticate", "Bearer")
		fail(http.StatusUnauthorized, "the token is wrong")
		return
	}
	kind, err := kindOf(r.PathValue("kind"))
	if err != nil {
		fail(http.StatusNotFound, err.Error())
		return
	}
	if !b.busy.TryLock() {
		w.Header().Set("Retry-After", "60")
		fail(http.StatusServiceUnavailable, "another file is being read")
		return
	}
	defer b.busy.Unlock()
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(time.Now().Add(bringTime))
	_ = control.SetWriteDeadline(time.Now().Add(2 * bringTime))
	answer, status, err := b.take(r.Context(), http.MaxBytesReader(w, r.Body, mostBrought), kind, r.URL.Query().Get("name"))
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		fail(http.StatusRequestEntityTooLarge, "the file is too large")
		return
	}
	if err != nil {
		b.log.Error("a file by HTTP was not read", "kind", kind, "error", err)
		fail(http.StatusInternalServerError, "the file was not read; the log tells why")
		return
	}
	b.sender.Wake()
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(answer)
}

// take keeps a file for as long as it is read, in the data folder.
func (b *bringer) take(ctx context.Context, body io.Reader, kind registrar.Kind, name string) (answer broughtAnswer, status int, err error) {
	f, err := os.CreateTemp(b.config["DATA_DIR"], "import-*")
	if err != nil {
		return answer, 0, reason(err)
	}
	defer f.Close()
	if err := os.Remove(f.Name()); err != nil { // it is kept for who has it open, and by nobody when the process ends
		return answer, 0, reason(err)
	}
	size, err := io.Copy(f, body)
	if err != nil {
		return answer, 0, err
	}
	im, err := b.handlers.BringFile(ctx, f, size, kind, nameOr(name, kind), byHTTP)
	same := errors.Is(err, registrar.ErrSameFile)
	if err != nil && !same {
		return answer, 0, err
	}
	c := im.Counts
	answer = broughtAnswer{Import: im.ID, Kind: string(kind), State: "staged", Rows: c.Rows, New: c.New, Changed: c.Changed, Gone: c.Gone, Same: c.Same, Flawed: c.Flaws}
	switch {
	case same:
		answer = broughtAnswer{Import: im.ID, Kind: string(kind), State: "same", Rows: c.Rows, Same: c.Rows}
	case c.Flaws > 0:
		answer.State, status = "refused", http.StatusUnprocessableEntity
		flaws, err := b.db.Flaws(ctx, im.ID)
		if err != nil {
			return answer, 0, err
		}
		for _, w := range flaws {
			answer.Flaws = append(answer.Flaws, broughtFlaw{w.Row, w.Column, string(w.Code), w.Value})
		}
	}
	return answer, cmp.Or(status, http.StatusOK), nil
}

// nameOr is the name that a file was given, without folders; else that of its kind.
func nameOr(name string, kind registrar.Kind) string {
	if name = filepath.Base(filepath.Clean("/" + name)); name == "/" || name == "." {
		return string(kind)
	}
	return name
}
