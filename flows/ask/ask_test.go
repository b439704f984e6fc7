package ask

import (
	"strings"
	"testing"
)

func TestCheck(t *testing.T) {
	choice := OneOf("kind", "a", "b")
	tests := []struct {
		name  string
		steps []Step
		want  string // part of the refusal; empty when the flow is good
	}{
		{"everything that there is", journey.Steps, ""},
		{"files that are needed", passport.Steps, ""},
		{"yes or no", []Step{YesNo("sure"), Text("why", 1, 9).If(YesNo("sure").Is("no"))}, ""},
		{"a condition on what is handed in", []Step{Given("city", "cities"), Text("why", 1, 9).If(Given("city", "cities").Is("almaty"))}, ""},
		{"no questions", nil, "asks nothing"},
		{"a doubled key", []Step{choice, Text("kind", 1, 9)}, `"kind" is doubled, empty or taken`},
		{"an empty key", []Step{Text("", 1, 9)}, `"" is doubled, empty or taken`},
		{"a key that is a message of the flow", []Step{Text("review", 1, 9)}, `"review" is doubled, empty or taken`},
		{"a condition on a later question", []Step{Text("why", 1, 9).If(choice.Is("a")), choice}, "not an earlier choice"},
		{"a condition on itself", []Step{choice.If(choice.Is("a"))}, "not an earlier choice"},
		{"a condition on a text", []Step{Text("why", 1, 9), choice.If(Text("why", 1, 9).Is("a"))}, "not an earlier choice"},
		{"a condition on what nobody can choose", []Step{choice, Text("why", 1, 9).If(choice.Is("c"))}, `being "c", which nobody can choose`},
		{"the same, the other way round", []Step{choice, Text("why", 1, 9).If(choice.IsNot("c"))}, `being "c", which nobody can choose`},
		{"a condition on what leads nowhere", []Step{choice.Must("a"), Text("why", 1, 9).If(choice.Is("b"))}, `being "b", which nobody can choose`},
		{"a condition on nothing", []Step{choice, Text("why", 1, 9).If(choice.Is())}, "on no option"},
		{"options by a later choice", []Step{Given("street", "streets").By(choice), choice}, "not an earlier choice"},
		{"options by a text", []Step{Text("why", 1, 9), Given("street", "streets").By(Text("why", 1, 9))}, "not an earlier choice"},
		{"no options", []Step{OneOf[string]("kind")}, "nothing to choose from"},
		{"a doubled option", []Step{OneOf("kind", "a", "a")}, `the option "a" of kind is doubled`},
		{"an empty option", []Step{OneOf("kind", "a", "")}, `the option "" of kind is doubled, empty`},
		{"an option that is a message of the question", []Step{OneOf("kind", "a", "name")}, `"name" of kind is doubled, empty or taken`},
		{"a must that is no option", []Step{choice.Must("c")}, `needs "c", which nobody can choose`},
		{"a must of what is handed in", []Step{Given("city", "cities").Must("almaty")}, `needs "almaty", which nobody can choose`},
		{"a must that can be skipped", []Step{choice.Must("a").OrSkip()}, "can be skipped"},
		{"more at least than at most", []Step{Text("why", 9, 8)}, "nothing fits"},
		{"no room", []Step{Text("why", 0, 0)}, "nothing fits"},
		{"no files", []Step{Files("papers", 0)}, "nothing fits"},
		{"a type that there is not", []Step{{Key: "when", Type: "hour", Max: 1}}, "nobody knows how to ask"},
		{"a day, a number and a list", visit.Steps, ""},
		{"a condition on a day", []Step{Date("when"), Text("why", 1, 9).If(Date("when").Is("2026-11-23"))}, "not an earlier choice"},
		{"a number for which there is no room", []Step{Number("mark", 5, 5)}, "nothing fits"},
		{"a number with too fine a fraction", []Step{Number("mark", 0, 5).Fraction(7)}, "7 digits"},
		{"a text with a fraction", []Step{Text("why", 1, 9).Fraction(1)}, "1 digits"},
		{"a must of a list", []Step{Checklist("papers", "").Or("id").Must("id")}, "is no choice"},
		{"a list of nothing", []Step{Checklist("papers", "")}, "no items"},
		{"a list by a text", []Step{Text("why", 1, 9), Checklist("papers", "paper").By(Text("why", 1, 9))}, "not an earlier choice"},
		{"an item that is a message of the question", []Step{Checklist("papers", "").Or("ask")}, "taken"},
	}
	for _, tt := range tests {
		err := Flow{Name: "f", Steps: tt.steps}.Check()
		if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		}
	}
}

