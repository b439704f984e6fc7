package dauys

import (
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// Body is who is competent for what the university cannot decide: the directory of those to whom
// people are redirected. What stands here is told to applicants word for word.
type Body struct {
	ID     string
	Names  Names  // in full, as a letter is addressed
	Short  Names  // on a button; empty: the full name
	About  Names  // what it is competent for
	Where  Names  // address, site, telephone
	How    Names  // in what manner to apply
	Term   Names  // in what time it answers
	Langs  []Lang // in which it takes letters, the first before the others
	Source string // who says so
	Date   string // when that was looked up, as in 2026-11-22
}

// Label is its name on a button.
func (b Body) Label() Names {
	if len(b.Short) > 0 {
		return b.Short
	}
	return b.Names
}

// Writes is the language of a letter to it from somebody who speaks one: that, if it takes such
// letters, else its first.
func (b Body) Writes(l Lang) Lang {
	if slices.Contains(b.Langs, l) || len(b.Langs) == 0 {
		return l
	}
	return b.Langs[0]
}

// Body finds a competent body.
func (u *University) Body(id string) (Body, bool) {
	for _, b := range u.Bodies {
		if b.ID == id {
			return b, true
		}
	}
	return Body{}, false
}

// The bounds of the directory: an id that a button carries, a name that a button of a phone shows whole, and texts of which four
// and a remark fit into one message.
const (
	longestBody  = 11 // of an id, in button data beside all that an act of staff has to say there
	longestLabel = 32
	longestSaid  = 400
)

func (r *reader) body(n *yaml.Node, path string) {
	var b Body
	said := func(to *Names) func(*yaml.Node, string) {
		return func(n *yaml.Node, path string) {
			*to = r.names(n, path)
			for _, l := range Langs {
				if utf8.RuneCountInString(to.In(l)) > longestSaid {
					r.bad(r.u.Line(join(path, string(l))), "shorten it: people read it in a chat", "more than %d characters%s", longestSaid, of(path))
				}
			}
		}
	}
	r.object(n, path,
		need("id", func(n *yaml.Node, _ string) { b.ID = r.id(n, longestBody) }),
		need("names", said(&b.Names)),
		may("short", said(&b.Short)),
		need("about", said(&b.About)),
		need("where", said(&b.Where)),
		need("how", said(&b.How)),
		need("term", said(&b.Term)),
		need("langs", func(n *yaml.Node, path string) { b.Langs = words(r, n, path, "language", Langs) }),
		need("source", func(n *yaml.Node, _ string) { b.Source = r.text(n) }),
		need("date", func(n *yaml.Node, _ string) {
			if b.Date = r.text(n); b.Date != "" {
				if _, err := time.Parse(time.DateOnly, b.Date); err != nil {
					r.bad(n.Line, "write it as 2026-11-22", "%q is not a date", b.Date)
				}
			}
		}),
	)
	if b.ID == AnotherBody {
		r.bad(n.Line, "give it another id", "%q stands for a body that is not in the directory", b.ID)
	}
	for _, l := range Langs {
		if name := b.Label().In(l); utf8.RuneCountInString(name) > longestLabel {
			r.doubt(r.u.Line(path), fmt.Sprintf("add short: with at most %d characters", longestLabel), "the name of the body %q in %s is too long for a button", b.ID, langNames[l])
		}
	}
	if _, twice := r.u.Body(b.ID); twice && b.ID != "" {
		r.bad(n.Line, "give it another id", "there is a body %q already", b.ID)
		return
	}
	r.u.Bodies = append(r.u.Bodies, b)
}

// AnotherBody stands where one is chosen for a body that is not in the directory.
const AnotherBody = "another"
