package dauys

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// University is the structure file: who is there, which way a case goes, in what time.
// It is never changed once it is read, but for the edits of its calendar.
type University struct {
	File       string // where it was read
	Hash       string // of the file as it was read
	Names      Names
	Institutes []Institute
	Offices    []Office
	Persons    map[string]Names // who can have a case besides offices, by the word for them
	Papers     map[string]Names // documents that can be asked for, by the word for them
	Schemes    []Scheme
	Contacts   []Contact   // for whoever is in danger, in this order
	Bodies     []Body      // outside the university, to which people are redirected, in this order
	Duty       OfficeID    // who is told of it at once; empty: the administrators
	Receptions []Reception // when offices receive people in person
	Blog       Address     // the channel in which answers are published; empty: none are
	Calendar   Calendar
	Nights     Nights // in which the chats of staff are silent
	Clocks     Terms  // what holds for every case, whatever its scheme
	Notices    NoticeRules
	Jobs       map[string]string // job → cron expression that replaces the built-in one
	Procedure  Procedure         // what is cited; without a version the file has none
	Academic   *Academic         // how marks become grades; nil: nobody has said, and nothing is computed

	lines map[string]int // where things stand in the file
}

// Institute is one institute of the university.
type Institute struct {
	ID    string // short Latin word, part of button data
	Names Names
}

// Office is who can have a case: one for the university, or one of the same kind for each institute.
type Office struct {
	ID        OfficeID // "rector", "deputy@itc"
	Institute string   // its institute; empty: the whole university's
	Names     Names
	Lang      Lang        // of its chat
	Chat      Address     // fixed by the file; empty: bound by a code
	Members   bool        // members of its chat may act for it
	Powers    []Act       // what it may do besides what every office may
	Watches   []string    // topics of which it is shown figures without anybody in them
	Second    bool        // an answer leaves it only with the yes of a second member of staff
	ByName    bool        // applicants are told who of it answers or asks; otherwise they are told the office
	Person    bool        // it is one person, served in their own chat, in their own language
	Nights    *Nights     // its own; nil: those of the university
	Queue     *QueueTerms // how it receives people without an appointment; nil: it does not
}

// Powers are what an office may be given to do besides what every office may.
var Powers = []Act{Recommend, Mediate, Schedule, Register, Export, Invite, Restrain, Figures, Registry, Announce}

// Powers that are no acts of a case.
const (
	Export   Act = "export"   // to have the registration journal
	Figures  Act = "figures"  // to see the figures of all offices, not only its own
	Registry Act = "registry" // to keep the record of studies: imports, and who is linked with whom
	Announce Act = "announce" // to write to many at once, with the yes of a second person
)

// Contact is a telephone at which people help.
type Contact struct {
	Number string
	Names  Names
	Source string // who says so
}

// Scheme is one way of the procedure: who may go it, with what, through which offices.
type Scheme struct {
	ID         string
	Series     string // of its numbers: ALT
	Names      Names  // by which people choose it; empty: those of its first office
	Kinds      []Kind
	From       []Standing
	Topics     []string            // only requests about these go this way by themselves; empty: about anything
	Chosen     bool                // goes this way only who chooses it
	Entered    bool                // goes this way only what staff enter for their own office
	Gentle     bool                // the clock neither hands a case up nor urges every day
	Restricted bool                // cards show nothing of what a case is about, and of whom
	Documents  map[string][]string // which are asked for, by the ground on which something is asked
	Within     int                 // working days after what it is about in which it can be filed; 0: at any time
	Marks      OfficeID            // that is told of a mark which was changed; empty: nobody
	Publish    bool                // an answer may be published, with the yes of who has asked
	Collective []Kind              // which of its kinds others may sign
	Extend     int                 // working days by which the term may be extended, in all
	Days       int                 // working days for the whole case
	KindDays   map[Kind]int        // and for one kind, where that is another
	Rungs      []Rung              // as written: "deputy" stands for the deputy director of the case's institute
	Source     string              // sentence of the procedure or the law behind it
	Assumed    bool                // no source gives its terms: they are a first guess
	Cites      map[string]string   // which clause is behind what, where it is not that of the procedure
}

// Takes tells whether a request goes this way by itself.
func (s Scheme) Takes(q Request) bool {
	return !s.Chosen && !s.Entered && slices.Contains(s.Kinds, q.Kind) && slices.Contains(s.From, q.From) &&
		(len(s.Topics) == 0 || slices.Contains(s.Topics, q.Topic))
}

// Title is by what people know the scheme.
func (s Scheme) Title(u *University) Names {
	for _, r := range s.Rungs {
		if len(s.Names) > 0 {
			break
		}
		if i := slices.IndexFunc(u.Offices, func(o Office) bool { return o.ID.Kind() == r.Office }); i >= 0 {
			return u.Offices[i].Names
		}
	}
	return s.Names
}

// term is how many working days a rung has for a kind of request.
func (r Rung) term(k Kind) int {
	if days, ok := r.KindDays[k]; ok {
		return days
	}
	return r.Days
}

