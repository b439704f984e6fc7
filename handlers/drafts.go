package handlers

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
)

// How long what is not finished is kept, and when the person hears of it by themselves.
const (
	draftLife  = 30 * 24 * time.Hour // since the person last did something in it
	warnBefore = 3 * 24 * time.Hour  // before a draft expires
	binLife    = 24 * time.Hour      // a deleted draft can be had back
	nudgeAfter = 3 * time.Hour       // of silence in the middle of a conversation
	mostDrafts = 10
	mostInBin  = 5
	mostSent   = 100 // messages of which it is remembered which case they became part of
)

// Nobody is written to by the clock at night: from and until which hour it may be.
const (
	firstHour = 10
	lastHour  = 20
)

// drafts are all conversations that are open, the one in focus first.
func drafts(s *ask.State) []*ask.Session {
	var all []*ask.Session
	if s.Focus != nil {
		all = append(all, s.Focus)
	}
	for i := len(s.Drafts) - 1; i >= 0; i-- {
		all = append(all, &s.Drafts[i])
	}
	return all
}

// putAside takes the open conversation out of focus. One that only waits comes back when the
// next one ends; one that was put aside does not.
func putAside(s *ask.State, aside bool) {
	if s.Focus == nil {
		return
	}
	s.Focus.Aside = aside
	stay(s.Focus)
	s.Drafts = append(s.Drafts, *s.Focus)
	s.Focus = nil
}

// stay goes back from the question whether to delete a conversation: it comes back as it was.
func stay(s *ask.Session) {
	if s.Phase == ask.Leaving {
		s.Phase = ask.Asking
		if s.Asked == "" {
			s.Phase = ask.Reviewing
		}
	}
}

// bin deletes a conversation in such a way that it can be had back for a while.
func (h *Handlers) bin(s *ask.State, gone ask.Session) {
	if len(gone.Answers)+len(gone.Parts) == 0 {
		return
	}
	gone.At, gone.Nudged, gone.Warned, gone.Aside = h.Now(), false, false, true
	s.Bin = append(s.Bin, gone)
	if over := len(s.Bin) - mostInBin; over > 0 {
		s.Bin = s.Bin[over:]
	}
}

// take takes a draft with a short id out of a list.
func take(list *[]ask.Session, id string) (ask.Session, bool) {
	i := slices.IndexFunc(*list, func(s ask.Session) bool { return s.IsOf(id) })
	if i < 0 {
		return ask.Session{}, false
	}
	s := (*list)[i]
	*list = slices.Delete(slices.Clone(*list), i, i+1)
	return s, true
}

// expire ends drafts whose time is over, and shows back what was written in them.
func (h *Handlers) expire(t *Turn) {
	over := func(s ask.Session) bool { return !s.At.IsZero() && !h.Now().Before(s.At.Add(draftLife)) }
	end := func(s ask.Session) {
		f, _ := flows.Find(s)
		h.stopped(t, s, Expired)
		h.giveBack(t, locales.FormExpired(h.draftName(s)), s.Typed(f))
	}
	if s := t.State.Focus; s != nil && over(*s) {
		end(*s)
		t.State.Focus = nil
	}
	var kept []ask.Session
	for _, s := range t.State.Drafts {
		if over(s) {
			end(s)
			continue
		}
		kept = append(kept, s)
	}
	t.State.Drafts = kept
	t.State.Bin = slices.DeleteFunc(slices.Clone(t.State.Bin), func(s ask.Session) bool { return !h.Now().Before(s.At.Add(binLife)) })
}

