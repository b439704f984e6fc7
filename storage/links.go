package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/registrar"
)

// What of a link is fingerprinted.
const (
	macLinked     = "linked account"
	macPerson     = "linked person"
	macLinkCode   = "link code"
	macLinkNumber = "link number"
)

const (
	triesKept = 30 * 24 * time.Hour // and codes after their time
	mostTries = 500                 // that are listed at once
)

func aboutLink(who, sort string) string      { return "link/" + who + "/" + sort }
func aboutLinkCode(hash string) string       { return "linkcode/" + hash }
func aboutTry(cause string) string           { return "linktry/" + cause }
func aboutAccess(key string) string          { return "access/" + key }
func (d *DB) account(a dauys.Address) string { return d.short(macLinked, string(a)) }

// personID: a number is the same in small letters.
func (d *DB) personID(p string) string { return d.short(macPerson, strings.ToUpper(p)) }
func (d *DB) numberID(n string) string { return d.short(macLinkNumber, strings.ToUpper(n)) }

// codeHash is what is kept of a code: for another number the same code is another one.
func (d *DB) codeHash(number, code string) string {
	return d.sealer.Mac(macLinkCode, strings.ToUpper(number)+"|"+code)
}

// sortOf is student or employee.
func sortOf(person string) string { sort, _, _ := strings.Cut(person, "/"); return sort }

func (d *DB) scanLink(r row) (l registrar.Link, err error) {
	var who, sort string
	var sealed []byte
	if err := r.Scan(&who, &sort, &sealed); err != nil {
		return l, err
	}
	err = d.openJSON(sealed, aboutLink(who, sort), &l)
	return l, err
}

const linkColumns = "SELECT who, sort, body FROM links "

func (d *DB) sealLink(l registrar.Link) (who, sort string, sealed []byte, err error) {
	who, sort = d.account(l.Who), sortOf(l.Person)
	sealed, err = d.sealJSON(l, aboutLink(who, sort))
	return who, sort, sealed, err
}

func (d *DB) saveLink(ctx context.Context, tx *sql.Tx, l registrar.Link) error {
	who, sort, sealed, err := d.sealLink(l)
	if err != nil {
		return err
	}
	_, err = exec(ctx, tx, `INSERT INTO links (who, sort, person, body) VALUES ($1, $2, $3, $4)
		ON CONFLICT (who, sort) DO UPDATE SET person = excluded.person, body = excluded.body`, who, sort, d.personID(l.Person), sealed)
	return err
}

// LinksOf are the persons that an account is linked with: a student, an employee, or both.
func (d *DB) LinksOf(ctx context.Context, who dauys.Address) ([]registrar.Link, error) {
	return look(ctx, d, "links of", d.scanLink, linkColumns+"WHERE who = $1 ORDER BY sort DESC", d.account(who))
}

// LinkedTo are the accounts that are linked with a person, the first one first.
func (d *DB) LinkedTo(ctx context.Context, person string) ([]registrar.Link, error) {
	all, err := look(ctx, d, "linked to", d.scanLink, linkColumns+"WHERE person = $1", d.personID(person))
	return inOrder(all), err
}

func (d *DB) linkedTo(ctx context.Context, tx *sql.Tx, person string) ([]registrar.Link, error) {
	all, err := list(ctx, tx, d.scanLink, linkColumns+"WHERE person = $1", d.personID(person))
	return inOrder(all), err
}

func inOrder(all []registrar.Link) []registrar.Link {
	slices.SortStableFunc(all, func(a, b registrar.Link) int {
		if c := a.Since.Compare(b.Since); c != 0 {
			return c
		}
		return strings.Compare(string(a.Who), string(b.Who))
	})
	return all
}

