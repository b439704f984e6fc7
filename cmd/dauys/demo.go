package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/bot/simulator"
)

//go:embed demo.json
var demoPeople []byte

// demoWorld is who lives in the demonstration.
type demoWorld struct {
	People   []simulator.Person `json:"people"`
	Staff    map[string][]int64 `json:"staff"` // kind of office → who is in its chat
	Admins   []int64            `json:"admins"`
	Students []int64            `json:"students"` // who is in the record of the demonstration
	Blog     string             `json:"blog"`     // title of the group that is the channel of the Rector's blog
}

// demoToken is the bot's token in the simulator; it opens nothing else.
const demoToken = "1:DEMO"

func demoCommand(environ []string, out io.Writer) *cobra.Command {
	var data, listen string
	cmd := &cobra.Command{
		Use: "demo", Short: "Try Dauys in a browser, with nothing to install", Args: cobra.NoArgs,
		Long: `demo starts the bot with a Telegram of its own: a page in the browser with the phones of
a few people on one side and the chats of the university's offices on the other. File a
complaint as a student, answer it as staff. The clock on the page can be moved by hours and
days; deadlines act in working hours, so on a Saturday nothing happens. Nothing leaves this
machine. Ctrl-C ends it.`,
		Example: "  dauys demo\n  dauys demo --data ./demo-data",
		RunE: func(cmd *cobra.Command, _ []string) error {
			return demo(cmd.Context(), environ, out, data, listen)
		},
	}
	cmd.Flags().StringVar(&data, "data", "", "folder that keeps everything for the next time; without it a temporary one is used and taken away")
	cmd.Flags().StringVar(&listen, "listen", "127.0.0.1:8091", "address of the page; if it is taken, another port is used")
	return cmd
}

func demo(ctx context.Context, environ []string, out io.Writer, data, listen string) (err error) {
	if data == "" {
		if data, err = os.MkdirTemp("", "dauys-demo-"); err != nil {
			return fmt.Errorf("make a temporary folder: %w", err)
		}
		defer func() { err = errors.Join(err, os.RemoveAll(data)) }()
	} else if err = os.MkdirAll(data, 0o700); err != nil {
		return fmt.Errorf("make the data folder: %w", err)
	}
	var world demoWorld
	if err := json.Unmarshal(demoPeople, &world); err != nil {
		return fmt.Errorf("read the people of the demonstration: %w", err)
	}
	clock := openClock(filepath.Join(data, "clock"))
	sim, err := simulator.New(simulator.Options{
		Token: demoToken, Username: "dauys_demo_bot", Clock: clock, Limits: simulator.DefaultLimits(), File: filepath.Join(data, "simulator.json"),
	})
	if err != nil {
		return fmt.Errorf("start the simulator: %w", err)
	}
	defer func() { err = errors.Join(err, sim.Close()) }()
	server, address, err := serve(listen, sim.Handler())
	if err != nil {
		return err
	}
	defer server.stop()

	c, err := readConfig(demoEnviron(environ, address, data, world))
	if err != nil {
		return err
	}
	log := c.logger(os.Stderr)
	a, err := build(ctx, c, clock.Now, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.close()) }()
	if err := people(ctx, sim, a, world); err != nil {
		return err
	}
	if err := record(ctx, a, world); err != nil {
		return err
	}
	return a.run(ctx, func() {
		fmt.Fprintf(out, "\nDauys is running. Open http://%s in a browser.\nCtrl-C ends it.\n\n", address)
	})
}

// demoEnviron is the settings of the demonstration: those that were given, but with the
// stores inside and the simulator in Telegram's place.
func demoEnviron(environ []string, address, data string, world demoWorld) []string {
	var out []string
	for _, e := range environ {
		name, _, _ := strings.Cut(e, "=")
		switch name {
		case "TELEGRAM_TOKEN", "TELEGRAM_API_URL", "TELEGRAM_MODE", "DATABASE_URL", "REDIS_URL", "DATA_DIR", "ADMIN_IDS", "MASTER_KEY":
		default:
			out = append(out, e)
		}
	}
	var admins []string
	for _, id := range world.Admins {
		admins = append(admins, strconv.FormatInt(id, 10))
	}
	set := map[string]string{
		"TELEGRAM_TOKEN": demoToken, "TELEGRAM_API_URL": "http://" + address, "DATA_DIR": data, "ADMIN_IDS": strings.Join(admins, ","),
	}
	level := true
	for _, e := range out {
		level = level && !strings.HasPrefix(e, "LOG_LEVEL=")
	}
	if level {
		set["LOG_LEVEL"] = "warn"
	}
	for name, v := range set {
		out = append(out, name+"="+v)
	}
	return out
}

