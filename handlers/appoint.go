package handlers

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
)

// Appointments are how somebody comes to act for an office who is not just a member of its chat, and
// how that ends.
type Appointments interface {
	MakeAppointment(ctx context.Context, code string, a dauys.Appointment) error
	// TakeAppointment makes who opens the link first staff of the office, alone where alone says so,
	// with what tell makes of it and of the rights that ended by it. For the same person it can be
	// repeated. The error is dauys.ErrBadCode.
	TakeAppointment(ctx context.Context, code string, who dauys.Address, name string, alone func(dauys.OfficeID) bool, now time.Time,
		tell func(dauys.Appointment, dauys.Staff, []dauys.Staff) []dauys.Notification) (dauys.Appointment, dauys.Staff, error)
	Serving(ctx context.Context, now time.Time) ([]dauys.Staff, error)
	Right(ctx context.Context, id int64) (dauys.Staff, error) // not taken away, be its time over or not
	Dismiss(ctx context.Context, id int64, now time.Time, tell func(dauys.Staff) []dauys.Notification) (dauys.Staff, error)
}

const (
	// startAppointment begins the payload of a link that appoints.
	startAppointment = "a_"
	// appointmentLife is how long such a link is good.
	appointmentLife = 7 * 24 * time.Hour
	// noticeBefore is how long before the end of a term of office one is told of it.
	noticeBefore = 14 * 24 * time.Hour
	// morning is when people are told of it: a term ends at midnight.
	morning = 9 * time.Hour
	// mostDismissed is how many people are offered at once: a message has no more buttons.
	mostDismissed = 90
)

// appoint hands out a link with which somebody becomes staff of an office: /appoint OFFICE [UNTIL] [NAME].
func (h *Handlers) appoint(ctx context.Context, t *Turn) error {
	if strings.TrimSpace(t.Arg) == "" {
		return h.serving(ctx, t)
	}
	a, problem := h.appointment(t.Arg)
	if problem != nil {
		t.Say(ask.Reply{Text: h.Book.Say(t.Lang(), *problem)})
		return nil
	}
	a.By, a.Made, a.Expires = t.From, h.Now(), h.Now().Add(appointmentLife)
	code := h.NewID()
	if err := h.Storage.MakeAppointment(ctx, code, a); err != nil {
		return fmt.Errorf("make an appointment: %w", err)
	}
	link := h.Link(startAppointment + code)
	lines := append([]ask.Line{locales.AppointLink(link, a.Expires)}, h.role(a.Office, a.Group, a.Until)...)
	t.Say(ask.Reply{Text: h.Book.Lines(t.Lang(), lines...), Buttons: h.share(t.Lang(), link, locales.AppointShare())})
	return nil
}

// aDate is what somebody means as one, right or wrong.
var aDate = regexp.MustCompile(`^\d{1,4}[-./]\d{1,2}[-./]\d{1,4}$`)

// appointment reads what an administrator has written.
func (h *Handlers) appointment(arg string) (a dauys.Appointment, problem *ask.Line) {
	no := func(l ask.Line) (dauys.Appointment, *ask.Line) { return dauys.Appointment{}, &l }
	words := strings.Fields(arg)
	id := dauys.OfficeID(strings.ToLower(words[0]))
	words = words[1:]
	if _, person := h.University.Persons[string(id.Kind())]; person {
		_, whose, _ := strings.Cut(string(id), "@")
		institute, group, _ := strings.Cut(whose, ".")
		if _, ok := h.University.Institute(institute); !ok {
			return no(locales.AppointWhich())
		}
		if group == "" && len(words) > 0 && !aDate.MatchString(words[0]) {
			group, words = words[0], words[1:]
		}
		if dauys.GroupKey(group) == "" {
			return no(locales.AppointGroup())
		}
		a.Group = ask.Clean(group)
		id = dauys.CuratorOf(string(id.Kind()), institute, group)
	}
	if _, ok := h.University.Office(id); !ok {
		return no(locales.AppointWhich())
	}
	a.Office = id
	if len(words) > 0 && aDate.MatchString(words[0]) {
		day, ok := h.date(words[0])
		if !ok {
			return no(locales.AppointDate())
		}
		if a.Until = day.AddDate(0, 0, 1); !a.Until.After(h.Now()) {
			return no(locales.AppointPast())
		}
		words = words[1:]
	}
	a.Name = locales.Shorten(ask.Clean(strings.Join(words, " ")), 100)
	return a, nil
}

