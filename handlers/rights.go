package handlers

import (
	"context"
	"fmt"
	"slices"
	"time"

	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
)

// Figures are counts in which nobody can be found.
type Figures interface {
	Figures(ctx context.Context, institute string, since, now time.Time) ([]Figure, error)
}

// Figure counts the cases of an institute about one topic.
type Figure struct {
	Topic  string
	Filed  int
	Open   int
	Late   int // open, and their whole term is over
	Solved int // answered, and granted in full or in part
}

const (
	figuresOf    = 90 // days that are counted
	fewestFigure = 5  // a smaller number could tell who it was
)

// rights shows the office of the elected leaders how the social rights of the students of their
// institute are kept: how many turned to the university about what, and what became of it. It is
// shown to whoever may act for the office, where the office works.
func (h *Handlers) rights(ctx context.Context, in Input) error {
	bound, err := h.Storage.BoundTo(ctx, in.Chat)
	if err != nil {
		return fmt.Errorf("whose chat: %w", err)
	}
	l := h.chatLang(ctx, in)
	say := func(lines ...ask.Line) error {
		return h.Storage.Notify(ctx, ready(in, ask.Reply{To: in.Message, Text: h.Book.Lines(l, lines...)}))
	}
	for _, id := range bound {
		office, _ := h.University.Office(id)
		if len(office.Watches) == 0 {
			continue
		}
		if _, serves, err := h.serves(ctx, in.From, id); err != nil {
			return err
		} else if !serves {
			return say(locales.NotStaff())
		}
		all, err := h.Storage.Figures(ctx, office.Institute, h.Now().AddDate(0, 0, -figuresOf), h.Now())
		if err != nil {
			return fmt.Errorf("count cases: %w", err)
		}
		lines := []ask.Line{locales.RightsHead(office.Institute, figuresOf)}
		for _, topic := range office.Watches {
			f := Figure{Topic: topic}
			if i := slices.IndexFunc(all, func(f Figure) bool { return f.Topic == topic }); i >= 0 {
				f = all[i]
			}
			if f.Filed < fewestFigure {
				lines = append(lines, locales.RightsFew(topic, fewestFigure))
				continue
			}
			lines = append(lines, locales.RightsItem(topic, f.Filed, f.Open, f.Late, f.Solved))
		}
		return say(append(lines, locales.RightsFoot(fewestFigure))...)
	}
	return nil
}
