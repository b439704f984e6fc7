package handlers

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
)

// Lists in which staff find a case: in the chat of their office, and what is theirs or due in their own
// chat. A list is a message that is edited in place. What it shows, and what is chosen in it, is kept as
// a prompt of who asked for it; its buttons name the prompt.

// Worklists are the cases of an office as its staff look for them.
type Worklists interface {
	// OfficeCases lists cases that an office has, the newest first: open ones, and, since a time, those in
	// which something has happened since.
	OfficeCases(ctx context.Context, office dauys.OfficeID, since time.Time, limit int) ([]*dauys.Case, error)
	// CasesEnding lists the numbers of cases that an office has or has had and that end with some digits.
	CasesEnding(ctx context.Context, office dauys.OfficeID, digits string, limit int) ([]string, error)
	// ShowCard shows a card anew at the end of the chat, and takes away the message in which it stood; by
	// the key of that notification once.
	ShowCard(ctx context.Context, number string, office dauys.OfficeID, gone dauys.Notification) error
}

// listAct is a prompt that shows a list. It waits for no words.
const listAct dauys.Act = "list"

// What a list shows.
const (
	listOpen = "open"
	listMine = "mine"
	listDue  = "due"
	listFind = "find"
)

const (
	pageCases  = 10   // cases on a page
	rowButtons = 5    // of them in a row of buttons
	mostListed = 2000 // open cases of an office that are gone through
	mostChosen = 50   // cases with which something is done at once
)

// at is who looks for a case, where, and for which offices.
type at struct {
	in      Input
	lang    dauys.Lang
	rights  []dauys.Staff // of who asks, now
	offices []dauys.OfficeID
}

// standsAt finds for which offices somebody may look for cases where they are: in a group, those that
// work there; in their own chat, all of theirs, or only those that have their cards there. No office is
// an error.
func (h *Handlers) standsAt(ctx context.Context, in Input, all bool) (a at, err error) {
	bound, err := h.Storage.BoundTo(ctx, in.Chat)
	if err != nil {
		return a, fmt.Errorf("whose chat: %w", err)
	}
	for _, id := range bound {
		if in.Private {
			break
		}
		if err := h.welcome(ctx, in, id); err != nil {
			return a, err
		}
	}
	a = at{in: in, lang: h.chatLang(ctx, in)}
	if a.rights, err = h.Storage.StaffOf(ctx, in.From, h.Now()); err != nil {
		return a, fmt.Errorf("rights: %w", err)
	}
	for _, s := range a.rights {
		if _, known := h.University.Office(s.Office); known && s.Active(h.Now()) && (slices.Contains(bound, s.Office) || all && in.Private) && !slices.Contains(a.offices, s.Office) {
			a.offices = append(a.offices, s.Office)
		}
	}
	if len(a.offices) == 0 {
		return a, dauys.ErrNotStaff
	}
	return a, nil
}

// looked are the commands with which staff look for cases.
var looked = map[string]func(*Handlers, context.Context, at) error{
	listOpen: func(h *Handlers, ctx context.Context, a at) error { return h.list(ctx, a, listOpen, nil) },
	listMine: func(h *Handlers, ctx context.Context, a at) error { return h.list(ctx, a, listMine, nil) },
	listDue:  func(h *Handlers, ctx context.Context, a at) error { return h.list(ctx, a, listDue, nil) },
	listFind: (*Handlers).find,
	"case":   (*Handlers).oneCase,
	"trail":  (*Handlers).trail,

	"link":      (*Handlers).link,
	"unlink":    (*Handlers).link,
	"merge":     (*Handlers).merge,
	"split":     (*Handlers).split,
	"cause":     (*Handlers).cause,
	"answerall": (*Handlers).answerAll,

	"give":  (*Handlers).give,
	"topic": (*Handlers).topic,
}

