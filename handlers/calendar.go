package handlers

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
)

// Days are the days of the calendar that administrators have changed.
type Days interface {
	DayEdits(ctx context.Context) ([]DayEdit, error)
	DaysVersion(ctx context.Context) (int64, error) // another one: they have changed
	ChangeDays(ctx context.Context, c DaysChange) (DaysChanged, error)
	// AllOpen lists some open cases of all offices, the newest first: those older than the one
	// with a number, or the first ones.
	AllOpen(ctx context.Context, before string) ([]*dauys.Case, error)
}

// DayEdit is a day that was changed.
type DayEdit struct {
	dauys.DayEdit
	By     dauys.Address
	ByName string
	At     time.Time
}

// DaysChange is what an administrator does with days: some are edited, of others the edit is
// taken back. The same cause changes days once.
type DaysChange struct {
	Cause  string
	By     dauys.Address
	At     time.Time
	Edit   []dauys.DayEdit
	Forget []string
}

// DaysChanged is a change that is stored: its number, and all edits as it found and left them.
type DaysChanged struct {
	N             int64
	At            time.Time
	Before, After []dauys.DayEdit
}

const (
	weeksShown = 8  // of the days to come
	spanDays   = 31 // that can be changed at once
	nameOfDay  = 80 // characters
)

// LoadDays lays the stored edits over the calendar if they have changed since the last time.
func (h *Handlers) LoadDays(ctx context.Context) error {
	h.days.Lock()
	defer h.days.Unlock()
	version, err := h.Storage.DaysVersion(ctx) // before the edits: these may be newer, never older
	if err != nil {
		return fmt.Errorf("look whether the calendar has changed: %w", err)
	}
	if version == h.daysSeen {
		return nil
	}
	stored, err := h.Storage.DayEdits(ctx)
	if err != nil {
		return fmt.Errorf("load the edits of the calendar: %w", err)
	}
	edits := make([]dauys.DayEdit, len(stored))
	for i, e := range stored {
		edits[i] = e.DayEdit
	}
	if err := h.University.Calendar.Edit(edits); err != nil {
		return err
	}
	h.daysSeen = version
	return nil
}

// daysForm is a day or a span of days, what to do with them, and their name.
var daysForm = regexp.MustCompile(`(?s)^(\d{4}-\d{1,2}-\d{1,2}|\d{1,2}\.\d{1,2}\.\d{4})` +
	`(?:\s*(?:\.{2,}|…|–|—|-)\s*(\d{4}-\d{1,2}-\d{1,2}|\d{1,2}\.\d{1,2}\.\d{4}))?(?:\s+(\S+))?(?:\s+(.*))?$`)

// calendar shows the days to come that do not follow the week, or changes days.
func (h *Handlers) calendar(ctx context.Context, t *Turn) error {
	say := func(lines ...ask.Line) error {
		t.Say(ask.Reply{Text: h.Book.Lines(t.Lang(), lines...)})
		return nil
	}
	arg := strings.TrimSpace(t.Arg)
	if arg == "" {
		lines, err := h.daysToCome(ctx)
		if err != nil {
			return err
		}
		return say(lines...)
	}
	m := daysForm.FindStringSubmatch(arg)
	if m == nil {
		return say(locales.CalendarDate())
	}
	first, ok := h.date(m[1])
	last, ok2 := first, true
	if m[2] != "" {
		last, ok2 = h.date(m[2])
	}
	do, known := h.dayWord(m[3])
	now := h.Now()
	var change []string
	for d := first; !d.After(last) && len(change) <= spanDays; d = d.AddDate(0, 0, 1) {
		change = append(change, d.Format(time.DateOnly))
	}
	switch {
	case !ok || !ok2 || last.Before(first):
		return say(locales.CalendarDate())
	case !known:
		return say(locales.CalendarWhat())
	case change[0] < h.day(now):
		return say(locales.CalendarPast())
	case len(change) > spanDays:
		return say(locales.CalendarLong(spanDays))
	}
	c := DaysChange{Cause: t.Update, By: t.From, At: now}
	what := locales.DayAsInFile()
	if do == "file" {
		c.Forget = change
	} else {
		name := locales.Shorten(strings.Join(strings.Fields(m[4]), " "), nameOfDay)
		what = locales.DayIs(do == "work", name)
		for _, d := range change {
			c.Edit = append(c.Edit, dauys.DayEdit{Day: d, Works: do == "work", Name: name})
		}
	}
	done, err := h.Storage.ChangeDays(ctx, c)
	if err != nil {
		return fmt.Errorf("change days: %w", err)
	}
	if do == "file" && !slices.ContainsFunc(done.Before, func(e dauys.DayEdit) bool { return slices.Contains(change, e.Day) }) {
		return say(locales.CalendarUnedited())
	}
	if err := h.LoadDays(ctx); err != nil {
		return err
	}
	moved, err := h.recount(ctx, done)
	if err != nil {
		return err
	}
	h.Log.Info("calendar changed", "change", done.N, "days", len(change), "cases", moved, "update", t.Update)
	return say(locales.CalendarSet(first, last, what), locales.CalendarMoved(moved))
}

