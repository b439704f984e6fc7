package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/bot/simulator"
	"alt.edu.kz/dauys/flows"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
	"alt.edu.kz/dauys/storage"
)

// goodAnswers are what the person answers in the end. The texts have in them what could be
// taken for something else than text.
var goodAnswers = map[string]string{
	"consent": "agree", "standing": "student", "against": "deputy", "group": "ИС-21-1 <b>", "name": `Ким <b>Д.</b> & "{{.Name}}" %s`, "institute": "itc", "topic": "rooms",
	"story": "В аудитории 2 < 3 розеток & нет {{.Light}} %d <script>.\n\nשלום, прошу 💡 поставить ещё 100 %.",
}

// asked are the questions that a student is asked. What others are asked besides are questions of
// the same kinds.
var asked = slices.DeleteFunc(slices.Clone(flows.Complaint.Steps), func(st ask.Step) bool {
	return slices.Contains([]string{"behalf", "addressee", "whose"}, st.Key) || st.Usual != "" // which is asked of who changes it
})

// place is where somebody is in the form when the bad inputs come.
type place struct {
	t    *testing.T
	s    *stage
	one  *sync.Mutex // for whoever does something: see heard
	who  int64
	lang dauys.Lang
	step string // empty: the review
	kind ask.Type
}

// TestBadInputs tries everything that is no answer at every question, in every language. The
// bot says in a sentence what it wants instead, the question stays, nothing is lost.
func TestBadInputs(t *testing.T) {
	t.Parallel()
	s := newStage(t, steady)
	var wg sync.WaitGroup
	var one sync.Mutex
	few := make(chan struct{}, 6) // at once, for a busy machine
	who := int64(30000)
	for _, l := range dauys.Langs {
		for i := range len(asked) + 1 {
			who++
			p := &place{t: t, s: s, one: &one, who: who, lang: l}
			if i < len(asked) {
				p.step, p.kind = asked[i].Key, asked[i].Type
			}
			wg.Go(func() {
				few <- struct{}{}
				defer func() { <-few }()
				if err := p.play(); err != nil {
					t.Errorf("%s, at %q: %v", l, p.step, err)
				}
			})
		}
	}
	wg.Wait()
	s.settle()
	if aside, err := s.app.db.Quarantined(t.Context(), 10); err != nil || len(aside) > 0 {
		t.Errorf("updates were put aside: %v, %v", aside, err)
	}
}

// prepare puts the person before the question, with good answers to those before it.
func (p *place) prepare(ctx context.Context) error {
	p.s.sim.AddPerson(simulator.Person{ID: p.who, FirstName: "Дмитрий", LastName: "Ким", LanguageCode: string(p.lang)})
	p.s.sim.Started(p.who)
	given := map[string][]string{"name": {"Дмитрий Ким"}, "against": {"advisor-curator", "deputy", "director", "vr-academic", "rector"}}
	for _, i := range p.s.app.university.Institutes {
		given["institute"] = append(given["institute"], i.ID)
	}
	known := map[string]ask.Answer{}
	for _, st := range asked {
		if st.Key == p.step {
			break
		}
		known[st.Key] = ask.Answer{Values: []string{goodAnswers[st.Key]}}
		if st.Type == ask.TypeFiles {
			known[st.Key] = ask.Answer{Skipped: true}
		}
	}
	form := flows.Complaint.Start(fmt.Sprintf("BADINPUTS%d", p.who), given, known)
	if form.Asked != p.step {
		return fmt.Errorf("the form is at %q", form.Asked)
	}
	form.Turn = 20 // as after a while
	state := ask.State{Version: ask.StateVersion, Lang: string(p.lang), Focus: &form}
	if _, agreed := known["consent"]; agreed {
		state.Consent, state.Agreed = flows.ConsentVersion, p.s.clock.Now()
	}
	if err := p.s.app.db.Remember(ctx, storage.Person{Address: telegramAddress(p.who), Name: "Дмитрий Ким", Lang: p.lang}); err != nil {
		return err
	}
	return p.s.app.dialogues.Save(ctx, telegramAddress(p.who), state, false)
}

// form is where the person is, by the store.
func (p *place) form(ctx context.Context) (ask.Session, error) {
	var state ask.State
	err := soon(ctx, "the store answers", func() (ok bool, err error) {
		state, _, err = p.s.app.dialogues.Load(ctx, telegramAddress(p.who))
		if errors.Is(err, dauys.ErrUnavailable) {
			return false, nil
		}
		return true, err
	})
	if err != nil || state.Focus == nil {
		return ask.Session{}, fmt.Errorf("the form is gone: %w", err)
	}
	return *state.Focus, nil
}

