package registrar

import (
	"slices"
	"strings"
)

// Directory is who and what the files of the registrar refer to, as the record has it: it tells the
// number of a student from an IIN or a name, the group from the number, the code of a discipline from
// its title.
type Directory struct {
	students    map[string]string // number → group
	spelled     map[string][]string
	iins        map[string][]string
	iinOf       map[string]string
	names       map[string][]string
	groups      map[string]string
	disciplines map[string]bool
	codes       map[string][]string
	titles      map[string][]string
	employees   map[string]bool
	colleagues  map[string][]string
}

// Referred are the kinds whose entries a directory is made of.
var Referred = []Kind{Employees, Groups, Roster, Disciplines}

// NewDirectory is one in which nobody stands.
func NewDirectory() *Directory {
	return &Directory{students: map[string]string{}, spelled: map[string][]string{}, iins: map[string][]string{}, iinOf: map[string]string{}, names: map[string][]string{}, groups: map[string]string{},
		disciplines: map[string]bool{}, codes: map[string][]string{}, titles: map[string][]string{}, employees: map[string]bool{}, colleagues: map[string][]string{}}
}

// Add enters what an entry says; one of another kind says nothing.
func (d *Directory) Add(e Entry) {
	f := e.Fields
	switch e.Kind {
	case Roster:
		number := f["student"]
		d.students[number] = f["group"]
		also(d.spelled, spelling(number), number)
		also(d.names, fold(f["name"]), number)
		if iin := f["iin"]; iin != "" {
			also(d.iins, iin, number)
			d.iinOf[number] = iin
		}
		d.groups[spelling(f["group"])] = f["group"]
	case Groups:
		d.groups[spelling(f["group"])] = f["group"]
	case Disciplines:
		code := f["discipline"]
		d.disciplines[code] = true
		also(d.codes, spelling(code), code)
		for _, t := range []string{"title", "title_kk", "title_ru", "title_en"} {
			if f[t] != "" {
				also(d.titles, fold(f[t]), code)
			}
		}
	case Employees:
		d.employees[f["employee"]] = true
		also(d.colleagues, fold(f["name"]), f["employee"])
	}
}

func also(m map[string][]string, key, value string) {
	if !slices.Contains(m[key], value) {
		m[key] = append(m[key], value)
	}
}

// spelling makes one of codes and names of groups that are written in different ways.
func spelling(s string) string { return strings.ReplaceAll(fold(s), " ", "") }

// one is the only thing of its name. It is empty when there is none, or when there are several.
func one(all []string) (s string, several bool) {
	if len(all) == 1 {
		return all[0], false
	}
	return "", len(all) > 1
}

// student finds a student by what is known: a number, an IIN, or a name and a group.
func (d *Directory) student(number, iin, name, group string) (found string, code Mistake) {
	if number != "" {
		if _, ok := d.students[number]; ok {
			found = number
		} else if found, _ = one(d.spelled[spelling(number)]); found == "" {
			return "", UnknownStudent
		}
		if known := d.iinOf[found]; iin != "" && known != "" && known != iin {
			return "", OtherStudent
		}
		return found, ""
	}
	several := false
	if iin != "" {
		found, several = one(d.within(d.iins[iin], group))
	} else if name != "" {
		found, several = one(d.within(d.names[fold(name)], group))
	} else {
		return "", NoStudent
	}
	switch {
	case several:
		return "", Namesakes
	case found == "":
		return "", UnknownStudent
	}
	return found, ""
}

// within are those of several students who are in a group; the only one may have left it.
func (d *Directory) within(all []string, group string) []string {
	if len(all) < 2 || group == "" {
		return all
	}
	return slices.DeleteFunc(slices.Clone(all), func(n string) bool { return spelling(d.students[n]) != spelling(group) })
}

// discipline finds the code of a discipline by how it is written, or by the title.
func (d *Directory) discipline(code, title string) (found string, wrong Mistake) {
	if code != "" {
		if d.disciplines[code] {
			return code, ""
		}
		if found, _ := one(d.codes[spelling(code)]); found != "" {
			return found, ""
		}
		return code, "" // the catalogue may be behind: a code is a code
	}
	if title == "" {
		return "", Required
	}
	if len(d.disciplines) == 0 {
		return "", DisciplinesFirst
	}
	found, several := one(d.titles[fold(title)])
	switch {
	case several:
		return "", SameTitle
	case found == "":
		return "", UnknownDiscipline
	}
	return found, ""
}

// employee finds an employee by the number or by the name; ok is false when there is none or several.
func (d *Directory) employee(s string) (number string, ok bool) {
	if d.employees[s] {
		return s, true
	}
	if found, several := one(d.colleagues[fold(s)]); found != "" || several {
		return found, !several
	}
	n, code := readNumber(s)
	return n, code == "" && strings.ContainsAny(s, "0123456789") // who is not in the list yet
}