// look is one of these commands in the chat of an office.
func (h *Handlers) look(ctx context.Context, in Input) error {
	bound, err := h.Storage.BoundTo(ctx, in.Chat)
	if err != nil {
		return fmt.Errorf("whose chat: %w", err)
	}
	if len(bound) == 0 {
		return h.strange(ctx, in)
	}
	l := h.chatLang(ctx, in)
	if in.Hidden {
		return h.Storage.Notify(ctx, ready(in, ask.Reply{To: in.Message, Text: h.Book.Say(l, locales.ShowYourself())}))
	}
	a, err := h.standsAt(ctx, in, false)
	if errors.Is(err, dauys.ErrNotStaff) {
		return h.Storage.Notify(ctx, ready(in, ask.Reply{To: in.Message, Text: h.Book.Say(l, locales.NotStaff())}))
	}
	if err != nil {
		return err
	}
	return looked[in.Command](h, ctx, a)
}

// ownLook is the same in somebody's own chat: what is theirs and what is due in all of their offices, and
// the rest for whom an office is served there. To others there are no such commands.
func (h *Handlers) ownLook(ctx context.Context, t *Turn, command string) error {
	a, err := h.standsAt(ctx, t.Input, slices.Contains([]string{listMine, listDue, "split", "give", "topic"}, command))
	switch {
	case errors.Is(err, dauys.ErrNotStaff) && len(a.rights) > 0:
		return h.resume(t, locales.ListElsewhere())
	case errors.Is(err, dauys.ErrNotStaff):
		return h.resume(t, locales.UnknownCommand())
	case err != nil:
		return err
	}
	t.Told = true
	return looked[command](h, ctx, a)
}

// answer says something to who asked.
func (h *Handlers) answer(ctx context.Context, a at, r ask.Reply) error {
	if !a.in.Private {
		r.To = a.in.Message
	}
	return h.Storage.Notify(ctx, ready(a.in, r))
}

func (h *Handlers) answerLine(ctx context.Context, a at, line ask.Line) error {
	return h.answer(ctx, a, ask.Reply{Text: h.Book.Say(a.lang, line)})
}

// list begins a list, with what else is to be kept of it.
func (h *Handlers) list(ctx context.Context, a at, view string, given map[string][]string) error {
	p := Prompt{ID: promptID(a.in.Update, view, listAct), Chat: a.in.Chat, Actor: a.in.From, Act: listAct,
		Session: ask.Session{Phase: ask.Done, Given: map[string][]string{"view": {view}}}} // it is no act that is open
	maps.Copy(p.Session.Given, given)
	r, err := h.listed(ctx, a, p)
	if err != nil {
		return err
	}
	if !a.in.Private {
		r.To = a.in.Message
	}
	if _, err := h.Storage.SavePrompt(ctx, p, a.in.Update, ready(a.in, r)); err != nil {
		return fmt.Errorf("begin a list: %w", err)
	}
	return nil
}

// inList are the cases of a list as they are now, in its order.
func (h *Handlers) inList(ctx context.Context, a at, p Prompt) (all []*dauys.Case, err error) {
	view := only(p.Session.Given["view"])
	if view == listFind { // found once; where they stand is read again
		for _, number := range p.Session.Given["found"] {
			c, err := h.Storage.Case(ctx, number)
			if err != nil {
				return nil, fmt.Errorf("load case: %w", err)
			}
			if ok, err := h.mayList(ctx, a, c); err != nil {
				return nil, err
			} else if ok {
				all = append(all, c)
			}
		}
		return all, nil
	}
	for _, office := range a.offices {
		cases, err := h.Storage.OfficeCases(ctx, office, time.Time{}, mostListed)
		if err != nil {
			return nil, err
		}
		for _, c := range cases {
			switch {
			case view == listMine && !slices.ContainsFunc(a.rights, func(s dauys.Staff) bool { return s.ID == c.Holder }):
				continue
			case view == listDue && !c.Pressing(&h.University.Calendar, h.Now()):
				continue
			}
			if ok, err := h.mayList(ctx, a, c); err != nil {
				return nil, err
			} else if ok {
				all = append(all, c)
			}
		}
	}
	slices.SortFunc(all, dauys.Sooner)
	return all, nil
}

