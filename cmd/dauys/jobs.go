package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/robfig/cron/v3"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/handlers"
)

// jobs are what runs on a schedule, and when, if the structure file says nothing else. Days off are
// those of the calendar.
var jobs = []struct{ name, expression string }{
	{handlers.DigestJob, "30 8 * * *"},
	{handlers.WeeklyJob, "0 9 * * 1"},
	{handlers.AdvisorsJob, "0 7 * * *"},
	{handlers.UnseenJob, "0 10 * * *"},
	{handlers.EveningNews, "0 19 * * *"},
	{handlers.WeeklyNews, "0 18 * * 0"},
}

// noJob turns a job off.
const noJob = "never"

// schedules are when the jobs run, by the clocks of the university.
func schedules(u *dauys.University) map[string]handlers.Schedule {
	all := map[string]handlers.Schedule{}
	for _, j := range jobs {
		expression := j.expression
		if own, ok := u.Jobs[j.name]; ok {
			expression = own
		}
		if s, err := cron.ParseStandard(expression); err == nil { // or it was refused when the file was read, or is never
			all[j.name] = func(after time.Time) time.Time { return s.Next(after.In(u.Calendar.Zone())) }
		}
	}
	return all
}

func jobsKnown(u *dauys.University) (out []dauys.Problem) {
	var known []string
	for _, j := range jobs {
		known = append(known, j.name)
	}
	for name, expression := range u.Jobs {
		if !slices.Contains(known, name) {
			out = append(out, dauys.Problem{Line: u.Line("jobs." + name), What: fmt.Sprintf("there is no job %q", name), Fix: "take it out, or write one of: " + strings.Join(known, ", ")})
		}
		if _, err := cron.ParseStandard(expression); err != nil && expression != noJob {
			out = append(out, dauys.Problem{Line: u.Line("jobs." + name), What: fmt.Sprintf("the expression %q of the job %q does not parse", expression, name),
				Fix: "write minute, hour, day, month, weekday, for example 0 9 * * 1-5, or never"})
		}
	}
	return out
}
