package handlers

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"slices"
	"strconv"
	"strings"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
)

// Office is what happens in the chat of an office. What staff say among themselves is
// theirs: only a command, a button of ours and a reply to a question of ours are read.
// The toast is shown at the pressed button.
func (h *Handlers) Office(ctx context.Context, in Input) (toast string, err error) {
	if in.Command == "" && in.Press == "" && in.ReplyTo == "" && in.Change == "" && !isTable(in) {
		return "", nil // nothing to look anything up for
	}
	ctx = once(ctx)
	if !in.Private && !h.isBlog(in.Chat) {
		if in, err = h.inTopic(ctx, in); err != nil {
			return "", err
		}
	}
	switch {
	case in.Change == Shut, in.Change == Opened:
		return "", nil
	case h.isBlog(in.Chat):
		return "", h.inBlog(ctx, in)
	case in.Change == Added:
		return "", h.added(ctx, in)
	case in.Change == Blocked:
		return "", h.removed(ctx, in)
	case in.Change == Unblocked: // it has other rights there now
		return "", h.Storage.SetUnreachable(ctx, in.Chat, false, h.Now())
	case in.Change == Joined:
		return "", h.joined(ctx, in)
	case in.Change == Left:
		return "", h.left(ctx, in)
	case in.Change == Moved:
		return "", h.Storage.Rebind(ctx, in.Chat, in.Moved)
	case in.Edited: // what was said counts as it was said; a changed answer is no new one
		return "", nil
	case in.Command == "bind", in.Command == "start" && in.Arg != "": // the latter comes of a link with the code in it
		return "", h.bind(ctx, in)
	case in.Command == "rights":
		return "", h.rights(ctx, in)
	case in.Command == "mute":
		return "", h.mute(ctx, in)
	case in.Command == "unmute":
		return "", h.unmute(ctx, in)
	case in.Command == "staff":
		return "", h.staff(ctx, in)
	case in.Command == "away":
		return "", h.away(ctx, in)
	case in.Command == "register":
		return "", h.register(ctx, in)
	case in.Command == "meeting":
		return "", h.meeting(ctx, in)
	case in.Command == "queue":
		return "", h.desk(ctx, in)
	case in.Command == "stats":
		return "", h.stats(ctx, in)
	case in.Command == "journal":
		return "", h.officeJournal(ctx, in)
	case in.Command == "session":
		return "", h.officeSession(ctx, in)
	case in.Command == "looks":
		return "", h.codesHere(ctx, in, h.looks)
	case in.Command == "unseen":
		return "", h.codesHere(ctx, in, h.unseen)
	case in.Command == "code":
		return "", h.codesHere(ctx, in, h.oneCode)
	case in.Command == "codes":
		return "", h.codesHere(ctx, in, h.groupCodes)
	case in.Command == "unlink" && len(strings.Fields(in.Arg)) == 1:
		if lost, err := h.isLost(ctx, in); err != nil || lost {
			return "", errors.Join(err, h.codesHere(ctx, in, h.lost))
		}
		return "", h.look(ctx, in)
	case looked[in.Command] != nil:
		return "", h.look(ctx, in)
	case in.Command == "help":
		return "", h.deskHelp(ctx, in)
	case in.Command == "answers":
		return "", h.readyCommand(ctx, in)
	case in.Command == "note":
		return "", h.note(ctx, in)
	case in.Command == "imports":
		return "", h.imports(ctx, in)
	case in.Command == "announce":
		return "", h.announce(ctx, in)
	case in.Command == "told":
		return "", h.toldCommand(ctx, in)
	case in.Command == "unreachable":
		return "", h.codesHere(ctx, in, h.unreachable)
	case in.Command == "paper":
		return "", h.paper(ctx, in)
	case in.Command != "":
		return "", h.strange(ctx, in)
	case strings.HasPrefix(in.Press, "s:"):
		return h.cardButton(ctx, in, strings.Split(in.Press, ":"))
	case strings.HasPrefix(in.Press, "g:"):
		return h.meetingButton(ctx, in, strings.Split(in.Press, ":"))
	case strings.HasPrefix(in.Press, "k:"):
		return h.deskButton(ctx, in, strings.Split(in.Press, ":"))
	case strings.HasPrefix(in.Press, "v:"):
		return h.listButton(ctx, in, strings.Split(in.Press, ":"))
	case strings.HasPrefix(in.Press, "u:"):
		return h.commonButton(ctx, in, strings.Split(in.Press, ":"))
	case strings.HasPrefix(in.Press, "yh:"):
		return h.insideButton(ctx, in, strings.Split(in.Press, ":"))
	case strings.HasPrefix(in.Press, "n:"):
		return h.numberButton(ctx, in, strings.Split(in.Press, ":"))
	case strings.HasPrefix(in.Press, "e:"):
		return h.staffButton(ctx, in, strings.Split(in.Press, ":"))
	case strings.HasPrefix(in.Press, "j:"):
		return "", h.officeJournal(ctx, in)
	case strings.HasPrefix(in.Press, "r:"):
		return h.readyButton(ctx, in, strings.Split(in.Press, ":"))
	case strings.HasPrefix(in.Press, "w:"):
		return h.takeAlert(ctx, in)
	case strings.HasPrefix(in.Press, paperPress+":"):
		return h.paperButton(ctx, in, strings.Split(in.Press, ":"))
	case strings.HasPrefix(in.Press, "p:"):
		return h.promptButton(ctx, in)
	case strings.HasPrefix(in.Press, "q1:"):
		return h.importButton(ctx, in, strings.Split(in.Press, ":"))
	case strings.HasPrefix(in.Press, bulletinPress+":"):
		return h.bulletinButton(ctx, in, strings.SplitN(in.Press, ":", 3))
	case in.Press != "":
		return h.Book.Plain(h.chatLang(ctx, in), locales.OldButton()), nil
	case isTable(in):
		return "", h.upload(ctx, in)
	case in.ReplyTo != "":
		return "", h.promptReply(ctx, in)
	}
	return "", nil
}

