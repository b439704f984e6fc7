package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"maps"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/input"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/handlers"
	"alt.edu.kz/dauys/locales"
)

// TestMainJobInABrowser does in a real browser what Dauys is for: on the page of `dauys demo`
// a student complains in Kazakh, and the office that gets the complaint answers it. The same
// page is then used on a phone, and by keyboard alone. With -update it takes the pictures in
// docs/images; fonts-noto-core and fonts-noto-color-emoji make them look as they should.
func TestMainJobInABrowser(t *testing.T) {
	program := chromium(t)
	if program == "" {
		t.Log("left out: the browser test (install chromium or run make test)")
		return
	}
	t.Parallel()
	b := openBrowser(t, program, startDemo(t))
	for _, part := range []struct {
		name string
		do   func(*browser)
	}{
		{"a complaint is filed and answered", complaintIsAnswered},
		{"on a phone", onAPhone},
		{"by keyboard alone", byKeyboard},
	} {
		t.Run(part.name, func(t *testing.T) {
			part.do(b.in(t))
			b.in(t).clean()
		})
	}
}

const (
	wrong   = "Қарашаның басынан бері «Жол құрылысы» пәні бойынша сабақ екі рет кестеден тыс өтті. Кестені бір апта бұрын жариялауыңызды сұраймын."
	righted = "Кесте енді бір апта бұрын жарияланады. Кафедраға тапсырма берілді, келесі дүйсенбіден бастап орындалады."
)

// begins lets Aigerim complain about something, up to the question for what has happened.
func (b *browser) begins(left pane, kk labels, topic string) {
	b.t.Helper()
	b.click(left.id("start"))
	for _, label := range []string{
		kk.say(locales.LanguageName()), kk.say(locales.MenuButton("new")),
		kk.option(flows.Complaint, "consent", "agree"), kk.option(flows.Complaint, "standing", string(dauys.AsStudent)),
		kk.option(flows.Complaint, "topic", topic), kk.institute("itc"), kk.option(flows.Complaint, "against", flows.AboutNobody),
		kk.verb(ask.Skip), "Айгерім Сәрсенова",
	} {
		b.click(left.button(label))
	}
	b.sees("!" + left.button("Айгерім Сәрсенова")) // the next question stands there instead
}

func complaintIsAnswered(b *browser) {
	deputy, lang := chatOf(b.t, "deputy@itc")
	kk, office := labelsIn(b.t, dauys.Kazakh), labelsIn(b.t, lang)
	b.screen(1280, 800)
	b.open(fmt.Sprintf("?lang=kk&left=%d&right=%d&right-me=%d", aigerim, deputy, saltanat))
	left, right := b.pane("left"), b.pane("right")

	b.begins(left, kk, "timetable")
	b.write(left, wrong)
	b.click(left.button(kk.verb(ask.Finish)))
	b.sees(left.button(kk.verb(ask.Skip)))
	b.attachPhoto(left, timetable(b.t))
	b.click(left.button(kk.verb(ask.Finish)))
	b.sees(left.button(kk.verb(ask.Send)))
	if *update {
		b.phone()
		b.show(left.button(kk.verb(ask.Send)) + `.closest("[data-testid=message]")`)
		b.picture("phone.png")
		b.screen(1280, 800)
	}
	b.click(left.button(kk.verb(ask.Send)))

	take := right.button(office.say(locales.CardButton(dauys.Take)))
	number := b.number(take + `.closest("[data-testid=message]").dataset.message`)
	card := right.message(number)
	b.sees(card + `.textContent.includes(` + js(wrong) + `)`)
	b.sees(right.css(`[data-testid=attachment][data-kind=photo] img`) + `.naturalWidth > 0`)
	b.click(take)
	b.click(right.button(office.say(locales.CardButton(dauys.Answer))))
	b.click(right.button(office.option(flows.Reply, "outcome", string(dauys.Granted))))
	b.sees(right.id("about-to")) // the question has opened the answer field
	b.write(right, righted)
	b.click(right.button(office.verb(ask.Skip)))
	send := right.button(office.verb(ask.Send))
	b.sees(send + `.closest("[data-testid=message]").textContent.includes(` + js(righted) + `)`)
	if *update {
		there := does(b, "address", chromedp.Location())
		b.open(fmt.Sprintf("?lang=kk&left=%d&left-me=%d&right=%[1]d&right-me=%[3]d", deputy, igor, saltanat))
		b.show(left.message(number))
		b.picture("card.png")
		b.open(strings.TrimPrefix(there, b.at+"/"))
	}
	b.click(send)

	b.sees(left.said("bot", righted))
	b.sees(card + `.textContent.includes(` + js(righted) + `) && !` + card + `.querySelector("[data-testid=button]")`)
	if *update {
		b.show(card)
	}
	b.picture("desktop.png")

	nextDay(b)
	b.fits()
}

