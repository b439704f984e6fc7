package storagetest

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"alt.edu.kz/dauys"
)

// untold tells nobody of a change.
func untold(dauys.Staff) []dauys.Notification { return nil }

// suspend holds a right back until a time.
func (w *world) suspend(t *testing.T, id int64, until, now time.Time) dauys.Staff {
	t.Helper()
	s, err := w.ChangeStaff(t.Context(), id, now, func(s *dauys.Staff, _ []dauys.Staff) error { s.Suspended = until; return nil }, untold)
	must(t, err)
	return s
}

// remove takes a right away, or lets somebody in again.
func (w *world) remove(t *testing.T, id int64, removed bool) {
	t.Helper()
	_, err := w.ChangeStaff(t.Context(), id, Now, func(s *dauys.Staff, _ []dauys.Staff) error { s.Removed = removed; return nil }, untold)
	must(t, err)
}

// staffing is about who serves in an office, and who is away.
var staffing = []promise{
	{"what was read before a suspension stores nothing after it, races included", func(t *testing.T, w *world) {
		w.staff(t)
		c := w.file(t, "d1")
		right, err := w.StaffFor(t.Context(), first, Now)
		must(t, err)
		w.endsActing(t, c.Number, "suspension", func() { w.suspend(t, right[0].ID, dauys.Endless, Now) })
	}},
	{"a suspension holds until its end, through leaving the chat and an appointment", func(t *testing.T, w *world) {
		ctx := t.Context()
		until := Now.Add(48 * time.Hour)
		join := func() (dauys.Staff, error) {
			return w.Grant(ctx, dauys.Staff{Address: deputy, Name: "Ерлан", Office: first, ViaChat: true, From: Now})
		}
		serves := func(at time.Time) bool {
			rights, err := w.StaffOf(ctx, deputy, at)
			must(t, err)
			return len(rights) == 1
		}
		s, err := join()
		must(t, err)
		w.suspend(t, s.ID, until, Now)
		want(t, "acts while suspended", serves(Now), false)
		want(t, "acts after it", serves(until), true)
		_, err = join() // a press
		must(t, err)
		want(t, "acts after a press", serves(Now), false)
		must(t, w.Revoke(ctx, deputy, first, true, Now))
		again, err := join()
		must(t, err)
		want(t, "a right of its own", again.ID != s.ID, true)
		want(t, "acts after coming back", serves(Now), false)
		must(t, w.MakeAppointment(ctx, "code", dauys.Appointment{Office: first, By: stranger, Expires: Now.Add(time.Hour)}))
		_, err = w.take(t, "code", deputy, several)
		must(t, err)
		want(t, "acts after an appointment", serves(Now), false)
		roster, err := w.Roster(ctx, first, Now)
		must(t, err)
		want(t, "in the roster", len(roster), 1)
		want(t, "until when", roster[0].Suspended, until)
		w.suspend(t, again.ID, time.Time{}, Now)
		want(t, "acts when it was ended", serves(Now), true)
	}},
	{"who was removed is not let in by a press, until somebody lets them in", func(t *testing.T, w *world) {
		ctx := t.Context()
		join := func() error {
			_, err := w.Grant(ctx, dauys.Staff{Address: deputy, Name: "Ерлан", Office: first, ViaChat: true, From: Now})
			return err
		}
		must(t, join())
		there, err := w.StaffFor(ctx, first, Now)
		must(t, err)
		id := there[0].ID
		w.remove(t, id, true)
		if err := join(); !errors.Is(err, dauys.ErrNotStaff) {
			t.Errorf("a press after it: %v", err)
		}
		roster, err := w.Roster(ctx, first, Now)
		must(t, err)
		want(t, "in the roster", len(roster), 1)
		want(t, "removed", roster[0].Removed && !roster[0].Active(Now), true)
		w.remove(t, id, false)
		must(t, join())
		there, err = w.StaffFor(ctx, first, Now)
		must(t, err)
		want(t, "who serves", len(there), 1)
		w.remove(t, there[0].ID, true)
		must(t, w.MakeAppointment(ctx, "code", dauys.Appointment{Office: first, By: stranger, Made: Now, Expires: Now.Add(time.Hour)}))
		_, err = w.take(t, "code", deputy, several)
		must(t, err)
		must(t, join())
		roster, err = w.Roster(ctx, first, Now)
		must(t, err)
		want(t, "in the roster after an appointment", len(roster), 1)
		want(t, "serves by it", roster[0].Active(Now), true)
	}},
	{"of two heads who remove each other at once one stays", func(t *testing.T, w *world) {
		ctx := t.Context()
		ids := map[dauys.Address]int64{}
		for _, who := range []dauys.Address{deputy, director} {
			s, err := w.Grant(ctx, dauys.Staff{Address: who, Office: first, From: Now})
			must(t, err)
			s, err = w.ChangeStaff(ctx, s.ID, Now, func(s *dauys.Staff, _ []dauys.Staff) error { s.Head = true; return nil }, untold)
			must(t, err)
			want(t, "head", s.Head, true)
			ids[who] = s.ID
		}
		var all sync.WaitGroup
		for who, other := range map[dauys.Address]dauys.Address{deputy: director, director: deputy} {
			all.Go(func() {
				_, err := w.ChangeStaff(ctx, ids[other], Now, func(s *dauys.Staff, there []dauys.Staff) error {
					for _, o := range there {
						if o.Address == who && o.Head {
							s.Removed = true
							return nil
						}
					}
					return dauys.ErrNotStaff
				}, untold)
				if err != nil && !errors.Is(err, dauys.ErrNotStaff) {
					t.Errorf("remove: %v", err)
				}
			})
		}
		all.Wait()
		left, err := w.StaffFor(ctx, first, Now)
		must(t, err)
		want(t, "who is left", len(left), 1)
	}},
	{"a change of a right is told once, and no change is not told", func(t *testing.T, w *world) {
		w.staff(t)
		there, err := w.StaffFor(t.Context(), first, Now)
		must(t, err)
		n := 0
		for range 3 {
			_, err := w.ChangeStaff(t.Context(), there[0].ID, Now, func(s *dauys.Staff, _ []dauys.Staff) error { s.Head = true; return nil }, func(dauys.Staff) []dauys.Notification {
				n++
				return nil
			})
			must(t, err)
		}
		want(t, "times told", n, 1)
		if _, err := w.ChangeStaff(t.Context(), 4711, Now, func(*dauys.Staff, []dauys.Staff) error { return nil }, untold); !errors.Is(err, dauys.ErrNotFound) {
			t.Errorf("a right that there is not: %v", err)
		}
	}},
	{"an absence is stored once, of staff only, and never over another", func(t *testing.T, w *world) {
		ctx := t.Context()
		w.staff(t)
		a := dauys.Absence{ID: "u1", Who: deputy, Name: "Ерлан", From: Now.Add(24 * time.Hour), Until: Now.Add(72 * time.Hour), Deputy: director, DeputyName: "Гүлнар"}
		wake := a.From.Add(4 * time.Hour)
		for range 2 {
			must(t, w.AddAbsence(ctx, a, wake, Now))
		}
		other := a
		other.ID, other.From, other.Until = "u2", a.Until.Add(-time.Hour), a.Until.Add(time.Hour)
		if err := w.AddAbsence(ctx, other, wake, Now); !errors.Is(err, dauys.ErrConflict) {
			t.Errorf("over another: %v", err)
		}
		other.From = a.Until
		must(t, w.AddAbsence(ctx, other, wake.Add(time.Hour), Now))
		other.ID, other.Who = "u3", stranger
		if err := w.AddAbsence(ctx, other, wake, Now); !errors.Is(err, dauys.ErrNotStaff) {
			t.Errorf("of somebody without a right: %v", err)
		}
		all, err := w.Absences(ctx, deputy, Now)
		must(t, err)
		want(t, "absences", len(all), 2)
		want(t, "the first", all[0], a)
		due, err := w.AbsencesDue(ctx, wake.Add(-time.Second), 10)
		must(t, err)
		want(t, "due too early", len(due), 0)
		due, err = w.AbsencesDue(ctx, wake, 10)
		must(t, err)
		want(t, "due", len(due), 1)
		a.Begun = true
		must(t, w.SetAbsence(ctx, a, time.Time{}, wake))
		due, err = w.AbsencesDue(ctx, wake, 10)
		must(t, err)
		want(t, "due afterwards", len(due), 0)
		must(t, w.EndAbsence(ctx, a.ID, wake))
		if err := w.EndAbsence(ctx, a.ID, wake); !errors.Is(err, dauys.ErrNotFound) {
			t.Errorf("ended twice: %v", err)
		}
		must(t, w.EndAbsence(ctx, "u2", wake))
		must(t, w.SetAbsence(ctx, other, wake, wake, dauys.Notification{Key: "late", To: deputy, What: dauys.Ready, Body: "{}"}))
		due, err = w.AbsencesDue(ctx, wake.Add(time.Hour), 10)
		must(t, err)
		want(t, "due when it was ended", len(due), 0)
	}},
}

