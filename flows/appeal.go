package flows

import (
	"maps"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
)

// Topics of which one leads to the other: an appeal that comes too late can still be a complaint.
const (
	AboutMark  = "appeal"
	AboutMarks = "marks"
)

// Kinds of control at which a mark was given.
const (
	Ongoing = "ongoing"
	Rating  = "rating"
	Interim = "interim"
)

// Appeal is how a student does not agree with a mark: within a short window, to the Department of
// Academic Policy and Quality. It is in writing, so the grounds cannot be said by voice.
var Appeal = ask.Flow{
	Name:    "appeal",
	Version: 1,
	Steps: []ask.Step{
		consent, standing, topic, institute,
		ask.OneOf("control", Ongoing, Rating, Interim).After("way"),
		ask.Text("discipline", 2, 150),
		ask.Date("published"),
		ask.Text("mark", 1, 20).After("window"),
		ask.Text("examiner", 2, 120),
		behalf, whose,
		ask.Text("group", 2, 20).OrSkip(), // whoever enters a mark that was changed needs it
		name,
		ask.Text("story", 20, 6000).InParts(),
		papers,
	},
	Before: []string{"way", "window"},
}

// Published is the day on which the mark was shown, as in 2026-11-23.
const Published = "published"

// Instead makes of an appeal a complaint about marks. What was said of the mark, in words, becomes
// part of what is told, so that nothing is lost.
func Instead(s ask.Session, said string) ask.Session {
	s.Answers, s.Parts = maps.Clone(s.Answers), maps.Clone(s.Parts)
	s.Answers[topic.Key] = ask.Answer{Values: []string{AboutMarks}}
	if said == "" {
		return s
	}
	if a, ok := s.Answers["story"]; ok && len(a.Values) > 0 {
		a.Values = append([]string{said}, a.Values...)
		s.Answers["story"] = a
		return s
	}
	if s.Parts == nil {
		s.Parts = map[string]ask.Answer{}
	}
	a := s.Parts["story"]
	a.Values = append([]string{said}, a.Values...)
	s.Parts["story"] = a
	return s
}

// Examiner is who has given the mark that a case is about; empty where it is about none.
func Examiner(c *dauys.Case) string {
	return Of(c, "examiner").Text
}

// Of is what was answered to a question of an appeal.
func Of(c *dauys.Case, key string) dauys.Detail {
	for _, d := range c.Details {
		if d.Question == Appeal.Under(key) {
			return d
		}
	}
	return dauys.Detail{}
}