// TestClimbInABrowser lets time pass where people see it: on the page of the demonstration, held like
// a phone, a student complains in Kazakh and nobody does anything. Day by day on the page's clock the
// deputy director is warned, the director hears of it, and the case goes up by itself; before it
// leaves the institute the student is asked.
func TestClimbInABrowser(t *testing.T) {
	program := chromium(t)
	if program == "" {
		t.Log("left out: the browser test of the clock (install chromium or run make test)")
		return
	}
	t.Parallel()
	data := t.TempDir()
	ahead := time.Until(monday) // the demonstration's clock is the system's, moved
	if err := os.WriteFile(filepath.Join(data, "clock"), []byte(ahead.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	b := openBrowser(t, program, startDemo(t, "--data", data))
	climbs(b)
	b.clean()
}

// tags are what a text of the catalogue has besides its words.
var tags = regexp.MustCompile(`<[^>]+>`)

const unchecked = "Аралық бақылаудың бағасын жұмысымды тексермей қойған. Жұмысымды қайта тексеріп, бағасын түзетуіңізді сұраймын."

func climbs(b *browser) {
	deputy, lang := chatOf(b.t, "deputy@itc")
	director, _ := chatOf(b.t, "director@itc")
	academic, _ := chatOf(b.t, "vr-academic")
	kk, office := labelsIn(b.t, dauys.Kazakh), labelsIn(b.t, lang)
	b.phone()
	show := func(group int64, who int64) {
		b.t.Helper()
		b.open(fmt.Sprintf("?lang=kk&left=%d&right=%d&right-me=%d", aigerim, group, who))
	}
	left, right := b.pane("left"), b.pane("right")
	mine := func() { b.t.Helper(); b.click(`document.querySelector("[data-testid=view-left]")`) }
	theirs := func() { b.t.Helper(); b.click(`document.querySelector("[data-testid=view-right]")`) }

	show(deputy, saltanat)
	b.begins(left, kk, "marks")
	b.write(left, unchecked)
	b.click(left.button(kk.verb(ask.Finish)))
	b.click(left.button(kk.verb(ask.Skip)))
	b.click(left.button(kk.verb(ask.Send)))
	theirs()
	take := right.button(office.say(locales.CardButton(dauys.Take)))
	b.sees(take)
	number := until[string](b, "the number", take+`.closest("[data-testid=message]").textContent.match(/ALT-\d{4}-\d{6}/)[0]`)

	// What is said, in the very words of the catalogue.
	on := func(month time.Month, day int) ask.Day {
		return ask.Day(time.Date(2026, month, day, 12, 0, 0, 0, time.UTC))
	}
	called := func(id string) ask.Name { return ask.Name{List: "office", ID: id} }
	words := func(l labels, key string, args ...any) string {
		a := ask.Args{"Number": number}
		for i := 0; i < len(args); i += 2 {
			a[args[i].(string)] = args[i+1]
		}
		return tags.ReplaceAllString(l.say(ask.Line{Key: key, Args: a}), "")
	}
	told := func(from, to string, here ask.Day) string {
		return left.said("bot", words(kk, "told.expire", "Office", called(from), "Next", called(to), "Here", here, "Date", on(time.December, 14)))
	}

	nextDay(b) // Tuesday
	nextDay(b) // Wednesday, the day before the term is over
	b.sees(right.said("bot", words(office, "passed.warn", "Count", 1, "Date", on(time.November, 26))))
	nextDay(b)
	b.sees(right.said("bot", words(office, "passed.urge")))
	show(director, gulnar)
	theirs()
	heard := right.said("bot", words(office, "head.urge", "Office", called("deputy@itc")))
	b.sees(heard + ` && !` + take)
	nextDay(b) // Friday: nobody has done anything
	b.sees(take)
	card := take + `.closest("[data-testid=message]")`
	b.sees(card + `.textContent.includes(` + js(unchecked) + `) && ` + card + `.innerText.includes(` +
		js(words(office, "came.expire", "Office", called("deputy@itc"), "Date", on(time.November, 26))) + `)`)
	b.touchScreen(360, 1040) // all of it at once
	b.show(heard + `.closest("[data-testid=message]")`)
	b.picture("climb-director.png")
	b.phone()

	mine()
	climbed := told("deputy@itc", "director@itc", on(time.December, 4))
	b.sees(climbed)

	// Saturday and Sunday: nobody works, and the clock of the cases stands still.
	count := fmt.Sprintf(`document.querySelectorAll(%s).length`, js(string(left)+" [data-testid=message][data-from=bot]"))
	before := b.number(count)
	for range 6 { // until Thursday
		nextDay(b)
	}
	allow := left.button(kk.say(locales.CaseAct(dauys.Allow)))
	b.sees(allow)
	b.sees(left.said("bot", words(kk, "told.propose-late", "Office", called("director@itc"), "Next", called("vr-academic"), "Date", on(time.December, 4))))
	if after := b.number(count); after != before+1 {
		b.t.Errorf("%d messages came to the student until the question, want one", after-before)
	}
	show(director, gulnar) // anew: no finger has just been on the page
	b.touchScreen(360, 1040)
	b.sees(climbed)
	b.show(climbed + `.closest("[data-testid=message]")`)
	b.picture("climb-student.png")
	b.phone()

	b.click(left.button(kk.say(locales.OpenCase())))
	b.sees(left.said("bot", words(kk, "clocks.both", "Office", called("director@itc"), "Here", on(time.December, 4), "Date", on(time.December, 14))))
	b.sees(left.said("bot", words(kk, "clocks.asked", "Office", called("vr-academic"))))
	b.fits()
	b.click(allow)
	b.sees(left.said("bot", kk.say(locales.Allowed())))

	show(academic, marat)
	theirs()
	b.sees("!" + take)
	for range 4 { // Monday: the director has done nothing either
		nextDay(b)
	}
	b.sees(take)
	mine()
	b.sees(told("director@itc", "vr-academic", on(time.December, 14)))
	b.fits()
}

// TestQueueInABrowser is the queue as people hold it: a citizen takes a number on a phone and is called
// to a window; the office has its two cards.
func TestQueueInABrowser(t *testing.T) {
	program := chromium(t)
	if program == "" {
		t.Log("left out: the browser test of the queue (install chromium or run make test)")
		return
	}
	t.Parallel()
	data := t.TempDir()
	ahead := time.Until(monday)
	if err := os.WriteFile(filepath.Join(data, "clock"), []byte(ahead.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	b := openBrowser(t, program, startDemo(t, "--data", data))
	waitsInLine(b)
	b.clean()
}

func waitsInLine(b *browser) {
	chat, lang := chatOf(b.t, reception)
	ru, office := labelsIn(b.t, dauys.Russian), labelsIn(b.t, lang)
	b.phone()
	b.open(fmt.Sprintf("?lang=ru&left=%d&right=%d&right-me=%d", tamara, chat, sergey))
	left, right := b.pane("left"), b.pane("right")
	mine := func() { b.t.Helper(); b.click(`document.querySelector("[data-testid=view-left]")`) }
	theirs := func() { b.t.Helper(); b.click(`document.querySelector("[data-testid=view-right]")`) }

	theirs()
	b.write(right, "/queue")
	for n := 1; n <= 2; n++ {
		b.click(right.button(office.say(locales.DeskAct("visitor"))))
		b.sees(right.said("bot", tags.ReplaceAllString(office.say(locales.DeskVisitor(n)), "")))
	}
	mine()
	b.click(left.id("start"))
	b.click(left.button(ru.say(locales.LanguageName())))
	b.sees(left.button(ru.say(locales.MenuButton("new"))))
	b.write(left, "/queue")
	b.click(left.button(ru.say(locales.QueueHow("door"))))
	b.sees(left.said("bot", ru.say(locales.QueueAhead(2))))
	b.click(left.button(ru.say(locales.QueueAct("show"))))
	b.sees(left.button(ru.say(locales.QueueAct("leave"))))
	b.fits()

	theirs()
	b.click(right.button(office.say(locales.DeskAct("open"))))
	next := right.button(office.say(locales.DeskAct("next")))
	for n := 1; n <= 3; n++ {
		b.click(next)
		b.sees(right.said("bot", fmt.Sprintf("№ %d · ", n)) + `.innerText.startsWith(` + js("Окно 1") + `)`)
	}
	b.click(right.button(office.say(locales.DeskAct("doc"))))
	b.click(right.button(office.say(locales.Document("identity"))))
	b.sees(right.said("bot", office.say(locales.Document("identity"))))
	b.sees("!" + right.button(office.say(locales.Document("passport"))))
	mine()
	called := left.said("bot", tags.ReplaceAllString(ru.say(locales.QueueTurn()), ""))
	b.sees(called)
	b.show(left.said("bot", ru.say(locales.QueueAhead(2))) + `.closest("[data-testid=message]")`)
	b.picture("queue-visitor.png")
	theirs()
	b.write(right, "/queue") // both cards again, one below the other
	b.sees(right.button(office.say(locales.DeskAct("pause"))) + ` && ` + next)
	b.touchScreen(360, 960)
	b.picture("queue-office.png")
	b.phone()
}

// nextDay moves the clock on the page by a day.
func nextDay(b *browser) {
	b.t.Helper()
	const now = `Date.parse(document.querySelector("[data-testid=clock-time]").dateTime)`
	before := b.number(now)
	b.click(`document.querySelector("[data-testid=clock-day]")`)
	b.sees(fmt.Sprintf("%s >= %d", now, before+24*60*60*1000))
}

func onAPhone(b *browser) {
	ru := labelsIn(b.t, dauys.Russian)
	b.phone()
	b.open(fmt.Sprintf("?lang=ru&left=%d", aigerim))
	pane := b.pane("left")
	list := `document.querySelector("[data-testid=view-list]")`
	b.click(list)
	b.sees(`getComputedStyle(document.querySelector("[data-testid=pane-left]")).display === "none"`)
	b.fits()
	b.click(fmt.Sprintf(`document.querySelector("[data-testid=chat][data-chat='%d']")`, dima))
	b.click(pane.id("start"))
	b.click(pane.button(ru.say(locales.LanguageName())))
	b.sees(pane.button(ru.say(locales.MenuButton("new"))))
	b.write(pane, "/help")
	b.sees(pane.said("bot", "/cancel"))
	for _, turn := range []func(){func() {}, func() { b.touchScreen(740, 360) }, b.phone} { // it stays at the newest message
		turn()
		b.sees(fmt.Sprintf(`((s) => s.scrollTop > 0 && s.scrollHeight - s.scrollTop - s.clientHeight < 2)(%s)`, pane.css(".scroll")))
		b.sees(pane.css(".down") + `.hidden`)
		b.fits()
	}
	b.click(list)
	b.sees(fmt.Sprintf(`document.querySelector("[data-testid=chat][data-chat='%d']").offsetParent`, amina))
}

func byKeyboard(b *browser) {
	en := labelsIn(b.t, dauys.English)
	b.screen(1280, 800)
	b.open(fmt.Sprintf("?lang=en&left=%d", aigerim))
	pane := b.pane("left")
	b.tabTo(fmt.Sprintf(`document.querySelector("[data-testid=chat][data-chat='%d']")`, amina))
	b.keys(kb.Enter)
	b.sees(pane.id("start"))
	b.tabTo(pane.id("start"))
	b.keys(kb.Enter)
	b.sees(pane.button(en.say(locales.LanguageName())))
	b.tabTo(pane.button(en.say(locales.LanguageName())), chromedp.ModifierShift)
	b.keys(kb.Enter)
	b.sees(pane.button(en.say(locales.MenuButton("new"))))
	b.tabTo(pane.id("input"))
	b.keys("/cases" + kb.Enter)
	b.sees(pane.said("bot", en.say(locales.NoCases())))
}

// labels are the words of buttons in one language.
type labels struct {
	book *locales.Book
	lang dauys.Lang
}

func labelsIn(t *testing.T, l dauys.Lang) labels {
	t.Helper()
	u := dauys.Builtin()
	book, err := locales.New(u.Calendar.Zone(), handlers.Names(u))
	if err != nil {
		t.Fatal(err)
	}
	return labels{book, l}
}

func (l labels) say(line ask.Line) string { return l.book.Plain(l.lang, line) }
func (l labels) verb(do ask.Do) string    { return l.say(ask.Line{Key: "ask.button." + string(do)}) }
func (l labels) institute(id string) string {
	return l.say(ask.Line{Key: "ask.named", Args: ask.Args{"Name": ask.Name{List: "institute", ID: id}}})
}
func (l labels) option(f ask.Flow, step, value string) string {
	return l.say(ask.Line{Key: f.Under(step) + "." + value})
}

// chatOf is the chat that the demonstration gives to an office, and the office's language.
func chatOf(t *testing.T, id dauys.OfficeID) (int64, dauys.Lang) {
	t.Helper()
	for i, o := range dauys.Builtin().Offices {
		if o.ID == id {
			return -1001000000001 - int64(i), o.Lang
		}
	}
	t.Fatalf("there is no office %s", id)
	return 0, ""
}

// announced takes what a command prints and passes on the address in it.
type announced chan string

var address = regexp.MustCompile(`http://127\.0\.0\.1:\d+`)

func (a announced) Write(p []byte) (int, error) {
	if found := address.Find(p); found != nil {
		a <- string(found)
	}
	return len(p), nil
}

// startDemo runs `dauys demo` until the test ends and tells where its page is.
func startDemo(t *testing.T, flags ...string) string {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	out, done := make(announced, 1), make(chan error, 1)
	go func() {
		done <- run(ctx, append([]string{"demo", "--listen", "127.0.0.1:0"}, flags...), []string{"LOG_LEVEL=error"}, out)
	}()
	ended := false
	t.Cleanup(func() {
		cancel()
		if ended {
			return
		}
		if err := <-done; err != nil {
			t.Errorf("the demonstration: %v", err)
		}
	})
	select {
	case at := <-out:
		return at
	case err := <-done:
		ended = true
		t.Fatalf("the demonstration did not start: %v", err)
	}
	return ""
}

// chromium finds the browser: the one that CHROMIUM names, which must be there then, or one in PATH.
func chromium(t *testing.T) string {
	t.Helper()
	if named := os.Getenv("CHROMIUM"); named != "" {
		path, err := exec.LookPath(named)
		if err != nil {
			t.Fatalf("CHROMIUM: %v", err)
		}
		return path
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// browser is a window with the page in it. It clicks and types as a person does, by the mouse
// and the keys, and what it waits for it waits for by condition.
type browser struct {
	t    *testing.T
	ctx  context.Context
	at   string // address of the page
	tap  bool   // by finger instead of by mouse
	seen *complaints
}

// complaints are what the browser found wrong with the page.
type complaints struct {
	mu  sync.Mutex
	all []string
}

func openBrowser(t *testing.T, program, at string) *browser {
	t.Helper()
	flags := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(program), chromedp.UserDataDir(t.TempDir()), chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck,
	}
	for _, name := range []string{ // nothing goes out of this machine, and it looks the same everywhere
		"disable-quic", "disable-background-networking", "disable-component-update", "disable-sync", "disable-extensions",
		"disable-dev-shm-usage", "hide-scrollbars", "disable-lcd-text",
	} {
		flags = append(flags, chromedp.Flag(name, true))
	}
	// A mouse that can hover, also where there is none.
	flags = append(flags, chromedp.Flag("blink-settings", "primaryHoverType=2,availableHoverTypes=2,primaryPointerType=4,availablePointerTypes=4"))
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), flags...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	b := &browser{t: t, ctx: ctx, at: at, seen: &complaints{}}
	if err := chromedp.Listen(ctx, b.seen.hear(at)); err != nil {
		t.Fatalf("start %s: %v", program, err)
	}
	return b
}

// in is the browser for a part of the test.
func (b *browser) in(t *testing.T) *browser {
	c := *b
	c.t = t
	return &c
}

// hear collects errors in the console and requests that leave the page's own host.
func (c *complaints) hear(at string) func(event any) {
	add := func(format string, a ...any) {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.all = append(c.all, fmt.Sprintf(format, a...))
	}
	return func(event any) {
		switch e := event.(type) {
		case *runtime.EventExceptionThrown:
			add("an error in the page: %s %+v", e.ExceptionDetails.Text, e.ExceptionDetails.Exception)
		case *runtime.EventConsoleAPICalled:
			if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning {
				for _, a := range e.Args {
					add("in the console: %s: %s %s", e.Type, a.Value, a.Description)
				}
			}
		case *cdplog.EventEntryAdded:
			if e.Entry.Level == cdplog.EntryLevelError || e.Entry.Level == cdplog.EntryLevelWarning {
				add("in the console: %s: %s %s", e.Entry.Level, e.Entry.Text, e.Entry.URL)
			}
		case *network.EventRequestWillBeSent:
			u, err := url.Parse(e.Request.URL)
			if err != nil || u.Scheme != "data" && u.Scheme != "blob" && u.Scheme+"://"+u.Host != at {
				add("a request elsewhere: %s", e.Request.URL)
			}
		}
	}
}

// clean fails the test when the page complained.
func (b *browser) clean() {
	b.t.Helper()
	b.seen.mu.Lock()
	defer b.seen.mu.Unlock()
	for _, c := range b.seen.all {
		b.t.Error(c)
	}
	b.seen.all = nil
}

// does runs an action of the browser.
func does[T any](b *browser, what string, a chromedp.Action[T]) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 2*patience)
	defer cancel()
	got, err := chromedp.Run(ctx, a)
	if err != nil {
		b.fail("%s: %v", what, err)
	}
	return got
}

// fail ends the test and shows what was on the page.
func (b *browser) fail(format string, a ...any) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	text, _ := chromedp.Run(ctx, chromedp.Evaluate[string](`document.querySelector("main").innerText`))
	if shot, err := chromedp.Run(ctx, chromedp.CaptureScreenshot()); err == nil {
		_ = os.WriteFile(filepath.Join(b.t.ArtifactDir(), "failed.png"), shot, 0o644) // kept by -artifacts
	}
	b.clean()
	b.t.Fatalf(format+"\non the page:\n%s", append(a, text)...)
}

// until waits until an expression of JavaScript is true and tells its value.
func until[T any](b *browser, what, expression string) T {
	b.t.Helper()
	return does(b, "wait for "+what, chromedp.Evaluate[T](fmt.Sprintf(`(async () => {
		const end = performance.now() + %d;
		for (;;) {
			let found, problem = "";
			try { found = await (%s); } catch (e) { problem = e; }
			if (found) return found;
			if (performance.now() > end) throw new Error("it does not come to be " + problem);
			await new Promise(requestAnimationFrame);
		}
	})()`, patience.Milliseconds(), expression), chromedp.EvalAwaitPromise))
}

// sees waits for something on the page.
func (b *browser) sees(expression string) {
	b.t.Helper()
	until[bool](b, expression, "Boolean("+expression+")")
}

// number waits for a number that is not 0.
func (b *browser) number(expression string) int64 {
	b.t.Helper()
	return until[int64](b, expression, "Number("+expression+")")
}

// click clicks an element, or touches it on a phone. When the page has moved under the mouse,
// it tries again, as a person would.
func (b *browser) click(element string) {
	b.t.Helper()
	for range 10 {
		at := until[[]float64](b, "a chance to click "+element, `(async () => {
			const e = `+element+`, place = () => JSON.stringify(e.getBoundingClientRect());
			if (e.disabled || !e.checkVisibility()) return null;
			e.scrollIntoView({ block: "nearest" });
			const was = place();
			for (let i = 0; i < 2; i++) await new Promise(requestAnimationFrame);
			if (place() !== was) return null;
			const r = e.getBoundingClientRect(), x = r.x + r.width / 2, y = r.y + r.height / 2;
			if (!e.contains(document.elementFromPoint(x, y))) return null;
			window.hit = false;
			const words = e.textContent; // what has taken its place meanwhile, drawn anew, is the same: a second click would be one too many
			document.addEventListener("click", ({ target }) => {
				const met = target.closest(e.localName);
				window.hit = e.contains(target) || met !== null && met.dataset.testid === e.dataset.testid && met.textContent === words;
			}, { once: true, capture: true });
			return [x, y];
		})()`)
		press := chromedp.MouseClickXY(at[0], at[1])
		if b.tap {
			press = chromedp.TapXY(at[0], at[1])
		}
		does(b, "click "+element, press)
		if until[string](b, "the click", `window.hit ? "hit" : (async () => {
			const end = performance.now() + 1000; // a touch becomes a click a little later
			while (!window.hit && performance.now() < end) await new Promise(requestAnimationFrame);
			return window.hit ? "hit" : "missed";
		})()`) == "hit" {
			return
		}
	}
	b.fail("cannot click %s", element)
}

// keys presses keys. A key goes down together with its text, so that a page that refuses the
// key gets no text either, as from a keyboard; chromedp.KeyEvent sends the two apart.
func (b *browser) keys(keys string, with ...chromedp.Modifier) {
	b.t.Helper()
	does(b, "press keys", chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		for _, r := range keys {
			events := kb.Encode(r)
			down, up := events[0], events[len(events)-1]
			if len(events) == 3 {
				down.Text, down.UnmodifiedText = events[1].Text, events[1].UnmodifiedText
			}
			for _, e := range []*input.DispatchKeyEventParams{down, up} {
				chromedp.KeyModifiers(with...)(e)
				if _, err := cdp.Call(ctx, t, input.DispatchKeyEvent, *e); err != nil {
					return err
				}
			}
		}
		return nil
	}))
}

