package handlers

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
)

// A collective request is a case like any other, with one applicant. Others put their names under it
// through a link that the applicant passes on; they are told of the outcome and have no other part.

// Signatures are the links with which others sign, and where somebody has signed.
type Signatures interface {
	// Invite keeps the link of a case; one that is open already is returned as it is.
	Invite(ctx context.Context, i dauys.Invitation, now time.Time) (dauys.Invitation, error)
	Invitation(ctx context.Context, number string) (dauys.Invitation, error)
	// Invited finds an open link; the error is dauys.ErrBadCode.
	Invited(ctx context.Context, code string, now time.Time) (dauys.Invitation, error)
	CloseInvitation(ctx context.Context, number string) error
	SignedBy(ctx context.Context, who dauys.Address, limit int) ([]*dauys.Case, error)
}

const (
	// startSigning begins the payload of a link with which others sign.
	startSigning = "g_"
	// invitationLife is how long such a link is good, if the case is open for so long.
	invitationLife = 30 * 24 * time.Hour
)

// What buttons about signatures carry behind the number of the case: c:NUMBER:invite.
const (
	pressInvite = "invite"
	pressUnlist = "unlist"
	pressUnsign = string(dauys.Unsign)
)

// signingButton is one of them.
func (h *Handlers) signingButton(ctx context.Context, t *Turn, number, what string) (done bool, err error) {
	switch what {
	case pressUnsign:
		return true, h.unsign(ctx, t, number)
	case pressInvite, pressUnlist:
	default:
		return false, nil
	}
	c, err := h.own(ctx, t, number)
	if errors.Is(err, dauys.ErrNotFound) {
		return true, h.resume(t, locales.NoSuchCase())
	}
	if err != nil {
		return true, err
	}
	if what == pressUnlist {
		if err := h.Storage.CloseInvitation(ctx, number); err != nil {
			return true, fmt.Errorf("close an invitation: %w", err)
		}
		t.Say(h.caseView(t, c, locales.InviteClosed()))
		return true, nil
	}
	return true, h.invite(ctx, t, c)
}

// invite hands out the link with which others sign a case, and shows who has.
func (h *Handlers) invite(ctx context.Context, t *Turn, c *dauys.Case) error {
	if !c.Signable() {
		t.Say(h.caseView(t, c, locales.TooLate(c.Status)))
		return nil
	}
	i, err := h.Storage.Invite(ctx, dauys.Invitation{Case: c.Number, Code: h.NewID(), Expires: h.Now().Add(invitationLife)}, h.Now())
	if err != nil {
		return fmt.Errorf("invite to sign: %w", err)
	}
	link := h.Link(startSigning + i.Code)
	r := ask.Reply{Text: h.Book.Say(t.Lang(), locales.InviteLink(c, i, link))}
	r.Buttons = append(h.share(t.Lang(), link, locales.InviteShare()),
		[]ask.Button{h.button(t.Lang(), locales.InviteClose(), "c:"+c.Number+":"+pressUnlist)},
		[]ask.Button{h.button(t.Lang(), locales.OpenCase(), "c:"+c.Number)})
	for _, names := range h.signers(t.Lang(), c) {
		t.Say(names)
	}
	t.Say(r)
	return nil
}

// signers lists who has signed a case, if anybody has.
func (h *Handlers) signers(l dauys.Lang, c *dauys.Case) []ask.Reply {
	if len(c.Signatures()) == 0 {
		return nil
	}
	return []ask.Reply{{Text: h.Book.Lines(l, locales.SignatureNames(c)...)}}
}

// signs is the move of somebody who signs.
func (h *Handlers) signs(t *Turn, name string) dauys.Move {
	return dauys.Move{Act: dauys.Sign, By: dauys.TheSigner, Staff: dauys.Staff{Address: t.From, Name: name}, Note: t.State.Consent, At: h.Now()}
}

