package telegram

import (
	"context"
	"fmt"
	"strconv"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/bot"
)

var _ bot.Forums = (*Telegram)(nil)

// mostTopic is how many characters the name of a topic has at most (Bot API).
const mostTopic = 128

// topicCall are the parameters of the calls about topics.
type topicCall struct {
	Chat   int64  `json:"chat_id"`
	Thread int    `json:"message_thread_id,omitempty"`
	Name   string `json:"name,omitempty"`
}

// Forum tells whether a group has topics.
func (t *Telegram) Forum(ctx context.Context, group dauys.Address) (bool, error) {
	c, err := chatOf(group)
	if err != nil {
		return false, err
	}
	var is struct {
		Forum bool `json:"is_forum"`
	}
	if err := t.client.call(ctx, "getChat", topicCall{Chat: c.id}, &is); err != nil {
		return false, t.failure(err)
	}
	return is.Forum, nil
}

// MakeTopic makes a topic in a group.
func (t *Telegram) MakeTopic(ctx context.Context, group dauys.Address, name string) (dauys.Address, error) {
	c, err := chatOf(group)
	if err != nil {
		return "", err
	}
	var made struct {
		Thread int `json:"message_thread_id"`
	}
	if err := t.client.call(ctx, "createForumTopic", topicCall{Chat: c.id, Name: first(name, mostTopic)}, &made); err != nil {
		return "", t.failure(err)
	}
	if made.Thread == 0 {
		return "", &bot.SendError{Failure: bot.NoTopics, Err: fmt.Errorf("telegram: a topic without a number")}
	}
	return dauys.AddressOf(Name, strconv.FormatInt(c.id, 10)+"/"+strconv.Itoa(made.Thread)), nil
}

// NameTopic gives a topic another name.
func (t *Telegram) NameTopic(ctx context.Context, topic dauys.Address, name string) error {
	return t.changeTopic(ctx, "editForumTopic", topic, first(name, mostTopic))
}

// ShutTopic closes a topic, or opens it again.
func (t *Telegram) ShutTopic(ctx context.Context, topic dauys.Address, shut bool) error {
	if shut {
		return t.changeTopic(ctx, "closeForumTopic", topic, "")
	}
	return t.changeTopic(ctx, "reopenForumTopic", topic, "")
}

func (t *Telegram) changeTopic(ctx context.Context, method string, topic dauys.Address, name string) error {
	c, err := chatOf(topic)
	if err != nil {
		return err
	}
	err = t.client.call(ctx, method, topicCall{c.id, c.thread, name}, new(bool))
	if err == nil || says(err, "topic_not_modified") {
		return nil
	}
	return t.failure(err)
}
