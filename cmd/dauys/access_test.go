package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/locales"
)

// TestAccess goes through the page of `dauys demo` with axe-core, which finds what keeps out
// people who cannot see, or use no mouse: nothing may be found, on two phones side by side and on
// a narrow screen, in every language, by light and by dark. On the way everything that the page
// can do is done once. scripts/need.sh fetches axe-core.
func TestAccess(t *testing.T) {
	program, file := chromium(t), os.Getenv("AXE")
	if program == "" || file == "" {
		t.Log("left out: the accessibility test (install chromium and set AXE to axe.min.js, or run make test)")
		return
	}
	source, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("AXE: %v", err)
	}
	t.Parallel()
	b := &inspected{openBrowser(t, program, startDemo(t)), string(source) + "\n;true"}
	for _, part := range []struct {
		name string
		do   func(*inspected)
	}{
		{"two phones side by side", bothPhones},
		{"attachments", attachments},
		{"dialogs and menus", dialogsAndMenus},
		{"a group with topics", topics},
		{"on a phone", accessOnAPhone},
		{"by keyboard alone", dialogsByKeyboard},
	} {
		t.Run(part.name, func(t *testing.T) {
			in := &inspected{b.in(t), b.axe}
			part.do(in)
			in.clean()
		})
	}
}

// inspected is a browser with axe-core.
type inspected struct {
	*browser
	axe string
}

// accessible fails the test for everything that axe-core finds wrong with the page as it is now.
func (b *inspected) accessible(what string) {
	b.t.Helper()
	b.sees(`document.getAnimations().every((a) => a.playState !== "running" || a.effect.getComputedTiming().iterations === Infinity)`) // half-transparent is pale
	if !does(b.browser, "look for axe", chromedp.Evaluate[bool](`Boolean(window.axe)`)) {
		does(b.browser, "load axe", chromedp.Evaluate[bool](b.axe))
	}
	found := does(b.browser, "run axe", chromedp.Evaluate[[]string](`axe.run(document, { resultTypes: ["violations"] }).then((r) =>
		r.violations.flatMap((v) => v.nodes.map((n) => v.id + " (" + v.help + "): " + n.html.slice(0, 300) + "\n\t" + n.failureSummary.replace(/\s+/g, " "))))`,
		chromedp.EvalAwaitPromise))
	for _, f := range found {
		b.t.Errorf("%s: %s", what, f)
	}
}

// scheme chooses the colours, and that nothing moves.
func (b *inspected) scheme(name string) {
	b.t.Helper()
	does(b.browser, "choose the colours", chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: name}, {Name: "prefers-reduced-motion", Value: "reduce"}},
		})
		return err
	}))
}

// inBothSchemes looks at the page by light and by dark.
func (b *inspected) inBothSchemes(what string) {
	b.t.Helper()
	for _, name := range []string{"dark", "light"} {
		b.scheme(name)
		b.accessible(what + ", " + name)
		b.fits()
	}
}

// greeted starts the bot in a pane, if it is not started yet, and leaves it at its menu.
func (b *inspected) greeted(p pane, lang dauys.Lang) {
	b.t.Helper()
	words := labelsIn(b.t, lang)
	b.sees(p.id("start") + " || " + p.id("input"))
	if does(b.browser, "look for Start", chromedp.Evaluate[bool]("Boolean("+p.id("start")+")")) {
		b.click(p.id("start"))
		b.click(p.button(words.say(locales.LanguageName())))
	}
	b.sees(p.button(words.say(locales.MenuButton("new"))))
}

func bothPhones(b *inspected) {
	deputy, _ := chatOf(b.t, "deputy@itc")
	b.screen(1280, 800)
	b.scheme("light")
	for _, c := range []struct {
		lang   dauys.Lang
		person int64
	}{{dauys.Kazakh, aigerim}, {dauys.Russian, dima}, {dauys.English, amina}} {
		b.open(fmt.Sprintf("?lang=%s&left=%d&right=%d&right-me=%d", c.lang, c.person, deputy, saltanat))
		left, right := b.pane("left"), b.pane("right")
		b.accessible(string(c.lang) + ", before the start")
		b.greeted(left, c.lang)
		b.write(left, "/help")
		b.sees(left.said("bot", "/cancel"))
		b.write(right, "/help")
		b.sees(right.css("[data-testid=message]"))
		b.inBothSchemes(string(c.lang) + ", a dialogue")
	}
}

// attach chooses files in a pane's menu.
func (b *inspected) attach(p pane, kind string, files ...string) {
	b.t.Helper()
	does(b.browser, "hold the file picker", chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, page.SetInterceptFileChooserDialog, page.SetInterceptFileChooserDialogParams{Enabled: true})
		return err
	}))
	b.click(p.id("attach"))
	picker := does(b.browser, "open the file picker", chromedp.WaitEvent(page.FileChooserOpened, nil, chromedp.Func(func(context.Context, *chromedp.Target) error {
		b.click(p.id("send-" + kind))
		return nil
	})))
	does(b.browser, "choose files", chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, dom.SetFileInputFiles, dom.SetFileInputFilesParams{Files: files, BackendNodeID: picker.BackendNodeID})
		return err
	}))
}

