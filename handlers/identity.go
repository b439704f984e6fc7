package handlers

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
	"alt.edu.kz/dauys/registrar"
)

// Links are which account is which student or employee, and the codes with which that is shown.
type Links interface {
	LinksOf(ctx context.Context, who dauys.Address) ([]registrar.Link, error)
	LinkedTo(ctx context.Context, person string) ([]registrar.Link, error) // the first one first
	// IssueCodes keeps codes; may is handed the rights and links of who makes them. The errors are
	// dauys.ErrNotStaff, and dauys.ErrConflict when it was done for the cause before.
	IssueCodes(ctx context.Context, cause string, codes []registrar.Code, by dauys.Address, as registrar.Role, now time.Time,
		may func([]dauys.Staff, []registrar.Link) bool, notes ...dauys.Notification) error
	TryCode(ctx context.Context, try registrar.Try, tell func(registrar.Tried) []dauys.Notification) (registrar.Tried, error)
	// ConfirmLink and Unlink are done by another account of the person; the error is dauys.ErrNotFound.
	ConfirmLink(ctx context.Context, cause string, by, who dauys.Address, person string, now time.Time, notes ...dauys.Notification) error
	Unlink(ctx context.Context, cause string, by, who dauys.Address, person string, now time.Time, notes ...dauys.Notification) error
	UnlinkAll(ctx context.Context, cause, person string, by dauys.Address, as registrar.Role, now time.Time,
		may func([]dauys.Staff, []registrar.Link) bool, tell func([]registrar.Link) []dauys.Notification) ([]registrar.Link, error)
	WrongTries(ctx context.Context, from, to time.Time) ([]registrar.Try, error)
}

const (
	// startLinking begins the payload of a link that carries a code.
	startLinking = "l_"
	// triesGathered is how long wrong codes are gathered before the registrar is told of them.
	triesGathered = time.Hour
	// mostTriesTold is how many numbers such a message names; unknownTold is how many tries with numbers
	// that nobody has are worth a message by themselves.
	mostTriesTold = 20
	unknownTold   = 10
)

// What buttons about links carry: q2:WHAT…
const (
	pressLinks      = "q2"
	pressEnter      = "enter"
	pressLeave      = "leave"
	pressLeaveSure  = "sure"
	pressVouch      = "yes"
	pressDisown     = "no"
	pressLonger     = "letter"
	dataOfLinks     = pressLinks + ":"
	employeeInPress = "e"
)

// linking begins to ask who somebody is, with what is known of it.
func (h *Handlers) linking(t *Turn, known map[string]ask.Answer) error {
	if again(t, flows.Linking, "") { // the same question once more, or another code for it
		t.State.Focus = nil
	}
	if h.full(t) {
		return nil
	}
	h.start(t, flows.Linking, nil, known)
	return nil
}

// fromLetter is opening the link that stands beside a code.
func (h *Handlers) fromLetter(t *Turn, payload string) error {
	if registrar.ReadCode(payload) == "" {
		return h.linking(t, map[string]ask.Answer{})
	}
	return h.linking(t, map[string]ask.Answer{"code": {Values: []string{registrar.WriteCode(registrar.ReadCode(payload))}}})
}

// linkCommand is /link, or /link NUMBER CODE.
func (h *Handlers) linkCommand(ctx context.Context, t *Turn) error {
	words := strings.Fields(t.Arg)
	if len(words) < 2 {
		return h.linking(t, map[string]ask.Answer{})
	}
	code := strings.Join(words[1:], "")
	done, problem, err := h.tryCode(ctx, t, words[0], code)
	if err != nil {
		return err
	}
	if problem != nil {
		done = []ask.Line{*problem}
	}
	t.Say(ask.Reply{Text: h.Book.Lines(t.Lang(), done...), Buttons: [][]ask.Button{h.onward(t)}})
	return nil
}

