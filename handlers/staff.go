package handlers

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
)

// Staffing is who serves in an office, and what becomes of their right.
type Staffing interface {
	// Roster lists who serves now, who is held back, and who was removed.
	Roster(ctx context.Context, office dauys.OfficeID, now time.Time) ([]dauys.Staff, error)
	// ChangeStaff changes a right with what is told of it; change is handed it and all that are active
	// for its office, as they are until it is stored. The error is dauys.ErrNotFound when it is over.
	ChangeStaff(ctx context.Context, id int64, now time.Time, change func(s *dauys.Staff, there []dauys.Staff) error, tell func(dauys.Staff) []dauys.Notification) (dauys.Staff, error)
}

// suspendFor are the days for which one can be suspended with a button. Today is the first of them.
var suspendFor = []int{3, 7, 14}

const mostNamed = 50 // cases that are named in a message

// staff lists who serves in the offices of a chat, for everybody who acts for one of them. Heads and
// administrators get a button for each. With the number of a right and a day it suspends until then.
func (h *Handlers) staff(ctx context.Context, in Input) error {
	bound, err := h.officesAt(ctx, in)
	if err != nil {
		return err
	}
	if len(bound) == 0 {
		return h.strange(ctx, in)
	}
	if in.Hidden {
		return h.tellChat(ctx, in, locales.ShowYourself())
	}
	if number, day, typed := strings.Cut(strings.TrimSpace(in.Arg), " "); typed {
		return h.suspendUntil(ctx, in, number, strings.TrimSpace(day))
	}
	for _, id := range bound {
		if in.Private {
			break
		}
		if err := h.welcome(ctx, in, id); err != nil {
			return err
		}
	}
	r, shown, err := h.staffList(ctx, in, 1, 0)
	if err != nil {
		return err
	}
	if !shown {
		return h.tellChat(ctx, in, locales.NotStaff())
	}
	r.To = in.Message
	return h.Storage.Notify(ctx, ready(in, r))
}

// officesAt are the offices that somebody speaks of where they are: in a group those that work there, in
// their own chat those for which they act.
func (h *Handlers) officesAt(ctx context.Context, in Input) ([]dauys.OfficeID, error) {
	if !in.Private {
		bound, err := h.Storage.BoundTo(ctx, in.Chat)
		if err != nil {
			return nil, fmt.Errorf("whose chat: %w", err)
		}
		return bound, nil
	}
	a, err := h.standsAt(ctx, in, true)
	if errors.Is(err, dauys.ErrNotStaff) {
		return nil, nil
	}
	return a.offices, err
}

// staffList is one page of who serves in the offices of a chat for which the one who asks acts: that
// page, or the one on which a right stands. Shown is false when there is no such office.
func (h *Handlers) staffList(ctx context.Context, in Input, page int, right int64) (r ask.Reply, shown bool, err error) {
	bound, err := h.officesAt(ctx, in)
	if err != nil {
		return r, false, err
	}
	l := h.chatLang(ctx, in)
	var all []listed
	for _, id := range bound {
		_, serves, err := h.serves(ctx, in.From, id)
		if err != nil {
			return r, false, err
		}
		if !serves && !h.isAdmin(in.From) {
			continue
		}
		of, err := h.roster(ctx, in.From, id)
		if err != nil {
			return r, false, err
		}
		all = append(all, of...)
	}
	if len(all) == 0 {
		return r, false, nil
	}
	if i := slices.IndexFunc(all, func(e listed) bool { return right != 0 && e.right == right }); i >= 0 {
		page = i/peoplePage + 1
	}
	pages := (len(all) + peoplePage - 1) / peoplePage
	page = min(max(page, 1), pages)
	var lines []ask.Line
	for i, e := range all[(page-1)*peoplePage : min(page*peoplePage, len(all))] {
		if e.first || i == 0 {
			lines = append(lines, locales.StaffHead(e.office))
		}
		lines = append(lines, e.lines...)
		if e.button != nil {
			r.Buttons = append(r.Buttons, e.button)
		}
	}
	if pages > 1 {
		lines = append(lines, locales.ListPage(page, pages))
	}
	if len(r.Buttons) > 0 {
		lines = append(lines, locales.StaffPick())
	}
	r.Buttons = append(r.Buttons, h.turns(l, page, pages, func(page int) string { return "e:page:" + strconv.Itoa(page) })...)
	r.Text = h.Book.Lines(l, lines...)
	return r, true, nil
}

