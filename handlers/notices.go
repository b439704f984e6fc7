package handlers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
	"alt.edu.kz/dauys/notices"
)

// cardText is how many characters of the applicant's text stand on a card; a longer text
// follows whole, as an answer to the card.
const cardText = 1500

// cardMost is how many characters a card shows at most: a message of Telegram holds 4096. For that
// what people wrote besides is cut, until there are parts of leastRoom characters for it.
const (
	cardMost  = 4000
	leastRoom = 100
)

// ErrNotYet: what a notice refers to is not there yet; try again a little later.
var ErrNotYet = errors.New("not yet")

// Words are what a notice says.
type Words struct {
	Replies []ask.Reply // none: there is nothing to say
	Prompt  string      // of a staff act, that the last of them asks for
	// News are those that they tell, which the message is noted with, and Ended those that are not told any
	// more. Of a notice that stands for news only.
	News, Ended []notices.News
	Held        []int64 // news that wait until a time, of a notice that says nothing now
	Until       time.Time
}

// Notice puts a notification into words: one message or several, in the reader's language.
// No message at all means that there is nothing to say. The words come from the case as
// it is stored, not from what caused the notice.
func (h *Handlers) Notice(ctx context.Context, n dauys.Notification) (w Words, err error) {
	switch n.What {
	case dauys.Ready:
		var r ask.Reply
		if err := json.Unmarshal([]byte(n.Body), &r); err != nil {
			return w, fmt.Errorf("notice %s: %w", n.Key, err)
		}
		w.Replies = []ask.Reply{r}
	case dauys.Wording:
		var asked Wording
		if err := json.Unmarshal([]byte(n.Body), &asked); err != nil {
			return w, fmt.Errorf("notice %s: %w", n.Key, err)
		}
		w.Replies, w.Prompt = []ask.Reply{asked.Reply}, asked.Prompt
	case dauys.Letterbox:
		return h.news(ctx, n.To)
	case dauys.Danger:
		w.Replies, err = h.dangerNotice(ctx, n)
	case dauys.InQueue:
		w.Replies, err = h.queueNotice(ctx, n)
	case dauys.Convened:
		w.Replies, err = h.convened(ctx, n)
	case dauys.Visitors:
		w.Replies, err = h.visitors(ctx, n)
	case dauys.Daily:
		w.Replies, err = h.dailyNotice(n)
	case dauys.Lapsed:
		w.Replies, err = h.lapsed(ctx, n)
	case dauys.WrongCodes:
		w.Replies, err = h.wrongCodes(ctx, n)
	case dauys.SessionFigures:
		w.Replies, err = h.sessionNotice(ctx, n)
	case dauys.Tenure:
		w.Replies, err = h.tenureNotice(ctx, n)
	default:
		w.Replies, err = h.caseNotice(ctx, n)
	}
	return w, err
}

// caseNotice puts into words what has happened to a case.
func (h *Handlers) caseNotice(ctx context.Context, n dauys.Notification) ([]ask.Reply, error) {
	c, err := h.Storage.Case(ctx, n.Case)
	if err != nil {
		return nil, fmt.Errorf("notice %s: %w", n.Key, err)
	}
	e, err := c.Event(n.Event)
	if err != nil {
		return nil, fmt.Errorf("notice %s: %w", n.Key, err)
	}
	switch n.What {
	case dauys.Receipt, dauys.Told, dauys.Asked, dauys.Answered:
		return h.told(ctx, c, e)
	case dauys.Soon:
		return h.soon(ctx, c, e)
	case dauys.Post:
		return h.posted(c, e)
	case dauys.ToSigner:
		return h.toldSigner(ctx, n, c, e)
	case dauys.Handed:
		return h.handedNotice(ctx, n, c, e)
	case dauys.Passed, dauys.Papers:
		return h.passed(ctx, n, c, e)
	case dauys.Content:
		return h.content(ctx, n, c)
	}
	return nil, fmt.Errorf("notice %s: nobody knows how to say %q", n.Key, n.What)
}

