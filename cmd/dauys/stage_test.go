package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/bot/simulator"
	"alt.edu.kz/dauys/notices"
	"alt.edu.kz/dauys/storage/storagetest"
)

// patience is how long a test waits for something that must happen.
const patience = 30 * time.Second

// stage is the whole program with a Telegram of its own: real stores, real HTTP, only the
// wall clock is in the test's hands.
type stage struct {
	ahead time.Duration // of the clock, at which imports are published
	t     *testing.T
	sim   *simulator.Server
	app   *app
	clock *handClock
	env   []string
	chats map[dauys.OfficeID]int64
	tune  func(*app) // before it runs; nil: nothing is to be done
	lang  dauys.Lang // of the chats of offices; empty: as the structure file says
	jobs  bool       // the regular jobs run; otherwise no digest comes between what a test looks at

	cancel context.CancelFunc
	done   chan error
}

// monday is a working Monday morning in Almaty.
var monday = time.Date(2026, time.November, 23, 5, 0, 0, 0, time.UTC)

// The people of all tests.
const (
	aigerim  = 101 // student, Kazakh
	dima     = 102 // student, Russian
	amina    = 103 // student, English
	tamara   = 106 // citizen, Russian
	saltanat = 201 // deputy director's office
	igor     = 202 // deputy director's office
	gulnar   = 203 // director
	marat    = 204 // vice-rector
	zarina   = 205 // in no office
	ainur    = 210 // Public Reception Office
	sergey   = 211 // Public Reception Office
	darkhan  = 900 // administrator
)

// blogChannel is where answers to questions for the Rector's blog are published.
const blogChannel = -1001999999999

var cast = []simulator.Person{
	{ID: aigerim, FirstName: "Айгерім", LastName: "Сәрсенова", LanguageCode: "kk"},
	{ID: dima, FirstName: "Дмитрий", LastName: "Ким", LanguageCode: "ru"},
	{ID: amina, FirstName: "Amina", LastName: "Yusuf", LanguageCode: "en"},
	{ID: tamara, FirstName: "Тамара", LastName: "Иванова", LanguageCode: "ru"},
	{ID: saltanat, FirstName: "Салтанат", LastName: "Омарова", LanguageCode: "ru"},
	{ID: igor, FirstName: "Игорь", LastName: "Петренко", LanguageCode: "ru"},
	{ID: gulnar, FirstName: "Гүлнар", LastName: "Бекова", LanguageCode: "kk"},
	{ID: marat, FirstName: "Марат", LastName: "Әлиев", LanguageCode: "ru"},
	{ID: zarina, FirstName: "Зарина", LanguageCode: "ru"},
	{ID: ainur, FirstName: "Айнұр", LastName: "Қасымова", LanguageCode: "kk"},
	{ID: sergey, FirstName: "Сергей", LastName: "Волков", LanguageCode: "ru"},
	{ID: darkhan, FirstName: "Дархан", LanguageCode: "ru"},
}

// handClock is a wall clock that stands still until it is moved.
type handClock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *handClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *handClock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// stores are the settings for a pair of stores.
type stores struct {
	name string
	env  func(t *testing.T) []string
}

// pairs are the embedded stores, and the servers where they are.
func pairs(t *testing.T) []stores {
	all := []stores{{"embedded", func(*testing.T) []string { return nil }}}
	if _, _, ok := storagetest.Servers(t); ok {
		all = append(all, stores{"servers", func(t *testing.T) []string {
			database, redis, _ := storagetest.Servers(t)
			return []string{"DATABASE_URL=" + database, "REDIS_URL=" + redis}
		}})
	}
	return all
}

// newSimulator starts a Telegram with everybody and a chat for every office; a test that
// used it fails on a call that a correct bot would not make, but for what is tolerated.
func newSimulator(t *testing.T, clock simulator.Clock, tolerated ...string) (*simulator.Server, string, map[dauys.OfficeID]int64) {
	t.Helper()
	return newSimulatorWith(t, simulator.Options{Token: "1:TEST", Clock: clock}, tolerated...)
}

