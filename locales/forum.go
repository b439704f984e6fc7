package locales

import (
	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
)

// TopicName names the topic that a case has in the group of an office. Bare says nothing of what it is about.
func TopicName(c *dauys.Case, bare bool) ask.Line {
	if bare {
		return say("forum.bare", "Number", c.Number, "Status", Status(c))
	}
	subject := Kind(c.Kind)
	if c.Topic != "" {
		subject = Topic(c.Topic)
	}
	return say("forum.name", "Number", c.Number, "Status", Status(c), "Subject", subject)
}

// TopicGone names it when another office has the case.
func TopicGone(number string) ask.Line { return say("forum.gone", "Number", number) }
