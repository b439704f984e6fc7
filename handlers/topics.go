package handlers

import (
	"context"
	"fmt"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/locales"
)

// Topics are those of cases in the groups of offices.
type Topics interface {
	// TopicOf is the case that has a topic; empty: none has.
	TopicOf(ctx context.Context, topic dauys.Address) (string, error)
	ShutTopic(ctx context.Context, topic dauys.Address, shut bool) error
	// SeeForum notes whether a group has topics. SetForum notes besides from when on the bot may make some.
	SeeForum(ctx context.Context, group dauys.Address, topics bool) error
	SetForum(ctx context.Context, group dauys.Address, topics bool, notBefore time.Time) error
}

// noTopicsTime is for how long the bot makes no topics after it was told that it may not.
const noTopicsTime = time.Hour

// inTopic finds out where something was said: what is said in the topic of a case is said in the group of
// the office, about that case. Other topics of such a group are just a part of it, but where an office is
// bound to one.
func (h *Handlers) inTopic(ctx context.Context, in Input) (Input, error) {
	group := dauys.Address(groupOf(in.Chat))
	if err := h.seeForum(ctx, group, in); err != nil || group == in.Chat {
		return in, err
	}
	number, err := h.Storage.TopicOf(ctx, in.Chat)
	if err != nil {
		return in, fmt.Errorf("whose topic: %w", err)
	}
	if number != "" && (in.Change == Shut || in.Change == Opened) {
		if err := h.Storage.ShutTopic(ctx, in.Chat, in.Change == Shut); err != nil {
			return in, fmt.Errorf("note that a topic was closed or opened: %w", err)
		}
	}
	if number == "" {
		if bound, err := h.Storage.BoundTo(ctx, in.Chat); err != nil || len(bound) > 0 || binds(in) {
			return in, err
		}
		if bound, err := h.Storage.BoundTo(ctx, group); err != nil || len(bound) == 0 {
			return in, err
		}
	}
	in.Chat, in.Case = group, number
	return in, nil
}

// binds tells that somebody binds the very place where they say so.
func binds(in Input) bool { return in.Command == "bind" || in.Command == "start" && in.Arg != "" }

// seeForum notes what the messenger tells of a group.
func (h *Handlers) seeForum(ctx context.Context, group dauys.Address, in Input) (err error) {
	switch in.Forum {
	case NoForum, Forum:
		err = h.Storage.SeeForum(ctx, group, in.Forum == Forum)
	case OurForum:
		err = h.Storage.SetForum(ctx, group, true, time.Time{})
	case TheirForum:
		err = h.Storage.SetForum(ctx, group, true, h.Now().Add(noTopicsTime))
	}
	if err != nil {
		return fmt.Errorf("note whether a group has topics: %w", err)
	}
	return nil
}

// Topic is the name that the topic of a case has in the group of an office, and whether it is open. It
// names nobody; of a restricted case not even what it is about.
func (h *Handlers) Topic(ctx context.Context, number string, id dauys.OfficeID) (name string, open bool, version int64, err error) {
	c, err := h.Storage.Case(ctx, number)
	if err != nil {
		return "", false, 0, fmt.Errorf("topic of %s: %w", number, err)
	}
	office, ok := h.University.Office(id)
	if !ok {
		return "", false, 0, fmt.Errorf("topic of %s: no office %s", number, id)
	}
	hidden, err := h.hidden(ctx, c, id)
	if err != nil {
		return "", false, 0, err
	}
	line := locales.TopicName(c, c.Terms.Restricted)
	switch {
	case hidden:
		return c.Number, false, c.Version, nil
	case c.Office() != id:
		line = locales.TopicGone(c.Number)
	}
	return locales.Shorten(h.Book.Plain(office.Lang, line), longestTopic), c.Office() == id && !c.Status.Final(), c.Version, nil
}

// longestTopic is how many characters the name of a topic has at most.
const longestTopic = 128

// Hush tells whether what goes to a chat now should make no sound there: it is one of an office, and
// night. The office is empty for what is said to a chat, whosever it is.
func (h *Handlers) Hush(ctx context.Context, chat dauys.Address, office dauys.OfficeID) (bool, error) {
	if office != "" {
		return h.University.Night(office, h.Now()), nil
	}
	bound, err := h.Storage.BoundTo(ctx, chat)
	return err == nil && len(bound) > 0 && h.University.Night(bound[0], h.Now()), err
}
