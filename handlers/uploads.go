package handlers

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/documents"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
	"alt.edu.kz/dauys/registrar"
)

// A table that a member of the registrar's office sends to the chat of the office is read in the background:
// first its head, to ask what is in it, then the rest. What it would change is shown, and one of the office
// publishes it. The file stays with the messenger; what is read of it, in the record.

// Uploads are files that were sent and are not read yet, and the imports that they become.
type Uploads interface {
	Imports
	registrar.Store
	KeepUpload(ctx context.Context, u registrar.Upload) error
	Upload(ctx context.Context, id string) (registrar.Upload, error)
	UploadsDue(ctx context.Context, limit int) ([]registrar.Upload, error)
	// SaveUpload changes one with what has to be told of it; dauys.ErrConflict: somebody was faster.
	SaveUpload(ctx context.Context, u registrar.Upload, notes ...dauys.Notification) error
	ForgetUploads(ctx context.Context, before time.Time) error
	ForgetDropped(ctx context.Context, before, now time.Time) error
	SettleBy(ctx context.Context, id string, to registrar.State, who dauys.Address, office dauys.OfficeID, now time.Time, may func(registrar.Import) error, notes func(registrar.Import) ([]dauys.Notification, error)) (registrar.Import, error)
}

const (
	mostUpload   = 20 << 20 // what the messenger lets a bot fetch
	mostReported = 20_000   // changes in the report as a table
	lastImports  = 10       // imports
	keptUploads  = 7 * 24 * time.Hour
	longReading  = 6 * time.Hour // after which a reading that has not ended has nobody who reads
)

// tables are the ends of names of files that are taken for tables. What cannot be read is said then.
var tables = []string{".xlsx", ".csv", ".xls", ".xlsb", ".ods", ".tsv"}

// isTable tells whether somebody has sent a table.
func isTable(in Input) bool {
	return in.File != nil && in.File.Kind == "document" && !in.Edited && slices.Contains(tables, strings.ToLower(path.Ext(in.File.Name)))
}

// records tells whether a chat is that of the office that keeps the record.
func (h *Handlers) records(ctx context.Context, chat dauys.Address) (o dauys.Office, ok bool, err error) {
	return h.officeWith(ctx, chat, dauys.Registry)
}

// upload is a table that came in the chat of an office.
func (h *Handlers) upload(ctx context.Context, in Input) error {
	o, ok, err := h.records(ctx, in.Chat)
	if err != nil {
		return err
	}
	if !ok && in.ReplyTo != "" {
		return h.promptReply(ctx, in)
	}
	if !ok {
		return nil
	}
	if in.ReplyTo != "" { // the answer to a question of ours is that
		_, err := h.Storage.PromptAt(ctx, in.Chat, in.ReplyTo)
		if err == nil {
			return h.promptReply(ctx, in)
		}
		if !errors.Is(err, dauys.ErrNotFound) {
			return fmt.Errorf("load prompt: %w", err)
		}
	}
	say := func(line ask.Line) error {
		return h.Storage.Notify(ctx, ready(in, ask.Reply{Text: h.Book.Say(o.Lang, line), To: in.Message}))
	}
	if no, err := h.unserved(ctx, in, o.ID); err != nil {
		return err
	} else if no != nil {
		return say(*no)
	}
	name := locales.Shorten(ask.Clean(in.File.Name), 80)
	if in.File.Size > mostUpload {
		return say(locales.ImportBig(name))
	}
	u := registrar.Upload{ID: promptID(in.Update, in.Message, "upload"), State: registrar.Came, Chat: string(in.Chat), Message: in.Message, By: string(in.From), ByName: ask.Clean(in.Name),
		Ref: in.File.Ref, File: name, Size: in.File.Size, At: h.Now()}
	if err := h.Storage.KeepUpload(ctx, u); err != nil {
		return fmt.Errorf("keep an upload: %w", err)
	}
	h.Log.Info("a file of the registrar", "upload", u.ID, "bytes", u.Size, "update", in.Update)
	h.came()
	return nil
}

// came tells who reads files that there is one.
func (h *Handlers) came() {
	if h.FileCame != nil {
		h.FileCame()
	}
}

