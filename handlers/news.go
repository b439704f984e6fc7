package handlers

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
	"alt.edu.kz/dauys/notices"
	"alt.edu.kz/dauys/registrar"
)

// What people are told without having asked. First a plan is made into news, one for each account that is
// linked with whom it concerns: [Handlers.MakeNews]. When they are due, what waits for a reader is put into
// words of what the record says then: [Handlers.news]. Tables say how: newsOf, what of a change of the record
// is told to whom; newsJobs, what a job tells; newsCards, in which words.

// Newsstand is where plans and news are kept.
type Newsstand interface {
	AddPlan(ctx context.Context, p notices.Plan, notes ...dauys.Notification) error
	Plan(ctx context.Context, id string) (notices.Plan, error)
	Plans(ctx context.Context, limit int, from ...notices.Source) ([]notices.Plan, error)
	PlansDue(ctx context.Context, now time.Time, limit int) ([]notices.Plan, error)
	SavePlan(ctx context.Context, p notices.Plan, notes ...dauys.Notification) error
	HaltPlan(ctx context.Context, id string, now time.Time, notes ...dauys.Notification) (int64, error)
	AddNews(ctx context.Context, p notices.Plan, save bool, all []notices.News, now time.Time) error
	NewsDue(ctx context.Context, reader dauys.Address, now time.Time, limit int) ([]notices.News, error)
	NewsOf(ctx context.Context, plan string, above int64, limit int) ([]notices.News, error)
	NewsIn(ctx context.Context, reader dauys.Address, message string) ([]notices.News, error)
	ToldAbout(ctx context.Context, reader dauys.Address, about string) (notices.News, error)
	CountsOf(ctx context.Context, plan string) (notices.Counts, error)
	AskSeen(ctx context.Context, all ...notices.Asked) error
	SawOrder(ctx context.Context, key string, who dauys.Address, now time.Time) (notices.Asked, error)
	AskedOf(ctx context.Context, key string) (notices.Asked, error)
	Unseen(ctx context.Context, after time.Time, limit int) ([]notices.Asked, error)
	FailuresOf(ctx context.Context, plan string, limit int) ([]notices.Failure, error)
	LostReaders(ctx context.Context, limit int) ([]notices.Lost, error)
	MailDue(ctx context.Context, who dauys.Address, now, after time.Time) (newest int64, err error)
	MailSent(ctx context.Context, who dauys.Address, newest int64, now time.Time) error
	UnreachableAll(ctx context.Context) ([]dauys.Address, error)
	GivenUp(ctx context.Context, after time.Time, limit int) (news, others []notices.Given, err error)
	StuckPlans(ctx context.Context) ([]notices.Plan, error)
	LinkedFrom(ctx context.Context, accounts []dauys.Address) (map[dauys.Address][]registrar.Link, error)
	LinkedToAny(ctx context.Context, persons []string) (map[string][]registrar.Link, error)
	WishOf(ctx context.Context, who dauys.Address) (notices.Wish, error)
	Wishes(ctx context.Context, of []dauys.Address) (map[dauys.Address]notices.Wish, error)
	SaveWish(ctx context.Context, w notices.Wish) error
	PutOffNews(ctx context.Context, reader dauys.Address, ids []int64, until time.Time) error
	Changes(ctx context.Context, im registrar.Import, after string, limit int) ([]registrar.Change, string, error)
}

// telling is something that some persons have to be told.
type telling struct {
	topic   notices.Topic
	card    notices.Card
	urgent  bool   // it waits for nothing; its card says why
	about   string // of two about the same that wait, the later one tells both; empty: the entry
	persons []string
	matter  notices.Matter // its Person is filled in
}

// The tables of news are put together from those of the files: they ask for words, which ask for them.
var (
	// newsOf are the news that a change of the record is, by the kind of the entry. The matter's Kind, Key and
	// Was are filled in. Kinds that are not there are nobody's news.
	newsOf map[registrar.Kind]changeNews
	// newsJobs are the jobs that tell something by a plan.
	newsJobs map[string]jobNews
	// newsCards put news into words.
	newsCards map[notices.Card]newsCard
)

