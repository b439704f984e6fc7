package dauys

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"
)

// walk is one case that people, the messenger and the clock move at random, with all that this
// test knows of it by itself.
type walk struct {
	*testing.T
	*rand.Rand
	cal *Calendar
	c   *Case
	now time.Time

	// What the events say, one after the other.
	status   Status
	ladder   Ladder
	position int
	holder   int64
	toward   OfficeID  // for which the applicant was asked here
	asked    time.Time // when, last
	said     Act
	log      []string
}

func (w *walk) fail(format string, args ...any) {
	w.Helper()
	for _, l := range w.log {
		w.Log(l)
	}
	w.Fatalf("%s; terms %+v, ladder %+v", fmt.Sprintf(format, args...), w.c.Terms, w.c.Ladder)
}

// The walk of a seed begins with a random ladder and random terms, at a random time.
func newWalk(t *testing.T, seed uint64) *walk {
	w := &walk{T: t, Rand: rand.New(rand.NewPCG(7, seed)), cal: &Builtin().Calendar, status: Registered}
	u := &University{Calendar: *w.cal, Clocks: Terms{Redirect: 3, Consent: 1 + w.IntN(2), Window: 1 + w.IntN(10), Again: 1 + w.IntN(5), Accepted: int(seed % 7)}}
	if w.IntN(5) > 0 {
		u.Clocks.FollowUp = 1 + w.IntN(15)
	}
	if w.IntN(5) > 0 {
		u.Clocks.Silence = [][]int{nil, {5, 10}, {1, 2}, {2}}[w.IntN(4)]
		u.Clocks.Close = 11 + w.IntN(9)
	}
	scheme := Scheme{ID: "walk", Series: "ALT", Days: 1 + w.IntN(20), Collective: []Kind{Complaint}, Gentle: w.IntN(4) == 0, Restricted: w.IntN(3) == 0, Publish: w.IntN(2) == 0, Extend: w.IntN(3) * 5}
	papers := seed%3 == 0
	if papers {
		scheme.Documents = map[string][]string{"any": {"id", "proof"}}
		u.Clocks.Chase, u.Clocks.Bring = [][]int{nil, {3, 7}, {1, 2}}[seed/3%3], 8
	}
	w.ladder = w.randomLadder("o")
	w.now = almaty(t, "2026-11-02 00:00").Add(time.Duration(w.IntN(180*24*60)) * time.Minute)
	d := draft()
	d.Files = d.Files[:1+w.IntN(2)]
	if seed%4 == 1 {
		d.Kind = Audience
	}
	if papers {
		d.Missing = []string{"id", "proof"}
	}
	w.c = Way{Scheme: scheme, Ladder: slices.Clone(w.ladder)}.Open(d, u, w.now)
	w.c.Number = "ALT-2026-000001"
	w.log = append(w.log, fmt.Sprintf("seed %d, filed %v", seed, w.now.Format("Mon 2006-01-02 15:04")))
	return w
}

func (w *walk) randomLadder(prefix string) (l Ladder) {
	for i := range 1 + w.IntN(5) {
		g := Rung{Office: OfficeID(fmt.Sprint(prefix, i)), Days: 1 + w.IntN(6), Asks: w.IntN(3) == 0, Registers: w.IntN(5) == 0, Chooses: w.IntN(4) == 0}
		g.Second = !g.Registers && w.IntN(4) == 0
		for _, p := range Powers {
			if p != Registry && w.IntN(2) == 0 {
				g.Powers = append(g.Powers, p)
			}
		}
		if i > 0 && l[i-1].Registers { // as [University.Route] has it
			g.Asks = false
		}
		l = append(l, g)
	}
	l[len(l)-1].Registers = false
	return l
}

// pass lets time go by: minutes or days.
func (w *walk) pass() {
	switch w.IntN(5) {
	case 0:
		w.now = w.now.Add(time.Duration(w.IntN(9*24*60)) * time.Minute)
	case 1:
		w.now = w.now.Add(time.Duration(w.IntN(24*60)) * time.Minute)
	default:
		w.now = w.now.Add(time.Duration(w.IntN(180)) * time.Minute)
	}
}

