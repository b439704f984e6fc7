package handlers

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
	"alt.edu.kz/dauys/notices"
	"alt.edu.kz/dauys/registrar"
)

// When news come: what people wish, and what waits for the end of a night or of an exam. The wishes are one
// message that is changed in place: /notices.

// What the buttons of /notices carry: q9:WHAT…
const (
	wishPress = "q9"

	wishAll   = "all"
	wishTopic = "t"     // :TOPIC
	wishMode  = "m"     // :TOPIC:MODE
	wishQuiet = "quiet" // nothing, or :usual, :none, :own
	wishFrom  = "from"  // :HOUR
	wishTo    = "to"    // :HOUR:HOUR
	wishExams = "exams"
	wishDay   = "day" // :yes or :no
	wishBad   = "bad" // :yes or :no

	yes = "yes"
	no  = "no"
)

// The hours that are offered for the beginning and the end of quiet ones.
var (
	quietFrom = []int{20, 21, 22, 23, 0, 1}
	quietTo   = []int{5, 6, 7, 8, 9, 10}
)

// wishScreens are the parts of /notices. Each changes what it is told to, and shows what holds then; an
// unknown word shows nothing.
var wishScreens = map[string]func(h *Handlers, w *wishing, rest []string) (ask.Reply, bool){
	wishAll:   (*Handlers).wishHome,
	wishTopic: (*Handlers).wishOne,
	wishMode:  (*Handlers).wishOne,
	wishQuiet: (*Handlers).wishHours,
	wishFrom:  (*Handlers).wishUntil,
	wishTo:    (*Handlers).wishHours,
	wishExams: (*Handlers).wishSession,
	wishDay:   (*Handlers).wishSession,
	wishBad:   (*Handlers).wishSession,
}

// wishing is somebody who looks at how they are told.
type wishing struct {
	notices.Wish
	lang              dauys.Lang
	student, employee bool
	onward            []ask.Button
}

// hears are the topics of which somebody is told.
func (w *wishing) hears() (all []notices.Rule) {
	for _, r := range notices.Rules {
		if r.Topic == notices.Staff && !w.employee || r.Topic != notices.Staff && r.Topic != notices.Bulletin && !w.student {
			continue
		}
		all = append(all, r)
	}
	return all
}

// ownWishes is /notices.
func (h *Handlers) ownWishes(ctx context.Context, t *Turn) error {
	return h.wishButton(ctx, t, []string{wishPress, wishAll})
}

// wishButton is one of the buttons of /notices.
func (h *Handlers) wishButton(ctx context.Context, t *Turn, parts []string) error {
	r, err := h.reader(ctx, t.From)
	if err != nil {
		return err
	}
	if r.Student == "" && r.Employee == "" { // nothing is told to who is nobody to the record
		reply := ask.Reply{Text: h.Book.Say(t.Lang(), locales.WishesNobody()),
			Buttons: [][]ask.Button{{h.button(t.Lang(), locales.IdentityEnter(), dataOfLinks+pressEnter)}, h.onward(t)}}
		t.Say(reply)
		return nil
	}
	show := wishScreens[parts[1]]
	if show == nil {
		return h.resume(t, locales.OldButton())
	}
	var reply ask.Reply
	var known bool
	t.Told = true // what waits may come now
	_, err = h.wish(ctx, t.From, func(w *notices.Wish) {
		one := &wishing{Wish: *w, lang: t.Lang(), student: r.Student != "", employee: r.Employee != "", onward: h.onward(t)}
		reply, known = show(h, one, parts[1:])
		one.Who = t.From
		*w = one.Wish
	})
	if err != nil {
		return err
	}
	if !known {
		return h.resume(t, locales.OldButton())
	}
	t.Say(t.Here(reply))
	return nil
}

// wishTries is how often a wish is read again that has changed while it was changed.
const wishTries = 5

