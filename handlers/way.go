package handlers

import (
	"cmp"
	"context"
	"maps"
	"reflect"
	"slices"
	"strings"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
)

// What is handed in to a request besides options, by the names under which it is kept there.
const (
	givenScheme = "scheme" // the way that the person has chosen instead of the first
	givenLevel  = "level"  // of a proposal: to whom its curator addresses it
	givenKnown  = "known"  // people of the procedure who are known for this applicant
	givenSits   = "sits"   // offices where those have a place whom it is about
)

// steer sees to what follows from several answers together, after each turn of a request: which
// conversation carries on, whom it can be about, whether the way that was chosen is still one.
// Lines are to be said above what is shown then; nothing that was typed is lost.
func (h *Handlers) steer(ctx context.Context, f ask.Flow, was, s ask.Session) (ask.Flow, ask.Session, []ask.Line) {
	to, ok := flows.CarriesOn(s)
	if !ok {
		return f, s, nil
	}
	var above []ask.Line
	recorded := len(s.Answers["papers"].Files) + len(s.Parts["papers"].Files)
	given := maps.Clone(s.Given)
	next := s
	next.Flow, next.Given = to.Name, given
	if flows.Routed(next) {
		if !h.takes(next, strings.Join(given[givenScheme], "")) {
			delete(given, givenScheme)
			above = append(above, locales.WayDropped())
		}
		given["against"], given["addressee"] = h.rungs(next)
		h.documents(given, next)
	}
	if to.Name != f.Name || !maps.EqualFunc(given, s.Given, slices.Equal) {
		next = to.Carry(next)
		if len(next.Answers["papers"].Files)+len(next.Parts["papers"].Files) > recorded {
			above = append(above, locales.InWriting())
		}
	}
	d, before := request(next), request(was)
	if !flows.Routed(next) || routeKey(d) == routeKey(before) {
		return to, next, above
	}
	next.Given = maps.Clone(next.Given)
	delete(next.Given, givenKnown)
	delete(next.Given, givenSits)
	if d.Group != "" || len(d.Against) > 0 {
		q, err := h.Inquire(ctx, d)
		if err != nil { // it is looked up again when the request is sent
			h.Log.Warn("the way of a request is shown without who is known", "error", err)
			return to, next, above
		}
		for _, id := range q.Known {
			next.Given[givenKnown] = append(next.Given[givenKnown], string(id))
		}
		for _, step := range h.University.Steps(q) {
			if q.Sits != nil && step.Office != "" && q.Sits(step.Office) {
				next.Given[givenSits] = append(next.Given[givenSits], string(step.Office))
			}
		}
	}
	if _, err := h.University.Route(h.query(next)); err != nil && len(d.Against) > 0 {
		above = append(above, locales.NobodyLeft())
	}
	return to, next, above
}

// steered is steer behind a turn that was taken: what is shown is that of where it has led.
func (h *Handlers) steered(ctx context.Context, f ask.Flow, was, s ask.Session, v ask.View) (ask.Flow, ask.Session, ask.View) {
	f, s, above := h.steer(ctx, f, was, s)
	said := append(v.Lines[:v.Problems:v.Problems], above...)
	now := f.Show(s)
	if s.Flow == was.Flow && len(above) == 0 && reflect.DeepEqual(now.Buttons, v.Buttons) {
		return f, s, v // what stands right above in the chat is not said again
	}
	now.Lines, now.Problems, now.InPlace = append(said, now.Lines...), len(said), v.InPlace
	return f, s, now
}

// routeKey is all that decides the way.
func routeKey(d dauys.Draft) string {
	parts := []string{string(d.Kind), string(d.Applicant.Standing), d.Institute, d.Topic, d.Scheme, string(d.Level), d.Group}
	for _, a := range d.Against {
		parts = append(parts, string(a))
	}
	return strings.Join(parts, "\n")
}

// documents hands in what each ground for what is asked has to be proved by.
func (h *Handlers) documents(given map[string][]string, s ask.Session) {
	way, err := h.University.Route(h.query(s))
	if err != nil {
		return
	}
	for ground, items := range way.Scheme.Documents {
		given["papers:"+ground] = items
	}
}

// rungs are whom a request can be about, and to whom a curator can address it: the offices of the
// way but the highest.
func (h *Handlers) rungs(s ask.Session) (about, to []string) {
	q := request(s).Request()
	q.Against, q.Level = nil, ""
	for _, step := range h.University.Steps(q) {
		switch {
		case step.Person != "":
			about = append(about, step.Person)
		case step.Why == "":
			about = append(about, string(step.Office.Kind()))
			to = append(to, string(step.Office.Kind()))
		}
	}
	if len(to) > 1 {
		to = to[:len(to)-1]
	}
	return about, to
}

// ways are the schemes that a person can choose from, each name once.
func (h *Handlers) ways(s ask.Session) (all []dauys.Scheme) {
	q := request(s).Request()
	q.Scheme = ""
	seen := map[string]bool{}
	for _, way := range h.University.Ways(q) {
		name := way.Title(h.University).In(dauys.English)
		if !seen[name] {
			all = append(all, way)
		}
		seen[name] = true
	}
	return all
}