// told is what the applicant is told of an event, with a button that opens the case, and
// the files that staff have sent with it.
func (h *Handlers) told(ctx context.Context, c *dauys.Case, e dauys.Event) ([]ask.Reply, error) {
	l, err := h.langOf(ctx, c.Applicant.Address, string(c.Applicant.Lang))
	if err != nil {
		return nil, err
	}
	if stale(c, e) {
		return nil, nil
	}
	lines := locales.Told(c, e, h.University.Named(c, e))
	switch e.Act {
	case dauys.Invite:
		lines = h.invitation(c, e)
	case dauys.Redact:
		lines = []ask.Line{locales.PostAsked(c.Number, ask.Markup(h.published(c, e)))}
	}
	if lines == nil {
		return nil, fmt.Errorf("nobody knows how to tell the applicant of %q", e.Act)
	}
	last := []ask.Button{h.button(l, locales.OpenCase(), "c:"+c.Number)}
	if e.Clause != "" {
		line, button := h.Cite(l, e.Clause, c.Terms.Procedure)
		lines, last = append(lines, line), append([]ask.Button{button}, last...)
	}
	rows := h.toldButtons(l, c, e)
	var out []ask.Reply
	if c.Kind == dauys.Appeal && e.Act == dauys.Decide {
		edits, row, err := h.onAppeal(ctx, c, e)
		switch {
		case errors.Is(err, dauys.ErrUnavailable) || ctx.Err() != nil:
			return nil, err
		case err != nil: // the decision is told in any case
			h.Log.Error("the message with the mark cannot show the decision", "case", c.Number, "error", err)
		}
		if out = edits; row != nil {
			rows = append(rows, row)
		}
	}
	out = append(out, ask.Reply{Text: h.Book.Lines(l, lines...), Buttons: append(rows, last)})
	if e.Act == dauys.Redirect {
		out = append(out, h.letter(l, c, e))
	}
	return append(out, h.files(l, c.Number, e.Files)...), nil
}

// stale tells whether a notice has waited for so long that it says nothing any more: it could not
// be delivered, and what it asks for is settled.
func stale(c *dauys.Case, e dauys.Event) bool {
	switch e.Act {
	case dauys.Sign: // and taken back again
		return len(c.Signatures()) == 0
	case dauys.Ask, dauys.Nudge:
		last, _ := c.Latest(e.Act)
		return c.Status != dauys.Needs || last.Seq != e.Seq
	case dauys.Invite:
		return !holds(c, e)
	case dauys.Redact:
		w, open := c.Wording()
		return !open || w.Seq != e.Seq
	case dauys.Propose:
		return !c.Awaits()
	case dauys.Gather:
		return !c.Offers(dauys.Together, dauys.TheApplicant, e.At)
	case dauys.Chase, dauys.Forgo: // and brought since
		return c.Lacks() == 0 || c.Status.Final()
	case dauys.Warn, dauys.Urge, dauys.Overdue:
		for _, after := range c.Events[e.Seq:] {
			if after.Act == dauys.Urge || after.Act == dauys.Overdue || after.Next != "" || after.From != after.To {
				return e.Act != dauys.Overdue || after.Next != "" || after.To.Final()
			}
		}
	}
	return false
}

// toldButtons are what the applicant can do at once about what they are told.
func (h *Handlers) toldButtons(l dauys.Lang, c *dauys.Case, e dauys.Event) (rows [][]ask.Button) {
	act := func(a dauys.Act) []ask.Button {
		return []ask.Button{h.actButton(l, c, a)}
	}
	under := func(a dauys.Act) []ask.Button { // for this event, and for no later one
		row := act(a)
		row[0].Data += ":" + strconv.Itoa(e.Seq)
		return row
	}
	switch e.Act {
	case dauys.Ask, dauys.Nudge:
		rows = append(rows, act(dauys.Reply))
	case dauys.Propose:
		rows = append(rows, act(dauys.Allow), act(dauys.Forbid))
	case dauys.Gather:
		rows = append(rows, act(dauys.Together), act(dauys.Apart))
	case dauys.Invite:
		rows = append(rows, under(dauys.Excuse))
	case dauys.Redact:
		rows = append(rows, under(dauys.Publish), under(dauys.Keep))
	case dauys.Chase, dauys.Forgo:
		rows = append(rows, act(dauys.Bring))
	case dauys.Close:
		rows = append(rows, act(dauys.Reopen))
	case dauys.FollowUp:
		asks := []dauys.Act{dauys.Accept, dauys.Reopen, dauys.Dispute}
		if c.Outcome == dauys.Outside {
			asks = []dauys.Act{dauys.Accept, dauys.Bounce}
		}
		for _, a := range asks {
			if c.Offers(a, dauys.TheApplicant, h.Now()) { // from the highest office there is nowhere to go
				rows = append(rows, act(a))
			}
		}
	case dauys.Answer, dauys.Decide:
		rows = append(rows, h.marks(l, c))
	}
	return rows
}

