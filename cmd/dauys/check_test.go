package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/storage/storagetest"
)

// TestCheck breaks the structure file of the university, one mistake at a time. The line
// that is told is that of the mistake, and beside it stands what to do.
func TestCheck(t *testing.T) {
	source := string(dauys.BuiltinSource())
	tests := []struct {
		name     string
		old, new string   // in the file; the mistake is in the first line of new
		want     []string // parts of the sentence
	}{
		{"an unknown office in a ladder", "      - office: director\n", "      - office: direktor\n", []string{`"direktor"`, `did you mean "director"`}},
		{"an unknown person in a ladder", "      - person: advisor-curator\n", "      - person: nanny\n", []string{`"nanny"`}},
		{"a term of zero", "days: 3\n", "days: 0\n", []string{`"0" cannot be a term`, "whole number of working days"}},
		{"a term of minus one", "days: 3\n", "days: -1\n", []string{`"-1" cannot be a term`}},
		{"a term in words", "days: 3\n", "days: three\n", []string{`"three" cannot be a term`}},
		{"a doubled office", "  - id: rector\n    members", "  - id: vr-academic\n    members", []string{`"vr-academic"`}},
		{"a doubled institute", "  - id: ilb\n", "  - id: iedt\n", []string{`"iedt"`}},
		{"an id that is too long", "  - id: ilb\n", "  - id: logistics\n", []string{`"logistics"`, "6"}},
		{"a date that there is not", "2026-12-16: Independence", "2026-02-30: Independence", []string{"2026-02-30"}},
		{"a date in another order", "2026-12-16: Independence", "16.12.2026: Independence", []string{"16.12.2026", "write it as 2026-"}},
		{"a span that runs backwards", "2026-01-01 to 2026-01-02", "2026-01-02 to 2026-01-01", []string{"2026-01-02 to 2026-01-01"}},
		{"hours that run backwards", "hours: 08:30-17:30", "hours: 17:30-08:30", []string{"17:30-08:30"}},
		{"a weekday that there is not", "[mon, tue", "[mno, tue", []string{`"mno"`}},
		{"a zone that there is not", "zone: Asia/Almaty", "zone: Asia/Alma-Ata2", []string{"Asia/Alma-Ata2"}},
		{"an unknown job", "jobs: {}", "jobs:\n  digets: \"0 9 * * 1-5\"", []string{`there is no job "digets"`, "take it out"}},
		{"a reminder at a fixed time", "jobs: {}", "jobs:\n  exam-eve: \"0 9 * * *\"", []string{`"exam-eve" does not say when before or after an exam`, "1 day before at 18:00"}},
		{"a job before nothing", "jobs: {}", "jobs:\n  digest: \"1 day before at 18:00\"", []string{`"digest" has nothing before or after which it could run`, "0 9 * * 1-5"}},
		{"a cron expression that does not parse", "jobs: {}", "jobs:\n  digest: \"9 o'clock\"", []string{`"9 o'clock"`, "0 9 * * 1-5"}},
		{"an event that no academic calendar has", "by: 3 days after rating1", "by: 3 days after rating3", []string{`has the event "rating3"`, "rating1"}},
		{"a day by which nothing can be expected", "by: 14 days into study", "by: in October", []string{`"in October" says no day`, "7 days into study"}},
		{"something that nobody can expect", "what: timetable", "what: time-table", []string{`"time-table"`, "timetable"}},
		{"a feed of no kind", "{kind: orders, days: 31", "{kind: order, days: 31", []string{`no kind of import "order"`, "orders"}},
		{"a feed during no event", "during: [study, exams]", "during: [study, exam]", []string{`has the event "exam"`, "exams"}},
		{"a kind without texts", "kinds: [complaint, application]", "kinds: [complaint, application, thanks]", []string{`"thanks"`}},
		{"a scheme from nobody", "from: [student, curator]", "from: [student, neighbour]", []string{`"neighbour"`}},
		{"a kind with a slip of the pen", "kinds: [talk]", "kinds: [tolk]", []string{`"tolk" is not a kind of request`, "talk"}},
		{"a number that nobody can dial", "number: \"112\"", "number: help", []string{`"help" is not a telephone number`, "as it is dialled"}},
		{"a number that is there twice", "  - number: \"103\"", "  - number: \"102\"", []string{`"102" is here twice`}},
		{"an office on duty that there is not", "duty: desw", "duty: dews", []string{`there is no office "dews"`, `did you mean "desw"`}},
		{"an office on duty in every institute", "duty: desw", "duty: deputy", []string{`each institute has its own "deputy"`, "vr-academic"}},
		{"a kind that nobody takes", "schemes:\n", "schemes:\n  - {id: only, series: ALT, kinds: [complaint], from: [student, faculty, curator], source: x, days: 15, rungs: [{office: rector, days: 1}]}\nnothing:\n", []string{"a talk from a student leads nowhere"}},
		{"a topic with a slip of the pen", "topics: [dormitory, social, aid]", "topics: [dormitry, social, aid]", []string{`about "dormitry"`, "dormitory"}},
		{"a scheme without a source", "    source: >-\n      Procedure for", "    sauce: >-\n      Procedure for", []string{`"source" is missing`}},
		{"a field that there is not", "    source: >-\n      Procedure for", "    sauce: >-\n      Procedure for", []string{`"sauce"`}},
		{"a kind to be signed that the way does not take", "collective: [suggestion]", "collective: [talk]", []string{`no "talk"`}},
		{"a name that is missing", "      ru: Директор института\n", "", []string{"ru"}},
		{"a chat of no messenger", "  - id: rector\n    members: true", "  - id: rector\n    chat: telegram:rector\n    members: true", []string{"telegram:rector", "telegram:-1001234567890"}},
		{"a language that there is not", "  - id: rector\n    members: true", "  - id: rector\n    lang: de\n    members: true", []string{`"de"`}},
		{"a percent without a grade", "from: 85, to: 89", "from: 86, to: 89", []string{"no grade has 85 percent", "to: 85"}},
		{"weights that make no whole", "    exam: 40", "    exam: 50", []string{"weigh 110 percent together", "make 100"}},
		{"a tab", "  - id: rector", "\t- id: rector", []string{"tab"}},
		{"an open bracket", "[complaint, application]", "[complaint, suggestion", []string{"university.yaml"}},
	}
	for i, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if strings.Count(source, tt.old) == 0 {
				t.Fatalf("%q is not in the file any more", tt.old)
			}
			before, after, _ := strings.Cut(source, tt.old)
			file := filepath.Join(t.TempDir(), "university.yaml")
			if err := os.WriteFile(file, []byte(before+tt.new+after), 0o600); err != nil {
				t.Fatal(err)
			}
			line := strings.Count(before, "\n") + 1
			text, err := told(t, []string{"UNIVERSITY=" + file}, "check")
			if !errors.Is(err, errTold) {
				t.Errorf("the error is %v, not that all was told:\n%s", err, text)
			}
			if !problemAt(text, file, line, tt.want) {
				t.Errorf("line %d: not told with %q, its line and what to do:\n%s", line, tt.want, text)
			}
			if !strings.HasSuffix(text, " to mend\n") {
				t.Errorf("it is not told how much is to mend: %s", text)
			}
			if i > 2 { // what follows is about no mistake of its own
				return
			}
			if again, err := told(t, nil, "check", file); !errors.Is(err, errTold) || again != text {
				t.Errorf("check FILE says something else: %v\n%s", err, again)
			}
			// What does not pass the check does not run either.
			if _, err := told(t, []string{"UNIVERSITY=" + file}, "ladder"); err == nil || !strings.Contains(err.Error(), "university.yaml") {
				t.Errorf("ladder takes the file: %v", err)
			}
		})
	}
}

