package flows

import (
	"slices"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
)

// ConsentVersion names the text on personal data that people agree to. Raise it when the
// text changes in substance: everybody is asked again.
const ConsentVersion = "2026-11"

// AsHelper is a parent or a friend who writes for somebody else. It is no standing of an
// applicant: that one reads what was written and sends it themselves.
const AsHelper = "helper"

// Options that something depends on.
const (
	Idea         = "idea"         // a topic: what is asked is a suggestion
	ForOne       = "student"      // a curator writes down what a student says
	ForSelf      = "own"          // or what is their own
	Usual        = "usual"        // who serves for the office reads it in its chat
	Confidential = "confidential" // each in their own chat only, and every reading is recorded
	AboutNobody  = "none"         // the complaint is about nobody who handles complaints
)

// Topics are what a request can be about.
var Topics = []string{"teaching", "marks", AboutMark, "timetable", "conduct", "rooms", "payment", "dormitory", "social", "aid", Idea, "misc"}

// shared is where the questions that every request asks have their words.
const shared = "request"

// What every request begins with: who, what, which institute. After these it is known which
// conversation carries on, which way it goes, and by when there is an answer.
var (
	consent   = ask.OneOf("consent", "agree", "disagree").Must("agree").Unlisted().Under(shared)
	standing  = ask.OneOf("standing", string(dauys.AsStudent), string(dauys.AsFaculty), string(dauys.AsCurator), string(dauys.AsCitizen), AsHelper).Under(shared)
	topic     = ask.OneOf("topic", Topics...).Under(shared).If(inside)
	institute = ask.Given("institute", "institute").Under(shared).If(inside)
	inside    = standing.IsNot(string(dauys.AsCitizen))
)

// What several of them ask then. Whom a complaint can be about and to whom a curator can address
// it are handed in: the rungs of the way.
var (
	against   = ask.Given("against", "rung").Or(AboutNobody).Under(shared)
	behalf    = ask.OneOf("behalf", ForSelf, ForOne).Under(shared).If(standing.Is(string(dauys.AsCurator)))
	addressee = ask.Given("addressee", "rung").Under(shared).If(standing.Is(string(dauys.AsCurator)))
	whose     = ask.Text("whose", 2, 120).Under(shared).If(standing.IsNot(string(dauys.AsStudent), string(dauys.AsFaculty)), behalf.IsNot(ForSelf))
	group     = ask.Text("group", 2, 20).OrSkip().Under(shared).If(standing.IsNot(string(dauys.AsFaculty)), behalf.IsNot(ForSelf))
	name      = ask.Text("name", 2, 120).Under(shared).If(standing.IsNot(AsHelper), behalf.IsNot(ForOne))
	papers    = ask.Files("papers", 10).OrSkip().Under(shared)
	access    = ask.OneOf("access", Usual, Confidential).Usually(Usual).Under(shared)
)

// asker asks who somebody is where nobody writes for another.
var asker = ask.OneOf("standing", dauys.Standings...).Under("talk")

// carriesOn tells which conversation goes on with a request, by what it is about and who it comes
// from: the first line that fits. They begin with the same questions, so nothing is asked twice.
var carriesOn = []branch{
	{from: []string{string(dauys.AsCitizen)}, flow: Public},
	{topics: []string{Idea}, flow: Suggestion},
	{topics: []string{"aid"}, from: []string{string(dauys.AsStudent), AsHelper}, flow: Support},
	{topics: []string{AboutMark}, from: []string{string(dauys.AsStudent), AsHelper}, flow: Appeal},
	{from: []string{string(dauys.AsFaculty)}, flow: Application},
	{topics: []string{"dormitory", "social", "aid"}, flow: Application},
	{flow: Complaint},
}

type branch struct {
	topics, from []string // nil: any
	flow         ask.Flow
}

