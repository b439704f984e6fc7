package storage

import (
	"context"
	"errors"
	"time"

	"alt.edu.kz/dauys"
)

// A case can have a topic of its own in the group of an office. It is part of its card there: a
// topic that is lost takes the card with it.

// inGroup is that the topic of a card is one of the group in which its office works now.
const inGroup = ` AND cards.topic <> '' AND substr(cards.topic, 1, length(bindings.chat) + 1) = bindings.chat || '/'`

// DueTopics lists cards that show their case as it is, in topics of which the name may not.
func (d *DB) DueTopics(ctx context.Context, limit int) ([]Card, error) {
	return look(ctx, d, "due topics", scanCard, cardColumns+` WHERE cards.want > cards.topic_shown AND cards.want <= cards.shown`+inGroup+`
		AND NOT EXISTS (SELECT 1 FROM unreachable WHERE unreachable.address = bindings.chat)
		ORDER BY cards.number, cards.office LIMIT $1 + 0`, limit)
}

// CardAt is the card of a case in a chat, of an office or, without one, of any. The error is
// [dauys.ErrNotFound] where it has none.
func (d *DB) CardAt(ctx context.Context, number string, chat dauys.Address, office dauys.OfficeID) (Card, error) {
	c, err := one(ctx, d, "card at", scanCard, cardColumns+` WHERE cards.number = $1 AND bindings.chat = $2 AND ($3 = '' OR cards.office = $3)
		ORDER BY cards.topic DESC, cards.office LIMIT 1`, number, chat, office)
	return c, notFound(err)
}

// InTopic is the card in a topic. The error is [dauys.ErrNotFound] for a topic that is no case's.
func (d *DB) InTopic(ctx context.Context, topic dauys.Address) (Card, error) {
	c, err := one(ctx, d, "in topic", scanCard, cardColumns+" WHERE cards.topic = $1"+inGroup, topic)
	return c, notFound(err)
}

// SetTopic notes the topic of a case, with the name and the state that it has, and which version of
// the case these are.
func (d *DB) SetTopic(ctx context.Context, number string, office dauys.OfficeID, topic dauys.Address, name string, shut bool, version int64) error {
	n, err := d.exec(ctx, "set topic", "UPDATE cards SET topic = $1, topic_name = $2, topic_shut = $3, topic_shown = $4 WHERE number = $5 AND office = $6",
		topic, name, shut, version, number, office)
	return orNotFound(n, err)
}

// ShutTopic notes that somebody has closed or opened a topic.
func (d *DB) ShutTopic(ctx context.Context, topic dauys.Address, shut bool) error {
	_, err := d.exec(ctx, "shut topic", "UPDATE cards SET topic_shut = $1 WHERE topic = $2"+isTopic, shut, topic)
	return err
}

// LoseTopic forgets a topic that is not there any more, and the card that was in it, which is due anew.
func (d *DB) LoseTopic(ctx context.Context, topic dauys.Address) error {
	_, err := d.exec(ctx, "lose topic", `UPDATE cards SET topic = '', topic_name = '', topic_shut = FALSE, topic_shown = 0,
		`+cardGone+` WHERE topic = $1`+isTopic, topic)
	return err
}

// isTopic says of a topic that it is one, as the index of them does.
const isTopic = " AND topic <> ''"

// Forum is a group of which it is known whether it has topics.
type Forum struct {
	Chat      dauys.Address
	Topics    bool
	NotBefore time.Time // the bot may make none; until then it does not try
}

// Forum tells what is known of a group. The error is [dauys.ErrNotFound] when nothing is.
func (d *DB) Forum(ctx context.Context, chat dauys.Address) (Forum, error) {
	f, err := one(ctx, d, "forum", func(r row) (f Forum, err error) {
		var after int64
		err = r.Scan(&f.Chat, &f.Topics, &after)
		f.NotBefore = instant(after)
		return f, err
	}, "SELECT chat, forum, not_before FROM forums WHERE chat = $1", chat)
	return f, notFound(err)
}

// SetForum notes what is known of a group.
func (d *DB) SetForum(ctx context.Context, f Forum) error {
	_, err := d.exec(ctx, "set forum", `INSERT INTO forums (chat, forum, not_before) VALUES ($1, $2, $3)
		ON CONFLICT (chat) DO UPDATE SET forum = excluded.forum, not_before = excluded.not_before`, f.Chat, f.Topics, ms(f.NotBefore))
	return err
}

// SeeForum notes whether a group has topics, as far as that is new: whether the bot may make some is
// not asked again for it.
func (d *DB) SeeForum(ctx context.Context, chat dauys.Address, topics bool) error {
	f, err := d.Forum(ctx, chat)
	if errors.Is(err, dauys.ErrNotFound) || err == nil && f.Topics != topics {
		return d.SetForum(ctx, Forum{Chat: chat, Topics: topics})
	}
	return err
}
