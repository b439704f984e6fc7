package handlers

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
)

// Mutes are who is held back, and for how long.
type Mutes interface {
	SetMute(ctx context.Context, m dauys.Mute, by dauys.Address, now time.Time, may func([]dauys.Staff) bool, notes ...dauys.Notification) error
	Muted(ctx context.Context, who dauys.Address, now time.Time) (dauys.Mute, error)          // dauys.ErrNotFound: they are not
	FiledBy(ctx context.Context, who dauys.Address, since time.Time, but string) (int, error) // but one draft
}

// leastReason is how long a reason is at least.
const leastReason = 5

// mute holds the applicant of a case back: /mute NUMBER DAYS REASON in the chat of the office that has
// it. The applicant is told why and until when; the administrators are told, so that somebody looks.
func (h *Handlers) mute(ctx context.Context, in Input) error {
	number, rest, _ := strings.Cut(strings.TrimSpace(in.Arg), " ")
	days, reason, _ := strings.Cut(strings.TrimSpace(rest), " ")
	n, err := strconv.Atoi(days)
	reason = locales.Shorten(ask.Clean(reason), 300)
	if err != nil || n < 1 || n > dauys.MostMuted || len([]rune(reason)) < leastReason {
		return h.tellChat(ctx, in, locales.MuteHow())
	}
	return h.restrain(ctx, in, number, h.Now().AddDate(0, 0, n), reason)
}

// unmute ends it: /unmute NUMBER, there or in the private chat of an administrator.
func (h *Handlers) unmute(ctx context.Context, in Input) error {
	return h.restrain(ctx, in, strings.TrimSpace(in.Arg), h.Now(), "")
}

// restrain sets until when the applicant of a case is held back; now or before ends it.
func (h *Handlers) restrain(ctx context.Context, in Input, number string, until time.Time, reason string) error {
	if in.Hidden {
		return h.tellChat(ctx, in, locales.ShowYourself())
	}
	now := h.Now()
	ends := !until.After(now)
	c, err := h.Storage.Case(ctx, asNumber(number))
	if errors.Is(err, dauys.ErrNotFound) { // told as where they may not: nobody learns which numbers there are
		return h.tellChat(ctx, in, locales.MuteNotHere())
	}
	if err != nil {
		return fmt.Errorf("mute: %w", err)
	}
	if err := h.welcome(ctx, in, c.Office()); err != nil {
		return err
	}
	rights, err := h.Storage.StaffOf(ctx, in.From, now)
	if err != nil {
		return fmt.Errorf("rights: %w", err)
	}
	may := func(rights []dauys.Staff) bool {
		return h.University.MayMute(c, in.From, rights, now) || ends && h.isAdmin(in.From)
	}
	if !may(rights) {
		return h.tellChat(ctx, in, locales.MuteNotHere())
	}
	number = c.Number
	m := dauys.Mute{Who: c.Applicant.Address, Case: number, Office: c.Office(), By: ask.Clean(in.Name), Reason: reason, Until: until}
	if ends {
		if _, err := h.Storage.Muted(ctx, m.Who, now); errors.Is(err, dauys.ErrNotFound) {
			return h.tellChat(ctx, in, locales.MuteNone())
		} else if err != nil {
			return fmt.Errorf("mute: %w", err)
		}
	}
	notes, err := h.muteNotes(ctx, in, m, ends)
	if err != nil {
		return err
	}
	err = h.Storage.SetMute(ctx, m, in.From, now, may, notes...)
	if errors.Is(err, dauys.ErrNotStaff) {
		return h.tellChat(ctx, in, locales.MuteNotHere())
	}
	if err != nil {
		return fmt.Errorf("mute: %w", err)
	}
	h.Log.Info("applicant held back", "case", number, "until", until, "update", in.Update)
	return nil
}

// muteNotes is who hears of it: the chat where it was done, the applicant, the administrators.
func (h *Handlers) muteNotes(ctx context.Context, in Input, m dauys.Mute, ends bool) ([]dauys.Notification, error) {
	l := h.chatLang(ctx, in)
	theirs, err := h.langOf(ctx, m.Who, "")
	if err != nil {
		return nil, err
	}
	if ends {
		return []dauys.Notification{
			ready(in, ask.Reply{To: in.Message, Text: h.Book.Say(l, locales.MuteEnded(m.Case))}),
			message("mute/"+in.Update, m.Who, ask.Reply{Text: h.Book.Say(theirs, locales.MuteOver())}),
		}, nil
	}
	notes := []dauys.Notification{
		ready(in, ask.Reply{To: in.Message, Text: h.Book.Say(l, locales.MuteDone(m))}),
		message("mute/"+in.Update, m.Who, ask.Reply{Text: h.Book.Say(theirs, locales.MuteTold(m))}),
	}
	for _, a := range h.Admins {
		al, err := h.langOf(ctx, a, "")
		if err != nil {
			return nil, err
		}
		notes = append(notes, message(fmt.Sprintf("mute/%s/%s", in.Update, a), a, ask.Reply{Text: h.Book.Say(al, locales.MuteReview(m))}))
	}
	return notes, nil
}

// tellChat answers a command.
func (h *Handlers) tellChat(ctx context.Context, in Input, line ask.Line) error {
	return h.Storage.Notify(ctx, ready(in, ask.Reply{To: in.Message, Text: h.Book.Say(h.chatLang(ctx, in), line)}))
}

// tooMany is why somebody cannot file another request today; nil: they can. What is filled in stays.
// A talk is asked for whatever else was sent: it is the way to object.
func (h *Handlers) tooMany(ctx context.Context, t *Turn, d dauys.Draft) (*ask.Line, error) {
	if d.Urgent {
		return nil, nil
	}
	filed, err := h.Storage.FiledBy(ctx, t.From, h.Now().AddDate(0, 0, -1), d.ID)
	if err != nil {
		return nil, fmt.Errorf("count requests: %w", err)
	}
	if filed >= dauys.MostFiled {
		no := locales.FiledEnough(filed)
		return &no, nil
	}
	if filed < dauys.MostFiledMuted || d.Kind == dauys.Kind(flows.Talk.Name) {
		return nil, nil
	}
	m, err := h.muted(ctx, t)
	if m == nil || err != nil {
		return nil, err
	}
	no := locales.FiledMuted(*m)
	return &no, nil
}

// muted is the mute of somebody; nil: they are not held back.
func (h *Handlers) muted(ctx context.Context, t *Turn) (*dauys.Mute, error) {
	m, err := h.Storage.Muted(ctx, t.From, h.Now())
	if errors.Is(err, dauys.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("who is held back: %w", err)
	}
	return &m, nil
}

// addsTooMuch is why somebody cannot add to a request now; nil: they can.
func (h *Handlers) addsTooMuch(ctx context.Context, t *Turn, number, cause string) (*ask.Line, error) {
	c, err := h.Storage.Case(ctx, number)
	if err != nil {
		return nil, fmt.Errorf("load a case: %w", err)
	}
	if c.Caused(cause) { // it was added before the program ended
		return nil, nil
	}
	if n := c.Added(h.Now()); n >= dauys.MostAdded {
		no := locales.AddedEnough(n)
		return &no, nil
	}
	m, err := h.muted(ctx, t)
	if m == nil || err != nil {
		return nil, err
	}
	no := locales.AddedMuted(*m)
	return &no, nil
}