// passed is what an office is told besides its card: as answers to the card, so that the
// thread of one case stays together.
func (h *Handlers) passed(ctx context.Context, n dauys.Notification, c *dauys.Case, e dauys.Event) ([]ask.Reply, error) {
	office, ok := h.University.Office(n.Office)
	if !ok {
		return nil, fmt.Errorf("notice %s: no office %s", n.Key, n.Office)
	}
	if hidden, err := h.hidden(ctx, c, n.Office); err != nil || hidden {
		return nil, err // its card takes it out of there
	}
	l, err := h.officeLang(ctx, office)
	if err != nil {
		return nil, err
	}
	if e.Act == dauys.Decide && e.Toward == n.Office {
		return []ask.Reply{h.changedMark(l, c, e)}, nil
	}
	var out []ask.Reply
	bare := c.Terms.Restricted && !office.Person // what people have said, and who they are, is read in private
	switch {
	case e.Act == dauys.Submit && n.What == dauys.Passed:
		reader, err := h.reads(ctx, c)
		if err != nil {
			return nil, err
		}
		if out = h.toApprove(l, reader, c, e, bare); out == nil {
			return nil, nil
		}
	case bare && (n.What == dauys.Papers || e.Act == dauys.Sign):
	case bare && slices.Contains(ofApplicant, e.Act):
		out = append(out, ask.Reply{Text: h.Book.Say(l, locales.PassedRestricted(c.Number))})
	case n.What == dauys.Papers:
		if utf8.RuneCountInString(c.Text) > cardText {
			out = append(out, ask.Reply{Text: h.Book.Say(l, locales.WholeText(c.Number, c.Text))})
		}
		if words, long := locales.WholeOriginal(c); long {
			out = append(out, ask.Reply{Text: h.Book.Say(l, words)})
		}
		out = append(out, h.files(l, c.Number, c.Files)...)
		for _, before := range c.Events[:n.Event] { // a higher office gets what came before it
			out = append(out, h.supplement(l, c, before)...)
		}
		out = append(out, h.signers(l, c)...)
	case slices.Contains(ofApplicant, e.Act):
		out = append(out, h.supplement(l, c, e)...)
	case stale(c, e):
		return nil, nil
	case e.Act == dauys.Sign:
		out = h.signers(l, c)
	case n.Office != e.Office: // the one above, which has no card of it
		if bare {
			e.Note = "…"
		}
		lines := locales.Head(c, e, -h.daysLeft(e), slices.ContainsFunc(c.Ladder, func(r dauys.Rung) bool { return r.Office == n.Office && r.Asks }))
		if lines == nil {
			return nil, fmt.Errorf("nobody knows how to tell the office above of %q", e.Act)
		}
		return []ask.Reply{{Text: h.Book.Lines(l, h.cited(lines, e)...), Loud: c.Urgent}}, nil
	default:
		if bare {
			e.Note = "" // the reason of a withdrawal
		}
		lines := locales.Passed(c, e, h.daysLeft(e))
		if lines == nil {
			return nil, fmt.Errorf("nobody knows how to tell an office of %q", e.Act)
		}
		out = append(out, ask.Reply{Text: h.Book.Lines(l, h.cited(lines, e)...)})
	}
	if len(out) == 0 {
		return nil, nil
	}
	chat, card, err := h.Storage.CardMessage(ctx, c.Number, n.Office)
	if err != nil {
		return nil, fmt.Errorf("card of the case: %w", err)
	}
	if card == "" || chat != n.To {
		return nil, ErrNotYet
	}
	for i := range out {
		out[i].To, out[i].Loud = card, c.Urgent
	}
	return out, nil
}

// daysLeft is how many working days are left of the term that the clock has spoken of.
func (h *Handlers) daysLeft(e dauys.Event) int {
	if e.Term.IsZero() {
		return 0
	}
	return h.University.Calendar.WorkingDaysLeft(e.At, e.Term)
}