// listed is somebody in the list of an office, or that there is nobody.
type listed struct {
	office dauys.OfficeID
	first  bool // of the office
	right  int64
	lines  []ask.Line
	button []ask.Button // nil: who asks may do nothing about them
}

// roster is the list of one office, with a button for each whom the one who asks may do something about.
func (h *Handlers) roster(ctx context.Context, who dauys.Address, id dauys.OfficeID) (out []listed, err error) {
	now := h.Now()
	all, err := h.Storage.Roster(ctx, id, now)
	if err != nil {
		return nil, fmt.Errorf("who serves in %s: %w", id, err)
	}
	if len(all) == 0 {
		return []listed{{office: id, first: true, lines: []ask.Line{locales.StaffNobody()}}}, nil
	}
	for i, s := range all {
		away, err := h.Storage.Absences(ctx, s.Address, now)
		if err != nil {
			return nil, fmt.Errorf("who is away: %w", err)
		}
		e := listed{office: id, first: i == 0, right: s.ID, lines: locales.StaffPerson(s, away, now)}
		if len(h.staffActs(who, s, all)) > 0 {
			e.button = []ask.Button{{Text: locales.Shorten(s.Name, 40), Data: "e:open:" + strconv.FormatInt(s.ID, 10)}}
		}
		out = append(out, e)
	}
	return out, nil
}

// staffActs are what somebody may do about another now. It decides which buttons are shown; what is done
// is asked again where it is stored.
func (h *Handlers) staffActs(who dauys.Address, s dauys.Staff, there []dauys.Staff) (acts []dauys.StaffAct) {
	can := []dauys.StaffAct{dauys.Suspend, dauys.Remove}
	switch {
	case s.Removed:
		can = []dauys.StaffAct{dauys.LetIn}
	case s.Held(h.Now()):
		can = []dauys.StaffAct{dauys.Restore, dauys.Remove}
	}
	for _, do := range can {
		if dauys.MayManage(do, who, s, there, h.Admins, h.Now()) {
			acts = append(acts, do)
		}
	}
	return acts
}

// inRoster finds a right among those of the offices of a chat.
func (h *Handlers) inRoster(ctx context.Context, in Input, number string) (s dauys.Staff, all []dauys.Staff, err error) {
	id, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return s, nil, dauys.ErrNotFound
	}
	bound, err := h.officesAt(ctx, in)
	if err != nil {
		return s, nil, err
	}
	for _, o := range bound {
		all, err := h.Storage.Roster(ctx, o, h.Now())
		if err != nil {
			return s, nil, fmt.Errorf("who serves in %s: %w", o, err)
		}
		if i := slices.IndexFunc(all, func(s dauys.Staff) bool { return s.ID == id }); i >= 0 {
			return all[i], all, nil
		}
	}
	return s, nil, dauys.ErrNotFound
}

