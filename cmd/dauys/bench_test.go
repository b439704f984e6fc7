package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/storage/storagetest"
)

// The benchmarks here run the bot as a process of its own and play a Telegram and students
// for it that cost little themselves, so that what is measured is the bot: its CPU and memory
// are read from /proc. make bench runs them all and prints tables for docs/performance.md.

// crowdSize is how many students there are at the same time.
const crowdSize = 50

// BenchmarkDialogue has students answer the questions of a complaint as fast as the bot asks:
// an iteration is one dialogue of twelve updates, from /start to the review. Each student is a
// new one, so that their state and their language are stored for the first time.
func BenchmarkDialogue(b *testing.B) { atSaturation(b, false) }

// BenchmarkComplaint is the same to the end: Send is pressed, the case registered, its card
// sent to the office, and the receipt to the student.
func BenchmarkComplaint(b *testing.B) { atSaturation(b, true) }

func atSaturation(b *testing.B, send bool) {
	t := newFigures("| updates come by | stores | updates/s | CPU s per 1,000 updates | p50 | p99 | registration p99 | receipt p99 | memory idle | peak |")
	for _, w := range ways {
		for _, p := range benchPairs(b) {
			b.Run(w+"/"+p.name, func(b *testing.B) {
				l := newLoad(b, w, p.env(b))
				l.send = send
				l.run(b, nil)
				m := l.measured(b)
				t.row(w, p.name, fmt.Sprintf("%.0f", m.rate), fmt.Sprintf("%.3f", m.cpu), ms(m.p50), ms(m.p99), ms(m.registration), ms(m.receipt), mb(m.idle), mb(m.peak))
			})
		}
	}
	t.print()
}

// BenchmarkPaced has the same students send a hundred updates a second in all: an iteration
// is one update.
func BenchmarkPaced(b *testing.B) {
	t := newFigures("| updates come by | stores | p50 | p99 | registration p99 | receipt p99 | CPU s per 1,000 updates |")
	for _, w := range ways {
		for _, p := range benchPairs(b) {
			b.Run(w+"/"+p.name, func(b *testing.B) {
				l := newLoad(b, w, p.env(b))
				l.send = true
				l.run(b, time.NewTicker(time.Second/100))
				m := l.measured(b)
				t.row(w, p.name, ms(m.p50), ms(m.p99), ms(m.registration), ms(m.receipt), fmt.Sprintf("%.3f", m.cpu))
			})
		}
	}
	t.print()
}

// BenchmarkStart is the time from the start of the process until it takes updates, with a
// database that is there already.
func BenchmarkStart(b *testing.B) {
	t := newFigures("| stores | start |")
	for _, p := range benchPairs(b) {
		b.Run(p.name, func(b *testing.B) {
			server := newLeanTelegram(b)
			env := prepare(b, server, "polling", p.env(b))
			for b.Loop() {
				bot := startBot(b, server, env)
				b.StopTimer()
				bot.stop(b)
				b.StartTimer()
			}
			b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/start")
			t.row(p.name, ms(b.Elapsed()/time.Duration(b.N)))
		})
	}
	t.print()
}

var ways = []string{"polling", "webhook"}

type benchPair struct {
	name string
	env  func(b *testing.B) []string
}

// benchPairs are the embedded stores, and the servers where they are.
func benchPairs(b *testing.B) []benchPair {
	all := []benchPair{{"embedded SQLite and Redis", func(*testing.B) []string { return nil }}}
	if os.Getenv("TEST_DATABASE_URL") != "" && os.Getenv("TEST_REDIS_URL") != "" {
		all = append(all, benchPair{"PostgreSQL and Redis", func(b *testing.B) []string {
			database, redis, _ := storagetest.Servers(b)
			return []string{"DATABASE_URL=" + database, "REDIS_URL=" + redis}
		}})
	}
	return all
}

// leanTelegram is as much of a Bot API server as the benchmarks need. It tells each message to
// the student whose chat it is.
type leanTelegram struct {
	*httptest.Server
	messages atomic.Int64
	polls    chan struct{} // closed when the bot takes updates
	polled   sync.Once
	hook     string // where updates are brought; empty: they are asked for
	client   http.Client

	mu      sync.Mutex
	waiting []given // not confirmed
	last    int64   // update id
	some    chan struct{}
	chats   map[int64]chan shown
	errs    []string
}