// isLinking tells whether /link is about one's own account, and not about two cases.
func isLinking(arg string) bool {
	words := strings.Fields(arg)
	return len(words) == 0 || len(words) > 1 && registrar.ReadCode(strings.Join(words[1:], "")) != ""
}

// linkWith is what the finished conversation leads to.
func (h *Handlers) linkWith(ctx context.Context, t *Turn, s ask.Session) (done ask.Line, problem *ask.Line, err error) {
	lines, problem, err := h.tryCode(ctx, t, s.Value("number"), s.Value("code"))
	if problem != nil || err != nil {
		return done, problem, err
	}
	for _, above := range lines[:len(lines)-1] {
		t.Say(ask.Reply{Text: h.Book.Say(t.Lang(), above)})
	}
	return lines[len(lines)-1], nil, nil
}

// tryCode tries a number and a code, and tells everybody whom that concerns. Whether there is such a number
// cannot be seen by the answer, nor by what is looked up for it.
func (h *Handlers) tryCode(ctx context.Context, t *Turn, number, code string) (done []ask.Line, problem *ask.Line, err error) {
	no := func(line ask.Line) ([]ask.Line, *ask.Line, error) { return nil, &line, nil }
	if code = registrar.ReadCode(code); code == "" { // it says nothing of any number
		return no(locales.CodeShape())
	}
	if number = registrar.ReadNumber(number); number == "" {
		return no(locales.CodeWrong())
	}
	langs := map[dauys.Address]dauys.Lang{}
	tried, err := h.Storage.TryCode(ctx, registrar.Try{Cause: t.Update, Who: t.From, Number: number, Code: code, At: h.Now()}, func(tried registrar.Tried) []dauys.Notification {
		return h.triedNotes(ctx, t.Update, tried, langs)
	})
	if err != nil {
		return nil, nil, fmt.Errorf("try a code: %w", err)
	}
	switch tried.Result {
	case registrar.Wrong:
		t.Told = true
		return no(locales.CodeWrong())
	case registrar.Slowed:
		return no(locales.CodeSlowed(tried.Until))
	}
	t.Told = true
	h.Log.Info("account linked", "result", tried.Result, "update", t.Update)
	name, err := h.nameOf(ctx, tried.Link.Person)
	if err != nil {
		return nil, nil, err
	}
	if tried.Was != "" {
		done = append(done, locales.IdentityWas(registrar.NumberOf(tried.Was)))
	}
	if tried.Link.Confirmed.IsZero() {
		return append(done, locales.IdentityPending(name)), nil, nil
	}
	if err := h.knowing(ctx, t); err != nil {
		return nil, nil, err
	}
	if registrar.IsEmployee(tried.Link.Person) || registrar.IsEmployee(tried.Was) {
		if err := h.SeatAdvisors(ctx, t.Update); err != nil {
			return nil, nil, err
		}
	}
	return append(done, locales.IdentityDone(name)), nil, nil
}

// triedNotes is what is told of a try: to the other accounts of the person, and of a wrong code to the
// registrar, with all others of the hour.
func (h *Handlers) triedNotes(ctx context.Context, cause string, tried registrar.Tried, langs map[dauys.Address]dauys.Lang) (notes []dauys.Notification) {
	hour := h.Now().Truncate(triesGathered)
	if o, ok := h.registryOffice(); ok && tried.Result == registrar.Wrong {
		body, _ := json.Marshal(hour) // a time: cannot fail
		notes = append(notes, dauys.Notification{Key: "wrongcodes/" + hour.UTC().Format(time.RFC3339), What: dauys.WrongCodes, Office: o.ID, Body: string(body), After: hour.Add(triesGathered)})
	}
	for _, l := range tried.Others {
		if l.Confirmed.IsZero() {
			continue
		}
		lang, known := langs[l.Who] // asked for once, however often the transaction is tried
		if !known {
			var err error
			if lang, err = h.langOf(ctx, l.Who, ""); err != nil {
				lang = dauys.Kazakh
			}
			langs[l.Who] = lang
		}
		r, key := ask.Reply{}, "linked/"+cause+"/"+string(l.Who)
		data := func(what string) string { return vouchData(what, tried.Link) }
		no := []ask.Button{h.button(lang, locales.IdentityNo(), data(pressDisown))}
		switch {
		case tried.Result == registrar.Wrong:
			r.Text, key = h.Book.Say(lang, locales.IdentityTried()), fmt.Sprintf("linktried/%s/%d", l.Who, hour.Unix())
		case tried.Result == registrar.Pending:
			r.Text = h.Book.Say(lang, locales.IdentityAsked())
			r.Buttons = [][]ask.Button{{h.button(lang, locales.IdentityYes(), data(pressVouch))}, no}
		case tried.New:
			r.Text, r.Buttons = h.Book.Say(lang, locales.IdentityTold()), [][]ask.Button{no}
		default: // the same account with a new code: a new semester
			continue
		}
		notes = append(notes, message(key, l.Who, r))
	}
	return notes
}

