package ask

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The journey has everything that a flow can have.
var (
	agree  = OneOf("agree", "yes", "no").Must("yes").Unlisted()
	by     = OneOf("by", "train", "car")
	class  = OneOf("class", "first", "second").If(by.Is("train"))
	plate  = Text("plate", 3, 10).If(by.IsNot("train"))
	city   = Given("city", "cities")
	street = Given("street", "streets").By(city)
	why    = Text("why", 5, 40).InParts()
	papers = Files("papers", 2).OrSkip()
	thanks = Text("thanks", 2, 10).OrSkip().ShownAbove()

	journey = Flow{Name: "journey", Version: 3, Steps: []Step{agree, by, class, plate, city, street, why.After("news"), papers, thanks}, Before: []string{"letter"}}

	given = map[string][]string{
		"city": {"almaty", "astana"}, "street:almaty": {"abay", "main"}, "street:astana": {"main", "north"},
		"plate": {"A1", "B222", "a long plate that does not fit"},
	}

	// passport asks for one file that is needed.
	passport = Flow{Name: "passport", Version: 1, Steps: []Step{Text("name", 2, 9), Files("scan", 2)}}
)

// do plays a line: a button ("pick train", "back"), a button of an earlier turn ("old back"),
// "type words", "file a", "sticker", "again" (the zero Input).
func do(f Flow, s Session, line string) (Session, View) {
	verb, rest, _ := strings.Cut(line, " ")
	in := Input{Do: Do(verb), Value: rest, Turn: s.Turn}
	switch verb {
	case "old":
		in = Input{Do: Do(rest), Turn: s.Turn - 1}
	case "ahead":
		in = Input{Do: Do(rest), Turn: s.Turn + 5}
	case "type":
		in = Input{Text: rest}
	case "album":
		in = Input{File: &File{Ref: rest, Kind: "photo", Album: "album"}}
	case "file":
		name, size, _ := strings.Cut(rest, " ")
		n, _ := strconv.ParseInt(size, 10, 64)
		in = Input{File: &File{Ref: name, Name: name, Kind: "document", Size: n << 20}}
	case "captioned":
		in = Input{File: &File{Ref: "r", Kind: "photo", Caption: rest}}
	case "sticker":
		in = Input{Strange: true}
	case "again":
		in = Input{}
	}
	return f.Next(s, in)
}

func keys(lines []Line) string {
	var out []string
	for _, l := range lines {
		out = append(out, l.Key)
	}
	return strings.Join(out, " ")
}

// answers are written as by=train why=a|b papers=x,y thanks=-.
func written(s Session) string {
	var out []string
	for _, k := range slices.Sorted(maps.Keys(s.Answers)) {
		a := s.Answers[k]
		v := strings.Join(a.Values, "|")
		for _, f := range a.Files {
			v += "," + f.Ref
			if f.Item != "" {
				v += "@" + f.Item
			}
		}
		for _, id := range a.Later {
			v += "," + id + "?"
		}
		if a.Skipped {
			v += "-"
		}
		out = append(out, k+"="+strings.TrimPrefix(v, ","))
	}
	return strings.Join(out, " ")
}

func buttons(v View) string {
	var out []string
	for _, row := range v.Buttons {
		for _, o := range row {
			out = append(out, strings.TrimSpace(string(o.Do)+" "+o.Value))
		}
	}
	return strings.Join(out, ", ")
}

// where is the open question, or the phase when none is open.
func where(s Session) string {
	if s.Phase == Asking {
		return s.Asked
	}
	return string(s.Phase)
}

// course is what somebody does in a flow, line by line, and where that leads.
type course struct {
	name    string
	flow    Flow
	do      []string
	at      string // the open question or the phase
	says    string // the keys of the last view, when they matter
	offers  string // its buttons, when they matter
	answers string // all of them, when they matter
}

// check checks where it has led.
func (tt course) check(t *testing.T, s Session, v View) {
	t.Helper()
	if got := where(s); got != tt.at {
		t.Errorf("after %s: at %s, want %s", strings.Join(tt.do, ", "), got, tt.at)
	}
	if got := keys(v.Lines); tt.says != "" && got != tt.says {
		t.Errorf("said %s, want %s", got, tt.says)
	}
	if got := buttons(v); tt.offers != "" && got != tt.offers {
		t.Errorf("offered %s, want %s", got, tt.offers)
	}
	if got := written(s); tt.answers != "" && got != tt.answers {
		t.Errorf("answers %s, want %s", got, tt.answers)
	}
}

