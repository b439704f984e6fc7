package ask

import (
	"slices"
	"strconv"
	"time"
)

// Line is something to be said: the key of a message and what goes into its gaps.
type Line struct {
	Key  string
	Args Args
}

// Args fill the gaps of a message. A string is what a person wrote and is escaped; a
// [Name] is looked up; a Line is said in its place; a time.Time is written as a date; the
// integer Count chooses the plural.
type Args map[string]any

// Name stands for the name of something, looked up in a list of names.
type Name struct{ List, ID string }

// Markup is a text that is HTML already and must not be escaped again.
type Markup string

// Day is written as a date without the time.
type Day time.Time

// View is what a person sees: lines, one under the other, and buttons.
type View struct {
	Session  string // id of the draft
	Turn     int
	Phase    Phase
	Asked    string   // the open question
	Type     Type     // of the open question; a choice when asked whether to leave
	Days     Days     // of an open question for a day
	Notices  []string // what whoever carries the view says above the question
	Lines    []Line
	Problems int // so many of the lines say what was wrong; notices come after them
	Buttons  [][]Option
	Offered  int  // so many of the buttons stand first because the person may have meant them
	InPlace  bool // may replace the message whose button was pressed
}

// Option is a button before it is put into words.
type Option struct {
	Label Line
	Do    Do
	Value string
}

// id tells a button from the others of a view.
func (o Option) id() string { return string(o.Do) + ":" + o.Value }

// Free tells whether a person may write what they like here, so that nothing but the very
// words of a button can be taken for it.
func (v View) Free() bool {
	return v.Phase == Asking && (v.Type == TypeText || v.Type == TypePhone || v.Type == TypeNumber || v.Type == TypeSecret)
}

// offer puts some buttons before all others, a row each.
func (v *View) offer(ids []string) {
	var first, rest [][]Option
	for _, id := range ids {
		for _, row := range v.Buttons {
			if i := slices.IndexFunc(row, func(o Option) bool { return o.id() == id }); i >= 0 {
				first = append(first, row[i:i+1:i+1])
				break
			}
		}
	}
	for _, row := range v.Buttons {
		row = slices.DeleteFunc(slices.Clone(row), func(o Option) bool { return slices.Contains(ids, o.id()) })
		if len(row) > 0 {
			rest = append(rest, row)
		}
	}
	v.Buttons, v.Offered = append(first, rest...), len(first)
}

func (v View) has(do Do, value string) bool {
	for _, row := range v.Buttons {
		for _, b := range row {
			if b.Do == do && b.Value == value {
				return true
			}
		}
	}
	return false
}

// perRow is how many short buttons stand beside each other on a narrow phone.
const perRow = 2

// view works out what a person sees now.
func (f Flow) view(s Session) View {
	v := View{Session: s.ID, Turn: s.Turn, Phase: s.Phase}
	switch s.Phase {
	case Asking:
		f.question(s, &v)
	case Reviewing:
		f.review(s, &v)
	case Leaving:
		v.Type = TypeChoice // so that the beginning of a button's words will do
		v.line("ask.leaving", nil)
		v.row(verb(Leave), verb(Stay))
	case Sending:
		v.line("ask.sending", nil)
		v.row(verb(Send))
	case Done:
		v.line("ask.done", nil)
	case Cancelled:
		v.line("ask.cancelled", nil)
	}
	if len(s.Offered) > 0 {
		v.offer(s.Offered)
	}
	return v
}

