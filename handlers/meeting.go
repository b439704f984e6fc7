package handlers

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/documents"
	"alt.edu.kz/dauys/fault"
	"alt.edu.kz/dauys/flows"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
)

// Meetings are kept in the database.
type Meetings interface {
	Convene(ctx context.Context, m *dauys.Meeting, notes ...dauys.Notification) (*dauys.Meeting, error)
	Meeting(ctx context.Context, id string) (*dauys.Meeting, error)
	Meetings(ctx context.Context, office dauys.OfficeID) ([]*dauys.Meeting, error) // that are not over
	Closing(ctx context.Context) ([]*dauys.Meeting, error)                         // closed, with decisions that are not out
	// ChangeMeeting changes a meeting once for a cause, with the right of who acts.
	ChangeMeeting(ctx context.Context, id string, who dauys.Address, cause, series string, now time.Time,
		change func(*dauys.Meeting, dauys.Staff) ([]dauys.Notification, error)) (*dauys.Meeting, error)
}

// When members are reminded of a meeting.
var remindersBefore = []time.Duration{24 * time.Hour, 2 * time.Hour}

// meetingLine is how a meeting is planned: the day, the hour, the place.
var meetingLine = regexp.MustCompile(`^(\d{1,2}\.\d{1,2}\.\d{4}|\d{4}-\d{2}-\d{2})\s+(\d{1,2}:\d{2})\s+(\S.*)$`)

// meets is the office of a chat that decides in meetings, if there is one, and the right of
// somebody to act for it.
func (h *Handlers) meets(ctx context.Context, in Input) (office dauys.Office, staff dauys.Staff, ok bool, err error) {
	office, ok, err = h.officeWith(ctx, in.Chat, dauys.Schedule)
	if !ok || err != nil {
		return office, staff, false, err
	}
	if err := h.welcome(ctx, in, office.ID); err != nil {
		return office, staff, false, err
	}
	staff, _, err = h.serves(ctx, in.From, office.ID)
	return office, staff, err == nil, err
}

// meeting is the command /meeting in the chat of a body: without anything behind it, the meetings
// that are planned and how to plan one; with a day, an hour and a place it plans one.
func (h *Handlers) meeting(ctx context.Context, in Input) error {
	o, staff, ok, err := h.meets(ctx, in)
	if err != nil || !ok {
		return err
	}
	l := o.Lang
	say := func(r ask.Reply) error {
		r.To = in.Message
		return h.Storage.Notify(ctx, ready(in, r))
	}
	if staff.ID == 0 {
		return say(ask.Reply{Text: h.Book.Say(l, locales.NotStaff())})
	}
	if strings.TrimSpace(in.Arg) == "" {
		all, err := h.Storage.Meetings(ctx, o.ID)
		if err != nil {
			return fmt.Errorf("list meetings: %w", err)
		}
		r := ask.Reply{Text: h.Book.Lines(l, locales.MeetingsHead(len(all)), locales.MeetingHow())}
		for _, m := range all {
			r.Buttons = append(r.Buttons, []ask.Button{h.button(l, locales.MeetingButton(m), "g:show:"+m.ID)})
		}
		return say(r)
	}
	at, place, ok := h.when(in.Arg)
	if !ok {
		return say(ask.Reply{Text: h.Book.Say(l, locales.MeetingHow())})
	}
	members, err := h.Storage.StaffFor(ctx, o.ID, h.Now())
	if err != nil {
		return fmt.Errorf("members of %s: %w", o.ID, err)
	}
	m, err := dauys.Plan(promptID(in.Update, string(o.ID), dauys.Schedule), o.ID, at, place, members, h.Now())
	if no, refused := meetingNo(err); refused {
		return say(ask.Reply{Text: h.Book.Say(l, no)})
	}
	if err != nil {
		return fmt.Errorf("plan a meeting: %w", err)
	}
	r := h.meetingCard(l, m)
	r.To = in.Message
	if _, err := h.Storage.Convene(ctx, m, ready(in, r)); err != nil {
		return fmt.Errorf("plan a meeting: %w", err)
	}
	h.Log.Info("meeting planned", "office", o.ID, "meeting", m.ID, "update", in.Update)
	return nil
}

