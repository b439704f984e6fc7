package handlers

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
)

// codeLife is how long a code for binding a chat is good.
const codeLife = 30 * time.Minute

// AdminCommands are what an administrator can type besides, in their own chat.
var AdminCommands = []string{"offices", "bind", "steps", "calendar", "appoint", "dismiss", "head", "journal", "unmute", "failed"}

// OfficeCommands are those that are typed in the chat of an office.
var OfficeCommands = []string{"open", "mine", "due", "find", "case", "trail", "link", "unlink", "merge", "split", "cause", "answerall", "answers", "note", "give", "topic", "register", "code", "codes", "looks", "unseen", "session", "mute", "unmute", "staff", "away", "queue", "meeting", "journal", "paper", "imports", "unreachable", "announce", "told", "stats", "rights", "help", "bind"}

func (h *Handlers) isAdmin(who dauys.Address) bool { return slices.Contains(h.Admins, who) }

// admin is an administrator in their own chat.
func (h *Handlers) admin(ctx context.Context, t *Turn, command string) error {
	switch command {
	case "offices":
		return h.offices(ctx, t)
	case "steps":
		return h.steps(ctx, t)
	case "calendar":
		return h.calendar(ctx, t)
	case "appoint":
		return h.appoint(ctx, t)
	case "dismiss":
		return h.dismiss(ctx, t)
	case "head":
		return h.head(ctx, t)
	case "failed":
		return h.givenUp(ctx, t)
	case "unmute":
		t.Told = true
		return h.unmute(ctx, t.Input)
	}
	id := dauys.OfficeID(strings.ToLower(strings.TrimSpace(t.Arg)))
	if o, ok := h.University.Office(id); !ok || o.Person { // a person is served in their own chat
		t.Say(ask.Reply{Text: h.Book.Say(t.Lang(), locales.BindWhich())})
		return h.offices(ctx, t)
	}
	code := h.NewCode()
	if err := h.Storage.MakeCode(ctx, id, code, t.From, h.Now().Add(codeLife)); err != nil {
		return fmt.Errorf("make a code: %w", err)
	}
	t.Say(ask.Reply{Text: h.Book.Say(t.Lang(), locales.BindCode(id, code, int(codeLife/time.Minute)))})
	return nil
}

// offices lists every office, whether it has a chat in which the bot is, and how many cases it has.
func (h *Handlers) offices(ctx context.Context, t *Turn) error {
	bound, err := h.Storage.Bindings(ctx)
	if err != nil {
		return fmt.Errorf("list bindings: %w", err)
	}
	open, err := h.Storage.OpenCounts(ctx)
	if err != nil {
		return fmt.Errorf("count open cases: %w", err)
	}
	lines := []ask.Line{locales.OfficesHead()}
	for _, o := range h.University.Offices {
		chat, lost := bound[o.ID], false
		if chat != "" {
			if lost, err = h.Storage.Unreachable(ctx, chat); err != nil {
				return fmt.Errorf("who can be reached: %w", err)
			}
		}
		lines = append(lines, locales.OfficeItem(o.ID, chat != "", lost, open[o.ID]))
	}
	t.Say(ask.Reply{Text: h.Book.Lines(t.Lang(), lines...)})
	return nil
}

// bind binds the chat in which the command was written to the office of the code.
func (h *Handlers) bind(ctx context.Context, in Input) error {
	l := h.chatLang(ctx, in)
	say := func(line ask.Line) error {
		return h.Storage.Notify(ctx, ready(in, ask.Reply{To: in.Message, Text: h.Book.Say(l, line)}))
	}
	if in.Hidden { // the code stays good
		return say(locales.ShowYourself())
	}
	id, err := h.Storage.UseCode(ctx, strings.ToUpper(strings.TrimSpace(in.Arg)), in.Chat, in.From, h.Now())
	if errors.Is(err, dauys.ErrBadCode) {
		return say(locales.BadCode())
	}
	if err != nil {
		return fmt.Errorf("use a code: %w", err)
	}
	h.Log.Info("chat bound", "office", id, "update", in.Update)
	if err := h.free(ctx, id, in.Update); err != nil { // the members of its former chat act for it no more
		return err
	}
	if err := h.recheck(ctx, id); err != nil {
		return err
	}
	if o, ok := h.University.Office(id); ok {
		l = o.Lang
	}
	return say(locales.Bound(id))
}
