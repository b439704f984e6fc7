package ask

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Do is what a button does.
type Do string

// What buttons do.
const (
	Pick   Do = "pick" // choose the option of Value
	Back   Do = "back"
	Skip   Do = "skip"
	Finish Do = "done"  // the text or the files are complete
	Clear  Do = "clear" // forget the files sent so far
	Edit   Do = "edit"  // reopen the question of Value
	Send   Do = "send"
	Later  Do = "later"  // the open item of a list is brought later
	Cancel Do = "cancel" // ask whether to delete the draft
	Leave  Do = "leave"  // delete it
	Stay   Do = "stay"   // go on
)

// Input is what a person did. The zero Input shows again where they are.
type Input struct {
	Do      Do     // a button, pressed or said in words
	Value   string // of the button
	Turn    int    // to which the button belongs; 0 when it was said in words
	Text    string // what was typed, when it is no button's words
	Phone   string // of the contact that was sent, when it is the person's own
	Message string // in which the text came
	File    *File
	Strange bool // something that no question takes: a sticker, a poll
	Offer   *Offer
}

// Offer is what typed words may mean: these buttons are shown first, with a line above.
type Offer struct {
	Options []Option
	Above   Line
}

// Next takes what a person did and tells what they see now. It never fails: what does
// not fit is answered with what is wrong, and the same question.
func (f Flow) Next(s Session, in Input) (Session, View) {
	if s.Over() || s.Phase == Sending {
		return s, f.view(s)
	}
	s.Offered = nil
	if in.Turn != 0 && in.Turn != s.Turn {
		if ahead := in.Turn - s.Turn; 0 < ahead && ahead < lostTurns {
			s.Turn = in.Turn
		}
		return f.say(s, Line{Key: "ask.stale"})
	}
	st, known := f.step(s.Asked)
	if s.Phase == Asking && !known {
		s = f.forward(s)
		return f.say(s)
	}
	switch {
	case in.Do != "":
		return f.press(s, st, in)
	case in.Offer != nil:
		for _, o := range in.Offer.Options {
			s.Offered = append(s.Offered, o.id())
		}
		return f.noted(s, in.Offer.Above)
	case s.Phase == Leaving && in.something(): // they simply go on
		return f.Next(f.resume(s), in)
	case s.Phase == Reviewing && in.something():
		return f.say(s, Line{Key: "ask.review.choose"})
	case in.File != nil:
		return f.attach(s, st, *in.File)
	case in.Phone != "" && st.Type == TypePhone:
		return f.value(s, st, in.Phone, in.Message)
	case in.Strange, in.Phone != "":
		return f.noted(s, Line{Key: "ask.strange." + string(st.Type)})
	case in.Text != "":
		return f.write(s, st, in.Text, in.Message)
	}
	return f.say(s)
}

// something tells that the person has sent a message, and not pressed a button.
func (in Input) something() bool {
	return in.Text != "" || in.File != nil || in.Phone != "" || in.Strange
}

// lostTurns is more than a store can lose. A button of a later turn than the stored one
// belongs to what was lost; the turns go on behind it, so that none is given out twice.
const lostTurns = 1000

// Show is what the person sees now.
func (f Flow) Show(s Session) View { return f.view(s) }

// say goes one turn on and shows where the person is, with lines above.
func (f Flow) say(s Session, above ...Line) (Session, View) {
	s.Turn++
	v := f.view(s)
	v.Lines, v.Problems = append(above, v.Lines...), len(above)
	return s, v
}

// noted answers what was sent for the open question. What stands right above it in the
// chat is not said again: the notices, and the question itself when something is begun.
func (f Flow) noted(s Session, above ...Line) (Session, View) {
	s, v := f.say(s, above...)
	v.Notices = nil
	if _, begun := s.Parts[s.Asked]; begun && len(v.Lines) > v.Problems+1 {
		v.Lines = slices.Delete(v.Lines, v.Problems, v.Problems+1)
	}
	return s, v
}

