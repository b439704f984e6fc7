package storage

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // numbers carry the year in Almaty, on machines without zones, too

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/fault"
)

// almaty is where the year of a number turns.
var almaty = func() *time.Location {
	l, err := time.LoadLocation("Asia/Almaty")
	if err != nil {
		panic(err) // it is embedded
	}
	return l
}()

// Filter chooses cases; what is empty does not count.
type Filter struct {
	Applicant dauys.Address
	Office    dauys.OfficeID // that has the case now
	Open      bool           // only those that are not final
	Before    string         // only those older than the one with this number, for the next page
	Limit     int            // 0: 100
}

// caseBody is what is sealed of a case.
type caseBody struct {
	Channel   dauys.Channel    `json:"channel,omitempty"`
	Name      string           `json:"name,omitempty"`
	Text      string           `json:"text,omitempty"`
	Details   []dauys.Detail   `json:"details,omitempty"`
	Urgent    bool             `json:"urgent,omitempty"`
	Files     []dauys.File     `json:"files,omitempty"`
	Missing   []string         `json:"missing,omitempty"`
	Helper    string           `json:"helper,omitempty"`
	Original  string           `json:"original,omitempty"`
	Group     string           `json:"group,omitempty"`
	Against   []dauys.OfficeID `json:"against,omitempty"`
	Without   []dauys.OfficeID `json:"without,omitempty"`
	Barred    []dauys.Address  `json:"barred,omitempty"`
	Away      []dauys.OfficeID `json:"away,omitempty"`
	Consent   string           `json:"consent,omitempty"`
	ConsentAt int64            `json:"consent_at,omitempty"`
}

// eventBody is what is sealed of an event.
type eventBody struct {
	Name    string         `json:"name,omitempty"`
	Who     dauys.Address  `json:"who,omitempty"`
	Note    string         `json:"note,omitempty"`
	Files   []dauys.File   `json:"files,omitempty"`
	Details []dauys.Detail `json:"details,omitempty"`
	Days    int            `json:"days,omitempty"`
	Mark    int            `json:"mark,omitempty"`
	Term    int64          `json:"term,omitempty"`
	Clause  string         `json:"clause,omitempty"`
	Toward  dauys.OfficeID `json:"toward,omitempty"`
	Body    string         `json:"referred,omitempty"`
	Other   string         `json:"other,omitempty"`
	Whom    string         `json:"whom,omitempty"`
	Topic   string         `json:"topic,omitempty"`
	Was     string         `json:"was,omitempty"`
}

func aboutCase(id string) string                     { return "case/" + id }
func aboutHolder(id string) string                   { return "case/" + id + "/holder" }
func aboutEvent(id string, seq int) string           { return fmt.Sprintf("case/%s/event/%d", id, seq) }
func aboutNotification(key string) string            { return "notification/" + key }
func aboutPerson(a dauys.Address) string             { return "person/" + string(a) }
func aboutPrompt(id string) string                   { return "prompt/" + id }
func aboutUpdate(id string) string                   { return "update/" + id }
func aboutSession(a dauys.Address, rev int64) string { return fmt.Sprintf("session/%s/%d", a, rev) }

// sealJSON seals something that is not text.
func (d *DB) sealJSON(v any, about string) ([]byte, error) {
	plain, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return d.sealer.Seal(plain, about), nil
}

func (d *DB) openJSON(sealed []byte, about string, v any) error {
	plain, err := d.sealer.Open(sealed, about)
	if err != nil {
		return fmt.Errorf("%s: %w", about, err)
	}
	return json.Unmarshal(plain, v)
}

// sealText seals a text that may be missing.
func (d *DB) sealText(text, about string) []byte {
	if text == "" {
		return nil
	}
	return d.sealer.Seal([]byte(text), about)
}

