package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"alt.edu.kz/dauys/bot/simulator"
)

// A wrong value of every setting, and what is said of it.
var wrongValues = []struct{ name, value, want string }{
	{"TELEGRAM_TOKEN", "hello", "this is not a token"},
	{"TELEGRAM_TOKEN", "123456789", "this is not a token"},
	{"TELEGRAM_TOKEN", `"123456789:AAAAAAAAAAAAAAAAAAAA"`, "quotation marks"},
	{"TELEGRAM_TOKEN", "123456789:AAAAAA AAAAAA", "this is not a token"},
	{"TELEGRAM_API_URL", "api.telegram.org", "not the address of a server"},
	{"TELEGRAM_API_URL", "ftp://api.telegram.org", "not the address of a server"},
	{"TELEGRAM_API_URL", "https://", "not the address of a server"},
	{"TELEGRAM_API_URL", "https://:443", "not the address of a server"},
	{"TELEGRAM_API_URL", "https://api.telegram.org/", "slash"},
	{"TELEGRAM_MODE", "push", "one of: polling, webhook"},
	{"WEBHOOK_URL", "dauys.alt.edu.kz", "not the address of a server"},
	{"WEBHOOK_URL", "http://dauys.alt.edu.kz", "only to https"},
	{"WEBHOOK_URL", "https://dauys.alt.edu.kz:9000", "port 443, 80, 88 or 8443"},
	{"WEBHOOK_URL", "https://dauys.alt.edu.kz/", "slash"},
	{"WEBHOOK_SECRET", "short", "16 to 256"},
	{"WEBHOOK_SECRET", "a secret with spaces in it", "16 to 256"},
	{"PUBLIC_URL", "dauys.alt.edu.kz", "not the address of a server"},
	{"PUBLIC_URL", "http://dauys.alt.edu.kz", "begins with https://"},
	{"PUBLIC_URL", "https://dauys.alt.edu.kz/", "slash"},
	{"IMPORT_TOKEN", "short", "24 to 256"},
	{"IMPORT_TOKEN", "a token with spaces in it, and long", "24 to 256"},
	{"IMPORT_DIR", "settings.go", "this is a file"},
	{"LISTEN_ADDR", "8080", "host and a port"},
	{"LISTEN_ADDR", "127.0.0.1:http", "host and a port"},
	{"LISTEN_ADDR", "127.0.0.1:0", "host and a port"},
	{"DATABASE_URL", "mysql://root@localhost/dauys", "begins with sqlite:/// or postgres://"},
	{"DATABASE_URL", "dauys.db", "begins with sqlite:/// or postgres://"},
	{"DATABASE_URL", "sqlite://dauys.db", "three slashes"},
	{"DATABASE_URL", "sqlite:dauys.db", "three slashes"},
	{"DATABASE_URL", "sqlite:///", "three slashes"},
	{"DATABASE_URL", "postgres:///dauys", "names no server"},
	{"DATABASE_URL", "postgres://dauys:p%ssword@localhost/dauys", "%25"},
	{"DATABASE_URL", "postgres://dauys:p#ssword@localhost/dauys", "%23"},
	{"DATABASE_URL", "postgres://dauys:pass word@localhost/dauys", "cannot be read as an address"},
	{"DATABASE_URL", "postgres://dauys@localhost:port/dauys", "cannot be read as an address"},
	{"REDIS_URL", "localhost:6379", "begins with redis://"},
	{"REDIS_URL", "redis://", "names no server"},
	{"REDIS_URL", "redis://localhost:6379/first", "number of a database"},
	{"REDIS_URL", "redis://:p%ssword@localhost:6379", "cannot be read as an address"},
	{"UNIVERSITY", "/nowhere/university.yaml", "no such file"},
	{"UNIVERSITY", ".", "folder, not a file"},
	{"TEMPLATES", "/nowhere/templates", "folder of templates cannot be read"},
	{"TEMPLATES", "testdata/plays", "no name of a template"},
	{"DATA_DIR", "settings_test.go", "file, not a folder"},
	{"MASTER_KEY", "secret", "64 hex digits"},
	{"MASTER_KEY", strings.Repeat("ab", 31), "64 hex digits"},
	{"MASTER_KEY", strings.Repeat("ab", 33), "64 hex digits"},
	{"MASTER_KEY", strings.Repeat("xy", 32), "64 hex digits"},
	{"ADMIN_IDS", "darkhan", "numbers"},
	{"ADMIN_IDS", "@darkhan", "numbers"},
	{"ADMIN_IDS", "1,,2", "numbers"},
	{"ADMIN_IDS", "-1001234567890", "numbers"},
	{"ADMIN_IDS", "1 2", "numbers"},
	{"SEND_RATE", "0", "from 1 to"},
	{"SEND_RATE", "fast", "from 1 to"},
	{"SEND_RATE_CHAT", "-1", "from 1 to"},
	{"SEND_RATE_GROUP", "2.5", "from 1 to"},
	{"LEASE", "15", "such as 15s"},
	{"LEASE", "0s", "such as 15s"},
	{"LEASE", "2h", "such as 15s"},
	{"SMTP_URL", "mail.alt.edu.kz:587", "smtp"},
	{"SMTP_FROM", "Dauys", "address"},
	{"LOG_LEVEL", "trace", "debug, info, warn, error"},
	{"LOG_FORMAT", "xml", "text, json"},
}

