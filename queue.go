package dauys

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// QueueTerms are how an office receives people without an appointment: when, at how many windows at
// most, and where they come to.
type QueueTerms struct {
	Windows int
	Place   Names

	opens, closes time.Duration // since midnight
	from, to      time.Duration // of the break; both 0: there is none
}

// Hours are the beginning and the end of reception on the day on which t falls, whether or not it is
// a working day.
func (r *QueueTerms) Hours(c Calendar, t time.Time) (opens, closes time.Time) {
	d := c.day(t)
	return d.at(r.opens, c.Zone()), d.at(r.closes, c.Zone())
}

// Break is when the windows rest on that day; ok is false when they do not.
func (r *QueueTerms) Break(c Calendar, t time.Time) (from, to time.Time, ok bool) {
	d := c.day(t)
	return d.at(r.from, c.Zone()), d.at(r.to, c.Zone()), r.to > 0
}

// Open tells whether people are received at t.
func (r *QueueTerms) Open(c Calendar, t time.Time) bool {
	opens, closes := r.Hours(c, t)
	return c.Working(t) && !t.Before(opens) && t.Before(closes)
}

// Next is the first beginning of reception after t.
func (r *QueueTerms) Next(c Calendar, t time.Time) time.Time {
	if opens, _ := r.Hours(c, t); c.Working(t) && t.Before(opens) {
		return opens
	}
	return c.next(c.day(t)).at(r.opens, c.Zone())
}

// Queue is the line of those who have come to an office on one day, in the order in which they came.
// Its methods are all that can happen to it; each of them does what it says or returns a [QueueError]
// and changes nothing.
type Queue struct {
	ID      string
	Office  OfficeID
	Day     string    // 2026-11-23
	Ends    time.Time // of reception on that day
	Most    int       // windows that can be open at once
	State   QueueState
	Places  []Place // place n stands at n-1: numbers have no gaps, and nobody's changes
	Line    []int   // numbers of those who wait, who is next first
	Windows []Window
	Pauses  int

	Version int64

	news []News
}

// QueueState is where a queue stands.
type QueueState string

// The states of a queue.
const (
	QueueOpen   QueueState = "open"
	QueuePaused QueueState = "paused" // nobody is called; one can still come
	QueueClosed QueueState = "closed" // for the day
)

// Place is somebody's place in a queue.
type Place struct {
	N      int
	Who    Address // empty: they came without a phone
	Name   string  // as they are called; may be empty
	Lang   Lang    // empty: nobody knows
	Online bool    // they are not at the door
	At     time.Time
	Cause  string // the update that gave it, where somebody has to find it by that
	State  PlaceState
	Window int // where they are, or were last: counted from 1
	Calls  int
	Missed int    // how often they were called and did not come
	Begun  bool   // an online talk has begun
	Seen   string // kind of the identity document that was shown; never a copy
	SeenBy string
	Case   string // number of what became of the talk
	Said   []Said // what was written in an online talk

	ToldNear, ToldNext bool // how many are ahead
}

// PlaceState is where somebody stands.
type PlaceState string

// The states of a place.
const (
	Waits  PlaceState = "waiting"
	Called PlaceState = "called" // is at a window, or on the way to it
	Served PlaceState = "served"
	Missed PlaceState = "missed" // was called and did not come
	Gone   PlaceState = "left"
)

// Live tells whether somebody still has something of a place.
func (p Place) Live() bool { return p.State == Waits || p.State == Called || p.State == Missed }

// Said is a message of an online talk.
type Said struct {
	Text  string
	Files []File
	At    time.Time
}

// Window is where an officer receives. It is kept when it is closed; an officer who opens again has
// another one, which may have the same number.
type Window struct {
	N       int // on the door, from 1
	StaffID int64
	Officer Address
	Name    string
	Open    bool
	Place   int // number of who is there; 0: nobody
}

// Documents are the kinds of identity document, in the order in which they are offered.
var Documents = []string{"identity", "passport", "residence", "misc"}