// full is the way through the journey up to the review.
var full = []string{"pick yes", "pick train", "pick second", "pick almaty", "pick abay", "type to see it", "done", "skip", "type ok"}

func after(lines ...string) []string { return append(slices.Clone(full), lines...) }

func TestNext(t *testing.T) {
	tests := []course{
		{name: "the first question is open, without Back", flow: journey, do: []string{"again"}, at: "agree", says: "journey.agree.ask", offers: "pick yes, pick no, cancel"},
		{name: "Must: another option is answered with why", flow: journey, do: []string{"pick no"}, at: "agree", says: "journey.agree.needed journey.agree.ask", answers: ""},
		{name: "Must: the option needed leads on", flow: journey, do: []string{"pick no", "pick yes"}, at: "by"},
		{name: "nobody goes back to what must be and is not shown", flow: journey, do: []string{"pick yes"}, at: "by", offers: "pick train, pick car, cancel"},
		{name: "a question without its condition is passed over", flow: journey, do: []string{"pick yes", "pick car"}, at: "plate"},
		{name: "and asked with it", flow: journey, do: []string{"pick yes", "pick train"}, at: "class"},
		{name: "typed words at a choice", flow: journey, do: []string{"pick yes", "type by plane"}, at: "by", says: "ask.choose journey.by.ask"},
		{name: "a sticker at a choice", flow: journey, do: []string{"pick yes", "sticker"}, at: "by", says: "ask.strange.choice journey.by.ask"},
		{name: "a file at a choice, when files are asked for later", flow: journey, do: []string{"pick yes", "file a"}, at: "by", says: "ask.file.early journey.by.ask"},
		{name: "it is there when they are", flow: journey, do: append([]string{"pick yes", "file a"}, full[1:7]...), at: "papers", says: "journey.papers.ask ask.files.noted", offers: "done, clear, back, cancel"},
		{name: "unless it is too large", flow: journey, do: []string{"pick yes", "file a 21"}, at: "by", says: "ask.file.large journey.by.ask"},
		{name: "nothing is kept before what must be agreed to", flow: journey, do: []string{"file a"}, at: "agree", says: "ask.strange.choice journey.agree.ask"},
		{name: "a file while a text is changed, when none was there", flow: journey, do: after("edit why", "file a", "done"), at: "papers", says: "journey.papers.ask ask.files.noted"},
		{name: "and when some were", flow: journey, do: append(slices.Clone(full[:7]), "file a", "done", "skip", "edit why", "file b", "done"), at: "review", answers: "agree=yes by=train city=almaty class=second papers=a street=abay thanks=- why=to see it"},

		{name: "Given: options handed in", flow: journey, do: full[:3], at: "city", offers: "pick almaty, pick astana, back, cancel"},
		{name: "By: they depend on an earlier choice", flow: journey, do: append(slices.Clone(full[:3]), "pick astana"), at: "street", offers: "pick main, pick north, back, cancel"},

		{name: "Back shows the answer and keeps it", flow: journey, do: []string{"pick yes", "pick train", "pick first", "back"}, at: "class", says: "journey.class.ask ask.now", answers: "agree=yes by=train class=first"},
		{name: "Back again, over what is hidden", flow: journey, do: []string{"pick yes", "pick car", "type KZ77", "back", "back"}, at: "by", answers: "agree=yes by=car plate=KZ77"},
		{name: "Back from what was begun keeps it", flow: journey, do: append(slices.Clone(full[:6]), "back"), at: "street", answers: "agree=yes by=train city=almaty class=second street=abay"},
		{name: "and the way forward leads to it again", flow: journey, do: append(slices.Clone(full[:6]), "back", "pick main"), at: "why", says: "journey.why.ask ask.text.noted"},

		{name: "a suggestion is a button, if it would be taken when typed", flow: journey, do: []string{"pick yes", "pick car"}, at: "plate", offers: "pick 1, back, cancel"},
		{name: "a suggestion is the answer", flow: journey, do: []string{"pick yes", "pick car", "pick 1"}, at: "city", answers: "agree=yes by=car plate=B222"},
		{name: "one that is not offered is not there to press", flow: journey, do: []string{"pick yes", "pick car", "pick 0"}, at: "plate", says: "ask.stale journey.plate.ask"},

		{name: "a text too short", flow: journey, do: []string{"pick yes", "pick car", "type x"}, at: "plate", says: "ask.text.short journey.plate.hint", offers: "pick 1, back, cancel"},
		{name: "a text too long", flow: journey, do: []string{"pick yes", "pick car", "type 12345678901"}, at: "plate", says: "ask.text.long journey.plate.ask"},
		{name: "a text of spaces", flow: journey, do: []string{"pick yes", "pick car", "type    "}, at: "plate", says: "ask.text.empty journey.plate.ask"},
		{name: "a sticker at a text", flow: journey, do: []string{"pick yes", "pick car", "sticker"}, at: "plate", says: "ask.strange.text journey.plate.ask"},
		{name: "words under a picture are the text", flow: journey, do: []string{"pick yes", "pick car", "captioned KZ77"}, at: "city", says: "ask.file.early journey.city.ask", answers: "agree=yes by=car plate=KZ77"},

		{name: "several messages are one text", flow: journey, do: append(slices.Clone(full[:5]), "type one", "type two", "done"), at: "papers", answers: "agree=yes by=train city=almaty class=second street=abay why=one|two"},
		{name: "what was sent is not asked for again at once", flow: journey, do: append(slices.Clone(full[:5]), "type one"), at: "why", says: "ask.text.noted", offers: "done, back, cancel"},
		{name: "but when one comes back", flow: journey, do: append(slices.Clone(full[:5]), "type one", "again"), at: "why", says: "journey.why.ask ask.text.noted"},
		{name: "too little for Done", flow: journey, do: append(slices.Clone(full[:5]), "type one", "done"), at: "why", says: "ask.text.short journey.why.hint", offers: "done, back, cancel"},
		{name: "too much: what was sent before is kept", flow: journey, do: append(slices.Clone(full[:5]), "type one and two", "type 1234567890123456789012345678901234567890", "done"), at: "papers", answers: "agree=yes by=train city=almaty class=second street=abay why=one and two"},

		{name: "Skip", flow: journey, do: full[:8], at: "thanks", answers: "agree=yes by=train city=almaty class=second papers=- street=abay why=to see it"},
		{name: "files, several", flow: journey, do: append(slices.Clone(full[:7]), "file a", "file b", "done"), at: "thanks", answers: "agree=yes by=train city=almaty class=second papers=a,b street=abay why=to see it"},
		{name: "with a file there is no Skip any more", flow: journey, do: append(slices.Clone(full[:7]), "file a"), at: "papers", says: "ask.files.noted", offers: "done, clear, back, cancel"},
		{name: "the same file twice is one", flow: journey, do: append(slices.Clone(full[:7]), "file a", "file a", "done"), at: "thanks", answers: "agree=yes by=train city=almaty class=second papers=a street=abay why=to see it"},
		{name: "too many files", flow: journey, do: append(slices.Clone(full[:7]), "file a", "file b", "file c"), at: "papers", says: "ask.files.many ask.files.noted"},
		{name: "a file too large", flow: journey, do: append(slices.Clone(full[:7]), "file a 21"), at: "papers", says: "ask.file.large journey.papers.ask"},
		{name: "a file of just the size that can be fetched", flow: journey, do: append(slices.Clone(full[:7]), "file a 20"), at: "papers", says: "ask.files.noted"},
		{name: "words at files", flow: journey, do: append(slices.Clone(full[:7]), "type here they are"), at: "papers", says: "ask.files.text journey.papers.ask"},
		{name: "a sticker at files", flow: journey, do: append(slices.Clone(full[:7]), "sticker"), at: "papers", says: "ask.strange.files journey.papers.ask"},
		{name: "Clear forgets the files", flow: journey, do: append(slices.Clone(full[:7]), "file a", "clear"), at: "papers", says: "ask.files.cleared", offers: "done, back, cancel"},
		{name: "Done after Clear is an answer: none", flow: journey, do: append(slices.Clone(full[:7]), "file a", "clear", "done"), at: "thanks", answers: "agree=yes by=train city=almaty class=second papers=- street=abay why=to see it"},
		{name: "a file after all files are asked for is no promise", flow: journey, do: append(slices.Clone(full[:8]), "file a"), at: "thanks", says: "ask.strange.text journey.thanks.ask"},

		{name: "files that are needed: no Skip", flow: passport, do: []string{"type Asel"}, at: "scan", offers: "back, cancel"},
		{name: "Clear asks for them again, without Done", flow: passport, do: []string{"type Asel", "file a", "clear"}, at: "scan", says: "passport.scan.ask", offers: "back, cancel"},
		{name: "even when they had been there", flow: passport, do: []string{"type Asel", "file a", "done", "edit scan", "clear"}, at: "scan", says: "passport.scan.ask", offers: "back, cancel"},
		{name: "and Back does not lead around it", flow: passport, do: []string{"type Asel", "file a", "done", "edit scan", "clear", "back", "done"}, at: "scan"},
		{name: "until there is one", flow: passport, do: []string{"type Asel", "file a", "clear", "file b", "done"}, at: "review", answers: "name=Asel scan=b"},

		{name: "the review lists what is not hidden, and everything but what a notice shows", flow: journey, do: full, at: "review",
			says:   "journey.review ask.review.item ask.review.item ask.review.item ask.review.item ask.review.item ask.review.item ask.review.foot",
			offers: "send, edit by, edit class, edit city, edit street, edit why, edit papers, edit thanks, cancel"},
		{name: "words at the review", flow: journey, do: after("type what now?"), at: "review"},
		{name: "a file at the review", flow: journey, do: after("file a"), at: "review"},
		{name: "a sticker at the review", flow: journey, do: after("sticker"), at: "review"},
		{name: "an answer changed from the review leads back to it", flow: journey, do: after("edit class", "pick first"), at: "review", answers: "agree=yes by=train city=almaty class=first papers=- street=abay thanks=ok why=to see it"},
		{name: "what newly applies is asked", flow: journey, do: after("edit by", "pick car"), at: "plate"},
		{name: "what no longer applies is gone", flow: journey, do: after("edit by", "pick car", "type KZ77"), at: "review", answers: "agree=yes by=car city=almaty papers=- plate=KZ77 street=abay thanks=ok why=to see it"},
		{name: "and has to be answered again when it does", flow: journey, do: after("edit by", "pick car", "type KZ77", "edit by", "pick train"), at: "class"},
		{name: "an option that there is not any more is asked for again", flow: journey, do: after("edit city", "pick astana"), at: "street"},
		{name: "one that there still is stays", flow: journey, do: after("edit street", "pick main", "edit city", "pick astana"), at: "review", answers: "agree=yes by=train city=astana class=second papers=- street=main thanks=ok why=to see it"},
		{name: "Finish without a change keeps a text", flow: journey, do: after("edit why", "done"), at: "review", answers: "agree=yes by=train city=almaty class=second papers=- street=abay thanks=ok why=to see it"},
		{name: "a text is written anew", flow: journey, do: after("edit why", "type another reason", "done"), at: "review", answers: "agree=yes by=train city=almaty class=second papers=- street=abay thanks=ok why=another reason"},
		{name: "one begun anew does not vanish behind the review", flow: journey, do: after("edit why", "type another reason", "back", "pick abay"), at: "why", says: "journey.why.ask ask.text.noted"},
		{name: "files are kept", flow: journey, do: append(slices.Clone(full[:7]), "file a", "done", "skip", "edit papers", "done"), at: "review", answers: "agree=yes by=train city=almaty class=second papers=a street=abay thanks=- why=to see it"},
		{name: "files are replaced", flow: journey, do: append(slices.Clone(full[:7]), "file a", "done", "skip", "edit papers", "file b", "done"), at: "review", answers: "agree=yes by=train city=almaty class=second papers=b street=abay thanks=- why=to see it"},
		{name: "what was skipped can be answered", flow: journey, do: after("edit papers", "file b", "done"), at: "review", answers: "agree=yes by=train city=almaty class=second papers=b street=abay thanks=ok why=to see it"},
		{name: "or skipped again", flow: journey, do: after("edit papers", "skip"), at: "review"},
		{name: "Back from a reopened question", flow: journey, do: after("edit city", "back"), at: "class", says: "journey.class.ask ask.now"},
		{name: "nobody edits what is not in the review", flow: journey, do: after("edit agree"), at: "review"},

		{name: "Cancel asks", flow: journey, do: []string{"pick yes", "cancel"}, at: "leaving", says: "ask.leaving", offers: "leave, stay"},
		{name: "Stay goes on", flow: journey, do: []string{"pick yes", "cancel", "stay"}, at: "by", says: "journey.by.ask"},
		{name: "Stay goes on from the review", flow: journey, do: after("cancel", "stay"), at: "review"},
		{name: "typing goes on, and counts", flow: journey, do: []string{"pick yes", "pick car", "cancel", "type KZ77"}, at: "city", answers: "agree=yes by=car plate=KZ77"},
		{name: "a file goes on, too", flow: passport, do: []string{"type Asel", "cancel", "file a"}, at: "scan", says: "ask.files.noted"},
		{name: "a sticker goes on, too", flow: passport, do: []string{"cancel", "sticker"}, at: "name", says: "ask.strange.text passport.name.ask"},
		{name: "typing goes on from the review", flow: journey, do: after("cancel", "type hm"), at: "review"},
		{name: "to be seen again is not to go on", flow: journey, do: []string{"pick yes", "cancel", "again"}, at: "leaving"},
		{name: "Leave ends it, with nothing more to press", flow: journey, do: []string{"pick yes", "cancel", "leave"}, at: "cancelled", says: "ask.cancelled", offers: ""},
		{name: "Over: whatever comes then changes nothing", flow: journey, do: []string{"pick yes", "cancel", "leave", "pick train", "type hello", "again"}, at: "cancelled", answers: "agree=yes"},

		{name: "Send freezes the answers", flow: journey, do: after("send"), at: "sending", says: "ask.sending", offers: "send"},
		{name: "Sending: nothing changes them any more", flow: journey, do: after("send", "edit why", "type hello", "file a", "cancel", "leave", "back", "old send", "send"), at: "sending", answers: "agree=yes by=train city=almaty class=second papers=- street=abay thanks=ok why=to see it"},

		{name: "a button of an earlier turn", flow: journey, do: []string{"pick yes", "pick train", "old back"}, at: "class", says: "ask.stale journey.class.ask"},
		{name: "a button of a later turn than is known", flow: journey, do: []string{"pick yes", "pick train", "ahead back"}, at: "class", says: "ask.stale journey.class.ask"},
		{name: "a button that is not there", flow: journey, do: []string{"pick yes", "send"}, at: "by", says: "ask.stale journey.by.ask"},
		{name: "an option that there is not", flow: journey, do: []string{"pick yes", "pick plane"}, at: "by", says: "ask.stale journey.by.ask"},
		{name: "a button that nobody knows", flow: journey, do: []string{"pick yes", "fly away"}, at: "by", says: "ask.stale journey.by.ask"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := tt.flow.Start("id", given, nil)
			var v View
			for _, line := range tt.do {
				s, v = do(tt.flow, s, line)
			}
			tt.check(t, s, v)
		})
	}
}