// bad is something that is no answer.
type bad struct {
	name string
	at   []ask.Type // where it is none; a review has the empty type
	do   func(p *place) error
}

const review ask.Type = ""

var (
	everywhere = []ask.Type{ask.TypeChoice, ask.TypeText, ask.TypeFiles, review}
	noText     = []ask.Type{ask.TypeChoice, ask.TypeFiles, review}
)

// badInputs. What can be typed on a phone is typed; the rest is injected.
var badInputs = []bad{
	{"an empty text", everywhere, raw(`"text":""`)},
	{"no content at all", everywhere, raw(`"has_protected_content":true`)},
	{"white space", everywhere, raw(`"text":" \n\t \u00a0\u2003\n "`)},
	{"zero-width characters", everywhere, raw(`"text":"\u200b\u200d\u2060\ufeff\u00ad\u3164\u2800"`)},
	{"combining marks alone", everywhere, raw(`"text":"` + strings.Repeat("\u0301\u0336", 40) + `"`)},
	{"NUL and control characters", everywhere, raw(`"text":"\u0000\u0001\u001b\u007f"`)},
	{"60,000 characters", everywhere, raw(`"text":"` + strings.Repeat("a long text ", 5000) + `"`)}, // more than Telegram puts into an update
	{"4,000 marks on one letter", noText, raw(`"text":"a` + strings.Repeat("\u0301", 4000) + `"`)},
	{"emoji", noText, said("🙂🙃👨‍👩‍👧")},
	{"right to left", noText, raw(`"text":"\u202eשלום مرحبا\u202c"`)},
	{"HTML", noText, said("<b>&")},
	{"broken HTML", noText, said("</blockquote></b><a href='x'>&#0;&amp")},
	{"a template", noText, said("{{.}} {{.Name}} {{template \"x\"}}")},
	{"a format", noText, said("%s %d %!v(MISSING)")},
	{"SQL", noText, said("'; DROP TABLE cases; --")},
	{"a number that is no option", noText, said("99")},
	{"no option at all", noText, said("0")},
	{"half an option", noText, said("1.5")},
	{"two options", noText, said("1 2")},
	{"three hundred zeros", noText, said(strings.Repeat("0", 300))},
	{"a case number", noText, said("ALT-2026-000001")},
	{"a forwarded message", noText, func(p *place) error {
		_, err := p.s.sim.Forward(p.who, p.who, "Кто-то", "посмотри, что мне написали")
		return err
	}},
	{"a sticker", everywhere, file(simulator.File{Kind: "sticker", Data: []byte("sticker")})},
	{"a voice message", noFiles, file(simulator.File{Kind: "voice", MIME: "audio/ogg", Data: []byte("voice")})},
	{"a file of 25 MB", everywhere, file(simulator.File{Kind: "document", Name: "plan.pdf", MIME: "application/pdf", Data: []byte("%PDF"), Size: 25 << 20})},
	{"an edited message", everywhere, func(p *place) error {
		p.s.sim.Inject(map[string]any{"edited_message": p.message(map[string]any{"text": "теперь иначе", "edit_date": p.s.clock.Now().Unix()})})
		return nil
	}},
	{"an unknown command", everywhere, said("/unknown")},
	{"an unknown command with words", everywhere, said("/unknown и ещё слова")},
	{"a command of administrators", everywhere, said("/offices")},
	{"a command of another bot", everywhere, said("/start@another_bot")},
	{"a command of another bot with words", everywhere, said("/weather@another_bot Алматы")},
	{"a poll", everywhere, raw(`"poll":{"id":"1","question":"?","options":[{"text":"a","voter_count":0}],"total_voter_count":0,"is_closed":false}`)},
	{"a location", noFiles, func(p *place) error { _, err := p.s.sim.ShareLocation(p.who, p.who, 43.2, 76.9); return err }},
	{"a contact", everywhere, func(p *place) error { _, err := p.s.sim.ShareContact(p.who, p.who, "+77010000000", p.who); return err }},
	{"a die", everywhere, raw(`"dice":{"emoji":"🎲","value":3}`)},
	{"an animation", everywhere, raw(`"animation":{"file_id":"a","file_unique_id":"a","width":1,"height":1,"duration":1},"document":{"file_id":"a","file_unique_id":"a"}`)},
	{"a kind of message that is newer than the bot", everywhere, raw(`"hologram":{"id":1}`)},
	{"a button of an earlier turn", everywhere, func(p *place) error { return p.pressed("a:%s:3:pick:complaint") }},
	{"Send of an earlier turn", everywhere, func(p *place) error { return p.pressed("a:%s:19:send:") }},
	{"a button that does not stand there", everywhere, now("a:%%s:%d:pick:nothing")},
	{"Edit of what is not asked", everywhere, now("a:%%s:%d:edit:nothing")},
	{"Cancel of another form", everywhere, now("a:XXXXXXXXXX%%.0s:%d:cancel:")},
	{"Back of another form", everywhere, now("a:XXXXXXXXXX%%.0s:%d:back:")},
	{"a button of another version", everywhere, func(p *place) error { return p.pressed("v0/complaint/3/%s") }},
	{"somebody's case", everywhere, func(p *place) error { return p.pressed("c:ALT-2026-999999%.0s") }},
}