type given struct {
	id  int64
	raw []byte
}

// shown is a message of the bot as its reader gets it.
type shown struct {
	at      time.Time
	id      int64
	text    json.RawMessage
	markup  json.RawMessage
	buttons map[string]string // label → data
}

const (
	benchToken  = "1:BENCH"
	benchSecret = "only-for-this-benchmark"
)

func newLeanTelegram(b *testing.B) *leanTelegram {
	s := &leanTelegram{chats: map[int64]chan shown{}, some: make(chan struct{}, 1), polls: make(chan struct{})}
	s.client.Transport = &http.Transport{MaxIdleConnsPerHost: crowdSize}
	s.Server = httptest.NewServer(s)
	b.Cleanup(s.Close)
	return s
}

func (s *leanTelegram) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	method := r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	answer := []byte(`{"ok":true,"result":true}`)
	switch method {
	case "getMe":
		answer = []byte(`{"ok":true,"result":{"id":1,"is_bot":true,"first_name":"Dauys","username":"dauys_bot"}}`)
	case "getUpdates":
		answer = s.updates(r.Context(), body)
	case "setWebhook":
		s.polled.Do(func() { close(s.polls) })
	case "sendMessage", "editMessageText":
		answer = s.message(r.Header.Get("Content-Type"), body)
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(answer)
}

// updates answers a long poll.
func (s *leanTelegram) updates(ctx context.Context, body []byte) []byte {
	s.polled.Do(func() { close(s.polls) })
	var ask struct {
		Offset int64 `json:"offset"`
	}
	_ = json.Unmarshal(body, &ask)
	for {
		s.mu.Lock()
		n := 0
		for n < len(s.waiting) && s.waiting[n].id < ask.Offset {
			n++
		}
		s.waiting = s.waiting[n:]
		out := []byte(`{"ok":true,"result":[`)
		for i, g := range s.waiting[:min(len(s.waiting), 100)] {
			if i > 0 {
				out = append(out, ',')
			}
			out = append(out, g.raw...)
		}
		n = len(s.waiting)
		s.mu.Unlock()
		if n > 0 {
			return append(out, ']', '}')
		}
		select {
		case <-s.some:
		case <-ctx.Done():
			return nil
		}
	}
}

// message shows a message to whom it is for.
func (s *leanTelegram) message(kind string, body []byte) []byte {
	at := time.Now()
	var m struct {
		Chat   json.Number     `json:"chat_id"`
		ID     json.Number     `json:"message_id"`
		Text   json.RawMessage `json:"text"`
		Markup json.RawMessage `json:"reply_markup"`
	}
	if strings.HasPrefix(kind, "application/json") {
		if err := json.Unmarshal(body, &m); err != nil {
			s.fail("a message that is no JSON: " + err.Error())
		}
	} else {
		f := form(kind, body)
		m.Chat, m.ID, m.Markup = json.Number(f["chat_id"]), json.Number(f["message_id"]), json.RawMessage(f["reply_markup"])
		m.Text, _ = json.Marshal(f["text"])
	}
	var keyboard struct {
		Rows [][]struct {
			Text string `json:"text"`
			Data string `json:"callback_data"`
		} `json:"inline_keyboard"`
	}
	if len(m.Markup) > 0 {
		_ = json.Unmarshal(m.Markup, &keyboard)
	}
	chat, _ := m.Chat.Int64()
	id, _ := m.ID.Int64()
	if id == 0 {
		id = s.messages.Add(1)
	}
	if chat > 0 {
		v := shown{at: at, id: id, text: m.Text, markup: m.Markup, buttons: map[string]string{}}
		for _, row := range keyboard.Rows {
			for _, k := range row {
				v.buttons[k.Text] = k.Data
			}
		}
		s.mu.Lock()
		to := s.chats[chat]
		s.mu.Unlock()
		if to != nil {
			to <- v
		}
	}
	out := fmt.Appendf(nil, `{"ok":true,"result":{"message_id":%d,"from":{"id":1,"is_bot":true,"first_name":"Dauys","username":"dauys_bot"},"chat":{"id":%d,"first_name":"Студент","last_name":"Тестов","type":"private"},"date":%d,"text":%s`,
		id, chat, at.Unix(), m.Text)
	if len(m.Markup) > 0 {
		out = append(append(out, `,"reply_markup":`...), m.Markup...)
	}
	return append(out, '}', '}')
}

