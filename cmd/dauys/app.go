package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/bot"
	"alt.edu.kz/dauys/bot/telegram"
	"alt.edu.kz/dauys/handlers"
	"alt.edu.kz/dauys/locales"
	"alt.edu.kz/dauys/storage"
)

// app is a bot built from the bottom up: stores, words, handlers, messenger, sender, intake.
type app struct {
	config     config
	log        *slog.Logger
	university *dauys.University
	db         *storage.DB
	dialogues  *storage.Sessions
	book       *locales.Book
	telegram   *telegram.Telegram
	handlers   *handlers.Handlers
	intake     *bot.Intake
	sender     *bot.Sender
	clock      bot.Clock
	set        bot.Settings
}

// build opens the stores, brings the database up to date and puts the parts together. It
// talks to no messenger yet.
func build(ctx context.Context, c config, wall func() time.Time, log *slog.Logger) (a *app, err error) {
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
	if err := a.db.Migrate(ctx); err != nil {
		return a, fmt.Errorf("bring the database up to date: %w", err)
	}
	if err := a.db.CheckKey(ctx); err != nil {
		return a, err
	}
	if a.dialogues, err = openDialogues(ctx, c, key, log); err != nil {
		return a, err
	}
	if a.book, err = locales.New(a.university.Calendar.Zone(), handlers.Names(a.university)); err != nil {
		return a, err
	}
	if a.telegram, err = telegram.New(c["TELEGRAM_API_URL"], c["TELEGRAM_TOKEN"], log); err != nil {
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
	a.set = bot.Settings{Rate: c.int("SEND_RATE"), RateChat: c.int("SEND_RATE_CHAT"), RateGroup: c.int("SEND_RATE_GROUP"), Term: c.duration("LEASE")}.WithDefaults()
	a.handlers = &handlers.Handlers{
		University: a.university, Book: a.book, Storage: db, Members: a.telegram, Admins: c.admins(),
		Now: wall, NewID: handlers.NewID, NewCode: handlers.NewCode, Log: log,
	}
	a.sender = bot.NewSender(db, a.handlers, a.telegram, a.clock, a.set, log)
	a.intake = &bot.Intake{
		Handlers: a.handlers, Sessions: sessions{a.dialogues}, Updates: db, Messenger: a.telegram,
		Decode: a.telegram.Decode, Clock: a.clock, Settings: a.set, Wake: a.sender.Wake, Log: log,
	}
	return a, nil
}

// openDatabase opens the database of the settings and tells the key that seals the texts.
func openDatabase(ctx context.Context, c config, log *slog.Logger, exclusive bool, a *app) (key []byte, err error) {
	if err := os.MkdirAll(c["DATA_DIR"], 0o700); err != nil {
		return nil, fmt.Errorf("make the data folder: %w", err)
	}
	if key, err = storage.LoadKey(c["MASTER_KEY"], filepath.Join(c["DATA_DIR"], "master.key")); err != nil {
		return nil, err
	}
	url := c["DATABASE_URL"]
	if url == "" {
		path, err := filepath.Abs(filepath.Join(c["DATA_DIR"], "dauys.db"))
		if err != nil {
			return nil, fmt.Errorf("find the data folder: %w", err)
		}
		url = "sqlite://" + path
	}
	a.db, err = storage.Open(ctx, storage.Options{URL: url, Key: key, Exclusive: exclusive, Log: log})
	return key, err
}

func openDialogues(ctx context.Context, c config, key []byte, log *slog.Logger) (*storage.Sessions, error) {
	sealer, err := storage.NewSealer(key)
	if err != nil {
		return nil, err
	}
	return storage.OpenSessions(ctx, storage.SessionsOptions{
		URL: c["REDIS_URL"], File: filepath.Join(c["DATA_DIR"], "dialogues.json"), Sealer: sealer, Log: log,
	})
}

// drainTime is how long a stopping bot goes on with what it has begun.
const drainTime = 10 * time.Second

// run serves until the context ends, and then finishes what it has begun: updates first,
// their answers, the notices on their way. It tells when it is ready.
func (a *app) run(ctx context.Context, ready func()) error {
	username, err := a.telegram.Me(ctx)
	if err != nil {
		return fmt.Errorf("reach Telegram at %s: %w", a.config["TELEGRAM_API_URL"], err)
	}
	if err := a.telegram.Forget(ctx); err != nil {
		return fmt.Errorf("switch to polling: %w", err)
	}
	a.telegram.Describe(ctx, a.book, a.config.admins())
	if ready != nil {
		ready()
	}
	a.log.Info("bot is running", "bot", "@"+username, "database", a.db.Engine(), "version", version())

	life, end := context.WithCancel(context.WithoutCancel(ctx)) // of answers: longer than that of intake
	defer end()
	stop := a.intake.Start(life)
	me := handlers.NewID()
	alone := a.db.Engine() == "sqlite" // the file is held by this process
	db := store{a.db}
	var wg sync.WaitGroup
	wg.Go(func() {
		bot.Lead(ctx, db, a.clock, "poller", me, a.set.Term, alone, a.log, func(ctx context.Context) { a.telegram.Poll(ctx, a.intake) })
	})
	wg.Go(func() { bot.Lead(ctx, db, a.clock, "sender", me, a.set.Term, alone, a.log, a.sender.Run) })
	wg.Wait()
	drain, cancel := context.WithTimeout(life, drainTime)
	a.intake.Idle(drain)
	cancel()
	end()
	stop()
	a.log.Info("bot has stopped")
	return nil
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
