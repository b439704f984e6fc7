package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/registrar"
)

// What of an entry is fingerprinted.
const (
	macEntryKey   = "entry key"
	macEntryScope = "entry scope"
	macEntrySum   = "entry"
)

// mostFlaws is how many flaws of an import are kept. All are counted.
const mostFlaws = 1000

// entriesAtOnce is how many entries a transaction handles, so that nobody waits long for it.
const entriesAtOnce = 500

// same is what happens to an entry of a file that holds already: nothing. That it was named is kept until the
// file is read.
const same registrar.What = "same"

func aboutImport(id string) string        { return "import/" + id }
func aboutEntry(id, key string) string    { return "entry/" + id + "/" + key }
func aboutFlaw(id string, n int) string   { return fmt.Sprintf("flaw/%s/%d", id, n) }
func (d *DB) short(what, s string) string { return shorten(d.sealer.Mac(what, s)) }

// shorten keeps 128 bits of a fingerprint.
func shorten(mac string) string { return mac[:32] }

// importBody is what is sealed of an import.
type importBody struct {
	File, Hash, By, ByName, Chat, Approved string
	Baseline                               bool
	Counts                                 registrar.Counts
	Notes                                  []registrar.Note `json:",omitempty"`
	Settled                                time.Time
	Columns                                []string `json:",omitempty"`
}

const importColumns = "SELECT id, kind, state, seq, base, at, body FROM imports"

func (d *DB) scanImport(r row) (im registrar.Import, err error) {
	var seq sql.NullInt64
	var at int64
	var sealed []byte
	if err := r.Scan(&im.ID, &im.Kind, &im.State, &seq, &im.Base, &at, &sealed); err != nil {
		return im, err
	}
	var b importBody
	if err := d.openJSON(sealed, aboutImport(im.ID), &b); err != nil {
		return im, err
	}
	im.Seq, im.At = seq.Int64, instant(at)
	im.File, im.Hash, im.By, im.ByName, im.Chat, im.Approved, im.Baseline, im.Counts, im.Notes, im.Settled, im.Columns = b.File, b.Hash, b.By, b.ByName, b.Chat, b.Approved, b.Baseline, b.Counts, b.Notes, b.Settled, b.Columns
	return im, nil
}

func (d *DB) sealImport(im registrar.Import) ([]byte, error) {
	return d.sealJSON(importBody{im.File, im.Hash, im.By, im.ByName, im.Chat, im.Approved, im.Baseline, im.Counts, im.Notes, im.Settled, im.Columns}, aboutImport(im.ID))
}

// base is the number of the import of a kind that was published last and still holds; 0: there is none.
func base(ctx context.Context, q querier, k registrar.Kind) (int64, error) {
	return value[int64](q.QueryRowContext(ctx, "SELECT COALESCE(MAX(seq), 0) FROM imports WHERE kind = $1 AND state = $2", k, registrar.Published))
}

// BeginImport stores a new import, in which nothing is yet. Its state, base and baseline are filled in.
// The same id a second time gives [dauys.ErrConflict].
func (d *DB) BeginImport(ctx context.Context, im registrar.Import) (registrar.Import, error) {
	err := d.change(ctx, "begin import", func(ctx context.Context, tx *sql.Tx) (err error) {
		if im.Base, err = base(ctx, tx, im.Kind); err != nil {
			return err
		}
		im.State, im.Baseline, im.Seq = registrar.Staging, im.Base == 0, 0
		body, err := d.sealImport(im)
		if err != nil {
			return err
		}
		n, err := exec(ctx, tx, "INSERT INTO imports (id, kind, state, base, at, body, version) VALUES ($1, $2, $3, $4, $5, $6, 1) ON CONFLICT (id) DO NOTHING",
			im.ID, im.Kind, im.State, im.Base, ms(im.At), body)
		if err == nil && n == 0 {
			return dauys.ErrConflict
		}
		return err
	})
	return im, err
}

// holding is the newest published version of an entry.
type holding struct {
	key, owner, other, scope, sum, from string
	what                                registrar.What
	seq                                 int64
	body                                []byte
}

func scanHolding(r row) (h holding, err error) {
	err = r.Scan(&h.key, &h.owner, &h.other, &h.scope, &h.sum, &h.from, &h.what, &h.seq, &h.body)
	return h, err
}

