package handlers

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
)

const (
	calm       = 24 * time.Hour   // the same danger in the same conversation is answered once in this time
	lateAfter  = 15 * time.Minute // an alert that nobody of the office on duty has taken goes to the administrators
	mostAlarms = 10               // of one person within calm: more would bury those of others
)

// inDanger is what stands for the act in the prompt that keeps an alert: what is known of it
// and who has taken it. It is kept like an act of staff, because it is one: somebody has to
// take it, and only one can.
const inDanger dauys.Act = "danger"

// watch looks for words of danger in what a person has written, in whatever place, and lets
// it become what it would have been. Then the form stops where it is: the person is shown
// whom to call, and the office on duty is told.
func (h *Handlers) watch(ctx context.Context, t *Turn) error {
	written := t.Text
	if t.File != nil {
		written = t.File.Caption
	}
	if t.Change != "" || t.Press != "" || written == "" {
		return h.applicant(ctx, t)
	}
	alarm, ok := h.Book.Danger(written)
	if !ok {
		return h.applicant(ctx, t)
	}
	if t.State.Lang == "" { // no time to ask
		t.State.Lang = string(alarm.Lang)
		if err := h.Storage.SetLang(ctx, t.From, t.Name, alarm.Lang); err != nil {
			return fmt.Errorf("keep the language: %w", err)
		}
	}
	id, where := whereabouts(t)
	if err := h.applicant(ctx, t); err != nil {
		return err
	}
	if !h.first(t.State, id+"/"+alarm.Kind) {
		return nil
	}
	told, err := h.alert(ctx, t, alarm, where)
	if err != nil {
		return err
	}
	if !t.refused && where != locales.InCase { // what could not be taken, and what a case has got, is said all the same
		t.State.Replies = slices.DeleteFunc(t.State.Replies, func(r ask.Reply) bool { return len(r.Buttons) > 0 })
		t.State.Offered = 0 // nor a guess which button was meant
	}
	t.Say(h.contacts(t, alarm.Kind, told))
	return nil
}

// whereabouts is the conversation in which something was written: its id and its flow, or the case
// of which a changed message is a part. In the menu both are empty.
func whereabouts(t *Turn) (id, flow string) {
	if t.Edited {
		for _, sent := range t.State.Sent {
			if sent.Message == t.Message {
				return sent.Case, locales.InCase
			}
		}
	}
	if s := t.State.Focus; s != nil {
		return s.Short(), s.Flow
	}
	return "", ""
}

// first tells whether a danger in a conversation was not answered lately, and notes that it is.
func (h *Handlers) first(s *ask.State, which string) bool {
	now := h.Now()
	alarms := maps.Clone(s.Alarms)
	maps.DeleteFunc(alarms, func(_ string, at time.Time) bool { return !now.Before(at.Add(calm)) })
	_, again := alarms[which]
	if again || len(alarms) >= mostAlarms {
		s.Alarms = alarms
		return false
	}
	if alarms == nil {
		alarms = map[string]time.Time{}
	}
	alarms[which], s.Alarms = now, alarms
	return true
}

// contacts is what a person in danger is shown: people who help, one step away.
func (h *Handlers) contacts(t *Turn, kind string, told bool) ask.Reply {
	lines := []ask.Line{locales.DangerAnswer(kind, t.Origin != "")}
	for _, c := range h.University.Contacts {
		lines = append(lines, locales.DangerContact(c.Number))
	}
	if told {
		lines = append(lines, locales.DangerTold())
	}
	onward := h.menuRows(t.Lang(), "urgent", "menu")
	if t.State.Focus != nil {
		lines, onward = append(lines, locales.DangerKept()), h.menuRows(t.Lang(), "urgent", "form")
	}
	return ask.Reply{Text: h.Book.Lines(t.Lang(), lines...), Buttons: onward}
}

// reader is somebody who is told of danger: the chat of an office, or an administrator.
type reader struct {
	to     dauys.Address
	office dauys.OfficeID
}

// message is one to the reader, which waits for nothing and is heard at night.
func (r reader) message(key string, reply ask.Reply) dauys.Notification {
	reply.Loud = true
	n := message(key, r.to, reply)
	n.Office, n.Direct = r.office, true
	return n
}