// ReadUploads does what is to be done with the files that came: one after the other. One that cannot be
// read because of us is told of, and not tried for ever.
func (h *Handlers) ReadUploads(ctx context.Context) error {
	due, err := h.Storage.UploadsDue(ctx, 10)
	if err != nil {
		return fmt.Errorf("files that wait: %w", err)
	}
	for _, u := range due {
		err := Guarded(func() error { return h.readUpload(ctx, u) })
		if ctx.Err() != nil {
			return nil
		}
		if err != nil && !errors.Is(err, dauys.ErrConflict) {
			h.Log.Error("a file was not read", "upload", u.ID, "error", err)
			if now, again := h.Storage.Upload(ctx, u.ID); again == nil {
				u = now
			}
			u.State = registrar.Over
			if err := h.Storage.SaveUpload(ctx, u, h.aboutUpload(u, "broke", ask.Reply{}, locales.ImportBroke(u.File))); err != nil && !errors.Is(err, dauys.ErrConflict) {
				return fmt.Errorf("give a file up: %w", err)
			}
		}
	}
	return nil
}

// Guarded does something apart from the turns: a panic is an error of it, and no end of the process, which
// would begin with the same again. What it panicked with is left out of the error: it may be words of a file.
func Guarded(do func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("it panicked at\n%s", debug.Stack())
		}
	}()
	return do()
}

// TidyImports forgets what nobody needs any more.
func (h *Handlers) TidyImports(ctx context.Context) error {
	now := h.Now()
	return errors.Join(h.Storage.ForgetUploads(ctx, now.Add(-keptUploads)), h.Storage.ForgetDropped(ctx, now.Add(-longReading), now))
}

// aboutUpload is a message about a file in the chat where it came.
func (h *Handlers) aboutUpload(u registrar.Upload, what string, r ask.Reply, lines ...ask.Line) dauys.Notification {
	r.Text, r.To = h.Book.Lines(h.registrarLang(), lines...), u.Message
	n := message("upload/"+u.ID+"/"+what, dauys.Address(u.Chat), r)
	n.Direct = true
	return n
}

func (h *Handlers) registrarLang() dauys.Lang {
	if o, ok := h.registryOffice(); ok {
		return o.Lang
	}
	return dauys.Russian
}

func (h *Handlers) readUpload(ctx context.Context, u registrar.Upload) error {
	file, err := h.Files.Download(ctx, u.Ref, mostUpload)
	line := locales.ImportLost(u.File)
	if errors.Is(err, dauys.ErrTooBig) {
		line = locales.ImportBig(u.File)
	}
	if err != nil {
		if ctx.Err() != nil {
			return err
		}
		h.Log.Warn("a file of the registrar was not fetched", "upload", u.ID, "error", err)
		u.State = registrar.Over
		return h.Storage.SaveUpload(ctx, u, h.aboutUpload(u, "lost", ask.Reply{}, line))
	}
	if u.State == registrar.Came {
		return h.askKind(ctx, u, file)
	}
	return h.importUpload(ctx, u, file)
}

// guessed is how many kinds stand first because the head of the file is like theirs.
const guessed = 3

// askKind asks what is in a file. What its head is like stands first.
func (h *Handlers) askKind(ctx context.Context, u registrar.Upload, file []byte) error {
	l := h.registrarLang()
	kinds := registrar.KindNames()
	if like := registrar.GuessFile(bytes.NewReader(file), int64(len(file))); len(like) > 0 {
		kinds = like[:min(len(like), guessed)]
	}
	r := ask.Reply{}
	var row []ask.Button
	for _, k := range kinds {
		b := h.button(l, locales.ImportKind(string(k)), "q1:k:"+u.ID+":"+string(k))
		if len(kinds) <= guessed {
			r.Buttons = append(r.Buttons, []ask.Button{b})
		} else if row = append(row, b); len(row) == 2 {
			r.Buttons, row = append(r.Buttons, row), nil
		}
	}
	if len(row) > 0 {
		r.Buttons = append(r.Buttons, row)
	}
	r.Buttons = append(r.Buttons, []ask.Button{h.button(l, locales.ImportAct("none"), "q1:n:"+u.ID)})
	u.State = registrar.Asked
	return h.Storage.SaveUpload(ctx, u, h.aboutUpload(u, "which", r, locales.ImportWhich(u.File)))
}

