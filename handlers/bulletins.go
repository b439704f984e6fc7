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
	"alt.edu.kz/dauys/documents"
	"alt.edu.kz/dauys/flows"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
	"alt.edu.kz/dauys/notices"
	"alt.edu.kz/dauys/registrar"
)

// Notices that an office writes for many. Somebody of the office writes one and chooses the audience, and puts
// it before a second person, as it will be read; that one lets it go. An account that was stolen can write to
// nobody by itself. Whoever acts for the office can stop it at any time.

// Mailings are such notices.
type Mailings interface {
	AddBulletin(ctx context.Context, b notices.Mailing, who dauys.Address, now time.Time, notes ...dauys.Notification) error
	Bulletin(ctx context.Context, id string) (notices.Mailing, error)
	BulletinsIn(ctx context.Context, state notices.MailingState, limit int) ([]notices.Mailing, error)
	DayUsed(ctx context.Context, office dauys.OfficeID, day string) (bool, error)
	ChangeBulletin(ctx context.Context, id string, who dauys.Address, cause string, now time.Time,
		change func(*notices.Mailing, dauys.Staff) (notices.Effect, []dauys.Notification, error)) (notices.Mailing, error)
}

const (
	// announceAct is the writing of a notice. It is no act of a case.
	announceAct dauys.Act = "announce"

	bulletinCard   notices.Card = "bulletin"
	argBulletin                 = "bulletin"
	bulletinRoom                = 800 // characters of each text on a card: three of them fit into one message
	traitsOnPage                = 12
	mailingsAtOnce              = 1000
	mailingEvery                = 10 * time.Second // a group takes some twenty changes of messages a minute, of all cards
)

var bulletinCards = map[notices.Card]newsCard{bulletinCard: (*Handlers).cardOfBulletin}

// mayKnowTold tells whether an office may know who was told of what.
func mayKnowTold(o dauys.Office) bool {
	return slices.Contains(o.Powers, dauys.Registry) || slices.Contains(o.Powers, dauys.Announce)
}

// tellers is the office of a chat that may know it; the one that keeps the record before others.
func (h *Handlers) tellers(ctx context.Context, chat dauys.Address) (o dauys.Office, ok bool, err error) {
	if o, ok, err = h.records(ctx, chat); ok || err != nil {
		return o, ok, err
	}
	return h.officeHere(ctx, chat, mayKnowTold)
}

// announce is /announce in the chat of an office that may write to many.
func (h *Handlers) announce(ctx context.Context, in Input) error {
	o, ok, err := h.officeWith(ctx, in.Chat, dauys.Announce)
	if err != nil || !ok {
		return err
	}
	if no, err := h.unserved(ctx, in, o.ID); err != nil {
		return err
	} else if no != nil {
		return h.Storage.Notify(ctx, ready(in, ask.Reply{To: in.Message, Text: h.Book.Say(o.Lang, *no)}))
	}
	return h.writeBulletin(ctx, in, o, notices.Mailing{})
}

// writeBulletin begins to write a notice, a new one or one that is there.
func (h *Handlers) writeBulletin(ctx context.Context, in Input, o dauys.Office, b notices.Mailing) error {
	now := h.Now()
	given := map[string][]string{"office": {string(o.ID)}, "day:from": {h.day(now)}, "day:to": {h.day(now.AddDate(0, 3, 0))}}
	known := map[string]ask.Answer{}
	if b.ID != "" {
		given["of"] = []string{b.ID}
		for _, lang := range dauys.Langs {
			known[string(lang)] = ask.Answer{Values: []string{b.Texts[lang]}}
			if b.Texts[lang] == "" {
				known[string(lang)] = ask.Answer{Skipped: true}
			}
		}
		known["urgent"], known["when"] = ask.Answer{Values: []string{"no"}}, ask.Answer{Values: []string{"now"}}
		if b.Urgent {
			known["urgent"] = ask.Answer{Values: []string{"yes"}}
		}
		if b.Start.After(now) {
			at := b.Start.In(h.zone())
			known["when"], known["day"], known["hour"] = ask.Answer{Values: []string{"later"}}, ask.Answer{Values: []string{h.day(at)}}, ask.Answer{Values: []string{strconv.Itoa(at.Hour())}}
		}
	}
	p := Prompt{ID: promptID(in.Update, string(o.ID)+b.ID, announceAct), Chat: in.Chat, Actor: in.From, Act: announceAct}
	p.Session = flows.Bulletin.Start(p.ID, given, known)
	p.Session.Today = h.day(now)
	r := h.ask(o.Lang, in, p, flows.Bulletin, flows.Bulletin.Show(p.Session), p.head())
	r.Edit, r.To = "", in.Message
	if _, err := h.Storage.SavePrompt(ctx, p, in.Update, wording(p, in, r)); err != nil {
		return fmt.Errorf("begin a notice: %w", err)
	}
	return nil
}

