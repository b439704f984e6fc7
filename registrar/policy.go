package registrar

import (
	"slices"

	"alt.edu.kz/dauys"
)

// Role is what somebody is to the record besides a student.
type Role string

// The roles; those of employees stand in the column role of their import.
const (
	TheStudent     Role = "student"
	TheTeacher     Role = "teacher"
	TheAdvisor     Role = "advisor"
	TheRegistrar   Role = "registrar"
	Administration Role = "administration"
)

// Reader is somebody who wants to see the record, with what it says of them. Whoever fills it in looks
// first whether the account is linked and confirmed: an empty one is a stranger.
type Reader struct {
	Who       dauys.Address
	Student   string // their number; empty: they are none
	Group     string // in which they study
	Programme string
	Employee  string // their number; empty: they are none
	Roles     []Role
	Groups    []string // whose advisor they are
	Students  []string // numbers of those who study there
	Sheets    []string // [OfSheet] of what they teach
	Reason    string   // why they look, in their own words
}

// Is tells whether somebody has a role.
func (r Reader) Is(role Role) bool {
	switch role {
	case TheStudent:
		return r.Student != ""
	case TheAdvisor:
		return len(r.Groups) > 0
	}
	return slices.Contains(r.Roles, role)
}

// May is the one place that says who may read which entry of the record.
//
//   - Everybody who is linked reads what is everybody's: the academic calendar, the catalogue of
//     disciplines, forms of final control.
//   - A student reads what is kept of them, the exams, the sheets and the teaching load of their own group,
//     who its advisor is, the curriculum and the electives of their own programme.
//   - An advisor reads all that is kept of the students of the own groups, and what is kept of these groups.
//   - A teacher reads the own load, the own sheets and the marks on them, the exams that they hold. Of a
//     student as such they read nothing.
//   - Each employee reads what is kept of themselves; curricula and electives are read by all of them.
//   - The Office of the Registrar reads all.
//   - Administration reads all, but what is kept of one student only for a reason that they give.
//
// What one reads of somebody else's is logged by whoever fetches it.
func (r Reader) May(k Kind, e Entry) bool {
	if r.Student == "" && r.Employee == "" && !r.Is(TheRegistrar) {
		return false
	}
	switch {
	case r.Is(TheRegistrar):
		return true
	case r.Is(Administration) && (!Personal(k) || r.Reason != ""):
		return true
	}
	rule, known := readers[k]
	return known && rule(r, e)
}

// Own tells whether an entry is about the reader.
func (r Reader) Own(e Entry) bool {
	return r.Student != "" && e.Owner == OfStudent(r.Student) || r.Employee != "" && e.Owner == OfEmployee(r.Employee)
}

// As is the role in which somebody reads what is not about themselves.
func (r Reader) As(e Entry) Role {
	switch {
	case r.Own(e) && IsStudent(e.Owner):
		return TheStudent
	case r.Is(TheRegistrar):
		return TheRegistrar
	case r.advises(e):
		return TheAdvisor
	case r.Is(Administration):
		return Administration
	}
	return TheTeacher
}

// Personal tells whether the entries of a kind are about one student.
func Personal(k Kind) bool {
	return slices.Contains([]Kind{Roster, Plans, Marks, Orders, Comparisons, Debts, Theses}, k)
}

// readers say of each kind who reads an entry besides the registrar and administration.
var readers = map[Kind]func(Reader, Entry) bool{
	Calendar:    everybody,
	Disciplines: everybody,
	Controls:    everybody,
	Curricula:   Reader.ofProgramme,
	Electives:   Reader.ofProgramme,
	Groups:      func(r Reader, e Entry) bool { return r.inGroup(e.Fields["group"]) },
	Exams: func(r Reader, e Entry) bool {
		return r.inGroup(e.Fields["group"]) || r.Employee != "" && e.Fields["examiner"] == r.Employee ||
			slices.Contains(r.Sheets, OfSheet(e.Fields["year"], e.Fields["semester"], e.Fields["discipline"], e.Fields["group"]))
	},
	Load:        func(r Reader, e Entry) bool { return r.Own(e) || r.inGroup(e.Fields["group"]) },
	Sheets:      func(r Reader, e Entry) bool { return r.Own(e) || r.inGroup(e.Fields["group"]) },
	Marks:       func(r Reader, e Entry) bool { return r.student(e) || slices.Contains(r.Sheets, e.Other) },
	Roster:      Reader.student,
	Plans:       Reader.student,
	Orders:      Reader.student,
	Comparisons: Reader.student,
	Debts:       Reader.student,
	Theses:      Reader.student,
	Employees:   Reader.Own,
}

func everybody(Reader, Entry) bool { return true }

// student: it is about the reader, or about a student of a group that they advise.
func (r Reader) student(e Entry) bool { return r.Own(e) || r.advises(e) }

func (r Reader) advises(e Entry) bool {
	return IsStudent(e.Owner) && slices.Contains(r.Students, NumberOf(e.Owner))
}

func (r Reader) inGroup(group string) bool {
	return group != "" && (r.Student != "" && r.Group == group || slices.Contains(r.Groups, group))
}

func (r Reader) ofProgramme(e Entry) bool {
	return r.Employee != "" || r.Programme != "" && e.Owner == OfProgramme(r.Programme)
}
