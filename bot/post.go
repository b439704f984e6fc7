package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/fault"
	"alt.edu.kz/dauys/flows/ask"
)

// Blobs is the content that the bot has made itself, and what the messenger calls it.
type Blobs interface {
	Blob(ctx context.Context, id string) (dauys.Blob, error)
	// BlobRef is the messenger's name for content that was sent already, or empty.
	BlobRef(ctx context.Context, id string) (string, error)
	BlobSent(ctx context.Context, id, ref string) error
}

// post sends what a [Messenger] sends, and what the bot has made itself with its content: once,
// and then by the name that the messenger gave it, for as long as that is known there.
type post struct {
	Messenger
	blobs Blobs // nil: nothing was made
	log   *slog.Logger

	uploads keyed // one at a time of the same content: whoever waits sends it by its name
}

// Parts are those of the messenger, of which each has at most one document of the bot.
func (p *post) Parts(r ask.Reply) (parts []ask.Reply) {
	made := func(f ask.File) bool { return f.Made != "" }
	if len(r.Files) < 2 || !slices.ContainsFunc(r.Files, made) {
		return p.Messenger.Parts(r)
	}
	for files := r.Files; len(files) > 0; {
		n := slices.IndexFunc(files, made)
		switch {
		case n < 0:
			n = len(files)
		case n == 0:
			n = 1
		}
		parts = append(parts, p.Messenger.Parts(ask.Reply{To: r.To, Files: files[:n], Protected: r.Protected})...)
		files = files[n:]
	}
	return parts
}

// Send sends a part of a reply. That the messenger's name for a document cannot be noted is no
// reason to send it again: it is uploaded anew with the next message.
func (p *post) Send(ctx context.Context, to dauys.Address, r ask.Reply) (message string, err error) {
	if len(r.Files) != 1 || r.Files[0].Made == "" {
		return p.Messenger.Send(ctx, to, r)
	}
	id := r.Files[0].Made
	if p.blobs == nil {
		return "", &SendError{Failure: Refused, Err: fmt.Errorf("document %s: nobody keeps documents here", id)}
	}
	message, tried, err := p.again(ctx, to, r, "")
	if message != "" || err != nil {
		return message, err
	}
	defer p.uploads.lock(dauys.Address("document " + id))()
	if message, _, err = p.again(ctx, to, r, tried); message != "" || err != nil {
		return message, err
	}
	b, err := p.blobs.Blob(ctx, id)
	if err != nil {
		return "", unread(err)
	}
	message, ref, err := p.Upload(ctx, to, whole(r, b), b.Data)
	if err != nil {
		return "", err
	}
	fault.Point("file-uploaded")
	if ref != "" {
		if err := p.blobs.BlobSent(context.WithoutCancel(ctx), id, ref); err != nil {
			p.log.Warn("the messenger's name for a document was not noted", "error", err)
		}
	}
	return message, nil
}

// again sends a document by the name that the messenger gave it, unless that was tried. No message
// and no error is that it has none which is still known.
func (p *post) again(ctx context.Context, to dauys.Address, r ask.Reply, tried string) (message, ref string, err error) {
	ref, err = p.blobs.BlobRef(ctx, r.Files[0].Made)
	switch {
	case err != nil:
		return "", "", unread(err)
	case ref == "" || ref == tried:
		return "", tried, nil
	}
	r.Files = slices.Clone(r.Files)
	r.Files[0].Ref = ref
	message, err = p.Messenger.Send(ctx, to, r)
	if err != nil && failure(err).Failure == Gone {
		p.log.Info("the messenger does not know a document any more; it is uploaded anew", "document", r.Files[0].Made)
		return "", ref, nil
	}
	return message, ref, err
}

// whole fills in what a reply leaves out of what its document is.
func whole(r ask.Reply, b dauys.Blob) ask.Reply {
	r.Files = slices.Clone(r.Files)
	f := &r.Files[0]
	if f.Name == "" {
		f.Name = b.Name
	}
	if f.MIME == "" {
		f.MIME = b.MIME
	}
	f.Size = int64(len(b.Data))
	return r
}

// unread is that a document cannot be read: now, or never.
func unread(err error) error {
	if errors.Is(err, dauys.ErrUnavailable) || errors.Is(err, context.Canceled) {
		return err
	}
	return &SendError{Failure: Refused, Err: err}
}
