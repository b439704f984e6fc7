package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/handlers"
	"alt.edu.kz/dauys/locales"
	"alt.edu.kz/dauys/notices"
)

func TestMain(m *testing.M) {
	dauys.Builtin() // read once, outside of every bubble
	goleak.VerifyTestMain(m)
}

// The people and chats of all tests.
const (
	aigerim dauys.Address  = "telegram:101"
	dima    dauys.Address  = "telegram:102"
	igor    dauys.Address  = "telegram:202"
	office  dauys.Address  = "telegram:-1001"
	other   dauys.Address  = "telegram:-1002"
	deputy  dauys.OfficeID = "deputy@itc"
)

// monday is a working Monday morning in Almaty.
var monday = time.Date(2026, time.November, 23, 5, 0, 0, 0, time.UTC)

// stage is the package between a messenger and stores that are in a test's hands. It is
// made within a bubble of synctest, where time passes when everybody waits.
type stage struct {
	t        *testing.T
	begun    time.Time
	wire     *wire
	sessions *sessions
	updates  *updates
	storage  *storage
	outbox   *outbox
	handlers *handlers.Handlers
	clock    Clock
}

// bubble runs a test in a time of its own.
func bubble(t *testing.T, f func(*testing.T, *stage)) {
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		wall := func() time.Time { return monday.Add(time.Since(begun)) }
		u := dauys.Builtin()
		book, err := locales.New(u.Calendar.Zone(), handlers.Names(u))
		if err != nil {
			t.Fatal(err)
		}
		s := &stage{
			t: t, begun: begun, wire: &wire{begun: begun}, clock: Clock{Wall: wall, Mono: time.Now},
			sessions: &sessions{states: map[dauys.Address][]byte{}, revs: map[dauys.Address]int64{}, unsent: map[dauys.Address]int64{}},
			updates:  &updates{}, storage: &storage{cases: map[string]*dauys.Case{}, cards: map[string]string{}},
		}
		s.outbox = &outbox{stage: s, unreachable: map[dauys.Address]bool{}}
		s.handlers = &handlers.Handlers{
			University: u, Book: book, Storage: s.storage, Members: s.wire, Now: wall,
			NewID: handlers.NewID, NewCode: handlers.NewCode, Log: slog.New(slog.DiscardHandler),
		}
		f(t, s)
	})
}

// intake starts an intake over the stores, and one that sweeps if it leads; dead ends it as
// a kill would: what it does afterwards reaches neither the wire nor the stores.
func (s *stage) intake(lead bool) (i *Intake, end func()) {
	return s.intakeOn(s.wire, lead)
}

func (s *stage) intakeOn(m Messenger, lead bool) (i *Intake, end func()) {
	i = &Intake{
		Handlers: s.handlers, Sessions: s.sessions, Updates: s.updates, Messenger: m, Decode: decode,
		Clock: s.clock, Log: slog.New(slog.NewTextHandler(s.t.Output(), nil)),
	}
	ctx, cancel := context.WithCancel(s.t.Context())
	stop := i.Start(ctx)
	wait := func() {}
	if lead {
		wait = i.LeadAlone(ctx)
	}
	var once sync.Once
	end = func() {
		once.Do(func() {
			cancel()
			wait()
			stop()
		})
	}
	s.t.Cleanup(end)
	return i, end
}

// sender runs a sender until it is stopped.
func (s *stage) sender() (r *Sender, end func()) {
	r = NewSender(s.outbox, s.handlers, s.wire, s.clock, Settings{}, slog.New(slog.NewTextHandler(s.t.Output(), nil)))
	ctx, cancel := context.WithCancel(s.t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		r.Run(ctx)
	}()
	var once sync.Once
	end = func() {
		once.Do(func() {
			cancel()
			<-done
		})
	}
	s.t.Cleanup(end)
	return r, end
}

// change changes what the test has in its hands while others look at it.
func (s *stage) change(f func()) {
	for _, mu := range []*sync.Mutex{&s.wire.asking, &s.wire.mu, &s.sessions.mu, &s.updates.mu, &s.outbox.mu, &s.storage.mu} {
		mu.Lock()
		defer mu.Unlock()
	}
	f()
}

// until lets time pass.
func (s *stage) until(d time.Duration) {
	time.Sleep(d - time.Since(s.begun))
	synctest.Wait()
}