// anything is a move that may be possible or not.
func (w *walk) anything() Move {
	m := Move{At: w.now, Mark: 1 + w.IntN(7) - 1, Days: w.IntN(4), Outcome: []Outcome{Granted, Refused, Left, ""}[w.IntN(4)]}
	if w.IntN(8) > 0 {
		m.Note = "words"
	}
	if w.IntN(3) == 0 {
		m.Files = []File{{Ref: "f9", Kind: "voice", Spoken: w.IntN(2) == 0}}
	}
	switch w.IntN(4) {
	case 0:
		m.To = OfficeID(fmt.Sprint("o", w.IntN(6)))
	case 1:
		m.To = w.ladder[w.position+w.IntN(len(w.ladder)-w.position)].Office
	}
	m.Staff = Staff{ID: int64(1 + w.IntN(2)), Name: "Damir"}
	if w.IntN(3) > 0 && w.c.Holder != 0 {
		m.Staff.ID = w.c.Holder
	}
	m.Staff.Address = Address(fmt.Sprint("telegram:10", m.Staff.ID))
	r := Rules[w.IntN(len(Rules))]
	for w.IntN(8) > 0 && (!slices.Contains(r.From, w.status) || slices.Contains([]Act{Withdraw, Add, Amend, Remind, Release, Bypass, Sign, Unsign}, r.Do) && w.IntN(6) > 0) {
		r = Rules[w.IntN(len(Rules))]
	}
	m.Act, m.By = r.Do, r.By
	if w.toward != "" && w.IntN(3) == 0 {
		m.Act, m.By = Allow, TheApplicant
		if w.IntN(3) == 0 {
			m.Act = Forbid
		} else if w.said == Allow {
			m.Act, m.By = Escalate, TheOffice
		}
	}
	if _, waits := w.c.Submission(); waits && w.IntN(4) == 0 {
		m.Act, m.By, m.Staff = []Act{Approve, Return}[w.IntN(2)], TheOffice, Staff{ID: 3, Address: "telegram:103", Name: "Saule"}
	}
	if w.IntN(10) == 0 {
		m.By = []Party{TheApplicant, TheOffice, TheHolder, TheMessenger, TheHead}[w.IntN(5)]
	}
	if m.Act == Bring {
		m.Files = []File{{Ref: "f8", Kind: "photo", Item: []string{"id", "proof", ""}[w.IntN(3)]}}
	}
	switch m.Act {
	case Entrust:
		to := int64(1 + w.IntN(3))
		m.Whom = Staff{ID: to, Name: "Saule", Address: Address(fmt.Sprint("telegram:10", to)), Office: w.c.Office()}
		m.Staff.Head = w.IntN(2) == 0
		if w.IntN(6) == 0 {
			m.Whom.Office = "o9"
		}
	case Classify:
		m.Topic = []string{"marks", "teaching", "rooms", ""}[w.IntN(4)]
	case Invite:
		m.Term = w.now.Add(time.Duration(w.IntN(20*24)-24) * time.Hour)
	case Redact:
		m.Details = []Detail{{Question: "publication.answer", Text: "words"}}
	case Publish:
		m.Channel = "telegram:-100"
	}
	if slices.Contains(tying, m.Act) {
		m.Other = fmt.Sprint("ALT-2026-00090", w.IntN(3))
		if m.Act == Absorb {
			m.Term, m.Here = w.now.AddDate(1, 0, 0), w.now.AddDate(1, 0, 0) // the terms of this one hold
		}
	}
	if m.Act == Transfer {
		m.Scheme, m.Ladder = "other", w.randomLadder("t")
		known := w.ladder[w.IntN(len(w.ladder))].Office
		if w.IntN(3) == 0 && !slices.ContainsFunc(m.Ladder, func(g Rung) bool { return g.Office == known }) {
			m.Ladder[0].Office = known
		}
	}
	if m.By == TheClock && m.Act != Bypass && m.Act != Recount && m.Act != Substitute { // those it does by itself
		m.By = TheApplicant
	}
	if m.By == TheSigner {
		m.Staff = Staff{Address: Address(fmt.Sprint("telegram:", 1+w.IntN(4))), Name: "Amina"}
	}
	if m.By == TheApplicant || m.By == TheMessenger || m.By == TheClock && m.Act != Substitute {
		m.Staff = Staff{}
	}
	return m
}