// Problems come first and are counted, notices come between them and the question, and
// what was pressed may be replaced by what follows.
func TestViews(t *testing.T) {
	tests := []struct {
		name     string
		do       []string
		problems int
		notices  string
		inPlace  bool
	}{
		{"a press", []string{"pick yes"}, 0, "[]", true},
		{"a typed text", append(slices.Clone(full[:5]), "type to see it"), 0, "[]", false},
		{"a notice above a question", full[:5], 0, "[news]", true},
		{"not when it was just answered wrongly", append(slices.Clone(full[:5]), "sticker"), 1, "[]", false},
		{"not when something is begun", full[:6], 0, "[]", false},
		{"a notice above the review", full, 0, "[letter]", false},
		{"which stays, because it shows answers", after("type hm"), 1, "[letter]", false},
		{"two problems", []string{"pick yes", "pick car", "type x"}, 2, "[]", false},
		{"a stale button: the news go below", []string{"pick yes", "old cancel"}, 1, "[]", false},
		{"a no where there must be a yes", []string{"pick no"}, 1, "[]", true},
	}
	for _, tt := range tests {
		s := journey.Start("id", given, nil)
		var v View
		for _, line := range tt.do {
			s, v = do(journey, s, line)
		}
		if v.Problems != tt.problems || fmt.Sprint(v.Notices) != tt.notices || v.InPlace != tt.inPlace {
			t.Errorf("%s: %d problems, notices %v, in place %t; want %d, %s, %t", tt.name, v.Problems, v.Notices, v.InPlace, tt.problems, tt.notices, tt.inPlace)
		}
		if v.Session != "id" || v.Turn != s.Turn || v.Phase != s.Phase {
			t.Errorf("%s: the view is of %s, turn %d, %s; the session is at turn %d, %s", tt.name, v.Session, v.Turn, v.Phase, s.Turn, s.Phase)
		}
	}
}