func TestWebhookNeedsItsSettings(t *testing.T) {
	_, err := readConfig([]string{"TELEGRAM_MODE=webhook", "WEBHOOK_SECRET=0123456789abcdef"})
	if err == nil {
		t.Fatal("a webhook without an address is taken")
	}
	oneSentence(t, err.Error(), "WEBHOOK_URL", "needs it")
	_, err = readConfig([]string{"TELEGRAM_MODE=webhook", "WEBHOOK_URL=https://dauys.alt.edu.kz"})
	if err == nil {
		t.Fatal("a webhook without a secret is taken")
	}
	oneSentence(t, err.Error(), "WEBHOOK_SECRET", "needs it")
}

func TestWrongValues(t *testing.T) {
	seen := map[string]bool{}
	for _, tt := range wrongValues {
		seen[tt.name] = true
		_, err := readConfig([]string{tt.name + "=" + tt.value})
		if err == nil {
			t.Errorf("%s=%s is taken", tt.name, tt.value)
			continue
		}
		oneSentence(t, err.Error(), tt.name, tt.want)
	}
	for _, s := range settings {
		if !seen[s.name] {
			t.Errorf("no wrong value of %s is tried", s.name)
		}
		if s.check == nil || s.name == "UNIVERSITY" || s.name == "TEMPLATES" || s.name == "MASTER_KEY" || s.name == "WEBHOOK_SECRET" || s.name == "IMPORT_TOKEN" { // a file that is not here; a key that nobody should copy
			continue
		}
		if err := s.check(s.example); err != nil {
			t.Errorf("the example of %s is wrong itself: %v", s.name, err)
		}
		if s.initial != "" && s.check(s.initial) != nil {
			t.Errorf("the default of %s is wrong itself", s.name)
		}
	}
}

// oneSentence: a person reads which setting it is, what is wrong and how it is written.
func oneSentence(t *testing.T, text, name string, want ...string) {
	t.Helper()
	text = strings.TrimSpace(text)
	if strings.Contains(text, "\n") || !strings.HasPrefix(text, name) || !strings.Contains(text, ". Example: "+name+"=") {
		t.Errorf("not one sentence about %s with an example: %s", name, text)
	}
	for _, w := range want {
		if !strings.Contains(text, w) {
			t.Errorf("%q is not in %q", w, text)
		}
	}
}

func TestAllThatIsWrongIsToldAtOnce(t *testing.T) {
	_, err := readConfig([]string{"LEASE=x", "SEND_RATE=x", "TELEGRAM_TOKN=1:abc", "PATH=/bin"}, "TELEGRAM_TOKEN")
	if err == nil {
		t.Fatal("taken")
	}
	lines := strings.Split(err.Error(), "\n")
	if len(lines) != 4 {
		t.Fatalf("not four lines:\n%v", err)
	}
	oneSentence(t, lines[0], "TELEGRAM_TOKEN", "is not set", "@BotFather")
	oneSentence(t, lines[1], "SEND_RATE")
	oneSentence(t, lines[2], "LEASE")
	if !strings.Contains(lines[3], "TELEGRAM_TOKN is not a setting; is it TELEGRAM_TOKEN?") {
		t.Error(lines[3])
	}
}

func TestRunNeedsToken(t *testing.T) {
	for _, env := range [][]string{nil, {"TELEGRAM_TOKEN="}, {"TELEGRAM_TOKEN=  "}} {
		text, err := told(t, env, "run")
		if err == nil {
			t.Fatal("run began")
		}
		oneSentence(t, text, "TELEGRAM_TOKEN", "is not set", "@BotFather")
	}
}