// attachments: what a person can send besides words, an edit, and a reply.
func attachments(b *inspected) {
	b.screen(1280, 800)
	b.open(fmt.Sprintf("?lang=en&left=%d&right=%d", amina, dima))
	left := b.pane("left")
	b.greeted(left, dauys.English)
	folder := b.t.TempDir()
	file := func(name, content string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			b.t.Fatal(err)
		}
		return path
	}
	picture := timetable(b.t)
	b.attach(left, "photo", picture, picture, picture)
	b.sees(`document.querySelectorAll(` + js(string(left)+" [data-testid=attachment][data-kind=photo] img") + `).length === 3`)
	b.attach(left, "document", file("order.pdf", "%PDF-1.4"))
	b.sees(left.css("[data-testid=attachment][data-kind=document]"))
	b.attach(left, "voice", file("voice.ogg", "OggS"))
	b.sees(left.css("audio[data-testid=attachment][controls]"))
	b.attach(left, "video", file("video.mp4", "\x00\x00\x00\x18ftypmp42"))
	b.sees(left.css("video[data-testid=attachment][controls]"))
	for _, what := range []string{"contact", "location"} {
		b.click(left.id("attach"))
		b.click(left.id("share-" + what))
		b.sees(left.css("[data-testid=" + what + "]"))
	}
	b.write(left, "a wrod")
	b.click(left.said("me", "a wrod") + `.closest("[data-testid=message]").querySelector("[data-testid=edit]")`)
	b.sees(left.id("about-to"))
	b.accessible("editing")
	b.keys("!" + kb.Enter)
	b.sees(left.said("me", "a wrod!") + `.closest("[data-testid=message]").querySelector("[data-testid=edited]")`)
	b.click(`[...document.querySelectorAll(` + js(string(left)+" [data-from=bot] ~ .message [data-testid=reply], "+string(left)+" [data-from=bot] [data-testid=reply]") + `)].at(-1)`)
	b.sees(left.id("about-to"))
	b.keys("about this" + kb.Enter)
	b.sees(left.said("me", "about this") + `.closest("[data-testid=message]").querySelector("[data-testid=quote]")`)
	b.inBothSchemes("attachments")
}

// dialogsAndMenus opens each of them once.
func dialogsAndMenus(b *inspected) {
	b.screen(1280, 800)
	b.open(fmt.Sprintf("?lang=ru&left=%d&right=%d", dima, aigerim))
	left := b.pane("left")
	b.greeted(left, dauys.Russian)
	at := func(id string) string { return `document.querySelector("[data-testid=` + id + `]")` }
	for _, menu := range []string{"attach", "more", "commands"} {
		b.click(left.id(menu))
		b.sees(left.id(menu) + `.parentElement.open && ` + left.id(menu) + `.parentElement.querySelectorAll("div button").length > 0`)
		b.inBothSchemes("the menu " + menu)
		b.keys(kb.Escape)
		b.sees("!" + left.id(menu) + `.parentElement.open`)
	}

	b.click(at("add-person"))
	b.sees(at("person-dialog") + ".open")
	b.inBothSchemes("a new person")
	b.keys("Сауле")
	b.click(at("person-ok"))
	b.sees(left.css("h2") + ` && ` + left.id("start")) // the new phone is open
	b.sees(`[...document.querySelectorAll("[data-testid=chat]")].some((c) => c.textContent.includes("Сауле"))`)

	b.click(left.id("more"))
	b.click(left.id("open-link"))
	b.sees(at("link-dialog") + ".open")
	b.inBothSchemes("a link")
	b.keys("from_a_poster")
	b.click(at("link-ok"))
	b.sees(left.said("me", "/start from_a_poster"))

	b.click(left.id("more"))
	b.click(left.id("block-bot"))
	b.sees(left.id("unblock"))
	b.inBothSchemes("blocked")
	b.click(left.id("unblock"))
	b.sees(left.id("input"))

	does(b.browser, "an alert", chromedp.Evaluate[bool](`(document.querySelector("#alert-text").textContent = "Слишком поздно", document.querySelector("#alert").showModal(), true)`))
	b.inBothSchemes("an alert")
	b.click(at("alert-ok"))
}

