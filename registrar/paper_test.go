package registrar

import (
	"testing"
	"time"
)

// A paper goes one way; a reason is given where somebody loses something.
func TestPaperMoves(t *testing.T) {
	all := []PaperState{PaperAsked, PaperApproved, PaperRefused, PaperIssued, PaperReady, PaperCollected, PaperRevoked}
	at := time.Date(2026, 11, 23, 5, 0, 0, 0, time.UTC)
	want := map[PaperState]string{
		PaperAsked: "approved refused ", PaperApproved: "issued revoked ", PaperIssued: "ready revoked ",
		PaperReady: "collected revoked ", PaperCollected: "revoked ",
	}
	for _, from := range all {
		got := ""
		for _, to := range all {
			p := Paper{Official: true, State: from}
			if p.Move(to, "somebody", "a reason", at) == nil {
				got += string(to) + " "
			}
			if p := (Paper{State: from}); p.Move(to, "somebody", "a reason", at) == nil {
				t.Errorf("what is not official went from %s to %s", from, to)
			}
		}
		if got != want[from] {
			t.Errorf("%s is followed by %q, want %q", from, got, want[from])
		}
	}
	p := Paper{Official: true, State: PaperAsked}
	if p.Move(PaperRefused, "somebody", "", at) == nil {
		t.Error("refused without a reason")
	}
	if err := p.Move(PaperApproved, "somebody", "", at); err != nil || !p.Issued.Equal(at) {
		t.Errorf("approved: %+v, %v", p, err)
	}
	if p.Valid() {
		t.Error("what is only approved is in nobody's hands")
	}
	p.Hash = "00"
	if err := p.Move(PaperIssued, "", "", at); err != nil || !p.Valid() {
		t.Errorf("issued: %+v, %v", p, err)
	}
	if err := p.Move(PaperRevoked, "somebody", "a mark was wrong", at); err != nil || p.Valid() {
		t.Errorf("revoked: %+v, %v", p, err)
	}
}

// Nobody learns a name from the public page; who has the paper knows it again.
func TestMasked(t *testing.T) {
	for name, want := range map[string]string{
		"Қыдырғалиқызы Әсем Ғабитқызы": "Қы••• Ә. Ғ.",
		"Kim Dmitry":           "Ki••• D.",
		"Ли Ян":                "Л••• Я.",
		"Я":                    "•••",
		"  Иванова   Анна  - ": "Ив••• А.",
		"":                     "",
	} {
		if got := Masked(name); got != want {
			t.Errorf("%q is %q, want %q", name, got, want)
		}
	}
}