const (
	mostPlaces = 999 // in a day
	mostSaid   = 200 // messages of an online talk that are kept
	mostWords  = 20_000
	behind     = 2 // so many of the line keep their turn before one who comes back

	// lateWindow is how long after the hours a window can stay open with somebody at it.
	lateWindow = 2 * time.Hour
)

// QueueError says why something cannot be done with a queue now.
type QueueError struct {
	Queue string
	Why   QueueWhy
	N     int // a window or a place, if it is about one
}

// QueueWhy is a reason, by the key of its words.
type QueueWhy string

// The reasons.
const (
	QueueOver   QueueWhy = "closed"  // for the day
	QueueRests  QueueWhy = "paused"  // and calls nobody
	QueueRuns   QueueWhy = "running" // it is not paused
	NobodyWaits QueueWhy = "nobody"
	NobodyThere QueueWhy = "empty"   // at the window
	NoWindow    QueueWhy = "windows" // all that there can be are open
	HasWindow   QueueWhy = "has"     // the officer has one already
	NotYours    QueueWhy = "theirs"  // it is another officer's window
	QueueFull   QueueWhy = "full"
	NotInLine   QueueWhy = "place" // not in this state, or not there
)

func (e *QueueError) Error() string { return fmt.Sprintf("queue %s: %s (%d)", e.Queue, e.Why, e.N) }

func (q *Queue) no(why QueueWhy, n ...int) error {
	return &QueueError{Queue: q.ID, Why: why, N: append(n, 0)[0]}
}

// News is something that whoever has a place is told, once.
type News struct {
	N     int
	What  QueueNews
	Count int // which time it is, where that can happen again
}

// QueueNews is what is told.
type QueueNews string

// What is told to people in a queue.
const (
	NewsNear    QueueNews = "near"   // three are ahead
	NewsNext    QueueNews = "next"   // one is, or nobody
	NewsCall    QueueNews = "call"   // they are called, or called again
	NewsMissed  QueueNews = "missed" // and did not come
	NewsPaused  QueueNews = "paused"
	NewsResumed QueueNews = "resumed"
	NewsOver    QueueNews = "over"  // reception is, and they were not received
	NewsEnded   QueueNews = "ended" // an online talk is
)

// News is what people have to be told of what was done since the queue was loaded.
func (q *Queue) News() []News { return q.news }

func (q *Queue) tell(n int, what QueueNews, count int) {
	if q.Places[n-1].Who != "" {
		q.news = append(q.news, News{n, what, count})
	}
}

// QueueID is the id of the queue of an office on the day of t. It is part of buttons.
func QueueID(office OfficeID, c Calendar, t time.Time) string {
	return string(office) + "." + strings.ReplaceAll(c.day(t).String(), "-", "")
}

// NewQueue is the queue of an office on the day of now, with nobody in it.
func NewQueue(o Office, c Calendar, now time.Time) *Queue {
	_, closes := o.Queue.Hours(c, now)
	return &Queue{ID: QueueID(o.ID, c, now), Office: o.ID, Day: c.day(now).String(), Ends: closes, Most: o.Queue.Windows, State: QueueOpen}
}

// Of finds the place of somebody that they have something of, the newest if there are several.
func (q *Queue) Of(who Address) (Place, bool) {
	for _, p := range slices.Backward(q.Places) {
		if p.Who == who && who != "" && p.Live() {
			return p, true
		}
	}
	return Place{}, false
}

// Place finds a place by its number.
func (q *Queue) Place(n int) (Place, bool) {
	if n < 1 || n > len(q.Places) {
		return Place{}, false
	}
	return q.Places[n-1], true
}

// Join gives somebody the next number. Who has a place keeps it; at the door one is there, whatever
// was said before.
func (q *Queue) Join(p Place, now time.Time) (int, error) {
	if had, ok := q.Of(p.Who); ok {
		if !p.Online && had.State != Called {
			q.Places[had.N-1].Online = false
		}
		return had.N, nil
	}
	switch {
	case q.State == QueueClosed:
		return 0, q.no(QueueOver)
	case len(q.Places) >= mostPlaces:
		return 0, q.no(QueueFull)
	}
	p.N, p.At, p.State = len(q.Places)+1, now, Waits
	q.Places, q.Line = append(q.Places, p), append(q.Line, p.N)
	q.quiet(p.N)
	return p.N, nil
}

