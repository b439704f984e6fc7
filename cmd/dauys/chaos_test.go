package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/bot/simulator"
	"alt.edu.kz/dauys/flows"
	"alt.edu.kz/dauys/storage"
)

var (
	kills = flag.Int("kills", 1, "how often the bot is killed at each moment, on each pair of stores; from 10 on each moment has a world of its own")
	seed  = flag.Uint64("seed", 7, "of the choices in tests with kills and outages")
)

// moments are the fault points by the moment at which each is, in the order of their table.
func moments(t *testing.T) (names []string, points map[string][]string) {
	t.Helper()
	source, err := os.ReadFile(filepath.Join("..", "..", "fault", "fault.go"))
	if err != nil {
		t.Fatal(err)
	}
	points = map[string][]string{}
	for _, m := range regexp.MustCompile(`(?m)^//\t([a-z-]+) +(K\d+) `).FindAllStringSubmatch(string(source), -1) {
		if points[m[2]] == nil {
			names = append(names, m[2])
		}
		if !strings.HasPrefix(m[1], "meeting-") { // nobody meets here; see TestKilledInAMeeting
			points[m[2]] = append(points[m[2]], m[1])
		}
	}
	if len(names) != 11 {
		t.Fatalf("the table of fault points has the moments %q", names)
	}
	return names, points
}

// atAnyTime is the kill that hits wherever the bot is.
const atAnyTime = "at random"

// broughtThem are kills of a bot that is brought its updates, before and after their effects are
// stored and 200 is said.
const broughtThem = "K0, K1, K2, K10 and at random, with a webhook"

// afterStart is a point that is only reached by the first updates after a start.
const afterStart = "update-kept"

// TestKills kills the bot again and again, at every moment of the way from an update to its
// notice and at random ones, while students are in the middle of their forms and staff take,
// answer and hand up. Each next process recovers from the last kill, and some are killed while
// they do. In the end the oracle finds nothing lost and nothing doubled.
//
// With -kills from 10 on each moment has a world of its own, and the table of
// docs/reliability.md is printed. -seed repeats the choices of a run; -run TestKills/servers/K7
// is one moment of it.
func TestKills(t *testing.T) {
	names, points := moments(t)
	at := func(moment string, n int) (plan []string) {
		for i := range n {
			plan = append(plan, points[moment][i%len(points[moment])])
		}
		return plan
	}
	t.Logf("seed %d", *seed)
	var mu sync.Mutex
	rows := map[string]string{}
	t.Run("pairs", func(t *testing.T) {
		for p, pair := range pairs(t) {
			t.Run(pair.name, func(t *testing.T) {
				t.Parallel()
				run := func(moment string, plan []string, n int) {
					t.Run(moment, func(t *testing.T) {
						w := newWorld(t, rand.New(rand.NewPCG(*seed, uint64(100*p+n))), pair.env(t)...)
						if moment == broughtThem {
							var env []string
							env, w.health = hooked(t)
							w.env = append(w.env, env...)
							w.patience = 4 * time.Minute // what one process has stored another sends after a minute
						}
						v := w.killing(plan)
						mu.Lock()
						defer mu.Unlock()
						rows[fmt.Sprintf("%02d/%s", n, pair.name)] = fmt.Sprintf("| %s | %s | %s | %d | %d | %d | %d | %d |",
							moment, strings.Join(points[moment], ", "), pair.name, w.kills, v.cases, v.extra, v.lost, v.doubled)
					})
				}
				random := slices.Repeat([]string{atAnyTime}, 2**kills)
				if *kills < 10 {
					plan := random
					for _, m := range names {
						plan = append(plan, at(m, *kills)...)
					}
					rand.New(rand.NewPCG(*seed, 1)).Shuffle(len(plan), func(i, j int) { plan[i], plan[j] = plan[j], plan[i] })
					run("all", plan, 0)
					return
				}
				for n, m := range names {
					run(m, at(m, *kills), n)
				}
				run(atAnyTime, random, len(names))
				brought := points["K0"]
				rounds := *kills / 5 // Telegram waits some seconds before it brings an update again
				if pair.name == "servers" {
					rounds = 1 // and answers may wait for a minute
				}
				for range rounds {
					brought = append(brought, "update-handled", "session-written", "press-done", atAnyTime)
				}
				run(broughtThem, brought, len(names)+1)
			})
		}
	})
	table := []string{"| moment | fault points | stores | kills | cases | extra copies | lost | doubled |", "| --- | --- | --- | --: | --: | --: | --: | --: |"}
	order := make([]string, 0, len(rows))
	for at := range rows {
		order = append(order, at)
	}
	slices.Sort(order)
	for _, at := range order {
		table = append(table, rows[at])
	}
	t.Logf("seed %d\n%s", *seed, strings.Join(table, "\n"))
}