const holdingColumns = `SELECT e.key, e.owner, e.other, e.scope, e.sum, e.import, e.what, i.seq, e.body
	FROM entries e JOIN imports i ON i.id = e.import AND i.state = 'published' `

// newest keeps the newest version of each entry, and of those only what holds; before: under that number.
func newest(all []holding, before int64) map[string]holding {
	found := map[string]holding{}
	for _, h := range all {
		if old, ok := found[h.key]; (before == 0 || h.seq < before) && (!ok || old.seq < h.seq) {
			found[h.key] = h
		}
	}
	maps.DeleteFunc(found, func(_ string, h holding) bool { return h.what == registrar.Gone })
	return found
}

// held is what holds of some keys.
func held(ctx context.Context, q querier, k registrar.Kind, keys []string, before int64) (map[string]holding, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	args := []any{k}
	for _, key := range keys {
		args = append(args, key)
	}
	all, err := list(ctx, q, scanHolding, holdingColumns+"WHERE e.kind = $1 AND e.key IN ("+marks(2, len(keys))+")", args...)
	return newest(all, before), err
}

// sum is a fingerprint of the values of an entry.
func (d *DB) sum(f registrar.Fields) (plain []byte, sum string, err error) {
	plain, err = json.Marshal(f) // keys come sorted
	return plain, d.short(macEntrySum, string(plain)), err
}

// Stage adds entries to an import that is being read, and counts in it what they change. It tells which
// of them, by their place in the list, say something else about a thing that the file has named before.
func (d *DB) Stage(ctx context.Context, im *registrar.Import, entries []registrar.Entry) (twice []int, err error) {
	for start := 0; start < len(entries); start += entriesAtOnce {
		chunk := entries[start:min(start+entriesAtOnce, len(entries))]
		again, counts, err := d.stage(ctx, *im, chunk)
		if err != nil {
			return twice, err
		}
		for _, n := range again {
			twice = append(twice, start+n)
		}
		im.Counts = counts
	}
	return twice, nil
}

func (d *DB) stage(ctx context.Context, im registrar.Import, entries []registrar.Entry) (twice []int, counts registrar.Counts, err error) {
	type staged struct {
		key, scope, sum string
		plain           []byte
	}
	rows, keys := make([]staged, len(entries)), make([]string, len(entries))
	for i, e := range entries {
		plain, sum, err := d.sum(e.Fields)
		if err != nil {
			return nil, counts, err
		}
		keys[i] = d.short(macEntryKey, e.Key)
		rows[i] = staged{keys[i], d.short(macEntryScope, string(e.Kind)+"|"+e.Scope), sum, plain}
	}
	err = d.change(ctx, "stage entries", func(ctx context.Context, tx *sql.Tx) error {
		twice, counts = nil, im.Counts
		var was map[string]holding
		if !im.Baseline {
			if was, err = held(ctx, tx, im.Kind, keys, im.Base+1); err != nil { // what is published meanwhile makes it void, even when undone
				return err
			}
		}
		args := []any{im.ID}
		for _, k := range keys {
			args = append(args, k)
		}
		type seen struct{ key, sum string }
		before, err := list(ctx, tx, func(r row) (s seen, err error) { err = r.Scan(&s.key, &s.sum); return s, err },
			"SELECT key, sum FROM entries WHERE import = $1 AND key IN ("+marks(2, len(keys))+")", args...)
		if err != nil {
			return err
		}
		if len(was) > 0 {
			there, err := list(ctx, tx, func(r row) (s seen, err error) { err = r.Scan(&s.key, &s.sum); return s, err },
				"SELECT key, sum FROM entries_same WHERE import = $1 AND key IN ("+marks(2, len(keys))+")", args...)
			if err != nil {
				return err
			}
			before = append(before, there...)
		}
		known := map[string]string{}
		for _, s := range before {
			known[s.key] = s.sum
		}
		var insert, unchanged []any
		for i, e := range entries {
			r := rows[i]
			if sum, ok := known[r.key]; ok {
				if sum != r.sum {
					twice = append(twice, i)
				}
				continue
			}
			known[r.key] = r.sum
			what, body := registrar.New, []byte(nil)
			if old, ok := was[r.key]; ok {
				what = registrar.Changed
				if old.sum == r.sum && old.scope == r.scope {
					what = same
				}
			}
			switch what {
			case registrar.New:
				counts.New++
			case registrar.Changed:
				counts.Changed++
			default:
				counts.Same++
			}
			if what == same {
				unchanged = append(unchanged, im.ID, r.key, r.sum)
				continue
			}
			body = d.sealer.Seal(r.plain, aboutEntry(im.ID, r.key))
			insert = append(insert, im.ID, e.Kind, r.key, e.Owner, e.Other, r.scope, what, r.sum, body)
		}
		if err := insertRows(ctx, tx, "INSERT INTO entries_same (import, key, sum) VALUES ", 3, unchanged); err != nil {
			return err
		}
		return insertRows(ctx, tx, "INSERT INTO entries (import, kind, key, owner, other, scope, what, sum, body) VALUES ", 9, insert)
	})
	return twice, counts, err
}

