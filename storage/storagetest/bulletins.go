package storagetest

import (
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/notices"
)

// aMailing is one that an office has written.
func aMailing(id string, office dauys.OfficeID) notices.Mailing {
	return notices.Mailing{ID: id, Office: office, State: notices.Draft, At: Now, By: deputy, Name: "Saltanat", Chat: chatA,
		Texts: dauys.Names{dauys.Kazakh: "Сабақ жоқ", dauys.Russian: "Занятий нет"}, Whom: notices.Whom{"course": {"2", "3"}}}
}

// letGo puts a mailing before a second person and lets it go.
func letGo(w *world, t *testing.T, id, cause, day string) error {
	t.Helper()
	_, err := w.ChangeBulletin(t.Context(), id, deputy, cause, Now, func(b *notices.Mailing, s dauys.Staff) (e notices.Effect, notes []dauys.Notification, err error) {
		if s.ID == 0 {
			return e, nil, dauys.ErrNotStaff
		}
		if b.State == notices.Draft {
			if err := b.Ask(deputy, "Saltanat"); err != nil {
				return e, nil, err
			}
		}
		p, err := b.Approve(b.Round, director, "Igor", Now)
		return notices.Effect{Plan: &p, Day: day}, []dauys.Notification{{Key: "go/" + id, To: chatA, What: dauys.Ready, Body: "{}"}}, err
	})
	return err
}

