package handlers

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/documents"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
)

// sheetAct is a prompt that waits for a sheet of rulings: a file that answers the message with the
// empty one. The meeting is in what is given to its session.
const sheetAct dauys.Act = "sheet"

// mostSheet is how many bytes of a filled sheet are read.
const mostSheet = 2 << 20

// sheetWords are how the languages call the columns of a sheet and the rulings.
func (h *Handlers) sheetWords(l dauys.Lang) documents.Words {
	w := documents.Words{Columns: map[documents.Column]string{}}
	for _, c := range documents.Columns {
		w.Columns[c] = h.Book.Plain(l, locales.SheetColumn(string(c)))
	}
	for _, r := range dauys.Rulings {
		w.Decisions = append(w.Decisions, documents.Choice{Decision: string(r), Word: h.Book.Plain(l, locales.MeetingRuling(r))})
	}
	return w
}

// sheet sends the agenda as a table to be filled in.
func (h *Handlers) sheet(ctx context.Context, in Input, l dauys.Lang, m *dauys.Meeting) (string, error) {
	if _, serves, err := h.serves(ctx, in.From, m.Office); err != nil {
		return "", err
	} else if !serves {
		return h.Book.Plain(l, locales.NotStaff()), nil
	}
	if m.State != dauys.Sitting {
		return h.Book.Plain(l, locales.MeetingNo(&dauys.MeetingError{Why: dauys.NotNow})), nil
	}
	cases, err := h.onAgenda(ctx, m)
	if err != nil {
		return "", fmt.Errorf("sheet: %w", err)
	}
	full := !restricted(cases)
	p, err := h.meetingPaper(m, cases, full)
	if err != nil {
		return "", fmt.Errorf("sheet: %w", err)
	}
	s := documents.Sheet{Made: m.At, Name: p.Date, Words: h.sheetWords(l), Applicants: full}
	for n, i := range m.Items {
		it := p.Items[n]
		s.Rows = append(s.Rows, documents.Row{Number: it.Case, Asked: it.Asked, Applicant: it.Applicant, Decision: string(i.Ruling), Reason: i.Reason, Next: i.Next, Mark: i.Mark})
		s.Marks = s.Marks || cases[n].Kind == dauys.Appeal
	}
	file, err := documents.XLSX(s)
	if err != nil {
		return "", fmt.Errorf("sheet: %w", err)
	}
	b := dauys.Blob{ID: "sheet-" + documents.Hash(file), Name: strings.TrimRight(h.Book.Plain(l, locales.MeetingFile("sheet", m)), ".") + ".xlsx", MIME: sheetMIME, Data: file, At: m.At}
	prompt := Prompt{ID: promptID(in.Update, m.ID, sheetAct), Chat: in.Chat, Actor: in.From, Act: sheetAct,
		Session: ask.Session{Given: map[string][]string{"meeting": {m.ID}}}}
	n := wording(prompt, in, ask.Reply{Files: []ask.File{Document(b, h.Book.Say(l, locales.SheetHow()))}})
	n.Blobs = []dauys.Blob{b}
	if _, err := h.Storage.SavePrompt(ctx, prompt, in.Update, n); err != nil {
		return "", fmt.Errorf("sheet: %w", err)
	}
	return "", nil
}