// cardActs are the buttons under a card, in their order, and the conversation for those
// that need words. Which of them stand there is a matter of the rules.
var cardActs = []cardAct{
	{dauys.Take, nil},
	{dauys.Inspect, nil},
	{dauys.Answer, &flows.Reply},
	{dauys.Decide, &flows.Decision},
	{dauys.Invite, &flows.Invitation},
	{dauys.Ask, &flows.Question},
	{dauys.Unask, nil},
	{dauys.Transcribe, &flows.Transcript},
	{dauys.Mediate, &flows.Mediation},
	{dauys.Recommend, &flows.Recommendation},
	{dauys.Escalate, &flows.HandUp},
	{dauys.Extend, &flows.Extension},
	{dauys.Transfer, &flows.Transfer},
	{dauys.Redirect, &flows.Referral},
	{dauys.HandOver, &flows.HandOver},
	{dauys.GiveBack, nil},
	{dauys.Redact, &flows.Publication},
}

type cardAct struct {
	act  dauys.Act
	flow *ask.Flow
}

// cardButtons are the acts that the rules offer to the office that has a case. One that is beyond
// its authority is handed up by the same button, whether or not the applicant has to be asked first.
// Of a restricted case those that need words are offered in private only: the words would tell.
func (h *Handlers) cardButtons(l dauys.Lang, c *dauys.Case, private bool) (rows [][]ask.Button) {
	rung := c.Rung()
	var short []ask.Button
	for _, b := range cardActs {
		if !h.offers(c, b.act) || private && b.act == dauys.Inspect || !private && b.flow != nil && inPrivate(c, b.act) {
			continue
		}
		label := locales.CardButton(b.act)
		if b.act == dauys.Escalate && (rung.Registers || slices.Contains(rung.Powers, dauys.Recommend)) {
			label = locales.Forward(!rung.Registers)
		}
		button := h.button(l, label, "s:"+string(b.act)+":"+c.Number)
		if b.act == dauys.Take || b.act == dauys.Answer || b.act == dauys.Decide || b.act == dauys.Escalate || b.act == dauys.GiveBack {
			rows = append(rows, []ask.Button{button})
			continue
		}
		if short = append(short, button); len(short) == 2 {
			rows, short = append(rows, short), nil
		}
	}
	if len(short) > 0 {
		rows = append(rows, short)
	}
	return rows
}

// inPrivate tells whether words about a case are for the private chats of staff only. What a meeting
// has decided about it is entered where the meeting is.
func inPrivate(c *dauys.Case, act dauys.Act) bool { return c.Terms.Restricted && act != dauys.Decide }

// offers tells whether an act stands under a card.
func (h *Handlers) offers(c *dauys.Case, act dauys.Act) bool {
	now := h.Now()
	if byMeeting(c, act) {
		return false
	}
	switch act {
	case dauys.Answer, dauys.Decide:
		return c.Offers(act, dauys.TheOffice, now) || alone(act, c) && c.Offers(dauys.Submit, dauys.TheOffice, now)
	case dauys.Escalate:
		return c.Offers(dauys.Escalate, dauys.TheOffice, now) || c.Offers(dauys.Propose, dauys.TheOffice, now)
	case dauys.Invite:
		return c.Offers(act, dauys.TheOffice, now) && h.University.Receives(c.Office())
	case dauys.Redact:
		return c.Offers(act, dauys.TheOffice, now) && h.University.Blog != ""
	case dauys.Transfer:
		return c.Offers(act, dauys.TheOffice, now) && len(h.University.Transfers(c)) > 0
	}
	return c.Offers(act, dauys.TheOffice, now)
}

// cardButton is a button under a card: s:ACT:NUMBER. The data is only what was pressed;
// whether it may be done is asked of the staff row and the rules, in the transaction. A button that
// the case does not offer any more is a card that is behind: it is shown again.
func (h *Handlers) cardButton(ctx context.Context, in Input, parts []string) (string, error) {
	l := h.chatLang(ctx, in)
	submission := 0
	if len(parts) == 4 && (parts[1] == string(dauys.Approve) || parts[1] == string(dauys.Return)) {
		submission, _ = strconv.Atoi(parts[3])
		parts = parts[:3]
	}
	if len(parts) != 3 || !dauys.IsNumber(parts[2]) {
		return h.Book.Plain(l, locales.OldButton()), nil
	}
	act, number := dauys.Act(parts[1]), parts[2]
	if submission == 0 && !slices.ContainsFunc(cardActs, func(b cardAct) bool { return b.act == act }) { // before anybody learns whether there is such a case
		return h.Book.Plain(l, locales.OldButton()), nil
	}
	c, err := h.Storage.Case(ctx, number)
	if err != nil {
		return h.refusal(l, err)
	}
	if !h.offers(c, act) {
		if err := h.refresh(ctx, in, number); err != nil {
			return "", err
		}
	}
	if submission > 0 {
		if err := h.welcome(ctx, in, c.Office()); err != nil {
			return "", err
		}
		return h.secondYes(ctx, in, l, c, act, submission)
	}
	return h.cardAct(ctx, in, l, c, act)
}