// demoBlog is the group that is the channel of the Rector's blog in the demonstration.
const demoBlog = -1001000009999

// people puts everybody into the simulator and binds a chat to every office. Who is in the chat of
// an office that gives no right by itself is appointed, as an administrator would do.
func people(ctx context.Context, sim *simulator.Server, a *app, world demoWorld) error {
	for _, p := range world.People {
		sim.AddPerson(p)
	}
	if a.university.Blog == "" { // the file that comes with Dauys knows of none
		a.university.Blog = dauys.AddressOf("telegram", strconv.FormatInt(demoBlog, 10))
		sim.AddGroup(demoBlog, world.Blog, world.Admins...)
	}
	for i, o := range a.university.Offices {
		chat := int64(-1001000000001) - int64(i)
		kind, _, _ := strings.Cut(string(o.ID), "@")
		title := o.Names.In(o.Lang)
		if in, ok := a.university.Institute(o.Institute); ok {
			title += " – " + in.Names.In(o.Lang)
		}
		members := append(append([]int64(nil), world.Admins...), world.Staff[kind]...)
		sim.AddGroup(chat, title, members...)
		if err := a.db.Bind(ctx, o.ID, dauys.AddressOf("telegram", strconv.FormatInt(chat, 10)), "", a.clock.Wall()); err != nil {
			return fmt.Errorf("bind the chat of %s: %w", o.ID, err)
		}
		if o.Members {
			continue
		}
		for _, p := range world.People {
			if !slices.Contains(world.Staff[kind], p.ID) {
				continue
			}
			leader := dauys.Staff{Address: dauys.AddressOf("telegram", strconv.FormatInt(p.ID, 10)), Name: p.Name(), Office: o.ID, From: a.clock.Wall()}
			if _, err := a.db.Grant(ctx, leader); err != nil {
				return fmt.Errorf("appoint %s for %s: %w", p.Name(), o.ID, err)
			}
		}
	}
	return nil
}

// web is an HTTP server of ours.
type web struct {
	server *http.Server
	done   chan struct{}
}

// serve starts an HTTP server on an address, or beside it if that is taken.
func serve(listen string, h http.Handler) (*web, string, error) {
	l, err := net.Listen("tcp", listen)
	if err != nil {
		host, _, splitErr := net.SplitHostPort(listen)
		if splitErr != nil {
			return nil, "", fmt.Errorf("listen on %s: %w", listen, err)
		}
		if l, err = net.Listen("tcp", net.JoinHostPort(host, "0")); err != nil {
			return nil, "", fmt.Errorf("listen on %s: %w", listen, err)
		}
	}
	w := &web{server: &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)}, done: make(chan struct{})}
	go func() {
		defer close(w.done)
		_ = w.server.Serve(l) // ends with ErrServerClosed
	}()
	return w, l.Addr().String(), nil
}

// stop ends the server; who waits at it, waits no longer.
func (w *web) stop() {
	_ = w.server.Close()
	<-w.done
}

// movable is the wall clock of the demonstration: the system's, moved by what the page
// asked for. The bot and the simulator share it.
type movable struct {
	mu    sync.Mutex
	ahead time.Duration
	file  string
}

// openClock reads how far the clock was moved the last time.
func openClock(file string) *movable {
	c := &movable{file: file}
	if data, err := os.ReadFile(file); err == nil {
		c.ahead, _ = time.ParseDuration(strings.TrimSpace(string(data)))
	}
	return c
}

func (c *movable) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.ahead)
}

// Advance moves the clock. Where it stands is kept with the data: the dates in them would
// make no sense otherwise.
func (c *movable) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead += d
	_ = os.WriteFile(c.file, []byte(c.ahead.String()), 0o600)
}
