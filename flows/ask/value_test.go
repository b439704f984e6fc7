package ask

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// visit asks for a day, numbers and papers.
var (
	whose  = OneOf("whose", "orphan", "family", "nobody")
	lists  = Checklist("papers", "paper").By(whose)
	visit  = Flow{Name: "visit", Version: 1, Steps: []Step{whose, Date("day"), Number("mark", 0, 100).Fraction(1).OrSkip(), lists, Text("words", 2, 9).OrSkip()}}
	handed = map[string][]string{"day:to": {Today}, "day:from": {"2026-09-01"}, "papers:orphan": {"id", "proof"}, "papers:family": {"id", "income", "children"}}
)

func TestVisit(t *testing.T) {
	list := []string{"pick orphan", "type 2026-11-20", "skip"}
	to := func(lines ...string) []string { return append(slices.Clone(list), lines...) }
	tests := []course{
		{name: "a day: today and yesterday are buttons", do: list[:1], at: "day", offers: "pick 2026-11-23, pick 2026-11-22, back, cancel"},
		{name: "a day pressed", do: []string{"pick orphan", "pick 2026-11-22"}, at: "mark", answers: "day=2026-11-22 whose=orphan"},
		{name: "a day typed", do: list[:2], at: "mark", answers: "day=2026-11-20 whose=orphan"},
		{name: "no day", do: []string{"pick orphan", "type soon"}, at: "day", says: "ask.date.wrong visit.day.ask"},
		{name: "no such day", do: []string{"pick orphan", "type 2026-09-31"}, at: "day", says: "ask.date.wrong visit.day.ask"},
		{name: "a day too early", do: []string{"pick orphan", "type 2026-08-31"}, at: "day", says: "ask.date.early visit.day.ask"},
		{name: "a day too late", do: []string{"pick orphan", "type 2026-11-24"}, at: "day", says: "ask.date.late visit.day.ask"},
		{name: "a file at a day waits for the list", do: []string{"pick orphan", "file a", "type 2026-11-20", "skip"}, at: "papers", says: "visit.papers.ask ask.checklist.item ask.checklist.item ask.checklist.which", offers: "pick 1, pick 2, done, clear, back, cancel"},
		{name: "back to a day", do: []string{"pick orphan", "type 2026-11-20", "back"}, at: "day", says: "visit.day.ask ask.value.now", offers: "pick 2026-11-23, pick 2026-11-22, done, back, cancel"},
		{name: "which stays", do: []string{"pick orphan", "type 2026-11-20", "back", "done"}, at: "mark", answers: "day=2026-11-20 whose=orphan"},
		{name: "a wrong one takes nothing away", do: []string{"pick orphan", "type 2026-11-20", "back", "type 2026-12-31", "done"}, at: "mark", answers: "day=2026-11-20 whose=orphan"},
		{name: "a number", do: []string{"pick orphan", "type 2026-11-20", "type 67,50"}, at: "papers", answers: "day=2026-11-20 mark=67.5 whose=orphan"},
		{name: "back to a number that can be left out", do: []string{"pick orphan", "type 2026-11-20", "type 67", "back"}, at: "mark", says: "visit.mark.ask ask.value.now", offers: "done, skip, back, cancel"},
		{name: "a sticker at a number", do: []string{"pick orphan", "type 2026-11-20", "sticker"}, at: "mark", says: "ask.strange.number visit.mark.ask"},

		{name: "a list", do: list, at: "papers", says: "visit.papers.ask ask.checklist.item ask.checklist.item", offers: "pick 1, pick 2, done, back, cancel"},
		{name: "words at a list", do: to("type hm"), at: "papers", says: "ask.checklist.choose visit.papers.ask ask.checklist.item ask.checklist.item"},
		{name: "an item", do: to("pick 1"), at: "papers", says: "ask.checklist.send", offers: "later, done, cancel"},
		{name: "words at an item", do: to("pick 1", "type hm"), at: "papers", says: "ask.files.text ask.checklist.send"},
		{name: "a file for an item", do: to("pick 1", "file a"), at: "papers", says: "ask.checklist.noted", offers: "done, clear, cancel"},
		{name: "back to the list", do: to("pick 1", "file a", "done"), at: "papers", says: "visit.papers.ask ask.checklist.item ask.checklist.item"},
		{name: "Done: what is not there comes later", do: to("pick 1", "file a", "done", "done"), at: "words", answers: "day=2026-11-20 mark=- papers=a@id,proof? whose=orphan"},
		{name: "put off", do: to("pick 1", "later", "pick 2", "later", "done"), at: "words", answers: "day=2026-11-20 mark=- papers=id?,proof? whose=orphan"},
		{name: "put off, then sent", do: to("pick 1", "later", "pick 1", "file a", "done", "done"), at: "words", answers: "day=2026-11-20 mark=- papers=a@id,proof? whose=orphan"},
		{name: "cleared", do: to("pick 1", "file a", "clear"), at: "papers", says: "ask.checklist.send", offers: "later, done, cancel"},
		{name: "cleared, the others stay", do: to("pick 1", "file a", "done", "pick 2", "file b", "clear", "done", "done"), at: "words", answers: "day=2026-11-20 mark=- papers=a@id,proof? whose=orphan"},
		{name: "for which is asked", do: to("file a"), at: "papers", says: "ask.checklist.item ask.checklist.item ask.checklist.which", offers: "pick 1, pick 2, done, clear, back, cancel"},
		{name: "and told", do: to("file a", "file b", "pick 2", "done", "done"), at: "words", answers: "day=2026-11-20 mark=- papers=a@proof,b@proof,id? whose=orphan"},
		{name: "or never told", do: to("file a", "done"), at: "words", answers: "day=2026-11-20 mark=- papers=a,id?,proof? whose=orphan"},
		{name: "the only open item takes it", do: to("pick 1", "later", "file a", "file b", "done", "done"), at: "words", answers: "day=2026-11-20 mark=- papers=a@proof,b@proof,id? whose=orphan"},
		{name: "an album stays together", do: to("pick 1", "album a", "done", "album b", "done"), at: "papers", answers: "day=2026-11-20 mark=- whose=orphan"},
		{name: "also when the item is told in the middle", do: to("album a", "pick 2", "done", "album b", "done", "done"), at: "words", answers: "day=2026-11-20 mark=- papers=a@proof,b@proof,id? whose=orphan"},
		{name: "five files an item", do: to("pick 1", "file a", "file b", "file c", "file d", "file e", "file f"), at: "papers", says: "ask.files.many ask.checklist.noted"},
		{name: "the same twice is one", do: to("pick 1", "file a", "file a", "done", "done"), at: "words", answers: "day=2026-11-20 mark=- papers=a@id,proof? whose=orphan"},
		{name: "too large", do: to("pick 1", "file a 21"), at: "papers", says: "ask.file.large ask.checklist.send"},
		{name: "more wait than fit: the rest waits on", do: to("pick 1", "file a", "file b", "file c", "done", "file d", "file e", "file f", "done", "done"), at: "words", answers: "day=2026-11-20 mark=- papers=a@id,b@id,c@id,d@proof,e@proof,f@proof whose=orphan"},
		{name: "nothing asked for: the list is passed over", do: []string{"pick nobody", "type 2026-11-20", "skip"}, at: "words"},
		{name: "the review", do: to("pick 1", "file a", "done", "done", "skip"), at: "review",
			says:   "visit.review ask.review.item ask.review.item ask.review.item ask.review.item ask.checklist.item ask.checklist.item ask.review.item ask.review.foot",
			offers: "send, edit whose, edit day, edit mark, edit papers, edit words, cancel"},
		{name: "a change goes on with what is there", do: to("pick 1", "file a", "done", "done", "skip", "edit papers", "pick 2", "file b", "done", "done"), at: "review", answers: "day=2026-11-20 mark=- papers=a@id,b@proof whose=orphan words=-"},
		{name: "another list keeps what both have, and loses no file", do: to("pick 1", "file a", "done", "pick 2", "file b", "done", "done", "skip", "edit whose", "pick family"), at: "papers",
			says: "visit.papers.ask ask.checklist.item ask.checklist.item ask.checklist.item ask.checklist.which"},
		{name: "and then", do: to("pick 1", "file a", "done", "pick 2", "file b", "done", "done", "skip", "edit whose", "pick family", "pick 2", "done", "done"), at: "review", answers: "day=2026-11-20 mark=- papers=a@id,b@income,children? whose=family words=-"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := visit.Start("id", handed, nil)
			s.Today = "2026-11-23"
			var v View
			for _, line := range tt.do {
				s, v = do(visit, s, line)
			}
			tt.check(t, s, v)
		})
	}
}

