package dauys

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// Problem is something in a structure file that is wrong, or, as a warning, likely not meant.
type Problem struct {
	File    string
	Line    int // from 1; 0 when it is about no line
	What    string
	Fix     string
	Warning bool
}

// String is the problem as editors understand it: alt.yaml:12: what; fix.
func (p Problem) String() string {
	s := p.File
	if p.Line > 0 {
		s += ":" + strconv.Itoa(p.Line)
	}
	if p.Warning {
		s += ": warning"
	}
	s += ": " + p.What
	if p.Fix != "" {
		s += "; " + p.Fix
	}
	return s
}

// Check looks at a structure file for what this package cannot know: whether there are
// texts for a scheme, whether a cron expression parses. It finds places by
// [University.Line] and may leave the file's name out. The university that it gets can
// have other problems, so a check takes nothing for granted.
type Check func(*University) []Problem

// ReadUniversity reads a structure file. It tells all problems that it and the checks find,
// by line; the university is nil if one of them is more than a warning.
func ReadUniversity(name string, data []byte, checks ...Check) (*University, []Problem) {
	hash := sha256.Sum256(data)
	r := &reader{u: &University{File: name, Hash: hex.EncodeToString(hash[:]), Clocks: usual, lines: map[string]int{}}}
	if root := r.parse(data); root != nil {
		r.read(root)
		r.compare()
		for _, check := range checks {
			r.problems = append(r.problems, check(r.u)...)
		}
	}
	for i := range r.problems {
		r.problems[i].File = cmp.Or(r.problems[i].File, name)
	}
	slices.SortStableFunc(r.problems, func(a, b Problem) int { return cmp.Compare(a.Line, b.Line) })
	if slices.ContainsFunc(r.problems, func(p Problem) bool { return !p.Warning }) {
		return nil, r.problems
	}
	return r.u, r.problems
}

// The bounds of what is written in the file.
const (
	longestInstitute = 6  // in button data, beside everything else that a button says
	longestID        = 16 // of an office, a person, a scheme
	longestTerm      = 366
)

var (
	wellFormedID  = regexp.MustCompile(`^[a-z0-9-]+$`)
	wellTelephone = regexp.MustCompile(`^\+?\d[\d ()-]{1,18}\d$`)
	wellNumber    = regexp.MustCompile(`^\d{1,6}$`)
	wellPoints    = regexp.MustCompile(`^(\d{1,3})(?:\.(\d{1,2}))?$`)
	wellLetter    = regexp.MustCompile(`^[A-Z]{1,2}[+-]?$`)
	wellYears     = regexp.MustCompile(`^20\d\d-20\d\d$`)
	wellSeries    = regexp.MustCompile(`^[A-Z]{2,8}$`)
	lineOfError   = regexp.MustCompile(`^(?:yaml: )?line (\d+): `)
	weekdays      = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"} // as time.Weekday counts
	langNames     = map[Lang]string{Kazakh: "Kazakh", Russian: "Russian", English: "English"}
)

// reader turns the file into a university, going on after a problem.
type reader struct {
	u        *University
	problems []Problem
}

func (r *reader) bad(line int, fix, what string, args ...any) {
	r.problems = append(r.problems, Problem{Line: line, What: fmt.Sprintf(what, args...), Fix: fix})
}

func (r *reader) doubt(line int, fix, what string, args ...any) {
	r.bad(line, fix, what, args...)
	r.problems[len(r.problems)-1].Warning = true
}

// parse is the file as a tree with line numbers, or nil when it is no YAML or no list of fields.
func (r *reader) parse(data []byte) *yaml.Node {
	var doc, second yaml.Node
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	err := decoder.Decode(&doc)
	switch {
	case errors.Is(err, io.EOF) || err == nil && len(doc.Content) == 0:
		r.bad(1, "start from the file that comes with Dauys", "the file is empty")
		return nil
	case err != nil:
		r.badYAML(err)
		return nil
	}
	switch err := decoder.Decode(&second); {
	case errors.Is(err, io.EOF):
	case err != nil:
		r.badYAML(err)
	default:
		r.bad(second.Line, "remove the line ---", "a second document begins; only the first is read")
	}
	root := resolved(doc.Content[0])
	if root.Kind != yaml.MappingNode {
		r.bad(root.Line, "start from the file that comes with Dauys", "this is not a structure file: it has no fields")
		return nil
	}
	return root
}

func (r *reader) badYAML(err error) {
	what, line := strings.TrimPrefix(err.Error(), "yaml: "), 1
	if m := lineOfError.FindStringSubmatch(err.Error()); m != nil {
		line, _ = strconv.Atoi(m[1])
		what = err.Error()[len(m[0]):]
	}
	fix := "look at the indentation and the colons of this line and the one before"
	if strings.Contains(what, "cannot start any token") {
		fix = "indent with spaces, not tabs, and put quotes around text that begins with a special sign"
	}
	r.bad(line, fix, "this is not YAML: %s", what)
}

// field is one line that an object of the file may have.
type field struct {
	name string
	need bool
	read func(n *yaml.Node, path string)
}

func need(name string, read func(*yaml.Node, string)) field { return field{name, true, read} }
func may(name string, read func(*yaml.Node, string)) field  { return field{name, false, read} }

