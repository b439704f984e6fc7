package storage_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"alt.edu.kz/dauys/storage"
	"alt.edu.kz/dauys/storage/storagetest"
)

func TestSeal(t *testing.T) {
	s := storagetest.Sealer(t)
	plain := []byte("the lecturer asked for money")
	sealed := s.Seal(plain, "case/1")
	if bytes.Contains(sealed, plain[:8]) || bytes.Equal(sealed, s.Seal(plain, "case/1")) {
		t.Error("it can be read, or twice the same looks the same")
	}
	if got, err := s.Open(sealed, "case/1"); err != nil || !bytes.Equal(got, plain) {
		t.Errorf("Open = %q, %v", got, err)
	}
	if got, err := s.Open(s.Seal(nil, "x"), "x"); err != nil || len(got) != 0 {
		t.Errorf("nothing, sealed and opened = %q, %v", got, err)
	}
	if _, err := s.Open(sealed, "case/2"); !errors.Is(err, storage.ErrSealed) {
		t.Errorf("opened elsewhere: %v", err)
	}
	for i := range sealed {
		bad := bytes.Clone(sealed)
		bad[i] ^= 1
		if _, err := s.Open(bad, "case/1"); !errors.Is(err, storage.ErrSealed) {
			t.Errorf("opened with byte %d changed: %v", i, err)
		}
		if _, err := s.Open(sealed[:i], "case/1"); !errors.Is(err, storage.ErrSealed) {
			t.Errorf("opened when cut to %d bytes: %v", i, err)
		}
	}
	other, err := storage.NewSealer(bytes.Repeat([]byte{7}, storage.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.Open(sealed, "case/1"); !errors.Is(err, storage.ErrSealed) {
		t.Errorf("opened with another key: %v", err)
	}
	if other.KeyID() == s.KeyID() || other.Mac("code", "1") == s.Mac("code", "1") || s.Mac("code", "1") == s.Mac("cod", "e1") {
		t.Error("different keys or purposes look the same")
	}
	if _, err := storage.NewSealer([]byte("short")); err == nil {
		t.Error("a short key was taken")
	}
}

func TestLoadKey(t *testing.T) {
	key := []byte("0123456789abcdef0123456789abcd\xff\xfe")
	for name, written := range map[string]string{
		"hexadecimal":        hex.EncodeToString(key),
		"capitals":           strings.ToUpper(hex.EncodeToString(key)),
		"base64":             base64.StdEncoding.EncodeToString(key),
		"base64, no padding": base64.RawURLEncoding.EncodeToString(key),
		"with a line break":  hex.EncodeToString(key) + "\n",
	} {
		if got, err := storage.LoadKey(written, "/nowhere"); err != nil || !bytes.Equal(got, key) {
			t.Errorf("%s: %x, %v", name, got, err)
		}
	}
	for _, bad := range []string{"secret", hex.EncodeToString(key[:31]), hex.EncodeToString(key) + "00"} {
		_, err := storage.LoadKey(bad, "/nowhere")
		if err == nil || strings.Contains(err.Error(), bad) || !strings.Contains(err.Error(), "MASTER_KEY") {
			t.Errorf("%q: error %v", bad, err)
		}
	}
}

func TestKeyFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "key")
	keys := make([][]byte, 8)
	var all sync.WaitGroup
	for i := range keys {
		all.Go(func() {
			var err error
			if keys[i], err = storage.LoadKey("", file); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for _, k := range keys {
		if !bytes.Equal(k, keys[0]) || len(k) != storage.KeySize {
			t.Fatalf("several starts at once made several keys, or none: %x", keys)
		}
	}
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if left, _ := os.ReadDir(filepath.Dir(file)); len(left) != 1 {
		t.Errorf("%d files are left", len(left))
	}
	if err := os.WriteFile(file, []byte("spoilt"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := storage.LoadKey("", file); err == nil || strings.Contains(err.Error(), "spoilt") {
		t.Errorf("a spoilt key file: %v", err)
	}
	if _, err := storage.LoadKey("", filepath.Join(file, "below")); err == nil {
		t.Error("a key was found below a file")
	}
}