// told are the texts that somebody got.
func (s *stage) told(who dauys.Address) (texts []string) {
	for _, m := range s.wire.all() {
		if m.to == who {
			texts = append(texts, m.reply.Text)
		}
	}
	return texts
}

// wantTold checks the texts that somebody got.
func (s *stage) wantTold(who dauys.Address, want ...string) {
	s.t.Helper()
	if got := s.told(who); !slices.Equal(got, want) {
		s.t.Errorf("%s was told\n%q, want\n%q", who, got, want)
	}
}

// heard tells how often a text was said to somebody.
func (s *stage) heard(who dauys.Address, text string) (n int) {
	for _, t := range s.told(who) {
		if strings.Contains(t, text) {
			n++
		}
	}
	return n
}

// updateSeq counts the updates of a test; its ids need not be more than different.
var (
	updateMu  sync.Mutex
	updateSeq int
)

// did is an update of a person in their own chat.
func did(who dauys.Address, change func(*Update)) Update {
	updateMu.Lock()
	defer updateMu.Unlock()
	updateSeq++
	u := Update{Input: handlers.Input{
		Update: fmt.Sprintf("telegram:%d", updateSeq), From: who, Chat: who, Private: true, Lang: "en", Message: fmt.Sprint(updateSeq),
	}}
	change(&u)
	u.Raw, _ = json.Marshal(u)
	return u
}

func said(who dauys.Address, text string) Update {
	return did(who, func(u *Update) {
		u.Text = text
		u.Command, _ = strings.CutPrefix(text, "/")
		if u.Command == text {
			u.Command = ""
		}
	})
}

func pressed(who dauys.Address, data string) Update {
	return did(who, func(u *Update) { u.Press, u.PressID = data, "press "+u.Update })
}

// pressedIn is a press in the chat of an office.
func pressedIn(chat, who dauys.Address, data string) Update {
	return did(who, func(u *Update) { u.Press, u.PressID, u.Chat, u.Private = data, "press "+u.Update, chat, false })
}

func decode(raw []byte) (u Update, err error) {
	if strings.HasPrefix(string(raw), "unreadable") {
		return u, errors.New("what is that")
	}
	err = json.Unmarshal(raw, &u)
	u.Raw = raw
	return u, err
}

// take hands an update over and wants it to be taken.
func take(t *testing.T, i *Intake, u Update) {
	t.Helper()
	if err := i.Handle(t.Context(), u); err != nil {
		t.Errorf("update %s was not taken: %v", u.Update, err)
	}
}

// wire is a messenger that writes down what is sent, and fails as it is told.
type wire struct {
	begun time.Time
	fail  func(to dauys.Address, r ask.Reply) error // asked before anything is sent
	takes func(to dauys.Address) time.Duration      // how long a send is on its way
	cut   func(r ask.Reply) []ask.Reply             // into parts
	knows map[string]string                         // names of documents → content; what else is sent by name is unknown
	names int

	asking  sync.Mutex
	mu      sync.Mutex
	sent    []message
	toasts  []string
	left    []dauys.Address
	tries   int
	members error
	removed bool
}

// message is what was sent, and when after the beginning.
type message struct {
	at    time.Duration
	to    dauys.Address
	id    string
	reply ask.Reply
}

func (w *wire) Parts(r ask.Reply) []ask.Reply {
	w.asking.Lock()
	defer w.asking.Unlock()
	if w.cut != nil {
		return w.cut(r)
	}
	return []ask.Reply{r}
}

func (w *wire) Send(ctx context.Context, to dauys.Address, r ask.Reply) (string, error) {
	w.mu.Lock()
	w.tries++
	w.mu.Unlock()
	w.asking.Lock()
	takes := w.takes
	w.asking.Unlock()
	if takes != nil {
		if err := pause(ctx, takes(to)); err != nil {
			return "", &SendError{Failure: Trouble, Err: err}
		}
	}
	if err := w.ask(to, r); err != nil {
		return "", err
	}
	if w.unknown(r) {
		return "", &SendError{Failure: Gone, Err: dauys.ErrGone}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	id := r.Edit
	if id == "" {
		id = fmt.Sprint(len(w.sent) + 1000)
	}
	w.sent = append(w.sent, message{time.Since(w.begun), to, id, r})
	return id, nil
}

// Upload takes a document and gives it a name.
func (w *wire) Upload(ctx context.Context, to dauys.Address, r ask.Reply, content []byte) (message, ref string, err error) {
	w.mu.Lock()
	w.names++
	ref = fmt.Sprint("name ", w.names)
	if w.knows == nil {
		w.knows = map[string]string{}
	}
	w.knows[ref] = string(content)
	w.mu.Unlock()
	r.Files = slices.Clone(r.Files)
	r.Files[0].Ref = ref
	if message, err = w.Send(ctx, to, r); err != nil {
		return "", "", err
	}
	return message, ref, nil
}

func (w *wire) Download(context.Context, string, int64) ([]byte, error) {
	return nil, &SendError{Failure: Gone, Err: dauys.ErrGone}
}

// unknown tells whether something is sent by a name that is not known.
func (w *wire) unknown(r ask.Reply) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.ContainsFunc(r.Files, func(f ask.File) bool { _, known := w.knows[f.Ref]; return f.Made != "" && !known })
}