// short asks for more words. The hint stands for the question.
func (f Flow) short(s Session, st Step, more int) (Session, View) {
	s, v := f.say(s, Line{Key: "ask.text.short", Args: Args{"Count": more}}, Line{Key: f.at(st) + "." + st.Key + ".hint"})
	v.Notices, v.Lines = nil, v.Lines[:v.Problems]
	return s, v
}

// press is a button, if it stands under what is shown now.
func (f Flow) press(s Session, st Step, in Input) (Session, View) {
	if !f.view(s).has(in.Do, in.Value) {
		return f.say(s, Line{Key: "ask.stale"})
	}
	switch in.Do {
	case Pick:
		return f.pick(s, st, in.Value)
	case Back:
		s.Asked, _ = f.before(s)
	case Skip:
		skipped := Answer{Skipped: true}
		if st.Type == TypeChecklist {
			skipped.Later = st.options(s)
		}
		s = f.forward(s.with(st.Key, skipped))
	case Clear:
		s = f.clear(s, st)
	case Later:
		s = st.later(s)
	case Finish:
		return f.finish(s, st)
	case Edit:
		s.Asked, s.Phase = in.Value, Asking
	case Send:
		if s = f.forward(s); s.Phase == Reviewing { // a day may have gone out of its bounds meanwhile
			s.Phase, s.Answers = Sending, f.own(s.Answers)
		}
	case Cancel:
		s.Phase = Leaving
	case Leave:
		s.Phase = Cancelled
	case Stay:
		s = f.resume(s)
	}
	s, v := f.say(s)
	v.InPlace = true
	return s, v
}

// resume goes back from the question whether to leave.
func (f Flow) resume(s Session) Session {
	if _, known := f.step(s.Asked); !known {
		return f.forward(s)
	}
	s.Phase = Asking
	return s
}

func (f Flow) pick(s Session, st Step, value string) (Session, View) {
	if st.Needs != "" && value != st.Needs {
		s, v := f.say(s, Line{Key: f.at(st) + "." + st.Key + ".needed"})
		v.InPlace = true
		return s, v
	}
	if st.Type == TypeChecklist {
		s, problems := st.pick(s, value)
		s, v := f.say(s, problems...)
		v.InPlace = true
		return s, v
	}
	if st.Type == TypeText { // a suggestion
		i, _ := strconv.Atoi(value)
		value = Clean(s.Given[st.Key][i])
	}
	s, v := f.say(f.forward(s.with(st.Key, Answer{Values: []string{value}})))
	v.InPlace = true
	return s, v
}

// finish ends a text or a collection of files.
func (f Flow) finish(s Session, st Step) (Session, View) {
	begun, ok := s.Parts[st.Key]
	if st.Type == TypeChecklist {
		s = f.checked(s, st)
	} else if !ok { // reopened and left as it was
		s = f.forward(s)
	} else if st.Type == TypeText {
		if was := s.Answers[st.Key]; len(begun.Values) == 0 { // something was said to the words that stand
			begun.Values, begun.From = was.Values, was.From
		}
		if n := length(begun.Text()); n < st.Min && len(begun.Files) == 0 {
			return f.short(s, st, st.Min-n)
		}
		s = f.forward(s.with(st.Key, begun))
	} else {
		begun.Skipped = len(begun.Files) == 0
		s = f.forward(s.with(st.Key, begun))
	}
	s, v := f.say(s)
	v.InPlace = true
	return s, v
}

// write is a typed text.
func (f Flow) write(s Session, st Step, text, message string) (Session, View) {
	switch st.Type {
	case TypeChoice:
		return f.noted(s, Line{Key: "ask.choose"})
	case TypeFiles:
		return f.noted(s, Line{Key: "ask.files.text"})
	case TypeChecklist:
		if st.listing(s).Item != "" {
			return f.noted(s, Line{Key: "ask.files.text"})
		}
		return f.noted(s, Line{Key: "ask.checklist.choose"})
	case TypePhone, TypeDate, TypeNumber, TypeSecret:
		return f.value(s, st, text, message)
	}
	text = Clean(text)
	if length(text) == 0 {
		return f.noted(s, Line{Key: "ask.text.empty"})
	}
	begun := st.begun(s)
	if st.stuck(begun) {
		begun.Values, begun.From = nil, nil
	}
	now := begun.and(text, message)
	if over := utf8.RuneCountInString(now.Text()) - st.Max; over > 0 {
		return f.noted(s, Line{Key: "ask.text.long", Args: Args{"Max": st.Max, "Count": over}})
	}
	if st.Several {
		return f.noted(s.part(st.Key, now))
	}
	if n := length(text); n < st.Min {
		return f.short(s, st, st.Min-n)
	}
	return f.say(f.forward(s.with(st.Key, now)))
}

