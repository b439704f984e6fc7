package storagetest

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"alt.edu.kz/dauys"
)

// sign puts somebody's name under a case, or takes it back.
func (w *world) sign(t *testing.T, number string, act dauys.Act, who dauys.Address, cause string) error {
	_, err := w.Act(t.Context(), number, who, cause, Now, func(c *dauys.Case, _ dauys.Staff) error {
		m := dauys.Move{Act: act, By: dauys.TheSigner, Staff: dauys.Staff{Address: who, Name: "Name of " + string(who)}, Cause: cause, At: Now}
		return c.Do(m, &dauys.Builtin().Calendar)
	})
	return err
}

func refused(err error) bool {
	_, no := errors.AsType[*dauys.NotAllowedError](err)
	return no
}

var signing = []promise{
	{"fifty people who sign at once have one signature each", func(t *testing.T, w *world) {
		ctx := t.Context()
		c, _, err := w.File(ctx, Case(t, "d1"))
		must(t, err)
		var all sync.WaitGroup
		start := make(chan struct{})
		for i := range 50 {
			all.Go(func() {
				<-start
				who := dauys.Address(fmt.Sprint("telegram:", 1000+i))
				for again := range 2 { // the same update twice, and then another
					if err := w.sign(t, c.Number, dauys.Sign, who, fmt.Sprint("s", i)); err != nil {
						t.Errorf("the %dth, time %d: %v", i, again, err)
					}
				}
				if err := w.sign(t, c.Number, dauys.Sign, who, fmt.Sprint("t", i)); !refused(err) {
					t.Errorf("the %dth signs twice: %v", i, err)
				}
			})
		}
		close(start)
		all.Wait()
		c, err = w.Case(ctx, c.Number)
		must(t, err)
		names := map[string]bool{}
		for _, s := range c.Signatures() {
			names[s.Name] = s.Name == "Name of "+string(s.Who) && s.At.Equal(Now)
			if !names[s.Name] {
				t.Errorf("a signature is %+v", s)
			}
		}
		want(t, "signatures", len(c.Signatures()), 50)
		want(t, "people", len(names), 50)
		want(t, "events", len(c.Events), 51)
		want(t, "notices of the 1st, the 10th and the 50th", w.count(t, "SELECT COUNT(*) FROM notifications WHERE event > 1"), 6)
		want(t, "who is found by where they signed", w.count(t, "SELECT COUNT(*) FROM signatures"), 50)
	}},
	{"who has signed finds the case until the signature is taken back, and nobody else does", func(t *testing.T, w *world) {
		ctx := t.Context()
		c, _, err := w.File(ctx, Case(t, "d1"))
		must(t, err)
		_, _, err = w.File(ctx, Case(t, "d2"))
		must(t, err)
		finds := func(who dauys.Address) (numbers []string) {
			t.Helper()
			all, err := w.SignedBy(ctx, who, 10)
			must(t, err)
			for _, c := range all {
				numbers = append(numbers, c.Number)
			}
			return numbers
		}
		must(t, w.sign(t, c.Number, dauys.Sign, stranger, "s1"))
		want(t, "of who has signed", finds(stranger), []string{c.Number})
		want(t, "of somebody else", finds("telegram:78"), []string(nil))
		want(t, "of the applicant", finds(aigerim), []string(nil))
		if err := w.sign(t, c.Number, dauys.Sign, aigerim, "s2"); !refused(err) {
			t.Errorf("the applicant signs: %v", err)
		}
		want(t, "rows that name who has signed", w.count(t, "SELECT COUNT(*) FROM signatures WHERE signer LIKE '%telegram%'"), 0)
		must(t, w.sign(t, c.Number, dauys.Unsign, stranger, "s3"))
		want(t, "of who has taken it back", finds(stranger), []string(nil))
		must(t, w.sign(t, c.Number, dauys.Sign, stranger, "s4"))
		want(t, "of who has signed again", finds(stranger), []string{c.Number})
	}},
	{"with the answer every signer has a notice, or nobody has", func(t *testing.T, w *world) {
		ctx := t.Context()
		c, _, err := w.File(ctx, Case(t, "d1"))
		must(t, err)
		for i := range 3 {
			must(t, w.sign(t, c.Number, dauys.Sign, dauys.Address(fmt.Sprint("telegram:", 1000+i)), fmt.Sprint("s", i)))
		}
		signers := func() int {
			return w.count(t, "SELECT COUNT(*) FROM notifications WHERE what = 'signer'")
		}
		answer := func(fail error) error {
			_, err := w.Act(ctx, c.Number, "", "answered", Now, func(c *dauys.Case, _ dauys.Staff) error {
				s := dauys.Staff{ID: 7, Name: "Damir"}
				for _, m := range []dauys.Move{{Act: dauys.Take}, {Act: dauys.Answer, Note: "words", Outcome: dauys.Granted}} {
					m.By, m.Staff, m.At = dauys.TheOffice, s, Now
					if err := c.Do(m, &dauys.Builtin().Calendar); err != nil {
						return err
					}
				}
				return fail
			})
			return err
		}
		if err := answer(errors.New("no")); err == nil {
			t.Error("it was stored")
		}
		want(t, "notices before", signers(), 0)
		must(t, answer(nil))
		must(t, answer(nil)) // the same again
		want(t, "notices", signers(), 3)
	}},
	{"the link of a case is one until it is closed or over, and then another", func(t *testing.T, w *world) {
		ctx := t.Context()
		c, _, err := w.File(ctx, Case(t, "d1"))
		must(t, err)
		until := Now.Add(time.Hour)
		invite := func(code string, expires, now time.Time) dauys.Invitation {
			t.Helper()
			i, err := w.Invite(ctx, dauys.Invitation{Case: c.Number, Code: code, Expires: expires}, now)
			must(t, err)
			return i
		}
		_, err = w.Invitation(ctx, c.Number)
		wantErr(t, "none yet", err, dauys.ErrNotFound)
		first := invite("one", until, Now)
		want(t, "the first", first, dauys.Invitation{Case: c.Number, Code: "one", Expires: until})
		want(t, "pressed again", invite("two", until.Add(time.Hour), Now), first)
		for range 3 { // many open it
			i, err := w.Invited(ctx, "one", Now)
			must(t, err)
			want(t, "what it leads to", i, first)
		}
		for _, code := range []string{"", "two", c.Number} {
			_, err := w.Invited(ctx, code, Now)
			wantErr(t, "the code "+code, err, dauys.ErrBadCode)
		}
		_, err = w.Invited(ctx, "one", until)
		wantErr(t, "when it is over", err, dauys.ErrBadCode)
		want(t, "after it", invite("three", until.Add(time.Hour), until).Code, "three")
		must(t, w.CloseInvitation(ctx, c.Number))
		_, err = w.Invited(ctx, "three", Now)
		wantErr(t, "when it is closed", err, dauys.ErrBadCode)
		i, err := w.Invitation(ctx, c.Number)
		must(t, err)
		want(t, "closed", i.Closed, true)
		want(t, "after closing", invite("four", until, Now).Code, "four")
		_, err = w.Invited(ctx, "one", Now)
		wantErr(t, "the first code", err, dauys.ErrBadCode)
		want(t, "codes that can be read", w.count(t, "SELECT COUNT(*) FROM invitations WHERE hash LIKE '%four%'"), 0)
	}},
}
