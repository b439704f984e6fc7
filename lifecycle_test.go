package dauys

import (
	"errors"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write what is, instead of comparing with what was")

// declared lists every constant of a type in lifecycle.go, in its order there, so that a
// new status, act or party cannot be forgotten by these tests.
func declared[W ~string](t *testing.T, typeName string) (all []W) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "lifecycle.go", nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	for node := range ast.Preorder(file) {
		spec, ok := node.(*ast.ValueSpec)
		if !ok {
			continue
		}
		if name, ok := spec.Type.(*ast.Ident); !ok || name.Name != typeName {
			continue
		}
		for _, v := range spec.Values {
			word, err := strconv.Unquote(v.(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, W(word))
		}
	}
	if len(all) == 0 {
		t.Fatalf("lifecycle.go declares no %s", typeName)
	}
	return all
}

// The words in which testdata/lifecycle.txt says the table.
var (
	statusWords = map[Status][2]string{ // what it is called, what it means
		Registered: {"registered", "it has a number and a term, and waits to be taken"},
		InReview:   {"in review", "somebody of the office works on it"},
		Needs:      {"waiting for the applicant", "the applicant was asked for something; its terms stand still and go on afterwards with as many full working days as were left"},
		Decided:    {"decided", "the answer is written and on its way to the applicant"},
		Closed:     {"closed", "the applicant has the answer"},
		Withdrawn:  {"withdrawn", "the applicant has taken it back"},
	}
	partyWords = map[Party]string{
		TheApplicant: "the applicant may",
		TheOffice:    "the office that has it may",
		TheHolder:    "the one who took it, and nobody else, may",
		TheMessenger: "the messenger may",
		TheClock:     "the clock may",
	}
	actWords = map[Act]string{
		Register:      "register it",
		Take:          "take it",
		GiveBack:      "give it back to the office",
		Release:       "report that the one who took it has left the chat of the office, which has it again",
		Ask:           "ask the applicant",
		Reply:         "answer what they were asked",
		Unask:         "take the question back",
		Answer:        "answer it",
		Transcribe:    "write down what the applicant has said and not written",
		Escalate:      "hand it up as beyond the authority of the office",
		Add:           "add details",
		Amend:         "change a message that is part of it",
		Withdraw:      "withdraw it",
		Delivered:     "report that the answer has arrived",
		Undeliverable: "report that what the office wrote to the applicant cannot be delivered",
	}
)

// sentence says a rule as the procedure would.
func (r Rule) sentence() string {
	s := fmt.Sprintf("While a case is %s, %s %s", statusWords[r.From][0], partyWords[r.By], actWords[r.Do])
	if r.Note != "" && !r.Spoken {
		s += ", " + string(r.Note)
	}
	switch {
	case r.Climb:
		s += fmt.Sprintf("; it goes to the next office of its ladder, if there is one, and is %s there", statusWords[r.To][0])
	case r.From == r.To:
		s += fmt.Sprintf("; it stays %s", statusWords[r.To][0])
	default:
		s += fmt.Sprintf("; it is then %s", statusWords[r.To][0])
	}
	for _, p := range r.Tell {
		s += fmt.Sprintf("; the %s is told", p)
	}
	return s + "."
}

// TestLifecycleInWords holds testdata/lifecycle.txt, which is for whoever owns the procedure.
func TestLifecycleInWords(t *testing.T) {
	var b strings.Builder
	b.WriteString(`The life of a case: what may happen to it, who may do it, and what follows.
Nothing else is possible. The cards in the chats of the offices follow every step by
themselves; "is told" means a message besides. Written by go test . -update.
`)
	for _, status := range declared[Status](t, "Status") {
		words, ok := statusWords[status]
		if !ok {
			t.Errorf("the status %q has no words in this test", status)
		}
		fmt.Fprintf(&b, "\n%s: %s.\n\n", strings.ToUpper(words[0]), words[1])
		if status.Final() {
			fmt.Fprintf(&b, "  A case that is %s stays so.\n", words[0])
		}
		for _, r := range Rules {
			if r.From == status {
				fmt.Fprintf(&b, "  %s\n", r.sentence())
			}
		}
	}
	for _, act := range declared[Act](t, "Act") {
		if actWords[act] == "" {
			t.Errorf("the act %q has no words in this test", act)
		}
	}
	for _, by := range declared[Party](t, "Party") {
		if partyWords[by] == "" {
			t.Errorf("the party %q has no words in this test", by)
		}
	}
	const golden = "testdata/lifecycle.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("the rules say something else than %s; if that is meant, run go test . -update and show the difference to whoever owns the procedure. Now:\n%s", golden, &b)
	}
}

