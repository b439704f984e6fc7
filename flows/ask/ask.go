// Package ask holds conversations that collect answers: an ordered list of questions,
// the answers so far, and one function, [Flow.Next], that takes what a person did and
// tells what they see now.
//
// A conversation stores nothing but its answers. Which question comes next, whether one
// is hidden, where Back leads and what the review shows are worked out from the list and
// the answers, so they cannot disagree. A branch is a question with a condition on an
// earlier choice. Back and the review reopen a question with its answer kept; when an
// answer changes, those that no longer apply go and what newly applies is asked.
//
// The package does no input or output and knows no university, no language and no
// messenger: it speaks in [Line]s, message keys with arguments, and whoever carries them
// turns them into words and buttons. Typed words become candidate buttons before Next
// sees them ([Flow.Show] tells which buttons there are).
package ask

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
)

// Flow is a conversation, declared.
type Flow struct {
	Name    string
	Version int // raise it when stored answers no longer fit
	Steps   []Step
	Before  []string // notices shown above the review
}

// Step is one question.
type Step struct {
	Key     string
	In      string // the name under which its messages are found; empty: that of the flow
	Type    Type
	Options []string                    // of a choice with a fixed list; where options are handed in, those before them
	Names   string                      // of a choice handed in at the start: the list of names its options come from
	Of      string                      // the options handed in depend on the answer to this earlier choice
	Needs   string                      // the only option with which the conversation can go on
	Min     int                         // characters of a text; the least number
	Max     int                         // characters of a text, number of files; the greatest number
	Digits  int                         // of a number, behind the comma
	Several bool                        // several messages in a row are one text, until Done
	Read    func(string) (string, bool) // of a secret: what was typed in the form in which it is kept
	Spoken  bool                        // a text may be said: a voice message or a video stands for words
	Skip    bool                        // may be skipped
	Usual   string                      // the option that stands until another is chosen in the review; it is not asked for
	Handed  bool                        // asked only if options were handed in
	Hidden  bool                        // neither shown nor changed in the review
	Quiet   bool                        // changed in the review, but shown there by a notice
	Before  []string                    // notices shown above the question
	When    []Condition
}

// Type is the kind of a question.
type Type string

// The types of question.
const (
	TypeChoice    Type = "choice"
	TypeText      Type = "text"
	TypeFiles     Type = "files"
	TypePhone     Type = "phone"
	TypeDate      Type = "date"
	TypeNumber    Type = "number"
	TypeChecklist Type = "checklist"
	TypeSecret    Type = "secret"
)

var types = []Type{TypeChoice, TypeText, TypeFiles, TypePhone, TypeDate, TypeNumber, TypeChecklist, TypeSecret}

// mostDigits is how many digits behind the comma are kept exactly.
const mostDigits = 6

// Condition is true when an earlier choice was answered with one of the options, or
// was not when Not is set.
type Condition struct {
	Step    string
	Options []string
	Not     bool
}

// OneOf asks to choose one option of a fixed list.
func OneOf[S ~string](key string, options ...S) Step {
	s := Step{Key: key, Type: TypeChoice}
	for _, o := range options {
		s.Options = append(s.Options, string(o))
	}
	return s
}

// Given asks to choose one of the options handed in when the conversation starts; their
// words are looked up in the list of names.
func Given(key, names string) Step { return Step{Key: key, Type: TypeChoice, Names: names} }

// Or puts fixed options before those that are handed in.
func (s Step) Or(options ...string) Step { s.Options = options; return s }

// Under finds the messages of the question under a name, so that several flows can ask it in the
// same words.
func (s Step) Under(name string) Step { s.In = name; return s }

// YesNo asks to choose between yes and no.
func YesNo(key string) Step { return OneOf(key, "yes", "no") }

// Text asks for words, between min and max characters. What is handed in under its key
// when the conversation starts is offered as a button.
func Text(key string, min, max int) Step { return Step{Key: key, Type: TypeText, Min: min, Max: max} }

// Files asks for photos and documents, at most max.
func Files(key string, max int) Step { return Step{Key: key, Type: TypeFiles, Min: 1, Max: max} }

// Phone asks for a telephone number: typed, or a contact that is the person's own.
func Phone(key string) Step { return Step{Key: key, Type: TypePhone, Min: 1, Max: 40} }

// Secret asks for a short number that is not shown again in full ([Mask]). Read brings what was typed
// to the form in which it is kept, or tells that it cannot be such a number; it looks at nothing else.
func Secret(key string, read func(typed string) (value string, ok bool)) Step {
	return Step{Key: key, Type: TypeSecret, Min: 1, Max: 40, Read: read}
}