func newSimulatorWith(t *testing.T, o simulator.Options, tolerated ...string) (*simulator.Server, string, map[dauys.OfficeID]int64) {
	t.Helper()
	sim, err := simulator.New(o)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(sim.Handler())
	t.Cleanup(func() {
		for _, m := range sim.Misuse() {
			if !slices.Contains(tolerated, m) {
				t.Errorf("the bot misused Telegram: %s", m)
			}
		}
		if err := sim.Close(); err != nil {
			t.Error(err)
		}
		server.Close()
	})
	for _, p := range cast {
		sim.AddPerson(p)
	}
	members := map[string][]int64{"deputy": {saltanat, igor}, "director": {gulnar}, "vr-academic": {marat}, "rector": {marat}, "desw": {gulnar, marat}, "vr-social": {marat}, "reception": {ainur, sergey}, "registrar": {ainur, sergey}}
	chats := map[dauys.OfficeID]int64{}
	for i, o := range dauys.Builtin().Offices {
		chats[o.ID] = -1001000000001 - int64(i)
		kind, _, _ := strings.Cut(string(o.ID), "@")
		sim.AddGroup(chats[o.ID], string(o.ID), append([]int64{darkhan}, members[kind]...)...)
	}
	sim.AddGroup(blogChannel, "blog", darkhan, zarina)
	return sim, server.URL, chats
}

// settingsFor are the settings of a bot against a simulator. Limits of sending are 100 times
// Telegram's, so that tests are quick.
func settingsFor(t *testing.T, server string, more ...string) []string {
	return append([]string{
		"TELEGRAM_TOKEN=1:TEST", "TELEGRAM_API_URL=" + server, "DATA_DIR=" + filepath.Join(t.TempDir(), "data"), "ADMIN_IDS=900",
		"SEND_RATE=2500", "SEND_RATE_CHAT=100", "SEND_RATE_GROUP=2000",
	}, more...)
}

func newStage(t *testing.T, more ...string) *stage {
	t.Helper()
	return newStageWith(t, func(*stage) {}, more...)
}

// withJobs lets the regular jobs run.
func withJobs(s *stage) { s.jobs = true }

// newStageWith is one on which something is otherwise.
func newStageWith(t *testing.T, otherwise func(*stage), more ...string) *stage {
	t.Helper()
	s := &stage{t: t, clock: &handClock{now: monday}}
	otherwise(s)
	var server string
	s.sim, server, s.chats = newSimulator(t, s.clock)
	s.env = settingsFor(t, server, more...)
	s.tables()
	s.start()
	t.Cleanup(s.stop)
	return s
}

// tables puts a migrated file where the bot keeps its own, so that no test has to wait for all
// migrations: they have tests of their own.
func (s *stage) tables() {
	s.t.Helper()
	c, err := readConfig(s.env, "TELEGRAM_TOKEN")
	if err != nil {
		s.t.Fatal(err)
	}
	if c["DATABASE_URL"] != "" {
		return
	}
	if err := os.MkdirAll(c["DATA_DIR"], 0o700); err != nil {
		s.t.Fatal(err)
	}
	storagetest.Migrated(s.t, filepath.Join(c["DATA_DIR"], "dauys.db"))
}