// date reads a date as it is written in the structure file, or with dots.
func (h *Handlers) date(s string) (time.Time, bool) {
	for _, form := range []string{"2006-1-2", "2.1.2006"} {
		if d, err := time.ParseInLocation(form, s, h.University.Calendar.Zone()); err == nil {
			return d, true
		}
	}
	return time.Time{}, false
}

// dayWord is what a word says of a day, in any language: it is off, it works, or it is again as
// in the file.
func (h *Handlers) dayWord(typed string) (do string, ok bool) {
	typed = locales.Fold(typed)
	for _, do := range []string{"off", "work", "file"} {
		for _, l := range dauys.Langs {
			for word := range strings.SplitSeq(h.Book.Plain(l, locales.CalendarWords(do)), ";") {
				if typed != "" && locales.Fold(word) == typed {
					return do, true
				}
			}
		}
	}
	return "", false
}

// recount gives the open cases their due times under the days as a change has left them. It may
// be done again, when it was cut short: each case is moved by it once. Who was filed after the
// change was given the new days.
func (h *Handlers) recount(ctx context.Context, done DaysChanged) (moved int, err error) {
	before, after := h.University.Calendar.Apart(), h.University.Calendar.Apart()
	if err := before.Edit(done.Before); err != nil {
		return 0, err
	}
	if err := after.Edit(done.After); err != nil {
		return 0, err
	}
	cause := fmt.Sprintf("calendar/%d", done.N)
	for last := ""; ; {
		some, err := h.Storage.AllOpen(ctx, last)
		if err != nil {
			return moved, fmt.Errorf("open cases: %w", err)
		}
		if len(some) == 0 {
			return moved, nil
		}
		for _, c := range some {
			last = c.Number
			if c.Caused(cause) {
				moved++
				continue
			}
			if c.Filed.After(done.At) {
				continue
			}
			wake := c.Wake
			ends := c.Recount(before, after, done.At)
			if c.Rewind(&h.University.Calendar); !ends && c.Wake.Equal(wake) {
				continue
			}
			_, err := h.Storage.Act(ctx, c.Number, "", cause, h.Now(), func(c *dauys.Case, _ dauys.Staff) error {
				if ends = c.Recount(before, after, done.At); !ends { // but the clock has another day to look at it
					c.Rewind(&h.University.Calendar)
					return nil
				}
				return c.Do(dauys.Move{Act: dauys.Recount, By: dauys.TheClock, Cause: cause, At: h.Now()}, &h.University.Calendar)
			})
			if err != nil {
				return moved, fmt.Errorf("recount case %s: %w", c.Number, err)
			}
			if ends {
				moved++
			}
		}
	}
}

// daysToCome are the days to come that do not follow the week, those that were changed, and how
// to change one.
func (h *Handlers) daysToCome(ctx context.Context) ([]ask.Line, error) {
	now := h.Now()
	lines := []ask.Line{locales.CalendarHead(weeksShown)}
	special := h.University.Calendar.Special(now, now.AddDate(0, 0, 7*weeksShown))
	h.spans(len(special), func(i int) dauys.DayEdit { return special[i] }, nil, func(first, last time.Time, i int) {
		lines = append(lines, locales.CalendarItem(first, last, locales.DayIs(special[i].Works, special[i].Name)))
	})
	if len(special) == 0 {
		lines = append(lines, locales.CalendarNone())
	}
	edits, err := h.Storage.DayEdits(ctx)
	if err != nil {
		return nil, fmt.Errorf("edits of the calendar: %w", err)
	}
	edits = slices.DeleteFunc(edits, func(e DayEdit) bool { return e.Day < h.day(now) })
	if len(edits) > 0 {
		lines = append(lines, locales.CalendarEdits())
	}
	together := func(i, j int) bool { return edits[i].By == edits[j].By && edits[i].At.Equal(edits[j].At) }
	h.spans(len(edits), func(i int) dauys.DayEdit { return edits[i].DayEdit }, together, func(first, last time.Time, i int) {
		e := edits[i]
		lines = append(lines, locales.CalendarEdit(first, last, locales.DayIs(e.Works, e.Name), e.ByName, e.At))
	})
	return append(lines, locales.CalendarHow()), nil
}

// spans goes through days in their order and tells each run of days one after another of which
// the same is said, with the index of its first.
func (h *Handlers) spans(n int, day func(int) dauys.DayEdit, together func(i, j int) bool, tell func(first, last time.Time, i int)) {
	for i := 0; i < n; {
		e := day(i)
		first, _ := h.date(e.Day)
		last, j := first, i+1
		for ; j < n && (together == nil || together(i, j)); j++ {
			next, e2 := last.AddDate(0, 0, 1), day(j)
			if e2.Works != e.Works || e2.Name != e.Name || e2.Day != next.Format(time.DateOnly) {
				break
			}
			last = next
		}
		tell(first, last, i)
		i = j
	}
}