// tabTo goes to an element with the Tab key.
func (b *browser) tabTo(element string, with ...chromedp.Modifier) {
	b.t.Helper()
	b.sees(element)
	for range 200 {
		if does(b, "focus", chromedp.Evaluate[bool](element+` === document.activeElement`)) {
			return
		}
		b.keys(kb.Tab, with...)
	}
	b.fail("Tab does not lead to %s", element)
}

// write types a message into a pane and sends it.
func (b *browser) write(p pane, text string) {
	b.t.Helper()
	b.click(p.id("input"))
	b.keys(text)
	b.sees(p.id("input") + `.value === ` + js(text))
	b.fits()
	if b.tap {
		b.click(p.id("send"))
	} else {
		b.keys(kb.Enter)
	}
	b.sees(p.said("me", text) + ` && !` + p.id("input") + `.value`)
}

// attachPhoto sends a photo through the file picker.
func (b *browser) attachPhoto(p pane, file string) {
	b.t.Helper()
	does(b, "hold the file picker", chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, page.SetInterceptFileChooserDialog, page.SetInterceptFileChooserDialogParams{Enabled: true})
		return err
	}))
	b.click(p.id("attach"))
	picker := does(b, "open the file picker", chromedp.WaitEvent(page.FileChooserOpened, nil, chromedp.Func(func(context.Context, *chromedp.Target) error {
		b.click(p.id("send-photo"))
		return nil
	})))
	does(b, "choose "+file, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, dom.SetFileInputFiles, dom.SetFileInputFilesParams{Files: []string{file}, BackendNodeID: picker.BackendNodeID})
		return err
	}))
	b.sees(p.css(`[data-testid=attachment][data-kind=photo] img`) + `.naturalWidth > 0`)
}