func (f Flow) question(s Session, v *View) {
	st, _ := f.step(s.Asked)
	v.Asked, v.Type = st.Key, st.Type
	if st.Type == TypeChecklist {
		f.list(s, st, v)
		return
	}
	was, answered := s.Answers[st.Key]
	begun, parts := s.Parts[st.Key]
	cleared := st.Type == TypeFiles && parts && len(begun.Files) == 0
	if cleared && !st.Skip { // needed, so it is asked for again
		cleared, parts, answered = false, false, false
	}
	if !parts {
		v.Notices = st.Before
	}
	if !cleared {
		v.line(f.at(st)+"."+st.Key+".ask", nil)
	}
	switch st.Type {
	case TypeChoice:
		if answered && !was.Skipped {
			v.line("ask.now", Args{"Answer": f.label(st, was.Values[0])})
		}
		for _, o := range st.options(s) {
			v.row(Option{Label: f.label(st, o), Do: Pick, Value: o})
		}
	case TypeText:
		switch {
		case parts:
			if n := length(begun.Text()); n > 0 {
				v.line("ask.text.noted", Args{"Count": n})
			}
			done := []Option{verb(Finish)}
			if n := len(begun.Files); n > 0 {
				v.line("ask.spoken.noted", Args{"Count": n})
				done = append(done, Option{Label: Line{Key: "ask.button.unsay"}, Do: Clear})
			}
			v.row(done...)
		case answered && !was.Skipped:
			if len(was.Values) > 0 {
				v.line("ask.text.now", Args{"Answer": was.Text()})
			}
			if n := len(was.Files); n > 0 {
				v.line("ask.spoken.now", Args{"Count": n})
			}
			keep := []Option{{Label: Line{Key: "ask.button.keep"}, Do: Finish}}
			if len(was.Files) > 0 {
				keep = append(keep, Option{Label: Line{Key: "ask.button.unsay"}, Do: Clear})
			}
			if st.Skip {
				keep = append(keep, Option{Label: Line{Key: "ask.button.empty"}, Do: Skip})
			}
			v.row(keep...)
		default:
			for i, suggestion := range s.Given[st.Key] {
				if !st.takes(Clean(suggestion)) {
					continue
				}
				v.row(Option{Label: Line{Key: "ask.button.suggestion", Args: Args{"Text": suggestion}}, Do: Pick, Value: strconv.Itoa(i)})
			}
		}
	case TypePhone:
		if answered && !was.Skipped {
			v.line("ask.text.now", Args{"Answer": was.Text()})
			v.row(Option{Label: Line{Key: "ask.button.keep"}, Do: Finish})
		}
	case TypeDate, TypeNumber, TypeSecret:
		if st.Type == TypeDate {
			v.Days = st.days(s)
			if days := v.Days.offered(); len(days) > 0 {
				v.row(days...)
			}
		}
		if answered && !was.Skipped {
			v.line("ask.value.now", Args{"Answer": st.shown(was.Text())})
			keep := []Option{{Label: Line{Key: "ask.button.keep"}, Do: Finish}}
			if st.Skip {
				keep = append(keep, Option{Label: Line{Key: "ask.button.empty"}, Do: Skip})
			}
			v.row(keep...)
		}
	case TypeFiles:
		switch {
		case cleared:
			v.line("ask.files.cleared", Args{"Count": st.Max})
			v.row(verb(Finish))
		case parts:
			v.line("ask.files.noted", Args{"Count": len(begun.Files), "Max": st.Max})
			v.row(verb(Finish), verb(Clear))
		case answered && !was.Skipped:
			v.line("ask.files.now", Args{"Count": len(was.Files)})
			v.row(Option{Label: Line{Key: "ask.button.keep"}, Do: Finish}, verb(Clear))
		}
	}
	f.ways(s, st.Skip && !parts && (!answered || was.Skipped), v)
}

// ways lead away from a question.
func (f Flow) ways(s Session, skip bool, v *View) {
	var last []Option
	if skip {
		last = append(last, verb(Skip))
	}
	if _, ok := f.before(s); ok {
		last = append(last, verb(Back))
	}
	last = append(last, verb(Cancel))
	v.row(last...)
}

// Called is how a question is spoken of where it is not asked.
func (f Flow) Called(key string) Line {
	st, _ := f.step(key)
	return Line{Key: f.at(st) + "." + key + ".name"}
}

// review shows every answer with a button that reopens it.
func (f Flow) review(s Session, v *View) {
	v.Notices = f.Before
	v.line(s.Flow+".review", nil)
	var edits []Option
	for _, st := range f.Steps {
		a, ok := s.Answers[st.Key]
		if !ok || st.Hidden {
			continue
		}
		name := f.Called(st.Key)
		if !st.Quiet {
			if len(a.Values) > 0 || a.Skipped || st.Type != TypeText {
				v.line("ask.review.item", Args{"Name": name, "Answer": f.said(st, a)})
			}
			if n := len(a.Files); n > 0 && st.Type == TypeText {
				v.line("ask.review.item", Args{"Name": name, "Answer": Line{Key: "ask.spoken.count", Args: Args{"Count": n}}})
			}
			if st.Type == TypeChecklist && !a.Skipped {
				f.marks(s, st, a, v)
			}
		}
		edits = append(edits, Option{Label: name, Do: Edit, Value: st.Key})
	}
	v.line("ask.review.foot", nil)
	v.row(verb(Send))
	for i := 0; i < len(edits); i += perRow {
		for j := i; j < min(i+perRow, len(edits)); j++ {
			edits[j].Label = Line{Key: "ask.button.edit", Args: Args{"Name": edits[j].Label}}
		}
		v.row(edits[i:min(i+perRow, len(edits))]...)
	}
	v.row(verb(Cancel))
}

// said is an answer as an argument of a message.
func (f Flow) said(st Step, a Answer) any {
	switch {
	case a.Skipped:
		return Line{Key: "ask.skipped"}
	case st.Type == TypeFiles, st.Type == TypeChecklist:
		return Line{Key: "ask.files.count", Args: Args{"Count": len(a.Files)}}
	case st.Type == TypeChoice:
		return f.label(st, a.Values[0])
	}
	return st.shown(a.Text())
}

// label is an option in words.
func (f Flow) label(st Step, option string) Line {
	if st.Names != "" && !slices.Contains(st.Options, option) {
		return Line{Key: "ask.named", Args: Args{"Name": Name{List: st.Names, ID: option}}}
	}
	return Line{Key: f.at(st) + "." + st.Key + "." + option}
}

func verb(do Do) Option { return Option{Label: Line{Key: "ask.button." + string(do)}, Do: do} }

func (v *View) line(key string, args Args) { v.Lines = append(v.Lines, Line{Key: key, Args: args}) }
func (v *View) row(o ...Option)            { v.Buttons = append(v.Buttons, o) }
