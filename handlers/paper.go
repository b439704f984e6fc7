package handlers

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/documents"
	"alt.edu.kz/dauys/flows"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
	"alt.edu.kz/dauys/registrar"
)

// Papers are what the office that keeps the record gives out about a student.
type Papers interface {
	AskPaper(ctx context.Context, p registrar.Paper, notes ...dauys.Notification) (stored registrar.Paper, err error)
	Paper(ctx context.Context, id string) (registrar.Paper, error)
	PaperByNumber(ctx context.Context, number string) (registrar.Paper, error)
	PapersOf(ctx context.Context, student string, limit int) ([]registrar.Paper, error)
	// ChangePaper is Act for a paper.
	ChangePaper(ctx context.Context, id string, who dauys.Address, office dauys.OfficeID, cause string, now time.Time,
		change func(*registrar.Paper, dauys.Staff) ([]dauys.Notification, error)) (registrar.Paper, error)
}

// papersShown is how many of their papers a student sees.
const papersShown = 5

// papersLooked is among how many, the copies for themselves included.
const papersLooked = 1000

// VerifyPath is where the public pages of papers are, below the address of the server.
const VerifyPath = "/verify/"

const (
	// paperPress begins the data of buttons about papers.
	paperPress = "q4"
	// refuseAct and revokeAct are the writing of a reason about a paper. They are no acts of a case.
	refuseAct dauys.Act = "paper-no"
	revokeAct dauys.Act = "paper-revoke"
)

// scholar is what the record has of a student, as far as papers need it.
type scholar struct {
	number  string
	roster  registrar.Fields
	courses []registrar.Course
	since   string // the date of the order with which they began; empty: nobody knows
}

// scholar reads the record of a student for somebody. The error is [dauys.ErrNotFound] when they are not in
// it, or not for the reader.
func (h *Handlers) scholar(ctx context.Context, r registrar.Reader, cause, number string) (s scholar, err error) {
	owner := registrar.OfStudent(number)
	found := map[registrar.Kind][]registrar.Entry{}
	for _, k := range []registrar.Kind{registrar.Roster, registrar.Marks, registrar.Orders} {
		if found[k], err = h.studies(ctx, r, cause, k, owner); err != nil {
			return s, err
		}
	}
	if len(found[registrar.Roster]) == 0 {
		return s, fmt.Errorf("student %s: %w", number, dauys.ErrNotFound)
	}
	var titles []registrar.Entry
	seen := map[string]bool{"": true}
	for _, m := range found[registrar.Marks] {
		code := m.Fields["discipline"]
		if seen[code] {
			continue
		}
		seen[code] = true
		of, err := h.studies(ctx, r, cause, registrar.Disciplines, registrar.OfDiscipline(code))
		if err != nil {
			return s, err
		}
		titles = append(titles, of...)
	}
	s = scholar{number: number, roster: found[registrar.Roster][0].Fields, courses: registrar.Courses(found[registrar.Marks], registrar.Catalogue(titles))}
	for _, o := range found[registrar.Orders] {
		if day := o.Fields["date"]; o.Fields["kind"] == "enrolment" && (s.since == "" || day < s.since) {
			s.since = day
		}
	}
	return s, nil
}

// scholarFor is the same for a member of staff. Of who is not in the record any more only the number is known.
func (h *Handlers) scholarFor(ctx context.Context, in Input, number string) (s scholar, err error) {
	r, err := h.reader(ctx, in.From)
	if err != nil {
		return s, err
	}
	if s, err = h.scholar(ctx, r, in.Update, number); errors.Is(err, dauys.ErrNotFound) {
		return scholar{number: number}, nil
	}
	return s, err
}

// graded are the courses with a final grade, which a transcript lists.
func (h *Handlers) graded(s scholar) (all []registrar.Course) {
	for _, c := range s.courses {
		if c.Result(h.University.Academic).Grade.Letter != "" {
			all = append(all, c)
		}
	}
	return all
}

// nameIn is the name of a student in a language: in Latin letters for English.
func (s scholar) nameIn(l dauys.Lang) string {
	if l == dauys.English {
		return cmp.Or(s.roster["name_latin"], s.roster["name"])
	}
	return s.roster["name"]
}

// programme is what a student studies.
func (s scholar) programme() string {
	if title := s.roster["programme_title"]; title != "" {
		return s.roster["programme"] + " – " + title
	}
	return s.roster["programme"]
}

