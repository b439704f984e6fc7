package handlers

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
)

// Proposal is a request that somebody has written down for another person, and that becomes
// that person's case only with their yes.
type Proposal struct {
	ID      string // of the draft, and then of the case
	Code    string
	Writer  dauys.Address
	By      string // the writer's name
	Session ask.Session
	Expires time.Time
	Taker   dauys.Address
	Case    string // number, when it was said yes to
}

// Proposals are kept in the database: the one who has to say yes may come days later.
type Proposals interface {
	// Propose stores a proposal once; one that is there is returned as it is.
	Propose(ctx context.Context, p Proposal, notes ...dauys.Notification) (Proposal, error)
	Proposal(ctx context.Context, id string) (Proposal, error)
	// TakeProposal keeps a proposal for the one who opens it; the error is dauys.ErrBadCode.
	TakeProposal(ctx context.Context, code string, who dauys.Address, now time.Time) (Proposal, error)
	// SettleProposal notes which case it has become, once, with what is to be told.
	SettleProposal(ctx context.Context, id, number string, notes ...dauys.Notification) error
}

// proposalLife is how long somebody has time to open what was written down for them.
const proposalLife = 14 * 24 * time.Hour

// startProposal begins the payload of a link that leads to a proposal.
const startProposal = "w_"

// propose keeps a request that somebody has written down for another person, and hands out
// the link with which that person reads, corrects and sends it.
func (h *Handlers) propose(ctx context.Context, t *Turn, s ask.Session) (ask.Line, *ask.Line, error) {
	p := Proposal{
		ID: s.ID, Code: h.NewID(), Writer: t.From, By: cmp.Or(ask.Clean(t.Name), string(t.From)), Session: s, Expires: h.Now().Add(proposalLife),
	}
	lapsed := dauys.Notification{Key: "lapsed/" + s.ID, What: dauys.Lapsed, To: t.From, Body: s.ID, After: p.Expires}
	stored, err := h.Storage.Propose(ctx, p, lapsed)
	if err != nil {
		return ask.Line{}, nil, fmt.Errorf("propose: %w", err)
	}
	link := h.Link(startProposal + stored.Code)
	whose := s.Value("whose")
	t.Say(ask.Reply{Text: h.Book.Say(t.Lang(), locales.ProposalLink(whose, link, stored.Expires)), Buttons: h.share(t.Lang(), link, locales.ProposalShare())})
	return locales.Proposed(whose), nil, nil
}

// share is the button that passes a link of the bot on, with words beside it; a messenger that has no
// links has none.
func (h *Handlers) share(l dauys.Lang, link string, words ask.Line) [][]ask.Button {
	if !strings.HasPrefix(link, "https://") {
		return nil
	}
	to := "https://t.me/share/url?" + url.Values{"url": {link}, "text": {h.Book.Plain(l, words)}}.Encode()
	return [][]ask.Button{{{Text: h.Book.Plain(l, locales.ShareButton()), URL: to}}}
}

