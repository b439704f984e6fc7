package dauys

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// The file that comes with Dauys has no problem and no warning, and says what the
// university is.
func TestBuiltin(t *testing.T) {
	u, problems := ReadUniversity("alt.yaml", builtin)
	for _, p := range problems {
		t.Error(p)
	}
	if u == nil {
		t.Fatal("the built-in file does not read")
	}
	if len(u.Hash) != 64 || u.Hash != Builtin().Hash {
		t.Errorf("hash %q", u.Hash)
	}
	if got := len(u.Institutes); got != 4 {
		t.Errorf("%d institutes, want 4", got)
	}
	if got := len(u.Offices); got != 3*4+9 {
		t.Errorf("%d offices, want a deputy, a director and a student government for each institute and nine more", got)
	}
	if u.Calendar.Zone().String() != "Asia/Almaty" {
		t.Errorf("zone %s", u.Calendar.Zone())
	}
	deputy, ok := u.Office("deputy@itc")
	if !ok || deputy.Institute != "itc" || deputy.Lang != Russian || !deputy.Members || deputy.Chat != "" {
		t.Errorf("deputy@itc: %+v", deputy)
	}
	if got := deputy.Names.In(Kazakh); got != "Институт директорының орынбасары" {
		t.Errorf("deputy@itc in Kazakh: %q", got)
	}
	if _, ok := u.Office("deputy"); ok {
		t.Error("there is one deputy for all institutes")
	}
	if got := len(u.OfficesOf("itc")); got != 3 {
		t.Errorf("the institute has %d offices, want 3", got)
	}
	if got := len(u.OfficesOf("")); got != 9 {
		t.Errorf("the university has %d offices, want 9", got)
	}
	if _, ok := u.Institute("nope"); ok {
		t.Error("there is an institute that nobody listed")
	}
}

// ladderOf is a way in a line: its scheme, then its offices with their days and marks.
func ladderOf(w Way) string {
	s := w.Scheme.ID + ":"
	for _, g := range w.Ladder {
		s += fmt.Sprintf(" %s %d", g.Office, g.Days)
		for mark, is := range map[string]bool{"?": g.Asks, "*": g.Registers, "^": g.Chooses} {
			if is {
				s += mark
			}
		}
		for _, p := range g.Powers {
			s += "+" + string(p)
		}
	}
	return s
}

// Which way a request goes, by the built-in file: ? is asked about, * only registers, ^ chooses.
func TestRoute(t *testing.T) {
	const above = " vr-academic 5? rector 5?+invite"
	student := func(k Kind, topic string, change func(*Request)) Request {
		q := Request{Kind: k, From: AsStudent, Institute: "itc", Topic: topic}
		if change != nil {
			change(&q)
		}
		return q
	}
	tests := []struct {
		name string
		q    Request
		want string // empty: nobody can receive it
	}{
		{"a complaint", student(Complaint, "teaching", nil), "institute: deputy@itc 3 director@itc 5" + above},
		{"without a topic", student(Complaint, "", nil), "institute: deputy@itc 3 director@itc 5" + above},
		{"of another institute", student(Complaint, "teaching", func(q *Request) { q.Institute = "iedt" }), "institute: deputy@iedt 3 director@iedt 5" + above},
		{"of a curator", student(Complaint, "teaching", func(q *Request) { q.From = AsCurator }), "institute: deputy@itc 3 director@itc 5" + above},
		{"an application", student(Application, "teaching", nil), "institute: deputy@itc 3 director@itc 5" + above},
		{"without an institute", student(Complaint, "teaching", func(q *Request) { q.Institute = "" }), "institute: vr-academic 5? rector 5?+invite"},
		{"of an institute that is gone", student(Complaint, "teaching", func(q *Request) { q.Institute = "law" }), ""},
		{"of an unknown kind", student("telegram", "teaching", nil), ""},
		{"of a passer-by", student(Complaint, "teaching", func(q *Request) { q.From = "passer-by" }), ""},
		{"about the dormitory", student(Complaint, "dormitory", nil), "desw: desw 1* vr-social 10 rector 4?+invite"},
		{"of faculty", student(Complaint, "teaching", func(q *Request) { q.From = AsFaculty }), "faculty: desw 1* vr-social 10 rector 4?+invite"},
		{"of faculty about the dormitory", student(Complaint, "dormitory", func(q *Request) { q.From = AsFaculty }), "desw: desw 1* vr-social 10 rector 4?+invite"},
		{"a suggestion about the dormitory", student(Suggestion, "dormitory", nil), "suggestion: deputy@itc 15 director@itc 15 vr-academic 15"},
		{"a talk", student("talk", "", nil), "talk: deputy@itc 2 director@itc 2"},
		{"with a known curator", student(Complaint, "teaching", func(q *Request) {
			q.Known = map[string]OfficeID{"advisor-curator": CuratorOf("advisor-curator", "itc", "ИС 21-1")}
		}), "institute: advisor-curator@itc.ис211 2^ deputy@itc 3 director@itc 5" + above},
		{"through the student government", student(Complaint, "teaching", func(q *Request) { q.Scheme = "student-gov" }),
			"student-gov: student-gov@itc 3+recommend+mediate deputy@itc 3 director@itc 4" + above},
		{"by a scheme chosen against its topic", student(Complaint, "teaching", func(q *Request) { q.Scheme = "desw" }), "desw: desw 1* vr-social 10 rector 4?+invite"},
		{"by a scheme that is not for students", student(Complaint, "teaching", func(q *Request) { q.Scheme = "faculty" }), ""},
		{"by a scheme that is for something else", student(Complaint, "teaching", func(q *Request) { q.Scheme = "suggestion" }), ""},
		{"by a scheme that is not there", student(Complaint, "teaching", func(q *Request) { q.Scheme = "x" }), ""},
		{"beginning with the director", student(Complaint, "teaching", func(q *Request) { q.Level = "director" }), "institute: director@itc 5" + above},
		{"beginning with who is not there", student(Complaint, "teaching", func(q *Request) { q.Level = "dean" }), "institute: deputy@itc 3 director@itc 5" + above},
		{"about the deputy", student(Complaint, "teaching", func(q *Request) { q.Against = []OfficeID{"deputy"} }), "institute: director@itc 5" + above},
		{"about the deputy, beginning there", student(Complaint, "teaching", func(q *Request) { q.Level, q.Against = "deputy", []OfficeID{"deputy"} }), "institute: director@itc 5" + above},
		{"about the deputy, who is the vice-rector, too", student(Complaint, "teaching", func(q *Request) {
			q.Against = []OfficeID{"deputy"}
			q.Sits = func(o OfficeID) bool { return o == "vr-academic" }
		}), "institute: director@itc 5 rector 5?+invite"},
		{"about the curator", student(Complaint, "teaching", func(q *Request) {
			q.Known = map[string]OfficeID{"advisor-curator": "advisor-curator@itc.x"}
			q.Against = []OfficeID{"advisor-curator"}
		}), "institute: deputy@itc 3 director@itc 5" + above},
		{"about who would register it", student(Complaint, "dormitory", func(q *Request) { q.Against = []OfficeID{"desw"} }), "desw: vr-social 10 rector 4?+invite"},
		{"about the first who would decide: the next is not asked about", student(Complaint, "dormitory", func(q *Request) { q.Against = []OfficeID{"vr-social"} }), "desw: desw 1* rector 4+invite"},
		{"about all who would decide", student(Complaint, "dormitory", func(q *Request) { q.Against = []OfficeID{"vr-social", "rector"} }), "desw: desw 1"},
		{"about everybody", student(Complaint, "dormitory", func(q *Request) { q.Sits = func(OfficeID) bool { return true } }), ""},
	}
	for _, tt := range tests {
		way, err := Builtin().Route(tt.q)
		if (err != nil) != (tt.want == "") || err != nil && !errors.Is(err, ErrNoOffice) {
			t.Errorf("%s: %v", tt.name, err)
		} else if got := ladderOf(way); err == nil && got != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", tt.name, got, tt.want)
		}
		for i, g := range way.Ladder {
			if g.Person != "" || g.KindDays != nil {
				t.Errorf("%s: rung %d is not frozen: %+v", tt.name, i, g)
			}
		}
	}
	way, err := Builtin().Route(student(Complaint, "teaching", nil))
	if s := way.Scheme; err != nil || s.Series != "ALT" || s.Days != 15 || !s.Assumed || s.Extend != 40 || way.Days(Builtin(), Complaint) != 15 {
		t.Errorf("scheme %+v, %v", s, err)
	}
	// Whom it is about is kept in full; who is not known to be there, not at all.
	way, err = Builtin().Route(student(Complaint, "teaching", func(q *Request) {
		q.Against, q.Barred = []OfficeID{"deputy", "rector", "advisor-curator"}, []Address{"telegram:5"}
	}))
	if err != nil || !slices.Equal(way.Against, []OfficeID{"deputy@itc", "rector"}) || !slices.Equal(way.Barred, []Address{"telegram:5"}) {
		t.Errorf("about %q, who are %q: %v", way.Against, way.Barred, err)
	}
}