// vouchData is what a button about another account carries: by when it was linked it is found among those
// of the person, so that nobody learns its address.
func vouchData(what string, l registrar.Link) string {
	sort := "s"
	if registrar.IsEmployee(l.Person) {
		sort = employeeInPress
	}
	return dataOfLinks + what + ":" + sort + ":" + strconv.FormatInt(l.Since.UnixMilli(), 10)
}

// nameOf is the name of somebody as it stands in the record; their number where there is none.
func (h *Handlers) nameOf(ctx context.Context, person string) (string, error) {
	k := registrar.Roster
	if registrar.IsEmployee(person) {
		k = registrar.Employees
	}
	e, err := h.Storage.Record(ctx, k, registrar.NumberOf(person))
	if err != nil && !errors.Is(err, dauys.ErrNotFound) {
		return "", fmt.Errorf("name in the record: %w", err)
	}
	return cmp.Or(e.Fields["name"], registrar.NumberOf(person)), nil
}

// knowing keeps with the dialogue what a form of theirs begins with, as the record has it now.
func (h *Handlers) knowing(ctx context.Context, t *Turn) error {
	t.State.Mine = nil
	r, err := h.reader(ctx, t.From)
	if err != nil || r.Student == "" {
		return err
	}
	all, err := h.studies(ctx, r, t.Update, registrar.Roster, registrar.OfStudent(r.Student))
	if err != nil || len(all) == 0 {
		return err
	}
	f := all[0].Fields
	t.State.Mine = map[string]string{"name": f["name"], "group": f["group"]}
	for _, i := range h.University.Institutes {
		if h.isInstitute(i, f["institute"]) {
			t.State.Mine["institute"] = i.ID
		}
	}
	return nil
}

// isInstitute tells whether a word of the record means an institute: its id, or one of its names.
func (h *Handlers) isInstitute(i dauys.Institute, word string) bool {
	return strings.EqualFold(word, i.ID) || slices.ContainsFunc(dauys.Langs, func(l dauys.Lang) bool {
		return word != "" && locales.Fold(i.Names.In(l)) == locales.Fold(word)
	})
}

// confirm notes on a request that the university knows who has filed it: the account is linked and the name
// in the form is that of the record, as far as can be told. What somebody writes under another name, or for
// another person, is not confirmed by that.
func (h *Handlers) confirm(ctx context.Context, a *dauys.Applicant) error {
	links, err := h.Storage.LinksOf(ctx, a.Address)
	if err != nil || len(links) == 0 {
		return err
	}
	since, err := h.confirmedSince(ctx)
	if err != nil {
		return err
	}
	for _, l := range links {
		if !l.Opens(since) || registrar.IsStudent(l.Person) != (a.Standing == dauys.AsStudent) || a.Standing == dauys.AsCitizen {
			continue
		}
		name, err := h.nameOf(ctx, l.Person)
		if err != nil {
			return err
		}
		a.Confirmed = dauys.SameName(name, a.Name)
	}
	return nil
}

