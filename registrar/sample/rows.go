package sample

import (
	"cmp"
	"fmt"
	"iter"
	"strings"
	"time"

	"alt.edu.kz/dauys/registrar"
)

// rows are those of a kind, in canonical form.
func (w *world) rows(k registrar.Kind) iter.Seq[registrar.Fields] {
	return func(yield func(registrar.Fields) bool) {
		going := true
		take := func(f registrar.Fields) bool {
			going = going && yield(f)
			return going
		}
		switch k {
		case registrar.Employees:
			w.employees(take)
		case registrar.Disciplines:
			w.disciplines(take)
		case registrar.Curricula:
			w.curricula(take)
		case registrar.Electives:
			w.electives(take)
		case registrar.Calendar:
			w.calendar(take)
		case registrar.Controls:
			w.controls(take)
		case registrar.Groups:
			w.eachGroup(func(g group) bool {
				return take(registrar.Fields{"group": g.name, "programme": g.programme.code, "institute": w.instituteName(g.institute), "course": number(g.course), "advisor": advisorNumber(g.n)})
			})
		case registrar.Load:
			w.eachGroup(func(g group) bool { return w.load(g, take) })
		case registrar.Exams:
			w.eachGroup(func(g group) bool { return w.exams(g, take) })
		case registrar.Sheets:
			w.eachGroup(func(g group) bool { return w.sheets(g, take) })
		default:
			of := map[registrar.Kind]func(student, put) bool{registrar.Roster: w.roster, registrar.Plans: w.plans, registrar.Marks: w.marks, registrar.Orders: w.orders,
				registrar.Comparisons: w.comparisons, registrar.Debts: w.debts, registrar.Theses: w.theses}[k]
			for i := 0; of != nil && i < w.Students && going; i++ {
				of(w.student(i), take)
			}
		}
	}
}

// put takes a row; it says no when nobody wants more.
type put func(registrar.Fields) bool

// eachGroup goes through the groups that have somebody in them.
func (w *world) eachGroup(f func(group) bool) {
	cells := coursesOf * len(w.programmes)
	for n := range w.groups() {
		if first := n/w.perCell + cells*(n%w.perCell); first < w.Students && !f(w.group(n)) {
			return
		}
	}
}

func (w *world) employees(put put) {
	n := -1
	row := func(number, role, institute, department string, i int) bool {
		n++
		born := time.Date(1960+w.upTo(38, role+" born", i), time.January, birthday(n), 0, 0, 0, 0, time.UTC)
		return put(registrar.Fields{"employee": number, "name": w.name(role, i), "iin": iin(born, n), "role": role, "institute": institute, "department": department})
	}
	for i := range aSemester * w.parallel {
		g := min(i%w.parallel*2*aDay, w.groups()-1)
		if !row(teacherNumber(i), "teacher", w.instituteName(w.group(g).institute), w.group(g).programme.ru, i) {
			return
		}
	}
	for g := 0; g < w.groups(); g += 4 {
		if !row(advisorNumber(g), "advisor", w.instituteName(w.group(g).institute), "", g) {
			return
		}
	}
	for i := range 3 {
		if !row(fmt.Sprintf("R%05d", i+1), "registrar", "", "", i) {
			return
		}
	}
	for i, id := range append([]string{""}, w.institutes...) {
		if !row(fmt.Sprintf("D%05d", i+1), "administration", w.instituteName(id), "", i) {
			return
		}
	}
}

func (w *world) roster(s student, put put) bool {
	born := w.born(s)
	language := []string{"kk", "kk", "kk", "ru", "ru"}[w.upTo(5, "language", s.group.n)]
	return put(registrar.Fields{
		"student": s.number, "iin": iin(born, s.i), "name": s.name, "name_latin": inLatin(s.name), "institute": w.instituteName(s.group.institute),
		"programme": s.group.programme.code, "programme_title": s.group.programme.ru, "course": number(s.group.course), "group": s.group.name, "language": language,
		"mode": "очная", "basis": s.basis, "status": s.status, "email": s.number + "@student.example", "phone": fmt.Sprintf("+7 000 %07d", s.i+1), "born": date(born),
	})
}

// plan goes through the disciplines of a programme.
func (w *world) plan(p int, f func(semester, k int, code string, d discipline) bool) bool {
	for semester := 1; semester <= 2*coursesOf; semester++ {
		for k := range aSemester {
			if code, d := w.discipline(p, semester, k); !f(semester, k, code, d) {
				return false
			}
		}
	}
	return true
}

