package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"maps"
	"net"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/documents"
	"alt.edu.kz/dauys/mail"
	"alt.edu.kz/dauys/storage"
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
	{name: "TELEGRAM_MODE", initial: "polling", what: "how updates come: polling (the bot asks for them) or webhook (Telegram brings them)", example: "webhook", check: oneOf("polling", "webhook")},
	{name: "WEBHOOK_URL", what: "for webhook: the address of this server as Telegram sees it, without a slash at the end; updates come to /telegram there", example: "https://dauys.alt.edu.kz", check: webhookURL},
	{name: "WEBHOOK_SECRET", what: "for webhook: 16 to 256 letters, digits, _ and -, by which Telegram proves that an update is its own", example: "<what openssl rand -hex 32 prints>", secret: true, check: webhookSecret},
	{name: "PUBLIC_URL", what: "the address of this server as everybody sees it, without a slash at the end; whoever holds an official transcript checks it at /verify/ there. Empty: transcripts have no code", example: "https://dauys.alt.edu.kz", check: publicURL},
	{name: "LISTEN_ADDR", initial: "127.0.0.1:8080", what: "for webhook, PUBLIC_URL and IMPORT_TOKEN: where this server listens, behind a proxy that has the certificate; /healthz answers there, too", example: "0.0.0.0:8080", check: hostPort},
	{name: "DATABASE_URL", what: "sqlite:///path/file.db or postgres://…; empty: dauys.db in the data folder", example: "postgres://dauys:password@localhost:5432/dauys", secret: true, check: databaseURL},
	{name: "REDIS_URL", what: "redis://…; empty: an embedded store with a file in the data folder", example: "redis://localhost:6379/0", secret: true, check: redisURL},
	{name: "UNIVERSITY", what: "structure file; empty: the built-in one of ALT University", example: "/etc/dauys/university.yaml", check: readable},
	{name: "TEMPLATES", what: "folder with templates of documents that take the place of the built-in ones; empty: none", example: "/etc/dauys/templates", check: templates},
	{name: "DATA_DIR", initial: "data", what: "folder for all that Dauys keeps in files", example: "/var/lib/dauys", check: folder},
	{name: "MASTER_KEY", what: "32 bytes as 64 hex digits that seal what people write; empty: the file master.key in the data folder, made at the first start. Without the key the texts cannot be read", example: "<what openssl rand -hex 32 prints>", secret: true, check: masterKey},
	{name: "ADMIN_IDS", what: "Telegram ids of the administrators, with commas", example: "12345678,87654321", check: ids},
	{name: "IMPORT_DIR", what: "folder that is watched for files of the registrar, such as marks-2026.xlsx; empty: none", example: "/var/lib/dauys/import", check: folder},
	{name: "IMPORT_TOKEN", what: "at least 24 letters, digits, _ and - with which another program may bring files of the registrar to /imports at LISTEN_ADDR; empty: none may", example: "<what openssl rand -hex 32 prints>", secret: true, check: importToken},
	{name: "SMTP_URL", what: "smtp://user:password@host:587 or smtps://…:465: by mail those are told that there is news who have asked for it with /mail and to whom the messenger cannot write; empty: nobody", example: "smtp://dauys:password@mail.alt.edu.kz:587", secret: true, check: smtpURL},
	{name: "SMTP_FROM", what: "for SMTP_URL: who writes", example: "Dauys <no-reply@alt.edu.kz>", check: smtpFrom},
	{name: "SEND_RATE", initial: "25", what: "messages a second to everybody together", example: "25", check: number(1, 100000)},
	{name: "SEND_RATE_CHAT", initial: "1", what: "messages a second to one person", example: "1", check: number(1, 100000)},
	{name: "SEND_RATE_GROUP", initial: "20", what: "messages a minute to one group", example: "20", check: number(1, 100000)},
	{name: "LEASE", initial: "15s", what: "after so long without a sign of life another process takes over polling and sending", example: "15s", check: duration},
	{name: "LOG_LEVEL", initial: "info", what: "debug, info, warn or error", example: "info", check: oneOf("debug", "info", "warn", "error")},
	{name: "LOG_FORMAT", initial: "text", what: "text or json", example: "json", check: oneOf("text", "json")},
}

