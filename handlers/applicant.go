package handlers

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
)

// casesShown is how many of their cases a person sees at once.
const casesShown = 20

// Commands are what a person can type in their own chat, in the order in which they are
// offered. The words beside them are in locales under "command".
var Commands = []string{"new", "public", "rector", "record", "notices", "transcript", "registry", "cases", "drafts", "call", "queue", "language", "help", "procedure", "privacy", "cancel"}

// menu are the buttons of the main menu.
var menu = []string{"new", "cases", "record", "public", "rector", "call", "language", "help", "privacy"}

// Applicant is a person in their own chat with the bot.
func (h *Handlers) Applicant(ctx context.Context, t *Turn) error {
	ctx = once(ctx)
	before := len(t.State.Replies)
	if t.Change == "" {
		t.offered, t.State.Offered = t.State.Offered, 0
	}
	t.kept = func() bool { return h.offersRecord(ctx) }
	done, err := h.served(ctx, t)
	if !done && err == nil {
		err = h.watch(ctx, t)
	}
	t.State.Wake = h.wake(t.State)
	if n := len(t.State.Replies); n > before {
		t.State.Shown = shown(t.State.Replies[n-1])
	}
	return err
}

func (h *Handlers) applicant(ctx context.Context, t *Turn) error {
	switch {
	case t.Change == Due:
		h.expire(t)
		h.remind(t)
		return nil
	case t.Change != "":
		return h.reach(ctx, t.From, t.Change == Unblocked)
	}
	if err := h.returned(ctx, t.From); err != nil {
		return err
	}
	switch {
	case strings.HasPrefix(t.Press, "g:"): // a member who is invited to a meeting
		var err error
		t.Toast, err = h.meetingButton(ctx, t.Input, strings.Split(t.Press, ":"))
		return err
	case strings.HasPrefix(t.Press, "w:"): // an administrator, whatever their language
		var err error
		t.Toast, err = h.takeAlert(ctx, t.Input)
		return err
	case strings.HasPrefix(t.Press, "l:"):
		return h.pressed(ctx, t, t.Press)
	case t.State.Lang == "":
		if t.Command == "start" {
			t.State.Start = t.Arg                              // comes back when the language is known
			if err := h.reach(ctx, t.From, true); err != nil { // the record may have known of them before they came
				return err
			}
		}
		return h.newcomer(ctx, t)
	}
	h.expire(t)
	switch {
	case t.Edited:
		return h.edited(ctx, t)
	case t.Command != "":
		return h.command(ctx, t, t.Command)
	case t.Foreign: // nobody's name, nor a story
		return h.resume(t, locales.UnknownCommand())
	case t.Press != "":
		return h.pressed(ctx, t, t.Press)
	}
	if done, err := h.relay(ctx, t); done || err != nil {
		return err
	}
	return h.typed(ctx, t)
}

// pressed is a button with its data, pressed or said in words.
func (h *Handlers) pressed(ctx context.Context, t *Turn, data string) error {
	switch kind, rest, _ := strings.Cut(data, ":"); {
	case rest == "":
	case kind == "l":
		return h.setLanguage(ctx, t, rest)
	case kind == "m":
		return h.command(ctx, t, rest)
	case kind == "c":
		return h.caseButton(ctx, t, strings.Split(data, ":"))
	case kind == "y":
		return h.chooseWay(ctx, t, rest)
	case kind == "j":
		return h.ownJournal(ctx, t)
	case kind == newsPrefix: // a card stays: what it leads to comes below it
		t.Press = ""
		return h.recordButton(ctx, t, strings.Split(data, ":"))
	case kind == wishPress:
		return h.wishButton(ctx, t, strings.Split(data, ":"))
	case kind == seenPrefix:
		return h.sawOrder(ctx, t, strings.Split(data, ":"))
	case kind == filePress:
		return h.calendarButton(ctx, t)
	case kind == recordPrefix:
		return h.recordButton(ctx, t, strings.Split(data, ":"))
	case kind == "q":
		return h.procedureButton(ctx, t, strings.Split(data, ":"))
	case kind == "d":
		what, id, _ := strings.Cut(rest, ":")
		return h.draftButton(ctx, t, what, id)
	case kind == paperPress:
		return h.ownPaper(ctx, t, rest)
	case kind == "o":
		return h.dismissButton(ctx, t, rest)
	case kind == "h":
		return h.headButton(ctx, t, rest)
	case kind == pressStudies:
		return h.studiesButton(ctx, t, strings.Split(data, ":"))
	case kind == pressLinks:
		return h.linksButton(ctx, t, strings.Split(data, ":"))
	case kind == "k":
		return h.queueButton(ctx, t, strings.Split(data, ":"))
	}
	return h.formButton(ctx, t)
}

// reach notes whether a person can be reached. What is on its way to one who cannot waits;
// the offices whose answers wait are told.
func (h *Handlers) reach(ctx context.Context, who dauys.Address, can bool) error {
	if err := h.Storage.SetUnreachable(ctx, who, !can, h.Now()); err != nil {
		return fmt.Errorf("note whether a person can be reached: %w", err)
	}
	if can {
		return nil
	}
	return h.undelivered(ctx, who)
}

// undelivered tells the offices whose answer, question or invitation has not reached a person.
func (h *Handlers) undelivered(ctx context.Context, who dauys.Address) error {
	list, err := h.Storage.CasesOf(ctx, who, casesShown)
	if err != nil {
		return fmt.Errorf("cases of a person: %w", err)
	}
	for _, c := range list {
		var sent dauys.Event
		var ok bool
		switch c.Status {
		case dauys.Needs:
			sent, ok = c.Latest(dauys.Ask)
		case dauys.OnAgenda:
			if _, ok = c.Reception(); ok {
				sent, _ = c.Latest(dauys.Invite)
			}
		case dauys.Decided, dauys.Redirected:
			sent, ok = answer(c)
		}
		if !ok {
			continue
		}
		if err := h.delivery(ctx, c.Number, sent.Seq, dauys.Undeliverable); err != nil {
			return err
		}
	}
	return nil
}

