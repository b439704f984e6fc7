package storage

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// KeySize is the size of the key from which all others are made, in bytes.
const KeySize = 32

// ErrSealed: sealed bytes cannot be opened, because they are damaged, belong elsewhere or were
// sealed with another key.
var ErrSealed = errors.New("sealed with another key, or damaged")

// Sealer keeps what people wrote unreadable for whoever gets hold of the database, a backup or
// the Redis server. Sealed bytes are: a version, four bytes that name the key, a nonce of twelve,
// the AES-256-GCM text. What the text is about (a case, an address) is bound to it: moved to
// another place it does not open.
type Sealer struct {
	aead cipher.AEAD
	id   []byte
	mac  []byte
}

const (
	sealVersion = 1
	keyIDSize   = 4
)

// NewSealer makes a sealer from a key of [KeySize] bytes.
func NewSealer(key []byte) (*Sealer, error) {
	if len(key) != KeySize {
		return nil, fmt.Errorf("storage: a key has %d bytes, not %d", KeySize, len(key))
	}
	derive := func(what string, n int) []byte {
		k, err := hkdf.Key(sha256.New, key, nil, "dauys "+what, n)
		if err != nil {
			panic(err) // only for lengths that are never asked for
		}
		return k
	}
	block, err := aes.NewCipher(derive("seal", KeySize))
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	return &Sealer{aead: aead, id: derive("key id", keyIDSize), mac: derive("mac", KeySize)}, nil
}

// KeyID names the key without telling anything about it.
func (s *Sealer) KeyID() string { return hex.EncodeToString(s.id) }

// Seal makes plain unreadable without the key; about is what it belongs to, and must be the
// same when it is opened.
func (s *Sealer) Seal(plain []byte, about string) []byte {
	head := 1 + keyIDSize
	sealed := make([]byte, head+s.aead.NonceSize(), head+s.aead.NonceSize()+len(plain)+s.aead.Overhead())
	sealed[0] = sealVersion
	copy(sealed[1:], s.id)
	_, _ = rand.Read(sealed[head:]) // never fails
	return s.aead.Seal(sealed, sealed[head:], plain, []byte(about))
}

// Open is the way back. Whatever is wrong, the error is [ErrSealed].
func (s *Sealer) Open(sealed []byte, about string) ([]byte, error) {
	head := 1 + keyIDSize
	if len(sealed) < head+s.aead.NonceSize() || sealed[0] != sealVersion || !bytes.Equal(sealed[1:head], s.id) {
		return nil, ErrSealed
	}
	rest := sealed[head:]
	plain, err := s.aead.Open(nil, rest[:s.aead.NonceSize()], rest[s.aead.NonceSize():], []byte(about))
	if err != nil {
		return nil, ErrSealed
	}
	return plain, nil
}

// Mac is a keyed fingerprint: equal words have equal ones, and without the key nobody can try
// words out.
func (s *Sealer) Mac(what, words string) string {
	h := hmac.New(sha256.New, s.mac)
	fmt.Fprintf(h, "%d:%s%s", len(what), what, words)
	return hex.EncodeToString(h.Sum(nil))
}

// LoadKey finds the key: masterKey if it is given, as 64 hexadecimal digits or base64, or
// else the file, which is made with a new key when it is not there. Whoever loses the key
// loses the texts.
func LoadKey(masterKey, file string) ([]byte, error) {
	if masterKey = strings.TrimSpace(masterKey); masterKey != "" {
		key, ok := parseKey(masterKey)
		if !ok {
			return nil, fmt.Errorf("storage: MASTER_KEY must be %d bytes, written as 64 hexadecimal digits or base64 (openssl rand -hex 32 makes one)", KeySize)
		}
		return key, nil
	}
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		if err := makeKey(file); err != nil {
			return nil, fmt.Errorf("storage: the key file cannot be made: %w", err)
		}
		text, err = os.ReadFile(file)
	}
	if err != nil {
		return nil, fmt.Errorf("storage: the key file cannot be read: %w", err)
	}
	key, ok := parseKey(strings.TrimSpace(string(text)))
	if !ok {
		return nil, fmt.Errorf("storage: the key file %s holds no key; restore it from a backup, without it the texts cannot be read", file)
	}
	return key, nil
}

func parseKey(s string) ([]byte, bool) {
	if key, err := hex.DecodeString(s); err == nil && len(key) == KeySize {
		return key, true
	}
	for _, enc := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding} {
		if key, err := enc.DecodeString(s); err == nil && len(key) == KeySize {
			return key, true
		}
	}
	return nil, false
}

// makeKey writes a new key that is on the disk, whole, before anybody can see the file: what is
// sealed with a key that is lost after a power cut would be lost, too. If somebody else was
// faster, theirs stays.
func makeKey(file string) error {
	key := make([]byte, KeySize)
	_, _ = rand.Read(key)
	f, err := os.CreateTemp(filepath.Dir(file), ".key-*") // readable by the owner only
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = fmt.Fprintln(f, hex.EncodeToString(key))
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Link(f.Name(), file); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return syncDir(filepath.Dir(file))
}

// syncDir makes a new name in a folder outlive a power cut.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