// openInvitation shows somebody what they are asked to sign, and asks them.
func (h *Handlers) openInvitation(ctx context.Context, t *Turn, code string) error {
	i, err := h.Storage.Invited(ctx, code, h.Now())
	if errors.Is(err, dauys.ErrBadCode) {
		return h.resume(t, locales.SigningGone())
	}
	if err != nil {
		return fmt.Errorf("open an invitation: %w", err)
	}
	c, err := h.Storage.Case(ctx, i.Case)
	if err != nil {
		return fmt.Errorf("case to sign: %w", err)
	}
	switch no, err := h.whyNot(ctx, t, c); {
	case err != nil:
		return err
	case c.Signed(t.From):
		t.Say(h.signedView(t, c, locales.SignedBefore()))
		return nil
	case no != nil:
		return h.resume(t, *no)
	}
	if again(t, flows.Signature, c.Number) {
		return h.resume(t)
	}
	if h.full(t) {
		return nil
	}
	recordings := c.Recordings()
	lines := []ask.Line{locales.SigningHead(c)}
	if c.Text != "" {
		lines = append(lines, locales.SigningText(c.Text))
	}
	if len(recordings) > 0 {
		lines = append(lines, locales.SigningSpoken())
	}
	if n := len(c.Files) - len(recordings); n > 0 {
		lines = append(lines, locales.SigningFiles(n))
	}
	t.Say(ask.Reply{Text: h.Book.Lines(t.Lang(), append(lines, locales.SigningMeans())...)})
	for _, r := range h.files(t.Lang(), c.Number, recordings) {
		t.Say(r)
	}
	h.start(t, flows.Signature, map[string][]string{"case": {c.Number}, "name": h.given(t)["name"]}, map[string]ask.Answer{})
	return nil
}

// whyNot says why somebody cannot sign a case, if that is so.
func (h *Handlers) whyNot(ctx context.Context, t *Turn, c *dauys.Case) (no *ask.Line, err error) {
	why := func(l ask.Line) (*ask.Line, error) { return &l, nil }
	rights, err := h.Storage.StaffOf(ctx, t.From, h.Now())
	if err != nil {
		return nil, fmt.Errorf("rights: %w", err)
	}
	switch {
	case dauys.May(dauys.ToOwn, c, t.From, nil, h.Now()):
		return why(locales.InviteOwn())
	case !dauys.May(dauys.ToSign, c, t.From, rights, h.Now()): // they need not know that there is one about them
		return why(locales.SigningGone())
	case c.Can(h.signs(t, "")) == nil:
		return nil, nil
	case c.Signed(t.From):
		return why(locales.SignedBefore())
	case c.Signable():
		return why(locales.SigningFull())
	}
	return why(locales.SigningOver())
}

// decided ends the conversation of who was asked to sign with what they decide, and that of who enters a
// code with the code: what there is to look through is one name.
func (h *Handlers) decided(t *Turn, f ask.Flow, before, s ask.Session, v ask.View) (next ask.Session, view ask.View, declined bool) {
	if s.Phase != ask.Reviewing || f.Name != flows.Signature.Name && f.Name != flows.Linking.Name {
		return s, v, false
	}
	if s.Value("decision") == flows.Declines {
		h.stopped(t, before, Cancelled)
		return s, v, true
	}
	s, v = f.Next(s, ask.Input{Do: ask.Send})
	return s, v, false
}

// sign puts a name under a case. The conversation is the cause: however often it is sent, there is
// one signature.
func (h *Handlers) sign(ctx context.Context, t *Turn, s ask.Session) (ask.Line, *ask.Line, error) {
	number := s.Given["case"][0]
	c, err := h.Storage.Case(ctx, number)
	if err != nil {
		return ask.Line{}, nil, fmt.Errorf("case to sign: %w", err)
	}
	if !c.Caused(s.ID) {
		i, err := h.Storage.Invitation(ctx, number)
		if err != nil {
			return ask.Line{}, nil, fmt.Errorf("invitation to sign: %w", err)
		}
		no, err := h.whyNot(ctx, t, c)
		if err != nil {
			return ask.Line{}, nil, err
		}
		if no == nil && !i.Open(h.Now()) { // closed while they were reading
			gone := locales.SigningGone()
			no = &gone
		}
		if no != nil {
			return *no, nil, nil
		}
	}
	m := h.signs(t, s.Value("name"))
	m.Cause = s.ID
	_, err = h.Storage.Act(ctx, number, t.From, s.ID, m.At, func(c *dauys.Case, _ dauys.Staff) error { return c.Do(m, &h.University.Calendar) })
	if _, late := errors.AsType[*dauys.NotAllowedError](err); late { // somebody was faster
		if c, err = h.Storage.Case(ctx, number); err != nil {
			return ask.Line{}, nil, fmt.Errorf("case to sign: %w", err)
		}
		no, err := h.whyNot(ctx, t, c)
		if err != nil {
			return ask.Line{}, nil, err
		}
		if no == nil {
			return ask.Line{}, nil, fmt.Errorf("sign %s: %w", number, dauys.ErrConflict)
		}
		return *no, nil, nil
	}
	if err != nil {
		return ask.Line{}, nil, fmt.Errorf("sign %s: %w", number, err)
	}
	h.Log.Info("signed", "case", number, "update", t.Update)
	return locales.SignedNow(number), nil, nil
}

