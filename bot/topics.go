package bot

import (
	"context"
	"errors"
	"strings"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/fault"
	"alt.edu.kz/dauys/handlers"
)

// Forums are the groups of a messenger that have topics: conversations apart, with a name, that can be
// closed. A [Messenger] that has none is no Forums. A topic has an address of its own.
type Forums interface {
	// Forum tells whether a group has topics.
	Forum(ctx context.Context, group dauys.Address) (bool, error)
	// MakeTopic makes one; the failure is NoTopics where the bot may not.
	MakeTopic(ctx context.Context, group dauys.Address, name string) (dauys.Address, error)
	NameTopic(ctx context.Context, topic dauys.Address, name string) error
	// ShutTopic closes a topic, or opens it again. One that is as it should be is no error.
	ShutTopic(ctx context.Context, topic dauys.Address, shut bool) error
}

// Topics are the topics that cases have in the groups of offices, as they are stored.
type Topics interface {
	// DueTopics lists cards whose topic may not have the name and the state of the case.
	DueTopics(ctx context.Context, limit int) ([]Card, error)
	// CardAt is the card of a case in a chat, of one office or of any; ok is false where it has none.
	CardAt(ctx context.Context, number string, chat dauys.Address, office dauys.OfficeID) (c Card, ok bool, err error)
	// CardIn is the card in a topic; ok is false for one that is no case's any more.
	CardIn(ctx context.Context, topic dauys.Address) (c Card, ok bool, err error)
	// SetTopic notes the topic of a card, as the card says, and of which version of the case that is.
	SetTopic(ctx context.Context, c Card, version int64) error
	// LoseTopic forgets a topic that is gone; its card is due as a new one.
	LoseTopic(ctx context.Context, topic dauys.Address) error
	// HasTopics tells whether topics can be made in a group now; known is false when nobody knows.
	HasTopics(ctx context.Context, group dauys.Address, now time.Time) (yes, known bool, err error)
	SetForum(ctx context.Context, group dauys.Address, topics bool, notBefore time.Time) error
}

const (
	noTopicsTime = time.Hour // after it the bot tries again to make topics where it was not allowed to
	topicsSeen   = 1000
)

// forums are the topics that there can be; ok is false where there are none.
func (s *Sender) forums() (f Forums, t Topics, ok bool) {
	f, can := s.Messenger.(Forums)
	t, kept := s.Outbox.(Topics)
	return f, t, can && kept
}

// place is where an item goes: into the topic of its case, where the case has one in that chat. Not
// before the card is there: it brings the topic along.
func (r *run) place(ctx context.Context, it *item) (to dauys.Address, wait bool, err error) {
	_, topics, ok := r.forums()
	number := it.note.Case
	if !ok || it.plain || number == "" || !r.Messenger.Group(it.chat) || strings.Contains(string(it.chat), "/") {
		return it.chat, false, nil
	}
	c, found, err := topics.CardAt(ctx, number, it.chat, it.note.Office)
	switch {
	case err != nil || !found:
		return it.chat, false, err
	case c.Topic == "":
		// What is said about a case in its topic waits until that is there again.
		inTopic := it.note.What == dauys.Ready || it.note.What == dauys.Wording
		return it.chat, inTopic && c.Message == "", nil
	}
	return r.opened(ctx, it, c)
}

// opened is the topic of a card, after it was opened again if somebody has closed it too early.
func (r *run) opened(ctx context.Context, it *item, c Card) (to dauys.Address, again bool, err error) {
	it.topic = c.Topic
	if !c.TopicShut {
		return c.Topic, false, nil
	}
	forums, topics, _ := r.forums()
	_, open, version, err := r.Handlers.Topic(ctx, c.Case, c.Office)
	if err != nil || !open {
		return c.Topic, false, err
	}
	if err := forums.ShutTopic(ctx, c.Topic, false); err != nil {
		return "", false, err
	}
	c.TopicShut = false
	r.mark(ctx, "note an open topic", func() error { return topics.SetTopic(context.WithoutCancel(ctx), c, version-1) })
	return c.Topic, true, nil
}

