package storagetest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/registrar"
)

var anybody = func([]dauys.Staff, []registrar.Link) bool { return true }

// issue makes a code for a person.
func issue(t *testing.T, w *world, cause, person string, life time.Duration) string {
	t.Helper()
	code := registrar.NewCode()
	must(t, w.IssueCodes(t.Context(), cause, []registrar.Code{{Code: code, Person: person, Expires: Now.Add(life)}}, "telegram:200", registrar.TheRegistrar, Now, anybody))
	return code
}

// try says a number and a code.
func try(t *testing.T, w *world, cause string, who dauys.Address, number, code string, at time.Time) registrar.Tried {
	t.Helper()
	tried, err := w.TryCode(t.Context(), registrar.Try{Cause: cause, Who: who, Number: number, Code: code, At: at}, func(registrar.Tried) []dauys.Notification { return nil })
	must(t, err)
	return tried
}

// linked is who is linked with a person, as "account confirmed".
func linked(t *testing.T, w *world, person string) string {
	t.Helper()
	all, err := w.LinkedTo(t.Context(), person)
	must(t, err)
	var words []string
	for _, l := range all {
		words = append(words, fmt.Sprint(l.Who, " ", !l.Confirmed.IsZero()))
	}
	return strings.Join(words, ", ")
}

