package storagetest

import (
	"errors"
	"fmt"
	"reflect"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/registrar"
)

func paperOf(id, student string) registrar.Paper {
	return registrar.Paper{ID: id, Kind: registrar.Transcript, Student: student, Name: "Қыдырғалиқызы Әсем", Who: "telegram:1", Lang: dauys.Kazakh,
		Official: true, State: registrar.PaperAsked, Asked: Now.UTC(), Shown: "6B07112"}
}

// issuing is about the papers that the registrar gives out.
var issuing = []promise{
	{"a paper is found by its id, its student, its number and its token, and only once it has them", func(t *testing.T, w *world) {
		w.staff(t)
		ctx := t.Context()
		p, err := w.AskPaper(ctx, paperOf("p1", "2023001"), dauys.Notification{Key: "asked/p1", What: dauys.Ready, To: "telegram:1", Body: "{}"})
		must(t, err)
		want := paperOf("p1", "2023001")
		want.Version = 1
		if !reflect.DeepEqual(p, want) {
			t.Fatalf("asked for %+v, want %+v", p, want)
		}
		other := paperOf("p1", "2023999")
		if p, err = w.AskPaper(ctx, other); err != nil || p.Student != "2023001" {
			t.Fatalf("asked for again: %+v, %v", p, err)
		}
		for _, token := range []string{"", "nobody's"} {
			if _, err := w.PaperByToken(ctx, token); !errors.Is(err, dauys.ErrNotFound) {
				t.Fatalf("the token %q leads to something: %v", token, err)
			}
		}
		if _, err := w.PaperByNumber(ctx, ""); !errors.Is(err, dauys.ErrNotFound) {
			t.Fatalf("no number leads to something: %v", err)
		}
		p, err = w.ChangePaper(ctx, "p1", deputy, first, "u1", Now, func(p *registrar.Paper, s dauys.Staff) ([]dauys.Notification, error) {
			p.Token = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			return nil, p.Move(registrar.PaperApproved, s.Name, "", Now)
		})
		must(t, err)
		if p.Number != "TRN-2026-000001" || p.By == "" {
			t.Fatalf("approved: %+v", p)
		}
		found := map[string]func() (registrar.Paper, error){
			"id":     func() (registrar.Paper, error) { return w.Paper(ctx, "p1") },
			"number": func() (registrar.Paper, error) { return w.PaperByNumber(ctx, "TRN-2026-000001") },
			"token":  func() (registrar.Paper, error) { return w.PaperByToken(ctx, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") },
			"student": func() (registrar.Paper, error) {
				all, err := w.PapersOf(ctx, "2023001", 10)
				if err != nil || len(all) != 1 {
					return registrar.Paper{}, fmt.Errorf("%d papers, %w", len(all), err)
				}
				return all[0], nil
			},
			"state": func() (registrar.Paper, error) {
				all, err := w.PapersIn(ctx, registrar.PaperApproved, 10)
				if err != nil || len(all) != 1 {
					return registrar.Paper{}, fmt.Errorf("%d papers, %w", len(all), err)
				}
				return all[0], nil
			},
		}
		for by, find := range found {
			if got, err := find(); err != nil || !reflect.DeepEqual(got, p) {
				t.Errorf("by %s: %+v, %v; want %+v", by, got, err, p)
			}
		}
		if all, err := w.PapersIn(ctx, registrar.PaperAsked, 10); err != nil || len(all) > 0 {
			t.Errorf("still asked for: %+v, %v", all, err)
		}
	}},
	{"the same cause changes a paper once; a change that fails takes no number", func(t *testing.T, w *world) {
		w.staff(t)
		ctx := t.Context()
		_, err := w.AskPaper(ctx, paperOf("p1", "1"))
		must(t, err)
		no := errors.New("no")
		approve := func(who dauys.Address, cause string, fails error) (registrar.Paper, error) {
			return w.ChangePaper(ctx, "p1", who, first, cause, Now, func(p *registrar.Paper, s dauys.Staff) ([]dauys.Notification, error) {
				if s.ID == 0 {
					return nil, dauys.ErrNotStaff
				}
				if err := p.Move(registrar.PaperApproved, s.Name, "", Now); err != nil {
					return nil, err
				}
				return []dauys.Notification{{Key: "paper/" + cause, What: dauys.Ready, To: "telegram:1", Body: "{}"}}, fails
			})
		}
		for _, who := range []dauys.Address{stranger, director, ""} {
			if _, err := approve(who, "u1", nil); !errors.Is(err, dauys.ErrNotStaff) {
				t.Fatalf("%q approves: %v", who, err)
			}
		}
		if _, err := approve(deputy, "u1", no); !errors.Is(err, no) {
			t.Fatal(err)
		}
		p, err := approve(deputy, "u1", nil)
		must(t, err)
		want(t, "number", p.Number, "TRN-2026-000001")
		p, err = approve(deputy, "u1", no) // the same update again
		must(t, err)
		want(t, "version", p.Version, int64(2))
		if _, err := approve(deputy, "u2", nil); !errors.Is(err, registrar.ErrPaperState) {
			t.Fatalf("approved twice: %v", err)
		}
		if _, err := w.ChangePaper(ctx, "p0", deputy, first, "u3", Now, nil); !errors.Is(err, dauys.ErrNotFound) {
			t.Fatalf("there is none: %v", err)
		}
	}},
	{"papers that are approved at once have numbers without gaps, and each year begins anew", func(t *testing.T, w *world) {
		w.staff(t)
		ctx := t.Context()
		const many = 12
		for i := range many {
			_, err := w.AskPaper(ctx, paperOf(fmt.Sprint("p", i), fmt.Sprint(i)))
			must(t, err)
		}
		var all sync.WaitGroup
		var done atomic.Int64
		for i := range 3 * many { // three press the same button
			all.Go(func() {
				_, err := w.ChangePaper(ctx, fmt.Sprint("p", i%many), deputy, first, fmt.Sprint("u", i), Now, func(p *registrar.Paper, s dauys.Staff) ([]dauys.Notification, error) {
					p.Token = fmt.Sprintf("TOKEN%020d", i%many)
					return nil, p.Move(registrar.PaperApproved, s.Name, "", Now)
				})
				switch {
				case err == nil:
					done.Add(1)
				case !errors.Is(err, registrar.ErrPaperState):
					t.Errorf("approve: %v", err)
				}
			})
		}
		all.Wait()
		want(t, "approved", done.Load(), int64(many))
		for i := range many {
			_, err := w.PaperByNumber(ctx, fmt.Sprintf("TRN-2026-%06d", i+1))
			must(t, err)
		}
		_, err := w.AskPaper(ctx, paperOf("next", "1"))
		must(t, err)
		year := Now.Add(365 * 24 * time.Hour)
		p, err := w.ChangePaper(ctx, "next", deputy, first, "u", year, func(p *registrar.Paper, s dauys.Staff) ([]dauys.Notification, error) {
			return nil, p.Move(registrar.PaperApproved, s.Name, "", year)
		})
		must(t, err)
		want(t, "number", p.Number, "TRN-2027-000001")
	}},
}
