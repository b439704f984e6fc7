package handlers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/notices"
)

// Jobs are the runs of what happens regularly: each slot belongs to one run, over all processes.
type Jobs interface {
	// ClaimSlot makes a run mine, with what has to be told by it, or tells that somebody has had it.
	ClaimSlot(ctx context.Context, job string, slot, now time.Time, plans []notices.Plan, notes ...dauys.Notification) (bool, error)
	// LastSlot is the latest run of a job by a time, and when it was claimed; zero: there was none. What the
	// clock has run ahead of is not asked for when it goes back.
	LastSlot(ctx context.Context, job string, by time.Time) (slot, claimed time.Time, err error)
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

// Missed is what becomes of a run that was missed because no process was there.
type Missed string

// What becomes of a run. Of several that were missed it is always the last one alone.
const (
	// ThatDay: it is made up for as long as its working day is not over. On a day off there is none.
	ThatDay Missed = "that-day"
	// NextDay is the same, but on a day off it moves to the next working day.
	NextDay Missed = "next-day"
	// Once: it is made up for once, whenever that is, on any day and at any hour.
	Once Missed = "once"
	// Late: it is made up for on any day, but not when it is late by more than [Job].Late.
	Late Missed = "late"
	// TimeOnly: nothing runs; it is only a time.
	TimeOnly Missed = "time"
)

// Job is something that happens regularly.
type Job struct {
	Name string
	// Usual is when it runs if the structure file does not say: a cron expression. Where Of stands it is
	// when before or after an event: see [notices.ParseLeads].
	Usual  string
	Of     string // what a lead is counted from, in words; empty: from nothing
	Does   string // in words
	Missed Missed
	Late   time.Duration
	notes  func(h *Handlers, ctx context.Context, before, slot, now time.Time) ([]dauys.Notification, error)
	plan   bool // what it tells is made into news: see newsJobs. So it is of every one that has an Of
}

// regular are the jobs.
var regular = []Job{
	{Name: DigestJob, Usual: "30 8 * * *", Does: "how things stand, to every office", Missed: ThatDay, notes: (*Handlers).digests},
	{Name: WeeklyJob, Usual: "0 9 * * 1", Does: "the figures of last week, to the offices that see them", Missed: NextDay, notes: (*Handlers).weekly},
	{Name: AdvisorsJob, Usual: "0 7 * * *", Does: "takes over from the record who is the advisor of which group", Missed: ThatDay, notes: (*Handlers).advisorsJob},
	{Name: WatchJob, Usual: "0 9 * * *", Does: "tells the registrar what should have come and has not", Missed: ThatDay, notes: (*Handlers).watchRecord},
	{Name: AdvisedJob, Usual: "30 8 * * 1", Does: "how their groups are, to advisors", Missed: NextDay, plan: true},
	{Name: SheetsJob, Usual: "30 9 * * *", Does: "reminds teachers of grade sheets that are to be closed", Missed: ThatDay, plan: true},
	{Name: SessionJob, Usual: "15 9 * * 1", Does: "how the session goes, to the administration", Missed: NextDay, notes: (*Handlers).sessionForOffices, plan: true},
	{Name: UnseenJob, Usual: "0 10 * * *", Does: "reminds students of orders that they have not confirmed as read", Missed: ThatDay, plan: true},
	{Name: EveningNews, Usual: "0 19 * * *", Does: "the news of those who want them once a day", Missed: TimeOnly},
	{Name: WeeklyNews, Usual: "0 18 * * 0", Does: "the news of those who want them once a week", Missed: TimeOnly},
}

// RegularJobs are the jobs, as they stand in the table.
func RegularJobs() []Job { return slices.Concat(regular, reminders) }

const (
	// lookBack is how long ago a run may have been to be missed at all.
	lookBack = 35 * 24 * time.Hour
	// onTime is how late a run may be and still be one that nobody has missed.
	onTime = 10 * time.Minute
)

// RunJobs runs what is due, and tells whether anything was. What becomes of runs that were missed is said
// with each job. One that has never run makes up for nothing.
func (h *Handlers) RunJobs(ctx context.Context) (ran bool, err error) {
	h.jobsPass.Lock()
	defer h.jobsPass.Unlock()
	now := h.Now()
	var failed error
	for _, job := range RegularJobs() {
		slot, due := h.slot(job, now)
		if !due || !slot.After(h.ranLast(job.Name, now)) {
			continue
		}
		var mine bool
		if err := Guarded(func() (err error) { mine, err = h.runJob(ctx, job, slot, now); return err }); err != nil {
			failed = errors.Join(failed, fmt.Errorf("run %s: %w", job.Name, err)) // the others do not wait for it
			continue
		}
		ran = ran || mine
		h.jobsMu.Lock()
		if h.jobsRan == nil {
			h.jobsRan = map[string]time.Time{}
		}
		h.jobsRan[job.Name] = slot
		h.jobsMu.Unlock()
	}
	return ran, failed
}

// runJob makes a run, if nobody has made it or a later one.
func (h *Handlers) runJob(ctx context.Context, job Job, slot, now time.Time) (mine bool, err error) {
	last, before, err := h.Storage.LastSlot(ctx, job.Name, now)
	if err != nil || !slot.After(last) {
		return false, err
	}
	late := now.Sub(slot)
	if job.anyDay() && last.IsZero() && late > onTime || job.Missed == Late && late > job.Late {
		if mine, err = h.Storage.ClaimSlot(ctx, job.Name, slot, now, nil); err == nil && mine {
			h.Log.Info("a regular job was left out", "job", job.Name, "slot", slot, "late", late)
		}
		return mine, err
	}
	var notes []dauys.Notification
	var plans []notices.Plan
	if job.plan || job.Of != "" {
		p := notices.Plan{ID: notices.JobPlan(job.Name, slot), Source: notices.Job, Ref: job.Name, Before: last, At: slot, Start: now}
		worth := true
		if job.Of != "" { // most looks find nothing
			found, err := newsJobs[job.Name](h, ctx, h.newAudience(), p)
			if err != nil {
				return false, err
			}
			worth = len(found) > 0
		}
		if worth {
			plans = append(plans, p)
		}
	}
	if job.notes != nil {
		if notes, err = job.notes(h, ctx, before, slot, now); err != nil {
			return false, err
		}
	}
	if mine, err = h.Storage.ClaimSlot(ctx, job.Name, slot, now, plans, notes...); err == nil && mine {
		h.Log.Info("regular job", "job", job.Name, "slot", slot, "notices", len(notes), "plans", len(plans))
	}
	return mine, err
}

// JobsDue tells whether a run has come that this process does not know to be done.
func (h *Handlers) JobsDue() bool {
	now := h.Now()
	for _, job := range RegularJobs() {
		if slot, due := h.slot(job, now); due && slot.After(h.ranLast(job.Name, now)) {
			return true
		}
	}
	return false
}

// ranLast is the latest run that this process knows of. One that the clock had run ahead for does not count
// after it was put back.
func (h *Handlers) ranLast(job string, now time.Time) time.Time {
	h.jobsMu.Lock()
	defer h.jobsMu.Unlock()
	if last := h.jobsRan[job]; !last.After(now) {
		return last
	}
	return time.Time{}
}

// anyDay tells whether a job runs on days off, too.
func (j Job) anyDay() bool { return j.Missed == Once || j.Missed == Late }

// slot is the last run of a job that has come by now and may still be made.
func (h *Handlers) slot(job Job, now time.Time) (slot time.Time, due bool) {
	next := h.Schedules[job.Name]
	if next == nil || job.Missed == TimeOnly {
		return slot, false
	}
	cal := &h.University.Calendar
	today := cal.Midnight(now)
	opens, closes := cal.Hours(now)
	from := today
	switch {
	case job.anyDay():
		from = now.Add(-lookBack)
		if ran := h.ranLast(job.Name, now); ran.After(from) {
			from = ran
		}
	case !cal.Working(now) || !now.Before(closes):
		return slot, false
	case job.Missed == NextDay:
		from = cal.Midnight(cal.OpeningBefore(now)).AddDate(0, 0, 1)
	}
	for at := next(from.Add(-time.Nanosecond)); !at.IsZero() && !at.After(now); at = next(at) {
		slot = at
	}
	if slot.IsZero() || !job.anyDay() && slot.Before(today) && now.Before(opens) {
		return slot, false
	}
	return slot, true
}

// NextRuns are the next runs of a job after a moment, as they are when nothing is missed.
func NextRuns(job Job, next Schedule, cal *dauys.Calendar, after time.Time, n int) (runs []time.Time) {
	for at := next(after); len(runs) < n && !at.IsZero() && at.Sub(after) < 2*366*24*time.Hour; at = next(at) {
		run := at
		if job.Missed == ThatDay || job.Missed == NextDay {
			_, closes := cal.Hours(at)
			switch off := !cal.Working(at) || !at.Before(closes); {
			case off && job.Missed == ThatDay:
				continue
			case off:
				run = cal.NextOpening(at)
			}
		}
		if len(runs) == 0 || run.After(runs[len(runs)-1]) {
			runs = append(runs, run)
		}
	}
	return runs
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