func form(kind string, body []byte) map[string]string {
	_, params, _ := mime.ParseMediaType(kind)
	out, r := map[string]string{}, multipart.NewReader(bytes.NewReader(body), params["boundary"])
	for {
		p, err := r.NextPart()
		if err != nil {
			return out
		}
		v, _ := io.ReadAll(p)
		out[p.FormName()] = string(v)
	}
}

func (s *leanTelegram) fail(why string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.errs = append(s.errs, why)
}

// give has an update reach the bot; rest is what follows its number.
func (s *leanTelegram) give(rest string) error {
	s.mu.Lock()
	s.last++
	id := s.last
	raw := []byte(`{"update_id":` + strconv.FormatInt(id, 10) + `,` + rest + `}`)
	if s.hook == "" {
		s.waiting = append(s.waiting, given{id, raw})
		s.mu.Unlock()
		select {
		case s.some <- struct{}{}:
		default:
		}
		return nil
	}
	s.mu.Unlock()
	r, err := http.NewRequest(http.MethodPost, s.hook, bytes.NewReader(raw))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Telegram-Bot-Api-Secret-Token", benchSecret)
	resp, err := s.client.Do(r)
	if err != nil {
		return err
	}
	_, _ = io.Copy(io.Discard, resp.Body)
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("the webhook answered %s", resp.Status)
	}
	return nil
}

// prepare makes the stores ready and gives the settings of a bot, with a chat for every office.
func prepare(b *testing.B, s *leanTelegram, way string, more []string) (env []string) {
	b.Helper()
	env = append([]string{
		"TELEGRAM_TOKEN=" + benchToken, "TELEGRAM_API_URL=" + s.URL, "DATA_DIR=" + filepath.Join(b.TempDir(), "data"), "ADMIN_IDS=900",
		"SEND_RATE=5000", "SEND_RATE_CHAT=100", "SEND_RATE_GROUP=5000",
	}, more...)
	if way == "webhook" {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			b.Fatal(err)
		}
		address := l.Addr().String()
		_ = l.Close() // the bot listens there in a moment
		env = append(env, "TELEGRAM_MODE=webhook", "LISTEN_ADDR="+address, "WEBHOOK_URL=http://"+address, "WEBHOOK_SECRET="+benchSecret)
		s.hook = "http://" + address + "/telegram"
	}
	c, err := readConfig(env, "TELEGRAM_TOKEN")
	if err != nil {
		b.Fatal(err)
	}
	a, ctx := &app{config: c}, b.Context()
	if _, err := openDatabase(ctx, c, slog.New(slog.DiscardHandler), false, a); err != nil {
		b.Fatal(err)
	}
	if err := a.db.Migrate(ctx); err != nil {
		b.Fatal(err)
	}
	for i, o := range dauys.Builtin().Offices {
		if err := a.db.Bind(ctx, o.ID, telegramAddress(-1001000000001-int64(i)), "", time.Now()); err != nil {
			b.Fatal(err)
		}
	}
	if err := a.close(); err != nil {
		b.Fatal(err)
	}
	return env
}

// botProcess is the bot, by itself.
type botProcess struct {
	cmd *exec.Cmd
	log bytes.Buffer
}

// profileVariable names a file into which the bot writes a profile of its CPU time while it is
// measured; see TestMain for how the test binary becomes the bot.
const profileVariable = "TEST_PROFILE"