// topics: a group is made, becomes a forum, and a topic of it is opened and closed.
func topics(b *inspected) {
	b.screen(1280, 800)
	b.open(fmt.Sprintf("?lang=kk&left=%d&right=%d", darkhan, dima))
	left := b.pane("left")
	at := func(id string) string { return `document.querySelector("[data-testid=` + id + `]")` }
	b.click(at("add-group"))
	b.sees(at("group-dialog") + ".open")
	b.inBothSchemes("a new group")
	b.keys("Деканат")
	b.click(at(fmt.Sprintf("member-%d", darkhan))) // the bot leaves groups to which no administrator invited it
	b.click(at("group-ok"))
	b.sees(left.css("h2") + `.textContent === "Деканат"`)
	b.click(left.id("more"))
	b.click(left.id("make-forum"))
	b.sees(left.css(".topic:not([hidden]) select"))
	b.click(left.id("more"))
	b.click(left.id("add-topic"))
	b.sees(at("topic-dialog") + ".open")
	b.inBothSchemes("a new topic")
	b.keys("Кесте")
	b.click(at("topic-ok"))
	b.sees(left.css("[data-testid=topic]") + `.selectedOptions[0].textContent === "Кесте"`)
	b.write(left, "Осы тақырыпта")
	b.attach(left, "photo", timetable(b.t))
	b.sees(left.css("[data-testid=attachment][data-kind=photo] img") + `.naturalWidth > 0`) // shown, so it stands in the topic
	b.click(left.id("more"))
	b.click(left.id("close-topic"))
	b.sees(left.css("[data-testid=topic]") + `.selectedOptions[0].textContent.startsWith("Кесте (")`)
	b.inBothSchemes("a closed topic")
	b.click(left.id("more"))
	b.click(left.id("reopen-topic"))
	b.sees(left.css("[data-testid=topic]") + `.selectedOptions[0].textContent === "Кесте"`)
	b.click(left.id("more"))
	b.click(left.id("delete-topic"))
	b.sees(left.css("[data-testid=topic]") + `.value === "0"`)
	b.click(left.id("more"))
	b.click(left.id(fmt.Sprintf("join-%d", gulnar)))
	b.sees(left.css("header .about") + `.textContent.includes("3")`)
	b.click(left.id("more"))
	b.click(left.id("kick-bot"))
	b.click(left.id("more"))
	b.click(left.id("open-link"))
	b.sees(at("link-dialog") + ".open")
	b.keys("office-1")
	b.click(at("link-ok"))
	b.sees(left.said("me", "/start@"))
}

func accessOnAPhone(b *inspected) {
	b.phone()
	b.scheme("light")
	at := func(id string) string { return `document.querySelector("[data-testid=` + id + `]")` }
	for _, c := range []struct {
		lang   dauys.Lang
		person int64
	}{{dauys.Kazakh, aigerim}, {dauys.Russian, dima}, {dauys.English, amina}} {
		b.open(fmt.Sprintf("?lang=%s&left=%d", c.lang, c.person))
		left := b.pane("left")
		b.click(at("view-left"))
		b.greeted(left, c.lang)
		b.inBothSchemes(string(c.lang) + ", a dialogue")
		b.click(left.id("attach"))
		b.accessible(string(c.lang) + ", the menu attach")
		b.click(left.id("attach"))
		b.click(at("view-list"))
		b.inBothSchemes(string(c.lang) + ", the list")
		b.click(at("add-group"))
		b.sees(at("group-dialog") + ".open")
		b.accessible(string(c.lang) + ", a new group")
		b.click(at("group-cancel"))
	}
}

// dialogsByKeyboard: whoever opens something with the keyboard is where they were when it closes,
// and sees at every step where they are.
func dialogsByKeyboard(b *inspected) {
	en := labelsIn(b.t, dauys.English)
	b.screen(1280, 800)
	b.open(fmt.Sprintf("?lang=en&left=%d&right=%d", amina, dima))
	left := b.pane("left")
	b.greeted(left, dauys.English)
	at := func(id string) string { return `document.querySelector("[data-testid=` + id + `]")` }
	for _, id := range []string{"add-person", "add-group"} {
		b.tabTo(at(id))
		b.visibleFocus()
		b.keys(kb.Enter)
		b.sees(at(strings.TrimPrefix(id, "add-")+"-dialog") + ".open")
		b.sees(at(strings.TrimPrefix(id, "add-")+"-dialog") + ".contains(document.activeElement)")
		b.keys(kb.Escape)
		b.sees(at(id) + " === document.activeElement")
	}
	b.tabTo(fmt.Sprintf(`document.querySelector("[data-testid=chat][data-chat='%d']")`, amina), chromedp.ModifierShift)
	b.visibleFocus()
	b.keys(kb.Enter)
	b.sees(left.id("input") + " === document.activeElement") // the open chat can be written in at once
	b.keys("/menu" + kb.Enter)
	b.sees(left.said("me", "/menu"))
	newest := left.button(en.say(locales.MenuButton("new")))
	b.sees(`((m) => m && m.offsetParent)(` + newest + `)`)
	b.tabTo(newest, chromedp.ModifierShift)
	b.visibleFocus()
	b.keys(kb.Enter)
	b.sees(left.css("[data-from=bot]:last-child [data-testid=button]") + ` !== ` + newest)
	for _, menu := range []string{"attach", "more"} {
		b.tabTo(left.id(menu))
		b.visibleFocus()
		b.keys(kb.Enter)
		b.sees(left.id(menu) + `.parentElement.open`)
		b.keys(kb.ArrowDown)
		b.sees(left.id(menu) + `.parentElement.querySelector("div").contains(document.activeElement)`)
		b.visibleFocus()
		b.keys(kb.Escape)
		b.sees(left.id(menu) + ` === document.activeElement`)
	}
}

// visibleFocus fails the test when nobody sees where the keyboard is.
func (b *inspected) visibleFocus() {
	b.t.Helper()
	b.sees(`((s) => s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2)(getComputedStyle(document.activeElement))`)
}