// What is known is not asked for; what does not hold of it is.
func TestStart(t *testing.T) {
	tests := []struct {
		known map[string]Answer
		at    string
	}{
		{nil, "agree"},
		{map[string]Answer{"agree": {Values: []string{"yes"}}}, "by"},
		{map[string]Answer{"agree": {Values: []string{"no"}}}, "agree"},
		{map[string]Answer{"agree": {Values: []string{"yes"}}, "by": {Values: []string{"plane"}}}, "by"},
		{map[string]Answer{"agree": {Values: []string{"yes"}}, "by": {}}, "by"},
		{map[string]Answer{"agree": {Skipped: true}}, "agree"},
		{map[string]Answer{"agree": {Values: []string{"yes"}}, "by": {Values: []string{"car"}}, "plate": {}}, "plate"},
		{map[string]Answer{"agree": {Values: []string{"yes"}}, "by": {Values: []string{"car"}}, "plate": {Values: []string{"KZ77"}}}, "city"},
	}
	for _, tt := range tests {
		before := maps.Clone(tt.known)
		s := journey.Start("id", given, tt.known)
		if where(s) != tt.at || s.Turn != 1 || s.Version != 3 || !journey.Fits(s) {
			t.Errorf("with %v: at %s, turn %d; want %s, turn 1", tt.known, where(s), s.Turn, tt.at)
		}
		if len(tt.known) != len(before) {
			t.Errorf("Start changed what it was given: %v, before %v", tt.known, before)
		}
	}
	newer := journey
	newer.Version++
	if newer.Fits(journey.Start("id", nil, nil)) || passport.Fits(journey.Start("id", nil, nil)) {
		t.Error("a session fits a flow that it is not of")
	}
}

