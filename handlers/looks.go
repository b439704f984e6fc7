package handlers

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
	"alt.edu.kz/dauys/registrar"
)

// Looks are who has looked at what is kept of somebody.
type Looks interface {
	Accesses(ctx context.Context, person string, limit int) ([]registrar.Access, error) // the last first
}

const (
	looksShown = 20   // on a page
	mostLooks  = 2000 // entries of the log that are looked at
)

// looks is /looks NUMBER in the chat of the office that keeps the record: who has read the record of somebody,
// and what was done about how they get at it, the last first. What they saw is not told.
func (h *Handlers) looks(ctx context.Context, in Input) error {
	words := strings.Fields(in.Arg)
	if len(words) == 0 {
		return h.tellChat(ctx, in, locales.LooksHow())
	}
	right, err := h.reader(ctx, in.From)
	if err != nil {
		return err
	}
	if !right.Is(registrar.TheRegistrar) {
		return h.tellChat(ctx, in, locales.NotStaff())
	}
	page := 1
	if len(words) > 1 {
		page, _ = strconv.Atoi(words[1])
	}
	e, found, err := h.someone(ctx, words[0])
	if err != nil {
		return fmt.Errorf("find a person: %w", err)
	}
	if !found {
		return h.tellChat(ctx, in, locales.LooksNobody(locales.Shorten(ask.Clean(words[0]), mostOnButton)))
	}
	all, err := h.Storage.Accesses(ctx, e.Owner, mostLooks)
	if err != nil {
		return fmt.Errorf("who has looked: %w", err)
	}
	l, number := h.chatLang(ctx, in), registrar.NumberOf(e.Owner)
	lines := []ask.Line{locales.LooksHead(e.Fields["name"], number)}
	looks := asLooks(all)
	if len(looks) == 0 {
		lines = append(lines, locales.LooksNone())
	}
	pages := max(1, (len(looks)+looksShown-1)/looksShown)
	page = max(1, min(page, pages))
	names := map[dauys.Address]string{}
	for _, x := range looks[(page-1)*looksShown : min(len(looks), page*looksShown)] {
		if _, known := names[x.Who]; !known {
			if names[x.Who], err = h.whoLooked(ctx, x.Who, l); err != nil {
				return err
			}
		}
		lines = append(lines, locales.Look(x.At, names[x.Who], x.As, x.Did, x.kinds, x.Reason))
	}
	if pages > 1 {
		lines = append(lines, locales.LooksPage(number, page, pages))
	}
	return h.Storage.Notify(ctx, ready(in, ask.Reply{To: in.Message, Text: h.Book.Lines(l, lines...), Protected: true}))
}

// aLook is what was read of somebody at once.
type aLook struct {
	registrar.Access
	kinds []registrar.Kind
}

// asLooks are the entries of a log, with all that somebody read within a minute in one.
func asLooks(all []registrar.Access) (looks []aLook) {
	for _, a := range all {
		i := slices.IndexFunc(looks, func(x aLook) bool {
			return a.Did == registrar.DidRead && x.Did == a.Did && x.Who == a.Who && x.As == a.As && x.Reason == a.Reason &&
				x.At.Truncate(time.Minute).Equal(a.At.Truncate(time.Minute))
		})
		if i < 0 {
			i, looks = len(looks), append(looks, aLook{Access: a})
		}
		if a.Kind != "" && !slices.Contains(looks[i].kinds, a.Kind) {
			looks[i].kinds = append(looks[i].kinds, a.Kind)
		}
	}
	order := registrar.KindNames()
	for i := range looks {
		slices.SortFunc(looks[i].kinds, func(a, b registrar.Kind) int {
			return cmp.Compare(slices.Index(order, a), slices.Index(order, b))
		})
	}
	return looks
}

// whoLooked is whose account it is: by the record, or by the rights that it has. Never how the messenger
// shows them.
func (h *Handlers) whoLooked(ctx context.Context, who dauys.Address, l dauys.Lang) (string, error) {
	links, err := h.Storage.LinksOf(ctx, who)
	if err != nil {
		return "", fmt.Errorf("who somebody is: %w", err)
	}
	slices.SortStableFunc(links, func(a, b registrar.Link) int { // an employee looks at others, a student does not
		return b2i(registrar.IsStudent(a.Person)) - b2i(registrar.IsStudent(b.Person))
	})
	if len(links) > 0 {
		return h.nameOf(ctx, links[0].Person)
	}
	rights, err := h.Storage.StaffOf(ctx, who, h.Now())
	if err != nil {
		return "", fmt.Errorf("rights: %w", err)
	}
	if len(rights) > 0 {
		return rights[0].Name, nil
	}
	return h.Book.Plain(l, locales.LookUnknown()), nil
}
