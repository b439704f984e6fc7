package handlers

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/locales"
)

// seatStorage knows no staff, and one chat.
type seatStorage struct{ Storage }

func (seatStorage) StaffFor(context.Context, dauys.OfficeID, time.Time) ([]dauys.Staff, error) {
	return nil, nil
}
func (seatStorage) ChatOf(context.Context, dauys.OfficeID) (dauys.Address, error) {
	return "telegram:-1", nil
}

// counted counts how often the messenger is asked.
type counted struct {
	n    int
	fail bool
}

func (c *counted) Member(_ context.Context, _, who dauys.Address) (bool, error) {
	c.n++
	if c.fail {
		return false, errors.New("no line")
	}
	return who == "telegram:7", nil
}

// In one request the messenger is asked once whether somebody sits in a chat, however many cases are about
// them; in the next it is asked again, and what it could not tell is no answer.
func TestSeatsAreAskedOnce(t *testing.T) {
	asked := &counted{}
	h := finder(t)
	h.Storage, h.Members, h.University, h.Now = seatStorage{}, asked, dauys.Builtin(), time.Now
	hides := func(ctx context.Context, who dauys.Address) bool {
		t.Helper()
		hidden, err := h.hidden(ctx, &dauys.Case{Barred: []dauys.Address{who}}, "deputy@itc")
		if err != nil {
			t.Fatal(err)
		}
		return hidden
	}
	ctx := once(t.Context())
	for range 5 {
		if !hides(ctx, "telegram:7") || hides(ctx, "telegram:8") {
			t.Fatal("who sits there is mistaken")
		}
	}
	if asked.n != 2 {
		t.Errorf("two people were asked for %d times", asked.n)
	}
	hides(once(t.Context()), "telegram:7")
	if asked.n != 3 {
		t.Errorf("another request has asked %d times in all", asked.n)
	}
	ctx, asked.fail = once(t.Context()), true
	if _, err := h.hidden(ctx, &dauys.Case{Barred: []dauys.Address{"telegram:7"}}, "deputy@itc"); !errors.Is(err, dauys.ErrUnavailable) {
		t.Errorf("without an answer: %v", err)
	}
	if asked.fail = false; !hides(ctx, "telegram:7") {
		t.Error("what the messenger could not tell was remembered")
	}
}

// What a queue refuses is a sentence for staff, however deep the error stands.
func TestRefusalOfAQueue(t *testing.T) {
	h := finder(t)
	no := &dauys.QueueError{Queue: "reception.2026-11-23", Why: dauys.NotYours, N: 2}
	for _, l := range dauys.Langs {
		why, err := h.refusal(l, fmt.Errorf("change a queue: %w", no))
		if want := h.Book.Plain(l, locales.QueueNo(no)); err != nil || why != want || why == "" {
			t.Errorf("%s: %q, %v; want %q", l, why, err, want)
		}
	}
	if why, err := h.refusal(dauys.Russian, errors.New("disk")); why != "" || err == nil {
		t.Errorf("an error that means nothing to staff is %q, %v", why, err)
	}
}

// A number is the same however it is typed.
func TestNumbersTyped(t *testing.T) {
	for typed, want := range map[string][2]string{ // bare, and whole
		"ALT-2026-000012":       {"ALT-2026-000012", "ALT-2026-000012"},
		" alt-2026-000012 ":     {"ALT-2026-000012", "ALT-2026-000012"},
		"№ ALT-2026-000012":     {"ALT-2026-000012", "ALT-2026-000012"},
		"#alt-2026-000012.":     {"ALT-2026-000012", "ALT-2026-000012"},
		"«ALT-2026-000012»?":    {"ALT-2026-000012", "ALT-2026-000012"},
		"№12":                   {"12", ""},
		"12,":                   {"12", ""},
		"ALT-2026-000012 and x": {"ALT-2026-000012 AND X", ""},
		"":                      {"", ""},
		"№":                     {"", ""},
	} {
		if got := [2]string{bareNumber(typed), asNumber(typed)}; got != want {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
	}
}