// ask asks the test whether a message goes through, one at a time.
func (w *wire) ask(to dauys.Address, r ask.Reply) error {
	w.asking.Lock()
	defer w.asking.Unlock()
	if w.fail == nil {
		return nil
	}
	return w.fail(to, r)
}

func (w *wire) Toast(_ context.Context, press, text string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.toasts = append(w.toasts, press)
	return nil
}

func (w *wire) Member(context.Context, dauys.Address, dauys.Address) (bool, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return !w.removed, w.members
}

func (w *wire) Leave(_ context.Context, chat dauys.Address) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.fail != nil {
		if err := w.fail(chat, ask.Reply{}); err != nil {
			return err
		}
	}
	w.left = append(w.left, chat)
	return nil
}

func (w *wire) Link(payload string) string { return "link:" + payload }

func (w *wire) Group(a dauys.Address) bool { return strings.HasPrefix(a.ID(), "-") }

func (w *wire) all() []message {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.sent)
}

// count tells how often something was tried to be sent.
func (w *wire) count() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.tries
}

var errTrouble = &SendError{Failure: Trouble, Err: errors.New("502 Bad Gateway")}

// failing makes a number of sends fail.
func failing(n int, err error) func(dauys.Address, ask.Reply) error {
	var mu sync.Mutex
	return func(dauys.Address, ask.Reply) error {
		mu.Lock()
		defer mu.Unlock()
		if n--; n < 0 {
			return nil
		}
		return err
	}
}

// sessions is the store of dialogues, as Redis is one: a state is written over the revision
// that it was made from only.
type sessions struct {
	mu        sync.Mutex
	states    map[dauys.Address][]byte
	revs      map[dauys.Address]int64
	unsent    map[dauys.Address]int64
	away      bool
	full      bool          // it reads, and writes nothing
	conflicts int           // writes that somebody else gets ahead of
	takes     time.Duration // how long a read is on its way
	old       map[dauys.Address]bool
}

func (s *sessions) Load(ctx context.Context, who dauys.Address) (st ask.State, unsent bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.away {
		return st, false, dauys.ErrUnavailable
	}
	if s.old[who] {
		return st, false, &ask.OldStateError{Rev: s.revs[who], Texts: []string{"what I wrote before"}}
	}
	if raw := s.states[who]; raw != nil {
		if err := json.Unmarshal(raw, &st); err != nil {
			return st, false, err
		}
	}
	st.Rev = s.revs[who]
	_, unsent = s.unsent[who]
	if s.takes > 0 {
		s.mu.Unlock()
		time.Sleep(s.takes)
		s.mu.Lock()
	}
	return st, unsent, nil
}

func (s *sessions) Save(_ context.Context, who dauys.Address, st ask.State, unsent bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.away || s.full:
		return dauys.ErrUnavailable
	case s.conflicts > 0:
		s.conflicts--
		s.revs[who]++
		return dauys.ErrConflict
	case st.Rev != s.revs[who]:
		return dauys.ErrConflict
	}
	raw, err := json.Marshal(st)
	if err != nil {
		return err
	}
	s.states[who] = raw
	s.revs[who]++
	delete(s.old, who)
	if unsent {
		s.unsent[who] = s.revs[who]
	}
	return nil
}

func (s *sessions) Sent(_ context.Context, sent map[dauys.Address]int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.away {
		return dauys.ErrUnavailable
	}
	for who, rev := range sent {
		if s.unsent[who] <= rev {
			delete(s.unsent, who)
		}
	}
	return nil
}

func (s *sessions) Unsent(_ context.Context, limit int) (map[dauys.Address]int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.away {
		return nil, dauys.ErrUnavailable
	}
	return maps.Clone(s.unsent), nil
}