// object reads an object with fixed fields. Every other field is a problem.
func (r *reader) object(n *yaml.Node, path string, fields ...field) {
	var names []string
	for _, f := range fields {
		names = append(names, f.name)
	}
	seen := map[string]bool{}
	r.pairs(n, path, func(key, value *yaml.Node, path string) {
		i := slices.Index(names, key.Value)
		if i < 0 {
			r.bad(key.Line, suggest(key.Value, names), "there is no field %q here", key.Value)
			return
		}
		seen[key.Value] = true
		switch {
		case value.Tag != "!!null":
			fields[i].read(value, path)
		case fields[i].need:
			r.bad(key.Line, "write it or take the whole part out", "%q is empty", key.Value)
		}
	})
	for _, f := range fields {
		if f.need && !seen[f.name] && n.Kind == yaml.MappingNode {
			r.bad(n.Line, fmt.Sprintf("add %s:", f.name), "the field %q is missing%s", f.name, of(path))
		}
	}
}

// pairs goes through an object with any fields, each of them once.
func (r *reader) pairs(n *yaml.Node, path string, each func(key, value *yaml.Node, path string)) {
	if n.Kind != yaml.MappingNode {
		r.bad(n.Line, "write fields below it, each as name: value", "this should be a part with fields%s", of(path))
		return
	}
	first := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], resolved(n.Content[i+1])
		if line, twice := first[key.Value]; twice {
			r.bad(key.Line, "keep one of them", "%q is here twice, first on line %d", key.Value, line)
			continue
		}
		first[key.Value] = key.Line
		sub := join(path, key.Value)
		r.u.lines[sub] = key.Line
		each(key, value, sub)
	}
}

// items goes through a list.
func (r *reader) items(n *yaml.Node, path string, each func(n *yaml.Node, path string)) {
	if n.Kind != yaml.SequenceNode {
		r.bad(n.Line, `write each item on a line of its own after a dash, or all of them in [ ]`, "this should be a list%s", of(path))
		return
	}
	for i, item := range n.Content {
		item = resolved(item)
		sub := join(path, cmp.Or(idOf(item), strconv.Itoa(i+1)))
		if _, taken := r.u.lines[sub]; !taken {
			r.u.lines[sub] = item.Line
		}
		each(item, sub)
	}
}

// read goes through the whole file.
func (r *reader) read(root *yaml.Node) {
	r.object(root, "",
		need("university", func(n *yaml.Node, path string) { r.u.Names = r.names(n, path) }),
		need("calendar", r.calendar),
		need("institutes", func(n *yaml.Node, path string) { r.items(n, path, r.institute) }),
		need("offices", func(*yaml.Node, string) {}), // below: an office of each institute needs them all
		may("papers", r.papers),
		may("persons", func(n *yaml.Node, path string) { r.items(n, path, r.person) }),
		need("schemes", r.schemes),
		may("clocks", r.clocks),
		may("contacts", func(n *yaml.Node, path string) { r.items(n, path, r.contact) }),
		may("bodies", func(n *yaml.Node, path string) { r.items(n, path, r.body) }),
		may("receptions", func(n *yaml.Node, path string) { r.items(n, path, r.reception) }),
		may("blog", func(n *yaml.Node, _ string) { r.u.Blog = r.chat(n) }),
		may("duty", func(n *yaml.Node, _ string) { r.u.Duty = OfficeID(r.text(n)) }),
		may("nights", func(n *yaml.Node, _ string) { r.u.Nights = r.nights(n) }),
		may("jobs", r.jobs),
		may("notices", r.notices),
		may("procedure", r.procedure),
		may("registrar", r.academic),
	)
	for i := 0; i+1 < len(root.Content); i += 2 {
		if offices := resolved(root.Content[i+1]); root.Content[i].Value == "offices" && offices.Tag != "!!null" {
			r.items(offices, "offices", r.office)
			return
		}
	}
}

func (r *reader) institute(n *yaml.Node, path string) {
	var i Institute
	r.object(n, path,
		need("id", func(n *yaml.Node, _ string) { i.ID = r.id(n, longestInstitute) }),
		need("names", func(n *yaml.Node, path string) { i.Names = r.names(n, path) }),
	)
	if _, twice := r.u.Institute(i.ID); twice && i.ID != "" {
		r.bad(n.Line, "give it another id", "there is an institute %q already", i.ID)
		return
	}
	r.u.Institutes = append(r.u.Institutes, i)
}

func (r *reader) person(n *yaml.Node, path string) {
	var id string
	var names Names
	r.object(n, path,
		need("id", func(n *yaml.Node, _ string) { id = r.id(n, longestID) }),
		need("names", func(n *yaml.Node, path string) { names = r.names(n, path) }),
	)
	if _, twice := r.u.Persons[id]; twice && id != "" {
		r.bad(n.Line, "give it another id", "there is a person %q already", id)
		return
	}
	if r.u.Persons == nil {
		r.u.Persons = map[string]Names{}
	}
	r.u.Persons[id] = names
}

