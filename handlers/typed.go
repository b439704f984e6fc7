package handlers

import (
	"context"
	"slices"
	"strings"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
)

// anywhere are the buttons that are understood when their words are typed, whether or not
// they stand under the last message.
var anywhere = buttonsOf("new", "cases", "record", "public", "rector", "queue", "drafts", "language", "help", "privacy", "menu")

// inForms are those that are understood besides while a conversation is open.
var inForms = buttonsOf("resume", "aside", "later", "fresh", "way")

func buttonsOf(names ...string) (data []string) {
	for _, n := range names {
		data = append(data, "m:"+n)
	}
	return data
}

// typed is a message: words that mean a button count as the button, anything else is what
// the question asks for. The buttons of the question go first, then those of the last
// message and of the menu. A question for words takes nothing for a button but its very words.
func (h *Handlers) typed(ctx context.Context, t *Turn) error {
	s, f, open := h.focus(t)
	in := h.said(t)
	switch words := in.File == nil && t.Origin == ""; {
	case !open && !words:
		return h.perhapsReply(ctx, t)
	case !open:
		return h.typedMenu(ctx, t)
	case !words:
		return h.form(ctx, t, in)
	}
	view := f.Show(s)
	if view.Free() {
		return h.typedWords(ctx, t, view, in)
	}
	if data, how := h.heard(t, t.State.Shown); how == locales.Exact { // what was shown last
		return h.pressed(ctx, t, data[0])
	}
	heard, how := h.Book.Heard(t.Text, view)
	if heard.Text != "" { // a day, in another form
		heard.Message = in.Message
	}
	if how == locales.Exact {
		return h.form(ctx, t, heard)
	}
	if number := asNumber(t.Text); number != "" { // a look at something else; the question comes again
		return h.showCase(ctx, t, number)
	}
	if data, how := h.unnumbered(t, slices.Concat(anywhere, inForms, languages)); how == locales.Exact {
		return h.pressed(ctx, t, data[0])
	}
	switch {
	case how == locales.Sure:
		return h.form(ctx, t, heard)
	case view.Type == ask.TypeChoice:
		if id := h.namesDraft(t); id != "" {
			return h.draftButton(ctx, t, "open", id)
		}
	}
	if how == locales.Likely {
		in = heard
	}
	return h.form(ctx, t, in)
}

// typedWords is a message where words are asked for.
func (h *Handlers) typedWords(ctx context.Context, t *Turn, view ask.View, in ask.Input) error {
	if heard, how := h.Book.Heard(t.Text, view); how == locales.Exact {
		return h.form(ctx, t, heard)
	}
	if number := asNumber(t.Text); number != "" {
		return h.showCase(ctx, t, number)
	}
	all := slices.Concat(anywhere, inForms, slices.DeleteFunc(slices.Clone(t.State.Shown), func(d string) bool { return !strings.HasPrefix(d, "y:") }))
	if i, ok := h.Book.Match(t.Text, h.labels(t, all), false); ok {
		return h.pressed(ctx, t, all[i])
	}
	return h.form(ctx, t, in)
}

// typedMenu is a message outside of any conversation.
func (h *Handlers) typedMenu(ctx context.Context, t *Turn) error {
	near := t.State.Shown
	if len(near) == 0 {
		near = dataOf(ask.Reply{Buttons: h.menuButtons(t)})
	}
	data, how := h.heard(t, near)
	if how < locales.Exact {
		if other, sure := h.unnumbered(t, slices.Concat(anywhere, languages)); sure > how {
			data, how = other, sure
		}
	}
	if how >= locales.Sure {
		return h.pressed(ctx, t, data[0])
	}
	if number := asNumber(t.Text); number != "" {
		return h.showCase(ctx, t, number)
	}
	if id := h.namesDraft(t); id != "" {
		return h.draftButton(ctx, t, "open", id)
	}
	if how == locales.Likely {
		if done, err := h.perhapsServed(ctx, t); done || err != nil {
			return err
		}
		h.offer(t, data)
		return nil
	}
	return h.perhapsReply(ctx, t)
}

