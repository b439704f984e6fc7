package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/go-telegram/bot/models"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/bot"
	"alt.edu.kz/dauys/flows/ask"
)

const (
	maxUpload    = dauys.MostBlob // Telegram takes 50 MB, the rest of the form among them
	uploadTime   = 5 * time.Minute
	downloadTime = 40 * time.Second // an update waits for it, and Telegram for a webhook's answer
)

// Upload sends a document with its content, or a picture that is to be seen at once, and tells
// Telegram's name for it.
func (t *Telegram) Upload(ctx context.Context, to dauys.Address, r ask.Reply, content []byte) (message, ref string, err error) {
	c, err := chatOf(to)
	if err != nil {
		return "", "", err
	}
	switch {
	case len(r.Files) != 1:
		return "", "", &bot.SendError{Failure: bot.Refused, Err: fmt.Errorf("telegram: %d files with one content", len(r.Files))}
	case len(content) == 0:
		return "", "", &bot.SendError{Failure: bot.Refused, Err: errors.New("telegram: the document is empty")}
	case len(content) > maxUpload:
		return "", "", &bot.SendError{Failure: bot.TooBig, Err: fmt.Errorf("telegram: %d bytes: %w", len(content), dauys.ErrTooBig)}
	}
	ctx, cancel := context.WithTimeout(ctx, uploadTime)
	defer cancel()
	var m struct {
		ID       int `json:"message_id"`
		Document struct {
			Ref string `json:"file_id"`
		} `json:"document"`
		Photo []struct {
			Ref string `json:"file_id"`
		} `json:"photo"` // in several sizes, the largest last
	}
	f, method := r.Files[0], "sendDocument"
	if f.Kind == "photo" {
		method = "sendPhoto"
	}
	caption := links(split(f.Caption, maxCaption)[0])
	err = t.client.upload(ctx, method, documentForm(c, r, f, caption, models.ParseModeHTML), content, &m)
	if unreadable(err) { // our markup is broken: rather plain than not at all
		t.log.Error("telegram refused our markup", "error", t.client.redact(err))
		err = t.client.upload(ctx, method, documentForm(c, r, f, plain(caption), ""), content, &m)
	}
	if err != nil {
		return "", "", t.failure(err)
	}
	ref = m.Document.Ref
	if n := len(m.Photo); n > 0 {
		ref = m.Photo[n-1].Ref
	}
	return strconv.Itoa(m.ID), ref, nil
}

// form is what stands around the content of a file.
type form struct {
	kind       string // of the whole
	head, tail []byte
}

// documentForm is a form up to the content of its document, and what comes after it. Telegram would
// make something else than a document of some types, of which it then gives no name.
func documentForm(c chat, r ask.Reply, f ask.File, caption string, mode models.ParseMode) form {
	var b bytes.Buffer
	w := multipart.NewWriter(&b) // into memory: nothing fails
	field := func(name, value string) {
		if value != "" {
			_ = w.WriteField(name, value)
		}
	}
	field("chat_id", strconv.FormatInt(c.id, 10))
	if c.thread != 0 {
		field("message_thread_id", strconv.Itoa(c.thread))
	}
	if caption != "" {
		field("caption", caption)
		field("parse_mode", string(mode))
	}
	if p := answerTo(r.To); p != nil {
		answer, _ := json.Marshal(p)
		field("reply_parameters", string(answer))
	}
	if r.Silent {
		field("disable_notification", "true")
	}
	if r.Protected {
		field("protect_content", "true")
	}
	part := "document"
	if f.Kind == "photo" {
		part = "photo"
	} else {
		field("disable_content_type_detection", "true")
	}
	name, kind := f.Name, f.MIME
	if name == "" {
		name = "document"
	}
	if kind == "" {
		kind = "application/octet-stream"
	}
	_, _ = w.CreatePart(textproto.MIMEHeader{
		"Content-Disposition": {multipart.FileContentDisposition(part, name)},
		"Content-Type":        {strings.NewReplacer("\r", "", "\n", "").Replace(kind)},
	})
	n := b.Len()
	_ = w.Close()
	return form{kind: w.FormDataContentType(), head: b.Bytes()[:n], tail: b.Bytes()[n:]}
}

