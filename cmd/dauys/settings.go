package main

import (
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"alt.edu.kz/dauys"
)

// setting is one thing that an administrator can set by an environment variable. The help
// of the program and the table in the README are made from this list.
type setting struct {
	name    string
	initial string // used when it is not set; empty: see what
	what    string
	example string
	secret  bool // never shown
	check   func(string) error
}

// settings is all of them, in the order of the README's table.
var settings = []setting{
	{name: "TELEGRAM_TOKEN", what: "the bot's token from @BotFather; needed by run", example: "123456789:AAExampleExampleExampleExampleExample", secret: true, check: token},
	{name: "TELEGRAM_API_URL", initial: "https://api.telegram.org", what: "Bot API server, without a slash at the end", example: "http://127.0.0.1:8081", check: baseURL},
	{name: "TELEGRAM_MODE", initial: "polling", what: "how updates come: polling", example: "polling", check: oneOf("polling")},
	{name: "DATABASE_URL", what: "sqlite:///path/file.db or postgres://…; empty: dauys.db in the data folder", example: "postgres://dauys:password@localhost:5432/dauys", secret: true, check: databaseURL},
	{name: "REDIS_URL", what: "redis://…; empty: an embedded store with a file in the data folder", example: "redis://localhost:6379/0", secret: true, check: redisURL},
	{name: "UNIVERSITY", what: "structure file; empty: the built-in one of ALT University", example: "/etc/dauys/university.yaml", check: readable},
	{name: "DATA_DIR", initial: "data", what: "folder for all that Dauys keeps in files", example: "/var/lib/dauys"},
	{name: "MASTER_KEY", what: "32 bytes as 64 hex digits that seal what people write; empty: the file master.key in the data folder, made at the first start. Without the key the texts cannot be read", example: "openssl rand -hex 32", secret: true},
	{name: "ADMIN_IDS", what: "Telegram ids of the administrators, with commas", example: "12345678,87654321", check: ids},
	{name: "SEND_RATE", initial: "25", what: "messages a second to everybody together", example: "25", check: number(1, 100000)},
	{name: "SEND_RATE_CHAT", initial: "1", what: "messages a second to one person", example: "1", check: number(1, 100000)},
	{name: "SEND_RATE_GROUP", initial: "20", what: "messages a minute to one group", example: "20", check: number(1, 100000)},
	{name: "LEASE", initial: "15s", what: "after so long without a sign of life another process takes over polling and sending", example: "15s", check: duration},
	{name: "LOG_LEVEL", initial: "info", what: "debug, info, warn or error", example: "info", check: oneOf("debug", "info", "warn", "error")},
	{name: "LOG_FORMAT", initial: "text", what: "text or json", example: "json", check: oneOf("text", "json")},
}

// prefixes of variables that are ours: one of these that is in no list is a mistake.
var prefixes = []string{"TELEGRAM_", "SEND_RATE", "DAUYS_"}

// known variables that are no settings.
var notSettings = []string{"DAUYS_CRASH"}

// config is the settings with their values.
type config map[string]string

// readConfig reads the settings from an environment and checks each; the error names all
// that is wrong, each with an example.
func readConfig(environ []string, needed ...string) (config, error) {
	c := config{}
	var wrong []error
	env := map[string]string{}
	for _, e := range environ {
		name, value, _ := strings.Cut(e, "=")
		env[name] = strings.TrimSpace(value)
	}
	names := map[string]bool{}
	for _, s := range settings {
		names[s.name] = true
		value, set := env[s.name]
		if !set || value == "" {
			c[s.name] = s.initial
			if slices.Contains(needed, s.name) && s.initial == "" {
				wrong = append(wrong, fmt.Errorf("%s is not set: %s. Example: %s=%s", s.name, s.what, s.name, s.example))
			}
			continue
		}
		c[s.name] = value
		if s.check == nil {
			continue
		}
		if err := s.check(value); err != nil {
			shown := ""
			if !s.secret {
				shown = fmt.Sprintf(" %q", value)
			}
			wrong = append(wrong, fmt.Errorf("%s%s: %w. Example: %s=%s", s.name, shown, err, s.name, s.example))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(env)) {
		if names[name] || slices.Contains(notSettings, name) {
			continue
		}
		if slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(name, p) }) {
			wrong = append(wrong, fmt.Errorf("%s is not a setting; dauys run --help lists them. Example: %s=%s", name, settings[0].name, settings[0].example))
		}
	}
	return c, errors.Join(wrong...)
}