// Schemes are matched from the top; one about some topics takes nothing else, and one that is to
// be chosen nothing by itself.
func TestRouteTakesTheFirstScheme(t *testing.T) {
	const more = `  - id: %s
    series: IDEA
    kinds: [suggestion]
    from: [student, curator, faculty]
    days: 30
    kind-days: {suggestion: 20}
    source: The university's own rule.
    %s
    rungs: [{office: rector, days: 30, kind-days: {suggestion: 7}}]
`
	u, problems := ReadUniversity("u.yaml", []byte(small+fmt.Sprintf(more, "home", "topics: [dormitory]")+fmt.Sprintf(more, "slow", "chosen: true")+fmt.Sprintf(more, "ideas", "gentle: true")))
	if u == nil || len(problems) > 0 {
		t.Fatal(problems)
	}
	for _, tt := range []struct {
		kind  Kind
		topic string
		ways  string
	}{{Complaint, "", "all"}, {Suggestion, "", "ideas home slow"}, {Suggestion, "dormitory", "home slow ideas"}, {"talk", "", ""}} {
		q := Request{Kind: tt.kind, From: AsStudent, Institute: "law", Topic: tt.topic}
		var ids []string
		for _, s := range u.Ways(q) {
			ids = append(ids, s.ID)
			chosen := q
			chosen.Scheme = s.ID
			if all := u.Ways(chosen); all[0].ID != s.ID || len(all) != len(u.Ways(q)) {
				t.Errorf("having chosen %s, one goes by %s", s.ID, all[0].ID)
			}
		}
		if got := strings.Join(ids, " "); got != tt.ways {
			t.Errorf("a %s about %q goes by %q, want %q", tt.kind, tt.topic, got, tt.ways)
		}
		if way, err := u.Route(q); err == nil && way.Scheme.ID != ids[0] {
			t.Errorf("a %s about %q goes by %s", tt.kind, tt.topic, way.Scheme.ID)
		}
	}
	way, err := u.Route(Request{Kind: Suggestion, From: AsStudent, Institute: "law"})
	if err != nil || way.Ladder[0].Days != 7 || way.Days(u, Suggestion) != 20 || way.Days(u, Complaint) != 30 || !way.Scheme.Gentle {
		t.Errorf("terms by kind: %+v, %v", way, err)
	}
	if got := way.Scheme.Title(u).In(English); got != "Rector" {
		t.Errorf("the scheme is known as %q", got)
	}
}

func TestSteps(t *testing.T) {
	steps := func(change func(*Request)) (got []string) {
		q := Request{Kind: Complaint, From: AsStudent, Institute: "itc"}
		change(&q)
		for _, s := range Builtin().Steps(q) {
			line := strings.TrimSpace(fmt.Sprintf("%s %d %d %s", cmp.Or(string(s.Person), string(s.Office)), s.Days, s.Total, s.Why))
			if s.Names.In(English) == "" && s.Why != NotItsOwn {
				t.Errorf("%s has no name", line)
			}
			got = append(got, line)
		}
		return got
	}
	for _, tt := range []struct {
		name   string
		change func(*Request)
		want   []string
	}{
		{"a complaint", func(*Request) {}, []string{"advisor-curator 2 0 " + string(Nobody), "deputy@itc 3 3", "director@itc 5 8", "vr-academic 5 13", "rector 5 18"}},
		{"from higher on, about somebody", func(q *Request) { q.Level, q.Against = "director", []OfficeID{"vr-academic"} },
			[]string{"advisor-curator 2 0 " + string(Nobody), "deputy@itc 3 0 " + string(Below), "director@itc 5 5", "vr-academic 5 5 " + string(About), "rector 5 10"}},
		{"without an institute", func(q *Request) { q.Institute = "" },
			[]string{"advisor-curator 2 0 " + string(Nobody), "deputy 3 0 " + string(NotItsOwn), "director 5 0 " + string(NotItsOwn), "vr-academic 5 5", "rector 5 10"}},
		{"what no scheme takes", func(q *Request) { q.Kind = "telegram" }, nil},
	} {
		if got := steps(tt.change); !slices.Equal(got, tt.want) {
			t.Errorf("%s:\n got %q\nwant %q", tt.name, got, tt.want)
		}
	}
}

