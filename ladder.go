package dauys

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// OfficeID names an office in the structure file. An office that every institute has
// for itself carries the institute behind an at sign: "deputy@itc". A person who has cases
// like an office is known by whose they are: "advisor-curator@itc.ис211".
type OfficeID string

// In is the office of that kind of an institute.
func (id OfficeID) In(institute string) OfficeID { return id + "@" + OfficeID(institute) }

// Kind is the office as schemes write it, without whose it is.
func (id OfficeID) Kind() OfficeID {
	kind, _, _ := strings.Cut(string(id), "@")
	return OfficeID(kind)
}

// institute is that of an office which each institute has for itself; empty: it is the whole university's.
func (id OfficeID) institute() string {
	_, its, _ := strings.Cut(string(id), "@")
	its, _, _ = strings.Cut(its, ".") // of a person: the group behind it
	return its
}

func (id OfficeID) ofInstitute() bool { return id.institute() != "" }

// CuratorOf is the person of a kind who has the cases of a student group of an institute.
func CuratorOf(person, institute, group string) OfficeID {
	return OfficeID(person + "@" + institute + "." + GroupKey(group))
}

// lookalikes are Latin letters that people type for the Cyrillic ones that look the same.
var lookalikes = strings.NewReplacer("a", "а", "b", "в", "c", "с", "e", "е", "h", "н", "k", "к", "m", "м", "o", "о", "p", "р", "t", "т", "x", "х", "y", "у", "i", "і")

// GroupKey is a student group however somebody types it: "ИС 21-1" and "ис-21-1" are one.
func GroupKey(group string) string {
	key := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, group)
	return lookalikes.Replace(key)
}

// Rung is one office on the way of a case, and how long it has.
type Rung struct {
	Office OfficeID `json:"office"`
	Days   int      `json:"days"` // working days
	// KindDays are those for a kind of request, where that is another number.
	KindDays map[Kind]int `json:"-"`
	// Asks: the applicant is asked before the case comes here, because people read it then of
	// whom they did not know.
	Asks bool `json:"asks,omitempty"`
	// Registers: the office enters the case and passes it on; the next one decides.
	Registers bool `json:"registers,omitempty"`
	// Second: an answer leaves it only with the yes of a second member of staff.
	Second bool `json:"second,omitempty"`
	// ByName: the applicant is told who of the office answers or asks.
	ByName bool `json:"by_name,omitempty"`
	// Chooses: it may be handed from here to any office above, not only to the next.
	Chooses bool  `json:"chooses,omitempty"`
	Powers  []Act `json:"powers,omitempty"` // what the office may do besides
	// Person is who has the case instead of an office, as a scheme writes it: the curator of
	// the applicant's own group for instance. A frozen ladder holds none.
	Person string `json:"-"`
}

// Ladder is the way of a case, frozen when it is filed: later changes of the structure
// file do not move it. The first rung receives it, the last is the top.
type Ladder []Rung

// Request is what decides which way something goes.
type Request struct {
	Kind      Kind
	From      Standing
	Institute string
	Topic     string
	Group     string   // of the student
	Scheme    string   // chosen by the person; empty: the first that takes the request
	Level     OfficeID // as the scheme writes it; the rungs below are left out
	// Against are those whom it is about, as schemes write them: no rung of theirs gets it.
	Against []OfficeID
	// Known tells who is known to be a person of the procedure for this applicant.
	Known map[string]OfficeID
	// Away tells of whom of them the place is passed by for some days, because they are away.
	Away map[string]OfficeID
	// Sits tells where those whom it is about have a place; nil: nowhere else.
	Sits func(OfficeID) bool
	// Barred are they themselves.
	Barred []Address
}

// Way is where a request goes.
type Way struct {
	Scheme  Scheme
	Ladder  Ladder
	Against []OfficeID // in full: "deputy@itc"
	Without []OfficeID // left out of it because of whom it is about: theirs, and where else they sit
	Barred  []Address
	Away    []OfficeID // passed by, because whoever has the place is away
}

// Days are the working days that the whole way takes at most.
func (w Way) Days(u *University, k Kind) int { return u.terms(w.Scheme, k).Days }

// Why a rung is left out.
type Why string

