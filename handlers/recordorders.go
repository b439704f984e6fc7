package handlers

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"alt.edu.kz/dauys/flows"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
	"alt.edu.kz/dauys/registrar"
)

// Orders about the student: a list, a plain card for each, and what to do when one is wrong.

// orders are those about the student, the newest first.
func (s *student) orders(ctx context.Context) ([]registrar.Entry, error) {
	all, err := s.own(ctx, registrar.Orders)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(all, func(x, y registrar.Entry) int {
		return cmp.Or(-cmp.Compare(x.Fields["date"], y.Fields["date"]), cmp.Compare(x.Key, y.Key))
	})
	return all, nil
}

// ordersOfPage is how many orders stand on a page, each with a button.
const ordersOfPage = 8

// recordOrders lists the orders.
func (h *Handlers) recordOrders(ctx context.Context, s *student, parts []string) (*screen, error) {
	p := &screen{lines: []ask.Line{locales.RecordTitle("orders")}}
	all, err := s.orders(ctx)
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		p.lines = append(p.lines, locales.RecordNone("orders"))
		return p, nil
	}
	var lines []ask.Line
	for _, e := range all {
		lines = append(lines, locales.RecordOrder(ask.Day(e.Fields.Time("date", h.zone())), locales.RecordOrderKind(e.Fields["kind"])))
	}
	shown, turn := s.paged(lines, ordersOfPage, part(parts, 0), "ords")
	p.lines = append(p.lines, shown...)
	page, _ := strconv.Atoi(part(parts, 0))
	from := max(0, min(page, (len(all)-1)/ordersOfPage)) * ordersOfPage
	for _, e := range all[from:min(len(all), from+ordersOfPage)] {
		day := e.Fields.Time("date", h.zone()).Format("02.01.2006")
		p.rows = append(p.rows, []ask.Button{s.button(locales.RecordOrderButton(day, locales.RecordOrderKind(e.Fields["kind"])), "ord", marker(e.Key))})
	}
	p.rows = append(p.rows, rowsOf(turn)...)
	return p, nil
}

// order is the one that the data of a button means.
func (s *student) order(ctx context.Context, mark string) (f registrar.Fields, ok bool, err error) {
	all, err := s.orders(ctx)
	if err != nil {
		return nil, false, err
	}
	i := slices.IndexFunc(all, func(e registrar.Entry) bool { return marker(e.Key) == mark })
	if i < 0 {
		return nil, false, nil
	}
	return all[i].Fields, true, nil
}

// recordOrder is the card of an order: what it says, what it means, what to do next, whom to ask, how to
// object.
func (h *Handlers) recordOrder(ctx context.Context, s *student, parts []string) (*screen, error) {
	f, ok, err := s.order(ctx, part(parts, 0))
	if !ok || err != nil {
		return nil, err
	}
	kind := f["kind"]
	p := &screen{back: "ords:0", lines: []ask.Line{
		locales.RecordOrderHead(locales.RecordOrderKind(kind), f["number"], ask.Day(f.Time("date", h.zone()))),
		locales.RecordOrderMeans(kind),
	}}
	for _, label := range []string{"from", "until", "was", "becomes", "amount", "reason", "basis", "note"} {
		v := f[label]
		if v == "" {
			continue
		}
		switch day, isDay := ask.On(v); {
		case (label == "from" || label == "until") && isDay:
			p.lines = append(p.lines, locales.RecordFact("order-"+label, day))
		case label == "amount":
			p.lines = append(p.lines, locales.RecordFact("order-"+label, locales.RecordPrice(v)))
		default:
			p.lines = append(p.lines, locales.RecordFact("order-"+label, v))
		}
	}
	p.lines = append(p.lines, locales.RecordOrderNext(kind))
	if day, ok := ask.On(f["deadline"]); ok {
		p.lines = append(p.lines, locales.RecordOrderBy(day))
	}
	p.lines = append(p.lines, locales.RecordOrderAsk(f["prepared"]), locales.RecordOrderObject())
	p.rows = rowsOf(s.to("fix", "fix", part(parts, 0)), s.to("object", "object", part(parts, 0)))
	return p, nil
}