func (r *reader) office(n *yaml.Node, path string) {
	o, each := Office{Lang: Russian}, false
	chats := map[string]Address{}
	r.object(n, path,
		need("id", func(n *yaml.Node, _ string) { o.ID = OfficeID(r.id(n, longestID)) }),
		may("each", func(n *yaml.Node, _ string) {
			each = r.word(n, "part of the university with offices of its own", []string{"institute"}) != ""
		}),
		need("names", func(n *yaml.Node, path string) { o.Names = r.names(n, path) }),
		may("lang", func(n *yaml.Node, _ string) {
			o.Lang = Lang(r.word(n, "language of a chat", []string{"kk", "ru", "en"}))
		}),
		may("members", func(n *yaml.Node, _ string) { o.Members = r.flag(n) }),
		may("powers", func(n *yaml.Node, path string) { o.Powers = words(r, n, path, "power of an office", Powers) }),
		may("second", func(n *yaml.Node, _ string) { o.Second = r.flag(n) }),
		may("by-name", func(n *yaml.Node, _ string) { o.ByName = r.flag(n) }),
		may("watches", func(n *yaml.Node, path string) { o.Watches = r.list(n, path) }),
		may("queue", func(n *yaml.Node, path string) { o.Queue = r.queue(n, path) }),
		may("nights", func(n *yaml.Node, _ string) {
			nights := r.nights(n)
			o.Nights = &nights
		}),
		may("chat", func(n *yaml.Node, _ string) { o.Chat = r.chat(n) }),
		may("chats", func(n *yaml.Node, path string) {
			r.pairs(n, path, func(key, value *yaml.Node, _ string) {
				if _, ok := r.u.Institute(key.Value); !ok {
					r.bad(key.Line, suggest(key.Value, r.instituteIDs()), "there is no institute %q", key.Value)
				}
				chats[key.Value] = r.chat(value)
			})
		}),
	)
	if o.ID != "" && slices.ContainsFunc(r.u.Offices, func(other Office) bool { return other.ID.Kind() == o.ID }) {
		r.bad(n.Line, "give it another id", "there is an office %q already", o.ID)
		return
	}
	if o.Second && slices.Contains(o.Powers, Schedule) {
		r.bad(r.u.Line(path+".second"), "take out second: or the power to schedule", "the office %q decides in meetings, where several people say yes already", o.ID)
	}
	if o.ByName && slices.Contains(o.Powers, Schedule) {
		r.bad(r.u.Line(path+".by-name"), "take out by-name: or the power to schedule", "the office %q decides in meetings, and what they decide is not one person's", o.ID)
	}
	if !each {
		if len(chats) > 0 {
			r.bad(r.u.Line(path+".chats"), "write chat:, or each: institute", "the office %q is one for the university, so it has one chat", o.ID)
		}
		r.u.Offices = append(r.u.Offices, o)
		return
	}
	if o.Chat != "" {
		r.bad(r.u.Line(path+".chat"), "write chats: with a line for each institute", "the office %q is one for each institute, so one chat cannot be right for all", o.ID)
	}
	if len(r.u.Institutes) == 0 {
		r.bad(n.Line, "list the institutes, or leave each: out", "the office %q is there for each institute, and there are no institutes", o.ID)
	}
	for _, i := range r.u.Institutes {
		its := o
		its.ID, its.Institute, its.Chat = o.ID.In(i.ID), i.ID, chats[i.ID]
		r.u.Offices = append(r.u.Offices, its)
		r.u.lines["offices."+string(its.ID)] = n.Line
	}
}

func (r *reader) schemes(n *yaml.Node, path string) {
	r.items(n, path, r.scheme)
	if n.Kind == yaml.SequenceNode && len(n.Content) == 0 {
		r.bad(n.Line, "list at least one", "there is no scheme, so no request leads anywhere")
	}
}

func (r *reader) scheme(n *yaml.Node, path string) {
	var s Scheme
	r.object(n, path,
		need("id", func(n *yaml.Node, _ string) { s.ID = r.id(n, longestID) }),
		need("series", func(n *yaml.Node, _ string) {
			if s.Series = r.text(n); !wellSeries.MatchString(s.Series) {
				r.bad(n.Line, "write 2 to 8 capital Latin letters, as in ALT", "%q cannot begin the numbers of cases", s.Series)
			}
		}),
		may("names", func(n *yaml.Node, path string) { s.Names = r.names(n, path) }),
		need("kinds", func(n *yaml.Node, path string) { s.Kinds = r.kinds(n, path) }),
		need("from", func(n *yaml.Node, path string) { s.From = words(r, n, path, "standing of an applicant", Standings) }),
		may("topics", func(n *yaml.Node, path string) { s.Topics = r.list(n, path) }),
		may("chosen", func(n *yaml.Node, _ string) { s.Chosen = r.flag(n) }),
		may("entered", func(n *yaml.Node, _ string) { s.Entered = r.flag(n) }),
		may("gentle", func(n *yaml.Node, _ string) { s.Gentle = r.flag(n) }),
		may("within", func(n *yaml.Node, _ string) { s.Within = r.term(n) }),
		may("marks", func(n *yaml.Node, _ string) { s.Marks = OfficeID(r.text(n)) }),
		may("documents", func(n *yaml.Node, path string) { s.Documents = r.documents(n, path) }),
		may("restricted", func(n *yaml.Node, _ string) { s.Restricted = r.flag(n) }),
		may("collective", func(n *yaml.Node, path string) { s.Collective = r.kinds(n, path) }),
		may("publish", func(n *yaml.Node, _ string) { s.Publish = r.flag(n) }),
		may("extend", func(n *yaml.Node, _ string) { s.Extend = r.term(n) }),
		need("days", func(n *yaml.Node, _ string) { s.Days = r.term(n) }),
		may("kind-days", func(n *yaml.Node, path string) { s.KindDays = r.kindDays(n, path) }),
		need("rungs", func(n *yaml.Node, path string) {
			r.items(n, path, func(n *yaml.Node, path string) { s.Rungs = append(s.Rungs, r.rung(n, path)) })
		}),
		need("source", func(n *yaml.Node, _ string) { s.Source = r.text(n) }),
		may("assumed", func(n *yaml.Node, _ string) { s.Assumed = r.flag(n) }),
		may("cites", func(n *yaml.Node, path string) { s.Cites = r.cites(n, path) }),
	)
	for _, k := range s.Collective {
		if !slices.Contains(s.Kinds, k) {
			r.bad(r.u.Line(path+".collective"), "write one of its kinds", "the scheme takes no %q, so nobody can sign one", k)
		}
	}
	if _, twice := r.u.Scheme(s.ID); twice && s.ID != "" {
		r.bad(n.Line, "give it another id", "there is a scheme %q already", s.ID)
	}
	r.u.Schemes = append(r.u.Schemes, s)
}