// topicFor is where a card goes. Again is true when that has taken a call.
func (r *run) topicFor(ctx context.Context, it *item) (to dauys.Address, again bool, err error) {
	c := it.card
	forums, topics, ok := r.forums()
	switch {
	case !ok || it.plain || !dauys.IsNumber(c.Case) || !r.Messenger.Group(it.chat) || strings.Contains(string(it.chat), "/"):
		return it.chat, false, nil
	case c.Topic != "" && c.Message != "": // it is changed where it is
		it.topic = c.Topic
		return c.Topic, false, nil
	case c.Topic != "":
		to, again, err := r.opened(ctx, it, *c)
		c.TopicShut = c.TopicShut && !again
		return to, again, err
	case c.Message != "": // from before there were topics
		return it.chat, false, nil
	}
	yes, known, err := topics.HasTopics(ctx, it.chat, r.Clock.Wall())
	if err != nil {
		return "", false, err
	}
	if !known {
		if yes, err = forums.Forum(ctx, it.chat); err != nil {
			return "", false, err
		}
		if err := topics.SetForum(ctx, it.chat, yes, time.Time{}); err != nil {
			return "", false, err
		}
	}
	if !yes {
		return it.chat, false, nil
	}
	name, _, version, err := r.Handlers.Topic(ctx, c.Case, c.Office)
	if err != nil {
		return "", false, err
	}
	topic, err := forums.MakeTopic(ctx, it.chat, name)
	if err != nil {
		return "", false, err
	}
	fault.Point("topic-made")
	c.Topic, c.TopicName, c.TopicShut = topic, name, false
	r.mark(ctx, "note a topic", func() error { return topics.SetTopic(context.WithoutCancel(ctx), *c, version) })
	return topic, true, nil
}

// follow gives a topic the name and the state of its case, one call at a time: the first look only
// finds out which.
func (r *run) follow(ctx context.Context, it *item) outcome {
	forums, topics, _ := r.forums()
	name, open, version, err := r.Handlers.Topic(ctx, it.card.Case, it.card.Office)
	if err != nil {
		return r.wordless(ctx, it, err)
	}
	now, ok, err := topics.CardIn(ctx, it.card.Topic)
	switch {
	case err != nil:
		return outcome{item: it, retry: true, again: r.backoff(it)}
	case !ok: // lost meanwhile
		return outcome{item: it}
	}
	*it.card = now
	it.topic = now.Topic
	noted := func(v int64) {
		r.mark(ctx, "note a topic", func() error { return topics.SetTopic(context.WithoutCancel(ctx), *it.card, v) })
	}
	var do func() error
	switch {
	case open && now.TopicShut:
		do = func() error { return forums.ShutTopic(ctx, now.Topic, false) }
		it.card.TopicShut = false
	case name != now.TopicName:
		do = func() error { return forums.NameTopic(ctx, now.Topic, name) }
		it.card.TopicName = name
	case !open && !now.TopicShut:
		do = func() error { return forums.ShutTopic(ctx, now.Topic, true) }
		it.card.TopicShut = true
	default:
		noted(version)
		return outcome{item: it}
	}
	if !it.paid { // counted as a message, as it stands in the group like one
		it.paid = true
		*it.card = now
		return outcome{item: it, retry: true}
	}
	if err := do(); err != nil {
		*it.card = now
		f := failure(err)
		if f.Failure == NoTopics || f.Failure == TopicGone && !open {
			r.Log.Warn("topic stays as it is", "case", now.Case, "error", err)
			noted(version)
			return outcome{item: it}
		}
		return r.failed(ctx, it, f)
	}
	it.paid = false
	noted(version - 1)
	return outcome{item: it, retry: true}
}

// astray decides what becomes of an item whose topic is not as it was thought to be; done is false
// when that is no matter of a topic.
func (r *run) astray(ctx context.Context, it *item, f *SendError) (o outcome, done bool) {
	forums, topics, ok := r.forums()
	if !ok {
		return o, false
	}
	sure := context.WithoutCancel(ctx)
	switch {
	case f.Failure == NoTopics && !strings.Contains(string(it.chat), "/"):
		r.Log.Warn("no topics can be made in a group; its cases come as before", "chat", it.chat, "error", f)
		r.mark(ctx, "note a group", func() error {
			return topics.SetForum(sure, it.chat, !errors.Is(f, ErrNoForum), r.Clock.Wall().Add(noTopicsTime))
		})
		it.plain = it.topic != "" // it cannot be opened
		return outcome{item: it, retry: true}, true
	case it.topic == "":
		return o, false
	case f.Failure == TopicGone:
		r.Log.Warn("topic of a case is gone; it is made anew", "case", it.about())
		r.mark(ctx, "forget a topic", func() error { return topics.LoseTopic(sure, it.topic) })
		it.topic, it.replies, it.words, it.from = "", nil, handlers.Words{}, 0
		if it.card != nil {
			it.card.Topic, it.card.Message = "", ""
		}
		r.Wake()
		return outcome{item: it, retry: !it.sync}, true
	case f.Failure == TopicShut:
		err := forums.ShutTopic(ctx, it.topic, false)
		if err != nil && failure(err).Failure == NoTopics {
			r.Log.Warn("topic of a case is closed and cannot be opened", "case", it.about(), "error", err)
			it.plain = true
			return outcome{item: it, retry: true}, true
		}
		if err != nil {
			return r.failed(ctx, it, failure(err)), true
		}
		return outcome{item: it, retry: true, again: r.backoff(it)}, true
	}
	return o, false
}

// about is the case that an item is about.
func (it *item) about() string {
	if it.card != nil {
		return it.card.Case
	}
	return it.note.Case
}
