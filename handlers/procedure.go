package handlers

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
)

// Procedures are the versions of the procedure that were ever in force.
type Procedures interface {
	// Procedure is dauys.ErrNotFound of a version that never was.
	Procedure(ctx context.Context, version string) (dauys.Procedure, error)
}

// clausesShown is how many clauses stand on a page: so many fit into a message of any messenger,
// and can still be read on a phone.
const clausesShown = 8

// procedure shows the clauses that hold now. A form that is open asks its question again
// below, so that the pages can be turned above it.
func (h *Handlers) procedure(t *Turn) error {
	p := h.University.Procedure
	if len(p.Clauses) == 0 {
		return h.resume(t, locales.NoProcedure())
	}
	r := h.procedurePage(t, p, 0)
	if t.State.Focus == nil {
		r.Buttons = append(r.Buttons, h.onward(t))
		t.Say(r)
		return nil
	}
	t.Say(r)
	return h.resume(t)
}

// procedurePage is a page of the clauses, counted from 0, with the way to those beside it.
func (h *Handlers) procedurePage(t *Turn, p dauys.Procedure, page int) ask.Reply {
	pages := (len(p.Clauses) + clausesShown - 1) / clausesShown
	page = max(0, min(page, pages-1))
	on := func(page int) []dauys.Clause {
		return p.Clauses[page*clausesShown : min((page+1)*clausesShown, len(p.Clauses))]
	}
	lines := []ask.Line{locales.ProcedureHead(p.Version)}
	for _, c := range on(page) {
		lines = append(lines, locales.ProcedureClause(c))
	}
	var beside []ask.Button
	for _, other := range []int{page - 1, page + 1} {
		if other >= 0 && other < pages {
			there := on(other)
			label := locales.ProcedurePage(there[0].ID, there[len(there)-1].ID, other > page)
			beside = append(beside, h.button(t.Lang(), label, pageData(other, p.Version)))
		}
	}
	r := ask.Reply{Text: h.Book.Lines(t.Lang(), lines...)}
	if len(beside) > 0 {
		r.Buttons = [][]ask.Button{beside}
	}
	return r
}

// Buttons of the procedure name the version, because a notice of last year shows the words of
// last year: q:p:PAGE:VERSION and q:c:ID:VERSION.
func pageData(page int, version string) string { return "q:p:" + strconv.Itoa(page) + ":" + version }

// Cite is the line that names a clause, and the button that shows it as it stands in a version.
func (h *Handlers) Cite(l dauys.Lang, id, version string) (ask.Line, ask.Button) {
	return locales.Cited(id), h.button(l, locales.ClauseButton(id), "q:c:"+id+":"+version)
}

// procedureButton is a page of the procedure, or one clause.
func (h *Handlers) procedureButton(ctx context.Context, t *Turn, parts []string) error {
	if len(parts) != 4 {
		return h.resume(t, locales.OldButton())
	}
	what, id, version := parts[1], parts[2], parts[3]
	p, err := h.procedureOf(ctx, version)
	if errors.Is(err, dauys.ErrNotFound) {
		return h.resume(t, locales.OldButton())
	}
	if err != nil {
		return err
	}
	switch what {
	case "p":
		if page, err := strconv.Atoi(id); err == nil {
			r := h.procedurePage(t, p, page)
			r.Buttons = append(r.Buttons, h.onward(t))
			t.Say(t.Here(r))
			return nil
		}
	case "c":
		for i, c := range p.Clauses {
			if c.ID == id {
				t.Say(ask.Reply{Text: h.Book.Say(t.Lang(), locales.Clause(c, p.Version)), Buttons: [][]ask.Button{ // below the notice, which stays
					{h.button(t.Lang(), locales.ProcedureWhole(), pageData(i/clausesShown, p.Version))}, h.onward(t),
				}})
				return nil
			}
		}
	}
	return h.resume(t, locales.OldButton())
}

// procedureOf is a version of the procedure. The one of now is at hand.
func (h *Handlers) procedureOf(ctx context.Context, version string) (dauys.Procedure, error) {
	if p := h.University.Procedure; p.Version == version && version != "" {
		return p, nil
	}
	p, err := h.Storage.Procedure(ctx, version)
	if err != nil {
		return p, fmt.Errorf("procedure of version %q: %w", version, err)
	}
	return p, nil
}
