package terminal

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/bot"
	"alt.edu.kz/dauys/flows/ask"
)

// Upload puts a document of the bot into a folder, and its message with the way to it into a chat.
// The way is the name by which it is sent again.
func (t *Terminal) Upload(ctx context.Context, to dauys.Address, r ask.Reply, content []byte) (message, ref string, err error) {
	if len(r.Files) != 1 {
		return "", "", &bot.SendError{Failure: bot.Refused, Err: fmt.Errorf("terminal: %d files with one content", len(r.Files))}
	}
	r.Files = []ask.File{r.Files[0]}
	f := &r.Files[0]
	if f.Ref, err = t.write(f.Name, content); err != nil {
		return "", "", &bot.SendError{Failure: bot.Trouble, Err: fmt.Errorf("terminal: write a document: %w", err)}
	}
	message, err = t.Send(ctx, to, r)
	return message, f.Ref, err
}

// write puts content into a folder of its own, so that its name can be what it is.
func (t *Terminal) write(name string, content []byte) (path string, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.folder == "" {
		if t.folder, err = os.MkdirTemp("", "dauys-"); err != nil {
			return "", err
		}
	}
	at, err := os.MkdirTemp(t.folder, "")
	if err != nil {
		return "", err
	}
	if name = visible(filepath.Base(strings.ReplaceAll(name, `\`, "/"))); strings.Trim(name, "./") == "" {
		name = "document"
	}
	path = filepath.Join(at, name)
	return path, os.WriteFile(path, content, 0o600)
}

// forgotten tells that a document of the bot is not where it was put: the folder is a temporary one.
func forgotten(files []ask.File) bool {
	if len(files) != 1 || files[0].Made == "" {
		return false
	}
	_, err := os.Stat(files[0].Ref)
	return err != nil
}

// Download reads a file that was sent by somebody here.
func (t *Terminal) Download(_ context.Context, ref string, most int64) ([]byte, error) {
	t.mu.Lock()
	chat, number, _ := strings.Cut(ref, "/")
	m, path := t.find(chat, number), ""
	if m != nil {
		path = m.Path
	}
	t.mu.Unlock()
	gone := &bot.SendError{Failure: bot.Gone, Err: fmt.Errorf("terminal: file %s: %w", ref, dauys.ErrGone)}
	if path == "" {
		return nil, gone
	}
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, gone
	}
	if err != nil {
		return nil, &bot.SendError{Failure: bot.Trouble, Err: fmt.Errorf("terminal: %w", err)}
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, most+1))
	switch {
	case err != nil:
		return nil, &bot.SendError{Failure: bot.Trouble, Err: fmt.Errorf("terminal: %w", err)}
	case int64(len(data)) > most:
		return nil, &bot.SendError{Failure: bot.TooBig, Err: fmt.Errorf("terminal: more than %d bytes: %w", most, dauys.ErrTooBig)}
	}
	return data, nil
}