// cited names the clause behind an event below what is said of it.
func (h *Handlers) cited(lines []ask.Line, e dauys.Event) []ask.Line {
	if e.Clause == "" {
		return lines
	}
	return append(lines, locales.Cited(e.Clause))
}

// ofApplicant are the acts with which an applicant brings words or files into a case that the office has.
var ofApplicant = []dauys.Act{dauys.Add, dauys.Absorb, dauys.Bring, dauys.Amend, dauys.Reply, dauys.Reopen}

// supplement is what has come to a case since it was filed: from the applicant, and on its
// way to them. Other events have none.
func (h *Handlers) supplement(l dauys.Lang, c *dauys.Case, e dauys.Event) (out []ask.Reply) {
	say := func(line ask.Line) { out = append(out, ask.Reply{Text: h.Book.Say(l, line)}) }
	switch e.Act {
	case dauys.Add:
		say(locales.PassedAdded(c.Number, e))
	case dauys.Absorb:
		out = append(out, ask.Reply{Text: h.Book.Lines(l, locales.PassedAbsorbed(c.Number, e)...)})
	case dauys.Bring:
		out = append(out, ask.Reply{Text: h.Book.Lines(l, locales.PassedBrought(c.Number, e)...)})
	case dauys.Amend:
		say(locales.PassedAmended(c.Number, e))
	case dauys.Ask:
		say(locales.PassedQuestion(c.Number, e))
	case dauys.Reply:
		say(locales.PassedReply(c.Number, question(c, e), e))
	case dauys.Note:
		say(locales.PassedNote(c.Number, e))
	case dauys.Transcribe:
		say(locales.PassedTranscript(c.Number, e.Name, e.Note))
	case dauys.Reopen:
		say(locales.PassedReopened(c.Number, e))
	case dauys.Dispute:
		say(locales.PassedDisputed(c.Number, e))
	case dauys.Recommend, dauys.Mediate:
		say(locales.PassedWords(c.Number, e))
	case dauys.Answer, dauys.Decide:
		out = append(out, ask.Reply{Text: h.Book.Lines(l, append([]ask.Line{locales.PassedAnswer(c.Number, e)}, locales.DocumentLines(e)...)...)})
	default:
		return nil
	}
	return append(out, h.files(l, c.Number, e.Files)...)
}

// question is what a reply answers: the last question before it.
func question(c *dauys.Case, reply dauys.Event) (asked dauys.Event) {
	for _, e := range c.Events[:reply.Seq] {
		if e.Act == dauys.Ask {
			asked = e
		}
	}
	return asked
}

// together are kinds of files that a messenger can show as one group.
var together = [][]string{{"photo", "video"}, {"document"}}

// mostTogether is how many files one group can have (sendMediaGroup, Bot API).
const mostTogether = 10

// files are attachments in as few messages as they fit.
func (h *Handlers) files(l dauys.Lang, number string, files []dauys.File) []ask.Reply {
	var out []ask.Reply
	for _, f := range files {
		words := f.Caption
		if _, named := h.University.Papers[f.Item]; named {
			item := h.Book.Plain(l, ask.Line{Key: "ask.named", Args: ask.Args{"Name": ask.Name{List: paperNames, ID: f.Item}}})
			words = strings.TrimSpace(item + "\n" + words)
		}
		caption := locales.FileOf(number, words)
		one := ask.File{Ref: f.Ref, Made: f.Made, Kind: f.Kind, Name: f.Name, Size: f.Size, MIME: f.MIME, Caption: h.Book.Say(l, caption)}
		if n := len(out); n > 0 && len(out[n-1].Files) < mostTogether && slices.ContainsFunc(together, func(kinds []string) bool {
			return slices.Contains(kinds, one.Kind) && slices.Contains(kinds, out[n-1].Files[0].Kind)
		}) {
			out[n-1].Files = append(out[n-1].Files, one)
			continue
		}
		out = append(out, ask.Reply{Files: []ask.File{one}})
	}
	return out
}