// spans are the semesters of courses, in their order.
func spans(courses []registrar.Course) (all []registrar.Span) {
	for _, c := range courses {
		if in := (registrar.Span{Year: c.Year, Semester: c.Semester}); !slices.Contains(all, in) {
			all = append(all, in)
		}
	}
	return all
}

// places is a number of hundredths with so many places at least.
func places(hundredths, least int) ask.Decimal {
	s := fmt.Sprintf("%d.%02d", hundredths/100, hundredths%100)
	for n := 2; n > least && strings.HasSuffix(s, "0"); n-- {
		s = s[:len(s)-1]
	}
	return ask.Decimal(strings.TrimSuffix(s, "."))
}

// decimal is such a number in words.
func (h *Handlers) decimal(l dauys.Lang, hundredths, least int) string {
	return h.Book.Plain(l, ask.Line{Key: "ask.named", Args: ask.Args{"Name": places(hundredths, least)}})
}

// gpaOf is the GPA of a span and the credits that were earned in it.
func (h *Handlers) gpaOf(courses []registrar.Course, in registrar.Span) (gpa, credits ask.Decimal) {
	gpa = noFigure
	if g, ok := registrar.GPAOf(h.University.Academic, courses, in); ok {
		gpa = places(g.Value, 2)
	}
	return gpa, places(registrar.CreditsOf(h.University.Academic, courses, in), 0)
}

// transcript is a paper in finished words.
func (h *Handlers) transcript(s scholar, p registrar.Paper) documents.Transcript {
	l := p.Lang
	plain := func(line ask.Line) string { return h.Book.Plain(l, line) }
	university := h.University.Names.In(l)
	t := documents.Transcript{
		Lang: l, Made: p.Issued, Above: []string{university}, Title: plain(locales.OnPaper("title")), Number: p.Number,
		Date: plain(locales.PaperDay(p.Issued)), Place: plain(locales.OnPaper("city")),
		Columns: []string{plain(locales.OnPaper("discipline")), plain(locales.OnPaper("credits")), "%",
			plain(locales.OnPaper("letter")), plain(locales.OnPaper("points")), plain(locales.OnPaper("traditional"))},
		Notes: []string{plain(locales.OnPaper("note"))}, Author: university, Application: "Dauys",
		Pages: func(page, pages int) string { return plain(locales.PaperPage(page, pages)) },
	}
	if o, ok := h.registryOffice(); ok {
		t.Above = append(t.Above, o.Names.In(l))
	}
	t.Foot = strings.TrimSpace(t.Title+" "+p.Number) + " · " + university
	head := func(word ask.Line, value string) {
		if value != "" {
			t.Head = append(t.Head, documents.Pair{Name: plain(word), Value: value})
		}
	}
	head(locales.OnPaper("name"), s.nameIn(l))
	head(locales.OnPaper("student"), s.number)
	head(locales.OnPaper("programme"), s.programme())
	form := s.roster["mode"]
	if known, ok := locales.PaperForm(form); ok {
		form = plain(known)
	}
	head(locales.OnPaper("form"), form)
	if in, ok := dauys.LangOf(s.roster["language"]); ok {
		head(locales.OnPaper("language"), plain(locales.LanguageOf(in)))
	}
	if day := (registrar.Fields{"date": s.since}).Time("date", h.University.Calendar.Zone()); !day.IsZero() {
		head(locales.OnPaper("enrolled"), plain(locales.PaperDay(day)))
	}
	a, courses := h.University.Academic, h.graded(s)
	for _, in := range spans(courses) {
		term := documents.Studied{Name: plain(locales.PaperTerm(strings.ReplaceAll(in.Year, "-", "–"), in.Semester))}
		for _, c := range courses {
			if !in.Has(c) {
				continue
			}
			r := c.Result(a)
			row := []string{c.Name(l), h.decimal(l, c.Credits, 0), noFigure, r.Grade.Letter, h.decimal(l, r.Grade.Points, 1), plain(locales.PaperGrade(r.Grade.Word))}
			if r.Scored {
				row[2] = h.decimal(l, r.Score.Hundredths(), 0)
			}
			term.Rows = append(term.Rows, row)
		}
		term.Sum = plain(locales.PaperTermSum(h.gpaOf(courses, in)))
		t.Terms = append(t.Terms, term)
	}
	gpa, credits := h.gpaOf(courses, registrar.Span{})
	for _, sum := range []struct {
		word  ask.Line
		value ask.Decimal
	}{{locales.OnPaper("gpa"), gpa}, {locales.OnPaper("earned"), credits}} {
		t.Sum = append(t.Sum, documents.Pair{Name: plain(sum.word), Value: plain(ask.Line{Key: "ask.named", Args: ask.Args{"Name": sum.value}})})
	}
	if !p.Official {
		t.Standing, t.Behind = plain(locales.OnPaper("standing")), plain(locales.OnPaper("behind"))
		return t
	}
	t.Signatures, t.Stamp = []documents.Pair{{Name: plain(locales.OnPaper("signer"))}}, plain(locales.OnPaper("stamp"))
	if h.Public != "" {
		t.Link, t.Scan = h.Public+VerifyPath+p.Token, plain(locales.OnPaper("scan"))
	}
	return t
}

