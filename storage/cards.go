package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/fault"
)

// Card is a case as it is shown to an office, or a queue: one message, which follows it. Versions are
// those of the case; ten changes in a burst leave one card that is due once.
type Card struct {
	Case    string // or what [dauys.QueueCard] calls it
	Office  dauys.OfficeID
	Chat    dauys.Address // where the office is bound now; empty: nowhere
	ShownIn dauys.Address // where Message is; empty: not shown yet
	Message string
	Shown   int64 // version of the case that Message shows
	Want    int64 // version that it should show

	Topic      dauys.Address // of the case in the group of the office; empty: it has none
	TopicName  string        // that it has there
	TopicShut  bool          // it is closed
	TopicShown int64         // version of the case that its name and state are of
}

const cardColumns = `SELECT cards.number, cards.office, COALESCE(bindings.chat, ''), cards.shown_in, cards.message, cards.shown, cards.want,
	cards.topic, cards.topic_name, cards.topic_shut, cards.topic_shown
	FROM cards LEFT JOIN bindings ON bindings.office = cards.office`

// cardsWait is which cards are to be shown, now or later.
const cardsWait = ` WHERE cards.want > cards.shown AND bindings.chat IS NOT NULL
	AND NOT EXISTS (SELECT 1 FROM unreachable WHERE unreachable.address = bindings.chat)`

func scanCard(r row) (c Card, err error) {
	err = r.Scan(&c.Case, &c.Office, &c.Chat, &c.ShownIn, &c.Message, &c.Shown, &c.Want, &c.Topic, &c.TopicName, &c.TopicShut, &c.TopicShown)
	return c, err
}

// wantCard makes every card of a case due, and one for the office that has it now.
func wantCard(ctx context.Context, tx *sql.Tx, c *dauys.Case) error {
	if _, err := exec(ctx, tx, "UPDATE cards SET want = $1 WHERE number = $2", c.Version, c.Number); err != nil {
		return err
	}
	_, err := exec(ctx, tx, `INSERT INTO cards (number, office, shown_in, message, shown, want, not_before) VALUES ($1, $2, '', '', 0, $3, 0)
		ON CONFLICT (number, office) DO NOTHING`, c.Number, c.Office(), c.Version)
	return err
}

// DueCards lists cards that do not show the case as it is and whose office has a chat that can be
// reached, those that wait longest first.
func (d *DB) DueCards(ctx context.Context, now time.Time, limit int) ([]Card, error) {
	return look(ctx, d, "due cards", scanCard, cardColumns+cardsWait+` AND cards.not_before <= $1
		ORDER BY cards.not_before, cards.number, cards.office LIMIT $2 + 0`, ms(now), limit)
}

// Card is the card of a case for an office.
func (d *DB) Card(ctx context.Context, number string, office dauys.OfficeID) (Card, error) {
	c, err := one(ctx, d, "card", scanCard, cardColumns+" WHERE cards.number = $1 AND cards.office = $2", number, office)
	return c, notFound(err)
}

// CaseOfCard is the case whose card a message is. The error is [dauys.ErrNotFound] when it is none.
func (d *DB) CaseOfCard(ctx context.Context, chat dauys.Address, message string) (number string, err error) {
	if message == "" { // of a card that is not shown yet
		return "", dauys.ErrNotFound
	}
	number, err = one(ctx, d, "case of card", value[string], "SELECT number FROM cards WHERE shown_in = $1 AND message = $2 AND message <> '' ORDER BY number LIMIT 1", chat, message)
	return number, notFound(err)
}

// CardShown notes where a card is and which version of the case it shows. If the office was bound
// to another chat meanwhile, the card stays due.
func (d *DB) CardShown(ctx context.Context, number string, office dauys.OfficeID, chat dauys.Address, message string, version int64) error {
	fault.Point("card-sent-before-mark")
	err := d.change(ctx, "card shown", func(ctx context.Context, tx *sql.Tx) error {
		// The binding is held until the end, so that Bind cannot pass by unseen.
		bound, err := exec(ctx, tx, "UPDATE bindings SET chat = chat WHERE office = $1 AND chat = $2", office, chat)
		if err != nil {
			return err
		}
		if bound == 0 {
			version = 0
		}
		n, err := exec(ctx, tx, "UPDATE cards SET shown_in = $1, message = $2, shown = $3, not_before = 0 WHERE number = $4 AND office = $5",
			chat, message, version, number, office)
		if err == nil && n == 0 {
			return dauys.ErrNotFound
		}
		return err
	})
	if err == nil {
		fault.Point("card-marked")
	}
	return err
}

// CardLater postpones a card.
func (d *DB) CardLater(ctx context.Context, number string, office dauys.OfficeID, after time.Time) error {
	n, err := d.exec(ctx, "card later", "UPDATE cards SET not_before = $1 WHERE number = $2 AND office = $3", ms(after), number, office)
	return orNotFound(n, err)
}

// notFound makes a missing row the domain's error.
func notFound(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("storage: %w", dauys.ErrNotFound)
	}
	return err
}

// orNotFound is notFound for changes.
func orNotFound(rows int64, err error) error {
	if err == nil && rows == 0 {
		return fmt.Errorf("storage: %w", dauys.ErrNotFound)
	}
	return err
}