// mayList tells whether a case may stand in a list that is seen where it was asked for.
func (h *Handlers) mayList(ctx context.Context, a at, c *dauys.Case) (bool, error) {
	if _, ok := c.Listed(a.in.From, a.rights, h.Now()); !ok || !slices.Contains(a.offices, c.Office()) {
		return false, nil
	}
	hidden, err := h.hidden(ctx, c, c.Office())
	return !hidden, err
}

// only is the value of something that is given once, or nothing.
func only(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}

// listed is a list as it stands now.
func (h *Handlers) listed(ctx context.Context, a at, p Prompt) (r ask.Reply, err error) {
	all, err := h.inList(ctx, a, p)
	if err != nil {
		return r, err
	}
	return h.listPage(a, p, all), nil
}

func (h *Handlers) listPage(a at, p Prompt, all []*dauys.Case) (r ask.Reply) {
	l, given := a.lang, p.Session.Given
	view, choosing := only(given["view"]), len(given["choosing"]) > 0
	var lines []ask.Line
	if words := only(given["words"]); words != "" {
		lines = append(lines, locales.ListSought(words))
	}
	if given["most"] != nil {
		lines = append(lines, locales.FindMost(findDays, mostFound))
	}
	if len(all) == 0 {
		r.Text = h.Book.Lines(l, append(lines, locales.ListEmpty(view))...)
		return r
	}
	page, pages := pageOf(given, len(all))
	begin := (page - 1) * pageCases
	lines = append([]ask.Line{locales.ListHead(view, len(all))}, lines...)
	shown := all[begin:min(begin+pageCases, len(all))]
	for i, c := range shown {
		lines = append(lines, h.listRow(a, view, begin+i+1, c))
	}
	if pages > 1 {
		lines = append(lines, locales.ListPage(page, pages))
	}
	if choosing {
		lines = append(lines, locales.ListChoose())
	} else {
		lines = append(lines, locales.ListHow())
	}
	r.Text = h.Book.Lines(l, lines...)
	press := func(what string) string { return "v:" + p.ID + ":" + what }
	chosen := given["chosen"]
	for i, c := range shown {
		if i%rowButtons == 0 {
			r.Buttons = append(r.Buttons, nil)
		}
		b := h.button(l, locales.ListPlace(begin+i+1), press("c:"+c.Number))
		if choosing {
			b = h.button(l, locales.ListTick(begin+i+1, slices.Contains(chosen, c.Number)), press("t:"+c.Number))
		}
		last := len(r.Buttons) - 1
		r.Buttons[last] = append(r.Buttons[last], b)
	}
	var turns []ask.Button
	if page > 1 {
		turns = append(turns, h.button(l, locales.ListTurn(page-1, false), press("p:"+strconv.Itoa(page-1))))
	}
	if page < pages {
		turns = append(turns, h.button(l, locales.ListTurn(page+1, true), press("p:"+strconv.Itoa(page+1))))
	}
	if len(turns) > 0 {
		r.Buttons = append(r.Buttons, turns)
	}
	switch {
	case choosing:
		r.Buttons = append(r.Buttons, []ask.Button{h.button(l, locales.ListAct("all"), press("all"))})
		if n := len(chosen); n > 0 {
			r.Buttons = append(r.Buttons, []ask.Button{h.button(l, locales.ListDo("take", n), press("take"))}, []ask.Button{h.button(l, locales.ListDo("hand", n), press("hand"))})
		}
		r.Buttons = append(r.Buttons, []ask.Button{h.button(l, locales.ListAct("leave"), press("leave"))})
	case view == listOpen:
		r.Buttons = append(r.Buttons, []ask.Button{h.button(l, locales.ListAct("choose"), press("choose"))})
	}
	return r
}

// pageOf is which page of a list is shown, and how many there are.
func pageOf(given map[string][]string, n int) (page, pages int) {
	pages = max((n+pageCases-1)/pageCases, 1)
	page, _ = strconv.Atoi(only(given["page"]))
	return min(max(page, 1), pages), pages
}

