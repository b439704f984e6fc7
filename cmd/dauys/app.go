package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	neturl "net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/bot"
	"alt.edu.kz/dauys/bot/telegram"
	"alt.edu.kz/dauys/documents"
	"alt.edu.kz/dauys/handlers"
	"alt.edu.kz/dauys/locales"
	"alt.edu.kz/dauys/mail"
	"alt.edu.kz/dauys/storage"
	"alt.edu.kz/dauys/verify"
)

// app is a bot built from the bottom up: stores, words, handlers, messenger, sender, intake.
type app struct {
	config     config
	unwatched  bool // the folder with files of the registrar is left alone
	log        *slog.Logger
	university *dauys.University
	db         *storage.DB
	dialogues  *storage.Sessions
	book       *locales.Book
	telegram   *telegram.Telegram // nil when another messenger is in its place
	handlers   *handlers.Handlers
	intake     *bot.Intake
	sender     *bot.Sender
	ticker     *bot.Ticker
	files      chan struct{} // a file of the registrar waits to be read
	plans      chan struct{} // there may be something new to be told
	clock      bot.Clock
	set        bot.Settings
}

// second is what counts as one for the limits of sending. Tests make time go faster.
var second = time.Second

// build puts a bot for Telegram together. It does not talk to it yet.
func build(ctx context.Context, c config, wall func() time.Time, log *slog.Logger) (*app, error) {
	return assemble(ctx, c, wall, log, func(a *app) (m messenger, err error) {
		a.telegram, err = telegram.New(c["TELEGRAM_API_URL"], c["TELEGRAM_TOKEN"], log)
		return a.telegram, err
	})
}

// messenger sends, and reads the updates that it has brought.
type messenger interface {
	bot.Messenger
	Decode(raw []byte) (bot.Update, error)
}

// assemble opens the stores, brings the database up to date and puts the parts together,
// with the messenger that is made for them.
func assemble(ctx context.Context, c config, wall func() time.Time, log *slog.Logger, by func(*app) (messenger, error)) (a *app, err error) {
	a = &app{config: c, log: log, clock: bot.Clock{Wall: wall, Mono: time.Now}}
	defer func() {
		if err != nil {
			err = errors.Join(err, a.close())
			a = nil
		}
	}()
	if a.university, err = university(c); err != nil {
		return a, err
	}
	for _, w := range a.university.Warnings(wall()) {
		log.Warn("structure file", "warning", w.String())
	}
	key, err := openDatabase(ctx, c, log, true, a)
	if err != nil {
		return a, err
	}
	if err := a.migrate(ctx); err != nil {
		return a, err
	}
	if err := a.db.CheckKey(ctx); err != nil {
		return a, err
	}
	if err := a.keepProcedure(ctx); err != nil {
		return a, err
	}
	if a.dialogues, err = openDialogues(ctx, c, key, log); err != nil {
		return a, err
	}
	if a.book, err = locales.New(a.university.Calendar.Zone(), handlers.Names(a.university)); err != nil {
		return a, err
	}
	forms, problems := documents.Load(c["TEMPLATES"])
	if len(problems) > 0 {
		return a, c.fault("TEMPLATES", errors.New(problems[0].String()))
	}
	m, err := by(a)
	if err != nil {
		return a, err
	}
	for _, o := range a.university.Offices {
		if o.Chat != "" {
			if err := a.db.Bind(ctx, o.ID, o.Chat, "", wall()); err != nil {
				return a, fmt.Errorf("bind the chat of %s: %w", o.ID, err)
			}
		}
	}
	db := store{a.db}
	times, leads := schedules(a.university)
	a.set = bot.Settings{Rate: c.int("SEND_RATE"), RateChat: c.int("SEND_RATE_CHAT"), RateGroup: c.int("SEND_RATE_GROUP"), Term: c.duration("LEASE"), Scale: second}.WithDefaults()
	a.handlers = &handlers.Handlers{
		University: a.university, Book: a.book, Storage: db, Members: m, Files: m, Link: m.Link, Templates: forms, Tally: &handlers.Tally{}, Admins: c.admins(), Public: c["PUBLIC_URL"],
		Now: wall, Schedules: times, Leads: leads, NewID: handlers.NewID, NewCode: handlers.NewCode, Log: log,
	}
	if c["SMTP_URL"] != "" {
		if a.handlers.Mail, err = mail.New(c["SMTP_URL"], c["SMTP_FROM"], wall); err != nil {
			return a, c.fault("SMTP_URL", err)
		}
	}
	if err := a.handlers.LoadDays(ctx); err != nil {
		return a, err
	}
	a.files, a.plans = make(chan struct{}, 1), make(chan struct{}, 1)
	a.handlers.FileCame = func() {
		select {
		case a.files <- struct{}{}:
		default:
		}
	}
	a.sender = bot.NewSender(db, a.handlers, m, a.clock, a.set, log)
	a.intake = &bot.Intake{
		Handlers: a.handlers, Sessions: sessions{a.dialogues}, Updates: db, Messenger: m,
		Decode: m.Decode, Clock: a.clock, Settings: a.set, Wake: a.sender.Wake, Sender: a.sender, Log: log,
	}
	a.sender.Hold = a.intake.Busy
	a.ticker = bot.NewTicker(a.handlers, a.set, log, a.sender.Wake)
	return a, nil
}

