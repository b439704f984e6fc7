package storagetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/notices"
	"alt.edu.kz/dauys/registrar"
	"alt.edu.kz/dauys/storage"
)

// planned is a plan that is stored.
func planned(t *testing.T, w *world, id string) notices.Plan {
	t.Helper()
	// While one is being made no news are due: it begins later than what is looked at.
	must(t, w.AddPlan(t.Context(), notices.Plan{ID: id, Source: notices.Import, Ref: id, At: Now, Start: Now.Add(10_000 * time.Hour)}))
	p, err := w.Plan(t.Context(), id)
	must(t, err)
	return p
}

// item is a piece of news for somebody that waits.
func item(p notices.Plan, reader dauys.Address, about, was string, due time.Time) notices.News {
	n := notices.News{Plan: p.ID, Reader: reader, Topic: notices.Marks, Card: "mark", About: about, Due: due, State: notices.Waiting,
		Matter: notices.Matter{Person: "student/1", Kind: registrar.Marks, Key: about}}
	if was != "" {
		n.Matter.Was = registrar.Fields{"score": was}
	}
	return n
}

// newsFor are the news of somebody that are due, as "about was".
func newsFor(t *testing.T, w *world, reader dauys.Address, at time.Time) string {
	t.Helper()
	all, err := w.NewsDue(t.Context(), reader, at, 100)
	must(t, err)
	var words []string
	for _, n := range all {
		words = append(words, strings.TrimSpace(n.About+" "+n.Matter.Was["score"]))
	}
	return strings.Join(words, ", ")
}

// boxes are the letterboxes that are due.
func boxes(t *testing.T, w *world, at time.Time) string {
	t.Helper()
	all, err := w.Due(t.Context(), at, 0, 1000)
	must(t, err)
	var words []string
	for _, n := range all {
		if n.What == dauys.Letterbox {
			words = append(words, string(n.To))
		}
	}
	slices.Sort(words)
	return strings.Join(words, ", ")
}

// states are what became of the news of a plan, as "about state".
func states(t *testing.T, w *world, plan string) string {
	t.Helper()
	all, err := w.NewsOf(t.Context(), plan, 0, 1000)
	must(t, err)
	var words []string
	for _, n := range all {
		words = append(words, n.About+" "+string(n.State))
	}
	return strings.Join(words, ", ")
}

// tell ends all that is due for somebody as sent in a message, of which it says a score.
func tell(t *testing.T, db *storage.DB, reader dauys.Address, message, score string, all ...notices.News) time.Time {
	t.Helper()
	for i := range all {
		all[i].State, all[i].Message, all[i].Matter.Seen = notices.Sent, message, registrar.Fields{"score": score}
	}
	next, err := db.EndNews(t.Context(), reader, all, Now)
	must(t, err)
	return next
}

func dueNews(t *testing.T, w *world, reader dauys.Address) []notices.News {
	t.Helper()
	all, err := w.NewsDue(t.Context(), reader, Now, 100)
	must(t, err)
	return all
}