func (w *world) disciplines(put put) {
	for p, g := range w.programmes {
		if !w.plan(p, func(semester, _ int, code string, d discipline) bool {
			shared := strings.HasPrefix(code, "GE")
			department := g.ru
			if shared {
				department = "Общеобразовательные дисциплины"
			}
			return shared && p > 0 || put(registrar.Fields{"discipline": code, "title": d.ru, "title_kk": d.kk, "title_ru": d.ru, "title_en": d.en,
				"credits": number(d.credits), "department": department, "form": formOf(code)})
		}) {
			return
		}
	}
}

func component(semester int) string {
	switch {
	case semester <= 2:
		return "ООД"
	case semester <= 4:
		return "БД"
	}
	return "ПД"
}

func (w *world) curricula(put put) {
	for p, g := range w.programmes {
		for course := range coursesOf {
			if !w.plan(p, func(semester, _ int, code string, d discipline) bool {
				return put(registrar.Fields{"programme": g.code, "intake": number(w.first - course), "discipline": code, "semester": number(semester), "credits": number(d.credits),
					"module": fmt.Sprint("М", (semester+1)/2), "component": component(semester)})
			}) {
				return
			}
		}
	}
}

// electives are those of the other semester of the year, or of the next year.
func (w *world) electives(put put) {
	first, term := w.first, 2
	from, until := w.day(w.first, time.November, 9), w.day(w.first, time.December, 4)
	if w.Semester == 2 {
		first, term = w.first+1, 1
		from, until = w.day(w.first, time.April, 5), w.day(w.first, time.May, 7)
	}
	for p, g := range w.programmes {
		for course := 3; course <= coursesOf; course++ {
			for k := range 2 {
				code, d := w.discipline(p, 2*(course-1)+term, k+2)
				if !put(registrar.Fields{"programme": g.code, "year": fmt.Sprintf("%d-%d", first, first+1), "semester": number(term), "discipline": code, "credits": number(d.credits),
					"teacher": teacherNumber(w.teacher(min(p*coursesOf*w.perCell, w.groups()-1), k+2)), "description": d.kk + " / " + d.ru, "from": date(from), "until": date(until)}) {
					return
				}
			}
		}
	}
}

func (w *world) load(g group, put put) bool {
	for k := range aSemester {
		semester := w.current(g)
		year, _, term := w.when(g, semester)
		code, d := w.discipline(g.p, semester, k)
		for i, kind := range []string{"лекция", "практическое занятие"} {
			if !put(registrar.Fields{"teacher": teacherNumber(w.teacher(g.n, k)), "year": year, "semester": number(term), "discipline": code, "group": g.name,
				"type": kind, "hours": number(d.credits * (5 + 2*i))}) {
				return false
			}
		}
	}
	return true
}

func (w *world) calendar(put put) {
	year := w.Year
	span := func(event string, term int, from, until time.Time) bool {
		return put(registrar.Fields{"year": year, "event": event, "semester": number(term), "from": date(from), "until": date(until)})
	}
	d := func(m time.Month, day int) time.Time { return w.day(w.first, m, day) }
	one, two := w.session(w.first, 1), w.session(w.first, 2)
	end := len(one) - 1
	_ = span("registration", 1, d(time.August, 17), d(time.August, 28)) &&
		span("study", 1, d(time.September, 1), d(time.December, 11)) &&
		span("rating1", 1, d(time.October, 12), d(time.October, 23)) &&
		span("rating2", 1, d(time.November, 30), d(time.December, 11)) &&
		span("exams", 1, one[0], one[end]) &&
		span("appeals", 1, one[0], w.cal.Due(one[end], 1)) &&
		span("retakes", 1, w.cal.NextOpening(one[end].AddDate(0, 0, 1)), w.cal.Due(one[end], 6)) &&
		span("break", 1, w.cal.Due(one[end], 7), d(time.January, 15)) &&
		span("registration", 2, d(time.November, 9), d(time.December, 4)) &&
		span("study", 2, d(time.January, 18), d(time.May, 14)) &&
		span("rating1", 2, d(time.March, 1), d(time.March, 12)) &&
		span("rating2", 2, d(time.May, 3), d(time.May, 14)) &&
		span("exams", 2, two[0], two[end]) &&
		span("appeals", 2, two[0], w.cal.Due(two[end], 1)) &&
		span("retakes", 2, w.cal.NextOpening(two[end].AddDate(0, 0, 1)), w.cal.Due(two[end], 6)) &&
		span("practice", 2, d(time.June, 14), d(time.July, 2)) &&
		span("summer", 3, d(time.June, 21), d(time.July, 30)) &&
		put(registrar.Fields{"year": year, "event": "certification", "semester": "2", "course": number(coursesOf), "from": date(d(time.June, 1)), "until": date(d(time.June, 25))})
}