// openTime is how long a database server may take to answer at the start.
const openTime = 10 * time.Second

// openDatabase opens the database of the settings and tells the key that seals the texts.
func openDatabase(ctx context.Context, c config, log *slog.Logger, exclusive bool, a *app) (key []byte, err error) {
	if err := os.MkdirAll(c["DATA_DIR"], 0o700); err != nil {
		return nil, c.fault("DATA_DIR", fmt.Errorf("the folder cannot be made: %w", reason(err)))
	}
	if key, err = storage.LoadKey(c["MASTER_KEY"], filepath.Join(c["DATA_DIR"], "master.key")); err != nil {
		return nil, c.fault("DATA_DIR", err)
	}
	url := c["DATABASE_URL"]
	if url == "" {
		path, err := filepath.Abs(filepath.Join(c["DATA_DIR"], "dauys.db"))
		if err != nil {
			return nil, fmt.Errorf("find the data folder: %w", err)
		}
		url = "sqlite://" + (&neturl.URL{Path: path}).EscapedPath()
	}
	opening := ctx
	if !strings.HasPrefix(url, "sqlite:") { // a large file takes its time to be checked
		var cancel context.CancelFunc
		opening, cancel = context.WithTimeout(ctx, openTime)
		defer cancel()
	}
	if a.db, err = storage.Open(opening, storage.Options{URL: url, Key: key, Exclusive: exclusive, Log: log}); err == nil {
		return key, nil
	}
	if c["DATABASE_URL"] == "" {
		return nil, c.fault("DATA_DIR", err)
	}
	return nil, c.fault("DATABASE_URL", err)
}

// migrate brings the database up to date, if the key is its own.
func (a *app) migrate(ctx context.Context) error {
	err := a.db.Migrate(ctx)
	if errors.Is(err, storage.ErrOtherKey) {
		return a.config.fault("MASTER_KEY", storage.ErrOtherKey)
	}
	if err != nil {
		return fmt.Errorf("bring the database up to date: %w", err)
	}
	return nil
}

// keepProcedure keeps the procedure of the structure file, because a case is held to the words
// under which it was filed. Other words need a version of their own.
func (a *app) keepProcedure(ctx context.Context) error {
	u := a.university
	if u.Procedure.Version == "" {
		return nil
	}
	err := a.db.KeepProcedure(ctx, u.Procedure)
	if errors.Is(err, dauys.ErrOtherWords) {
		return errors.New(dauys.Problem{File: u.File, Line: u.Line("procedure.version"),
			What: fmt.Sprintf("the procedure %q has other words than before, and cases were filed under those", u.Procedure.Version),
			Fix:  "raise version:, or restore the clauses as they were"}.String())
	}
	if err != nil {
		return fmt.Errorf("keep the procedure: %w", err)
	}
	return nil
}