// A case is given over to where a scheme begins, or to the same office of another institute. Never
// upwards, never to whom it is about, and to the students' own government only if the applicant
// had chosen that.
func TestTransfers(t *testing.T) {
	for _, tt := range []struct {
		name string
		c    func(*testing.T, string) *Case
		up   int
		want string
	}{
		{"at the deputy", about(func(*Draft) {}), 0, "deputy@iedt deputy@ilb deputy@ibde desw"},
		{"at the director", about(func(*Draft) {}), 1, "deputy@iedt deputy@ilb deputy@itc deputy@ibde director@iedt director@ilb director@ibde desw"},
		{"at the rector", about(func(*Draft) {}), 3, "deputy@iedt deputy@ilb deputy@itc deputy@ibde desw"},
		{"about the department", about(func(d *Draft) { d.Against = []OfficeID{"desw"} }), 0, "deputy@iedt deputy@ilb deputy@ibde"},
		{"in the department", about(func(d *Draft) { d.Topic = "dormitory" }), 0, "deputy@iedt deputy@ilb deputy@itc deputy@ibde"},
		{"through the student government", about(func(d *Draft) { d.Scheme = "student-gov" }), 1,
			"deputy@iedt deputy@ilb deputy@ibde desw student-gov@iedt student-gov@ilb student-gov@itc student-gov@ibde"},
		{"a suggestion", about(func(d *Draft) { d.Kind = Suggestion }), 0, "deputy@iedt deputy@ilb deputy@ibde"},
		{"of faculty", about(func(d *Draft) { d.Applicant.Standing = AsFaculty }), 0, ""},
	} {
		c := tt.c(t, "2026-11-23 10:00")
		c.Position = tt.up
		var got []string
		for _, id := range Builtin().Transfers(c) {
			got = append(got, string(id))
			way, err := Builtin().WayFrom(c, id)
			if err != nil || way.Ladder[0].Office != id || !slices.Equal(way.Against, c.Against) {
				t.Errorf("%s: the way from %s: %+v, %v", tt.name, id, way, err)
			}
			m := Move{Act: Transfer, By: TheOffice, Note: "n", Ladder: way.Ladder, Scheme: way.Scheme.ID, Staff: damir, At: c.Filed}
			if err := c.Can(m); err != nil {
				t.Errorf("%s: to %s: %v", tt.name, id, err)
			}
		}
		if got := strings.Join(got, " "); got != tt.want {
			t.Errorf("%s: can be given over to\n     %s\nwant %s", tt.name, got, tt.want)
		}
	}
	c := open(t, "2026-11-23 10:00")
	for _, tt := range []struct {
		to   OfficeID
		want string
	}{
		{"desw", "desw: desw 1* vr-social 10 rector 4?+invite"},
		{"deputy@ilb", "institute: deputy@ilb 3 director@ilb 5 vr-academic 5? rector 5?+invite"},
		{"director@itc", ""}, {"rector", ""}, {"vr-social", ""}, {"deputy@itc", ""}, {"deputy@law", ""}, {"deputy", ""}, {"advisor-curator@itc.x", ""}, {"student-gov@itc", ""},
	} {
		way, err := Builtin().WayFrom(c, tt.to)
		if got := ladderOf(way); (err != nil) != (tt.want == "") || err == nil && got != tt.want || err != nil && !errors.Is(err, ErrNoOffice) {
			t.Errorf("from %s: %s (%v), want %q", tt.to, got, err, tt.want)
		}
	}
	// Whom it is about is left out there, too.
	c.Against = []OfficeID{"vr-social"}
	if way, err := Builtin().WayFrom(c, "desw"); err != nil || ladderOf(way) != "desw: desw 1* rector 4+invite" {
		t.Errorf("about the vice-rector: %s, %v", ladderOf(way), err)
	}
}

// small is a structure file as short as it can be. It ends in the list of schemes.
const small = `university: {kk: А, ru: Б, en: C}
calendar:
  zone: Asia/Almaty
  week: [mon, tue, wed, thu, fri]
  hours: 08:30-17:30
  years:
    - year: 2026
      official: true
      source: The Government's list.
      days-off:
        2026-01-01 to 2026-01-02: New Year
        2026-12-16: Independence Day
institutes:
  - id: law
    names: {kk: Заң, ru: Право, en: Law}
  - id: arts
    names: {kk: Өнер, ru: Искусство, en: Arts}
offices:
  - id: director
    each: institute
    lang: kk
    chats:
      law: telegram:-1001
    names: {kk: Директор, ru: Директор, en: Director}
  - id: rector
    members: true
    chat: telegram:-1002/12
    names: {kk: Ректор, ru: Ректор, en: Rector}
persons:
  - id: tutor
    names: {kk: Тьютор, ru: Тьютор, en: Tutor}
jobs:
  digest: 0 9 * * 1-5
schemes:
  - id: all
    series: ABC
    kinds: [complaint]
    from: [student, curator, faculty]
    days: 15
    source: Assumed.
    rungs: [{person: tutor, days: 2}, {office: director, days: 3}, {office: rector, days: 5}]
`

// rest takes what small leaves open.
const rest = `  - id: rest
    series: ABC
    kinds: [suggestion]
    from: [student, curator, faculty]
    days: 15
    source: Assumed.
    rungs:
      - {office: rector, days: 5}
`

func TestReadUniversity(t *testing.T) {
	u, problems := ReadUniversity("u.yaml", []byte(small+rest))
	if u == nil || len(problems) > 0 {
		t.Fatal(problems)
	}
	law, _ := u.Office("director@law")
	arts, _ := u.Office("director@arts")
	rector, _ := u.Office("rector")
	if law.Chat != "telegram:-1001" || law.Lang != Kazakh || law.Members {
		t.Errorf("director@law: %+v", law)
	}
	if arts.Chat != "" || arts.Institute != "arts" {
		t.Errorf("director@arts: %+v", arts)
	}
	if rector.Chat != "telegram:-1002/12" || rector.Lang != Russian || !rector.Members {
		t.Errorf("rector: %+v", rector)
	}
	if u.Jobs["digest"] != "0 9 * * 1-5" {
		t.Errorf("jobs: %v", u.Jobs)
	}
	if u.Schemes[0].Assumed || u.Schemes[0].Source != "Assumed." {
		t.Errorf("scheme: %+v", u.Schemes[0])
	}
	if other, _ := ReadUniversity("u.yaml", []byte(small+rest+"# a remark\n")); other.Hash == u.Hash {
		t.Error("another file has the same hash")
	}
}

