package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/bot/simulator"
	"alt.edu.kz/dauys/bot/terminal"
)

func chatCommand(environ []string, out io.Writer) *cobra.Command {
	var lang, data, structure string
	cmd := &cobra.Command{
		Use: "chat", Short: "Try a conversation in the terminal", Args: cobra.NoArgs,
		Long: `chat is the bot in a terminal, for whoever changes a conversation and wants to see it at
once: no Telegram, no browser, no network. One is everybody, first an applicant, then
whoever :as names. A line is sent as it is typed, with \n where a text has several lines.
These are not sent:

` + chatHelp() + `
Lines can come from a file or a pipe: the next is read when the bot has nothing more to say
to the last. Ctrl-D ends it.`,
		Example: "  dauys chat --lang kk\n  printf '/start\\n:1\\n' | dauys chat",
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			env := variables(environ)
			begin, err := firstPerson(lang, env["LANG"])
			if err != nil {
				return err
			}
			if structure != "" {
				environ = append(slices.Clone(environ), "UNIVERSITY="+structure)
			}
			file := ""
			if data == "" {
				if data, err = os.MkdirTemp("", "dauys-chat-"); err != nil {
					return fmt.Errorf("make a temporary folder: %w", err)
				}
				defer func() { err = errors.Join(err, os.RemoveAll(data)) }()
			} else {
				if err := os.MkdirAll(data, 0o700); err != nil {
					return fmt.Errorf("make the data folder: %w", err)
				}
				file = filepath.Join(data, "terminal.json")
			}
			c, err := readConfig(chatEnviron(environ, data))
			if err != nil {
				return err
			}
			in := cmd.InOrStdin()
			k := &chat{
				clock: openClock(filepath.Join(data, "clock")), log: c.logger(os.Stderr), out: out, echo: !onScreen(in),
				options: terminal.Options{Begin: begin, File: file, Bold: onScreen(out) && env["NO_COLOR"] == ""},
			}
			return k.run(cmd.Context(), c, in)
		},
	}
	cmd.Flags().StringVar(&lang, "lang", "", "language of one's phone at first: kk, ru or en (default that of LANG, or en)")
	cmd.Flags().StringVar(&data, "data", "", "folder that keeps everything for the next time; without it a temporary one is used and taken away")
	cmd.Flags().StringVar(&structure, "structure", "", "structure file, as in UNIVERSITY")
	return cmd
}

// onScreen tells whether somebody sits at the other end.
func onScreen(x any) bool {
	f, ok := x.(*os.File)
	if !ok {
		return false
	}
	at, err := f.Stat()
	return err == nil && at.Mode()&os.ModeCharDevice != 0
}

// chatEnviron is the settings of a chat in a terminal: those that were given, but without
// Telegram, with the stores inside, and with nothing to wait for.
func chatEnviron(environ []string, data string) []string {
	out := append([]string{"LOG_LEVEL=error"}, environ...)
	for _, name := range []string{"TELEGRAM_TOKEN", "TELEGRAM_API_URL", "TELEGRAM_MODE", "DATABASE_URL", "REDIS_URL", "MASTER_KEY", "ADMIN_IDS"} {
		out = append(out, name+"=")
	}
	return append(out, "DATA_DIR="+data, "SEND_RATE=100000", "SEND_RATE_CHAT=100000", "SEND_RATE_GROUP=100000")
}

// callNames are how the people of the demonstration are called in a terminal.
var callNames = map[int64]string{
	101: "aigerim", 102: "dima", 103: "amina", 104: "erlan", 105: "nurlan", 106: "tamara",
	201: "saltanat", 202: "igor", 203: "gulnar", 204: "marat", 206: "olga", 207: "saule", 208: "bakyt",
	210: "ainur", 211: "sergey", 900: "darkhan",
}

// firstPerson is who has a phone in a language: that of a flag, or else of the system.
func firstPerson(lang, system string) (name string, err error) {
	first := map[dauys.Lang]string{dauys.Kazakh: "aigerim", dauys.Russian: "dima", dauys.English: "amina"}
	system, _, _ = strings.Cut(system, "_")
	if name, ok := first[dauys.Lang(cmp.Or(lang, system))]; ok {
		return name, nil
	}
	if lang != "" {
		return "", fmt.Errorf("--lang %q: it is kk, ru or en", lang)
	}
	return first[dauys.English], nil
}

