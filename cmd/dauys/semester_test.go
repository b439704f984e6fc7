package main

import (
	"context"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/storage"
)

// TestSemester lets a semester pass: 300 cases of all schemes over 120 days, with applicants who
// reply or do not, and staff who do something or nothing at all, while the clock warns, hands up
// and closes and everything is sent. Then nothing is overdue in silence, every notice was sent
// once, and what is stored is what the journal of each case says, move by move.
//
// A smaller one is part of every run; make semester lets the whole of it pass.
func TestSemester(t *testing.T) {
	t.Parallel()
	for _, pair := range pairs(t) {
		t.Run(pair.name, func(t *testing.T) {
			t.Parallel()
			s := &semester{stage: newStage(t, append(pair.env(t), "SEND_RATE=100000", "SEND_RATE_CHAT=10000", "SEND_RATE_GROUP=100000")...), rng: rand.New(rand.NewPCG(5, 300)), filed: map[string]filing{}}
			s.pass(*semesterCases, *semesterDays)
			s.check()
		})
	}
}

var (
	semesterCases = flag.Int("cases", 30, "cases of TestSemester")
	semesterDays  = flag.Int("days", 18, "and its days")
)

// semester is a stage on which much happens.
type semester struct {
	*stage
	rng     *rand.Rand
	filed   map[string]filing
	settled []string // numbers of cases that were once closed
}

// filing is how a case was filed, so that it can be opened again.
type filing struct {
	draft dauys.Draft
	way   dauys.Way
	at    time.Time
}

// pass lets some days go by, in which some cases are filed.
func (s *semester) pass(cases, days int) {
	ctx := context.Background()
	for _, who := range []int64{aigerim, dima, amina} { // whom the bot may write to
		if _, err := s.sim.Say(who, who, "/start"); err != nil {
			s.t.Fatal(err)
		}
	}
	s.settle()
	for n, o := range dauys.Builtin().Offices {
		for i := range 2 {
			who := dauys.Staff{Address: dauys.Address(fmt.Sprintf("telegram:%d", 5000+2*n+i)), Name: fmt.Sprintf("%s %d", o.ID, i+1), Office: o.ID, From: monday}
			if _, err := s.app.db.Grant(ctx, who); err != nil {
				s.t.Fatal(err)
			}
		}
	}
	for day := range days {
		switch day { // one of them blocks the bot for a month
		case days / 4:
			s.sim.Block(dima)
		case days / 2:
			s.sim.Unblock(dima)
		}
		for range 3 { // morning, noon, evening: also when nobody works
			if filing := cases * (day + 1) / (days * 2 / 3); len(s.filed) < min(filing, cases) {
				s.file(ctx, min(filing, cases)-len(s.filed))
			}
			s.act(ctx)
			s.clock.Advance(time.Duration(7+s.rng.IntN(3)) * time.Hour)
		}
		next := monday.AddDate(0, 0, day+1).Add(-90 * time.Minute) // 08:30 in Almaty
		s.clock.Advance(next.Sub(s.clock.Now()))
		s.settle()
	}
}

// file files some cases.
func (s *semester) file(ctx context.Context, n int) {
	u := dauys.Builtin()
	for range n {
		id := fmt.Sprintf("semester-%d", len(s.filed))
		d := dauys.Draft{ID: id, Institute: u.Institutes[s.rng.IntN(len(u.Institutes))].ID, Topic: pick(s.rng, "teaching", "marks", "rooms", "dormitory", "payment"),
			Text: "Words of " + id, Kind: pick(s.rng, dauys.Complaint, dauys.Complaint, dauys.Application, dauys.Suggestion),
			Applicant: dauys.Applicant{Address: dauys.Address(fmt.Sprintf("telegram:%d", pick(s.rng, aigerim, dima, amina))), Name: "A. B.", Lang: pick(s.rng, dauys.Langs...),
				Standing: pick(s.rng, dauys.AsStudent, dauys.AsStudent, dauys.AsFaculty, dauys.AsCurator)}}
		if d.Applicant.Standing == dauys.AsStudent && s.rng.IntN(4) == 0 {
			d.Scheme = map[bool]string{true: "gov-idea", false: "student-gov"}[d.Kind == dauys.Suggestion]
		}
		if s.rng.IntN(6) == 0 {
			d.Against = []dauys.OfficeID{pick[dauys.OfficeID](s.rng, "deputy", "director", "vr-social")}
		}
		way, err := u.Route(d.Request())
		if err != nil {
			s.t.Fatal(err)
		}
		f := filing{d, way, s.clock.Now()}
		if _, _, err := s.app.db.File(ctx, way.Open(d, u, f.at)); err != nil {
			s.t.Fatal(err)
		}
		s.filed[id] = f
	}
	s.app.sender.Wake()
}

