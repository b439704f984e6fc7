package handlers

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/registrar"
)

// The record of studies, as far as people may see it. All that is read of it for somebody goes through
// [Handlers.studies], which asks the policy and notes who has looked at what is somebody else's.

// Entries are what is read of the record.
type Entries interface {
	Records(ctx context.Context, k registrar.Kind, owner string) ([]registrar.Entry, error)
	RecordsBy(ctx context.Context, k registrar.Kind, other string) ([]registrar.Entry, error)
	Record(ctx context.Context, k registrar.Kind, key string) (registrar.Entry, error) // dauys.ErrNotFound
	LogAccess(ctx context.Context, looks ...registrar.Access) error
}

const (
	// semesterAhead is how long before a semester begins a code counts for it.
	semesterAhead = 30 * 24 * time.Hour
	// semesterLongest is how old the beginning of the last semester may be: the calendar of the next is
	// late then, and a code counts for confirmedFor.
	semesterLongest = 300 * 24 * time.Hour
	confirmedFor    = 180 * 24 * time.Hour
)

// confirmedSince is since when a link has to be confirmed to open the record: a little before the
// semester that runs began. Without an academic calendar it is half a year.
func (h *Handlers) confirmedSince(ctx context.Context) (time.Time, error) {
	now := h.Now()
	all, err := h.Storage.Records(ctx, registrar.Calendar, "")
	if err != nil {
		return now, fmt.Errorf("academic calendar: %w", err)
	}
	var began time.Time
	for _, e := range all {
		if from := e.Fields.Time("from", h.University.Calendar.Zone()); e.Fields["event"] == "study" && from.After(began) && !from.After(now) {
			began = from
		}
	}
	if now.Sub(began) > semesterLongest {
		return now.Add(-confirmedFor), nil
	}
	return began.Add(-semesterAhead), nil
}

// reader is what the record and the rights of somebody say of them now. Of a link that is not confirmed, or
// not for this semester, nothing is said.
func (h *Handlers) reader(ctx context.Context, who dauys.Address) (r registrar.Reader, err error) {
	r.Who = who
	links, err := h.Storage.LinksOf(ctx, who)
	if err != nil {
		return r, fmt.Errorf("who somebody is: %w", err)
	}
	if len(links) > 0 {
		since, err := h.confirmedSince(ctx)
		if err != nil {
			return r, err
		}
		for _, l := range links {
			switch number := registrar.NumberOf(l.Person); {
			case !l.Opens(since):
			case registrar.IsStudent(l.Person):
				err = h.asStudent(ctx, &r, number)
			case registrar.IsEmployee(l.Person):
				err = h.asEmployee(ctx, &r, number)
			}
			if err != nil {
				return r, fmt.Errorf("who somebody is: %w", err)
			}
		}
	}
	rights, err := h.Storage.StaffOf(ctx, who, h.Now())
	if err != nil {
		return r, fmt.Errorf("rights: %w", err)
	}
	if h.keepsRecord(rights, who) && !r.Is(registrar.TheRegistrar) {
		r.Roles = append(r.Roles, registrar.TheRegistrar)
	}
	return r, nil
}

func (h *Handlers) asStudent(ctx context.Context, r *registrar.Reader, number string) error {
	r.Student = number
	e, err := h.Storage.Record(ctx, registrar.Roster, number)
	if errors.Is(err, dauys.ErrNotFound) { // no longer in the roster: what is kept of them is still theirs
		return nil
	}
	r.Group, r.Programme = e.Fields["group"], e.Fields["programme"]
	return err
}