// linking is about which account is whose.
var linking = []promise{
	{"a code links once, with its number only, and in its time", func(t *testing.T, w *world) {
		student := registrar.OfStudent("2026A1")
		code := issue(t, w, "c1", student, time.Hour)
		want(t, "another number", try(t, w, "t1", "telegram:1", "2026A2", code, Now).Result, registrar.Wrong)
		want(t, "no code", try(t, w, "t2", "telegram:1", "2026A1", "", Now).Result, registrar.Wrong)
		want(t, "too late", try(t, w, "t3", "telegram:1", "2026A1", code, Now.Add(2*time.Hour)).Result, registrar.Wrong)
		got := try(t, w, "t4", "telegram:1", "2026a1", code, Now)
		want(t, "the code", got.Result, registrar.Linked)
		want(t, "whose", got.Link, registrar.Link{Who: "telegram:1", Person: student, Since: Now, Confirmed: Now})
		want(t, "the same try again", try(t, w, "t4", "telegram:1", "2026a1", code, Now).Link, got.Link)
		want(t, "a second time", try(t, w, "t5", "telegram:2", "2026A1", code, Now).Result, registrar.Wrong)
		mine, err := w.LinksOf(t.Context(), "telegram:1")
		must(t, err)
		want(t, "links", mine, []registrar.Link{got.Link})
	}},
	{"a new code takes the place of the old one, and is made once for a cause", func(t *testing.T, w *world) {
		student := registrar.OfStudent("1")
		old := issue(t, w, "c1", student, time.Hour)
		code := issue(t, w, "c2", student, time.Hour)
		err := w.IssueCodes(t.Context(), "c2", []registrar.Code{{Code: registrar.NewCode(), Person: student, Expires: Now.Add(time.Hour)}}, "telegram:200", registrar.TheRegistrar, Now, anybody)
		if !errors.Is(err, dauys.ErrConflict) {
			t.Errorf("made again: %v", err)
		}
		want(t, "the old one", try(t, w, "t1", "telegram:1", "1", old, Now).Result, registrar.Wrong)
		want(t, "the new one", try(t, w, "t2", "telegram:1", "1", code, Now).Result, registrar.Linked)
		err = w.IssueCodes(t.Context(), "c3", nil, "telegram:200", registrar.TheRegistrar, Now, func([]dauys.Staff, []registrar.Link) bool { return false })
		if !errors.Is(err, dauys.ErrNotStaff) {
			t.Errorf("made by somebody who may not: %v", err)
		}
	}},
	{"a second account sees nothing until the first one or a second code says so", func(t *testing.T, w *world) {
		student := registrar.OfStudent("1")
		want(t, "first", try(t, w, "t1", "telegram:1", "1", issue(t, w, "c1", student, time.Hour), Now).Result, registrar.Linked)
		second := try(t, w, "t2", "telegram:2", "1", issue(t, w, "c2", student, time.Hour), Now.Add(time.Minute))
		want(t, "second", second.Result, registrar.Pending)
		want(t, "others", len(second.Others), 1)
		want(t, "linked", linked(t, w, student), "telegram:1 true, telegram:2 false")
		if err := w.ConfirmLink(t.Context(), "k1", "telegram:2", "telegram:2", student, Now); !errors.Is(err, dauys.ErrNotFound) {
			t.Errorf("an account has confirmed itself: %v", err)
		}
		if err := w.ConfirmLink(t.Context(), "k2", "telegram:3", "telegram:2", student, Now); !errors.Is(err, dauys.ErrNotFound) {
			t.Errorf("a stranger has confirmed it: %v", err)
		}
		must(t, w.ConfirmLink(t.Context(), "k3", "telegram:1", "telegram:2", student, Now))
		want(t, "confirmed", linked(t, w, student), "telegram:1 true, telegram:2 true")
		want(t, "third", try(t, w, "t3", "telegram:3", "1", issue(t, w, "c3", student, time.Hour), Now.Add(2*time.Minute)).Result, registrar.Pending)
		want(t, "by a second code", try(t, w, "t4", "telegram:3", "1", issue(t, w, "c4", student, time.Hour), Now.Add(3*time.Minute)).Result, registrar.Linked)
		if err := w.Unlink(t.Context(), "u0", "telegram:3", "telegram:1", student, Now); !errors.Is(err, dauys.ErrNotFound) {
			t.Errorf("a later account has ended an earlier one: %v", err)
		}
		must(t, w.Unlink(t.Context(), "u1", "telegram:1", "telegram:3", student, Now))
		must(t, w.Unlink(t.Context(), "u2", "telegram:2", "telegram:2", student, Now))
		want(t, "left", linked(t, w, student), "telegram:1 true")
		_, err := w.UnlinkAll(t.Context(), "u3", student, "telegram:200", registrar.TheRegistrar, Now, anybody, func(were []registrar.Link) []dauys.Notification {
			want(t, "were", len(were), 1)
			return nil
		})
		must(t, err)
		want(t, "all gone", linked(t, w, student), "")
		log, err := w.Accesses(t.Context(), student, 100)
		must(t, err)
		var did []registrar.Did
		for _, a := range log {
			did = append(did, a.Did)
		}
		for _, d := range []registrar.Did{registrar.DidCode, registrar.DidLink, registrar.DidConfirm, registrar.DidUnlink, registrar.DidUnlinkAll} {
			want(t, string(d), slices.Contains(did, d), true)
		}
	}},
	{"an account is one student and one employee", func(t *testing.T, w *world) {
		try(t, w, "t1", "telegram:1", "1", issue(t, w, "c1", registrar.OfStudent("1"), time.Hour), Now)
		try(t, w, "t2", "telegram:1", "E1", issue(t, w, "c2", registrar.OfEmployee("E1"), time.Hour), Now)
		other := try(t, w, "t3", "telegram:1", "2", issue(t, w, "c3", registrar.OfStudent("2"), time.Hour), Now)
		want(t, "was", other.Was, registrar.OfStudent("1"))
		mine, err := w.LinksOf(t.Context(), "telegram:1")
		must(t, err)
		var whose []string
		for _, l := range mine {
			whose = append(whose, l.Person)
		}
		want(t, "whose", whose, []string{registrar.OfStudent("2"), registrar.OfEmployee("E1")})
		want(t, "the first student", linked(t, w, registrar.OfStudent("1")), "")
	}},
	{"who is wrong too often is not looked at for a while", func(t *testing.T, w *world) {
		student := registrar.OfStudent("1")
		code := issue(t, w, "c1", student, 48*time.Hour)
		for i := range registrar.TriesOfAccount {
			want(t, "wrong", try(t, w, fmt.Sprint("a", i), "telegram:1", fmt.Sprint("none", i), code, Now.Add(time.Duration(i)*time.Minute)).Result, registrar.Wrong)
		}
		slowed := try(t, w, "a9", "telegram:1", "1", code, Now.Add(10*time.Minute))
		want(t, "slowed", slowed.Result, registrar.Slowed)
		want(t, "until", slowed.Until, Now.Add(time.Hour))
		for i := range registrar.TriesOfNumber {
			want(t, "wrong", try(t, w, fmt.Sprint("b", i), dauys.Address(fmt.Sprint("telegram:1", i)), "1", registrar.NewCode(), Now).Result, registrar.Wrong)
		}
		want(t, "the number", try(t, w, "b99", "telegram:99", "1", code, Now.Add(2*time.Hour)).Result, registrar.Slowed)
		tries, err := w.WrongTries(t.Context(), Now, Now.Add(time.Minute))
		must(t, err)
		want(t, "listed", len(tries), registrar.TriesOfNumber+1)
		want(t, "of whom", tries[len(tries)-1].Code, "")
		code = issue(t, w, "c2", student, 48*time.Hour)
		want(t, "after a new code", try(t, w, "b100", "telegram:99", "1", code, Now.Add(2*time.Hour)).Result, registrar.Linked)
		want(t, "after the hour", try(t, w, "a10", "telegram:1", "1", "", Now.Add(2*time.Hour)).Result, registrar.Wrong)
	}},
	{"a look at what is somebody else's is noted once for a cause", func(t *testing.T, w *world) {
		a := registrar.Access{Cause: "u1", At: Now, Who: "telegram:9", As: string(registrar.TheAdvisor), Did: registrar.DidRead, Kind: registrar.Marks, Person: registrar.OfStudent("1"), Reason: "risk"}
		must(t, w.LogAccess(t.Context(), a, a))
		must(t, w.LogAccess(t.Context(), a))
		log, err := w.Accesses(t.Context(), a.Person, 10)
		must(t, err)
		want(t, "noted", log, []registrar.Access{a})
	}},
}