// refresh makes the cards of a case due in the chat in which somebody pressed a button that is none any
// more. What stands there as it should is left alone by the messenger.
func (h *Handlers) refresh(ctx context.Context, in Input, number string) error {
	bound, err := h.Storage.BoundTo(ctx, in.Chat)
	if err != nil {
		return fmt.Errorf("whose chat: %w", err)
	}
	for _, office := range bound {
		if err := h.Storage.ShowAgain(ctx, number, office); err != nil {
			return fmt.Errorf("show a card as it is: %w", err)
		}
	}
	return nil
}

// cardAct does what the button of a card says, or begins it.
func (h *Handlers) cardAct(ctx context.Context, in Input, l dauys.Lang, c *dauys.Case, act dauys.Act) (string, error) {
	number := c.Number
	if err := h.welcome(ctx, in, c.Office()); err != nil {
		return "", err
	}
	if byMeeting(c, act) {
		return h.Book.Plain(l, locales.MarksInMeeting()), nil
	}
	for _, b := range cardActs {
		if b.act != act {
			continue
		}
		if b.flow != nil {
			if !in.Private && inPrivate(c, act) {
				return h.Book.Plain(l, locales.ActInPrivate()), nil
			}
			return h.prompt(ctx, in, l, c, act, conversation(c, act, *b.flow))
		}
		c, err := h.Storage.Act(ctx, number, in.From, in.Update, h.Now(), func(c *dauys.Case, s dauys.Staff) error {
			return h.staffMove(c, s, dauys.Move{Act: act, Cause: in.Update})
		})
		if err != nil {
			return h.refusal(l, err)
		}
		if o, _ := h.University.Office(c.Office()); in.Private && c.Terms.Restricted && !o.Person { // its card is elsewhere: here the buttons would stay as they were
			n := ready(in, ask.Reply{Edit: in.Message, Text: h.Book.Say(l, locales.ActHere(number)), Buttons: h.cardButtons(l, c, true)})
			if err := h.Storage.Notify(ctx, n); err != nil {
				return "", fmt.Errorf("show what can be done: %w", err)
			}
		}
		h.Log.Info("case moved", "case", number, "act", act, "update", in.Update)
		return h.Book.Plain(l, locales.DoneToast(act)), nil
	}
	return h.Book.Plain(l, locales.OldButton()), nil
}

// staffMove moves a case for a member of staff, whose right was read in the transaction.
func (h *Handlers) staffMove(c *dauys.Case, s dauys.Staff, m dauys.Move) error {
	m.By, m.Staff, m.At = dauys.TheOffice, s, h.Now()
	if !dauys.May(dauys.ToHandle, c, s.Address, []dauys.Staff{s}, m.At) {
		return dauys.ErrNotStaff
	}
	m, err := h.onto(c, m)
	if err != nil {
		return err
	}
	return c.Do(m, &h.University.Calendar)
}

// officeHere is the first of the offices that work in a chat of which something is so; not ok when of none.
func (h *Handlers) officeHere(ctx context.Context, chat dauys.Address, is func(dauys.Office) bool) (o dauys.Office, ok bool, err error) {
	bound, err := h.Storage.BoundTo(ctx, chat)
	if err != nil {
		return o, false, fmt.Errorf("whose chat: %w", err)
	}
	for _, id := range bound {
		if o, known := h.University.Office(id); known && is(o) {
			return o, true, nil
		}
	}
	return o, false, nil
}

// officeWith is the same of an office that has a power.
func (h *Handlers) officeWith(ctx context.Context, chat dauys.Address, power dauys.Act) (o dauys.Office, ok bool, err error) {
	return h.officeHere(ctx, chat, func(o dauys.Office) bool { return slices.Contains(o.Powers, power) })
}

// unserved is why somebody may do nothing for an office in its chat: they hide who they are, or do not act
// for it; nil: they may. A member of the chat is let in first, see [Handlers.welcome].
func (h *Handlers) unserved(ctx context.Context, in Input, id dauys.OfficeID) (*ask.Line, error) {
	refuse := func(line ask.Line) (*ask.Line, error) { return &line, nil }
	if in.Hidden {
		return refuse(locales.ShowYourself())
	}
	if !in.Private {
		if err := h.welcome(ctx, in, id); err != nil {
			return nil, err
		}
	}
	_, serves, err := h.serves(ctx, in.From, id)
	if err == nil && !serves {
		return refuse(locales.NotStaff())
	}
	return nil, err
}

// welcome gives a member of an office's chat the right to act for the office, where the
// office allows that. The messenger is asked: a press alone proves no membership.
func (h *Handlers) welcome(ctx context.Context, in Input, id dauys.OfficeID) error {
	office, ok := h.University.Office(id)
	if !ok || !office.Members {
		return nil
	}
	bound, err := h.Storage.BoundTo(ctx, in.Chat)
	if err != nil {
		return fmt.Errorf("whose chat: %w", err)
	}
	if !slices.Contains(bound, id) {
		return nil
	}
	if _, serves, err := h.serves(ctx, in.From, id); err != nil || serves {
		return err
	}
	member, err := h.Members.Member(ctx, in.Chat, in.From)
	if err != nil {
		return fmt.Errorf("ask who is in the chat: %w", err)
	}
	if !member {
		return nil
	}
	_, err = h.Storage.Grant(ctx, dauys.Staff{Address: in.From, Name: cmp.Or(ask.Clean(in.Name), string(in.From)), Office: id, ViaChat: true, From: h.Now()})
	if errors.Is(err, dauys.ErrNotStaff) { // they were removed, and nobody has let them in again
		return nil
	}
	if err != nil {
		return fmt.Errorf("give the right: %w", err)
	}
	return h.seated(ctx, in.From)
}

