package storage_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/storage"
	"alt.edu.kz/dauys/storage/storagetest"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	if url := os.Getenv("TEST_CHILD_DATABASE"); url != "" {
		if err := errors.Join(steps(url), dialogue()); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	goleak.VerifyTestMain(m)
}

const (
	office dauys.OfficeID = "deputy@itc"
	chat   dauys.Address  = "telegram:-1001"
	worker dauys.Address  = "telegram:501"
)

// steps is one of everything, as it is repeated after a crash: what was done is found done.
func steps(url string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	now := storagetest.Now
	db, err := storage.Open(ctx, storage.Options{URL: url, Key: storagetest.Key})
	if err != nil {
		return err
	}
	defer db.Close()
	if err := db.Bind(ctx, office, chat, worker, now); err != nil {
		return err
	}
	if _, err := db.Grant(ctx, dauys.Staff{Address: worker, Office: office, From: now}); err != nil {
		return err
	}
	draft := dauys.Draft{ID: "d1", Kind: dauys.Complaint, Institute: "itc", Text: "words",
		Applicant: dauys.Applicant{Address: aigerim, Standing: dauys.AsStudent}}
	c, err := dauys.Open(draft, dauys.Builtin(), now)
	if err != nil {
		return err
	}
	if c, _, err = db.File(ctx, c); err != nil {
		return err
	}
	_, err = db.Act(ctx, c.Number, worker, "u1", now, func(c *dauys.Case, s dauys.Staff) error {
		return c.Do(dauys.Move{Act: dauys.Take, By: dauys.TheOffice, Staff: s, Cause: "u1", At: now}, &dauys.Builtin().Calendar)
	})
	if err != nil {
		return err
	}
	if _, err := db.SavePrompt(ctx, storage.Prompt{ID: "p1", Chat: chat, Actor: worker, Case: c.Number, Act: dauys.Answer}, "u2",
		dauys.Notification{Key: "p1/1", To: chat, What: dauys.Wording, Body: "p1 1"}); err != nil {
		return err
	}
	if err := db.KeepUpdate(ctx, storage.Update{ID: "9", Person: "a", Raw: []byte("{}")}, now); err != nil {
		return err
	}
	if _, err := db.OpenQueue(ctx, &dauys.Queue{ID: "q.20260908", Office: office, Day: "2026-09-08", Ends: now.Add(time.Hour), Most: 1, State: dauys.QueueOpen}); err != nil {
		return err
	}
	_, err = db.ChangeQueue(ctx, "q.20260908", "", "u3", now, func(q *dauys.Queue, _ dauys.Staff) ([]dauys.Notification, error) {
		_, err := q.Join(dauys.Place{}, now)
		return []dauys.Notification{{Key: "q/1", To: chat, What: dauys.Ready, Body: "{}"}}, err
	})
	if err != nil {
		return err
	}
	due, err := db.Due(ctx, now, 0, 100)
	if err != nil {
		return err
	}
	for _, n := range due {
		if err := db.Sent(ctx, n.ID, "m", now); err != nil {
			return err
		}
	}
	cards, err := db.DueCards(ctx, now, 100)
	if err != nil {
		return err
	}
	for _, card := range cards {
		if err := db.CardShown(ctx, card.Case, card.Office, card.Chat, "m", card.Want); err != nil {
			return err
		}
	}
	return nil
}

// dialogue is one step of a dialogue, with its reply sent.
func dialogue() error {
	ctx := context.Background()
	sealer, err := storage.NewSealer(storagetest.Key)
	if err != nil {
		return err
	}
	s, err := storage.OpenSessions(ctx, storage.SessionsOptions{URL: os.Getenv("TEST_CHILD_REDIS"), Prefix: os.Getenv("TEST_CHILD_PREFIX"),
		File: os.Getenv("TEST_CHILD_FILE"), Sealer: sealer})
	if err != nil {
		return err
	}
	defer s.Close()
	st, unsent, err := s.Load(ctx, aigerim)
	if err != nil {
		return err
	}
	if !st.Knows("u5") {
		st.Remember("u5")
		if err := s.Save(ctx, aigerim, st, true); err != nil {
			return err
		}
		unsent, st.Rev = true, st.Rev+1
	}
	if unsent {
		return s.Sent(ctx, map[dauys.Address]int64{aigerim: st.Rev})
	}
	return nil
}

// child runs the steps in a process of their own.
func child(t *testing.T, crash string, env ...string) error {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), append(env, "DAUYS_CRASH="+crash)...)
	out, err := cmd.CombinedOutput()
	if err != nil && crash == "" {
		t.Fatalf("%v: %s", err, out)
	}
	return err
}

