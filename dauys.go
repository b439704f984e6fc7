// Package dauys is what the bot is about: cases, the procedure they follow, the people and
// offices of a university, its calendar, and what has to be told to whom.
//
// A person asks something of the university: a [Draft]. Filed, it becomes a [Case] with a
// number, two due times and a [Ladder] of offices, all frozen at that moment from the
// structure file ([University]). What may happen to it then is one table, [Rules]; each step
// appends an [Event] and the [Notification]s that it causes. That is all: who is told in which
// words is for the packages around to say, and so is where things are stored.
//
// The package knows no language, no messenger and no database, and asks nobody for the time.
package dauys