// serves is the right of somebody to act for an office now, if they have one.
func (h *Handlers) serves(ctx context.Context, who dauys.Address, office dauys.OfficeID) (right dauys.Staff, ok bool, err error) {
	rights, err := h.Storage.StaffOf(ctx, who, h.Now())
	if err != nil {
		return right, false, fmt.Errorf("rights: %w", err)
	}
	i := slices.IndexFunc(rights, func(s dauys.Staff) bool { return s.Office == office })
	if i < 0 {
		return right, false, nil
	}
	return rights[i], true, nil
}

// refused answers what somebody has sent with why nothing comes of it.
func (h *Handlers) refused(ctx context.Context, in Input, l dauys.Lang, err error) error {
	why, err := h.refusal(l, err)
	if err != nil {
		return err
	}
	return h.Storage.Notify(ctx, ready(in, ask.Reply{To: in.Message, Text: html.EscapeString(why)}))
}

// refusal turns an error that means something to staff into a sentence.
func (h *Handlers) refusal(l dauys.Lang, err error) (string, error) {
	if no, ok := errors.AsType[*dauys.NotAllowedError](err); ok {
		why := h.Book.Plain(l, locales.NotAllowed(no))
		if no.Clause != "" {
			why += " " + h.Book.Plain(l, locales.Cited(no.Clause))
		}
		return why, nil
	}
	if no, ok := errors.AsType[*dauys.QueueError](err); ok {
		return h.Book.Plain(l, locales.QueueNo(no)), nil
	}
	if errors.Is(err, errWaitsNoMore) {
		return h.Book.Plain(l, locales.WaitsNoMore()), nil
	}
	if errors.Is(err, dauys.ErrSlotTaken) {
		return h.Book.Plain(l, locales.SlotTaken()), nil
	}
	if errors.Is(err, dauys.ErrNotStaff) || errors.Is(err, dauys.ErrNotFound) { // not told apart
		return h.Book.Plain(l, locales.NotStaff()), nil
	}
	return "", err
}

// chatLang is the language of the office whose chat it is, or that of who acts.
func (h *Handlers) chatLang(ctx context.Context, in Input) dauys.Lang {
	if in.Private {
		if l, err := h.langOf(ctx, in.From, in.Lang); err == nil {
			return l
		}
	}
	if bound, err := h.Storage.BoundTo(ctx, in.Chat); err == nil && len(bound) > 0 {
		if o, ok := h.University.Office(bound[0]); ok {
			return o.Lang
		}
	}
	l, _ := dauys.LangOf(in.Lang)
	return l
}

// prompt begins an act that needs words: a question to the one who pressed.
func (h *Handlers) prompt(ctx context.Context, in Input, l dauys.Lang, c *dauys.Case, act dauys.Act, f ask.Flow) (string, error) {
	rights, err := h.Storage.StaffOf(ctx, in.From, h.Now())
	if err != nil {
		return "", fmt.Errorf("rights: %w", err)
	}
	if !dauys.May(dauys.ToHandle, c, in.From, rights, h.Now()) {
		return h.Book.Plain(l, locales.NotStaff()), nil
	}
	var mine dauys.Staff
	for _, s := range rights {
		if s.Office == c.Office() {
			mine = s
		}
	}
	if err := c.Can(up(c, dauys.Move{Act: act, By: dauys.TheOffice, Staff: mine, At: h.Now()})); err != nil {
		return h.refusal(l, err)
	}
	reader, toApplicant := c.Applicant.Lang, f.Name == flows.Reply.Name || f.Name == flows.Question.Name
	if toApplicant { // what staff write themselves; the words of the bot stay in the language of the case
		if reader, err = h.reads(ctx, c); err != nil {
			return "", err
		}
	}
	p := Prompt{ID: promptID(in.Update, c.Number, act), Chat: in.Chat, Actor: in.From, Case: c.Number, Act: act}
	given := map[string][]string{"lang": {string(reader)}, "case": {c.Number}, "office": {string(c.Office())}, "to": h.targets(c, act)}
	written := dauys.Event{Act: act, Office: c.Office(), Staff: mine.ID, Name: mine.Name}
	if name := h.University.Named(c, written); name != "" {
		given[givenName] = []string{name}
	}
	known, no, err := h.handed(ctx, l, c, act, given)
	if no != "" || err != nil {
		return no, err
	}
	if toApplicant {
		usable, err := h.toUse(ctx, c, reader, in.Private)
		if err != nil {
			return "", err
		}
		if len(usable) > 0 {
			given[readyGiven] = []string{"yes"}
		}
	}
	p.Session = f.Start(p.ID, given, known)
	p.Session.Today = h.day(h.Now())
	r := h.ask(l, in, p, f, f.Show(p.Session), p.head())
	if _, err := h.Storage.SavePrompt(ctx, p, in.Update, wording(p, in, r)); err != nil {
		return "", fmt.Errorf("begin %s: %w", act, err)
	}
	return "", nil
}