// keepBulletin stores what was written, and shows it with what is still to be chosen. The prompt is the cause.
func (h *Handlers) keepBulletin(ctx context.Context, in Input, l dauys.Lang, p Prompt) error {
	s := p.Session
	b := notices.Mailing{ID: p.ID, Office: dauys.OfficeID(s.Given["office"][0]), State: notices.Draft, At: h.Now(), By: in.From, Name: ask.Clean(in.Name), Chat: in.Chat, Texts: dauys.Names{}, Whom: notices.Whom{}}
	var all []string
	for _, lang := range dauys.Langs {
		if text := s.Value(string(lang)); text != "" {
			b.Texts[lang] = text
			all = append(all, text)
		}
	}
	if len(all) == 0 {
		return h.again(ctx, in, l, p, locales.BulletinEmpty())
	}
	b.Urgent = s.Value("urgent") == "yes"
	if s.Value("when") == "later" {
		day, _ := time.ParseInLocation(time.DateOnly, s.Value("day"), h.zone()) // the question takes nothing else
		hour, _ := strconv.Atoi(s.Value("hour"))
		b.Start = day.Add(time.Duration(hour) * time.Hour)
		if !b.Start.After(h.Now()) {
			return h.again(ctx, in, l, p, locales.BulletinPast())
		}
	}
	cause := "prompt/" + p.ID
	var err error
	if of := s.Given["of"]; len(of) == 1 {
		texts, urgent, start := b.Texts, b.Urgent, b.Start
		b, err = h.Storage.ChangeBulletin(ctx, of[0], in.From, cause, h.Now(), func(b *notices.Mailing, staff dauys.Staff) (none notices.Effect, _ []dauys.Notification, err error) {
			switch {
			case staff.ID == 0:
				return none, nil, dauys.ErrNotStaff
			case b.State != notices.Draft:
				return none, nil, notices.ErrMailingState
			}
			b.Texts, b.Urgent, b.Start, b.By, b.Name = texts, urgent, start, in.From, ask.Clean(in.Name)
			return none, nil, nil
		})
	} else {
		err = h.Storage.AddBulletin(ctx, b, in.From, h.Now())
	}
	if err != nil {
		no, err := h.mailingRefusal(l, err)
		if err != nil {
			return fmt.Errorf("keep a notice: %w", err)
		}
		return h.endPrompt(ctx, in, p, ask.Cancelled, no+"\n\n"+h.Book.Say(l, locales.FormKept(strings.Join(all, "\n\n"))))
	}
	h.Log.Info("a notice was written", "notice", b.ID, "office", b.Office, "update", in.Update)
	r, err := h.draftOf(ctx, l, b)
	if err != nil {
		return err
	}
	p.Session.Phase = ask.Done
	if r.To = in.Message; in.Press != "" {
		r.Edit, r.To = in.Message, ""
	}
	_, err = h.Storage.SavePrompt(ctx, p, in.Update+"/end", ready(in, r))
	return err
}

// mailingRefusal turns an error about a notice into a sentence.
func (h *Handlers) mailingRefusal(l dauys.Lang, err error) (string, error) {
	switch {
	case errors.Is(err, notices.ErrMailingState), errors.Is(err, dauys.ErrConflict):
		return h.Book.Plain(l, locales.BulletinMoved()), nil
	case errors.Is(err, notices.ErrOwnMailing):
		return h.Book.Plain(l, locales.BulletinOwn()), nil
	case errors.Is(err, notices.ErrDayUsed):
		return h.Book.Plain(l, locales.BulletinDayUsed()), nil
	}
	return h.refusal(l, err)
}

// bulletinButton is a button of a notice or of a report: qb:ACT:ID and what else it needs. It is not trusted:
// the right and the state are read in the transaction.
func (h *Handlers) bulletinButton(ctx context.Context, in Input, parts []string) (toast string, err error) {
	l := h.chatLang(ctx, in)
	old := h.Book.Plain(l, locales.OldButton())
	if len(parts) != 3 {
		return old, nil
	}
	act := parts[1]
	if act == "r" || act == "a" || act == "x" {
		o, ok, err := h.tellers(ctx, in.Chat)
		if err != nil || !ok {
			return old, err
		}
		if no, err := h.unserved(ctx, in, o.ID); err != nil {
			return "", err
		} else if no != nil {
			return h.Book.Plain(l, *no), nil
		}
		return h.reportButton(ctx, in, o, act, parts[2])
	}
	rest := strings.Split(parts[2], ":")
	b, err := h.Storage.Bulletin(ctx, rest[0])
	if errors.Is(err, dauys.ErrNotFound) {
		return old, nil
	}
	if err != nil {
		return "", fmt.Errorf("load a notice: %w", err)
	}
	o, known := h.University.Office(b.Office)
	if !known || !slices.Contains(o.Powers, dauys.Announce) {
		return old, nil
	}
	if !in.Private {
		bound, err := h.Storage.BoundTo(ctx, in.Chat)
		if err != nil {
			return "", fmt.Errorf("whose chat: %w", err)
		}
		if !slices.Contains(bound, o.ID) {
			return old, nil
		}
	}
	decides := h.isAdmin(in.From) && !in.Hidden && (act == "y" || act == "n" || act == "s" || act == "g")
	if !decides {
		if in.Private && !o.Person { // what is done with it is done where the others see it
			return old, nil
		}
		if no, err := h.unserved(ctx, in, o.ID); err != nil {
			return "", err
		} else if no != nil {
			return h.Book.Plain(l, *no), nil
		}
	}
	m := mailing{h: h, in: in, o: o, l: l, b: b, rest: rest[1:]}
	do := mailingActs[act]
	if do == nil {
		return old, nil
	}
	toast, err = do(m, ctx)
	if err != nil {
		return h.mailingRefusal(l, err)
	}
	return toast, nil
}

