package storage

import (
	"context"
	"time"

	"alt.edu.kz/dauys"
)

// Figure counts the cases of an institute about one topic; nothing of anybody is in it.
type Figure struct {
	Topic  string
	Filed  int
	Open   int
	Late   int // open, and their whole term is over
	Solved int // answered, and granted in full or in part
}

// Figures counts the cases of an institute that were filed since a time, by topic, in the order of
// the topics' names.
func (d *DB) Figures(ctx context.Context, institute string, since, now time.Time) ([]Figure, error) {
	return look(ctx, d, "figures", func(r row) (f Figure, err error) {
		err = r.Scan(&f.Topic, &f.Filed, &f.Open, &f.Late, &f.Solved)
		return f, err
	}, `SELECT topic, COUNT(*), SUM(CASE WHEN live = TRUE THEN 1 ELSE 0 END),
		SUM(CASE WHEN live = TRUE AND due <= $1 THEN 1 ELSE 0 END), SUM(CASE WHEN outcome IN ($2, $3) THEN 1 ELSE 0 END)
		FROM cases WHERE institute = $4 AND filed >= $5 AND topic <> '' GROUP BY topic ORDER BY topic`,
		ms(now), dauys.Granted, dauys.Partly, institute, ms(since))
}