// givenName is the name of who writes, where the applicant will read it.
const givenName = "named"

// head says what is being written.
func (p Prompt) head() ask.Line {
	switch p.Act {
	case dauys.Register:
		return locales.IntakeHead()
	case readyAct:
		return locales.ReadyHead()
	case announceAct:
		return locales.BulletinWriting()
	case refuseAct, revokeAct:
		return locales.PaperHead(p.Act == revokeAct)
	}
	if p.Session.Flow == flows.Several.Name {
		return locales.SeveralHead(len(p.Session.Given["cases"]))
	}
	if p.Session.Flow == flows.Everyone.Name {
		return locales.AnswerAllHead(p.Case)
	}
	if p.Session.Flow == flows.Reply.Name { // also where it is the outcome of a reception
		return locales.PromptHead(dauys.Answer, p.Case)
	}
	return locales.PromptHead(p.Act, p.Case)
}

// targets are the offices among which an act chooses.
func (h *Handlers) targets(c *dauys.Case, act dauys.Act) (ids []string) {
	switch {
	case act == dauys.Transfer:
		for _, o := range h.University.Transfers(c) {
			ids = append(ids, string(o))
		}
	case act == dauys.Escalate && c.Rung().Chooses:
		for _, r := range c.Ladder[c.Position+1:] {
			ids = append(ids, string(r.Office))
		}
	}
	return ids
}

// up makes of a hand-up the question to the applicant whether it may be, where that has to be
// asked first; and of an answer one that waits, where a colleague has to approve.
func up(c *dauys.Case, m dauys.Move) dauys.Move {
	if alone(m.Act, c) {
		m.Act = dauys.Submit
		return m
	}
	asks := m
	asks.Act = dauys.Propose
	if m.Act == dauys.Escalate && c.Can(m) != nil && c.Can(asks) == nil {
		return asks
	}
	return m
}

// promptID is the id of what a press begins: the same press, the same id, so that an update
// which comes twice begins it once. It is no secret: only the one who pressed may go on.
func promptID(update, number string, act dauys.Act) string {
	sum := sha256.Sum256([]byte(update + "/" + number + "/" + string(act)))
	return base32.StdEncoding.EncodeToString(sum[:])[:26]
}

// ask puts a question of a staff act into words. A question for words opens an answer
// field for the one who acts; the others' talk is not taken for an answer.
func (h *Handlers) ask(l dauys.Lang, in Input, p Prompt, f ask.Flow, v ask.View, above ...ask.Line) ask.Reply {
	r := h.show(l, f, p.Session, v)
	for i, row := range r.Buttons {
		for j := range row {
			r.Buttons[i][j].Data = "p:" + p.ID + ":" + row[j].Data
		}
	}
	if v.Phase == ask.Asking && slices.Contains([]ask.Type{ask.TypeText, ask.TypeNumber, ask.TypeDate, ask.TypePhone, ask.TypeSecret}, v.Type) {
		above = append(above, locales.AnswerHere(string(in.From), ask.Clean(in.Name)))
		skips := slices.ContainsFunc(f.Steps, func(st ask.Step) bool { return st.Key == v.Asked && st.Skip })
		_, answered := p.Session.Answers[v.Asked]
		switch {
		case usesReady(p.Session):
			r.Buttons = append([][]ask.Button{{h.button(l, locales.ReadyUse(), "p:"+p.ID+":"+readyPress)}}, r.Buttons...)
		case !answered && !skips && v.Type != ask.TypeDate: // otherwise it can be left as it is: that is a button, as is today
			r.Force = h.Book.Plain(l, locales.AnswerField())
			r.Buttons = nil
		}
	}
	if v.Phase == ask.Asking && (v.Type == ask.TypeFiles || v.Type == ask.TypeChecklist) {
		above = append(above, locales.AnswerWithFiles(string(in.From), ask.Clean(in.Name)))
	}
	if len(above) > 0 {
		r.Text = h.Book.Lines(l, above...) + "\n\n" + r.Text
	}
	if in.Press != "" && !strings.HasPrefix(in.Press, "s:") && !strings.HasPrefix(in.Press, "k:") && !strings.HasPrefix(in.Press, "v:") { // cards and lists stay as they are
		r.Edit = in.Message
	} else {
		r.To = in.Message
	}
	return r
}

// Wording is the body of a dauys.Wording notice: a question of a staff act, and which.
type Wording struct {
	Prompt string    `json:"prompt"`
	Reply  ask.Reply `json:"reply"`
}

func wording(p Prompt, in Input, r ask.Reply) dauys.Notification {
	body, _ := json.Marshal(Wording{Prompt: p.ID, Reply: r}) // strings only: cannot fail
	return dauys.Notification{
		Key: "prompt/" + p.ID + "/" + in.Update, What: dauys.Wording, To: p.Chat, Case: in.Case, Body: string(body), Direct: true,
	}
}

// message is a message as it stands; by the key it is told once.
func message(key string, to dauys.Address, r ask.Reply) dauys.Notification {
	body, _ := json.Marshal(r) // strings only: cannot fail
	return dauys.Notification{Key: key, What: dauys.Ready, To: to, Body: string(body)}
}

// ready is a message to a chat as an answer to what somebody did there.
func ready(in Input, r ask.Reply) dauys.Notification {
	n := message("ready/"+in.Update, in.Chat, r)
	n.Case, n.Direct = in.Case, true
	return n
}