// reason is what went wrong with a file, without the call and the path.
func reason(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	return err
}

// openDialogues opens the store of dialogues. A Redis server that is away may come later:
// until then what people write is kept. One that refuses us will do so for ever.
func openDialogues(ctx context.Context, c config, key []byte, log *slog.Logger) (*storage.Sessions, error) {
	sealer, err := storage.NewSealer(key)
	if err != nil {
		return nil, err
	}
	s, err := storage.OpenSessions(ctx, storage.SessionsOptions{
		URL: c["REDIS_URL"], File: filepath.Join(c["DATA_DIR"], "dialogues.json"), Sealer: sealer, Log: log,
	})
	if err != nil && c["REDIS_URL"] == "" {
		return nil, c.fault("DATA_DIR", err)
	}
	if err != nil {
		return nil, c.fault("REDIS_URL", err)
	}
	if err := s.Ping(ctx); err != nil {
		if says(err, "WRONGPASS", "NOAUTH", "NOPERM", "AUTH ") {
			return nil, errors.Join(c.fault("REDIS_URL", errors.New("the server refuses the name or the password")), s.Close())
		}
		log.Warn("Redis does not answer; until it does, what people write is kept and answered later", "error", err)
	}
	return s, nil
}

// drainTime is how long a stopping bot goes on with what it has begun.
const drainTime = 10 * time.Second

// run serves until the context ends, and then finishes what it has begun: updates first,
// their answers, the notices on their way. It tells when it is ready.
func (a *app) run(ctx context.Context, ready func()) error {
	life, end := context.WithCancel(context.WithoutCancel(ctx)) // of answers: longer than that of intake
	defer end()
	stop := a.intake.Start(life)
	defer stop()
	defer end()
	hang, err := a.listen()
	if err != nil {
		return err
	}
	defer hang()
	username, err := a.reach(ctx)
	if err != nil {
		return err
	}
	if ctx.Err() != nil {
		return nil
	}
	a.telegram.Describe(ctx, a.book, a.config.admins())
	if ready != nil {
		ready()
	}
	a.log.Info("bot is running", "bot", "@"+username, "database", a.db.Engine(), "version", version())

	me := handlers.NewID()
	alone := a.db.Engine() == "sqlite" // the file is held by this process
	db := store{a.db}
	var wg sync.WaitGroup
	wg.Go(func() {
		bot.Lead(ctx, db, a.clock, "poller", me, a.set.Term, alone, a.log, func(ctx context.Context) {
			if !a.hooked() {
				a.telegram.Poll(ctx, a.intake)
				return
			}
			lead := a.intake.Lead
			if alone { // then nobody else keeps anything, and the database need not be asked for each update
				lead = a.intake.LeadAlone
			}
			wait := lead(ctx)
			<-ctx.Done()
			wait()
		})
	})
	wg.Go(func() { a.count(ctx) })
	if !alone {
		wg.Go(func() { a.follow(ctx) })
	}
	wg.Go(func() { bot.Lead(ctx, db, a.clock, "clock", me, a.set.Term, alone, a.log, a.ticker.Run) })
	wg.Go(func() { bot.Lead(ctx, db, a.clock, "files", me, a.set.Term, alone, a.log, a.readFiles) })
	wg.Go(func() { bot.Lead(ctx, db, a.clock, "news", me, a.set.Term, alone, a.log, a.makeNews) })
	if a.handlers.Mail != nil {
		wg.Go(func() { bot.Lead(ctx, db, a.clock, "mail", me, a.set.Term, alone, a.log, a.mailNews) })
	}
	wg.Go(func() { bot.Lead(ctx, db, a.clock, "sender", me, a.set.Term, alone, a.log, a.sender.Run) })
	wg.Wait()
	hang()
	drain, cancel := context.WithTimeout(life, drainTime)
	a.intake.Idle(drain)
	cancel()
	a.log.Info("bot has stopped")
	return nil
}

