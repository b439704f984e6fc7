package table

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"unicode/utf16"
)

// oleMagic begins XLS, and XLSX that has a password.
const oleMagic = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

// oleKind tells them apart by the names of what is inside, which the first entries of the list have.
func oleKind(r io.ReaderAt, start []byte) Trouble {
	if len(start) < 512 {
		return Old
	}
	sector := binary.LittleEndian.Uint16(start[30:])
	first := binary.LittleEndian.Uint32(start[48:])
	if sector != 9 && sector != 12 {
		return Old
	}
	list := make([]byte, 4096)
	n, err := r.ReadAt(list, (int64(first)+1)<<sector)
	if err != nil && !errors.Is(err, io.EOF) {
		return Old
	}
	for _, kind := range []struct {
		name string
		is   Trouble
	}{{"EncryptedPackage", Locked}, {"EncryptionInfo", Locked}, {"Workbook", Old}, {"Book", Old}, {"WordDocument", NotTable}, {"PowerPoint Document", NotTable}} {
		var name []byte
		for _, u := range utf16.Encode([]rune(kind.name)) {
			name = binary.LittleEndian.AppendUint16(name, u)
		}
		if bytes.Contains(list[:n], name) {
			return kind.is
		}
	}
	return Old
}