// promptButton is a button under a question of a staff act: p:PROMPT:… and then as in any
// conversation. Only who began the act goes on with it.
func (h *Handlers) promptButton(ctx context.Context, in Input) (string, error) {
	l := h.chatLang(ctx, in)
	id, data, _ := strings.Cut(strings.TrimPrefix(in.Press, "p:"), ":")
	p, err := h.Storage.Prompt(ctx, id)
	if errors.Is(err, dauys.ErrNotFound) {
		return h.Book.Plain(l, locales.OldButton()), nil
	}
	if err != nil {
		return "", fmt.Errorf("load prompt: %w", err)
	}
	of, press, ok := ask.Pressed(data)
	what, which, _ := strings.Cut(data, ":")
	switch {
	case p.Actor != in.From:
		return h.Book.Plain(l, locales.NotYours()), nil
	case what == readyPress && !p.Session.Over() && p.Chat == in.Chat:
		return h.pickReady(ctx, in, l, p, which)
	case !ok || !p.Session.IsOf(of) || p.Session.Over() || p.Chat != in.Chat:
		return h.Book.Plain(l, locales.OldButton()), nil
	}
	return "", h.promptStep(ctx, in, l, p, press)
}

// promptReply is an answer to a question of a staff act. A reply to anything else, or by
// anybody else, is talk of the office and stays there.
func (h *Handlers) promptReply(ctx context.Context, in Input) error {
	p, err := h.promptOf(ctx, in)
	if errors.Is(err, dauys.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return h.promptSaid(ctx, in, p)
}

// promptOf is the staff act to whose question a message replies.
func (h *Handlers) promptOf(ctx context.Context, in Input) (Prompt, error) {
	p, err := h.Storage.PromptAt(ctx, in.Chat, in.ReplyTo)
	if errors.Is(err, dauys.ErrNotFound) { // they may be faster than we note which message asks
		p, err = h.Storage.PromptOnItsWay(ctx, in.Chat, in.From)
	}
	if errors.Is(err, dauys.ErrNotFound) { // and it may have been noted between the two looks
		p, err = h.Storage.PromptAt(ctx, in.Chat, in.ReplyTo)
	}
	if err != nil {
		return p, fmt.Errorf("load prompt: %w", err)
	}
	return p, nil
}

// promptSaid is what was said to a question of a staff act.
func (h *Handlers) promptSaid(ctx context.Context, in Input, p Prompt) error {
	l := h.chatLang(ctx, in)
	switch p.Act {
	case sheetAct:
		return h.sheetBack(ctx, in, l, p)
	case turnAct:
		return h.turnReply(ctx, in, l, p)
	case nameAct:
		return h.visitorNamed(ctx, in, l, p)
	}
	if p.Session.Over() {
		return nil
	}
	if in.Hidden {
		return h.Storage.Notify(ctx, ready(in, ask.Reply{To: in.Message, Text: h.Book.Say(l, locales.ShowYourself())}))
	}
	if p.Actor != in.From {
		return h.Storage.Notify(ctx, ready(in, ask.Reply{To: in.Message, Text: h.Book.Say(l, locales.StaysHere())}))
	}
	said := ask.Input{Text: in.Text, File: in.File, Strange: in.Strange}
	if f, ok := flows.Find(p.Session); ok && in.Contact != "" && asksWords(f.Show(p.Session)) { // whom to turn to
		said = ask.Input{Text: in.Contact}
	}
	p.Session.Today = h.day(h.Now())
	if f, ok := flows.Find(p.Session); ok && in.File == nil {
		if heard, how := h.Book.Heard(in.Text, f.Show(p.Session)); how != locales.Unheard {
			said = heard
		}
	}
	return h.promptStep(ctx, in, l, p, said)
}

// asksWords tells whether something to be said is asked for: a contact is words, too.
func asksWords(v ask.View) bool {
	return v.Phase == ask.Asking && v.Type == ask.TypeText && (v.Asked == "words" || v.Asked == "remark")
}

// promptStep is one turn of a staff act.
func (h *Handlers) promptStep(ctx context.Context, in Input, l dauys.Lang, p Prompt, said ask.Input) error {
	f, ok := flows.Find(p.Session)
	if !ok {
		return h.endPrompt(ctx, in, p, ask.Cancelled, h.Book.Lines(l, locales.FormChanged(), locales.FormKept(strings.Join(p.Session.Typed(f), "\n\n"))))
	}
	p.Session.Today = h.day(h.Now())
	above := []ask.Line{p.head()}
	if no, wrong := unfillable(p.Session, said); wrong {
		above, said = append(above, no), ask.Input{}
	}
	next, view := f.Next(p.Session, said)
	refused := next.Phase == ask.Sending && len(personal(next)) > 0
	if refused {
		next.Phase = ask.Reviewing
		next, view = f.Next(next, ask.Input{})
	}
	p.Session = next
	switch next.Phase {
	case ask.Cancelled:
		return h.endPrompt(ctx, in, p, ask.Cancelled, h.Book.Say(l, promptLeft(p)))
	case ask.Sending:
		stored, err := h.Storage.SavePrompt(ctx, p, in.Update)
		if err != nil {
			return fmt.Errorf("freeze %s: %w", p.Act, err)
		}
		return h.actOn(ctx, in, l, stored)
	}
	r := h.ask(l, in, p, f, view, above...)
	if refused { // said anew: what stood there before is the same
		r.Edit, r.To = "", in.Message
	}
	_, err := h.Storage.SavePrompt(ctx, p, in.Update, wording(p, in, r))
	return err
}

// promptLeft says that it leads nowhere.
func promptLeft(p Prompt) ask.Line {
	switch {
	case p.Act == dauys.Register:
		return locales.IntakeLeft()
	case p.Act == readyAct:
		return locales.ReadyLeft()
	case p.Act == announceAct:
		return locales.BulletinLeft()
	case p.Act == refuseAct, p.Act == revokeAct:
		return locales.PaperLeft()
	case p.Session.Flow == flows.Several.Name:
		return locales.SeveralLeft()
	}
	return locales.PromptLeft(p.Case)
}

// finishStaff is what a completed conversation of staff leads to.
var finishStaff = map[string]func(ask.Session) dauys.Move{
	flows.Reply.Name: func(s ask.Session) dauys.Move {
		return dauys.Move{Act: dauys.Answer, Outcome: dauys.Outcome(s.Value("outcome")), Note: s.Value("words"), Files: filesIn(s)}
	},
	flows.Question.Name: func(s ask.Session) dauys.Move {
		return dauys.Move{Act: dauys.Ask, Note: s.Value("words"), Files: filesIn(s)}
	},
	flows.Returning.Name: func(s ask.Session) dauys.Move {
		return dauys.Move{Act: dauys.Return, Note: s.Value("words")}
	},
	flows.Transcript.Name: func(s ask.Session) dauys.Move {
		return dauys.Move{Act: dauys.Transcribe, Note: s.Value("words")}
	},
	flows.HandUp.Name: func(s ask.Session) dauys.Move {
		m := dauys.Move{Act: dauys.Escalate, Note: s.Value("reason"), To: dauys.OfficeID(s.Value("to"))}
		if s.Value("how") == flows.ByMouth {
			m.Details = []dauys.Detail{{Question: "handup.told", Text: s.Value("told")}}
		}
		return m
	},
	flows.Transfer.Name: func(s ask.Session) dauys.Move {
		return dauys.Move{Act: dauys.Transfer, Note: s.Value("words"), To: dauys.OfficeID(s.Value("to"))}
	},
	flows.Several.Name: func(s ask.Session) dauys.Move {
		return dauys.Move{Act: dauys.Transfer, Note: s.Value("words"), To: dauys.OfficeID(s.Value("to"))}
	},
	flows.Referral.Name: func(s ask.Session) dauys.Move {
		if body := s.Value("body"); body != dauys.AnotherBody {
			return dauys.Move{Act: dauys.Redirect, Body: body, Note: s.Value("remark")}
		}
		return dauys.Move{Act: dauys.Redirect, Note: s.Value("words")}
	},
	flows.HandOver.Name: func(s ask.Session) dauys.Move {
		return dauys.Move{Act: dauys.HandOver, Note: s.Value("words")}
	},
	flows.Extension.Name: func(s ask.Session) dauys.Move {
		days, _ := strconv.Atoi(strings.TrimPrefix(s.Value("days"), "d"))
		return dauys.Move{Act: dauys.Extend, Note: s.Value("words"), Days: days}
	},
	flows.Recommendation.Name: func(s ask.Session) dauys.Move {
		return dauys.Move{Act: dauys.Recommend, Note: s.Value("words")}
	},
	flows.Mediation.Name: func(s ask.Session) dauys.Move {
		return dauys.Move{Act: dauys.Mediate, Note: s.Value("words")}
	},
	flows.Invitation.Name: func(s ask.Session) dauys.Move {
		return dauys.Move{Act: dauys.Invite, Term: chosen(s)}
	},
	flows.Publication.Name: publication,
	flows.Decision.Name: func(s ask.Session) dauys.Move {
		i := ruling(s)
		return dauys.Move{Act: dauys.Decide, Outcome: i.Ruling.Outcome(), Note: i.Reason, Details: rulingDetails(i)}
	},
	flows.Verdict.Name: func(s ask.Session) dauys.Move {
		i := ruling(s)
		return dauys.Move{Act: dauys.Decide, Outcome: i.Ruling.Outcome(), Note: i.Reason, Details: append(verdictDetails(i), rulingDetails(i)...)}
	},
}

// onto completes a move by what the case is now: where a transfer leads, what is said of a competent
// body, where somebody is received, and whether a hand-up has to be asked for first.
func (h *Handlers) onto(c *dauys.Case, m dauys.Move) (dauys.Move, error) {
	if m.Act == dauys.Transfer {
		way, err := h.University.WayFrom(c, m.To)
		if err != nil {
			return m, &dauys.NotAllowedError{Number: c.Number, Act: m.Act, Status: c.Status}
		}
		m.Ladder, m.Scheme = way.Ladder, way.Scheme.ID
	}
	if m.Act == dauys.Redirect && m.Body != "" {
		b, ok := h.University.Body(m.Body)
		if !ok { // taken out of the directory meanwhile
			return m, &dauys.NotAllowedError{Number: c.Number, Act: m.Act, Status: c.Status}
		}
		m.Details = whereTo(b, c.Applicant.Lang)
	}
	if m.Act == dauys.Invite {
		slot, ok := h.University.Slot(c.Office(), m.Term)
		if !ok || !m.Term.After(m.At) {
			return m, dauys.ErrSlotTaken
		}
		m.Note = slot.Place.In(c.Applicant.Lang)
	}
	return up(c, m), nil
}

// actOn does what was written. The prompt is the cause, so it is done once.
func (h *Handlers) actOn(ctx context.Context, in Input, l dauys.Lang, p Prompt) error {
	switch p.Act {
	case dauys.Register:
		return h.enter(ctx, in, l, p)
	case readyAct:
		return h.keepReady(ctx, in, l, p)
	case announceAct:
		return h.keepBulletin(ctx, in, l, p)
	case refuseAct, revokeAct:
		return h.reasoned(ctx, in, l, p)
	}
	if p.Act == dauys.Split {
		return h.splitOff(ctx, in, l, p)
	}
	if p.Session.Flow == flows.Several.Name {
		return h.handedSeveral(ctx, in, l, p)
	}
	if p.Session.Flow == flows.Everyone.Name {
		return h.sendAll(ctx, in, l, p)
	}
	m := finishStaff[p.Session.Flow](p.Session)
	m.Cause = "prompt/" + p.ID
	if p.Act == dauys.Decide && m.Act == dauys.Answer { // by who has received the applicant, no meeting
		m.Act = dauys.Decide
	} else if m.Act == dauys.Decide {
		if done, err := h.ruled(ctx, in, l, p); done || err != nil {
			return err
		}
	}
	m = documented(m)
	c, err := h.Storage.Act(ctx, p.Case, in.From, m.Cause, h.Now(), func(c *dauys.Case, s dauys.Staff) error {
		if err := stillWaits(c, p); err != nil {
			return err
		}
		if at := p.Session.Given["office"]; !slices.Contains(at, string(c.Office())) {
			return dauys.ErrNotStaff // it has moved on since: what was written was meant for another office
		}
		return h.staffMove(c, s, m)
	})
	if err == nil && (m.Act == dauys.Answer || m.Act == dauys.Decide || m.Act == dauys.Redirect || m.Act == dauys.Ask || m.Act == dauys.Invite) {
		err = h.reaches(ctx, c)
	}
	if err != nil {
		sentence, err := h.refusal(l, err)
		if err != nil {
			return err
		}
		said := html.EscapeString(sentence)
		if m.Note != "" {
			said += "\n\n" + h.Book.Say(l, locales.FormKept(withDocument(dauys.Event{Note: m.Note, Details: m.Details})))
		}
		return h.endPrompt(ctx, in, p, ask.Cancelled, said)
	}
	done := m.Act
	if e := c.Events[len(c.Events)-1]; done == dauys.Escalate && e.Act == dauys.Propose || e.Act == dauys.Submit {
		done = e.Act
	}
	h.Log.Info("case moved", "case", p.Case, "act", done, "update", in.Update)
	said := locales.PromptDone(done, p.Case)
	if c.Offers(dauys.HandOver, dauys.TheOffice, h.Now()) && done != dauys.HandOver {
		said = locales.ToHandOver(p.Case)
	}
	lines := []ask.Line{said}
	if c.Common() != "" && (m.Act == dauys.Answer || m.Act == dauys.Decide) {
		if others, err := h.inCommon(ctx, c); err != nil {
			return err
		} else if len(others) > 0 {
			lines = append(lines, locales.AnswerAllHint(c.Number, len(others)))
		}
	}
	return h.endPrompt(ctx, in, p, ask.Done, h.Book.Lines(l, lines...))
}

// reaches notes at once that what an applicant has just been written cannot arrive, where that is known.
func (h *Handlers) reaches(ctx context.Context, c *dauys.Case) error {
	away, err := h.Storage.Unreachable(ctx, c.Applicant.Address)
	if err != nil {
		return fmt.Errorf("whether the applicant can be reached: %w", err)
	}
	if !away {
		return nil
	}
	return h.undelivered(ctx, c.Applicant.Address)
}

// endPrompt closes a staff act and says how it ended, where its question stood.
func (h *Handlers) endPrompt(ctx context.Context, in Input, p Prompt, phase ask.Phase, text string) error {
	p.Session.Phase = phase
	r := ask.Reply{Text: text, To: in.Message}
	if in.Press != "" {
		r.Edit, r.To = in.Message, ""
	}
	_, err := h.Storage.SavePrompt(ctx, p, in.Update+"/end", ready(in, r))
	return err
}

// preview is what staff have written as the applicant will see it.
func (h *Handlers) preview(_ dauys.Lang, s ask.Session) []ask.Line {
	to := dauys.Lang(s.Given["lang"][0])
	m := documented(finishStaff[s.Flow](s))
	if m.Act == dauys.Decide && m.Outcome == "" {
		m.Act = dauys.Postpone
	}
	if b, ok := h.University.Body(m.Body); ok {
		m.Details = whereTo(b, to)
	}
	e := dauys.Event{Act: m.Act, Outcome: m.Outcome, Body: m.Body, Note: m.Note, Details: m.Details, Files: m.Files}
	text := h.Book.Lines(to, append([]ask.Line{locales.Written(e)}, locales.DocumentLines(e)...)...)
	lines := []ask.Line{locales.Preview(to, ask.Markup(text))}
	if name := s.Given[givenName]; len(name) > 0 {
		lines = append(lines, locales.PreviewNamed(name[0]))
	}
	if written, evident := locales.Guess(m.Note); evident && written != to && m.Act != dauys.Transcribe { // that is in the applicant's own words
		lines = append(lines, locales.OtherLanguage(to, written))
	}
	return lines
}