func (d *DB) openText(sealed []byte, about string) (string, error) {
	if len(sealed) == 0 {
		return "", nil
	}
	plain, err := d.sealer.Open(sealed, about)
	if err != nil {
		return "", fmt.Errorf("%s: %w", about, err)
	}
	return string(plain), nil
}

// File stores a case that [dauys.Open] has made and gives it its number: without gaps within a
// series and year, the year being that of Almaty when it was filed. The case, its events, its
// notifications and the card of its office are stored together or not at all. A draft that is
// filed already returns the case that is there, and fresh is false; if what was sent differs,
// the error is [dauys.ErrOtherContent]. The case that was handed in is not changed.
func (d *DB) File(ctx context.Context, c *dauys.Case) (stored *dauys.Case, fresh bool, err error) {
	return d.file(ctx, c, func(context.Context, *sql.Tx) error { return nil })
}

// Enter is File for what a member of staff enters for an office. Without an active right for it the
// error is [dauys.ErrNotStaff], and nothing is stored.
func (d *DB) Enter(ctx context.Context, c *dauys.Case, who dauys.Address, office dauys.OfficeID, now time.Time) (stored *dauys.Case, fresh bool, err error) {
	return d.file(ctx, c, func(ctx context.Context, tx *sql.Tx) error {
		return d.serving(ctx, tx, who, office, now)
	})
}

func (d *DB) file(ctx context.Context, c *dauys.Case, may func(context.Context, *sql.Tx) error) (stored *dauys.Case, fresh bool, err error) {
	err = d.change(ctx, "file", func(ctx context.Context, tx *sql.Tx) error {
		stored, err = d.load(ctx, tx, "id", c.ID)
		if err == nil {
			fresh = false
			if stored.Hash != c.Hash {
				return dauys.ErrOtherContent
			}
			return nil
		}
		if !errors.Is(err, dauys.ErrNotFound) {
			return err
		}
		if err := may(ctx, tx); err != nil {
			return err
		}
		filed, err := d.number(ctx, tx, c)
		if err != nil {
			return err
		}
		tells, err := d.insertNew(ctx, tx, filed, "")
		if err != nil {
			return err
		}
		if err := d.insertNotifications(ctx, tx, tells); err != nil {
			return err
		}
		fault.Point("file-before-commit")
		fresh = true
		stored, err = d.load(ctx, tx, "id", c.ID) // as everybody will see it
		return err
	})
	if err != nil && !errors.Is(err, dauys.ErrOtherContent) {
		return nil, false, err
	}
	fault.Point("file-after-commit")
	return stored, fresh, err
}

// number is a copy of a case that is not stored yet, with the number that it gets.
func (d *DB) number(ctx context.Context, tx *sql.Tx, c *dauys.Case) (*dauys.Case, error) {
	one := *c
	one.Events, one.Version = slices.Clone(c.Events), 1
	var err error
	one.Number, err = d.take(ctx, tx, one.Series, one.Filed)
	return &one, err
}

// insertNew stores a case that has a number by now, with its events, of which those after the first have a
// cause, and the card of its office. What it tells is left to the caller.
func (d *DB) insertNew(ctx context.Context, tx *sql.Tx, c *dauys.Case, cause string) (tells []dauys.Notification, err error) {
	if err := d.insertCase(ctx, tx, c); err != nil {
		return nil, err
	}
	events, stored := c.Stored()
	for i := range events[1:] {
		events[i+1].Cause = cmp.Or(cause, events[i+1].Cause)
	}
	if err := d.insertEvents(ctx, tx, c, events); err != nil {
		return nil, err
	}
	for _, n := range stored {
		n.Case = c.Number
		tells = append(tells, n)
	}
	return tells, wantCard(ctx, tx, c)
}

// Case finds a case by its number. The error is [dauys.ErrNotFound] if there is none.
func (d *DB) Case(ctx context.Context, number string) (*dauys.Case, error) {
	return d.caseBy(ctx, "number", number)
}