// do makes a move and compares what has become of the case with what it knows.
func (w *walk) do(m Move) bool {
	w.Helper()
	c := w.c
	before := clone(c)
	can := c.Can(m)
	err := c.Do(m, w.cal)
	if err != nil {
		if !reflect.DeepEqual(c, before) {
			w.fail("%s by %s was refused (%v) and changed the case", m.Act, m.By, err)
		}
		return false
	}
	e := c.Events[len(c.Events)-1]
	w.log = append(w.log, fmt.Sprintf("%s  %s by %s %d: %s → %s %s; due %s and %s, wakes %s", m.At.Format("Mon 2006-01-02 15:04"), m.Act, m.By, m.Staff.ID,
		e.From, e.To, e.Next, c.RungDue.Format("01-02"), c.Due.Format("01-02"), c.Wake.Format("01-02 15:04")))
	if can != nil {
		w.fail("%s by %s was made and is not possible: %v", m.Act, m.By, can)
	}
	if len(c.Events) != len(before.Events)+1 || e.Seq != len(c.Events) || !reflect.DeepEqual(c.Events[:len(before.Events)], before.Events) {
		w.fail("%s: what happened is not what happened before and one thing more", m.Act)
	}
	rung := w.ladder[w.position]

	// A status is left only by the table.
	at := slices.IndexFunc(Rules, func(r Rule) bool {
		return slices.Contains(r.From, w.status) && r.Do == m.Act && (r.By == m.By || r.By == TheHolder && m.By == TheOffice) &&
			cmp.Or(r.To, w.status) == c.Status && (r.Climb || r.Do == Transfer) == (e.Next != "")
	})
	if at < 0 {
		w.fail("no rule leads from %s by %s of %s to %s (%s)", w.status, m.Act, m.By, c.Status, e.Next)
	}
	r := Rules[at]
	if e.From != w.status || e.To != c.Status || e.Office != rung.Office {
		w.fail("%s: the event says from %s to %s at %s, and it was %s at %s", m.Act, e.From, e.To, e.Office, w.status, rung.Office)
	}
	if r.By == TheHolder && m.Staff.ID != w.holder {
		w.fail("%s by %d, and %d had it", m.Act, m.Staff.ID, w.holder)
	}
	if m.Act == Entrust && (!m.Staff.Head && m.Staff.ID != w.holder || m.Whom.Office != rung.Office || m.Whom.ID == w.holder) {
		w.fail("handed by %d to %d of %s, and %d had it", m.Staff.ID, m.Whom.ID, m.Whom.Office, w.holder)
	}
	if changed := c.Topic != before.Topic; changed != (m.Act == Classify) || changed && (c.Topic == "" || e.Was != before.Topic) {
		w.fail("%s: about %q after %q", m.Act, c.Topic, before.Topic)
	}
	if (m.Act == Answer || m.Act == Decide) && rung.Registers {
		w.fail("%s by an office that only registers", m.Act)
	}
	if waits, is := before.Submission(); (m.Act == Answer || m.Act == Decide) && rung.Second && (!is || waits.Note != m.Note || before.Events[len(before.Events)-1].Act != Approve) {
		w.fail("%s without the yes of a second person", m.Act)
	} else if (m.Act == Approve || m.Act == Return) && (!is || waits.Staff == m.Staff.ID) {
		w.fail("%s by %d, and what waits is of %d", m.Act, m.Staff.ID, waits.Staff)
	}
	if slices.Contains(Powers, m.Act) && !slices.Contains(rung.Powers, m.Act) {
		w.fail("%s by an office without that power", m.Act)
	}

	// Who is received, when, and what is published: only what they have agreed to, once.
	slot, expected := before.Reception()
	switch _, published := before.Published(); m.Act {
	case Invite:
		if now, ok := c.Reception(); c.Kind != Audience || !ok || !now.Equal(m.Term) || !m.Term.After(m.At) {
			w.fail("invited for %v to a %s: %v", m.Term, c.Kind, now)
		}
	case Excuse:
		if _, still := c.Reception(); !expected || !m.At.Before(slot) || still {
			w.fail("excused from %v, expected: %v", slot, expected)
		}
	case Redact, Publish, Keep:
		if _, open := before.Wording(); !c.Terms.Publish || published || m.Act != Redact && !open {
			w.fail("%s after a wording: %v, published: %v", m.Act, open, published)
		}
	}

	// Who has signed: others than the applicant, each once.
	if m.Act == Sign || m.Act == Unsign {
		had, has := before.Signed(m.Staff.Address), c.Signed(m.Staff.Address)
		if had == has || has != (m.Act == Sign) || m.Staff.Address == c.Applicant.Address || e.Who != m.Staff.Address {
			w.fail("%s by %s, who had signed: %v", m.Act, m.Staff.Address, had)
		}
	} else if len(c.Signatures()) != len(before.Signatures()) {
		w.fail("%s changes who has signed", m.Act)
	}

	// Documents are brought once, and nobody is chased for those that are there.
	switch {
	case m.Act == Chase || m.Act == Forgo:
		if before.Lacks() == 0 || m.At.Before(w.cal.Due(c.Registered, c.Terms.Bring)) == (m.Act == Forgo) {
			w.fail("%s of %d documents that are missing, to be brought by %v", m.Act, before.Lacks(), m.Term)
		}
		if _, over := before.Latest(Forgo); over {
			w.fail("%s after the time for documents was over", m.Act)
		}
	case c.Lacks() > before.Lacks(), c.Lacks() < before.Lacks() && m.Act != Bring:
		w.fail("%s: %d documents are missing after %d", m.Act, c.Lacks(), before.Lacks())
	}

	// Which way it goes.
	switch {
	case m.Act == Transfer:
		if slices.ContainsFunc(w.ladder[w.position+1:], func(g Rung) bool { return g.Office == m.Ladder[0].Office }) {
			w.fail("given over to %s above", e.Next)
		}
		w.ladder, w.position = m.Ladder, 0
	case r.Climb:
		to := slices.IndexFunc(w.ladder, func(g Rung) bool { return g.Office == e.Next })
		switch {
		case to <= w.position:
			w.fail("%s leads from %d to %d", m.Act, w.position, to)
		case to > w.position+1 && !(rung.Chooses && (m.Act == Escalate || e.Next == w.toward && (m.Act == Allow || m.Act == Expire))) && !(m.Act == Bypass && e.Next == m.To):
			w.fail("%s passes over offices", m.Act)
		case w.said == Forbid && (m.Act == Escalate || m.Act == Expire) && (m.Act == Expire || w.ladder[to].Asks):
			w.fail("%s against the word of the applicant", m.Act)
		case w.ladder[to].Asks && m.Act == Escalate && (w.said != Allow || w.toward != e.Next),
			w.ladder[to].Asks && m.Act == Allow && w.toward != e.Next,
			w.ladder[to].Asks && m.Act == Expire && (w.toward != e.Next || w.said == "" && m.At.Before(w.cal.Due(w.asked, c.Terms.Consent))):
			w.fail("%s shows the case to who was not agreed upon: %s, %s", m.Act, w.toward, w.said)
		}
		w.position = to
	}
	if e.Next != "" && e.Next != w.ladder[w.position].Office || c.Position != w.position || c.Office() != w.ladder[w.position].Office || !reflect.DeepEqual(c.Ladder, w.ladder) {
		w.fail("%s: at %s, rung %d; by its events at rung %d of %+v", m.Act, c.Office(), c.Position, w.position, w.ladder)
	}
	switch {
	case e.Next != "", m.Act == Reopen, m.Act == Bounce:
		w.toward, w.asked, w.said = "", time.Time{}, ""
	case m.Act == Propose:
		w.toward, w.asked = e.Toward, m.At
		if w.said != "" || e.Toward == "" {
			w.fail("asked about %q after %q", e.Toward, w.said)
		}
	case m.Act == Allow, m.Act == Forbid:
		w.said = m.Act
	}

	// Who has it.
	w.status = e.To
	switch {
	case m.Act == Take, m.Act == Substitute:
		w.holder = m.Staff.ID
	case m.Act == Entrust:
		w.holder = m.Whom.ID
	case w.status == Registered, w.status == Closed, w.status == Withdrawn:
		w.holder = 0
	}
	if c.Status != w.status || c.Holder != w.holder || (c.Holder != 0) != (c.HolderName != "") {
		w.fail("%s held by %d %q; by its events %s held by %d", c.Status, c.Holder, c.HolderName, w.status, w.holder)
	}
	if works := w.status == InReview || w.status == Needs || w.status == OnAgenda; works && c.Holder == 0 {
		w.fail("nobody has it while %s", c.Status)
	}
	c.Loaded()
	w.wakes()
	w.noDeadEnd()
	return true
}