// mailing is a press under a notice.
type mailing struct {
	h    *Handlers
	in   Input
	o    dauys.Office
	l    dauys.Lang
	b    notices.Mailing
	rest []string
}

// mailingActs are the buttons under one.
var mailingActs map[string]func(mailing, context.Context) (string, error)

func init() {
	mailingActs = map[string]func(mailing, context.Context) (string, error){
		"c": mailing.card, "w": mailing.pick, "t": mailing.toggle, "v": mailing.preview, "m": mailing.toMyself, "o": mailing.toColleagues,
		"e": mailing.edit, "d": mailing.drop, "q": mailing.put, "y": mailing.approve, "n": mailing.giveBack, "g": mailing.progress, "s": mailing.stop,
	}
}

func mailingData(act, id string, rest ...string) string {
	return strings.Join(append([]string{bulletinPress, act, id}, rest...), ":")
}

func (m mailing) button(act string) ask.Button {
	return m.h.button(m.l, locales.BulletinAct(act), mailingData(act, m.b.ID))
}

// change changes the notice by who presses; an administrator counts without a right, where acts say so.
func (m mailing) change(ctx context.Context, byAdmin bool, do func(*notices.Mailing) (notices.Effect, []dauys.Notification, error)) (notices.Mailing, error) {
	return m.h.Storage.ChangeBulletin(ctx, m.b.ID, m.in.From, m.in.Update, m.h.Now(), func(b *notices.Mailing, staff dauys.Staff) (notices.Effect, []dauys.Notification, error) {
		if staff.ID == 0 && !(byAdmin && m.h.isAdmin(m.in.From)) {
			return notices.Effect{}, nil, dauys.ErrNotStaff
		}
		return do(b)
	})
}

// here shows something where the button was.
func (m mailing) here(r ask.Reply) dauys.Notification {
	r.Edit = m.in.Message
	return ready(m.in, r)
}

// traitWord is a value of the roster as it is read.
func (h *Handlers) traitWord(l dauys.Lang, t notices.Trait, value string) string {
	switch lang, known := dauys.LangOf(value); {
	case value == "":
		return noFigure
	case t == "language" && known:
		return h.Book.Plain(l, locales.LanguageOf(lang))
	case t == "course":
		return h.Book.Plain(l, locales.BulletinYear(value))
	case t == "institute":
		return h.Book.Plain(l, ask.Line{Key: "ask.named", Args: ask.Args{"Name": ask.Name{List: "institute", ID: value}}})
	}
	return value
}

// mailed is how many students a notice is for, and how many of them no account is linked with.
func (h *Handlers) mailed(ctx context.Context, b notices.Mailing) (persons, alone int, err error) {
	a := h.newAudience()
	all, err := a.mailedTo(ctx, b)
	if err != nil {
		return 0, 0, err
	}
	if _, err := a.links(ctx, all); err != nil {
		return 0, 0, err
	}
	return len(all), a.alone(), nil
}