// listRow is a case in a list. In somebody's own chat stands of which office it is; who it is from stands
// only among what was looked for, and never of a restricted one.
func (h *Handlers) listRow(a at, view string, place int, c *dauys.Case) ask.Line {
	now := h.Now().In(h.University.Calendar.Zone())
	today := h.day(c.OfficeDue()) == h.day(now)
	part, _ := c.Listed(a.in.From, a.rights, now)
	switch {
	case view == listFind && part < dauys.ItsWords:
		return locales.SealedRow(place, c, h.age(c), now, today)
	case view == listFind:
		return locales.FoundRow(place, c, now, today)
	case a.in.Private && (view == listMine || view == listDue):
		return locales.ListRowOf(place, c, now, today)
	}
	return locales.ListRow(place, c, now, today)
}

// age is how many days ago a case was filed, as the calendar on the wall counts.
func (h *Handlers) age(c *dauys.Case) int {
	zone := h.University.Calendar.Zone()
	midnight := func(t time.Time) time.Time {
		y, m, d := t.In(zone).Date()
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	}
	return int(midnight(h.Now()).Sub(midnight(c.Filed)) / (24 * time.Hour))
}

// listButton is a button of a list: v:PROMPT:WHAT or v:PROMPT:WHAT:VALUE. A card can be shown by anybody
// of the office; the list itself is turned by who asked for it.
func (h *Handlers) listButton(ctx context.Context, in Input, parts []string) (toast string, err error) {
	l := h.chatLang(ctx, in)
	old := h.Book.Plain(l, locales.OldButton())
	if len(parts) < 3 {
		return old, nil
	}
	p, err := h.Storage.Prompt(ctx, parts[1])
	if errors.Is(err, dauys.ErrNotFound) || err == nil && (p.Act != listAct || p.Chat != in.Chat) {
		return old, nil
	}
	if err != nil {
		return "", fmt.Errorf("load a list: %w", err)
	}
	view := only(p.Session.Given["view"])
	a, err := h.standsAt(ctx, in, view == listMine || view == listDue)
	if errors.Is(err, dauys.ErrNotStaff) {
		return h.Book.Plain(l, locales.NotStaff()), nil
	}
	if err != nil {
		return "", err
	}
	what, value := parts[2], strings.Join(parts[3:], ":")
	switch {
	case what == "c":
		return h.shown(ctx, a, value)
	case p.Actor != in.From:
		return h.Book.Plain(l, locales.ListNotYours()), nil
	}
	return h.turnList(ctx, a, p, what, value)
}

// turnList does what the buttons of a list do to it.
func (h *Handlers) turnList(ctx context.Context, a at, p Prompt, what, value string) (toast string, err error) {
	all, err := h.inList(ctx, a, p)
	if err != nil {
		return "", err
	}
	given := map[string][]string{}
	for k, v := range p.Session.Given {
		given[k] = slices.Clone(v)
	}
	p.Session.Given = given
	chosen := slices.DeleteFunc(given["chosen"], func(n string) bool { // what is not there any more is not chosen
		return !slices.ContainsFunc(all, func(c *dauys.Case) bool { return c.Number == n })
	})
	choosing := len(given["choosing"]) > 0
	switch {
	case what == "p":
		given["page"] = []string{value}
	case what == "choose" && only(given["view"]) == listOpen:
		given["choosing"], chosen = []string{"yes"}, nil
	case what == "leave":
		chosen = nil
		delete(given, "choosing")
	case choosing && what == "t":
		i := slices.Index(chosen, value)
		switch {
		case i >= 0:
			chosen = slices.Delete(chosen, i, i+1)
		case !slices.ContainsFunc(all, func(c *dauys.Case) bool { return c.Number == value }):
			toast = h.Book.Plain(a.lang, locales.OldButton())
		case len(chosen) >= mostChosen:
			return h.Book.Plain(a.lang, locales.ListFull(mostChosen)), nil
		default:
			chosen = append(chosen, value)
		}
	case choosing && what == "all":
		page, _ := pageOf(given, len(all))
		for _, c := range all[min((page-1)*pageCases, len(all)):min(page*pageCases, len(all))] {
			if !slices.Contains(chosen, c.Number) && len(chosen) < mostChosen {
				chosen = append(chosen, c.Number)
			}
		}
	case choosing && (what == "take" || what == "hand"):
		if len(chosen) == 0 {
			return h.Book.Plain(a.lang, locales.ListNobody()), nil
		}
		given["chosen"] = chosen
		if what == "take" {
			return "", h.takeSeveral(ctx, a, p, chosen)
		}
		return h.handSeveral(ctx, a, p, all, chosen)
	default:
		return h.Book.Plain(a.lang, locales.OldButton()), nil
	}
	given["chosen"] = chosen
	r := h.listPage(a, p, all)
	r.Edit = a.in.Message
	if _, err := h.Storage.SavePrompt(ctx, p, a.in.Update, ready(a.in, r)); err != nil {
		return "", fmt.Errorf("turn a list: %w", err)
	}
	return toast, nil
}

