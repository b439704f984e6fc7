package handlers

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
)

// The lines that lead straight to the Rector: direct mail, the blog, personal reception. Requests on
// them are cases like any others; besides, people are received, and answers are published.

// Receptions are kept in the database: a time is one person's.
type Receptions interface {
	// Received lists whom an office receives from one moment on and before another.
	Received(ctx context.Context, office dauys.OfficeID, from, to time.Time) ([]dauys.Visit, error)
}

// rectorLines are the lines, by their buttons.
var rectorLines = []string{"direct", "blog", "audience"}

// schemeOf is the scheme of a line.
func schemeOf(line string) string {
	if line == "direct" {
		return "rector"
	}
	return line
}

// rector offers those of them that the structure file has.
func (h *Handlers) rector(t *Turn) error {
	ways := h.rectorWays()
	if len(ways) == 0 {
		return h.resume(t, locales.UnknownCommand())
	}
	t.Say(ask.Reply{Text: h.Book.Say(t.Lang(), locales.RectorLines()), Buttons: append(h.menuRows(t.Lang(), ways...), h.onward(t))})
	return nil
}

// rectorWays are the lines that the structure file has.
func (h *Handlers) rectorWays() (ways []string) {
	for _, line := range rectorLines {
		if _, ok := h.University.Scheme(schemeOf(line)); ok {
			ways = append(ways, line)
		}
	}
	return ways
}

// rectorLine begins a request on one of them.
func (h *Handlers) rectorLine(ctx context.Context, t *Turn, line string) error {
	if done, err := h.along(ctx, t, "", schemeOf(line)); done || err != nil {
		return err
	}
	return h.resume(t, locales.UnknownCommand())
}

// Personal reception.

// slotsOffered is how many free times staff can choose from at once.
const slotsOffered = 10

// freeSlots are the next times at which an office receives and nobody is expected.
func (h *Handlers) freeSlots(ctx context.Context, office dauys.OfficeID) (free []dauys.Slot, err error) {
	now := h.Now()
	taken, err := h.Storage.Received(ctx, office, now, now.AddDate(2, 0, 0))
	if err != nil {
		return nil, fmt.Errorf("whom %s receives: %w", office, err)
	}
	for _, s := range h.University.Slots(office, now, slotsOffered+len(taken)) {
		if !slices.ContainsFunc(taken, func(v dauys.Visit) bool { return v.At.Equal(s.At) }) && len(free) < slotsOffered {
			free = append(free, s)
		}
	}
	return free, nil
}

// chosen is the time that was chosen in an invitation.
func chosen(s ask.Session) time.Time {
	at, _ := locales.Moment(s.Value("slot"))
	return at
}

// slotOf is the time of an invitation, with the place as it stood in it then.
func slotOf(c *dauys.Case, e dauys.Event) dauys.Slot {
	return dauys.Slot{At: e.Term, Place: dauys.Names{c.Applicant.Lang: e.Note}}
}

// nextReception tells when an office receives next.
func (h *Handlers) nextReception(_ dauys.Lang, s ask.Session) []ask.Line {
	way, err := h.University.Route(h.query(s))
	if err != nil {
		return nil
	}
	next := h.University.Slots(way.Ladder[0].Office, h.Now(), 1)
	if len(next) == 0 {
		return nil
	}
	return []ask.Line{locales.ReceptionNext(next[0])}
}

// invited shows staff the invitation as the applicant will get it.
func (h *Handlers) invited(_ dauys.Lang, s ask.Session) []ask.Line {
	to, office := dauys.Lang(s.Given["lang"][0]), dauys.OfficeID(s.Given["office"][0])
	slot, ok := h.University.Slot(office, chosen(s))
	if !ok {
		return []ask.Line{locales.SlotTaken()}
	}
	text := h.Book.Lines(to, locales.InvitedToReception(s.Given["case"][0], office, slot, len(s.Given["again"]) > 0)...)
	return []ask.Line{locales.Preview(to, ask.Markup(text))}
}

// invitation is what an applicant is told of one; whether another was sent before, the events say.
func (h *Handlers) invitation(c *dauys.Case, e dauys.Event) []ask.Line {
	_, again := c.ReceptionBefore(e.Seq)
	return locales.InvitedToReception(c.Number, e.Office, slotOf(c, e), again)
}

// holds tells whether an invitation is the one that counts.
func holds(c *dauys.Case, e dauys.Event) bool {
	last, _ := c.Latest(dauys.Invite)
	at, ok := c.Reception()
	return ok && last.Seq == e.Seq && at.Equal(e.Term)
}