// newcomer is somebody of whom there is no dialogue. One who has chosen a language before had
// one, and the store of dialogues has lost it: they are told so, and what they do now is not
// taken for an answer to anything.
func (h *Handlers) newcomer(ctx context.Context, t *Turn) error {
	if t.Command != "" || slices.ContainsFunc(dauys.Langs, func(l dauys.Lang) bool { return h.names(t.Text, l) }) {
		return h.askLanguage(ctx, t)
	}
	l, err := h.Storage.LangOf(ctx, t.From)
	if err != nil {
		return fmt.Errorf("language of a person: %w", err)
	}
	if l == "" {
		return h.askLanguage(ctx, t)
	}
	t.State.Lang = string(l)
	h.menu(t, locales.FormLost())
	return nil
}

// askLanguage is the first thing that anybody is asked, in all three languages at once.
// The words of one of them do as an answer.
func (h *Handlers) askLanguage(ctx context.Context, t *Turn) error {
	r := h.languages(t.Input)
	if data, how := h.heard(t, dataOf(r)); how >= locales.Sure {
		return h.pressed(ctx, t, data[0])
	}
	t.Say(r)
	return nil
}

// names tells whether a text is the name of a language.
func (h *Handlers) names(text string, l dauys.Lang) bool {
	return locales.Fold(text) == locales.Fold(h.Book.Plain(l, locales.LanguageName()))
}

// languages offers all three in their own names, that of the phone first.
func (h *Handlers) languages(in Input) ask.Reply {
	order := slices.Clone(dauys.Langs)
	if l, ok := dauys.LangOf(in.Lang); ok {
		i := slices.Index(order, l)
		order = append([]dauys.Lang{l}, slices.Delete(order, i, i+1)...)
	}
	var r ask.Reply
	var lines []string
	for _, l := range order {
		lines = append(lines, h.Book.Say(l, locales.LanguageAsk()))
		r.Buttons = append(r.Buttons, []ask.Button{{Text: h.Book.Plain(l, locales.LanguageName()), Data: "l:" + string(l)}})
	}
	r.Text = strings.Join(lines, "\n")
	return r
}

func (h *Handlers) setLanguage(ctx context.Context, t *Turn, code string) error {
	l, ok := dauys.LangOf(code)
	if !ok {
		return h.askLanguage(ctx, t)
	}
	first := t.State.Lang == ""
	t.State.Lang = string(l)
	if err := h.Storage.SetLang(ctx, t.From, t.Name, l); err != nil {
		return fmt.Errorf("keep the language: %w", err)
	}
	if first {
		payload := t.State.Start
		t.State.Start = ""
		if done, err := h.begins(ctx, t, payload); done {
			return err
		}
		h.menu(t, locales.Hello())
		return nil
	}
	return h.resume(t, locales.LanguageSet())
}

// command is a command or a button of the menu. All but cancel leave a conversation as it
// is: its question is shown again underneath.
func (h *Handlers) command(ctx context.Context, t *Turn, name string) error {
	if looked[name] != nil && !(name == "link" && isLinking(t.Arg)) && !(name == "unlink" && len(strings.Fields(t.Arg)) < 2) {
		return h.ownLook(ctx, t, name)
	}
	switch name {
	case "start", "menu":
		if name == "start" { // whoever writes can be reached, whatever was noted of them
			if err := h.Storage.SetUnreachable(ctx, t.From, false, h.Now()); err != nil {
				return fmt.Errorf("note that a person can be reached: %w", err)
			}
			if done, err := h.begins(ctx, t, t.Arg); done {
				return err
			}
		}
		if t.State.Focus != nil {
			return h.unfinished(t)
		}
		h.menu(t, locales.Hello())
	case "new":
		if t.State.Focus != nil {
			return h.unfinished(t)
		}
		h.begin(t, flows.Complaint, nil)
	case "aside":
		putAside(t.State, true)
		h.begin(t, flows.Complaint, nil)
	case "fresh":
		if s := t.State.Focus; s != nil {
			t.State.Focus = nil
			h.bin(t.State, *s)
		}
		h.begin(t, flows.Complaint, nil)
	case "resume", "form":
		return h.resume(t)
	case "call", "urgent":
		return h.talk(t, name == "urgent")
	case "public":
		return h.public(t)
	case "write":
		return h.write(t)
	case "queue":
		return h.queue(ctx, t)
	case "transcript":
		return h.paperMenu(ctx, t)
	case "way":
		return h.listWays(t)
	case "instead":
		return h.instead(ctx, t)
	case "later":
		return h.later(t)
	case "discard":
		return h.discard(t)
	case "drafts":
		if len(t.State.Bin) == 0 && t.State.Focus == nil && len(t.State.Drafts) == 0 {
			h.menu(t, locales.NoDrafts())
			return nil
		}
		h.listDrafts(t)
	case "cases":
		return h.cases(ctx, t)
	case "language":
		t.Say(t.Here(h.languages(t.Input)))
	case "help":
		return h.help(ctx, t)
	case "procedure":
		return h.procedure(t)
	case "record":
		return h.myStudies(ctx, t)
	case "account":
		return h.ownRecord(ctx, t)
	case "notices":
		return h.ownWishes(ctx, t)
	case "rector":
		return h.rector(t)
	case "direct", "blog", "audience", "registry":
		return h.rectorLine(ctx, t, name)
	case "privacy":
		return h.resume(t, locales.Privacy())
	case "cancel":
		if t.State.Focus == nil {
			h.menu(t, locales.NothingToCancel())
			return nil
		}
		return h.form(ctx, t, ask.Input{Do: ask.Cancel})
	case "link":
		return h.linkCommand(ctx, t)
	case "unlink":
		if t.Arg != "" {
			return h.ownCodes(ctx, t, h.lost)
		}
		return h.unlinkOwn(ctx, t, false)
	case "mail":
		return h.mailCommand(ctx, t)
	case "session":
		return h.ownSession(ctx, t)
	case "groups":
		return h.ownGroups(ctx, t)
	case "sheets":
		return h.ownSheets(ctx, t)
	case "code":
		return h.ownCodes(ctx, t, h.oneCode)
	case "codes":
		return h.ownCodes(ctx, t, h.groupCodes)
	case "journal":
		return h.ownJournal(ctx, t)
	case "away", "staff", "stats":
		rights, err := h.Storage.StaffOf(ctx, t.From, h.Now())
		if err != nil {
			return fmt.Errorf("rights: %w", err)
		}
		if len(rights) == 0 {
			return h.resume(t, locales.UnknownCommand())
		}
		t.Told = true
		_, err = h.Office(ctx, t.Input)
		return err
	case "offices", "bind", "steps", "calendar", "appoint", "dismiss", "head", "unmute", "failed":
		if h.isAdmin(t.From) {
			return h.admin(ctx, t, name)
		}
		fallthrough
	default:
		return h.resume(t, locales.UnknownCommand())
	}
	return nil
}