func (w *world) plans(s student, put put) bool {
	if s.status != "studying" {
		return true
	}
	semester := w.current(s.group)
	year, _, term := w.when(s.group, semester)
	for k := range aSemester {
		code, d := w.discipline(s.group.p, semester, k)
		status := "approved"
		switch w.upTo(60, "plan", s.i, k) {
		case 0:
			status = "checked"
		case 1:
			status = "correct"
		}
		if !put(registrar.Fields{"student": s.number, "year": year, "semester": number(term), "discipline": code, "credits": number(d.credits), "component": component(semester), "status": status}) {
			return false
		}
	}
	return true
}

// exams are the timetable of the coming session. The place in the plan says on which two days an exam is, the
// group on which of them and at which hour: so no group, room or teacher is anywhere twice.
func (w *world) exams(g group, put put) bool {
	semester := w.current(g)
	year, first, term := w.when(g, semester)
	days := w.session(first, term)
	hours := [aDay]string{"09:00", "11:30", "14:00", "16:30"}
	for k := range aSemester {
		code, _ := w.discipline(g.p, semester, k)
		row := g.n / (2 * aDay) // among those at the same time
		room := fmt.Sprint(row/100+1, "-", 101+row%100)
		if w.otherwise("exam", g.n, k) { // to a building where nobody else is
			room = fmt.Sprint("К", row/100+1, "-", 101+row%100)
		}
		f := registrar.Fields{"year": year, "semester": number(term), "discipline": code, "group": g.name, "attempt": "first",
			"at": date(days[2*k+g.n%2]) + "T" + hours[g.n/2%aDay], "room": room, "examiner": teacherNumber(w.teacher(g.n, k)), "form": formOf(code)}
		if !put(f) {
			return false
		}
	}
	return true
}

func (w *world) controls(put put) {
	for p := range w.programmes {
		for course := range coursesOf {
			semester := 2*course + w.Semester
			for k := range aSemester {
				code, _ := w.discipline(p, semester, k)
				if strings.HasPrefix(code, "GE") && p > 0 {
					continue
				}
				if !put(registrar.Fields{"year": w.Year, "semester": number(w.Semester), "discipline": code, "form": formOf(code), "order": fmt.Sprintf("%d-ОД", 40+w.Semester), "from": date(w.marked())}) {
					return
				}
			}
		}
	}
}

// marked is when the ratings of the first half of the semester were put down: what is known is of then.
func (w *world) marked() time.Time {
	if w.Semester == 1 {
		return w.day(w.first, time.October, 26)
	}
	return w.day(w.first, time.March, 15)
}

func sheetOf(year string, term int, g group, k int) string {
	return fmt.Sprintf("%s-%d-%04d-%d", year[2:4], term, g.n+1, k+1)
}

func (w *world) sheets(g group, put put) bool {
	for semester := max(w.current(g)-1, 1); semester <= w.current(g); semester++ {
		year, first, term := w.when(g, semester)
		days := w.session(first, term)
		for k := range aSemester {
			code, _ := w.discipline(g.p, semester, k)
			day := days[2*k+g.n%2]
			f := registrar.Fields{"sheet": sheetOf(year, term, g, k), "year": year, "semester": number(term), "discipline": code, "group": g.name,
				"teacher": teacherNumber(w.teacher(g.n, k)), "status": "open", "until": date(w.cal.Due(day, 2))}
			if semester < w.current(g) {
				f["status"], f["closed"] = "closed", date(w.cal.Due(day, 1))
			}
			if !put(f) {
				return false
			}
		}
	}
	return true
}

// taken goes through everything that a student has taken, by semester; summer: once more.
func (w *world) taken(s student, f func(semester, k int, summer bool, t attempt) bool) bool {
	last := w.current(s.group)
	if s.status != "studying" {
		last--
	}
	for semester := 1; semester <= last; semester++ {
		for k := range aSemester {
			t := w.attempt(s, semester, k, false)
			if !f(semester, k, false, t) {
				return false
			}
			if t.outcome != registrar.Passed && t.outcome != registrar.Going && w.again(s, semester, k) && !f(semester, k, true, w.attempt(s, semester, k, true)) {
				return false
			}
		}
	}
	return true
}