// Ahead is how many are called before somebody who waits.
func (q *Queue) Ahead(n int) (ahead int, waits bool) {
	i := slices.Index(q.Line, n)
	return max(i, 0), i >= 0
}

// quiet: somebody was just told how many are ahead, and need not hear that again.
func (q *Queue) quiet(n int) {
	ahead, _ := q.Ahead(n)
	p := &q.Places[n-1]
	p.ToldNear, p.ToldNext = p.ToldNear || ahead <= 3, p.ToldNext || ahead <= 1
}

// nearer tells those to whom the line has come near, each of them once.
func (q *Queue) nearer() {
	for i, n := range q.Line[:min(len(q.Line), 4)] {
		p := &q.Places[n-1]
		switch {
		case i <= 1 && !p.ToldNext:
			q.tell(n, NewsNext, 0)
		case i > 1 && !p.ToldNear:
			q.tell(n, NewsNear, 0)
		}
		q.quiet(n)
	}
}

// out takes a number out of the line.
func (q *Queue) out(n int) { q.Line = slices.DeleteFunc(q.Line, func(m int) bool { return m == n }) }

// window finds a window of an officer that is open, and who is there.
func (q *Queue) window(w int, who Staff) (*Window, *Place, error) {
	if w < 1 || w > len(q.Windows) || !q.Windows[w-1].Open {
		return nil, nil, q.no(NotInLine)
	}
	at := &q.Windows[w-1]
	if at.Officer != who.Address {
		return nil, nil, q.no(NotYours, at.N)
	}
	if at.Place == 0 {
		return at, nil, nil
	}
	return at, &q.Places[at.Place-1], nil
}

// there is the same, and somebody has to be there.
func (q *Queue) there(w int, who Staff) (*Window, *Place, error) {
	at, p, err := q.window(w, who)
	if err == nil && p == nil {
		err = q.no(NobodyThere)
	}
	return at, p, err
}

// OpenWindow opens a window for an officer, with the lowest number that is free, and tells which of
// the windows it is.
func (q *Queue) OpenWindow(who Staff) (int, error) {
	if q.State == QueueClosed {
		return 0, q.no(QueueOver)
	}
	taken := map[int]bool{}
	for _, w := range q.Windows {
		if w.Open && w.Officer == who.Address {
			return 0, q.no(HasWindow, w.N)
		}
		taken[w.N] = taken[w.N] || w.Open
	}
	n := 1
	for taken[n] {
		n++
	}
	if n > q.Most {
		return 0, q.no(NoWindow)
	}
	q.Windows = append(q.Windows, Window{N: n, StaffID: who.ID, Officer: who.Address, Name: who.Name, Open: true})
	return len(q.Windows), nil
}

// CloseWindow ends the talk at a window and closes it.
func (q *Queue) CloseWindow(w int, who Staff) error {
	at, _, err := q.window(w, who)
	if err != nil {
		return err
	}
	q.served(at)
	at.Open = false
	return nil
}

// served ends the talk at a window, if there is one.
func (q *Queue) served(at *Window) {
	if at.Place == 0 {
		return
	}
	p := &q.Places[at.Place-1]
	if p.State, at.Place = Served, 0; p.Online {
		q.tell(p.N, NewsEnded, 0)
	}
}

// Next ends the talk at a window and calls who is next in the line. While nobody can be called it
// only ends the talk: the place is empty then.
func (q *Queue) Next(w int, who Staff) (called Place, err error) {
	at, p, err := q.window(w, who)
	if err != nil {
		return called, err
	}
	why := QueueWhy("")
	switch {
	case q.State == QueuePaused:
		why = QueueRests
	case q.State == QueueClosed:
		why = QueueOver
	case len(q.Line) == 0:
		why = NobodyWaits
	}
	if why != "" && p == nil {
		return called, q.no(why)
	}
	q.served(at)
	if why != "" {
		return called, nil
	}
	next := &q.Places[q.Line[0]-1]
	q.Line = q.Line[1:]
	next.State, next.Window, at.Place = Called, w, next.N
	next.Calls++
	q.tell(next.N, NewsCall, next.Calls)
	q.nearer()
	return *next, nil
}