// objections are the topics under which an objection to an order goes to the institute.
var objections = map[string]string{
	"grant": "payment", "local-budget": "payment", "scholarship": "payment", "scholarship-stop": "payment", "travel": "payment",
	"repeat": "marks", "next-course": "marks", "control-forms": "marks",
}

// subject is an order as it is named in a request.
func (s *student) subject(f registrar.Fields) string {
	day := ask.Day(f.Time("date", s.h.zone()))
	return bare.Replace(s.h.Book.Plain(s.t.Lang(), locales.RecordOrderSubject(locales.RecordOrderKind(f["kind"]), f["number"], day, s.reader.Student)))
}

// recordFix begins a correction of an order, which goes to the Office of the Registrar.
func (h *Handlers) recordFix(ctx context.Context, s *student, parts []string) error {
	f, ok, err := s.order(ctx, part(parts, 0))
	if err != nil {
		return err
	}
	if !ok {
		return h.resume(s.t, locales.OldButton())
	}
	return s.correct(ctx, s.subject(f))
}

// recordFixMark begins a correction of the marks of a course.
func (h *Handlers) recordFixMark(ctx context.Context, s *student, parts []string) error {
	c, ok, err := s.found(ctx, parts)
	if err != nil {
		return err
	}
	if !ok {
		return h.resume(s.t, locales.OldButton())
	}
	term := spanName(registrar.Span{Year: c.Year, Semester: c.Semester})
	return s.correct(ctx, h.Book.Plain(s.t.Lang(), locales.RecordMarkSubject(s.course(c), term, s.reader.Student)))
}

// correct begins a correction; a structure file without a way for it leads to a usual complaint.
func (s *student) correct(ctx context.Context, about string) error {
	about = locales.Shorten(about, flows.MostAbout)
	if !slices.Contains(s.h.University.Kinds(), flows.CorrectionKind) {
		return s.complain(ctx, "misc", about)
	}
	known := s.known()
	known["about"] = ask.Answer{Values: []string{about}}
	return s.begun(ctx, flows.Correction, known, nil, locales.RecordAbout(about))
}

// recordObject begins a request with the institute about an order.
func (h *Handlers) recordObject(ctx context.Context, s *student, parts []string) error {
	f, ok, err := s.order(ctx, part(parts, 0))
	if err != nil {
		return err
	}
	if !ok {
		return h.resume(s.t, locales.OldButton())
	}
	return s.complain(ctx, cmp.Or(objections[f["kind"]], "misc"), s.subject(f))
}

// complain begins a request of which the first words are written.
func (s *student) complain(ctx context.Context, topic, about string) error {
	known := s.known()
	known["topic"] = ask.Answer{Values: []string{topic}}
	return s.begun(ctx, flows.Complaint, known, map[string]ask.Answer{"story": {Values: []string{about}}}, locales.RecordAbout(about))
}

// recordWhole is all that is kept of the student, a part of it on each page.
func (h *Handlers) recordWhole(ctx context.Context, s *student, parts []string) (*screen, error) {
	pages, err := s.whole(ctx)
	if err != nil {
		return nil, err
	}
	at, _ := strconv.Atoi(part(parts, 0))
	at = max(0, min(at, len(pages)-1))
	p := &screen{lines: []ask.Line{locales.RecordTitle("all")}}
	p.lines = append(p.lines, pages[at]...)
	p.lines = append(p.lines, locales.RecordPage(at+1, len(pages)))
	var turn []ask.Button
	if at > 0 {
		turn = append(turn, s.button(locales.RecordButton("before"), "all", strconv.Itoa(at-1)))
	}
	if at < len(pages)-1 {
		turn = append(turn, s.button(locales.RecordButton("after"), "all", strconv.Itoa(at+1)))
	}
	p.rows = rowsOf(turn)
	return p, nil
}