// What a file may say about schemes and clocks besides.
func TestReadSchemesAndClocks(t *testing.T) {
	u, problems := ReadUniversity("u.yaml", []byte(small+rest))
	if u == nil || !reflect.DeepEqual(u.Clocks, usual) {
		t.Fatalf("without clocks: %+v, %v", u, problems)
	}
	file := strings.Replace(small, "schemes:\n", `clocks: {redirect: 1, consent: 2, silence: [3, 4], chase: [2], bring: 9, close: 5, window: 6, follow-up: 7, accepted: 4, again: 8}
schemes:
  - id: home
    series: ABC
    kinds: [complaint, talk]
    from: [student, curator, faculty]
    topics: [dormitory, social]
    names: {kk: Ү, ru: Д, en: Home}
    extend: 40
    days: 15
    kind-days: {talk: 2}
    source: S.
    rungs:
      - {office: director, days: 1, kind-days: {talk: 2}, registers: true}
      - {office: rector, days: 5, asks: true}
  - id: slow
    series: ABC
    kinds: [talk]
    from: [student, curator, faculty]
    chosen: true
    gentle: true
    days: 15
    source: S.
    rungs: [{office: rector, days: 5}]
  - id: talks
    series: ABC
    kinds: [talk]
    from: [student, curator, faculty]
    days: 2
    source: S.
    rungs: [{office: rector, days: 2}]
`, 1)
	file = strings.Replace(file, "    chat: telegram:-1002/12\n", "    powers: [recommend, schedule]\n", 1) + rest
	u, problems = ReadUniversity("u.yaml", []byte(file))
	if u == nil || len(problems) > 0 {
		t.Fatal(problems)
	}
	if want := (Terms{Redirect: 1, Consent: 2, Silence: []int{3, 4}, Close: 5, Window: 6, FollowUp: 7, Accepted: 4, Again: 8, Chase: []int{2}, Bring: 9}); !reflect.DeepEqual(u.Clocks, want) {
		t.Errorf("clocks %+v, want %+v", u.Clocks, want)
	}
	home, slow := u.Schemes[0], u.Schemes[1]
	if !slices.Equal(home.Topics, []string{"dormitory", "social"}) || home.Extend != 40 || home.KindDays["talk"] != 2 || home.Chosen || home.Gentle ||
		home.Title(u).In(English) != "Home" || home.Rungs[0].KindDays["talk"] != 2 || !home.Rungs[0].Registers || !home.Rungs[1].Asks {
		t.Errorf("scheme %+v", home)
	}
	if !slow.Chosen || !slow.Gentle || slow.Extend != 0 || len(slow.Topics) > 0 {
		t.Errorf("scheme %+v", slow)
	}
	if rector, _ := u.Office("rector"); !slices.Equal(rector.Powers, []Act{Recommend, Schedule}) {
		t.Errorf("the rector may %q", rector.Powers)
	}
	for path, line := range map[string]string{"clocks.close": "clocks:", "schemes.home.kind-days.talk": "kind-days: {talk: 2}", "schemes.home.rungs.1.registers": "registers: true"} {
		if want := 1 + strings.Count(file[:strings.Index(file, line)], "\n"); u.Line(path) != want {
			t.Errorf("%s is on line %d, want %d", path, u.Line(path), want)
		}
	}
	// The clocks and what the scheme says are the terms of a case.
	way, err := u.Route(Request{Kind: "talk", From: AsStudent, Institute: "law", Topic: "social"})
	if err != nil {
		t.Fatal(err)
	}
	c := way.Open(Draft{ID: "d1", Kind: "talk"}, u, almaty(t, "2026-11-23 10:00"))
	if c.Terms.Days != 2 || c.Terms.Extend != 40 || c.Terms.Close != 5 || c.Terms.Gentle || c.Ladder[0].Days != 2 || c.Ladder[1].Asks {
		t.Errorf("opened with %+v, ladder %+v", c.Terms, c.Ladder)
	}
}

// A person of the procedure is an office by whose they are.
func TestPersonsAreOffices(t *testing.T) {
	id := CuratorOf("advisor-curator", "itc", "ИC 21-1") // with a Latin C
	if id != "advisor-curator@itc.ис211" || id.Kind() != "advisor-curator" {
		t.Errorf("the curator is %q of the kind %q", id, id.Kind())
	}
	o, ok := Builtin().Office(id)
	if !ok || !o.Person || o.Institute != "itc" || o.Names.In(English) != "Advisor-curator" || o.Members {
		t.Errorf("as an office: %+v, %v", o, ok)
	}
	for _, id := range []OfficeID{"advisor-curator", "advisor-curator@itc", "tutor@itc.ис211", "deputy@itc.ис211"} {
		if _, ok := Builtin().Office(id); ok {
			t.Errorf("there is an office %q", id)
		}
	}
	for _, same := range [][]string{{"ИС 21-1", "ис-21-1", "ИС21/1", "иС 211"}, {"АВС-1", "ABC 1", "авс1"}} {
		for _, g := range same {
			if GroupKey(g) != GroupKey(same[0]) {
				t.Errorf("%q and %q are two groups", g, same[0])
			}
		}
	}
	if GroupKey("ИС 21-1") == GroupKey("ИС 21-2") {
		t.Error("two groups are one")
	}
}