// openProposal shows a person what was written down for them.
func (h *Handlers) openProposal(ctx context.Context, t *Turn, code string) error {
	p, err := h.Storage.TakeProposal(ctx, code, t.From, h.Now())
	switch {
	case errors.Is(err, dauys.ErrBadCode):
		return h.resume(t, locales.ProposalGone())
	case err != nil:
		return fmt.Errorf("open a proposal: %w", err)
	case p.Case != "" && p.Writer != t.From:
		return h.showCase(ctx, t, p.Case)
	case p.Writer == t.From:
		return h.resume(t, locales.ProposalOwn(p.Session.Value("whose")))
	}
	if s := t.State.Focus; s != nil && s.ID == p.ID {
		return h.resume(t)
	}
	if s, ok := take(&t.State.Drafts, p.Session.Short()); ok {
		return h.reopen(t, s, true)
	}
	known := map[string]ask.Answer{}
	for key, a := range p.Session.Answers {
		a.From = nil // messages of somebody else
		for i := range a.Files {
			a.Files[i].Message = ""
		}
		known[key] = a
	}
	given := maps.Clone(p.Session.Given)
	given["by"] = []string{p.By}
	if to := p.Session.Value("addressee"); to != "" { // which no student is asked
		given[givenLevel] = []string{to}
	}
	if known["kind"].Text() == string(dauys.Suggestion) { // of the version before, where the kind was asked for
		known["topic"] = ask.Answer{Values: []string{flows.Idea}}
	}
	known["standing"] = ask.Answer{Values: []string{string(dauys.AsStudent)}}
	known["name"] = known["whose"]
	for _, key := range []string{"against", "group"} { // whoever wrote may not have been asked; the applicant can still say it
		if _, ok := known[key]; !ok {
			known[key] = map[string]ask.Answer{"against": {Values: []string{flows.AboutNobody}}, "group": {Skipped: true}}[key]
		}
	}
	for _, key := range []string{"whose", "behalf", "addressee", "kind", "consent"} {
		delete(known, key)
	}
	agreed(t, known)
	putAside(t.State, false)
	_, s, _ := h.steer(ctx, flows.Complaint, ask.Session{}, flows.Complaint.Start(p.ID, given, known))
	s.At = h.Now()
	t.State.Focus = &s
	h.hand(t, p)
	return h.resume(t, locales.ProposalIntro(p.By))
}

// hand shows a person what was said and attached for them: nobody says yes to what they have not
// heard.
func (h *Handlers) hand(t *Turn, p Proposal) {
	for _, key := range []string{"story", "papers"} {
		for _, f := range p.Session.Answers[key].Files {
			f.Caption, f.Message, f.Album = strings.TrimSpace(p.By+"\n"+f.Caption), "", ""
			t.Say(ask.Reply{Files: []ask.File{f}})
		}
	}
}

// asWritten keeps with a draft the words of who had written it down, where the applicant has
// changed them: also what was said and is not among the recordings any more.
func (h *Handlers) asWritten(ctx context.Context, s ask.Session, d *dauys.Draft) error {
	if d.Helper == "" {
		return nil
	}
	p, err := h.Storage.Proposal(ctx, s.ID)
	if err != nil {
		return fmt.Errorf("words of a proposal: %w", err)
	}
	was := p.Session.Answers["story"]
	if was.Text() != d.Text {
		if d.Original = was.Text(); d.Original == "" {
			d.Original = h.Book.Plain(d.Applicant.Lang, locales.Recordings(len(was.Files)))
		}
	}
	for _, f := range filesOf(was) {
		if !slices.ContainsFunc(d.Files, func(x dauys.File) bool { return x.Ref == f.Ref }) {
			f.Caption = d.Helper
			d.Files = append(d.Files, f)
			d.Original = cmp.Or(d.Original, h.Book.Plain(d.Applicant.Lang, locales.Recordings(len(was.Files))))
		}
	}
	return nil
}

// settle notes that a proposal was said yes to, and tells who had written it.
func (h *Handlers) settle(ctx context.Context, s ask.Session, number string) error {
	if len(s.Given["by"]) == 0 {
		return nil
	}
	p, err := h.Storage.Proposal(ctx, s.ID)
	if err != nil {
		return fmt.Errorf("settle a proposal: %w", err)
	}
	l, err := h.langOf(ctx, p.Writer, "")
	if err != nil {
		return err
	}
	note := message("settled/"+s.ID, p.Writer, ask.Reply{Text: h.Book.Say(l, locales.ProposalDone(p.Session.Value("whose")))})
	if err := h.Storage.SettleProposal(ctx, s.ID, number, note); err != nil {
		return fmt.Errorf("settle a proposal: %w", err)
	}
	return nil
}

// lapsed tells the writer that nobody has said yes in time; nothing when somebody has.
func (h *Handlers) lapsed(ctx context.Context, n dauys.Notification) ([]ask.Reply, error) {
	p, err := h.Storage.Proposal(ctx, n.Body)
	if err != nil {
		return nil, fmt.Errorf("notice %s: %w", n.Key, err)
	}
	if p.Case != "" {
		return nil, nil
	}
	l, err := h.langOf(ctx, p.Writer, "")
	if err != nil {
		return nil, err
	}
	return []ask.Reply{{Text: h.Book.Say(l, locales.ProposalLapsed(p.Session.Value("whose")))}}, nil
}