// takes tells whether a request can go by a scheme.
func (h *Handlers) takes(s ask.Session, scheme string) bool {
	return scheme == "" || slices.ContainsFunc(h.ways(s), func(w dauys.Scheme) bool { return w.ID == scheme })
}

// query asks for the way of a request that is not sent yet, as far as it was looked up.
func (h *Handlers) query(s ask.Session) dauys.Request {
	q := request(s).Request()
	q.Known = map[string]dauys.OfficeID{}
	for _, id := range s.Given[givenKnown] {
		q.Known[string(dauys.OfficeID(id).Kind())] = dauys.OfficeID(id)
	}
	if sits := s.Given[givenSits]; len(sits) > 0 {
		q.Sits = func(o dauys.OfficeID) bool { return slices.Contains(sits, string(o)) }
	}
	return q
}

// way tells, before anything is written, which office gets the request, who reads it and
// by when there is an answer.
func (h *Handlers) way(_ dauys.Lang, s ask.Session) []ask.Line {
	q := h.query(s)
	way, err := h.University.Route(q)
	switch {
	case err != nil && len(q.Against) > 0:
		return []ask.Line{locales.NobodyLeft()}
	case err != nil:
		return []ask.Line{locales.NoOffice()}
	}
	due := h.University.Calendar.Due(h.University.Calendar.Registered(h.Now()), way.Days(h.University, q.Kind))
	return append(locales.Way(way, due), h.without(q)...)
}

// wayNow tells what has become of the way since it was shown: who reads first after all, and who
// does not read it. Nothing when it is as it was.
func (h *Handlers) wayNow(_ dauys.Lang, s ask.Session) []ask.Line {
	q := h.query(s)
	plain := q
	plain.Known, plain.Level, plain.Against, plain.Sits = nil, "", nil, nil
	way, err := h.University.Route(q)
	was, werr := h.University.Route(plain)
	if err != nil || werr != nil {
		return h.way("", s)
	}
	var lines []ask.Line
	if first := way.Ladder[0]; first.Office != was.Ladder[0].Office {
		lines = append(lines, locales.WayBegins(first.Office))
	}
	return append(lines, h.without(q)...)
}

// without says whom a request passes by, because it is about them.
func (h *Handlers) without(q dauys.Request) (lines []ask.Line) {
	about := slices.Clone(q.Against)
	for _, step := range h.University.Steps(q) {
		if kind := cmp.Or(dauys.OfficeID(step.Person), step.Office.Kind()); step.Why == dauys.About && !slices.Contains(about, kind) {
			about = append(about, kind)
		}
	}
	for _, id := range about {
		lines = append(lines, locales.WayWithout(id))
	}
	return lines
}

// wayButton leads to the other ways; it stands where the way is told.
func (h *Handlers) wayButton(l dauys.Lang, s ask.Session, v ask.View, r ask.Reply) ask.Reply {
	told := slices.Contains(v.Notices, "way") || slices.ContainsFunc(v.Lines, func(x ask.Line) bool { return x.Key == locales.NobodyLeft().Key })
	if !told || !flows.Routed(s) || len(h.ways(s)) < 2 || len(r.Buttons) == 0 {
		return r
	}
	r.Buttons = slices.Insert(r.Buttons, len(r.Buttons)-1, h.menuRows(l, "way")...)
	return r
}

// listWays offers the ways that the open request can go.
func (h *Handlers) listWays(t *Turn) error {
	s, _, ok := h.focus(t)
	switch {
	case !ok || !flows.Routed(s):
		return h.resume(t, locales.OldButton())
	case len(h.ways(s)) < 2:
		return h.resume(t, locales.OneWay())
	}
	q := h.query(s)
	from := h.University.Calendar.Registered(h.Now())
	lines := []ask.Line{locales.Ways()}
	var r ask.Reply
	for _, scheme := range h.ways(s) {
		q.Scheme = scheme.ID
		way, err := h.University.Route(q)
		if err != nil {
			continue
		}
		lines = append(lines, locales.WayItem(scheme.ID, h.University.Calendar.Due(from, way.Days(h.University, q.Kind))))
		r.Buttons = append(r.Buttons, []ask.Button{h.button(t.Lang(), locales.WayName(scheme.ID), "y:"+scheme.ID)})
	}
	r.Text = h.Book.Lines(t.Lang(), lines...)
	r.Buttons = append(r.Buttons, h.onward(t))
	t.Say(r)
	return nil
}

// chooseWay sends the open request another way, and shows who reads it then.
func (h *Handlers) chooseWay(ctx context.Context, t *Turn, scheme string) error {
	s, f, ok := h.focus(t)
	if !ok || !flows.Routed(s) || scheme == "" || !h.takes(s, scheme) {
		return h.resume(t, locales.OldButton())
	}
	was := s
	s.Given = maps.Clone(s.Given)
	if s.Given[givenScheme] = []string{scheme}; h.ways(s)[0].ID == scheme {
		delete(s.Given, givenScheme)
	}
	f, s, above := h.steer(ctx, f, was, s)
	s.At = h.Now()
	t.State.Focus = &s
	above = append([]ask.Line{locales.WayChosen(scheme)}, above...)
	if !slices.Contains(f.Show(s).Notices, "way") {
		above = append(above, h.way(t.Lang(), s)...)
	}
	return h.resume(t, above...)
}