func init() {
	file := os.Getenv(profileVariable)
	if os.Getenv(childVariable) == "" || file == "" {
		return
	}
	begin, end := make(chan os.Signal, 1), make(chan os.Signal, 1)
	signal.Notify(begin, syscall.SIGUSR1)
	signal.Notify(end, syscall.SIGUSR2)
	go func() {
		<-begin
		f, err := os.Create(file)
		if err != nil {
			panic(err)
		}
		if err := pprof.StartCPUProfile(f); err != nil {
			panic(err)
		}
		<-end
		pprof.StopCPUProfile()
		_ = f.Close()
		if heap, err := os.Create(file + ".heap"); err == nil {
			_ = pprof.Lookup("allocs").WriteTo(heap, 0)
			_ = heap.Close()
		}
	}()
}

func startBot(b *testing.B, s *leanTelegram, env []string) *botProcess {
	b.Helper()
	s.polls, s.polled = make(chan struct{}), sync.Once{}
	p := &botProcess{cmd: exec.Command(os.Args[0])}
	p.cmd.Env = append([]string{childVariable + "=1", "LOG_LEVEL=warn", "PATH=" + os.Getenv("PATH")}, env...)
	if file := os.Getenv(profileVariable); file != "" {
		p.cmd.Env = append(p.cmd.Env, profileVariable+"="+file+"."+strings.NewReplacer("/", "-", " ", "-").Replace(b.Name()))
	}
	p.cmd.Stdout, p.cmd.Stderr = &p.log, &p.log
	if err := p.cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = p.cmd.Process.Kill() })
	select {
	case <-s.polls:
	case <-time.After(patience):
		b.Fatalf("the bot does not start:\n%s", p.log.String())
	}
	return p
}

func (p *botProcess) stop(b *testing.B) {
	b.Helper()
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	if err := p.cmd.Wait(); err != nil {
		b.Fatalf("the bot ended: %v\n%s", err, p.log.String())
	}
	for line := range strings.Lines(p.log.String()) {
		if !strings.Contains(line, "structure file") { // a hint about the calendar
			b.Logf("the bot says: %s", line)
		}
	}
}

// cpu is the time that the process has computed, in the kernel too.
func (p *botProcess) cpu(b *testing.B) time.Duration {
	b.Helper()
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	if err != nil {
		b.Fatal(err)
	}
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+2:]))
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * time.Second / 100 // USER_HZ
}

// memory is a line of the process's status, in bytes: VmRSS or VmHWM.
func (p *botProcess) memory(b *testing.B, line string) int {
	b.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		b.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(status), line+":")
	kb, _ := strconv.Atoi(strings.Fields(rest)[0])
	return kb << 10
}

// load is students who use a bot.
type load struct {
	telegram *leanTelegram
	bot      *botProcess
	send     bool         // to the end: Send is pressed
	next     atomic.Int64 // number of a student

	mu                             sync.Mutex
	answers, registrations, copies []time.Duration

	idle, peak int
	cpu, took  time.Duration
}

func newLoad(b *testing.B, way string, stores []string) *load {
	b.Helper()
	l := &load{telegram: newLeanTelegram(b)}
	env := prepare(b, l.telegram, way, stores)
	l.bot = startBot(b, l.telegram, env)
	time.Sleep(time.Second) // what happens at the start is over
	l.idle = l.bot.memory(b, "VmRSS")
	return l
}

// run lets students file complaints, one after the other has come to the end of theirs. With a
// ticker each update waits for its turn, and an iteration is an update; otherwise it is a
// dialogue.
func (l *load) run(b *testing.B, ticker *time.Ticker) {
	b.Helper()
	crowd := func(more func() bool, tick func() bool) *sync.WaitGroup {
		wg := &sync.WaitGroup{}
		for range crowdSize {
			wg.Go(func() {
				for more() {
					if err := l.dialogue(tick); err != nil {
						if err != errOver {
							l.telegram.fail(err.Error())
						}
						return
					}
				}
			})
		}
		return wg
	}
	always := func() bool { return true }
	var warm atomic.Int64
	crowd(func() bool { return warm.Add(1) <= 2*crowdSize }, always).Wait() // connections, caches, the first batch
	l.check(b)
	l.mu.Lock()
	l.answers, l.registrations, l.copies = nil, nil, nil
	l.mu.Unlock()

	_ = os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", l.bot.cmd.Process.Pid), []byte("5"), 0) // the peak counts from here
	l.signal(syscall.SIGUSR1)
	turns := make(chan struct{})
	take := func() bool { _, more := <-turns; return more }
	begun, before := time.Now(), l.bot.cpu(b)
	var wg *sync.WaitGroup
	if ticker == nil {
		wg = crowd(take, always)
	} else {
		wg = crowd(always, take)
	}
	b.ResetTimer()
	for b.Loop() {
		if ticker != nil {
			<-ticker.C
		}
		turns <- struct{}{}
	}
	close(turns)
	wg.Wait()
	l.took, l.cpu = time.Since(begun), l.bot.cpu(b)-before
	l.signal(syscall.SIGUSR2)
	l.peak = l.bot.memory(b, "VmHWM")
	l.check(b)
	time.Sleep(200 * time.Millisecond) // for the profile, and the last marks
	l.bot.stop(b)
}

