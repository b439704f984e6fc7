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

// Waking lists the cases with which the clock has something to do by now, which is in working hours
// alone.
func (h *Handlers) Waking(ctx context.Context) ([]string, error) {
	now := h.Now()
	if !h.University.Calendar.Open(now) {
		return nil, nil
	}
	numbers, err := h.Storage.Waking(ctx, now, atOneLook)
	if err != nil {
		return nil, fmt.Errorf("look for cases whose time has come: %w", err)
	}
	return numbers, nil
}

// Tick does what the clock has to do with a case by now: it warns, hands up, closes. What fell due
// while nobody looked is done now, once and in its order.
func (h *Handlers) Tick(ctx context.Context, number string) error {
	now := h.Now()
	for range mostTicks {
		done := dauys.Act("")
		_, err := h.Storage.Act(ctx, number, "", "", now, func(c *dauys.Case, _ dauys.Staff) error {
			done = ""
			c.Adopt(h.University)
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
	return errors.New("the clock comes to no end with it")
}
