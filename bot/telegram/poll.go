package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/bot"
)

// pollTime is how long Telegram may wait for something to tell; it allows 50 seconds.
const pollTime = 45 * time.Second

// Intake is who takes updates.
type Intake interface {
	// LeadAlone looks after what was left behind until the context ends, while nobody else
	// takes updates; wait returns then.
	LeadAlone(ctx context.Context) (wait func())
	Handle(ctx context.Context, u bot.Update) error
	HandleRecorded(ctx context.Context, u bot.Update) error
	Unreadable(ctx context.Context, id string, raw []byte, cause error) error
}

// Poll asks Telegram for updates until the context ends. A batch is confirmed, by asking
// for what comes after it, only when the effects of all of it are stored; people of a batch
// are served side by side, one person's updates in order. The first batch is recorded
// before it is handled, so that an update which kills the process is put aside in the end.
func (t *Telegram) Poll(ctx context.Context, intake Intake) {
	defer intake.LeadAlone(ctx)()
	var offset int64
	take := intake.HandleRecorded
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
		next := t.sort(batch)
		for lines := next.lines; len(lines) > 0; {
			if lines, err = t.handle(ctx, intake, take, lines); err == nil {
				break
			}
			if ctx.Err() == nil {
				t.log.Error("updates wait: their effects cannot be stored", "people", len(lines), "error", err)
			}
			if pause(ctx, time.Second) != nil { // what came stays unconfirmed
				return
			}
		}
		take = intake.Handle
		if next.offset == offset { // not to ask the same at once, should ids ever make no sense
			if pause(ctx, time.Second) != nil {
				return
			}
		}
		offset = next.offset
	}
}

// got is one update as it came; err is why it cannot be read.
type got struct {
	id  string
	raw []byte
	u   bot.Update
	err error
}

// batch is what Telegram gave in one go: each person's updates in their order, and what to
// ask for next. That is counted from this batch alone: after a quiet week Telegram's ids
// begin anew, perhaps lower.
type batch struct {
	lines  [][]got
	offset int64
}

func (t *Telegram) sort(updates []json.RawMessage) (b batch) {
	people := map[dauys.Address]int{}
	for _, raw := range updates {
		g := got{raw: raw}
		if g.u, g.err = t.Decode(raw); g.err == nil {
			g.id = g.u.Update
		} else {
			var head struct {
				ID int64 `json:"update_id"`
			}
			_ = json.Unmarshal(raw, &head)
			g.id = fmt.Sprintf("%s:%d", Name, head.ID)
		}
		id, _ := strconv.ParseInt(strings.TrimPrefix(g.id, Name+":"), 10, 64)
		b.offset = max(b.offset, id+1)
		who := g.u.From
		if g.err == nil && who == "" {
			continue // nothing in Dauys reads it
		}
		n, known := people[who]
		if !known {
			n = len(b.lines)
			people[who] = n
			b.lines = append(b.lines, nil)
		}
		b.lines[n] = append(b.lines[n], g)
	}
	return b
}

// handle handles updates side by side, and tells what is left of them and why.
func (t *Telegram) handle(ctx context.Context, intake Intake, take func(context.Context, bot.Update) error, lines [][]got) (left [][]got, failed error) {
	var wg sync.WaitGroup
	errs := make([]error, len(lines))
	for i := range lines {
		wg.Go(func() {
			for len(lines[i]) > 0 && errs[i] == nil {
				if g := lines[i][0]; g.err != nil {
					errs[i] = intake.Unreadable(ctx, g.id, g.raw, g.err)
				} else {
					errs[i] = take(ctx, g.u)
				}
				if errs[i] == nil {
					lines[i] = lines[i][1:]
				}
			}
		})
	}
	wg.Wait()
	for i, err := range errs {
		if err != nil {
			left, failed = append(left, lines[i]), err
		}
	}
	return left, failed
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
		text := t.client.redact(errors.New(resp.Status + ": " + answer.Description)).Error()
		return nil, &pollError{text: text, after: time.Duration(answer.Parameters.RetryAfter) * time.Second}
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