// prefixes of variables that are ours: one of these that is in no list is a mistake.
var prefixes = []string{"TELEGRAM_", "SEND_RATE", "WEBHOOK_", "DAUYS_"}

// known variables that are no settings.
var notSettings = []string{"DAUYS_CRASH"}

// ofKubernetes are what it tells of the services beside a container: of one that is called
// dauys, DAUYS_PORT=tcp://10.0.0.1:80.
var ofKubernetes = regexp.MustCompile(`_(SERVICE_(HOST|PORT)(_\w+)?=.*|PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?=.*|PORT=(tcp|udp|sctp)://.*)$`)

// config is the settings with their values.
type config map[string]string

// readConfig reads the settings from an environment and checks each; the error names all
// that is wrong, a line each, with an example.
func readConfig(environ []string, needed ...string) (config, error) {
	c := config{}
	var wrong []error
	env := variables(environ)
	for _, s := range settings {
		value, set := env[s.name]
		if !set || value == "" {
			c[s.name] = s.initial
			if slices.Contains(needed, s.name) && s.initial == "" {
				wrong = append(wrong, fmt.Errorf("%s is not set: %s. Example: %s=%s", s.name, s.what, s.name, s.example))
			}
			continue
		}
		c[s.name] = value
		if err := s.wrong(value); err != nil {
			wrong = append(wrong, c.fault(s.name, err))
		}
	}
	if c["TELEGRAM_MODE"] == "webhook" {
		for _, name := range []string{"WEBHOOK_URL", "WEBHOOK_SECRET"} {
			if c[name] == "" {
				wrong = append(wrong, c.fault(name, errors.New("TELEGRAM_MODE=webhook needs it")))
			}
		}
	}
	if c["SMTP_URL"] != "" && smtpURL(c["SMTP_URL"]) == nil && c["SMTP_FROM"] == "" {
		wrong = append(wrong, c.fault("SMTP_FROM", errors.New("SMTP_URL needs it")))
	}
	for _, name := range slices.Sorted(maps.Keys(env)) {
		if err := stranger(name, env); err != nil {
			wrong = append(wrong, err)
		}
	}
	return c, errors.Join(wrong...)
}

// variables is an environment by names. Of a doubled name the last counts, as for exec.
func variables(environ []string) map[string]string {
	env := map[string]string{}
	for _, e := range environ {
		if name, value, ok := strings.Cut(e, "="); ok {
			env[name] = strings.TrimSpace(value)
		}
	}
	return env
}

// wrong is what is wrong with a value.
func (s setting) wrong(value string) error {
	if first := value[0]; len(value) > 1 && (first == '"' || first == '\'') && value[len(value)-1] == first {
		return errors.New("take the quotation marks away: they are part of the value here")
	}
	if s.check == nil {
		return nil
	}
	return s.check(value)
}

// fault is an error about a setting as a person reads it: the name, the value unless it is
// secret, what is wrong, and an example.
func (c config) fault(name string, err error) error {
	i := slices.IndexFunc(settings, func(s setting) bool { return s.name == name })
	s, shown := settings[i], ""
	if v := c[name]; v != "" && !s.secret && !tokenInside.MatchString(v) && !passwordInside.MatchString(v) {
		shown = fmt.Sprintf(" %q", v)
	}
	return fmt.Errorf("%s%s: %w. Example: %s=%s", s.name, shown, err, s.name, s.example)
}

// A value that was meant for another setting is not shown either.
var (
	tokenInside    = regexp.MustCompile(`\d:[A-Za-z0-9_-]{20,}`)
	passwordInside = regexp.MustCompile(`://[^/]*@`)
)

