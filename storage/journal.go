package storage

import (
	"context"
	"fmt"
	"time"

	"alt.edu.kz/dauys"
)

// Journal lists cases that were filed in a span of time, from its beginning and before its end, in the
// order in which they came: up to limit of those after the one with a number, or the first ones. A case
// that is filed meanwhile comes last, or not at all, and moves no other.
func (d *DB) Journal(ctx context.Context, from, to time.Time, after string, limit int) ([]*dauys.Case, error) {
	ctx, cancel := context.WithTimeout(ctx, d.timeout)
	defer cancel()
	condition, args := " WHERE filed >= $1 AND filed < $2", []any{ms(from), ms(to), limit}
	if after != "" {
		condition += " AND (filed, number) > (SELECT filed, number FROM cases WHERE number = $4)"
		args = append(args, after)
	}
	cases, err := d.loadAll(ctx, d.read, condition+" ORDER BY filed, number LIMIT $3 + 0", args...)
	if err != nil {
		return nil, fmt.Errorf("storage: journal: %w", d.named(err))
	}
	return cases, nil
}