// seating is about advisors whom the record names.
var seating = []promise{
	{"the record gives a place where nobody has it, and takes back only its own", func(t *testing.T, w *world) {
		const office = dauys.OfficeID("advisor-curator@itc.ис211")
		told := 0
		tell := func(dauys.Staff) []dauys.Notification { told++; return nil }
		ok, err := w.Seat(t.Context(), office, "telegram:1", "Омарова", Now, tell)
		must(t, err)
		want(t, "seated", ok, true)
		chat, err := w.ChatOf(t.Context(), office)
		must(t, err)
		want(t, "chat", chat, dauys.Address("telegram:1"))
		for _, who := range []dauys.Address{"telegram:1", "telegram:2"} {
			ok, err = w.Seat(t.Context(), office, who, "Омарова", Now, tell)
			must(t, err)
			want(t, "again", ok, false)
		}
		seats, err := w.Seats(t.Context())
		must(t, err)
		want(t, "seats", len(seats), 1)

		// An administrator has dismissed them: the record does not bring them back.
		_, err = w.Dismiss(t.Context(), seats[0].ID, Now, func(dauys.Staff) []dauys.Notification { return nil })
		must(t, err)
		ok, err = w.Seat(t.Context(), office, "telegram:1", "Омарова", Now, tell)
		must(t, err)
		want(t, "after a dismissal", ok, false)
		must(t, w.Unseat(t.Context(), seats[0].ID, Now, tell))
		want(t, "told", told, 1)
		ok, err = w.Seat(t.Context(), office, "telegram:2", "Ахметов", Now, tell)
		must(t, err)
		want(t, "another", ok, true)
		seats, err = w.Seats(t.Context())
		must(t, err)
		must(t, w.Unseat(t.Context(), seats[0].ID, Now, tell))
		must(t, w.Unseat(t.Context(), seats[0].ID, Now, tell))
		want(t, "told", told, 3)
		there, err := w.StaffFor(t.Context(), office, Now)
		must(t, err)
		want(t, "there", len(there), 0)
	}},
}
