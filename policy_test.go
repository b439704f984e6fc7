package dauys

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// An alert of danger is for the office on duty and the administrators, whatever other rights
// somebody has.
func TestOnDuty(t *testing.T) {
	now := time.Now()
	u := &University{Duty: "desw"}
	right := func(o OfficeID, from, until time.Time) []Staff {
		return []Staff{{ID: 1, Address: "telegram:1", Office: o, From: from, Until: until}}
	}
	for _, tt := range []struct {
		name   string
		who    Address
		rights []Staff
		admins []Address
		want   bool
	}{
		{"staff of the office on duty", "telegram:1", right("desw", now, time.Time{}), nil, true},
		{"an administrator", "telegram:9", nil, []Address{"telegram:9"}, true},
		{"staff of another office", "telegram:1", right("rector", now, time.Time{}), []Address{"telegram:9"}, false},
		{"somebody with another's right", "telegram:2", right("desw", now, time.Time{}), nil, false},
		{"staff of the day before", "telegram:1", right("desw", now.Add(-2*time.Hour), now.Add(-time.Hour)), nil, false},
		{"staff of tomorrow", "telegram:1", right("desw", now.Add(time.Hour), time.Time{}), nil, false},
		{"a stranger", "telegram:3", nil, nil, false},
	} {
		if got := u.OnDuty(tt.who, tt.rights, tt.admins, now); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
	if (&University{}).OnDuty("telegram:1", right("", now, time.Time{}), nil, now) {
		t.Error("where no office is on duty, staff of none are shown the alert")
	}
}

// TestMay holds who may do what, over everybody who could ask: the applicant, staff of the
// office that has the case, of one that had it, of one above, of another institute, staff
// whose right is over, and somebody who is nobody.
func TestMay(t *testing.T) {
	now := almaty(t, "2026-11-24 11:00")
	c := open(t, "2026-11-23 10:00")
	climb := move(Escalate, TheOffice, now)
	climb.Staff = Staff{ID: 1}
	if err := c.Do(climb, &Builtin().Calendar); err != nil {
		t.Fatal(err)
	}
	right := func(office OfficeID) Staff {
		return Staff{ID: 7, Address: "telegram:7", Office: office, From: now.Add(-time.Hour)}
	}
	over := right("director@itc")
	over.Until = now
	early := right("director@itc")
	early.From = now.Add(time.Minute)
	other := right("director@itc")
	other.Address = "telegram:8"
	for _, who := range []struct {
		name              string
		address           Address
		rights            []Staff
		own, handle, read bool
	}{
		{"the applicant", c.Applicant.Address, nil, true, false, true},
		{"staff of the office that has it", "telegram:7", []Staff{right("director@itc")}, false, true, true},
		{"staff of the office that had it", "telegram:7", []Staff{right("deputy@itc")}, false, false, true},
		{"staff of both", "telegram:7", []Staff{right("deputy@itc"), right("director@itc")}, false, true, true},
		{"staff of an office above", "telegram:7", []Staff{right("rector")}, false, false, false},
		{"staff of another institute", "telegram:7", []Staff{right("director@ilb")}, false, false, false},
		{"staff whose right is over", "telegram:7", []Staff{over}, false, false, false},
		{"staff whose right has not begun", "telegram:7", []Staff{early}, false, false, false},
		{"somebody with another's right", "telegram:7", []Staff{other}, false, false, false},
		{"the empty right of nobody", "telegram:7", []Staff{{}}, false, false, false},
		{"nobody", "", nil, false, false, false},
		{"nobody with the empty right", "", []Staff{{}}, false, false, false},
	} {
		for verb, want := range map[Verb]bool{ToOwn: who.own, ToHandle: who.handle, ToRead: who.read, "": false, "export": false} {
			if got := May(verb, c, who.address, who.rights, now); got != want {
				t.Errorf("%s may %q: %v, want %v", who.name, verb, got, want)
			}
		}
	}
	c.Applicant.Address = ""
	if May(ToOwn, c, "", nil, now) {
		t.Error("a case without an applicant's address belongs to nobody's empty address")
	}
}

// Nobody judges themselves: whom a case is about neither gets nor reads it, whether they were in
// that office when it was filed or have come there since, and whatever other rights they have.
func TestBars(t *testing.T) {
	now := almaty(t, "2026-11-24 11:00")
	c := about(func(d *Draft) { d.Against = []OfficeID{"deputy"} })(t, "2026-11-23 10:00")
	c.Barred = []Address{"telegram:5"}
	right := func(who Address, office OfficeID, until time.Time, also ...OfficeID) Staff {
		return Staff{ID: 7, Address: who, Office: office, From: now.Add(-time.Hour), Until: until, Also: also}
	}
	for _, tt := range []struct {
		name   string
		who    Address
		rights []Staff
		bars   bool
	}{
		{"staff of the office that has it", "telegram:7", []Staff{right("telegram:7", "director@itc", time.Time{})}, false},
		{"who was in the other office when it was filed", "telegram:5", []Staff{right("telegram:5", "director@itc", time.Time{})}, true},
		{"who is in the other office, too", "telegram:7", []Staff{right("telegram:7", "director@itc", time.Time{}), right("telegram:7", "deputy@itc", time.Time{})}, true},
		{"who is in the other office, too, as the storage says it", "telegram:7", []Staff{right("telegram:7", "director@itc", time.Time{}, "rector", "deputy@itc")}, true},
		{"who is elsewhere, too", "telegram:7", []Staff{right("telegram:7", "director@itc", time.Time{}, "deputy@ilb")}, false},
		{"who was in the other office once", "telegram:7", []Staff{right("telegram:7", "director@itc", time.Time{}), right("telegram:7", "deputy@itc", now)}, false},
		{"with somebody else in the other office", "telegram:7", []Staff{right("telegram:7", "director@itc", time.Time{}), right("telegram:8", "deputy@itc", time.Time{})}, false},
	} {
		if got := c.Bars(tt.who, tt.rights, now); got != tt.bars {
			t.Errorf("%s is kept from it: %v, want %v", tt.name, got, tt.bars)
		}
		for _, verb := range []Verb{ToRead, ToHandle} {
			if got := May(verb, c, tt.who, tt.rights, now); got == tt.bars {
				t.Errorf("%s may %s: %v", tt.name, verb, got)
			}
		}
	}
	if !May(ToRead, c, c.Applicant.Address, nil, now) || c.Seen("deputy@itc") {
		t.Error("the applicant does not read it, or the office that it is about has seen it")
	}
	c.Barred = append(c.Barred, c.Applicant.Address) // whoever complains of their own office
	if !May(ToRead, c, c.Applicant.Address, nil, now) || !May(ToOwn, c, c.Applicant.Address, nil, now) {
		t.Error("an applicant does not read their own case")
	}
}

// TestMaySign holds who may sign a request with the link to it, and what a signature gives: to be told
// where it stands, and nothing of what the applicant or staff may.
func TestMaySign(t *testing.T) {
	now := almaty(t, "2026-11-24 11:00")
	c := about(func(d *Draft) { d.Against = []OfficeID{"deputy"} })(t, "2026-11-23 10:00")
	c.Barred = []Address{"telegram:5"}
	do := func(act Act, who Address) {
		m := move(act, TheSigner, now)
		m.Staff = Staff{Address: who, Name: "Amina"}
		if err := c.Do(m, &Builtin().Calendar); err != nil {
			t.Fatal(err)
		}
	}
	do(Sign, "telegram:9")
	do(Sign, "telegram:10")
	do(Unsign, "telegram:10")
	deputy := []Staff{{ID: 7, Address: "telegram:7", Office: "deputy@itc", From: now.Add(-time.Hour)}}
	for _, who := range []struct {
		name              string
		address           Address
		rights            []Staff
		sign, follow, own bool
	}{
		{"the applicant", c.Applicant.Address, nil, false, false, true},
		{"somebody with the link", "telegram:2", nil, true, false, false},
		{"who has signed", "telegram:9", nil, true, true, false},
		{"who has taken the signature back", "telegram:10", nil, true, false, false},
		{"whom it was about when it was filed", "telegram:5", nil, false, false, false},
		{"whom it is about now", "telegram:7", deputy, false, false, false},
		{"nobody", "", nil, false, false, false},
	} {
		for verb, want := range map[Verb]bool{ToSign: who.sign, ToFollow: who.follow, ToOwn: who.own, ToRead: who.own, ToHandle: false} {
			if got := May(verb, c, who.address, who.rights, now); got != want {
				t.Errorf("%s may %q: %v, want %v", who.name, verb, got, want)
			}
		}
	}
}

func TestIsNumber(t *testing.T) {
	for s, want := range map[string]bool{
		"ALT-2026-000001": true, "ALT-2026-1234567": true, "RECTOR-2027-000010": true,
		"": false, "ALT-2026-00001": false, "alt-2026-000001": false, "ALT-26-000001": false,
		"ALT-2026-000001 ": false, "ALT-2026-000001'": false, "../ALT-2026-000001": false, "ALT-2026-000001\n": false,
	} {
		if IsNumber(s) != want {
			t.Errorf("IsNumber(%q) = %v", s, !want)
		}
	}
}

func TestMayExport(t *testing.T) {
	now := almaty(t, "2026-11-24 11:00")
	u := &University{Offices: []Office{{ID: "desw", Powers: []Act{Export}}, {ID: "rector", Powers: []Act{Recommend}}}}
	right := func(o OfficeID, from, until time.Time) []Staff {
		return []Staff{{ID: 1, Address: "telegram:1", Office: o, From: from, Until: until}}
	}
	for _, tt := range []struct {
		name   string
		who    Address
		rights []Staff
		want   bool
	}{
		{"staff of an office with the power", "telegram:1", right("desw", now, time.Time{}), true},
		{"an administrator", "telegram:9", nil, true},
		{"staff of an office without it", "telegram:1", right("rector", now, time.Time{}), false},
		{"staff of an office that is not there any more", "telegram:1", right("old", now, time.Time{}), false},
		{"somebody with another's right", "telegram:2", right("desw", now, time.Time{}), false},
		{"staff of the day before", "telegram:1", right("desw", now.Add(-2*time.Hour), now), false},
		{"a stranger", "telegram:3", nil, false},
	} {
		if got := u.MayExport(tt.who, tt.rights, []Address{"telegram:9"}, now); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

// Of a restricted case nobody sees in a journal whose it is, and whom a case is about sees that it is
// there and no more, whatever else they may.
func TestJournaled(t *testing.T) {
	now := almaty(t, "2026-11-24 11:00")
	c := open(t, "2026-11-23 10:00")
	secret := open(t, "2026-11-23 10:00")
	secret.Terms.Restricted = true
	own := open(t, "2026-11-23 10:00")
	own.Against, own.Terms.Restricted = []OfficeID{"rector"}, true
	rector := []Staff{{ID: 7, Address: "telegram:7", Office: "rector", From: now.Add(-time.Hour)}}
	for _, tt := range []struct {
		name string
		c    *Case
		who  Address
		want Part
	}{
		{"a case like others", c, "telegram:7", ItsWords},
		{"a restricted one", secret, "telegram:7", ItsWay},
		{"one about whom reads", own, "telegram:7", ItsNumber},
		{"the same for somebody else", own, "telegram:8", ItsWay},
	} {
		if got := tt.c.Journaled(tt.who, rector, now); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
	own.Barred = []Address{"telegram:8"}
	if got := own.Journaled("telegram:8", nil, now); got != ItsNumber {
		t.Errorf("who was in that office when it was filed: %v", got)
	}
}

func TestSettledAndLate(t *testing.T) {
	cal := &Builtin().Calendar
	c := open(t, "2026-11-23 10:00") // due on 14 December
	is := func(clock string, settled string, late bool) {
		t.Helper()
		want := time.Time{}
		if settled != "" {
			want = almaty(t, settled)
		}
		if got := c.Settled(); !got.Equal(want) || c.Late(almaty(t, clock)) != late {
			t.Errorf("at %s: settled %v, late %v; want %v, %v", clock, got, c.Late(almaty(t, clock)), want, late)
		}
	}
	do := func(clock string, act Act, by Party) {
		t.Helper()
		if err := c.Do(move(act, by, almaty(t, clock)), cal); err != nil {
			t.Fatal(err)
		}
	}
	is("2026-12-14 17:30", "", false)
	is("2026-12-14 17:31", "", true)
	do("2026-12-10 10:00", Take, TheOffice)
	do("2026-12-11 10:00", Ask, TheHolder)
	is("2026-12-20 10:00", "", false) // its terms stand still
	do("2026-12-21 10:00", Reply, TheApplicant)
	do("2026-12-21 11:00", Answer, TheHolder)
	do("2026-12-21 11:01", Delivered, TheMessenger)
	is("2027-03-01 10:00", "2026-12-21 11:00", false)
	do("2026-12-22 10:00", Reopen, TheApplicant)
	is("2026-12-22 10:00", "", false)
	do("2026-12-22 11:00", Withdraw, TheApplicant)
	is("2027-03-01 10:00", "2026-12-22 11:00", false)
}

// TestPolicyMatrix holds the whole table: every verb, for everybody who could ask, in every status, at the
// office of every institute. What is not in the table is refused.
func TestPolicyMatrix(t *testing.T) {
	u := Builtin()
	now := almaty(t, "2026-11-24 11:00")
	const who = Address("telegram:7")
	granted := map[string][]Verb{
		"the applicant":                            {ToRead, ToOwn},
		"staff of the office that has it":          {ToRead, ToHandle, ToSign},
		"staff of an office that had it":           {ToRead, ToSign},
		"staff of the office above":                {ToSign},
		"staff of the same office elsewhere":       {ToSign},
		"staff whose right is over":                {ToSign},
		"staff whose right has not begun":          {ToSign},
		"somebody with the right of another":       {ToSign},
		"a member of the chat, without a right":    {ToSign},
		"who has signed":                           {ToSign, ToFollow},
		"staff of it whom the case is about":       nil,
		"staff of it and of an office it is about": nil,
		"nobody": nil,
	}
	verbs := []Verb{ToRead, ToHandle, ToOwn, ToSign, ToFollow}
	for _, in := range u.Institutes {
		other := u.Institutes[0].ID
		if other == in.ID {
			other = u.Institutes[1].ID
		}
		for _, status := range []Status{Registered, InReview, Needs, OnAgenda, Decided, Redirected, Closed, Withdrawn} {
			right := func(office OfficeID) Staff {
				return Staff{ID: 7, Address: who, Office: office.In(in.ID), From: now.Add(-time.Hour)}
			}
			for role, may := range granted {
				c := open(t, "2026-11-23 10:00")
				c.Institute, c.Status, c.Position = in.ID, status, 1
				for i, office := range []OfficeID{"deputy", "director"} {
					c.Ladder[i].Office = office.In(in.ID)
				}
				c.Events[0].Office = c.Ladder[0].Office
				c.append(Event{At: now, Act: Escalate, By: TheOffice, From: Registered, To: Registered, Office: c.Office()})
				c.Events[1].Office = c.Ladder[1].Office
				asks, rights := who, []Staff(nil)
				switch role {
				case "the applicant":
					asks = c.Applicant.Address
				case "staff of the office that has it":
					rights = []Staff{right("director")}
				case "staff of an office that had it":
					rights = []Staff{right("deputy")}
				case "staff of the office above":
					rights = []Staff{{ID: 7, Address: who, Office: "vr-academic", From: now.Add(-time.Hour)}}
				case "staff of the same office elsewhere":
					s := right("director")
					s.Office = OfficeID("director").In(other)
					rights = []Staff{s}
				case "staff whose right is over":
					s := right("director")
					s.Until = now
					rights = []Staff{s}
				case "staff whose right has not begun":
					s := right("director")
					s.From = now.Add(time.Second)
					rights = []Staff{s}
				case "somebody with the right of another":
					s := right("director")
					s.Address = "telegram:8"
					rights = []Staff{s}
				case "who has signed":
					c.append(Event{At: now, Act: Sign, By: TheSigner, Who: who, From: status, To: status, Office: c.Office()})
				case "staff of it whom the case is about":
					rights, c.Barred = []Staff{right("director")}, []Address{who}
				case "staff of it and of an office it is about":
					s := right("director")
					s.Also = []OfficeID{"desw"}
					rights, c.Against = []Staff{s}, []OfficeID{"desw"}
				case "nobody":
					asks = ""
				}
				for _, verb := range verbs {
					if got, want := May(verb, c, asks, rights, now), slices.Contains(may, verb); got != want {
						t.Errorf("%s, %s, %s of a case at %s: %v, want %v", role, status, verb, c.Office(), got, want)
					}
				}
			}
		}
	}
}

// TestMayManage holds who may do what with whose right: the full table of who asks, of whom, and what.
func TestMayManage(t *testing.T) {
	now := almaty(t, "2026-11-24 11:00")
	right := func(who Address, office OfficeID, head bool) Staff {
		return Staff{ID: 1, Address: who, Office: office, From: now.Add(-time.Hour), Head: head}
	}
	acts := []StaffAct{Suspend, Restore, Remove, LetIn, MakeHead, UnmakeHead}
	const here, elsewhere = OfficeID("director@itc"), OfficeID("director@iec")
	suspended := right("telegram:5", here, true)
	suspended.Suspended = now.Add(time.Hour)
	removed := right("telegram:6", here, true)
	removed.Removed = true
	there := []Staff{right("telegram:1", here, false), right("telegram:2", here, false), right("telegram:3", here, true), right("telegram:8", here, true)}
	alone := there[:3] // one head
	admins := []Address{"telegram:9", "telegram:3"}
	for _, tt := range []struct {
		name   string
		who    Address
		target Staff
		there  []Staff
		admins []Address
		want   string // one letter an act
	}{
		{"a member, a colleague", "telegram:1", there[1], there, nil, "------"},
		{"a member, themselves", "telegram:1", there[0], there, nil, "------"},
		{"a member, a head", "telegram:1", there[2], there, nil, "------"},
		{"a head, a member", "telegram:3", there[0], there, nil, "yyyy--"},
		{"a head, another head", "telegram:3", there[3], there, nil, "------"},
		{"a head, themselves, with another", "telegram:3", there[2], there, nil, "------"},
		{"the last head, themselves", "telegram:3", there[2], alone, nil, "------"},
		{"a head, a suspended head", "telegram:3", suspended, there, nil, "------"},
		{"a head, a suspended member", "telegram:3", Staff{ID: 2, Address: "telegram:5", Office: here, From: now, Suspended: Endless}, there, nil, "yyyy--"},
		{"a head of another office, a member", "telegram:4", there[0], append(there, right("telegram:4", elsewhere, true)), nil, "------"},
		{"a head, somebody of another office", "telegram:3", right("telegram:4", elsewhere, false), there, nil, "------"},
		{"a suspended head, a member", "telegram:5", there[0], append(there, suspended), nil, "------"},
		{"a suspended head, themselves", "telegram:5", suspended, append(there, suspended), nil, "------"},
		{"a removed head, a member", "telegram:6", there[0], append(there, removed), nil, "------"},
		{"a removed head, themselves", "telegram:6", removed, append(there, removed), nil, "------"},
		{"a stranger, a member", "telegram:7", there[0], there, nil, "------"},
		{"an administrator, a member", "telegram:9", there[0], there, admins, "yyyyyy"},
		{"an administrator, a head", "telegram:9", there[2], there, admins, "yyyyyy"},
		{"an administrator, the last head", "telegram:9", there[2], alone, admins, "yyyyyy"},
		{"an administrator, where no head is", "telegram:9", there[0], there[:2], admins, "yyyyyy"},
		{"an administrator who is suspended, themselves", "telegram:5", suspended, append(there, suspended), []Address{"telegram:5"}, "----yy"},
		{"an administrator who is the last head, themselves", "telegram:3", there[2], alone, admins, "----y-"},
		{"an administrator who is a head, another head", "telegram:3", there[3], there, admins, "yyyyyy"},
	} {
		got := ""
		for _, do := range acts {
			if MayManage(do, tt.who, tt.target, tt.there, tt.admins, now) {
				got += "y"
			} else {
				got += "-"
			}
		}
		if got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

// Whether an applicant reads who has written to them is said by the office, at the time and now; of what
// is restricted they never do.
func TestNamed(t *testing.T) {
	c := open(t, "2026-11-23 10:00")
	id := c.Office()
	e := Event{Act: Answer, By: TheOffice, Office: id, Staff: 7, Name: "Saltanat Omarova"}
	for _, x := range []struct {
		name                  string
		now, then, restricted bool
		change                func(*Event)
		want                  string
	}{
		{"by default", false, false, false, nil, ""},
		{"said now, after the case was filed", true, false, false, nil, ""},
		{"said then, and not any more", false, true, false, nil, ""},
		{"said then and now", true, true, false, nil, e.Name},
		{"a question", true, true, false, func(e *Event) { e.Act = Ask }, e.Name},
		{"a decision", true, true, false, func(e *Event) { e.Act = Decide }, e.Name},
		{"something else", true, true, false, func(e *Event) { e.Act = Extend }, ""},
		{"a note", true, true, false, func(e *Event) { e.Act = Note }, ""},
		{"of a restricted case", true, true, true, nil, ""},
		{"by nobody", true, true, false, func(e *Event) { e.Staff = 0 }, ""},
		{"without a name", true, true, false, func(e *Event) { e.Name = "" }, ""},
		{"with an address instead of a name", true, true, false, func(e *Event) { e.Name = "telegram:77" }, ""},
		{"by an office that is gone", true, true, false, func(e *Event) { e.Office = "gone" }, ""},
		{"by another office", true, true, false, func(e *Event) { e.Office = "rector" }, ""},
	} {
		u := *Builtin()
		u.Offices = slices.Clone(u.Offices)
		for i := range u.Offices {
			u.Offices[i].ByName = x.now
		}
		c := clone(c)
		for i := range c.Ladder {
			c.Ladder[i].ByName = x.then && c.Ladder[i].Office == id
		}
		c.Terms.Restricted = x.restricted
		e := e
		if x.change != nil {
			x.change(&e)
		}
		if got := u.Named(c, e); got != x.want {
			t.Errorf("%s: %q, want %q", x.name, got, x.want)
		}
	}
}

// What the structure file says of it is frozen in the ladders that lead through the office.
func TestReadByName(t *testing.T) {
	file := strings.Replace(small, "  - id: rector\n    members: true\n", "  - id: rector\n    by-name: true\n", 1) + rest
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
	for _, r := range way.Ladder {
		if r.ByName != (r.Office == "rector") {
			t.Errorf("%s: %v", r.Office, r.ByName)
		}
	}
	line := strings.Count(file[:strings.Index(file, "by-name")], "\n") + 1
	for words, want := range map[string]string{
		"by-name: sometimes":                    fmt.Sprintf("u.yaml:%d: ", line),
		"by-name: 2":                            "is neither yes nor no",
		"by-name: true\n    powers: [schedule]": "decides in meetings",
		"by-name: false":                        "",
		"byname: true":                          "by-name",
	} {
		_, problems := ReadUniversity("u.yaml", []byte(strings.Replace(file, "by-name: true", words, 1)))
		said := ""
		for _, p := range problems {
			said += p.String()
		}
		if (want == "") != (said == "") || !strings.Contains(said, want) {
			t.Errorf("%q: %q, want %q", words, said, want)
		}
	}
}