// print is the file of a paper. The same paper and record are the same bytes.
func (h *Handlers) print(s scholar, p registrar.Paper) (dauys.Blob, error) {
	file, err := documents.TranscriptPDF(h.transcript(s, p))
	if err != nil {
		return dauys.Blob{}, fmt.Errorf("print a transcript: %w", err)
	}
	return dauys.Blob{ID: "paper-" + documents.Hash(file), Name: h.Book.Plain(p.Lang, locales.PaperFile(p.Number)) + ".pdf", MIME: "application/pdf", Data: file, At: p.Issued}, nil
}

// paperMenu is the command /transcript.
func (h *Handlers) paperMenu(ctx context.Context, t *Turn, above ...ask.Line) error {
	r, err := h.reader(ctx, t.From)
	if err != nil {
		return err
	}
	if r.Student == "" {
		if r.Employee != "" {
			return h.resume(t, locales.PaperUnlinked())
		}
		return h.ownRecord(ctx, t) // which asks for the code
	}
	number := r.Student
	s, err := h.scholar(ctx, r, t.Update, number)
	if errors.Is(err, dauys.ErrNotFound) {
		return h.resume(t, locales.PaperEmpty())
	}
	if err != nil {
		return err
	}
	l := t.Lang()
	lines := append(above, locales.PaperMenu(s.nameIn(l), number))
	if len(h.graded(s)) == 0 {
		lines = append(lines, locales.PaperEmpty())
	}
	papers, err := h.Storage.PapersOf(ctx, number, papersLooked)
	if err != nil {
		return fmt.Errorf("papers of a student: %w", err)
	}
	if papers = slices.DeleteFunc(papers, func(p registrar.Paper) bool { return !p.Official }); len(papers) > 0 {
		lines = append(lines, locales.PaperList())
		for _, p := range papers[:min(len(papers), papersShown)] {
			lines = append(lines, locales.PaperItem(p))
		}
	}
	view := ask.Reply{Text: h.Book.Lines(l, lines...), Protected: true}
	if len(h.graded(s)) > 0 {
		view.Buttons = append(view.Buttons, h.paperButtons(l, "self"), h.paperButtons(l, "official"), h.paperButtons(l, "gpa"))
	}
	if len(s.courses) > 0 {
		view.Buttons = append(view.Buttons, h.paperButtons(l, "marks"))
	}
	t.Say(t.Here(view))
	return nil
}

func (h *Handlers) paperButtons(l dauys.Lang, acts ...string) (row []ask.Button) {
	for _, act := range acts {
		row = append(row, h.button(l, locales.PaperAct(act), paperPress+":"+act))
	}
	return row
}