// IssueCodes keeps new codes, with what has to be told of them. A code takes the place of those that its
// person has not used, and wrong tries with the number do not count any more. May is handed the rights and
// the links that who makes them has at this moment; when it says no, the error is [dauys.ErrNotStaff] and
// nothing is kept. For the same cause codes are made once: the error is [dauys.ErrConflict] then.
func (d *DB) IssueCodes(ctx context.Context, cause string, codes []registrar.Code, by dauys.Address, as registrar.Role, now time.Time,
	may func([]dauys.Staff, []registrar.Link) bool, notes ...dauys.Notification) error {
	return d.change(ctx, "issue codes", func(ctx context.Context, tx *sql.Tx) error {
		if err := d.mayLink(ctx, tx, by, now, may); err != nil {
			return err
		}
		before, err := value[int](tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM link_codes WHERE cause = $1", cause))
		if err != nil {
			return err
		}
		if before > 0 {
			return dauys.ErrConflict
		}
		if _, err := exec(ctx, tx, "DELETE FROM link_codes WHERE expires < $1", ms(now.Add(-triesKept))); err != nil {
			return err
		}
		for _, c := range codes {
			person, number := d.personID(c.Person), registrar.NumberOf(c.Person)
			hash := d.codeHash(number, c.Code)
			sealed, err := d.sealJSON(c.Person, aboutLinkCode(hash))
			if err != nil {
				return err
			}
			if _, err := exec(ctx, tx, "DELETE FROM link_codes WHERE person = $1 AND taken = FALSE", person); err != nil {
				return err
			}
			if _, err := exec(ctx, tx, "INSERT INTO link_codes (hash, person, cause, expires, taken, body) VALUES ($1, $2, $3, $4, FALSE, $5)", hash, person, cause, ms(c.Expires), sealed); err != nil {
				return err
			}
			if _, err := exec(ctx, tx, "UPDATE link_tries SET forgiven = TRUE WHERE number = $1 AND forgiven = FALSE", d.numberID(number)); err != nil {
				return err
			}
			if err := d.insertAccess(ctx, tx, registrar.Access{Cause: cause, At: now, Who: by, As: string(as), Did: registrar.DidCode, Person: c.Person}); err != nil {
				return err
			}
		}
		return d.insertNotifications(ctx, tx, notes)
	})
}

// mayLink asks whether somebody may, with the rights and links that they have in this transaction.
func (d *DB) mayLink(ctx context.Context, tx *sql.Tx, by dauys.Address, now time.Time, may func([]dauys.Staff, []registrar.Link) bool) error {
	rights, err := d.touchRights(ctx, tx, by, now)
	if err != nil {
		return err
	}
	links, err := list(ctx, tx, d.scanLink, linkColumns+"WHERE who = $1", d.account(by))
	if err != nil {
		return err
	}
	if !may(rights, links) {
		return dauys.ErrNotStaff
	}
	return nil
}

// TryCode takes a number and a code from an account. A good code is used up, and links the account with
// the person; whom the account was linked with before, of the same sort, it is no more. It is confirmed at
// once if the person has no other account that is, or if the account was linked with the person before.
// Of a wrong one it is noted who has tried; too many of an account or for a number are not looked at.
// A number that nobody has is no different from one with another code. What tell makes of it is stored with
// it. For the same cause the first result is given again, and nothing is told.
func (d *DB) TryCode(ctx context.Context, try registrar.Try, tell func(registrar.Tried) []dauys.Notification) (t registrar.Tried, err error) {
	who, number := d.account(try.Who), d.numberID(try.Number)
	err = d.change(ctx, "try code", func(ctx context.Context, tx *sql.Tx) (err error) {
		t = registrar.Tried{}
		if again, err := d.triedBefore(ctx, tx, try); err == nil || !errors.Is(err, sql.ErrNoRows) {
			t = again
			return err
		}
		for _, limit := range []struct {
			column, id string
			most       int
			span       time.Duration
		}{{"who", who, registrar.TriesOfAccount, registrar.SpanOfAccount}, {"number", number, registrar.TriesOfNumber, registrar.SpanOfNumber}} {
			tried, err := list(ctx, tx, value[int64], "SELECT at FROM link_tries WHERE "+limit.column+" = $1 AND at > $2 AND result = $3 AND forgiven = FALSE ORDER BY at DESC LIMIT $4 + 0",
				limit.id, ms(try.At.Add(-limit.span)), registrar.Wrong, limit.most)
			if err != nil {
				return err
			}
			if len(tried) == limit.most {
				if until := instant(tried[limit.most-1]).Add(limit.span); until.After(t.Until) {
					t.Result, t.Until = registrar.Slowed, until
				}
			}
		}
		if t.Result == registrar.Slowed {
			return nil
		}
		if _, err := exec(ctx, tx, "DELETE FROM link_tries WHERE at < $1", ms(try.At.Add(-triesKept))); err != nil {
			return err
		}
		if t, err = d.useCode(ctx, tx, try); err != nil {
			return err
		}
		kept, err := d.sealJSON(registrar.Try{Cause: try.Cause, Who: try.Who, Number: try.Number, At: try.At}, aboutTry(try.Cause))
		if err != nil {
			return err
		}
		if _, err := exec(ctx, tx, "INSERT INTO link_tries (cause, who, number, at, result, forgiven, body) VALUES ($1, $2, $3, $4, $5, FALSE, $6)", try.Cause, who, number, ms(try.At), t.Result, kept); err != nil {
			return err
		}
		return d.insertNotifications(ctx, tx, tell(t))
	})
	return t, err
}

// triedBefore is what came of a try when it was made; sql.ErrNoRows: it was not.
func (d *DB) triedBefore(ctx context.Context, tx *sql.Tx, try registrar.Try) (t registrar.Tried, err error) {
	if t.Result, err = value[registrar.TryResult](tx.QueryRowContext(ctx, "SELECT result FROM link_tries WHERE cause = $1", try.Cause)); err != nil {
		return t, err
	}
	if t.Result == registrar.Wrong {
		return t, nil
	}
	links, err := list(ctx, tx, d.scanLink, linkColumns+"WHERE who = $1", d.account(try.Who))
	for _, l := range links {
		if strings.EqualFold(registrar.NumberOf(l.Person), try.Number) {
			t.Link = l
		}
	}
	return t, err
}

// useCode links an account if the code is good. Both ways ask for the same.
func (d *DB) useCode(ctx context.Context, tx *sql.Tx, try registrar.Try) (t registrar.Tried, err error) {
	hash, person := d.codeHash(try.Number, try.Code), ""
	var sealed []byte
	err = tx.QueryRowContext(ctx, "UPDATE link_codes SET taken = TRUE WHERE hash = $1 AND taken = FALSE AND expires > $2 RETURNING body", hash, ms(try.At)).Scan(&sealed)
	switch {
	case errors.Is(err, sql.ErrNoRows) || err == nil && try.Code == "":
		t.Result = registrar.Wrong
		for _, of := range []string{registrar.OfStudent(try.Number), registrar.OfEmployee(try.Number)} {
			others, err := d.linkedTo(ctx, tx, of)
			if err != nil {
				return t, err
			}
			t.Others = append(t.Others, others...)
		}
		t.Others = slices.DeleteFunc(t.Others, func(l registrar.Link) bool { return l.Who == try.Who })
		return t, nil
	case err != nil:
		return t, err
	}
	if err := d.openJSON(sealed, aboutLinkCode(hash), &person); err != nil {
		return t, err
	}
	t.Link, t.New = registrar.Link{Who: try.Who, Person: person, Since: try.At}, true
	mine, err := list(ctx, tx, d.scanLink, linkColumns+"WHERE who = $1 AND sort = $2", d.account(try.Who), sortOf(person))
	if err != nil {
		return t, err
	}
	for _, l := range mine {
		if l.Person == person {
			t.Link, t.New = l, false
		} else {
			t.Was = l.Person
		}
	}
	if t.Others, err = d.linkedTo(ctx, tx, person); err != nil {
		return t, err
	}
	t.Others = slices.DeleteFunc(t.Others, func(l registrar.Link) bool { return l.Who == try.Who })
	t.Result = registrar.Linked
	if t.New && slices.ContainsFunc(t.Others, func(l registrar.Link) bool { return !l.Confirmed.IsZero() }) {
		t.Result = registrar.Pending
	} else {
		t.Link.Confirmed = try.At
	}
	if err := d.saveLink(ctx, tx, t.Link); err != nil {
		return t, err
	}
	return t, d.insertAccess(ctx, tx, registrar.Access{Cause: try.Cause, At: try.At, Who: try.Who, Did: registrar.DidLink, Person: person})
}

// ConfirmLink is one account of a person saying that another one is theirs, too. The error is
// [dauys.ErrNotFound] when one of them is not linked with the person, or the first not confirmed.
func (d *DB) ConfirmLink(ctx context.Context, cause string, by, who dauys.Address, person string, now time.Time, notes ...dauys.Notification) error {
	return d.change(ctx, "confirm link", func(ctx context.Context, tx *sql.Tx) error {
		if by == who { // nobody speaks for themselves
			return dauys.ErrNotFound
		}
		l, err := d.vouched(ctx, tx, by, who, person)
		if err != nil {
			return err
		}
		l.Confirmed = now.UTC()
		account, sort, sealed, err := d.sealLink(l)
		if err != nil {
			return err
		}
		n, err := exec(ctx, tx, "UPDATE links SET body = $1 WHERE who = $2 AND sort = $3 AND person = $4", sealed, account, sort, d.personID(l.Person))
		if err != nil {
			return err
		}
		if n == 0 { // it was ended meanwhile, and does not come back
			return dauys.ErrNotFound
		}
		if err := d.insertAccess(ctx, tx, registrar.Access{Cause: cause, At: now, Who: by, Did: registrar.DidConfirm, Person: person}); err != nil {
			return err
		}
		return d.insertNotifications(ctx, tx, notes)
	})
}

// vouched is the link of an account with a person of whom another account may speak: one that is confirmed,
// and, where the first is, too, was so before.
func (d *DB) vouched(ctx context.Context, tx *sql.Tx, by, who dauys.Address, person string) (l registrar.Link, err error) {
	all, err := d.linkedTo(ctx, tx, person)
	if err != nil {
		return l, err
	}
	for _, x := range all {
		if x.Who == who {
			l = x
		}
	}
	speaks := slices.ContainsFunc(all, func(x registrar.Link) bool {
		return x.Who == by && !x.Confirmed.IsZero() && (l.Confirmed.IsZero() || x.Since.Before(l.Since))
	})
	if l.Who == "" || by != who && !speaks {
		return l, dauys.ErrNotFound
	}
	return l, nil
}

// Unlink ends that an account is a person's: the account itself does, or another one of the person that
// speaks for them, as for [DB.ConfirmLink]. From then on nothing of the person is told there. The error is
// [dauys.ErrNotFound] when there is nothing to end, or it is not theirs to end.
func (d *DB) Unlink(ctx context.Context, cause string, by, who dauys.Address, person string, now time.Time, notes ...dauys.Notification) error {
	return d.change(ctx, "unlink", func(ctx context.Context, tx *sql.Tx) error {
		if _, err := d.vouched(ctx, tx, by, who, person); err != nil {
			return err
		}
		if _, err := exec(ctx, tx, "DELETE FROM links WHERE who = $1 AND person = $2", d.account(who), d.personID(person)); err != nil {
			return err
		}
		if err := d.insertAccess(ctx, tx, registrar.Access{Cause: cause, At: now, Who: by, Did: registrar.DidUnlink, Person: person}); err != nil {
			return err
		}
		return d.insertNotifications(ctx, tx, notes)
	})
}

// UnlinkAll ends it for all accounts of a person, and codes that they have not used are good no more. May is
// asked as for [DB.IssueCodes]; tell makes of the links that there were what has to be told.
func (d *DB) UnlinkAll(ctx context.Context, cause, person string, by dauys.Address, as registrar.Role, now time.Time,
	may func([]dauys.Staff, []registrar.Link) bool, tell func([]registrar.Link) []dauys.Notification) (were []registrar.Link, err error) {
	err = d.change(ctx, "unlink all", func(ctx context.Context, tx *sql.Tx) error {
		if err := d.mayLink(ctx, tx, by, now, may); err != nil {
			return err
		}
		if were, err = d.linkedTo(ctx, tx, person); err != nil {
			return err
		}
		for _, text := range []string{"DELETE FROM links WHERE person = $1", "DELETE FROM link_codes WHERE person = $1 AND taken = FALSE"} {
			if _, err := exec(ctx, tx, text, d.personID(person)); err != nil {
				return err
			}
		}
		if err := d.insertAccess(ctx, tx, registrar.Access{Cause: cause, At: now, Who: by, As: string(as), Did: registrar.DidUnlinkAll, Person: person}); err != nil {
			return err
		}
		return d.insertNotifications(ctx, tx, tell(were))
	})
	return were, err
}

// WrongTries lists wrong codes of a span of time, the first ones.
func (d *DB) WrongTries(ctx context.Context, from, to time.Time) ([]registrar.Try, error) {
	return look(ctx, d, "wrong tries", func(r row) (t registrar.Try, err error) {
		var cause string
		var sealed []byte
		if err := r.Scan(&cause, &sealed); err != nil {
			return t, err
		}
		err = d.openJSON(sealed, aboutTry(cause), &t)
		return t, err
	}, "SELECT cause, body FROM link_tries WHERE at >= $1 AND at < $2 AND result = $3 ORDER BY at, cause LIMIT $4 + 0", ms(from), ms(to), registrar.Wrong, mostTries)
}

// LogAccess notes looks at what is kept of somebody. The same kind of the same person for the same cause is
// noted once.
func (d *DB) LogAccess(ctx context.Context, looks ...registrar.Access) error {
	return d.change(ctx, "log access", func(ctx context.Context, tx *sql.Tx) error {
		for _, a := range looks {
			if err := d.insertAccess(ctx, tx, a); err != nil {
				return err
			}
		}
		return nil
	})
}

func (d *DB) insertAccess(ctx context.Context, tx *sql.Tx, a registrar.Access) error {
	key := d.short(macPerson, fmt.Sprint("access|", a.Cause, "|", a.Did, "|", a.Kind, "|", a.Person))
	sealed, err := d.sealJSON(a, aboutAccess(key))
	if err != nil {
		return err
	}
	_, err = exec(ctx, tx, "INSERT INTO access_log (key, person, at, body) VALUES ($1, $2, $3, $4) ON CONFLICT (key) DO NOTHING", key, d.personID(a.Person), ms(a.At), sealed)
	return err
}

// Accesses lists who has looked at what is kept of somebody, and what was done about how they get at it,
// the last first.
func (d *DB) Accesses(ctx context.Context, person string, limit int) ([]registrar.Access, error) {
	return look(ctx, d, "accesses", func(r row) (a registrar.Access, err error) {
		var key string
		var sealed []byte
		if err := r.Scan(&key, &sealed); err != nil {
			return a, err
		}
		err = d.openJSON(sealed, aboutAccess(key), &a)
		return a, err
	}, "SELECT key, body FROM access_log WHERE person = $1 ORDER BY at DESC, key LIMIT $2 + 0", d.personID(person), limit)
}