// world is a university at work: students, staff, and a bot that somebody else starts.
type world struct {
	t      *testing.T
	ctx    context.Context
	sim    *simulator.Server
	env    []string
	bot    []string // what is different for the bot
	chats  map[dauys.OfficeID]int64
	db     *storage.DB
	oracle *oracle
	random *rand.Rand
	kills  int
	health string // where a bot that is brought its updates tells that it is well

	confirmed atomic.Int64 // how often a bot has told that it has stored what it got

	patience time.Duration // of everybody, with the bot

	people sync.WaitGroup
	fail   context.CancelCauseFunc
	going  chan struct{} // closed: students begin no new form, staff take no more cases
	wake   chan struct{} // closed: those who have paused in the middle of a form go on
}

// newWorld prepares stores and a Telegram with students and staff, who begin at once.
func newWorld(t *testing.T, random *rand.Rand, more ...string) *world {
	t.Helper()
	w := &world{t: t, random: random, patience: 2 * patience, going: make(chan struct{}), wake: make(chan struct{})}
	w.sim, _, w.chats = newSimulator(t, nil, "a callback query was answered twice") // a press comes again after a kill
	for i, o := range dauys.Builtin().Offices {
		if i%2 == 0 { // the cases of every second office have topics
			w.sim.SetForum(w.chats[o.ID], true)
			w.sim.Promote(w.chats[o.ID], w.sim.BotID())
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
	t.Cleanup(cancel)
	w.ctx, w.fail = context.WithCancelCause(ctx)
	api := w.sim.Handler()
	server := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/getUpdates") {
			asked, _ := io.ReadAll(r.Body)
			r.Body = io.NopCloser(bytes.NewReader(asked))
			if !bytes.Contains(asked, []byte(`"offset":0,`)) {
				w.confirmed.Add(1)
			}
		}
		api.ServeHTTP(out, r)
	}))
	t.Cleanup(func() { // ends what waits in it, too
		server.CloseClientConnections()
		server.Close()
	})
	w.env = settingsFor(t, server.URL, more...)
	w.db = bindAll(ctx, t, w.env, w.chats)
	w.oracle = newOracle(w.sim, w.db, w.chats, time.Now)
	return w
}

// begin sets everybody to work.
func (w *world) begin(students, sleepers int) {
	for n := range students + sleepers {
		st := newStudent(w.sim, n)
		pupil := &pupil{student: st, w: w, before: map[string]bool{}, random: rand.New(rand.NewPCG(w.random.Uint64(), 0))}
		w.do(func() error {
			if n < students {
				return pupil.file()
			}
			return pupil.pause()
		})
	}
	for _, o := range dauys.Builtin().Offices {
		who := map[string][]int64{"deputy": {saltanat, igor}, "director": {gulnar}, "vr-academic": {marat}, "rector": {marat}}
		kind, _, _ := strings.Cut(string(o.ID), "@")
		clerk := &clerk{w: w, office: o.ID, chat: w.chats[o.ID], people: who[kind], random: rand.New(rand.NewPCG(w.random.Uint64(), 1))}
		w.do(clerk.work)
	}
}

func (w *world) do(f func() error) {
	w.people.Go(func() {
		if err := f(); err != nil && w.ctx.Err() == nil {
			w.t.Error(err)
			w.fail(err)
		}
	})
}

// end lets everybody finish what they have begun.
func (w *world) end() {
	close(w.going)
	close(w.wake)
	w.people.Wait()
	if err := context.Cause(w.ctx); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) over() bool {
	select {
	case <-w.going:
		return true
	case <-w.ctx.Done():
		return true
	default:
		return false
	}
}

