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
	"alt.edu.kz/dauys/flows"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
)

// The same cause, many people. What others have written is compared in memory and shown to nobody: an
// office reads how many there are, and an applicant only that there are others.

const (
	causeDays   = 30 // cases filed in the last so many days count
	causeFewest = 3  // other people, below which nothing is said: few could be told apart
	leastCommon = 3  // words that two texts have in common at least, if both have so many
	leastAlike  = 25 // and of a hundred words of the shorter text
)

// inCommonOf is how many of a hundred words of the shorter of two texts stand in the other, too, but for their
// endings; 0 where these are too few to say anything. Words that stand in every request do not count.
func inCommonOf(a, b []string) int {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(a) == 0 {
		return 0
	}
	common := 0
	for _, w := range a {
		if slices.ContainsFunc(b, func(other string) bool { return likeness(w, other) > 0 || likeness(other, w) > 0 }) {
			common++
		}
	}
	if common < min(leastCommon, len(a)) {
		return 0
	}
	return 100 * common / len(a)
}

// sameCause tells which cases seem to be about the same cause as one.
func sameCause(c *dauys.Case) (same func(*dauys.Case) bool) {
	words := locales.Telling(ownWords(c))
	return func(other *dauys.Case) bool {
		return c.Topic != "" && c.Institute == other.Institute && c.Topic == other.Topic &&
			inCommonOf(words, locales.Telling(ownWords(other))) >= leastAlike
	}
}

// others are the open cases of the office that has a case, by other people, that seem to be about the same
// cause and that may be joined with it; whoever asks may read all of them.
func (h *Handlers) others(ctx context.Context, a at, c *dauys.Case) (all []*dauys.Case, people int, err error) {
	cases, err := h.Storage.OfficeCases(ctx, c.Office(), time.Time{}, mostListed)
	if err != nil {
		return nil, 0, err
	}
	who, since, same := map[dauys.Address]bool{}, h.Now().AddDate(0, 0, -causeDays), sameCause(c)
	for _, x := range cases {
		own := x.Applicant.Address == c.Applicant.Address && c.Applicant.Address != ""
		if x.Number == c.Number || own || x.Filed.Before(since) || x.Terms.Restricted || !same(x) || !dauys.May(dauys.ToHandle, x, a.in.From, a.rights, h.Now()) {
			continue
		}
		if hidden, err := h.hidden(ctx, x, x.Office()); err != nil {
			return nil, 0, err
		} else if hidden {
			continue
		}
		all = append(all, x)
		if x.Applicant.Address == "" { // entered by staff: nobody knows who else it is
			people++
		}
		who[x.Applicant.Address] = true
	}
	delete(who, "")
	return all, people + len(who), nil
}

// cause is the command /cause: how many others seem to be about the same.
func (h *Handlers) cause(ctx context.Context, a at) error {
	typed := strings.Fields(a.in.Arg)
	if len(typed) != 1 {
		return h.answerLine(ctx, a, locales.LinkHow("cause"))
	}
	c, err := h.oneOf(ctx, a, typed[0], true)
	if c == nil || err != nil {
		return err
	}
	if c.Terms.Restricted {
		return h.answerLine(ctx, a, locales.CauseRestricted())
	}
	all, people, err := h.others(ctx, a, c)
	if err != nil {
		return err
	}
	if people < causeFewest {
		return h.answerLine(ctx, a, locales.CauseFew(c.Number, causeFewest))
	}
	lines := []ask.Line{locales.CauseCount(c.Number, len(all), causeDays)}
	if joined, err := h.inCommon(ctx, c); err != nil {
		return err
	} else if n := len(joined); n > 0 {
		lines = append(lines, locales.CauseJoined(n+1))
	}
	return h.answer(ctx, a, ask.Reply{Text: h.Book.Lines(a.lang, lines...), Buttons: [][]ask.Button{{h.button(a.lang, locales.CauseGather(), "u:gather:"+c.Number)}}})
}

