package dauys

import (
	"errors"
	"strings"
	"testing"
)

// second is a case of an office in which a colleague has to approve, taken by Damir.
func second(t *testing.T) (c *Case, do func(Act, Staff, string) error) {
	t.Helper()
	c = open(t, "2026-11-23 10:00")
	c.Ladder[0].Second = true
	now := almaty(t, "2026-11-24 11:00")
	do = func(act Act, who Staff, words string) error {
		m := Move{Act: act, By: TheOffice, Staff: who, Note: words, Outcome: Refused, At: now}
		if act == Approve {
			return c.Approve(m, &Builtin().Calendar)
		}
		return c.Do(m, &Builtin().Calendar)
	}
	if err := do(Take, damir, ""); err != nil {
		t.Fatal(err)
	}
	return c, do
}

func TestSecondYes(t *testing.T) {
	c, do := second(t)
	refused := func(what string, err error) {
		t.Helper()
		if _, no := errors.AsType[*NotAllowedError](err); !no {
			t.Errorf("%s: %v", what, err)
		}
	}
	refused("answered alone", do(Answer, damir, "words"))
	refused("approved before anything was written", do(Approve, saule, ""))
	due, wake := c.RungDue, c.Wake
	if err := do(Submit, damir, "first words"); err != nil {
		t.Fatal(err)
	}
	if e, waits := c.Submission(); !waits || e.Note != "first words" || c.Status != InReview || !c.RungDue.Equal(due) || !c.Wake.Equal(wake) {
		t.Errorf("it waits: %v %+v, %s until %v", waits, e, c.Status, c.RungDue)
	}
	n := len(c.Events)
	refused("the writer approves", do(Approve, damir, ""))
	refused("the writer by another right approves", do(Approve, Staff{ID: 99, Address: damir.Address, Name: "Damir"}, ""))
	refused("the writer returns it", do(Return, damir, "no"))
	refused("sent without a yes", do(Answer, damir, "first words"))
	if len(c.Events) != n {
		t.Fatalf("something happened: %+v", c.Events[n:])
	}
	if err := do(Return, saule, "too short"); err != nil {
		t.Fatal(err)
	}
	if _, waits := c.Submission(); waits {
		t.Error("it waits after it was returned")
	}
	if e, ok := c.Unsent(); !ok || e.Note != "first words" {
		t.Errorf("the words are lost: %+v", e)
	}
	refused("approved after it was returned", do(Approve, saule, ""))
	if err := do(Submit, damir, "better words"); err != nil {
		t.Fatal(err)
	}
	if err := do(Approve, saule, ""); err != nil {
		t.Fatal(err)
	}
	last := c.Events[len(c.Events)-1]
	if c.Status != Decided || c.Outcome != Refused || last.Act != Answer || last.Note != "better words" || last.Staff != damir.ID || last.Name != "Damir" {
		t.Errorf("approved: %s %s, %+v", c.Status, c.Outcome, last)
	}
	if yes := c.Events[len(c.Events)-2]; yes.Act != Approve || yes.Staff != saule.ID || yes.To != InReview {
		t.Errorf("the yes: %+v", yes)
	}
	refused("approved twice", do(Approve, saule, ""))
	if _, ok := c.Unsent(); ok {
		t.Error("what was sent is still unsent")
	}
}

// When the case goes another way, the answer that waited does not leave any more.
func TestNothingWaitsAfterTheCaseHasMoved(t *testing.T) {
	for _, act := range []Act{GiveBack, Ask, Escalate} {
		c, do := second(t)
		if err := errors.Join(do(Submit, damir, "words"), do(act, damir, "words")); err != nil {
			t.Fatal(err)
		}
		if _, ok := c.Unsent(); ok {
			t.Errorf("after %s it waits", act)
		}
		if err := do(Approve, saule, ""); err == nil {
			t.Errorf("after %s it is approved", act)
		}
	}
	c, do := second(t)
	if err := errors.Join(do(Submit, damir, "words"), do(Note, saule, "words")); err != nil {
		t.Fatal(err)
	}
	if _, waits := c.Submission(); !waits {
		t.Error("a note ends the wait")
	}
}

// Who has received somebody in person needs the yes of a colleague for what came of it, too.
func TestSecondYesAfterAReception(t *testing.T) {
	c, do := second(t)
	c.Status = OnAgenda
	for _, step := range []error{do(Submit, saule, "received, and agreed"), do(Approve, damir, "")} {
		if step != nil {
			t.Fatal(step)
		}
	}
	if e := c.Events[len(c.Events)-1]; e.Act != Decide || e.Note != "received, and agreed" || e.Name != "Saule" || c.Status != Decided {
		t.Errorf("%s after %+v", c.Status, e)
	}
}

// What the structure file says of an office is frozen in the ladders that lead through it.
func TestReadSecond(t *testing.T) {
	file := strings.Replace(small, "  - id: rector\n    members: true\n", "  - id: rector\n    second: true\n", 1) + rest
	u, problems := ReadUniversity("u.yaml", []byte(file))
	if u == nil || len(problems) > 0 {
		t.Fatal(problems)
	}
	q := draft().Request()
	q.Institute, q.Topic = "law", "marks"
	way, err := u.Route(q)
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, r := range way.Ladder {
		if found = found || r.Office == "rector"; r.Second != (r.Office == "rector") {
			t.Errorf("%s: %v", r.Office, r.Second)
		}
	}
	if !found {
		t.Errorf("no rector in %+v", way.Ladder)
	}
	for words, want := range map[string]string{
		"second: 2":                             "is neither yes nor no",
		"second: true\n    powers: [schedule]":  "decides in meetings",
		"second: true\n    powers: [recommend]": "",
		"second: false\n    powers: [schedule]": "",
		"secnod: true":                          "second",
	} {
		_, problems := ReadUniversity("u.yaml", []byte(strings.Replace(file, "second: true", words, 1)))
		said := ""
		for _, p := range problems {
			said += p.String()
		}
		if (want == "") != (said == "") || !strings.Contains(said, want) {
			t.Errorf("%q: %q, want %q", words, said, want)
		}
	}
}