// when reads the day, the hour and the place of a meeting.
func (h *Handlers) when(arg string) (at time.Time, place string, ok bool) {
	found := meetingLine.FindStringSubmatch(strings.TrimSpace(arg))
	if found == nil {
		return at, "", false
	}
	day, dated := h.date(found[1])
	hour, err := time.Parse("15:04", found[2])
	if !dated || err != nil {
		return at, "", false
	}
	y, m, d := day.Date()
	return time.Date(y, m, d, hour.Hour(), hour.Minute(), 0, 0, day.Location()), ask.Clean(found[3]), true
}

// meetingNo is why something cannot be done with a meeting, if that is what an error says.
func meetingNo(err error) (why ask.Line, refused bool) {
	if no, ok := errors.AsType[*dauys.MeetingError](err); ok {
		return locales.MeetingNo(no), true
	}
	return locales.NotStaff(), errors.Is(err, dauys.ErrNotStaff)
}

// meetingCard is a meeting as its body sees it, with what can be done next.
func (h *Handlers) meetingCard(l dauys.Lang, m *dauys.Meeting, above ...ask.Line) ask.Reply {
	lines := append(above, locales.Meeting(m)...)
	r := ask.Reply{Text: h.Book.Lines(l, lines...)}
	do := func(acts ...string) {
		var row []ask.Button
		for _, a := range acts {
			row = append(row, h.button(l, locales.MeetingAct(a), "g:"+a+":"+m.ID))
		}
		r.Buttons = append(r.Buttons, row)
	}
	switch m.State {
	case dauys.Planned:
		do("agenda", "invite")
		for i, s := range m.Seats {
			r.Buttons = append(r.Buttons, []ask.Button{h.button(l, locales.MeetingSeat(s), fmt.Sprintf("g:seat:%s:%d", m.ID, i))})
		}
		if len(m.Items) > 0 {
			do("paper")
		}
		do("sit", "cancel")
	case dauys.Sitting:
		if m.Left() > 0 {
			do("next")
		}
		do("sheet")
		do("agenda", "cancel")
		do("close")
	}
	return r
}

// meetingButton is a button of a meeting: g:ACT:ID or g:seat:ID:NUMBER. The data is only what was
// pressed; the right to it is read in the transaction.
func (h *Handlers) meetingButton(ctx context.Context, in Input, parts []string) (string, error) {
	l := h.chatLang(ctx, in)
	if len(parts) < 3 {
		return h.Book.Plain(l, locales.OldButton()), nil
	}
	act, id := parts[1], parts[2]
	m, err := h.Storage.Meeting(ctx, id)
	if errors.Is(err, dauys.ErrNotFound) {
		return h.Book.Plain(l, locales.OldButton()), nil
	}
	if err != nil {
		return "", fmt.Errorf("load a meeting: %w", err)
	}
	if act == "yes" || act == "no" {
		return h.comes(ctx, in, m, act == "yes")
	}
	if bound, err := h.Storage.BoundTo(ctx, in.Chat); err != nil || !slices.Contains(bound, m.Office) {
		return h.Book.Plain(l, locales.OldButton()), err
	}
	switch act {
	case "agenda":
		return h.agenda(ctx, in, l, m)
	case "next":
		return h.decideNext(ctx, in, l, m)
	case "close":
		return h.closeMeeting(ctx, in, l, m)
	case "cancel":
		return h.cancelMeeting(ctx, in, l, m)
	case "paper":
		return h.agendaPaper(ctx, in, l, m)
	case "sheet":
		return h.sheet(ctx, in, l, m)
	case "enter":
		return h.enterSheet(ctx, in, l, m, strings.Join(parts[3:], ":"))
	case "show":
		return "", h.Storage.Notify(ctx, ready(in, h.meetingCard(l, m)))
	}
	seat := -1
	if act == "seat" && len(parts) == 4 {
		seat, _ = strconv.Atoi(parts[3])
	}
	return h.changeMeeting(ctx, in, l, m, "", func(m *dauys.Meeting, _ dauys.Staff) ([]dauys.Notification, error) {
		switch {
		case act == "seat" && m.State == dauys.Planned && seat >= 0 && seat < len(m.Seats):
			m.Seats[seat].Present = !m.Seats[seat].Present
			return nil, nil
		case act == "sit":
			var there []dauys.Address
			for _, s := range m.Seats {
				if s.Present {
					there = append(there, s.Address)
				}
			}
			return nil, m.Sits(there)
		case act == "invite":
			return h.invitations(ctx, m, in.Update)
		}
		return nil, &dauys.MeetingError{Meeting: m.ID, Why: dauys.NotNow}
	})
}