// lastDigits is a number as staff say it.
var lastDigits = regexp.MustCompile(`^[0-9]{1,12}$`)

// mostCandidates is how many cases are offered where the last digits fit several.
const mostCandidates = 10

// named finds the case that a command names: by its whole number, or by its last digits among those that
// the offices have or have had. Without one it has answered already.
func (h *Handlers) named(ctx context.Context, a at, how ask.Line, press string) (c *dauys.Case, office dauys.OfficeID, err error) {
	typed := bareNumber(a.in.Arg)
	if typed == "" {
		return nil, "", h.answerLine(ctx, a, how)
	}
	numbers, err := h.numbersOf(ctx, a)
	if err != nil {
		return nil, "", err
	}
	var found []*dauys.Case
	for _, n := range numbers {
		one, where, err := h.had(ctx, a, n)
		if err != nil {
			return nil, "", err
		}
		if one != nil && len(found) < mostCandidates {
			found, office = append(found, one), where
		}
	}
	switch len(found) {
	case 0:
		return nil, "", h.answerLine(ctx, a, locales.NotHere(locales.Shorten(strings.TrimSpace(a.in.Arg), 40)))
	case 1:
		return found[0], office, nil
	}
	r := ask.Reply{Text: h.Book.Say(a.lang, locales.WhichCase(typed))}
	for _, c := range found {
		r.Buttons = append(r.Buttons, []ask.Button{h.button(a.lang, locales.NumberButton(c.Number), "n:"+press+":"+c.Number)})
	}
	return nil, "", h.answer(ctx, a, r)
}

// bareNumber is what somebody typed as a number, or as the last digits of one, without the signs around it.
func bareNumber(typed string) string {
	return strings.ToUpper(strings.Trim(typed, " \t\n.,;:!?()«»\"№#"))
}

// asNumber is a typed text as the whole number of a case, if it is one.
func asNumber(typed string) string {
	if number := bareNumber(typed); dauys.IsNumber(number) {
		return number
	}
	return ""
}

// numbersOf are the numbers of the cases that a command may mean: the whole number, or those that end so
// among what the offices have or have had.
func (h *Handlers) numbersOf(ctx context.Context, a at) (numbers []string, err error) {
	typed := bareNumber(a.in.Arg)
	switch {
	case dauys.IsNumber(typed):
		return []string{typed}, nil
	case lastDigits.MatchString(typed):
		for _, o := range a.offices {
			some, err := h.Storage.CasesEnding(ctx, o, typed, 10*mostCandidates)
			if err != nil {
				return nil, err
			}
			numbers = append(numbers, some...)
		}
		return meant(numbers, typed), nil
	}
	return nil, nil
}

// meant are those of some numbers that somebody means by their last digits: 12 is the twelfth case, if
// there is one, and not the 112th, too.
func meant(numbers []string, digits string) (exact []string) {
	want := strings.TrimLeft(digits, "0")
	for _, n := range numbers {
		if tail := n[strings.LastIndex(n, "-")+1:]; strings.TrimLeft(tail, "0") == want && !slices.Contains(exact, n) {
			exact = append(exact, n)
		}
	}
	if len(exact) > 0 {
		return exact
	}
	slices.Sort(numbers)
	return slices.Compact(numbers)
}