// wish changes how somebody is told, and lets what waits for them come as they wish now.
func (h *Handlers) wish(ctx context.Context, who dauys.Address, change func(*notices.Wish)) (w notices.Wish, err error) {
	for range wishTries {
		was, err := h.Storage.WishOf(ctx, who)
		if err != nil {
			return w, fmt.Errorf("how somebody wants to be told: %w", err)
		}
		w = was
		w.Modes = maps.Clone(was.Modes)
		if change(&w); sameWish(w, was) {
			return w, nil
		}
		switch err := h.Storage.SaveWish(ctx, w); {
		case errors.Is(err, dauys.ErrConflict):
			continue
		case err != nil:
			return w, fmt.Errorf("keep how somebody wants to be told: %w", err)
		}
		return w, h.retime(ctx, w)
	}
	return w, dauys.ErrConflict
}

func sameWish(a, b notices.Wish) bool {
	same := maps.Equal(a.Modes, b.Modes)
	a.Modes, b.Modes = nil, nil
	return same && a.Who == b.Who && a.Exams == b.Exams && a.Bad == b.Bad && a.QuietFrom == b.QuietFrom && a.QuietTo == b.QuietTo && a.Loud == b.Loud && a.Mail == b.Mail
}

// mostRetimed is how many news that wait come at another time when a wish changes; nobody has more.
const mostRetimed = 500

// retime lets what waits for somebody come when they want it to. What they do not want any more is found out
// when it would come.
func (h *Handlers) retime(ctx context.Context, w notices.Wish) error {
	now := h.Now()
	all, err := h.Storage.NewsDue(ctx, w.Who, now.AddDate(1, 0, 0), mostRetimed)
	if err != nil {
		return fmt.Errorf("what waits for somebody: %w", err)
	}
	at := map[time.Time][]int64{}
	for _, n := range all {
		due := h.newsTime(w, n, now)
		if due.IsZero() || due.Equal(n.Due) || !due.After(now) && !n.Due.After(now) {
			continue
		}
		at[due] = append(at[due], n.ID)
	}
	for _, due := range slices.SortedFunc(maps.Keys(at), time.Time.Compare) {
		if err := h.Storage.PutOffNews(ctx, w.Who, at[due], due); err != nil {
			return fmt.Errorf("let news come at another time: %w", err)
		}
	}
	return nil
}

// The screens.

func wishData(parts ...string) string { return wishPress + ":" + strings.Join(parts, ":") }

func (h *Handlers) wishKey(w *wishing, label ask.Line, parts ...string) ask.Button {
	return h.button(w.lang, label, wishData(parts...))
}

// wishBack is the way to the first screen.
func (h *Handlers) wishBack(w *wishing) []ask.Button {
	return []ask.Button{h.wishKey(w, locales.WishesBack(), wishAll)}
}

// wishHome lists the topics and when each comes.
func (h *Handlers) wishHome(w *wishing, _ []string) (r ask.Reply, ok bool) {
	lines := []ask.Line{locales.WishesTitle(), locales.WishesWhat()}
	var row []ask.Button
	for _, rule := range w.hears() {
		how := locales.WishesMode(w.Of(rule.Topic))
		if rule.Fixed {
			how = locales.WishesAlways()
		}
		lines = append(lines, locales.WishesItem(rule.Topic, how))
		if row = append(row, h.wishKey(w, locales.WishesTopic(rule.Topic), wishTopic, string(rule.Topic))); len(row) == 2 {
			r.Buttons, row = append(r.Buttons, row), nil
		}
	}
	if len(row) > 0 {
		r.Buttons = append(r.Buttons, row)
	}
	lines = append(lines, h.hoursLine(w.Wish))
	last := []ask.Button{h.wishKey(w, locales.WishesQuietButton(), wishQuiet)}
	if w.student {
		lines = append(lines, locales.WishesExamsShort())
		last = append(last, h.wishKey(w, locales.WishesExamsButton(), wishExams))
	}
	lines = append(lines, locales.WishesUrgent())
	if at := h.nextOf(EveningNews); !at.IsZero() {
		lines = append(lines, locales.WishesEvening(clockOf(at)))
	}
	if at := h.nextOf(WeeklyNews); !at.IsZero() {
		lines = append(lines, locales.WishesWeekly(at.Weekday(), clockOf(at)))
	}
	r.Text = h.Book.Lines(w.lang, lines...)
	r.Buttons = append(r.Buttons, last, w.onward)
	return r, true
}