// kinds are what a scheme takes. Whether there is a conversation for each, a check knows.
func (r *reader) kinds(n *yaml.Node, path string) (list []Kind) {
	r.items(n, path, func(n *yaml.Node, _ string) {
		if k := Kind(r.id(n, longestID)); slices.Contains(list, k) {
			r.bad(n.Line, "keep one of them", "%q is here twice", k)
		} else if k != "" {
			list = append(list, k)
		}
	})
	if n.Kind == yaml.SequenceNode && len(n.Content) == 0 {
		r.bad(n.Line, "write at least one", "the list is empty%s", of(path))
	}
	return list
}

// list is a list of short words. Whether each means something, a check knows.
func (r *reader) list(n *yaml.Node, path string) (list []string) {
	r.items(n, path, func(n *yaml.Node, _ string) {
		if w := r.id(n, longestID); slices.Contains(list, w) {
			r.bad(n.Line, "keep one of them", "%q is here twice", w)
		} else if w != "" {
			list = append(list, w)
		}
	})
	return list
}

// kindDays are terms of single kinds of request.
func (r *reader) kindDays(n *yaml.Node, path string) map[Kind]int {
	days := map[Kind]int{}
	r.pairs(n, path, func(key, value *yaml.Node, _ string) { days[Kind(key.Value)] = r.term(value) })
	return days
}

// usual is what holds where a structure file has no clocks: the three working days for finding
// out whose a request is are those of the Administrative Procedural and Process-Related Code
// (article 65), the rest are first guesses.
var usual = Terms{Redirect: 3, Consent: 1, Silence: []int{5, 10}, Close: 15, Window: 10, FollowUp: 15, Accepted: 5, Again: 5, Chase: []int{3, 7}, Bring: 10}

func (r *reader) clocks(n *yaml.Node, path string) {
	t := &r.u.Clocks
	days := func(name string, v *int) field {
		return may(name, func(n *yaml.Node, _ string) { *v = r.term(n) })
	}
	r.object(n, path,
		days("redirect", &t.Redirect), days("consent", &t.Consent),
		may("silence", func(n *yaml.Node, path string) {
			t.Silence = nil
			r.items(n, path, func(n *yaml.Node, _ string) { t.Silence = append(t.Silence, r.term(n)) })
		}),
		may("chase", func(n *yaml.Node, path string) {
			t.Chase = nil
			r.items(n, path, func(n *yaml.Node, _ string) { t.Chase = append(t.Chase, r.term(n)) })
		}),
		days("bring", &t.Bring),
		days("close", &t.Close), days("window", &t.Window), days("follow-up", &t.FollowUp), days("accepted", &t.Accepted), days("again", &t.Again),
	)
	if !slices.IsSorted(t.Silence) || len(t.Silence) > 0 && t.Silence[len(t.Silence)-1] >= t.Close {
		r.bad(n.Line, "write the days of silence in order, and a later one for close", "an applicant would be reminded of a question after the case was closed for want of a reply")
	}
	if !slices.IsSorted(t.Chase) || len(t.Chase) > 0 && t.Chase[len(t.Chase)-1] >= t.Bring {
		r.bad(cmp.Or(r.u.lines[path+".chase"], n.Line), "write the days of chase in order, and a later one for bring", "an applicant would be reminded of documents after the time for them was over")
	}
}

// papers are the documents that can be asked for, by their names.
func (r *reader) papers(n *yaml.Node, path string) {
	r.u.Papers = map[string]Names{}
	r.pairs(n, path, func(key, value *yaml.Node, path string) {
		r.u.Papers[r.id(key, longestID)] = r.names(value, path)
	})
}

// documents are the lists that a scheme asks for. Whether one can choose each ground, a check knows.
func (r *reader) documents(n *yaml.Node, path string) map[string][]string {
	lists := map[string][]string{}
	r.pairs(n, path, func(key, value *yaml.Node, path string) { lists[key.Value] = r.list(value, path) })
	return lists
}

func (r *reader) contact(n *yaml.Node, path string) {
	var c Contact
	r.object(n, path,
		need("number", func(n *yaml.Node, _ string) {
			if c.Number = r.text(n); c.Number != "" && !wellTelephone.MatchString(c.Number) {
				r.bad(n.Line, `write it in quotes as it is dialled: "112", "+7 (727) 292-43-60"`, "%q is not a telephone number", n.Value)
			}
		}),
		need("names", func(n *yaml.Node, path string) { c.Names = r.names(n, path) }),
		need("source", func(n *yaml.Node, _ string) { c.Source = r.text(n) }),
	)
	if c.Number != "" && slices.ContainsFunc(r.u.Contacts, func(other Contact) bool { return digits(other.Number) == digits(c.Number) }) {
		r.bad(n.Line, "keep one of them", "the number %q is here twice", c.Number)
	}
	r.u.Contacts = append(r.u.Contacts, c)
}

// ordinals are how often a day comes in a month, as a reception is written; the fifth is not in every.
var ordinals = []string{"every", "first", "second", "third", "fourth"}

// The least and the most minutes that a reception can have for one person.
const leastSlot, mostSlot = 5, 120