// Recall calls who was called once more.
func (q *Queue) Recall(w int, who Staff) (Place, error) {
	_, p, err := q.there(w, who)
	if err != nil {
		return Place{}, err
	}
	p.Calls++
	q.tell(p.N, NewsCall, p.Calls)
	return *p, nil
}

// Miss notes that who was called did not come. They keep their number and can come back.
func (q *Queue) Miss(w int, who Staff) (Place, error) {
	at, p, err := q.there(w, who)
	if err != nil {
		return Place{}, err
	}
	p.Missed++
	p.State, at.Place = Missed, 0
	q.tell(p.N, NewsMissed, p.Missed)
	return *p, nil
}

// Return puts somebody who missed their call back into the line: the first time behind the two who
// are next, and behind those who came back before them; later at the end.
func (q *Queue) Return(n int) error {
	p, ok := q.Place(n)
	switch {
	case !ok || p.State != Missed:
		return q.no(NotInLine, n)
	case q.State == QueueClosed:
		return q.no(QueueOver)
	}
	at := len(q.Line)
	if p.Missed == 1 {
		for at = min(behind, at); at < len(q.Line) && q.Places[q.Line[at]-1].Missed > 0; {
			at++
		}
	}
	q.Line = slices.Insert(q.Line, at, n)
	q.Places[n-1].State = Waits
	q.quiet(n)
	return nil
}

// Leave gives a place up.
func (q *Queue) Leave(n int) error {
	p, ok := q.Place(n)
	if !ok || !p.Live() {
		return q.no(NotInLine, n)
	}
	if p.State == Called {
		q.Windows[p.Window-1].Place = 0
	}
	q.out(n)
	q.Places[n-1].State = Gone
	q.nearer()
	return nil
}

// Pause stops the calling for a while, and those who wait are told.
func (q *Queue) Pause() error {
	if q.State != QueueOpen {
		return q.no(map[QueueState]QueueWhy{QueuePaused: QueueRests, QueueClosed: QueueOver}[q.State])
	}
	q.State = QueuePaused
	q.Pauses++
	q.tellLine(NewsPaused)
	return nil
}

// Resume goes on with it.
func (q *Queue) Resume() error {
	if q.State != QueuePaused {
		return q.no(map[QueueState]QueueWhy{QueueOpen: QueueRuns, QueueClosed: QueueOver}[q.State])
	}
	q.State = QueueOpen
	q.tellLine(NewsResumed)
	return nil
}

func (q *Queue) tellLine(what QueueNews) {
	for _, n := range q.Line {
		q.tell(n, what, q.Pauses)
	}
}

// Close ends reception for the day: nobody is called any more, and those who wait are told. Who is at
// a window is received to the end; a window where nobody is closes with it.
func (q *Queue) Close() error {
	if q.State == QueueClosed {
		return q.no(QueueOver)
	}
	q.State = QueueClosed
	q.tellLine(NewsOver)
	for i := range q.Windows {
		q.Windows[i].Open = q.Windows[i].Open && q.Windows[i].Place > 0
	}
	return nil
}

// Waking is when the clock has something to do with a queue; zero: nothing any more.
func (q *Queue) Waking() time.Time {
	switch {
	case q.State != QueueClosed:
		return q.Ends
	case slices.ContainsFunc(q.Windows, func(w Window) bool { return w.Open }):
		return q.Ends.Add(lateWindow)
	}
	return time.Time{}
}

// Tick does what the clock has to do: it closes a queue whose hours are over, and much later the
// windows that somebody forgot to close.
func (q *Queue) Tick(now time.Time) {
	if q.State != QueueClosed && !now.Before(q.Ends) {
		_ = q.Close() // it is not closed
	}
	if now.Before(q.Ends.Add(lateWindow)) {
		return
	}
	for i := range q.Windows {
		q.served(&q.Windows[i])
		q.Windows[i].Open = false
	}
}

