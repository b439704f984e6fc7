package main

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/bot"
	"alt.edu.kz/dauys/handlers"
	"alt.edu.kz/dauys/storage"
)

// store lets the packages that must not know the storage use it: the same methods in the
// shapes that handlers and bot declare.
type store struct{ *storage.DB }

var (
	_ handlers.Storage = store{}
	_ bot.Outbox       = store{}
	_ bot.Topics       = store{}
	_ bot.Updates      = store{}
	_ bot.Leases       = store{}
)

func (s store) CasesOf(ctx context.Context, applicant dauys.Address, limit int) ([]*dauys.Case, error) {
	return s.Cases(ctx, storage.Filter{Applicant: applicant, Limit: limit})
}

func (s store) OpenCases(ctx context.Context, office dauys.OfficeID) ([]*dauys.Case, error) {
	return s.Cases(ctx, storage.Filter{Office: office, Open: true, Limit: 100_000})
}

func (s store) SetLang(ctx context.Context, who dauys.Address, name string, lang dauys.Lang) error {
	return s.Remember(ctx, storage.Person{Address: who, Name: name, Lang: lang})
}

func (s store) LangOf(ctx context.Context, who dauys.Address) (dauys.Lang, error) {
	p, err := s.Person(ctx, who)
	if errors.Is(err, dauys.ErrNotFound) {
		return "", nil
	}
	return p.Lang, err
}

// OfficesIn are the offices that are bound to a chat or to a topic in it.
func (s store) OfficesIn(ctx context.Context, chat dauys.Address) (offices []dauys.OfficeID, err error) {
	bound, err := s.Bindings(ctx)
	for office, at := range bound {
		if at == chat || strings.HasPrefix(string(at), string(chat)+"/") {
			offices = append(offices, office)
		}
	}
	return offices, err
}

// RevokeVia takes the rights away that somebody had as a member of a chat, or of a topic in it.
func (s store) RevokeVia(ctx context.Context, who, chat dauys.Address, now time.Time) error {
	offices, err := s.OfficesIn(ctx, chat)
	if err != nil {
		return err
	}
	for _, office := range offices {
		if err := s.Revoke(ctx, who, office, true, now); err != nil {
			return err
		}
	}
	return nil
}

func (s store) CardMessage(ctx context.Context, number string, office dauys.OfficeID) (dauys.Address, string, error) {
	c, err := s.Card(ctx, number, office)
	if errors.Is(err, dauys.ErrNotFound) {
		return "", "", nil
	}
	return c.ShownIn, c.Message, err
}

func (s store) SavePrompt(ctx context.Context, p handlers.Prompt, cause string, notes ...dauys.Notification) (handlers.Prompt, error) {
	stored, err := s.DB.SavePrompt(ctx, storage.Prompt{
		ID: p.ID, Chat: p.Chat, Actor: p.Actor, Case: p.Case, Act: p.Act, Session: p.Session, Version: p.Version, Closed: p.Session.Over(),
	}, cause, notes...)
	return prompt(stored), err
}

func (s store) Prompt(ctx context.Context, id string) (handlers.Prompt, error) {
	p, err := s.DB.Prompt(ctx, id)
	return prompt(p), err
}

func (s store) PromptAt(ctx context.Context, chat dauys.Address, message string) (handlers.Prompt, error) {
	p, err := s.DB.PromptAt(ctx, chat, message)
	return prompt(p), err
}

func (s store) PromptOnItsWay(ctx context.Context, chat, actor dauys.Address) (handlers.Prompt, error) {
	p, err := s.DB.PromptOnItsWay(ctx, chat, actor)
	return prompt(p), err
}

func (s store) OpenPrompts(ctx context.Context, chat, actor dauys.Address) (all []handlers.Prompt, err error) {
	open, err := s.DB.OpenPrompts(ctx, chat, actor)
	for _, p := range open {
		all = append(all, prompt(p))
	}
	return all, err
}

func prompt(p storage.Prompt) handlers.Prompt {
	return handlers.Prompt{ID: p.ID, Chat: p.Chat, Actor: p.Actor, Case: p.Case, Act: p.Act, Session: p.Session, Version: p.Version}
}

func (s store) AddSteps(ctx context.Context, counts map[handlers.StepCount]int) error {
	same := make(map[storage.StepCount]int, len(counts))
	for c, n := range counts {
		same[storage.StepCount(c)] = n
	}
	return s.DB.AddSteps(ctx, same)
}

func (s store) Steps(ctx context.Context, since string) (map[handlers.StepCount]int, error) {
	counts, err := s.DB.Steps(ctx, since)
	same := make(map[handlers.StepCount]int, len(counts))
	for c, n := range counts {
		same[handlers.StepCount(c)] = n
	}
	return same, err
}

func (s store) DayEdits(ctx context.Context) ([]handlers.DayEdit, error) {
	stored, err := s.DB.DayEdits(ctx)
	names := map[dauys.Address]string{}
	var out []handlers.DayEdit
	for _, e := range stored {
		if _, ok := names[e.By]; !ok {
			p, err := s.Person(ctx, e.By)
			if err != nil && !errors.Is(err, dauys.ErrNotFound) {
				return nil, err
			}
			names[e.By] = cmp.Or(p.Name, string(e.By))
		}
		out = append(out, handlers.DayEdit{DayEdit: e.DayEdit, By: e.By, ByName: names[e.By], At: e.At})
	}
	return out, err
}

func (s store) ChangeDays(ctx context.Context, c handlers.DaysChange) (handlers.DaysChanged, error) {
	done, err := s.DB.ChangeDays(ctx, storage.DaysChange(c))
	return handlers.DaysChanged(done), err
}