// A turn that was given out and lost is not given out again: its buttons stay dead.
func TestLostTurns(t *testing.T) {
	s := journey.Start("id", given, nil) // turn 1
	lost, _ := do(journey, s, "pick yes")
	for range 5 {
		lost, _ = do(journey, lost, "again")
	}
	back, _ := journey.Next(s, Input{Do: Pick, Value: "train", Turn: lost.Turn}) // the store lost all since
	for range 10 {
		if back.Turn == lost.Turn {
			t.Fatalf("turn %d was given out twice", lost.Turn)
		}
		back, _ = do(journey, back, "again")
	}
	forged, _ := journey.Next(s, Input{Do: Pick, Value: "yes", Turn: 1 << 60})
	if forged.Turn != s.Turn+1 {
		t.Errorf("a forged turn moved the conversation to turn %d", forged.Turn)
	}
}

// A stored session whose question has gone goes on where there is one.
func TestUnknownQuestion(t *testing.T) {
	for _, phase := range []Phase{Asking, Leaving} {
		s := journey.Start("id", given, nil)
		s.Asked, s.Phase = "gone", phase
		for _, line := range []string{"type hello", "stay", "again"} {
			next, v := do(journey, s, line)
			if next.Phase == Leaving && line == "again" {
				continue // asked again whether to leave
			}
			if where(next) != "agree" || len(v.Lines) == 0 {
				t.Errorf("%s, %s: at %s, said %s", phase, line, where(next), keys(v.Lines))
			}
		}
	}
}

