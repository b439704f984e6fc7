package main

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/bot/simulator"
	"alt.edu.kz/dauys/storage"
)

// oracle decides, when all is quiet, whether anything was lost, doubled or told to the wrong
// people: from what people did, what stands in all chats, and what is in the database. It asks
// no part of the bot but the storage.
type oracle struct {
	sim   *simulator.Server
	db    *storage.DB
	chats map[dauys.OfficeID]int64
	now   func() time.Time

	mu    sync.Mutex
	forms []*request // nil: nobody has kept count, and what cases say is not compared
	kills int

	calls map[string]int // messages that were sent, and how often
	last  *simulator.Call
	many  []string // chats that got more copies after a kill than were on their way
}

// request is what a student has told the bot.
type request struct {
	who                    int64
	kind                   dauys.Kind
	standing               dauys.Standing
	name, institute, topic string
	text                   string
	sent                   bool // Send was pressed
}

// verdict is what the oracle says.
type verdict struct {
	cases, extra, lost, doubled int
	wrong                       []string // all that is not as it must be, a sentence each
}

func newOracle(sim *simulator.Server, db *storage.DB, chats map[dauys.OfficeID]int64, now func() time.Time) *oracle {
	return &oracle{sim: sim, db: db, chats: chats, now: now, calls: map[string]int{}}
}

func (o *oracle) begun(f *request) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.forms = append(o.forms, f)
}

func (o *oracle) pressed(f *request) {
	o.mu.Lock()
	defer o.mu.Unlock()
	f.sent = true
}

func (v *verdict) is(format string, args ...any) {
	v.wrong = append(v.wrong, fmt.Sprintf(format, args...))
}

func (v *verdict) isLost(format string, args ...any) { v.lost++; v.is("lost: "+format, args...) }

func (v *verdict) isDoubled(format string, args ...any) {
	v.doubled++
	v.is("doubled: "+format, args...)
}

// judge fails a test on all that is wrong.
func (o *oracle) judge(ctx context.Context, t *testing.T) verdict {
	t.Helper()
	v, err := o.check(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for i, sentence := range v.wrong {
		if i == 20 {
			t.Errorf("… and %d more", len(v.wrong)-i)
			break
		}
		t.Error(sentence)
	}
	return v
}

func (o *oracle) check(ctx context.Context) (v verdict, err error) {
	cases, err := o.db.Cases(ctx, storage.Filter{Limit: 100_000})
	if err != nil {
		return v, err
	}
	v.cases = len(cases)
	chats := map[int64][]simulator.Message{} // what the bot says
	for _, c := range o.sim.Chats() {
		for _, m := range o.sim.Messages(c.ID) {
			if m.FromBot && m.Service == "" && !m.Deleted {
				chats[c.ID] = append(chats[c.ID], m)
			}
		}
	}
	o.numbers(&v, cases)
	o.filed(&v, cases)
	for _, c := range cases {
		lived(&v, c)
		o.toldApplicant(&v, c, chats)
		if err := o.cards(ctx, &v, c, chats); err != nil {
			return v, err
		}
	}
	o.policy(&v, cases, chats)
	if err := o.nothingLeft(ctx, &v); err != nil {
		return v, err
	}
	o.copies(&v)
	return v, nil
}

// numbers: none twice, no gap.
func (o *oracle) numbers(v *verdict, cases []*dauys.Case) {
	seen := map[string]int{}
	for _, c := range cases {
		seen[c.Number]++
	}
	for number, n := range seen {
		if n > 1 {
			v.isDoubled("%d cases have the number %s", n, number)
		}
	}
	for i := range cases { // all are of one series and year
		if number := fmt.Sprintf("%s%06d", cases[0].Number[:len("ALT-2026-")], i+1); seen[number] == 0 {
			v.isLost("there are %d cases and no %s", len(cases), number)
		}
	}
}

// filed: what was sent is one case with these very answers, and what was not sent is none.
func (o *oracle) filed(v *verdict, cases []*dauys.Case) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.forms == nil {
		return
	}
	byText := map[string][]*dauys.Case{}
	for _, c := range cases {
		byText[c.Text] = append(byText[c.Text], c)
	}
	known := map[string]bool{}
	for _, f := range o.forms {
		known[f.text] = true
		got := byText[f.text]
		switch {
		case f.sent && len(got) == 0:
			v.isLost("what %d has sent is no case: %q", f.who, f.text)
		case !f.sent && len(got) > 0:
			v.is("what %d has not sent is %s", f.who, got[0].Number)
		case len(got) > 1:
			v.isDoubled("what %d has sent is %d cases", f.who, len(got))
		}
		for _, c := range got {
			a := c.Applicant
			if a.Address != telegramAddress(f.who) || a.Name != f.name || a.Standing != f.standing || c.Kind != f.kind || c.Institute != f.institute || c.Topic != f.topic {
				v.isLost("%s is not what was answered: %+v, %s, %s, %s instead of %+v", c.Number, a, c.Kind, c.Institute, c.Topic, *f)
			}
		}
	}
	for _, c := range cases {
		if !known[c.Text] {
			v.isLost("%s has words that nobody has sent: %q", c.Number, c.Text)
		}
	}
}