// nextOf is when a job runs next, by the clocks of the university; zero: never.
func (h *Handlers) nextOf(job string) (at time.Time) {
	if s := h.Schedules[job]; s != nil {
		at = s(h.Now())
	}
	if !at.IsZero() {
		at = at.In(h.zone())
	}
	return at
}

func clockOf(at time.Time) string { return at.Format("15:04") }

func clock(minutes int) string { return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60) }

// hoursLine says which quiet hours hold.
func (h *Handlers) hoursLine(w notices.Wish) ask.Line {
	q := w.Quiet(h.University.Notices.Quiet)
	if q.From == q.To {
		return locales.WishesNoQuiet()
	}
	return locales.WishesQuiet(clock(q.From), clock(q.To))
}

// wishModes are those that can be chosen: a digest only when it comes at all.
func (h *Handlers) wishModes() (all []notices.Mode) {
	for _, m := range notices.Modes {
		if m == notices.Evening && h.nextOf(EveningNews).IsZero() || m == notices.Weekly && h.nextOf(WeeklyNews).IsZero() {
			continue
		}
		all = append(all, m)
	}
	return all
}

// wishOne is a topic: what comes, and when; of those that cannot be turned off why.
func (h *Handlers) wishOne(w *wishing, rest []string) (r ask.Reply, ok bool) {
	i := slices.IndexFunc(w.hears(), func(rule notices.Rule) bool { return string(rule.Topic) == part(rest, 1) })
	if i < 0 {
		return r, false
	}
	rule := w.hears()[i]
	lines := []ask.Line{locales.NewsTopic(rule.Topic), locales.WishesAbout(rule.Topic)}
	if rule.Fixed {
		r.Text = h.Book.Lines(w.lang, append(lines, locales.WishesWhy(rule.Topic))...)
		r.Buttons = [][]ask.Button{h.wishBack(w)}
		return r, true
	}
	if rest[0] == wishMode {
		mode := notices.Mode(part(rest, 2))
		if !slices.Contains(h.wishModes(), mode) {
			return r, false
		}
		if w.Modes == nil {
			w.Modes = map[notices.Topic]notices.Mode{}
		}
		w.Modes[rule.Topic] = mode
	}
	is := w.Of(rule.Topic)
	lines = append(lines, locales.WishesNow(locales.WishesMode(is)))
	if rule.Topic != notices.Progress && (is == notices.Evening || is == notices.Weekly) {
		lines = append(lines, locales.WishesSooner())
	}
	r.Text = h.Book.Lines(w.lang, lines...)
	for _, m := range h.wishModes() {
		if m != is {
			r.Buttons = append(r.Buttons, []ask.Button{h.wishKey(w, locales.WishesModeButton(m), wishMode, string(rule.Topic), string(m))})
		}
	}
	r.Buttons = append(r.Buttons, h.wishBack(w))
	return r, true
}