// CaseByDraft finds the case that a draft has become.
func (d *DB) CaseByDraft(ctx context.Context, id string) (*dauys.Case, error) {
	return d.caseBy(ctx, "id", id)
}

func (d *DB) caseBy(ctx context.Context, column, v string) (*dauys.Case, error) {
	ctx, cancel := context.WithTimeout(ctx, d.timeout)
	defer cancel()
	c, err := d.load(ctx, d.read, column, v)
	if err != nil {
		return nil, fmt.Errorf("storage: case: %w", d.named(err))
	}
	return c, nil
}

// Cases lists cases with their events, the newest first.
func (d *DB) Cases(ctx context.Context, f Filter) ([]*dauys.Case, error) {
	var where []string
	var args []any
	add := func(condition string, v any) {
		args = append(args, v)
		where = append(where, fmt.Sprintf(condition, len(args)))
	}
	if f.Applicant != "" {
		add("applicant = $%d", f.Applicant)
	}
	if f.Office != "" {
		add("office = $%d", f.Office)
	}
	if f.Open {
		where = append(where, "live = TRUE")
	}
	if f.Before != "" {
		add("(filed, number) < (SELECT filed, number FROM cases WHERE number = $%d)", f.Before)
	}
	condition := ""
	if len(where) > 0 {
		condition = " WHERE " + strings.Join(where, " AND ")
	}
	args = append(args, cmp.Or(f.Limit, 100))
	ctx, cancel := context.WithTimeout(ctx, d.timeout)
	defer cancel()
	cases, err := d.loadAll(ctx, d.read, condition+fmt.Sprintf(" ORDER BY filed DESC, number DESC LIMIT $%d + 0", len(args)), args...)
	if err != nil {
		return nil, fmt.Errorf("storage: cases: %w", d.named(err))
	}
	return cases, nil
}

// Act changes a case through a function that is handed the case and the active right of who acts
// for the office that has it; without one the Staff is zero, and the function decides what that
// means. What it does is stored together with the events and notifications that it caused, or not
// at all; the cards of all offices that have had the case become due, and the office that has it
// now gets one. A change that appends nothing stores nothing but when the clock has to look again.
//
// If the case has an event with this cause already, it is returned as it is, and change is not
// called. Otherwise it may be called several times, when somebody else was faster. The right is
// touched in the same transaction: once [DB.Revoke] has returned, nothing is stored in its name.
// A time at which the applicant is to be received is kept with the case; if another has it by then,
// nothing is stored, and the error is [dauys.ErrSlotTaken].
func (d *DB) Act(ctx context.Context, number string, who dauys.Address, cause string, now time.Time, change func(*dauys.Case, dauys.Staff) error) (*dauys.Case, error) {
	return d.ActFor(ctx, number, who, "", cause, now, func(c *dauys.Case, s, _ dauys.Staff) error { return change(c, s) })
}

// ActFor is [DB.Act] for what somebody does with a case in favour of a colleague, whose active right for
// the office is read in the same transaction and handed over, too: zero without one. Once that right is
// taken away, nothing more is given to it.
func (d *DB) ActFor(ctx context.Context, number string, who, whom dauys.Address, cause string, now time.Time, change func(c *dauys.Case, s, whom dauys.Staff) error) (*dauys.Case, error) {
	var c *dauys.Case
	err := d.change(ctx, "act", func(ctx context.Context, tx *sql.Tx) (err error) {
		c, err = d.load(ctx, tx, "number", number)
		if err != nil {
			return err
		}
		if c.Caused(cause) { // its events are read after the case itself: it may have changed in between
			c, err = d.load(ctx, tx, "number", number)
			return err
		}
		rights := map[dauys.Address]dauys.Staff{}
		for _, one := range slices.Sorted(slices.Values([]dauys.Address{who, whom})) { // of two who do it at once, nobody waits for the other
			if rights[one], err = d.touchStaff(ctx, tx, one, c.Office(), now); err != nil {
				return err
			}
		}
		wake := c.Wake
		received, _ := c.Reception()
		if err := change(c, rights[who], rights[whom]); err != nil {
			return err
		}
		if err := d.keep(ctx, tx, c, cause, wake, received); err != nil {
			return err
		}
		fault.Point("act-before-commit")
		return nil
	})
	if errors.Is(err, errLost) {
		return nil, fmt.Errorf("storage: act: %w", dauys.ErrConflict)
	}
	if err != nil {
		return nil, err
	}
	fault.Point("act-after-commit")
	return c, nil
}