func TestMistypedNames(t *testing.T) {
	tests := []struct{ name, meant string }{
		{"TELEGRAM_TOKN", "TELEGRAM_TOKEN"}, {"TELEGRAMM_TOKEN", "TELEGRAM_TOKEN"}, {"TELERGAM_TOKEN", "TELEGRAM_TOKEN"},
		{"TELEGRAM_BOT_TOKEN", "TELEGRAM_TOKEN"}, {"telegram_token", "TELEGRAM_TOKEN"}, {"Telegram_Token", "TELEGRAM_TOKEN"},
		{"TELEGRAMTOKEN", "TELEGRAM_TOKEN"}, {"TELEGRAM_API", "TELEGRAM_API_URL"}, {"TELEGRAM_URL", "TELEGRAM_API_URL"}, {"TELEGRAM_MOD", "TELEGRAM_MODE"},
		{"DATABSE_URL", "DATABASE_URL"}, {"DATABASE_URI", "DATABASE_URL"}, {"DATABASE_ULR", "DATABASE_URL"}, {"DATABASEURL", "DATABASE_URL"},
		{"DAUYS_DATABASE_URL", "DATABASE_URL"}, {"DAUYS_LEASE", "LEASE"}, {"DAUYS_TELEGRAM_TOKEN", "TELEGRAM_TOKEN"},
		{"REDIS_UR", "REDIS_URL"}, {"REDIS_URI", "REDIS_URL"}, {"REDDIS_URL", "REDIS_URL"},
		{"UNIVERSTY", "UNIVERSITY"}, {"UNIVERSITIES", ""}, {"DATADIR", "DATA_DIR"}, {"DATA_DRI", "DATA_DIR"}, {"DATA_DIRS", "DATA_DIR"},
		{"MASTERKEY", "MASTER_KEY"}, {"MASTER_KEYS", "MASTER_KEY"}, {"ADMIN_ID", "ADMIN_IDS"}, {"ADMINS_IDS", "ADMIN_IDS"}, {"ADMIN_IDs", "ADMIN_IDS"},
		{"SEND_RATES", "SEND_RATE"}, {"SEND_RATE_CHATS", "SEND_RATE_CHAT"}, {"SEND_RATE_GRUOP", "SEND_RATE_GROUP"},
		{"LEASES", "LEASE"}, {"LOGLEVEL", "LOG_LEVEL"}, {"LOG_LEVLE", "LOG_LEVEL"}, {"LOG_FROMAT", "LOG_FORMAT"},
		{"WEBHOOK_ADDRESS", "-"}, {"DAUYS_X", "-"}, {"SEND_RATE_LIMIT_OF_EVERYBODY", "-"}, {"TELEGRAM_CHANNEL", "-"},
	}
	for _, tt := range tests {
		_, err := readConfig([]string{tt.name + "=1"})
		switch {
		case tt.meant == "" && err != nil: // three letters off: another word
			t.Errorf("%s: %v", tt.name, err)
		case tt.meant == "":
		case err == nil:
			t.Errorf("%s is overlooked", tt.name)
		case strings.Contains(err.Error(), "\n") || !strings.HasPrefix(err.Error(), tt.name+" is not a setting") || !strings.Contains(err.Error(), "Example: "):
			t.Errorf("%s: not one sentence with an example: %v", tt.name, err)
		case tt.meant == "-" && !strings.Contains(err.Error(), "dauys run --help"):
			t.Errorf("%s: it is not said where the settings are: %v", tt.name, err)
		case tt.meant != "-" && !strings.Contains(err.Error(), "is it "+tt.meant+"? Example: "+tt.meant+"="):
			t.Errorf("%s was meant as %s: %v", tt.name, tt.meant, err)
		}
	}
}

func TestForeignVariables(t *testing.T) {
	foreign := strings.Fields(`PATH HOME USER SHELL LANG LC_ALL LANGUAGE PWD OLDPWD TERM TZ TMPDIR EDITOR PAGER LESS LESSOPEN LOGNAME LOGS_DIRECTORY LOG_DIR
		LOG_FILE LOG_PATH MAIL HOSTNAME DATABASE_HOST DATABASE_NAME DATABASE_USER DATABASE_PASSWORD DATABASE_PORT DB_URL PGDATA PGHOST PGPASSWORD PGDATA_DIR
		JAVA_DIR META_DIR POSTGRES_URL MYSQL_DATABASE_URL REDIS_HOST REDIS_PORT REDIS_PASSWORD REDIS_PORT_6379_TCP REDIS_SERVICE_HOST KUBERNETES_SERVICE_HOST
		DAUYS_SERVICE_HOST DAUYS_SERVICE_PORT DAUYS_SERVICE_PORT_HTTP DAUYS_PORT_8080_TCP DAUYS_PORT_8080_TCP_ADDR TELEGRAM_API_SERVICE_HOST
		NOTIFY_SOCKET INVOCATION_ID JOURNAL_STREAM RUNTIME_DIRECTORY STATE_DIRECTORY XDG_DATA_DIRS XDG_DATA_HOME XDG_RUNTIME_DIR HTTP_PROXY https_proxy NO_PROXY
		SSL_CERT_DIR GOPATH GODEBUG GOMAXPROCS GOFLAGS CI GITHUB_ACTIONS SSH_AUTH_SOCK DISPLAY API_URL BASE_URL RELEASE PLEASE PHASE ERASE ADMIN_EMAIL
		ADMIN_PASSWORD ADMIN_USER SECRET_KEY MASTER_PASSWORD MASTER_HOST DATA DIR URL TOKEN KEY _ A BOT_TOKEN`)
	var env []string
	for _, name := range foreign {
		env = append(env, name+"=x")
	}
	env = append(env, "DAUYS_PORT=tcp://10.0.0.1:8080")
	if _, err := readConfig(env); err != nil {
		t.Error(err)
	}
	own := slices.DeleteFunc(os.Environ(), func(e string) bool { // where the tests run
		return strings.HasPrefix(e, "TEST_")
	})
	own = append(own, "=C:=C:\\", "alone", "")
	if _, err := readConfig(own); err != nil {
		t.Error(err)
	}
	// Who has set the right one means something else by a name like it.
	if _, err := readConfig([]string{"REDIS_URL=redis://localhost:6379/0", "REDIS_URI=x", "LOG_LEVEL=info", "LOGLEVEL=3"}); err != nil {
		t.Error(err)
	}
	if _, err := readConfig([]string{"TELEGRAM_TOKEN=1:abc", "TELEGRAM_TOKN=x"}); err == nil {
		t.Error("TELEGRAM_TOKN is overlooked because TELEGRAM_TOKEN is there")
	}
}