func (s *sessions) Woken(_ context.Context, now time.Time, limit int) (people []dauys.Address, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.away {
		return nil, dauys.ErrUnavailable
	}
	for who, raw := range s.states {
		var st ask.State
		if json.Unmarshal(raw, &st) == nil && !st.Wake.IsZero() && !st.Wake.After(now) && len(people) < limit {
			people = append(people, who)
		}
	}
	return people, nil
}

func (s *sessions) nobodyUnsent() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.unsent) == 0
}

// updates is the table of updates that are kept.
type updates struct {
	mu    sync.Mutex
	rows  []*row
	down  bool
	drops int
}

type row struct {
	Kept
	quarantined bool
	why         string
}

func (d *updates) locked(f func() error) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.down {
		return dauys.ErrUnavailable
	}
	return f()
}

func (d *updates) find(id string) *row {
	if i := slices.IndexFunc(d.rows, func(r *row) bool { return r.ID == id }); i >= 0 {
		return d.rows[i]
	}
	return nil
}

func (d *updates) KeepUpdate(_ context.Context, id string, person dauys.Address, raw []byte, _ time.Time) error {
	return d.locked(func() error {
		if d.find(id) == nil {
			d.rows = append(d.rows, &row{Kept: Kept{ID: id, Person: person, Raw: raw}})
		}
		return nil
	})
}

func (d *updates) KeptUpdates(_ context.Context, limit int) (kept []Kept, err error) {
	err = d.locked(func() error {
		for _, r := range d.rows {
			if !r.quarantined && len(kept) < limit {
				kept = append(kept, r.Kept)
			}
		}
		return nil
	})
	return kept, err
}

func (d *updates) HasKept(_ context.Context, person string) (has bool, err error) {
	err = d.locked(func() error {
		has = slices.ContainsFunc(d.rows, func(r *row) bool { return string(r.Person) == person && !r.quarantined })
		return nil
	})
	return has, err
}

func (d *updates) DropUpdate(_ context.Context, id string) error {
	return d.locked(func() error {
		d.drops++
		d.rows = slices.DeleteFunc(d.rows, func(r *row) bool { return r.ID == id })
		return nil
	})
}

func (d *updates) UpdateTried(_ context.Context, id, why string) (tries int, err error) {
	err = d.locked(func() error {
		r := d.find(id)
		if r == nil {
			return dauys.ErrNotFound
		}
		r.Tries++
		tries = r.Tries
		return nil
	})
	return tries, err
}

func (d *updates) Quarantine(_ context.Context, id string, person dauys.Address, raw []byte, why string, _ time.Time) error {
	return d.locked(func() error {
		r := d.find(id)
		if r == nil {
			r = &row{Kept: Kept{ID: id, Person: person, Raw: raw}}
			d.rows = append(d.rows, r)
		}
		r.quarantined, r.why = true, why
		return nil
	})
}

// kept and aside are the ids of the updates that wait and of those in quarantine.
func (d *updates) kept() []string  { return d.ids(false) }
func (d *updates) aside() []string { return d.ids(true) }

