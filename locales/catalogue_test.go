package locales_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
	"alt.edu.kz/dauys/notices"
	"alt.edu.kz/dauys/registrar"
)

// TestCatalogue compares the texts with the code that says them, in both directions. What
// it finds can be pasted.
func TestCatalogue(t *testing.T) {
	said := keysSaid(t)
	problems, err := locales.Check(slices.Sorted(maps.Keys(said)))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Error(p)
	}
	for _, l := range dauys.Langs {
		texts, lines := locales.Texts(l)
		for _, key := range slices.Sorted(maps.Keys(texts)) {
			where := fmt.Sprintf("locales/%s.toml:%d: %s", l, lines[key], key)
			by, ok := said[key]
			if of, synonyms := strings.CutPrefix(key, "synonyms."); synonyms {
				if _, ok := said[of]; !ok && !slices.Contains(notOfOne, of) && !strings.HasPrefix(of, "number.") {
					t.Errorf("%s: there is no text %s of which these could be synonyms", where, of)
				}
				continue
			}
			if !ok {
				t.Errorf("%s is said by nobody; take it out, or say it in messages.go", where)
				continue
			}
			for form, text := range texts[key] {
				has, err := locales.Gaps(text)
				if err != nil {
					continue // Check has told
				}
				for gap := range has {
					if !slices.Contains(by.gaps, gap) {
						t.Errorf("%s has {{.%s}}, which %s does not fill; add %q there or take the gap out", where, gap, by.where, gap)
					}
				}
				for _, gap := range by.gaps {
					if !has[gap] && !(gap == "Count" && form != "") { // Count may only choose the form
						t.Errorf("%s has no {{.%s}}, which %s fills; write it in, or take %q out there", where, gap, by.where, gap)
					}
				}
				if _, plural := texts[key]["other"]; plural && !slices.Contains(by.gaps, "Count") {
					t.Errorf("%s has plural forms, but %s gives no Count", where, by.where)
				}
			}
		}
	}
}

// worded are the files whose functions say the messages.
var worded = []string{
	"messages.go",
	"moves.go",
	"meetings.go",
	"appeals.go",
	"signing.go",
	"public.go",
	"queue.go",
	"bodies.go",
	"journal.go",
	"rector.go",
	"mute.go",
	"worklist.go",
	"forum.go",
	"ready.go",
	"note.go",
	"second.go",
	"figures.go",
	"staff.go",
	"together.go",
	"record.go",
	"imports.go",
	"identity.go",
	"issued.go",
	"verify.go",
	"named.go",
	"colleague.go",
	"session.go",
	"advising.go",
	"news.go",
	"newsmarks.go",
	"newsorders.go",
	"newsreminders.go",
	"newswatch.go",
	"wishes.go",
	"bulletins.go",
	"reached.go",
}

// TestEverythingIsSaid finds functions of messages.go that nobody calls: their messages
// would be kept in three languages for nothing.
func TestEverythingIsSaid(t *testing.T) {
	called := map[string]bool{}
	for _, s := range parse(t, "../*.go", "../*/*.go", "../*/*/*.go") {
		ast.Inspect(s.file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.SelectorExpr:
				if x, ok := n.X.(*ast.Ident); ok && x.Name == "locales" {
					called[n.Sel.Name] = true
				}
			case *ast.CallExpr:
				if f, ok := n.Fun.(*ast.Ident); ok && s.file.Name.Name == "locales" {
					called[f.Name] = true
				}
			}
			return true
		})
	}
	for _, s := range parse(t, worded...) {
		for _, d := range s.file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && !called[f.Name.Name] {
				t.Errorf("%s: nobody calls %s; take it out with its message", s.at(f), f.Name.Name)
			}
		}
	}
}

// notOfOne are synonyms that belong to no text: @yes and @no stand for them, and fillers mean nothing.
var notOfOne = []string{"yes", "no", "filler"}