// newsworthy is about plans, and the news that they are made into.
var newsworthy = []promise{
	{"an import that is published or undone is planned with it, the first of its kind is not", func(t *testing.T, w *world) {
		ctx := t.Context()
		bring(t, w.DB, "i1", mark("1", "G1", "exam", "60"))
		bring(t, w.DB, "i2", mark("1", "G1", "exam", "70"))
		_, err := w.Settle(ctx, "i2", registrar.Undone, "telegram:1", Now.Add(time.Hour), nil)
		must(t, err)
		all, err := w.Plans(ctx, 10, notices.Import, notices.Undo)
		must(t, err)
		var ids []string
		for _, p := range all {
			ids = append(ids, p.ID+" "+string(p.State))
		}
		want(t, "plans", strings.Join(ids, ", "), "undo/i2 planned, import/i2 planned")
		due, err := w.PlansDue(ctx, Now, 10)
		must(t, err)
		want(t, "due now", len(due), 1)
		none, err := w.Plans(ctx, 10)
		must(t, err)
		want(t, "of no source", len(none), 0)
	}},
	{"a plan is stored once, and changes only as it was read", func(t *testing.T, w *world) {
		ctx := t.Context()
		p := planned(t, w, "p1")
		must(t, w.AddPlan(ctx, notices.Plan{ID: "p1", Source: notices.Job, Ref: "other", At: Now, Start: Now}))
		q := p
		q.State, q.After, q.Persons, q.Alone, q.Ended, q.Before = notices.Made, "x", 3, 1, Now, Now.Add(-time.Hour)
		must(t, w.SavePlan(ctx, q))
		if err := w.SavePlan(ctx, q); !errors.Is(err, dauys.ErrConflict) {
			t.Errorf("saved over a later one: %v", err)
		}
		q.Version++
		got, err := w.Plan(ctx, "p1")
		must(t, err)
		want(t, "plan", got, q)
		if _, err := w.Plan(ctx, "none"); !errors.Is(err, dauys.ErrNotFound) {
			t.Errorf("no plan: %v", err)
		}
	}},
	{"news come out as they went in, in order, and their reader has one letterbox", func(t *testing.T, w *world) {
		ctx := t.Context()
		p := planned(t, w, "p1")
		one := item(p, "telegram:1", "a", "60", Now)
		one.Urgent, one.Matter.At, one.Matter.Args = true, Now.Add(time.Hour), map[string]string{"k": "v"}
		off := item(p, "telegram:2", "a", "", Now)
		off.State = notices.Unwanted
		must(t, w.AddNews(ctx, p, false, []notices.News{one, item(p, "telegram:1", "b", "", Now.Add(time.Hour)), off}, Now))
		got := dueNews(t, w, "telegram:1")
		want(t, "due", len(got), 1)
		one.ID = got[0].ID
		want(t, "news", got[0], one)
		want(t, "later", newsFor(t, w, "telegram:1", Now.Add(time.Hour)), "a 60, b")
		want(t, "letterboxes", boxes(t, w, Now.Add(24*time.Hour)), "telegram:1")
		want(t, "states", states(t, w, "p1"), "a waiting, b waiting, a unwanted")
		c, err := w.CountsOf(ctx, "p1")
		must(t, err)
		want(t, "counts", c, notices.Counts{By: map[notices.State]int{notices.Waiting: 2, notices.Unwanted: 1}})
		must(t, w.SetUnreachable(ctx, "telegram:1", true, Now))
		c, err = w.CountsOf(ctx, "p1")
		must(t, err)
		want(t, "unreachable", c.Unreachable, 2)
		want(t, "letterboxes of nobody", boxes(t, w, Now.Add(24*time.Hour)), "")
	}},
	{"what a plan has made is not made again", func(t *testing.T, w *world) {
		ctx := t.Context()
		p := planned(t, w, "p1")
		all := []notices.News{item(p, "telegram:1", "a", "", Now), item(p, "telegram:1", "a", "", Now), item(p, "telegram:2", "a", "", Now)}
		must(t, w.AddNews(ctx, p, false, all, Now))
		must(t, w.AddNews(ctx, p, false, all, Now))
		want(t, "states", states(t, w, "p1"), "a waiting, a waiting")
		tell(t, w.DB, "telegram:1", "m1", "70", dueNews(t, w, "telegram:1")...)
		q := p
		q.State = notices.Made
		must(t, w.AddNews(ctx, q, true, all, Now))
		want(t, "states", states(t, w, "p1"), "a sent, a waiting")
		if err := w.AddNews(ctx, q, true, all, Now); !errors.Is(err, dauys.ErrConflict) {
			t.Errorf("with an old plan: %v", err)
		}
	}},
	{"of two about the same that wait, the later one tells both", func(t *testing.T, w *world) {
		ctx := t.Context()
		p1, p2 := planned(t, w, "p1"), planned(t, w, "p2")
		first := item(p1, "telegram:1", "a", "60", Now.Add(time.Hour))
		first.Urgent = true
		must(t, w.AddNews(ctx, p1, false, []notices.News{first, item(p1, "telegram:1", "b", "", Now.Add(time.Hour))}, Now))
		must(t, w.AddNews(ctx, p2, false, []notices.News{item(p2, "telegram:1", "a", "70", Now.Add(2*time.Hour)), item(p2, "telegram:2", "a", "70", Now)}, Now))
		want(t, "waiting", newsFor(t, w, "telegram:1", Now.Add(time.Hour)), "b, a 60")
		want(t, "first", states(t, w, "p1"), "a merged, b waiting")
		all, err := w.NewsOf(ctx, "p2", 0, 1)
		must(t, err)
		want(t, "urgent", all[0].Urgent, true)
		must(t, w.AddNews(ctx, p2, false, []notices.News{item(p2, "telegram:1", "c", "", Now)}, Now))
		want(t, "sooner", boxes(t, w, Now), "telegram:1, telegram:2")
	}},
	{"what was on its way when it was merged counts as told, and the later goes on from there", func(t *testing.T, w *world) {
		ctx := t.Context()
		p1, p2, p3 := planned(t, w, "p1"), planned(t, w, "p2"), planned(t, w, "p3")
		must(t, w.AddNews(ctx, p1, false, []notices.News{item(p1, "telegram:1", "a", "50", Now)}, Now))
		sending := dueNews(t, w, "telegram:1")
		must(t, w.AddNews(ctx, p2, false, []notices.News{item(p2, "telegram:1", "a", "60", Now)}, Now))
		must(t, w.AddNews(ctx, p3, false, []notices.News{item(p3, "telegram:1", "a", "70", Now)}, Now))
		needless := slices.Clone(sending)
		needless[0].State = notices.Needless
		_, err := w.EndNews(ctx, "telegram:1", needless, Now)
		must(t, err)
		want(t, "not told", newsFor(t, w, "telegram:1", Now), "a 50")
		want(t, "and merged", states(t, w, "p1"), "a merged")
		want(t, "next", tell(t, w.DB, "telegram:1", "m1", "60", sending...), Now)
		want(t, "told", newsFor(t, w, "telegram:1", Now), "a 60")
		want(t, "states", strings.Join([]string{states(t, w, "p1"), states(t, w, "p2"), states(t, w, "p3")}, ", "), "a sent, a merged, a waiting")
	}},
	{"news end once, and the letterbox goes with the last", func(t *testing.T, w *world) {
		ctx := t.Context()
		p := planned(t, w, "p1")
		later := Now.Add(time.Hour)
		must(t, w.AddNews(ctx, p, false, []notices.News{item(p, "telegram:1", "a", "", Now), item(p, "telegram:1", "b", "", later)}, Now))
		first := dueNews(t, w, "telegram:1")
		want(t, "next", tell(t, w.DB, "telegram:1", "m1", "70", first...), later)
		want(t, "now", boxes(t, w, Now), "")
		want(t, "later", boxes(t, w, later), "telegram:1")
		again := slices.Clone(first)
		again[0].State, again[0].Why = notices.Failed, "no"
		next, err := w.EndNews(ctx, "telegram:1", again, Now)
		must(t, err)
		want(t, "next", next, later)
		want(t, "states", states(t, w, "p1"), "a sent, b waiting")
		all, err := w.NewsDue(ctx, "telegram:1", later, 10)
		must(t, err)
		want(t, "nothing", tell(t, w.DB, "telegram:1", "m2", "80", all...), time.Time{})
		want(t, "letterboxes", boxes(t, w, later), "")
		next, err = w.EndNews(ctx, "telegram:1", all, Now)
		must(t, err)
		want(t, "again", next, time.Time{})
		told, err := w.ToldAbout(ctx, "telegram:1", "a")
		must(t, err)
		want(t, "message", told.Message+" "+told.Matter.Seen["score"], "m1 70")
		in, err := w.NewsIn(ctx, "telegram:1", "m2")
		must(t, err)
		want(t, "in the second", len(in), 1)
		none, err := w.NewsIn(ctx, "telegram:1", "")
		must(t, err)
		want(t, "in none", len(none), 0)
		if _, err := w.ToldAbout(ctx, "telegram:2", "a"); !errors.Is(err, dauys.ErrNotFound) {
			t.Errorf("told somebody else: %v", err)
		}
		if n, err := w.EndNews(ctx, "telegram:1", []notices.News{{ID: 1 << 40, State: notices.Sent}}, Now); err != nil || !n.IsZero() {
			t.Errorf("news that are not there: %v, %v", n, err)
		}
	}},
	{"what is put off waits, with its letterbox, and nothing else does", func(t *testing.T, w *world) {
		ctx := t.Context()
		p := planned(t, w, "p1")
		must(t, w.AddNews(ctx, p, false, []notices.News{item(p, "telegram:1", "a", "", Now), item(p, "telegram:1", "b", "", Now)}, Now))
		all := dueNews(t, w, "telegram:1")
		must(t, w.PutOffNews(ctx, "telegram:1", []int64{all[0].ID}, Now.Add(time.Hour)))
		want(t, "now", newsFor(t, w, "telegram:1", Now), "b")
		want(t, "next", tell(t, w.DB, "telegram:1", "m1", "70", all[1]), Now.Add(time.Hour))
		must(t, w.PutOffNews(ctx, "telegram:1", []int64{all[0].ID, all[1].ID}, Now.Add(2*time.Hour)))
		want(t, "letterboxes", boxes(t, w, Now.Add(time.Hour)), "")
		want(t, "letterboxes", boxes(t, w, Now.Add(2*time.Hour)), "telegram:1")
		want(t, "states", states(t, w, "p1"), "a waiting, b sent")
	}},
	{"a plan that is halted tells nothing more, and what waited of another is told", func(t *testing.T, w *world) {
		ctx := t.Context()
		p1, p2 := planned(t, w, "p1"), planned(t, w, "p2")
		must(t, w.AddNews(ctx, p1, false, []notices.News{item(p1, "telegram:1", "a", "50", Now), item(p1, "telegram:1", "b", "50", Now)}, Now))
		must(t, w.AddNews(ctx, p2, false, []notices.News{item(p2, "telegram:1", "a", "60", Now), item(p2, "telegram:1", "b", "60", Now), item(p2, "telegram:2", "a", "60", Now)}, Now))
		sent := dueNews(t, w, "telegram:1")
		want(t, "waiting", newsFor(t, w, "telegram:1", Now), "a 50, b 50")
		sent[1].State, sent[1].Message, sent[1].Matter.Seen = notices.Sent, "m1", registrar.Fields{"score": "70"}
		_, err := w.EndNews(ctx, "telegram:1", sent[1:], Now)
		must(t, err)
		n, err := w.HaltPlan(ctx, "p2", Now.Add(time.Minute))
		must(t, err)
		want(t, "stopped", n, int64(2))
		want(t, "states", states(t, w, "p2"), "a stopped, b sent, a stopped")
		want(t, "waiting", newsFor(t, w, "telegram:1", Now), "a 50")
		want(t, "of the other", states(t, w, "p1"), "a waiting, b merged")
		want(t, "of the reader of nothing", newsFor(t, w, "telegram:2", Now), "")
		_, err = w.EndNews(ctx, "telegram:2", nil, Now)
		must(t, err)
		want(t, "letterboxes", boxes(t, w, Now), "telegram:1")
		n, err = w.HaltPlan(ctx, "p2", Now.Add(2*time.Minute))
		must(t, err)
		want(t, "stopped again", n, int64(0))
		for _, save := range []bool{false, true} {
			if err := w.AddNews(ctx, p2, save, []notices.News{item(p2, "telegram:3", "a", "", Now)}, Now); !errors.Is(err, dauys.ErrConflict) {
				t.Errorf("more of it, saved %v: %v", save, err)
			}
		}
		// One that was on its way is noted as told.
		tell(t, w.DB, "telegram:2", "m2", "60", func() []notices.News { all, _ := w.NewsOf(ctx, "p2", 0, 10); return all[2:] }()...)
		want(t, "states", states(t, w, "p2"), "a stopped, b sent, a sent")
	}},
	{"while news are added, sent and halted, each is told or stopped, and nobody is told twice", func(t *testing.T, w *world) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		const readers, plans, abouts = 5, 16, 3
		reader := func(n int) dauys.Address { return dauys.Address(fmt.Sprint("telegram:", n)) }
		var made atomic.Bool
		var wg sync.WaitGroup
		other := w.again(t)
		fail := func(err error) {
			if err != nil {
				t.Error(err)
				cancel()
			}
		}
		wg.Go(func() {
			defer made.Store(true)
			for n := range plans {
				p := planned(t, w, fmt.Sprint("p", n))
				halt := n%4 == 3
				var halting sync.WaitGroup
				if halt {
					halting.Go(func() { _, err := other.HaltPlan(ctx, p.ID, Now); fail(err) })
				}
				var all []notices.News
				for r := range readers {
					for a := range abouts {
						all = append(all, item(p, reader(r), fmt.Sprint("a", a), fmt.Sprint(n-1), Now))
					}
				}
				for some := range slices.Chunk(all, 4) {
					if err := w.AddNews(ctx, p, false, some, Now); !halt || !errors.Is(err, dauys.ErrConflict) {
						fail(err)
					}
				}
				halting.Wait()
			}
		})
		told := make([]map[string][]string, readers)
		for r := range readers {
			told[r] = map[string][]string{}
			wg.Go(func() {
				for ctx.Err() == nil {
					last := made.Load()
					due, err := other.NewsDue(ctx, reader(r), Now, 100)
					fail(err)
					for i, n := range due {
						due[i].State, due[i].Message = notices.Sent, "m"
						due[i].Matter.Seen = registrar.Fields{"score": "after " + n.Plan}
						told[r][n.About] = append(told[r][n.About], n.Plan)
					}
					next, err := other.EndNews(ctx, reader(r), due, Now)
					fail(err)
					if last && next.IsZero() && len(due) == 0 {
						return
					}
				}
			})
		}
		wg.Wait()
		want(t, "letterboxes", boxes(t, w, Now), "")
		for r := range readers {
			want(t, "left", newsFor(t, w, reader(r), Now), "")
			for about, by := range told[r] {
				for i, p := range by {
					if slices.Contains(by[:i], p) {
						t.Errorf("%s was told of %s of %s twice", reader(r), about, p)
					}
				}
				if last := by[len(by)-1]; last != "p14" && last != "p15" {
					t.Errorf("%s was told of %s last by %s", reader(r), about, last)
				}
			}
		}
		for n := range plans {
			c, err := w.CountsOf(t.Context(), fmt.Sprint("p", n))
			must(t, err)
			if n%4 != 3 && c.By[notices.Stopped] > 0 || c.By[notices.Waiting] > 0 {
				t.Errorf("p%d: %v", n, c.By)
			}
		}
	}},
	{"the accounts of many persons are found at once", func(t *testing.T, w *world) {
		var persons []string
		for n := range 250 {
			persons = append(persons, registrar.OfStudent(fmt.Sprint("S", n)))
		}
		for _, n := range []int{0, 249} {
			try(t, w, fmt.Sprint("t", n), dauys.Address(fmt.Sprint("telegram:", n+1)), fmt.Sprint("S", n), issue(t, w, fmt.Sprint("c", n), persons[n], time.Hour), Now)
		}
		got, err := w.LinkedToAny(t.Context(), persons)
		must(t, err)
		want(t, "found", len(got), 2)
		want(t, "whose", got[persons[249]][0].Who, dauys.Address("telegram:250"))
	}},
	{"who cannot be reached is listed with what waits for them, and told of it by mail once", func(t *testing.T, w *world) {
		ctx := t.Context()
		try(t, w, "t1", "telegram:1", "S1", issue(t, w, "c1", registrar.OfStudent("S1"), time.Hour), Now)
		p := planned(t, w, "p1")
		must(t, w.AddNews(ctx, p, false, []notices.News{item(p, "telegram:1", "a", "", Now), item(p, "telegram:1", "b", "", Now.Add(time.Hour)), item(p, "telegram:2", "a", "", Now)}, Now))
		must(t, w.SetUnreachable(ctx, "telegram:1", true, Now))
		must(t, w.SetUnreachable(ctx, "telegram:3", true, Now.Add(time.Minute)))
		lost, err := w.LostReaders(ctx, 10)
		must(t, err)
		want(t, "lost", lost, []notices.Lost{{Who: "telegram:3", Since: Now.Add(time.Minute)}, {Who: "telegram:1", Since: Now, News: 2}})
		all, err := w.UnreachableAll(ctx)
		must(t, err)
		want(t, "all", len(all), 2)
		links, err := w.LinkedFrom(ctx, []dauys.Address{"telegram:1", "telegram:3"})
		must(t, err)
		want(t, "whose", len(links), 1)
		want(t, "whose", links["telegram:1"][0].Person, registrar.OfStudent("S1"))

		day := 24 * time.Hour
		due := func(at time.Time) int64 {
			t.Helper()
			n, err := w.MailDue(ctx, "telegram:1", at, at.Add(-day))
			must(t, err)
			return n
		}
		first := due(Now)
		want(t, "due", first, dueNews(t, w, "telegram:1")[0].ID)
		must(t, w.MailSent(ctx, "telegram:1", first, Now))
		want(t, "again", due(Now.Add(2*day)) == first+1, true) // the second is due by now
		want(t, "the same day", due(Now.Add(2*time.Hour)), int64(0))
		must(t, w.MailSent(ctx, "telegram:1", first+1, Now.Add(2*day)))
		want(t, "told of all", due(Now.Add(5*day)), int64(0))
	}},
	{"what was given up is listed by reason, and plans that fail", func(t *testing.T, w *world) {
		ctx := t.Context()
		p := planned(t, w, "p1")
		planned(t, w, "p2")
		must(t, w.AddNews(ctx, p, false, []notices.News{item(p, "telegram:1", "a", "", Now), item(p, "telegram:1", "b", "", Now)}, Now))
		all := dueNews(t, w, "telegram:1")
		for i := range all {
			all[i].State, all[i].Why = notices.Failed, "no words"
		}
		_, err := w.EndNews(ctx, "telegram:1", all, Now)
		must(t, err)
		must(t, w.Notify(ctx, dauys.Notification{Key: "k1", To: "telegram:1", What: dauys.Ready}))
		due, err := w.Due(ctx, Now, 0, 10)
		must(t, err)
		must(t, w.Failed(ctx, due[0].ID, "refused", Now))
		news, others, err := w.GivenUp(ctx, Now.Add(-time.Hour), 10)
		must(t, err)
		want(t, "news", news, []notices.Given{{What: "mark", Of: "p1", Why: "no words", N: 2, Last: Now}})
		want(t, "others", others, []notices.Given{{What: string(dauys.Ready), Why: "refused", N: 1, Last: Now}})
		news, others, err = w.GivenUp(ctx, Now, 10)
		must(t, err)
		want(t, "later", len(news)+len(others), 0)

		p.Tries, p.Why, p.Start = 2, "nobody knows", Now.Add(time.Hour)
		must(t, w.SavePlan(ctx, p))
		stuck, err := w.StuckPlans(ctx)
		must(t, err)
		p.Version++
		want(t, "stuck", stuck, []notices.Plan{p})
	}},
	{"a wish is kept as it was said last, and no fingerprint leads to who said it", func(t *testing.T, w *world) {
		ctx := t.Context()
		zero, err := w.WishOf(ctx, "telegram:1")
		must(t, err)
		want(t, "nothing said", zero, notices.Wish{Who: "telegram:1"})
		a := notices.Wish{Who: "telegram:1", Modes: map[notices.Topic]notices.Mode{notices.Marks: notices.Evening}, Exams: true, QuietFrom: 60, QuietTo: 420, Mail: "a@b.kz"}
		must(t, w.SaveWish(ctx, a))
		a.Version = 1
		got, err := w.WishOf(ctx, "telegram:1")
		must(t, err)
		want(t, "said", got, a)
		if err := w.SaveWish(ctx, notices.Wish{Who: "telegram:1"}); !errors.Is(err, dauys.ErrConflict) {
			t.Errorf("over a later one: %v", err)
		}
		a.Modes, a.Mail = nil, ""
		must(t, w.SaveWish(ctx, a))
		all, err := w.Wishes(ctx, []dauys.Address{"telegram:1", "telegram:2"})
		must(t, err)
		want(t, "all", len(all), 1)
		want(t, "version", all["telegram:1"].Version, int64(2))
		want(t, "in the open", w.count(t, "SELECT COUNT(*) FROM wishes WHERE who = 'telegram:1'"), 0)
	}},
}