// role says of a right for which office it is and until when. A term ends with its last day.
func (h *Handlers) role(id dauys.OfficeID, group string, until time.Time) []ask.Line {
	lines := []ask.Line{locales.ServeOffice(id)}
	if o, _ := h.University.Office(id); o.Institute != "" {
		lines = append(lines, locales.ServeInstitute(o.Institute))
	}
	if group != "" {
		lines = append(lines, locales.ServeGroup(group))
	}
	if until.IsZero() {
		return append(lines, locales.ServeOpen())
	}
	return append(lines, locales.ServeUntil(until.Add(-time.Second)))
}

// serving says how to appoint, and lists who acts for which office.
func (h *Handlers) serving(ctx context.Context, t *Turn) error {
	all, err := h.Storage.Serving(ctx, h.Now())
	if err != nil {
		return fmt.Errorf("list who serves: %w", err)
	}
	lines := []ask.Line{locales.AppointHelp()}
	if len(all) == 0 {
		lines = append(lines, locales.ServeNobody())
	}
	for _, s := range all {
		if s.Until.IsZero() {
			lines = append(lines, locales.ServeItem(s))
		} else {
			s.Until = s.Until.Add(-time.Second)
			lines = append(lines, locales.ServeItemUntil(s))
		}
		if s.Head {
			lines = append(lines, locales.ServeItemHead())
		}
		if s.Held(h.Now()) {
			lines = append(lines, locales.ServeItemHeld(s))
		}
	}
	t.Say(ask.Reply{Text: h.Book.Lines(t.Lang(), lines...)})
	return nil
}

// accept is opening the link of an appointment.
func (h *Handlers) accept(ctx context.Context, t *Turn, code string) error {
	alone := func(id dauys.OfficeID) bool { o, _ := h.University.Office(id); return o.Person }
	a, s, err := h.Storage.TakeAppointment(ctx, code, t.From, cmp.Or(ask.Clean(t.Name), string(t.From)), alone, h.Now(), h.appointed)
	if errors.Is(err, dauys.ErrBadCode) {
		return h.resume(t, locales.AppointGone())
	}
	if err != nil {
		return fmt.Errorf("take an appointment: %w", err)
	}
	t.Told = true
	h.Log.Info("appointed", "office", a.Office, "staff", s.ID, "update", t.Update)
	if alone(a.Office) { // who had it before has it no more
		if err := h.free(ctx, a.Office, t.Update); err != nil {
			return err
		}
	}
	if err := h.seated(ctx, t.From); err != nil {
		return err
	}
	lines := append([]ask.Line{locales.Appointed()}, h.role(s.Office, a.Group, s.Until)...)
	if alone(a.Office) {
		return h.resume(t, append(lines, locales.AppointedHere())...)
	}
	return h.resume(t, append(lines, locales.AppointedChat())...)
}

// tenure is the body of a dauys.Tenure notice: what became of a right. It is put into words, and
// looked at again, when it is told.
type tenure struct {
	What  string         `json:"what"` // one of those below
	Staff int64          `json:"staff"`
	Who   dauys.Address  `json:"who"`
	Name  string         `json:"name"`
	At    dauys.OfficeID `json:"office"`
	Group string         `json:"group,omitempty"`
	Until time.Time      `json:"until,omitzero"`
}

const (
	begun = "begun" // somebody has taken it
	soon  = "soon"  // its time is over soon
	ended = "ended" // its time is over
	away  = "taken" // it was taken away
)

