package simulator

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"image"
	_ "image/gif"  // to measure photos
	_ "image/jpeg" // to measure photos
	_ "image/png"  // to measure photos
	"io"
	"mime"
	"net/http"
	"path/filepath"
	"strings"
	"time"
)

const (
	mostPhoto    = 10 << 20
	mostDownload = 20 << 20
	linkLife     = time.Hour
)

// fileKind is how a file is shown; the words are those of the parameters.
type fileKind string

const (
	photo     fileKind = "photo"
	document  fileKind = "document"
	video     fileKind = "video"
	animation fileKind = "animation"
	audio     fileKind = "audio"
	voice     fileKind = "voice"
	videoNote fileKind = "video_note"
	sticker   fileKind = "sticker"
)

// kindWords are how the kinds are called when sending them is refused.
var kindWords = map[fileKind]string{
	photo: "photos", document: "documents", video: "videos", animation: "animations", audio: "music",
	voice: "voice notes", videoNote: "video notes", sticker: "stickers",
}

// fileKinds are what a kind is otherwise: the beginning of its ids, TDLib's
// name, the folder of its path, and the extension and type it has by default.
var fileKinds = map[fileKind]struct {
	mark              byte
	name, folder, ext string
	mime              string
}{
	photo:     {0x02, "Photo", "photos", ".jpg", "image/jpeg"},
	voice:     {0x03, "VoiceNote", "voice", ".oga", "audio/ogg"},
	video:     {0x04, "Video", "videos", ".mp4", "video/mp4"},
	document:  {0x05, "Document", "documents", "", "application/octet-stream"},
	sticker:   {0x08, "Sticker", "stickers", ".webp", "image/webp"},
	audio:     {0x09, "Audio", "music", ".mp3", "audio/mpeg"},
	animation: {0x0a, "Animation", "animations", ".mp4", "video/mp4"},
	videoNote: {0x0d, "VideoNote", "video_notes", ".mp4", "video/mp4"},
}

// File is something a person sends, or what hangs on a message.
type File struct {
	Kind    string // photo, document, voice, video, audio, sticker, animation, video_note; "" is document
	Name    string
	MIME    string
	Data    []byte
	Caption string
	Size    int64  // what the file pretends to have if Data is shorter
	Album   string // files sent with the same word are one album
	ID      string // Telegram's file_id, set on what comes back
}

// blob is a file on the server.
type blob struct {
	ID, Unique    string
	Kind          fileKind
	Name, MIME    string
	Size          int64
	Width, Height int
	Seconds       int
	Path          string
	PathUntil     time.Time
	Data          []byte `json:"-"` // kept beside the state
}

// sizes are a photo as Telegram gives it, smallest first; every size downloads
// as the whole picture.
func (b *blob) sizes() []wirePhoto {
	var out []wirePhoto
	for i, side := range []int{90, 320, 800, 1280} {
		long := max(b.Width, b.Height)
		if side >= long {
			break
		}
		out = append(out, wirePhoto{
			FileID: b.ID + string(rune('a'+i)), UniqueID: b.Unique + string(rune('a'+i)),
			FileSize: max(1, b.Size*int64(side)*int64(side)/int64(long*long)),
			Width:    b.Width * side / long, Height: b.Height * side / long,
		})
	}
	return append(out, wirePhoto{b.ID, b.Unique, b.Size, b.Width, b.Height})
}

// store keeps a new file.
func (s *Server) store(kind fileKind, name, mimeType string, data []byte, size int64) *blob {
	k := fileKinds[kind]
	b := &blob{Kind: kind, Name: base(name), MIME: mimeType, Size: max(size, int64(len(data))), Data: data, Seconds: 3}
	number := s.w.NextFile
	s.w.NextFile++
	var raw [24]byte
	raw[0], raw[1], raw[2], raw[3] = k.mark, 0, 0x02, 0x02
	binary.BigEndian.PutUint64(raw[12:], uint64(number))
	b.ID = base64.RawURLEncoding.EncodeToString(raw[:])
	b.Unique = "AgAD" + base64.RawURLEncoding.EncodeToString(raw[14:20])
	ext := filepath.Ext(b.Name)
	if ext == "" {
		ext = k.ext
	}
	if b.MIME == "" {
		if b.MIME = mime.TypeByExtension(ext); b.MIME == "" {
			b.MIME = k.mime
		}
	}
	switch kind {
	case photo, video, animation:
		b.Width, b.Height = 1280, 960
		if kind == photo {
			b.Name, b.MIME, ext = "", "image/jpeg", ".jpg"
			if c, format, err := image.DecodeConfig(bytes.NewReader(data)); err == nil && c.Width > 0 && c.Height > 0 {
				b.Width, b.Height, b.MIME = c.Width, c.Height, "image/"+format
			}
		}
	}
	b.Path = fmt.Sprintf("%s/file_%d%s", k.folder, number, ext)
	s.w.Files[b.ID] = b
	return b
}

// file finds a file by its id, also by that of a smaller size.
func (s *Server) file(id string) *blob {
	if b := s.w.Files[id]; b != nil {
		return b
	}
	if n := len(id); n > 0 && id[n-1] >= 'a' && id[n-1] <= 'd' {
		return s.w.Files[id[:n-1]]
	}
	return nil
}

// fileParam is the file that a parameter holds, names or refers to.
func (s *Server) fileParam(r *request, name string, kind fileKind) (*blob, error) {
	if file := r.files[name]; file != nil {
		return s.uploaded(file, kind)
	}
	if r.text(name) == "" {
		return nil, badRequest("there is no %s in the request", strings.ReplaceAll(name, "_", " "))
	}
	return s.fileNamed(r, r.text(name), kind)
}