func (d *updates) ids(quarantined bool) (ids []string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, r := range d.rows {
		if r.quarantined == quarantined {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

// storage is the part of the database that handlers are given in these tests.
type storage struct {
	handlers.Storage // what is not here is not asked for
	mu               sync.Mutex
	cases            map[string]*dauys.Case
	cards            map[string]string // case → message of its card
	lists            func(dauys.Address) error
	acts             func(cause string) error
	down             bool
	unreachable      []string
	did              []string // causes of what was done to cases
	offices          map[dauys.Address][]dauys.OfficeID
}

func (s *storage) SetLang(context.Context, dauys.Address, string, dauys.Lang) error { return nil }

func (s *storage) LangOf(context.Context, dauys.Address) (dauys.Lang, error) { return "", nil }

func (s *storage) SetUnreachable(_ context.Context, who dauys.Address, unreachable bool, _ time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.unreachable = append(s.unreachable, fmt.Sprint(who, " ", unreachable))
	return nil
}

// CasesOf is what a test can make fail: it is asked for by /cases.
func (s *storage) OpenPrompts(context.Context, dauys.Address, dauys.Address) ([]handlers.Prompt, error) {
	return nil, nil
}

func (s *storage) CasesOf(_ context.Context, who dauys.Address, _ int) ([]*dauys.Case, error) {
	s.mu.Lock()
	lists := s.lists
	s.mu.Unlock()
	if lists != nil {
		return nil, lists(who)
	}
	return nil, nil
}

func (s *storage) Case(_ context.Context, number string) (*dauys.Case, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.down {
		return nil, dauys.ErrUnavailable
	}
	c := s.cases[number]
	if c == nil {
		return nil, dauys.ErrNotFound
	}
	copied := *c
	return &copied, nil
}

func (s *storage) Act(_ context.Context, number string, _ dauys.Address, cause string, _ time.Time, _ func(*dauys.Case, dauys.Staff) error) (*dauys.Case, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.acts != nil {
		if err := s.acts(cause); err != nil {
			return nil, err
		}
	}
	s.did = append(s.did, cause)
	return s.cases[number], nil
}

func (s *storage) BoundTo(context.Context, dauys.Address) ([]dauys.OfficeID, error) {
	return []dauys.OfficeID{deputy}, nil
}

func (s *storage) OfficesIn(_ context.Context, chat dauys.Address) ([]dauys.OfficeID, error) {
	return s.offices[chat], nil
}

func (s *storage) StaffOf(context.Context, dauys.Address, time.Time) ([]dauys.Staff, error) {
	return nil, nil
}

func (s *storage) Grant(_ context.Context, staff dauys.Staff) (dauys.Staff, error) { return staff, nil }

func (s *storage) CardMessage(_ context.Context, number string, _ dauys.OfficeID) (dauys.Address, string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return office, s.cards[number], nil
}

// open puts a case with a version into the storage.
func (s *storage) open(t *testing.T, number string) *dauys.Case {
	t.Helper()
	c, err := dauys.Open(dauys.Draft{
		ID: number, Kind: "complaint", Applicant: dauys.Applicant{Address: aigerim, Name: "Aigerim", Standing: dauys.AsStudent, Lang: dauys.English},
		Institute: "itc", Topic: "schedule", Text: strings.Repeat("The lecture was moved without a word. ", 60),
	}, dauys.Builtin(), monday)
	if err != nil {
		t.Fatal(err)
	}
	c.Number, c.Version = number, 1
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cases[number] = c
	return c
}

// outbox is what waits to be told.
type outbox struct {
	*stage
	mu          sync.Mutex
	down        bool
	rows        []*note
	cards       []*shown
	unreachable map[dauys.Address]bool
	moved       map[dauys.Address]dauys.Address
	prompts     []string
	looks       int
	noting      func() error // before anything is noted
	blobs       map[string]dauys.Blob
	refs        map[string]string
	reads       int            // of content
	news        []notices.News // of the only one who has a letterbox
	ended       []notices.News
}

type note struct {
	dauys.Notification
	sent, failed int
}

type shown struct {
	Card
	shown, want int64
}

// put puts notices into the outbox; ids count up.
func (o *outbox) put(notes ...dauys.Notification) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, n := range notes {
		n.ID = int64(len(o.rows) + 1)
		if n.Key == "" {
			n.Key = fmt.Sprint("notice ", n.ID)
		}
		o.rows = append(o.rows, &note{Notification: n})
	}
}

// ready is a message as it stands.
func ready(to dauys.Address, text string) dauys.Notification {
	body, _ := json.Marshal(ask.Reply{Text: text})
	return dauys.Notification{To: to, What: dauys.Ready, Body: string(body)}
}

func direct(n dauys.Notification) dauys.Notification { n.Direct = true; return n }

// want makes the card of a case due.
func (o *outbox) want(number string, chat dauys.Address) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.storage.mu.Lock()
	defer o.storage.mu.Unlock()
	c := *o.storage.cases[number]
	c.Version++
	o.storage.cases[number] = &c
	for _, s := range o.cards {
		if s.Case == number {
			s.want = c.Version
			return
		}
	}
	o.cards = append(o.cards, &shown{Card: Card{Case: number, Office: deputy, Chat: chat}, want: c.Version})
}

func (o *outbox) Due(_ context.Context, now time.Time, after int64, limit int) (due []dauys.Notification, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.looks++
	if o.down {
		return nil, dauys.ErrUnavailable
	}
	for _, n := range o.rows {
		if to, ok := o.moved[n.To]; ok {
			n.To = to
		}
		if n.sent+n.failed == 0 && n.ID > after && !n.After.After(now) && !o.unreachable[n.To] && len(due) < limit {
			due = append(due, n.Notification)
		}
	}
	return due, nil
}

func (o *outbox) note(f func() error) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.down {
		return dauys.ErrUnavailable
	}
	if o.noting != nil {
		if err := o.noting(); err != nil {
			return err
		}
	}
	return f()
}

