package locales

import (
	"strings"
	"time"

	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/notices"
)

// How people want to be told.

// WishesButton leads to how one is told; WishesBack to its first screen, WishesQuietButton and
// WishesExamsButton to its parts.
func WishesButton() ask.Line      { return say("wishes.button.own") }
func WishesBack() ask.Line        { return say("wishes.button.back") }
func WishesQuietButton() ask.Line { return say("wishes.button.quiet") }
func WishesExamsButton() ask.Line { return say("wishes.button.exams") }

// WishesTitle is the head, and WishesWhat says what comes.
func WishesTitle() ask.Line { return say("wishes.title") }
func WishesWhat() ask.Line  { return say("wishes.what") }

// WishesNobody is told to whom the university does not know.
func WishesNobody() ask.Line { return say("wishes.nobody") }

// WishesTopic is the name of a topic on a button.
func WishesTopic(t notices.Topic) ask.Line { return say("wishes.topic." + string(t)) }

// WishesAbout says what comes of a topic, WishesWhy why it cannot be turned off.
func WishesAbout(t notices.Topic) ask.Line { return say("wishes.about." + string(t)) }
func WishesWhy(t notices.Topic) ask.Line   { return say("wishes.why." + string(t)) }

// WishesMode is when a topic comes, WishesModeButton chooses it, WishesAlways cannot be changed.
func WishesMode(m notices.Mode) ask.Line       { return say("wishes.mode." + string(m)) }
func WishesModeButton(m notices.Mode) ask.Line { return say("wishes.choose." + string(m)) }
func WishesAlways() ask.Line                   { return say("wishes.always") }

// WishesItem is a topic and when it comes.
func WishesItem(t notices.Topic, how ask.Line) ask.Line {
	return say("wishes.one.item", "Topic", WishesTopic(t), "How", how)
}

// WishesNow says when a topic comes.
func WishesNow(how ask.Line) ask.Line { return say("wishes.now", "How", how) }

// WishesSooner says what does not wait for a digest.
func WishesSooner() ask.Line { return say("wishes.sooner") }

// WishesEvening and WishesWeekly say when the digests come.
func WishesEvening(clock string) ask.Line { return say("wishes.evening.item", "Time", clock) }
func WishesWeekly(on time.Weekday, clock string) ask.Line {
	return say("wishes.weekly.item", "Day", say("wishes.weekday."+strings.ToLower(on.String())), "Time", clock)
}

// The quiet hours.
func WishesQuietTitle() ask.Line { return say("wishes.hours") }
func WishesQuiet(from, to string) ask.Line {
	return say("wishes.quiet", "From", from, "To", to)
}
func WishesNoQuiet() ask.Line { return say("wishes.loud") }
func WishesUrgent() ask.Line  { return say("wishes.urgent") }
func WishesUsual(from, to string) ask.Line {
	return say("wishes.button.usual", "From", from, "To", to)
}
func WishesOwn() ask.Line           { return say("wishes.button.hours") }
func WishesLoud() ask.Line          { return say("wishes.button.loud") }
func WishesFrom() ask.Line          { return say("wishes.from") }
func WishesTo(from string) ask.Line { return say("wishes.to", "From", from) }

// What own exams keep back.
func WishesExamsTitle() ask.Line { return say("wishes.exams") }
func WishesExamsShort() ask.Line { return say("wishes.exams-short") }
func WishesExamsMoved() ask.Line { return say("wishes.exams-moved") }
func WishesDay(quiet bool) ask.Line {
	if quiet {
		return say("wishes.day.quiet")
	}
	return say("wishes.day.usual")
}
func WishesBad(comes bool, hours int) ask.Line {
	if comes {
		return say("wishes.bad.comes")
	}
	return say("wishes.bad.waits", "Hours", hours)
}
func WishesDayButton(quiet bool) ask.Line {
	if quiet {
		return say("wishes.button.day-quiet")
	}
	return say("wishes.button.day-usual")
}
func WishesBadButton(comes bool) ask.Line {
	if comes {
		return say("wishes.button.bad-comes")
	}
	return say("wishes.button.bad-waits")
}
