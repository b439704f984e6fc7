package dauys

import (
	"fmt"
	"maps"
	"regexp"
	"slices"

	"go.yaml.in/yaml/v3"
)

// Clause is one numbered sentence of the procedure, as people read it.
type Clause struct {
	ID     string `json:"id"` // stands behind the sign §
	Texts  Names  `json:"texts"`
	Source Names  `json:"source"` // the university's procedure, an article of a law, or a house rule
}

// Procedure is what Dauys cites. The version stands beside a clause, because a case keeps to
// the words under which it was filed.
type Procedure struct {
	Version string            `json:"version"` // empty: the file has no procedure
	Clauses []Clause          `json:"clauses"`
	Cites   map[string]string `json:"cites"` // an act, or a term → the clause behind it
}

// Clause finds a clause.
func (p Procedure) Clause(id string) (Clause, bool) {
	for _, c := range p.Clauses {
		if c.ID == id {
			return c, true
		}
	}
	return Clause{}, false
}

// SameWords tells whether two procedures say the same. Which clause is cited for what may
// differ: that changes nobody's rights.
func (p Procedure) SameWords(other Procedure) bool {
	return slices.EqualFunc(p.Clauses, other.Clauses, func(a, b Clause) bool {
		return a.ID == b.ID && maps.Equal(a.Source, b.Source) && maps.Equal(a.Texts, b.Texts)
	})
}

// Cites tells which clause is behind what happens to a case of a scheme: those of the
// procedure, and before them those of the scheme itself.
func (u *University) Cites(s Scheme) map[string]string {
	all := map[string]string{}
	maps.Copy(all, u.Procedure.Cites)
	maps.Copy(all, s.Cites)
	return all
}

// The terms that have a clause behind them, as acts have.
const (
	CiteTerm = "term" // of the whole case
	CiteRung = "rung" // of one office on the way
)

// citable is all that a clause can be behind: the acts that anybody is told of, and the terms.
var citable = []string{
	"register", "take", "ask", "answer", "escalate", "expire", "propose", "transfer", "redirect", "extend", "nudge", "close", "left",
	"reopen", "dispute", "withdraw", "bypass", "sort", "warn", "urge", "overdue", "recommend", "mediate", "schedule", "decide", "oral",
	CiteTerm, CiteRung,
}

// Clauses and versions travel together in one button, and in the names of places in the file.
var (
	wellClause  = regexp.MustCompile(`^[1-9][0-9]{0,2}[a-z]?$`)
	wellVersion = regexp.MustCompile(`^[0-9A-Za-z-]{1,16}$`)
)

// procedure reads the clauses. Whether the cited ones are there is seen when all are known.
func (r *reader) procedure(n *yaml.Node, path string) {
	p := &r.u.Procedure
	r.object(n, path,
		need("version", func(n *yaml.Node, _ string) {
			if p.Version = r.text(n); p.Version != "" && !wellVersion.MatchString(p.Version) {
				r.bad(n.Line, `write at most 16 letters, digits and "-", as in "2026-11"`, "%q cannot be a version", p.Version)
			}
		}),
		need("clauses", func(n *yaml.Node, path string) {
			r.items(n, path, r.clause)
			if n.Kind == yaml.SequenceNode && len(n.Content) == 0 {
				r.bad(n.Line, "list at least one, or take the procedure out", "the procedure has no clause")
			}
		}),
		may("cites", func(n *yaml.Node, path string) { p.Cites = r.cites(n, path) }),
	)
}

func (r *reader) clause(n *yaml.Node, path string) {
	c := Clause{Texts: Names{}}
	in := func(l Lang) func(*yaml.Node, string) {
		return func(n *yaml.Node, _ string) { c.Texts[l] = r.text(n) }
	}
	r.object(n, path,
		need("id", func(n *yaml.Node, _ string) {
			if c.ID = r.text(n); c.ID != "" && !wellClause.MatchString(c.ID) {
				r.bad(n.Line, `write a number, with a small letter behind it if need be: "7", "12a"`, "%q cannot be the number of a clause", c.ID)
			}
		}),
		need("kk", in(Kazakh)),
		need("ru", in(Russian)),
		need("en", in(English)),
		need("source", func(n *yaml.Node, path string) { c.Source = r.source(n, path) }),
	)
	if _, twice := r.u.Procedure.Clause(c.ID); twice && c.ID != "" {
		r.bad(n.Line, "give it another number", "there is a clause %q already", c.ID)
		return
	}
	r.u.Procedure.Clauses = append(r.u.Procedure.Clauses, c)
}

// source is where a clause comes from: in every language, or in words that are the same in all.
func (r *reader) source(n *yaml.Node, path string) Names {
	if n.Kind == yaml.MappingNode {
		return r.names(n, path)
	}
	s := r.text(n)
	return Names{Kazakh: s, Russian: s, English: s}
}

// cites reads which clause is behind what, of the procedure or of one scheme.
func (r *reader) cites(n *yaml.Node, path string) map[string]string {
	cites := map[string]string{}
	r.pairs(n, path, func(key, value *yaml.Node, _ string) {
		if !slices.Contains(citable, key.Value) {
			r.bad(key.Line, suggest(key.Value, citable), "%q is neither an act nor a term that could rest on a clause", key.Value)
			return
		}
		if id := r.text(value); id != "" {
			cites[key.Value] = id
		}
	})
	return cites
}

// cited checks that every clause that is cited is there.
func (r *reader) cited() {
	r.citedIn("procedure.cites", r.u.Procedure.Cites)
	for _, s := range r.u.Schemes {
		r.citedIn(join("schemes", s.ID)+".cites", s.Cites)
	}
}

func (r *reader) citedIn(path string, cites map[string]string) {
	var ids []string
	for _, c := range r.u.Procedure.Clauses {
		ids = append(ids, c.ID)
	}
	fix := "add it under procedure:, or take this out"
	if len(ids) > 0 {
		fix = fmt.Sprintf("add it, or write one from %q to %q", ids[0], ids[len(ids)-1])
	}
	for _, key := range slices.Sorted(maps.Keys(cites)) {
		if !slices.Contains(ids, cites[key]) {
			r.bad(r.u.Line(join(path, key)), fix, "there is no clause %q", cites[key])
		}
	}
}
