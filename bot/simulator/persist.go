package simulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// saver knows whether there is something to save.
type saver struct {
	dirty   bool
	written map[string]bool // files that are on the disk already
}

const saveEvery = 500 * time.Millisecond

// load reads the state that an earlier server left, if one did. The contents
// of files lie in a folder beside it, so that they are written once only.
func (s *Server) load() error {
	s.saver.written = map[string]bool{}
	raw, err := os.ReadFile(s.o.File)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("simulator: %w", err)
	}
	if err := json.Unmarshal(raw, &s.w); err != nil {
		return fmt.Errorf("simulator: %s: %w", s.o.File, err)
	}
	for id, b := range s.w.Files {
		if b.Data, err = os.ReadFile(s.fileOf(id)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("simulator: %w", err)
		}
		s.saver.written[id] = true
	}
	return nil
}

func (s *Server) fileOf(id string) string { return filepath.Join(s.o.File+".files", id) }

// keepSaving saves soon after every change until Close.
func (s *Server) keepSaving() {
	for {
		s.mu.Lock()
		changed, dirty := s.changed, s.saver.dirty
		s.mu.Unlock()
		if !dirty {
			select {
			case <-changed:
			case <-s.closing:
				return
			}
		}
		timer := time.NewTimer(saveEvery)
		select {
		case <-timer.C:
		case <-s.closing:
			timer.Stop()
			return
		}
		if err := s.save(); err != nil {
			s.logf("simulator: not saved: %v", err)
		}
	}
}

// save writes the state to a new file and puts it in the place of the old one.
func (s *Server) save() error {
	s.mu.Lock()
	s.saver.dirty = false
	fresh := map[string][]byte{}
	for id, b := range s.w.Files {
		if !s.saver.written[id] {
			fresh[id] = b.Data
		}
	}
	raw, err := json.Marshal(&s.w)
	s.mu.Unlock()
	if err != nil {
		return fmt.Errorf("simulator: %w", err)
	}
	if len(fresh) > 0 {
		if err := os.MkdirAll(s.o.File+".files", 0o700); err != nil {
			return fmt.Errorf("simulator: %w", err)
		}
	}
	for id, data := range fresh {
		if err := replaceFile(s.fileOf(id), data); err != nil {
			return err
		}
		s.mu.Lock()
		s.saver.written[id] = true
		s.mu.Unlock()
	}
	if err := replaceFile(s.o.File, raw); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wake()
	return nil
}

func replaceFile(name string, data []byte) error {
	if err := os.WriteFile(name+".new", data, 0o600); err != nil {
		return fmt.Errorf("simulator: %w", err)
	}
	if err := os.Rename(name+".new", name); err != nil {
		return fmt.Errorf("simulator: %w", err)
	}
	return nil
}