func (l *load) signal(s syscall.Signal) {
	if os.Getenv(profileVariable) != "" {
		_ = l.bot.cmd.Process.Signal(s)
	}
}

func (l *load) check(b *testing.B) {
	b.Helper()
	l.telegram.mu.Lock()
	defer l.telegram.mu.Unlock()
	if len(l.telegram.errs) > 0 {
		b.Fatalf("%s\n%s", strings.Join(l.telegram.errs, "\n"), l.bot.log.String())
	}
}

// measurements are of the bot under a load.
type measurements struct {
	rate, cpu                       float64 // updates a second; seconds for 1,000 updates
	p50, p99, registration, receipt time.Duration
	idle, peak                      int
}

// measured reports what was measured.
func (l *load) measured(b *testing.B) measurements {
	m := measurements{idle: l.idle, peak: l.peak}
	n := float64(len(l.answers))
	m.rate, m.cpu = n/l.took.Seconds(), l.cpu.Seconds()/n*1000
	m.p50, m.p99 = quantile(l.answers, 0.5), quantile(l.answers, 0.99)
	m.registration, m.receipt = quantile(l.registrations, 0.99), quantile(l.copies, 0.99)
	b.ReportMetric(m.rate, "updates/s")
	b.ReportMetric(m.cpu, "cpu-s/1000-updates")
	b.ReportMetric(m.p50.Seconds()*1000, "p50-ms")
	b.ReportMetric(m.p99.Seconds()*1000, "p99-ms")
	if m.registration > 0 {
		b.ReportMetric(m.registration.Seconds()*1000, "registration-p99-ms")
		b.ReportMetric(m.receipt.Seconds()*1000, "receipt-p99-ms")
	}
	b.ReportMetric(float64(m.idle)/1e6, "idle-MB")
	b.ReportMetric(float64(m.peak)/1e6, "peak-MB")
	b.ReportMetric(0, "ns/op")
	return m
}

func quantile(all []time.Duration, q float64) time.Duration {
	if len(all) == 0 {
		return 0
	}
	all = slices.Sorted(slices.Values(all))
	return all[min(int(q*float64(len(all))), len(all)-1)]
}

var errOver = fmt.Errorf("the benchmark is over")

