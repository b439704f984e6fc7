package handlers

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/notices"
)

// Jobs are the runs of what happens regularly: each slot belongs to one run, over all processes.
type Jobs interface {
	// ClaimSlot makes a run mine, with what has to be told by it, or tells that somebody has had it.
	ClaimSlot(ctx context.Context, job string, slot, now time.Time, plans []notices.Plan, notes ...dauys.Notification) (bool, error)
	// LastSlot is the latest run of a job, and when that was; zero: there was none.
	LastSlot(ctx context.Context, job string) (slot, claimed time.Time, err error)
}

// Schedule tells when a job runs next after a moment, by the clocks of the time that it is handed.
type Schedule func(after time.Time) time.Time

// The jobs. The structure file can change when they run, or turn them off.
const (
	DigestJob   = "digest"   // in the morning of a working day: how things stand in an office
	AdvisorsJob = "advisors" // who the record says is the advisor of which group
	WeeklyJob   = "weekly"   // the figures of last week, for who sees those of all offices

	// When the news come that people want to hear of once a day, and once a week. Nothing runs then.
	EveningNews = "news-evening"
	WeeklyNews  = "news-weekly"
)

// regular is what the jobs do. One that moves is held on the next working day when its own is a day
// off; the others are left out then.
var regular = []struct {
	name  string
	moves bool
	notes func(h *Handlers, ctx context.Context, before, slot, now time.Time) ([]dauys.Notification, error)
	plan  bool // what it tells is made into news: see newsJobs
}{
	{DigestJob, false, (*Handlers).digests, false},
	{WeeklyJob, true, (*Handlers).weekly, false},
	{AdvisorsJob, false, (*Handlers).advisorsJob, false},
	{UnseenJob, false, nil, true},
}

// RunJobs runs what is due, and tells whether anything was. A run that was missed is made up for once,
// as long as its working day is not over; of several the last.
func (h *Handlers) RunJobs(ctx context.Context) (ran bool, err error) {
	now := h.Now()
	for _, job := range regular {
		slot, due := h.slot(job.name, job.moves, now)
		if !due || !slot.After(h.ranLast(job.name)) {
			continue
		}
		last, before, err := h.Storage.LastSlot(ctx, job.name)
		if err != nil {
			return ran, fmt.Errorf("last run of %s: %w", job.name, err)
		}
		if slot.After(last) {
			var notes []dauys.Notification
			var plans []notices.Plan
			if job.plan {
				plans = append(plans, notices.Plan{ID: notices.JobPlan(job.name, slot), Source: notices.Job, Ref: job.name, Before: last, At: slot, Start: now})
			}
			if job.notes != nil {
				if notes, err = job.notes(h, ctx, before, slot, now); err != nil {
					return ran, fmt.Errorf("run %s: %w", job.name, err)
				}
			}
			mine, err := h.Storage.ClaimSlot(ctx, job.name, slot, now, plans, notes...)
			if err != nil {
				return ran, fmt.Errorf("run %s: %w", job.name, err)
			}
			if ran = ran || mine; mine {
				h.Log.Info("regular job", "job", job.name, "slot", slot, "notices", len(notes))
			}
		}
		h.jobsMu.Lock()
		if h.jobsRan == nil {
			h.jobsRan = map[string]time.Time{}
		}
		h.jobsRan[job.name] = slot
		h.jobsMu.Unlock()
	}
	return ran, nil
}

// JobsDue tells whether a run has come that this process does not know to be done.
func (h *Handlers) JobsDue() bool {
	now := h.Now()
	for _, job := range regular {
		if slot, due := h.slot(job.name, job.moves, now); due && slot.After(h.ranLast(job.name)) {
			return true
		}
	}
	return false
}

func (h *Handlers) ranLast(job string) time.Time {
	h.jobsMu.Lock()
	defer h.jobsMu.Unlock()
	return h.jobsRan[job]
}

// slot is the last run of a job that has come by now and may still be made.
func (h *Handlers) slot(job string, moves bool, now time.Time) (slot time.Time, due bool) {
	next := h.Schedules[job]
	cal := &h.University.Calendar
	opens, closes := cal.Hours(now)
	if next == nil || !cal.Working(now) || !now.Before(closes) {
		return slot, false
	}
	today := cal.Midnight(now)
	from := today
	if moves {
		from = cal.Midnight(cal.OpeningBefore(now)).AddDate(0, 0, 1)
	}
	for at := next(from.Add(-time.Nanosecond)); !at.IsZero() && !at.After(now); at = next(at) {
		slot = at
	}
	if slot.IsZero() || slot.Before(today) && now.Before(opens) {
		return slot, false
	}
	return slot, true
}

// daily is the body of a dauys.Daily notice: messages that say nothing any more after a time.
type daily struct {
	Until   time.Time   `json:"until"`
	Replies []ask.Reply `json:"replies"`
}

// forToday is a notice to an office that is worth nothing tomorrow.
func (h *Handlers) forToday(key string, o dauys.OfficeID, now time.Time, replies ...ask.Reply) dauys.Notification {
	_, closes := h.University.Calendar.Hours(now)
	body, _ := json.Marshal(daily{closes, replies}) // strings and a time of our calendar: cannot fail
	return dauys.Notification{Key: key + "/" + string(o), What: dauys.Daily, Office: o, Body: string(body)}
}

// dailyNotice says it, unless its day is over.
func (h *Handlers) dailyNotice(n dauys.Notification) ([]ask.Reply, error) {
	var d daily
	if err := json.Unmarshal([]byte(n.Body), &d); err != nil {
		return nil, fmt.Errorf("notice %s: %w", n.Key, err)
	}
	if !h.Now().Before(d.Until) {
		return nil, nil
	}
	return d.Replies, nil
}

// slotKey is the beginning of the keys of what a run tells.
func slotKey(job string, slot time.Time) string { return job + "/" + slot.UTC().Format(time.RFC3339) }