// importUpload reads a file and shows what it would change. What an earlier try has left is dropped.
func (h *Handlers) importUpload(ctx context.Context, u registrar.Upload, file []byte) error {
	before := u.Import
	u.Import = h.NewID()
	if err := h.Storage.SaveUpload(ctx, u); err != nil { // nobody else reads it from here on
		return err
	}
	u.Version++
	if before != "" {
		if err := h.Storage.DropReading(ctx, before, h.Now()); err != nil && !errors.Is(err, dauys.ErrNotFound) {
			return fmt.Errorf("drop what was read before: %w", err)
		}
	}
	im, err := registrar.Run(ctx, h.Storage, bytes.NewReader(file), int64(len(file)), registrar.Import{ID: u.Import, Kind: u.Kind, File: u.File, By: u.By, ByName: u.ByName, Chat: u.Chat, At: h.Now()}, nil)
	u.State = registrar.Over
	if errors.Is(err, registrar.ErrSameFile) {
		return h.Storage.SaveUpload(ctx, u, h.aboutUpload(u, "same", ask.Reply{}, locales.ImportHead(string(u.Kind), u.File), locales.ImportSame(im.Settled)))
	}
	if err != nil {
		return err
	}
	r, lines, err := h.toPublish(ctx, im, h.secondPublishes())
	if err != nil {
		return err
	}
	h.Log.Info("a file of the registrar was read", "upload", u.ID, "import", im.ID, "kind", im.Kind, "rows", im.Counts.Rows, "changes", im.Counts.Changes(), "flaws", im.Counts.Flaws)
	return h.Storage.SaveUpload(ctx, u, h.aboutUpload(u, "read", r, lines...))
}

// toPublish is what an import that was read would change, with the buttons that decide about it. One that
// has mistakes or changes nothing is dropped: there is nothing to wait for.
func (h *Handlers) toPublish(ctx context.Context, im registrar.Import, second bool) (r ask.Reply, lines []ask.Line, err error) {
	if lines, err = ImportReport(ctx, h.Storage, im); err != nil {
		return r, nil, err
	}
	l := h.registrarLang()
	report := h.button(l, locales.ImportAct("report"), "q1:x:"+im.ID)
	switch {
	case im.Counts.Flaws > 0:
		r.Buttons = [][]ask.Button{{report}}
	case im.Counts.Changes() > 0:
		lines = append(lines, locales.ImportWaits())
		if second {
			lines = append(lines, locales.ImportSecond())
		}
		r.Buttons = [][]ask.Button{{h.button(l, locales.ImportAct("publish"), "q1:p:"+im.ID)}, {h.button(l, locales.ImportAct("drop"), "q1:d:"+im.ID)}, {report}}
	}
	if im.Counts.Flaws > 0 || im.Counts.Changes() == 0 {
		if err := h.Storage.DropReading(ctx, im.ID, h.Now()); err != nil {
			return r, nil, fmt.Errorf("drop an import: %w", err)
		}
	}
	return r, lines, nil
}

// BringFile reads a file that came by itself, from the folder or by HTTP, and tells the registrar's office
// what it would change; one of them publishes it. The error is [registrar.ErrSameFile] when it holds already.
func (h *Handlers) BringFile(ctx context.Context, file io.ReaderAt, size int64, kind registrar.Kind, name, by string) (registrar.Import, error) {
	o, _ := h.registryOffice()
	chat, err := h.Storage.ChatOf(ctx, o.ID)
	if err != nil {
		return registrar.Import{}, fmt.Errorf("chat of the registrar: %w", err)
	}
	name = locales.Shorten(ask.Clean(name), 80)
	im, err := registrar.Run(ctx, h.Storage, file, size, registrar.Import{ID: h.NewID(), Kind: kind, File: name, By: by, Chat: string(chat), At: h.Now()}, nil)
	same := errors.Is(err, registrar.ErrSameFile)
	if err != nil && !same {
		return im, err
	}
	var r ask.Reply
	var lines []ask.Line
	key := "import/" + im.ID
	if same {
		lines = []ask.Line{locales.ImportHead(string(kind), name), locales.ImportSame(im.Settled)}
		key += "/" + h.NewID()
		if _, err := h.Storage.ClaimSlot(ctx, sameFile(kind), h.Now(), h.Now(), nil); err != nil {
			return im, fmt.Errorf("note that a file came again: %w", err)
		}
	} else if r, lines, err = h.toPublish(ctx, im, false); err != nil {
		return im, err
	}
	h.Log.Info("a file of the registrar was read", "by", by, "import", im.ID, "kind", kind, "rows", im.Counts.Rows, "changes", im.Counts.Changes(), "flaws", im.Counts.Flaws, "same", same)
	if chat != "" {
		r.Text = h.Book.Lines(h.registrarLang(), lines...)
		if err := h.Storage.Notify(ctx, message(key, chat, r)); err != nil {
			return im, fmt.Errorf("tell the registrar: %w", err)
		}
	}
	if same {
		return im, registrar.ErrSameFile
	}
	return im, nil
}