func (w *world) marks(s student, put put) bool {
	return w.taken(s, func(semester, k int, summer bool, t attempt) bool {
		year, first, term := w.when(s.group, semester)
		code, d := w.discipline(s.group.p, semester, k)
		sheet, posted := sheetOf(year, term, s.group, k), w.marked()
		switch {
		case summer:
			term, sheet, posted = 3, sheetOf(year, 3, s.group, k), w.day(first, time.July, 28)
		case t.outcome != registrar.Going:
			posted = w.session(first, term)[2*k+s.group.n%2]
		}
		f := registrar.Fields{"student": s.number, "name": s.name, "group": s.group.name, "year": year, "semester": number(term), "discipline": code, "title": d.ru, "credits": number(d.credits),
			"teacher": teacherNumber(w.teacher(s.group.n, k)), "posted": date(posted), "sheet": sheet,
			"tc1": two(t.tc1), "rc1": two(t.rc1), "r1": two(t.r1), "tc2": two(t.tc2), "rc2": two(t.rc2), "r2": two(t.r2), "admission": two(t.admission), "exam": cmp.Or(t.word, two(t.exam)), "final": two(t.final)}
		if t.final >= 0 {
			f["letter"] = t.letter
		}
		if w.Finals && t.outcome != registrar.Going {
			if t.final < 0 { // of an exam that was not passed its own grade stands
				f["final"], f["letter"] = f["exam"], t.letter
			}
			for _, name := range split("tc1 rc1 r1 tc2 rc2 r2 admission exam") {
				delete(f, name)
			}
		}
		return put(f)
	})
}

// order is one about a student.
func (w *world) order(s student, kind string, at time.Time, more ...string) registrar.Fields {
	f := registrar.Fields{"student": s.number, "name": s.name, "kind": kind, "number": fmt.Sprintf("%d-С", 100+len(kind)*7+at.YearDay()), "date": date(at),
		"from": date(w.cal.Due(at, 1)), "prepared": "Офис регистратора"}
	for i := 0; i+1 < len(more); i += 2 {
		f[more[i]] = more[i+1]
	}
	if w.otherwise("order "+kind, s.i, at.Year()) {
		f["from"] = date(w.cal.Due(at, 3))
	}
	return f
}

func (w *world) orders(s student, put put) bool {
	g := s.group
	first := g.intake
	if !put(w.order(s, "enrolment", w.day(first, time.August, 24), "becomes", g.name, "basis", "протокол приёмной комиссии")) {
		return false
	}
	for course := 2; course <= g.course; course++ {
		if !put(w.order(s, "next-course", w.day(first+course-2, time.July, 31), "was", number(course-1), "becomes", number(course))) {
			return false
		}
	}
	if s.basis == "grant" {
		if !put(w.order(s, "grant", w.day(first, time.August, 25), "basis", "свидетельство о присуждении гранта")) {
			return false
		}
		if at := w.current(g) - 1; at >= 1 && s.status == "studying" {
			kind, from := "scholarship", w.day(w.first, time.September, 1)
			if w.Semester == 2 {
				from = w.day(w.first, time.January, 20)
			}
			if !w.good(s, at) {
				kind = "scholarship-stop"
			}
			if !put(w.order(s, kind, from, "until", date(from.AddDate(0, 5, 0)), "basis", "результаты экзаменационной сессии")) {
				return false
			}
		}
		if w.upTo(6, "travel", s.i) == 0 && !put(w.order(s, "travel", w.day(w.first-1, time.June, 15), "reason", "летние каникулы")) {
			return false
		}
	}
	if s.rare == "" {
		return true
	}
	at := w.day(w.first, time.September, 14)
	if w.Semester == 2 {
		at = w.day(w.first, time.February, 15)
	}
	more := map[string][]string{
		"leave":              {"until", date(at.AddDate(1, 0, 0)), "reason", "по состоянию здоровья", "basis", "заявление", "deadline", date(at.AddDate(0, 11, 0))},
		"return":             {"was", "академический отпуск", "becomes", g.name, "basis", "заявление"},
		"expulsion":          {"reason", "по собственному желанию", "basis", "заявление", "deadline", date(w.cal.Due(at, 10))},
		"reinstatement":      {"becomes", g.name, "basis", "заявление", "deadline", date(at.AddDate(0, 4, 0))},
		"transfer-out":       {"basis", "заявление", "deadline", date(w.cal.Due(at, 10))},
		"transfer-in":        {"becomes", g.name, "basis", "заявление, транскрипт", "deadline", date(at.AddDate(0, 4, 0))},
		"transfer-programme": {"was", programmes[(g.p+1)%len(programmes)].code, "becomes", g.programme.code, "basis", "заявление"},
		"repeat":             {"reason", "GPA ниже переводного балла", "amount", "850000"},
		"local-budget":       {"basis", "решение акимата"},
		"surname":            {"was", surnames(s.name), "becomes", s.name, "basis", "свидетельство о браке"},
		"graduation":         {"basis", "решение аттестационной комиссии"},
		"control-forms":      {"basis", "решение учёного совета"},
	}[s.rare]
	return put(w.order(s, s.rare, at, more...))
}

