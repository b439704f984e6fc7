package main

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/handlers"
)

// TestKilledBehindAnUpload kills the bot when Telegram has a document and nobody has noted it: the
// document comes at most twice, and what follows it once, in its place.
func TestKilledBehindAnUpload(t *testing.T) {
	for _, pair := range pairs(t) {
		t.Run(pair.name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			sim, server, chats := newSimulator(t, nil)
			sim.Started(aigerim)
			env := append(settingsFor(t, server, pair.env(t)...), "LEASE=300ms")
			db := bindAll(ctx, t, env, chats)
			minutes := dauys.Blob{ID: "minutes-7", Name: "minutes.pdf", MIME: "application/pdf", Data: []byte("%PDF of session 7"), At: monday}
			note := func(key string, r ask.Reply, blobs ...dauys.Blob) dauys.Notification {
				body, err := json.Marshal(r)
				if err != nil {
					t.Fatal(err)
				}
				return dauys.Notification{Key: key, To: telegramAddress(aigerim), What: dauys.Ready, Body: string(body), Blobs: blobs}
			}
			document := ask.Reply{Files: []ask.File{handlers.Document(minutes, "Session 7")}}
			if err := db.Notify(ctx, note("one", document, minutes), note("two", ask.Reply{Text: "after"}), note("three", document)); err != nil {
				t.Fatal(err)
			}
			first := spawn(t, append(env, "DAUYS_CRASH=file-uploaded:1"))
			select {
			case <-first.done:
			case <-ctx.Done():
				t.Fatalf("the bot does not die: %s", first.log)
			}
			next := spawn(t, env)
			rest(ctx, t, db)
			next.terminate(t)
			var got []string
			refs := map[string]bool{}
			for _, m := range sim.Messages(aigerim) {
				switch {
				case m.File != nil:
					got = append(got, fmt.Sprintf("%s %s %s", m.File.Name, m.Text, m.File.Data))
					refs[m.File.ID] = true
				case m.Text == "after":
					got = append(got, m.Text)
				}
			}
			paper := "minutes.pdf Session 7 %PDF of session 7"
			if want := []string{paper, paper, "after", paper}; fmt.Sprint(got) != fmt.Sprint(want) || len(refs) != 2 {
				t.Errorf("came %q with %d names, want %q with 2", got, len(refs), want)
			}
		})
	}
}
