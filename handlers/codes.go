package handlers

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/documents"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
	"alt.edu.kz/dauys/registrar"
)

// Codes with which people link their account, made by the office that keeps the record and by advisors for
// their own groups. A code goes to the private chat of who asks for it, never to a group.

// codesHere is a command about codes in the chat of an office.
func (h *Handlers) codesHere(ctx context.Context, in Input, do func(context.Context, Input) error) error {
	o, ok, err := h.officeWith(ctx, in.Chat, dauys.Registry)
	if err != nil {
		return err
	}
	if !ok {
		return h.strange(ctx, in)
	}
	if in.Hidden {
		return h.tellChat(ctx, in, locales.ShowYourself())
	}
	if err := h.welcome(ctx, in, o.ID); err != nil {
		return err
	}
	return do(ctx, in)
}

// isLost tells whether /unlink in the chat of an office is about a lost telephone, and not about two cases.
func (h *Handlers) isLost(ctx context.Context, in Input) (bool, error) {
	if len(strings.Fields(in.Arg)) != 1 {
		return false, nil
	}
	_, ok, err := h.officeWith(ctx, in.Chat, dauys.Registry)
	return ok, err
}

// ownCodes is a command about codes in somebody's own chat: an advisor's, or a registrar's. To others there
// is no such command.
func (h *Handlers) ownCodes(ctx context.Context, t *Turn, do func(context.Context, Input) error) error {
	r, err := h.reader(ctx, t.From)
	if err != nil {
		return err
	}
	if !r.Is(registrar.TheRegistrar) && !r.Is(registrar.TheAdvisor) {
		return h.resume(t, locales.UnknownCommand())
	}
	t.Told = true
	return do(ctx, t.Input)
}

// issuer is who wants to make codes, and tells whether they may at the moment when they are kept.
type issuer struct {
	registrar.Reader
	as  registrar.Role
	may func([]dauys.Staff, []registrar.Link) bool
}

// issuer is what lets somebody make codes for some students, or for an employee: that they act for the office
// that keeps the record, or are the advisor of all of them. Not ok: nothing does.
func (h *Handlers) issuer(ctx context.Context, in Input, persons ...string) (i issuer, ok bool, err error) {
	if i.Reader, err = h.reader(ctx, in.From); err != nil {
		return i, false, err
	}
	if rights, err := h.Storage.StaffOf(ctx, in.From, h.Now()); err != nil {
		return i, false, fmt.Errorf("rights: %w", err)
	} else if h.keepsRecord(rights, in.From) {
		i.as = registrar.TheRegistrar
		i.may = func(rights []dauys.Staff, _ []registrar.Link) bool { return h.keepsRecord(rights, in.From) }
		return i, true, nil
	}
	if i.Is(registrar.TheAdvisor) {
		i.as = registrar.TheAdvisor
	}
	for _, p := range persons {
		if !registrar.IsStudent(p) || !slices.Contains(i.Students, registrar.NumberOf(p)) {
			return i, false, nil
		}
	}
	since, err := h.confirmedSince(ctx)
	if err != nil {
		return i, false, err
	}
	i.may = func(_ []dauys.Staff, links []registrar.Link) bool {
		return slices.ContainsFunc(links, func(l registrar.Link) bool { return l.Person == registrar.OfEmployee(i.Employee) && l.Opens(since) })
	}
	return i, len(persons) > 0, nil
}

// someone finds who has a number, as a student or else as an employee.
func (h *Handlers) someone(ctx context.Context, typed string) (e registrar.Entry, ok bool, err error) {
	number := registrar.ReadNumber(typed)
	for _, k := range []registrar.Kind{registrar.Roster, registrar.Employees} {
		for _, n := range []string{number, strings.ToUpper(number)} {
			e, err = h.Storage.Record(ctx, k, n)
			if err == nil || !errors.Is(err, dauys.ErrNotFound) {
				return e, err == nil, err
			}
		}
	}
	return e, false, nil
}