func wantKilled(t *testing.T, err error) {
	t.Helper()
	exit, ok := errors.AsType[*exec.ExitError](err)
	if !ok || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
		t.Fatalf("the point was not reached: %v", err)
	}
}

// TestKilledAnywhere kills a process at each point of package fault and repeats what it did: the
// end is the same as if nothing had happened.
func TestKilledAnywhere(t *testing.T) {
	for _, store := range storagetest.Stores(t) {
		for _, point := range []string{"file-before-commit", "file-after-commit", "act-before-commit", "act-after-commit",
			"prompt-before-commit", "prompt-after-commit", "queue-before-commit", "queue-after-commit", "update-kept", "notification-sent-before-mark", "notification-sent-before-mark:3",
			"notification-marked", "card-sent-before-mark", "card-marked"} {
			t.Run(store.Name+" at "+point, func(t *testing.T) {
				t.Parallel()
				url := store.Migrated(t)
				file := "TEST_CHILD_FILE=" + filepath.Join(t.TempDir(), "sessions")
				wantKilled(t, child(t, point, "TEST_CHILD_DATABASE="+url, file))
				child(t, "", "TEST_CHILD_DATABASE="+url, file)
				db, ctx := storagetest.OpenURL(t, url), t.Context()
				c, err := db.Case(ctx, "ALT-2026-000001")
				if err != nil || len(c.Events) != 2 || c.Version != 2 {
					t.Errorf("case %+v, %v", c, err)
				}
				if all, err := db.Cases(ctx, storage.Filter{}); err != nil || len(all) != 1 {
					t.Errorf("%d cases, %v", len(all), err)
				}
				if p, err := db.Prompt(ctx, "p1"); err != nil || p.Version != 1 {
					t.Errorf("prompt %+v, %v", p, err)
				}
				if q, err := db.Queue(ctx, "q.20260908"); err != nil || len(q.Places) != 1 || q.Version != 2 {
					t.Errorf("queue %+v, %v", q, err)
				}
				if kept, err := db.KeptUpdates(ctx, 10); err != nil || len(kept) != 1 {
					t.Errorf("%d updates, %v", len(kept), err)
				}
				if counts, err := db.Counts(ctx); err != nil || counts["sent"] != 5 || counts["pending"] != 0 {
					t.Errorf("notifications %v, %v", counts, err)
				}
				if card, err := db.Card(ctx, c.Number, office); err != nil || card.Shown != 2 || card.Want != 2 {
					t.Errorf("card %+v, %v", card, err)
				}
			})
		}
	}
}

func TestKilledInADialogue(t *testing.T) {
	storagetest.RedisServer(t, func(storage.SessionsOptions) {
		for point, unsent := range map[string]bool{"session-before-write": false, "session-written": true, "replies-sent-before-mark": true} {
			t.Run(point, func(t *testing.T) {
				storagetest.RedisServer(t, func(o storage.SessionsOptions) {
					env := []string{"TEST_CHILD_DATABASE=" + storagetest.SQLite.Migrated(t), "TEST_CHILD_REDIS=" + o.URL, "TEST_CHILD_PREFIX=" + o.Prefix}
					wantKilled(t, child(t, point, env...))
					s := storagetest.OpenSessions(t, o)
					if _, is, err := s.Load(t.Context(), aigerim); err != nil || is != unsent {
						t.Errorf("after the kill: unsent %v, %v; want %v", is, err, unsent)
					}
					child(t, "", env...)
					if st, is, err := s.Load(t.Context(), aigerim); err != nil || is || st.Rev != 1 {
						t.Errorf("in the end: revision %d, unsent %v, %v", st.Rev, is, err)
					}
				})
			})
		}
	})
}

// A kill of the process with the embedded server takes nothing back that was saved: the file opens
// again, and the dialogue goes on.
func TestKilledWithTheEmbeddedServer(t *testing.T) {
	for _, point := range []string{"session-written", "replies-sent-before-mark"} {
		file := filepath.Join(t.TempDir(), "sessions")
		env := []string{"TEST_CHILD_DATABASE=" + storagetest.SQLite.Migrated(t), "TEST_CHILD_FILE=" + file}
		holds := func(when string, want bool) {
			t.Run(when, func(t *testing.T) {
				s := storagetest.OpenSessions(t, storage.SessionsOptions{File: file})
				if st, unsent, err := s.Load(t.Context(), aigerim); err != nil || unsent != want || !st.Knows("u5") || st.Rev != 1 {
					t.Errorf("state %+v, unsent %v, %v", st, unsent, err)
				}
			})
		}
		wantKilled(t, child(t, point, env...))
		holds("killed at "+point, true)
		child(t, "", env...)
		holds("after "+point, false)
	}
}