// ownPaper is a button of a student: q4:ACT or q4:ACT:WHAT.
func (h *Handlers) ownPaper(ctx context.Context, t *Turn, rest string) error {
	act, what, chosen := strings.Cut(rest, ":")
	r, err := h.reader(ctx, t.From)
	if err != nil {
		return err
	}
	number := r.Student
	if number == "" || act == "menu" { // it was unlinked since
		return h.paperMenu(ctx, t)
	}
	s, err := h.scholar(ctx, r, t.Update, number)
	if errors.Is(err, dauys.ErrNotFound) {
		return h.paperMenu(ctx, t)
	}
	if err != nil {
		return err
	}
	lang, known := dauys.LangOf(what)
	switch {
	case act == "gpa" && len(h.graded(s)) > 0:
		return h.gpaChart(ctx, t, s)
	case act == "marks" && len(s.courses) > 0:
		return h.marksChart(ctx, t, s, what)
	case act != "self" && act != "official", len(h.graded(s)) == 0, chosen && !known:
		return h.paperMenu(ctx, t)
	case !chosen:
		r := ask.Reply{Text: h.Book.Say(t.Lang(), locales.PaperIn(act == "official"))}
		for _, l := range dauys.Langs {
			r.Buttons = append(r.Buttons, []ask.Button{{Text: h.Book.Plain(l, locales.LanguageName()), Data: paperPress + ":" + act + ":" + string(l)}})
		}
		r.Buttons = append(r.Buttons, h.paperButtons(t.Lang(), "menu"))
		t.Say(t.Here(r))
		return nil
	}
	p := registrar.Paper{ID: promptID(t.Update, number, paperPress), Kind: registrar.Transcript, Student: number, Name: s.roster["name"], Who: t.From, Lang: lang,
		Asked: h.Now(), Shown: s.programme()}
	if act == "official" {
		return h.askOfficial(ctx, t, s, p)
	}
	return h.selfCopy(ctx, t, s, p)
}

// selfCopy prints a copy at once. It is theirs: they may pass it on.
func (h *Handlers) selfCopy(ctx context.Context, t *Turn, s scholar, p registrar.Paper) error {
	p.State, p.Issued, p.Done = registrar.PaperIssued, p.Asked, p.Asked
	b, err := h.print(s, p)
	if err != nil {
		return err
	}
	p.Hash, p.Blob = documents.Hash(b.Data), b.ID
	if err := h.Storage.PutBlob(ctx, b); err != nil {
		return fmt.Errorf("keep a transcript: %w", err)
	}
	if _, err := h.Storage.AskPaper(ctx, p); err != nil {
		return fmt.Errorf("note a transcript: %w", err)
	}
	h.Log.Info("copy of a transcript", "paper", p.ID, "update", t.Update)
	t.Say(ask.Reply{Files: []ask.File{Document(b, h.Book.Say(t.Lang(), locales.PaperSelf()))}})
	return nil
}

// askOfficial puts a request for a paper before the office. Nobody asks for the same twice.
func (h *Handlers) askOfficial(ctx context.Context, t *Turn, s scholar, p registrar.Paper) error {
	o, ok := h.registryOffice()
	if !ok {
		return h.resume(t, locales.PaperNowhere())
	}
	papers, err := h.Storage.PapersOf(ctx, p.Student, papersLooked)
	if err != nil {
		return fmt.Errorf("papers of a student: %w", err)
	}
	for _, x := range papers {
		if x.ID != p.ID && x.Official && x.Lang == p.Lang && (x.State == registrar.PaperAsked || x.State == registrar.PaperApproved) {
			return h.paperMenu(ctx, t, locales.PaperAlready(x.Asked))
		}
	}
	l, err := h.officeLang(ctx, o)
	if err != nil {
		return err
	}
	p.Official, p.State = true, registrar.PaperAsked
	n := message("paper/"+p.ID+"/asked", "", h.paperCard(l, p, s.roster["group"]))
	n.Office = o.ID
	if _, err := h.Storage.AskPaper(ctx, p, n); err != nil {
		return fmt.Errorf("ask for a transcript: %w", err)
	}
	t.Told = true
	h.Log.Info("transcript asked for", "paper", p.ID, "update", t.Update)
	return h.paperMenu(ctx, t, locales.PaperAsked(o.ID))
}

// paperCard is a paper in the chat of the office, with what can be done about it.
func (h *Handlers) paperCard(l dauys.Lang, p registrar.Paper, group string) ask.Reply {
	r := ask.Reply{Text: h.Book.Lines(l, locales.PaperCard(p, cmp.Or(group, noFigure))...)}
	for _, b := range paperActs {
		if slices.Contains(b.in, p.State) {
			r.Buttons = append(r.Buttons, []ask.Button{h.button(l, locales.PaperAct(b.act), paperPress+":"+b.act+":"+p.ID)})
		}
	}
	return r
}

