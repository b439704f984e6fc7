package locales

import (
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/notices"
)

// What people are told without having asked.

// NewsDigest is the head of a message that tells several news.
func NewsDigest(n int) ask.Line { return say("news.digest", "Count", n) }

// NewsEvening and NewsWeekly are the heads of those that come once a day and once a week.
func NewsEvening(n int) ask.Line { return say("news.evening", "Count", n) }
func NewsWeekly(n int) ask.Line  { return say("news.weekly", "Count", n) }

// NewsTopic is the name of a topic.
func NewsTopic(t notices.Topic) ask.Line { return say("news.topic." + string(t)) }