// changeMeeting changes a meeting for staff of its body and shows it as it is then.
func (h *Handlers) changeMeeting(ctx context.Context, in Input, l dauys.Lang, m *dauys.Meeting, series string,
	change func(*dauys.Meeting, dauys.Staff) ([]dauys.Notification, error), above ...ask.Line) (string, error) {
	_, err := h.Storage.ChangeMeeting(ctx, m.ID, in.From, in.Update, series, h.Now(), func(m *dauys.Meeting, s dauys.Staff) ([]dauys.Notification, error) {
		if s.ID == 0 {
			return nil, dauys.ErrNotStaff
		}
		notes, err := change(m, s)
		if err != nil {
			return nil, err
		}
		r := h.meetingCard(l, m, above...)
		if in.Press != "" {
			r.Edit = in.Message
		}
		return append(notes, ready(in, r)), nil
	})
	if no, refused := meetingNo(err); refused {
		return h.Book.Plain(l, no), nil
	}
	if err != nil {
		return "", fmt.Errorf("change a meeting: %w", err)
	}
	return "", nil
}

// comes notes whether a member comes; the button stands in their own chat.
func (h *Handlers) comes(ctx context.Context, in Input, m *dauys.Meeting, yes bool) (string, error) {
	l, err := h.langOf(ctx, in.From, in.Lang)
	if err != nil {
		return "", err
	}
	_, err = h.Storage.ChangeMeeting(ctx, m.ID, in.From, in.Update, "", h.Now(), func(m *dauys.Meeting, _ dauys.Staff) ([]dauys.Notification, error) {
		return nil, m.Answers(in.From, yes)
	})
	if no, refused := meetingNo(err); refused {
		return h.Book.Plain(l, no), nil
	}
	if err != nil {
		return "", fmt.Errorf("note who comes to a meeting: %w", err)
	}
	return h.Book.Plain(l, locales.MeetingComes(yes)), nil
}

// invitations go to every member, now and before the meeting.
func (h *Handlers) invitations(ctx context.Context, m *dauys.Meeting, cause string) (notes []dauys.Notification, err error) {
	if m.State != dauys.Planned {
		return nil, &dauys.MeetingError{Meeting: m.ID, Why: dauys.NotNow}
	}
	for i, s := range m.Seats {
		m.Seats[i].Invited = true
		body := fmt.Sprintf("%s %d", m.ID, m.At.UnixMilli())
		key := fmt.Sprintf("meeting/%s/%d/%s", m.ID, m.At.UnixMilli(), s.Address)
		notes = append(notes, dauys.Notification{Key: key + "/now/" + cause, What: dauys.Convened, To: s.Address, Body: body})
		for i, before := range remindersBefore {
			if at := m.At.Add(-before); at.After(h.Now()) {
				notes = append(notes, dauys.Notification{Key: fmt.Sprintf("%s/%d", key, i), What: dauys.Convened, To: s.Address, Body: body, After: at})
			}
		}
	}
	return notes, nil
}

// calledOff tells those who were invited that there is no meeting.
func calledOff(m *dauys.Meeting) (notes []dauys.Notification) {
	for _, s := range m.Seats {
		if s.Invited {
			notes = append(notes, dauys.Notification{Key: fmt.Sprintf("meeting/%s/off/%s", m.ID, s.Address), What: dauys.Convened, To: s.Address, Body: m.ID + " " + bodyOff})
		}
	}
	return notes
}

// bodyOff stands in the body of a notice where the moment of the meeting does otherwise.
const bodyOff = "off"

// convened is an invitation, a reminder, or that the meeting is called off; nothing when it was moved
// or called off since, or the member has said that they do not come.
func (h *Handlers) convened(ctx context.Context, n dauys.Notification) ([]ask.Reply, error) {
	id, at, _ := strings.Cut(n.Body, " ")
	m, err := h.Storage.Meeting(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("notice %s: %w", n.Key, err)
	}
	l, err := h.langOf(ctx, n.To, "")
	if err != nil {
		return nil, err
	}
	if at == bodyOff {
		return []ask.Reply{{Text: h.Book.Say(l, locales.MeetingOff(m))}}, nil
	}
	i := slices.IndexFunc(m.Seats, func(s dauys.Seat) bool { return s.Address == n.To })
	if m.State != dauys.Planned || strconv.FormatInt(m.At.UnixMilli(), 10) != at || i < 0 || m.Seats[i].Comes == "no" {
		return nil, nil
	}
	r := ask.Reply{Text: h.Book.Lines(l, locales.MeetingInvitation(m)...)}
	if m.Seats[i].Comes == "" {
		r.Buttons = [][]ask.Button{{h.button(l, locales.MeetingAct("yes"), "g:yes:"+m.ID), h.button(l, locales.MeetingAct("no"), "g:no:"+m.ID)}}
	}
	return []ask.Reply{r}, nil
}