// remind is what the clock tells a person who has not done anything: that something is not
// finished, once, and that it is going to expire.
func (h *Handlers) remind(t *Turn) {
	if s := t.State.Focus; s != nil && nudges(*s) && !h.Now().Before(h.daytime(s.At.Add(nudgeAfter))) {
		s.Nudged = true
		h.stopped(t, *s, Silent)
		t.Say(ask.Reply{Text: h.Book.Say(t.Lang(), locales.Nudge(h.draftName(*s))), Buttons: h.menuRows(t.Lang(), "resume", "later", "discard")})
	}
	for _, s := range drafts(t.State) {
		if warns(*s) && !h.Now().Before(h.daytime(s.At.Add(draftLife-warnBefore))) {
			s.Warned = true
			id := s.Short()
			t.Say(ask.Reply{
				Text: h.Book.Say(t.Lang(), locales.ExpiresSoon(h.draftName(*s), s.At.Add(draftLife))),
				Buttons: [][]ask.Button{
					{h.button(t.Lang(), locales.MenuButton("resume"), "d:open:"+id)},
					{h.button(t.Lang(), locales.MenuButton("keep"), "d:keep:"+id)},
					{h.button(t.Lang(), locales.MenuButton("discard"), "d:drop:"+id)},
				},
			})
		}
	}
}

// nudges tells whether a person is to be reminded of a conversation.
func nudges(s ask.Session) bool {
	return !s.Nudged && !s.At.IsZero() && s.Phase != ask.Sending && (len(s.Parts) > 0 || len(s.Answers) > 0)
}

// warns tells whether a person has still to be told that a draft is going to expire.
func warns(s ask.Session) bool { return !s.Warned && !s.At.IsZero() }

// wake is when the clock has something to tell a person; zero: never.
func (h *Handlers) wake(s *ask.State) time.Time {
	var first time.Time
	at := func(when time.Time) {
		if when = h.daytime(when); first.IsZero() || when.Before(first) {
			first = when
		}
	}
	if s.Focus != nil && nudges(*s.Focus) {
		at(s.Focus.At.Add(nudgeAfter))
	}
	for _, d := range drafts(s) {
		if warns(*d) {
			at(d.At.Add(draftLife - warnBefore))
		}
		if !d.At.IsZero() {
			at(d.At.Add(draftLife))
		}
	}
	return first
}

// daytime moves an instant to the next hour at which people are not disturbed.
func (h *Handlers) daytime(at time.Time) time.Time {
	local := at.In(h.University.Calendar.Zone())
	morning := time.Date(local.Year(), local.Month(), local.Day(), firstHour, 0, 0, 0, local.Location())
	switch {
	case local.Before(morning):
		return morning
	case local.Hour() >= lastHour:
		return morning.AddDate(0, 0, 1)
	}
	return at
}

// snippet is how many characters of what was written stand for a draft.
const snippet = 30

// draftName is how a draft is spoken of: what it is, and how its text begins or else when
// the person was at it.
func (h *Handlers) draftName(s ask.Session) ask.Line {
	f, _ := flows.Find(s)
	longest := ""
	for _, text := range s.Typed(f) {
		if utf8.RuneCountInString(text) > utf8.RuneCountInString(longest) {
			longest = text
		}
	}
	if utf8.RuneCountInString(longest) < 20 { // a name, a number
		longest = ""
	}
	first, _, _ := strings.Cut(longest, "\n")
	return locales.DraftName(s.Flow, s.Given["case"], locales.Shorten(first, snippet), cmp.Or(s.At, h.Now()))
}

// namesDraft is the draft of which the name, or the beginning of it, was typed.
func (h *Handlers) namesDraft(t *Turn) (id string) {
	var names []ask.Line
	open := drafts(t.State)
	for _, s := range open {
		names = append(names, h.draftName(*s))
	}
	if i, ok := h.Book.Match(t.Text, names, true); ok {
		return open[i].Short()
	}
	return ""
}

// draftButton is a button of the list of drafts: d:WHAT:ID.
func (h *Handlers) draftButton(ctx context.Context, t *Turn, what, id string) error {
	switch what {
	case "open", "keep", "drop":
		if s := t.State.Focus; s != nil && s.IsOf(id) {
			switch what {
			case "drop":
				return h.discard(t)
			case "keep":
				s.At, s.Warned = h.Now(), false
				return h.resume(t, locales.DraftSaved(s.At.Add(draftLife)))
			}
			return h.resume(t)
		}
		s, ok := take(&t.State.Drafts, id)
		if !ok {
			return h.draftGone(t)
		}
		switch what {
		case "drop":
			h.bin(t.State, s)
			t.Say(t.Here(h.binned(t, s)))
			return nil
		case "keep":
			s.At, s.Warned = h.Now(), false
			t.State.Drafts = append(t.State.Drafts, s)
			t.Say(t.Here(ask.Reply{Text: h.Book.Say(t.Lang(), locales.DraftSaved(s.At.Add(draftLife))), Buttons: [][]ask.Button{h.onward(t)}}))
			return nil
		}
		return h.reopen(t, s, true)
	case "back":
		s, ok := take(&t.State.Bin, id)
		if !ok {
			return h.draftGone(t)
		}
		return h.reopen(t, s, true)
	}
	return h.resume(t, locales.OldButton())
}