// killing goes through a plan of kills, and tells what the oracle says in the end.
func (w *world) killing(plan []string) verdict {
	w.t.Helper()
	w.env = append(w.env, "LEASE=300ms") // who was killed is missed soon
	var bot *child
	w.t.Cleanup(func() {
		if w.t.Failed() && bot != nil {
			_ = bot.cmd.Process.Signal(os.Interrupt)
			w.t.Logf("the last bot says:\n%s", bot.log)
		}
	})
	w.begin(3, 4)
	bot = w.spawn()
	early, deaths := false, 0
	for _, point := range plan {
		// An update that is there while four processes in a row die is put aside, so that of two
		// in a row only one dies before it has recovered.
		if point == afterStart && early {
			w.up(bot)
			w.killAt(bot, atAnyTime, false)
			w.oracle.notice(deaths)
			bot, early, deaths = w.spawn(), false, 1
		}
		early = point == afterStart || !early && w.random.IntN(4) == 0
		if !early {
			w.up(bot)
		}
		w.killAt(bot, point, early)
		w.oracle.notice(deaths)
		if !early {
			deaths = 0
		}
		deaths++
		bot = w.spawn()
	}
	w.up(bot)
	w.end()
	w.rest()
	bot.terminate(w.t)
	w.oracle.notice(deaths)
	w.oracle.kills = w.kills
	v := w.oracle.judge(w.ctx, w.t)
	w.dialogues()
	return v
}

// spawn starts a bot.
func (w *world) spawn() *child {
	w.t.Helper()
	bot := spawn(w.t, w.env)
	bot.before = w.confirmed.Load()
	return bot
}

// up waits until a bot has handled what was left behind and what it got first, and asks for more.
func (w *world) up(bot *child) {
	w.t.Helper()
	err := soon(w.ctx, "the bot confirms updates", func() (bool, error) {
		select {
		case <-bot.done:
			return false, fmt.Errorf("the bot has ended: %w", bot.err)
		default:
			kept, err := w.db.KeptUpdates(w.ctx, 1)
			return w.well(bot) && len(kept) == 0, err
		}
	})
	if err != nil {
		w.t.Fatalf("%v\n%s", err, bot.log)
	}
}

// well tells that a bot takes updates, and has taken the first of those for which it asks.
func (w *world) well(bot *child) bool {
	if w.health == "" {
		return w.confirmed.Load() > bot.before
	}
	answer, err := http.Get("http://" + w.health + "/healthz")
	if err != nil {
		return false
	}
	_ = answer.Body.Close()
	return answer.StatusCode == http.StatusOK
}

// killAt kills a bot at a point, or at any moment.
func (w *world) killAt(bot *child, point string, early bool) {
	w.t.Helper()
	w.kills++
	if point == atAnyTime {
		select {
		case <-time.After(time.Duration(w.random.Int64N(int64(150 * time.Millisecond)))): // the point of it: any moment
		case <-bot.done:
		}
		bot.kill()
		return
	}
	n := 1
	if !early {
		n += w.random.IntN(3)
	}
	bot.dieAt(point, n)
	select {
	case <-bot.done:
	case <-w.ctx.Done():
		w.t.Fatalf("while waiting for %s: %v\n%s", point, context.Cause(w.ctx), bot.log)
	case <-time.After(w.patience):
		var chats strings.Builder
		for _, c := range w.sim.Chats() {
			fmt.Fprintf(&chats, "%s%d:\n%s\n", c.Title, c.ID, tail(w.sim.Transcript(c.ID)))
		}
		w.t.Fatalf("the bot never came to %s:\n%s\n%s", point, bot.log, chats.String())
	}
}

// rest waits until nothing is on its way.
func (w *world) rest() {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, 2*patience)
	defer cancel()
	if err := soon(ctx, "all updates are confirmed", func() (bool, error) {
		pending := 0
		err := w.sim.Await(ctx, func(v *simulator.View) bool { pending = v.PendingUpdates(); return true })
		if err != nil || pending > 0 {
			return false, err
		}
		kept, err := w.db.KeptUpdates(ctx, 1)
		return len(kept) == 0, err
	}); err != nil {
		w.t.Fatal(err)
	}
	rest(ctx, w.t, w.db)
}