// A text with next to nothing to be seen in it and no room for more is no trap.
func TestNoRoomLeft(t *testing.T) {
	f := Flow{Name: "f", Steps: []Step{Text("t", 20, 60).InParts()}}
	s := f.Start("id", nil, nil)
	s, _ = f.Next(s, Input{Text: "a" + strings.Repeat("\u0301", 50)})
	s, _ = f.Next(s, Input{Text: "the heating is broken again"})
	s, _ = f.Next(s, Input{Do: Finish})
	if s.Phase != Reviewing || s.Value("t") != "the heating is broken again" {
		t.Errorf("at %s with %q", where(s), s.Value("t"))
	}
}

// Files, names and words under them are cleaned as texts are.
func TestHostileFile(t *testing.T) {
	s := passport.Start("id", nil, nil)
	s, _ = do(passport, s, "type Asel")
	s, _ = passport.Next(s, Input{File: &File{Ref: "r", Kind: "document", Name: "plan\u202Efdp.exe\x00", MIME: "a\x00b", Caption: "c\x00\xff"}})
	s, _ = passport.Next(s, Input{Do: Finish})
	want := File{Ref: "r", Kind: "document", Name: "planfdp.exe", MIME: "ab", Caption: "c"}
	if got := s.Answers["scan"].Files[0]; got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// What is spoken of without a name is called by its kind.
func TestFilesWithoutName(t *testing.T) {
	s := passport.Start("id", nil, nil)
	s, _ = do(passport, s, "type Asel")
	_, v := passport.Next(s, Input{File: &File{Ref: "r", Kind: "photo", Size: MaxFile + 1}})
	if got := fmt.Sprint(v.Lines[0].Args["Name"]); got != "{ask.kind.photo map[]}" {
		t.Errorf("called %s", got)
	}
}