// How the tables look.
type (
	changeNews = func(h *Handlers, ctx context.Context, a *audience, c registrar.Change) ([]telling, error)
	jobNews    = func(h *Handlers, ctx context.Context, a *audience, p notices.Plan) ([]telling, error)
	newsCard   = func(h *Handlers, ctx context.Context, r *newsReader, n notices.News) (piece, error)
)

func init() {
	newsOf = eachNews(marksNews, ordersNews, staffNews)
	newsJobs = joined(reminderJobs, staffJobs, orderJobs)
	newsCards = joined(markCards, orderCards, reminderCards, staffCards, bulletinCards)
}

func joined[K comparable, V any](parts ...map[K]V) map[K]V {
	all := map[K]V{}
	for _, p := range parts {
		maps.Copy(all, p)
	}
	return all
}

// newsSources make plans into tellings, some at a time; next is where to go on, empty at the end.
var newsSources = map[notices.Source]func(h *Handlers, ctx context.Context, a *audience, p notices.Plan) (some []telling, next string, err error){
	notices.Import: (*Handlers).importNews,
	notices.Undo:   (*Handlers).importNews,
	notices.Job:    (*Handlers).newsOfJob,
	notices.Notice: (*Handlers).newsOfBulletin,
}

const (
	plansAtOnce   = 10
	changesAtOnce = 200 // of an import that are made into news together
	newsAtOnce    = 500 // that are stored together
	newsTogether  = 25  // that one message tells at most
)

// MakeNews makes what is planned into news. It tells whether anything was done.
func (h *Handlers) MakeNews(ctx context.Context) (done bool, err error) {
	h.jobsPass.Lock()
	due, err := h.Storage.PlansDue(ctx, h.Now(), plansAtOnce)
	h.jobsPass.Unlock()
	if err != nil {
		return false, fmt.Errorf("plans that wait: %w", err)
	}
	var failed error
	for _, p := range due {
		err := Guarded(func() error { return h.makePlan(ctx, p) })
		switch {
		case ctx.Err() != nil:
			return done, nil
		case errors.Is(err, dauys.ErrConflict): // it was halted meanwhile
		case err != nil:
			failed = errors.Join(failed, fmt.Errorf("plan %s: %w", p.ID, err), h.planLater(ctx, p.ID, err))
		default:
			done = true
		}
	}
	shown, err := h.showMailings(ctx)
	return done || shown, errors.Join(failed, err)
}

// How long a plan waits that could not be made into news, doubled each time.
const (
	planPause   = 10 * time.Second
	planLongest = time.Hour
)

// planLater has a plan that cannot be made into news wait, so that it stands in nobody's way. It is never
// given up: a later version may know how. When the database is away it stays as it is, as that cannot be noted either.
func (h *Handlers) planLater(ctx context.Context, id string, why error) error {
	p, err := h.Storage.Plan(ctx, id)
	if err != nil {
		return fmt.Errorf("load a plan that failed: %w", err)
	}
	p.Start = h.Now().Add(min(planPause<<min(p.Tries, 10), planLongest))
	p.Tries, p.Why = p.Tries+1, locales.Shorten(why.Error(), 200)
	if err := h.Storage.SavePlan(ctx, p); err != nil && !errors.Is(err, dauys.ErrConflict) {
		return fmt.Errorf("put a plan off: %w", err)
	}
	return nil
}

func (h *Handlers) makePlan(ctx context.Context, p notices.Plan) error {
	source := newsSources[p.Source]
	if source == nil {
		return fmt.Errorf("nobody knows how to tell of %q", p.Source)
	}
	a := h.newAudience()
	made := 0
	for p.State == notices.Planned {
		some, next, err := source(h, ctx, a, p)
		if err != nil {
			return err
		}
		q := p
		q.Tries, q.Why = 0, ""
		if q.After = next; next == "" {
			q.State, q.Ended = notices.Made, h.Now()
		}
		n, err := h.addNews(ctx, a, p, q, some)
		if err != nil {
			return err
		}
		made += n
		q.Version++
		q.Persons, q.Alone = a.reach(p)
		p = q
	}
	h.Log.Info("a plan was made into news", "plan", p.ID, "news", made, "persons", p.Persons, "without an account", p.Alone)
	return nil
}