func TestEveryStatusIsReachedAndLeft(t *testing.T) {
	reached := map[Status]bool{Registered: true}
	for range Rules { // no way is longer than the table
		for _, r := range Rules {
			if reached[r.From] {
				reached[r.To] = true
			}
		}
	}
	for _, status := range declared[Status](t, "Status") {
		left := slices.ContainsFunc(Rules, func(r Rule) bool { return r.From == status && r.To != status })
		if !reached[status] {
			t.Errorf("no case ever becomes %s", status)
		}
		if left == status.Final() {
			t.Errorf("%s: can be left: %v, is final: %v", status, left, status.Final())
		}
		if stuck := slices.ContainsFunc(Rules, func(r Rule) bool { return r.From == status }); status.Final() && stuck {
			t.Errorf("%s is final and has rules", status)
		}
	}
}

// No two rules answer the same question, so their order means nothing.
func TestRulesDoNotHideOneAnother(t *testing.T) {
	for i, a := range Rules {
		for _, b := range Rules[:i] {
			if a.From == b.From && a.Do == b.Do {
				t.Errorf("two rules for %s while %s", a.Do, a.From)
			}
		}
	}
}

var (
	damir = Staff{ID: 7, Address: "telegram:7", Name: "Damir", Office: "deputy@itc"}
	saule = Staff{ID: 8, Address: "telegram:8", Name: "Saule", Office: "deputy@itc"}
)

// stored is a case as the storage hands it out: filed on Monday, in a status, held by Damir
// where that is possible.
func stored(t *testing.T, status Status) *Case {
	t.Helper()
	c := open(t, "2026-11-23 10:00")
	c.Number, c.Status = "ALT-2026-000123", status
	if status != Registered {
		c.Holder, c.HolderName = damir.ID, damir.Name
	}
	c.Loaded()
	return c
}