// stranger refuses a variable that looks like a setting and is none. A name of ours that
// was mistyped would be overlooked otherwise, and what was meant by it would not hold.
// Whoever has set the right one as well means another program by a name like it.
func stranger(name string, env map[string]string) error {
	upper := strings.ToUpper(name)
	nearest, distance := "", 100
	for _, s := range settings {
		if s.name == name {
			return nil
		}
		if d := typos(strings.TrimPrefix(upper, "DAUYS_"), s.name); d < distance {
			nearest, distance = s.name, d
		}
	}
	if slices.Contains(notSettings, name) || ofKubernetes.MatchString(name+"="+env[name]) {
		return nil
	}
	ours := slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(upper, p) })
	_, both := env[nearest]
	// In a long name two letters can be wrong, but hardly the first: PGDATA_DIR is another word,
	// and so is PLEASE.
	begins := name != "" && upper[0] == nearest[0]
	typo := !both && (distance <= 1 && (begins || len(nearest) >= 8) || distance == 2 && begins && len(nearest) >= 8)
	switch {
	case typo, ours && distance <= 4 && !both:
		i := slices.IndexFunc(settings, func(s setting) bool { return s.name == nearest })
		return fmt.Errorf("%s is not a setting; is it %s? Example: %s=%s", name, nearest, nearest, settings[i].example)
	case ours:
		return fmt.Errorf("%s is not a setting of this version; take it out, dauys run --help lists all. Example: %s=%s", name, settings[0].name, settings[0].example)
	}
	return nil
}

// typos is how many letters one has to add, leave out, replace or swap with their
// neighbour to make one word of another.
func typos(a, b string) int {
	d := make([][]int, len(a)+1)
	for i := range d {
		d[i] = make([]int, len(b)+1)
		d[i][0] = i
	}
	for j := range d[0] {
		d[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			same := 1
			if a[i-1] == b[j-1] {
				same = 0
			}
			d[i][j] = min(d[i-1][j]+1, d[i][j-1]+1, d[i-1][j-1]+same)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d[i][j] = min(d[i][j], d[i-2][j-2]+1)
			}
		}
	}
	return d[len(a)][len(b)]
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

func (c config) logger(out io.Writer) *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(c["LOG_LEVEL"])) // checked before
	hide := redacted(c)
	o := &slog.HandlerOptions{Level: level, ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		switch v := a.Value.Any().(type) {
		case string:
			a.Value = slog.StringValue(hide(v))
		case error:
			a.Value = slog.StringValue(hide(v.Error()))
		}
		return a
	}}
	if c["LOG_FORMAT"] == "json" {
		return slog.New(slog.NewJSONHandler(out, o))
	}
	return slog.New(slog.NewTextHandler(out, o))
}

// shortSecret: what is shorter is some word as well, and texts would suffer.
const shortSecret = 8

// redacted takes what is secret in the values of settings out of a text. Nothing that
// writes errors should need it; it is there for the error that nobody has foreseen.
func redacted(env map[string]string) func(string) string {
	var words []string
	hide := func(s string) {
		if len(s) >= shortSecret {
			words = append(words, s, "***")
		}
	}
	for _, s := range settings {
		v := env[s.name]
		if u, err := url.Parse(v); err == nil && u.Host != "" {
			if password, ok := u.User.Password(); ok {
				hide(password)
				hide(url.QueryEscape(password))
				hide(strings.TrimPrefix((&url.URL{User: url.UserPassword("", password)}).String(), "//:"))
			}
			hide(u.Query().Get("password"))
			hide(u.Query().Get("sslpassword"))
			continue
		}
		if s.secret && v != "" && !strings.HasPrefix(v, "sqlite:") {
			hide(v)
			if _, behind, ok := strings.Cut(v, ":"); ok { // of a token; of a URL, with the rest of it
				hide(behind)
			}
		}
	}
	return strings.NewReplacer(words...).Replace
}