func TestGoodValues(t *testing.T) {
	tests := []struct{ name, value string }{
		{"DATABASE_URL", "sqlite:///var/lib/dauys/a%20b.db"}, {"DATABASE_URL", "postgresql://h/d"}, {"DATABASE_URL", "postgres:///d?host=/run/postgresql"},
		{"DATABASE_URL", "postgres://u:p%40ss@h1:5432,h2:5432/d?sslmode=disable"},
		{"REDIS_URL", "rediss://u:p@h"}, {"REDIS_URL", "redis://h:1/"}, {"REDIS_URL", "redis://[::1]:6379/3"},
		{"TELEGRAM_API_URL", "http://[::1]:8081/prefix"}, {"TELEGRAM_TOKEN", "  1:abc  "}, {"ADMIN_IDS", " 1 , 2 "},
		{"MASTER_KEY", strings.Repeat("Ab", 32)}, {"MASTER_KEY", "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="}, {"DATA_DIR", "/not/there/yet"}, {"LEASE", "1m30s"},
	}
	for _, tt := range tests {
		if _, err := readConfig([]string{tt.name + "=" + tt.value}); err != nil {
			t.Error(err)
		}
	}
	c, err := readConfig([]string{"ADMIN_IDS= 1 , 2 "})
	if got := c.admins(); err != nil || len(got) != 2 || got[0] != "telegram:1" || got[1] != "telegram:2" {
		t.Errorf("administrators %q, %v", got, err)
	}
}

// told runs a command inside the test and returns all that a person reads of it.
func told(t *testing.T, env []string, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	err := run(t.Context(), args, env, &out)
	text := out.String()
	if err != nil && !errors.Is(err, errTold) {
		text += err.Error() + "\n"
	}
	return text, err
}

// process runs the bot in a process of its own until it ends.
func process(t *testing.T, env []string) (text string, code int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := processOf(ctx, env)
	out, err := cmd.CombinedOutput()
	if ctx.Err() != nil {
		t.Fatalf("the bot does not end:\n%s", out)
	}
	if _, ok := errors.AsType[*exec.ExitError](err); err != nil && !ok {
		t.Fatal(err)
	}
	return string(out), cmd.ProcessState.ExitCode()
}

func processOf(ctx context.Context, env []string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, os.Args[0])
	cmd.Env = append([]string{childVariable + "=1", "PATH=" + os.Getenv("PATH")}, env...)
	return cmd
}

// lastLine is the sentence with which a process ended; the log is above it.
func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return lines[len(lines)-1]
}