// menu is the main menu, with a sentence above.
func (h *Handlers) menu(t *Turn, above ...ask.Line) {
	t.Say(ask.Reply{Text: h.Book.Lines(t.Lang(), append(above, locales.Menu())...), Buttons: h.menuButtons(t)})
}

func (h *Handlers) menuButtons(t *Turn) (rows [][]ask.Button) {
	if n := len(drafts(t.State)); n > 0 {
		rows = append(rows, []ask.Button{h.button(t.Lang(), locales.DraftsButton(n), "m:drafts")})
	}
	offered := slices.Clone(menu)
	if t.kept == nil || !t.kept() {
		offered = slices.DeleteFunc(offered, func(m string) bool { return m == "record" })
	}
	if len(h.rectorWays()) == 0 {
		offered = slices.DeleteFunc(offered, func(m string) bool { return m == "rector" })
	}
	return append(rows, h.menuRows(t.Lang(), offered...)...)
}

// unfinished asks what should become of the request that is open.
func (h *Handlers) unfinished(t *Turn) error {
	t.Say(ask.Reply{
		Text:    h.Book.Say(t.Lang(), locales.Unfinished(h.draftName(*t.State.Focus))),
		Buttons: h.menuRows(t.Lang(), "resume", "aside", "fresh"),
	})
	return nil
}

func (h *Handlers) button(l dauys.Lang, label ask.Line, data string) ask.Button {
	return ask.Button{Text: h.Book.Plain(l, label), Data: data}
}

// begin starts a conversation; one that is open waits and comes back afterwards.
func (h *Handlers) begin(t *Turn, f ask.Flow, about *dauys.Case) {
	if h.full(t) {
		return
	}
	given, known := h.given(t), map[string]ask.Answer{}
	for _, key := range recorded {
		if v := t.State.Mine[key]; v != "" && about == nil {
			known[key] = ask.Answer{Values: []string{v}}
		}
	}
	if about != nil {
		given = map[string][]string{"case": {about.Number}}
		if f.Name == flows.Bringing.Name {
			given["papers"] = about.Lacking()
		}
		if e, ok := about.Latest(dauys.Ask); ok {
			given["asked"] = []string{strconv.Itoa(e.Seq), e.Note}
		}
	}
	h.start(t, f, given, known)
}

// recorded are the questions that are answered from the record for who is linked with it. The answers stand
// in the review, where they can be changed.
var recorded = []string{"institute", "group"}

// full tells that a person has as many drafts as can be kept, and shows them.
func (h *Handlers) full(t *Turn) bool {
	if len(drafts(t.State)) < mostDrafts {
		return false
	}
	h.listDrafts(t, locales.TooManyDrafts(mostDrafts))
	return true
}

// given is what a request can be begun with: the institutes, and the name that the messenger shows.
func (h *Handlers) given(t *Turn) map[string][]string {
	given := map[string][]string{"name": {}}
	for _, i := range h.University.Institutes {
		given["institute"] = append(given["institute"], i.ID)
	}
	if n := cmp.Or(t.State.Mine["name"], ask.Clean(t.Name)); n != "" {
		given["name"] = []string{n}
	}
	h.bounds(given)
	return given
}

// agreed answers the question for consent for who has agreed to the words that hold.
func agreed(t *Turn, known map[string]ask.Answer) {
	if t.State.Consent == flows.ConsentVersion {
		known["consent"] = ask.Answer{Values: []string{"agree"}}
	}
}

// start starts a conversation with what is known of its answers.
func (h *Handlers) start(t *Turn, f ask.Flow, given map[string][]string, known map[string]ask.Answer) {
	agreed(t, known)
	putAside(t.State, false)
	s := f.Start(h.NewID(), given, known)
	s.At, s.Today = h.Now(), h.day(h.Now())
	h.reached(t, f, &s)
	t.State.Focus = &s
	t.Say(h.show(t.Lang(), f, s, f.Show(s)))
}