func (s *Server) fileNamed(r *request, name string, kind fileKind) (*blob, error) {
	if part, ok := strings.CutPrefix(name, "attach://"); ok {
		if file := r.files[part]; file != nil {
			return s.uploaded(file, kind)
		}
		return nil, badRequest("there is no %s in the request", strings.ReplaceAll(string(kind), "_", " "))
	}
	if strings.HasPrefix(name, "http://") || strings.HasPrefix(name, "https://") {
		return nil, badRequest("failed to get HTTP URL content") // the simulator fetches nothing
	}
	b := s.file(name)
	switch {
	case b == nil && strings.ContainsAny(name, ".:/ "):
		return nil, badRequest("wrong file identifier/HTTP URL specified")
	case b == nil:
		return nil, badRequest("wrong remote file identifier specified: Wrong string length")
	case b.Kind != kind:
		return nil, badRequest("can't use file of type %s as %s", fileKinds[b.Kind].name, fileKinds[kind].name)
	}
	return b, nil
}

func (s *Server) uploaded(file *upload, kind fileKind) (*blob, error) {
	switch {
	case len(file.data) == 0:
		return nil, badRequest("file must be non-empty")
	case kind == photo && len(file.data) > mostPhoto:
		return nil, badRequest("file of size %d bytes is too big for a photo; the maximum size is %d bytes", len(file.data), mostPhoto)
	}
	if kind == photo && !strings.HasPrefix(http.DetectContentType(file.data), "image/") {
		return nil, badRequest("IMAGE_PROCESS_FAILED")
	}
	kindOfPart := file.mime
	if kindOfPart == "application/octet-stream" {
		kindOfPart = ""
	}
	return s.store(kind, file.name, kindOfPart, file.data, 0), nil
}

func (s *Server) getFile(r *request) (any, error) {
	id := r.text("file_id")
	if id == "" {
		return nil, badRequest("file_id not specified")
	}
	b := s.file(id)
	switch {
	case b == nil:
		return nil, badRequest("invalid file_id")
	case b.Size > mostDownload:
		return nil, badRequest("file is too big")
	}
	b.PathUntil = s.clock.Now().Add(linkLife)
	return map[string]any{"file_id": id, "file_unique_id": b.Unique, "file_size": b.Size, "file_path": b.Path}, nil
}

// serveFile answers /file/bot<token>/<path>.
func (s *Server) serveFile(w http.ResponseWriter, r *http.Request) {
	token, path, ok := strings.Cut(strings.TrimPrefix(r.URL.Path, "/file/bot"), "/")
	if !ok || token != s.o.Token {
		answer(w, nil, unauthorized(token))
		return
	}
	s.mu.Lock()
	fault := s.takeFault("file", 0)
	var b *blob
	for _, each := range s.w.Files {
		if each.Path == path && s.clock.Now().Before(each.PathUntil) {
			b = each
		}
	}
	s.mu.Unlock()
	if fault != nil {
		if fault.Delay > 0 {
			s.wait(r.Context(), fault.Delay)
		}
		if fault.CutBefore {
			panic(http.ErrAbortHandler)
		}
		switch err := fault.err().(type) {
		case *htmlError:
			err.write(w)
			return
		case *apiError:
			answer(w, nil, err)
			return
		}
	}
	if b == nil {
		answer(w, nil, &apiError{Code: 404, Text: "Not Found"})
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Length", fmt.Sprint(b.Size))
	if fault != nil && fault.CutAfter {
		_, _ = w.Write(b.Data[:len(b.Data)/2])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
	_, _ = io.Copy(w, b.reader())
}

// reader gives the content, filled up with zeros to the size it pretends.
func (b *blob) reader() io.Reader {
	return io.MultiReader(bytes.NewReader(b.Data), io.LimitReader(zeros{}, b.Size-int64(len(b.Data))))
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// SendFile lets a person send a file.
func (s *Server) SendFile(person, chat int64, f File) (int64, error) {
	return s.sendFile(person, chat, f, message{})
}

// ReplyFile lets a person answer a message with a file.
func (s *Server) ReplyFile(person, chat, to int64, f File) (int64, error) {
	return s.sendFile(person, chat, f, message{ReplyTo: to})
}

// sendFile puts a file into a message that says already where it goes.
func (s *Server) sendFile(person, chat int64, f File, m message) (int64, error) {
	kind := fileKind(f.Kind)
	if kind == "" {
		kind = document
	}
	if kindWords[kind] == "" {
		return 0, fmt.Errorf("simulator: there is no kind of file %q", f.Kind)
	}
	text, entities := strings.TrimSpace(f.Caption), []Entity(nil)
	if text != "" {
		entities = autoEntities(text, nil)
	}
	s.mu.Lock()
	if _, err := s.place(person, chat); err != nil {
		s.mu.Unlock()
		return 0, err
	}
	b := s.store(kind, f.Name, f.MIME, f.Data, f.Size)
	album := f.Album
	if album != "" {
		album = fmt.Sprintf("%d", 12_000_000_000_000_000+crc(fmt.Sprint(person, " ", album)))
	}
	s.mu.Unlock()
	m.Text, m.Entities, m.File, m.Album = text, entities, b.ID, album
	return s.act(person, chat, &m)
}

// crc makes a number of a word, always the same.
func crc(word string) int64 {
	n := int64(5381)
	for _, c := range []byte(word) {
		n = (n*33 + int64(c)) % 1_000_000_007
	}
	return n
}