// insertRows inserts rows of n values each, in statements of a size that both engines take; behind the
// rows stands what happens to those that are there.
func insertRows(ctx context.Context, tx *sql.Tx, text string, n int, values []any, behind ...string) error {
	const rows = 100
	for chunk := range slices.Chunk(values, rows*n) {
		stmt := []byte(text)
		for at := 0; at < len(chunk); at += n {
			if at > 0 {
				stmt = append(stmt, ',')
			}
			stmt = fmt.Appendf(stmt, "(%s)", marks(at+1, n))
		}
		if _, err := exec(ctx, tx, string(stmt)+strings.Join(behind, ""), chunk...); err != nil {
			return err
		}
	}
	return nil
}

// StageFlaws keeps what is wrong with the rows of an import, the first thousand. Those that are there count
// from the number that is given.
func (d *DB) StageFlaws(ctx context.Context, id string, from int, flaws []registrar.Flaw) error {
	if flaws = flaws[:max(0, min(len(flaws), mostFlaws-from))]; len(flaws) == 0 {
		return nil
	}
	return d.change(ctx, "stage flaws", func(ctx context.Context, tx *sql.Tx) error {
		for i, f := range flaws {
			body, err := d.sealJSON(f, aboutFlaw(id, from+i))
			if err != nil {
				return err
			}
			if _, err := exec(ctx, tx, "INSERT INTO import_flaws (import, n, body) VALUES ($1, $2, $3) ON CONFLICT (import, n) DO NOTHING", id, from+i, body); err != nil {
				return err
			}
		}
		return nil
	})
}

// Flaws lists what is wrong with the rows of an import, the first thousand, in the order of the file.
func (d *DB) Flaws(ctx context.Context, id string) ([]registrar.Flaw, error) {
	return look(ctx, d, "flaws", func(r row) (f registrar.Flaw, err error) {
		var n int
		var sealed []byte
		if err := r.Scan(&n, &sealed); err != nil {
			return f, err
		}
		err = d.openJSON(sealed, aboutFlaw(id, n), &f)
		return f, err
	}, "SELECT n, body FROM import_flaws WHERE import = $1 ORDER BY n", id)
}

// StageGone finds what holds and is missing in an import, in the scopes that it covers, and counts it.
func (d *DB) StageGone(ctx context.Context, im *registrar.Import, scopes []string) error {
	if im.Baseline {
		return nil
	}
	for chunk := range slices.Chunk(scopes, 50) {
		args := []any{im.Kind}
		for _, s := range chunk {
			args = append(args, d.short(macEntryScope, string(im.Kind)+"|"+s))
		}
		keys, err := look(ctx, d, "entries of scopes", value[string], "SELECT DISTINCT e.key FROM entries e JOIN imports i ON i.id = e.import AND i.state = 'published' WHERE e.kind = $1 AND e.scope IN ("+marks(2, len(chunk))+") ORDER BY e.key", args...)
		if err != nil {
			return err
		}
		for some := range slices.Chunk(keys, entriesAtOnce) {
			var gone int
			err := d.change(ctx, "stage what is gone", func(ctx context.Context, tx *sql.Tx) error {
				gone = 0
				was, err := held(ctx, tx, im.Kind, some, im.Base+1)
				if err != nil {
					return err
				}
				there := []any{im.ID}
				for _, k := range some {
					there = append(there, k)
				}
				staged, err := list(ctx, tx, value[string], "SELECT key FROM entries WHERE import = $1 AND key IN ("+marks(2, len(some))+") UNION ALL SELECT key FROM entries_same WHERE import = $1 AND key IN ("+marks(2, len(some))+")", there...)
				if err != nil {
					return err
				}
				for _, k := range staged {
					delete(was, k)
				}
				var insert []any
				for _, k := range slices.Sorted(maps.Keys(was)) {
					h := was[k]
					if !slices.Contains(args[1:], any(h.scope)) {
						continue // it has moved to another scope since
					}
					insert = append(insert, im.ID, im.Kind, k, h.owner, h.other, h.scope, registrar.Gone, "", []byte(nil))
					gone++
				}
				return insertRows(ctx, tx, "INSERT INTO entries (import, kind, key, owner, other, scope, what, sum, body) VALUES ", 9, insert)
			})
			if err != nil {
				return err
			}
			im.Counts.Gone += gone
		}
	}
	return nil
}