// staffButton is a button under the list of an office: e:WHAT:RIGHT.
func (h *Handlers) staffButton(ctx context.Context, in Input, parts []string) (string, error) {
	l := h.chatLang(ctx, in)
	if len(parts) != 3 {
		return h.Book.Plain(l, locales.OldButton()), nil
	}
	if parts[1] == "page" {
		page, _ := strconv.Atoi(parts[2])
		r, shown, err := h.staffList(ctx, in, page, 0)
		if err != nil {
			return "", err
		}
		if !shown {
			return h.Book.Plain(l, locales.NotStaff()), nil
		}
		return "", h.inPlace(ctx, in, r)
	}
	s, all, err := h.inRoster(ctx, in, parts[2])
	if errors.Is(err, dauys.ErrNotFound) {
		return h.Book.Plain(l, locales.OldButton()), nil
	}
	if err != nil {
		return "", err
	}
	edit := func(lines []ask.Line, rows [][]ask.Button) error {
		return h.Storage.Notify(ctx, ready(in, ask.Reply{Edit: in.Message, Text: h.Book.Lines(l, lines...), Buttons: rows}))
	}
	acts := h.staffActs(in.From, s, all)
	if len(acts) == 0 && parts[1] != "list" {
		return h.Book.Plain(l, locales.StaffRefused()), nil
	}
	var do dauys.StaffAct
	var until time.Time
	switch what := parts[1]; what {
	case "open":
		lines, rows, err := h.staffPage(ctx, l, s, acts)
		if err != nil {
			return "", err
		}
		return "", edit(lines, rows)
	case "list":
		r, shown, err := h.staffList(ctx, in, 1, s.ID)
		if err != nil {
			return "", err
		}
		if !shown || len(r.Buttons) == 0 {
			return h.Book.Plain(l, locales.StaffRefused()), nil
		}
		return "", h.inPlace(ctx, in, r)
	case "remove":
		return "", edit([]ask.Line{locales.StaffSure(s.Name)}, [][]ask.Button{
			{h.button(l, locales.RemoveYes(), "e:yes:"+parts[2])}, {h.button(l, locales.StaffBack(), "e:list:"+parts[2])}})
	case "yes":
		do = dauys.Remove
	case "restore":
		do = dauys.Restore
	case "letin":
		do = dauys.LetIn
	case "endless":
		do, until = dauys.Suspend, dauys.Endless
	default:
		days, err := strconv.Atoi(what)
		if err != nil || !slices.Contains(suspendFor, days) {
			return h.Book.Plain(l, locales.OldButton()), nil
		}
		do, until = dauys.Suspend, h.University.Calendar.Midnight(h.Now()).AddDate(0, 0, days)
	}
	if err := h.manage(ctx, in, do, s, until); errors.Is(err, dauys.ErrNotStaff) {
		return h.Book.Plain(l, locales.StaffRefused()), nil
	} else if err != nil {
		return "", err
	}
	r, _, err := h.staffList(ctx, in, 1, s.ID)
	if err != nil {
		return "", err
	}
	return "", h.inPlace(ctx, in, r)
}

// staffPage is what can be done about one person.
func (h *Handlers) staffPage(ctx context.Context, l dauys.Lang, s dauys.Staff, acts []dauys.StaffAct) (lines []ask.Line, rows [][]ask.Button, err error) {
	away, err := h.Storage.Absences(ctx, s.Address, h.Now())
	if err != nil {
		return nil, nil, fmt.Errorf("who is away: %w", err)
	}
	lines = locales.StaffPerson(s, away, h.Now())
	id := strconv.FormatInt(s.ID, 10)
	for _, do := range acts {
		switch do {
		case dauys.Suspend:
			for _, days := range suspendFor {
				rows = append(rows, []ask.Button{h.button(l, locales.SuspendButton(days), "e:"+strconv.Itoa(days)+":"+id)})
			}
			rows = append(rows, []ask.Button{h.button(l, locales.SuspendOpenButton(), "e:endless:"+id)})
			lines = append(lines, locales.StaffOther(s.ID, h.University.Calendar.Midnight(h.Now()).AddDate(0, 0, 30)))
		case dauys.Restore:
			rows = append(rows, []ask.Button{h.button(l, locales.UnsuspendButton(), "e:restore:"+id)})
		case dauys.Remove:
			rows = append(rows, []ask.Button{h.button(l, locales.RemoveButton(), "e:remove:"+id)})
		case dauys.LetIn:
			rows = append(rows, []ask.Button{h.button(l, locales.LetInButton(), "e:letin:"+id)})
		}
	}
	return lines, append(rows, []ask.Button{h.button(l, locales.StaffBack(), "e:list:"+id)}), nil
}