// offer shows the menu with those buttons first that the person may have meant.
func (h *Handlers) offer(t *Turn, data []string) {
	labels := h.labels(t, data)
	var rows [][]ask.Button
	for i := range data {
		rows = append(rows, []ask.Button{h.button(t.Lang(), labels[i], data[i])})
	}
	rest := slices.DeleteFunc(h.menuButtons(t), func(row []ask.Button) bool { return slices.Contains(data, row[0].Data) })
	t.Say(ask.Reply{Text: h.Book.Lines(t.Lang(), locales.DidYouMean(labels), locales.Menu()), Buttons: append(rows, rest...)})
	t.State.Offered = len(data)
}

// heard finds which buttons typed words mean, by their numbers too.
func (h *Handlers) heard(t *Turn, data []string) ([]string, locales.Certainty) {
	at, how := h.Book.Hear(t.Text, h.labels(t, data), t.offered)
	picked := pickFrom(data, at)
	if slices.Contains(picked, "") { // it leads out of here, nobody can press it for them
		return nil, locales.Unheard
	}
	return picked, how
}

// unnumbered finds them by their words alone: they do not stand there, so nobody counts them.
func (h *Handlers) unnumbered(t *Turn, data []string) ([]string, locales.Certainty) {
	at, how := h.Book.HearWords(t.Text, h.labels(t, data))
	return pickFrom(data, at), how
}

func pickFrom(data []string, at []int) (out []string) {
	for _, i := range at {
		out = append(out, data[i])
	}
	return out
}

// shown is what the buttons of an answer carry. Those of a conversation are worked out from
// the conversation.
func shown(r ask.Reply) []string {
	data := dataOf(r)
	if slices.ContainsFunc(data, func(d string) bool { _, _, form := ask.Pressed(d); return form }) {
		return nil
	}
	return data
}

func dataOf(r ask.Reply) (data []string) {
	for _, b := range slices.Concat(r.Buttons...) {
		data = append(data, b.Data)
	}
	return data
}

// languages are the buttons of the languages.
var languages = func() (data []string) {
	for _, l := range dauys.Langs {
		data = append(data, "l:"+string(l))
	}
	return data
}()

// labels are the words of buttons, by what these carry.
func (h *Handlers) labels(t *Turn, data []string) (out []ask.Line) {
	for _, d := range data {
		out = append(out, h.label(t, strings.Split(d, ":")))
	}
	return out
}

func (h *Handlers) label(t *Turn, data []string) ask.Line {
	kind, what := data[0], data[len(data)-1]
	switch {
	case kind == "l":
		return locales.LanguageOf(dauys.Lang(what))
	case kind == "m" && what == "account":
		return locales.RecordButton("account")
	case kind == "m" && what == "notices":
		return locales.WishesButton()
	case kind == wishPress:
		return h.wishLabel(data)
	case kind == "m" && what == "public":
		return locales.QueueWrite()
	case kind == "k" && len(data) == 3 && data[1] == "come":
		return locales.QueueOffice(dauys.OfficeID(what))
	case kind == "k" && len(data) == 3:
		return locales.QueueHow(data[1])
	case kind == "k":
		return locales.QueueAct(data[1])
	case kind == "m" && what == "drafts":
		return locales.DraftsButton(len(drafts(t.State)))
	case kind == "m":
		return locales.MenuButton(what)
	case kind == "y":
		return locales.WayName(what)
	case kind == "c" && what == pressLetter:
		return locales.LetterButton()
	case kind == "c" && what == pressThere:
		return locales.AcceptedThere()
	case kind == "c" && len(data) > 2:
		return locales.CaseAct(dauys.Act(what))
	case kind == filePress:
		return locales.CalendarButton()
	case kind == recordPrefix:
		return recordLabel(data)
	case kind == "j":
		return locales.JournalPeriod(what)
	case kind == "d" && len(data) > 2 && (data[1] == "open" || data[1] == "back"):
		for _, s := range append(drafts(t.State), binned(t.State)...) {
			if s.IsOf(what) {
				return h.draftName(*s)
			}
		}
	case kind == "d" && len(data) > 2:
		return locales.MenuButton(map[string]string{"keep": "keep", "drop": "discard"}[data[1]])
	}
	return locales.FileOf(what, "") // the number of a case
}

func binned(s *ask.State) (all []*ask.Session) {
	for i := range s.Bin {
		all = append(all, &s.Bin[i])
	}
	return all
}
