package dauys

import "time"

// University is the structure file: who is there, which way a case goes, in what time.
type University struct {
	Hash       string // of the file as it was read
	Names      Names
	Institutes []Institute
	Offices    []Office
	Schemes    []Scheme
	Calendar   Calendar
	Jobs       map[string]string // job → cron expression that replaces the built-in one
}

// Institute is one institute of the university.
type Institute struct {
	ID    string // short Latin word, part of button data
	Names Names
}

// Office is who can have a case: one for the university, or one of the same kind for each institute.
type Office struct {
	ID        OfficeID // "rector", "deputy@itc"
	Institute string   // its institute; empty: the whole university's
	Names     Names
	Lang      Lang    // of its chat
	Chat      Address // fixed by the file; empty: bound by a code
	Members   bool    // members of its chat may act for it
}

// Scheme is one way of the procedure: who may go it, with what, through which offices.
type Scheme struct {
	ID     string
	Series string // of its numbers: ALT
	Kinds  []Kind
	From   []Standing
	Days   int    // working days for the whole case
	Rungs  []Rung // as written: "deputy" stands for the deputy director of the case's institute
	Source string // sentence of the procedure or the law behind it
}

// Route finds the scheme for a request and resolves its ladder for an institute.
func (u *University) Route(k Kind, s Standing, institute string) (Scheme, Ladder, error) {
	return Scheme{}, nil, ErrNoOffice
}

// Calendar knows the working days and hours of the university.
type Calendar struct{}

// Registered is the moment from which the clock of a request filed at t runs.
func (c *Calendar) Registered(t time.Time) time.Time { return t }

// Due is the end of working hours of the nth working day after the day of t, that day not counted.
func (c *Calendar) Due(t time.Time, n int) time.Time { return t }