// FinishImport ends the reading of an import: what it does not change is forgotten, and it can be
// published if nothing is wrong with it.
func (d *DB) FinishImport(ctx context.Context, im *registrar.Import) error {
	if err := d.forgetEntries(ctx, "entries_same", im.ID); err != nil {
		return err
	}
	im.State = registrar.Staged
	body, err := d.sealImport(*im)
	if err != nil {
		return err
	}
	n, err := d.exec(ctx, "finish import", "UPDATE imports SET state = $1, body = $2, version = version + 1 WHERE id = $3 AND state = $4", im.State, body, im.ID, registrar.Staging)
	if err == nil && n == 0 {
		return fmt.Errorf("storage: finish import: %w", dauys.ErrConflict)
	}
	return err
}

// Import finds an import. The error is [dauys.ErrNotFound] when there is none.
func (d *DB) Import(ctx context.Context, id string) (registrar.Import, error) {
	im, err := one(ctx, d, "import", d.scanImport, importColumns+" WHERE id = $1", id)
	return im, notFound(err)
}

// Imports lists those of a kind, or of all with an empty one, the last first.
func (d *DB) Imports(ctx context.Context, k registrar.Kind, limit int) ([]registrar.Import, error) {
	return look(ctx, d, "imports", d.scanImport, importColumns+" WHERE kind = $1 OR $2 = '' ORDER BY at DESC, id LIMIT $3 + 0", k, string(k), limit)
}

// Holding is the import of a kind that was published last and still holds. The error is [dauys.ErrNotFound]
// when there is none.
func (d *DB) Holding(ctx context.Context, k registrar.Kind) (registrar.Import, error) {
	im, err := one(ctx, d, "holding import", d.scanImport, importColumns+" WHERE kind = $1 AND state = $2 ORDER BY seq DESC LIMIT 1", k, registrar.Published)
	return im, notFound(err)
}

// Settle publishes, drops or undoes an import, with what has to be told of it, in one small transaction.
// Settled so already by the same person, it is returned as it is. The error is [dauys.ErrConflict] when its
// state does not allow it: something is wrong with it, another of its kind was published since it was
// compared, or, to undo it, after it.
func (d *DB) Settle(ctx context.Context, id string, to registrar.State, by string, now time.Time, notes func(registrar.Import) ([]dauys.Notification, error)) (im registrar.Import, err error) {
	err = d.change(ctx, "settle import", func(ctx context.Context, tx *sql.Tx) (err error) {
		im, err = d.settle(ctx, tx, id, to, by, now, func(registrar.Import) error { return nil }, notes)
		return err
	})
	return im, err
}

// SettleBy is [DB.Settle] by a member of an office, whose right is read in the same transaction. The error is
// [dauys.ErrNotStaff] when there is none; may tells whether this one may.
func (d *DB) SettleBy(ctx context.Context, id string, to registrar.State, who dauys.Address, office dauys.OfficeID, now time.Time, may func(registrar.Import) error, notes func(registrar.Import) ([]dauys.Notification, error)) (im registrar.Import, err error) {
	err = d.change(ctx, "settle import", func(ctx context.Context, tx *sql.Tx) error {
		staff, err := d.touchStaff(ctx, tx, who, office, now)
		if err != nil {
			return err
		}
		if staff.ID == 0 {
			return dauys.ErrNotStaff
		}
		im, err = d.settle(ctx, tx, id, to, string(who), now, may, notes)
		return err
	})
	return im, err
}

