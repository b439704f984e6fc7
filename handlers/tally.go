package handlers

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
)

// StepCount is what happened at one step of a conversation on one day, in one language. It
// is all that is kept of it: nobody's address, no answer.
type StepCount struct {
	Day  string // 2026-11-23, in Almaty
	Flow string
	Step string // the question; review and sent come after the last of them
	Lang string
	What string
}

// What is counted at a step.
const (
	Reached   = "reached"   // a person got there for the first time in this draft
	Cancelled = "cancelled" // they deleted the draft there
	Silent    = "silent"    // they did nothing for so long that they were reminded
	Expired   = "expired"   // they never came back
)

// Where a conversation is when no question is open.
const (
	atReview = "review"
	atSent   = "sent"
)

// Steps are the counts, in the storage.
type Steps interface {
	AddSteps(ctx context.Context, counts map[StepCount]int) error
	Steps(ctx context.Context, since string) (map[StepCount]int, error) // added up over the days
}

// Tally counts in memory, because a step of a dialogue asks nothing of the database; now and
// then somebody calls Flush. What was counted since is lost with the process.
type Tally struct {
	mu sync.Mutex
	n  map[StepCount]int
}

// Add counts one. A nil Tally counts nothing.
func (t *Tally) Add(c StepCount) {
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.n == nil {
		t.n = map[StepCount]int{}
	}
	t.n[c]++
}

// Flush hands what was counted to the storage; what it does not take is counted on.
func (t *Tally) Flush(ctx context.Context, to Steps) error {
	t.mu.Lock()
	counts := t.n
	t.n = nil
	t.mu.Unlock()
	if len(counts) == 0 {
		return nil
	}
	err := to.AddSteps(ctx, counts)
	if err == nil {
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.n == nil {
		t.n = map[StepCount]int{}
	}
	for c, n := range counts {
		t.n[c] += n
	}
	return fmt.Errorf("count steps: %w", err)
}

// day is today's date where the university is.
func (h *Handlers) day(at time.Time) string {
	return at.In(h.University.Calendar.Zone()).Format(time.DateOnly)
}

// place is where a conversation is, and how far that is.
func place(f ask.Flow, s ask.Session) (step string, far int) {
	switch s.Phase {
	case ask.Sending, ask.Done:
		return atSent, len(f.Steps) + 2
	case ask.Reviewing:
		return atReview, len(f.Steps) + 1
	}
	i := slices.IndexFunc(f.Steps, func(st ask.Step) bool { return st.Key == s.Asked })
	return s.Asked, i + 1
}

// reached counts where a conversation has got to, once for each place.
func (h *Handlers) reached(t *Turn, f ask.Flow, s *ask.Session) {
	step, far := place(f, *s)
	if far <= s.Far {
		return
	}
	s.Far = far
	h.Tally.Add(StepCount{h.day(h.Now()), f.Name, step, t.State.Lang, Reached})
}

// stopped counts where somebody does not go on.
func (h *Handlers) stopped(t *Turn, s ask.Session, what string) {
	f, ok := flows.Find(s)
	if !ok {
		return
	}
	step, _ := place(f, s)
	if step == "" { // asked whether to delete it, at the review
		step = atReview
	}
	h.Tally.Add(StepCount{h.day(h.Now()), f.Name, step, t.State.Lang, what})
}

// stepsShown is how many days the list of steps covers.
const stepsShown = 30

// steps shows an administrator where people stop.
func (h *Handlers) steps(ctx context.Context, t *Turn) error {
	if err := h.Tally.Flush(ctx, h.Storage); err != nil {
		return err
	}
	counts, err := h.Storage.Steps(ctx, h.day(h.Now().AddDate(0, 0, -stepsShown)))
	if err != nil {
		return fmt.Errorf("steps: %w", err)
	}
	lines := []ask.Line{locales.StepsHead(stepsShown)}
	for _, f := range flows.All {
		sum := map[string]map[string]int{} // step → what → how often
		langs := map[string]int{}
		for c, n := range counts {
			if c.Flow != f.Name {
				continue
			}
			if sum[c.Step] == nil {
				sum[c.Step] = map[string]int{}
			}
			sum[c.Step][c.What] += n
			if c.Step == atSent && c.What == Reached {
				langs[c.Lang] += n
			}
		}
		if len(sum) == 0 {
			continue
		}
		lines = append(lines, locales.StepsOf(f.Name))
		for _, st := range f.Steps {
			if at := sum[st.Key]; at != nil && !st.Hidden {
				lines = append(lines, locales.StepItem(f.Called(st.Key), at[Reached], at[Cancelled], at[Silent], at[Expired]))
			}
		}
		if at := sum[atReview]; at != nil {
			lines = append(lines, locales.StepReview(at[Reached], at[Cancelled], at[Silent], at[Expired]))
		}
		lines = append(lines, locales.StepSent(sum[atSent][Reached]))
		for _, l := range slices.Sorted(maps.Keys(langs)) {
			lines = append(lines, locales.StepLang(dauys.Lang(l), langs[l]))
		}
	}
	if len(lines) == 1 {
		lines = append(lines, locales.StepsNone())
	}
	t.Say(ask.Reply{Text: h.Book.Lines(t.Lang(), lines...)})
	return nil
}