// Each of these mistakes is told with its line and what to do, and nothing else is.
func TestProblems(t *testing.T) {
	tests := []struct {
		name     string
		old, new string // what is written otherwise; old is looked for once
		at       string // stands on the line of the problem; empty: new
		want     string // without file and line
	}{
		{"unknown field", "    days: 15\n    source: Assumed.\n    rungs: [{per", "    dais: 15\n    days: 15\n    source: Assumed.\n    rungs: [{per", "dais",
			`there is no field "dais" here; did you mean "days"?`},
		{"unknown field at the top", "jobs:\n", "crons: {}\njobs:\n", "crons",
			`there is no field "crons" here; use one of university, calendar, institutes, offices, papers, persons, schemes, clocks, contacts, bodies, receptions, blog, duty, nights, jobs, notices, procedure, registrar`},
		{"field twice", "    lang: kk\n", "    lang: kk\n    lang: ru\n", "    lang: ru",
			`"lang" is here twice, first on line 21; keep one of them`},
		{"field missing", "    series: ABC\n    kinds: [complaint]\n", "    kinds: [complaint]\n", "id: all",
			`the field "series" is missing (schemes.all); add series:`},
		{"field empty", "  zone: Asia/Almaty", "  zone:", "  zone:", `"zone" is empty; write it or take the whole part out`},
		{"part missing", "persons:\n  - id: tutor\n    names: {kk: Тьютор, ru: Тьютор, en: Tutor}\n", "", "person: tutor",
			`there is no person "tutor"; add it, or take this out`},
		{"list for text", "source: The Government's list.", "source: [a]", "", "this should be text; write it on one line, in quotes if it has a colon in it"},
		{"text for a list", "week: [mon, tue, wed, thu, fri]", "week: mon", "",
			"this should be a list (calendar.week); write each item on a line of its own after a dash, or all of them in [ ]"},
		{"text for a part", "names: {kk: Ректор, ru: Ректор, en: Rector}", "names: Rector", "",
			"this should be a part with fields (offices.rector.names); write fields below it, each as name: value"},

		{"unknown zone", "Asia/Almaty", "Asia/Alma-Ata", "", `there is no time zone "Asia/Alma-Ata"; write a name of the tz database, as in Asia/Almaty`},
		{"zone of the machine", "Asia/Almaty", "Local", "", `there is no time zone "Local"; write a name of the tz database, as in Asia/Almaty`},
		{"unknown weekday", "week: [mon,", "week: [monday,", "",
			`"monday" is not a day of the week; use one of sun, mon, tue, wed, thu, fri, sat`},
		{"no weekday", "[mon, tue, wed, thu, fri]", "[]", "", "the list is empty (calendar.week); write at least one of sun, mon, tue, wed, thu, fri, sat"},
		{"hours reversed", "08:30-17:30", "17:30-08:30", "", "the working hours 17:30-08:30 end before they begin; write the beginning first"},
		{"hours unreadable", "08:30-17:30", "from 8 to 17", "", `"from 8 to 17" are not working hours; write them as 08:30-17:30`},
		{"date that is none", "2026-12-16:", "2026-02-30:", "", `"2026-02-30" is not a date; write it as 2026-03-23, or 2026-03-23 to 2026-03-25`},
		{"date written otherwise", "2026-12-16:", "16.12.2026:", "", `"16.12.2026" is not a date; write it as 2026-03-23, or 2026-03-23 to 2026-03-25`},
		{"date of another year", "2026-12-16:", "2027-12-16:", "", `"2027-12-16" is not in 2026; put it under its own year`},
		{"dates reversed", "2026-01-01 to 2026-01-02", "2026-01-02 to 2026-01-01", "", `"2026-01-02 to 2026-01-01" ends before it begins; write the earlier date first`},
		{"date twice", "2026-12-16:", "2026-01-02:", "", "2026-01-02 is listed already, see line 11; keep one of them"},
		{"day off and working at once", "institutes:\n", "      working-days:\n        2026-01-02: swapped\ninstitutes:\n", "2026-01-02: swapped",
			"2026-01-02 is a day off and a working day at once, see line 11; keep one of the two"},
		{"working day that is one", "institutes:\n", "      working-days:\n        2026-12-18: swapped\ninstitutes:\n", "2026-12-18",
			"warning: 2026-12-18 is a working day by the week already; look at the date again"},
		{"year twice", "institutes:\n", "    - {year: 2026, official: true, source: The same.}\ninstitutes:\n", "The same",
			"the year 2026 is listed already; put its days into one"},
		{"year that is none", "institutes:\n", "    - {year: 27, official: true, source: None.}\ninstitutes:\n", "None",
			`"27" is not a year; write it as 2026`},
		{"flag that is none", "official: true", "official: perhaps", "", `"perhaps" is neither yes nor no; write true or false`},

		{"name missing in a language", "{kk: Заң, ru: Право, en: Law}", "{kk: Заң, en: Law}", "",
			"the name in Russian is missing (institutes.law.names); add ru:"},
		{"name empty in a language", "ru: Право", `ru: ""`, "", "the text is empty; write it or take the field out"},
		{"name in another language", "en: Law", "en: Law, de: Recht", "", `there is no language "de"; the languages are kk, ru and en`},
		{"institute twice", "  - id: arts", "  - id: law", "  - id: law\n    names: {kk: Ө", `there is an institute "law" already; give it another id`},
		{"institute with a long id", "  - id: arts", "  - id: finearts", "", `the id "finearts" cannot be part of a button; use at most 6 of a-z, 0-9 and "-"`},
		{"institute with other letters", "  - id: arts", "  - id: Арт", "", `the id "Арт" cannot be part of a button; use at most 6 of a-z, 0-9 and "-"`},

		{"office twice", "offices:\n", "offices:\n  - {id: rector, names: {kk: Р, ru: Р, en: R}}\n", "  - id: rector\n    members",
			`there is an office "rector" already; give it another id`},
		{"unknown language of a chat", "lang: kk", "lang: kz", "", `"kz" is not a language of a chat; did you mean "kk"?`},
		{"members neither yes nor no", "members: true", "members: 2", "", `"2" is neither yes nor no; write true or false`},
		{"malformed chat", "telegram:-1002/12", "-1002", "", `"-1002" is not the address of a chat; write it as telegram:-1001234567890, with /12 behind it for a topic`},
		{"chat with a space", "telegram:-1002/12", "telegram:-1002 / 12", "", `"telegram:-1002 / 12" is not the address of a chat; write it as telegram:-1001234567890, with /12 behind it for a topic`},
		{"empty chat", "chat: telegram:-1002/12", `chat: ""`, "", "the text is empty; write it or take the field out"},
		{"chat of an unknown institute", "      law: telegram", "      lav: telegram", "", `there is no institute "lav"; did you mean "law"?`},
		{"one chat for all institutes", "    chats:\n      law: telegram:-1001\n", "    chat: telegram:-1001\n", "    chat: telegram:-1001\n",
			`the office "director" is one for each institute, so one chat cannot be right for all; write chats: with a line for each institute`},
		{"chats of one office", "    chat: telegram:-1002/12\n", "    chats: {law: telegram:-1002}\n", "    chats: {",
			`the office "rector" is one for the university, so it has one chat; write chat:, or each: institute`},
		{"one chat for two offices", "telegram:-1002/12", "telegram:-1001", "    chat: ",
			`warning: the chat of "rector" is that of "director@law" too; give each its own unless they sit together`},
		{"one chat for two institutes", "      law: telegram:-1001\n", "      law: telegram:-1001\n      arts: telegram:-1001\n", "      arts: ",
			`warning: the chat of "director@arts" is that of "director@law" too; give each its own unless they sit together`},
		{"office where nothing comes", "offices:\n", "offices:\n  - {id: gate, names: {kk: Р, ru: Р, en: R}}\n", "gate",
			`warning: no case can come to the office "gate"; take it into a scheme or remove it`},
		{"person to whom nothing comes", "persons:\n", "persons:\n  - {id: chair, names: {kk: Р, ru: Р, en: R}}\n", "chair",
			`warning: no case can come to the person "chair"; take it into a scheme or remove it`},
		{"person twice", "persons:\n", "persons:\n  - {id: tutor, names: {kk: Р, ru: Р, en: R}}\n", "  - id: tutor",
			`there is a person "tutor" already; give it another id`},

		{"scheme twice", "id: rest", "id: all", "id: all\n    series: ABC\n    kinds: [sugg", `there is a scheme "all" already; give it another id`},
		{"series of small letters", "series: ABC\n    kinds: [complaint]", "series: abc\n    kinds: [complaint]", "abc",
			`"abc" cannot begin the numbers of cases; write 2 to 8 capital Latin letters, as in ALT`},
		{"kind that fits into no button", "kinds: [complaint]", "kinds: [complaint, Thanks!]", "", `the id "Thanks!" cannot be part of a button; use at most 16 of a-z, 0-9 and "-"`},
		{"number that nobody can dial", "jobs:\n", "duty: rector\ncontacts: [{number: help, names: {kk: К, ru: К, en: K}, source: S.}]\njobs:\n", "number: help",
			`"help" is not a telephone number; write it in quotes as it is dialled: "112", "+7 (727) 292-43-60"`},
		{"number twice", "jobs:\n", "duty: rector\ncontacts:\n  - {number: '112', names: {kk: К, ru: К, en: K}, source: S.}\n  - {number: 1-12, names: {kk: К, ru: К, en: K}, source: S.}\njobs:\n", "1-12",
			`the number "1-12" is here twice; keep one of them`},
		{"contact without a source", "jobs:\n", "duty: rector\ncontacts: [{number: '112', names: {kk: К, ru: К, en: K}}]\njobs:\n", "contacts:",
			`the field "source" is missing (contacts.1); add source:`},
		{"office on duty that is not there", "jobs:\n", "duty: recktor\ncontacts: [{number: '112', names: {kk: К, ru: К, en: K}, source: S.}]\njobs:\n", "duty: ",
			`there is no office "recktor"; write "rector"`},
		{"office on duty in every institute", "jobs:\n", "duty: director\ncontacts: [{number: '112', names: {kk: К, ru: К, en: K}, source: S.}]\njobs:\n", "duty: ",
			`each institute has its own "director", and one office of the university is on duty; write "rector"`},
		{"nobody on duty", "jobs:\n", "contacts: [{number: '112', names: {kk: К, ru: К, en: K}, source: S.}]\njobs:\n", "contacts:",
			"warning: no office is on duty: of words of danger the administrators are told; name one under duty:"},
		{"duty without a number", "jobs:\n", "duty: rector\njobs:\n", "duty: ",
			"warning: whoever is in danger is shown no telephone number; add contacts:, 112 first"},
		{"queue without a place", "    members: true\n    chat: telegram:-1002/12\n", "    members: true\n    chat: telegram:-1002/12\n    queue: {hours: 09:00-17:00, windows: 2}\n", "queue:", `the field "place" is missing (offices.rector.queue); add place:`},
		{"queue without windows", "    members: true\n    chat: telegram:-1002/12\n", "    members: true\n    chat: telegram:-1002/12\n    queue: {hours: 09:00-17:00, windows: 0, place: {kk: О, ru: М, en: P}}\n", "queue:", `"0" is not how many windows there are; write a whole number from 1 to 12`},
		{"queue at night", "    members: true\n    chat: telegram:-1002/12\n", "    members: true\n    chat: telegram:-1002/12\n    queue: {hours: 17:00-09:00, windows: 1, place: {kk: О, ru: М, en: P}}\n", "queue:", "the hours of reception 17:00-09:00 end before they begin; write the beginning first"},
		{"break outside of the hours", "    members: true\n    chat: telegram:-1002/12\n", "    members: true\n    chat: telegram:-1002/12\n    queue: {hours: 09:00-17:00, break: 16:30-17:30, windows: 1, place: {kk: О, ru: М, en: P}}\n", "queue:", "the break is not within the hours of reception; write a break within the hours"},
		{"kind twice", "kinds: [complaint]", "kinds: [complaint, complaint]", "", `"complaint" is here twice; keep one of them`},
		{"unknown standing", "from: [student, curator, faculty]\n    days: 15\n    source: Assumed.\n    rungs: [{p", "from: [student, curator, faculty, alien]\n    days: 15\n    source: Assumed.\n    rungs: [{p", "alien",
			`"alien" is not a standing of an applicant; use one of student, faculty, curator, citizen`},
		{"scheme that nothing reaches", "kinds: [complaint]", "kinds: [complaint, suggestion]", "id: rest",
			`nothing goes by the scheme "rest" by itself: those above take all that it could; put it higher, or write chosen: true, or remove it`},
		{"term of zero", "    days: 15\n    source: Assumed.\n    rungs:\n", "    days: 0\n    source: Assumed.\n    rungs:\n", "days: 0",
			`"0" cannot be a term; write a whole number of working days, from 1 to 366`},
		{"negative term", "{person: tutor, days: 2}", "{person: tutor, days: -2}", "", `"-2" cannot be a term; write a whole number of working days, from 1 to 366`},
		{"half a day", "{person: tutor, days: 2}", "{person: tutor, days: 1.5}", "", `"1.5" cannot be a term; write a whole number of working days, from 1 to 366`},
		{"endless term", "{person: tutor, days: 2}", "{person: tutor, days: 99999}", "", `"99999" cannot be a term; write a whole number of working days, from 1 to 366`},
		{"rung longer than the case", "      - {office: rector, days: 5}", "      - {office: rector, days: 20}", "",
			`warning: "rector" has 20 working days, the whole case only 15; shorten this term or give the whole case more`},
		{"unknown office in a ladder", "      - {office: rector, days: 5}", "      - {office: director, days: 5}\n      - {office: rektor, days: 5}", "rektor",
			`there is no office "rektor"; did you mean "rector"?`},
		{"office twice in a ladder", "      - {office: rector, days: 5}", "      - {office: rector, days: 5}\n      - {office: rector, days: 6}", "days: 6",
			`"rector" is in this ladder twice; keep one of them`},
		{"rung that is both", "      - {office: rector, days: 5}", "      - {office: rector, person: tutor, days: 5}", "",
			"a rung is either an office or a person; write one of the two"},
		{"rung that is neither", "      - {office: rector, days: 5}", "      - {office: rector, days: 5}\n      - {days: 6}", "days: 6",
			"a rung is either an office or a person; write one of the two"},
		{"ladder without a rung", "    rungs:\n      - {office: rector, days: 5}\n", "    rungs: []\n", "rungs: []",
			`nobody can receive a case of the scheme "rest": its ladder has no office; add a rung with an office`},
		{"ladder of persons", "      - {office: rector, days: 5}\n", "      - {person: tutor, days: 5}\n", "    rungs:\n",
			`nobody can receive a case of the scheme "rest": its ladder has no office; add a rung with an office`},
		{"topic that is no word", "schemes:\n", "schemes:\n  - {id: home, series: ABC, kinds: [complaint], from: [student], topics: [The dormitory], days: 5, source: S., rungs: [{office: rector, days: 5}]}\n", "id: home",
			`the id "The dormitory" cannot be part of a button; use at most 16 of a-z, 0-9 and "-"`},
		{"topic twice", "schemes:\n", "schemes:\n  - {id: home, series: ABC, kinds: [complaint], from: [student], topics: [dormitory, dormitory], days: 5, source: S., rungs: [{office: rector, days: 5}]}\n", "id: home", `"dormitory" is here twice; keep one of them`},
		{"chosen that is neither", "kinds: [complaint]", "chosen: perhaps\n    kinds: [complaint]", "chosen", `"perhaps" is neither yes nor no; write true or false`},
		{"gentle that is neither", "kinds: [complaint]", "gentle: 2\n    kinds: [complaint]", "gentle", `"2" is neither yes nor no; write true or false`},
		{"extension of nothing", "kinds: [complaint]", "extend: 0\n    kinds: [complaint]", "extend", `"0" cannot be a term; write a whole number of working days, from 1 to 366`},
		{"term of a kind that is not taken", "kinds: [complaint]", "kind-days: {complaind: 5}\n    kinds: [complaint]", "kind-days", `the scheme "all" does not take a complaind; write "complaint"`},
		{"term of a kind that is none", "kinds: [complaint]", "kind-days: {complaint: soon}\n    kinds: [complaint]", "kind-days", `"soon" cannot be a term; write a whole number of working days, from 1 to 366`},
		{"rung with a term of a kind that is not taken", "{person: tutor, days: 2}", "{person: tutor, days: 2, kind-days: {talk: 1}}", "", `the scheme "all" does not take a talk; write "complaint"`},
		{"last rung that only registers", "      - {office: rector, days: 5}", "      - {office: rector, days: 5, registers: true}", "",
			`the last rung of the scheme "rest" only registers, so nobody would decide; let it decide, or add a rung above`},
		{"rung that asks perhaps", "{office: director, days: 3}", "{office: director, days: 3, asks: perhaps}", "", `"perhaps" is neither yes nor no; write true or false`},
		{"power that nobody has", "    chat: telegram:-1002/12\n", "    chat: telegram:-1002/12\n    powers: [recomend]\n", "powers", `"recomend" is not a power of an office; did you mean "recommend"?`},
		{"power twice", "    chat: telegram:-1002/12\n", "    chat: telegram:-1002/12\n    powers: [mediate, mediate]\n", "powers", `"mediate" is here twice; keep one of them`},
		{"clock of nothing", "jobs:\n", "clocks: {consent: 0}\njobs:\n", "clocks", `"0" cannot be a term; write a whole number of working days, from 1 to 366`},
		{"clock that is not there", "jobs:\n", "clocks: {windows: 5}\njobs:\n", "clocks", `there is no field "windows" here; did you mean "window"?`},
		{"silence that is no list", "jobs:\n", "clocks: {silence: 5}\njobs:\n", "clocks", "this should be a list (clocks.silence); write each item on a line of its own after a dash, or all of them in [ ]"},
		{"reminders out of order", "jobs:\n", "clocks: {silence: [10, 5]}\njobs:\n", "clocks", "an applicant would be reminded of a question after the case was closed for want of a reply; write the days of silence in order, and a later one for close"},
		{"reminder after closing", "jobs:\n", "clocks:\n  close: 10\njobs:\n", "  close", "an applicant would be reminded of a question after the case was closed for want of a reply; write the days of silence in order, and a later one for close"},
		{"channel that is none", "jobs:\n", "blog: '@alt'\njobs:\n", "blog", `"@alt" is not the address of a chat; write it as telegram:-1001234567890, with /12 behind it for a topic`},
		{"channel that is an office's chat", "jobs:\n", "blog: telegram:-1002/12\njobs:\n", "blog", `answers would be published in the chat of the office "rector"; make a channel for it`},
		{"order to be confirmed that is none", "jobs:\n", "notices: {seen: [expulson]}\njobs:\n", "notices", `"expulson" is not a kind of order; did you mean "expulsion"?`},
		{"no time to object", "jobs:\n", "notices: {object: 0}\njobs:\n", "notices", `"0" is no time in which one can object; write a whole number of days, from 1 to 366`},
		{"job without a time", "digest: 0 9 * * 1-5", `digest: ""`, "", "the text is empty; write it or take the field out"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			file, line := rewrite(t, tt.old, tt.new, tt.at)
			u, problems := ReadUniversity("u.yaml", []byte(file))
			want := fmt.Sprintf("u.yaml:%d: %s", line, tt.want)
			if len(problems) != 1 || problems[0].String() != want {
				t.Errorf("\n got %v\nwant [%s]", problems, want)
			}
			if warned := strings.HasPrefix(tt.want, "warning"); warned != (u != nil) {
				t.Errorf("university %v", u)
			}
		})
	}
}