// dialogues: everybody has finished what they had begun, so that nothing is open. The bot has
// stopped.
func (w *world) dialogues() {
	w.t.Helper()
	c, err := readConfig(w.env, "TELEGRAM_TOKEN")
	if err != nil {
		w.t.Fatal(err)
	}
	key, err := storage.LoadKey(c["MASTER_KEY"], filepath.Join(c["DATA_DIR"], "master.key"))
	if err != nil {
		w.t.Fatal(err)
	}
	store, err := openDialogues(w.ctx, c, key, slog.New(slog.DiscardHandler))
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = store.Close() }()
	seen := map[int64]bool{}
	for _, f := range w.oracle.forms {
		if seen[f.who] {
			continue
		}
		seen[f.who] = true
		s, unsent, err := store.Load(w.ctx, telegramAddress(f.who))
		unsent = unsent && w.health == "" // with a webhook another process may be sending: it is given a minute
		if err != nil || unsent || s.Focus != nil || len(s.Drafts) > 0 {
			w.t.Errorf("the dialogue of %d: unsent %v, %+v, %v", f.who, unsent, s.Focus, err)
		}
	}
}

// pupil is a student who fills in one form after the other, each with other answers, and does the
// next thing only when the question for it is there.
type pupil struct {
	student
	w      *world
	random *rand.Rand
	forms  int
	since  int64           // the newest message when the form was begun
	form   string          // what its buttons carry
	before map[string]bool // what those of other forms carry, of which copies may still come
}

var formOf = regexp.MustCompile(`^a:[A-Z0-9]+:`)

// sees waits for a message of the form that is open, or for one that is of none.
func (p *pupil) sees(words string) (m simulator.Message, err error) {
	ctx, cancel := context.WithTimeout(p.w.ctx, p.w.patience)
	defer cancel()
	err = p.sim.Await(ctx, func(v *simulator.View) bool {
		for _, one := range slices.Backward(v.Messages(p.id)) {
			if one.ID <= p.since {
				return false
			}
			form := ""
			if len(one.Keyboard) > 0 {
				form = formOf.FindString(one.Keyboard[0][0].Data)
			}
			if one.FromBot && !one.Deleted && strings.Contains(one.Text, words) && !p.before[form] && (form == "" || p.form == "" || form == p.form) {
				m, p.form = one, cmp.Or(form, p.form)
				return true
			}
		}
		return false
	})
	if err != nil {
		return m, fmt.Errorf("student %d waits for %q: %w\n%s", p.id, words, err, tail(p.sim.Transcript(p.id)))
	}
	return m, nil
}

func tail(s string) string { return s[max(0, len(s)-3000):] }

// press presses a button of the newest message with some words.
func (p *pupil) press(words, button string) error {
	m, err := p.sees(words)
	if err != nil {
		return err
	}
	return p.sim.Press(p.id, p.id, m.ID, button)
}

// say answers the question with some words.
func (p *pupil) say(words, answer string) error {
	if _, err := p.sees(words); err != nil {
		return err
	}
	_, err := p.sim.Say(p.id, p.id, answer)
	return err
}

var (
	standingLabels = map[dauys.Standing]string{dauys.AsStudent: "Студент", dauys.AsCurator: "Эдвайзер-куратор"}
	topicLabels    = map[string]string{
		"teaching": "Преподавание", "marks": "Оценки и экзамены", "timetable": "Расписание", "conduct": "Поведение сотрудников",
		"rooms": "Аудитории, оборудование", "payment": "Оплата, стипендия", flows.Idea: "Есть предложение", "misc": "Другое",
	}
)

// next is a form with answers that no other has.
func (p *pupil) next() *request {
	u := dauys.Builtin()
	f := &request{
		who: p.id, kind: dauys.Complaint, standing: []dauys.Standing{dauys.AsStudent, dauys.AsCurator}[p.random.IntN(2)],
		name:      fmt.Sprintf("Тестов %c%d", 'А'+rune(p.random.IntN(30)), p.forms),
		institute: u.Institutes[p.random.IntN(len(u.Institutes))].ID, topic: slices.Sorted(maps.Keys(topicLabels))[p.random.IntN(len(topicLabels))],
		text: fmt.Sprintf("Занятие перенесли без предупреждения, просим вернуть: № %d-%d.", p.id, p.forms),
	}
	if f.topic == flows.Idea {
		f.kind, f.topic = dauys.Suggestion, ""
	}
	p.forms++
	p.w.oracle.begun(f)
	return f
}