// keep stores what has become of a case since it was loaded, when the clock looked again at wake and its
// applicant was received at another time.
func (d *DB) keep(ctx context.Context, tx *sql.Tx, c *dauys.Case, cause string, wake, received time.Time) error {
	events, tells := c.Stored()
	if len(events) == 0 && len(tells) == 0 && c.Wake.Equal(wake) {
		return nil
	}
	for i := range events {
		events[i].Cause = cmp.Or(events[i].Cause, cause)
	}
	if err := d.updateCase(ctx, tx, c); err != nil {
		return err
	}
	if err := d.insertEvents(ctx, tx, c, events); err != nil {
		return err
	}
	if err := d.insertNotifications(ctx, tx, tells); err != nil {
		return err
	}
	if err := wantCard(ctx, tx, c); err != nil {
		return err
	}
	if slices.ContainsFunc(events, func(e dauys.Event) bool { return e.From != e.To }) {
		if err := showLinked(ctx, tx, c); err != nil {
			return err
		}
	}
	if now, _ := c.Reception(); !now.Equal(received) {
		return reserve(ctx, tx, c)
	}
	return nil
}

// Waking lists the numbers of cases that the clock has to look at by now, those that wait longest
// first.
func (d *DB) Waking(ctx context.Context, now time.Time, limit int) ([]string, error) {
	return look(ctx, d, "waking", value[string], "SELECT number FROM cases WHERE wake > 0 AND wake <= $1 ORDER BY wake, number LIMIT $2 + 0", ms(now), limit)
}

const caseColumns = `number, id, series, kind, scheme, structure, ladder, applicant, standing, confirmed, lang, institute, topic, body, hash,
	status, live, outcome, rung, office, holder, holder_name, filed, registered, rung_due, due, terms, until, wake, version`

func (d *DB) insertCase(ctx context.Context, tx *sql.Tx, c *dauys.Case) error {
	ladder, err := json.Marshal(c.Ladder)
	if err != nil {
		return err
	}
	terms, err := json.Marshal(c.Terms)
	if err != nil {
		return err
	}
	body, err := d.sealJSON(caseBody{
		Channel: c.Channel, Name: c.Applicant.Name, Text: c.Text, Details: c.Details, Urgent: c.Urgent, Files: c.Files, Missing: c.Missing, Helper: c.Helper, Original: c.Original,
		Group: c.Group, Against: c.Against, Without: c.Without, Barred: c.Barred, Away: c.Away, Consent: c.Consent.Version, ConsentAt: ms(c.Consent.At),
	}, aboutCase(c.ID))
	if err != nil {
		return err
	}
	n, err := exec(ctx, tx, `INSERT INTO cases (`+caseColumns+`) VALUES (`+marks(1, 30)+`) ON CONFLICT (id) DO NOTHING`,
		c.Number, c.ID, c.Series, c.Kind, c.Scheme, c.Structure, string(ladder), c.Applicant.Address, c.Applicant.Standing, c.Applicant.Confirmed,
		c.Applicant.Lang, c.Institute, c.Topic, body, c.Hash, c.Status, !c.Status.Final(), c.Outcome, c.Position, c.Office(), c.Holder,
		d.sealText(c.HolderName, aboutHolder(c.ID)), ms(c.Filed), ms(c.Registered), ms(c.RungDue), ms(c.Due), string(terms), ms(c.Until), ms(c.Wake), c.Version)
	if err == nil && n == 0 {
		return errLost // the same draft, filed by somebody else meanwhile; the number goes back
	}
	return err
}