// rewrite changes the small file and finds the line of a text in it.
func rewrite(t *testing.T, old, new, at string) (file string, line int) {
	t.Helper()
	file = small + rest
	if strings.Count(file, old) != 1 {
		t.Fatalf("%q is %d times in the file", old, strings.Count(file, old))
	}
	file = strings.Replace(file, old, new, 1)
	if at == "" {
		at = new
	}
	i := strings.LastIndex(file, at)
	if i < 0 {
		t.Fatalf("%q is not in the file", at)
	}
	return file, 1 + strings.Count(file[:i], "\n")
}

// A mistake can be seen from several sides; all are told, and so are all mistakes, by line.
func TestSeveralProblems(t *testing.T) {
	tests := []struct {
		name     string
		old, new string
		want     string
	}{
		{"office with a long id", "id: rector", "id: rector-and-chairman", `
			u.yaml:25: the id "rector-and-chairman" cannot be part of a button; use at most 16 of a-z, 0-9 and "-"
			u.yaml:25: warning: no case can come to the office "rector-and-chairman"; take it into a scheme or remove it
			u.yaml:41: there is no office "rector"; did you mean "director"?
			u.yaml:49: there is no office "rector"; did you mean "director"?`},
		{"office with a capital", "id: rector", "id: Rector", `
			u.yaml:25: the id "Rector" cannot be part of a button; use at most 16 of a-z, 0-9 and "-"
			u.yaml:25: warning: no case can come to the office "Rector"; take it into a scheme or remove it
			u.yaml:41: there is no office "rector"; did you mean "Rector"?
			u.yaml:49: there is no office "rector"; did you mean "Rector"?`},
		{"office for each of something else", "each: institute", "each: faculty", `
			u.yaml:20: "faculty" is not a part of the university with offices of its own; write "institute"
			u.yaml:22: the office "director" is one for the university, so it has one chat; write chat:, or each: institute`},
		{"office of no institute", `  - id: law
    names: {kk: Заң, ru: Право, en: Law}
  - id: arts
    names: {kk: Өнер, ru: Искусство, en: Arts}
`, "  []\n", `
			u.yaml:16: the office "director" is there for each institute, and there are no institutes; list the institutes, or leave each: out
			u.yaml:20: there is no institute "law"; add it, or take this out
			u.yaml:38: there is no office "director"; write "rector"`},
		{"topics that leave the rest to nobody", "kinds: [suggestion]", "topics: [dormitory]\n    kinds: [suggestion]", `
			u.yaml:34: a suggestion from a student leads nowhere: no scheme takes it; add both to a scheme without topics
			u.yaml:34: a suggestion from a curator leads nowhere: no scheme takes it; add both to a scheme without topics
			u.yaml:34: a suggestion from a faculty leads nowhere: no scheme takes it; add both to a scheme without topics`},
		{"no scheme", "schemes:\n", "schemes: []\nnothing:\n", `
			u.yaml:34: there is no scheme, so no request leads anywhere; list at least one
			u.yaml:35: there is no field "nothing" here; use one of university, calendar, institutes, offices, papers, persons, schemes, clocks, contacts, bodies, receptions, blog, duty, nights, jobs, notices, procedure, registrar`},
		{"mistakes everywhere", `  week: [mon, tue, wed, thu, fri]
  hours: 08:30-17:30
  years:
    - year: 2026
      official: true
      source: The Government's list.
      days-off:
        2026-01-01 to 2026-01-02: New Year
`, `  weeks: [mon, tue, wed, thu, fri]
  hours: 17:30
  years:
    - year: 2026
      official: maybe
      source: ""
      days-off:
        1 January: New Year
`, `
			u.yaml:3: the field "week" is missing (calendar); add week:
			u.yaml:4: there is no field "weeks" here; did you mean "week"?
			u.yaml:5: "17:30" are not working hours; write them as 08:30-17:30
			u.yaml:8: "maybe" is neither yes nor no; write true or false
			u.yaml:9: the text is empty; write it or take the field out
			u.yaml:11: "1 January" is not a date; write it as 2026-03-23, or 2026-03-23 to 2026-03-25`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			file, _ := rewrite(t, tt.old, tt.new, "")
			_, problems := ReadUniversity("u.yaml", []byte(file))
			var got []string
			for _, p := range problems {
				got = append(got, p.String())
			}
			want := strings.Split(strings.ReplaceAll(strings.TrimSpace(tt.want), "\t", ""), "\n")
			if !slices.Equal(got, want) {
				t.Errorf("\n got %s\nwant %s", strings.Join(got, "\n     "), strings.Join(want, "\n     "))
			}
		})
	}
}