var mailing = []promise{
	{"a notice for many is kept by staff of its office, and by nobody else", func(t *testing.T, w *world) {
		w.staff(t)
		ctx := t.Context()
		b := aMailing("b1", first)
		for _, who := range []dauys.Address{stranger, director, ""} {
			if err := w.AddBulletin(ctx, b, who, Now); !errors.Is(err, dauys.ErrNotStaff) {
				t.Fatalf("%q keeps one: %v", who, err)
			}
		}
		must(t, w.AddBulletin(ctx, b, deputy, Now))
		other := b
		other.Name = "somebody else"
		must(t, w.AddBulletin(ctx, other, deputy, Now)) // the same id again changes nothing
		got, err := w.Bulletin(ctx, "b1")
		must(t, err)
		b.Version = 1
		if got.At = got.At.In(b.At.Location()); !reflect.DeepEqual(got, b) {
			t.Fatalf("kept %+v\nwant %+v", got, b)
		}
		if _, err := w.Bulletin(ctx, "b2"); !errors.Is(err, dauys.ErrNotFound) {
			t.Fatalf("one that is not there: %v", err)
		}
		_, err = w.ChangeBulletin(ctx, "b1", stranger, "c", Now, func(_ *notices.Mailing, s dauys.Staff) (e notices.Effect, _ []dauys.Notification, err error) {
			if s.ID != 0 {
				t.Error("a stranger has a right")
			}
			return e, nil, dauys.ErrNotStaff
		})
		if !errors.Is(err, dauys.ErrNotStaff) {
			t.Fatalf("a stranger changes it: %v", err)
		}
	}},
	{"a notice that is let go becomes a plan, with its notices, once for a cause", func(t *testing.T, w *world) {
		w.staff(t)
		ctx := t.Context()
		must(t, w.AddBulletin(ctx, aMailing("b1", first), deputy, Now))
		must(t, letGo(w, t, "b1", "update/1", "2026-11-23"))
		must(t, letGo(w, t, "b1", "update/1", "2026-11-23"))
		p, err := w.Plan(ctx, notices.NoticePlan("b1"))
		must(t, err)
		if p.Source != notices.Notice || p.State != notices.Planned || !p.Start.Equal(Now.Add(notices.Grace)) {
			t.Fatalf("planned %+v", p)
		}
		running, err := w.BulletinsIn(ctx, notices.Running, 5)
		if err != nil || len(running) != 1 || running[0].Yes != "Igor" {
			t.Fatalf("running %+v, %v", running, err)
		}
		if err := letGo(w, t, "b1", "update/2", ""); !errors.Is(err, notices.ErrMailingState) {
			t.Fatalf("let go twice: %v", err)
		}
	}},
	{"an office lets one go by itself on a day, of sixteen at once one", func(t *testing.T, w *world) {
		w.staff(t)
		ctx := t.Context()
		for i := range 16 {
			must(t, w.AddBulletin(ctx, aMailing(fmt.Sprint("b", i), first), deputy, Now))
		}
		want(t, "let go", at16(t, func(i int) (bool, error) {
			err := letGo(w, t, fmt.Sprint("b", i), "update", "2026-11-23")
			if errors.Is(err, notices.ErrDayUsed) {
				return false, nil
			}
			return err == nil, err
		}), 1)
		running, err := w.BulletinsIn(ctx, notices.Running, 20)
		if err != nil || len(running) != 1 {
			t.Fatalf("%d run, %v", len(running), err)
		}
		for office, day := range map[dauys.OfficeID]string{first: "2026-11-24", second: "2026-11-23"} {
			if used, err := w.DayUsed(ctx, office, day); err != nil || used {
				t.Fatalf("%s has used %s: %v, %v", office, day, used, err)
			}
		}
		if used, err := w.DayUsed(ctx, first, "2026-11-23"); err != nil || !used {
			t.Fatalf("the day is not used: %v", err)
		}
	}},
	{"a notice that is stopped takes along what of it waits, and nothing else", func(t *testing.T, w *world) {
		w.staff(t)
		ctx := t.Context()
		must(t, w.AddBulletin(ctx, aMailing("b1", first), deputy, Now))
		must(t, letGo(w, t, "b1", "update/1", ""))
		p, err := w.Plan(ctx, notices.NoticePlan("b1"))
		must(t, err)
		must(t, w.AddPlan(ctx, notices.Plan{ID: "other", Source: notices.Job, Ref: "x", At: Now, Start: Now}))
		other, err := w.Plan(ctx, "other")
		must(t, err)
		news := func(plan string) []notices.News {
			return []notices.News{{Plan: plan, Reader: aigerim, Topic: notices.Bulletin, Card: "bulletin", About: plan, State: notices.Waiting, Due: Now}}
		}
		must(t, w.AddNews(ctx, p, true, news(p.ID), Now))
		must(t, w.AddNews(ctx, other, true, news("other"), Now))
		_, err = w.ChangeBulletin(ctx, "b1", deputy, "update/2", Now.Add(time.Minute), func(b *notices.Mailing, _ dauys.Staff) (notices.Effect, []dauys.Notification, error) {
			return notices.Effect{Halt: true}, nil, b.Stop()
		})
		must(t, err)
		for plan, state := range map[string]notices.State{p.ID: notices.Stopped, "other": notices.Waiting} {
			c, err := w.CountsOf(ctx, plan)
			if err != nil || c.By[state] != 1 || len(c.By) != 1 {
				t.Fatalf("%s: %+v, %v", plan, c, err)
			}
		}
		if p, err := w.Plan(ctx, p.ID); err != nil || p.State != notices.Halted {
			t.Fatalf("the plan is %s, %v", p.State, err)
		}
	}},
	{"the reasons for which news failed are counted", func(t *testing.T, w *world) {
		ctx := t.Context()
		must(t, w.AddPlan(ctx, notices.Plan{ID: "p", Source: notices.Job, Ref: "x", At: Now, Start: Now}))
		p, err := w.Plan(ctx, "p")
		must(t, err)
		var all []notices.News
		for i := range 3 {
			all = append(all, notices.News{Plan: "p", Reader: dauys.Address(fmt.Sprint("telegram:", 7000+i)), Topic: notices.Marks, Card: "c", About: "x", State: notices.Waiting, Due: Now})
		}
		must(t, w.AddNews(ctx, p, true, all, Now))
		for i, n := range all {
			due, err := w.NewsDue(ctx, n.Reader, Now, 5)
			if err != nil || len(due) != 1 {
				t.Fatalf("due %v, %v", due, err)
			}
			due[0].State, due[0].Why = notices.Failed, []string{"refused", "refused", "too long"}[i]
			_, err = w.EndNews(ctx, n.Reader, due, Now)
			must(t, err)
		}
		got, err := w.FailuresOf(ctx, "p", 5)
		if err != nil || !reflect.DeepEqual(got, []notices.Failure{{Why: "refused", News: 2}, {Why: "too long", News: 1}}) {
			t.Fatalf("failures %+v, %v", got, err)
		}
	}},
}
