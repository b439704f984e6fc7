package dauys

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
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
		OnAgenda:   {"on the agenda", "a meeting is going to decide, or the applicant is going to be received; its terms go on"},
		Decided:    {"decided", "the answer is written and on its way to the applicant"},
		Redirected: {"redirected", "it is outside the university's competence; where to turn is on its way to the applicant"},
		Closed:     {"closed", "the applicant has the answer, or has not replied in time; for a while they can take it up again"},
		Withdrawn:  {"withdrawn", "the applicant has taken it back"},
	}
	partyWords = map[Party]string{
		TheApplicant: "the applicant may",
		TheOffice:    "the office that has it may",
		TheHolder:    "the one who took it, and nobody else, may",
		TheHead:      "the office above may",
		TheReader:    "the reader may",
		TheColleague: "the colleague may",
		TheSigner:    "somebody else may",
		TheMessenger: "the messenger may",
		TheClock:     "the clock may",
	}
	toldWords = map[Party]string{
		TheApplicant: "the applicant is told",
		TheOffice:    "the office is told",
		TheReader:    "it is sent to the one who reads it",
		TheSigner:    "all who have signed it are told",
		TheColleague: "the colleague is told in their own chat",
		TheHead:      "the office above is told, though not what the case is about",
	}
	actWords = map[Act]string{
		Register:      "register it",
		Take:          "take it",
		GiveBack:      "give it back to the office",
		Release:       "report that the one who took it does not act for the office any more, which has it again",
		Substitute:    "give it to the deputy of the one who took it and is away",
		Entrust:       "hand it to a colleague, who has it from then on",
		Classify:      "say that it is about something else than its applicant has chosen",
		Ask:           "ask the applicant",
		Reply:         "answer what they were asked",
		Unask:         "take the question back",
		Answer:        "answer it",
		Submit:        "write an answer, which waits for the yes of a colleague",
		Approve:       "approve that answer, which then leaves in the name of who has written it",
		Return:        "give that answer back to who has written it",
		Note:          "write a note about it, which only staff ever see",
		Transcribe:    "write down what the applicant has said and not written",
		Escalate:      "hand it up as beyond the authority of the office",
		Propose:       "ask the applicant whether a higher office may have it",
		Allow:         "agree that a higher office has it",
		Forbid:        "say no to that",
		Transfer:      "give it over to another office of the university, which becomes the first of a new ladder",
		Bounce:        "say that the body to which it was redirected has not accepted it",
		Redirect:      "say that it is outside the university's competence, and where to turn",
		Extend:        "extend its terms",
		Recommend:     "recommend something to the office above, which does not get the case by that",
		Mediate:       "invite the sides to a talk",
		Schedule:      "put it on the agenda of a meeting",
		Decide:        "write down what the meeting or the reception has decided",
		Add:           "add details",
		Bring:         "bring documents that were missing",
		Chase:         "remind the applicant of documents that are missing",
		Forgo:         "say that the time for bringing them is over, and that it can be decided without",
		Amend:         "change a message that is part of it",
		Remind:        "remind of it",
		Withdraw:      "withdraw it",
		Sign:          "sign it",
		Unsign:        "take their signature back",
		Accept:        "say that it is solved",
		Rate:          "say how well it was answered, from 1 to 5",
		Reopen:        "take it up again at the same office",
		Dispute:       "take it up again at the next office of its ladder",
		Postpone:      "put it off to the next meeting",
		Invite:        "invite the applicant to be received in person, at a free time of its schedule",
		Excuse:        "say that they cannot come then",
		Redact:        "ask the applicant whether the answer may be published as prepared",
		Publish:       "say that it may be published in those words, which it is",
		Keep:          "say that it may not",
		Inspect:       "read it in their own chat, which is noted",
		Sort:          "say that today is the last day to find out whose it is",
		Warn:          "warn that a term ends on the next working day",
		Urge:          "urge, because a term ends today or is still over",
		Overdue:       "say that a term is over",
		Expire:        "hand it up, because the term of the office is over or the applicant was asked and has kept silent",
		Link:          "link it with another case",
		Unlink:        "take a link with another case back",
		Join:          "join it with another case of the same applicant, of which it is a duplicate",
		Absorb:        "take over what the applicant has said in a duplicate, of which the earlier terms hold",
		Split:         "make a part of it a case of its own",
		Gather:        "ask the applicant whether it may be handled together with others about the same cause",
		Together:      "agree that it is handled together with others about the same cause",
		Apart:         "say that it goes on by itself, also after they have agreed",
		Nudge:         "remind the applicant of the question",
		Close:         "close it without a reply",
		FollowUp:      "ask whether it was really solved",
		Bypass:        "leave the office out, because the case is about somebody there",
		Recount:       "count its terms anew, because the calendar was changed",
		HandOver:      "note in which other way the answer was handed over",
		Delivered:     "report that what the office wrote to the applicant has arrived",
		Undeliverable: "report that what the office wrote to the applicant cannot be delivered",
	}
)

// sentence says a rule as the procedure would.
func (r Rule) sentence(from Status) string {
	s := fmt.Sprintf("While a case is %s, %s %s", statusWords[from][0], partyWords[r.By], actWords[r.Do])
	if r.If == Undelivered {
		s = strings.TrimSuffix(s, ", because a term ends today or is still over")
	}
	if r.Note != "" {
		s += ", " + string(r.Note)
	}
	if r.If != "" {
		s += ", if " + string(r.If)
	}
	switch {
	case r.Climb:
		s += fmt.Sprintf("; it goes with its papers to a higher office of its ladder and is %s there", statusWords[r.To][0])
	case r.Do == Transfer:
		s += fmt.Sprintf("; it goes there with its papers and is %s", statusWords[r.To][0])
	case r.To == "" || r.To == from:
		s += fmt.Sprintf("; it stays %s", statusWords[from][0])
	default:
		s += fmt.Sprintf("; it is then %s", statusWords[r.To][0])
	}
	for _, p := range r.Tell {
		if p == TheHead && r.Do == Recommend {
			s += "; the office above is told"
			continue
		}
		s += "; " + toldWords[p]
		if r.Do == Sign {
			s += " now and then"
		}
	}
	return s + "."
}

