package handlers

import (
	"slices"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
)

// publicLines are the ways to the Public Reception Office, by their buttons.
var publicLines = []string{"write", "queue"}

// public is the command /public: what the Public Reception Office is for, and the ways to it.
func (h *Handlers) public(t *Turn) error {
	ways := slices.Clone(publicLines)
	if !slices.ContainsFunc(h.University.Offices, func(o dauys.Office) bool { return o.Queue != nil }) {
		ways = slices.DeleteFunc(ways, func(way string) bool { return way == "queue" })
	}
	t.Say(ask.Reply{Text: h.Book.Say(t.Lang(), locales.PublicHead()), Buttons: append(h.menuRows(t.Lang(), ways...), h.onward(t))})
	return nil
}

// write begins an appeal of somebody from outside the university.
func (h *Handlers) write(t *Turn) error {
	if t.State.Focus != nil {
		return h.unfinished(t)
	}
	if h.full(t) {
		return nil
	}
	h.start(t, flows.Public, h.given(t), map[string]ask.Answer{"standing": {Values: []string{string(dauys.AsCitizen)}}})
	return nil
}
