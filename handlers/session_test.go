package handlers

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/registrar"
)

func TestReadSession(t *testing.T) {
	for typed, want := range map[string]string{
		"2025-2026 1": "2025-2026 1", " 2025-2026": "2025-2026 0", "2025/26 2": "2025-2026 2", "2025 – 2026, 3": "2025-2026 3", "2025 2": "2025-2026 2",
		"2025-2026 2 семестр": "2025-2026 2", "2025-2027 1": "", "2025-2026 4": "", "зимняя": "", "1": "", "2025-2026 12": "",
	} {
		got := ""
		if in, ok := readSession(typed); ok {
			got = fmt.Sprint(in.Year, " ", in.Semester)
		}
		if got != want {
			t.Errorf("%q is %q, want %q", typed, got, want)
		}
	}
}

// What takes long is made once, while the notice that waits for it comes again and again.
func TestApart(t *testing.T) {
	h, release, made := &Handlers{}, make(chan struct{}), 0
	do := func(context.Context) ([]ask.Reply, error) {
		made++
		<-release
		return []ask.Reply{{Text: "ready"}}, nil
	}
	for range 3 {
		if _, err := h.apart(t.Context(), "k", do); !errors.Is(err, ErrNotYet) {
			t.Fatalf("before it is ready: %v", err)
		}
	}
	close(release)
	if r, err := h.apart(t.Context(), "k", do); err != nil || len(r) != 1 || r[0].Text != "ready" || made != 1 {
		t.Errorf("%v, %v, made %d times", r, err, made)
	}
	failed := errors.New("no")
	if _, err := h.apart(t.Context(), "f", func(context.Context) ([]ask.Reply, error) { return nil, failed }); !errors.Is(err, failed) {
		t.Errorf("an error became %v", err)
	}
	if _, err := h.apart(t.Context(), "p", func(context.Context) ([]ask.Reply, error) { panic("x") }); err == nil {
		t.Error("a panic was no error")
	}
	if len(h.making.all) != 0 {
		t.Errorf("%d are kept", len(h.making.all))
	}
}

func TestAsLooks(t *testing.T) {
	at := time.Date(2026, 11, 23, 5, 0, 0, 0, time.UTC)
	look := func(cause string, who dauys.Address, did registrar.Did, k registrar.Kind, seconds int) registrar.Access {
		return registrar.Access{Cause: cause, Who: who, Did: did, Kind: k, At: at.Add(time.Duration(seconds) * time.Second)}
	}
	got := ""
	for _, x := range asLooks([]registrar.Access{
		look("3", "a", registrar.DidRead, registrar.Marks, 70), look("2", "a", registrar.DidRead, registrar.Marks, 20), look("2", "b", registrar.DidCode, "", 15),
		look("1", "a", registrar.DidRead, registrar.Roster, 10), look("1", "a", registrar.DidCode, "", 5),
	}) {
		got += fmt.Sprint(x.Who, x.Did, x.kinds, " ")
	}
	if want := "aread[marks] aread[roster marks] bcode[] acode[] "; got != want {
		t.Errorf("got %s", got)
	}
}