// open files a complaint of a student of one institute.
func open(t *testing.T, at string) *Case {
	t.Helper()
	c, err := Open(draft(), Builtin(), almaty(t, at))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func draft() Draft {
	return Draft{ID: "d1", Kind: Complaint, Institute: "itc", Topic: "teaching", Text: "The lectures did not take place.",
		Files:     []File{{Ref: "f1", Kind: "photo"}, {Ref: "v1", Kind: "voice", Spoken: true}},
		Applicant: Applicant{Address: "telegram:1", Name: "Aigerim", Standing: AsStudent, Lang: Kazakh}}
}

func move(act Act, by Party, at time.Time) Move {
	m := Move{Act: act, By: by, Note: "words", Cause: "u1", At: at}
	if by == TheOffice || by == TheHolder {
		m.Staff = damir
	}
	if act == Answer {
		m.Outcome = Explained
	}
	return m
}

// Whatever the status, a move is made if the table has it and refused without a trace if not.
func TestDoFollowsTheTable(t *testing.T) {
	now := almaty(t, "2026-11-24 11:00")
	made := 0
	for _, status := range declared[Status](t, "Status") {
		for _, act := range declared[Act](t, "Act") {
			for _, by := range declared[Party](t, "Party") {
				i := slices.IndexFunc(Rules, func(r Rule) bool {
					return r.From == status && r.Do == act && (r.By == by || r.By == TheHolder && by == TheOffice)
				})
				c, before := stored(t, status), stored(t, status)
				m := move(act, by, now)
				can := c.Can(m)
				err := c.Do(m, &Builtin().Calendar)
				if i < 0 {
					notAllowed, ok := errors.AsType[*NotAllowedError](err)
					if !ok || notAllowed.Number != c.Number || notAllowed.Act != act || notAllowed.Status != status {
						t.Errorf("%s by the %s while %s: error %v", act, by, status, err)
					}
					if !reflect.DeepEqual(c, before) {
						t.Errorf("%s by the %s while %s was refused and changed the case", act, by, status)
					}
					if can == nil || c.Offers(act, by) {
						t.Errorf("%s by the %s while %s is offered and refused", act, by, status)
					}
					continue
				}
				made++
				if err != nil || can != nil || !before.Offers(act, by) {
					t.Errorf("%s by the %s while %s: error %v, can %v, offered %v", act, by, status, err, can, before.Offers(act, by))
					continue
				}
				checkMove(t, Rules[i], m, before, c)
			}
		}
	}
	if made < len(Rules) {
		t.Errorf("%d moves were made, fewer than there are rules", made)
	}
}

// checkMove compares a case after a move with what its rule says.
func checkMove(t *testing.T, r Rule, m Move, before, after *Case) {
	t.Helper()
	what := fmt.Sprintf("%s by the %s while %s", m.Act, m.By, before.Status)
	if after.Status != r.To {
		t.Errorf("%s: now %s, want %s", what, after.Status, r.To)
	}
	if got, want := len(after.Events), len(before.Events)+1; got != want {
		t.Fatalf("%s: %d events, want %d", what, got, want)
	}
	if !reflect.DeepEqual(after.Events[:len(before.Events)], before.Events) {
		t.Errorf("%s: what happened before was rewritten", what)
	}
	e := Event{Seq: 2, At: m.At, Act: m.Act, By: m.By, Staff: m.Staff.ID, Name: m.Staff.Name, From: before.Status, To: r.To,
		Office: "deputy@itc", Note: m.Note, Outcome: m.Outcome, Cause: m.Cause}
	if r.Climb {
		e.Next = "director@itc"
	}
	if got := after.Events[1]; !reflect.DeepEqual(got, e) {
		t.Errorf("%s:\n got event %+v\nwant event %+v", what, got, e)
	}
	if !after.Caused(m.Cause) || before.Caused(m.Cause) {
		t.Errorf("%s: its cause is not remembered", what)
	}
	var want []string
	for _, p := range r.Tell {
		want = append(want, map[Party]string{TheApplicant: "telegram:1", TheOffice: "deputy@itc"}[p])
	}
	if r.Climb {
		want = append(want, "director@itc")
	}
	var told []string
	events, tells := after.Stored()
	for _, n := range tells {
		told = append(told, string(n.To)+string(n.Office))
		if n.Case != after.Number || n.Event != 2 {
			t.Errorf("%s: the notification is about event %d of %q", what, n.Event, n.Case)
		}
	}
	if !slices.Equal(told, want) || len(events) != 1 {
		t.Errorf("%s: told %q, want %q; %d events to store, want 1", what, told, want, len(events))
	}
}

// What a colleague took is theirs: nobody else of the office answers it or hands it up.
func TestOnlyTheHolderActs(t *testing.T) {
	for _, r := range Rules {
		if r.By != TheHolder {
			continue
		}
		for _, by := range []Party{TheHolder, TheOffice} {
			c, before := stored(t, r.From), stored(t, r.From)
			m := move(r.Do, by, almaty(t, "2026-11-24 11:00"))
			m.Staff = saule
			err := c.Do(m, &Builtin().Calendar)
			if notAllowed, ok := errors.AsType[*NotAllowedError](err); !ok || notAllowed.Holder != "Damir" {
				t.Errorf("%s by a colleague: error %v, want one that names the holder", r.Do, err)
			}
			if !reflect.DeepEqual(c, before) {
				t.Errorf("%s by a colleague was refused and changed the case", r.Do)
			}
		}
	}
}

func TestTakeAndGiveBack(t *testing.T) {
	c := stored(t, Registered)
	now := almaty(t, "2026-11-24 11:00")
	do := func(act Act, who Staff) error {
		m := move(act, TheOffice, now)
		m.Staff = who
		return c.Do(m, &Builtin().Calendar)
	}
	due := c.RungDue
	if err := do(Take, damir); err != nil || c.Holder != damir.ID || c.HolderName != "Damir" {
		t.Errorf("taken: %v, held by %q", err, c.HolderName)
	}
	if err := do(Take, saule); err == nil {
		t.Error("a case is taken twice")
	}
	if err := do(GiveBack, damir); err != nil || c.Holder != 0 || c.HolderName != "" || c.Status != Registered {
		t.Errorf("given back: %v, %s, held by %q", err, c.Status, c.HolderName)
	}
	if err := do(Take, saule); err != nil || c.Holder != saule.ID {
		t.Errorf("taken again: %v, held by %q", err, c.HolderName)
	}
	if !c.RungDue.Equal(due) {
		t.Errorf("taking and giving back moved the term from %v to %v", due, c.RungDue)
	}
}

func TestWordsAreNeeded(t *testing.T) {
	for _, r := range Rules {
		if r.Note == "" {
			continue
		}
		m := move(r.Do, r.By, almaty(t, "2026-11-24 11:00"))
		m.Note = ""
		c, before := stored(t, r.From), stored(t, r.From)
		if err := c.Do(m, &Builtin().Calendar); err == nil || !reflect.DeepEqual(c, before) {
			t.Errorf("%s while %s without a word: error %v, changed %v", r.Do, r.From, err, !reflect.DeepEqual(c, before))
		}
		m.Files = []File{{Ref: "f2", Kind: "document"}}
		if err, enough := c.Do(m, &Builtin().Calendar), r.Note == OrFiles; (err == nil) != enough {
			t.Errorf("%s by %s while %s with a file and no word: %v", r.Do, r.By, r.From, err)
		}
		c, m.Files = stored(t, r.From), []File{{Ref: "v2", Kind: "voice", Spoken: true}}
		if err := c.Do(m, &Builtin().Calendar); (err == nil) == (r.Note == InWords) {
			t.Errorf("%s by %s while %s with a recording: %v", r.Do, r.By, r.From, err)
		}
	}
}

// A case climbs its ladder rung by rung, each time with a new term by the calendar, and
// stops at the top.
func TestClimb(t *testing.T) {
	c := open(t, "2026-11-23 10:00")
	steps := []struct {
		at     string
		office OfficeID
		due    string
	}{
		{"2026-11-24 11:00", "director@itc", "2026-12-01 17:30"}, // within working hours
		{"2026-11-27 20:00", "vr-academic", "2026-12-07 17:30"},  // on Friday evening, so from Monday
		{"2026-12-15 17:29", "rector", "2026-12-23 17:30"},       // over Independence Day
	}
	if c.Office() != "deputy@itc" || !c.RungDue.Equal(almaty(t, "2026-11-26 17:30")) {
		t.Fatalf("begins at %s, due %v", c.Office(), c.RungDue)
	}
	whole := c.Due
	for _, step := range steps {
		higher, ok := c.Higher()
		for _, m := range []Move{move(Take, TheOffice, almaty(t, step.at)), move(Escalate, TheHolder, almaty(t, step.at))} {
			if err := c.Do(m, &Builtin().Calendar); err != nil {
				t.Fatal(err)
			}
		}
		if c.Office() != step.office || higher != step.office || !ok {
			t.Errorf("climbed to %s, announced %s, want %s", c.Office(), higher, step.office)
		}
		if !c.RungDue.Equal(almaty(t, step.due)) {
			t.Errorf("%s has until %v, want %s", step.office, c.RungDue, step.due)
		}
		if c.Status != Registered || c.Holder != 0 || c.HolderName != "" {
			t.Errorf("at %s the case is %s, held by %q", step.office, c.Status, c.HolderName)
		}
		if !c.Seen(step.office) || !c.Seen("deputy@itc") {
			t.Errorf("%s has the case and did not see it, or the deputy saw it no more", step.office)
		}
	}
	if !c.Due.Equal(whole) {
		t.Errorf("climbing moved the term of the whole case from %v to %v", whole, c.Due)
	}
	if _, ok := c.Higher(); ok {
		t.Error("there is an office above the rector")
	}
	for _, status := range []Status{Registered, InReview} {
		c.Status, c.Holder, c.HolderName = status, damir.ID, damir.Name
		c.Loaded()
		events, due := len(c.Events), c.RungDue
		err := c.Do(move(Escalate, TheOffice, almaty(t, "2026-12-16 11:00")), &Builtin().Calendar)
		if notAllowed, ok := errors.AsType[*NotAllowedError](err); !ok || !notAllowed.Top {
			t.Errorf("the top of the ladder hands up: %v", err)
		}
		if c.Office() != "rector" || len(c.Events) != events || c.Status != status || !c.RungDue.Equal(due) || c.Offers(Escalate, TheOffice) {
			t.Errorf("the top of the ladder handed up while %s", status)
		}
	}
}

// While the applicant is waited for the terms stand still; afterwards as many full working
// days are left of both as before, and the wait is told apart from them.
func TestTheTermsStandStill(t *testing.T) {
	const ask = "ask"
	type step struct{ act, at string }
	tests := []struct {
		name        string
		filed       string
		steps       []step
		rung, whole string // due in the end
		waited      int    // working days
	}{
		{"asked on Friday evening, answered on Sunday: no working time has passed", "2026-11-25 10:00",
			[]step{{ask, "2026-11-27 19:00"}, {"reply", "2026-11-29 12:00"}}, "2026-11-30 17:30", "2026-12-17 17:30", 0},
		{"asked on Friday evening, answered on Monday", "2026-11-25 10:00",
			[]step{{ask, "2026-11-27 19:00"}, {"reply", "2026-11-30 09:00"}}, "2026-12-01 17:30", "2026-12-18 17:30", 1},
		{"asked on Friday evening, answered on a holiday in the middle of a week", "2026-12-11 10:00",
			[]step{{ask, "2026-12-11 19:00"}, {"reply", "2026-12-16 11:00"}}, "2026-12-21 17:30", "2027-01-11 17:30", 2},
		{"over New Year", "2026-12-29 10:00",
			[]step{{ask, "2026-12-31 12:00"}, {"reply", "2027-01-04 12:00"}}, "2027-01-05 17:30", "2027-01-22 17:30", 0},
		{"within a day", "2026-11-23 10:00",
			[]step{{ask, "2026-11-23 11:00"}, {"reply", "2026-11-23 16:00"}}, "2026-11-26 17:30", "2026-12-14 17:30", 0},
		{"asked on the last day, answered on the next but one", "2026-11-23 10:00",
			[]step{{ask, "2026-11-26 15:00"}, {"reply", "2026-11-30 10:00"}}, "2026-11-30 17:30", "2026-12-17 17:30", 2},
		{"asked on the last day, answered when working hours were over", "2026-11-23 10:00",
			[]step{{ask, "2026-11-26 15:00"}, {"reply", "2026-11-27 18:00"}}, "2026-11-30 17:30", "2026-12-15 17:30", 1},
		{"asked too late: what was over stays over", "2026-11-23 10:00",
			[]step{{ask, "2026-11-26 17:30"}, {"reply", "2026-11-30 10:00"}}, "2026-11-26 17:30", "2026-12-17 17:30", 2},
		{"asked twice", "2026-11-23 10:00",
			[]step{{ask, "2026-11-24 10:00"}, {"reply", "2026-11-25 10:00"}, {ask, "2026-11-26 10:00"}, {"reply", "2026-11-28 10:00"}}, "2026-11-30 17:30", "2026-12-17 17:30", 2},
		{"details are no answer", "2026-11-23 10:00",
			[]step{{ask, "2026-11-24 10:00"}, {"add", "2026-11-25 10:00"}}, "2026-11-26 17:30", "2026-12-14 17:30", 3},
		{"the question is taken back", "2026-11-23 10:00",
			[]step{{ask, "2026-11-24 10:00"}, {"unask", "2026-11-25 10:00"}}, "2026-11-27 17:30", "2026-12-15 17:30", 1},
		{"the one who asked has left", "2026-11-23 10:00",
			[]step{{ask, "2026-11-24 10:00"}, {"release", "2026-11-25 10:00"}}, "2026-11-27 17:30", "2026-12-15 17:30", 1},
	}
	for _, tt := range tests {
		c := open(t, tt.filed)
		steps := append([]step{{"take", tt.filed}}, tt.steps...)
		for _, s := range steps {
			by := map[string]Party{"reply": TheApplicant, "add": TheApplicant, "release": TheMessenger}[s.act]
			if by == "" {
				by = TheOffice
			}
			if err := c.Do(move(Act(s.act), by, almaty(t, s.at)), &Builtin().Calendar); err != nil {
				t.Fatalf("%s: %v", tt.name, err)
			}
			if since, waits := c.Waits(); waits != (c.Status == Needs) || s.act == ask && !since.Equal(almaty(t, s.at)) {
				t.Errorf("%s: after %s it waits: %v, since %v", tt.name, s.act, waits, since)
			}
		}
		if !c.RungDue.Equal(almaty(t, tt.rung)) || !c.Due.Equal(almaty(t, tt.whole)) {
			t.Errorf("%s: due %v and %v, want %s and %s", tt.name, c.RungDue, c.Due, tt.rung, tt.whole)
		}
		if got := c.Waited(&Builtin().Calendar, almaty(t, "2026-11-27 10:00")); got != tt.waited {
			t.Errorf("%s: has waited %d working days, want %d", tt.name, got, tt.waited)
		}
	}
}

// Only the one who took a case asks, once at a time; afterwards the same person goes on.
func TestAskAndReply(t *testing.T) {
	c := stored(t, InReview)
	at := almaty(t, "2026-11-24 11:00")
	m := move(Ask, TheOffice, at)
	m.Files = []File{{Ref: "q1", Kind: "document"}}
	if err := c.Do(m, &Builtin().Calendar); err != nil || c.Status != Needs || c.Holder != damir.ID {
		t.Fatalf("asked: %v, %s, held by %q", err, c.Status, c.HolderName)
	}
	if _, tells := c.Stored(); len(tells) != 1 || tells[0].What != Asked || tells[0].To != "telegram:1" {
		t.Errorf("told %+v", tells)
	}
	if err := c.Do(move(Ask, TheOffice, at), &Builtin().Calendar); err == nil {
		t.Error("asked again before there is an answer")
	}
	r := move(Reply, TheApplicant, at.Add(time.Hour))
	if err := c.Do(r, &Builtin().Calendar); err != nil || c.Status != InReview || c.Holder != damir.ID {
		t.Errorf("answered: %v, %s, held by %q", err, c.Status, c.HolderName)
	}
	if err := c.Do(r, &Builtin().Calendar); err == nil {
		t.Error("answered twice")
	}
}

// What was written is not written down again.
func TestOnlySpokenIsWrittenDown(t *testing.T) {
	for _, status := range []Status{Registered, InReview, Needs} {
		c := stored(t, status)
		if !c.Offers(Transcribe, TheOffice) {
			t.Errorf("while %s nobody can write down what was said", status)
		}
		c.Files = c.Files[:1]
		if c.Offers(Transcribe, TheOffice) || len(c.Recordings()) > 0 {
			t.Errorf("while %s the words of a written story are asked for", status)
		}
	}
}

func TestCaused(t *testing.T) {
	c := stored(t, Registered)
	if c.Caused("") {
		t.Error("what has no cause is its own cause")
	}
	m := move(Take, TheOffice, almaty(t, "2026-11-24 11:00"))
	m.Cause = "telegram:42"
	if err := c.Do(m, &Builtin().Calendar); err != nil {
		t.Fatal(err)
	}
	if !c.Caused("telegram:42") || c.Caused("telegram:4") || c.Caused("") {
		t.Error("the cause of a move is not told from others")
	}
}