// What is no structure file at all is told as such, once.
func TestNoStructureFile(t *testing.T) {
	tests := []struct{ name, file, want string }{
		{"empty", "", "u.yaml:1: the file is empty; start from the file that comes with Dauys"},
		{"only remarks", "# to do\n", "u.yaml:1: the file is empty; start from the file that comes with Dauys"},
		{"a list", "- a\n", "u.yaml:1: this is not a structure file: it has no fields; start from the file that comes with Dauys"},
		{"a tab", "university:\n\tkk: А\n", "u.yaml:2: this is not YAML: found character that cannot start any token; " +
			"indent with spaces, not tabs, and put quotes around text that begins with a special sign"},
		{"a colon too many", "university: kk: А\n", "u.yaml:1: this is not YAML: mapping values are not allowed in this context; " +
			"look at the indentation and the colons of this line and the one before"},
		{"two documents", small + rest + "---\n" + small, "u.yaml:50: a second document begins; only the first is read; remove the line ---"},
		{"itself", "institutes: &all [*all]\n", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			u, problems := ReadUniversity("u.yaml", []byte(tt.file))
			if u != nil || tt.want != "" && (len(problems) != 1 || problems[0].String() != tt.want) {
				t.Errorf("\n got %v\nwant [%s]", problems, tt.want)
			}
		})
	}
}