// CarriesOn is the conversation that goes on with a request; it is not ok for a conversation that
// is none, or stays what it is.
func CarriesOn(s ask.Session) (f ask.Flow, ok bool) {
	if !slices.ContainsFunc(carriesOn, func(b branch) bool { return b.flow.Name == s.Flow }) {
		return ask.Flow{}, false
	}
	for _, b := range carriesOn {
		if (b.topics == nil || slices.Contains(b.topics, s.Value(topic.Key))) && (b.from == nil || slices.Contains(b.from, s.Value(standing.Key))) {
			return b.flow, true
		}
	}
	return ask.Flow{}, false
}

// TopicsOf are what a request of a kind can be about, where its applicant chooses that among several.
func TopicsOf(k dauys.Kind) (all []string) {
	for _, b := range carriesOn {
		switch {
		case b.flow.Name != string(k) || !slices.ContainsFunc(b.flow.Steps, func(s ask.Step) bool { return s.Key == topic.Key }):
		case b.topics == nil:
			return partTopics
		default:
			all = append(all, b.topics...)
		}
	}
	if len(all) < 2 {
		return nil
	}
	return all
}

// About is the kind of a request of somebody about a topic, as their own would be.
func About(t string, from dauys.Standing) dauys.Kind {
	for _, b := range carriesOn {
		if (b.topics == nil || slices.Contains(b.topics, t)) && (b.from == nil || slices.Contains(b.from, string(from))) {
			return dauys.Kind(b.flow.Name)
		}
	}
	return dauys.Complaint
}

// Alone is the conversation about something that no other carries on: it begins by itself.
func Alone(k dauys.Kind) (f ask.Flow, ok bool) {
	i := slices.IndexFunc(ByApplicants, func(f ask.Flow) bool { return f.Name == string(k) })
	if i < 0 || slices.ContainsFunc(carriesOn, func(b branch) bool { return b.flow.Name == string(k) }) {
		return ask.Flow{}, false
	}
	return ByApplicants[i], true
}

// OnlyIfTaken tells whether requests of a kind are offered only where some scheme takes them: a
// structure file may do without.
func OnlyIfTaken(k dauys.Kind) bool {
	return slices.Contains([]string{Blog.Name, Audience.Name, Correction.Name, Registry.Name}, string(k))
}

// Askers are those who can ask for something of a kind.
func Askers(k dauys.Kind) (all []dauys.Standing) {
	for _, s := range dauys.Standings {
		if slices.ContainsFunc(ByApplicants, func(f ask.Flow) bool { return slices.Contains(kindsOf(f), k) && reaches(s, f) }) {
			all = append(all, s)
		}
	}
	return all
}

// reaches tells whether somebody can come to a conversation: by the table, or where it is not in
// there, by what it asks itself.
func reaches(s dauys.Standing, f ask.Flow) bool {
	if !slices.ContainsFunc(carriesOn, func(b branch) bool { return b.flow.Name == f.Name }) {
		return slices.ContainsFunc(f.Steps, func(st ask.Step) bool { return st.Key == standing.Key && slices.Contains(st.Options, string(s)) })
	}
	for _, b := range carriesOn {
		switch {
		case b.from != nil && !slices.Contains(b.from, string(s)):
		case b.flow.Name == f.Name:
			return true
		case b.topics == nil: // all that is left goes there
			return false
		}
	}
	return false
}

// Routed tells whether all that decides the way of a request is answered.
func Routed(s ask.Session) bool {
	_, ok := CarriesOn(s)
	if s.Value(standing.Key) == string(dauys.AsCitizen) {
		return ok && s.Value(kindKey) != ""
	}
	return ok && s.Value(standing.Key) != "" && s.Value(topic.Key) != "" && s.Value(institute.Key) != ""
}

// ForAnother tells whether somebody writes for another person, who has to say yes.
func ForAnother(s ask.Session) bool {
	return s.Value(standing.Key) == AsHelper || s.Value(behalf.Key) == ForOne
}
