package handlers

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
)

// Appeals against marks: in time or not, who has no vote, and who enters a mark that was changed.

// longAgo is how far back the day can lie on which a mark was shown.
const longAgo = 60 * 24 * time.Hour

// bounds are the days that will do for the day on which a mark was shown.
func (h *Handlers) bounds(given map[string][]string) {
	given[flows.Published+":from"] = []string{h.day(h.Now().Add(-longAgo))}
	given[flows.Published+":to"] = []string{ask.Today}
}

// window is until when an appeal can be filed; it is not known while there is no day, or no limit.
func (h *Handlers) window(s ask.Session) (until time.Time, limited bool) {
	day, err := time.ParseInLocation(time.DateOnly, s.Value(flows.Published), h.University.Calendar.Zone())
	if err != nil {
		return until, false
	}
	way, err := h.University.Route(h.query(s))
	if err != nil {
		return until, false
	}
	return h.University.Window(way.Scheme, day)
}

// over tells whether the window of an appeal is over.
func (h *Handlers) over(s ask.Session) bool {
	until, limited := h.window(s)
	return limited && !h.Now().Before(until)
}

// untilWhen says until when an appeal can be filed, or that it cannot any more.
func (h *Handlers) untilWhen(_ dauys.Lang, s ask.Session) []ask.Line {
	until, limited := h.window(s)
	switch {
	case !limited:
		return nil
	case h.over(s):
		return []ask.Line{locales.WindowOver(until)}
	}
	return []ask.Line{locales.WindowOpen(until)}
}

// lateButton leads from an appeal that comes too late to a complaint.
func (h *Handlers) lateButton(l dauys.Lang, s ask.Session, v ask.View, r ask.Reply) ask.Reply {
	if !slices.Contains(v.Notices, "window") || len(r.Buttons) == 0 || !h.over(s) {
		return r
	}
	r.Buttons = slices.Insert(r.Buttons, len(r.Buttons)-1, h.menuRows(l, "instead")...)
	return r
}

// appeal registers an appeal that comes in time.
func (h *Handlers) appeal(ctx context.Context, t *Turn, s ask.Session) (done ask.Line, problem *ask.Line, err error) {
	if !h.over(s) {
		return h.file(ctx, t, s)
	}
	mine, err := h.Storage.CasesOf(ctx, t.From, casesShown)
	if err != nil {
		return done, nil, fmt.Errorf("cases of a person: %w", err)
	}
	if slices.ContainsFunc(mine, func(c *dauys.Case) bool { return c.ID == s.ID }) { // sent in time, and once more
		return h.file(ctx, t, s)
	}
	late := locales.AppealLate()
	return done, &late, nil
}

// bare takes out what makes words bold, where they become part of what somebody has written.
var bare = strings.NewReplacer("<b>", "", "</b>", "")

// instead makes a complaint of the appeal that is open.
func (h *Handlers) instead(ctx context.Context, t *Turn) error {
	s, f, ok := h.focus(t)
	if !ok || s.Flow != flows.Appeal.Name || !flows.Routed(s) {
		return h.resume(t, locales.OldButton())
	}
	var said []string
	for _, line := range locales.DetailLines(h.details(t.Lang(), s)) {
		said = append(said, bare.Replace(h.Book.Plain(t.Lang(), line)))
	}
	was := s
	_, s, above := h.steer(ctx, f, was, flows.Instead(s, strings.Join(said, "\n")))
	s.At = h.Now()
	t.State.Focus = &s
	return h.resume(t, append([]ask.Line{locales.AppealInstead()}, above...)...)
}

// conversation is the one for an act of staff: about a mark a meeting decides in other words, and who
// has received somebody answers as they would in writing.
func conversation(c *dauys.Case, act dauys.Act, f ask.Flow) ask.Flow {
	switch {
	case act == dauys.Decide && c.Kind == dauys.Appeal:
		return flows.Verdict
	case act == dauys.Decide && c.Kind == dauys.Audience:
		return flows.Reply
	}
	return f
}

// byMeeting tells whether an act would decide on a mark alone, where the body decides in meetings.
func byMeeting(c *dauys.Case, act dauys.Act) bool {
	return act == dauys.Answer && c.Kind == dauys.Appeal && slices.Contains(c.Rung().Powers, dauys.Schedule)
}

// abstain are the members of a meeting whose own mark a case is about.
func abstain(m *dauys.Meeting, open []*dauys.Case, number string) (names []string) {
	i := slices.IndexFunc(open, func(c *dauys.Case) bool { return c.Number == number })
	if i < 0 || flows.Examiner(open[i]) == "" {
		return nil
	}
	for _, s := range m.Seats {
		if dauys.SameName(flows.Examiner(open[i]), s.Name) {
			names = append(names, s.Name)
		}
	}
	return names
}

// ownMark refuses somebody who has given the mark that a case is about. It may be a member who was
// appointed after the meeting was planned, so who abstains there does not tell.
func ownMark(c *dauys.Case, s dauys.Staff) error {
	if e := flows.Examiner(c); e != "" && dauys.SameName(e, s.Name) {
		return &dauys.MeetingError{Why: dauys.OwnMark, Case: c.Number}
	}
	return nil
}

// onMark completes the move of a decision about a mark: in its own words, and to whoever enters a
// mark that was changed.
func (h *Handlers) onMark(c *dauys.Case, m dauys.Move, i dauys.Item) dauys.Move {
	if c.Kind != dauys.Appeal || m.Act != dauys.Decide {
		return m
	}
	m.Details = append(verdictDetails(i), m.Details...)
	if s, ok := h.University.Scheme(c.Scheme); ok && i.Mark != "" {
		m.Hand = s.Marks
	}
	return m
}

// verdictDetails tell a decision about a mark from others.
func verdictDetails(i dauys.Item) []dauys.Detail {
	d := dauys.Detail{Question: locales.VerdictOutcome, Option: flows.MarkUnchanged}
	switch i.Ruling {
	case dauys.RuledGranted:
		d.Option = flows.MarkChanged
	case dauys.RuledPostponed:
		d.Option = string(i.Ruling)
	}
	return []dauys.Detail{d}
}

// changedMark is what the office that enters marks is told of one that was changed: no more of the
// case than that takes.
func (h *Handlers) changedMark(l dauys.Lang, c *dauys.Case, e dauys.Event) ask.Reply {
	return ask.Reply{Text: h.Book.Lines(l, h.cited(locales.ChangedMark(c, e, flows.Of), e)...)}
}
