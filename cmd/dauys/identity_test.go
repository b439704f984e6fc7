package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/flows/ask"
	"alt.edu.kz/dauys/handlers"
	"alt.edu.kz/dauys/registrar"
)

// TestGuessing lets a hundred accounts guess ten thousand codes within a day, half of them for a number that
// a student has, half for one that nobody has. None of them gets in, and the answers are the same, one by one.
func TestGuessing(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.record("small")
	ctx, student := t.Context(), registrar.OfStudent("20230002")
	code := registrar.NewCode()
	anybody := func([]dauys.Staff, []registrar.Link) bool { return true }
	if err := s.app.db.IssueCodes(ctx, "letter", []registrar.Code{{Code: code, Person: student, Expires: s.clock.Now().Add(registrar.LetterLife)}}, telegramAddress(zarina), registrar.TheRegistrar, s.clock.Now(), anybody); err != nil {
		t.Fatal(err)
	}
	const accounts, rounds = 100, 100
	kinds := map[string]int{}
	for round := range rounds {
		for pair := range accounts / 2 {
			guess := registrar.NewCode()
			known := s.guess(int64(500_000+2*pair), round, "20230002", guess)
			unknown := s.guess(int64(500_001+2*pair), round, "20239992", guess)
			if known != unknown {
				t.Fatalf("round %d: a number that somebody has is answered with %q, another with %q", round, known, unknown)
			}
			kinds[known]++
		}
		s.clock.Advance(10 * time.Minute)
	}
	if len(kinds) < 2 {
		t.Errorf("nobody was slowed down: %v", kinds)
	}
	if links, err := s.app.db.LinkedTo(ctx, student); err != nil || len(links) > 0 {
		t.Errorf("linked: %v, %v", links, err)
	}
	tries, err := s.app.db.WrongTries(ctx, monday, s.clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	looked := slices.DeleteFunc(tries, func(x registrar.Try) bool { return x.Number != "20230002" })
	if len(looked) > 2*registrar.TriesOfNumber {
		t.Errorf("%d codes were looked at within a day", len(looked))
	}
}

// guess is what an account is answered that says a number and a code.
func (s *stage) guess(account int64, round int, number, code string) string {
	s.t.Helper()
	turn := &handlers.Turn{
		Input: handlers.Input{Update: fmt.Sprint("guess ", account, " ", round), From: telegramAddress(account), Chat: telegramAddress(account), Private: true, Command: "link", Arg: number + " " + code},
		State: &ask.State{Lang: "ru"},
		Save:  func(context.Context) error { return nil },
	}
	if err := s.app.handlers.Applicant(s.t.Context(), turn); err != nil {
		s.t.Fatal(err)
	}
	if len(turn.State.Replies) != 1 {
		s.t.Fatalf("answers: %v", turn.State.Replies)
	}
	return turn.State.Replies[0].Text
}

// TestNewSemester: a link opens the record until the next semester, and again with a new code.
func TestNewSemester(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.record("small")
	ctx, student := t.Context(), registrar.OfStudent("20230002")
	anybody := func([]dauys.Staff, []registrar.Link) bool { return true }
	link := func(cause string) registrar.Tried {
		code := registrar.NewCode()
		if err := s.app.db.IssueCodes(ctx, cause, []registrar.Code{{Code: code, Person: student, Expires: s.clock.Now().Add(time.Hour)}}, telegramAddress(zarina), registrar.TheRegistrar, s.clock.Now(), anybody); err != nil {
			t.Fatal(err)
		}
		tried, err := s.app.db.TryCode(ctx, registrar.Try{Cause: cause, Who: telegramAddress(dima), Number: "20230002", Code: code, At: s.clock.Now()}, func(registrar.Tried) []dauys.Notification { return nil })
		if err != nil {
			t.Fatal(err)
		}
		return tried
	}
	shows := func() string {
		turn := &handlers.Turn{Input: handlers.Input{Update: fmt.Sprint(s.clock.Now()), From: telegramAddress(dima), Private: true, Command: "record"}, State: &ask.State{Lang: "en"}}
		if err := s.app.handlers.Applicant(ctx, turn); err != nil {
			t.Fatal(err)
		}
		return turn.State.Replies[0].Text
	}
	const mine, stale = "🎓 <b>My studies</b>\n\nName: <b>Ким Дмитрий Олегович</b>\nGroup: <b>ИС-21-1</b>\nYear of study: <b>3</b>", "A new semester has begun, so a new code is needed. Your advisor or the Office of the Registrar gives you one."
	link("c1")
	for _, step := range []struct {
		at   time.Time
		want string
		code string
	}{
		{monday, mine, ""},
		{time.Date(2027, time.January, 17, 12, 0, 0, 0, time.UTC), mine, ""},
		{time.Date(2027, time.January, 18, 12, 0, 0, 0, time.UTC), stale, ""},
		{time.Date(2027, time.January, 18, 13, 0, 0, 0, time.UTC), mine, "c2"},
	} {
		s.clock.Advance(step.at.Sub(s.clock.Now()))
		if step.code != "" {
			if tried := link(step.code); tried.Result != registrar.Linked || tried.New {
				t.Errorf("the same account again: %+v", tried)
			}
		}
		if got := shows(); got != step.want {
			t.Errorf("%v: %q, want %q", step.at, got, step.want)
		}
	}
}

// TestStrangersMakeNoCodes: what buttons and commands of the registrar carry does nothing for others, and
// tells them nothing of who is in the record; what the registrar does is logged.
func TestStrangersMakeNoCodes(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.record("small")
	ctx, student := t.Context(), registrar.OfStudent("20230002")
	says := func(who int64, in handlers.Input) string {
		in.From, in.Chat, in.Private, in.Update = telegramAddress(who), telegramAddress(who), true, fmt.Sprint(who, in.Press, in.Command, in.Arg)
		turn := &handlers.Turn{Input: in, State: &ask.State{Lang: "en"}}
		if err := s.app.handlers.Applicant(ctx, turn); err != nil {
			t.Fatal(err)
		}
		s.settle()
		if len(turn.State.Replies) > 0 {
			return turn.State.Replies[0].Text
		}
		last, _ := s.sim.Last(who)
		return last.Text
	}
	s.sim.Start(tamara, "")
	s.settle()
	for _, in := range []handlers.Input{{Press: "q2:letter:%s"}, {Command: "code", Arg: "%s"}, {Command: "codes", Arg: "%s"}, {Command: "unlink", Arg: "%s"}} {
		with := func(number string) handlers.Input {
			in := in
			if in.Press != "" {
				in.Press = fmt.Sprintf(in.Press, number)
			} else {
				in.Arg = number
			}
			return in
		}
		known, unknown := says(tamara, with("20230002")), says(tamara, with("20239992"))
		if strings.ReplaceAll(known, "20230002", "20239992") != unknown {
			t.Errorf("%+v: %q of a number that somebody has, %q of another", in, known, unknown)
		}
	}
	for _, press := range []string{"q2", "q2:", "q2:yes", "q2:yes:s:0", "q2:no:e:1", "q2:letter", "q2:sure:x"} {
		says(tamara, handlers.Input{Press: press})
	}
	if log, err := s.app.db.Accesses(ctx, student, 10); err != nil || len(log) > 0 {
		t.Errorf("something was done: %v, %v", log, err)
	}
	if _, err := s.app.db.Grant(ctx, dauys.Staff{Address: telegramAddress(tamara), Name: "Т", Office: "registrar", From: s.clock.Now()}); err != nil {
		t.Fatal(err)
	}
	says(tamara, handlers.Input{Command: "codes", Arg: "ИС-21-1"})
	log, err := s.app.db.Accesses(ctx, student, 10)
	if err != nil {
		t.Fatal(err)
	}
	var did []string
	for _, a := range log {
		did = append(did, fmt.Sprint(a.As, " ", a.Did, " ", a.Kind))
	}
	slices.Sort(did)
	if want := []string{"registrar code ", "registrar read roster"}; !slices.Equal(did, want) {
		t.Errorf("logged: %q, want %q", did, want)
	}
}

// TestAdvisorsFollowTheRecord: whom the record names has the place on the ladder, and only so long.
func TestAdvisorsFollowTheRecord(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.record("small")
	ctx, place := t.Context(), dauys.CuratorOf("advisor-curator", "itc", "ис 21-1")
	anybody := func([]dauys.Staff, []registrar.Link) bool { return true }
	for who, number := range map[int64]string{saltanat: "T100", gulnar: "T200"} {
		code := registrar.NewCode()
		if err := s.app.db.IssueCodes(ctx, number, []registrar.Code{{Code: code, Person: registrar.OfEmployee(number), Expires: s.clock.Now().Add(time.Hour)}}, telegramAddress(zarina), registrar.TheRegistrar, s.clock.Now(), anybody); err != nil {
			t.Fatal(err)
		}
		if _, err := s.app.db.TryCode(ctx, registrar.Try{Cause: number, Who: telegramAddress(who), Number: number, Code: code, At: s.clock.Now()}, func(registrar.Tried) []dauys.Notification { return nil }); err != nil {
			t.Fatal(err)
		}
	}
	named := func(cause, advisor string) {
		f := registrar.Fields{"group": "ИС-21-1", "programme": "6B06101", "institute": "Институт «Транспорт и строительство»"}
		if advisor != "" {
			f["advisor"] = advisor
		}
		s.publish(cause, registrar.EntryOf(registrar.Groups, f))
		for range 2 { // a second time changes nothing
			if err := s.app.handlers.SeatAdvisors(ctx, cause); err != nil {
				t.Fatal(err)
			}
		}
	}
	sits := func(what string, want ...dauys.Address) {
		t.Helper()
		there, err := s.app.db.StaffFor(ctx, place, s.clock.Now())
		if err != nil {
			t.Fatal(err)
		}
		var got []dauys.Address
		for _, x := range there {
			got = append(got, x.Address)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", what, got, want)
		}
	}
	if err := s.app.handlers.SeatAdvisors(ctx, "first"); err != nil {
		t.Fatal(err)
	}
	sits("as the record says", telegramAddress(saltanat))
	named("another", "T200")
	sits("another advisor", telegramAddress(gulnar))
	named("nobody", "")
	sits("no advisor")
	if err := s.app.db.MakeAppointment(ctx, "by hand", dauys.Appointment{Office: place, Expires: s.clock.Now().Add(time.Hour)}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.app.db.TakeAppointment(ctx, "by hand", telegramAddress(marat), "Марат", func(dauys.OfficeID) bool { return true }, s.clock.Now(), func(dauys.Appointment, dauys.Staff, []dauys.Staff) []dauys.Notification { return nil }); err != nil {
		t.Fatal(err)
	}
	named("again", "T100")
	sits("who was appointed by hand", telegramAddress(marat))
}
