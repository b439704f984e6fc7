package bot

import (
	"context"
	"log/slog"
	"runtime/debug"

	"alt.edu.kz/dauys/handlers"
)

// Ticker lets the clock do with cases what falls due. One process at a time runs it.
type Ticker struct {
	Handlers *handlers.Handlers
	Settings Settings
	Log      *slog.Logger
	Done     func() // told after something was done, of which people will hear; nil: nobody

	wake chan struct{}
}

// NewTicker readies a ticker.
func NewTicker(h *handlers.Handlers, s Settings, log *slog.Logger, done func()) *Ticker {
	return &Ticker{Handlers: h, Settings: s.WithDefaults(), Log: quiet(log), Done: done, wake: make(chan struct{}, 1)}
}

// Look tells that the time may have come for something; it never waits.
func (t *Ticker) Look() {
	select {
	case t.wake <- struct{}{}:
	default:
	}
}

// Run looks every now and then until the context ends.
func (t *Ticker) Run(ctx context.Context) {
	for ctx.Err() == nil {
		if t.tick(ctx) {
			continue
		}
		again, cancel := context.WithTimeout(ctx, t.Settings.Poll)
		select {
		case <-t.wake:
		case <-again.Done():
		}
		cancel()
	}
}

// tick is one look. Done tells that something was done, so that there may be more at once. A case with
// which it cannot be done is left for the next look, and stands in nobody's way.
func (t *Ticker) tick(ctx context.Context) (done bool) {
	if err := safely(func() error { return t.Handlers.SettleMeetings(ctx) }); err != nil && ctx.Err() == nil {
		t.Log.Error("decisions of a meeting wait", "error", err)
	}
	if err := safely(func() error { return t.Handlers.SettleQueues(ctx) }); err != nil && ctx.Err() == nil {
		t.Log.Error("the end of a queue waits", "error", err)
	}
	if err := safely(func() error { return t.Handlers.SettleAbsences(ctx) }); err != nil && ctx.Err() == nil {
		t.Log.Error("an absence waits", "error", err)
	}
	numbers, err := t.Handlers.Waking(ctx)
	if err != nil && ctx.Err() == nil {
		t.Log.Error("the clock of the cases waits", "error", err)
	}
	for _, number := range numbers {
		if err := safely(func() error { return t.Handlers.Tick(ctx, number) }); err == nil {
			done = true
		} else if ctx.Err() == nil {
			t.Log.Error("clock of a case", "case", number, "error", err)
		}
	}
	if !done { // a digest tells how things stand after that
		if err := safely(func() (err error) { done, err = t.Handlers.RunJobs(ctx); return err }); err != nil && ctx.Err() == nil {
			t.Log.Error("a regular job waits", "error", err)
		}
	}
	if done && t.Done != nil {
		t.Done()
	}
	return done
}

// safely does something in which a mistake must not end the process that answers people.
func safely(do func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &panicked{at: where(debug.Stack())}
		}
	}()
	return do()
}