// watchers are who is told of danger: the office on duty where it has a chat that can be
// reached, otherwise all administrators.
func (h *Handlers) watchers(ctx context.Context) ([]reader, error) {
	if duty := h.University.Duty; duty != "" {
		chat, err := h.Storage.ChatOf(ctx, duty)
		if err != nil {
			return nil, fmt.Errorf("chat of the office on duty: %w", err)
		}
		if chat != "" {
			away, err := h.Storage.Unreachable(ctx, chat)
			if err != nil {
				return nil, fmt.Errorf("ask whether the office on duty can be reached: %w", err)
			}
			if !away {
				return []reader{{office: duty}}, nil
			}
		}
	}
	return h.administrators(), nil
}

func (h *Handlers) administrators() (all []reader) {
	for _, a := range h.Admins {
		all = append(all, reader{to: a})
	}
	return all
}

// alert tells the office on duty of danger, once for each update. It registers nothing.
func (h *Handlers) alert(ctx context.Context, t *Turn, alarm locales.Alarm, where string) (told bool, err error) {
	readers, err := h.watchers(ctx)
	if err != nil {
		return false, err
	}
	p := Prompt{ID: promptID(t.Update, "", inDanger), Actor: t.From, Act: inDanger}
	p.Session = ask.Session{ID: p.ID, Flow: string(inDanger), Phase: ask.Asking, At: h.Now(), Given: map[string][]string{
		"name": {cmp.Or(ask.Clean(t.Name), string(t.From))}, "lang": {string(t.Lang())}, "where": {where}, "kind": {alarm.Kind}, "words": {ask.Clean(alarm.Sentence)},
	}}
	if t.Origin != "" {
		p.Session.Given["passed on"] = []string{"yes"}
	}
	var notes []dauys.Notification
	note := func(r reader, late bool) {
		n := dauys.Notification{What: dauys.Danger, To: r.to, Office: r.office, Body: p.ID, Direct: true}
		n.Key = fmt.Sprintf("danger/%s/%s%s", p.ID, r.office, r.to)
		if late {
			n.Key, n.Event, n.After = n.Key+"/late", 1, h.Now().Add(lateAfter)
		}
		notes = append(notes, n)
	}
	for _, r := range readers {
		note(r, false)
		p.Session.Given["told"] = append(p.Session.Given["told"], cmp.Or(string(r.office), string(r.to)))
	}
	if len(readers) > 0 && readers[0].office != "" {
		for _, r := range h.administrators() {
			note(r, true)
		}
	}
	if _, err := h.Storage.SavePrompt(ctx, p, t.Update, notes...); err != nil {
		return false, fmt.Errorf("keep an alert: %w", err)
	}
	t.Told = true
	if len(readers) == 0 {
		h.Log.Error("words of danger, and nobody to tell", "kind", alarm.Kind, "update", t.Update)
		return false, nil
	}
	h.Log.Warn("words of danger", "kind", alarm.Kind, "told", len(readers), "update", t.Update)
	return true, nil
}

// callNow tells whoever is told of danger that somebody asks to be called at once, with the
// number: the office that has the case may be at home. A case is told of once.
func (h *Handlers) callNow(ctx context.Context, t *Turn, c *dauys.Case) error {
	readers, err := h.watchers(ctx)
	if err != nil {
		return err
	}
	var notes []dauys.Notification
	for _, r := range readers {
		l, err := h.readerLang(ctx, r.to, r.office)
		if err != nil {
			return err
		}
		key := fmt.Sprintf("danger/%s/%s%s", c.ID, r.office, r.to)
		notes = append(notes, r.message(key, ask.Reply{Text: h.Book.Lines(l, locales.AlertCall(c, string(t.From))...)}))
	}
	t.Told = len(notes) > 0
	return h.Storage.Notify(ctx, notes...)
}

// dangerNotice puts an alert into words. That nobody has taken it is said only while it is so.
func (h *Handlers) dangerNotice(ctx context.Context, n dauys.Notification) ([]ask.Reply, error) {
	p, err := h.Storage.Prompt(ctx, n.Body)
	if err != nil {
		return nil, fmt.Errorf("notice %s: %w", n.Key, err)
	}
	late := n.Event > 0
	if late && taken(p) != "" {
		return nil, nil
	}
	l, err := h.readerLang(ctx, n.To, n.Office)
	if err != nil {
		return nil, err
	}
	r := h.alertView(l, p, late)
	r.Loud = true
	return []ask.Reply{r}, nil
}

// readerLang is the language of an office, or of a person.
func (h *Handlers) readerLang(ctx context.Context, to dauys.Address, id dauys.OfficeID) (dauys.Lang, error) {
	if o, ok := h.University.Office(id); ok {
		return o.Lang, nil
	}
	return h.langOf(ctx, to, "")
}

