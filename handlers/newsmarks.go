package handlers

import (
	"context"
	"maps"

	"alt.edu.kz/dauys/locales"
	"alt.edu.kz/dauys/notices"
	"alt.edu.kz/dauys/registrar"
)

// The news about marks.

var (
	marksNews = map[registrar.Kind]changeNews{registrar.Marks: (*Handlers).newsOfMark}
	markCards = map[notices.Card]newsCard{markCard: (*Handlers).cardOfMark}
)

const markCard notices.Card = "mark"

// results are the marks against which one can appeal, or that say how a course has ended; the others are ongoing.
var results = map[string]bool{"admission": true, registrar.OfExam: true, registrar.OfFinal: true}

// newsOfMark is a mark that is new, has changed or is gone.
func (h *Handlers) newsOfMark(_ context.Context, _ *audience, c registrar.Change) ([]telling, error) {
	e := c.Now
	if e == nil {
		e = c.Was
	}
	topic := notices.Marks
	if results[e.Fields["control"]] {
		topic = notices.Results
	}
	return []telling{{topic: topic, card: markCard, urgent: topic == notices.Results, persons: []string{e.Owner}}}, nil
}

// cardOfMark is a mark as the record has it now.
func (h *Handlers) cardOfMark(ctx context.Context, r *newsReader, n notices.News) (p piece, err error) {
	f, err := r.now(ctx, n)
	if err != nil || maps.Equal(f, n.Matter.Was) || f == nil {
		return piece{none: true}, err
	}
	p.seen = f
	p.lines = append(p.lines, locales.NewsMark(f["discipline"], f["score"]))
	return p, nil
}