func (d *DB) settle(ctx context.Context, tx *sql.Tx, id string, to registrar.State, by string, now time.Time, may func(registrar.Import) error, notes func(registrar.Import) ([]dauys.Notification, error)) (im registrar.Import, err error) {
	// Whoever settles an import of the kind waits for who does: which one is below must not change meanwhile.
	if _, err := exec(ctx, tx, "UPDATE imports SET version = version + 1 WHERE id = (SELECT MIN(id) FROM imports WHERE kind = (SELECT kind FROM imports WHERE id = $1))", id); err != nil {
		return im, err
	}
	if im, err = d.scanImport(tx.QueryRowContext(ctx, importColumns+" WHERE id = $1", id)); err != nil {
		return im, notFound(err)
	}
	if err := may(im); err != nil {
		return im, err
	}
	was := im.State
	if was == to && im.Approved == by {
		return im, nil
	}
	last, err := base(ctx, tx, im.Kind)
	if err != nil {
		return im, err
	}
	seq := sql.NullInt64{Int64: im.Seq, Valid: im.Seq > 0}
	switch {
	case to == registrar.Published && was == registrar.Staged && im.Counts.Flaws == 0 && last == im.Base:
		if seq.Int64, err = value[int64](tx.QueryRowContext(ctx, "SELECT COALESCE(MAX(seq), 0) + 1 FROM imports WHERE kind = $1", im.Kind)); err != nil {
			return im, err
		}
		seq.Valid = true
	case to == registrar.Dropped && (was == registrar.Staged || was == registrar.Staging):
	case to == registrar.Undone && was == registrar.Published && last == im.Seq:
	default:
		return im, dauys.ErrConflict
	}
	im.State, im.Seq, im.Approved, im.Settled = to, seq.Int64, by, now.UTC()
	body, err := d.sealImport(im)
	if err != nil {
		return im, err
	}
	n, err := exec(ctx, tx, "UPDATE imports SET state = $1, seq = $2, body = $3, version = version + 1 WHERE id = $4 AND state = $5", to, seq, body, id, was)
	switch {
	case err != nil:
		return im, err
	case n == 0:
		return im, errLost
	}
	if err := d.planImport(ctx, tx, im); err != nil {
		return im, err
	}
	if notes == nil {
		return im, nil
	}
	told, err := notes(im)
	if err != nil {
		return im, err
	}
	return im, d.insertNotifications(ctx, tx, told)
}

// DropReading drops an import that is being read and forgets what was staged of it: its reading was called off.
func (d *DB) DropReading(ctx context.Context, id string, now time.Time) error {
	if _, err := d.Settle(ctx, id, registrar.Dropped, "", now, nil); errors.Is(err, dauys.ErrConflict) {
		if im, err := d.Import(ctx, id); err != nil || im.State != registrar.Dropped { // somebody has published it
			return err
		}
	} else if err != nil {
		return err
	}
	return errors.Join(d.forgetEntries(ctx, "entries", id), d.forgetEntries(ctx, "entries_same", id))
}

// ForgetDropped deletes what imports that were dropped have brought, and drops those whose reading was
// begun before a time and has not ended: the process that read them is gone.
func (d *DB) ForgetDropped(ctx context.Context, before, now time.Time) error {
	left, err := look(ctx, d, "imports that hang", value[string], "SELECT id FROM imports WHERE state = $1 AND at < $2", registrar.Staging, ms(before))
	if err != nil {
		return err
	}
	for _, id := range left {
		if _, err := d.Settle(ctx, id, registrar.Dropped, "", now, nil); err != nil && !errors.Is(err, dauys.ErrConflict) {
			return err
		}
	}
	dropped, err := look(ctx, d, "dropped imports", value[string], "SELECT i.id FROM imports i WHERE i.state = $1 AND (EXISTS (SELECT 1 FROM entries e WHERE e.import = i.id) OR EXISTS (SELECT 1 FROM entries_same s WHERE s.import = i.id))", registrar.Dropped)
	if err != nil {
		return err
	}
	for _, id := range dropped {
		if err := errors.Join(d.forgetEntries(ctx, "entries", id), d.forgetEntries(ctx, "entries_same", id)); err != nil {
			return err
		}
	}
	return nil
}

