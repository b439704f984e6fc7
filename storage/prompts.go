package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/fault"
	"alt.edu.kz/dauys/flows/ask"
)

// Prompt is an act of a member of staff that needs words, on its way: an answer being written, a
// reason being asked for. It lives in the database, because Redis is never on the path of staff.
type Prompt struct {
	ID      string
	Chat    dauys.Address
	Actor   dauys.Address
	Case    string
	Act     dauys.Act
	Session ask.Session
	Version int64 // 0: not stored yet
	Closed  bool
}

// SavePrompt stores a prompt with what has to be told about it, together or not at all: a new one
// with Version 0, otherwise a change of the version that it carries. If somebody else has changed
// it meanwhile, the error is [dauys.ErrConflict]. A cause that has changed this prompt already
// returns it as it is stored, and changes nothing.
func (d *DB) SavePrompt(ctx context.Context, p Prompt, cause string, notes ...dauys.Notification) (stored Prompt, err error) {
	session, err := d.sealJSON(p.Session, aboutPrompt(p.ID))
	if err != nil {
		return Prompt{}, fmt.Errorf("storage: save prompt: %w", err)
	}
	err = d.change(ctx, "save prompt", func(ctx context.Context, tx *sql.Tx) error {
		known := func() (bool, error) {
			var n int
			err := tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM prompt_causes WHERE prompt = $1 AND cause = $2", p.ID, cause).Scan(&n)
			if err != nil || n == 0 || cause == "" {
				return false, err
			}
			stored, err = d.scanPrompt(tx.QueryRowContext(ctx, promptColumns+" WHERE prompts.id = $1", p.ID))
			return true, err
		}
		if done, err := known(); done || err != nil {
			return err
		}
		n, err := d.writePrompt(ctx, tx, p, session)
		if err != nil {
			return err
		}
		if n == 0 { // somebody was faster, perhaps with the same cause
			if done, err := known(); done || err != nil {
				return err
			}
			return dauys.ErrConflict
		}
		if cause != "" {
			if _, err := exec(ctx, tx, "INSERT INTO prompt_causes (prompt, cause) VALUES ($1, $2)", p.ID, cause); err != nil {
				return err
			}
		}
		if err := d.insertNotifications(ctx, tx, notes); err != nil {
			return err
		}
		fault.Point("prompt-before-commit")
		stored = p
		stored.Version++
		return nil
	})
	if err != nil {
		return Prompt{}, err
	}
	fault.Point("prompt-after-commit")
	return stored, nil
}

func (d *DB) writePrompt(ctx context.Context, tx *sql.Tx, p Prompt, session []byte) (int64, error) {
	if p.Version == 0 {
		return exec(ctx, tx, `INSERT INTO prompts (id, chat, actor, number, act, session, version, closed)
			VALUES ($1, $2, $3, $4, $5, $6, 1, $7) ON CONFLICT (id) DO NOTHING`, p.ID, p.Chat, p.Actor, p.Case, p.Act, session, p.Closed)
	}
	return exec(ctx, tx, "UPDATE prompts SET session = $1, closed = $2, act = $3, version = version + 1 WHERE id = $4 AND version = $5",
		session, p.Closed, p.Act, p.ID, p.Version)
}

const promptColumns = `SELECT prompts.id, prompts.chat, prompts.actor, prompts.number, prompts.act, prompts.session, prompts.version, prompts.closed FROM prompts`

func (d *DB) scanPrompt(r row) (p Prompt, err error) {
	var session []byte
	if err := r.Scan(&p.ID, &p.Chat, &p.Actor, &p.Case, &p.Act, &session, &p.Version, &p.Closed); err != nil {
		return p, err
	}
	return p, d.openJSON(session, aboutPrompt(p.ID), &p.Session)
}

// Prompt finds a prompt.
func (d *DB) Prompt(ctx context.Context, id string) (Prompt, error) {
	p, err := one(ctx, d, "prompt", d.scanPrompt, promptColumns+" WHERE prompts.id = $1", id)
	return p, notFound(err)
}

// PromptAt finds the prompt that a message of the bot has shown.
func (d *DB) PromptAt(ctx context.Context, chat dauys.Address, message string) (Prompt, error) {
	p, err := one(ctx, d, "prompt at", d.scanPrompt, promptColumns+` JOIN prompt_messages ON prompt_messages.prompt = prompts.id
		WHERE prompt_messages.chat = $1 AND prompt_messages.message = $2`, chat, message)
	return p, notFound(err)
}

// PromptOnItsWay finds the prompt of somebody in a chat of which a question is being sent: it may
// stand in the chat already, in a message that is not noted yet. Its notifications have keys that
// begin with prompt/ID/.
func (d *DB) PromptOnItsWay(ctx context.Context, chat, actor dauys.Address) (Prompt, error) {
	p, err := one(ctx, d, "prompt on its way", d.scanPrompt, promptColumns+` JOIN notifications ON notifications.state = 'pending'
		AND notifications.key LIKE 'prompt/' || prompts.id || '/%'
		WHERE prompts.chat = $1 AND prompts.actor = $2 AND prompts.closed = FALSE ORDER BY notifications.id DESC LIMIT 1`, chat, actor)
	return p, notFound(err)
}

// PromptShown notes a message that shows a prompt, besides those before it.
func (d *DB) PromptShown(ctx context.Context, id string, chat dauys.Address, message string) error {
	n, err := d.exec(ctx, "prompt shown", `INSERT INTO prompt_messages (chat, message, prompt) SELECT $1, $2, id FROM prompts WHERE id = $3
		ON CONFLICT (chat, message) DO UPDATE SET prompt = excluded.prompt`, chat, message, id)
	if errors.Is(err, sql.ErrNoRows) {
		n, err = 0, nil
	}
	return orNotFound(n, err)
}