// addNews stores the news that some tellings are, with what becomes of their plan in the end.
func (h *Handlers) addNews(ctx context.Context, a *audience, p, q notices.Plan, some []telling) (made int, err error) {
	var batch []notices.News
	flush := func(save bool) error {
		made += len(batch)
		plan := p
		if save {
			plan = q
			plan.Persons, plan.Alone = a.reach(p)
		}
		err := h.Storage.AddNews(ctx, plan, save, batch, h.Now())
		batch = nil
		return err
	}
	since, err := a.since(ctx)
	if err != nil {
		return 0, err
	}
	now := h.Now()
	for _, t := range some {
		for persons := range slices.Chunk(t.persons, newsAtOnce) {
			links, err := a.links(ctx, persons)
			if err != nil {
				return made, err
			}
			for _, person := range persons {
				for _, l := range links[person] {
					if !l.Opens(since) {
						continue
					}
					m := t.matter
					m.Person = person
					n := notices.News{Plan: p.ID, Reader: l.Who, Topic: t.topic, Card: t.card, About: t.about, Urgent: t.urgent, State: notices.Waiting, Matter: m}
					if n.About == "" {
						n.About = string(m.Kind) + "/" + m.Key
					}
					w, err := a.wish(ctx, l.Who)
					if err != nil {
						return made, err
					}
					if n.Due = h.newsTime(w, n, now); n.Due.IsZero() {
						n.State, n.Due = notices.Unwanted, now
					}
					batch = append(batch, n)
				}
			}
			if len(batch) >= newsAtOnce {
				if err := flush(false); err != nil {
					return made, err
				}
			}
		}
	}
	return made, flush(true)
}

// importNews are the changes of an import that was published, or undone: then what it had brought is what
// people knew, and what holds now is new.
func (h *Handlers) importNews(ctx context.Context, a *audience, p notices.Plan) (some []telling, next string, err error) {
	im, err := h.Storage.Import(ctx, p.Ref)
	if err != nil {
		return nil, "", fmt.Errorf("load an import: %w", err)
	}
	tell := newsOf[im.Kind]
	if tell == nil {
		return nil, "", nil
	}
	changes, next, err := h.Storage.Changes(ctx, im, p.After, changesAtOnce)
	if err != nil {
		return nil, "", fmt.Errorf("changes of an import: %w", err)
	}
	// They come by their fingerprints, which are chance; whoever reads several news reads them by what they are about.
	slices.SortFunc(changes, func(a, b registrar.Change) int { return strings.Compare(keyOf(a), keyOf(b)) })
	for _, c := range changes {
		if p.Source == notices.Undo {
			c.Was, c.Now = c.Now, c.Was
			c.What = whatOf(c)
		}
		all, err := tell(h, ctx, a, c)
		if err != nil {
			return nil, "", err
		}
		for _, t := range all {
			e := c.Now
			if e == nil {
				e = c.Was
			}
			t.matter.Kind, t.matter.Key = e.Kind, e.Key
			if c.Was != nil {
				t.matter.Was = c.Was.Fields
			}
			if p.Source == notices.Undo {
				if t.matter.Args == nil {
					t.matter.Args = map[string]string{}
				}
				t.matter.Args[argUndone] = "yes"
			}
			some = append(some, t)
		}
	}
	return some, next, nil
}

// newsPrefix is what the data of buttons under news begins with that lead to a screen of the record; what
// follows is what stands behind [recordPrefix].
const newsPrefix = "q6"

// open is a row with a button that leads from news to a screen of the record.
func (r *newsReader) open(label ask.Line, data ...string) []ask.Button {
	b := r.button(label, data...)
	b.Data = newsPrefix + strings.TrimPrefix(b.Data, recordPrefix)
	return []ask.Button{b}
}

// argUndone says in a matter that the news come from an import that was taken back.
const argUndone = "undone"

func whatOf(c registrar.Change) registrar.What {
	switch {
	case c.Was == nil:
		return registrar.New
	case c.Now == nil:
		return registrar.Gone
	}
	return registrar.Changed
}

func (h *Handlers) newsOfJob(ctx context.Context, a *audience, p notices.Plan) (some []telling, next string, err error) {
	job := newsJobs[p.Ref]
	if job == nil {
		return nil, "", fmt.Errorf("nobody knows how to tell of the job %q", p.Ref)
	}
	some, err = job(h, ctx, a, p)
	return some, "", err
}