// updateCase stores what may change in a case, if nobody else has changed it since it was loaded.
func (d *DB) updateCase(ctx context.Context, tx *sql.Tx, c *dauys.Case) error {
	ladder, err := json.Marshal(c.Ladder)
	if err != nil {
		return err
	}
	terms, err := json.Marshal(c.Terms)
	if err != nil {
		return err
	}
	if c.Terms.Days == 0 { // filed before there were terms, and given none yet; others are frozen
		terms = []byte("{}")
	}
	n, err := exec(ctx, tx, `UPDATE cases SET status = $1, live = $2, outcome = $3, rung = $4, office = $5, holder = $6, holder_name = $7,
		rung_due = $8, due = $9, confirmed = $10, lang = $11, scheme = $12, ladder = $13, until = $14, wake = $15,
		terms = CASE WHEN terms = '{}' THEN $16 ELSE terms END, topic = $17, version = version + 1
		WHERE number = $18 AND version = $19`,
		c.Status, !c.Status.Final(), c.Outcome, c.Position, c.Office(), c.Holder, d.sealText(c.HolderName, aboutHolder(c.ID)),
		ms(c.RungDue), ms(c.Due), c.Applicant.Confirmed, c.Applicant.Lang, c.Scheme, string(ladder), ms(c.Until), ms(c.Wake), string(terms), c.Topic, c.Number, c.Version)
	if err != nil {
		return err
	}
	if n == 0 {
		return errLost
	}
	c.Version++
	for _, t := range []*time.Time{&c.RungDue, &c.Due, &c.Until, &c.Wake} {
		*t = instant(ms(*t)) // as they will be read back
	}
	return nil
}

func (d *DB) insertEvents(ctx context.Context, tx *sql.Tx, c *dauys.Case, events []dauys.Event) error {
	for i, e := range events {
		events[i].At, events[i].Term = instant(ms(e.At)), instant(ms(e.Term)) // as they will be read back
		body, err := d.sealJSON(eventBody{
			Name: e.Name, Who: e.Who, Note: e.Note, Files: e.Files, Details: e.Details, Days: e.Days, Mark: e.Mark, Term: ms(e.Term), Clause: e.Clause, Toward: e.Toward, Body: e.Body, Other: e.Other,
			Whom: e.Whom, Topic: e.Topic, Was: e.Was,
		}, aboutEvent(c.ID, e.Seq))
		if err != nil {
			return err
		}
		if _, err := exec(ctx, tx, `INSERT INTO events (number, seq, at, act, party, staff, from_status, to_status, office, next, outcome, cause, body)
			VALUES (`+marks(1, 13)+`)`,
			c.Number, e.Seq, ms(e.At), e.Act, e.By, e.Staff, e.From, e.To, e.Office, e.Next, e.Outcome, e.Cause, body); err != nil {
			return err
		}
		if err := d.noteSignature(ctx, tx, c.Number, e); err != nil {
			return err
		}
	}
	return nil
}

func (d *DB) load(ctx context.Context, q querier, column, v string) (*dauys.Case, error) {
	cases, err := d.loadAll(ctx, q, " WHERE "+column+" = $1", v)
	if err != nil {
		return nil, err
	}
	if len(cases) == 0 {
		return nil, dauys.ErrNotFound
	}
	return cases[0], nil
}