// dialogue is a new student who files one complaint, by buttons and words as they come. Before
// each update tick is waited for; the next is sent when the answer to the one before is there.
func (l *load) dialogue(tick func() bool) error {
	id := 100_000 + l.next.Add(1)
	in := make(chan shown, 8)
	l.telegram.mu.Lock()
	l.telegram.chats[id] = in
	l.telegram.mu.Unlock()
	defer func() {
		l.telegram.mu.Lock()
		delete(l.telegram.chats, id)
		l.telegram.mu.Unlock()
	}()
	who := fmt.Sprintf(`{"id":%d,"is_bot":false,"first_name":"Студент","last_name":"Тестов","language_code":"ru"}`, id)
	chat := fmt.Sprintf(`{"id":%d,"first_name":"Студент","last_name":"Тестов","type":"private"}`, id)
	say := func(text string) error {
		return l.telegram.give(fmt.Sprintf(`"message":{"message_id":%d,"from":%s,"chat":%s,"date":%d,"text":%q}`,
			l.telegram.messages.Add(1), who, chat, time.Now().Unix(), text))
	}
	press := func(m shown, label string) error {
		return l.telegram.give(fmt.Sprintf(`"callback_query":{"id":"%d","from":%s,"message":{"message_id":%d,"from":{"id":1,"is_bot":true,"first_name":"Dauys","username":"dauys_bot"},"chat":%s,"date":%d,"text":%s,"reply_markup":%s},"chat_instance":"1","data":%q}`,
			l.telegram.messages.Add(1), who, m.id, chat, m.at.Unix(), m.text, m.markup, m.buttons[label]))
	}
	await := func(what string, is func(shown) bool) (shown, error) {
		late := time.NewTimer(patience)
		defer late.Stop()
		for {
			select {
			case m := <-in:
				if is(m) {
					return m, nil
				}
			case <-late.C:
				return shown{}, fmt.Errorf("student %d waits for %s", id, what)
			}
		}
	}
	var last shown
	for _, step := range []struct{ press, say, see string }{
		{say: "/start", see: "Русский"},
		{press: "Русский", see: "Новое обращение"},
		{press: "Новое обращение", see: "Отмена"},
		{say: "1", see: "Эдвайзер-куратор"}, // consent
		{say: "студент", see: "Расписание"},
		{press: "Расписание", see: "Институт «Логистика и бизнес»"},
		{say: strconv.FormatInt(id%4+1, 10), see: "Ни о ком из них"},
		{press: "Ни о ком из них", see: "Пропустить"},
		{press: "Пропустить", see: "Студент Тестов"},
		{say: "Тестов Студент", see: "← Назад"},
		{say: "Занятие у нашей группы перенесли без предупреждения, просим вернуть его на прежнее время.", see: "Готово"},
		{press: "Готово", see: "Пропустить"},
		{press: "Пропустить", see: "Отправить"},
	} {
		if !tick() {
			return errOver
		}
		begun, err := time.Now(), error(nil)
		if step.press != "" {
			err = press(last, step.press)
		} else {
			err = say(step.say)
		}
		if err != nil {
			return err
		}
		if last, err = await("["+step.see+"]", func(m shown) bool { return m.buttons[step.see] != "" }); err != nil {
			return err
		}
		l.mu.Lock()
		l.answers = append(l.answers, last.at.Sub(begun))
		l.mu.Unlock()
	}
	if !l.send {
		return nil
	}
	if !tick() {
		return errOver
	}
	begun := time.Now()
	if err := press(last, "Отправить"); err != nil {
		return err
	}
	number, err := await("a number", func(m shown) bool { return bytes.Contains(m.text, []byte("ALT-")) })
	if err != nil {
		return err
	}
	receipt := number
	if number.buttons[openCase] == "" { // the receipt comes after it
		if receipt, err = await("a receipt", func(m shown) bool { return m.buttons[openCase] != "" }); err != nil {
			return err
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.answers = append(l.answers, number.at.Sub(begun))
	l.registrations = append(l.registrations, number.at.Sub(begun))
	l.copies = append(l.copies, receipt.at.Sub(begun))
	return nil
}

// openCase is the button under a receipt.
const openCase = "Открыть обращение"

// figures are a table that is printed when all is measured, for docs/performance.md.
type figures struct{ lines []string }

func newFigures(head string) *figures {
	return &figures{[]string{head, strings.Repeat("|---", strings.Count(head, "|")-1) + "|"}}
}

func (t *figures) row(cells ...string) {
	t.lines = append(t.lines, "| "+strings.Join(cells, " | ")+" |")
}

func (t *figures) print() {
	load, _ := os.ReadFile("/proc/loadavg")
	info, _ := os.ReadFile("/proc/cpuinfo")
	_, model, _ := strings.Cut(string(info), "model name")
	model, _, _ = strings.Cut(model, "\n")
	fmt.Printf("\n%s\n\n%d cores of %s, %s; load afterwards %s\n\n", strings.Join(t.lines, "\n"),
		runtime.NumCPU(), strings.TrimLeft(model, "\t :"), runtime.Version(), strings.Join(strings.Fields(string(load))[:2], ", "))
}

func ms(d time.Duration) string {
	if d == 0 {
		return "–"
	}
	return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000)
}
func mb(n int) string { return fmt.Sprintf("%.0f MB", float64(n)/1e6) }