// wishHours are the quiet hours.
func (h *Handlers) wishHours(w *wishing, rest []string) (r ask.Reply, ok bool) {
	usual := h.University.Notices.Quiet
	hour := func(i int, among []int) (minutes int, ok bool) {
		n, err := strconv.Atoi(part(rest, i))
		return n * 60, err == nil && slices.Contains(among, n)
	}
	switch what := part(rest, 1); {
	case rest[0] == wishTo:
		from, known := hour(1, quietFrom)
		to, known2 := hour(2, quietTo)
		if !known || !known2 {
			return r, false
		}
		w.QuietFrom, w.QuietTo, w.Loud = from, to, false
	case what == "usual":
		w.QuietFrom, w.QuietTo, w.Loud = 0, 0, false
	case what == "none":
		w.QuietFrom, w.QuietTo, w.Loud = 0, 0, true
	case what == "own":
		return h.wishSince(w)
	case what != "":
		return r, false
	}
	lines := []ask.Line{locales.WishesQuietTitle(), h.hoursLine(w.Wish)}
	if usual.From != usual.To && w.Quiet(usual) != usual {
		r.Buttons = append(r.Buttons, []ask.Button{h.wishKey(w, locales.WishesUsual(clock(usual.From), clock(usual.To)), wishQuiet, "usual")})
	}
	r.Buttons = append(r.Buttons, []ask.Button{h.wishKey(w, locales.WishesOwn(), wishQuiet, "own")})
	if w.Quiet(usual) != (dauys.Hours{}) {
		r.Buttons = append(r.Buttons, []ask.Button{h.wishKey(w, locales.WishesLoud(), wishQuiet, "none")})
	}
	r.Text = h.Book.Lines(w.lang, append(lines, locales.WishesUrgent())...)
	r.Buttons = append(r.Buttons, h.wishBack(w))
	return r, true
}

// wishSince and wishUntil ask for hours of one's own.
func (h *Handlers) wishSince(w *wishing) (ask.Reply, bool) {
	return h.hours(w, locales.WishesFrom(), quietFrom, wishFrom), true
}

func (h *Handlers) wishUntil(w *wishing, rest []string) (r ask.Reply, ok bool) {
	from, err := strconv.Atoi(part(rest, 1))
	if err != nil || !slices.Contains(quietFrom, from) {
		return r, false
	}
	return h.hours(w, locales.WishesTo(clock(from*60)), quietTo, wishTo, strconv.Itoa(from)), true
}

func (h *Handlers) hours(w *wishing, question ask.Line, offered []int, data ...string) (r ask.Reply) {
	r.Text = h.Book.Lines(w.lang, locales.WishesQuietTitle(), question)
	for three := range slices.Chunk(offered, 3) {
		var row []ask.Button
		for _, hour := range three {
			row = append(row, ask.Button{Text: clock(hour * 60), Data: wishData(append(slices.Clone(data), strconv.Itoa(hour))...)})
		}
		r.Buttons = append(r.Buttons, row)
	}
	r.Buttons = append(r.Buttons, []ask.Button{h.wishKey(w, locales.WishesBack(), wishQuiet)})
	return r
}

// wishSession is what own exams keep back.
func (h *Handlers) wishSession(w *wishing, rest []string) (r ask.Reply, ok bool) {
	said := part(rest, 1)
	if !w.student || rest[0] != wishExams && said != yes && said != no {
		return r, false
	}
	switch rest[0] {
	case wishDay:
		w.Exams = said == yes
	case wishBad:
		w.Bad = said == yes
	}
	other := func(is bool) string {
		if is {
			return no
		}
		return yes
	}
	lines := []ask.Line{locales.WishesExamsTitle(), locales.WishesDay(w.Exams), locales.WishesBad(w.Bad, int(badBefore/time.Hour)), locales.WishesExamsMoved()}
	r.Text = h.Book.Lines(w.lang, lines...)
	r.Buttons = [][]ask.Button{
		{h.wishKey(w, locales.WishesDayButton(!w.Exams), wishDay, other(w.Exams))},
		{h.wishKey(w, locales.WishesBadButton(!w.Bad), wishBad, other(w.Bad))},
		h.wishBack(w),
	}
	return r, true
}