// reachable tells whether the bot can write to who asks in a group, in private.
func (h *Handlers) reachable(ctx context.Context, in Input) (bool, error) {
	if in.Private {
		return true, nil
	}
	l, err := h.Storage.LangOf(ctx, in.From)
	if err != nil {
		return false, fmt.Errorf("language of a person: %w", err)
	}
	away, err := h.Storage.Unreachable(ctx, in.From)
	if err != nil {
		return false, fmt.Errorf("whether a person can be reached: %w", err)
	}
	return l != "" && !away, nil
}

// oneCode is /code NUMBER, for somebody who stands there.
func (h *Handlers) oneCode(ctx context.Context, in Input) error {
	return h.code(ctx, in, registrar.SpotLife)
}

// code makes a code for one person and shows it to who asks, in private.
func (h *Handlers) code(ctx context.Context, in Input, life time.Duration) error {
	number := strings.TrimSpace(in.Arg)
	if number == "" {
		return h.tellChat(ctx, in, locales.CodeHow())
	}
	e, found, err := h.someone(ctx, number)
	if err != nil {
		return fmt.Errorf("find a person: %w", err)
	}
	by, may, err := h.issuer(ctx, in, e.Owner)
	if err != nil {
		return err
	}
	if !found || !may {
		return h.tellChat(ctx, in, locales.CodeNobody(locales.Shorten(ask.Clean(number), 40), by.as == registrar.TheAdvisor))
	}
	if can, err := h.reachable(ctx, in); err != nil || !can {
		return errors.Join(err, h.tellChat(ctx, in, locales.CodeStart()))
	}
	l, err := h.langOf(ctx, in.From, in.Lang)
	if err != nil {
		return err
	}
	number = registrar.NumberOf(e.Owner)
	c := registrar.Code{Code: registrar.NewCode(), Person: e.Owner, Expires: h.Now().Add(life)}
	r := ask.Reply{Text: h.Book.Say(l, locales.CodeMade(e.Fields["name"], number, registrar.WriteCode(c.Code), c.Expires, h.Link(startLinking+c.Code))), Protected: true}
	if life == registrar.SpotLife {
		r.Buttons = [][]ask.Button{{h.button(l, locales.CodeLetter(), dataOfLinks+pressLonger+":"+number)}}
	}
	return h.issue(ctx, in, by, []registrar.Code{c}, message("linkcode/"+in.Update, in.From, r))
}

// issue keeps codes with the message that carries them, and says where that went.
func (h *Handlers) issue(ctx context.Context, in Input, by issuer, codes []registrar.Code, carries dauys.Notification) error {
	carries.Direct = true
	notes := []dauys.Notification{carries}
	if !in.Private {
		notes = append(notes, ready(in, ask.Reply{To: in.Message, Text: h.Book.Say(h.chatLang(ctx, in), locales.CodeSent())}))
	}
	err := h.Storage.IssueCodes(ctx, in.Update, codes, in.From, by.as, h.Now(), by.may, notes...)
	switch {
	case errors.Is(err, dauys.ErrConflict): // this update made them before
		return nil
	case errors.Is(err, dauys.ErrNotStaff):
		return h.tellChat(ctx, in, locales.NotStaff())
	case err != nil:
		return fmt.Errorf("make codes: %w", err)
	}
	h.Log.Info("codes made", "people", len(codes), "as", by.as, "update", in.Update)
	return nil
}