var noFiles = []ask.Type{ask.TypeChoice, ask.TypeText, review}

func said(text string) func(*place) error {
	return func(p *place) error { _, err := p.s.sim.Say(p.who, p.who, text); return err }
}

func file(f simulator.File) func(*place) error {
	return func(p *place) error { _, err := p.s.sim.SendFile(p.who, p.who, f); return err }
}

// raw is a message with any content.
func raw(content string) func(*place) error {
	return func(p *place) error {
		p.s.sim.Inject(map[string]any{"message": p.message(decoded(content))})
		return nil
	}
}

// decoded are the fields of a JSON object.
func decoded(content string) (fields map[string]any) {
	if err := json.Unmarshal([]byte("{"+content+"}"), &fields); err != nil {
		panic(err) // a mistake in the table
	}
	return fields
}

// message is a message of the person as Telegram sends it.
func (p *place) message(content map[string]any) map[string]any {
	content["message_id"], content["date"] = 1, p.s.clock.Now().Unix()
	content["from"] = map[string]any{"id": p.who, "first_name": "Дмитрий", "language_code": string(p.lang)}
	content["chat"] = map[string]any{"id": p.who, "type": "private"}
	return content
}

// pressed is a press of something that stands nowhere; %s is the short id of the form.
func (p *place) pressed(data string) error {
	id := fmt.Sprintf("BADINPUTS%d", p.who)
	p.s.inject(p.who, p.who, 1, fmt.Sprintf(data, id[max(0, len(id)-10):]))
	return nil
}

// now is a press with the turn that holds now.
func now(data string) func(*place) error {
	return func(p *place) error {
		form, err := p.form(context.Background())
		if err != nil {
			return err
		}
		return p.pressed(fmt.Sprintf(data, form.Turn))
	}
}

// heard does something and waits for the answer.
func (p *place) heard(ctx context.Context, do func(*place) error) (simulator.Message, error) {
	before, _ := p.s.sim.Last(p.who)
	p.one.Lock() // Inject numbers an update before it queues it; another could overtake it and be confirmed
	err := do(p)
	p.one.Unlock()
	if err != nil {
		return simulator.Message{}, err
	}
	var last simulator.Message
	err = p.s.sim.Await(ctx, func(v *simulator.View) bool {
		last, _ = v.Last(p.who)
		delayed := p.s.app.book.Plain(p.lang, locales.Delayed()) // a busy machine; the answer comes
		return (last.ID != before.ID || last.Edited != before.Edited) && last.Text != delayed
	})
	return last, err
}

func (p *place) play() error {
	ctx, cancel := context.WithTimeout(p.t.Context(), 2*patience)
	defer cancel()
	if err := p.prepare(ctx); err != nil {
		return err
	}
	before, err := p.form(ctx)
	if err != nil {
		return err
	}
	voices := 0
	for _, b := range badInputs {
		if !slices.Contains(b.at, p.kind) || b.name == "a voice message" && p.step == "story" { // which can be said
			continue
		}
		got, err := p.heard(ctx, b.do)
		if err != nil {
			return fmt.Errorf("%s is not answered: %w", b.name, err)
		}
		after, err := p.form(ctx)
		if err != nil {
			return fmt.Errorf("%s: %w", b.name, err)
		}
		if after.Asked != before.Asked || after.Phase != before.Phase {
			return fmt.Errorf("%s leads from %s %q to %s %q", b.name, before.Phase, before.Asked, after.Phase, after.Asked)
		}
		if !reflect.DeepEqual(after.Answers, before.Answers) {
			return fmt.Errorf("%s changes the answers: %v, they were %v", b.name, after.Answers, before.Answers)
		}
		if (b.name == "a voice message" || b.name == "a location") && p.kind != review && p.step != "consent" { // kept until files are asked for
			voices++
		}
		if parts := after.Parts["papers"].Files; len(parts) != voices || len(after.Parts) > voices {
			return fmt.Errorf("%s is taken for a part of an answer: %v", b.name, after.Parts)
		}
		if err := p.kindly(got); err != nil {
			return fmt.Errorf("%s is answered with %q %q: %w", b.name, got.Text, got.Labels(), err)
		}
	}
	return p.goOn(ctx, voices)
}