// taken is who has taken an alert; empty: nobody yet.
func taken(p Prompt) string { return strings.Join(p.Session.Given["taken"], "") }

// alertView is an alert as its readers see it: who, where, and the one sentence.
func (h *Handlers) alertView(l dauys.Lang, p Prompt, late bool) ask.Reply {
	given := func(key string) string { return strings.Join(p.Session.Given[key], "") }
	var lines []ask.Line
	if late {
		lines = append(lines, locales.AlertLate(int(lateAfter/time.Minute)))
	}
	lines = append(lines, locales.Alert(given("kind"), string(p.Actor), given("name"), dauys.Lang(given("lang")), p.Session.At, given("where")))
	lines = append(lines, locales.AlertWords(given("words"), given("passed on") != ""))
	if who := taken(p); who != "" {
		lines = append(lines, locales.AlertTaken(who))
		return ask.Reply{Text: h.Book.Lines(l, lines...)}
	}
	lines = append(lines, locales.AlertFoot())
	return ask.Reply{Text: h.Book.Lines(l, lines...), Buttons: [][]ask.Button{{h.button(l, locales.AlertButton(), "w:"+p.ID)}}}
}

// takeAlert is the button under an alert: w:ALERT. One takes it; all who were told see who.
func (h *Handlers) takeAlert(ctx context.Context, in Input) (toast string, err error) {
	l := h.chatLang(ctx, in)
	p, err := h.Storage.Prompt(ctx, strings.TrimPrefix(in.Press, "w:"))
	if errors.Is(err, dauys.ErrNotFound) || err == nil && p.Act != inDanger {
		return h.Book.Plain(l, locales.OldButton()), nil
	}
	if err != nil {
		return "", fmt.Errorf("load an alert: %w", err)
	}
	if err := h.welcome(ctx, in, h.University.Duty); err != nil {
		return "", err
	}
	rights, err := h.Storage.StaffOf(ctx, in.From, h.Now())
	if err != nil {
		return "", fmt.Errorf("rights: %w", err)
	}
	if !h.University.OnDuty(in.From, rights, h.Admins, h.Now()) {
		return h.Book.Plain(l, locales.NotStaff()), nil
	}
	mine := taken(p) == ""
	if mine {
		p.Session.Given = maps.Clone(p.Session.Given)
		p.Session.Given["taken"], p.Session.Phase = []string{cmp.Or(ask.Clean(in.Name), string(in.From))}, ask.Done
	}
	shown := h.alertView(l, p, false)
	shown.Edit = in.Message
	notes := []dauys.Notification{ready(in, shown)}
	if !mine { // under a copy of it
		return h.Book.Plain(l, locales.AlertTaken(taken(p))), h.Storage.Notify(ctx, notes...)
	}
	others, err := h.tellTaken(ctx, in, p)
	if err != nil {
		return "", err
	}
	if _, err := h.Storage.SavePrompt(ctx, p, in.Update, append(notes, others...)...); errors.Is(err, dauys.ErrConflict) {
		return h.takeAlert(ctx, in) // somebody was faster
	} else if err != nil {
		return "", fmt.Errorf("take an alert: %w", err)
	}
	h.Log.Info("alert of danger taken", "update", in.Update)
	return h.Book.Plain(l, locales.AlertYours()), nil
}

// tellTaken tells the others who were told of an alert that somebody has taken it.
func (h *Handlers) tellTaken(ctx context.Context, in Input, p Prompt) (notes []dauys.Notification, err error) {
	bound, err := h.Storage.BoundTo(ctx, in.Chat)
	if err != nil {
		return nil, fmt.Errorf("whose chat: %w", err)
	}
	for _, told := range p.Session.Given["told"] {
		r := reader{to: dauys.Address(told)}
		if _, ok := h.University.Office(dauys.OfficeID(told)); ok {
			r = reader{office: dauys.OfficeID(told)}
		}
		if r.to == in.Chat && r.to != "" || slices.Contains(bound, r.office) {
			continue // they see the alert itself change
		}
		l, err := h.readerLang(ctx, r.to, r.office)
		if err != nil {
			return nil, err
		}
		text := h.Book.Say(l, locales.AlertTakenOf(string(p.Actor), strings.Join(p.Session.Given["name"], ""), taken(p)))
		notes = append(notes, r.message("danger/"+p.ID+"/taken/"+told, ask.Reply{Text: text}))
	}
	return notes, nil
}