// int is a setting whose check has made sure that it is a number.
func (c config) int(name string) int {
	n, _ := strconv.Atoi(c[name])
	return n
}

// duration is a setting whose check has made sure that it is one.
func (c config) duration(name string) time.Duration {
	d, _ := time.ParseDuration(c[name])
	return d
}

func (c config) admins() (out []dauys.Address) {
	for id := range strings.SplitSeq(c["ADMIN_IDS"], ",") {
		if id = strings.TrimSpace(id); id != "" {
			out = append(out, dauys.AddressOf("telegram", id))
		}
	}
	return out
}

func (c config) logger(out *os.File) *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(c["LOG_LEVEL"])) // checked before
	o := &slog.HandlerOptions{Level: level}
	if c["LOG_FORMAT"] == "json" {
		return slog.New(slog.NewJSONHandler(out, o))
	}
	return slog.New(slog.NewTextHandler(out, o))
}

// table is the settings as text for the help.
func table() string {
	var b strings.Builder
	for _, s := range settings {
		fmt.Fprintf(&b, "  %-17s %s", s.name, s.what)
		if s.initial != "" {
			fmt.Fprintf(&b, " (default %s)", s.initial)
		}
		b.WriteString("\n")
	}
	return b.String()
}

// markdown is the settings as the README's table.
func markdown() string {
	var b strings.Builder
	b.WriteString("| Setting | Default | What it is | Example |\n| --- | --- | --- | --- |\n")
	for _, s := range settings {
		initial := s.initial
		if initial != "" {
			initial = "`" + initial + "`"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | `%s` |\n", s.name, initial, s.what, s.example)
	}
	return b.String()
}

var tokenForm = regexp.MustCompile(`^\d+:[A-Za-z0-9_-]{3,}$`)

func token(v string) error {
	if !tokenForm.MatchString(v) {
		return errors.New("this is not a token: digits, a colon, letters and digits")
	}
	return nil
}

func baseURL(v string) error {
	u, err := url.Parse(v)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return errors.New("this is not the address of a server")
	}
	if strings.HasSuffix(v, "/") {
		return errors.New("take the slash at the end away")
	}
	return nil
}

func databaseURL(v string) error {
	if strings.HasPrefix(v, "sqlite:///") || strings.HasPrefix(v, "postgres://") || strings.HasPrefix(v, "postgresql://") {
		return nil
	}
	return errors.New("it begins with sqlite:/// or postgres://")
}

func redisURL(v string) error {
	if strings.HasPrefix(v, "redis://") || strings.HasPrefix(v, "rediss://") {
		return nil
	}
	return errors.New("it begins with redis:// or rediss://")
}

func readable(v string) error {
	if _, err := os.Stat(v); err != nil {
		return errors.New("there is no such file")
	}
	return nil
}

func ids(v string) error {
	for id := range strings.SplitSeq(v, ",") {
		if _, err := strconv.ParseUint(strings.TrimSpace(id), 10, 63); err != nil {
			return errors.New("these are not numbers with commas between; a person finds theirs with @userinfobot")
		}
	}
	return nil
}

func oneOf(words ...string) func(string) error {
	return func(v string) error {
		if !slices.Contains(words, v) {
			return fmt.Errorf("it is one of: %s", strings.Join(words, ", "))
		}
		return nil
	}
}

func duration(v string) error {
	if d, err := time.ParseDuration(v); err != nil || d < 100*time.Millisecond || d > time.Hour {
		return errors.New("it is a time such as 15s or 2m")
	}
	return nil
}

func number(low, high int) func(string) error {
	return func(v string) error {
		if n, err := strconv.Atoi(v); err != nil || n < low || n > high {
			return fmt.Errorf("it is a number from %d to %d", low, high)
		}
		return nil
	}
}
