package storagetest

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/fault"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/storage"
)

// background is for what outlives a test's own context.
var background = context.Background()

// Who takes part in the promises.
const (
	aigerim  dauys.Address = "telegram:77"
	deputy   dauys.Address = "telegram:501" // acts for the first office
	director dauys.Address = "telegram:502" // acts for the second
	stranger dauys.Address = "telegram:666"
	chatA    dauys.Address = "telegram:-1001/12"
	chatB    dauys.Address = "telegram:-1002"
)

// The offices of the ladder of [Case].
const (
	first  dauys.OfficeID = "deputy@itc"
	second dauys.OfficeID = "director@itc"
)

// a promise is a sentence about a database that must be true.
type promise struct {
	says string
	keep func(t *testing.T, w *world)
}

// world is one fresh database with what a promise needs to look at it.
type world struct {
	*storage.DB
	store Store
	url   string
}

func (w *world) again(t *testing.T) *storage.DB { return OpenURL(t, w.url) }

// raw is the database without the storage.
func (w *world) raw(t *testing.T) *sql.DB {
	t.Helper()
	driver, dsn := "pgx", w.url
	if w.Engine() == "sqlite" {
		driver, dsn = "sqlite", "file:"+strings.TrimPrefix(w.url, "sqlite://")+"?_pragma=busy_timeout(10000)"
	}
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func (w *world) count(t *testing.T, query string, args ...any) (n int) {
	t.Helper()
	if err := w.raw(t).QueryRow(query, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func (w *world) file(t *testing.T, draft string) *dauys.Case {
	t.Helper()
	c, fresh, err := w.File(t.Context(), Case(t, draft))
	if err != nil || !fresh {
		t.Fatalf("File(%s) = fresh %v, %v", draft, fresh, err)
	}
	return c
}

func (w *world) staff(t *testing.T) {
	t.Helper()
	for who, office := range map[dauys.Address]dauys.OfficeID{deputy: first, director: second} {
		_, err := w.Grant(t.Context(), dauys.Staff{Address: who, Name: "Ерлан Абаев", Office: office, From: Now.Add(-time.Hour)})
		must(t, err)
	}
}

// do makes a move as somebody of the office.
func (w *world) do(t *testing.T, number string, who dauys.Address, cause string, act dauys.Act) (*dauys.Case, error) {
	return w.Act(t.Context(), number, who, cause, Now, func(c *dauys.Case, s dauys.Staff) error { return move(c, s, act, cause) })
}

func move(c *dauys.Case, s dauys.Staff, act dauys.Act, cause string) error {
	if s.ID == 0 {
		return dauys.ErrNotStaff
	}
	return c.Do(dauys.Move{Act: act, By: dauys.TheOffice, Staff: s, Note: "because", Outcome: dauys.Granted, Cause: cause, At: Now}, &dauys.Builtin().Calendar)
}

// add makes a move as the applicant; it can be made any number of times.
func add(cause string) func(*dauys.Case, dauys.Staff) error {
	return func(c *dauys.Case, _ dauys.Staff) error {
		return c.Do(dauys.Move{Act: dauys.Add, By: dauys.TheApplicant, Note: "one thing more", Cause: cause, At: Now}, &dauys.Builtin().Calendar)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func want(t *testing.T, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s = %+v, want %+v", what, got, want)
	}
}

func wantErr(t *testing.T, what string, err, target error) {
	t.Helper()
	if !errors.Is(err, target) {
		t.Errorf("%s: error %v, want %v", what, err, target)
	}
}

// at16 does a thing sixteen times at once and returns how often it said yes.
func at16(t *testing.T, do func(i int) (bool, error)) int {
	t.Helper()
	var yes atomic.Int64
	var all sync.WaitGroup
	start := make(chan struct{})
	for i := range 16 {
		all.Go(func() {
			<-start
			ok, err := do(i)
			if err != nil {
				t.Errorf("the %dth of sixteen: %v", i, err)
			}
			if ok {
				yes.Add(1)
			}
		})
	}
	close(start)
	all.Wait()
	return int(yes.Load())
}

// endsActing lets four act for the deputy's right at once, one after the other, until end takes the right
// away: what was read before that stores nothing after it.
func (w *world) endsActing(t *testing.T, number, what string, end func()) {
	t.Helper()
	var acted atomic.Int64
	var all sync.WaitGroup
	stop := make(chan struct{})
	for range 4 {
		all.Go(func() {
			for {
				_, err := w.Act(t.Context(), number, deputy, "", Now, func(c *dauys.Case, s dauys.Staff) error {
					if c.Status == dauys.InReview {
						return move(c, s, dauys.GiveBack, "")
					}
					return move(c, s, dauys.Take, "")
				})
				switch {
				case err == nil:
					acted.Add(1)
				case !errors.Is(err, dauys.ErrNotStaff):
					t.Errorf("act: %v", err)
				}
				select {
				case <-stop:
					return
				default:
				}
			}
		})
	}
	for acted.Load() < 20 && !t.Failed() {
		time.Sleep(time.Millisecond)
	}
	end()
	then, err := w.Case(t.Context(), number)
	must(t, err)
	time.Sleep(50 * time.Millisecond)
	close(stop)
	all.Wait()
	now, err := w.Case(t.Context(), number)
	must(t, err)
	want(t, "events after the "+what, len(now.Events)-len(then.Events), 0)
}

// interrupted runs do with a fault at a point that leaves it in a hurry, as a crash would.
func interrupted(t *testing.T, point string, do func()) {
	t.Helper()
	type crash struct{}
	off := fault.On(point, 1, func() { panic(crash{}) })
	defer off()
	defer func() {
		if _, ok := recover().(crash); !ok {
			t.Errorf("the point %s was not reached", point)
		}
	}()
	do()
}

// Run checks every promise on new databases of a store.
func Run(t *testing.T, store Store) {
	for _, p := range promises {
		t.Run(p.says, func(t *testing.T) {
			url := store.Migrated(t)
			p.keep(t, &world{DB: OpenURL(t, url), store: store, url: url})
		})
	}
}

var promises = slices.Concat(filing, acting, waking, showing, telling, people, prompting, proposing, editing, keeping, opening, appointing, making, signing, meetings, queueing, receiving, muting, listing, topical, readying, counting, staffing, joining, recording, uploading, linking, seating, issuing, handing, newsworthy, mailing, seeing)

var filing = []promise{
	{"what is filed is read back the same", func(t *testing.T, w *world) {
		c := CaseOf(t, dauys.Draft{ID: "d1", Urgent: true, Details: []dauys.Detail{{Question: "talk.how", Option: "call"}, {Question: "talk.phone", Text: "+77010000001"}}, Files: []dauys.File{
			{Ref: "AwAC", Kind: "voice", Spoken: true}, {Ref: "AgAC", Kind: "photo", Name: "ведомость.jpg", Size: 1234, MIME: "image/jpeg"}}}, Now)
		got, fresh, err := w.File(t.Context(), c)
		must(t, err)
		want(t, "fresh", fresh, true)
		want(t, "number", got.Number, "ALT-2026-000001")
		c.Stored()
		c.Loaded()
		c.Number, c.Version = got.Number, got.Version
		for _, at := range []*time.Time{&c.Filed, &c.Registered, &c.Due, &c.RungDue, &c.Wake, &c.Consent.At, &c.Events[0].At} {
			*at = at.UTC()
		}
		want(t, "what was stored", got, c)
		for what, read := range map[string]func() (*dauys.Case, error){
			"Case":        func() (*dauys.Case, error) { return w.Case(t.Context(), got.Number) },
			"CaseByDraft": func() (*dauys.Case, error) { return w.CaseByDraft(t.Context(), "d1") },
			"Cases": func() (*dauys.Case, error) {
				all, err := w.Cases(t.Context(), storage.Filter{})
				if err != nil || len(all) != 1 {
					return nil, fmt.Errorf("%d cases, %w", len(all), err)
				}
				return all[0], nil
			},
		} {
			again, err := read()
			must(t, err)
			want(t, what, again, got)
		}
		_, err = w.Case(t.Context(), "ALT-2026-000002")
		wantErr(t, "an unknown number", err, dauys.ErrNotFound)
		_, err = w.CaseByDraft(t.Context(), "d2")
		wantErr(t, "an unknown draft", err, dauys.ErrNotFound)
	}},
	{"whom a case is about, its group, its terms and its ladder are read back the same", func(t *testing.T, w *world) {
		d := dauys.Draft{ID: "d1", Kind: dauys.Complaint, Institute: "itc", Group: "ИС 21-1", Against: []dauys.OfficeID{"director", "rector"},
			Applicant: dauys.Applicant{Address: aigerim, Standing: dauys.AsStudent}, Text: "words", Helper: "Дамир", Original: "other words",
			Details: []dauys.Detail{{Question: "complaint.who", Text: "the director"}}, Missing: []string{"id", "income-proof"}}
		q := d.Request()
		q.Known = map[string]dauys.OfficeID{"advisor-curator": dauys.CuratorOf("advisor-curator", "itc", d.Group)}
		q.Barred = []dauys.Address{director, stranger}
		way, err := dauys.Builtin().Route(q)
		must(t, err)
		c := way.Open(d, dauys.Builtin(), Now)
		c.Terms.Gentle, c.Terms.Procedure, c.Terms.Cites = true, "2026", map[string]string{"register": "4.1"}
		c.Ladder[1].Registers, c.Ladder[1].Powers, c.Until = true, []dauys.Act{dauys.Mediate}, Now.Add(time.Hour)
		c.Events[0].Clause, c.Away = "4.1", []dauys.OfficeID{"advisor-curator@itc.x"}
		got, _, err := w.File(t.Context(), c)
		must(t, err)
		again, err := w.Case(t.Context(), got.Number)
		must(t, err)
		c.Stored()
		c.Loaded()
		c.Number, c.Version = got.Number, got.Version
		for _, at := range []*time.Time{&c.Filed, &c.Registered, &c.Due, &c.RungDue, &c.Wake, &c.Until, &c.Events[0].At} {
			*at = at.UTC()
		}
		c.Consent = got.Consent
		want(t, "what was stored", got, c)
		want(t, "what is read", again, c)
		want(t, "offices that it is about", again.Against, []dauys.OfficeID{second, "rector"})
		want(t, "the first office", again.Ladder[0], dauys.Rung{Office: "advisor-curator@itc.ис211", Days: 2, Chooses: true})
	}},
	{"a draft filed sixteen times at once is one case", func(t *testing.T, w *world) {
		fresh := at16(t, func(int) (bool, error) {
			c, fresh, err := w.File(t.Context(), Case(t, "d1"))
			if err == nil && c.Number != "ALT-2026-000001" {
				t.Errorf("number %s", c.Number)
			}
			return fresh, err
		})
		want(t, "times that it was new", fresh, 1)
		want(t, "cases", w.count(t, "SELECT COUNT(*) FROM cases"), 1)
		want(t, "notifications", w.count(t, "SELECT COUNT(*) FROM notifications"), 2)
		want(t, "cards", w.count(t, "SELECT COUNT(*) FROM cards"), 1)
		want(t, "the next number", w.file(t, "d2").Number, "ALT-2026-000002")
	}},
	{"a draft filed again with other content is refused", func(t *testing.T, w *world) {
		w.file(t, "d1")
		c, fresh, err := w.File(t.Context(), CaseOf(t, dauys.Draft{ID: "d1", Text: "Something quite different happened."}, Now))
		wantErr(t, "other content", err, dauys.ErrOtherContent)
		want(t, "fresh", fresh, false)
		want(t, "number of the one that is there", c.Number, "ALT-2026-000001")
	}},
	{"what staff enter needs an active right for their office, and is entered once", func(t *testing.T, w *world) {
		w.staff(t)
		_, _, err := w.Enter(t.Context(), Case(t, "d1"), director, first, Now)
		wantErr(t, "by somebody of another office", err, dauys.ErrNotStaff)
		must(t, w.Revoke(t.Context(), director, second, false, Now))
		_, _, err = w.Enter(t.Context(), Case(t, "d1"), director, second, Now)
		wantErr(t, "after the right was taken away", err, dauys.ErrNotStaff)
		want(t, "cases", w.count(t, "SELECT COUNT(*) FROM cases"), 0)
		fresh := at16(t, func(int) (bool, error) {
			_, fresh, err := w.Enter(t.Context(), Case(t, "d1"), deputy, first, Now)
			return fresh, err
		})
		want(t, "times that it was new", fresh, 1)
		want(t, "the next number", w.file(t, "d2").Number, "ALT-2026-000002")
	}},
	{"numbers have no gap after failed filings", func(t *testing.T, w *world) {
		w.file(t, "d1")
		interrupted(t, "file-before-commit", func() { _, _, _ = w.File(t.Context(), Case(t, "d2")) })
		_, err := w.CaseByDraft(t.Context(), "d2")
		wantErr(t, "the one that was interrupted", err, dauys.ErrNotFound)
		gone, cancel := context.WithCancel(t.Context())
		off := fault.On("file-before-commit", 1, cancel)
		defer off()
		if _, _, err := w.File(gone, Case(t, "d3")); err == nil {
			t.Error("a filing whose caller went away succeeded")
		}
		want(t, "the next number", w.file(t, "d4").Number, "ALT-2026-000002")
		want(t, "notifications", w.count(t, "SELECT COUNT(*) FROM notifications"), 4)
	}},
	{"sixteen drafts at once have sixteen numbers in a row", func(t *testing.T, w *world) {
		var mu sync.Mutex
		var numbers []string
		at16(t, func(i int) (bool, error) {
			c, _, err := w.File(t.Context(), Case(t, fmt.Sprintf("d%d", i)))
			if err == nil {
				mu.Lock()
				defer mu.Unlock()
				numbers = append(numbers, c.Number)
			}
			return true, err
		})
		slices.Sort(numbers)
		for i, n := range numbers {
			want(t, "number", n, fmt.Sprintf("ALT-2026-%06d", i+1))
		}
	}},
	{"a filing that was interrupted after it was stored is found by the next try", func(t *testing.T, w *world) {
		interrupted(t, "file-after-commit", func() { _, _, _ = w.File(t.Context(), Case(t, "d1")) })
		c, fresh, err := w.File(t.Context(), Case(t, "d1"))
		must(t, err)
		want(t, "fresh", fresh, false)
		want(t, "number", c.Number, "ALT-2026-000001")
	}},
	{"a number carries the year in Almaty, and each year and series begins at one", func(t *testing.T, w *world) {
		newYear := time.Date(2026, time.December, 31, 19, 0, 0, 0, time.UTC) // midnight in Almaty
		for i, tc := range []struct {
			filed time.Time
			want  string
		}{
			{newYear.Add(-time.Second), "ALT-2026-000001"},
			{newYear, "ALT-2027-000001"},
			{newYear.Add(time.Hour), "ALT-2027-000002"},
		} {
			c, _, err := w.File(t.Context(), CaseOf(t, dauys.Draft{ID: fmt.Sprint("d", i)}, tc.filed))
			must(t, err)
			want(t, "number", c.Number, tc.want)
		}
		other := Case(t, "other")
		other.Series = "VIG"
		c, _, err := w.File(t.Context(), other)
		must(t, err)
		want(t, "number of another series", c.Number, "VIG-2026-000001")
	}},
	{"cases are listed by applicant, office and openness, newest first, page by page", func(t *testing.T, w *world) {
		w.staff(t)
		var all []string
		for i := range 12 {
			d := dauys.Draft{ID: fmt.Sprint("d", i)}
			if i%3 == 0 {
				d.Applicant = dauys.Applicant{Address: stranger, Standing: dauys.AsStudent}
			}
			c, _, err := w.File(t.Context(), CaseOf(t, d, Now.Add(time.Duration(i/4)*time.Minute))) // four share a time
			must(t, err)
			all = append(all, c.Number)
		}
		slices.Reverse(all)
		numbers := func(f storage.Filter) (got []string) {
			t.Helper()
			cases, err := w.Cases(t.Context(), f)
			must(t, err)
			for _, c := range cases {
				got = append(got, c.Number)
			}
			return got
		}
		want(t, "all", numbers(storage.Filter{}), all)
		var paged []string
		for f := (storage.Filter{Limit: 5}); ; f.Before = paged[len(paged)-1] {
			page := numbers(f)
			if paged = append(paged, page...); len(page) < 5 {
				break
			}
		}
		want(t, "page by page", paged, all)
		want(t, "the stranger's", numbers(storage.Filter{Applicant: stranger}), []string{all[2], all[5], all[8], all[11]})
		_, err := w.do(t, all[0], deputy, "", dauys.Escalate)
		must(t, err)
		want(t, "the second office's", numbers(storage.Filter{Office: second}), all[:1])
		want(t, "the first office's", numbers(storage.Filter{Office: first, Limit: 1}), all[1:2])
		_, err = w.Act(t.Context(), all[1], "", "", Now, func(c *dauys.Case, _ dauys.Staff) error {
			return c.Do(dauys.Move{Act: dauys.Withdraw, By: dauys.TheApplicant, At: Now}, &dauys.Builtin().Calendar)
		})
		must(t, err)
		want(t, "the open ones", numbers(storage.Filter{Open: true, Limit: 2}), []string{all[0], all[2]})
		want(t, "after a number that is not there", numbers(storage.Filter{Before: "ALT-2020-000001"}), []string(nil))
	}},
	{"a journal has every case of its days once, in the order in which they came, page by page", func(t *testing.T, w *world) {
		w.staff(t)
		file := func(draft string, at time.Time) string {
			t.Helper()
			c, _, err := w.File(t.Context(), CaseOf(t, dauys.Draft{ID: draft}, at))
			must(t, err)
			return c.Number
		}
		from := Now.Add(time.Hour)
		to := from.Add(24 * time.Hour)
		file("before", from.Add(-time.Millisecond))
		var all []string
		for i := range 11 {
			all = append(all, file(fmt.Sprint("d", i), from.Add(time.Duration(i/4)*time.Minute))) // four share a time
		}
		all = append(all, file("last", to.Add(-time.Millisecond)))
		file("after", to)
		_, err := w.do(t, all[3], deputy, "u1", dauys.Take) // a change moves no case
		must(t, err)
		page := func(after string, limit int) (got []string) {
			t.Helper()
			cases, err := w.Journal(t.Context(), from, to, after, limit)
			must(t, err)
			for _, c := range cases {
				if len(c.Events) == 0 {
					t.Errorf("%s comes without what happened to it", c.Number)
				}
				got = append(got, c.Number)
			}
			return got
		}
		want(t, "at once", page("", 100), all)
		for _, limit := range []int{1, 3, 4, 12} {
			var paged []string
			for after := ""; ; after = paged[len(paged)-1] {
				next := page(after, limit)
				if paged = append(paged, next...); len(next) < limit {
					break
				}
				if len(paged) == 6 { // somebody files in the middle of it
					file(fmt.Sprint("late", limit), to.Add(-time.Millisecond))
				}
			}
			if len(paged) < len(all) {
				t.Errorf("%d at a time: %q", limit, paged)
				continue
			}
			want(t, fmt.Sprintf("%d at a time", limit), paged[:len(all)], all)
		}
		want(t, "after a number that is not there", page("ALT-2020-000001", 5), []string(nil))
	}},
}

var acting = []promise{
	{"a case moves with its events, its notifications and its cards", func(t *testing.T, w *world) {
		w.staff(t)
		c := w.file(t, "d1")
		_, err := w.do(t, c.Number, deputy, "u1", dauys.Take)
		must(t, err)
		moved, err := w.do(t, c.Number, deputy, "u2", dauys.Escalate)
		must(t, err)
		again, err := w.Case(t.Context(), c.Number)
		must(t, err)
		want(t, "what Act returned", moved, again)
		want(t, "office", again.Office(), second)
		want(t, "version", again.Version, int64(3))
		want(t, "events", len(again.Events), 3)
		want(t, "name in the event", again.Events[1].Name, "Ерлан Абаев")
		want(t, "cause of the event", again.Events[2].Cause, "u2")
		must(t, w.Bind(t.Context(), first, chatA, stranger, Now))
		must(t, w.Bind(t.Context(), second, chatB, stranger, Now))
		due, err := w.Due(t.Context(), Now, 0, 100)
		must(t, err)
		var told []string
		for _, n := range due {
			told = append(told, fmt.Sprintf("%s to %s of event %d", n.What, n.To, n.Event))
			want(t, "case of the notification", n.Case, c.Number)
		}
		want(t, "told", told, []string{"receipt to telegram:77 of event 1", "papers to telegram:-1001/12 of event 1",
			"told to telegram:77 of event 2", "told to telegram:77 of event 3", "papers to telegram:-1002 of event 3"})
		cards, err := w.DueCards(t.Context(), Now, 10)
		must(t, err)
		want(t, "cards", cards, []storage.Card{
			{Case: c.Number, Office: first, Chat: chatA, Want: 3},
			{Case: c.Number, Office: second, Chat: chatB, Want: 3},
		})
	}},
	{"of sixteen who press Take at once, one has it", func(t *testing.T, w *world) {
		c := w.file(t, "d1")
		for i := range 16 {
			_, err := w.Grant(t.Context(), dauys.Staff{Address: dauys.Address(fmt.Sprint("telegram:", 900+i)), Office: first, From: Now})
			must(t, err)
		}
		took := at16(t, func(i int) (bool, error) {
			_, err := w.do(t, c.Number, dauys.Address(fmt.Sprint("telegram:", 900+i)), fmt.Sprint("u", i), dauys.Take)
			if _, late := errors.AsType[*dauys.NotAllowedError](err); late {
				return false, nil
			}
			return err == nil, err
		})
		want(t, "who have it", took, 1)
		want(t, "events", w.count(t, "SELECT COUNT(*) FROM events"), 2)
	}},
	{"sixteen changes at once are sixteen events in a row", func(t *testing.T, w *world) {
		c := w.file(t, "d1")
		at16(t, func(i int) (bool, error) {
			_, err := w.Act(t.Context(), c.Number, "", fmt.Sprint("u", i), Now, add(fmt.Sprint("u", i)))
			return true, err
		})
		c, err := w.Case(t.Context(), c.Number)
		must(t, err)
		want(t, "version", c.Version, int64(17))
		want(t, "events", len(c.Events), 17)
		for i, e := range c.Events {
			want(t, "sequence", e.Seq, i+1)
		}
	}},
	{"a cause moves a case once", func(t *testing.T, w *world) {
		c := w.file(t, "d1")
		var calls atomic.Int64
		at16(t, func(int) (bool, error) {
			got, err := w.Act(t.Context(), c.Number, "", "update 5", Now, func(c *dauys.Case, s dauys.Staff) error {
				calls.Add(1)
				return add("")(c, s) // the storage notes the cause even where the change forgets it
			})
			if err == nil && len(got.Events) != 2 {
				t.Errorf("%d events", len(got.Events))
			}
			return true, err
		})
		want(t, "events", w.count(t, "SELECT COUNT(*) FROM events"), 2)
		want(t, "notifications", w.count(t, "SELECT COUNT(*) FROM notifications"), 3)
		before := calls.Load()
		got, err := w.Act(t.Context(), c.Number, "", "update 5", Now, func(*dauys.Case, dauys.Staff) error { return errors.New("called") })
		must(t, err)
		want(t, "version", got.Version, int64(2))
		want(t, "calls when the cause is known", calls.Load()-before, int64(0))
	}},
	{"a change that was interrupted after it was stored is not made twice", func(t *testing.T, w *world) {
		c := w.file(t, "d1")
		interrupted(t, "act-after-commit", func() { _, _ = w.Act(t.Context(), c.Number, "", "u1", Now, add("u1")) })
		got, err := w.Act(t.Context(), c.Number, "", "u1", Now, add("u1"))
		must(t, err)
		want(t, "events", len(got.Events), 2)
	}},
	{"nothing of a case is stored when its change fails", func(t *testing.T, w *world) {
		w.staff(t)
		c := w.file(t, "d1")
		dump := w.dump(t)
		broken := errors.New("broken")
		_, err := w.Act(t.Context(), c.Number, deputy, "u1", Now, func(c *dauys.Case, s dauys.Staff) error {
			return errors.Join(move(c, s, dauys.Take, "u1"), broken)
		})
		wantErr(t, "a change that fails", err, broken)
		interrupted(t, "act-before-commit", func() { _, _ = w.do(t, c.Number, deputy, "u1", dauys.Take) })
		_, err = w.do(t, c.Number, stranger, "u1", dauys.Take)
		wantErr(t, "a stranger's change", err, dauys.ErrNotStaff)
		_, err = w.do(t, c.Number, director, "u1", dauys.Take)
		wantErr(t, "a change of another office's", err, dauys.ErrNotStaff)
		_, err = w.do(t, "ALT-2026-000009", deputy, "u1", dauys.Take)
		wantErr(t, "a change of no case", err, dauys.ErrNotFound)
		gone, cancel := context.WithCancel(t.Context())
		off := fault.On("act-before-commit", 1, cancel)
		defer off()
		if _, err := w.Act(gone, c.Number, "", "u1", Now, add("u1")); err == nil {
			t.Error("a change whose caller went away succeeded")
		}
		if after := w.dump(t); after != dump {
			t.Errorf("stored after all:\n%s\nbefore:\n%s", after, dump)
		}
	}},
	{"a change that appends nothing stores nothing", func(t *testing.T, w *world) {
		w.staff(t)
		c := w.file(t, "d1")
		got, err := w.Act(t.Context(), c.Number, deputy, "u1", Now, func(*dauys.Case, dauys.Staff) error { return nil })
		must(t, err)
		want(t, "version", got.Version, int64(1))
	}},
	{"a revoked member of staff cannot act, races included", func(t *testing.T, w *world) {
		w.staff(t)
		c := w.file(t, "d1")
		w.endsActing(t, c.Number, "revocation", func() {
			must(t, w.Revoke(t.Context(), deputy, first, false, Now.Add(time.Hour))) // a clock that goes ahead does not help
		})
	}},
	{"a right counts from its beginning to its end, for its office only", func(t *testing.T, w *world) {
		c := w.file(t, "d1")
		_, err := w.Grant(t.Context(), dauys.Staff{Address: deputy, Office: first, From: Now, Until: Now.Add(time.Hour)})
		must(t, err)
		for _, tc := range []struct {
			after time.Duration
			want  bool
		}{{-time.Second, false}, {0, true}, {time.Hour - time.Second, true}, {time.Hour, false}} {
			var seen dauys.Staff
			_, err := w.Act(t.Context(), c.Number, deputy, "", Now.Add(tc.after), func(_ *dauys.Case, s dauys.Staff) error { seen = s; return nil })
			must(t, err)
			want(t, fmt.Sprintf("a right after %v", tc.after), seen.ID != 0, tc.want)
			rights, err := w.StaffOf(t.Context(), deputy, Now.Add(tc.after))
			must(t, err)
			want(t, fmt.Sprintf("rights listed after %v", tc.after), len(rights) == 1, tc.want)
		}
	}},
	{"events cannot be changed or deleted", func(t *testing.T, w *world) {
		w.file(t, "d1")
		forbidden := []string{"UPDATE events SET act = 'x'", "DELETE FROM events", "UPDATE events SET at = at"}
		if w.Engine() == "postgres" {
			forbidden = append(forbidden, "TRUNCATE events", "TRUNCATE cases CASCADE")
		} else {
			forbidden = append(forbidden, "INSERT OR REPLACE INTO events SELECT * FROM events")
		}
		before := w.dump(t)
		for _, text := range forbidden {
			if _, err := w.raw(t).Exec(text); err == nil {
				t.Errorf("%s was not refused", text)
			}
		}
		want(t, "what is stored", w.dump(t), before)
	}},
}

var waking = []promise{
	{"the competent body of a redirect is read back, and is sealed", func(t *testing.T, w *world) {
		w.staff(t)
		c := w.file(t, "d1")
		_, err := w.Act(t.Context(), c.Number, deputy, "u1", Now, func(c *dauys.Case, s dauys.Staff) error {
			return c.Do(dauys.Move{Act: dauys.Redirect, By: dauys.TheOffice, Staff: s, Body: "prosecutor", At: Now}, &dauys.Builtin().Calendar)
		})
		must(t, err)
		got, err := w.Case(t.Context(), c.Number)
		must(t, err)
		want(t, "body", got.Events[1].Body, "prosecutor")
		if strings.Contains(fmt.Sprint(w.dump(t)), "prosecutor") {
			t.Error("the body stands unsealed in the database")
		}
	}},
	{"all that an event says is read back the same", func(t *testing.T, w *world) {
		w.staff(t)
		c := w.file(t, "d1")
		cal := &dauys.Builtin().Calendar
		act := func(cause string, who dauys.Address, m dauys.Move) *dauys.Case {
			t.Helper()
			got, err := w.Act(t.Context(), c.Number, who, cause, Now, func(c *dauys.Case, s dauys.Staff) error {
				c.Terms.Cites = map[string]string{"extend": "7.2"}
				c.Ladder[1].Asks = true
				if m.At, m.Cause = Now, cause; m.By == dauys.TheOffice {
					m.Staff = s
				}
				return c.Do(m, cal)
			})
			must(t, err)
			again, err := w.Case(t.Context(), c.Number)
			must(t, err)
			want(t, "events read back", again.Events, got.Events)
			return again
		}
		act("u1", deputy, dauys.Move{Act: dauys.Take, By: dauys.TheOffice})
		got := act("u2", deputy, dauys.Move{Act: dauys.Extend, By: dauys.TheOffice, Days: 4, Note: "the commission meets", Details: []dauys.Detail{{Question: "extend.how", Option: "phone"}}})
		e := got.Events[2]
		want(t, "days", e.Days, 4)
		want(t, "clause", e.Clause, "7.2")
		want(t, "details", e.Details, []dauys.Detail{{Question: "extend.how", Option: "phone"}})
		want(t, "the term of the office", got.RungDue, cal.Due(c.RungDue, 4).UTC())
		want(t, "the whole term", got.Due, cal.Due(c.Due, 4).UTC())
		want(t, "the terms that were frozen", got.Terms, c.Terms)
		term := Now.Add(time.Hour + 1) // a nanosecond that no store keeps
		got = act("u3", "", dauys.Move{Act: dauys.Warn, By: dauys.TheClock, Term: term})
		want(t, "term", got.Events[3].Term, Now.Add(time.Hour))
		got = act("u4", deputy, dauys.Move{Act: dauys.Propose, By: dauys.TheOffice, Note: "beyond us"})
		want(t, "whereto", got.Events[4].Toward, second)
		act("u5", deputy, dauys.Move{Act: dauys.Answer, By: dauys.TheOffice, Note: "done", Outcome: dauys.Granted})
		got = act("u6", "", dauys.Move{Act: dauys.Delivered, By: dauys.TheMessenger})
		want(t, "until when it can be taken up again", got.Until, cal.Due(Now, 10).UTC())
		want(t, "who has it", got.HolderName, "")
		got = act("u7", "", dauys.Move{Act: dauys.Rate, By: dauys.TheApplicant, Mark: 5})
		want(t, "mark", got.Events[7].Mark, 5)
		got = act("u8", "", dauys.Move{Act: dauys.Reopen, By: dauys.TheApplicant, Note: "it is not done"})
		want(t, "until when it can be taken up again", got.Until, time.Time{})
		want(t, "outcome", got.Outcome, dauys.Outcome(""))
	}},
	{"a case that is given over goes on by its new ladder and scheme", func(t *testing.T, w *world) {
		w.staff(t)
		c := w.file(t, "d1")
		way, err := dauys.Builtin().WayFrom(c, "desw")
		must(t, err)
		moved, err := w.Act(t.Context(), c.Number, deputy, "u1", Now, func(c *dauys.Case, s dauys.Staff) error {
			return c.Do(dauys.Move{Act: dauys.Transfer, By: dauys.TheOffice, Staff: s, Note: "the dormitory", Ladder: way.Ladder, Scheme: way.Scheme.ID, At: Now}, &dauys.Builtin().Calendar)
		})
		must(t, err)
		got, err := w.Case(t.Context(), c.Number)
		must(t, err)
		want(t, "what Act returned", moved, got)
		want(t, "ladder", got.Ladder, way.Ladder)
		want(t, "scheme", got.Scheme, "desw")
		want(t, "office", got.Office(), dauys.OfficeID("desw"))
		of, err := w.Cases(t.Context(), storage.Filter{Office: "desw"})
		must(t, err)
		want(t, "cases of the new office", len(of), 1)
		for _, office := range []dauys.OfficeID{first, "desw"} {
			_, err := w.Card(t.Context(), c.Number, office)
			must(t, err)
		}
	}},
	{"the clock finds the cases that it has to look at, those that wait longest first", func(t *testing.T, w *world) {
		ctx := t.Context()
		next := func(when time.Time) {
			t.Helper()
			looks := func(now time.Time) bool {
				numbers, err := w.Waking(ctx, now, 1)
				must(t, err)
				return len(numbers) > 0
			}
			if when.IsZero() {
				want(t, "there is one", looks(Now.AddDate(99, 0, 0)), false)
				return
			}
			want(t, "before the next", looks(when.Add(-time.Millisecond)), false)
			want(t, "at the next", looks(when), true)
		}
		awake := func(now time.Time, limit int, numbers ...string) {
			t.Helper()
			got, err := w.Waking(ctx, now, limit)
			must(t, err)
			want(t, "awake", got, numbers)
		}
		next(time.Time{})
		awake(Now.AddDate(9, 0, 0), 10)
		a, b, c := w.file(t, "d1"), w.file(t, "d2"), w.file(t, "d3")
		wakes := a.Wake
		set := func(c *dauys.Case, at time.Time) {
			t.Helper()
			_, err := w.Act(ctx, c.Number, "", "", Now, func(c *dauys.Case, _ dauys.Staff) error { c.Wake = at; return nil })
			must(t, err)
		}
		next(wakes)
		set(c, wakes.Add(-time.Hour))
		set(a, wakes.Add(time.Hour))
		next(wakes.Add(-time.Hour))
		awake(wakes.Add(-time.Hour-time.Millisecond), 10)
		awake(wakes.Add(-time.Hour), 10, c.Number)
		awake(wakes.Add(time.Hour), 10, c.Number, b.Number, a.Number)
		awake(wakes.Add(time.Hour), 2, c.Number, b.Number)
		_, err := w.Act(ctx, c.Number, "", "u1", Now, func(c *dauys.Case, _ dauys.Staff) error {
			return c.Do(dauys.Move{Act: dauys.Withdraw, By: dauys.TheApplicant, At: Now}, &dauys.Builtin().Calendar)
		})
		must(t, err)
		next(wakes)
		set(b, time.Time{})
		next(wakes.Add(time.Hour))
		awake(wakes.Add(time.Hour), 10, a.Number)
	}},
	{"when the clock looks again is stored though nothing has happened", func(t *testing.T, w *world) {
		c := w.file(t, "d1")
		at := Now.Add(36 * time.Hour)
		got, err := w.Act(t.Context(), c.Number, "", "u1", Now, func(c *dauys.Case, _ dauys.Staff) error { c.Wake = at.Add(1); return nil })
		must(t, err)
		want(t, "what Act returned", got.Wake, at)
		again, err := w.Case(t.Context(), c.Number)
		must(t, err)
		want(t, "what is read", again, got)
		want(t, "events", len(again.Events), 1)
		want(t, "notifications", w.count(t, "SELECT COUNT(*) FROM notifications"), 2)
		dump := w.dump(t)
		_, err = w.Act(t.Context(), c.Number, "", "u2", Now, func(c *dauys.Case, _ dauys.Staff) error { c.Wake = at; return nil })
		must(t, err)
		want(t, "what the same again stores", w.dump(t), dump)
	}},
	{"a case from before the clocks is looked at once and finds its own time", func(t *testing.T, w *world) {
		c := w.file(t, "d1")
		_, err := w.raw(t).Exec("UPDATE cases SET terms = '{}', until = 0, wake = 1") // as the migration leaves it
		must(t, err)
		awake, err := w.Waking(t.Context(), Now, 10)
		must(t, err)
		want(t, "awake", awake, []string{c.Number})
		got, err := w.Act(t.Context(), c.Number, "", "", Now, func(c *dauys.Case, _ dauys.Staff) error {
			want(t, "terms", c.Terms, dauys.Terms{})
			if m, ok := c.Ticks(&dauys.Builtin().Calendar, Now); ok {
				t.Errorf("the clock finds %s", m.Act)
			}
			c.Rewind(&dauys.Builtin().Calendar)
			return nil
		})
		must(t, err)
		want(t, "when the clock looks again", got.Wake, c.Wake)
	}},
	{"of sixteen clocks at once, one makes a move", func(t *testing.T, w *world) {
		c := w.file(t, "d1")
		cal := &dauys.Builtin().Calendar
		now := c.Wake
		moved := at16(t, func(int) (made bool, err error) {
			_, err = w.Act(t.Context(), c.Number, "", "", now, func(c *dauys.Case, _ dauys.Staff) error {
				m, ok := c.Ticks(cal, now)
				if made = ok; !made {
					return nil
				}
				return c.Do(m, cal)
			})
			return made, err
		})
		want(t, "who moved it", moved, 1)
		want(t, "warnings", w.count(t, "SELECT COUNT(*) FROM events WHERE act = 'warn'"), 1)
	}},
	{"who acts is known with all that they may act for now", func(t *testing.T, w *world) {
		c := w.file(t, "d1")
		grant := func(who dauys.Address, office dauys.OfficeID, from, until time.Time) {
			t.Helper()
			_, err := w.Grant(t.Context(), dauys.Staff{Address: who, Office: office, From: from, Until: until})
			must(t, err)
		}
		also := func(who dauys.Address) (s dauys.Staff) {
			t.Helper()
			_, err := w.Act(t.Context(), c.Number, who, "", Now, func(_ *dauys.Case, got dauys.Staff) error { s = got; return nil })
			must(t, err)
			return s
		}
		hour := time.Hour
		grant(deputy, first, Now, time.Time{})
		want(t, "for nothing else", also(deputy).Also, []dauys.OfficeID(nil))
		grant(deputy, "vr-social", Now.Add(-hour), time.Time{})
		grant(deputy, "desw", Now, Now.Add(hour))
		grant(deputy, "rector", Now.Add(hour), time.Time{})
		grant(deputy, "director@ilb", Now.Add(-2*hour), Now)
		grant(deputy, second, Now, time.Time{})
		grant(stranger, "vr-academic", Now, time.Time{})
		must(t, w.Revoke(t.Context(), deputy, second, false, Now))
		want(t, "for these", also(deputy).Also, []dauys.OfficeID{"desw", "vr-social"})
		want(t, "who may not act for the office", also(stranger), dauys.Staff{})
		want(t, "nobody", also(""), dauys.Staff{})
	}},
}

var showing = []promise{
	{"ten changes in a burst leave one card that is due once", func(t *testing.T, w *world) {
		c := w.file(t, "d1")
		must(t, w.Bind(t.Context(), first, chatA, stranger, Now))
		for i := range 10 {
			_, err := w.Act(t.Context(), c.Number, "", fmt.Sprint("u", i), Now, add(fmt.Sprint("u", i)))
			must(t, err)
		}
		cards, err := w.DueCards(t.Context(), Now, 10)
		must(t, err)
		want(t, "cards", cards, []storage.Card{{Case: c.Number, Office: first, Chat: chatA, Want: 11}})
		must(t, w.CardShown(t.Context(), c.Number, first, chatA, "m1", 11))
		cards, err = w.DueCards(t.Context(), Now, 10)
		must(t, err)
		want(t, "cards after it was shown", len(cards), 0)
		card, err := w.Card(t.Context(), c.Number, first)
		must(t, err)
		want(t, "the card", card, storage.Card{Case: c.Number, Office: first, Chat: chatA, ShownIn: chatA, Message: "m1", Shown: 11, Want: 11})
	}},
	{"a card that was shown while the case moved on is still due", func(t *testing.T, w *world) {
		c := w.file(t, "d1")
		must(t, w.Bind(t.Context(), first, chatA, stranger, Now))
		_, err := w.Act(t.Context(), c.Number, "", "u1", Now, add("u1"))
		must(t, err)
		must(t, w.CardShown(t.Context(), c.Number, first, chatA, "m1", 1))
		cards, err := w.DueCards(t.Context(), Now, 10)
		must(t, err)
		want(t, "cards", cards, []storage.Card{{Case: c.Number, Office: first, Chat: chatA, ShownIn: chatA, Message: "m1", Shown: 1, Want: 2}})
	}},
	{"a card waits for its office's chat, for its time, and for a chat that can be reached", func(t *testing.T, w *world) {
		c := w.file(t, "d1")
		due := func(now time.Time) int {
			t.Helper()
			cards, err := w.DueCards(t.Context(), now, 10)
			must(t, err)
			return len(cards)
		}
		want(t, "due while nobody is bound", due(Now), 0)
		must(t, w.Bind(t.Context(), first, chatA, stranger, Now))
		want(t, "due once bound", due(Now), 1)
		must(t, w.CardLater(t.Context(), c.Number, first, Now.Add(time.Minute)))
		want(t, "due while postponed", due(Now), 0)
		want(t, "due after that", due(Now.Add(time.Minute)), 1)
		must(t, w.SetUnreachable(t.Context(), chatA, true, Now))
		want(t, "due while the chat is away", due(Now.Add(time.Minute)), 0)
		must(t, w.SetUnreachable(t.Context(), chatA, false, Now))
		want(t, "due when it is back", due(Now.Add(time.Minute)), 1)
		wantErr(t, "a card that is not there", w.CardLater(t.Context(), c.Number, second, Now), dauys.ErrNotFound)
		_, err := w.Card(t.Context(), c.Number, second)
		wantErr(t, "a card that is not there", err, dauys.ErrNotFound)
	}},
	{"the cards of open cases follow their office into a new chat", func(t *testing.T, w *world) {
		open, closed := w.file(t, "d1"), w.file(t, "d2")
		must(t, w.Bind(t.Context(), first, chatA, stranger, Now))
		_, err := w.Act(t.Context(), closed.Number, "", "u1", Now, func(c *dauys.Case, _ dauys.Staff) error {
			return c.Do(dauys.Move{Act: dauys.Withdraw, By: dauys.TheApplicant, At: Now}, &dauys.Builtin().Calendar)
		})
		must(t, err)
		must(t, w.CardShown(t.Context(), open.Number, first, chatA, "m1", 1))
		must(t, w.CardShown(t.Context(), closed.Number, first, chatA, "m2", 2))
		must(t, w.Bind(t.Context(), first, chatA, stranger, Now))
		cards, err := w.DueCards(t.Context(), Now, 10)
		must(t, err)
		want(t, "cards after the same chat was bound again", len(cards), 0)
		must(t, w.Bind(t.Context(), first, chatB, stranger, Now))
		// An answer of the messenger about the old chat comes late.
		must(t, w.CardShown(t.Context(), open.Number, first, chatA, "m3", 1))
		cards, err = w.DueCards(t.Context(), Now, 10)
		must(t, err)
		want(t, "cards in the new chat", cards, []storage.Card{{Case: open.Number, Office: first, Chat: chatB, ShownIn: chatA, Message: "m3", Want: 1}})
	}},
	{"a card shown while its office moves is not lost, races included", func(t *testing.T, w *world) {
		c := w.file(t, "d1")
		must(t, w.Bind(t.Context(), first, chatA, stranger, Now))
		for i := range 10 {
			from, to := chatA, chatB
			if i%2 == 1 {
				from, to = to, from
			}
			var both sync.WaitGroup
			both.Go(func() { must(t, w.CardShown(t.Context(), c.Number, first, from, "m", 1)) })
			both.Go(func() { must(t, w.Bind(t.Context(), first, to, stranger, Now)) })
			both.Wait()
			cards, err := w.DueCards(t.Context(), Now, 10)
			must(t, err)
			want(t, "cards due in the new chat", len(cards), 1)
		}
	}},
}

var telling = []promise{
	{"a notification waits until its reader can be reached, and is sent once for ever", func(t *testing.T, w *world) {
		ctx := t.Context()
		n := func(key string, to dauys.Address, office dauys.OfficeID, after time.Time) dauys.Notification {
			return dauys.Notification{Key: key, To: to, Office: office, What: dauys.Ready, Body: "words of " + key, After: after, Direct: key == "a"}
		}
		must(t, w.Notify(ctx, n("a", aigerim, "", time.Time{}), n("b", "", first, time.Time{}), n("c", stranger, "", Now.Add(time.Hour))))
		must(t, w.Notify(ctx, dauys.Notification{Key: "a", To: stranger, What: dauys.Ready, Body: "other words"}, n("d", aigerim, "", time.Time{})))
		due := func(now time.Time) (keys []string) {
			t.Helper()
			all, err := w.Due(ctx, now, 0, 10)
			must(t, err)
			for _, n := range all {
				keys = append(keys, n.Key)
				want(t, "body", n.Body, "words of "+n.Key)
				want(t, "direct", n.Direct, n.Key == "a")
			}
			return keys
		}
		want(t, "due at first", due(Now), []string{"a", "d"})
		must(t, w.Bind(ctx, first, chatA, stranger, Now))
		want(t, "due once the office is bound", due(Now), []string{"a", "b", "d"})
		want(t, "due an hour later", due(Now.Add(time.Hour)), []string{"a", "b", "c", "d"})
		must(t, w.SetUnreachable(ctx, aigerim, true, Now))
		must(t, w.SetUnreachable(ctx, aigerim, true, Now))
		want(t, "due while she has blocked the bot", due(Now), []string{"b"})
		must(t, w.SetUnreachable(ctx, chatA, true, Now))
		for who, away := range map[dauys.Address]bool{chatA: true, chatB: false} { // of chats, too, which nobody has ever met
			got, err := w.Unreachable(ctx, who)
			must(t, err)
			want(t, "unreachable "+string(who), got, away)
		}
		want(t, "due while the chat is away, too", due(Now), []string(nil))
		must(t, w.SetUnreachable(ctx, chatA, false, Now))
		must(t, w.SetUnreachable(ctx, aigerim, false, Now))
		all, err := w.Due(ctx, Now, 0, 10)
		must(t, err)
		want(t, "due when they are back", due(Now), []string{"a", "b", "d"})
		want(t, "the chat of the office", all[1].To, chatA)
		must(t, w.Sent(ctx, all[0].ID, "m1", Now))
		must(t, w.Sent(ctx, all[0].ID, "m1", Now))
		must(t, w.Failed(ctx, all[0].ID, "too late", Now)) // sent is sent
		must(t, w.Later(ctx, all[1].ID, Now.Add(time.Minute), "timeout"))
		must(t, w.Failed(ctx, all[2].ID, "chat not found", Now))
		want(t, "due after that", due(Now), []string(nil))
		later, err := w.Due(ctx, Now.Add(time.Minute), 0, 10)
		must(t, err)
		want(t, "what was postponed", len(later), 1)
		want(t, "its tries", later[0].Tries, 1)
		must(t, w.Notify(ctx, n("a", aigerim, "", time.Time{}), n("d", aigerim, "", time.Time{})))
		want(t, "due after they were caused again", due(Now), []string(nil))
		counts, err := w.Counts(ctx)
		must(t, err)
		want(t, "counts", counts, map[string]int{"pending": 2, "sent": 1, "failed": 1})
	}},
	{"the earliest of what waits is known, and what cannot be sent does not count", func(t *testing.T, w *world) {
		ctx := t.Context()
		next := func(want time.Time, waits bool) {
			t.Helper()
			at, ok, err := w.NextDue(ctx)
			must(t, err)
			if !at.Equal(want) || ok != waits {
				t.Errorf("NextDue = %v %v, want %v %v", at, ok, want, waits)
			}
		}
		next(time.Time{}, false)
		must(t, w.Notify(ctx, dauys.Notification{Key: "a", Office: first, What: dauys.Ready, After: Now}))
		next(time.Time{}, false)
		must(t, w.Notify(ctx, dauys.Notification{Key: "b", To: aigerim, What: dauys.Ready, After: Now.Add(time.Hour)}))
		next(Now.Add(time.Hour), true)
		must(t, w.SetUnreachable(ctx, aigerim, true, Now))
		next(time.Time{}, false)
		must(t, w.Bind(ctx, first, chatA, stranger, Now))
		next(Now, true)
		c := w.file(t, "d1") // its papers and card are due at once
		next(time.Time{}, true)
		due, err := w.Due(ctx, Now, 0, 10)
		must(t, err)
		for _, n := range due {
			must(t, w.Sent(ctx, n.ID, "m", Now))
		}
		must(t, w.CardLater(ctx, c.Number, first, Now.Add(time.Minute)))
		next(Now.Add(time.Minute), true)
		must(t, w.CardShown(ctx, c.Number, first, chatA, "m", 1))
		next(time.Time{}, false)
	}},
}

var people = []promise{
	{"a person is remembered, and whether they can be reached", func(t *testing.T, w *world) {
		ctx := t.Context()
		_, err := w.Person(ctx, aigerim)
		wantErr(t, "somebody never seen", err, dauys.ErrNotFound)
		must(t, w.Remember(ctx, storage.Person{Address: aigerim, Name: "Айгерим", Lang: dauys.Russian}))
		must(t, w.SetUnreachable(ctx, aigerim, true, Now))
		must(t, w.Remember(ctx, storage.Person{Address: aigerim, Name: "Айгерим С.", Lang: dauys.Kazakh}))
		p, err := w.Person(ctx, aigerim)
		must(t, err)
		want(t, "person", p, storage.Person{Address: aigerim, Name: "Айгерим С.", Lang: dauys.Kazakh, Unreachable: true})
	}},
	{"there is one right for a person and office, however often it is given", func(t *testing.T, w *world) {
		ctx := t.Context()
		var ids sync.Map
		at16(t, func(i int) (bool, error) {
			s, err := w.Grant(ctx, dauys.Staff{Address: deputy, Name: "Ерлан", Office: first, ViaChat: true, From: Now})
			ids.Store(s.ID, true)
			return true, err
		})
		n := 0
		ids.Range(func(any, any) bool { n++; return true })
		want(t, "different rights", n, 1)
		s, err := w.Grant(ctx, dauys.Staff{Address: deputy, Name: "Ерлан Абаев", Office: first, ViaChat: true, From: Now.Add(time.Hour)})
		must(t, err)
		want(t, "name", s.Name, "Ерлан Абаев")
		want(t, "beginning", s.From, Now)
		_, err = w.Grant(ctx, dauys.Staff{Address: deputy, Office: second, From: Now})
		must(t, err)
		all, err := w.StaffOf(ctx, deputy, Now)
		must(t, err)
		want(t, "rights", len(all), 2)
		want(t, "name without a new one", all[0].Name, "Ерлан Абаев")
		of, err := w.StaffFor(ctx, first, Now)
		must(t, err)
		want(t, "who may act for the office", len(of), 1)
	}},
	{"a right that is over or revoked can be given again", func(t *testing.T, w *world) {
		ctx := t.Context()
		old, err := w.Grant(ctx, dauys.Staff{Address: deputy, Office: first, From: Now, Until: Now.Add(time.Hour)})
		must(t, err)
		next, err := w.Grant(ctx, dauys.Staff{Address: deputy, Office: first, From: Now.Add(2 * time.Hour)})
		must(t, err)
		if next.ID == old.ID {
			t.Error("the right that was over is used again")
		}
		must(t, w.Revoke(ctx, deputy, "", false, Now.Add(3*time.Hour)))
		all, err := w.StaffOf(ctx, deputy, Now.Add(3*time.Hour))
		must(t, err)
		want(t, "rights after the revocation", len(all), 0)
		_, err = w.Grant(ctx, dauys.Staff{Address: deputy, Office: first, From: Now.Add(4 * time.Hour)})
		must(t, err)
		all, err = w.StaffOf(ctx, deputy, Now.Add(4*time.Hour))
		must(t, err)
		want(t, "rights after a new one", len(all), 1)
	}},
	{"leaving a chat takes only the rights that came with it", func(t *testing.T, w *world) {
		ctx := t.Context()
		for _, s := range []dauys.Staff{
			{Address: deputy, Office: first, ViaChat: true, From: Now},
			{Address: deputy, Office: second, From: Now},
			{Address: director, Office: first, ViaChat: true, From: Now},
		} {
			_, err := w.Grant(ctx, s)
			must(t, err)
		}
		_, err := w.Grant(ctx, dauys.Staff{Address: director, Office: first, From: Now}) // now by name as well
		must(t, err)
		for _, who := range []dauys.Address{deputy, director} {
			must(t, w.Revoke(ctx, who, first, true, Now.Add(time.Minute)))
			must(t, w.Revoke(ctx, who, "", true, Now.Add(time.Minute)))
		}
		left := func(who dauys.Address) (offices []dauys.OfficeID) {
			all, err := w.StaffOf(ctx, who, Now.Add(time.Minute))
			must(t, err)
			for _, s := range all {
				offices = append(offices, s.Office)
			}
			return offices
		}
		want(t, "what the deputy keeps", left(deputy), []dauys.OfficeID{second})
		want(t, "what the director keeps", left(director), []dauys.OfficeID{first})
	}},
	{"a code binds a chat once, and a bad one does not tell what is wrong with it", func(t *testing.T, w *world) {
		ctx := t.Context()
		must(t, w.MakeCode(ctx, first, "4821", stranger, Now.Add(time.Hour)))
		must(t, w.MakeCode(ctx, second, "9999", stranger, Now.Add(time.Minute)))
		used := at16(t, func(i int) (bool, error) {
			office, err := w.UseCode(ctx, "4821", dauys.Address(fmt.Sprint("telegram:-", i)), deputy, Now)
			if errors.Is(err, dauys.ErrBadCode) {
				return false, nil
			}
			return office == first, err
		})
		want(t, "times that it worked", used, 1)
		for what, code := range map[string]string{"used": "4821", "out of date": "9999", "wrong": "1111", "empty": ""} {
			_, err := w.UseCode(ctx, code, chatA, deputy, Now.Add(time.Minute))
			wantErr(t, what, err, dauys.ErrBadCode)
		}
		bound, err := w.Bindings(ctx)
		must(t, err)
		want(t, "offices bound", len(bound), 1)
		if text := w.dump(t); strings.Contains(text, "4821") || strings.Contains(text, "9999") {
			t.Error("a code stands in the database")
		}
	}},
	{"an office works in one chat, a chat may serve several offices", func(t *testing.T, w *world) {
		ctx := t.Context()
		must(t, w.Bind(ctx, first, chatA, stranger, Now))
		must(t, w.Bind(ctx, second, chatA, stranger, Now))
		offices, err := w.BoundTo(ctx, chatA)
		must(t, err)
		want(t, "offices of the chat", offices, []dauys.OfficeID{first, second})
		must(t, w.Bind(ctx, second, chatB, stranger, Now))
		all, err := w.Bindings(ctx)
		must(t, err)
		want(t, "bindings", all, map[dauys.OfficeID]dauys.Address{first: chatA, second: chatB})
		for office, chat := range map[dauys.OfficeID]dauys.Address{first: chatA, second: chatB, "rector": ""} {
			got, err := w.ChatOf(ctx, office)
			must(t, err)
			want(t, "chat of "+string(office), got, chat)
		}
	}},
	{"a group that becomes a supergroup keeps its offices, notifications, cards and prompts", func(t *testing.T, w *world) {
		ctx := t.Context()
		c := w.file(t, "d1")
		must(t, w.Bind(ctx, first, chatA, stranger, Now))
		must(t, w.CardShown(ctx, c.Number, first, chatA, "m1", 1))
		must(t, w.Notify(ctx, dauys.Notification{Key: "a", To: chatA, What: dauys.Ready, Body: "x"}))
		_, err := w.SavePrompt(ctx, storage.Prompt{ID: "p1", Chat: chatA, Actor: deputy, Case: c.Number, Act: dauys.Answer}, "")
		must(t, err)
		for range 2 {
			must(t, w.Rebind(ctx, chatA, chatB))
		}
		offices, err := w.BoundTo(ctx, chatB)
		must(t, err)
		want(t, "offices", offices, []dauys.OfficeID{first})
		cards, err := w.DueCards(ctx, Now, 10)
		must(t, err)
		want(t, "cards", cards, []storage.Card{{Case: c.Number, Office: first, Chat: chatB, ShownIn: chatA, Message: "m1", Want: 1}})
		due, err := w.Due(ctx, Now, 0, 10)
		must(t, err)
		for _, n := range due {
			if n.To == chatA {
				t.Errorf("%s still goes to the old address", n.Key)
			}
		}
		p, err := w.Prompt(ctx, "p1")
		must(t, err)
		want(t, "chat of the prompt", p.Chat, chatB)
		// A file that still names the old address changes nothing, on a way back neither.
		must(t, w.Bind(ctx, first, chatA, "", Now))
		now, err := w.Bindings(ctx)
		must(t, err)
		want(t, "chat", now[first], chatB)
		must(t, w.Rebind(ctx, chatB, chatA))
		must(t, w.Bind(ctx, first, chatB, "", Now))
		now, err = w.Bindings(ctx)
		must(t, err)
		want(t, "chat after the way back", now[first], chatA)
	}},
}

var editing = []promise{
	{"days of the calendar are changed and changed back, and everybody sees that they were", func(t *testing.T, w *world) {
		ctx := t.Context()
		version := func(want_ int64) {
			t.Helper()
			n, err := w.again(t).DaysVersion(ctx)
			must(t, err)
			want(t, "version", n, want_)
		}
		version(0)
		nauryz := []dauys.DayEdit{{Day: "2027-03-22", Name: "Наурыз"}, {Day: "2027-03-23", Name: "Наурыз"}}
		done, err := w.ChangeDays(ctx, storage.DaysChange{Cause: "u1", By: deputy, At: Now, Edit: nauryz})
		must(t, err)
		want(t, "done", done, storage.DaysChanged{N: 1, At: Now, After: nauryz})
		version(1)

		later := Now.Add(time.Hour)
		saturday := dauys.DayEdit{Day: "2027-03-13", Works: true}
		also := dauys.DayEdit{Day: "2027-03-22", Works: true}
		done, err = w.ChangeDays(ctx, storage.DaysChange{Cause: "u2", By: director, At: later, Edit: []dauys.DayEdit{also, saturday}, Forget: []string{"2027-03-23", "2027-03-24"}})
		must(t, err)
		want(t, "done", done, storage.DaysChanged{N: 2, At: later, Before: nauryz, After: []dauys.DayEdit{saturday, also}})
		all, err := w.again(t).DayEdits(ctx)
		must(t, err)
		want(t, "edits", all, []storage.DayEdit{{DayEdit: saturday, By: director, At: later}, {DayEdit: also, By: director, At: later}})

		// The same cause again, after others: told what it did, and nothing more.
		done, err = w.ChangeDays(ctx, storage.DaysChange{Cause: "u1", By: deputy, At: later, Edit: nauryz})
		must(t, err)
		want(t, "the first again", done, storage.DaysChanged{N: 1, At: Now, After: nauryz})
		now, err := w.DayEdits(ctx)
		must(t, err)
		want(t, "edits after that", now, all)
		version(2)
	}},
	{"of days that are changed by many at once each change sees those before it", func(t *testing.T, w *world) {
		var all sync.Map
		want(t, "changes", at16(t, func(i int) (bool, error) {
			day := dauys.DayEdit{Day: fmt.Sprintf("2027-05-%02d", i+1)}
			done, err := w.ChangeDays(background, storage.DaysChange{Cause: day.Day, By: deputy, At: Now, Edit: []dauys.DayEdit{day}})
			all.Store(done.N, done)
			return err == nil, err
		}), 16)
		for n := int64(1); n <= 16; n++ {
			v, _ := all.Load(n)
			done, _ := v.(storage.DaysChanged)
			want(t, fmt.Sprint("days before change ", n), len(done.Before), int(n-1))
			want(t, fmt.Sprint("days after change ", n), len(done.After), int(n))
		}
	}},
}

var proposing = []promise{
	{"counts of steps add up, by day and over days", func(t *testing.T, w *world) {
		ctx := t.Context()
		at := func(day, step string) storage.StepCount {
			return storage.StepCount{Day: day, Flow: "complaint", Step: step, Lang: "kk", What: "reached"}
		}
		for range 2 {
			must(t, w.AddSteps(ctx, map[storage.StepCount]int{at("2026-11-22", "kind"): 3, at("2026-11-23", "kind"): 1, at("2026-11-23", "story"): 2}))
		}
		all, err := w.Steps(ctx, "2026-11-22")
		must(t, err)
		want(t, "all", all, map[storage.StepCount]int{at("", "kind"): 8, at("", "story"): 4})
		all, err = w.Steps(ctx, "2026-11-23")
		must(t, err)
		want(t, "since", all, map[storage.StepCount]int{at("", "kind"): 2, at("", "story"): 4})
	}},
	{"a version of the procedure is kept for ever, in the words that it had first", func(t *testing.T, w *world) {
		ctx := t.Context()
		clause := func(words string) dauys.Clause {
			return dauys.Clause{ID: "1", Texts: dauys.Names{dauys.Kazakh: words}, Source: dauys.Names{dauys.Kazakh: "ALT"}}
		}
		p := dauys.Procedure{Version: "2026-11", Clauses: []dauys.Clause{clause("Шағым тіркеледі.")}, Cites: map[string]string{"register": "1"}}
		_, err := w.Procedure(ctx, p.Version)
		wantErr(t, "before it is kept", err, dauys.ErrNotFound)
		want(t, "failures of sixteen starts at once", at16(t, func(int) (bool, error) { err := w.KeepProcedure(ctx, p); return err != nil, err }), 0)

		again := p
		again.Cites = map[string]string{"register": "1", "answer": "1"} // a newer program cites more
		must(t, w.KeepProcedure(ctx, again))
		other := p
		other.Clauses = []dauys.Clause{clause("Шағым тіркелмейді.")}
		wantErr(t, "other words", w.KeepProcedure(ctx, other), dauys.ErrOtherWords)
		other.Version = "2027-01"
		must(t, w.KeepProcedure(ctx, other))
		for _, kept := range []dauys.Procedure{again, other} {
			got, err := w.Procedure(ctx, kept.Version)
			must(t, err)
			want(t, kept.Version, got, kept)
		}
	}},
	{"a proposal is kept once, and belongs to the first who opens it; its writer only looks", func(t *testing.T, w *world) {
		ctx := t.Context()
		p := storage.Proposal{ID: "d1", Code: "CODE1", Writer: aigerim, By: "Гүлнар", Expires: Now.Add(time.Hour),
			Session: ask.Session{ID: "d1", Flow: "complaint", Answers: map[string]ask.Answer{"story": {Values: []string{"PLANTED words"}}}}}
		note := dauys.Notification{Key: "lapsed/d1", What: dauys.Lapsed, To: aigerim, Body: "d1", After: p.Expires}
		stored, err := w.Propose(ctx, p, note)
		must(t, err)
		want(t, "stored", stored, p)
		again := p
		again.Code = "CODE2"
		stored, err = w.Propose(ctx, again, note)
		must(t, err)
		want(t, "code of the second try", stored.Code, "CODE1")

		for _, code := range []string{"", "code1", "CODE2"} {
			_, err = w.TakeProposal(ctx, code, deputy, Now)
			wantErr(t, "with "+code, err, dauys.ErrBadCode)
		}
		seen, err := w.TakeProposal(ctx, "CODE1", aigerim, Now)
		must(t, err)
		want(t, "taker, when the writer looks", seen.Taker, dauys.Address(""))
		for range 2 {
			seen, err = w.TakeProposal(ctx, "CODE1", deputy, Now)
			must(t, err)
			want(t, "taker", seen.Taker, deputy)
		}
		_, err = w.TakeProposal(ctx, "CODE1", stranger, Now)
		wantErr(t, "somebody else", err, dauys.ErrBadCode)

		for range 2 {
			must(t, w.SettleProposal(ctx, "d1", "ALT-2026-000001", dauys.Notification{Key: "settled/d1", What: dauys.Ready, To: aigerim, Body: "{}"}))
		}
		seen, err = w.Proposal(ctx, "d1")
		must(t, err)
		want(t, "case", seen.Case, "ALT-2026-000001")
		due, err := w.Due(ctx, Now.Add(time.Hour), 0, 10)
		must(t, err)
		want(t, "notices", len(due), 2)
		_, err = w.Proposal(ctx, "d2")
		wantErr(t, "none", err, dauys.ErrNotFound)
	}},
	{"nobody opens a proposal whose time is over, but who has it goes on", func(t *testing.T, w *world) {
		ctx := t.Context()
		for _, id := range []string{"d1", "d2"} {
			_, err := w.Propose(ctx, storage.Proposal{ID: id, Code: "CODE" + id, Writer: aigerim, Expires: Now.Add(time.Hour)})
			must(t, err)
		}
		_, err := w.TakeProposal(ctx, "CODEd1", deputy, Now)
		must(t, err)
		_, err = w.TakeProposal(ctx, "CODEd1", deputy, Now.Add(time.Hour))
		must(t, err)
		_, err = w.TakeProposal(ctx, "CODEd2", deputy, Now.Add(time.Hour))
		wantErr(t, "too late", err, dauys.ErrBadCode)
	}},
}

var prompting = []promise{
	{"a prompt is stored with what has to be told, by its version, once for a cause", func(t *testing.T, w *world) {
		ctx := t.Context()
		p := storage.Prompt{ID: "p1", Chat: chatA, Actor: deputy, Case: "ALT-2026-000001", Act: dauys.Answer,
			Session: ask.Session{ID: "p1", Flow: "answer", Turn: 1, Phase: ask.Asking, Asked: "text"}}
		note := dauys.Notification{Key: "p1/1", To: chatA, What: dauys.Wording, Body: "p1 1"}
		stored, err := w.SavePrompt(ctx, p, "u1", note)
		must(t, err)
		p.Version = 1
		want(t, "the stored one", stored, p)
		again, err := w.SavePrompt(ctx, storage.Prompt{ID: "p1"}, "u1", dauys.Notification{Key: "p1/again", To: chatA, What: dauys.Wording})
		must(t, err)
		want(t, "the same cause again", again, p)
		_, err = w.SavePrompt(ctx, storage.Prompt{ID: "p1"}, "u2")
		wantErr(t, "a second one of the same name", err, dauys.ErrConflict)

		p.Session.Turn, p.Session.Answers = 2, map[string]ask.Answer{"text": {Values: []string{"We moved the lecture."}}}
		won := at16(t, func(i int) (bool, error) {
			_, err := w.SavePrompt(ctx, p, fmt.Sprint("press ", i), dauys.Notification{Key: fmt.Sprint("p1/2/", i), To: chatA, What: dauys.Wording})
			if errors.Is(err, dauys.ErrConflict) {
				return false, nil
			}
			return true, err
		})
		want(t, "who changed it", won, 1)
		got, err := w.Prompt(ctx, "p1")
		must(t, err)
		p.Version = 2
		want(t, "prompt", got, p)
		want(t, "notifications", w.count(t, "SELECT COUNT(*) FROM notifications"), 2)
		p.Closed = true
		_, err = w.SavePrompt(ctx, p, "u9")
		must(t, err)
		got, err = w.Prompt(ctx, "p1")
		must(t, err)
		want(t, "closed", got.Closed, true)
	}},
	{"sixteen deliveries of one update change a prompt once", func(t *testing.T, w *world) {
		at16(t, func(int) (bool, error) {
			p, err := w.SavePrompt(t.Context(), storage.Prompt{ID: "p1", Chat: chatA, Act: dauys.Answer}, "u1")
			if err == nil && p.Version != 1 {
				t.Errorf("version %d", p.Version)
			}
			return true, err
		})
		p, err := w.Prompt(t.Context(), "p1")
		must(t, err)
		want(t, "version", p.Version, int64(1))
	}},
	{"a prompt is found by every message that showed it", func(t *testing.T, w *world) {
		ctx := t.Context()
		_, err := w.SavePrompt(ctx, storage.Prompt{ID: "p1", Chat: chatA, Act: dauys.Answer}, "")
		must(t, err)
		for _, m := range []string{"10", "11", "10"} {
			must(t, w.PromptShown(ctx, "p1", chatA, m))
		}
		for _, m := range []string{"10", "11"} {
			p, err := w.PromptAt(ctx, chatA, m)
			must(t, err)
			want(t, "prompt", p.ID, "p1")
		}
		_, err = w.PromptAt(ctx, chatB, "10")
		wantErr(t, "the same message elsewhere", err, dauys.ErrNotFound)
		_, err = w.Prompt(ctx, "p2")
		wantErr(t, "no prompt", err, dauys.ErrNotFound)
		wantErr(t, "a message of no prompt", w.PromptShown(ctx, "p2", chatA, "12"), dauys.ErrNotFound)
	}},
	{"a prompt is found by who is asked until its question is noted as sent", func(t *testing.T, w *world) {
		ctx := t.Context()
		_, err := w.SavePrompt(ctx, storage.Prompt{ID: "p1", Chat: chatA, Actor: aigerim, Act: dauys.Answer}, "u1",
			dauys.Notification{Key: "prompt/p1/u1", To: chatA, What: dauys.Wording, Body: "p1 1"})
		must(t, err)
		p, err := w.PromptOnItsWay(ctx, chatA, aigerim)
		must(t, err)
		want(t, "prompt", p.ID, "p1")
		_, err = w.PromptOnItsWay(ctx, chatA, "telegram:502")
		wantErr(t, "of somebody else", err, dauys.ErrNotFound)
		_, err = w.PromptOnItsWay(ctx, chatB, aigerim)
		wantErr(t, "in another chat", err, dauys.ErrNotFound)
		due, err := w.Due(ctx, Now, 0, 10)
		must(t, err)
		must(t, w.Sent(ctx, due[0].ID, "10", Now))
		_, err = w.PromptOnItsWay(ctx, chatA, aigerim)
		wantErr(t, "once it is sent", err, dauys.ErrNotFound)
	}},
}

var keeping = []promise{
	{"whoever asks what is kept is told of all that was kept before", func(t *testing.T, w *world) {
		for round := range 5 {
			yes := at16(t, func(i int) (bool, error) {
				who := fmt.Sprint(round, "/", i)
				if i%2 == 0 {
					if err := w.KeepUpdate(t.Context(), storage.Update{ID: who, Person: who, Raw: []byte("{}")}, Now); err != nil {
						return false, err
					}
				}
				has, err := w.HasKept(t.Context(), who)
				if err == nil && has && i%2 == 0 {
					err = w.DropUpdate(t.Context(), who)
				}
				return has, err
			})
			want(t, "of whom something is kept", yes, 8)
		}
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := w.HasKept(gone, "a"); err == nil {
			t.Error("somebody who is gone was told something")
		}
		if has, err := w.HasKept(t.Context(), "a"); has || err != nil {
			t.Error(has, err)
		}
	}},
	{"updates of a person wait in their order, and one that never works holds nobody up", func(t *testing.T, w *world) {
		ctx := t.Context()
		for _, u := range []storage.Update{{ID: "9", Person: "a", Raw: []byte(`{"n":1}`)}, {ID: "7", Person: "b", Raw: []byte{}}, {ID: "8", Person: "a"}} {
			must(t, w.KeepUpdate(ctx, u, Now))
			must(t, w.KeepUpdate(ctx, u, Now))
		}
		ids := func(list func(context.Context, int) ([]storage.Update, error)) (got []string) {
			t.Helper()
			all, err := list(ctx, 10)
			must(t, err)
			for _, u := range all {
				got = append(got, u.ID)
			}
			return got
		}
		want(t, "kept", ids(w.KeptUpdates), []string{"9", "7", "8"})
		for i := range 3 {
			tries, err := w.UpdateTried(ctx, "9", "panic")
			must(t, err)
			want(t, "tries", tries, i+1)
		}
		_, err := w.UpdateTried(ctx, "1", "panic")
		wantErr(t, "a try of what is not kept", err, dauys.ErrNotFound)
		must(t, w.Quarantine(ctx, storage.Update{ID: "9", Person: "a"}, "panicked three times", Now))
		must(t, w.Quarantine(ctx, storage.Update{ID: "5", Person: "c", Raw: []byte("not JSON")}, "not understood", Now))
		must(t, w.KeepUpdate(ctx, storage.Update{ID: "9", Person: "a"}, Now)) // comes again, stays where it is
		want(t, "kept after that", ids(w.KeptUpdates), []string{"7", "8"})
		aside, err := w.Quarantined(ctx, 10)
		must(t, err)
		want(t, "put aside", aside, []storage.Update{
			{ID: "9", Person: "a", Raw: []byte(`{"n":1}`), Tries: 3, Quarantined: true, Why: "panicked three times"},
			{ID: "5", Person: "c", Raw: []byte("not JSON"), Quarantined: true, Why: "not understood"},
		})
		must(t, w.DropUpdate(ctx, "8"))
		for who, kept := range map[string]bool{"a": false, "b": true, "c": false} {
			has, err := w.HasKept(ctx, who)
			must(t, err)
			want(t, "kept for "+who, has, kept)
		}
	}},
	{"one holds the beat at a time", func(t *testing.T, w *world) {
		ctx := t.Context()
		seen, err := w.Beat(ctx, "sender")
		must(t, err)
		want(t, "the first beat", seen, storage.Beat{})
		for round := range 3 {
			won := at16(t, func(i int) (bool, error) {
				me := fmt.Sprint(round, "/", i)
				now, mine, err := w.TakeBeat(ctx, "sender", me, seen)
				if err == nil && mine != (now.Holder == me) || now.N != seen.N+1 {
					t.Errorf("TakeBeat = %+v %v for %s", now, mine, me)
				}
				return mine, err
			})
			want(t, "who have it", won, 1)
			seen, err = w.Beat(ctx, "sender")
			must(t, err)
		}
		_, mine, err := w.TakeBeat(ctx, "sender", "late", storage.Beat{Holder: "somebody else", N: seen.N})
		must(t, err)
		want(t, "taken from another than was seen", mine, false)
		other, err := w.Beat(ctx, "poller")
		must(t, err)
		want(t, "another beat", other, storage.Beat{})
	}},
	{"offsets outlive a restart", func(t *testing.T, w *world) {
		ctx := t.Context()
		n, err := w.Offset(ctx, "telegram")
		must(t, err)
		want(t, "at first", n, int64(0))
		must(t, w.SetOffset(ctx, "telegram", 1<<40))
		must(t, w.SetOffset(ctx, "telegram", 5))
		n, err = w.again(t).Offset(ctx, "telegram")
		must(t, err)
		want(t, "afterwards", n, int64(5))
	}},
	{"a slot of a job is claimed once", func(t *testing.T, w *world) {
		want(t, "claims", at16(t, func(int) (bool, error) { return w.ClaimSlot(t.Context(), "digest", Now, Now, nil) }), 1)
		next, err := w.ClaimSlot(t.Context(), "digest", Now.Add(time.Hour), Now, nil)
		must(t, err)
		want(t, "the next slot", next, true)
	}},
}

var opening = []promise{
	{"several processes migrate at once", func(t *testing.T, w *world) {
		url := w.store.Empty(t)
		var all sync.WaitGroup
		for range 4 {
			db := OpenURL(t, url)
			all.Go(func() {
				if err := db.Migrate(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		steps, err := OpenURL(t, url).Migrations(t.Context())
		must(t, err)
		for _, s := range steps {
			if s.Applied.IsZero() || !strings.HasSuffix(s.Name, ".sql") {
				t.Errorf("step %+v was not applied", s)
			}
		}
		want(t, "steps", len(steps) >= 2, true)
	}},
	{"steps that were not applied are told before they are", func(t *testing.T, w *world) {
		steps, err := OpenURL(t, w.store.Empty(t)).Migrations(t.Context())
		must(t, err)
		for _, s := range steps {
			want(t, "applied", s.Applied, time.Time{})
		}
	}},
	{"a second run on the same file is refused, one-shot commands are not", func(t *testing.T, w *world) {
		if w.Engine() != "sqlite" {
			return // any number of replicas run on PostgreSQL
		}
		url := SQLite.Migrated(t)
		o := storage.Options{URL: url, Key: Key, Exclusive: true}
		runs, err := storage.Open(t.Context(), o)
		must(t, err)
		_, err = storage.Open(t.Context(), o)
		wantErr(t, "the second run", err, storage.ErrInUse)
		once := OpenURL(t, url)
		must(t, once.SetOffset(t.Context(), "x", 1))
		must(t, runs.Close())
		next, err := storage.Open(t.Context(), o)
		must(t, err)
		must(t, next.Close())
	}},
	{"another key is refused", func(t *testing.T, w *world) {
		other, err := storage.Open(t.Context(), storage.Options{URL: w.url, Key: []byte("another key, also of 32 bytes...")})
		must(t, err)
		defer other.Close()
		wantErr(t, "migrate with another key", other.Migrate(t.Context()), storage.ErrOtherKey)
		must(t, w.Migrate(t.Context()))
	}},
	{"what people wrote is not found in the file", func(t *testing.T, w *world) {
		phrases := plant(t, w)
		data := []byte(w.dump(t))
		if w.Engine() == "sqlite" {
			files, err := filepath.Glob(strings.TrimPrefix(w.url, "sqlite://") + "*")
			must(t, err)
			for _, f := range files {
				b, err := os.ReadFile(f)
				must(t, err)
				data = append(data, b...)
			}
		}
		if !bytes.Contains(data, []byte("ALT-2026-000001")) {
			t.Error("not even the number was found: the search is broken")
		}
		for _, p := range phrases {
			for _, form := range []string{p, hex.EncodeToString([]byte(p)), base64.StdEncoding.EncodeToString([]byte(p))} {
				if bytes.Contains(data, []byte(form)) {
					t.Errorf("found %q", p)
				}
			}
		}
	}},
	{"sealed text that was moved to another case does not open", func(t *testing.T, w *world) {
		a, b := w.file(t, "d1"), w.file(t, "d2")
		_, err := w.raw(t).Exec("UPDATE cases SET body = (SELECT body FROM cases WHERE number = $1) WHERE number = $2", a.Number, b.Number)
		must(t, err)
		_, err = w.Case(t.Context(), b.Number)
		wantErr(t, "the case with another's text", err, storage.ErrSealed)
	}},
	{"an operation on a database that is held by somebody ends in time and works later", func(t *testing.T, w *world) {
		c := w.file(t, "d1")
		db := open(t, storage.Options{URL: w.url, Timeout: 300 * time.Millisecond})
		conn, err := w.raw(t).Conn(t.Context())
		must(t, err)
		defer conn.Close()
		hold := map[string]string{"sqlite": "BEGIN IMMEDIATE", "postgres": "BEGIN; LOCK TABLE cases"}
		_, err = conn.ExecContext(t.Context(), hold[w.Engine()])
		must(t, err)
		ended := make(chan error, 1)
		go func() {
			_, err := db.Act(t.Context(), c.Number, "", "u1", Now, add("u1"))
			ended <- err
		}()
		select {
		case err := <-ended:
			wantErr(t, "meanwhile", err, dauys.ErrUnavailable)
		case <-time.After(5 * time.Second):
			t.Error("it did not end")
		}
		_, err = conn.ExecContext(t.Context(), "ROLLBACK")
		must(t, err)
		_, err = db.Act(t.Context(), c.Number, "", "u1", Now, add("u1"))
		must(t, err)
	}},
}

// plant writes a phrase everywhere where people's words go, and returns the phrases.
func plant(t *testing.T, w *world) (phrases []string) {
	t.Helper()
	ctx := t.Context()
	phrase := func(s string) string {
		phrases = append(phrases, s)
		return s
	}
	c, _, err := w.File(ctx, CaseOf(t, dauys.Draft{ID: "d1", Text: phrase("the lecturer asked for money"),
		Applicant: dauys.Applicant{Address: aigerim, Name: phrase("Канарейка Сейткали"), Standing: dauys.AsStudent, Lang: dauys.Kazakh},
		Group:     phrase("группа канареек 7"), Helper: phrase("Помощница Канарейки"), Original: phrase("what the helper wrote at first"), Against: []dauys.OfficeID{dauys.OfficeID(phrase("vr-academic-canary"))},
		Details: []dauys.Detail{{Question: "q", Text: phrase("the phone of the canary")}},
		Files:   []dauys.File{{Ref: phrase("AgACAgIAAxkBAAI"), Kind: "photo", Name: phrase("зачётка Канарейки.jpg")}}}, Now))
	must(t, err)
	_, err = w.Grant(ctx, dauys.Staff{Address: deputy, Name: phrase("Ерлан Соловьёв"), Office: first, From: Now})
	must(t, err)
	_, err = w.Act(ctx, c.Number, deputy, "u1", Now, func(c *dauys.Case, s dauys.Staff) error { return move(c, s, dauys.Take, "u1") })
	must(t, err)
	_, err = w.Act(ctx, c.Number, deputy, "u2", Now, func(c *dauys.Case, s dauys.Staff) error {
		return c.Do(dauys.Move{Act: dauys.Answer, By: dauys.TheOffice, Staff: s, Note: phrase("we have spoken to the lecturer"), Outcome: dauys.Granted,
			Files: []dauys.File{{Ref: phrase("BQACAgIAAxkBAAJ"), Name: phrase("приказ.pdf")}}, Cause: "u2", At: Now}, &dauys.Builtin().Calendar)
	})
	must(t, err)
	must(t, w.Notify(ctx, dauys.Notification{Key: "n1", To: aigerim, What: dauys.Ready, Body: phrase("come to room 305 tomorrow")}))
	must(t, w.Remember(ctx, storage.Person{Address: aigerim, Name: phrase("Айгерим из Telegram"), Lang: dauys.Russian}))
	_, err = w.SavePrompt(ctx, storage.Prompt{ID: "p1", Chat: chatA, Session: ask.Session{Answers: map[string]ask.Answer{"text": {Values: []string{phrase("a draft of an answer")}}}}}, "u3")
	must(t, err)
	must(t, w.KeepUpdate(ctx, storage.Update{ID: "1", Person: "a", Raw: []byte(phrase("an update as it came"))}, Now))
	must(t, w.Quarantine(ctx, storage.Update{ID: "2", Person: "a", Raw: []byte(phrase("an update that never works"))}, "panic", Now))
	must(t, w.PutBlob(ctx, dauys.Blob{ID: "b1", Name: phrase("протокол Канарейки.pdf"), Data: []byte(phrase("what was said in the session"))}))
	must(t, w.BlobSent(ctx, "b1", phrase("BQACAgIAAxkBAAZ")))
	must(t, w.MakeCode(ctx, first, phrase("CODE-4821-9317"), stranger, Now.Add(time.Hour)))
	must(t, w.MakeAppointment(ctx, phrase("APPOINTMENT-5512"), dauys.Appointment{Office: first, Name: phrase("Назначенная Лидер"), Group: phrase("ГРУППА-21-1"), By: stranger, Expires: Now.Add(time.Hour)}))
	return phrases
}

// dump is all tables as text, row by row.
func (w *world) dump(t *testing.T) string {
	t.Helper()
	db := w.raw(t)
	names := "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
	if w.Engine() == "postgres" {
		names = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename"
	}
	var text strings.Builder
	for _, table := range column(t, db, names) {
		fmt.Fprintln(&text, table)
		rows, err := db.Query("SELECT * FROM " + table)
		must(t, err)
		columns, err := rows.Columns()
		must(t, err)
		var lines []string
		for rows.Next() {
			row := make([]any, len(columns))
			to := make([]any, len(columns))
			for i := range row {
				to[i] = &row[i]
			}
			must(t, rows.Scan(to...))
			lines = append(lines, fmt.Sprintf("%s %q", fmt.Sprint(row...), row))
		}
		must(t, rows.Err())
		rows.Close()
		slices.Sort(lines)
		fmt.Fprintln(&text, strings.Join(lines, "\n"))
	}
	return text.String()
}

func column(t *testing.T, db *sql.DB, query string) (all []string) {
	t.Helper()
	rows, err := db.Query(query)
	must(t, err)
	defer rows.Close()
	for rows.Next() {
		var s string
		must(t, rows.Scan(&s))
		all = append(all, s)
	}
	must(t, rows.Err())
	return all
}