func (h *Handlers) draftGone(t *Turn) error {
	if t.State.Focus != nil || len(t.State.Drafts)+len(t.State.Bin) == 0 {
		return h.resume(t, locales.DraftGone())
	}
	h.listDrafts(t, locales.DraftGone())
	return nil
}

// reopen goes on with a draft; one that is in focus is put aside, or waits.
func (h *Handlers) reopen(t *Turn, s ask.Session, aside bool) error {
	putAside(t.State, aside)
	s.At, s.Warned, s.Aside = h.Now(), false, false
	stay(&s)
	t.State.Focus = &s
	return h.resume(t)
}

// listDrafts lists what is not finished, and what was deleted and can still be had back.
func (h *Handlers) listDrafts(t *Turn, above ...ask.Line) {
	lines := append(above, locales.DraftsHead())
	var r ask.Reply
	for _, s := range drafts(t.State) {
		name := h.draftName(*s)
		lines = append(lines, locales.DraftItem(name, cmp.Or(s.At, h.Now()).Add(draftLife)))
		r.Buttons = append(r.Buttons, []ask.Button{h.button(t.Lang(), name, "d:open:"+s.Short())})
	}
	for _, s := range slices.Backward(t.State.Bin) {
		name := h.draftName(s)
		lines = append(lines, locales.BinItem(name, s.At.Add(binLife)))
		r.Buttons = append(r.Buttons, []ask.Button{h.button(t.Lang(), locales.RestoreButton(name), "d:back:"+s.Short())})
	}
	r.Buttons = append(r.Buttons, h.onward(t))
	r.Text = h.Book.Lines(t.Lang(), lines...)
	t.Say(r)
}

// binned says that a draft was deleted, and until when it can be had back.
func (h *Handlers) binned(t *Turn, s ask.Session, above ...ask.Line) ask.Reply {
	r := ask.Reply{Buttons: [][]ask.Button{}}
	if slices.ContainsFunc(t.State.Bin, func(b ask.Session) bool { return b.ID == s.ID }) {
		above = append(above, locales.Binned(h.Now().Add(binLife)))
		r.Buttons = append(r.Buttons, []ask.Button{h.button(t.Lang(), locales.MenuButton("restore"), "d:back:"+s.Short())})
	}
	r.Text = h.Book.Lines(t.Lang(), above...)
	return r
}

// later saves the open conversation for another time.
func (h *Handlers) later(t *Turn) error {
	if t.State.Focus == nil {
		return h.draftGone(t)
	}
	t.State.Focus.At = h.Now()
	until := t.State.Focus.At.Add(draftLife)
	putAside(t.State, true)
	h.menu(t, locales.DraftSaved(until))
	return nil
}

// discard deletes the open conversation.
func (h *Handlers) discard(t *Turn) error {
	if t.State.Focus == nil {
		return h.draftGone(t)
	}
	s := *t.State.Focus
	t.State.Focus = nil
	h.stopped(t, s, Cancelled)
	h.bin(t.State, s)
	return h.end(t, h.binned(t, s, locales.Discarded()))
}

// edited is a message that was changed after it had been sent: in a form the answer changes
// with it; what became part of a case is passed on as an amendment, and the original stays.
func (h *Handlers) edited(ctx context.Context, t *Turn) error {
	in := h.said(t)
	for _, s := range drafts(t.State) {
		f, ok := flows.Find(*s)
		if !ok {
			continue
		}
		s.Today = h.day(h.Now())
		said := in
		if v, ok := f.Amending(*s, in.Message); ok {
			said.Text = h.Book.Read(in.Text, v)
		}
		next, view, ok := f.Amend(*s, said)
		if !ok {
			continue
		}
		f, next, view = h.steered(ctx, f, *s, next, view)
		*s = next
		s.At = h.Now()
		if s != t.State.Focus {
			return h.resume(t, locales.DraftAmended(h.draftName(*s)))
		}
		t.Say(h.show(t.Lang(), f, next, view))
		return nil
	}
	for _, sent := range slices.Backward(t.State.Sent) {
		if sent.Message == t.Message {
			return h.amend(ctx, t, sent)
		}
	}
	return h.resume(t, locales.FormEdited())
}