// kindly: the answer is a sentence in the person's language that says what is wanted, with
// the buttons of the question under it.
func (p *place) kindly(m simulator.Message) error {
	book := p.s.app.book
	for _, l := range dauys.Langs {
		if strings.Contains(m.Text, book.Plain(l, locales.NotUnderstood())) || strings.Contains(m.Text, book.Plain(l, locales.Broken())) {
			return fmt.Errorf("that helps nobody")
		}
	}
	first, _, _ := strings.Cut(m.Text, "\n")
	if !strings.ContainsAny(first, ".?:") || len([]rune(first)) < 15 {
		return fmt.Errorf("that is no sentence")
	}
	if got := languageOf(first); got != p.lang {
		return fmt.Errorf("that is not in %s but in %s", p.lang, got)
	}
	if _, ok := m.Button(book.Plain(p.lang, ask.Line{Key: "ask.button.cancel"})); !ok {
		return fmt.Errorf("the buttons of the question are not there")
	}
	if strings.Contains(first, "{{") || strings.Contains(m.Text, "%!") || strings.Contains(m.Text, "<no value>") {
		return fmt.Errorf("a gap is not filled")
	}
	return nil
}

// languageOf tells the three languages apart by their letters.
func languageOf(text string) dauys.Lang {
	switch {
	case strings.ContainsAny(text, "әғқңөұүһіӘҒҚҢӨҰҮҺІ"):
		return dauys.Kazakh
	case strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Cyrillic, r) }):
		return dauys.Russian
	}
	return dauys.English
}

// goOn answers the rest well: the case has exactly the good answers.
func (p *place) goOn(ctx context.Context, voices int) error {
	label := func(key string) string { return p.s.app.book.Plain(p.lang, ask.Line{Key: key}) }
	press := func(button string) func(*place) error {
		return func(*place) error { return p.s.sim.PressLast(p.who, p.who, button) }
	}
	begun := p.step == ""
	for _, st := range asked {
		if begun = begun || st.Key == p.step; !begun || p.step == "" {
			continue
		}
		var does []func(*place) error
		switch {
		case st.Key == "institute", st.Key == "against": // the third: an office comes after nobody and the curator
			does = append(does, said("3"))
		case st.Type == ask.TypeChoice:
			does = append(does, press(label(flows.Complaint.Under(st.Key)+"."+goodAnswers[st.Key])))
		case st.Key == "story":
			for part := range strings.SplitSeq(goodAnswers["story"], "\n\n") {
				does = append(does, said(part))
			}
			does = append(does, press(label("ask.button.done")))
		case st.Type == ask.TypeText:
			does = append(does, said(goodAnswers[st.Key]))
		case voices > 0:
			does = append(does, press(label("ask.button.done")))
		default:
			does = append(does, press(label("ask.button.skip")))
		}
		for _, do := range does {
			if _, err := p.heard(ctx, do); err != nil {
				return fmt.Errorf("a good answer to %s: %w", st.Key, err)
			}
		}
	}
	if _, err := p.heard(ctx, press(label("ask.button.send"))); err != nil {
		return fmt.Errorf("send: %w", err)
	}
	cases, err := p.s.app.db.Cases(ctx, storage.Filter{Applicant: telegramAddress(p.who), Limit: 10})
	if err != nil {
		return err
	}
	if len(cases) != 1 {
		return fmt.Errorf("%d cases are registered", len(cases))
	}
	c := cases[0]
	got := map[string]string{
		"consent": "agree", "against": "", "group": c.Group, "standing": string(c.Applicant.Standing), "name": c.Applicant.Name, "institute": c.Institute, "topic": c.Topic, "story": c.Text,
	}
	for _, id := range c.Against {
		got["against"] += string(id.Kind())
	}
	if c.Kind != dauys.Complaint || slices.ContainsFunc(c.Ladder, func(r dauys.Rung) bool { return r.Office.Kind() == "deputy" }) {
		return fmt.Errorf("a complaint about the deputy director is a %s by way of %v", c.Kind, c.Ladder)
	}
	if !reflect.DeepEqual(got, goodAnswers) || len(c.Files) != voices || c.Applicant.Lang != p.lang || c.Consent.Version != flows.ConsentVersion {
		return fmt.Errorf("the case has %q and %d files, consent %v", got, len(c.Files), c.Consent)
	}
	return nil
}