// had is a case that one of the offices has or has had and that may be spoken of there; nil is none.
func (h *Handlers) had(ctx context.Context, a at, number string) (c *dauys.Case, office dauys.OfficeID, err error) {
	c, err = h.Storage.Case(ctx, number)
	if errors.Is(err, dauys.ErrNotFound) {
		return nil, "", nil
	}
	if err != nil {
		return nil, "", fmt.Errorf("load case: %w", err)
	}
	if c.Bars(a.in.From, a.rights, h.Now()) {
		return nil, "", nil
	}
	offices := slices.DeleteFunc(slices.Clone(a.offices), func(o dauys.OfficeID) bool { return !c.Seen(o) })
	slices.SortStableFunc(offices, func(x, y dauys.OfficeID) int { // the one that has it first
		return boolean(y == c.Office()) - boolean(x == c.Office())
	})
	for _, o := range offices {
		hidden, err := h.hidden(ctx, c, o)
		if err != nil {
			return nil, "", err
		}
		if !hidden {
			return c, o, nil
		}
	}
	return nil, "", nil
}

func boolean(b bool) int {
	if b {
		return 1
	}
	return 0
}

// oneCase shows the card of a case anew at the end of the chat.
func (h *Handlers) oneCase(ctx context.Context, a at) error {
	c, office, err := h.named(ctx, a, locales.CaseHow(), "c")
	if c == nil || err != nil {
		return err
	}
	if c.Office() != office {
		return h.answerLine(ctx, a, locales.Elsewhere(c.Number, c.Office()))
	}
	return h.toEnd(ctx, a.in, c.Number, office)
}

// numberButton is a number that was chosen among several: n:c:NUMBER or n:t:NUMBER.
func (h *Handlers) numberButton(ctx context.Context, in Input, parts []string) (toast string, err error) {
	l := h.chatLang(ctx, in)
	if len(parts) != 3 || !dauys.IsNumber(parts[2]) || parts[1] != "c" && parts[1] != "t" {
		return h.Book.Plain(l, locales.OldButton()), nil
	}
	a, err := h.standsAt(ctx, in, false)
	if errors.Is(err, dauys.ErrNotStaff) {
		return h.Book.Plain(l, locales.NotStaff()), nil
	}
	if err != nil {
		return "", err
	}
	if parts[1] == "c" {
		return h.shown(ctx, a, parts[2])
	}
	c, office, err := h.had(ctx, a, parts[2])
	if c == nil || err != nil {
		return h.Book.Plain(l, locales.OldButton()), err
	}
	return "", h.answer(ctx, a, h.trailOf(a, c, office))
}

// shown shows the card of a case by a button, and says where it is.
func (h *Handlers) shown(ctx context.Context, a at, number string) (toast string, err error) {
	c, office, err := h.had(ctx, a, number)
	if err != nil {
		return "", err
	}
	if c == nil {
		return h.Book.Plain(a.lang, locales.OldButton()), nil
	}
	if c.Office() != office {
		return h.Book.Plain(a.lang, locales.MovedOn()), nil
	}
	if err := h.toEnd(ctx, a.in, number, office); err != nil {
		return "", err
	}
	elsewhere := dauys.OfficeID("")
	if chat, err := h.Storage.ChatOf(ctx, office); err != nil {
		return "", fmt.Errorf("chat of %s: %w", office, err)
	} else if chat != a.in.Chat {
		elsewhere = office
	}
	return h.Book.Plain(a.lang, locales.CardBelow(elsewhere)), nil
}

// toEnd moves the card of a case to the end of the chat of an office. One that is not shown yet is on
// its way there.
func (h *Handlers) toEnd(ctx context.Context, in Input, number string, office dauys.OfficeID) error {
	chat, old, err := h.Storage.CardMessage(ctx, number, office)
	if err != nil {
		return fmt.Errorf("card of a case: %w", err)
	}
	if old == "" {
		return nil
	}
	n := message("gone/"+in.Update+"/"+number, chat, ask.Reply{Edit: old}) // without a text it takes the message away
	n.Direct = true
	if err := h.Storage.ShowCard(ctx, number, office, n); err != nil {
		return fmt.Errorf("show a card anew: %w", err)
	}
	return nil
}