// secondPublishes tells whether another person than who has sent a file publishes it.
func (h *Handlers) secondPublishes() bool {
	o, _ := h.registryOffice()
	return o.Second
}

// errOwnFile: who has sent a file wants to publish it, and another person has to.
var errOwnFile = errors.New("somebody else publishes this file")

// importButton is a button about a file or an import: q1:ACT:ID. Whether it may be done is read in the
// transaction that does it.
func (h *Handlers) importButton(ctx context.Context, in Input, parts []string) (toast string, err error) {
	l := h.chatLang(ctx, in)
	o, ok, err := h.records(ctx, in.Chat)
	if err != nil {
		return "", err
	}
	if !ok || len(parts) < 3 {
		return h.Book.Plain(l, locales.OldButton()), nil
	}
	if err := h.welcome(ctx, in, o.ID); err != nil {
		return "", err
	}
	if _, serves, err := h.serves(ctx, in.From, o.ID); err != nil {
		return "", err
	} else if !serves {
		return h.Book.Plain(l, locales.NotStaff()), nil
	}
	switch parts[1] {
	case "k", "n":
		return h.chooseKind(ctx, in, l, parts)
	case "p":
		return h.settleImport(ctx, in, o, parts[2], registrar.Published)
	case "d":
		return h.settleImport(ctx, in, o, parts[2], registrar.Dropped)
	case "v":
		return h.settleImport(ctx, in, o, parts[2], registrar.Undone)
	case "u", "x":
		im, err := h.Storage.Import(ctx, parts[2])
		if errors.Is(err, dauys.ErrNotFound) {
			return h.Book.Plain(l, locales.OldButton()), nil
		}
		if err != nil {
			return "", fmt.Errorf("load an import: %w", err)
		}
		if parts[1] == "x" {
			return "", h.reportImport(ctx, in, l, im)
		}
		return "", h.Storage.Notify(ctx, ready(in, ask.Reply{Text: h.Book.Say(l, locales.ImportUndoSure(string(im.Kind), im.File)), To: in.Message,
			Buttons: [][]ask.Button{{h.button(l, locales.ImportAct("undo-yes"), "q1:v:"+im.ID)}}}))
	}
	return h.Book.Plain(l, locales.OldButton()), nil
}

// chooseKind is what somebody says is in a file.
func (h *Handlers) chooseKind(ctx context.Context, in Input, l dauys.Lang, parts []string) (string, error) {
	u, err := h.Storage.Upload(ctx, parts[2])
	if errors.Is(err, dauys.ErrNotFound) || err == nil && (u.State != registrar.Asked || u.Chat != string(in.Chat)) {
		return h.Book.Plain(l, locales.OldButton()), nil
	}
	if err != nil {
		return "", fmt.Errorf("load an upload: %w", err)
	}
	line := locales.ImportLeft()
	if u.State = registrar.Over; parts[1] == "k" {
		if len(parts) != 4 {
			return h.Book.Plain(l, locales.OldButton()), nil
		}
		u.Kind = registrar.Kind(parts[3])
		if _, known := registrar.LayoutOf(u.Kind); !known {
			return h.Book.Plain(l, locales.OldButton()), nil
		}
		u.State = registrar.Wanted
		line = locales.ImportReading(string(u.Kind), u.File)
	}
	err = h.Storage.SaveUpload(ctx, u, ready(in, ask.Reply{Text: h.Book.Say(l, line), Edit: in.Message}))
	if errors.Is(err, dauys.ErrConflict) {
		return h.Book.Plain(l, locales.OldButton()), nil
	}
	if err == nil {
		h.came()
	}
	return "", err
}