// A bound that is today moves: a day that has gone out of it is asked for again, not sent.
func TestSentTooLate(t *testing.T) {
	f := Flow{Name: "f", Steps: []Step{Date("day")}}
	s := f.Start("id", map[string][]string{"day:from": {Today}}, nil)
	s.Today = "2026-11-23"
	s, _ = do(f, s, "type 2026-11-24")
	s.Today = "2026-11-25"
	if s, _ = do(f, s, "send"); where(s) != "day" {
		t.Errorf("at %s", where(s))
	}
	if s, _ = do(f, s, "type 2026-11-25"); where(s) != "review" {
		t.Errorf("at %s", where(s))
	}
	if s, _ = do(f, s, "send"); where(s) != "sending" {
		t.Errorf("at %s", where(s))
	}
}

func TestNumbers(t *testing.T) {
	tests := []struct{ typed, want string }{
		{"67", "67"}, {"67,5", "67.5"}, {"67.50", "67.5"}, {" 067 ", "67"}, {"67.", "67"}, {"67%", "67"}, {"0", "0"}, {"-0", "0"}, {"-3", "-3"}, {"−3,25", "-3.25"},
		{"1 000", "1000"}, {"1\u00a0000,5", "1000.5"}, {"10000", "10000"}, {"0,10", "0.1"}, {"00", "0"},
		{"10001", "ask.number.range"}, {"-6", "ask.number.range"}, {"10000,01", "ask.number.range"}, {"999999999999", "ask.number.range"},
		{"1,234", "ask.number.fine"}, {"", "ask.number.wrong"}, {"six", "ask.number.wrong"}, {"6 7", "ask.number.wrong"}, {"1,2,3", "ask.number.wrong"}, {"1e3", "ask.number.wrong"},
		{"٦٧", "ask.number.wrong"}, {"67 of 100", "ask.number.wrong"}, {strings.Repeat("9", 400), "ask.number.wrong"}, {",5", "ask.number.wrong"}, {"Inf", "ask.number.wrong"}, {"0x10", "ask.number.wrong"},
	}
	for _, tt := range tests {
		got, problem := Number("n", -5, 10000).Fraction(2).counted(tt.typed)
		if problem != nil {
			got = problem.Key
		}
		if got != tt.want {
			t.Errorf("%q: %s, want %s", tt.typed, got, tt.want)
		}
	}
	if _, problem := Number("n", 0, 9).counted("1,5"); problem == nil || problem.Key != "ask.number.whole" {
		t.Errorf("a fraction of a whole number: %v", problem)
	}
}