// mailedTo are the students whom a notice is for, as persons, in order.
func (a *audience) mailedTo(ctx context.Context, b notices.Mailing) ([]string, error) {
	key := "notice/" + b.ID
	if known, ok := a.groups[key]; ok {
		return known, nil
	}
	persons := []string{}
	err := a.h.Storage.EachRecord(ctx, registrar.Roster, func(e registrar.Entry) error {
		persons = append(persons, personsOf([]registrar.Entry{e}, func(f registrar.Fields) bool { return b.Whom.Has(f, "") })...)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("the roster: %w", err)
	}
	slices.Sort(persons)
	a.groups[key] = persons
	return persons, nil
}

// details are what a notice says, to whom and from when.
func (h *Handlers) mailingDetails(ctx context.Context, l dauys.Lang, b notices.Mailing) (lines []ask.Line, err error) {
	for _, lang := range dauys.Langs {
		if b.Texts[lang] != "" {
			lines = append(lines, locales.InLanguage(lang, locales.Shorten(b.Texts[lang], bulletinRoom)))
		}
	}
	for _, lang := range b.Lacks() {
		lines = append(lines, locales.BulletinLacks(lang))
	}
	lines = append(lines, locales.BulletinWhom())
	some := false
	for _, t := range notices.Traits {
		if len(b.Whom[t]) == 0 {
			continue
		}
		some = true
		var words []string
		for _, v := range b.Whom[t][:min(len(b.Whom[t]), 15)] {
			words = append(words, h.traitWord(l, t, v))
		}
		if len(b.Whom[t]) > 15 {
			words = append(words, "…")
		}
		lines = append(lines, locales.BulletinTrait(t, strings.Join(words, ", ")))
	}
	if !some {
		lines = append(lines, locales.BulletinAll())
	}
	persons, alone, err := h.mailed(ctx, b)
	if err != nil {
		return nil, err
	}
	lines = append(lines, locales.BulletinReach(persons, alone))
	if b.Start.After(h.Now()) {
		lines = append(lines, locales.BulletinFrom(b.Start))
	} else if !b.Urgent {
		lines = append(lines, locales.BulletinSoon())
	}
	if b.Urgent {
		lines = append(lines, locales.BulletinUrgent())
	}
	return lines, nil
}

// draftOf is a notice that is being made, with what can be done about it.
func (h *Handlers) draftOf(ctx context.Context, l dauys.Lang, b notices.Mailing, above ...ask.Line) (r ask.Reply, err error) {
	lines, err := h.mailingDetails(ctx, l, b)
	if err != nil {
		return r, err
	}
	m := mailing{h: h, l: l, b: b}
	var row []ask.Button
	for i, t := range notices.Traits {
		if row = append(row, h.button(l, locales.BulletinTraitName(t), mailingData("w", b.ID, strconv.Itoa(i), "0"))); len(row) == 2 {
			r.Buttons, row = append(r.Buttons, row), nil
		}
	}
	if len(row) > 0 {
		r.Buttons = append(r.Buttons, row)
	}
	r.Buttons = append(r.Buttons, []ask.Button{m.button("v")}, []ask.Button{m.button("m"), m.button("o")}, []ask.Button{m.button("q")}, []ask.Button{m.button("e"), m.button("d")})
	r.Text = h.Book.Lines(l, append(append(above, locales.BulletinHead(b.Office)), lines...)...)
	return r, nil
}

// card shows the notice again.
func (m mailing) card(ctx context.Context) (string, error) {
	if m.b.State != notices.Draft {
		return "", notices.ErrMailingState
	}
	r, err := m.h.draftOf(ctx, m.l, m.b)
	if err != nil {
		return "", err
	}
	return "", m.h.Storage.Notify(ctx, m.here(r))
}

// pick offers the values of a trait, with how many students of the rest of the audience have each.
func (m mailing) pick(ctx context.Context) (string, error) {
	if len(m.rest) != 2 || m.b.State != notices.Draft {
		return "", notices.ErrMailingState
	}
	i, _ := strconv.Atoi(m.rest[0])
	page, _ := strconv.Atoi(m.rest[1])
	if i < 0 || i >= len(notices.Traits) {
		return "", notices.ErrMailingState
	}
	values, counts, err := m.values(ctx, notices.Traits[i])
	if err != nil {
		return "", err
	}
	return "", m.h.Storage.Notify(ctx, m.here(m.picker(i, page, values, counts)))
}

// values are what a trait can be in the audience but for that trait.
func (m mailing) values(ctx context.Context, t notices.Trait) (values []string, counts map[string]int, err error) {
	counts = map[string]int{}
	for _, v := range m.b.Whom[t] {
		counts[v] = 0
	}
	err = m.h.Storage.EachRecord(ctx, registrar.Roster, func(e registrar.Entry) error {
		if len(personsOf([]registrar.Entry{e}, func(f registrar.Fields) bool { return m.b.Whom.Has(f, t) })) > 0 {
			counts[e.Fields[string(t)]]++
		}
		return nil
	})
	if err != nil {
		return nil, nil, fmt.Errorf("the roster: %w", err)
	}
	for v := range counts {
		values = append(values, v)
	}
	slices.Sort(values)
	return values, counts, nil
}

func traitMark(value string) string { return documents.Hash([]byte(value))[:8] }

func (m mailing) picker(i, page int, values []string, counts map[string]int) (r ask.Reply) {
	h, l, t := m.h, m.l, notices.Traits[i]
	pages := max(1, (len(values)+traitsOnPage-1)/traitsOnPage)
	page = max(0, min(page, pages-1))
	inRow, room := 2, 20
	if t == "institute" { // their names are long
		inRow, room = 1, 44
	}
	var row []ask.Button
	for _, v := range values[page*traitsOnPage : min(len(values), (page+1)*traitsOnPage)] {
		word := fmt.Sprintf("%s · %d", locales.Shorten(h.traitWord(l, t, v), room), counts[v])
		if slices.Contains(m.b.Whom[t], v) {
			word = "✓ " + word
		}
		if row = append(row, ask.Button{Text: word, Data: mailingData("t", m.b.ID, strconv.Itoa(i), traitMark(v))}); len(row) == inRow {
			r.Buttons, row = append(r.Buttons, row), nil
		}
	}
	if len(row) > 0 {
		r.Buttons = append(r.Buttons, row)
	}
	row = nil
	if page > 0 {
		row = append(row, ask.Button{Text: "‹", Data: mailingData("w", m.b.ID, strconv.Itoa(i), strconv.Itoa(page-1))})
	}
	if page < pages-1 {
		row = append(row, ask.Button{Text: "›", Data: mailingData("w", m.b.ID, strconv.Itoa(i), strconv.Itoa(page+1))})
	}
	if len(row) > 0 {
		r.Buttons = append(r.Buttons, row)
	}
	r.Buttons = append(r.Buttons, []ask.Button{m.button("c")})
	r.Text = h.Book.Lines(l, locales.BulletinHead(m.b.Office), locales.BulletinPick(t))
	return r
}

// toggle chooses a value of a trait, or does not any more.
func (m mailing) toggle(ctx context.Context) (string, error) {
	if len(m.rest) != 2 {
		return "", notices.ErrMailingState
	}
	i, _ := strconv.Atoi(m.rest[0])
	if i < 0 || i >= len(notices.Traits) {
		return "", notices.ErrMailingState
	}
	t := notices.Traits[i]
	values, counts, err := m.values(ctx, t)
	if err != nil {
		return "", err
	}
	at := slices.IndexFunc(values, func(v string) bool { return traitMark(v) == m.rest[1] })
	if at < 0 {
		return "", notices.ErrMailingState
	}
	_, err = m.change(ctx, false, func(b *notices.Mailing) (none notices.Effect, _ []dauys.Notification, err error) {
		if b.State != notices.Draft {
			return none, nil, notices.ErrMailingState
		}
		if b.Whom == nil {
			b.Whom = notices.Whom{}
		}
		b.Whom.Toggle(t, values[at])
		m.b = *b
		return none, []dauys.Notification{m.here(m.picker(i, at/traitsOnPage, values, counts))}, nil
	})
	return "", err
}

// asRead is a notice as somebody reads it in a language.
func (h *Handlers) asRead(l dauys.Lang, b notices.Mailing) []ask.Line {
	text, in := b.Text(l)
	lines := []ask.Line{locales.BulletinNews(b.Office, text)}
	if in != l {
		lines = append(lines, locales.BulletinOther(in))
	}
	if b.Urgent {
		lines = append(lines, locales.BulletinWhy())
	}
	return lines
}

// cardOfBulletin is a notice for one of its readers.
func (h *Handlers) cardOfBulletin(ctx context.Context, r *newsReader, n notices.News) (p piece, err error) {
	b, err := h.Storage.Bulletin(ctx, n.Matter.Args[argBulletin])
	if errors.Is(err, dauys.ErrNotFound) || err == nil && b.State != notices.Running && b.State != notices.Over {
		return piece{none: true}, nil
	}
	if err != nil {
		return p, fmt.Errorf("load a notice: %w", err)
	}
	return piece{lines: h.asRead(r.lang, b), alone: true}, nil
}

// newsOfBulletin are the students whom a notice is for, some at a time.
func (h *Handlers) newsOfBulletin(ctx context.Context, a *audience, p notices.Plan) (some []telling, next string, err error) {
	b, err := h.Storage.Bulletin(ctx, p.Ref)
	if err != nil {
		return nil, "", fmt.Errorf("load a notice: %w", err)
	}
	all, err := a.mailedTo(ctx, b)
	if err != nil {
		return nil, "", err
	}
	from, found := slices.BinarySearch(all, p.After)
	if found {
		from++
	}
	to := min(len(all), from+newsAtOnce)
	if to < len(all) {
		next = all[to-1]
	}
	if from == to {
		return nil, "", nil
	}
	return []telling{{topic: notices.Bulletin, card: bulletinCard, urgent: b.Urgent, about: "bulletin/" + b.ID, persons: all[from:to],
		matter: notices.Matter{Args: map[string]string{argBulletin: b.ID}}}}, next, nil
}

// preview shows the notice as it will be read, in each language.
func (m mailing) preview(ctx context.Context) (string, error) {
	var notes []dauys.Notification
	for _, lang := range dauys.Langs {
		n := message("bulletin/"+m.b.ID+"/preview/"+m.in.Update+"/"+string(lang), m.in.Chat,
			ask.Reply{To: m.in.Message, Text: m.h.Book.Lines(m.l, locales.BulletinPreview(lang, ask.Markup(m.h.Book.Lines(lang, m.h.asRead(lang, m.b)...))))})
		n.Direct = true
		notes = append(notes, n)
	}
	return "", m.h.Storage.Notify(ctx, notes...)
}

// toMyself and toColleagues send a trial: to who presses, or to all who act for the office, as each of them
// would read it.
func (m mailing) toMyself(ctx context.Context) (string, error) {
	return m.trial(ctx, m.in.From)
}

func (m mailing) toColleagues(ctx context.Context) (string, error) {
	staff, err := m.h.Storage.StaffFor(ctx, m.o.ID, m.h.Now())
	if err != nil {
		return "", fmt.Errorf("staff of %s: %w", m.o.ID, err)
	}
	var all []dauys.Address
	for _, s := range staff {
		all = append(all, s.Address)
	}
	return m.trial(ctx, all...)
}

func (m mailing) trial(ctx context.Context, to ...dauys.Address) (string, error) {
	langs := map[dauys.Address]dauys.Lang{}
	for _, who := range to {
		lang, err := m.h.langOf(ctx, who, "")
		if err != nil {
			return "", err
		}
		langs[who] = lang
	}
	_, err := m.change(ctx, false, func(b *notices.Mailing) (none notices.Effect, notes []dauys.Notification, err error) {
		for _, who := range to {
			lang := langs[who]
			notes = append(notes, message("bulletin/"+b.ID+"/trial/"+m.in.Update+"/"+string(who), who,
				ask.Reply{Text: m.h.Book.Lines(lang, append([]ask.Line{locales.BulletinTrial()}, m.h.asRead(lang, *b)...)...), Protected: true}))
		}
		return none, notes, nil
	})
	return m.h.Book.Plain(m.l, locales.BulletinTried(len(to))), err
}

// edit begins to write it anew.
func (m mailing) edit(ctx context.Context) (string, error) {
	if m.b.State != notices.Draft {
		return "", notices.ErrMailingState
	}
	return "", m.h.writeBulletin(ctx, m.in, m.o, m.b)
}

// drop gives it up.
func (m mailing) drop(ctx context.Context) (string, error) {
	_, err := m.change(ctx, false, func(b *notices.Mailing) (none notices.Effect, _ []dauys.Notification, err error) {
		if err := b.Drop(); err != nil {
			return none, nil, err
		}
		return none, []dauys.Notification{m.here(ask.Reply{Text: m.h.Book.Say(m.l, locales.BulletinDropped())})}, nil
	})
	return "", err
}

// put lays it before a second person: in the chat, and before the administrators when it takes one of them.
func (m mailing) put(ctx context.Context) (string, error) {
	lines, err := m.h.mailingDetails(ctx, m.l, m.b)
	if err != nil {
		return "", err
	}
	if persons, _, err := m.h.mailed(ctx, m.b); err != nil {
		return "", err
	} else if persons == 0 {
		return m.h.Book.Plain(m.l, locales.BulletinNobody()), nil
	}
	used, err := m.h.Storage.DayUsed(ctx, m.o.ID, m.h.day(m.h.Now()))
	if err != nil {
		return "", fmt.Errorf("whether the day is used: %w", err)
	}
	staff, err := m.h.Storage.StaffFor(ctx, m.o.ID, m.h.Now())
	if err != nil {
		return "", fmt.Errorf("staff of %s: %w", m.o.ID, err)
	}
	alone := !slices.ContainsFunc(staff, func(s dauys.Staff) bool { return s.Address != m.in.From })
	type reader struct {
		who   dauys.Address
		lang  dauys.Lang
		lines []ask.Line
	}
	var admins []reader
	for _, admin := range m.h.Admins {
		if !used && !alone || admin == m.in.From {
			continue
		}
		r := reader{who: admin}
		if r.lang, err = m.h.langOf(ctx, admin, ""); err != nil {
			return "", err
		}
		if r.lines, err = m.h.mailingDetails(ctx, r.lang, m.b); err != nil {
			return "", err
		}
		admins = append(admins, r)
	}
	_, err = m.change(ctx, false, func(b *notices.Mailing) (none notices.Effect, notes []dauys.Notification, err error) {
		if b.Version != m.b.Version { // somebody has changed it since it was shown
			return none, nil, notices.ErrMailingState
		}
		if err := b.Ask(m.in.From, ask.Clean(m.in.Name)); err != nil {
			return none, nil, err
		}
		round := strconv.Itoa(b.Round)
		asked := func(l dauys.Lang, lines []ask.Line) ask.Reply {
			head := []ask.Line{locales.BulletinAsks(b.Office, b.Name)}
			if used {
				head = append(head, locales.BulletinDayUsed())
			} else if alone {
				head = append(head, locales.BulletinAlone())
			}
			return ask.Reply{Text: m.h.Book.Lines(l, append(head, lines...)...), Buttons: [][]ask.Button{
				{m.h.button(l, locales.BulletinAct("y"), mailingData("y", b.ID, round))}, {m.h.button(l, locales.BulletinAct("n"), mailingData("n", b.ID, round))},
			}}
		}
		notes = append(notes, m.here(asked(m.l, lines)))
		for _, r := range admins {
			notes = append(notes, message("bulletin/"+b.ID+"/asked/"+round+"/"+string(r.who), r.who, asked(r.lang, r.lines)))
		}
		return none, notes, nil
	})
	if err == nil {
		m.h.Log.Info("a notice waits for a second yes", "notice", m.b.ID, "office", m.o.ID, "update", m.in.Update)
	}
	return "", err
}

func (m mailing) round() int {
	if len(m.rest) != 1 {
		return 0
	}
	n, _ := strconv.Atoi(m.rest[0])
	return n
}

// approve lets it go: once a day by a colleague, else by an administrator.
func (m mailing) approve(ctx context.Context) (string, error) {
	day := m.h.day(m.h.Now())
	if m.h.isAdmin(m.in.From) {
		day = ""
	}
	b, err := m.change(ctx, true, func(b *notices.Mailing) (e notices.Effect, _ []dauys.Notification, err error) {
		p, err := b.Approve(m.round(), m.in.From, ask.Clean(m.in.Name), m.h.Now())
		if err != nil {
			return e, nil, err
		}
		notes := []dauys.Notification{}
		if shown := m.h.mailingShown(m.l, *b, p, notices.Counts{}); !m.in.Private {
			b.Chat, b.Message = m.in.Chat, m.in.Message
			notes = append(notes, m.here(shown))
		} else { // an administrator: the office is told where it works
			notes = append(notes, m.here(shown), message("bulletin/"+b.ID+"/begun", b.Chat, m.h.mailingShown(m.o.Lang, *b, p, notices.Counts{})))
		}
		return notices.Effect{Plan: &p, Day: day}, notes, nil
	})
	if err != nil {
		return "", err
	}
	m.h.Log.Info("a notice was let go", "notice", b.ID, "office", b.Office, "begins", b.Begins, "update", m.in.Update)
	return "", nil
}

// giveBack returns it to who has written it.
func (m mailing) giveBack(ctx context.Context) (string, error) {
	r, err := m.h.draftOf(ctx, m.o.Lang, m.b, locales.BulletinReturned(ask.Clean(m.in.Name)))
	if err != nil {
		return "", err
	}
	_, err = m.change(ctx, true, func(b *notices.Mailing) (none notices.Effect, _ []dauys.Notification, err error) {
		if err := b.Return(m.round()); err != nil {
			return none, nil, err
		}
		if !m.in.Private {
			return none, []dauys.Notification{m.here(r)}, nil
		}
		return none, []dauys.Notification{m.here(ask.Reply{Text: m.h.Book.Say(m.l, locales.BulletinReturned(ask.Clean(m.in.Name)))}), message("bulletin/"+b.ID+"/returned/"+m.rest[0], b.Chat, r)}, nil
	})
	return "", err
}

// progress shows how it goes, and is where that stands from then on.
func (m mailing) progress(ctx context.Context) (string, error) {
	p, c, err := m.h.mailingCounts(ctx, m.b)
	if err != nil {
		return "", err
	}
	_, err = m.change(ctx, true, func(b *notices.Mailing) (none notices.Effect, _ []dauys.Notification, err error) {
		if !m.in.Private {
			b.Chat, b.Message = m.in.Chat, m.in.Message
		}
		return none, []dauys.Notification{m.here(m.h.mailingShown(m.l, *b, p, c))}, nil
	})
	return "", err
}

// stop ends it before everybody was told.
func (m mailing) stop(ctx context.Context) (string, error) {
	b, err := m.change(ctx, true, func(b *notices.Mailing) (e notices.Effect, _ []dauys.Notification, err error) {
		if err := b.Stop(); err != nil {
			return e, nil, err
		}
		return notices.Effect{Halt: true}, nil, nil
	})
	if err != nil {
		return "", err
	}
	p, c, err := m.h.mailingCounts(ctx, b)
	if err != nil {
		return "", err
	}
	m.h.Log.Info("a notice was stopped", "notice", b.ID, "office", b.Office, "update", m.in.Update)
	stopped := func(l dauys.Lang) ask.Reply {
		r := m.h.mailingShown(l, b, p, c)
		r.Text += "\n\n" + m.h.Book.Say(l, locales.BulletinStoppedBy(ask.Clean(m.in.Name)))
		return r
	}
	notes := []dauys.Notification{m.here(stopped(m.l))}
	if m.in.Private && m.in.Chat != b.Chat { // the office sees it, too
		r := stopped(m.o.Lang)
		r.Edit = b.Message
		notes = append(notes, message("bulletin/"+b.ID+"/stopped", b.Chat, r))
	}
	return "", m.h.Storage.Notify(ctx, notes...)
}

func (h *Handlers) mailingCounts(ctx context.Context, b notices.Mailing) (p notices.Plan, c notices.Counts, err error) {
	if p, err = h.Storage.Plan(ctx, notices.NoticePlan(b.ID)); err != nil {
		return p, c, fmt.Errorf("plan of a notice: %w", err)
	}
	if c, err = h.Storage.CountsOf(ctx, p.ID); err != nil {
		return p, c, fmt.Errorf("news of a notice: %w", err)
	}
	return p, c, nil
}

// mailingShown is how a notice goes that was let go.
func (h *Handlers) mailingShown(l dauys.Lang, b notices.Mailing, p notices.Plan, c notices.Counts) (r ask.Reply) {
	step, sent, all, over := notices.Far(p, c)
	text, _ := b.Text(l)
	lines := []ask.Line{locales.BulletinHead(b.Office), locales.BulletinBegins(locales.Shorten(text, 120)), locales.BulletinHands(b.Name, b.Yes)}
	switch {
	case b.State == notices.Withheld:
		lines = append(lines, locales.BulletinStopped())
	case over:
		lines = append(lines, locales.BulletinOver())
	case b.Begins.After(h.Now()):
		lines = append(lines, locales.BulletinWaits(b.Begins))
	}
	if all > 0 {
		lines = append(lines, locales.BulletinBar(strings.Repeat("▓", step/2)+strings.Repeat("░", 10-step/2), 5*step, sent, all))
		for _, s := range notices.States {
			if c.By[s] > 0 {
				lines = append(lines, locales.ReportState(s, c.By[s]))
			}
		}
		if c.Unreachable > 0 {
			lines = append(lines, locales.ReportUnreachable(c.Unreachable))
		}
	}
	if p.Alone > 0 {
		lines = append(lines, locales.ReportPersons(p.Persons, p.Alone))
	}
	m := mailing{h: h, l: l, b: b}
	if b.State == notices.Running && !over {
		r.Buttons = [][]ask.Button{{m.button("g"), m.button("s")}}
	} else if all > 0 {
		r.Buttons = [][]ask.Button{{h.button(l, locales.ReportWho(), bulletinPress+":r:"+p.ID)}}
		if b.State == notices.Over && c.By[notices.Waiting] > 0 { // somebody who cannot be reached would get it weeks later
			r.Buttons = append(r.Buttons, []ask.Button{m.button("s")})
		}
	}
	r.Text = h.Book.Lines(l, lines...)
	return r
}

// mailingSeen is how a notice that is being sent stood when it was looked at last.
type mailingSeen struct {
	sent, waiting int
	rest, left    int // looks that are left out
}

// mostRest is how many looks are left out at most, of which there is one a second.
const mostRest = 60

// mailingRests leaves more and more looks at a notice out that does not get on: one who hears of notices once
// a week keeps it open so long.
func (h *Handlers) mailingRests(id string) bool {
	h.mailMu.Lock()
	defer h.mailMu.Unlock()
	l := h.mailings[id]
	if l.left == 0 {
		return false
	}
	l.left--
	h.mailings[id] = l
	return true
}

func (h *Handlers) mailingLooked(id string, c notices.Counts) {
	h.mailMu.Lock()
	defer h.mailMu.Unlock()
	l, is := h.mailings[id], mailingSeen{sent: c.By[notices.Sent], waiting: c.By[notices.Waiting] - c.Unreachable}
	if l.sent == is.sent && l.waiting == is.waiting {
		is.rest = min(2*l.rest+1, mostRest)
	}
	is.left = is.rest
	if h.mailings == nil || len(h.mailings) > mailingsAtOnce {
		h.mailings = map[string]mailingSeen{}
	}
	h.mailings[id] = is
}

// showMailings shows how far the notices are that are being sent, each where it was let go: now and then, and
// at the end. It tells whether there was anything to show.
func (h *Handlers) showMailings(ctx context.Context) (done bool, err error) {
	running, err := h.Storage.BulletinsIn(ctx, notices.Running, mailingsAtOnce)
	if err != nil {
		return false, fmt.Errorf("notices that are being sent: %w", err)
	}
	for _, b := range running {
		if b.Begins.After(h.Now()) {
			continue
		}
		if h.mailingRests(b.ID) {
			continue
		}
		p, c, err := h.mailingCounts(ctx, b)
		if err != nil {
			return done, err
		}
		h.mailingLooked(b.ID, c)
		step, _, _, over := notices.Far(p, c)
		if !over && (step <= b.Step || h.Now().Sub(b.Shown) < mailingEvery) {
			continue
		}
		o, _ := h.University.Office(b.Office)
		_, err = h.Storage.ChangeBulletin(ctx, b.ID, "", "", h.Now(), func(b *notices.Mailing, _ dauys.Staff) (none notices.Effect, notes []dauys.Notification, err error) {
			if b.State != notices.Running || !over && step <= b.Step {
				return none, nil, nil
			}
			if b.Step, b.Shown = step, h.Now(); over {
				b.State = notices.Over
			}
			r := h.mailingShown(o.Lang, *b, p, c)
			r.Edit = b.Message
			if b.Chat != "" && (r.Edit != "" || over) {
				notes = append(notes, message(fmt.Sprintf("bulletin/%s/progress/%d/%v", b.ID, step, over), b.Chat, r))
			}
			return none, notes, nil
		})
		if err != nil && !errors.Is(err, dauys.ErrConflict) {
			return done, fmt.Errorf("show how a notice goes: %w", err)
		}
		done = true
	}
	return done, nil
}