// soon reminds an applicant of a reception, as long as it holds and is still to come.
func (h *Handlers) soon(ctx context.Context, c *dauys.Case, e dauys.Event) ([]ask.Reply, error) {
	if !holds(c, e) || !h.Now().Before(e.Term) {
		return nil, nil
	}
	l, err := h.langOf(ctx, c.Applicant.Address, string(c.Applicant.Lang))
	if err != nil {
		return nil, err
	}
	r := ask.Reply{Text: h.Book.Lines(l, locales.ReceptionSoon(c.Number, e.Office, slotOf(c, e))...), Buttons: h.toldButtons(l, c, e)}
	r.Buttons = append(r.Buttons, []ask.Button{h.button(l, locales.OpenCase(), "c:"+c.Number)})
	return []ask.Reply{r}, nil
}

// visitors tells an office in the morning whom it receives on that day.
func (h *Handlers) visitors(ctx context.Context, n dauys.Notification) ([]ask.Reply, error) {
	office, ok := h.University.Office(n.Office)
	day, err := time.ParseInLocation(time.DateOnly, n.Body, h.University.Calendar.Zone())
	if !ok || err != nil {
		return nil, fmt.Errorf("notice %s: no office %s, or no day %q", n.Key, n.Office, n.Body)
	}
	l, err := h.officeLang(ctx, office)
	if err != nil {
		return nil, err
	}
	come, err := h.Storage.Received(ctx, n.Office, day, day.AddDate(0, 0, 1))
	if err != nil {
		return nil, fmt.Errorf("notice %s: %w", n.Key, err)
	}
	lines := []ask.Line{locales.Visitors(day)}
	for _, v := range come {
		c, err := h.Storage.Case(ctx, v.Case)
		if err != nil {
			return nil, fmt.Errorf("notice %s: %w", n.Key, err)
		}
		if hidden, err := h.hidden(ctx, c, n.Office); err != nil {
			return nil, fmt.Errorf("notice %s: %w", n.Key, err)
		} else if hidden {
			continue
		}
		name := c.Applicant.Name
		if c.Terms.Restricted && !office.Person {
			name = "🔒"
		}
		lines = append(lines, locales.Visitor(v.At.In(day.Location()).Format("15:04"), c.Number, name))
	}
	if len(lines) == 1 {
		return nil, nil
	}
	return []ask.Reply{{Text: h.Book.Lines(l, lines...)}}, nil
}

// Publication.

// handed is what an act of staff begins with besides what every one does, and what is known of its
// answers. It is refused with a sentence when there is nothing to choose from.
func (h *Handlers) handed(ctx context.Context, l dauys.Lang, c *dauys.Case, act dauys.Act, given map[string][]string) (known map[string]ask.Answer, no string, err error) {
	switch act {
	case dauys.Answer, dauys.Decide:
		return unsent(c, act), "", nil
	case dauys.Return:
		e, _ := c.Submission()
		given["waits"] = []string{strconv.Itoa(e.Seq)}
	case dauys.Redirect:
		given["body"], known = h.directory()
	case dauys.Invite:
		free, err := h.freeSlots(ctx, c.Office())
		if err != nil {
			return nil, "", err
		}
		for _, s := range free {
			given["slot"] = append(given["slot"], strconv.FormatInt(s.At.Unix(), 10))
		}
		if len(free) == 0 {
			return nil, h.Book.Plain(l, locales.NoSlot()), nil
		}
		if _, again := c.Reception(); again {
			given["again"] = []string{"yes"}
		}
	case dauys.Redact:
		if h.University.Blog == "" {
			return nil, h.Book.Plain(l, locales.OldButton()), nil
		}
		given["author"] = []string{c.Applicant.Name}
		given["answered"] = []string{strconv.FormatInt(answeredAt(c, len(c.Events)).Unix(), 10)}
		said, _ := answer(c)
		words := map[string]string{"question": c.Text, "answer": said.Note}
		if last, ok := c.Latest(dauys.Redact); ok && last.Seq > said.Seq { // prepared before, and not published
			words = map[string]string{"question": last.Note, "answer": redacted(last)}
		}
		known = map[string]ask.Answer{}
		for _, st := range flows.Publication.Steps { // what is longer has to be shortened
			words := words[st.Key]
			if n := utf8.RuneCountInString(words); n >= st.Min && n <= st.Max {
				known[st.Key] = ask.Answer{Values: []string{words}}
			}
		}
	}
	return known, "", nil
}

// answeredAt is when the last answer before an event was given.
func answeredAt(c *dauys.Case, before int) (at time.Time) {
	for _, e := range c.Events[:before] {
		if slices.Contains([]dauys.Act{dauys.Answer, dauys.Decide, dauys.Redirect}, e.Act) {
			at = e.At
		}
	}
	return at
}

// publication is what was written to be published.
func publication(s ask.Session) dauys.Move {
	return dauys.Move{Act: dauys.Redact, Note: s.Value("question"), Details: []dauys.Detail{{Question: flows.Publication.Under("answer"), Text: s.Value("answer")}}}
}