// agenda puts every case on the agenda that the body has and that is complete; each applicant is
// told when and where. A case is put there by a move of its own, so what is on the agenda and what
// the case says agree whatever happens in between: pressing again does the rest.
func (h *Handlers) agenda(ctx context.Context, in Input, l dauys.Lang, m *dauys.Meeting) (string, error) {
	open, err := h.Storage.OpenCases(ctx, m.Office)
	if err != nil {
		return "", fmt.Errorf("cases of %s: %w", m.Office, err)
	}
	slices.Reverse(open) // in the order in which they came
	others, err := h.Storage.Meetings(ctx, m.Office)
	if err != nil {
		return "", fmt.Errorf("meetings of %s: %w", m.Office, err)
	}
	elsewhere := func(number string) bool {
		return slices.ContainsFunc(others, func(other *dauys.Meeting) bool {
			_, on := other.Item(number)
			return on && other.ID != m.ID
		})
	}
	var there []string
	for _, c := range open {
		if elsewhere(c.Number) {
			continue
		}
		if c.Lacks() > 0 || !slices.Contains([]dauys.Status{dauys.Registered, dauys.InReview, dauys.OnAgenda}, c.Status) {
			continue
		}
		cause := fmt.Sprintf("agenda/%s/%d", m.ID, m.At.UnixMilli())
		if c.Status != dauys.OnAgenda || !c.Caused(cause) { // or stood on that of a meeting which was called off
			_, err := h.Storage.Act(ctx, c.Number, in.From, cause, h.Now(), func(c *dauys.Case, s dauys.Staff) error {
				if c.Status == dauys.Registered { // who puts it on the agenda takes it
					if err := h.staffMove(c, s, dauys.Move{Act: dauys.Take, Cause: cause}); err != nil {
						return err
					}
				}
				return h.staffMove(c, s, dauys.Move{Act: dauys.Schedule, Term: m.At, Note: h.place(c.Applicant.Lang, m), Cause: cause})
			})
			if _, no := errors.AsType[*dauys.NotAllowedError](err); no {
				continue
			}
			if errors.Is(err, dauys.ErrNotStaff) {
				return h.Book.Plain(l, locales.NotStaff()), nil
			}
			if err != nil {
				return "", fmt.Errorf("put case %s on the agenda: %w", c.Number, err)
			}
		}
		there = append(there, c.Number)
	}
	return h.changeMeeting(ctx, in, l, m, "", func(m *dauys.Meeting, _ dauys.Staff) ([]dauys.Notification, error) {
		for _, i := range slices.Clone(m.Items) {
			if !slices.Contains(there, i.Case) {
				m.Take(i.Case)
			}
		}
		for _, number := range there {
			if err := m.Put(number, abstain(m, open, number)...); err != nil {
				return nil, err
			}
		}
		return nil, nil
	})
}

// place is when and where a meeting is, in a language.
func (h *Handlers) place(l dauys.Lang, m *dauys.Meeting) string {
	return h.Book.Plain(l, locales.MeetingPlace(m))
}

// decideNext asks for the ruling on the first case that has none.
func (h *Handlers) decideNext(ctx context.Context, in Input, l dauys.Lang, m *dauys.Meeting) (string, error) {
	for _, i := range m.Items {
		if i.Ruling != "" {
			continue
		}
		press := []string{"s", string(dauys.Decide), i.Case}
		in.Press = strings.Join(press, ":") // as under the card of the case: the meeting stays where it is
		return h.cardButton(ctx, in, press)
	}
	return "", nil
}