// note is a notice of it to somebody.
func (r tenure) note(what string, to dauys.Address, after time.Time) dauys.Notification {
	r.What = what
	body, _ := json.Marshal(r) // strings and times only: cannot fail
	key := fmt.Sprintf("tenure/%d/%d/%s/%s", r.Staff, r.Until.Unix(), what, to)
	return dauys.Notification{Key: key, What: dauys.Tenure, To: to, Body: string(body), After: after}
}

// appointed is what has to be told of an appointment, now, before its end and then.
func (h *Handlers) appointed(a dauys.Appointment, s dauys.Staff, before []dauys.Staff) (notes []dauys.Notification) {
	r := tenure{Staff: s.ID, Who: s.Address, Name: s.Name, At: s.Office, Group: a.Group, Until: s.Until}
	for _, other := range before {
		notes = append(notes, tenure{Staff: other.ID, Who: other.Address, Name: other.Name, At: other.Office, Group: a.Group}.note(away, other.Address, time.Time{}))
	}
	for _, admin := range h.Admins {
		notes = append(notes, r.note(begun, admin, time.Time{}))
	}
	if s.Until.IsZero() {
		return notes
	}
	for _, to := range append([]dauys.Address{s.Address}, h.Admins...) {
		if at := s.Until.Add(morning - noticeBefore); at.After(h.Now()) {
			notes = append(notes, r.note(soon, to, at))
		}
		notes = append(notes, r.note(ended, to, s.Until.Add(morning)))
	}
	return notes
}

// tenureNotice tells what became of a right, if it is still so: one that was prolonged or taken away
// since does not end. With the end of a term what hung on it ends, too.
func (h *Handlers) tenureNotice(ctx context.Context, n dauys.Notification) ([]ask.Reply, error) {
	var r tenure
	if err := json.Unmarshal([]byte(n.Body), &r); err != nil {
		return nil, fmt.Errorf("notice %s: %w", n.Key, err)
	}
	if r.What == soon || r.What == ended {
		s, err := h.Storage.Right(ctx, r.Staff)
		if errors.Is(err, dauys.ErrNotFound) || err == nil && !s.Until.Equal(r.Until) {
			return nil, nil
		}
		if err != nil {
			return nil, fmt.Errorf("notice %s: %w", n.Key, err)
		}
	}
	if r.What == ended {
		if err := h.unseated(ctx, r.At, r.Who, fmt.Sprintf("tenure/%d", r.Staff)); err != nil {
			return nil, err
		}
	}
	l, err := h.langOf(ctx, n.To, "")
	if err != nil {
		return nil, err
	}
	own := n.To == r.Who
	lines := map[string]func() ask.Line{
		begun: func() ask.Line { return locales.ServeBegun(r.Name) },
		soon: func() ask.Line {
			if own {
				return locales.ServeSoon()
			}
			return locales.ServeSoonOf(r.Name)
		},
		ended: func() ask.Line {
			if own {
				return locales.ServeEnded()
			}
			return locales.ServeEndedOf(r.Name)
		},
		away: locales.ServeTaken,
	}
	say, ok := lines[r.What]
	if !ok {
		return nil, fmt.Errorf("notice %s: nobody knows what %q is", n.Key, r.What)
	}
	role := h.role(r.At, r.Group, r.Until)
	if r.What == away {
		role = role[:len(role)-1] // until when it would have been
	}
	return []ask.Reply{{Text: h.Book.Lines(l, append([]ask.Line{say()}, role...)...)}}, nil
}

// unseated is somebody not acting for an office any more: what they held goes back to it, and a
// person of the procedure is unknown again.
func (h *Handlers) unseated(ctx context.Context, office dauys.OfficeID, who dauys.Address, cause string) error {
	if err := h.free(ctx, office, cause); err != nil {
		return err
	}
	if o, ok := h.University.Office(office); !ok || !o.Person {
		return h.cleared(ctx, office, who, cause)
	}
	there, err := h.Storage.StaffFor(ctx, office, h.Now())
	if err != nil {
		return fmt.Errorf("staff of %s: %w", office, err)
	}
	if len(there) > 0 {
		return nil
	}
	open, err := h.Storage.OpenCases(ctx, office)
	if err != nil {
		return fmt.Errorf("cases of %s: %w", office, err)
	}
	for _, c := range open {
		if err := h.bypass(ctx, c); err != nil {
			return err
		}
	}
	if err := h.Storage.Unbind(ctx, office, who); err != nil {
		return fmt.Errorf("unbind %s: %w", office, err)
	}
	return nil
}