// resume shows again where the person is, with sentences above.
func (h *Handlers) resume(t *Turn, above ...ask.Line) error {
	s, f, ok := h.focus(t)
	if !ok {
		h.menu(t, above...)
		return nil
	}
	next, view := f.Next(s, ask.Input{})
	t.State.Focus = &next
	r := h.offerTalk(t, next, h.show(t.Lang(), f, next, view))
	if len(above) > 0 {
		r.Text = h.Book.Lines(t.Lang(), above...) + "\n\n" + r.Text
	}
	t.Say(r)
	return nil
}

// focus is the open conversation, if it can go on. One whose questions have changed since
// ends here, and what the person had written is shown back to them.
func (h *Handlers) focus(t *Turn) (ask.Session, ask.Flow, bool) {
	if t.State.Focus == nil {
		return ask.Session{}, ask.Flow{}, false
	}
	s := *t.State.Focus
	f, ok := flows.Find(s)
	if !ok {
		h.giveBack(t, locales.FormChanged(), s.Typed(f))
		t.State.Focus = nil
		return ask.Session{}, ask.Flow{}, false
	}
	s.Today = h.day(h.Now())
	return s, f, true
}

// giveBack says why a conversation cannot go on and shows what was written, to copy.
func (h *Handlers) giveBack(t *Turn, why ask.Line, texts []string) {
	lines := []ask.Line{why}
	if len(texts) > 0 {
		lines = append(lines, locales.FormKept(strings.Join(texts, "\n\n")))
	}
	t.Say(ask.Reply{Text: h.Book.Lines(t.Lang(), lines...)})
}

// Unreadable answers a person whose stored dialogue is of a version that is not understood
// any more: texts are what could still be read of it.
func (h *Handlers) Unreadable(t *Turn, texts []string) {
	if t.State.Lang == "" {
		l, _ := dauys.LangOf(t.Input.Lang)
		t.State.Lang = string(l)
	}
	h.giveBack(t, locales.FormChanged(), texts)
}

// DelayedReply says that a message is kept and will be answered later.
func (h *Handlers) DelayedReply(l dauys.Lang) ask.Reply {
	return ask.Reply{Text: h.Book.Say(l, locales.Delayed())}
}

// BrokenReply says that a message could not be handled.
func (h *Handlers) BrokenReply(l dauys.Lang) ask.Reply {
	return ask.Reply{Text: h.Book.Say(l, locales.Broken())}
}

// formButton is a button of a conversation, perhaps an old one.
func (h *Handlers) formButton(ctx context.Context, t *Turn) error {
	id, in, ok := ask.Pressed(t.Press)
	if !ok || t.State.Focus == nil || !t.State.Focus.IsOf(id) {
		return h.resume(t, locales.OldButton())
	}
	return h.form(ctx, t, in)
}

// said is what a person has sent, for a conversation. What somebody else had written before
// says so.
func (h *Handlers) said(t *Turn) ask.Input {
	in := ask.Input{Text: t.Text, Phone: t.Phone, Strange: t.Strange, Message: t.Message}
	if s := t.State.Focus; s != nil && t.Contact != "" && slices.Contains([]string{flows.Addition.Name, flows.Response.Name}, s.Flow) {
		if f, ok := flows.Find(*s); ok && asksWords(f.Show(*s)) {
			in = ask.Input{Text: t.Contact, Message: t.Message}
		}
	}
	if t.File != nil {
		file := *t.File
		file.Message = t.Message
		file.Caption = h.passedOn(t, file.Caption)
		in.File = &file
	}
	if in.Text != "" {
		in.Text = h.passedOn(t, in.Text)
	}
	return in
}

// passedOn puts above a forwarded text whose it was and when, in a way that needs no language.
func (h *Handlers) passedOn(t *Turn, text string) string {
	if t.Origin == "" {
		return text
	}
	from := "↪ " + ask.Clean(t.Origin)
	if !t.Written.IsZero() {
		from += ", " + t.Written.In(h.University.Calendar.Zone()).Format("02.01.2006 15:04")
	}
	return strings.TrimSpace(from + "\n" + text)
}

// form is one turn of the open conversation.
func (h *Handlers) form(ctx context.Context, t *Turn, in ask.Input) error {
	s, f, ok := h.focus(t)
	if !ok {
		return h.resume(t)
	}
	next, view := f.Next(s, in)
	f, next, view = h.steered(ctx, f, s, next, view)
	next, view, declined := h.decided(t, f, s, next, view)
	if declined {
		return h.end(t, ask.Reply{Text: h.Book.Say(t.Lang(), locales.SigningDeclined())})
	}
	next.At, next.Warned = h.Now(), false
	h.reached(t, f, &next)
	t.State.Focus = &next
	if s.Value("consent") != "agree" && next.Value("consent") == "agree" { // the turn in which the text was there to read
		t.State.Consent, t.State.Agreed = flows.ConsentVersion, h.Now()
	}
	switch next.Phase {
	case ask.Sending:
		return h.conclude(ctx, t, f, next)
	case ask.Cancelled:
		h.stopped(t, s, Cancelled)
		h.bin(t.State, s)
		return h.end(t, h.binned(t, s, view.Lines...))
	}
	t.refused = slices.ContainsFunc(view.Lines[:view.Problems], func(l ask.Line) bool { return l.Args != nil }) // which tells what does not fit
	r := h.offerTalk(t, next, h.show(t.Lang(), f, next, view))
	if view.InPlace {
		r = t.Here(r)
	}
	if in.File != nil && in.File.Album != "" && view.Problems == 0 {
		r.Group = "album:" + in.File.Album
	}
	t.Say(r)
	return nil
}