func (r *reader) reception(n *yaml.Node, path string) {
	var c Reception
	r.object(n, path,
		need("office", func(n *yaml.Node, _ string) { c.Office = OfficeID(r.text(n)) }),
		need("day", func(n *yaml.Node, _ string) {
			week, name, _ := strings.Cut(r.text(n), " ")
			c.Week, c.Day = slices.Index(ordinals, week), time.Weekday(slices.Index(weekdays, strings.TrimSpace(name)))
			if c.Week < 0 || c.Day < 0 {
				r.bad(n.Line, "write it as every wed, or first tue; the words are "+strings.Join(append(slices.Clone(ordinals), weekdays...), ", "), "%q is no day of a reception", n.Value)
			}
		}),
		need("hours", func(n *yaml.Node, _ string) { c.Opens, c.Closes, _ = r.span(n, "hours") }),
		need("minutes", func(n *yaml.Node, _ string) {
			minutes := r.number(n)
			if minutes < leastSlot || minutes > mostSlot {
				r.bad(n.Line, fmt.Sprintf("write a whole number of minutes, from %d to %d", leastSlot, mostSlot), "%q cannot be the time for one person", n.Value)
			}
			c.Slot = time.Duration(minutes) * time.Minute
		}),
		need("place", func(n *yaml.Node, path string) { c.Place = r.names(n, path) }),
		need("source", func(n *yaml.Node, _ string) { c.Source = r.text(n) }),
	)
	if c.Slot > 0 && c.Closes > c.Opens && c.Opens+c.Slot > c.Closes {
		r.bad(r.u.Line(path+".minutes"), "write fewer minutes, or longer hours", "nobody can be received: one person takes longer than the whole reception")
	}
	r.u.Receptions = append(r.u.Receptions, c)
}

// digits are what is dialled of a number.
func digits(number string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, number)
}

func (r *reader) rung(n *yaml.Node, path string) Rung {
	var g Rung
	r.object(n, path,
		may("office", func(n *yaml.Node, _ string) { g.Office = OfficeID(r.text(n)) }),
		may("person", func(n *yaml.Node, _ string) { g.Person = r.text(n) }),
		need("days", func(n *yaml.Node, _ string) { g.Days = r.term(n) }),
		may("kind-days", func(n *yaml.Node, path string) { g.KindDays = r.kindDays(n, path) }),
		may("asks", func(n *yaml.Node, _ string) { g.Asks = r.flag(n) }),
		may("registers", func(n *yaml.Node, _ string) { g.Registers = r.flag(n) }),
	)
	if n.Kind == yaml.MappingNode && (g.Office == "") == (g.Person == "") {
		r.bad(n.Line, "write one of the two", "a rung is either an office or a person")
	}
	return g
}

func (r *reader) jobs(n *yaml.Node, path string) {
	r.u.Jobs = map[string]string{}
	r.pairs(n, path, func(key, value *yaml.Node, _ string) { r.u.Jobs[key.Value] = r.text(value) })
}

func (r *reader) calendar(n *yaml.Node, path string) {
	c := &r.u.Calendar
	c.days, c.years, c.edits = map[day]exception{}, map[int]bool{}, new(edits)
	r.object(n, path,
		need("zone", func(n *yaml.Node, _ string) {
			zone, err := time.LoadLocation(r.text(n))
			if err != nil || zone == time.Local || n.Value == "" {
				r.bad(n.Line, "write a name of the tz database, as in Asia/Almaty", "there is no time zone %q", n.Value)
				return
			}
			c.zone = zone
		}),
		need("week", func(n *yaml.Node, path string) {
			week := words(r, n, path, "day of the week", weekdays)
			for i, d := range weekdays {
				c.weekend[i] = len(week) > 0 && !slices.Contains(week, d)
			}
		}),
		need("hours", r.hours),
		need("years", func(n *yaml.Node, path string) { r.items(n, path, r.year) }),
	)
}

func (r *reader) hours(n *yaml.Node, _ string) {
	if from, to, ok := r.span(n, "working hours"); ok {
		r.u.Calendar.opens, r.u.Calendar.closes = from, to
	}
}

// span is two times of a day, since midnight.
func (r *reader) span(n *yaml.Node, what string) (first, last time.Duration, ok bool) {
	var at [2]time.Duration
	from, to, _ := strings.Cut(r.text(n), "-")
	for i, s := range []string{from, to} {
		t, err := time.Parse("15:04", strings.TrimSpace(s))
		if err != nil {
			r.bad(n.Line, "write them as 08:30-17:30", "%q are not %s", n.Value, what)
			return 0, 0, false
		}
		at[i] = time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute
	}
	if at[0] >= at[1] {
		r.bad(n.Line, "write the beginning first", "the %s %s end before they begin", what, n.Value)
		return 0, 0, false
	}
	return at[0], at[1], true
}

// mostWindows is how many windows a queue can have: each has a card of its own in one chat.
const mostWindows = 12

// queue is how an office receives people without an appointment.
func (r *reader) queue(n *yaml.Node, path string) *QueueTerms {
	q := &QueueTerms{}
	r.object(n, path,
		need("hours", func(n *yaml.Node, _ string) { q.opens, q.closes, _ = r.span(n, "hours of reception") }),
		may("break", func(n *yaml.Node, _ string) { q.from, q.to, _ = r.span(n, "times of a break") }),
		need("windows", func(n *yaml.Node, _ string) {
			if q.Windows = r.number(n); q.Windows < 1 || q.Windows > mostWindows {
				r.bad(n.Line, fmt.Sprintf("write a whole number from 1 to %d", mostWindows), "%q is not how many windows there are", n.Value)
			}
		}),
		need("place", func(n *yaml.Node, path string) { q.Place = r.names(n, path) }),
	)
	if q.to > 0 && q.closes > 0 && (q.from < q.opens || q.to > q.closes) {
		r.bad(r.u.Line(path+".break"), "write a break within the hours", "the break is not within the hours of reception")
	}
	return q
}