// chat is the bot and the terminal at which everybody sits.
type chat struct {
	clock   simulator.Clock
	log     *slog.Logger
	out     io.Writer
	echo    bool // show the lines, because nobody types them
	options terminal.Options

	app  *app
	term *terminal.Terminal
}

// chatLines are the lines that are for the command itself.
var chatLines = []struct{ form, what string }{
	{":clock +24h", "move the clock; :clock tells it"},
	{":help", "say this"},
	{":quit", "end it"},
}

// chatHelp tells what can be typed.
func chatHelp() string {
	var b strings.Builder
	for _, l := range terminal.Lines {
		fmt.Fprintf(&b, "  %-15s %s\n", l.Form, l.What)
	}
	for _, l := range chatLines {
		fmt.Fprintf(&b, "  %-15s %s\n", l.form, l.what)
	}
	return b.String()
}

// run lets people talk until the lines or the context end.
func (k *chat) run(ctx context.Context, c config, in io.Reader) (err error) {
	if k.app, err = assemble(ctx, c, k.clock.Now, k.log, k.seat); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, k.app.close()) }()
	if err := k.staff(ctx); err != nil {
		return err
	}
	life, end := context.WithCancel(context.WithoutCancel(ctx)) // of answers: longer than that of intake
	stop := k.app.intake.Start(life)
	ctx, leave := context.WithCancel(ctx)
	wait := k.app.intake.LeadAlone(ctx)
	defer func() {
		leave()
		wait()
		end()
		stop()
	}()
	k.show(ctx, k.rest(ctx))
	who, _ := k.term.At()
	fmt.Fprintf(k.out, "You are %s. Write to the bot, for example /start; :help tells what else there is.\n", who)
	for lines := typed(ctx, in); ; {
		k.prompt()
		select {
		case <-ctx.Done():
			fmt.Fprintln(k.out)
			return nil
		case line, more := <-lines:
			if k.echo || !more {
				fmt.Fprintln(k.out, line)
			}
			if !more || strings.TrimSpace(line) == ":quit" {
				return nil
			}
			k.line(ctx, line)
			k.show(ctx, k.rest(ctx))
		}
	}
}

// typed reads lines until there are no more, or nobody wants them. A line that is being typed
// cannot be called off: the goroutine then ends with the input.
func typed(ctx context.Context, in io.Reader) <-chan string {
	lines := make(chan string)
	go func() {
		defer close(lines)
		for r := bufio.NewReader(in); ; {
			line, err := r.ReadString('\n')
			if line != "" {
				select {
				case lines <- strings.TrimRight(line, "\r\n"):
				case <-ctx.Done():
					return
				}
			}
			if err != nil {
				return
			}
		}
	}()
	return lines
}

// seat opens the terminal for the people of the demonstration, with a chat for every office.
func (k *chat) seat(a *app) (messenger, error) {
	var world demoWorld
	if err := json.Unmarshal(demoPeople, &world); err != nil {
		return nil, fmt.Errorf("read the people of the demonstration: %w", err)
	}
	role := map[int64]string{}
	for _, ids := range world.Staff {
		for _, id := range ids {
			role[id] = "staff"
		}
	}
	for _, id := range world.Admins {
		role[id] = "administrator"
	}
	for _, p := range world.People {
		k.options.People = append(k.options.People, terminal.Person{
			ID: callNames[p.ID], Name: p.Name(), Lang: p.LanguageCode, Role: cmp.Or(role[p.ID], "applicant"),
		})
	}
	for _, o := range a.university.Offices {
		kind, _, _ := strings.Cut(string(o.ID), "@")
		staff, ok := world.Staff[kind]
		if !ok { // of another university
			staff = world.Staff["deputy"]
		}
		title := o.Names.In(o.Lang)
		if in, ok := a.university.Institute(o.Institute); ok {
			title += " – " + in.Names.In(o.Lang)
		}
		chat := terminal.Chat{ID: string(o.ID), Title: title}
		for _, id := range slices.Concat(staff, world.Admins) {
			chat.Members = append(chat.Members, callNames[id])
		}
		k.options.Chats = append(k.options.Chats, chat)
	}
	t, err := terminal.New(k.options)
	k.term = t
	return t, err
}