func (h *Handlers) asEmployee(ctx context.Context, r *registrar.Reader, number string) error {
	e, err := h.Storage.Record(ctx, registrar.Employees, number)
	if errors.Is(err, dauys.ErrNotFound) { // who has left the university has no role there
		return nil
	}
	if err != nil {
		return err
	}
	r.Employee, r.Roles = number, append(r.Roles, registrar.Role(e.Fields["role"]))
	groups, err := h.Storage.RecordsBy(ctx, registrar.Groups, registrar.OfEmployee(number))
	if err != nil {
		return err
	}
	for _, g := range groups {
		name := g.Fields["group"]
		students, err := h.Storage.RecordsBy(ctx, registrar.Roster, registrar.OfGroup(name))
		if err != nil {
			return err
		}
		r.Groups = append(r.Groups, name)
		for _, s := range students {
			r.Students = append(r.Students, s.Fields["student"])
		}
	}
	slices.Sort(r.Groups) // they come in no order
	for _, k := range []registrar.Kind{registrar.Load, registrar.Sheets} {
		taught, err := h.Storage.Records(ctx, k, registrar.OfEmployee(number))
		if err != nil {
			return err
		}
		for _, e := range taught {
			sheet := registrar.OfSheet(e.Fields["year"], e.Fields["semester"], e.Fields["discipline"], e.Fields["group"])
			if !slices.Contains(r.Sheets, sheet) {
				r.Sheets = append(r.Sheets, sheet)
			}
		}
	}
	return nil
}

// keepsRecord tells whether somebody acts for the office that keeps the record.
func (h *Handlers) keepsRecord(rights []dauys.Staff, who dauys.Address) bool {
	return slices.ContainsFunc(rights, func(s dauys.Staff) bool {
		o, known := h.University.Office(s.Office)
		return known && slices.Contains(o.Powers, dauys.Registry) && s.Address == who && s.Active(h.Now())
	})
}

// registryOffice is the office that keeps the record; not ok: the structure file names none.
func (h *Handlers) registryOffice() (o dauys.Office, ok bool) {
	i := slices.IndexFunc(h.University.Offices, func(o dauys.Office) bool { return slices.Contains(o.Powers, dauys.Registry) })
	if i < 0 {
		return o, false
	}
	return h.University.Offices[i], true
}

// studies are the entries of a kind that somebody may read, of one owner. What is kept of one student by
// somebody else is noted, once for a cause, which is the update in which they ask.
func (h *Handlers) studies(ctx context.Context, r registrar.Reader, cause string, k registrar.Kind, owner string) ([]registrar.Entry, error) {
	all, err := h.Storage.Records(ctx, k, owner)
	if err != nil {
		return nil, fmt.Errorf("record: %w", err)
	}
	return h.readable(ctx, r, cause, k, all)
}

// studiesBy is the same of entries that are found by something else than their owner.
func (h *Handlers) studiesBy(ctx context.Context, r registrar.Reader, cause string, k registrar.Kind, other string) ([]registrar.Entry, error) {
	all, err := h.Storage.RecordsBy(ctx, k, other)
	if err != nil {
		return nil, fmt.Errorf("record: %w", err)
	}
	return h.readable(ctx, r, cause, k, all)
}

// readable are those of some entries that somebody may read. Looks at what is somebody else's are noted
// before it is shown.
func (h *Handlers) readable(ctx context.Context, r registrar.Reader, cause string, k registrar.Kind, all []registrar.Entry) ([]registrar.Entry, error) {
	var looks []registrar.Access
	all = slices.DeleteFunc(all, func(e registrar.Entry) bool { return !r.May(k, e) })
	for _, e := range all {
		if !registrar.Personal(k) || r.Own(e) || slices.ContainsFunc(looks, func(a registrar.Access) bool { return a.Person == e.Owner }) {
			continue
		}
		looks = append(looks, registrar.Access{Cause: cause, At: h.Now(), Who: r.Who, As: string(r.As(e)), Did: registrar.DidRead, Kind: k, Person: e.Owner, Reason: r.Reason})
	}
	if len(looks) > 0 {
		if err := h.Storage.LogAccess(ctx, looks...); err != nil {
			return nil, fmt.Errorf("note who looks: %w", err)
		}
	}
	return all, nil
}
