package dauys

import "fmt"

// OfficeID names an office in the structure file. An office that every institute has
// for itself carries the institute behind an at sign: "deputy@itc".
type OfficeID string

// Rung is one office on the way of a case, and how long it has.
type Rung struct {
	Office OfficeID `json:"office"`
	Days   int      `json:"days"` // working days
	// Person is who has the case instead of an office, as a scheme writes it: the curator of
	// the applicant's own group for instance. A frozen ladder holds none.
	Person string `json:"-"`
}

// Ladder is the way of a case, frozen when it is filed: later changes of the structure
// file do not move it. The first rung receives it, the last is the top.
type Ladder []Rung

// Step is one rung of a scheme as it comes out for one institute, for people to read.
type Step struct {
	Office  OfficeID // empty when it is a person
	Person  string
	Names   Names
	Days    int
	Total   int // with the steps before it; a step that is left out adds nothing
	Skipped bool
	Why     string // it is left out
}

// Route finds the scheme for a request, the first from the top that takes it, and resolves
// its ladder for an institute. It answers [ErrNoOffice] when the file has no such scheme or
// institute, or nobody is left in the ladder.
func (u *University) Route(k Kind, s Standing, institute string) (Scheme, Ladder, error) {
	scheme, ok := u.scheme(k, s)
	if !ok {
		return Scheme{}, nil, fmt.Errorf("%s from a %s: %w", k, s, ErrNoOffice)
	}
	if _, known := u.Institute(institute); !known && institute != "" {
		return Scheme{}, nil, fmt.Errorf("%s from a %s of an unknown institute %q: %w", k, s, institute, ErrNoOffice)
	}
	var ladder Ladder
	for _, step := range u.steps(scheme, institute) {
		if !step.Skipped {
			ladder = append(ladder, Rung{Office: step.Office, Days: step.Days})
		}
	}
	if len(ladder) == 0 {
		return Scheme{}, nil, fmt.Errorf("%s from a %s by the scheme %q: %w", k, s, scheme.ID, ErrNoOffice)
	}
	return scheme, ladder, nil
}

// Way is the same way with every rung, also those that are left out now, and why. It is
// empty when no scheme takes the request.
func (u *University) Way(k Kind, s Standing, institute string) []Step {
	scheme, _ := u.scheme(k, s)
	return u.steps(scheme, institute)
}

func (u *University) scheme(k Kind, s Standing) (Scheme, bool) {
	for _, scheme := range u.Schemes {
		if scheme.Takes(k, s) {
			return scheme, true
		}
	}
	return Scheme{}, false
}

func (u *University) steps(scheme Scheme, institute string) []Step {
	var steps []Step
	total := 0
	for _, rung := range scheme.Rungs {
		step := u.step(rung, institute)
		if !step.Skipped {
			total += step.Days
		}
		step.Total = total
		steps = append(steps, step)
	}
	return steps
}

func (u *University) step(rung Rung, institute string) Step {
	if rung.Person != "" {
		return Step{Person: rung.Person, Names: u.Persons[rung.Person], Days: rung.Days,
			Skipped: true, Why: "nobody is known to be that person"}
	}
	if o, ok := u.Office(rung.Office); ok {
		return Step{Office: o.ID, Names: o.Names, Days: rung.Days}
	}
	if o, ok := u.Office(rung.Office.In(institute)); ok {
		return Step{Office: o.ID, Names: o.Names, Days: rung.Days}
	}
	return Step{Office: rung.Office, Days: rung.Days, Skipped: true, Why: "every institute has its own, and no institute is given"}
}

// In is the office of that kind of an institute.
func (id OfficeID) In(institute string) OfficeID { return id + "@" + OfficeID(institute) }
