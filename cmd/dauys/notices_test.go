package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/notices"
)

// What students are told, and what the registrar sees of a notice for many, stands well on a phone. With -update
// the pictures of docs/notices.md are taken.
func TestNoticesInABrowser(t *testing.T) {
	program := chromium(t)
	if program == "" {
		t.Log("left out: the browser test of the notices (install chromium or run make test)")
		return
	}
	t.Parallel()
	p := &player{seen: map[int64]map[int64]string{}, stage: newStageWith(t, func(s *stage) { s.lang = dauys.Kazakh })}
	p.record("session")
	p.linked(aigerim, "20230001")
	p.linked(dima, "20230002")
	at := ""
	for _, line := range p.env {
		if url, ok := strings.CutPrefix(line, "TELEGRAM_API_URL="); ok {
			at = url
		}
	}
	play := func(lines ...string) {
		t.Helper()
		for _, line := range lines {
			if err := p.act(line); err != nil {
				t.Fatalf("%s: %v", line, err)
			}
			p.settle()
		}
	}
	b := openBrowser(t, program, at)
	b.phone()
	left := b.pane("left")
	last := func(pane pane) string {
		return `[...document.querySelectorAll("` + string(pane) + ` [data-testid=message]")].at(-1)`
	}
	picture := func(name, query string, pane pane, words string) {
		t.Helper()
		b.open("?lang=kk&" + query)
		b.sees(last(pane) + `?.innerText.includes(` + js(words) + `)`)
		b.show(last(pane))
		b.picture(name)
	}
	play("Aigerim: /start", "Aigerim: [Қазақша]", "Dima: /start", "Dima: [Русский]", "+ session1")
	picture("notices-digest.png", fmt.Sprintf("left=%d", aigerim), left, "Емтихандар")
	play("… 55h", "+ session4")
	picture("notices-card.png", fmt.Sprintf("left=%d", aigerim), left, "Апелляция")

	office := p.chats["registrar"]
	now := p.clock.Now().In(p.app.university.Calendar.Zone())
	p.do(p.app.db.SaveWish(t.Context(), notices.Wish{Who: telegramAddress(dima), QuietFrom: (now.Hour() - 1) * 60, QuietTo: (now.Hour() + 3) * 60}))
	play("Sergey: /start", "Sergey: [Қазақша]", "… 1m",
		"Sergey@registrar: /announce",
		"Sergey@registrar > Ертең бас ғимаратта жарық болмайды, сабақтар онлайн өтеді.",
		"Sergey@registrar > Завтра в главном корпусе не будет света, занятия пройдут онлайн.",
		"Sergey@registrar: [Өткізіп жіберу]", "Sergey@registrar: [Жоқ, таңға дейін күте алады]", "Sergey@registrar: [Мақұлданғаннан кейін]",
		"Sergey@registrar: [Жіберу]", "Sergey@registrar: [Мақұлдауға жіберу]", "Ainur@registrar: [Мақұлдап, жіберу]")
	p.later(notices.Grace + time.Minute)
	groups := fmt.Sprintf("left=%d&right=%d&right-me=%d", aigerim, office, sergey)
	right := b.pane("right")
	b.open("?lang=kk&" + groups)
	b.click(`document.querySelector("[data-testid=view-right]")`)
	b.sees(`[...document.querySelectorAll("` + string(right) + ` [data-testid=message]")].some(m => m.innerText.includes("50 %"))`)
	b.show(`[...document.querySelectorAll("` + string(right) + ` [data-testid=message]")].find(m => m.innerText.includes("50 %"))`)
	b.picture("notices-progress.png")
	plans, err := p.app.db.Plans(t.Context(), 1, notices.Notice)
	if err != nil || len(plans) != 1 {
		t.Fatalf("plans: %v, %v", plans, err)
	}
	p.forge(ainur, office, 1, "qb:r:"+plans[0].ID)
	b.sees(last(right) + `.innerText.includes("Жіберуді күтіп тұр: 1")`)
	b.show(last(right))
	b.picture("notices-report.png")
	b.clean()
}
