package handlers

import (
	"context"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
)

// Files reads what people send: the messenger has it. Ref is that of [ask.File]. The error is
// [dauys.ErrTooBig] for more bytes than most, or than the messenger hands out at all (Telegram:
// 20 MB), and [dauys.ErrGone] when it does not have it any more. Any other is trouble on the way:
// whoever has sent it may try again. It may take half a minute.
type Files interface {
	Download(ctx context.Context, ref string, most int64) ([]byte, error)
}

// Blobs keeps documents that the bot makes. What a notification sends is better stored with it, in
// its Blobs; this is for direct answers, before they say it.
type Blobs interface {
	PutBlob(ctx context.Context, b dauys.Blob) error
	Blob(ctx context.Context, id string) (dauys.Blob, error)
}

// Document is a blob as a file of a reply.
func Document(b dauys.Blob, caption string) ask.File {
	return ask.File{Made: b.ID, Kind: "document", Name: b.Name, MIME: b.MIME, Size: int64(len(b.Data)), Caption: caption}
}