// open opens the page and waits until it is connected.
func (b *browser) open(query string) {
	b.t.Helper()
	does(b, "open the page", chromedp.Navigate(b.at+"/"+query))
	b.sees(`document.body.dataset.live && document.querySelector("[data-testid=chat]")`)
}

// screen is that of a computer, which has a mouse.
func (b *browser) screen(width, height int64) {
	b.t.Helper()
	b.tap = false
	does(b, "size of the screen", chromedp.EmulateViewport(width, height))
}

// phone is a small one, held upright.
func (b *browser) phone() { b.t.Helper(); b.touchScreen(360, 740) }

func (b *browser) touchScreen(width, height int64) {
	b.t.Helper()
	b.tap = true
	does(b, "size of the screen", chromedp.EmulateViewport(width, height, chromedp.EmulateMobile, chromedp.EmulateTouch, chromedp.EmulateScale(2)))
}

// fits fails the test when something hangs over an edge: of the screen, of a pane, of a bubble.
func (b *browser) fits() {
	b.t.Helper()
	if over := does(b, "measure", chromedp.Evaluate[[]string](`
		[...document.querySelectorAll("html, .pane, .scroll, .bubble, .buttons button, .compose, #top, #list, #switch")]
			.filter((e) => e.offsetParent && (e.scrollWidth > e.clientWidth + 1 || e.getBoundingClientRect().right > innerWidth + 1))
			.map((e) => (e.id || e.className || e.tagName) + ": " + e.textContent.slice(0, 80))`)); len(over) > 0 {
		b.t.Errorf("too wide:\n%s", strings.Join(over, "\n"))
	}
}