// TestRefusedStarts are mistakes that show only when something is opened or asked. Each ends
// the start in seconds with a sentence that tells the administrator which setting to look at.
func TestRefusedStarts(t *testing.T) {
	_, server, _ := newSimulator(t, nil, "a call used a wrong token")
	answering := func(code int, text string) string {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(code)
			_, _ = io.WriteString(w, text)
		}))
		t.Cleanup(s.Close)
		return s.URL
	}
	other := strings.Repeat("ab", 32)
	sealed := filepath.Join(t.TempDir(), "sealed")
	used(t, server, "DATA_DIR="+sealed)
	lost := filepath.Join(t.TempDir(), "lost")
	used(t, server, "DATA_DIR="+lost)
	if err := os.Remove(filepath.Join(lost, "master.key")); err != nil {
		t.Fatal(err)
	}
	noKey := t.TempDir()
	if err := os.WriteFile(filepath.Join(noKey, "master.key"), []byte("something"), 0o600); err != nil {
		t.Fatal(err)
	}
	damaged := t.TempDir()
	if err := os.WriteFile(filepath.Join(damaged, "dauys.db"), bytes.Repeat([]byte("no database "), 1000), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name    string
		env     []string
		setting string
		want    string
	}{
		{"a token that Telegram does not know", []string{"TELEGRAM_TOKEN=2:CANARYCANARYCANARY"}, "TELEGRAM_TOKEN", "does not know this token"},
		{"a token that no bot can have", []string{"TELEGRAM_API_URL=" + answering(404, `{"ok":false,"error_code":404,"description":"Not Found"}`)}, "TELEGRAM_TOKEN", "look at TELEGRAM_API_URL"},
		{"a path that is no bot's", []string{"TELEGRAM_API_URL=" + server + "/other"}, "TELEGRAM_API_URL", "no Bot API server"},
		{"a server of web pages", []string{"TELEGRAM_API_URL=" + answering(200, "<html>Hello</html>")}, "TELEGRAM_API_URL", "no Bot API server"},
		{"a server that says nothing", []string{"TELEGRAM_API_URL=" + answering(200, "")}, "TELEGRAM_API_URL", "no Bot API server"},
		{"a server of something else", []string{"TELEGRAM_API_URL=" + answering(400, `{"error":"CANARY"}`)}, "TELEGRAM_API_URL", "no Bot API server"},
		{"another key", []string{"DATA_DIR=" + sealed, "MASTER_KEY=" + other}, "MASTER_KEY", "another MASTER_KEY"},
		{"a lost key", []string{"DATA_DIR=" + lost}, "MASTER_KEY", "give the right one"},
		{"a file that is no key", []string{"DATA_DIR=" + noKey}, "DATA_DIR", "holds no key"},
		{"a folder that cannot be made", []string{"DATA_DIR=/proc/dauys"}, "DATA_DIR", "the folder cannot be made"},
		{"a folder under a file", []string{"DATA_DIR=" + filepath.Join(noKey, "master.key", "data")}, "DATA_DIR", "the folder cannot be made"},
		{"a folder that takes nothing", []string{"DATA_DIR=/proc"}, "DATA_DIR", "cannot be made"},
		{"a damaged database", []string{"DATA_DIR=" + damaged}, "DATA_DIR", "dauys.db"},
		{"a folder of the database that is not there", []string{"DATABASE_URL=sqlite:///nowhere/dauys.db"}, "DATABASE_URL", "no such file or directory"},
		{"a wrong password of PostgreSQL", []string{"DATABASE_URL=postgres://dauys:CANARYCANARY@" + strictPostgres(t) + "/dauys?sslmode=disable"}, "DATABASE_URL", "password authentication failed"},
		{"a PostgreSQL that is not there", []string{"DATABASE_URL=postgres://dauys:CANARYCANARY@127.0.0.1:1/dauys"}, "DATABASE_URL", "refused"},
		{"a mode that PostgreSQL does not have", []string{"DATABASE_URL=postgres://dauys@127.0.0.1:1/dauys?sslmode=CANARY&password=CANARYCANARY"}, "DATABASE_URL", "sslmode"},
		{"a wrong password of Redis", []string{"REDIS_URL=redis://dauys:CANARYCANARY@" + strictRedis(t, "-WRONGPASS invalid username-password pair or user is disabled.") + "/0"}, "REDIS_URL", "refuses the name or the password"},
		{"a Redis that wants a password", []string{"REDIS_URL=redis://" + strictRedis(t, "-NOAUTH Authentication required.") + "/0"}, "REDIS_URL", "refuses the name or the password"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			text, code := process(t, settingsFor(t, server, tt.env...))
			if code != 1 {
				t.Errorf("the exit code is %d", code)
			}
			oneSentence(t, lastLine(text), tt.setting, tt.want)
			if strings.Contains(strings.ReplaceAll(text, "sslmode=CANARY", ""), "CANARY") {
				t.Errorf("a secret is shown: %s", text)
			}
		})
	}
}

