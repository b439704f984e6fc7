package main

import (
	"context"
	"encoding/json"
	"errors"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/bot"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/storage"
)

// sessions lets the bot use the dialogue store.
type sessions struct{ *storage.Sessions }

var _ bot.Sessions = sessions{}

// Load adds what can be shown back of a state that is not understood.
func (s sessions) Load(ctx context.Context, who dauys.Address) (ask.State, bool, error) {
	state, unsent, err := s.Sessions.Load(ctx, who)
	if old, ok := errors.AsType[*storage.OldStateError](err); ok {
		err = &ask.OldStateError{Rev: old.Rev, Texts: texts(old.Raw)}
	}
	return state, unsent, err
}

// worthKeeping is from how many characters on something in an unknown state is taken for a
// text that a person wrote.
const worthKeeping = 15

// texts finds what a person wrote in a state of any version: the long strings among the
// answers, wherever they stand.
func texts(raw []byte) (found []string) {
	var state struct {
		Focus  any `json:"focus"`
		Drafts any `json:"drafts"`
	}
	if json.Unmarshal(raw, &state) != nil {
		return nil
	}
	var walk func(key string, v any)
	walk = func(key string, v any) {
		switch v := v.(type) {
		case string:
			if len([]rune(v)) >= worthKeeping && key == "values" {
				found = append(found, v)
			}
		case []any:
			for _, x := range v {
				walk(key, x)
			}
		case map[string]any:
			for k, x := range v {
				walk(k, x)
			}
		}
	}
	walk("", state.Focus)
	walk("", state.Drafts)
	return found
}