// paperAct is what the office does with a paper, and in which states.
type paperAct struct {
	act string
	in  []registrar.PaperState
}

var paperActs = []paperAct{
	{"ok", []registrar.PaperState{registrar.PaperAsked}},
	{"no", []registrar.PaperState{registrar.PaperAsked}},
	{"again", []registrar.PaperState{registrar.PaperApproved}},
	{"ready", []registrar.PaperState{registrar.PaperIssued}},
	{"out", []registrar.PaperState{registrar.PaperReady}},
	{"revoke", []registrar.PaperState{registrar.PaperApproved, registrar.PaperIssued, registrar.PaperReady, registrar.PaperCollected}},
}

// paperButton is a button under such a card: q4:ACT:ID. The data is only what was pressed: the right and the
// state are read in the transaction.
func (h *Handlers) paperButton(ctx context.Context, in Input, parts []string) (toast string, err error) {
	l := h.chatLang(ctx, in)
	if len(parts) != 3 || !slices.ContainsFunc(paperActs, func(a paperAct) bool { return a.act == parts[1] }) {
		return h.Book.Plain(l, locales.OldButton()), nil
	}
	if in.Hidden {
		return h.Book.Plain(l, locales.ShowYourself()), nil
	}
	o, ok := h.registryOffice()
	if !ok {
		return h.Book.Plain(l, locales.OldButton()), nil
	}
	if err := h.welcome(ctx, in, o.ID); err != nil {
		return "", err
	}
	if _, serves, err := h.serves(ctx, in.From, o.ID); err != nil || !serves {
		return h.Book.Plain(l, locales.NotStaff()), err
	}
	p, err := h.Storage.Paper(ctx, parts[2])
	if err != nil {
		return h.paperRefusal(l, err)
	}
	s, err := h.scholarFor(ctx, in, p.Student)
	if err != nil {
		return "", err
	}
	switch parts[1] {
	case "ok", "again":
		return h.approve(ctx, in, l, o.ID, p, s)
	case "no":
		return h.reason(ctx, in, l, p, s, refuseAct, registrar.PaperRefused)
	case "revoke":
		return h.reason(ctx, in, l, p, s, revokeAct, registrar.PaperRevoked)
	}
	to := map[string]registrar.PaperState{"ready": registrar.PaperReady, "out": registrar.PaperCollected}[parts[1]]
	theirs, err := h.langOf(ctx, p.Who, string(p.Lang))
	if err != nil {
		return "", err
	}
	p, err = h.Storage.ChangePaper(ctx, p.ID, in.From, o.ID, in.Update, h.Now(), func(p *registrar.Paper, staff dauys.Staff) (notes []dauys.Notification, err error) {
		if staff.ID == 0 {
			return nil, dauys.ErrNotStaff
		}
		if err := p.Move(to, staff.Name, "", h.Now()); err != nil {
			return nil, err
		}
		if to == registrar.PaperReady {
			notes = toStudent(*p, message("paper/"+p.ID+"/ready", p.Who, ask.Reply{Text: h.Book.Say(theirs, locales.PaperCollect(*p, o.ID))}))
		}
		return append(notes, h.cardAgain(in, l, *p, s)), nil
	})
	if errors.Is(err, registrar.ErrPaperState) {
		return h.behind(ctx, in, l, parts[2], s)
	}
	if err != nil {
		return h.paperRefusal(l, err)
	}
	h.Log.Info("paper", "paper", p.ID, "state", p.State, "update", in.Update)
	return h.Book.Plain(l, locales.PaperToast()), nil
}

// behind shows a card as it should be, of which a button was pressed that is none any more.
func (h *Handlers) behind(ctx context.Context, in Input, l dauys.Lang, id string, s scholar) (toast string, err error) {
	p, err := h.Storage.Paper(ctx, id)
	if err != nil {
		return h.paperRefusal(l, err)
	}
	if err := h.Storage.Notify(ctx, h.cardAgain(in, l, p, s)); err != nil {
		return "", fmt.Errorf("show a paper as it is: %w", err)
	}
	return h.Book.Plain(l, locales.PaperMoved()), nil
}

// cardAgain shows the card as it is now, where it stands.
func (h *Handlers) cardAgain(in Input, l dauys.Lang, p registrar.Paper, s scholar) dauys.Notification {
	r := h.paperCard(l, p, s.roster["group"])
	if r.Edit = in.Message; in.Press == "" {
		r.Edit, r.To = "", in.Message
	}
	return ready(in, r)
}