// unsign takes somebody's signature back.
func (h *Handlers) unsign(ctx context.Context, t *Turn, number string) error {
	now := h.Now()
	c, err := h.Storage.Act(ctx, number, t.From, t.Update, now, func(c *dauys.Case, _ dauys.Staff) error {
		if !dauys.May(dauys.ToFollow, c, t.From, nil, now) {
			return dauys.ErrNotFound
		}
		return c.Do(dauys.Move{Act: dauys.Unsign, By: dauys.TheSigner, Staff: dauys.Staff{Address: t.From}, Cause: t.Update, At: now}, &h.University.Calendar)
	})
	if errors.Is(err, dauys.ErrNotFound) {
		return h.resume(t, locales.NoSuchCase())
	}
	if late, no := errors.AsType[*dauys.NotAllowedError](err); no {
		return h.resume(t, locales.TooLate(late.Status))
	}
	if err != nil {
		return fmt.Errorf("take a signature back: %w", err)
	}
	return h.resume(t, locales.Unsigned(c.Number))
}

// showSigned shows a case to somebody who has signed it; to others there is none.
func (h *Handlers) showSigned(ctx context.Context, t *Turn, number string) error {
	c, err := h.Storage.Case(ctx, number)
	if errors.Is(err, dauys.ErrNotFound) || err == nil && !dauys.May(dauys.ToFollow, c, t.From, nil, h.Now()) {
		return h.resume(t, locales.NoSuchCase())
	}
	if err != nil {
		return fmt.Errorf("load case: %w", err)
	}
	t.Say(h.signedView(t, c))
	return nil
}

// signedView is a case as who has signed it sees it.
func (h *Handlers) signedView(t *Turn, c *dauys.Case, above ...ask.Line) ask.Reply {
	lines := append(above, locales.SignedView(c)...)
	if a, ok := answer(c); ok && c.Outcome != "" {
		lines = append(lines, locales.CaseAnswer(), locales.Written(a))
		lines = append(lines, locales.DocumentLines(a)...)
	}
	r := ask.Reply{Text: h.Book.Lines(t.Lang(), lines...)}
	if c.Can(dauys.Move{Act: dauys.Unsign, By: dauys.TheSigner, Staff: dauys.Staff{Address: t.From}, At: h.Now()}) == nil {
		r.Buttons = append(r.Buttons, []ask.Button{h.button(t.Lang(), locales.UnsignButton(), "c:"+c.Number+":"+pressUnsign)})
	}
	r.Buttons = append(r.Buttons, []ask.Button{h.button(t.Lang(), locales.MenuButton("cases"), "m:cases")}, h.onward(t))
	return r
}

// toldSigner is what somebody who has signed is told of an event, in their own language. Of files only
// what was said instead of words: the others are for the applicant.
func (h *Handlers) toldSigner(ctx context.Context, n dauys.Notification, c *dauys.Case, e dauys.Event) ([]ask.Reply, error) {
	l, err := h.langOf(ctx, n.To, "")
	if err != nil {
		return nil, err
	}
	lines := locales.ToldSigner(c, e)
	if lines == nil {
		return nil, fmt.Errorf("notice %s: nobody knows how to tell who has signed of %q", n.Key, e.Act)
	}
	spoken := slices.DeleteFunc(slices.Clone(e.Files), func(f dauys.File) bool { return !f.Spoken })
	r := ask.Reply{Text: h.Book.Lines(l, lines...), Buttons: [][]ask.Button{{h.button(l, locales.OpenCase(), "c:"+c.Number)}}}
	return append([]ask.Reply{r}, h.files(l, c.Number, spoken)...), nil
}