// problemAt looks for a problem that is told with words, what to do, and a line: that of the
// mistake, or where the part of the file begins in which something is missing.
func problemAt(text, file string, line int, want []string) bool {
	for l := range strings.SplitSeq(text, "\n") {
		rest, ok := strings.CutPrefix(l, file+":")
		var at int
		if _, err := fmt.Sscanf(rest, "%d:", &at); !ok || err != nil || strings.Contains(l, ": warning: ") {
			continue
		}
		missing := slices.ContainsFunc(want, func(w string) bool { return !strings.Contains(l, w) })
		if !missing && strings.Contains(l, "; ") && at <= line+1 && at >= line-5 {
			return true
		}
	}
	return false
}

func TestCheckOfGoodFiles(t *testing.T) {
	text, err := told(t, nil, "check")
	if err != nil || !strings.HasSuffix(text, "all is well\n") {
		t.Errorf("%v: %s", err, text)
	}
	file := filepath.Join(t.TempDir(), "copy.yaml")
	if err := os.WriteFile(file, dauys.BuiltinSource(), 0o600); err != nil {
		t.Fatal(err)
	}
	if text, err = told(t, nil, "check", file); err != nil || !strings.HasSuffix(text, "all is well\n") {
		t.Errorf("%v: %s", err, text)
	}
	windows := strings.ReplaceAll("\ufeff"+string(dauys.BuiltinSource()), "\n", "\r\n")
	if err := os.WriteFile(file, []byte(windows), 0o600); err != nil {
		t.Fatal(err)
	}
	if text, err = told(t, nil, "check", file); err != nil {
		t.Errorf("saved by an editor of Windows: %v: %s", err, text)
	}
}

