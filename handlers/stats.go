package handlers

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/documents"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
)

// Outlines are cases as far as figures need them: nobody's words are in them.
type Outlines interface {
	// Outlines lists some of those that are open, or with which something has happened since a time.
	Outlines(ctx context.Context, since time.Time, after string, limit int) ([]*dauys.Case, error)
}

const (
	outlinePage = 1000
	statsWeeks  = 12  // by default, that of today included
	mostDays    = 733 // of a span
	mostBars    = 5   // in a picture
	noFigure    = "–" // a number that there is not
)

// summary counts the cases of a span of days, of some offices or of all.
func (h *Handlers) summary(ctx context.Context, from, end, now time.Time, offices ...dauys.OfficeID) (s dauys.Summary, err error) {
	survey := dauys.NewSurvey(&h.University.Calendar, from, end, now, offices...)
	if err := h.count(ctx, from, survey); err != nil {
		return s, err
	}
	return survey.Sum(), nil
}

// count goes once through the cases since a time for some surveys.
func (h *Handlers) count(ctx context.Context, since time.Time, surveys ...*dauys.Survey) error {
	for after := ""; ; {
		page, err := h.Storage.Outlines(ctx, since, after, outlinePage)
		if err != nil {
			return fmt.Errorf("count cases: %w", err)
		}
		for _, c := range page {
			for _, s := range surveys {
				s.Add(c)
			}
		}
		if len(page) < outlinePage {
			return nil
		}
		after = page[len(page)-1].Number
	}
}

// stats is the command /stats in the chat of an office: its figures, or those of all offices where it
// has that power, in words and as a picture. In somebody's own chat it is about all of their offices.
func (h *Handlers) stats(ctx context.Context, in Input) error {
	bound, err := h.officesAt(ctx, in)
	if err != nil {
		return err
	}
	if len(bound) == 0 {
		return nil
	}
	id, all := bound[0], false
	if i := slices.IndexFunc(bound, h.seesAll); i >= 0 {
		id, all = bound[i], true
	}
	o, known := h.University.Office(id)
	if !known {
		return nil
	}
	l, err := h.officeLang(ctx, o)
	if err != nil {
		return err
	}
	if in.Private {
		l = h.chatLang(ctx, in)
	}
	say := func(line ask.Line) error {
		return h.Storage.Notify(ctx, ready(in, ask.Reply{To: in.Message, Text: h.Book.Say(l, line)}))
	}
	if no, err := h.unserved(ctx, in, id); err != nil {
		return err
	} else if no != nil {
		return say(*no)
	}
	from, to, wrong := h.statsSpan(in.Arg)
	if wrong != nil {
		return say(*wrong)
	}
	each := [][]dauys.OfficeID{{id}}
	switch {
	case all:
		each = [][]dauys.OfficeID{nil}
	case in.Private:
		each = nil
		for _, id := range bound {
			each = append(each, []dauys.OfficeID{id})
		}
	}
	for i, offices := range each {
		if err := h.sendStats(ctx, in, i, l, offices, from, to); err != nil {
			return err
		}
	}
	return nil
}

// sendStats answers with the figures of some offices, or with none of all: the nth answer to a command.
func (h *Handlers) sendStats(ctx context.Context, in Input, n int, l dauys.Lang, offices []dauys.OfficeID, from, to time.Time) error {
	sum, err := h.summary(ctx, from, to.AddDate(0, 0, 1), h.Now(), offices...)
	if err != nil {
		return err
	}
	picture, err := h.picture(l, locales.StatsTitle(), sum, from, to, offices)
	if err != nil {
		return err
	}
	if n > 0 {
		in.Update += "/" + strconv.Itoa(n) // each is an answer of its own
	}
	picture.ID = "stats-" + documents.Hash([]byte(in.Update))[:sheetDigits]
	words := ready(in, ask.Reply{To: in.Message, Text: h.statsWords(l, sum, from, to, offices)})
	shown := message("stats/"+in.Update, in.Chat, ask.Reply{Files: []ask.File{Picture(picture, h.Book.Say(l, locales.FiguresCaption()))}})
	shown.Direct, shown.Blobs = true, []dauys.Blob{picture}
	if err := h.Storage.Notify(ctx, words, shown); err != nil {
		return fmt.Errorf("send figures: %w", err)
	}
	return nil
}

// seesAll tells whether an office sees the figures of all.
func (h *Handlers) seesAll(id dauys.OfficeID) bool {
	o, ok := h.University.Office(id)
	return ok && slices.Contains(o.Powers, dauys.Figures)
}