func (r *reader) year(n *yaml.Node, path string) {
	c, year, official := &r.u.Calendar, 0, false
	days := func(works bool) func(*yaml.Node, string) {
		return func(n *yaml.Node, path string) {
			r.pairs(n, path, func(key, value *yaml.Node, _ string) { r.days(key, r.text(value), year, works) })
		}
	}
	r.object(n, path,
		need("year", func(n *yaml.Node, _ string) {
			if year = r.number(n); year < 2000 || year > 2200 {
				r.bad(n.Line, "write it as 2026", "%q is not a year", n.Value)
			} else if _, twice := c.years[year]; twice {
				r.bad(n.Line, "put its days into one", "the year %d is listed already", year)
			}
		}),
		need("official", func(n *yaml.Node, _ string) { official = r.flag(n) }),
		need("source", func(n *yaml.Node, _ string) { r.text(n) }),
		may("days-off", days(false)),
		may("working-days", days(true)),
	)
	c.years[year] = official
}

// days takes a date or a span of dates into the calendar.
func (r *reader) days(key *yaml.Node, name string, year int, works bool) {
	from, to, span := strings.Cut(key.Value, " to ")
	first, err := date(from)
	last, err2 := first, error(nil)
	if span {
		last, err2 = date(to)
	}
	switch {
	case err != nil || err2 != nil:
		r.bad(key.Line, "write it as 2026-03-23, or 2026-03-23 to 2026-03-25", "%q is not a date", key.Value)
		return
	case first > last:
		r.bad(key.Line, "write the earlier date first", "%q ends before it begins", key.Value)
		return
	case first < dayOf(year, time.January, 1) || last > dayOf(year, time.December, 31):
		r.bad(key.Line, "put it under its own year", "%q is not in %d", key.Value, year)
		return
	}
	for d := first; d <= last; d++ {
		other, listed := r.u.Calendar.days[d]
		switch {
		case listed && other.works != works:
			r.bad(key.Line, "keep one of the two", "%s is a day off and a working day at once, see line %d", d, other.line)
		case listed:
			r.bad(key.Line, "keep one of them", "%s is listed already, see line %d", d, other.line)
		default:
			r.u.Calendar.days[d] = exception{works, name, key.Line}
		}
	}
}

func date(s string) (day, error) {
	t, err := time.Parse(time.DateOnly, strings.TrimSpace(s))
	return dayOf(t.Date()), err
}

// names is a name in every language.
func (r *reader) names(n *yaml.Node, path string) Names {
	names := Names{}
	r.pairs(n, path, func(key, value *yaml.Node, _ string) {
		if !slices.Contains(Langs, Lang(key.Value)) {
			r.bad(key.Line, "the languages are kk, ru and en", "there is no language %q", key.Value)
			return
		}
		names[Lang(key.Value)] = r.text(value)
	})
	for _, l := range Langs {
		if _, ok := names[l]; !ok && n.Kind == yaml.MappingNode {
			r.bad(n.Line, fmt.Sprintf("add %s:", l), "the name in %s is missing%s", langNames[l], of(path))
		}
	}
	return names
}

// text is words that are not empty.
func (r *reader) text(n *yaml.Node) string {
	switch s := strings.TrimSpace(n.Value); {
	case n.Kind != yaml.ScalarNode:
		r.bad(n.Line, "write it on one line, in quotes if it has a colon in it", "this should be text")
		return ""
	case s == "" || n.Tag == "!!null":
		r.bad(n.Line, "write it or take the field out", "the text is empty")
		return ""
	default:
		return s
	}
}

func (r *reader) number(n *yaml.Node) int {
	i, err := strconv.Atoi(n.Value)
	if err != nil || n.Kind != yaml.ScalarNode {
		r.bad(n.Line, "write a whole number in digits", "%q is not a number", n.Value)
	}
	return i
}

func (r *reader) flag(n *yaml.Node) bool {
	if n.Tag != "!!bool" {
		r.bad(n.Line, "write true or false", "%q is neither yes nor no", n.Value)
	}
	return n.Value == "true"
}

// term is a number of working days.
func (r *reader) term(n *yaml.Node) int {
	days, err := strconv.Atoi(n.Value)
	if err != nil || n.Kind != yaml.ScalarNode || days < 1 || days > longestTerm {
		r.bad(n.Line, fmt.Sprintf("write a whole number of working days, from 1 to %d", longestTerm), "%q cannot be a term", n.Value)
		return 0
	}
	return days
}

// id is a short word that goes into button data.
func (r *reader) id(n *yaml.Node, longest int) string {
	id := r.text(n)
	if id != "" && (len(id) > longest || !wellFormedID.MatchString(id)) {
		r.bad(n.Line, fmt.Sprintf(`use at most %d of a-z, 0-9 and "-"`, longest), "the id %q cannot be part of a button", id)
	}
	return id
}

// chat is the address of a chat. Whether its second part means something, its messenger knows.
func (r *reader) chat(n *yaml.Node) Address {
	chat := Address(r.text(n))
	if chat != "" && chat.Check() != nil {
		r.bad(n.Line, "write it as telegram:-1001234567890, with /12 behind it for a topic", "%q is not the address of a chat", n.Value)
	}
	return chat
}

// word is one of a few words.
func (r *reader) word(n *yaml.Node, what string, known []string) string {
	s := r.text(n)
	if s == "" || slices.Contains(known, s) {
		return s
	}
	r.bad(n.Line, suggest(s, known), "%q is not a %s", s, what)
	return ""
}