// forgetEntries deletes what was staged of an import, some at a time.
func (d *DB) forgetEntries(ctx context.Context, table, id string) error {
	for last := ""; ; {
		next, err := look(ctx, d, "staged entries", value[string], "SELECT key FROM "+table+" WHERE import = $1 AND key >= $2 ORDER BY key LIMIT 1 OFFSET 2000", id, last)
		if err != nil {
			return err
		}
		if len(next) == 0 {
			_, err := d.exec(ctx, "forget what was staged", "DELETE FROM "+table+" WHERE import = $1", id)
			return err
		}
		if _, err := d.exec(ctx, "forget what was staged", "DELETE FROM "+table+" WHERE import = $1 AND key < $2", id, next[0]); err != nil {
			return err
		}
		last = next[0]
	}
}

// entry opens a version of an entry.
func (d *DB) entry(k registrar.Kind, h holding) (e registrar.Entry, err error) {
	plain, err := d.sealer.Open(h.body, aboutEntry(h.from, h.key))
	if err != nil {
		return e, fmt.Errorf("entry: %w", err)
	}
	var f registrar.Fields
	if err := json.Unmarshal(plain, &f); err != nil {
		return e, err
	}
	return registrar.EntryOf(k, f), nil
}

// Records lists the entries of a kind that hold, of one owner; in the order of their keys.
func (d *DB) Records(ctx context.Context, k registrar.Kind, owner string) ([]registrar.Entry, error) {
	return d.records(ctx, k, "e.owner", owner)
}

// RecordsBy lists the entries of a kind that hold and can be found by something else than their owner.
func (d *DB) RecordsBy(ctx context.Context, k registrar.Kind, other string) ([]registrar.Entry, error) {
	return d.records(ctx, k, "e.other", other)
}

func (d *DB) records(ctx context.Context, k registrar.Kind, column, id string) ([]registrar.Entry, error) {
	return look(ctx, d, "records", func(r row) (e registrar.Entry, err error) {
		h, err := scanHolding(r)
		if err != nil {
			return e, err
		}
		return d.entry(k, h)
	}, holdingColumns+"WHERE e.kind = $1 AND "+column+" = $2 AND "+stillHolds+" ORDER BY e.key", k, id)
}

// stillHolds is said of a published version: it is the newest, and does not say that the entry is gone.
const stillHolds = `e.what <> 'gone' AND NOT EXISTS (SELECT 1 FROM entries n JOIN imports j ON j.id = n.import AND j.state = 'published'
	WHERE n.key = e.key AND n.kind = e.kind AND j.seq > i.seq)`

// Record finds an entry by its key. The error is [dauys.ErrNotFound] when none holds.
func (d *DB) Record(ctx context.Context, k registrar.Kind, key string) (e registrar.Entry, err error) {
	h, err := d.found(ctx, k, key)
	if err != nil {
		return e, err
	}
	return d.entry(k, h)
}

func (d *DB) found(ctx context.Context, k registrar.Kind, key string) (h holding, err error) {
	ctx, cancel := context.WithTimeout(ctx, d.timeout)
	defer cancel()
	short := d.short(macEntryKey, key)
	found, err := held(ctx, d.read, k, []string{short}, 0)
	if err != nil {
		return h, fmt.Errorf("storage: record: %w", d.named(err))
	}
	h, ok := found[short]
	if !ok {
		return h, dauys.ErrNotFound
	}
	return h, nil
}

// BroughtBy is the import with which an entry became what it is now. The error is [dauys.ErrNotFound] when
// none holds.
func (d *DB) BroughtBy(ctx context.Context, k registrar.Kind, key string) (im registrar.Import, err error) {
	found, err := d.found(ctx, k, key)
	if err != nil {
		return im, err
	}
	return d.Import(ctx, found.from)
}

// EachRecord hands over all entries of a kind that hold, some at a time, in no order that means anything.
func (d *DB) EachRecord(ctx context.Context, k registrar.Kind, do func(registrar.Entry) error) error {
	for after := ""; ; {
		type keyed struct {
			key string
			e   registrar.Entry
		}
		some, err := look(ctx, d, "each record", func(r row) (v keyed, err error) {
			h, err := scanHolding(r)
			if err != nil {
				return v, err
			}
			v.key = h.key
			v.e, err = d.entry(k, h)
			return v, err
		}, holdingColumns+"WHERE e.kind = $1 AND e.key > $2 AND "+stillHolds+" ORDER BY e.key LIMIT 1000", k, after)
		if err != nil {
			return err
		}
		for _, v := range some {
			if err := do(v.e); err != nil {
				return err
			}
			after = v.key
		}
		if len(some) < 1000 {
			return nil
		}
	}
}