// groupCodes is /codes GROUP: a code for each who studies there, as a table to be printed from.
func (h *Handlers) groupCodes(ctx context.Context, in Input) error {
	typed := ask.Clean(in.Arg)
	if typed == "" {
		return h.tellChat(ctx, in, locales.CodeHow())
	}
	by, all, err := h.group(ctx, in, typed)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return h.tellChat(ctx, in, locales.CodesNobody(locales.Shorten(typed, 40), by.as == registrar.TheAdvisor))
	}
	if can, err := h.reachable(ctx, in); err != nil || !can {
		return errors.Join(err, h.tellChat(ctx, in, locales.CodeStart()))
	}
	l, err := h.langOf(ctx, in.From, in.Lang)
	if err != nil {
		return err
	}
	now := h.Now()
	until := now.Add(registrar.LetterLife)
	var codes []registrar.Code
	for _, e := range all {
		codes = append(codes, registrar.Code{Code: registrar.NewCode(), Person: e.Owner, Expires: until})
	}
	table := documents.Journal{Made: now, Name: h.Book.Plain(l, locales.CodesFile(all[0].Fields["group"])), Zone: h.University.Calendar.Zone()}
	for _, c := range codeColumns {
		table.Headings = append(table.Headings, documents.Heading{Word: h.Book.Plain(l, locales.CodesColumn(c.name)), Form: c.form, Width: c.width})
	}
	table.Rows = func(yield func([]any, error) bool) {
		for i, e := range all {
			if !yield([]any{e.Fields["student"], e.Fields["name"], registrar.WriteCode(codes[i].Code), until, h.Link(startLinking + codes[i].Code)}, nil) {
				return
			}
		}
	}
	file, err := table.Bytes()
	if err != nil {
		return fmt.Errorf("codes of a group: %w", err)
	}
	b := dauys.Blob{ID: "codes-" + documents.Hash([]byte(in.Update))[:sheetDigits], Name: table.Name + ".xlsx", MIME: sheetMIME, Data: file, At: now}
	n := message("linkcodes/"+in.Update, in.From, ask.Reply{Files: []ask.File{Document(b, h.Book.Say(l, locales.CodesCaption(all[0].Fields["group"], len(all), until)))}, Protected: true})
	n.Blobs = []dauys.Blob{b}
	return h.issue(ctx, in, by, codes, n)
}

// codeColumns are the columns of such a table.
var codeColumns = []struct {
	name  string
	form  documents.Form
	width float64
}{
	{"number", documents.InWords, 16}, {"name", documents.InWords, 40}, {"code", documents.InWords, 16}, {"until", documents.AMoment, 18}, {"link", documents.InWords, 48},
}

// leftStudies are the words for students who are not there any more.
var leftStudies = []string{"expelled", "graduated", "moved"}

// group finds who studies in a group for which somebody may make codes; nobody where they may not.
func (h *Handlers) group(ctx context.Context, in Input, typed string) (by issuer, all []registrar.Entry, err error) {
	if by, _, err = h.issuer(ctx, in); err != nil {
		return by, nil, err
	}
	names := []string{typed, strings.ToUpper(typed)}
	for _, own := range by.Groups {
		if dauys.GroupKey(own) == dauys.GroupKey(typed) {
			names = append([]string{own}, names...)
		}
	}
	for _, name := range names {
		if by.as != registrar.TheRegistrar && !slices.Contains(by.Groups, name) {
			continue
		}
		found, err := h.studiesBy(ctx, by.Reader, in.Update, registrar.Roster, registrar.OfGroup(name))
		if err != nil {
			return by, nil, err
		}
		if len(found) > 0 {
			found = slices.DeleteFunc(found, func(e registrar.Entry) bool { return slices.Contains(leftStudies, e.Fields["status"]) })
			slices.SortFunc(found, func(a, b registrar.Entry) int {
				return cmp.Or(strings.Compare(a.Fields["name"], b.Fields["name"]), strings.Compare(a.Key, b.Key))
			})
			return by, found, nil
		}
	}
	return by, nil, nil
}

