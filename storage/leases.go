package storage

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/notices"
)

// Beat is the sign of life of whoever does what only one may do at a time: the sender, the
// poller. The holder counts it up; who wants the place watches it by a monotonic clock of its own,
// and takes it when it has stood still for the whole term. No two clocks are compared.
type Beat struct {
	Holder string
	N      int64 // 0: nobody yet
}

func scanBeat(r row) (b Beat, err error) {
	err = r.Scan(&b.Holder, &b.N)
	return b, err
}

// Beat is the last sign of life.
func (d *DB) Beat(ctx context.Context, name string) (Beat, error) {
	b, err := one(ctx, d, "beat", scanBeat, "SELECT holder, n FROM beats WHERE name = $1", name)
	if errors.Is(err, sql.ErrNoRows) {
		return Beat{}, nil
	}
	return b, err
}

// TakeBeat makes me the holder if the beat is still the one that was seen, be it to take the place
// or to keep it. It returns the beat as it is then, and whether it is mine.
func (d *DB) TakeBeat(ctx context.Context, name, me string, seen Beat) (now Beat, mine bool, err error) {
	err = d.change(ctx, "take beat", func(ctx context.Context, tx *sql.Tx) error {
		n, err := exec(ctx, tx, `INSERT INTO beats (name, holder, n) VALUES ($1, $2, $3)
			ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, n = excluded.n WHERE beats.holder = $4 AND beats.n = $5`,
			name, me, seen.N+1, seen.Holder, seen.N)
		if err != nil {
			return err
		}
		mine = n == 1
		now, err = scanBeat(tx.QueryRowContext(ctx, "SELECT holder, n FROM beats WHERE name = $1", name))
		return err
	})
	return now, mine, err
}

// Offset is a number that outlives a restart; 0 if it was never set.
func (d *DB) Offset(ctx context.Context, name string) (int64, error) {
	n, err := one(ctx, d, "offset", value[int64], "SELECT n FROM numbers WHERE name = $1", name)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return n, err
}

// SetOffset remembers a number.
func (d *DB) SetOffset(ctx context.Context, name string, n int64) error {
	_, err := d.exec(ctx, "set offset", "INSERT INTO numbers (name, n) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET n = excluded.n", name, n)
	return err
}

// slotsKept is how long before a run those that were before it are remembered.
const slotsKept = 90 * 24 * time.Hour

// ClaimSlot tells one of all who ask that a job's run of this time is theirs. What has to be told by it
// is stored in the same transaction, or not at all when the run is somebody else's.
func (d *DB) ClaimSlot(ctx context.Context, job string, slot, now time.Time, plans []notices.Plan, notes ...dauys.Notification) (mine bool, err error) {
	err = d.change(ctx, "claim slot", func(ctx context.Context, tx *sql.Tx) error {
		n, err := exec(ctx, tx, "INSERT INTO slots (job, slot, claimed) VALUES ($1, $2, $3) ON CONFLICT (job, slot) DO NOTHING", job, ms(slot), ms(now))
		if mine = n == 1; err != nil || !mine {
			return err
		}
		if _, err := exec(ctx, tx, "DELETE FROM slots WHERE job = $1 AND slot < $2", job, ms(slot.Add(-slotsKept))); err != nil {
			return err
		}
		for _, p := range plans {
			if err := d.insertPlan(ctx, tx, p); err != nil {
				return err
			}
		}
		return d.insertNotifications(ctx, tx, notes)
	})
	return mine, err
}

// LastSlot is the latest run of a job by a time, and when it was claimed; zero: there was none.
func (d *DB) LastSlot(ctx context.Context, job string, by time.Time) (slot, claimed time.Time, err error) {
	times, err := look(ctx, d, "last slot", func(r row) (t [2]int64, err error) { return t, r.Scan(&t[0], &t[1]) },
		"SELECT slot, claimed FROM slots WHERE job = $1 AND slot <= $2 ORDER BY slot DESC LIMIT 1", job, ms(by))
	if err != nil || len(times) == 0 {
		return slot, claimed, err
	}
	return instant(times[0][0]), instant(times[0][1]), nil
}