// lived: a case stands where its events lead by the rules, and has one holder at most.
func lived(v *verdict, c *dauys.Case) {
	var status dauys.Status
	var holder int64
	position := 0
	causes := map[string]bool{}
	for i, e := range c.Events {
		if e.Seq != i+1 || e.From != status {
			v.is("%s: event %d is number %d and leads from %q, not %q", c.Number, i+1, e.Seq, e.From, status)
		}
		if e.Cause != "" && causes[e.Cause] {
			v.isDoubled("%s was moved twice by %s", c.Number, e.Cause)
		}
		causes[e.Cause] = true
		if i == 0 && e.Act == dauys.Register {
			status = e.To
			continue
		}
		at := slices.IndexFunc(dauys.Rules, func(r dauys.Rule) bool {
			return slices.Contains(r.From, e.From) && r.Do == e.Act && cmp.Or(r.To, e.From) == e.To && (r.Climb || r.Do == dauys.Transfer) == (e.Next != "")
		})
		if at < 0 {
			v.is("%s: no rule leads from %s by %s to %s", c.Number, e.From, e.Act, e.To)
			continue
		}
		r := dauys.Rules[at]
		if r.By == dauys.TheHolder && e.Staff != holder {
			v.is("%s: %s by %d, and %d had it", c.Number, e.Act, e.Staff, holder)
		}
		switch {
		case e.Act == dauys.Take:
			holder = e.Staff
		case e.To == dauys.Registered, e.To.Final():
			holder = 0
		}
		switch {
		case e.Act == dauys.Transfer:
			position = 0
		case r.Climb:
			position = slices.IndexFunc(c.Ladder, func(r dauys.Rung) bool { return r.Office == e.Next })
		}
		status = e.To
	}
	if c.Status != status || c.Position != position || c.Holder != holder {
		v.is("%s is %s with office %d, held by %d; its events say %s, %d, %d", c.Number, c.Status, c.Position, c.Holder, status, position, holder)
	}
	if c.Status == dauys.Decided {
		v.isLost("the answer to %s has not arrived", c.Number)
	}
}

// tellings are words of what the applicant is told of an act, in Russian.
var tellings = map[dauys.Act]string{
	dauys.Register: "Талон\nНомер: ", dauys.Take: "на рассмотрении", dauys.Escalate: "передано вышестоящему", dauys.Answer: "Ответ на Ваше обращение",
}

// toldApplicant: of each step, and by its own number.
func (o *oracle) toldApplicant(v *verdict, c *dauys.Case, chats map[int64][]simulator.Message) {
	if c.Applicant.Lang != dauys.Russian {
		return
	}
	chat := numeric(c.Applicant.Address)
	for _, e := range c.Events {
		words := tellings[e.Act]
		if words != "" && !slices.ContainsFunc(chats[chat], func(m simulator.Message) bool {
			return strings.Contains(m.Text, words) && strings.Contains(m.Text, c.Number) && (e.Act != dauys.Answer || strings.Contains(m.Text, e.Note))
		}) {
			v.isLost("the applicant of %s was not told of %s", c.Number, e.Act)
		}
	}
	if o.forms != nil && !slices.ContainsFunc(chats[chat], func(m simulator.Message) bool {
		return strings.Contains(m.Text, "обращение зарегистрировано. Номер: "+c.Number)
	}) {
		v.isLost("Send of %s has no answer", c.Number)
	}
}

// numeric is the number of an address.
func numeric(a dauys.Address) (n int64) {
	_, _ = fmt.Sscan(a.ID(), &n)
	return n
}

var statusWords = map[dauys.Status]string{
	dauys.Registered: "зарегистрировано", dauys.InReview: "на рассмотрении", dauys.Decided: "ответ отправляется", dauys.Closed: "отказано", dauys.Withdrawn: "отозвано",
}

// cards: each office that has or had the case has its card, which shows it as it is; a kill may
// leave one more.
func (o *oracle) cards(ctx context.Context, v *verdict, c *dauys.Case, chats map[int64][]simulator.Message) error {
	for _, rung := range c.Ladder[:c.Position+1] {
		chat := o.chats[rung.Office]
		n := 0
		for _, m := range chats[chat] {
			if strings.HasPrefix(m.Text, c.Number+" · ") {
				n++
			}
		}
		switch {
		case n == 0:
			v.isLost("%s has no card in %s", c.Number, rung.Office)
			continue
		case n > 1+o.kills:
			v.is("%s has %d cards in %s after %d kills", c.Number, n, rung.Office, o.kills)
		}
		card, err := o.db.Card(ctx, c.Number, rung.Office)
		if err != nil {
			return err
		}
		shown, ok := o.sim.Message(chat, numeric(dauys.AddressOf("", card.Message)))
		if !ok || card.Shown != c.Version || !strings.Contains(shown.Text, c.Number+" · ") || !strings.Contains(shown.Text, "Статус: "+statusWords[c.Status]) {
			v.is("%s is %s, version %d; its card in %s shows version %d: %q", c.Number, c.Status, c.Version, rung.Office, card.Shown, shown.Text)
		}
	}
	return nil
}

