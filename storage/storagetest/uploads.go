package storagetest

import (
	"errors"
	"testing"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/registrar"
)

// uploading is about files of the registrar that came in a chat, and who publishes what is in them.
var uploading = []promise{
	{"a file that came is kept once and changed by who was first", func(t *testing.T, w *world) {
		ctx := t.Context()
		u := registrar.Upload{ID: "u1", State: registrar.Came, Chat: "telegram:-1", By: "telegram:5", Ref: "file-1", File: "marks.csv", Size: 10, At: Now}
		must(t, w.KeepUpload(ctx, u))
		u.File = "other.csv"
		must(t, w.KeepUpload(ctx, u))
		due, err := w.UploadsDue(ctx, 10)
		must(t, err)
		if len(due) != 1 || due[0].File != "marks.csv" || due[0].Ref != "file-1" || !due[0].At.Equal(Now) {
			t.Fatalf("due are %+v", due)
		}
		first, second := due[0], due[0]
		first.State, first.Kind = registrar.Asked, registrar.Marks
		must(t, w.SaveUpload(ctx, first))
		second.State = registrar.Over
		if err := w.SaveUpload(ctx, second); !errors.Is(err, dauys.ErrConflict) {
			t.Errorf("somebody was faster: %v", err)
		}
		due, err = w.UploadsDue(ctx, 10)
		must(t, err)
		want(t, "due", len(due), 0)
		must(t, w.ForgetUploads(ctx, Now.Add(time.Second)))
		if _, err := w.Upload(ctx, "u1"); !errors.Is(err, dauys.ErrNotFound) {
			t.Errorf("it is still there: %v", err)
		}
	}},
	{"an import is published by who serves in the office at that moment, and by nobody else", func(t *testing.T, w *world) {
		ctx := t.Context()
		stage(t, w.DB, "i1", mark("1", "G1", "exam", "80"))
		may := func(registrar.Import) error { return nil }
		settle := func(who dauys.Address) error {
			_, err := w.SettleBy(ctx, "i1", registrar.Published, who, "registrar", Now, may, nil)
			return err
		}
		if err := settle("telegram:5"); !errors.Is(err, dauys.ErrNotStaff) {
			t.Errorf("a stranger: %v", err)
		}
		if err := settle(""); !errors.Is(err, dauys.ErrNotStaff) {
			t.Errorf("nobody: %v", err)
		}
		_, err := w.Grant(ctx, dauys.Staff{Address: "telegram:5", Name: "Айнұр", Office: "dapq", From: Now.Add(-time.Hour)})
		must(t, err)
		if err := settle("telegram:5"); !errors.Is(err, dauys.ErrNotStaff) {
			t.Errorf("somebody of another office: %v", err)
		}
		_, err = w.Grant(ctx, dauys.Staff{Address: "telegram:5", Name: "Айнұр", Office: "registrar", From: Now.Add(-time.Hour)})
		must(t, err)
		no := errors.New("no")
		if _, err := w.SettleBy(ctx, "i1", registrar.Published, "telegram:5", "registrar", Now, func(registrar.Import) error { return no }, nil); !errors.Is(err, no) {
			t.Errorf("who may not: %v", err)
		}
		want(t, "before", holds(t, w.DB, "1"), "")
		must(t, settle("telegram:5"))
		must(t, settle("telegram:5"))
		want(t, "after", holds(t, w.DB, "1"), "exam 80")
	}},
}