func TestClean(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"as it is", "Сәлем, әлем! <b>&\"{{.X}}\" %s", "Сәлем, әлем! <b>&\"{{.X}}\" %s"},
		{"Kazakh letters, composed and not", "әғқңөұүһі й и\u0306", "әғқңөұүһі й и\u0306"},
		{"spaces around", " \t\n a \u00a0\n", "a"},
		{"only spaces", " \u00a0\u2003\n\t", ""},
		{"NUL", "a\x00b", "ab"},
		{"control characters", "a\x01\x1b[31mb\x7f\u0080", "a[31mb"},
		{"tab", "a\tb", "a b"},
		{"no UTF-8", "a\xffb\xc3", "ab"},
		{"half a surrogate pair", "a\xed\xa0\x80b", "ab"},
		{"the replacement character", "a\ufffdb", "ab"},
		{"turned writing", "invoice\u202efdp.exe\u2066x\u2069", "invoicefdp.exex"},
		{"a byte order mark", "\ufeffa\ufeffb", "ab"},
		{"right to left, with its own marks", "\u200fשלום\u200e مرحبا", "\u200fשלום\u200e مرحبا"},
		{"a family stays together", "👨\u200d👩\u200d👧 ❤\ufe0f", "👨\u200d👩\u200d👧 ❤\ufe0f"},
		{"Windows lines", "a\r\nb\rc", "a\nb\nc"},
		{"lines of word processors", "a\vb\fc\u0085d\u2028e\u2029f", "a\nb\nc\nd\ne\nf"},
		{"an empty line stays", "a\n\nb", "a\n\nb"},
		{"several become one", "a\n\n\n\n\nb", "a\n\nb"},
		{"also when there are spaces in them", "a  \n \n\u00a0\n\t\n  b", "a\n\n  b"},
		{"a log line is no line of ours", "a\n2026-11-23 INFO b", "a\n2026-11-23 INFO b"},
	}
	for _, tt := range tests {
		got := Clean(tt.text)
		if got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
		if again := Clean(got); again != got {
			t.Errorf("%s: cleaned twice it is %q, not %q", tt.name, again, got)
		}
	}
}

func TestLength(t *testing.T) {
	tests := []struct {
		name, text string
		want       int
	}{
		{"nothing", "", 0},
		{"words", "Сәлем, әлем", 10},
		{"spaces of all kinds", " \t\n\u00a0\u2003\u3000", 0},
		{"zero width", "\u200b\u200c\u200d\u2060\ufeff", 0},
		{"turned writing", "\u202e\u2066", 0},
		{"marks alone", "\u0301\u0302\u034f", 0},
		{"Zalgo", "z" + strings.Repeat("\u0301\u0353", 100), 1},
		{"letters that look like nothing", "\u115f\u1160\u3164\uffa0\u2800", 0},
		{"tags", "\U000e0041\U000e0042", 0},
		{"selectors", "\ufe0f\ufe0e", 0},
		{"no UTF-8", "\xff\xfe", 2}, // seen as a replacement character; Clean takes it out
		{"NUL", "\x00", 0},
		{"a face", "😀", 1},
		{"a family", "👨\u200d👩\u200d👧", 3},
		{"right to left", "שלום", 4},
		{"composed or not is the same", "и\u0306", 1},
	}
	for _, tt := range tests {
		if got := length(tt.text); got != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, got, tt.want)
		}
	}
}

func TestPressed(t *testing.T) {
	s := journey.Start("ABCDEFGHIJKLMNOPQRSTUVWXYZ", given, nil)
	for _, line := range full {
		v := journey.Show(s)
		for _, row := range v.Buttons {
			for _, o := range row {
				id, in, ok := Pressed(Data(v, o))
				if want := (Input{Do: o.Do, Value: o.Value, Turn: v.Turn}); !ok || !s.IsOf(id) || in != want {
					t.Errorf("%s read back: %q %+v %t, want %+v", Data(v, o), id, in, ok, want)
				}
			}
		}
		s, _ = do(journey, s, line)
	}
	if s.IsOf("ABCDEFGHIJ") || s.IsOf("") {
		t.Error("the id of another conversation is taken for this one's")
	}
	if _, in, ok := Pressed("a:x:3:pick:with:colons"); !ok || in.Value != "with:colons" {
		t.Errorf("a value with colons: %+v %t", in, ok)
	}
	for _, bad := range []string{
		"", "a", "a:", "a:x", "a:x:1", "a:x:1:pick", "b:x:1:pick:v", "a:x::pick:v", "a:x:0:pick:v", "a:x:-1:pick:v", "a:x:one:pick:v",
		"a:x:1::v", "a:x:99999999999999999999:pick:v", "A:x:1:pick:v", " a:x:1:pick:v", "a:x:1.5:pick:v", "\x00", "m:new", "l:kk",
	} {
		if id, in, ok := Pressed(bad); ok {
			t.Errorf("%q was read as %q %+v", bad, id, in)
		}
	}
}

func TestTyped(t *testing.T) {
	s := journey.Start("id", given, nil)
	for _, line := range append(full, "edit why", "type another reason") {
		s, _ = do(journey, s, line)
	}
	join := func(f Flow) string { return strings.Join(s.Typed(f), " | ") }
	if got, want := join(journey), "to see it | another reason | ok"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	// The flow has changed since: what was written for questions that are gone is there, too.
	changed := Flow{Name: "journey", Version: 4, Steps: []Step{thanks}}
	if got, want := join(changed), "ok | to see it | another reason"; got != want {
		t.Errorf("after a change: got %q, want %q", got, want)
	}
	s.Answers["place"] = Answer{Values: []string{"itc"}} // an option, no words
	if got, want := join(Flow{}), "to see it | another reason"; got != want {
		t.Errorf("of a flow that is gone: got %q, want %q", got, want)
	}
}

func TestRemember(t *testing.T) {
	var s State
	for _, id := range []string{"7", "5", "9"} {
		s.Remember(id)
	}
	if !s.Knows("5") || s.Knows("6") {
		t.Errorf("knows 5: %t, 6: %t", s.Knows("5"), s.Knows("6"))
	}
	for range handledKept {
		s.Remember("x")
	}
	if s.Knows("9") || len(s.Handled) != handledKept {
		t.Errorf("%d updates are remembered, 9 among them: %t", len(s.Handled), s.Knows("9"))
	}
}