// The reasons.
const (
	Nobody    Why = "nobody is known to be that person"
	NotItsOwn Why = "every institute has its own, and no institute is given"
	Below     Why = "the request begins higher"
	About     Why = "the request is about somebody there"
)

// Step is one rung of a scheme as it comes out for one request.
type Step struct {
	Rung
	Names Names
	Total int // with the steps before it; a step that is left out adds nothing
	Why   Why // it is left out; empty: it is not
}

// Route finds the scheme for a request and resolves its ladder. It answers [ErrNoOffice] when
// the file has no such scheme or institute, or nobody is left in the ladder.
func (u *University) Route(q Request) (Way, error) {
	scheme, ok := u.scheme(q)
	if !ok {
		return Way{}, fmt.Errorf("%s from a %s: %w", q.Kind, q.From, ErrNoOffice)
	}
	if _, known := u.Institute(q.Institute); !known && q.Institute != "" {
		return Way{}, fmt.Errorf("%s from a %s of an unknown institute %q: %w", q.Kind, q.From, q.Institute, ErrNoOffice)
	}
	way := Way{Scheme: scheme, Barred: q.Barred}
	for _, a := range q.Against {
		id := u.resolve(Rung{Office: a, Person: u.person(a)}, q).Office
		if id == "" && u.person(a) != "" && q.Group != "" { // nobody serves there yet; whoever will is kept from it, too
			id = CuratorOf(u.person(a), q.Institute, q.Group)
		}
		if id != "" {
			way.Against = append(way.Against, id)
		}
	}
	for _, step := range u.steps(scheme, q) {
		if step.Why == "" {
			step.Rung.Person = ""
			way.Ladder = append(way.Ladder, step.Rung)
		}
		if id, away := q.Away[step.Person]; away && step.Why == Nobody && q.Level == "" && !slices.Contains(q.Against, step.kind()) {
			way.Away = append(way.Away, id)
		}
	}
	for i := range way.Ladder {
		if g := &way.Ladder[i]; g.Registers && i+1 < len(way.Ladder) {
			way.Ladder[i+1].Asks = false // it is the first that decides: a no would leave the case to nobody
		} else {
			g.Registers = false // nobody is left to pass it on to
		}
	}
	if len(way.Ladder) == 0 {
		return Way{}, fmt.Errorf("%s from a %s by the scheme %q: %w", q.Kind, q.From, scheme.ID, ErrNoOffice)
	}
	return way, nil
}

// Steps is the same way with every rung, also those that are left out, and why. It is
// empty when no scheme takes the request.
func (u *University) Steps(q Request) []Step {
	scheme, _ := u.scheme(q)
	return u.steps(scheme, q)
}

// Ways are the schemes that take a request, if the person wants it: the one that it would go
// first, then the others in the order of the file.
func (u *University) Ways(q Request) (all []Scheme) {
	first, ok := u.scheme(q)
	if !ok {
		return nil
	}
	all = append(all, first)
	for _, s := range u.Schemes {
		if s.ID != first.ID && !s.Entered && slices.Contains(s.Kinds, q.Kind) && slices.Contains(s.From, q.From) {
			all = append(all, s)
		}
	}
	return all
}

// Entry is the scheme by which an office enters a request that has come to it in another way than by
// the messenger: the first that begins with the office and takes it.
func (u *University) Entry(office OfficeID, k Kind, from Standing) (Scheme, bool) {
	for _, s := range u.Schemes {
		if len(s.Rungs) > 0 && s.Rungs[0].Office == office.Kind() && slices.Contains(s.Kinds, k) && slices.Contains(s.From, from) {
			return s, true
		}
	}
	return Scheme{}, false
}

// scheme is the first from the top that takes a request, or the one that was chosen.
func (u *University) scheme(q Request) (Scheme, bool) {
	for _, s := range u.Schemes {
		if q.Scheme == "" && s.Takes(q) || q.Scheme == s.ID && slices.Contains(s.Kinds, q.Kind) && slices.Contains(s.From, q.From) {
			return s, true
		}
	}
	return Scheme{}, false
}