// table is the settings as text for the help.
func table() string {
	const width, indent = 70, 20
	var b strings.Builder
	for _, s := range settings {
		what := s.what
		if s.initial != "" {
			what += " (default " + s.initial + ")"
		}
		fmt.Fprintf(&b, "  %-17s", s.name)
		at := 0
		for word := range strings.FieldsSeq(what) {
			if n := utf8.RuneCountInString(word); at > 0 && at+1+n > width {
				b.WriteString("\n" + strings.Repeat(" ", indent) + word)
				at = n
			} else {
				b.WriteString(" " + word)
				at += 1 + n
			}
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
	if err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https" {
		return errors.New("this is not the address of a server")
	}
	if strings.HasSuffix(v, "/") {
		return errors.New("take the slash at the end away")
	}
	return nil
}

// publicURL is opened by people: what they are told there must not be changed on the way. On this machine
// alone anything goes.
func publicURL(v string) error {
	if err := baseURL(v); err != nil {
		return err
	}
	u, _ := url.Parse(v)
	if ip := net.ParseIP(u.Hostname()); u.Scheme == "https" || ip != nil && ip.IsLoopback() || u.Hostname() == "localhost" {
		return nil
	}
	return errors.New("it begins with https://")
}

// errNoURL hides what url.Parse says: it repeats the address with the password in it.
var errNoURL = errors.New("this cannot be read as an address; in a password write %40 for @, %2F for /, %23 for #, %3A for :, %25 for %")

// webhookURL takes what Telegram takes (setWebhook, Bot API): https, on one of four ports.
// On this machine alone, for the simulator, anything goes.
func webhookURL(v string) error {
	if err := baseURL(v); err != nil {
		return err
	}
	u, _ := url.Parse(v)
	if ip := net.ParseIP(u.Hostname()); ip != nil && ip.IsLoopback() || u.Hostname() == "localhost" {
		return nil
	}
	if u.Scheme != "https" || !slices.Contains([]string{"", "443", "80", "88", "8443"}, u.Port()) {
		return errors.New("updates are brought only to https, on port 443, 80, 88 or 8443")
	}
	return nil
}

var secretForm = regexp.MustCompile(`^[A-Za-z0-9_-]{16,256}$`)

func webhookSecret(v string) error {
	if !secretForm.MatchString(v) {
		return errors.New("it is 16 to 256 letters, digits, _ and -")
	}
	return nil
}

func hostPort(v string) error {
	_, port, err := net.SplitHostPort(v)
	if n, bad := strconv.Atoi(port); err != nil || bad != nil || n < 1 || n > 65535 {
		return errors.New("it is a host and a port with a colon between, or a colon and a port")
	}
	return nil
}

func databaseURL(v string) error {
	u, err := url.Parse(v)
	if err != nil {
		return errNoURL
	}
	switch u.Scheme {
	case "sqlite":
		if u.Host != "" || !strings.HasPrefix(u.Path, "/") || strings.HasSuffix(u.Path, "/") {
			return errors.New("write the file's path from the root, with three slashes: sqlite:///path/file.db")
		}
		return nil
	case "postgres", "postgresql":
		if u.Hostname() == "" && u.Query().Get("host") == "" {
			return errors.New("it names no server")
		}
		return nil
	}
	return errors.New("it begins with sqlite:/// or postgres://")
}

func redisURL(v string) error {
	u, err := url.Parse(v)
	if err != nil {
		return errNoURL
	}
	if u.Scheme != "redis" && u.Scheme != "rediss" {
		return errors.New("it begins with redis:// or rediss://")
	}
	if u.Hostname() == "" {
		return errors.New("it names no server")
	}
	if number := strings.Trim(u.Path, "/"); number != "" {
		if _, err := strconv.ParseUint(number, 10, 16); err != nil {
			return errors.New("behind the server stands the number of a database, such as /0")
		}
	}
	return nil
}

// templates reads the folder as the start does, and tells the first thing that is wrong there.
func templates(v string) error {
	if _, problems := documents.Load(v); len(problems) > 0 {
		return errors.New(problems[0].String())
	}
	return nil
}

func smtpURL(v string) error {
	_, err := mail.New(v, "no-reply@localhost", time.Now)
	return err
}

func smtpFrom(v string) error {
	_, err := mail.New("smtp://localhost", v, time.Now)
	return err
}

var importTokenForm = regexp.MustCompile(`^[A-Za-z0-9_-]{24,256}$`)

func importToken(v string) error {
	if !importTokenForm.MatchString(v) {
		return errors.New("it has 24 to 256 letters, digits, _ and -")
	}
	return nil
}

func readable(v string) error {
	f, err := os.Open(v)
	if errors.Is(err, fs.ErrNotExist) {
		return errors.New("there is no such file")
	}
	if err != nil {
		return errors.New("the file cannot be read")
	}
	defer func() { _ = f.Close() }()
	if at, err := f.Stat(); err != nil || at.IsDir() {
		return errors.New("this is a folder, not a file")
	}
	return nil
}

// folder refuses what can never be one; it is made at the first start.
func folder(v string) error {
	if at, err := os.Stat(v); err == nil && !at.IsDir() {
		return errors.New("this is a file, not a folder")
	}
	return nil
}

func masterKey(v string) error {
	if _, err := storage.LoadKey(v, ""); err != nil {
		return errors.New("this is not 32 bytes written as 64 hex digits or in base64")
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