func pick[T any](rng *rand.Rand, from ...T) T { return from[rng.IntN(len(from))] }

// habits are how often somebody does something that they could do, of a thousand chances; there
// are three in a day.
var habits = map[dauys.Party]map[dauys.Act]int{
	dauys.TheOffice: {
		dauys.Take: 250, dauys.Answer: 60, dauys.Ask: 90, dauys.Escalate: 50, dauys.Propose: 50, dauys.Transfer: 10, dauys.Redirect: 5,
		dauys.Extend: 20, dauys.Recommend: 250, dauys.Mediate: 250, dauys.GiveBack: 20, dauys.Unask: 5,
	},
	dauys.TheApplicant: {
		dauys.Reply: 20, dauys.Allow: 60, dauys.Forbid: 40, dauys.Add: 5, dauys.Remind: 10, dauys.Withdraw: 1,
		dauys.Rate: 100, dauys.Accept: 20, dauys.Reopen: 60, dauys.Dispute: 60, dauys.Bounce: 300,
	},
}

// act lets everybody do something, or not, with what is there.
func (s *semester) act(ctx context.Context) {
	now := s.clock.Now()
	open := dauys.Builtin().Calendar.Open(now)
	live, err := s.app.db.Cases(ctx, storage.Filter{Open: true, Limit: 10_000})
	if err != nil {
		s.t.Fatal(err)
	}
	for n := range min(6, len(s.settled)) { // some of those that are closed, half of them lately
		some := s.settled
		if n%2 == 0 {
			some = some[max(0, len(some)-20):]
		}
		c, err := s.app.db.Case(ctx, some[s.rng.IntN(len(some))])
		if err != nil {
			s.t.Fatal(err)
		}
		live = append(live, c)
	}
	for _, c := range live {
		lazy := c.Hash[0]%5 == 0 // nobody of any office ever looks at some
		for _, by := range []dauys.Party{dauys.TheOffice, dauys.TheApplicant} {
			if by == dauys.TheOffice && (lazy || !open) {
				continue
			}
			for _, act := range sorted(habits[by]) {
				if s.rng.IntN(1000) < habits[by][act] {
					s.move(ctx, c, act, by, now)
				}
			}
		}
	}
	s.app.sender.Wake()
}

func sorted(m map[dauys.Act]int) (acts []dauys.Act) {
	for a := range m {
		acts = append(acts, a)
	}
	slices.Sort(acts)
	return acts
}

// move tries a move, which the procedure may refuse.
func (s *semester) move(ctx context.Context, c *dauys.Case, act dauys.Act, by dauys.Party, now time.Time) {
	who, number := dauys.Address(""), c.Number
	if by == dauys.TheOffice {
		there, err := s.app.db.StaffFor(ctx, c.Office(), now)
		if err != nil || len(there) == 0 {
			s.t.Fatalf("staff of %s: %v", c.Office(), err)
		}
		who = there[s.rng.IntN(len(there))].Address
		if i := slices.IndexFunc(there, func(x dauys.Staff) bool { return x.ID == c.Holder }); i >= 0 && s.rng.IntN(4) > 0 {
			who = there[i].Address
		}
	}
	moved, err := s.app.db.Act(ctx, number, who, "", now, func(c *dauys.Case, staff dauys.Staff) error {
		if by == dauys.TheOffice && staff.ID == 0 { // it has gone to another office a moment ago
			return dauys.ErrNotStaff
		}
		m := dauys.Move{Act: act, By: by, Staff: staff, Note: fmt.Sprint("words of ", act), At: now, Outcome: pick(s.rng, dauys.Outcomes...), Days: pick(s.rng, 3, 10), Mark: 1 + s.rng.IntN(5)}
		if act != dauys.Answer {
			m.Outcome = ""
		}
		if act != dauys.Extend {
			m.Days = 0
		}
		if act != dauys.Rate {
			m.Mark = 0
		}
		if act == dauys.Redirect { // half of them in words of the office
			m.Body = pick(s.rng, "", "labour")
		}
		if act == dauys.Transfer {
			to := dauys.Builtin().Transfers(c)
			if len(to) == 0 {
				return nil
			}
			way, err := dauys.Builtin().WayFrom(c, pick(s.rng, to...))
			if err != nil {
				return err
			}
			m.Ladder, m.Scheme = way.Ladder, way.Scheme.ID
		}
		return c.Do(m, &dauys.Builtin().Calendar)
	})
	if _, no := errors.AsType[*dauys.NotAllowedError](err); err != nil && !no && !errors.Is(err, dauys.ErrNotStaff) {
		s.t.Fatalf("%s of %s by the %s: %v", act, number, by, err)
	}
	if err == nil && moved.Status.Final() && !slices.Contains(s.settled, number) {
		s.settled = append(s.settled, number)
	}
}