// ownRecord is /record: who one is. Who is nobody yet is asked.
func (h *Handlers) ownRecord(ctx context.Context, t *Turn) error {
	links, err := h.Storage.LinksOf(ctx, t.From)
	if err != nil {
		return fmt.Errorf("who somebody is: %w", err)
	}
	if len(links) == 0 {
		return h.linking(t, map[string]ask.Answer{})
	}
	since, err := h.confirmedSince(ctx)
	if err != nil {
		return err
	}
	r, err := h.reader(ctx, t.From)
	if err != nil {
		return err
	}
	var lines []ask.Line
	enter := false
	for _, l := range links {
		number := registrar.NumberOf(l.Person)
		name, err := h.nameOf(ctx, l.Person)
		if err != nil {
			return err
		}
		switch {
		case !l.Opens(since) && l.Confirmed.IsZero():
			lines, enter = append(lines, locales.IdentityWaits()), true
		case !l.Opens(since):
			lines, enter = append(lines, locales.IdentityStale()), true
		case registrar.IsEmployee(l.Person):
			lines = append(lines, locales.IdentityEmployee(name, number))
			if len(r.Groups) > 0 {
				lines = append(lines, locales.IdentityAdvises(strings.Join(r.Groups, ", ")))
			}
		default:
			lines = append(lines, locales.IdentityStudent(name, number))
			if r.Group != "" {
				lines = append(lines, locales.IdentityGroup(r.Group))
			}
		}
	}
	if err := h.knowing(ctx, t); err != nil {
		return err
	}
	reply := ask.Reply{Text: h.Book.Lines(t.Lang(), lines...), Protected: true}
	if enter {
		reply.Buttons = append(reply.Buttons, []ask.Button{h.button(t.Lang(), locales.IdentityEnter(), dataOfLinks+pressEnter)})
	}
	reply.Buttons = append(reply.Buttons, h.staffButtons(t.Lang(), r)...)
	if r.Student != "" || r.Employee != "" {
		reply.Buttons = append(reply.Buttons, []ask.Button{h.button(t.Lang(), locales.WishesButton(), "m:notices")})
	}
	reply.Buttons = append(reply.Buttons, []ask.Button{h.button(t.Lang(), locales.IdentityLeave(), dataOfLinks+pressLeave)}, h.onward(t))
	t.Say(reply)
	return nil
}

// linksButton is one of the buttons about links.
func (h *Handlers) linksButton(ctx context.Context, t *Turn, parts []string) error {
	switch {
	case len(parts) == 2 && parts[1] == pressEnter:
		return h.linking(t, map[string]ask.Answer{})
	case len(parts) == 2 && parts[1] == pressLeave:
		return h.unlinkOwn(ctx, t, false)
	case len(parts) == 2 && parts[1] == pressLeaveSure:
		return h.unlinkOwn(ctx, t, true)
	case len(parts) == 3 && parts[1] == pressLonger:
		in := t.Input
		in.Arg, t.Told = parts[2], true
		return h.code(ctx, in, registrar.LetterLife)
	case len(parts) == 4 && (parts[1] == pressVouch || parts[1] == pressDisown):
		return h.vouch(ctx, t, parts[1] == pressVouch, parts[2] == employeeInPress, parts[3])
	}
	return h.resume(t, locales.OldButton())
}

