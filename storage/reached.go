package storage

import (
	"context"
	"slices"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/notices"
	"alt.edu.kz/dauys/registrar"
)

// LostReaders are the accounts and chats that cannot be written to, the last ones first, and how many news
// wait for each.
func (d *DB) LostReaders(ctx context.Context, limit int) ([]notices.Lost, error) {
	return look(ctx, d, "who cannot be reached", func(r row) (l notices.Lost, err error) {
		var since int64
		err = r.Scan(&l.Who, &since, &l.News)
		l.Since = instant(since)
		return l, err
	}, `SELECT address, since, (SELECT COUNT(*) FROM news WHERE news.reader = unreachable.address AND news.state = 'waiting')
		FROM unreachable ORDER BY since DESC, address LIMIT $1 + 0`, limit)
}

// LinkedFrom are the persons that some accounts are linked with.
func (d *DB) LinkedFrom(ctx context.Context, accounts []dauys.Address) (map[dauys.Address][]registrar.Link, error) {
	all := map[dauys.Address][]registrar.Link{}
	for some := range slices.Chunk(accounts, 200) {
		ids := []any{}
		for _, a := range some {
			ids = append(ids, d.account(a))
		}
		links, err := look(ctx, d, "linked from", d.scanLink, linkColumns+"WHERE who IN ("+marks(1, len(ids))+") ORDER BY sort DESC", ids...)
		if err != nil {
			return nil, err
		}
		for _, l := range links {
			all[l.Who] = append(all[l.Who], l)
		}
	}
	return all, nil
}

func scanGiven(r row) (g notices.Given, err error) {
	var last int64
	err = r.Scan(&g.What, &g.Of, &g.Why, &g.N, &last)
	g.Last = instant(last)
	return g, err
}

// GivenUp are the news, and the other notices, that were given up after a time, the last ones first; those
// that failed for the same reason together.
func (d *DB) GivenUp(ctx context.Context, after time.Time, limit int) (news, others []notices.Given, err error) {
	news, err = look(ctx, d, "news that were given up", scanGiven, `SELECT card, plan, why, COUNT(*), MAX(done) FROM news
		WHERE state = 'failed' AND done > $1 GROUP BY card, plan, why ORDER BY MAX(done) DESC, card, plan, why LIMIT $2 + 0`, ms(after), limit)
	if err != nil {
		return nil, nil, err
	}
	others, err = look(ctx, d, "notices that were given up", scanGiven, `SELECT what, number, why, COUNT(*), MAX(done) FROM notifications
		WHERE state = 'failed' AND done > $1 GROUP BY what, number, why ORDER BY MAX(done) DESC, what, number, why LIMIT $2 + 0`, ms(after), limit)
	return news, others, err
}

// StuckPlans are the plans that could not be made into news when it was tried last.
func (d *DB) StuckPlans(ctx context.Context) ([]notices.Plan, error) {
	all, err := look(ctx, d, "stuck plans", d.scanPlan, planColumns+"WHERE state = $1 ORDER BY start, id", notices.Planned)
	return slices.DeleteFunc(all, func(p notices.Plan) bool { return p.Tries == 0 }), err
}