// countEvery is how often what was counted goes to the database.
const countEvery = time.Minute

// count stores what was counted, now and then and in the end; and learns who cannot be written to.
func (a *app) count(ctx context.Context) {
	tick := time.NewTicker(countEvery)
	defer tick.Stop()
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTime)
		if err := a.handlers.Tally.Flush(last, store{a.db}); err != nil {
			a.log.Warn("counts wait", "error", err)
		}
		cancel()
		if err := a.handlers.LearnGone(ctx); err != nil && ctx.Err() == nil {
			a.log.Warn("who is back may be told a little later", "error", err)
		}
	}
}

// How often files are looked for that came by another process, and what nobody needs is forgotten.
const (
	filesEvery = 3 * time.Second
	tidyEvery  = time.Hour
)

// readFiles reads the files of the registrar in the background, until the context ends.
func (a *app) readFiles(ctx context.Context) {
	var tidied time.Time
	for {
		if now := a.clock.Mono(); tidied.IsZero() || now.Sub(tidied) > tidyEvery {
			tidied = now
			if err := a.handlers.TidyImports(ctx); err != nil && ctx.Err() == nil {
				a.log.Warn("old imports are kept a little longer", "error", err)
			}
		}
		if err := a.handlers.ReadUploads(ctx); err != nil && ctx.Err() == nil {
			a.log.Error("files of the registrar wait", "error", err)
		}
		a.watch(ctx)
		a.sender.Wake()
		select {
		case <-ctx.Done():
			return
		case <-a.files:
		case <-time.After(filesEvery):
		}
	}
}

// newsEvery is how often what is to be told is looked for.
const newsEvery = time.Second

// lookForNews tells that there may be something new to be told; it never waits.
func (a *app) lookForNews() {
	select {
	case a.plans <- struct{}{}:
	default:
	}
}

// makeNews makes plans into news in the background, until the context ends.
func (a *app) makeNews(ctx context.Context) {
	for {
		done, err := a.handlers.MakeNews(ctx)
		if err != nil && ctx.Err() == nil {
			a.log.Error("news wait", "error", err)
		}
		if done {
			a.sender.WakeAll()
		}
		select {
		case <-ctx.Done():
			return
		case <-a.plans:
		case <-time.After(newsEvery):
		}
	}
}

// mailLook is how often it is looked who is to be told by mail.
const mailLook = 5 * time.Minute

// mailNews tells by mail that news wait, now and then, until the context ends.
func (a *app) mailNews(ctx context.Context) {
	for ctx.Err() == nil {
		if err := handlers.Guarded(func() error { return a.handlers.MailNews(ctx) }); err != nil && ctx.Err() == nil {
			a.log.Warn("mail waits", "error", err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(mailLook):
		}
	}
}

// followEvery is how often a process looks whether another one has changed the calendar.
const followEvery = 3 * time.Second

// follow keeps the calendar as it was changed in other processes.
func (a *app) follow(ctx context.Context) {
	tick := time.NewTicker(followEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := a.handlers.LoadDays(ctx); err != nil && ctx.Err() == nil {
			a.log.Warn("the calendar may be old", "error", err)
		}
	}
}

// hooked tells that Telegram brings updates.
func (a *app) hooked() bool { return a.config["TELEGRAM_MODE"] == "webhook" }

// listen opens the server to which Telegram brings updates and another program files of the registrar, and on
// which the public pages of papers are, whichever of them there is. Hang ends it, after what was brought is
// handled; it may be called again.
func (a *app) listen() (hang func(), err error) {
	public, brings := a.config["PUBLIC_URL"] != "", a.config["IMPORT_TOKEN"] != ""
	if !a.hooked() && !public && !brings {
		return func() {}, nil
	}
	l, err := net.Listen("tcp", a.config["LISTEN_ADDR"])
	if err != nil {
		return nil, a.config.fault("LISTEN_ADDR", fmt.Errorf("nothing can listen there: %w", err))
	}
	mux := http.NewServeMux()
	if a.hooked() {
		mux.Handle(telegram.WebhookPath, a.telegram.Webhook(a.intake, a.config["WEBHOOK_SECRET"]))
	}
	if brings {
		mux.Handle("POST /imports/{kind}", &bringer{app: a})
	}
	if public {
		mux.Handle("GET "+handlers.VerifyPath+"{token}", &verify.Page{Papers: a.db, Book: a.book, Name: a.university.Names.In, Now: a.clock.Wall, Log: a.log})
	}
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, r *http.Request) {
		if err := a.db.Ping(r.Context()); err != nil {
			http.Error(w, "the database does not answer", http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(w, "well")
	})
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second, IdleTimeout: 2 * time.Minute,
		ErrorLog: slog.NewLogLogger(a.log.Handler(), slog.LevelDebug)}
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = server.Serve(l) // ends with ErrServerClosed
	}()
	return func() {
		ctx, cancel := context.WithTimeout(context.Background(), drainTime)
		defer cancel()
		if server.Shutdown(ctx) != nil {
			_ = server.Close()
		}
		<-served
	}, nil
}