// unlinkOwn ends that an account is anybody's; before that it asks.
func (h *Handlers) unlinkOwn(ctx context.Context, t *Turn, sure bool) error {
	links, err := h.Storage.LinksOf(ctx, t.From)
	if err != nil {
		return fmt.Errorf("who somebody is: %w", err)
	}
	if len(links) == 0 {
		return h.resume(t, locales.IdentityNone())
	}
	if !sure {
		t.Say(t.Here(ask.Reply{Text: h.Book.Say(t.Lang(), locales.IdentitySure()),
			Buttons: [][]ask.Button{{h.button(t.Lang(), locales.IdentityLeave(), dataOfLinks+pressLeaveSure)}, h.onward(t)}}))
		return nil
	}
	var lines []ask.Line
	for _, l := range links {
		err := h.Storage.Unlink(ctx, t.Update, t.From, t.From, l.Person, h.Now())
		if err != nil && !errors.Is(err, dauys.ErrNotFound) {
			return fmt.Errorf("unlink: %w", err)
		}
		lines = append(lines, locales.IdentityEnded(registrar.NumberOf(l.Person)))
	}
	if slices.ContainsFunc(links, func(l registrar.Link) bool { return registrar.IsEmployee(l.Person) }) {
		t.Told = true
		if err := h.SeatAdvisors(ctx, t.Update); err != nil {
			return err
		}
	}
	t.State.Mine = nil
	h.Log.Info("account unlinked", "update", t.Update)
	t.Say(t.Here(ask.Reply{Text: h.Book.Lines(t.Lang(), lines...), Buttons: [][]ask.Button{h.onward(t)}}))
	return nil
}

// vouch is one account of somebody saying whether another one is theirs.
func (h *Handlers) vouch(ctx context.Context, t *Turn, yes, employee bool, since string) error {
	mine, err := h.Storage.LinksOf(ctx, t.From)
	if err != nil {
		return fmt.Errorf("who somebody is: %w", err)
	}
	i := slices.IndexFunc(mine, func(l registrar.Link) bool { return registrar.IsEmployee(l.Person) == employee })
	if i < 0 {
		return h.resume(t, locales.OldButton())
	}
	person := mine[i].Person
	all, err := h.Storage.LinkedTo(ctx, person)
	if err != nil {
		return fmt.Errorf("accounts of somebody: %w", err)
	}
	slices.SortStableFunc(all, func(a, b registrar.Link) int { return a.Confirmed.Compare(b.Confirmed) }) // first those of whom nobody has spoken yet
	i = slices.IndexFunc(all, func(l registrar.Link) bool {
		return l.Who != t.From && strconv.FormatInt(l.Since.UnixMilli(), 10) == since
	})
	if i < 0 {
		return h.resume(t, locales.OldButton())
	}
	other := all[i]
	theirs, err := h.langOf(ctx, other.Who, "")
	if err != nil {
		return err
	}
	say := func(line ask.Line) dauys.Notification {
		return message("vouched/"+t.Update, other.Who, ask.Reply{Text: h.Book.Say(theirs, line)})
	}
	done := locales.IdentityConfirmed()
	if yes {
		err = h.Storage.ConfirmLink(ctx, t.Update, t.From, other.Who, person, h.Now(), say(locales.IdentityOpened()))
	} else {
		done = locales.IdentityRefused()
		notes := []dauys.Notification{say(locales.IdentityEnded(registrar.NumberOf(person)))}
		if o, ok := h.registryOffice(); ok {
			n, err := h.toOffice(ctx, o.ID, "disowned/"+t.Update, locales.IdentityStranger(registrar.NumberOf(person)))
			if err != nil {
				return err
			}
			notes = append(notes, n)
		}
		err = h.Storage.Unlink(ctx, t.Update, t.From, other.Who, person, h.Now(), notes...)
	}
	if errors.Is(err, dauys.ErrNotFound) { // settled meanwhile, or not theirs to say
		return h.resume(t, locales.OldButton())
	}
	if err != nil {
		return fmt.Errorf("vouch for an account: %w", err)
	}
	t.Told = true
	if employee {
		if err := h.SeatAdvisors(ctx, t.Update); err != nil {
			return err
		}
	}
	h.Log.Info("account vouched for", "yes", yes, "update", t.Update)
	t.Say(t.Here(ask.Reply{Text: h.Book.Say(t.Lang(), done)}))
	return nil
}