// Checks from outside see the file, find their lines, and count like any other problem.
func TestChecks(t *testing.T) {
	jobs := func(u *University) (problems []Problem) {
		for job := range u.Jobs {
			problems = append(problems, Problem{Line: u.Line("jobs." + job), What: "there is no job " + job})
		}
		return problems
	}
	texts := func(u *University) (problems []Problem) {
		for _, s := range u.Schemes {
			problems = append(problems, Problem{Line: u.Line("schemes." + s.ID + ".texts.kk"), What: s.ID + " has no texts", Warning: true})
		}
		return problems
	}
	u, problems := ReadUniversity("u.yaml", []byte(small+rest), texts, jobs)
	want := "[u.yaml:33: there is no job digest u.yaml:35: warning: all has no texts u.yaml:42: warning: rest has no texts]"
	if got := fmt.Sprint(problems); got != want || u != nil {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
	if u, _ := ReadUniversity("u.yaml", []byte(small+rest), texts); u == nil {
		t.Error("a warning stops the file")
	}
	if _, problems := ReadUniversity("u.yaml", []byte("university: {}\n"), texts, jobs); len(problems) < 5 {
		t.Errorf("a file with other problems: %v", problems)
	}
}

func TestLine(t *testing.T) {
	u, _ := ReadUniversity("u.yaml", []byte(small+rest))
	for path, want := range map[string]int{
		"university":                   1,
		"calendar.years.2026.official": 8,
		"institutes.arts":              16,
		"offices.director":             19,
		"offices.director@law":         19,
		"offices.director.chats.law":   23,
		"offices.nobody":               18,
		"jobs.digest":                  33,
		"schemes.all.days":             39,
		"schemes.all.rungs.2.office":   41,
		"schemes.rest.rungs.1":         49,
		"nothing.at.all":               1,
	} {
		if got := u.Line(path); got != want {
			t.Errorf("Line(%q) = %d, want %d", path, got, want)
		}
	}
}

// Whatever a file holds, reading it tells problems and does not panic.
func FuzzReadUniversity(f *testing.F) {
	for _, file := range []string{"", small + rest, string(builtin), "institutes: &all [*all]\n", "jobs: {1: 2}\n? [a]\n: b\n", "calendar: {years: [{year: 2026, days-off: {2026-01-01: }}]}"} {
		f.Add(file)
	}
	f.Fuzz(func(t *testing.T, file string) {
		u, problems := ReadUniversity("u.yaml", []byte(file))
		if u == nil && len(problems) == 0 {
			t.Error("refused without a word")
		}
		if u == nil {
			return
		}
		for _, i := range u.Institutes {
			for _, k := range u.Kinds() {
				for _, s := range Standings {
					taken := slices.ContainsFunc(u.Schemes, func(x Scheme) bool { return slices.Contains(x.Kinds, k) && slices.Contains(x.From, s) })
					if _, err := u.Route(Request{Kind: k, From: s, Institute: i.ID}); err != nil && taken {
						t.Errorf("a good file loses a %s from a %s of %s: %v", k, s, i.ID, err)
					}
				}
			}
		}
	})
}

// The examples of docs/structure.md, put together, are a structure file without a problem.
func TestExamplesOfTheDocs(t *testing.T) {
	docs, err := os.ReadFile("docs/structure.md")
	if err != nil {
		t.Fatal(err)
	}
	var file strings.Builder
	for i, part := range strings.Split(string(docs), "```yaml\n") {
		if example, _, _ := strings.Cut(part, "```"); i > 0 {
			file.WriteString(example)
		}
	}
	u, problems := ReadUniversity("docs/structure.md", []byte(file.String()))
	for _, p := range problems {
		t.Error(p)
	}
	if u == nil {
		t.Fatal("the examples do not read")
	}
	c := u.Calendar
	filed := almaty(t, "2026-12-11 20:00")
	if got, want := c.Registered(filed), almaty(t, "2026-12-12 08:30"); !got.Equal(want) {
		t.Errorf("with the Saturday of the example registered at %v, want %v", got, want)
	}
}

// Whom a complaint is about is known by the group, also before somebody serves as its curator.
func TestAgainstACuratorToCome(t *testing.T) {
	way, err := Builtin().Route(Request{Kind: Complaint, From: AsStudent, Institute: "itc", Group: "ИС-21-1", Against: []OfficeID{"advisor-curator"}})
	if want := []OfficeID{"advisor-curator@itc.ис211"}; err != nil || !slices.Equal(way.Against, want) {
		t.Errorf("about %q (%v), want %q", way.Against, err, want)
	}
}

// While the curator of a group is away, a request goes past them, and whoever gets it instead is told so;
// not where it would not have come to them anyway.
func TestAwayIsPassedBy(t *testing.T) {
	u := Builtin()
	id := CuratorOf("advisor-curator", "itc", "ИС-21-1")
	q := Request{Kind: Complaint, From: AsStudent, Institute: "itc", Topic: "marks", Group: "ИС-21-1"}
	for _, tt := range []struct {
		name  string
		mend  func(*Request)
		first OfficeID
		away  []OfficeID
	}{
		{"there", func(q *Request) { q.Known = map[string]OfficeID{"advisor-curator": id} }, id, nil},
		{"nobody", func(*Request) {}, "deputy@itc", nil},
		{"away", func(q *Request) { q.Away = map[string]OfficeID{"advisor-curator": id} }, "deputy@itc", []OfficeID{id}},
		{"away, begins higher", func(q *Request) {
			q.Away, q.Level = map[string]OfficeID{"advisor-curator": id}, "director"
		}, "director@itc", nil},
		{"away, about them", func(q *Request) {
			q.Away, q.Against = map[string]OfficeID{"advisor-curator": id}, []OfficeID{"advisor-curator"}
		}, "deputy@itc", nil},
	} {
		q := q
		tt.mend(&q)
		way, err := u.Route(q)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if way.Ladder[0].Office != tt.first || !slices.Equal(way.Away, tt.away) {
			t.Errorf("%s: begins at %s, past %v, want %s and %v", tt.name, way.Ladder[0].Office, way.Away, tt.first, tt.away)
		}
	}
}
