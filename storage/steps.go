package storage

import (
	"context"
	"database/sql"
)

// StepCount is what happened at one step of a conversation on one day, in one language.
type StepCount struct {
	Day  string // 2026-11-23, in Almaty
	Flow string
	Step string
	Lang string
	What string
}

// AddSteps adds to the counts.
func (d *DB) AddSteps(ctx context.Context, counts map[StepCount]int) error {
	return d.change(ctx, "add steps", func(ctx context.Context, tx *sql.Tx) error {
		for c, n := range counts {
			if _, err := exec(ctx, tx, `INSERT INTO steps (day, flow, step, lang, what, n) VALUES ($1, $2, $3, $4, $5, $6)
				ON CONFLICT (day, flow, step, lang, what) DO UPDATE SET n = steps.n + excluded.n`, c.Day, c.Flow, c.Step, c.Lang, c.What, n); err != nil {
				return err
			}
		}
		return nil
	})
}

// Steps are the counts from a day on, added up over the days.
func (d *DB) Steps(ctx context.Context, since string) (map[StepCount]int, error) {
	all := map[StepCount]int{}
	_, err := look(ctx, d, "steps", func(r row) (struct{}, error) {
		var c StepCount
		var n int
		err := r.Scan(&c.Flow, &c.Step, &c.Lang, &c.What, &n)
		all[c] = n
		return struct{}{}, err
	}, "SELECT flow, step, lang, what, CAST(SUM(n) AS BIGINT) FROM steps WHERE day >= $1 GROUP BY flow, step, lang, what", since)
	return all, err
}
