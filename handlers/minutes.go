package handlers

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/documents"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/locales"
)

// askedMost is how many characters of a request stand on the papers of a meeting.
const askedMost = 300

// onAgenda are the cases of a meeting, in the order of its agenda.
func (h *Handlers) onAgenda(ctx context.Context, m *dauys.Meeting) (cases []*dauys.Case, err error) {
	for _, i := range m.Items {
		c, err := h.Storage.Case(ctx, i.Case)
		if err != nil {
			return nil, fmt.Errorf("load case: %w", err)
		}
		cases = append(cases, c)
	}
	return cases, nil
}

// meetingPaper is a meeting with its cases in the words of its body's language. The open one is for a
// chat whose members may not read the cases: it has their numbers and kinds and no names.
func (h *Handlers) meetingPaper(m *dauys.Meeting, cases []*dauys.Case, full bool) (documents.Meeting, error) {
	o, ok := h.University.Office(m.Office)
	if !ok {
		return documents.Meeting{}, fmt.Errorf("no office %s", m.Office)
	}
	l := o.Lang
	zone := h.University.Calendar.Zone()
	at := m.At.In(zone)
	p := documents.Meeting{
		Lang: l, Made: m.At, University: h.University.Names.In(l), Body: o.Names.In(l),
		Number: m.Number, Date: h.Book.Plain(l, locales.MeetingDay(at)), Time: at.Format("15:04"), Place: m.Place, Secretary: m.Secretary,
	}
	for _, s := range m.Seats {
		switch {
		case s.Chair && s.Present:
			p.Chair = s.Name
			fallthrough
		case s.Present:
			p.Present = append(p.Present, s.Name)
		default:
			p.Absent = append(p.Absent, s.Name)
		}
	}
	if m.State == dauys.Planned { // nobody is there yet
		p.Present, p.Absent = nil, nil
	} else {
		p.Quorum = h.Book.Plain(l, locales.MeetingQuorum(len(p.Present), len(m.Seats), m.Quorum))
	}
	for n, i := range m.Items {
		c := cases[n]
		item := documents.Item{No: n + 1, Case: i.Case, Asked: h.Book.Plain(l, locales.Kind(c.Kind)), Reason: i.Reason, Next: i.Next, Mark: i.Mark}
		if i.Ruling != "" {
			item.Decision = h.Book.Plain(l, locales.MeetingRuling(i.Ruling))
		}
		if full {
			item.Applicant = c.Applicant.Name
			if c.Text != "" {
				item.Asked += ": " + locales.Shorten(c.Text, askedMost)
			}
		}
		p.Items = append(p.Items, item)
	}
	return p, nil
}

// restricted tells whether some case of a meeting is.
func restricted(cases []*dauys.Case) bool {
	return slices.ContainsFunc(cases, func(c *dauys.Case) bool { return c.Terms.Restricted })
}

// pdf makes a paper of a meeting. The same words are the same bytes, and the same bytes have the same id.
func (h *Handlers) pdf(kind documents.Kind, m *dauys.Meeting, p documents.Meeting, name ask.Line) (dauys.Blob, error) {
	d, err := h.Templates.Of(kind, string(m.Office.Kind()), p)
	if err != nil {
		return dauys.Blob{}, err
	}
	file, err := documents.PDF(d)
	if err != nil {
		return dauys.Blob{}, err
	}
	return dauys.Blob{ID: string(kind) + "-" + documents.Hash(file), Name: strings.TrimRight(h.Book.Plain(p.Lang, name), ".") + ".pdf", MIME: "application/pdf", Data: file, At: m.At}, nil
}

// circulate sends a paper to those who may read every case on it: to the chat of the body, or when
// some case is restricted, to the members with a right, each in their own chat.
func (h *Handlers) circulate(ctx context.Context, key string, m *dauys.Meeting, cases []*dauys.Case, b dauys.Blob) (notes []dauys.Notification, err error) {
	note := func(n dauys.Notification, to string, l dauys.Lang) {
		r := ask.Reply{Files: []ask.File{Document(b, h.Book.Say(l, locales.MeetingPaper(m)))}}
		body, _ := json.Marshal(r) // strings only: cannot fail
		n.Key, n.What, n.Body, n.Blobs = key+"/"+to, dauys.Ready, string(body), []dauys.Blob{b}
		notes = append(notes, n)
	}
	if !restricted(cases) {
		o, _ := h.University.Office(m.Office)
		note(dauys.Notification{Office: m.Office}, string(m.Office), o.Lang)
		return notes, nil
	}
	members, err := h.Storage.StaffFor(ctx, m.Office, h.Now())
	if err != nil {
		return nil, fmt.Errorf("members of %s: %w", m.Office, err)
	}
	for _, s := range members {
		rights, err := h.Storage.StaffOf(ctx, s.Address, h.Now())
		if err != nil {
			return nil, fmt.Errorf("rights: %w", err)
		}
		if slices.ContainsFunc(cases, func(c *dauys.Case) bool { return !dauys.May(dauys.ToRead, c, s.Address, rights, h.Now()) }) {
			continue
		}
		l, err := h.langOf(ctx, s.Address, "")
		if err != nil {
			return nil, err
		}
		note(dauys.Notification{To: s.Address}, string(s.Address), l)
	}
	return notes, nil
}