// wakes compares when the clock says that it looks again with when it finds something.
func (w *walk) wakes() {
	w.Helper()
	c := w.c
	m, ticks := c.Ticks(w.cal, w.now)
	if due := !c.Wake.IsZero() && !c.Wake.After(w.now) && w.cal.Open(w.now); ticks != due {
		w.fail("wakes at %v, and at %v it finds %q: %v", c.Wake, w.now, m.Act, ticks)
	}
	if c.Wake.IsZero() {
		for _, later := range []int{1, 5, 60} {
			if m, ticks := c.Ticks(w.cal, w.cal.openingAfter(w.now, later)); ticks {
				w.fail("never wakes, and would find %s", m.Act)
			}
		}
		return
	}
	if !w.cal.Open(c.Wake) {
		w.fail("wakes at %v, out of working hours", c.Wake)
	}
	if c.Wake.After(w.now) {
		if m, ticks := c.Ticks(w.cal, c.Wake); !ticks {
			w.fail("wakes at %v for nothing", c.Wake)
		} else if opens, _ := w.cal.Hours(c.Wake); !c.Wake.Equal(opens) && m.Act != Propose {
			w.fail("%s comes at %v, not when the day begins", m.Act, c.Wake)
		}
		for before := w.cal.NextOpening(w.now); before.Before(c.Wake); before = w.cal.NextOpening(before) {
			if m, ticks := c.Ticks(w.cal, before); ticks {
				w.fail("wakes at %v, and would find %s at %v", c.Wake, m.Act, before)
			}
		}
	}
}

