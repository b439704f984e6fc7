package handlers

import (
	"context"
	"errors"
	"fmt"
	"time"

	"alt.edu.kz/dauys"
)

// Clocked are the cases that the clock has to look at.
type Clocked interface {
	// Waking lists the numbers of those whose time has come, which wait longest first.
	Waking(ctx context.Context, now time.Time, limit int) ([]string, error)
}

const (
	atOneLook = 200 // cases that the clock takes at a time
	mostTicks = 20  // moves of one case at a time; more would be a mistake in the table
)

// Tick does what the clock has to do with cases by now, in working hours: it warns, hands up,
// closes. What fell due while nobody looked is done now, once and in its order. Done tells that
// something was, so that there may be more at once. A case with which it cannot be done is left for
// the next look.
func (h *Handlers) Tick(ctx context.Context) (done bool, err error) {
	now := h.Now()
	if !h.University.Calendar.Open(now) {
		return false, nil
	}
	if err := h.settleMeetings(ctx); err != nil {
		return false, err
	}
	numbers, err := h.Storage.Waking(ctx, now, atOneLook)
	if err != nil {
		return false, fmt.Errorf("look for cases whose time has come: %w", err)
	}
	var errs []error
	for _, number := range numbers {
		if err := h.tick(ctx, number, now); err != nil {
			errs = append(errs, fmt.Errorf("clock of case %s: %w", number, err))
		}
	}
	return len(errs) < len(numbers), errors.Join(errs...)
}

// tick does what is due with one case.
func (h *Handlers) tick(ctx context.Context, number string, now time.Time) error {
	for range mostTicks {
		done := dauys.Act("")
		_, err := h.Storage.Act(ctx, number, "", "", now, func(c *dauys.Case, _ dauys.Staff) error {
			done = ""
			m, ok := c.Ticks(&h.University.Calendar, now)
			if !ok {
				c.Rewind(&h.University.Calendar)
				return nil
			}
			done = m.Act
			return c.Do(m, &h.University.Calendar)
		})
		if errors.Is(err, dauys.ErrConflict) { // somebody was faster; what they did may have settled it
			continue
		}
		if err != nil || done == "" {
			return err
		}
		h.Log.Info("case moved", "case", number, "act", done)
	}
	return errors.New("it does not come to an end")
}