// Card is a case as an office sees it, or a queue or one of its windows, and the version that it shows.
func (h *Handlers) Card(ctx context.Context, number string, id dauys.OfficeID) (ask.Reply, int64, error) {
	if queue, window, ok := dauys.IsQueueCard(number); ok {
		return h.queueCard(ctx, queue, window)
	}
	c, err := h.Storage.Case(ctx, number)
	if err != nil {
		return ask.Reply{}, 0, fmt.Errorf("card of %s: %w", number, err)
	}
	office, ok := h.University.Office(id)
	if !ok {
		return ask.Reply{}, 0, fmt.Errorf("card of %s: no office %s", number, id)
	}
	l, err := h.officeLang(ctx, office)
	if err != nil {
		return ask.Reply{}, 0, err
	}
	if r, version, hidden, err := h.withheld(ctx, l, c, id); err != nil || hidden {
		return r, version, err
	}
	linked, err := h.linked(ctx, c, id)
	if err != nil {
		return ask.Reply{}, 0, err
	}
	r := ask.Reply{Text: h.whole(l, c, id, linked), Loud: c.Urgent}
	if c.Terms.Restricted && !office.Person {
		lines := append(locales.CardRestricted(c, id), linked...)
		if e, waits := c.Submission(); waits {
			lines = append(lines, locales.CardWaits(e))
		}
		r.Text = h.Book.Lines(l, lines...)
	}
	if c.Office() == id {
		r.Buttons = h.cardButtons(l, c, office.Person)
	}
	return r, c.Version, nil
}

// whole is all that an office may know of a case, in one message.
func (h *Handlers) whole(l dauys.Lang, c *dauys.Case, id dauys.OfficeID, linked []ask.Line) string {
	text := h.cardWords(l, c, id, linked, cardText)
	for room := cardText; length(text) > cardMost && room > leastRoom; { // an edit that does not fit would lose what stands last
		room = room * 3 / 4
		text = h.cardWords(l, c, id, linked, room)
	}
	return text
}

// content is a restricted case for one of those who may read it, in their own chat: what stands on
// other cards, the papers, and what has come since.
func (h *Handlers) content(ctx context.Context, n dauys.Notification, c *dauys.Case) ([]ask.Reply, error) {
	l, err := h.langOf(ctx, n.To, "")
	if err != nil {
		return nil, err
	}
	rights, err := h.Storage.StaffOf(ctx, n.To, h.Now())
	if err != nil {
		return nil, fmt.Errorf("notice %s: %w", n.Key, err)
	}
	if !dauys.May(dauys.ToRead, c, n.To, rights, h.Now()) { // not any more
		return nil, nil
	}
	linked, err := h.linked(ctx, c, c.Office())
	if err != nil {
		return nil, err
	}
	out := []ask.Reply{{Text: h.whole(l, c, c.Office(), linked)}}
	if utf8.RuneCountInString(c.Text) > cardText {
		out = append(out, ask.Reply{Text: h.Book.Say(l, locales.WholeText(c.Number, c.Text))})
	}
	out = append(out, h.files(l, c.Number, c.Files)...)
	for _, e := range c.Events {
		out = append(out, h.supplement(l, c, e)...)
	}
	out = append(out, h.signers(l, c)...)
	if e, waits := c.Submission(); waits && dauys.May(dauys.ToHandle, c, n.To, rights, h.Now()) {
		reader, err := h.reads(ctx, c)
		if err != nil {
			return nil, err
		}
		out = append(out, h.toApprove(l, reader, c, e, false)...)
	}
	if dauys.May(dauys.ToHandle, c, n.To, rights, h.Now()) {
		if rows := h.cardButtons(l, c, true); len(rows) > 0 {
			out = append(out, ask.Reply{Text: h.Book.Say(l, locales.ActHere(c.Number)), Buttons: rows})
		}
	}
	return out, nil
}

