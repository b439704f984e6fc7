package main

import (
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/registrar"
)

// isStudent links the account of somebody with a student, as a code would.
func (s *stage) isStudent(who int64, number string) {
	s.t.Helper()
	ctx, at, code, cause := s.t.Context(), s.clock.Now(), registrar.NewCode(), "student/"+number
	may := func([]dauys.Staff, []registrar.Link) bool { return true }
	if err := s.app.db.IssueCodes(ctx, cause, []registrar.Code{{Code: code, Person: registrar.OfStudent(number), Expires: at.Add(time.Hour)}}, "command", registrar.TheRegistrar, at, may); err != nil {
		s.t.Fatal(err)
	}
	try := registrar.Try{Cause: cause, Who: telegramAddress(who), Number: number, Code: code, At: at}
	got, err := s.app.db.TryCode(ctx, try, func(registrar.Tried) []dauys.Notification { return nil })
	if err != nil || got.Result != registrar.Linked {
		s.t.Fatalf("link %s: %+v, %v", number, got, err)
	}
}