// used lets a bot be built once on stores, as after a first day.
func used(t *testing.T, server string, more ...string) {
	t.Helper()
	c, err := readConfig(settingsFor(t, server, more...), "TELEGRAM_TOKEN")
	if err != nil {
		t.Fatal(err)
	}
	a, err := build(t.Context(), c, time.Now, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if err := a.close(); err != nil {
		t.Fatal(err)
	}
}

// strictPostgres refuses every password, as PostgreSQL does it.
func strictPostgres(t *testing.T) (address string) {
	return serveTCP(t, func(c net.Conn) {
		var head [4]byte
		if _, err := io.ReadFull(c, head[:]); err != nil {
			return
		}
		_, _ = io.CopyN(io.Discard, c, int64(binary.BigEndian.Uint32(head[:]))-4)
		_, _ = c.Write([]byte{'R', 0, 0, 0, 8, 0, 0, 0, 3}) // tell me the password
		var kind [5]byte
		if _, err := io.ReadFull(c, kind[:]); err != nil {
			return
		}
		_, _ = io.CopyN(io.Discard, c, int64(binary.BigEndian.Uint32(kind[1:]))-4)
		fields := "SFATAL\x00C28P01\x00Mpassword authentication failed for user \"dauys\"\x00\x00"
		_, _ = c.Write(append(binary.BigEndian.AppendUint32([]byte{'E'}, uint32(len(fields)+4)), fields...))
	})
}

// strictRedis answers the same to everything.
func strictRedis(t *testing.T, answer string) (address string) {
	return serveTCP(t, func(c net.Conn) {
		in := bufio.NewReader(c)
		for {
			line, err := in.ReadString('\n')
			if err != nil {
				return
			}
			if strings.HasPrefix(line, "*") { // one command, however many words it has
				_, _ = io.WriteString(c, answer+"\r\n")
			}
		}
	})
}

func serveTCP(t *testing.T, talk func(net.Conn)) (address string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer func() { _ = c.Close() }()
				talk(c)
			}()
		}
	}()
	return l.Addr().String()
}

// TestSecondRun: two on the same data folder would send everything twice.
func TestSecondRun(t *testing.T) {
	for _, pair := range pairs(t) {
		t.Run(pair.name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, pair.env(t)...)
			if pair.name != "embedded" { // several may run there, unless the dialogues are in a file
				s.stop()
				s.env = slices.DeleteFunc(s.env, func(e string) bool { return strings.HasPrefix(e, "REDIS_URL=") })
				s.start()
			}
			text, code := process(t, s.env)
			if code != 1 {
				t.Errorf("the exit code is %d", code)
			}
			oneSentence(t, lastLine(text), "DATA_DIR", "another Dauys is running")
			if _, err := s.sim.Say(dima, dima, "/start"); err != nil {
				t.Fatal(err)
			}
			s.settle()
			if last, _ := s.sim.Last(dima); len(last.Keyboard) == 0 {
				t.Errorf("the first one does not answer any more: %q", last.Text)
			}
		})
	}
}

// TestTelegramAwayAtStart: an administrator who starts the bot while the network is away
// reads at once what it waits for, and does not have to start it again.
func TestTelegramAwayAtStart(t *testing.T) {
	t.Run("it comes back", func(t *testing.T) {
		t.Parallel()
		s := &stage{t: t, clock: &handClock{now: monday}}
		var server string
		s.sim, server, s.chats = newSimulator(t, s.clock)
		s.sim.Fail(simulator.Fault{Method: "getMe", CutBefore: true})
		s.sim.Fail(simulator.Fault{Method: "deleteWebhook", HTML: true})
		s.env = settingsFor(t, server)
		s.start() // waits until it is ready
		t.Cleanup(s.stop)
		if _, err := s.sim.Say(dima, dima, "/start"); err != nil {
			t.Fatal(err)
		}
		s.settle()
		if last, ok := s.sim.Last(dima); !ok || len(last.Keyboard) == 0 {
			t.Error("the bot does not answer")
		}
		if n := len(s.sim.CallsOf("getMe")); n != 3 {
			t.Errorf("asked %d times who it is, not 3", n)
		}
	})
	t.Run("it stays away", func(t *testing.T) {
		t.Parallel()
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		dead := "http://dauys:CANARYCANARY@" + l.Addr().String()
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		cmd := processOf(ctx, settingsFor(t, dead, "TELEGRAM_TOKEN=1:CANARYCANARY"))
		out, err := cmd.StderrPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		var all strings.Builder
		lines := bufio.NewScanner(io.TeeReader(out, &all))
		tries := 0
		for lines.Scan() {
			if !strings.Contains(lines.Text(), "Telegram does not answer; trying again") {
				continue
			}
			if tries++; tries == 2 {
				_ = cmd.Process.Signal(syscall.SIGTERM) // stops as quickly as one that is at work
			}
		}
		if err := cmd.Wait(); err != nil {
			t.Errorf("the bot stopped with %v:\n%s", err, all.String())
		}
		if tries != 2 || !strings.Contains(all.String(), l.Addr().String()) || !strings.Contains(all.String(), "connection refused") {
			t.Errorf("it is not said what is waited for:\n%s", all.String())
		}
		if strings.Contains(all.String(), "CANARY") {
			t.Errorf("a secret is shown:\n%s", all.String())
		}
	})
}