// TestLifecycleInWords holds testdata/lifecycle.txt, which is for whoever owns the procedure.
func TestLifecycleInWords(t *testing.T) {
	var b strings.Builder
	b.WriteString(`The life of a case: what may happen to it, who may do it, and what follows.
Nothing else is possible. The cards in the chats of the offices follow every step by
themselves; "is told" means a message besides. When what the clock may do is due, and in
what order, is written in clock.go. Written by go test . -update.
`)
	for _, status := range declared[Status](t, "Status") {
		words, ok := statusWords[status]
		if !ok {
			t.Errorf("the status %q has no words in this test", status)
		}
		fmt.Fprintf(&b, "\n%s: %s.\n\n", strings.ToUpper(words[0]), words[1])
		none := true
		for _, r := range Rules {
			if slices.Contains(r.From, status) {
				fmt.Fprintf(&b, "  %s\n", r.sentence(status))
				none = false
			}
		}
		if none {
			fmt.Fprintf(&b, "  A case that is %s stays so.\n", words[0])
		}
	}
	for _, act := range declared[Act](t, "Act") {
		if actWords[act] == "" {
			t.Errorf("the act %q has no words in this test", act)
		}
		if !slices.ContainsFunc(Rules, func(r Rule) bool { return r.Do == act }) && act != Register {
			t.Errorf("no rule has the act %q", act)
		}
	}
	for _, by := range declared[Party](t, "Party") {
		if partyWords[by] == "" {
			t.Errorf("the party %q has no words in this test", by)
		}
	}
	for _, r := range Rules {
		for _, p := range r.Tell {
			if toldWords[p] == "" {
				t.Errorf("that the party %q is told of %s has no words in this test", p, r.Do)
			}
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
			if r.To != "" && slices.ContainsFunc(r.From, func(s Status) bool { return reached[s] }) {
				reached[r.To] = true
			}
		}
	}
	for _, status := range declared[Status](t, "Status") {
		if !reached[status] {
			t.Errorf("no case ever becomes %s", status)
		}
		left := map[Party]bool{} // and by whom
		rules := 0
		for _, r := range Rules {
			if slices.Contains(r.From, status) {
				rules++
				if r.To != "" && r.To != status {
					left[r.By] = true
				}
			}
		}
		switch {
		case status == Withdrawn:
			if rules > 0 {
				t.Errorf("%s is the end and has rules", status)
			}
		case status == Closed:
			if !reflect.DeepEqual(left, map[Party]bool{TheApplicant: true}) {
				t.Errorf("%s can be left by %v, want the applicant alone", status, left)
			}
		case len(left) == 0:
			t.Errorf("%s cannot be left and is not final", status)
		}
		if want := status == Closed || status == Withdrawn; status.Final() != want {
			t.Errorf("%s is final: %v", status, status.Final())
		}
	}
}