// handing is about cases that a colleague gets, and about their topic.
var handing = []promise{
	{"a case is handed to a colleague once, and read back the same", func(t *testing.T, w *world) {
		w.staff(t)
		_, err := w.Grant(t.Context(), dauys.Staff{Address: stranger, Name: "Сауле", Office: first, From: Now})
		must(t, err)
		c := w.file(t, "d1")
		_, err = w.do(t, c.Number, deputy, "u0", dauys.Take)
		must(t, err)
		times := at16(t, func(int) (bool, error) {
			c, err := w.hand(t, c.Number, deputy, stranger, "u1")
			return err == nil && c.HolderName == "Сауле", err
		})
		want(t, "times that it succeeded", times, 16)
		got, err := w.Case(t.Context(), c.Number)
		must(t, err)
		e := got.Events[len(got.Events)-1]
		want(t, "events", len(got.Events), 3)
		want(t, "the act", e.Act, dauys.Entrust)
		want(t, "to whom", e.Whom, "Сауле")
		want(t, "their address", e.Who, stranger)
		want(t, "held by", got.HolderName, "Сауле")
		want(t, "notices to them", w.count(t, "SELECT COUNT(*) FROM notifications WHERE reader = $1 AND what = $2", string(stranger), string(dauys.Handed)), 1)
		_, err = w.hand(t, c.Number, deputy, stranger, "u2")
		if _, no := errors.AsType[*dauys.NotAllowedError](err); !no {
			t.Errorf("handed again by who does not hold it: %v", err)
		}
	}},
	{"nobody gets a case whose right has ended, races included", func(t *testing.T, w *world) {
		w.staff(t)
		s, err := w.Grant(t.Context(), dauys.Staff{Address: stranger, Name: "Сауле", Office: first, From: Now})
		must(t, err)
		var all sync.WaitGroup
		stop := make(chan struct{})
		var numbers []string
		for i := range 4 {
			c := w.file(t, fmt.Sprint("d", i))
			numbers = append(numbers, c.Number)
			all.Go(func() {
				for who, whom := deputy, stranger; ; who, whom = whom, who { // to and fro
					_, err := w.ActFor(t.Context(), c.Number, who, whom, "", Now, func(c *dauys.Case, s, to dauys.Staff) error {
						if to.ID == 0 || s.ID == 0 {
							return dauys.ErrNotStaff
						}
						if c.Status == dauys.Registered {
							if err := move(c, s, dauys.Take, ""); err != nil {
								return err
							}
						}
						return c.Do(dauys.Move{Act: dauys.Entrust, By: dauys.TheOffice, Staff: s, Whom: to, At: Now}, &dauys.Builtin().Calendar)
					})
					if err != nil && !errors.Is(err, dauys.ErrNotStaff) {
						t.Errorf("hand: %v", err)
					}
					select {
					case <-stop:
						return
					default:
					}
				}
			})
		}
		time.Sleep(50 * time.Millisecond)
		w.remove(t, s.ID, true)
		before := w.count(t, "SELECT COUNT(*) FROM events")
		time.Sleep(20 * time.Millisecond)
		want(t, "events after the removal", w.count(t, "SELECT COUNT(*) FROM events"), before)
		close(stop)
		all.Wait()
		for _, n := range numbers {
			_, err := w.hand(t, n, deputy, stranger, "late")
			if !errors.Is(err, dauys.ErrNotStaff) {
				t.Errorf("handed to who was removed: %v", err)
			}
		}
	}},
	{"a link made before somebody was removed does not bring them back, and one made after it does", func(t *testing.T, w *world) {
		ctx := t.Context()
		s, err := w.Grant(ctx, dauys.Staff{Address: deputy, Name: "Ерлан", Office: first, ViaChat: true, From: Now.Add(-time.Hour)})
		must(t, err)
		link := func(code string, made time.Time) {
			must(t, w.MakeAppointment(ctx, code, dauys.Appointment{Office: first, By: stranger, Made: made, Expires: Now.Add(time.Hour)}))
		}
		link("before", Now.Add(-time.Minute))
		link("undated", time.Time{}) // by a version that did not note it
		w.remove(t, s.ID, true)
		for _, code := range []string{"before", "undated"} {
			if _, err := w.take(t, code, deputy, several); !errors.Is(err, dauys.ErrBadCode) {
				t.Errorf("%s: %v", code, err)
			}
		}
		rights, err := w.StaffOf(ctx, deputy, Now)
		must(t, err)
		want(t, "rights", len(rights), 0)
		_, err = w.take(t, "before", director, several) // it is good for somebody else still
		must(t, err)
		link("after", Now)
		_, err = w.take(t, "after", deputy, several)
		must(t, err)
		rights, err = w.StaffOf(ctx, deputy, Now)
		must(t, err)
		want(t, "rights after the new link", len(rights), 1)
	}},
	{"another topic is kept, and counted", func(t *testing.T, w *world) {
		w.staff(t)
		c := w.file(t, "d1")
		_, err := w.Act(t.Context(), c.Number, deputy, "u1", Now, func(c *dauys.Case, s dauys.Staff) error {
			return c.Do(dauys.Move{Act: dauys.Classify, By: dauys.TheOffice, Staff: s, Topic: "rooms", At: Now}, &dauys.Builtin().Calendar)
		})
		must(t, err)
		got, err := w.Case(t.Context(), c.Number)
		must(t, err)
		want(t, "the topic", got.Topic, "rooms")
		e := got.Events[len(got.Events)-1]
		want(t, "the change", e.Was+" → "+e.Topic, c.Topic+" → rooms")
		all, err := w.Figures(t.Context(), c.Institute, c.Filed, Now)
		must(t, err)
		want(t, "topics that are counted", len(all), 1)
		want(t, "which is", all[0].Topic, "rooms")
		again, fresh, err := w.File(t.Context(), Case(t, "d1")) // what was sent is what was sent
		must(t, err)
		want(t, "filed anew", fresh, false)
		want(t, "its topic then", again.Topic, "rooms")
	}},
}

// hand hands a case from one to another.
func (w *world) hand(t *testing.T, number string, who, whom dauys.Address, cause string) (*dauys.Case, error) {
	return w.ActFor(t.Context(), number, who, whom, cause, Now, func(c *dauys.Case, s, to dauys.Staff) error {
		if s.ID == 0 || to.ID == 0 {
			return dauys.ErrNotStaff
		}
		return c.Do(dauys.Move{Act: dauys.Entrust, By: dauys.TheOffice, Staff: s, Whom: to, Cause: cause, At: Now}, &dauys.Builtin().Calendar)
	})
}