// surnames is a name with another surname.
func surnames(name string) string {
	_, rest, _ := strings.Cut(name, " ")
	if strings.HasSuffix(rest, "қызы") || strings.HasSuffix(rest, "вна") {
		return "Ахметова " + rest
	}
	return "Ахметов " + rest
}

// good tells whether all results of a semester allow a scholarship.
func (w *world) good(s student, semester int) bool {
	for k := range aSemester {
		t := w.attempt(s, semester, k, false)
		if g, _ := w.a.Letter(t.letter); t.outcome != registrar.Passed || !w.a.Reaches(g, w.a.Scholarship.Letter) {
			return false
		}
	}
	return true
}

// comparisons are for those who have come from elsewhere: most is recognised, the rest is a difference.
func (w *world) comparisons(s student, put put) bool {
	if s.rare != "transfer-in" && s.rare != "transfer-programme" && s.rare != "reinstatement" {
		return true
	}
	for k := range aSemester {
		code, d := w.discipline(s.group.p, 2*s.group.course, k) // of the rest of this year: nothing that has marks
		if w.Semester == 2 && s.group.course < coursesOf {
			code, d = w.discipline(s.group.p, 2*s.group.course+1, k)
		}
		f := registrar.Fields{"student": s.number, "discipline": code, "title": d.ru, "credits": number(d.credits)}
		if k < 4 {
			score := 6000 + 100*w.upTo(40, "recognised", s.i, k)
			grade, _ := w.a.Grade(score)
			f["status"], f["score"], f["letter"] = "recognised", two(score), grade.Letter
		} else {
			f["status"], f["until"] = "difference", date(w.day(w.first, time.July, 30))
		}
		if !put(f) {
			return false
		}
	}
	return true
}

func (w *world) debts(s student, put put) bool {
	return w.taken(s, func(semester, k int, summer bool, t attempt) bool {
		if summer || t.outcome == registrar.Passed || t.outcome == registrar.Going {
			return true
		}
		year, first, term := w.when(s.group, semester)
		code, d := w.discipline(s.group.p, semester, k)
		f := registrar.Fields{"student": s.number, "year": year, "semester": number(term), "discipline": code, "title": d.ru, "credits": number(d.credits),
			"way": "summer", "until": date(w.day(w.first, time.July, 30)), "price": number(d.credits * 14500), "registered": "no"}
		switch {
		case t.outcome == registrar.Barred:
			f["reason"] = registrar.ForBarred
		case t.outcome == registrar.NoShow:
			f["reason"] = registrar.ForNoShow
		case t.letter == "FX":
			f["reason"] = registrar.ForFX
		default:
			f["reason"] = registrar.ForF
		}
		if w.again(s, semester, k) {
			f["registered"] = "yes"
			if w.attempt(s, semester, k, true).outcome == registrar.Passed {
				f["cleared"] = date(w.day(first, time.July, 28))
			}
		}
		return put(f)
	})
}

func (w *world) theses(s student, put put) bool {
	g := s.group
	if g.course != coursesOf || s.status != "studying" {
		return true
	}
	d := special[w.upTo(len(special), "topic", s.i)]
	at := w.day(w.first, time.June, 8+g.n%10)
	return put(registrar.Fields{"student": s.number, "topic_kk": fmt.Sprintf("%s: «%s» саласындағы қолданылуы", d.kk, g.programme.kk), "topic_ru": fmt.Sprintf("%s в области «%s»", d.ru, g.programme.ru),
		"topic_en": d.en, "supervisor": w.name("teacher", w.teacher(g.n, w.upTo(aSemester, "supervisor", s.i))), "defence": date(at) + "T" + fmt.Sprintf("%02d:00", 9+s.i%8), "room": fmt.Sprint(1+g.n%3, "-", 201+g.n%40),
		"certification": "admitted"})
}