// statsSpan reads the days behind the command: both are counted.
func (h *Handlers) statsSpan(arg string) (from, to time.Time, wrong *ask.Line) {
	refuse := func(line ask.Line) (time.Time, time.Time, *ask.Line) { return from, to, &line }
	if arg = strings.TrimSpace(arg); arg == "" {
		cal := &h.University.Calendar
		return cal.Monday(h.Now()).AddDate(0, 0, -7*(statsWeeks-1)), cal.Midnight(h.Now()), nil
	}
	from, to, rest, ok := h.daysTyped(arg)
	switch {
	case !ok || strings.TrimSpace(rest) != "":
		return refuse(locales.StatsDates())
	case to.Before(from):
		return refuse(locales.StatsOrder())
	case to.Sub(from) > mostDays*24*time.Hour:
		return refuse(locales.StatsLong())
	}
	return from, to, nil
}

// statsWords are the figures in words.
func (h *Handlers) statsWords(l dauys.Lang, s dauys.Summary, from, to time.Time, offices []dauys.OfficeID) string {
	all := len(offices) == 0
	head := locales.StatsHead("", from, to)
	if !all {
		head = locales.StatsHead(offices[0], from, to)
	}
	parts := []string{h.Book.Say(l, head), h.close(l, locales.Stats(s, all, fewestFigure)...)}
	if all {
		parts = append(parts, h.rows(l, s)...)
	}
	if all || len(s.Levels) > 1 {
		parts = append(parts, h.levels(l, s)...)
	}
	topics, few := []ask.Line{locales.StatsTopics()}, false
	for _, t := range s.Topics {
		if t.N < fewestFigure {
			few = true
			continue
		}
		topics = append(topics, locales.StatsTopic(t))
	}
	if len(topics) > 1 {
		parts = append(parts, h.close(l, topics...))
	}
	if few {
		parts = append(parts, h.Book.Say(l, locales.StatsTopicsFew(fewestFigure)))
	}
	return strings.Join(parts, "\n\n")
}

// close are lines without an empty one between them.
func (h *Handlers) close(l dauys.Lang, lines ...ask.Line) string {
	var out []string
	for _, line := range lines {
		out = append(out, h.Book.Say(l, line))
	}
	return strings.Join(out, "\n")
}

// rows are the figures by institute and by office.
func (h *Handlers) rows(l dauys.Lang, s dauys.Summary) (parts []string) {
	for _, group := range []struct {
		head ask.Line
		list string
		rows []dauys.Row
	}{{locales.FiguresInstitutes(), "institute", s.Institutes}, {locales.FiguresOffices(), "seat", s.Offices}} {
		if len(group.rows) == 0 {
			continue
		}
		parts = append(parts, h.Book.Say(l, group.head))
		for _, r := range group.rows {
			parts = append(parts, h.Book.Say(l, locales.FiguresRow(group.list, r)))
		}
	}
	return parts
}

func (h *Handlers) levels(l dauys.Lang, s dauys.Summary) (parts []string) {
	if len(s.Levels) == 0 {
		return nil
	}
	parts = append(parts, h.Book.Say(l, locales.FiguresLevels()))
	for _, r := range s.Levels {
		parts = append(parts, h.Book.Say(l, locales.FiguresLevel(r)))
	}
	return parts
}

// Picture is a blob as a picture of a reply, which is seen at once.
func Picture(b dauys.Blob, caption string) ask.File {
	f := Document(b, caption)
	f.Kind = "photo"
	return f
}