// AllOpen lists open cases by the page, so that they are never all in memory.
func (s store) AllOpen(ctx context.Context, before string) ([]*dauys.Case, error) {
	return s.Cases(ctx, storage.Filter{Open: true, Before: before})
}

func (s store) Propose(ctx context.Context, p handlers.Proposal, notes ...dauys.Notification) (handlers.Proposal, error) {
	stored, err := s.DB.Propose(ctx, storage.Proposal(p), notes...)
	return handlers.Proposal(stored), err
}

func (s store) Proposal(ctx context.Context, id string) (handlers.Proposal, error) {
	p, err := s.DB.Proposal(ctx, id)
	return handlers.Proposal(p), err
}

func (s store) TakeProposal(ctx context.Context, code string, who dauys.Address, now time.Time) (handlers.Proposal, error) {
	p, err := s.DB.TakeProposal(ctx, code, who, now)
	return handlers.Proposal(p), err
}

func (s store) DueCards(ctx context.Context, now time.Time, limit int) ([]bot.Card, error) {
	cards, err := s.DB.DueCards(ctx, now, limit)
	var out []bot.Card
	for _, c := range cards {
		out = append(out, inChat(c))
	}
	return out, err
}

// inChat is a card as far as it is in the chat of its office.
func inChat(c storage.Card) bot.Card {
	card := bot.Card{Case: c.Case, Office: c.Office, Chat: c.Chat}
	if c.ShownIn == c.Chat {
		card.Message = c.Message
	}
	if strings.HasPrefix(string(c.Topic), string(c.Chat)+"/") {
		card.Topic, card.TopicName, card.TopicShut = c.Topic, c.TopicName, c.TopicShut
	}
	return card
}

func (s store) DueTopics(ctx context.Context, limit int) ([]bot.Card, error) {
	cards, err := s.DB.DueTopics(ctx, limit)
	var out []bot.Card
	for _, c := range cards {
		out = append(out, inChat(c))
	}
	return out, err
}

func (s store) CardAt(ctx context.Context, number string, chat dauys.Address, office dauys.OfficeID) (bot.Card, bool, error) {
	return found(s.DB.CardAt(ctx, number, chat, office))
}

func (s store) CardIn(ctx context.Context, topic dauys.Address) (bot.Card, bool, error) {
	return found(s.InTopic(ctx, topic))
}

func found(c storage.Card, err error) (bot.Card, bool, error) {
	if errors.Is(err, dauys.ErrNotFound) {
		return bot.Card{}, false, nil
	}
	return inChat(c), err == nil, err
}

// TopicOf is the case that has a topic; empty: none has.
func (s store) TopicOf(ctx context.Context, topic dauys.Address) (string, error) {
	c, err := s.InTopic(ctx, topic)
	if errors.Is(err, dauys.ErrNotFound) {
		return "", nil
	}
	return c.Case, err
}

func (s store) SetTopic(ctx context.Context, c bot.Card, version int64) error {
	return s.DB.SetTopic(ctx, c.Case, c.Office, c.Topic, c.TopicName, c.TopicShut, version)
}

func (s store) HasTopics(ctx context.Context, group dauys.Address, now time.Time) (yes, known bool, err error) {
	f, err := s.Forum(ctx, group)
	if errors.Is(err, dauys.ErrNotFound) {
		return false, false, nil
	}
	return f.Topics && !now.Before(f.NotBefore), err == nil, err
}

func (s store) SetForum(ctx context.Context, group dauys.Address, topics bool, notBefore time.Time) error {
	return s.DB.SetForum(ctx, storage.Forum{Chat: group, Topics: topics, NotBefore: notBefore})
}

func (s store) CardShown(ctx context.Context, c bot.Card, message string, version int64) error {
	return s.DB.CardShown(ctx, c.Case, c.Office, c.Chat, message, version)
}

func (s store) KeepUpdate(ctx context.Context, id string, person dauys.Address, raw []byte, now time.Time) error {
	return s.DB.KeepUpdate(ctx, storage.Update{ID: id, Person: string(person), Raw: raw}, now)
}

func (s store) KeptUpdates(ctx context.Context, limit int) ([]bot.Kept, error) {
	kept, err := s.DB.KeptUpdates(ctx, limit)
	var out []bot.Kept
	for _, u := range kept {
		out = append(out, bot.Kept{ID: u.ID, Person: dauys.Address(u.Person), Raw: u.Raw, Tries: u.Tries})
	}
	return out, err
}

func (s store) Quarantine(ctx context.Context, id string, person dauys.Address, raw []byte, why string, now time.Time) error {
	return s.DB.Quarantine(ctx, storage.Update{ID: id, Person: string(person), Raw: raw}, why, now)
}

func (s store) Beat(ctx context.Context, name string) (holder string, n int64, err error) {
	b, err := s.DB.Beat(ctx, name)
	return b.Holder, b.N, err
}

func (s store) TakeBeat(ctx context.Context, name, holder, seenHolder string, seenN int64) (bool, error) {
	_, mine, err := s.DB.TakeBeat(ctx, name, holder, storage.Beat{Holder: seenHolder, N: seenN})
	return mine, err
}

func (s store) Figures(ctx context.Context, institute string, since, now time.Time) ([]handlers.Figure, error) {
	all, err := s.DB.Figures(ctx, institute, since, now)
	var out []handlers.Figure
	for _, f := range all {
		out = append(out, handlers.Figure(f))
	}
	return out, err
}
