package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/fault"
)

// Cases that belong together: what changes two of them is one transaction over both.

// ActTogether is [DB.Act] for several cases at once, in the order of their numbers in the call: all of
// them change, or none. The right is that for the office that has the first of them. If the first has an
// event with this cause already, all are returned as they are, and change is not called.
func (d *DB) ActTogether(ctx context.Context, numbers []string, who dauys.Address, cause string, now time.Time, change func([]*dauys.Case, dauys.Staff) error) ([]*dauys.Case, error) {
	var all []*dauys.Case
	err := d.change(ctx, "act together", func(ctx context.Context, tx *sql.Tx) error {
		all = make([]*dauys.Case, len(numbers))
		wake, received := map[string]time.Time{}, map[string]time.Time{}
		for _, number := range slices.Sorted(slices.Values(numbers)) { // held until the end: both are as they were at one moment
			if _, err := exec(ctx, tx, "UPDATE cases SET version = version WHERE number = $1", number); err != nil {
				return err
			}
		}
		for i, number := range numbers {
			c, err := d.load(ctx, tx, "number", number)
			if err != nil {
				return err
			}
			all[i], wake[number] = c, c.Wake
			received[number], _ = c.Reception()
		}
		if all[0].Caused(cause) {
			return nil
		}
		staff, err := d.touchStaff(ctx, tx, who, all[0].Office(), now)
		if err != nil {
			return err
		}
		if err := change(all, staff); err != nil {
			return err
		}
		ordered := slices.Clone(all) // two that change the same cases wait for one another in the same order
		slices.SortFunc(ordered, byNumber)
		for _, c := range ordered {
			if err := d.keep(ctx, tx, c, cause, wake[c.Number], received[c.Number]); err != nil {
				return err
			}
		}
		fault.Point("together-before-commit")
		return nil
	})
	if errors.Is(err, errLost) {
		return nil, fmt.Errorf("storage: act together: %w", dauys.ErrConflict)
	}
	if err != nil {
		return nil, err
	}
	fault.Point("together-after-commit")
	return all, nil
}

func byNumber(a, b *dauys.Case) int {
	switch {
	case a.Number < b.Number:
		return -1
	case a.Number > b.Number:
		return 1
	}
	return 0
}

// Branch is [DB.Act] for a case of which a part becomes a case of its own: fresh, which [dauys.Way.Open]
// has made and which gets its number here. The function is handed both, and what it does with them is
// stored with the new case, or nothing is. The same cause does it once, and returns what there is.
func (d *DB) Branch(ctx context.Context, number string, fresh *dauys.Case, who dauys.Address, cause string, now time.Time, change func(c, fresh *dauys.Case, s dauys.Staff) error) (c, stored *dauys.Case, err error) {
	err = d.change(ctx, "branch", func(ctx context.Context, tx *sql.Tx) (err error) {
		if c, err = d.load(ctx, tx, "number", number); err != nil {
			return err
		}
		if c.Caused(cause) {
			stored, err = d.load(ctx, tx, "id", fresh.ID)
			return err
		}
		staff, err := d.touchStaff(ctx, tx, who, c.Office(), now)
		if err != nil {
			return err
		}
		one, err := d.number(ctx, tx, fresh)
		if err != nil {
			return err
		}
		wake := c.Wake
		received, _ := c.Reception()
		if err := change(c, one, staff); err != nil {
			return err
		}
		tells, err := d.insertNew(ctx, tx, one, cause)
		if err != nil {
			return err
		}
		if err := d.keep(ctx, tx, c, cause, wake, received); err != nil { // what it tells goes first: why there is another
			return err
		}
		if err := d.insertNotifications(ctx, tx, tells); err != nil {
			return err
		}
		fault.Point("branch-before-commit")
		stored, err = d.load(ctx, tx, "id", one.ID)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	fault.Point("branch-after-commit")
	return c, stored, nil
}

// showLinked makes the cards due on which stands how a case stands: those of the cases linked with it.
func showLinked(ctx context.Context, tx *sql.Tx, c *dauys.Case) error {
	links := c.Links()
	slices.Sort(links)
	for _, number := range links {
		if _, err := exec(ctx, tx, "UPDATE cards SET shown = 0 WHERE number = $1", number); err != nil {
			return err
		}
	}
	return nil
}