// begun is what a further message is added to: what was said stays when words are replaced.
func (st Step) begun(s Session) Answer {
	if begun, ok := s.Parts[st.Key]; ok {
		return begun
	}
	return Answer{Files: s.Answers[st.Key].Files}
}

// and is an answer with one more message.
func (a Answer) and(text, message string) Answer {
	a.Values, a.From = append(slices.Clone(a.Values), text), slices.Clone(a.From)
	if message != "" {
		for len(a.From) < len(a.Values)-1 {
			a.From = append(a.From, "")
		}
		a.From = append(a.From, message)
	}
	return a
}

// value is a short one: a telephone number, a day, a number.
func (f Flow) value(s Session, st Step, text, message string) (Session, View) {
	value, problem := st.read(text, s)
	if problem != nil {
		return f.noted(s, *problem)
	}
	return f.say(f.forward(s.with(st.Key, Answer{}.and(value, message))))
}

// phone brings a telephone number to the form +77011234567. A number without a country is
// one of Kazakhstan: 8 701 … and 701 … are both usual there.
func phone(text string) (string, bool) {
	digits := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsDigit(r) && r <= '9':
			return r
		case strings.ContainsRune("+-–() \u00a0.", r):
			return -1
		}
		return 'x'
	}, text)
	abroad := strings.HasPrefix(strings.TrimSpace(text), "+")
	switch {
	case strings.Contains(digits, "x"):
		return "", false
	case len(digits) == 11 && digits[0] == '8' && !abroad:
		return "+7" + digits[1:], true
	case len(digits) == 10 && !abroad:
		return "+7" + digits, true
	case len(digits) == 11 && digits[0] == '7', abroad && len(digits) >= 8 && len(digits) <= 15:
		return "+" + digits, true
	}
	return "", false
}

// takes tells whether a text would do as an answer.
func (st Step) takes(text string) bool {
	return text != "" && length(text) >= st.Min && utf8.RuneCountInString(text) <= st.Max
}

// stuck tells whether a text that was begun has too little to be seen in it and no room
// for more, so that it could neither be finished nor gone on with.
func (st Step) stuck(begun Answer) bool {
	room := st.Max - utf8.RuneCountInString(begun.Text()) - len("\n\n")
	return len(begun.Values) > 0 && room < st.Min-length(begun.Text())
}

// MaxFile is the largest file in bytes that a bot can fetch from Telegram (getFile, Bot
// API); more could be received but never opened.
const MaxFile = 20 << 20

// attach is a photo or a document. One that comes before files are asked for is kept until
// then, but not before what must be agreed to; words under it are part of the text where a
// text is asked for.
func (f Flow) attach(s Session, st Step, file File) (Session, View) {
	file = file.cleaned()
	switch {
	case st.files():
		s, problems := st.collect(s, file)
		return f.noted(s, problems...)
	case st.Spoken && slices.Contains(spoken, file.Kind):
		return f.speak(s, st, file)
	}
	said := []Line{{Key: "ask.strange." + string(st.Type)}}
	if later, ok := f.filesToCome(s); ok && st.Needs == "" {
		if s, said = later.collect(s, file); len(said) == 0 {
			said = []Line{{Key: "ask.file.early"}}
		}
	}
	if file.Caption == "" || st.Type != TypeText {
		return f.noted(s, said...)
	}
	next, v := f.write(s, st, file.Caption, file.Message)
	v.Lines, v.Problems = append(said, v.Lines...), v.Problems+len(said)
	return next, v
}