// steps are what a student does from the first question to the press of Send.
func (p *pupil) steps(f *request) []func() error {
	var steps []func() error
	if p.form != "" {
		p.before[p.form] = true
	}
	p.form = ""
	if last, ok := p.sim.Last(p.id); ok {
		p.since = last.ID
		steps = append(steps, func() error { _, err := p.sim.Say(p.id, p.id, "/new"); return err })
	} else {
		steps = append(steps,
			func() error { _, err := p.sim.Say(p.id, p.id, "/start"); return err },
			func() error { return p.press("Выберите язык", "Русский") },
			func() error {
				return p.press("Что Вы хотите сделать?", "Новое обращение")
			},
			func() error { return p.press("Вы согласны на сбор", "Даю согласие") })
	}
	institute, _ := dauys.Builtin().Institute(f.institute)
	topic := topicLabels[cmp.Or(f.topic, flows.Idea)]
	press := func(words, button string) { steps = append(steps, func() error { return p.press(words, button) }) }
	say := func(words, answer string) { steps = append(steps, func() error { return p.say(words, answer) }) }
	own := func() {
		if f.standing == dauys.AsCurator {
			press("собственный вопрос", "Мой вопрос")
		}
	}
	press("Кто пишет обращение?", standingLabels[f.standing])
	press("О чём обращение?", topic)
	press("К какому институту", institute.Names.In(dauys.Russian))
	if f.kind == dauys.Suggestion {
		say("Что и как можно улучшить?", f.text)
		press("Записано:", "Готово")
		own()
		say("Напишите фамилию", f.name)
	} else {
		press("касается кого-то из этого списка", "Ни о ком из них")
		own()
		switch {
		case f.standing == dauys.AsStudent:
			press("В какой группе", "Пропустить")
		case f.standing == dauys.AsCurator:
			press("Кому Вы направляете", "Заместитель директора института")
		}
		say("Напишите фамилию", f.name)
		say("Расскажите, что произошло", f.text)
		press("Записано:", "Готово")
	}
	return append(steps,
		func() error { return p.press("Есть фото или документы?", "Пропустить") },
		func() error {
			review, err := p.sees("Проверьте и нажмите")
			if err != nil {
				return err
			}
			for _, answer := range []string{standingLabels[f.standing], f.name, institute.Names.In(dauys.Russian), topic, f.text} {
				if !strings.Contains(review.Text, answer) {
					return fmt.Errorf("student %d has answered %q, and the review says %q", p.id, answer, review.Text)
				}
			}
			p.w.oracle.pressed(f)
			return p.sim.Press(p.id, p.id, review.ID, "Отправить")
		},
		func() error { _, err := p.sees("Талон"); return err },
		func() error { _, err := p.sees("обращение зарегистрировано"); return err },
	)
}

// file files one request after the other.
func (p *pupil) file() error {
	for !p.w.over() {
		if p.forms == dauys.MostFiled { // nobody files more in a day; somebody else goes on
			p.student = newStudent(p.sim, int(p.id)+1000-firstStudent)
			p.forms, p.since, p.form, p.before = 0, 0, "", map[string]bool{}
		}
		for _, step := range p.steps(p.next()) {
			if err := step(); err != nil {
				return err
			}
		}
	}
	return nil
}