// suspendUntil is /staff NUMBER DAY: that day is the last.
func (h *Handlers) suspendUntil(ctx context.Context, in Input, number, day string) error {
	last, ok := h.date(day)
	if !ok || last.Before(h.University.Calendar.Midnight(h.Now())) || !last.Before(dauys.Endless.AddDate(-1, 0, 0)) {
		return h.tellChat(ctx, in, locales.StaffDate())
	}
	s, all, err := h.inRoster(ctx, in, number)
	if err != nil && !errors.Is(err, dauys.ErrNotFound) {
		return err
	}
	if err != nil || !slices.Contains(h.staffActs(in.From, s, all), dauys.Suspend) {
		return h.tellChat(ctx, in, locales.StaffRefused())
	}
	if err := h.manage(ctx, in, dauys.Suspend, s, last.AddDate(0, 0, 1)); errors.Is(err, dauys.ErrNotStaff) {
		return h.tellChat(ctx, in, locales.StaffRefused())
	} else if err != nil {
		return err
	}
	return nil
}

// manage changes somebody's right. Whether it may be done is asked where it is stored. What they held
// goes back to the office at once, which is told of all that in one message.
func (h *Handlers) manage(ctx context.Context, in Input, do dauys.StaffAct, s dauys.Staff, until time.Time) error {
	own, err := h.toldOwn(ctx, in, do, s.Address)
	if err != nil {
		return err
	}
	o, _ := h.University.Office(s.Office)
	l, err := h.officeLang(ctx, o)
	if err != nil {
		return err
	}
	office := func(s dauys.Staff, more ...ask.Line) dauys.Notification {
		lines := append([]ask.Line{locales.StaffDone(do, s), locales.StaffDoneBy(ask.Clean(in.Name))}, more...)
		n := message(fmt.Sprintf("staff/%s/%s", in.Update, s.Office), "", ask.Reply{Text: h.Book.Lines(l, lines...)})
		n.Office = s.Office
		return n
	}
	tell := func(s dauys.Staff) []dauys.Notification {
		if do == dauys.Restore || do == dauys.LetIn { // of the others it is told below, with what they held
			return append(own(s), office(s))
		}
		return own(s)
	}
	now := h.Now()
	s, err = h.Storage.ChangeStaff(ctx, s.ID, now, func(s *dauys.Staff, there []dauys.Staff) error {
		if !dauys.MayManage(do, in.From, *s, there, h.Admins, now) {
			return dauys.ErrNotStaff
		}
		switch do {
		case dauys.Suspend:
			s.Suspended = until
		case dauys.Restore:
			s.Suspended = time.Time{}
		case dauys.Remove:
			s.Removed = true
		case dauys.LetIn:
			s.Removed, s.Suspended = false, time.Time{}
		case dauys.MakeHead, dauys.UnmakeHead:
			s.Head = do == dauys.MakeHead
		}
		return nil
	}, tell)
	if errors.Is(err, dauys.ErrNotFound) {
		return dauys.ErrNotStaff
	}
	if err != nil {
		return fmt.Errorf("%s: %w", do, err)
	}
	h.Log.Info("staff changed", "act", do, "office", s.Office, "staff", s.ID, "update", in.Update)
	switch do {
	case dauys.Restore, dauys.LetIn:
		return h.seated(ctx, s.Address)
	case dauys.MakeHead, dauys.UnmakeHead:
		return nil
	}
	if err := h.unseated(ctx, s.Office, s.Address, in.Update); err != nil {
		return err
	}
	did, err := h.caused(ctx, s.Office, in.Update)
	if err != nil {
		return err
	}
	numbers := did[dauys.Release]
	if len(numbers) == 0 {
		return h.Storage.Notify(ctx, office(s))
	}
	return h.Storage.Notify(ctx, office(s, locales.StaffFreed(named(numbers), len(numbers))))
}

// toldOwn tells somebody themselves what has become of their right, if they can be written to.
func (h *Handlers) toldOwn(ctx context.Context, in Input, do dauys.StaffAct, who dauys.Address) (func(dauys.Staff) []dauys.Notification, error) {
	l, err := h.Storage.LangOf(ctx, who)
	if err != nil {
		return nil, fmt.Errorf("language of a person: %w", err)
	}
	return func(s dauys.Staff) []dauys.Notification {
		if l == "" || who == in.From {
			return nil
		}
		return []dauys.Notification{message("staff/"+in.Update+"/own", who, ask.Reply{Text: h.Book.Say(l, locales.StaffTold(do, s))})}
	}, nil
}