// saying is who says a message and what is put into its gaps.
type saying struct {
	where string
	gaps  []string
}

// keysSaid is every message that the program can say.
func keysSaid(t *testing.T) map[string]saying {
	out := map[string]saying{}
	add := func(key string, s saying) {
		if old, ok := out[key]; ok && !slices.Equal(old.gaps, s.gaps) {
			t.Errorf("%s: %s is said with the gaps %v, but in %s with %v", s.where, key, s.gaps, old.where, old.gaps)
		}
		out[key] = s
	}

	// messages.go: each key that does not stand there whole has the values of the table.
	variable, used := variable(t), map[string]bool{}
	for _, s := range parse(t, worded...) {
		for pattern, by := range s.keys() {
			if !strings.Contains(pattern, "*") {
				add(pattern, by)
				continue
			}
			used[pattern] = true
			values := variable[pattern]
			if len(values) == 0 {
				t.Errorf("%s: nobody knows what can stand for * in %s; add it to variable in catalogue_test.go", by.where, pattern)
			}
			for _, v := range values {
				add(strings.Replace(pattern, "*", v, 1), by)
			}
		}
	}
	for pattern := range variable {
		if !used[pattern] {
			t.Errorf("messages.go says nothing like %s any more; take it out of variable in catalogue_test.go", pattern)
		}
	}

	// The engine: what it says is what Keys lists, in the flows' names or its own.
	engine := map[string]saying{}
	for _, s := range parse(t, "../flows/ask/*.go") {
		maps.Copy(engine, s.keys())
	}
	keys := ask.Keys()
	for _, f := range flows.All {
		keys = append(keys, f.Keys()...)
	}
	for _, key := range keys {
		best := ""
		for pattern := range engine {
			if matches(pattern, key) && (best == "" || weight(pattern) > weight(best)) {
				best = pattern
			}
		}
		if best == "" {
			t.Errorf("flows/ask lists %s, but says it nowhere", key)
			continue
		}
		add(key, engine[best])
	}
	return out
}