// commonButton is a button about a common cause: u:gather:NUMBER. The right is read when it is pressed, and
// again in the transaction of every case.
func (h *Handlers) commonButton(ctx context.Context, in Input, parts []string) (toast string, err error) {
	l := h.chatLang(ctx, in)
	if len(parts) != 3 || !dauys.IsNumber(parts[2]) {
		return h.Book.Plain(l, locales.OldButton()), nil
	}
	a, err := h.standsAt(ctx, in, false)
	if errors.Is(err, dauys.ErrNotStaff) {
		return h.Book.Plain(l, locales.NotStaff()), nil
	}
	if err != nil {
		return "", err
	}
	c, office, err := h.had(ctx, a, parts[2])
	if err != nil {
		return "", err
	}
	switch {
	case c == nil || parts[1] == "gather" && c.Office() != office:
		return h.Book.Plain(l, locales.OldButton()), nil
	case parts[1] == "gather":
		return h.gather(ctx, a, c)
	}
	return h.Book.Plain(l, locales.OldButton()), nil
}

// gather asks the applicants, each for themselves, whether their case may be handled together with others.
// Nobody is asked twice.
func (h *Handlers) gather(ctx context.Context, a at, c *dauys.Case) (toast string, err error) {
	all, people, err := h.others(ctx, a, c)
	if err != nil {
		return "", err
	}
	if people < causeFewest || c.Terms.Restricted {
		return h.Book.Plain(a.lang, locales.CauseFew(c.Number, causeFewest)), nil
	}
	first := c.Number
	if asked := c.Asked(); asked != "" { // it belongs to a cause already, and so do those who are new
		first = asked
	}
	var numbers []string
	for _, x := range append([]*dauys.Case{c}, all...) {
		if x.Caused(a.in.Update) || x.Offers(dauys.Gather, dauys.TheOffice, h.Now()) {
			numbers = append(numbers, x.Number)
		}
	}
	done, no, err := h.each(ctx, a.lang, a.in.From, a.in.Update, numbers, a.offices, dauys.Move{Act: dauys.Gather, Other: first})
	if err != nil {
		return "", err
	}
	text := h.Book.Say(a.lang, locales.CauseAsked(done))
	if no.n > 0 {
		text += "\n\n" + h.severalDone(a.lang, "take", 0, no)
	}
	return "", h.Storage.Notify(ctx, ready(a.in, ask.Reply{To: a.in.Message, Text: text}))
}

// inCommon are the other open cases of the office that are handled together with a case.
func (h *Handlers) inCommon(ctx context.Context, c *dauys.Case) (all []*dauys.Case, err error) {
	common := c.Common()
	if common == "" {
		return nil, nil
	}
	cases, err := h.Storage.OpenCases(ctx, c.Office())
	if err != nil {
		return nil, fmt.Errorf("cases of a common cause: %w", err)
	}
	for _, x := range cases {
		if x.Number != c.Number && x.Common() == common && !x.Terms.Restricted && x.Status != dauys.Decided && x.Status != dauys.Redirected {
			all = append(all, x)
		}
	}
	return all, nil
}

// everyoneAct is the writing of an answer for all. It is no act of a case.
const everyoneAct dauys.Act = "answerall"

// What is kept with an answer for all besides the texts.
const (
	everyoneWhich  = "answer"  // which event of its case the answer is
	everyoneShown  = "shown"   // as it is shown
	everyoneCases  = "cases"   // who waited for it when it was begun
	everyoneCause  = "cause"   // that they have in common
	everyoneOffice = "offices" // of the chat
)

// everyoneRoom is how much of each text the review shows: four of them fit into one message.
const everyoneRoom = 800

// reads is the language that an applicant reads now: they may have chosen another since they wrote.
func (h *Handlers) reads(ctx context.Context, c *dauys.Case) (dauys.Lang, error) {
	if c.Applicant.Address == "" {
		return c.Applicant.Lang, nil
	}
	return h.langOf(ctx, c.Applicant.Address, string(c.Applicant.Lang))
}