// rule enters a ruling of the meeting that sits, if the case is on its agenda; ok tells whether it is.
func (h *Handlers) rule(ctx context.Context, in Input, p Prompt, ruled dauys.Item) (ok bool, left int, err error) {
	c, err := h.Storage.Case(ctx, p.Case)
	if err != nil {
		return false, 0, fmt.Errorf("load case: %w", err)
	}
	all, err := h.Storage.Meetings(ctx, c.Office())
	if err != nil {
		return false, 0, fmt.Errorf("meetings of %s: %w", c.Office(), err)
	}
	for _, m := range all {
		if _, there := m.Item(p.Case); !there || m.State != dauys.Sitting {
			continue
		}
		m, err := h.Storage.ChangeMeeting(ctx, m.ID, in.From, "ruling/"+p.ID, "", h.Now(), func(m *dauys.Meeting, s dauys.Staff) ([]dauys.Notification, error) {
			if s.ID == 0 {
				return nil, dauys.ErrNotStaff
			}
			ruled.By, ruled.ByID = s.Name, s.ID
			if err := ownMark(c, s); err != nil {
				return nil, err
			}
			return nil, m.Rule(ruled)
		})
		if err != nil {
			return true, 0, err
		}
		return true, m.Left(), nil
	}
	return false, 0, nil
}

// closeMeeting ends a meeting: its minutes get their number, and its decisions go out.
func (h *Handlers) closeMeeting(ctx context.Context, in Input, l dauys.Lang, m *dauys.Meeting) (string, error) {
	toast, err := h.changeMeeting(ctx, in, l, m, h.seriesOf(m.Office), func(m *dauys.Meeting, s dauys.Staff) ([]dauys.Notification, error) {
		m.Secretary = s.Name
		return nil, m.Close()
	})
	if toast != "" || err != nil {
		return toast, err
	}
	if err := h.SettleMeetings(ctx); err != nil {
		h.Log.Warn("decisions of a meeting wait for the clock", "meeting", m.ID, "error", err)
	}
	return "", nil
}

// cancelMeeting calls a meeting off: the members who were invited are told, and the applicants who
// were told a date. The press is the cause, so what was cut short is done when it comes again.
func (h *Handlers) cancelMeeting(ctx context.Context, in Input, l dauys.Lang, m *dauys.Meeting) (string, error) {
	toast, err := h.changeMeeting(ctx, in, l, m, "", func(m *dauys.Meeting, _ dauys.Staff) ([]dauys.Notification, error) {
		return calledOff(m), m.Cancel()
	})
	if toast != "" || err != nil {
		return toast, err
	}
	cause := "meeting/" + m.ID + "/off"
	for _, i := range m.Items {
		_, err := h.Storage.Act(ctx, i.Case, in.From, cause, h.Now(), func(c *dauys.Case, s dauys.Staff) error {
			note := h.Book.Plain(c.Applicant.Lang, locales.MeetingOffBecause())
			return h.staffMove(c, s, dauys.Move{Act: dauys.Postpone, Note: note, Cause: cause})
		})
		if _, no := errors.AsType[*dauys.NotAllowedError](err); err != nil && !no && !errors.Is(err, dauys.ErrNotStaff) {
			return "", fmt.Errorf("take case %s off the agenda: %w", i.Case, err)
		}
	}
	return "", nil
}

// seriesOf is the series of the minutes of a body: that of its cases, and M for minutes.
func (h *Handlers) seriesOf(id dauys.OfficeID) string {
	for _, s := range h.University.Schemes {
		if slices.ContainsFunc(s.Rungs, func(r dauys.Rung) bool { return r.Office == id.Kind() }) {
			return s.Series + "M"
		}
	}
	return "M"
}

// SettleMeetings lets the decisions of closed meetings out: every applicant is told, each case once.
// What was cut short is done by the clock.
func (h *Handlers) SettleMeetings(ctx context.Context) error {
	closing, err := h.Storage.Closing(ctx)
	if err != nil {
		return fmt.Errorf("look for closed meetings: %w", err)
	}
	var all error
	for _, m := range closing { // one that cannot be settled stands in no other's way
		all = errors.Join(all, h.settleMeeting(ctx, m))
	}
	return all
}

func (h *Handlers) settleMeeting(ctx context.Context, m *dauys.Meeting) error {
	record, err := h.record(ctx, m)
	if err != nil {
		return fmt.Errorf("record of a meeting: %w", err)
	}
	if err := h.keepMinutes(ctx, m, record); err != nil {
		return fmt.Errorf("minutes of a meeting: %w", err)
	}
	fault.Point("meeting-minutes-made")
	var all error
	for _, i := range m.Items {
		if err := h.letOut(ctx, m, i, record); err != nil {
			all = errors.Join(all, fmt.Errorf("decision on %s: %w", i.Case, err))
		}
		fault.Point("meeting-decision-out")
	}
	if all != nil {
		return all
	}
	_, err = h.Storage.ChangeMeeting(ctx, m.ID, "", "settled", "", h.Now(), func(m *dauys.Meeting, _ dauys.Staff) ([]dauys.Notification, error) {
		return nil, m.Settle()
	})
	if no, ok := errors.AsType[*dauys.MeetingError](err); ok && no.Why == dauys.NotNow { // somebody was faster
		return nil
	}
	if err != nil {
		return fmt.Errorf("settle a meeting: %w", err)
	}
	h.Log.Info("meeting settled", "office", m.Office, "meeting", m.ID)
	return nil
}