// begins is what a link leads to: the payload behind /start.
func (h *Handlers) begins(ctx context.Context, t *Turn, payload string) (done bool, err error) {
	if code, ok := strings.CutPrefix(payload, startProposal); ok {
		return true, h.openProposal(ctx, t, code)
	}
	if place, ok := strings.CutPrefix(payload, startNew); ok {
		institute, scheme, _ := strings.Cut(place, "_")
		return h.fromLink(ctx, t, institute, scheme)
	}
	if code, ok := strings.CutPrefix(payload, startAppointment); ok {
		return true, h.accept(ctx, t, code)
	}
	if code, ok := strings.CutPrefix(payload, startLinking); ok {
		return true, h.fromLetter(t, code)
	}
	if place, ok := strings.CutPrefix(payload, startQueue); ok {
		return h.fromQueueLink(ctx, t, place)
	}
	if code, ok := strings.CutPrefix(payload, startSigning); ok {
		return true, h.openInvitation(ctx, t, code)
	}
	return false, nil
}

// startNew begins the payload of a link on a poster: n_INSTITUTE_SCHEME, either may be empty.
const startNew = "n_"

// fromLink starts a request for which the link says the institute, or the way, or both.
func (h *Handlers) fromLink(ctx context.Context, t *Turn, institute, scheme string) (done bool, err error) {
	return h.along(ctx, t, institute, scheme, locales.Hello())
}

// along starts a request that goes to an institute, or a way, or both. What the structure file does
// not have, or has no longer, is left out. Lines are said above, but where something else is put aside.
func (h *Handlers) along(ctx context.Context, t *Turn, institute, scheme string, above ...ask.Line) (done bool, err error) {
	given, known := h.given(t), map[string]ask.Answer{}
	if _, ok := h.University.Institute(institute); ok {
		known["institute"] = ask.Answer{Values: []string{institute}}
	}
	f := flows.Complaint
	if s, ok := h.University.Scheme(scheme); ok {
		switch {
		case slices.Equal(s.From, []dauys.Standing{dauys.AsCitizen}):
			f = flows.Public
			known["standing"] = ask.Answer{Values: []string{string(dauys.AsCitizen)}}
		case slices.Equal(s.Kinds, []dauys.Kind{dauys.Suggestion}):
			known["topic"] = ask.Answer{Values: []string{flows.Idea}}
		}
		if s.Chosen && !slices.ContainsFunc(s.Rungs, func(r dauys.Rung) bool { _, whole := h.University.Office(r.Office); return !whole }) {
			known["group"] = ask.Answer{Skipped: true} // it passes by the institute, and by who is known by the group
		}
		if alone, ok := flows.Alone(s.Kinds[0]); ok && len(s.Kinds) == 1 {
			f = alone
			for ground, items := range s.Documents { // no other conversation carries it on, with which they would be handed in
				given["papers:"+ground] = items
			}
		}
		given[givenScheme] = []string{scheme}
	}
	if len(known)+len(given[givenScheme]) == 0 {
		return false, nil
	}
	if s := t.State.Focus; s != nil && len(s.Parts) == 0 && !slices.ContainsFunc(slices.Collect(maps.Keys(s.Answers)), func(key string) bool {
		return !slices.Contains([]string{"consent", "institute", "topic", "group"}, key)
	}) {
		t.State.Focus = nil // another link, or the same again, before anything was answered
	}
	if h.full(t) {
		return true, nil
	}
	agreed(t, known)
	if open := t.State.Focus; open != nil {
		above = []ask.Line{locales.DraftSaved(cmp.Or(open.At, h.Now()).Add(draftLife))}
	}
	putAside(t.State, true)
	s := f.Start(h.NewID(), given, known)
	f, s, _ = h.steer(ctx, f, ask.Session{}, s)
	s.At = h.Now()
	h.reached(t, f, &s)
	t.State.Focus = &s
	return true, h.resume(t, above...)
}
