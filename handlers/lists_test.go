package handlers

import (
	"slices"
	"testing"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
)

// A day and a number are details in a form that every language can write; a file for an item of a
// list says for which it is, and what is missing is known.
func TestDetailsOfLists(t *testing.T) {
	f := ask.Flow{Name: "lists", Version: 1, Steps: []ask.Step{
		ask.Date("since"), ask.Number("mark", 0, 100).Fraction(1), ask.Files("papers", 2).OrSkip(), ask.Checklist("proofs", "proof"),
	}}
	all := flows.All
	defer func() { flows.All = all }()
	flows.All = append(slices.Clone(all), f)
	book, err := locales.New(time.UTC, func(_, id string) dauys.Names { return dauys.Names{dauys.Russian: "Справка " + id} })
	if err != nil {
		t.Fatal(err)
	}
	h := &Handlers{Book: book}
	turn := &Turn{State: &ask.State{Lang: "ru"}}
	s := f.Start("id", map[string][]string{"proofs": {"a", "b"}}, nil)
	for _, in := range []ask.Input{
		{Text: "2026-11-23"}, {Text: "67,5"}, {File: &ask.File{Ref: "0"}}, {Do: ask.Finish}, {File: &ask.File{Ref: "1"}}, {File: &ask.File{Ref: "2", Caption: "копия"}},
		{Do: ask.Pick, Value: "2"}, {Do: ask.Finish}, {Do: ask.Finish}, {Do: ask.Send},
	} {
		s, _ = f.Next(s, in)
	}
	want := []dauys.Detail{{Question: "lists.since", Text: "2026-11-23", As: dauys.DetailDay}, {Question: "lists.mark", Text: "67.5", As: dauys.DetailNumber}}
	if got := h.details(turn.Lang(), s); s.Phase != ask.Sending || !slices.Equal(got, want) {
		t.Errorf("at %s %s: %+v, want %+v", s.Phase, s.Asked, got, want)
	}
	var captions []string
	for _, file := range h.papersIn(turn, s) {
		captions = append(captions, file.Ref+": "+file.Caption)
	}
	if want := []string{"0: ", "1: Справка b", "2: Справка b\nкопия"}; !slices.Equal(captions, want) {
		t.Errorf("captions %q, want %q", captions, want)
	}
	if got := s.Missing("proofs"); !slices.Equal(got, []string{"a"}) {
		t.Errorf("missing: %v", got)
	}
}