// amend passes a changed message on to the office that has the case, with the words that it had.
func (h *Handlers) amend(ctx context.Context, t *Turn, sent ask.Sent) error {
	m := dauys.Move{Act: dauys.Amend, Note: ask.Clean(t.Text)}
	if t.File != nil {
		m.Note = ask.Clean(t.File.Caption)
		m.Files = filesOf(ask.Answer{Files: []ask.File{*t.File}})
	}
	if m.Note == "" && len(m.Files) == 0 {
		return h.resume(t, locales.FormEdited())
	}
	c, err := h.own(ctx, t, sent.Case)
	if errors.Is(err, dauys.ErrNotFound) {
		return h.resume(t, locales.FormEdited())
	}
	if err != nil {
		return err
	}
	was := before(c, sent)
	if was != "" {
		m.Details = []dauys.Detail{{Question: locales.AmendedBefore, Text: was}}
		if len(m.Files) == 0 && m.Note == lastWords(c, was) && !c.Caused(t.Update) { // messengers tell of a message in which no word has changed, too
			return nil
		}
	}
	_, late, err := h.moveOwn(ctx, t, sent.Case, t.Update, always(m))
	if err != nil {
		return fmt.Errorf("amend %s: %w", sent.Case, err)
	}
	if late != "" {
		return h.resume(t, locales.TooLate(late))
	}
	return h.resume(t, locales.Amended(sent.Case))
}

// before are the words that a message had when it became part of a case; empty: nobody knows.
func before(c *dauys.Case, sent ask.Sent) string {
	text := c.Text
	for _, e := range c.Events {
		if sent.Of != "" && e.Cause == sent.Of {
			text = e.Note
		}
	}
	runes := []rune(text)
	if sent.Len <= 0 || sent.At < 0 || sent.At > len(runes)-sent.Len {
		return ""
	}
	words := string(runes[sent.At : sent.At+sent.Len])
	if checksum(words) != sent.Sum {
		return ""
	}
	return words
}

// lastWords are those of a message by now: it may have been changed before.
func lastWords(c *dauys.Case, first string) string {
	for _, e := range slices.Backward(c.Events) {
		if e.Act == dauys.Amend && locales.AmendedFrom(e) == first {
			return e.Note
		}
	}
	return first
}

func checksum(words string) uint32 { return crc32.ChecksumIEEE([]byte(words)) }

// became remembers of which case the messages of a conversation are a part now, and where: of what was
// filed, or of the event with a cause.
func became(t *Turn, s ask.Session, number, of string) {
	note := func(sent ask.Sent) {
		if sent.Case = number; sent.Message != "" {
			t.State.Sent = append(t.State.Sent, sent)
		}
	}
	for key, a := range s.Answers {
		at := 0
		for i, m := range a.From {
			sent := ask.Sent{Message: m, Of: of}
			if i < len(a.Values) {
				n := utf8.RuneCountInString(a.Values[i])
				if key == "story" || key == "words" { // what has a place of its own
					sent.At, sent.Len, sent.Sum = at, n, checksum(a.Values[i])
				}
				at += n + len("\n\n")
			}
			note(sent)
		}
		for _, f := range a.Files {
			note(ask.Sent{Message: f.Message})
		}
	}
	if over := len(t.State.Sent) - mostSent; over > 0 {
		t.State.Sent = t.State.Sent[over:]
	}
}

// menuRows are buttons of the menu, one under the other.
func (h *Handlers) menuRows(l dauys.Lang, what ...string) (rows [][]ask.Button) {
	for _, w := range what {
		rows = append(rows, []ask.Button{h.button(l, locales.MenuButton(w), "m:"+w)})
	}
	return rows
}