// mostSpoken is how many recordings can stand for one text.
const mostSpoken = 10

// speak is a recording where words are asked for.
func (f Flow) speak(s Session, st Step, file File) (Session, View) {
	begun := st.begun(s)
	if !st.Several {
		begun.Values, begun.From = s.Answers[st.Key].Values, s.Answers[st.Key].From
	}
	switch {
	case file.Size > MaxFile:
		return f.noted(s, file.large())
	case slices.ContainsFunc(begun.Files, func(x File) bool { return x.Ref == file.Ref }):
		return f.noted(s)
	case len(begun.Files) >= mostSpoken:
		return f.noted(s, Line{Key: "ask.spoken.many", Args: Args{"Count": mostSpoken}})
	}
	begun.Files = append(slices.Clone(begun.Files), file)
	if st.Several {
		return f.noted(s.part(st.Key, begun))
	}
	return f.say(f.forward(s.with(st.Key, begun)))
}

// clear forgets files, or what was said instead of words; words stay.
func (f Flow) clear(s Session, st Step) Session {
	if st.Type == TypeChecklist {
		return st.cleared(s)
	}
	begun := s.Parts[st.Key]
	begun.Files = nil
	if st.Type != TypeText {
		return s.part(st.Key, begun)
	}
	s.Answers = maps.Clone(s.Answers)
	if was := s.Answers[st.Key]; len(was.Values) > 0 {
		was.Files = nil
		s.Answers[st.Key] = was
	} else {
		delete(s.Answers, st.Key)
	}
	if len(begun.Values) == 0 {
		return s.without(st.Key)
	}
	return s.part(st.Key, begun)
}

// Amending is the question whose answer came in a message, as it is shown when it is open: whoever
// carries the conversation needs it to read a changed message. It is not ok when there is none.
func (f Flow) Amending(s Session, message string) (View, bool) {
	for _, st := range f.Steps {
		if message != "" && (slices.Contains(s.Parts[st.Key].From, message) || slices.Contains(s.Answers[st.Key].From, message)) {
			s.Phase, s.Asked, s.Offered = Asking, st.Key, nil
			return f.view(s), true
		}
	}
	return View{}, false
}

// Amend takes a change of a message that was sent before. It is not ok when none of the
// answers came in that message; an answer that would not do any more stays as it was.
func (f Flow) Amend(s Session, in Input) (next Session, v View, ok bool) {
	if s.Over() || s.Phase == Sending || in.Message == "" {
		return s, View{}, false
	}
	for _, begun := range []bool{true, false} {
		for _, st := range f.Steps {
			a, there := s.Answers[st.Key]
			if begun {
				a, there = s.Parts[st.Key]
			}
			if !there {
				continue
			}
			amended, problem, found := st.amend(a, in, begun, s)
			if !found {
				continue
			}
			if problem != nil {
				next, v = f.say(s, *problem)
				return next, v, true
			}
			if begun {
				s = s.part(st.Key, amended)
			} else {
				begun, open := s.Parts[st.Key]
				if s = s.with(st.Key, amended); open {
					s = s.part(st.Key, begun)
				}
			}
			next, v = f.say(s, Line{Key: "ask.amended"})
			return next, v, true
		}
	}
	return s, View{}, false
}

// amend changes the part of an answer that came in a message.
func (st Step) amend(a Answer, in Input, begun bool, s Session) (amended Answer, problem *Line, found bool) {
	if i := slices.IndexFunc(a.Files, func(x File) bool { return x.Message == in.Message }); i >= 0 && in.File != nil {
		file := in.File.cleaned()
		file.Message, file.Album, file.Item = a.Files[i].Message, a.Files[i].Album, a.Files[i].Item
		if file.Size > MaxFile {
			large := file.large()
			return a, &large, true
		}
		a.Files = slices.Clone(a.Files)
		a.Files[i] = file
		return a, nil, true
	}
	i := slices.Index(a.From, in.Message)
	if i < 0 || i >= len(a.Values) {
		return a, nil, false
	}
	text := Clean(in.Text)
	if in.File != nil {
		text = Clean(in.File.Caption)
	}
	if st.Type.short() {
		value, problem := st.read(text, s)
		if problem != nil {
			return a, problem, true
		}
		a.Values = []string{value}
		return a, nil, true
	}
	a.Values = slices.Clone(a.Values)
	a.Values[i] = text
	n := length(a.Text())
	switch over := utf8.RuneCountInString(a.Text()) - st.Max; {
	case length(text) == 0:
		return a, &Line{Key: "ask.text.empty"}, true
	case over > 0:
		return a, &Line{Key: "ask.text.long", Args: Args{"Max": st.Max, "Count": over}}, true
	case !begun && st.Type == TypeText && n < st.Min && len(a.Files) == 0:
		return a, &Line{Key: "ask.text.short", Args: Args{"Count": st.Min - n}}, true
	}
	return a, nil, true
}

