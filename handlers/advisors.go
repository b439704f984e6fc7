package handlers

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
	"alt.edu.kz/dauys/registrar"
)

// Seats are the places that people have because the record names them.
type Seats interface {
	EachRecord(ctx context.Context, k registrar.Kind, do func(registrar.Entry) error) error
	Seat(ctx context.Context, office dauys.OfficeID, who dauys.Address, name string, now time.Time, tell func(dauys.Staff) []dauys.Notification) (ok bool, err error)
	Seats(ctx context.Context) ([]dauys.Staff, error)
	Unseat(ctx context.Context, id int64, now time.Time, tell func(dauys.Staff) []dauys.Notification) error
}

// advisor is the person of the procedure whom the record knows, by the word of the structure file.
const advisor = "advisor-curator"

// seat is who should have the place of an advisor, and for which group.
type seat struct {
	who         dauys.Address
	name, group string
}

// SeatAdvisors makes the advisors whom the record names, and whose account is known, the advisors-curators
// of their groups, and ends that where the record does not say so any more. Who was appointed by hand stays.
// It is called when an employee has linked an account or has lost it, and every working day; whoever publishes
// an import of groups or employees calls it, too. It may be done as often as one likes.
func (h *Handlers) SeatAdvisors(ctx context.Context, cause string) error {
	if _, known := h.University.Persons[advisor]; !known {
		return nil
	}
	places, err := h.advisors(ctx)
	if err != nil {
		return err
	}
	seats, err := h.Storage.Seats(ctx)
	if err != nil {
		return fmt.Errorf("advisors: %w", err)
	}
	for _, s := range seats {
		if places[s.Office].who == s.Address {
			continue
		}
		err := h.Storage.Unseat(ctx, s.ID, h.Now(), func(s dauys.Staff) []dauys.Notification {
			return []dauys.Notification{tenure{Staff: s.ID, Who: s.Address, Name: s.Name, At: s.Office}.note(away, s.Address, time.Time{})}
		})
		if err != nil {
			return fmt.Errorf("an advisor no more: %w", err)
		}
		h.Log.Info("advisor no more, says the record", "office", s.Office, "staff", s.ID)
		if err := h.unseated(ctx, s.Office, s.Address, fmt.Sprintf("%s/seat/%d", cause, s.ID)); err != nil {
			return err
		}
	}
	for _, office := range slices.Sorted(maps.Keys(places)) {
		p := places[office]
		l, err := h.langOf(ctx, p.who, "")
		if err != nil {
			return err
		}
		ok, err := h.Storage.Seat(ctx, office, p.who, p.name, h.Now(), func(s dauys.Staff) []dauys.Notification {
			lines := append([]ask.Line{locales.Appointed()}, h.role(office, p.group, s.Until)...)
			return []dauys.Notification{message(fmt.Sprintf("seat/%d", s.ID), p.who, ask.Reply{Text: h.Book.Lines(l, append(lines, locales.AppointedHere())...)})}
		})
		if err != nil {
			return fmt.Errorf("seat an advisor: %w", err)
		}
		if !ok {
			continue
		}
		h.Log.Info("advisor, says the record", "office", office)
		if err := h.recheck(ctx, office); err != nil {
			return err
		}
	}
	return nil
}

// advisors are who should have the place of the advisor of each group: the first account of theirs that is
// confirmed. A group of no institute that the structure file knows has no place on any ladder.
func (h *Handlers) advisors(ctx context.Context) (map[dauys.OfficeID]seat, error) {
	places, people := map[dauys.OfficeID]seat{}, map[string]seat{}
	var groups []registrar.Entry
	if err := h.Storage.EachRecord(ctx, registrar.Groups, func(e registrar.Entry) error {
		if e.Fields["advisor"] != "" {
			groups = append(groups, e)
		}
		return nil
	}); err != nil {
		return nil, fmt.Errorf("advisors of groups: %w", err)
	}
	for _, g := range groups {
		number := g.Fields["advisor"]
		p, known := people[number]
		if !known {
			links, err := h.Storage.LinkedTo(ctx, registrar.OfEmployee(number))
			if err != nil {
				return nil, fmt.Errorf("accounts of an advisor: %w", err)
			}
			e, err := h.Storage.Record(ctx, registrar.Employees, number)
			if err != nil && !errors.Is(err, dauys.ErrNotFound) {
				return nil, fmt.Errorf("an advisor: %w", err)
			}
			if i := slices.IndexFunc(links, func(l registrar.Link) bool { return !l.Confirmed.IsZero() }); i >= 0 && err == nil {
				p.who, p.name = links[i].Who, e.Fields["name"]
			}
			people[number] = p
		}
		i := slices.IndexFunc(h.University.Institutes, func(i dauys.Institute) bool { return h.isInstitute(i, strings.TrimSpace(g.Fields["institute"])) })
		if p.who == "" || i < 0 || dauys.GroupKey(g.Fields["group"]) == "" {
			continue
		}
		p.group = g.Fields["group"]
		places[dauys.CuratorOf(advisor, h.University.Institutes[i].ID, p.group)] = p
	}
	return places, nil
}

// advisorsJob is that every working day: an import may have come by a way that tells nobody.
func (h *Handlers) advisorsJob(ctx context.Context, _, slot, _ time.Time) ([]dauys.Notification, error) {
	return nil, h.SeatAdvisors(ctx, slotKey(AdvisorsJob, slot))
}
