package registrar

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestStanding(t *testing.T) {
	a := rulesWith(nil)
	at := Semester{Now: Span{"2025-2026", 2}, Plan: Span{"2026-2027", 1}}
	plan := func(discipline, status string) Entry {
		return EntryOf(Plans, Fields{"student": "1", "year": "2026-2027", "semester": "1", "discipline": discipline, "status": status})
	}
	running := func(control, score string) Entry {
		return EntryOf(Marks, Fields{"student": "1", "year": "2025-2026", "semester": "2", "discipline": "Logic", "title": "Logic", "credits": "5", "control": control, "score": score})
	}
	tests := []struct {
		name         string
		marks, plans []Entry
		want         string
		at           Semester
	}{
		{"good", examined("1", "Maths", "90/90"), []Entry{plan("A", "approved")}, "debts 0 low 0 absent 0 short false plan  need 0", at},
		{"a debt", examined("1", "Maths", "60/30"), []Entry{plan("A", "approved")}, "debts 1 low 0 absent 0 short true plan  need 16", at},
		{"no plan", examined("1", "Maths", "90/90"), nil, "debts 0 low 0 absent 0 short false plan missing need 8", at},
		{"one that is not registered", examined("1", "Maths", "90/90"), []Entry{plan("A", "missing")}, "debts 0 low 0 absent 0 short false plan missing need 8", at},
		{"a part", examined("1", "Maths", "90/90"), []Entry{plan("A", "approved"), plan("B", "correct"), plan("C", "approved")}, "debts 0 low 0 absent 0 short false plan incomplete need 5", at},
		{"nobody has plans", examined("1", "Maths", "90/90"), nil, "debts 0 low 0 absent 0 short false plan  need 0", Semester{Now: at.Now}},
		{"a low rating", slices.Concat(examined("1", "Maths", "90/90"), []Entry{running("tc1", "40"), running("rc1", "45")}), []Entry{plan("A", "approved")},
			"debts 0 low 1 absent 0 short false plan  need 4", at},
		{"not there", slices.Concat(examined("1", "Maths", "90/90"), []Entry{running("rc1", "absent")}), []Entry{plan("A", "approved")}, "debts 0 low 0 absent 1 short false plan  need 1", at},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := StandingOf(a, Fields{"student": "1", "course": "1"}, tt.marks, nil, tt.plans, nil, tt.at)
			if got := fmt.Sprintf("debts %d low %d absent %d short %t plan %s need %d", len(s.Debts), len(s.Low), s.Absent, s.Short, s.Plan, s.Need()); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestInNeed(t *testing.T) {
	of := func(name string, debts int) Standing {
		return Standing{Student: Fields{"name": name}, Debts: make([]Debt, debts)}
	}
	all := []Standing{of("B", 0), of("A", 0), of("C", 2), of("D", 3)}
	InNeed(all)
	var names []string
	for _, s := range all {
		names = append(names, s.Student["name"])
	}
	if got := strings.Join(names, ""); got != "DCAB" {
		t.Error(got)
	}
}