// settleImport publishes, drops or undoes an import.
func (h *Handlers) settleImport(ctx context.Context, in Input, o dauys.Office, id string, to registrar.State) (string, error) {
	l := o.Lang
	may := func(im registrar.Import) error {
		if to == registrar.Published && h.secondPublishes() && im.By == string(in.From) {
			return errOwnFile
		}
		return nil
	}
	im, err := h.Storage.Import(ctx, id)
	if errors.Is(err, dauys.ErrNotFound) {
		return h.Book.Plain(l, locales.OldButton()), nil
	}
	if err != nil {
		return "", fmt.Errorf("load an import: %w", err)
	}
	var lines []ask.Line
	r := ask.Reply{Edit: in.Message}
	if to != registrar.Undone { // what it was about stays there to be read
		if lines, err = ImportReport(ctx, h.Storage, im); err != nil {
			return "", fmt.Errorf("report of an import: %w", err)
		}
	}
	if to == registrar.Published {
		r.Buttons = [][]ask.Button{{h.button(l, locales.ImportAct("report"), "q1:x:"+im.ID)}}
	}
	if to == registrar.Published || to == registrar.Undone {
		is := im
		is.State = to
		if who, ok := h.toldButton(l, is); ok {
			r.Buttons = append(r.Buttons, []ask.Button{who})
		}
	}
	im, err = h.Storage.SettleBy(ctx, id, to, in.From, o.ID, h.Now(), may, func(im registrar.Import) ([]dauys.Notification, error) {
		r.Text = h.Book.Lines(l, append(slices.Clone(lines), locales.ImportBy(string(to), string(im.Kind), im.File, ask.Clean(in.Name)))...)
		return []dauys.Notification{ready(in, r)}, nil
	})
	switch {
	case errors.Is(err, errOwnFile):
		return h.Book.Plain(l, locales.ImportSecond()), nil
	case errors.Is(err, dauys.ErrConflict):
		return h.Book.Plain(l, locales.ImportConflict()), nil
	case errors.Is(err, dauys.ErrNotFound), errors.Is(err, dauys.ErrNotStaff):
		return h.refusal(l, err)
	case err != nil:
		return "", fmt.Errorf("settle an import: %w", err)
	}
	h.Log.Info("an import was settled", "import", im.ID, "kind", im.Kind, "state", im.State, "update", in.Update)
	if im.Kind == registrar.Groups || im.Kind == registrar.Employees { // else at the beginning of the next working day
		if err := h.SeatAdvisors(ctx, in.Update); err != nil {
			return "", fmt.Errorf("seat advisors: %w", err)
		}
	}
	return "", nil
}

// reportImport sends all that is wrong with an import and all that it changes, as a table.
func (h *Handlers) reportImport(ctx context.Context, in Input, l dauys.Lang, im registrar.Import) error {
	file, err := ImportSheet(ctx, h.Storage, h.Book, l, im, mostReported).Bytes()
	if err != nil {
		return fmt.Errorf("report of an import: %w", err)
	}
	b := dauys.Blob{ID: "import-" + documents.Hash([]byte(in.Update))[:sheetDigits], Name: h.Book.Plain(l, locales.ImportFile(string(im.Kind))) + ".xlsx", MIME: sheetMIME, Data: file, At: h.Now()}
	n := ready(in, ask.Reply{Files: []ask.File{Document(b, "")}, To: in.Message})
	n.Blobs = []dauys.Blob{b}
	return h.Storage.Notify(ctx, n)
}

// imports is /imports: the last files, with a button to undo the last that was published.
func (h *Handlers) imports(ctx context.Context, in Input) error {
	o, ok, err := h.records(ctx, in.Chat)
	if err != nil || !ok {
		return err
	}
	say := func(r ask.Reply) error {
		r.To = in.Message
		return h.Storage.Notify(ctx, ready(in, r))
	}
	if no, err := h.unserved(ctx, in, o.ID); err != nil {
		return err
	} else if no != nil {
		return say(ask.Reply{Text: h.Book.Say(o.Lang, *no)})
	}
	all, err := h.Storage.Imports(ctx, "", lastImports)
	if err != nil {
		return fmt.Errorf("imports: %w", err)
	}
	r := ask.Reply{Text: h.Book.Lines(o.Lang, append(ImportList(all), locales.ImportHow())...)}
	var last registrar.Import
	for _, k := range registrar.KindNames() {
		im, err := registrar.LastPublished(ctx, h.Storage, k)
		if err != nil {
			return fmt.Errorf("imports: %w", err)
		}
		if im.Settled.After(last.Settled) {
			last = im
		}
	}
	if last.ID != "" {
		r.Buttons = [][]ask.Button{{h.button(o.Lang, locales.ImportAct("undo"), "q1:u:"+last.ID)}}
	}
	return say(r)
}