// trail shows where a case has been, for how long, and why it left.
func (h *Handlers) trail(ctx context.Context, a at) error {
	c, office, err := h.named(ctx, a, locales.TrailHow(), "t")
	if c == nil || err != nil {
		return err
	}
	return h.answer(ctx, a, h.trailOf(a, c, office))
}

// trailOf is the trail of a case for an office. Reasons are told of what happened while it had the case,
// and before.
func (h *Handlers) trailOf(a at, c *dauys.Case, office dauys.OfficeID) ask.Reply {
	stays := c.Trail(&h.University.Calendar, h.Now())
	reasons := 0
	for i, s := range stays {
		if s.Office == office {
			reasons = i + 1
		}
	}
	return ask.Reply{Text: h.Book.Lines(a.lang, locales.Trail(c, stays, reasons)...)}
}

// deskHelp tells what a chat of an office understands, by what the office may do.
func (h *Handlers) deskHelp(ctx context.Context, in Input) error {
	bound, err := h.Storage.BoundTo(ctx, in.Chat)
	if err != nil {
		return fmt.Errorf("whose chat: %w", err)
	}
	if len(bound) == 0 {
		return h.strange(ctx, in)
	}
	l := h.chatLang(ctx, in)
	var lines, more []ask.Line
	for _, id := range bound {
		o, ok := h.University.Office(id)
		if !ok {
			continue
		}
		lines = append(lines, locales.DeskHelp(id))
		for _, c := range deskCommands {
			if line := locales.DeskHelpCommand(c.name); c.has(h, o) && !slices.ContainsFunc(more, func(m ask.Line) bool { return m.Args["Name"] == line.Args["Name"] }) {
				more = append(more, line)
			}
		}
	}
	lines = append(lines, locales.DeskHelpLists(), locales.DeskHelpTogether(), locales.DeskHelpDocument())
	if len(more) > 0 {
		lines = append(append(lines, locales.DeskHelpMore()), more...)
	}
	lines = append(lines, locales.DeskHelpFoot())
	return h.Storage.Notify(ctx, ready(in, ask.Reply{To: in.Message, Text: h.Book.Lines(l, lines...)}))
}

// deskCommands are those that not every office has.
var deskCommands = []struct {
	name string
	has  func(*Handlers, dauys.Office) bool
}{
	{"register", func(_ *Handlers, o dauys.Office) bool { return slices.Contains(o.Powers, dauys.Register) }},
	{"queue", func(h *Handlers, o dauys.Office) bool { _, ok := h.receives(o.ID); return ok }},
	{"meeting", func(_ *Handlers, o dauys.Office) bool { return slices.Contains(o.Powers, dauys.Schedule) }},
	{"staff", func(*Handlers, dauys.Office) bool { return true }},
	{"away", func(*Handlers, dauys.Office) bool { return true }},
	{"journal", func(_ *Handlers, o dauys.Office) bool { return slices.Contains(o.Powers, dauys.Export) }},
	{"code", func(_ *Handlers, o dauys.Office) bool { return slices.Contains(o.Powers, dauys.Registry) }},
	{"codes", func(_ *Handlers, o dauys.Office) bool { return slices.Contains(o.Powers, dauys.Registry) }},
	{"imports", func(_ *Handlers, o dauys.Office) bool { return slices.Contains(o.Powers, dauys.Registry) }},
	{"announce", func(_ *Handlers, o dauys.Office) bool { return slices.Contains(o.Powers, dauys.Announce) }},
	{"told", func(_ *Handlers, o dauys.Office) bool { return mayKnowTold(o) }},
	{"unreachable", func(_ *Handlers, o dauys.Office) bool { return slices.Contains(o.Powers, dauys.Registry) }},
	{"looks", func(_ *Handlers, o dauys.Office) bool { return slices.Contains(o.Powers, dauys.Registry) }},
	{"unseen", func(_ *Handlers, o dauys.Office) bool { return slices.Contains(o.Powers, dauys.Registry) }},
	{"session", func(_ *Handlers, o dauys.Office) bool {
		return slices.Contains(o.Powers, dauys.Figures) || slices.Contains(o.Powers, dauys.Registry)
	}},
	{"rights", func(_ *Handlers, o dauys.Office) bool { return len(o.Watches) > 0 }},
}
