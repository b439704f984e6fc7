package handlers

import (
	"testing"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
)

// Where the words of a message stand in a case is remembered with the message, and trusted only as long
// as they are those.
func TestWordsOfAMessage(t *testing.T) {
	turn := &Turn{State: &ask.State{}}
	became(turn, ask.Session{ID: "s1", Answers: map[string]ask.Answer{
		"story": {Values: []string{"Бірінші 😀", "two\n\nparagraphs", "соңғы"}, From: []string{"11", "12", "13"}, Files: []ask.File{{Ref: "f", Message: "14"}}},
		"name":  {Values: []string{"Аты"}, From: []string{"15"}},
	}}, "ALT-2026-000001", "")
	became(turn, ask.Session{ID: "s2", Answers: map[string]ask.Answer{"words": {Values: []string{"added"}, From: []string{"21"}}}}, "ALT-2026-000001", "s2")
	c := &dauys.Case{Text: "Бірінші 😀\n\ntwo\n\nparagraphs\n\nсоңғы", Events: []dauys.Event{{Act: dauys.Add, Cause: "s2", Note: "added"}}}
	want := map[string]string{"11": "Бірінші 😀", "12": "two\n\nparagraphs", "13": "соңғы", "14": "", "15": "", "21": "added"}
	if len(turn.State.Sent) != len(want) {
		t.Fatalf("remembered %+v", turn.State.Sent)
	}
	other := &dauys.Case{Text: "Бірінші"}
	for _, sent := range turn.State.Sent {
		if got := before(c, sent); got != want[sent.Message] || sent.Case != "ALT-2026-000001" {
			t.Errorf("message %s had %q, want %q", sent.Message, got, want[sent.Message])
		}
		if got := before(other, sent); got != "" {
			t.Errorf("in another text it had %q", got)
		}
	}
	for _, wrong := range []ask.Sent{{}, {Len: -1}, {At: -1, Len: 2}, {At: 1 << 40, Len: 1}, {Len: 1 << 40}, {Len: 7}} {
		if got := before(c, wrong); got != "" {
			t.Errorf("%+v had %q", wrong, got)
		}
	}

	amended := dauys.Event{Act: dauys.Amend, Note: "once", Details: []dauys.Detail{{Question: locales.AmendedBefore, Text: "added"}}}
	if got := lastWords(c, "added"); got != "added" {
		t.Errorf("never changed, it is %q", got)
	}
	if c.Events = append(c.Events, amended); lastWords(c, "added") != "once" || lastWords(c, "соңғы") != "соңғы" {
		t.Error("the words by now are others")
	}
}