// audience finds whom something concerns, and asks the storage once for the same.
type audience struct {
	h         *Handlers
	groups    map[string][]string // persons
	wishes    map[dauys.Address]notices.Wish
	linked    map[string][]registrar.Link
	all       []registrar.Entry
	confirmed time.Time // see since
}

func (h *Handlers) newAudience() *audience {
	return &audience{h: h, groups: map[string][]string{}, wishes: map[dauys.Address]notices.Wish{}, linked: map[string][]registrar.Link{}}
}

// reach is how many persons a plan concerns, as far as it is made, and how many of them have no account.
func (a *audience) reach(p notices.Plan) (persons, alone int) {
	return max(p.Persons, a.persons()), max(p.Alone, a.alone())
}

// since is since when an account has to be confirmed to be told of a person.
func (a *audience) since(ctx context.Context) (time.Time, error) {
	if a.confirmed.IsZero() {
		since, err := a.h.confirmedSince(ctx)
		if err != nil {
			return since, err
		}
		a.confirmed = since
	}
	return a.confirmed, nil
}

// persons and alone are how many persons were looked for, and who of them has no account.
func (a *audience) persons() int { return len(a.linked) }
func (a *audience) alone() (n int) {
	for _, l := range a.linked {
		if len(l) == 0 {
			n++
		}
	}
	return n
}

// group are the students of a group, as persons.
func (a *audience) group(ctx context.Context, name string) ([]string, error) {
	if known, ok := a.groups[name]; ok {
		return known, nil
	}
	all, err := a.h.Storage.RecordsBy(ctx, registrar.Roster, registrar.OfGroup(name))
	if err != nil {
		return nil, fmt.Errorf("students of a group: %w", err)
	}
	persons := personsOf(all, nil)
	a.groups[name] = persons
	return persons, nil
}