// TestRedisAwayAtStart: the bot starts, and says that it would rather not be without.
func TestRedisAwayAtStart(t *testing.T) {
	var log bytes.Buffer
	_, server, _ := newSimulator(t, nil)
	c, err := readConfig(settingsFor(t, server, "REDIS_URL=redis://dauys:CANARYCANARY@127.0.0.1:1/0"), "TELEGRAM_TOKEN")
	if err != nil {
		t.Fatal(err)
	}
	a, err := build(t.Context(), c, time.Now, c.logger(&log))
	if err != nil {
		t.Fatal(err)
	}
	if err := a.close(); err != nil {
		t.Error(err)
	}
	if !strings.Contains(log.String(), "Redis does not answer") || strings.Contains(log.String(), "CANARY") {
		t.Error(log.String())
	}
}

// canaries are secrets that can be found again: right ones and malformed ones.
var canaries = []struct {
	name string
	env  []string
}{
	{"right", []string{
		"TELEGRAM_TOKEN=123456789:AACANARYtokenCANARYtokenCANARYtoken", "TELEGRAM_API_URL=http://dauys:CANARYapi%21@127.0.0.1:1",
		"REDIS_URL=redis://dauys:CANARYredis%21@127.0.0.1:1/0", "MASTER_KEY=" + strings.Repeat("c0ffee5ecbe70000", 4),
	}},
	{"of a server", []string{"DATABASE_URL=postgres://dauys:CANARYdb%21@127.0.0.1:1/dauys?sslpassword=CANARYssl", "TELEGRAM_TOKEN=1:CANARYCANARY"}},
	{"malformed", []string{
		"TELEGRAM_TOKEN=123456789 AACANARYtoken", "TELEGRAM_API_URL=http://dauys:CANARYapi@127.0.0.1:1/", "DATABASE_URL=postgres://dauys:CANARYdb%@127.0.0.1:1/dauys",
		"REDIS_URL=redis://dauys:CANARYredis@127.0.0.1:port/0", "MASTER_KEY=CANARYkey",
	}},
	{"malformed otherwise", []string{
		"TELEGRAM_TOKEN='1:CANARYtoken'", "TELEGRAM_API_URL=ftp://dauys:CANARYapi@127.0.0.1:1", "DATABASE_URL=mysql://dauys:CANARYdb@127.0.0.1:1/dauys",
		"REDIS_URL=dauys:CANARYredis@127.0.0.1", "MASTER_KEY=" + strings.Repeat("c0ffee5ecbe70000", 3),
	}},
	{"with signs in them", []string{
		"DATABASE_URL=postgres://dauys:CANARY#db/CANARY@CANARY@127.0.0.1/dauys", "REDIS_URL=redis://CANARY@CANARY:CANARY/CANARY@127.0.0.1/0",
		"TELEGRAM_TOKEN=CANARY:CANARYCANARY", "TELEGRAM_API_URL=http://CANARY:CANARY:CANARY@h:1/CANARY@/",
	}},
	{"in the wrong place", []string{
		"ADMIN_IDS=123456789:AACANARYtokenCANARYtoken", "UNIVERSITY=postgres://dauys:CANARYdb@127.0.0.1/dauys", "TELEGRAM_MODE=123456789:AACANARYtokenCANARYtoken",
		"LEASE=redis://:CANARYredis@127.0.0.1", "TELEGRAM_TOKN=123456789:AACANARYtokenCANARYtoken", "DATABSE_URL=postgres://dauys:CANARYdb@127.0.0.1/dauys",
	}},
}

func TestNoSecretIsEverShown(t *testing.T) {
	commands := [][]string{
		nil, {"run", "--help"}, {"run"}, {"check"}, {"ladder"}, {"ladder", "--institute", "itc"}, {"migrate"}, {"migrate", "status"}, {"migrate", "up"},
		{"version"}, {"demo", "--listen", "127.0.0.1:0"}, {"nonsense"},
	}
	for _, set := range canaries {
		for _, args := range commands {
			env := append([]string{"DATA_DIR=" + filepath.Join(t.TempDir(), "data"), "LOG_LEVEL=debug"}, set.env...)
			if args != nil && args[0] == "demo" {
				env = append(env, "LOG_LEVEL=error")
			}
			if len(args) == 1 && args[0] == "run" && set.name == "right" {
				continue // would wait for Telegram: see TestNoSecretInTheLog
			}
			ctx, cancel := context.WithCancel(t.Context())
			out := &watched{when: "Ctrl-C ends it", do: cancel}
			err := run(ctx, args, env, out)
			cancel()
			text := out.String()
			if err != nil {
				text += err.Error()
			}
			noSecret(t, text, "%s: dauys %s", set.name, strings.Join(args, " "))
		}
		text, _ := process(t, append([]string{"LOG_LEVEL=debug", "DATA_DIR=" + filepath.Join(t.TempDir(), "data"), "TELEGRAM_TOKN=1:abc"}, set.env...))
		noSecret(t, text, "%s: run", set.name)
	}
}