// start starts the bot.
func (s *stage) start() {
	s.t.Helper()
	c, err := readConfig(s.env, "TELEGRAM_TOKEN")
	if err != nil {
		s.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	s.cancel = cancel
	if s.app, err = build(ctx, c, s.clock.Now, slog.New(slog.NewTextHandler(s.t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))); err != nil {
		s.t.Fatal(err)
	}
	s.app.university.Blog = telegramAddress(blogChannel)
	for i := range s.app.university.Offices {
		if s.lang != "" {
			s.app.university.Offices[i].Lang = s.lang
		}
	}
	if !s.jobs {
		s.app.handlers.Schedules = nil
	}
	for office, chat := range s.chats {
		if err := s.app.db.Bind(ctx, office, telegramAddress(chat), "", monday); err != nil {
			s.t.Fatal(err)
		}
	}
	if s.tune != nil {
		s.tune(s.app)
	}
	s.done = make(chan error, 1)
	ready := make(chan struct{})
	go func() { s.done <- s.app.run(ctx, func() { close(ready) }) }()
	select {
	case <-ready:
	case err := <-s.done:
		s.t.Fatalf("the bot did not start: %v", err)
	}
}

// stop stops the bot as SIGTERM would.
func (s *stage) stop() {
	s.t.Helper()
	if s.app == nil {
		return
	}
	s.cancel()
	if err := errors.Join(<-s.done, s.app.close()); err != nil {
		s.t.Error(err)
	}
	s.app = nil
}

// waking are the queues, absences and cases that the clock has still to look at; at cases it looks in working hours.
func (s *stage) waking(ctx context.Context) ([]string, error) {
	if queues, err := s.app.db.WakingQueues(ctx, s.clock.Now()); err != nil || len(queues) > 0 {
		s.app.ticker.Look()
		return []string{"queues"}, err
	}
	if absences, err := s.app.db.AbsencesDue(ctx, s.clock.Now(), 1); err != nil || len(absences) > 0 {
		s.app.ticker.Look()
		return []string{"absences"}, err
	}
	if files, err := s.app.db.UploadsDue(ctx, 1); err != nil || len(files) > 0 {
		return []string{"files"}, err
	}
	if !s.app.university.Calendar.Open(s.clock.Now()) {
		return s.jobsDue(), nil
	}
	waking, err := s.app.db.Waking(ctx, s.clock.Now(), 1)
	if len(waking) > 0 {
		s.app.ticker.Look()
		return waking, err
	}
	return s.jobsDue(), err
}

// mailings are the notices for many of which it is still to be shown that they have ended.
func (s *stage) mailings(ctx context.Context) (ended []string, err error) {
	running, err := s.app.db.BulletinsIn(ctx, notices.Running, 10)
	for _, b := range running {
		p, err := s.app.db.Plan(ctx, notices.NoticePlan(b.ID))
		if err != nil {
			return nil, err
		}
		c, err := s.app.db.CountsOf(ctx, p.ID)
		if err != nil {
			return nil, err
		}
		if _, _, _, over := notices.Far(p, c); over {
			ended = append(ended, b.ID)
		}
	}
	return ended, err
}

// jobsDue are the regular jobs that have still to run.
func (s *stage) jobsDue() []string {
	if !s.app.handlers.JobsDue() {
		return nil
	}
	s.app.ticker.Look()
	return []string{"jobs"}
}

// settle waits until the bot has nothing left to do.
func (s *stage) settle() {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	left := ""
	for {
		if err := s.sim.Quiet(ctx); err != nil {
			s.t.Fatalf("the bot does not come to rest: %v", err)
		}
		var err error
		if left, err = s.left(ctx); err != nil {
			s.t.Fatalf("the bot does not come to rest (%v): %s", err, left)
		}
		if left == "" {
			return
		}
		time.Sleep(2 * time.Millisecond) // nobody tells when the outbox is empty
	}
}

// left is something that the bot has still to do, or nothing. Most often it has, so that the first
// that is found is enough; and what causes something else is looked for before it.
func (s *stage) left(ctx context.Context) (string, error) {
	if woken, _ := s.app.dialogues.Woken(ctx, s.clock.Now(), 1); len(woken) > 0 { // while the store is away, nobody
		s.app.intake.Look()
		return fmt.Sprintf("to be told something %v", woken), nil
	}
	s.app.intake.Idle(ctx)
	if waking, err := s.waking(ctx); err != nil || len(waking) > 0 {
		return fmt.Sprintf("waking %v", waking), err
	}
	if plans, err := s.app.db.PlansDue(ctx, s.clock.Now(), 1); err != nil || len(plans) > 0 {
		s.app.lookForNews()
		return fmt.Sprintf("plans %v", plans), err
	}
	if ended, err := s.mailings(ctx); err != nil || len(ended) > 0 {
		s.app.lookForNews()
		return fmt.Sprintf("notices for many %v", ended), err
	}
	if notes, err := s.app.db.Due(ctx, s.clock.Now(), 0, 1); err != nil || len(notes) > 0 {
		if len(notes) > 0 && notes[0].What == dauys.Letterbox {
			s.app.sender.WakeAll() // its time has come by a clock that the sender does not watch
		}
		return fmt.Sprintf("notices %v", notes), err
	}
	if cards, err := s.app.db.DueCards(ctx, s.clock.Now(), 1); err != nil || len(cards) > 0 {
		return fmt.Sprintf("cards %v", cards), err
	}
	if topics, err := s.app.db.DueTopics(ctx, 1); err != nil || len(topics) > 0 {
		return fmt.Sprintf("topics %v", topics), err
	}
	kept, err := s.app.db.KeptUpdates(ctx, 1) // a busy machine can make a store look away for a moment
	if err != nil || len(kept) > 0 {
		return fmt.Sprintf("%d updates kept", len(kept)), err
	}
	return "", nil
}