// dismiss offers those whom an administrator has appointed, of one office or of all. Members of a
// chat act for its office as long as they are in it.
func (h *Handlers) dismiss(ctx context.Context, t *Turn) error {
	all, err := h.Storage.Serving(ctx, h.Now())
	if err != nil {
		return fmt.Errorf("list who serves: %w", err)
	}
	if strings.TrimSpace(t.Arg) != "" {
		a, problem := h.appointment(t.Arg)
		if problem != nil {
			t.Say(ask.Reply{Text: h.Book.Say(t.Lang(), *problem)})
			return nil
		}
		all = slices.DeleteFunc(all, func(s dauys.Staff) bool { return s.Office != a.Office })
	}
	all = slices.DeleteFunc(all, func(s dauys.Staff) bool { return s.ViaChat })
	if len(all) == 0 {
		t.Say(ask.Reply{Text: h.Book.Say(t.Lang(), locales.DismissNobody())})
		return nil
	}
	r := ask.Reply{Text: h.Book.Say(t.Lang(), locales.DismissWhom())}
	for _, s := range all[:min(len(all), mostDismissed)] {
		label := locales.Shorten(s.Name, 30) + " · " + string(s.Office)
		r.Buttons = append(r.Buttons, []ask.Button{{Text: label, Data: "o:" + strconv.FormatInt(s.ID, 10)}})
	}
	t.Say(r)
	return nil
}

// dismissButton is a button under that list: o:RIGHT asks once more, o:RIGHT:yes takes it away.
func (h *Handlers) dismissButton(ctx context.Context, t *Turn, data string) error {
	number, sure, _ := strings.Cut(data, ":")
	id, err := strconv.ParseInt(number, 10, 64)
	if err != nil || !h.isAdmin(t.From) {
		return h.resume(t, locales.OldButton())
	}
	if sure != "yes" {
		s, err := h.Storage.Right(ctx, id)
		if errors.Is(err, dauys.ErrNotFound) {
			return h.resume(t, locales.OldButton())
		}
		if err != nil {
			return fmt.Errorf("a right: %w", err)
		}
		t.Say(t.Here(ask.Reply{
			Text:    h.Book.Lines(t.Lang(), append([]ask.Line{locales.DismissSure(s.Name)}, h.role(s.Office, "", s.Until)...)...),
			Buttons: [][]ask.Button{{h.button(t.Lang(), locales.DismissYes(), "o:"+number+":yes")}, {h.button(t.Lang(), locales.MenuButton("menu"), "m:menu")}},
		}))
		return nil
	}
	s, err := h.Storage.Dismiss(ctx, id, h.Now(), func(s dauys.Staff) []dauys.Notification {
		return []dauys.Notification{tenure{Staff: s.ID, Who: s.Address, Name: s.Name, At: s.Office}.note(away, s.Address, time.Time{})}
	})
	if errors.Is(err, dauys.ErrNotFound) {
		return h.resume(t, locales.OldButton())
	}
	if err != nil {
		return fmt.Errorf("dismiss: %w", err)
	}
	t.Told = true
	h.Log.Info("dismissed", "office", s.Office, "staff", s.ID, "update", t.Update)
	if err := h.unseated(ctx, s.Office, s.Address, t.Update); err != nil {
		return err
	}
	t.Say(t.Here(ask.Reply{Text: h.Book.Lines(t.Lang(), locales.DismissDone(s.Name), locales.ServeOffice(s.Office))}))
	return nil
}