func noSecret(t *testing.T, text, format string, args ...any) {
	t.Helper()
	for _, secret := range []string{"CANARY", "c0ffee5ecbe7"} {
		if strings.Contains(text, secret) {
			t.Errorf(format+": %s is in\n%s", append(args, secret, text)...)
		}
	}
}

// watched does something when a text was written to it.
type watched struct {
	mu   sync.Mutex
	text strings.Builder
	when string
	do   func()
}

func (w *watched) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.text.Write(p)
	if strings.Contains(w.text.String(), w.when) {
		w.do()
	}
	return len(p), nil
}

func (w *watched) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.String()
}

// TestNoSecretInTheLog has everything go wrong that can while a bot runs, with the log at its
// most talkative.
func TestNoSecretInTheLog(t *testing.T) {
	t.Parallel()
	sim, err := simulator.New(simulator.Options{Token: "1:CANARYtokenCANARY"})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(sim.Handler())
	defer server.Close()
	defer func() {
		for _, m := range sim.Misuse() {
			t.Errorf("the bot misused Telegram: %s", m)
		}
		_ = sim.Close()
	}()
	sim.AddPerson(simulator.Person{ID: dima, FirstName: "Дмитрий", LanguageCode: "ru"})
	for _, fault := range []simulator.Fault{
		{Method: "getMe", CutBefore: true}, {Method: "getUpdates", CutBefore: true}, {Method: "setMyCommands", HTML: true}, {Method: "setMyCommands", Status: 400},
		{Method: "sendMessage", CutBefore: true}, {Method: "sendMessage", Status: 401}, {Method: "sendMessage", HTML: true}, {Method: "getUpdates", HTML: true},
		{Method: "sendMessage", Status: 404},
	} {
		sim.Fail(fault)
	}
	address := strings.Replace(server.URL, "http://", "http://dauys:CANARYapi@", 1)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for _, format := range []string{"text", "json"} {
		c, err := readConfig(settingsFor(t, address, "TELEGRAM_TOKEN=1:CANARYtokenCANARY", "MASTER_KEY="+strings.Repeat("c0ffee5ecbe70000", 4),
			"LOG_LEVEL=debug", "LOG_FORMAT="+format))
		if err != nil {
			t.Fatal(err)
		}
		log := &watched{when: "never", do: func() {}}
		a, err := build(t.Context(), c, time.Now, c.logger(log))
		if err != nil {
			t.Fatal(err)
		}
		serving, stop := context.WithCancel(ctx)
		done := make(chan error, 1)
		go func() { done <- a.run(serving, nil) }()
		if _, err := sim.Say(dima, dima, "/start"); err != nil {
			t.Fatal(err)
		}
		if err := sim.Quiet(ctx); err != nil {
			t.Fatalf("%v\n%s", err, log)
		}
		a.intake.Idle(ctx)
		stop()
		if err := errors.Join(<-done, a.close()); err != nil {
			t.Error(err)
		}
		if format == "text" && (!strings.Contains(log.String(), "Telegram does not answer") || !strings.Contains(log.String(), "ask for updates")) {
			t.Errorf("little has gone wrong:\n%s", log)
		}
		noSecret(t, log.String(), "the log")
	}
}

// The net under all of this: an error that nobody has foreseen.
func TestRedacted(t *testing.T) {
	env := variables([]string{
		"TELEGRAM_TOKEN=123:AAsecretsecret", "DATABASE_URL=postgres://dauys:p%40ss%2Fword1@h/d?sslpassword=otherword2", "REDIS_URL=redis://:short@h", "MASTER_KEY=0123456789abcdef",
		"DATA_DIR=/var/lib/dauys",
	})
	text := redacted(env)("dauys short /var/lib/dauys | 123:AAsecretsecret | 123%3AAAsecretsecret | p@ss/word1 | p%40ss%2Fword1 | otherword2 | 0123456789abcdef")
	if want := "dauys short /var/lib/dauys | *** | 123%3A*** | *** | *** | *** | ***"; text != want {
		t.Errorf("%s, not %s", text, want)
	}
}

// A data folder with any name is a data folder.
func TestDataFolderOfAnyName(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "дерек 100% #1?a=b&c", "data")
	s := newStage(t, "DATA_DIR="+folder)
	s.stop()
	for _, name := range []string{"dauys.db", "dialogues.json", "master.key"} {
		if _, err := os.Stat(filepath.Join(folder, name)); err != nil {
			t.Error(err)
		}
	}
}
