package storage

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"alt.edu.kz/dauys"
)

// listPage is how many cases are read at a look, with their events.
const listPage = 500

// OfficeCases lists up to limit cases that an office has, the newest first: those that are not final,
// and, since a time, those in which something has happened since then. A zero time is none of these.
func (d *DB) OfficeCases(ctx context.Context, office dauys.OfficeID, since time.Time, limit int) (all []*dauys.Case, err error) {
	condition, args := " WHERE office = $1 AND live = TRUE", []any{office}
	if !since.IsZero() {
		condition = ` WHERE office = $1 AND (live = TRUE OR (SELECT MAX(at) FROM events WHERE events.number = cases.number) >= $2)`
		args = append(args, ms(since))
	}
	first := len(args)
	for len(all) < limit {
		page := min(listPage, limit-len(all))
		more, now := "", append(args[:first:first], page)
		if n := len(all); n > 0 {
			last := all[n-1]
			more, now = fmt.Sprintf(" AND (filed, number) < ($%d, $%d)", first+2, first+3), append(now, ms(last.Filed), last.Number)
		}
		cases, err := d.listed(ctx, condition+more+fmt.Sprintf(" ORDER BY filed DESC, number DESC LIMIT $%d + 0", first+1), now)
		if err != nil {
			return nil, fmt.Errorf("storage: cases of an office: %w", d.named(err))
		}
		if all = append(all, cases...); len(cases) < page {
			break
		}
	}
	return all, nil
}

func (d *DB) listed(ctx context.Context, condition string, args []any) ([]*dauys.Case, error) {
	ctx, cancel := context.WithTimeout(ctx, d.timeout)
	defer cancel()
	return d.loadAll(ctx, d.read, condition, args...)
}

// CasesEnding lists the numbers of up to limit cases that an office has or has had and whose numbers end
// with some digits: those that it has now first, open ones before closed ones, the newest first.
func (d *DB) CasesEnding(ctx context.Context, office dauys.OfficeID, digits string, limit int) ([]string, error) {
	for _, r := range digits {
		if r < '0' || r > '9' {
			return nil, nil
		}
	}
	return look(ctx, d, "cases by their last digits", value[string], `SELECT cases.number FROM cards JOIN cases ON cases.number = cards.number
		WHERE cards.office = $1 AND cases.number LIKE '%' || $2 ORDER BY CASE WHEN cases.office = $1 THEN 0 ELSE 1 END, CASE WHEN cases.live THEN 0 ELSE 1 END,
		cases.filed DESC, cases.number DESC LIMIT $3 + 0`, office, digits, limit)
}

// cardGone makes a card one that stands nowhere.
const cardGone = "shown_in = '', message = '', shown = 0, not_before = 0"

// ShowCard lets a card that is shown already be shown anew, once: gone is the notification that takes the
// message away in which it stood, and when a notification with its key is there, nothing is done.
func (d *DB) ShowCard(ctx context.Context, number string, office dauys.OfficeID, gone dauys.Notification) error {
	return d.change(ctx, "show a card", func(ctx context.Context, tx *sql.Tx) error {
		var n int
		if err := tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM notifications WHERE key = $1", gone.Key).Scan(&n); err != nil || n > 0 {
			return err
		}
		if err := d.insertNotifications(ctx, tx, []dauys.Notification{gone}); err != nil {
			return err
		}
		_, err := exec(ctx, tx, "UPDATE cards SET "+cardGone+" WHERE number = $1 AND office = $2", number, office)
		return err
	})
}