// wishLabel is a button of /notices in words.
func (h *Handlers) wishLabel(data []string) ask.Line {
	what, rest := part(data, 1), data[min(2, len(data)):]
	switch {
	case what == wishTopic:
		return locales.WishesTopic(notices.Topic(part(rest, 0)))
	case what == wishMode:
		return locales.WishesModeButton(notices.Mode(part(rest, 1)))
	case what == wishQuiet && part(rest, 0) == "usual":
		return locales.WishesUsual(clock(h.University.Notices.Quiet.From), clock(h.University.Notices.Quiet.To))
	case what == wishQuiet && part(rest, 0) == "own":
		return locales.WishesOwn()
	case what == wishQuiet && part(rest, 0) == "none":
		return locales.WishesLoud()
	case what == wishQuiet:
		return locales.WishesQuietButton()
	case what == wishExams:
		return locales.WishesExamsButton()
	case what == wishDay:
		return locales.WishesDayButton(part(rest, 0) == yes)
	case what == wishBad:
		return locales.WishesBadButton(part(rest, 0) == yes)
	case what == wishFrom || what == wishTo:
		n, _ := strconv.Atoi(part(rest, len(rest)-1))
		return locales.FileOf(clock(n*60), "")
	}
	return locales.WishesBack()
}

// What waits.

const (
	// aroundExam is how long before an exam it begins to keep back what can wait: people are on their way.
	aroundExam = time.Hour
	// badBefore is how long before an exam of something else a bad mark does not come.
	badBefore = 12 * time.Hour
	// lead is how long before it happens something has to be known, so that it does not wait for longer.
	lead = 3 * time.Hour
)

// ownExam is an exam of the reader, as far as it keeps news back.
type ownExam struct {
	discipline string
	at         time.Time
}

// beforehand tells until when something may wait that happens at a time, so that it is not told too late: not
// at all, when there is no time for it. What is known by its day only wakes nobody.
func beforehand(happens, until, now time.Time, early time.Duration) (time.Time, bool) {
	if happens = happens.In(now.Location()); !timed(happens) || !happens.After(now) || happens.Add(-early).After(until) {
		return until, true
	}
	at := happens.Add(-early)
	return at, at.After(now)
}

// overQuiet is until when the quiet hours of somebody keep back what happens at a time.
func overQuiet(q dauys.Hours, happens, now time.Time) (until time.Time, wait bool) {
	end, quiet := q.Over(now)
	if !quiet {
		return until, false
	}
	return beforehand(happens, end, now, lead)
}

