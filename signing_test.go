package dauys

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"
)

// signs makes a signature or takes it back.
func signs(c *Case, act Act, who int, at time.Time) ([]Notification, error) {
	m := Move{Act: act, By: TheSigner, Staff: Staff{Address: Address(fmt.Sprint("telegram:", who)), Name: fmt.Sprint("Name ", who)}, At: at}
	err := c.Do(m, &Builtin().Calendar)
	_, tells := c.Stored()
	return tells, err
}

// The first, the tenth and the fiftieth are told of, and between them the first one after a day;
// the same number is not told of twice.
func TestSignaturesAreToldOfQuietly(t *testing.T) {
	c := stored(t, InReview)
	at := almaty(t, "2026-11-24 11:00")
	var told []int
	sign := func(who int) {
		t.Helper()
		tells, err := signs(c, Sign, who, at)
		if err != nil {
			t.Fatal(err)
		}
		if len(tells) > 0 {
			told = append(told, len(c.Signatures()))
			if len(tells) != 2 || tells[0].To != c.Applicant.Address || tells[1].Office != c.Office() {
				t.Errorf("told are %+v", tells)
			}
		}
	}
	for i := range 12 {
		sign(100 + i)
	}
	for range 3 { // to and fro over ten
		for _, who := range []int{100, 101, 102} {
			if tells, err := signs(c, Unsign, who, at); err != nil || len(tells) > 0 {
				t.Fatal(err, tells)
			}
		}
		for _, who := range []int{100, 101, 102} {
			sign(who)
		}
	}
	at = at.Add(signedAgain)
	for i := range 38 {
		sign(200 + i)
	}
	if want := []int{1, 10, 13, 50}; !slices.Equal(told, want) {
		t.Errorf("told at %v, want %v", told, want)
	}
	if n := len(c.Signatures()); n != 50 {
		t.Errorf("%d signatures", n)
	}
}

// There is an end to it, nobody signs twice, and the outcome is told to each who stands under it then.
func TestSignersAreToldOfTheOutcome(t *testing.T) {
	for _, tt := range []struct {
		status Status
		act    Act
		by     Party
	}{
		{InReview, Answer, TheHolder}, {OnAgenda, Decide, TheOffice}, {InReview, Redirect, TheHolder}, {InReview, Withdraw, TheApplicant}, {Needs, Close, TheClock},
	} {
		c := stored(t, tt.status)
		at := almaty(t, noon)
		for i := range MostSignatures {
			if _, err := signs(c, Sign, 100+i, at); err != nil {
				t.Fatal(err)
			}
		}
		for _, who := range []int{100, 99, 1} { // again, one too many, the applicant
			if _, err := signs(c, Sign, who, at); err == nil {
				t.Errorf("%d signs", who)
			}
		}
		if _, err := signs(c, Unsign, 100, at); err != nil {
			t.Fatal(err)
		}
		if err := c.Do(move(tt.act, tt.by, at), &Builtin().Calendar); err != nil {
			t.Fatal(err)
		}
		_, tells := c.Stored()
		keys := map[string]bool{}
		for _, n := range tells {
			if n.What == ToSigner {
				keys[n.Key] = n.To != "telegram:100" && n.Event == len(c.Events) && n.Case == c.Number
			}
		}
		if len(keys) != MostSignatures-1 || slices.Contains(slices.Collect(maps.Values(keys)), false) {
			t.Errorf("%s: %d signers are told", tt.act, len(keys))
		}
		if _, err := signs(c, Unsign, 101, at); err == nil {
			t.Errorf("after %s a signature is taken back", tt.act)
		}
	}
}

// What is in danger, or between two people, is not for others to sign.
func TestSignable(t *testing.T) {
	c := stored(t, Registered)
	if !c.Signable() {
		t.Error("a complaint cannot be signed")
	}
	c.Urgent = true
	if c.Signable() {
		t.Error("a case with words of danger can be signed")
	}
	talk := about(func(d *Draft) { d.Kind = "talk" })(t, "2026-11-23 10:00")
	if talk.Signable() {
		t.Error("a request for a conversation can be signed")
	}
}