// paperRefusal turns an error about a paper into a sentence.
func (h *Handlers) paperRefusal(l dauys.Lang, err error) (string, error) {
	if errors.Is(err, registrar.ErrPaperState) {
		return h.Book.Plain(l, locales.PaperMoved()), nil
	}
	if errors.Is(err, errNoAccount) {
		return h.Book.Plain(l, locales.PaperNoAccount()), nil
	}
	return h.refusal(l, err)
}

// errNoAccount: no account is the student's now, so that a paper cannot be sent.
var errNoAccount = errors.New("no account of the student")

// toStudent is what the student is told, if there is where.
func toStudent(p registrar.Paper, n dauys.Notification) []dauys.Notification {
	if p.Who == "" {
		return nil
	}
	return []dauys.Notification{n}
}

// approve gives a paper its number, and then prints and sends it. When the process dies between the two,
// the same update goes on with the second; should that fail for good, a button under the card does.
func (h *Handlers) approve(ctx context.Context, in Input, l dauys.Lang, office dauys.OfficeID, p registrar.Paper, s scholar) (toast string, err error) {
	if len(h.graded(s)) == 0 {
		return h.Book.Plain(l, locales.PaperNoRecord()), nil
	}
	id := p.ID
	if p.State != registrar.PaperApproved {
		token := h.NewID()
		p, err = h.Storage.ChangePaper(ctx, p.ID, in.From, office, in.Update, h.Now(), func(p *registrar.Paper, staff dauys.Staff) ([]dauys.Notification, error) {
			if staff.ID == 0 {
				return nil, dauys.ErrNotStaff
			}
			if p.Who == "" {
				return nil, errNoAccount
			}
			p.Token = token
			return nil, p.Move(registrar.PaperApproved, staff.Name, "", h.Now())
		})
		if errors.Is(err, registrar.ErrPaperState) {
			return h.behind(ctx, in, l, id, s)
		}
		if err != nil {
			return h.paperRefusal(l, err)
		}
	}
	if p.State != registrar.PaperApproved { // the same update again, and it was sent
		return h.Book.Plain(l, locales.PaperToast()), nil
	}
	p.Name, p.Shown = s.nameIn(p.Lang), s.programme()
	b, err := h.print(s, p)
	if err != nil {
		return "", err
	}
	theirs, err := h.langOf(ctx, p.Who, string(p.Lang))
	if err != nil {
		return "", err
	}
	name, shown := p.Name, p.Shown
	p, err = h.Storage.ChangePaper(ctx, p.ID, in.From, office, "issue", h.Now(), func(p *registrar.Paper, staff dauys.Staff) ([]dauys.Notification, error) {
		if staff.ID == 0 {
			return nil, dauys.ErrNotStaff
		}
		if p.Who == "" {
			return nil, errNoAccount
		}
		p.Name, p.Shown, p.Hash, p.Blob = name, shown, documents.Hash(b.Data), b.ID
		if err := p.Move(registrar.PaperIssued, cmp.Or(p.By, staff.Name), "", p.Issued); err != nil {
			return nil, err
		}
		body, _ := json.Marshal(ask.Reply{Files: []ask.File{Document(b, h.Book.Say(theirs, locales.PaperSent(*p, office)))}}) // strings only: cannot fail
		return []dauys.Notification{
			{Key: "paper/" + p.ID + "/issued", What: dauys.Ready, To: p.Who, Body: string(body), Blobs: []dauys.Blob{b}},
			h.cardAgain(in, l, *p, s),
		}, nil
	})
	if err != nil {
		return h.paperRefusal(l, err)
	}
	h.Log.Info("paper", "paper", p.ID, "state", p.State, "update", in.Update)
	return h.Book.Plain(l, locales.PaperToast()), nil
}