// sheetBack is what was answered to the message with the empty sheet: the filled one. Words are talk
// of the office. Nothing is entered yet: what the sheet says is shown, or all that is wrong with it.
func (h *Handlers) sheetBack(ctx context.Context, in Input, l dauys.Lang, p Prompt) error {
	if in.File == nil || in.File.Kind != "document" || len(p.Session.Given["meeting"]) == 0 {
		return nil
	}
	say := func(r ask.Reply) error {
		r.To = in.Message
		return h.Storage.Notify(ctx, ready(in, r))
	}
	wrong := func(lines ...ask.Line) error { return say(ask.Reply{Text: h.Book.Lines(l, lines...)}) }
	m, err := h.Storage.Meeting(ctx, p.Session.Given["meeting"][0])
	if err != nil {
		return fmt.Errorf("load a meeting: %w", err)
	}
	_, serves, err := h.serves(ctx, in.From, m.Office)
	switch {
	case err != nil:
		return err
	case in.Hidden:
		return wrong(locales.ShowYourself())
	case !serves:
		return wrong(locales.NotStaff())
	case in.File.Size > mostSheet:
		return wrong(locales.SheetFlaw(0, "", string(documents.TooLarge), ""))
	}
	file, err := h.Files.Download(ctx, in.File.Ref, mostSheet)
	switch {
	case errors.Is(err, dauys.ErrTooBig):
		return wrong(locales.SheetFlaw(0, "", string(documents.TooLarge), ""))
	case err != nil:
		h.Log.Warn("a sheet was not downloaded", "error", err, "update", in.Update)
		return wrong(locales.SheetGone())
	}
	items, flaws := h.readSheet(m, file)
	if len(flaws) > 0 {
		return wrong(append([]ask.Line{locales.SheetRefused(len(flaws))}, flaws...)...)
	}
	b := dauys.Blob{ID: filledSheet(m, documents.Hash(file)), Name: "filled.xlsx", MIME: in.File.MIME, Data: file, At: h.Now()}
	if err := h.Storage.PutBlob(ctx, b); err != nil {
		return fmt.Errorf("keep a sheet: %w", err)
	}
	count := map[dauys.Ruling]int{}
	for _, i := range items {
		count[i.Ruling]++
	}
	press := "g:enter:" + m.ID + ":" + documents.Hash(file)[:sheetDigits]
	return say(ask.Reply{Text: h.Book.Lines(l, locales.SheetPreview(len(items), count)...), Buttons: [][]ask.Button{{h.button(l, locales.MeetingAct("enter"), press)}}})
}

// sheetDigits of a hash name a filled sheet of a meeting: data of a button has room for so many.
const sheetDigits = 24

func filledSheet(m *dauys.Meeting, hash string) string {
	return "filled-" + m.ID + "-" + hash[:min(len(hash), sheetDigits)]
}

// readSheet are the rulings on a filled sheet, or all that is wrong with it, by row.
func (h *Handlers) readSheet(m *dauys.Meeting, file []byte) (items []dauys.Item, wrong []ask.Line) {
	var words []documents.Words
	for _, l := range dauys.Langs {
		words = append(words, h.sheetWords(l))
	}
	type flaw struct {
		row  int
		line ask.Line
	}
	var flaws []flaw
	rows, found := documents.Read(file, words...)
	for _, f := range found {
		flaws = append(flaws, flaw{f.Row, locales.SheetFlaw(f.Row, string(f.Column), string(f.Kind), f.Value)})
	}
	for _, row := range rows {
		if row.Decision == "" { // not decided yet; whoever gives reasons has a flaw
			if _, on := m.Item(row.Number); on {
				continue
			}
		}
		i := dauys.Item{Case: row.Number, Ruling: dauys.Ruling(row.Decision), Reason: row.Reason, Next: row.Next, Mark: row.Mark}
		if no, bad := errors.AsType[*dauys.MeetingError](m.Can(i)); bad {
			flaws = append(flaws, flaw{row.Line, locales.SheetNo(row.Line, no)})
			continue
		}
		items = append(items, i)
	}
	if len(flaws) == 0 && len(items) == 0 {
		return nil, []ask.Line{locales.SheetFlaw(0, "", string(documents.NoRows), "")}
	}
	slices.SortStableFunc(flaws, func(a, b flaw) int { return a.row - b.row })
	for _, f := range flaws {
		wrong = append(wrong, f.line)
	}
	return items, wrong
}

// enterSheet enters all rulings of a sheet that was shown before: in one change, once.
func (h *Handlers) enterSheet(ctx context.Context, in Input, l dauys.Lang, m *dauys.Meeting, hash string) (string, error) {
	id := filledSheet(m, hash)
	b, err := h.Storage.Blob(ctx, id)
	if errors.Is(err, dauys.ErrNotFound) {
		return h.Book.Plain(l, locales.OldButton()), nil
	}
	if err != nil {
		return "", fmt.Errorf("load a sheet: %w", err)
	}
	return h.changeMeeting(ctx, in, l, m, "", func(m *dauys.Meeting, s dauys.Staff) ([]dauys.Notification, error) {
		items, wrong := h.readSheet(m, b.Data)
		if len(wrong) > 0 { // the meeting has changed meanwhile
			return nil, &dauys.MeetingError{Meeting: m.ID, Why: dauys.NotNow}
		}
		for _, i := range items {
			i.By, i.ByID = s.Name, s.ID
			if err := m.Rule(i); err != nil {
				return nil, err
			}
		}
		return nil, nil
	})
}
