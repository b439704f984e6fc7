package storagetest

import (
	"errors"
	"testing"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/storage"
)

// several and single tell whether one person alone acts for an office.
func several(dauys.OfficeID) bool { return false }
func single(dauys.OfficeID) bool  { return true }

// told makes one notice of an appointment, and one of each right that ended by it.
func told(a dauys.Appointment, s dauys.Staff, before []dauys.Staff) (notes []dauys.Notification) {
	notes = append(notes, dauys.Notification{Key: "took/" + string(s.Address) + "/" + a.Name, To: a.By, What: dauys.Tenure, Body: s.Name})
	for _, other := range before {
		notes = append(notes, dauys.Notification{Key: "out/" + string(other.Address), To: other.Address, What: dauys.Tenure})
	}
	return notes
}

// take opens the link of an appointment.
func (w *world) take(t *testing.T, code string, who dauys.Address, alone func(dauys.OfficeID) bool) (dauys.Staff, error) {
	_, s, err := w.TakeAppointment(t.Context(), code, who, "Telegram name", alone, Now, told)
	return s, err
}

var appointing = []promise{
	{"of sixteen who open the link of an appointment one is appointed", func(t *testing.T, w *world) {
		ctx := t.Context()
		until := Now.Add(48 * time.Hour)
		must(t, w.MakeAppointment(ctx, "code", dauys.Appointment{Office: first, Name: "Лидер", Group: "ИС", Until: until, By: stranger, Expires: Now.Add(time.Hour)}))
		won := at16(t, func(i int) (bool, error) {
			s, err := w.take(t, "code", dauys.Address("telegram:"+string(rune('a'+i))), several)
			if errors.Is(err, dauys.ErrBadCode) {
				return false, nil
			}
			if err == nil && (s.Name != "Лидер" || s.ViaChat || !s.Until.Equal(until) || s.Office != first) {
				t.Errorf("the right is %+v", s)
			}
			return true, err
		})
		want(t, "who are appointed", won, 1)
		all, err := w.Serving(ctx, Now)
		must(t, err)
		want(t, "who serve", len(all), 1)
		want(t, "notices", w.count(t, "SELECT COUNT(*) FROM notifications"), 1)
		over, err := w.Serving(ctx, until)
		must(t, err)
		want(t, "who serve when the term is over", len(over), 0)
		s, err := w.Right(ctx, all[0].ID)
		must(t, err)
		want(t, "the right that is over", s, all[0])
	}},
	{"who is appointed can open the link again as long as the right holds, others never can", func(t *testing.T, w *world) {
		ctx := t.Context()
		for code, a := range map[string]dauys.Appointment{
			"good": {Expires: Now.Add(time.Hour)}, "late": {Expires: Now}, "past": {Expires: Now.Add(time.Hour), Until: Now},
		} {
			a.Office, a.By = first, stranger
			must(t, w.MakeAppointment(ctx, code, a))
		}
		for _, code := range []string{"late", "past", "unknown", ""} {
			_, err := w.take(t, code, deputy, several)
			wantErr(t, "the code "+code, err, dauys.ErrBadCode)
		}
		s, err := w.take(t, "good", deputy, several)
		must(t, err)
		want(t, "name", s.Name, "Telegram name")
		again, err := w.take(t, "good", deputy, several)
		must(t, err)
		want(t, "the same right", again, s)
		want(t, "notices", w.count(t, "SELECT COUNT(*) FROM notifications"), 1)
		_, err = w.take(t, "good", director, several)
		wantErr(t, "somebody else", err, dauys.ErrBadCode)
		out := func(s dauys.Staff) []dauys.Notification {
			return []dauys.Notification{{Key: "gone", To: s.Address, What: dauys.Tenure}}
		}
		for range 2 {
			gone, err := w.Dismiss(ctx, s.ID, Now, out)
			must(t, err)
			want(t, "who is dismissed", gone.Address, deputy)
		}
		want(t, "notices", w.count(t, "SELECT COUNT(*) FROM notifications"), 2)
		_, err = w.take(t, "good", deputy, several)
		wantErr(t, "after the dismissal", err, dauys.ErrBadCode)
		_, err = w.Right(ctx, s.ID)
		wantErr(t, "the right", err, dauys.ErrNotFound)
		_, err = w.Dismiss(ctx, 4711, Now, out)
		wantErr(t, "a right that never was", err, dauys.ErrNotFound)
	}},
	{"an appointment prolongs a right, and makes one of a member's", func(t *testing.T, w *world) {
		ctx := t.Context()
		member, err := w.Grant(ctx, dauys.Staff{Address: deputy, Office: first, ViaChat: true, From: Now})
		must(t, err)
		until := Now.Add(24 * time.Hour)
		must(t, w.MakeAppointment(ctx, "a", dauys.Appointment{Office: first, Name: "A", Until: until, By: stranger, Expires: until}))
		must(t, w.MakeAppointment(ctx, "b", dauys.Appointment{Office: first, Name: "B", Until: until.Add(time.Hour), By: stranger, Expires: until}))
		s, err := w.take(t, "a", deputy, several)
		must(t, err)
		want(t, "the right", []any{s.ID, s.ViaChat, s.Until}, []any{member.ID, false, until.UTC()})
		longer, err := w.take(t, "b", deputy, several)
		must(t, err)
		want(t, "prolonged", []any{longer.ID, longer.Until, longer.Name}, []any{s.ID, until.Add(time.Hour).UTC(), "B"})
	}},
	{"an office of one person works in the chat of who was appointed last", func(t *testing.T, w *world) {
		ctx := t.Context()
		w.file(t, "d1")
		for _, code := range []string{"a", "b"} {
			must(t, w.MakeAppointment(ctx, code, dauys.Appointment{Office: first, Name: code, By: stranger, Expires: Now.Add(time.Hour)}))
		}
		_, err := w.take(t, "a", deputy, single)
		must(t, err)
		s, err := w.take(t, "b", director, single)
		must(t, err)
		there, err := w.StaffFor(ctx, first, Now)
		must(t, err)
		want(t, "who acts", there, []dauys.Staff{s})
		bound, err := w.Bindings(ctx)
		must(t, err)
		want(t, "chat", bound[first], director)
		want(t, "told to who is out", w.count(t, "SELECT COUNT(*) FROM notifications WHERE key = 'out/telegram:501'"), 1)
		must(t, w.Unbind(ctx, first, deputy)) // it is not there any more
		bound, err = w.Bindings(ctx)
		must(t, err)
		want(t, "chat", bound[first], director)
		_, err = w.Dismiss(ctx, s.ID, Now, func(dauys.Staff) []dauys.Notification { return nil })
		must(t, err)
		bound, err = w.Bindings(ctx)
		must(t, err)
		want(t, "chat after the dismissal", bound[first], dauys.Address(""))
	}},
	{"a card that nothing has changed can be made due", func(t *testing.T, w *world) {
		ctx := t.Context()
		c := w.file(t, "d1")
		must(t, w.Bind(ctx, first, chatA, "", Now))
		must(t, w.CardShown(ctx, c.Number, first, chatA, "10", c.Version))
		due, err := w.DueCards(ctx, Now, 10)
		must(t, err)
		want(t, "due", len(due), 0)
		must(t, w.ShowAgain(ctx, c.Number, first))
		due, err = w.DueCards(ctx, Now, 10)
		must(t, err)
		want(t, "due again", len(due), 1)
	}},
	{"what somebody has begun in a chat is found until it is ended", func(t *testing.T, w *world) {
		ctx := t.Context()
		for _, p := range []storage.Prompt{{ID: "p1", Chat: chatA, Actor: deputy}, {ID: "p2", Chat: chatA, Actor: director}, {ID: "p3", Chat: chatB, Actor: deputy},
			{ID: "p4", Chat: chatA, Actor: deputy, Closed: true}} {
			p.Act, p.Session = dauys.Answer, ask.Session{ID: p.ID}
			_, err := w.SavePrompt(ctx, p, "")
			must(t, err)
		}
		open, err := w.OpenPrompts(ctx, chatA, deputy)
		must(t, err)
		if len(open) != 1 || open[0].ID != "p1" {
			t.Errorf("open are %+v", open)
		}
	}},
}