// EachOwner hands over all entries of a kind that hold, owner after owner: all that one has at once, in
// the order of their keys. Only those of some owners are in memory at a time.
func (d *DB) EachOwner(ctx context.Context, k registrar.Kind, do func(owner string, all []registrar.Entry) error) error {
	type owned struct {
		owner, key string
		e          registrar.Entry
	}
	after := ""
	for most := ownedAtOnce; ; {
		// The join is crossed so that the entries are walked along their index, and not sorted anew each time.
		some, err := look(ctx, d, "each owner", func(r row) (v owned, err error) {
			h, err := scanHolding(r)
			if err != nil {
				return v, err
			}
			v.owner, v.key = h.owner, h.key
			v.e, err = d.entry(k, h)
			return v, err
		}, `SELECT e.key, e.owner, e.other, e.scope, e.sum, e.import, e.what, i.seq, e.body FROM entries e CROSS JOIN imports i
			WHERE i.id = e.import AND i.state = 'published' AND e.kind = $1 AND e.owner > $2 AND `+stillHolds+" ORDER BY e.owner LIMIT $3 + 0", k, after, most)
		if err != nil {
			return err
		}
		last := len(some) < most
		for len(some) > 0 {
			n := slices.IndexFunc(some, func(v owned) bool { return v.owner != some[0].owner })
			if n < 0 {
				if !last {
					break // there may be more of this one
				}
				n = len(some)
			}
			slices.SortFunc(some[:n], func(a, b owned) int { return strings.Compare(a.key, b.key) })
			all := make([]registrar.Entry, n)
			for i, v := range some[:n] {
				all[i] = v.e
			}
			if after = some[0].owner; after != "" {
				if err := do(after, all); err != nil {
					return err
				}
			}
			if some = some[n:]; len(some) == 0 && last {
				return nil
			}
			most = ownedAtOnce
		}
		switch {
		case last:
			return nil
		case len(some) == most: // all of them are of one owner
			most *= 2
		}
	}
}

// ownedAtOnce is how many entries are read at a look, as long as no owner has more.
const ownedAtOnce = 2000

// Changes lists what an import does, some at a time: next is where to go on, empty at the end.
func (d *DB) Changes(ctx context.Context, im registrar.Import, after string, limit int) (all []registrar.Change, next string, err error) {
	ctx, cancel := context.WithTimeout(ctx, d.timeout)
	defer cancel()
	rows, err := list(ctx, d.read, func(r row) (h holding, err error) {
		err = r.Scan(&h.key, &h.owner, &h.other, &h.scope, &h.sum, &h.from, &h.what, &h.body)
		return h, err
	}, "SELECT key, owner, other, scope, sum, import, what, body FROM entries WHERE import = $1 AND key > $2 ORDER BY key LIMIT $3 + 0", im.ID, after, limit)
	if err != nil {
		return nil, "", fmt.Errorf("storage: changes: %w", d.named(err))
	}
	keys := make([]string, len(rows))
	for i, h := range rows {
		keys[i] = h.key
	}
	was, err := held(ctx, d.read, im.Kind, keys, im.Base+1)
	if err != nil {
		return nil, "", fmt.Errorf("storage: changes: %w", d.named(err))
	}
	for _, h := range rows {
		c := registrar.Change{What: h.what}
		if h.what != registrar.Gone {
			now, err := d.entry(im.Kind, h)
			if err != nil {
				return nil, "", fmt.Errorf("storage: changes: %w", err)
			}
			c.Now = &now
		}
		if old, ok := was[h.key]; ok {
			e, err := d.entry(im.Kind, old)
			if err != nil {
				return nil, "", fmt.Errorf("storage: changes: %w", err)
			}
			c.Was = &e
		}
		all = append(all, c)
	}
	if len(rows) == limit {
		next = rows[len(rows)-1].key
	}
	return all, next, nil
}