// upload makes a call with a file. The content is read from where it is: there is no second copy of it.
func (c *client) upload(ctx context.Context, method string, f form, content []byte, result any) error {
	body := func() (io.ReadCloser, error) {
		return io.NopCloser(io.MultiReader(bytes.NewReader(f.head), bytes.NewReader(content), bytes.NewReader(f.tail))), nil
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.server+"/bot"+c.token+"/"+method, nil)
	if err != nil {
		return fmt.Errorf("%s: %w", method, c.redact(err))
	}
	r.Body, _ = body()
	r.GetBody = body
	r.ContentLength = int64(len(f.head) + len(content) + len(f.tail))
	r.Header.Set("Content-Type", f.kind)
	return c.answered(method, c.files, r, result)
}

// Download reads a file that somebody has sent.
func (t *Telegram) Download(ctx context.Context, ref string, most int64) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, downloadTime)
	defer cancel()
	p := struct {
		File string `json:"file_id"`
	}{ref}
	var f struct {
		Path string `json:"file_path"`
		Size int64  `json:"file_size"`
	}
	if err := t.client.call(ctx, "getFile", p, &f); err != nil {
		return nil, t.failure(err)
	}
	switch {
	case f.Size > most:
		return nil, tooBig(f.Size, most)
	case strings.HasPrefix(f.Path, "/") || strings.Contains(f.Path, `:\`):
		return nil, &bot.SendError{Failure: bot.Refused, Err: errors.New("telegram: a Bot API server that runs with --local keeps its files to itself: run it without")}
	case f.Path == "":
		return nil, &bot.SendError{Failure: bot.Gone, Err: fmt.Errorf("telegram: the file has no path: %w", dauys.ErrGone)}
	}
	data, err := t.client.download(ctx, f.Path, most)
	switch {
	case err != nil:
		return nil, t.failure(err)
	case int64(len(data)) > most:
		return nil, tooBig(int64(len(data)), most)
	case f.Size > 0 && int64(len(data)) != f.Size:
		return nil, &bot.SendError{Failure: bot.Trouble, Err: fmt.Errorf("telegram: %d bytes of a file of %d", len(data), f.Size)}
	}
	return data, nil
}

func tooBig(n, most int64) error {
	return &bot.SendError{Failure: bot.TooBig, Err: fmt.Errorf("telegram: %d bytes or more, and at most %d: %w", n, most, dauys.ErrTooBig)}
}

// download reads a file, and one byte more than it may have if there is one. Its address has the
// token in it.
func (c *client) download(ctx context.Context, path string, most int64) ([]byte, error) {
	parts := strings.Split(path, "/")
	for i, p := range parts {
		if parts[i] = url.PathEscape(p); p == ".." {
			return nil, errors.New("download: the path leads elsewhere")
		}
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, c.server+"/file/bot"+c.token+"/"+strings.Join(parts, "/"), nil)
	if err != nil {
		return nil, fmt.Errorf("download: %w", c.redact(err))
	}
	resp, err := c.files.Do(r)
	if err != nil {
		return nil, fmt.Errorf("download: %w", c.redact(err))
	}
	defer func() { _ = resp.Body.Close() }()
	switch resp.StatusCode {
	case http.StatusOK:
	case http.StatusNotFound, http.StatusGone:
		return nil, fmt.Errorf("download: telegram answered %s: %w", resp.Status, dauys.ErrGone)
	default:
		return nil, fmt.Errorf("download: %w", noAnswer(resp))
	}
	if resp.ContentLength > most {
		return nil, fmt.Errorf("download: %d bytes: %w", resp.ContentLength, dauys.ErrTooBig)
	}
	var b bytes.Buffer
	b.Grow(int(min(max(resp.ContentLength, 0), most)) + bytes.MinRead)
	if _, err := b.ReadFrom(io.LimitReader(resp.Body, most+1)); err != nil {
		return nil, fmt.Errorf("download: %w", c.redact(err))
	}
	return b.Bytes(), nil
}
