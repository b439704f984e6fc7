package handlers

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
	"alt.edu.kz/dauys/registrar"
)

func TestReadSession(t *testing.T) {
	for typed, want := range map[string]string{
		"2025-2026 1": "2025-2026 1", " 2025-2026": "2025-2026 0", "2025/26 2": "2025-2026 2", "2025 – 2026, 3": "2025-2026 3", "2025 2": "2025-2026 2",
		"2025-2026 2 семестр": "2025-2026 2", "2025-2027 1": "", "2025-2026 4": "", "зимняя": "", "1": "", "2025-2026 12": "",
	} {
		got := ""
		if in, ok := readSession(typed); ok {
			got = fmt.Sprint(in.Year, " ", in.Semester)
		}
		if got != want {
			t.Errorf("%q is %q, want %q", typed, got, want)
		}
	}
}

// What takes long is made once, while the notice that waits for it comes again and again.
func TestApart(t *testing.T) {
	h, release, made := &Handlers{}, make(chan struct{}), 0
	do := func(context.Context) ([]ask.Reply, error) {
		made++
		<-release
		return []ask.Reply{{Text: "ready"}}, nil
	}
	for range 3 {
		if _, err := h.apart(t.Context(), "k", do); !errors.Is(err, ErrNotYet) {
			t.Fatalf("before it is ready: %v", err)
		}
	}
	close(release)
	if r, err := h.apart(t.Context(), "k", do); err != nil || len(r) != 1 || r[0].Text != "ready" || made != 1 {
		t.Errorf("%v, %v, made %d times", r, err, made)
	}
	failed := errors.New("no")
	if _, err := h.apart(t.Context(), "f", func(context.Context) ([]ask.Reply, error) { return nil, failed }); !errors.Is(err, failed) {
		t.Errorf("an error became %v", err)
	}
	if _, err := h.apart(t.Context(), "p", func(context.Context) ([]ask.Reply, error) { panic("x") }); err == nil {
		t.Error("a panic was no error")
	}
	if len(h.making.all) != 0 {
		t.Errorf("%d are kept", len(h.making.all))
	}
}

func TestAsLooks(t *testing.T) {
	at := time.Date(2026, 11, 23, 5, 0, 0, 0, time.UTC)
	look := func(cause string, who dauys.Address, did registrar.Did, k registrar.Kind, seconds int) registrar.Access {
		return registrar.Access{Cause: cause, Who: who, Did: did, Kind: k, At: at.Add(time.Duration(seconds) * time.Second)}
	}
	got := ""
	for _, x := range asLooks([]registrar.Access{
		look("3", "a", registrar.DidRead, registrar.Marks, 70), look("2", "a", registrar.DidRead, registrar.Marks, 20), look("2", "b", registrar.DidCode, "", 15),
		look("1", "a", registrar.DidRead, registrar.Roster, 10), look("1", "a", registrar.DidCode, "", 5),
	}) {
		got += fmt.Sprint(x.Who, x.Did, x.kinds, " ")
	}
	if want := "aread[marks] aread[roster marks] bcode[] acode[] "; got != want {
		t.Errorf("got %s", got)
	}
}

// termed is how a session of some programmes could have gone: in the second, one group is too small to be shown.
func termed(a *dauys.Academic) registrar.Summary {
	count := registrar.NewSession(a, registrar.Span{Year: "2025-2026", Semester: 2})
	n := 0
	group := func(students int, p registrar.Place) {
		for range students {
			n++
			var marks []registrar.Entry
			for d := range 5 {
				for i, control := range []string{registrar.OfAdmission, registrar.OfExam} {
					marks = append(marks, registrar.EntryOf(registrar.Marks, registrar.Fields{"student": fmt.Sprint(n), "year": "2025-2026", "semester": "2", "discipline": fmt.Sprint("D", d),
						"title": fmt.Sprint("=Discipline ", d), "credits": "5", "control": control, "score": fmt.Sprint(35 + (n*13+d*29+i*17)%66)}))
				}
			}
			count.Add(p, marks, nil)
		}
	}
	for i, title := range []string{"Ақпараттық жүйелер", "Көлік құрылысы", "Логистика (салалар бойынша)", "Жол қозғалысын ұйымдастыру", "Радиотехника, электроника және телекоммуникациялар", "Қаржы"} {
		p := registrar.Place{Institute: "itc", Programme: fmt.Sprint("6B0610", i), Title: title, Course: "2", Group: fmt.Sprint("Г-", i)}
		group(25+i, p)
		if i == 1 {
			p.Group = "Г-1а"
			group(3, p)
		}
	}
	return count.Sum(fewestFigure)
}

// The message, the picture and the table are there in every language, show nothing of groups that are too
// small, and contain no formula. KEEP_PAPERS names a folder where they can be looked at.
func TestSessionPapers(t *testing.T) {
	u := dauys.Builtin()
	book, err := locales.New(u.Calendar.Zone(), Names(u))
	if err != nil {
		t.Fatal(err)
	}
	h := &Handlers{University: u, Book: book, Now: func() time.Time { return time.Date(2026, time.June, 27, 5, 0, 0, 0, time.UTC) }}
	sum := termed(u.Academic)
	for _, l := range dauys.Langs {
		if words := h.sessionWords(l, sum); strings.Contains(words, "{{") || !strings.Contains(words, "168") {
			t.Errorf("%s: %s", l, words)
		}
		picture, err := h.sessionPicture(l, sum)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := png.Decode(bytes.NewReader(picture)); err != nil {
			t.Error(err)
		}
		table, err := h.sessionTable(l, sum)
		if err != nil {
			t.Fatal(err)
		}
		f, err := excelize.OpenReader(bytes.NewReader(table))
		if err != nil {
			t.Fatal(err)
		}
		hidden, shown := 0, 0
		groups, err := f.GetRows(book.Plain(l, locales.SessionSheet("groups")))
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range groups[1:] {
			if row[4] == noFigure {
				hidden++
			} else {
				shown++
			}
		}
		if hidden != 2 || shown != 5 {
			t.Errorf("%s: %d groups are hidden, %d shown", l, hidden, shown)
		}
		if name, _ := f.GetCellValue(book.Plain(l, locales.SessionSheet("disciplines")), "B2"); !strings.HasPrefix(name, "'=") {
			t.Errorf("%s: a name begins as a formula: %s", l, name)
		}
		_ = f.Close()
		if dir := os.Getenv("KEEP_PAPERS"); dir != "" {
			for name, data := range map[string][]byte{"session-" + string(l) + ".png": picture, "session-" + string(l) + ".xlsx": table} {
				if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}