// terms are those of a case that is filed now.
func (u *University) terms(s Scheme, k Kind) Terms {
	t := u.Clocks
	t.Days, t.Gentle, t.Restricted, t.Publish, t.Extend = s.Days, s.Gentle, s.Restricted, s.Publish, s.Extend
	t.Collective = slices.Contains(s.Collective, k)
	if len(s.Documents) == 0 {
		t.Chase, t.Bring = nil, 0
	}
	t.Procedure, t.Cites = u.Procedure.Version, u.Cites(s)
	if days, ok := s.KindDays[k]; ok {
		t.Days = days
	}
	return t
}

// Window is until when something can be filed by a scheme about what was shown at a time: the end of
// working hours of the last working day. Not limited: at any time.
func (u *University) Window(s Scheme, from time.Time) (until time.Time, limited bool) {
	if s.Within == 0 {
		return until, false
	}
	return u.Calendar.Due(from, s.Within), true
}

// Kinds are the requests that some scheme takes, in the order of the file.
func (u *University) Kinds() (kinds []Kind) {
	for _, s := range u.Schemes {
		for _, k := range s.Kinds {
			if !slices.Contains(kinds, k) {
				kinds = append(kinds, k)
			}
		}
	}
	return kinds
}

//go:embed alt.yaml
var builtin []byte

// BuiltinFile is the name of the structure file that comes with Dauys.
const BuiltinFile = "alt.yaml"

// BuiltinSource is that file as it is written.
func BuiltinSource() []byte { return builtin }

// Builtin is the structure of ALT University that comes with Dauys.
var Builtin = sync.OnceValue(func() *University {
	u, problems := ReadUniversity(BuiltinFile, builtin)
	if u == nil {
		panic(fmt.Sprintf("the built-in structure file does not read: %v", problems))
	}
	return u
})

// Office finds an office by its full name, with the institute where each has its own. A person who
// has cases like an office is one.
func (u *University) Office(id OfficeID) (Office, bool) {
	for _, o := range u.Offices {
		if o.ID == id {
			return o, true
		}
	}
	names, person := u.Persons[string(id.Kind())]
	institute, _, ok := strings.Cut(strings.TrimPrefix(string(id), string(id.Kind())+"@"), ".")
	if !person || !ok {
		return Office{}, false
	}
	return Office{ID: id, Institute: institute, Names: names, Lang: Kazakh, Person: true}, true
}

// Institute finds an institute.
func (u *University) Institute(id string) (Institute, bool) {
	for _, i := range u.Institutes {
		if i.ID == id {
			return i, true
		}
	}
	return Institute{}, false
}

// Scheme finds a scheme.
func (u *University) Scheme(id string) (Scheme, bool) {
	for _, s := range u.Schemes {
		if s.ID == id {
			return s, true
		}
	}
	return Scheme{}, false
}

// OfficesOf lists the offices that an institute has for itself; for "" those of the whole
// university.
func (u *University) OfficesOf(institute string) []Office {
	var its []Office
	for _, o := range u.Offices {
		if o.Institute == institute {
			its = append(its, o)
		}
	}
	return its
}

// Line is where a thing stands in the file, by its path: "jobs.digest",
// "schemes.institute.days", "offices.rector". Of what is not there it is the line of what
// it would stand in.
func (u *University) Line(path string) int {
	for {
		if line, ok := u.lines[path]; ok {
			return line
		}
		i := strings.LastIndexByte(path, '.')
		if i < 0 {
			return 1
		}
		path = path[:i]
	}
}

// fresh is how long what is known of a competent body can be trusted.
const fresh = 366 * 24 * time.Hour

// soon is how long before it begins a year must be in the calendar: a case filed on the
// last working day of a year is due well inside the next.
const soon = 60 * 24 * time.Hour

// Warnings tells what in the file is fine by itself and will not be for long, seen from a
// time: a year whose days off are not listed, or only computed, a competent body that nobody has
// asked for a year.
func (u *University) Warnings(now time.Time) []Problem {
	var problems []Problem
	if u.Duty == "" && len(u.Contacts) == 0 {
		problems = append(problems, Problem{File: u.File, Line: 1, Warning: true,
			What: "nobody is on duty, and whoever is in danger is shown no telephone number", Fix: "add contacts: and duty:"})
	}
	var old []string
	for _, b := range u.Bodies {
		if day, err := time.Parse(time.DateOnly, b.Date); err == nil && now.Sub(day) > fresh {
			old = append(old, b.ID)
		}
	}
	if len(old) > 0 {
		problems = append(problems, Problem{File: u.File, Line: u.Line("bodies." + old[0] + ".date"), Warning: true,
			What: "what is said of these bodies was looked up more than a year ago: " + strings.Join(old, ", "), Fix: "ask them, mend what has changed and write the new date"})
	}
	zone := u.Calendar.Zone()
	for year := now.In(zone).Year(); year <= now.Add(soon).In(zone).Year(); year++ {
		official, listed := u.Calendar.years[year]
		switch {
		case !listed:
			problems = append(problems, Problem{File: u.File, Line: u.Line("calendar.years"), Warning: true,
				What: fmt.Sprintf("the calendar lists no days off for %d: that year has plain weeks", year),
				Fix:  fmt.Sprintf("add the year %d from the Government's list", year)})
		case !official:
			problems = append(problems, Problem{File: u.File, Line: u.Line(fmt.Sprintf("calendar.years.%d", year)), Warning: true,
				What: fmt.Sprintf("the days off of %d were computed, not published", year),
				Fix:  "compare them with the Government's list and write official: true"})
		}
	}
	return problems
}