// show scrolls a message to the top of its pane, also when the pane, which has just changed its
// size, still goes to the newest message.
func (b *browser) show(message string) {
	b.t.Helper()
	b.sees(`(async () => {
		const e = ` + message + `, top = () => e.getBoundingClientRect().top;
		e.scrollIntoView();
		const was = top();
		for (let i = 0; i < 5; i++) await new Promise(requestAnimationFrame);
		return top() === was;
	})()`)
}

// picture takes a picture for the README, with -update.
func (b *browser) picture(name string) {
	b.t.Helper()
	b.fits()
	if !*update {
		return
	}
	// Nobody's pointer, nobody's cursor: it blinks.
	does(b, "leave", chromedp.MouseEvent(chromedp.MouseMoved, 0, 0))
	does(b, "leave", chromedp.Evaluate[bool](`(document.activeElement?.blur(), true)`))
	b.sees(`document.getAnimations().length === 0 && !document.querySelector("[data-testid=toast]")`)
	shot, err := png.Decode(bytes.NewReader(does(b, "take a picture", chromedp.CaptureScreenshot())))
	if err != nil {
		b.t.Fatal(err)
	}
	var out bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, fewColours(shot)); err != nil {
		b.t.Fatal(err)
	}
	dir := filepath.Join("..", "..", "docs", "images")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name), out.Bytes(), 0o644); err != nil {
		b.t.Fatal(err)
	}
}