// answerAll is the command /answerall: the answer to a case for all that are joined with it. It shows
// what they would get, asks for the same in the languages of those who read another, and whether to send
// it. Who they are is kept with that: whatever happens on the way, all of them are gone through and counted.
func (h *Handlers) answerAll(ctx context.Context, a at) error {
	typed := strings.Fields(a.in.Arg)
	if len(typed) != 1 {
		return h.answerLine(ctx, a, locales.LinkHow("answerall"))
	}
	c, err := h.oneOf(ctx, a, typed[0], true)
	if c == nil || err != nil {
		return err
	}
	e, why, all, err := h.forAll(ctx, c)
	if err != nil {
		return err
	}
	if why != nil {
		return h.answerLine(ctx, a, *why)
	}
	written, evident := locales.Guess(e.Note)
	if !evident {
		written = c.Applicant.Lang
	}
	known := map[string]ask.Answer{"written": {Values: []string{string(written)}}}
	for _, l := range dauys.Langs {
		known[string(l)] = ask.Answer{Skipped: true}
	}
	given := map[string][]string{everyoneWhich: {strconv.Itoa(e.Seq)}, everyoneCause: {c.Common()}}
	for _, x := range all {
		given[everyoneCases] = append(given[everyoneCases], x.Number)
		l, err := h.reads(ctx, x)
		if err != nil {
			return err
		}
		if l != written {
			delete(known, string(l))
		}
	}
	for _, o := range a.offices {
		given[everyoneOffice] = append(given[everyoneOffice], string(o))
	}
	e.Note = locales.Shorten(e.Note, everyoneRoom)
	given[everyoneShown] = []string{h.Book.Lines(written, append([]ask.Line{locales.Written(e)}, locales.DocumentLines(e)...)...)}
	p := Prompt{ID: promptID(a.in.Update, c.Number, everyoneAct), Chat: a.in.Chat, Actor: a.in.From, Case: c.Number, Act: everyoneAct}
	p.Session = flows.Everyone.Start(p.ID, given, known)
	p.Session.Today = h.day(h.Now())
	above := []ask.Line{p.head()}
	if p.Session.Phase == ask.Asking { // the review shows it by itself
		above = append(above, h.everyone(a.lang, p.Session)...)
	}
	r := h.ask(a.lang, a.in, p, flows.Everyone, flows.Everyone.Show(p.Session), above...)
	if _, err := h.Storage.SavePrompt(ctx, p, a.in.Update, wording(p, a.in, r)); err != nil {
		return fmt.Errorf("begin an answer for all: %w", err)
	}
	return nil
}

// everyone shows what all would get, and in which languages.
func (h *Handlers) everyone(_ dauys.Lang, s ask.Session) []ask.Line {
	lines := []ask.Line{locales.AnswerAllSure(len(s.Given[everyoneCases]), ask.Markup(s.Given[everyoneShown][0]))}
	for _, l := range dauys.Langs {
		text := s.Value(string(l))
		if text == "" {
			continue
		}
		lines = append(lines, locales.InLanguage(l, locales.Shorten(text, everyoneRoom)))
		if written, evident := locales.Guess(text); evident && written != l {
			lines = append(lines, locales.OtherLanguage(l, written))
		}
	}
	return lines
}

// forAll is the answer to a case, and the others that wait for the same; or why there is none for them.
func (h *Handlers) forAll(ctx context.Context, c *dauys.Case) (e dauys.Event, why *ask.Line, all []*dauys.Case, err error) {
	no := func(line ask.Line) (dauys.Event, *ask.Line, []*dauys.Case, error) { return e, &line, nil, nil }
	e, ok := answer(c)
	if !ok || e.Act == dauys.Redirect || c.Outcome == "" || c.Terms.Restricted {
		return no(locales.AnswerAllFirst(c.Number))
	}
	if all, err = h.inCommon(ctx, c); err != nil {
		return e, nil, nil, err
	}
	if len(all) == 0 {
		return no(locales.AnswerAllNone(c.Number))
	}
	return e, nil, all, nil
}