// noDeadEnd: somebody can bring a case nearer to its end, unless it is there.
func (w *walk) noDeadEnd() {
	w.Helper()
	can := func(acts ...Act) bool {
		return slices.ContainsFunc(acts, func(a Act) bool {
			return slices.ContainsFunc([]Party{TheHolder, TheApplicant, TheMessenger}, func(p Party) bool {
				return w.c.Offers(a, p, w.now) || p == TheHolder && w.c.Can(Move{Act: a, By: TheOffice, Staff: Staff{ID: w.c.Holder}, At: w.now}) == nil
			})
		})
	}
	ok := true
	switch w.c.Status {
	case Registered:
		ok = can(Take)
	case InReview:
		ok = can(Answer, Submit, Escalate, Propose) || w.c.wider().by != "" && !w.c.Wake.IsZero() // asked and waiting
	case Needs:
		ok = can(Unask) && can(Reply)
	case OnAgenda:
		ok = can(GiveBack) && (can(Decide, Submit) || w.c.Rung().Registers)
	case Decided, Redirected:
		ok = can(Delivered)
	}
	if !ok {
		w.fail("nobody can do anything while %s", w.c.Status)
	}
}

// tick lets the clock do all that it has to do now.
func (w *walk) tick() (made int) {
	w.Helper()
	for {
		m, ok := w.c.Ticks(w.cal, w.now)
		if !ok {
			return made
		}
		if made++; made > 8 {
			w.fail("the clock finds no end")
		}
		if !w.do(m) {
			w.fail("the clock wants %s, which is not possible: %v", m.Act, w.c.Can(m))
		}
		if next, ok := w.c.Ticks(w.cal, w.now); ok && next.Act == m.Act && next.Term.Equal(m.Term) {
			w.fail("the clock does %s twice", m.Act)
		}
	}
}