// letOut moves the case of a ruling. The meeting is the cause, so it is done once; a case that was
// withdrawn meanwhile stays so. With the decision goes its extract of the minutes.
func (h *Handlers) letOut(ctx context.Context, m *dauys.Meeting, i dauys.Item, record documents.Meeting) error {
	cause := "meeting/" + m.ID
	known, err := h.Storage.Case(ctx, i.Case)
	if errors.Is(err, dauys.ErrNotFound) || err == nil && known.Caused(cause) {
		return nil
	}
	if err != nil {
		return err
	}
	var papers []dauys.File
	if i.Ruling != dauys.RuledPostponed {
		if papers, err = h.extract(ctx, m, i.Case, record); err != nil {
			return err
		}
	}
	_, err = h.Storage.Act(ctx, i.Case, "", cause, h.Now(), func(c *dauys.Case, _ dauys.Staff) error {
		move := dauys.Move{Act: dauys.Decide, By: dauys.TheOffice, Staff: dauys.Staff{ID: i.ByID, Name: i.By, Office: m.Office}, Outcome: i.Ruling.Outcome(),
			Note: i.Reason, Files: papers, Cause: cause, At: h.Now()}
		move.Details = append(rulingDetails(i), dauys.Detail{Question: "decision.minutes", Text: m.Number})
		if i.Ruling == dauys.RuledPostponed {
			move.Act = dauys.Postpone
		}
		return c.Do(h.onMark(c, move, i), &h.University.Calendar)
	})
	if _, no := errors.AsType[*dauys.NotAllowedError](err); no || errors.Is(err, dauys.ErrNotFound) {
		return nil
	}
	return err
}

// ruling is what was entered about a case.
func ruling(s ask.Session) dauys.Item {
	i := dauys.Item{Ruling: dauys.Ruling(s.Value("outcome")), Reason: s.Value("words"), Next: s.Value("next"), Mark: s.Value("mark")}
	switch s.Value("outcome") {
	case flows.MarkChanged:
		i.Ruling = dauys.RuledGranted
	case flows.MarkUnchanged:
		i.Ruling = dauys.RuledRefused
	}
	return i
}

// rulingDetails are what a ruling says besides its reasons.
func rulingDetails(i dauys.Item) (out []dauys.Detail) {
	for _, d := range []dauys.Detail{{Question: "decision.mark", Text: i.Mark}, {Question: "decision.next", Text: i.Next}} {
		if d.Text != "" {
			out = append(out, d)
		}
	}
	return out
}

// ruled enters what was written about a case that is on the agenda of a meeting that sits: it goes out
// with all the others when the meeting is closed. Done is false when there is no such meeting.
func (h *Handlers) ruled(ctx context.Context, in Input, l dauys.Lang, p Prompt) (done bool, err error) {
	i := ruling(p.Session)
	i.Case = p.Case
	on, left, err := h.rule(ctx, in, p, i)
	no, refused := meetingNo(err)
	switch {
	case !on && err == nil && p.Session.Flow == flows.Verdict.Name: // a mark is a matter of a meeting
		return true, h.endPrompt(ctx, in, p, ask.Cancelled, h.Book.Lines(l, locales.MarksInMeeting(), locales.FormKept(i.Reason)))
	case !on && err == nil:
		o, known := h.University.Office(dauys.OfficeID(p.Session.Given["office"][0]))
		if !known || !slices.Contains(o.Powers, dauys.Schedule) {
			return false, nil
		}
		return true, h.endPrompt(ctx, in, p, ask.Cancelled, h.Book.Lines(l, locales.MeetingNo(&dauys.MeetingError{Why: dauys.NotNow}), locales.FormKept(i.Reason)))
	case refused:
		return true, h.endPrompt(ctx, in, p, ask.Cancelled, h.Book.Lines(l, no, locales.FormKept(i.Reason)))
	case err != nil:
		return true, err
	}
	return true, h.endPrompt(ctx, in, p, ask.Done, h.Book.Say(l, locales.Ruled(p.Case, left)))
}