// words is a list of some of a few words.
func words[W ~string](r *reader, n *yaml.Node, path, what string, known []W) (list []W) {
	var names []string
	for _, w := range known {
		names = append(names, string(w))
	}
	r.items(n, path, func(n *yaml.Node, _ string) {
		w := W(r.word(n, what, names))
		if slices.Contains(list, w) {
			r.bad(n.Line, "keep one of them", "%q is here twice", w)
		} else if w != "" {
			list = append(list, w)
		}
	})
	if n.Kind == yaml.SequenceNode && len(n.Content) == 0 {
		r.bad(n.Line, "write at least one of "+strings.Join(names, ", "), "the list is empty%s", of(path))
	}
	return list
}

// compare holds the parts of the file against one another.
func (r *reader) compare() {
	r.duty()
	r.cited()
	r.asked()
	if len(r.u.Schemes) > 0 {
		r.ladders()
		r.offered()
	}
	r.receptions()
	r.graded()
	r.chats()
	for d, e := range r.u.Calendar.days {
		if e.works && !r.u.Calendar.weekend[d.weekday()] {
			r.doubt(e.line, "look at the date again", "%s is a working day by the week already", d)
		}
	}
}

// asked compares the documents that schemes ask for with those that have names.
func (r *reader) asked() {
	used := map[string]bool{}
	for _, s := range r.u.Schemes {
		for _, ground := range slices.Sorted(maps.Keys(s.Documents)) {
			for _, id := range s.Documents[ground] {
				if used[id] = true; r.u.Papers[id] == nil {
					r.bad(r.u.Line(join("schemes", s.ID)+".documents."+ground), suggest(id, slices.Sorted(maps.Keys(r.u.Papers))), "there is no document %q under papers", id)
				}
			}
		}
	}
	for _, id := range slices.Sorted(maps.Keys(r.u.Papers)) {
		if !used[id] {
			r.doubt(r.u.Line("papers."+id), "take it out, or write it under documents of a scheme", "no scheme asks for the document %q", id)
		}
	}
}

// duty checks that who is told of danger is there, and that there is a number to call.
func (r *reader) duty() {
	line := r.u.Line("duty")
	var own []string
	for _, o := range r.u.OfficesOf("") {
		own = append(own, string(o.ID))
	}
	_, known := r.u.Office(r.u.Duty)
	switch {
	case r.u.Duty == "" && len(r.u.Contacts) > 0:
		r.doubt(r.u.Line("contacts"), "name one under duty:", "no office is on duty: of words of danger the administrators are told")
	case r.u.Duty == "" || known:
	case slices.Contains(r.officeIDs(), string(r.u.Duty)):
		r.bad(line, suggest(string(r.u.Duty), own), "each institute has its own %q, and one office of the university is on duty", r.u.Duty)
	default:
		r.bad(line, suggest(string(r.u.Duty), own), "there is no office %q", r.u.Duty)
	}
	if r.u.Duty != "" && len(r.u.Contacts) == 0 {
		r.doubt(line, "add contacts:, 112 first", "whoever is in danger is shown no telephone number")
	}
}

// receptions checks that who receives is there, and that who has the power has hours.
func (r *reader) receptions() {
	for i, c := range r.u.Receptions {
		path := fmt.Sprintf("receptions.%d", i+1)
		at := slices.IndexFunc(r.u.Offices, func(o Office) bool { return o.ID.Kind() == c.Office })
		switch {
		case c.Office == "":
		case at < 0:
			r.bad(r.u.Line(path+".office"), suggest(string(c.Office), r.officeIDs()), "there is no office %q", c.Office)
		case !slices.Contains(r.u.Offices[at].Powers, Invite):
			r.bad(r.u.Line(path+".office"), "write powers: [invite] at the office", "the office %q receives nobody: it has no power to invite", c.Office)
		}
	}
	for _, o := range r.u.Offices {
		if slices.Contains(o.Powers, Invite) && !r.u.Receives(o.ID) {
			r.doubt(r.u.Line("offices."+string(o.ID.Kind())), "add its hours under receptions:", "the office %q may invite people and has no hours in which it receives", o.ID)
		}
	}
}

// chats warns of a chat in which two offices would meet.
func (r *reader) chats() {
	first := map[Address]OfficeID{}
	for _, o := range r.u.Offices {
		if o.Chat == "" {
			continue
		}
		if other, twice := first[o.Chat]; twice {
			path := fmt.Sprintf("offices.%s.chat", o.ID)
			if o.Institute != "" {
				path = fmt.Sprintf("offices.%s.chats.%s", o.ID.Kind(), o.Institute)
			}
			r.doubt(r.u.Line(path), "give each its own unless they sit together", "the chat of %q is that of %q too", o.ID, other)
			continue
		}
		first[o.Chat] = o.ID
		if o.Chat == r.u.Blog {
			r.bad(r.u.Line("blog"), "make a channel for it", "answers would be published in the chat of the office %q", o.ID)
		}
	}
}