// fewColours is a picture in its 256 most frequent colours: a third of the size, and nobody sees it.
func fewColours(img image.Image) image.Image {
	r := img.Bounds()
	count := map[color.Color]int{}
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			count[img.At(x, y)]++
		}
	}
	colours := slices.SortedFunc(maps.Keys(count), func(a, b color.Color) int { return count[b] - count[a] })
	few := image.NewPaletted(r, colours[:min(256, len(colours))])
	draw.Draw(few, r, img, r.Min, draw.Src)
	return few
}

// A pane is the left or the right phone of the page; its methods are expressions for what is in it.
type pane string

func (b *browser) pane(name string) pane { return pane("[data-testid=pane-" + name + "]") }

func (p pane) css(selector string) string {
	return "document.querySelector(" + js(string(p)+" "+selector) + ")"
}

func (p pane) id(testid string) string {
	return p.css(":not([hidden]) > [data-testid=" + testid + "]:not([hidden])")
}

func (p pane) message(id int64) string { return p.css(fmt.Sprintf("[data-message='%d']", id)) }

// button is the newest button with these words.
func (p pane) button(label string) string {
	return fmt.Sprintf(`[...document.querySelectorAll(%s)].findLast((b) => b.textContent === %s)`, js(string(p)+" [data-testid=button]"), js(label))
}