// sendAll gives the answer to a case to all that were joined with it when that was begun, each in its own
// transaction and in the language of its applicant, as far as it was written in that; the others are told in
// which it is. The prompt is the cause: after whatever has stopped it, those who have the answer count, too.
func (h *Handlers) sendAll(ctx context.Context, in Input, l dauys.Lang, p Prompt) error {
	s, cause := p.Session, "prompt/"+p.ID
	c, err := h.Storage.Case(ctx, p.Case)
	if err != nil {
		return fmt.Errorf("answer all: %w", err)
	}
	which, _ := strconv.Atoi(strings.Join(s.Given[everyoneWhich], "")) // we have written it
	e, err := c.Event(which)
	if err != nil {
		return fmt.Errorf("answer all: %w", err)
	}
	written := dauys.Lang(s.Value("written"))
	tongues, begun := map[string]dauys.Lang{}, false
	for _, number := range s.Given[everyoneCases] {
		x, err := h.Storage.Case(ctx, number)
		if err != nil {
			return fmt.Errorf("answer all: %w", err)
		}
		if tongues[number], err = h.reads(ctx, x); err != nil {
			return err
		}
		begun = begun || x.Caused(cause)
	}
	if last, ok := answer(c); !begun && (!ok || last.Seq != e.Seq || c.Outcome == "") { // taken up again meanwhile
		lines := []ask.Line{locales.AnswerAllOver(c.Number)}
		if kept := s.Typed(flows.Everyone); len(kept) > 0 {
			lines = append(lines, locales.FormKept(strings.Join(kept, "\n\n")))
		}
		return h.endPrompt(ctx, in, p, ask.Cancelled, h.Book.Lines(l, lines...))
	}
	var offices []dauys.OfficeID
	for _, o := range s.Given[everyoneOffice] {
		offices = append(offices, dauys.OfficeID(o))
	}
	moved, no, err := h.eachBy(ctx, l, in.From, cause, s.Given[everyoneCases], offices, func(x *dauys.Case, staff dauys.Staff) error {
		if byMeeting(x, dauys.Answer) || x.Common() != s.Given[everyoneCause][0] || x.Terms.Restricted {
			return dauys.ErrNotStaff
		}
		if x.Status == dauys.Registered { // who answers it has it
			if err := h.staffMove(x, staff, dauys.Move{Act: dauys.Take, Cause: cause}); err != nil {
				return err
			}
		}
		m := dauys.Move{Act: dauys.Answer, Outcome: e.Outcome, Note: e.Note, Details: locales.DocumentOnly(e), Files: e.Files, Cause: cause}
		switch reader := tongues[x.Number]; {
		case reader == written:
		case s.Value(string(reader)) != "":
			m.Note = s.Value(string(reader))
			m.Files = slices.DeleteFunc(slices.Clone(e.Files), func(f dauys.File) bool { return f.Spoken }) // it says the same in another language
		default:
			m.Details = append(m.Details, dauys.Detail{Question: locales.AnswerLanguage, Option: string(written)})
		}
		return h.staffMove(x, staff, m)
	})
	if err != nil {
		return fmt.Errorf("answer all: %w", err)
	}
	done, lines := 0, []ask.Line(nil)
	for _, x := range moved {
		if did := slices.IndexFunc(x.Events, func(e dauys.Event) bool { return e.Cause == cause && e.Act == dauys.Submit }); did >= 0 { // a colleague has to say yes first
			lines = append(lines, locales.PromptDone(dauys.Submit, x.Number))
			continue
		}
		done++
		if err := h.reaches(ctx, x); err != nil {
			return err
		}
	}
	if done > 0 || len(lines) == 0 {
		lines = slices.Insert(lines, 0, locales.AnswerAllDone(done))
	}
	h.Log.Info("answered together", "case", c.Number, "done", done, "refused", no.n, "update", in.Update)
	text := h.Book.Lines(l, lines...)
	if no.n > 0 {
		text += "\n\n" + h.severalDone(l, "take", 0, no)
	}
	return h.endPrompt(ctx, in, p, ask.Done, text)
}
