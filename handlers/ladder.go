package handlers

import (
	"context"
	"fmt"
	"slices"

	"alt.edu.kz/dauys"
)

// route finds the way of a request as it is at this moment.
func (h *Handlers) route(ctx context.Context, d dauys.Draft) (dauys.Way, error) {
	q, err := h.Inquire(ctx, d)
	if err != nil {
		return dauys.Way{}, err
	}
	return h.University.Route(q)
}

// Inquire looks up what decides the way of a request besides what it says: who is known to be the
// curator of its group and whether they are away, and where those whom it is about have a place.
func (h *Handlers) Inquire(ctx context.Context, d dauys.Draft) (dauys.Request, error) {
	q := d.Request()
	q.Known = map[string]dauys.OfficeID{}
	for person := range h.University.Persons {
		if d.Group == "" || d.Applicant.Standing != dauys.AsStudent {
			continue
		}
		id := dauys.CuratorOf(person, d.Institute, d.Group)
		there, err := h.Storage.StaffFor(ctx, id, h.Now())
		if err != nil {
			return q, fmt.Errorf("who is %s: %w", person, err)
		}
		var gone int
		for _, s := range there {
			away, err := h.isAway(ctx, s.Address)
			if err != nil {
				return q, err
			}
			if away {
				gone++
			}
		}
		switch {
		case len(there) > gone:
			q.Known[person] = id
		case gone > 0:
			if q.Away == nil {
				q.Away = map[string]dauys.OfficeID{}
			}
			q.Away[person] = id
		}
	}
	way, err := h.University.Route(q)
	if err != nil || len(q.Against) == 0 {
		return q, nil // the way tells what is wrong with it
	}
	if q.Barred, err = h.people(ctx, way.Against); err != nil {
		return q, err
	}
	sits := map[dauys.OfficeID]bool{}
	for _, r := range way.Ladder {
		if sits[r.Office], err = h.sits(ctx, r.Office, q.Barred); err != nil {
			return q, err
		}
	}
	q.Sits = func(o dauys.OfficeID) bool { return sits[o] }
	return q, nil
}

// people are who may act for some offices now.
func (h *Handlers) people(ctx context.Context, offices []dauys.OfficeID) (all []dauys.Address, err error) {
	for _, o := range offices {
		there, err := h.Storage.StaffFor(ctx, o, h.Now())
		if err != nil {
			return nil, fmt.Errorf("staff of %s: %w", o, err)
		}
		for _, s := range there {
			if !slices.Contains(all, s.Address) {
				all = append(all, s.Address)
			}
		}
	}
	return all, nil
}

// sits tells whether one of some people has a place in an office: a right to act for it, or a seat
// in its chat. The messenger is asked for the latter.
func (h *Handlers) sits(ctx context.Context, office dauys.OfficeID, who []dauys.Address) (bool, error) {
	if len(who) == 0 { // and nothing is asked of anybody
		return false, nil
	}
	there, err := h.Storage.StaffFor(ctx, office, h.Now())
	if err != nil {
		return false, fmt.Errorf("staff of %s: %w", office, err)
	}
	if slices.ContainsFunc(there, func(s dauys.Staff) bool { return slices.Contains(who, s.Address) }) {
		return true, nil
	}
	chat, err := h.Storage.ChatOf(ctx, office)
	if err != nil {
		return false, fmt.Errorf("chat of %s: %w", office, err)
	}
	if o, ok := h.University.Office(office); chat == "" || ok && o.Person {
		return slices.Contains(who, chat), nil
	}
	for _, a := range who {
		member, err := h.member(ctx, chat, a)
		if err != nil {
			return false, fmt.Errorf("ask who is in the chat of %s: %w: %w", office, dauys.ErrUnavailable, err)
		}
		if member {
			return true, nil
		}
	}
	return false, nil
}

type seen struct{}

// once is a context in which the messenger is asked once whether somebody is in a chat: a list of cases
// about the same person asks it for each of them. It is for one request, which one goroutine handles.
func once(ctx context.Context) context.Context {
	return context.WithValue(ctx, seen{}, map[[2]dauys.Address]bool{})
}

func (h *Handlers) member(ctx context.Context, chat, who dauys.Address) (bool, error) {
	known, _ := ctx.Value(seen{}).(map[[2]dauys.Address]bool)
	key := [2]dauys.Address{chat, who}
	if member, ok := known[key]; ok {
		return member, nil
	}
	member, err := h.Members.Member(ctx, chat, who)
	if err == nil && known != nil {
		known[key] = member
	}
	return member, err
}