// end closes the open conversation with a last word, and goes back to the one that waited.
func (h *Handlers) end(t *Turn, last ask.Reply) error {
	t.State.Focus = nil
	if n := len(t.State.Drafts); n > 0 && !t.State.Drafts[n-1].Aside {
		t.State.Focus, t.State.Drafts = &t.State.Drafts[n-1], t.State.Drafts[:n-1]
		t.Say(t.Here(last))
		return h.resume(t, locales.BackToForm())
	}
	for _, m := range []string{"cases", "menu"} {
		last.Buttons = append(last.Buttons, []ask.Button{h.button(t.Lang(), locales.MenuButton(m), "m:"+m)})
	}
	t.Say(t.Here(last))
	return nil
}

// show puts a view of a conversation into words, with the notices that it asks for.
func (h *Handlers) show(l dauys.Lang, f ask.Flow, s ask.Session, v ask.View) ask.Reply {
	var above []ask.Line
	for _, n := range v.Notices {
		above = append(above, shownAbove[n](h, l, s)...)
	}
	return h.lateButton(l, s, v, h.wayButton(l, s, v, h.Book.Reply(l, v, above...)))
}

// shownAbove is what flows show above a question or a review, by name.
var shownAbove = map[string]func(*Handlers, dauys.Lang, ask.Session) []ask.Line{
	"way":      (*Handlers).way,
	"way-now":  (*Handlers).wayNow,
	"preview":  (*Handlers).preview,
	"asked":    (*Handlers).asked,
	"window":   (*Handlers).untilWhen,
	"receives": (*Handlers).nextReception,
	"invited":  (*Handlers).invited,
	"post":     (*Handlers).post,
	"everyone": (*Handlers).everyone,
}

// standing is what the applicant is to the university. Who writes for somebody writes for a student.
func standing(s ask.Session) dauys.Standing {
	if flows.ForAnother(s) {
		return dauys.AsStudent
	}
	return dauys.Standing(s.Value("standing"))
}

// finish is what a completed conversation leads to. A problem leads back to the review.
// Otherwise done is what the person is told.
var finish = map[string]func(*Handlers, context.Context, *Turn, ask.Session) (done ask.Line, problem *ask.Line, err error){
	flows.Complaint.Name:   (*Handlers).file,
	flows.Suggestion.Name:  (*Handlers).file,
	flows.Application.Name: (*Handlers).file,
	flows.Support.Name:     (*Handlers).file,
	flows.Appeal.Name:      (*Handlers).appeal,
	flows.Public.Name:      (*Handlers).file,
	flows.Talk.Name:        (*Handlers).file,
	flows.Blog.Name:        (*Handlers).file,
	flows.Audience.Name:    (*Handlers).file,
	flows.Correction.Name:  (*Handlers).file,
	flows.Registry.Name:    (*Handlers).file,
	flows.Addition.Name:    (*Handlers).add,
	flows.Bringing.Name:    (*Handlers).bring,
	flows.Withdrawal.Name:  (*Handlers).withdraw,
	flows.Response.Name:    (*Handlers).respond,
	flows.Reopening.Name:   (*Handlers).takeUp,
	flows.Dispute.Name:     (*Handlers).takeUp,
	flows.Remark.Name:      (*Handlers).remark,
	flows.Signature.Name:   (*Handlers).sign,
	flows.Linking.Name:     (*Handlers).linkWith,
}

// conclude sends what a person has finished. The answers are frozen in the store first:
// from then on whatever is pressed, on whichever device, sends the same.
func (h *Handlers) conclude(ctx context.Context, t *Turn, f ask.Flow, s ask.Session) error {
	if err := t.Save(ctx); err != nil {
		return err
	}
	done, problem, err := finish[f.Name](h, ctx, t, s)
	if err != nil {
		return fmt.Errorf("finish %s: %w", f.Name, err)
	}
	if problem != nil {
		s.Phase = ask.Reviewing
		next, view := f.Next(s, ask.Input{})
		t.State.Focus = &next
		r := h.show(t.Lang(), f, next, view)
		r.Text = h.Book.Say(t.Lang(), *problem) + "\n\n" + r.Text
		t.Say(r)
		return nil
	}
	return h.end(t, ask.Reply{Text: h.Book.Say(t.Lang(), done)})
}

// file registers the request.
func (h *Handlers) file(ctx context.Context, t *Turn, s ask.Session) (done ask.Line, problem *ask.Line, err error) {
	if flows.ForAnother(s) { // whose it is says yes for themselves
		return h.propose(ctx, t, s)
	}
	d := h.draft(t, s)
	if err := h.asWritten(ctx, s, &d); err != nil {
		return done, nil, err
	}
	if err := h.confirm(ctx, &d.Applicant); err != nil {
		return done, nil, err
	}
	if no, err := h.tooMany(ctx, t, d); no != nil || err != nil {
		return done, no, err
	}
	way, err := h.route(ctx, d)
	if errors.Is(err, dauys.ErrNoOffice) {
		no := locales.NoOffice()
		if len(d.Against) > 0 {
			no = locales.NobodyLeft()
		}
		return done, &no, nil
	}
	if err != nil {
		return done, nil, err
	}
	stored, fresh, err := h.Storage.File(ctx, way.Open(d, h.University, h.Now()))
	if errors.Is(err, dauys.ErrOtherContent) {
		h.Log.Error("a registered draft was sent again with other content", "update", t.Update)
		h.keepWords(t, s)
		return locales.SentBefore(), nil, nil
	}
	if err != nil {
		return done, nil, err
	}
	if fresh {
		h.Log.Info("case registered", "case", stored.Number, "office", stored.Office(), "update", t.Update)
	}
	if stored.Urgent {
		if err := h.callNow(ctx, t, stored); err != nil {
			return done, nil, fmt.Errorf("tell of an urgent call: %w", err)
		}
	}
	if err := h.settle(ctx, s, stored.Number); err != nil {
		return done, nil, err
	}
	became(t, s, stored.Number, "")
	return locales.Filed(stored.Number), nil, nil
}