// ladders checks that every ladder leads to somebody, and that a case can come to everybody.
func (r *reader) ladders() {
	used := map[string]bool{string(r.u.Duty): true}
	for _, s := range r.u.Schemes {
		r.rungs(s, used)
	}
	for _, id := range r.officeIDs() {
		if !used[id] {
			r.doubt(r.u.Line("offices."+id), "take it into a scheme or remove it", "no case can come to the office %q", id)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(r.u.Persons)) {
		if !used[id] {
			r.doubt(r.u.Line("persons."+id), "take it into a scheme or remove it", "no case can come to the person %q", id)
		}
	}
}

// rungs checks the ladder of a scheme.
func (r *reader) rungs(s Scheme, used map[string]bool) {
	path := join("schemes", s.ID)
	seen := map[string]bool{}
	offices := 0
	for i, g := range s.Rungs {
		line := r.u.Line(fmt.Sprintf("%s.rungs.%d", path, i+1))
		id := cmp.Or(g.Person, string(g.Office))
		_, known := r.u.Persons[g.Person]
		if g.Office != "" {
			offices++
		}
		switch {
		case (g.Office == "") == (g.Person == ""): // said already
			continue
		case seen[id]:
			r.bad(line, "keep one of them", "%q is in this ladder twice", id)
		case g.Person != "" && !known:
			r.bad(line, suggest(id, slices.Sorted(maps.Keys(r.u.Persons))), "there is no person %q", id)
		case g.Office != "" && !slices.Contains(r.officeIDs(), id):
			r.bad(line, suggest(id, r.officeIDs()), "there is no office %q", id)
		case s.Days > 0 && g.Days > s.Days:
			r.doubt(line, "shorten this term or give the whole case more", "%q has %d working days, the whole case only %d", id, g.Days, s.Days)
		}
		seen[id], used[id] = true, true
	}
	r.takes(s, path+".kind-days", s.KindDays)
	for i, g := range s.Rungs {
		r.takes(s, fmt.Sprintf("%s.rungs.%d.kind-days", path, i+1), g.KindDays)
	}
	if n := len(s.Rungs); n > 0 && s.Rungs[n-1].Registers {
		r.bad(r.u.Line(fmt.Sprintf("%s.rungs.%d.registers", path, n)), "let it decide, or add a rung above", "the last rung of the scheme %q only registers, so nobody would decide", s.ID)
	}
	if s.Marks != "" {
		used[string(s.Marks)] = true
		if !slices.Contains(r.officeIDs(), string(s.Marks)) {
			r.bad(r.u.Line(path+".marks"), suggest(string(s.Marks), r.officeIDs()), "there is no office %q", s.Marks)
		}
	}
	if offices == 0 {
		r.bad(r.u.Line(path+".rungs"), "add a rung with an office", "nobody can receive a case of the scheme %q: its ladder has no office", s.ID)
	}
}

// takes checks that terms of single kinds are of kinds that the scheme takes.
func (r *reader) takes(s Scheme, path string, terms map[Kind]int) {
	var kinds []string
	for _, k := range s.Kinds {
		kinds = append(kinds, string(k))
	}
	for _, k := range slices.Sorted(maps.Keys(terms)) {
		if !slices.Contains(s.Kinds, k) {
			r.bad(r.u.Line(join(path, string(k))), suggest(string(k), kinds), "the scheme %q does not take a %s", s.ID, k)
		}
	}
}

// offered checks that every request finds a scheme and every scheme some request.
func (r *reader) offered() {
	type pair struct {
		kind Kind
		from Standing
	}
	takes, told := map[pair]string{}, map[pair]bool{}
	for _, s := range r.u.Schemes {
		line := r.u.Line(join("schemes", s.ID))
		hidden := 0
		for _, k := range s.Kinds {
			for _, from := range s.From {
				_, taken := takes[pair{k, from}]
				switch {
				case s.Chosen, s.Entered:
				case taken: // people may still choose it
					hidden++
				case len(s.Topics) == 0:
					takes[pair{k, from}] = s.ID
				}
			}
		}
		if n := len(s.Kinds) * len(s.From); n > 0 && hidden == n {
			r.bad(line, "put it higher, or write chosen: true, or remove it", "nothing goes by the scheme %q by itself: those above take all that it could", s.ID)
		}
	}
	for _, s := range r.u.Schemes { // whether everybody who can ask for something finds a scheme, a check knows
		for _, k := range s.Kinds {
			for _, from := range s.From {
				if _, ok := takes[pair{k, from}]; !ok && !told[pair{k, from}] {
					told[pair{k, from}] = true
					r.bad(r.u.Line("schemes"), "add both to a scheme without topics", "a %s from a %s leads nowhere: no scheme takes it", k, from)
				}
			}
		}
	}
}

func (r *reader) instituteIDs() (ids []string) {
	for _, i := range r.u.Institutes {
		ids = append(ids, i.ID)
	}
	return ids
}

// officeIDs are the offices as schemes write them.
func (r *reader) officeIDs() (ids []string) {
	for _, o := range r.u.Offices {
		if id := string(o.ID.Kind()); !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// resolved is what stands behind *name.
func resolved(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

// idOf is by what an item of a list is called.
func idOf(n *yaml.Node) string {
	if n.Kind != yaml.MappingNode {
		return ""
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if name := n.Content[i].Value; name == "id" || name == "year" {
			return n.Content[i+1].Value
		}
	}
	return ""
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

func of(path string) string {
	if path == "" {
		return ""
	}
	return " (" + path + ")"
}

// suggest names the known word that was probably meant, or all of them.
func suggest(word string, known []string) string {
	switch len(known) {
	case 0:
		return "add it, or take this out"
	case 1:
		return fmt.Sprintf("write %q", known[0])
	}
	best := slices.MinFunc(known, func(a, b string) int { return cmp.Compare(distance(word, a), distance(word, b)) })
	if distance(word, best) <= max(2, len(best)/3) {
		return fmt.Sprintf("did you mean %q?", best)
	}
	return "use one of " + strings.Join(known, ", ")
}

// distance is how many letters are to be changed, added or removed to make one word of another.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}