// staff gives every office its chat, and whoever is in it the right to act for an office
// that does not give it by itself.
func (k *chat) staff(ctx context.Context) error {
	for _, p := range k.options.People {
		if p.Role == "administrator" {
			k.app.handlers.Admins = append(k.app.handlers.Admins, terminal.Address(p.ID))
		}
	}
	for _, c := range k.options.Chats {
		office, _ := k.app.university.Office(dauys.OfficeID(c.ID))
		if err := k.app.db.Bind(ctx, office.ID, terminal.Address(c.ID), "", k.clock.Now()); err != nil {
			return fmt.Errorf("bind the chat of %s: %w", office.ID, err)
		}
		if office.Members {
			continue
		}
		for _, p := range k.options.People {
			if p.Role != "staff" || !slices.Contains(c.Members, p.ID) {
				continue
			}
			if _, err := k.app.db.Grant(ctx, dauys.Staff{Address: terminal.Address(p.ID), Name: p.Name, Office: office.ID, From: k.clock.Now()}); err != nil {
				return fmt.Errorf("let %s act for %s: %w", p.ID, office.ID, err)
			}
		}
	}
	return nil
}

// prompt says who is to type, and where.
func (k *chat) prompt() {
	who, where := k.term.At()
	if who != where {
		who += " in " + where
	}
	fmt.Fprintf(k.out, "%s> ", who)
}

// line does what a line says.
func (k *chat) line(ctx context.Context, line string) {
	word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
	var told string
	var err error
	switch word {
	case ":help":
		told = strings.TrimRight(chatHelp(), "\n")
	case ":clock":
		told, err = k.time(strings.TrimSpace(rest))
	default:
		told, err = k.act(ctx, line)
	}
	if err != nil {
		told = err.Error()
	}
	if told != "" {
		fmt.Fprintln(k.out, told)
	}
}

// time moves the clock and tells it.
func (k *chat) time(by string) (string, error) {
	if by != "" {
		d, err := time.ParseDuration(by)
		if err != nil || d <= 0 {
			return "", errors.New("write how far the clock moves, and only forward: :clock +24h, :clock 90m")
		}
		k.clock.Advance(d)
	}
	zone := k.app.university.Calendar.Zone()
	return k.clock.Now().In(zone).Format("Monday, 2 January 2006, 15:04 ") + zone.String(), nil
}

// act brings the bot what somebody has done.
func (k *chat) act(ctx context.Context, line string) (told string, err error) {
	u, told, err := k.term.Read(line)
	if u == nil || err != nil {
		return told, err
	}
	if err := k.app.intake.Handle(ctx, *u); err != nil {
		return "", errors.Join(fmt.Errorf("the bot could not take this: %w", err), k.term.Toast(ctx, u.PressID, ""))
	}
	return told, nil
}

// restTime is how long the bot may take to come to rest before the next line is read.
const restTime = 10 * time.Second

// rest lets the bot say all that it has to say now. The sender runs only meanwhile: nothing
// is sent while an update is being handled, so that what is seen does not depend on chance.
func (k *chat) rest(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, restTime)
	defer cancel()
	k.app.intake.Idle(ctx)
	var sender sync.WaitGroup
	defer sender.Wait()
	sending, stop := context.WithCancel(ctx)
	defer stop()
	sender.Go(func() { k.app.sender.Run(sending) })
	for {
		busy, err := k.busy(ctx)
		if err != nil || !busy {
			return err
		}
		select {
		case <-ctx.Done():
			return errors.New("the bot is still busy")
		case <-time.After(2 * time.Millisecond): // nobody tells when the outbox is empty
		}
	}
}

// busy tells whether something is still to be said.
func (k *chat) busy(ctx context.Context) (bool, error) {
	now := k.clock.Now()
	notes, err := k.app.db.Due(ctx, now, 0, 1)
	if err != nil {
		return true, err
	}
	cards, err := k.app.db.DueCards(ctx, now, 1)
	if err != nil {
		return true, err
	}
	kept, err := k.app.db.KeptUpdates(ctx, 1)
	return len(notes)+len(cards)+len(kept) > 0 || k.term.Waiting(), err
}

// show puts on the screen what has changed, and what was wrong, unless it is the end.
func (k *chat) show(ctx context.Context, err error) {
	fmt.Fprint(k.out, k.term.News())
	if err != nil && ctx.Err() == nil {
		fmt.Fprintln(k.out, err)
	}
}