// Date asks for a day: typed as 2026-11-23, which whoever carries the conversation makes of other ways
// to write one, or today and yesterday as buttons. The first and the last day that will do are handed
// in under the key with ":from" and ":to", as days or as [Today]. Which day it is, is in the session.
func Date(key string) Step { return Step{Key: key, Type: TypeDate} }

// Number asks for a whole number from min to max.
func Number(key string, min, max int) Step {
	return Step{Key: key, Type: TypeNumber, Min: min, Max: max}
}

// Fraction takes a number with so many digits behind the comma.
func (s Step) Fraction(digits int) Step { s.Digits = digits; return s }

// Checklist asks for files for each item of a list; what is not there yet can come later. The items are
// handed in when the conversation starts. Their words are looked up in the list of names; without one
// they are messages of the question, those named by [Step.Or].
func Checklist(key, names string) Step {
	return Step{Key: key, Type: TypeChecklist, Names: names, Min: 0, Max: mostPerItem}
}

// OrSkip lets the person go on without an answer.
func (s Step) OrSkip() Step { s.Skip = true; return s }

// InParts takes several messages in a row as one text.
func (s Step) InParts() Step { s.Several = true; return s }

// OrSpoken takes a voice message or a video instead of words, or with them.
func (s Step) OrSpoken() Step { s.Spoken = true; return s }

// Unlisted keeps the answer out of the review.
func (s Step) Unlisted() Step { s.Hidden = true; return s }

// ShownAbove leaves it to a notice to show the answer in the review.
func (s Step) ShownAbove() Step { s.Quiet = true; return s }

// Usually takes one option for granted: the question is asked only of who changes it in the review.
func (s Step) Usually(option string) Step { s.Usual = option; return s }

// Must lets the conversation go on with one option only; any other is answered with why.
func (s Step) Must(option string) Step { s.Needs = option; return s }

// After shows notices above the question; whoever carries the view fills them in.
func (s Step) After(notices ...string) Step { s.Before = append(s.Before, notices...); return s }

// By makes the options handed in depend on the answer to an earlier choice.
func (s Step) By(earlier Step) Step { s.Of = earlier.Key; return s }

// If asks the question only when all conditions hold.
func (s Step) If(c ...Condition) Step { s.When = append(s.When, c...); return s }

// IfGiven asks the question only if there is something to choose from.
func (s Step) IfGiven() Step { s.Handed = true; return s }

// Is is true when the question was answered with one of the options.
func (s Step) Is(options ...string) Condition { return Condition{Step: s.Key, Options: options} }

// IsNot is true when it was answered with something else, skipped, or not asked.
func (s Step) IsNot(options ...string) Condition {
	return Condition{Step: s.Key, Options: options, Not: true}
}

// Words that have a meaning of their own in the keys of messages: those of a flow, and
// those of a question of it.
var (
	ofFlows     = []string{"review", "title"}
	ofQuestions = []string{"ask", "name", "needed", "hint"}
)

