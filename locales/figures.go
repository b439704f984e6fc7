package locales

import (
	"strconv"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
)

// How things stand: the morning digest, the weekly sheet, and figures that are asked for.

// DigestHead begins the morning digest of an office.
func DigestHead(o dauys.OfficeID, day time.Time) ask.Line {
	return say("digest.head", "Office", seat(o), "Date", ask.Day(day))
}

// DigestNew stands above cases that have come.
func DigestNew(n int) ask.Line { return say("digest.new", "Count", n) }

// DigestToday stands above those of which a term ends today.
func DigestToday(n int) ask.Line { return say("digest.today", "Count", n) }

// DigestOverdue stands above those of which a term is over.
func DigestOverdue(n int) ask.Line { return say("digest.overdue", "Count", n) }

// DigestWaiting stands above those that wait for their applicants.
func DigestWaiting(n int) ask.Line { return say("digest.waiting", "Count", n) }

// DigestItem is one case, by its number and, where that may be seen, by what it is about.
func DigestItem(number, topic string) ask.Line {
	if topic == "" {
		return say("digest.number.item", "Number", number)
	}
	return say("digest.about.item", "Number", number, "Topic", Topic(topic))
}

// DigestLate is one that is overdue, for so many working days.
func DigestLate(number string, days int) ask.Line {
	return say("digest.late.item", "Number", number, "Count", days)
}

// DigestMore tells how many more there are than stand there.
func DigestMore(n int) ask.Line { return say("digest.more.item", "Count", n) }

// Median is a median as it is written: a whole number, or one and a half.
func Median(m float64) ask.Decimal { return ask.Decimal(strconv.FormatFloat(m, 'f', -1, 64)) }

// FiguresRow are the figures of an office or an institute.
func FiguresRow(list string, r dauys.Row) ask.Line {
	name := ask.Name{List: list, ID: r.ID}
	if r.Days.N == 0 {
		return say("figures.quiet", "Name", name, "Open", r.Open, "Overdue", r.Overdue, "Settled", r.Settled)
	}
	return say("figures.row", "Name", name, "Open", r.Open, "Overdue", r.Overdue, "Settled", r.Settled, "Median", Median(r.Days.Median), "Ninety", r.Days.Ninety)
}

// FiguresLevel are those of a level.
func FiguresLevel(r dauys.Row) ask.Line {
	if r.Days.N == 0 {
		return say("figures.level-quiet", "Level", r.Level, "Settled", r.Settled)
	}
	return say("figures.level", "Level", r.Level, "Settled", r.Settled, "Median", Median(r.Days.Median), "Ninety", r.Days.Ninety)
}

// FiguresLevelName is a level in a picture.
func FiguresLevelName(n int) ask.Line { return say("figures.level-name", "Level", n) }

// FiguresAll stands for all offices.
func FiguresAll() ask.Line { return say("figures.all") }

// FiguresSpan is a span of days.
func FiguresSpan(from, to time.Time) ask.Line {
	return say("figures.span", "From", ask.Day(from), "To", ask.Day(to))
}

// FiguresInstitutes stands above the figures of institutes.
func FiguresInstitutes() ask.Line { return say("figures.institutes") }

// FiguresOffices stands above those of offices.
func FiguresOffices() ask.Line { return say("figures.offices") }

// FiguresLevels stands above those of levels.
func FiguresLevels() ask.Line { return say("figures.levels") }

// FiguresPicture is the name of the file with the picture.
func FiguresPicture(from, to time.Time) ask.Line {
	return say("figures.picture", "From", from.Format(time.DateOnly), "To", to.Format(time.DateOnly))
}

// FiguresCaption stands below it.
func FiguresCaption() ask.Line { return say("figures.caption") }

// What stands in the picture.

// TileOpen is under the number of open cases.
func TileOpen() ask.Line { return say("figures.tile-open") }

// TileOverdue is under that of overdue ones.
func TileOverdue() ask.Line { return say("figures.tile-overdue") }

// TileSettled is under that of settled ones.
func TileSettled() ask.Line { return say("figures.tile-settled") }

// TileDays is under the median.
func TileDays() ask.Line { return say("figures.tile-days") }

// TileCame is under the number of those that came to an office.
func TileCame() ask.Line { return say("figures.tile-came") }

// TileInstitute is under the share of what was settled in an institute.
func TileInstitute() ask.Line { return say("figures.tile-institute") }