func (d *DB) loadAll(ctx context.Context, q querier, condition string, args ...any) ([]*dauys.Case, error) {
	cases, err := list(ctx, q, d.scanCase, "SELECT "+caseColumns+" FROM cases"+condition, args...)
	if err != nil || len(cases) == 0 {
		return nil, err
	}
	byNumber := map[string]*dauys.Case{}
	var numbers []any
	for _, c := range cases {
		byNumber[c.Number] = c
		numbers = append(numbers, c.Number)
	}
	_, err = list(ctx, q, func(r row) (struct{}, error) { return struct{}{}, d.scanEvent(r, byNumber) },
		`SELECT number, seq, at, act, party, staff, from_status, to_status, office, next, outcome, cause, body
		FROM events WHERE number IN (`+marks(1, len(numbers))+`) ORDER BY number, seq`, numbers...)
	if err != nil {
		return nil, err
	}
	for _, c := range cases {
		c.Loaded()
	}
	return cases, nil
}

func (d *DB) scanCase(r row) (*dauys.Case, error) {
	var (
		c                                           dauys.Case
		ladder                                      string
		live                                        bool
		office                                      dauys.OfficeID
		body, holder                                []byte
		terms                                       string
		filed, registered, rung, total, until, wake int64
	)
	a := &c.Applicant
	if err := r.Scan(&c.Number, &c.ID, &c.Series, &c.Kind, &c.Scheme, &c.Structure, &ladder, &a.Address, &a.Standing, &a.Confirmed, &a.Lang,
		&c.Institute, &c.Topic, &body, &c.Hash, &c.Status, &live, &c.Outcome, &c.Position, &office, &c.Holder, &holder,
		&filed, &registered, &rung, &total, &terms, &until, &wake, &c.Version); err != nil {
		return nil, err
	}
	if err := json.Unmarshal([]byte(ladder), &c.Ladder); err != nil {
		return nil, fmt.Errorf("ladder of %s: %w", c.Number, err)
	}
	if err := json.Unmarshal([]byte(terms), &c.Terms); err != nil {
		return nil, fmt.Errorf("terms of %s: %w", c.Number, err)
	}
	var b caseBody
	if err := d.openJSON(body, aboutCase(c.ID), &b); err != nil {
		return nil, err
	}
	c.Channel, a.Name, c.Text, c.Files = b.Channel, b.Name, b.Text, b.Files
	c.Details, c.Urgent, c.Missing = b.Details, b.Urgent, b.Missing
	c.Consent = dauys.Consent{Version: b.Consent, At: instant(b.ConsentAt)}
	c.Helper, c.Original, c.Group, c.Against, c.Without, c.Barred, c.Away = b.Helper, b.Original, b.Group, b.Against, b.Without, b.Barred, b.Away
	var err error
	if c.HolderName, err = d.openText(holder, aboutHolder(c.ID)); err != nil {
		return nil, err
	}
	c.Filed, c.Registered, c.RungDue, c.Due = instant(filed), instant(registered), instant(rung), instant(total)
	c.Until, c.Wake = instant(until), instant(wake)
	return &c, nil
}

func (d *DB) scanEvent(r row, cases map[string]*dauys.Case) error {
	var (
		number string
		e      dauys.Event
		at     int64
		body   []byte
	)
	if err := r.Scan(&number, &e.Seq, &at, &e.Act, &e.By, &e.Staff, &e.From, &e.To, &e.Office, &e.Next, &e.Outcome, &e.Cause, &body); err != nil {
		return err
	}
	c := cases[number]
	var b eventBody
	if err := d.openJSON(body, aboutEvent(c.ID, e.Seq), &b); err != nil {
		return err
	}
	e.At, e.Name, e.Who, e.Note, e.Files = instant(at), b.Name, b.Who, b.Note, b.Files
	e.Details, e.Days, e.Mark, e.Term, e.Clause, e.Toward = b.Details, b.Days, b.Mark, instant(b.Term), b.Clause, b.Toward
	e.Body, e.Other, e.Whom, e.Topic, e.Was = b.Body, b.Other, b.Whom, b.Topic, b.Was
	c.Events = append(c.Events, e)
	return nil
}