// Check refuses a flow that could lead nobody through: a doubled key, a condition on a
// later question, a value that nobody can choose.
func (f Flow) Check() error {
	seen := map[string]Step{}
	for _, s := range f.Steps {
		if _, doubled := seen[s.Key]; doubled || s.Key == "" || slices.Contains(ofFlows, s.Key) {
			return fmt.Errorf("flow %s: the key %q is doubled, empty or taken", f.Name, s.Key)
		}
		for i, o := range s.Options {
			if o == "" || slices.Contains(s.Options[:i], o) || slices.Contains(ofQuestions, o) {
				return fmt.Errorf("flow %s: the option %q of %s is doubled, empty or taken", f.Name, o, s.Key)
			}
		}
		if s.Usual != "" && (s.Type != TypeChoice || !slices.Contains(s.Options, s.Usual) || s.Hidden) {
			return fmt.Errorf("flow %s: %q is taken for granted at %s, but nobody could choose it, or another in the review", f.Name, s.Usual, s.Key)
		}
		for _, c := range s.When {
			earlier, ok := seen[c.Step]
			if !ok || earlier.Type != TypeChoice {
				return fmt.Errorf("flow %s: %s depends on %s, which is not an earlier choice", f.Name, s.Key, c.Step)
			}
			if len(c.Options) == 0 {
				return fmt.Errorf("flow %s: %s depends on %s, but on no option of it", f.Name, s.Key, c.Step)
			}
			for _, o := range c.Options {
				if earlier.Names == "" && !slices.Contains(earlier.Options, o) || earlier.Needs != "" && earlier.Needs != o {
					return fmt.Errorf("flow %s: %s depends on %s being %q, which nobody can choose", f.Name, s.Key, c.Step, o)
				}
			}
		}
		if s.Of != "" && seen[s.Of].Type != TypeChoice {
			return fmt.Errorf("flow %s: the options of %s depend on %s, which is not an earlier choice", f.Name, s.Key, s.Of)
		}
		switch {
		case s.Handed && s.Names == "":
			return fmt.Errorf("flow %s: %s waits for options that nobody hands in", f.Name, s.Key)
		case s.Type == TypeChoice && s.Names == "" && len(s.Options) == 0:
			return fmt.Errorf("flow %s: %s has nothing to choose from", f.Name, s.Key)
		case s.Needs != "" && !slices.Contains(s.Options, s.Needs):
			return fmt.Errorf("flow %s: %s needs %q, which nobody can choose", f.Name, s.Key, s.Needs)
		case s.Needs != "" && s.Skip:
			return fmt.Errorf("flow %s: %s needs %q and can be skipped", f.Name, s.Key, s.Needs)
		case (s.Type == TypeSecret) != (s.Read != nil):
			return fmt.Errorf("flow %s: %s is a secret that nobody reads, or is read and no secret", f.Name, s.Key)
		case s.Spoken && s.Type != TypeText:
			return fmt.Errorf("flow %s: %s is no text, so it cannot be said", f.Name, s.Key)
		case s.Type == TypeChecklist && s.Names == "" && len(s.Options) == 0:
			return fmt.Errorf("flow %s: the list %s has no items", f.Name, s.Key)
		case s.Needs != "" && s.Type != TypeChoice:
			return fmt.Errorf("flow %s: %s needs an option, but is no choice", f.Name, s.Key)
		case s.Digits != 0 && (s.Type != TypeNumber || s.Digits < 0 || s.Digits > mostDigits):
			return fmt.Errorf("flow %s: %s has %d digits behind the comma", f.Name, s.Key, s.Digits)
		case s.Type == TypeNumber && s.Min >= s.Max:
			return fmt.Errorf("flow %s: %s is a number between %d and %d, which nothing fits", f.Name, s.Key, s.Min, s.Max)
		case !slices.Contains(types, s.Type):
			return fmt.Errorf("flow %s: %s is of the type %q, which nobody knows how to ask", f.Name, s.Key, s.Type)
		case s.Type != TypeChoice && s.Type != TypeDate && s.Type != TypeNumber && (s.Max < 1 || s.Min > s.Max):
			return fmt.Errorf("flow %s: %s takes between %d and %d, which nothing fits", f.Name, s.Key, s.Min, s.Max)
		}
		seen[s.Key] = s
	}
	if len(f.Steps) == 0 {
		return fmt.Errorf("flow %s asks nothing", f.Name)
	}
	return nil
}

// Start begins a conversation: its id, the options handed in, and answers that are known
// already and are not asked for.
func (f Flow) Start(id string, given map[string][]string, known map[string]Answer) Session {
	s := Session{ID: id, Flow: f.Name, Version: f.Version, Phase: Asking, Given: given, Answers: known}
	s.Turn = 1
	return f.forward(s)
}

// Fits tells whether a stored conversation can go on in this flow.
func (f Flow) Fits(s Session) bool { return s.Flow == f.Name && s.Version == f.Version }

// step finds the question with a key.
func (f Flow) step(key string) (Step, bool) {
	i := slices.IndexFunc(f.Steps, func(s Step) bool { return s.Key == key })
	if i < 0 {
		return Step{}, false
	}
	return f.Steps[i], true
}

// options are what can be chosen at a question now.
func (st Step) options(s Session) []string {
	switch {
	case st.Type == TypeChecklist:
		return st.items(s)
	case st.Names == "":
		return st.Options
	case st.Of != "":
		return slices.Concat(st.Options, s.Given[st.Key+":"+s.Value(st.Of)])
	}
	return slices.Concat(st.Options, s.Given[st.Key])
}

// at is the name under which the messages of a question are found.
func (f Flow) at(st Step) string { return cmp.Or(st.In, f.Name) }

// Under is where they are found, by the key of the question.
func (f Flow) Under(key string) string {
	st, _ := f.step(key)
	return f.at(st) + "." + key
}

// applies tells whether a question is asked, given the answers before it.
func (st Step) applies(s Session) bool {
	for _, c := range st.When {
		if slices.Contains(c.Options, s.Value(c.Step)) == c.Not {
			return false
		}
	}
	return !st.Handed && st.Type != TypeChecklist || len(st.options(s)) > 0
}