// cardWords is what stands on a card: the applicant's text, as much of it as [Handlers.passed] counts
// on, and of what else people have written a part of so many characters.
func (h *Handlers) cardWords(l dauys.Lang, c *dauys.Case, id dauys.OfficeID, linked []ask.Line, room int) string {
	text := locales.Shorten(c.Text, cardText)
	lines := locales.Card(c, id, text, c.Waited(&h.University.Calendar, h.Now()))
	if at, ok := c.Reception(); ok {
		lines = append(lines, locales.ReceptionOf(at))
	}
	if n := len(c.Signatures()); n > 0 {
		lines = append(lines, locales.CardSignatures(n, c.Status))
	}
	if e, ok := c.Latest(dauys.Amend); ok {
		lines = append(lines, locales.CardAmended(e, room/4))
	}
	lines = append(lines, linked...)
	if e, ok := c.Latest(dauys.Transcribe); ok {
		part := room
		if text != "" {
			part /= 4
		}
		lines = append(lines, locales.CardTranscript(e.Name, locales.Shorten(e.Note, part)))
	}
	if e, reason, ok := came(c, id); ok {
		if e.Act == dauys.Bypass && len(c.Against) == 0 && len(c.Barred) == 0 {
			lines = append(lines, locales.CameVacant(e.Office))
		} else {
			lines = append(lines, locales.Came(e, locales.Shorten(reason, room/3))...)
		}
		lines = h.cited(lines, e)
	}
	if e, ok := c.Latest(dauys.Ask); ok && c.Status == dauys.Needs {
		e.Note = locales.Shorten(e.Note, room/2)
		lines = append(lines, locales.CardQuestion(e))
	}
	if e, ok := answer(c); ok && c.Outcome != "" {
		e.Note = locales.Shorten(e.Note, room/2)
		lines = append(append(lines, locales.CardAnswer(e)), locales.DocumentLines(e)...)
	}
	if e, waits := c.Submission(); waits {
		lines = append(lines, locales.CardWaits(e))
	}
	lines = append(lines, locales.CardNotes(notes(c, id), room/6)...)
	if c.Office() == id {
		lines = append(lines, locales.CardFoot(c, h.University.Calendar.Due(c.Registered, c.Terms.Redirect), h.Now(), room/3)...)
	}
	return h.Book.Lines(l, lines...)
}

// length is how many characters a message shows, as messengers count them: without its markup, and
// what lies beyond the first 65,536 letters of all languages twice.
func length(text string) (n int) {
	for _, r := range html.UnescapeString(markup.ReplaceAllString(text, "")) {
		n += utf16.RuneLen(r)
	}
	return n
}

var markup = regexp.MustCompile(`<[^>]*>`)

// came is how a case came to the office that has it, and the reason that somebody gave for it.
func came(c *dauys.Case, id dauys.OfficeID) (e dauys.Event, reason string, ok bool) {
	for _, x := range c.Events {
		switch {
		case x.Next == id:
			e, ok = x, true
			if x.Note != "" {
				reason = x.Note
			}
		case x.Next != "":
			e, reason, ok = dauys.Event{}, "", false
		case x.Act == dauys.Propose && x.By != dauys.TheClock:
			reason = x.Note // of the hand-up that the applicant was asked about
		}
	}
	return e, reason, ok
}

// answer is the last answer, whoever gave it.
func answer(c *dauys.Case) (dauys.Event, bool) {
	var last dauys.Event
	for _, act := range []dauys.Act{dauys.Answer, dauys.Decide, dauys.Redirect} {
		if e, ok := c.Latest(act); ok && e.Seq > last.Seq {
			last = e
		}
	}
	return last, last.Seq > 0
}

// Delivered notes that the applicant has the answer, which closes the case, or that it or a
// question could not be delivered, which the office is told.
func (h *Handlers) Delivered(ctx context.Context, n dauys.Notification, arrived bool) error {
	switch {
	case n.What == dauys.Answered && arrived:
		return h.delivery(ctx, n.Case, n.Event, dauys.Delivered)
	case n.What == dauys.Asked && arrived:
		return h.delivery(ctx, n.Case, n.Event, dauys.Delivered) // refused unless it could not be delivered before
	case n.What == dauys.Answered, n.What == dauys.Asked && !arrived:
		return h.delivery(ctx, n.Case, n.Event, dauys.Undeliverable)
	}
	return nil
}

// delivery notes what became of the answer or the question that is the nth event of a case.
func (h *Handlers) delivery(ctx context.Context, number string, event int, act dauys.Act) error {
	cause := fmt.Sprintf("%s/%d", act, event)
	_, err := h.Storage.Act(ctx, number, "", cause, h.Now(), func(c *dauys.Case, _ dauys.Staff) error {
		return c.Do(dauys.Move{Act: act, By: dauys.TheMessenger, Cause: cause, At: h.Now()}, &h.University.Calendar)
	})
	if _, no := errors.AsType[*dauys.NotAllowedError](err); no {
		return nil // closed already
	}
	return err
}