// No two rules answer the same question, so their order means nothing: those for the same act by
// the same party while a case is in the same status hold under other conditions.
func TestRulesDoNotHideOneAnother(t *testing.T) {
	whose := func(p Party) Party {
		if p == TheHolder {
			return TheOffice // who is of it
		}
		return p
	}
	for i, a := range Rules {
		if len(a.From) == 0 {
			t.Errorf("the rule for %s by %s holds never", a.Do, a.By)
		}
		if conditions[a.If] == nil {
			t.Errorf("nothing says when it holds that %s", a.If)
		}
		for _, b := range Rules[:i] {
			if a.Do != b.Do || whose(a.By) != whose(b.By) || (a.If != "" && b.If != "" && a.If != b.If) {
				continue
			}
			for _, s := range a.From {
				if slices.Contains(b.From, s) {
					t.Errorf("two rules for %s by %s while %s", a.Do, a.By, s)
				}
			}
		}
	}
	for _, i := range declared[If](t, "If") {
		if !slices.ContainsFunc(Rules, func(r Rule) bool { return r.If == i }) {
			t.Errorf("no rule has the condition %q", i)
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
	c.Terms.Cites = map[string]string{"answer": "5.3"}
	if status != Registered && !status.Final() {
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

// clone is a copy of a case that shares nothing with it.
func clone(c *Case) *Case {
	d := *c
	d.Ladder, d.Events, d.tells = slices.Clone(c.Ladder), slices.Clone(c.Events), slices.Clone(c.tells)
	d.Files, d.Details, d.Against, d.Barred = slices.Clone(c.Files), slices.Clone(c.Details), slices.Clone(c.Against), slices.Clone(c.Barred)
	d.Terms.Silence, d.Terms.Cites = slices.Clone(c.Terms.Silence), maps.Clone(c.Terms.Cites)
	for i := range d.Ladder {
		d.Ladder[i].Powers = slices.Clone(c.Ladder[i].Powers)
	}
	return &d
}

func move(act Act, by Party, at time.Time) Move {
	m := Move{Act: act, By: by, Note: "words", Cause: "u1", At: at}
	if by == TheOffice || by == TheHolder || act == Substitute {
		m.Staff = damir
	}
	if by == TheSigner {
		m.Staff = Staff{Address: "telegram:9", Name: "Amina"}
	}
	switch act {
	case Answer, Decide, Submit:
		m.Outcome = Explained
	case Extend:
		m.Days = 2
	case Invite:
		m.Term = at.AddDate(0, 0, 7)
	case Redact:
		m.Details = []Detail{{Question: "publication.answer", Text: "words"}}
	case Publish:
		m.Channel = "telegram:-100"
	case Rate:
		m.Mark = 4
	case Entrust:
		m.Staff.Head, m.Whom = true, saule
	case Classify:
		m.Topic = "marks"
	case Link, Unlink, Join, Split, Gather, Together:
		m.Other = "ALT-2026-000124"
	case Absorb:
		m.Other, m.Term, m.Here = "ALT-2026-000124", at.AddDate(1, 0, 0), at.AddDate(1, 0, 0)
	case Transfer:
		m.Scheme, m.Ladder = "desw", Ladder{{Office: "desw", Days: 1, Registers: true}, {Office: "vr-social", Days: 10}}
	}
	if by == TheClock {
		m.Note, m.Term = "", at
	}
	return m
}

// noon is when the moves of these tests are made.
const noon = "2026-11-24 12:00"

// holding makes a case of which a condition is true, failing one of which it is not. Both leave
// everything else as it is.
var (
	proposed = func(by Party) func(*testing.T, *Case) {
		return func(t *testing.T, c *Case) {
			c.Ladder[1].Asks = true
			c.append(Event{At: almaty(t, "2026-11-23 15:00"), Act: Propose, By: by, From: c.Status, To: c.Status, Office: c.Office(), Toward: "director@itc"})
		}
	}
	again    = func(t *testing.T, c *Case) { c.Outcome, c.Until = Granted, almaty(t, noon).Add(time.Second) }
	asIs     = func(*testing.T, *Case) {}
	toTheTop = func(_ *testing.T, c *Case) { c.Ladder = c.Ladder[:1] }
	worded   = func(t *testing.T, c *Case) {
		c.append(Event{At: almaty(t, "2026-11-23 15:00"), Act: Redact, By: TheOffice, From: c.Status, To: c.Status, Office: c.Office(), Note: "words"})
	}
	expected = func(term string) func(*testing.T, *Case) {
		return func(t *testing.T, c *Case) {
			c.append(Event{At: almaty(t, "2026-11-23 15:00"), Act: Invite, By: TheHolder, From: c.Status, To: c.Status, Office: c.Office(), Term: almaty(t, term)})
		}
	}
	linked = func(act Act) func(*testing.T, *Case) {
		return func(t *testing.T, c *Case) {
			c.append(Event{At: almaty(t, "2026-11-23 15:00"), Act: act, By: TheOffice, From: c.Status, To: c.Status, Office: c.Office(), Other: "ALT-2026-000124"})
		}
	}
	holding = map[If]func(*testing.T, *Case){
		MayReceive: func(_ *testing.T, c *Case) { c.Kind, c.Ladder[0].Powers = Audience, Powers },
		Expected:   expected("2026-11-24 12:15"),
		MayPublish: func(_ *testing.T, c *Case) { c.Outcome, c.Terms.Publish = Granted, true },
		Worded:     worded,
		NotLinked:  asIs,
		IsLinked:   linked(Link),
		OfOne:      asIs,
		MayGather:  asIs,
		Gathered:   linked(Gather),
		InCommon:   linked(Together),
		Restricted: func(_ *testing.T, c *Case) { c.Terms.Restricted = true },
		Lacking:    func(_ *testing.T, c *Case) { c.Missing = []string{"id"} },
		"":         asIs, Spoken: asIs, MayDecide: asIs, MayExtend: asIs, HasHigher: asIs, MayHandUp: asIs, MayPass: asIs, NotReminded: asIs, Sideways: asIs, MaySign: asIs,
		HasSigned: func(t *testing.T, c *Case) {
			c.append(Event{At: almaty(t, "2026-11-23 15:00"), Act: Sign, By: TheSigner, Who: "telegram:9", From: c.Status, To: c.Status, Office: c.Office()})
		},
		Empowered:       func(_ *testing.T, c *Case) { c.Ladder[0].Powers = Powers },
		MustAsk:         func(_ *testing.T, c *Case) { c.Ladder[1].Asks = true },
		StaffAsked:      proposed(TheOffice),
		ClockAsked:      proposed(TheClock),
		HasAsked:        proposed(TheClock),
		WasAnswered:     func(_ *testing.T, c *Case) { c.Outcome = Granted },
		InWindow:        again,
		InWindowBelow:   again,
		InWindowOutside: func(t *testing.T, c *Case) { again(t, c); c.Outcome = Outside },
		Undelivered: func(t *testing.T, c *Case) {
			c.append(Event{At: almaty(t, "2026-11-23 15:00"), Act: Undeliverable, By: TheMessenger, From: c.Status, To: c.Status, Office: c.Office()})
		},
		HasMessenger: asIs,
		NeedsSecond:  func(_ *testing.T, c *Case) { c.Ladder[0].Second = true },
		OthersAnswer: waiting(saule),
		FromHead:     asIs, FromHolder: asIs, OtherTopic: asIs,
	}
	failing = map[If]func(*testing.T, *Case){
		NeedsSecond:  asIs,
		OthersAnswer: waiting(damir),
		FromHead:     func(_ *testing.T, c *Case) { c.Barred = []Address{saule.Address} },
		FromHolder:   func(_ *testing.T, c *Case) { c.Barred = []Address{saule.Address} },
		OtherTopic:   func(_ *testing.T, c *Case) { c.Topic = "marks" },
		MayReceive:   func(_ *testing.T, c *Case) { c.Ladder[0].Powers = Powers },
		Expected:     expected("2026-11-24 12:00"),
		MayPublish:   func(_ *testing.T, c *Case) { c.Outcome = Granted },
		Worded:       asIs,
		NotLinked:    linked(Link),
		IsLinked:     linked(Absorb),
		OfOne: func(t *testing.T, c *Case) {
			c.append(Event{At: almaty(t, "2026-11-23 15:00"), Act: Sign, By: TheSigner, Who: "telegram:9", From: c.Status, To: c.Status, Office: c.Office()})
		},
		MayGather:  func(_ *testing.T, c *Case) { c.Terms.Restricted = true },
		Gathered:   linked(Together),
		InCommon:   linked(Apart),
		Restricted: asIs,
		Lacking:    asIs,
		Spoken:     func(_ *testing.T, c *Case) { c.Files = c.Files[:1] },
		MayDecide:  func(_ *testing.T, c *Case) { c.Ladder[0].Registers = true },
		MayExtend:  func(_ *testing.T, c *Case) { c.Terms.Extend = 1 },
		Empowered:  func(_ *testing.T, c *Case) { c.Ladder[0].Powers = nil },
		HasHigher:  toTheTop,
		MayHandUp:  func(_ *testing.T, c *Case) { c.Ladder[1].Asks = true },
		MustAsk:    asIs,
		StaffAsked: asIs,
		ClockAsked: asIs,
		HasAsked:   asIs,
		MayPass:    func(_ *testing.T, c *Case) { c.Ladder[1].Asks = true },
		Sideways:   func(_ *testing.T, c *Case) { c.Against = []OfficeID{"desw"} },
		NotReminded: func(t *testing.T, c *Case) {
			c.append(Event{At: almaty(t, noon).Add(time.Second - remindAgain), Act: Remind, By: TheApplicant, From: c.Status, To: c.Status, Office: c.Office()})
		},
		MaySign:         func(_ *testing.T, c *Case) { c.Terms.Collective = false },
		HasSigned:       asIs,
		WasAnswered:     func(_ *testing.T, c *Case) { c.Outcome = Left },
		InWindow:        func(t *testing.T, c *Case) { c.Until = almaty(t, noon) },
		InWindowBelow:   func(t *testing.T, c *Case) { again(t, c); toTheTop(t, c) },
		InWindowOutside: func(t *testing.T, c *Case) { again(t, c); c.Outcome = Granted },
		Undelivered:     asIs,
		HasMessenger:    func(_ *testing.T, c *Case) { c.Applicant.Address = "" },
	}
)

// waiting is a case in which an answer of somebody waits for the yes of a colleague.
func waiting(writer Staff) func(*testing.T, *Case) {
	return func(t *testing.T, c *Case) {
		c.Ladder[0].Second = true
		c.append(Event{At: almaty(t, "2026-11-23 15:00"), Act: Submit, By: TheOffice, Staff: writer.ID, Name: writer.Name, Who: writer.Address, From: c.Status, To: c.Status,
			Office: c.Office(), Note: "words", Outcome: Granted})
	}
}

// scene is a stored case of which a condition holds, or not.
func scene(t *testing.T, status Status, of map[If]func(*testing.T, *Case), i If) *Case {
	t.Helper()
	c := stored(t, status)
	if of[i] == nil {
		t.Fatalf("this test makes no case for the condition %q", i)
	}
	of[i](t, c)
	c.Loaded()
	return c
}

// Whatever the status, a move is made if the table has it and its condition holds, and refused
// without a trace if not.
func TestDoFollowsTheTable(t *testing.T) {
	now := almaty(t, noon)
	cal := &Builtin().Calendar
	ifs := append(declared[If](t, "If"), "")
	refused := func(c *Case, m Move, i If) {
		t.Helper()
		before := clone(c)
		can, offered, err := c.Can(m), c.Offers(m.Act, m.By, now), c.Do(m, cal)
		notAllowed, ok := errors.AsType[*NotAllowedError](err)
		if !ok || notAllowed.Number != c.Number || notAllowed.Act != m.Act || notAllowed.Status != before.Status || notAllowed.If != i {
			t.Errorf("%s by the %s while %s: error %v, want one because of %q", m.Act, m.By, before.Status, err, i)
		}
		if !reflect.DeepEqual(c, before) {
			t.Errorf("%s by the %s while %s was refused and changed the case", m.Act, m.By, before.Status)
		}
		if can == nil || offered && !slices.Contains([]If{MayExtend, Sideways, NotLinked, FromHolder, OtherTopic}, i) { // these depend on what is written
			t.Errorf("%s by the %s while %s is offered and refused", m.Act, m.By, before.Status)
		}
	}
	made := map[int]bool{}
	for _, status := range declared[Status](t, "Status") {
		for _, act := range declared[Act](t, "Act") {
			for _, by := range declared[Party](t, "Party") {
				m := move(act, by, now)
				var rules []Rule
				for i, r := range Rules {
					if slices.Contains(r.From, status) && r.Do == act && (r.By == by || r.By == TheHolder && by == TheOffice) {
						made[i] = true
						rules = append(rules, r)
					}
				}
				for _, r := range rules {
					if r.If != "" { // of several conditions the last is why
						refused(scene(t, status, failing, r.If), m, rules[len(rules)-1].If)
					}
					c := scene(t, status, holding, r.If)
					before := clone(c)
					can, offered, err := c.Can(m), c.Offers(act, by, now), c.Do(m, cal)
					if err != nil || can != nil || !offered && by != TheSigner && r.If != FromHead { // who is offered it by the link alone, and a head by a command
						t.Errorf("%s by the %s while %s: error %v, can %v, offered %v", act, by, status, err, can, offered)
						continue
					}
					checkMove(t, r, m, before, c)
				}
				for _, i := range ifs {
					if len(rules) == 0 {
						refused(scene(t, status, holding, i), m, "")
					}
				}
			}
		}
	}
	if len(made) < len(Rules) {
		t.Errorf("%d rules were tried of %d", len(made), len(Rules))
	}
}

// checkMove compares a case after a move with what its rule says.
func checkMove(t *testing.T, r Rule, m Move, before, after *Case) {
	t.Helper()
	what := fmt.Sprintf("%s by the %s while %s", m.Act, m.By, before.Status)
	to := cmp.Or(r.To, before.Status)
	if after.Status != to {
		t.Errorf("%s: now %s, want %s", what, after.Status, to)
	}
	n := len(before.Events)
	if got, want := len(after.Events), n+1; got != want {
		t.Fatalf("%s: %d events, want %d", what, got, want)
	}
	if !reflect.DeepEqual(after.Events[:n], before.Events) {
		t.Errorf("%s: what happened before was rewritten", what)
	}
	e := Event{Seq: n + 1, At: m.At, Act: m.Act, By: m.By, Staff: m.Staff.ID, Name: m.Staff.Name, From: before.Status, To: to,
		Office: "deputy@itc", Note: m.Note, Outcome: m.Outcome, Details: m.Details, Days: m.Days, Mark: m.Mark, Term: m.Term, Other: m.Other, Cause: m.Cause}
	if m.By == TheSigner {
		e.Who = "telegram:9"
	}
	if m.Act == Submit || m.Act == Approve {
		e.Who = m.Staff.Address
	}
	switch m.Act {
	case Entrust:
		e.Who, e.Whom = saule.Address, "Saule"
	case Classify:
		e.Topic, e.Was = "marks", "teaching"
	}
	switch {
	case r.Climb:
		e.Next = "director@itc"
	case m.Act == Transfer:
		e.Next = "desw"
	case slices.Contains([]Act{Propose, Forbid, Recommend}, m.Act):
		e.Toward = "director@itc"
	case m.Act == Answer:
		e.Clause = "5.3"
	}
	if got := after.Events[n]; !reflect.DeepEqual(got, e) {
		t.Errorf("%s:\n got event %+v\nwant event %+v", what, got, e)
	}
	if want := cmp.Or(e.Next, "deputy@itc"); after.Office() != want {
		t.Errorf("%s: now at %s, want %s", what, after.Office(), want)
	}
	if m.Cause != "" && (!after.Caused(m.Cause) || before.Caused(m.Cause)) {
		t.Errorf("%s: its cause is not remembered", what)
	}
	if held := after.Holder != 0; held != (to != Registered && !to.Final() && (before.Holder != 0 || m.Act == Take || m.Act == Entrust)) || held != (after.HolderName != "") {
		t.Errorf("%s: held by %q", what, after.HolderName)
	}
	if open := after.Until.After(m.At); open != (to == Closed && m.Act != Join && (before.Status != Closed || m.Act == FollowUp || !before.Until.IsZero())) {
		t.Errorf("%s: can be taken up again until %v", what, after.Until)
	}
	if want := after.next(&Builtin().Calendar); !after.Wake.Equal(want) {
		t.Errorf("%s: the clock looks again at %v, want %v", what, after.Wake, want)
	}
	var want []string
	for _, p := range r.Tell {
		if p == TheSigner && len(before.Signatures()) == 0 {
			continue
		}
		want = append(want, map[Party]string{TheApplicant: "telegram:1", TheOffice: "deputy@itc", TheHead: "director@itc", TheReader: "telegram:7", TheColleague: "telegram:8"}[p])
	}
	switch m.Act {
	case Invite: // two reminders, and who comes that day
		want = append(want, "telegram:1", "telegram:1", "deputy@itc")
	case Publish:
		want = append(want, "telegram:-100")
	}
	if e.Next != "" {
		want = append(want, string(after.Office()))
	}
	var told []string
	keys := map[string]bool{}
	events, tells := after.Stored()
	for _, n := range tells {
		told = append(told, string(n.To)+string(n.Office))
		if keys[n.Key] = true; n.Case != after.Number || n.Event != e.Seq {
			t.Errorf("%s: the notification is about event %d of %q", what, n.Event, n.Case)
		}
		arrives := n.What == Asked || n.What == Answered
		if m.Act == Invite {
			arrives = arrives != (n.What == Asked) // who does not know of it does not come
		}
		if arrives != (n.To != "" && (to == Needs || to == Decided || to == Redirected) && before.Status != to) {
			t.Errorf("%s: the applicant is told of it as %s", what, n.What)
		}
	}
	if !slices.Equal(told, want) || len(keys) != len(told) || len(events) != 1 {
		t.Errorf("%s: told %q, want %q; %d events to store, want 1", what, told, want, len(events))
	}
}

// What a colleague took is theirs: nobody else of the office answers it or hands it up.
func TestOnlyTheHolderActs(t *testing.T) {
	for _, r := range Rules {
		if r.By != TheHolder {
			continue
		}
		for _, status := range r.From {
			for _, by := range []Party{TheHolder, TheOffice} {
				c := scene(t, status, holding, r.If)
				before := clone(c)
				m := move(r.Do, by, almaty(t, noon))
				m.Staff = saule
				err := c.Do(m, &Builtin().Calendar)
				if notAllowed, ok := errors.AsType[*NotAllowedError](err); !ok || notAllowed.Holder != "Damir" {
					t.Errorf("%s by a colleague while %s: error %v, want one that names the holder", r.Do, status, err)
				}
				if !reflect.DeepEqual(c, before) {
					t.Errorf("%s by a colleague was refused and changed the case", r.Do)
				}
			}
		}
	}
}

// Who has a case is a reason for those of the office, and nothing for anybody else to read.
func TestTheHolderIsNamedToStaffOnly(t *testing.T) {
	for _, by := range []Party{TheApplicant, TheClock, TheMessenger} {
		c := scene(t, InReview, failing, NotReminded)
		for _, act := range []Act{Remind, Reply, Rate, Nudge} {
			err := c.Do(move(act, by, almaty(t, noon)), &Builtin().Calendar)
			if notAllowed, ok := errors.AsType[*NotAllowedError](err); !ok || notAllowed.Holder != "" {
				t.Errorf("%s by the %s: %v", act, by, err)
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

// Who holds a case hands it to a colleague, and so does a head of the office, also one that nobody has
// taken. Nobody else does, and nobody gets it who may not act on it.
func TestEntrust(t *testing.T) {
	now := almaty(t, noon)
	head := Staff{ID: 9, Address: "telegram:9", Name: "Aliya", Office: "deputy@itc", Head: true}
	elsewhere, over, held := saule, saule, saule
	elsewhere.Office, over.Until, held.Suspended = "director@itc", now, now.Add(time.Hour)
	about := saule
	about.Also = []OfficeID{"vr-social"}
	for _, tt := range []struct {
		name     string
		status   Status
		by, whom Staff
		ok       bool
	}{
		{"the holder", InReview, damir, saule, true},
		{"the holder of one that waits for its applicant", Needs, damir, saule, true},
		{"a head, of what a colleague holds", InReview, head, saule, true},
		{"a head, of what nobody holds", Registered, head, saule, true},
		{"nobody else", InReview, saule, head, false},
		{"nobody who is no head, of what nobody holds", Registered, damir, saule, false},
		{"to themselves", InReview, head, head, false},
		{"to who holds it already", InReview, head, damir, false},
		{"to another office", InReview, damir, elsewhere, false},
		{"to whose right is over", InReview, damir, over, false},
		{"to who is held back", InReview, damir, held, false},
		{"to whom it is about", InReview, damir, about, false},
		{"of what is answered", Decided, head, saule, false},
	} {
		c := stored(t, tt.status)
		c.Against = []OfficeID{"vr-social"}
		m := move(Entrust, TheOffice, now)
		m.Staff, m.Whom = tt.by, tt.whom
		before, due := clone(c), c.RungDue
		err := c.Do(m, &Builtin().Calendar)
		switch {
		case (err == nil) != tt.ok:
			t.Errorf("%s: %v", tt.name, err)
		case err != nil && !reflect.DeepEqual(c, before):
			t.Errorf("%s: refused, and changed the case", tt.name)
		case err == nil && (c.Holder != tt.whom.ID || c.HolderName != tt.whom.Name || !c.RungDue.Equal(due) || c.Events[len(c.Events)-1].Name != tt.by.Name):
			t.Errorf("%s: held by %q, due %v after %v", tt.name, c.HolderName, c.RungDue, due)
		}
	}
}

func TestWordsAreNeeded(t *testing.T) {
	cal := &Builtin().Calendar
	for _, r := range Rules {
		if r.Note == "" {
			continue
		}
		for _, status := range r.From {
			m := move(r.Do, r.By, almaty(t, noon))
			m.Note = ""
			c := scene(t, status, holding, r.If)
			before := clone(c)
			if err := c.Do(m, cal); err == nil || !reflect.DeepEqual(c, before) {
				t.Errorf("%s while %s without a word: error %v, changed %v", r.Do, status, err, !reflect.DeepEqual(c, before))
			}
			m.Files = []File{{Ref: "f2", Kind: "document"}}
			if err, enough := c.Do(m, cal), r.Note == OrFiles; (err == nil) != enough {
				t.Errorf("%s by %s while %s with a file and no word: %v", r.Do, r.By, status, err)
			}
			c, m.Files = scene(t, status, holding, r.If), []File{{Ref: "v2", Kind: "voice", Spoken: true}}
			if err := c.Do(m, cal); (err == nil) == (r.Note == InWords || r.Note == OrBody) {
				t.Errorf("%s by %s while %s with a recording: %v", r.Do, r.By, status, err)
			}
			c, m.Files, m.Body = scene(t, status, holding, r.If), nil, "labour"
			if err := c.Do(m, cal); (err == nil) != (r.Note == OrBody) {
				t.Errorf("%s by %s while %s with a competent body: %v", r.Do, r.By, status, err)
			}
		}
	}
}

// Some moves need something besides words.
func TestWhatElseIsNeeded(t *testing.T) {
	for _, tt := range []struct {
		act    Act
		by     Party
		status Status
		i      If
		take   func(*Move)
		needs  string
	}{
		{Take, TheOffice, Registered, "", func(m *Move) { m.Staff = Staff{} }, "somebody of the office"},
		{Redirect, TheOffice, Registered, "", func(m *Move) { m.Staff = Staff{Address: "telegram:7"} }, "somebody of the office"},
		{Answer, TheHolder, InReview, MayDecide, func(m *Move) { m.Outcome = "" }, "an outcome"},
		{Decide, TheOffice, OnAgenda, MayDecide, func(m *Move) { m.Outcome = "" }, "an outcome"},
		{Entrust, TheOffice, InReview, FromHolder, func(m *Move) { m.Whom = Staff{} }, "a colleague"},
		{Entrust, TheOffice, Registered, FromHead, func(m *Move) { m.Whom = Staff{} }, "a colleague"},
		{Classify, TheHolder, InReview, OtherTopic, func(m *Move) { m.Topic = "" }, "a topic"},
		{Extend, TheHolder, InReview, MayExtend, func(m *Move) { m.Days = 0 }, "working days"},
		{Extend, TheHolder, InReview, MayExtend, func(m *Move) { m.Days = -3 }, "working days"},
		{Transfer, TheHolder, InReview, "", func(m *Move) { m.Ladder = nil }, "an office"},
		{Invite, TheHolder, InReview, MayReceive, func(m *Move) { m.Term = m.At }, "a time that is still to come"},
		{Redact, TheOffice, Closed, MayPublish, func(m *Move) { m.Details = nil }, "the words of the answer"},
		{Publish, TheApplicant, Closed, Worded, func(m *Move) { m.Channel = "" }, "somewhere to publish it"},
		{Rate, TheApplicant, Closed, WasAnswered, func(m *Move) { m.Mark = 0 }, "a mark from 1 to 5"},
		{Rate, TheApplicant, Closed, WasAnswered, func(m *Move) { m.Mark = 6 }, "a mark from 1 to 5"},
	} {
		c, m := scene(t, tt.status, holding, tt.i), move(tt.act, tt.by, almaty(t, noon))
		before := clone(c)
		tt.take(&m)
		err := c.Do(m, &Builtin().Calendar)
		if want := fmt.Sprintf("case ALT-2026-000123: %s needs %s", tt.act, tt.needs); err == nil || err.Error() != want || !reflect.DeepEqual(c, before) {
			t.Errorf("got %v, want %s; changed %v", err, want, !reflect.DeepEqual(c, before))
		}
	}
}

// A case climbs its ladder rung by rung, each time with a new term by the calendar, and
// stops at the top.
func TestClimb(t *testing.T) {
	c := open(t, "2026-11-23 10:00")
	for i := range c.Ladder {
		c.Ladder[i].Asks = false
	}
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
		if c.Office() != "rector" || len(c.Events) != events || c.Status != status || !c.RungDue.Equal(due) || c.Offers(Escalate, TheOffice, almaty(t, "2026-12-16 11:00")) {
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
		if !c.Offers(Transcribe, TheOffice, almaty(t, noon)) {
			t.Errorf("while %s nobody can write down what was said", status)
		}
		c.Files = c.Files[:1]
		if c.Offers(Transcribe, TheOffice, almaty(t, noon)) || len(c.Recordings()) > 0 {
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

// A case goes up to any office above only from where one may choose; only the office chooses.
func TestHandUpOverOffices(t *testing.T) {
	cal, now := &Builtin().Calendar, almaty(t, noon)
	at := func(chooses bool) *Case {
		c := stored(t, InReview)
		c.Ladder[0].Chooses = chooses
		return c
	}
	to := func(act Act, by Party, office OfficeID) Move {
		m := move(act, by, now)
		m.To = office
		return m
	}
	for _, office := range []OfficeID{"vr-academic", "rector", "deputy@itc", "deputy@ilb", "desw"} {
		for _, act := range []Act{Escalate, Propose} {
			c := at(false)
			if err := c.Do(to(act, TheHolder, office), cal); err == nil {
				t.Errorf("%s to %s from where nobody chooses", act, office)
			}
		}
	}
	c := at(true)
	if err := c.Do(to(Escalate, TheHolder, "rector"), cal); err == nil {
		t.Error("handed up over two offices without asking the applicant")
	}
	if err := c.Do(to(Propose, TheHolder, "rector"), cal); err != nil || c.Office() != "deputy@itc" {
		t.Fatalf("proposed: %v, now at %s", err, c.Office())
	}
	if m := to(Escalate, TheHolder, "vr-academic"); c.Can(m) == nil {
		t.Error("asked about one office, handed up to another that has to be asked about")
	}
	yes := to(Allow, TheApplicant, "vr-academic") // a form that is not ours
	if err := c.Do(yes, cal); err != nil || c.Office() != "rector" {
		t.Errorf("allowed: %v, now at %s, want what was proposed", err, c.Office())
	}
	c = at(true)
	if err := c.Do(to(Escalate, TheHolder, "director@itc"), cal); err != nil || c.Office() != "director@itc" {
		t.Errorf("handed up to the next: %v, now at %s", err, c.Office())
	}
	c = at(true)
	if err := c.Do(to(Propose, TheHolder, "rector"), cal); err != nil {
		t.Fatal(err)
	}
	if err := c.Do(to(Expire, TheClock, "director@itc"), cal); err != nil || c.Office() != "rector" {
		t.Errorf("silence: %v, now at %s, want what was proposed", err, c.Office())
	}
	c = scene(t, Closed, holding, InWindowBelow)
	if err := c.Do(to(Dispute, TheApplicant, "rector"), cal); err != nil || c.Office() != "director@itc" {
		t.Errorf("disputed: %v, now at %s, want one rung up", err, c.Office())
	}
}

// What the applicant said about one office at one time is not taken for another.
func TestConsentIsForOneHandUp(t *testing.T) {
	cal, now := &Builtin().Calendar, almaty(t, noon)
	do := func(c *Case, acts ...Move) {
		t.Helper()
		for _, m := range acts {
			if err := c.Do(m, cal); err != nil {
				t.Fatal(err)
			}
		}
	}
	// Asked by the clock about the next office, agreed: the office hands it there and no farther.
	c := scene(t, InReview, holding, ClockAsked)
	do(c, move(Allow, TheApplicant, now))
	if c.Office() != "deputy@itc" || c.Status != InReview {
		t.Errorf("a yes to the clock moves the case to %s at once", c.Office())
	}
	c.Ladder[0].Chooses = true
	m := move(Escalate, TheHolder, now)
	if m.To = "rector"; c.Can(m) == nil {
		t.Error("a yes to the director is one to the rector")
	}
	m.To = ""
	do(c, m)
	if c.Office() != "director@itc" || c.Can(move(Escalate, TheOffice, now)) == nil {
		t.Error("a yes to the director is one to whoever comes next")
	}
	// Agreed or not, once answered and taken up again it is asked anew, and silence of before is none.
	for _, said := range []Act{Allow, Forbid, ""} {
		c := scene(t, InReview, holding, ClockAsked)
		if said == "" {
			c = scene(t, InReview, holding, StaffAsked)
		} else {
			do(c, move(said, TheApplicant, now))
		}
		do(c, move(Answer, TheHolder, now), move(Delivered, TheMessenger, now), move(Reopen, TheApplicant, now.AddDate(0, 0, 3)))
		if c.Can(move(Escalate, TheOffice, now)) == nil || c.Can(move(Propose, TheOffice, now)) != nil || c.Can(move(Forbid, TheApplicant, now)) == nil {
			t.Errorf("after %q and a new beginning the applicant is not asked anew", said)
		}
		if m, due := c.Ticks(cal, c.RungDue.Add(-2*24*time.Hour)); due && m.Act == Expire {
			t.Errorf("after %q and a new beginning the case goes up at %v by itself", said, m.At)
		}
	}
	// A no counts also while the applicant is asked for something else.
	c = scene(t, InReview, holding, StaffAsked)
	do(c, move(Ask, TheHolder, now), move(Forbid, TheApplicant, now), move(Reply, TheApplicant, now))
	if c.Can(move(Expire, TheClock, now)) == nil || c.Can(move(Escalate, TheHolder, now)) == nil {
		t.Error("a no that was said while a question waited is lost")
	}
	do(c, move(Allow, TheApplicant, now)) // and the applicant may think better of it
	if c.Office() != "director@itc" {
		t.Errorf("after no and yes the case is at %s", c.Office())
	}
}

// A transfer is no way up and none to whom the case is about; it keeps what has happened.
func TestTransfer(t *testing.T) {
	cal, now := &Builtin().Calendar, almaty(t, noon)
	for _, office := range []OfficeID{"director@itc", "vr-academic", "rector"} {
		m := move(Transfer, TheHolder, now)
		m.Ladder = Ladder{{Office: office, Days: 5}}
		c := stored(t, InReview)
		if err := c.Do(m, cal); err == nil {
			t.Errorf("given over to %s, which is above", office)
		}
	}
	c := stored(t, InReview)
	whole := c.Due
	m := move(Transfer, TheHolder, now)
	if err := c.Do(m, cal); err != nil {
		t.Fatal(err)
	}
	if c.Office() != "desw" || c.Position != 0 || c.Scheme != "desw" || !reflect.DeepEqual(c.Ladder, m.Ladder) || c.Holder != 0 {
		t.Errorf("given over to %s of the scheme %s, ladder %v, held by %d", c.Office(), c.Scheme, c.Ladder, c.Holder)
	}
	if !c.RungDue.Equal(almaty(t, "2026-11-25 17:30")) || !c.Due.Equal(whole) {
		t.Errorf("the new office has until %v, the whole case until %v", c.RungDue, c.Due)
	}
	if !c.Seen("deputy@itc") || !c.Seen("desw") || c.Seen("director@itc") || len(c.Events) != 2 || c.Number != "ALT-2026-000123" {
		t.Error("the transfer lost what was before")
	}
}

// Terms are extended by what the scheme allows in all.
func TestExtend(t *testing.T) {
	cal, now := &Builtin().Calendar, almaty(t, noon)
	c := stored(t, InReview)
	extend := func(days int) error {
		m := move(Extend, TheHolder, now)
		m.Days = days
		return c.Do(m, cal)
	}
	if c.Extendable() != 40 {
		t.Errorf("can be extended by %d working days, want 40", c.Extendable())
	}
	if err := extend(41); err == nil {
		t.Error("extended by more than allowed")
	}
	for _, days := range []int{2, 30} {
		if err := extend(days); err != nil {
			t.Fatal(err)
		}
	}
	if !c.RungDue.Equal(cal.Due(almaty(t, "2026-11-26 17:30"), 32)) || !c.Due.Equal(cal.Due(almaty(t, "2026-12-14 17:30"), 32)) {
		t.Errorf("due %v and %v", c.RungDue, c.Due)
	}
	if err := extend(9); err == nil || c.Extendable() != 8 {
		t.Errorf("extended by 41 in all: %v, %d left", err, c.Extendable())
	}
	if err := extend(8); err != nil || c.Extendable() != 0 || c.Offers(Extend, TheHolder, now) {
		t.Errorf("extended by 40 in all: %v, %d left", err, c.Extendable())
	}
}

// A reminder can be sent once a day.
func TestRemind(t *testing.T) {
	c := stored(t, InReview)
	for _, tt := range []struct {
		at string
		ok bool
	}{{"2026-11-24 12:00", true}, {"2026-11-24 12:01", false}, {"2026-11-25 07:59", false}, {"2026-11-25 08:00", true}, {"2026-11-25 20:00", false}, {"2026-11-26 12:00", true}} {
		if err := c.Do(move(Remind, TheApplicant, almaty(t, tt.at)), &Builtin().Calendar); (err == nil) != tt.ok {
			t.Errorf("reminded at %s: %v", tt.at, err)
		}
	}
}

// A closed case is taken up again within its time, at the same office or one higher, with new
// terms; it is asked about again after it was closed again.
func TestTakenUpAgain(t *testing.T) {
	cal := &Builtin().Calendar
	for _, act := range []Act{Reopen, Dispute} {
		c := open(t, "2026-11-23 10:00")
		do := func(m Move) {
			t.Helper()
			if err := c.Do(m, cal); err != nil {
				t.Fatal(err)
			}
		}
		do(move(Take, TheOffice, almaty(t, "2026-11-24 10:00")))
		do(move(Answer, TheHolder, almaty(t, "2026-11-25 10:00")))
		do(move(Delivered, TheMessenger, almaty(t, "2026-11-25 10:01")))
		if c.Status != Closed || !c.Until.Equal(almaty(t, "2026-12-09 17:30")) || !c.Wake.Equal(almaty(t, "2026-12-17 08:30")) {
			t.Errorf("%s, can be taken up again until %v, looked at again at %v", c.Status, c.Until, c.Wake)
		}
		if late := move(act, TheApplicant, almaty(t, "2026-12-09 17:30")); c.Can(late) == nil || c.Offers(act, TheApplicant, late.At) {
			t.Errorf("%s when the time is over", act)
		}
		do(move(act, TheApplicant, almaty(t, "2026-12-09 17:29")))
		office, rung := OfficeID("deputy@itc"), "2026-12-14 17:30"
		if act == Dispute {
			office, rung = "director@itc", "2026-12-17 17:30"
		}
		if c.Status != Registered || c.Office() != office || c.Outcome != "" || !c.Until.IsZero() || !c.RungDue.Equal(almaty(t, rung)) || !c.Due.Equal(almaty(t, "2026-12-31 17:30")) {
			t.Errorf("%s: %s at %s, outcome %q, until %v, due %v and %v", act, c.Status, c.Office(), c.Outcome, c.Until, c.RungDue, c.Due)
		}
		do(move(Take, TheOffice, almaty(t, "2026-12-10 10:00")))
		do(move(Answer, TheHolder, almaty(t, "2026-12-10 11:00")))
		do(move(Delivered, TheMessenger, almaty(t, "2026-12-10 11:01")))
		if !c.Wake.Equal(cal.openingAfter(almaty(t, "2026-12-10 11:01"), 15)) {
			t.Errorf("%s: asked whether it was solved at %v", act, c.Wake)
		}
	}
}

// TestLeftOutTogether: where several offices in a row may not have a case, it goes past all of them
// at once, and none of them has had it.
func TestLeftOutTogether(t *testing.T) {
	c := open(t, "2026-11-23 10:00")
	m := Move{Act: Bypass, By: TheClock, To: "vr-academic", At: almaty(t, "2026-11-23 11:00")}
	if err := c.Do(m, &Builtin().Calendar); err != nil {
		t.Fatal(err)
	}
	if c.Office() != "vr-academic" || c.Seen("director@itc") {
		t.Errorf("it is with %s, and the director has had it: %t", c.Office(), c.Seen("director@itc"))
	}
}