// A changed message is read as the first was.
func TestAmendValue(t *testing.T) {
	s := visit.Start("id", handed, nil)
	s.Today = "2026-11-23"
	s, _ = do(visit, s, "pick orphan")
	s, _ = visit.Next(s, Input{Text: "2026-11-20", Message: "7"})
	v, ok := visit.Amending(s, "7")
	if !ok || v.Type != TypeDate || v.Days != (Days{"2026-11-23", "2026-09-01", "2026-11-23"}) {
		t.Errorf("%t %+v", ok, v)
	}
	if s, v, ok = visit.Amend(s, Input{Text: "2026-12-20", Message: "7"}); !ok || v.Lines[0].Key != "ask.date.late" || s.Value("day") != "2026-11-20" {
		t.Errorf("%t %s %s", ok, keys(v.Lines), s.Value("day"))
	}
	if s, _, ok = visit.Amend(s, Input{Text: "2026-11-21", Message: "7"}); !ok || s.Value("day") != "2026-11-21" || s.Asked != "mark" {
		t.Errorf("%t %s", ok, s.Value("day"))
	}
	if _, ok := visit.Amending(s, "8"); ok {
		t.Error("a message that is no answer")
	}
}

// A day is the same day in every zone.
func TestOn(t *testing.T) {
	for _, hours := range []int{-11, 0, 5, 11} {
		day, ok := On("2026-11-23")
		if got := time.Time(day).In(time.FixedZone("", hours*3600)).Format(time.DateOnly); !ok || got != "2026-11-23" {
			t.Errorf("%+d hours: %s", hours, got)
		}
	}
	for _, bad := range []string{"", "23.11.2026", "2026-11-31", "0001-01-01", "2026-11-23T00:00:00Z"} {
		if _, ok := On(bad); ok {
			t.Errorf("%q is a day", bad)
		}
	}
}

// What is missing is known however the list was left.
func TestMissing(t *testing.T) {
	f := Flow{Name: "f", Steps: []Step{Checklist("papers", "").Or("id", "proof").OrSkip()}}
	for line, want := range map[string]string{"skip": "id proof", "done": "id proof"} {
		s, _ := do(f, f.Start("id", nil, nil), line)
		if got := strings.Join(s.Missing("papers"), " "); got != want {
			t.Errorf("%s: %s", line, got)
		}
	}
	s := f.Start("id", map[string][]string{"papers": {"proof", "proof", "gone"}}, nil)
	s, _ = do(f, s, "file a") // there is only one
	s, _ = do(f, s, "done")
	s, _ = do(f, s, "done")
	if written(s) != "papers=a@proof" || len(s.Missing("papers")) > 0 {
		t.Errorf("%s", written(s))
	}
}