func (o *outbox) Sent(_ context.Context, id int64, _ string, _ time.Time) error {
	return o.note(func() error { o.rows[id-1].sent++; return nil })
}

func (o *outbox) Failed(_ context.Context, id int64, _ string, _ time.Time) error {
	return o.note(func() error { o.rows[id-1].failed++; return nil })
}

func (o *outbox) DueCards(context.Context, time.Time, int) (due []Card, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.down {
		return nil, dauys.ErrUnavailable
	}
	for _, s := range o.cards {
		if s.want > s.shown && !o.unreachable[s.Chat] {
			due = append(due, s.Card)
		}
	}
	return due, nil
}

func (o *outbox) CardShown(_ context.Context, c Card, message string, version int64) error {
	return o.note(func() error {
		for _, s := range o.cards {
			if s.Case == c.Case {
				s.shown, s.Message = version, message
			}
		}
		o.storage.mu.Lock()
		defer o.storage.mu.Unlock()
		o.storage.cards[c.Case] = message
		return nil
	})
}

// make puts content into the outbox.
func (o *outbox) make(blobs ...dauys.Blob) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.blobs == nil {
		o.blobs, o.refs = map[string]dauys.Blob{}, map[string]string{}
	}
	for _, b := range blobs {
		o.blobs[b.ID] = b
	}
}

func (o *outbox) Blob(_ context.Context, id string) (b dauys.Blob, err error) {
	err = o.note(func() error {
		o.reads++
		var ok bool
		if b, ok = o.blobs[id]; !ok {
			return dauys.ErrNotFound
		}
		return nil
	})
	return b, err
}

func (o *outbox) BlobRef(_ context.Context, id string) (ref string, err error) {
	err = o.note(func() error {
		if _, ok := o.blobs[id]; !ok {
			return dauys.ErrNotFound
		}
		ref = o.refs[id]
		return nil
	})
	return ref, err
}

func (o *outbox) BlobSent(_ context.Context, id, ref string) error {
	return o.note(func() error { o.refs[id] = ref; return nil })
}

func (o *outbox) SetUnreachable(_ context.Context, who dauys.Address, unreachable bool, _ time.Time) error {
	return o.note(func() error { o.unreachable[who] = unreachable; return nil })
}

func (o *outbox) PromptShown(_ context.Context, prompt string, _ dauys.Address, message string) error {
	return o.note(func() error {
		if prompt == "gone" {
			return dauys.ErrNotFound
		}
		o.prompts = append(o.prompts, prompt+" "+message)
		return nil
	})
}

// EndNews takes the letterbox away with the news: what becomes of them else is shown where there are stores.
func (o *outbox) EndNews(_ context.Context, _ dauys.Address, ended []notices.News, _ time.Time) (time.Time, error) {
	return time.Time{}, o.note(func() error {
		o.ended, o.news = append(o.ended, ended...), nil
		for _, n := range o.rows {
			if n.What == dauys.Letterbox {
				n.sent++
			}
		}
		return nil
	})
}

func (o *outbox) NewsDue(context.Context, dauys.Address, time.Time, int) ([]notices.News, error) {
	return o.news, nil
}

func (o *outbox) PutOffNews(context.Context, dauys.Address, []int64, time.Time) error { return nil }

func (o *outbox) Rebind(_ context.Context, from, to dauys.Address) error {
	return o.note(func() error {
		if o.moved == nil {
			o.moved = map[dauys.Address]dauys.Address{}
		}
		o.moved[from] = to
		for _, s := range o.cards {
			if s.Chat == from {
				s.Chat, s.Message = to, ""
			}
		}
		return nil
	})
}

// left tells how many notices were neither sent nor given up, and how many given up.
func (o *outbox) left() (waiting, failed int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, n := range o.rows {
		switch {
		case n.failed > 0:
			failed++
		case n.sent == 0:
			waiting++
		}
	}
	return waiting, failed
}

// wantDone checks that everything was sent and marked exactly once.
func (o *outbox) wantDone() {
	o.t.Helper()
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, n := range o.rows {
		if n.sent != 1 || n.failed != 0 {
			o.t.Errorf("notice %s was marked sent %d times and failed %d times", n.Key, n.sent, n.failed)
		}
	}
}