// TileClimbed is under the share of what went higher.
func TileClimbed() ask.Line { return say("figures.tile-climbed") }

// Percent is a share as it is written.
func Percent(s dauys.Share) ask.Line { return say("figures.percent", "Percent", s.Percent()) }

// TrendTitle stands above the weeks.
func TrendTitle() ask.Line { return say("figures.weeks") }

// TrendRegistered is the line of cases that came to the university.
func TrendRegistered() ask.Line { return say("figures.registered") }

// TrendCame is that of those that came to an office.
func TrendCame() ask.Line { return say("figures.came") }

// TrendSettled is the line of those that were settled.
func TrendSettled() ask.Line { return say("figures.settled") }

// BarsTitle stands above the bars.
func BarsTitle() ask.Line { return say("figures.bars") }

// BarsMedian is the colour of the median.
func BarsMedian() ask.Line { return say("figures.median") }

// BarsNinety is that of the ninetieth percentile.
func BarsNinety() ask.Line { return say("figures.ninety") }

// BarsMore tells how many offices are not in the picture.
func BarsMore(n int) ask.Line { return say("figures.more", "Count", n) }

// WeeklyHead begins the weekly sheet.
func WeeklyHead(from, to time.Time) ask.Line {
	return say("weekly.head", "From", ask.Day(from), "To", ask.Day(to))
}

// WeeklyTitle is its title in the picture.
func WeeklyTitle() ask.Line { return say("weekly.title") }

// WeeklyWhole are the figures of the whole university.
func WeeklyWhole(s dauys.Summary) ask.Line {
	return say("weekly.whole", "Open", s.Open, "Overdue", s.Overdue, "Registered", s.Registered, "Settled", s.Settled)
}

// StatsHead begins figures that were asked for, of an office or of all.
func StatsHead(o dauys.OfficeID, from, to time.Time) ask.Line {
	if o == "" {
		return say("stats.head", "Office", FiguresAll(), "From", ask.Day(from), "To", ask.Day(to))
	}
	return say("stats.head", "Office", seat(o), "From", ask.Day(from), "To", ask.Day(to))
}

// StatsTitle is their title in the picture.
func StatsTitle() ask.Line { return say("stats.title") }

// Stats are the figures themselves, of which numbers of fewer than fewest are not told.
func Stats(s dauys.Summary, all bool, fewest int) []ask.Line {
	lines := []ask.Line{
		say("stats.now", "Open", s.Open, "Overdue", s.Overdue),
		say("stats.span", "Registered", s.Registered, "Settled", s.Settled),
	}
	if s.Days.N == 0 {
		lines = append(lines, say("stats.no-days"))
	} else {
		lines = append(lines, say("stats.days", "Median", Median(s.Days.Median), "Ninety", s.Days.Ninety))
	}
	if all && s.Institute.Of > 0 {
		lines = append(lines, say("stats.institute", "Percent", s.Institute.Percent(), "Part", s.Institute.Part, "Of", s.Institute.Of))
	}
	if s.Climbed.Of > 0 {
		lines = append(lines, say("stats.climbed", "Percent", s.Climbed.Percent(), "Part", s.Climbed.Part, "Of", s.Climbed.Of))
	}
	if s.Ratings.N < fewest {
		lines = append(lines, say("stats.ratings-few", "Fewest", fewest))
	} else {
		lines = append(lines, say("stats.ratings", "Average", ask.Decimal(strconv.FormatFloat(s.Ratings.Average(), 'f', 1, 64)), "Number", s.Ratings.N))
	}
	return append(lines, say("stats.repeaters", "Most", dauys.MostOften, "Count", s.Repeaters))
}

// StatsTopics stands above what people wrote about.
func StatsTopics() ask.Line { return say("stats.topics") }

// StatsTopic is one topic, and how often.
func StatsTopic(t dauys.Topic) ask.Line {
	return say("stats.topic.item", "Topic", Topic(t.ID), "Number", t.N)
}

// StatsTopicsFew says that topics with small numbers are not shown.
func StatsTopicsFew(fewest int) ask.Line { return say("stats.topics-few", "Fewest", fewest) }

// StatsDates refuses what is no span of days.
func StatsDates() ask.Line { return say("stats.dates") }

// StatsOrder refuses a span that ends before it begins.
func StatsOrder() ask.Line { return say("stats.order") }

// StatsLong refuses a span that is too long.
func StatsLong() ask.Line { return say("stats.long") }