// request is what the answers say of where the request goes. That a suggestion is one is no topic.
func request(s ask.Session) dauys.Draft {
	d := dauys.Draft{
		ID:        s.ID,
		Kind:      flows.Kind(s),
		Applicant: dauys.Applicant{Standing: standing(s)},
		Institute: s.Value("institute"),
		Scheme:    strings.Join(s.Given[givenScheme], ""),
		Level:     dauys.OfficeID(cmp.Or(s.Value("addressee"), strings.Join(s.Given[givenLevel], ""))),
	}
	if topic := s.Value("topic"); topic != flows.Idea {
		d.Topic = topic
	}
	f, _ := flows.Find(s) // of another conversation there may be answers that do not count here
	for _, st := range f.Steps {
		switch a := s.Value(st.Key); {
		case st.Key == "group":
			d.Group = a
		case st.Key == "against" && a != "" && a != flows.AboutNobody:
			d.Against = []dauys.OfficeID{dauys.OfficeID(a)}
		}
	}
	return d
}

// unnamed stands for the name of who did not give it.
const unnamed = "—"

// draft is all that the answers say.
func (h *Handlers) draft(t *Turn, s ask.Session) dauys.Draft {
	d := request(s)
	d.Applicant.Address, d.Applicant.Name, d.Applicant.Lang = t.From, cmp.Or(s.Value("name"), unnamed), t.Lang()
	d.Helper = strings.Join(s.Given["by"], "")
	d.Text, d.Details, d.Files = s.Value("story"), h.details(t.Lang(), s), h.papersIn(t, s)
	d.Missing = s.Missing("papers")
	d.Urgent, d.Confidential = len(s.Given["urgent"]) > 0, s.Value("access") == flows.Confidential
	d.Consent = dauys.Consent{Version: t.State.Consent, At: t.State.Agreed}
	return d
}

// placed are the questions whose answers have a place of their own in a case.
var placed = []string{"consent", "standing", "name", "whose", "behalf", "addressee", "against", "institute", "topic", "kind", "channel", "lang", "story", "papers", "access"}

// details are the other answers, in the order of the questions: each is a line of the card.
func (h *Handlers) details(l dauys.Lang, s ask.Session) (out []dauys.Detail) {
	f, _ := flows.Find(s)
	for _, st := range f.Steps {
		a := s.Answers[st.Key]
		if slices.Contains(placed, st.Key) || len(a.Values) == 0 {
			continue
		}
		d := dauys.Detail{Question: f.Under(st.Key), Text: a.Text()}
		switch {
		case st.Names != "":
			d.Text = h.Book.Plain(l, ask.Line{Key: "ask.named", Args: ask.Args{"Name": ask.Name{List: st.Names, ID: a.Text()}}})
		case st.Type == ask.TypeChoice:
			d.Option, d.Text = a.Text(), ""
		case st.Type == ask.TypeDate:
			d.As = dauys.DetailDay
		case st.Type == ask.TypeNumber:
			d.As = dauys.DetailNumber
		case st.Type == ask.TypeSecret:
			d.As = dauys.DetailSecret
		}
		out = append(out, d)
	}
	return out
}

// filesOf turns the files of an answer into those of a case.
func filesOf(a ask.Answer) []dauys.File {
	var out []dauys.File
	for _, f := range a.Files {
		out = append(out, dauys.File{Ref: f.Ref, Kind: f.Kind, Name: f.Name, Size: f.Size, MIME: f.MIME, Caption: f.Caption, Item: f.Item})
	}
	return out
}

// attached turns files of a case into those of an answer.
func attached(files []dauys.File) (out []ask.File) {
	for _, f := range files {
		out = append(out, ask.File{Ref: f.Ref, Kind: f.Kind, Name: f.Name, Size: f.Size, MIME: f.MIME, Caption: f.Caption, Item: f.Item})
	}
	return out
}

// filesIn are the files of a conversation: what was said instead of words, then what was
// attached.
func filesIn(s ask.Session) (out []dauys.File) {
	f, _ := flows.Find(s)
	for _, st := range f.Steps {
		for _, file := range filesOf(s.Answers[st.Key]) {
			file.Spoken = st.Type == ask.TypeText
			out = append(out, file)
		}
	}
	return out
}

// papersIn are the same; a file for an item of a list says for which.
func (h *Handlers) papersIn(t *Turn, s ask.Session) []dauys.File {
	out := filesIn(s)
	f, _ := flows.Find(s)
	i := 0
	for _, st := range f.Steps {
		for _, file := range s.Answers[st.Key].Files {
			if file.Item != "" && st.Names != paperNames { // those are named for whoever reads them
				item := h.Book.Plain(t.Lang(), f.Label(st.Key, file.Item))
				out[i].Caption = strings.TrimSpace(item + "\n" + file.Caption)
			}
			i++
		}
	}
	return out
}

// paperNames is the list of names of documents that the structure file has.
const paperNames = "paper"

