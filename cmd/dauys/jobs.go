package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
	"github.com/spf13/cobra"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/handlers"
	"alt.edu.kz/dauys/notices"
)

// noJob turns a job off.
const noJob = "never"

// schedules are when the jobs run, by the clocks of the university, and those of them that are counted from
// events. Days off are those of the calendar.
func schedules(u *dauys.University) (all map[string]handlers.Schedule, leads map[string]notices.Leads) {
	all, leads = map[string]handlers.Schedule{}, map[string]notices.Leads{}
	for _, j := range handlers.RegularJobs() { // an expression that is wrong was refused when the file was read, or is never
		expression := cmp.Or(u.Jobs[j.Name], j.Usual)
		if j.Of != "" {
			if ls, err := notices.ParseLeads(expression); err == nil {
				leads[j.Name] = ls
				all[j.Name] = func(after time.Time) time.Time { return ls.Next(after.In(u.Calendar.Zone())) }
			}
			continue
		}
		if s, err := cron.ParseStandard(expression); err == nil {
			all[j.Name] = func(after time.Time) time.Time { return s.Next(after.In(u.Calendar.Zone())) }
		}
	}
	return all, leads
}

func jobsKnown(u *dauys.University) (out []dauys.Problem) {
	jobs := handlers.RegularJobs()
	for name, expression := range u.Jobs {
		bad := func(fix, what string, args ...any) {
			out = append(out, dauys.Problem{Line: u.Line("jobs." + name), What: fmt.Sprintf(what, args...), Fix: fix})
		}
		i := slices.IndexFunc(jobs, func(j handlers.Job) bool { return j.Name == name })
		_, cronErr := cron.ParseStandard(expression)
		_, leadErr := notices.ParseLeads(expression)
		switch {
		case i < 0:
			var known []string
			for _, j := range jobs {
				known = append(known, j.Name)
			}
			bad("take it out, or write one of: "+strings.Join(known, ", "), "there is no job %q", name)
			if cronErr != nil && leadErr != nil && expression != noJob {
				bad("write minute, hour, day, month, weekday, for example 0 9 * * 1-5, or never", "the expression %q of the job %q does not parse", expression, name)
			}
		case expression == noJob:
		case jobs[i].Of != "" && leadErr != nil:
			bad("write for example 1 day before at 18:00, that day at 07:00 or 3 hours before, several with a comma between them, or never",
				"the expression %q of the job %q does not say when before or after %s", expression, name, jobs[i].Of)
		case jobs[i].Of == "" && leadErr == nil:
			bad("write minute, hour, day, month, weekday, for example 0 9 * * 1-5, or never", "the job %q has nothing before or after which it could run", name)
		case jobs[i].Of == "" && cronErr != nil:
			bad("write minute, hour, day, month, weekday, for example 0 9 * * 1-5, or never", "the expression %q of the job %q does not parse", expression, name)
		}
	}
	return out
}

// runsShown is how many runs of each job dauys schedule prints.
const runsShown = 3

func scheduleCommand(environ []string, out io.Writer) *cobra.Command {
	var from string
	cmd := &cobra.Command{
		Use: "schedule", Short: "Print when the regular jobs run next", Args: cobra.NoArgs,
		Long: `schedule prints every regular job: what it does, when it runs, its next runs by the clocks
of the university, and what becomes of a run that is missed because Dauys does not run
then. A job that is counted from events looks for them at its times. Nothing is run.`,
		Example: "  dauys schedule\n  dauys schedule --from \"2027-01-11 08:00\"",
		RunE: func(*cobra.Command, []string) error {
			c, err := readConfig(environ)
			if err != nil {
				return err
			}
			u, err := university(c)
			if err != nil {
				return err
			}
			now := time.Now()
			if from != "" {
				if now, err = time.ParseInLocation("2006-01-02 15:04", from, u.Calendar.Zone()); err != nil {
					return fmt.Errorf("%q is no time; write it as in 2027-01-11 08:00", from)
				}
			}
			now = now.In(u.Calendar.Zone())
			fmt.Fprintf(out, "From %s, by the clocks of %s:\n", now.Format("Mon 2006-01-02 15:04"), u.Calendar.Zone())
			all, _ := schedules(u)
			for _, j := range handlers.RegularJobs() {
				printJob(out, u, j, all[j.Name], now)
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&from, "from", "", "the time after which the runs come, as in \"2027-01-11 08:00\"; without it, now")
	return cmd
}

func printJob(out io.Writer, u *dauys.University, j handlers.Job, next handlers.Schedule, now time.Time) {
	fmt.Fprintf(out, "\n%s: %s\n", j.Name, j.Does)
	expression, own := u.Jobs[j.Name]
	whose := "built in"
	if own {
		whose = "by the structure file"
	} else {
		expression = j.Usual
	}
	if j.Of != "" && next != nil {
		expression = of(expression, j.Of)
	}
	fmt.Fprintf(out, "  when    %s (%s)\n", expression, whose)
	if next == nil {
		return
	}
	var runs []string
	for _, at := range handlers.NextRuns(j, next, &u.Calendar, now, runsShown) {
		runs = append(runs, at.Format("Mon 2006-01-02 15:04"))
	}
	label := "next"
	if j.Of != "" {
		label = "looks"
	}
	fmt.Fprintf(out, "  %-7s %s\n", label, cmp.Or(strings.Join(runs, ", "), "not in two years"))
	if missed := missedWords(j); missed != "" {
		fmt.Fprintf(out, "  missed  %s\n", missed)
	}
}

// of says from what a lead is counted.
func of(expression, what string) string {
	parts := strings.Split(expression, ",")
	for i, p := range parts {
		p = strings.Join(strings.Fields(p), " ")
		switch before, at, ok := strings.Cut(p, " at "); {
		case strings.HasPrefix(p, "that day"):
			p = "on the day of " + what + strings.TrimPrefix(p, "that day")
		case ok:
			p = before + " " + what + " at " + at
		default:
			p += " " + what
		}
		parts[i] = p
	}
	return strings.Join(parts, ", ")
}

func missedWords(j handlers.Job) string {
	switch j.Missed {
	case handlers.ThatDay:
		return "made up for while its working day lasts, then left out; days off have none"
	case handlers.NextDay:
		return "made up for while its working day lasts, then left out; from a day off it moves to the next working day"
	case handlers.Once:
		return "made up for once, whenever Dauys is back"
	case handlers.Late:
		return fmt.Sprintf("made up for once within %d hours, then left out", int(j.Late.Hours()))
	}
	return ""
}