// agendaPaper sends the agenda.
func (h *Handlers) agendaPaper(ctx context.Context, in Input, l dauys.Lang, m *dauys.Meeting) (string, error) {
	cases, err := h.onAgenda(ctx, m)
	if err != nil {
		return "", fmt.Errorf("agenda: %w", err)
	}
	p, err := h.meetingPaper(m, cases, true)
	if err != nil {
		return "", fmt.Errorf("agenda: %w", err)
	}
	b, err := h.pdf(documents.Agenda, m, p, locales.MeetingFile("agenda", m))
	if err != nil {
		return "", fmt.Errorf("agenda: %w", err)
	}
	notes, err := h.circulate(ctx, "agenda/"+in.Update, m, cases, b)
	if err != nil {
		return "", fmt.Errorf("agenda: %w", err)
	}
	if restricted(cases) { // the chat has the numbers and no names
		if p, err = h.meetingPaper(m, cases, false); err != nil {
			return "", fmt.Errorf("agenda: %w", err)
		}
		if b, err = h.pdf(documents.Agenda, m, p, locales.MeetingFile("agenda", m)); err != nil {
			return "", fmt.Errorf("agenda: %w", err)
		}
		open, err := h.circulate(ctx, "agenda/"+in.Update, m, nil, b)
		if err != nil {
			return "", fmt.Errorf("agenda: %w", err)
		}
		notes = append(notes, open...)
	}
	return h.changeMeeting(ctx, in, l, m, "", func(*dauys.Meeting, dauys.Staff) ([]dauys.Notification, error) { return notes, nil })
}

// record is what was said and decided at a meeting that is closed, as its minutes and extracts say it:
// kept when it is first asked for, so that what is made again after a crash is the same, whatever has
// become of the cases.
func (h *Handlers) record(ctx context.Context, m *dauys.Meeting) (p documents.Meeting, err error) {
	cases, err := h.onAgenda(ctx, m)
	if err != nil {
		return p, err
	}
	if p, err = h.meetingPaper(m, cases, true); err != nil {
		return p, err
	}
	data, err := json.Marshal(p)
	if err != nil {
		return p, err
	}
	id := "record-" + m.ID
	if err := h.Storage.PutBlob(ctx, dauys.Blob{ID: id, Name: "record.json", MIME: "application/json", Data: data, At: m.At}); err != nil {
		return p, err
	}
	kept, err := h.Storage.Blob(ctx, id)
	if err != nil {
		return p, err
	}
	p = documents.Meeting{}
	return p, json.Unmarshal(kept.Data, &p)
}

// keepMinutes makes the minutes, seals them and sends them: once.
func (h *Handlers) keepMinutes(ctx context.Context, m *dauys.Meeting, record documents.Meeting) error {
	if m.Minutes != "" {
		return nil
	}
	b, err := h.pdf(documents.Minutes, m, record, locales.MeetingFile("minutes", m))
	if err != nil {
		return err
	}
	cases, err := h.onAgenda(ctx, m)
	if err != nil {
		return err
	}
	notes, err := h.circulate(ctx, "minutes/"+m.ID, m, cases, b)
	if err != nil {
		return err
	}
	if o, ok := h.University.Office(m.Office); ok && restricted(cases) { // the chat has numbers and rulings
		n := message("minutes/"+m.ID+"/"+string(m.Office), "", ask.Reply{Text: h.Book.Lines(o.Lang, append(locales.MeetingResults(m), locales.MinutesPrivately())...)})
		n.Office = m.Office
		notes = append(notes, n)
	}
	if err := h.Storage.PutBlob(ctx, b); err != nil { // also when there is nobody to send them to
		return err
	}
	_, err = h.Storage.ChangeMeeting(ctx, m.ID, "", "minutes", "", h.Now(), func(m *dauys.Meeting, _ dauys.Staff) ([]dauys.Notification, error) {
		m.Seal, m.Minutes = documents.Hash(b.Data), b.ID
		return notes, nil
	})
	return err
}

// extract is what the applicant of a case gets of the minutes.
func (h *Handlers) extract(ctx context.Context, m *dauys.Meeting, number string, record documents.Meeting) ([]dauys.File, error) {
	p, ok := record.Only(number)
	if !ok {
		return nil, nil
	}
	b, err := h.pdf(documents.Extract, m, p, locales.MeetingFile("extract", m))
	if err != nil {
		return nil, err
	}
	if err := h.Storage.PutBlob(ctx, b); err != nil {
		return nil, err
	}
	return []dauys.File{{Made: b.ID, Kind: "document", Name: b.Name, MIME: b.MIME, Size: int64(len(b.Data))}}, nil
}