// students are those of the roster of whom something is true, as persons; nil: all who study.
func (a *audience) students(ctx context.Context, which func(registrar.Fields) bool) ([]string, error) {
	if a.all == nil {
		err := a.h.Storage.EachRecord(ctx, registrar.Roster, func(e registrar.Entry) error {
			a.all = append(a.all, e)
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("the roster: %w", err)
		}
	}
	return personsOf(a.all, which), nil
}

func personsOf(roster []registrar.Entry, which func(registrar.Fields) bool) (persons []string) {
	for _, e := range roster {
		if s := e.Fields["status"]; s != "" && s != "studying" && s != "leave" || which != nil && !which(e.Fields) {
			continue
		}
		persons = append(persons, e.Owner)
	}
	slices.Sort(persons)
	return persons
}

func (a *audience) links(ctx context.Context, persons []string) (map[string][]registrar.Link, error) {
	var unknown []string
	for _, p := range persons {
		if _, known := a.linked[p]; !known {
			unknown = append(unknown, p)
		}
	}
	if len(unknown) > 0 {
		found, err := a.h.Storage.LinkedToAny(ctx, unknown)
		if err != nil {
			return nil, fmt.Errorf("accounts of persons: %w", err)
		}
		var readers []dauys.Address
		for _, p := range unknown {
			a.linked[p] = found[p]
			for _, l := range found[p] {
				readers = append(readers, l.Who)
			}
		}
		said, err := a.h.Storage.Wishes(ctx, readers)
		if err != nil {
			return nil, fmt.Errorf("how people want to be told: %w", err)
		}
		for _, r := range readers {
			a.wishes[r] = said[r]
		}
	}
	return a.linked, nil
}

func (a *audience) wish(ctx context.Context, who dauys.Address) (notices.Wish, error) {
	if w, known := a.wishes[who]; known {
		return w, nil
	}
	w, err := a.h.Storage.WishOf(ctx, who)
	if err != nil {
		return w, fmt.Errorf("how somebody wants to be told: %w", err)
	}
	a.wishes[who] = w
	return w, nil
}

// piece is a piece of news in words.
type piece struct {
	none  bool       // there is nothing left to tell
	lines []ask.Line // its card
	short []ask.Line // what stands of it in a digest; none: its card does
	rows  [][]ask.Button
	alone bool // it never stands in a digest
	seen  registrar.Fields
	to    string      // the message that it answers
	first []ask.Reply // what is sent before it: changes of earlier messages
}

// newsReader is who is told something: an account, and the person of the record whose it is.
type newsReader struct {
	h        *Handlers
	who      dauys.Address
	person   string
	lang     dauys.Lang
	wish     notices.Wish
	*student // nil: the person is no student

	crossed map[string]bool // what news of this turn correct, by what they are about

	keeping      []ownExam // exams of the reader that are not over
	keepingKnown bool
}

// news puts what waits for a reader into one message: a card, or a digest of several.
func (h *Handlers) news(ctx context.Context, who dauys.Address) (w Words, err error) {
	now := h.Now()
	all, err := h.Storage.NewsDue(ctx, who, now, newsTogether)
	if err != nil || len(all) == 0 {
		return w, err
	}
	readers, err := h.newsReaders(ctx, who)
	if err != nil {
		return w, err
	}
	slices.SortStableFunc(all, newsOrder) // the cards are made in this order: each edit of a message shows those before
	var held []notices.News
	until := time.Time{}
	for _, n := range all {
		r := readers.of(n)
		if r == nil {
			continue
		}
		end, wait, err := h.newsWait(ctx, r, n, now)
		if err != nil {
			return w, err
		}
		if wait {
			held = append(held, n)
			if until.IsZero() || end.Before(until) {
				until = end
			}
		}
	}
	type told struct {
		n notices.News
		p piece
		r *newsReader
	}
	var ready []told
	for _, n := range all {
		if slices.ContainsFunc(held, func(x notices.News) bool { return x.ID == n.ID }) {
			continue
		}
		end := func(s notices.State, why string) {
			n.State, n.Why = s, why
			w.Ended = append(w.Ended, n)
		}
		r := readers.of(n)
		if r == nil {
			end(notices.Closed, "")
			continue
		}
		if r.wish.Of(n.Topic) == notices.Off && !n.Urgent {
			end(notices.Unwanted, "")
			continue
		}
		card := newsCards[n.Card]
		if card == nil {
			end(notices.Failed, "no card "+string(n.Card))
			continue
		}
		var p piece
		err := Guarded(func() (err error) { p, err = card(h, ctx, r, n); return err })
		switch {
		case errors.Is(err, dauys.ErrUnavailable) || ctx.Err() != nil:
			return Words{}, err
		case err != nil: // one card that cannot be made must not keep the others back
			h.Log.Error("news have no words", "card", n.Card, "plan", n.Plan, "error", err)
			end(notices.Failed, "no words")
			continue
		case p.none:
			end(notices.Needless, "")
			continue
		}
		n.Matter.Seen = p.seen
		ready = append(ready, told{n, p, r})
	}
	switch i := slices.IndexFunc(ready, func(t told) bool { return t.p.alone }); {
	case len(ready) == 0:
		for _, n := range held {
			w.Held = append(w.Held, n.ID)
		}
		w.Until = until
		if len(w.Ended) > 0 { // those first
			w.Held = nil
		}
		return w, nil
	case i >= 0:
		ready = ready[i : i+1]
		fallthrough
	case len(ready) == 1:
		t := ready[0]
		w.News = []notices.News{t.n}
		w.Replies = append(lastEdits(t.p.first), ask.Reply{Text: h.Book.Lines(t.r.lang, t.p.lines...), Buttons: t.p.rows, Protected: true, To: t.p.to})
		return w, nil
	}
	var together []newsItem
	for _, t := range ready {
		next := append(together, newsItem{t.n, t.p})
		if len(together) > 0 && length(h.newsDigest(t.r, next).Text) > digestMost { // the others follow by themselves
			break
		}
		together = next
		w.News = append(w.News, t.n)
		w.Replies = append(w.Replies, t.p.first...)
	}
	w.Replies = append(lastEdits(w.Replies), h.newsDigest(ready[0].r, together))
	return w, nil
}

// digestMost is how many characters a digest has at most; a message holds 4096.
const digestMost = 3800

// rankOf is the place of a topic in a digest.
func rankOf(t notices.Topic) int {
	return slices.IndexFunc(notices.Rules, func(r notices.Rule) bool { return r.Topic == t })
}

// newsOrder is the order of news in a message: by topic, then by what they are about, as what an import brings
// has no order of its own.
func newsOrder(a, b notices.News) int {
	return cmp.Or(rankOf(a.Topic)-rankOf(b.Topic), cmp.Compare(a.Matter.Kind, b.Matter.Kind), a.Matter.At.Compare(b.Matter.At), cmp.Compare(a.Matter.Key, b.Matter.Key))
}

// newsItem is a piece of news and its words.
type newsItem struct {
	notices.News
	piece
}

// newsDigest is several news in one message, sorted by topic.
func (h *Handlers) newsDigest(r *newsReader, all []newsItem) ask.Reply {
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b newsItem) int { return newsOrder(a.News, b.News) })
	lines := []ask.Line{h.digestHead(r, all)}
	var rows [][]ask.Button
	for i, n := range all {
		if i == 0 || n.Topic != all[i-1].Topic {
			lines = append(lines, locales.NewsTopic(n.Topic))
		}
		if len(n.short) > 0 {
			lines = append(lines, n.short...)
		} else {
			lines = append(lines, n.lines...)
		}
		rows = append(rows, n.rows...)
	}
	return ask.Reply{Text: h.Book.Lines(r.lang, lines...), Buttons: distinct(rows), Protected: true}
}