// overExams is until when own exams keep something back: what is of an exam itself comes in time for it.
func overExams(w notices.Wish, exams []ownExam, lasts time.Duration, bad bool, about string, happens, now time.Time) (until time.Time, wait bool) {
	end := now
	for moved := true; moved; { // the end of one may be the beginning of the next
		moved = false
		for _, e := range exams {
			from, to := e.at.Add(-aroundExam), e.at.Add(lasts)
			if w.Exams {
				from = earlier(from, time.Date(e.at.Year(), e.at.Month(), e.at.Day(), 0, 0, 0, 0, e.at.Location()))
			}
			if bad && !w.Bad && about != e.discipline {
				from = earlier(from, e.at.Add(-badBefore))
			}
			if !end.Before(from) && end.Before(to) {
				end, moved = to, true
			}
		}
	}
	if !end.After(now) {
		return until, false
	}
	return beforehand(happens, end, now, aroundExam)
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// newsTime is when news come to somebody who wants to be told in a way; zero: they do not want to.
func (h *Handlers) newsTime(w notices.Wish, n notices.News, now time.Time) time.Time {
	mode := w.Of(n.Topic)
	// digest is the first of some digests that comes in time for what happens; else it is told now.
	digest := func(jobs ...string) time.Time {
		for _, job := range jobs {
			s := h.Schedules[job]
			if s == nil {
				continue
			}
			if at, happens := s(now), n.Matter.At; !at.IsZero() && (!happens.After(now) || !happens.Add(-lead).Before(at)) {
				return at
			}
		}
		return now
	}
	at := now
	switch {
	case mode == notices.Off && !n.Urgent:
		return time.Time{}
	case n.Urgent:
		return now
	case mode == notices.Evening:
		at = digest(EveningNews)
	case mode == notices.Weekly:
		at = digest(WeeklyNews, EveningNews)
	}
	if until, wait := overQuiet(w.Quiet(h.University.Notices.Quiet), n.Matter.At, at.In(h.zone())); wait {
		return until
	}
	return at
}

// newsWait is until when news wait that would come to somebody now. What is urgent waits for no morning, and
// for the end of an exam only when its term leaves time enough afterwards.
func (h *Handlers) newsWait(ctx context.Context, r *newsReader, n notices.News, now time.Time) (until time.Time, wait bool, err error) {
	now = now.In(h.zone())
	if !n.Urgent {
		until, wait = overQuiet(r.wish.Quiet(h.University.Notices.Quiet), n.Matter.At, now)
	}
	if wait || r.student == nil {
		return until, wait, nil
	}
	exams, err := r.ownExams(ctx)
	if err != nil {
		return until, false, err
	}
	if len(exams) == 0 {
		return until, false, nil
	}
	bad, about, happens, err := r.weighs(ctx, n)
	if err != nil {
		return until, false, err
	}
	until, wait = overExams(r.wish, exams, h.University.Notices.Exam, bad, about, happens, now)
	if ends := n.Matter.At; wait && n.Urgent && (ends.IsZero() || ends.Before(until.Add(lead))) {
		return until, false, nil
	}
	return until, wait, nil
}

// ownExams are the exams of the reader that are not over, read once for a message.
func (r *newsReader) ownExams(ctx context.Context) ([]ownExam, error) {
	if r.keepingKnown || r.reader.Group == "" {
		return r.keeping, nil
	}
	entries, err := r.read(ctx, registrar.Exams, registrar.OfGroup(r.reader.Group))
	if err != nil {
		return nil, err
	}
	now := r.h.Now()
	for _, e := range entries {
		at, ok := examAt(e.Fields, r.h.zone())
		if !ok || e.Fields["attempt"] == "consultation" || at.Add(r.h.University.Notices.Exam).Before(now) || at.Sub(now) > 48*time.Hour {
			continue
		}
		r.keeping = append(r.keeping, ownExam{e.Fields["discipline"], at})
	}
	r.keepingKnown = true
	return r.keeping, nil
}

// examAt is when an exam begins; not ok: only its day is known, or nothing.
func examAt(f registrar.Fields, zone *time.Location) (at time.Time, ok bool) {
	at = f.Time("at", zone)
	if clock, err := time.Parse("15:04", f["time"]); err == nil && at.Hour() == 0 && at.Minute() == 0 { // the time has a column of its own
		at = at.Add(time.Duration(clock.Hour())*time.Hour + time.Duration(clock.Minute())*time.Minute)
	}
	return at, timed(at)
}

// timed tells whether more is known of when an exam begins than the day.
func timed(at time.Time) bool { return !at.IsZero() && (at.Hour() != 0 || at.Minute() != 0) }

// weighs is what decides how long news may wait: whether they are a bad mark, of which discipline, and when
// what they are about happens or its term ends.
func (r *newsReader) weighs(ctx context.Context, n notices.News) (bad bool, about string, happens time.Time, err error) {
	happens = n.Matter.At
	if n.Matter.Kind != registrar.Marks && n.Matter.Kind != registrar.Exams {
		return false, "", happens, nil
	}
	f, err := r.now(ctx, n)
	if err != nil || f == nil {
		return false, "", happens, err
	}
	if at, ok := examAt(f, r.h.zone()); n.Matter.Kind == registrar.Exams && ok {
		happens = at
	}
	return n.Matter.Kind == registrar.Marks && r.h.isBad(f), f["discipline"], happens, nil
}

// isBad tells whether a mark is one with which nothing is passed.
func (h *Handlers) isBad(f registrar.Fields) bool {
	a := h.University.Academic
	if score, ok := f.Hundredths("score"); ok {
		least := 50
		if a != nil {
			least = a.Least()
		}
		return score < least*100
	}
	if f["score"] != "" { // a word instead: absent, not admitted
		return true
	}
	if a == nil {
		return false
	}
	g, known := a.Letter(f["letter"])
	return known && !g.Passes()
}