// picture draws figures. Its blob has no id yet.
func (h *Handlers) picture(l dauys.Lang, title ask.Line, s dauys.Summary, from, to time.Time, offices []dauys.OfficeID) (dauys.Blob, error) {
	plain := func(line ask.Line) string { return h.Book.Plain(l, line) }
	named := func(list string, v any) string {
		if id, ok := v.(string); ok {
			v = ask.Name{List: list, ID: id}
		}
		return plain(ask.Line{Key: "ask.named", Args: ask.Args{"Name": v}})
	}
	whose, came := plain(locales.FiguresAll()), plain(locales.TrendRegistered())
	if len(offices) > 0 {
		whose, came = named("seat", string(offices[0])), plain(locales.TrendCame())
	}
	median := noFigure
	if s.Days.N > 0 {
		median = named("", locales.Median(s.Days.Median))
	}
	share := func(s dauys.Share) string {
		if s.Of == 0 {
			return noFigure
		}
		return plain(locales.Percent(s))
	}
	tiles := []documents.Tile{
		{Value: strconv.Itoa(s.Open), Word: plain(locales.TileOpen())},
		{Value: strconv.Itoa(s.Overdue), Word: plain(locales.TileOverdue()), Alarm: s.Overdue > 0},
	}
	if len(offices) > 0 {
		tiles = append(tiles, documents.Tile{Value: strconv.Itoa(s.Registered), Word: plain(locales.TileCame())})
	}
	tiles = append(tiles, documents.Tile{Value: strconv.Itoa(s.Settled), Word: plain(locales.TileSettled())}, documents.Tile{Value: median, Word: plain(locales.TileDays())})
	if len(offices) == 0 {
		tiles = append(tiles, documents.Tile{Value: share(s.Institute), Word: plain(locales.TileInstitute())})
	}
	tiles = append(tiles, documents.Tile{Value: share(s.Climbed), Word: plain(locales.TileClimbed())})
	c := documents.Chart{
		Title: plain(title), Under: []string{whose, plain(locales.FiguresSpan(from, to))}, Tiles: tiles,
		Trend: documents.Trend{Title: plain(locales.TrendTitle()), Names: [2]string{came, plain(locales.TrendSettled())}},
		Bars:  documents.Bars{Title: plain(locales.BarsTitle()), Names: [2]string{plain(locales.BarsMedian()), plain(locales.BarsNinety())}},
	}
	for _, w := range s.Weeks {
		c.Trend.Steps = append(c.Trend.Steps, w.Monday.In(h.University.Calendar.Zone()).Format("02.01"))
		c.Trend.Values[0], c.Trend.Values[1] = append(c.Trend.Values[0], w.Registered), append(c.Trend.Values[1], w.Settled)
	}
	left := 0
	bar := func(name string, r dauys.Row) {
		switch {
		case r.Days.N == 0:
		case len(c.Bars.Lines) == mostBars:
			left++
		default:
			c.Bars.Lines = append(c.Bars.Lines, documents.Bar{Name: name, Numbers: [2]float64{r.Days.Median, float64(r.Days.Ninety)},
				Words: named("", locales.Median(r.Days.Median)) + " / " + strconv.Itoa(r.Days.Ninety)})
		}
	}
	for _, r := range s.Offices {
		bar(named("seat", r.ID), r)
	}
	if len(offices) > 0 && len(s.Levels) > 1 {
		for _, r := range s.Levels {
			bar(plain(locales.FiguresLevelName(r.Level)), r)
		}
	}
	if left > 0 {
		c.Foot = plain(locales.BarsMore(left))
	}
	data, err := c.PNG()
	if err != nil {
		return dauys.Blob{}, fmt.Errorf("draw figures: %w", err)
	}
	return dauys.Blob{Name: plain(locales.FiguresPicture(from, to)) + ".png", MIME: "image/png", Data: data, At: h.Now()}, nil
}

// weekly is the sheet of last week, for the offices that see the figures of all and have a chat.
func (h *Handlers) weekly(ctx context.Context, _, slot, now time.Time) (notes []dauys.Notification, err error) {
	end := h.University.Calendar.Monday(now)
	from, to := end.AddDate(0, 0, -7), end.AddDate(0, 0, -1)
	bound, err := h.Storage.Bindings(ctx)
	if err != nil {
		return nil, fmt.Errorf("list bindings: %w", err)
	}
	var readers []dauys.Office
	for _, o := range h.University.Offices {
		if bound[o.ID] != "" && slices.Contains(o.Powers, dauys.Figures) {
			readers = append(readers, o)
		}
	}
	if len(readers) == 0 {
		return nil, nil
	}
	back := end.AddDate(0, 0, -7*statsWeeks) // one week is no trend
	week, trend := dauys.NewSurvey(&h.University.Calendar, from, end, now), dauys.NewSurvey(&h.University.Calendar, back, end, now)
	if err := h.count(ctx, back, week, trend); err != nil {
		return nil, err
	}
	s := week.Sum()
	if s.Open+s.Settled+s.Registered == 0 {
		return nil, nil
	}
	s.Weeks = trend.Sum().Weeks
	pictures := map[dauys.Lang]dauys.Blob{}
	for _, o := range readers {
		if _, drawn := pictures[o.Lang]; !drawn {
			p, err := h.picture(o.Lang, locales.WeeklyTitle(), s, from, to, nil)
			if err != nil {
				return nil, err
			}
			p.ID = fmt.Sprintf("weekly-%s-%s", slot.UTC().Format("20060102T1504"), o.Lang)
			pictures[o.Lang] = p
		}
		text := strings.Join(append([]string{h.Book.Lines(o.Lang, locales.WeeklyHead(from, to), locales.WeeklyWhole(s))}, h.rows(o.Lang, s)...), "\n\n")
		n := h.forToday(slotKey(WeeklyJob, slot), o.ID, now, ask.Reply{Text: text}, ask.Reply{Files: []ask.File{Picture(pictures[o.Lang], h.Book.Say(o.Lang, locales.FiguresCaption()))}})
		n.Blobs = []dauys.Blob{pictures[o.Lang]}
		notes = append(notes, n)
	}
	return notes, nil
}