// whole is all that is kept of the student, in pages.
func (s *student) whole(ctx context.Context) (pages [][]ask.Line, err error) {
	who := []ask.Line{locales.RecordTitle("who")}
	for _, f := range []string{"name", "name_latin", "student", "iin", "born", "institute", "programme", "programme_title", "course", "group", "language", "mode", "basis", "status", "email", "phone"} {
		v := s.who[f]
		if v == "" {
			continue
		}
		var value any = v
		switch f {
		case "iin":
			value = ask.Mask(v)
		case "born":
			if day, ok := ask.On(v); ok {
				value = day
			}
		case "institute":
			for _, i := range s.h.University.Institutes {
				if s.h.isInstitute(i, v) {
					value = i.Names
				}
			}
		case "language":
			value = locales.RecordLangName(v)
		case "basis", "status":
			value = locales.RecordWord(f + "-" + v)
		}
		who = append(who, locales.RecordFact(strings.ReplaceAll(f, "_", "-"), value))
	}
	if len(who) == 1 {
		who = append(who, locales.RecordLeft())
	}
	pages = append(pages, who)
	courses, err := s.marked(ctx)
	if err != nil {
		return nil, err
	}
	for _, t := range terms(courses) {
		page := []ask.Line{locales.RecordAbout(spanName(t))}
		for _, c := range in(courses, t) {
			var marks []string
			for _, m := range registrar.Marked {
				if mark := c.Mark(m.Word); mark.Given {
					marks = append(marks, s.h.Book.Plain(s.t.Lang(), locales.RecordSoFar(locales.RecordWord("short-"+m.Word), markOf(mark))))
				}
			}
			page = append(page, locales.RecordPair(s.course(c), strings.Join(marks, "; ")))
		}
		pages = append(pages, page)
	}
	rest := func(title string, k registrar.Kind, line func(registrar.Fields) ask.Line) error {
		all, err := s.own(ctx, k)
		if err != nil {
			return err
		}
		if err := s.know(ctx, all); err != nil {
			return err
		}
		for i := 0; i < len(all); i += linesOfPage {
			page := []ask.Line{locales.RecordTitle(title)}
			for _, e := range all[i:min(len(all), i+linesOfPage)] {
				page = append(page, line(e.Fields))
			}
			pages = append(pages, page)
		}
		return nil
	}
	term := func(f registrar.Fields) ask.Line {
		return spanName(registrar.Span{Year: f["year"], Semester: f.Int("semester")})
	}
	if err := rest("orders", registrar.Orders, func(f registrar.Fields) ask.Line {
		return locales.RecordOrder(ask.Day(f.Time("date", s.h.zone())), locales.RecordBoth(locales.RecordOrderKind(f["kind"]), f["number"]))
	}); err != nil {
		return nil, err
	}
	if err := rest("mine", registrar.Plans, func(f registrar.Fields) ask.Line {
		return locales.RecordPair(s.title(f), locales.RecordBoth(term(f), locales.RecordWord("plan-"+f["status"])))
	}); err != nil {
		return nil, err
	}
	if err := rest("debts", registrar.Debts, func(f registrar.Fields) ask.Line {
		var value any = term(f)
		if f["reason"] != "" {
			value = locales.RecordBoth(value, locales.RecordWord("reason-"+f["reason"]))
		}
		if day, ok := ask.On(f["cleared"]); ok {
			value = locales.RecordBoth(value, locales.RecordCleared(day))
		}
		return locales.RecordPair(s.title(f), value)
	}); err != nil {
		return nil, err
	}
	if err := rest("compare", registrar.Comparisons, func(f registrar.Fields) ask.Line {
		return locales.RecordPair(s.title(f), locales.RecordWord("compare-"+f["status"]))
	}); err != nil {
		return nil, err
	}
	thesis, err := s.thesis(ctx)
	if err != nil {
		return nil, err
	}
	if len(thesis) > 0 {
		pages = append(pages, append([]ask.Line{locales.RecordTitle("thesis")}, thesis...))
	}
	return pages, nil
}