// cases are all of them, the newest first.
func (s *semester) cases(ctx context.Context) []*dauys.Case {
	all, err := s.app.db.Cases(ctx, storage.Filter{Limit: 10_000})
	if err != nil {
		s.t.Fatal(err)
	}
	return all
}

// check looks at what the semester has left.
func (s *semester) check() {
	ctx := context.Background()
	u, now := dauys.Builtin(), s.clock.Now()
	acts := map[dauys.Act]int{}
	ends := map[dauys.Status]int{}
	for _, c := range s.cases(ctx) {
		ends[c.Status]++
		for _, e := range c.Events {
			acts[e.Act]++
		}
		s.again(c)
		s.loud(u, c, now)
	}
	for _, act := range []dauys.Act{
		dauys.Warn, dauys.Urge, dauys.Overdue, dauys.Expire, dauys.Propose, dauys.Allow, dauys.Forbid, dauys.Nudge, dauys.Close, dauys.FollowUp,
		dauys.Transfer, dauys.Extend, dauys.Reopen, dauys.Dispute, dauys.Rate, dauys.Remind, dauys.Recommend, dauys.Mediate, dauys.Redirect, dauys.Bounce,
	} {
		if acts[act] == 0 && len(s.filed) >= 300 {
			s.t.Errorf("in a whole semester nothing was ever done by %s: the test shows less than it should", act)
		}
	}
	s.t.Logf("%d cases; they end as %v; what happened: %v", len(s.filed), ends, acts)
	s.once(ctx)
}

// again opens a case anew and lets happen what its journal says: it must become what is stored.
func (s *semester) again(c *dauys.Case) {
	f := s.filed[c.ID]
	replay := f.way.Open(f.draft, dauys.Builtin(), f.at)
	replay.Number = c.Number
	for _, e := range c.Events[1:] {
		m := dauys.Move{Act: e.Act, By: e.By, Staff: dauys.Staff{ID: e.Staff, Name: e.Name}, Note: e.Note, Details: e.Details, Outcome: e.Outcome,
			Files: e.Files, Days: e.Days, Mark: e.Mark, Term: e.Term, Cause: e.Cause, At: e.At, To: e.Next, Body: e.Body}
		if e.By == dauys.TheHolder {
			m.By = dauys.TheOffice
		}
		if e.Act == dauys.Transfer {
			way, err := dauys.Builtin().WayFrom(replay, e.Next)
			if err != nil {
				s.t.Fatalf("%s, event %d: %v", c.Number, e.Seq, err)
			}
			m.Ladder, m.Scheme = way.Ladder, way.Scheme.ID
		}
		if err := replay.Do(m, &dauys.Builtin().Calendar); err != nil {
			s.t.Fatalf("%s, event %d: its journal says what the procedure does not have: %v", c.Number, e.Seq, err)
		}
	}
	type state struct {
		Status                    dauys.Status
		Outcome                   dauys.Outcome
		Ladder                    dauys.Ladder
		Position, Events          int
		Holder                    int64
		RungDue, Due, Until, Wake int64
	}
	of := func(c *dauys.Case) state {
		return state{c.Status, c.Outcome, c.Ladder, c.Position, len(c.Events), c.Holder, c.RungDue.UnixMilli(), c.Due.UnixMilli(), c.Until.UnixMilli(), c.Wake.UnixMilli()}
	}
	if got, want := of(c), of(replay); !reflect.DeepEqual(got, want) {
		s.t.Errorf("%s: stored as %+v, by its journal %+v", c.Number, got, want)
	}
}

// loud checks that a case is not overdue in silence.
func (s *semester) loud(u *dauys.University, c *dauys.Case, now time.Time) {
	cal := &u.Calendar
	if c.Status.Final() || c.Status == dauys.Needs || c.Status == dauys.Decided || c.Status == dauys.Redirected {
		return
	}
	if m, more := c.Ticks(cal, now); more {
		s.t.Errorf("%s: the clock has still to do: %s", c.Number, m.Act)
	}
	every := 1
	if c.Terms.Gentle {
		every = 5
	}
	for _, term := range []time.Time{c.RungDue, c.Due} {
		if cal.NextOpening(term).After(now) {
			continue
		}
		last := time.Time{}
		for _, e := range c.Events {
			switch {
			case slices.Contains([]dauys.Act{dauys.Overdue, dauys.Urge, dauys.Expire, dauys.Propose}, e.Act):
				last = e.At
			case e.From == dauys.Needs && e.To != dauys.Needs: // the office did not wait for itself
				last = e.At
			}
		}
		if silent := cal.WorkingDaysLeft(last, now); silent > every {
			s.t.Errorf("%s is overdue since %v and nobody heard of it for %d working days:%s", c.Number, term, silent, journal(c))
		}
	}
}