func (u *University) steps(scheme Scheme, q Request) []Step {
	var steps []Step
	total, below := 0, slices.ContainsFunc(scheme.Rungs, func(r Rung) bool { return q.Level != "" && r.Office == q.Level })
	for _, rung := range scheme.Rungs {
		if rung.Office == q.Level {
			below = false
		}
		step := u.resolve(rung, q)
		step.Days, step.KindDays = rung.term(q.Kind), nil
		switch {
		case step.Why != "":
		case below:
			step.Why = Below
		case slices.Contains(q.Against, step.kind()), q.Sits != nil && q.Sits(step.Office):
			step.Why = About
		default:
			total += step.Days
		}
		step.Total = total
		steps = append(steps, step)
	}
	return steps
}

// kind is a rung as schemes write it.
func (s Step) kind() OfficeID {
	if s.Person != "" {
		return OfficeID(s.Person)
	}
	return s.Office.Kind()
}

// person is the word for a person of the procedure, if an id is one.
func (u *University) person(id OfficeID) string {
	if _, ok := u.Persons[string(id)]; ok {
		return string(id)
	}
	return ""
}

// resolve finds whose a rung is for a request.
func (u *University) resolve(rung Rung, q Request) Step {
	step := Step{Rung: rung}
	if rung.Person != "" {
		step.Names, step.Chooses = u.Persons[rung.Person], true
		if step.Office = q.Known[rung.Person]; step.Office == "" {
			step.Why = Nobody
		}
		return step
	}
	for _, id := range []OfficeID{rung.Office, rung.Office.In(q.Institute)} {
		if o, ok := u.Office(id); ok {
			step.Office, step.Names, step.Powers, step.Second, step.ByName = o.ID, o.Names, o.inCases(), o.Second, o.ByName
			return step
		}
	}
	step.Why = NotItsOwn
	return step
}

// inCases are the powers of an office over a case that it has; the others are not frozen with it.
func (o Office) inCases() (powers []Act) {
	for _, p := range o.Powers {
		if slices.ContainsFunc(Rules, func(r Rule) bool { return r.Do == p && (r.If == Empowered || r.If == MayReceive) }) {
			powers = append(powers, p)
		}
	}
	return powers
}

// Transfers are the offices to which a case may be given over: every first office of a scheme
// that takes it, and the same office of the other institutes. None of them lies above it: that
// would be a hand-up, of which the applicant may have to be asked.
func (u *University) Transfers(c *Case) (ids []OfficeID) {
	for _, o := range u.Offices {
		if _, err := u.WayFrom(c, o.ID); err == nil {
			ids = append(ids, o.ID)
		}
	}
	return ids
}

// WayFrom is the way of a case that is given over to one of its [University.Transfers]: from there
// on by the first scheme that begins with that office, or else has it. The error is [ErrNoOffice]
// when there is none.
func (u *University) WayFrom(c *Case, id OfficeID) (Way, error) {
	office, ok := u.Office(id)
	if !ok || office.Person || slices.ContainsFunc(c.Ladder[c.Position:], func(r Rung) bool { return r.Office == id }) {
		return Way{}, ErrNoOffice
	}
	q := Request{Kind: c.Kind, From: c.Applicant.Standing, Institute: cmp.Or(office.Institute, c.Institute), Barred: c.Barred,
		Sits: func(o OfficeID) bool { return slices.Contains(c.Against, o) }}
	var best Way
	for _, s := range u.Schemes {
		at := slices.IndexFunc(s.Rungs, func(r Rung) bool { return r.Office == id.Kind() })
		if at < 0 || (s.Chosen || s.Entered) && s.ID != c.Scheme || !slices.Contains(s.Kinds, c.Kind) || !slices.Contains(s.From, c.Applicant.Standing) {
			continue
		}
		begins := at == slices.IndexFunc(s.Rungs, func(r Rung) bool { return r.Person == "" })
		if !begins && id.Kind() != c.Office().Kind() {
			continue
		}
		q.Scheme, q.Level = s.ID, id.Kind()
		way, err := u.Route(q)
		if err != nil || way.Ladder[0].Office != id {
			continue
		}
		if begins {
			best = way
			break
		}
		if best.Ladder == nil {
			best = way
		}
	}
	if best.Ladder == nil {
		return Way{}, ErrNoOffice
	}
	best.Against = c.Against
	return best, nil
}