// caused are the open cases of an office with which something was done for a cause, by what it was.
func (h *Handlers) caused(ctx context.Context, office dauys.OfficeID, cause string) (map[dauys.Act][]string, error) {
	open, err := h.Storage.OpenCases(ctx, office)
	if err != nil {
		return nil, fmt.Errorf("cases of %s: %w", office, err)
	}
	did := map[dauys.Act][]string{}
	for _, c := range open {
		for _, e := range c.Events {
			if e.Cause == cause && !slices.Contains(did[e.Act], c.Number) {
				did[e.Act] = append(did[e.Act], c.Number)
			}
		}
	}
	for _, numbers := range did {
		slices.Sort(numbers)
	}
	return did, nil
}

// named are numbers of cases for a message, as many as it has room for.
func named(numbers []string) string {
	if len(numbers) > mostNamed {
		return strings.Join(numbers[:mostNamed], ", ") + " …"
	}
	return strings.Join(numbers, ", ")
}

// head offers an administrator those who serve in an office: who of them is a head.
func (h *Handlers) head(ctx context.Context, t *Turn) error {
	if strings.TrimSpace(t.Arg) == "" {
		t.Say(ask.Reply{Text: h.Book.Say(t.Lang(), locales.HeadHelp())})
		return nil
	}
	a, problem := h.appointment(t.Arg)
	if problem != nil {
		t.Say(ask.Reply{Text: h.Book.Say(t.Lang(), *problem)})
		return nil
	}
	return h.heads(ctx, t, a.Office, 1, 0)
}

// heads is a page of that list, or the one on which a right stands; a press marks somebody, or takes it back.
func (h *Handlers) heads(ctx context.Context, t *Turn, office dauys.OfficeID, page int, right int64) error {
	all, err := h.Storage.Serving(ctx, h.Now())
	if err != nil {
		return fmt.Errorf("list who serves: %w", err)
	}
	all = slices.DeleteFunc(all, func(s dauys.Staff) bool { return s.Office != office })
	if len(all) == 0 {
		t.Say(t.Here(ask.Reply{Text: h.Book.Lines(t.Lang(), locales.StaffHead(office), locales.StaffNobody())}))
		return nil
	}
	r := ask.Reply{Text: h.Book.Say(t.Lang(), locales.HeadWhom(office))}
	for i, s := range all {
		if s.ID == right {
			page = i/peoplePage + 1
		}
		label, press := locales.Shorten(s.Name, 40), "yes"
		if s.Head {
			label, press = "⭐ "+label, "no"
		}
		r.Buttons = append(r.Buttons, []ask.Button{{Text: label, Data: fmt.Sprintf("h:%d:%s", s.ID, press)}})
	}
	r.Buttons = h.paged(t.Lang(), r.Buttons, page, func(page int) string { return fmt.Sprintf("h:p:%d:%s", page, office) })
	t.Say(t.Here(r))
	return nil
}

// headButton is a button under that list: h:RIGHT:yes or no, or h:p:PAGE:OFFICE.
func (h *Handlers) headButton(ctx context.Context, t *Turn, data string) error {
	number, press, _ := strings.Cut(data, ":")
	if number == "p" && h.isAdmin(t.From) {
		which, office, _ := strings.Cut(press, ":")
		page, _ := strconv.Atoi(which)
		return h.heads(ctx, t, dauys.OfficeID(office), page, 0)
	}
	id, err := strconv.ParseInt(number, 10, 64)
	if err != nil || !h.isAdmin(t.From) {
		return h.resume(t, locales.OldButton())
	}
	s, err := h.Storage.Right(ctx, id)
	if errors.Is(err, dauys.ErrNotFound) {
		return h.resume(t, locales.OldButton())
	}
	if err != nil {
		return fmt.Errorf("a right: %w", err)
	}
	do := dauys.UnmakeHead
	if press == "yes" {
		do = dauys.MakeHead
	}
	err = h.manage(ctx, t.Input, do, s, time.Time{})
	if errors.Is(err, dauys.ErrNotStaff) {
		return h.resume(t, locales.HeadLast())
	}
	if err != nil {
		return err
	}
	t.Told = true
	return h.heads(ctx, t, s.Office, 1, s.ID)
}