// recordHow answers how credits, points, ratings and averages work, with the numbers of the structure file.
func (h *Handlers) recordHow(_ context.Context, s *student, parts []string) (*screen, error) {
	a := h.University.Academic
	if a == nil {
		return &screen{lines: []ask.Line{locales.RecordTitle("how"), locales.RecordNone("how")}}, nil
	}
	p := &screen{lines: []ask.Line{locales.RecordTitle("how")}}
	topics := []string{"credits", "points", "rating", "average", "fail", "grants"}
	topic := part(parts, 0)
	assumed := false
	switch topic {
	case "credits":
		p.lines = append(p.lines, locales.RecordHowCredits(a.Credits.Hours, a.Credits.Year, a.Credits.Whole))
		assumed = a.Credits.Assumed
	case "points":
		p.lines = append(p.lines, locales.RecordHowPoints())
		for _, g := range a.Scale {
			p.lines = append(p.lines, locales.RecordScale(g.Letter, g.From, g.To, hundredths(g.Points), locales.RecordWord("grade-"+string(g.Word))))
		}
		assumed = a.ScaleBasis.Assumed
	case "rating":
		p.lines = append(p.lines, locales.RecordHowRating(a.Rating.Current, a.Rating.Control, a.Admission.First, a.Admission.Second, a.Admission.Least))
		if a.Admission.Each > 0 {
			p.lines = append(p.lines, locales.RecordHowEach(a.Admission.Each))
		}
		p.lines = append(p.lines, locales.RecordHowFinal(a.Final.Admission, a.Final.Exam))
		if a.Final.Both {
			p.lines = append(p.lines, locales.RecordHowBoth(a.Least()))
		}
		assumed = a.Rating.Assumed || a.Admission.Assumed || a.Final.Assumed
	case "average":
		p.lines = append(p.lines, locales.RecordHowGPA())
		if now := s.thresholds(); len(now) > 0 {
			p.lines = append(append(p.lines, locales.RecordTitle("next-course")), now...)
		}
		assumed = a.GPA.Assumed || a.TransferBasis.Assumed
	case "fail":
		for _, g := range a.Scale {
			if !g.Passes() {
				p.lines = append(p.lines, locales.RecordHowFailed(g.Letter, g.From, g.To, slices.Contains(a.Retakes.Letters, g.Letter)))
			}
		}
		if a.Retakes.Attempts > 0 {
			p.lines = append(p.lines, locales.RecordHowAttempts(a.Retakes.Attempts))
		}
		if a.Retakes.Failures > 0 {
			p.lines = append(p.lines, locales.RecordHowFailures(a.Retakes.Failures))
		}
		assumed = a.Retakes.Assumed
	case "grants":
		if a.Scholarship.Letter == "" {
			return nil, nil
		}
		p.lines = append(p.lines, locales.RecordHowScholarship(a.Scholarship.Letter))
		assumed = a.Scholarship.Assumed
	default:
		topic = ""
		p.lines = append(p.lines, locales.RecordHint("how"))
	}
	if assumed {
		p.lines = append(p.lines, locales.RecordAssumed())
	}
	for _, other := range topics {
		if other == "grants" && a.Scholarship.Letter == "" || other == topic {
			continue
		}
		p.rows = append(p.rows, s.to("how-"+other, "how", other))
	}
	if topic != "" {
		p.rows, p.back = nil, "how"
	}
	return p, nil
}

// thresholds are the GPA with which one goes on from each course after school, this year.
func (s *student) thresholds() (lines []ask.Line) {
	a := s.h.University.Academic
	for from := 1; from < 8; from++ {
		if t, ok := a.Threshold(registrar.DefaultTrack, yearOf(s.h.Now().In(s.h.zone())), from); ok {
			lines = append(lines, locales.RecordHowNext(from, hundredths(t.GPA)))
		}
	}
	return lines
}

// yearOf is the academic year of a day: it begins with September.
func yearOf(at time.Time) string {
	from := at.Year()
	if at.Month() < time.September {
		from--
	}
	return fmt.Sprintf("%d-%d", from, from+1)
}