// holds tells whether an answer still fits its question, given the answers before it.
func (st Step) holds(a Answer, s Session) bool {
	switch {
	case a.Skipped:
		return st.Skip && (st.Type != TypeChecklist || st.listed(a, s))
	case st.Type == TypeText:
		return a.Text() != "" || st.Spoken && len(a.Files) > 0
	case st.Type == TypeChecklist:
		return st.listed(a, s)
	case st.Type == TypeDate:
		_, problem := st.dated(a.Text(), s)
		return problem == nil
	case st.Type == TypeNumber:
		_, problem := st.counted(a.Text())
		return problem == nil
	case st.Type == TypePhone, st.Type == TypeSecret:
		return a.Text() != ""
	case st.Type == TypeFiles:
		return len(a.Files) > 0
	}
	return len(a.Values) == 1 && slices.Contains(st.options(s), a.Values[0]) && (st.Needs == "" || st.Needs == a.Values[0])
}

// Carry goes on with a conversation that another flow has begun, or for which other options are
// handed in now: all answers are kept, and what is missing is asked. What was said where this flow
// wants it written becomes a file; a text that is too short for it is gone on with.
func (f Flow) Carry(s Session) Session {
	s.Flow, s.Version = f.Name, f.Version
	for _, st := range f.Steps {
		if st.Type != TypeText {
			continue
		}
		if !st.Spoken {
			s = f.intoFiles(s, st)
		}
		if a := s.Answers[st.Key]; len(a.Values) > 0 && len(a.Files) == 0 && length(a.Text()) < st.Min {
			s = s.withdrawn(st.Key)
			if _, begun := s.Parts[st.Key]; !begun {
				s = s.part(st.Key, a)
			}
		}
	}
	if s.Phase == Asking || s.Phase == Reviewing {
		s = f.forward(s)
	}
	return s
}

// intoFiles moves what was said at a question to the first that asks for files.
func (f Flow) intoFiles(s Session, st Step) Session {
	files := slices.IndexFunc(f.Steps, func(st Step) bool { return st.Type == TypeFiles })
	a, begun := s.Answers[st.Key], s.Parts[st.Key]
	said := slices.Concat(a.Files, begun.Files)
	if len(said) == 0 || files < 0 {
		return s
	}
	if a.Files = nil; len(a.Values) > 0 {
		s = s.answered(st.Key, a)
	} else {
		s = s.withdrawn(st.Key)
	}
	if begun.Files = nil; len(begun.Values) > 0 {
		s = s.part(st.Key, begun)
	} else {
		s = s.without(st.Key)
	}
	to := f.Steps[files].Key
	if was, ok := s.Answers[to]; ok {
		return s.answered(to, Answer{Files: slices.Concat(was.Files, said)})
	}
	return s.part(to, Answer{Files: slices.Concat(s.Parts[to].Files, said)})
}

// own are the answers to questions of this flow.
func (f Flow) own(answers map[string]Answer) map[string]Answer {
	its := maps.Clone(answers)
	maps.DeleteFunc(its, func(key string, _ Answer) bool { _, ok := f.step(key); return !ok })
	return its
}

// forward drops the answers that no longer apply and opens the first question without
// one, or with one begun anew, or else the review. Answers behind the open question stay:
// whether they apply is known only when it is answered. So do those of another flow that may
// carry the conversation on.
func (f Flow) forward(s Session) Session {
	kept := s
	kept.Answers, kept.Asked, kept.Phase = make(map[string]Answer, len(s.Answers)), "", Reviewing
	for key, a := range s.Answers {
		if _, its := f.step(key); !its {
			kept.Answers[key] = a
		}
	}
	for _, st := range f.Steps {
		a, holds := s.Answers[st.Key]
		if kept.Phase == Reviewing {
			if !st.applies(kept) {
				continue
			}
			if was := holds; !st.holds(a, kept) {
				if holds = false; was && st.Type == TypeChecklist && !a.Skipped { // other items now: what was sent stays
					kept = st.begin(kept, a)
				}
			}
			if !holds && st.Usual != "" {
				a, holds = Answer{Values: []string{st.Usual}}, true
			}
			if _, begun := kept.Parts[st.Key]; begun || !holds {
				kept.Asked, kept.Phase = st.Key, Asking
			}
		}
		if holds {
			kept.Answers[st.Key] = a
		}
	}
	return kept
}

// before is the last question ahead of the open one that applies.
func (f Flow) before(s Session) (string, bool) {
	found := ""
	for _, st := range f.Steps {
		if st.Key == s.Asked {
			break
		}
		if st.applies(s) && !(st.Hidden && st.Needs != "") {
			found = st.Key
		}
	}
	return found, found != ""
}
