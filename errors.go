package dauys

import (
	"errors"
	"fmt"
)

// Errors that mean something to a person.
var (
	// ErrNotFound: there is no such thing, or not for who asks. The two are not told apart,
	// so that nobody can find out what exists by trying.
	ErrNotFound = errors.New("not found")
	// ErrNotStaff: who acts has no active right to act for the office that has the case.
	ErrNotStaff = errors.New("not staff of this office")
	// ErrOtherContent: a draft that is registered already was sent again with other content.
	ErrOtherContent = errors.New("this draft is registered already with other content")
	// ErrOtherWords: a version of the procedure that was in force already has other words now.
	ErrOtherWords = errors.New("this version of the procedure has other words already")
	// ErrNoOffice: nobody in the ladder of a case can receive it.
	ErrNoOffice = errors.New("no office can receive this case")
	// ErrBadCode: a one-time code that is wrong, used or out of date; which of these is not told.
	ErrBadCode = errors.New("the code is not valid")
	// ErrConflict: somebody else changed the thing meanwhile; load it again and repeat.
	ErrConflict = errors.New("changed by somebody else meanwhile")
	// ErrUnavailable: a store cannot be reached or does not take anything now.
	ErrUnavailable = errors.New("the store is not available")
	// ErrTooBig: a file has more bytes than it may.
	ErrTooBig = errors.New("the file is too big")
	// ErrSlotTaken: at that time of an office's reception somebody else is received, or nobody.
	ErrSlotTaken = errors.New("nobody can be received then")
	// ErrGone: the messenger does not have a file any more.
	ErrGone = errors.New("the file is not there any more")
)

// NotAllowedError says that the procedure has no such step now.
type NotAllowedError struct {
	Number string
	Act    Act
	Status Status
	Holder string // who holds the case, when that is why
	Top    bool   // there is no higher office
	If     If     // the condition that does not hold, when that is why
	Clause string // of the procedure, behind that
}

func (e *NotAllowedError) Error() string {
	why := ""
	switch {
	case e.Top:
		why = ": no higher office"
	case e.Holder != "":
		why = ": held by somebody else"
	case e.If != "":
		why = ": only if " + string(e.If)
	}
	return fmt.Sprintf("case %s: %s is not possible while %s%s", e.Number, e.Act, e.Status, why)
}
