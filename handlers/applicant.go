package handlers

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
)

// draftLife is how long an unfinished request is kept.
const draftLife = 30 * 24 * time.Hour

// casesShown is how many of their cases a person sees at once.
const casesShown = 20

// Commands are what a person can type in their own chat, in the order in which they are
// offered. The words beside them are in locales under "command".
var Commands = []string{"new", "cases", "language", "help", "privacy", "cancel"}

// menu are the buttons of the main menu.
var menu = []string{"new", "cases", "language", "help", "privacy"}

// Applicant is a person in their own chat with the bot.
func (h *Handlers) Applicant(ctx context.Context, t *Turn) error {
	switch {
	case t.Change != "":
		return h.reach(ctx, t.From, t.Change == Unblocked)
	case strings.HasPrefix(t.Press, "l:"):
		return h.setLanguage(ctx, t, strings.TrimPrefix(t.Press, "l:"))
	case t.State.Lang == "":
		return h.newcomer(ctx, t)
	}
	h.expire(t)
	switch {
	case t.Edited:
		return h.resume(t, locales.FormEdited())
	case t.Command != "":
		return h.command(ctx, t, t.Command)
	case t.Foreign: // nobody's name, nor a story
		return h.resume(t, locales.UnknownCommand())
	case strings.HasPrefix(t.Press, "m:"):
		return h.command(ctx, t, strings.TrimPrefix(t.Press, "m:"))
	case strings.HasPrefix(t.Press, "c:"):
		return h.caseButton(ctx, t, strings.Split(t.Press, ":"))
	case t.Press != "":
		return h.formButton(ctx, t)
	}
	return h.typed(ctx, t)
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

// undelivered tells the offices whose answer has not reached a person.
func (h *Handlers) undelivered(ctx context.Context, who dauys.Address) error {
	list, err := h.Storage.CasesOf(ctx, who, casesShown)
	if err != nil {
		return fmt.Errorf("cases of a person: %w", err)
	}
	for _, c := range list {
		if answer, ok := c.Latest(dauys.Answer); ok && c.Status == dauys.Decided {
			if err := h.delivery(ctx, c.Number, answer.Seq, dauys.Undeliverable); err != nil {
				return err
			}
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
	for i, l := range dauys.Langs {
		if said := locales.Fold(t.Text); h.names(t.Text, l) || said == string(l) || said == fmt.Sprint(i+1) {
			return h.setLanguage(ctx, t, string(l))
		}
	}
	t.Say(h.languages(t.Input))
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
		h.menu(t, locales.Hello())
		return nil
	}
	return h.resume(t, locales.LanguageSet())
}

// command is a command or a button of the menu. All but cancel leave a conversation as it
// is: its question is shown again underneath.
func (h *Handlers) command(ctx context.Context, t *Turn, name string) error {
	switch name {
	case "start", "menu":
		if name == "start" { // whoever writes can be reached, whatever was noted of them
			if err := h.Storage.SetUnreachable(ctx, t.From, false, h.Now()); err != nil {
				return fmt.Errorf("note that a person can be reached: %w", err)
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
	case "fresh":
		t.State.Focus = nil
		h.begin(t, flows.Complaint, nil)
	case "resume":
		return h.resume(t)
	case "cases":
		return h.cases(ctx, t)
	case "language":
		t.Say(t.Here(h.languages(t.Input)))
	case "help":
		return h.resume(t, locales.Help())
	case "privacy":
		return h.resume(t, locales.Privacy())
	case "cancel":
		if t.State.Focus == nil {
			h.menu(t, locales.NothingToCancel())
			return nil
		}
		return h.form(ctx, t, ask.Input{Do: ask.Cancel})
	case "offices", "bind":
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
	r := ask.Reply{Text: h.Book.Lines(t.Lang(), append(above, locales.Menu())...)}
	for _, m := range menu {
		r.Buttons = append(r.Buttons, []ask.Button{h.button(t.Lang(), locales.MenuButton(m), "m:"+m)})
	}
	t.Say(r)
}

// unfinished asks what should become of the request that is open.
func (h *Handlers) unfinished(t *Turn) error {
	t.Say(ask.Reply{
		Text: h.Book.Say(t.Lang(), locales.Unfinished(t.State.Focus.Flow)),
		Buttons: [][]ask.Button{
			{h.button(t.Lang(), locales.MenuButton("resume"), "m:resume")},
			{h.button(t.Lang(), locales.MenuButton("fresh"), "m:fresh")},
		},
	})
	return nil
}

func (h *Handlers) button(l dauys.Lang, label ask.Line, data string) ask.Button {
	return ask.Button{Text: h.Book.Plain(l, label), Data: data}
}

// begin starts a conversation; one that is open waits and comes back afterwards.
func (h *Handlers) begin(t *Turn, f ask.Flow, about *dauys.Case) {
	given := map[string][]string{"name": {}}
	for _, i := range h.University.Institutes {
		given["institute"] = append(given["institute"], i.ID)
	}
	if n := ask.Clean(t.Name); n != "" {
		given["name"] = []string{n}
	}
	if about != nil {
		given = map[string][]string{"case": {about.Number}}
	}
	known := map[string]ask.Answer{}
	if t.State.Consent == flows.ConsentVersion {
		known["consent"] = ask.Answer{Values: []string{"agree"}}
	}
	if t.State.Focus != nil {
		t.State.Drafts = append(t.State.Drafts, *t.State.Focus)
	}
	s := f.Start(h.NewID(), given, known)
	t.State.Focus = &s
	t.State.Expires = h.Now().Add(draftLife)
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
	r := h.show(t.Lang(), f, next, view)
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
	return s, f, true
}

// expire ends drafts whose time is over, and shows back what was written.
func (h *Handlers) expire(t *Turn) {
	s := t.State.Focus
	if s == nil || t.State.Expires.IsZero() || h.Now().Before(t.State.Expires) {
		return
	}
	var texts []string
	for _, draft := range append(t.State.Drafts, *s) {
		f, _ := flows.Find(draft)
		texts = append(texts, draft.Typed(f)...)
	}
	h.giveBack(t, locales.FormExpired(), texts)
	t.State.Focus, t.State.Drafts = nil, nil
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

// typed is a message: words that stand on a button count as the button, anything else is
// what the question asks for.
func (h *Handlers) typed(ctx context.Context, t *Turn) error {
	s, f, open := h.focus(t)
	if !open {
		return h.typedMenu(ctx, t)
	}
	in := ask.Input{Text: t.Text, File: t.File, Strange: t.Strange}
	if in.File == nil {
		if o, ok := h.Book.Said(t.Text, f.Show(s)); ok {
			in = ask.Input{Do: o.Do, Value: o.Value}
		}
	}
	return h.form(ctx, t, in)
}

// typedMenu is a message outside of any conversation.
func (h *Handlers) typedMenu(ctx context.Context, t *Turn) error {
	var labels []ask.Line
	for _, m := range menu {
		labels = append(labels, locales.MenuButton(m))
	}
	if i, ok := h.Book.Match(t.Text, labels, true); ok {
		return h.command(ctx, t, menu[i])
	}
	if number := strings.ToUpper(strings.TrimSpace(t.Text)); dauys.IsNumber(number) {
		return h.showCase(ctx, t, number)
	}
	h.menu(t, locales.NotUnderstood())
	return nil
}

// form is one turn of the open conversation.
func (h *Handlers) form(ctx context.Context, t *Turn, in ask.Input) error {
	s, f, ok := h.focus(t)
	if !ok {
		return h.resume(t)
	}
	next, view := f.Next(s, in)
	t.State.Focus = &next
	t.State.Expires = h.Now().Add(draftLife)
	if s.Value("consent") != "agree" && next.Value("consent") == "agree" { // the turn in which the text was there to read
		t.State.Consent, t.State.Agreed = flows.ConsentVersion, h.Now()
	}
	switch next.Phase {
	case ask.Sending:
		return h.conclude(ctx, t, f, next)
	case ask.Cancelled:
		return h.end(t, ask.Reply{Text: h.Book.Lines(t.Lang(), view.Lines...)})
	}
	r := h.show(t.Lang(), f, next, view)
	if view.InPlace {
		r = t.Here(r)
	}
	t.Say(r)
	return nil
}

// end closes the open conversation with a last word, and goes back to the one that waited.
func (h *Handlers) end(t *Turn, last ask.Reply) error {
	t.State.Focus = nil
	if n := len(t.State.Drafts); n > 0 {
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
		above = append(above, notices[n](h, l, s)...)
	}
	return h.Book.Reply(l, v, above...)
}

// notices are what flows show above a question or a review, by name.
var notices = map[string]func(*Handlers, dauys.Lang, ask.Session) []ask.Line{
	"way":     (*Handlers).way,
	"preview": (*Handlers).preview,
}

// way tells, before anything is written, which office gets the request, who reads it and
// by when there is an answer.
func (h *Handlers) way(_ dauys.Lang, s ask.Session) []ask.Line {
	scheme, ladder, err := h.University.Route(dauys.Kind(s.Value("kind")), dauys.Standing(s.Value("standing")), s.Value("institute"))
	if err != nil {
		return []ask.Line{locales.NoOffice()}
	}
	now := h.Now()
	from := h.University.Calendar.Registered(now)
	lines := []ask.Line{locales.Way(ladder[0], h.University.Calendar.Due(from, scheme.Days))}
	for _, rung := range ladder[1:] {
		lines = append(lines, locales.WayHigher(rung))
	}
	return lines
}

// finish is what a completed conversation leads to. A problem leads back to the review.
// Otherwise done is what the person is told.
var finish = map[string]func(*Handlers, context.Context, *Turn, ask.Session) (done ask.Line, problem *ask.Line, err error){
	flows.Complaint.Name:  (*Handlers).file,
	flows.Addition.Name:   (*Handlers).add,
	flows.Withdrawal.Name: (*Handlers).withdraw,
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
	c, err := dauys.Open(h.draft(t, s), h.University, h.Now())
	if errors.Is(err, dauys.ErrNoOffice) {
		no := locales.NoOffice()
		return done, &no, nil
	}
	if err != nil {
		return done, nil, err
	}
	stored, fresh, err := h.Storage.File(ctx, c)
	if errors.Is(err, dauys.ErrOtherContent) {
		h.Log.Error("a registered draft was sent again with other content", "update", t.Update)
		h.giveBack(t, locales.SentBefore(), s.Typed(flows.Complaint))
		return locales.SentBefore(), nil, nil
	}
	if err != nil {
		return done, nil, err
	}
	if fresh {
		h.Log.Info("case registered", "case", stored.Number, "office", stored.Office(), "update", t.Update)
	}
	return locales.Filed(stored.Number), nil, nil
}

// draft is what the answers say.
func (h *Handlers) draft(t *Turn, s ask.Session) dauys.Draft {
	return dauys.Draft{
		ID:   s.ID,
		Kind: dauys.Kind(s.Value("kind")),
		Applicant: dauys.Applicant{
			Address: t.From, Name: s.Value("name"), Standing: dauys.Standing(s.Value("standing")), Lang: t.Lang(),
		},
		Institute: s.Value("institute"),
		Topic:     s.Value("topic"),
		Text:      s.Value("story"),
		Files:     filesOf(s.Answers["papers"]),
		Consent:   dauys.Consent{Version: t.State.Consent, At: t.State.Agreed},
	}
}

// filesOf turns the files of an answer into those of a case.
func filesOf(a ask.Answer) []dauys.File {
	var out []dauys.File
	for _, f := range a.Files {
		out = append(out, dauys.File{Ref: f.Ref, Kind: f.Kind, Name: f.Name, Size: f.Size, MIME: f.MIME, Caption: f.Caption})
	}
	return out
}

// cases lists what the person has asked, newest first.
func (h *Handlers) cases(ctx context.Context, t *Turn) error {
	list, err := h.Storage.CasesOf(ctx, t.From, casesShown)
	if err != nil {
		return fmt.Errorf("list cases: %w", err)
	}
	if len(list) == 0 {
		return h.resume(t, locales.NoCases())
	}
	lines := []ask.Line{locales.CasesHead(len(list))}
	r := ask.Reply{}
	for _, c := range list {
		lines = append(lines, locales.CaseItem(c))
		r.Buttons = append(r.Buttons, []ask.Button{h.button(t.Lang(), locales.CaseButton(c), "c:"+c.Number)})
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
	c, err := h.own(ctx, t, number)
	if errors.Is(err, dauys.ErrNotFound) {
		return h.resume(t, locales.NoSuchCase())
	}
	if err != nil {
		return err
	}
	act := dauys.Act(parts[2])
	for _, b := range ownActs {
		if b.act == act && c.Offers(act, dauys.TheApplicant) {
			of := func(s ask.Session) bool {
				return s.Flow == b.flow.Name && slices.Equal(s.Given["case"], []string{number})
			}
			if t.State.Focus != nil && of(*t.State.Focus) { // pressed again
				return h.resume(t)
			}
			t.State.Drafts = slices.DeleteFunc(t.State.Drafts, of)
			h.begin(t, b.flow, c)
			return nil
		}
	}
	t.Say(h.caseView(t, c, locales.TooLate(c.Status)))
	return nil
}

// ownActs are what an applicant can do with a case of their own, and the conversation for it.
var ownActs = []struct {
	act  dauys.Act
	flow ask.Flow
}{
	{dauys.Add, flows.Addition},
	{dauys.Withdraw, flows.Withdrawal},
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
		return h.resume(t, locales.NoSuchCase())
	}
	if err != nil {
		return err
	}
	t.Say(h.caseView(t, c))
	return nil
}

// caseView is a case as its applicant sees it.
func (h *Handlers) caseView(t *Turn, c *dauys.Case, above ...ask.Line) ask.Reply {
	lines := append(above, locales.CaseView(c)...)
	if a, ok := c.Latest(dauys.Answer); ok {
		lines = append(lines, locales.CaseAnswer(), locales.AnswerText(a.Outcome, a.Note))
	}
	r := ask.Reply{Text: h.Book.Lines(t.Lang(), lines...)}
	for _, b := range ownActs {
		if c.Offers(b.act, dauys.TheApplicant) {
			r.Buttons = append(r.Buttons, []ask.Button{h.button(t.Lang(), locales.CaseAct(b.act), "c:"+c.Number+":"+string(b.act))})
		}
	}
	r.Buttons = append(r.Buttons, []ask.Button{h.button(t.Lang(), locales.MenuButton("cases"), "m:cases")}, h.onward(t))
	return r
}

// add puts details into the case.
func (h *Handlers) add(ctx context.Context, t *Turn, s ask.Session) (ask.Line, *ask.Line, error) {
	return h.ownMove(ctx, t, s, dauys.Move{Act: dauys.Add, Note: s.Value("words"), Files: filesOf(s.Answers["papers"])}, locales.Added)
}

// withdraw takes the case back.
func (h *Handlers) withdraw(ctx context.Context, t *Turn, s ask.Session) (ask.Line, *ask.Line, error) {
	return h.ownMove(ctx, t, s, dauys.Move{Act: dauys.Withdraw, Note: s.Value("reason")}, locales.WithdrawnNow)
}

// ownMove moves a case of the person. The conversation is the cause: however often it is
// sent, the case moves once.
func (h *Handlers) ownMove(ctx context.Context, t *Turn, s ask.Session, m dauys.Move, done func(number string) ask.Line) (ask.Line, *ask.Line, error) {
	number := s.Given["case"][0]
	m.By, m.Cause, m.At = dauys.TheApplicant, s.ID, h.Now()
	_, err := h.Storage.Act(ctx, number, t.From, m.Cause, m.At, func(c *dauys.Case, _ dauys.Staff) error {
		if !dauys.May(dauys.ToOwn, c, t.From, nil, m.At) {
			return dauys.ErrNotFound
		}
		return c.Do(m, &h.University.Calendar)
	})
	if no, ok := errors.AsType[*dauys.NotAllowedError](err); ok {
		if f, ok := flows.Find(s); ok { // the words are not lost, only too late
			h.giveBack(t, locales.TooLate(no.Status), s.Typed(f))
		}
		return locales.TooLate(no.Status), nil, nil
	}
	return done(number), nil, err
}
