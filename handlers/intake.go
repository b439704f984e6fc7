package handlers

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strconv"
	"strings"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
)

// register is the command /register in the chat of an office that enters what has come to it in another
// way than by the messenger. It begins the questions for it.
func (h *Handlers) register(ctx context.Context, in Input) error {
	o, ok, err := h.officeWith(ctx, in.Chat, dauys.Register)
	if !ok || err != nil {
		return err
	}
	refused, err := h.intake(ctx, in, o.ID, nil, nil)
	if err != nil || refused == "" {
		return err
	}
	return h.Storage.Notify(ctx, ready(in, ask.Reply{To: in.Message, Text: refused}))
}

// intake begins to enter a request for an office, with what is known of its answers. What is given stays
// with it: who, when the applicant has a messenger.
func (h *Handlers) intake(ctx context.Context, in Input, office dauys.OfficeID, given map[string][]string, known map[string]ask.Answer) (refused string, err error) {
	l := h.chatLang(ctx, in)
	if no, err := h.unserved(ctx, in, office); err != nil {
		return "", err
	} else if no != nil {
		return h.Book.Plain(l, *no), nil
	}
	p := Prompt{ID: promptID(in.Update, string(office), dauys.Register), Chat: in.Chat, Actor: in.From, Act: dauys.Register}
	all := map[string][]string{"office": {string(office)}}
	maps.Copy(all, given)
	p.Session = flows.Intake.Start(p.ID, all, known)
	p.Session.Today = h.day(h.Now())
	r := h.ask(l, in, p, flows.Intake, flows.Intake.Show(p.Session), locales.IntakeHead())
	if _, err := h.Storage.SavePrompt(ctx, p, in.Update, wording(p, in, r)); err != nil {
		return "", fmt.Errorf("begin to enter a request: %w", err)
	}
	return "", nil
}

// enter registers what staff have entered. The prompt is its id, so that it is registered once.
func (h *Handlers) enter(ctx context.Context, in Input, l dauys.Lang, p Prompt) error {
	s := p.Session
	office := dauys.OfficeID(s.Given["office"][0])
	d := dauys.Draft{ID: p.ID, Kind: dauys.Kind(s.Value("kind")), Channel: dauys.Channel(s.Value("channel")), Text: s.Value("story"),
		Details: h.details(l, s), Files: filesIn(s), Consent: dauys.Consent{Version: flows.ConsentVersion, At: h.Now()},
		Applicant: dauys.Applicant{Name: s.Value("name"), Standing: dauys.Standing(s.Value("standing")), Lang: dauys.Lang(s.Value("lang"))}}
	for _, who := range s.Given["who"] {
		d.Applicant.Address = dauys.Address(who)
	}
	scheme, ok := h.University.Entry(office, d.Kind, d.Applicant.Standing)
	if !ok {
		return h.again(ctx, in, l, p, locales.IntakeNotHere())
	}
	staff, _, err := h.serves(ctx, in.From, office)
	if err != nil {
		return err
	}
	d.Scheme, d.By = scheme.ID, staff
	way, err := h.University.Route(d.Request())
	if err != nil {
		return fmt.Errorf("way of what was entered: %w", err)
	}
	c, fresh, err := h.Storage.Enter(ctx, way.Open(d, h.University, h.Now()), in.From, office, h.Now())
	if errors.Is(err, dauys.ErrNotStaff) {
		return h.endPrompt(ctx, in, p, ask.Cancelled, h.Book.Lines(l, locales.NotStaff(), locales.FormKept(d.Text)))
	}
	if err != nil {
		return fmt.Errorf("enter a request: %w", err)
	}
	if fresh {
		h.Log.Info("case entered", "case", c.Number, "office", office, "channel", d.Channel, "update", in.Update)
	}
	if q := s.Given["queue"]; len(q) == 1 { // they came by the queue
		n, _ := strconv.Atoi(strings.Join(s.Given["place"], ""))
		if err := h.talkRegistered(ctx, "prompt/"+p.ID, q[0], n, c.Number); err != nil {
			return err
		}
	}
	return h.endPrompt(ctx, in, p, ask.Done, h.Book.Lines(l, locales.Entered(c)...))
}

// again shows the review of a staff act once more, with why it cannot be done so.
func (h *Handlers) again(ctx context.Context, in Input, l dauys.Lang, p Prompt, why ask.Line) error {
	f, _ := flows.Find(p.Session)
	p.Session.Phase = ask.Reviewing
	next, view := f.Next(p.Session, ask.Input{})
	p.Session = next
	_, err := h.Storage.SavePrompt(ctx, p, in.Update+"/again", wording(p, in, h.ask(l, in, p, f, view, why)))
	return err
}
