package dauys

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
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
	if got := len(u.Offices); got != 4+4+3 {
		t.Errorf("%d offices, want a deputy and a director for each institute and three more", got)
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
	if got := len(u.OfficesOf("itc")); got != 2 {
		t.Errorf("the institute has %d offices, want 2", got)
	}
	if got := len(u.OfficesOf("")); got != 3 {
		t.Errorf("the university has %d offices, want 3", got)
	}
	if _, ok := u.Institute("nope"); ok {
		t.Error("there is an institute that nobody listed")
	}
}

func TestRoute(t *testing.T) {
	tests := []struct {
		name      string
		institute string
		want      string
		err       error
	}{
		{"every rung of the institute, without the person", "itc",
			`[{"office":"deputy@itc","days":3},{"office":"director@itc","days":5},{"office":"vr-academic","days":5},{"office":"rector","days":5}]`, nil},
		{"another institute", "iedt",
			`[{"office":"deputy@iedt","days":3},{"office":"director@iedt","days":5},{"office":"vr-academic","days":5},{"office":"rector","days":5}]`, nil},
		{"no institute: only offices of the university", "",
			`[{"office":"vr-academic","days":5},{"office":"rector","days":5}]`, nil},
		{"an institute that is gone", "law", `null`, ErrNoOffice},
	}
	for _, tt := range tests {
		for _, kind := range []Kind{Complaint, Suggestion} {
			for _, standing := range Standings {
				scheme, ladder, err := Builtin().Route(kind, standing, tt.institute)
				if !errors.Is(err, tt.err) {
					t.Errorf("%s: error %v, want %v", tt.name, err, tt.err)
				}
				if got, _ := json.Marshal(ladder); string(got) != tt.want {
					t.Errorf("%s:\n got %s\nwant %s", tt.name, got, tt.want)
				}
				if err == nil && (scheme.ID != "institute" || scheme.Series != "ALT" || scheme.Days != 15 || !scheme.Assumed) {
					t.Errorf("%s: scheme %+v", tt.name, scheme)
				}
			}
		}
	}
	if _, _, err := Builtin().Route("telegram", AsStudent, "itc"); !errors.Is(err, ErrNoOffice) {
		t.Errorf("an unknown kind: %v, want %v", err, ErrNoOffice)
	}
	if _, _, err := Builtin().Route(Complaint, "passer-by", "itc"); !errors.Is(err, ErrNoOffice) {
		t.Errorf("an unknown standing: %v, want %v", err, ErrNoOffice)
	}
}

// Schemes are matched from the top.
func TestRouteTakesTheFirstScheme(t *testing.T) {
	u, problems := ReadUniversity("u.yaml", []byte(small+`  - id: ideas
    series: IDEA
    kinds: [suggestion]
    from: [student, curator]
    days: 30
    source: The university's own rule.
    rungs: [{office: rector, days: 30}]
`))
	if u == nil {
		t.Fatal(problems)
	}
	for kind, want := range map[Kind]string{Complaint: "all", Suggestion: "ideas"} {
		if scheme, _, err := u.Route(kind, AsStudent, "law"); err != nil || scheme.ID != want {
			t.Errorf("a %s goes by %q (%v), want %q", kind, scheme.ID, err, want)
		}
	}
}

func TestWay(t *testing.T) {
	var got []string
	for _, s := range Builtin().Way(Complaint, AsStudent, "itc") {
		line := fmt.Sprintf("%s%s %d %d", s.Office, s.Person, s.Days, s.Total)
		if s.Skipped {
			line += ": " + s.Why
		}
		if s.Names.In(English) == "" {
			t.Errorf("%s has no name", line)
		}
		got = append(got, line)
	}
	want := []string{
		"advisor-curator 2 0: nobody is known to be that person",
		"deputy@itc 3 3",
		"director@itc 5 8",
		"vr-academic 5 13",
		"rector 5 18",
	}
	if !slices.Equal(got, want) {
		t.Errorf("the way of a complaint:\n got %q\nwant %q", got, want)
	}
	if way := Builtin().Way(Complaint, AsStudent, ""); !way[1].Skipped || way[1].Why == "" || way[3].Skipped {
		t.Errorf("the way without an institute: %+v", way)
	}
	if way := Builtin().Way("telegram", AsStudent, "itc"); len(way) != 0 {
		t.Errorf("the way of what no scheme takes: %+v", way)
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
    from: [student, curator]
    days: 15
    source: Assumed.
    rungs: [{person: tutor, days: 2}, {office: director, days: 3}, {office: rector, days: 5}]
`

// rest takes what small leaves open.
const rest = `  - id: rest
    series: ABC
    kinds: [suggestion]
    from: [student, curator]
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
			`there is no field "crons" here; use one of university, calendar, institutes, offices, persons, schemes, contacts, duty, jobs, procedure`},
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
		{"kind twice", "kinds: [complaint]", "kinds: [complaint, complaint]", "", `"complaint" is here twice; keep one of them`},
		{"unknown standing", "from: [student, curator]\n    days: 15\n    source: Assumed.\n    rungs: [{p", "from: [student, curator, citizen]\n    days: 15\n    source: Assumed.\n    rungs: [{p", "citizen",
			`"citizen" is not a standing of an applicant; use one of student, curator`},
		{"request that leads nowhere", "kinds: [suggestion]\n    from: [student, curator]", "kinds: [suggestion]\n    from: [student]", "schemes:",
			"a suggestion from a curator leads nowhere: no scheme takes it; add both to a scheme"},
		{"scheme that nothing reaches", "kinds: [complaint]", "kinds: [complaint, suggestion]", "id: rest",
			`nothing ever goes by the scheme "rest": those above take all that it could; put it higher or remove it`},
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
		{"scheme that is partly hidden", "kinds: [suggestion]", "kinds: [suggestion, complaint]", `
			u.yaml:42: warning: a complaint from a student goes by the scheme "all" above, never by "rest"; say it in one of the two, or put the narrower scheme first
			u.yaml:42: warning: a complaint from a curator goes by the scheme "all" above, never by "rest"; say it in one of the two, or put the narrower scheme first`},
		{"no scheme", "schemes:\n", "schemes: []\nnothing:\n", `
			u.yaml:34: there is no scheme, so no request leads anywhere; list at least one
			u.yaml:35: there is no field "nothing" here; use one of university, calendar, institutes, offices, persons, schemes, contacts, duty, jobs, procedure`},
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
					if _, _, err := u.Route(k, s, i.ID); err != nil {
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