// lost is /unlink NUMBER by the office that keeps the record: a telephone is lost, or in other hands. All
// accounts of the person see nothing from this moment.
func (h *Handlers) lost(ctx context.Context, in Input) error {
	typed := strings.TrimSpace(in.Arg)
	e, found, err := h.someone(ctx, typed)
	if err != nil {
		return fmt.Errorf("find a person: %w", err)
	}
	by, may, err := h.issuer(ctx, in, e.Owner)
	if err != nil {
		return err
	}
	if !found || !may || by.as != registrar.TheRegistrar {
		return h.tellChat(ctx, in, locales.CodeNobody(locales.Shorten(ask.Clean(typed), 40), by.as == registrar.TheAdvisor))
	}
	number, l := registrar.NumberOf(e.Owner), h.chatLang(ctx, in)
	before, err := h.Storage.LinkedTo(ctx, e.Owner)
	if err != nil {
		return fmt.Errorf("accounts of somebody: %w", err)
	}
	told := map[dauys.Address]dauys.Notification{}
	for _, x := range before {
		theirs, err := h.langOf(ctx, x.Who, "")
		if err != nil {
			return err
		}
		told[x.Who] = message("unlinked/"+in.Update+"/"+string(x.Who), x.Who, ask.Reply{Text: h.Book.Say(theirs, locales.IdentityEnded(number))})
	}
	_, err = h.Storage.UnlinkAll(ctx, in.Update, e.Owner, in.From, by.as, h.Now(), by.may, func(were []registrar.Link) []dauys.Notification {
		notes := []dauys.Notification{ready(in, ask.Reply{To: in.Message, Text: h.Book.Say(l, locales.IdentityLost(number, len(were)))})}
		for _, x := range were {
			if n, ok := told[x.Who]; ok {
				notes = append(notes, n)
			}
		}
		return notes
	})
	if errors.Is(err, dauys.ErrNotStaff) {
		return h.tellChat(ctx, in, locales.NotStaff())
	}
	if err != nil {
		return fmt.Errorf("unlink a person: %w", err)
	}
	h.Log.Info("accounts of a person unlinked", "update", in.Update)
	if registrar.IsEmployee(e.Owner) {
		return h.SeatAdvisors(ctx, in.Update)
	}
	return nil
}

// wrongCodes tells the office that keeps the record of the wrong codes of an hour: with which numbers, how
// often, by how many accounts. Of whose accounts they were nothing is said.
func (h *Handlers) wrongCodes(ctx context.Context, n dauys.Notification) ([]ask.Reply, error) {
	var from time.Time
	if err := json.Unmarshal([]byte(n.Body), &from); err != nil {
		return nil, fmt.Errorf("notice %s: %w", n.Key, err)
	}
	office, ok := h.University.Office(n.Office)
	if !ok {
		return nil, fmt.Errorf("notice %s: no office %s", n.Key, n.Office)
	}
	l, err := h.officeLang(ctx, office)
	if err != nil {
		return nil, err
	}
	tries, err := h.Storage.WrongTries(ctx, from, from.Add(triesGathered))
	if err != nil {
		return nil, fmt.Errorf("notice %s: %w", n.Key, err)
	}
	type number struct {
		word     string
		known    bool
		times    int
		accounts []dauys.Address
	}
	var all []*number
	unknown := 0
	for _, t := range tries {
		i := slices.IndexFunc(all, func(x *number) bool { return strings.EqualFold(x.word, t.Number) })
		if i < 0 {
			_, known, err := h.someone(ctx, t.Number)
			if err != nil {
				return nil, fmt.Errorf("notice %s: %w", n.Key, err)
			}
			all, i = append(all, &number{word: t.Number, known: known}), len(all)
		}
		if !all[i].known {
			unknown++
		}
		all[i].times++
		if !slices.Contains(all[i].accounts, t.Who) {
			all[i].accounts = append(all[i].accounts, t.Who)
		}
	}
	all = slices.DeleteFunc(all, func(x *number) bool { return !x.known })
	if len(all) == 0 && unknown < unknownTold {
		return nil, nil
	}
	slices.SortStableFunc(all, func(a, b *number) int { return b.times - a.times })
	lines := []ask.Line{locales.TriesHead(from)}
	for _, x := range all[:min(len(all), mostTriesTold)] {
		lines = append(lines, locales.TriesItem(x.word, x.times, len(x.accounts)))
	}
	if unknown > 0 {
		lines = append(lines, locales.TriesUnknown(unknown))
	}
	return []ask.Reply{{Text: h.Book.Lines(l, lines...)}}, nil
}