// How long one try to reach Telegram may take at the start, and the pauses between them.
const (
	reachTime  = 10 * time.Second
	firstPause = 500 * time.Millisecond
	lastPause  = 30 * time.Second
)

// reach asks Telegram who the bot is and tells it how updates come; what waits there is kept
// when that changes. A token or an address that cannot be right ends the start; a server that does not
// answer is asked again, for as long as it takes, because it or the network may be restarting
// just now, and nobody has to come and start Dauys again afterwards. It returns without an
// error when the context ends.
func (a *app) reach(ctx context.Context) (username string, err error) {
	server := a.config["TELEGRAM_API_URL"]
	if u, err := neturl.Parse(server); err == nil {
		server = u.Redacted()
	}
	for again := firstPause; ; again = min(2*again, lastPause) {
		username, err := a.me(ctx)
		if err == nil || ctx.Err() != nil {
			return username, nil
		}
		switch {
		case says(err, "unauthorized"):
			return "", a.config.fault("TELEGRAM_TOKEN", fmt.Errorf("%s does not know this token; @BotFather shows the one that holds now", server))
		case says(err, "not found, "): // of a token or a path that no bot can have
			return "", a.config.fault("TELEGRAM_TOKEN", fmt.Errorf("%s has no bot with it; look at TELEGRAM_API_URL, too", server))
		case says(err, "no answer of the Bot API") && says(err, "telegram answered 2", "telegram answered 3", "telegram answered 4"):
			return "", a.config.fault("TELEGRAM_API_URL", errors.New("who answers there is no Bot API server"))
		}
		a.log.Warn("Telegram does not answer; trying again", "server", server, "again", again, "error", err)
		select {
		case <-ctx.Done():
			return "", nil
		case <-time.After(again):
		}
	}
}

// me is one try of reach.
func (a *app) me(ctx context.Context) (username string, err error) {
	ctx, cancel := context.WithTimeout(ctx, reachTime)
	defer cancel()
	if username, err = a.telegram.Me(ctx); err != nil {
		return "", err
	}
	if a.hooked() {
		err = a.telegram.Hook(ctx, a.config["WEBHOOK_URL"], a.config["WEBHOOK_SECRET"])
	} else {
		err = a.telegram.Forget(ctx)
	}
	if err != nil {
		return "", fmt.Errorf("switch to %s: %w", a.config["TELEGRAM_MODE"], err)
	}
	return username, nil
}

// says looks for words in an error of which only the words tell what it means.
func says(err error, words ...string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(err.Error(), w) })
}

// close closes the stores.
func (a *app) close() error {
	var errs []error
	if a.telegram != nil {
		a.telegram.Close()
	}
	if a.dialogues != nil {
		errs = append(errs, a.dialogues.Close())
	}
	if a.db != nil {
		errs = append(errs, a.db.Close())
	}
	return errors.Join(errs...)
}