// cases lists what the person has asked, newest first, and before that what waits for them.
func (h *Handlers) cases(ctx context.Context, t *Turn) error {
	list, err := h.Storage.CasesOf(ctx, t.From, casesShown)
	if err != nil {
		return fmt.Errorf("list cases: %w", err)
	}
	signed, err := h.Storage.SignedBy(ctx, t.From, casesShown)
	if err != nil {
		return fmt.Errorf("list signed cases: %w", err)
	}
	if len(list)+len(signed) == 0 {
		return h.resume(t, locales.NoCases())
	}
	slices.SortStableFunc(list, func(a, b *dauys.Case) int { return waiting(b) - waiting(a) })
	var lines []ask.Line
	r := ask.Reply{Buttons: h.replyButtons(t.Lang(), list)}
	add := func(head, item ask.Line, button ask.Line, c *dauys.Case, first bool) {
		if first {
			lines = append(lines, head)
		}
		lines = append(lines, item)
		r.Buttons = append(r.Buttons, []ask.Button{h.button(t.Lang(), button, "c:"+c.Number)})
	}
	for i, c := range list {
		add(locales.CasesHead(len(list)), locales.CaseItem(c), locales.CaseButton(c), c, i == 0)
	}
	for i, c := range signed {
		add(locales.SignedHead(), locales.SignedItem(c), locales.SignedButton(c), c, i == 0)
	}
	r.Text = h.Book.Lines(t.Lang(), lines...)
	r.Buttons = append(r.Buttons, h.onward(t))
	t.Say(r)
	return nil
}

// onward is the button that leads on from a look at something else.
func (h *Handlers) onward(t *Turn) []ask.Button {
	if t.State.Focus != nil {
		return []ask.Button{h.button(t.Lang(), locales.MenuButton("resume"), "m:resume")}
	}
	return []ask.Button{h.button(t.Lang(), locales.MenuButton("menu"), "m:menu")}
}

// caseButton is a button about one case: c:NUMBER or c:NUMBER:ACT.
func (h *Handlers) caseButton(ctx context.Context, t *Turn, parts []string) error {
	number := parts[1]
	if len(parts) < 3 {
		return h.showCase(ctx, t, number)
	}
	if done, err := h.signingButton(ctx, t, number, parts[2]); done {
		return err
	}
	c, err := h.own(ctx, t, number)
	if errors.Is(err, dauys.ErrNotFound) {
		return h.resume(t, locales.NoSuchCase())
	}
	if err != nil {
		return err
	}
	if e, ok := c.Latest(dauys.Redirect); ok && parts[2] == pressLetter {
		t.Say(h.letter(t.Lang(), c, e))
		return nil
	}
	act := dauys.Act(parts[2])
	if _, ok := pressActs[act]; ok {
		return h.pressAct(ctx, t, c, act, parts[3:])
	}
	for _, b := range ownActs {
		if b.act == act && b.flow != nil && (c.Offers(act, dauys.TheApplicant, h.Now()) || h.late(c, b.or)) {
			if again(t, *b.flow, number) {
				return h.resume(t)
			}
			h.begin(t, *b.flow, c)
			return nil
		}
	}
	t.Say(h.caseView(t, c, locales.TooLate(c.Status)))
	return nil
}

// again tells whether a conversation about a case is open already; one that was put aside gives place
// to the new one.
func again(t *Turn, f ask.Flow, number string) bool {
	same := func(s ask.Session) bool { return s.Flow == f.Name && slices.Equal(s.Given["case"], []string{number}) }
	if t.State.Focus != nil && same(*t.State.Focus) {
		return true
	}
	t.State.Drafts = slices.DeleteFunc(t.State.Drafts, same)
	return false
}

// ownActs are what an applicant can do with a case of their own, in the order of the buttons, the
// conversation for it where it takes words, and what becomes of it when it is too late for that.
var ownActs = []struct {
	act  dauys.Act
	flow *ask.Flow
	or   dauys.Act
}{
	{dauys.Reply, &flows.Response, dauys.Add},
	{dauys.Allow, nil, ""},
	{dauys.Forbid, nil, ""},
	{dauys.Excuse, nil, ""},
	{dauys.Together, nil, ""},
	{dauys.Apart, nil, ""},
	{dauys.Bring, &flows.Bringing, ""},
	{dauys.Add, &flows.Addition, ""},
	{dauys.Remind, nil, ""},
	{dauys.Withdraw, &flows.Withdrawal, ""},
	{dauys.Accept, nil, ""},
	{dauys.Bounce, nil, ""},
	{dauys.Reopen, &flows.Reopening, ""},
	{dauys.Dispute, &flows.Dispute, ""},
}

// own loads a case of the person; somebody else's is not found.
func (h *Handlers) own(ctx context.Context, t *Turn, number string) (*dauys.Case, error) {
	c, err := h.Storage.Case(ctx, number)
	if err != nil {
		return nil, fmt.Errorf("load case: %w", err)
	}
	if !dauys.May(dauys.ToOwn, c, t.From, nil, h.Now()) {
		return nil, dauys.ErrNotFound
	}
	return c, nil
}

func (h *Handlers) showCase(ctx context.Context, t *Turn, number string) error {
	c, err := h.own(ctx, t, number)
	if errors.Is(err, dauys.ErrNotFound) {
		return h.showSigned(ctx, t, number)
	}
	if err != nil {
		return err
	}
	t.Say(h.caseView(t, c))
	return nil
}

