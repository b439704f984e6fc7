package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/bot"
)

// pollTime is how long Telegram may wait for something to tell; it allows 50 seconds.
const pollTime = 45 * time.Second

// Intake is who takes updates.
type Intake interface {
	Handle(ctx context.Context, u bot.Update) error
	Record(ctx context.Context, u bot.Update) (aside bool, err error)
	Recorded(ctx context.Context, u bot.Update) error
}

// Poll asks Telegram for updates until the context ends. A batch is confirmed, by asking
// for what comes after it, only when the effects of all of it are stored; people of a batch
// are served side by side, one person's updates in order. The first batch is recorded
// before it is handled, so that an update which kills the process is put aside in the end.
func (t *Telegram) Poll(ctx context.Context, intake Intake) {
	var offset int64
	first := true
	trouble := time.Duration(0)
	for ctx.Err() == nil {
		batch, err := t.updates(ctx, offset)
		if err != nil {
			if ctx.Err() != nil {
				return
			}
			trouble = min(max(2*trouble, 500*time.Millisecond), 15*time.Second)
			t.log.Warn("ask for updates", "error", t.client.redact(err), "again", trouble)
			if pause(ctx, max(trouble, retryAfter(err))) != nil {
				return
			}
			continue
		}
		trouble = 0
		if len(batch) == 0 {
			continue
		}
		for t.batch(ctx, intake, batch, first) != nil {
			if pause(ctx, time.Second) != nil { // nothing can be stored: what came stays unconfirmed
				return
			}
		}
		first = false
		for _, raw := range batch {
			var id struct {
				ID int64 `json:"update_id"`
			}
			if json.Unmarshal(raw, &id) == nil {
				offset = max(offset, id.ID+1)
			}
		}
	}
}

// batch handles updates and returns when all are done, or the first error.
func (t *Telegram) batch(ctx context.Context, intake Intake, batch []json.RawMessage, record bool) error {
	people := map[dauys.Address][]bot.Update{}
	for _, raw := range batch {
		u, err := t.Decode(raw)
		if err != nil {
			t.log.Error("update cannot be read and is passed over", "error", err)
			continue
		}
		if u.From != "" {
			people[u.From] = append(people[u.From], u)
		}
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	var failed error
	for _, theirs := range people {
		wg.Go(func() {
			for _, u := range theirs {
				if err := handle(ctx, intake, u, record); err != nil {
					mu.Lock()
					failed = err
					mu.Unlock()
					if ctx.Err() == nil {
						t.log.Error("update waits: its effects cannot be stored", "update", u.Update, "error", err)
					}
					return
				}
			}
		})
	}
	wg.Wait()
	return failed
}

func handle(ctx context.Context, intake Intake, u bot.Update, record bool) error {
	if !record {
		return intake.Handle(ctx, u)
	}
	if aside, err := intake.Record(ctx, u); err != nil || aside {
		return err
	}
	if err := intake.Handle(ctx, u); err != nil {
		return err
	}
	return intake.Recorded(ctx, u)
}

// pollError is a refusal by the server.
type pollError struct {
	text  string
	after time.Duration
}

func (e *pollError) Error() string { return e.text }

func retryAfter(err error) time.Duration {
	if e, ok := err.(*pollError); ok {
		return e.after
	}
	return 0
}

// updates asks once. The answer's updates stay raw, so that one which cannot be read
// spoils no other.
func (t *Telegram) updates(ctx context.Context, offset int64) ([]json.RawMessage, error) {
	ask, err := json.Marshal(map[string]any{"offset": offset, "timeout": int(pollTime / time.Second), "allowed_updates": received})
	if err != nil {
		return nil, fmt.Errorf("telegram: ask for updates: %w", err)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, t.client.server+"/bot"+t.client.token+"/getUpdates", bytes.NewReader(ask))
	if err != nil {
		return nil, fmt.Errorf("telegram: ask for updates: %w", t.client.redact(err))
	}
	r.Header.Set("Content-Type", "application/json")
	resp, err := t.client.poll.Do(r)
	if err != nil {
		return nil, fmt.Errorf("telegram: ask for updates: %w", t.client.redact(err))
	}
	defer func() { _ = resp.Body.Close() }()
	var answer struct {
		OK          bool              `json:"ok"`
		Result      []json.RawMessage `json:"result"`
		Description string            `json:"description"`
		Parameters  struct {
			RetryAfter int `json:"retry_after"`
		} `json:"parameters"`
	}
	if err := json.NewDecoder(http.MaxBytesReader(nil, resp.Body, maxResponse)).Decode(&answer); err != nil {
		return nil, fmt.Errorf("telegram: ask for updates: %s: %w", resp.Status, t.client.redact(err))
	}
	if !answer.OK {
		return nil, &pollError{text: resp.Status + ": " + answer.Description, after: time.Duration(answer.Parameters.RetryAfter) * time.Second}
	}
	return answer.Result, nil
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