// variable are the keys of messages.go that depend on a value, and its values.
func variable(t *testing.T) map[string][]string {
	var applicant, office, wordless, worded, done, begun []string // acts
	var statuses []string
	note := func(to *[]string, value string) {
		if !slices.Contains(*to, value) {
			*to = append(*to, value)
		}
	}
	for _, r := range dauys.Rules {
		for _, s := range r.From {
			note(&statuses, string(s))
		}
		if r.To != "" { // else it stays
			note(&statuses, string(r.To))
		}
		switch r.By {
		case dauys.TheApplicant:
			if r.Do != dauys.Amend { // comes of a changed message, not of a button
				note(&applicant, string(r.Do))
			}
		case dauys.TheOffice, dauys.TheHolder:
			switch r.Do {
			case dauys.Propose, dauys.Submit: // by the button of a hand-up, or of an answer
				done = append(done, string(r.Do))
				continue
			case dauys.Note: // comes of a command, not of a button
				continue
			}
			if slices.Contains([]dauys.Act{dauys.Link, dauys.Unlink, dauys.Join, dauys.Absorb, dauys.Gather, dauys.Entrust, dauys.Classify}, r.Do) { // by commands, which say themselves what was done
				continue
			}
			if r.Do == dauys.Split {
				note(&begun, string(r.Do))
				continue
			}
			note(&office, string(r.Do))
			if r.Note != "" {
				note(&worded, string(r.Do))
			} else {
				note(&wordless, string(r.Do))
			}
		}
	}
	var titled []string // conversations in a person's own chat: those of staff are never left behind
	for _, f := range flows.ByApplicants {
		titled = append(titled, f.Name)
	}
	var detailed []string // questions whose answers can stand on a card: those of whatever becomes a case
	for _, f := range flows.All {
		if slices.ContainsFunc(f.Steps, func(s ask.Step) bool { return s.Key == "consent" }) {
			for _, s := range f.Steps {
				if !s.Hidden {
					detailed = append(detailed, f.Under(s.Key))
				}
			}
		}
	}
	return map[string][]string{
		"language.of.*":   texts(dauys.Langs),
		"menu.*":          handed(t, "MenuButton", "menu", "rectorLines", "publicLines"),
		"command.*":       handed(t, "Command", "Commands", "AdminCommands", "OfficeCommands"),
		"*.title":         titled,
		"kind.*":          texts(flows.Kinds()),
		"standing.*":      texts(dauys.Standings),
		"channel.*":       texts(dauys.Channels),
		"topic.*":         slices.DeleteFunc(slices.Clone(flows.Topics), func(t string) bool { return t == flows.Idea }),                         // which is no topic of a case
		"request.topic.*": slices.DeleteFunc(slices.Clone(flows.Topics), func(t string) bool { return t == flows.Idea || t == flows.AboutMark }), // of those that staff choose
		"status.*":        statuses,
		"outcome.*":       append(texts(dauys.Outcomes), string(dauys.Outside), string(dauys.Joined)),
		"case.act.*":      applicant,
		"card.act.*":      office,
		"toast.*":         wordless,
		"prompt.*":        append(begun, worded...),
		"prompt.done.*":   append(worded, done...),
		"alert.kind.*":    locales.AlarmKinds,
		"*.name":          append(detailed, "decision.minutes", "decision.mark", "document.number", "document.date"),

		"reached.column.*": {"group", "number", "name", "since", "news"},

		"issued.act.*":   {"self", "official", "gpa", "marks", "menu", "ok", "no", "again", "ready", "out", "revoke"},
		"issued.state.*": texts([]registrar.PaperState{registrar.PaperAsked, registrar.PaperApproved, registrar.PaperRefused, registrar.PaperIssued, registrar.PaperReady, registrar.PaperCollected, registrar.PaperRevoked}),
		"issued.grade.*": texts(dauys.Traditionals),
		"issued.term.*":  {"first", "second", "summer"},
		"issued.step.*":  {"first", "second", "summer"},
		"issued.form.*":  {"full", "extramural", "evening", "distance"},
		"issued.pdf.*":   handed(t, "OnPaper"),
		"issued.mark.*":  {registrar.Current1, registrar.Control1, registrar.Current2, registrar.Control2, registrar.OfAdmission, registrar.OfExam, registrar.OfFinal},
		"verify.row.*":   {"kind", "number", "date", "whom", "programme", "void", "file"},

		"meeting.act.*":    {"agenda", "invite", "sit", "next", "close", "cancel", "yes", "no", "paper", "sheet", "enter"},
		"sheet.column.*":   {"number", "asked", "applicant", "decision", "reason", "next", "mark"},
		"sheet.bad.*":      {"too-large", "not-xlsx", "locked", "no-head", "no-rows", "no-number", "no-decision"},
		"meeting.state.*":  texts([]dauys.MeetingState{dauys.Planned, dauys.Sitting, dauys.Held, dauys.Settled, dauys.Cancelled}),
		"meeting.ruling.*": texts(dauys.Rulings),
		"meeting.no.*":     texts([]dauys.MeetingWhy{dauys.NotNow, dauys.NoItems, dauys.TooEarly, dauys.NotAMember}),

		"queue.how.*":          {"door", "online"},
		"queue.act.*":          {"show", "leave", "gone", "stay", "here", "begin", "again"},
		"queue.no.*":           texts([]dauys.QueueWhy{dauys.QueueOver, dauys.QueueRests, dauys.QueueRuns, dauys.NobodyWaits, dauys.NobodyThere, dauys.NoWindow, dauys.QueueFull, dauys.NotInLine}),
		"desk.state.*":         texts([]dauys.QueueState{dauys.QueueOpen, dauys.QueuePaused, dauys.QueueClosed}),
		"desk.document.*":      dauys.Documents,
		"desk.act.*":           {"open", "visitor", "pause", "go", "close", "qr", "next", "end", "again", "miss", "doc", "write", "reg", "bye", "shut", "keep"},
		"post.personal-*.item": texts([]dauys.Personal{dauys.ByName, dauys.ByTelephone, dauys.ByEmail, dauys.ByIIN, dauys.ByUsername, dauys.ByNumber}),

		"tongue.reads.*":   texts(dauys.Langs),
		"tongue.written.*": texts(dauys.Langs),

		"calendar.words.*": handed(t, "CalendarWords"),

		"list.head.*":        {"open", "mine", "due", "find"},
		"list.none.*":        {"open", "mine", "due", "find"},
		"list.act.*":         {"choose", "all", "leave"},
		"list.do.*":          {"take", "hand"},
		"several.done.*":     {"take", "hand"},
		"trail.came.*":       texts([]dauys.Act{dauys.Reopen, dauys.Dispute, dauys.Bounce}),
		"trail.left.*":       texts([]dauys.Act{dauys.Escalate, dauys.Allow, dauys.Expire, dauys.Bypass, dauys.Transfer, dauys.Redirect, dauys.Withdraw, dauys.Close, dauys.Join}),
		"together.done.*":    {"link", "unlink", "merge"},
		"together.how.*":     {"link", "unlink", "merge", "cause", "answerall"},
		"together.no.*":      texts([]dauys.TogetherWhy{dauys.SameCase, dauys.OtherApplicant, dauys.OtherOffice, dauys.OneRestricted, dauys.OtherPeople, dauys.InParts}),
		"journal.period.*":   {"month", "last", "year"},
		"journal.words.*":    {"open", "closed", "overdue", "redirected"},
		"advise.reason.*":    {"not-admitted", "fx", "f", "no-show", "difference", "unsaid"},
		"looks.role.*":       {"student", "teacher", "advisor", "registrar", "administration"},
		"looks.kind.*":       {"roster", "plans", "marks", "orders", "comparisons", "debts", "theses"},
		"looks.did.*":        {"code", "link", "confirm", "unlink", "unlink-all"},
		"session.semester.*": {"1", "2", "3"},
		"session.sheet.*":    {"whole", "institutes", "programmes", "courses", "groups", "disciplines", "gpa", "notes"},
		"session.column.*": {"institute", "programme", "course", "group", "discipline", "title", "from", "students", "done", "debtors", "results", "admitted", "took",
			"passed", "good", "average", "progress", "quality", "debts", "fx", "f", "open"},
		"identity.column.*": {"number", "name", "code", "until", "link"},
		"import.act.*":      {"publish", "drop", "report", "none", "undo", "undo-yes"},
		"import.kind.*":     texts(registrar.KindNames()),
		"import.flaw.*":     registrar.Codes,
		"import.state.*":    texts([]registrar.State{registrar.Staging, registrar.Staged, registrar.Published, registrar.Dropped, registrar.Undone}),
		"import.what.*":     {"flaw", string(registrar.New), string(registrar.Changed), string(registrar.Gone)},
		"import.column.*":   {"what", "row", "where", "was", "now"},
		"journal.column.*": {"number", "filed", "registered", "by", "channel", "scheme", "kind", "standing", "name", "institute", "group", "topic", "office", "level", "holder",
			"status", "outcome", "document", "due", "late", "settled", "extended", "body", "failed", "procedure"},

		"record.button.*":         {"me", "back", "before", "after", "account", "transcript", "chart", "marks", "gpa", "exams", "calendar", "debts", "orders", "plan", "all", "how", "summary", "table", "fix", "appeal", "object", "admission", "mine", "curriculum", "electives", "compare", "thesis", "how-credits", "how-points", "how-rating", "how-average", "how-fail", "how-grants"},
		"news.topic.*":            topics(),
		"watch.what.*":            dauys.Expectable,
		"news.record.label.*":     {"when", "room", "form", "examiner", "note", "deadline", "way", "cleared"},
		"news.record.exam.*":      {"new", "changed", "gone"},
		"news.record.control.*":   {"new", "changed", "gone"},
		"news.record.event.*":     {"new", "changed", "gone"},
		"news.record.electives.*": {"new", "changed", "gone"},
		"news.record.compare.*":   {"new", "changed", "gone"},
		"news.record.thesis.*":    {"new", "changed", "gone"},
		"news.record.plan.*":      {"chosen", "incomplete", "missing", "checked", "approved", "correct", "gone"},
		"news.record.debt.*":      {"new", "changed", "registered", "cleared", "gone"},
		"news.unseen.column.*":    {"number", "name", "group", "kind", "order", "date", "asked", "account"},
		"record.title.*":          {"me", "newest", "marks", "ever", "all-marks", "summary", "gpa", "table", "admission", "exams", "calendar", "now", "next", "debts", "plan", "mine", "curriculum", "electives", "compare", "thesis", "honours", "past", "windows", "orders", "all", "who", "how", "next-course"},
		"record.none.*":           {"marks", "gpa", "mark", "gpa-ever", "admission", "exams", "calendar", "now", "debts", "debts-unknown", "mine", "curriculum", "electives", "compare", "thesis", "orders", "how"},
		"record.hint.*":           {"barred", "no-show", "exam-failed", "differs", "paid", "table", "passage", "replaced", "admission", "debts", "plan", "electives", "compare", "honours-no", "honours-short", "honours-yes", "how"},
		"record.label.*":          {"name", "name-latin", "student", "iin", "born", "institute", "programme", "programme-title", "course", "group", "language", "mode", "basis", "status", "email", "phone", "gpa", "gpa-term", "earned", "credits", "debts", "open", "next-exam", "term", "teacher", "least", "why", "ways", "until", "price", "registered", "again", "topic", "supervisor", "defence", "grade", "certification", "qualification", "honours-gpa", "order-from", "order-until", "order-was", "order-becomes", "order-amount", "order-reason", "order-basis", "order-note"},
		"record.word.*":           recordWords(),
		"record.class.*":          {"ordinary", "raised", "none", "not-yet"},
		"record.order.kind.*":     words(registrar.OrderKinds),
		"record.order.means.*":    words(registrar.OrderKinds),
		"record.order.next.*":     words(registrar.OrderKinds),
		"news.mark.head.*":        {"ongoing", "rating", "exam", "final", "changed", "gone"},
		"news.mark.note.*":        {"undone", "gone", "reopened"},
		"news.sheet.head.*":       {"closed", "open"},
		"news.progress.head.*":    {"gpa", "summary"},
		"news.remind.what.*":      {"exam", "retake", "registration-ends", "debt", "difference", "leave", "defence"},
		"news.staff.sheets.*":     {"new", "soon", "late"},
		"bulletin.act.*":          {"c", "v", "m", "o", "e", "d", "q", "y", "n", "g", "s"},
		"bulletin.lacks.*":        texts(dauys.Langs),
		"bulletin.other.*":        texts(dauys.Langs),
		"bulletin.preview.*":      texts(dauys.Langs),
		"bulletin.of.*":           texts(notices.Traits),
		"report.state.*":          texts(notices.States),
		"report.tab.*":            {"told", "alone"},
		"report.column.*":         {"group", "number", "name", "topic", "state", "when", "why"},
		"wishes.topic.*":          topics(),
		"wishes.about.*":          topics(),
		"wishes.why.*":            fixed(),
		"wishes.mode.*":           texts(notices.Modes),
		"wishes.choose.*":         texts(notices.Modes),
		"wishes.weekday.*":        {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"},
	}
}

// words are those of a choice of the record.
func words(options []registrar.Option) (out []string) {
	for _, o := range options {
		out = append(out, o.Word)
	}
	return out
}

// recordWords are the words of all choices of the record that a student sees, behind what they are of.
func recordWords() (out []string) {
	add := func(of string, words ...string) {
		for _, w := range words {
			out = append(out, of+"-"+w)
		}
	}
	choices := func(of string, k registrar.Kind, column string) {
		l, _ := registrar.LayoutOf(k)
		add(of, words(l.Column(column).Choices)...)
	}
	add("control", words(registrar.Marked)...)
	add("short", words(registrar.Marked)...)
	add("form", words(registrar.Forms)...)
	choices("attempt", registrar.Exams, "attempt")
	choices("event", registrar.Calendar, "event")
	choices("plan", registrar.Plans, "status")
	choices("reason", registrar.Debts, "reason")
	choices("way", registrar.Debts, "way")
	choices("compare", registrar.Comparisons, "status")
	choices("certification", registrar.Theses, "certification")
	choices("basis", registrar.Roster, "basis")
	choices("status", registrar.Roster, "status")
	add("grade", texts(dauys.Traditionals)...)
	add("outcome", texts([]registrar.Outcome{registrar.Barred, registrar.NoShow, registrar.Failed, registrar.Passed})...)
	add("score", "absent", "not-admitted")
	add("registered", "yes", "no")
	add("admitted", "yes", "no", "done", "none")
	return out
}

func texts[S ~string](list []S) (out []string) {
	for _, s := range list {
		out = append(out, string(s))
	}
	return out
}

// handed are the words with which handlers call a function of messages.go: those that stand
// there, those of a list that is gone through there, and those of named lists.
func handed(t *testing.T, function string, lists ...string) []string {
	found := map[string]bool{}
	take := func(n ast.Node) {
		if c, ok := n.(*ast.CompositeLit); ok {
			for _, e := range c.Elts {
				if word, ok := literal(e); ok {
					found[word] = true
				}
			}
		}
	}
	for _, s := range parse(t, "../handlers/*.go") {
		for _, d := range s.file.Decls {
			looped := map[string]ast.Node{} // variable → what it goes through
			ast.Inspect(d, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.ValueSpec:
					for i, name := range n.Names {
						if slices.Contains(lists, name.Name) && i < len(n.Values) {
							take(n.Values[i])
						}
					}
				case *ast.RangeStmt:
					if v, ok := n.Value.(*ast.Ident); ok {
						looped[v.Name] = n.X
					}
				case *ast.CallExpr:
					f, ok := n.Fun.(*ast.SelectorExpr)
					if ok && f.Sel.Name == "menuRows" && function == "MenuButton" { // which calls it for each
						for _, a := range n.Args {
							if word, ok := literal(a); ok {
								found[word] = true
							}
						}
					}
					if !ok || f.Sel.Name != function || len(n.Args) == 0 {
						return true
					}
					if word, ok := literal(n.Args[0]); ok {
						found[word] = true
					} else if v, ok := n.Args[0].(*ast.Ident); ok {
						take(looped[v.Name])
					}
				}
				return true
			})
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// source is one file of Go.
type source struct {
	files *token.FileSet
	file  *ast.File
}

func parse(t *testing.T, globs ...string) (out []source) {
	for _, glob := range globs {
		names, err := filepath.Glob(glob)
		if err != nil || len(names) == 0 {
			t.Fatalf("no files %s: %v", glob, err)
		}
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			files := token.NewFileSet()
			clean := filepath.ToSlash(filepath.Join("locales", name))
			file, err := parser.ParseFile(files, clean, data, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, source{files, file})
		}
	}
	return out
}

func (s source) at(n ast.Node) string {
	p := s.files.Position(n.Pos())
	return fmt.Sprintf("%s:%d", p.Filename, p.Line)
}

// keys are the messages that a file makes lines of: say("key", "Gap", …), Line{Key: …,
// Args: Args{"Gap": …}} and v.line("key", Args{…}). What is not known of a key is a *.
func (s source) keys() map[string]saying {
	out := map[string]saying{}
	for _, d := range s.file.Decls {
		words := map[string][]string{} // variables of the function that hold words
		ast.Inspect(d, func(n ast.Node) bool {
			if a, ok := n.(*ast.AssignStmt); ok && len(a.Lhs) == len(a.Rhs) {
				for i := range a.Lhs {
					if v, ok := a.Lhs[i].(*ast.Ident); ok {
						if word, ok := literal(a.Rhs[i]); ok {
							words[v.Name] = append(words[v.Name], word)
						}
					}
				}
			}
			return true
		})
		add := func(n ast.Node, key ast.Expr, gaps []string) {
			slices.Sort(gaps)
			for _, pattern := range patterns(key, words) {
				if strings.Trim(pattern, "*.") != "" || strings.Count(pattern, ".") > 0 {
					out[pattern] = saying{s.at(n), gaps}
				}
			}
		}
		ast.Inspect(d, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				switch f := n.Fun.(type) {
				case *ast.Ident:
					if f.Name == "say" {
						var gaps []string
						for i := 1; i < len(n.Args); i += 2 {
							gap, ok := literal(n.Args[i])
							if !ok {
								gap = "?"
							}
							gaps = append(gaps, gap)
						}
						add(n, n.Args[0], gaps)
					}
				case *ast.SelectorExpr:
					if f.Sel.Name == "line" && len(n.Args) == 2 {
						add(n, n.Args[0], argNames(n.Args[1]))
					}
				}
			case *ast.CompositeLit:
				if n.Type != nil && !strings.HasSuffix(name(n.Type), "Line") {
					return true
				}
				var key ast.Expr
				var gaps []string
				for _, e := range n.Elts {
					switch kv, ok := e.(*ast.KeyValueExpr); {
					case !ok:
					case name(kv.Key) == "Key":
						key = kv.Value
					case name(kv.Key) == "Args":
						gaps = argNames(kv.Value)
					}
				}
				if key != nil {
					add(n, key, gaps)
				}
			}
			return true
		})
	}
	return out
}