// reason asks why a paper is not given out, or holds no more.
func (h *Handlers) reason(ctx context.Context, in Input, l dauys.Lang, p registrar.Paper, s scholar, act dauys.Act, to registrar.PaperState) (toast string, err error) {
	if !p.Can(to) {
		return h.behind(ctx, in, l, p.ID, s)
	}
	prompt := Prompt{ID: promptID(in.Update, p.ID, act), Chat: in.Chat, Actor: in.From, Act: act}
	prompt.Session = flows.Denial.Start(prompt.ID, map[string][]string{"paper": {p.ID, in.Message}}, map[string]ask.Answer{})
	r := h.ask(l, in, prompt, flows.Denial, flows.Denial.Show(prompt.Session), prompt.head())
	r.Edit, r.To = "", in.Message // the card stays
	if _, err := h.Storage.SavePrompt(ctx, prompt, in.Update, wording(prompt, in, r)); err != nil {
		return "", fmt.Errorf("begin %s: %w", act, err)
	}
	return "", nil
}

// reasoned does what the reason was written for. The prompt is the cause, so that it is done once.
func (h *Handlers) reasoned(ctx context.Context, in Input, l dauys.Lang, p Prompt) error {
	of := p.Session.Given["paper"]
	if len(of) != 2 {
		return h.endPrompt(ctx, in, p, ask.Cancelled, h.Book.Say(l, locales.PaperLeft()))
	}
	paper, err := h.Storage.Paper(ctx, of[0])
	if err != nil {
		return fmt.Errorf("load a paper: %w", err)
	}
	o, ok := h.registryOffice()
	if !ok {
		return h.endPrompt(ctx, in, p, ask.Cancelled, h.Book.Say(l, locales.PaperLeft()))
	}
	s, err := h.scholarFor(ctx, in, paper.Student)
	if err != nil {
		return err
	}
	theirs, err := h.langOf(ctx, paper.Who, string(paper.Lang))
	if err != nil {
		return err
	}
	to, told := registrar.PaperRefused, locales.PaperDenied
	if p.Act == revokeAct {
		to, told = registrar.PaperRevoked, locales.PaperVoid
	}
	paper, err = h.Storage.ChangePaper(ctx, of[0], in.From, o.ID, "prompt/"+p.ID, h.Now(), func(paper *registrar.Paper, staff dauys.Staff) ([]dauys.Notification, error) {
		if staff.ID == 0 {
			return nil, dauys.ErrNotStaff
		}
		if err := paper.Move(to, staff.Name, p.Session.Value("words"), h.Now()); err != nil {
			return nil, err
		}
		card := h.paperCard(l, *paper, s.roster["group"])
		card.Edit = of[1]
		again := message("paper/"+paper.ID+"/card/"+string(to), p.Chat, card)
		again.Direct = true
		return append(toStudent(*paper, message("paper/"+paper.ID+"/"+string(to), paper.Who, ask.Reply{Text: h.Book.Say(theirs, told(*paper))})), again), nil
	})
	if err != nil {
		no, err := h.paperRefusal(l, err)
		if err != nil {
			return err
		}
		return h.endPrompt(ctx, in, p, ask.Cancelled, no+"\n\n"+h.Book.Say(l, locales.FormKept(p.Session.Value("words"))))
	}
	h.Log.Info("paper", "paper", paper.ID, "state", paper.State, "update", in.Update)
	return h.endPrompt(ctx, in, p, ask.Done, h.Book.Say(l, locales.PaperReasoned()))
}

// paper is the command /paper in the chat of the office: a paper by its number, with what can be done.
func (h *Handlers) paper(ctx context.Context, in Input) error {
	o, ok, err := h.records(ctx, in.Chat)
	if err != nil || !ok {
		return err
	}
	l, err := h.officeLang(ctx, o)
	if err != nil {
		return err
	}
	say := func(line ask.Line) error {
		return h.Storage.Notify(ctx, ready(in, ask.Reply{To: in.Message, Text: h.Book.Say(l, line)}))
	}
	if no, err := h.unserved(ctx, in, o.ID); err != nil {
		return err
	} else if no != nil {
		return say(*no)
	}
	number := strings.ToUpper(strings.TrimSpace(in.Arg))
	if number == "" {
		return say(locales.PaperHow())
	}
	p, err := h.Storage.PaperByNumber(ctx, number)
	if errors.Is(err, dauys.ErrNotFound) {
		return say(locales.PaperNone(number))
	}
	if err != nil {
		return fmt.Errorf("find a paper: %w", err)
	}
	s, err := h.scholarFor(ctx, in, p.Student)
	if err != nil {
		return err
	}
	return h.Storage.Notify(ctx, h.cardAgain(in, l, p, s))
}