// journal is what happened to a case last.
func journal(c *dauys.Case) (lines string) {
	for _, e := range c.Events[max(0, len(c.Events)-8):] {
		lines += fmt.Sprintf("\n\t%d %s by %s %v %s → %s", e.Seq, e.Act, e.By, e.At.Format(time.RFC3339), e.Office, e.Next)
	}
	return fmt.Sprintf("%s\n\tnow %s at %s", lines, c.Status, c.Office())
}

// once checks that every notice was sent, and that nobody got one twice: so many messages are in
// the chats as the notices and the cards need.
func (s *semester) once(ctx context.Context) {
	cases := map[string]*dauys.Case{}
	for _, c := range s.cases(ctx) {
		cases[c.Number] = c
	}
	want := 2 * 3 // each of the applicants has greeted, and was asked for a language
	s.rows(ctx, "SELECT what, number, event, state, message FROM notifications", func(scan func(...any) error) error {
		var what dauys.What
		var number, state, message string
		var event int
		if err := scan(&what, &number, &event, &state, &message); err != nil {
			return err
		}
		switch {
		case state != "sent":
			s.t.Errorf("%s, event %d: the notice %q is %s", number, event, what, state)
		case what == dauys.Papers:
			for _, e := range cases[number].Events[:event] {
				if slices.Contains(brought, e.Act) {
					want++
				}
			}
		case message != "":
			if want++; what == dauys.Answered && cases[number].Events[event-1].Act == dauys.Redirect {
				want++ // the letter to the competent body
			}
		}
		return nil
	})
	s.rows(ctx, "SELECT message FROM cards", func(scan func(...any) error) error {
		var message string
		err := scan(&message)
		if message != "" {
			want++
		}
		return err
	})
	there := 0
	for _, chat := range append([]int64{aigerim, dima, amina, darkhan}, slices.Collect(maps.Values(s.chats))...) {
		there += len(s.sim.Messages(chat))
	}
	if there != want {
		s.t.Errorf("%d messages are in the chats, want %d", there, want)
	}
	s.t.Logf("%d messages", there)
}

// brought are the acts of which a higher office gets a message each when the case comes to it.
var brought = []dauys.Act{
	dauys.Add, dauys.Ask, dauys.Reply, dauys.Reopen, dauys.Dispute, dauys.Recommend, dauys.Mediate, dauys.Answer,
}

// past opens the database past the storage.
func (s *stage) past(mode string) *sql.DB {
	s.t.Helper()
	driver, url := "sqlite", ""
	for _, e := range s.env {
		if dir, ok := strings.CutPrefix(e, "DATA_DIR="); ok && url == "" {
			url = "file:" + filepath.Join(dir, "dauys.db") + "?mode=" + mode
		}
		if there, ok := strings.CutPrefix(e, "DATABASE_URL="); ok {
			driver, url = "pgx", there
		}
	}
	db, err := sql.Open(driver, url)
	if err != nil {
		s.t.Fatal(err)
	}
	return db
}

// alter changes what is stored, as nobody can but the one who keeps the database.
func (s *stage) alter(statement string) {
	s.t.Helper()
	db := s.past("rw")
	defer db.Close()
	if _, err := db.ExecContext(s.t.Context(), statement); err != nil {
		s.t.Fatal(err)
	}
}

// rows asks the database past the storage, which has no need of such a list.
func (s *semester) rows(ctx context.Context, query string, each func(scan func(...any) error) error) {
	s.t.Helper()
	db := s.past("ro")
	defer db.Close()
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		s.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := each(rows.Scan); err != nil {
			s.t.Fatal(err)
		}
	}
	if err := rows.Err(); err != nil {
		s.t.Fatal(err)
	}
}

// TestOneCaseIsBroken: with a case that cannot be read the clock can do nothing; the others go on.
func TestOneCaseIsBroken(t *testing.T) {
	s := newStage(t)
	broken := s.fileFor(dima, dauys.Draft{})
	s.later(time.Hour)
	well := s.fileFor(amina, dauys.Draft{})
	s.alter("UPDATE cases SET ladder = '[]' WHERE number = '" + broken + "'")
	s.clock.Advance(3 * 24 * time.Hour)
	s.app.ticker.Look()
	ok := func() bool { _, warned := s.loaded(well).Latest(dauys.Urge); return warned }
	for end := time.Now().Add(10 * time.Second); !ok() && time.Now().Before(end); {
		time.Sleep(10 * time.Millisecond)
	}
	if !ok() {
		t.Errorf("%s waits because %s cannot be read", well, broken)
	}
}