// pause stops in the middle of a form, and goes on when the rest is over.
func (p *pupil) pause() error {
	steps := p.steps(p.next())
	at := int(p.id) % (len(steps) - 3)
	for i, step := range steps {
		if i == at {
			select {
			case <-p.w.wake:
			case <-p.w.ctx.Done():
			}
		}
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// clerk is an office: its people take cases, answer or hand them up.
type clerk struct {
	w      *world
	office dauys.OfficeID
	chat   int64
	people []int64
	random *rand.Rand
}

func (c *clerk) work() error {
	for !c.w.over() {
		open, err := c.w.db.Cases(c.w.ctx, storage.Filter{Office: c.office, Open: true, Limit: 1000})
		if err != nil {
			if errors.Is(err, dauys.ErrUnavailable) { // it is the database's turn to be away
				open = nil
			} else if c.w.ctx.Err() == nil {
				return err
			}
		}
		slices.Reverse(open)
		for _, one := range open {
			if card, err := c.w.db.Card(c.w.ctx, one.Number, c.office); one.Status == dauys.Registered && err == nil && card.Message != "" {
				if err := c.handle(one.Number); err != nil {
					return err
				}
				break
			}
		}
		select {
		case <-time.After(20 * time.Millisecond):
		case <-c.w.ctx.Done():
			return nil
		}
	}
	return nil
}

// find waits for a message in the chat.
func (c *clerk) find(what string, is func(simulator.Message) bool) (m simulator.Message, err error) {
	ctx, cancel := context.WithTimeout(c.w.ctx, c.w.patience)
	defer cancel()
	err = c.w.sim.Await(ctx, func(v *simulator.View) bool {
		for _, one := range slices.Backward(v.Messages(c.chat)) {
			if one.FromBot && !one.Deleted && is(one) {
				m = one
				return true
			}
		}
		return false
	})
	if err != nil {
		return m, fmt.Errorf("%s waits for %s: %w\n%s", c.office, what, err, tail(c.w.sim.Transcript(c.chat)))
	}
	return m, nil
}

// handle takes a case and answers it, or hands it up.
func (c *clerk) handle(number string) error {
	sim, random := c.w.sim, c.random
	var copies []int64 // of the card: any of them does
	for _, m := range sim.Messages(c.chat) {
		if m.FromBot && has(number, "", "Принять в работу")(m) {
			copies = append(copies, m.ID)
		}
	}
	if len(copies) == 0 {
		return nil
	}
	for i := range 1 + random.IntN(len(c.people)) { // sometimes both at the same moment
		if err := sim.Press(c.people[i], c.chat, copies[random.IntN(len(copies))], "Принять в работу"); err != nil {
			return err
		}
	}
	var holder string
	if err := soon(c.w.ctx, number+" is taken", func() (bool, error) {
		one, err := c.w.db.Case(c.w.ctx, number)
		if errors.Is(err, dauys.ErrUnavailable) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		holder = one.HolderName
		return one.Status == dauys.InReview, nil
	}); err != nil {
		return err
	}
	who := c.people[0]
	for _, p := range cast {
		if strings.Contains(holder, p.LastName) && p.LastName != "" {
			who = p.ID
		}
	}
	card, err := c.find("the card of "+number, has(number, "на рассмотрении", "Ответить"))
	if err != nil {
		return err
	}
	if random.IntN(3) == 0 && strings.HasPrefix(string(c.office), "deputy@") { // from higher up the applicant is asked first
		if err := sim.Press(who, c.chat, card.ID, "Вне моих полномочий"); err != nil {
			return err
		}
		how, err := c.find("how it is handed up", has(number, "", "Письменно, здесь"))
		if err != nil {
			return err
		}
		if err := sim.Press(who, c.chat, how.ID, "Письменно, здесь"); err != nil {
			return err
		}
		return c.write(who, number, "Почему Вы передаёте", "Решает вышестоящий руководитель: "+number, "Передать дело")
	}
	if err := sim.Press(who, c.chat, card.ID, "Ответить"); err != nil {
		return err
	}
	ask, err := c.find("the outcomes", has(number, "Что Вы решили", "Отказано"))
	if err != nil {
		return err
	}
	if err := sim.Press(who, c.chat, ask.ID, "Отказано"); err != nil {
		return err
	}
	return c.write(who, number, "Напишите ответ с обоснованием", "Проверено, занятие проведено в другое время по приказу: "+number, "Отправить этот ответ")
}

// write answers a question for words and sends them. A copy of the question of which the bot
// does not know is not answered by it; who wrote sees the other and answers that, too.
func (c *clerk) write(who int64, number, question, words, review string) error {
	var asked int64
	files, skipped := has(number, "Есть файлы для заявителя", "Пропустить"), map[string]bool{}
	skip := func(m simulator.Message) string { // another turn is another button
		k, _ := m.Button("Пропустить")
		return k.Data
	}
	for {
		ask, err := c.find(question, func(m simulator.Message) bool {
			return m.ID > asked && has(number, question, "")(m) || files(m) && !skipped[skip(m)] || has(number, review, "Отправить")(m)
		})
		if err != nil {
			return err
		}
		if has(number, review, "Отправить")(ask) {
			return c.w.sim.Press(who, c.chat, ask.ID, "Отправить")
		}
		if files(ask) {
			skipped[skip(ask)] = true
			if err := c.w.sim.Press(who, c.chat, ask.ID, "Пропустить"); err != nil {
				return err
			}
			continue
		}
		asked = ask.ID
		time.Sleep(30 * time.Millisecond) // nobody writes faster
		if _, err := c.w.sim.Reply(who, c.chat, ask.ID, words); err != nil {
			return err
		}
	}
}