// digestTold is how long after its time a digest is still called that of the day or of the week.
const digestTold = 12 * time.Hour

// digestHead says how many news there are, and whether they are what is told of a day or of a week.
func (h *Handlers) digestHead(r *newsReader, all []newsItem) ask.Line {
	of := func(m notices.Mode, job string) bool {
		if slices.ContainsFunc(all, func(n newsItem) bool { return n.Urgent || r.wish.Of(n.Topic) != m }) {
			return false
		}
		at := all[0].Done // it is put together anew
		if at.IsZero() {
			at = h.Now()
		}
		s := h.Schedules[job]
		return s != nil && !s(at.Add(-digestTold)).After(at)
	}
	switch {
	case of(notices.Evening, EveningNews):
		return locales.NewsEvening(len(all))
	case of(notices.Weekly, WeeklyNews):
		return locales.NewsWeekly(len(all))
	}
	return locales.NewsDigest(len(all))
}

// mostNewsRows is how many rows of buttons stand under a digest.
const mostNewsRows = 8

// distinct are the first rows of buttons, each once.
func distinct(rows [][]ask.Button) (out [][]ask.Button) {
	for _, row := range rows {
		if len(out) < mostNewsRows && !slices.ContainsFunc(out, func(o []ask.Button) bool { return slices.Equal(o, row) }) {
			out = append(out, row)
		}
	}
	return out
}

// newsReaders are the persons whom an account may be told of now.
type newsReaders struct{ all []*newsReader }

func (h *Handlers) newsReaders(ctx context.Context, who dauys.Address) (rs newsReaders, err error) {
	since, err := h.confirmedSince(ctx)
	if err != nil {
		return rs, err
	}
	links, err := h.Storage.LinksOf(ctx, who)
	if err != nil {
		return rs, fmt.Errorf("who somebody is: %w", err)
	}
	l, err := h.langOf(ctx, who, "")
	if err != nil {
		return rs, err
	}
	w, err := h.Storage.WishOf(ctx, who)
	if err != nil {
		return rs, fmt.Errorf("how somebody wants to be told: %w", err)
	}
	for _, link := range links {
		if !link.Opens(since) {
			continue
		}
		r := &newsReader{h: h, who: who, person: link.Person, lang: l, wish: w}
		if registrar.IsStudent(link.Person) {
			t := &Turn{Input: Input{From: who, Chat: who, Private: true, Update: "news"}, State: &ask.State{Lang: string(l)}}
			if r.student, err = h.student(ctx, t); err != nil {
				return rs, err
			}
		}
		rs.all = append(rs.all, r)
	}
	return rs, nil
}

// of is the reader whom news concern; nil: the account is not theirs any more.
func (rs newsReaders) of(n notices.News) *newsReader {
	for _, r := range rs.all {
		if strings.EqualFold(r.person, n.Matter.Person) {
			return r
		}
	}
	return nil
}

// now is what the record says of the entry that news are about; nil: it is not there. Of news that were told
// already it is what they said.
func (r *newsReader) now(ctx context.Context, n notices.News) (registrar.Fields, error) {
	if n.State == notices.Sent {
		return n.Matter.Seen, nil
	}
	e, err := r.h.Storage.Record(ctx, n.Matter.Kind, n.Matter.Key)
	if errors.Is(err, dauys.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("what the record says: %w", err)
	}
	return e.Fields, nil
}
