package storagetest

import (
	"bytes"
	"testing"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/storage"
)

// minutes is a document of the bot.
func minutes(id string, data []byte) dauys.Blob {
	return dauys.Blob{ID: id, Name: "Хаттама №7.pdf", MIME: "application/pdf", Data: data, At: Now}
}

var making = []promise{
	{"content is read back as it was, large and odd", func(t *testing.T, w *world) {
		for id, data := range map[string][]byte{"b1": []byte("%PDF"), "b2": {0}, "b3": bytes.Repeat([]byte{0, 1, 2, 255}, 1<<19)} {
			put := minutes(id, data)
			must(t, w.PutBlob(t.Context(), put))
			got, err := w.again(t).Blob(t.Context(), id)
			must(t, err)
			if !bytes.Equal(got.Data, data) {
				t.Errorf("%s: %d bytes came back of %d, or others", id, len(got.Data), len(data))
			}
			got.Data, put.Data = nil, nil
			want(t, id, got, put)
		}
		bare := dauys.Blob{ID: "bare", Data: []byte("x")}
		must(t, w.PutBlob(t.Context(), bare))
		got, err := w.Blob(t.Context(), "bare")
		must(t, err)
		want(t, "without a name, type or time", got, bare)
	}},
	{"an id keeps its content, however often and by however many it is stored", func(t *testing.T, w *world) {
		must(t, w.PutBlob(t.Context(), minutes("b1", []byte("first"))))
		must(t, w.BlobSent(t.Context(), "b1", "ref"))
		at16(t, func(int) (bool, error) { return true, w.PutBlob(t.Context(), minutes("b1", []byte("other"))) })
		at16(t, func(int) (bool, error) { return true, w.PutBlob(t.Context(), minutes("b2", []byte("second"))) })
		got, err := w.Blob(t.Context(), "b1")
		must(t, err)
		want(t, "content", string(got.Data), "first")
		ref, err := w.BlobRef(t.Context(), "b1")
		must(t, err)
		want(t, "reference", ref, "ref")
		want(t, "rows", w.count(t, "SELECT COUNT(*) FROM blobs"), 2)
	}},
	{"content is stored with its notice or not at all, and is not read with it", func(t *testing.T, w *world) {
		note := dauys.Notification{Key: "n1", To: aigerim, What: dauys.Ready, Body: "{}", Blobs: []dauys.Blob{minutes("b1", []byte("one")), minutes("b2", []byte("two"))}}
		p := storage.Prompt{ID: "p1", Chat: chatA, Actor: deputy}
		interrupted(t, "prompt-before-commit", func() { _, _ = w.SavePrompt(t.Context(), p, "u1", note) })
		_, err := w.Blob(t.Context(), "b1")
		wantErr(t, "after a crash", err, dauys.ErrNotFound)
		_, err = w.SavePrompt(t.Context(), p, "u1", note)
		must(t, err)
		_, err = w.SavePrompt(t.Context(), p, "u1", note) // again: the cause is known
		must(t, err)
		for id, data := range map[string]string{"b1": "one", "b2": "two"} {
			got, err := w.Blob(t.Context(), id)
			must(t, err)
			want(t, id, string(got.Data), data)
		}
		due, err := w.Due(t.Context(), Now, 0, 10)
		must(t, err)
		if len(due) != 1 || due[0].Blobs != nil {
			t.Errorf("due: %+v", due)
		}
		bad := dauys.Notification{Key: "n2", To: aigerim, What: dauys.Ready, Body: "{}", Blobs: []dauys.Blob{minutes("b3", []byte("three")), minutes("b4", nil)}}
		if err := w.Notify(t.Context(), bad); err == nil {
			t.Error("empty content was stored")
		}
		want(t, "rows of what was refused", w.count(t, "SELECT COUNT(*) FROM blobs WHERE id = 'b3'")+w.count(t, "SELECT COUNT(*) FROM notifications WHERE key = 'n2'"), 0)
	}},
	{"the messenger's name for content is empty at first, and can be replaced", func(t *testing.T, w *world) {
		must(t, w.PutBlob(t.Context(), minutes("b1", []byte("x"))))
		for _, ref := range []string{"", "BQAC1", "BQAC2"} {
			if ref != "" {
				must(t, w.BlobSent(t.Context(), "b1", ref))
			}
			got, err := w.BlobRef(t.Context(), "b1")
			must(t, err)
			want(t, "reference", got, ref)
		}
		_, err := w.BlobRef(t.Context(), "b9")
		wantErr(t, "of nothing", err, dauys.ErrNotFound)
		_, err = w.Blob(t.Context(), "b9")
		wantErr(t, "nothing", err, dauys.ErrNotFound)
		wantErr(t, "sent nothing", w.BlobSent(t.Context(), "b9", "x"), dauys.ErrNotFound)
	}},
	{"content that no messenger takes is refused", func(t *testing.T, w *world) {
		wantErr(t, "too big", w.PutBlob(t.Context(), minutes("b1", make([]byte, dauys.MostBlob+1))), dauys.ErrTooBig)
		if w.PutBlob(t.Context(), minutes("", []byte("x"))) == nil || w.PutBlob(t.Context(), minutes("b1", nil)) == nil {
			t.Error("content without an id, or an id without content, was stored")
		}
	}},
	{"content moved to another id does not open", func(t *testing.T, w *world) {
		must(t, w.PutBlob(t.Context(), minutes("b1", []byte("of one"))))
		must(t, w.PutBlob(t.Context(), minutes("b2", []byte("of the other"))))
		_, err := w.raw(t).ExecContext(t.Context(), "UPDATE blobs SET body = (SELECT body FROM blobs WHERE id = 'b1') WHERE id = 'b2'")
		must(t, err)
		_, err = w.Blob(t.Context(), "b2")
		wantErr(t, "moved", err, storage.ErrSealed)
	}},
	{"the largest content passes within the time of one operation", func(t *testing.T, w *world) {
		if testing.Short() {
			t.Skip("slow")
		}
		begun := time.Now()
		data := make([]byte, dauys.MostBlob)
		data[len(data)-1] = 7
		must(t, w.PutBlob(t.Context(), minutes("b1", data)))
		got, err := w.Blob(t.Context(), "b1")
		must(t, err)
		if !bytes.Equal(got.Data, data) {
			t.Error("it is not what it was")
		}
		t.Logf("stored and read in %v", time.Since(begun))
	}},
}