// mark is in every text that students write.
var mark = regexp.MustCompile(`№ \d+(-\d+)?\b`)

// policy: what belongs to a case is told to its applicant and to the offices that have had it,
// and nobody else is written to.
func (o *oracle) policy(v *verdict, cases []*dauys.Case, chats map[int64][]simulator.Message) {
	office := map[int64]dauys.OfficeID{}
	for id, chat := range o.chats {
		office[chat] = id
	}
	about := map[string]*dauys.Case{}
	for _, c := range cases {
		about[c.Number] = c
		if m := mark.FindString(c.Text); m != "" {
			about[m] = c
		}
	}
	for chat, messages := range chats {
		for _, m := range messages {
			for _, word := range append(caseNumber.FindAllString(m.Text, -1), mark.FindAllString(m.Text, -1)...) {
				c := about[word]
				switch {
				case c == nil && !caseNumber.MatchString(word): // a form that was not sent
				case c == nil:
					v.is("%d was told of %s, which does not exist", chat, word)
				case chat > 0 && telegramAddress(chat) != c.Applicant.Address, chat < 0 && !c.Seen(office[chat]):
					v.is("%d was told of %s: %q", chat, c.Number, m.Text)
				}
			}
			if chat < 0 && office[chat] == "" {
				v.is("a strange chat %d was told %q", chat, m.Text)
			}
		}
	}
}

// nothingLeft: nothing waits, and nothing was given up or put aside.
func (o *oracle) nothingLeft(ctx context.Context, v *verdict) error {
	due, err := o.db.Due(ctx, o.now(), 0, 10)
	if err != nil {
		return err
	}
	cards, err := o.db.DueCards(ctx, o.now(), 10)
	if err != nil {
		return err
	}
	kept, err := o.db.KeptUpdates(ctx, 10)
	if err != nil {
		return err
	}
	aside, err := o.db.Quarantined(ctx, 10)
	if err != nil {
		return err
	}
	counts, err := o.db.Counts(ctx)
	if err != nil {
		return err
	}
	if len(due)+len(cards)+len(kept)+counts["failed"] > 0 {
		v.isLost("left: %d notices, %d cards, %d updates; %d notices were given up", len(due), len(cards), len(kept), counts["failed"])
	}
	for _, u := range aside {
		v.isLost("update %s was put aside: %s: %s", u.ID, u.Why, u.Raw)
	}
	return nil
}

var cardHead = regexp.MustCompile(`^<b>(ALT-\d{4}-\d{6})</b> · `)

// notice takes the newest calls in; the simulator remembers no more than 20,000. Deaths is how
// many processes have died since one had recovered, before these calls: on its way to one chat
// was at each death one message of the outbox, and to a person besides what answers them.
func (o *oracle) notice(deaths int) {
	again := map[int64]int{}
	defer func() {
		for chat, n := range again {
			if most := deaths * map[bool]int{true: 2, false: 1}[chat > 0]; n > most {
				o.many = append(o.many, fmt.Sprintf("%d got %d copies after %d kills", chat, n, deaths))
			}
		}
	}()
	calls := o.sim.Calls()
	from := 0
	if o.last != nil {
		for i := len(calls) - 1; i >= 0; i-- {
			if c := calls[i]; c.At.Equal(o.last.At) && c.Method == o.last.Method && c.Chat == o.last.Chat {
				from = i + 1
				break
			}
		}
	}
	for _, c := range calls[from:] {
		if c.Status != 200 || !strings.HasPrefix(c.Method, "send") || c.Method == "sendChatAction" {
			continue
		}
		text := fmt.Sprint(c.Params["text"])
		key := fmt.Sprint(c.Chat, " ", c.Method, " ", text, c.Params["caption"], " ", c.Params["reply_markup"])
		if m := cardHead.FindStringSubmatch(text); m != nil {
			key = fmt.Sprint(c.Chat, " card ", m[1]) // a second one may show the case as it is by then
		}
		if !slices.ContainsFunc(repeated, func(words string) bool { return strings.Contains(text, words) }) {
			if o.calls[key]++; o.calls[key] > 1 {
				again[c.Chat]++
			}
		}
	}
	if len(calls) > 0 {
		o.last = &calls[len(calls)-1]
	}
}

// repeated are messages that come more than once for good reasons.
var repeated = []string{"Ваше сообщение сохранено. Ответ придёт", "Вот где Вы сейчас", "Что Вы хотите сделать?", "Выберите язык", "Продолжить, отложить или удалить"}

// copies counts messages that were sent more than once.
func (o *oracle) copies(v *verdict) {
	for key, n := range o.calls {
		v.extra += n - 1
		if n > 1+o.kills {
			v.is("sent %d times with %d kills: %s", n, o.kills, key)
		}
	}
	v.wrong = append(v.wrong, o.many...)
}
