package storage_test

import (
	"fmt"
	"testing"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/storage"
	"alt.edu.kz/dauys/storage/storagetest"
)

// BenchmarkDialogueStep is what a step of a dialogue costs in the store: one read and one write.
func BenchmarkDialogueStep(b *testing.B) {
	step := func(b *testing.B, s *storage.Sessions) {
		for b.Loop() {
			st, _, err := s.Load(b.Context(), aigerim)
			if err != nil {
				b.Fatal(err)
			}
			next := storagetest.Dialogue("Лекцию отменили, а нам не сказали.")
			next.Rev = st.Rev
			if err := s.Save(b.Context(), aigerim, next, true); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.Run("embedded", func(b *testing.B) { step(b, storagetest.Sessions(b)) })
	storagetest.RedisServer(b, func(o storage.SessionsOptions) {
		b.Run("server", func(b *testing.B) { step(b, storagetest.OpenSessions(b, o)) })
	})
}

func BenchmarkFile(b *testing.B) {
	for _, store := range storagetest.Stores(b) {
		b.Run(store.Name, func(b *testing.B) {
			db := storagetest.OpenURL(b, store.Migrated(b))
			n := 0
			for b.Loop() {
				n++
				if _, _, err := db.File(b.Context(), storagetest.Case(b, fmt.Sprint(n))); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkAct(b *testing.B) {
	for _, store := range storagetest.Stores(b) {
		b.Run(store.Name, func(b *testing.B) {
			db := storagetest.OpenURL(b, store.Migrated(b))
			if _, err := db.Grant(b.Context(), dauys.Staff{Address: worker, Office: office, From: storagetest.Now}); err != nil {
				b.Fatal(err)
			}
			n, number := 0, ""
			for b.Loop() {
				if n%10 == 0 { // a case of a usual length
					c, _, err := db.File(b.Context(), storagetest.Case(b, fmt.Sprint(n)))
					if err != nil {
						b.Fatal(err)
					}
					number = c.Number
				}
				n++
				_, err := db.Act(b.Context(), number, worker, fmt.Sprint(n), storagetest.Now, func(c *dauys.Case, s dauys.Staff) error {
					m := dauys.Move{Act: dauys.Take, By: dauys.TheOffice, Staff: s, At: storagetest.Now}
					if c.Status == dauys.InReview {
						m.Act = dauys.GiveBack
					}
					return c.Do(m, &dauys.Builtin().Calendar)
				})
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkJournal goes through as many cases as a university has in some years, a page at a time.
func BenchmarkJournal(b *testing.B) {
	const cases = 20_000
	for _, store := range storagetest.Stores(b) {
		b.Run(store.Name, func(b *testing.B) {
			db := storagetest.OpenURL(b, store.Migrated(b))
			for i := range cases {
				if _, _, err := db.File(b.Context(), storagetest.CaseOf(b, dauys.Draft{ID: fmt.Sprint(i)}, storagetest.Now.Add(time.Duration(i)*time.Minute))); err != nil {
					b.Fatal(err)
				}
			}
			for b.Loop() {
				n := 0
				for after := ""; ; {
					page, err := db.Journal(b.Context(), storagetest.Now, storagetest.Now.AddDate(1, 0, 0), after, 500)
					if err != nil {
						b.Fatal(err)
					}
					if n += len(page); len(page) < 500 {
						break
					}
					after = page[len(page)-1].Number
				}
				if n != cases {
					b.Fatalf("%d of %d cases", n, cases)
				}
			}
		})
	}
}

// BenchmarkDue looks for what is due behind ten thousand who have blocked the bot, and as many who
// wait for tomorrow.
func BenchmarkDue(b *testing.B) {
	for _, store := range storagetest.Stores(b) {
		b.Run(store.Name, func(b *testing.B) {
			db, ctx := storagetest.OpenURL(b, store.Migrated(b)), b.Context()
			for i := 0; i < 20_000; i += 500 {
				var batch []dauys.Notification
				for j := i; j < i+500; j++ {
					n := dauys.Notification{Key: fmt.Sprint(j), To: dauys.Address(fmt.Sprint("telegram:", j)), What: dauys.Ready}
					if j%2 == 0 {
						n.After = storagetest.Now.Add(24 * time.Hour)
					} else if err := db.SetUnreachable(ctx, n.To, true, storagetest.Now); err != nil {
						b.Fatal(err)
					}
					batch = append(batch, n)
				}
				if err := db.Notify(ctx, batch...); err != nil {
					b.Fatal(err)
				}
			}
			for b.Loop() {
				if due, err := db.Due(ctx, storagetest.Now, 0, 100); err != nil || len(due) != 0 {
					b.Fatal(len(due), err)
				}
				if _, _, err := db.NextDue(ctx); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkOutlines counts the figures of as many cases as a university has in some years, of which
// nearly all belong to the span, as /stats does.
func BenchmarkOutlines(b *testing.B) {
	const cases = 20_000
	for _, store := range storagetest.Stores(b) {
		b.Run(store.Name, func(b *testing.B) {
			db, cal := storagetest.OpenURL(b, store.Migrated(b)), &dauys.Builtin().Calendar
			if _, err := db.Grant(b.Context(), dauys.Staff{Address: worker, Office: office, From: storagetest.Now}); err != nil {
				b.Fatal(err)
			}
			for i := range cases {
				at := storagetest.Now.Add(time.Duration(i) * time.Minute)
				c, _, err := db.File(b.Context(), storagetest.CaseOf(b, dauys.Draft{ID: fmt.Sprint(i)}, at))
				if err != nil {
					b.Fatal(err)
				}
				if _, err := db.Act(b.Context(), c.Number, worker, "1", at, func(c *dauys.Case, s dauys.Staff) error {
					for _, m := range []dauys.Move{{Act: dauys.Take}, {Act: dauys.Answer, Note: "yes", Outcome: dauys.Granted}} {
						m.By, m.Staff, m.At = dauys.TheOffice, s, at.Add(time.Hour)
						if err := c.Do(m, cal); err != nil {
							return err
						}
					}
					return nil
				}); err != nil {
					b.Fatal(err)
				}
			}
			for b.Loop() {
				survey := dauys.NewSurvey(cal, storagetest.Now, storagetest.Now.AddDate(0, 1, 0), storagetest.Now.AddDate(0, 1, 0))
				for after := ""; ; {
					page, err := db.Outlines(b.Context(), storagetest.Now, after, 1000)
					if err != nil {
						b.Fatal(err)
					}
					for _, c := range page {
						survey.Add(c)
					}
					if len(page) < 1000 {
						break
					}
					after = page[len(page)-1].Number
				}
				if s := survey.Sum(); s.Registered != cases || s.Settled != cases {
					b.Fatalf("%d and %d of %d cases", s.Registered, s.Settled, cases)
				}
			}
		})
	}
}