// caseView is a case as its applicant sees it.
func (h *Handlers) caseView(t *Turn, c *dauys.Case, above ...ask.Line) ask.Reply {
	lines := append(above, locales.CaseView(c, h.Now())...)
	if at, ok := c.Reception(); ok {
		lines = append(lines, locales.ReceptionOf(at))
	}
	if n := len(c.Signatures()); n > 0 {
		lines = append(lines, locales.Signatures(n))
	}
	if a, ok := answer(c); ok && c.Outcome != "" {
		lines = append(lines, locales.CaseAnswer(), locales.Written(a))
		if name := h.University.Named(c, a); name != "" {
			lines = append(lines, locales.AnsweredBy(name))
		}
		lines = append(lines, locales.DocumentLines(a)...)
	}
	r := ask.Reply{Text: h.Book.Lines(t.Lang(), lines...)}
	for _, b := range ownActs {
		if c.Offers(b.act, dauys.TheApplicant, h.Now()) && !(b.act == dauys.Accept && c.AcceptedOutside()) {
			r.Buttons = append(r.Buttons, []ask.Button{h.actButton(t.Lang(), c, b.act)})
		}
	}
	if c.Outcome == dauys.Outside && c.Status == dauys.Closed {
		r.Buttons = append(r.Buttons, []ask.Button{h.button(t.Lang(), locales.LetterButton(), "c:"+c.Number+":"+pressLetter)})
	}
	if c.Signable() {
		r.Buttons = append(r.Buttons, []ask.Button{h.button(t.Lang(), locales.InviteButton(), "c:"+c.Number+":"+pressInvite)})
	}
	if c.Offers(dauys.Rate, dauys.TheApplicant, h.Now()) {
		if _, rated := c.Latest(dauys.Rate); !rated {
			r.Buttons = append(r.Buttons, h.marks(t.Lang(), c))
		}
	}
	if id := c.Terms.Cites[dauys.CiteTerm]; id != "" && !c.Status.Final() {
		_, button := h.Cite(t.Lang(), id, c.Terms.Procedure)
		r.Buttons = append(r.Buttons, []ask.Button{button})
	}
	r.Buttons = append(r.Buttons, []ask.Button{h.button(t.Lang(), locales.MenuButton("cases"), "m:cases")}, h.onward(t))
	return r
}

// add puts details into the case.
func (h *Handlers) add(ctx context.Context, t *Turn, s ask.Session) (ask.Line, *ask.Line, error) {
	if no, err := h.addsTooMuch(ctx, t, s.Given["case"][0], s.ID); no != nil || err != nil {
		return ask.Line{}, no, err
	}
	m := dauys.Move{Act: dauys.Add, Note: s.Value("words"), Files: h.papersIn(t, s)}
	return h.ownMove(ctx, t, s, always(m), numbered(locales.Added))
}

// bring puts documents into the case that were missing.
func (h *Handlers) bring(ctx context.Context, t *Turn, s ask.Session) (done ask.Line, problem *ask.Line, err error) {
	m := dauys.Move{Act: dauys.Bring, Files: h.papersIn(t, s)}
	if len(m.Files) == 0 {
		empty := locales.NothingBrought()
		return done, &empty, nil
	}
	return h.ownMove(ctx, t, s, func(c *dauys.Case) dauys.Move {
		m := m
		if c.Lacks() == 0 { // brought meanwhile: nothing that was sent is lost
			m.Act = dauys.Add
		}
		return m
	}, func(c *dauys.Case) ask.Line { return locales.Brought(c.Number, c.Lacks()) })
}

// withdraw takes the case back.
func (h *Handlers) withdraw(ctx context.Context, t *Turn, s ask.Session) (ask.Line, *ask.Line, error) {
	return h.ownMove(ctx, t, s, always(dauys.Move{Act: dauys.Withdraw, Note: s.Value("reason")}), numbered(locales.WithdrawnNow))
}

// ownMove moves a case of the person by the move that the case as it is now calls for. The
// conversation is the cause: however often it is sent, the case moves once.
func (h *Handlers) ownMove(ctx context.Context, t *Turn, s ask.Session, move func(*dauys.Case) dauys.Move, done func(*dauys.Case) ask.Line) (ask.Line, *ask.Line, error) {
	number := s.Given["case"][0]
	c, late, err := h.moveOwn(ctx, t, number, s.ID, move)
	if err != nil {
		return ask.Line{}, nil, err
	}
	if late != "" { // the words are not lost, only too late
		h.keepWords(t, s)
		return locales.TooLate(late), nil, nil
	}
	became(t, s, number, s.ID)
	return done(c), nil, nil
}

// always is a move that is the same however the case stands.
func always(m dauys.Move) func(*dauys.Case) dauys.Move {
	return func(*dauys.Case) dauys.Move { return m }
}

// numbered is a sentence that needs nothing of a case but its number.
func numbered(say func(number string) ask.Line) func(*dauys.Case) ask.Line {
	return func(c *dauys.Case) ask.Line { return say(c.Number) }
}

// moveOwn moves a case of the person, once for a cause, by the move that the case as it is now
// calls for; late is the status in which that is not possible any more.
func (h *Handlers) moveOwn(ctx context.Context, t *Turn, number, cause string, move func(*dauys.Case) dauys.Move) (c *dauys.Case, late dauys.Status, err error) {
	now := h.Now()
	c, err = h.Storage.Act(ctx, number, t.From, cause, now, func(c *dauys.Case, _ dauys.Staff) error {
		if !dauys.May(dauys.ToOwn, c, t.From, nil, now) {
			return dauys.ErrNotFound
		}
		m := move(c)
		m.By, m.Cause, m.At = dauys.TheApplicant, cause, now
		return c.Do(m, &h.University.Calendar)
	})
	if no, ok := errors.AsType[*dauys.NotAllowedError](err); ok {
		return nil, no.Status, nil
	}
	return c, "", err
}

// keepWords shows back what was written in a conversation that leads nowhere, to copy.
func (h *Handlers) keepWords(t *Turn, s ask.Session) {
	f, _ := flows.Find(s)
	if words := s.Typed(f); len(words) > 0 {
		t.Say(ask.Reply{Text: h.Book.Say(t.Lang(), locales.FormKept(strings.Join(words, "\n\n")))})
	}
}
