package storagetest

import (
	"testing"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/storage"
)

// group is one with topics; theirs is that of a case.
const (
	group  dauys.Address = "telegram:-1003"
	theirs dauys.Address = "telegram:-1003/41"
)

var topical = []promise{
	{"a topic follows its case, once its card does", func(t *testing.T, w *world) {
		ctx := t.Context()
		due := func() int {
			t.Helper()
			cards, err := w.DueTopics(ctx, 10)
			must(t, err)
			return len(cards)
		}
		c := w.file(t, "d1")
		must(t, w.Bind(ctx, first, group, stranger, Now))
		want(t, "due without a topic", due(), 0)
		must(t, w.SetTopic(ctx, c.Number, first, theirs, "A", false, 1))
		must(t, w.CardShown(ctx, c.Number, first, group, "m1", 1))
		want(t, "due as it was made", due(), 0)
		_, err := w.Act(ctx, c.Number, "", "u1", Now, add("u1"))
		must(t, err)
		want(t, "due before the card is", due(), 0)
		must(t, w.CardShown(ctx, c.Number, first, group, "m1", 2))
		cards, err := w.DueTopics(ctx, 10)
		must(t, err)
		want(t, "topics", cards, []storage.Card{{Case: c.Number, Office: first, Chat: group, ShownIn: group, Message: "m1", Shown: 2, Want: 2,
			Topic: theirs, TopicName: "A", TopicShown: 1}})
		must(t, w.SetUnreachable(ctx, group, true, Now))
		want(t, "due while the group is away", due(), 0)
		must(t, w.SetUnreachable(ctx, group, false, Now))
		must(t, w.SetTopic(ctx, c.Number, first, theirs, "B", true, 2))
		want(t, "due when it has followed", due(), 0)
		must(t, w.Bind(ctx, first, chatB, stranger, Now))
		_, err = w.Act(ctx, c.Number, "", "u2", Now, add("u2"))
		must(t, err)
		must(t, w.CardShown(ctx, c.Number, first, chatB, "m2", 3))
		want(t, "due when the office works elsewhere", due(), 0)
		wantErr(t, "of a card that is not there", w.SetTopic(ctx, c.Number, second, theirs, "B", true, 2), dauys.ErrNotFound)
	}},
	{"a card is found by its topic and by its chat, and lost with its topic", func(t *testing.T, w *world) {
		ctx := t.Context()
		c := w.file(t, "d1")
		must(t, w.Bind(ctx, first, group, stranger, Now))
		_, err := w.InTopic(ctx, theirs)
		wantErr(t, "a topic of no case", err, dauys.ErrNotFound)
		must(t, w.SetTopic(ctx, c.Number, first, theirs, "A", false, 1))
		must(t, w.CardShown(ctx, c.Number, first, group, "m1", 1))
		for range 2 { // once more changes nothing
			must(t, w.ShutTopic(ctx, theirs, true))
		}
		card := storage.Card{Case: c.Number, Office: first, Chat: group, ShownIn: group, Message: "m1", Shown: 1, Want: 1, Topic: theirs, TopicName: "A", TopicShut: true, TopicShown: 1}
		at, err := w.InTopic(ctx, theirs)
		must(t, err)
		want(t, "in the topic", at, card)
		at, err = w.CardAt(ctx, c.Number, group, "")
		must(t, err)
		want(t, "in the chat", at, card)
		at, err = w.CardAt(ctx, c.Number, group, first)
		must(t, err)
		want(t, "of the office", at, card)
		_, err = w.CardAt(ctx, c.Number, group, second)
		wantErr(t, "of another office", err, dauys.ErrNotFound)
		_, err = w.CardAt(ctx, c.Number, chatB, "")
		wantErr(t, "in another chat", err, dauys.ErrNotFound)
		must(t, w.LoseTopic(ctx, theirs))
		cards, err := w.DueCards(ctx, Now, 10)
		must(t, err)
		want(t, "cards due", cards, []storage.Card{{Case: c.Number, Office: first, Chat: group, Want: 1}})
		_, err = w.InTopic(ctx, theirs)
		wantErr(t, "a topic that is lost", err, dauys.ErrNotFound)
	}},
	{"what is known of a group can change", func(t *testing.T, w *world) {
		ctx := t.Context()
		_, err := w.Forum(ctx, group)
		wantErr(t, "a group of which nothing is known", err, dauys.ErrNotFound)
		is := func(what string, topics bool, after time.Time) {
			t.Helper()
			f, err := w.Forum(ctx, group)
			must(t, err)
			want(t, what, f, storage.Forum{Chat: group, Topics: topics, NotBefore: after})
		}
		must(t, w.SeeForum(ctx, group, false))
		is("at first", false, time.Time{})
		must(t, w.SeeForum(ctx, group, true))
		is("when it has topics", true, time.Time{})
		must(t, w.SetForum(ctx, storage.Forum{Chat: group, Topics: true, NotBefore: Now}))
		must(t, w.SeeForum(ctx, group, true))
		is("when the bot may make none", true, Now)
		must(t, w.SeeForum(ctx, group, false))
		is("when it has none any more", false, time.Time{})
	}},
}