// Settings and structure file are checked in one go, and all mistakes are counted.
func TestCheckOfEverything(t *testing.T) {
	file := filepath.Join(t.TempDir(), "university.yaml")
	broken := strings.NewReplacer("office: director", "office: direktor", "jobs: {}", "jobs:\n  x: y").Replace(string(dauys.BuiltinSource()))
	if err := os.WriteFile(file, []byte(broken), 0o600); err != nil {
		t.Fatal(err)
	}
	text, err := told(t, []string{"LEASE=x", "TELEGRAM_TOKN=1:a", "UNIVERSITY=" + file}, "check")
	if !errors.Is(err, errTold) {
		t.Error(err)
	}
	for _, want := range []string{"LEASE \"x\"", "TELEGRAM_TOKN", `"direktor"`} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is not told:\n%s", want, text)
		}
	}
	lines := 0
	for l := range strings.SplitSeq(strings.TrimSpace(text), "\n") {
		if !strings.Contains(l, ": warning: ") {
			lines++
		}
	}
	if want := fmt.Sprintf("%d to mend", lines-1); !strings.HasSuffix(strings.TrimSpace(text), want) {
		t.Errorf("%d mistakes are told, and at the end:\n%s", lines-1, text)
	}
	for _, where := range []string{"/nowhere/university.yaml", t.TempDir()} {
		text, err := told(t, nil, "check", where)
		if err == nil {
			t.Errorf("%s passes", where)
		}
		oneSentence(t, text, "UNIVERSITY")
	}
}

var dueForm = regexp.MustCompile(`due by \d{1,2} \w+ \d{4}, \d\d:\d\d`)

// TestLadder: the way of every kind, to be compared with the procedure.
func TestLadder(t *testing.T) {
	var got strings.Builder
	for _, args := range [][]string{
		{"--kind", "complaint", "--institute", "itc"},
		{"--kind", "suggestion", "--from", "curator", "--institute", "ibde"},
		{"--kind", "complaint"},
		{"--kind", "talk", "--institute", "ilb"},
	} {
		text, err := told(t, nil, append([]string{"ladder"}, args...)...)
		if err != nil {
			t.Error(err)
		}
		if !dueForm.MatchString(text) {
			t.Errorf("no due date: %s", text)
		}
		got.WriteString("$ dauys ladder " + strings.Join(args, " ") + "\n\n" + dueForm.ReplaceAllString(text, "due by DATE") + "\n\n")
	}
	golden(t, "ladder.txt", got.String())

	for _, tt := range []struct{ args, want string }{
		{"--kind thanks", "it is one of: complaint, suggestion, application, support, appeal, response, message, inquiry, talk"},
		{"--from neighbour", "it is one of: student, faculty, curator"},
		{"--institute ITC", "it is one of: iedt, ilb, itc, ibde"},
		{"--institute itc2", "it is one of: iedt, ilb, itc, ibde"},
		{"--kind=", "it is one of: complaint, suggestion, application, support, appeal, response, message, inquiry, talk"},
	} {
		text, err := told(t, nil, append([]string{"ladder"}, strings.Fields(tt.args)...)...)
		if err == nil || !strings.Contains(text, tt.want) {
			t.Errorf("ladder %s: %v, not %s", tt.args, text, tt.want)
		}
	}
}

// TestMigrate: a new database, the same one again, and how it stands, on every engine.
func TestMigrate(t *testing.T) {
	for _, store := range storagetest.Stores(t) {
		t.Run(store.Name, func(t *testing.T) {
			t.Parallel()
			folder := filepath.Join(t.TempDir(), "data")
			env := []string{"DATABASE_URL=" + store.Empty(t), "DATA_DIR=" + folder}
			before, err := told(t, env, "migrate", "status")
			if err != nil || strings.Contains(before, "done") || !strings.Contains(before, "to do") {
				t.Errorf("a new database: %v\n%s", err, before)
			}
			up, err := told(t, env, "migrate", "up")
			if err != nil || strings.Contains(up, "to do") {
				t.Errorf("up: %v\n%s", err, up)
			}
			if strings.ReplaceAll(before, "to do  ", "done   ") != up {
				t.Errorf("other steps were done than were to do:\n%s\n%s", before, up)
			}
			for _, args := range [][]string{{"migrate", "up"}, {"migrate", "status"}} {
				if text, err := told(t, env, args...); err != nil || text != up {
					t.Errorf("%q afterwards: %v\n%s", args, err, text)
				}
			}
		})
	}
	t.Run("the file in the data folder", func(t *testing.T) {
		t.Parallel()
		env := []string{"DATA_DIR=" + filepath.Join(t.TempDir(), "data")}
		if text, err := told(t, env, "migrate", "up"); err != nil {
			t.Errorf("%v: %s", err, text)
		}
		text, err := told(t, append(env, "MASTER_KEY="+strings.Repeat("ab", 32)), "migrate", "up")
		if err == nil {
			t.Fatal("another key is taken")
		}
		oneSentence(t, text, "MASTER_KEY", "another MASTER_KEY")
	})
	t.Run("while the bot runs", func(t *testing.T) {
		t.Parallel()
		s := newStage(t)
		if text, err := told(t, s.env, "migrate", "status"); err != nil || strings.Contains(text, "to do") {
			t.Errorf("%v: %s", err, text)
		}
	})
}

func TestVersion(t *testing.T) {
	text, err := told(t, nil, "version")
	if err != nil || !regexp.MustCompile(`^dauys \S+ go1\.\d+\S*\n$`).MatchString(text) {
		t.Errorf("%v: %q", err, text)
	}
}