// personal are the personal data in what somebody of staff wants to be published.
func personal(s ask.Session) []dauys.Personal {
	if s.Flow != flows.Publication.Name {
		return nil
	}
	name := strings.Join(s.Given["author"], "")
	if name == unnamed {
		name = ""
	}
	return dauys.PersonalIn(s.Value("question")+"\n"+s.Value("answer"), name)
}

// post shows staff what would be published, and why it cannot be.
func (h *Handlers) post(_ dauys.Lang, s ask.Session) []ask.Line {
	to := dauys.Lang(s.Given["lang"][0])
	at, _ := locales.Moment(strings.Join(s.Given["answered"], ""))
	lines := []ask.Line{locales.PostPreview(to, ask.Markup(h.Book.Say(to, locales.Post(s.Value("question"), s.Value("answer"), at))))}
	if found := personal(s); len(found) > 0 {
		lines = append(lines, locales.PostPersonal(found)...)
	}
	return lines
}

// published is a wording as it stands in the channel, in the language of who has asked.
func (h *Handlers) published(c *dauys.Case, wording dauys.Event) string {
	return h.Book.Say(c.Applicant.Lang, locales.Post(wording.Note, redacted(wording), answeredAt(c, wording.Seq)))
}

// redacted is the answer in a wording; its question is the note.
func redacted(wording dauys.Event) (answer string) {
	for _, d := range wording.Details {
		answer = d.Text
	}
	return answer
}

// posted is what goes to the channel: the words to which the author has said yes.
func (h *Handlers) posted(c *dauys.Case, e dauys.Event) ([]ask.Reply, error) {
	var wording dauys.Event
	for _, x := range c.Events[:e.Seq] {
		if x.Act == dauys.Redact {
			wording = x
		}
	}
	if wording.Seq == 0 {
		return nil, fmt.Errorf("case %s: event %d publishes nothing", c.Number, e.Seq)
	}
	return []ask.Reply{{Text: h.published(c, wording)}}, nil
}

// errOutdated: somebody has answered what is no longer asked.
var errOutdated = errors.New("something else is asked by now")

// respondTo is what an applicant says, with a button, to an invitation or to a wording: c:NUMBER:ACT:EVENT.
// It counts for the words under which the button stands, and for no others; in the view of the case, which
// shows when they are expected, the button needs no event.
func (h *Handlers) respondTo(ctx context.Context, t *Turn, c *dauys.Case, act dauys.Act, rest []string) error {
	if act != dauys.Excuse && len(rest) == 0 || act == dauys.Publish && h.University.Blog == "" {
		return h.resume(t, locales.OldButton())
	}
	now, err := h.Storage.Act(ctx, c.Number, t.From, t.Update, h.Now(), func(c *dauys.Case, _ dauys.Staff) error {
		if !dauys.May(dauys.ToOwn, c, t.From, nil, h.Now()) {
			return dauys.ErrNotFound
		}
		asked, open := c.Wording()
		if act == dauys.Excuse {
			asked, open = c.Latest(dauys.Invite)
		}
		if open && len(rest) > 0 && strconv.Itoa(asked.Seq) != rest[0] {
			return errOutdated
		}
		return c.Do(dauys.Move{Act: act, By: dauys.TheApplicant, Channel: h.University.Blog, Cause: t.Update, At: h.Now()}, &h.University.Calendar)
	})
	switch _, late := errors.AsType[*dauys.NotAllowedError](err); {
	case errors.Is(err, errOutdated) && act == dauys.Excuse:
		t.Say(h.caseView(t, c, locales.ReceptionElse()))
	case errors.Is(err, errOutdated):
		t.Say(h.caseView(t, c, locales.Reworded()))
	case late:
		t.Say(h.caseView(t, c, locales.TooLate(c.Status)))
	case err != nil:
		return err
	default:
		t.Say(h.caseView(t, now, pressActs[act]()))
	}
	return nil
}

// The channel.

// isBlog tells whether a chat is the channel in which answers are published. Nobody's office is there.
func (h *Handlers) isBlog(chat dauys.Address) bool {
	return h.University.Blog != "" && groupOf(chat) == groupOf(h.University.Blog)
}

// groupOf is the chat of which an address may be a topic.
func groupOf(chat dauys.Address) string {
	all, _, _ := strings.Cut(string(chat), "/")
	return all
}

// inBlog is what happens in the channel: whether the bot can post there is noted, all else is not for
// the bot.
func (h *Handlers) inBlog(ctx context.Context, in Input) error {
	switch in.Change {
	case Blocked:
		h.Log.Error("taken out of the channel of the blog", "chat", in.Chat, "update", in.Update)
		return h.Storage.SetUnreachable(ctx, h.University.Blog, true, h.Now())
	case Added, Unblocked:
		return h.Storage.SetUnreachable(ctx, h.University.Blog, false, h.Now())
	}
	return nil
}