func argNames(e ast.Expr) (gaps []string) {
	if c, ok := e.(*ast.CompositeLit); ok {
		for _, e := range c.Elts {
			if kv, ok := e.(*ast.KeyValueExpr); ok {
				if gap, ok := literal(kv.Key); ok {
					gaps = append(gaps, gap)
				}
			}
		}
	}
	return gaps
}

func name(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

func literal(e ast.Expr) (string, bool) {
	l, ok := e.(*ast.BasicLit)
	if !ok || l.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(l.Value)
	return s, err == nil
}

// patterns are what an expression can be, with a * for each part that is not known.
func patterns(e ast.Expr, words map[string][]string) []string {
	if word, ok := literal(e); ok {
		return []string{word}
	}
	switch e := e.(type) {
	case *ast.BinaryExpr:
		var out []string
		for _, left := range patterns(e.X, words) {
			for _, right := range patterns(e.Y, words) {
				out = append(out, left+right)
			}
		}
		return out
	case *ast.Ident:
		if known := words[e.Name]; len(known) > 0 {
			return known
		}
	}
	return []string{"*"}
}

func matches(pattern, key string) bool {
	return regexp.MustCompile("^" + strings.ReplaceAll(regexp.QuoteMeta(pattern), `\*`, `[^.]+`) + "$").MatchString(key)
}

// weight is how much of a pattern is known; what is known whole wins.
func weight(pattern string) int {
	n := len(strings.ReplaceAll(pattern, "*", ""))
	if !strings.Contains(pattern, "*") {
		n += 1000
	}
	return n
}

// topics are those of news.
func topics() (all []string) {
	for _, r := range notices.Rules {
		all = append(all, string(r.Topic))
	}
	return all
}

// fixed are the topics that cannot be turned off.
func fixed() (all []string) {
	for _, r := range notices.Rules {
		if r.Fixed {
			all = append(all, string(r.Topic))
		}
	}
	return all
}