// alone lets the clock go on when nobody else does anything any more.
func (w *walk) alone() {
	w.Helper()
	if !w.cal.Open(w.now) {
		w.now = w.cal.NextOpening(w.now)
	}
	began, last := w.now, w.now
	urged := 0
	for urged < 12 {
		c := w.c
		if c.Wake.IsZero() {
			break
		}
		if w.now = later(w.now, c.Wake); !w.cal.Open(w.now) { // the calendar of this test does not change
			w.fail("wakes at %v, out of working hours", w.now)
		}
		term := c.RungDue
		if c.Due.Before(term) {
			term = c.Due
		}
		running := slices.Contains(working, c.Status)
		limit := 1
		if c.Terms.Gentle {
			limit = 5
		}
		if wide := c.wider(); wide.by != "" && wide.said == "" {
			limit = max(limit, c.Terms.Consent+1)
		}
		if from := later(later(term, last), began); running && term.Before(w.now) && w.cal.WorkingDaysLeft(from, w.now) > limit {
			w.fail("silent from %v to %v", from, w.now)
		}
		n := len(c.Events)
		if w.tick() == 0 {
			w.fail("wakes at %v for nothing", w.now)
		}
		for _, e := range c.Events[n:] {
			if e.Act == Urge {
				urged++
			}
			if e.Act == Expire || e.Act == Close {
				urged = 0
			}
		}
		last = w.now
		if w.now.Sub(began) > 4*366*24*time.Hour {
			w.fail("no end in four years")
		}
	}
	c := w.c
	_, higher := c.Higher()
	switch c.Status {
	case Registered, InReview, OnAgenda:
		if higher && !c.Terms.Gentle && w.said != Forbid {
			w.fail("stays at %s for ever, with an office above", c.Office())
		}
		if urged < 12 {
			w.fail("nobody is urged for ever")
		}
	case Needs:
		if c.Terms.Close > 0 && !c.undelivered() {
			w.fail("the question stays open")
		}
		if c.undelivered() && urged < 12 {
			w.fail("nobody is urged because of a question that did not arrive")
		}
	case Decided, Redirected:
		if c.undelivered() && urged < 12 {
			w.fail("nobody is urged because of an answer that did not arrive")
		}
	case Closed:
		closed := 0
		for i, e := range c.Events {
			if e.From != Closed {
				closed = i
			}
		}
		asks := c.Terms.FollowUp
		if c.Outcome == Outside {
			asks = c.Terms.Accepted
		}
		if asks > 0 && c.Outcome != Left && c.Outcome != Joined && !slices.ContainsFunc(c.Events[closed:], func(e Event) bool { return e.Act == FollowUp || e.Act == Accept }) {
			w.fail("nobody asks whether it was solved")
		}
	}
}

// TestWalks makes thousands of cases live at random. Whatever happens: a refused move changes
// nothing; the case stands where its events lead, in status, office and holder; there is no way
// around the table, the applicant's no or whoever took it; the clock wakes when it has something
// to do and then only; there is no dead end, and if nobody does anything, the clock brings the case
// up or to its end and never falls silent.
func TestWalks(t *testing.T) {
	walks := uint64(1500)
	if testing.Short() {
		walks = 300
	}
	done := map[string]int{}
	for seed := range walks {
		w := newWalk(t, seed)
		w.wakes()
		w.noDeadEnd()
		for range 40 {
			w.pass()
			if w.IntN(6) == 0 { // nobody looks
				w.pass()
				w.do(w.anything())
				continue
			}
			if w.tick(); w.IntN(4) == 0 || w.status == Needs && w.IntN(3) > 0 {
				continue
			}
			for range 6 { // until one is possible
				if w.do(w.anything()) {
					break
				}
			}
		}
		w.alone()
		for _, e := range w.c.Events {
			done[string(e.Act)+" by "+string(e.By)]++
			done["to "+string(e.To)]++
		}
	}
	for _, r := range Rules { // or the walks would show less than they seem to
		by := r.By
		if by == TheHolder && done[string(r.Do)+" by "+string(by)] == 0 {
			by = TheOffice
		}
		if key := string(r.Do) + " by " + string(by); done[key] == 0 {
			t.Errorf("no walk has %s", key)
		}
	}
	for _, s := range declared[Status](t, "Status") {
		if done["to "+string(s)] == 0 {
			t.Errorf("no walk comes to %s", s)
		}
	}
}