// said is a message of the bot, or one's own, that has these words in it.
func (p pane) said(who, words string) string {
	from := ".out"
	if who == "bot" {
		from = "[data-from=bot]"
	}
	return fmt.Sprintf(`[...document.querySelectorAll(%s)].findLast((m) => m.innerText.includes(%s))`, js(string(p)+" [data-testid=message]"+from+" [data-testid=text]"), js(words))
}

// js is a string in JavaScript.
func js(s string) string {
	quoted, err := json.Marshal(s)
	if err != nil {
		panic(err) // a string can always be quoted
	}
	return string(quoted)
}

// timetable draws the photo that goes with the complaint: a week, two lessons of it in red.
func timetable(t *testing.T) string {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 480, 160))
	fill := func(x, y, w, h int, c color.RGBA) {
		draw.Draw(img, image.Rect(x, y, x+w, y+h), &image.Uniform{c}, image.Point{}, draw.Src)
	}
	fill(0, 0, 480, 160, color.RGBA{250, 248, 243, 255})
	fill(0, 0, 480, 22, color.RGBA{47, 93, 138, 255})
	for day := range 5 {
		for lesson := range 4 {
			c := color.RGBA{206, 222, 236, 255}
			switch {
			case (day*3+lesson*2)%5 == 0:
				c = color.RGBA{234, 232, 226, 255}
			case day == 1 && lesson == 2, day == 3 && lesson == 1:
				c = color.RGBA{212, 84, 72, 255}
			}
			fill(16+day*91, 32+lesson*31, 84, 25, c)
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "keste.png")
	if err := os.WriteFile(file, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