// large says that a file is too large.
func (f File) large() Line {
	return Line{Key: "ask.file.large", Args: Args{"Name": f.called(), "Max": MaxFile >> 20}}
}

// collect adds a file to those of a question, or tells why it cannot be taken.
func (st Step) collect(s Session, file File) (Session, []Line) {
	if st.Type == TypeChecklist {
		return st.gather(s, file)
	}
	begun := s.Parts[st.Key]
	switch {
	case file.Size > MaxFile:
		return s, []Line{file.large()}
	case slices.ContainsFunc(begun.Files, func(x File) bool { return x.Ref == file.Ref }):
		return s, nil
	case len(begun.Files) >= st.Max:
		return s, []Line{{Key: "ask.files.many", Args: Args{"Count": st.Max, "Name": file.called()}}}
	}
	begun.Files = append(slices.Clone(begun.Files), file)
	return s.part(st.Key, begun), nil
}

// filesToCome is the next question that asks for files and has none yet, if there is one.
func (f Flow) filesToCome(s Session) (Step, bool) {
	open := slices.IndexFunc(f.Steps, func(st Step) bool { return st.Key == s.Asked })
	for _, st := range f.Steps[open+1:] {
		if st.files() && len(s.Answers[st.Key].Files) == 0 && st.applies(s) {
			return st, true
		}
	}
	return Step{}, false
}

// files tells whether a question asks for files.
func (st Step) files() bool { return st.Type == TypeFiles || st.Type == TypeChecklist }

// cleaned is a file without what can hide or forge in its words.
func (f File) cleaned() File {
	f.Name, f.MIME, f.Caption = Clean(f.Name), Clean(f.MIME), Clean(f.Caption)
	return f
}

// called is how a file is spoken of: by its name, or by its kind when it has none.
func (f File) called() any {
	if f.Name != "" {
		return f.Name
	}
	return Line{Key: "ask.kind." + f.Kind}
}

// Clean takes out of a text what can hide or forge: control characters, marks that turn
// the direction of writing (U+202A–202E, U+2066–2069), a byte that is no UTF-8. Every kind
// of line break becomes one of ours, several empty lines become one.
func Clean(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\r', r == '\v', r == '\f', r == 0x85, r == 0x2028, r == 0x2029:
			return '\n'
		case r == '\t':
			return ' '
		case unicode.IsControl(r), r == utf8.RuneError, r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069, r == 0xFEFF:
			return -1
		}
		return r
	}, strings.ReplaceAll(text, "\r\n", "\n"))
	var lines []string
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimRightFunc(line, unicode.IsSpace)
		if line != "" || len(lines) > 0 && lines[len(lines)-1] != "" {
			lines = append(lines, line)
		}
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// length counts the characters that can be seen, so that a text of spaces, zero-width
// characters or marks alone has none.
func length(text string) int {
	n := 0
	for _, r := range text {
		switch {
		case r == 0x115F, r == 0x1160, r == 0x3164, r == 0xFFA0, r == 0x2800: // they look like nothing
		case unicode.IsLetter(r): // most are; the rest would say the same, later
			n++
		case unicode.IsGraphic(r) && !unicode.IsSpace(r) && !unicode.Is(unicode.Mn, r):
			n++
		}
	}
	return n
}