// See notes which identity document who is at a window has shown, and to whom.
func (q *Queue) See(w int, who Staff, kind string) (Place, error) {
	_, p, err := q.there(w, who)
	switch {
	case err != nil:
		return Place{}, err
	case !slices.Contains(Documents, kind):
		return Place{}, q.no(NotInLine, p.N)
	}
	p.Seen, p.SeenBy = kind, who.Name
	return *p, nil
}

// Registered notes the number of the case that a talk became.
func (q *Queue) Registered(n int, number string) error {
	if _, ok := q.Place(n); !ok {
		return q.no(NotInLine, n)
	}
	q.Places[n-1].Case = number
	return nil
}

// Named notes by which name somebody is called.
func (q *Queue) Named(n int, name string) error {
	if p, ok := q.Place(n); !ok || !p.Live() {
		return q.no(NotInLine, n)
	}
	q.Places[n-1].Name = name
	return nil
}

// Talks tells whether somebody is in an online talk: they are called, and are not at the door.
func (q *Queue) Talks(n int) (p Place, w Window, ok bool) {
	p, ok = q.Place(n)
	if !ok || p.State != Called || !p.Online {
		return p, w, false
	}
	return p, q.Windows[p.Window-1], true
}

// Begin begins the online talk of somebody who is called.
func (q *Queue) Begin(n int) error {
	if _, _, ok := q.Talks(n); !ok {
		return q.no(NotInLine, n)
	}
	q.Places[n-1].Begun = true
	return nil
}

// Says keeps what somebody writes in their online talk, as much of it as is needed to register it.
func (q *Queue) Says(n int, said Said) error {
	p, _, ok := q.Talks(n)
	if !ok || !p.Begun {
		return q.no(NotInLine, n)
	}
	letters := utf8.RuneCountInString(said.Text)
	for _, s := range p.Said {
		letters += utf8.RuneCountInString(s.Text)
	}
	if len(p.Said) < mostSaid && letters <= mostWords {
		q.Places[n-1].Said = append(p.Said, said)
	}
	return nil
}

// Words is what somebody has written in their online talk, as one text, and the files.
func (p Place) Words() (text string, files []File) {
	var texts []string
	for _, s := range p.Said {
		if s.Text != "" {
			texts = append(texts, s.Text)
		}
		files = append(files, s.Files...)
	}
	return strings.Join(texts, "\n\n"), files
}

// Faces are what the cards of a queue show, in a form that can be compared: the first is that of the
// queue, the others are those of its windows.
func (q *Queue) Faces() []string {
	head := fmt.Sprintln(q.State, len(q.Line), len(q.Places))
	for _, n := range q.Line[:min(len(q.Line), LineShown)] {
		head += fmt.Sprintln(n, q.Places[n-1].Name, q.Places[n-1].Online)
	}
	faces := []string{""}
	for _, w := range q.Windows {
		p, _ := q.Place(w.Place)
		head += fmt.Sprintln(w.N, w.Name, w.Open, w.Place)
		face := fmt.Sprintln(w.N, w.Name, w.Open, p.N, p.Name, p.Lang, p.Online, p.Calls, p.Missed, p.Begun, p.Seen, p.SeenBy, p.Case)
		if w.Open {
			face += string(q.State)
		}
		faces = append(faces, face)
	}
	faces[0] = head
	return faces
}

// LineShown is how many of those who wait the card of a queue names.
const LineShown = 10

// QueueCard is what the card of a queue is called, or that of one of its windows, counted from 1.
func QueueCard(id string, window int) string { return id + "/" + strconv.Itoa(window) }

// IsQueueCard reads such a name.
func IsQueueCard(card string) (id string, window int, ok bool) {
	id, n, ok := strings.Cut(card, "/")
	window, err := strconv.Atoi(cmp.Or(n, "-"))
	return id, window, ok && err == nil && window >= 0
}
